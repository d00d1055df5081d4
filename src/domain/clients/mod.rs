//! Clients: the aggregate, its contacts, merging, duplicates, imports and exports.

pub(in crate::domain) mod changes;
pub(in crate::domain) mod client;
pub(in crate::domain) mod client_field;
pub(in crate::domain) mod contact;
pub(in crate::domain) mod export;
pub(in crate::domain) mod field;
pub(in crate::domain) mod import;
pub(in crate::domain) mod match_reason;
pub(in crate::domain) mod merge;
pub(in crate::domain) mod patch;
pub mod table;
pub(in crate::domain) mod whatsapp_address;

pub use crate::domain::clients::changes::ChangedFields;
pub use crate::domain::clients::client::{
    Client, ClientBuilder, ClientFields, ClientPatch, Passport, Patch, Pin,
};
pub use crate::domain::clients::client_field::ClientField;
pub use crate::domain::clients::contact::{Contact, ContactType, ContactValue};
pub use crate::domain::clients::export::ExportFormat;
pub use crate::domain::clients::field::{ClientSection, FieldDefinition, FieldKind, FieldValue};
pub use crate::domain::clients::import::{Import, ImportCounts, ImportOptions, ImportState, TableSample};
pub use crate::domain::clients::match_reason::{MatchReason, match_keys};
pub use crate::domain::clients::merge::{MERGE_UNDO_PERIOD, Merge, MergeSide};
pub use crate::domain::clients::whatsapp_address::{is_whatsapp_user_id, other_whatsapp_form};
