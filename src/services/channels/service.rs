//! Channels, and the authentication of webhooks.

use std::sync::{Arc, OnceLock};

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::services::Dependencies;
use crate::services::channels::{connect::secret_owner, health::RejectedWebhooks};
use crate::{
    domain::{Channel, ChannelProvider, Tenant, TenantId},
    error::{AppError, Result},
    persistence::{SealedChannel, TenantChannel},
    providers::{
        Connections, Provider,
        media::MediaFetcher,
        registration, upload_client,
        webhook::{SignedWebhook, WebhookProof},
    },
};

/// The use cases of channels.
#[derive(Clone)]
pub struct ChannelService {
    pub(in crate::services) deps: Arc<Dependencies>,
    connections: Arc<OnceLock<Connections>>,
    pub(super) rejected_webhooks: RejectedWebhooks,
}

/// The channel of an authenticated webhook, and its tenant.
#[derive(Debug, Clone)]
pub struct ChannelContext {
    /// The tenant.
    pub tenant: Tenant,
    /// The channel.
    pub channel: Channel,
}

impl ChannelService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps, connections: Arc::default(), rejected_webhooks: RejectedWebhooks::default() }
    }

    /// Lists all channels of a tenant with their secrets, for the operator's commands.
    ///
    /// # Errors
    /// [`AppError::Internal`] if a secret cannot be decrypted.
    #[tracing::instrument(name = "list_channels", skip_all, fields(%tenant))]
    pub async fn list_with_secrets(&self, tenant: TenantId) -> Result<Vec<(Channel, SecretString)>> {
        let sealed = self.deps.database.read(tenant).await?.channels().all().await?;
        sealed.into_iter().map(|sealed| self.open(&sealed).map(|secret| (sealed.channel, secret))).collect()
    }

    /// Lists all channels of a tenant, for the operator's commands.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    #[tracing::instrument(name = "list_channels", skip_all, fields(%tenant))]
    pub async fn of_tenant(&self, tenant: TenantId) -> Result<Vec<Channel>> {
        let sealed = self.deps.database.read(tenant).await?.channels().all().await?;
        Ok(sealed.into_iter().map(|sealed| sealed.channel).collect())
    }

    /// Finds the channel that the proof of a webhook names, and verifies the proof with the
    /// channel's secret; `None` if there is none or the proof is wrong.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if the database does not answer, so that the provider tries again.
    pub async fn authenticate(
        &self,
        provider: &ChannelProvider,
        proof: &WebhookProof,
    ) -> Result<Option<ChannelContext>> {
        match proof {
            WebhookProof::Signature(signed) => self.authenticate_signature(provider, signed).await,
            WebhookProof::Token(token) => self.authenticate_token(provider, token).await,
        }
    }

    #[tracing::instrument(name = "verify_signature", skip_all)]
    async fn authenticate_signature(
        &self,
        provider: &ChannelProvider,
        signed: &SignedWebhook,
    ) -> Result<Option<ChannelContext>> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let candidates = cross_tenant.channels_of_account(provider, &signed.account).await?;
        let named = select_channel(&candidates, &signed.addresses);
        let now = self.deps.clock.now();
        let mut attempts = Attempts::default();
        // In general the channel that the addresses name has the secret.
        let found = if let Some(named) = named
            && self.verifies(named, signed, &mut attempts)?
        {
            Some(named)
        } else {
            // The addresses of a channel are a mere claim: the webhook belongs to a channel whose secret verifies it.
            let mut verifying = Vec::new();
            for candidate in &candidates {
                if self.verifies(candidate, signed, &mut attempts)? {
                    verifying.push(candidate);
                }
            }
            select_channel(verifying, &signed.addresses)
        };
        if let (None, Some(named)) = (found, named) {
            self.rejected_webhooks.record(named.sealed.channel.id, now);
        }
        Ok(found.map(|of| ChannelContext { tenant: of.tenant.clone(), channel: of.sealed.channel.clone() }))
    }

    /// True if the secret of a channel, or the one before it, verifies a webhook.
    fn verifies(
        &self,
        candidate: &TenantChannel,
        signed: &SignedWebhook,
        attempts: &mut Attempts,
    ) -> Result<bool> {
        let (tenant, sealed) = (candidate.tenant.id, &candidate.sealed);
        if attempts.verify(tenant, self.open(sealed)?, signed) {
            return Ok(true);
        }
        let now = self.deps.clock.now();
        let Some((previous, until)) = sealed.previous.as_ref().filter(|(_, until)| now < *until) else {
            return Ok(false);
        };
        tracing::debug!(channel = %sealed.channel.id, %until, "the token before this one is tried too");
        let previous = self.deps.vault.open(previous, &secret_owner(sealed.channel.id))?;
        Ok(attempts.verify(tenant, previous, signed))
    }

    #[tracing::instrument(name = "verify_token", skip_all)]
    async fn authenticate_token(
        &self,
        provider: &ChannelProvider,
        token: &[u8],
    ) -> Result<Option<ChannelContext>> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let found = cross_tenant.channel_of_webhook(&Sha256::digest(token)).await?;
        // A disabled channel accepts no webhooks; its provider tries again for a while.
        let accepts = |channel: &Channel| channel.provider == *provider && channel.disabled_at.is_none();
        let Some(TenantChannel { tenant, sealed }) = found.filter(|found| accepts(&found.sealed.channel))
        else {
            return Ok(None);
        };
        let Some(secret) = self.webhook_token(&sealed)? else { return Ok(None) };
        if !bool::from(secret.expose_secret().as_bytes().ct_eq(token)) {
            return Ok(None);
        }
        Ok(Some(ChannelContext { tenant, channel: sealed.channel }))
    }

    /// Opens the provider's client for a channel.
    pub(in crate::services) fn provider(&self, sealed: &SealedChannel) -> Result<Box<dyn Provider>> {
        let connections = self.connections()?;
        let open = registration(&sealed.channel.provider).open;
        Ok(open(connections, &sealed.channel, self.open(sealed)?))
    }

    pub(super) fn connections(&self) -> Result<&Connections> {
        if let Some(connections) = self.connections.get() {
            return Ok(connections);
        }
        let connections = Connections {
            http: self.deps.http.clone(),
            uploads: upload_client().map_err(AppError::internal)?,
            media: MediaFetcher::new().map_err(AppError::internal)?,
            api_urls: self.deps.api_urls.clone(),
        };
        Ok(self.connections.get_or_init(|| connections))
    }

    pub(crate) fn open(&self, sealed: &SealedChannel) -> Result<SecretString> {
        self.deps.vault.open(&sealed.secret, &secret_owner(sealed.channel.id))
    }
}

/// The most secrets that are tried for a webhook, and the most of one tenant. The channels of a tenant's account usually
/// have the same secret, which is tried once.
const MAX_ATTEMPTS: usize = 32;
const MAX_ATTEMPTS_PER_TENANT: usize = 4;

/// The secrets that were tried for a webhook, with the results.
#[derive(Default)]
struct Attempts(Vec<(TenantId, SecretString, bool)>);

impl Attempts {
    /// Verifies a webhook with a secret, or repeats the former result. It is `false` after too many attempts, so that a
    /// forged webhook costs little.
    fn verify(&mut self, tenant: TenantId, secret: SecretString, signed: &SignedWebhook) -> bool {
        let same = |tried: &SecretString| tried.expose_secret() == secret.expose_secret();
        let of_tenant = || self.0.iter().filter(|(of, ..)| *of == tenant);
        if let Some((.., verified)) = of_tenant().find(|(_, tried, _)| same(tried)) {
            return *verified;
        }
        if self.0.len() >= MAX_ATTEMPTS || of_tenant().count() >= MAX_ATTEMPTS_PER_TENANT {
            return false;
        }
        let verified = (signed.verify)(&secret);
        self.0.push((tenant, secret, verified));
        verified
    }
}

/// Selects the channel with the first known one of the addresses, or else the only channel. Addresses may be unknown,
/// because a Messaging Service may have numbers that its channel does not know.
fn select_channel<'a>(
    candidates: impl IntoIterator<Item = &'a TenantChannel>,
    addresses: &[String],
) -> Option<&'a TenantChannel> {
    let candidates: Vec<_> = candidates.into_iter().collect();
    let owner = |address: &String| candidates.iter().find(|of| of.sealed.channel.has_address(address));
    let only = || if let [only] = candidates.as_slice() { Some(only) } else { None };
    addresses.iter().find_map(owner).or_else(only).copied()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{ChannelId, ChannelSettings, Country, Locale, TimeZone};

    fn channel(sms: Option<&str>, service: Option<&str>) -> TenantChannel {
        let addresses = [("sms_number", sms), ("messaging_service", service)];
        let addresses = addresses.into_iter().filter_map(|(kind, address)| Some((kind, address?))).collect();
        let tenant = Tenant {
            id: TenantId(1),
            slug: "samarkand".parse().unwrap(),
            name: "Samarkand".into(),
            locale: Locale::default(),
            time_zone: TimeZone::UTC,
            country: Country::UZ,
            suspended_at: None,
        };
        let sealed = SealedChannel {
            channel: Channel {
                id: ChannelId(Uuid::new_v4()),
                tenant: TenantId(1),
                provider: ChannelProvider::named("gateway"),
                account: "AC1".into(),
                addresses,
                settings: ChannelSettings::new(),
                created_at: chrono::DateTime::UNIX_EPOCH,
                proven_at: None,
                disabled_at: None,
                last_webhook_at: None,
                history_read_at: None,
                filled: None,
                last_error: None,
                failing: false,
            },
            secret: Vec::new(),
            webhook_secret: None,
            previous: None,
        };
        TenantChannel { tenant, sealed }
    }

    #[test]
    fn a_webhook_names_its_channel_by_address_then_service_then_by_being_the_only_one() {
        let two = [channel(Some("+15550001"), None), channel(Some("+15550002"), Some("MG2"))];
        let named = |address: Option<&str>, service: Option<&str>| -> Vec<String> {
            [address, service].into_iter().flatten().map(str::to_owned).collect()
        };
        let chosen = |channels: &[TenantChannel], named: Vec<String>| {
            select_channel(channels, &named).map(|c| c.sealed.channel.id)
        };

        assert_eq!(chosen(&two, named(Some("+15550001"), Some("MG2"))), Some(two[0].sealed.channel.id));
        assert_eq!(
            chosen(&two, named(Some("+15559999"), Some("MG2"))),
            Some(two[1].sealed.channel.id),
            "a pool's number"
        );
        assert_eq!(chosen(&two, named(Some("+15559999"), None)), None, "nobody's number");
        assert_eq!(chosen(&two, named(None, Some(""))), None, "an empty key threads nothing together");
        assert_eq!(
            chosen(&two[..1], named(Some("+15559999"), None)),
            Some(two[0].sealed.channel.id),
            "the only channel"
        );
    }
}
