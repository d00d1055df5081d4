//! A client's page: its fields in sections, each edited in place, and its contacts.

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::presentation::clients::{
    merges::DuplicateSuggestions,
    profile::{Choices, Profile, display_value, link_conflicting_client},
    sections::{self, Section, filled},
};
use crate::{
    domain::{ClientId, ContactType},
    error::Result,
    presentation::{
        AppState,
        http::{
            extract::{Format, PathIds, Query, SignedIn},
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
    base_version: String,
    contact_form: Form,
    contact_types: Vec<(&'static str, String)>,
    choices: Choices,
    duplicates: DuplicateSuggestions,
}

impl ShowPage {
    fn country(&self) -> Option<String> {
        let code = self.profile.client.country_code.as_deref()?;
        Some(display_value(self.layout.t, "country_code", code))
    }
}

/// What is open on the page.
pub(in crate::presentation) enum OpenForm {
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
    PathIds(id): PathIds<ClientId>,
    Query(query): Query,
) -> Result<Response> {
    let client = ClientView::from(state.services.clients.get(&signed_in.actor, id).await?);
    if format == Format::Json {
        return Ok(([(header::ETAG, client.tag())], Json(client)).into_response());
    }
    let may_edit = signed_in.actor.may(crate::domain::Permission::ClientUpdate);
    let open = match Section::parse(query.text_or_empty("edit")).filter(|_| may_edit) {
        Some(section) => OpenForm::Section(section, filled(&client.shown_in(signed_in.actor.tenant.country))),
        None => OpenForm::Contact(Form::default()),
    };
    render(&state, &signed_in, id, StatusCode::OK, open).await
}

/// The page with what is open on it.
pub(in crate::presentation) async fn render(
    state: &AppState,
    signed_in: &SignedIn,
    id: ClientId,
    status: StatusCode,
    open: OpenForm,
) -> Result<Response> {
    let duplicates =
        DuplicateSuggestions::of(state, signed_in, &state.services.clients.get(&signed_in.actor, id).await?)
            .await?;
    let profile = Profile::of(state, signed_in, id, "general").await?;
    let layout = Layout::new(state, signed_in, routes::Clients::PATTERN, None).await?;
    let (editing, mut form, mut contact_form) = match open {
        OpenForm::Section(section, form) => {
            (Some(section), form.with_field_order(section.fields()), Form::default())
        }
        OpenForm::Contact(form) => (None, Form::default(), form.with_field_order(&["type", "value"])),
    };
    link_conflicting_client(state, signed_in, &mut form).await?;
    link_conflicting_client(state, signed_in, &mut contact_form).await?;
    let base_version =
        editing.map(|section| sections::base_version(&profile.client, section.fields()).to_field());
    let contact_type =
        |kind: ContactType| (kind.as_str(), layout.t.get(format!("contact-{}", kind.as_str())).into_owned());
    page(
        status,
        &ShowPage {
            editing: editing.map_or("", Section::as_str),
            form,
            base_version: base_version.unwrap_or_default(),
            contact_form,
            contact_types: ContactType::ALL.map(contact_type).to_vec(),
            choices: Choices::new(layout.t, signed_in.actor.tenant.country),
            duplicates,
            profile,
            layout,
        },
    )
}
