//! Pages with the phones of clients, available only where `aloqa demo` simulates the providers.

pub(super) mod actions;
pub(super) mod report;
pub(super) mod show;
pub(super) mod write;

use crate::domain::{Patch, Permission, Problem};
use crate::presentation::{
    http::{
        feature::{Feature, Navigation},
        routes,
    },
    search::Spotlight,
};

/// The name of the feature in navigation.
const NAME: &str = "simulator";

/// The pages of the simulator; servers without a simulator do not show them.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: Some(Navigation {
        label: "nav-simulator",
        icon: "contact-phone",
        href: routes::Simulator::PATTERN,
        permission: Permission::ChannelManage,
    }),
    spotlight: Spotlight::NONE,
    routes: |table| {
        table
            .get(routes::Simulator::PATTERN, show::show)
            .post(routes::SimulatorMessages::PATTERN, write::submit)
            .post(routes::SimulatorBehaviour::PATTERN, actions::submit)
            .post(routes::SimulatorReports::PATTERN, report::submit)
    },
};

/// Parses an optional whole number.
fn number(
    fields: &crate::presentation::http::fields::Fields,
    name: &str,
    max: i64,
) -> Result<Option<u32>, Problem> {
    match fields.patch(name)? {
        Patch::Set(_) => Ok(u32::try_from(fields.number(name, 0, 0, max)?).ok()),
        Patch::Keep | Patch::Clear => Ok(None),
    }
}

/// Parses an error code of Twilio, which has five digits.
fn code(fields: &crate::presentation::http::fields::Fields) -> Result<Option<u32>, Problem> {
    number(fields, "code", 99_999)
}
