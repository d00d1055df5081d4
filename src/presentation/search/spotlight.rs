//! The interface between the spotlight and the features.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    domain::Permission,
    presentation::{
        http::{
            context::Ctx,
            feature::{Navigation, SettingsSection},
        },
        search::highlight::{self, HighlightedPart},
        ui::{i18n::I18n, layout::Layout},
    },
    services::{FoundRecords, RecordKind},
};

/// The destinations and sources that a feature registers with the spotlight.
#[derive(Clone, Copy)]
pub struct Spotlight {
    /// Pages that are not in the navigation, and actions.
    pub destinations: &'static [Destination],
    /// Sources of items that are found in the database.
    pub sources: &'static [Source],
}

impl Spotlight {
    /// A feature that registers nothing.
    pub const NONE: Self = Self { destinations: &[], sources: &[] };
}

/// A page or an action that is found by its name.
#[derive(Debug, Clone, Copy)]
pub struct Destination {
    /// [`Kind::Page`] or [`Kind::Action`].
    pub kind: Kind,
    /// The key of the name in the catalogue.
    pub title: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// The address that the item links to.
    pub href: &'static str,
    /// True if the action is a POST request rather than a link.
    pub is_post: bool,
    /// The permission that is needed; `None` for every user.
    pub permission: Option<Permission>,
}

impl Destination {
    /// An action that begins on a page of its own.
    pub const fn action(
        title: &'static str,
        icon: &'static str,
        href: &'static str,
        permission: Permission,
    ) -> Self {
        Self { kind: Kind::Action, title, icon, href, is_post: false, permission: Some(permission) }
    }
}

impl From<SettingsSection> for Destination {
    fn from(section: SettingsSection) -> Self {
        Self {
            kind: Kind::Page,
            title: section.title,
            icon: section.icon,
            href: section.href,
            is_post: false,
            permission: section.permission,
        }
    }
}

impl From<Navigation> for Destination {
    fn from(link: Navigation) -> Self {
        Self {
            kind: Kind::Page,
            title: link.label,
            icon: link.icon,
            href: link.href,
            is_post: false,
            permission: Some(link.permission),
        }
    }
}

/// A source of items of one kind.
#[derive(Clone, Copy)]
pub struct Source {
    /// The kind of the items.
    pub kind: Kind,
    /// Makes items of the records that were found, the best match first.
    pub items: fn(&SpotlightRequest<'_>, &FoundRecords) -> SourceResults,
}

/// The results of a source.
#[derive(Default)]
pub struct SourceResults {
    /// The best matches.
    pub items: Vec<Item>,
    /// The address of the remaining matches.
    pub more: Option<String>,
}

/// A query to the sources.
pub struct SpotlightRequest<'a> {
    /// The context of the request.
    pub ctx: &'a Ctx,
    /// The layout, for page texts and times of the user.
    pub layout: &'a Layout,
    /// The text that the user typed.
    pub query: &'a str,
    /// The maximum number of items of a kind.
    pub limit: i64,
}

impl SpotlightRequest<'_> {
    /// The query, encoded for the query string of an address.
    pub fn query_value(&self) -> String {
        form_urlencoded::byte_serialize(self.query.as_bytes()).collect()
    }
}

/// The kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// An action.
    Action,
    /// A client.
    Client,
    /// A chat.
    Chat,
    /// A message template.
    Template,
    /// A message.
    Message,
}

impl Kind {
    /// All kinds, in the order of the results.
    pub const ALL: [Self; 6] =
        [Self::Page, Self::Action, Self::Client, Self::Chat, Self::Template, Self::Message];

    /// The records of this kind; `None` for pages and actions, which are not stored.
    pub fn records(self) -> Option<RecordKind> {
        match self {
            Self::Page | Self::Action => None,
            Self::Client => Some(RecordKind::Client),
            Self::Chat => Some(RecordKind::Chat),
            Self::Template => Some(RecordKind::Template),
            Self::Message => Some(RecordKind::Message),
        }
    }

    /// The name in JSON and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Action => "action",
            Self::Client => "client",
            Self::Chat => "chat",
            Self::Template => "template",
            Self::Message => "message",
        }
    }

    /// The heading of a group of this kind.
    pub fn heading(self, t: I18n) -> Cow<'static, str> {
        t.get(match self {
            Self::Page => "spotlight-pages",
            Self::Action => "spotlight-actions",
            Self::Client => "nav-clients",
            Self::Chat => "nav-chats",
            Self::Template => "nav-instant-messages",
            Self::Message => "spotlight-messages",
        })
    }
}

/// An item that was found, as JSON and for pages.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// The name of the [`Kind`].
    pub kind: &'static str,
    /// The title.
    pub title: String,
    /// The detail that distinguishes the item from others; for a message, an excerpt around the
    /// match.
    pub subtitle: String,
    /// The address that the item links to.
    pub url: String,
    /// `post` if the item is a POST request rather than a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// The icon's name.
    pub icon: &'static str,
    /// The heading of the group, in the user's language.
    pub group: Cow<'static, str>,
    /// The time in words, such as "yesterday".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The title in parts, with the matches marked.
    pub title_parts: Vec<HighlightedPart>,
    /// The subtitle in parts, with the matches marked.
    pub subtitle_parts: Vec<HighlightedPart>,
    /// The icon of a subtitle that describes files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle_icon: Option<&'static str>,
}

impl Item {
    /// Creates an item, and marks the words of the query in its title and subtitle.
    pub fn new(
        request: &SpotlightRequest<'_>,
        kind: Kind,
        icon: &'static str,
        title: String,
        subtitle: String,
        url: String,
    ) -> Self {
        Self {
            kind: kind.as_str(),
            title_parts: highlight::highlight(&title, request.query),
            subtitle_parts: highlight::highlight(&subtitle, request.query),
            title,
            subtitle,
            url,
            method: None,
            icon,
            group: kind.heading(request.layout.t),
            time: None,
            subtitle_icon: None,
        }
    }
}
