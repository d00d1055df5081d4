//! Tests of snapshots: nothing can be written, locked or recorded through a snapshot, which the
//! compiler checks.

use std::{collections::BTreeSet, path::Path};

use aloqa::persistence::{Snapshot, UnitOfWork};

/// The result of a method that a snapshot does not have.
struct Absent;

/// Adds methods to a snapshot with the names of those of a unit of work. A method of the snapshot
/// itself would take precedence, and the test below would not compile, because that method returns
/// a repository instead of [`Absent`].
macro_rules! absent_from_snapshots {
    ($($method:ident),* $(,)?) => {
        trait Absence {
            $(fn $method(&mut self) -> Absent {
                Absent
            })*
        }

        impl Absence for Snapshot {}

        fn absent() -> BTreeSet<&'static str> {
            $(let _: fn(&mut Snapshot) -> Absent = |snapshot| snapshot.$method();)*
            BTreeSet::from([$(stringify!($method)),*])
        }
    };
}

absent_from_snapshots![
    access_links_mut,
    attachments_mut,
    audit_log_mut,
    channels_mut,
    chats_mut,
    clients_mut,
    commit,
    deliveries_mut,
    drafts_mut,
    duplicates_mut,
    imports_mut,
    merge_transfer_mut,
    merges_mut,
    messages_mut,
    notifications_mut,
    record,
    roles_mut,
    two_factor_mut,
    workspace_mut,
    scheduled_messages_mut,
    search_index_mut,
    templates_mut,
    tenant_mut,
    users_mut,
    whatsapp_templates_mut,
];

#[test]
fn a_snapshot_has_no_method_that_writes() {
    let mut writes = BTreeSet::from(["commit".to_owned(), "record".to_owned()]);
    accessors(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/persistence"), &mut writes);
    assert_eq!(
        absent(),
        writes.iter().map(String::as_str).collect(),
        "every method that writes is in the list above"
    );
    // A unit of work can be used as a snapshot, but not the reverse.
    let _: fn(&mut UnitOfWork) -> &mut Snapshot = |work| work;
}

/// The methods that return a repository that writes, read from the sources.
fn accessors(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            accessors(&path, found);
            continue;
        }
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let method = line.trim().strip_prefix("pub fn ").and_then(|rest| rest.split_once("(&mut self)"));
            if let Some((method, result)) = method
                && result.contains("Mut<'_>")
            {
                found.insert(method.to_owned());
            }
        }
    }
}
