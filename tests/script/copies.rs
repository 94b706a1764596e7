//! Copies outside the browser: into a folder by themselves, or by a reminder.

use avow::annotation::Timestamp;
use avow::editor::{Action, Copies, Effect, Folder, FolderState};

use crate::desk::Desk;

fn folder(state: FolderState) -> Option<Folder> {
    Some(Folder { name: "Work".to_owned(), state })
}

/// A tab in a browser that knows this of copies; what it asks for from here on is in `seen`.
fn desk(known: Copies) -> Desk {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.seen.clear();
    desk.act(Action::CopiesKnown(Copies { can_choose: true, ..known }));
    desk
}

/// In how many seconds each copy that was asked for is to be written.
fn waits(desk: &Desk) -> Vec<u32> {
    let waits = desk.seen.iter().filter_map(|effect| match effect {
        Effect::CopyIn { seconds } => Some(*seconds),
        _ => None,
    });
    waits.collect()
}

fn written(desk: &Desk) -> usize {
    desk.seen.iter().filter(|effect| matches!(effect, Effect::WriteCopy)).count()
}

#[test]
fn what_is_in_no_copy_gets_into_the_next_and_no_act_waits_for_it() {
    let mut desk = desk(Copies { folder: folder(FolderState::Ready), ..Copies::default() });
    // What was done before the folder was there is in none either.
    assert_eq!(waits(&desk), [0]);
    desk.act(Action::CopyNow);
    assert_eq!(written(&desk), 1);
    let seq = desk.state.last_seq;
    desk.acts(&["c", "q"]);
    assert_eq!(waits(&desk), [0], "while one is written no other is asked for");
    desk.act(Action::Copied { seq });
    let [_, wait] = waits(&desk)[..] else { panic!("what came meanwhile is in the next") };
    assert!((590..=600).contains(&wait), "{wait}");
    desk.act(Action::CopyNow);
    desk.act(Action::Copied { seq: desk.state.last_seq });
    assert_eq!(waits(&desk).len(), 2, "nothing is new");
    desk.holds_the_laws();
}

#[test]
fn a_clock_that_was_set_back_makes_nobody_wait_longer() {
    let later = Timestamp(u64::MAX / 2);
    let last = Some((0, later));
    let folder = folder(FolderState::Ready);
    assert_eq!(waits(&desk(Copies { folder, last, ..Copies::default() })), [600]);
}

#[test]
fn a_folder_that_must_be_allowed_is_told_and_used_when_it_is() {
    let mut desk = desk(Copies { folder: folder(FolderState::Asks), ..Copies::default() });
    let offer = desk.notices("wait for your permission").offer.clone().unwrap();
    desk.act(offer.action());
    assert!(matches!(desk.seen.last(), Some(Effect::AllowFolder)));
    desk.act(Action::FolderIs(folder(FolderState::Ready)));
    assert_eq!(written(&desk), 1);
    assert!(desk.state.notices.is_empty());
}

#[test]
fn a_copy_that_fails_is_told_and_can_be_written_again() {
    let mut desk = desk(Copies { folder: folder(FolderState::Ready), ..Copies::default() });
    desk.act(Action::CopyNow);
    desk.act(Action::CopyFailed { why: "the disk is full".to_owned() });
    let offer = desk.notices("“Work”: the disk is full").offer.clone().unwrap();
    desk.acts(&["c"]);
    assert_eq!(written(&desk), 1, "a folder that failed is not tried at each act");
    desk.act(offer.action());
    desk.act(Action::Copied { seq: desk.state.last_seq });
    assert_eq!(desk.state.copies.folder, folder(FolderState::Ready));
}

#[test]
fn without_a_folder_many_changes_in_no_copy_are_told_now_and_then() {
    let mut desk = desk(Copies::default());
    let mut marks = |count: usize| {
        for _ in 0..count {
            desk.acts(&["select two", "c", "Escape"]);
        }
        let told = desk.state.notices.iter().filter(|it| it.text.contains("in this browser only"));
        let told = told.map(|it| it.id).collect::<Vec<_>>();
        told.iter().for_each(|id| desk.act(Action::DropNotice(*id)));
        told.len()
    };
    assert_eq!(marks(90), 0);
    assert_eq!(marks(20), 1);
    assert_eq!(marks(50), 0, "not at every act");
    assert_eq!(marks(60), 1);
}

#[test]
fn a_file_that_was_saved_is_a_copy() {
    let mut desk = desk(Copies::default());
    desk.acts(&["c"]);
    desk.act(Action::SaveCopy);
    assert!(desk.exported.is_some());
    desk.act(Action::Copied { seq: desk.state.last_seq });
    assert_eq!(desk.state.copies.last.unwrap().0, desk.state.last_seq);
    assert!(desk.seen.iter().any(|effect| matches!(effect, Effect::RememberCopy)));
}
