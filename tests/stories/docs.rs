//! The documents name files; a reader finds them where they say.

use std::path::Path;

/// Every path in backticks that begins with a folder of the repository.
fn named_paths(text: &str) -> Vec<&str> {
    const FOLDERS: [&str; 8] =
        ["src/", "tests/", "templates/", "static/", "locales/", "migrations/", "scripts/", "docs/"];
    let ours = |path: &&str| FOLDERS.iter().any(|folder| path.starts_with(folder)) && !path.contains(' ');
    text.split('`').skip(1).step_by(2).filter(ours).collect()
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = 0;
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/development.md",
        "docs/operations.md",
        "docs/verification.md",
    ] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        for path in named_paths(&text) {
            assert!(root.join(path).exists(), "{document} names {path}");
            named += 1;
        }
    }
    assert!(named > 40, "the documents name {named} files only: has the way of naming them changed?");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = [
        "README.md",
        "CONTRIBUTING.md",
        "docs/README.md",
        "docs/architecture.md",
        "docs/operations.md",
        "docs/adr/README.md",
    ];
    for document in documents {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        let folder = root.join(document).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let local = !path.is_empty() && !path.contains("://");
            assert!(!local || folder.join(path).exists(), "{document} links to {link}");
        }
    }
}
