//! A client's fields on pages: the controls of forms, and the values in the form shown to users.

use crate::{
    domain::{ClientField, ClientSection, Country, FieldKind, FieldValue},
    presentation::{
        clients::view::ClientView,
        http::{edit_conflict::BaseVersion, form::Form},
        ui::{country_names, i18n::I18n, layout::Layout},
    },
};

/// The form field with the name of the section.
pub(in crate::presentation) const SECTION: &str = "section";

/// The title of a section.
fn section_title(i18n: I18n, section: ClientSection) -> String {
    let key = match section {
        ClientSection::Personal => "client-personal",
        ClientSection::ContactDetails => "client-contacts",
        ClientSection::Documents => "client-documents",
        ClientSection::Tax => "client-tax",
        ClientSection::Notes => "client-notes",
    };
    i18n.get(key).into_owned()
}

/// A section on a client's page.
pub(in crate::presentation) struct SectionView {
    pub(in crate::presentation) name: &'static str,
    pub(in crate::presentation) title: String,
    pub(in crate::presentation) rows: Vec<FieldRow>,
    /// The controls of the form, if the section is being edited.
    pub(in crate::presentation) controls: Option<Vec<Control>>,
}

impl SectionView {
    pub(in crate::presentation) fn new(
        section: ClientSection,
        client: &ClientView,
        layout: &Layout,
        controls: Option<Vec<Control>>,
    ) -> Self {
        let rows = FieldRow::of_section(section, client, layout);
        Self { name: section.as_str(), title: section_title(layout.t, section), rows, controls }
    }
}

/// The titles and the controls of all sections, for the form for all fields.
pub(in crate::presentation) fn form_sections(i18n: I18n, country: Country) -> Vec<(String, Vec<Control>)> {
    let section = |section| (section_title(i18n, section), Control::of_section(section, i18n, country));
    ClientSection::ALL.map(section).into()
}

/// The names of the fields of a section, or of the form for all fields, in the order of the form.
pub(in crate::presentation) fn field_names(section: Option<ClientSection>) -> Vec<&'static str> {
    let sections = section.map_or(ClientSection::ALL.to_vec(), |section| vec![section]);
    sections.into_iter().flat_map(ClientField::of_section).map(ClientField::name).collect()
}

/// The version of the fields of a section, or of all fields.
pub(in crate::presentation) fn base_version(
    client: &ClientView,
    section: Option<ClientSection>,
) -> BaseVersion {
    let names = field_names(section);
    BaseVersion::of(client.form_values().filter(|(name, _)| names.contains(name)))
}

/// A form with the values of the client.
pub(in crate::presentation) fn filled(client: &ClientView) -> Form {
    Form::filled(client.form_values())
}

/// The control of a field in a form.
pub(in crate::presentation) struct Control {
    pub(in crate::presentation) name: &'static str,
    /// The type of an `input` element, or `select` or `textarea`.
    pub(in crate::presentation) element: &'static str,
    /// `required`, or empty.
    pub(in crate::presentation) hint: &'static str,
    /// The options of a select field.
    pub(in crate::presentation) choices: Vec<(&'static str, String)>,
    /// The option for no value.
    pub(in crate::presentation) none: String,
}

impl Control {
    /// The controls of a section in the reader's language. The tenant's country is the first of the
    /// countries.
    pub(in crate::presentation) fn of_section(
        section: ClientSection,
        i18n: I18n,
        country: Country,
    ) -> Vec<Self> {
        ClientField::of_section(section).into_iter().map(|field| Self::new(field, i18n, country)).collect()
    }

    fn new(field: ClientField, i18n: I18n, country: Country) -> Self {
        let definition = field.definition();
        let (element, choices, none) = match &definition.kind {
            FieldKind::Text { .. } | FieldKind::Document => ("text", Vec::new(), String::new()),
            FieldKind::LongText { .. } => ("textarea", Vec::new(), String::new()),
            FieldKind::Phone => ("tel", Vec::new(), String::new()),
            FieldKind::Email => ("email", Vec::new(), String::new()),
            FieldKind::PastDate => ("date", Vec::new(), String::new()),
            FieldKind::Choice(words) => {
                let choices = words.iter().map(|word| (word.as_str(), display_text(i18n, field, word)));
                ("select", choices.collect(), i18n.get(format!("{}-none", field.name())).into_owned())
            }
            FieldKind::Country => {
                let choices = country_names::choices(country, i18n.locale).into_iter();
                let choices = choices.map(|(code, name)| (code, name.to_owned()));
                ("select", choices.collect(), i18n.get("country-none").into_owned())
            }
        };
        let hint = if definition.is_required { "required" } else { "" };
        Self { name: field.name(), element, hint, choices, none }
    }
}

/// A field on a client's page.
pub(in crate::presentation) struct FieldRow {
    pub(in crate::presentation) name: &'static str,
    /// The value in the form shown to users.
    pub(in crate::presentation) value: Option<String>,
    /// The machine-readable form of a date.
    pub(in crate::presentation) datetime: Option<String>,
    /// True for text of several lines.
    pub(in crate::presentation) is_long: bool,
    /// The icon before the label; empty for none.
    pub(in crate::presentation) icon: &'static str,
}

impl FieldRow {
    /// The rows of a section. The comments are laid out by the page itself.
    fn of_section(section: ClientSection, client: &ClientView, layout: &Layout) -> Vec<Self> {
        let fields =
            ClientField::of_section(section).into_iter().filter(|field| *field != ClientField::Comments);
        fields.map(|field| Self::new(field, client, layout)).collect()
    }

    fn new(field: ClientField, client: &ClientView, layout: &Layout) -> Self {
        let value = client.fields.get(field);
        let kind = &field.definition().kind;
        Self {
            name: field.name(),
            value: match field {
                ClientField::Phone => client.phone_display.clone(),
                _ => value.map(|value| display(field, value, layout)),
            },
            datetime: value.filter(|_| *kind == FieldKind::PastDate).map(|date| date.text().into_owned()),
            is_long: matches!(kind, FieldKind::LongText { .. }),
            icon: match kind {
                FieldKind::Phone => "contact-phone",
                FieldKind::Email => "contact-email",
                _ => "",
            },
        }
    }
}

/// The value of a field in the form shown to users.
pub(in crate::presentation) fn display(field: ClientField, value: &FieldValue, layout: &Layout) -> String {
    match value {
        FieldValue::Date(date) => layout.calendar_day(*date).into_owned(),
        FieldValue::Phone(phone) => phone.format_international(),
        value => display_text(layout.t, field, &value.text()),
    }
}

/// The text of a field in the form shown to users; other kinds than choices and countries are shown
/// as they are.
pub(in crate::presentation) fn display_text(i18n: I18n, field: ClientField, text: &str) -> String {
    match &field.definition().kind {
        FieldKind::Choice(words) if words.iter().any(|word| word == text) => {
            i18n.get(format!("{}-{text}", field.name())).into_owned()
        }
        FieldKind::Country if !text.is_empty() => country_names::name(text, i18n.locale).to_owned(),
        _ => text.to_owned(),
    }
}
