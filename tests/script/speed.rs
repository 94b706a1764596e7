//! What saves the hand: a held label, the same again elsewhere, the last values again.

use avow::annotation::AttributeValue;
use avow::editor::{Action, Side};

use crate::desk::Desk;

#[track_caller]
fn check(before: &[&str], acts: &[&str], after: &str) -> Desk {
    let mut desk = Desk::new(before);
    desk.acts(acts);
    desk.shows(after);
    desk.holds_the_laws();
    desk
}

#[test]
fn a_held_label_marks_what_is_selected_at_once() {
    let mut desk = check(
        &["Li said it rains. “Ha,” Li said."],
        &["Shift+c", "select it rains", "Shift+q", "select “Ha,”"],
        "Li said <c1:it rains:c1>. <q2:“Ha,”:q2>| Li said.",
    );
    // By keys, Enter takes the selection; and Escape lets go.
    desk.acts(&["caret Li", "Shift+ArrowRight", "Shift+ArrowRight", "Enter", "Escape"]);
    desk.acts(&["select said"]);
    desk.shows("<q3:Li:q3> [said|] <c1:it rains:c1>. <q2:“Ha,”:q2> Li said.");
    desk.holds_the_laws();
}

#[test]
fn a_selection_is_marked_when_its_label_is_held_and_the_same_key_lets_go() {
    let mut desk = check(
        &["It [rains|]. It pours."],
        &["Shift+d", "Shift+d", "select pours"],
        "It <d1:rains:d1>. It [pours|].",
    );
    desk.acts(&["Shift+x"]);
    assert_eq!(desk.state.held_label, None, "a key of no label holds nothing");
}

#[test]
fn what_reads_the_same_is_marked_with_the_same_values_as_one_act() {
    let mut desk =
        Desk::new(&["<c1:It rains:c1>, Li said. It rains! <c2:It rains:c2>, it rains. It rainsX"]);
    desk.acts(&["pick c1", "select Li", "s", "m"]);
    desk.shows(
        "<c1:It rains:c1>, Li| said. <c3:It rains:c3>! <c2:It rains:c2>, it rains. It rainsX",
    );
    desk.notices("1 more passage marked as Claim");
    let made = desk.state.project.as_ref().unwrap();
    let set = made.annotations(&desk.state.article.as_ref().unwrap().set).unwrap();
    let speakers = set.values().filter_map(|it| it.attributes.get(&"speaker".into()));
    let mentions = speakers.map(|it| match it {
        AttributeValue::Speakers(all) => all[0].mention.is_some(),
        other => panic!("{other:?}"),
    });
    assert_eq!(mentions.filter(|named| *named).count(), 1, "a mention is of one place only");
    desk.holds_the_laws();
    desk.acts(&["m"]);
    desk.notices("No other passage here reads the same");
    desk.acts(&["Ctrl+z", "Ctrl+z"]);
    desk.shows("|<c1:It rains:c1>, Li said. It rains! <c2:It rains:c2>, it rains. It rainsX");
}

#[test]
fn the_last_values_are_given_again() {
    let mut desk = Desk::new(&["<c1:It rains:c1>, Li said. <d2:No:d2>. <q3:“Ha”:q3>"]);
    desk.acts(&["pick c1", "select Li", "s", "i", "select said", "u", "pick d2", "v"]);
    let values = |desk: &Desk| {
        let picked = desk.state.picked().unwrap();
        picked.attributes.keys().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(values(&desk), "directness speaker", "a cue is of one place only");
    // What is there stays.
    desk.acts(&["pick q3", "i", "i", "v"]);
    let directness = desk.state.picked().unwrap().attributes.get(&"directness".into()).cloned();
    assert_eq!(directness, Some(AttributeValue::Text("indirect".to_owned())));
    desk.holds_the_laws();
}

#[test]
fn an_article_with_the_same_text_gives_its_annotations() {
    let mut desk = Desk::new(&["<c1:It rains:c1>. <q2:“Ha”:q2>", "It rains. “Ha”", "It pours."]);
    desk.acts(&["open 1", "select It rains", "c"]);
    desk.act(Action::CopyFromTwin);
    desk.shows("<c1:It rains:c1>|. <q2:“Ha”:q2>".replace("c1", "c3").replace("q2", "q4").as_str());
    desk.notices("1 annotation copied");
    desk.acts(&["open 2"]);
    desk.act(Action::CopyFromTwin);
    desk.notices("No other article has the same text");
    desk.holds_the_laws();
}

#[test]
fn w_goes_to_the_next_article_that_is_not_begun() {
    let mut desk = Desk::new(&["<c1:One:c1>", "Two", "<c2:Three:c2>", "Four"]);
    let open = |desk: &Desk| desk.state.article.as_ref().unwrap().id.to_string();
    desk.acts(&["w"]);
    assert_eq!(open(&desk), "article-1");
    desk.acts(&["w"]);
    assert_eq!(open(&desk), "article-3");
    desk.acts(&["f", "w"]);
    assert_eq!(open(&desk), "article-1", "after the last comes the first");
    desk.acts(&["f", "w"]);
    desk.notices("Every other article is begun, done or skipped");
}

#[test]
fn guidelines_stand_beside_the_text_and_are_written_as_an_act() {
    let mut desk = Desk::new(&["One."]);
    desk.acts(&["y"]);
    assert_eq!(desk.state.side, Side::Guidelines { rule: None, writing: false });
    let page = desk.state.guide.clone().unwrap();
    assert!(page.source.contains("1. "), "the default scheme has rules");
    desk.act(Action::WriteGuidelines(true));
    desk.act(Action::SetGuidelines("# Ours\n\n1. Mark all.".to_owned()));
    assert_eq!(desk.state.guide.as_ref().unwrap().blocks[0].text(), "Ours");
    desk.acts(&["Escape"]);
    assert_eq!(desk.state.side, Side::Annotations);
    desk.holds_the_laws();
    desk.act(Action::OpenGuidelines(Some(3)));
    desk.acts(&["Ctrl+z"]);
    assert_eq!(desk.state.guide.as_ref().unwrap().source, page.source, "undo shows what was");
}
