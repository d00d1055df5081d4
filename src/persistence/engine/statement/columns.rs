//! The storage format of the domain's types, defined once for arguments and for columns.

use std::str::FromStr;

use super::{
    row::{Cell, ColumnError, FromColumn},
    value::{ListItem, ToValue, Value},
};
use crate::{
    domain::{
        AccessLinkId, AttachmentId, AuthorKind, ChannelId, ChannelProvider, ChatId, ClientId, ContactId,
        ContactType, Country, Direction, Email, EventId, FetchFailure, ImportId, ImportState,
        InboundNotifications, Locale, MemberId, MergeId, MessageId, MessageStatus, MessageText,
        NotificationKind, ObjectType, PermissionSet, PhoneNumber, Role, RoleId, SenderType, Slug,
        SuppressionReason, TemplateId, TemplateText, TenantId, Theme, TimeZone, TokenId, Transport, UserId,
        WhatsappTemplateBody, WhatsappTemplateId, table::Charset,
    },
    storage::FileKey,
};

/// Implements ids that are integers.
macro_rules! integer_ids {
    ($($id:ty),* $(,)?) => {$(
        impl ToValue for $id {
            const NULL: Value = Value::Integer(None);

            fn to_value(&self) -> Value {
                Value::Integer(Some(self.0))
            }
        }

        impl FromColumn for $id {
            fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
                cell.integer()?.map(Self).ok_or(ColumnError::Null)
            }
        }

        impl ListItem for $id {
            fn list<'a>(items: impl Iterator<Item = &'a Self>) -> Value {
                Value::Integers(items.map(|id| id.0).collect())
            }
        }
    )*};
}

/// Implements ids that are UUIDs.
macro_rules! uuid_ids {
    ($($id:ty),* $(,)?) => {$(
        impl ToValue for $id {
            const NULL: Value = Value::Uuid(None);

            fn to_value(&self) -> Value {
                Value::Uuid(Some(self.0))
            }
        }

        impl FromColumn for $id {
            fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
                cell.uuid()?.map(Self).ok_or(ColumnError::Null)
            }
        }
    )*};
}

/// Implements values that are stored as text, with their parsers.
macro_rules! texts {
    ($($type:ty: $write:expr, $parse:expr;)*) => {$(
        impl ToValue for $type {
            const NULL: Value = Value::Text(None);

            fn to_value(&self) -> Value {
                let write: fn(&Self) -> &str = $write;
                Value::Text(Some(write(self).to_owned()))
            }
        }

        impl FromColumn for $type {
            fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
                cell.parse($parse)
            }
        }
    )*};
}

integer_ids! {
    TenantId, UserId, ClientId, ContactId, ChatId, MessageId, AttachmentId, TemplateId, WhatsappTemplateId, MergeId, TokenId,
    ImportId, EventId, RoleId, AccessLinkId,
}

uuid_ids! { MemberId, ChannelId }

texts! {
    AuthorKind: |word| word.as_str(), Self::from_str;
    ObjectType: |word| word.as_str(), Self::from_str;
    ChannelProvider: |word| word.as_str(), Self::from_str;
    Charset: |word| word.as_str(), |text| known(Self::from_name(text));
    SuppressionReason: |word| word.as_str(), |text| known(Self::parse(text));
    ContactType: |word| word.as_str(), Self::from_str;
    Country: |country| country.code(), Self::from_str;
    Direction: |word| word.as_str(), Self::from_str;
    Email: |email| email.as_str(), Self::parse;
    ImportState: |word| word.as_str(), Self::from_str;
    Locale: |locale| locale.tag(), Self::from_str;
    FetchFailure: |word| word.as_str(), |text| known(Self::parse(text));
    MessageStatus: |word| word.as_str(), Self::from_str;
    NotificationKind: |word| word.as_str(), |text| known(Self::parse(text));
    PhoneNumber: |phone| phone.as_str(), Self::from_stored;
    Role: |word| word.as_str(), Self::from_str;
    SenderType: |word| word.as_str(), Self::from_str;
    Slug: |slug| slug.as_str(), Self::from_str;
    TemplateText: |text| text.as_str(), Self::parse;
    Theme: |word| word.as_str(), Self::from_str;
    TimeZone: |zone| zone.name(), Self::from_str;
    InboundNotifications: |word| word.as_str(), Self::from_str;
    Transport: |word| word.as_str(), Self::from_str;
    WhatsappTemplateBody: |text| text.as_str(), |text| known(Self::stored(text.to_owned()));
    MessageText: |text| text.as_str(), |text| known(Self::from_provider(text));
}

impl ToValue for PermissionSet {
    const NULL: Value = Value::Text(None);

    fn to_value(&self) -> Value {
        Value::Text(Some(self.to_text()))
    }
}

impl FromColumn for PermissionSet {
    fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
        cell.parse(|text| known(Self::from_text(text)))
    }
}

/// The result of a parser that accepts every text.
#[expect(clippy::unnecessary_wraps, reason = "a parser of a column returns a result")]
fn known<T>(value: T) -> Result<T, std::convert::Infallible> {
    Ok(value)
}

impl ToValue for FileKey {
    const NULL: Value = Value::Text(None);

    fn to_value(&self) -> Value {
        Value::Text(Some(self.to_string()))
    }
}

impl FromColumn for FileKey {
    fn from_column(cell: Cell<'_>) -> Result<Self, ColumnError> {
        cell.parse(Self::from_str)
    }
}
