//! The outbox: backlogs of channels, failed messages, and retrying them.

use std::sync::Arc;

use crate::services::{Actor, ChatService, Dependencies, PageFrame, activity::page_frame};
use crate::{
    domain::{Channel, ChannelId, DeliveryPriority, FailedMessage, MessageId, MessageStatus, Permission},
    error::{AppError, Result},
    persistence::{ChannelBacklog, Page, PageRequest, Snapshot},
};

/// The maximum number of messages that one request retries.
const RETRY_LIMIT: usize = 500;

/// The use cases of the outbox.
#[derive(Clone)]
pub struct OutboxService {
    deps: Arc<Dependencies>,
    chats: ChatService,
}

/// The backlog of a channel; removed channels share one.
#[derive(Debug, Clone)]
pub struct ChannelOutbox {
    /// The channel; `None` for removed ones.
    pub channel: Option<Channel>,
    /// The numbers of waiting and failed messages.
    pub backlogs: ChannelBacklog,
}

/// The data of the page of failed messages.
#[derive(Debug, Clone)]
pub struct OutboxPage {
    /// The backlog of each channel; removed channels are combined as the last entry.
    pub backlogs: Vec<ChannelOutbox>,
    /// The failed messages, the newest first.
    pub failed: Page<FailedMessage>,
    /// The frame of the page.
    pub frame: PageFrame,
}

/// A selection of failed messages.
#[derive(Debug, Clone)]
pub enum FailedSelection {
    /// Messages by their ids.
    Ids(Vec<MessageId>),
    /// All failed messages of a channel, or of all channels.
    All(Option<ChannelId>),
}

/// The result of retrying a selection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RetryResult {
    /// The number of messages in the outbox again.
    pub queued: i64,
    /// The number of messages whose clients can no longer be reached.
    pub refused: i64,
    /// True if the selection exceeds the limit of one request.
    pub has_more: bool,
}

impl OutboxService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>, chats: ChatService) -> Self {
        Self { deps, chats }
    }

    /// Reads the backlog of each channel, and a page of the failed messages of one channel or of all.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "show_outbox", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn open(
        &self,
        actor: &Actor,
        channel: Option<ChannelId>,
        request: PageRequest,
    ) -> Result<OutboxPage> {
        actor.require(Permission::ChannelManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let backlogs = backlogs(&mut tx).await?;
        let failed = tx.failed_messages().page(channel, request).await?;
        Ok(OutboxPage { backlogs, failed, frame: page_frame(&mut tx, actor).await? })
    }

    /// Retries failed messages, each in a transaction of its own. Messages with unconfirmed
    /// delivery are excluded: they may have been delivered, so that a user has to decide.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "resend", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn retry_failed(&self, actor: &Actor, selection: &FailedSelection) -> Result<RetryResult> {
        actor.require(Permission::ChannelManage)?;
        actor.require(Permission::ChatSend)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let mut failed = match selection {
            FailedSelection::Ids(ids) => tx.failed_messages().retryable(ids).await?,
            FailedSelection::All(channel) => {
                let limit = i64::try_from(RETRY_LIMIT + 1).unwrap_or(i64::MAX);
                tx.failed_messages().retryable_after(*channel, MessageId(0), limit).await?
            }
        };
        drop(tx);
        let mut resent = RetryResult { has_more: failed.len() > RETRY_LIMIT, ..RetryResult::default() };
        failed.truncate(RETRY_LIMIT);
        // One message is what a user waits for, a selection is not.
        let priority = if failed.len() == 1 { DeliveryPriority::Interactive } else { DeliveryPriority::Bulk };
        for (chat, id) in failed {
            match self.chats.retry_with(actor, chat, id, priority).await {
                Ok(_) => resent.queued += 1,
                Err(AppError::Invalid(_)) => resent.refused += 1,
                // A concurrent request has retried it, or it was deleted with its client.
                Err(AppError::Conflict(_) | AppError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(resent)
    }
}

/// Lists the backlog of each channel; removed channels are combined as the last entry.
async fn backlogs(tx: &mut Snapshot) -> Result<Vec<ChannelOutbox>> {
    let channels = tx.channels().all().await?.into_iter().map(|sealed| sealed.channel);
    let mut queues: Vec<_> = channels
        .map(|channel| ChannelOutbox { channel: Some(channel), backlogs: ChannelBacklog::default() })
        .collect();
    queues.push(ChannelOutbox { channel: None, backlogs: ChannelBacklog::default() });
    let removed = queues.len() - 1;
    let place = |queues: &[ChannelOutbox], id: Option<ChannelId>| {
        let own = |queue: &ChannelOutbox| queue.channel.as_ref().map(|channel| channel.id) == id;
        queues.iter().position(own).unwrap_or(removed)
    };
    for (id, waiting) in tx.failed_messages().outbox_counts().await? {
        let index = place(&queues, Some(id));
        let backlogs = &mut queues[index].backlogs;
        backlogs.queued += waiting.queued;
        backlogs.in_progress += waiting.in_progress;
        backlogs.retried += waiting.retried;
        backlogs.scheduled += waiting.scheduled;
    }
    for (id, status, count) in tx.failed_messages().failure_counts().await? {
        let index = place(&queues, id);
        let backlogs = &mut queues[index].backlogs;
        match status {
            MessageStatus::Unknown => backlogs.unknown += count,
            _ => backlogs.failed += count,
        }
    }
    if queues[removed].backlogs == ChannelBacklog::default() {
        queues.truncate(removed);
    }
    Ok(queues)
}
