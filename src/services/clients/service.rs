//! Clients and their contacts.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::services::{Actor, Dependencies, Framed};
use crate::{
    domain::{
        ChangedFields, Changes, Client, ClientFields, ClientId, ClientPatch, Contact, ContactId, ContactType,
        ContactValue, Event, ExportFormat, Permission, TenantId,
    },
    error::{AppError, Conflict, MergedInto, Result},
    persistence::{
        ClientBatches, ClientFilter, ClientSort, Database, DeletionImpact, ListPage, Page, PageRequest,
        Position, Snapshot, UnitOfWork,
    },
};

/// The number of clients in memory during an export.
const EXPORT_BATCH_SIZE: i64 = 500;

/// The use cases of clients.
#[derive(Clone)]
pub struct ClientService {
    pub(super) deps: Arc<Dependencies>,
}

/// An export that is read in batches, each in a transaction of its own, so that a slow download
/// does not block other transactions.
pub struct ClientExport {
    database: Database,
    tenant: TenantId,
    walk: ClientBatches,
}

impl ClientExport {
    /// Reads the next clients; an empty batch is the end.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "export_portion", level = "debug", skip_all, fields(tenant = %self.tenant))]
    pub async fn next(&mut self) -> Result<Vec<Client>> {
        self.database.read(self.tenant).await?.clients().next_batch(&mut self.walk, EXPORT_BATCH_SIZE).await
    }
}

impl ClientService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// The current date in the tenant's time zone.
    pub fn today(&self, actor: &Actor) -> NaiveDate {
        actor.tenant.time_zone.local(self.deps.clock.now()).date_naive()
    }

    /// Lists a page of clients.
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
    ) -> Result<Framed<Page<Client>>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let found = tx.clients().page(filter, sort, page).await?;
        Framed::new(found, &mut tx, actor).await
    }

    /// Lists a page of clients after a cursor.
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

    /// Lists a page of clients after a cursor, with the frame of a page.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "open_client_list", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn open_list(
        &self,
        actor: &Actor,
        filter: &ClientFilter,
        sort: ClientSort,
        page: PageRequest,
        place: Position,
    ) -> Result<Framed<ListPage<Client>>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let found = tx.clients().page_at(filter, sort, page, place).await?;
        Framed::new(found, &mut tx, actor).await
    }

    /// Begins an export of a client list. The event with the `query` is recorded before the first
    /// batch, so that interrupted exports are recorded, too.
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
        let values = Changes::default().added("format", format.as_str()).added("rows", &count.to_string());
        tx.record(exported.with(values), actor.author(), self.deps.clock.now());
        tx.commit().await?;
        let walk = ClientBatches::new(filter, sort);
        Ok(ClientExport { database: self.deps.database.clone(), tenant: actor.tenant_id(), walk })
    }

    /// Loads a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Merged`] if it was merged into
    /// another client.
    #[tracing::instrument(name = "show_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn get(&self, actor: &Actor, id: ClientId) -> Result<Client> {
        actor.require(Permission::ClientRead)?;
        find(&mut self.deps.database.read(actor.tenant_id()).await?, id).await
    }

    /// Loads a client with the frame of its form.
    ///
    /// # Errors
    /// Like [`Self::get`].
    #[tracing::instrument(name = "open_client_form", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn open_form(&self, actor: &Actor, id: ClientId) -> Result<Framed<Client>> {
        actor.require(Permission::ClientRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = find(&mut tx, id).await?;
        Framed::new(client, &mut tx, actor).await
    }

    /// Creates a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Conflict`] with the client that has the phone or the
    /// identification number.
    #[tracing::instrument(name = "create_client", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn create(&self, actor: &Actor, new: &ClientFields) -> Result<Client> {
        actor.require(Permission::ClientCreate)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        tx.clients_mut().lock_values(&new.unique_values()).await?;
        phone_is_free(&mut tx, new, None).await.map_err(|error| hide_owner(error, actor))?;
        let id = tx.clients_mut().create(new, now).await.map_err(|error| hide_owner(error, actor))?;
        let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        let created = Event::ClientCreated { client_id: id }.about(client.data().full_name());
        tx.record(created.with(Changes::of_client(None, client.data())), actor.author(), now);
        tx.commit().await?;
        Ok(client)
    }

    /// Applies a patch to a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] with the client that
    /// has the phone or the identification number.
    pub async fn update(&self, actor: &Actor, id: ClientId, patch: ClientPatch) -> Result<Client> {
        self.update_if_unchanged(actor, id, patch, |_| Ok(())).await
    }

    /// Applies a patch, provided that `still` accepts the client's current state, so that a
    /// concurrent change is not overwritten.
    ///
    /// # Errors
    /// Like [`ClientService::update`], and the error of `still`.
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
        forget_former_number(&mut tx, &before, &mut client).await?;
        phone_is_free(&mut tx, client.data(), Some(id)).await.map_err(|error| hide_owner(error, actor))?;
        tx.clients_mut().update(&client).await.map_err(|error| hide_owner(error, actor))?;
        let changes = ChangedFields::between(&before, client.data());
        let updated = Event::ClientUpdated { client_id: id, changes }.about(client.data().full_name());
        tx.record(updated.with(Changes::of_client(Some(&before), client.data())), actor.author(), now);
        tx.commit().await?;
        Ok(client)
    }

    /// Loads a client and what deleting it also deletes.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "weigh_client", skip_all, fields(tenant = %actor.tenant.id, client = %id))]
    pub async fn deletion_impact(
        &self,
        actor: &Actor,
        id: ClientId,
    ) -> Result<Framed<(Client, DeletionImpact)>> {
        actor.require(Permission::ClientRead)?;
        actor.require(Permission::ClientDelete)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let client = tx.clients().get(id).await?.ok_or(AppError::NotFound)?;
        let impact = tx.clients().deletion_impact(&[id]).await?;
        Framed::new((client, impact), &mut tx, actor).await
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
        tx.audit_log_mut().erase_clients(&[id]).await?;
        tx.record(Event::ClientDeleted { client_id: id }, actor.author(), self.deps.clock.now());
        tx.commit().await
    }

    /// Adds a contact to a client.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] with the client that
    /// has it.
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
        let changed = Event::ClientUpdated { client_id: id, changes }.about(client.data().full_name());
        let values = Changes::default().added(contact.kind().as_str(), contact.value());
        tx.record(changed.with(values), actor.author(), now);
        tx.commit().await?;
        Ok(stored)
    }

    /// Removes a contact; messages that used it stay.
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
        let removed = client.contacts.iter().filter(|known| known.id == contact);
        let values = removed.fold(Changes::default(), |values, contact| {
            values.removed(contact.kind.as_str(), &contact.value)
        });
        let changed = changed.about(client.data().full_name()).with(values);
        tx.record(changed, actor.author(), self.deps.clock.now());
        tx.commit().await
    }
}

/// Removes the owner of a value from the error for users who may not see clients.
fn hide_owner(error: AppError, actor: &Actor) -> AppError {
    if actor.may(Permission::ClientRead) { error } else { error.without_client() }
}

/// Loads a client.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Merged`] with the client that it was merged into.
pub(super) async fn find(tx: &mut Snapshot, id: ClientId) -> Result<Client> {
    if let Some(client) = tx.clients().get(id).await? {
        return Ok(client);
    }
    let survivor = tx.merges().survivor_of(id).await?;
    Err(survivor.map_or(AppError::NotFound, |id| AppError::Merged(MergedInto::Client(id))))
}

/// Locks a client until the end of the transaction, because it is written back as a whole.
async fn locked(tx: &mut UnitOfWork, id: ClientId) -> Result<Client> {
    tx.clients_mut().lock_for_update(id).await?;
    tx.clients().get(id).await?.ok_or(AppError::NotFound)
}

/// Removes the contacts that are the former phone number of a client whose phone was changed or removed. Inbound messages
/// add them beside the phone, and pages show them as one number, so that they change together.
pub(super) async fn forget_former_number(
    tx: &mut UnitOfWork,
    before: &ClientFields,
    client: &mut Client,
) -> Result<()> {
    let Some(former) = before.phone().filter(|former| client.data().phone() != Some(former)) else {
        return Ok(());
    };
    let replaced: Vec<_> = client.contacts_of_number(former).map(|contact| contact.id).collect();
    for contact in &replaced {
        tx.clients_mut().remove_contact(client.id, *contact).await?;
    }
    client.contacts.retain(|contact| !replaced.contains(&contact.id));
    Ok(())
}

/// Checks that no other client has the phone, neither as its primary phone nor as a contact.
async fn phone_is_free(tx: &mut Snapshot, new: &ClientFields, own: Option<ClientId>) -> Result<()> {
    let Some(phone) = new.phone() else { return Ok(()) };
    match tx.clients().find_by_phone(phone).await? {
        Some(owner) if Some(owner) != own => {
            Err(AppError::Conflict(Conflict { field: Some("phone"), client: Some(owner) }))
        }
        _ => Ok(()),
    }
}
