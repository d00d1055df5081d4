//! A client's page: its fields in sections, each edited in place, and its contacts.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::{
    merges::Likely,
    profile::{Choices, Profile, lead_to_owner, word},
    sections::{self, Section, filled},
};
use crate::{
    domain::{ClientId, ContactType},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, Ids, Query, SignedIn},
            form::Form,
            routes,
            views::ClientView,
        },
        ui::layout::{Layout, page},
    },
};

#[derive(Template)]
#[template(path = "clients/page.html")]
struct ShowPage {
    layout: Layout,
    profile: Profile,
    /// The section that is being edited; none is "".
    editing: &'static str,
    form: Form,
    /// What the editor of that section sees.
    seen: String,
    contact_form: Form,
    contact_types: Vec<(&'static str, String)>,
    choices: Choices,
    likely: Likely,
}

impl ShowPage {
    fn country(&self) -> Option<String> {
        let code = self.profile.client.country_code.as_deref()?;
        Some(word(self.layout.t, "country_code", code))
    }
}

/// What is open on the page.
pub(in crate::presentation) enum Open {
    /// Nothing; the form for a contact is there in any case.
    Contact(Form),
    /// A section.
    Section(Section, Form),
}

/// A client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    format: Format,
    Ids(id): Ids<ClientId>,
    Query(query): Query,
) -> Result<Response> {
    let client = ClientView::from(state.services.clients.get(&signed_in.actor, id).await?);
    if format == Format::Json {
        return Ok(([(header::ETAG, client.tag())], Json(client)).into_response());
    }
    let may_edit = signed_in.actor.may(crate::domain::Permission::ClientUpdate);
    let open = match Section::parse(query.typed("edit")).filter(|_| may_edit) {
        Some(section) => Open::Section(section, filled(&client.shown_in(signed_in.actor.tenant.country))),
        None => Open::Contact(Form::default()),
    };
    render(&state, &signed_in, id, StatusCode::OK, open).await
}

/// The page with what is open on it.
pub(in crate::presentation) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    status: StatusCode,
    open: Open,
) -> Result<Response> {
    let likely =
        Likely::of(state, signed_in, &state.services.clients.get(&signed_in.actor, id).await?).await?;
    let profile = Profile::of(state, signed_in, id, "general").await?;
    let layout = Layout::new(state, signed_in, crate::presentation::clients::NAME, None).await?;
    let (editing, mut form, mut contact_form) = match open {
        Open::Section(section, form) => (Some(section), form.in_order(section.fields()), Form::default()),
        Open::Contact(form) => (None, Form::default(), form.in_order(&["type", "value"])),
    };
    lead_to_owner(state, signed_in, &mut form).await?;
    lead_to_owner(state, signed_in, &mut contact_form).await?;
    let seen = editing.map(|section| sections::seen(&profile.client, section.fields()).to_field());
    let contact_type =
        |kind: ContactType| (kind.as_str(), layout.t.get(format!("contact-{}", kind.as_str())).into_owned());
    page(
        status,
        &ShowPage {
            editing: editing.map_or("", Section::as_str),
            form,
            seen: seen.unwrap_or_default(),
            contact_form,
            contact_types: ContactType::ALL.map(contact_type).to_vec(),
            choices: Choices::new(layout.t, signed_in.actor.tenant.country),
            likely,
            profile,
            layout,
        },
    )
}
