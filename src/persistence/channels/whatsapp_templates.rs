//! Templates that WhatsApp approved for a channel's sender.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::persistence::Tx;
use crate::{
    domain::{ChannelId, NewWhatsappTemplate, WhatsappTemplate, WhatsappTemplateBody, WhatsappTemplateId},
    error::Result,
};

/// Approved templates of a tenant.
pub struct WhatsappTemplates<'t> {
    tx: &'t mut Tx,
}

#[derive(FromRow)]
struct WhatsappTemplateRow {
    id: i64,
    channel_id: Uuid,
    name: String,
    content_sid: String,
    language: String,
    body: String,
    default_values: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<WhatsappTemplateRow> for WhatsappTemplate {
    fn from(row: WhatsappTemplateRow) -> Self {
        Self {
            id: WhatsappTemplateId(row.id),
            channel: ChannelId(row.channel_id),
            content: NewWhatsappTemplate {
                name: row.name,
                content_sid: row.content_sid,
                language: row.language,
                body: WhatsappTemplateBody::stored(row.body),
                defaults: row.default_values,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl<'t> WhatsappTemplates<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// A channel's templates by name, no more than `limit`.
    pub async fn of_channel(&mut self, channel: ChannelId, limit: i64) -> Result<Vec<WhatsappTemplate>> {
        let rows = sql!(
            self.tx,
            all(WhatsappTemplateRow),
            "
            SELECT id, channel_id, name, content_sid, language, body, default_values, created_at, updated_at
            FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2 ORDER BY name, id LIMIT $3",
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
            "SELECT COUNT(*) FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2",
            channel.0
        )?)
    }

    /// One template of a channel.
    pub async fn get(
        &mut self,
        channel: ChannelId,
        id: WhatsappTemplateId,
    ) -> Result<Option<WhatsappTemplate>> {
        let row = sql!(
            self.tx,
            opt(WhatsappTemplateRow),
            "
            SELECT id, channel_id, name, content_sid, language, body, default_values, created_at, updated_at
            FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2 AND id = $3",
            channel.0,
            id.0
        )?;
        Ok(row.map(Into::into))
    }

    /// Stores a template; `None` when the channel has one of this id of Twilio's already.
    pub async fn create(
        &mut self,
        channel: ChannelId,
        new: &NewWhatsappTemplate,
        at: DateTime<Utc>,
    ) -> Result<Option<WhatsappTemplateId>> {
        let id = sql!(
            self.tx,
            maybe(i64),
            "
            INSERT INTO whatsapp_templates (tenant_id, channel_id, name, content_sid, language, body, default_values,
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
        Ok(id.map(WhatsappTemplateId))
    }

    /// Stores a template's change; `false` when another of the channel has this id of Twilio's, or it is not there.
    pub async fn update(
        &mut self,
        channel: ChannelId,
        id: WhatsappTemplateId,
        new: &NewWhatsappTemplate,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE whatsapp_templates SET name = $4, content_sid = $5, language = $6, body = $7, default_values = $8,
                updated_at = $9
            WHERE tenant_id = $1 AND channel_id = $2 AND id = $3 AND NOT EXISTS (
                SELECT 1 FROM whatsapp_templates other
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
    pub async fn delete(&mut self, channel: ChannelId, id: WhatsappTemplateId) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "DELETE FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2 AND id = $3",
            channel.0,
            id.0
        )?;
        Ok(rows == 1)
    }
}
