//! What a project of lines, and a dataset of lines that is made of it, cost on their way through commands:
//! time, and how much is in memory at most, for a thousand articles and for a hundred thousand.
//!
//! `cargo bench --bench stream` prints it. Ten times as many articles should take ten times as long;
//! memory grows by what the index holds of each, and not by texts and annotations. A split adds some
//! bytes for each word.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

const INVENTED: &str = include_str!("../tests/golden/invented.avow.jsonl");

/// A file of so many articles of some five kilobytes.
fn write(path: &Path, articles: usize) {
    let mut lines = INVENTED.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let mut head = lines.next().unwrap();
    for key in ["groups", "relations", "deleted"] {
        head[key] = json!([]);
    }
    // What few articles have would be in the index of each.
    const KEYS: [&str; 6] = ["id", "title", "text", "sha256", "source", "sets"];
    let keep = |mut article: Json| {
        article.as_object_mut().unwrap().retain(|key, _| KEYS.contains(&&key[..]));
        article
    };
    let templates: Vec<Json> = lines.map(keep).collect();
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "{head}").unwrap();
    let said = |time: usize| {
        format!(
            "The council met for time {time} and spoke of rain, of roofs and of what mending costs.\n"
        )
    };
    for at in 0..articles {
        let mut article = templates[at % templates.len()].clone();
        article["id"] = json!(format!("article-{at}"));
        // No two are copies of each other.
        let more: String = (0..60).map(|time| said(at * 60 + time)).collect();
        article["text"] = json!(article["text"].as_str().unwrap().to_owned() + &more);
        article["sha256"] = Json::Null;
        writeln!(out, "{article}").unwrap();
    }
    out.flush().unwrap();
}

/// How long a command takes, and the most that it has in memory, in kilobytes; that is only known on
/// Linux.
fn run(arguments: &[&str]) -> (Duration, Option<u64>) {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_avow"))
        .args(arguments)
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let ended = loop {
        let said = fs::read_to_string(&status).unwrap_or_default();
        let most = said.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = most.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok()).or(peak);
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(ended.success(), "{arguments:?}");
    (started.elapsed(), peak)
}

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stream");
    fs::create_dir_all(&folder).unwrap();
    let (input, out) = (folder.join("large.avow.jsonl"), folder.join("out"));
    println!(
        "{:<8} {:<11} {:>8} {:>6} {:>7} {:>7} {:>9}",
        "from", "", "articles", "MB", "s", "MB/s", "peak MB"
    );
    for articles in [1_000, 10_000, 100_000] {
        write(&input, articles);
        let dataset = folder.join("train.jsonl");
        measure("project", &input, &out, articles);
        fs::rename(out.join("train.jsonl"), &dataset).unwrap();
        measure("dataset", &dataset, &out, articles);
    }
    fs::remove_dir_all(&folder).unwrap();
}

/// Prints what commands cost that read a file of so many articles.
fn measure(name: &str, input: &Path, out: &Path, articles: usize) {
    let megabytes = fs::metadata(input).unwrap().len() as f64 / 1e6;
    let (from, to) = (input.to_str().unwrap(), out.to_str().unwrap());
    let merged = out.join("merged.avow.jsonl");
    let commands = [
        ("stats", vec!["stats", from]),
        ("avow-lines", vec!["convert", from, "--to", "avow-lines", "-o", to]),
        ("training", vec!["convert", from, "--to", "training", "-o", to]),
        ("split", vec!["split", from]),
        ("merge", vec!["merge", from, from, "-o", merged.to_str().unwrap()]),
    ];
    for (command, arguments) in commands {
        let (time, peak) = run(&arguments);
        let seconds = time.as_secs_f64();
        let peak = peak.map_or_else(|| "?".to_owned(), |it| format!("{:.0}", it as f64 / 1e3));
        println!(
            "{name:<8} {command:<11} {articles:>8} {megabytes:>6.0} {seconds:>7.2} {:>7.0} {peak:>9}",
            megabytes / seconds
        );
    }
}
