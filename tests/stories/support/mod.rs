//! What stories stand on. [`TestEnv`] is where they begin.

pub mod chat_fixture;
pub mod database;
pub mod event_stream;
pub mod http;
pub mod parallel;
pub mod people;
pub mod populated_tenant;
#[macro_use]
pub mod process;
pub mod providers;
pub mod requirements;
pub mod world;

pub use crate::support::database::Engine;
pub use crate::support::parallel::concurrently;
pub use crate::support::people::Company;
pub use crate::support::process::server::TestServer;
pub use crate::support::world::TestEnv;

/// Makes a test per engine of each story: `story::sqlite` and `story::postgres`.
///
/// A story is an `async fn story(env: TestEnv)`; one that is not listed is dead code, of which the compiler tells.
macro_rules! on_both_engines {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::support::database::run_test($crate::support::Engine::Sqlite, super::$story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::support::database::run_test($crate::support::Engine::Postgres, super::$story).await;
            }
        }
    )*};
}

/// Makes a test of each story that only PostgreSQL can tell.
macro_rules! on_postgres {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::support::database::run_test($crate::support::Engine::Postgres, super::$story).await;
            }
        }
    )*};
}
