//! The database, the workspace and the user that a command names, with errors that tell the operator where to look.

use secrecy::ExposeSecret as _;

use crate::{
    config::Config,
    domain::{Email, Problem, Tenant},
    error::{AppError, Result},
    persistence::Database,
    services::Services,
};

/// Opens the services on a database that exists, and migrates it.
///
/// # Errors
/// [`AppError::Internal`] if the embedded database does not exist: a command that was started in another folder
/// must not create one there.
pub(super) async fn existing(config: &Config) -> Result<Services> {
    check_exists(config)?;
    super::ready(config).await
}

/// Checks that the embedded database exists; a database of PostgreSQL is looked for when it is opened.
///
/// # Errors
/// [`AppError::Internal`] with the path that was looked at.
pub(super) fn check_exists(config: &Config) -> Result<()> {
    match Database::embedded_file(config.database_url().expose_secret()) {
        Some(file) if !file.exists() => Err(AppError::internal(format!(
            "there is no database at {}: run the command in the folder of the installation, set ALOQA_DATA_DIR or \
             ALOQA_DATABASE_URL, or create a workspace by `aloqa tenant create`",
            file.display()
        ))),
        _ => Ok(()),
    }
}

/// Finds the workspace with this slug.
///
/// # Errors
/// [`AppError::Internal`] if there is none.
pub(super) async fn workspace(services: &Services, slug: &str) -> Result<Tenant> {
    services.tenants.by_slug(slug).await.map_err(|error| {
        replace_not_found(error, || format!("there is no workspace `{slug}`; `aloqa tenant list` shows all"))
    })
}

/// Explains that a workspace has no user with this address; other errors stay as they are.
pub(super) fn unknown_user(error: AppError, tenant: &str, email: &Email) -> AppError {
    replace_not_found(error, || {
        format!(
            "there is no user {email} in the workspace `{tenant}`; `aloqa user list --tenant {tenant}` shows all"
        )
    })
}

/// Replaces the error for a record that does not exist by a text for the command line.
pub(super) fn replace_not_found(error: AppError, text: impl FnOnce() -> String) -> AppError {
    match &error {
        AppError::Invalid(errors)
            if errors.iter().any(|(_, problem)| matches!(problem, Problem::NotFound)) =>
        {
            AppError::internal(text())
        }
        _ => error,
    }
}
