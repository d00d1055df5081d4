//! The names of providers in the sources: a provider is one folder, and the rest of the program does not know it.
//!
//! Transports are words of the domain, so "Telegram" remains as the transport, as the type of a contact and as the reason of
//! a duplicate. Comments are not compared with these rules, except that "Twilio", which is no transport, is not in them
//! either.

use std::{fs, path::Path};

/// The layers that know transports and no providers.
const LAYERS: [&str; 3] = ["src/domain", "src/services", "src/persistence"];

/// The folders that may name a provider: its own, its simulator, and the command line, whose words are a contract.
const OF_PROVIDERS: [&str; 3] = ["src/providers", "src/simulator", "src/cli"];

/// The sources that define the transports, and what is known of clients: contacts, columns of tables and reasons of
/// duplicates are named after a messenger.
const DEFINITIONS: [&str; 2] = ["src/domain/channels/transport.rs", "src/domain/clients/"];

/// The words with "Telegram" that mean the transport or a contact.
const TRANSPORT_WORDS: [&str; 2] = ["Transport::Telegram", "ContactType::Telegram"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder with these extensions, and their texts.
fn files(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let (mut found, mut open) = (Vec::new(), vec![root().join(folder)]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|own| extensions.iter().any(|wanted| own == *wanted)) {
            found.push((relative(&path), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// The lines of a source that contain a word, in any case, after these texts were removed from them.
fn lines_with<'a>(source: &'a str, word: &str, without: &[&str]) -> Vec<&'a str> {
    let names = |line: &&str| {
        let rest = without.iter().fold((*line).to_owned(), |rest, text| rest.replace(text, ""));
        rest.to_lowercase().contains(word)
    };
    source.lines().filter(names).collect()
}

/// A line without its comment.
fn code(source: &str) -> String {
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned() + "\n";
    source.lines().map(without_comment).collect()
}

#[test]
fn no_layer_below_presentation_names_twilio() {
    for layer in LAYERS {
        let files = files(layer, &["rs"]);
        assert!(files.len() > 20, "{layer} has {} files", files.len());
        for (path, source) in files {
            assert!(!path.contains("twilio"), "{path}");
            let lines = lines_with(&source, "twilio", &[]);
            assert!(lines.is_empty(), "{path}: {lines:#?}");
        }
    }
}

#[test]
fn telegram_is_a_transport_below_presentation() {
    for layer in LAYERS {
        for (path, source) in files(layer, &["rs"]) {
            assert!(!path.contains("telegram"), "{path}");
            if DEFINITIONS.iter().any(|defined| path.starts_with(defined)) {
                continue;
            }
            let source = code(&source);
            let lines = lines_with(&source, "telegram", &TRANSPORT_WORDS);
            assert!(lines.is_empty(), "{path}: {lines:#?}");
        }
    }
}

/// Outside of its folder, a provider is named in the line that registers it, in the catalogues, the icons, the simulator
/// and the command line.
#[test]
fn nothing_outside_of_its_folder_names_a_provider() {
    let sources = ["src", "templates", "static/script", "static/style"];
    let all = sources.iter().flat_map(|folder| files(folder, &["rs", "html", "js", "css"]));
    let mut read = 0;
    for (path, source) in all {
        if OF_PROVIDERS.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        read += 1;
        for name in ["twilio", "providers::telegram", "telegram::", "teloxide"] {
            let lines = lines_with(&source, name, &[]);
            assert!(lines.is_empty(), "{path} names {name}: {lines:#?}");
        }
    }
    assert!(read > 300, "{read} files");
}

/// The files that all providers share name no provider, apart from the list of registrations.
#[test]
fn the_shared_files_of_providers_name_one_each() {
    let shared = files("src/providers", &["rs"]);
    let shared = shared.into_iter().filter(|(path, _)| path.matches('/').count() == 2);
    for (path, source) in shared {
        let source = code(source.split("#[cfg(test)]\nmod tests").next().unwrap());
        let is_import = |line: &str| line.chars().all(|c| c.is_ascii_lowercase() || ", ".contains(c));
        let expected = |line: &str| match path.as_str() {
            "src/providers/registry.rs" => line.contains("::REGISTRATION") || is_import(line),
            "src/providers/mod.rs" => line.starts_with("pub mod "),
            _ => false,
        };
        for name in ["twilio", "telegram"] {
            let lines = lines_with(&source, name, &[]);
            assert!(lines.iter().all(|line| expected(line)), "{path}: {lines:#?}");
        }
    }
}

#[test]
fn the_scan_finds_a_name_in_any_case() {
    let source = "let a = TwilioChannel;\n// Twilio\nlet by = Transport::Telegram;\n";
    assert_eq!(lines_with(source, "twilio", &[]).len(), 2);
    assert_eq!(lines_with(&code(source), "twilio", &[]), ["let a = TwilioChannel;"]);
    assert!(lines_with(source, "telegram", &TRANSPORT_WORDS).is_empty());
    assert_eq!(lines_with("use crate::providers::telegram;", "telegram", &TRANSPORT_WORDS).len(), 1);
}
