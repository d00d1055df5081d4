//! The segment counter of a text that is sent as SMS, computed by the server and updated by a
//! script.

use std::borrow::Cow;

use crate::{
    domain::{GSM_BASIC, GSM_EXTENDED, MESSAGE_LIMIT, PLACEHOLDERS, Segments, TemplateValues},
    presentation::ui::i18n::I18n,
};

/// The counter below a field, and the data with which the script updates it.
pub struct SegmentCounter {
    /// The text of the counter; empty for an empty field.
    pub shown: Cow<'static, str>,
    /// The maximum number of characters.
    pub limit: usize,
    /// The characters of GSM-7 that take one septet.
    pub basic: &'static str,
    /// The characters of GSM-7 that take two septets.
    pub extended: &'static str,
    /// The values of placeholders, as JSON.
    pub filling: Option<String>,
}

impl SegmentCounter {
    /// Counts a text.
    pub fn of(text: &str, i18n: I18n) -> Self {
        Self {
            shown: counter_text(text, i18n),
            limit: MESSAGE_LIMIT,
            basic: GSM_BASIC,
            extended: GSM_EXTENDED,
            filling: None,
        }
    }

    /// Counts a template that is filled with these values.
    pub fn of_template(text: &str, filling: &TemplateValues, i18n: I18n) -> Self {
        let values: serde_json::Map<_, _> = PLACEHOLDERS
            .iter()
            .map(|name| ((*name).to_owned(), filling.fill(&format!("{{{{{name}}}}}")).into()))
            .collect();
        let filling_in = serde_json::Value::Object(values).to_string();
        Self { filling: Some(filling_in), ..Self::of(&filling.fill(text), i18n) }
    }
}

fn counter_text(text: &str, i18n: I18n) -> Cow<'static, str> {
    let segments = Segments::of(text);
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
    let numbers = [("count", number(segments.count)), ("left", number(segments.remaining))];
    match (segments.count, segments.first_non_gsm) {
        (0, _) => Cow::Borrowed(""),
        (_, None) => i18n.args("sms-segments", &numbers),
        (_, Some(culprit)) => {
            let counted = i18n.args("sms-segments", &numbers);
            let why = i18n.with("sms-culprit", "character", culprit.to_string());
            Cow::Owned(format!("{counted} · {why}"))
        }
    }
}
