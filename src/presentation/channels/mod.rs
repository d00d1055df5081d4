//! Settings: the channels of a workspace.

mod create;
mod credentials;
mod list;
mod parse;
mod queue;
mod remove;
mod show;
mod templates;
pub(super) mod test;
mod update;
mod view;

use crate::domain::Permission;
use crate::presentation::{
    feature::{Feature, Navigation},
    routes,
    spotlight::{Place, Spotlight},
};

/// The name by which pages say that they belong here.
const NAME: &str = "channels";

/// Channels.
pub const FEATURE: Feature = Feature {
    name: NAME,
    navigation: Some(Navigation {
        label: "nav-channels",
        icon: "channels",
        href: routes::Channels::PATTERN,
        permission: Permission::ChannelManage,
    }),
    spotlight: Spotlight {
        places: &[
            Place::action("channels-new", "plus", routes::NewChannel::PATTERN, Permission::ChannelManage),
            Place::action("queue-title", "send", routes::Deliveries::PATTERN, Permission::ChannelManage),
        ],
        sources: &[],
    },
    routes: |table| {
        table
            .get(routes::Channels::PATTERN, list::show)
            .post(routes::Channels::PATTERN, create::submit)
            .get(routes::NewChannel::PATTERN, create::form)
            .get(routes::Channel::PATTERN, show::show)
            .put(routes::Channel::PATTERN, update::submit)
            .delete(routes::Channel::PATTERN, remove::submit)
            .put(routes::ChannelCredentials::PATTERN, credentials::submit)
            .post(routes::TestChannel::PATTERN, test::submit)
            // Where the result of a test is shown, a reload shows the channel.
            .get(routes::TestChannel::PATTERN, show::show)
            .get(routes::RemoveChannel::PATTERN, remove::confirm)
            .get(routes::ChannelTemplates::PATTERN, templates::list)
            .post(routes::ChannelTemplates::PATTERN, templates::create)
            .get(routes::NewChannelTemplate::PATTERN, templates::new_form)
            .get(routes::ChannelTemplate::PATTERN, templates::show)
            .put(routes::ChannelTemplate::PATTERN, templates::update)
            .delete(routes::ChannelTemplate::PATTERN, templates::remove)
            .get(routes::Deliveries::PATTERN, queue::show)
            .post(routes::ResendDeliveries::PATTERN, queue::resend)
    },
};
