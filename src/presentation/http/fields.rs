//! The fields of a body or a query string by name, independent of the format.

use std::str::FromStr;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{
    domain::{FieldErrors, Patch, Problem},
    error::{AppError, Result},
    persistence::PageRequest,
};

/// The field with the method of a form.
pub const METHOD_FIELD: &str = "_method";
/// The field with the CSRF token of a form.
pub const CSRF_FIELD: &str = "_csrf";

/// The maximum number of fields of a request.
pub const MAX_FIELDS: usize = 1_000;

/// Fields in the order of the request; a name may occur more than once.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, Field)>);

#[derive(Debug, Clone)]
enum Field {
    Text(String),
    /// A list of texts in JSON.
    List(Vec<String>),
    Null,
    File {
        empty: bool,
    },
    Unreadable,
}

impl Fields {
    /// Reads a body of `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`AppError::TooLarge`] for more than [`MAX_FIELDS`].
    pub fn from_urlencoded(bytes: &[u8]) -> Result<Self> {
        let fields = Self::parse_urlencoded(bytes, MAX_FIELDS + 1);
        if fields.len() > MAX_FIELDS { Err(AppError::TooLarge) } else { Ok(fields) }
    }

    /// Reads a query string. Fields after the first [`MAX_FIELDS`] are ignored.
    pub fn from_query(query: &str) -> Self {
        Self::parse_urlencoded(query.as_bytes(), MAX_FIELDS)
    }

    fn parse_urlencoded(bytes: &[u8], max: usize) -> Self {
        let pairs = form_urlencoded::parse(bytes).take(max);
        Self(pairs.map(|(name, value)| (name.into_owned(), Field::Text(value.into_owned()))).collect())
    }

    /// Reads a JSON object; numbers and booleans become their text. Objects inside it are not kept.
    ///
    /// # Errors
    /// [`AppError::Malformed`] for anything else; [`AppError::TooLarge`] for more than [`MAX_FIELDS`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let JsonObject(fields) =
            serde_json::from_slice(bytes).map_err(|_| AppError::Malformed("not a JSON object"))?;
        if fields.len() > MAX_FIELDS { Err(AppError::TooLarge) } else { Ok(Self(fields)) }
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a text of a multipart form.
    pub fn push_text(&mut self, name: String, text: Vec<u8>) {
        self.0.push((name, String::from_utf8(text).map_or(Field::Unreadable, Field::Text)));
    }

    /// Adds a file of a multipart form, without its content.
    pub fn push_file(&mut self, name: String, empty: bool) {
        self.0.push((name, Field::File { empty }));
    }

    /// The text of a field; `None` if it is absent or not a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).and_then(|(_, field)| match field {
            Field::Text(text) => Some(text.as_str()),
            Field::List(_) | Field::Null | Field::File { .. } | Field::Unreadable => None,
        })
    }

    /// The texts of a list: a list in JSON, or fields of the same name in a form, of which empty ones do not count. `None` if
    /// the field is absent.
    ///
    /// # Errors
    /// [`Problem::WrongType`] for anything else.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, Problem> {
        let mut sent = self.0.iter().filter(|(field, _)| field == name).map(|(_, field)| field).peekable();
        if sent.peek().is_none() {
            return Ok(None);
        }
        let mut texts = Vec::new();
        for field in sent {
            match field {
                Field::Text(text) if text.is_empty() => {}
                Field::Text(text) => texts.push(text.as_str()),
                Field::List(list) => texts.extend(list.iter().map(String::as_str)),
                Field::Null => {}
                Field::File { .. } | Field::Unreadable => return Err(Problem::WrongType),
            }
        }
        Ok(Some(texts))
    }

    /// The text of a field; empty if it is absent.
    pub fn text_or_empty(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// The change of a value by a field: keep it, clear it, or set a new one.
    ///
    /// # Errors
    /// [`Problem::WrongType`] for lists, objects and files.
    pub fn patch(&self, name: &str) -> Result<Patch<String>, Problem> {
        match self.0.iter().find(|(field, _)| field == name).map(|(_, field)| field) {
            None => Ok(Patch::Keep),
            Some(Field::Null) => Ok(Patch::Clear),
            Some(Field::Text(text)) if text.trim().is_empty() => Ok(Patch::Clear),
            Some(Field::Text(text)) => Ok(Patch::Set(text.clone())),
            Some(Field::List(_) | Field::File { .. } | Field::Unreadable) => Err(Problem::WrongType),
        }
    }

    /// The parsed value of an optional field; `None` if it is absent or empty.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the field's problem.
    pub fn optional<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>> {
        match self.patch(name) {
            Ok(Patch::Keep | Patch::Clear) => Ok(None),
            Ok(Patch::Set(text)) => {
                parse(&text).map(Some).map_err(|problem| AppError::invalid(name, problem))
            }
            Err(problem) => Err(AppError::invalid(name, problem)),
        }
    }

    /// Returns a reader that collects the problems of fields.
    pub fn reader(&self) -> FormReader<'_> {
        FormReader { fields: self, errors: FieldErrors::default() }
    }

    /// Refuses files, and other values under the name of a file field, so that nothing is dropped
    /// silently.
    ///
    /// # Errors
    /// [`AppError::Invalid`].
    pub fn reject_files(&self, name: &'static str) -> Result<()> {
        let sent = |(field, value): &(String, Field)| {
            field == name && !matches!(value, Field::Null | Field::File { empty: true })
        };
        if self.0.iter().any(sent) { Err(AppError::invalid(name, Problem::NoFiles)) } else { Ok(()) }
    }

    /// The page request of a list, from `page` and `limit`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a value that is not a number or out of range.
    pub fn page_request(&self, default_limit: i64) -> Result<PageRequest> {
        let mut errors = FieldErrors::default();
        let page = errors.check("page", self.number("page", 1, 1, i64::MAX));
        let limit = errors.check("limit", self.number("limit", default_limit, 1, 100));
        let request = PageRequest { page: page.unwrap_or(1), limit: limit.unwrap_or(default_limit) };
        Ok(errors.or(request)?)
    }

    /// An integer within a range.
    ///
    /// # Errors
    /// [`Problem::OutOfRange`], also for a value that is not a number.
    pub fn number(&self, name: &str, default: i64, min: i64, max: i64) -> Result<i64, Problem> {
        let Patch::Set(text) = self.patch(name)? else { return Ok(default) };
        let number = i64::from_str(text.trim()).ok().filter(|n| (min..=max).contains(n));
        number.ok_or(Problem::OutOfRange { min, max })
    }

    /// All texts as pairs of name and value, as signatures cover them.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let text = |(name, field): &(String, Field)| match field {
            Field::Text(text) => Some((name.clone(), text.clone())),
            Field::List(_) | Field::Null | Field::File { .. } | Field::Unreadable => None,
        };
        self.0.iter().filter_map(text).collect()
    }
}

/// The fields of a JSON object, at most one more than [`MAX_FIELDS`]. The last value of a name counts.
struct JsonObject(Vec<(String, Field)>);

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(JsonObjectVisitor)
    }
}

struct JsonObjectVisitor;

impl<'de> Visitor<'de> for JsonObjectVisitor {
    type Value = JsonObject;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<JsonObject, A::Error> {
        let mut fields: Vec<(String, Field)> = Vec::new();
        while fields.len() <= MAX_FIELDS {
            let Some((name, value)) = object.next_entry::<String, Field>()? else {
                return Ok(JsonObject(fields));
            };
            fields.retain(|(field, _)| *field != name);
            fields.push((name, value));
        }
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(JsonObject(fields))
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Field, E> {
        Ok(Field::Null)
    }

    fn visit_str<E>(self, text: &str) -> Result<Field, E> {
        Ok(Field::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Field, E> {
        Ok(Field::Text(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field, E> {
        Ok(Field::Text(value.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Field, E> {
        Ok(Field::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Field, E> {
        Ok(Field::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Field, E> {
        Ok(serde_json::Number::from_f64(number).map_or(Field::Null, |number| Field::Text(number.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Field, A::Error> {
        let mut texts = Some(Vec::new());
        while let Some(item) = list.next_element::<Field>()? {
            match (item, &mut texts) {
                (Field::Text(text), Some(texts)) if texts.len() < MAX_FIELDS => texts.push(text),
                _ => texts = None,
            }
        }
        Ok(match texts {
            None => Field::Unreadable,
            Some(texts) if texts.is_empty() => Field::Null,
            Some(texts) => Field::List(texts),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Field, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Unreadable)
    }
}

/// Reads the fields of a form one by one and collects their problems, so that all are reported at
/// once.
pub struct FormReader<'a> {
    fields: &'a Fields,
    errors: FieldErrors,
}

impl FormReader<'_> {
    /// The value of a required field.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        let parsed = self.fields.patch(name).and_then(|patch| match patch {
            Patch::Set(text) => parse(&text),
            Patch::Keep | Patch::Clear => Err(Problem::Required),
        });
        self.check(name, parsed)
    }

    /// The value of a field that may be absent or empty.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        let parsed = self.fields.patch(name).and_then(|patch| match patch {
            Patch::Set(text) => parse(&text).map(Some),
            Patch::Keep | Patch::Clear => Ok(None),
        });
        self.check(name, parsed).flatten()
    }

    /// The value after a change: `kept` if the field is absent, `cleared` if it is empty.
    pub fn patch<T>(
        &mut self,
        name: &'static str,
        kept: T,
        cleared: Result<T, Problem>,
        parse: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        let parsed = self.fields.patch(name).and_then(|patch| match patch {
            Patch::Keep => Ok(kept),
            Patch::Clear => cleared,
            Patch::Set(text) => parse(&text),
        });
        self.check(name, parsed)
    }

    /// The value of a checkbox or a boolean; `None` if the field is absent.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.optional(name, |text| match text {
            "true" | "on" | "1" => Ok(true),
            "false" | "off" | "0" => Ok(false),
            _ => Err(Problem::NotOneOf("true, false".into())),
        })
    }

    /// The value of a field that was parsed elsewhere.
    pub fn check<T>(&mut self, name: &'static str, parsed: Result<T, Problem>) -> Option<T> {
        self.errors.check(name, parsed)
    }

    /// Adds a problem.
    pub fn push(&mut self, name: impl Into<std::borrow::Cow<'static, str>>, problem: Problem) {
        self.errors.push(name, problem);
    }

    /// Returns `value` if there are no problems.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all problems.
    pub fn finish<T>(self, value: T) -> Result<T> {
        Ok(self.errors.or(value)?)
    }

    /// Returns `value`, which is `None` only if there are problems.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all problems.
    pub fn finish_all<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(AppError::Invalid(self.errors)),
        }
    }
}

/// Parses the words for yes and no.
///
/// # Errors
/// [`Problem::NotOneOf`].
pub fn parse_bool(text: &str) -> Result<bool, Problem> {
    text.parse().map_err(|_| Problem::NotOneOf("true, false".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_in_two_formats() {
        let form = Fields::from_query("first_name=%D0%90%D0%B7%D0%B8%D0%B7%D0%B0&email=&page=2");
        let json = Fields::from_json(r#"{"first_name":"Азиза","email":null,"page":2}"#.as_bytes()).unwrap();
        for fields in [form, json] {
            assert_eq!(fields.patch("first_name"), Ok(Patch::Set("Азиза".into())));
            assert_eq!(fields.patch("email"), Ok(Patch::Clear));
            assert_eq!(fields.patch("phone"), Ok(Patch::Keep));
            assert_eq!(fields.page_request(25).unwrap(), PageRequest { page: 2, limit: 25 });
        }
    }

    #[test]
    fn a_reader_tells_all_problems_at_once() {
        let fields = Fields::from_query("count=x&on=maybe&kept=&size=7");
        let number = |text: &str| text.parse::<u8>().map_err(|_| Problem::WrongType);
        let mut form = fields.reader();
        assert_eq!(form.required("size", number), Some(7));
        assert_eq!(form.optional("absent", number), None);
        assert_eq!(form.patch("kept", 1, Ok(0), number), Some(0));
        assert_eq!(form.patch("absent", 1, Ok(0), number), Some(1));
        assert_eq!(form.required("absent", number), None);
        assert_eq!(form.optional("count", number), None);
        assert_eq!(form.flag("on"), None);
        let error = form.finish(()).unwrap_err().to_string();
        assert!(["absent", "count", "on"].iter().all(|name| error.contains(name)), "{error}");
    }

    #[test]
    fn the_number_of_fields_is_limited() {
        let form = |count| "a=1&".repeat(count);
        assert_eq!(Fields::from_urlencoded(form(MAX_FIELDS).as_bytes()).unwrap().len(), MAX_FIELDS);
        assert!(matches!(Fields::from_urlencoded(form(MAX_FIELDS + 1).as_bytes()), Err(AppError::TooLarge)));
        assert!(matches!(Fields::from_urlencoded("&a".repeat(500_000).as_bytes()), Err(AppError::TooLarge)));
        assert_eq!(Fields::from_query(&form(MAX_FIELDS + 1)).len(), MAX_FIELDS);

        let json = |count| {
            let fields: Vec<String> = (0..count).map(|n| format!("\"n{n}\":1")).collect();
            format!("{{{}}}", fields.join(","))
        };
        assert_eq!(Fields::from_json(json(MAX_FIELDS).as_bytes()).unwrap().len(), MAX_FIELDS);
        assert!(matches!(Fields::from_json(json(MAX_FIELDS + 1).as_bytes()), Err(AppError::TooLarge)));
        let repeated = Fields::from_json(br#"{"a":1,"a":[],"a":1.5,"b":[1]}"#).unwrap();
        assert_eq!((repeated.len(), repeated.text("a")), (2, Some("1.5")));
        assert_eq!(repeated.patch("b"), Err(Problem::WrongType));
    }

    #[test]
    fn what_is_no_field_is_said_to_be_none() {
        let fields = Fields::from_json(br#"{"first_name":{"a":1},"limit":101,"page":"x"}"#).unwrap();
        assert_eq!(fields.patch("first_name"), Err(Problem::WrongType));
        let error = fields.page_request(25).unwrap_err().to_string();
        assert!(error.contains("page") && error.contains("limit"), "{error}");
        assert!(Fields::from_json(b"[]").is_err());
        assert!(Fields::from_json(b"{").is_err());
    }
}
