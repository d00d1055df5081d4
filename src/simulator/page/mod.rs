//! The phones of clients, where `aloqa demo` plays the providers. On a real server none of it is there.

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

/// The name by which pages say that they belong here.
const NAME: &str = "simulator";

/// The simulator's phones; not among the features of a server that has none.
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

/// An optional whole number.
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

/// An error's code, as Twilio has them: of five digits.
fn code(fields: &crate::presentation::http::fields::Fields) -> Result<Option<u32>, Problem> {
    number(fields, "code", 99_999)
}
