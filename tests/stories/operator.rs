//! An operator's first hour: messages that say where and why, commands that change nothing they should not, and a process
//! that goes on without a reader of its log.

use std::{
    fs,
    io::Read as _,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    cli::{TOKEN, set_up, sms},
    support::{
        TestEnv, http::until, process::program::Installation, providers::webhook::INBOUND, world::listener,
    },
};

on_both_engines! {
    a_newer_schema_is_left_alone,
    a_demo_says_if_its_data_stay,
}

/// The result of `aloqa doctor` by the name of the check: its level and its text.
async fn doctor(aloqa: &Installation, command: Option<Command>) -> (Option<i32>, Vec<[String; 3]>) {
    let command = command.unwrap_or_else(|| aloqa.command(&["doctor", "--json"]));
    let ran = aloqa.run_command(command, "").await;
    let found: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = found.as_array().unwrap().iter();
    (ran.code, found.map(|f| [text(&f["check"]), text(&f["level"]), text(&f["detail"])]).collect())
}

#[tokio::test]
async fn a_command_in_another_folder_creates_nothing_there() {
    let aloqa = Installation::new(None);
    let commands: [&[&str]; 8] = [
        &["user", "list", "--tenant", "acme"],
        &["token", "list", "--tenant", "acme"],
        &["token", "revoke", "--tenant", "acme", "1"],
        &["key", "rotate"],
        &["simulate", "sms", "--tenant", "acme", "--from", "+998901234567", "Salom"],
        &["simulate", "telegram", "--tenant", "acme", "--from", "aziza", "Salom"],
        &["backup", "copy.db"],
        &["doctor"],
    ];
    for arguments in commands {
        let ran = aloqa.run(arguments, "").await;
        let said = ran.out + &ran.err;
        assert_eq!(ran.code, Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("there is no database at") && said.contains("aloqa.db"),
            "{arguments:?}: {said}"
        );
    }
    let list = aloqa.run(&["tenant", "list", "--json"], "").await;
    assert_eq!((list.code, list.out.trim()), (Some(0), "[]"));
    assert!(list.err.contains("there is no database at"), "{}", list.err);
    assert!(!aloqa.data().exists(), "no database, no key and no folder was created");
}

#[tokio::test]
async fn messages_name_the_setting_the_path_or_the_variable() {
    let aloqa = Installation::new(None);
    let (_, _) = set_up(&aloqa).await;
    let folder = aloqa.data().parent().unwrap().to_owned();
    fs::write(folder.join("text.db"), "This is a text, and none of the databases of this test.".repeat(40))
        .unwrap();
    fs::write(folder.join("file"), "").unwrap();
    let (free, _) = listener();
    let nobody = free.local_addr().unwrap();
    drop(free);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let nowhere = format!("postgres://aloqa:hunter2@{nobody}/aloqa");
    let twilio =
        ["channel", "add", "twilio", "--tenant", "samarkand", "--account-sid", "AC1", "--auth-token-env"];
    let with = |last: &[&'static str]| [&twilio[..], last].concat();
    let create = ["tenant", "create", "--name", "N", "--admin-email", "a@b.uz", "--slug"];
    let tenant = |last: &[&'static str]| [&create[..], last].concat();
    // The arguments, a variable, the exit status, and parts of the message.
    let cases = vec![
        (vec!["migrate"], ("LOG_FORMAT", "xml"), 1, vec!["xml", "pretty or json"]),
        (vec!["migrate"], ("LISTEN", "8080"), 1, vec!["8080", "127.0.0.1:8080"]),
        (vec!["migrate"], ("PUBLIC_URL", "crm.example.com"), 1, vec!["crm.example.com", "https://"]),
        (vec!["migrate"], ("PUBLIC_URL", "data:,"), 1, vec!["https://"]),
        (vec!["serve"], ("LISTEN", &taken), 1, vec!["in use", &taken, "ALOQA_LISTEN"]),
        (vec!["demo"], ("LISTEN", &taken), 1, vec!["in use", &taken, "ALOQA_LISTEN"]),
        (vec!["serve"], ("METRICS_LISTEN", &taken), 1, vec!["in use", "ALOQA_METRICS_LISTEN"]),
        (vec!["migrate"], ("DATABASE_URL", &nowhere), 1, vec!["PostgreSQL", "refused", "ALOQA_DATABASE_URL"]),
        (vec!["migrate"], ("DATABASE_URL", "sqlite://text.db"), 1, vec!["text.db is not a database"]),
        (vec!["migrate"], ("DATABASE_URL", "sqlite://file/aloqa.db"), 1, vec!["file", "file exists"]),
        (vec!["migrate"], ("DATA_DIR", "file/deep"), 1, vec!["file/deep", "not a directory"]),
        (
            with(&["NO_SUCH", "--sms-number", "+998712000001"]),
            ("LOG", "info"),
            1,
            vec!["variable NO_SUCH is not set"],
        ),
        (
            with(&["0123456789abcdef0123456789abcdef", "--sms-number", "+998712000001"]),
            ("LOG", "info"),
            1,
            vec!["the name"],
        ),
        (with(&["NO_SUCH"]), ("LOG", "info"), 2, vec!["--sms-number", "--whatsapp-number"]),
        (
            vec!["user", "list", "--tenant", "nope"],
            ("LOG", "info"),
            1,
            vec!["no workspace `nope`", "aloqa tenant list"],
        ),
        (
            vec!["user", "disable", "--tenant", "samarkand", "--email", "x@b.uz"],
            ("LOG", "info"),
            1,
            vec!["no user x@b.uz", "samarkand"],
        ),
        (vec!["token", "revoke", "--tenant", "samarkand", "77"], ("LOG", "info"), 1, vec!["no token 77"]),
        (tenant(&["samarkand"]), ("LOG", "info"), 1, vec!["slug is taken"]),
        (tenant(&["Acme!"]), ("LOG", "info"), 2, vec!["a to z"]),
        (tenant(&["b", "--country", "XX"]), ("LOG", "info"), 2, vec!["two letters", "UZ"]),
        (tenant(&["b", "--locale", "fr"]), ("LOG", "info"), 2, vec!["possible values: en, ru, uz"]),
        (
            vec!["user", "create", "--help"],
            ("LOG", "info"),
            0,
            vec!["administrator, manager, agent, read-only"],
        ),
        (vec!["--help"], ("LOG", "info"), 0, vec!["ALOQA_LISTEN", "ALOQA_METRICS_LISTEN", "aloqa demo"]),
    ];
    for (arguments, (name, value), code, parts) in cases {
        let mut command = aloqa.command(&arguments);
        command.env(format!("ALOQA_{name}"), value);
        let ran = aloqa.run_command(command, "a good password\n").await;
        let said = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(code), "{arguments:?} {name}={value}: {said}");
        for part in parts {
            assert!(said.contains(part), "{arguments:?} {name}={value} does not say {part:?}: {said}");
        }
        for raw in
            ["os error", "at line", "hunter2", "0123456789abcdef", "pool timed out", "RelativeUrlWithoutBase"]
        {
            assert!(!said.contains(raw), "{arguments:?} {name}={value}: {said}");
        }
    }
}

async fn a_newer_schema_is_left_alone(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    set_up(&aloqa).await;
    let mut raw = env.raw().await;
    raw.run(
        "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
         SELECT 9999, 'later', installed_on, success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
    )
    .await.unwrap();
    let rows = raw.count("_sqlx_migrations").await;
    for arguments in [&["serve"][..], &["demo"], &["migrate"], &["tenant", "list"]] {
        let ran = aloqa.run(arguments, "").await;
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("of a newer Aloqa (schema 9999;"), "{arguments:?}: {}", ran.err);
    }
    let (code, found) = doctor(&aloqa, None).await;
    let about = found.iter().find(|[check, ..]| check == "database").unwrap();
    assert!(
        code == Some(1) && about[1] == "MEND" && about[2].contains("newer Aloqa (schema 9999)"),
        "{found:?}"
    );
    assert_eq!(raw.count("_sqlx_migrations").await, rows);
}

#[tokio::test]
async fn doctor_only_reads_and_asks_the_public_url() {
    let aloqa = Installation::new(None);
    let ran = aloqa.run(
        &["tenant", "create", "--slug", "acme", "--name", "A", "--admin-email", "a@b.uz"],
        "a good password\n",
    );
    assert_eq!(ran.await.code, Some(0));
    let (code, found) = doctor(&aloqa, None).await;
    let level = |found: &[[String; 3]], name: &str| {
        found
            .iter()
            .find(|[check, ..]| check == name)
            .map(|[_, level, says]| (level.clone(), says.clone()))
            .unwrap()
    };
    assert_eq!(
        (code, level(&found, "channels").0.as_str()),
        (Some(0), "note"),
        "a new workspace is no fault: {found:?}"
    );
    assert!(level(&found, "database").1.contains("aloqa.db"), "{found:?}");

    // The key is gone, as after a restore of the database alone.
    let (key, away) = (aloqa.data().join("secret.key"), aloqa.data().join("away"));
    fs::rename(&key, &away).unwrap();
    let (_, found) = doctor(&aloqa, None).await;
    assert!(level(&found, "secret key").1.contains("secret.key"), "{found:?}");
    assert!(!key.exists(), "it creates none");
    fs::rename(&away, &key).unwrap();

    let mut command = aloqa.command(&["doctor", "--json"]);
    command.env("ALOQA_PUBLIC_URL", format!("https://{}", aloqa.listen)).env("ALOQA_LISTN", "typo");
    let (_, found) = doctor(&aloqa, Some(command)).await;
    let (level_of_url, says) = level(&found, "public URL");
    assert!(level_of_url == "note" && says.contains("does not answer"), "{found:?}");
    assert!(level(&found, "settings").1.contains("ALOQA_LISTN"), "{found:?}");
}

#[tokio::test]
async fn a_second_demo_leaves_the_first_one_alone() {
    let aloqa = Installation::new(None);
    let (free, _) = listener();
    let metrics = free.local_addr().unwrap().to_string();
    drop(free);
    let mut command = aloqa.command(&["demo", "--json"]);
    command.env("ALOQA_METRICS_LISTEN", &metrics);
    let mut demo = aloqa.start_command(command, Stdio::piped());
    let told: Value = serde_json::from_str(&demo.first_line().await).unwrap();
    demo.is_ready().await;
    let mut second = aloqa.command(&["demo"]);
    second.env("ALOQA_LISTEN", "127.0.0.1:0");
    let ran = aloqa.run_command(second, "").await;
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains(told["url"].as_str().unwrap().trim_end_matches('/')),
        "it names the first: {}",
        ran.err
    );
    let user = &told["users"][0];
    let login = json!({ "email": user["email"], "password": user["password"], "tenant": user["tenant"] });
    let signed_in =
        aloqa.http.post(format!("http://{}/login", aloqa.listen)).header("accept", "application/json");
    assert_eq!(signed_in.json(&login).send().await.unwrap().status().as_u16(), 204, "the first one goes on");
    let text =
        aloqa.http.get(format!("http://{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(text.contains("aloqa_live_streams"), "the demo serves metrics, too");
    assert_eq!(demo.terminate().await.code(), Some(0));
    assert!(!aloqa.data().exists(), "nothing is left of it");

    let mut third = aloqa.command(&["demo", "--json"]);
    third.env("ALOQA_LISTEN", "127.0.0.1:0");
    let mut demo = aloqa.start_command(third, Stdio::piped());
    let told: Value = serde_json::from_str(&demo.first_line().await).unwrap();
    let url = told["url"].as_str().unwrap();
    assert!(!url.ends_with(":0"), "{url}");
    assert_eq!(aloqa.http.get(format!("{url}/healthz")).send().await.unwrap().status().as_u16(), 200);
    assert_eq!(demo.terminate().await.code(), Some(0));
}

async fn a_demo_says_if_its_data_stay(env: TestEnv) {
    let mut aloqa = Installation::new(Some(&env.url));
    // A public URL of another host would be that of the tests.
    aloqa.public_url = None;
    let mut demo = aloqa.start(&["demo"], Stdio::piped());
    demo.is_ready().await;
    assert_eq!(demo.terminate().await.code(), Some(0), "{}", demo.log());
    let mut said = String::new();
    demo.output().read_to_string(&mut said).unwrap();
    assert!(said.contains("stay in the database") && !said.contains("throws"), "{said}");
    let tenants = aloqa.json(&["tenant", "list"], "").await;
    assert_eq!(tenants.as_array().unwrap().len(), 2);
    let (code, found) = doctor(&aloqa, None).await;
    assert!(
        found.iter().all(|[check, ..]| check != "confirmation"),
        "its channels are confirmed: {code:?} {found:?}"
    );
}

/// A dead log collector takes its end of the pipe with it, and a stuck one never reads: both must not stop the program.
#[tokio::test]
async fn a_log_without_a_reader_stops_nothing() {
    for is_closed in [true, false] {
        let aloqa = Installation::new(None);
        let (token, _) = set_up(&aloqa).await;
        let mut server = aloqa.start_with_log_pipe(aloqa.command(&["serve"]));
        let mut pipe = server.log_pipe();
        let mut first = [0; 16];
        pipe.read_exact(&mut first).unwrap();
        let unread = if is_closed { None } else { Some(pipe) };
        server.is_ready().await;
        // At the level `trace` a request writes several kilobytes; a pipe has room for 64.
        for number in 0..60 {
            let sent = aloqa.webhook(TOKEN, INBOUND, &sms(&format!("SM{number}"), "Salom")).await;
            assert_eq!(sent, Some(403), "the public URL is another one");
            assert_eq!(aloqa.get(&token, "/crm/chats").await["total"], 0);
        }
        until("it answers", async || {
            aloqa.http.get(format!("http://{}/healthz", aloqa.listen)).send().await.is_ok()
        })
        .await;
        assert_eq!(server.terminate().await.code(), Some(0), "closed: {is_closed}");
        drop(unread);
    }
}
