//! Chromium without a window, controlled through chromedriver.
//!
//! Each test has its own browser with its own profile. A [`Page`] is polled until it shows what is expected, or until
//! [`PATIENCE`] ends; no test sleeps for a guessed time.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader},
    panic,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use axum::http::Method;
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    error::CmdError,
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout},
};
use url::Url;

use crate::support::{
    Engine, TestServer, database,
    people::PASSWORD,
    requirements::{self, Requirement},
};

/// The maximum time for a page to show something.
const PATIENCE: Duration = Duration::from_secs(20);
/// The interval between polls.
const BLINK: Duration = Duration::from_millis(40);
/// Longer than any test takes.
const LONGEST: Duration = Duration::from_secs(100);
/// A browser keeps a core busy.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Key codes of the `WebDriver` protocol.
pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const SHIFT: char = '\u{e008}';
pub const CONTROL: char = '\u{e009}';
pub const ESCAPE: char = '\u{e00c}';

/// The setting of scripts in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    Run,
    Off,
}

/// Defines a test for each function that needs a browser, on SQLite; `on both engines` adds PostgreSQL.
///
/// The function is an `async fn name(server: TestServer, page: Page)`.
macro_rules! in_chromium {
    (@test $name:ident on $engine:ident: $scripts:ident $story:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            use $crate::support::{
                Engine,
                process::chromium::{Scripts, run_test},
            };
            run_test(Engine::$engine, Scripts::$scripts, super::$story).await;
        }
    };
    (scripts $scripts:ident: $($story:ident),* $(,)?) => {$(
        mod $story {
            in_chromium!(@test sqlite on Sqlite: $scripts $story);
        }
    )*};
    (on both engines: $($story:ident),* $(,)?) => {$(
        mod $story {
            in_chromium!(@test sqlite on Sqlite: Run $story);
            in_chromium!(@test postgres on Postgres: Run $story);
        }
    )*};
}

/// Runs a test with its own browser and its own server.
pub async fn run_test<F>(
    engine: Engine,
    scripts: Scripts,
    story: impl FnOnce(TestServer, Page) -> F + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    if !Requirement::Browser.is_met_or_skipped() {
        return;
    }
    let _permit = AT_ONCE.acquire().await.unwrap();
    database::run_test(engine, move |env| async move {
        let test_server = TestServer::open(env).await;
        let browser = Browser::start(scripts).await;
        let page = Page { client: browser.client.clone(), address: test_server.address.clone() };
        let told = tokio::spawn(timeout(LONGEST, story(test_server, page.clone()))).await;
        let complaints = page.complaints().await;
        if !matches!(told, Ok(Ok(()))) {
            eprintln!("{}", page.describe(&complaints).await);
        }
        browser.close().await;
        match told {
            Ok(in_time) => in_time.expect("the story did not end"),
            Err(failed) => panic::resume_unwind(failed.into_panic()),
        }
        assert!(complaints.is_empty(), "the browser complains: {complaints:#?}");
    })
    .await;
}

struct Browser {
    client: Client,
    driver: Driver,
    profile: TempDir,
}

impl Browser {
    async fn start(scripts: Scripts) -> Self {
        let profile = tempfile::Builder::new().prefix("aloqa-chromium-").tempdir().unwrap();
        let driver = tokio::task::spawn_blocking(Driver::start).await.unwrap();
        let folder = format!("--user-data-dir={}", profile.path().display());
        let mut options = json!({
            "binary": requirements::chromium(),
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run", "--window-size=1440,900",
                // A browser without a window has no mouse; the users have one.
                "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
                folder,
            ],
        });
        if scripts == Scripts::Off {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wishes = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes.as_object().cloned().unwrap())
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("chromedriver starts Chromium");
        Self { client, driver, profile }
    }

    async fn close(self) {
        let Self { client, driver, profile } = self;
        // A crashed browser can't be closed.
        let _ = client.close().await;
        drop((driver, profile));
    }
}

/// A chromedriver process, which is killed on drop.
struct Driver {
    child: Child,
    port: u16,
    /// Its output is read until the end, because it would exit if nobody did.
    output: BufReader<ChildStdout>,
}

impl Driver {
    fn start() -> Self {
        // The port that it finds free for IPv4 may be taken for IPv6, or be taken meanwhile: then it exits.
        (0..10).find_map(|_| Self::try_start()).expect("chromedriver starts")
    }

    fn try_start() -> Option<Self> {
        let mut command = Command::new(requirements::chromedriver()?);
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut driver = Self { child, port: 0, output };
        let mut line = String::new();
        while driver.output.read_line(&mut line).unwrap() > 0 {
            if let Some((_, port)) = line.split_once("successfully on port ") {
                driver.port = port.trim().trim_end_matches('.').parse().unwrap();
                return Some(driver);
            }
            line.clear();
        }
        None
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page in the browser.
#[derive(Clone)]
pub struct Page {
    client: Client,
    address: Url,
}

/// Navigation.
impl Page {
    pub async fn goto(&self, path: &str) {
        self.client.goto(self.address.join(path).unwrap().as_str()).await.unwrap();
    }

    /// Signs in by the form as the user with this address, and waits for the chat list.
    pub async fn sign_in(&self, email: &str) {
        self.goto("/login").await;
        self.write("#email", email).await;
        self.write("#password", PASSWORD).await;
        self.click("form button").await;
        self.is_at("/crm/chats").await;
    }

    /// Waits until the URL has this path.
    pub async fn is_at(&self, path: &str) {
        self.until(&format!("the page at {path}"), "return location.pathname === arguments[0]", &[path])
            .await;
    }

    /// Goes back by the browser's button.
    pub async fn back(&self) {
        self.client.back().await.unwrap();
    }

    /// Reloads until there is such an element, as a user without scripts does.
    pub async fn reloads_until_it_has(&self, css: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.client.find(Locator::Css(css)).await.is_err() {
            assert!(Instant::now() < deadline, "not seen after reloading: {css}");
            sleep(BLINK).await;
            self.client.refresh().await.unwrap();
        }
    }

    /// Opens this path in another tab.
    pub async fn open_tab(&self, path: &str) {
        let tab = self.client.new_window(true).await.unwrap();
        self.client.switch_to_window(tab.handle).await.unwrap();
        self.goto(path).await;
    }

    /// Switches to a tab; the first is number 0.
    pub async fn look_at_tab(&self, number: usize) {
        let tab = self.client.windows().await.unwrap().remove(number);
        self.client.switch_to_window(tab).await.unwrap();
    }

    /// Closes the current tab and switches to the first of the others.
    pub async fn close_tab(&self) {
        self.client.close_window().await.unwrap();
        self.look_at_tab(0).await;
    }

    /// Marks the page, so that [`Page::is_still_the_marked_one`] notices a reload.
    pub async fn mark(&self) {
        self.run("window.marked = true", &[]).await;
    }

    /// Asserts that the page was not reloaded or replaced since [`Page::mark`].
    pub async fn is_still_the_marked_one(&self) {
        assert_eq!(self.run("return window.marked === true", &[]).await, true, "the page was replaced");
    }
}

/// Reading the page.
impl Page {
    /// Waits until an element shows this text; white space is normalised.
    pub async fn shows(&self, css: &str, text: &str) {
        const LOOK: &str = "const words = (text) => text.replace(/\\s+/g, ' ').trim();
            return [...document.querySelectorAll(arguments[0])]
                .some((one) => one.checkVisibility() && words(one.textContent).includes(arguments[1]))";
        self.until(&format!("{text:?} in {css}"), LOOK, &[css, text]).await;
    }

    /// Waits until there is such a visible element.
    pub async fn has(&self, css: &str) {
        self.shows(css, "").await;
    }

    /// Waits until there is no such element.
    pub async fn has_no(&self, css: &str) {
        const LOOK: &str =
            "return [...document.querySelectorAll(arguments[0])].every((one) => !one.checkVisibility())";
        self.until(&format!("no {css}"), LOOK, &[css]).await;
    }

    /// The current texts of such elements.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        const LOOK: &str = "return [...document.querySelectorAll(arguments[0])]
            .map((one) => one.textContent.replace(/\\s+/g, ' ').trim())";
        serde_json::from_value(self.run(LOOK, &[css]).await).unwrap()
    }

    pub async fn title_is(&self, title: &str) {
        self.until(&format!("the title {title:?}"), "return document.title === arguments[0]", &[title]).await;
    }

    /// The value of a field.
    pub async fn value(&self, css: &str) -> String {
        let value = self.run("return document.querySelector(arguments[0]).value", &[css]).await;
        value.as_str().unwrap().to_owned()
    }

    /// Waits until this element has the focus.
    pub async fn is_focused(&self, css: &str) {
        const LOOK: &str = "return document.activeElement.matches(arguments[0])";
        self.until(&format!("the focus on {css}"), LOOK, &[css]).await;
    }

    /// Polls until the script returns something other than false, null or 0.
    pub async fn until(&self, what: &str, script: &str, args: &[&str]) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // A page that is being replaced by the next can't run scripts.
            let found = self.ask(script, args).await;
            match &found {
                Ok(Value::Null | Value::Bool(false)) | Err(_) => {}
                Ok(number) if number.as_f64() == Some(0.0) => {}
                Ok(_) => return found.unwrap(),
            }
            assert!(Instant::now() < deadline, "not seen: {what} ({found:?})");
            sleep(BLINK).await;
        }
    }

    /// The current result of a script.
    pub async fn run(&self, script: &str, args: &[&str]) -> Value {
        self.ask(script, args).await.unwrap()
    }

    async fn ask(&self, script: &str, args: &[&str]) -> Result<Value, CmdError> {
        let args = args.iter().map(|arg| Value::from(*arg)).collect();
        self.client.execute(script, args).await
    }
}

/// Acting on the page.
impl Page {
    pub async fn click(&self, css: &str) {
        self.attempt(css, None).await;
    }

    /// Types into an element, after its current text.
    pub async fn write(&self, css: &str, text: &str) {
        self.attempt(css, Some(text)).await;
    }

    /// Presses keys, one after the other, on the focused element. Shift and Control are held for the next key.
    pub async fn press(&self, keys: impl IntoIterator<Item = char>) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        let mut held = Vec::new();
        for value in keys {
            actions = actions.then(KeyAction::Down { value });
            if [SHIFT, CONTROL].contains(&value) {
                held.push(value);
                continue;
            }
            actions = actions.then(KeyAction::Up { value });
            for value in held.drain(..) {
                actions = actions.then(KeyAction::Up { value });
            }
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Presses Tab until the focus is on such an element.
    pub async fn tab_to(&self, css: &str) {
        const THERE: &str = "return document.activeElement.matches(arguments[0])";
        for _ in 0..40 {
            self.press([TAB]).await;
            if self.run(THERE, &[css]).await == true {
                return;
            }
        }
        panic!("Tab never comes to {css}");
    }

    /// Clicks twice, as quickly as the browser accepts it.
    pub async fn double_click(&self, css: &str) {
        let element = self.client.find(Locator::Css(css)).await.unwrap();
        let button = MOUSE_BUTTON_LEFT;
        let mut actions = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveToElement {
            element,
            duration: None,
            x: 0.0,
            y: 0.0,
        });
        for _ in 0..2 {
            actions = actions.then(PointerAction::Down { button }).then(PointerAction::Up { button });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Types into an element, or clicks, as soon as that is possible: live updates replace elements.
    async fn attempt(&self, css: &str, text: Option<&str>) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let done = match (self.client.find(Locator::Css(css)).await, text) {
                (Ok(element), Some(text)) => element.send_keys(text).await,
                (Ok(element), None) => element.click().await,
                (Err(missing), _) => Err(missing),
            };
            match done {
                Ok(()) => return,
                Err(error) => assert!(Instant::now() < deadline, "{css}: {error}"),
            }
            sleep(BLINK).await;
        }
    }
}

/// The browser.
impl Page {
    /// Sets the size of the window; a narrow one has a touch screen.
    pub async fn resize(&self, width: u32, height: u32) {
        let phone = width < 768;
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": phone })).await;
    }

    /// Requests the light or the dark theme, and reduced motion.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Sends a command of the Chrome `DevTools` Protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let body = json!({ "cmd": command, "params": params });
        self.client.issue_cmd(ToDriver { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// Errors in the browser's log since the last call, except failed requests.
    pub async fn complaints(&self) -> Vec<String> {
        self.log().await.into_iter().filter(|(source, _)| source != "network").map(|(_, text)| text).collect()
    }

    /// Errors in the browser's log since the last call, with their sources.
    pub async fn log(&self) -> Vec<(String, String)> {
        let command = ToDriver { path: "se/log", body: json!({ "type": "browser" }) };
        let log = self.client.issue_cmd(command).await.unwrap_or_default();
        let entries = log.as_array().cloned().unwrap_or_default();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| (text(entry, "source"), text(entry, "message")))
            .collect()
    }

    /// Describes the page, to find out why a test failed.
    async fn describe(&self, complaints: &[String]) -> String {
        let mut text = "\nThe browser was here:".to_owned();
        for script in ["return location.href", "return document.title", "return document.body.innerText"] {
            if let Ok(found) = self.ask(script, &[]).await {
                let _ = write!(text, "\n{}", found.as_str().unwrap_or_default());
            }
        }
        let _ = write!(text, "\n{complaints:#?}");
        text
    }
}

/// Commands of chromedriver beyond the `WebDriver` standard.
#[derive(Debug)]
struct ToDriver {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for ToDriver {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, url::ParseError> {
        base_url.join(&format!("session/{}/{}", session_id.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
