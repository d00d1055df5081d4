//! Testing a channel with its provider.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    domain::ChannelId,
    error::{AppError, Result},
    presentation::{
        channels::channel::render,
        http::{
            context::Ctx,
            extract::{Format, PathIds},
            routes,
        },
        ui::i18n::I18n,
    },
    providers::CheckResult,
};

/// The result of a check.
#[derive(Debug, Serialize)]
pub struct CheckResultView {
    /// True if nothing has to be fixed.
    pub ok: bool,
    /// The name of the result.
    pub kind: &'static str,
    /// The result as a sentence.
    pub message: String,
}

#[derive(Serialize)]
struct HealthCheckView {
    ok: bool,
    findings: Vec<CheckResultView>,
}

impl CheckResultView {
    /// Creates the view in the reader's language.
    pub fn new(finding: CheckResult, i18n: I18n) -> Self {
        let args = [("subject", finding.subject.into()), ("detail", finding.detail.into())];
        let message = i18n.args(&format!("channel-check-{}", finding.kind), &args).into_owned();
        Self { ok: finding.passed, kind: finding.kind, message }
    }
}

/// Tests a channel and shows the results.
///
/// # Errors
/// [`crate::error::AppError::Forbidden`], [`crate::error::AppError::NotFound`].
pub async fn submit(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    let findings = ctx.services().channels.test(&ctx.actor, id).await?;
    let findings: Vec<_> =
        findings.into_iter().map(|finding| CheckResultView::new(finding, ctx.i18n)).collect();
    if ctx.format == Format::Json {
        let ok = findings.iter().all(|finding| finding.ok);
        return Ok(Json(HealthCheckView { ok, findings }).into_response());
    }
    render(&ctx, id, StatusCode::OK, None, Some(findings)).await
}

/// The result of fetching missed messages.
#[derive(Serialize)]
struct MissedMessagesView {
    since: DateTime<Utc>,
    stored: i64,
}

/// Fetches the messages of a channel that no webhook has brought. The page of the channel shows the result.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`], also for a channel that is disabled or whose provider keeps no messages;
/// [`AppError::Invalid`] if the provider does not answer.
pub async fn fetch_missed(ctx: Ctx, PathIds(id): PathIds<ChannelId>) -> Result<Response> {
    let fetched = ctx.services().missed.fetch(&ctx.actor, id).await?.ok_or(AppError::NotFound)?;
    let view = MissedMessagesView { since: fetched.since, stored: fetched.stored };
    Ok(ctx.changed(&routes::Channel(id).to_string(), &view))
}
