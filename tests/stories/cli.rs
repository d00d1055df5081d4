//! Tests of the command line and the server, end to end with the real binary.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use aloqa::{persistence::Database, simulator::BotSimulator};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{
    TestEnv,
    http::until,
    process::program::Installation,
    providers::webhook::{Form, INBOUND, form},
    world::listener,
};

on_both_engines! {
    an_operator_sets_up_a_working_tenant,
    acknowledged_messages_survive_kill_9,
    a_message_is_sent_when_the_provider_is_available_again,
    doctor_reports_the_problems_of_a_channel,
    a_bot_is_connected_without_revealing_its_token,
    metrics_are_served_on_an_address_of_their_own,
    the_key_is_rotated_while_the_server_runs,
}

const ACCOUNT: &str = "AC11111111111111111111111111111111";
pub const TOKEN: &str = "this-auth-token-is-secret";
const PASSWORD: &str = "this-password-is-secret";
const WORDS: &str = "these-words-are-secret";
const NUMBER: &str = "+998712000001";
const AZIZA: &str = "+998901234567";

/// The form that Twilio posts for an SMS.
pub fn sms(sid: &str, text: &str) -> Form {
    form(&[
        ("MessageSid", sid),
        ("AccountSid", ACCOUNT),
        ("From", AZIZA),
        ("To", NUMBER),
        ("Body", text),
        ("NumMedia", "0"),
    ])
}

/// A tenant with an agent and a channel; returns the agent's token, and everything that was printed.
pub async fn set_up(aloqa: &Installation) -> (String, String) {
    let mut printed = String::new();
    let tenant = ["tenant", "create", "--slug", "samarkand", "--name", "Samarkand LLC", "--admin-email"];
    let user =
        ["user", "create", "--tenant", "samarkand", "--first-name", "Dilnoza", "--role", "agent", "--email"];
    for (command, last) in [(&tenant[..], "admin@samarkand.uz"), (&user[..], "agent@samarkand.uz")] {
        let ran = aloqa.run(&[command, &[last]].concat(), &format!("{PASSWORD}\n")).await;
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(!ran.out.is_empty());
        printed += &(ran.out + &ran.err);
    }
    let channel = ["channel", "add", "twilio", "--tenant", "samarkand", "--account-sid", ACCOUNT];
    let mut command =
        aloqa.command(&[&channel[..], &["--auth-token-env", "SECRET", "--sms-number", NUMBER]].concat());
    command.env("SECRET", TOKEN);
    let ran = aloqa.run_command(command, "").await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    uuid::Uuid::parse_str(ran.out.trim()).unwrap();
    assert!(ran.err.contains(INBOUND), "it says where Twilio is to post: {}", ran.err);
    printed += &(ran.out + &ran.err);
    let token =
        ["token", "create", "--tenant", "samarkand", "--user", "agent@samarkand.uz", "--name", "tests"];
    let made = aloqa.json(&token, "").await["token"].as_str().unwrap().to_owned();
    assert!(made.starts_with("aloqa_") && made.len() > 40);
    (made, printed)
}

/// A folder, and all files and folders in it.
fn contents(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(contents(&path)) } else { all.push(path) }
    }
    all
}

fn chat_of(chats: &Value) -> String {
    format!("/crm/chats/{}", chats["items"][0]["id"])
}

async fn an_operator_sets_up_a_working_tenant(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    let (token, mut printed) = set_up(&aloqa).await;
    let tenants = aloqa.json(&["tenant", "list"], "").await;
    assert_eq!((&tenants[0]["slug"], tenants.as_array().unwrap().len()), (&json!("samarkand"), 1));
    let link = aloqa
        .json(&["user", "reset-link", "--tenant", "samarkand", "--email", "admin@samarkand.uz"], "")
        .await;
    assert!(link["url"].as_str().unwrap().contains("/access?token="), "{link}");
    let restricted =
        ["token", "create", "--tenant", "samarkand", "--user", "agent@samarkand.uz", "--name", "reports"];
    let restricted = [&restricted[..], &["--permission", "Client.Read"]].concat();
    let restricted = aloqa.json(&restricted, "").await["id"].clone();
    let listed = aloqa.json(&["token", "list", "--tenant", "samarkand"], "").await;
    let listed = listed.as_array().unwrap().iter().find(|token| token["id"] == restricted).unwrap();
    assert_eq!(listed["permissions"], json!(["Client.Read"]));
    let migrated = aloqa.run(&["migrate"], "").await;
    assert_eq!(migrated.code, Some(0), "twice is once: {}", migrated.err);

    aloqa.serve_twilio(ACCOUNT, TOKEN).await;
    let mut server = aloqa.serve().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM1", WORDS)).await, Some(200));
    assert_eq!(aloqa.webhook("a guess", INBOUND, &sms("SM2", WORDS)).await, Some(403));
    let chats = aloqa.get(&token, "/crm/chats").await;
    assert_eq!((&chats["total"], &chats["items"][0]["unread_count"]), (&json!(1), &json!(1)));

    let simulated = ["simulate", "sms", "--tenant", "samarkand", "--from", "90 123 45 67", WORDS];
    let ran = aloqa.run(&simulated, "").await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let simulation = ran.out.clone() + &ran.err;
    assert_eq!(aloqa.get(&token, "/crm/chats").await["items"][0]["unread_count"], 2);

    let base = format!("http://{}", aloqa.listen);
    let sent = aloqa.http.post(format!("{base}{}/messages", chat_of(&chats))).bearer_auth(&token);
    let sent =
        sent.header("accept", "application/json").json(&json!({ "message": WORDS })).send().await.unwrap();
    assert_eq!(sent.status().as_u16(), 201);
    until("the answer is delivered", async || {
        aloqa.get(&token, "/crm/chats").await["items"][0]["last_message"]["status"] == "delivered"
    })
    .await;
    let login = [("email", "agent@samarkand.uz"), ("password", PASSWORD)];
    let signed_in = aloqa.http.post(format!("{base}/login")).form(&login).send().await.unwrap();
    assert_eq!(signed_in.status().as_u16(), 303);
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
    let session = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let wrong = [("email", "agent@samarkand.uz"), ("password", "this-guess-is-secret")];
    assert_eq!(
        aloqa.http.post(format!("{base}/login")).form(&wrong).send().await.unwrap().status().as_u16(),
        422
    );

    // An open stream does not keep the server from stopping.
    let stream = aloqa.http.get(format!("{base}/crm/events")).bearer_auth(&token).send().await.unwrap();
    assert_eq!(stream.status().as_u16(), 200);
    assert_eq!(server.terminate().await.code(), Some(0), "{}", server.log());

    for path in contents(&aloqa.data()) {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "other users can read {}: {mode:o}", path.display());
    }

    let log = server.log();
    assert!(log.contains("stopped") && log.contains("TRACE"), "it logged what it did");
    printed += &log;
    printed += &simulation;
    for secret in [TOKEN, PASSWORD, WORDS, "this-guess-is-secret", &token, &session] {
        let line = printed.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in: {}", line.unwrap());
    }
    let reset = ["user", "reset-password", "--tenant", "samarkand", "--email", "agent@samarkand.uz"];
    assert_eq!(aloqa.run(&reset, "another secret password\n").await.code, Some(0));
    let mut raw = env.raw().await;
    assert_eq!(raw.count("sessions").await, 0, "a new password ends all sessions");
    for table in raw.tables().await {
        let rows = raw.dump(&table, "1 = 1").await.concat();
        assert!(!rows.contains(TOKEN) && !rows.contains(PASSWORD) && !rows.contains(&token), "{table}");
    }
}

async fn acknowledged_messages_survive_kill_9(env: TestEnv) {
    const SENDERS: usize = 8;
    let aloqa = Arc::new(Installation::new(Some(&env.url)));
    let (token, _) = set_up(&aloqa).await;
    let mut server = aloqa.serve().await;
    let (over, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut senders = Vec::new();
    for sender in 0..SENDERS {
        let (aloqa, over, count) = (aloqa.clone(), over.clone(), acknowledged.clone());
        senders.push(tokio::spawn(async move {
            let (mut tried, mut taken) = (Vec::new(), Vec::new());
            while !over.load(Ordering::Relaxed) {
                let sid = format!("SM{sender}x{}", tried.len());
                let answer = aloqa.webhook(TOKEN, INBOUND, &sms(&sid, &sid)).await;
                tried.push(sid.clone());
                match answer {
                    Some(200) => {
                        count.fetch_add(1, Ordering::Relaxed);
                        taken.push(sid);
                    }
                    Some(other) => panic!("answered {other}"),
                    None => break,
                }
            }
            (tried, taken)
        }));
    }
    until("a storm is on", async || acknowledged.load(Ordering::Relaxed) > 100).await;
    server.kill();
    over.store(true, Ordering::Relaxed);
    let (mut tried, mut taken) = (Vec::new(), Vec::new());
    for sender in senders {
        let (more_tried, more_taken) = sender.await.unwrap();
        tried.extend(more_tried);
        taken.extend(more_taken);
    }

    let mut server = aloqa.serve().await;
    let mut raw = env.raw().await;
    let mut stored = async || {
        raw.rows("SELECT text FROM messages").await.concat().into_iter().flatten().collect::<Vec<_>>()
    };
    let before = stored().await;
    for sid in &taken {
        assert!(before.contains(sid), "{sid} was acknowledged and is gone");
    }
    // Twilio sends webhooks again that were not acknowledged, and some that were: each is stored once.
    for sid in tried.iter().filter(|sid| !taken.contains(sid)).chain(taken.iter().take(5)) {
        assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms(sid, sid)).await, Some(200));
    }
    let mut after = stored().await;
    after.sort();
    tried.sort();
    assert_eq!(after, tried);
    let chats = aloqa.get(&token, "/crm/chats").await;
    assert_eq!((&chats["total"], &chats["items"][0]["unread_count"]), (&json!(1), &json!(tried.len())));
    assert_eq!(server.terminate().await.code(), Some(0));
}

async fn a_message_is_sent_when_the_provider_is_available_again(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    let (token, _) = set_up(&aloqa).await;
    let mut server = aloqa.serve().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM1", "Salom")).await, Some(200));
    let chat = chat_of(&aloqa.get(&token, "/crm/chats").await);
    let send = aloqa.http.post(format!("http://{}{chat}/messages", aloqa.listen)).bearer_auth(&token);
    let sent =
        send.header("accept", "application/json").json(&json!({ "message": "Alik" })).send().await.unwrap();
    assert_eq!(sent.status().as_u16(), 201);
    until("it was tried in vain", async || server.log().contains("no connection")).await;
    let last = async || {
        let chat = aloqa.get(&token, &chat).await;
        chat["messages"].as_array().unwrap().last().unwrap()["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(last().await, "queued");

    // Queued messages survive a restart of the server as well.
    server.kill();
    let simulator = aloqa.serve_twilio(ACCOUNT, TOKEN).await;
    let mut server = aloqa.serve().await;
    until("it is delivered", async || last().await == "delivered").await;
    assert_eq!(simulator.requests().len(), 1);
    assert_eq!(server.terminate().await.code(), Some(0));
}

async fn doctor_reports_the_problems_of_a_channel(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    set_up(&aloqa).await;
    if let Some(file) = Database::embedded_file(&env.url) {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let doctor = async || {
        let ran = aloqa.run(&["doctor", "--json"], "").await;
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        let found = found.as_array().unwrap().iter().filter(|finding| finding["check"] == "channel");
        let found: Vec<_> = found.map(|f| (f["ok"] == true, f["detail"].to_string())).collect();
        assert!(!ran.out.contains(TOKEN) && !ran.err.contains(TOKEN));
        (ran.code, found)
    };
    let all = aloqa.run(&["doctor"], "").await.out;
    assert!(all.contains("note confirmation:") && all.contains("not confirmed by its provider"), "{all}");
    let (code, found) = doctor().await;
    assert!(found[0].1.contains("could not be reached"), "{found:?}");
    assert_eq!((code, found[0].0), (Some(0), true), "that is told, and nothing of ours to mend");

    let listed = aloqa.json(&["channel", "list", "--tenant", "samarkand"], "").await;
    assert_eq!(
        (&listed[0]["account"], &listed[0]["addresses"]),
        (&json!(ACCOUNT), &json!([NUMBER])),
        "{listed}"
    );
    assert_eq!((&listed[0]["state"], listed.to_string().contains(TOKEN)), (&json!("unproven"), false));
    let twilio = aloqa.serve_twilio(ACCOUNT, TOKEN).await;
    let (code, found) = doctor().await;
    assert_eq!(code, Some(0), "{found:?}");
    assert!(found.iter().all(|finding| finding.0) && found.len() == 3, "account, number, address: {found:?}");
    let number = format!("/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json");
    twilio.answer(&number, 200, r#"{"incoming_phone_numbers": []}"#);
    let (code, found) = doctor().await;
    assert_eq!(code, Some(1));
    assert!(
        found.iter().any(|(fine, says)| !fine && says.contains("not a number of this account")),
        "{found:?}"
    );
    twilio.add_account(ACCOUNT, "another-token".to_owned().into());
    let (code, found) = doctor().await;
    assert_eq!(code, Some(1));
    assert!(found.len() == 1 && found[0].1.contains("rejects the auth token"), "{found:?}");
}

#[tokio::test]
async fn doctor_finds_files_that_others_can_read() {
    let aloqa = Installation::new(Some("sqlite://data/aloqa.db"));
    set_up(&aloqa).await;
    let open = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    open(aloqa.data().parent().unwrap(), 0o755);
    let files = async || {
        let ran = aloqa.run(&["doctor", "--json"], "").await;
        let found: Value = serde_json::from_str(&ran.out).unwrap();
        let found = found.as_array().unwrap().iter().find(|finding| finding["check"] == "files").cloned();
        let found = found.unwrap();
        (found["ok"] == true, found["detail"].as_str().unwrap().to_owned())
    };
    assert!(files().await.0);
    open(&aloqa.data(), 0o755);
    let (fine, says) = files().await;
    assert!(!fine && says.contains("chmod -R go="), "{says}");
    open(&aloqa.data(), 0o700);
    open(&aloqa.data().join("aloqa.db"), 0o644);
    assert!(files().await.0, "nobody reaches it");
}

#[tokio::test]
async fn the_exit_status_tells_the_kind_of_failure() {
    let aloqa = Installation::new(None);
    let tenant = ["tenant", "create", "--name", "N", "--admin-email", "a@b.uz", "--slug"];
    let with = |last: &[&'static str]| [&tenant[..], last].concat();
    let long = "a good password\n";
    let cases: Vec<(Vec<&str>, &str, i32)> = vec![
        (vec![], "", 2),
        (vec!["frobnicate"], "", 2),
        (vec!["tenant", "create"], "", 2),
        (vec!["--frobnicate", "migrate"], "", 2),
        (with(&["b", "--password", "secret"]), "", 2),
        (vec!["--help"], "", 0),
        (vec!["--version"], "", 0),
        (vec!["channel", "add", "twilio", "--help"], "", 0),
        (vec!["serve", "--help"], "", 0),
        (with(&["Not A Slug"]), long, 2),
        (with(&["b"]), "", 1),
        (with(&["b"]), "short\n", 1),
        (with(&["b", "--timezone", "Mars/Olympus"]), long, 2),
        (with(&["b"]), long, 0),
        (with(&["b"]), long, 1),
        (vec!["token", "create", "--tenant", "nobody", "--user", "a@b.uz", "--name", "x"], "", 1),
        (vec!["token", "create", "--tenant", "b", "--user", "x@b.uz", "--name", "x"], "", 1),
        (
            vec![
                "user",
                "create",
                "--tenant",
                "b",
                "--email",
                "a@b.uz",
                "--first-name",
                "A",
                "--role",
                "agent",
            ],
            long,
            1,
        ),
        (vec!["simulate", "sms", "--tenant", "b", "--from", AZIZA, "Salom"], "", 1),
        (
            vec![
                "channel",
                "add",
                "twilio",
                "--tenant",
                "b",
                "--account-sid",
                ACCOUNT,
                "--auth-token-env",
                "NO",
            ],
            "",
            2,
        ),
        (vec!["--config", "nothing.toml", "migrate"], "", 1),
        (vec!["tenant", "list"], "", 0),
    ];
    for (arguments, input, code) in cases {
        let ran = aloqa.run(&arguments, input).await;
        assert_eq!(ran.code, Some(code), "{arguments:?}\n{}\n{}", ran.out, ran.err);
        assert_eq!(
            ran.out.is_empty(),
            code != 0,
            "results, and nothing else, go to standard output: {arguments:?}"
        );
        assert!(code == 0 || !ran.err.is_empty(), "{arguments:?} says nothing");
    }
    let _taken = std::net::TcpListener::bind(aloqa.listen).unwrap();
    assert_eq!(aloqa.run(&["serve"], "").await.code, Some(1), "the address is taken");
}

#[tokio::test]
async fn a_demo_starts_with_data_and_removes_it_at_the_end() {
    let aloqa = Installation::new(None);
    let mut demo = aloqa.start(&["demo", "--json"], Stdio::piped());
    let told: Value = serde_json::from_str(&demo.first_line().await).unwrap();
    demo.is_ready().await;
    let base = format!("http://{}", aloqa.listen);
    let guests = told["users"].as_array().unwrap();
    assert!(guests.len() >= 4);
    let json = |request: reqwest::RequestBuilder| request.header("accept", "application/json");
    let mut last = None;
    for guest in guests {
        let login =
            json!({ "email": guest["email"], "password": guest["password"], "tenant": guest["tenant"] });
        let signed_in = json(aloqa.http.post(format!("{base}/login"))).json(&login).send().await.unwrap();
        assert_eq!(signed_in.status().as_u16(), 204, "{guest}");
        let cookie =
            signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let chats = json(aloqa.http.get(format!("{base}/crm/chats"))).header("cookie", &cookie).send();
        let chats: Value = serde_json::from_slice(&chats.await.unwrap().bytes().await.unwrap()).unwrap();
        assert!(chats["total"].as_i64().unwrap() >= 3, "{guest}: {chats}");
        last = Some((guest["tenant"].as_str().unwrap(), cookie));
    }
    let (tenant, cookie) = last.unwrap();
    let ran = aloqa.run(&["simulate", "sms", "--tenant", tenant, "--from", "+998935550127", WORDS], "").await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let newest = json(aloqa.http.get(format!("{base}/crm/chats?limit=1"))).header("cookie", &cookie).send();
    let newest: Value = serde_json::from_slice(&newest.await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(newest["items"][0]["last_message"]["message"], WORDS);
    assert_eq!(demo.terminate().await.code(), Some(0), "{}", demo.log());
    assert!(!aloqa.data().join("demo").exists(), "its data are thrown away");
    assert!(!demo.log().contains(WORDS));
}

#[tokio::test]
async fn the_first_start_creates_a_database_and_a_key_readable_by_the_owner_only() {
    let aloqa = Installation::new(None);
    let mut server = aloqa.serve().await;
    let key = aloqa.data().join("secret.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!server.log().contains(fs::read_to_string(key).unwrap().trim()));
    assert!(aloqa.data().join("aloqa.db").exists());
    assert_eq!(server.terminate().await.code(), Some(0));
}

async fn a_bot_is_connected_without_revealing_its_token(env: TestEnv) {
    const BOT: &str = "123456:this-bot-token-is-secret";
    let aloqa = Installation::new(Some(&env.url));
    let (token, mut printed) = set_up(&aloqa).await;
    let add = ["channel", "add", "telegram", "--tenant", "samarkand", "--bot-token-env", "BOT"];
    let with_bot = |bot: &str| {
        let mut command = aloqa.command(&add);
        command.env("BOT", bot);
        command
    };
    for (bot, says) in
        [("", "variable BOT is not set"), ("nonsense", "123456:ABC-DEF"), (BOT, "does not respond")]
    {
        let ran = aloqa.run_command(with_bot(bot), "").await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{}", ran.err);
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
        printed += &ran.err;
    }
    let bots = BotSimulator::default();
    let listener = tokio::net::TcpListener::bind(aloqa.telegram).await.unwrap();
    let (serving, stop) = (bots.clone(), CancellationToken::new());
    let _end = stop.clone().drop_guard();
    tokio::spawn(async move { serving.serve(listener, stop).await });
    bots.add_bot(BOT, "samarkand_bot");
    let ran = aloqa.run_command(with_bot(BOT), "").await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    uuid::Uuid::parse_str(ran.out.trim()).unwrap();
    assert!(ran.err.contains("/tg/webhook"), "{}", ran.err);
    printed += &ran.err;
    let secret = bots.bot(BOT).unwrap().webhook.unwrap().secret_token;

    let mut server = aloqa.serve().await;
    let simulated = ["simulate", "telegram", "--tenant", "samarkand", "--from", "@nodira_s", WORDS];
    let ran = aloqa.json(&simulated, "").await;
    assert_eq!(ran["status"], 200);
    let again = aloqa.json(&simulated, "").await;
    assert_ne!(ran["update_id"], again["update_id"]);
    let chats = aloqa.get(&token, "/crm/chats").await;
    assert_eq!((&chats["total"], &chats["items"][0]["unread_count"]), (&json!(1), &json!(2)));
    assert_eq!(chats["items"][0]["client"]["full_name"], "Nodira S");
    let answer =
        aloqa.http.post(format!("http://{}{}/messages", aloqa.listen, chat_of(&chats))).bearer_auth(&token);
    let answer = answer.header("accept", "application/json").json(&json!({ "message": WORDS }));
    assert_eq!(answer.send().await.unwrap().status().as_u16(), 201);
    until("the answer is sent", async || {
        aloqa.get(&token, "/crm/chats").await["items"][0]["last_message"]["status"] == "sent"
    })
    .await;
    assert_eq!(bots.sent(), [WORDS]);
    assert_eq!(server.terminate().await.code(), Some(0), "{}", server.log());
    printed += &server.log();
    assert!(printed.contains("TRACE"));
    for secret in ["this-bot-token-is-secret", &secret, WORDS] {
        let line = printed.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in: {}", line.unwrap());
    }
}

async fn metrics_are_served_on_an_address_of_their_own(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    set_up(&aloqa).await;
    let (free, _) = listener();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let serve = || {
        let mut command = aloqa.command(&["serve"]);
        command.env("ALOQA_METRICS_LISTEN", &address);
        command
    };
    let mut server = aloqa.start_command(serve(), Stdio::piped());
    server.is_ready().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM1", "Salom")).await, Some(200));
    assert_eq!(aloqa.webhook("a false token", INBOUND, &sms("SM2", "Salom")).await, Some(403));
    let login = aloqa.http.post(format!("http://{}/login", aloqa.listen));
    let denied = login.form(&[("email", "a@b.uz"), ("password", "a guess")]).send().await.unwrap();
    assert_eq!(denied.status().as_u16(), 422);

    let get = async |url: String| {
        let answer = aloqa.http.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = get(format!("http://{address}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "aloqa_webhooks_total{provider=\"twilio\",result=\"accepted\"} 1",
        "aloqa_webhooks_total{provider=\"twilio\",result=\"refused\"} 1",
        "aloqa_refused_sign_ins_total{reason=\"denied\"} 1",
        "aloqa_http_requests_total{method=\"POST\",route=\"/crm/webhooks/twilio\",status=\"403\"} 1",
        "aloqa_http_requests_total{method=\"POST\",route=\"/login\",status=\"422\"} 1",
        "aloqa_deliveries{state=\"due\"} 0",
        "aloqa_queue_lag_seconds{queue=\"delivery\"} 0",
    ] {
        assert!(text.lines().any(|of| of == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(WORDS) && !text.contains("a@b.uz"), "{text}");
    let (status, _) = get(format!("http://{}/metrics", aloqa.listen)).await;
    assert_eq!(status, 404, "the public address does not serve them");

    let second = aloqa.run_command(serve(), "").await;
    assert_eq!(second.code, Some(1));
    assert!(
        second.err.contains(&aloqa.listen.to_string()) && second.err.contains("in use"),
        "{}",
        second.err
    );
    assert_eq!(server.terminate().await.code(), Some(0));
}

async fn the_key_is_rotated_while_the_server_runs(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    let (token, _) = set_up(&aloqa).await;
    let simulator = aloqa.serve_twilio(ACCOUNT, TOKEN).await;
    let mut server = aloqa.serve().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM1", "Salom")).await, Some(200));
    let file = aloqa.data().join("secret.key");
    let former = fs::read_to_string(&file).unwrap();
    let sealed = async || env.raw().await.dump("channels", "1 = 1").await;
    let before = sealed().await;

    let rotated = aloqa.json(&["key", "rotate"], "").await;
    assert_eq!(rotated["channels"], 1);
    let new = fs::read_to_string(&file).unwrap();
    assert!(new != former && sealed().await != before);
    let kept = PathBuf::from(rotated["former_key"].as_str().unwrap());
    let kept = aloqa.data().parent().unwrap().join(kept);
    assert_eq!(fs::read_to_string(&kept).unwrap(), former);
    for key in [&file, &kept] {
        assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The running server notices the new key.
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM2", "Salom")).await, Some(200));
    let chat = chat_of(&aloqa.get(&token, "/crm/chats").await);
    let send = aloqa.http.post(format!("http://{}{chat}/messages", aloqa.listen)).bearer_auth(&token);
    let sent = send.header("accept", "application/json").json(&json!({ "message": "Alik" })).send().await;
    assert_eq!(sent.unwrap().status().as_u16(), 201);
    until("it is sent with the secret", async || simulator.requests().len() == 1).await;
    assert_eq!(server.terminate().await.code(), Some(0));
    let mut server = aloqa.serve().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM3", "Salom")).await, Some(200));
    assert_eq!(server.terminate().await.code(), Some(0));

    // With another key nothing is served, and nothing is harmed.
    fs::write(&file, former.as_bytes()).unwrap();
    let refused = aloqa.run(&["serve"], "").await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("the secret key is not the one"), "{}", refused.err);
    let other = aloqa.run(&["key", "rotate"], "").await;
    assert_eq!(other.code, Some(1), "what can't be opened is not sealed again");
    fs::remove_file(aloqa.data().join("secret.key.next")).unwrap();
    fs::write(&file, new.as_bytes()).unwrap();

    // A key in the environment is replaced by another variable.
    let in_environment = |arguments: &[&str], key: &str| {
        let mut command = aloqa.command(arguments);
        command.env("ALOQA_SECRET_KEY", key).env("NEW_KEY", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
        command
    };
    let unnamed = aloqa.run_command(in_environment(&["key", "rotate"], &new), "").await;
    assert!(unnamed.code == Some(1) && unnamed.err.contains("--new-key-env"), "{}", unnamed.err);
    for _ in 0..2 {
        let named = in_environment(&["key", "rotate", "--new-key-env", "NEW_KEY"], &new);
        let named = aloqa.run_command(named, "").await;
        assert!(named.code == Some(0) && named.out.contains("ALOQA_SECRET_KEY"), "{}", named.err);
    }
    let mut serve = in_environment(&["serve"], "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
    serve.env_remove("NEW_KEY");
    let mut server = aloqa.start_command(serve, Stdio::null());
    server.is_ready().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM4", "Salom")).await, Some(200));
}
