//! Jobs: what goes to the worker comes back whole, and the work is the work of the core.
#![cfg(not(target_arch = "wasm32"))]

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use avow::annotation::Timestamp;
use avow::edit::act::Counted;
use avow::edit::act::retext::{How, alone, plan};
use avow::edit::file_commit;
use avow::edit::merge::{Decisions, Rule, Side, merge};
use avow::format::dataset::{Choice, FORMATS, Fractions, Package, Wanted};
use avow::format::html::Event;
use avow::format::native::Layout;
use avow::format::stored::Shape;
use avow::format::{Problem, native, rescue};
use avow::job::{
    Answer, Dataset, FileIn, FilesRead, Give, Jobs, LinesRead, Part, Pieces, ProjectFile, Request,
    ToCompare, ToMerge, ToWrite, Whole, run,
};
use avow::project::{Article, Deletion, Entry, Key, Loaded, Project, Sets};
use avow::store::{Memory, Store};
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
        Request::ReadLines(_, bytes) | Request::Pack(_, _, bytes) => vec![bytes],
        _ => Vec::new(),
    };
    let answer = jobs.run(Request::from_message(&message, bytes).unwrap());
    let back = Answer::from_message(&answer.to_message()).unwrap();
    // Bytes go beside the message.
    let named =
        |pieces: &Pieces| pieces.keys().map(|it| (it.clone(), Vec::new())).collect::<Pieces>();
    let plain = match answer.clone() {
        Answer::Written(_) => Answer::Written(Vec::new()),
        Answer::Pieces(pieces) => Answer::Pieces(named(&pieces)),
        Answer::Dataset(dataset, pieces) => Answer::Dataset(dataset, named(&pieces)),
        answer => answer,
    };
    assert_eq!(back, plain);
    answer
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

/// The native file, as the page has it written: so many articles at a time.
fn written_as(project: &Project, layout: Layout, at_once: usize) -> String {
    let mut jobs = Jobs::default();
    let mut ask = |request| match sent_to(&mut jobs, request) {
        Answer::Written(bytes) => String::from_utf8(bytes).unwrap(),
        other => panic!("{other:?}"),
    };
    let mut file = ask(Request::BeginFile(7, layout, Whole::of(&project.without_articles())));
    for articles in parts(project, at_once) {
        file += &ask(Request::WriteArticles(7, articles));
    }
    file + &ask(Request::EndFile(7))
}

fn written(project: &Project) -> String {
    written_as(project, Layout::Object, 1)
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
    let (project, _) = project.with_loaded(&"a".into(), text, Sets::new());
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
    assert!(matches!(run(Request::BeginFile(1, Layout::Object, damaged)), Answer::Failed(_)));
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
    let lines = written_as(&invented(), Layout::Lines, 1);
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
fn a_file_is_the_same_however_many_articles_are_written_at_once() {
    let project = invented();
    let empty = project.without_articles();
    for layout in Layout::ALL {
        for at_once in [1, 2, 9] {
            let written = written_as(&project, layout, at_once);
            assert_eq!(written, layout.write(&project).unwrap());
        }
        assert_eq!(written_as(&empty, layout, 1), layout.write(&empty).unwrap());
    }
}

#[test]
fn what_was_begun_with_another_worker_is_not_written() {
    let stopped = Answer::Failed("it was stopped".to_owned());
    let articles = parts(&invented(), 9).remove(0);
    assert_eq!(run(Request::WriteArticles(1, articles.clone())), stopped);
    assert_eq!(run(Request::EndFile(1)), stopped);
    assert_eq!(run(Request::TakeArticles(1, articles)), stopped);
    assert_eq!(run(Request::EndRound(1)), stopped);
    assert_eq!(run(Request::Pack(1, true, Vec::new())), stopped);
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

/// The articles of a project as they are sent, so many at once.
fn parts(project: &Project, at_once: usize) -> Vec<Whole> {
    let entries: Vec<Entry> = project.entries().collect();
    let parts = entries.chunks(at_once);
    parts.map(|it| Whole::of_entries(project.meta(), it.iter().cloned())).collect()
}

/// A dataset of a project that the worker keeps, and what stands in its files; made of articles that
/// are sent, or of those that are kept.
fn dataset(
    jobs: &mut Jobs,
    project: u32,
    articles: Option<&[Whole]>,
    wanted: &Wanted,
    give: Give,
) -> Result<(Dataset, Pieces), String> {
    let mut ask = |request| match sent_to(jobs, request) {
        Answer::Failed(why) => Err(why),
        answer => Ok(answer),
    };
    let asked = ToWrite { project, wanted: wanted.clone(), give };
    ask(Request::BeginDataset(4, Box::new(asked)))?;
    let mut contents = Pieces::new();
    let mut append = |pieces: Pieces| {
        for (name, piece) in pieces {
            contents.entry(name).or_default().extend(piece);
        }
    };
    for _ in 0..2 {
        let taken = match articles {
            Some(parts) => {
                parts.iter().map(|it| Request::TakeArticles(4, it.clone())).collect::<Vec<_>>()
            }
            None => vec![Request::TakeKept(4, project)],
        };
        for request in taken.into_iter().chain([Request::EndRound(4)]) {
            match ask(request)? {
                Answer::Pieces(pieces) => append(pieces),
                Answer::Dataset(dataset, pieces) => {
                    append(pieces);
                    return Ok((*dataset, contents));
                }
                other => panic!("{other:?}"),
            }
        }
    }
    panic!("articles are taken twice");
}

/// The archive of a dataset, whose files come so many bytes at a time.
fn packed(jobs: &mut Jobs, dataset: &Dataset, contents: &Pieces, size: usize) -> Vec<u8> {
    let all: Vec<u8> = dataset.files.iter().flat_map(|(name, _)| contents[name].clone()).collect();
    let count = all.len().div_ceil(size);
    let packed = all.chunks(size).enumerate().map(|(at, bytes)| {
        match sent_to(jobs, Request::Pack(4, at + 1 == count, bytes.to_vec())) {
            Answer::Written(bytes) => bytes,
            other => panic!("{other:?}"),
        }
    });
    packed.collect::<Vec<_>>().concat()
}

#[test]
fn a_project_is_sent_once_for_many_datasets() {
    let project = invented();
    let bare = || Whole::of(&project.without_articles());
    let mut jobs = Jobs::default();
    assert_eq!(sent_to(&mut jobs, Request::KeepProject(7, bare())), Answer::Kept);
    for articles in parts(&project, 1) {
        assert_eq!(sent_to(&mut jobs, Request::KeepArticles(7, articles)), Answer::Kept);
    }
    let sent = parts(&project, 2);
    let split = Some((Fractions::default(), 3));
    for wanted in
        FORMATS.iter().flat_map(|it| [None, split].map(|split| Wanted { split, ..Wanted::new(it) }))
    {
        let package = Package::of(&project, &wanted).unwrap();
        let (made, contents) = dataset(&mut jobs, 7, None, &wanted, Give::Files).unwrap();
        let expected = package.files.iter().map(|it| (it.name.clone(), it.content.len() as u64));
        assert!(made.files.iter().cloned().eq(expected), "{:?}", made.files);
        for file in &package.files {
            assert_eq!(contents[&file.name], file.content.as_bytes(), "{}", file.name);
        }
        assert_eq!(made.losses, package.losses.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(made.split, package.split);

        // The same where the articles are sent, and where nothing of it is given.
        let of_sent = dataset(&mut jobs, 7, Some(&sent), &wanted, Give::Archive).unwrap();
        assert_eq!(of_sent, (made.clone(), contents.clone()));
        let archive = packed(&mut jobs, &made, &contents, 100);
        let files = package.files.iter().map(|it| (&it.name[..], it.content.as_bytes()));
        assert_eq!(archive, avow::format::zip::write(files).unwrap());
        let looked = dataset(&mut jobs, 7, Some(&sent), &wanted, Give::Look).unwrap();
        assert_eq!(looked, (made, Pieces::new()));
    }
    // What changes between its two ways through is no dataset.
    let wanted = Wanted::new(&FORMATS[0]);
    let asked = ToWrite { project: 7, wanted: wanted.clone(), give: Give::Look };
    sent_to(&mut jobs, Request::BeginDataset(4, Box::new(asked)));
    sent_to(&mut jobs, Request::TakeArticles(4, sent[0].clone()));
    sent_to(&mut jobs, Request::EndRound(4));
    let entries = project.entries().map(|it| {
        let loaded = Arc::new(Loaded::of(it.loaded.text.clone(), Sets::new()).0);
        Entry { loaded, ..it }
    });
    let changed = Whole::of_entries(project.meta(), entries);
    let Answer::Failed(why) = sent_to(&mut jobs, Request::TakeArticles(4, changed)) else {
        panic!("it was changed")
    };
    assert!(why.contains("was changed meanwhile"), "{why}");
    // One that was given up does not go on; another's number is none of its business.
    for (number, ends) in [(5, false), (4, true)] {
        assert_eq!(sent_to(&mut jobs, Request::ForgetDataset(number)), Answer::Kept);
        let taken = sent_to(&mut jobs, Request::TakeArticles(4, sent[0].clone()));
        assert_eq!(taken == Answer::Failed("it was stopped".to_owned()), ends, "{taken:?}");
    }
    // Another project takes its place, and what is said of the older is refused.
    assert_eq!(sent_to(&mut jobs, Request::KeepProject(8, bare())), Answer::Kept);
    let late = Request::KeepArticles(7, sent[0].clone());
    assert!(matches!(sent_to(&mut jobs, late), Answer::Failed(_)));
    let error = dataset(&mut jobs, 7, None, &Wanted::new(&FORMATS[0]), Give::Look).unwrap_err();
    assert_eq!(error, "the project is not at hand");
}

#[test]
fn more_articles_than_fit_are_not_kept() {
    let project = invented();
    let mut jobs = Jobs::default();
    let bare = Whole::of(&project.without_articles());
    assert_eq!(sent_to(&mut jobs, Request::KeepProject(7, bare)), Answer::Kept);
    let small = parts(&project, 9).remove(0);
    assert_eq!(sent_to(&mut jobs, Request::KeepArticles(7, small)), Answer::Kept);
    let mut large = project.entries().next().unwrap();
    let article = Article { id: "large".into(), ..(*large.article).clone() };
    let text = Text::new(&"Rain fell. ".repeat(1_600_000));
    large.loaded = Arc::new(Loaded::of(text, Sets::new()).0);
    let large = Entry { article: Arc::new(article), rows: Vec::new(), ..large };
    let large = Whole::of_entries(project.meta(), [large]);
    assert_eq!(sent_to(&mut jobs, Request::KeepArticles(7, large)), Answer::Full);
    let wanted = Wanted::new(&FORMATS[0]);
    let (made, _) = dataset(&mut jobs, 7, None, &wanted, Give::Look).unwrap();
    assert_eq!(made.parts[0].articles, 0, "no article is kept");
    let sent = parts(&project, 9);
    let (made, _) = dataset(&mut jobs, 7, Some(&sent), &wanted, Give::Look).unwrap();
    assert!(made.parts[0].articles > 0);
}

fn part(file: &str, first: bool, last: bool) -> Part {
    let (file, me, now) = (file.to_owned(), "me".into(), Timestamp(0));
    Part { number: 3, file, first, last, me, now, into: None }
}

/// A file in lines as the page reads it, so many bytes at a time; none where it is to be read whole.
fn in_parts(file: &str, bytes: &[u8], size: usize) -> Option<Vec<LinesRead>> {
    in_parts_into(None, file, bytes, size)
}

/// As [`in_parts`], with the project into which articles come that are of none.
fn in_parts_into(
    project: Option<&Project>,
    file: &str,
    bytes: &[u8],
    size: usize,
) -> Option<Vec<LinesRead>> {
    let mut jobs = Jobs::default();
    let mut all = Vec::new();
    for first in [true, false] {
        let count = bytes.len().div_ceil(size);
        let parts = bytes.chunks(size).enumerate().map(|(at, bytes)| {
            let part = part(file, first && at == 0, at + 1 == count);
            let into = project.filter(|_| part.first).map(Whole::of);
            let part = Part { into, ..part };
            match sent_to(&mut jobs, Request::ReadLines(part, bytes.to_vec())) {
                Answer::Lines(read) => Some(*read),
                Answer::NotLines => None,
                other => panic!("{other:?}"),
            }
        });
        all.extend(parts.collect::<Option<Vec<_>>>()?);
        if !all.last().unwrap().twice {
            break;
        }
    }
    Some(all)
}

/// What never has to wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the store in memory never waits"),
    }
}

/// The project that parts make when they are stored as the page stores them, with what could not be
/// taken.
fn stored(parts: Vec<LinesRead>) -> (Project, Vec<Problem>) {
    let problems = parts.iter().flat_map(|part| part.problems.clone()).collect();
    let store = Store::new(Rc::new(Memory::default()));
    let mut ctx = Counted { now: Timestamp(5), prefix: String::new(), given: 0 };
    let (mut id, mut seq) = (None, 0);
    for LinesRead { begun, articles, finished, .. } in parts {
        if let Some(begun) = begun {
            let begun = begun.into_project().unwrap();
            assert_eq!(begun.article_count(), 0);
            now(store.begin_import(&begun)).unwrap();
            assert!(id.replace(begun.meta().id.clone()).is_none(), "it begins once");
        }
        for (part, last) in [(articles, false), (finished, true)] {
            let Some(part) = part else { continue };
            let part = part.into_project().unwrap();
            seq += 1;
            let commit = Arc::new(file_commit(&part, seq, "me".into(), &mut ctx));
            let texts = part.loaded_articles().filter_map(|id| part.text(id).cloned());
            now(store.put_new_texts(&texts.collect::<Vec<_>>())).unwrap();
            now(store.import(&part, commit, last)).unwrap();
        }
    }
    let id = id.expect("a first line");
    let mut project = now(store.load(&id)).unwrap().expect("all of it").project;
    for article in project.clone().articles() {
        let loaded = now(store.load_article(&id, &article.id, &article.text)).unwrap();
        project = project.with_loaded(&article.id, loaded.0.unwrap(), loaded.1).0;
    }
    (project, problems)
}

#[test]
fn a_file_of_lines_is_read_in_parts_of_any_size() {
    let lines = native::write_lines(&invented()).unwrap();
    let crlf = lines.replace('\n', "\r\n");
    let blank = format!("\u{feff}\n\n{}\n\n", lines.replace('\n', "\n \n"));
    for (file, text) in [("a.avow.jsonl", &lines), ("b.jsonl", &crlf), ("c.avow.jsonl", &blank)] {
        let whole = native::read_lines(file, text).unwrap();
        for size in [1, 7, 100, 1_000, 4_096, text.len(), text.len() + 1] {
            // Shorter ones do not show what the file is.
            if size < 100 && file == "c.avow.jsonl" {
                continue;
            }
            let Some(parts) = in_parts(file, text.as_bytes(), size) else {
                assert!(size < 50, "{file} in parts of {size}");
                continue;
            };
            let (project, problems) = stored(parts);
            assert_eq!(native::write(&project), native::write(&whole.project), "{file}, {size}");
            assert_eq!(problems, whole.problems);
        }
    }
}

#[test]
fn what_the_first_line_says_of_articles_is_held_against_those_that_come() {
    let lines = native::write_lines(&invented()).unwrap();
    let (head, articles) = lines.split_once('\n').unwrap();
    let mut head: serde_json::Value = serde_json::from_str(head).unwrap();
    let ids: Vec<String> = invented().articles().iter().map(|it| it.id.to_string()).collect();
    let ends = |to: &str| serde_json::json!({"article": ids[1], "annotation": to});
    head["deleted"] = serde_json::json!([
        {"kind": "article", "id": ids[0]},
        {"kind": "article", "id": "another"},
        {"kind": "annotation", "id": "none", "article": ids[1], "annotator": "ada"},
    ]);
    head["relations"] = serde_json::json!([{"id": "r", "type": "denies", "from": ends("none")}]);
    let text = format!("{head}\n{articles}");
    let whole = native::read_lines("a.avow.jsonl", &text).unwrap();
    let said = whole.problems.iter().map(|problem| &*problem.what).collect::<Vec<_>>();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("“r” in `relations` names the annotation “none”"));
    assert!(said[1].ends_with("in `deleted` is said to be deleted, and is in the file"));
    let (project, problems) = stored(in_parts("a.avow.jsonl", text.as_bytes(), 1_000).unwrap());
    assert_eq!(problems, whole.problems);
    assert_eq!(native::write(&project), native::write(&whole.project));
}

#[test]
fn what_is_wrong_in_lines_is_said_with_its_line_and_the_rest_is_read() {
    let lines = native::write_lines(&invented()).unwrap();
    let mut broken: Vec<&[u8]> = lines.trim_end().split('\n').map(str::as_bytes).collect();
    assert_eq!(broken.len(), 3);
    let (twice, first) = (broken[2], broken[1]);
    let cut = &first[..first.len() / 2];
    let latin = [&first[..first.len() - 1], b",\"note\":\"caf\xe9\"}"].concat();
    broken.splice(1..2, [cut, b"[]", b"", latin.as_slice()]);
    broken.push(twice);
    let broken = broken.join(&b'\n');
    let parts = in_parts("broken.avow.jsonl", &broken, 500).unwrap();
    let (project, problems) = stored(parts);
    assert_eq!(project.article_count(), invented().article_count());
    let places: Vec<_> = problems.iter().map(|it| (it.line, it.what.as_str())).collect();
    let count = broken.split(|it| *it == b'\n').count() as u32;
    assert_eq!(places[0].0, Some(2), "{places:?}");
    assert_eq!(places[1], (Some(3), "The line is no object"));
    assert_eq!(places[2].0, Some(count));
    assert!(places[2].1.contains("has an id that another has"), "{places:?}");
    assert_eq!(places.len(), 3, "{places:?}");
}

#[test]
fn what_is_no_project_in_lines_is_left_to_be_read_whole() {
    let lines = native::write_lines(&invented()).unwrap();
    let later = lines.replacen("\"version\":1", "\"version\":99", 1);
    assert_ne!(later, lines);
    for (file, text) in [
        ("invented.avow.json", INVENTED),
        ("articles.jsonl", "{\"text\": \"The fox ran.\"}\n{\"text\": \"The crow flew.\"}\n"),
        ("story.txt", "The fox ran."),
        ("later.avow.jsonl", &later),
        ("cut.avow.jsonl", &lines[..200]),
    ] {
        assert_eq!(in_parts(file, text.as_bytes(), 1_000_000), None, "{file}");
    }
    // A worker that was started anew meanwhile knows nothing of what came before.
    let late = sent(Request::ReadLines(part("a.avow.jsonl", false, true), b"{}".to_vec()));
    assert_eq!(late, Answer::Failed("it was stopped".to_owned()));
}

#[test]
fn a_dataset_in_lines_is_read_in_parts_as_it_is_whole() {
    let project = invented();
    for format in FORMATS.iter().filter(|it| it.name.contains("doccano") || it.id == "training") {
        let export = format.write(&project, &Choice::default()).unwrap();
        let data = export.files.iter().find(|it| it.name.ends_with(".jsonl")).unwrap();
        let text = format!("{}{{\"text\": 5, broken\n\n[]\n", data.content);
        let found = read(vec![file("data.jsonl", &text)]);
        let [ProjectFile { project: whole, problems, .. }] = &found.projects[..] else {
            panic!("{}: {found:?}", format.id)
        };
        let whole = whole.clone().into_project().unwrap();
        assert!(problems.len() >= 2, "{problems:?}");
        for size in [700, 1_000, text.len()] {
            let parts = in_parts("data.jsonl", text.as_bytes(), size).expect("a dataset");
            assert!(parts.last().unwrap().twice, "{}", format.id);
            let (project, met) = stored(parts);
            assert_eq!(native::write(&project), native::write(&whole), "{}, {size}", format.id);
            assert_eq!(&met, problems, "{}", format.id);
        }
    }
    // What shows only late that it can be read whole alone.
    let rows = "{\"text\": \"A fox.\", \"label\": [[2, 5, \"claim\"]]}\n".repeat(9);
    assert!(in_parts("rows.jsonl", rows.as_bytes(), 100).is_some());
    let latin = [rows.as_bytes(), b"{\"text\": \"caf\xe9\", \"label\": []}\n"].concat();
    assert_eq!(in_parts("rows.jsonl", &latin, 100), None);
    let none = "{\"text\": \"\", \"label\": []}\n".repeat(9);
    assert_eq!(in_parts("rows.jsonl", none.as_bytes(), 100), None);
}

#[test]
fn a_large_file_of_articles_becomes_a_project_part_by_part() {
    let open = invented();
    let empty = open.alike("new".into(), "harbour", Timestamp(9));
    assert_eq!((empty.scheme(), empty.article_count()), (open.scheme(), 0));
    assert_eq!(empty.meta().guidelines, open.meta().guidelines);
    let line =
        |at: usize| format!("{{\"text\": \"The ferry {at} left 🌉 late.\", \"page\": {at}}}\n");
    let mut text: Vec<u8> = (1..40).flat_map(|at| line(at).into_bytes()).collect();
    text.extend(b"\n{\"id\": \"harbour.jsonl#3\", \"text\": \"The crane stood.\"}\r\n");
    text.extend(line(7).into_bytes());
    text.extend(b"{\"title\": \"No text\"}\n{broken\n{\"text\": \"The caf\xe9 closed.\"}");
    for size in [60, 1_000, text.len()] {
        let parts = in_parts_into(Some(&empty), "harbour.jsonl", &text, size).expect("articles");
        assert!(parts.iter().all(|part| !part.twice));
        let (project, problems) = stored(parts);
        assert_eq!(project.meta(), empty.meta());
        assert_eq!(project.scheme(), empty.scheme());
        let articles = project.articles();
        assert_eq!(articles.len(), 41, "{size}");
        assert_eq!(articles[2].id.as_str(), "harbour.jsonl#3");
        assert_eq!(articles[39].id.as_str(), "harbour.jsonl#3-2", "its own id is taken");
        assert!(project.text(&articles[40].id).is_some_and(|it| it.as_str() == "The café closed."));
        // Else as they are read whole.
        let lines = std::str::from_utf8(&text[..39 * line(10).len()]).unwrap();
        let lines = lines.rsplit_once('\n').unwrap().0;
        for (here, whole) in articles.iter().zip(&read(vec![file("harbour.jsonl", lines)]).articles)
        {
            let order = here.order;
            assert_eq!(***here, Article { order, ..whole.article.clone() });
        }
        assert!(articles.iter().zip(0..).all(|(article, at)| article.order == at));
        let said: Vec<_> = problems.iter().map(|it| (it.line, it.what.as_str())).collect();
        assert_eq!(
            said[0],
            (Some(42), "The same text as “The ferry 7 left 🌉 late.” is already here")
        );
        assert_eq!(said[1], (Some(43), "There is no “text”"));
        assert_eq!(said[2].0, Some(44));
        assert_eq!(said.len(), 3, "{said:?}");
    }
    // Where the first line is no article, reading it whole says so.
    for (file, text) in [("a.jsonl", "{\"body\": \"A fox.\"}\n{}\n"), ("a.txt", "A fox.\n")] {
        assert_eq!(in_parts_into(Some(&empty), file, text.as_bytes(), 1_000), None, "{file}");
    }
}

#[test]
fn several_files_are_read_and_written_at_once() {
    let project = invented();
    let loaded = project.loaded_articles();
    let index = Whole::of(&loaded.fold(project.clone(), |it, id| it.without_loaded(id)));
    let lines = native::write_lines(&project).unwrap().into_bytes();
    let (first, rest) = lines.split_at(900);
    let mut jobs = Jobs::default();
    let mut read = Vec::new();
    let mut take = |jobs: &mut Jobs, number, bytes: &[u8], at, last| {
        let part = Part { number, ..part("a.avow.jsonl", at, last) };
        match sent_to(jobs, Request::ReadLines(part, bytes.to_vec())) {
            Answer::Lines(it) if number == 1 => read.push(*it),
            Answer::Lines(_) => {}
            other => panic!("{other:?}"),
        }
    };
    let write = |jobs: &mut Jobs, request| match sent_to(jobs, request) {
        Answer::Written(bytes) => String::from_utf8(bytes).unwrap(),
        other => panic!("{other:?}"),
    };
    let mut one = write(&mut jobs, Request::BeginFile(1, Layout::Object, index));
    take(&mut jobs, 1, first, true, false);
    let empty = Whole::of(&project.without_articles());
    let mut two = write(&mut jobs, Request::BeginFile(2, Layout::Lines, empty));
    take(&mut jobs, 2, first, true, false);
    one += &write(&mut jobs, Request::WriteArticles(1, parts(&project, 9).remove(0)));
    take(&mut jobs, 1, rest, false, true);
    two += &write(&mut jobs, Request::EndFile(2));
    one += &write(&mut jobs, Request::EndFile(1));
    assert_eq!(one, INVENTED);
    assert_eq!(two, native::write_lines(&project.without_articles()).unwrap());

    // What is given up is not known any more.
    assert_eq!(sent_to(&mut jobs, Request::ForgetFile(2)), Answer::Kept);
    let late = Part { number: 2, ..part("a.avow.jsonl", false, true) };
    let late = sent_to(&mut jobs, Request::ReadLines(late, rest.to_vec()));
    assert_eq!(late, Answer::Failed("it was stopped".to_owned()));
    let (stored, problems) = stored(read);
    assert_eq!((native::write(&stored).unwrap(), problems), (INVENTED.to_owned(), Vec::new()));
}
