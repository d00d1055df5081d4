//! Delivery: attachments, failed messages, opt-out keywords and the service window.

pub(in crate::domain) mod attachment;
pub(in crate::domain) mod failed_message;
pub(in crate::domain) mod inbound;
pub(in crate::domain) mod opt_out_keywords;
pub(in crate::domain) mod outbound_countries;
pub(in crate::domain) mod priority;
pub(in crate::domain) mod service_window;

pub use crate::domain::delivery::attachment::{
    Attachment, FetchFailure, FileKind, FileLimits, FileState, MAX_FILES, UPLOAD_LIMIT, file_ending,
    file_name,
};
pub use crate::domain::delivery::failed_message::FailedMessage;
pub use crate::domain::delivery::inbound::{InboundEvent, InboundMedia, InboundMessage, ReportedStatus};
pub use crate::domain::delivery::opt_out_keywords::Consent;
pub use crate::domain::delivery::outbound_countries::OutboundCountries;
pub use crate::domain::delivery::priority::DeliveryPriority;
pub use crate::domain::delivery::service_window::ServiceWindow;
