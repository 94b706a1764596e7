//! Relations, groups and speakers: drawing, following, merging, each a transaction.

use avow::annotation::Target;
use avow::editor::find::{Find, Finder};
use avow::editor::speakers::{alike, likely_speaker, names_with};
use avow::editor::{Action, Dialog};

use crate::desk::Desk;

/// The relations as `from kind to`, by the words of their ends.
fn links(desk: &Desk) -> Vec<String> {
    let project = &desk.disk().project;
    let words = |article: &avow::annotation::ArticleId, id: &avow::annotation::AnnotationId| {
        let loaded = project.loaded(article).unwrap();
        let annotation = loaded.sets.values().find_map(|set| set.get(id)).unwrap();
        loaded.text.slice(annotation.spans.first()).to_owned()
    };
    let link = |it: &avow::annotation::Relation| {
        let to = match &it.to {
            Some(Target::Annotation(to)) => words(&to.article, &to.annotation),
            Some(Target::Group { group }) => {
                format!("group {:?}", project.group(group).unwrap().sentence)
            }
            None => format!("{:?}", it.target_text.as_deref().unwrap()),
        };
        format!("{} {} {to}", words(&it.from.article, &it.from.annotation), it.kind)
    };
    project.relations().into_iter().map(|it| link(it)).collect()
}

/// The groups, each as the words of its members.
fn groups(desk: &Desk) -> Vec<Vec<String>> {
    let project = &desk.disk().project;
    let words = |place: &avow::annotation::Place| {
        let loaded = project.loaded(&place.article).unwrap();
        let annotation = loaded.sets.values().find_map(|set| set.get(&place.annotation)).unwrap();
        loaded.text.slice(annotation.spans.first()).to_owned()
    };
    let groups = project.groups().into_iter();
    groups.map(|group| group.members.iter().map(words).collect()).collect()
}

const DENIED: &str =
    "<c1:The dam leaks:c1>, Li said. Roe denied <d2:that it leaks:d2>. <q3:“Ha”:q3>";

#[test]
fn a_denial_is_linked_to_its_claim_by_keys_or_by_a_click() {
    for acts in [["pick d2", "r", "k", "Enter"], ["pick d2", "r", "click The dam", "leave"]] {
        let mut desk = Desk::new(&[DENIED]);
        desk.acts(&acts);
        assert_eq!(links(&desk), ["that it leaks denies The dam leaks"]);
        assert_eq!(desk.picked(), "d2", "one is back where the link began");
        assert_eq!(desk.state.relating, None);
        desk.holds_the_laws();
        desk.acts(&["Ctrl+z"]);
        assert_eq!(links(&desk), [""; 0]);
    }
}

#[test]
fn only_what_the_scheme_allows_is_linked() {
    let mut desk = Desk::new(&[DENIED]);
    desk.acts(&["pick q3", "r"]);
    desk.notices("no relation that starts from “Quote”");
    desk.acts(&["pick c1", "r", "click that it"]);
    desk.hears("Pick one of: Claim");
    desk.acts(&["Escape"]);
    assert_eq!(desk.picked(), "c1");
    // Nor an annotation with itself, nor twice.
    desk.acts(&["pick c1", "r", "click The dam", "Escape"]);
    desk.acts(&["pick d2", "r", "click The dam", "r", "click The dam"]);
    desk.hears("linked already");
    assert_eq!(links(&desk).len(), 1);
    desk.acts(&["Escape"]);
    desk.holds_the_laws();
}

#[test]
fn the_other_end_is_found_in_another_article_or_said_in_words() {
    let mut desk = Desk::new(&["<c1:The dam leaks:c1>.", "Roe said <d2:it does not:d2>."]);
    desk.acts(&["pick c1", "open 1", "pick d2", "t"]);
    desk.act(Action::Typed("dam leaks".to_owned()));
    desk.act(Action::TakeFound);
    assert_eq!(links(&desk), ["it does not denies The dam leaks"]);
    assert_eq!(desk.picked(), "d2");
    desk.acts(&["t"]);
    desk.act(Action::Typed("the mayor lied".to_owned()));
    desk.act(Action::TakeFound);
    assert_eq!(links(&desk)[1], "it does not denies \"the mayor lied\"");
    // There and back.
    desk.acts(&["g"]);
    assert_eq!(desk.picked(), "c1");
    desk.acts(&["Shift+g"]);
    assert_eq!(desk.picked(), "d2");
    desk.holds_the_laws();
}

#[test]
fn where_much_fits_the_words_themselves_are_offered_too() {
    let claims: Vec<String> = (1..=30).map(|id| format!("<c{id}:It rains:c{id}>.")).collect();
    let mut desk = Desk::new(&[&format!("{} <d31:No:d31>.", claims.join(" "))]);
    desk.acts(&["pick d31", "t"]);
    desk.act(Action::Typed("it rains".to_owned()));
    let Some(Dialog::Find(now)) = &desk.state.dialog else { panic!("no finder") };
    let rows = &now.rows;
    assert!(rows.more);
    let kinds: Vec<_> = rows.shown.iter().map(|it| it.kind).collect();
    assert_eq!(kinds[..19], ["In this article"; 19]);
    assert_eq!(kinds[19..], ["In words"]);
    desk.act(Action::NextFound { back: true });
    desk.act(Action::TakeFound);
    assert_eq!(links(&desk), ["No denies \"it rains\""]);
    desk.holds_the_laws();
}

#[test]
fn deleting_an_annotation_takes_its_links_and_undo_brings_them_back() {
    let mut desk = Desk::new(&[DENIED]);
    desk.acts(&["pick d2", "r", "click The dam", "pick c1", "x"]);
    assert_eq!(links(&desk), [""; 0]);
    desk.acts(&["Ctrl+z"]);
    assert_eq!(links(&desk), ["that it leaks denies The dam leaks"]);
    let relation = desk.disk().project.relations()[0].id.clone();
    desk.act(Action::Unrelate(relation));
    assert_eq!(links(&desk), [""; 0]);
    desk.holds_the_laws();
}

#[test]
fn claims_that_repeat_one_another_come_into_one_group() {
    let mut desk = Desk::new(&[
        "<c1:The dam leaks:c1>. <c2:It drips:c2>. <d5:No:d5>",
        "<c3:Water comes out:c3>. <c4:Rain fell:c4>.",
    ]);
    desk.acts(&["pick c2", "r", "click The dam"]);
    assert_eq!(groups(&desk), [["The dam leaks", "It drips"]]);
    desk.acts(&["pick c1", "open 1", "pick c3", "t"]);
    desk.act(Action::Typed("dam".to_owned()));
    desk.act(Action::TakeFound);
    assert_eq!(groups(&desk), [["The dam leaks", "It drips", "Water comes out"]]);
    let group = desk.disk().project.groups()[0].id.clone();
    desk.act(Action::SetSentence(group.clone(), "The dam".to_owned()));
    desk.act(Action::SetSentence(group.clone(), "The dam leaks water.".to_owned()));
    desk.acts(&["leave"]);
    // A denial may deny the group.
    desk.acts(&["open 0", "pick d5", "t"]);
    desk.act(Action::Typed("leaks water".to_owned()));
    desk.act(Action::TakeFound);
    assert_eq!(links(&desk).last().unwrap(), "No denies group \"The dam leaks water.\"");
    // Split, and merged again: what leads to the group that goes leads to the other.
    let members = desk.disk().project.groups()[0].members[2..].to_vec();
    desk.act(Action::SplitGroup(group.clone(), members));
    assert_eq!(groups(&desk).len(), 2);
    let other = desk.disk().project.groups()[1].id.clone();
    desk.act(Action::MergeGroups { into: other.clone(), from: group });
    assert_eq!(groups(&desk), [["Water comes out", "The dam leaks", "It drips"]]);
    assert_eq!(links(&desk).last().unwrap(), "No denies group \"The dam leaks water.\"");
    desk.holds_the_laws();
    desk.act(Action::DeleteGroup(other));
    assert_eq!((groups(&desk).len(), links(&desk).len()), (0, 2));
    desk.holds_the_laws();
}

/// The names of the speakers, and what each annotation of the open article says of them.
fn speakers(desk: &Desk) -> Vec<String> {
    let project = &desk.disk().project;
    let names = project.speakers().into_iter();
    names.map(|it| format!("{} ({})", it.name, it.aliases.join(", "))).collect()
}

#[test]
fn a_field_offers_the_first_names_that_have_what_is_typed() {
    let mut desk = Desk::new(&["<c1:It rains:c1>, Reyes said."]);
    desk.acts(&["pick c1", "name Jo Reyes", "name Mia Lund"]);
    let many: Vec<String> = (0..60).map(|at| format!("name Keeper {at}")).collect();
    desk.acts(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let offered = |typed| names_with(&desk.disk().project, typed);
    assert_eq!(offered(" reY"), ["Jo Reyes"]);
    assert_eq!(offered("u"), ["Mia Lund"]);
    assert_eq!(offered("nobody"), [""; 0]);
    assert_eq!((offered("").len(), offered("keeper").len()), (50, 50));
    assert_eq!(offered("")[..3], ["Jo Reyes", "Mia Lund", "Keeper 0"]);
}

#[test]
fn two_speakers_become_one_in_all_articles_and_undo_takes_that_back_at_once() {
    let mut desk =
        Desk::new(&["<c1:It rains:c1>, Reyes said.", "<c2:It pours:c2>, Jo Reyes said."]);
    desk.acts(&[
        "pick c1",
        "name Reyes",
        "open 1",
        "pick c2",
        "name Jo Reyes",
        "note loud",
        "leave",
    ]);
    let ids: Vec<_> = desk.disk().project.speakers().iter().map(|it| it.id.clone()).collect();
    assert_eq!(alike(&desk.disk().project), [(ids[0].clone(), ids[1].clone())]);
    desk.act(Action::MergeSpeakers { into: ids[1].clone(), from: ids[0].clone() });
    assert_eq!(speakers(&desk), ["Jo Reyes (Reyes)"]);
    desk.notices("Speakers merged, 1 annotation changed");
    desk.holds_the_laws();
    desk.acts(&["Ctrl+z"]);
    assert_eq!(speakers(&desk), ["Reyes ()", "Jo Reyes ()"]);
    desk.acts(&["Ctrl+y"]);
    assert_eq!(speakers(&desk), ["Jo Reyes (Reyes)"]);
    assert_eq!(likely_speaker(&desk.disk().project, "REYES"), Some(ids[1].clone()));
    desk.act(Action::DeleteSpeaker(ids[1].clone()));
    desk.notices("Not all annotations are counted yet");
    desk.act(Action::OpenSpeakers);
    desk.act(Action::DeleteSpeaker(ids[1].clone()));
    desk.notices("2 annotations point to this speaker");
    assert_eq!(desk.state.uses.by_speaker.get(&ids[1]), Some(&2));
    for act in [Action::Undo, Action::Undo, Action::Redo, Action::Redo] {
        desk.act(act);
        desk.counts_speakers();
    }
    desk.holds_the_laws();
}

#[test]
fn an_alias_becomes_a_speaker_with_what_it_names() {
    let mut desk = Desk::new(&["<c1:It rains:c1>, Li said. <c2:It pours:c2>, Lim said."]);
    desk.acts(&["pick c1", "select Li", "s", "pick c2", "select Lim", "s"]);
    let ids: Vec<_> = desk.disk().project.speakers().iter().map(|it| it.id.clone()).collect();
    desk.act(Action::MergeSpeakers { into: ids[0].clone(), from: ids[1].clone() });
    assert_eq!(speakers(&desk), ["Li (Lim)"]);
    desk.act(Action::SplitSpeaker(ids[0].clone(), "Lim".to_owned()));
    assert_eq!(speakers(&desk), ["Li ()", "Lim ()"]);
    desk.act(Action::OpenSpeakers);
    let uses = &desk.state.uses.by_speaker;
    assert_eq!(uses.values().copied().collect::<Vec<_>>(), [1, 1]);
    desk.holds_the_laws();
    desk.act(Action::RenameSpeaker(ids[0].clone(), "Lim".to_owned()));
    desk.notices("“Lim” is another speaker");
    desk.act(Action::SetAliases(ids[0].clone(), "Li, the mayor, , the mayor".to_owned()));
    desk.act(Action::RenameSpeaker(ids[0].clone(), " the mayor ".to_owned()));
    assert_eq!(speakers(&desk), ["the mayor (Li)", "Lim ()"]);
    desk.holds_the_laws();
}

#[test]
fn a_sweep_over_many_articles_can_be_stopped_and_taken_back() {
    let texts: Vec<String> =
        (1..=120).map(|id| format!("<c{id}:It rains:c{id}>, Reyes said.")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut desk = Desk::new(&texts);
    for id in 1..=120 {
        desk.acts(&[&format!("open {}", id - 1), &format!("pick c{id}"), "name Reyes"]);
    }
    desk.acts(&["open 0", "pick c1", "name Jo Reyes"]);
    let ids: Vec<_> = desk.disk().project.speakers().iter().map(|it| it.id.clone()).collect();
    let commits = desk.disk().commits.len();
    desk.act(Action::MergeSpeakers { into: ids[1].clone(), from: ids[0].clone() });
    assert_eq!(speakers(&desk), ["Jo Reyes (Reyes)"]);
    assert_eq!(desk.disk().commits.len() - commits, 5, "the names, three times 50, the speaker");
    let loaded = desk.state.project.as_ref().unwrap().loaded_articles().count();
    assert!(loaded < 70, "{loaded} articles are in memory at once");
    desk.acts(&["Ctrl+z"]);
    assert_eq!(speakers(&desk), ["Reyes ()", "Jo Reyes ()"]);
}

#[test]
fn the_palette_finds_what_can_be_done_and_gone_to() {
    let mut desk = Desk::new(&["<c1:It rains:c1>.", "Nothing."]);
    let rows = |desk: &Desk| {
        let Some(Dialog::Find(now)) = &desk.state.dialog else { panic!("no palette") };
        now.rows.shown.iter().map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    desk.acts(&["Ctrl+k"]);
    desk.act(Action::Typed("rtic 1".to_owned()));
    assert_eq!(rows(&desk), ["Article 1"]);
    desk.act(Action::Typed("mark cl".to_owned()));
    assert_eq!(rows(&desk)[0], "Mark as Claim");
    desk.act(Action::Typed("article".to_owned()));
    assert_eq!(rows(&desk)[..3], ["Article done, or not", "Article 0", "Article 1"]);
    desk.act(Action::NextFound { back: true });
    desk.act(Action::NextFound { back: false });
    desk.act(Action::NextFound { back: false });
    desk.act(Action::NextFound { back: false });
    desk.act(Action::TakeFound);
    assert_eq!(desk.state.article.as_ref().unwrap().id.as_str(), "article-1");
    assert!(desk.state.dialog.is_none());
}

#[test]
fn what_is_found_letter_by_letter_is_what_is_found_at_once() {
    let bodies: Vec<String> = (0..120).map(|at| format!("Text {at}.")).collect();
    let mut desk = Desk::new(&bodies.iter().map(String::as_str).collect::<Vec<_>>());
    let shown = |find: &Find| {
        let rows = find.rows.shown.iter();
        (rows.map(|it| (it.kind, it.name.clone())).collect::<Vec<_>>(), find.rows.more)
    };
    let holds = |desk: &Desk, find: &Find| {
        let empty = Find::new(Finder::Anything, &desk.state);
        let at_once = empty.retyped(find.typed.clone(), &desk.state);
        assert_eq!(shown(find), shown(&at_once), "{:?}", find.typed);
    };
    for words in ["article 11", "1 ARTICLE", "rtic 9", "e 1", "next", "ΑΣ ΑΣΑ", "no such"] {
        let mut find = Find::new(Finder::Anything, &desk.state);
        let typed = (1..=words.len()).filter(|end| words.is_char_boundary(*end));
        for typed in typed.map(|end| &words[..end]) {
            find = find.retyped(typed.to_owned(), &desk.state);
            holds(&desk, &find);
        }
        // Other words are no longer ones.
        find = find.retyped(words.chars().skip(1).collect(), &desk.state);
        holds(&desk, &find);
    }
    // What did not fit was found among other articles.
    let before = Find::new(Finder::Anything, &desk.state).retyped("a new".to_owned(), &desk.state);
    let (title, text) = ("A new one".to_owned(), "It rains.".to_owned());
    desk.act(Action::Paste { title, text });
    let after = before.retyped("a new o".to_owned(), &desk.state);
    assert_eq!(shown(&after).0[0], ("Articles", "A new one".to_owned()));
}

#[test]
fn a_near_spelling_is_asked_about_and_a_pronoun_means_the_last_speaker() {
    let mut desk = Desk::new(&[
        "<c1:It rains:c1>, Jo Reyes said. <c2:It pours:c2>, she said. <c3:Wet:c3>, Reyes said.",
    ]);
    desk.acts(&["pick c1", "select Jo Reyes", "s", "pick c2", "select she", "s"]);
    assert_eq!(speakers(&desk), ["Jo Reyes ()"], "she is no speaker of her own");
    desk.acts(&["pick c3"]);
    let pos = desk.state.article.as_ref().unwrap().text.as_str().rfind("Reyes").unwrap() as u32;
    let pos = desk.state.article.as_ref().unwrap().text.pos(pos + 2).unwrap();
    desk.act(Action::NameAt(pos));
    assert_eq!(speakers(&desk), ["Jo Reyes ()", "Reyes ()"], "never merged by themselves");
    let offer = desk.notices("Is “Reyes” the same speaker as “Jo Reyes”?").offer.clone();
    desk.act(offer.unwrap().action());
    assert_eq!(speakers(&desk), ["Jo Reyes (Reyes)"]);
    desk.holds_the_laws();
}
