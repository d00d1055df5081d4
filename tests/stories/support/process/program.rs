//! The real binary, run as an operator runs it.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use aloqa::{
    providers::{http_client, twilio::post_signed},
    simulator::{BotSimulator, Pace, Settings, Simulator},
};
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use crate::support::{http::SOON, providers::webhook::Form, world::PUBLIC_URL};

/// An installation: a data directory, a database and its own address.
pub struct Installation {
    folder: TempDir,
    database: Option<String>,
    /// The public URL with a configured database.
    pub public_url: Option<&'static str>,
    /// The binary to run.
    pub binary: PathBuf,
    pub listen: SocketAddr,
    /// Address of the Twilio API; nothing listens there until a test serves it.
    pub twilio: SocketAddr,
    /// Address of the Telegram API.
    pub telegram: SocketAddr,
    pub http: reqwest::Client,
}

/// A server process, which is killed at the end of the test.
pub struct Server {
    child: Child,
    log: PathBuf,
    http: reqwest::Client,
    address: String,
}

/// Output of a command.
pub struct CommandOutput {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A port that no outgoing connection uses, because the kernel assigns those from 32768 on.
fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let run = u16::try_from(std::process::id() % 100).unwrap();
    loop {
        let port = 10_000 + run * 90 + NEXT.fetch_add(1, Ordering::Relaxed) % 90;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

impl Installation {
    /// Uses this database, or an embedded one in the installation's directory.
    pub fn new(database: Option<&str>) -> Self {
        Self {
            folder: tempfile::Builder::new().prefix("aloqa-installation-").tempdir().unwrap(),
            database: database.map(str::to_owned),
            public_url: database.map(|_| PUBLIC_URL),
            binary: env!("CARGO_BIN_EXE_aloqa").into(),
            listen: free_address(),
            twilio: free_address(),
            telegram: free_address(),
            http: http_client().unwrap(),
        }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The binary with only these variables in its environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).env_clear().current_dir(&self.folder);
        command.env("ALOQA_DATA_DIR", self.data()).env("ALOQA_LISTEN", self.listen.to_string());
        command.env("ALOQA_LOG", "trace").env("ALOQA_TWILIO_API_URL", format!("http://{}", self.twilio));
        command.env("ALOQA_TELEGRAM_API_URL", format!("http://{}", self.telegram));
        if let Some(database) = &self.database {
            command.env("ALOQA_DATABASE_URL", database);
        }
        if let Some(url) = self.public_url {
            command.env("ALOQA_PUBLIC_URL", url);
        }
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str], input: &str) -> CommandOutput {
        self.run_command(self.command(arguments), input).await
    }

    pub async fn run_command(&self, mut command: Command, input: &str) -> CommandOutput {
        let input = input.to_owned();
        let run = move || {
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            // A process that reads no input may have closed it.
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            let output = child.wait_with_output().unwrap();
            let text = |bytes| String::from_utf8(bytes).unwrap();
            CommandOutput { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    /// Runs a command that must succeed; returns its output as JSON.
    pub async fn json(&self, arguments: &[&str], input: &str) -> Value {
        let ran = self.run(&[arguments, &["--json"]].concat(), input).await;
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
        serde_json::from_str(&ran.out).unwrap()
    }

    /// Starts the server, and returns when it is ready.
    pub async fn serve(&self) -> Server {
        let mut server = self.start(&["serve"], Stdio::null());
        server.is_ready().await;
        server
    }

    /// Starts a command that keeps running.
    pub fn start(&self, arguments: &[&str], out: Stdio) -> Server {
        self.start_command(self.command(arguments), out)
    }

    pub fn start_command(&self, mut command: Command, out: Stdio) -> Server {
        static LOGS: AtomicU16 = AtomicU16::new(0);
        let number = LOGS.fetch_add(1, Ordering::Relaxed);
        let log = self.folder.path().join(format!("{number}.log"));
        command.stdin(Stdio::null()).stdout(out).stderr(File::create(&log).unwrap());
        self.server(&mut command, log)
    }

    /// Starts a command that keeps running, with a pipe for its log.
    pub fn start_with_log_pipe(&self, mut command: Command) -> Server {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        self.server(&mut command, PathBuf::new())
    }

    fn server(&self, command: &mut Command, log: PathBuf) -> Server {
        let child = command.spawn().unwrap();
        Server { child, log, http: self.http.clone(), address: format!("http://{}", self.listen) }
    }

    /// Serves a Twilio API with one account, which reports to this installation.
    pub async fn serve_twilio(&self, account: &str, token: &str) -> Simulator {
        let settings = Settings {
            public_url: PUBLIC_URL.parse().unwrap(),
            post_to: Some(format!("http://{}", self.listen).parse().unwrap()),
            pace: Pace::INSTANT,
        };
        let simulator = Simulator::new(settings, self.http.clone());
        simulator.add_account(account, token.to_owned().into());
        let listener = tokio::net::TcpListener::bind(self.twilio).await.unwrap();
        let serving = simulator.clone();
        tokio::spawn(
            async move { serving.serve(listener, tokio_util::sync::CancellationToken::new()).await },
        );
        simulator
    }

    /// Serves a Telegram API without bots.
    pub async fn serve_telegram(&self) -> BotSimulator {
        let bots = BotSimulator::default();
        let listener = tokio::net::TcpListener::bind(self.telegram).await.unwrap();
        let serving = bots.clone();
        tokio::spawn(
            async move { serving.serve(listener, tokio_util::sync::CancellationToken::new()).await },
        );
        bots
    }

    /// Posts a webhook; returns its status, or none if there is no response.
    pub async fn webhook(&self, token: &str, path: &str, form: &Form) -> Option<u16> {
        let url = |base: &str| -> Url { format!("{base}{path}").parse().unwrap() };
        let (signed_for, local) = (url(PUBLIC_URL), url(&format!("http://{}", self.listen)));
        let posted = post_signed(&self.http, &token.to_owned().into(), &signed_for, &local, form).await;
        posted.ok().map(|answer| answer.status().as_u16())
    }

    /// Requests a path with this API token.
    pub async fn get(&self, token: &str, path: &str) -> Value {
        serde_json::from_slice(&self.get_bytes(token, path).await).unwrap()
    }

    /// Requests a file with this API token.
    pub async fn get_bytes(&self, token: &str, path: &str) -> Vec<u8> {
        let request = self.http.get(format!("http://{}{path}", self.listen));
        let answer = request.bearer_auth(token).header("accept", "application/json").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        answer.bytes().await.unwrap().to_vec()
    }
}

impl Server {
    /// Waits until the server reports that it is ready.
    pub async fn is_ready(&mut self) {
        let url = format!("{}/readyz", self.address);
        let ready = async {
            while !self.http.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                if let Some(status) = self.child.try_wait().unwrap() {
                    panic!("it ended with {status}: {}", self.log());
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, ready).await.expect("the server does not get ready");
    }

    /// The first line of the output.
    pub async fn first_line(&mut self) -> String {
        let out = self.child.stdout.take().unwrap();
        let read = move || {
            let mut line = String::new();
            BufReader::new(out).read_line(&mut line).unwrap();
            line
        };
        tokio::time::timeout(SOON, tokio::task::spawn_blocking(read))
            .await
            .expect("it prints nothing")
            .unwrap()
    }

    /// The output that was not read yet.
    pub fn output(&mut self) -> ChildStdout {
        self.child.stdout.take().unwrap()
    }

    /// The pipe of the log.
    pub fn log_pipe(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// The log.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Sends SIGTERM; returns the exit status.
    pub async fn terminate(&mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let ended = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(SOON, ended).await.expect("it does not end")
    }

    /// Sends SIGKILL, so that the process can't clean up.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
