//! Pages with the phones of clients, available only where `aloqa demo` simulates the providers.

pub(super) mod actions;
pub(crate) mod paths;
pub(super) mod report;
pub(super) mod show;
pub(super) mod write;

use crate::domain::{Patch, Permission, Problem};
use crate::presentation::{
    AppState,
    http::feature::{Feature, Navigation},
};

/// The pages of the simulator; servers without a simulator do not show them.
const FEATURE: Feature = Feature {
    navigation: Some(Navigation {
        label: "nav-simulator",
        icon: "contact-phone",
        href: paths::Simulator::PATTERN,
        permission: Permission::ChannelManage,
    }),
    ..Feature::new("simulator", |table| {
        table
            .get(paths::Simulator::PATTERN, show::show)
            .post(paths::SimulatorMessages::PATTERN, write::submit)
            .post(paths::SimulatorBehaviour::PATTERN, actions::submit)
            .post(paths::SimulatorReports::PATTERN, report::submit)
    })
};

/// Adds the page to an application whose providers are simulated; any other stays as it is.
#[must_use]
pub fn register(state: AppState) -> AppState {
    if state.services.simulator.is_available() { state.with_feature(FEATURE) } else { state }
}

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
