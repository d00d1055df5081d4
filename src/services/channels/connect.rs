//! Connecting a channel, replacing its credentials, and telling its provider where to post.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::services::{
    Actor, ChannelService,
    channels::audit_details::{address_changes, channel_title},
};
use crate::{
    domain::{Author, ChannelAddresses, ChannelId, ChannelProvider, Event, Permission, Problem, TenantId},
    error::{AppError, Result},
    persistence::{NewChannel, SealedChannel, TenantChannel, WebhookToken},
    providers::{
        ConnectRequest, Connected, FieldRole, FieldValues, Registration, WebhookChange, WebhookSetup,
        registration,
    },
};

/// The time for which a secret that was replaced still proves webhooks: a provider may sign with the old one until the
/// new one is promoted, and what was posted before that may be underway.
pub const OLD_TOKEN_VALID_FOR: Duration = Duration::from_hours(1);

impl ChannelService {
    /// Connects a channel for an administrator, unless the provider refuses the credentials.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for a field that the provider refuses; [`AppError::Conflict`] for
    /// an address that is connected already, here or in another workspace.
    pub async fn connect(
        &self,
        actor: &Actor,
        provider: &ChannelProvider,
        values: &FieldValues,
    ) -> Result<ChannelId> {
        actor.require(Permission::ChannelManage)?;
        self.add(actor.tenant.id, actor.author(), provider, ConnectRequest { values, verify: true }).await
    }

    /// Connects a channel for the operator's commands.
    ///
    /// # Errors
    /// As [`ChannelService::connect`], without [`AppError::Forbidden`].
    pub async fn connect_as_operator(
        &self,
        tenant: TenantId,
        provider: &ChannelProvider,
        values: &FieldValues,
    ) -> Result<ChannelId> {
        self.add(tenant, Author::operator(), provider, ConnectRequest { values, verify: false }).await
    }

    #[tracing::instrument(name = "connect_channel", skip_all, fields(%tenant, provider = provider.as_str()))]
    async fn add(
        &self,
        tenant: TenantId,
        by: Author,
        provider: &ChannelProvider,
        request: ConnectRequest<'_>,
    ) -> Result<ChannelId> {
        let registration = registration(provider);
        let mut connected = (registration.connect)(self.connections()?, request).await?;
        if connected.unproven.is_some() && self.has_other_tenant(provider, &connected.account, tenant).await?
        {
            if !request.verify {
                let request = ConnectRequest { verify: true, ..request };
                connected = (registration.connect)(self.connections()?, request).await?;
            }
            if let Some(why) = connected.unproven {
                return Err(AppError::invalid(secret_name(registration), Problem::ProviderUnresponsive(why)));
            }
        }
        let is_proven = connected.unproven.is_none();
        if is_proven {
            self.release_unproven(tenant, provider, &connected.account, &connected.addresses).await?;
        }
        let mut snapshot = self.deps.database.read(tenant).await?;
        let former = snapshot.channels().removed(provider, &connected.account, &connected.addresses).await?;
        drop(snapshot);
        let id = former.unwrap_or_else(|| ChannelId(Uuid::new_v4()));
        let secret = secret_of(registration, request.values);
        let token = new_webhook_token(registration);
        let channel = NewChannel {
            id,
            provider: provider.clone(),
            account: connected.account,
            secret: self.deps.vault.seal(&secret, &secret_owner(id))?,
            addresses: connected.addresses,
            settings: connected.settings,
            webhook: token.as_ref().map(|token| self.seal_webhook_token(id, token)).transpose()?,
            is_proven,
        };
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let conflict = match former {
            Some(_) => match tx.channels_mut().restore(&channel, now).await {
                // A concurrent request has connected it.
                Err(AppError::NotFound) => channel.addresses.iter().next().map(|(kind, _)| kind.to_owned()),
                restored => restored?,
            },
            None => tx.channels_mut().create(&channel, now).await?,
        };
        if let Some(kind) = conflict {
            return Err(taken(registration, &kind));
        }
        let added = Event::ChannelAdded { channel_id: id };
        let added = added.about(channel_title(&channel.provider, &channel.addresses));
        let values = address_changes(&ChannelAddresses::default(), &channel.addresses);
        tx.record(added.with(values.added("account", &channel.account)), by, now);
        tx.commit().await?;
        // The channel is stored first: a conflict must not change where a connected channel's provider posts to.
        let told = self.tell_provider(registration, &channel.account, &secret, token.as_ref()).await;
        if let Err(error) = told {
            let mut tx = self.deps.database.begin(tenant).await?;
            match former {
                Some(_) => tx.channels_mut().remove(id, now).await?,
                None => tx.channels_mut().delete_unused(id).await?,
            };
            tx.commit().await?;
            return Err(error);
        }
        Ok(id)
    }

    /// Takes the addresses away from channels of other tenants that are not proven: they were mere claims. The provider is
    /// asked first whether it accepts the credentials of such a channel, which then is proven and keeps its addresses.
    pub(super) async fn release_unproven(
        &self,
        tenant: TenantId,
        provider: &ChannelProvider,
        account: &str,
        addresses: &ChannelAddresses,
    ) -> Result<()> {
        let channels =
            self.deps.database.read_cross_tenant().await?.channels_of_account(provider, account).await?;
        let claims = |of: &TenantChannel| of.tenant.id != tenant && of.sealed.channel.proven_at.is_none();
        for TenantChannel { tenant, sealed } in channels.into_iter().filter(claims) {
            if self.check_sealed(&sealed).await?.iter().all(|finding| finding.passed) {
                let mut tx = self.deps.database.begin(tenant.id).await?;
                tx.channels_mut().record_success(sealed.channel.id, self.deps.clock.now()).await?;
                tx.commit().await?;
            }
        }
        let mut tx = self.deps.database.begin_cross_tenant().await?;
        for (kind, address) in addresses.iter() {
            tx.release_unproven_address(tenant, provider, account, kind, address).await?;
        }
        tx.commit().await
    }

    /// True if the provider has accepted the credentials of a channel.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn is_proven(&self, tenant: TenantId, id: ChannelId) -> Result<bool> {
        Ok(self.sealed(tenant, id).await?.channel.proven_at.is_some())
    }

    /// True if another tenant has a channel of the account. Then the credentials must be proven, so that nobody lays claim
    /// to an account by its id alone.
    async fn has_other_tenant(
        &self,
        provider: &ChannelProvider,
        account: &str,
        tenant: TenantId,
    ) -> Result<bool> {
        let mut cross_tenant = self.deps.database.read_cross_tenant().await?;
        let channels = cross_tenant.channels_of_account(provider, account).await?;
        Ok(channels.iter().any(|of| of.tenant.id != tenant))
    }

    /// Gives a channel another secret of the same account. The old one sends nothing from now on; webhooks that it signed
    /// are accepted for [`OLD_TOKEN_VALID_FOR`], unless it has become known to others (`leaked`). Webhooks that prove
    /// themselves by a token get another one.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] when the provider refuses the new secret,
    /// and for the secret of another account.
    #[tracing::instrument(name = "rotate_channel", skip_all, fields(tenant = %actor.tenant.id, channel = %id, leaked))]
    pub async fn replace_credentials(
        &self,
        actor: &Actor,
        id: ChannelId,
        secret: &SecretString,
        leaked: bool,
    ) -> Result<()> {
        actor.require(Permission::ChannelManage)?;
        let tenant = actor.tenant.id;
        let sealed = self.sealed(tenant, id).await?;
        let registration = registration(&sealed.channel.provider);
        let connected = self.identify(registration, &sealed, secret).await?;
        let token = new_webhook_token(registration);
        let sealed_secret = self.deps.vault.seal(secret, &secret_owner(id))?;
        // The provider first: what it posts with the new token before that is stored is refused, and posted again.
        self.tell_provider(registration, &connected.account, secret, token.as_ref()).await?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        let replaced = if let Some(token) = &token {
            let token = self.seal_webhook_token(id, token)?;
            tx.channels_mut().replace_credentials(id, &sealed_secret, &connected.settings, &token).await?
        } else {
            let grace = TimeDelta::from_std(OLD_TOKEN_VALID_FOR).map_err(AppError::internal)?;
            let previous_until = (!leaked).then_some(now + grace);
            tx.channels_mut().rotate_secret(id, &sealed_secret, previous_until).await?
        };
        if !replaced {
            return Err(AppError::NotFound);
        }
        // The provider has confirmed the new credentials.
        tx.channels_mut().record_success(id, now).await?;
        let changed = Event::ChannelCredentialsChanged { channel_id: id };
        let title = channel_title(&sealed.channel.provider, &sealed.channel.addresses);
        tx.record(changed.about(title), actor.author(), now);
        tx.commit().await
    }

    /// Asks the provider for the account of a new secret, which must be the channel's own.
    async fn identify(
        &self,
        registration: &Registration,
        sealed: &SealedChannel,
        secret: &SecretString,
    ) -> Result<Connected> {
        let channel = &sealed.channel;
        let mut values = FieldValues::default();
        for field in registration.fields {
            match field.role {
                FieldRole::Account => values.set(field.name, channel.account.as_str()),
                FieldRole::Secret => values.set(field.name, secret.expose_secret()),
                FieldRole::Address => values.set(field.name, channel.address(field.name).unwrap_or_default()),
            }
        }
        let request = ConnectRequest { values: &values, verify: true };
        let connected = (registration.connect)(self.connections()?, request).await?;
        if connected.account != channel.account {
            return Err(AppError::invalid(secret_name(registration), Problem::DifferentBot));
        }
        Ok(connected)
    }

    /// Has a channel's provider post to this server, with the token that it has, or to nowhere. Nothing happens where a
    /// user enters the URLs at the provider.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] when the provider refuses, as it does for a secret that was revoked.
    #[tracing::instrument(name = "set_channel_webhook", skip_all, fields(%tenant, channel = %id, on))]
    pub async fn set_webhook(&self, tenant: TenantId, id: ChannelId, on: bool) -> Result<()> {
        let sealed = self.sealed(tenant, id).await?;
        let Some(token) = self.webhook_token(&sealed)? else { return Ok(()) };
        let secret = self.open(&sealed)?;
        let (registration, account) = (registration(&sealed.channel.provider), &sealed.channel.account);
        self.tell_provider(registration, account, &secret, on.then_some(&token)).await
    }

    async fn tell_provider(
        &self,
        registration: &Registration,
        account: &str,
        secret: &SecretString,
        token: Option<&SecretString>,
    ) -> Result<()> {
        let WebhookSetup::Automatic(set_webhook) = registration.webhook_setup else { return Ok(()) };
        let target = token.map(|token| (&self.deps.public_url, token));
        set_webhook(self.connections()?, WebhookChange { account, secret, target }).await?;
        Ok(())
    }

    /// The token of a channel's webhooks, for the operator's commands.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; a secret that the vault's key does not open.
    pub async fn webhook_token_of(&self, tenant: TenantId, id: ChannelId) -> Result<SecretString> {
        let sealed = self.sealed(tenant, id).await?;
        self.webhook_token(&sealed)?.ok_or(AppError::NotFound)
    }

    async fn sealed(&self, tenant: TenantId, id: ChannelId) -> Result<SealedChannel> {
        self.deps.database.read(tenant).await?.channels().get(id).await?.ok_or(AppError::NotFound)
    }

    fn seal_webhook_token(&self, id: ChannelId, token: &SecretString) -> Result<WebhookToken> {
        Ok(WebhookToken {
            hash: Sha256::digest(token.expose_secret()).to_vec(),
            secret: self.deps.vault.seal(token, &webhook_owner(id))?,
        })
    }

    pub(super) fn webhook_token(&self, sealed: &SealedChannel) -> Result<Option<SecretString>> {
        let token = sealed.webhook_secret.as_ref();
        token.map(|token| self.deps.vault.open(token, &webhook_owner(sealed.channel.id))).transpose()
    }
}

/// The conflict of an address that leads to another channel already. An address that is no field of the form was found
/// by the secret.
pub(super) fn taken(registration: &Registration, kind: &str) -> AppError {
    let field = registration.address_fields().find(|field| field.name == kind);
    AppError::value_taken(field.map_or(secret_name(registration), |field| field.name), None)
}

fn secret_name(registration: &Registration) -> &'static str {
    registration.secret_field().map_or("provider", |field| field.name)
}

fn secret_of(registration: &Registration, values: &FieldValues) -> SecretString {
    values.get(secret_name(registration)).into()
}

/// Creates the token of a channel's webhooks: 32 random bytes, in characters that are valid in a header; `None` if the
/// provider signs its webhooks.
fn new_webhook_token(registration: &Registration) -> Option<SecretString> {
    match registration.webhook_setup {
        WebhookSetup::ByHand => None,
        WebhookSetup::Automatic(_) => Some(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()),
    }
}

/// The record that the secret of a channel is sealed for.
pub(super) fn secret_owner(id: ChannelId) -> Vec<u8> {
    id.0.as_bytes().to_vec()
}

/// The owner that a webhook's token is sealed for: not the channel's own, or token and secret could be exchanged.
pub(super) fn webhook_owner(id: ChannelId) -> Vec<u8> {
    [id.0.as_bytes().as_slice(), b"webhook"].concat()
}
