//! Everything that pages are made of, on one page, for those who make them. Only builds for development have it.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::presentation::{
    AppState,
    http::{
        extract::{Format, SignedIn},
        feature::Feature,
        fields::Fields,
        form::{Form, form_or_error},
        routes,
    },
    ui::layout::{Layout, initials, page},
};
use crate::{
    domain::Problem,
    error::{AppError, Result},
};

/// The page with all components.
pub const FEATURE: Feature = Feature::new("style guide", |table| {
    if cfg!(debug_assertions) { table.get(routes::StyleGuide::PATTERN, show) } else { table }
});

#[derive(Template)]
#[template(path = "ui/style_guide.html")]
struct StyleGuidePage {
    layout: Layout,
    form: Form,
    genders: Vec<(&'static str, Cow<'static, str>)>,
    no_page: Option<String>,
    next_page: Option<String>,
    names: [&'static str; 3],
}

impl StyleGuidePage {
    fn initials(name: &str) -> String {
        initials(name)
    }
}

/// All components.
///
/// # Errors
/// [`AppError::Unavailable`] when the database is away.
pub async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    let layout = Layout::new(&state, &signed_in, routes::StyleGuide::PATTERN, None).await?;
    let t = layout.t;
    // As a form comes back that is not right.
    let fields = Fields::from_urlencoded(b"first_name=Aziza&phone=12&comments=");
    let wrong = AppError::invalid("phone", Problem::NotAPhone);
    let render = async |_, form: Form| {
        let genders = ["female", "male"].map(|gender| (gender, t.get(format!("gender-{gender}")))).into();
        let names = ["Азиза Каримова", "Oʻtkir", "+998 93 555 01 27"];
        let next_page = Some(routes::StyleGuide.to_string());
        let form = form.with_field_order(&["first_name", "phone"]);
        page(StatusCode::OK, &StyleGuidePage { layout, form, genders, no_page: None, next_page, names })
    };
    form_or_error(wrong, Format::Html, &fields, t, render).await
}
