//! What tests hold formats of datasets to, and the projects that they hold them to it with.

use std::collections::BTreeSet;
use std::ops::Range;

use avow::annotation::Timestamp;
use avow::format::dataset::{Choice, Export, FORMATS, File, Format, Read, SourceFile, recognise};
use avow::format::native;
use avow::project::{Owner, Project};
use avow::text::{Text, Unit};
use serde_json::{Value as Json, json};

pub const INVENTED: &str = include_str!("../golden/invented.avow.json");
pub const NOW: Timestamp = Timestamp(1_700_000_000);

/// What formats do not hold, beside what they say themselves that they lose.
pub struct Limits {
    /// Several spans of one annotation come back as annotations of their own, which come in another
    /// order if something stands between them.
    broken: bool,
    /// There are no covered words: a span that starts or ends within a word may be taken for one that
    /// is counted otherwise.
    ragged: bool,
    /// A span does not start or end with an empty line: it comes back without, and with that in another
    /// place among those that start there. Nor does one of several begin a line, since it may be the
    /// rest of the one before.
    lines: bool,
    /// Spans are cut at line ends or moved to the edges of words, so that what they cover is less or
    /// more than it was.
    exact: bool,
    /// There is no text, and what is made of the tokens may have sentences that end elsewhere: empty
    /// lines tell nothing.
    sentences: bool,
    /// Nothing says whose annotations they are, so that the adjudicated ones are somebody's.
    pub owners: bool,
}

pub fn limits(id: &str) -> Limits {
    Limits {
        broken: matches!(id, "training" | "brat" | "cas" | "csv" | "web-annotation" | "spacy"),
        ragged: !matches!(id, "doccano" | "doccano-spans" | "spacy" | "conll" | "conll-tiers"),
        lines: id != "brat",
        exact: !matches!(id, "brat" | "conll" | "conll-tiers"),
        sentences: !matches!(id, "conll" | "conll-tiers"),
        owners: id != "conll",
    }
}

pub fn invented() -> Project {
    native::read("invented.avow.json", INVENTED).unwrap().project
}

pub fn sources(files: &[File]) -> Vec<SourceFile> {
    let source = |file: &File| SourceFile { path: file.name.clone(), text: file.content.clone() };
    files.iter().map(source).collect()
}

pub fn read_back(format: &Format, export: &Export) -> Read {
    let read = format.read(&sources(&export.files), "invented".into(), NOW);
    read.unwrap_or_else(|error| panic!("{}: {error}", format.id))
}

/// The first line in which files differ, with the file's name.
fn difference(a: &[File], b: &[File]) -> Option<String> {
    let names = |it: &[File]| it.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    if names(a) != names(b) {
        return Some(format!("{:?}\n{:?}", names(a), names(b)));
    }
    let mut files = a.iter().zip(b);
    let (a, b) = files.find(|(a, b)| a.content != b.content)?;
    let same = a.content.chars().zip(b.content.chars()).take_while(|(a, b)| a == b).count();
    let there = |it: &File| -> String {
        it.content.chars().skip(same.saturating_sub(80)).take(200).collect()
    };
    Some(format!("{}: {:#?}", a.name, [there(a), there(b)]))
}

/// Whose annotation of which label covers which words, by article.
pub fn words(project: &Project) -> Vec<(String, Owner, String, Vec<String>)> {
    let mut found = Vec::new();
    for article in project.articles() {
        let loaded = project.loaded(&article.id).unwrap();
        for (owner, set) in loaded.sets.iter() {
            for annotation in set.values() {
                let spans = annotation.spans.iter().map(|it| loaded.text.slice(it).to_owned());
                let (article, label) = (article.id.to_string(), annotation.label.to_string());
                found.push((article, owner.clone(), label, spans.collect()));
            }
        }
    }
    found.sort();
    found
}

/// The law: what is written of what was read is what was read, and loses nothing more.
#[track_caller]
pub fn law(format: &Format, project: &Project, choice: &Choice) -> Read {
    let export = format.write(project, choice).unwrap();
    let found = recognise(&sources(&export.files)).map(|it| it.id);
    // The two forms of one tool are told apart by what is asked for.
    assert_eq!(found.map(|id| id.replace("-spans", "")), Some(format.id.replace("-spans", "")));
    let read = read_back(format, &export);
    let again = format.write(&read.project, choice).unwrap();
    let sentences = limits(format.id).sentences;
    let comparable = |export: &Export| {
        let mut files = export.files.clone();
        for file in files.iter_mut().filter(|_| !sentences) {
            // What is read has its sentences where Avow finds them, and spans begin anew in each.
            file.content = file.content.replace("\n\n", "\n").replace("B-", "I-");
        }
        files
    };
    if let Some(difference) = difference(&comparable(&export), &comparable(&again)) {
        panic!("{}: {difference}\n{:?}", format.id, read.problems);
    }
    let losses: BTreeSet<&str> = export.losses.iter().map(|loss| loss.what).collect();
    let more = again.losses.iter().find(|loss| {
        let of_sentences = loss.what == "A span of several sentences became one in each";
        !losses.contains(loss.what) && (sentences || !of_sentences)
    });
    assert_eq!(more, None, "{}", format.id);
    read
}

/// A project as its file has it, of what a test asks for.
pub fn project(articles: Json, more: Json) -> Project {
    let mut file: Json = serde_json::from_str(INVENTED).unwrap();
    file["articles"] = articles;
    for key in ["groups", "relations", "speakers", "deleted"] {
        file[key] = more.get(key).cloned().unwrap_or(json!([]));
    }
    let read = native::read("made.avow.json", &file.to_string()).unwrap();
    assert_eq!(read.problems, []);
    read.project
}

/// What texts are made of: what is counted otherwise in each unit, and what tools stumble over.
pub const PIECES: [&str; 14] = [
    "It rained",
    "😀",
    "cafe\u{301}",
    "הגשר בטוח",
    "\n",
    "\r\n",
    "\n\n",
    ". ",
    " “",
    "” ",
    " said ",
    "Zoë",
    "👩‍🚒 ",
    ", ",
];

/// An annotation before it has a text: what tells where its spans are, and what else it has.
#[derive(Clone, Debug)]
pub struct Mark {
    pub label: usize,
    /// Where words are counted from, and how many, for each span.
    pub spans: Vec<(usize, usize)>,
    /// How many characters the edges are moved by.
    pub ragged: (usize, usize),
    pub values: u8,
    pub links_to: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Made {
    /// The text of each article.
    pub texts: Vec<String>,
    /// By article and annotator.
    pub sets: Vec<Vec<Mark>>,
}

/// A span of whole words, moved by some characters where the format allows it.
fn span(text: &Text, (from, count): (usize, usize), ragged: (usize, usize)) -> Range<u32> {
    let tokens: Vec<_> = text.tokens().collect();
    let first = from % tokens.len();
    let last = (first + count - 1).min(tokens.len() - 1);
    let offset = |pos| text.offset(pos, Unit::CodePoint);
    let (start, end) = (offset(tokens[first].start()), offset(tokens[last].end()));
    let all = offset(text.len());
    (start + ragged.0 as u32).min(end - 1)..(end + ragged.1 as u32).min(all)
}

fn build(made: &Made, limits: &Limits) -> Project {
    let (mut articles, mut relations, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for (at, raw) in made.texts.iter().enumerate() {
        let text = Text::new(raw);
        let chars: Vec<char> = text.as_str().chars().collect();
        let place = |span: Range<u32>| {
            let (mut start, mut end) = (span.start as usize, span.end as usize);
            while !limits.lines && start + 1 < end && chars[start].is_whitespace() {
                start += 1;
            }
            while !limits.lines && start + 1 < end && chars[end - 1].is_whitespace() {
                end -= 1;
            }
            let words: String = chars[start..end].iter().collect();
            json!({ "start": start, "end": end, "text": words })
        };
        let mut sets = Vec::new();
        for (owner, marks) in ["ada", "bo"].iter().zip(&made.sets[at * 2..]) {
            let mut annotations = Vec::new();
            for (index, mark) in marks.iter().enumerate() {
                let id = format!("a{at}-{owner}-{index}");
                let spans = if limits.broken { &mark.spans[..] } else { &mark.spans[..1] };
                let ragged = if limits.ragged { mark.ragged } else { (0, 0) };
                let mut spans: Vec<Json> =
                    spans.iter().map(|it| place(span(&text, *it, ragged))).collect();
                let begins_line = |span: &Json| match span["start"].as_u64().unwrap() as usize {
                    0 => true,
                    start => chars[start - 1] == '\n',
                };
                if !limits.lines && spans.len() > 1 && spans.iter().any(begins_line) {
                    spans.truncate(1);
                }
                let first = place(span(&text, mark.spans[0], (0, 0)));
                let mut values = serde_json::Map::new();
                if mark.values & 1 > 0 {
                    let mentioned = json!({ "id": "jo", "mention": first });
                    values.insert("speaker".into(), json!([mentioned, { "id": "crowd" }]));
                }
                if mark.values & 2 > 0 {
                    values.insert("cue".into(), json!([first]));
                }
                if mark.values & 4 > 0 {
                    values.insert("directness".into(), json!("mixed"));
                }
                if mark.values & 8 > 0 {
                    members.push(json!({ "article": format!("a{at}"), "annotation": id }));
                }
                if let Some(to) = mark.links_to.filter(|to| *to < marks.len()) {
                    let end = |index: usize| {
                        json!({ "article": format!("a{at}"),
                                "annotation": format!("a{at}-{owner}-{index}") })
                    };
                    relations.push(json!({
                        "id": format!("r{}", relations.len()), "type": "denies",
                        "annotator": owner, "from": end(index), "to": end(to), "note": "",
                    }));
                }
                let label = ["claim", "denial", "quote"][mark.label];
                let note = ["", "so = it is", "“Why?”\nAsk."][mark.values as usize % 3];
                annotations.push(json!({
                    "id": id, "label": label, "spans": spans,
                    "attributes": values, "note": note,
                }));
            }
            let status = ["todo", "doing", "done", "skipped"][marks.len() % 4];
            sets.push(json!({ "annotator": owner, "status": status, "annotations": annotations }));
        }
        articles.push(json!({ "id": format!("a{at}"), "text": text.as_str(), "sets": sets }));
    }
    let speakers =
        json!([{ "id": "jo", "name": "Jo Reyes" }, { "id": "crowd", "name": "A crowd" }]);
    let groups = match members.len() {
        0 => json!([]),
        _ => json!([{ "id": "rain", "sentence": "It rained.", "members": members }]),
    };
    let more = json!({ "relations": relations, "speakers": speakers, "groups": groups });
    project(json!(articles), more)
}

/// The law in every format, for what it holds of such a project.
pub fn holds(made: &Made) {
    for it in FORMATS {
        let limits = limits(it.id);
        let project = build(made, &limits);
        let read = law(it, &project, &Choice::default());
        if limits.exact {
            assert_eq!(words(&read.project), words(&project), "{}", it.id);
        }
    }
}
