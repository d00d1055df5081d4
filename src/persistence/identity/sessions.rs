//! The sessions of users.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Users, UsersMut,
    engine::{FromRow, Row},
    identity::users::{TokenHash, token_hash_of},
};
use crate::{
    domain::{Origin, Session, SessionId, UserId},
    error::Result,
};

/// The maximum number of sessions of a user.
const MAX_SESSIONS: i64 = 100;

/// The number that names a session among those of a user: 48 bits of the hash of its random token, which reveal nothing of
/// the token.
pub fn session_id(token: &TokenHash) -> SessionId {
    SessionId(token.iter().take(6).fold(0, |id, byte| id << 8 | i64::from(*byte)))
}

/// A session, with the hash of its token.
pub struct StoredSession {
    /// The hash under which the session is stored.
    pub token: TokenHash,
    /// The session.
    pub session: Session,
}

impl FromRow for StoredSession {
    fn from_row(row: &Row) -> Result<Self> {
        let token = token_hash_of(row)?;
        let session = Session {
            id: session_id(&token),
            address: row.get("address")?,
            user_agent: row.get("user_agent")?,
            created_at: row.get("created_at")?,
            last_used_at: row.get("last_used_at")?,
        };
        Ok(Self { token, session })
    }
}

/// The browser and the address that a session is begun from.
#[derive(Debug, Clone, Default)]
pub struct Device {
    /// The address of the peer.
    pub address: Option<String>,
    /// The `User-Agent` of the browser, shortened.
    pub user_agent: Option<String>,
}

impl From<Device> for Origin {
    fn from(device: Device) -> Self {
        Self { address: device.address, device: device.user_agent, ..Self::default() }
    }
}

impl Users<'_> {
    /// The sessions of a user that are valid at `at`, the newest first.
    pub async fn sessions(&mut self, user: UserId, at: DateTime<Utc>) -> Result<Vec<StoredSession>> {
        self.snapshot
            .query(
                "SELECT token_hash, address, user_agent, created_at, last_used_at FROM sessions
                 WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 ORDER BY created_at DESC, token_hash",
            )
            .bind(user)
            .bind(at)
            .all()
            .await
    }
}

impl UsersMut<'_> {
    /// Stores a session under its token's hash, and deletes the user's expired sessions, and the oldest if there are too
    /// many.
    pub async fn start_session(
        &mut self,
        user: UserId,
        token_hash: &[u8],
        device: &Device,
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        self.work
            .query(
                "DELETE FROM sessions WHERE tenant_id = $1 AND user_id = $2 AND (expires_at < $3
                     OR token_hash IN (SELECT s.token_hash FROM sessions s WHERE s.tenant_id = $1 AND s.user_id = $2
                         ORDER BY s.created_at DESC LIMIT 1000 OFFSET $4))",
            )
            .bind(user)
            .bind(at)
            .bind(MAX_SESSIONS - 1)
            .execute()
            .await?;
        self.work
            .query(
                "INSERT INTO sessions (tenant_id, token_hash, user_id, created_at, last_used_at, expires_at, address,
                     user_agent)
                 VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
            )
            .bind(token_hash)
            .bind(user)
            .bind(at)
            .bind(expires_at)
            .bind(&device.address)
            .bind(&device.user_agent)
            .execute()
            .await?;
        Ok(())
    }

    /// Notes that a session was used.
    pub async fn record_session_use(&mut self, token_hash: &[u8], at: DateTime<Utc>) -> Result<()> {
        self.work
            .query("UPDATE sessions SET last_used_at = $3 WHERE tenant_id = $1 AND token_hash = $2")
            .bind(token_hash)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }

    /// Ends a session; the commit closes its live streams.
    pub async fn end_session(&mut self, token_hash: &[u8]) -> Result<()> {
        self.work
            .query("DELETE FROM sessions WHERE tenant_id = $1 AND token_hash = $2")
            .bind(token_hash)
            .execute()
            .await?;
        self.work.wake_streams();
        Ok(())
    }
}
