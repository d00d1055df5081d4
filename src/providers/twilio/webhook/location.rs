//! Turns a shared location into text that an agent can read and open.

use crate::providers::twilio::webhook::form::Form;

/// Such as `Registan, Samarkand (39.6547, 66.9758)` and, on a line of its own, a link to a map;
/// none when the form has no usable place.
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

/// The coordinate as it was written, when it is one.
fn degrees(form: Form<'_>, name: &str, most: f64) -> Option<String> {
    let text = form.word(name)?;
    // A number that is too large, infinite or not a number is not within the range either.
    text.parse().is_ok_and(|degrees: f64| degrees.abs() <= most).then_some(text)
}

fn link(north: &str, east: &str) -> String {
    format!("https://maps.google.com/?q={north},{east}")
}
