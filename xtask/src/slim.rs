//! Making the built files smaller where a browser loses nothing by it.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Doing, Outcome, fail};
use crate::wasm;

/// Slims every file of the page but its style sheets.
pub fn page(out: &Path, files: &mut BTreeSet<PathBuf>) -> Outcome {
    for file in files.iter() {
        let path = out.join(file);
        if has_extension(file, "wasm") {
            let module = fs::read(&path).doing("read", &path)?;
            fs::write(&path, wasm::stripped(&module)?).doing("write", &path)?;
        } else if has_extension(file, "js") {
            let script = fs::read_to_string(&path).doing("read", &path)?;
            fs::write(&path, uncommented(&script)?).doing("write", &path)?;
        } else if has_extension(file, "html") {
            let page = fs::read_to_string(&path).doing("read", &path)?;
            fs::write(&path, markup(&page)).doing("write", &path)?;
        }
    }
    Ok(())
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|it| it == extension)
}

/// The style sheets of what only acts need.
const LATER: [&str; 5] = ["fields-", "annotations-", "paper-", "dialogs-", "screens-"];

/// Makes two style sheets of all, in the page's order: what the page has from the start, and what comes
/// with its second part, whose name this gives.
pub fn join_styles(out: &Path, files: &mut BTreeSet<PathBuf>) -> Outcome<String> {
    const LINK: &str = "<link rel=\"stylesheet\" href=\"./";
    let index = out.join("index.html");
    let page = fs::read_to_string(&index).doing("read", &index)?;
    let is_later = |name: &str| LATER.iter().any(|it| name.starts_with(it));
    let (page, later) = unlinked(&page, LINK, is_later);
    let (page, first) = unlinked(&page, LINK, |_| true);
    let first = join(out, files, &first, ("style", ".css"), style)?;
    let later = join(out, files, &later, ("later", ".css"), style)?;
    let link = format!("{LINK}{first}\"/>\n</head>");
    fs::write(&index, page.replacen("</head>", &link, 1)).doing("write", &index)?;
    Ok(later)
}

/// Makes one script of those that start the page, in its order: a browser asks a host for some files at
/// once only. What shows a failure stays by itself.
pub fn join_scripts(out: &Path, files: &mut BTreeSet<PathBuf>) -> Outcome {
    const SCRIPT: &str = "<script src=\"./";
    let index = out.join("index.html");
    let page = fs::read_to_string(&index).doing("read", &index)?;
    let is_start = |name: &str| ["trusted-", "boot-"].iter().any(|it| name.starts_with(it));
    let (page, names) = unlinked(&page, SCRIPT, is_start);
    let name = join(out, files, &names, ("boot", ".js"), |text| format!("{text}\n"))?;
    let script = format!("{SCRIPT}{name}\" defer></script>\n</head>");
    fs::write(&index, page.replacen("</head>", &script, 1)).doing("write", &index)
}

/// A page without the lines that begin so and name such files, and the names.
fn unlinked(page: &str, link: &str, is_meant: impl Fn(&str) -> bool) -> (String, Vec<String>) {
    let (mut kept, mut names) = (String::new(), Vec::new());
    for line in page.lines() {
        let name = line.trim().strip_prefix(link).and_then(|rest| rest.split('"').next());
        match name.filter(|name| is_meant(name)) {
            Some(name) => names.push(name.to_owned()),
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    (kept, names)
}

/// Makes one file of several, each as `slim` has it, and gives its name: after the names of those in it,
/// which hold the hashes of what is in them.
fn join(
    out: &Path,
    files: &mut BTreeSet<PathBuf>,
    names: &[String],
    (start, end): (&str, &str),
    slim: impl Fn(&str) -> String,
) -> Outcome<String> {
    let joined = format!("{start}-{}{end}", shell::hash([names.concat().as_bytes()]));
    let mut text = String::new();
    for name in names {
        let path = out.join(name);
        text.push_str(&slim(&fs::read_to_string(&path).doing("read", &path)?));
        fs::remove_file(&path).doing("remove", &path)?;
        files.remove(Path::new(name));
    }
    let path = out.join(&joined);
    fs::write(&path, text).doing("write", &path)?;
    files.insert(joined.clone().into());
    Ok(joined)
}

/// A text without what stands between such marks.
fn without(text: &str, begin: &str, end: &str) -> String {
    let (mut left, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(begin) {
        left.push_str(before);
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    left + rest
}

/// Markup without comments, indentation and empty lines.
fn markup(page: &str) -> String {
    let page = without(page, "<!--", "-->");
    let lines = page.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// A style sheet without comments, indentation and line ends. A line end counts as a space, but
/// where a rule, a block or a list goes on.
fn style(sheet: &str) -> String {
    let mut slim = String::new();
    let text = without(sheet, "/*", "*/");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !slim.is_empty() && !slim.ends_with(['{', '}', ';', ',']) && !line.starts_with('}') {
            slim.push(' ');
        }
        slim.push_str(line);
    }
    slim
}

/// The script that wasm-bindgen wrote and the wasm file it loads, with short names for what the one
/// takes from the other. The long ones end in hashes, which no compression makes smaller.
///
/// # Errors
/// The two do not fit together, or the script is not of the shape that is known.
pub fn names_between(script: &str, module: &[u8]) -> Outcome<(String, Vec<u8>)> {
    const GLUE: &str = "./avow_bg.js";
    let ends_word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let mut lines: Vec<String> = Vec::new();
    let (mut given, mut taken) = (HashMap::new(), HashMap::new());
    for line in script.lines().map(str::trim_start) {
        // As in `__wbg_get_4848e350b40afc16: function(arg0) {`.
        let name = line.split_once(": function(").map(|(name, _)| name);
        if let Some(name) = name.filter(|name| name.starts_with("__wb")) {
            let short = format!("_{}", given.len());
            lines.push(line.replacen(name, &short, 1));
            given.insert(name, short);
            continue;
        }
        // As in `wasm.wasm_bindgen_2ce2711f5f2d8a0a___convert__closures_____invoke(arg0)`, which a function
        // of the script does that is called the same.
        let mut renamed = String::new();
        for word in line.split_inclusive(ends_word) {
            let name = word.trim_end_matches(ends_word);
            if name.starts_with("wasm_bindgen_") {
                let next = format!("__{}", taken.len());
                renamed.push_str(taken.entry(name).or_insert(next));
                renamed.push_str(&word[name.len()..]);
            } else {
                renamed.push_str(word);
            }
        }
        // As in `const ret = a.b(c);` before `return ret;`.
        let value = lines.last().and_then(|last| last.strip_prefix("const ret = "));
        match value.filter(|_| renamed == "return ret;").map(|value| format!("return {value}")) {
            Some(returned) => *lines.last_mut().expect("there is one") = returned,
            None => lines.push(renamed),
        }
    }
    let import = |from: &str, name: &str| match given.get(name).filter(|_| from == GLUE) {
        Some(short) => Ok(short.clone()),
        None if from == GLUE => fail(format!("the page's script does not give {name}")),
        None => Ok(name.to_owned()),
    };
    let export = |name: &str| taken.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let module = wasm::renamed(module, import, export)?;
    Ok((lines.join("\n"), module))
}

/// A script without indentation, and without the comments that fill lines of their own.
pub fn uncommented(script: &str) -> Outcome<String> {
    if script.lines().any(|line| line.matches('`').count() % 2 == 1) {
        // Within one, white space would count.
        return fail("a script of the page has a string over several lines");
    }
    let mut comment = false;
    let lines = script.lines().map(str::trim).filter(|line| {
        let starts = line.starts_with("/*");
        let dropped = comment || starts || line.starts_with("//") || line.is_empty();
        comment = (comment || starts) && !line.ends_with("*/");
        !dropped
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_keeps_its_rules_and_nothing_else() {
        let sheet = "/* Why. */\n.a,\n.b {\n  margin: 0 calc(1px\n    + 2px); /* so */\n}\n\n.c { color: red; }\n";
        assert_eq!(style(sheet), ".a,.b {margin: 0 calc(1px + 2px);}.c { color: red; }");
    }

    #[test]
    fn markup_keeps_its_elements_and_nothing_else() {
        let page =
            "<!DOCTYPE html>\n<!-- The\n page -->\n  <p>A <b>b</b></p> <!-- c -->\n\n</html>";
        assert_eq!(markup(page), "<!DOCTYPE html>\n<p>A <b>b</b></p>\n</html>");
    }

    #[test]
    fn comments_for_tools_go_from_a_script() {
        let script =
            "/**\n * @param {number} a\n */\nfunction f(a) {\n    // so\n    return a;\n}\n";
        assert_eq!(uncommented(script).expect("lines"), "function f(a) {\nreturn a;\n}");
        assert!(uncommented("a = `one\ntwo`").is_err());
    }

    #[test]
    fn script_and_module_call_what_they_share_by_short_names() {
        let script = |given: &str, called: &str, taken: &str| {
            format!(
                "const import0 = {{\n{given}: function(a) {{\nwasm.{called}(a);\n}},\n}};\n\
                 function {called}(a) {{\nwasm.{called}(a, {called}2, wasm.{taken});\n}}"
            )
        };
        let module = |[given, called, taken]: [&str; 3]| {
            let text = format!(
                r#"(module
                  (import "./avow_bg.js" "{given}" (func (param i32)))
                  (import "./other.js" "__wbg_far_1" (func))
                  (func (export "{called}") call 1)
                  (export "{taken}" (func 0)))"#
            );
            wat::parse_str(text).expect("a module")
        };
        let long = ["__wbg_near_4848e350b40afc16", "wasm_bindgen_2ce2_invoke", "memory"];
        let (short, slim) =
            names_between(&script(long[0], long[1], long[2]), &module(long)).expect("they fit");
        // A longer name that begins the same is another one.
        assert_eq!(short, script("_0", "__0", "memory").replace("__02", "__1"));
        assert_eq!(slim, module(["_0", "__0", "memory"]));
        assert!(names_between("const import0 = {};", &module(long)).is_err(), "nothing is given");
    }

    #[test]
    fn a_script_gives_back_what_it_names_for_that_alone() {
        let module = r#"(module (import "./avow_bg.js" "__wbg_near_1" (func)))"#;
        let script = "const import0 = {\n__wbg_near_1: function(a) {\nconst ret = a.b(1);\nreturn ret;\n},\n\
                      __wbg_far_2: function(a) {\nconst ret = a;\na.c();\nreturn ret;\n},\n};";
        let (slim, _) =
            names_between(script, &wat::parse_str(module).expect("a module")).expect("they fit");
        let short = "const import0 = {\n_0: function(a) {\nreturn a.b(1);\n},\n\
                     _1: function(a) {\nconst ret = a;\na.c();\nreturn ret;\n},\n};";
        assert_eq!(slim, short);
    }
}
