//! The roles of a workspace: the built-in ones, and those that it makes itself.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use crate::{
    domain::{NewRole, OwnRole, Permission, PermissionSet, Problem, Role, RoleId},
    error::{AppError, Conflict, Result},
    persistence::{Page, PageRequest},
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            form::Form,
            page::PageView,
            routes,
        },
        identity::view::RoleView,
        ui::{
            i18n::I18n,
            layout::{Layout, page},
        },
    },
    services::Framed,
};

/// A permission in a form.
pub(super) struct PermissionChoice {
    pub(super) name: &'static str,
    pub(super) meaning: Cow<'static, str>,
    pub(super) is_chosen: bool,
    /// False for a permission that the user has not, and can't give.
    pub(super) may_give: bool,
}

impl PermissionChoice {
    /// All permissions with a sentence for each.
    pub(super) fn all(t: I18n, chosen: PermissionSet, own: PermissionSet) -> Vec<Self> {
        let choice = |permission: &Permission| {
            let name = permission.as_str();
            Self {
                name,
                meaning: t.get(format!("permission-{}", name.replace('.', "-").to_lowercase())),
                is_chosen: chosen.contains(*permission),
                may_give: own.contains(*permission),
            }
        };
        Permission::ALL.iter().map(choice).collect()
    }
}

#[derive(Template)]
#[template(path = "identity/roles.html")]
struct RolesPage {
    layout: Layout,
    built_in: Vec<(Cow<'static, str>, Vec<PermissionChoice>)>,
    roles: Vec<(RoleId, String, String)>,
    form: Form,
    permissions: Vec<PermissionChoice>,
}

#[derive(Template)]
#[template(path = "identity/role.html")]
struct RolePage {
    layout: Layout,
    id: RoleId,
    title: String,
    form: Form,
    permissions: Vec<PermissionChoice>,
    users: i64,
}

/// The roles to choose from, by the text that a form sends, with the names of pages.
pub(super) fn choices(own: Vec<OwnRole>, t: I18n) -> Vec<(String, Cow<'static, str>)> {
    Role::ALL
        .into_iter()
        .map(|role| (role.as_str().to_owned(), t.get(format!("role-{}", role.as_str()))))
        .chain(own.into_iter().map(|role| (role.id.to_string(), role.name.into())))
        .collect()
}

/// Lists all roles.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(ctx: Ctx) -> Result<Response> {
    if ctx.format == Format::Json {
        let own = ctx.services().team.roles(&ctx.actor).await?.content;
        let items: Vec<_> =
            Role::ALL.into_iter().map(RoleView::from).chain(own.into_iter().map(RoleView::from)).collect();
        let (total, limit) =
            (i64::try_from(items.len()).unwrap_or(i64::MAX), i64::try_from(items.len()).unwrap_or(i64::MAX));
        let page = Page { items, request: PageRequest { page: 1, limit }, total };
        return Ok(Json(PageView::of(page, |role| role)).into_response());
    }
    render_list(&ctx, StatusCode::OK, Form::default(), PermissionSet::default()).await
}

async fn render_list(ctx: &Ctx, status: StatusCode, form: Form, chosen: PermissionSet) -> Result<Response> {
    let found = ctx.services().team.roles(&ctx.actor).await?;
    let layout = Layout::new(ctx, routes::Account::PATTERN, found.frame);
    let (t, own) = (layout.t, ctx.actor.user.permissions);
    let built_in = |role: Role| {
        let all = PermissionChoice::all(t, role.permissions(), own);
        (
            t.get(format!("role-{}", role.as_str())),
            all.into_iter().filter(|choice| choice.is_chosen).collect(),
        )
    };
    let roles = found
        .content
        .into_iter()
        .map(|role| (role.id, role.name, t.count("role-users", role.users).into_owned()))
        .collect();
    let page_of_roles = RolesPage {
        built_in: Role::ALL.into_iter().map(built_in).collect(),
        roles,
        form,
        permissions: PermissionChoice::all(t, chosen, own),
        layout,
    };
    page(status, &page_of_roles)
}

/// Creates a role.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Conflict`].
pub async fn create(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let created = async {
        let new = parse(&fields, None)?;
        ctx.services().team.create_role(&ctx.actor, &new).await
    };
    match created.await {
        Ok(role) => {
            let location = routes::Role(role.id).to_string();
            Ok(ctx.created(&location, routes::Roles::PATTERN, &RoleView::from(role)))
        }
        Err(error) => {
            let chosen = chosen(&fields).ok().flatten().unwrap_or_default();
            ctx.form_or_error(error, &fields, |status, form| render_list(&ctx, status, form, chosen)).await
        }
    }
}

/// Shows a role.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<RoleId>) -> Result<Response> {
    if let Some(role) = built_in(id) {
        ctx.actor.require(Permission::UserManage)?;
        return match ctx.format {
            Format::Json => Ok(Json(RoleView::from(role)).into_response()),
            Format::Html => {
                render_list(&ctx, StatusCode::OK, Form::default(), PermissionSet::default()).await
            }
        };
    }
    let Framed { content: role, frame } = ctx.services().team.own_role(&ctx.actor, id).await?;
    if ctx.format == Format::Json {
        return Ok(Json(RoleView::from(role)).into_response());
    }
    let layout = Layout::new(&ctx, routes::Account::PATTERN, frame);
    let (form, chosen) = (Form::filled([("name", Some(role.name.clone()))]), role.permissions);
    render(&ctx, layout, StatusCode::OK, role, form, chosen)
}

fn render(
    ctx: &Ctx,
    layout: Layout,
    status: StatusCode,
    role: OwnRole,
    form: Form,
    chosen: PermissionSet,
) -> Result<Response> {
    let permissions = PermissionChoice::all(layout.t, chosen, ctx.actor.user.permissions);
    page(status, &RolePage { layout, id: role.id, title: role.name, form, permissions, users: role.users })
}

/// Renders the page of a role again, with the problems of the form.
async fn render_again(
    ctx: &Ctx,
    status: StatusCode,
    role: OwnRole,
    form: Form,
    chosen: PermissionSet,
) -> Result<Response> {
    let layout = Layout::load(ctx, routes::Account::PATTERN).await?;
    render(ctx, layout, status, role, form, chosen)
}

/// Changes the fields of a role that are sent.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; [`AppError::Conflict`] for a built-in role, and if
/// another role has the name.
pub async fn update(
    ctx: Ctx,
    PathIds(id): PathIds<RoleId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    refuse_built_in(&ctx, id)?;
    let before = ctx.services().team.own_role(&ctx.actor, id).await?.content;
    let changed = async {
        let new = parse(&fields, Some(&before))?;
        ctx.services().team.update_role(&ctx.actor, id, &new).await
    };
    match changed.await {
        Ok(role) => Ok(ctx.changed(routes::Roles::PATTERN, &RoleView::from(role))),
        Err(error) => {
            let chosen = chosen(&fields).ok().flatten().unwrap_or(before.permissions);
            let render = |status, form| render_again(&ctx, status, before, form, chosen);
            ctx.form_or_error(error, &fields, render).await
        }
    }
}

/// Deletes a role that nobody has.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] for a built-in role, and if a user has it.
pub async fn delete(ctx: Ctx, PathIds(id): PathIds<RoleId>) -> Result<Response> {
    refuse_built_in(&ctx, id)?;
    ctx.services().team.delete_role(&ctx.actor, id).await?;
    Ok(ctx.deleted(routes::Roles::PATTERN))
}

fn built_in(id: RoleId) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.number() == id)
}

fn refuse_built_in(ctx: &Ctx, id: RoleId) -> Result<()> {
    ctx.actor.require(Permission::UserManage)?;
    if built_in(id).is_some() { Err(AppError::Conflict(Conflict::default())) } else { Ok(()) }
}

fn chosen(fields: &Fields) -> Result<Option<PermissionSet>, Problem> {
    fields.texts("permissions")?.map(PermissionSet::parse).transpose()
}

fn parse(fields: &Fields, before: Option<&OwnRole>) -> Result<NewRole> {
    let mut form = fields.reader();
    let name = match before {
        Some(role) => form.patch("name", role.name.clone(), Err(Problem::Required), NewRole::parse_name),
        None => form.required("name", NewRole::parse_name),
    };
    let kept = before.map(|role| role.permissions);
    let permissions = chosen(fields).and_then(|chosen| chosen.or(kept).ok_or(Problem::Required));
    let permissions = form.check("permissions", permissions);
    form.finish_all(name.zip(permissions).map(|(name, permissions)| NewRole { name, permissions }))
}
