//! The history of an article: looking back, and bringing back.

use avow::editor::{Action, Writer};

use crate::desk::{Desk, article_id};

/// The acts of the open history, each as it is described, newest first, as far as they were read.
fn acts(desk: &Desk) -> Vec<String> {
    let past = desk.state.past.as_ref().expect("the history is open");
    let project = desk.state.project.as_ref().unwrap();
    let commits = past.acts().into_iter().map(|at| past.commits[at].transaction.intent());
    commits.map(|intent| avow::editor::describe(project, intent)).collect()
}

#[test]
fn every_act_of_the_article_is_listed_and_no_other() {
    let mut desk = Desk::new(&["One [two|] three.", "Other words."]);
    desk.acts(&["c", "note a", "note ab", "leave", "open 1", "select Other", "q", "open 0", "h"]);
    assert_eq!(acts(&desk), ["Note changed", "Claim marked"]);
    assert!(desk.state.past.as_ref().unwrap().more, "the oldest are read when they are wanted");
    desk.act(Action::OlderHistory);
    assert_eq!(acts(&desk), ["Note changed", "Claim marked", "Project opened"]);
    desk.acts(&["h"]);
    assert!(desk.state.past.is_none());
    desk.holds_the_laws();
}

#[test]
fn the_article_is_shown_as_it_was_and_nothing_changes() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.acts(&["c", "select three", "d", "pick c1", "x", "h"]);
    desk.shows("One |two <d2:three:d2>.");
    desk.acts(&["j"]);
    desk.shows("One |<c1:two:c1> <d2:three:d2>.");
    desk.acts(&["j"]);
    desk.shows("One |<c1:two:c1> three.");
    // What the text shows can be picked and read, and not changed.
    desk.acts(&["pick c1", "q", "x"]);
    desk.shows("One |<c1:two:c1> three.");
    desk.notices("as it was");
    desk.acts(&["k", "k"]);
    desk.shows("One |two <d2:three:d2>.");
    desk.acts(&["j", "j", "j", "Escape"]);
    desk.shows("One |two <d2:three:d2>.");
    desk.holds_the_laws();
}

#[test]
fn any_point_is_brought_back_as_one_act() {
    let mut desk = Desk::new(&["One [two|] three.", "Other words."]);
    desk.acts(&["c", "name Ada", "select three", "d", "open 1", "select Other", "q", "open 0"]);
    desk.acts(&["pick c1", "x", "pick d2", "q"]);
    desk.shows("One two |<q2:three:q2>.");
    // Back to when the claim had its speaker, and the denial was not there.
    desk.acts(&["h", "j", "j", "j"]);
    desk.shows("One <c1:two:c1> |three.");
    desk.act(Action::BringBack);
    desk.shows("One <c1:two:c1> |three.");
    desk.hears("Brought back as it was");
    assert!(desk.state.past.is_none());
    let project = desk.state.project.as_ref().unwrap();
    assert_eq!(project.speakers().len(), 1);
    desk.acts(&["Ctrl+z"]);
    desk.shows("One two |<q2:three:q2>.");
    desk.holds_the_laws();
}

#[test]
fn a_speaker_that_is_no_more_comes_back_with_the_annotation() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.acts(&["c", "name Ada", "Ctrl+z", "Ctrl+z"]);
    assert!(desk.state.project.as_ref().unwrap().speakers().is_empty());
    desk.acts(&["h", "j", "j"]);
    let picked = desk.state.past.as_ref().unwrap().project.clone();
    assert_eq!(picked.speakers()[0].name, "Ada");
    desk.act(Action::BringBack);
    assert_eq!(desk.state.project.as_ref().unwrap().speakers()[0].name, "Ada");
    desk.shows("One |<c1:two:c1> three.");
    desk.holds_the_laws();
}

#[test]
fn what_other_tabs_and_articles_do_ends_looking_back() {
    let mut writes = Desk::new(&["One [two|] three.", "Other words."]);
    writes.acts(&["c"]);
    let mut reads = writes.other_tab();
    reads.acts(&["h", "j"]);
    reads.shows("|One two three.");
    writes.acts(&["q"]);
    reads.hears_of(&writes);
    assert!(reads.state.past.is_none());
    reads.shows("|One <q1:two:q1> three.");
    assert_eq!(reads.state.writer, Writer::Reading);
    reads.acts(&["h", "j", "open 1"]);
    assert!(reads.state.past.is_none());
    assert_eq!(reads.state.article.as_ref().unwrap().id, article_id(1));
}
