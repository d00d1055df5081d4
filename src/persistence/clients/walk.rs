//! All clients that a filter matches, in portions: each is read from an index where the last one ended, so that a long
//! walk holds neither memory nor a transaction.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{ClientRow, Clients, ContactRow};
use crate::persistence::{ClientFilter, ClientSort};
use crate::{
    domain::{Client, Contact},
    error::Result,
};

/// A walk through a list: what is asked for, and where the last portion ended.
#[derive(Debug, Clone)]
pub struct ClientWalk {
    filter: ClientFilter,
    sort: ClientSort,
    mark: Option<Mark>,
}

/// The place of the last client seen.
#[derive(Debug, Clone)]
struct Mark {
    id: i64,
    created_at: DateTime<Utc>,
    sort_name: String,
}

#[derive(FromRow)]
struct PlacedRow {
    #[sqlx(flatten)]
    client: ClientRow,
    sort_name: String,
}

impl ClientWalk {
    /// A walk from the beginning.
    pub fn new(filter: ClientFilter, sort: ClientSort) -> Self {
        Self { filter, sort, mark: None }
    }
}

macro_rules! portion {
    ($order:literal) => {
        concat!("SELECT ", client_columns!(), ", sort_name", matching!(), " ORDER BY ", $order, " LIMIT $10")
    };
    ($order:literal, $beyond:literal) => {
        concat!(
            "SELECT ",
            client_columns!(),
            ", sort_name",
            matching!(),
            " AND ",
            $beyond,
            " ORDER BY ",
            $order,
            " LIMIT $10"
        )
    };
}

impl Clients<'_> {
    /// The next portion of a walk, with contacts; an empty one is its end.
    pub async fn walk(&mut self, walk: &mut ClientWalk, limit: i64) -> Result<Vec<Client>> {
        let [p1, p2, p3, p4, p5, p6] = &walk.filter.terms.patterns();
        let (from, before) = (walk.filter.created_from, walk.filter.created_before);
        macro_rules! rows {
            ($text:expr $(, $more:expr)*) => {
                sql!(self.tx, all(PlacedRow), $text, from, before, p1, p2, p3, p4, p5, p6, limit $(, $more)*)?
            };
        }
        let rows = match (walk.sort, &walk.mark) {
            (ClientSort::Newest, None) => rows!((portion!("created_at DESC, id DESC"))),
            (ClientSort::Oldest, None) => rows!((portion!("created_at, id"))),
            (ClientSort::Name, None) => rows!((portion!("sort_name, id"))),
            (ClientSort::NameDescending, None) => rows!((portion!("sort_name DESC, id DESC"))),
            (ClientSort::Newest, Some(m)) => {
                rows!(
                    (portion!("created_at DESC, id DESC", "(created_at, id) < ($11, $12)")),
                    m.created_at,
                    m.id
                )
            }
            (ClientSort::Oldest, Some(m)) => {
                rows!((portion!("created_at, id", "(created_at, id) > ($11, $12)")), m.created_at, m.id)
            }
            (ClientSort::Name, Some(m)) => {
                rows!((portion!("sort_name, id", "(sort_name, id) > ($11, $12)")), &m.sort_name, m.id)
            }
            (ClientSort::NameDescending, Some(m)) => {
                rows!(
                    (portion!("sort_name DESC, id DESC", "(sort_name, id) < ($11, $12)")),
                    &m.sort_name,
                    m.id
                )
            }
        };
        let Some(last) = rows.last() else { return Ok(Vec::new()) };
        let mark = Mark {
            id: last.client.id,
            created_at: last.client.created_at,
            sort_name: last.sort_name.clone(),
        };
        let rows: Vec<ClientRow> = rows.into_iter().map(|row| row.client).collect();
        // They come by client, so each client's are found without looking through all.
        let contacts = self
            .contacts_of(&format!(
                "[{}]",
                rows.iter().map(|r| r.id.to_string()).collect::<Vec<_>>().join(",")
            ))
            .await?;
        let of = |client: i64| {
            let begin = contacts.partition_point(|c: &ContactRow| c.client_id < client);
            contacts[begin..]
                .iter()
                .take_while(move |c| c.client_id == client)
                .cloned()
                .map(Contact::from)
                .collect()
        };
        let clients = rows
            .into_iter()
            .map(|row| {
                let own = of(row.id);
                row.into_client(own)
            })
            .collect();
        walk.mark = Some(mark);
        Ok(clients)
    }
}
