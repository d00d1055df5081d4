//! Files in the simulator: files from clients, which require credentials and redirect as Twilio's
//! do, and the download of our files before a message is sent.

use axum::extract::{OriginalUri, Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use url::Url;
use uuid::Uuid;

use crate::simulator::twilio::replies::Refusal;
use crate::simulator::twilio::request::{self, Request};
use crate::simulator::twilio::{Simulator, callbacks};

/// The error codes of a failed download: "media failed to download" for WhatsApp, and "HTTP
/// retrieval failure" for MMS.
const FAILED_WHATSAPP: u32 = 63019;
const FAILED_MMS: u32 = 11200;

/// A file from a client.
#[derive(Clone)]
pub(in crate::simulator) struct SimulatedMedia {
    account_sid: String,
    name: String,
    content_type: String,
    content: Bytes,
    /// The number of requests that still fail.
    missing: u32,
}

/// A file that the simulator downloaded from us.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FetchedMedia {
    /// The file's URL.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: String,
    /// The size in bytes.
    pub size: usize,
    /// The SHA-256 hash of the content.
    pub sha256: [u8; 32],
}

impl Simulator {
    /// Stores a file like one in a client's message, and returns the path for the webhook. The
    /// first `missing` requests for it fail.
    pub fn store_media(
        &self,
        account_sid: &str,
        name: &str,
        content_type: &str,
        content: impl Into<Bytes>,
        missing: u32,
    ) -> String {
        let id = format!("ME{}", Uuid::new_v4().simple());
        let medium = SimulatedMedia {
            account_sid: account_sid.to_owned(),
            name: name.to_owned(),
            content_type: content_type.to_owned(),
            content: content.into(),
            missing,
        };
        self.state().media.insert(id.clone(), medium);
        format!("/2010-04-01/Accounts/{account_sid}/Messages/MM{}/Media/{id}", Uuid::new_v4().simple())
    }

    /// The files that the simulator downloaded, the oldest first.
    #[must_use]
    pub fn fetched(&self) -> Vec<FetchedMedia> {
        self.state().fetched.clone()
    }
}

/// Redirects authorised requests to the file, as Twilio does.
pub(in crate::simulator) async fn show(
    State(simulator): State<Simulator>,
    OriginalUri(uri): OriginalUri,
    Path((account_sid, _, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let token = simulator.token(&account_sid);
    if !token.is_some_and(|token| request::is_authorized(&headers, &account_sid, &token)) {
        return Refusal::unauthorized().into_response();
    }
    let mut state = simulator.state();
    match state.media.get_mut(&id).filter(|medium| medium.account_sid == account_sid) {
        Some(medium) if medium.missing > 0 => {
            medium.missing -= 1;
            Refusal::not_found(uri.path()).into_response()
        }
        Some(_) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, format!("/cdn/{id}"))]).into_response(),
        None => Refusal::not_found(uri.path()).into_response(),
    }
}

/// Serves the content of a file. Like other servers with signed URLs, it rejects requests with
/// credentials.
pub(in crate::simulator) async fn download(
    State(simulator): State<Simulator>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key(AUTHORIZATION) {
        return (StatusCode::BAD_REQUEST, "Only one auth mechanism allowed").into_response();
    }
    let Some(medium) = simulator.state().media.get(&id).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let disposition = format!("inline; filename=\"{}\"", medium.name);
    ([(CONTENT_TYPE, medium.content_type), (CONTENT_DISPOSITION, disposition)], medium.content)
        .into_response()
}

/// Downloads the files of a message for its recipient; returns an error code on failure.
pub(in crate::simulator) async fn collect(simulator: &Simulator, request: &Request) -> Option<u32> {
    let urls = request.form.iter().filter(|(name, _)| name == "MediaUrl");
    for (_, url) in urls {
        if !fetch(simulator, url).await {
            let whatsapp = request.value("To").is_some_and(|to| to.starts_with("whatsapp:"));
            return Some(if whatsapp { FAILED_WHATSAPP } else { FAILED_MMS });
        }
    }
    None
}

async fn fetch(simulator: &Simulator, url: &str) -> bool {
    let target = Url::parse(url).ok().and_then(|url| callbacks::target(&simulator.settings, &url));
    let Some(target) = target else {
        tracing::warn!("a media link leads outside the public URL");
        return false;
    };
    let read = async {
        let mut response = simulator.http.get(target).send().await?;
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let mut fetched = FetchedMedia {
            url: url.to_owned(),
            status: response.status().as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            size: 0,
            sha256: [0; 32],
        };
        let mut hash = Sha256::new();
        while let Some(chunk) = response.chunk().await? {
            fetched.size += chunk.len();
            hash.update(&chunk);
        }
        fetched.sha256 = hash.finalize().into();
        Ok::<_, reqwest::Error>(fetched)
    };
    match read.await {
        Ok(fetched) => {
            let found = fetched.status == 200;
            simulator.state().fetched.push(fetched);
            found
        }
        Err(error) => {
            tracing::warn!(error = %error.without_url(), "a medium could not be fetched");
            false
        }
    }
}
