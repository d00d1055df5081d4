//! The check that a statement in a tenant's transaction only concerns rows of that tenant.
//!
//! Each statement that runs in a build with debug assertions is checked, and a test checks all
//! texts of the source. The check parses a statement as far as needed: for each `SELECT`, `UPDATE`
//! and `DELETE`, also nested ones, it counts the tables and the conditions on `tenant_id`. It
//! requires a condition per table, and the tenant's own argument somewhere.

/// The reason why a statement is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::persistence::engine) enum Fault {
    /// The tenant's argument is not compared with or stored as `tenant_id`.
    #[error("the statement does not name the tenant by `tenant_id = $1`")]
    NoTenant,
    /// A table without a condition of its own.
    #[error("a part of the statement has more tables ({}) than conditions on tenant_id", .0.join(", "))]
    Unfiltered(Vec<String>),
    /// Rows are inserted without their tenant.
    #[error("rows are added to {0} without the tenant's argument")]
    Added(String),
}

/// The full-text tables of SQLite have no column for the tenant: each word in them begins with the
/// tenant's number.
const FULL_TEXT: [&str; 2] = ["client_search", "message_search"];
/// Keywords that may follow `FROM` or `JOIN` and are not tables.
const KEYWORDS: [&str; 6] = ["SELECT", "SET", "LATERAL", "ONLY", "UNNEST", "VALUES"];

#[derive(Debug, PartialEq)]
enum Token<'s> {
    Word(&'s str),
    Mark(char),
    Group(Vec<Token<'s>>),
}

/// True if a statement neither changes nor locks rows.
pub(in crate::persistence::engine) fn reads(text: &str) -> bool {
    let tokens = parse(text);
    matches!(tokens.first(), Some(Token::Word(word)) if is(word, "SELECT") || is(word, "WITH"))
        && !any_word(&tokens, &|word| {
            ["INSERT", "UPDATE", "DELETE", "SHARE"].iter().any(|writes| is(word, writes))
        })
}

/// Checks a complete statement.
pub(in crate::persistence::engine) fn check(text: &str) -> Result<(), Fault> {
    let tokens = parse(text);
    let mut tables = Vec::new();
    let names_tenant = check_parts(&tokens, &[], &mut tables)?;
    let stands_alone = tables.iter().all(|table| FULL_TEXT.contains(&table.as_str()));
    if names_tenant || stands_alone { Ok(()) } else { Err(Fault::NoTenant) }
}

/// Checks a fragment: its nested statements, but not that it names the tenant.
#[cfg(test)]
pub(in crate::persistence::engine) fn check_fragment(text: &str) -> Result<(), Fault> {
    check_parts(&parse(text), &[], &mut Vec::new()).map(drop)
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

fn any_word(tokens: &[Token<'_>], found: &dyn Fn(&str) -> bool) -> bool {
    tokens.iter().any(|token| match token {
        Token::Word(word) => found(word),
        Token::Mark(_) => false,
        Token::Group(inner) => any_word(inner, found),
    })
}

fn parse(text: &str) -> Vec<Token<'_>> {
    let mut groups = vec![Vec::new()];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let part_of_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '$' || c == '?';
        let length = match first {
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            c if part_of_word(c) => rest.find(|c| !part_of_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (taken, after) = rest.split_at(length);
        rest = after;
        match first {
            '(' => groups.push(Vec::new()),
            ')' if groups.len() > 1 => {
                let inner = groups.pop().unwrap_or_default();
                groups.last_mut().expect("the outermost group stays").push(Token::Group(inner));
            }
            '\'' => groups.last_mut().expect("as above").push(Token::Mark('\'')),
            c if part_of_word(c) => groups.last_mut().expect("as above").push(Token::Word(taken)),
            c if c.is_whitespace() => {}
            c => groups.last_mut().expect("as above").push(Token::Mark(c)),
        }
    }
    while groups.len() > 1 {
        let inner = groups.pop().unwrap_or_default();
        groups.last_mut().expect("as above").push(Token::Group(inner));
    }
    groups.pop().unwrap_or_default()
}

/// Checks the statements at one level and the nested ones; returns true if one of them names the
/// tenant.
fn check_parts(tokens: &[Token<'_>], outer: &[String], all_tables: &mut Vec<String>) -> Result<bool, Fault> {
    let mut names_tenant = false;
    let named = [outer, &with_tables(tokens)].concat();
    for part in tokens.split(|token| {
        matches!(token, Token::Word(word) if is(word, "UNION") || is(word, "INTERSECT") || is(word, "EXCEPT"))
    }) {
        let tables: Vec<_> = tables(part).into_iter().filter(|table| !named.contains(table)).collect();
        all_tables.extend(tables.iter().cloned());
        let full_text = any_word(part, &|word| is(word, "MATCH") || word.ends_with("rowid"));
        let walled: Vec<_> = tables
            .into_iter()
            .filter(|table| !(full_text && FULL_TEXT.contains(&table.as_str())))
            .collect();
        let (conditions, names) = conditions(part, walled.iter().any(|table| table == "tenants"));
        if walled.len() > conditions {
            return Err(Fault::Unfiltered(walled));
        }
        names_tenant |= names | adds(part)?;
    }
    for token in tokens {
        if let Token::Group(inner) = token {
            names_tenant |= check_parts(inner, &named, all_tables)?;
        }
    }
    Ok(names_tenant)
}

/// The names of common table expressions.
fn with_tables(tokens: &[Token<'_>]) -> Vec<String> {
    tokens
        .windows(3)
        .filter_map(|three| match three {
            [Token::Word(name), Token::Word(word), Token::Group(_)] if is(word, "AS") => {
                Some((*name).to_owned())
            }
            [Token::Word(name), Token::Word(word), Token::Word(next)]
                if is(word, "AS") && is(next, "MATERIALIZED") =>
            {
                Some((*name).to_owned())
            }
            _ => None,
        })
        .collect()
}

/// The tables that a part reads or changes.
fn tables(part: &[Token<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_list = false;
    for (at, token) in part.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| part.get(before));
        match token {
            Token::Word(word) if ["FROM", "JOIN"].iter().any(|keyword| is(word, keyword)) => in_list = true,
            Token::Word(word)
                if ["WHERE", "ON", "SET", "ORDER", "GROUP", "LIMIT", "RETURNING", "CROSS", "LEFT"]
                    .iter()
                    .any(|keyword| is(word, keyword)) =>
            {
                in_list = false;
            }
            Token::Word(word) => {
                let follows = |keyword: &str| matches!(before, Some(Token::Word(word)) if is(word, keyword));
                let updated = follows("UPDATE")
                    && !matches!(
                        at.checked_sub(2).and_then(|at| part.get(at)),
                        Some(Token::Word(word)) if is(word, "FOR") || is(word, "KEY") || is(word, "DO")
                    );
                let listed =
                    in_list && (follows("FROM") || follows("JOIN") || before == Some(&Token::Mark(',')));
                let is_function = matches!(part.get(at + 1), Some(Token::Group(_)));
                if (updated || listed) && !is_function && !KEYWORDS.iter().any(|keyword| is(word, keyword)) {
                    found.push((*word).to_owned());
                }
            }
            _ => {}
        }
    }
    found
}

/// Counts the own conditions of a part on a tenant, and returns true if one is on the transaction's
/// tenant.
fn conditions(part: &[Token<'_>], of_tenants: bool) -> (usize, bool) {
    let (mut count, mut names_tenant) = (0, false);
    for three in part.windows(3) {
        let [Token::Word(column), Token::Mark('='), Token::Word(value)] = three else { continue };
        let column = column.rsplit('.').next().unwrap_or(column);
        if column == "tenant_id" || (of_tenants && column == "id") {
            count += 1;
            names_tenant |= *value == "$1";
        }
    }
    (count, names_tenant)
}

/// True if a part inserts rows of the tenant.
fn adds(part: &[Token<'_>]) -> Result<bool, Fault> {
    let into = part.windows(3).position(
        |three| matches!(three, [Token::Word(into), Token::Word(_), Token::Group(_)] if is(into, "INTO")),
    );
    let Some(into) = into else { return Ok(false) };
    let (Token::Word(table), Token::Group(columns)) = (&part[into + 1], &part[into + 2]) else {
        return Ok(false);
    };
    if FULL_TEXT.contains(table) && columns.first() == Some(&Token::Word("rowid")) {
        return Ok(false);
    }
    let first = match part.get(into + 3..) {
        Some([Token::Word(word), Token::Group(values), ..]) if is(word, "VALUES") => values.first(),
        // PostgreSQL's OVERRIDING SYSTEM VALUE comes before the values.
        Some(
            [Token::Word(_), Token::Word(_), Token::Word(_), Token::Word(word), Token::Group(values), ..],
        ) if is(word, "VALUES") => values.first(),
        Some([Token::Word(word), value, ..]) if is(word, "SELECT") => Some(value),
        _ => None,
    };
    let is_tenant = |word: &str| word == "$1" || word == "tenant_id" || word.ends_with(".tenant_id");
    match (columns.first(), first) {
        (Some(Token::Word("tenant_id")), Some(Token::Word(value))) if is_tenant(value) => Ok(*value == "$1"),
        _ => Err(Fault::Added((*table).to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn statements_about_one_tenant_pass() {
        for text in [
            "SELECT id FROM chats WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
            "SELECT c.id FROM chats c JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
             WHERE c.tenant_id = $1 AND EXISTS (SELECT 1 FROM members m WHERE m.tenant_id = c.tenant_id)",
            "INSERT INTO chats (tenant_id, client_id) VALUES ($1, $2)
             ON CONFLICT (tenant_id, client_id) DO UPDATE SET active_at = $3",
            "INSERT INTO clients (tenant_id, id) OVERRIDING SYSTEM VALUE VALUES ($1, $2)",
            "INSERT INTO drafts (tenant_id, chat_id) SELECT tenant_id, $3 FROM drafts WHERE tenant_id = $1",
            "WITH found AS MATERIALIZED (SELECT id FROM messages WHERE tenant_id = $1) SELECT id FROM found",
            "SELECT client_backlog FROM tenants WHERE id = $1",
            "SELECT m.id FROM message_search CROSS JOIN messages m ON m.id = message_search.rowid
             WHERE message_search MATCH $2 AND m.tenant_id = $1",
            "INSERT OR REPLACE INTO client_search (rowid, words) SELECT id, $3 FROM clients WHERE tenant_id = $1",
            "SELECT id FROM a WHERE tenant_id = $1 UNION SELECT id FROM b WHERE tenant_id = $1",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn statements_that_reach_beyond_the_tenant_are_refused() {
        for text in [
            "SELECT id FROM chats WHERE id = $2",
            "SELECT id FROM chats WHERE tenant_id = $2",
            "SELECT id FROM chats WHERE note = 'tenant_id = $1'",
            "SELECT c.id FROM chats c JOIN clients k ON k.id = c.client_id WHERE c.tenant_id = $1",
            "SELECT c.id FROM chats c, clients k WHERE c.tenant_id = $1",
            "SELECT id FROM chats WHERE tenant_id = $1 AND client_id IN (SELECT id FROM clients)",
            "SELECT id FROM chats WHERE tenant_id = $1 UNION SELECT id FROM clients",
            "UPDATE chats SET unread_count = (SELECT COUNT(*) FROM messages) WHERE tenant_id = $1",
            "UPDATE chats SET unread_count = 0",
            "DELETE FROM chats WHERE id = $2",
            "INSERT INTO chats (client_id) VALUES ($2)",
            "INSERT INTO chats (tenant_id, client_id) VALUES ($2, $1)",
            "INSERT INTO chats (tenant_id, client_id) SELECT $2, id FROM clients WHERE tenant_id = $1",
            "WITH found AS (SELECT id FROM messages) SELECT id FROM found WHERE tenant_id = $1",
            "SELECT name FROM tenants",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_snapshot_runs_reads_only() {
        assert!(reads("SELECT updates FROM imports WHERE tenant_id = $1"));
        assert!(reads("WITH a AS (SELECT 1) SELECT * FROM a"));
        for text in [
            "UPDATE chats SET unread_count = 0 WHERE tenant_id = $1",
            "SELECT id FROM chats WHERE tenant_id = $1 FOR UPDATE",
            "SELECT id FROM chats WHERE tenant_id = $1 FOR KEY SHARE SKIP LOCKED",
            "WITH gone AS (DELETE FROM chats WHERE tenant_id = $1 RETURNING id) SELECT id FROM gone",
        ] {
            assert!(!reads(text), "{text}");
        }
    }

    /// Files with statements across tenants, the database itself, and examples.
    const NOT_OF_A_TENANT: [&str; 10] = [
        "cross_tenant.rs",
        "engine/copy.rs",
        "engine/database.rs",
        "engine/due_work.rs",
        "engine/tenant_data.rs",
        "engine/transfer.rs",
        "engine/waiting_work.rs",
        "engine/statement/list.rs",
        "engine/statement/sql.rs",
        "engine/statement/tenancy.rs",
    ];

    #[test]
    fn every_statement_of_the_source_is_about_one_tenant() {
        let mut statements = 0;
        let mut faults = Vec::new();
        for (path, source) in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/persistence"))) {
            if NOT_OF_A_TENANT.iter().any(|name| path.ends_with(name)) {
                continue;
            }
            for text in literals(&source) {
                if let Some(checked) = checked(&text) {
                    statements += 1;
                    faults.extend(checked.err().map(|fault| format!("{path}: {fault}: {text}")));
                }
            }
        }
        assert!(statements > 250, "the scan finds the statements: {statements}");
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn the_scan_of_the_source_finds_a_statement_without_its_tenant() {
        let source = r#"
            // "SELECT id FROM comments"
            self.snapshot.query("SELECT id FROM chats \
                WHERE id = $2").bind(id);
            let filter = "AND EXISTS (SELECT 1 FROM members m WHERE m.chat_id = c.id)";
            let quote = '"';
            let sound = "SELECT id FROM chats WHERE tenant_id = $1";
            let prose = "Selects nothing from anywhere";"#;
        let found: Vec<_> = literals(source).iter().filter_map(|text| checked(text)).collect();
        assert_eq!(
            found,
            [
                Err(Fault::Unfiltered(vec!["chats".into()])),
                Err(Fault::Unfiltered(vec!["members".into()])),
                Ok(())
            ]
        );
    }

    /// The result of the check for a literal; `None` for a literal without a statement.
    fn checked(text: &str) -> Option<Result<(), Fault>> {
        let first = text.split_whitespace().next().unwrap_or_default();
        if ["INSERT", "UPDATE", "DELETE", "WITH"].contains(&first)
            || (first == "SELECT" && text.contains("FROM"))
        {
            return Some(check(text));
        }
        text.contains("FROM ").then(|| check_fragment(text))
    }

    fn sources(folder: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
        found
    }

    /// The string literals of a source, without its comments.
    fn literals(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = source;
        while let Some(at) = rest.find(['"', '/', '\'']) {
            let (start, after) = rest[at..].split_at(1);
            match start {
                "/" if after.starts_with('/') => rest = after.split_once('\n').map_or("", |(_, rest)| rest),
                "'" if after.starts_with("\"'") => rest = &after[2..],
                "\"" => {
                    let mut text = String::new();
                    let mut chars = after.char_indices();
                    let mut end = after.len();
                    while let Some((at, c)) = chars.next() {
                        match c {
                            '"' => {
                                end = at + 1;
                                break;
                            }
                            '\\' => text.extend(chars.next().map(|(_, c)| c).filter(|c| *c != '\n')),
                            c => text.push(c),
                        }
                    }
                    found.push(text);
                    rest = &after[end..];
                }
                _ => rest = after,
            }
        }
        found
    }
}
