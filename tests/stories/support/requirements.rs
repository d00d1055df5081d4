//! Requirements of some tests that a machine may lack. Tests without a requirement are reported as
//! skipped, or fail if `ALOQA_TEST_REQUIRE` names it.

use std::{
    env,
    io::Write as _,
    path::PathBuf,
    process::Command,
    sync::{LazyLock, Once},
};

/// The environment variable with the URL of the PostgreSQL server for the tests.
pub const POSTGRES_URL: &str = "ALOQA_TEST_POSTGRES_URL";

/// A requirement that the machine may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    Postgres,
    Browser,
}

impl Requirement {
    pub const ALL: [Self; 2] = [Self::Postgres, Self::Browser];

    /// The name in `ALOQA_TEST_REQUIRE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Browser => "browser",
        }
    }

    /// Instructions for providing it.
    pub fn instructions(self) -> &'static str {
        match self {
            Self::Postgres => "run `scripts/with-postgres cargo test`, or set ALOQA_TEST_POSTGRES_URL",
            Self::Browser => "put chromium and chromedriver on the PATH (docs/development.md)",
        }
    }

    pub fn is_available(self) -> bool {
        match self {
            Self::Postgres => env::var_os(POSTGRES_URL).is_some(),
            Self::Browser => *BROWSER,
        }
    }

    pub fn is_required(self) -> bool {
        let required = env::var("ALOQA_TEST_REQUIRE").unwrap_or_default();
        required.split(',').any(|word| word.trim() == self.name())
    }

    /// Called by each test with this requirement. Returns `false` if the test is to be skipped,
    /// which is reported once.
    ///
    /// # Panics
    /// Panics if the requirement is mandatory and not met.
    pub fn is_met_or_skipped(self) -> bool {
        if self.is_available() {
            return true;
        }
        assert!(!self.is_required(), "{} is required: {}", self.name(), self.instructions());
        self.report_skipped_tests();
        false
    }

    /// Reports once how many tests of this program can't run here, past the capture of their output.
    pub fn report_skipped_tests(self) {
        static SAID: [Once; 2] = [Once::new(), Once::new()];
        SAID[self as usize].call_once(|| {
            let count = self.tests();
            if count > 0 {
                let note = format!(
                    "\n*** LEFT OUT: {count} {} tests. To have them, {}.\n\n",
                    self.name(),
                    self.instructions()
                );
                // Output of the print macros is captured; output to the stream itself is not.
                let _ = std::io::stderr().write_all(note.as_bytes());
            }
        });
    }

    /// The number of this program's tests with this requirement, from its own list of them.
    fn tests(self) -> usize {
        let list =
            env::current_exe().and_then(|own| Command::new(own).args(["--list", "--format=terse"]).output());
        let list =
            list.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let has = |line: &&str| match self {
            Self::Postgres => line.ends_with("::postgres: test"),
            Self::Browser => line.starts_with("browser::"),
        };
        list.lines().filter(has).count()
    }
}

static BROWSER: LazyLock<bool> = LazyLock::new(|| chromium().is_some() && chromedriver().is_some());

/// The browser.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(program)
}

/// The driver of the browser.
pub fn chromedriver() -> Option<PathBuf> {
    program("chromedriver")
}

/// The path of a program on the `PATH`.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
