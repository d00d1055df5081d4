//! The pairs of clients that may be one person, and dismissing a pair.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{ClientId, Merge, Permission, Problem},
    error::Result,
    presentation::{
        clients::merges::view::{MergeView, PairView, SuggestionView},
        http::{
            context::Ctx,
            extract::{BodyFields, Format},
            page::PageView,
            routes,
        },
        ui::layout::{Layout, initials, page},
    },
    services::{Actor, DuplicateSuggestion, Framed},
};

#[derive(Template)]
#[template(path = "clients/merges/duplicates.html")]
struct PairsPage {
    layout: Layout,
    list: PageView<PairView>,
    may_dismiss: bool,
    may_merge: bool,
}

impl PairsPage {
    fn initials(name: &str) -> String {
        initials(name)
    }
}

/// Lists a page of pairs, the strongest match first.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn show(ctx: Ctx) -> Result<Response> {
    let found = ctx.services().merges.duplicate_pairs(&ctx.actor, ctx.query.page_request(25)?).await?;
    let Framed { content: found, frame } = found;
    let list = PageView::of(found, |(first, suggestion)| {
        let SuggestionView { client, reasons } = suggestion.into();
        PairView { first: first.into(), second: client, reasons }
    });
    if ctx.format == Format::Json {
        return Ok(Json(list).into_response());
    }
    let may = |permission| ctx.actor.may(permission);
    let may_dismiss = may(Permission::ClientUpdate);
    let may_merge = may_dismiss && may(Permission::ClientDelete);
    let layout = Layout::new(&ctx, routes::Clients::PATTERN, frame);
    page(StatusCode::OK, &PairsPage { layout, list, may_dismiss, may_merge })
}

/// The possible duplicates of a client, and the merges into it.
pub struct DuplicateSuggestions {
    /// The clients that may be the same person.
    pub suggestions: Vec<SuggestionView>,
    /// The merges that can be undone.
    pub merges: Vec<MergeView>,
    /// True if the user may dismiss a pair.
    pub may_dismiss: bool,
    /// True if the user may merge clients and undo merges.
    pub may_merge: bool,
}

impl DuplicateSuggestions {
    /// Creates the view for a user.
    pub fn new(actor: &Actor, suggestions: Vec<DuplicateSuggestion>, merges: Vec<Merge>) -> Self {
        let may_dismiss = actor.may(Permission::ClientUpdate);
        Self {
            suggestions: suggestions.into_iter().map(SuggestionView::from).collect(),
            merges: merges.into_iter().map(MergeView::from).collect(),
            may_dismiss,
            may_merge: may_dismiss && actor.may(Permission::ClientDelete),
        }
    }

    /// The initials of a client, shown in place of a picture.
    pub fn initials(name: &str) -> String {
        initials(name)
    }
}

/// Dismisses the pair of `client_id` and `other_id` for good.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn dismiss(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    ctx.actor.require(Permission::ClientUpdate)?;
    let mut form = fields.reader();
    let id = |text: &str| text.trim().parse::<ClientId>().map_err(|_| Problem::NotFound);
    let (one, other) = (form.required("client_id", id), form.required("other_id", id));
    let (one, other) = form.finish_all(one.zip(other))?;
    ctx.services().merges.dismiss(&ctx.actor, one, other).await?;
    // Browsers return to the page that they came from: the client's or the list of pairs.
    let on = match fields.text_or_empty("back") {
        "client" => routes::Client(one).to_string(),
        _ => routes::Duplicates.to_string(),
    };
    Ok(ctx.deleted(&on))
}
