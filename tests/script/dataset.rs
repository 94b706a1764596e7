//! Datasets: one thing at a time is done for them, and nothing is asked for that nobody waits for.

use std::sync::Arc;

use avow::editor::{Action, Dialog, Effect, Stage, Wish};
use avow::job::{Dataset, Give};

use crate::desk::Desk;

/// A tab with the dialog open; what it asks for from here on is in `seen`.
fn desk() -> Desk {
    let mut desk = Desk::new(&["One <c1:two:c1> three."]);
    desk.seen.clear();
    desk.act(Action::OpenDataset);
    desk
}

/// What was asked for, each run by its number.
fn runs(desk: &Desk) -> Vec<(u32, Give)> {
    let runs = desk.seen.iter().filter_map(|effect| match effect {
        Effect::Dataset { give, run, .. } => Some((*run, *give)),
        _ => None,
    });
    runs.collect()
}

fn stops(desk: &Desk) -> usize {
    desk.seen.iter().filter(|effect| matches!(effect, Effect::StopDataset)).count()
}

fn known(desk: &mut Desk, run: u32, losses: &[&str]) {
    let losses = losses.iter().map(ToString::to_string).collect();
    let found = Ok(Box::new(Dataset { losses, ..Dataset::default() }));
    desk.act(Action::DatasetKnown { run, found });
}

fn losses(desk: &Desk) -> Vec<String> {
    let found: Option<Result<Arc<Dataset>, String>> = desk.state.making.found.clone();
    found.map_or(Vec::new(), |found| found.unwrap().losses.clone())
}

fn done(desk: &mut Desk, run: u32, said: &str) {
    desk.act(Action::DatasetDone { run, said: said.to_owned(), stays: false });
}

#[test]
fn wishes_that_come_while_one_is_looked_at_are_looked_at_once() {
    let mut desk = desk();
    assert_eq!(runs(&desk), [(1, Give::Look)]);
    desk.act(Action::WantDataset(Wish::Split(true)));
    desk.act(Action::WantDataset(Wish::Seed(7)));
    assert_eq!(runs(&desk).len(), 1, "one at a time");
    known(&mut desk, 1, &["of an older wish"]);
    assert!(desk.state.making.found.is_none(), "it is not what is wanted now");
    let Some(Effect::Dataset { wanted, give: Give::Look, run: 2 }) = desk.seen.last() else {
        panic!("{:?}", desk.seen)
    };
    assert_eq!(wanted.split.map(|(_, seed)| seed), Some(7));
    known(&mut desk, 2, &["one"]);
    assert_eq!(losses(&desk), ["one"]);
    known(&mut desk, 2, &["twice"]);
    assert_eq!(losses(&desk), ["one"]);
    assert_eq!(runs(&desk).len(), 2);
}

#[test]
fn a_dataset_that_is_asked_for_while_one_is_looked_at_comes_after_it_and_once() {
    let mut desk = desk();
    desk.act(Action::WantDataset(Wish::Text(false)));
    desk.act(Action::MakeDataset);
    desk.act(Action::MakeDataset);
    assert_eq!(runs(&desk), [(1, Give::Look)]);
    known(&mut desk, 1, &[]);
    // The wish that came before it holds for it.
    let Some(Effect::Dataset { wanted, give: Give::Archive, run: 2 }) = desk.seen.last() else {
        panic!("{:?}", desk.seen)
    };
    assert!(!wanted.choice.text);
    desk.act(Action::MakeDataset);
    done(&mut desk, 2, "It was downloaded.");
    desk.notices("It was downloaded.");
    assert_eq!(runs(&desk)[2..], [(3, Give::Look)], "what would be in it is still to be known");
    known(&mut desk, 3, &[]);
    assert_eq!(runs(&desk).len(), 3);
}

#[test]
fn a_folder_is_asked_for_at_once_and_files_are_made_when_it_is_there() {
    let mut desk = desk();
    desk.act(Action::SaveDataset);
    assert!(matches!(desk.seen.last(), Some(Effect::ChooseDatasetFolder)));
    known(&mut desk, 1, &[]);
    assert_eq!(runs(&desk).len(), 1, "nobody has chosen one");
    desk.act(Action::DatasetFolderChosen);
    assert_eq!(runs(&desk)[1..], [(2, Give::Files)]);
    let asked = desk.seen.len();
    desk.act(Action::SaveDataset);
    assert_eq!(desk.seen.len(), asked, "one is being made");
    done(&mut desk, 2, "The disk is full.");
    desk.act(Action::DatasetFolderChosen);
    assert_eq!(runs(&desk)[2..], [(3, Give::Files)], "it can be tried again");
}

#[test]
fn what_takes_long_is_told_and_can_be_stopped() {
    let mut desk = desk();
    let stage = Stage::Articles(3, 40);
    desk.act(Action::DatasetStage { run: 1, stage });
    assert_eq!(desk.state.making.doing.unwrap().stage, Some(stage));
    desk.act(Action::StopDataset);
    assert_eq!((stops(&desk), desk.state.making.doing), (1, None));
    // What comes of it comes too late, and nothing begins by itself.
    desk.act(Action::DatasetStage { run: 1, stage });
    known(&mut desk, 1, &["late"]);
    assert!(desk.state.making.found.is_none() && desk.state.making.outdated);
    assert_eq!((runs(&desk).len(), desk.state.making.doing), (1, None));
    desk.act(Action::OpenDataset);
    known(&mut desk, 1, &["late"]);
    known(&mut desk, 2, &["now"]);
    assert_eq!(losses(&desk), ["now"]);
    desk.act(Action::StopDataset);
    assert_eq!(stops(&desk), 1, "nothing is under way");
}

#[test]
fn who_goes_stops_looking_and_is_told_of_a_dataset_that_is_being_made() {
    let mut desk = desk();
    let stage = Stage::Writing;
    desk.act(Action::CloseDialog);
    desk.act(Action::DatasetStage { run: 1, stage });
    assert_eq!(stops(&desk), 1);
    assert!(desk.state.notices.is_empty());

    desk.act(Action::OpenDataset);
    known(&mut desk, 2, &[]);
    desk.act(Action::MakeDataset);
    desk.act(Action::DatasetStage { run: 3, stage });
    assert!(desk.state.notices.is_empty(), "the dialog says it");
    desk.act(Action::CloseDialog);
    desk.act(Action::DatasetStage { run: 3, stage });
    desk.act(Action::DatasetStage { run: 3, stage });
    assert_eq!(desk.state.notices.len(), 1);
    let offer = desk.notices("is being made").offer.clone().unwrap();
    // In the dialog it is said there again.
    desk.act(Action::OpenDataset);
    assert!(matches!(desk.state.dialog, Some(Dialog::Dataset)));
    desk.act(Action::DatasetStage { run: 3, stage });
    assert!(desk.state.notices.is_empty());
    desk.act(Action::CloseDialog);
    desk.act(Action::DatasetStage { run: 3, stage });
    desk.act(offer.action());
    assert!(desk.state.notices.is_empty());
    assert_eq!((stops(&desk), desk.state.making.doing), (2, None));
    done(&mut desk, 3, "It was downloaded.");
    assert!(desk.state.notices.is_empty());
    desk.holds_the_laws();
}
