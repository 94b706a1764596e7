//! The native file: golden files, what damaged files give, and the published schema.
//! `UPDATE=1` rewrites the golden files.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use avow::annotation::{
    Annotation, AttributeValue, Origin, Place, Relation, Spans, SpeakerMention, Status, Target,
    Timestamp,
};
use avow::edit::{Change, Intent, Transaction};
use avow::format::native::{ReadError, read, read_lines, write, write_lines};
use avow::map::Map;
use avow::project::{
    Annotator, Article, Deletion, Group, Key, Meta, Owner, Project, Region, SetInfo, SetKey, Sets,
    Source, Speaker, Unplaced, Value,
};
use avow::scheme::Extra;
use avow::text::Span;
use avow::text::marked::{Marked, parse};
use serde_json::{Value as Json, json};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Compares with a golden file, or rewrites it.
#[track_caller]
fn golden(name: &str, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path(name), found).unwrap();
    }
    let expected = fs::read_to_string(path(name)).unwrap_or_default();
    assert!(found == expected, "{name} differs; UPDATE=1 rewrites it. Found:\n{found}");
}

fn keys(value: Json) -> Extra {
    value.as_object().unwrap().clone()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp(1_767_322_445 + seconds)
}

/// An annotation on the spans that the marked text gives its name.
fn annotation(marked: &Marked, id: &str, label: &str) -> Annotation {
    Annotation {
        id: id.into(),
        label: label.into(),
        spans: Spans::new(marked.spans_of(id).iter().copied()).unwrap(),
        attributes: Map::new(),
        note: String::new(),
        origin: Origin::Hand,
        created: at(0),
        updated: at(0),
        extra: Extra::new(),
    }
}

/// A small invented project with one of everything.
fn invented() -> Project {
    let first = parse(
        "<x1:Menu:x1>\n<q1:“It rained 😀,”:q1> <s1:Jo Reyes:s1> <v1:said:v1>. <q1:“It did.”:q1>\n\
         <d1:The cafe\u{301} denied <c1:that it was <c2:wet:d1> inside:c1>:c2>.\n\
         <c3:הגשר בטוח:c3>, she added.\n",
    )
    .unwrap();
    let second = parse("<d2:Nothing rained.:d2>").unwrap();
    let one = |name: &str| -> Span { first.spans_of(name)[0] };
    let place = |article: &str, annotation: &str| Place {
        article: article.into(),
        annotation: annotation.into(),
    };

    let mut quote = annotation(&first, "q1", "quote");
    let speaker = |id: &str, mention, extra| SpeakerMention { id: id.into(), mention, extra };
    quote.attributes = [
        (
            "speaker",
            AttributeValue::Speakers(vec![
                speaker("jo", Some(one("s1")), keys(json!({"sure": true}))),
                speaker("crowd", None, Extra::new()),
            ]),
        ),
        ("cue", AttributeValue::Spans(vec![one("v1")])),
        ("directness", AttributeValue::Text("direct".into())),
        ("another", AttributeValue::Other(json!([1, {"two": null}]))),
    ]
    .map(|(id, value)| (id.into(), value))
    .into_iter()
    .collect();
    quote.note = "Two parts,\n\"broken\".".into();
    quote.updated = at(60);
    quote.extra = keys(json!({"x-colour": "plaid"}));
    let mut ruled = annotation(&first, "c1", "claim");
    ruled.origin = Origin::Rule { name: "that".into(), score: 0.1 + 0.2 };
    let mut learned = annotation(&first, "c2", "claim");
    learned.origin = Origin::Learned { name: "logistic".into(), score: 1.0 };
    let mut imported = annotation(&first, "c3", "claim");
    imported.origin = Origin::Import { file: "old.tsv".into() };
    let denial = annotation(&first, "d1", "denial");
    let mut others = annotation(&first, "c1", "unheard-of");
    others.id = "o1".into();
    others.origin = Origin::Other(keys(json!({"by": "oracle", "mood": "dim"})));
    let mut gold = annotation(&first, "d1", "denial");
    gold.id = "g1".into();
    gold.origin = Origin::Adjudication { from: vec!["d1".into(), "o1".into()] };

    let mut changes: Vec<(Key, Value)> = Vec::new();
    for (order, (id, name)) in [("ada", "Ada"), ("bo", "")].into_iter().enumerate() {
        let extra = if order == 0 { keys(json!({"team": 1})) } else { Extra::new() };
        let annotator = Annotator { id: id.into(), order: order as u32, name: name.into(), extra };
        changes.push((Key::Annotator(id.into()), Value::Annotator(Arc::new(annotator))));
    }
    let speakers =
        [("jo", "Jo Reyes", vec!["Reyes", "the minister"]), ("crowd", "A crowd", vec![])];
    for (order, (id, name, aliases)) in speakers.into_iter().enumerate() {
        let aliases = aliases.into_iter().map(str::to_owned).collect();
        let (order, extra) = (order as u32, Extra::new());
        let speaker = Speaker { id: id.into(), order, name: name.into(), aliases, extra };
        changes.push((Key::Speaker(id.into()), Value::Speaker(Arc::new(speaker))));
    }
    let group = Group {
        id: "rain".into(),
        order: 0,
        sentence: "It rained.".into(),
        members: vec![place("one", "q1"), place("one", "c2")],
        extra: Extra::new(),
    };
    changes.push((Key::Group("rain".into()), Value::Group(Arc::new(group))));
    let relation = |order: u32, from, to, words: Option<&str>| Relation {
        id: format!("r{order}").as_str().into(),
        order,
        kind: "denies".into(),
        annotator: "ada".into(),
        from,
        to,
        target_text: words.map(Into::into),
        note: String::new(),
        extra: Extra::new(),
    };
    let claim = Target::Annotation(place("one", "c1"));
    for relation in [
        relation(0, place("one", "d1"), Some(claim), None),
        relation(1, place("two", "d2"), Some(Target::Group { group: "rain".into() }), None),
        relation(2, place("two", "d2"), None, Some("what the neighbours say")),
    ] {
        changes.push((Key::Relation(relation.id.clone()), Value::Relation(Arc::new(relation))));
    }
    let boilerplate =
        Region { span: one("x1"), kind: "boilerplate".into(), extra: keys(json!({"why": "menu"})) };
    let lost = Unplaced {
        owner: Owner::Annotator("bo".into()),
        id: "u1".into(),
        label: "quote".into(),
        quotes: vec!["“It hailed,”".into(), "“It did.”".into()],
        before: "At noon ".into(),
        after: "\n".into(),
        attributes: [("cue".into(), AttributeValue::Spans(vec![one("v1")]))].into_iter().collect(),
        note: "Gone?".into(),
        origin: Origin::Hand,
        created: at(0),
        updated: at(30),
        extra: keys(json!({
            "lost_words": [{"attribute": "speaker", "speaker": "jo", "words": "she"}],
        })),
    };
    let lost_gold = Unplaced { owner: Owner::Gold, id: "g2".into(), ..lost.clone() };
    let articles = [
        Article {
            id: "one".into(),
            order: 0,
            title: "Rain".into(),
            text: first.text.hash().into(),
            source: Source {
                file: Some("rain.txt".into()),
                url: Some("https://example.org/rain".into()),
                publisher: Some("The Example".into()),
                published: Some("2026-01-01".into()),
                language: Some("en".into()),
                extra: keys(json!({"section": "weather"})),
            },
            metadata: keys(json!({"author": "A. N. Other", "words": 12})),
            regions: vec![boilerplate],
            former_texts: vec![second.text.hash().into()],
            unplaced: vec![lost, lost_gold],
            extra: keys(json!({"pinned": true})),
        },
        Article {
            id: "two".into(),
            order: 1,
            title: "Sun".into(),
            text: second.text.hash().into(),
            source: Source::default(),
            metadata: Extra::new(),
            regions: Vec::new(),
            former_texts: Vec::new(),
            unplaced: Vec::new(),
            extra: Extra::new(),
        },
    ];
    for article in articles {
        changes.push((Key::Article(article.id.clone()), Value::Article(Arc::new(article))));
    }
    let set = |article: &str, owner| SetKey { article: article.into(), owner };
    let (ada, bo) = (Owner::Annotator("ada".into()), Owner::Annotator("bo".into()));
    let info = SetInfo { status: Status::Done, extra: keys(json!({"mood": "good"})) };
    changes.push((Key::Set(set("one", ada.clone())), Value::Set(Arc::new(info))));
    let info = SetInfo { status: Status::Skipped, ..SetInfo::default() };
    changes.push((Key::Set(set("two", bo.clone())), Value::Set(Arc::new(info))));
    let second_denial = annotation(&second, "d2", "denial");
    for (set, annotation) in [
        (set("one", ada.clone()), quote),
        (set("one", ada.clone()), ruled),
        (set("one", ada.clone()), learned),
        (set("one", ada.clone()), imported),
        (set("one", ada.clone()), denial),
        (set("one", bo.clone()), others),
        (set("one", Owner::Gold), gold),
        (set("two", ada), second_denial),
    ] {
        let key = Key::Annotation(set, annotation.id.clone());
        changes.push((key, Value::Annotation(Arc::new(annotation))));
    }
    let deleted = [
        (Key::Annotator("cy".into()), Extra::new()),
        (Key::Speaker("bot".into()), Extra::new()),
        (Key::Group("sun".into()), Extra::new()),
        (Key::Relation("r9".into()), Extra::new()),
        (Key::Article("three".into()), keys(json!({"mood": "sad"}))),
        (Key::Annotation(set("two", bo), "o9".into()), Extra::new()),
        (Key::Annotation(set("two", Owner::Gold), "g9".into()), Extra::new()),
    ];
    for (key, extra) in deleted {
        let deletion = Deletion { at: at(90), by: "ada".into(), extra };
        changes.push((Key::Deletion(Arc::new(key)), Value::Deletion(Arc::new(deletion))));
    }

    let project = Project::new(Meta {
        id: "invented".into(),
        title: "Rain and shine".into(),
        guidelines: "# How to\n\nMark what is *said*.\n".into(),
        created: at(0),
        file_extra: keys(json!({"x-note": ["kept"]})),
        extra: keys(json!({"owner": "nobody"})),
    });
    let project = project.with_loaded(&"one".into(), first.text.clone(), Sets::new()).0;
    let project = project.with_loaded(&"two".into(), second.text.clone(), Sets::new()).0;
    let changes = changes.into_iter().map(|(key, to)| Change { key, from: None, to: Some(to) });
    let made = Transaction::new(Intent::OpenFile, changes).apply(&project).unwrap();
    made.with_seconds(&set("one", Owner::Annotator("ada".into())), 321)
}

fn empty() -> Project {
    Project::new(Meta {
        id: "empty".into(),
        title: String::new(),
        guidelines: String::new(),
        created: at(0),
        file_extra: Extra::new(),
        extra: Extra::new(),
    })
}

#[test]
fn projects_are_written_as_before_and_read_back() {
    for (name, project) in [("invented.avow.json", invented()), ("empty.avow.json", empty())] {
        let file = write(&project).unwrap();
        golden(name, &file);
        let read = read(name, &file).unwrap();
        assert_eq!(read.problems, []);
        assert_eq!(write(&read.project).unwrap(), file);
        for key in project.keys() {
            assert_eq!(read.project.value(&key), project.value(&key));
        }
    }
}

#[test]
fn lines_hold_what_the_object_holds() {
    for (name, project) in [("invented.avow.jsonl", invented()), ("empty.avow.jsonl", empty())] {
        let file = write_lines(&project).unwrap();
        golden(name, &file);
        assert_eq!(file.lines().count(), 1 + project.article_count());
        // A mark at the start, empty lines, and line ends of Windows are as good.
        let windows = format!("\u{feff}{}\r\n", file.replace('\n', "\r\n\r\n"));
        for file in [&file, &windows] {
            let read = read_lines(name, file).unwrap();
            assert_eq!(read.problems, []);
            assert_eq!(write(&read.project).unwrap(), write(&project).unwrap());
            assert_eq!(write_lines(&read.project).unwrap(), write_lines(&project).unwrap());
        }
    }
}

#[test]
fn a_line_that_is_cut_off_costs_its_article_alone() {
    let file = write_lines(&invented()).unwrap();
    let mut lines: Vec<&str> = file.lines().collect();
    assert!(lines.len() > 2, "{file}");
    lines[1] = &lines[1][..lines[1].len() / 2];
    let read = read_lines("a.avow.jsonl", &lines.join("\n")).unwrap();
    assert_eq!(read.project.article_count(), lines.len() - 2);
    let cut = &read.problems[0];
    assert_eq!((cut.line, cut.file.as_str()), (Some(2), "a.avow.jsonl"));
    assert!(cut.what.starts_with("It is not JSON"), "{cut}");

    let no_head = read_lines("a.avow.jsonl", &format!("\n{}", &file[1..])).unwrap_err();
    assert!(matches!(no_head, ReadError::NotJson { line: 2, .. }), "{no_head}");
    assert_eq!(read_lines("a.avow.jsonl", lines[2]).unwrap_err(), ReadError::NotAvow);
    let depth = format!("{}\n{}", file.lines().next().unwrap(), "[".repeat(100_000));
    assert_eq!(read_lines("a.avow.jsonl", &depth).unwrap().problems.len(), 1 + invented_links());
}

/// How many problems the relations of the invented project are without its articles.
fn invented_links() -> usize {
    let first = write_lines(&invented()).unwrap().lines().next().unwrap().to_owned();
    read_lines("a.avow.jsonl", &first).unwrap().problems.len()
}

#[test]
fn a_damaged_file_gives_what_is_good_and_says_what_is_not() {
    let damaged = fs::read_to_string(path("damaged.avow.json")).unwrap();
    let read = read("damaged.avow.json", &damaged).unwrap();
    let problems: String = read.problems.iter().map(|problem| format!("{problem}\n")).collect();
    golden("damaged.problems.txt", &problems);
    golden("damaged.repaired.avow.json", &write(&read.project).unwrap());
}

#[test]
fn what_is_no_native_file_is_refused() {
    let error = |json: &str| read("f", json).unwrap_err();
    assert_eq!(
        error("{\n  \"format\": avow\n}"),
        ReadError::NotJson { line: 2, column: 13, what: "expected value".into() }
    );
    assert_eq!(error("[]"), ReadError::NotAvow);
    assert_eq!(error(r#"{"format": "brat", "version": 1}"#), ReadError::NotAvow);
    assert_eq!(error(r#"{"format": "avow"}"#), ReadError::NoVersion);
    let later = error(r#"{"format": "avow", "version": 3}"#);
    assert_eq!(
        later.to_string(),
        "the file is of version 3, and this Avow reads up to version 1: use a newer Avow"
    );
    let unit = error(r#"{"format": "avow", "version": 1, "offset_unit": "inch"}"#);
    assert_eq!(unit, ReadError::UnknownUnit("inch".into()));
}

#[test]
fn times_may_name_an_offset() {
    let time = |text: &str| text.parse::<Timestamp>().map(|time| time.to_string());
    let utc = Ok("2026-01-02T03:04:05Z".to_owned());
    for text in [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05.678+00:00",
        "2026-01-02T04:34:05+01:30",
        "2026-01-01T22:04:05-05:00",
    ] {
        assert_eq!(time(text), utc, "{text}");
    }
    assert!(time("2026-01-02").is_err() && time("é:00").is_err());
}

/// A file of one article with one claim.
fn small(unit: &str, text: &str, start: u32, end: u32, quote: &str) -> String {
    json!({
        "format": "avow", "version": 1, "offset_unit": unit,
        "project": {"id": "p"}, "scheme": {"id": "s", "labels": []},
        "articles": [{"id": "a", "text": text, "sets": [{"annotator": "ada", "annotations": [
            {"id": "1", "label": "claim", "spans": [{"start": start, "end": end, "text": quote}]}
        ]}]}]
    })
    .to_string()
}

#[track_caller]
fn placed(json: &str) -> (String, usize) {
    let read = read("f", json).unwrap();
    let set = SetKey { article: "a".into(), owner: Owner::Annotator("ada".into()) };
    let annotations = read.project.annotations(&set);
    let mut marked = Marked {
        text: read.project.text(&"a".into()).unwrap().clone(),
        spans: Vec::new(),
        selection: None,
    };
    for annotation in annotations.into_iter().flat_map(|set| set.values()) {
        marked.spans.push(("c".into(), annotation.spans.iter().collect()));
    }
    (marked.to_string(), read.problems.len())
}

/// What has a place needs none.
/// Datasets give such values, and what is written of them is what was read.
#[test]
fn words_in_the_place_of_another_value_stay_words() {
    let annotation = json!({ "id": "c", "label": "claim", "spans": [{ "start": 0, "end": 2 }],
                             "attributes": { "speaker": "Ann", "cue": 7 } });
    let file = json!({ "format": "avow", "version": 1, "offset_unit": "code-point",
                       "project": { "id": "p" }, "articles": [{ "id": "a", "text": "It rains.",
                       "sets": [{ "annotator": "ada", "annotations": [annotation] }] }] });
    let read = read("made.avow.json", &file.to_string()).unwrap();
    let place = Place { article: "a".into(), annotation: "c".into() };
    let values = &read.project.annotation_at(&place).unwrap().attributes;
    assert_eq!(values.get(&"speaker".into()), Some(&AttributeValue::Text("Ann".into())));
    assert_eq!(values.get(&"cue".into()), Some(&AttributeValue::Other(json!(7))));
    let written = write(&read.project).unwrap();
    assert!(written.contains("\"speaker\": \"Ann\"") && written.contains("\"cue\": 7"));
}

#[test]
fn what_has_no_place_is_read_beside_what_has() {
    let mut file: Json = serde_json::from_str(&small("utf-8", "it rained", 0, 2, "it")).unwrap();
    let unplaced = |id: &str, annotator: Json| {
        json!({
            "id": id, "label": "claim", "annotator": annotator, "quotes": ["so"],
            "attributes": {"cue": [{"start": 3, "end": 9, "text": "rained"}]},
        })
    };
    file["articles"][0]["unplaced"] = json!([
        unplaced("1", json!("ada")), unplaced("2", json!("ada")), unplaced("2", Json::Null),
        unplaced("2", json!("ada")), {"label": "claim"}, 7,
    ]);
    file["relations"] = json!([
        {"id": "r", "type": "denies", "from": {"article": "a", "annotation": "2"}},
        {"id": "s", "type": "denies", "from": {"article": "a", "annotation": "3"}},
    ]);
    file["deleted"] = json!([
        {"kind": "annotation", "id": "2", "article": "a", "annotator": "ada"},
        {"kind": "annotation", "id": "2", "article": "a", "annotator": "bo"},
    ]);
    let read = read("f", &file.to_string()).unwrap();
    let article = read.project.article(&"a".into()).unwrap();
    let found: Vec<_> = article.unplaced.iter().map(|it| (it.id.as_str(), &it.owner)).collect();
    assert_eq!(found, [("2", &Owner::Annotator("ada".into())), ("2", &Owner::Gold)]);
    let said: Vec<&str> = read.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(
        said,
        [
            "“a” in `articles` has something in `unplaced` that is no object, at index 5",
            "“a” in `articles`: “1” in `unplaced` has an id that another has",
            "“a” in `articles`: “2” in `unplaced` has an id that an annotation of another set has",
            "“a” in `articles`: “2” in `unplaced` has an id that another has",
            "“a” in `articles`: `unplaced` at index 4 has no `id`",
            "“s” in `relations` names the annotation “3” of the article “a”, which the file does not have",
            "“2” in `deleted` is said to be deleted, and is in the file",
        ]
    );
    assert_eq!(read.project.deletions().count(), 1);
}

#[test]
fn offsets_are_read_in_the_units_that_files_name() {
    for (unit, start) in [("code-point", 2), ("utf-16", 3), ("utf-8", 5)] {
        let file = small(unit, "😀 it rained", start, start + 2, "it");
        assert_eq!(placed(&file), ("😀 <c:it:c> rained".to_owned(), 0));
    }
    let wrong = small("code-point", "😀 it rained", 3, 5, "it");
    assert_eq!(placed(&wrong), ("😀 <c:it:c> rained".to_owned(), 1));
}

#[test]
fn offsets_count_on_the_line_ends_of_the_file() {
    let text = "no\r\nno\r\nno\r\nno";
    // The third, where the second is as near if nobody counts what went.
    assert_eq!(placed(&small("code-point", text, 8, 10, "no")).0, "no\nno\n<c:no:c>\nno");
    assert_eq!(placed(&small("code-point", text, 8, 10, "")).0, "no\nno\n<c:no:c>\nno");
    // Counted after line ends became LF.
    let (marked, problems) = placed(&small("code-point", "a\r\nb it", 4, 6, "it"));
    assert_eq!((marked.as_str(), problems), ("a\nb <c:it:c>", 0));
    let (marked, problems) = placed(&small("utf-8", "\u{feff}a it", 5, 7, "it"));
    assert_eq!((marked.as_str(), problems), ("a <c:it:c>", 0));
    let (marked, problems) = placed(&small("code-point", "a\r\nb", 0, 4, "a\r\nb"));
    assert_eq!((marked.as_str(), problems), ("<c:a\nb:c>", 0));
}

#[test]
fn a_hash_may_be_of_the_text_with_its_own_line_ends() {
    for hash in [
        // Of "a\r\nb" and of "a\nb".
        "18745f36a05e29072709042d6062ce54f1b08ff36c27ba80c39f81fb010c8ce2",
        avow::text::Text::new("a\nb").hash(),
    ] {
        let mut file: Json = serde_json::from_str(&small("utf-8", "a\r\nb", 0, 1, "a")).unwrap();
        file["articles"][0]["sha256"] = hash.into();
        assert_eq!(read("f", &file.to_string()).unwrap().problems, []);
        file["articles"][0]["sha256"] = "00".into();
        assert_eq!(read("f", &file.to_string()).unwrap().problems.len(), 1);
    }
}

#[test]
fn a_scheme_is_kept_with_rules_that_nobody_knows_and_without_what_it_lacks() {
    let label = |rules: Json| {
        let mut label = json!({
            "id": "claim", "name": "Claim", "key": "c", "color": "blue", "style": "solid",
            "description": "", "example": "", "attributes": ["mood"],
        });
        if !rules.is_null() {
            label["rules"] = rules;
        }
        label
    };
    let before = json!({
        "id": "s", "version": 1, "labels": [label(Json::Null)],
        "attributes": [{"id": "mood", "name": "Mood", "kind": "text", "required": false}],
        "relations": [{"id": "denies", "name": "denies", "from": ["claim"], "to": ["claim"]}],
    });
    let now = json!({
        "id": "s", "version": 1, "labels": [label(json!(["apart", "in verse", "marks"]))],
        "attributes": [{
            "id": "mood", "name": "Mood", "description": "How.", "kind": "text", "required": true,
        }],
        "relations": [{
            "id": "denies", "name": "denies", "description": "No.", "from": ["claim"],
            "to": ["claim"], "groups": true, "text": true,
        }],
    });
    for scheme in [before, now] {
        let file = json!({
            "format": "avow", "version": 1, "offset_unit": "utf-8",
            "project": {"id": "p"}, "scheme": scheme,
        });
        let read = read("f", &file.to_string()).unwrap();
        assert_eq!(read.problems, []);
        assert_eq!(written(&read.project)["scheme"], scheme);
    }
}

fn schema() -> Json {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/avow.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn written(project: &Project) -> Json {
    serde_json::from_str(&write(project).unwrap()).unwrap()
}

#[test]
fn the_example_of_the_description_is_a_good_file() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/file-format.md");
    let page = fs::read_to_string(path).unwrap();
    let example = page.split("```").find_map(|part| part.strip_prefix("json\n")).unwrap();
    assert_eq!(read("example", example).unwrap().problems, []);
}

/// All keys of objects, at any depth.
fn all_keys(json: &Json, found: &mut BTreeSet<String>) {
    match json {
        Json::Object(object) => {
            for (key, value) in object {
                found.insert(key.clone());
                all_keys(value, found);
            }
        }
        Json::Array(list) => list.iter().for_each(|value| all_keys(value, found)),
        _ => {}
    }
}

/// All keys that a schema describes, at any depth.
fn described(schema: &Json, found: &mut BTreeSet<String>) {
    match schema {
        Json::Object(object) => {
            for (key, value) in object {
                if key == "properties" {
                    found.extend(value.as_object().unwrap().keys().cloned());
                }
                described(value, found);
            }
        }
        Json::Array(list) => list.iter().for_each(|value| described(value, found)),
        _ => {}
    }
}

#[test]
fn the_schema_describes_every_key_and_no_other() {
    let (mut found, mut expected) = (BTreeSet::new(), BTreeSet::new());
    all_keys(&written(&invented()), &mut found);
    described(&schema(), &mut expected);
    // What the invented project made up.
    for key in [
        "x-note",
        "x-colour",
        "owner",
        "team",
        "pinned",
        "why",
        "sure",
        "mood",
        "section",
        "author",
        "cue",
        "directness",
        "another",
        "two",
    ] {
        assert!(found.remove(key), "{key}");
    }
    assert_eq!(found, expected);
}

/// What would take minutes if it cost the square of its size.
#[test]
fn much_that_is_wrong_takes_its_time_and_no_more() {
    let file = |text: &str, annotations: Vec<Json>| {
        let mut file: Json =
            serde_json::from_str(&fs::read_to_string(path("invented.avow.json")).unwrap()).unwrap();
        for key in ["groups", "relations", "deleted"] {
            file[key] = json!([]);
        }
        let set = json!({ "annotator": "ada", "annotations": annotations });
        file["articles"] = json!([{ "id": "a", "text": text, "sets": [set] }]);
        file.to_string()
    };
    let started = std::time::Instant::now();
    // Words that stand nowhere, each of which is searched.
    let lost = |at: usize| {
        let span = json!({ "start": at, "end": at + 9, "text": "It hailed" });
        json!({ "id": format!("x{at}"), "label": "claim", "spans": [span] })
    };
    let lost = file(&"It never rained. ".repeat(30_000), (0..10_000).map(lost).collect());
    let problems = read("a", &lost).unwrap().problems;
    assert_eq!(problems.len(), 10_000);
    for (problem, what) in [(&problems[0], "not in the text"), (&problems[9_999], "not searched")] {
        assert!(problem.what.contains(what), "{problem}");
    }

    let values: Extra = (0..50_000).map(|at| (format!("k{at}"), json!("v"))).collect();
    let span = json!({ "start": 0, "end": 9, "text": "It rained" });
    let annotation = json!({ "id": "x", "label": "claim", "spans": [span], "attributes": values });
    let read = read("a", &file("It rained.", vec![annotation])).unwrap();
    assert!(write(&read.project).unwrap().contains("\"k49999\": \"v\""));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
