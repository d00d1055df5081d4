//! The page of a client: its fields in sections, each of which is edited in place, and its
//! contacts.

use askama::Template;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::TypedHeader;

use crate::{
    domain::{ClientId, ClientSection, ContactType},
    error::Result,
    presentation::{
        clients::{
            fields::{self, Control, SectionView, field_names, filled},
            merges::DuplicateSuggestions,
            profile::{Profile, link_conflicting_client},
            view::ClientView,
        },
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            form::Form,
            routes,
        },
        ui::layout::{Layout, page},
    },
    services::ClientPage,
};

/// The sections in cards of their own, in the order of the page.
const CARDS: [ClientSection; 4] =
    [ClientSection::Personal, ClientSection::Documents, ClientSection::Tax, ClientSection::Notes];

#[derive(Template)]
#[template(path = "clients/page.html")]
struct ShowPage {
    layout: Layout,
    profile: Profile,
    /// The sections in cards of their own.
    sections: Vec<SectionView>,
    /// The section beside the further contacts.
    contact_details: SectionView,
    form: Form,
    /// The version of the section that is being edited, as a field of the form.
    base_version: String,
    contact_form: Form,
    contact_types: Vec<(&'static str, String)>,
    duplicates: DuplicateSuggestions,
}

/// The form that is open on the page.
pub(in crate::presentation) enum OpenForm {
    /// The form for a contact, which is always shown.
    Contact(Form),
    /// The form of a section.
    Section(ClientSection, Form),
}

/// Shows a client.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn show(ctx: Ctx, PathIds(id): PathIds<ClientId>) -> Result<Response> {
    if ctx.format == Format::Json {
        let client = ClientView::from(ctx.services().clients.get(&ctx.actor, id).await?);
        return Ok((TypedHeader(client.tag()?), Json(client)).into_response());
    }
    let opened = ctx.services().clients.open_page(&ctx.actor, id).await?;
    let may_edit = ctx.actor.may(crate::domain::Permission::ClientUpdate);
    let open = match ClientSection::from_name(ctx.query.text_or_empty("edit")).filter(|_| may_edit) {
        Some(section) => {
            let client = ClientView::from(opened.client.clone());
            OpenForm::Section(section, filled(&client))
        }
        None => OpenForm::Contact(Form::default()),
    };
    render_page(&ctx, opened, StatusCode::OK, open).await
}

/// Renders the page with an open form.
pub(in crate::presentation) async fn render(
    ctx: &Ctx,
    id: ClientId,
    status: StatusCode,
    open: OpenForm,
) -> Result<Response> {
    let opened = ctx.services().clients.open_page(&ctx.actor, id).await?;
    render_page(ctx, opened, status, open).await
}

/// Renders a page that was read, with an open form.
pub(super) async fn render_page(
    ctx: &Ctx,
    ClientPage { client, suggestions, merges, frame }: ClientPage,
    status: StatusCode,
    open: OpenForm,
) -> Result<Response> {
    let duplicates = DuplicateSuggestions::new(&ctx.actor, suggestions, merges);
    let profile = Profile::new(ctx, client, "general");
    let layout = Layout::new(ctx, routes::Clients::PATTERN, frame);
    let (editing, mut form, mut contact_form) = match open {
        OpenForm::Section(section, form) => {
            (Some(section), form.with_field_order(&field_names(Some(section))), Form::default())
        }
        OpenForm::Contact(form) => (None, Form::default(), form.with_field_order(&["type", "value"])),
    };
    link_conflicting_client(ctx, &mut form).await?;
    link_conflicting_client(ctx, &mut contact_form).await?;
    let base_version = editing.map(|section| fields::base_version(&profile.client, Some(section)).to_field());
    let contact_type =
        |kind: ContactType| (kind.as_str(), layout.t.get(format!("contact-{}", kind.as_str())).into_owned());
    let country = ctx.actor.tenant.country;
    let section = |section: ClientSection| {
        let is_edited = editing == Some(section);
        let controls = is_edited.then(|| Control::of_section(section, layout.t, country));
        SectionView::new(section, &profile.client, &layout, controls)
    };
    page(
        status,
        &ShowPage {
            sections: CARDS.map(section).into(),
            contact_details: section(ClientSection::ContactDetails),
            form,
            base_version: base_version.unwrap_or_default(),
            contact_form,
            contact_types: ContactType::ALL.map(contact_type).to_vec(),
            duplicates,
            profile,
            layout,
        },
    )
}
