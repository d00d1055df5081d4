//! What operators see of the way out, and sending again what failed.

use std::sync::Arc;

use crate::services::{Actor, ChatService, Foundation};
use crate::{
    domain::{Channel, ChannelId, MessageId, MessageStatus, Permission, Undelivered},
    error::{AppError, Result},
    persistence::{Backlogs, Page, PageRequest},
};

/// More than so many are not sent again by one request; what is left is said.
const MOST_AT_ONCE: usize = 500;

/// Use cases of the queue.
#[derive(Clone)]
pub struct QueueService {
    base: Arc<Foundation>,
    chats: ChatService,
}

/// A channel with its numbers; a channel that was removed has none of its own any more.
#[derive(Debug, Clone)]
pub struct ChannelQueue {
    /// The channel.
    pub channel: Option<Channel>,
    /// Its numbers.
    pub backlogs: Backlogs,
}

/// Which failed messages are meant.
#[derive(Debug, Clone)]
pub enum FailedSelection {
    /// These.
    Ids(Vec<MessageId>),
    /// All of a channel, or of all channels.
    All(Option<ChannelId>),
}

/// What came of sending many again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resent {
    /// They are queued.
    pub queued: i64,
    /// Their clients can't be reached so any more.
    pub refused: i64,
    /// Whether there are more than one request takes.
    pub more: bool,
}

impl QueueService {
    pub(in crate::services) fn new(base: Arc<Foundation>, chats: ChatService) -> Self {
        Self { base, chats }
    }

    /// The numbers of each channel; those of removed channels together, last.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "show_queues", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn queues(&self, actor: &Actor) -> Result<Vec<ChannelQueue>> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let channels = tx.channels().all().await?.into_iter().map(|sealed| sealed.channel);
        let mut queues: Vec<_> = channels
            .map(|channel| ChannelQueue { channel: Some(channel), backlogs: Backlogs::default() })
            .collect();
        queues.push(ChannelQueue { channel: None, backlogs: Backlogs::default() });
        let removed = queues.len() - 1;
        let place = |queues: &[ChannelQueue], id: Option<ChannelId>| {
            let own = |queue: &ChannelQueue| queue.channel.as_ref().map(|channel| channel.id) == id;
            queues.iter().position(own).unwrap_or(removed)
        };
        for (id, waiting) in tx.undelivered().queues().await? {
            let index = place(&queues, Some(id));
            let backlogs = &mut queues[index].backlogs;
            backlogs.queued += waiting.queued;
            backlogs.under_way += waiting.under_way;
            backlogs.retried += waiting.retried;
            backlogs.scheduled += waiting.scheduled;
        }
        for (id, status, count) in tx.undelivered().counts().await? {
            let index = place(&queues, id);
            let backlogs = &mut queues[index].backlogs;
            match status {
                MessageStatus::Unknown => backlogs.unknown += count,
                _ => backlogs.failed += count,
            }
        }
        if queues[removed].backlogs == Backlogs::default() {
            queues.truncate(removed);
        }
        Ok(queues)
    }

    /// What was not delivered, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_undelivered", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn undelivered(
        &self,
        actor: &Actor,
        channel: Option<ChannelId>,
        request: PageRequest,
    ) -> Result<Page<Undelivered>> {
        actor.require(Permission::ChannelManage)?;
        self.base.database.read(actor.tenant_id()).await?.undelivered().page(channel, request).await
    }

    /// Sends failed messages again, each in its own transaction, as if someone had pressed "try again" beside it. A message
    /// of unknown fate is none of them: it may have arrived, so a person has to look at it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "resend", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn resend(&self, actor: &Actor, selection: &FailedSelection) -> Result<Resent> {
        actor.require(Permission::ChannelManage)?;
        actor.require(Permission::ChatSend)?;
        let mut tx = self.base.database.read(actor.tenant_id()).await?;
        let mut failed = match selection {
            FailedSelection::Ids(ids) => tx.undelivered().failed(ids).await?,
            FailedSelection::All(channel) => {
                let limit = i64::try_from(MOST_AT_ONCE + 1).unwrap_or(i64::MAX);
                tx.undelivered().failed_after(*channel, MessageId(0), limit).await?
            }
        };
        drop(tx);
        let mut resent = Resent { more: failed.len() > MOST_AT_ONCE, ..Resent::default() };
        failed.truncate(MOST_AT_ONCE);
        for (chat, id) in failed {
            match self.chats.retry(actor, chat, id).await {
                Ok(_) => resent.queued += 1,
                Err(AppError::Invalid(_)) => resent.refused += 1,
                // Someone was quicker, or it is gone with its client.
                Err(AppError::Conflict(_) | AppError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(resent)
    }
}
