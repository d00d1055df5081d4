//! Values that every module uses: phone numbers, e-mail addresses, languages, ids, and the problems that parsing finds.

pub(in crate::domain) mod email;
pub(in crate::domain) mod ids;
pub(in crate::domain) mod locale;
pub(in crate::domain) mod phone;
pub(in crate::domain) mod problem;

pub use email::Email;
pub use ids::{
    ApprovedTemplateId, AttachmentId, ChannelId, ChatId, ClientId, ContactId, EventId, ImportId, MemberId,
    MergeId, MessageId, TemplateId, TenantId, TokenId, UserId,
};
pub use locale::Locale;
pub use phone::{Country, PhoneNumber};
pub use problem::{FieldErrors, Problem};
