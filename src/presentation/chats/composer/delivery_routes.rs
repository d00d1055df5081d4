//! The transports by which a client can be reached, as the composer offers them.

use std::borrow::Cow;

use serde_json::json;

use crate::{
    domain::{ChatId, FileLimits, Problem, ServiceWindow, SuppressionReason, Transport},
    presentation::{chats::composer::service_window::ServiceWindowView, http::context::Ctx, ui::i18n::I18n},
    services::{DeliveryRoute, FilledTemplate, Reachability, UnreachableReason, UnreachableTransport},
};

/// The data of the templates `chats/composer/limits.html` and `transport_select.html`.
pub(in crate::presentation) struct TransportOptions {
    pub(in crate::presentation) available: Vec<TransportOption>,
    pub(in crate::presentation) unavailable: Vec<UnavailableTransport>,
    /// True if the client could be reached by a channel that is disabled.
    pub(in crate::presentation) is_disabled: bool,
    /// The service window of the transport that has one.
    pub(in crate::presentation) window: Option<ServiceWindowView>,
}

/// A transport that can be chosen.
pub(in crate::presentation) struct TransportOption {
    pub(in crate::presentation) transport: &'static str,
    pub(in crate::presentation) label: Cow<'static, str>,
    /// The address of the client as users know it.
    pub(in crate::presentation) address: String,
    /// The state of the service window (`open`, `closed` or `unopened`), if the transport has one.
    pub(in crate::presentation) window: Option<&'static str>,
    /// The limits of files as JSON, for the script that checks them before sending.
    pub(in crate::presentation) files: String,
}

/// A transport that can't be chosen, with the reason.
pub(in crate::presentation) struct UnavailableTransport {
    pub(in crate::presentation) transport: &'static str,
    pub(in crate::presentation) label: Cow<'static, str>,
    pub(in crate::presentation) why: Cow<'static, str>,
    /// The reason as a sentence, if the client blocked the transport.
    pub(in crate::presentation) reason: Option<Cow<'static, str>>,
}

impl TransportOptions {
    /// Creates the options from the delivery routes and the unreachable transports of a chat.
    pub(in crate::presentation) fn new(
        ctx: &Ctx,
        chat: ChatId,
        reachability: Reachability,
        templates: Vec<FilledTemplate>,
    ) -> Self {
        let (actor, i18n) = (&ctx.actor, ctx.i18n);
        let is_disabled = reachability.is_disabled();
        let Reachability { routes, unreachable, .. } = reachability;
        let now = ctx.services().dependencies().clock.now();
        let window = routes.iter().find_map(|route| route.window);
        Self {
            is_disabled,
            window: window.map(|window| ServiceWindowView::new(chat, window, templates, actor, now, i18n)),
            available: routes.into_iter().map(|route| transport_option(route, i18n)).collect(),
            unavailable: unreachable.into_iter().map(|route| unavailable_transport(route, i18n)).collect(),
        }
    }
}

fn transport_option(route: DeliveryRoute, i18n: I18n) -> TransportOption {
    let transport = route.transport.as_str();
    TransportOption {
        transport,
        label: i18n.get(format!("transport-{transport}")),
        address: route.shown_address,
        window: route.window.map(ServiceWindow::as_str),
        files: file_rules(route.transport, route.limits.files, i18n),
    }
}

/// The limits of a transport as JSON, with the messages for files that exceed them.
fn file_rules(transport: Transport, limits: Option<FileLimits>, i18n: I18n) -> String {
    let rules = match limits {
        Some(limits) => json!({
            "count": limits.count,
            "bytes": limits.total,
            "types": limits.types,
            "tooMany": i18n.problem(&limits.too_many(transport)),
            "tooLarge": i18n.problem(&limits.too_large(transport)),
            "empty": i18n.problem(&Problem::EmptyFile { name: "#name".to_owned() }),
            "wrongType": i18n.problem(&Problem::FileType { transport, name: "#name".to_owned() }),
        }),
        None => json!({ "count": 0, "tooMany": i18n.problem(&Problem::NoFiles) }),
    };
    rules.to_string()
}

fn unavailable_transport(route: UnreachableTransport, i18n: I18n) -> UnavailableTransport {
    let transport = route.transport.as_str();
    let why = match route.reason {
        UnreachableReason::NoAddress => "composer-no-address",
        UnreachableReason::NoChannel => "composer-no-channel",
        UnreachableReason::ChannelDisabled => "composer-channel-off",
        UnreachableReason::NoProvider => "composer-no-provider",
        UnreachableReason::CountryNotAllowed(_) => "composer-country-not-allowed",
        UnreachableReason::Suppressed(SuppressionReason::Blocked) => "composer-blocked",
        UnreachableReason::Suppressed(SuppressionReason::Gone) => "composer-gone",
        UnreachableReason::Suppressed(SuppressionReason::OptedOut) => "composer-opted-out",
    };
    let label = i18n.get(format!("transport-{transport}"));
    let reason = match route.reason {
        UnreachableReason::Suppressed(SuppressionReason::OptedOut) => {
            Some(i18n.with("composer-opted-out-how", "transport", &label))
        }
        UnreachableReason::CountryNotAllowed(country) => Some(i18n.country_not_allowed(country)),
        UnreachableReason::Suppressed(_) => Some(i18n.args(
            "composer-closed-by-client",
            &[("transport", label.clone().into_owned().into()), ("why", i18n.get(why).into_owned().into())],
        )),
        _ => None,
    };
    UnavailableTransport { transport, label, why: i18n.get(why), reason }
}
