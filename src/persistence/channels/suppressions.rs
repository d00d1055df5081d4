//! Ways to clients: those that are closed, and links that open new ones.

use chrono::{DateTime, Utc};

use crate::persistence::Channels;
use crate::{
    domain::{ChannelId, ClientId, SuppressionReason, Transport},
    error::Result,
};

impl Channels<'_> {
    /// Notes that nothing can be sent to an address any more; `false` when that was known.
    pub async fn suppress(
        &mut self,
        channel: ChannelId,
        transport: Transport,
        address: &str,
        why: SuppressionReason,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            INSERT INTO suppressions (tenant_id, channel_id, transport, address, reason, suppressed_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            channel.0,
            transport.as_str(),
            address,
            why.as_str(),
            at
        )?;
        Ok(rows == 1)
    }

    /// Notes that an address can be written to again; `false` when it always could.
    pub async fn lift_suppression(
        &mut self,
        channel: ChannelId,
        transport: Transport,
        address: &str,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            DELETE FROM suppressions
            WHERE tenant_id = $1 AND channel_id = $2 AND transport = $3 AND address = $4",
            channel.0,
            transport.as_str(),
            address
        )?;
        Ok(rows == 1)
    }

    /// Why nothing can be sent to an address, where it can't.
    pub async fn suppression_reason(
        &mut self,
        channel: ChannelId,
        transport: Transport,
        address: &str,
    ) -> Result<Option<SuppressionReason>> {
        let reason = sql!(
            self.tx,
            maybe(String),
            "
            SELECT reason FROM suppressions
            WHERE tenant_id = $1 AND channel_id = $2 AND transport = $3 AND address = $4",
            channel.0,
            transport.as_str(),
            address
        )?;
        Ok(reason.map(|reason| SuppressionReason::parse(&reason)))
    }

    /// Stores a link's code, by which a client comes to write by a channel.
    pub async fn create_invitation(
        &mut self,
        channel: ChannelId,
        client: ClientId,
        code: &str,
        at: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO invitations (tenant_id, code, channel_id, client_id, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6)",
            code,
            channel.0,
            client.0,
            at,
            until
        )?;
        Ok(())
    }

    /// The code of a client's newest link that is good until after `now`.
    pub async fn newest_invitation(
        &mut self,
        channel: ChannelId,
        client: ClientId,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        Ok(sql!(
            self.tx,
            maybe(String),
            "
            SELECT code FROM invitations
            WHERE tenant_id = $1 AND channel_id = $2 AND client_id = $3 AND expires_at > $4
            ORDER BY expires_at DESC LIMIT 1",
            channel.0,
            client.0,
            now
        )?)
    }

    /// The client whom a code invites.
    pub async fn client_of_invitation(
        &mut self,
        channel: ChannelId,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<ClientId>> {
        let client = sql!(
            self.tx,
            maybe(i64),
            "
            SELECT client_id FROM invitations
            WHERE tenant_id = $1 AND channel_id = $2 AND code = $3 AND expires_at > $4",
            channel.0,
            code,
            now
        )?;
        Ok(client.map(ClientId))
    }

    /// Lets a client's links lead to another, and says which they are.
    pub async fn move_invitations(&mut self, from: ClientId, to: ClientId) -> Result<Vec<String>> {
        let rows = sql!(
            self.tx,
            all((String,)),
            "UPDATE invitations SET client_id = $3 WHERE tenant_id = $1 AND client_id = $2 RETURNING code",
            from.0,
            to.0
        )?;
        Ok(rows.into_iter().map(|(code,)| code).collect())
    }

    /// Lets a link lead to another client, if it is still there.
    pub async fn redirect_invitation(&mut self, code: &str, to: ClientId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE invitations SET client_id = $3 WHERE tenant_id = $1 AND code = $2",
            code,
            to.0
        )?;
        Ok(())
    }

    /// Forgets a client's links by a channel, once one of them was followed, and all that are out of date.
    pub async fn delete_invitations(
        &mut self,
        channel: ChannelId,
        client: ClientId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            DELETE FROM invitations
            WHERE tenant_id = $1 AND ((channel_id = $2 AND client_id = $3) OR expires_at <= $4)",
            channel.0,
            client.0,
            now
        )?;
        Ok(())
    }
}
