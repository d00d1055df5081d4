//! Messages that their senders changed, and those that go out in parts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::Messages;
use crate::{
    domain::{MessageDetails, MessageId, MessageText, PreviousText},
    error::{AppError, Result},
};

#[derive(FromRow)]
struct EditRow {
    message_id: i64,
    text: String,
    written_at: DateTime<Utc>,
}

impl Messages<'_> {
    /// Gives a message another text. The one that it had is kept by [`Messages::add_previous_text`].
    pub async fn edit(
        &mut self,
        id: MessageId,
        text: &MessageText,
        details: &MessageDetails,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let details = stored_details(details)?;
        sql!(
            self.tx,
            exec,
            "
            UPDATE messages SET text = $3, details = $4, edited_at = $5 WHERE tenant_id = $1 AND id = $2",
            id.0,
            text.as_str(),
            details,
            at
        )?;
        self.index(id, text.as_str()).await?;
        sql!(
            self.tx,
            exec,
            "
            UPDATE chats SET last_message_preview = $3 WHERE tenant_id = $1 AND last_message_id = $2",
            id.0,
            text.preview()
        )?;
        Ok(())
    }

    /// Keeps a text that a message had.
    pub async fn add_previous_text(&mut self, id: MessageId, earlier: &PreviousText) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "
            INSERT INTO message_edits (tenant_id, message_id, text, written_at)
            SELECT tenant_id, id, $3, $4 FROM messages WHERE tenant_id = $1 AND id = $2",
            id.0,
            &earlier.text,
            earlier.written_at
        )?;
        Ok(())
    }

    /// The earlier texts of messages, the oldest first.
    pub(in crate::persistence) async fn previous_texts(
        &mut self,
        ids: &str,
    ) -> Result<HashMap<i64, Vec<PreviousText>>> {
        let rows = sql!(self.tx, all(EditRow), {
            "
            SELECT message_id, text, written_at FROM message_edits
            WHERE tenant_id = $1 AND message_id" in "$2", " ORDER BY written_at, id"
        }, ids)?;
        let mut all: HashMap<i64, Vec<PreviousText>> = HashMap::new();
        for row in rows {
            let earlier = PreviousText { text: row.text, written_at: row.written_at };
            all.entry(row.message_id).or_default().push(earlier);
        }
        Ok(all)
    }

    /// The provider's ids of the parts of a message that have gone out.
    pub async fn sent_parts(&mut self, id: MessageId) -> Result<Vec<String>> {
        let text = sql!(
            self.tx,
            maybe(Option<String>),
            "SELECT parts FROM messages WHERE tenant_id = $1 AND id = $2",
            id.0
        )?;
        Ok(text.flatten().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Notes that one more part of a message has gone out.
    pub async fn add_sent_part(&mut self, id: MessageId, provider_id: &str) -> Result<()> {
        let mut parts = self.sent_parts(id).await?;
        parts.push(provider_id.to_owned());
        let text = serde_json::to_string(&parts).map_err(AppError::internal)?;
        sql!(self.tx, exec, "UPDATE messages SET parts = $3 WHERE tenant_id = $1 AND id = $2", id.0, text)?;
        Ok(())
    }
}

/// What a message's row says of its details: nothing when there are none.
pub(in crate::persistence) fn stored_details(details: &MessageDetails) -> Result<Option<String>> {
    if details.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(details).map(Some).map_err(AppError::internal)
}
