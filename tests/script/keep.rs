//! What is kept, without a browser: what the page says of its storage, and several tabs.
use avow::annotation::Status;
use avow::edit::act;
use avow::editor::{Action, Effect, Keeps, Storage, Writer};

use crate::desk::{Desk, article_id};

// Storage.

const LASTING: Storage = Storage {
    used: Some((1_000, 1_000_000)),
    keeps: Keeps::UntilDeleted,
    exclusive: true,
    told: false,
};

/// A tab that has heard this of its storage.
fn stored_in(storage: Storage) -> Desk {
    let mut desk = Desk::new(&["One two."]);
    desk.act(Action::StorageKnown(storage));
    desk
}

#[test]
fn storage_that_is_as_one_expects_needs_no_word() {
    for storage in [LASTING, Storage { keeps: Keeps::WhileRoom, told: true, ..LASTING }] {
        assert!(stored_in(storage).state.notices.is_empty());
    }
}

#[test]
fn storage_that_may_not_last_is_told_and_a_file_offered() {
    let mut desk = stored_in(Storage { keeps: Keeps::WhileRoom, ..LASTING });
    let offer = desk.notices("may clear what it stores").offer.clone().expect("an offer");
    desk.act(offer.action());
    assert!(desk.exported.is_some(), "one click, and the file is there");
    stored_in(Storage { keeps: Keeps::SevenDays, ..LASTING }).notices("seven days");
    stored_in(Storage { exclusive: false, ..LASTING }).notices("Use one tab only");
}

#[test]
fn storage_that_fills_up_is_told_before_it_is_full_and_once() {
    let mut desk = stored_in(LASTING);
    assert!(desk.state.notices.is_empty());
    let full = Storage { used: Some((900_000, 1_000_000)), ..LASTING };
    desk.act(Action::StorageKnown(full));
    let id = desk.notices("almost full").id;
    desk.act(Action::DropNotice(id));
    desk.act(Action::StorageKnown(full));
    assert!(desk.state.notices.is_empty());
}

// Several tabs.

#[test]
fn a_tab_that_reads_follows_the_one_that_writes() {
    let mut writes = Desk::new(&["One [two|] three.", "Other words."]);
    let mut reads = writes.other_tab();
    writes.acts(&["c"]);
    reads.hears_of(&writes);
    reads.shows("|One <c1:two:c1> three.");
    assert_eq!(reads.state.writer, Writer::Reading);
    // What was picked there and is gone is no more picked, and an article that is not open counts.
    reads.act(Action::PickNext { back: false });
    writes.acts(&["x", "open 1", "select words", "q"]);
    reads.hears_of(&writes);
    reads.shows("One |two three.");
    assert!(reads.state.picked().is_none());
    let set = act::own_set(&article_id(1), &"ada".into());
    assert_eq!(reads.state.project.as_ref().unwrap().set(&set).unwrap().total(), 1);
    // The open article is removed: another is shown.
    writes.act(Action::RemoveArticle(article_id(0)));
    reads.hears_of(&writes);
    assert_eq!(reads.state.article.as_ref().unwrap().id, article_id(1));
}

#[test]
fn a_tab_that_missed_something_reads_the_project_again() {
    let mut writes = Desk::new(&["One [two|] three."]);
    let mut reads = writes.other_tab();
    writes.acts(&["c", "n"]);
    writes.act(Action::SetStatus(article_id(0), Status::Done));
    reads.disks.clone_from(&writes.disks);
    let last = reads.disk().commits.last().unwrap().clone();
    reads.act(Action::NewerCommits(vec![last]));
    reads.shows("|One <c1:two:c1> three.");
    assert_eq!(reads.state.last_seq, writes.state.last_seq);
}

#[test]
fn a_tab_that_is_asked_gives_the_project_up_when_all_is_saved() {
    let mut writes = Desk::new(&["One [two|] three."]);
    writes.full = true;
    writes.acts(&["c"]);
    writes.act(Action::HandOver);
    assert_eq!(writes.state.writer, Writer::HandingOver);
    writes.acts(&["x"]);
    // No act is begun that might not be saved.
    writes.shows("One <c1:two:c1>| three.");
    assert!(!writes.seen.iter().any(|effect| matches!(effect, Effect::GiveUpLock)));
    writes.full = false;
    writes.act(Action::RetrySave);
    assert!(writes.seen.iter().any(|effect| matches!(effect, Effect::GiveUpLock)));
    assert_eq!(writes.state.writer, Writer::Reading);
    let mut other = writes.other_tab();
    other.act(Action::TakeOver);
    other.shows("|One <c1:two:c1> three.");
}

#[test]
fn a_project_is_left_only_when_all_of_it_is_saved() {
    let mut desk = Desk::new(&["One [two|] three."]);
    let id = desk.state.project.as_ref().unwrap().meta().id.clone();
    desk.full = true;
    desk.acts(&["c"]);
    desk.act(Action::NewProject { title: "Another".to_owned() });
    assert_eq!(desk.state.project.as_ref().unwrap().meta().id, id);
    desk.full = false;
    desk.act(Action::RetrySave);
    assert_eq!(desk.state.project.as_ref().unwrap().meta().title, "Another");
    desk.act(Action::OpenProject(id));
    desk.shows("|One <c1:two:c1> three.");
}
