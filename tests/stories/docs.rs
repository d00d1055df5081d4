//! Tests of the documents: the files, modules and documents that they name exist.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folders by which a path in backticks is recognised.
const FOLDERS: [&str; 9] =
    ["src/", "tests/", "benches/", "templates/", "static/", "locales/", "migrations/", "scripts/", "docs/"];
/// Files that a document tells its reader to add.
const EXAMPLES: [&str; 1] = ["src/providers/gateway"];
/// The layers of tests, by which the name of a test module is recognised.
const TEST_LAYERS: [&str; 4] = ["browser::", "http::", "services::", "persistence::"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every document, relative to the repository.
fn documents() -> Vec<PathBuf> {
    let mut found: Vec<_> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from).to_vec();
    for folder in ["docs", "docs/adr"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
                found.push(Path::new(folder).join(name));
            }
        }
    }
    found
}

fn text(document: &Path) -> String {
    fs::read_to_string(root().join(document)).unwrap()
}

/// Every code in backticks, outside of fenced blocks.
fn codes(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_file_that_a_document_names_exists() {
    let mut named = 0;
    for document in documents() {
        for path in codes(&text(&document)) {
            let is_path = FOLDERS.iter().any(|folder| path.starts_with(folder)) && !path.contains(' ');
            if is_path && !EXAMPLES.iter().any(|example| path.starts_with(example)) {
                assert!(root().join(path).exists(), "{} names {path}", document.display());
                named += 1;
            }
        }
    }
    assert!(named > 100, "the documents name {named} files only: has the way of naming them changed?");
}

#[test]
fn every_link_between_documents_has_a_target() {
    let mut links = 0;
    for document in documents() {
        let text = text(&document);
        let folder = root().join(&document).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !path.is_empty() && !path.contains("://") {
                assert!(folder.join(path).exists(), "{} links to {link}", document.display());
                links += 1;
            }
        }
    }
    assert!(links > 80, "the documents have {links} links only: has their form changed?");
}

#[test]
fn every_test_module_that_shows_a_promise_exists() {
    let mut named = 0;
    for name in codes(&text(Path::new("docs/verification.md"))) {
        let (folder, module) = match name.strip_prefix("lib::") {
            Some(module) => ("src", module),
            None if TEST_LAYERS.iter().any(|layer| name.starts_with(layer)) => ("tests/stories", name),
            None => continue,
        };
        let path = root().join(folder).join(module.replace("::", "/"));
        let exists = path.with_extension("rs").exists() || path.join("mod.rs").exists();
        assert!(exists, "docs/verification.md names {name}");
        named += 1;
    }
    assert!(named > 80, "the document names {named} modules only: has the way of naming them changed?");
}
