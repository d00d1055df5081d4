//! Choosing the other client, comparing both, and merging them.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};

use crate::{
    domain::{
        Client, ClientField, ClientFields, ClientId, Merge, MergeSide, Permission, Problem, SearchTerms,
    },
    error::{AppError, Result},
    presentation::{
        clients::{
            fields::display,
            merges::view::{CandidateView, ComparisonView, MergeView, SuggestionView},
            view::ClientView,
        },
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            page::ListView,
            routes,
        },
        ui::layout::{Layout, initials, page},
    },
    services::{Framed, MergeChoice, MergeRequest},
};

#[derive(Template)]
#[template(path = "clients/merges/choose.html")]
struct ChoosePage {
    layout: Layout,
    client: ClientView,
    suggestions: Vec<SuggestionView>,
    query: String,
    found: Vec<ClientView>,
    form: Form,
}

impl ChoosePage {
    fn initials(name: &str) -> String {
        initials(name)
    }
}

#[derive(Template)]
#[template(path = "clients/merges/compare.html")]
struct ComparePage {
    layout: Layout,
    kept: CandidateView,
    lost: CandidateView,
    rows: Vec<Row>,
    /// True if one of the clients was changed since it was shown.
    stale: bool,
}

/// Shows the choice of the other client, or with `other_id` both clients side by side.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    let actor = &ctx.actor;
    actor.require(Permission::ClientUpdate)?;
    actor.require(Permission::ClientDelete)?;
    let other = ctx.query.optional("other_id", |text| text.trim().parse().map_err(|_| Problem::NotFound));
    let shown = match other {
        Ok(None) if ctx.format == Format::Json => {
            let choice = ctx.services().merges.choose(actor, id, SearchTerms::default()).await?;
            let items = choice.suggestions.into_iter().map(SuggestionView::from).collect();
            return Ok(Json(ListView { items }).into_response());
        }
        Ok(None) => choose(&ctx, id, &ctx.query, StatusCode::OK, Form::default()).await,
        Ok(Some(other)) if ctx.format == Format::Json => {
            let [kept, lost] = ctx.services().merges.compare(actor, id, other).await?.content;
            return Ok(Json(ComparisonView { kept: kept.into(), lost: lost.into() }).into_response());
        }
        Ok(Some(other)) => compare(&ctx, id, other, StatusCode::OK, Form::default()).await,
        Err(error) => {
            // A client of another tenant is not found rather than the query invalid.
            ctx.services().clients.get(actor, id).await?;
            Err(error)
        }
    };
    match shown {
        Ok(page) => Ok(page),
        Err(error) => {
            let render = |status, form| choose(&ctx, id, &ctx.query, status, form);
            ctx.form_or_error(error, &ctx.query, render).await
        }
    }
}

/// Renders the page for choosing the other client.
pub(super) async fn choose(
    ctx: &Ctx,
    id: ClientId,
    query: &Fields,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let text = query.text_or_empty("q").to_owned();
    let choice = ctx.services().merges.choose(&ctx.actor, id, SearchTerms::parse(&text)).await?;
    let MergeChoice { client, suggestions, found, frame } = choice;
    page(
        status,
        &ChoosePage {
            layout: Layout::new(ctx, routes::Clients::PATTERN, frame),
            client: client.into(),
            suggestions: suggestions.into_iter().map(SuggestionView::from).collect(),
            query: text,
            found: found.into_iter().map(ClientView::from).collect(),
            form,
        },
    )
}

/// Renders both clients side by side, with the choices of the form.
pub(super) async fn compare(
    ctx: &Ctx,
    kept: ClientId,
    lost: ClientId,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let Framed { content: [kept, lost], frame } =
        ctx.services().merges.compare(&ctx.actor, kept, lost).await?;
    let layout = Layout::new(ctx, routes::Clients::PATTERN, frame);
    let rows = rows(&kept.client, &lost.client, &form, &layout);
    let stale = status == StatusCode::CONFLICT;
    page(status, &ComparePage { layout, kept: kept.into(), lost: lost.into(), rows, stale })
}

/// Merges the client `other_id` into this one. Each field names the client whose value remains,
/// `kept` or `lost`. `kept_seen` and `lost_seen` are the times of the clients' last changes; if a
/// client was changed since, the merge fails.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::EditConflict`], [`AppError::NotFound`], [`AppError::Forbidden`].
pub async fn submit(
    ctx: Ctx,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let error = match merge(&ctx, id, &fields).await {
        Ok(merge) => {
            return Ok(ctx.changed(&routes::Client(id).to_string(), &MergeView::from(merge)));
        }
        Err(error) => error,
    };
    if let (AppError::EditConflict, Format::Html, Some(other)) = (&error, ctx.format, other_id(&fields)) {
        let form = Form::of(&fields);
        return compare(&ctx, id, other, StatusCode::CONFLICT, form).await;
    }
    let nothing = Fields::default();
    let render = |status, form| choose(&ctx, id, &nothing, status, form);
    ctx.form_or_error(error, &fields, render).await
}

fn other_id(fields: &Fields) -> Option<ClientId> {
    fields.text("other_id")?.trim().parse().ok()
}

async fn merge(ctx: &Ctx, id: ClientId, fields: &Fields) -> Result<Merge> {
    let actor = &ctx.actor;
    actor.require(Permission::ClientUpdate)?;
    actor.require(Permission::ClientDelete)?;
    // The client is read before the fields, so that a client of another tenant is not found rather
    // than invalid.
    ctx.services().clients.get(actor, id).await?;
    let mut form = fields.reader();
    let other = form.required("other_id", |text| text.trim().parse().map_err(|_| Problem::NotFound));
    let mut choices = Vec::new();
    for field in ClientField::values() {
        choices.extend(form.optional(field.name(), str::parse).map(|side| (field, side)));
    }
    let seen_at =
        |name| fields.optional(name, |text| text.parse::<DateTime<Utc>>().map_err(|_| Problem::NotATime));
    let seen_at = (seen_at("kept_seen")?, seen_at("lost_seen")?);
    let merged = form.finish_all(other)?;
    let request = MergeRequest { survivor: id, merged, choices, last_seen: seen_at };
    ctx.services().merges.merge(actor, &request).await
}

/// A field of both clients.
struct Row {
    /// The field's name.
    field: &'static str,
    /// The survivor's value.
    kept: Option<String>,
    /// The merged client's value.
    lost: Option<String>,
    /// True if both values are the same, so that there is nothing to choose.
    same: bool,
    /// True if the merged client's value is selected.
    takes_lost: bool,
}

/// The fields that at least one of the clients has, with the choices of a rejected form or the
/// default ones.
fn rows(kept: &Client, lost: &Client, form: &Form, layout: &Layout) -> Vec<Row> {
    let (kept, lost) = (kept.data(), lost.data());
    let row = |field: ClientField| {
        let by_default = MergeSide::by_default(field, kept, lost);
        let chosen = form.value(field.name()).parse().unwrap_or(by_default);
        Row {
            field: field.name(),
            kept: shown(field, kept, layout),
            lost: shown(field, lost, layout),
            same: kept.is_same(field, lost),
            takes_lost: chosen == MergeSide::Merged,
        }
    };
    ClientField::values().map(row).filter(|row| row.kept.is_some() || row.lost.is_some()).collect()
}

/// The value of a field in the form shown on pages.
fn shown(field: ClientField, of: &ClientFields, layout: &Layout) -> Option<String> {
    match field {
        ClientField::PassportNumber => of.passport().map(|passport| {
            let parts = [passport.series(), Some(passport.number())];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }),
        ClientField::Pin => of.pin().map(|pin| format!("{} ({})", pin.value(), pin.country().code())),
        field => of.get(field).map(|value| display(field, value, layout)),
    }
}
