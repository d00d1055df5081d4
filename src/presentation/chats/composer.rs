//! The form at the bottom of a conversation.

use std::borrow::Cow;

use uuid::Uuid;

use crate::{
    domain::{ChatId, MESSAGE_LIMIT},
    presentation::{forms::Form, routes, texts::Texts},
    services::Reach,
};

/// What `chats/composer.html` shows.
pub(super) struct Composer {
    pub(super) action: String,
    pub(super) form: Form,
    /// The name of this click: pressed twice, it is one message.
    pub(super) key: Uuid,
    pub(super) transports: Vec<Way>,
    pub(super) limit: usize,
    pub(super) allowed: bool,
}

/// A transport to choose.
pub(super) struct Way {
    pub(super) transport: &'static str,
    pub(super) label: Cow<'static, str>,
    pub(super) address: String,
}

impl Composer {
    /// The composer of a chat whose client can be reached so.
    pub(super) fn new(id: ChatId, form: Form, reach: Vec<Reach>, allowed: bool, texts: Texts) -> Self {
        Self {
            action: routes::Messages(id).to_string(),
            form,
            key: Uuid::new_v4(),
            transports: reach.into_iter().map(|way| self::way(way, texts)).collect(),
            limit: MESSAGE_LIMIT,
            allowed,
        }
    }
}

fn way(way: Reach, texts: Texts) -> Way {
    let transport = way.transport.as_str();
    Way { transport, label: texts.get(format!("transport-{transport}")), address: way.address }
}
