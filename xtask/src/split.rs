//! Splitting the page's wasm file: what shows articles, and what is fetched at the first act.
//!
//! The file must be split after cargo has linked it and before wasm-bindgen reads it, and Trunk runs
//! both. So Trunk is given this very program as its wasm-bindgen, which splits and then hands on.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, transform};

use crate::seldom::{self, Apart, Counted, Seldom};
use crate::shell::{self, Doing, Failure, Outcome, replaced};
use crate::slim;

/// What this program is called when it stands in for wasm-bindgen.
pub const BINDGEN: &str = "wasm-bindgen";
/// Names the real one.
const REAL: &str = "AVOW_WASM_BINDGEN";
/// The binary that is split; `src/door.rs` says where.
const SPLIT: &str = "avow";
/// How the page is compiled.
const FLAGS: [&str; 4] = [
    // Names that say all of a function, so that each has its own: `seldom` knows them by these.
    "-Csymbol-mangling-version=v0",
    // The two parts, and what the linker must leave for them.
    "--cfg=avow_split",
    "-Clink-arg=--emit-relocs",
    // A hash of a quarter of the size; texts are short.
    "--cfg=sha2_backend_soft=\"compact\"",
];
/// The names that the splitting gives its files, before they get a hash.
const LINK: &str = "__wasm_split.js";
const SECOND: &str = "split_work.wasm";

/// Where the second part lies between Trunk's run and the assembling of the page.
fn folder() -> PathBuf {
    shell::target().join("split")
}

/// Has a command that builds the page split it. `bindgen` is the real one.
pub fn prepare(command: &mut std::process::Command, bindgen: &Path) -> Outcome<PathBuf> {
    let name = format!("{BINDGEN}{}", std::env::consts::EXE_SUFFIX);
    let stand_in = shell::target().join("stand-in").join(name);
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("cannot find this very program: {error}")))?;
    let parent = stand_in.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).doing("create", parent)?;
    // Removed first: a program that runs may not be written to.
    let _ = fs::remove_file(&stand_in);
    fs::copy(&program, &stand_in).doing("write", &stand_in)?;
    let given = std::env::var("RUSTFLAGS").unwrap_or_default();
    let flags: Vec<String> =
        given.split_whitespace().chain(FLAGS).map(str::to_owned).chain(shortened_paths()).collect();
    command.env(REAL, bindgen).env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    Ok(stand_in)
}

/// Flags that keep this machine's folders out of the page's messages.
fn shortened_paths() -> impl Iterator<Item = String> {
    let home = std::env::home_dir();
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(home?.join(".cargo")));
    let sysroot = shell::output(&mut shell::command("rustc", &["--print", "sysroot"]));
    let sysroot = sysroot.map(|sysroot| PathBuf::from(sysroot.trim()));
    let folders = [
        (Some(shell::root()), "avow"),
        (cargo.map(|cargo| cargo.join("registry/src")), "crates"),
        (sysroot.map(|sysroot| sysroot.join("lib/rustlib/src/rust")), "rust"),
    ];
    folders.into_iter().filter_map(|(folder, name)| {
        Some(format!("--remap-path-prefix={}={name}", folder?.to_str()?))
    })
}

/// Runs as wasm-bindgen; the page's file is split before.
pub fn stand_in(arguments: Vec<OsString>) -> Outcome {
    let real = std::env::var_os(REAL)
        .ok_or_else(|| Failure::new(format!("{REAL} must name the real wasm-bindgen")))?;
    let is_page = |argument: &OsString| {
        let path = Path::new(argument);
        path.extension() == Some(OsStr::new("wasm")) && path.file_stem() == Some(OsStr::new(SPLIT))
    };
    let mut arguments = arguments;
    if let Some(page) = arguments.iter_mut().find(|argument| is_page(argument)) {
        *page = split(Path::new(page))?.into();
        // The second part shares the first one's table of functions, which is exported for it.
        arguments.push("--keep-lld-exports".into());
    }
    shell::run(std::process::Command::new(real).args(arguments))
}

/// Writes both parts and the script that loads the second; gives the first one's path.
fn split(page: &Path) -> Outcome<PathBuf> {
    let folder = folder();
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).doing("create", &folder)?;
    let input = fs::read(page).doing("read", page)?;
    let first = folder.join(format!("{SPLIT}.wasm"));
    let mut options = Options::new(&input);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = "./__wasm_split.js";
    options.main_module = "./avow.js";
    transform(options)
        .map_err(|error| Failure::new(format!("cannot split {}: {error:#}", page.display())))?;
    Ok(first)
}

/// What the script that fetches the second part has besides.
const PARTS: &str = include_str!("parts.js");

/// Has the script that fetches the second part wait for what else that needs.
pub fn with_parts(link: &str) -> Outcome<String> {
    const NO_MORE: &str = "\n, []));";
    Ok(replaced(link, NO_MORE, "\n, [style, seldom]));\n")? + PARTS)
}

/// Fetches the functions that are seldom run where this browser has stored something: opening that runs many.
pub const STORED: &str = "globalThis.avowDatabase?.then((it) => it && import1.compiled())";

/// How the first part starts.
const START: &str = include_str!("start.js");

/// Has the script of the first part start it as `start.js` says.
fn with_start(script: &str) -> Outcome<String> {
    const LOAD: &str = "async function __wbg_load(module, imports) {";
    let (script, _) = script
        .split_once(LOAD)
        .ok_or_else(|| Failure::new(format!("the page's script has no {LOAD:?}")))?;
    let start = replaced(START, "STORED?", &format!("{STORED}?"))?;
    // One import for each of the two things that the wasm file takes from the same script.
    let script = replaced(script, &format!("import * as import2 from \"./{LINK}\"\n"), "")?;
    Ok(replaced(&script, &format!("\"./{LINK}\": import2,\n"), "")? + &start)
}

/// What is taken out of the first part.
#[derive(Clone, Copy)]
pub enum Taken {
    /// What `seldom.txt` lists.
    Listed,
    /// Nothing: its functions write down that they ran, for a list to be made of those that did not.
    NothingAndCounted,
}

/// What such a page's functions are known by: where in its memory the first writes down that it ran, then
/// a line for each.
pub fn counted_functions() -> PathBuf {
    folder().join("functions.txt")
}

/// The first part with functions that write down that they ran.
fn counted(first: &[u8]) -> Outcome<Vec<u8>> {
    let Counted { module, start, functions } = seldom::counted(first)?;
    let mut lines = format!("{start}");
    for hash in functions {
        lines.push('\n');
        lines.extend(hash.map(|hash| format!("{hash:08x}")));
    }
    let path = counted_functions();
    fs::write(&path, lines).doing("write", &path)?;
    Ok(module)
}

/// Puts the second part into the page, all files that name each other under one new hash: a first
/// and a second part of two builds never meet, and both can be cached for ever.
pub fn join(out: &Path, files: &mut BTreeSet<PathBuf>, taken: Taken) -> Outcome {
    let named = |start: &str, end: &str| {
        let fits = |file: &&PathBuf| {
            file.to_str().is_some_and(|name| name.starts_with(start) && name.ends_with(end))
        };
        let found = files.iter().find(fits).cloned();
        found.ok_or_else(|| Failure::new(format!("the built page has no {start}*{end}")))
    };
    let old = [named("avow-", ".js")?, named("avow-", "_bg.wasm")?];
    let text = |path: PathBuf| fs::read_to_string(&path).doing("read", &path);
    let bytes = |path: PathBuf| fs::read(&path).doing("read", &path);
    let (script, first) = (text(out.join(&old[0]))?, bytes(out.join(&old[1]))?);
    let (link, second) = (text(folder().join(LINK))?, bytes(folder().join(SECOND))?);
    let (script, first) = slim::names_between(&script, &first)?;
    let (script, link) = (with_start(&script)?, with_parts(&link)?);
    let link = replaced(&link, "STYLE", &slim::join_styles(out, files)?)?;
    let Apart { first, later: seldom } = match taken {
        Taken::Listed => {
            let list = Seldom::of(include_str!("../seldom.txt"))?;
            seldom::apart(&first, |name| list.holds(name))?
        }
        Taken::NothingAndCounted => seldom::apart(&counted(&first)?, |_| false)?,
    };
    let hash = shell::hash([script.as_bytes(), &first, link.as_bytes(), &second, &seldom]);
    let new = ["avow-H.js", "avow-H_bg.wasm", "work-H.js", "work-H.wasm", "seldom-H.wasm"];
    let new = new.map(|name| name.replace('H', &hash));

    // The wasm file itself goes on calling it by its old name.
    let from = |name: &str| format!("from \"./{name}\"");
    let script = replaced(&script, &from(LINK), &from(&new[2]))?;
    let link = replaced(&replaced(&link, "avow.js", &new[0])?, SECOND, &new[3])?;
    let link = replaced(&link, "SELDOM", &new[4])?;
    let contents = [script.as_bytes(), &first, link.as_bytes(), &second, &seldom];
    for (name, content) in new.iter().zip(contents) {
        let path = out.join(name);
        fs::write(&path, content).doing("write", &path)?;
    }
    let index = out.join("index.html");
    let mut page = text(index.clone())?;
    for (old, new) in old.iter().zip(&new) {
        page = replaced(&page, &old.to_string_lossy(), new)?;
        fs::remove_file(out.join(old)).doing("remove", &out.join(old))?;
        files.remove(old);
    }
    // The page's script asks for it, which the browser learns only when that has come.
    let ahead = format!("<link rel=\"modulepreload\" href=\"./{}\">\n</head>", new[2]);
    page = replaced(&page, "</head>", &ahead)?;
    fs::write(&index, page).doing("write", &index)?;
    files.extend(new.map(PathBuf::from));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_starts_as_start_js_says() {
        let script = format!(
            "import * as import1 from \"./{LINK}\"\nimport * as import2 from \"./{LINK}\"\n\
             \"./{LINK}\": import1,\n\"./{LINK}\": import2,\nfunction __wbg_finalize_init() {{}}\n"
        );
        let load =
            "async function __wbg_load(module, imports) {\n}\nfunction initSync(module) {}\n";
        let started = with_start(&format!("{script}{load}")).expect("it is of that shape");
        let one = format!(
            "import * as import1 from \"./{LINK}\"\n\
             \"./{LINK}\": import1,\nfunction __wbg_finalize_init() {{}}\n"
        );
        let start = started.strip_prefix(&one).expect("what stands before is kept");
        assert!(!started.contains("__wbg_load") && start.contains(STORED), "{start}");
        assert_eq!(start.matches("function initSync").count(), 1);
        assert!(with_start(&script).is_err(), "it does not load");
    }
}
