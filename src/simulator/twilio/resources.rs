//! Read access to an account's resources: the account itself, numbers, senders and services.

use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::simulator::twilio::replies::{self, Refusal};
use crate::simulator::twilio::{Simulator, request};

/// The path of the senders' webhooks below the public URL.
const WEBHOOK: &str = "/crm/webhooks/twilio";

/// Answers a request for a resource. Every resource exists and has this server as its webhook,
/// unless a test has set another answer.
pub(in crate::simulator) async fn show(
    State(simulator): State<Simulator>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let Some((sid, token)) =
        request::user(&headers).and_then(|sid| Some((sid.clone(), simulator.token(&sid)?)))
    else {
        return Refusal::unauthorized().into_response();
    };
    if !request::is_authorized(&headers, &sid, &token) {
        return Refusal::unauthorized().into_response();
    }
    if let Some((status, body)) = simulator.answer_to(uri.path()) {
        return replies::scripted(status, Vec::new(), body);
    }
    let asked = |name: &str| {
        let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
    };
    let webhook = format!("{}{WEBHOOK}", simulator.settings.public_url.as_str().trim_end_matches('/'));
    let path = uri.path();
    let answer = if path == format!("/2010-04-01/Accounts/{sid}.json") {
        json!({ "sid": sid, "friendly_name": "Simulator", "status": "active", "type": "Full" })
    } else if path.ends_with("/Messages.json") {
        json!({ "messages": [], "next_page_uri": null })
    } else if path.ends_with("/IncomingPhoneNumbers.json") {
        let capabilities = json!({ "voice": true, "sms": true, "mms": false });
        let number = asked("PhoneNumber");
        json!({ "incoming_phone_numbers": [
            { "phone_number": number, "sms_url": webhook, "capabilities": capabilities },
        ] })
    } else if path.ends_with("/SMS/ShortCodes.json") {
        json!({ "short_codes": [{ "short_code": asked("ShortCode"), "sms_url": webhook }] })
    } else if path == "/v2/Channels/Senders" {
        let sender = |number| json!({ "sender_id": format!("whatsapp:{number}"), "status": "ONLINE" });
        let senders: Vec<_> = simulator.whatsapp_senders(&sid).into_iter().map(sender).collect();
        json!({ "senders": senders, "meta": { "next_page_url": null } })
    } else if let Some(service) = path.strip_prefix("/v1/Services/") {
        json!({
            "sid": service, "friendly_name": "Simulator’s service", "inbound_request_url": webhook,
            "use_inbound_webhook_on_number": false,
        })
    } else {
        return Refusal::not_found(path).into_response();
    };
    replies::scripted(StatusCode::OK.as_u16(), Vec::new(), answer.to_string())
}
