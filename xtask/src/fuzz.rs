//! Fuzzing: each reader is given what libFuzzer makes of files that the project has or writes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use avow::format::dataset::{Choice, FORMATS, Whose};
use avow::format::{native, scheme_file, zip};
use avow::project::Project;
use serde_json::Value as Json;

use crate::shell::{self, Doing, Failure, Outcome, fail};
use crate::tools;

/// Runs the target of that name, or all, each for so long, and says how many inputs it was given.
pub fn run(target: Option<&str>, seconds: u32) -> Outcome {
    let mut names = targets()?;
    if let Some(target) = target {
        if !names.iter().any(|name| name == target) {
            return fail(format!("there is no target {target:?}; there are {}", names.join(", ")));
        }
        names = vec![target.to_owned()];
    }
    let tool = tools::cargo_fuzz()?;
    // The versions of what readers are made of are those that the project is built with.
    let lock = folder().join("Cargo.lock");
    fs::copy(shell::root().join("Cargo.lock"), &lock).doing("write", &lock)?;
    shell::run(cargo_fuzz(&tool, "build").args(target))?;

    let ran = names.iter().map(|name| {
        println!("{name}, for {seconds} s …");
        run_one(&tool, name, seconds)
    });
    let ran = ran.collect::<Outcome<Vec<Ran>>>()?;
    println!("\n{:<12} {:>12}", "target", "inputs");
    for (name, ran) in names.iter().zip(&ran) {
        println!("{name:<12} {:>12} {}", ran.inputs, ran.failed.as_deref().unwrap_or_default());
    }
    match ran.iter().filter(|ran| ran.failed.is_some()).count() {
        0 => Ok(()),
        count => fail(format!("{count} of {} targets failed", names.len())),
    }
}

fn folder() -> PathBuf {
    shell::root().join("tests/fuzz")
}

/// The names of all targets.
fn targets() -> Outcome<Vec<String>> {
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    Ok(files(&folder().join("targets"), ".rs")?.into_iter().filter_map(stem).collect())
}

/// The address sanitizer would need a nightly compiler, and the project has no unsafe code.
fn cargo_fuzz(tool: &Path, act: &str) -> Command {
    let mut command = shell::command(tool, &["fuzz", act, "--sanitizer", "none", "--fuzz-dir"]);
    command.arg(folder()).arg("--target-dir").arg(shell::target().join("fuzz"));
    command
}

/// What became of a target.
struct Ran {
    inputs: u64,
    /// Where its trace and the input lie, if one made it fail.
    failed: Option<String>,
}

fn run_one(tool: &Path, target: &str, seconds: u32) -> Outcome<Ran> {
    let corpus = folder().join("corpus").join(target);
    fs::create_dir_all(&corpus).doing("create", &corpus)?;
    let mut words = BTreeSet::new();
    for (number, seed) in seeds(target)?.into_iter().enumerate() {
        words.extend(keys(&String::from_utf8_lossy(&seed)));
        let path = corpus.join(format!("seed-{number:03}"));
        fs::write(&path, seed).doing("write", &path)?;
    }
    let dictionary = corpus.with_extension("dict");
    let lines: String = words.iter().map(|word| format!("\"\\\"{word}\\\"\"\n")).collect();
    fs::write(&dictionary, lines).doing("write", &dictionary)?;

    let log = shell::target().join("fuzz").join(format!("{target}.log"));
    let output = File::create(&log).doing("create", &log)?;
    let mut command = cargo_fuzz(tool, "run");
    command.arg(target).arg(&corpus).arg("--");
    // An empty one is refused.
    command.args((!words.is_empty()).then(|| format!("-dict={}", dictionary.display())));
    command.args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    command.arg(format!("-max_total_time={seconds}")).stderr(output);
    let result = shell::run(&mut command);

    let said = String::from_utf8_lossy(&fs::read(&log).doing("read", &log)?).into_owned();
    let behind = |what: &str| said.lines().find_map(|line| line.split_once(what)).map(|it| it.1);
    let inputs = behind("stat::number_of_executed_units:").and_then(|it| it.trim().parse().ok());
    let failed = result.err().map(|failure| match behind("Test unit written to ") {
        Some(input) => format!("FAILED by {input}; see {}", log.display()),
        None => format!("FAILED: {failure}; see {}", log.display()),
    });
    Ok(Ran { inputs: inputs.unwrap_or(0), failed })
}

/// What a target begins with.
fn seeds(target: &str) -> Outcome<Vec<Vec<u8>>> {
    let root = shell::root();
    let stored = root.join("tests/store/v1.json");
    let read = |path: &Path| fs::read(path).doing("read", path);
    let all = |folder: &str, ending| -> Outcome<Vec<Vec<u8>>> {
        files(&root.join(folder), ending)?.iter().map(|path| read(path)).collect()
    };
    Ok(match target {
        "articles" => {
            let paths = ["www/articles", "tests/cases/html", "tests/golden"]
                .map(|folder| files(&root.join(folder), ""));
            let paths = paths.into_iter().collect::<Outcome<Vec<_>>>()?.concat();
            let input = |path: &PathBuf| {
                let name = path.file_name().unwrap_or_default().as_encoded_bytes();
                Ok([name, b"\n", &read(path)?].concat())
            };
            paths.iter().map(input).collect::<Outcome<_>>()?
        }
        "dataset" | "laws" => datasets()?,
        "deployment" => {
            let out = shell::target().join("fuzz/deployment");
            avow::cli::deployment::build(&root.join("www/articles"), &out)
                .map_err(|error| Failure::new(error.to_string()))?;
            vec![
                read(&out.join("articles/index.json"))?,
                read(&root.join("tests/golden/sharded/index.json"))?,
            ]
        }
        "encoding" => {
            let texts = all("www/articles", ".txt")?;
            let utf_16 = |bytes: &Vec<u8>| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            };
            let others = texts.iter().map(utf_16).chain(all("www/articles", ".html")?);
            others.chain(texts.iter().cloned()).collect()
        }
        "html" => [all("www/articles", ".html")?, all("tests/cases/html", ".html")?].concat(),
        "markdown" => all("docs", ".md")?,
        "native" => [all("tests/golden", ".json")?, all("tests/golden", ".jsonl")?].concat(),
        "rescue" => vec![read(&stored)?],
        "rows" => rows()?,
        "scheme_file" => vec![scheme_file::write(invented()?.scheme()).into_bytes()],
        "stored" => {
            let file: Json = serde_json::from_slice(&read(&stored)?)
                .map_err(|error| Failure::new(format!("{}: {error}", stored.display())))?;
            let stores = file["stores"].as_object().into_iter().flat_map(|stores| stores.values());
            let entries = stores.filter_map(Json::as_array).flatten();
            entries.map(|entry| entry["value"].to_string().into_bytes()).collect()
        }
        "zip" => {
            let text = native::write(&invented()?).unwrap_or_default();
            let files = [("one.json", text.as_bytes()), ("folder/two.txt", b"Two.")];
            vec![zip::write(files).map_err(|error| Failure::new(error.to_string()))?]
        }
        _ => Vec::new(),
    })
}

/// The golden project in every format: the format's number, then each file with its path.
fn datasets() -> Outcome<Vec<Vec<u8>>> {
    let project = invented()?;
    let mut all = Vec::new();
    for (number, format) in (0..).zip(FORMATS) {
        for whose in [Whose::All, Whose::Gold] {
            let choice = Choice { whose, ..Choice::default() };
            let export = format.write(&project, &choice);
            let files = export.map_err(|error| Failure::new(error.to_string()))?.files;
            let files: Vec<String> =
                files.into_iter().map(|file| format!("{}\n{}", file.name, file.content)).collect();
            all.push([&[number][..], files.join("\u{1e}").as_bytes()].concat());
        }
    }
    Ok(all)
}

/// The golden project in the formats of lines.
fn rows() -> Outcome<Vec<Vec<u8>>> {
    let project = invented()?;
    let written = FORMATS.iter().map(|format| {
        let export = format.write(&project, &Choice::default());
        let files = export.map_err(|error| Failure::new(error.to_string()))?.files;
        Ok(files.into_iter().filter(|file| file.name.ends_with(".jsonl")))
    });
    let files = written.collect::<Outcome<Vec<_>>>()?.into_iter().flatten();
    Ok(files.map(|file| file.content.into_bytes()).collect())
}

fn invented() -> Outcome<Project> {
    let path = shell::root().join("tests/golden/invented.avow.json");
    let text = fs::read_to_string(&path).doing("read", &path)?;
    let read = native::read("invented.avow.json", &text);
    Ok(read.map_err(|error| Failure::new(error.to_string()))?.project)
}

/// The short words within quotation marks, which are keys and names for the most part.
fn keys(seed: &str) -> impl Iterator<Item = String> {
    let is_key = |word: &&str| {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
        (1..32).contains(&word.len()) && word.bytes().all(plain)
    };
    seed.split('"').filter(is_key).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// The files of a folder whose names end so, by their names.
fn files(folder: &Path, ending: &str) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).doing("read", folder)?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && path.to_string_lossy().ends_with(ending))
        .collect();
    paths.sort();
    Ok(paths)
}
