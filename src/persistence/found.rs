//! What the spotlight shows of clients, chats and messages, in few statements whatever is found.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{
    Chats, Clients, Messages,
    chats::{ChatRow, columns, parsed},
    messages::id_list,
    search,
};
use crate::{
    domain::{Chat, ChatId, ClientId, Direction, MessageId, PhoneNumber, SearchTerms},
    error::Result,
};

/// A client in a few words.
#[derive(Debug, Clone)]
pub struct ClientBrief {
    /// Its id.
    pub id: ClientId,
    /// Its full name.
    pub name: String,
    /// Its phone.
    pub phone: Option<PhoneNumber>,
    /// Its e-mail.
    pub email: Option<String>,
}

/// A message that was found, and whose conversation it is in.
#[derive(Debug, Clone)]
pub struct FoundMessage {
    /// The message.
    pub id: MessageId,
    /// The chat.
    pub chat: ChatId,
    /// The full name of the chat's client.
    pub client_name: String,
    /// Which way it went.
    pub direction: Direction,
    /// Its text.
    pub text: String,
    /// When it was made, or came.
    pub at: DateTime<Utc>,
}

#[derive(FromRow)]
struct BriefRow {
    id: i64,
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

#[derive(FromRow)]
struct FoundRow {
    id: i64,
    chat_id: i64,
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    direction: String,
    text: String,
    created_at: DateTime<Utc>,
}

fn full_name(first: String, middle: Option<String>, last: Option<String>) -> String {
    [Some(first), middle, last].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl From<BriefRow> for ClientBrief {
    fn from(row: BriefRow) -> Self {
        Self {
            id: ClientId(row.id),
            name: full_name(row.first_name, row.middle_name, row.last_name),
            phone: row.phone.and_then(|phone| PhoneNumber::parse_e164(&phone).ok()),
            email: row.email,
        }
    }
}

impl From<FoundRow> for FoundMessage {
    fn from(row: FoundRow) -> Self {
        Self {
            id: MessageId(row.id),
            chat: ChatId(row.chat_id),
            client_name: full_name(row.first_name, row.middle_name, row.last_name),
            direction: parsed(Some(&row.direction), Direction::Inbound),
            text: row.text,
            at: row.created_at,
        }
    }
}

impl Clients<'_> {
    /// Clients whose folded full name begins with `name`, by name: up to `limit` of them.
    pub async fn named(&mut self, name: &str, limit: i64) -> Result<Vec<ClientId>> {
        // In the order of the index, such names follow each other from this one on, whatever the collation.
        let rows = sql!(
            self.tx,
            all((i64, String)),
            "
            SELECT id, sort_name FROM clients WHERE tenant_id = $1 AND sort_name >= $2
            ORDER BY sort_name, id LIMIT $3",
            name,
            limit
        )?;
        Ok(rows
            .into_iter()
            .filter(|(_, found)| found.starts_with(name))
            .map(|(id, _)| ClientId(id))
            .collect())
    }

    /// Clients that match, the newest first: up to `limit` of them.
    pub async fn matching(&mut self, terms: &SearchTerms, limit: i64) -> Result<Vec<ClientId>> {
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let query = search::query(self.tx, &terms.in_clients());
        // A full-text table is another thing on each engine.
        let rows = sql!(self.tx, all((i64,)), {
            sqlite: "
                SELECT c.id FROM client_search CROSS JOIN clients c ON c.id = client_search.rowid
                WHERE client_search MATCH $2 AND c.tenant_id = $1 ORDER BY client_search.rowid DESC LIMIT $3",
            postgres: "
                SELECT c.id FROM client_search s JOIN clients c ON c.tenant_id = s.tenant_id AND c.id = s.client_id
                WHERE s.tenant_id = $1 AND s.words @@ CAST($2 AS TSQUERY) ORDER BY s.client_id DESC LIMIT $3"
        }, &query, limit)?;
        Ok(rows.into_iter().map(|(id,)| ClientId(id)).collect())
    }

    /// Those of these clients that there are, in the order of the ids.
    pub async fn briefs(&mut self, ids: &[ClientId]) -> Result<Vec<ClientBrief>> {
        let list = id_list(ids.iter().map(|id| id.0));
        // Neither engine has the other's way of making rows of a list that is one parameter.
        let rows = sql!(self.tx, all(BriefRow), {
            sqlite: "
                SELECT id, first_name, last_name, middle_name, phone, email FROM clients
                WHERE tenant_id = $1 AND id IN (SELECT value FROM json_each($2))",
            postgres: "
                SELECT id, first_name, last_name, middle_name, phone, email FROM clients
                WHERE tenant_id = $1
                    AND id IN (SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e)"
        }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(ClientBrief::from).collect();
        found.sort_by_key(|client| ids.iter().position(|id| *id == client.id));
        Ok(found)
    }
}

impl Chats<'_> {
    /// The chats of these clients, in the order of the clients.
    pub async fn of_clients(&mut self, clients: &[ClientId]) -> Result<Vec<Chat>> {
        let list = id_list(clients.iter().map(|id| id.0));
        // As in `Clients::briefs`.
        let rows = sql!(self.tx, all(ChatRow), {
            sqlite: (concat!(columns!(), "AND c.client_id IN (SELECT value FROM json_each($2))")),
            postgres: (concat!(columns!(),
                "AND c.client_id IN (SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e)"))
        }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(Chat::from).collect();
        found.sort_by_key(|chat| clients.iter().position(|id| *id == chat.client));
        Ok(found)
    }

    /// Those of these chats that there are, in the order of the ids.
    pub async fn briefs(&mut self, ids: &[ChatId]) -> Result<Vec<Chat>> {
        let list = id_list(ids.iter().map(|id| id.0));
        // As in `Clients::briefs`.
        let rows = sql!(self.tx, all(ChatRow), {
            sqlite: (concat!(columns!(), "AND c.id IN (SELECT value FROM json_each($2))")),
            postgres: (concat!(columns!(),
                "AND c.id IN (SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e)"))
        }, &list)?;
        let mut found: Vec<_> = rows.into_iter().map(Chat::from).collect();
        found.sort_by_key(|chat| ids.iter().position(|id| *id == chat.id));
        Ok(found)
    }
}

impl Messages<'_> {
    /// Those of these messages that there are, the newest first, with the names of whom the conversations are with.
    pub async fn found(&mut self, ids: &[MessageId]) -> Result<Vec<FoundMessage>> {
        let list = id_list(ids.iter().map(|id| id.0));
        // As in `Clients::briefs`.
        let rows = sql!(self.tx, all(FoundRow), {
            sqlite: "
                SELECT m.id, m.chat_id, k.first_name, k.last_name, k.middle_name, m.direction, m.text, m.created_at
                FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id
                JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
                WHERE m.tenant_id = $1 AND m.id IN (SELECT value FROM json_each($2)) ORDER BY m.id DESC",
            postgres: "
                SELECT m.id, m.chat_id, k.first_name, k.last_name, k.middle_name, m.direction, m.text, m.created_at
                FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id
                JOIN clients k ON k.tenant_id = c.tenant_id AND k.id = c.client_id
                WHERE m.tenant_id = $1
                    AND m.id IN (SELECT CAST(e AS BIGINT) FROM jsonb_array_elements(CAST($2 AS JSONB)) e)
                ORDER BY m.id DESC"
        }, &list)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}
