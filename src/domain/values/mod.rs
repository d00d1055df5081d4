//! Value types of all modules: phone numbers, e-mail addresses, languages, ids and problems of
//! parsing.

pub(in crate::domain) mod email;
pub(in crate::domain) mod hex;
pub(in crate::domain) mod ids;
pub(in crate::domain) mod invisible;
pub(in crate::domain) mod locale;
pub(in crate::domain) mod phone;
pub(in crate::domain) mod problem;
pub(in crate::domain) mod written_phone;

pub use crate::domain::values::email::Email;
pub use crate::domain::values::hex::hex;
pub use crate::domain::values::ids::{
    AccessLinkId, AttachmentId, ChannelId, ChatId, ClientId, ContactId, EventId, ImportId, MemberId, MergeId,
    MessageId, RoleId, SessionId, TemplateId, TenantId, TokenId, UserId, WhatsappTemplateId,
};
pub use crate::domain::values::invisible::is_blank;
pub use crate::domain::values::locale::Locale;
pub use crate::domain::values::phone::{Country, PhoneNumber};
pub use crate::domain::values::problem::{FieldErrors, Problem};
