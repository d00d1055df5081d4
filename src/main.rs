//! Parses the command line, runs one command and reports the result as the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    aloqa::cli::run()
}
