//! The form at the bottom of a conversation.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{scheduled::Waiting, window::WindowView};
use crate::{
    domain::{
        ChatId, Closing, FileLimits, Permission, Preset, Problem, TemplateId, TimeZone, Transport, Window,
    },
    error::Result,
    presentation::{
        AppState, extract::SignedIn, fields::Fields, forms::Form, layout::Layout, routes, sms::Counter,
        texts::Texts,
    },
    services::{Closed, FilledTemplate, Reach, Why},
};

/// What `chats/composer.html` shows.
pub(super) struct Composer {
    pub(super) action: String,
    pub(super) form: Form,
    /// The name of this click: pressed twice, or after a reload, it is one message.
    pub(super) key: String,
    pub(super) transports: Vec<Way>,
    pub(super) closed: Vec<ClosedWay>,
    /// Whether the client can be written to freely by the way that limits it.
    pub(super) window: Option<WindowView>,
    pub(super) allowed: bool,
    /// Where drafts are kept.
    pub(super) draft: String,
    /// The moment of the page, by which a browser sets its clock.
    pub(super) now: String,
    /// Where the templates are, for those who may use them.
    pub(super) templates: Option<String>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) presets: Vec<PresetView>,
    pub(super) zone: &'static str,
    /// Whether the part for later is open, since something in it is wrong.
    pub(super) later: bool,
    /// What the text is as an SMS.
    pub(super) count: Counter,
}

/// A transport to choose.
pub(super) struct Way {
    pub(super) transport: &'static str,
    pub(super) label: Cow<'static, str>,
    pub(super) address: String,
    /// `open`, `closed` or `unopened`, where it is not always open.
    pub(super) window: Option<&'static str>,
    /// What it carries of files, for the script that looks at them before they go.
    pub(super) files: String,
}

/// A transport that can't be chosen, and why.
pub(super) struct ClosedWay {
    pub(super) transport: &'static str,
    pub(super) label: Cow<'static, str>,
    pub(super) why: Cow<'static, str>,
    /// The same as a sentence, where the client itself closed it.
    pub(super) reason: Option<Cow<'static, str>>,
}

/// A time that is one press away.
pub(super) struct PresetView {
    pub(super) value: &'static str,
    pub(super) label: Cow<'static, str>,
    pub(super) moment: String,
}

/// What the composer begins with.
pub(super) struct Beginning {
    form: Form,
    key: Option<String>,
}

impl Beginning {
    /// What came back with the form; else the template that was asked for; else the user's draft.
    pub(super) async fn of(
        state: &AppState,
        signed_in: &SignedIn,
        chat: ChatId,
        query: &Fields,
        form: Form,
    ) -> Result<Self> {
        let actor = &signed_in.actor;
        let came_back = form.has_errors();
        if came_back || !actor.may(Permission::ChatSend) {
            let key = Some(form.value("idempotency_key").to_owned()).filter(|key| !key.is_empty());
            return Ok(Self { form, key });
        }
        let wanted = query.text("template").and_then(|id| id.parse::<TemplateId>().ok());
        if let Some(id) = wanted.filter(|_| actor.may(Permission::MessageTemplateRead)) {
            let template = state.services.drafts.template(actor, chat, id).await?;
            let form = Form::filled([
                ("message", Some(template.text)),
                ("template_id", Some(template.id.to_string())),
            ]);
            return Ok(Self { form, key: None });
        }
        let Some(draft) = state.services.drafts.get(actor, chat).await? else {
            return Ok(Self { form, key: None });
        };
        let form = Form::filled([
            ("message", Some(draft.text)),
            ("transport", draft.transport.map(|transport| transport.as_str().to_owned())),
            ("template_id", draft.template.map(|id| id.to_string())),
        ]);
        Ok(Self { form, key: Some(draft.key).filter(|key| !key.is_empty()) })
    }
}

impl Composer {
    /// The composer of a chat whose client can be reached so.
    pub(super) async fn new(
        state: &AppState,
        signed_in: &SignedIn,
        id: ChatId,
        beginning: Beginning,
        (reach, closed): (Vec<Reach>, Vec<Closed>),
        approved: Vec<FilledTemplate>,
        layout: &Layout,
    ) -> Result<Self> {
        let (actor, texts) = (&signed_in.actor, layout.t);
        let waiting = state.services.schedule.of_chat(actor, id).await?;
        let now = state.services.foundation().clock.now();
        let zone = actor.tenant.time_zone;
        let preset = |preset: Preset| PresetView {
            value: preset.as_str(),
            label: texts.get(format!("preset-{}", preset.as_str())),
            moment: layout.moment(&preset.moment(now, zone)),
        };
        let window = reach.iter().find_map(|way| way.window);
        let window = window.map(|window| WindowView::new(id, window, approved, actor, now, texts));
        let Beginning { form, key } = beginning;
        Ok(Self {
            action: routes::Messages(id).to_string(),
            key: key.unwrap_or_else(|| Uuid::new_v4().to_string()),
            transports: reach.into_iter().map(|way| self::way(way, texts)).collect(),
            window,
            closed: closed.into_iter().map(|way| closed_way(way, texts)).collect(),
            allowed: actor.may(Permission::ChatSend),
            draft: routes::Draft(id).to_string(),
            now: now.to_rfc3339(),
            templates: actor
                .may(Permission::MessageTemplateRead)
                .then(|| routes::ChatTemplates(id).to_string()),
            waiting: waiting.into_iter().map(|message| Waiting::new(message, layout)).collect(),
            presets: Preset::ALL.map(preset).into_iter().collect(),
            zone: zone.name(),
            later: form.error("scheduled_at").is_some() || !form.value("scheduled_at").is_empty(),
            count: Counter::of(form.value("message"), texts),
            form,
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

/// A moment as `<input type="datetime-local">` wants it.
pub(super) fn local(at: DateTime<Utc>, zone: TimeZone) -> String {
    zone.local(at).format("%Y-%m-%dT%H:%M").to_string()
}
