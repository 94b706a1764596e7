//! What is none of an article, the time that is spent on one, and keys of one's own.

use avow::annotation::Status;
use avow::edit::act::own_set;
use avow::editor::{Action, COMMANDS, Dialog, Effect, Offer, OwnKeys, Settings, clashes};
use avow::format::native;
use avow::format::stored::Shape;
use avow::suggest::boilerplate;
use avow::text::Text;
use serde_json::json;

use crate::desk::{Desk, article_id, came, command_with};

// Regions.

/// The words of the regions of the open article.
fn regions(desk: &Desk) -> Vec<String> {
    let open = desk.state.article.as_ref().unwrap();
    let article = desk.state.project.as_ref().unwrap().article(&open.id).unwrap();
    article.regions.iter().map(|it| open.text.slice(it.span).to_owned()).collect()
}

#[test]
fn b_marks_most_of_a_paragraph_as_all_of_it_and_takes_that_away() {
    let mut desk = Desk::new(&["News\nThe mayor said so.\n  Photo: A. Bee \nMore."]);
    desk.acts(&["select hoto: A. B", "b"]);
    assert_eq!(regions(&desk), ["Photo: A. Bee"]);
    desk.hears("Marked as boilerplate");
    desk.shows("News\nThe mayor said so.\n  Photo: A. Bee| \nMore.");
    desk.acts(&["b"]);
    assert_eq!(regions(&desk), [""; 0]);
    desk.hears("No longer boilerplate");
    desk.acts(&["select mayor", "b"]);
    assert_eq!(regions(&desk), ["mayor"], "a little of a paragraph is a little");
    desk.acts(&["caret More", "b"]);
    desk.hears("Select some text first");
    desk.acts(&["caret mayor", "b", "b"]);
    assert_eq!(regions(&desk), [""; 0]);
    desk.holds_the_laws();
}

#[test]
fn regions_that_touch_are_one_and_stand_in_order() {
    let mut desk = Desk::new(&["one two three four\nOther.\nLast 👩‍👩‍👧‍👦 line, it goes on."]);
    desk.acts(&["select three", "b", "select one", "b", "select 👩‍👩", "b"]);
    assert_eq!(regions(&desk), ["one", "three", "👩‍👩‍👧‍👦"]);
    desk.acts(&["select  two ", "b"]);
    assert_eq!(regions(&desk), ["one", "two", "three", "👩‍👩‍👧‍👦"], "white space is between");
    // What is covered but for the white space between is taken away.
    desk.acts(&["select one t", "b"]);
    assert_eq!(regions(&desk), ["three", "👩‍👩‍👧‍👦"]);
    desk.acts(&["select one two", "b"]);
    assert_eq!(regions(&desk), ["one two", "three", "👩‍👩‍👧‍👦"]);
    // All of it is none of the article, but for the white space between.
    desk.acts(&["select two three", "b"]);
    assert_eq!(regions(&desk), ["👩‍👩‍👧‍👦"]);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(regions(&desk), ["one two", "three", "👩‍👩‍👧‍👦"]);
    desk.acts(&["select four\nOther.", "b"]);
    assert_eq!(regions(&desk).len(), 4);
    desk.holds_the_laws();
}

#[test]
fn a_region_is_left_out_of_checks_and_may_be_marked() {
    let mut desk = Desk::new(&["It [rains.|] They left it to others to say so, at length."]);
    desk.acts(&["c"]);
    let broken = |desk: &Desk| !desk.state.article.as_ref().unwrap().problems.is_empty();
    assert!(broken(&desk));
    desk.acts(&["select rains.", "b"]);
    assert!(!broken(&desk));
    desk.acts(&["Ctrl+z"]);
    assert!(broken(&desk));
    desk.holds_the_laws();
}

#[test]
fn a_tab_that_only_reads_marks_no_region() {
    let desk = Desk::new(&["One two."]);
    let mut other = desk.other_tab();
    other.acts(&["select One", "b"]);
    assert_eq!(regions(&other), [""; 0]);
    other.notices("Another tab");
}

const PAGE: &str = "Advertisement\nThe mayor said that taxes rise. It was a long day in town.\n\
                    Photo: A. Bee\nThe council denied it.\n© 2026 The Burrow";

#[test]
fn what_is_none_of_the_article_is_proposed_once_and_taken_as_one_act() {
    let mut desk = Desk::new(&[PAGE]);
    desk.acts(&["select taxes rise", "c"]);
    let notice = desk.notices("3 passages of this article").clone();
    let offer = notice.offer.unwrap();
    assert_eq!(offer.name(), "Mark 3 passages as boilerplate");
    desk.act(Action::DropNotice(notice.id));
    desk.acts(&["select denied it", "d", "Escape"]);
    let asks = |desk: &Desk| {
        let mut offers = desk.state.notices.iter().filter_map(|it| it.offer.as_ref());
        offers.any(|it| matches!(it, Offer::MarkProposed(..)))
    };
    assert!(!asks(&desk), "only once in a visit");
    desk.act(Action::ProposeRegions);
    assert!(asks(&desk));
    desk.act(offer.action());
    assert_eq!(regions(&desk), ["Advertisement", "Photo: A. Bee", "© 2026 The Burrow"]);
    assert!(!asks(&desk));
    desk.act(Action::ProposeRegions);
    desk.notices("Nothing more in this article");
    desk.holds_the_laws();
    desk.acts(&["Ctrl+z"]);
    assert_eq!(regions(&desk), [""; 0], "it is one act");
}

#[test]
fn what_is_proposed_of_an_article_goes_with_it() {
    let mut desk = Desk::new(&[PAGE, "The bridge had been safe for years."]);
    desk.acts(&["select taxes rise", "c"]);
    desk.notices("3 passages of this article");
    desk.act(Action::OpenArticle(article_id(1)));
    assert!(desk.state.notices.is_empty(), "{:?}", desk.state.notices);
}

#[test]
fn what_is_annotated_is_not_proposed() {
    let mut desk = Desk::new(&[PAGE]);
    desk.acts(&["select A. Bee", "q"]);
    desk.notices("2 passages");
    desk.act(Action::MarkProposed(article_id(0)));
    assert_eq!(regions(&desk), ["Advertisement", "© 2026 The Burrow"]);
    desk.holds_the_laws();
}

// What is proposed.

#[track_caller]
fn proposes(text: &str, expected: &[&str]) {
    let text = Text::new(text);
    let found: Vec<&str> = boilerplate(&text).into_iter().map(|it| text.slice(it)).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_pages_put_around_an_article_is_found() {
    let body = "The mayor said that taxes rise.\n\nThe council denied it on Monday.\n\n";
    for line in [
        "Advertisement",
        "ADVERTISEMENT",
        "Read more: Mayor falls into river",
        "Also read: Ten ways to stay dry",
        "Related articles",
        "Sign up to our morning newsletter",
        "Share this article",
        "Follow us on Facebook and X",
        "© 2026 The Burrow",
        "Photo: A. Bee/The Burrow",
        "Image caption",
        "We use cookies to make this page better.",
        "Leave a comment",
        "All rights reserved.",
        "Subscribe to the Burrow newsletter and never miss a story.",
        "Werbung",
        "Lesen Sie auch: Der Bürgermeister tritt zurück",
        "Lire aussi : Le maire démissionne",
        "Tous droits réservés",
        "Síguenos en Facebook",
        "Te puede interesar",
        "## Related stories:",
    ] {
        proposes(&format!("{body}{line}\n"), &[line]);
    }
    proposes(
        &format!(
            "{body}More on this story\nMayor falls into river\nTen ways to stay dry\nOwl wins prize\n"
        ),
        &["More on this story", "Mayor falls into river", "Ten ways to stay dry", "Owl wins prize"],
    );
}

#[test]
fn what_an_article_says_is_not_proposed() {
    for line in [
        "Advertisement spending fell by a third, the company said.",
        "“Share this with everyone,” she said.",
        "He said: “Subscribe to our newsletter and you will be rich.”",
        "Cookies were baked for the whole town.",
        "The photo shows the mayor in the river.",
        "Related crimes rose last year.",
        "The newsletter of the council denied the claim, which its editor had signed off on a week \
         before the vote, long after the report that the mayor had promised to the town was lost.",
        "Follow the money, the auditor said.",
    ] {
        let text = format!("The mayor said that taxes rise.\n{line}\nThe council denied it.\n");
        proposes(&text, &[]);
    }
    // A heading with prose under it is one of the article.
    proposes("The mayor fell.\nTrending\nHe swam.\nHe shouted.\nHe left.\n", &["Trending"]);
    // Two headlines are no list, and a text of nothing else was misunderstood.
    proposes("A.\nB.\nRelated\nOne two\nThree four\n", &["Related"]);
    for text in ["", "\n\n", "Advertisement", "Share\nTweet\n", "\u{feff}…\n…", "🙂\n***"] {
        proposes(text, &[]);
    }
}

// Time.

fn seconds(desk: &Desk, article: usize) -> u64 {
    desk.state.project.as_ref().unwrap().seconds(&own_set(&article_id(article), &"ada".into()))
}

fn sees(desk: &mut Desk) {
    desk.act(Action::Active { here: true });
}

#[test]
fn time_is_counted_while_the_annotator_is_at_work_on_the_open_article() {
    let mut desk = Desk::new(&["One.", "Two."]);
    sees(&mut desk);
    desk.wait(20);
    sees(&mut desk);
    assert_eq!(seconds(&desk, 0), 20);
    desk.wait(500);
    sees(&mut desk);
    assert_eq!(seconds(&desk, 0), 80, "after a minute they are idle");
    desk.wait(7);
    desk.act(Action::Active { here: false });
    desk.wait(50);
    sees(&mut desk);
    assert_eq!(seconds(&desk, 0), 87, "nobody looks at a page behind another");
    desk.acts(&["open 1"]);
    desk.wait(30);
    sees(&mut desk);
    assert!((30..=32).contains(&seconds(&desk, 1)));
    assert_eq!(seconds(&desk, 0), 87);
    // A list of keys is no work; the list of speakers is.
    let before = seconds(&desk, 1);
    desk.act(Action::OpenKeys);
    for _ in 0..2 {
        desk.wait(10);
        sees(&mut desk);
    }
    assert_eq!(seconds(&desk, 1), before);
    desk.act(Action::OpenSpeakers);
    for _ in 0..2 {
        desk.wait(10);
        sees(&mut desk);
    }
    assert_eq!(seconds(&desk, 1), before + 10);
    assert!(matches!(desk.state.dialog, Some(Dialog::Speakers { .. })));
    let stored = desk.disk().project.seconds(&own_set(&article_id(1), &"ada".into()));
    assert_eq!(stored, before + 10, "it is on disk");
    desk.reload();
    assert_eq!(seconds(&desk, 1), before + 10);
}

#[test]
fn time_is_no_act_and_no_undo_takes_it_back() {
    let mut desk = Desk::new(&["One."]);
    let later = |desk: &mut Desk| {
        for _ in 0..2 {
            desk.wait(15);
            sees(desk);
        }
    };
    sees(&mut desk);
    desk.acts(&["f"]);
    later(&mut desk);
    let spent = seconds(&desk, 0);
    assert!(spent >= 30);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.status(&article_id(0)), Status::Todo);
    assert_eq!(seconds(&desk, 0), spent);
    later(&mut desk);
    desk.acts(&["Ctrl+y"]);
    assert_eq!(desk.status(&article_id(0)), Status::Done);
    assert!(seconds(&desk, 0) >= spent + 30);
    let commits = desk.disk().commits.len();
    later(&mut desk);
    assert_eq!(desk.disk().commits.len(), commits);
    desk.holds_the_laws();
    let file = native::write(&desk.disk().project).unwrap();
    assert!(file.contains(&format!("\"seconds\": {}", seconds(&desk, 0))));
    // A tab that only reads has no time of its own.
    let mut other = desk.other_tab();
    let before = seconds(&other, 0);
    sees(&mut other);
    later(&mut other);
    assert_eq!(seconds(&other, 0), before);
    assert!(!other.seen.iter().any(|it| matches!(it, Effect::RememberTime { .. })));
}

#[test]
fn an_article_that_was_only_read_is_not_begun_and_its_time_is_kept() {
    let mut desk = Desk::new(&["One."]);
    sees(&mut desk);
    desk.wait(30);
    sees(&mut desk);
    let project = desk.state.project.clone().unwrap();
    assert_eq!(project.sets_of(&article_id(0)).count(), 0);
    let file = native::write(&desk.disk().project).unwrap();
    let read = native::read("a.avow.json", &file).unwrap();
    assert_eq!(read.problems, []);
    assert_eq!(read.project.seconds(&own_set(&article_id(0), &"ada".into())), 30);
    assert_eq!(native::write(&read.project).unwrap(), file);
}

#[test]
fn a_merge_takes_the_longer_time_and_its_undo_leaves_it() {
    let mut desk = Desk::new(&["<c1:One:c1>."]);
    let set = own_set(&article_id(0), &"ada".into());
    let theirs = desk.disk().project.with_seconds(&set, 300);
    desk.act(came(theirs.clone()));
    desk.act(Action::MergeTheirs);
    assert_eq!(seconds(&desk, 0), 300);
    assert_eq!(desk.disk().project.seconds(&set), 300);
    sees(&mut desk);
    desk.wait(20);
    sees(&mut desk);
    desk.act(came(theirs));
    desk.act(Action::MergeTheirs);
    assert_eq!(seconds(&desk, 0), 320, "what is less is no news");
    desk.holds_the_laws();
}

// Keys.

fn id_of(name: &str) -> &'static str {
    COMMANDS.iter().find(|it| it.name == name).unwrap().id
}

fn press(desk: &mut Desk, key: &str, ctrl: bool) {
    let code = format!("Key{}", key.to_uppercase());
    let key = key.to_owned();
    desk.act(Action::KeyPressed { key, code, ctrl, alt: false, shift: false });
}

#[test]
fn a_key_is_changed_by_pressing_another() {
    let mut desk = Desk::new(&["<c1:One:c1> two."]);
    desk.act(Action::OpenKeys);
    desk.act(Action::ChangeKey(Some(id_of("Delete it"))));
    press(&mut desk, "Shift", false);
    assert!(desk.state.changing_key.is_some(), "a modifier alone is no key");
    press(&mut desk, "ArrowLeft", false);
    desk.hears("moves the caret");
    press(&mut desk, "l", false);
    desk.hears("Key changed");
    assert!(desk.seen.iter().any(|it| matches!(it, Effect::RememberSettings)));
    desk.act(Action::CloseDialog);
    desk.acts(&["pick c1", "x"]);
    desk.shows("|<c1:One:c1> two.");
    desk.acts(&["l"]);
    desk.shows("|One two.");
    desk.holds_the_laws();
    // Settings of before have no keys; those of now are read as they were written.
    let kept = desk.state.settings.to_json();
    assert_eq!(Settings::from_json(kept).unwrap(), desk.state.settings);
    let older = json!({"whole_words": true, "letters": true, "theme": "dark"});
    assert!(Settings::from_json(older).unwrap().keys.is_empty());
    desk.act(Action::ResetKeys);
    assert_eq!(desk.state.settings, Settings::default());
    desk.acts(&["Ctrl+z", "pick c1", "x"]);
    desk.shows("|One two.");
}

#[test]
fn escape_keeps_the_key_and_what_it_was_is_no_change() {
    let mut desk = Desk::new(&["One."]);
    desk.act(Action::ChangeKey(Some(id_of("Undo"))));
    press(&mut desk, "Escape", false);
    assert!(desk.state.changing_key.is_none() && desk.state.settings.keys.is_empty());
    desk.act(Action::ChangeKey(Some(id_of("Undo"))));
    press(&mut desk, "z", true);
    assert!(desk.state.settings.keys.is_empty());
    press(&mut desk, "q", true);
    assert!(desk.state.settings.keys.is_empty(), "no key was asked for");
}

#[test]
fn keys_that_two_have_are_told() {
    let mut desk = Desk::new(&["One."]);
    let project = desk.state.project.clone().unwrap();
    for command in COMMANDS {
        let own = OwnKeys::default();
        assert_eq!(clashes(command, &own, project.scheme()), [""; 0], "{}", command.name);
    }
    desk.act(Action::ChangeKey(Some(id_of("Undo"))));
    press(&mut desk, "c", false);
    desk.act(Action::ChangeKey(Some(id_of("Redo"))));
    press(&mut desk, "c", false);
    let own = desk.state.settings.keys.clone();
    let of = |name: &str| COMMANDS.iter().find(|it| it.name == name).unwrap();
    assert_eq!(clashes(of("Undo"), &own, project.scheme()), ["Redo", "Mark as Claim"]);
    assert_eq!(clashes(of("Redo"), &own, project.scheme()), ["Undo", "Mark as Claim"]);
    assert_eq!(avow::editor::label_clashes("c", &own), ["Undo", "Redo"]);
    // A key that types acts in the article only.
    assert!(matches!(command_with("c", false, true, &own), Some(Action::Undo)));
    assert!(command_with("c", true, true, &own).is_none());
    assert!(command_with("c", false, false, &own).is_none());
    assert!(command_with("Ctrl+z", true, true, &own).is_none());
}

#[test]
fn commands_are_named_as_they_are_kept() {
    let mut ids: Vec<&str> = COMMANDS.iter().map(|it| it.id).collect();
    for id in
        ["Action::Delete", "Action::NextArticle { back: true }", "Action::OpenGuidelines(None)"]
    {
        assert!(ids.contains(&id), "{id}");
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "no two are named alike");
}
