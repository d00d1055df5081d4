//! Locations in texts. An inbound location is stored as a text whose last line is a link to a map;
//! an outbound text that ends with such a link is sent with a location.

/// Prefixes of links to a location: our own, the one that Google Maps copies, and the standard one
/// (RFC 5870).
const LINKS: [&str; 3] = ["https://maps.google.com/?q=", "https://www.google.com/maps?q=", "geo:"];

/// A point on the earth (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Location {
    /// Degrees north of the equator.
    pub(super) latitude: f64,
    /// Degrees east of Greenwich.
    pub(super) longitude: f64,
}

/// Splits a text into the part before a final link and the location of the link.
pub(super) fn split_location(text: &str) -> (&str, Option<Location>) {
    let whole = text.trim();
    let (before, last) = whole.rsplit_once('\n').unwrap_or(("", whole));
    let Some((coordinates, place)) = link(last.trim()) else { return (text, None) };
    let before = before.trim_end();
    // Coordinates alone are redundant next to the map.
    let before =
        before.strip_suffix(&format!("({coordinates})")).filter(|rest| rest.is_empty()).unwrap_or(before);
    (before, Some(place))
}

/// Parses a link: the coordinates as text, and the location.
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
    fn location_links_round_trip() {
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
    fn other_links_are_not_locations() {
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
