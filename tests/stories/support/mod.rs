//! What stories stand on. [`World`] is where they begin.

#[macro_use]
pub mod chromium;
pub mod engines;
pub mod http;
pub mod lived;
pub mod needs;
pub mod office;
pub mod parallel;
pub mod people;
mod postgres;
pub mod program;
pub mod raw;
pub mod statements;
pub mod stream;
pub mod talk;
pub mod telegram;
pub mod twilio;
pub mod webhook;
pub mod world;

pub use engines::Engine;
pub use office::Office;
pub use parallel::at_once;
pub use people::Company;
pub use world::World;

/// Makes a test per engine of each story: `story::sqlite` and `story::postgres`.
///
/// A story is an `async fn story(world: World)`; one that is not listed is dead code, of which the compiler tells.
macro_rules! on_both_engines {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::support::engines::tell($crate::support::Engine::Sqlite, super::$story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::support::engines::tell($crate::support::Engine::Postgres, super::$story).await;
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
                $crate::support::engines::tell($crate::support::Engine::Postgres, super::$story).await;
            }
        }
    )*};
}
