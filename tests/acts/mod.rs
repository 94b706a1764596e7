//! Small projects, and random acts on them.

use std::cell::RefCell;
use std::sync::Arc;

use avow::annotation::{
    AnnotationId, AnnotatorId, ArticleId, AttributeValue, Place, Relation, Spans, SpeakerMention,
    Status, Target, Timestamp,
};
use avow::edit::act::{Counted, Ctx, retext};
use avow::edit::{Change, Direction, Intent, Transaction, act};
use avow::project::{Article, Deletion, Group, Key, Meta, Project, SetKey, Sets, Source, Value};
use avow::scheme::{Extra, LabelId};
use avow::text::marked::parse;
use avow::text::{Span, Text, TextHash, Unit};
use proptest::prelude::*;

pub const NOW: Timestamp = Timestamp(1_767_322_445);

pub fn ada() -> AnnotatorId {
    "ada".into()
}

pub fn article_id(index: usize) -> ArticleId {
    format!("article-{index}").into()
}

pub fn own(index: usize) -> SetKey {
    act::own_set(&article_id(index), &ada())
}

pub fn article(index: usize, text: &Text) -> Article {
    Article {
        id: article_id(index),
        order: 0,
        title: format!("Article {index}"),
        text: text.hash().into(),
        source: Source::default(),
        metadata: Extra::new(),
        regions: Vec::new(),
        former_texts: Vec::new(),
        unplaced: Vec::new(),
        extra: Extra::new(),
    }
}

pub fn empty_project() -> Project {
    Project::new(Meta {
        id: "p".into(),
        title: "Test".into(),
        guidelines: String::new(),
        created: NOW,
        file_extra: Extra::new(),
        extra: Extra::new(),
    })
}

/// Articles with these texts, all loaded.
pub fn project_of(texts: &[Text]) -> Project {
    let articles = texts.iter().enumerate().map(|(index, text)| article(index, text));
    let project = empty_project();
    let add = act::add_articles(&project, articles, Intent::OpenFile);
    let project = add.apply(&project).unwrap();
    texts.iter().enumerate().fold(project, |project, (index, text)| {
        project.with_loaded(&article_id(index), text.clone(), Sets::new()).0
    })
}

/// All records, and the counts in the index.
pub fn records(project: &Project) -> (Vec<(Key, Option<Value>)>, Vec<String>) {
    let values = project.keys().into_iter().map(|key| {
        let value = project.value(&key).unwrap();
        (key, value)
    });
    let rows = project.articles().into_iter().flat_map(|article| {
        project.sets_of(&article.id).map(|row| format!("{row:?}")).collect::<Vec<_>>()
    });
    (values.collect(), rows.collect())
}

pub fn add_group(project: &Project, id: &str, members: Vec<Place>) -> Transaction {
    let key = Key::Group(id.into());
    let order = project.next_order(&key);
    let group =
        Group { id: id.into(), order, sentence: "One.".into(), members, extra: Extra::new() };
    let from = project.value(&key).unwrap();
    let change = Change { key, from, to: Some(Value::Group(Arc::new(group))) };
    Transaction::new(Intent::SetAttribute { name: "group".into() }, [change])
}

/// A random act, by indices that are taken modulo what there is.
#[derive(Clone, Debug)]
pub enum Act {
    Annotate { article: usize, label: usize, ends: (u32, u32) },
    Relabel { nth: usize, label: usize },
    AddSpan { nth: usize, ends: (u32, u32) },
    MoveEdge { nth: usize, ends: (u32, u32) },
    Delete { nth: usize },
    Speaker { nth: usize, ends: (u32, u32) },
    Cue { nth: usize, ends: (u32, u32) },
    Directness { nth: usize, value: Option<String> },
    Unknown { nth: usize, number: f64 },
    Note { nth: usize, note: String },
    Status { article: usize, status: usize },
    Relate { from: usize, to: usize },
    Group { members: Vec<usize> },
    RemoveArticle { article: usize },
    AddArticle { article: usize, text: Text },
    ChangeText { article: usize, text: Text },
    Place { nth: usize, ends: (u32, u32) },
    GiveUp { nth: usize },
    NameSpeaker { nth: usize, name: String },
    NameAnnotator { name: String },
    Title { title: String },
    Step(Direction),
}

pub fn ends() -> impl Strategy<Value = (u32, u32)> {
    (0..60_u32, 0..60_u32)
}

/// `on_texts`: with changes of texts, and what is done with annotations that these leave without a
/// place; undo does not go back behind them.
pub fn acts(on_texts: bool) -> impl Strategy<Value = Vec<Act>> {
    let n = 0..20_usize;
    let retexts = if on_texts { 1 } else { 0 };
    let one = prop_oneof![
        20 => act_on_one_text(),
        2 * retexts => (n.clone(), text())
            .prop_map(|(article, text)| Act::ChangeText { article, text }),
        retexts => (n.clone(), ends()).prop_map(|(nth, ends)| Act::Place { nth, ends }),
        retexts => n.prop_map(|nth| Act::GiveUp { nth }),
    ];
    prop::collection::vec(one, 0..14)
}

fn act_on_one_text() -> impl Strategy<Value = Act> {
    let n = 0..20_usize;
    prop_oneof![
        6 => (n.clone(), n.clone(), ends())
            .prop_map(|(article, label, ends)| Act::Annotate { article, label, ends }),
        1 => (n.clone(), n.clone()).prop_map(|(nth, label)| Act::Relabel { nth, label }),
        2 => (n.clone(), ends()).prop_map(|(nth, ends)| Act::AddSpan { nth, ends }),
        1 => (n.clone(), ends()).prop_map(|(nth, ends)| Act::MoveEdge { nth, ends }),
        1 => n.clone().prop_map(|nth| Act::Delete { nth }),
        1 => (n.clone(), ends()).prop_map(|(nth, ends)| Act::Speaker { nth, ends }),
        1 => (n.clone(), ends()).prop_map(|(nth, ends)| Act::Cue { nth, ends }),
        1 => (n.clone(), prop::option::of(".{0,4}"))
            .prop_map(|(nth, value)| Act::Directness { nth, value }),
        1 => (n.clone(), any::<f64>()).prop_map(|(nth, number)| Act::Unknown { nth, number }),
        1 => (n.clone(), ".{0,6}").prop_map(|(nth, note)| Act::Note { nth, note }),
        1 => (n.clone(), n.clone()).prop_map(|(article, status)| Act::Status { article, status }),
        1 => (n.clone(), n.clone()).prop_map(|(from, to)| Act::Relate { from, to }),
        1 => prop::collection::vec(n.clone(), 0..4).prop_map(|members| Act::Group { members }),
        1 => n.clone().prop_map(|article| Act::RemoveArticle { article }),
        1 => (n.clone(), text()).prop_map(|(article, text)| Act::AddArticle { article, text }),
        1 => (n.clone(), ".{0,6}").prop_map(|(nth, name)| Act::NameSpeaker { nth, name }),
        1 => ".{0,6}".prop_map(|name| Act::NameAnnotator { name }),
        1 => ".{0,6}".prop_map(|title| Act::Title { title }),
        3 => Just(Act::Step(Direction::Undo)),
        2 => Just(Act::Step(Direction::Redo)),
    ]
}

pub fn text() -> impl Strategy<Value = Text> {
    let piece = prop::sample::select(vec![
        "a",
        "he said ",
        "“",
        "”",
        "é",
        "e\u{301}",
        "😀",
        "👩\u{200d}👩\u{200d}👧",
        "שלום",
        "مرحبا ",
        "\0",
        "\n",
        "\r\n",
        "\r",
        "\u{feff}",
        ".",
        "\\",
        "\"",
        "\u{2028}",
    ]);
    prop::collection::vec(piece, 1..16)
        .prop_map(|pieces| Text::new(&pieces.concat()))
        .prop_filter("a text to mark", |text| !text.is_empty())
}

pub fn texts() -> impl Strategy<Value = Vec<Text>> {
    prop::collection::vec(text(), 1..3)
}

/// A stretch that is not empty.
pub fn stretch(text: &Text, (a, b): (u32, u32)) -> Span {
    let count = text.offset(text.len(), Unit::CodePoint);
    let start = text.pos_at(a % count, Unit::CodePoint).unwrap();
    let end = text.pos_at((a % count + 1 + b % 8).min(count), Unit::CodePoint).unwrap();
    text.span(start, end).unwrap()
}

/// Somebody at a machine of theirs.
pub struct Hand {
    /// Who.
    pub who: AnnotatorId,
    /// Their machine's time, which goes on with the ids that it gives.
    pub world: RefCell<Counted>,
}

impl Hand {
    pub fn new(who: &str, machine: &str, ids: u32) -> Hand {
        let world = Counted { now: NOW, prefix: machine.to_owned(), given: ids };
        Hand { who: who.into(), world: RefCell::new(world) }
    }
}

/// What is written down of something that is deleted.
pub fn deletion(by: &AnnotatorId, at: Timestamp) -> Deletion {
    Deletion { at, by: by.clone(), extra: Extra::new() }
}

/// The transaction of an act; none where there is nothing to act on.
pub fn transaction_of(project: &Project, act: &Act, hand: &Hand) -> Option<Transaction> {
    let Hand { who, world } = hand;
    let mut ctx = world.borrow_mut();
    let now = Timestamp(NOW.0 + u64::from(ctx.given));
    ctx.now = now;
    let gone = || deletion(who, now);
    let places: Vec<(SetKey, AnnotationId)> = project
        .keys()
        .into_iter()
        .filter_map(|key| match key {
            Key::Annotation(set, id) => Some((set, id)),
            _ => None,
        })
        .collect();
    let nth = |n: &usize| places.get(n % places.len().max(1));
    let nth_article = |n: &usize| {
        let articles = project.articles();
        articles.get(n % articles.len().max(1)).map(|article| article.id.clone())
    };
    let label = |n: &usize| -> LabelId { ["claim", "denial", "quote", "unknown"][n % 4].into() };
    let unplaced: Vec<(SetKey, AnnotationId)> = project
        .articles()
        .into_iter()
        .flat_map(|article| {
            let set = |owner| SetKey { article: article.id.clone(), owner };
            article.unplaced.iter().map(move |it| (set(it.owner.clone()), it.id.clone()))
        })
        .collect();
    let nth_unplaced = |n: &usize| unplaced.get(n % unplaced.len().max(1));
    let text_of = |set: &SetKey| project.text(&set.article).unwrap();
    Some(match act {
        Act::Annotate { article, label: l, ends } => {
            let set = act::own_set(&nth_article(article)?, who);
            let spans = Spans::new([stretch(text_of(&set), *ends)]).unwrap();
            act::annotate(project, &set, &label(l), spans, &mut *ctx).1
        }
        Act::Relabel { nth: n, label: l } => {
            let (set, id) = nth(n)?;
            act::relabel(project, set, id, &label(l), now)
        }
        Act::AddSpan { nth: n, ends } => {
            let (set, id) = nth(n)?;
            let spans = &project.annotations(set)?.get(id)?.spans;
            let spans = spans.with(stretch(text_of(set), *ends)).unwrap();
            act::set_spans(project, set, id, spans, Intent::AddSpan, now)
        }
        Act::MoveEdge { nth: n, ends } => {
            let (set, id) = nth(n)?;
            let spans = Spans::new([stretch(text_of(set), *ends)]).unwrap();
            act::set_spans(project, set, id, spans, Intent::MoveEdge, now)
        }
        Act::Delete { nth: n } => {
            let (set, id) = nth(n)?;
            act::delete(project, set, id, gone())
        }
        Act::Speaker { nth: n, ends } => {
            let (set, id) = nth(n)?;
            let mention = Some(stretch(text_of(set), *ends));
            let (speaker, made) = act::add_speaker(project, "Jo", &mut *ctx);
            let speaker = SpeakerMention { id: speaker, mention, extra: Extra::new() };
            let value = Some(AttributeValue::Speakers(vec![speaker]));
            let intent = Intent::SetSpeaker;
            let pointed =
                act::set_attribute(project, set, id, &"speaker".into(), value, intent, now);
            made.then(pointed)
        }
        Act::Cue { nth: n, ends } => {
            let (set, id) = nth(n)?;
            let value = Some(AttributeValue::Spans(vec![stretch(text_of(set), *ends)]));
            act::set_attribute(project, set, id, &"cue".into(), value, Intent::SetCue, now)
        }
        Act::Directness { nth: n, value } => {
            let (set, id) = nth(n)?;
            let intent = Intent::SetAttribute { name: "Directness".into() };
            let value = value.clone().map(AttributeValue::Text);
            act::set_attribute(project, set, id, &"directness".into(), value, intent, now)
        }
        Act::Unknown { nth: n, number } => {
            let (set, id) = nth(n)?;
            let intent = Intent::SetAttribute { name: "Odd".into() };
            let number = serde_json::Number::from_f64(*number)?;
            let value = Some(AttributeValue::Other(serde_json::Value::Number(number)));
            act::set_attribute(project, set, id, &"odd".into(), value, intent, now)
        }
        Act::Note { nth: n, note } => {
            let (set, id) = nth(n)?;
            act::set_note(project, set, id, note, now)
        }
        Act::Status { article, status } => {
            let set = act::own_set(&nth_article(article)?, who);
            act::set_status(project, &set, Status::ALL[status % 4])
        }
        Act::Relate { from, to } => {
            let place = |(set, id): &(SetKey, AnnotationId)| Place {
                article: set.article.clone(),
                annotation: id.clone(),
            };
            let (from, to) = (place(nth(from)?), place(nth(to)?));
            let id = ctx.new_id();
            let key = Key::Relation(id.as_str().into());
            let relation = Relation {
                id: id.into(),
                order: project.next_order(&key),
                kind: "denies".into(),
                annotator: who.clone(),
                from,
                to: Some(Target::Annotation(to)),
                target_text: None,
                note: String::new(),
                extra: Extra::new(),
            };
            let to = Some(Value::Relation(Arc::new(relation)));
            Transaction::new(Intent::SetNote, [Change { key, from: None, to }])
        }
        Act::Group { members } => {
            let members = members
                .iter()
                .filter_map(nth)
                .map(|(set, id)| Place { article: set.article.clone(), annotation: id.clone() });
            add_group(project, &ctx.new_id(), members.collect())
        }
        Act::RemoveArticle { article } => {
            act::remove_article(project, project.article(&nth_article(article)?)?, gone())
        }
        Act::AddArticle { article: at, text } => {
            // A small number of ids, so that two machines give one of them to two texts.
            let mut added = article(at % 4, text);
            if project.article(&added.id).is_some() {
                return None;
            }
            added.title = format!("From {}", ctx.prefix);
            act::add_articles(project, [added], Intent::AddArticles { count: 1 })
        }
        Act::ChangeText { article, text } => {
            retext::retext(project, &retext::plan(project, &nth_article(article)?, text)?)
        }
        Act::Place { nth, ends } => {
            let (set, id) = nth_unplaced(nth)?;
            let spans = Spans::new([stretch(text_of(set), *ends)]).unwrap();
            retext::place(project, set, id, spans, now)
        }
        Act::GiveUp { nth } => {
            let (set, id) = nth_unplaced(nth)?;
            retext::give_up_unplaced(project, set, id, gone())
        }
        Act::NameSpeaker { nth, name } => {
            let speakers = project.speakers();
            let mut speaker = (***speakers.get(nth % speakers.len().max(1))?).clone();
            speaker.aliases.push(std::mem::replace(&mut speaker.name, name.clone()));
            let key = Key::Speaker(speaker.id.clone());
            let from = project.value(&key).unwrap();
            let to = Some(Value::Speaker(Arc::new(speaker)));
            Transaction::new(Intent::RenameSpeaker, [Change { key, from, to }])
        }
        Act::NameAnnotator { name } => act::name_annotator(project, who, name),
        Act::Title { title } => act::rename_project(project, title),
        Act::Step(_) => return None,
    })
}

/// The texts of a project, and those that acts bring.
pub fn with_added(texts: &[Text], acts: &[Act]) -> Vec<Text> {
    let added = acts.iter().filter_map(|act| match act {
        Act::AddArticle { text, .. } | Act::ChangeText { text, .. } => Some(text),
        _ => None,
    });
    texts.iter().chain(added).cloned().collect()
}

/// Applies a transaction, with all texts at hand: those of `project`, and those given.
pub fn apply(transaction: &Transaction, project: &Project, texts: &[Text]) -> Project {
    let known = |hash: &TextHash| {
        let loaded = project.loaded_articles().filter_map(|id| project.text(id));
        loaded.chain(texts).find(|text| hash.names(text)).cloned()
    };
    let mut ready = project.clone();
    for change in transaction.changes() {
        if let (Key::Article(id), Some(Value::Article(to))) = (&change.key, &change.to)
            && let Some(text) = known(&to.text)
        {
            ready = match change.from.is_none() {
                true => ready.with_loaded(id, text, Sets::new()).0,
                false => ready.with_text(text),
            };
        }
    }
    transaction.apply(&ready).unwrap()
}

/// One article of a marked text; an annotation is named by its label's key and its id.
pub fn story(marked: &str) -> Project {
    let marked = parse(marked).unwrap();
    let mut project = project_of(std::slice::from_ref(&marked.text));
    for (name, spans) in &marked.spans {
        let (key, id) = name.split_at(1);
        let label = project.scheme().labels.iter().find(|label| label.key == key).unwrap();
        let mut ctx =
            Counted { now: NOW, given: id.parse::<u32>().unwrap() - 1, ..Counted::default() };
        let spans = Spans::new(spans.iter().copied()).unwrap();
        let (_, made) = act::annotate(&project, &own(0), &label.id, spans, &mut ctx);
        project = made.apply(&project).unwrap();
    }
    project
}
