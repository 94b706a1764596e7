//! Searching: what is found is what a person means, and is what slow ways of looking find.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;
use std::time::{Duration, Instant};

use avow::annotation::{
    Annotation, AttributeValue, Origin, Spans, SpeakerMention, Status, Timestamp,
};
use avow::job::{Answer, Request, ToSearch, run};
use avow::map::Map;
use avow::project::{Owner, Region};
use avow::scheme::default_scheme;
use avow::search::{
    BadPattern, CONTEXT, Found, Hit, Pattern, Query, Searched, SearchedSet, identical, search,
};
use avow::text::marked::{self, Marked};
use avow::text::{Span, Text};
use proptest::prelude::*;
use regex::RegexBuilder;
use unicode_segmentation::UnicodeSegmentation;

// ---- Queries and articles ----

fn words(words: &str) -> Query {
    Query { words: words.to_owned(), ..Query::default() }
}

fn whole(words: &str) -> Query {
    Query { whole_word: true, ..self::words(words) }
}

fn cased(words: &str) -> Query {
    Query { case: true, ..self::words(words) }
}

fn expression(words: &str) -> Query {
    Query { regex: true, ..self::words(words) }
}

fn article(text: Text) -> Searched {
    Searched { id: "a".into(), text, sets: Vec::new(), regions: Vec::new() }
}

fn annotation(id: &str, label: &str, spans: &[Span]) -> Annotation {
    Annotation {
        id: id.into(),
        label: label.into(),
        spans: Spans::new(spans.iter().copied()).unwrap(),
        attributes: Map::new(),
        note: String::new(),
        origin: Origin::Hand,
        created: Timestamp(0),
        updated: Timestamp(0),
        extra: Default::default(),
    }
}

fn set(owner: &str, status: Status, annotations: Vec<Annotation>) -> SearchedSet {
    let owner = match owner {
        "gold" => Owner::Gold,
        id => Owner::Annotator(id.into()),
    };
    SearchedSet { owner, status, annotations: annotations.into_iter().map(Arc::new).collect() }
}

/// An article whose marks `c1`, `q2`, `d3` are claims, quotes and denials of Ada, who is done with
/// it, and `r1` a stretch that is not to be annotated.
fn annotated(notation: &str) -> Searched {
    let Marked { text, spans, .. } = marked::parse(notation).unwrap();
    let mut searched = article(text);
    let mut annotations = Vec::new();
    for (name, spans) in &spans {
        let label = match name.chars().next() {
            Some('c') => "claim",
            Some('q') => "quote",
            Some('d') => "denial",
            _ => {
                let kind = "boilerplate".to_owned();
                let region = |span| Region { span, kind: kind.clone(), extra: Default::default() };
                searched.regions.extend(spans.iter().copied().map(region));
                continue;
            }
        };
        annotations.push(annotation(name, label, spans));
    }
    if !annotations.is_empty() {
        searched.sets.push(set("ada", Status::Done, annotations));
    }
    searched
}

/// What is found, once all laws are known to hold of it.
#[track_caller]
fn found(query: &Query, articles: &[Searched]) -> Vec<Hit> {
    let pattern = Pattern::new(query).unwrap_or_else(|bad| panic!("{query:?}: {bad}"));
    let all = search(&pattern, articles, u32::MAX);
    assert_eq!(all.total as usize, all.hits.len());
    for limit in [0, 1, 2] {
        let some = search(&pattern, articles, limit);
        assert_eq!(some.total, all.total, "all are counted");
        assert_eq!(some.hits, all.hits[..all.hits.len().min(limit as usize)]);
    }
    let request = ToSearch {
        query: query.clone(),
        articles: articles.to_vec(),
        limit: u32::MAX,
        scheme: default_scheme(),
        linked: Vec::new(),
    };
    assert_eq!(sent(request), Answer::Found(all.clone()), "by message");
    if !query.needs_annotations() {
        let mut bare = articles.to_vec();
        bare.iter_mut().flat_map(|it| &mut it.sets).for_each(|set| set.annotations.clear());
        assert_eq!(search(&pattern, &bare, u32::MAX), all, "without annotations");
    }

    for hit in &all.hits {
        let article = articles.iter().find(|it| it.id == hit.article).unwrap();
        check_context(&article.text, hit);
    }
    for pair in all.hits.windows(2).filter(|pair| pair[0].article == pair[1].article) {
        let [a, b] = pair else { unreachable!() };
        assert!(a.span.start() <= b.span.start(), "reading order: {a:?} {b:?}");
        let of_words = a.annotation.is_none();
        assert!(!of_words || a.span.end() <= b.span.start(), "no overlap: {a:?} {b:?}");
    }
    all.hits
}

/// Runs a search as the page and its worker do: by way of messages.
fn sent(asked: ToSearch) -> Answer {
    let request = Request::Search(Box::new(asked));
    let back = Request::from_message(&request.to_message(), Vec::new()).unwrap();
    assert_eq!(back, request);
    let answer = run(back);
    assert_eq!(Answer::from_message(&answer.to_message()).unwrap(), answer);
    answer
}

/// A hit says what its text says around it, whole graphemes of one paragraph.
#[track_caller]
fn check_context(text: &Text, hit: &Hit) {
    let (start, end) = bytes(hit.span);
    let (before, after) = (&text.as_str()[..start], &text.as_str()[end..]);
    let mut shown_before = shown(before.graphemes(true).rev());
    shown_before.reverse();
    assert_eq!(hit.before, shown_before.concat());
    assert_eq!(hit.covered, text.slice(hit.span));
    assert_eq!(hit.after, shown(after.graphemes(true)).concat());
    let whole = graphemes(text);
    assert!(whole.contains(&start) && whole.contains(&end), "{hit:?} cuts a grapheme");
}

/// The first graphemes of a line that have room.
fn shown<'a>(graphemes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut room = CONTEXT;
    let mut has_room = |grapheme: &&str| {
        let rest = room.checked_sub(grapheme.chars().count());
        room = rest.unwrap_or_default();
        rest.is_some() && *grapheme != "\n"
    };
    graphemes.take_while(|grapheme| has_room(grapheme)).collect()
}

/// Checks what a query finds in a text, which is marked `<h:` … `:h>`.
#[track_caller]
fn check(query: &Query, expected: &str) {
    let mut text = marked::parse(expected).unwrap_or_else(|error| panic!("{expected}: {error}"));
    text.spans.clear();
    let hits = found(query, &[article(text.text.clone())]);
    assert!(hits.iter().all(|hit| hit.annotation.is_none()));
    if !hits.is_empty() {
        text.spans.push(("h".to_owned(), hits.into_iter().map(|hit| hit.span).collect()));
    }
    assert_eq!(text.to_string(), expected, "{query:?}");
}

/// Checks what a query finds in an annotated article: each hit as its annotation and its text.
#[track_caller]
fn check_in(query: &Query, article: &Searched, expected: &[&str]) {
    let hits = found(query, std::slice::from_ref(article));
    let shown: Vec<String> = hits.iter().map(show).collect();
    assert_eq!(shown, expected, "{query:?}");
}

fn show(hit: &Hit) -> String {
    match &hit.annotation {
        Some((Owner::Annotator(by), id)) => format!("{by} {id}: {}", hit.covered),
        Some((Owner::Gold, id)) => format!("gold {id}: {}", hit.covered),
        None => hit.covered.clone(),
    }
}

// ---- Words ----

#[test]
fn words_are_found_as_they_stand() {
    check(
        &words("tax"),
        "The <h:tax:h> is a <h:Tax:h>, says the <h:TAX:h>man. Tariffs are no t-a-x.",
    );
    check(&cased("tax"), "The <h:tax:h> is a Tax, says the TAXman.");
    check(&words("a.c (x)"), "abc x, <h:A.C (x):h>");
    check(&words(r"\w+"), r"word <h:\\w+:h>");
    check(&words("nothing of it"), "Some text.");
    check(&words("aa"), "<h:aa:h><h:aa:h>a");
}

#[test]
fn case_is_folded_by_character() {
    check(&words("ΣΊΣΥΦΟΣ"), "<h:Σίσυφος:h>");
    check(&words("straße"), "<h:STRAẞE:h>, not STRASSE");
    check(&words("istanbul"), "<h:ISTANBUL:h>, not İstanbul");
    check(&cased("Σ"), "ς σ <h:Σ:h>");
}

#[test]
fn white_space_is_any_white_space() {
    check(
        &words("the  mayor"),
        "<h:The mayor:h>, <h:the\u{a0}mayor:h>, <h:the\n\t\nmayor:h>, themayor",
    );
    check(&words(" said "), "x <h:said:h>\u{2028}so,<h:said:h>");
    check(&words("a\nb"), "<h:a b:h>");
}

#[test]
fn quote_marks_and_hyphens_match_their_kind() {
    check(&words("\"no\""), "<h:“no”:h> <h:\"No\":h> <h:«no»:h> <h:„no“:h> ‘no’");
    check(&words("didn't"), "<h:didn’t:h> <h:didn't:h> <h:didn‘t:h> didnt didn\"t");
    check(&words("’tis"), "<h:'Tis:h>");
    check(&words("co-op"), "<h:co-op:h> <h:co\u{2010}op:h> <h:co\u{2011}op:h> co–op coop");
}

#[test]
fn a_whole_word_is_one_of_the_text() {
    check(&whole("tax"), "Taxes, <h:tax:h>, syntax, <h:tax:h>-free, “<h:tax:h>”");
    check(&whole("don"), "don't <h:Don:h>");
    check(&whole("記"), "新聞<h:記:h>者");
    check(&whole("no no"), "xno <h:no no:h>");
    check(&whole("said,"), "He <h:said,:h> or said.");
    check(&whole("3"), "3.5 3,000 <h:3:h>.");
    check(&Query { whole_word: true, ..expression("t..") }, "taxes <h:tax:h> butter");
}

#[test]
fn no_hit_cuts_a_grapheme() {
    check(&words("e"), "<h:e:h> <h:e\u{301}:h> <h:e\u{301}\u{302}:h>x");
    check(&words("\u{301}"), "e <h:e\u{301}:h>");
    check(&words("👩"), "<h:👩\u{200d}👧:h> <h:👩:h>");
    check(&words("🇷"), "<h:🇫🇷:h> <h:🇷🇺:h>");
    check(&expression("."), "<h:e\u{301}:h><h:x:h>");
    check(&expression("\u{301}+?"), "<h:e\u{301}\u{301}:h>");
}

#[test]
fn the_context_is_of_the_paragraph_and_short() {
    let text = Text::new("Before.\nThe mayor lied.\nAfter.");
    let hits = found(&words("mayor"), &[article(text)]);
    assert_eq!((&*hits[0].before, &*hits[0].after), ("The ", " lied."));

    let text = Text::new("One two\nthree four");
    let hits = found(&words("two three"), &[article(text)]);
    assert_eq!((&*hits[0].before, &*hits[0].after), ("One ", " four"));

    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    let text = Text::new(&format!("{0} x {0}", family.repeat(9)));
    let hits = found(&words("x"), &[article(text)]);
    // Seven code points each; a sixth has no room.
    assert_eq!(hits[0].before, format!("{} ", family.repeat(5)));
    assert_eq!(hits[0].after, format!(" {}", family.repeat(5)));

    let large = format!("e{}", "\u{301}".repeat(CONTEXT));
    let hits = found(&words("x"), &[article(Text::new(&format!("{large}x{large}")))]);
    assert_eq!((&*hits[0].before, &*hits[0].after), ("", ""));
}

#[test]
fn no_word_is_shown_in_part() {
    let around = |text: &str| found(&words("mayor"), &[article(Text::new(text))])[0].around();
    let both = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    assert_eq!(around("The mayor lied."), both("The ", " lied."));
    assert_eq!(
        around(
            "Nobody in the whole harbour had ever heard that the mayor lied to the harbour office in any letter."
        ),
        both("… whole harbour had ever heard that the ", " lied to the harbour office in any …"),
    );
    let long = "ferry".repeat(9);
    assert_eq!(
        around(&format!("{long}mayor{long}")),
        both(&format!("…{}", "ferry".repeat(8)), &format!("{}…", "ferry".repeat(8)))
    );
}

// ---- Regular expressions ----

#[test]
fn an_expression_is_one_of_the_regex_crate() {
    check(&expression(r"tax(es)?"), "<h:Tax:h>, <h:taxes:h>");
    check(&Query { case: true, ..expression("tax") }, "Tax, <h:tax:h>");
    check(&expression(r"\d+"), "<h:12:h> and <h:٣:h>");
    check(&expression(r"\p{Greek}+\s\w+"), "a <h:αβγ δ:h>");
    check(&expression("^The"), "<h:The:h> The\n<h:The:h>");
    check(&expression("end$"), "end <h:end:h>\n<h:end:h>");
    check(&expression("a.b"), "a\nb <h:a b:h>");
    check(&expression("(?s)a.b"), "<h:a\nb:h>");
    check(&expression(" "), "a<h: :h>b");
    check(&expression("\n"), "a<h:\n:h>b");
    check(&expression("x*"), "a<h:xx:h>b");
    check(&expression("|a"), "aaa");
}

#[track_caller]
fn check_bad(query: &Query, expected: &str) {
    let bad = Pattern::new(query).expect_err(&query.words);
    assert_eq!(bad.to_string(), expected);
    let asked = ToSearch {
        query: query.clone(),
        articles: Vec::new(),
        limit: 9,
        scheme: default_scheme(),
        linked: Vec::new(),
    };
    assert_eq!(sent(asked), Answer::BadQuery(expected.to_owned()));
}

#[test]
fn a_bad_expression_says_what_is_wrong_and_where() {
    let bad = |words, expected| check_bad(&expression(words), expected);
    bad("é(ab", "the expression is wrong at character 2, “(”: this parenthesis is never closed");
    bad("ab)", "the expression is wrong at character 3, “)”: this parenthesis closes none");
    bad("[ab", "the expression is wrong at character 1, “[”: this bracket is never closed");
    bad("*a", "the expression is wrong at character 1, “*”: there is nothing here to be repeated");
    bad("[z-a]", "the expression is wrong at character 2, “z-a”: this range ends before it begins");
    bad(
        r"a\",
        "the expression is wrong at character 2, “\\”: a backslash at the end escapes nothing",
    );
    bad(
        r"\p{Nowhere}",
        "the expression is wrong at character 1, “\\p{Nowhere}”: \
         this property of characters is not known",
    );
    bad(
        "a(?=b)",
        "the expression is wrong at character 2, “(?=”: \
         what stands before or after cannot be asked for",
    );
    bad(
        r"(a)\1",
        "the expression is wrong at character 4, “\\1”: \
         what a group has found cannot be looked for again",
    );
    let at = Pattern::new(&expression("é(ab")).unwrap_err();
    let BadPattern::Malformed { before, part, .. } = at else { panic!("{at:?}") };
    assert_eq!((&*before, &*part), ("é", "("));
    // Words are no expression.
    check(&words("(a"), "b<h:(a:h>");
}

#[test]
fn an_expression_that_would_take_too_much_is_refused_at_once() {
    let started = Instant::now();
    let too_large = "the expression is too large to search for; it says or repeats too much";
    for words in [r"\w{1000000}", "((((a{99}){99}){99}){99}){99}", r"(?:\pL*){99999999}"] {
        check_bad(&expression(words), too_large);
    }
    check_bad(&expression(&"a|".repeat(100_000)), too_large);
    for times in [5_000, 100_000] {
        let words = words(&"long words ".repeat(times));
        check_bad(&words, "the words are too long to search for");
    }
    for words in ["(".repeat(10_000), "[[".repeat(9_999), "a{,".to_owned()] {
        assert!(Pattern::new(&expression(&words)).is_err());
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    // One that only looks bad.
    check(&expression("(a+)+b"), &"a".repeat(10_000));
}

// ---- Annotations ----

const STORY: &str =
    "The mayor <c1:took the <q2:tax:q2>:c1>, <q3:\"No tax:q3>,\" he said, <q3:\"no\":q3>. Tax?";

#[test]
fn without_words_the_annotations_are_the_hits() {
    let story = annotated(STORY);
    let of = |label: &str| Query { labels: vec![label.into()], ..Query::default() };
    check_in(&of("claim"), &story, &["ada c1: took the tax"]);
    check_in(&of("quote"), &story, &["ada q2: tax", "ada q3: \"No tax,\" he said, \"no\""]);
    check_in(&of("denial"), &story, &[]);
    let both = Query { labels: vec!["quote".into(), "claim".into()], ..Query::default() };
    let all = ["ada c1: took the tax", "ada q2: tax", "ada q3: \"No tax,\" he said, \"no\""];
    check_in(&both, &story, &all);
    let blank = Query { words: " \n".to_owned(), ..both };
    check_in(&blank, &story, &all);
    check_in(&Query::default(), &story, &[]);
    check_in(&words("  "), &story, &[]);
    check_in(&Query { case: true, whole_word: true, ..expression("") }, &story, &[]);
}

#[test]
fn words_are_looked_for_within_annotations() {
    let story = annotated(STORY);
    check_in(&words("tax"), &story, &["tax", "tax", "Tax"]);
    let of = |label: &str, words| Query { labels: vec![label.into()], ..words };
    check_in(&of("claim", words("tax")), &story, &["ada c1: tax"]);
    check_in(&of("quote", words("tax")), &story, &["ada q2: tax", "ada q3: tax"]);
    check_in(&of("quote", words("said")), &story, &[]);
    check_in(&of("quote", words("the tax")), &story, &[]);
    // One that begins outside does not hide one that is inside.
    check_in(&of("quote", words("no no")), &annotated("no <q1:no no:q1> no"), &["ada q1: no no"]);
    let mut two = story.clone();
    let bo = two.sets[0].clone();
    two.sets.push(SearchedSet { owner: Owner::Annotator("bo".into()), ..bo });
    check_in(&of("claim", words("took")), &two, &["ada c1: took", "bo c1: took"]);
}

#[test]
fn speakers_annotators_and_statuses_choose() {
    let mut story = annotated("<q1:\"Yes\":q1> and <q2:\"no\":q2>");
    let speaker = SpeakerMention { id: "jo".into(), mention: None, extra: Default::default() };
    let mut first = Annotation::clone(&story.sets[0].annotations[0]);
    first.attributes.insert("speaker".into(), AttributeValue::Speakers(vec![speaker]));
    story.sets[0].annotations[0] = Arc::new(first.clone());
    story.sets.push(set(
        "bo",
        Status::Doing,
        vec![Annotation { id: "q9".into(), ..first.clone() }],
    ));
    story.sets.push(set("gold", Status::Todo, vec![Annotation { id: "g".into(), ..first }]));

    let jo = Query { speakers: vec!["jo".into()], ..Query::default() };
    check_in(&jo, &story, &["gold g: \"Yes\"", "ada q1: \"Yes\"", "bo q9: \"Yes\""]);
    check_in(&Query { speakers: vec!["al".into()], ..jo.clone() }, &story, &[]);
    let bo = Query { annotators: vec!["bo".into()], ..jo.clone() };
    check_in(&bo, &story, &["bo q9: \"Yes\""]);
    let done = Query { statuses: vec![Status::Done], ..Query::default() };
    check_in(&done, &story, &["ada q1: \"Yes\"", "ada q2: \"no\""]);
    check_in(&Query { statuses: vec![Status::Done], ..bo.clone() }, &story, &[]);

    // Words alone are looked for in all of an article that has such a set.
    check_in(&Query { words: "and".to_owned(), ..done.clone() }, &story, &["and"]);
    let skipped = Query { statuses: vec![Status::Skipped], ..words("and") };
    check_in(&skipped, &story, &[]);
    check_in(&Query { words: "and".to_owned(), ..bo }, &story, &[]);
    let untouched = article(Text::new("this and that"));
    check_in(&Query { words: "and".to_owned(), ..done }, &untouched, &[]);
    let todo = Query { statuses: vec![Status::Todo, Status::Doing], ..words("and") };
    check_in(&todo, &untouched, &["and"]);
}

#[test]
fn what_is_not_to_be_annotated_is_found_when_asked_for() {
    let story = annotated("<r1:Read more about tax:r1>: <c1:tax:c1>. <c2:<r1:Tax news:r1>:c2>");
    check_in(&words("tax"), &story, &["tax"]);
    check_in(&words("tax:"), &annotated("<r1:tax:r1>: x"), &["tax:"]);
    check_in(&Query { regions: true, ..words("tax") }, &story, &["tax", "tax", "Tax"]);
    let claims = Query { labels: vec!["claim".into()], ..Query::default() };
    check_in(&claims, &story, &["ada c1: tax", "ada c2: Tax news"]);
}

#[test]
fn what_does_not_fit_its_text_is_left_out() {
    let mut story = annotated("é <c1:said:c1>");
    let bad = [Span::stored(0, 99), Span::stored(1, 2), Span::stored(u32::MAX - 1, u32::MAX)];
    for (at, span) in bad.into_iter().flatten().enumerate() {
        let annotation = annotation(&format!("c{at}9"), "claim", &[span]);
        story.sets[0].annotations.push(Arc::new(annotation));
        story.regions.push(Region { span, kind: String::new(), extra: Default::default() });
    }
    story.regions.remove(0);
    let claims = Query { labels: vec!["claim".into()], ..Query::default() };
    check_in(&claims, &story, &["ada c1: said"]);
    check_in(&Query { words: "said".to_owned(), ..claims }, &story, &["ada c1: said"]);
    check_in(&words("é"), &story, &["é"]);
}

#[test]
fn an_answer_is_bounded_and_counts_all() {
    let many = |id: &str| Searched { id: id.into(), ..article(Text::new(&"e ".repeat(1000))) };
    let asked = ToSearch {
        query: words("e"),
        articles: vec![many("a"), many("b")],
        limit: 1001,
        scheme: default_scheme(),
        linked: Vec::new(),
    };
    let Answer::Found(Found { hits, total }) = sent(asked) else { panic!() };
    assert_eq!((hits.len(), total), (1001, 2000));
    assert_eq!((hits[999].article.as_str(), hits[1000].article.as_str()), ("a", "b"));
}

// ---- Identical passages ----

/// Checks where a passage stands in a text, which is marked `<h:` … `:h>`.
#[track_caller]
fn check_identical(passage: &str, expected: &str) {
    let mut text = marked::parse(expected).unwrap();
    text.spans.clear();
    let spans = identical(&text.text, passage);
    if !spans.is_empty() {
        text.spans.push(("h".to_owned(), spans));
    }
    assert_eq!(text.to_string(), expected, "{passage:?}");
}

#[test]
fn an_identical_passage_is_the_same_letter_by_letter() {
    check_identical("No tax", "<h:No tax:h>, no tax, No  tax, No\ntax, <h:No tax:h>");
    check_identical("tax", "taxes, syntax, <h:tax:h>");
    check_identical("“No”", "<h:“No”:h> \"No\" x<h:“No”:h>x");
    check_identical("(s", "tax<h:(s:h>) (so)");
    check_identical("e", "<h:e:h> e\u{301}");
    check_identical("no no", "xno <h:no no:h> <h:no no:h>");
    check_identical("- -", "<h:- -:h> <h:- -:h>");
    check_identical("記", "新聞<h:記:h>者");
    check_identical("", "nothing");
    check_identical("longer than the text", "text");
}

#[test]
fn a_passage_that_overlaps_itself_takes_no_longer() {
    // Each occurrence ends within a word, and the next one begins within it.
    let text = Text::new(&"ab ".repeat(200_000));
    let passage = format!("{}a", "ab ".repeat(50_000));
    let started = Instant::now();
    assert_eq!(identical(&text, &passage), []);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

// ---- Slow ways of looking ----

const PIECES: &[&str] = &[
    "a",
    "A",
    "k",
    "K",
    "\u{212a}",
    "s",
    "S",
    "ſ",
    "ss",
    "ß",
    "ẞ",
    "σ",
    "ς",
    "Σ",
    "i",
    "I",
    "İ",
    "ı",
    "é",
    "É",
    "e\u{301}",
    "e",
    "\u{301}",
    "\u{200d}",
    "👩",
    "👩\u{200d}👧",
    "🇫",
    "🇷",
    "記",
    "者",
    "น\u{e33}",
    "\u{e33}",
    "ש",
    "خ",
    "\u{202e}",
    "\0",
    "'",
    "’",
    "ʼ",
    "\"",
    "“",
    "«",
    "-",
    "\u{2010}",
    "\u{2011}",
    "–",
    ".",
    ",",
    "3",
    "(",
    "\\",
    "*",
    "[",
    "_",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\t",
    "\u{a0}",
    "\u{2028}",
    "\u{3000}",
    "\u{ad}",
    "\u{feff}",
];

fn pieces(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), count).prop_map(|pieces| pieces.concat())
}

/// Texts, and words that often stand in them.
fn text_and_words() -> impl Strategy<Value = (Text, String)> {
    let parts = (pieces(0..30), pieces(0..4), pieces(0..30), 0..3usize);
    parts.prop_map(|(before, words, after, times)| {
        let text = format!("{before}{}{after}", words.repeat(times));
        (Text::new(&text), words)
    })
}

/// The bytes of a text at which no grapheme is cut.
fn graphemes(text: &Text) -> Vec<usize> {
    let content = text.as_str();
    content.grapheme_indices(true).map(|(at, _)| at).chain([content.len()]).collect()
}

/// The bytes at which a line has a word boundary that cuts no grapheme, or is at its end.
fn word_edges(text: &Text) -> Vec<usize> {
    let whole = graphemes(text);
    let mut edges = Vec::new();
    let mut start = 0;
    for line in text.as_str().split('\n') {
        edges.extend(line.split_word_bound_indices().map(|(at, _)| start + at));
        edges.extend([start, start + line.len()]);
        start += line.len() + 1;
    }
    edges.retain(|edge| whole.contains(edge));
    edges
}

/// A stretch grown to whole graphemes.
fn grown(text: &Text, start: usize, end: usize) -> (usize, usize) {
    let whole = graphemes(text);
    let start = whole.iter().rev().find(|at| **at <= start);
    (*start.unwrap(), *whole.iter().find(|at| **at >= end).unwrap())
}

/// A character as it is compared, as far as `PIECES` has any.
fn folded(char: char, case: bool) -> char {
    match char {
        '\'' | '’' | 'ʼ' => '\'',
        '"' | '“' | '«' => '"',
        '-' | '\u{2010}' | '\u{2011}' => '-',
        char if case => char,
        '\u{212a}' => 'k',
        'ſ' => 's',
        'ẞ' => 'ß',
        'ς' | 'Σ' => 'σ',
        'É' => 'é',
        char => char.to_ascii_lowercase(),
    }
}

/// Where words end that begin a text, in bytes.
fn end_of(text: &str, words: &str, case: bool) -> Option<usize> {
    let mut rest = text;
    for (at, word) in words.split_whitespace().enumerate() {
        if at > 0 {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        for char in word.chars() {
            let next = rest.chars().next()?;
            if folded(next, case) != folded(char, case) {
                return None;
            }
            rest = &rest[next.len_utf8()..];
        }
    }
    Some(text.len() - rest.len())
}

fn slow(text: &Text, query: &Query) -> Vec<(usize, usize)> {
    let mut hits: Vec<(usize, usize)> = Vec::new();
    if query.words.trim().is_empty() {
        return hits;
    }
    let edges = word_edges(text);
    for (start, _) in text.as_str().char_indices() {
        let Some(len) = end_of(&text.as_str()[start..], &query.words, query.case) else { continue };
        let (from, to) = grown(text, start, start + len);
        let is_free = hits.last().is_none_or(|last| last.1 <= start);
        if is_free && (!query.whole_word || edges.contains(&from) && edges.contains(&to)) {
            hits.push((from, to));
        }
    }
    hits
}

fn bytes(span: Span) -> (usize, usize) {
    (span.start().get() as usize, span.end().get() as usize)
}

fn spans(query: &Query, text: &Text) -> Vec<(usize, usize)> {
    let hits = found(query, &[article(text.clone())]);
    hits.into_iter().map(|hit| bytes(hit.span)).collect()
}

const EXPRESSIONS: &[&str] = &[
    "a+",
    ".",
    r"\w+",
    r"\W",
    r"\s+",
    r"\b.",
    "[^a-z]+",
    "s|ss",
    "ss|s",
    "|s",
    "a*?",
    "(?s).*",
    ".*",
    "^.",
    ".$",
    r"\p{Greek}",
    r"\p{L}\p{M}*",
    "\u{301}",
    ".\u{301}",
    "(?-i)K",
    r"\d|\x00",
    "e.",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_are_where_a_slow_search_finds_them(
        (text, words) in text_and_words(), case: bool, whole_word: bool,
    ) {
        let query = Query { case, whole_word, ..self::words(&words) };
        prop_assert_eq!(spans(&query, &text), slow(&text, &query));
    }

    #[test]
    fn an_expression_finds_what_the_crate_finds(
        text in pieces(0..40), expression in prop::sample::select(EXPRESSIONS), case: bool,
    ) {
        let text = Text::new(&text);
        let query = Query { case, ..self::expression(expression) };
        let hits = spans(&query, &text);
        let mut builder = RegexBuilder::new(expression);
        let regex = builder.multi_line(true).case_insensitive(!case).build().unwrap();

        // After a hit that is grown, the crate goes on where the hit ends.
        let mut expected = Vec::new();
        let mut is_grown = false;
        let mut from = 0;
        while let Some(found) = (from..=text.as_str().len())
            .filter(|at| text.as_str().is_char_boundary(*at))
            .find_map(|at| regex.find_at(text.as_str(), at).filter(|found| !found.is_empty()))
        {
            let (start, end) = grown(&text, found.start(), found.end());
            is_grown |= (start, end) != (found.start(), found.end());
            expected.push((start, end));
            from = end;
        }
        prop_assert_eq!(&hits, &expected);
        if !is_grown {
            let all = regex.find_iter(text.as_str()).filter(|found| !found.is_empty());
            prop_assert_eq!(hits, all.map(|it| (it.start(), it.end())).collect::<Vec<_>>());
        }
    }

    #[test]
    fn words_in_annotations_are_where_a_slow_search_finds_them(
        (text, words) in text_and_words(),
        edges in prop::collection::vec(any::<[prop::sample::Index; 4]>(), 0..6),
    ) {
        let places = graphemes(&text);
        let mut annotations = Vec::new();
        for (id, edges) in edges.iter().enumerate() {
            let mut at = edges.map(|edge| places[edge.index(places.len())]);
            at.sort();
            let spans = [(at[0], at[1]), (at[2], at[3])];
            let spans = spans.map(|(a, b)| Span::stored(a as u32, b as u32).unwrap());
            let spans: Vec<Span> = spans.into_iter().filter(|span| !span.is_empty()).collect();
            if !spans.is_empty() {
                annotations.push(annotation(&id.to_string(), "claim", &spans));
            }
        }
        let mut searched = article(text.clone());
        searched.sets.push(set("ada", Status::Done, annotations.clone()));
        let query = Query { labels: vec!["claim".into()], ..self::words(&words) };
        let mut hits: Vec<_> = found(&query, &[searched]).into_iter().filter_map(|hit| {
            hit.annotation.map(|(_, id)| (bytes(hit.span), id))
        }).collect();
        hits.sort();

        // Every occurrence, one by one: the first that is free and that some annotation holds.
        let mut expected = Vec::new();
        let mut free = 0;
        for (start, _) in text.as_str().char_indices() {
            let Some(len) = end_of(&text.as_str()[start..], &words, false) else { continue };
            let (from, to) = grown(&text, start, start + len);
            let span = Span::stored(from as u32, to as u32).unwrap();
            if start < free || words.trim().is_empty() {
                continue;
            }
            for annotation in annotations.iter().filter(|it| it.spans.iter().any(|s| s.covers(span))) {
                expected.push(((from, to), annotation.id.clone()));
                free = to;
            }
        }
        expected.sort();
        if !words.trim().is_empty() {
            prop_assert_eq!(hits, expected);
        }
    }

    #[test]
    fn identical_passages_are_where_a_slow_search_finds_them((text, passage) in text_and_words()) {
        let (edges, whole) = (word_edges(&text), graphemes(&text));
        let may_stand = |at: usize, edge: Option<char>| {
            let places = if edge.is_some_and(char::is_alphanumeric) { &edges } else { &whole };
            places.contains(&at)
        };
        let mut expected: Vec<(usize, usize)> = Vec::new();
        for (start, _) in text.as_str().char_indices() {
            let end = start + passage.len();
            if !passage.is_empty()
                && text.as_str()[start..].starts_with(&passage)
                && may_stand(start, passage.chars().next())
                && may_stand(end, passage.chars().next_back())
                && expected.last().is_none_or(|last| last.1 <= start)
            {
                expected.push((start, end));
            }
        }
        let spans: Vec<_> = identical(&text, &passage).into_iter().map(bytes).collect();
        prop_assert_eq!(spans, expected);
    }
}
