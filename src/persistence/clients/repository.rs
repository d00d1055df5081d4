//! Clients and their contacts.

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Query, Row, Sql, ToValue, Value},
    search::index,
};
use crate::{
    domain::{
        ChatId, Client, ClientField, ClientFields, ClientId, Contact, ContactId, ContactType, ContactValue,
        FieldKind, FieldValue, client_words, fold,
    },
    error::{AppError, Conflict, Result},
};

/// Clients of a tenant.
pub struct Clients<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's clients, for writing.
pub struct ClientsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The columns of all fields, each written by `write` and separated by commas.
fn columns(write: impl Fn(ClientField, &str) -> String) -> String {
    let columns = ClientField::ALL.iter().map(|field| write(*field, &field.definition().column));
    columns.collect::<Vec<_>>().join(", ")
}

/// Dates are selected as text, because SQLite stores any text in their place, and decoding such a
/// value would fail the whole list.
static SELECT: LazyLock<String> = LazyLock::new(|| {
    let columns = columns(|field, column| match field.definition().kind {
        FieldKind::PastDate => format!("CAST({column} AS TEXT) AS {column}"),
        _ => column.to_owned(),
    });
    format!("SELECT id, {columns}, created_at, updated_at FROM clients WHERE tenant_id = $1")
});

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let (columns, arguments) = (columns(|_, column| column.to_owned()), columns(|_, _| "?".to_owned()));
    format!(
        "INSERT INTO clients (tenant_id, {columns}, sort_name, search, created_at, updated_at)
         VALUES ($1, {arguments}, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id"
    )
});

static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let columns = columns(|_, column| format!("{column} = ?"));
    format!("UPDATE clients SET {columns}, sort_name = ?, updated_at = ? WHERE tenant_id = $1 AND id = ?")
});

const SELECT_CONTACTS: &str = "SELECT id, client_id, type, value, created_at, updated_at FROM contacts
                               WHERE tenant_id = $1";

/// The value of a field as an argument.
struct FieldArgument<'c>(ClientField, &'c ClientFields);

impl ToValue for FieldArgument<'_> {
    const NULL: Value = Value::Text(None);

    fn to_value(&self) -> Value {
        let Self(field, fields) = self;
        match (&field.definition().kind, fields.get(*field)) {
            (_, Some(FieldValue::Date(date))) => Value::Date(Some(*date)),
            (FieldKind::PastDate, None) => Value::Date(None),
            (_, value) => Value::Text(value.map(|value| value.text().into_owned())),
        }
    }
}

/// The number of characters of a folded name that lists are sorted by. A row of an index of PostgreSQL may have 2,704
/// bytes, and a name three times 255 characters.
const SORT_NAME_LENGTH: usize = 500;

/// The folded name that lists are sorted by.
pub(in crate::persistence) fn sort_name(client: &ClientFields) -> String {
    fold(&client.full_name()).chars().take(SORT_NAME_LENGTH).collect()
}

/// Binds a client's fields and folded name.
fn bind_fields<'t>(query: Query<'t>, client: &ClientFields) -> Query<'t> {
    let bind = |query: Query<'t>, field: &ClientField| query.bind(FieldArgument(*field, client));
    ClientField::ALL.iter().fold(query, bind).bind(sort_name(client))
}

/// Restores a client's fields from the texts of their columns. A value that no longer parses is left out and logged, so
/// that one bad value does not break a list.
pub(in crate::persistence) fn restore_fields(
    id: ClientId,
    column: impl Fn(&'static str) -> Option<String>,
) -> ClientFields {
    let (fields, invalid) = ClientFields::restore(|field| column(&field.definition().column));
    for field in invalid {
        tracing::warn!(client = %id, field = field.name(), "a stored value does not parse and is left out");
    }
    fields
}

/// A client without its contacts.
struct ClientRow {
    id: ClientId,
    fields: ClientFields,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The statement that gives the client with an address: its own phone or e-mail, else that of one of its contacts, else
/// that of the other form in which WhatsApp may write a number.
pub(in crate::persistence) fn owner_of(address: &ContactValue) -> Sql {
    let own = match address.kind() {
        ContactType::Phone | ContactType::Whatsapp => {
            Some("SELECT id AS client_id, 0 AS place FROM clients WHERE tenant_id = $1 AND phone = ?")
        }
        ContactType::Email => {
            Some("SELECT id AS client_id, 0 AS place FROM clients WHERE tenant_id = $1 AND email = ?")
        }
        ContactType::Telegram | ContactType::Other => None,
    };
    let other_form = address.other_form();
    // One number serves calls, SMS and WhatsApp, so either type of contact leads to its client.
    let also = match address.kind() {
        ContactType::Phone => ContactType::Whatsapp,
        ContactType::Whatsapp => ContactType::Phone,
        kind => kind,
    };
    let mut sql = Sql::from("SELECT client_id FROM (");
    if let Some(own) = own {
        sql = sql.push(own).bind(address.value()).push("UNION ALL");
    }
    sql = sql
        .push(
            "SELECT client_id, CASE WHEN type = ? THEN 1 ELSE 2 END AS place FROM contacts
         WHERE tenant_id = $1 AND type IN (?, ?) AND value = ?",
        )
        .bind(address.kind())
        .bind(address.kind())
        .bind(also)
        .bind(address.value());
    if let Some(other) = other_form {
        // One of the two is an address of WhatsApp: a phone number alone has one form.
        sql = sql
            .push(
                "UNION ALL SELECT client_id, 3 AS place FROM contacts
                 WHERE tenant_id = $1 AND type = ? AND value = ?",
            )
            .bind(ContactType::Whatsapp)
            .bind(&other);
        if address.kind() == ContactType::Whatsapp {
            sql = sql
                .push(
                    "UNION ALL SELECT id AS client_id, 4 AS place FROM clients WHERE tenant_id = $1 AND phone = ?
                     UNION ALL SELECT client_id, 5 AS place FROM contacts
                     WHERE tenant_id = $1 AND type = ? AND value = ?",
                )
                .bind(&other)
                .bind(ContactType::Phone)
                .bind(&other);
        }
    }
    sql.push(") owners ORDER BY place, client_id LIMIT 1")
}

/// The text of a contact's value in the search text of its client.
fn search_text_of(value: &str) -> String {
    fold(value.trim_start_matches('+'))
}

impl FromRow for ClientRow {
    fn from_row(row: &Row) -> Result<Self> {
        let mut columns = HashMap::new();
        for field in ClientField::ALL {
            let column = field.definition().column.as_str();
            columns.insert(column, row.get::<Option<String>>(column)?);
        }
        let id = row.get("id")?;
        Ok(Self {
            id,
            fields: restore_fields(id, |column| columns.get(column).cloned().flatten()),
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl ClientRow {
    fn with(self, contacts: Vec<Contact>) -> Client {
        Client::stored(self.id, self.fields, contacts, self.created_at, self.updated_at)
    }
}

impl FromRow for Contact {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get_or("type", ContactType::Other)?,
            value: row.get("value")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// A contact with the client that it belongs to.
struct OwnedContact {
    client: ClientId,
    contact: Contact,
}

impl FromRow for OwnedContact {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { client: row.get("client_id")?, contact: FromRow::from_row(row)? })
    }
}

/// A client with one of its contacts.
struct ClientAndContact {
    client: ClientRow,
    contact: Option<Contact>,
}

impl FromRow for ClientAndContact {
    fn from_row(row: &Row) -> Result<Self> {
        let contact = match row.get("contact_id")? {
            Some(id) => Some(Contact {
                id,
                kind: row.get_or("type", ContactType::Other)?,
                value: row.get("value")?,
                created_at: row.get("contact_created_at")?,
                updated_at: row.get("contact_updated_at")?,
            }),
            None => None,
        };
        Ok(Self { client: FromRow::from_row(row)?, contact })
    }
}

impl Clients<'_> {
    /// Finds another client with the same phone or identification number.
    async fn conflict(&mut self, new: &ClientFields, except: Option<ClientId>) -> Result<Option<Conflict>> {
        let except = except.map_or(0, |id| id.0);
        if let Some(phone) = new.phone() {
            let other = self
                .snapshot
                .query("SELECT id FROM clients WHERE tenant_id = $1 AND phone = $2 AND id <> $3")
                .bind(phone)
                .bind(except)
                .optional()
                .await?;
            if let Some(other) = other {
                return Ok(Some(Conflict { field: Some("phone"), client: Some(other) }));
            }
        }
        if let Some(pin) = new.pin() {
            let other = self
                .snapshot
                .query(
                    "SELECT id FROM clients WHERE tenant_id = $1 AND pin = $2 AND pin_country = $3
                     AND id <> $4",
                )
                .bind(pin.value())
                .bind(pin.country())
                .bind(except)
                .optional()
                .await?;
            if let Some(other) = other {
                return Ok(Some(Conflict { field: Some("pin"), client: Some(other) }));
            }
        }
        Ok(None)
    }

    /// Loads a client with its contacts.
    pub async fn get(&mut self, id: ClientId) -> Result<Option<Client>> {
        self.load(Sql::from("AND id = $2").bind(id)).await
    }

    /// Loads the client of a chat with its contacts.
    pub async fn of_chat(&mut self, chat: ChatId) -> Result<Option<Client>> {
        let condition = "AND id = (SELECT client_id FROM chats WHERE tenant_id = $1 AND id = $2)";
        self.load(Sql::from(condition).bind(chat)).await
    }

    /// Loads the client that meets a condition, with its contacts.
    async fn load(&mut self, condition: Sql) -> Result<Option<Client>> {
        let rows: Vec<ClientAndContact> = self
            .snapshot
            .query("SELECT c.*, o.id AS contact_id, o.type, o.value, o.created_at AS contact_created_at,")
            .push("o.updated_at AS contact_updated_at FROM (")
            .push(SELECT.as_str())
            .push(condition)
            .push(") c LEFT JOIN contacts o ON o.tenant_id = $1 AND o.client_id = c.id ORDER BY o.id")
            .all()
            .await?;
        let mut client = None;
        let mut contacts = Vec::new();
        for row in rows {
            client.get_or_insert(row.client);
            contacts.extend(row.contact);
        }
        Ok(client.map(|client| client.with(contacts)))
    }

    /// Loads clients with their contacts in the order of the ids; missing ones are left out.
    pub async fn by_ids(&mut self, ids: &[ClientId]) -> Result<Vec<Client>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows: Vec<ClientRow> =
            self.snapshot.query(SELECT.as_str()).push("AND id IN $2").bind(ids).all().await?;
        let places: HashMap<ClientId, usize> =
            ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        rows.sort_by_key(|row| places.get(&row.id).copied());
        let query = self.snapshot.query(SELECT_CONTACTS).push("AND client_id IN $2 ORDER BY client_id, id");
        let found: Vec<OwnedContact> = query.bind(ids).all().await?;
        let mut contacts: HashMap<ClientId, Vec<Contact>> = HashMap::new();
        for OwnedContact { client, contact } in found {
            contacts.entry(client).or_default().push(contact);
        }
        let with_own = |row: ClientRow| {
            let own = contacts.remove(&row.id).unwrap_or_default();
            row.with(own)
        };
        Ok(rows.into_iter().map(with_own).collect())
    }

    /// Finds the client of a sender: by the primary phone or e-mail address, or else by a contact.
    pub async fn find_by_address(&mut self, address: &ContactValue) -> Result<Option<ClientId>> {
        self.snapshot.query(owner_of(address)).optional().await
    }

    /// Lists a client's contacts, the oldest first.
    pub async fn contacts(&mut self, client: ClientId) -> Result<Vec<Contact>> {
        self.snapshot.query(SELECT_CONTACTS).push("AND client_id = $2 ORDER BY id").bind(client).all().await
    }

    /// Finds a contact by its value, with the client that has it.
    pub async fn find_contact(&mut self, value: &ContactValue) -> Result<Option<(ClientId, Contact)>> {
        let query = self.snapshot.query(SELECT_CONTACTS).push("AND type = $2 AND value = $3");
        let found: Option<OwnedContact> = query.bind(value.kind()).bind(value.value()).optional().await?;
        Ok(found.map(|found| (found.client, found.contact)))
    }

    /// Lists the clients with this id or a lower one, the newest first.
    pub(in crate::persistence) async fn newest_up_to(
        &mut self,
        newest: i64,
        limit: i64,
    ) -> Result<Vec<Client>> {
        let ids: Vec<ClientId> = self
            .snapshot
            .query("SELECT id FROM clients WHERE tenant_id = $1 AND id <= $2 ORDER BY id DESC LIMIT $3")
            .bind(newest)
            .bind(limit)
            .all()
            .await?;
        self.by_ids(&ids).await
    }
}

impl ClientsMut<'_> {
    /// Stores a client.
    ///
    /// # Errors
    /// [`AppError::Conflict`] with the client that has its phone or identification number.
    pub async fn create(&mut self, new: &ClientFields, at: DateTime<Utc>) -> Result<ClientId> {
        let id = self.insert(new, &new.search_text(), at).await?;
        self.index(id, &client_words(new, &[])).await?;
        Ok(id)
    }

    /// Stores a client with a contact; returns no contact if another client has it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] as from [`Self::create`].
    pub async fn create_with_contact(
        &mut self,
        new: &ClientFields,
        contact: &ContactValue,
        at: DateTime<Utc>,
    ) -> Result<(ClientId, Option<ContactId>)> {
        let search = format!("{} {}", new.search_text(), search_text_of(contact.value()));
        let client = self.insert(new, &search, at).await?;
        let Some(id) = self.add_contact(client, contact, at).await? else { return Ok((client, None)) };
        let (kind, value) = (contact.kind(), contact.value().to_owned());
        let contact = Contact { id, kind, value, created_at: at, updated_at: at };
        self.index(client, &client_words(new, &[contact])).await?;
        Ok((client, Some(id)))
    }

    /// Stores a client's row, without the words by which it is found.
    async fn insert(&mut self, new: &ClientFields, search: &str, at: DateTime<Utc>) -> Result<ClientId> {
        let query = bind_fields(self.work.query(INSERT.as_str()), new);
        match query.bind(search).bind(at).bind(at).optional().await? {
            Some(id) => {
                self.work.count_clients(1);
                Ok(id)
            }
            None => {
                Err(AppError::Conflict(self.work.clients().conflict(new, None).await?.unwrap_or_default()))
            }
        }
    }

    /// Stores a client's changed fields.
    ///
    /// # Errors
    /// [`AppError::Conflict`] with the client that has its phone or identification number.
    pub async fn update(&mut self, client: &Client) -> Result<()> {
        let data = client.data();
        if let Some(conflict) = self.work.clients().conflict(data, Some(client.id)).await? {
            return Err(AppError::Conflict(conflict));
        }
        let query = bind_fields(self.work.query(UPDATE.as_str()), data);
        query.bind(client.updated_at).bind(client.id).execute().await?;
        self.refresh_search(client).await
    }

    /// Deletes a client with all records that belong to it; returns `false` if it does not exist.
    pub async fn delete(&mut self, id: ClientId) -> Result<bool> {
        let deleted = self
            .work
            .query("DELETE FROM clients WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .execute()
            .await?
            == 1;
        self.work.count_clients(-i64::from(deleted));
        Ok(deleted)
    }

    /// Adds a contact; returns `None` if a client has it already.
    pub async fn add_contact(
        &mut self,
        client: ClientId,
        contact: &ContactValue,
        at: DateTime<Utc>,
    ) -> Result<Option<ContactId>> {
        self.work
            .query(
                "INSERT INTO contacts (tenant_id, client_id, type, value, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(client)
            .bind(contact.kind())
            .bind(contact.value())
            .bind(at)
            .optional()
            .await
    }

    /// Moves a contact to another client.
    pub async fn move_contact(&mut self, contact: ContactId, from: ClientId, to: ClientId) -> Result<()> {
        self.work
            .query(
                "UPDATE members SET contact_id = NULL WHERE tenant_id = $1 AND client_id = $2
                 AND contact_id = $3",
            )
            .bind(from)
            .bind(contact)
            .execute()
            .await?;
        self.work
            .query("UPDATE contacts SET client_id = $4 WHERE tenant_id = $1 AND client_id = $2 AND id = $3")
            .bind(from)
            .bind(contact)
            .bind(to)
            .execute()
            .await?;
        Ok(())
    }

    /// Removes a contact; returns `false` if this client does not have it. Messages are kept.
    pub async fn remove_contact(&mut self, client: ClientId, contact: ContactId) -> Result<bool> {
        self.work
            .query(
                "UPDATE members SET contact_id = NULL WHERE tenant_id = $1 AND client_id = $2
                 AND contact_id = $3",
            )
            .bind(client)
            .bind(contact)
            .execute()
            .await?;
        Ok(self
            .work
            .query("DELETE FROM contacts WHERE tenant_id = $1 AND client_id = $2 AND id = $3")
            .bind(client)
            .bind(contact)
            .execute()
            .await?
            == 1)
    }

    /// Updates the indexed words to the client's fields and contacts.
    pub async fn refresh_search(&mut self, client: &Client) -> Result<()> {
        let contacts = self.work.clients().contacts(client.id).await?;
        let mut search = client.data().search_text();
        let words = client_words(client.data(), &contacts);
        for contact in contacts {
            search.push(' ');
            search.push_str(&search_text_of(&contact.value));
        }
        self.work
            .query("UPDATE clients SET search = $3, matched = 0 WHERE tenant_id = $1 AND id = $2")
            .bind(client.id)
            .bind(search)
            .execute()
            .await?;
        self.index(client.id, &words).await
    }

    /// Replaces the indexed words of a client.
    async fn index(&mut self, id: ClientId, words: &[String]) -> Result<()> {
        let words = index::indexed_words(self.work.tenant(), words);
        // Full-text tables differ between the engines.
        self.work
            .query(Sql::by_engine(
                "INSERT OR REPLACE INTO client_search (rowid, words)
                 SELECT id, $3 FROM clients WHERE tenant_id = $1 AND id = $2",
                "INSERT INTO client_search (tenant_id, client_id, words)
                 SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                 FROM clients WHERE tenant_id = $1 AND id = $2
                 ON CONFLICT (tenant_id, client_id) DO UPDATE SET words = EXCLUDED.words",
            ))
            .bind(id)
            .bind(&words)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the indexed words of a client unless it has any, which are newer.
    pub(in crate::persistence) async fn index_if_missing(&mut self, client: &Client) -> Result<()> {
        let words = index::indexed_words(self.work.tenant(), &client_words(client.data(), &client.contacts));
        // Like in [`Self::index`].
        self.work
            .query(Sql::by_engine(
                "INSERT INTO client_search (rowid, words)
                 SELECT id, $3 FROM clients WHERE tenant_id = $1 AND id = $2
                     AND NOT EXISTS (SELECT 1 FROM client_search s WHERE s.rowid = $2)",
                "INSERT INTO client_search (tenant_id, client_id, words)
                 SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                 FROM clients WHERE tenant_id = $1 AND id = $2
                 ON CONFLICT DO NOTHING",
            ))
            .bind(client.id)
            .bind(&words)
            .execute()
            .await?;
        Ok(())
    }
}
