//! The style guide: a page of all components, for developers. Only development builds serve it.

use std::borrow::Cow;

use askama::Template;
use axum::{http::StatusCode, response::Response};

use crate::{
    domain::Problem,
    error::{AppError, Result},
    presentation::{
        http::{context::Ctx, feature::Feature, fields::Fields, form::Form, routes},
        ui::layout::{Layout, initials, page},
    },
};

/// The route of the style guide.
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

/// Shows all components.
///
/// # Errors
/// [`AppError::Unavailable`] if the database does not answer.
pub async fn show(ctx: Ctx) -> Result<Response> {
    let layout = Layout::load(&ctx, routes::StyleGuide::PATTERN).await?;
    let t = layout.t;
    // A form with an invalid field.
    let fields = Fields::from_query("first_name=Aziza&phone=12&comments=");
    let wrong = AppError::invalid("phone", Problem::NotAPhone(ctx.actor.tenant.country));
    let form = Form::with_errors(&fields, &wrong, t).with_field_order(&["first_name", "phone"]);
    let genders = ["female", "male"].map(|gender| (gender, t.get(format!("gender-{gender}")))).into();
    let names = ["Азиза Каримова", "Oʻtkir", "+998 93 555 01 27"];
    let next_page = Some(routes::StyleGuide.to_string());
    page(StatusCode::OK, &StyleGuidePage { layout, form, genders, no_page: None, next_page, names })
}
