//! Another text for an article: written or held back, compared, changed, and taken back; and what
//! has no place in it.

use avow::annotation::{AnnotationId, ArticleId, Place, Spans, Target};
use avow::edit::act::{self, Counted, End};
use avow::editor::compare::{Fate, Row, outcome, rows};
use avow::editor::find::{Find, Finder};
use avow::editor::{Action, Dialog, Mode, NewText};
use avow::project::{Annotator, Key, Owner, Project, SetKey, Value};
use avow::text::Text;
use avow::text::diff::diff;

use crate::desk::{Desk, article_id, came, new_article};

/// Writes another text into the dialog and compares.
fn write(desk: &mut Desk, text: &str) {
    desk.act(Action::WriteText);
    desk.act(Action::CompareText(text.to_owned()));
}

/// What the open comparison says of the annotations.
#[track_caller]
fn says(desk: &Desk) -> String {
    match &desk.state.dialog {
        Some(Dialog::Retext { plan, .. }) => outcome(plan),
        other => panic!("no comparison is open, but {other:?}"),
    }
}

/// The words of what has no place in the open article, of all owners.
fn unplaced(desk: &Desk) -> Vec<String> {
    let project = desk.state.project.as_ref().unwrap();
    let open = &desk.state.article.as_ref().unwrap().id;
    let unplaced = &project.article(open).unwrap().unplaced;
    unplaced.iter().map(|it| it.quotes.join(" … ")).collect()
}

fn project(desk: &Desk) -> &Project {
    desk.state.project.as_ref().unwrap()
}

const BEFORE: &str =
    "The <c1:mayor lied:c1> twice. <d2:Nobody knows:d2> why. [|]It <q3:rained:q3>.";
const AFTER: &str = "Today the mayor lied twice. It rained a lot, and it never stopped.";

/// The claim and the quote stay, the denial has no place any more.
fn changed() -> Desk {
    let mut desk = Desk::new(&[BEFORE, "Other words."]);
    write(&mut desk, AFTER);
    desk.act(Action::ChangeText);
    desk
}

#[test]
fn a_written_text_is_compared_and_nothing_changes_until_one_agrees() {
    let mut desk = Desk::new(&[BEFORE]);
    let before = desk.shown();
    write(&mut desk, AFTER);
    assert_eq!(says(&desk), "2 annotations stay, 1 has no place any more.");
    desk.hears("1 has no place any more");
    // Back to what was written, and on from there.
    desk.act(Action::WriteOn);
    let Some(Dialog::WriteText { text, .. }) = &desk.state.dialog else { panic!("the field") };
    assert_eq!(text.as_str(), AFTER);
    desk.act(Action::CompareText("Something else.".to_owned()));
    assert_eq!(says(&desk), "3 annotations have no place any more.");
    desk.act(Action::CloseDialog);
    desk.shows(&before);
    assert!(unplaced(&desk).is_empty());
    assert!(desk.state.notices.is_empty());
    desk.holds_the_laws();
}

#[test]
fn what_cannot_be_an_article_or_is_the_same_is_not_compared() {
    let mut desk = Desk::new(&["One <c1:two:c1>.|"]);
    let problem = |desk: &Desk| match &desk.state.dialog {
        Some(Dialog::WriteText { problem, .. }) => problem.clone().unwrap_or_default(),
        other => format!("{other:?}"),
    };
    write(&mut desk, "One two.");
    assert!(problem(&desk).contains("the text that the article has"));
    desk.act(Action::CompareText("  \n".to_owned()));
    assert!(problem(&desk).contains("no text"), "{}", problem(&desk));
    desk.act(Action::CompareText("\0\u{1}\u{2}\u{3}\u{4}\u{5}".to_owned()));
    assert!(problem(&desk).contains("not text"), "{}", problem(&desk));
    // Line ends are not another text.
    let mut desk = Desk::new(&["One\n<c1:two:c1>.|"]);
    write(&mut desk, "One\r\ntwo.");
    assert!(problem(&desk).contains("the text that the article has"));
    desk.act(Action::ChangeText);
    desk.shows("One\n<c1:two:c1>.|");
}

#[test]
fn the_change_is_one_act_and_one_undo_brings_all_back_after_a_reload_too() {
    let mut desk = changed();
    desk.shows(
        "Today the <c1:mayor lied:c1> twice. |It <q3:rained:q3> a lot, and it never stopped.",
    );
    assert_eq!(unplaced(&desk), ["Nobody knows"]);
    desk.notices("Text changed. 2 annotations stay, 1 has no place any more.");
    desk.holds_the_laws();
    desk.acts(&["Ctrl+z"]);
    desk.hears("Undone: text changed");
    assert_eq!(desk.shown().replace('|', ""), BEFORE.replace("[|]", ""));
    assert!(unplaced(&desk).is_empty());
    desk.acts(&["Ctrl+y"]);
    assert_eq!(unplaced(&desk), ["Nobody knows"]);
    desk.reload();
    assert_eq!(unplaced(&desk), ["Nobody knows"]);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.shown().replace('|', ""), BEFORE.replace("[|]", ""));
    desk.reload();
    desk.acts(&["Ctrl+y"]);
    assert_eq!(unplaced(&desk), ["Nobody knows"]);
    desk.holds_the_laws();
}

#[test]
fn acts_before_and_after_the_change_are_undone_in_turn() {
    let mut desk = Desk::new(&["One [two|] three four."]);
    desk.acts(&["c", "select four", "d", "note Why", "leave"]);
    write(&mut desk, "Zero. One two and three.");
    desk.act(Action::ChangeText);
    desk.acts(&["select three", "q", "pick c1", "q"]);
    desk.act(Action::PlaceUnplaced(
        desk.state.project.as_ref().unwrap().article(&article_id(0)).unwrap().unplaced[0]
            .id
            .clone(),
    ));
    desk.acts(&["select Zero"]);
    assert_eq!(desk.picked(), "d2");
    assert_eq!(desk.inspector(), "note: Why");
    desk.holds_the_laws();
}

#[test]
fn a_disk_that_is_full_keeps_both_texts_until_they_are_stored() {
    let mut desk = Desk::new(&["One <c1:two:c1> three.|"]);
    desk.full = true;
    write(&mut desk, "One three.");
    desk.act(Action::ChangeText);
    assert_eq!(unplaced(&desk), ["two"]);
    // What is not stored yet is the newest of the history, and ends it.
    desk.acts(&["select three", "d", "h", "j"]);
    assert_eq!(desk.shown().replace('|', ""), "One three.");
    desk.acts(&["j"]);
    desk.hears("This is the oldest");
    desk.acts(&["Escape"]);
    desk.full = false;
    desk.act(Action::RetrySave);
    desk.holds_the_laws();
}

#[test]
fn the_history_shows_the_article_as_the_change_left_it_and_ends_there() {
    let mut desk = changed();
    desk.acts(&["select never stopped", "c", "pick q3", "d", "h"]);
    desk.acts(&["j", "j"]);
    let shown = desk.shown().replace('|', "");
    assert_eq!(
        shown,
        "Today the <c1:mayor lied:c1> twice. It <q3:rained:q3> a lot, and it never stopped."
    );
    desk.acts(&["j"]);
    desk.hears("This is the oldest");
    desk.act(Action::BringBack);
    assert_eq!(desk.shown().replace('|', ""), shown);
    desk.holds_the_laws();
}

#[test]
fn what_was_compared_before_something_changed_is_compared_again() {
    let mut desk = Desk::new(&["One <c1:two:c1> three.|"]);
    write(&mut desk, "One two four.");
    let shown = desk.state.dialog.clone();
    desk.act(Action::CloseDialog);
    desk.acts(&["select three", "d"]);
    desk.state.dialog = shown;
    assert_eq!(says(&desk), "1 annotation stays.");
    desk.act(Action::ChangeText);
    assert_eq!(says(&desk), "1 annotation stays, 1 has no place any more.");
    desk.act(Action::ChangeText);
    assert_eq!(unplaced(&desk), ["three"]);
    desk.holds_the_laws();
}

// Everybody's annotations.

/// The project with an annotation of another annotator's, or of the adjudicated set, at these
/// words, as it would come in a file.
fn with_others(desk: &Desk, owner: &Owner, id: &str, words: &str) -> Project {
    let mut project = desk.disk().project.clone();
    if let Owner::Annotator(bob) = owner {
        let annotator = Annotator {
            id: bob.clone(),
            order: 9,
            name: "Bob".to_owned(),
            extra: Default::default(),
        };
        let change = avow::edit::Change {
            key: Key::Annotator(bob.clone()),
            from: project.annotator(bob).cloned().map(Value::Annotator),
            to: Some(Value::Annotator(annotator.into())),
        };
        let named = avow::edit::Transaction::new(avow::edit::Intent::NameAnnotator, [change]);
        project = named.apply(&project).unwrap();
    }
    let text = project.text(&article_id(0)).unwrap().clone();
    let start = text.as_str().find(words).unwrap() as u32;
    let (from, to) = (text.pos(start), text.pos(start + words.len() as u32));
    let spans = Spans::new([text.span(from.unwrap(), to.unwrap()).unwrap()]).unwrap();
    let set = SetKey { article: article_id(0), owner: owner.clone() };
    let given = id.parse::<u32>().unwrap() - 1;
    let mut ctx =
        Counted { given, now: avow::annotation::Timestamp(1_767_322_445), ..Counted::default() };
    let made = act::annotate(&project, &set, &"claim".into(), spans, &mut ctx).1;
    made.apply(&project).unwrap()
}

#[test]
fn annotations_of_others_and_the_adjudicated_move_too_and_stay_theirs() {
    let mut desk = Desk::new(&[BEFORE]);
    let bob = Owner::Annotator("bob".into());
    for (owner, id, words) in
        [(&bob, "901", "mayor lied"), (&bob, "902", "knows why"), (&Owner::Gold, "903", "rained")]
    {
        desk.act(came(with_others(&desk, owner, id, words)));
        desk.act(Action::MergeTheirs);
    }
    write(&mut desk, AFTER);
    assert_eq!(says(&desk), "4 annotations stay, 2 have no place any more.");
    desk.act(Action::ChangeText);
    assert_eq!(unplaced(&desk).len(), 2);
    let of = |desk: &Desk, owner: &Owner| {
        let set = SetKey { article: article_id(0), owner: owner.clone() };
        let text = project(desk).text(&article_id(0)).unwrap();
        let all = project(desk).annotations(&set).unwrap();
        all.values().map(|it| text.slice(it.spans.first()).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&desk, &bob), ["mayor lied"]);
    assert_eq!(of(&desk, &Owner::Gold), ["rained"]);
    // Bob's is Bob's to place.
    desk.act(Action::PlaceUnplaced("902".into()));
    assert_eq!(desk.state.article.as_ref().unwrap().mode, Mode::Mark);
    desk.act(Action::GiveUpUnplaced("902".into()));
    assert_eq!(unplaced(&desk).len(), 2);
    desk.holds_the_laws();
}

// What has no place.

#[test]
fn what_has_no_place_is_placed_where_one_selects_and_is_what_it_was() {
    let mut desk = Desk::new(&["Nobody <d1:knows why:d1>, Li said.|"]);
    desk.acts(&["pick d1", "name Li", "note Check", "leave"]);
    write(&mut desk, "None can tell, Li said.");
    desk.act(Action::ChangeText);
    desk.act(Action::ShowUnplaced);
    desk.act(Action::PlaceUnplaced("1".into()));
    desk.hears("Select where it belongs");
    assert_eq!(desk.state.article.as_ref().unwrap().mode, Mode::Place { annotation: "1".into() });
    desk.acts(&["Escape"]);
    desk.hears("Back to marking");
    desk.act(Action::PlaceUnplaced("1".into()));
    // As the keyboard does it: nothing is let go, Enter takes it.
    let text = desk.state.article.as_ref().unwrap().text.clone();
    let (anchor, head) = (text.pos(0).unwrap(), text.pos(13).unwrap());
    desk.act(Action::Select { anchor, head });
    desk.acts(&["Enter"]);
    desk.hears("Annotation placed");
    desk.shows("<d1:None can tell:d1>|, Li said.");
    assert_eq!(desk.picked(), "d1");
    assert_eq!(desk.inspector(), "speaker: Li; note: Check");
    assert!(unplaced(&desk).is_empty());
    desk.acts(&["Ctrl+z"]);
    assert_eq!(unplaced(&desk), ["knows why"]);
    desk.acts(&["Ctrl+y"]);
    desk.holds_the_laws();
}

#[test]
fn a_selection_that_is_there_already_is_the_place() {
    let mut desk = changed();
    desk.acts(&["select a lot"]);
    desk.act(Action::PlaceUnplaced("2".into()));
    assert_eq!(desk.picked(), "d2");
    assert!(desk.shown().contains("<d2:a lot:d2>"));
    desk.holds_the_laws();
}

#[test]
fn what_is_given_up_is_deleted_and_undo_brings_it_back() {
    let mut desk = changed();
    desk.act(Action::GiveUpUnplaced("2".into()));
    assert!(unplaced(&desk).is_empty());
    desk.notices("given up");
    desk.act(Action::ShowUnplaced);
    desk.hears("has its place");
    desk.reload();
    desk.acts(&["Ctrl+z"]);
    assert_eq!(unplaced(&desk), ["Nobody knows"]);
    desk.act(Action::GiveUpUnplaced("2".into()));
    desk.act(Action::GiveUpUnplaced("2".into()));
    desk.act(Action::PlaceUnplaced("2".into()));
    assert_eq!(desk.state.article.as_ref().unwrap().mode, Mode::Mark);
    desk.holds_the_laws();
}

#[test]
fn a_link_to_what_has_no_place_stays_and_goes_only_with_it() {
    let mut desk = Desk::new(&[BEFORE]);
    let (claim, denial): (AnnotationId, AnnotationId) = ("1".into(), "2".into());
    desk.acts(&["pick d2", "r"]);
    let place = |id: &AnnotationId| Place { article: article_id(0), annotation: id.clone() };
    desk.act(Action::RelateTo(End::Target(Target::Annotation(place(&claim)))));
    // The denial keeps its place, and what it denies loses it.
    write(&mut desk, "Nobody knows why. It rained.");
    desk.act(Action::ChangeText);
    assert_eq!(unplaced(&desk), ["mayor lied"]);
    let linked = |desk: &Desk| project(desk).relations_of(&place(&denial)).len();
    assert_eq!(linked(&desk), 1);
    desk.acts(&["pick d2", "g"]);
    desk.hears("It has no place in the text");
    assert_eq!(desk.picked(), "d2");
    desk.act(Action::PlaceUnplaced(claim.clone()));
    desk.acts(&["select why"]);
    assert_eq!(desk.picked(), "c1");
    assert_eq!(linked(&desk), 1);
    desk.acts(&["Ctrl+z"]);
    desk.act(Action::GiveUpUnplaced(claim.clone()));
    assert_eq!(linked(&desk), 0);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(linked(&desk), 1);
    desk.holds_the_laws();
}

#[test]
fn what_it_offers_is_found_by_typing() {
    let offers = |desk: &Desk, typed: &str| {
        let found = Find::new(Finder::Anything, &desk.state).retyped(typed.to_owned(), &desk.state);
        found
            .rows
            .shown
            .iter()
            .any(|it| matches!(it.action, Action::WriteText | Action::ShowUnplaced))
    };
    let mut desk = Desk::new(&[BEFORE]);
    assert!(offers(&desk, "correct the text"));
    assert!(!offers(&desk, "without a place"));
    write(&mut desk, AFTER);
    desk.act(Action::ChangeText);
    assert!(offers(&desk, "without a place"));
}

// Texts that are held back.

#[test]
fn a_newer_copy_of_an_article_waits_until_one_says_what_it_is() {
    let mut desk = Desk::new(&["One <c1:two:c1> three.|", "Other words."]);
    let read = |desk: &mut Desk| {
        let articles = vec![
            new_article("article-0", "Article 0", "One two and three."),
            new_article("new", "New", "New words."),
        ];
        desk.act(Action::ArticlesRead { articles, problems: Vec::new() });
    };
    read(&mut desk);
    assert_eq!(desk.titles(), ["Article 0", "Article 1", "New"]);
    let offer = desk.notices("“Article 0” is here already, with another text").offer.clone();
    let [add, compare] = [offer.clone().unwrap(), offer.unwrap().other().unwrap()];
    let mut both = desk.clone();
    both.act(add.action());
    assert_eq!(both.titles().len(), 4);
    both.shows("|One two and three.");
    assert!(both.state.held_back.is_empty());
    both.holds_the_laws();

    desk.act(compare.action());
    assert_eq!(says(&desk), "1 annotation stays.");
    desk.act(Action::ChangeText);
    assert!(desk.state.held_back.is_empty());
    assert_eq!(desk.titles().len(), 3);
    desk.acts(&["open 0"]);
    assert_eq!(desk.shown().replace('|', ""), "One <c1:two:c1> and three.");
    read(&mut desk);
    assert!(desk.report().contains("is already here"), "{}", desk.report());
    assert!(desk.state.held_back.is_empty());
    desk.holds_the_laws();
}

#[test]
fn newer_texts_of_a_page_are_gone_through_one_by_one() {
    let articles = [("a", "One two."), ("b", "Three four."), ("c", "Five six.")];
    let mut desk = Desk::deployed(&articles);
    for (id, _) in articles {
        desk.act(Action::OpenArticle(id.into()));
        desk.acts(&["f"]);
    }
    desk.acts(&["select Five", "c"]);
    desk.deploy(&[("a", "One, two."), ("b", "Three, four."), ("c", "Six.")]);
    desk.reload();
    desk.notices("newer texts of 3 articles");
    let at = |desk: &Desk| match &desk.state.dialog {
        Some(Dialog::Retext { plan, from: NewText::HeldBack(at) }) => {
            (plan.article().to_string(), *at)
        }
        other => panic!("{other:?}"),
    };
    desk.act(Action::CompareHeldBack(0));
    assert_eq!(at(&desk), ("a".to_owned(), 0));
    desk.act(Action::ChangeText);
    assert_eq!(at(&desk), ("b".to_owned(), 0));
    desk.act(Action::SkipHeldBack);
    assert_eq!(at(&desk), ("c".to_owned(), 1));
    assert_eq!(says(&desk), "1 annotation has no place any more.");
    desk.act(Action::ChangeText);
    assert!(desk.state.dialog.is_none());
    desk.notices("1 article may get another text");
    // The next visit asks for the one that was left, and no other.
    desk.reload();
    desk.notices("newer text of 1 article");
    assert_eq!(desk.state.held_back[0].article.id, ArticleId::from("b"));
    desk.act(Action::CompareHeldBack(0));
    desk.act(Action::CloseDialog);
    desk.notices("1 article may get another text");
    // Where all is undone, nothing holds the page's newer texts back any more.
    desk.deployment = None;
    desk.holds_the_laws();
}

#[test]
fn what_was_corrected_here_is_not_offered_as_it_was() {
    for work in [&["f"][..], &[]] {
        let mut desk = Desk::deployed(&[("a", "One tow."), ("b", "Three.")]);
        desk.acts(work);
        write(&mut desk, "One two.");
        desk.act(Action::ChangeText);
        desk.reload();
        desk.shows("|One two.");
        assert!(desk.state.held_back.is_empty());
        desk.holds_the_laws();
    }
}

// What the comparison shows.

/// Rows as text: `-gone-` and `+come+`, `=3` for paragraphs that did not change.
fn shown(before: &str, after: &str) -> Vec<String> {
    let rows = rows(&diff(&Text::new(before), &Text::new(after)));
    let row = |row: &Row| match row {
        Row::Same(count) => format!("={count}"),
        Row::More(count) => format!("+{count} more"),
        Row::Paragraph(pieces) => pieces.iter().fold(String::new(), |said, piece| {
            let sign = match piece.fate {
                Fate::Stays => "",
                Fate::Goes => "-",
                Fate::Comes => "+",
            };
            format!("{said}{sign}{}{sign}", piece.words)
        }),
    };
    rows.iter().map(row).collect()
}

#[test]
fn changed_paragraphs_are_shown_with_one_on_either_side() {
    let before = "One.\n\nTwo.\n\nThree.\n\nFour words.\n\nFive.\n\nSix.\n\nSeven.\n";
    let after = "One.\n\nTwo.\n\nThree.\n\nFour signs.\n\nFive.\n\nSix.\n\nSeven.\n";
    assert_eq!(shown(before, after), ["=2", "Three.", "Four -words-+signs+.", "Five.", "=2"]);
    assert_eq!(shown("A b\n\nC d\n", "A b\n\n\nC d\n").len(), 3);
    assert_eq!(shown("", "One."), ["+One.+"]);
    assert_eq!(shown("One two.", "Two."), shown("One two.", "Two."));
}

#[test]
fn long_texts_are_cut_and_all_that_changed_is_counted() {
    let text = |word: &str| (0..1000).map(|n| format!("{word} {n} stays.\n")).collect::<String>();
    let rows = shown(&text("One"), &text("Two"));
    assert_eq!(rows.len(), 201);
    assert_eq!(rows[200], "+800 more");
    let long = "wörd ".repeat(50_000);
    let rows = shown(&format!("{long}one {long}"), &format!("{long}two {long}"));
    assert!(rows.iter().map(String::len).sum::<usize>() < 3_000, "{rows:?}");
    let emoji = "👩\u{200d}👩\u{200d}👧".repeat(3_000);
    assert!(shown(&emoji, "Nothing.")[0].contains('…'));
}
