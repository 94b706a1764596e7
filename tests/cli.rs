//! The `avow` command as scripts use it: what it writes, what it says, how it ends.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use avow::annotation::Timestamp;
use avow::format::dataset::{self, FORMATS, Package, SourceFile, Wanted, project_id};
use avow::format::deployment::{self, Deployment};
use avow::format::encoding;
use avow::format::native::{self, Layout};
use avow::text::Text;
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
            vec!["convert", PROJECT, "--to", "avow", "--without-text", "-o", to],
            1,
            "leave --without-text out",
        ),
        (vec!["convert", PROJECT, "--to", "avow-lines", "-o", "rain.zip"], 1, "name a folder"),
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
fn a_split_is_the_same_from_both_layouts_and_says_how_what_is_widespread_begins() {
    // Each article has words of its own, and below them the lines of its paper.
    let own = |at: usize| (0..80).map(|word| format!("w{at}x{word}")).collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = (0..60).map(|word| format!("Line{word}")).collect();
    let article = |at: usize| {
        let text = format!("{}. {}.", own(at), lines.join(" "));
        let sets = json!([{"annotator": "ada", "status": "done", "annotations": []}]);
        json!({"id": format!("a{at}"), "title": "", "text": text, "sets": sets})
    };
    let articles: Vec<Json> = (10..40).map(article).collect();
    let mut file: Json = serde_json::from_slice(&fs::read(PROJECT).unwrap()).unwrap();
    for key in ["groups", "relations", "deleted"] {
        file[key] = json!([]);
    }
    let folder = folder("widespread");
    fs::create_dir_all(&folder).unwrap();
    let [object, of_lines] =
        ["a.avow.json", "a.avow.jsonl"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    file["articles"] = json!(articles);
    fs::write(&object, file.to_string()).unwrap();
    file.as_object_mut().unwrap().remove("articles");
    let all: String = [&file].into_iter().chain(&articles).map(|it| format!("{it}\n")).collect();
    fs::write(&of_lines, all).unwrap();

    let split = |input: &str| {
        let output = avow(&["split", input], b"");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        (String::from_utf8(output.stdout.clone()).unwrap(), said(&output))
    };
    let (parts, report) = split(&object);
    assert_eq!(parts.lines().count(), 30);
    let begins = "in 30 articles, such as a10: “Line0 Line1 Line2 Line3 Line4 Line5 Line6 Line7 …”";
    assert!(report.contains(begins), "{report}");
    assert_eq!(split(&of_lines), (parts, report.clone()));
    assert_eq!(split(PROJECT), split(LINES));
    for input in [&object, &of_lines] {
        let out = folder.join("out");
        let split = ["--split", "80/10/10", "-o", out.to_str().unwrap()];
        let output = avow(&[&["convert", input, "--to", "training"][..], &split[..]].concat(), b"");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(fs::read_to_string(out.join("split.txt")).unwrap(), report);
        fs::remove_dir_all(out).unwrap();
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

/// Runs `avow shard` into a folder of its own for a test; gives what is in that.
fn shards(input: &str, name: &str, arguments: &[&str]) -> (Output, BTreeMap<String, Vec<u8>>) {
    let out = folder(name);
    let all = [&["shard", input, "-o", out.to_str().unwrap()], arguments].concat();
    let output = avow(&all, b"");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let again = avow(&all, b"");
    assert_eq!((&again.stdout, &again.stderr), (&output.stdout, &output.stderr));
    (output, files_in(&out.join("articles")))
}

/// A project of so many invented articles, in lines.
fn corpus(articles: usize) -> String {
    let mut lines = fs::read_to_string(LINES).unwrap();
    lines.truncate(lines.find('\n').unwrap() + 1);
    for at in 0..articles {
        let text = format!("Der Fuchs Nr. {at} rief: „Früh!“ 🦉\nDie Krähe schwieg.\n");
        lines += &json!({"id": format!("fox-{at}"), "title": format!("Fox {at}"), "text": text,
            "source": {"file": format!("foxes/{at}.txt"), "language": "de"}})
        .to_string();
        lines.push('\n');
    }
    lines
}

/// That the index names each text where it is.
fn check_shards(files: &BTreeMap<String, Vec<u8>>) -> Deployment {
    let index = str::from_utf8(&files["index.json"]).unwrap();
    let (deployment, problems) = deployment::parse(index).unwrap();
    assert_eq!(problems, []);
    assert_eq!(deployment.to_json(), index);
    let mut lines = 0;
    for entry in &deployment.articles {
        let bytes = entry.bytes.unwrap();
        let line = &files[&entry.file][bytes.start() as usize..bytes.end() as usize];
        let article: Json = serde_json::from_slice(line).unwrap();
        let text = Text::new(article["text"].as_str().unwrap());
        assert!(entry.sha256.names(&text));
        assert_eq!(article["id"], entry.id.as_str());
        lines += line.len();
    }
    let shards = files.iter().filter(|(name, _)| name.starts_with("shards/"));
    assert_eq!(shards.map(|(_, shard)| shard.len()).sum::<usize>(), lines, "nothing else is there");
    deployment
}

#[test]
fn shards_have_all_texts_and_are_what_they_were() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/sharded");
    let arguments = ["--annotator", "Ada", "--annotator", "Bo Li", "--per-article", "2"];
    let (output, files) = shards(LINES, "shards_golden", &arguments);
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_dir_all(&golden);
        for (name, bytes) in &files {
            let path = golden.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    assert!(files == files_in(&golden), "tests/golden/sharded differs; UPDATE=1 rewrites it");
    check_shards(&files);
    let report = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(
        report,
        "2 articles in 1 shard\nAda: 2 articles, at ?annotator=Ada\n\
         Bo Li: 2 articles, at ?annotator=Bo%20Li\n"
    );
    assert!(said(&output).contains("Annotations stay in the project"), "{}", said(&output));
    // The project as one object gives the same.
    assert!(shards(PROJECT, "shards_object", &arguments).1 == files);
}

#[test]
fn shards_are_no_larger_than_asked_and_lists_are_dealt() {
    let input = folder("shards_input");
    fs::create_dir_all(&input).unwrap();
    let path = input.join("corpus.avow.jsonl");
    fs::write(&path, corpus(100)).unwrap();
    let path = path.to_str().unwrap();
    let (_, files) = shards(path, "shards_many", &["--size", "0.002"]);
    let deployment = check_shards(&files);
    assert!(deployment.lists.is_empty());
    let sizes: Vec<usize> =
        files.iter().filter(|it| it.0 != "index.json").map(|it| it.1.len()).collect();
    assert!(sizes.len() > 5 && sizes.iter().all(|size| *size <= 2000), "{sizes:?}");
    let first = deployment.articles[7].to_article();
    assert_eq!(first.source.file.as_deref(), Some("foxes/7.txt"));
    assert_eq!((first.id.as_str(), first.source.language.as_deref()), ("fox-7", Some("de")));

    let three = ["--annotator", "Ada", "--annotator", "Bo", "--annotator", "Cy", "--overlap", "20"];
    let (output, files) = shards(path, "shards_many", &three);
    let lists = check_shards(&files).lists;
    assert_eq!(files.len(), 2, "what was written before is withdrawn");
    assert!(lists.iter().all(|list| list.articles.len() == 40));
    assert!(
        String::from_utf8(output.stdout).unwrap().contains("Cy: 40 articles, at ?annotator=Cy")
    );
    let (_, other) = shards(path, "shards_seed", &[&three[..], &["--seed", "2"]].concat());
    assert_ne!(check_shards(&other).lists, lists);
    // One line holds an article, however small the shards.
    let (_, files) = shards(path, "shards_small", &["--size", "0.001"]);
    check_shards(&files);
}

#[test]
fn a_deployment_of_files_and_one_of_shards_take_each_other_s_place() {
    let out = folder("shards_after");
    let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/www/articles");
    let deploy = || {
        let output = avow(&["deploy", articles, "--out", out.to_str().unwrap()], b"");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        files_in(&out.join("articles"))
    };
    let before = deploy();
    fs::write(out.join("articles/shards.txt"), "mine").unwrap();
    let output = avow(&["shard", LINES, "-o", out.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let mut files = files_in(&out.join("articles"));
    assert_eq!(files.remove("shards.txt").as_deref(), Some(&b"mine"[..]));
    check_shards(&files);
    fs::remove_file(out.join("articles/shards.txt")).unwrap();
    assert!(deploy() == before);
}

#[test]
fn what_cannot_be_sharded_is_said_and_writes_nothing() {
    let out = folder("no_shards");
    let to = out.to_str().unwrap();
    let empty = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/empty.avow.json");
    for (arguments, status, why) in [
        (
            vec!["--annotator", "Ada", "--per-article", "2"],
            1,
            "is to go to 2 annotators, and there are 1",
        ),
        (vec!["--annotator", "Ada", "--per-article", "1", "--overlap", "5"], 2, "--overlap"),
        (vec!["--annotator", "Ada", "--per-article", "0"], 2, "--per-article"),
        (vec!["--annotator", "Ada", "--annotator", " Ada"], 1, "“ Ada”"),
        (vec!["--annotator", ""], 1, "names of their own"),
        (vec!["--annotator", "Ada", "--overlap", "101"], 2, "101"),
        (vec!["--overlap", "20"], 2, "--annotator"),
        (vec!["--seed", "2"], 2, "--annotator"),
        (vec!["--size", "0"], 2, "from 0.001 to 1000 MB"),
        (vec!["--size", "NaN"], 2, "from 0.001 to 1000 MB"),
        (vec!["--size", "large"], 2, "no number"),
    ] {
        let output = avow(&[&["shard", LINES, "-o", to], &arguments[..]].concat(), b"");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(why), "{arguments:?}: {}", said(&output));
        assert!(output.stdout.is_empty() && !out.exists(), "{arguments:?}");
    }
    let output = avow(&["shard", empty, "-o", to], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("no article with a text"), "{}", said(&output));
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

/// What commands say and write of a dataset in lines, which they read as a stream, beside what all of it
/// in memory gives.
#[test]
fn a_dataset_in_lines_is_read_as_a_stream_and_gives_what_it_gives_as_a_whole() {
    let out = folder("rows");
    fs::create_dir_all(&out).unwrap();
    for format in ["training", "spacy", "doccano", "doccano-spans"] {
        let written = avow(&["convert", PROJECT, "--to", format, "-o", "-"], b"").stdout;
        let written = String::from_utf8(written).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        let cut = &lines[1][..lines[1].char_indices().nth(200).unwrap().0];
        let damaged = [&lines[..1], &["", cut, "7"], &lines[1..], &lines[..1]].concat();
        let wrong_unit = written.replace("code-point", "utf-16").replace("It ", "😀 ");
        let first_alone = format!("{}\n\n", lines[0]);
        for text in [
            &*written,
            &damaged.join("\n"),
            &damaged.join("\r\n"),
            &wrong_unit,
            &first_alone,
            &format!("\u{feff}{written}"),
        ] {
            let file = out.join("in.jsonl");
            fs::write(&file, text).unwrap();
            let from = file.to_str().unwrap();
            let output = avow(&["convert", from, "--to", "avow-lines", "-o", "-"], b"");
            assert_eq!(output.status.code(), Some(0), "{format}: {}", said(&output));
            let native = String::from_utf8(output.stdout.clone()).unwrap();
            let head: Json = serde_json::from_str(native.lines().next().unwrap()).unwrap();
            let made: Timestamp = head["project"]["created"].as_str().unwrap().parse().unwrap();
            let decoded = encoding::decode(text.as_bytes()).text;
            let files = [SourceFile { path: from.to_owned(), text: decoded }];
            let read = dataset::read(&files, project_id(&files), made).unwrap();
            let whole = native::write_lines(&read.project).unwrap();
            assert!(native == whole, "{format}\n{native}\n{whole}");
            let problems: String = read.problems.iter().map(|it| format!("{it}\n")).collect();
            assert_eq!(said(&output), problems, "{format}");
        }
    }
}

/// Its articles are read again from where they wait, in every format as they were.
#[test]
fn every_format_is_written_of_a_dataset_in_lines_as_of_the_project() {
    let out = folder("rows_on");
    let rows = out.join("rows");
    let arguments = ["convert", PROJECT, "--to", "training", "-o", rows.to_str().unwrap()];
    assert_eq!(avow(&arguments, b"").status.code(), Some(0));
    let text = fs::read_to_string(rows.join("train.jsonl")).unwrap();
    let mut all: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // Words of a span that are nowhere stay words.
    all[0]["annotations"][0]["attributes"]["cue"] = json!("nothing of the kind");
    let lines: String = all.iter().map(|row| format!("{row}\n")).collect();
    let list = Json::Array(all).to_string();
    let own = regex::Regex::new(r"dataset-[0-9a-f]{16}|\d{4}-\d\d-\d\dT[\d:]+Z").unwrap();
    for format in FORMATS {
        let [as_lines, as_list] = [("a", &lines), ("b", &list)].map(|(name, text)| {
            let file = out.join(name).join("in.jsonl");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
            let to = out.join(name).join(format.id);
            let (from, to) = (file.to_str().unwrap(), to.to_str().unwrap());
            let output = avow(&["convert", from, "--to", format.id, "-o", to], b"");
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            // Each has an id of its own and the time at which it was read.
            let general = |(name, content): (String, Vec<u8>)| {
                (name, own.replace_all(&String::from_utf8(content).unwrap(), "").into_owned())
            };
            files_in(Path::new(to)).into_iter().map(general).collect::<BTreeMap<_, _>>()
        });
        assert_eq!(as_lines, as_list, "{}", format.id);
    }
    for command in ["stats", "check"] {
        let [a, b] = ["a", "b"].map(|name| {
            avow(&[command, out.join(name).join("in.jsonl").to_str().unwrap()], b"").stdout
        });
        assert!(!a.is_empty() && a == b, "{command}");
    }
}

#[test]
fn what_is_wrong_with_a_dataset_in_lines_is_said_as_of_others() {
    let row = json!({ "id": "a", "text": "", "offset_unit": "code-point", "annotations": [] });
    let empty = format!("{row}\n{row}\n");
    let output = avow(&["stats", "-"], empty.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let why = "there is nothing in it that Training data (JSON Lines) would have: -, line 1: \
               There is no text in it";
    assert!(said(&output).contains(why), "{}", said(&output));

    // A file that is not UTF-8 throughout is taken as it is in the page.
    let row = json!({ "id": "a", "text": "It rained in the caf\u{e9}.", "offset_unit": "code-point",
                      "annotations": [{ "id": "x", "label": "Place", "start": 17, "end": 21 }] });
    let text = format!("{}\n{row}\n", row.to_string().replace('\u{e9}', "e"));
    let latin: Vec<u8> = text.chars().map(|char| u8::try_from(char).unwrap_or(b'?')).collect();
    for bytes in [text.clone().into_bytes(), latin] {
        let output = avow(&["convert", "-", "--to", "training", "-o", "-"], &bytes);
        assert_eq!((output.status.code(), said(&output).contains("café")), (Some(0), false));
        assert!(String::from_utf8(output.stdout).unwrap().contains("\"text\":\"café\""));
    }
}
