//! A place in a text: what came in from Telegram or WhatsApp as a place has a link to a map as its last line, and a text
//! with such a link goes out as a place.

/// How links to a place begin: ours, the one that the map's own "share" copies, and the standard one (RFC 5870).
const LINKS: [&str; 3] = ["https://maps.google.com/?q=", "https://www.google.com/maps?q=", "geo:"];

/// A point on the earth (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Location {
    /// Degrees north of the equator.
    pub(super) latitude: f64,
    /// Degrees east of Greenwich.
    pub(super) longitude: f64,
}

/// A text without the place that it ends with.
pub(super) fn split_location(text: &str) -> (&str, Option<Location>) {
    let whole = text.trim();
    let (before, last) = whole.rsplit_once('\n').unwrap_or(("", whole));
    let Some((coordinates, place)) = link(last.trim()) else { return (text, None) };
    let before = before.trim_end();
    // Which place it is, the map says better.
    let before =
        before.strip_suffix(&format!("({coordinates})")).filter(|rest| rest.is_empty()).unwrap_or(before);
    (before, Some(place))
}

/// The coordinates of a link as they are written out, and the place.
fn link(text: &str) -> Option<(String, Location)> {
    let coordinates = LINKS.iter().find_map(|link| text.strip_prefix(link))?;
    let (north, east) = coordinates.split_once(',')?;
    let degrees = |text: &str, most: f64| text.parse().ok().filter(|degrees: &f64| degrees.abs() <= most);
    let place = Location { latitude: degrees(north, 90.0)?, longitude: degrees(east, 180.0)? };
    Some((format!("{north}, {east}"), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTAN: Option<Location> = Some(Location { latitude: 39.6547, longitude: 66.9758 });

    #[test]
    fn a_place_goes_out_as_it_comes_in() {
        for (text, rest) in [
            ("https://maps.google.com/?q=39.6547,66.9758", ""),
            ("(39.6547, 66.9758)\nhttps://maps.google.com/?q=39.6547,66.9758", ""),
            (
                "Registan (39.6547, 66.9758)\nhttps://maps.google.com/?q=39.6547,66.9758\n",
                "Registan (39.6547, 66.9758)",
            ),
            ("We are here:\n\nhttps://www.google.com/maps?q=39.6547,66.9758", "We are here:"),
            ("geo:39.6547,66.9758", ""),
        ] {
            assert_eq!(split_location(text), (rest, REGISTAN), "{text}");
        }
    }

    #[test]
    fn other_links_stay_in_their_text() {
        for text in [
            "",
            "Salom",
            "See https://maps.google.com/?q=39.6547,66.9758",
            "https://maps.google.com/?q=39.6547,66.9758 is where we are",
            "https://maps.google.com/?q=Registan",
            "https://maps.google.com/?q=139.6,66.9",
            "https://maps.google.com/?q=NaN,inf",
            "geo:39.6547",
            "geo:39.6547,66.9758,700;u=5",
        ] {
            assert_eq!(split_location(text), (text, None), "{text}");
        }
    }
}
