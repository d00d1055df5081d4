//! Support code of the tests; [`TestEnv`] is the environment of each test.

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
pub mod spans;
pub mod world;

pub use crate::support::database::Engine;
pub use crate::support::parallel::concurrently;
pub use crate::support::people::Company;
pub use crate::support::process::server::TestServer;
pub use crate::support::world::TestEnv;

/// Defines a test per engine for each function: `name::sqlite` and `name::postgres`.
///
/// The function is an `async fn name(env: TestEnv)`; the compiler reports one that is not listed as dead code.
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

/// Defines a test for each function that needs PostgreSQL.
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
