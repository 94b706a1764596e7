//! A rescue file gives back what was stored, and says what it could not.

#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use avow::annotation::{Spans, Status, Timestamp};
use avow::edit::act::{self, Counted};
use avow::edit::{Commit, Intent, Transaction};
use avow::format::rescue::{self, ReadError};
use avow::format::stored::{self, ProjectRow, Record};
use avow::project::{Article, Key, Meta, Project, Sets, Source, Value};
use avow::scheme::Extra;
use avow::text::Text;
use serde_json::{Value as Json, json};

const TEXT: &str = "“No,” said Ada.";

fn project() -> (Project, Vec<Arc<Commit>>) {
    let guidelines = "Mark all.".to_owned();
    let meta = Meta { guidelines, ..Meta::new("p".into(), "Ports", Timestamp(1)) };
    let text = Text::new(TEXT);
    let article = Article {
        id: "a".into(),
        order: 0,
        title: "An <article>".to_owned(),
        text: text.hash().into(),
        source: Source::default(),
        metadata: serde_json::from_str(r#"{"$id": 12345678901234567890}"#).unwrap(),
        regions: Vec::new(),
        former_texts: Vec::new(),
        unplaced: Vec::new(),
        extra: Extra::new(),
    };
    let mut commits = Vec::new();
    let mut make = |project: &Project, transaction: Transaction| {
        let seq = commits.len() as u64 + 1;
        let after = transaction.apply(project).unwrap();
        commits.push(Arc::new(Commit {
            id: seq.to_string().into(),
            seq,
            at: Timestamp(seq),
            by: "ada".into(),
            intent_group: seq.to_string().into(),
            undoes: None,
            transaction,
        }));
        after
    };
    let empty = Project::new(meta);
    let added = act::add_articles(&empty, [article], Intent::AddArticles { count: 1 });
    let project = make(&empty, added).with_loaded(&"a".into(), text.clone(), Sets::new()).0;
    let set = act::own_set(&"a".into(), &"ada".into());
    let spans = |start, end| {
        let pos = |byte| text.pos(byte).unwrap();
        Spans::new([text.span(pos(start), pos(end)).unwrap()]).unwrap()
    };
    let mut ctx = Counted { now: Timestamp(3), ..Counted::default() };
    let (_, quote) = act::annotate(&project, &set, &"quote".into(), spans(0, 9), &mut ctx);
    let project = make(&project, quote);
    ctx.now = Timestamp(4);
    let (_, claim) = act::annotate(&project, &set, &"claim".into(), spans(10, 18), &mut ctx);
    let project = make(&project, claim);
    let done = act::set_status(&project, &set, Status::Done);
    (make(&project, done), commits)
}

/// What the page would have stored, as `rescue.js` copies it.
fn file(project: &Project, commits: &[Arc<Commit>]) -> Json {
    let id = &project.meta().id;
    let row = ProjectRow {
        id: id.clone(),
        title: project.meta().title.clone(),
        opened: Timestamp(5),
        articles: 1,
        deleted: None,
        last_seq: 4,
        blocks: 0,
        packed: false,
        importing: false,
    };
    let mut records: Vec<Json> = stored::touched(project, commits)
        .into_iter()
        .map(|(path, record)| json!({"key": path, "value": record.to_json()}))
        .collect();
    for record in [
        Record::Other(Key::Meta, Value::Meta(project.meta().clone())),
        Record::Other(Key::Scheme, Value::Scheme(project.scheme().clone())),
    ] {
        let Record::Other(key, _) = &record else { unreachable!() };
        records.push(json!({"key": stored::path(id, key), "value": record.to_json()}));
    }
    json!({
        "format": "avow-rescue", "version": 1,
        "stores": {
            "projects": [{"key": "p", "value": stored::to_plain(&row)}],
            "records": records,
            "texts": [{"key": Text::new(TEXT).hash(), "value": TEXT}],
            "commits": [], "views": [],
        }
    })
}

fn values(project: &Project, commits: &[Arc<Commit>]) -> Vec<Option<Value>> {
    let changes = commits.iter().flat_map(|commit| commit.transaction.changes());
    changes.map(|change| project.value(&change.key).unwrap()).collect()
}

#[test]
fn a_rescue_file_gives_all_back() {
    let (project, commits) = project();
    let rescued = rescue::read("r.json", &file(&project, &commits).to_string()).unwrap();
    assert_eq!(rescued.problems, []);
    let [back] = &rescued.projects[..] else { panic!("one project") };
    assert_eq!(back.meta(), project.meta());
    assert_eq!(back.scheme(), project.scheme());
    assert_eq!(back.articles(), project.articles());
    assert_eq!(values(back, &commits), values(&project, &commits));
    let set = act::own_set(&"a".into(), &"ada".into());
    assert_eq!(back.set(&set), project.set(&set));
    assert_eq!(back.text(&"a".into()), project.text(&"a".into()));
}

#[test]
fn annotations_in_blocks_are_read_and_what_stands_by_itself_counts() {
    let (project, commits) = project();
    let mut json = file(&project, &commits);
    let records = json["stores"]["records"].as_array_mut().unwrap();
    let is_annotation = |record: &Json| record["key"][1] == "annotation";
    let mut own: Vec<Json> = records.iter().filter(|it| is_annotation(it)).cloned().collect();
    assert_eq!(own.len(), 2);
    records.retain(|it| !is_annotation(it));
    let (id, article) = (&project.meta().id, "a".into());
    let sets = &project.loaded(&article).unwrap().sets;
    for (number, block) in (1..).zip(stored::to_annotation_blocks(sets)) {
        let path = stored::annotation_block_path(id, &article, number);
        records.push(json!({"key": path, "value": block}));
    }
    let set = act::own_set(&article, &"ada".into());
    let labels = |json: &Json| {
        let rescued = rescue::read("r.json", &json.to_string()).unwrap();
        let problems = rescued.problems.into_iter().map(|problem| problem.what);
        let [back] = &rescued.projects[..] else { panic!("one project") };
        let left = back.annotations(&set).into_iter().flat_map(|set| set.values());
        let labels: Vec<String> = left.map(|it| it.label.to_string()).collect();
        (labels, problems.collect::<Vec<_>>())
    };
    assert_eq!(labels(&json), (vec!["quote".to_owned(), "claim".to_owned()], Vec::new()));

    own[0]["value"]["value"]["annotation"]["label"] = "denial".into();
    own[1]["value"]["value"] = Json::Null;
    json["stores"]["records"].as_array_mut().unwrap().append(&mut own);
    assert_eq!(labels(&json), (vec!["denial".to_owned()], Vec::new()));

    let records = json["stores"]["records"].as_array_mut().unwrap();
    let block = records.iter_mut().find(|it| is_annotation(it)).unwrap();
    block["value"] = "[".into();
    let (left, problems) = labels(&json);
    assert_eq!((left, problems.len()), (vec!["denial".to_owned()], 1));
    assert!(problems[0].starts_with(r#"The annotations ["p","annotation","a","","00000001"]"#));
}

#[test]
fn what_is_damaged_is_told_and_the_rest_kept() {
    let (project, commits) = project();
    let mut json = file(&project, &commits);
    let records = json["stores"]["records"].as_array_mut().unwrap();
    let is = |record: &Json, kind: &str| record["key"][1] == kind;
    let annotation = records.iter_mut().find(|record| is(record, "annotation")).unwrap();
    annotation["value"]["value"]["annotation"]["spans"][0]["end"] = 1.into();
    records.retain(|record| !is(record, "meta"));
    records.push(json!({"key": ["p", "speaker", "x"], "value": 7}));
    records.push(json!({"key": ["q", "speaker", "x"], "value": {"key": {"speaker": "x"}, "value":
        {"speaker": {"id": "x", "order": 0, "name": "X", "aliases": []}}}}));
    let rescued = rescue::read("r.json", &json.to_string()).unwrap();
    let whats: Vec<&str> = rescued.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(whats.len(), 4, "{whats:#?}");
    assert!(whats[0].starts_with(r#"The record ["p","speaker","x"] cannot be read"#));
    assert_eq!(whats[1], "The title and guidelines of the project “p” are not there");
    assert_eq!(whats[2], "An annotation of “An <article>” does not fit its text");
    assert_eq!(whats[3], "Records belong to a project “q” that is not there");
    let [back] = &rescued.projects[..] else { panic!("one project") };
    assert_eq!(back.meta().title, "Ports");
    let set = act::own_set(&"a".into(), &"ada".into());
    let row = back.set(&set).unwrap();
    assert_eq!((row.total(), row.status()), (1, Status::Done), "counts are of what is there");

    json["stores"]["texts"] = json!([{"key": Text::new(TEXT).hash(), "value": "other"}]);
    let rescued = rescue::read("r.json", &json.to_string()).unwrap();
    assert_eq!(rescued.projects[0].article_count(), 1);
    assert!(rescued.problems.iter().any(|problem| problem.what.contains("2 annotations")));
}

#[test]
fn a_deleted_project_stays_deleted() {
    let (project, commits) = project();
    let mut json = file(&project, &commits);
    json["stores"]["projects"][0]["value"]["deleted"] = 9.into();
    let rescued = rescue::read("r.json", &json.to_string()).unwrap();
    assert!(rescued.projects.is_empty());
    assert_eq!(rescued.problems[0].what, "The project “Ports” was deleted and is left out");
}

#[test]
fn other_files_are_refused() {
    let error = |json: &str| rescue::read("r.json", json).unwrap_err();
    assert!(matches!(error(r#"{"format": "avow-rescue","#), ReadError::NotJson(_)));
    assert_eq!(error(r#"{"format": "avow", "version": 1}"#), ReadError::NotRescue);
    assert_eq!(error(r#"{"format": "avow-rescue", "version": 1}"#), ReadError::NotRescue);
    assert_eq!(error(r#"{"format": "avow-rescue", "version": 2}"#), ReadError::Version(2));
    let empty = r#"{"format": "avow-rescue", "version": 1, "stores": {}}"#;
    assert!(rescue::read("r.json", empty).unwrap().projects.is_empty());
}
