//! By which ways a client can be written to, as the composer offers them.

use std::borrow::Cow;

use serde_json::json;

use crate::presentation::chats::composer::service_window::WindowView;
use crate::{
    domain::{ChatId, Client, Closing, FileLimits, Problem, Transport, Window},
    error::Result,
    presentation::{AppState, http::extract::SignedIn, ui::i18n::Texts},
    services::{Closed, Reach, Why},
};

/// What `chats/limits.html` and `chats/ways.html` show.
pub(in crate::presentation) struct Ways {
    pub(in crate::presentation) open: Vec<Way>,
    pub(in crate::presentation) closed: Vec<ClosedWay>,
    /// Whether the client can be written to freely by the way that limits it.
    pub(in crate::presentation) window: Option<WindowView>,
}

/// A transport to choose.
pub(in crate::presentation) struct Way {
    pub(in crate::presentation) transport: &'static str,
    pub(in crate::presentation) label: Cow<'static, str>,
    pub(in crate::presentation) address: String,
    /// `open`, `closed` or `unopened`, where it is not always open.
    pub(in crate::presentation) window: Option<&'static str>,
    /// What it carries of files, for the script that looks at them before they go.
    pub(in crate::presentation) files: String,
}

/// A transport that can't be chosen, and why.
pub(in crate::presentation) struct ClosedWay {
    pub(in crate::presentation) transport: &'static str,
    pub(in crate::presentation) label: Cow<'static, str>,
    pub(in crate::presentation) why: Cow<'static, str>,
    /// The same as a sentence, where the client itself closed it.
    pub(in crate::presentation) reason: Option<Cow<'static, str>>,
}

impl Ways {
    /// The ways to the client of a chat.
    pub(in crate::presentation) async fn new(
        state: &AppState,
        signed_in: &SignedIn,
        chat: ChatId,
        client: &Client,
        (reach, closed): (Vec<Reach>, Vec<Closed>),
        texts: Texts,
    ) -> Result<Self> {
        let actor = &signed_in.actor;
        let approved = state.services.approved.by_way(actor, client, &reach).await?;
        let now = state.services.foundation().clock.now();
        let window = reach.iter().find_map(|way| way.window);
        Ok(Self {
            window: window.map(|window| WindowView::new(chat, window, approved, actor, now, texts)),
            open: reach
                .into_iter()
                .map(|way| crate::presentation::chats::composer::delivery_routes::way(way, texts))
                .collect(),
            closed: closed.into_iter().map(|way| closed_way(way, texts)).collect(),
        })
    }
}

fn way(way: Reach, texts: Texts) -> Way {
    let transport = way.transport.as_str();
    Way {
        transport,
        label: texts.get(format!("transport-{transport}")),
        address: way.address,
        window: way.window.map(Window::as_str),
        files: file_rules(way.transport, texts),
    }
}

/// The limits of a transport, with what is said to whoever goes beyond them.
fn file_rules(transport: Transport, texts: Texts) -> String {
    let rules = match FileLimits::of(transport) {
        Some(limits) => json!({
            "count": limits.count,
            "bytes": limits.total,
            "types": limits.types,
            "tooMany": texts.problem(&limits.too_many(transport)),
            "tooLarge": texts.problem(&limits.too_large(transport)),
            "wrongType": texts.problem(&Problem::FileType { transport, name: "#name".to_owned() }),
        }),
        None => json!({ "count": 0, "tooMany": texts.problem(&Problem::NoFiles) }),
    };
    rules.to_string()
}

fn closed_way(way: Closed, texts: Texts) -> ClosedWay {
    let transport = way.transport.as_str();
    let why = match way.why {
        Why::NoAddress => "composer-no-address",
        Why::NoChannel => "composer-no-channel",
        Why::ChannelOff => "composer-channel-off",
        Why::NoProvider => "composer-no-provider",
        Why::Closed(Closing::Blocked) => "composer-blocked",
        Why::Closed(Closing::Gone) => "composer-gone",
        Why::Closed(Closing::OptedOut) => "composer-opted-out",
    };
    let label = texts.get(format!("transport-{transport}"));
    let reason = match way.why {
        Why::Closed(Closing::OptedOut) => Some(texts.with("composer-opted-out-how", "transport", &label)),
        Why::Closed(_) => Some(texts.args(
            "composer-closed-by-client",
            &[("transport", label.clone().into_owned().into()), ("why", texts.get(why).into_owned().into())],
        )),
        _ => None,
    };
    ClosedWay { transport, label, why: texts.get(why), reason }
}
