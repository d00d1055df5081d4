//! Settings: the channels of a workspace.

pub(crate) mod channel;
pub(crate) mod connect;
pub(crate) mod form;
pub(crate) mod health;
pub(crate) mod invite_links;
pub(crate) mod view;
pub(crate) mod whatsapp_templates;

use crate::domain::Permission;
use crate::presentation::{
    http::{
        feature::{Feature, Navigation},
        routes,
    },
    search::{Destination, Spotlight},
};

/// The routes, the navigation link and the spotlight's actions of channels.
pub const FEATURE: Feature = Feature {
    navigation: Some(Navigation {
        label: "nav-channels",
        icon: "channels",
        href: routes::Channels::PATTERN,
        permission: Permission::ChannelManage,
    }),
    spotlight: Spotlight {
        destinations: &[
            Destination::action(
                "channels-new",
                "plus",
                routes::NewChannel::PATTERN,
                Permission::ChannelManage,
            ),
            Destination::action(
                "queue-title",
                "send",
                routes::Deliveries::PATTERN,
                Permission::ChannelManage,
            ),
        ],
        sources: &[],
    },
    ..Feature::new("channels", |table| {
        table
            .get(routes::Channels::PATTERN, channel::list)
            .post(routes::Channels::PATTERN, connect::submit)
            .get(routes::NewChannel::PATTERN, connect::form)
            .get(routes::Channel::PATTERN, channel::show)
            .put(routes::Channel::PATTERN, channel::update)
            .delete(routes::Channel::PATTERN, channel::remove)
            .put(routes::ChannelCredentials::PATTERN, connect::replace_credentials)
            .post(routes::TestChannel::PATTERN, health::submit)
            // Reloading the result of a test shows the channel.
            .get(routes::TestChannel::PATTERN, channel::show)
            .post(routes::MissedMessages::PATTERN, health::fetch_missed)
            .get(routes::RemoveChannel::PATTERN, channel::confirm_removal)
            .get(routes::ChannelTemplates::PATTERN, whatsapp_templates::list)
            .post(routes::ChannelTemplates::PATTERN, whatsapp_templates::create)
            .get(routes::NewChannelTemplate::PATTERN, whatsapp_templates::new_form)
            .get(routes::ChannelTemplate::PATTERN, whatsapp_templates::show)
            .put(routes::ChannelTemplate::PATTERN, whatsapp_templates::update)
            .delete(routes::ChannelTemplate::PATTERN, whatsapp_templates::remove)
    })
};
