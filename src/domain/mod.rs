//! What Aloqa is about, without any I/O: values that parse, aggregates that decide, events that tell.
//!
//! Nothing here knows the database, HTTP or the clock; time and randomness come in as arguments.

mod approved;
mod attachment;
mod channel;
mod chat;
mod client;
mod consent;
mod contact;
mod details;
mod draft;
mod edits;
mod email;
mod event;
mod export;
mod ids;
mod import;
mod likeness;
mod locale;
mod member;
mod merge;
mod message;
mod notification;
mod permission;
mod phone;
mod presence;
mod problem;
mod schedule;
mod search;
mod segments;
pub mod table;
mod template;
mod tenant;
mod theme;
mod transport;
mod twilio;
mod undelivered;
mod user;
mod window;

pub use approved::{ApprovedBody, ApprovedTemplate, NewApprovedTemplate, parse_variable};
pub use attachment::{
    Attachment, FileKind, FileLimits, FileState, LostFile, MOST_FILES, UPLOAD_LIMIT, file_name,
};
pub use channel::{Channel, ChannelError, ChannelProvider, ChannelState, Closing, Senders};
pub use chat::{Chat, LastMessage};
pub use client::{Client, ClientBuilder, ClientPatch, Gender, NewClient, Passport, Patch, Pin};
pub use consent::Consent;
pub use contact::{Contact, ContactType, ContactValue};
pub use details::{Approved, EarlierText, MessageDetails, Quote, SharedContact};
pub use draft::Draft;
pub use edits::Changes;
pub use email::Email;
pub use event::{Event, EventKind, Recorded};
pub use export::ExportFormat;
pub use ids::{
    ApprovedTemplateId, AttachmentId, ChannelId, ChatId, ClientId, ContactId, EventId, ImportId, MemberId,
    MergeId, MessageId, TemplateId, TenantId, TokenId, UserId,
};
pub use import::{Import, ImportChoice, ImportCounts, ImportState, TableSample};
pub use likeness::{Likeness, likeness_keys};
pub use locale::Locale;
pub use member::{Member, Sender, SenderType};
pub use merge::{Merge, MergeField, Side, UNDO_FOR};
pub use message::{Direction, Failure, MESSAGE_LIMIT, Message, MessageStatus, MessageText, NewMessage};
pub use notification::{NotificationKind, NotificationWishes, QuietHours, ToldOf};
pub use permission::{Permission, Role};
pub use phone::{Country, PhoneNumber};
pub use presence::{Doing, Presence};
pub use problem::{FieldErrors, Problem};
pub use schedule::{Preset, ScheduledMessage, parse_moment, to_come};
pub use search::{
    Excerpt, MessageTerms, SearchTerms, WordPattern, WordQuery, client_words, excerpt, fold, fold_alike,
    message_words,
};
pub use segments::{GSM_BASIC, GSM_EXTENDED, Segments, SmsEncoding};
pub use template::{Filling, MessageTemplate, NewTemplate, PLACEHOLDERS, TemplateText};
pub use tenant::{NewTenant, Slug, Tenant, TimeZone};
pub use theme::Theme;
pub use transport::Transport;
pub use twilio::{is_sender_name, parse_sid, parse_sms_sender, parse_whatsapp_sender};
pub use undelivered::Undelivered;
pub use user::{PersonName, Preferences, User};
pub use window::Window;
