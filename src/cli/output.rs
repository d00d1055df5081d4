//! Output and input of commands.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::{
    domain::{Locale, PASSWORD_MIN, Problem},
    error::{AppError, Result},
};

/// Prints a result: the text, or the value with `--json`.
///
/// # Errors
/// [`AppError::Internal`] if standard output is closed.
pub(super) fn result(json: bool, text: &str, value: &Value) -> Result<()> {
    let line = if json { value.to_string() } else { text.to_owned() };
    writeln!(io::stdout(), "{line}").map_err(AppError::internal)
}

/// Prints a line to standard error, ignoring failures.
pub(super) fn print_error(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Reads a line from standard input, without spaces around it; empty at the end of the input.
///
/// # Errors
/// [`AppError::Internal`] if standard input can't be read.
pub(super) fn line() -> Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(AppError::internal)?;
    Ok(line.trim().to_owned())
}

/// Reads a secret from standard input: one line, which is not echoed on a terminal.
///
/// # Errors
/// [`AppError::Internal`] if the input ends without a secret.
pub(super) fn secret(prompt: &str) -> Result<SecretString> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password(prompt).map(SecretString::from).map_err(AppError::internal);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(AppError::internal)?;
    let secret = line.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(AppError::internal(format!(
            "{} is expected on standard input, as in `printf '%s' \"$SECRET\" | aloqa …`",
            prompt.trim_end_matches([':', ' '])
        )));
    }
    Ok(secret.to_owned().into())
}

/// Reads a new password: on a terminal it is asked for twice.
///
/// # Errors
/// [`AppError::Internal`] if the input ends without a password, or the two differ.
pub(super) fn new_password() -> Result<SecretString> {
    if !io::stdin().is_terminal() {
        return secret("Password: ");
    }
    let first = secret(&format!("New password ({PASSWORD_MIN} or more characters): "))?;
    let second = secret("The same again: ")?;
    if first.expose_secret() != second.expose_secret() {
        return Err(AppError::internal("the two passwords differ; nothing was changed"));
    }
    Ok(first)
}

/// Formats an error for the command line.
pub(super) fn describe(error: &AppError) -> String {
    match error {
        AppError::Invalid(errors) => {
            let i18n = crate::presentation::i18n(Locale::En);
            let problem = |(field, problem): (&str, &Problem)| {
                format!("{}: {}", field.replace('_', "-"), i18n.problem(problem))
            };
            errors.iter().map(problem).collect::<Vec<_>>().join("; ")
        }
        AppError::Conflict(conflict) => {
            format!("this {} is taken already", conflict.field.unwrap_or("value").replace('_', "-"))
        }
        AppError::Internal(cause) | AppError::Unavailable(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
