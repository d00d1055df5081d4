//! What a user may do, and the four roles that every tenant has.

use std::str::FromStr;

use crate::domain::Problem;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// One thing that a user may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

permissions! {
    /// Make clients.
    ClientCreate = "Client.Create",
    /// See clients.
    ClientRead = "Client.Read",
    /// Change clients and their contacts.
    ClientUpdate = "Client.Update",
    /// Delete clients with all that belongs to them.
    ClientDelete = "Client.Delete",
    /// Take clients out of the system in bulk.
    ClientExport = "Client.Export",
    /// See chats and messages.
    ChatRead = "Chat.Read",
    /// Write to clients.
    ChatSend = "Chat.Send",
    /// Make message templates.
    MessageTemplateCreate = "MessageTemplate.Create",
    /// See and use message templates.
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

/// A built-in role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May do everything.
    Administrator,
    /// Leads a team: all but channels and users.
    Manager,
    /// Serves clients.
    Agent,
    /// Looks, and changes nothing.
    ReadOnly,
}

impl Role {
    /// All of them, the mightiest first.
    pub const ALL: [Self; 4] = [Self::Administrator, Self::Manager, Self::Agent, Self::ReadOnly];

    /// The name in commands and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Manager => "manager",
            Self::Agent => "agent",
            Self::ReadOnly => "read-only",
        }
    }

    /// Whether the role includes the permission.
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

impl FromStr for Role {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let found = Self::ALL.into_iter().find(|r| r.as_str() == text);
        found.ok_or(Problem::NotOneOf("administrator, manager, agent, read-only"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_below_may() {
        for pair in Role::ALL.windows(2) {
            for permission in Permission::ALL {
                assert!(pair[0].may(*permission) || !pair[1].may(*permission), "{pair:?} {permission:?}");
            }
        }
        let count = |role: Role| Permission::ALL.iter().filter(|p| role.may(**p)).count();
        assert_eq!(Role::ALL.map(count), [14, 12, 6, 3]);
    }
}
