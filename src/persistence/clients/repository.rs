//! Clients and their contacts.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Query, Row, Sql},
    search::index,
};
use crate::{
    domain::{
        Client, ClientId, Contact, ContactId, ContactType, ContactValue, Country, Email, Gender, NewClient,
        Passport, PhoneNumber, Pin, client_words, fold,
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

#[derive(Clone, Serialize, Deserialize)]
pub(in crate::persistence) struct ClientRow {
    id: i64,
    first_name: String,
    last_name: Option<String>,
    middle_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    date_of_birth: Option<String>,
    gender: Option<String>,
    passport_series: Option<String>,
    passport_number: Option<String>,
    pin: Option<String>,
    pin_country: Option<String>,
    comments: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The date is selected as text, because SQLite stores any text in its place, and decoding such a
/// value would fail the whole list.
const SELECT: &str = "SELECT id, first_name, last_name, middle_name, phone, email, address, \
    CAST(date_of_birth AS TEXT) AS date_of_birth, gender, passport_series, passport_number, pin, pin_country, \
    comments, created_at, updated_at FROM clients WHERE tenant_id = $1";
const SELECT_CONTACTS: &str = "SELECT id, client_id, type, value, created_at, updated_at FROM contacts
                               WHERE tenant_id = $1";

/// Binds a client's fields and folded name: fourteen arguments.
fn bind_fields<'t>(query: Query<'t>, client: &NewClient) -> Query<'t> {
    let (passport, pin) = (client.passport(), client.pin());
    query
        .bind(client.first_name())
        .bind(client.last_name())
        .bind(client.middle_name())
        .bind(client.phone())
        .bind(client.email())
        .bind(client.address())
        .bind(client.date_of_birth())
        .bind(client.gender())
        .bind(passport.and_then(Passport::series))
        .bind(passport.map(Passport::number))
        .bind(pin.map(Pin::value))
        .bind(pin.map(Pin::country))
        .bind(client.comments())
        .bind(fold(&client.full_name()))
}

impl FromRow for ClientRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            first_name: row.get("first_name")?,
            last_name: row.get("last_name")?,
            middle_name: row.get("middle_name")?,
            phone: row.get("phone")?,
            email: row.get("email")?,
            address: row.get("address")?,
            date_of_birth: row.get("date_of_birth")?,
            gender: row.get("gender")?,
            passport_series: row.get("passport_series")?,
            passport_number: row.get("passport_number")?,
            pin: row.get("pin")?,
            pin_country: row.get("pin_country")?,
            comments: row.get("comments")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
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

impl ClientRow {
    /// Converts a client to its row.
    pub(in crate::persistence) fn of(client: &Client) -> Self {
        let data = client.data();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            id: client.id.0,
            first_name: data.first_name().to_owned(),
            last_name: owned(data.last_name()),
            middle_name: owned(data.middle_name()),
            phone: owned(data.phone().map(PhoneNumber::as_str)),
            email: owned(data.email().map(Email::as_str)),
            address: owned(data.address()),
            date_of_birth: data.date_of_birth().map(|date| date.to_string()),
            gender: owned(data.gender().map(Gender::as_str)),
            passport_series: owned(data.passport().and_then(Passport::series)),
            passport_number: owned(data.passport().map(Passport::number)),
            pin: owned(data.pin().map(Pin::value)),
            pin_country: data.pin().map(|pin| pin.country().code().to_owned()),
            comments: owned(data.comments()),
            created_at: client.created_at,
            updated_at: client.updated_at,
        }
    }

    /// Converts the row. A value that no longer parses is left out and logged, so that one bad value does not break a list.
    pub(in crate::persistence) fn into_client(self, contacts: Vec<Contact>) -> Client {
        let id = self.id;
        let sound = |field: &'static str, fine: bool| {
            if !fine {
                tracing::warn!(client = id, field, "a stored value does not parse and is left out");
            }
        };
        macro_rules! parsed {
            ($raw:expr, $field:literal, $parse:expr) => {
                $raw.and_then(|raw| {
                    let parsed = $parse(raw.as_str()).ok();
                    sound($field, parsed.is_some());
                    parsed
                })
            };
        }
        let country = self.pin_country.as_deref().and_then(|c| c.parse().ok()).unwrap_or(Country::UZ);
        let data = Client::builder(&self.first_name).build().unwrap_or_else(|_| {
            sound("first_name", false);
            NewClient::unnamed()
        });
        Client::stored(ClientId(id), data, contacts, self.created_at, self.updated_at)
            .with_last_name(self.last_name)
            .with_middle_name(self.middle_name)
            .with_phone(parsed!(self.phone, "phone", PhoneNumber::parse_e164))
            .with_email(parsed!(self.email, "email", Email::parse))
            .with_address(self.address)
            .with_date_of_birth(parsed!(self.date_of_birth, "date_of_birth", str::parse::<NaiveDate>))
            .with_gender(parsed!(self.gender, "gender", str::parse))
            .with_passport(Passport::stored(self.passport_series, self.passport_number))
            .with_pin(parsed!(self.pin, "pin", |pin| Pin::parse(pin, country)))
            .with_comments(self.comments)
    }
}

impl Clients<'_> {
    /// Finds another client with the same phone or identification number.
    async fn conflict(&mut self, new: &NewClient, except: Option<ClientId>) -> Result<Option<Conflict>> {
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
        let row: Option<ClientRow> =
            self.snapshot.query(SELECT).push("AND id = $2").bind(id).optional().await?;
        let Some(row) = row else { return Ok(None) };
        let contacts = self.contacts(id).await?;
        Ok(Some(row.into_client(contacts)))
    }

    /// Loads clients with their contacts in the order of the ids; missing ones are left out.
    pub async fn by_ids(&mut self, ids: &[ClientId]) -> Result<Vec<Client>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows: Vec<ClientRow> =
            self.snapshot.query(SELECT).push("AND id IN $2").bind(ids).all().await?;
        let places: HashMap<i64, usize> = ids.iter().enumerate().map(|(place, id)| (id.0, place)).collect();
        rows.sort_by_key(|row| places.get(&row.id).copied());
        let query = self.snapshot.query(SELECT_CONTACTS).push("AND client_id IN $2 ORDER BY client_id, id");
        let found: Vec<OwnedContact> = query.bind(ids).all().await?;
        let mut contacts: HashMap<ClientId, Vec<Contact>> = HashMap::new();
        for OwnedContact { client, contact } in found {
            contacts.entry(client).or_default().push(contact);
        }
        let with_own = |row: ClientRow| {
            let own = contacts.remove(&ClientId(row.id)).unwrap_or_default();
            row.into_client(own)
        };
        Ok(rows.into_iter().map(with_own).collect())
    }

    /// Finds the client of a sender: by the primary phone or e-mail address, or else by a contact.
    pub async fn find_by_address(&mut self, address: &ContactValue) -> Result<Option<ClientId>> {
        let own = match address.kind() {
            ContactType::Phone | ContactType::Whatsapp => {
                self.snapshot
                    .query("SELECT id FROM clients WHERE tenant_id = $1 AND phone = $2")
                    .bind(address.value())
                    .optional()
                    .await?
            }
            ContactType::Email => {
                self.snapshot
                    .query("SELECT id FROM clients WHERE tenant_id = $1 AND email = $2 ORDER BY id LIMIT 1")
                    .bind(address.value())
                    .optional()
                    .await?
            }
            ContactType::Telegram | ContactType::Other => None,
        };
        if own.is_some() {
            return Ok(own);
        }
        // A number is used for calls, SMS and WhatsApp, so that a contact of either type identifies
        // the client.
        let also = match address.kind() {
            ContactType::Phone => ContactType::Whatsapp,
            ContactType::Whatsapp => ContactType::Phone,
            kind => kind,
        };
        self.snapshot
            .query(
                "SELECT client_id FROM contacts WHERE tenant_id = $1 AND type IN ($2, $3) AND value = $4
                 ORDER BY CASE WHEN type = $2 THEN 0 ELSE 1 END LIMIT 1",
            )
            .bind(address.kind())
            .bind(also)
            .bind(address.value())
            .optional()
            .await
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
    pub async fn create(&mut self, new: &NewClient, at: DateTime<Utc>) -> Result<ClientId> {
        let query = self.work.query(
            "INSERT INTO clients (tenant_id, first_name, last_name, middle_name, phone, email,
                 address,
                 date_of_birth, gender, passport_series, passport_number, pin, pin_country, comments,
                 sort_name, search, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
             ON CONFLICT DO NOTHING RETURNING id",
        );
        match bind_fields(query, new).bind(new.search_text()).bind(at).optional().await? {
            Some(id) => {
                self.index(id, &client_words(new, &[])).await?;
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
        let query = self.work.query(
            "UPDATE clients SET first_name = $2, last_name = $3, middle_name = $4, phone = $5, email
                 = $6,
                 address = $7, date_of_birth = $8, gender = $9, passport_series = $10,
                     passport_number = $11,
                 pin = $12, pin_country = $13, comments = $14, sort_name = $15, updated_at = $16
             WHERE tenant_id = $1 AND id = $17",
        );
        bind_fields(query, data).bind(client.updated_at).bind(client.id).execute().await?;
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
            search.push_str(&fold(contact.value.trim_start_matches('+')));
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
