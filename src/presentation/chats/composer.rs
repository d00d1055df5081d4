//! The form at the bottom of a conversation.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::presentation::chats::{scheduled::Waiting, ways::Ways};
use crate::{
    domain::{ChatId, Permission, Preset, TemplateId, TimeZone},
    error::Result,
    presentation::{
        AppState, extract::SignedIn, fields::Fields, forms::Form, layout::Layout, routes, sms::Counter,
    },
};

/// What `chats/composer.html` shows.
pub(super) struct Composer {
    pub(super) action: String,
    pub(super) form: Form,
    /// The name of this click: pressed twice, or after a reload, it is one message.
    pub(super) key: String,
    pub(super) ways: Ways,
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
        ways: Ways,
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
        let Beginning { form, key } = beginning;
        Ok(Self {
            action: routes::Messages(id).to_string(),
            key: key.unwrap_or_else(|| Uuid::new_v4().to_string()),
            ways,
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

/// A moment as `<input type="datetime-local">` wants it.
pub(super) fn local(at: DateTime<Utc>, zone: TimeZone) -> String {
    zone.local(at).format("%Y-%m-%dT%H:%M").to_string()
}
