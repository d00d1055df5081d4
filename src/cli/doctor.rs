//! `aloqa doctor`: checks configuration, database, channels and public URL, and explains what to
//! fix.

use std::{process::ExitCode, time::Duration};

use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::json;
use url::Url;

use crate::cli::{lookup, output};
use crate::{
    config::{Config, unknown_variables},
    domain::{Channel, Locale, TrustedProxies},
    error::{AppError, Result},
    persistence::{Database, RowLevelSecurity, SchemaState},
    presentation::{CheckResultView, i18n},
    providers,
    services::Services,
};

/// The time that the server has for the answer to the health check behind the public URL.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(5);

/// The result of one check.
struct CheckResult {
    check: &'static str,
    passed: bool,
    /// True if there is nothing to fix, but the result is worth knowing.
    note: bool,
    says: String,
}

impl CheckResult {
    fn level(&self) -> &'static str {
        match (self.passed, self.note) {
            (false, _) => "MEND",
            (true, true) => "note",
            (true, false) => "ok",
        }
    }
}

fn passed(check: &'static str, says: impl Into<String>) -> CheckResult {
    CheckResult { check, passed: true, note: false, says: says.into() }
}

fn note(check: &'static str, says: impl Into<String>) -> CheckResult {
    CheckResult { note: true, ..passed(check, says) }
}

fn failed_check(check: &'static str, says: impl Into<String>) -> CheckResult {
    CheckResult { passed: false, ..passed(check, says) }
}

/// Runs all checks. Nothing is created or changed: a missing database or key is reported.
pub(super) async fn run(config: &Config, json: bool) -> Result<ExitCode> {
    let mut findings = vec![public_url(config).await, secret_key(config)];
    findings.extend(proxies(config));
    findings
        .extend(unknown_variables().iter().map(|name| note("settings", format!("{name} is not a setting"))));
    match lookup::check_exists(config) {
        Err(error) => findings.push(failed_check("database", output::describe(&error))),
        Ok(()) => check_database(config, &mut findings).await,
    }
    #[cfg(unix)]
    if config.data_dir.exists() {
        findings.push(private_files(config));
    }
    let text: Vec<_> = findings.iter().map(|f| format!("{:4} {}: {}", f.level(), f.check, f.says)).collect();
    let value = findings
        .iter()
        .map(|f| json!({ "check": f.check, "ok": f.passed, "level": f.level(), "detail": f.says }))
        .collect();
    output::result(json, &text.join("\n"), &value)?;
    let healthy = findings.iter().all(|f| f.passed);
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks the public URL by asking for the health check behind it, as the providers' webhooks would come.
async fn public_url(config: &Config) -> CheckResult {
    let url = &config.public_url;
    let host = url.host_str().unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    if url.scheme() == "https" {
        match ask_for_health(url).await {
            Ok(()) => passed("public URL", format!("{url} leads to this program")),
            Err(why) => note(
                "public URL",
                format!(
                    "{url} {why}: providers' webhooks don't come either, unless this machine alone can't reach it. Check that \
                         the server runs, the proxy, the name and the certificate."
                ),
            ),
        }
    } else if local {
        passed("public URL", format!("{url} is for this machine only: providers can't reach it"))
    } else {
        failed_check(
            "public URL",
            format!("{url} is not https: cookies travel in clear. Put a TLS proxy in front."),
        )
    }
}

/// Asks for the health check below the public URL.
async fn ask_for_health(public_url: &Url) -> Result<(), String> {
    let url = public_url.join("healthz").map_err(|error| error.to_string())?;
    let client = providers::http_client().map_err(|error| error.to_string())?;
    let answer = client.get(url).timeout(HEALTH_TIMEOUT).send().await;
    let answer = answer.map_err(|error| format!("does not answer ({})", root_cause(&error)))?;
    let status = answer.status();
    let text = answer.text().await.unwrap_or_default();
    if status == StatusCode::OK && text == "ok" {
        return Ok(());
    }
    Err(format!("answers {status}, and not as this program would"))
}

/// The innermost cause of an error, which names the reason.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// By HTTPS there is a proxy, whose address all users have if it is not trusted to name theirs.
fn proxies(config: &Config) -> Option<CheckResult> {
    let is_unnamed =
        config.public_url.scheme() == "https" && config.trusted_proxies == TrustedProxies::default();
    is_unnamed.then(|| {
        note(
            "proxies",
            "ALOQA_TRUSTED_PROXIES names none: all users share the limits of the proxy's address, and the log does not tell \
             them apart",
        )
    })
}

fn secret_key(config: &Config) -> CheckResult {
    if !config.has_secret_key() {
        let path = config.key_file().path().display().to_string();
        return note("secret key", format!("there is none at {path}: the first start creates it"));
    }
    match config.vault() {
        Ok(_) => passed("secret key", "can be read"),
        Err(error) => failed_check("secret key", output::describe(&error)),
    }
}

/// Checks that only the program's own user can read the data directory and the embedded database. Earlier versions
/// created them readable for everyone.
#[cfg(unix)]
fn private_files(config: &Config) -> CheckResult {
    use std::{os::unix::fs::PermissionsExt as _, path::Path};
    let is_open =
        |path: &Path| path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    let database = Database::embedded_file(config.database_url().expose_secret());
    let open: Vec<_> = [Some(config.data_dir.clone()), database]
        .into_iter()
        .flatten()
        // Nobody reaches a file in a folder that is closed.
        .filter(|path| {
            is_open(path) && path.parent().is_none_or(|folder| is_open(folder) || folder == Path::new(""))
        })
        .map(|path| path.display().to_string())
        .collect();
    match open.as_slice() {
        [] => passed("files", "only this user can read them"),
        open => failed_check(
            "files",
            format!("other users of this machine can read {0}. Run `chmod -R go= {0}`.", open.join(" ")),
        ),
    }
}

/// Checks a database that exists, and if its schema is this program's, the workspaces in it.
async fn check_database(config: &Config, findings: &mut Vec<CheckResult>) {
    let url = config.database_url();
    let place = Database::embedded_file(url.expose_secret())
        .map_or("PostgreSQL".to_owned(), |file| file.display().to_string());
    let opened = async {
        let database = Database::open(url.expose_secret()).await?;
        let state = database.schema_state().await?;
        Ok::<_, AppError>((database, state))
    };
    let (database, state) = match opened.await {
        Ok(opened) => opened,
        Err(error) => return findings.push(failed_check("database", output::describe(&error))),
    };
    findings.push(match state {
        SchemaState::Current => passed("database", format!("{place} answers; its schema is this program's")),
        SchemaState::Empty => note("database", format!("{place} is empty: `aloqa tenant create` fills it")),
        SchemaState::Older(count) => note(
            "database",
            format!(
                "{place} is of an older version: the next start applies {count} migrations; back it up first"
            ),
        ),
        SchemaState::Newer(version) => failed_check(
            "database",
            format!("{place} is of a newer Aloqa (schema {version}), which this program does not start on"),
        ),
    });
    if state != SchemaState::Current {
        return;
    }
    if !config.has_secret_key() {
        findings.push(note("workspaces", "are not checked without a key"));
        return;
    }
    match config.services_on(database) {
        Ok(services) => inspect(&services, findings).await,
        Err(error) => findings.push(failed_check("files", output::describe(&error))),
    }
}

async fn inspect(services: &Services, findings: &mut Vec<CheckResult>) {
    let database = &services.dependencies().database;
    findings.push(match database.row_level_security().await {
        Ok(RowLevelSecurity::NotSupported) => passed("row-level security", "SQLite has none; every statement names its tenant"),
        Ok(RowLevelSecurity::Enforced) => passed("row-level security", "holds for this role"),
        Ok(RowLevelSecurity::Bypassed) => failed_check(
            "row-level security",
            "this role is a superuser or has BYPASSRLS. Connect as a role without either: docs/operations.md.",
        ),
        Err(error) => failed_check("row-level security", output::describe(&error)),
    });
    let tenants = match services.tenants.list().await {
        Ok(tenants) => tenants,
        Err(error) => {
            let says = format!("{}. Run `aloqa migrate`.", output::describe(&error));
            findings.push(failed_check("workspaces", says));
            return;
        }
    };
    findings.push(if tenants.is_empty() {
        note("workspaces", "there is none. Run `aloqa tenant create`.")
    } else {
        passed("workspaces", tenants.len().to_string())
    });
    for tenant in tenants {
        let slug = tenant.slug.as_str();
        match services.channels.list_with_secrets(tenant.id).await {
            Ok(channels) if channels.is_empty() => {
                findings.push(note(
                    "channels",
                    format!(
                        "{slug} has none. Run `aloqa channel add twilio` or `aloqa channel add telegram`."
                    ),
                ));
            }
            Ok(channels) => {
                findings.push(passed("channels", format!("{slug}: {}, secrets open", channels.len())));
                for (channel, _) in channels {
                    findings.extend(look_at(services, slug, &channel).await);
                }
            }
            Err(error) => {
                findings.push(failed_check("channels", format!("{slug}: {}", output::describe(&error))));
            }
        }
    }
}

/// Checks a channel with its provider. A disabled channel is not checked, and an unreachable
/// provider is not an error of the channel.
async fn look_at(services: &Services, slug: &str, channel: &Channel) -> Vec<CheckResult> {
    let about = |says: &str| format!("{slug}, {}: {says}", channel.id);
    if channel.disabled_at.is_some() {
        return vec![note("channel", about("switched off"))];
    }
    let found = match services.channels.check(channel).await {
        Ok(found) => found,
        Err(error) => return vec![failed_check("channel", about(&output::describe(&error)))],
    };
    let unproven = channel
        .proven_at
        .is_none()
        .then(|| note("confirmation", about("not confirmed by its provider yet; test it on its page")));
    let finding = |found| {
        let found = CheckResultView::new(found, i18n(Locale::En));
        let says = about(&found.message);
        match (found.ok, found.kind) {
            (true, _) => passed("channel", says),
            (false, "no-answer" | "other-answer") => note("channel", says),
            (false, _) => failed_check("channel", says),
        }
    };
    found.into_iter().map(finding).chain(unproven).collect()
}
