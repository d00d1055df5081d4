//! Edits of messages, and messages that are sent in parts.

use chrono::{DateTime, Utc};

use crate::persistence::MessagesMut;
use crate::{
    domain::{MessageDetails, MessageId, MessageText, PreviousText},
    error::{AppError, Result},
};

impl MessagesMut<'_> {
    /// Replaces the text of a message. [`MessagesMut::add_previous_text`] stores the former one.
    pub async fn edit(
        &mut self,
        id: MessageId,
        text: &MessageText,
        details: &MessageDetails,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let details = stored_details(details)?;
        self.work
            .query(
                "UPDATE messages SET text = $3, details = $4, edited_at = $5 WHERE tenant_id = $1
                 AND id = $2",
            )
            .bind(id)
            .bind(text)
            .bind(details)
            .bind(at)
            .execute()
            .await?;
        self.index(id, text.as_str()).await?;
        self.work
            .query("UPDATE chats SET last_message_preview = $3 WHERE tenant_id = $1 AND last_message_id = $2")
            .bind(id)
            .bind(text.preview())
            .execute()
            .await?;
        Ok(())
    }

    /// Replaces the details of a message, whose text stays.
    pub async fn set_details(&mut self, id: MessageId, details: &MessageDetails) -> Result<()> {
        let details = stored_details(details)?;
        self.work
            .query("UPDATE messages SET details = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .bind(details)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores a former text of a message.
    pub async fn add_previous_text(&mut self, id: MessageId, earlier: &PreviousText) -> Result<()> {
        self.work
            .query(
                "INSERT INTO message_edits (tenant_id, message_id, text, written_at)
                 SELECT tenant_id, id, $3, $4 FROM messages WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(&earlier.text)
            .bind(earlier.written_at)
            .execute()
            .await?;
        Ok(())
    }

    /// Stores the provider's id of another part that was sent.
    pub async fn add_sent_part(&mut self, id: MessageId, provider_id: &str) -> Result<()> {
        let text = self
            .work
            .query("SELECT parts FROM messages WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .optional::<Option<String>>()
            .await?
            .flatten();
        let mut parts: Vec<String> =
            text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        parts.push(provider_id.to_owned());
        let text = serde_json::to_string(&parts).map_err(AppError::internal)?;
        self.work
            .query("UPDATE messages SET parts = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .bind(text)
            .execute()
            .await?;
        Ok(())
    }
}

/// The details in the format of a message's row; `None` if there are none.
pub(in crate::persistence) fn stored_details(details: &MessageDetails) -> Result<Option<String>> {
    if details.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(details).map(Some).map_err(AppError::internal)
}
