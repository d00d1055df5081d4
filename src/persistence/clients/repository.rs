//! Clients and their contacts.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::persistence::{Tx, search::index};
use crate::{
    domain::{
        Client, ClientId, Contact, ContactId, ContactType, ContactValue, Country, Email, Gender, NewClient,
        Passport, PhoneNumber, Pin, client_words, fold,
    },
    error::{AppError, Conflict, Result},
};

/// Clients of a tenant.
pub struct Clients<'t> {
    pub(in crate::persistence) tx: &'t mut Tx,
}

#[derive(Clone, FromRow, Serialize, Deserialize)]
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

#[derive(FromRow)]
struct ContactRow {
    id: i64,
    client_id: i64,
    #[sqlx(rename = "type")]
    kind: String,
    value: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

// The date is read as text, since SQLite would keep any text in its place, and decoding it would fail the whole list.
macro_rules! client_columns {
    () => {
        "id, first_name, last_name, middle_name, phone, email, address, \
         CAST(date_of_birth AS TEXT) AS date_of_birth, gender, passport_series, \
         passport_number, pin, pin_country, comments, created_at, updated_at"
    };
}

/// A statement whose arguments are a client's fields and folded name, `$2` to `$15`, and after them the `$more`.
macro_rules! write_fields {
    ($tx:expr, $verb:ident $(($type:ty))?, $text:literal, $data:expr, $($more:expr),*) => {
        sql!(
            $tx, $verb $(($type))?, $text, $data.first_name(), $data.last_name(), $data.middle_name(),
            $data.phone().map(PhoneNumber::as_str), $data.email().map(Email::as_str), $data.address(),
            $data.date_of_birth(), $data.gender().map(Gender::as_str), $data.passport().and_then(Passport::series),
            $data.passport().map(Passport::number), $data.pin().map(Pin::value),
            $data.pin().map(|pin| pin.country().code().to_owned()), $data.comments(), fold(&$data.full_name()),
            $($more),*
        )
    };
}

impl ClientRow {
    /// The row that a client is stored as.
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

    /// What does not parse any more is left out and logged: one bad value must not break a list.
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

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        Self {
            id: ContactId(row.id),
            kind: row.kind.parse().unwrap_or(ContactType::Other),
            value: row.value,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl<'t> Clients<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// Stores a client.
    ///
    /// # Errors
    /// [`AppError::Conflict`] with the client that has its phone or identification number.
    pub async fn create(&mut self, new: &NewClient, at: DateTime<Utc>) -> Result<ClientId> {
        let created = write_fields!(
            self.tx,
            maybe(i64),
            "
            INSERT INTO clients (tenant_id, first_name, last_name, middle_name, phone, email, address,
                date_of_birth, gender, passport_series, passport_number, pin, pin_country, comments,
                sort_name, search, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
            ON CONFLICT DO NOTHING RETURNING id",
            new,
            new.search_text(),
            at
        )?;
        match created {
            Some(id) => {
                self.index(ClientId(id), &client_words(new, &[])).await?;
                self.tx.count_clients(1);
                Ok(ClientId(id))
            }
            None => Err(AppError::Conflict(self.conflict(new, None).await?.unwrap_or_default())),
        }
    }

    /// Stores a client's changed fields.
    ///
    /// # Errors
    /// [`AppError::Conflict`] with the client that has its phone or identification number.
    pub async fn update(&mut self, client: &Client) -> Result<()> {
        let data = client.data();
        if let Some(conflict) = self.conflict(data, Some(client.id)).await? {
            return Err(AppError::Conflict(conflict));
        }
        write_fields!(
            self.tx,
            exec,
            "
            UPDATE clients SET first_name = $2, last_name = $3, middle_name = $4, phone = $5, email = $6,
                address = $7, date_of_birth = $8, gender = $9, passport_series = $10, passport_number = $11,
                pin = $12, pin_country = $13, comments = $14, sort_name = $15, updated_at = $16
            WHERE tenant_id = $1 AND id = $17",
            data,
            client.updated_at,
            client.id.0
        )?;
        self.refresh_search(client).await
    }

    /// Who else has the phone or the identification number.
    async fn conflict(&mut self, new: &NewClient, except: Option<ClientId>) -> Result<Option<Conflict>> {
        let except = except.map_or(0, |id| id.0);
        if let Some(phone) = new.phone() {
            let other = sql!(
                self.tx,
                maybe(i64),
                "
                SELECT id FROM clients WHERE tenant_id = $1 AND phone = $2 AND id <> $3",
                phone.as_str(),
                except
            )?;
            if let Some(other) = other {
                return Ok(Some(Conflict { field: Some("phone"), client: Some(ClientId(other)) }));
            }
        }
        if let Some(pin) = new.pin() {
            let country = pin.country();
            let other = sql!(
                self.tx,
                maybe(i64),
                "
                SELECT id FROM clients WHERE tenant_id = $1 AND pin = $2 AND pin_country = $3 AND id <> $4",
                pin.value(),
                country.code(),
                except
            )?;
            if let Some(other) = other {
                return Ok(Some(Conflict { field: Some("pin"), client: Some(ClientId(other)) }));
            }
        }
        Ok(None)
    }

    /// One client with its contacts.
    pub async fn get(&mut self, id: ClientId) -> Result<Option<Client>> {
        let row = sql!(
            self.tx,
            opt(ClientRow),
            (concat!("SELECT ", client_columns!(), " FROM clients WHERE tenant_id = $1 AND id = $2")),
            id.0
        )?;
        let Some(row) = row else { return Ok(None) };
        let contacts = self.contacts(id).await?;
        Ok(Some(row.into_client(contacts)))
    }

    /// The clients of these ids with their contacts, in this order; those that are not there are left out.
    pub async fn by_ids(&mut self, ids: &[ClientId]) -> Result<Vec<Client>> {
        let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
        self.of_ids(&ids).await
    }

    /// The clients of these ids with their contacts, in this order; those that are not there are left out.
    pub(in crate::persistence) async fn of_ids(&mut self, ids: &[i64]) -> Result<Vec<Client>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let list = id_list(ids);
        let mut rows = sql!(self.tx, all(ClientRow), {
            (concat!("SELECT ", client_columns!(), " FROM clients WHERE tenant_id = $1 AND id")) in "$2"
        }, &list)?;
        let places: HashMap<i64, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        rows.sort_by_key(|row| places.get(&row.id).copied());
        let mut contacts: HashMap<i64, Vec<Contact>> = HashMap::new();
        for row in self.contacts_of(&list).await? {
            contacts.entry(row.client_id).or_default().push(row.into());
        }
        let with_own = |row: ClientRow| {
            let own = contacts.remove(&row.id).unwrap_or_default();
            row.into_client(own)
        };
        Ok(rows.into_iter().map(with_own).collect())
    }

    /// The contacts of a page's clients in one statement, whatever their number: ids go in as JSON.
    async fn contacts_of(&mut self, ids: &str) -> Result<Vec<ContactRow>> {
        Ok(sql!(self.tx, all(ContactRow), {
            "
            SELECT id, client_id, type, value, created_at, updated_at FROM contacts
            WHERE tenant_id = $1 AND client_id" in "$2", " ORDER BY client_id, id"
        }, ids)?)
    }

    /// Deletes a client with all that belongs to it; `false` when it is not there.
    pub async fn delete(&mut self, id: ClientId) -> Result<bool> {
        let deleted = sql!(self.tx, exec, "DELETE FROM clients WHERE tenant_id = $1 AND id = $2", id.0)? == 1;
        self.tx.count_clients(-i64::from(deleted));
        Ok(deleted)
    }

    /// The client that a sender is: by its own phone or e-mail, else by one of its contacts.
    pub async fn find_by_address(&mut self, address: &ContactValue) -> Result<Option<ClientId>> {
        let own = match address.kind() {
            ContactType::Phone | ContactType::Whatsapp => sql!(
                self.tx,
                maybe(i64),
                "SELECT id FROM clients WHERE tenant_id = $1 AND phone = $2",
                address.value()
            )?,
            ContactType::Email => sql!(
                self.tx,
                maybe(i64),
                "
                SELECT id FROM clients WHERE tenant_id = $1 AND email = $2 ORDER BY id LIMIT 1",
                address.value()
            )?,
            ContactType::Telegram | ContactType::Other => None,
        };
        if own.is_some() {
            return Ok(own.map(ClientId));
        }
        // One number serves calls, SMS and WhatsApp, so either type of contact leads to its client.
        let also = match address.kind() {
            ContactType::Phone => ContactType::Whatsapp,
            ContactType::Whatsapp => ContactType::Phone,
            kind => kind,
        };
        let by_contact = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT client_id FROM contacts WHERE tenant_id = $1 AND type IN ($2, $3) AND value = $4
            ORDER BY CASE WHEN type = $2 THEN 0 ELSE 1 END LIMIT 1",
            address.kind().as_str(),
            also.as_str(),
            address.value()
        )?;
        Ok(by_contact.map(ClientId))
    }

    /// A client's contacts, oldest first.
    pub async fn contacts(&mut self, client: ClientId) -> Result<Vec<Contact>> {
        let rows = sql!(
            self.tx,
            all(ContactRow),
            "
            SELECT id, client_id, type, value, created_at, updated_at FROM contacts
            WHERE tenant_id = $1 AND client_id = $2 ORDER BY id",
            client.0
        )?;
        Ok(rows.into_iter().map(Contact::from).collect())
    }

    /// Who has this contact, and which it is.
    pub async fn find_contact(&mut self, value: &ContactValue) -> Result<Option<(ClientId, Contact)>> {
        let row = sql!(
            self.tx,
            opt(ContactRow),
            "
            SELECT id, client_id, type, value, created_at, updated_at FROM contacts
            WHERE tenant_id = $1 AND type = $2 AND value = $3",
            value.kind().as_str(),
            value.value()
        )?;
        Ok(row.map(|row| (ClientId(row.client_id), row.into())))
    }

    /// Adds a contact; `None` when some client has it already.
    pub async fn add_contact(
        &mut self,
        client: ClientId,
        contact: &ContactValue,
        at: DateTime<Utc>,
    ) -> Result<Option<ContactId>> {
        let id = sql!(
            self.tx,
            maybe(i64),
            "
            INSERT INTO contacts (tenant_id, client_id, type, value, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING RETURNING id",
            client.0,
            contact.kind().as_str(),
            contact.value(),
            at
        )?;
        Ok(id.map(ContactId))
    }

    /// Removes a contact; `false` when this client has none of this id. What was said by it stays.
    pub async fn remove_contact(&mut self, client: ClientId, contact: ContactId) -> Result<bool> {
        sql!(
            self.tx,
            exec,
            "
            UPDATE members SET contact_id = NULL WHERE tenant_id = $1 AND client_id = $2 AND contact_id = $3",
            client.0,
            contact.0
        )?;
        let removed = sql!(
            self.tx,
            exec,
            "
            DELETE FROM contacts WHERE tenant_id = $1 AND client_id = $2 AND id = $3",
            client.0,
            contact.0
        )?;
        Ok(removed == 1)
    }

    /// Brings the search text in line with the client's fields and contacts.
    pub async fn refresh_search(&mut self, client: &Client) -> Result<()> {
        let contacts = self.contacts(client.id).await?;
        let mut search = client.data().search_text();
        let words = client_words(client.data(), &contacts);
        for contact in contacts {
            search.push(' ');
            search.push_str(&fold(contact.value.trim_start_matches('+')));
        }
        sql!(
            self.tx,
            exec,
            "UPDATE clients SET search = $3, matched = 0 WHERE tenant_id = $1 AND id = $2",
            client.id.0,
            search
        )?;
        self.index(client.id, &words).await
    }

    /// Stores the words by which a client is found, in place of those that it had.
    async fn index(&mut self, id: ClientId, words: &[String]) -> Result<()> {
        let words = index::indexed_words(self.tx.tenant(), words);
        // A full-text table is another thing on each engine.
        sql!(self.tx, exec, {
            sqlite: "
                INSERT OR REPLACE INTO client_search (rowid, words)
                SELECT id, $3 FROM clients WHERE tenant_id = $1 AND id = $2",
            postgres: "
                INSERT INTO client_search (tenant_id, client_id, words)
                SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                FROM clients WHERE tenant_id = $1 AND id = $2
                ON CONFLICT (tenant_id, client_id) DO UPDATE SET words = EXCLUDED.words"
        }, id.0, &words)?;
        Ok(())
    }

    /// Stores the words of a client that has none; who has some has newer ones.
    pub(in crate::persistence) async fn index_if_missing(&mut self, client: &Client) -> Result<()> {
        let words = index::indexed_words(self.tx.tenant(), &client_words(client.data(), &client.contacts));
        // As in `index`.
        sql!(self.tx, exec, {
            sqlite: "
                INSERT INTO client_search (rowid, words)
                SELECT id, $3 FROM clients WHERE tenant_id = $1 AND id = $2
                    AND NOT EXISTS (SELECT 1 FROM client_search s WHERE s.rowid = $2)",
            postgres: "
                INSERT INTO client_search (tenant_id, client_id, words)
                SELECT tenant_id, id, array_to_tsvector(string_to_array($3, ' '))
                FROM clients WHERE tenant_id = $1 AND id = $2
                ON CONFLICT DO NOTHING"
        }, client.id.0, &words)?;
        Ok(())
    }

    /// The clients of this id and below, the newest first.
    pub(in crate::persistence) async fn newest_up_to(
        &mut self,
        newest: i64,
        limit: i64,
    ) -> Result<Vec<Client>> {
        let ids = sql!(
            self.tx,
            all((i64,)),
            "SELECT id FROM clients WHERE tenant_id = $1 AND id <= $2 ORDER BY id DESC LIMIT $3",
            newest,
            limit
        )?;
        let ids: Vec<_> = ids.into_iter().map(|(id,)| id).collect();
        self.of_ids(&ids).await
    }
}

fn id_list(ids: &[i64]) -> String {
    format!("[{}]", ids.iter().map(i64::to_string).collect::<Vec<_>>().join(","))
}
