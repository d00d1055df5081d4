//! The form of a quick reply: its fields, its placeholders and a preview.

use std::borrow::Cow;

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::{
        FieldErrors, MessageTemplate, NewTemplate, PLACEHOLDERS, Patch, Permission, Problem, TemplateId,
        TemplateText, TemplateValues,
    },
    error::Result,
    presentation::{
        chats::composer::sms_segments::SegmentCounter,
        http::{
            context::Ctx,
            edit_conflict::{BaseVersion, keeps_theirs},
            fields::Fields,
            form::Form,
            routes,
        },
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
};

/// The fields, in the order of the form.
pub(super) const FIELDS: &[&str] = &["name", "template"];

/// The quick reply that a form creates or changes.
pub(super) enum FormTarget {
    /// A new one.
    New,
    /// A stored one, with the version that the form was opened with.
    Stored(TemplateId, BaseVersion),
}

impl FormTarget {
    /// The form of a stored quick reply in its current version.
    pub(super) fn of(template: &MessageTemplate) -> Self {
        Self::Stored(template.id, base_version(template))
    }
}

#[derive(Template)]
#[template(path = "chats/templates/form.html")]
struct FormPage {
    layout: Layout,
    form: Form,
    action: String,
    title: Cow<'static, str>,
    /// The version of a stored quick reply, as a field of the form.
    base_version: Option<String>,
    /// The address for creating a copy.
    copy: Option<String>,
    may_delete: bool,
    placeholders: Vec<Placeholder>,
    samples: [Sample; 2],
    count: SegmentCounter,
}

/// A placeholder that can be inserted into the text.
struct Placeholder {
    /// The placeholder as it is written in the text.
    code: String,
    meaning: Cow<'static, str>,
}

/// An example client, and the text that it would get.
struct Sample {
    who: Cow<'static, str>,
    text: String,
}

/// The version of a quick reply.
pub(super) fn base_version(template: &MessageTemplate) -> BaseVersion {
    BaseVersion::of([("name", Some(template.name.clone())), ("template", Some(template.text.clone()))])
}

/// The form of a copy, whose name says that it is one.
pub(super) fn copy_of(template: &MessageTemplate, i18n: I18n) -> Form {
    let name = i18n.with("templates-copy-of", "name", &template.name);
    let name = name.chars().take(NewTemplate::MAX_NAME_LENGTH).collect();
    Form::filled([("name", Some(name)), ("template", Some(template.text.clone()))])
}

/// Parses the form; absent fields keep their values of `before`.
pub(super) fn parse(fields: &Fields, before: Option<&MessageTemplate>) -> Result<NewTemplate> {
    let mut errors = FieldErrors::default();
    let sent = |name: &str, kept: Option<&String>| match (fields.patch(name)?, kept) {
        (_, Some(kept)) if keeps_theirs(fields, name) => Ok(kept.clone()),
        (Patch::Set(text), _) => Ok(text),
        (Patch::Keep, Some(kept)) => Ok(kept.clone()),
        (Patch::Keep | Patch::Clear, _) => Err(Problem::Required),
    };
    let name = sent("name", before.map(|b| &b.name)).and_then(|text| NewTemplate::name(&text));
    let name = errors.check("name", name);
    let text = sent("template", before.map(|b| &b.text)).and_then(|text| TemplateText::parse(&text));
    let text = errors.check("template", text);
    match (name, text) {
        (Some(name), Some(text)) => Ok(NewTemplate { name, text }),
        _ => Err(errors.into()),
    }
}

/// Renders the page with the form.
pub(super) fn render(
    ctx: &Ctx,
    layout: Layout,
    target: FormTarget,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let actor = &ctx.actor;
    let t = layout.t;
    let (id, base_version) = match target {
        FormTarget::New => (None, None),
        FormTarget::Stored(id, base_version) => (Some(id), Some(base_version.to_field())),
    };
    let named = sample(ctx, &t.get("sample-first-name"), &t.get("sample-last-name"));
    let text = form.value("template");
    let samples = [
        Sample { who: named.client_full_name.clone().into(), text: named.fill(text) },
        Sample { who: t.get("templates-nameless"), text: sample(ctx, "", "").fill(text) },
    ];
    let placeholder = |name: &&str| Placeholder {
        code: format!("{{{{{name}}}}}"),
        meaning: t.get(format!("placeholder-{}", name.replace('.', "-"))),
    };
    page(
        status,
        &FormPage {
            count: SegmentCounter::of_template(text, &named, t),
            samples,
            action: id.map_or_else(
                || routes::InstantMessages.to_string(),
                |id| routes::InstantMessage(id).to_string(),
            ),
            title: t.get(if id.is_some() { "templates-edit" } else { "templates-new" }),
            base_version,
            copy: id
                .filter(|_| actor.may(Permission::MessageTemplateCreate))
                .map(|id| format!("{}?from={id}", routes::NewInstantMessage)),
            may_delete: id.is_some() && actor.may(Permission::MessageTemplateDelete),
            placeholders: PLACEHOLDERS.iter().map(placeholder).collect(),
            form: form.with_field_order(FIELDS),
            layout,
        },
    )
}

/// The placeholder values for a client of this name and the signed-in user.
fn sample(ctx: &Ctx, first: &str, last: &str) -> TemplateValues {
    let (user, tenant) = (&ctx.actor.user, &ctx.actor.tenant);
    TemplateValues {
        client_first_name: first.to_owned(),
        client_last_name: last.to_owned(),
        client_full_name: format!("{first} {last}").trim().to_owned(),
        user_first_name: user.name.first.clone(),
        user_full_name: user.name.full(),
        tenant_name: tenant.name.clone(),
    }
}
