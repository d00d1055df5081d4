//! Twilio's answers in JSON.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use futures_util::stream;
use serde_json::{Value, json};

use crate::simulator::twilio::request::Request;

const JSON: [(HeaderName, HeaderValue); 1] = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];

/// The rejection of a request.
pub(in crate::simulator) struct Refusal {
    status: StatusCode,
    code: u32,
    message: String,
}

impl Refusal {
    pub(in crate::simulator) fn bad(code: u32, message: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.to_owned() }
    }

    pub(in crate::simulator) fn unauthorized() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: 20003, message: "Authenticate".to_owned() }
    }

    pub(in crate::simulator) fn not_found(path: &str) -> Self {
        let message = format!("The requested resource {path} was not found");
        Self { status: StatusCode::NOT_FOUND, code: 20404, message }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status.as_u16(),
        });
        (self.status, JSON, body.to_string()).into_response()
    }
}

/// 201 with the message resource.
pub(in crate::simulator) fn created(request: &Request) -> Response {
    (StatusCode::CREATED, JSON, message(request).to_string()).into_response()
}

/// A 201 whose connection is closed before the body is complete.
pub(in crate::simulator) fn truncated_response() -> Response {
    let chunks = [Ok(Bytes::from_static(b"{\"sid\": \"SM")), Err(std::io::ErrorKind::ConnectionReset)];
    let body = Body::from_stream(stream::iter(chunks.map(|chunk| chunk.map_err(std::io::Error::from))));
    (StatusCode::CREATED, JSON, [(CONTENT_LENGTH, "900")], body).into_response()
}

/// The answer of a script, as far as HTTP allows it.
pub(in crate::simulator) fn scripted(status: u16, headers: Vec<(String, String)>, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn message(request: &Request) -> Value {
    #[expect(clippy::disallowed_methods, reason = "it plays another machine, which has a clock of its own")]
    let now = Utc::now().to_rfc2822();
    let service = request.value("MessagingServiceSid");
    let media = request.form.iter().filter(|(name, _)| name == "MediaUrl").count();
    let uri = format!("/2010-04-01/Accounts/{}/Messages/{}", request.account_sid, request.message_sid);
    json!({
        "account_sid": request.account_sid,
        "api_version": "2010-04-01",
        "body": request.value("Body").unwrap_or_default(),
        "date_created": now,
        "date_sent": null,
        "date_updated": now,
        "direction": "outbound-api",
        "error_code": null,
        "error_message": null,
        "from": request.value("From"),
        "messaging_service_sid": service,
        "num_media": media.to_string(),
        "num_segments": if service.is_some() { "0" } else { "1" },
        "price": null,
        "price_unit": null,
        "sid": request.message_sid,
        "status": if service.is_some() { "accepted" } else { "queued" },
        "subresource_uris": {"media": format!("{uri}/Media.json")},
        "tags": null,
        "to": request.value("To"),
        "uri": format!("{uri}.json"),
    })
}
