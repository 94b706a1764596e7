//! Jobs: what goes to the worker comes back whole, and the work is the work of the core.
#![cfg(not(target_arch = "wasm32"))]

use avow::annotation::Timestamp;
use avow::edit::act::retext::{How, alone, plan};
use avow::edit::merge::{Decisions, Rule, Side, merge};
use avow::format::dataset::{FORMATS, Package, Wanted};
use avow::format::html::Event;
use avow::format::stored::Shape;
use avow::format::{native, rescue};
use avow::job::{
    Answer, Content, Dataset, FileIn, FilesRead, Give, Jobs, ProjectFile, Request, ToCompare,
    ToMerge, ToWrite, Whole, run,
};
use avow::project::{Deletion, Key, Project};
use avow::text::Text;

const INVENTED: &str = include_str!("golden/invented.avow.json");

fn invented() -> Project {
    native::read("invented.avow.json", INVENTED).unwrap().project
}

/// Runs a job as the page and its worker do: by way of messages.
fn sent(request: Request) -> Answer {
    sent_to(&mut Jobs::default(), request)
}

/// As [`sent`], to a worker that keeps what it was sent before.
fn sent_to(jobs: &mut Jobs, request: Request) -> Answer {
    let message = request.to_message();
    let bytes = match request {
        Request::ReadFiles(files, ..) => files.into_iter().map(|file| file.bytes).collect(),
        _ => Vec::new(),
    };
    let answer = jobs.run(Request::from_message(message, bytes).unwrap());
    let back = Answer::from_message(answer.to_message()).unwrap();
    match answer {
        Answer::Written(_) => {
            assert_eq!(back, Answer::Written(Vec::new()), "pieces go beside the JSON");
            answer
        }
        Answer::Dataset(dataset) => {
            let alone = Dataset { pieces: Vec::new(), ..(*dataset).clone() };
            assert_eq!(back, Answer::Dataset(Box::new(alone)), "files go beside the JSON");
            Answer::Dataset(dataset)
        }
        answer => {
            assert_eq!(back, answer);
            back
        }
    }
}

fn file(path: &str, bytes: impl AsRef<[u8]>) -> FileIn {
    FileIn { path: path.to_owned(), bytes: bytes.as_ref().to_vec(), page: None }
}

fn read(files: Vec<FileIn>) -> FilesRead {
    match sent(Request::ReadFiles(files, "me".into(), Timestamp(0))) {
        Answer::Read(found) => found,
        other => panic!("{other:?}"),
    }
}

fn written_lines(project: &Project) -> String {
    match sent(Request::WriteLines(Whole::of(project))) {
        Answer::Written(pieces) => pieces.concat(),
        other => panic!("{other:?}"),
    }
}

fn written(project: &Project) -> String {
    match sent(Request::WriteProject(Whole::of(project))) {
        Answer::Written(pieces) => pieces.concat(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_is_the_project() {
    let project = invented();
    let whole = Whole::of(&project);
    let back = whole.clone().into_project().unwrap();
    assert_eq!(native::write(&back).unwrap(), INVENTED);
    assert_eq!(back.keys(), project.keys());
    for key in project.keys() {
        assert_eq!(back.value(&key), project.value(&key), "{key:?}");
    }
    for article in project.articles() {
        let rows = |of: &Project| -> Vec<_> {
            of.sets_of(&article.id).map(|(owner, row)| (owner.clone(), row.clone())).collect()
        };
        assert_eq!(rows(&back), rows(&project));
    }
    assert_eq!(Whole::of(&back), whole);
}

#[test]
fn what_is_not_loaded_keeps_its_counts() {
    let project = invented();
    let first = project.articles()[0].id.clone();
    let closed = project.without_loaded(&first);
    let back = Whole::of(&closed).into_project().unwrap();
    assert!(back.loaded(&first).is_none());
    assert!(back.sets_of(&first).any(|(_, row)| row.total() > 0));
    assert_eq!(Whole::of(&back), Whole::of(&closed));
}

#[test]
fn articles_of_one_text_are_loaded_one_by_one() {
    let files = [r#"[{"id": "a", "text": "Same."}, {"id": "b", "text": "Same."}]"#];
    let found = read(vec![file("two.json", files[0])]);
    let mut project = invented();
    for new in found.articles {
        let add = avow::edit::act::add_articles(
            &project,
            [new.article.clone()],
            avow::edit::Intent::AddArticles { count: 1 },
        );
        project = add.apply(&project).unwrap();
    }
    let text = avow::text::Text::new("Same.");
    let (project, _) = project.with_loaded(&"a".into(), text, []);
    let back = Whole::of(&project).into_project().unwrap();
    assert!(back.loaded(&"a".into()).is_some() && back.loaded(&"b".into()).is_none());
}

#[test]
fn a_damaged_whole_is_refused() {
    let mut json = Whole::of(&invented()).to_json();
    json["texts"] = serde_json::json!({});
    let damaged = Whole::from_json(json).unwrap();
    let error = damaged.clone().into_project().unwrap_err().to_string();
    assert!(error.contains("text"), "{error}");
    assert!(matches!(run(Request::WriteProject(damaged)), Answer::Failed(_)));
}

#[test]
fn written_files_read_back() {
    let file_text = written(&invented());
    assert_eq!(file_text, INVENTED);
    let found = read(vec![file("a.avow.json", &file_text)]);
    let [ProjectFile { project, problems, .. }] = &found.projects[..] else { panic!("{found:?}") };
    assert!(problems.is_empty() && found.problems.is_empty() && found.articles.is_empty());
    assert_eq!(written(&project.clone().into_project().unwrap()), INVENTED);
}

#[test]
fn lines_read_back_whatever_their_file_is_called() {
    let lines = written_lines(&invented());
    assert_eq!(lines, native::write_lines(&invented()).unwrap());
    for name in ["a.avow.jsonl", "a.avow.json", "a.txt"] {
        let found = read(vec![file(name, &lines)]);
        let [ProjectFile { project, problems, .. }] = &found.projects[..] else {
            panic!("{name}: {found:?}")
        };
        assert!(problems.is_empty() && found.problems.is_empty(), "{name}");
        assert_eq!(written(&project.clone().into_project().unwrap()), INVENTED);
    }
}

#[test]
fn a_project_that_is_not_loaded_is_not_written() {
    let project = invented();
    let first = project.articles()[0].id.clone();
    let request = Request::WriteProject(Whole::of(&project.without_loaded(&first)));
    assert!(matches!(sent(request), Answer::Failed(_)));
}

#[test]
fn good_and_bad_files_together() {
    let open = |tag: &str| Event::Open { tag: tag.to_owned(), attributes: Vec::new() };
    let page = vec![
        open("html"),
        open("body"),
        open("p"),
        Event::Text("On  a page.".to_owned()),
        Event::Close,
        Event::Close,
        Event::Close,
    ];
    let found = read(vec![
        file("a.txt", "Title\nText."),
        FileIn { page: Some(page), ..file("b.html", "<p>On  a page.") },
        file("c.json", "{"),
        file("d.avow.json", r#"{"format": "avow", "version": 99}"#),
        file("e.docx", "x"),
        file("f.jsonl", "{\"text\": \"One.\"}\n{\"text\": \"Two.\"}\n"),
        file("g.json", r#"{"format": "avow-rescue", "version": 1, "stores": {"x": 1"#),
    ]);
    let texts: Vec<_> = found.articles.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["Title\nText.", "On a page.", "One.", "Two."]);
    let files: Vec<_> = found.problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["c.json", "d.avow.json", "e.docx", "g.json"]);
    assert!(found.projects.is_empty());
}

#[test]
fn an_empty_rescue_file_gives_no_project() {
    let json = r#"{"format": "avow-rescue", "version": 1, "stores": {}}"#;
    assert!(rescue::read("r.json", json).unwrap().projects.is_empty());
    assert_eq!(read(vec![file("r.json", json)]), FilesRead::default());
}

#[test]
fn merging_by_message_is_merging() {
    let mine = invented();
    let second = mine.articles()[1].clone();
    let deletion = Deletion { at: Timestamp(5), by: "ada".into(), extra: Default::default() };
    let removed = avow::edit::act::remove_article(&mine, &second, deletion).apply(&mine).unwrap();
    let mine = removed.without_loaded(&second.id);
    let theirs = invented();
    for rule in [Rule::Newest, Rule::Mine, Rule::Theirs] {
        let mut decisions = Decisions::by(rule);
        decisions.decide(Key::Meta, Side::Theirs);
        let copies = ToMerge {
            mine: Whole::of(&mine),
            theirs: Whole::of(&theirs),
            file: "a.avow.json".to_owned(),
            decisions: decisions.clone(),
        };
        let request = Request::Merge(Box::new(copies));
        let merged = merge(&mine, &theirs, "a.avow.json", &decisions).unwrap();
        assert!(!merged.differences.is_empty());
        assert_eq!(sent(request), Answer::Merged(merged));
    }
}

#[test]
fn merging_needs_what_it_compares() {
    let mine = invented();
    let first = mine.articles()[0].id.clone();
    let copies = ToMerge {
        mine: Whole::of(&mine.without_loaded(&first)),
        theirs: Whole::of(&mine),
        file: String::new(),
        decisions: Decisions::default(),
    };
    let request = Request::Merge(Box::new(copies));
    assert!(matches!(sent(request), Answer::Failed(why) if why.contains("not at hand")));
}

#[test]
fn another_text_is_compared_as_at_home() {
    let project = invented();
    let mut found = Vec::new();
    for article in project.articles() {
        let text = project.text(&article.id).unwrap().as_str();
        let half = text.ceil_char_boundary(text.len() / 2);
        let new = Text::new(&format!("Zuvor. {} 👩\u{200d}👧 after", &text[..half]));
        let alone = alone(&project, &article.id).unwrap();
        let (whole, id) = (Whole::of(&alone), article.id.clone());
        let asked = ToCompare { project: whole, article: id.clone(), new: new.clone() };
        match sent(Request::Compare(Box::new(asked))) {
            Answer::Planned(answer) => {
                assert_eq!(*answer, plan(&project, &id, &new).unwrap());
                assert!(answer.holds(&project));
                found.extend(answer.carried.iter().map(|it| it.how));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(found.contains(&How::Stays) && found.contains(&How::Unplaced), "{found:?}");
}

#[test]
fn a_dataset_of_another_tool_becomes_a_project_and_texts_beside_it_articles() {
    let brat = [
        ("rain/one.txt", "The mayor said it rained 😀 again."),
        ("rain/one.ann", "T1\tClaim 15 32\tit rained 😀 again\n"),
    ];
    let packed =
        avow::format::zip::write(brat.map(|(name, text)| (name, text.as_bytes()))).unwrap();
    let file = |path: &str, bytes: &[u8]| FileIn {
        path: path.to_owned(),
        bytes: bytes.to_vec(),
        page: None,
    };
    let alone = brat.map(|(path, text)| file(path, text.as_bytes()));
    for files in [alone.to_vec(), vec![file("rain.zip", &packed)]] {
        let files = [&files[..], &[file("sun.txt", b"The sun shone.")]].concat();
        let Answer::Read(read) = run(Request::ReadFiles(files, "me".into(), Timestamp(5))) else {
            panic!()
        };
        assert_eq!(read.articles.len(), 1, "{read:?}");
        let [ProjectFile { project, problems, .. }] = &read.projects[..] else {
            panic!("{read:?}")
        };
        assert_eq!(problems[..], []);
        let project = project.clone().into_project().unwrap();
        let article = project.articles()[0].id.clone();
        let text = project.text(&article).unwrap();
        let sets = project.loaded(&article).unwrap().sets.values();
        let marked: Vec<(&str, &str)> = sets
            .flat_map(|set| set.values())
            .map(|it| (it.label.as_str(), text.slice(it.spans.first())))
            .collect();
        assert_eq!(marked, [("claim", "it rained 😀 again")]);
    }
    let broken = run(Request::ReadFiles(
        vec![file("x.zip", b"PK\x03\x04 and no more")],
        "me".into(),
        Timestamp(5),
    ));
    let Answer::Read(read) = broken else { panic!() };
    assert!(read.problems[0].what.contains("no ZIP file"), "{read:?}");
}

/// What of the articles of a project is loaded.
fn contents(project: &Project) -> Vec<Content> {
    let content = |id: &avow::annotation::ArticleId| {
        let loaded = project.loaded(id).unwrap();
        let sets = loaded.sets.iter().flat_map(|(owner, set)| {
            set.values().map(|it| (owner.clone(), (**it).clone())).collect::<Vec<_>>()
        });
        let annotations = sets.collect();
        Content { article: id.clone(), text: loaded.text.clone(), annotations }
    };
    project.articles().iter().map(|it| content(&it.id)).collect()
}

fn dataset(jobs: &mut Jobs, project: u32, wanted: &Wanted, give: Give) -> Result<Dataset, String> {
    let asked = ToWrite { project, wanted: wanted.clone(), give };
    match sent_to(jobs, Request::WriteDataset(Box::new(asked))) {
        Answer::Dataset(dataset) => Ok(*dataset),
        Answer::Failed(why) => Err(why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_project_is_sent_once_for_many_datasets() {
    let project = invented();
    let index =
        project.loaded_articles().fold(project.clone(), |project, id| project.without_loaded(id));
    let mut jobs = Jobs::default();
    assert_eq!(sent_to(&mut jobs, Request::KeepProject(7, Whole::of(&index))), Answer::Kept);
    let wanted = Wanted::new(&FORMATS[0]);
    let error = dataset(&mut jobs, 7, &wanted, Give::Look).unwrap_err();
    assert!(error.contains("is not in memory"), "{error}");
    for content in contents(&project) {
        let kept = sent_to(&mut jobs, Request::KeepArticles(7, vec![content]));
        assert_eq!(kept, Answer::Kept);
    }
    for format in FORMATS {
        let wanted = Wanted::new(format);
        let package = Package::of(&project, &wanted).unwrap();
        let files = dataset(&mut jobs, 7, &wanted, Give::Files).unwrap();
        let named = files.files.iter().map(|(name, size)| (name.as_str(), *size as usize));
        let written: Vec<_> = named.zip(&files.pieces).collect();
        let expected: Vec<_> = package.files.iter().map(|it| (&it.name[..], &it.content)).collect();
        assert_eq!(written.len(), expected.len());
        for (((name, size), bytes), (expected, content)) in written.into_iter().zip(expected) {
            assert_eq!((name, size, &bytes[..]), (expected, content.len(), content.as_bytes()));
        }
        let looked = dataset(&mut jobs, 7, &wanted, Give::Look).unwrap();
        assert_eq!(looked, Dataset { pieces: Vec::new(), ..files.clone() });
        let packed = dataset(&mut jobs, 7, &wanted, Give::Archive).unwrap();
        let unpacked = avow::format::zip::read(&packed.pieces[0]).unwrap();
        assert!(unpacked.into_iter().map(|(_, bytes)| bytes).eq(files.pieces));
    }
    // Another project takes its place, and what is said of the older is refused.
    assert_eq!(sent_to(&mut jobs, Request::KeepProject(8, Whole::of(&index))), Answer::Kept);
    let late = Request::KeepArticles(7, contents(&project));
    assert!(matches!(sent_to(&mut jobs, late), Answer::Failed(_)));
    let error = dataset(&mut jobs, 7, &wanted, Give::Look).unwrap_err();
    assert_eq!(error, "the project is not at hand");
}
