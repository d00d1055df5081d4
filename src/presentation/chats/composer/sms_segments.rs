//! How long a text is as an SMS: said by the server, and by the script while one types.

use std::borrow::Cow;

use crate::{
    domain::{Filling, GSM_BASIC, GSM_EXTENDED, MESSAGE_LIMIT, PLACEHOLDERS, Segments},
    presentation::ui::i18n::Texts,
};

/// What stands below a field, and what the script needs to go on with it.
pub struct Counter {
    /// The words for what stands in the field; empty for nothing.
    pub shown: Cow<'static, str>,
    /// The most characters.
    pub limit: usize,
    /// The characters of GSM-7 that take one place.
    pub basic: &'static str,
    /// Those that take two.
    pub extended: &'static str,
    /// What is put in the place of placeholders, as JSON.
    pub filling: Option<String>,
}

impl Counter {
    /// Counts a text as it stands.
    pub fn of(text: &str, texts: Texts) -> Self {
        Self {
            shown: words(text, texts),
            limit: MESSAGE_LIMIT,
            basic: GSM_BASIC,
            extended: GSM_EXTENDED,
            filling: None,
        }
    }

    /// Counts a template as if it were filled in so.
    pub fn of_template(text: &str, filling: &Filling, texts: Texts) -> Self {
        let values: serde_json::Map<_, _> = PLACEHOLDERS
            .iter()
            .map(|name| ((*name).to_owned(), filling.fill(&format!("{{{{{name}}}}}")).into()))
            .collect();
        let filling_in = serde_json::Value::Object(values).to_string();
        Self { filling: Some(filling_in), ..Self::of(&filling.fill(text), texts) }
    }
}

fn words(text: &str, texts: Texts) -> Cow<'static, str> {
    let segments = Segments::of(text);
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
    let numbers = [("count", number(segments.count)), ("left", number(segments.left))];
    match (segments.count, segments.culprit) {
        (0, _) => Cow::Borrowed(""),
        (_, None) => texts.args("sms-segments", &numbers),
        (_, Some(culprit)) => {
            let counted = texts.args("sms-segments", &numbers);
            let why = texts.with("sms-culprit", "character", culprit.to_string());
            Cow::Owned(format!("{counted} · {why}"))
        }
    }
}
