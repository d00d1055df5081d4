//! Errors as a status and words, and as a problem document (RFC 9457).

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::presentation::{http::routes, ui::i18n::I18n};
use crate::{
    domain::ClientId,
    error::{AppError, Conflict, MergedInto},
    services::{MAX_BYTES, MAX_ROWS},
};

/// An error in the extensions of a response, for which [`super::error_page::render`] makes the body.
#[derive(Clone)]
pub(super) struct ErrorExtension(pub(super) Arc<AppError>);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, _) = self.kind();
        let mut response = status.into_response();
        response.extensions_mut().insert(ErrorExtension(Arc::new(self)));
        response
    }
}

impl AppError {
    /// The status of an error, and the key of its message in the catalogue.
    pub(super) fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "error-malformed"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "error-unauthenticated"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "error-forbidden"),
            Self::SecondFactorRequired => (StatusCode::FORBIDDEN, "error-second-factor"),
            Self::Suspended => (StatusCode::FORBIDDEN, "error-suspended"),
            Self::ForgedForm => (StatusCode::FORBIDDEN, "error-forged-form"),
            Self::BadSignature => (StatusCode::FORBIDDEN, "error-signature"),
            Self::BadToken => (StatusCode::UNAUTHORIZED, "error-signature"),
            Self::ExpiredLink => (StatusCode::FORBIDDEN, "error-link"),
            Self::NotFound => (StatusCode::NOT_FOUND, "error-not-found"),
            Self::Merged(_) => (StatusCode::NOT_FOUND, "error-merged"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "error-method-not-allowed"),
            Self::Misdirected => (StatusCode::MISDIRECTED_REQUEST, "error-misdirected"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "error-conflict"),
            Self::EditConflict => (StatusCode::CONFLICT, "error-stale"),
            Self::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, "error-precondition"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "error-too-large"),
            Self::FilesTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "error-files-too-large"),
            Self::TableTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "error-table-too-large"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "error-unsupported-media-type")
            }
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "error-invalid"),
            Self::Unstorable => (StatusCode::UNPROCESSABLE_ENTITY, "error-unstorable"),
            Self::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, "error-too-many"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "error-busy"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "error-unavailable"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "error-internal"),
        }
    }

    /// The value of `Retry-After`, in seconds.
    pub(super) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { retry_after } => Some(retry_after.as_secs().max(1)),
            Self::Busy => Some(1),
            Self::Unavailable(_) => Some(5),
            _ => None,
        }
    }
}

/// The data of an error page or an error response.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    pub(super) r#type: &'static str,
    pub(super) title: String,
    pub(super) status: u16,
    pub(super) detail: String,
    pub(super) request_id: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) errors: BTreeMap<String, Vec<String>>,
    /// The clients with conflicting values, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) conflicts: BTreeMap<&'static str, ConflictingClient>,
    #[serde(skip)]
    pub(super) next_step: NextStep,
}

/// The client that has the value already.
#[derive(Debug, Serialize)]
pub(super) struct ConflictingClient {
    client_id: ClientId,
    url: String,
}

/// The link of an error page.
#[derive(Debug)]
pub(super) struct NextStep {
    pub(super) url: String,
    pub(super) label: String,
}

/// The problems of fields as sentences, by the field's name.
pub fn field_messages(error: &AppError, i18n: I18n) -> BTreeMap<String, Vec<String>> {
    let mut messages = BTreeMap::<String, Vec<String>>::new();
    match error {
        AppError::Invalid(errors) => {
            for (field, problem) in errors.iter() {
                messages.entry(field.to_owned()).or_default().push(i18n.problem(problem).into_owned());
            }
        }
        AppError::Conflict(conflict) => {
            if let Some(field) = conflict.field.filter(|field| !["status", "merge"].contains(field)) {
                let message = match conflict.client {
                    None if is_already_sent(conflict) => i18n.get("error-late-detail"),
                    Some(client) => {
                        i18n.with("error-conflict-client", "url", routes::Client(client).to_string())
                    }
                    None => i18n.get("problem-taken"),
                };
                messages.insert(field.to_owned(), vec![message.into_owned()]);
            }
        }
        _ => {}
    }
    messages
}

/// True if the conflict is about a message that was sent before it could be changed.
fn is_already_sent(conflict: &Conflict) -> bool {
    conflict.field == Some("scheduled_at")
}

/// The address of the record that another one was merged into.
fn merged_into_url(target: MergedInto) -> String {
    match target {
        MergedInto::Client(id) => routes::Client(id).to_string(),
        MergedInto::Chat(id) => routes::Chat(id).to_string(),
    }
}

/// The status, header and words of an error that a form shows above its fields.
pub(in crate::presentation) fn note_of(
    error: &AppError,
    i18n: I18n,
) -> (StatusCode, Option<(HeaderName, HeaderValue)>, String) {
    let wait = error.retry_after().map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
    let Problem { title, detail, .. } = problem(error, i18n, String::new());
    (error.kind().0, wait, format!("{title}. {detail}"))
}

/// The words of an error.
pub(super) fn problem(error: &AppError, i18n: I18n, request_id: String) -> Problem {
    let (status, key) = error.kind();
    let key = match error {
        AppError::Conflict(conflict) if is_already_sent(conflict) => "error-late",
        _ => key,
    };
    let errors = field_messages(error, i18n);
    let detail = match error {
        AppError::Invalid(_) => i18n.count("error-invalid-detail", i64::try_from(errors.len()).unwrap_or(1)),
        AppError::TableTooLarge => i18n.args(
            "error-table-too-large-detail",
            &[("rows", MAX_ROWS.into()), ("megabytes", (MAX_BYTES / 1024 / 1024).into())],
        ),
        AppError::TooManyAttempts { retry_after } => {
            let minutes = i64::try_from(retry_after.as_secs().div_ceil(60)).unwrap_or(1);
            i18n.args("error-too-many-detail", &[("minutes", minutes.into())])
        }
        AppError::Conflict(conflict) => match (conflict.client, conflict.field) {
            (Some(client), _) => {
                i18n.with("error-conflict-client", "url", routes::Client(client).to_string())
            }
            _ if is_already_sent(conflict) => i18n.get("error-late-detail"),
            (None, Some("merge")) => i18n.get("error-conflict-merge"),
            (None, Some("status")) => i18n.get("error-conflict-status"),
            _ => i18n.get("error-conflict-detail"),
        },
        AppError::Merged(kept) => i18n.with("error-merged-detail", "url", merged_into_url(*kept)),
        _ => i18n.get(format!("{key}-detail")),
    };
    let conflicting_client = match error {
        AppError::Conflict(conflict) => conflict.field.zip(conflict.client),
        _ => None,
    };
    let conflicts = conflicting_client
        .map(|(field, client_id)| {
            (field, ConflictingClient { client_id, url: routes::Client(client_id).to_string() })
        })
        .into_iter()
        .collect();
    let (url, label) = match error {
        AppError::Conflict(conflict) if conflict.client.is_some() => {
            let url =
                conflict.client.map(routes::Client).map_or_else(String::new, |client| client.to_string());
            (url, i18n.get("error-conflict-show"))
        }
        AppError::Merged(kept) => (merged_into_url(*kept), i18n.get("error-merged-show")),
        AppError::Unauthenticated => (routes::Login.to_string(), i18n.get("error-sign-in")),
        _ => (routes::Chats.to_string(), i18n.get("error-way-on")),
    };
    Problem {
        r#type: "about:blank",
        title: i18n.get(key).into_owned(),
        status: status.as_u16(),
        detail: detail.into_owned(),
        request_id,
        errors,
        conflicts,
        next_step: NextStep { url, label: label.into_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, FieldErrors, Locale, Permission, Problem as FieldProblem};

    #[test]
    fn every_error_has_its_words_in_every_language() {
        let cause = || Box::<dyn std::error::Error + Send + Sync>::from("secret detail");
        for locale in Locale::ALL {
            let all = [
                AppError::Malformed("x"),
                AppError::Unauthenticated,
                AppError::Forbidden(Permission::ClientRead),
                AppError::Suspended,
                AppError::ForgedForm,
                AppError::BadSignature,
                AppError::BadToken,
                AppError::ExpiredLink,
                AppError::NotFound,
                AppError::Merged(MergedInto::Client(ClientId(7))),
                AppError::EditConflict,
                AppError::MethodNotAllowed,
                AppError::value_taken("phone", Some(ClientId(7))),
                AppError::PreconditionFailed,
                AppError::TooLarge,
                AppError::FilesTooLarge,
                AppError::TableTooLarge,
                AppError::UnsupportedMediaType,
                AppError::Invalid(FieldErrors::one("phone", FieldProblem::NotAPhone(Country::UZ))),
                AppError::TooManyAttempts { retry_after: std::time::Duration::from_secs(61) },
                AppError::Busy,
                AppError::Unstorable,
                AppError::Misdirected,
                AppError::Unavailable(cause()),
                AppError::Internal(cause()),
            ];
            for error in all {
                let said = problem(&error, I18n::new(locale), "id".into());
                let text = serde_json::to_string(&said).unwrap();
                assert!(!text.contains("error-") && !text.contains("problem-"), "{text}");
                assert!(!text.contains("secret"), "a cause must not be shown");
                assert!(!said.title.is_empty() && !said.next_step.label.is_empty());
            }
        }
    }
}
