//! Datasets: golden files of each format, what they say they lose, and what is chosen.
//! `UPDATE=1` rewrites the golden files.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use avow::annotation::Status;
use avow::format::dataset::{
    Choice, Counts, Export, FIRST, FORMATS, File, Package, Terms, Wanted, Whose, WriteError, format,
};
use avow::format::native;
use avow::format::zip::{self, ZipError};
use avow::project::Project;
use avow::text::{Text, Unit};
use serde_json::{Value as Json, json};

const INVENTED: &str = include_str!("golden/invented.avow.json");

fn invented() -> Project {
    native::read("invented.avow.json", INVENTED).unwrap().project
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/dataset").join(name)
}

/// Compares with a golden file, or rewrites it.
#[track_caller]
fn golden(name: &str, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path(name).parent().unwrap()).unwrap();
        fs::write(path(name), found).unwrap();
    }
    let expected = fs::read_to_string(path(name)).unwrap_or_default();
    assert!(found == expected, "{name} differs; UPDATE=1 rewrites it. Found:\n{found}");
}

fn write(id: &str, choice: &Choice) -> Export {
    format(id).unwrap().write(&invented(), choice).unwrap()
}

fn rows(export: &Export) -> Vec<Json> {
    let lines = export.files[0].content.lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_format_that_is_offered_first_is_the_first() {
    assert_eq!(FIRST, &FORMATS[0]);
}

#[test]
fn every_format_is_written_as_before() {
    for it in FORMATS {
        for (choice, whose) in [
            (Choice::default(), ""),
            (Choice { whose: Whose::Gold, boilerplate: true, ..Choice::default() }, "-gold"),
        ] {
            let export = it.write(&invented(), &choice).unwrap();
            let folder = format!("{}{whose}", it.id);
            for File { name, content, .. } in &export.files {
                golden(&format!("{folder}/{name}"), content);
            }
            let losses: String = export.losses.iter().map(|loss| format!("{loss}\n")).collect();
            golden(&format!("{folder}/losses.txt"), &losses);
            assert_eq!(it.write(&invented(), &choice).unwrap(), export, "the same bytes again");
        }
    }
}

#[test]
fn a_package_has_a_card_and_what_goes_with_the_data() {
    let terms = Terms {
        licence: "cc-by-4.0".to_owned(),
        texts: "Shared with *The Example*'s consent".to_owned(),
        authors: "Ada".to_owned(),
    };
    for id in ["training", "brat"] {
        let split = (id == "brat").then(|| ("50/0/50".parse().unwrap(), 3));
        let wanted = Wanted { split, terms: terms.clone(), ..Wanted::new(format(id).unwrap()) };
        let package = Package::of(&invented(), &wanted).unwrap();
        assert_eq!(Package::of(&invented(), &wanted).unwrap(), package);
        for name in ["README.md", "split.txt"] {
            if let Some(file) = package.files.iter().find(|file| file.name == name) {
                golden(&format!("{id}-package/{name}"), &file.content);
            }
        }
        let names: String = package.files.iter().map(|file| format!("{}\n", file.name)).collect();
        golden(&format!("{id}-package/files.txt"), &names);
    }
}

#[test]
fn parts_together_hold_what_the_whole_does() {
    for it in FORMATS {
        let whole = Package::of(&invented(), &Wanted::new(it)).unwrap();
        let split = Some(("50/25/25".parse().unwrap(), 1));
        let parts = Package::of(&invented(), &Wanted { split, ..Wanted::new(it) }).unwrap();
        let sum = |package: &Package, of: fn(&Counts) -> usize| -> usize {
            package.counts.iter().map(|(_, counts)| of(counts)).sum()
        };
        for of in [
            (|it| it.articles) as fn(&Counts) -> usize,
            |it| it.sets,
            |it| it.labels.values().sum(),
            |it| it.relations,
        ] {
            assert!(sum(&whole, of) > 0);
            assert_eq!(sum(&whole, of), sum(&parts, of), "{}", it.id);
        }
        assert_eq!(whole.losses, parts.losses, "{}", it.id);
        let names: BTreeSet<&str> = parts.files.iter().map(|file| &file.name[..]).collect();
        assert_eq!(names.len(), parts.files.len(), "{}: no two files of one name", it.id);
    }
}

#[test]
fn an_archive_is_the_same_bytes_and_gives_the_files_back() {
    let files = [("README.md", "# Rain"), ("a/b.txt", "x"), ("empty", "")];
    let files = files.map(|(name, content)| (name, content.as_bytes()));
    let packed = zip::write(files).unwrap();
    assert_eq!(zip::write(files).unwrap(), packed);
    let read = zip::read(&packed).unwrap();
    let back: Vec<(&str, &[u8])> = read.iter().map(|(name, it)| (&name[..], &it[..])).collect();
    assert_eq!(back, files);
    assert!(zip::is_zip(&packed) && !zip::is_zip(b"{}"));
}

#[test]
fn an_archive_that_means_harm_does_none() {
    let packed =
        zip::write([("../up.txt", &b"u"[..]), ("/root.txt", b"r"), ("good.txt", b"g")]).unwrap();
    for (name, _) in zip::read(&packed).unwrap() {
        assert!(!name.contains("..") && !name.starts_with('/'), "{name}");
    }
    let zeros = vec![0; 300 << 20];
    let bomb = zip::write([("a", &zeros[..]), ("b", &zeros[..])]).unwrap();
    assert!(bomb.len() < 2 << 20);
    assert_eq!(zip::read(&bomb), Err(ZipError::TooLarge));
    for cut in [0, 10, bomb.len() / 2, bomb.len() - 1] {
        assert!(matches!(zip::read(&bomb[..cut]), Err(ZipError::Damaged(_))), "{cut}");
    }
}

/// Each stretch that a value names by `start` and `end`, with the `text` beside it.
fn stretches(value: &Json, found: &mut Vec<(i64, i64, String)>) {
    match value {
        Json::Object(keys) => {
            if let (Some(start), Some(end)) = (keys.get("start"), keys.get("end")) {
                let text = keys["text"].as_str().unwrap().to_owned();
                found.push((start.as_i64().unwrap(), end.as_i64().unwrap(), text));
            }
            keys.values().for_each(|it| stretches(it, found));
        }
        Json::Array(all) => all.iter().for_each(|it| stretches(it, found)),
        _ => {}
    }
}

/// The keys of an object and of all in it, by their way there; lists count as their elements.
fn shape(value: &Json, way: &str, keys: &mut BTreeSet<String>) {
    match value {
        Json::Object(all) => {
            for (key, value) in all {
                keys.insert(format!("{way}.{key}"));
                shape(value, &format!("{way}.{key}"), keys);
            }
        }
        Json::Array(all) => all.iter().for_each(|it| shape(it, way, keys)),
        Json::Null => panic!("{way} is null"),
        _ => {}
    }
}

#[test]
fn training_offsets_are_those_of_python_and_no_key_is_ever_absent() {
    let export = write("training", &Choice { boilerplate: true, ..Choice::default() });
    let rows = rows(&export);
    assert!(rows.len() > 1);
    let mut count = 0;
    for row in &rows {
        let text: Vec<char> = row["text"].as_str().unwrap().chars().collect();
        let mut found = Vec::new();
        stretches(row, &mut found);
        for (start, end, covered) in found {
            if (start, end) == (-1, -1) {
                assert_eq!(covered, "");
                continue;
            }
            let there: String = text[start as usize..end as usize].iter().collect();
            assert_eq!(there, covered);
            count += 1;
        }
        let mut keys = BTreeSet::new();
        shape(row, "", &mut keys);
        let mut of_first = BTreeSet::new();
        shape(&rows[0], "", &mut of_first);
        let top = |keys: &BTreeSet<String>| -> Vec<String> {
            keys.iter().filter(|key| key.matches('.').count() == 1).cloned().collect()
        };
        assert_eq!(top(&keys), top(&of_first));
    }
    assert!(count > 5, "{count}");
}

#[test]
fn tables_count_in_two_units_and_read_back() {
    let export = write("csv", &Choice::default());
    let project = invented();
    let [articles, annotations, relations] = &export.files[..] else { panic!("{export:?}") };
    let read = |file: &File| -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(file.content.as_bytes());
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        rows.collect()
    };
    let texts: Vec<Vec<String>> = read(articles);
    let column = |name: &str| read(annotations)[0].iter().position(|it| it == name).unwrap();
    let rows = read(annotations);
    assert!(rows.len() > 3);
    for row in &rows[1..] {
        let article = texts.iter().find(|it| it[0] == row[0]).unwrap();
        let text = Text::new(article.last().unwrap());
        for (unit, start, end) in
            [(Unit::CodePoint, "start", "end"), (Unit::Utf16, "start_utf16", "end_utf16")]
        {
            let pos = |name| text.pos_at(row[column(name)].parse().unwrap(), unit).unwrap();
            let span = text.span(pos(start), pos(end)).unwrap();
            assert_eq!(text.slice(span), row[column("text")]);
        }
    }
    assert_eq!(
        read(relations).len() - 1,
        write("training", &Choice::default()).files[0]
            .content
            .lines()
            .map(|line| serde_json::from_str::<Json>(line).unwrap()["relations"]
                .as_array()
                .unwrap()
                .len())
            .sum::<usize>()
    );
    assert!(articles.content.ends_with("\r\n"));
    assert_eq!(project.article(&texts[1][0].as_str().into()).unwrap().title, texts[1][3]);
}

#[test]
fn what_is_chosen_goes_in() {
    let all = rows(&write("training", &Choice::default()));
    let labels = |rows: &[Json]| -> BTreeSet<String> {
        let annotations = rows.iter().flat_map(|row| row["annotations"].as_array().unwrap());
        annotations.map(|it| it["label"].as_str().unwrap().to_owned()).collect()
    };
    let label = labels(&all).into_iter().next().unwrap();
    let choice = Choice { labels: vec![label.as_str().into()], ..Choice::default() };
    assert_eq!(labels(&rows(&write("training", &choice))), BTreeSet::from([label]));

    let statuses: BTreeSet<&str> = all.iter().map(|row| row["status"].as_str().unwrap()).collect();
    for status in Status::ALL {
        let choice = Choice { statuses: vec![status], ..Choice::default() };
        let some = rows(&write("training", &choice));
        assert_eq!(some.is_empty(), !statuses.contains(status.name()), "{status:?}");
        assert!(some.iter().all(|row| row["status"] == json!(status.name())));
    }

    let someone = all[0]["annotator"].as_str().unwrap();
    let choice = Choice { whose: Whose::Annotators(vec![someone.into()]), ..Choice::default() };
    let theirs = rows(&write("training", &choice));
    assert!(!theirs.is_empty() && theirs.iter().all(|row| row["annotator"] == json!(someone)));
}

#[test]
fn texts_that_may_not_be_shared_stay_behind_with_every_word_of_them() {
    for it in FORMATS {
        let choice = Choice { text: false, ..Choice::default() };
        if it.needs_text {
            let error = it.write(&invented(), &choice).unwrap_err();
            assert_eq!(error, WriteError::NeedsText(it.name));
            continue;
        }
        let export = it.write(&invented(), &choice).unwrap();
        let whole = it.write(&invented(), &Choice::default()).unwrap();
        for (without, with) in export.files.iter().zip(&whole.files) {
            assert!(without.content.len() <= with.content.len());
            for article in invented().articles() {
                let text = invented().text(&article.id).unwrap().clone();
                for line in text.as_str().lines().filter(|line| line.len() > 20) {
                    assert!(!without.content.contains(line), "{}: {line}", without.name);
                }
            }
        }
    }
    let choice = Choice { text: false, ..Choice::default() };
    for row in rows(&write("training", &choice)) {
        let mut found = Vec::new();
        stretches(&row, &mut found);
        assert!(found.iter().all(|(_, _, text)| text.is_empty()));
        assert_eq!((&row["text"], row["sha256"].as_str().unwrap().len()), (&json!(""), 64));
    }
}

#[test]
fn an_article_that_is_not_loaded_is_not_passed_over() {
    let project = invented();
    let first = project.articles()[0].id.clone();
    for it in FORMATS {
        let error = it.write(&project.without_loaded(&first), &Choice::default()).unwrap_err();
        assert_eq!(error, WriteError::NotLoaded(first.clone()));
    }
}
