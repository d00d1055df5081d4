//! Choosing the other client, and the two side by side.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::merges::{
    fields::{Row, rows},
    view::{CandidateView, ComparisonView, SuggestionView},
};
use crate::{
    domain::{ClientId, Permission, Problem, SearchTerms},
    error::Result,
    persistence::{ClientFilter, ClientSort, PageRequest},
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, Query, SignedIn},
            fields::Fields,
            form::{Form, form_or_error},
            routes,
            views::{ClientView, ListView},
        },
        ui::{
            i18n::I18n,
            layout::{Layout, initials, page},
        },
    },
};

/// As many as are found at once; who has more in mind types another letter.
const FOUND: PageRequest = PageRequest { page: 1, limit: 10 };

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
    /// Whether one of the two was changed since it was shown.
    stale: bool,
}

/// The way to the other client, or both side by side when it is named by `other_id`.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ClientId>,
    Query(query): Query,
) -> Result<Response> {
    let actor = &signed_in.actor;
    actor.require(Permission::ClientUpdate)?;
    actor.require(Permission::ClientDelete)?;
    let client = state.services.clients.get(actor, id).await?;
    let other = query.optional("other_id", |text| text.trim().parse().map_err(|_| Problem::NotFound));
    let shown = match other {
        Ok(None) if format == Format::Json => {
            let items = state.services.merges.suggestions(actor, &client).await?;
            let items = items.into_iter().map(SuggestionView::from).collect();
            return Ok(Json(ListView { items }).into_response());
        }
        Ok(None) => choose(&state, &signed_in, id, &query, StatusCode::OK, Form::default()).await,
        Ok(Some(other)) if format == Format::Json => {
            let [kept, lost] = state.services.merges.compare(actor, id, other).await?;
            return Ok(Json(ComparisonView { kept: kept.into(), lost: lost.into() }).into_response());
        }
        Ok(Some(other)) => compare(&state, &signed_in, id, other, StatusCode::OK, Form::default()).await,
        Err(error) => Err(error),
    };
    match shown {
        Ok(page) => Ok(page),
        Err(error) => {
            let render = |status, form| choose(&state, &signed_in, id, &query, status, form);
            form_or_error(error, format, &query, I18n::new(actor.locale()), render).await
        }
    }
}

/// The page on which the other client is chosen.
pub(super) async fn choose(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    query: &Fields,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let actor = &signed_in.actor;
    let client = state.services.clients.get(actor, id).await?;
    let suggestions = state.services.merges.suggestions(actor, &client).await?;
    let text = query.text_or_empty("q").to_owned();
    let terms = SearchTerms::parse(&text);
    let found = if terms.is_empty() {
        Vec::new()
    } else {
        let filter = ClientFilter { terms, ..ClientFilter::default() };
        let found = state.services.clients.list(actor, &filter, ClientSort::Name, FOUND).await?;
        found.items.into_iter().filter(|other| other.id != id).map(ClientView::from).collect()
    };
    page(
        status,
        &ChoosePage {
            layout: Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?,
            client: client.into(),
            suggestions: suggestions.into_iter().map(SuggestionView::from).collect(),
            query: text,
            found,
            form,
        },
    )
}

/// The two side by side, with the choices that were made so far.
pub(super) async fn compare(
    state: &AppState,
    signed_in: &SignedIn,
    kept: ClientId,
    lost: ClientId,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let [kept, lost] = state.services.merges.compare(&signed_in.actor, kept, lost).await?;
    let layout = Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?;
    let rows = rows(&kept.client, &lost.client, &form, &layout);
    let stale = status == StatusCode::CONFLICT;
    page(status, &ComparePage { layout, kept: kept.into(), lost: lost.into(), rows, stale })
}
