//! The text of a message, and substitutes for kinds without a text.

use serde_json::Value;

use crate::domain::ContentKind;

use crate::providers::telegram::update::files::{files, word};

/// The substitute for a message without any known content: it is displayed and counted, and cannot
/// be mistaken for an error.
const UNKNOWN_CONTENT: &str = "∅";

pub(super) fn text(message: &Value) -> String {
    let own = message["text"].as_str().map(|text| with_links(text, &message["entities"]));
    let caption = || message["caption"].as_str().map(|text| with_links(text, &message["caption_entities"]));
    let said = own.or_else(caption).filter(|text| !text.trim().is_empty());
    let stands = said.or_else(|| place(message)).or_else(|| card(&message["contact"]));
    let stands =
        stands.or_else(|| word(&message["sticker"]["emoji"])).or_else(|| word(&message["dice"]["emoji"]));
    let stands = stands.or_else(|| poll(&message["poll"])).or_else(|| title(message));
    match stands.or_else(|| kind(message).map(|kind| kind.symbol().to_owned())) {
        Some(text) => text,
        None if files(message).is_empty() => UNKNOWN_CONTENT.to_owned(),
        None => String::new(),
    }
}

/// The fields of contents without words of their own, with their kinds.
const KINDS: [(&str, ContentKind); 7] = [
    ("invoice", ContentKind::Invoice),
    ("checklist", ContentKind::Checklist),
    ("story", ContentKind::Story),
    ("paid_media", ContentKind::PaidMedia),
    ("giveaway", ContentKind::Giveaway),
    ("giveaway_winners", ContentKind::Giveaway),
    ("game", ContentKind::Game),
];

/// The kind of a content without words of its own.
pub(super) fn kind(message: &Value) -> Option<ContentKind> {
    KINDS.into_iter().find(|(field, _)| message[field].is_object()).map(|(_, kind)| kind)
}

/// The title of such a content, and the tasks of a checklist.
fn title(message: &Value) -> Option<String> {
    let titles = [
        &message["invoice"]["title"],
        &message["checklist"]["title"],
        &message["game"]["title"],
        &message["giveaway"]["prize_description"],
        &message["giveaway_winners"]["prize_description"],
    ];
    let title = titles.into_iter().find_map(word);
    let tasks = message["checklist"]["tasks"].as_array().into_iter().flatten();
    let tasks = tasks.filter_map(|task| Some(format!("– {}", word(&task["text"])?)));
    let lines: Vec<_> = title.into_iter().chain(tasks).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The text with the URLs of its text links in brackets.
fn with_links(text: &str, entities: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut links: Vec<(usize, &str)> = Vec::new();
    for entity in entities.as_array().into_iter().flatten().filter(|entity| entity["type"] == "text_link") {
        let end = entity["offset"].as_u64().zip(entity["length"].as_u64());
        let end = end.and_then(|(offset, length)| usize::try_from(offset.checked_add(length)?).ok());
        if let (Some(end), Some(url)) = (end.filter(|end| *end <= units.len()), entity["url"].as_str()) {
            links.push((end, url));
        }
    }
    links.sort_unstable();
    let mut whole = String::new();
    let mut from = 0;
    for (end, url) in links {
        whole.push_str(&String::from_utf16_lossy(units.get(from..end).unwrap_or_default()));
        whole.extend([" (", url, ")"]);
        from = end;
    }
    whole + &String::from_utf16_lossy(units.get(from..).unwrap_or_default())
}

/// The text of a location, such as `Registan, Samarkand (39.6547, 66.9758)` and a link to a map on
/// the next line.
fn place(message: &Value) -> Option<String> {
    let venue = &message["venue"];
    let place = if venue.is_object() { &venue["location"] } else { &message["location"] };
    let (north, east) = place["latitude"].as_f64().zip(place["longitude"].as_f64())?;
    let name: Vec<_> = [&venue["title"], &venue["address"]].into_iter().filter_map(word).collect();
    let name = name.join(", ");
    let gap = if name.is_empty() { "" } else { " " };
    Some(format!("{name}{gap}({north}, {east})\nhttps://maps.google.com/?q={north},{east}"))
}

fn card(contact: &Value) -> Option<String> {
    let name = [&contact["first_name"], &contact["last_name"]].into_iter().filter_map(word);
    let name = name.collect::<Vec<_>>().join(" ");
    let lines = [Some(name), word(&contact["phone_number"])].into_iter().flatten();
    let card = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    (!card.is_empty()).then_some(card)
}

fn poll(poll: &Value) -> Option<String> {
    let options = poll["options"].as_array().into_iter().flatten().filter_map(|option| word(&option["text"]));
    let lines: Vec<_> =
        word(&poll["question"]).into_iter().chain(options.map(|text| format!("– {text}"))).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
