//! The layers of `src/`, held: what may name what, and what only `web` may name.

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer may name those in earlier rows; those of one row do not know each other.
const LAYERS: &[&[&str]] = &[
    &["text"],
    &["scheme"],
    &["annotation"],
    &["project"],
    &["edit"],
    &["format", "highlight", "search", "suggest"],
    &["store"],
    &["job"],
    &["editor"],
    &["cli", "web"],
];

/// What names a browser.
const BROWSER: &[&str] =
    &["wasm_bindgen", "web_sys", "js_sys", "yew", "gloo", "serde_wasm_bindgen"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All Rust files below a folder, with their text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The code of a file without its comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default()))
}

/// Whether a line names a word, not as a part of a longer one.
fn names(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[test]
fn no_layer_names_one_to_its_right() {
    let mut wrong = Vec::new();
    for (row, siblings) in LAYERS.iter().enumerate() {
        for layer in *siblings {
            let folder = source().join(layer);
            let later = LAYERS[row + 1..].iter().flat_map(|row| row.iter());
            let forbidden: Vec<&str> =
                later.chain(siblings.iter().filter(|it| *it != layer)).copied().collect();
            for (path, text) in files(&folder) {
                for (line, code) in code(&text) {
                    for other in &forbidden {
                        if names(code, &format!("crate::{other}")) {
                            wrong.push(format!("{}:{line}: {layer} names {other}", path.display()));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_a_layer() {
    let known: Vec<&str> = LAYERS.iter().flat_map(|row| row.iter().copied()).collect();
    for entry in fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            !path.is_dir() || name == "bin" || known.contains(&name.as_str()),
            "src/{name} is in no row of LAYERS"
        );
    }
}

#[test]
fn only_web_names_a_browser_or_a_target() {
    let mut wrong = Vec::new();
    for layer in LAYERS.iter().flat_map(|row| row.iter()).filter(|layer| **layer != "web") {
        for (path, text) in files(&source().join(layer)) {
            for (line, code) in code(&text) {
                let browser = BROWSER.iter().filter(|word| names(code, word)).copied();
                // What a test needs may be native only.
                let target = code.contains("target_arch") && !code.contains("cfg(all(test,");
                let target = target.then_some("target_arch");
                for word in browser.chain(target) {
                    wrong.push(format!("{}:{line}: {layer} names {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in files(&source()) {
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}
