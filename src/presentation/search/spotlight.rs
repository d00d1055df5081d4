//! What features give to the spotlight, and what it asks them.

use std::{borrow::Cow, pin::Pin};

use serde::Serialize;

use crate::{
    domain::Permission,
    error::Result,
    presentation::{
        http::{
            context::Ctx,
            feature::{Navigation, SettingsSection},
        },
        search::highlight::{self, HighlightedPart},
        ui::{i18n::I18n, layout::Layout},
    },
};

/// What a feature gives to the spotlight.
#[derive(Clone, Copy)]
pub struct Spotlight {
    /// Its pages besides the one in the navigation, and what one can begin to do.
    pub destinations: &'static [Destination],
    /// What it finds.
    pub sources: &'static [Source],
}

impl Spotlight {
    /// Nothing.
    pub const NONE: Self = Self { destinations: &[], sources: &[] };
}

/// A page or an action, found by its name.
#[derive(Debug, Clone, Copy)]
pub struct Destination {
    /// [`Kind::Page`] or [`Kind::Action`].
    pub kind: Kind,
    /// The key of its name.
    pub title: &'static str,
    /// The icon's name.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Whether it is done by POST, as a form does it.
    pub is_post: bool,
    /// What one must be allowed to, where not everyone is.
    pub permission: Option<Permission>,
}

impl Destination {
    /// Something to do that begins on a page of its own.
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

/// What finds things of one kind.
#[derive(Clone, Copy)]
pub struct Source {
    /// What it finds.
    pub kind: Kind,
    /// Who may not, is not answered, and the source is not asked.
    pub permission: Permission,
    /// Finds things by what was typed, the best first.
    pub find: for<'a> fn(&'a SpotlightRequest<'a>) -> SourceFuture<'a>,
    /// Where things that a browser remembers are looked up by their ids.
    pub find_by_ids: Option<for<'a> fn(&'a SpotlightRequest<'a>, &'a [i64]) -> SourceFuture<'a>>,
}

/// What a source answers, later.
pub type SourceFuture<'a> = Pin<Box<dyn Future<Output = Result<SourceResults>> + Send + 'a>>;

/// What a source has found.
#[derive(Default)]
pub struct SourceResults {
    /// The best of it.
    pub items: Vec<Item>,
    /// Where the rest is.
    pub more: Option<String>,
}

/// What is asked.
pub struct SpotlightRequest<'a> {
    /// Who asks.
    pub ctx: &'a Ctx,
    /// The words and times of the asker.
    pub layout: &'a Layout,
    /// What was typed.
    pub query: &'a str,
    /// How many items of a kind are wanted.
    pub limit: i64,
    /// In a list that goes on: the id after which it does.
    pub before: Option<i64>,
}

impl SpotlightRequest<'_> {
    /// What was typed, as a value of an address.
    pub fn query_value(&self) -> String {
        form_urlencoded::byte_serialize(self.query.as_bytes()).collect()
    }
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// Something to do.
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
    /// All of them, in the order in which they are answered.
    pub const ALL: [Self; 6] =
        [Self::Page, Self::Action, Self::Client, Self::Chat, Self::Template, Self::Message];

    /// The name on the wire.
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

    /// The heading above things of this kind.
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

/// Something found, as the contract shows it and as pages need it.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// The [`Kind`].
    pub kind: &'static str,
    /// Its name.
    pub title: String,
    /// What tells it from others; of a message, the words around what was found.
    pub subtitle: String,
    /// Where it leads.
    pub url: String,
    /// `post` where following the link is not enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<&'static str>,
    /// The icon's name.
    pub icon: &'static str,
    /// The heading of its group, in the reader's language.
    pub group: Cow<'static, str>,
    /// When it was, as people say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The title in pieces, with what was looked for marked.
    pub title_parts: Vec<HighlightedPart>,
    /// The subtitle likewise.
    pub subtitle_parts: Vec<HighlightedPart>,
    /// The sign of a subtitle that stands for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle_icon: Option<&'static str>,
}

impl Item {
    /// An item with the words of the question marked in its title and its subtitle.
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
