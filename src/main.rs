//! Parses the command line, runs one command, and says how it went by the exit status.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    aloqa::cli::run().await
}
