//! Leaving the page for another build of it: only when the person agrees, and all is saved.

use avow::editor::{Action, Effect, Leaving, Tidings, Writer};

use crate::desk::Desk;

/// How often the page was left, and how.
fn left(desk: &Desk) -> Vec<Leaving> {
    let leaves = desk.seen.iter().filter_map(|effect| match effect {
        Effect::Leave(how) => Some(*how),
        _ => None,
    });
    leaves.collect()
}

#[test]
fn a_newer_build_takes_over_only_when_the_person_agrees() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.act(Action::Told(Tidings::Newer));
    desk.acts(&["c"]);
    assert_eq!(left(&desk), []);
    let offer = desk.notices("newer version of this page is ready").offer.clone();
    desk.act(offer.expect("an offer").action());
    assert_eq!(left(&desk), [Leaving::Update]);
    // It has taken over: the page that agreed is opened anew.
    desk.act(Action::Told(Tidings::Outdated));
    assert_eq!(left(&desk), [Leaving::Update, Leaving::Reload]);
}

#[test]
fn the_page_is_never_left_while_something_is_unsaved() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.full = true;
    desk.acts(&["c"]);
    desk.act(Action::Leave(Leaving::Update));
    desk.notices("as soon as all is saved");
    desk.act(Action::Told(Tidings::Outdated));
    desk.acts(&["select three", "d"]);
    assert_eq!(left(&desk), []);
    desk.full = false;
    desk.act(Action::RetrySave);
    assert_eq!(left(&desk), [Leaving::Reload]);
    desk.reload();
    desk.shows("One <c1:two:c1> <d2:three:d2>|.");
}

#[test]
fn work_that_can_never_be_saved_is_exported_before_the_page_is_left() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.full = true;
    desk.act(Action::WriterChanged(Writer::Unstored));
    desk.acts(&["c"]);
    desk.act(Action::Leave(Leaving::Update));
    let offer = desk.notices("Nothing can be stored here").offer.clone().expect("an offer");
    desk.act(offer.action());
    assert!(desk.exported.is_some());
    assert_eq!(left(&desk), []);
}

#[test]
fn a_tab_that_another_one_updated_is_told_and_reloads_only_when_asked() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.act(Action::Told(Tidings::Outdated));
    desk.acts(&["c"]);
    assert_eq!(left(&desk), []);
    let offer = desk.notices("Another version of this page is in use").offer.clone();
    desk.act(offer.expect("an offer").action());
    assert_eq!(left(&desk), [Leaving::Reload]);
}

#[test]
fn a_page_of_one_file_names_what_it_lacks() {
    let mut desk = Desk::new(&["The fox ran."]);
    let lacks = |lacks: &str| Action::Told(Tidings::OneFile { lacks: lacks.to_owned() });
    desk.act(lacks("a store of its own, copies into a folder"));
    desk.act(lacks(""));
    let said: Vec<&str> = desk.state.notices.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "This copy of Avow is one file. In this browser it lacks: a store of its own, copies \
             into a folder. Export now and then.",
            "This copy of Avow is one file. Export now and then.",
        ]
    );
}
