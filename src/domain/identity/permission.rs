//! Permissions, and the four built-in roles.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::Problem;

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

    /// True if the role includes the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => true,
            Self::Manager => !matches!(permission, P::ChannelManage | P::UserManage),
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
        assert_eq!(Role::ALL.map(count), [14, 12, 6, 3]);
    }
}
