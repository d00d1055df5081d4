//! The scripts as one file, so that a page loads them with one request.
//!
//! Each module becomes a function that is called once and returns what the module exports. The modules stand in the order
//! of their imports, which therefore have no cycles. Comments and indentation are left out. This reads the subset of
//! JavaScript in which the scripts are written: an import or export is one line, and no text has several lines.

use std::{borrow::Cow, collections::BTreeMap, fmt::Write as _};

/// A module of the bundle.
struct Module {
    /// The number, from which its variable is named.
    number: usize,
    code: String,
}

/// Bundles a script with all that it imports. `read` returns the text of a script by its name.
///
/// # Errors
/// A description of what could not be bundled: a missing script, a cycle of imports, an export of an unknown form.
pub(super) fn bundle<'s>(
    entry: &str,
    read: &impl Fn(&str) -> Option<Cow<'s, str>>,
) -> Result<String, String> {
    let mut modules = BTreeMap::new();
    let mut text = String::new();
    add(entry, read, &mut modules, &mut Vec::new(), &mut text)?;
    Ok(text)
}

/// Adds a module after those that it imports, and returns its number.
fn add<'s>(
    name: &str,
    read: &impl Fn(&str) -> Option<Cow<'s, str>>,
    modules: &mut BTreeMap<String, usize>,
    importers: &mut Vec<String>,
    text: &mut String,
) -> Result<usize, String> {
    if let Some(number) = modules.get(name) {
        return Ok(*number);
    }
    if importers.iter().any(|importer| importer == name) {
        return Err(format!("{name} imports itself, by {}", importers.join(", ")));
    }
    importers.push(name.to_owned());
    let source = read(name).ok_or_else(|| format!("{name} does not exist"))?;
    let mut module = Module { number: 0, code: String::new() };
    let mut exports = Vec::new();
    let mut in_comment = false;
    for line in source.lines().map(str::trim) {
        let starts_comment = line.starts_with("/*");
        if in_comment || starts_comment {
            in_comment = !line.ends_with("*/");
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if let Some((names, path)) = import(line) {
            let imported = add(&resolve(name, path), read, modules, importers, text)?;
            if !names.is_empty() {
                let names = names.replace(" as ", ": ");
                let _ = writeln!(module.code, "const {names} = m{imported};");
            }
            continue;
        }
        let line = match line.strip_prefix("export ") {
            Some(declaration) => {
                exports.extend(declared_names(declaration).ok_or_else(|| format!("{name}: {line}"))?);
                declaration
            }
            None => line,
        };
        module.code.push_str(line);
        module.code.push('\n');
    }
    importers.pop();
    module.number = modules.len();
    modules.insert(name.to_owned(), module.number);
    let Module { number, code } = module;
    let _ = writeln!(text, "const m{number} = (() => {{\n{code}return {{ {} }};\n}})();", exports.join(", "));
    Ok(number)
}

/// The names in braces and the path of an import; there are no names where a module is imported for its effect.
fn import(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("import ")?.strip_suffix("\";")?;
    let (names, path) = rest.split_once('"')?;
    Some((names.trim().trim_end_matches("from").trim(), path))
}

/// The names that an exported declaration declares.
fn declared_names(declaration: &str) -> Option<Vec<String>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let rest = declaration.strip_prefix("async ").unwrap_or(declaration);
    let rest = rest.strip_prefix("function ").or_else(|| rest.strip_prefix("const "))?;
    if let Some(braces) = rest.strip_prefix("{ ") {
        return Some(braces.split_once(" }")?.0.split(", ").map(str::to_owned).collect());
    }
    let name: String = rest.chars().take_while(|c| is_name(*c)).collect();
    (!name.is_empty()).then(|| vec![name])
}

/// The name of the script that `path` means in the script `importer`.
fn resolve(importer: &str, path: &str) -> String {
    let mut folders: Vec<&str> = importer.split('/').collect();
    folders.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(folders.pop()),
            name => folders.push(name),
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &'static str)]) -> Result<String, String> {
        let read =
            |name: &str| files.iter().find(|(file, _)| *file == name).map(|(_, text)| Cow::Borrowed(*text));
        bundle("a/main.js", &read)
    }

    #[test]
    fn modules_stand_in_the_order_of_their_imports_each_in_its_own_scope() {
        let bundled = of(&[
            (
                "a/main.js",
                "// Title.\nimport \"./one.js\";\nimport { $, two as zwei } from \"../b/two.js\";\nzwei($);\n",
            ),
            ("a/one.js", "import { two } from \"../b/two.js\";\nlet x = two();\n"),
            (
                "b/two.js",
                "/**\n * Comment.\n */\nexport const $ = 1;\nexport async function two(y) {\n  return y; // Why.\n}\nexport const { z } = {};\n",
            ),
        ]);
        assert_eq!(
            bundled.unwrap(),
            "const m0 = (() => {\nconst $ = 1;\nasync function two(y) {\nreturn y; // Why.\n}\nconst { z } = {};\n\
             return { $, two, z };\n})();\n\
             const m1 = (() => {\nconst { two } = m0;\nlet x = two();\nreturn {  };\n})();\n\
             const m2 = (() => {\nconst { $, two: zwei } = m0;\nzwei($);\nreturn {  };\n})();\n"
        );
    }

    #[test]
    fn what_can_not_be_bundled_is_an_error() {
        for files in [
            &[("a/main.js", "import \"./gone.js\";\n")][..],
            &[("a/main.js", "import \"./one.js\";\n"), ("a/one.js", "import \"./main.js\";\n")],
            &[("a/main.js", "export default 1;\n")],
        ] {
            assert!(of(files).is_err(), "{files:?}");
        }
    }
}
