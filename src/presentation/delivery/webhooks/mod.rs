//! What providers post. Only here is anything done for someone who is not signed in, and only after a signature.

pub(crate) mod telegram;
pub(crate) mod twilio;

use crate::error::AppError;
use crate::presentation::http::{feature::Feature, routes};

/// Webhooks of all providers.
pub const FEATURE: Feature = Feature::new("webhooks", |table| {
    table
        .post(routes::TwilioWebhook::PATTERN, twilio::inbound)
        .post(routes::TwilioStatus::PATTERN, twilio::status)
        .post(routes::TelegramWebhook::PATTERN, telegram::update)
});

/// Why a proven webhook was not stored, as its provider hears it. Where another webhook or a person was quicker, the next
/// try finds it settled; and a provider comes back after a 5xx only.
fn retry_later(error: AppError) -> AppError {
    match error {
        met @ (AppError::Conflict(_) | AppError::EditConflict | AppError::NotFound | AppError::Merged(_)) => {
            AppError::Unavailable(Box::new(met))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_comes_back_when_someone_else_was_quicker() {
        for met in [AppError::EditConflict, AppError::NotFound] {
            assert!(matches!(retry_later(met), AppError::Unavailable(_)));
        }
        assert!(matches!(retry_later(AppError::BadSignature), AppError::BadSignature));
    }
}
