//! Clients and their contacts.

use std::sync::Arc;

pub use crate::services::clients::bulk::{BulkDeletion, ClientSelection};

use chrono::NaiveDate;

use crate::services::{Actor, Dependencies};
use crate::{
    domain::{
        ChangedFields, Client, ClientId, ClientPatch, Contact, ContactId, ContactType, ContactValue, Event,
        ExportFormat, NewClient, Permission, TenantId,
    },
    error::{AppError, Conflict, MergedInto, Result},
    persistence::{
        AuditEntry, ClientBatches, ClientFilter, ClientSort, Database, DeletionImpact, ListPage, Page,
        PageRequest, Position, Snapshot, UnitOfWork,
    },
};

/// Clients that are held in memory at once while a list is taken out.
const EXPORT_BATCH_SIZE: i64 = 500;

/// Entries that a client's page shows.
const HISTORY: i64 = 50;

/// Use cases of clients.
#[derive(Clone)]
pub struct ClientService {
    pub(super) deps: Arc<Dependencies>,
}

/// A list that is taken out in portions, each read in a transaction of its own: however slowly someone takes them, nothing
/// is held meanwhile.
pub struct ClientExport {
    database: Database,
    tenant: TenantId,
    walk: ClientBatches,
}

impl ClientExport {
    /// The next clients; none at the end.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database is away.
    #[tracing::instrument(name = "export_portion", level = "debug", skip_all, fields(tenant = %self.tenant))]
    pub async fn next(&mut self) -> Result<Vec<Client>> {
        self.database.read(self.tenant).await?.clients().next_batch(&mut self.walk, EXPORT_BATCH_SIZE).await
    }
}

impl ClientService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// The day that it is for the actor's company.
    pub fn today(&self, actor: &Actor) -> NaiveDate {
        actor.tenant.time_zone.local(self.deps.clock.now()).date_naive()
    }

    /// A page of clients.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        sort: ClientSort,
        page: PageRequest,
    ) -> Result<Page<Client>> {
        actor.require(Permission::ClientRead)?;
        self.deps.database.read(actor.tenant_id()).await?.clients().page(filter, sort, page).await
    }

    /// A page of clients from a place in the list.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_clients_at", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list_from(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        sort: ClientSort,
        page: PageRequest,
        place: Position,
    ) -> Result<ListPage<Client>> {
        actor.require(Permission::ClientRead)?;
        self.deps.database.read(actor.tenant_id()).await?.clients().page_at(filter, sort, page, place).await
    }

    /// All clients of a list, to be read in portions. That they were taken is noted before the first is given, with the
    /// `query` as it was asked, so that who breaks off is known as well.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "export_clients", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn export(
        &self,
        actor: &Actor,
        filter: ClientFilter,
        sort: ClientSort,
        format: ExportFormat,
        query: String,
    ) -> Result<ClientExport> {
        actor.require(Permission::ClientRead)?;
        actor.require(Permission::ClientExport)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let count = tx.clients().count(&filter).await?;
        let exported = Event::ClientsExported { format, query, count };
        tx.record(exported, actor.user_id(), self.deps.clock.now());
        tx.commit().await?;
        let walk = ClientBatches::new(filter, sort);
        Ok(ClientExport { database: self.deps.database.clone(), tenant: actor.tenant_id(), walk })
    }

    /// One client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Merged`] when it went into another.
    #[tracing::instrument(name = "show_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn get(&self, actor: &Actor, id: ClientId) -> Result<Client> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        match tx.clients().get(id).await? {
            Some(client) => Ok(client),
            None => Err(merged_or_not_found(&mut tx, id).await?),
        }
    }

    /// Makes a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Conflict`] with the client that has the phone or the PIN.
    #[tracing::instrument(name = "create_client", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn create(&self, actor: &Actor, new: &NewClient) -> Result<Client> {
        actor.require(Permission::ClientCreate)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.clients_mut().lock_values(&new.unique_values()).await?;
        phone_is_free(&mut tx, new, None).await.map_err(|error| hide_owner(error, actor))?;
        let id = tx.clients_mut().create(new, now).await.map_err(|error| hide_owner(error, actor))?;
        tx.record(Event::ClientCreated { client_id: id }, actor.user_id(), now);
        let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(client)
    }

    /// Changes the fields that were sent.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] with the client that has the phone or the
    /// PIN.
    pub async fn update(&self, actor: &Actor, id: ClientId, patch: ClientPatch) -> Result<Client> {
        self.update_if_unchanged(actor, id, patch, |_| Ok(())).await
    }

    /// Changes the fields that were sent, if the client is `still` what its editor saw.
    ///
    /// # Errors
    /// As [`ClientService::update`], and the error that `still` gives.
    #[tracing::instrument(name = "update_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn update_if_unchanged(
        &self,
        actor: &Actor,
        id: ClientId,
        patch: ClientPatch,
        still: impl FnOnce(&Client) -> Result<()>,
    ) -> Result<Client> {
        actor.require(Permission::ClientUpdate)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.clients_mut().lock_values(&patch.unique_values()).await?;
        let client = locked(&mut tx, id).await?;
        still(&client)?;
        let before = client.data().clone();
        let mut client = client.with_patch(patch)?;
        if *client.data() == before {
            return Ok(client);
        }
        client.updated_at = now;
        phone_is_free(&mut tx, client.data(), Some(id)).await.map_err(|error| hide_owner(error, actor))?;
        tx.clients_mut().update(&client).await.map_err(|error| hide_owner(error, actor))?;
        let changes = ChangedFields::between(&before, client.data());
        tx.record(Event::ClientUpdated { client_id: id, changes }, actor.user_id(), now);
        tx.commit().await?;
        Ok(client)
    }

    /// A client, and what deleting it takes with it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "weigh_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn deletion_impact(&self, actor: &Actor, id: ClientId) -> Result<(Client, DeletionImpact)> {
        actor.require(Permission::ClientRead)?;
        actor.require(Permission::ClientDelete)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        Ok((client, tx.clients().deletion_impact(&[id]).await?))
    }

    /// What happened to a client, the newest first, with the names of those who did it; none for those who may not read
    /// what staff do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "client_history", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn history(&self, actor: &Actor, id: ClientId) -> Result<Option<Vec<AuditEntry>>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        if !actor.may(Permission::AuditRead) {
            return Ok(None);
        }
        Ok(Some(tx.events().of_client(id, HISTORY).await?))
    }

    /// Deletes a client with its contacts, chat, messages and files.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "delete_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn delete(&self, actor: &Actor, id: ClientId) -> Result<()> {
        actor.require(Permission::ClientDelete)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if !tx.clients_mut().delete(id).await? {
            return Err(AppError::NotFound);
        }
        tx.record(Event::ClientDeleted { client_id: id }, actor.user_id(), self.deps.clock.now());
        tx.commit().await
    }

    /// Adds a way to reach a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] with the client that has it.
    #[tracing::instrument(name = "add_contact", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn add_contact(&self, actor: &Actor, id: ClientId, contact: &ContactValue) -> Result<Contact> {
        actor.require(Permission::ClientUpdate)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.clients_mut().lock_values(&[contact.value()]).await?;
        let client = locked(&mut tx, id).await?;
        let owner = match contact.kind() {
            ContactType::Other => None,
            _ => tx.clients().find_by_address(contact).await?.filter(|owner| *owner != id),
        };
        if owner.is_some() {
            return Err(hide_owner(AppError::value_taken("value", owner), actor));
        }
        let added = tx.clients_mut().add_contact(id, contact, now).await?;
        let found = tx.clients().find_contact(contact).await?;
        let (owner, stored) = found.ok_or(AppError::NotFound)?;
        if added.is_none() {
            return Err(hide_owner(AppError::value_taken("value", Some(owner)), actor));
        }
        tx.clients_mut().refresh_search(&client).await?;
        let changes = ChangedFields::of_contacts();
        tx.record(Event::ClientUpdated { client_id: id, changes }, actor.user_id(), now);
        tx.commit().await?;
        Ok(stored)
    }

    /// Removes a way to reach a client; what was said by it stays.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "remove_contact", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn remove_contact(&self, actor: &Actor, id: ClientId, contact: ContactId) -> Result<()> {
        actor.require(Permission::ClientUpdate)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let client = locked(&mut tx, id).await?;
        if !tx.clients_mut().remove_contact(id, contact).await? {
            return Err(AppError::NotFound);
        }
        tx.clients_mut().refresh_search(&client).await?;
        let changed = Event::ClientUpdated { client_id: id, changes: ChangedFields::of_contacts() };
        tx.record(changed, actor.user_id(), self.deps.clock.now());
        tx.commit().await
    }
}

/// Who has a value already is told to those who may see clients.
fn hide_owner(error: AppError, actor: &Actor) -> AppError {
    if actor.may(Permission::ClientRead) { error } else { error.without_client() }
}

/// Why a client is not there, and who is in its place.
async fn merged_or_not_found(tx: &mut Snapshot, id: ClientId) -> Result<AppError> {
    let kept = tx.merges().survivor_of(id).await?;
    Ok(kept.map_or(AppError::NotFound, |kept| AppError::Merged(MergedInto::Client(kept))))
}

/// A client that nobody else changes until the transaction ends: it is written back as a whole.
async fn locked(tx: &mut UnitOfWork, id: ClientId) -> Result<Client> {
    tx.clients_mut().lock_for_update(id).await?;
    tx.clients().get(id).await?.ok_or(AppError::NotFound)
}

/// One phone is one client: another client's contact counts as much as another client's own phone.
async fn phone_is_free(tx: &mut Snapshot, new: &NewClient, own: Option<ClientId>) -> Result<()> {
    let Some(phone) = new.phone() else { return Ok(()) };
    match tx.clients().find_by_phone(phone).await? {
        Some(owner) if Some(owner) != own => {
            Err(AppError::Conflict(Conflict { field: Some("phone"), client: Some(owner) }))
        }
        _ => Ok(()),
    }
}
