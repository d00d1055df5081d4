//! The composer: the form below the messages of a chat.

pub(crate) mod delivery_routes;
pub(crate) mod draft;
pub(crate) mod service_window;
pub(crate) mod sms_segments;
pub(crate) mod template_picker;
pub(crate) mod whatsapp_templates;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::presentation::chats::{
    composer::delivery_routes::TransportOptions, messages::scheduled::ScheduledItem,
};
use crate::{
    domain::{ChatId, Draft, MessageTemplate, Permission, SchedulePreset, ScheduledMessage, TimeZone},
    presentation::{
        chats::composer::sms_segments::SegmentCounter,
        http::{context::Ctx, form::Form, routes},
        ui::layout::Layout,
    },
};

/// The data of the template `chats/composer/form.html`.
pub(in crate::presentation) struct Composer {
    pub(in crate::presentation) action: String,
    pub(in crate::presentation) form: Form,
    /// The idempotency key of the form, by which a repeated submission is recognised.
    pub(in crate::presentation) idempotency_key: String,
    pub(in crate::presentation) transports: TransportOptions,
    pub(in crate::presentation) allowed: bool,
    /// The address of the draft.
    pub(in crate::presentation) draft: String,
    /// The time of the page, by which a script corrects the browser's clock.
    pub(in crate::presentation) now: String,
    /// The address of the quick replies, if the user may read them.
    pub(in crate::presentation) templates: Option<String>,
    pub(in crate::presentation) scheduled: Vec<ScheduledItem>,
    pub(in crate::presentation) presets: Vec<PresetView>,
    pub(in crate::presentation) zone: &'static str,
    /// True if the fields for scheduling are open, because one of them is filled in.
    pub(in crate::presentation) scheduling_open: bool,
    /// The segment counter of the text.
    pub(in crate::presentation) count: SegmentCounter,
}

/// A preset time for scheduling.
pub(in crate::presentation) struct PresetView {
    pub(in crate::presentation) value: &'static str,
    pub(in crate::presentation) label: Cow<'static, str>,
    pub(in crate::presentation) moment: String,
}

/// The initial content of the composer.
pub(in crate::presentation) struct InitialContent {
    form: Form,
    key: Option<String>,
}

impl InitialContent {
    /// The submitted form if it has errors, otherwise the requested template, otherwise the user's draft.
    pub(in crate::presentation) fn new(
        form: Form,
        template: Option<MessageTemplate>,
        draft: Option<Draft>,
    ) -> Self {
        if form.has_errors() {
            return Self { key: kept_key(&form), form };
        }
        if let Some(template) = template {
            let form = Form::filled([
                ("message", Some(template.text)),
                ("template_id", Some(template.id.to_string())),
            ]);
            return Self { form, key: None };
        }
        let Some(draft) = draft else { return Self { form, key: None } };
        let form = Form::filled([
            ("message", Some(draft.text)),
            ("transport", draft.transport.map(|transport| transport.as_str().to_owned())),
            ("template_id", draft.template.map(|id| id.to_string())),
        ]);
        Self { form, key: Some(draft.key).filter(|key| !key.is_empty()) }
    }
}

/// The idempotency key of a form that is shown again. A key that another message was sent with is replaced.
pub(in crate::presentation) fn kept_key(form: &Form) -> Option<String> {
    let key = form.value("idempotency_key");
    (!key.is_empty() && form.error("idempotency_key").is_none()).then(|| key.to_owned())
}

impl Composer {
    /// Creates the composer of a chat with these transports.
    pub(in crate::presentation) fn new(
        ctx: &Ctx,
        id: ChatId,
        content: InitialContent,
        transports: TransportOptions,
        scheduled: Vec<ScheduledMessage>,
        layout: &Layout,
    ) -> Self {
        let (actor, i18n) = (&ctx.actor, layout.t);
        let now = ctx.services().dependencies().clock.now();
        let zone = actor.tenant.time_zone;
        let preset = |preset: SchedulePreset| PresetView {
            value: preset.as_str(),
            label: i18n.get(format!("preset-{}", preset.as_str())),
            moment: layout.date_and_time(&preset.time_after(now, zone)),
        };
        let InitialContent { form, key } = content;
        Self {
            action: routes::Messages(id).to_string(),
            idempotency_key: key.unwrap_or_else(|| Uuid::new_v4().to_string()),
            transports,
            allowed: actor.may(Permission::ChatSend),
            draft: routes::Draft(id).to_string(),
            now: now.to_rfc3339(),
            templates: actor
                .may(Permission::MessageTemplateRead)
                .then(|| routes::ChatTemplates(id).to_string()),
            scheduled: scheduled.into_iter().map(|message| ScheduledItem::new(message, layout)).collect(),
            presets: SchedulePreset::ALL.map(preset).into_iter().collect(),
            zone: zone.name(),
            scheduling_open: form.error("scheduled_at").is_some() || !form.value("scheduled_at").is_empty(),
            count: SegmentCounter::of(form.value("message"), i18n),
            form,
        }
    }
}

/// The value of `<input type="datetime-local">` for a time.
pub(in crate::presentation) fn datetime_local(at: DateTime<Utc>, zone: TimeZone) -> String {
    zone.local(at).format("%Y-%m-%dT%H:%M").to_string()
}
