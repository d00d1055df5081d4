//! Suppressions of addresses, and invite links.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Channels, ChannelsMut,
    engine::{FromRow, Row},
};
use crate::{
    domain::{ChannelId, ClientId, ConsentSenders, SuppressionReason, Transport},
    error::Result,
};

/// An address to which a sender sends nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The sender: an own address of the tenant, or its account at a provider.
    pub sender: String,
    /// The transport.
    pub transport: Transport,
    /// The address.
    pub address: String,
    /// The reason.
    pub reason: SuppressionReason,
}

impl FromRow for Suppression {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            sender: row.get("sender")?,
            transport: row.get_or("transport", Transport::Other)?,
            address: row.get("address")?,
            reason: row.get("reason")?,
        })
    }
}

impl Channels<'_> {
    /// Lists the suppressions of these addresses for all senders.
    pub async fn suppressions(&mut self, of: &[(Transport, String)]) -> Result<Vec<Suppression>> {
        let transports: Vec<_> = of.iter().map(|(transport, _)| transport.as_str()).collect();
        let addresses: Vec<_> = of.iter().map(|(_, address)| address.as_str()).collect();
        self.snapshot
            .query(
                "SELECT sender, transport, address, reason FROM suppressions
                 WHERE tenant_id = $1 AND transport IN $2 AND address IN $3",
            )
            .bind(transports)
            .bind(addresses)
            .all()
            .await
    }

    /// The reason why an address is suppressed; `None` if it is not.
    pub async fn suppression_reason(
        &mut self,
        senders: &ConsentSenders,
        transport: Transport,
        address: &str,
    ) -> Result<Option<SuppressionReason>> {
        self.snapshot
            .query(
                "SELECT reason FROM suppressions
                 WHERE tenant_id = $1 AND transport = $2 AND address = $3 AND sender IN $4
                 ORDER BY suppressed_at LIMIT 1",
            )
            .bind(transport)
            .bind(address)
            .bind(senders.applicable())
            .optional()
            .await
    }

    /// Lists the channels and codes of a client's invite links that are valid after `now`, the newest
    /// first.
    pub async fn valid_invitations(
        &mut self,
        client: ClientId,
        now: DateTime<Utc>,
    ) -> Result<Vec<(ChannelId, String)>> {
        self.snapshot
            .query(
                "SELECT channel_id, code FROM invitations
                 WHERE tenant_id = $1 AND client_id = $2 AND expires_at > $3 ORDER BY expires_at DESC",
            )
            .bind(client)
            .bind(now)
            .all()
            .await
    }

    /// Finds the client that a code invites.
    pub async fn client_of_invitation(
        &mut self,
        channel: ChannelId,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<ClientId>> {
        self.snapshot
            .query(
                "SELECT client_id FROM invitations
                 WHERE tenant_id = $1 AND channel_id = $2 AND code = $3 AND expires_at > $4",
            )
            .bind(channel)
            .bind(code)
            .bind(now)
            .optional()
            .await
    }
}

impl ChannelsMut<'_> {
    /// Suppresses an address; returns `false` if it was suppressed already.
    pub async fn suppress(
        &mut self,
        senders: &ConsentSenders,
        transport: Transport,
        address: &str,
        why: SuppressionReason,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let mut added = 0;
        for sender in senders.stored() {
            added += self
                .work
                .query(
                    "INSERT INTO suppressions (tenant_id, transport, address, sender, reason, suppressed_at)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                )
                .bind(transport)
                .bind(address)
                .bind(sender)
                .bind(why)
                .bind(at)
                .execute()
                .await?;
        }
        Ok(added > 0)
    }

    /// Lifts the suppression of an address; returns `false` if there was none.
    pub async fn lift_suppression(
        &mut self,
        senders: &ConsentSenders,
        transport: Transport,
        address: &str,
    ) -> Result<bool> {
        Ok(self
            .work
            .query(
                "DELETE FROM suppressions
                 WHERE tenant_id = $1 AND transport = $2 AND address = $3 AND sender IN $4",
            )
            .bind(transport)
            .bind(address)
            .bind(senders.applicable())
            .execute()
            .await?
            > 0)
    }

    /// Stores the code of an invite link, by which a client begins to write to a channel.
    pub async fn create_invitation(
        &mut self,
        channel: ChannelId,
        client: ClientId,
        code: &str,
        at: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<()> {
        self.work
            .query(
                "INSERT INTO invitations (tenant_id, code, channel_id, client_id, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(code)
            .bind(channel)
            .bind(client)
            .bind(at)
            .bind(until)
            .execute()
            .await?;
        Ok(())
    }

    /// Moves the invite links of a client to another, and returns their codes.
    pub async fn move_invitations(&mut self, from: ClientId, to: ClientId) -> Result<Vec<String>> {
        self.work
            .query(
                "UPDATE invitations SET client_id = $3 WHERE tenant_id = $1 AND client_id = $2
                 RETURNING code",
            )
            .bind(from)
            .bind(to)
            .all()
            .await
    }

    /// Moves an invite link to another client, if it still exists.
    pub async fn redirect_invitation(&mut self, code: &str, to: ClientId) -> Result<()> {
        self.work
            .query("UPDATE invitations SET client_id = $3 WHERE tenant_id = $1 AND code = $2")
            .bind(code)
            .bind(to)
            .execute()
            .await?;
        Ok(())
    }

    /// Deletes a client's invite links to a channel after one of them was followed, and all expired
    /// ones.
    pub async fn delete_invitations(
        &mut self,
        channel: ChannelId,
        client: ClientId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.work
            .query(
                "DELETE FROM invitations
                 WHERE tenant_id = $1 AND ((channel_id = $2 AND client_id = $3) OR expires_at <= $4)",
            )
            .bind(channel)
            .bind(client)
            .bind(now)
            .execute()
            .await?;
        Ok(())
    }
}
