//! Searching all articles: hits, stepping, marking from a hit and all at once.

use avow::editor::{Action, Side};
use avow::search::Query;

use crate::desk::Desk;

fn search(desk: &mut Desk, query: Query) -> Vec<String> {
    desk.act(Action::Search(Box::new(query)));
    let search = &desk.state.search;
    assert!(!search.running && search.searched == search.of, "{search:?}");
    search.hits.iter().map(|hit| format!("{} {}", hit.article, hit.covered)).collect()
}

fn words(words: &str) -> Query {
    Query { words: words.to_owned(), ..Query::default() }
}

const RAIN: [&str; 3] = [
    "<c1:It rains:c1>, Li said. <d2:No rain.:d2>",
    "Rain fell. It rained.",
    "<q3:“Rain”:q3> is a word.",
];

#[test]
fn words_are_found_in_all_articles_and_gone_through() {
    let mut desk = Desk::new(&RAIN);
    desk.acts(&["/"]);
    assert_eq!(desk.state.side, Side::Search);
    let found = search(&mut desk, words("rain"));
    assert_eq!(
        found,
        ["article-0 rain", "article-0 rain", "article-1 Rain", "article-1 rain", "article-2 Rain"]
    );
    desk.acts(&["l", "l", "l"]);
    desk.shows("[Rain|] fell. It rained.");
    // A hit is marked as any selection is.
    desk.acts(&["c"]);
    desk.shows("<c4:Rain:c4>| fell. It rained.");
    desk.acts(&["Shift+l", "Shift+l", "Shift+l"]);
    assert_eq!(desk.state.search.at, Some(4), "before the first comes the last");
    desk.holds_the_laws();
}

#[test]
fn annotations_are_found_by_what_is_known_of_them() {
    let mut desk = Desk::new(&RAIN);
    desk.acts(&["pick c1", "name Li"]);
    let found = search(&mut desk, Query { labels: vec!["quote".into()], ..Query::default() });
    assert_eq!(found, ["article-2 “Rain”"]);
    desk.acts(&["l"]);
    assert_eq!(desk.picked(), "q3");
    let li = desk.disk().project.speakers()[0].id.clone();
    assert_eq!(
        search(&mut desk, Query { speakers: vec![li], ..Query::default() }),
        ["article-0 It rains"]
    );
    let broken = Query { broken: true, ..words("") };
    assert_eq!(search(&mut desk, broken), ["article-0 No rain.", "article-2 “Rain”"]);
    let bad = Query { regex: true, ..words("(") };
    desk.act(Action::Search(Box::new(bad)));
    let problem = desk.state.search.problem.clone().unwrap();
    assert!(problem.contains("this parenthesis is never closed"), "{problem}");
}

#[test]
fn all_hits_are_marked_as_one_act_over_all_articles() {
    let mut desk = Desk::new(&["It rains. <c1:It rains:c1>.", "It pours. It rains.", "Dry."]);
    desk.acts(&["pick c1", "Shift+m"]);
    assert_eq!(desk.state.search.total, 3);
    desk.act(Action::MarkHits("claim".into()));
    desk.notices("Hits marked, 2 annotations changed");
    desk.acts(&["open 0"]);
    desk.shows("|<c2:It rains:c2>. <c1:It rains:c1>.");
    desk.acts(&["open 1"]);
    desk.shows("|It pours. <c3:It rains:c3>.");
    desk.holds_the_laws();
    desk.acts(&["Ctrl+z"]);
    desk.acts(&["open 1"]);
    desk.shows("|It pours. It rains.");
    desk.acts(&["open 0"]);
    desk.shows("|It rains. <c1:It rains:c1>.");
}

#[test]
fn what_changed_since_it_was_found_is_passed_over() {
    let mut desk = Desk::new(&["It rains.", "It pours."]);
    search(&mut desk, words("it"));
    desk.act(Action::StopSearch);
    desk.acts(&["open 1", "select It pours", "q"]);
    desk.act(Action::GoToHit(1));
    assert_eq!(desk.state.article.as_ref().unwrap().id.as_str(), "article-1");
    desk.act(Action::GoToHit(99));
    desk.holds_the_laws();
}
