//! `aloqa doctor`: checks configuration, database, channels and public URL, and explains what to
//! fix.

use std::process::ExitCode;

use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::cli::output;
use crate::{
    config::Config,
    domain::{Channel, Locale, TrustedProxies},
    error::Result,
    persistence::{Database, RowLevelSecurity},
    presentation::{CheckResultView, i18n},
    services::Services,
};

/// The result of one check.
struct CheckResult {
    check: &'static str,
    passed: bool,
    /// True if there is nothing to fix, but the result is worth knowing.
    note: bool,
    says: String,
}

impl CheckResult {
    fn mark(&self) -> &'static str {
        match (self.passed, self.note) {
            (false, _) => "MEND",
            (true, true) => "note",
            (true, false) => "ok  ",
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

pub(super) async fn run(config: &Config, json: bool) -> Result<ExitCode> {
    let mut findings = vec![public_url(config), secret_key(config)];
    findings.extend(proxies(config));
    match config.services().await {
        Err(error) => findings.push(failed_check(
            "database",
            format!("cannot be opened: {}. Check ALOQA_DATABASE_URL.", output::describe(&error)),
        )),
        Ok(services) => inspect(&services, &mut findings).await,
    }
    #[cfg(unix)]
    findings.push(private_files(config));
    let text: Vec<_> = findings.iter().map(|f| format!("{} {}: {}", f.mark(), f.check, f.says)).collect();
    let value =
        findings.iter().map(|f| json!({ "check": f.check, "ok": f.passed, "detail": f.says })).collect();
    output::result(json, &text.join("\n"), &value)?;
    let healthy = findings.iter().all(|f| f.passed);
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn public_url(config: &Config) -> CheckResult {
    let url = &config.public_url;
    let host = url.host_str().unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    if url.scheme() == "https" {
        passed("public URL", url.as_str())
    } else if local {
        passed("public URL", format!("{url} is for this machine only: providers can't reach it"))
    } else {
        failed_check(
            "public URL",
            format!("{url} is not https: cookies travel in clear. Put a TLS proxy in front."),
        )
    }
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

async fn inspect(services: &Services, findings: &mut Vec<CheckResult>) {
    let database = &services.dependencies().database;
    findings.push(match database.ping().await {
        Ok(()) => passed("database", format!("{} answers", database.engine_name())),
        Err(error) => failed_check("database", output::describe(&error)),
    });
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
        failed_check("workspaces", "there is none. Run `aloqa tenant create`.")
    } else {
        passed("workspaces", tenants.len().to_string())
    });
    for tenant in tenants {
        let slug = tenant.slug.as_str();
        match services.channels.list_with_secrets(tenant.id).await {
            Ok(channels) if channels.is_empty() => {
                findings.push(failed_check(
                    "channels",
                    format!("{slug} has none. Run `aloqa channel add twilio`."),
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
