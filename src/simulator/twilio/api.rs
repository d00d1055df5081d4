//! The Messages API: its single route, and the scripted answers.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::simulator::phones::{EntryContent, SimulatedOutcome, now};
use crate::simulator::twilio::callbacks::{self, DeliveryResult};
use crate::simulator::twilio::media;
use crate::simulator::twilio::replies::{self, Refusal};
use crate::simulator::twilio::request::{self, Request};
use crate::simulator::twilio::resources;
use crate::simulator::twilio::{Behaviour, Simulator};

/// The delay of [`Behaviour::Hang`].
const HANG: Duration = Duration::from_mins(1);

/// The end of unreachable numbers, and the error code: "unreachable destination handset".
const UNREACHABLE: (&str, u32) = ("0000", 30003);

/// The error code of a free text by WhatsApp outside the service window.
const TOO_LATE: u32 = 63016;

pub(in crate::simulator) fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/2010-04-01/Accounts/{account_sid}/Messages.json", post(create_message).get(resources::show))
        .route(
            "/2010-04-01/Accounts/{account_sid}/Messages/{message_sid}/Media/{media_sid}",
            get(media::show),
        )
        .route("/cdn/{media_sid}", get(media::download))
        .fallback(resources::show)
        .with_state(simulator)
}

async fn create_message(
    State(simulator): State<Simulator>,
    Path(account_sid): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Request::new(account_sid, &headers, &body);
    simulator.remember(request.clone());
    let token = simulator.token(&request.account_sid);
    if !token.is_some_and(|token| request::is_authorized(&headers, &request.account_sid, &token)) {
        return Refusal::unauthorized().into_response();
    }
    let line = request.line();
    let behaviour = simulator.phones.take_behaviour(&line);
    if !behaviour.outcome.is_accepted() {
        simulator.phones.add(&line, now(), EntryContent::Rejected(behaviour.outcome));
    }
    match behaviour.of_twilio().unwrap_or_else(|| simulator.behaviour()) {
        Behaviour::Answer { status, headers, body } => replies::scripted(status, headers, body),
        Behaviour::CloseBeforeAnswer => replies::truncated_response(),
        Behaviour::Hang => {
            simulator.stopping.run_until_cancelled(tokio::time::sleep(HANG)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        accepting => match take(&simulator, request, &accepting, behaviour.pause()).await {
            Ok(answer) => answer,
            Err(refusal) => {
                simulator.phones.add(&line, now(), EntryContent::Rejected(SimulatedOutcome::Refused));
                refusal.into_response()
            }
        },
    }
}

async fn take(
    simulator: &Simulator,
    request: Request,
    behaviour: &Behaviour,
    pause: Option<Duration>,
) -> Result<Response, Refusal> {
    request.check()?;
    if simulator.is_opted_out(request.recipient()) {
        return Err(Refusal::bad(21610, "Attempt to send to unsubscribed recipient"));
    }
    let answer = replies::created(&request);
    simulator.phones.add(&request.line(), now(), request.arrival());
    let result = match *behaviour {
        Behaviour::AcceptSilently => return Ok(answer),
        Behaviour::Undeliver { code } => DeliveryResult::Undelivered(code),
        Behaviour::Fail { code } => DeliveryResult::Failed(code),
        // Like Twilio, the simulator accepts the message and reports later that the service window is
        // closed.
        _ if request.is_free_whatsapp() && simulator.has_closed_window(request.recipient()) => {
            DeliveryResult::Undelivered(TOO_LATE)
        }
        _ if request.recipient().ends_with(UNREACHABLE.0) => DeliveryResult::Undelivered(UNREACHABLE.1),
        Behaviour::Read => DeliveryResult::Read,
        _ => DeliveryResult::Delivered,
    };
    let reports = callbacks::follow(simulator.clone(), request, result, pause);
    if matches!(behaviour, Behaviour::CallbackBeforeAnswer) {
        reports.await;
    } else {
        let stopping = simulator.stopping.clone();
        tokio::spawn(async move { stopping.run_until_cancelled(reports).await });
    }
    Ok(answer)
}
