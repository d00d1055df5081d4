//! `aloqa doctor`: looks at what can be wrong before it goes wrong, and says what to mend.

use std::process::ExitCode;

use serde_json::json;

use crate::cli::output;
use crate::{
    config::Config,
    domain::{Channel, Locale},
    error::Result,
    persistence::Wall,
    presentation::{FindingView, texts},
    services::Services,
};

/// What came of a check.
struct Finding {
    check: &'static str,
    fine: bool,
    /// Nothing to mend here, but to know.
    note: bool,
    says: String,
}

impl Finding {
    fn mark(&self) -> &'static str {
        match (self.fine, self.note) {
            (false, _) => "MEND",
            (true, true) => "note",
            (true, false) => "ok  ",
        }
    }
}

fn fine(check: &'static str, says: impl Into<String>) -> Finding {
    Finding { check, fine: true, note: false, says: says.into() }
}

fn note(check: &'static str, says: impl Into<String>) -> Finding {
    Finding { note: true, ..fine(check, says) }
}

fn wrong(check: &'static str, says: impl Into<String>) -> Finding {
    Finding { fine: false, ..fine(check, says) }
}

pub(super) async fn run(config: &Config, json: bool) -> Result<ExitCode> {
    let mut findings = vec![public_url(config), secret_key(config)];
    match config.services().await {
        Err(error) => findings.push(wrong(
            "database",
            format!("cannot be opened: {}. Check ALOQA_DATABASE_URL.", output::explain(&error)),
        )),
        Ok(services) => inspect(&services, &mut findings).await,
    }
    let text: Vec<_> = findings.iter().map(|f| format!("{} {}: {}", f.mark(), f.check, f.says)).collect();
    let value =
        findings.iter().map(|f| json!({ "check": f.check, "ok": f.fine, "detail": f.says })).collect();
    output::result(json, &text.join("\n"), &value)?;
    let healthy = findings.iter().all(|f| f.fine);
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn public_url(config: &Config) -> Finding {
    let url = &config.public_url;
    let host = url.host_str().unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    if url.scheme() == "https" {
        fine("public URL", url.as_str())
    } else if local {
        fine("public URL", format!("{url} is for this machine only: providers can't reach it"))
    } else {
        wrong("public URL", format!("{url} is not https: cookies travel in clear. Put a TLS proxy in front."))
    }
}

fn secret_key(config: &Config) -> Finding {
    match config.secret_key() {
        Ok(_) => fine("secret key", "can be read"),
        Err(error) => wrong("secret key", output::explain(&error)),
    }
}

async fn inspect(services: &Services, findings: &mut Vec<Finding>) {
    let database = &services.foundation().database;
    findings.push(match database.ping().await {
        Ok(()) => fine("database", format!("{} answers", database.engine_name())),
        Err(error) => wrong("database", output::explain(&error)),
    });
    findings.push(match database.wall().await {
        Ok(Wall::NoneNeeded) => fine("row-level security", "SQLite has none; every statement names its tenant"),
        Ok(Wall::Stands) => fine("row-level security", "holds for this role"),
        Ok(Wall::Bypassed) => wrong(
            "row-level security",
            "this role is a superuser or has BYPASSRLS. Connect as a role without either: docs/operations.md.",
        ),
        Err(error) => wrong("row-level security", output::explain(&error)),
    });
    let tenants = match services.tenants.list().await {
        Ok(tenants) => tenants,
        Err(error) => {
            let says = format!("{}. Run `aloqa migrate`.", output::explain(&error));
            findings.push(wrong("workspaces", says));
            return;
        }
    };
    findings.push(if tenants.is_empty() {
        wrong("workspaces", "there is none. Run `aloqa tenant create`.")
    } else {
        fine("workspaces", tenants.len().to_string())
    });
    for tenant in tenants {
        let slug = tenant.slug.as_str();
        match services.channels.with_secrets(tenant.id).await {
            Ok(channels) if channels.is_empty() => {
                findings.push(wrong("channels", format!("{slug} has none. Run `aloqa channel add twilio`.")));
            }
            Ok(channels) => {
                findings.push(fine("channels", format!("{slug}: {}, secrets open", channels.len())));
                for (channel, _) in channels {
                    findings.extend(look_at(services, slug, &channel).await);
                }
            }
            Err(error) => findings.push(wrong("channels", format!("{slug}: {}", output::explain(&error)))),
        }
    }
}

/// What the channel's provider says of it. One that is switched off is not asked about, and a provider that can't be asked
/// is nothing to mend in the channel.
async fn look_at(services: &Services, slug: &str, channel: &Channel) -> Vec<Finding> {
    let about = |says: &str| format!("{slug}, {}: {says}", channel.id);
    if channel.disabled_at.is_some() {
        return vec![note("channel", about("switched off"))];
    }
    let found = match services.channels.inspect(channel).await {
        Ok(found) => found,
        Err(error) => return vec![wrong("channel", about(&output::explain(&error)))],
    };
    let finding = |found| {
        let found = FindingView::new(found, texts(Locale::En));
        let says = about(&found.message);
        match (found.ok, found.kind) {
            (true, _) => fine("channel", says),
            (false, "no-answer" | "other-answer") => note("channel", says),
            (false, _) => wrong("channel", says),
        }
    };
    found.into_iter().map(finding).collect()
}
