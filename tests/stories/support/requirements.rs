//! What some stories need and a machine may lack. Leaving them out is said aloud, or is a failure where
//! `ALOQA_TEST_REQUIRE` names the need.

use std::{
    env,
    io::Write as _,
    path::PathBuf,
    process::Command,
    sync::{LazyLock, Once},
};

/// Where the PostgreSQL server is that the tests may use.
pub const POSTGRES_URL: &str = "ALOQA_TEST_POSTGRES_URL";

/// Something that the machine may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    Postgres,
    Browser,
}

impl Requirement {
    pub const ALL: [Self; 2] = [Self::Postgres, Self::Browser];

    /// Its name in `ALOQA_TEST_REQUIRE`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Browser => "browser",
        }
    }

    /// How to get it.
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

    /// To be asked by each test with this need: `false`, and once a word about it, when it is left out.
    ///
    /// # Panics
    /// When the need is required and not met.
    pub fn is_met_or_skipped(self) -> bool {
        if self.is_available() {
            return true;
        }
        assert!(!self.is_required(), "{} is required: {}", self.name(), self.instructions());
        self.report_skipped_tests();
        false
    }

    /// Says once how many tests this program can't run here, past the capture of their output.
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
                // What print macros write is captured; what is written to the stream itself is seen.
                let _ = std::io::stderr().write_all(note.as_bytes());
            }
        });
    }

    /// How many of this program's tests have this need, by its own list of them.
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

/// What drives it.
pub fn chromedriver() -> Option<PathBuf> {
    program("chromedriver")
}

/// Where on the `PATH` a program is.
fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
