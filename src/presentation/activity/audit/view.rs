//! An entry of the audit log in JSON and on pages.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::{
    domain::{AuthorKind, Changes, ClientId, EventId, ObjectType, SessionId},
    persistence::AuditEntry,
    presentation::{
        http::routes,
        identity::device_name,
        ui::{change_view::ChangeView, i18n::I18n},
    },
};

/// An entry.
#[derive(Serialize)]
pub(super) struct EntryView {
    /// The number of the event.
    pub(super) id: EventId,
    /// The kind of the event.
    pub(super) kind: String,
    /// The author.
    pub(super) actor: ActorView,
    /// The object.
    pub(super) object: ObjectView,
    /// The old and new value of each changed field.
    pub(super) changes: Changes,
    /// The address that the request came from.
    pub(super) address: Option<String>,
    /// The browser and the operating system, or the name of the program.
    pub(super) device: Option<String>,
    /// The number of the session.
    pub(super) session: Option<SessionId>,
    /// The time.
    pub(super) created_at: DateTime<Utc>,
}

/// The author of an entry.
#[derive(Serialize)]
pub(super) struct ActorView {
    /// The kind.
    pub(super) r#type: AuthorKind,
    /// The id of the user or of the API key.
    pub(super) id: Option<i64>,
    /// The name of the user or of the API key.
    pub(super) name: Option<String>,
}

/// The object of an entry.
#[derive(Serialize)]
pub(super) struct ObjectView {
    /// The kind.
    pub(super) r#type: Option<ObjectType>,
    /// The id: a number, or a UUID for a channel.
    pub(super) id: Option<Value>,
    /// The name at the time.
    pub(super) title: Option<String>,
}

impl From<AuditEntry> for EntryView {
    fn from(entry: AuditEntry) -> Self {
        let id = match entry.author {
            AuthorKind::User => entry.user.map(|user| user.0),
            AuthorKind::ApiKey => entry.token.map(|token| token.0),
            AuthorKind::System | AuthorKind::Operator => None,
        };
        let object_id =
            entry.object_id.map(|id| id.parse::<i64>().map_or_else(|_| Value::from(id), Value::from));
        Self {
            id: entry.id,
            kind: entry.kind,
            actor: ActorView { r#type: entry.author, id, name: entry.actor_name },
            object: ObjectView { r#type: entry.object, id: object_id, title: entry.object_title },
            changes: entry.changes,
            address: entry.address,
            device: entry.device.as_deref().map(device_name),
            session: entry.session,
            created_at: entry.at,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass values by reference")]
impl EntryView {
    /// The kind in words.
    pub(super) fn kind_in_words(&self, t: &I18n) -> String {
        in_words(t, "happened", &self.kind)
    }

    /// The old and new values with the fields in words.
    pub(super) fn values(&self, t: &I18n) -> Vec<ChangeView> {
        ChangeView::all(&self.changes, *t)
    }

    /// The author in words: the name, or the kind.
    pub(super) fn actor_in_words(&self, t: &I18n) -> String {
        let kind = self.actor.r#type;
        match (&self.actor.name, kind) {
            (Some(name), AuthorKind::User) => name.clone(),
            (Some(name), _) => format!("{name} ({})", in_words(t, "actor", kind.as_str())),
            (None, _) => in_words(t, "actor", kind.as_str()),
        }
    }

    /// The value of `actor` that finds the entries of the same author.
    pub(super) fn actor_filter(&self) -> String {
        let kind = self.actor.r#type.as_str();
        self.actor.id.map_or_else(|| kind.to_owned(), |id| format!("{kind}:{id}"))
    }

    /// The value of `object` that finds the entries of the same object; `None` for the workspace.
    pub(super) fn object_filter(&self) -> Option<String> {
        let (kind, id) = (self.object.r#type?, self.object_id()?);
        Some(format!("{}:{id}", kind.as_str()))
    }

    /// The object in words: its kind, and its name or number.
    pub(super) fn object_in_words(&self, t: &I18n) -> String {
        let Some(kind) = self.object.r#type else { return String::new() };
        let kind = in_words(t, "object", kind.as_str());
        match (&self.object.title, self.object_id()) {
            (Some(title), _) => format!("{kind}: {title}"),
            (None, Some(id)) => format!("{kind} {id}"),
            (None, None) => kind,
        }
    }

    /// The address of the client's page, for entries about a client.
    pub(super) fn client_page(&self) -> Option<String> {
        let id = self.object.id.as_ref().and_then(Value::as_i64)?;
        let is_client = self.object.r#type == Some(ObjectType::Client) && self.kind != "ClientDeleted";
        is_client.then(|| routes::ClientActions(ClientId(id)).to_string())
    }

    /// The id of the object as text.
    pub(super) fn object_id(&self) -> Option<String> {
        let id = self.object.id.as_ref()?;
        Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned))
    }
}

/// A stored word in the language of the page; the word itself, if this version does not know it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass values by reference")]
pub(super) fn in_words(t: &I18n, prefix: &str, word: &str) -> String {
    let key = format!("{prefix}-{word}");
    if t.has(&key) { t.get(key).into_owned() } else { word.to_owned() }
}
