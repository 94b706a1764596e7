//! Datasets in lines that come one by one: they give what they give as a whole.
#![cfg(not(target_arch = "wasm32"))]

#[allow(dead_code)]
mod law;
#[path = "law/rows.rs"]
mod rows;

use avow::format::dataset::{Choice, Read, Rows, SourceFile, format, recognise};
use law::invented;
use proptest::prelude::*;
use rows::{by_line, law_of_rows, source};
use serde_json::{Value as Json, json};

/// The formats of lines, each with lines that have all that is hard in it.
fn formats() -> [(&'static str, Vec<String>); 3] {
    let written = |id: &str| {
        let files = format(id).unwrap().write(&invented(), &Choice::default()).unwrap().files;
        files[0].content.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let all = |own: Vec<Json>, id: &str| {
        let own = own.iter().map(Json::to_string);
        own.chain(written(id)).collect::<Vec<_>>()
    };
    [
        ("training", all(training(), "training")),
        ("doccano", all(doccano(), "doccano")),
        ("spacy", all(spacy(), "spacy")),
    ]
}

const RAIN: &str = "😀 Ann says: “It rains.”\r\nBo denies it.";

fn training() -> Vec<Json> {
    let mark = |id: &str, label: &str, words: &str, more: Json| {
        let start = RAIN.find(words).map_or(900, |at| RAIN[..at].chars().count());
        let end = start + words.chars().count();
        let mut mark =
            json!({ "id": id, "label": label, "start": start, "end": end, "text": words });
        mark.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        mark
    };
    let row = |article: &str, annotator: &str, text: &str, marks: Vec<Json>, links: Json| {
        json!({ "id": article, "annotator": annotator, "text": text, "offset_unit": "code-point",
                "status": "doing", "annotations": marks, "relations": links })
    };
    let none = json!({});
    let by = |name: &str| {
        let speaker = json!({ "id": name, "name": name, "start": 2, "end": 5, "text": "Ann" });
        json!({ "attributes": { "speaker": [speaker], "weight": "heavy", "sure": "yes" }, "group": "g" })
    };
    vec![
        // Annotators of one article beside each other, and one who comes later.
        row(
            "a",
            "ada",
            RAIN,
            vec![mark("x", "claim", "It rains", by("Ann")), mark("y", "Doubt", "Bo", by("Bo"))],
            // To what is here, comes later, came before, is nowhere.
            json!([{ "id": "r", "type": "denies", "from": "y", "to": "x" },
                   { "id": "r", "type": "feeds", "from": "x", "to": "x", "to_article": "b" },
                   { "type": "feeds", "from": "x", "to": "q", "to_article": "c" },
                   { "type": "", "from": "x", "to_text": "it" },
                   { "id": "", "type": "doubts", "from": "v", "to_group": "h" }]),
        ),
        row("a", "bo", RAIN, vec![mark("v", "claim", "denies it", none.clone())], json!([])),
        row(
            "b",
            "bo",
            RAIN,
            // One id twice, one that is made for another, one whose first annotation is left out.
            vec![
                mark("x", "claim", "Bo denies", by("Cy")),
                mark("d1-1", "Doubt", "Ann", none.clone()),
                mark("d3-2", "", "Ann", none.clone()),
                mark("z", "quote", "It never rained", none.clone()),
            ],
            json!([{ "type": "denies", "from": "z", "to": "y", "to_article": "a" },
                   { "type": "denies", "from": "d1-1", "to_text": "It rains" }]),
        ),
        row("b", "gold", RAIN, vec![mark("z", "quote", "“It rains.”", none.clone())], json!([])),
        // Another text under the same id, nothing, and no set that says anything.
        row("a", "ada", "Another.", vec![], json!([{ "type": "feeds", "from": "y", "to": "x" }])),
        row("e", "ada", " \n", vec![], json!([])),
        row("f", "", "Only a text.", vec![], json!([])),
        row("a", "gold", RAIN, vec![mark("w", "claim", "Ann says", none)], json!([])),
    ]
}

fn doccano() -> Vec<Json> {
    // As its screen counts.
    let spans = json!([{ "id": 3, "label": "Claim", "start_offset": 13, "end_offset": 21 },
                       { "id": 4, "label": "denial", "start_offset": 28, "end_offset": 37 },
                       { "id": 4, "label": "Who", "start_offset": 3, "end_offset": 6 }]);
    let links = json!([{ "from_id": 4, "to_id": 3, "type": "denies" },
                       { "from_id": 3, "to_id": 9, "type": "denies" }]);
    vec![
        json!({ "id": 1, "text": RAIN, "entities": spans, "relations": links, "Comments": ["Is it?"] }),
        json!({ "id": 2, "text": "", "entities": [] }),
        json!({ "id": 1, "annotator": "bo", "text": RAIN, "label": [[3, 6, "Who"], [0, 900, "Who"], "odd"] }),
        json!({ "id": 1, "annotator": "cy", "text": RAIN,
                "entities": [{ "id": 9, "label": "Claim", "start_offset": 3, "end_offset": 6 }] }),
    ]
}

fn spacy() -> Vec<Json> {
    let token = |start: u32, end: u32| json!({ "start": start, "end": end });
    let tokens = [token(0, 2), token(3, 6), token(7, 11), token(14, 16)];
    let mark = json!({ "id": "x", "label": "claim", "spans": [token(3, 6)], "group": "g",
                       "attributes": { "mood": "dark" } });
    let doc = |who: &str, links: Json| {
        json!({ "text": RAIN, "tokens": tokens, "ents": [{ "start": 7, "end": 11, "label": "VERB" }],
                "spans": { "sc": [{ "start": 3, "end": 6, "label": "claim" }] },
                "underscore_span": { "tone": [{ "start": 7, "end": 11, "value": "dry" }] },
                "_": { "article": "a", "annotator": who, "annotations": [mark], "relations": links } })
    };
    vec![
        doc("ada", json!([{ "type": "of", "from": "x", "child": [7, 11, "VERB"] }])),
        doc("bo", json!([{ "type": "of", "from": "x", "to": "gone" }])),
        json!({ "text": "Plain.", "tokens": [], "ents": [{ "start": 0, "end": 5, "label": "PER" }] }),
    ]
}

#[test]
fn lines_one_by_one_give_what_the_file_gives() {
    for (id, lines) in formats() {
        let text = lines.join("\n");
        assert_eq!(recognise(&[source(&text)]).unwrap().id, id);
        let unix = law_of_rows(&text);
        for (ends, name) in [("\r\n", "windows"), ("\n\n \n", "empty lines")] {
            let other = law_of_rows(&(lines.join(ends) + ends));
            let same = |native: &str| {
                let mut native: Json = serde_json::from_str(native).unwrap();
                native["project"]["id"] = json!("");
                native
            };
            // Where lines have the same numbers, all is the same but for the id.
            assert!(ends != "\r\n" || same(&other) == same(&unix), "{id}, {name}");
        }
        law_of_rows(&format!("\u{feff}{text}"));
        law_of_rows(&format!("\n\n{text}"));
    }
}

/// What links, ids and groups become is as it was when all was in memory.
#[test]
fn what_only_all_lines_tell_is_known_of_each() {
    let lines: Vec<String> = training().iter().map(Json::to_string).collect();
    let (read, _) = by_line(&source(&lines.join("\n")));
    let Read { project, problems } = read.unwrap();
    let ids = |article: &str| -> Vec<String> {
        let loaded = project.loaded(&article.into()).unwrap();
        let sets = loaded.sets.values().flat_map(|set| set.keys());
        sets.map(ToString::to_string).collect()
    };
    assert_eq!(ids("a"), ["w", "d1-1'", "y", "v"]);
    assert_eq!(ids("b"), ["d4-1", "d1-1", "d3-1"]);
    let links: Vec<String> = project
        .relations()
        .iter()
        .map(|it| {
            let place = |it: &avow::annotation::Place| format!("{}/{}", it.article, it.annotation);
            let to = match &it.to {
                Some(avow::annotation::Target::Annotation(to)) => place(to),
                Some(avow::annotation::Target::Group { group }) => format!("group {group}"),
                None => it.target_text.clone().unwrap_or_default(),
            };
            format!("{}: {} {} {to}", it.id, place(&it.from), it.kind)
        })
        .collect();
    assert_eq!(
        links,
        [
            "r: a/y denies a/d1-1'",
            "r2: a/d1-1' feeds b/d3-1",
            "r5: a/v doubts group h",
            "r6: b/d4-1 denies a/y",
            "r7: b/d1-1 denies It rains",
            "r8: a/y feeds a/d1-1'",
        ]
    );
    let said: String = problems.iter().map(|it| format!("{it}\n")).collect();
    for what in [
        "line 1: A link starts from or leads to what is not there: feeds",
        "line 1: A link does not say what it means",
        "line 3: An annotation has no label: d3-2 of b",
        "line 3: A span is not in the text: z of b",
        "line 5: An article has an id that one with another text has: a",
        "line 6: There is no text in it: e",
    ] {
        assert!(said.contains(what), "{what}\n{said}");
    }
}

/// What is given out need not be in memory any more.
#[test]
fn an_article_is_given_out_with_its_last_line_and_those_before() {
    let row = |article: &str, annotator: &str| {
        json!({ "id": article, "annotator": annotator, "text": format!("Text {article}."),
                "offset_unit": "code-point", "annotations": [] })
        .to_string()
    };
    let lines = [
        row("a", "ada"),
        row("a", "bo"),
        row("b", "ada"),
        row("c", "ada"),
        row("d", "ada"),
        row("b", "bo"),
        row("e", "bo"),
    ];
    let (read, given) = by_line(&source(&lines.join("\n")));
    assert_eq!(given, [0, 1, 0, 0, 0, 3, 1]);
    let order: Vec<String> =
        read.unwrap().project.articles().iter().map(|it| it.id.to_string()).collect();
    assert_eq!(order, ["a", "b", "c", "d", "e"]);
}

#[test]
fn only_lines_that_are_objects_of_such_a_format_are_read_one_by_one() {
    let row = training()[0].to_string();
    assert!(Rows::of("a.jsonl", &row).is_some());
    assert!(Rows::of("a.jsonl", &format!("\u{feff}{row}\r\n")).is_some());
    for first in ["", "{", "[", "7", &format!("[{row}]"), &row[..row.len() - 1], "{\"id\":1}"] {
        assert!(Rows::of("a.jsonl", first).is_none(), "{first}");
    }
    let task = json!({ "data": { "text": "It rains." }, "annotations": [] });
    assert!(recognise(&[SourceFile { path: "a.jsonl".into(), text: task.to_string() }]).is_some());
    assert!(Rows::of("a.jsonl", &task.to_string()).is_none());
}

#[test]
fn files_with_nothing_in_them_are_refused_in_the_same_words() {
    let row = json!({ "id": "a", "text": "", "offset_unit": "code-point", "annotations": [] });
    law_of_rows(&format!("{row}\n{row}\n7\n"));
}

/// One of the lines, which may be cut off or have another sign that counts otherwise in other units.
fn line() -> impl Strategy<Value = (usize, u8, usize)> {
    (any::<usize>(), 0..8_u8, any::<usize>())
}

fn damaged(lines: &[String], (which, how, at): (usize, u8, usize)) -> String {
    let line = &lines[which % lines.len()];
    match how {
        0 => line.chars().take(at % line.len()).collect(),
        1 => line.replace('😀', "☺☺"),
        2 => line.replace("code-point", "utf-16"),
        3 => ["", "7", "null", "[]", "{}"][at % 5].to_owned(),
        _ => line.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_lines_in_any_order_are_the_same_one_by_one(picked in prop::collection::vec(line(), 1..14)) {
        for (_, lines) in formats() {
            let more = picked.iter().map(|it| damaged(&lines, *it));
            let all: Vec<String> = [lines[0].clone()].into_iter().chain(more).collect();
            law_of_rows(&all.join("\n"));
        }
    }
}
