//! Scripts of what a person does on the page, without a browser: marked text in, acts, marked
//! text out. Every script also holds the laws of `Desk::holds_the_laws`.
#![cfg(not(target_arch = "wasm32"))]

#[path = "script/check.rs"]
mod check;
#[path = "script/copies.rs"]
mod copies;
#[path = "script/dataset.rs"]
mod dataset;
#[path = "script/desk.rs"]
mod desk;
#[path = "script/keep.rs"]
mod keep;
#[path = "script/leave.rs"]
mod leave;
#[path = "script/past.rs"]
mod past;
#[path = "script/regions.rs"]
mod regions;
#[path = "script/relate.rs"]
mod relate;
#[path = "script/retext.rs"]
mod retext;
#[path = "script/scheme.rs"]
mod scheme;
#[path = "script/search.rs"]
mod search;
#[path = "script/speed.rs"]
mod speed;
#[path = "world/suite.rs"]
mod world;

use avow::annotation::{Status, Timestamp};
use avow::edit::merge::{Rule, Side};
use avow::edit::{Intent, act};
use avow::editor::{Action, Dialog, Effect, Focus, Mode, Motion, Settings};
use avow::format::deployment::List;
use avow::format::native;
use avow::project::{Deletion, Owner};
use desk::{Desk, article_id, came, command, new_article};

#[test]
fn the_world_in_memory_gives_time_and_ids() {
    world::holds(&mut avow::editor::Counted::default());
}

/// Does the acts on the marked text, holds the laws, and gives what is on the screen.
#[track_caller]
fn check(before: &str, acts: &[&str], after: &str) -> Desk {
    check_all(&[before], acts, after)
}

/// As [`check`], over several articles; the first is open.
#[track_caller]
fn check_all(before: &[&str], acts: &[&str], after: &str) -> Desk {
    let mut desk = Desk::new(before);
    desk.acts(acts);
    desk.shows(after);
    desk.holds_the_laws();
    desk
}

// Marking.

#[test]
fn a_key_marks_the_selection_with_its_label() {
    let desk = check("The mayor [said|] so.", &["c"], "The mayor <c1:said:c1>| so.");
    assert_eq!(desk.picked(), "c1");
    desk.hears("Claim marked");
    check("The mayor [said|] so.", &["d"], "The mayor <d1:said:d1>| so.");
    check("The mayor [|said] so.", &["q"], "The mayor <q1:said:q1>| so.");
}

#[test]
fn a_selection_grows_to_whole_words_and_loses_white_space() {
    check("The m[ayor sa|]id so.", &["c"], "The <c1:mayor said:c1>| so.");
    check("The[ mayor |]said so.", &["c"], "The <c1:mayor:c1>| said so.");
    check("One\n[\n  Two. \n|]Three", &["q"], "One\n\n  <q1:Two.:q1>| \nThree");
    check("He did[n|]'t go.", &["d"], "He <d1:didn't:d1>| go.");
    check("She said [“no|]” twice.", &["q"], "She said <q1:“no:q1>|” twice.");
    check("[所|]以", &["c"], "<c1:所:c1>|以");
}

#[test]
fn without_whole_words_a_selection_is_only_trimmed_and_never_cuts_a_character() {
    check("The m[ayor sa|]id so.", &["words off", "c"], "The m<c1:ayor sa:c1>|id so.");
    let family = "👩\u{200d}👩\u{200d}👧";
    let cut = "A👩\u{200d}[👩|]\u{200d}👧 B e[\u{301}";
    let cut = cut.trim_end_matches(" e[\u{301}");
    check(cut, &["words off", "c"], &format!("A<c1:{family}:c1>| B"));
    check("caf[e|]\u{301}s", &["words off", "c"], "caf<c1:e\u{301}:c1>|s");
}

#[test]
fn nothing_but_white_space_is_not_marked() {
    let desk = check("One[ |]two.", &["c"], "One[ |]two.");
    desk.hears("Select some text first");
    check("One |two.", &["q"], "One |two.");
}

#[test]
fn marks_nest_cross_and_repeat_within_one_label() {
    check(
        "“The minister lied to us,” he said.|",
        &[
            "select “The minister lied to us,”",
            "q",
            "select The minister lied",
            "c",
            "select minister lied to us",
            "c",
            "select minister lied to us",
            "c",
        ],
        "<q1:“<c2:The <c3:<c4:minister lied:c2> to us:c4>:c3>|,”:q1> he said.",
    );
}

#[test]
fn a_mark_may_cross_paragraphs() {
    check(
        "“One.\n\nTw[o.” Three.\n\nFour|] five.",
        &["q"],
        "“One.\n\n<q1:Two.” Three.\n\nFour:q1>| five.",
    );
}

#[test]
fn everything_can_be_selected_and_marked() {
    let desk = check("One.\n\nTwo.|", &["Ctrl+a", "q"], "<q1:One.\n\nTwo.:q1>|");
    assert_eq!(desk.picked(), "q1");
}

#[test]
fn a_broken_quote_is_one_annotation() {
    let desk = check(
        "|“A fox,” she said. “B fox.”",
        &["select “A fox,”", "q", "select “B fox.”", "a"],
        "<q1:“A fox,”:q1> she said. <q1:“B fox.”:q1>|",
    );
    assert_eq!(desk.picked(), "q1");
    // Asked for first, selected then, by keyboard alone.
    let desk = check(
        "<q1:“A fox,”:q1> she said. “B fox.”|",
        &["pick q1", "a", "caret “B fox.”", "Shift+Ctrl+ArrowRight", "Shift+Ctrl+ArrowRight"],
        "<q1:“A fox,”:q1> she said. [“B|] fox.”",
    );
    assert!(matches!(desk.state.article.as_ref().unwrap().mode, Mode::AddSpan { .. }));
    check(
        "<q1:“A fox,”:q1> she said. “B fox.”|",
        &["pick q1", "a", "caret B fox", "Shift+Ctrl+ArrowRight", "Enter"],
        "<q1:“A fox,”:q1> she said. “<q1:B:q1>| fox.”",
    );
}

#[test]
fn a_span_is_taken_away_from_a_broken_quote() {
    let mut desk = Desk::new(&["<q1:“A,”:q1> she said. <q1:“B.”:q1>|"]);
    desk.act(Action::RemoveSpan("1".into(), 0));
    desk.shows("“A,” she said. <q1:“B.”:q1>|");
    desk.holds_the_laws();
}

#[test]
fn the_last_span_of_an_annotation_is_not_taken_away() {
    let mut desk = Desk::new(&["<q1:“A,”:q1> she said.|"]);
    desk.act(Action::RemoveSpan("1".into(), 0));
    desk.shows("<q1:“A,”:q1> she said.|");
}

// Picking.

#[test]
fn clicks_cycle_through_what_lies_there_shortest_first() {
    let mut desk = Desk::new(&["<q1:“The <c2:minister <d3:lied:d3>:c2> today”:q1> he said.|"]);
    let mut picked = Vec::new();
    for _ in 0..4 {
        desk.acts(&["click lied"]);
        picked.push(desk.picked());
    }
    assert_eq!(picked, ["d3", "c2", "q1", "d3"]);
    desk.acts(&["click today"]);
    assert_eq!(desk.picked(), "q1");
    desk.acts(&["click he said"]);
    assert_eq!(desk.picked(), "");
    desk.acts(&["click lied", "click-beside lied"]);
    assert_eq!(desk.picked(), "", "a click beside the text picks nothing");
}

#[test]
fn a_click_within_a_grapheme_puts_the_caret_before_it() {
    // A family of two and a joiner; the click names the second of them.
    let mut desk = Desk::new(&["So \u{1f469}\u{200d}\u{1f467} said.|"]);
    desk.acts(&["click \u{1f467}"]);
    let open = desk.state.article.clone().expect("an article is open");
    assert_eq!((open.anchor, open.head), (open.text.pos(3).unwrap(), open.text.pos(3).unwrap()));
}

#[test]
fn enter_picks_what_lies_at_the_caret_and_before_it() {
    let mut desk = Desk::new(&["<q1:A <c2:fox:c2>:q1> ran.|"]);
    desk.acts(&["caret  ran", "Enter"]);
    assert_eq!(desk.picked(), "c2", "the caret stands behind its last character");
    desk.acts(&["Enter"]);
    assert_eq!(desk.picked(), "q1");
    desk.acts(&["caret ran", "Enter"]);
    assert_eq!(desk.picked(), "");
    desk.hears("No annotation here");
}

#[test]
fn j_and_k_go_through_the_annotations_in_reading_order() {
    let mut desk = Desk::new(&["|<c1:One:c1> <d2:two:d2> <q3:three:q3>."]);
    let mut picked = Vec::new();
    for key in ["j", "j", "j", "j", "k", "k", "k"] {
        desk.acts(&[key]);
        picked.push(desk.picked());
    }
    assert_eq!(picked, ["c1", "d2", "q3", "q3", "d2", "c1", "c1"]);
    desk.hears("No annotation before");
    desk.acts(&["Escape", "caret two", "j"]);
    assert_eq!(desk.picked(), "d2", "from the caret on");
}

#[test]
fn escape_leaves_the_innermost_thing_first() {
    let mut desk = Desk::new(&["<c1:One:c1> two three.|"]);
    desk.acts(&["pick c1", "a", "caret two", "Shift+Ctrl+ArrowRight", "Escape"]);
    assert_eq!(desk.state.article.as_ref().unwrap().mode, Mode::Mark, "first the mode");
    desk.shows("<c1:One:c1> [two|] three.");
    assert_eq!(desk.picked(), "c1");
    desk.acts(&["Escape"]);
    desk.shows("<c1:One:c1> two| three.");
    assert_eq!(desk.picked(), "c1", "then the selection");
    desk.acts(&["Escape"]);
    assert_eq!(desk.picked(), "", "then what is picked");
}

// Changing.

#[test]
fn a_label_key_relabels_what_is_picked_where_nothing_is_selected() {
    let desk = check("A <c1:fox:c1> ran.|", &["click fox", "d"], "A |<d1:fox:d1> ran.");
    assert_eq!(desk.picked(), "d1");
    desk.hears("Changed to Denial");
    check("A <c1:fox:c1> ran.|", &["click fox", "c"], "A |<c1:fox:c1> ran.");
}

#[test]
fn a_selection_is_marked_though_something_is_picked() {
    check("A <c1:fox:c1> ran.|", &["click fox", "select ran", "d"], "A <c1:fox:c1> <d2:ran:d2>|.");
}

#[test]
fn an_edge_moves_by_characters_and_words_and_is_undone_at_once() {
    let desk = check(
        "One <c1:two:c1> three four.|",
        &["click two", "e", "Ctrl+ArrowRight", "ArrowRight", "ArrowRight", "Enter"],
        "One <c1:two three f:c1>|our.",
    );
    assert_eq!(desk.state.article.as_ref().unwrap().mode, Mode::Mark);
    let mut desk = desk;
    desk.acts(&["Ctrl+z"]);
    desk.shows("One |<c1:two:c1> three four.");
    desk.acts(&["Ctrl+y"]);
    desk.shows("One |<c1:two three f:c1>our.");
    assert_eq!(desk.undo_all(), 1);
}

#[test]
fn tab_goes_to_the_other_edge() {
    let mut desk = Desk::new(&["One <c1:two:c1> three.|"]);
    desk.acts(&["click two", "e"]);
    desk.act(Action::SwitchEdge);
    desk.acts(&["Ctrl+ArrowLeft"]);
    desk.shows("|<c1:One two:c1> three.");
    desk.act(Action::SwitchEdge);
    desk.acts(&["Ctrl+ArrowRight", "Escape"]);
    desk.shows("<c1:One two three:c1>|.");
    desk.holds_the_laws();
}

#[test]
fn an_edge_stops_before_its_span_is_empty() {
    check(
        "One <c1:tw:c1> three.|",
        &["click tw", "e", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Ctrl+ArrowLeft"],
        "One <c1:t:c1>|w three.",
    );
}

#[test]
fn an_edge_stops_before_a_neighbour_of_its_own_annotation() {
    check(
        "<q1:A:q1> b <q1:C:q1>.|",
        &["click A", "e", "Tab@Tab", "Enter"],
        "<q1:A:q1> b <q1:C:q1>|.",
    );
    let mut desk = Desk::new(&["<q1:A:q1> b <q1:C:q1>.|"]);
    desk.acts(&["click A", "e"]);
    desk.act(Action::SwitchEdge);
    desk.acts(&["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"]);
    desk.shows("<q1:A:q1> |<q1:b C:q1>.");
    desk.holds_the_laws();
}

#[test]
fn a_handle_moves_an_edge_and_snaps() {
    let desk = check(
        "One <c1:two:c1> three four.|",
        &["click two", "drag end to thr"],
        "One |<c1:two three:c1> four.",
    );
    assert_eq!(desk.picked(), "c1");
    check(
        "One <c1:two:c1> three four.|",
        &["words off", "click two", "drag end to thr", "drag start to ne"],
        "O<c1:ne |two thr:c1>ee four.",
    );
}

#[test]
fn a_handle_does_not_pass_the_other_edge() {
    check("One <c1:two:c1> three.|", &["click two", "drag end to One"], "One |<c1:two:c1> three.");
}

#[test]
fn delete_twice_never_deletes_two() {
    let desk = check(
        "<c1:One:c1> <c2:two:c2> <c3:three:c3>.|",
        &["click two", "Delete", "Delete", "Backspace", "x"],
        "<c1:One:c1> |two <c3:three:c3>.",
    );
    desk.hears("Pick an annotation first");
    assert!(desk.seen.iter().any(|it| matches!(it, Effect::Focus(Focus::Article))));
}

// Speakers, cues, choices, notes.

#[test]
fn the_selection_names_the_speaker() {
    let mut desk = check(
        "<q1:“No,”:q1> said Jo Reyes.|",
        &["click No", "select Jo Reyes", "s"],
        "<q1:“No,”:q1> said Jo Reyes|.",
    );
    assert_eq!(desk.inspector(), "speaker: Jo Reyes “Jo Reyes”");
    assert_eq!(desk.speakers(), ["Jo Reyes"]);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.inspector(), "");
    assert_eq!(desk.speakers().len(), 0, "the speaker goes with the act that made them");
}

#[test]
fn a_name_typed_makes_a_speaker_or_finds_one() {
    let mut desk = check(
        "<q1:“No,”:q1> said Reyes. <c2:It rained:c2>.|",
        &["click No", "name  Jo Reyes ", "pick c2", "name jo reyes", "name Mia"],
        "<q1:“No,”:q1> said Reyes. |<c2:It rained:c2>.",
    );
    assert_eq!(desk.inspector(), "speaker: Jo Reyes, Mia");
    assert_eq!(desk.speakers(), ["Jo Reyes", "Mia"]);
    desk.acts(&["name Mia"]);
    assert_eq!(desk.inspector(), "speaker: Jo Reyes, Mia", "nobody speaks twice");
}

#[test]
fn an_alias_finds_its_speaker() {
    let mut desk = Desk::new(&["<q1:“No,”:q1> said the minister.|"]);
    desk.acts(&["click No", "name Jo Reyes"]);
    let file = native::write(&desk.disk().project).unwrap();
    let file = file.replace("\"aliases\": []", "\"aliases\": [\"the Minister\"]");
    let file =
        file.replace("\"project\"", "\"project-2\"").replace("\"project-2\": {", "\"project\": {");
    let read = native::read("a.avow.json", &file).unwrap();
    assert_eq!(read.project.speakers()[0].aliases, ["the Minister"]);
    desk.act(came(read.project));
    desk.acts(&["click No"]);
    desk.act(Action::SetAttribute("1".into(), "speaker".into(), None));
    desk.acts(&["select the minister", "s"]);
    assert_eq!(desk.inspector(), "speaker: Jo Reyes “the minister”");
    assert_eq!(desk.speakers(), ["Jo Reyes"]);
}

#[test]
fn a_mention_goes_to_the_speaker_that_has_none() {
    let desk = check(
        "<q1:“No,”:q1> said she.|",
        &["click No", "name Jo Reyes", "select she", "s"],
        "<q1:“No,”:q1> said she|.",
    );
    assert_eq!(desk.inspector(), "speaker: Jo Reyes “she”");
    assert_eq!(desk.speakers(), ["Jo Reyes"]);
}

#[test]
fn without_a_selection_s_goes_to_the_field() {
    let mut desk = Desk::new(&["<q1:“No,”:q1> said she.|"]);
    desk.acts(&["click No", "s"]);
    assert!(matches!(desk.seen.last(), Some(Effect::Focus(Focus::Speaker))));
    desk.acts(&["Escape", "s"]);
    desk.hears("Pick an annotation first");
}

#[test]
fn a_cue_is_the_selection_or_is_asked_for() {
    let desk = check(
        "<q1:“No,”:q1> said she.|",
        &["click No", "select said", "u"],
        "<q1:“No,”:q1> said| she.",
    );
    assert_eq!(desk.inspector(), "cue: “said”");
    let desk = check(
        "<q1:“No,”:q1> said she.|",
        &["click No", "u", "select said"],
        "<q1:“No,”:q1> said| she.",
    );
    assert_eq!(desk.inspector(), "cue: “said”");
    let desk = check(
        "<q1:“No,”:q1> said she.|",
        &["click No", "u", "caret said", "Enter"],
        "<q1:“No,”:q1> said| she.",
    );
    assert_eq!(desk.inspector(), "cue: “said”", "the word at the caret");
}

#[test]
fn a_choice_goes_round() {
    let mut desk = check("A <c1:fox:c1> ran.|", &["click fox", "i"], "A |<c1:fox:c1> ran.");
    let mut seen = vec![desk.inspector()];
    for _ in 0..3 {
        desk.acts(&["i"]);
        seen.push(desk.inspector());
    }
    assert_eq!(seen, ["directness: direct", "directness: indirect", "directness: mixed", ""],);
    desk.hears("Directness: none");
}

#[test]
fn a_note_typed_in_several_steps_is_undone_at_once() {
    let mut desk = check(
        "A <c1:fox:c1> ran.|",
        &["click fox", "note w", "note wh", "note why", "leave", "note why?"],
        "A |<c1:fox:c1> ran.",
    );
    assert_eq!(desk.inspector(), "note: why?");
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.inspector(), "note: why");
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.inspector(), "");
    desk.acts(&["Ctrl+y"]);
    assert_eq!(desk.inspector(), "note: why");
}

#[test]
fn what_is_typed_after_another_act_is_another_wish() {
    let mut desk = Desk::new(&["A <c1:fox:c1> ran.|"]);
    desk.acts(&["click fox", "note w", "d", "note wh", "Ctrl+z"]);
    assert_eq!(desk.inspector(), "note: w");
    desk.shows("A |<d1:fox:d1> ran.");
    desk.acts(&["Ctrl+z", "Ctrl+z"]);
    desk.shows("A |<c1:fox:c1> ran.");
    assert_eq!(desk.inspector(), "");
}

#[test]
fn typing_on_after_undo_is_another_wish() {
    let mut desk = Desk::new(&["A <c1:fox:c1> ran.|"]);
    desk.acts(&["click fox", "note one", "leave", "note two", "Ctrl+z", "note three", "Ctrl+z"]);
    assert_eq!(desk.inspector(), "note: one");
    desk.holds_the_laws();
}

// Status.

#[test]
fn the_first_mark_begins_an_article_and_undo_takes_that_back() {
    let mut desk = check("A [fox|] ran.", &["c"], "A <c1:fox:c1>| ran.");
    assert_eq!(desk.status(&article_id(0)), Status::Doing);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.status(&article_id(0)), Status::Todo);
    desk.acts(&["Ctrl+Shift+z"]);
    assert_eq!(desk.status(&article_id(0)), Status::Doing);
}

#[test]
fn f_says_that_an_article_is_done_or_is_not() {
    let mut desk = check("A <c1:fox:c1> ran.|", &["f"], "A <c1:fox:c1> ran.|");
    assert_eq!(desk.status(&article_id(0)), Status::Done);
    desk.acts(&["f"]);
    assert_eq!(desk.status(&article_id(0)), Status::Doing);
    let desk = check("A fox ran.|", &["f", "f"], "A fox ran.|");
    assert_eq!(desk.status(&article_id(0)), Status::Todo);
}

#[test]
fn a_mark_in_an_article_that_is_done_leaves_it_done() {
    let desk = check("A [fox|] ran.", &["f", "c"], "A <c1:fox:c1>| ran.");
    assert_eq!(desk.status(&article_id(0)), Status::Done);
}

// Undo.

#[test]
fn undo_goes_to_the_article_of_the_act_and_says_so() {
    let mut desk = check_all(
        &["One [two|].", "Three."],
        &["c", "open 1", "select Three", "d"],
        "<d2:Three:d2>|.",
    );
    desk.acts(&["Ctrl+z", "Ctrl+z"]);
    desk.shows("One |two.");
    desk.hears("in “Article 0”");
    desk.notices("Undone: claim marked, in “Article 0”");
    desk.acts(&["Ctrl+y"]);
    desk.shows("One |<c1:two:c1>.");
    desk.acts(&["Ctrl+y"]);
    desk.shows("|<d2:Three:d2>.");
    desk.hears("in “Article 1”");
}

#[test]
fn undo_after_a_reload_reads_what_it_needs() {
    let mut desk = Desk::new(&["One two three four five.", "Six."]);
    for word in ["One", "two", "three", "four", "five"] {
        desk.acts(&[&format!("select {word}"), "c"]);
    }
    desk.acts(&["open 1"]);
    desk.reload();
    desk.shows("|Six.");
    desk.acts(&["Ctrl+z"]);
    desk.shows("<c1:One:c1> <c2:two:c2> <c3:three:c3> <c4:four:c4> |five.");
    assert_eq!(desk.undo_all(), 4);
    desk.shows("|One two three four five.");
    desk.holds_the_laws();
}

#[test]
fn what_was_typed_at_length_is_undone_at_once_after_a_reload() {
    let mut desk = Desk::new(&["A <c1:fox:c1> ran.|"]);
    desk.acts(&["click fox"]);
    let note = "longer than a portion";
    for end in 1..=note.len() {
        desk.acts(&[&format!("note {}", &note[..end])]);
    }
    desk.reload();
    desk.acts(&["click fox", "Ctrl+z"]);
    assert_eq!(desk.inspector(), "");
    desk.holds_the_laws();
}

#[test]
fn more_undone_than_a_portion_is_redone_after_a_reload() {
    let mut desk = Desk::new(&["One two three four five."]);
    for word in ["One", "two", "three", "four", "five"] {
        desk.acts(&[&format!("select {word}"), "c"]);
    }
    assert_eq!(desk.undo_all(), 5);
    desk.reload();
    assert_eq!(desk.redo_all(), 5);
}

#[test]
fn nothing_to_undo_is_said() {
    let mut desk = Desk::new(&["One <c1:two:c1>.|"]);
    desk.acts(&["Ctrl+z"]);
    desk.hears("Nothing to undo");
    desk.acts(&["Ctrl+y"]);
    desk.hears("Nothing to redo");
    desk.shows("One <c1:two:c1>.|");
}

#[test]
fn a_new_act_ends_what_could_be_redone() {
    let mut desk = check(
        "One [two|] three.",
        &["c", "Ctrl+z", "select three", "d", "Ctrl+y"],
        "One two <d2:three:d2>|.",
    );
    desk.hears("Nothing to redo");
    desk.reload();
    desk.acts(&["Ctrl+y"]);
    desk.hears("Nothing to redo");
}

// Saving and writing.

#[test]
fn a_tab_that_only_reads_refuses_and_offers_to_take_over() {
    let mut desk = Desk::new(&["One [two|] <q1:three:q1>."]);
    desk.elsewhere = true;
    desk.reload();
    desk.acts(&[
        "select two",
        "c",
        "f",
        "click three",
        "d",
        "x",
        "e",
        "note hm",
        "name Jo",
        "Ctrl+z",
    ]);
    desk.shows("One two |<q1:three:q1>.");
    let offer = desk.notices("only reads").offer.clone().expect("an offer");
    desk.act(offer.action());
    desk.acts(&["select two", "c"]);
    desk.shows("One <c2:two:c2>| <q1:three:q1>.");
    desk.holds_the_laws();
}

#[test]
fn a_failed_save_keeps_what_is_unsaved_and_a_retry_saves_it() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.full = true;
    desk.acts(&["c", "select three", "d"]);
    assert!(!desk.state.saving.is_saved());
    assert_eq!(desk.state.saving.failed.as_deref(), Some("the disk is full"));
    assert_eq!(desk.disk().commits.len(), 1);
    desk.shows("One <c1:two:c1> <d2:three:d2>|.");
    desk.full = false;
    desk.act(Action::RetrySave);
    assert!(desk.state.saving.is_saved());
    desk.holds_the_laws();
}

#[test]
fn acts_after_a_failed_save_save_all_of_them() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.full = true;
    desk.acts(&["c"]);
    desk.full = false;
    desk.acts(&["select three", "d"]);
    assert!(desk.state.saving.is_saved());
    desk.holds_the_laws();
}

// Articles.

#[test]
fn a_text_that_is_here_is_taken_once_and_that_is_said() {
    let mut desk = Desk::new(&["One."]);
    let articles = vec![
        new_article("b", "B", "Two."),
        new_article("c", "C", "One."),
        new_article("d", "D", "Two."),
    ];
    desk.act(Action::ArticlesRead { articles, problems: Vec::new() });
    assert_eq!(desk.titles(), ["Article 0", "B"]);
    let report = desk.report();
    assert!(report.starts_with("1 article was added."), "{report}");
    assert!(report.contains("The same text as “Article 0” is already here"), "{report}");
    assert!(report.contains("The same text as “B” is already here"), "{report}");
    desk.shows("|Two.");
    desk.holds_the_laws();
}

#[test]
fn pasted_text_is_an_article_and_none_is_refused() {
    let mut desk = Desk::new(&["One."]);
    desk.act(Action::OpenPaste);
    desk.act(Action::Paste { title: String::new(), text: "  \n".to_owned() });
    assert!(matches!(&desk.state.dialog, Some(Dialog::Paste { problem: Some(_) })));
    let text = "A headline\r\n\r\nA text.".to_owned();
    desk.act(Action::Paste { title: String::new(), text });
    assert_eq!(desk.state.dialog, None);
    assert_eq!(desk.titles(), ["Article 0", "A headline"]);
    desk.shows("|A headline\n\nA text.");
    desk.acts(&["select text", "c"]);
    desk.shows("A headline\n\nA <c1:text:c1>|.");
    desk.holds_the_laws();
}

#[test]
fn removing_an_article_is_undone_with_all_that_it_held() {
    let mut desk = Desk::new(&["One <c1:two:c1>.|", "Three <d2:four:d2>."]);
    desk.acts(&["click two", "name Jo", "open 1"]);
    desk.act(Action::RemoveArticle(article_id(0)));
    assert_eq!(desk.titles(), ["Article 1"]);
    desk.notices("“Article 0” was removed.");
    desk.holds_the_laws();
    desk.reload();
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.titles(), ["Article 0", "Article 1"]);
    desk.acts(&["open 0", "click two"]);
    desk.shows("One |<c1:two:c1>.");
    assert_eq!(desk.inspector(), "speaker: Jo");
}

#[test]
fn the_open_article_is_removed_and_another_is_shown() {
    let mut desk = Desk::new(&["One.|", "Two.", "Three."]);
    desk.acts(&["open 1"]);
    desk.act(Action::RemoveArticle(article_id(1)));
    assert_eq!(desk.titles(), ["Article 0", "Article 2"]);
    desk.shows("|Three.");
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.titles(), ["Article 0", "Article 1", "Article 2"]);
    desk.shows("|Two.");
    desk.holds_the_laws();
}

#[test]
fn shift_j_and_k_go_through_the_articles() {
    let mut desk = Desk::new(&["One.", "Two."]);
    desk.acts(&["Shift+J"]);
    desk.shows("|Two.");
    desk.acts(&["Shift+J"]);
    desk.hears("This is the last");
    desk.acts(&["Shift+K", "Shift+K"]);
    desk.hears("This is the first");
    desk.shows("|One.");
}

#[test]
fn the_caret_comes_back_with_its_article() {
    let mut desk = Desk::new(&["One two.", "Three four."]);
    desk.acts(&["open 1", "caret four"]);
    desk.reload();
    desk.shows("Three |four.");
}

// Deployments.

#[test]
fn a_deployment_is_there_at_once_and_its_new_articles_come_in() {
    let mut desk = Desk::deployed(&[("a", "One two."), ("b", "Three.")]);
    desk.shows("|One two.");
    assert_eq!(desk.titles(), ["Title of a", "Title of b"]);
    desk.acts(&["select two", "c"]);
    desk.deploy(&[("a", "One two."), ("c", "Five."), ("b", "Three.")]);
    desk.reload();
    assert_eq!(desk.titles(), ["Title of a", "Title of b", "Title of c"]);
    desk.shows("One <c1:two:c1>|.");
    desk.acts(&["Ctrl+z"]);
    desk.shows("One |two.");
    assert_eq!(desk.titles().len(), 3, "how articles came is no act of the person's");
}

#[test]
fn a_deployment_that_is_only_read_is_not_stored() {
    let mut desk = Desk::deployed(&[("a", "One two."), ("b", "Three.")]);
    desk.act(Action::OpenArticle("b".into()));
    desk.shows("|Three.");
    assert!(desk.state.saving.is_saved() && desk.state.last_seq == 0);
    desk.acts(&["select Three", "c"]);
    let disk = desk.disk();
    assert_eq!(disk.project.article_count(), 2);
    assert_eq!(*disk.commits[0].transaction.intent(), Intent::OpenFile);
    desk.reload();
    desk.shows("<c1:Three:c1>|.");
    desk.acts(&["Ctrl+z"]);
    desk.shows("|Three.");
    desk.acts(&["Ctrl+z"]);
    desk.hears("Nothing to undo");
}

#[test]
fn a_list_shows_its_articles_alone_and_loses_nothing_of_the_others() {
    let articles = [("a", "One two."), ("b", "Three."), ("c", "Five.")];
    let mut desk = Desk::deployed(&articles);
    desk.acts(&["select two", "c"]);
    let own = |desk: &mut Desk, list: &[u32]| {
        desk.deploy(&articles);
        let deployment = desk.deployment.as_mut().unwrap();
        let (annotator, articles) = ("Ada".to_owned(), list.to_vec());
        deployment.lists.push(List { annotator, articles });
        assert!(deployment.keep_list_of("Ada"));
        desk.reload();
    };
    // What was open is in no list of hers.
    own(&mut desk, &[2, 1]);
    desk.shows("|Five.");
    assert_eq!(desk.listed(), ["c", "b"]);
    assert_eq!(desk.titles().len(), 3, "the project has all");
    desk.acts(&["select Five", "c"]);
    desk.act(Action::NextArticle { back: false });
    desk.shows("|Three.");
    desk.act(Action::NextArticle { back: false });
    desk.hears("This is the last");
    desk.act(Action::NextUnannotated);
    desk.shows("|Three.");
    // What a person adds is shown behind the list.
    let pasted = Action::Paste { title: "New".to_owned(), text: "Six.".to_owned() };
    desk.act(pasted);
    assert_eq!(desk.listed()[..2], ["c", "b"]);
    assert_eq!(desk.listed().len(), 3);
    desk.holds_the_laws();
    let ada = Owner::Annotator("ada".into());
    assert_eq!(desk.state.project.as_ref().unwrap().tally(&ada).with(Status::Doing), 1);

    own(&mut desk, &[0]);
    desk.act(Action::NextArticle { back: true });
    desk.act(Action::NextArticle { back: true });
    desk.shows("One <c1:two:c1>|.");
    own(&mut desk, &[1, 0, 2]);
    assert_eq!(desk.listed()[..3], ["b", "a", "c"]);
    // Where one is removed, what comes next is what stands next in the list.
    desk.act(Action::OpenArticle("b".into()));
    desk.act(Action::RemoveArticle("b".into()));
    desk.shows("|One <c1:two:c1>.");
    // Of a list with nothing in it, nothing is open.
    own(&mut desk, &[]);
    assert_eq!(desk.listed().len(), 1, "what she added");
    assert_eq!(desk.state.article.as_ref().map(|open| open.text.as_str()), Some("Six."));
    desk.act(Action::RemoveArticle(desk.listed()[0].as_str().into()));
    assert!(desk.state.article.is_none() && desk.state.loading.is_none());
}

#[test]
fn a_list_is_all_that_a_new_reader_has() {
    let mut desk = Desk::deployed(&[]);
    desk.deploy(&[("a", "One two."), ("b", "Three."), ("c", "Five.")]);
    let deployment = desk.deployment.as_mut().unwrap();
    deployment.lists.push(List { annotator: "Ada".to_owned(), articles: vec![2, 0] });
    assert!(deployment.keep_list_of("Ada"));
    desk.state.project = None;
    desk.reload();
    desk.shows("|Five.");
    assert_eq!(desk.titles(), ["Title of c", "Title of a"]);
    desk.acts(&["select Five", "c"]);
    assert_eq!(desk.disk().project.article_count(), 2);
}

#[test]
fn a_changed_text_without_work_takes_the_old_one_s_place() {
    let mut desk = Desk::deployed(&[("a", "One two."), ("b", "Three.")]);
    desk.deploy(&[("a", "One two!"), ("b", "Three?")]);
    desk.reload();
    desk.shows("|One two!");
    desk.act(Action::OpenArticle("b".into()));
    desk.shows("|Three?");
    desk.acts(&["select Three", "c"]);
    desk.holds_the_laws();
    assert!(desk.state.notices.is_empty());
}

#[test]
fn a_changed_text_under_work_is_held_back_until_the_person_agrees() {
    let mut desk = Desk::deployed(&[("a", "One two.")]);
    desk.acts(&["select two", "c"]);
    desk.deploy(&[("a", "One two three.")]);
    desk.reload();
    desk.shows("One <c1:two:c1>|.");
    let offer = desk.notices("newer text of 1 article").offer.clone().expect("an offer");
    desk.act(offer.action());
    assert_eq!(desk.titles(), ["Title of a", "Title of a"]);
    desk.shows("|One two three.");
    desk.reload();
    assert_eq!(desk.titles().len(), 2, "what was agreed to does not come again");
    assert!(desk.state.notices.is_empty());
}

#[test]
fn what_was_undone_on_a_text_that_is_gone_is_not_redone_on_another() {
    let mut desk = Desk::deployed(&[("a", "One two."), ("b", "Three.")]);
    desk.act(Action::OpenArticle("b".into()));
    desk.acts(&["select Three", "d"]);
    desk.act(Action::OpenArticle("a".into()));
    desk.acts(&["select two", "c", "Ctrl+z"]);
    desk.deploy(&[("a", "Two threes."), ("b", "Three.")]);
    for _ in 0..2 {
        desk.reload();
        desk.acts(&["Ctrl+y"]);
        desk.hears("Nothing to redo");
        desk.shows("Two |threes.");
    }
    desk.acts(&["Ctrl+z"]);
    desk.shows("|Three.");
}

#[test]
fn an_article_that_is_done_without_a_mark_carries_work() {
    let mut desk = Desk::deployed(&[("a", "One two.")]);
    desk.acts(&["f"]);
    desk.deploy(&[("a", "Two threes.")]);
    desk.reload();
    desk.shows("|One two.");
    desk.notices("newer text of 1 article");
}

#[test]
fn an_act_that_cannot_be_undone_any_more_leaves_those_before_it_in_reach() {
    let mut desk = Desk::deployed(&[("a", "One two.")]);
    desk.acts(&["select two", "c"]);
    desk.act(Action::RenameProject { title: "Mine".to_owned() });
    desk.deployment.as_mut().unwrap().project.guidelines = "Mark less.".to_owned();
    desk.reload();
    // What the page brings is taken back first.
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.disk().project.meta().guidelines, "Mark all.");
    desk.acts(&["Ctrl+z"]);
    desk.notices("it was changed in the meantime");
    desk.acts(&["Ctrl+z"]);
    desk.shows("One |two.");
}

#[test]
fn a_file_of_a_project_with_many_articles_is_compared_as_a_whole() {
    let texts: Vec<String> = (0..20).map(|n| format!("Text {n}.")).collect();
    let mut desk = Desk::new(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    desk.acts(&["select Text", "c"]);
    let file = native::write(&desk.disk().project).unwrap();
    let read = native::read("a.avow.json", &file).unwrap();
    desk.reload();
    desk.act(came(read.project));
    match &desk.state.dialog {
        Some(Dialog::Merge { merge, .. }) => {
            assert!(merge.transaction.is_empty() && merge.differences.is_empty(), "{merge:?}");
        }
        other => panic!("not the merge dialog: {other:?}"),
    }
}

#[test]
fn a_title_that_a_person_gave_stays() {
    let mut desk = Desk::deployed(&[("a", "One two.")]);
    desk.act(Action::RenameProject { title: "My reading".to_owned() });
    desk.reload();
    assert_eq!(desk.state.project.as_ref().unwrap().meta().title, "My reading");
}

#[test]
fn an_article_that_a_person_removed_does_not_come_back_by_itself() {
    let mut desk = Desk::deployed(&[("a", "One two."), ("b", "Three.")]);
    desk.act(Action::RemoveArticle("b".into()));
    desk.reload();
    assert_eq!(desk.titles(), ["Title of a"]);
}

// Files of projects.

#[test]
fn a_file_of_a_project_that_is_here_shows_what_differs() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.acts(&["c", "select three", "d"]);
    let file = native::write(&desk.disk().project).unwrap();
    desk.acts(&["Ctrl+z"]);
    let read = native::read("a.avow.json", &file).unwrap();
    desk.act(came(read.project));
    match &desk.state.dialog {
        Some(Dialog::Merge { merge, .. }) => {
            assert_eq!(merge.summary.comes.tally.to_string(), "1 annotation");
        }
        other => panic!("not the merge dialog: {other:?}"),
    }
    assert_eq!(desk.disk().commits.len(), 5, "nothing is written before it is asked for");
    desk.act(Action::MergeTheirs);
    desk.shows("One <c1:two:c1> |<d2:three:d2>.");
    desk.acts(&["Ctrl+z"]);
    desk.shows("One <c1:two:c1> |three.");
    desk.holds_the_laws();
}

#[test]
fn restoring_shows_what_it_changes_and_is_taken_back_after_a_reload() {
    let texts: Vec<String> = (0..20).map(|n| format!("Text {n}.")).collect();
    let mut desk = Desk::new(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    desk.acts(&["select Text", "c"]);
    let before = native::write(&desk.disk().project).unwrap();
    let mut theirs = native::read("a.avow.json", &before).unwrap().project;
    for article in theirs.articles().into_iter().skip(3).cloned().collect::<Vec<_>>() {
        let deletion = Deletion { at: Timestamp(9), by: "bo".into(), extra: Default::default() };
        theirs = act::remove_article(&theirs, &article, deletion).apply(&theirs).unwrap();
    }
    let file = native::write(&theirs).unwrap();
    desk.reload();
    desk.act(came(native::read("a.avow.json", &file).unwrap().project));
    desk.act(Action::AskRestore);
    match &desk.state.dialog {
        Some(Dialog::Restore { restore, .. }) => {
            assert_eq!(restore.summary.goes.tally.to_string(), "17 articles");
        }
        other => panic!("not the dialog: {other:?}"),
    }
    assert_eq!(native::write(&desk.disk().project).unwrap(), before);
    desk.act(Action::Restore);
    assert_eq!(native::write(&desk.disk().project).unwrap(), file);
    desk.reload();
    desk.acts(&["Ctrl+z"]);
    assert_eq!(native::write(&desk.disk().project).unwrap(), before);
    desk.holds_the_laws();
}

#[test]
fn a_merge_that_moves_an_article_is_taken_back_after_a_reload() {
    let texts = ["One two three.", "Two three four."];
    for (mine, theirs) in [(texts[0], texts[1]), (texts[1], texts[0])] {
        let mut desk = Desk::new(&[&theirs.replace("three", "[three|]")]);
        desk.acts(&["d"]);
        let file = native::write(&desk.disk().project).unwrap();
        // No two browsers make the same id.
        let file = file.replace("\"id\": \"3\"", "\"id\": \"theirs\"");
        let theirs = native::read("a.avow.json", &file).unwrap().project;
        let mut desk = Desk::new(&[&mine.replace("two", "[two|]").replace("Two", "[Two|]")]);
        desk.acts(&["c"]);
        let before = native::write(&desk.disk().project).unwrap();
        desk.act(came(theirs));
        desk.act(Action::MergeTheirs);
        assert_eq!(desk.disk().project.article_count(), 2);
        let after = native::write(&desk.disk().project).unwrap();
        // What was done before on the text that moved is not taken back: no more laws than these.
        for reload in [false, true] {
            if reload {
                desk.reload();
            }
            desk.acts(&["Ctrl+z"]);
            assert_eq!(native::write(&desk.disk().project).unwrap(), before);
            if reload {
                desk.reload();
            }
            desk.acts(&["Ctrl+Shift+z"]);
            assert_eq!(native::write(&desk.disk().project).unwrap(), after);
        }
    }
}

#[test]
fn a_difference_is_decided_before_it_is_merged() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.acts(&["c"]);
    let file = native::write(&desk.disk().project).unwrap();
    desk.act(Action::Delete);
    desk.shows("One |two three.");
    let read = || came(native::read("a.avow.json", &file).unwrap().project);
    desk.act(read());
    let key = match &desk.state.dialog {
        Some(Dialog::Merge { merge, .. }) => merge.differences[0].key.clone(),
        other => panic!("not the merge dialog: {other:?}"),
    };
    desk.act(Action::DecideAll(Rule::Mine));
    desk.act(Action::MergeTheirs);
    desk.notices("the file changes nothing");
    desk.act(read());
    desk.act(Action::Decide(key, Side::Theirs));
    desk.act(Action::MergeTheirs);
    desk.shows("One |<c1:two:c1> three.");
    desk.acts(&["Ctrl+z"]);
    desk.shows("One |two three.");
    desk.holds_the_laws();
}

#[test]
fn a_file_of_a_project_kept_as_a_copy_is_another_project() {
    let mut desk = Desk::new(&["One [two|] three."]);
    desk.acts(&["c"]);
    let file = native::write(&desk.disk().project).unwrap();
    let read = native::read("a.avow.json", &file).unwrap();
    desk.act(came(read.project));
    desk.act(Action::KeepCopy);
    assert_eq!(desk.disks.len(), 2);
    assert_eq!(desk.state.project.as_ref().unwrap().meta().title, "Test (copy)");
    desk.shows("|One <c1:two:c1> three.");
    desk.holds_the_laws();
}

#[test]
fn a_file_of_a_project_that_is_not_here_is_opened() {
    let mut desk = Desk::new(&["One [two|] three.", "Four."]);
    desk.acts(&["c"]);
    let file = native::write(&desk.disk().project).unwrap();
    let mut other = Desk::deployed(&[("x", "Other.")]);
    other.disks.clear();
    other.deployment.as_mut().unwrap().project.id = "other".into();
    other.state.project = None;
    let read = native::read("a.avow.json", &file).unwrap();
    other.act(came(read.project));
    other.act(Action::Export { name: String::new(), layout: native::Layout::Object });
    assert_eq!(other.exported.as_deref(), Some(&*file), "the same bytes again");
    other.shows("|One <c1:two:c1> three.");
}

// The caret.

#[test]
fn arrows_follow_what_is_seen_in_right_to_left_text() {
    check("|שלום עולם", &["ArrowLeft"], "ש|לום עולם");
    check("שלום| עולם", &["ArrowRight"], "שלו|ם עולם");
    check("|שלום עולם", &["Ctrl+ArrowLeft"], "שלום| עולם");
    check("|שלום עולם", &["Shift+ArrowLeft", "Shift+ArrowLeft"], "[של|]ום עולם");
    check("[שלום|] עולם", &["ArrowLeft"], "שלום| עולם");
    check("[שלום|] עולם", &["ArrowRight"], "|שלום עולם");
    check("[שלום|] עולם", &["q"], "<q1:שלום:q1>| עולם");
}

#[test]
fn the_caret_goes_by_characters_words_sentences_paragraphs() {
    check("One |two.", &["ArrowRight", "ArrowRight", "ArrowLeft"], "One t|wo.");
    check("|One two.", &["Ctrl+ArrowRight", "Ctrl+ArrowRight"], "One two|.");
    check("|One. Two. Three.", &["Alt+ArrowDown", "Alt+ArrowDown"], "One. Two. |Three.");
    check("One. Two. Three.|", &["Alt+ArrowUp"], "One. Two. |Three.");
    check("|One.\n\nTwo.\n\nThree.", &["Ctrl+ArrowDown"], "One.\n\n|Two.\n\nThree.");
    check("|One.\n\nTwo.", &["Ctrl+End"], "One.\n\nTwo.|");
    check("One.\n\nTwo.|", &["Shift+Ctrl+Home"], "[|One.\n\nTwo.]");
    check(
        "One| e\u{301}👩\u{200d}👧 b",
        &["ArrowRight", "ArrowRight", "ArrowRight"],
        "One e\u{301}👩\u{200d}👧| b",
    );
    check("O[ne tw|]o.", &["ArrowLeft"], "O|ne two.");
    check("O[ne tw|]o.", &["ArrowRight"], "One tw|o.");
}

#[test]
fn a_whole_mark_by_keyboard_alone() {
    check(
        "|One two three.",
        &["Ctrl+ArrowRight", "ArrowRight", "Shift+Ctrl+ArrowRight", "Shift+Ctrl+ArrowRight", "q"],
        "One <q1:two three:q1>|.",
    );
}

// Keys.

#[test]
fn letters_that_are_off_do_nothing() {
    let mut desk = Desk::new(&["One [two|] <q1:three:q1>."]);
    desk.acts(&["letters off", "c", "d", "x", "?"]);
    desk.shows("One [two|] <q1:three:q1>.");
    assert_eq!(desk.state.dialog, None);
    assert_eq!(desk.state.settings, Settings { letters: false, ..Settings::default() });
    desk.acts(&["Ctrl+a"]);
    desk.shows("[One two <q1:three:q1>.|]");
    desk.acts(&["click three", "Delete"]);
    desk.shows("One two |three.");
}

#[test]
fn letters_act_on_other_layouts() {
    check("One [two|].", &["с@KeyC"], "One <c1:two:c1>|.");
    check("One <c1:two:c1>.|", &["click two", "в@KeyD"], "One |<d1:two:d1>.");
    check("One [two|].", &["c", "Ctrl+я@KeyZ"], "One |two.");
    // A Latin layout says itself what its letters are, wherever they lie.
    check("One [two|].", &["c@KeyJ"], "One <c1:two:c1>|.");
    check("One [two|].", &["j@KeyC"], "One [two|].");
}

#[test]
fn keys_with_modifiers_that_no_command_has_do_nothing() {
    for keys in ["Ctrl+c", "Alt+c", "Ctrl+Shift+c", "Ctrl+d", "Alt+x", "1@Digit1"] {
        assert!(command(keys, false, true).is_none(), "{keys}");
    }
    // A letter with Shift is one of a label that may be held.
    assert!(matches!(command("Shift+C", false, true), Some(Action::HoldLabel('c'))));
    for keys in ["c", "x", "Delete", "Enter", "ArrowLeft", "Ctrl+a", "?"] {
        assert!(command(keys, true, true).is_none(), "{keys} outside the article");
    }
    for keys in ["Ctrl+z", "Ctrl+Shift+Z", "Ctrl+y", "Ctrl+e"] {
        assert!(command(keys, true, false).is_some(), "{keys} anywhere");
    }
}

#[test]
fn every_command_is_reached_by_its_keys() {
    for it in avow::editor::COMMANDS {
        for keys in it.keys {
            let key = if keys.shift { keys.key.to_uppercase() } else { keys.key.to_string() };
            let name = if keys.key.len() > 1 { keys.key.to_string() } else { key };
            let mut pressed = String::new();
            for (held, modifier) in
                [(keys.ctrl, "Ctrl+"), (keys.alt, "Alt+"), (keys.shift, "Shift+")]
            {
                pressed.push_str(if held { modifier } else { "" });
            }
            pressed.push_str(&name);
            let found = command(&pressed, false, true).map(|it| format!("{it:?}"));
            assert_eq!(found, Some(format!("{:?}", (it.action)())), "{}: {pressed}", it.name);
        }
    }
    assert!(matches!(
        command("Shift+ArrowLeft", false, true),
        Some(Action::Move { motion: Motion::Left, extend: true })
    ));
}

#[test]
fn no_text_stands_in_what_is_written_down() {
    let words = "A sentence that stands nowhere else, not in a title either.";
    let mut desk = Desk::new(&["One two."]);
    desk.act(Action::Paste { title: "Pasted".to_owned(), text: format!("{words}\nMore.\n") });
    desk.acts(&["select sentence", "c", "Ctrl+z", "Ctrl+y"]);
    let id = desk.state.article.as_ref().unwrap().id.clone();
    desk.act(Action::RemoveArticle(id));
    let commits = format!("{:?}", desk.disk().commits);
    assert!(commits.contains("Pasted") && !commits.contains("nowhere else"), "{commits}");
}
