//! The registered providers. `docs/providers.md` shows how to add one.

use futures_util::{FutureExt as _, future::BoxFuture};
use url::Url;

use crate::domain::{Channel, ChannelProvider, ConsentSenders, FieldErrors, Problem, Transport};
use crate::providers::{
    ApiUrls, Capabilities, CheckResult, FailureClass, FailureScope, NO_RESPONSE, OutboundMessage, Outcome,
    Provider, Registration, SendFrom, WebhookSetup,
    calls::reason,
    media::{FetchError, Fetched},
    telegram, twilio,
    webhook::Webhook,
};

/// All providers, one line each, in the order of the page that connects a channel.
static REGISTRATIONS: [&Registration; 2] = [&telegram::REGISTRATION, &twilio::REGISTRATION];

impl Default for ApiUrls {
    /// # Panics
    /// If the constant of a provider is no URL, which a test excludes.
    #[expect(clippy::expect_used, reason = "constants")]
    fn default() -> Self {
        let url = |registration: &&Registration| {
            (registration.name.clone(), Url::parse(registration.api_url).expect("a URL"))
        };
        Self(REGISTRATIONS.iter().map(url).collect())
    }
}

/// The substitute for a provider that this version does not know; its channels send nothing.
static UNKNOWN: Registration = Registration {
    name: ChannelProvider::named("unknown"),
    api_url: "https://unknown.invalid",
    fields: &[],
    connect: |_, _| async { Err(FieldErrors::one("provider", Problem::NoProvider)) }.boxed(),
    webhook_setup: WebhookSetup::ByHand,
    names: |_| Vec::new(),
    username: |_| None,
    invite_link: |_, _| None,
    sender: |_, _| None,
    consent_addresses: |_, _| Vec::new(),
    capabilities: Capabilities {
        transports: &[],
        rate: |_, _| 1,
        may_start: false,
        reports_delivery: false,
        reports_read: false,
        keeps_inbound: false,
        edits: false,
    },
    status_path: None,
    parse_template_id: None,
    classify: FailureClass::of_any_provider,
    suppression_code: |_| "closed",
    check: |_, check| {
        let name = check.channel.provider.as_str().to_owned();
        async move { vec![CheckResult::failed("other-answer", name)] }.boxed()
    },
    check_code: |_| Some(NO_RESPONSE),
    webhooks: &[],
    open: |_, _, _| Box::new(UnknownProvider),
};

struct UnknownProvider;

impl Provider for UnknownProvider {
    fn send<'a>(&'a self, _: &'a OutboundMessage) -> BoxFuture<'a, Outcome> {
        async { Outcome::Refused(reason("this version does not know the provider")) }.boxed()
    }

    fn fetch<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Fetched, FetchError>> {
        async { Err(FetchError::Refused("this version does not know the provider")) }.boxed()
    }
}

/// The webhooks of all providers.
pub fn webhooks() -> impl Iterator<Item = &'static Webhook> {
    REGISTRATIONS.iter().flat_map(|registration| registration.webhooks)
}

/// The registrations of all providers, in the order of the page that connects a channel.
pub fn registrations() -> impl Iterator<Item = &'static Registration> {
    REGISTRATIONS.iter().copied()
}

/// The registration of a provider.
pub fn registration(provider: &ChannelProvider) -> &'static Registration {
    REGISTRATIONS.iter().find(|registration| registration.name == *provider).copied().unwrap_or(&UNKNOWN)
}

/// True if any provider uses this code for a failure of the whole channel. Codes of different
/// providers are disjoint.
pub fn affects_whole_channel(code: &str) -> bool {
    REGISTRATIONS.iter().any(|registration| (registration.classify)(code).scope == FailureScope::Channel)
}

/// The sender of messages by this transport; `None` if the channel does not carry it or is
/// disabled.
pub fn sender(channel: &Channel, transport: Transport) -> Option<SendFrom> {
    if channel.disabled_at.is_some() {
        return None;
    }
    (registration(&channel.provider).sender)(channel, transport)
}

/// The senders of a channel that the suppressions of a transport belong to, even while it is disabled.
pub fn consent_senders(channel: &Channel, transport: Transport) -> ConsentSenders {
    ConsentSenders::new(channel, (registration(&channel.provider).consent_addresses)(channel, transport))
}

/// True if a channel carries a transport, even while it is disabled.
pub fn carries(channel: &Channel, transport: Transport) -> bool {
    (registration(&channel.provider).sender)(channel, transport).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ChannelAddresses, MAX_FILES},
        providers::FieldRole,
    };

    #[test]
    fn channel_failures_are_classified_by_code() {
        for code in
            ["20003", "21606", "30002", "63007", "telegram-unauthorized", "401", "404", "503", NO_RESPONSE]
        {
            assert!(affects_whole_channel(code), "{code}");
        }
        for code in ["30003", "21610", "telegram-blocked", "400", "429", "50", "5000", ""] {
            assert!(!affects_whole_channel(code), "{code}");
        }
    }

    #[test]
    fn unknown_providers_send_nothing() {
        let registration = registration(&ChannelProvider::named("pigeon"));
        assert!(!registration.capabilities.may_start && registration.webhooks.is_empty());
        assert_eq!((registration.classify)("401"), FailureClass::CHANNEL);
    }

    #[test]
    fn api_urls_are_configured_by_the_provider_s_name() {
        let mut urls = ApiUrls::default();
        for registration in registrations() {
            assert_eq!(urls.get(&registration.name).as_str(), format!("{}/", registration.api_url));
            let key = format!("{}_api_url", registration.name.as_str());
            assert!(urls.keys().any(|known| known == key));
            assert_eq!(urls.configure(&key, "http://127.0.0.1:9/api"), Ok(true));
            assert_eq!(urls.get(&registration.name).path(), "/api");
            assert!(urls.configure(&key, "data:,").is_err() && urls.configure(&key, "nowhere").is_err());
        }
        assert_eq!(urls.configure("pigeon_api_url", "http://127.0.0.1"), Ok(false));
    }

    #[test]
    fn file_limits_depend_on_the_transport() {
        let limits = |transport| {
            let of = |registration: &Registration| registration.capabilities.of(transport)?.files;
            registrations().find_map(of)
        };
        let problem = |transport, kind, size| {
            limits(transport)
                .map_or(Some(Problem::NoFiles), |limits| limits.problem(transport, [("a", kind, size)]))
        };
        assert_eq!(problem(Transport::Sms, "image/jpeg", 5_000_000), None);
        assert_eq!(
            problem(Transport::Sms, "image/jpeg", 5_000_001),
            Some(Problem::FilesTooLarge { transport: Transport::Sms, megabytes: 5 })
        );
        assert_eq!(problem(Transport::Whatsapp, "application/pdf", 15_000_000), None);
        assert_eq!(problem(Transport::Telegram, "application/zip", 50_000_000), None);
        assert_eq!(problem(Transport::Email, "image/jpeg", 1), Some(Problem::NoFiles));
        for kind in ["text/html", "image/svg+xml", "application/zip", "application/octet-stream"] {
            for transport in [Transport::Sms, Transport::Whatsapp] {
                assert_eq!(
                    problem(transport, kind, 1),
                    Some(Problem::FileType { transport, name: "a".to_owned() })
                );
            }
        }
        let many = [("a", "image/png", 1); MAX_FILES + 1];
        for (transport, max) in [(Transport::Sms, 10), (Transport::Whatsapp, 1), (Transport::Telegram, 10)] {
            let too_many = Some(Problem::TooManyFiles { transport: Some(transport), max });
            let limits = limits(transport).unwrap();
            assert_eq!(limits.problem(transport, many[..max].iter().copied()), None);
            assert_eq!(limits.problem(transport, many[..=max].iter().copied()), too_many);
        }
    }

    #[test]
    fn what_is_reported_has_a_way_to_be_reported() {
        for Registration { name, capabilities, webhooks, status_path, parse_template_id, .. } in
            registrations()
        {
            assert_eq!(capabilities.reports_delivery, status_path.is_some(), "{}", name.as_str());
            assert!(capabilities.reports_delivery || !capabilities.reports_read, "{}", name.as_str());
            let templates = capabilities.transports.iter().any(|of| of.templates);
            assert_eq!(templates, parse_template_id.is_some(), "{}", name.as_str());
            assert!(!capabilities.edits || !webhooks.is_empty(), "{}", name.as_str());
            for transport in Transport::ALL {
                let rate = (capabilities.rate)(&ChannelAddresses::default(), *transport);
                assert!(rate > 0, "{}", name.as_str());
            }
        }
    }

    #[test]
    fn each_form_has_one_secret_of_its_own_name() {
        let mut secrets = Vec::new();
        for registration in registrations() {
            let own = registration.fields.iter().filter(|field| field.role == FieldRole::Secret);
            let own: Vec<_> = own.map(|field| field.name).collect();
            assert_eq!(own.len(), 1, "{}", registration.name.as_str());
            secrets.extend(own);
        }
        secrets.sort_unstable();
        secrets.dedup();
        assert_eq!(secrets.len(), REGISTRATIONS.len());
    }

    #[test]
    fn names_and_paths_are_unique() {
        let mut names: Vec<_> = REGISTRATIONS.iter().map(|registration| registration.name.as_str()).collect();
        let mut paths: Vec<_> = webhooks().map(|webhook| webhook.path).collect();
        assert!(webhooks().all(|webhook| names.contains(&webhook.provider.as_str())));
        for list in [&mut names, &mut paths] {
            let before = list.len();
            list.sort_unstable();
            list.dedup();
            assert_eq!(list.len(), before, "{list:?}");
        }
    }
}
