//! The import graph of `src/`: which files use which others, and the limits of its cycles.
//!
//! An import of a re-exported item counts as an import of the file that defines the item, because
//! `crate::domain::ClientId` needs `domain/values/ids.rs` and not everything that `domain/mod.rs`
//! lists. The files of a cycle can only be understood, tested and moved together, so that cycles
//! are limited by layer.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// The maximum number of files in a cycle, by layer.
///
/// - presentation: the state contains the features, whose handlers take the state; the layout and
///   the spotlight are between them. A second cycle joins the page of a chat with its composer,
///   which is shown again when a message is refused.
/// - persistence: the transaction returns the repositories, each of which runs its statements on
///   it.
/// - services: connecting a channel starts a check of it, which reports like the delivery.
/// - providers: an answer of Telegram becomes an error of the bot that asked.
/// - domain: a problem of a field names transports, whose addresses are parsed with problems.
const LIMITS: [(&str, usize); 6] = [
    ("presentation", 10),
    ("persistence", 30),
    ("services", 4),
    ("providers", 2),
    ("domain", 5),
    ("simulator", 2),
];

/// Modules by their path (`domain::values::ids`), with the imports of each.
struct ImportGraph(BTreeMap<String, BTreeSet<String>>);

#[derive(Default)]
struct Module {
    /// Re-exported names, with the paths that they refer to.
    reexports: BTreeMap<String, String>,
    /// Modules whose names are all re-exported.
    globs: Vec<String>,
    /// The imported paths.
    imports: BTreeSet<String>,
    /// The names that the module defines.
    definitions: BTreeSet<String>,
}

impl ImportGraph {
    fn of_sources() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut sources = BTreeMap::new();
        read_folder(&root, &root, &mut sources);
        let names: BTreeSet<_> = sources.keys().cloned().collect();
        let modules: BTreeMap<_, _> =
            sources.iter().map(|(name, code)| (name.clone(), Module::parse(name, code, &names))).collect();
        let imports = |(name, module): (&String, &Module)| {
            let files = module.imports.iter().filter_map(|path| defining_module(&modules, path, 0));
            (name.clone(), files.filter(|file| file != name && !file.is_empty()).collect())
        };
        Self(modules.iter().map(imports).collect())
    }

    fn reachable_from(&self, start: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = vec![start];
        while let Some(module) = open.pop() {
            for next in self.0.get(module).into_iter().flatten() {
                if reached.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        reached
    }

    /// The groups of modules that reach each other, the largest first.
    fn cycles(&self) -> Vec<Vec<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.0.keys().map(|module| (module.as_str(), self.reachable_from(module))).collect();
        let mut cycles = BTreeSet::new();
        for (module, others) in &reached {
            let cycle: Vec<_> =
                others.iter().copied().filter(|other| reached[other].contains(module)).collect();
            if cycle.len() > 1 {
                cycles.insert(cycle);
            }
        }
        let mut cycles: Vec<_> = cycles.into_iter().collect();
        cycles.sort_by_key(|cycle| std::cmp::Reverse(cycle.len()));
        cycles
    }
}

fn read_folder(root: &Path, folder: &Path, sources: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(root).unwrap().with_extension("");
            let mut parts: Vec<_> = relative.iter().map(|part| part.to_str().unwrap()).collect();
            if ["mod", "lib", "main"].contains(parts.last().unwrap()) {
                parts.pop();
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let lines = code.lines().map(|line| line.split("//").next().unwrap());
            sources.insert(parts.join("::"), lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// The keywords before the name of an item.
const ITEM_KINDS: [&str; 9] =
    ["struct", "enum", "fn", "trait", "type", "const", "static", "union", "macro_rules"];

impl Module {
    fn parse(name: &str, code: &str, modules: &BTreeSet<String>) -> Self {
        let (mut module, mut rest) = (Self::default(), String::new());
        for statement in code.split_inclusive(';') {
            let Some((before, tree)) = use_statement(statement) else {
                rest.push_str(statement);
                continue;
            };
            rest.push_str(before);
            let is_reexport = before.rsplit(['\n', '}']).next().is_some_and(|prefix| prefix.contains("pub"));
            for item in expand(tree) {
                let (path, alias) =
                    item.split_once(" as ").map_or((item.as_str(), None), |(p, a)| (p, Some(a)));
                let Some(path) = absolute(name, path.trim(), modules) else { continue };
                let path = path.trim_end_matches("::self").to_owned();
                match path.strip_suffix("::*") {
                    Some(glob) if is_reexport => module.globs.push(glob.to_owned()),
                    _ if is_reexport => {
                        let last = path.rsplit("::").next().unwrap_or_default();
                        module.reexports.insert(alias.map_or(last, str::trim).to_owned(), path);
                    }
                    _ => {
                        module.imports.insert(path);
                    }
                }
            }
        }
        let words = rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let inline = words.iter().filter_map(|word| word.strip_prefix("crate::"));
        module.imports.extend(inline.map(|path| path.trim_end_matches(':').to_owned()));
        let defined = words.windows(2).filter(|pair| ITEM_KINDS.contains(&pair[0]));
        module.definitions = defined.map(|pair| pair[1].trim_end_matches(':').to_owned()).collect();
        module
    }
}

/// The text before a `use` statement, and its tree without blanks; `None` if there is no `use`
/// statement.
fn use_statement(statement: &str) -> Option<(&str, &str)> {
    let at = statement.rfind("use ")?;
    let starts_a_word = statement[..at].chars().next_back().is_none_or(char::is_whitespace);
    let tree = statement[at + 4..].strip_suffix(';')?;
    (starts_a_word && !tree.contains(['=', '('])).then_some((&statement[..at], tree))
}

/// The paths of a tree such as `a::{b, c::{self, d as e}}`.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut paths, mut prefixes, mut current) = (Vec::new(), vec![String::new()], String::new());
    for c in tree.chars() {
        match c {
            '{' => {
                prefixes.push(format!("{}{}", prefixes[prefixes.len() - 1], current.trim()));
                current.clear();
            }
            ',' | '}' => {
                if !current.trim().is_empty() {
                    paths.push(format!("{}{}", prefixes[prefixes.len() - 1], current.trim()));
                }
                current.clear();
                if c == '}' {
                    prefixes.pop();
                }
            }
            _ => current.push(c),
        }
    }
    if !current.trim().is_empty() {
        paths.push(current.trim().to_owned());
    }
    paths
}

/// The path from the root of the crate; `None` for a path into another crate.
fn absolute(module: &str, path: &str, modules: &BTreeSet<String>) -> Option<String> {
    let below = |module: &str, path: &str| {
        if module.is_empty() { path.to_owned() } else { format!("{module}::{path}") }
    };
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    if let Some(path) = path.strip_prefix("self::") {
        return Some(below(module, path));
    }
    if let Some(rest) = path.strip_prefix("super::") {
        let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        return absolute(parent, rest, modules).or_else(|| Some(below(parent, rest)));
    }
    let child = below(module, path.split("::").next().unwrap_or_default());
    modules.contains(&child).then(|| below(module, path))
}

/// The file that defines the item of a path.
fn defining_module(modules: &BTreeMap<String, Module>, path: &str, depth: usize) -> Option<String> {
    if depth > 12 {
        return None;
    }
    let parts: Vec<_> = path.split("::").collect();
    let length = (0..=parts.len()).rev().find(|length| modules.contains_key(&parts[..*length].join("::")))?;
    let name = parts[..length].join("::");
    let Some(item) = parts.get(length) else { return Some(name) };
    let module = &modules[&name];
    let resolve = |start: &str| {
        let path = [&[start], &parts[length + 1..]].concat().join("::");
        defining_module(modules, &path, depth + 1)
    };
    if let Some(target) = module.reexports.get(*item) {
        return resolve(target);
    }
    if module.definitions.contains(*item) {
        return Some(name);
    }
    let passed_on = module.globs.iter().filter_map(|glob| resolve(&format!("{glob}::{item}")));
    let mut defining = passed_on.filter(|found| modules[found].definitions.contains(*item));
    Some(defining.next().unwrap_or(name))
}

#[test]
fn no_cycle_of_imports_is_larger_than_its_layer_allows() {
    let graph = ImportGraph::of_sources();
    let cycles = graph.cycles();
    for (layer, limit) in LIMITS {
        let of_layer =
            cycles.iter().filter(|cycle| cycle.iter().any(|module| module.split("::").next() == Some(layer)));
        let sizes: Vec<_> = of_layer.clone().map(Vec::len).collect();
        println!("{layer}: cycles of {sizes:?} files, at most {limit}");
        for cycle in of_layer {
            assert!(cycle.len() <= limit, "{} files of {layer} import each other: {cycle:#?}", cycle.len());
        }
    }
}

#[test]
fn the_simulator_registers_itself_from_outside() {
    let graph = ImportGraph::of_sources();
    for (module, imports) in &graph.0 {
        let simulated: Vec<_> = imports.iter().filter(|import| import.starts_with("simulator")).collect();
        assert!(
            !module.starts_with("presentation") || simulated.is_empty(),
            "{module} imports {simulated:?}"
        );
    }
}

#[test]
fn the_graph_knows_who_imports_whom() {
    let graph = ImportGraph::of_sources();
    let imports = |from: &str, to: &str| graph.0[from].contains(to);
    assert!(imports("presentation::http::app", "presentation::http::state"));
    assert!(imports("presentation::registry", "presentation::chats"), "a constant of the module itself");
    assert!(imports("presentation::http::feature", "domain::activity::event"), "a name that is passed on");
    assert_eq!(expand("a::{b, c::{self, d as e}}"), ["a::b", "a::c::self", "a::c::d as e"]);
}
