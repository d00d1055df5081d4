//! Drafts: what users have begun to write.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{Tx, chats::messages::id_list};
use crate::{
    domain::{ChatId, Draft, TemplateId, Transport, UserId},
    error::Result,
};

/// Drafts of a tenant.
pub struct Drafts<'t> {
    tx: &'t mut Tx,
}

#[derive(FromRow)]
struct DraftRow {
    text: String,
    transport: Option<String>,
    template_id: Option<i64>,
    idempotency_key: String,
    written_at: DateTime<Utc>,
}

impl From<DraftRow> for Draft {
    fn from(row: DraftRow) -> Self {
        Self {
            text: row.text,
            transport: row.transport.and_then(|text| text.parse().ok()),
            template: row.template_id.map(TemplateId),
            key: row.idempotency_key,
            written_at: row.written_at,
        }
    }
}

impl<'t> Drafts<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// What a user has begun to write in a chat.
    pub async fn get(&mut self, chat: ChatId, user: UserId) -> Result<Option<Draft>> {
        let row = sql!(
            self.tx,
            opt(DraftRow),
            "
            SELECT text, transport, template_id, idempotency_key, written_at FROM drafts
            WHERE tenant_id = $1 AND chat_id = $2 AND user_id = $3 AND text <> ''",
            chat.0,
            user.0
        )?;
        Ok(row.map(Into::into))
    }

    /// The texts that a user has begun in these chats, in one statement.
    pub async fn texts(&mut self, user: UserId, chats: &[ChatId]) -> Result<Vec<(ChatId, String)>> {
        let list = id_list(chats.iter().map(|id| id.0));
        let rows = sql!(self.tx, all((i64, String)), {
            "
            SELECT chat_id, text FROM drafts
            WHERE tenant_id = $1 AND user_id = $2 AND text <> '' AND chat_id" in "$3"
        }, user.0, &list)?;
        Ok(rows.into_iter().map(|(chat, text)| (ChatId(chat), text)).collect())
    }

    /// Stores a draft, unless a newer one is there; `false` then.
    pub async fn save(&mut self, chat: ChatId, user: UserId, draft: &Draft) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            INSERT INTO drafts (tenant_id, chat_id, user_id, text, transport, template_id, idempotency_key, written_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (tenant_id, chat_id, user_id) DO UPDATE SET text = excluded.text,
                transport = excluded.transport, template_id = excluded.template_id,
                idempotency_key = excluded.idempotency_key, written_at = excluded.written_at
            WHERE drafts.written_at < excluded.written_at",
            chat.0,
            user.0,
            &draft.text,
            draft.transport.map(Transport::as_str),
            draft.template.map(|template| template.0),
            &draft.key,
            draft.written_at
        )?;
        Ok(rows == 1)
    }

    /// Empties a draft that was not written after `at`; saves from before that are too late from now on.
    pub async fn clear(&mut self, chat: ChatId, user: UserId, at: DateTime<Utc>) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO drafts (tenant_id, chat_id, user_id, text, idempotency_key, written_at)
            VALUES ($1, $2, $3, '', '', $4)
            ON CONFLICT (tenant_id, chat_id, user_id) DO UPDATE SET text = '', transport = NULL, template_id = NULL,
                idempotency_key = '', written_at = excluded.written_at
            WHERE drafts.written_at <= excluded.written_at",
            chat.0,
            user.0,
            at
        )?;
        Ok(())
    }
}
