//! Templates that WhatsApp approved for a channel's sender.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::Tx;
use crate::{
    domain::{ApprovedBody, ApprovedTemplate, ApprovedTemplateId, ChannelId, NewApprovedTemplate},
    error::Result,
};

/// Approved templates of a tenant.
pub struct ApprovedTemplates<'t> {
    tx: &'t mut Tx,
}

#[derive(FromRow)]
struct ApprovedRow {
    id: i64,
    channel_id: Uuid,
    name: String,
    content_sid: String,
    language: String,
    body: String,
    defaults: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<ApprovedRow> for ApprovedTemplate {
    fn from(row: ApprovedRow) -> Self {
        Self {
            id: ApprovedTemplateId(row.id),
            channel: ChannelId(row.channel_id),
            content: NewApprovedTemplate {
                name: row.name,
                content_sid: row.content_sid,
                language: row.language,
                body: ApprovedBody::stored(row.body),
                defaults: row.defaults,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl<'t> ApprovedTemplates<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// A channel's templates by name, no more than `limit`.
    pub async fn of_channel(&mut self, channel: ChannelId, limit: i64) -> Result<Vec<ApprovedTemplate>> {
        let rows = sql!(
            self.tx,
            all(ApprovedRow),
            "
            SELECT id, channel_id, name, content_sid, language, body, defaults, created_at, updated_at
            FROM approved_templates WHERE tenant_id = $1 AND channel_id = $2 ORDER BY name, id LIMIT $3",
            channel.0,
            limit
        )?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// How many a channel has.
    pub async fn count(&mut self, channel: ChannelId) -> Result<i64> {
        Ok(sql!(
            self.tx,
            val(i64),
            "SELECT COUNT(*) FROM approved_templates WHERE tenant_id = $1 AND channel_id = $2",
            channel.0
        )?)
    }

    /// One template of a channel.
    pub async fn get(
        &mut self,
        channel: ChannelId,
        id: ApprovedTemplateId,
    ) -> Result<Option<ApprovedTemplate>> {
        let row = sql!(
            self.tx,
            opt(ApprovedRow),
            "
            SELECT id, channel_id, name, content_sid, language, body, defaults, created_at, updated_at
            FROM approved_templates WHERE tenant_id = $1 AND channel_id = $2 AND id = $3",
            channel.0,
            id.0
        )?;
        Ok(row.map(Into::into))
    }

    /// Stores a template; `None` when the channel has one of this id of Twilio's already.
    pub async fn create(
        &mut self,
        channel: ChannelId,
        new: &NewApprovedTemplate,
        at: DateTime<Utc>,
    ) -> Result<Option<ApprovedTemplateId>> {
        let id = sql!(
            self.tx,
            maybe(i64),
            "
            INSERT INTO approved_templates (tenant_id, channel_id, name, content_sid, language, body, defaults,
                created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING id",
            channel.0,
            &new.name,
            &new.content_sid,
            &new.language,
            new.body.as_str(),
            &new.defaults,
            at
        )?;
        Ok(id.map(ApprovedTemplateId))
    }

    /// Stores a template's change; `false` when another of the channel has this id of Twilio's, or it is not there.
    pub async fn update(
        &mut self,
        channel: ChannelId,
        id: ApprovedTemplateId,
        new: &NewApprovedTemplate,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE approved_templates SET name = $4, content_sid = $5, language = $6, body = $7, defaults = $8,
                updated_at = $9
            WHERE tenant_id = $1 AND channel_id = $2 AND id = $3 AND NOT EXISTS (
                SELECT 1 FROM approved_templates other
                WHERE other.tenant_id = $1 AND other.channel_id = $2 AND other.content_sid = $5 AND other.id <> $3)",
            channel.0,
            id.0,
            &new.name,
            &new.content_sid,
            &new.language,
            new.body.as_str(),
            &new.defaults,
            at
        )?;
        Ok(rows == 1)
    }

    /// Deletes a template; `false` when it is not there. What was sent of it stays.
    pub async fn delete(&mut self, channel: ChannelId, id: ApprovedTemplateId) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "DELETE FROM approved_templates WHERE tenant_id = $1 AND channel_id = $2 AND id = $3",
            channel.0,
            id.0
        )?;
        Ok(rows == 1)
    }
}
