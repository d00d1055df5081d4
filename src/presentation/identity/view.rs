//! The JSON representation of users, roles, API keys and sessions, which pages use as well.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::{
        AccessLink, AccessLinkId, ApiToken, LinkPurpose, OwnRole, Permission, PermissionSet, Role, RoleId,
        SessionId, TokenId, UserAccount, UserId,
    },
    services::ListedSession,
};

/// A user of the team.
#[derive(Serialize)]
pub struct UserView {
    /// The user's id.
    pub id: UserId,
    /// The address.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: Option<String>,
    /// The name of the role.
    pub role: String,
    /// True if the user signs in with a second factor.
    pub two_factor: bool,
    /// The time when the user was disabled.
    pub disabled_at: Option<DateTime<Utc>>,
    /// The time when the user was last seen.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// The time of the creation.
    pub created_at: DateTime<Utc>,
    /// The full name, for pages.
    #[serde(skip)]
    pub full_name: String,
    /// The text by which forms choose the role.
    #[serde(skip)]
    pub role_choice: String,
}

impl From<UserAccount> for UserView {
    fn from(account: UserAccount) -> Self {
        let user = account.user;
        Self {
            id: user.id,
            full_name: user.name.full(),
            email: user.email.as_str().to_owned(),
            first_name: user.name.first,
            last_name: user.name.last,
            role_choice: user.role.reference(),
            role: user.role.as_str().to_owned(),
            two_factor: user.two_factor,
            disabled_at: account.disabled_at,
            last_seen_at: account.last_seen_at,
            created_at: account.created_at,
        }
    }
}

/// An invitation. Its address is known only when it is created.
#[derive(Serialize)]
pub struct InvitationView {
    /// The invitation's id.
    pub id: AccessLinkId,
    /// The invited address.
    pub email: String,
    /// The name of the role.
    pub role: String,
    /// The address by which it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The time when it ends.
    pub expires_at: DateTime<Utc>,
}

impl InvitationView {
    /// The view of an invitation, with its address if it was created by this request.
    pub fn new(link: AccessLink, url: Option<String>) -> Self {
        let role = match link.purpose {
            LinkPurpose::Invitation { role, .. } => role.as_str().to_owned(),
            LinkPurpose::Reset(_) => String::new(),
        };
        Self { id: link.id, email: link.email.as_str().to_owned(), role, url, expires_at: link.expires_at }
    }
}

/// A role.
#[derive(Serialize)]
pub struct RoleView {
    /// The number of a built-in role, or the id of an own one.
    pub id: RoleId,
    /// The name.
    pub name: String,
    /// The names of the permissions.
    pub permissions: Vec<&'static str>,
    /// True for built-in roles, which can't be changed.
    pub builtin: bool,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        let permissions = names(role.permissions());
        Self { id: role.number(), name: role.as_str().to_owned(), permissions, builtin: true }
    }
}

impl From<OwnRole> for RoleView {
    fn from(role: OwnRole) -> Self {
        Self { id: role.id, name: role.name, permissions: names(role.permissions), builtin: false }
    }
}

/// An API key.
#[derive(Serialize)]
pub struct ApiKeyView {
    /// The key's id.
    pub id: TokenId,
    /// The purpose.
    pub name: String,
    /// The beginning of the key.
    pub prefix: Option<String>,
    /// The address of the user that it acts as; null for a service account.
    pub user: Option<String>,
    /// The name of the role of that user or service account.
    pub role: String,
    /// The names of the permissions that it gives.
    pub permissions: Vec<&'static str>,
    /// The time when it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// The time when it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The time of the creation.
    pub created_at: DateTime<Utc>,
    /// The key itself, only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl From<ApiToken> for ApiKeyView {
    fn from(key: ApiToken) -> Self {
        let granted = key.role.permissions();
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            user: key.email.map(|email| email.as_str().to_owned()),
            role: key.role.as_str().to_owned(),
            permissions: names(key.permissions.map_or(granted, |own| own.intersection(granted))),
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            created_at: key.created_at,
            token: None,
        }
    }
}

/// A session of the user.
#[derive(Serialize)]
pub struct SessionView {
    /// The number by which it is ended.
    pub id: SessionId,
    /// True for the session that asks.
    pub current: bool,
    /// The browser and the operating system.
    pub device: Option<String>,
    /// The address that signed in.
    pub address: Option<String>,
    /// The time when it was begun.
    pub created_at: DateTime<Utc>,
    /// The time when it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<ListedSession> for SessionView {
    fn from(listed: ListedSession) -> Self {
        let session = listed.session;
        Self {
            id: session.id,
            current: listed.is_current,
            device: session.user_agent.as_deref().map(device_name),
            address: session.address,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
        }
    }
}

fn names(permissions: PermissionSet) -> Vec<&'static str> {
    permissions.iter().map(Permission::as_str).collect()
}

/// Names the browser and the system of a `User-Agent`. Browsers name those that they are compatible with, too, so that the
/// first of these words decides; an unknown text is shown as it is.
pub(in crate::presentation) fn device_name(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("YaBrowser/", "Yandex"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |words: &[(&str, &'static str)]| {
        words.iter().find_map(|(word, name)| user_agent.contains(word).then_some(*name))
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_by_their_user_agent() {
        for (user_agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36 Edg/140",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Mobile Safari/604",
                "Safari, iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            ("curl/8.9", "curl/8.9"),
        ] {
            assert_eq!(device_name(user_agent), name);
        }
    }
}
