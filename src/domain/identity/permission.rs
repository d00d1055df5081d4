//! Permissions, the four built-in roles, and the roles that a workspace makes itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::{Problem, RoleId, values::problem};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// A permission of a user.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            /// All permissions.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The permission with this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|permission| permission.as_str() == name)
            }
        }
    };
}

permissions! {
    /// Create clients.
    ClientCreate = "Client.Create",
    /// View clients.
    ClientRead = "Client.Read",
    /// Change clients and their contacts.
    ClientUpdate = "Client.Update",
    /// Delete clients together with their chats and files.
    ClientDelete = "Client.Delete",
    /// Export clients.
    ClientExport = "Client.Export",
    /// View chats and messages.
    ChatRead = "Chat.Read",
    /// Send messages to clients.
    ChatSend = "Chat.Send",
    /// Create message templates.
    MessageTemplateCreate = "MessageTemplate.Create",
    /// View and use message templates.
    MessageTemplateRead = "MessageTemplate.Read",
    /// Change message templates.
    MessageTemplateUpdate = "MessageTemplate.Update",
    /// Delete message templates.
    MessageTemplateDelete = "MessageTemplate.Delete",
    /// Connect and remove channels.
    ChannelManage = "Channel.Manage",
    /// Invite users and set their roles.
    UserManage = "User.Manage",
    /// Read the audit log.
    AuditRead = "Audit.Read",
    /// Change the settings of the workspace.
    WorkspaceManage = "Workspace.Manage",
}

/// A set of permissions. Its text form is the names separated by spaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u32);

impl PermissionSet {
    /// True if the set has the permission.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & Self::bit(permission) != 0
    }

    /// True if `other` has all permissions of this set.
    pub fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The permissions that both sets have.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// True if the set has no permission.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The permissions of the set.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// Parses names.
    ///
    /// # Errors
    /// [`Problem::NotOneOf`] for a name that is no permission's.
    pub fn parse<'t>(names: impl IntoIterator<Item = &'t str>) -> Result<Self, Problem> {
        let known = || {
            Problem::NotOneOf(
                Permission::ALL.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(", ").into(),
            )
        };
        names.into_iter().map(|name| Permission::named(name).ok_or_else(known)).collect()
    }

    /// Parses the stored text. Names that this version does not know are left out.
    pub fn from_text(text: &str) -> Self {
        text.split_whitespace().filter_map(Permission::named).collect()
    }

    /// The stored text.
    pub fn to_text(self) -> String {
        self.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
    }

    fn bit(permission: Permission) -> u32 {
        1 << permission as u32
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |set, permission| set | Self::bit(permission)))
    }
}

/// A role that a workspace has made itself.
#[derive(Debug, Clone)]
pub struct OwnRole {
    /// The role's id.
    pub id: RoleId,
    /// The name.
    pub name: String,
    /// The permissions of its users.
    pub permissions: PermissionSet,
    /// The number of users who have the role.
    pub users: i64,
    /// The time when the role was created.
    pub created_at: DateTime<Utc>,
}

/// The name and the permissions of an own role, as they are entered.
#[derive(Debug, Clone)]
pub struct NewRole {
    /// The name, which no other role of the workspace has.
    pub name: String,
    /// The permissions.
    pub permissions: PermissionSet,
}

impl NewRole {
    /// Parses a name.
    ///
    /// # Errors
    /// [`Problem::Required`], [`Problem::TooLong`], and [`Problem::Taken`] for the name of a built-in role.
    pub fn parse_name(text: &str) -> Result<String, Problem> {
        let name = problem::required_text(text, 60)?;
        let is_built_in = Role::ALL.iter().any(|role| role.as_str().eq_ignore_ascii_case(&name));
        if is_built_in { Err(Problem::Taken) } else { Ok(name) }
    }
}

/// The role of a user: a built-in one, or one that the workspace has made itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRole {
    /// A built-in role.
    BuiltIn(Role),
    /// An own role.
    Own {
        /// The role's id.
        id: RoleId,
        /// The name.
        name: String,
        /// The permissions.
        permissions: PermissionSet,
    },
}

impl UserRole {
    /// The name in JSON and in commands.
    pub fn as_str(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.as_str(),
            Self::Own { name, .. } => name,
        }
    }

    /// The permissions of the role.
    pub fn permissions(&self) -> PermissionSet {
        match self {
            Self::BuiltIn(role) => role.permissions(),
            Self::Own { permissions, .. } => *permissions,
        }
    }

    /// The text by which forms and events refer to the role: the name of a built-in one, the id of an own one.
    pub fn reference(&self) -> String {
        match self {
            Self::BuiltIn(role) => role.as_str().to_owned(),
            Self::Own { id, .. } => id.to_string(),
        }
    }

    /// The built-in role; `None` for an own one.
    pub fn built_in(&self) -> Option<Role> {
        match self {
            Self::BuiltIn(role) => Some(*role),
            Self::Own { .. } => None,
        }
    }
}

/// A built-in role. Roles are ordered: each includes the permissions of the next one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum Role {
    /// All permissions.
    Administrator,
    /// All permissions except those for channels and users.
    Manager,
    /// Works with clients and chats.
    Agent,
    /// Views everything and changes nothing.
    ReadOnly,
}

impl Role {
    /// All roles, the one with the most permissions first.
    pub const ALL: [Self; 4] = [Self::Administrator, Self::Manager, Self::Agent, Self::ReadOnly];

    /// The name in commands and in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The number by which routes name a built-in role, as an own one by its id.
    pub fn number(self) -> RoleId {
        RoleId(
            Self::ALL
                .iter()
                .zip(1..)
                .find_map(|(role, number)| (*role == self).then_some(number))
                .unwrap_or_default(),
        )
    }

    /// All permissions of the role.
    pub fn permissions(self) -> PermissionSet {
        Permission::ALL.iter().copied().filter(|permission| self.may(*permission)).collect()
    }

    /// True if the role includes the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => true,
            Self::Manager => !matches!(permission, P::ChannelManage | P::UserManage | P::WorkspaceManage),
            Self::Agent => matches!(
                permission,
                P::ClientCreate
                    | P::ClientRead
                    | P::ClientUpdate
                    | P::ChatRead
                    | P::ChatSend
                    | P::MessageTemplateRead
            ),
            Self::ReadOnly => matches!(permission, P::ClientRead | P::ChatRead | P::MessageTemplateRead),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_includes_the_permissions_of_the_next() {
        for pair in Role::ALL.windows(2) {
            for permission in Permission::ALL {
                assert!(pair[0].may(*permission) || !pair[1].may(*permission), "{pair:?} {permission:?}");
            }
        }
        let count = |role: Role| Permission::ALL.iter().filter(|p| role.may(**p)).count();
        assert_eq!(Role::ALL.map(count), [15, 12, 6, 3]);
    }
}
