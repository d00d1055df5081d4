//! WhatsApp templates of channels.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Snapshot, UnitOfWork,
    engine::{FromRow, Row},
};
use crate::{
    domain::{ChannelId, NewWhatsappTemplate, WhatsappTemplate, WhatsappTemplateId},
    error::Result,
};

/// WhatsApp templates of a tenant.
pub struct WhatsappTemplates<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's WhatsApp templates, for writing.
pub struct WhatsappTemplatesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

impl FromRow for WhatsappTemplate {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            channel: row.get("channel_id")?,
            content: NewWhatsappTemplate {
                name: row.get("name")?,
                content_sid: row.get("content_sid")?,
                language: row.get("language")?,
                body: row.get("body")?,
                defaults: row.get("default_values")?,
            },
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl WhatsappTemplates<'_> {
    /// Lists a channel's templates by name, at most `limit`.
    pub async fn of_channel(&mut self, channel: ChannelId, limit: i64) -> Result<Vec<WhatsappTemplate>> {
        self.snapshot
            .query(
                "SELECT id, channel_id, name, content_sid, language, body, default_values, created_at,
                     updated_at
                 FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2 ORDER BY name, id
                     LIMIT $3",
            )
            .bind(channel)
            .bind(limit)
            .all()
            .await
    }

    /// Counts the templates of a channel.
    pub async fn count(&mut self, channel: ChannelId) -> Result<i64> {
        self.snapshot
            .query("SELECT COUNT(*) FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2")
            .bind(channel)
            .one()
            .await
    }

    /// Loads a template of a channel.
    pub async fn get(
        &mut self,
        channel: ChannelId,
        id: WhatsappTemplateId,
    ) -> Result<Option<WhatsappTemplate>> {
        self.snapshot
            .query(
                "SELECT id, channel_id, name, content_sid, language, body, default_values, created_at,
                     updated_at
                 FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2 AND id = $3",
            )
            .bind(channel)
            .bind(id)
            .optional()
            .await
    }
}

impl WhatsappTemplatesMut<'_> {
    /// Stores a template; returns `None` if the channel has one with the same id at the provider.
    pub async fn create(
        &mut self,
        channel: ChannelId,
        new: &NewWhatsappTemplate,
        at: DateTime<Utc>,
    ) -> Result<Option<WhatsappTemplateId>> {
        self.work
            .query(
                "INSERT INTO whatsapp_templates (tenant_id, channel_id, name, content_sid, language,
                     body, default_values,
                     created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(channel)
            .bind(&new.name)
            .bind(&new.content_sid)
            .bind(&new.language)
            .bind(&new.body)
            .bind(&new.defaults)
            .bind(at)
            .optional()
            .await
    }

    /// Changes a template; returns `false` if another one of the channel has the same id at the provider,
    /// or if it does not exist.
    pub async fn update(
        &mut self,
        channel: ChannelId,
        id: WhatsappTemplateId,
        new: &NewWhatsappTemplate,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE whatsapp_templates SET name = $4, content_sid = $5, language = $6, body = $7,
                     default_values = $8,
                     updated_at = $9
                 WHERE tenant_id = $1 AND channel_id = $2 AND id = $3 AND NOT EXISTS (
                     SELECT 1 FROM whatsapp_templates other
                     WHERE other.tenant_id = $1 AND other.channel_id = $2 AND other.content_sid = $5
                         AND other.id <> $3)",
            )
            .bind(channel)
            .bind(id)
            .bind(&new.name)
            .bind(&new.content_sid)
            .bind(&new.language)
            .bind(&new.body)
            .bind(&new.defaults)
            .bind(at)
            .execute()
            .await?
            == 1)
    }

    /// Deletes a template; returns `false` if it does not exist. Sent messages are kept.
    pub async fn delete(&mut self, channel: ChannelId, id: WhatsappTemplateId) -> Result<bool> {
        Ok(self
            .work
            .query("DELETE FROM whatsapp_templates WHERE tenant_id = $1 AND channel_id = $2 AND id = $3")
            .bind(channel)
            .bind(id)
            .execute()
            .await?
            == 1)
    }
}
