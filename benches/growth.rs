//! How costs grow with the work, from a hundred to a million, beside libraries that do the same.
//!
//! `cargo bench --bench growth` prints it, and fails where something grows faster than it says. Times
//! differ by machine; how they grow should not.

use std::hint::black_box;
use std::pin::pin;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use avow::annotation::{Annotation, AnnotatorId, Origin, Spans, Timestamp};
use avow::edit::act::{Counted, own_set};
use avow::edit::{Commit, Intent, act};
use avow::highlight::{Index, marks};
use avow::project::{Article, Meta, Owner, Project, SetKey, Sets, Source, put_into};
use avow::scheme::Extra;
use avow::search::{Pattern, Query, Searched, search};
use avow::store::{Memory, Store};
use avow::text::{Pos, Text, Unit};
use ropey::Rope;
use rust_lapper::{Interval, Lapper};

const SIZES: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];

/// So many times as much one may cost of a thousand times as many, if it is the same work: a search in
/// a sorted list is longer then, and in memory that is farther away.
const SAME: Option<f64> = Some(12.0);

/// What is sorted is compared twice as often.
const SORTED: Option<f64> = Some(40.0);

/// At each act a list is copied, of a pointer for each paragraph or each sixty-four annotations.
const LINEAR: Option<f64> = Some(1_500.0);

/// What is not ours.
const FREE: Option<f64> = None;

/// A paragraph, of some ten words.
const PARAGRAPH: &str = "The minister – who “said” nothing 🌧 before – denied it all.\n";

/// How many characters there are for each annotation.
const EACH: usize = 20;

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % end
    }
}

/// Nanoseconds that one of so many takes, at best of a few times.
fn nanoseconds(count: usize, mut work: impl FnMut()) -> f64 {
    let once = |work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        started.elapsed().as_secs_f64() * 1e9 / count as f64
    };
    (0..3).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min)
}

/// A line for what costs so much of each size; whether it grows no faster than it may.
fn line(what: &str, costs: &[f64], limit: Option<f64>) -> bool {
    print!("{what:<34}");
    costs.iter().for_each(|cost| print!(" {cost:>9.0}"));
    let grown = costs[costs.len() - 1] / costs[1];
    print!(" {grown:>7.1}");
    match limit {
        Some(limit) => println!(" {limit:>7.0}{}", if grown <= limit { "" } else { " TOO MUCH" }),
        None => println!(),
    }
    limit.is_none_or(|limit| grown <= limit)
}

/// A text of about so many characters.
fn text(characters: usize) -> String {
    PARAGRAPH.repeat(characters.div_ceil(PARAGRAPH.chars().count()))
}

/// Places of a text at which characters begin.
fn places(text: &Text, count: usize) -> Vec<Pos> {
    let mut random = Random(7);
    let end = text.as_str().len();
    (0..count).map(|_| boundary(text, random.below(end))).collect()
}

/// Where the character begins that this byte belongs to.
fn boundary(text: &Text, byte: usize) -> Pos {
    (0..=byte as u32).rev().find_map(|byte| text.pos(byte)).unwrap()
}

fn annotations(text: &Text, count: usize) -> Vec<Annotation> {
    let mut random = Random(3);
    let starts = places(text, count);
    let made = starts.iter().enumerate().map(|(at, start)| {
        let end = (start.get() as usize + 8 + random.below(60)).min(text.as_str().len());
        let span = text.span(*start, boundary(text, end)).unwrap();
        annotation(at, Spans::new([span]).unwrap())
    });
    made.collect()
}

fn annotation(at: usize, spans: Spans) -> Annotation {
    Annotation {
        id: format!("a{at}").into(),
        label: ["claim", "denial", "quote"][at % 3].into(),
        spans,
        attributes: Default::default(),
        note: String::new(),
        origin: Origin::Hand,
        created: Timestamp(0),
        updated: Timestamp(0),
        extra: Extra::new(),
    }
}

fn project(text: &Text, annotations: &[Annotation]) -> (Project, SetKey) {
    let empty = Project::new(Meta {
        id: "bench".into(),
        title: "Bench".into(),
        guidelines: String::new(),
        created: Timestamp(0),
        file_extra: Extra::new(),
        extra: Extra::new(),
    });
    let article = Article {
        id: "long".into(),
        order: 0,
        title: "Long".into(),
        text: text.hash().into(),
        source: Source::default(),
        metadata: Extra::new(),
        regions: Vec::new(),
        former_texts: Vec::new(),
        unplaced: Vec::new(),
        extra: Extra::new(),
    };
    let added = act::add_articles(&empty, [article], Intent::OpenFile).apply(&empty).unwrap();
    let ada = AnnotatorId::from("ada");
    let mut own = Sets::new();
    for it in annotations {
        put_into(&mut own, Owner::Annotator(ada.clone()), &it.id, Some(Arc::new(it.clone())));
    }
    let (project, damaged) = added.with_loaded(&"long".into(), text.clone(), own);
    assert!(damaged.is_empty(), "all lie in the text");
    (project, own_set(&"long".into(), &ada))
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("what is in memory never waits"),
    }
}

/// What is measured, how much more one may cost of a thousand times as many, and nanoseconds.
type Costs = Vec<(&'static str, Option<f64>, f64)>;

/// Of a text of so many characters.
fn of_text(size: usize) -> Costs {
    const ASKED: usize = 1_000;
    let raw = text(size);
    let text = Text::new(&raw);
    let rope = Rope::from_str(&raw);
    let characters = raw.chars().count();
    let asked = places(&text, ASKED);
    let there_and_back = nanoseconds(ASKED, || {
        for pos in &asked {
            let offset = text.offset(*pos, Unit::Utf16);
            assert_eq!(text.pos_at(black_box(offset), Unit::Utf16), Some(*pos));
        }
    });
    let rope_there_and_back = nanoseconds(ASKED, || {
        for pos in &asked {
            let byte = pos.get() as usize;
            let offset = rope.char_to_utf16_cu(rope.byte_to_char(byte));
            assert_eq!(rope.char_to_byte(rope.utf16_cu_to_char(black_box(offset))), byte);
        }
    });
    let query = Query { words: "denied it".to_owned(), ..Query::default() };
    let pattern = Pattern::new(&query).unwrap();
    let searched =
        [Searched { id: "a".into(), text: text.clone(), sets: Vec::new(), regions: Vec::new() }];
    vec![
        (
            "a text is made, a character",
            SAME,
            nanoseconds(characters, || drop(black_box(Text::new(&raw)))),
        ),
        ("  ropey", FREE, nanoseconds(characters, || drop(black_box(Rope::from_str(&raw))))),
        ("a place in UTF-16 and back", SAME, there_and_back),
        ("  ropey", FREE, rope_there_and_back),
        (
            "a search, a character",
            SAME,
            nanoseconds(characters, || {
                assert!(search(&pattern, &searched, 100).total > 0);
            }),
        ),
        (
            "  str::match_indices",
            FREE,
            nanoseconds(characters, || {
                assert!(black_box(&raw).match_indices("denied it").count() > 0);
            }),
        ),
    ]
}

/// Of an article with so many annotations, one for each [`EACH`] characters.
fn of_annotations(size: usize) -> Costs {
    const ASKED: usize = 200;
    let text = Text::new(&text(size * EACH));
    let all = annotations(&text, size);
    let intervals: Vec<Interval<u32, usize>> = all
        .iter()
        .enumerate()
        .map(|(val, it)| {
            let span = it.spans.first();
            Interval { start: span.start().get(), stop: span.end().get(), val }
        })
        .collect();
    let (project, set) = project(&text, &all);
    drop(all);
    let in_order = project.annotations(&set).unwrap();
    let index = Index::new(&text, in_order);
    let lapper = Lapper::new(intervals.clone());
    let asked = places(&text, ASKED);
    let paragraphs: Vec<usize> = asked.iter().map(|pos| text.paragraph_at(*pos)).collect();
    let spans: Vec<Spans> = annotations(&text, ASKED).into_iter().map(|it| it.spans).collect();
    let made: Vec<Arc<Annotation>> = spans
        .iter()
        .enumerate()
        .map(|(at, it)| Arc::new(annotation(size + at, it.clone())))
        .collect();

    let mut ctx = Counted { prefix: "new".to_owned(), ..Counted::default() };
    let mut ends = Vec::new();
    let edited = nanoseconds(ASKED, || {
        ends.clear();
        for spans in &spans {
            let (_, transaction) =
                act::annotate(&project, &set, &"claim".into(), spans.clone(), &mut ctx);
            let after = transaction.apply(&project).unwrap();
            black_box(transaction.invert().apply(&after).unwrap());
            ends.push((transaction, after));
        }
    });
    // Few at a time: the store in memory copies all that it has for each transaction.
    const WRITTEN: usize = 10;
    let stored = nanoseconds(WRITTEN, || {
        let store = Store::new(Rc::new(Memory::default()));
        for (seq, (transaction, after)) in (1..).zip(&ends).take(WRITTEN) {
            let commit = Commit {
                id: format!("c{seq}").into(),
                seq,
                at: Timestamp(0),
                by: "ada".into(),
                intent_group: "g".into(),
                undoes: None,
                transaction: transaction.clone(),
            };
            now(store.write(after, &[Arc::new(commit)])).unwrap();
        }
    });
    let mut followed = index.clone();
    vec![
        (
            "the index is made, an annotation",
            SORTED,
            nanoseconds(size, || drop(black_box(Index::new(&text, in_order)))),
        ),
        (
            "  rust-lapper",
            FREE,
            nanoseconds(size, || drop(black_box(Lapper::new(intervals.clone())))),
        ),
        (
            "what is under a place",
            SAME,
            nanoseconds(ASKED, || {
                for pos in &asked {
                    black_box(index.at(&text, *pos));
                }
            }),
        ),
        (
            "  rust-lapper",
            FREE,
            nanoseconds(ASKED, || {
                for pos in &asked {
                    black_box(lapper.find(pos.get(), pos.get() + 1).count());
                }
            }),
        ),
        (
            "what a paragraph shows",
            SAME,
            nanoseconds(ASKED, || {
                for at in &paragraphs {
                    let span = text.paragraphs().get(*at).unwrap();
                    black_box(marks(*span, index.paragraph(*at).unwrap()));
                }
            }),
        ),
        (
            "an index follows an act and back",
            SAME,
            nanoseconds(ASKED, || {
                for it in &made {
                    followed.replace(&text, None, Some(it));
                    followed.replace(&text, Some(it), None);
                }
            }),
        ),
        ("an index is copied", LINEAR, nanoseconds(1, || drop(black_box(index.clone())))),
        ("an act and its undo", LINEAR, edited),
        ("a commit is written", SAME, stored),
    ]
}

fn main() -> ExitCode {
    print!("{:<34}", "nanoseconds for each");
    SIZES.iter().for_each(|size| print!(" {size:>9}"));
    println!(" {:>7} {:>7}", "growth", "limit");
    let mut kept = true;
    for (what, costs) in
        [("characters", SIZES.map(of_text)), ("annotations", SIZES.map(of_annotations))]
    {
        println!("{what}");
        for (row, (name, limit, _)) in costs[0].iter().enumerate() {
            let costs: Vec<f64> = costs.iter().map(|it| it[row].2).collect();
            kept &= line(name, &costs, *limit);
        }
    }
    println!("\nThe growth is from 1,000 to 1,000,000.");
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
