//! The page texts in the reader's language, from the Fluent catalogues in `locales/`.

use std::{
    borrow::{Borrow, Cow},
    sync::LazyLock,
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::{
    domain::{Country, Locale, PhoneNumber, Problem},
    presentation::ui::country_names,
};

type Bundle = FluentBundle<FluentResource>;

/// Embeds the catalogues of the feature modules in every language.
macro_rules! catalogues {
    ($($feature:literal),+) => {
        static SOURCES: [(Locale, &[&str]); 3] = [
            (Locale::En, &[$(include_str!(concat!("../../../locales/en/", $feature, ".ftl"))),+]),
            (Locale::Ru, &[$(include_str!(concat!("../../../locales/ru/", $feature, ".ftl"))),+]),
            (Locale::Uz, &[$(include_str!(concat!("../../../locales/uz/", $feature, ".ftl"))),+]),
        ];
        #[cfg(test)]
        const FEATURES: &[&str] = &[$($feature),+];
    };
}

catalogues!("activity", "channels", "chats", "clients", "delivery", "identity", "search", "simulator", "ui");

static CATALOGUES: LazyLock<[Bundle; 3]> =
    LazyLock::new(|| SOURCES.each_ref().map(|(locale, sources)| bundle(*locale, sources)));

/// Builds a bundle. A catalogue with an error still provides its other messages; a test finds the
/// error.
fn bundle(locale: Locale, sources: &[&str]) -> Bundle {
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks would appear in titles, attributes and JSON.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::En => |value, _| grouped(value, ','),
        Locale::Ru | Locale::Uz => |value, _| grouped(value, NO_BREAK_SPACE),
    }));
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// The thousands separator of Russian and Uzbek.
const NO_BREAK_SPACE: char = '\u{a0}';

/// Formats a number with separated thousands; other values are left to the bundle.
fn grouped(value: &FluentValue<'_>, separator: char) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let text = number.as_string();
    let end = text.find('.').unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    let mut shown = String::with_capacity(text.len() + 4);
    for (index, digit) in whole.char_indices() {
        let left = whole.len() - index;
        if left % 3 == 0 && shown.ends_with(|c: char| c.is_ascii_digit()) {
            shown.push(separator);
        }
        shown.push(digit);
    }
    Some(shown + rest)
}

/// The page texts of one language.
#[derive(Debug, Clone, Copy, Default)]
pub struct I18n {
    /// The language.
    pub locale: Locale,
}

impl I18n {
    /// The page texts of `locale`.
    pub fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// A message without arguments.
    pub fn get(self, key: impl AsRef<str>) -> Cow<'static, str> {
        self.format(key.as_ref(), None)
    }

    /// A formatted number.
    pub fn number(self, number: impl Borrow<i64>) -> Cow<'static, str> {
        self.count("number", number)
    }

    /// A message whose form depends on `$count`.
    pub fn count(self, key: &str, count: impl Borrow<i64>) -> Cow<'static, str> {
        self.args(key, &[("count", (*count.borrow()).into())])
    }

    /// A message with one text argument.
    pub fn with(self, key: &str, name: &'static str, value: impl AsRef<str>) -> Cow<'static, str> {
        self.args(key, &[(name, value.as_ref().to_owned().into())])
    }

    /// A message with any arguments.
    pub fn args(self, key: &str, args: &[(&'static str, FluentValue<'static>)]) -> Cow<'static, str> {
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.format(key, Some(&args))
    }

    /// True if the message exists.
    pub fn has(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn bundle(self) -> &'static Bundle {
        let [en, ru, uz] = &*CATALOGUES;
        match self.locale {
            Locale::En => en,
            Locale::Ru => ru,
            Locale::Uz => uz,
        }
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, locale = self.locale.tag(), "a text is missing");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, locale = self.locale.tag(), ?errors, "a text lacks an argument");
        }
        Cow::Owned(text)
    }

    /// The advice on an invalid phone number, with an example of a country.
    pub fn not_a_phone(self, country: Country) -> Cow<'static, str> {
        let example = PhoneNumber::example(country).unwrap_or_default();
        self.with("problem-not-a-phone", "example", example)
    }

    /// The explanation that nothing is sent to numbers of a country, with the way to allow it.
    pub fn country_not_allowed(self, country: Option<Country>) -> Cow<'static, str> {
        match country {
            Some(country) => {
                let name = country_names::name(country.code(), self.locale).to_owned();
                self.with("problem-country-not-allowed", "country", name)
            }
            None => self.get("problem-number-of-no-country"),
        }
    }

    /// The description of a field's problem, with advice to solve it.
    pub fn problem(self, problem: &Problem) -> Cow<'static, str> {
        let number = |n: usize| FluentValue::from(i64::try_from(n).unwrap_or(i64::MAX));
        match problem {
            Problem::Required => self.get("problem-required"),
            Problem::TooLong { max } => self.args("problem-too-long", &[("max", number(*max))]),
            Problem::KeyReused => self.get("problem-key-reused"),
            Problem::CommonPassword => self.get("problem-common-password"),
            Problem::TooShort { min } => self.args("problem-too-short", &[("min", number(*min))]),
            Problem::OutOfRange { min, max } => {
                self.args("problem-out-of-range", &[("min", (*min).into()), ("max", (*max).into())])
            }
            Problem::NotAPhone(country) => self.not_a_phone(*country),
            Problem::NotAnEmail => self.get("problem-not-an-email"),
            Problem::NotADate => self.get("problem-not-a-date"),
            Problem::NotATime => self.get("problem-not-a-time"),
            Problem::TimePassed => self.get("problem-time-passed"),
            Problem::TimeTooFar => self.get("problem-time-too-far"),
            Problem::TimeSkipped => self.get("problem-time-skipped"),
            Problem::NotOneOf(values) => self.with("problem-not-one-of", "values", values.clone()),
            Problem::NotAChoice(values) => self.with("problem-not-one-of", "values", values.clone()),
            Problem::WrongType => self.get("problem-wrong-type"),
            Problem::BadCharacters => self.get("problem-bad-characters"),
            Problem::Taken => self.get("problem-taken"),
            Problem::UnknownPlaceholder(name) => {
                self.with("problem-unknown-placeholder", "name", format!("{{{{{name}}}}}"))
            }
            Problem::Unreachable => self.get("problem-unreachable"),
            Problem::CountryNotAllowed(country) => self.country_not_allowed(*country),
            Problem::OptedOut => self.get("problem-opted-out"),
            Problem::WindowClosed => self.get("problem-window-closed"),
            Problem::WindowNotOpened => self.get("problem-window-unopened"),
            Problem::NoProvider => self.get("problem-no-provider"),
            Problem::NotATable => self.get("problem-not-a-table"),
            Problem::WrongCode => self.get("problem-wrong-code"),
            Problem::StorageFull => self.get("problem-storage-full"),
            Problem::TooManyImports { max } => {
                self.args("problem-too-many-imports", &[("max", number(*max))])
            }
            Problem::NoFiles => self.get("problem-no-files"),
            Problem::EmptyFile { name } => self.with("problem-empty-file", "name", name.clone()),
            Problem::TooLongFor { transport, max } => self.args(
                "problem-too-long-for",
                &[
                    ("transport", self.get(format!("transport-{}", transport.as_str())).into_owned().into()),
                    ("max", i64::try_from(*max).unwrap_or(i64::MAX).into()),
                ],
            ),
            Problem::TooManyFiles { transport: None, max } => {
                self.args("problem-too-many-files", &[("max", number(*max))])
            }
            Problem::TooManyFiles { transport: Some(transport), max } => {
                let by = self.get(format!("transport-{}", transport.as_str()));
                self.args("problem-too-many-files-by", &[("transport", by.into()), ("max", number(*max))])
            }
            Problem::FilesTooLarge { transport, megabytes } => {
                let by = self.get(format!("transport-{}", transport.as_str()));
                let megabytes = i64::try_from(*megabytes).unwrap_or(i64::MAX);
                self.args(
                    "problem-files-too-large",
                    &[("transport", by.into()), ("megabytes", megabytes.into())],
                )
            }
            Problem::FileType { transport, name } => {
                let by = self.get(format!("transport-{}", transport.as_str()));
                self.args("problem-file-type", &[("transport", by.into()), ("name", name.clone().into())])
            }
            Problem::WrongPassword => self.get("problem-wrong-password"),
            Problem::NotABotToken => self.get("problem-not-a-bot-token"),
            Problem::DifferentBot => self.get("problem-another-bot"),
            Problem::ProviderRejected(words) => self.with("problem-provider-refuses", "words", words.clone()),
            Problem::ProviderUnresponsive(why) => self.with("problem-provider-silent", "why", why.clone()),
            Problem::NotASid { prefix } => self.with("problem-not-a-sid", "prefix", prefix),
            Problem::NotASender => self.get("problem-not-a-sender"),
            Problem::CredentialsRefused => self.get("problem-credentials-refused"),
            Problem::SenderRequired => self.get("problem-sender-required"),
            Problem::ChannelDisabled => self.get("problem-channel-off"),
            Problem::NotFound => self.get("problem-not-found"),
            Problem::TooManyLines { max } => self.args("problem-too-many-lines", &[("max", number(*max))]),
            Problem::LastAdministrator => self.get("problem-last-administrator"),
            Problem::OwnAccount => self.get("problem-own-account"),
            Problem::SameRecord => self.get("problem-itself"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Collects the keys, each with the arguments that its text uses.
    fn keys(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::<String, BTreeSet<String>>::new();
        let mut current = String::new();
        for source in sources {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "the catalogue does not parse");
        }
        for line in sources.iter().flat_map(|source| source.lines()).filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}'])) {
                current = key.to_owned();
                assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{key} is there twice");
            }
            for argument in line.split('$').skip(1) {
                let name: String = argument.chars().take_while(char::is_ascii_alphanumeric).collect();
                keys.get_mut(&current).unwrap().insert(name);
            }
        }
        keys
    }

    #[test]
    fn dates_are_written_as_in_the_language() {
        let date = |locale| {
            let args = [("day", 26.into()), ("month", 11.into()), ("year", "2026".into())];
            I18n::new(locale).args("date-full", &args)
        };
        assert_eq!(Locale::ALL.map(date), ["26 November 2026", "26 ноября 2026", "2026-yil 26-noyabr"]);
        // No ending is joined to a value, since Uzbek endings depend on it.
        for source in SOURCES[2].1 {
            for (at, _) in source.match_indices('}') {
                let next = source[at + 1..].chars().next();
                assert!(!next.is_some_and(char::is_alphabetic), "{}", &source[..=at]);
            }
        }
    }

    #[test]
    fn each_language_is_named_in_its_own_words() {
        for locale in Locale::ALL {
            let names = Locale::ALL.map(|named| I18n::new(locale).get(format!("locale-{}", named.tag())));
            assert_eq!(names, ["English", "Русский", "Oʻzbekcha"]);
        }
    }

    #[test]
    fn the_three_catalogues_hold_the_same_keys_with_the_same_arguments() {
        let english = keys(SOURCES[0].1);
        for (locale, sources) in &SOURCES[1..] {
            let other = keys(sources);
            let locale = locale.tag();
            for (key, arguments) in &english {
                assert_eq!(other.get(key), Some(arguments), "{locale}: {key}");
            }
            assert_eq!(other.len(), english.len(), "{locale} has keys that English does not have");
        }
    }

    #[test]
    fn each_feature_has_one_catalogue_per_language_with_the_same_keys() {
        for (index, feature) in FEATURES.iter().enumerate() {
            let english = keys(&SOURCES[0].1[index..=index]);
            for (locale, sources) in &SOURCES[1..] {
                let other = keys(&sources[index..=index]);
                assert!(other.keys().eq(english.keys()), "{}: {feature}", locale.tag());
            }
        }
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
        for (locale, _) in &SOURCES {
            let files = std::fs::read_dir(root.join(locale.tag())).unwrap();
            assert_eq!(files.count(), FEATURES.len(), "{}: a catalogue is not loaded", locale.tag());
        }
    }

    /// Reads all Rust code and templates, in which keys are used.
    fn read_sources() -> String {
        fn read(folder: &std::path::Path, all: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    read(&entry.path(), all);
                } else {
                    all.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
                }
            }
        }
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = String::new();
        read(&root.join("src"), &mut all);
        read(&root.join("templates"), &mut all);
        all
    }

    /// Prefixes of keys that end with a word of the domain, such as a status.
    const DYNAMIC_KEY_PREFIXES: &[&str] = &[
        "happened-",
        "actor-",
        "object-",
        "audit-field-",
        "import-state-",
        "import-dates-",
        "export-",
        "likeness-",
        "channel-state-",
        "channel-check-",
        "channel-provider-",
        "channels-new-",
        "channel-connect-hint-",
        "channel-disable-hint-",
        "channel-credentials-hint-",
        "channel-senders-hint-",
        "channel-refused-why-",
        "channel-webhooks-",
        "channel-webhook-",
        "field-",
        "locale-",
        "theme-",
        "gender-",
        "contact-",
        "transport-",
        "status-",
        "message-kind-",
        "failure-",
        "sort-",
        "error-",
        "problem-",
        "preset-",
        "placeholder-",
        "play-",
        "turned-",
        "report-",
        "told-of-",
        "permission-",
        "role-",
        "outbound-countries-",
    ];

    #[test]
    fn no_key_is_unused_and_none_that_is_used_is_missing() {
        let named = read_sources();
        let english = keys(SOURCES[0].1);
        for key in
            english.keys().filter(|key| !DYNAMIC_KEY_PREFIXES.iter().any(|family| key.starts_with(family)))
        {
            let used = named.contains(&format!("\"{key}\""))
                || SOURCES[0].1.iter().any(|source| source.contains(&format!("{{ {key} }}")));
            assert!(used, "{key} is not used anywhere");
        }
        for call in [
            "t.get(\"",
            "t.count(\"",
            "t.with(\"",
            "t.args(\"",
            "i18n.get(\"",
            "i18n.with(\"",
            "i18n.count(\"",
        ] {
            for rest in named.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                let family = key.ends_with('-') && DYNAMIC_KEY_PREFIXES.contains(&key);
                assert!(
                    family || english.contains_key(key) || key.len() > 60,
                    "{key} is not in the catalogues"
                );
            }
        }
    }

    #[test]
    fn plurals_follow_each_language() {
        let total = |locale, count| I18n::new(locale).count("clients-total", count);
        assert_eq!(total(Locale::En, 1), "1 client");
        assert_eq!(total(Locale::En, 2), "2 clients");
        assert_eq!(
            [1, 3, 5, 21, 112].map(|n| total(Locale::Ru, n).into_owned()),
            ["1 клиент", "3 клиента", "5 клиентов", "21 клиент", "112 клиентов"]
        );
        assert_eq!(total(Locale::Uz, 5), "5 ta mijoz");
    }

    #[test]
    fn thousands_are_apart() {
        let numbers = [0, 999, 1_000, -1_000, 21_005, 1_234_567];
        let shown = |locale| numbers.map(|number| I18n::new(locale).number(number).into_owned());
        assert_eq!(shown(Locale::En), ["0", "999", "1,000", "-1,000", "21,005", "1,234,567"]);
        let spaced = ["0", "999", "1\u{a0}000", "-1\u{a0}000", "21\u{a0}005", "1\u{a0}234\u{a0}567"];
        assert_eq!(shown(Locale::Ru), spaced);
        assert_eq!(shown(Locale::Uz), spaced);
        assert_eq!(I18n::new(Locale::Ru).count("clients-total", 21_001), "21\u{a0}001 клиент");
    }

    #[test]
    fn every_word_of_the_domain_has_a_text() {
        use strum::VariantNames as _;

        use crate::domain::{
            AuthorKind, ClientField, ContactType, EventKind, FieldKind, MessageStatus, ObjectType, Transport,
        };
        let words = MessageStatus::ALL.map(|s| format!("status-{}", s.as_str())).into_iter();
        let words = words.chain(Transport::ALL.iter().map(|t| format!("transport-{}", t.as_str())));
        let words = words.chain(EventKind::ALL.iter().map(|kind| format!("happened-{}", kind.as_str())));
        let words = words.chain(AuthorKind::VARIANTS.iter().map(|kind| format!("actor-{kind}")));
        let words = words.chain(ObjectType::VARIANTS.iter().map(|kind| format!("object-{kind}")));
        let words = words.chain(ContactType::ALL.map(|c| format!("contact-{}", c.as_str())));
        let fields = ClientField::ALL.iter().flat_map(|field| {
            let choices = match &field.definition().kind {
                FieldKind::Choice(words) => {
                    words.iter().map(|word| format!("{}-{word}", field.name())).collect()
                }
                _ => Vec::new(),
            };
            [vec![format!("field-{}", field.name())], choices].concat()
        });
        let providers = crate::providers::registrations().flat_map(|provider| {
            let mut prefixes = vec![
                "channel-provider",
                "channels-new",
                "channel-connect-hint",
                "channel-disable-hint",
                "channel-credentials-hint",
            ];
            if provider.address_fields().next().is_some() {
                prefixes.push("channel-senders-hint");
            }
            if provider.has_webhooks_by_hand() {
                prefixes.extend(["channel-webhooks", "channel-webhooks-hint", "channel-refused-why"]);
            }
            let of_provider =
                prefixes.into_iter().map(|prefix| format!("{prefix}-{}", provider.name.as_str()));
            of_provider
                .chain(provider.fields.iter().map(|field| format!("field-{}", field.name)))
                .collect::<Vec<_>>()
        });
        let keys: Vec<_> = words.chain(fields).chain(providers).collect();
        for locale in Locale::ALL {
            let i18n = I18n::new(locale);
            let missing: Vec<_> = keys.iter().filter(|key| !i18n.has(key)).collect();
            assert!(missing.is_empty(), "{locale:?}: {missing:?}");
        }
    }
}
