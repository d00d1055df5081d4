//! A client's contacts.

use axum::{
    Json,
    response::{IntoResponse as _, Redirect, Response},
};

use crate::{
    domain::{ClientId, Contact, ContactId, ContactType, ContactValue, Permission},
    error::Result,
    presentation::{
        clients::{
            page::{OpenForm, render},
            view::ContactView,
        },
        http::{
            context::Ctx,
            extract::{BodyFields, Format, PathIds},
            fields::Fields,
            page::ListView,
            routes,
        },
    },
};

/// Lists all contacts; browsers are redirected to the client's page.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn list(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    let client = ctx.services().clients.get(&ctx.actor, id).await?;
    Ok(match ctx.format {
        Format::Json => {
            Json(ListView { items: client.contacts.into_iter().map(ContactView::from).collect() })
                .into_response()
        }
        Format::Html => Redirect::to(&routes::Client(id).to_string()).into_response(),
    })
}

/// Adds a contact.
///
/// # Errors
/// [`crate::error::AppError::Invalid`], [`crate::error::AppError::Conflict`], [`crate::error::AppError::NotFound`],
/// [`crate::error::AppError::Forbidden`].
pub async fn create(
    ctx: Ctx,
    PathIds(id): PathIds<ClientId>,
    BodyFields(fields): BodyFields,
) -> Result<Response> {
    match add(&ctx, id, &fields).await {
        Ok(contact) => {
            let path = routes::Contact(id, contact.id).to_string();
            Ok(ctx.created(&path, &routes::Client(id).to_string(), &ContactView::from(contact)))
        }
        Err(error) => {
            ctx.form_or_error(error, &fields, |status, form| {
                render(&ctx, id, status, OpenForm::Contact(form))
            })
            .await
        }
    }
}

async fn add(ctx: &Ctx, id: ClientId, fields: &Fields) -> Result<Contact> {
    let actor = &ctx.actor;
    actor.require(Permission::ClientUpdate)?;
    ctx.services().clients.get(actor, id).await?;
    let mut form = fields.reader();
    let kind = form.required("type", str::parse::<ContactType>);
    let value = form.required("value", |text| {
        kind.map(|kind| ContactValue::parse(kind, text, actor.tenant.country)).transpose()
    });
    let value = form.finish_all(value.flatten())?;
    ctx.services().clients.add_contact(actor, id, &value).await
}

/// Removes a contact.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn delete(ctx: Ctx, PathIds((id, contact)): PathIds<(ClientId, ContactId)>) -> Result<Response> {
    ctx.services().clients.remove_contact(&ctx.actor, id, contact).await?;
    Ok(ctx.deleted(&routes::Client(id).to_string()))
}
