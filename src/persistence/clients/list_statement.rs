//! The texts of a list's statements. Arguments are the same for all: `$2` and `$3` the times between which clients were
//! made, `$4` the words, `$5` and `$6` the place by sort key and id, `$7` and `$8` limit and offset.

use crate::persistence::clients::list::{ClientFilter, Cut, List};

/// Where so many match, a list is walked in its order and each row is looked for among the matches; fewer matches are
/// sorted. Both engines are told which: SQLite has no statistics, and PostgreSQL's are poor at beginnings of words.
const MANY_MATCHES: i64 = 1_000;

const BY_CREATED_AT: &str = "clients_by_created_at";

/// Matches of words alone are counted where the words are.
pub(super) fn total(filter: &ClientFilter, postgres: bool) -> String {
    match (filter.has_dates(), postgres) {
        (true, _) => format!("SELECT COUNT(*) {}", matching(filter, postgres, BY_CREATED_AT, true)),
        (false, true) => {
            "SELECT COUNT(*) FROM client_search WHERE tenant_id = $1 AND words @@ CAST($4 AS TSQUERY)".into()
        }
        (false, false) => "SELECT COUNT(*) FROM client_search WHERE client_search MATCH $4".into(),
    }
}

/// The ids of all matches up to the one in `$5`.
pub(in crate::persistence) fn ids(filter: &ClientFilter, postgres: bool) -> String {
    format!("SELECT c.id {} AND c.id <= $5", matching(filter, postgres, BY_CREATED_AT, true))
}

/// Ids and sort keys, from an index that has both.
pub(super) fn rows(list: &List<'_>, cut: &Cut, postgres: bool) -> String {
    let (key, index) = if list.sort.is_by_name() {
        ("c.sort_name", "clients_by_name")
    } else {
        ("c.created_at", BY_CREATED_AT)
    };
    let few = list.total < MANY_MATCHES;
    let matching = if few && !list.filter.terms.is_empty() && !list.filter.has_dates() && !postgres {
        "FROM client_search CROSS JOIN clients c ON c.id = client_search.rowid \
         WHERE client_search MATCH $4 AND c.tenant_id = $1"
            .to_owned()
    } else {
        let by_dates = few && list.filter.has_dates();
        let looked_up = !few || list.filter.has_dates();
        matching(list.filter, postgres, if by_dates { BY_CREATED_AT } else { index }, looked_up)
    };
    let descends = list.sort.descends() != cut.backwards;
    let (beyond, direction) = if descends { ("<", "DESC") } else { (">", "ASC") };
    let place = match cut.cursor {
        Some(_) => format!(" AND ({key}, c.id) {beyond} ($5, $6)"),
        None => String::new(),
    };
    format!(
        "SELECT c.id, {key} {matching}{place} ORDER BY {key} {direction}, c.id {direction} LIMIT $7 OFFSET $8"
    )
}

/// The rows that match; with `looked_up`, from the list's side.
fn matching(filter: &ClientFilter, postgres: bool, index: &str, looked_up: bool) -> String {
    let from = if postgres { "FROM clients c".into() } else { format!("FROM clients c INDEXED BY {index}") };
    let words = match (filter.terms.is_empty(), postgres, looked_up) {
        (true, ..) => "",
        // What is compared with a truth value can't be made a join, so the matches become a table to look into.
        (false, true, true) => {
            " AND (c.id IN (SELECT s.client_id FROM client_search s \
             WHERE s.tenant_id = $1 AND s.words @@ CAST($4 AS TSQUERY))) IS TRUE"
        }
        // As rows they would be joined, and the list walked to its end for the few that there are.
        (false, true, false) => {
            " AND c.id = ANY (ARRAY(SELECT s.client_id FROM client_search s \
             WHERE s.tenant_id = $1 AND s.words @@ CAST($4 AS TSQUERY)))"
        }
        // The sign keeps SQLite from looking up each match instead.
        (false, false, _) => " AND +c.id IN (SELECT rowid FROM client_search WHERE client_search MATCH $4)",
    };
    let dates = if filter.has_dates() { " AND c.created_at >= $2 AND c.created_at < $3" } else { "" };
    format!("{from} WHERE c.tenant_id = $1{words}{dates}")
}
