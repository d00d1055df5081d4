//! The whole application in the test's process, requested as a browser or an API client does.
//!
//! `env.sign_in(&company.agent).await.get("/crm/clients").html().await` requests a page as a signed-in user. A
//! [`Visitor`] keeps its cookie and takes the form token from the page, as a browser does.

use std::{fmt, time::Duration};

use aloqa::{
    persistence::NewToken,
    presentation::{AppState, app},
    services::Actor,
    simulator::register,
};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header},
};
use chrono::TimeDelta;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::{TestEnv, people::PASSWORD, world::PUBLIC_URL};

/// Longer than any response takes, and shorter than a test.
pub const SOON: Duration = Duration::from_secs(20);

/// The application of a test environment.
#[derive(Clone)]
pub struct Site {
    router: Router,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
}

/// A client of a site: a browser with its cookie, an API client with its token, or an anonymous visitor.
#[derive(Clone)]
pub struct Visitor {
    pub site: Site,
    pub cookie: Option<String>,
    pub form_token: Option<String>,
    pub bearer: Option<String>,
}

/// A request that is being built.
#[must_use]
pub struct TestRequest {
    site: Site,
    method: Method,
    path: String,
    headers: HeaderMap,
    form_token: Option<String>,
    body: RequestBody,
}

enum RequestBody {
    Nothing,
    Form(Vec<(String, String)>),
    Raw(String, Bytes),
}

/// A response.
#[derive(Clone)]
pub struct TestResponse {
    /// The request, for the message of a failed assertion.
    asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl TestEnv {
    /// The application on the test's database.
    pub fn site(&self) -> Site {
        let stop = CancellationToken::new();
        let router = app(register(AppState::new(self.services.clone(), stop.clone())));
        Site { router, stop }
    }

    /// A visitor without session and token.
    pub fn anonymous_visitor(&self) -> Visitor {
        self.site().visitor()
    }

    /// A browser in which this user is signed in.
    pub async fn sign_in(&self, user: &Actor) -> Visitor {
        let mut browser = self.site().visitor();
        browser.sign_in(user.user.email.as_str(), PASSWORD).await.is(303);
        browser.fetch_form_token().await;
        browser
    }

    /// An API client with a token of this user.
    pub async fn api_client(&self, user: &Actor) -> Visitor {
        Visitor { bearer: Some(self.token_of(user).await), ..self.site().visitor() }
    }

    /// A token of this user, which is stored without an event, so that the events of a test are only its own.
    pub async fn token_of(&self, user: &Actor) -> String {
        let token = format!("aloqa_{}", Uuid::new_v4());
        let (hash, now) = (Sha256::digest(&token), self.clock.now());
        let end = now + TimeDelta::days(36_500);
        let mut tx = self.database.begin(user.tenant.id).await.unwrap();
        tx.users_mut()
            .create_token(user.user.id, &NewToken::unrestricted("a program", &hash, now, end))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        token
    }

    /// Serves the site where the simulator posts its callbacks, until the test ends.
    pub fn serve_on_callback_address(&self) -> Site {
        let site = self.site();
        let listener =
            tokio::net::TcpListener::from_std(self.callback_listener.try_clone().unwrap()).unwrap();
        let router = site.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        site
    }
}

impl Site {
    /// A site with another configuration than the environment's.
    pub fn new(router: Router) -> Self {
        Self { router, stop: CancellationToken::new() }
    }

    pub fn visitor(&self) -> Visitor {
        Visitor { site: self.clone(), cookie: None, form_token: None, bearer: None }
    }

    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        tokio::time::timeout(SOON, self.router.clone().oneshot(request)).await.expect("no answer").unwrap()
    }
}

impl Visitor {
    pub fn ask(&self, method: Method, path: impl Into<String>) -> TestRequest {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("crm.example.uz"));
        if let Some(cookie) = &self.cookie {
            let cookie = format!("theme=dark; {cookie}");
            headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        if let Some(bearer) = &self.bearer {
            headers.insert(header::AUTHORIZATION, format!("Bearer {bearer}").parse().unwrap());
        }
        let (site, form_token) = (self.site.clone(), self.form_token.clone());
        TestRequest { site, method, path: path.into(), headers, form_token, body: RequestBody::Nothing }
    }

    pub fn get(&self, path: impl Into<String>) -> TestRequest {
        self.ask(Method::GET, path)
    }

    pub fn post(&self, path: impl Into<String>) -> TestRequest {
        self.ask(Method::POST, path)
    }

    pub fn put(&self, path: impl Into<String>) -> TestRequest {
        self.ask(Method::PUT, path)
    }

    pub fn delete(&self, path: impl Into<String>) -> TestRequest {
        self.ask(Method::DELETE, path)
    }

    /// Submits the sign-in form, and keeps the cookie.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> TestResponse {
        let answer = self.post("/login").form([("email", email), ("password", password)]).html().await;
        self.keep(&answer);
        answer
    }

    /// Keeps the cookies of a response as a browser would.
    pub fn keep(&mut self, answer: &TestResponse) {
        let set = answer.headers.get_all("set-cookie").into_iter().map(|value| value.to_str().unwrap());
        for pair in set.map(|cookie| cookie.split(';').next().unwrap()) {
            let (name, value) = pair.split_once('=').unwrap();
            let kept = self.cookie.as_deref().unwrap_or_default().split("; ");
            let kept = kept.filter(|kept| !kept.is_empty() && kept.split('=').next() != Some(name));
            let all: Vec<_> = kept.chain((!value.is_empty()).then_some(pair)).collect();
            self.cookie = (!all.is_empty()).then(|| all.join("; "));
        }
    }

    /// Opens a page and takes the token of its forms.
    pub async fn fetch_form_token(&mut self) {
        let page = self.get("/crm/chats").html().await.is(200);
        self.form_token = page.attribute("input[name=_csrf]", "value");
        assert!(self.form_token.as_ref().is_some_and(|token| token.len() > 20));
    }
}

impl TestRequest {
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// Omits the form token, as another site has to, which can't read our pages.
    pub fn without_token(mut self) -> Self {
        self.form_token = None;
        self
    }

    pub fn form<N: Into<String>, V: Into<String>>(
        mut self,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.body = RequestBody::Form(fields.collect());
        self
    }

    /// Sets a JSON body.
    pub fn json_body(self, value: impl Into<Value>) -> Self {
        let body = value.into().to_string();
        self.raw("application/json", body)
    }

    /// Sets any body.
    pub fn raw(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = RequestBody::Raw(content_type.to_owned(), body.into());
        self
    }

    /// Sets a `multipart/form-data` body; a part with a file name is a file.
    pub fn multipart(self, parts: &[(&str, Option<&str>, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
            body.extend(
                format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n").bytes(),
            );
            if !file.is_empty() {
                body.extend(b"Content-Type: application/octet-stream\r\n");
            }
            body.extend(b"\r\n");
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(b"--limit--\r\n");
        self.raw("multipart/form-data; boundary=limit", body)
    }

    /// Requests a page.
    pub async fn html(self) -> TestResponse {
        self.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").send().await
    }

    /// Requests JSON.
    pub async fn json(self) -> TestResponse {
        self.header("accept", "application/json").send().await
    }

    /// Sends the request without an `Accept` header.
    pub async fn send(self) -> TestResponse {
        let asked = format!("{} {}", self.method, self.path.get(..120).unwrap_or(&self.path));
        let (site, request) = self.request();
        let response = site.answer(request).await;
        let (parts, body) = response.into_parts();
        let body = tokio::time::timeout(SOON, axum::body::to_bytes(body, usize::MAX)).await;
        let body = body.unwrap_or_else(|_| panic!("{asked}: the answer does not end")).unwrap();
        TestResponse { asked, status: parts.status, headers: parts.headers, body }
    }

    /// The request as it is sent.
    pub fn request(mut self) -> (Site, Request<Body>) {
        let mut content_type = None;
        let body = match self.body {
            RequestBody::Nothing => Body::empty(),
            RequestBody::Form(fields) => {
                content_type = Some("application/x-www-form-urlencoded".to_owned());
                let mut text = form_urlencoded::Serializer::new(String::new());
                text.extend_pairs(fields);
                if let Some(token) = self.form_token.take() {
                    text.append_pair("_csrf", &token);
                }
                text.finish().into()
            }
            RequestBody::Raw(kind, bytes) => {
                content_type = Some(kind);
                bytes.into()
            }
        };
        if let Some(token) = self.form_token.filter(|_| self.method != Method::GET) {
            self.headers.insert("x-csrf-token", token.parse().unwrap());
        }
        if let Some(kind) = content_type {
            self.headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        }
        let mut request = Request::builder().method(self.method).uri(&self.path).body(body).unwrap();
        *request.headers_mut() = self.headers;
        (self.site, request)
    }
}

impl TestResponse {
    /// Asserts the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The target of a redirect.
    #[track_caller]
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("it leads nowhere: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn value(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body as a problem document with this status.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], status, "{self:?}");
        for text in ["type", "title", "detail", "request_id"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {self:?}");
        }
        problem
    }

    /// The names of the fields with problems.
    #[track_caller]
    pub fn invalid_fields(&self) -> Vec<String> {
        let problem = self.problem(422);
        let errors = problem["errors"].as_object().unwrap_or_else(|| panic!("no field is named: {self:?}"));
        errors.keys().cloned().collect()
    }

    /// The text of each matching element, with white space normalised.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let words = |element: ElementRef<'_>| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        self.select(selector, words)
    }

    /// The text of each matching element, with its white space.
    pub fn raw_texts(&self, selector: &str) -> Vec<String> {
        self.select(selector, |element| element.text().collect())
    }

    /// The text of the only matching element.
    #[track_caller]
    pub fn text_of(&self, selector: &str) -> String {
        let [text] =
            self.texts(selector).try_into().unwrap_or_else(|all| panic!("{selector}: {all:?} in {self:?}"));
        text
    }

    pub fn has(&self, selector: &str) -> bool {
        !self.select(selector, |_| ()).is_empty()
    }

    /// The attribute of the first matching element that has it.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.attributes(selector, name).into_iter().next()
    }

    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let all = self.select(selector, |element| element.value().attr(name).map(str::to_owned));
        all.into_iter().flatten().collect()
    }

    fn select<T>(&self, selector: &str, take: impl FnMut(ElementRef<'_>) -> T) -> Vec<T> {
        let page = Html::parse_document(&self.text());
        page.select(&Selector::parse(selector).unwrap()).map(take).collect()
    }
}

impl fmt::Debug for TestResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(2_000).collect();
        write!(f, "{} was answered {} {:?}\n{body}", self.asked, self.status, self.headers)
    }
}

/// The public URL of a path, as providers know it.
pub fn public(path: &str) -> String {
    format!("{PUBLIC_URL}{path}")
}

/// Waits until the condition holds; fails if it does not hold soon.
pub async fn until<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, waiting).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}
