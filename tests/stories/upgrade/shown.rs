//! The responses of a release for a workspace, and the credentials to request them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The responses of a release for the database that it had filled.
#[derive(Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The commit of the release.
    pub release: String,
    /// The time of the responses. The tests set their clock to it, so that sessions, links and leases have the same
    /// age.
    pub at: DateTime<Utc>,
    pub workspaces: Vec<Workspace>,
}

/// A workspace with the credentials of its users and providers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Workspace {
    pub slug: String,
    pub email: String,
    pub password: String,
    /// The cookie of a browser in which a user is signed in.
    pub cookie: String,
    /// An administrator's API token.
    pub token: String,
    pub accounts: Vec<Account>,
    pub bot: Bot,
    /// The id of the client who wrote by SMS.
    pub aziza: i64,
    /// The path of that client's chat.
    pub chat: String,
    /// The path of a file that the provider still had.
    pub late_file: String,
    /// The path of the import during which the process was killed.
    pub torn_import: Option<String>,
    #[serde(skip)]
    pub pages: Vec<Page>,
    /// The events of the live stream, from the first.
    #[serde(skip)]
    pub events: Vec<Value>,
}

/// A Twilio account.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    pub sid: String,
    pub token: String,
    /// The former token, which still authenticates webhooks.
    pub previous_token: String,
    pub sms_number: String,
    pub whatsapp_number: String,
}

/// A Telegram bot.
#[derive(Debug, Serialize, Deserialize)]
pub struct Bot {
    pub token: String,
    pub username: String,
}

/// A response to a GET request.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub path: String,
    pub accept: String,
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// JSON, the rows of a table, text, or the SHA-256 of any other content.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

/// Fields of JSON that hold texts of the product rather than of the workspace, or a request id.
const WORDS: [&str; 5] = ["error_message", "group", "icon", "request_id", "summary"];
/// Kinds of spotlight results that are records of the workspace.
const OWN_RESULTS: [&str; 4] = ["client", "chat", "message", "template"];

impl Page {
    /// A response as it is recorded: without the product's own texts, which another release may change. Of HTML pages
    /// only the status and the redirect are recorded.
    pub fn new(
        path: String,
        accept: String,
        status: u16,
        header: impl Fn(&str) -> Option<String>,
        content: &[u8],
    ) -> Self {
        let content_type = header("content-type");
        let is = |kind: &str| content_type.as_deref().is_some_and(|given| given.starts_with(kind));
        let body = if is("application/problem+json") {
            let problem: Value = serde_json::from_slice(content).unwrap();
            problem["status"].clone()
        } else if is("application/json") {
            let mut value = serde_json::from_slice(content).unwrap();
            leave_out_words(&mut value);
            if path.starts_with("/spotlight") {
                let items = value["items"].as_array_mut().unwrap();
                items.retain(|item| OWN_RESULTS.iter().any(|kind| item["kind"] == **kind));
            }
            value
        } else if is("text/html") {
            Value::Null
        } else if is("text/csv") {
            rows(content, path.ends_with("/flaws"))
        } else {
            match std::str::from_utf8(content) {
                Ok(text) => text.into(),
                Err(_) => hexadecimal(&Sha256::digest(content)).into(),
            }
        };
        Self { path, accept, status, location: header("location"), content_type, body }
    }
}

fn leave_out_words(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !WORDS.contains(&name.as_str()));
            if let Some(error) = fields.get_mut("last_error").and_then(Value::as_object_mut) {
                error.remove("message");
            }
            fields.values_mut().for_each(leave_out_words);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_words),
        _ => {}
    }
}

/// The rows of a table without its titles, and, where the last column is the error of a row, without that column.
fn rows(content: &[u8], last_is_words: bool) -> Value {
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(content);
    let row = |row: csv::StringRecord| {
        let cells = row.len() - usize::from(last_is_words);
        row.iter().take(cells).map(str::to_owned).collect::<Vec<_>>()
    };
    table.records().map(|record| row(record.unwrap())).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
