//! Formats a shared location as text.

use crate::providers::twilio::webhook::form::Form;

/// The text of a location, such as `Registan, Samarkand (39.6547, 66.9758)` and a link to a map on
/// the next line; `None` if the form has no valid location.
pub(super) fn text(form: Form<'_>) -> Option<String> {
    let name =
        [form.word("Label"), form.word("Address")].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let latitude = degrees(form, "Latitude", 90.0);
    let longitude = degrees(form, "Longitude", 180.0);
    match (name.as_str(), latitude.zip(longitude)) {
        ("", None) => None,
        (name, None) => Some(name.to_owned()),
        ("", Some((north, east))) => Some(format!("({north}, {east})\n{}", link(&north, &east))),
        (name, Some((north, east))) => Some(format!("{name} ({north}, {east})\n{}", link(&north, &east))),
    }
}

/// A coordinate as written in the form, if it is valid.
fn degrees(form: Form<'_>, name: &str, most: f64) -> Option<String> {
    let text = form.word(name)?;
    // A number that is too large, infinite or NaN is out of range, too.
    text.parse().is_ok_and(|degrees: f64| degrees.abs() <= most).then_some(text)
}

fn link(north: &str, east: &str) -> String {
    format!("https://maps.google.com/?q={north},{east}")
}
