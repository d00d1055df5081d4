//! An import: what its columns mean, what the check found, how far it is, what came of it.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::imports::view::{ImportView, conflicting_clients, error_messages};
use crate::{
    domain::{
        ClientId, Import, ImportId, ImportState, Permission,
        table::{ClientColumn, DateOrder},
    },
    error::Result,
    presentation::{
        AppState,
        clients::export::title,
        http::{
            extract::{Format, PathIds, Query, SignedIn},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
};

/// Rows with something wrong that the page names; the file names all.
const MAX_INVALID_ROWS: i64 = 20;

#[derive(Template)]
#[template(path = "clients/imports/page.html")]
struct ShowPage {
    layout: Layout,
    form: Form,
    import: ImportView,
    state: String,
    percent: i64,
    progress: String,
    stage: ImportState,
    is_mapping: bool,
    may_update: bool,
    fields: Vec<(&'static str, String)>,
    orders: Vec<&'static str>,
    invalid_rows: Vec<InvalidRow>,
}

/// A row with something wrong.
struct InvalidRow {
    /// Which one.
    row: String,
    /// What it is.
    errors: String,
    /// Those who have already what it says.
    clients: Vec<(ClientId, String)>,
}

/// Shows an import.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    PathIds(id): PathIds<ImportId>,
    Query(query): Query,
) -> Result<Response> {
    let import = state.services.imports.get(&signed_in.actor, id).await?;
    if format == Format::Json {
        return Ok(Json(ImportView::from(&import)).into_response());
    }
    let remap = query.text("columns").is_some();
    render(&state, &signed_in, &import, remap, StatusCode::OK, Form::default()).await
}

/// The page of an import, with what was wrong with a form.
pub(super) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    import: &Import,
    remap: bool,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let layout = Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?;
    let i18n = layout.t;
    let actor = &signed_in.actor;
    let flaws = state.services.imports.first_errors(actor, import.id, MAX_INVALID_ROWS).await?;
    let flawed = |(row, flaws): (i64, Vec<_>)| InvalidRow {
        row: i18n.args("import-row-number", &[("row", row.into())]).into_owned(),
        errors: error_messages(&flaws, i18n),
        clients: conflicting_clients(&flaws)
            .into_iter()
            .map(|client| (client, i18n.with("flaw-client", "id", client.to_string()).into_owned()))
            .collect(),
    };
    page(
        status,
        &ShowPage {
            form,
            import: ImportView::from(import),
            state: i18n.get(format!("import-state-{}", import.state.as_str())).into_owned(),
            percent: import.percent(),
            stage: import.state,
            is_mapping: import.state == ImportState::Mapping
                || (remap && import.state == ImportState::Checked),
            may_update: actor.may(Permission::ClientUpdate),
            fields: ClientColumn::imported().map(|column| (column.as_str(), title(column, i18n))).collect(),
            orders: DateOrder::ALL.iter().map(|order| order.as_str()).collect(),
            invalid_rows: flaws.into_iter().map(flawed).collect(),
            progress: i18n
                .args(
                    "import-progress",
                    &[("position", import.position.into()), ("total", import.total.into())],
                )
                .into_owned(),
            layout,
        },
    )
}
