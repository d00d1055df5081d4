//! The frame of a page: what every page shows besides its own content.

use crate::{
    domain::{EventId, Permission},
    error::Result,
    persistence::Snapshot,
    services::{Actor, EventService},
};

/// The data of a page's frame, read from the snapshot of the page.
#[derive(Debug, Clone, Copy)]
pub struct PageFrame {
    /// The newest event of the snapshot. The live stream of the page begins after it.
    pub last_event: EventId,
    /// The number of chats with unread messages; 0 for users who may not read chats.
    pub unread_chats: i64,
    /// The number of scheduled messages, likewise.
    pub scheduled_messages: i64,
}

/// The content of a page with its frame, both from one snapshot.
#[derive(Debug, Clone)]
pub struct Framed<T> {
    /// The content.
    pub content: T,
    /// The frame.
    pub frame: PageFrame,
}

impl<T> Framed<T> {
    /// Adds the frame to content that was read from the snapshot.
    pub(in crate::services) async fn new(content: T, snapshot: &mut Snapshot, actor: &Actor) -> Result<Self> {
        Ok(Self { content, frame: page_frame(snapshot, actor).await? })
    }
}

/// Reads the frame of a page from its snapshot, in one statement.
pub(in crate::services) async fn page_frame(snapshot: &mut Snapshot, actor: &Actor) -> Result<PageFrame> {
    let (last_event, unread_chats, scheduled_messages) = snapshot.events().last_id_and_counts().await?;
    let visible = |count| if actor.may(Permission::ChatRead) { count } else { 0 };
    Ok(PageFrame {
        last_event,
        unread_chats: visible(unread_chats),
        scheduled_messages: visible(scheduled_messages),
    })
}

impl EventService {
    /// Reads the frame alone, for pages that show nothing else of the database.
    ///
    /// # Errors
    /// [`crate::error::AppError::Unavailable`].
    #[tracing::instrument(name = "show_frame", level = "debug", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn page_frame(&self, actor: &Actor) -> Result<PageFrame> {
        page_frame(&mut self.deps.database.read(actor.tenant_id()).await?, actor).await
    }
}
