//! Telegram bots as channels: connecting, checking and disconnecting them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use url::Url;
use uuid::Uuid;

use crate::services::{Actor, ChannelService};
use crate::{
    domain::{ChannelId, Event, Permission, Problem, TenantId, UserId},
    error::{AppError, Result},
    persistence::{NewChannel, SealedChannel, WebhookToken},
    providers::telegram::{self, Bot, BotError, BotHealth, WEBHOOK_PATH, is_token},
};

impl ChannelService {
    /// Connects a bot: checks its token, stores the channel, and registers the webhook.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for `bot_token` if Telegram refuses the token or the webhook;
    /// [`AppError::Conflict`] if the bot is connected already, in this tenant or another.
    pub async fn connect_bot(&self, tenant: TenantId, token: SecretString) -> Result<ChannelId> {
        self.add_bot(tenant, None, token).await
    }

    /// Connects a bot like [`ChannelService::connect_bot`], for an administrator.
    ///
    /// # Errors
    /// Like [`ChannelService::connect_bot`]; [`AppError::Forbidden`].
    pub async fn connect_telegram(&self, actor: &Actor, token: SecretString) -> Result<ChannelId> {
        actor.require(Permission::ChannelManage)?;
        self.add_bot(actor.tenant.id, actor.user_id(), token).await
    }

    #[tracing::instrument(name = "connect_bot", skip_all, fields(%tenant))]
    async fn add_bot(&self, tenant: TenantId, by: Option<UserId>, token: SecretString) -> Result<ChannelId> {
        let bot = self.bot(&token)?;
        let me = bot.get_me().await.map_err(|error| refused(&error))?;
        let id = ChannelId(Uuid::new_v4());
        let webhook = webhook_token();
        let channel = NewChannel {
            id,
            provider: telegram::NAME,
            account_sid: me.id.to_string(),
            secret: self.deps.vault.seal(&token, id.0.as_bytes())?,
            sms_number: None,
            whatsapp_number: None,
            messaging_service_sid: None,
            username: Some(me.username),
            webhook: Some(self.seal_webhook(id, &webhook)?),
        };
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant).await?;
        if !tx.channels_mut().create(&channel, now).await? {
            return Err(AppError::value_taken("bot_token", None));
        }
        tx.record(Event::ChannelAdded { channel_id: id }, by, now);
        tx.commit().await?;
        if let Err(error) = bot.set_webhook(&self.webhook_url()?, &webhook).await {
            let mut tx = self.deps.database.begin(tenant).await?;
            tx.channels_mut().delete_unused(id).await?;
            tx.commit().await?;
            return Err(refused(&error));
        }
        Ok(id)
    }

    /// Replaces the token of a bot, and the secret of its webhook.
    ///
    /// # Errors
    /// Like [`ChannelService::connect_bot`]; [`AppError::Invalid`] also for the token of another
    /// bot; [`AppError::NotFound`].
    #[tracing::instrument(name = "replace_bot_token", skip_all, fields(%tenant, channel = %id))]
    pub async fn replace_bot_token(
        &self,
        tenant: TenantId,
        id: ChannelId,
        token: SecretString,
    ) -> Result<()> {
        let sealed = self.sealed_bot(tenant, id).await?;
        let bot = self.bot(&token)?;
        let me = bot.get_me().await.map_err(|error| refused(&error))?;
        if me.id.to_string() != sealed.channel.account_sid {
            return Err(AppError::invalid("bot_token", Problem::DifferentBot));
        }
        let webhook = webhook_token();
        let secret = self.deps.vault.seal(&token, id.0.as_bytes())?;
        let sealed_webhook = self.seal_webhook(id, &webhook)?;
        // The webhook is registered first: updates with the new secret that arrive before it is
        // stored are rejected, and Telegram posts them again.
        bot.set_webhook(&self.webhook_url()?, &webhook).await.map_err(|error| refused(&error))?;
        let mut tx = self.deps.database.begin(tenant).await?;
        if !tx.channels_mut().replace_credentials(id, &secret, Some(&me.username), &sealed_webhook).await? {
            return Err(AppError::NotFound);
        }
        tx.commit().await
    }

    /// Registers the webhook of a connected bot again, with its present secret.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for `bot_token` if Telegram refuses; [`AppError::NotFound`].
    #[tracing::instrument(name = "reconnect_bot", skip_all, fields(%tenant, channel = %id))]
    pub async fn reconnect_bot(&self, tenant: TenantId, id: ChannelId) -> Result<()> {
        let sealed = self.sealed_bot(tenant, id).await?;
        let webhook = self.webhook_secret(&sealed)?.ok_or(AppError::NotFound)?;
        let bot = self.bot(&self.open(&sealed)?)?;
        bot.set_webhook(&self.webhook_url()?, &webhook).await.map_err(|error| refused(&error))
    }

    /// Checks a connected bot with Telegram.
    ///
    /// # Errors
    /// [`AppError::NotFound`]. Problems that Telegram reports are part of the result.
    #[tracing::instrument(name = "check_bot", skip_all, fields(%tenant, channel = %id))]
    pub async fn check_bot(&self, tenant: TenantId, id: ChannelId) -> Result<BotHealth> {
        let sealed = self.sealed_bot(tenant, id).await?;
        let bot = self.bot(&self.open(&sealed)?)?;
        Ok(BotHealth::of(&bot, &self.webhook_url()?).await)
    }

    /// Removes the webhook of a bot from Telegram, before its channel is disabled or removed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for `bot_token` if Telegram refuses, such as for a revoked token;
    /// [`AppError::NotFound`].
    #[tracing::instrument(name = "disconnect_bot", skip_all, fields(%tenant, channel = %id))]
    pub async fn disconnect_bot(&self, tenant: TenantId, id: ChannelId) -> Result<()> {
        let sealed = self.sealed_bot(tenant, id).await?;
        let bot = self.bot(&self.open(&sealed)?)?;
        bot.delete_webhook().await.map_err(|error| refused(&error))
    }

    /// The secret of a bot's webhook, for the operator's commands.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Internal`] if the secret cannot be decrypted.
    pub async fn webhook_secret_of(&self, tenant: TenantId, id: ChannelId) -> Result<SecretString> {
        let sealed = self.sealed_bot(tenant, id).await?;
        self.webhook_secret(&sealed)?.ok_or(AppError::NotFound)
    }

    fn bot(&self, token: &SecretString) -> Result<Bot> {
        if !is_token(token.expose_secret()) {
            return Err(AppError::invalid("bot_token", Problem::NotABotToken));
        }
        Ok(Bot::new(self.deps.http.clone(), self.deps.telegram_api_url.clone(), token))
    }

    async fn sealed_bot(&self, tenant: TenantId, id: ChannelId) -> Result<SealedChannel> {
        let found = self.deps.database.read(tenant).await?.channels().get(id).await?;
        found.filter(|sealed| sealed.channel.provider == telegram::NAME).ok_or(AppError::NotFound)
    }

    fn webhook_url(&self) -> Result<Url> {
        self.deps.public_url.join(WEBHOOK_PATH).map_err(AppError::internal)
    }

    fn seal_webhook(&self, id: ChannelId, secret: &SecretString) -> Result<WebhookToken> {
        Ok(WebhookToken {
            hash: Sha256::digest(secret.expose_secret()).to_vec(),
            secret: self.deps.vault.seal(secret, &webhook_owner(id))?,
        })
    }

    pub(super) fn webhook_secret(&self, sealed: &SealedChannel) -> Result<Option<SecretString>> {
        let secret = sealed.webhook_secret.as_ref();
        secret.map(|secret| self.deps.vault.open(secret, &webhook_owner(sealed.channel.id))).transpose()
    }
}

/// A token of 32 random bytes, in characters that Telegram and HTTP headers allow.
fn webhook_token() -> SecretString {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()).into()
}

/// The vault's owner of a webhook's secret. It differs from the channel's own, so that the two
/// secrets cannot be exchanged.
fn webhook_owner(id: ChannelId) -> Vec<u8> {
    [id.0.as_bytes().as_slice(), b"webhook"].concat()
}

/// Maps a refusal by Telegram to a problem of the token.
fn refused(error: &BotError) -> AppError {
    let problem = match error {
        BotError::Refused(reason) => Problem::ProviderRejected(reason.text.clone()),
        BotError::NoResponse(why) => Problem::ProviderUnresponsive(why.clone()),
    };
    AppError::invalid("bot_token", problem)
}
