//! The page of an import: the mapping of columns, the result of the check, the progress and the
//! result.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{
        ClientId, ImportId, ImportState, Permission,
        table::{ClientColumn, DateOrder},
    },
    error::Result,
    presentation::{
        clients::{
            export::title,
            imports::view::{ImportView, conflicting_clients, error_messages},
        },
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::ImportPage,
};

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

/// An invalid row.
struct InvalidRow {
    /// The number of the row.
    row: String,
    /// The errors of the row.
    errors: String,
    /// The clients that have a value of the row already.
    clients: Vec<(ClientId, String)>,
}

/// Shows an import.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ImportId>) -> Result<Response> {
    if ctx.format == Format::Json {
        let import = ctx.services().imports.get(&ctx.actor, id).await?;
        return Ok(Json(ImportView::from(&import)).into_response());
    }
    let remap = ctx.query.text("columns").is_some();
    render(&ctx, id, remap, StatusCode::OK, Form::default()).await
}

/// Renders the page of an import with the problems of a form.
pub(super) async fn render(
    ctx: &Ctx,
    id: ImportId,
    remap: bool,
    status: StatusCode,
    form: Form,
) -> Result<Response> {
    let actor = &ctx.actor;
    let ImportPage { import, first_errors, frame } = ctx.services().imports.open(actor, id).await?;
    let layout = Layout::new(ctx, routes::Clients::PATTERN, frame);
    let i18n = layout.t;
    let flawed = |(row, flaws): (i64, Vec<_>)| InvalidRow {
        row: i18n.args("import-row-number", &[("row", row.into())]).into_owned(),
        errors: error_messages(&flaws, actor.tenant.country, i18n),
        clients: conflicting_clients(&flaws)
            .into_iter()
            .map(|client| (client, i18n.with("flaw-client", "id", client.to_string()).into_owned()))
            .collect(),
    };
    page(
        status,
        &ShowPage {
            form,
            import: ImportView::from(&import),
            state: i18n.get(format!("import-state-{}", import.state.as_str())).into_owned(),
            percent: import.percent(),
            stage: import.state,
            is_mapping: import.state == ImportState::Mapping
                || (remap && import.state == ImportState::Checked),
            may_update: actor.may(Permission::ClientUpdate),
            fields: ClientColumn::imported().map(|column| (column.as_str(), title(column, i18n))).collect(),
            orders: DateOrder::ALL.iter().map(|order| order.as_str()).collect(),
            invalid_rows: first_errors.into_iter().map(flawed).collect(),
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
