//! Arguments of statements: the types of values that both engines store, and the conversion of the
//! domain's types to them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Arguments as _, error::BoxDynError, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

use crate::domain::hex;

/// An argument of a statement. NULL has a type as well, because PostgreSQL requires it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An integer, an id, or a boolean as 0 or 1.
    Integer(Option<i64>),
    /// A text, an enum by its stored name, or JSON.
    Text(Option<String>),
    /// A hash or an encrypted secret.
    Bytes(Option<Vec<u8>>),
    /// A time; text on SQLite, in a format that sorts.
    Timestamp(Option<DateTime<Utc>>),
    /// A date.
    Date(Option<NaiveDate>),
    /// An id that is not an integer.
    Uuid(Option<Uuid>),
    /// A list of integers for `IN $n`.
    Integers(Vec<i64>),
    /// A list of texts for `IN $n`.
    Texts(Vec<String>),
    /// A list of hashes for `IN $n`.
    Hashes(Vec<Vec<u8>>),
}

impl Value {
    /// True for a list, which is written `IN $n`.
    pub(in crate::persistence::engine) fn is_list(&self) -> bool {
        matches!(self, Self::Integers(_) | Self::Texts(_) | Self::Hashes(_))
    }
}

/// A type that can be an argument of a statement. Implemented once per type, so that repositories
/// can bind ids, enums and values directly.
pub trait ToValue {
    /// The representation of `None`.
    const NULL: Value;

    /// The value in the stored format.
    fn to_value(&self) -> Value;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    const NULL: Value = T::NULL;

    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    const NULL: Value = T::NULL;

    fn to_value(&self) -> Value {
        self.as_ref().map_or(T::NULL, T::to_value)
    }
}

macro_rules! values {
    ($($type:ty => $kind:ident($value:ident => $stored:expr);)*) => {$(
        impl ToValue for $type {
            const NULL: Value = Value::$kind(None);

            fn to_value(&self) -> Value {
                let $value = self;
                Value::$kind(Some($stored))
            }
        }
    )*};
}

values! {
    i64 => Integer(value => *value);
    bool => Integer(value => i64::from(*value));
    u8 => Integer(value => i64::from(*value));
    u32 => Integer(value => i64::from(*value));
    u64 => Integer(value => i64::try_from(*value).unwrap_or(i64::MAX));
    str => Text(value => value.to_owned());
    String => Text(value => value.clone());
    [u8] => Bytes(value => value.to_vec());
    Vec<u8> => Bytes(value => value.clone());
    [u8; 32] => Bytes(value => value.to_vec());
    DateTime<Utc> => Timestamp(value => *value);
    NaiveDate => Date(value => *value);
    Uuid => Uuid(value => *value);
}

/// An item of a list argument. An empty list matches no row.
pub trait ListItem {
    /// Converts the items to a list argument.
    fn list<'a>(items: impl Iterator<Item = &'a Self>) -> Value
    where
        Self: 'a;
}

impl ListItem for i64 {
    fn list<'a>(items: impl Iterator<Item = &'a Self>) -> Value {
        Value::Integers(items.copied().collect())
    }
}

impl ListItem for &str {
    fn list<'a>(items: impl Iterator<Item = &'a Self>) -> Value
    where
        Self: 'a,
    {
        Value::Texts(items.map(|text| (*text).to_owned()).collect())
    }
}

impl ListItem for [u8; 32] {
    fn list<'a>(items: impl Iterator<Item = &'a Self>) -> Value {
        Value::Hashes(items.map(|hash| hash.to_vec()).collect())
    }
}

impl<T: ListItem> ToValue for [T] {
    const NULL: Value = Value::Integers(Vec::new());

    fn to_value(&self) -> Value {
        T::list(self.iter())
    }
}

impl<T: ListItem> ToValue for Vec<T> {
    const NULL: Value = Value::Integers(Vec::new());

    fn to_value(&self) -> Value {
        T::list(self.iter())
    }
}

/// A text as both engines can store it: PostgreSQL refuses the character NUL, which providers pass on from clients.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// The arguments in the format of SQLite; a list is JSON, and hashes in it are hexadecimal.
pub(in crate::persistence::engine) fn for_sqlite(values: Vec<Value>) -> Result<SqliteArguments, BoxDynError> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Integer(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value.map(without_nul)),
            Value::Bytes(value) => arguments.add(value),
            Value::Timestamp(value) => arguments.add(value),
            Value::Date(value) => arguments.add(value),
            Value::Uuid(value) => arguments.add(value),
            Value::Integers(list) => arguments.add(serde_json::to_string(&list)?),
            Value::Texts(list) => {
                let list: Vec<_> = list.into_iter().map(without_nul).collect();
                arguments.add(serde_json::to_string(&list)?)
            }
            Value::Hashes(list) => {
                let list: Vec<_> = list.iter().map(|hash| hex(hash)).collect();
                arguments.add(serde_json::to_string(&list)?)
            }
        }?;
    }
    Ok(arguments)
}

/// The arguments in the format of PostgreSQL; a list is an array.
pub(in crate::persistence::engine) fn for_postgres(values: Vec<Value>) -> Result<PgArguments, BoxDynError> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Integer(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value.map(without_nul)),
            Value::Bytes(value) => arguments.add(value),
            Value::Timestamp(value) => arguments.add(value),
            Value::Date(value) => arguments.add(value),
            Value::Uuid(value) => arguments.add(value),
            Value::Integers(list) => arguments.add(list),
            Value::Texts(list) => arguments.add(list.into_iter().map(without_nul).collect::<Vec<_>>()),
            Value::Hashes(list) => arguments.add(list),
        }?;
    }
    Ok(arguments)
}
