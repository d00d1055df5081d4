//! The settings of the tenant itself.

use crate::{
    domain::{Country, OutboundCountries, TwoFactorRule, WorkspaceSettings},
    error::Result,
    persistence::{
        Snapshot, UnitOfWork,
        engine::{FromRow, Row},
    },
};

/// The settings of a tenant.
pub struct Workspace<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// The settings of a tenant, for writing.
pub struct WorkspaceMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The rule for a country, and the number of countries of that name from which clients have written: one or none.
struct Sends {
    own: Country,
    allowed: OutboundCountries,
    inbound: i64,
}

impl FromRow for Sends {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { own: row.get("country")?, allowed: FromRow::from_row(row)?, inbound: row.get("inbound")? })
    }
}

/// The columns of a tenant that hold rules.
struct Rules {
    outbound_countries: OutboundCountries,
    two_factor: TwoFactorRule,
}

impl FromRow for Rules {
    fn from_row(row: &Row) -> Result<Self> {
        let two_factor: Option<String> = row.get("two_factor_roles")?;
        let two_factor = TwoFactorRule::from_stored(two_factor.as_deref());
        Ok(Self { outbound_countries: FromRow::from_row(row)?, two_factor })
    }
}

impl FromRow for OutboundCountries {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self::from_stored(row.get::<Option<String>>("outbound_countries")?.as_deref()))
    }
}

/// The resources that a tenant uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TenantUsage {
    /// The size of all stored files of messages, in bytes.
    pub stored_bytes: i64,
    /// The number of deliveries that wait, those of scheduled messages included.
    pub waiting_messages: i64,
    /// The number of imports that have not ended.
    pub open_imports: i64,
}

impl FromRow for TenantUsage {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            stored_bytes: row.get("stored_bytes")?,
            waiting_messages: row.get("waiting_messages")?,
            open_imports: row.get("open_imports")?,
        })
    }
}

impl Workspace<'_> {
    /// The resources that the tenant uses.
    pub async fn usage(&mut self) -> Result<TenantUsage> {
        self.snapshot
            .query(
                "SELECT
                     (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM attachments WHERE tenant_id = $1)
                         AS stored_bytes,
                     (SELECT COUNT(*) FROM deliveries WHERE tenant_id = $1) AS waiting_messages,
                     (SELECT COUNT(*) FROM imports WHERE tenant_id = $1
                         AND state NOT IN ('done', 'cancelled', 'failed')) AS open_imports",
            )
            .one()
            .await
    }

    /// The countries to whose numbers messages are sent, and the users who need a second factor.
    pub async fn rules(&mut self) -> Result<(OutboundCountries, TwoFactorRule)> {
        let rules: Rules = self
            .snapshot
            .query("SELECT outbound_countries, two_factor_roles FROM tenants WHERE id = $1")
            .one()
            .await?;
        Ok((rules.outbound_countries, rules.two_factor))
    }

    /// The other countries from whose numbers clients have written, by code.
    pub async fn inbound_countries(&mut self) -> Result<Vec<Country>> {
        self.snapshot
            .query("SELECT country FROM inbound_countries WHERE tenant_id = $1 ORDER BY country")
            .all()
            .await
    }

    /// True if messages are sent to numbers of this country; `None` is a number of no country.
    pub async fn sends_to(&mut self, country: Option<Country>) -> Result<bool> {
        let sends: Sends = self
            .snapshot
            .query(
                "SELECT t.country, t.outbound_countries,
                     (SELECT COUNT(*) FROM inbound_countries i WHERE i.tenant_id = $1 AND i.country = $2) AS inbound
                 FROM tenants t WHERE t.id = $1",
            )
            .bind(country)
            .one()
            .await?;
        Ok(match (sends.allowed, country) {
            (OutboundCountries::Any, _) => true,
            (_, None) => false,
            (OutboundCountries::OwnAndInbound, Some(country)) => country == sends.own || sends.inbound > 0,
            (OutboundCountries::Listed(listed), Some(country)) => listed.contains(&country),
        })
    }
}

impl WorkspaceMut<'_> {
    /// Changes the settings.
    pub async fn update(&mut self, settings: &WorkspaceSettings) -> Result<()> {
        self.work
            .query(
                "UPDATE tenants SET name = $2, locale = $3, time_zone = $4, country = $5, outbound_countries = $6,
                     two_factor_roles = $7
                 WHERE id = $1",
            )
            .bind(&settings.name)
            .bind(settings.locale)
            .bind(settings.time_zone)
            .bind(settings.country)
            .bind(settings.outbound_countries.to_stored())
            .bind(settings.two_factor.to_stored())
            .execute()
            .await?;
        Ok(())
    }

    /// Records that a client wrote from a number of another country.
    pub async fn add_inbound_country(&mut self, country: Country) -> Result<()> {
        self.work
            .query(
                "INSERT INTO inbound_countries (tenant_id, country) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(country)
            .execute()
            .await?;
        Ok(())
    }
}
