//! Status callbacks, signed as Twilio signs them.

use std::ops::RangeInclusive;
use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use crate::providers::twilio::post_signed;
use crate::simulator::twilio::request::Request;
use crate::simulator::twilio::{Pace, Settings, Simulator, media};

/// The sender that a Messaging Service selects, one of Twilio's test numbers.
const POOL_NUMBER: &str = "+15005550006";

/// The final status of a message.
#[derive(Clone, Copy)]
pub(in crate::simulator) enum DeliveryResult {
    Delivered,
    Read,
    /// Undelivered, with an error code of Twilio.
    Undelivered(u32),
    Failed(u32),
}

/// Reports all statuses of a message at the simulator's pace. A failed report is logged and
/// skipped, as Twilio does it.
pub(in crate::simulator) async fn follow(
    simulator: Simulator,
    request: Request,
    result: DeliveryResult,
    pause: Option<Duration>,
) {
    let pace = match pause {
        Some(pause) => Pace { sent: pause..=pause, delivered: pause..=pause },
        None => simulator.settings.pace.clone(),
    };
    let (last, error_code) = match result {
        DeliveryResult::Delivered | DeliveryResult::Read => ("delivered", None),
        DeliveryResult::Undelivered(code) => ("undelivered", Some(code)),
        DeliveryResult::Failed(code) => ("failed", Some(code)),
    };
    report(&simulator, &request, "queued", None).await;
    if let Some(code) = media::collect(&simulator, &request).await {
        return report(&simulator, &request, "failed", Some(code)).await;
    }
    wait(&pace.sent).await;
    report(&simulator, &request, "sent", None).await;
    wait(&pace.delivered).await;
    report(&simulator, &request, last, error_code).await;
    if matches!(result, DeliveryResult::Read) {
        wait(&pace.delivered).await;
        report(&simulator, &request, "read", None).await;
    }
}

async fn wait(range: &RangeInclusive<Duration>) {
    // An empty range would panic; its end is used instead.
    let time = if range.is_empty() { *range.end() } else { rand::random_range(range.clone()) };
    tokio::time::sleep(time).await;
}

async fn report(simulator: &Simulator, request: &Request, status: &str, error_code: Option<u32>) {
    match post(simulator, request, status, error_code).await {
        Ok(Some(answer)) if answer.is_success() => {}
        Ok(None) if request.value("StatusCallback").is_none() => {}
        Ok(None) => tracing::warn!("the status callback leads outside the public URL"),
        Ok(Some(answer)) => tracing::warn!(%answer, status, "the status callback was refused"),
        Err(error) => {
            tracing::warn!(error = %error.without_url(), status, "the status callback was not answered");
        }
    }
}

/// Posts one report; returns `None` when the message has no callback.
pub(in crate::simulator) async fn post(
    simulator: &Simulator,
    request: &Request,
    status: &str,
    error_code: Option<u32>,
) -> reqwest::Result<Option<StatusCode>> {
    simulator.phones.set_status(&request.line(), &request.message_sid, status);
    let callback = request.value("StatusCallback").and_then(|url| Url::parse(url).ok());
    let Some(callback) = callback else {
        return Ok(None);
    };
    let (Some(post_to), Some(token)) =
        (target(&simulator.settings, &callback), simulator.token(&request.account_sid))
    else {
        return Ok(None);
    };
    let form = form(request, status, error_code);
    let answer = post_signed(&simulator.http, &token, &callback, &post_to, &form).await?;
    Ok(Some(answer.status()))
}

/// The URL to post a callback to: the callback itself if it is below the public URL, or its
/// replacement at `post_to`; `None` for any other URL.
pub(in crate::simulator) fn target(settings: &Settings, callback: &Url) -> Option<Url> {
    let public = &settings.public_url;
    let below = callback.path().strip_prefix(public.path().trim_end_matches('/'))?;
    if callback.origin() != public.origin() || !below.starts_with('/') {
        return None;
    }
    let base = settings.post_to.as_ref().unwrap_or(public);
    let mut target = base.clone();
    target.set_path(&format!("{}{below}", base.path().trim_end_matches('/')));
    target.set_query(callback.query());
    Some(target)
}

fn form(request: &Request, status: &str, error_code: Option<u32>) -> Vec<(String, String)> {
    let to = request.value("To").unwrap_or_default();
    let channel = if to.starts_with("whatsapp:") { "whatsapp:" } else { "" };
    let from = request.value("From").map_or_else(|| format!("{channel}{POOL_NUMBER}"), str::to_owned);
    let mut form = vec![
        ("ApiVersion", "2010-04-01".to_owned()),
        ("AccountSid", request.account_sid.clone()),
        ("From", from),
        ("To", to.to_owned()),
        ("MessageSid", request.message_sid.clone()),
        ("MessageStatus", status.to_owned()),
        ("SmsSid", request.message_sid.clone()),
        ("SmsStatus", status.to_owned()),
    ];
    if let Some(service) = request.value("MessagingServiceSid") {
        form.push(("MessagingServiceSid", service.to_owned()));
    }
    if let Some(code) = error_code {
        form.push(("ErrorCode", code.to_string()));
    }
    form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    fn target_of(callback: &str, public_url: &str, post_to: Option<&str>) -> Option<String> {
        let settings = Settings {
            public_url: public_url.parse().unwrap(),
            post_to: post_to.map(|url| url.parse().unwrap()),
            pace: Pace::INSTANT,
        };
        target(&settings, &callback.parse().unwrap()).map(String::from)
    }

    #[test]
    fn callbacks_use_the_replacement_of_the_public_url() {
        let public = "https://crm.example.uz";
        let callback = "https://crm.example.uz/status?message=1";
        assert_eq!(target_of(callback, public, None).as_deref(), Some(callback));
        assert_eq!(
            target_of(callback, public, Some("http://127.0.0.1:8080")).as_deref(),
            Some("http://127.0.0.1:8080/status?message=1")
        );
        assert_eq!(
            target_of(
                "https://crm.example.uz/aloqa/status",
                "https://crm.example.uz/aloqa/",
                Some("http://[::1]:1/x/")
            )
            .as_deref(),
            Some("http://[::1]:1/x/status")
        );
    }

    #[test]
    fn callbacks_to_other_hosts_are_not_posted() {
        for callback in [
            "http://crm.example.uz/aloqa/status",
            "https://crm.example.uz:8443/aloqa/status",
            "https://crm.example.uz.evil.example/aloqa/status",
            "https://crm.example.uz@evil.example/aloqa/status",
            "https://169.254.169.254/aloqa/status",
            "https://crm.example.uz/aloqa/../status",
            "https://crm.example.uz/aloqanot/status",
            "https://crm.example.uz/aloqa",
            "data:text/plain,x",
        ] {
            assert_eq!(target_of(callback, "https://crm.example.uz/aloqa", None), None, "{callback}");
        }
    }
}
