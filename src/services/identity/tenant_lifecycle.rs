//! Suspending, resuming and deleting a tenant, and the use of all tenants, for the operator's commands.

use futures_util::TryStreamExt as _;

use crate::{
    domain::{Author, Event, Tenant, TenantId},
    error::{AppError, Result},
    persistence::{MonthUsage, TenantTable},
    services::TenantService,
};

/// The number of chats that are changed in a transaction.
const CHATS: i64 = 1_000;
/// The number of attempts to delete what a running server still adds.
const ATTEMPTS: usize = 10;

/// The result of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedTenant {
    /// The number of deleted rows.
    pub rows: u64,
    /// The number of deleted files.
    pub files: u64,
}

impl TenantService {
    /// Suspends a tenant: sessions and live streams end at once, nobody signs in, API tokens are refused, and nothing is sent.
    /// Webhooks are stored. Returns false if it is suspended already.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "suspend_tenant", skip_all, fields(%tenant))]
    pub async fn suspend(&self, tenant: TenantId) -> Result<bool> {
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let is_new = tx.tenant_mut().suspend(now).await?;
        if is_new {
            tx.record(Event::WorkspaceSuspended {}, Author::operator(), now);
        }
        tx.commit().await?;
        Ok(is_new)
    }

    /// Resumes a suspended tenant: its waiting messages are sent. Returns false if it is not suspended, or being deleted.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "resume_tenant", skip_all, fields(%tenant))]
    pub async fn resume(&self, tenant: TenantId) -> Result<bool> {
        let mut tx = self.deps.database.begin(tenant).await?;
        let is_resumed = tx.tenant_mut().resume().await?;
        if is_resumed {
            tx.record(Event::WorkspaceResumed {}, Author::operator(), self.deps.clock.now());
        }
        tx.commit().await?;
        Ok(is_resumed)
    }

    /// The use of all tenants by month.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_usage", skip_all)]
    pub async fn usage(&self) -> Result<Vec<MonthUsage>> {
        self.deps.database.read_cross_tenant().await?.usage().await
    }

    /// Deletes a tenant with all of its rows and files, in transactions of limited size. The tenant is suspended first; an
    /// interrupted deletion is continued by another call.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a running server keeps adding rows.
    #[tracing::instrument(name = "delete_tenant", skip_all, fields(tenant = %tenant.id))]
    pub async fn delete(&self, tenant: &Tenant) -> Result<DeletedTenant> {
        let (database, id) = (&self.deps.database, tenant.id);
        self.suspend(id).await?;
        let mut tx = database.begin(id).await?;
        tx.tenant_mut().begin_deletion(self.deps.clock.now()).await?;
        tx.commit().await?;
        let tables = database.tenant_tables().await?;
        let mut rows = 0;
        for _ in 0..ATTEMPTS {
            self.forget_last_messages(id).await?;
            let mut deleted = 0;
            for table in &tables {
                deleted += self.delete_rows(id, table).await?;
            }
            rows += deleted;
            // Deleting rows of one table can add rows to another, such as the list of files to remove.
            if deleted == 0 {
                let files = self.delete_files(id).await?;
                let mut cross_tenant = database.begin_cross_tenant().await?;
                cross_tenant.delete_tenant(id).await?;
                cross_tenant.commit().await?;
                return Ok(DeletedTenant { rows, files });
            }
        }
        Err(AppError::internal("a running server keeps adding rows: stop it, and run the command again"))
    }

    async fn forget_last_messages(&self, tenant: TenantId) -> Result<()> {
        loop {
            let mut tx = self.deps.database.begin(tenant).await?;
            let forgotten = tx.tenant_mut().forget_last_messages(CHATS).await?;
            tx.commit().await?;
            if forgotten == 0 {
                return Ok(());
            }
        }
    }

    /// Deletes all rows of a table; rows that others refer to stay for the next attempt.
    async fn delete_rows(&self, tenant: TenantId, table: &TenantTable) -> Result<u64> {
        let mut all = 0;
        loop {
            match self.deps.database.delete_tenant_rows(tenant, table).await {
                Ok(0) | Err(AppError::Conflict(_)) => return Ok(all),
                Ok(deleted) => all += deleted,
                Err(error) => return Err(error),
            }
        }
    }

    async fn delete_files(&self, tenant: TenantId) -> Result<u64> {
        let mut files = 0;
        let mut keys = self.deps.storage.keys_of(tenant);
        while let Some(key) = keys.try_next().await? {
            self.deps.storage.delete(&key).await?;
            files += 1;
        }
        Ok(files)
    }
}
