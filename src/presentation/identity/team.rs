//! The team of a workspace: its users, their roles, and invitations.

use std::borrow::Cow;

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    domain::{AccessLinkId, Email, PersonName, Role, UserId},
    error::Result,
    persistence::PageRequest,
    presentation::{
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::{Fields, parse_bool},
            form::Form,
            page::PageView,
            routes,
        },
        identity::{
            roles::choices,
            view::{InvitationView, UserView},
        },
        ui::layout::{Layout, page},
    },
    services::{MemberChanges, TeamInvitation},
};

/// The number of users on a page.
const ON_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "identity/team.html")]
struct TeamPage {
    layout: Layout,
    list: PageView<UserView>,
    invitations: Vec<InvitationView>,
    roles: Vec<(String, Cow<'static, str>)>,
    form: Form,
    /// An address that was just created and is shown once, with the user that it is for.
    link: Option<(String, String)>,
    me: UserId,
}

impl TeamPage {
    /// The name of a role as pages show it.
    fn role_name(&self, role: &str) -> String {
        let built_in = Role::ALL.iter().any(|known| known.as_str() == role);
        if built_in { self.layout.t.get(format!("role-{role}")).into_owned() } else { role.to_owned() }
    }
}

/// Lists a page of the users.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`].
pub async fn list(ctx: Ctx) -> Result<Response> {
    let request = ctx.query.page_request(if ctx.format == Format::Json { 25 } else { ON_PAGE })?;
    if ctx.format == Format::Json {
        let team = ctx.services().team.list(&ctx.actor, request).await?.content;
        return Ok(Json(PageView::of(team.users, UserView::from)).into_response());
    }
    render(&ctx, StatusCode::OK, request, new_invitation(), None).await
}

async fn render(
    ctx: &Ctx,
    status: StatusCode,
    request: PageRequest,
    form: Form,
    link: Option<(String, String)>,
) -> Result<Response> {
    let found = ctx.services().team.list(&ctx.actor, request).await?;
    let layout = Layout::new(ctx, routes::Account::PATTERN, found.frame);
    let team = found.content;
    let page_of_team = TeamPage {
        list: PageView::of(team.users, UserView::from),
        invitations: team.invitations.into_iter().map(|link| InvitationView::new(link, None)).collect(),
        roles: choices(team.roles, layout.t),
        form,
        link,
        me: ctx.actor.user.id,
        layout,
    };
    page(status, &page_of_team)
}

/// Invites a user. The address of the invitation is in the answer once.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`].
pub async fn invite(ctx: Ctx, BodyFields(fields): BodyFields) -> Result<Response> {
    let first = PageRequest { page: 1, limit: ON_PAGE };
    match send_invitation(&ctx, &fields).await {
        Ok(TeamInvitation { link, token }) => {
            let url =
                routes::access_link(&ctx.state.services.dependencies().public_url, token.expose_secret());
            if ctx.format == Format::Html {
                let shown = Some((link.email.as_str().to_owned(), url));
                return render(&ctx, StatusCode::CREATED, first, new_invitation(), shown).await;
            }
            let location = routes::TeamInvitation(link.id).to_string();
            Ok(ctx.created(&location, &location, &InvitationView::new(link, Some(url))))
        }
        Err(error) => {
            let render = |status, form| render(&ctx, status, first, form, None);
            ctx.form_or_error(error, &fields, render).await
        }
    }
}

/// The form of an invitation before it is filled in. The role of most colleagues is chosen, and not the first of the list.
fn new_invitation() -> Form {
    Form::filled([("role", Some(Role::Agent.as_str().to_owned()))])
}

async fn send_invitation(ctx: &Ctx, fields: &Fields) -> Result<TeamInvitation> {
    let mut form = fields.reader();
    let email = form.required("email", Email::parse);
    let role = form.required("role", |text| Ok(text.to_owned()));
    let first = form.optional("first_name", PersonName::parse_first);
    let last = form.optional("last_name", PersonName::parse_last);
    let (email, role) = form.finish_all(email.zip(role))?;
    let name = first.map(|first| PersonName { first, last: last.flatten() });
    let role = ctx.services().team.role(&ctx.actor, &role).await?;
    ctx.services().team.invite(&ctx.actor, &email, name, role).await
}

/// Withdraws an invitation.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn withdraw(ctx: Ctx, PathIds(id): PathIds<AccessLinkId>) -> Result<Response> {
    ctx.services().team.withdraw(&ctx.actor, id).await?;
    Ok(ctx.deleted(routes::Team::PATTERN))
}

/// Shows a user; browsers are led to the page of the team.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<UserId>) -> Result<Response> {
    let account = ctx.services().team.member(&ctx.actor, id).await?;
    if ctx.format == Format::Json {
        return Ok(Json(UserView::from(account)).into_response());
    }
    Ok(Redirect::to(routes::Team::PATTERN).into_response())
}

/// Changes the role of a user, or disables or enables the user.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`], [`crate::error::AppError::Invalid`].
pub async fn update(
    ctx: Ctx,
    PathIds(id): PathIds<UserId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    let changed = async {
        let role = match fields.optional("role", |text| Ok(text.to_owned()))? {
            Some(role) => Some(ctx.services().team.role(&ctx.actor, &role).await?),
            None => None,
        };
        let disabled = fields.optional("disabled", parse_bool)?;
        ctx.services().team.change(&ctx.actor, id, &MemberChanges { role, disabled }).await
    };
    match changed.await {
        Ok(account) => Ok(ctx.changed(routes::Team::PATTERN, &UserView::from(account))),
        Err(error) => {
            let first = PageRequest { page: 1, limit: ON_PAGE };
            ctx.form_or_error(error, &fields, |status, form| render(&ctx, status, first, form, None)).await
        }
    }
}

/// Creates a link by which a user sets a new password; it is in the answer once.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn reset_link(ctx: Ctx, PathIds(id): PathIds<UserId>) -> Result<Response> {
    let email = ctx.services().team.member(&ctx.actor, id).await?.user.email;
    let token = ctx.services().team.reset_link(&ctx.actor, id).await?;
    let url = routes::access_link(&ctx.state.services.dependencies().public_url, token.expose_secret());
    if ctx.format == Format::Json {
        return Ok(
            (StatusCode::CREATED, Json(json!({ "email": email.as_str(), "url": url }))).into_response()
        );
    }
    let first = PageRequest { page: 1, limit: ON_PAGE };
    render(&ctx, StatusCode::CREATED, first, new_invitation(), Some((email.as_str().to_owned(), url))).await
}

/// Removes the second factor of a user, whose sessions end.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn reset_two_factor(ctx: Ctx, PathIds(id): PathIds<UserId>) -> Result<Response> {
    ctx.services().team.reset_two_factor(&ctx.actor, id).await?;
    Ok(ctx.deleted(routes::Team::PATTERN))
}
