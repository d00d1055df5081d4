//! Tests of backups: a copy of the running server's database and files is complete, and serves the same when restored.

use std::{fs, path::Path, process::Stdio};

use aloqa::providers::http_client;
use serde_json::{Value, json};

use crate::{
    cli::{TOKEN, set_up, sms},
    support::{TestEnv, http::until, process::program::Installation, providers::webhook::INBOUND},
};

on_postgres![a_backup_of_postgres_is_refused];

const EMBEDDED: &str = "sqlite://data/aloqa.db";
const PICTURE: &[u8] = include_bytes!("../../static/icons/192.png");

/// The chats with their messages, and the content of the files of the first one.
async fn content(aloqa: &Installation, token: &str) -> (Vec<Value>, Vec<Vec<u8>>) {
    let mut chats = Vec::new();
    for chat in aloqa.get(token, "/crm/chats?limit=100").await["items"].as_array().unwrap() {
        chats.push(aloqa.get(token, &format!("/crm/chats/{}", chat["id"])).await);
    }
    let mut files = Vec::new();
    let messages = chats.iter().flat_map(|chat| chat["messages"].as_array().unwrap());
    for attachment in messages.flat_map(|message| message["attachments"].as_array().unwrap()) {
        files.push(aloqa.get_bytes(token, &format!("/uploads/{}", attachment["id"])).await);
    }
    (chats, files)
}

/// Sends the client of the only chat a message with a picture.
async fn send_picture(aloqa: &Installation, token: &str) {
    let chat = aloqa.get(token, "/crm/chats").await["items"][0]["id"].clone();
    let text = |name: &str, value: &str| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = "--B\r\nContent-Disposition: form-data; name=\"attachments\"; filename=\"a.png\"\r\n\
                Content-Type: image/png\r\n\r\n";
    let mut body = (text("message", "Rasm") + &text("transport", "sms") + file).into_bytes();
    body.extend_from_slice(PICTURE);
    body.extend_from_slice(b"\r\n--B--\r\n");
    let posted = http_client()
        .unwrap()
        .post(format!("http://{}/crm/chats/{chat}/messages", aloqa.listen))
        .bearer_auth(token)
        .header("accept", "application/json")
        .header("content-type", "multipart/form-data; boundary=B")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status().as_u16(), 201);
}

fn is_database(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "db")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[tokio::test]
async fn a_backup_of_a_running_server_is_restored_on_another_machine() {
    let aloqa = Installation::new(Some(EMBEDDED));
    let (token, _) = set_up(&aloqa).await;
    let mut server = aloqa.serve().await;
    assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms("SM0", "Salom")).await, Some(200));
    send_picture(&aloqa, &token).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("aloqa.db");
    let name = file.to_str().unwrap();

    // Messages arrive during the backup.
    let traffic = async {
        for number in 1.. {
            let sid = format!("SM{number}");
            assert_eq!(aloqa.webhook(TOKEN, INBOUND, &sms(&sid, "Salom")).await, Some(200));
        }
    };
    let arguments = ["backup", name];
    let told = tokio::select! {
        told = aloqa.json(&arguments, "") => told,
        () = traffic => unreachable!(),
    };
    // The picture, and its thumbnail if that exists already.
    assert!((1..=2).contains(&told["files"].as_i64().unwrap()) && told["missing"] == 0, "{told}");
    assert_eq!(told["bytes"], json!(fs::metadata(&file).unwrap().len()));
    let again = aloqa.run(&arguments, "").await;
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("exists already"), "{}", again.err);
    let elsewhere = aloqa.run(&["backup", "no/such/folder/aloqa.db"], "").await;
    assert_eq!(elsewhere.code, Some(1));
    assert!(elsewhere.err.contains("no folder no/such/folder"), "{}", elsewhere.err);
    server.terminate().await;

    let restored = Installation::new(Some(EMBEDDED));
    fs::create_dir(restored.data()).unwrap();
    fs::copy(&file, restored.data().join("aloqa.db")).unwrap();
    fs::copy(aloqa.data().join("secret.key"), restored.data().join("secret.key")).unwrap();
    copy_folder(&folder.path().join("aloqa.db.files"), &restored.data().join("files"));
    let mut second = restored.serve().await;
    let (chats, files) = content(&restored, &token).await;
    assert_eq!(files, [PICTURE]);
    assert_eq!(restored.webhook(TOKEN, INBOUND, &sms("SM999999", "Salom")).await, Some(200));
    second.terminate().await;

    // What the copy has is the beginning of what the server has.
    let mut server = aloqa.serve().await;
    let (all, _) = content(&aloqa, &token).await;
    assert_eq!((chats.len(), all.len()), (1, 1));
    let ids = |chat: &Value| -> Vec<i64> {
        chat["messages"].as_array().unwrap().iter().map(|message| message["id"].as_i64().unwrap()).collect()
    };
    let (copied, all) = (ids(&chats[0]), ids(&all[0]));
    assert!(copied.last() <= all.last() && copied.len() >= 2, "{copied:?}, {all:?}");
    server.terminate().await;
}

#[tokio::test]
async fn a_backup_without_a_database_creates_none() {
    let aloqa = Installation::new(Some(EMBEDDED));
    let ran = aloqa.run(&["backup", "copy.db"], "").await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("there is no database at"), "{}", ran.err);
    assert!(!aloqa.data().join("aloqa.db").exists());
}

#[tokio::test]
async fn scheduled_backups_are_created_and_only_the_newest_are_kept() {
    let aloqa = Installation::new(Some(EMBEDDED));
    set_up(&aloqa).await;
    let folder = tempfile::tempdir().unwrap();
    let mut command = aloqa.command(&["serve"]);
    command
        .env("ALOQA_BACKUP_DIR", folder.path())
        .env("ALOQA_BACKUP_EVERY", "1s")
        .env("ALOQA_BACKUP_KEEP", "2");
    let mut server = aloqa.start_command(command, Stdio::null());
    server.is_ready().await;
    let names = || {
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.contains(".partial"))
            .collect();
        names.sort();
        names
    };
    until("two backups", async || names().iter().filter(|name| is_database(name)).count() == 2).await;
    let first = names()[0].clone();
    until("the first one is removed", async || !names().contains(&first)).await;
    server.terminate().await;
    let left = names();
    let databases: Vec<_> = left.iter().filter(|name| is_database(name)).collect();
    // The next one may have been finished before an old one was removed.
    assert!((2..=3).contains(&databases.len()), "{left:?}");
    assert!(databases.iter().all(|name| left.contains(&format!("{name}.files"))), "{left:?}");
}

#[tokio::test]
async fn a_wrong_interval_is_reported() {
    let aloqa = Installation::new(Some(EMBEDDED));
    let mut command = aloqa.command(&["doctor"]);
    command.env("ALOQA_BACKUP_EVERY", "daily");
    let ran = aloqa.run_command(command, "").await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("30m, 24h or 7d"), "{}", ran.err);
}

async fn a_backup_of_postgres_is_refused(env: TestEnv) {
    let aloqa = Installation::new(Some(&env.url));
    let ran = aloqa.run(&["backup", "copy.db"], "").await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("pg_dump"), "{}", ran.err);
}
