//! Benchmarks of pages in a tenant of 100,000 clients among 50 small ones, as ratios to the page of one client, and the
//! query plans of their statements.
//!
//! `cargo bench --bench pages` measures SQLite; with `ALOQA_TEST_POSTGRES_URL` (see
//! `scripts/with-postgres`) it measures PostgreSQL. `ALOQA_BENCH_CLIENTS` sets the number of
//! clients, `ALOQA_BENCH_PLANS` prints the plans. Pages are listed in `pages`.
#![expect(clippy::unwrap_used, reason = "a measurement that can't go on has failed")]
#![expect(clippy::print_stdout, reason = "the figures are what this is for")]

mod plans;
mod seed;

use std::time::{Duration, Instant};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tower::ServiceExt as _;

use crate::seed::Seed;

/// Number of requests for each page; the median counts.
const TIMES: usize = 21;

/// Name and path of each page; the first is the one that the others are compared with.
async fn pages(site: &Site, seed: &Seed) -> Vec<(&'static str, String)> {
    let list = |query: &str| format!("/crm/clients?{query}");
    let pages = seed.clients / 25;
    let middle = list(&format!("page={}", pages / 2));
    let middle_by_name = list(&format!("sort=name&page={}", pages / 2));
    vec![
        ("one client, by its id", format!("/crm/clients/{}", seed.client)),
        ("list, first page", list("")),
        ("list, last page by number", list(&format!("page={pages}"))),
        ("list, middle page by number", middle.clone()),
        ("list, middle page by link", site.next(&middle).await),
        ("list by name, first page", list("sort=name")),
        ("list by name, middle page by number", middle_by_name.clone()),
        ("list by name, middle page by link", site.next(&middle_by_name).await),
        ("search for one name", list(&format!("q={}", seed.rare))),
        ("search for two words, many matches each", list("q=aziza+karimova")),
        ("search for a part of every third name", list("q=ova")),
        ("the same by name", list("q=ova&sort=name")),
        ("the same, 40 pages on", list("q=ova&sort=name&page=40")),
        ("search for one letter", list("q=a")),
        ("search for what nobody has", list("q=zzzz")),
        ("search for a phone as dialled", list(&format!("q={}", seed.phone.replace('+', "%2B")))),
        ("search for its last four digits", list(&format!("q={}", &seed.phone[seed.phone.len() - 4..]))),
        ("clients of seven days", list("created_from=2026-02-24&created_to=2026-03-02")),
        ("clients of seven days by name", list("created_from=2026-02-24&created_to=2026-03-02&sort=name")),
        ("spotlight: one name", format!("/spotlight?q={}", seed.rare)),
        ("spotlight: a part of every third name", "/spotlight?q=ova".to_owned()),
        (
            "spotlight: the last four digits of a phone",
            format!("/spotlight?q={}", &seed.phone[seed.phone.len() - 4..]),
        ),
        ("search within seven days", list("q=ova&created_from=2026-02-24&created_to=2026-03-02")),
    ]
}

/// The application in process, requested by an API client.
struct Site {
    router: Router,
    token: String,
}

impl Site {
    async fn get(&self, path: &str) -> String {
        let request = Request::get(path)
            .header(header::HOST, "crm.example.uz")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::empty());
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(body.to_vec()).unwrap()
    }

    /// The target of the link to the next page.
    async fn next(&self, path: &str) -> String {
        let page = self.get(path).await;
        let link = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        link.unwrap().replace("&#38;", "&").replace("&amp;", "&")
    }

    async fn time(&self, path: &str) -> Duration {
        let begun = Instant::now();
        self.get(path).await;
        begun.elapsed()
    }

    /// The median time of a page, divided by that of `unit`, and in milliseconds. Both are requested in turn, so that
    /// other load on the machine affects both.
    async fn ratio(&self, unit: &str, path: &str) -> (f64, f64) {
        let (mut units, mut times) = (Vec::new(), Vec::new());
        for _ in 0..TIMES {
            units.push(self.time(unit).await);
            times.push(self.time(path).await);
        }
        units.sort();
        times.sort();
        let median = times[TIMES / 2].as_secs_f64();
        (median / units[TIMES / 2].as_secs_f64(), median * 1e3)
    }
}

#[tokio::main]
async fn main() {
    let statements = plans::listen();
    let (seed, place) = Seed::create().await;
    let site = Site { router: seed.router(), token: seed.token.clone() };
    println!("\n{} clients beside 50 small tenants, on {}\n", seed.clients, seed.database.engine_name());
    println!("| page | times the page of one client | ms |\n| --- | --- | --- |");
    let pages = pages(&site, &seed).await;
    let unit = pages[0].1.clone();
    let mut asked = Vec::new();
    for (name, path) in pages {
        statements.take();
        site.get(&path).await;
        asked.push((name, statements.take()));
        let (ratio, milliseconds) = site.ratio(&unit, &path).await;
        println!("| {name} | {ratio:.1} | {milliseconds:.2} |");
    }
    if std::env::var_os("ALOQA_BENCH_PLANS").is_some() {
        plans::print(&seed, &place.url, asked).await;
    }
    seed.database.close().await;
    place.remove().await;
}
