//! An import: what its columns mean, what the check found, how far it is, what came of it.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::imports::view::{ImportView, in_the_way, sentences};
use crate::{
    domain::{
        ClientId, Import, ImportId, ImportState, Permission,
        table::{ClientColumn, DateOrder},
    },
    error::Result,
    presentation::{
        AppState, clients,
        clients::export::title,
        http::{
            extract::{Format, Ids, Query, SignedIn},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
};

/// Rows with something wrong that the page names; the file names all.
const SHOWN: i64 = 20;

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
    maps: bool,
    may_update: bool,
    fields: Vec<(&'static str, String)>,
    orders: Vec<&'static str>,
    flaws: Vec<FlawedRow>,
}

/// A row with something wrong.
struct FlawedRow {
    /// Which one.
    row: String,
    /// What it is.
    wrong: String,
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
    Ids(id): Ids<ImportId>,
    Query(query): Query,
) -> Result<Response> {
    let import = state.services.imports.get(&signed_in.actor, id).await?;
    if format == Format::Json {
        return Ok(Json(ImportView::from(&import)).into_response());
    }
    let again = query.text("columns").is_some();
    render(&state, &signed_in, &import, again, StatusCode::OK, Form::default()).await
}

/// The page of an import, with what was wrong with a form.
pub(super) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    import: &Import,
    again: bool,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let layout = Layout::new(state, signed_in, clients::NAME, None).await?;
    let texts = layout.t;
    let actor = &signed_in.actor;
    let flaws = state.services.imports.first_flaws(actor, import.id, SHOWN).await?;
    let flawed = |(row, flaws): (i64, Vec<_>)| FlawedRow {
        row: texts.args("import-row-number", &[("row", row.into())]).into_owned(),
        wrong: sentences(&flaws, texts),
        clients: in_the_way(&flaws)
            .into_iter()
            .map(|client| (client, texts.with("flaw-client", "id", client.to_string()).into_owned()))
            .collect(),
    };
    page(
        status,
        &ShowPage {
            form,
            import: ImportView::from(import),
            state: texts.get(format!("import-state-{}", import.state.as_str())).into_owned(),
            percent: import.percent(),
            stage: import.state,
            maps: import.state == ImportState::Mapping || (again && import.state == ImportState::Checked),
            may_update: actor.may(Permission::ClientUpdate),
            fields: ClientColumn::imported().map(|column| (column.as_str(), title(column, texts))).collect(),
            orders: DateOrder::ALL.iter().map(|order| order.as_str()).collect(),
            flaws: flaws.into_iter().map(flawed).collect(),
            progress: texts
                .args(
                    "import-progress",
                    &[("position", import.position.into()), ("total", import.total.into())],
                )
                .into_owned(),
            layout,
        },
    )
}
