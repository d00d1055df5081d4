//! Drafts of users.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row},
};
use crate::{
    domain::{ChatId, Draft, UserId},
    error::Result,
};

/// Drafts of a tenant.
pub struct Drafts<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's drafts, for writing.
pub struct DraftsMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

impl FromRow for Draft {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            text: row.get("text")?,
            transport: row.valid("transport")?,
            template: row.get("template_id")?,
            key: row.get("idempotency_key")?,
            written_at: row.get("written_at")?,
        })
    }
}

impl Drafts<'_> {
    /// Loads the draft of a user in a chat.
    pub async fn get(&mut self, chat: ChatId, user: UserId) -> Result<Option<Draft>> {
        self.snapshot
            .query(
                "SELECT text, transport, template_id, idempotency_key, written_at FROM drafts
                 WHERE tenant_id = $1 AND chat_id = $2 AND user_id = $3 AND text <> ''",
            )
            .bind(chat)
            .bind(user)
            .optional()
            .await
    }
}

impl DraftsMut<'_> {
    /// Stores a draft; returns `false` if a newer one is stored.
    pub async fn save(&mut self, chat: ChatId, user: UserId, draft: &Draft) -> Result<bool> {
        Ok(self
            .work
            .query(
                "INSERT INTO drafts (tenant_id, chat_id, user_id, text, transport, template_id,
                     idempotency_key, written_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (tenant_id, chat_id, user_id) DO UPDATE SET text = excluded.text,
                     transport = excluded.transport, template_id = excluded.template_id,
                     idempotency_key = excluded.idempotency_key, written_at = excluded.written_at
                 WHERE drafts.written_at < excluded.written_at",
            )
            .bind(chat)
            .bind(user)
            .bind(&draft.text)
            .bind(draft.transport)
            .bind(draft.template)
            .bind(&draft.key)
            .bind(draft.written_at)
            .execute()
            .await?
            == 1)
    }

    /// Empties a draft unless it was written after `at`; later calls of [`Self::save`] with an
    /// earlier time have no effect.
    pub async fn clear(&mut self, chat: ChatId, user: UserId, at: DateTime<Utc>) -> Result<()> {
        self.work
            .query(
                "INSERT INTO drafts (tenant_id, chat_id, user_id, text, idempotency_key, written_at)
                 VALUES ($1, $2, $3, '', '', $4)
                 ON CONFLICT (tenant_id, chat_id, user_id) DO UPDATE
                     SET text = '', transport = NULL, template_id = NULL,
                     idempotency_key = '', written_at = excluded.written_at
                 WHERE drafts.written_at <= excluded.written_at",
            )
            .bind(chat)
            .bind(user)
            .bind(at)
            .execute()
            .await?;
        Ok(())
    }
}
