//! The key that the secrets of channels are sealed with: its check, and its rotation.

use secrecy::SecretString;

use crate::{
    error::{AppError, Result},
    persistence::SealedSecrets,
    services::{
        ChannelService, Vault,
        channels::connect::{secret_owner, webhook_owner},
        identity::two_factor::factor_owner,
    },
};

/// More than there are channels.
const ALL: i64 = i64::MAX;

impl ChannelService {
    /// Checks that the key opens the stored secrets, by the newest of them.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if it does not.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn check_key(&self) -> Result<()> {
        let newest = self.deps.database.read_cross_tenant().await?.sealed_secrets(1).await?;
        for sealed in newest {
            self.deps.vault.open(&sealed.secret, &secret_owner(sealed.channel))?;
        }
        Ok(())
    }

    /// Seals all secrets with the newest key of `vault`, which must also have the former one, in one transaction. Returns
    /// the number of channels. It can be repeated.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] if a secret is sealed with another key, or was changed meanwhile; nothing was changed.
    #[tracing::instrument(name = "rotate_key", skip_all)]
    pub async fn reseal_secrets(&self, vault: &Vault) -> Result<usize> {
        let mut tx = self.deps.database.begin_cross_tenant().await?;
        let all = tx.sealed_secrets(ALL).await?;
        for former in &all {
            let reseal = |sealed: &[u8], owner: &[u8]| -> Result<Vec<u8>> {
                let secret: SecretString = vault.open(sealed, owner)?;
                vault.seal(&secret, owner)
            };
            let (owner, of_webhook) = (secret_owner(former.channel), webhook_owner(former.channel));
            let new = SealedSecrets {
                secret: reseal(&former.secret, &owner)?,
                previous: former.previous.as_ref().map(|sealed| reseal(sealed, &owner)).transpose()?,
                webhook: former.webhook.as_ref().map(|sealed| reseal(sealed, &of_webhook)).transpose()?,
                ..former.clone()
            };
            if !tx.replace_secrets(former, &new).await? {
                return Err(AppError::Unavailable(
                    "a channel was changed meanwhile; run the command again".into(),
                ));
            }
        }
        for former in tx.sealed_factors().await? {
            let owner = factor_owner(former.tenant, former.user);
            let sealed = vault.seal(&vault.open(&former.secret, &owner)?, &owner)?;
            if !tx.replace_factor(&former, &sealed).await? {
                return Err(AppError::Unavailable(
                    "a second factor was changed meanwhile; run the command again".into(),
                ));
            }
        }
        tx.commit().await?;
        Ok(all.len())
    }
}
