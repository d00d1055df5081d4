//! The supported methods of the Bot API, and Telegram's error messages.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use chrono::Utc;
use serde_json::{Value, json};

use crate::simulator::telegram::{BotSimulator, Call, SimulatedBot, Webhook};
use crate::simulator::{
    phones::{EntryContent, SimulatedOutcome, now},
    twilio::{Behaviour, replies},
};

/// The delay of [`Behaviour::Hang`].
const HANG: Duration = Duration::from_mins(1);
/// The maximum size of a call including its files.
const MAX_BYTES: usize = 60 * 1024 * 1024;
/// The maximum size of a file that bots can download.
const MAX_DOWNLOAD: u64 = 20 * 1024 * 1024;

/// The supported methods.
const METHODS: [&str; 15] = [
    "getMe",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "getFile",
    "sendMessage",
    "sendPhoto",
    "sendVideo",
    "sendAnimation",
    "sendAudio",
    "sendVoice",
    "sendDocument",
    "sendMediaGroup",
    "sendLocation",
    "sendContact",
];

/// An error answer to a call.
struct Refusal(u16, &'static str);

type Answer = Result<Value, Refusal>;

impl Refusal {
    fn into_response(self) -> Response {
        let Self(code, description) = self;
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({ "ok": false, "error_code": code, "description": description });
        (status, Json(body)).into_response()
    }
}

pub(super) fn router(simulator: BotSimulator) -> Router {
    Router::new()
        .route("/{bot}/{method}", post(call).get(call))
        .route("/file/{bot}/{*path}", get(download))
        .fallback(|| async { Refusal(404, "Not Found").into_response() })
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .with_state(simulator)
}

async fn call(
    State(simulator): State<BotSimulator>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let token = bot.strip_prefix("bot").unwrap_or_default();
    let Some(bot) = simulator.bot(token) else { return Refusal(401, "Unauthorized").into_response() };
    let Some(method) = METHODS.into_iter().find(|known| known.eq_ignore_ascii_case(&method)) else {
        return Refusal(404, "Not Found: method not found").into_response();
    };
    let Some(call) = Call::read(method.to_owned(), request).await else {
        return Refusal(400, "Bad Request: can't parse the request").into_response();
    };
    simulator.remember(call.clone());
    let result = match call.method.as_str() {
        "getMe" => Ok(json!({
            "id": bot.id,
            "is_bot": true,
            "first_name": bot.username,
            "username": bot.username,
            "can_join_groups": true,
            "can_read_all_group_messages": false,
            "supports_inline_queries": false,
            "can_connect_to_business": false,
            "has_main_web_app": false,
        })),
        "setWebhook" => set_webhook(&simulator, token, &call),
        "deleteWebhook" => {
            change(&simulator, token, |bot| bot.webhook = None);
            Ok(Value::Bool(true))
        }
        "getWebhookInfo" => Ok(json!({
            "url": bot.webhook.map(|webhook| webhook.url).unwrap_or_default(),
            "has_custom_certificate": false,
            "pending_update_count": 0,
        })),
        "getFile" => get_file(&simulator, &call),
        _ => match ordered(&simulator, &bot, &call) {
            Behaviour::Answer { status, headers, body } => return replies::scripted(status, headers, body),
            Behaviour::CloseBeforeAnswer => return replies::truncated_response(),
            Behaviour::Hang => {
                simulator.stopping.run_until_cancelled(tokio::time::sleep(HANG)).await;
                return StatusCode::GATEWAY_TIMEOUT.into_response();
            }
            _ => {
                let sent = send(&simulator, &bot, &call);
                arrive(&simulator, &bot, &call, sent.as_ref().ok());
                sent
            }
        },
    };
    match result {
        Ok(result) => Json(json!({ "ok": true, "result": result })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The behaviour for a message: the one set for its phone, or the next one of the script.
fn ordered(simulator: &BotSimulator, bot: &SimulatedBot, call: &Call) -> Behaviour {
    let line = bot.line(call.value("chat_id").unwrap_or_default());
    let behaviour = simulator.phones.take_behaviour(&line);
    if !behaviour.outcome.is_accepted() {
        simulator.phones.add(&line, now(), EntryContent::Rejected(behaviour.outcome));
    }
    behaviour.of_telegram().unwrap_or_else(|| simulator.behaviour())
}

/// Adds a message, or its rejection, to the phone of its recipient.
fn arrive(simulator: &BotSimulator, bot: &SimulatedBot, call: &Call, result: Option<&Value>) {
    let line = bot.line(call.value("chat_id").unwrap_or_default());
    let Some(result) = result else {
        simulator.phones.add(&line, now(), EntryContent::Rejected(SimulatedOutcome::Refused));
        return;
    };
    let text = call.value("text").or(call.value("caption")).map(str::to_owned);
    // The caption of an album is that of its first file.
    let of_album = || {
        let items: Value = serde_json::from_str(call.value("media")?).ok()?;
        items[0]["caption"].as_str().map(str::to_owned)
    };
    let what = EntryContent::Received {
        id: result["message_id"].to_string(),
        text: text.or_else(of_album).or_else(|| shared(call)).unwrap_or_default(),
        files: call.files.iter().map(|file| file.name.clone()).collect(),
        status: None,
    };
    simulator.phones.add(&line, now(), what);
}

/// Describes a location or contact in words, for the phone.
fn shared(call: &Call) -> Option<String> {
    let pair = |one, gap: &str, other| Some(format!("{}{gap}{}", call.value(one)?, call.value(other)?));
    pair("latitude", ", ", "longitude").or_else(|| pair("first_name", "\n", "phone_number"))
}

fn change(simulator: &BotSimulator, token: &str, change: impl FnOnce(&mut SimulatedBot)) {
    if let Some(bot) = simulator.state().bots.get_mut(token) {
        change(bot);
    }
}

fn set_webhook(simulator: &BotSimulator, token: &str, call: &Call) -> Answer {
    let url = call.value("url").unwrap_or_default().to_owned();
    let secret_token = call.value("secret_token").unwrap_or_default().to_owned();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if secret_token.len() > 256 || !secret_token.bytes().all(plain) {
        return Err(Refusal(400, "Bad Request: secret token contains unallowed characters"));
    }
    let allowed = call.value("allowed_updates").and_then(|list| serde_json::from_str(list).ok());
    let webhook = Webhook { url, secret_token, allowed_updates: allowed.unwrap_or_default() };
    change(simulator, token, |bot| bot.webhook = Some(webhook));
    Ok(Value::Bool(true))
}

/// Returns the path of a file. A file that is not available yet is "temporarily unavailable".
fn get_file(simulator: &BotSimulator, call: &Call) -> Answer {
    let mut state = simulator.state();
    let id = call.value("file_id").unwrap_or_default();
    match state.files.get_mut(id) {
        None => Err(Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")),
        Some(file) if file.size > MAX_DOWNLOAD => Err(Refusal(400, "Bad Request: file is too big")),
        Some(file) if file.missing > 0 => {
            file.missing -= 1;
            Err(Refusal(500, "Internal Server Error"))
        }
        Some(file) => Ok(json!({
            "file_id": id, "file_unique_id": id, "file_size": file.size, "file_path": file.path,
        })),
    }
}

fn send(simulator: &BotSimulator, bot: &SimulatedBot, call: &Call) -> Answer {
    let chat: i64 = call
        .value("chat_id")
        .and_then(|chat| chat.parse().ok())
        .ok_or(Refusal(400, "Bad Request: chat not found"))?;
    if chat % 10_000 == 0 || simulator.state().blocked.contains(&chat) {
        return Err(Refusal(403, "Forbidden: bot was blocked by the user"));
    }
    let units = |name: &str| call.value(name).unwrap_or_default().encode_utf16().count();
    if call.method == "sendMessage" && call.value("text").is_none_or(|text| text.trim().is_empty()) {
        return Err(Refusal(400, "Bad Request: message text is empty"));
    }
    if units("text") > 4096 {
        return Err(Refusal(400, "Bad Request: message is too long"));
    }
    if units("caption") > 1024 {
        return Err(Refusal(400, "Bad Request: message caption is too long"));
    }
    if call.method == "sendMediaGroup" {
        let items: Vec<Value> =
            call.value("media").and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default();
        let named = |item: &Value| {
            let name = item["media"].as_str().and_then(|name| name.strip_prefix("attach://"));
            name.is_some_and(|name| call.file(name).is_some_and(|file| file.size > 0))
        };
        if !(2..=10).contains(&items.len()) || !items.iter().all(named) {
            return Err(Refusal(400, "Bad Request: group send failed"));
        }
        return Ok(items.iter().map(|_| message(simulator, bot, chat)).collect());
    }
    let degrees = |name: &str| call.value(name).and_then(|text| text.parse::<f64>().ok());
    let is_whole = match call.method.as_str() {
        "sendMessage" => true,
        "sendLocation" => degrees("latitude").and(degrees("longitude")).is_some(),
        "sendContact" => call.value("phone_number").and(call.value("first_name")).is_some(),
        _ => call.files.iter().any(|file| file.size > 0),
    };
    if !is_whole {
        return Err(Refusal(400, "Bad Request: there is no file in the request"));
    }
    Ok(message(simulator, bot, chat))
}

fn message(simulator: &BotSimulator, bot: &SimulatedBot, chat: i64) -> Value {
    #[expect(clippy::disallowed_methods, reason = "it plays another machine, which has a clock of its own")]
    let now = Utc::now().timestamp();
    let mut state = simulator.state();
    state.messages += 1;
    json!({
        "message_id": 1000 + state.messages,
        "from": { "id": bot.id, "is_bot": true, "first_name": bot.username, "username": bot.username },
        "chat": { "id": chat, "type": "private" },
        "date": now,
    })
}

async fn download(
    State(simulator): State<BotSimulator>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    let known = simulator.bot(bot.strip_prefix("bot").unwrap_or_default()).is_some();
    let file = simulator.state().files.values().find(|file| file.path == path).cloned();
    match file.filter(|_| known) {
        Some(file) => file.content.into_response(),
        None => Refusal(404, "Not Found").into_response(),
    }
}
