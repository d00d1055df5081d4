//! The settings of a workspace.

use std::sync::Arc;

use crate::services::{Actor, Dependencies, Framed};
use crate::{
    domain::{
        Changes, Country, Event, OutboundCountries, OwnRole, Permission, Tenant, TwoFactorRule,
        WorkspaceSettings,
    },
    error::Result,
};

/// The use cases of a workspace's settings.
#[derive(Clone)]
pub struct WorkspaceService {
    deps: Arc<Dependencies>,
}

/// The settings with what explains them.
#[derive(Debug, Clone)]
pub struct WorkspaceDetails {
    /// The settings.
    pub settings: WorkspaceSettings,
    /// The other countries from whose numbers clients have written, by code.
    pub inbound_countries: Vec<Country>,
    /// The own roles of the tenant.
    pub roles: Vec<OwnRole>,
}

impl WorkspaceService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Reads the settings.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "show_workspace", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn show(&self, actor: &Actor) -> Result<Framed<WorkspaceDetails>> {
        actor.require(Permission::WorkspaceManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let (outbound_countries, two_factor) = tx.workspace().rules().await?;
        let roles = tx.roles().all().await?;
        let inbound_countries = tx.workspace().inbound_countries().await?;
        let settings = settings_of(&actor.tenant, outbound_countries, two_factor);
        Framed::new(WorkspaceDetails { settings, inbound_countries, roles }, &mut tx, actor).await
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// [`crate::error::AppError::Forbidden`].
    #[tracing::instrument(name = "change_workspace", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn update(&self, actor: &Actor, settings: &WorkspaceSettings) -> Result<()> {
        actor.require(Permission::WorkspaceManage)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let (outbound_countries, two_factor) = tx.workspace().rules().await?;
        tx.workspace_mut().update(settings).await?;
        let before = settings_of(&actor.tenant, outbound_countries, two_factor);
        let changed = Event::WorkspaceChanged {}.about(&settings.name).with(changes(&before, settings));
        tx.record(changed, actor.author(), self.deps.clock.now());
        tx.commit().await
    }
}

fn settings_of(
    tenant: &Tenant,
    outbound_countries: OutboundCountries,
    two_factor: TwoFactorRule,
) -> WorkspaceSettings {
    WorkspaceSettings {
        name: tenant.name.clone(),
        locale: tenant.locale,
        time_zone: tenant.time_zone,
        country: tenant.country,
        outbound_countries,
        two_factor,
    }
}

/// The settings that an update changes.
fn changes(old: &WorkspaceSettings, new: &WorkspaceSettings) -> Changes {
    let countries = |of: &WorkspaceSettings| of.outbound_countries.to_stored();
    let factor = |of: &WorkspaceSettings| of.two_factor.to_stored();
    Changes::default()
        .field("name", Some(&old.name), Some(&new.name))
        .field("locale", Some(old.locale.tag()), Some(new.locale.tag()))
        .field("time_zone", Some(old.time_zone.name()), Some(new.time_zone.name()))
        .field("country", Some(old.country.code()), Some(new.country.code()))
        .field("outbound_countries", countries(old).as_deref(), countries(new).as_deref())
        .field("two_factor_roles", factor(old).as_deref(), factor(new).as_deref())
}
