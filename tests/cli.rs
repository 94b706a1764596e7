//! The `avow` command as scripts use it: what it writes, what it says, how it ends.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use avow::format::dataset::{FORMATS, Package, Wanted};
use avow::format::encoding;
use avow::format::native::{self, Layout};
use serde_json::{Value as Json, json};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/invented.avow.json");
const LINES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/invented.avow.jsonl");
const DATASET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/dataset");

fn avow(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_avow"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Where nothing is read, the pipe may be closed already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

#[test]
fn a_project_goes_through_pipes_in_both_layouts() {
    let (object, lines) = (fs::read(PROJECT).unwrap(), fs::read(LINES).unwrap());
    for (input, to, expected) in
        [(&object, "avow-lines", &lines), (&lines, "avow", &object), (&object, "avow", &object)]
    {
        let output = avow(&["convert", "-", "--to", to, "-o", "-"], input);
        assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()), "{to}");
        assert!(output.stdout == **expected, "{to}");
    }
}

#[test]
fn a_dataset_is_a_folder_and_what_it_lost_is_said() {
    let out = folder("a_dataset");
    for to in ["csv", "training"] {
        let output = avow(&["convert", LINES, "--to", to, "-o", out.to_str().unwrap()], b"");
        assert_eq!(output.status.code(), Some(0));
        let losses = fs::read_to_string(format!("{DATASET}/{to}/losses.txt")).unwrap();
        for loss in losses.lines() {
            assert!(said(&output).contains(loss), "{loss}");
        }
    }
    for name in
        ["csv/articles.csv", "csv/annotations.csv", "csv/relations.csv", "training/train.jsonl"]
    {
        let expected = fs::read(format!("{DATASET}/{name}")).unwrap();
        let (_, file) = name.split_once('/').unwrap();
        assert!(fs::read(out.join(file)).unwrap() == expected, "{name}");
    }
}

#[test]
fn what_cannot_be_done_is_said_and_writes_nothing() {
    let out = folder("nothing");
    let to = out.to_str().unwrap();
    for (arguments, status, why) in [
        (vec!["convert", "no-such-file", "--to", "csv", "-o", to], 1, "no-such-file"),
        (
            vec!["convert", file!(), "--to", "csv", "-o", to],
            1,
            "does not say `\"format\": \"avow\"`",
        ),
        (vec!["convert", PROJECT, "--to", "csv", "-o", "-"], 1, "writes several files"),
        (
            vec!["convert", PROJECT, "--to", "csv", "--label", "lie", "-o", to],
            1,
            "There is no label “lie”; there are: Claim, Denial, Quote",
        ),
        (vec!["convert", PROJECT, "--to", "csv", "--annotator", "Zed", "-o", to], 1, "“Zed”"),
        (vec!["convert", PROJECT, "--to", "pdf", "-o", to], 2, "possible values"),
        (vec!["convert", PROJECT, "--to", "csv"], 2, "--out"),
        (
            vec!["convert", PROJECT, "--to", "csv", "--gold", "--annotator", "a", "-o", to],
            2,
            "--gold",
        ),
        (vec!["translate"], 2, "translate"),
        (vec![], 2, "Usage"),
    ] {
        let output = avow(&arguments, b"");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(why), "{arguments:?}: {}", said(&output));
        assert!(output.stdout.is_empty() && !out.exists(), "{arguments:?}");
    }
}

#[test]
fn what_is_wrong_in_a_file_is_said_and_the_rest_is_written() {
    let damaged = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/damaged.avow.json");
    let output = avow(&["convert", damaged, "--to", "avow", "-o", "-"], b"");
    assert_eq!(output.status.code(), Some(0));
    let repaired = damaged.replace("damaged.avow", "damaged.repaired.avow");
    assert!(output.stdout == fs::read(repaired).unwrap());
    assert!(said(&output).lines().count() > 5, "{}", said(&output));
}

#[test]
fn check_says_each_broken_rule_and_stats_counts() {
    let output = avow(&["check", PROJECT], b"");
    assert_eq!(output.status.code(), Some(1));
    let found = String::from_utf8(output.stdout.clone()).unwrap();
    let rules: Vec<Vec<&str>> = found.lines().map(|line| line.split('\t').collect()).collect();
    assert!(rules.iter().all(|cells| cells.len() == 5), "{found}");
    assert!(rules.iter().any(|cells| cells[..4] == ["one", "ada", "d1", "crossing"]), "{found}");
    assert!(said(&output).contains(&format!("Broken rules: {}.", rules.len())));

    let output = avow(&["stats", "-"], &fs::read(LINES).unwrap());
    assert_eq!(output.status.code(), Some(0));
    let table = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0][..6], ["annotator", "name", "todo", "doing", "done", "skipped"]);
    let ada = rows.iter().find(|row| row[0] == "ada").unwrap();
    assert_eq!((ada[1], ada[4]), ("Ada", "1"));
    let column = |row: usize, at: usize| rows[row][at].parse::<u32>().unwrap();
    let last = rows.len() - 1;
    for at in 2..rows[0].len() {
        assert_eq!((1..last).map(|row| column(row, at)).sum::<u32>(), column(last, at));
    }
}

#[test]
fn split_says_the_part_of_each_article_as_convert_splits() {
    let output = avow(&["split", PROJECT, "--parts", "50/0/50", "--seed", "3"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).contains("seed 3"));
    let parts = String::from_utf8(output.stdout).unwrap();
    let out = folder("split");
    let split = ["--split", "50/0/50", "--seed", "3", "-o", out.to_str().unwrap()];
    let output = avow(&[&["convert", PROJECT, "--to", "brat"][..], &split[..]].concat(), b"");
    assert_eq!(output.status.code(), Some(0));
    for line in parts.lines() {
        let (article, part) = line.split_once('\t').unwrap();
        assert!(out.join(part).join("ada").join(format!("{article}.ann")).exists(), "{line}");
    }
}

#[test]
fn merging_a_copy_changes_nothing_and_another_project_is_none() {
    let output = avow(&["merge", PROJECT, LINES, "-o", "-"], b"");
    assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()));
    assert!(output.stdout == fs::read(PROJECT).unwrap());

    let out = folder("merge").join("both.avow.jsonl");
    let other = folder("other").join("other.avow.json");
    let text = fs::read_to_string(PROJECT).unwrap();
    fs::create_dir_all(other.parent().unwrap()).unwrap();
    fs::write(&other, text.replacen("\"id\": \"invented\"", "\"id\": \"other\"", 1)).unwrap();
    let (other, out) = (other.to_str().unwrap(), out.to_str().unwrap());
    let output = avow(&["merge", PROJECT, other, "-o", out], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("another project"));
    assert!(!PathBuf::from(out).exists());

    let output = avow(&["merge", LINES, PROJECT, "-o", out], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(fs::read(out).unwrap() == fs::read(LINES).unwrap());
}

#[test]
fn shells_complete_and_an_archive_is_written() {
    let output = avow(&["completions", "bash"], b"");
    assert_eq!(output.status.code(), Some(0));
    let script = String::from_utf8(output.stdout).unwrap();
    for word in ["convert", "label-studio", "--split"] {
        assert!(script.contains(word), "{word}");
    }
    let out = folder("archive").join("data.zip");
    let output = avow(&["convert", PROJECT, "--to", "spacy", "-o", out.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(0));
    let files = avow::format::zip::read(&fs::read(out).unwrap()).unwrap();
    let (_, docs) = files.iter().find(|(name, _)| name == "spacy.jsonl").unwrap();
    assert!(*docs == fs::read(format!("{DATASET}/spacy/spacy.jsonl")).unwrap());
}

#[test]
fn datasets_are_read_from_folders_and_archives() {
    let out = folder("back");
    for to in ["brat", "label-studio", "training"] {
        let (dir, packed) = (out.join(to), out.join(format!("{to}.zip")));
        for path in [&dir, &packed] {
            let path = path.to_str().unwrap();
            let output = avow(&["convert", PROJECT, "--to", to, "-o", path], b"");
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            let output = avow(&["convert", path, "--to", "conll", "-o", "-"], b"");
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            let expected = avow(&["convert", PROJECT, "--to", "conll", "-o", "-"], b"");
            assert_eq!(
                String::from_utf8(output.stdout).unwrap(),
                String::from_utf8(expected.stdout).unwrap(),
                "{path}"
            );
        }
    }
}

/// All files below a folder, by their paths within it.
fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn a_file_of_lines_is_read_as_a_stream_and_gives_the_same_dataset() {
    for format in FORMATS {
        let [streamed, whole] = [(LINES, "streamed"), (PROJECT, "whole")].map(|(input, name)| {
            let out = folder(&format!("{name}_{}", format.id));
            let to = out.to_str().unwrap();
            let output = avow(&["convert", input, "--to", format.id, "-o", to], b"");
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            files_in(&out)
        });
        let project =
            native::read("project", &fs::read_to_string(PROJECT).unwrap()).unwrap().project;
        let package = Package::of(&project, &Wanted::new(format)).unwrap();
        let in_memory: BTreeMap<String, Vec<u8>> =
            package.files.into_iter().map(|file| (file.name, file.content.into_bytes())).collect();
        assert!(streamed == in_memory && whole == in_memory, "{}", format.id);
    }
}

#[test]
fn what_is_wrong_in_a_line_is_said_with_its_place_and_no_other_is_lost() {
    let lines = fs::read_to_string(LINES).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    let broken = [&[lines[0]][..], &["", "{\"id\":", "7", lines[1]], &lines[1..]].concat();
    let bytes = broken.join("\n").into_bytes();
    let output = avow(&["convert", "-", "--to", "avow-lines", "-o", "-"], &bytes);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout == fs::read(LINES).unwrap());
    for (line, what) in
        [(3, "It is not JSON"), (4, "The line is no object"), (6, "has an id that another has")]
    {
        let place = format!("-, line {line}: ");
        let said = said(&output);
        let found = said.lines().find(|it| it.starts_with(&place));
        assert!(found.is_some_and(|it| it.contains(what)), "{place}{what}\n{said}");
    }
}

#[test]
fn a_project_may_be_written_over_itself() {
    let out = folder("over_itself");
    fs::create_dir_all(&out).unwrap();
    let file = out.join("project.avow.jsonl");
    fs::copy(LINES, &file).unwrap();
    let (from, to) = (file.to_str().unwrap(), out.to_str().unwrap());
    let output = avow(&["convert", from, "--to", "avow-lines", "-o", to], b"");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(fs::read(&file).unwrap() == fs::read(LINES).unwrap());
    assert_eq!(files_in(&out).len(), 1, "nothing is left beside it");
}

/// A pipe can be read once only.
#[cfg(unix)]
#[test]
fn a_project_comes_through_a_pipe_with_a_name() {
    for input in [LINES, PROJECT] {
        let input = fs::read(input).unwrap();
        let output = avow(&["convert", "/dev/stdin", "--to", "avow-lines", "-o", "-"], &input);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(output.stdout == fs::read(LINES).unwrap());
    }
}

#[test]
fn a_file_of_lines_is_on_the_command_line_what_it_is_in_the_page() {
    let object: Json = serde_json::from_str(&fs::read_to_string(PROJECT).unwrap()).unwrap();
    let article = |id: &str| json!({ "id": id, "text": "It rained in the caf\u{e9}.", "sets": [] });
    let mut head = object.clone();
    for key in ["groups", "relations", "deleted"] {
        head[key] = json!([]);
    }
    head["project"].as_object_mut().unwrap().remove("id");
    head["articles"] = json!([{ "id": "z" }, { "id": "y" }, { "id": "x" }, article("w")]);
    let text = format!("\n{head}\n\n{}\r\n{}", article("c"), article("b"));
    let latin: Vec<u8> = text.chars().map(|char| u8::try_from(char).unwrap_or(b'?')).collect();
    for bytes in [text.into_bytes(), latin] {
        let decoded = encoding::decode(&bytes).text;
        let project = native::read_lines("-", &decoded).unwrap().project;
        for (to, layout) in [("avow-lines", Layout::Lines), ("avow", Layout::Object)] {
            let output = avow(&["convert", "-", "--to", to, "-o", "-"], &bytes);
            assert_eq!(String::from_utf8(output.stdout).unwrap(), layout.write(&project).unwrap());
        }
    }
}
