//! API keys: the list, creating and revoking one.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;

use crate::{
    domain::{ApiToken, PermissionSet, Problem, TokenId},
    error::Result,
    persistence::PageRequest,
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            page::PageView,
            routes,
        },
        identity::{roles::PermissionChoice, view::ApiKeyView},
        ui::layout::{Layout, page},
    },
    services::{NewApiKey, TOKEN_LIFETIME},
};

/// The number of keys on a page.
const ON_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "identity/api_keys.html")]
struct ApiKeysPage {
    layout: Layout,
    list: PageView<ApiKeyView>,
    form: Form,
    /// The key that was just created, which is shown once.
    created: Option<String>,
    /// The roles that a service account can have; empty for those who make only own keys.
    roles: Vec<(String, Cow<'static, str>)>,
    permissions: Vec<PermissionChoice>,
}

/// Lists a page of the API keys.
///
/// # Errors
/// [`crate::error::AppError::Invalid`] for a page that is no number.
pub async fn list(ctx: Ctx) -> Result<Response> {
    let request = ctx.query.page_request(ON_PAGE)?;
    if ctx.format == Format::Json {
        let found = ctx.services().identity.api_keys(&ctx.actor, request).await?;
        return Ok(Json(PageView::of(found.content.keys, ApiKeyView::from)).into_response());
    }
    render(&ctx, StatusCode::OK, request, Form::default(), None).await
}

async fn render(
    ctx: &Ctx,
    status: StatusCode,
    request: PageRequest,
    form: Form,
    created: Option<String>,
) -> Result<Response> {
    let found = ctx.services().identity.api_keys(&ctx.actor, request).await?;
    let list = PageView::of(found.content.keys, ApiKeyView::from);
    let layout = Layout::new(ctx, routes::Account::PATTERN, found.frame);
    let roles = found.content.roles.map_or(Vec::new(), |own| super::roles::choices(own, layout.t));
    let permissions = PermissionChoice::all(layout.t, PermissionSet::default(), ctx.actor.user.permissions);
    page(status, &ApiKeysPage { layout, list, form, created, roles, permissions })
}

/// Creates a key, which is in the answer once.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn create(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let first = PageRequest { page: 1, limit: ON_PAGE };
    let created = async {
        let new = parse(&ctx, &fields).await?;
        ctx.services().identity.create_api_key(&ctx.actor, new).await
    };
    let created = match created.await {
        Ok(created) => created,
        Err(error) => {
            let render = |status, form| render(&ctx, status, first, form, None);
            return ctx.form_or_error(error, &fields, render).await;
        }
    };
    let token = created.token.expose_secret().to_owned();
    if ctx.format == Format::Html {
        return render(&ctx, StatusCode::CREATED, first, Form::default(), Some(token)).await;
    }
    let location = routes::ApiKey(created.key.id).to_string();
    let view = ApiKeyView { token: Some(token), ..created.key.into() };
    Ok(ctx.created(&location, &location, &view))
}

async fn parse(ctx: &Ctx, fields: &Fields) -> Result<NewApiKey> {
    let mut form = fields.reader();
    let name = form.required("name", ApiToken::parse_name);
    let days = form.check("expires_in", fields.number("expires_in", TOKEN_LIFETIME.num_days(), 1, 3650));
    let permissions = form.check("permissions", permissions(fields));
    let (name, days, permissions) =
        form.finish_all(name.zip(days).zip(permissions).map(|((a, b), c)| (a, b, c)))?;
    let service = match fields.text("role").filter(|role| !role.trim().is_empty()) {
        Some(role) => Some(ctx.services().team.role(&ctx.actor, role).await?),
        None => None,
    };
    let lifetime = TimeDelta::try_days(days).unwrap_or_default();
    Ok(NewApiKey { name, service, permissions, lifetime })
}

/// The chosen permissions; `None` if none is chosen, which means all of the user.
fn permissions(fields: &Fields) -> Result<Option<PermissionSet>, Problem> {
    let names = fields.texts("permissions")?.unwrap_or_default();
    if names.is_empty() { Ok(None) } else { PermissionSet::parse(names).map(Some) }
}

/// Revokes a key.
///
/// # Errors
/// [`crate::error::AppError::NotFound`].
pub async fn revoke(ctx: Ctx, PathIds(id): PathIds<TokenId>) -> Result<Response> {
    ctx.services().identity.revoke_api_key(&ctx.actor, id).await?;
    Ok(ctx.deleted(routes::ApiKeys::PATTERN))
}
