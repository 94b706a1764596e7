//! What a search costs for each megabyte of text, and that this does not grow with the text.
//!
//! `cargo bench --bench search` prints it. Times differ by machine; the ratios should not.

use std::hint::black_box;
use std::time::{Duration, Instant};

use avow::job::{Answer, Request, ToSearch, run};
use avow::search::{Pattern, Query, Searched, identical, search};
use avow::text::Text;

const SENTENCES: &[&str] = &[
    "The minister, who “said” nothing before, denied that the tax was paid late. ",
    "She didn’t know, or so the council’s paper says; nobody asked. ",
    "A spokesman told reporters: \"We have done nothing wrong.\" ",
    "新聞記者は何も知らないと言った。 ",
    "Prices rose by 3.5 percent in March, the office for statistics reported.\n",
    "Ο υπουργός δεν είπε τίποτα.\n\n",
];

/// So many megabytes of invented news, in texts of so many bytes each.
fn articles(megabytes: usize, each: usize) -> Vec<Searched> {
    let mut random: u32 = 1;
    let count = megabytes * 1_000_000 / each;
    let mut article = |at: usize| {
        let mut text = String::new();
        while text.len() < each {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text.push_str(SENTENCES[(random >> 16) as usize % SENTENCES.len()]);
        }
        let text = Text::new(&text);
        Searched { id: at.to_string().into(), text, sets: Vec::new(), regions: Vec::new() }
    };
    (0..count).map(&mut article).collect()
}

/// The shortest of a few times.
fn time(mut work: impl FnMut()) -> Duration {
    let once = |work: &mut dyn FnMut()| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..3).map(|_| once(&mut work)).min().unwrap_or_default()
}

fn line(what: &str, hits: usize, small: Duration, large: Duration) {
    let (small, large) = (small.as_secs_f64() * 1000.0, large.as_secs_f64() * 1000.0 / 10.0);
    println!("{what:<34} {hits:>9} {small:>9.2} {large:>9.2} {:>6.2}", large / small);
}

fn main() {
    println!("{:<34} {:>9} {:>9} {:>9} {:>6}", "", "hits/MB", "1 MB", "10 MB", "ratio");
    println!("{:<34} {:>9} {:>9} {:>9}", "", "", "ms/MB", "ms/MB");
    for (shape, each) in [("articles of 5 kB", 5_000), ("articles of 1 MB", 1_000_000)] {
        println!("{shape}");
        let (small, large) = (articles(1, each), articles(10, each));
        let words = |words: &str| Query { words: words.to_owned(), ..Query::default() };
        let expression = |it: &str| Query { regex: true, ..words(it) };
        for (what, query) in [
            ("none: zebra crossing", words("zebra crossing")),
            ("few: the council's paper", words("the council's paper")),
            ("few, whole words", Query { whole_word: true, ..words("the council's paper") }),
            ("many: e", words("e")),
            ("many, whole words: the", Query { whole_word: true, ..words("the") }),
            ("most fail: whole word e", Query { whole_word: true, ..words("e") }),
            (r"expression: \p{Lu}\w+ \w+ed", expression(r"\p{Lu}\w+ \w+ed")),
            (r"expression: \btax\b", expression(r"\btax\b")),
            (r"expression: \w+", expression(r"\w+")),
        ] {
            let Ok(pattern) = Pattern::new(&query) else { continue };
            let total = search(&pattern, &small, 0).total as usize;
            let cost = |articles: &[Searched]| {
                time(|| drop(black_box(search(&pattern, black_box(articles), 1000))))
            };
            line(what, total, cost(&small), cost(&large));
        }
        let passage = "denied that the tax was paid late";
        let places = |articles: &[Searched]| -> usize {
            articles.iter().map(|it| identical(&it.text, passage).len()).sum()
        };
        let cost = |articles: &[Searched]| {
            time(|| {
                black_box(places(black_box(articles)));
            })
        };
        line("identical passages", places(&small), cost(&small), cost(&large));
        let by_message = |articles: &[Searched]| {
            let articles = articles.to_vec();
            let asked = ToSearch {
                query: words("zebra crossing"),
                articles,
                limit: 1000,
                scheme: avow::scheme::default_scheme(),
                linked: Vec::new(),
            };
            let message = Request::Search(Box::new(asked)).to_message();
            time(|| {
                let request = Request::from_message(black_box(&message), Vec::new());
                black_box(request.map_or(Answer::Written(Vec::new()), run));
            })
        };
        line("none, read from its message", 0, by_message(&small), by_message(&large));
    }
    println!("compiling");
    for words in ["tax", r"(?:\p{Lu}\w+\s+){1,5}said", r"\w{1000000}"] {
        let query = Query { words: words.to_owned(), regex: true, ..Query::default() };
        let cost = time(|| drop(black_box(Pattern::new(black_box(&query)))));
        println!("{words:<34} {:>29.2} ms", cost.as_secs_f64() * 1000.0);
    }
}
