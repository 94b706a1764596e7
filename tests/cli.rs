//! The `avow` command as scripts use it: what it writes, what it says, how it ends.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

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
        (vec!["convert", PROJECT, "--to", "csv", "-o", "-"], 1, "writes 3 files"),
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
