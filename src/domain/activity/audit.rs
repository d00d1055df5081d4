//! Entries of the audit log: the author, the object, and the old and new values that are stored with an event.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{ClientField, ClientFields, Event, EventKind, Problem, SessionId, TokenId, UserId, fold};

/// The maximum number of characters of a value in the audit log; longer ones are cut.
const MAX_VALUE: usize = 500;
/// The maximum number of characters by which an entry is found.
const MAX_SEARCH_TEXT: usize = 2_000;

/// The kind of the author of an event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum AuthorKind {
    /// A user in a browser.
    User,
    /// A program with an API key.
    ApiKey,
    /// The program itself, a provider, or somebody who is not signed in.
    System,
    /// The operator, by a command.
    Operator,
}

impl AuthorKind {
    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The circumstances of a request: the address, the device, and the session or API key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address that the request came from.
    pub address: Option<String>,
    /// The `User-Agent`, shortened.
    pub device: Option<String>,
    /// The session of a browser.
    pub session: Option<SessionId>,
    /// The API key of a program, with its name.
    pub token: Option<(TokenId, String)>,
    /// True for commands of the operator, which act on behalf of a user.
    pub is_operator: bool,
}

/// The author of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The kind.
    pub kind: AuthorKind,
    /// The user, also of an API key.
    pub user: Option<UserId>,
    /// The name of the user or of the API key at the time, if it is known.
    pub name: Option<String>,
    /// The circumstances.
    pub origin: Origin,
}

impl Author {
    /// A user, in a browser or by an API key, or the operator on behalf of a user.
    pub fn user(user: UserId, name: String, origin: Origin) -> Self {
        let kind = match &origin {
            Origin { is_operator: true, .. } => AuthorKind::Operator,
            Origin { token: Some(_), .. } => AuthorKind::ApiKey,
            _ => AuthorKind::User,
        };
        let name = origin.token.as_ref().map_or(name, |(_, token)| token.clone());
        Self { kind, user: Some(user), name: Some(name), origin }
    }

    /// The same author in other circumstances.
    #[must_use]
    pub fn at(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// The operator, by a command.
    pub fn operator() -> Self {
        Self { kind: AuthorKind::Operator, user: None, name: None, origin: Origin::default() }
    }

    /// Somebody who is not signed in, such as one whose password was wrong.
    pub fn stranger(origin: Origin) -> Self {
        Self { origin, ..Self::from(None) }
    }
}

/// A user whose request is over, such as one who has started an import; `None` for providers and the system.
impl From<Option<UserId>> for Author {
    fn from(user: Option<UserId>) -> Self {
        let kind = if user.is_some() { AuthorKind::User } else { AuthorKind::System };
        Self { kind, user, name: None, origin: Origin::default() }
    }
}

/// The kind of the object of an audit entry.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum ObjectType {
    /// An API key.
    ApiKey,
    /// A role.
    Role,
    /// A channel.
    Channel,
    /// A message template.
    Template,
    /// An invitation.
    Invitation,
    /// A chat.
    Chat,
    /// A client.
    Client,
    /// A user.
    User,
    /// The workspace itself.
    Workspace,
}

impl ObjectType {
    /// The name in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The fields of events that name their object, the most specific first.
const OBJECT_FIELDS: [(&str, ObjectType); 8] = [
    ("token_id", ObjectType::ApiKey),
    ("role_id", ObjectType::Role),
    ("channel_id", ObjectType::Channel),
    ("template_id", ObjectType::Template),
    ("link_id", ObjectType::Invitation),
    ("chat_id", ObjectType::Chat),
    ("client_id", ObjectType::Client),
    ("user_id", ObjectType::User),
];

impl Event {
    /// The object that the event is about, with its id; events without one are about the workspace.
    pub fn object(&self) -> (ObjectType, Option<String>) {
        let fields = serde_json::to_value(self).unwrap_or_default();
        let named = |(field, kind): &(&str, ObjectType)| {
            let value = fields.get(*field)?;
            Some((*kind, Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))))
        };
        OBJECT_FIELDS.iter().find_map(named).unwrap_or((ObjectType::Workspace, None))
    }

    /// True if the event belongs in the audit log. The traffic of chats does not, except for what a user changes by hand.
    pub fn is_audited(&self, author: &Author) -> bool {
        match self.kind() {
            EventKind::MessageReceived
            | EventKind::MessageEdited
            | EventKind::MessageFilesChanged
            | EventKind::MessageReactionsChanged
            | EventKind::MessageRead
            | EventKind::MessageUnread => false,
            EventKind::MessageStatusChanged | EventKind::ReachChanged => author.kind != AuthorKind::System,
            _ => true,
        }
    }

    /// Names the object of the event.
    pub fn about(self, title: impl Into<String>) -> DetailedEvent {
        DetailedEvent { title: Some(cut(&title.into())), ..DetailedEvent::from(self) }
    }

    /// Adds the old and new values.
    pub fn with(self, changes: Changes) -> DetailedEvent {
        DetailedEvent { changes, ..DetailedEvent::from(self) }
    }
}

/// An event with the details that only the audit log shows.
#[derive(Debug, Clone)]
pub struct DetailedEvent {
    /// The event.
    pub event: Event,
    /// The name of its object at the time.
    pub title: Option<String>,
    /// The old and new values.
    pub changes: Changes,
}

impl From<Event> for DetailedEvent {
    fn from(event: Event) -> Self {
        Self { event, title: None, changes: Changes::default() }
    }
}

impl DetailedEvent {
    /// Adds the old and new values.
    #[must_use]
    pub fn with(self, changes: Changes) -> Self {
        Self { changes, ..self }
    }

    /// The folded text by which the entry is found: its object, author, address and values.
    pub fn search_text(&self, author: &Author) -> String {
        let origin = [author.name.as_deref(), author.origin.address.as_deref(), self.title.as_deref()];
        let values = self.changes.0.values().flatten().map(Option::as_deref);
        let all: Vec<_> = origin.into_iter().chain(values).flatten().collect();
        fold(&all.join("\n")).chars().take(MAX_SEARCH_TEXT).collect()
    }
}

/// The changed fields with their old and new values. It never holds a secret: a use case adds each field by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Changes(BTreeMap<Cow<'static, str>, [Option<String>; 2]>);

impl Changes {
    /// Adds a field, unless its value is the same.
    #[must_use]
    pub fn field(mut self, name: impl Into<Cow<'static, str>>, old: Option<&str>, new: Option<&str>) -> Self {
        if old != new {
            self.0.insert(name.into(), [old.map(cut), new.map(cut)]);
        }
        self
    }

    /// The field of something that was created.
    #[must_use]
    pub fn added(self, name: impl Into<Cow<'static, str>>, new: &str) -> Self {
        self.field(name, None, Some(new))
    }

    /// The field of something that was deleted.
    #[must_use]
    pub fn removed(self, name: impl Into<Cow<'static, str>>, old: &str) -> Self {
        self.field(name, Some(old), None)
    }

    /// The fields in which two versions of a client differ; `None` for a client that does not exist yet.
    pub fn of_client(old: Option<&ClientFields>, new: &ClientFields) -> Self {
        ClientField::ALL.iter().fold(Self::default(), |changes, field| {
            let [before, after] = [old, Some(new)].map(|version| version?.text(*field));
            changes.field(field.name(), before.as_deref(), after.as_deref())
        })
    }

    /// True if no field has changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields by name, each with its old and its new value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>, Option<&str>)> {
        self.0.iter().map(|(name, [old, new])| (name.as_ref(), old.as_deref(), new.as_deref()))
    }
}

/// A value of at most [`MAX_VALUE`] characters, with an ellipsis if it was longer.
fn cut(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ChatId, ClientId, MessageId};

    #[test]
    fn the_object_is_the_most_specific_one() {
        let token = Event::TokenCreated { user_id: UserId(7), token_id: TokenId(9) };
        assert_eq!(token.object(), (ObjectType::ApiKey, Some("9".into())));
        let chat = Event::ChatCreated { chat_id: ChatId(1), client_id: ClientId(2) };
        assert_eq!(chat.object(), (ObjectType::Chat, Some("1".into())));
    }

    #[test]
    fn traffic_is_not_audited_unless_a_user_changes_it() {
        let status = Event::MessageStatusChanged { chat_id: ChatId(1), message_id: MessageId(2) };
        assert!(!status.is_audited(&Author::from(None)));
        assert!(status.is_audited(&Author::from(Some(UserId(7)))));
    }

    #[test]
    fn long_values_are_cut_and_equal_ones_left_out() {
        let changes = Changes::default().field("a", Some("x"), Some("x")).added("b", &"я".repeat(501));
        let [(name, None, Some(new))] = changes.iter().collect::<Vec<_>>()[..] else { panic!("{changes:?}") };
        assert_eq!((name, new.chars().count(), new.ends_with('…')), ("b", 501, true));
    }
}
