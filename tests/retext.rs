//! Changing an article's text: what lay on it is carried over by place and by words, what has no
//! place is kept, and nothing vanishes.
#![cfg(not(target_arch = "wasm32"))]

mod acts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use acts::{
    Act, Hand, NOW, acts, ada, apply, article_id, deletion, own, project_of, records, story, text,
    texts, transaction_of, with_added,
};
use avow::annotation::{
    Annotation, AnnotationId, AttributeValue, Place, Relation, Spans, SpeakerMention, Target,
    Timestamp,
};
use avow::edit::act::Counted;
use avow::edit::act::retext::{How, LOST_WORDS, Plan, give_up_unplaced, place, plan, retext};
use avow::edit::{
    Change, Commit, Direction, History, Intent, Transaction, act, merge::between, past,
};
use avow::format::native;
use avow::format::stored::{from_plain, to_plain};
use avow::project::{Group, Key, Project, Region, Sets, Value};
use avow::scheme::Extra;
use avow::text::diff::{Diff, diff};
use avow::text::marked::{Marked, parse};
use avow::text::{Span, Text, Unit};
use proptest::prelude::*;

/// One article of a marked text: `c1`, `d1` and `q1` are annotations of these labels' keys, `m1` is
/// the mention of the annotation 1 and `u1` its cue.
fn marked_project(marked: &str) -> Project {
    let marked = parse(marked).unwrap();
    let mut project = project_of(std::slice::from_ref(&marked.text));
    let id_of = |name: &str| AnnotationId::from(&name[1..]);
    let is_part = |name: &str| name.starts_with(['m', 'u']);
    for (name, spans) in marked.spans.iter().filter(|(name, _)| !is_part(name)) {
        let label = project.scheme().labels.iter().find(|label| name.starts_with(&label.key));
        let label = label.unwrap().id.clone();
        let given = id_of(name).as_str().parse::<u32>().unwrap() - 1;
        let mut ctx = Counted { now: NOW, given, ..Counted::default() };
        let spans = Spans::new(spans.iter().copied()).unwrap();
        let made = act::annotate(&project, &own(0), &label, spans, &mut ctx).1;
        project = made.apply(&project).unwrap();
    }
    for (name, spans) in marked.spans.iter().filter(|(name, _)| is_part(name)) {
        let (attribute, value) = if name.starts_with('m') {
            let mut ctx = Counted { prefix: name.clone(), ..Counted::default() };
            let (id, made) = act::add_speaker(&project, "Jo", &mut ctx);
            project = made.apply(&project).unwrap();
            let mention = SpeakerMention { id, mention: Some(spans[0]), extra: Extra::new() };
            ("speaker", AttributeValue::Speakers(vec![mention]))
        } else {
            ("cue", AttributeValue::Spans(spans.clone()))
        };
        let intent = Intent::SetCue;
        let id = id_of(name);
        let set =
            act::set_attribute(&project, &own(0), &id, &attribute.into(), Some(value), intent, NOW);
        project = set.apply(&project).unwrap();
    }
    project
}

fn annotations(project: &Project) -> Vec<Arc<Annotation>> {
    project.annotations(&own(0)).into_iter().flat_map(|set| set.values()).cloned().collect()
}

/// What [`marked_project`] reads.
fn marks(project: &Project) -> String {
    let mut spans: Vec<(String, Vec<Span>)> = Vec::new();
    for annotation in annotations(project) {
        let id = &annotation.id;
        let key = &project.scheme().label(&annotation.label).unwrap().key;
        spans.push((format!("{key}{id}"), annotation.spans.iter().collect()));
        for value in annotation.attributes.values() {
            match value {
                AttributeValue::Speakers(speakers) => {
                    let mentions = speakers.iter().filter_map(|speaker| speaker.mention);
                    spans.extend(mentions.map(|mention| (format!("m{id}"), vec![mention])));
                }
                AttributeValue::Spans(cues) => spans.push((format!("u{id}"), cues.clone())),
                _ => {}
            }
        }
    }
    let text = project.text(&article_id(0)).unwrap().clone();
    Marked { text, spans, selection: None }.to_string()
}

/// As `c1: words … words`, each.
fn unplaced(project: &Project) -> Vec<String> {
    let article = project.article(&article_id(0)).unwrap();
    let written = article.unplaced.iter().map(|it| {
        let key = &project.scheme().label(&it.label).unwrap().key;
        format!("{key}{}: {}", it.id, it.quotes.join(" … "))
    });
    written.collect()
}

/// Applies a transaction and holds the laws.
fn done(project: &Project, transaction: &Transaction, texts: &[Text]) -> Project {
    let after = apply(transaction, project, texts);
    let back = apply(&transaction.invert(), &after, texts);
    assert_eq!(records(&back), records(project), "apply then invert");
    let read: Transaction = from_plain(to_plain(transaction)).unwrap();
    assert_eq!(read, *transaction, "JSON and back");
    let file = native::write(&after).unwrap();
    let read = native::read("a.avow.json", &file).unwrap();
    assert_eq!(read.problems, []);
    assert_eq!(native::write(&read.project).unwrap(), file);
    let turn = between(project, &after, Intent::SetNote);
    assert_eq!(records(&apply(&turn, project, texts)), records(&after), "between");
    after
}

fn planned(project: &Project, new: &Text) -> Plan {
    plan(project, &article_id(0), new).unwrap()
}

/// The project with the new text, which holds the laws of [`done`].
fn changed(project: &Project, new: &str) -> Project {
    let new = Text::new(new);
    let texts = [project.text(&article_id(0)).unwrap().clone(), new.clone()];
    let plan = planned(project, &new);
    let after = done(project, &retext(project, &plan), &texts);
    let before = annotations(project).len();
    assert_eq!(before, annotations(&after).len() + plan.count(How::Unplaced), "none is lost");
    let read = native::read("a.avow.json", &native::write(&after).unwrap()).unwrap().project;
    assert_eq!(records(&read), records(&after), "native file and back");
    after
}

#[track_caller]
fn check(old: &str, new: &str, expected: &str, expected_unplaced: &[&str]) -> Project {
    let after = changed(&marked_project(old), new);
    assert_eq!(marks(&after), expected);
    assert_eq!(unplaced(&after), expected_unplaced);
    after
}

#[test]
fn what_stays_where_it_was_is_carried() {
    check(
        "Reyes said <c1:it rained:c1> on Monday.",
        "Reyes said it rained on Tuesday.",
        "Reyes said <c1:it rained:c1> on Tuesday.",
        &[],
    );
    check(
        "<c1:It rained.:c1>\n<d2:It did not.:d2>\n",
        "By our own staff\n\nIt rained.\nIt did not.\n",
        "By our own staff\n\n<c1:It rained.:c1>\n<d2:It did not.:d2>\n",
        &[],
    );
}

#[test]
fn a_typo_inside_a_span_is_put_right_in_it() {
    check(
        "He said <c1:the mayer of the town lied:c1>.",
        "He said the mayor of the town lied.",
        "He said <c1:the mayor of the town lied:c1>.",
        &[],
    );
    // At its edges too, and where a span is one word.
    check(
        "<c1:Teh mayor lyed:c1>, said <d2:Reyas:d2>.",
        "The mayor lied, said Reyes.",
        "<c1:The mayor lied:c1>, said <d2:Reyes:d2>.",
        &[],
    );
}

#[test]
fn what_comes_beside_a_span_is_not_covered() {
    check(
        "He said <c1:it rained:c1>.",
        "He then said that it rained heavily.",
        "He then said that <c1:it rained:c1> heavily.",
        &[],
    );
    check(
        "<c1:One, two:c1><d2:, three:d2>.",
        "One, two and a half, three.",
        "<c1:One, two:c1> and a half<d2:, three:d2>.",
        &[],
    );
    // What comes inside is.
    check(
        "<c1:The mayor said that it rained:c1>.",
        "The mayor of the town said that it rained.",
        "<c1:The mayor of the town said that it rained:c1>.",
        &[],
    );
    // No white space is left at an edge where words went.
    check(
        "He saw <c1:very big houses there:c1>. A <d2:house so old:d2> it was.",
        "He saw big houses there. A house so it was.",
        "He saw <c1:big houses there:c1>. A <d2:house so:d2> it was.",
        &[],
    );
}

#[test]
fn a_passage_that_went_is_kept_with_its_words() {
    let after = check(
        "One stays. <c1:The bridge is safe.:c1> <d2:Two stays.:d2>",
        "One stays. Two stays.",
        "One stays. <d2:Two stays.:d2>",
        &["c1: The bridge is safe."],
    );
    let article = after.article(&article_id(0)).unwrap();
    let kept = &article.unplaced[0];
    assert_eq!((kept.before.as_str(), kept.after.as_str()), ("One stays. ", " Two stays."));
    assert_eq!((kept.created, kept.updated), (NOW, NOW));
    assert_eq!(after.deletions().count(), 0);
}

#[test]
fn a_passage_that_says_something_else_is_not_taken_for_it() {
    check(
        "<c1:The mayor said it rained.:c1> End of it.",
        "The council denied all charges. End of it.",
        "The council denied all charges. End of it.",
        &["c1: The mayor said it rained."],
    );
    check("It <c1:rained:c1>.", "It snowed.", "It snowed.", &["c1: rained"]);
}

#[test]
fn a_paragraph_that_moved_takes_its_annotations_along() {
    check(
        "First comes this, which is long enough to stay.\n<c1:The bridge <d2:is safe:d2>.:c1>\nLast words of all.\n",
        "The bridge is safe.\nFirst comes this, which is long enough to stay.\nLast words of all.\n",
        "<c1:The bridge <d2:is safe:d2>.:c1>\nFirst comes this, which is long enough to stay.\nLast words of all.\n",
        &[],
    );
}

/// The nearest passage of the same words is another one, if it stood there before.
#[test]
fn a_repeated_headline_is_not_taken_for_the_other() {
    let old = "<c1:Bridge is safe:c1>\nThe text.\n<d2:Bridge is safe:d2>\nMore.\n";
    check(
        old,
        "The text.\nBridge is safe\nMore.\n",
        "The text.\n<d2:Bridge is safe:d2>\nMore.\n",
        &["c1: Bridge is safe"],
    );
    check(
        old,
        "Bridge is safe\nBridge is safe\nThe text.\nMore.\n",
        "<c1:Bridge is safe:c1>\n<d2:Bridge is safe:d2>\nThe text.\nMore.\n",
        &[],
    );
}

#[test]
fn words_are_not_found_inside_of_others() {
    check(
        "One. <c1:He:c1> lied. Two three four.",
        "One. Two three four. The end came.",
        "One. Two three four. The end came.",
        &["c1: He"],
    );
}

#[test]
fn a_broken_quote_goes_whole() {
    check(
        "<q1:“It rained,”:q1> Reyes said. <q1:“It did.”:q1> End.",
        "“It rained,” Reyes said. End.",
        "“It rained,” Reyes said. End.",
        &["q1: “It rained,” … “It did.”"],
    );
    check(
        "<q1:“It rained,”:q1> Reyes said. <q1:“It did.”:q1> End.",
        "“It rained,” Reyes said on Monday. “It did.” End.",
        "<q1:“It rained,”:q1> Reyes said on Monday. <q1:“It did.”:q1> End.",
        &[],
    );
}

#[test]
fn cues_and_mentions_are_carried_each_by_itself() {
    let old = "<q1:“It rained,”:q1> <m1:Reyes:m1> <u1:said:u1> at noon.";
    check(
        old,
        "At last: “It rained,” Reyes said at noon.",
        "At last: <q1:“It rained,”:q1> <m1:Reyes:m1> <u1:said:u1> at noon.",
        &[],
    );
    let after = check(
        old,
        "“It rained,” was heard at noon.",
        "<q1:“It rained,”:q1> was heard at noon.",
        &[],
    );
    let quote = &annotations(&after)[0];
    let lost = serde_json::json!([
        {"attribute": "cue", "words": "said"},
        {"attribute": "speaker", "speaker": "m11", "words": "Reyes"},
    ]);
    assert_eq!(quote.extra[LOST_WORDS], lost);
    // The speaker stays.
    assert_eq!(quote.attributes.len(), 1);
    // What is set anew is lost no more.
    let cue = Some(AttributeValue::Spans(vec![after.text(&article_id(0)).unwrap().all()]));
    let intent = Intent::SetCue;
    let set = act::set_attribute(&after, &own(0), &"1".into(), &"cue".into(), cue, intent, NOW);
    let after = set.apply(&after).unwrap();
    assert_eq!(annotations(&after)[0].extra[LOST_WORDS].as_array().unwrap().len(), 1);

    // What has no place keeps those that have one, from text to text.
    let after = check(old, "Reyes spoke at noon.", "Reyes spoke at noon.", &["q1: “It rained,”"]);
    let mention = |project: &Project| {
        let it = project.article(&article_id(0)).unwrap().unplaced[0].clone();
        match it.attributes.get(&"speaker".into()) {
            Some(AttributeValue::Speakers(speakers)) => speakers[0]
                .mention
                .map(|mention| project.text(&article_id(0)).unwrap().slice(mention).to_owned()),
            _ => None,
        }
    };
    assert_eq!(mention(&after).as_deref(), Some("Reyes"));
    let after = changed(&after, "Then Reyes spoke at noon.");
    assert_eq!(mention(&after).as_deref(), Some("Reyes"));
    let after = changed(&after, "Nobody spoke at noon.");
    assert_eq!(mention(&after), None);
    let lost = &after.article(&article_id(0)).unwrap().unplaced[0].extra[LOST_WORDS];
    assert_eq!(lost.as_array().unwrap().len(), 2);
}

#[test]
fn hostile_texts_are_carried() {
    check(
        "😀<c1:👩\u{200d}👩\u{200d}👧 e\u{301}té:c1>\0 <d2:הגשר בטוח:d2>.",
        "\u{feff}Now 😀👩\u{200d}👩\u{200d}👧 e\u{301}té\0\r\nהגשר בטוח!",
        "Now 😀<c1:👩\u{200d}👩\u{200d}👧 e\u{301}té:c1>\0\n<d2:הגשר בטוח:d2>!",
        &[],
    );
    check(
        "甲<c1:橋は安全:c1>だ。",
        "昨日、甲橋は安全だった。",
        "昨日、甲<c1:橋は安全:c1>だった。",
        &[],
    );
    check("<c1:é:c1>", "e\u{301}", "e\u{301}", &["c1: é"]);
    check("<c1:all:c1>", "", "", &["c1: all"]);
    check("a\r\n<c1:b c:c1>\r\nd", "a\rb c\rd\re", "a\n<c1:b c:c1>\nd\ne", &[]);
}

#[test]
fn regions_move_and_go() {
    let project = marked_project("Menu\nText.\nFooter");
    let mut article = (**project.article(&article_id(0)).unwrap()).clone();
    let text = project.text(&article_id(0)).unwrap();
    let region = |paragraph: usize| Region {
        span: text.paragraphs()[paragraph],
        kind: "boilerplate".into(),
        extra: Extra::new(),
    };
    article.regions = vec![region(0), region(2)];
    let project =
        act::replace_articles(&project, [article], Intent::OpenFile).apply(&project).unwrap();
    let plan = planned(&project, &Text::new("New\nMenu\nText."));
    assert_eq!(plan.lost_regions, [region(2)]);
    let after = changed(&project, "New\nMenu\nText.");
    let regions = &after.article(&article_id(0)).unwrap().regions;
    assert_eq!(regions.len(), 1);
    assert_eq!(after.text(&article_id(0)).unwrap().slice(regions[0].span), "Menu");
}

#[test]
fn a_plan_says_what_becomes_of_each() {
    let project = marked_project(
        "<c1:Kept.:c1>\n<c2:The mayer of this town lied.:c2>\n<c3:Moved along to the end.:c3>\n<c4:Gone for good.:c4>\nLast of all lines here.\n",
    );
    let new = Text::new(
        "Kept.\nThe mayor of this town lied.\nLast of all lines here.\nMoved along to the end.\n",
    );
    let plan = planned(&project, &new);
    let hows: Vec<How> = plan.carried.iter().map(|carried| carried.how).collect();
    assert_eq!(hows, [How::Stays, How::Edited, How::Found, How::Unplaced]);
    assert!(plan_of_same_text(&project));
}

fn plan_of_same_text(project: &Project) -> bool {
    let text = project.text(&article_id(0)).unwrap().clone();
    plan(project, &article_id(0), &text).is_none()
}

/// What was marked between planning and doing lies on the older text too.
#[test]
fn an_older_plan_is_made_anew() {
    let project = marked_project("One <c1:two:c1> three.");
    let new = Text::new("Zero. One two three.");
    let planned = planned(&project, &new);
    let text = project.text(&article_id(0)).unwrap();
    let three = text.as_str().find("three").unwrap() as u32;
    let span = text.span(text.pos(three).unwrap(), text.pos(three + 5).unwrap()).unwrap();
    let mut ctx = Counted { now: NOW, given: 1, ..Counted::default() };
    let spans = Spans::new([span]).unwrap();
    let (_, marked) = act::annotate(&project, &own(0), &"denial".into(), spans, &mut ctx);
    let project = marked.apply(&project).unwrap();
    let after = done(&project, &retext(&project, &planned), &[text.clone(), new]);
    assert_eq!(marks(&after), "Zero. One <c1:two:c1> <d2:three:d2>.");
}

fn here(id: &str) -> Place {
    Place { article: article_id(0), annotation: id.into() }
}

/// With a relation from the annotation 2 to 1, and both in a group.
fn related(project: &Project) -> Project {
    let relation = Relation {
        id: "r".into(),
        order: 0,
        kind: "denies".into(),
        annotator: ada(),
        from: here("2"),
        to: Some(Target::Annotation(here("1"))),
        target_text: None,
        note: String::new(),
        extra: Extra::new(),
    };
    let group = Group {
        id: "g".into(),
        order: 0,
        sentence: "So.".into(),
        members: vec![here("1"), here("2")],
        extra: Extra::new(),
    };
    let changes = [
        (Key::Relation("r".into()), Value::Relation(Arc::new(relation))),
        (Key::Group("g".into()), Value::Group(Arc::new(group))),
    ];
    let changes = changes.map(|(key, to)| Change { key, from: None, to: Some(to) });
    Transaction::new(Intent::SetNote, changes).apply(project).unwrap()
}

#[test]
fn what_is_placed_by_hand_is_what_it_was() {
    let project = related(&marked_project("<c1:It rained.:c1> <d2:It did not.:d2>"));
    let before = annotations(&project)[0].clone();
    let after = changed(&project, "Rain fell. It did not.");
    assert_eq!(unplaced(&after), ["c1: It rained."]);
    assert_eq!((after.relations().len(), after.groups()[0].members.len()), (1, 2));

    let later = Timestamp(NOW.0 + 9);
    let text = after.text(&article_id(0)).unwrap().clone();
    let spans =
        Spans::new([text.span(text.pos(0).unwrap(), text.pos(10).unwrap()).unwrap()]).unwrap();
    let placed = place(&after, &own(0), &"1".into(), spans.clone(), later);
    let again = done(&after, &placed, &[]);
    assert_eq!(marks(&again), "<c1:Rain fell.:c1> <d2:It did not.:d2>");
    assert_eq!(unplaced(&again), [""; 0]);
    assert_eq!(
        *annotations(&again)[0],
        Annotation { spans: spans.clone(), updated: later, ..(*before).clone() }
    );
    assert_eq!((again.relations().len(), again.groups()[0].members.len()), (1, 2));
    // There is no second time.
    assert!(place(&again, &own(0), &"1".into(), spans, later).is_empty());
}

#[test]
fn what_is_given_up_is_deleted_with_what_leads_to_it() {
    let project = related(&marked_project("<c1:It rained.:c1> <d2:It did not.:d2>"));
    let after = changed(&project, "Sun. It did not.");
    let given_up = give_up_unplaced(&after, &own(0), &"1".into(), deletion(&ada(), NOW));
    let after = done(&after, &given_up, &[]);
    assert_eq!(unplaced(&after), [""; 0]);
    assert_eq!((after.relations().len(), after.groups()[0].members.len()), (0, 1));
    let deleted: Vec<&Key> = after.deletions().map(|(key, _)| key).collect();
    assert_eq!(deleted, [&Key::Relation("r".into()), &Key::Annotation(own(0), "1".into())]);
    assert!(give_up_unplaced(&after, &own(0), &"1".into(), deletion(&ada(), NOW)).is_empty());
}

#[test]
fn an_article_goes_with_what_has_no_place_in_it() {
    let project = related(&marked_project("<c1:It rained.:c1> <d2:It did not.:d2>"));
    let after = changed(&project, "Sun. It did not.");
    let article = after.article(&article_id(0)).unwrap();
    let removal = act::remove_article(&after, article, deletion(&ada(), NOW));
    let gone = done(&after, &removal, &[after.text(&article_id(0)).unwrap().clone()]);
    assert_eq!((gone.article_count(), gone.relations().len()), (0, 0));
    assert_eq!(gone.groups()[0].members, []);
}

/// A history as the page keeps it.
fn committed(transaction: Transaction, nth: u64, undoes: Option<&Arc<Commit>>) -> Arc<Commit> {
    Arc::new(Commit {
        id: format!("commit-{nth}").into(),
        seq: nth,
        at: NOW,
        by: ada(),
        intent_group: format!("group-{nth}").into(),
        undoes: undoes.map(|commit| commit.id.clone()),
        transaction,
    })
}

#[test]
fn a_change_of_text_is_undone_and_made_again() {
    let project = story("One <c1:two:c1> three.");
    let old = project.text(&article_id(0)).unwrap().clone();
    let new = Text::new("One three.");
    let note = act::set_note(&project, &own(0), &"1".into(), "why", NOW);
    let noted = note.apply(&project).unwrap();
    let change = retext(&noted, &planned(&noted, &new));
    let after = apply(&change, &noted, std::slice::from_ref(&new));
    let placed = {
        let spans = Spans::new([new.all()]).unwrap();
        place(&after, &own(0), &"1".into(), spans, NOW)
    };

    let log = [committed(note, 1, None), committed(change, 2, None), committed(placed, 3, None)];
    let mut pushed = History::new(ada());
    log.iter().for_each(|commit| pushed.push(commit.clone()));
    let mut read = History::new(ada());
    read.extend_back(log.iter().rev().cloned());
    for mut history in [pushed, read] {
        // Placing is undone, then the change, and then what was done on the older text.
        assert_eq!(history.next(Direction::Undo), [log[2].clone()]);
        let what = Box::new(Intent::PlaceAnnotation);
        let back = log[2].transaction.invert().with_intent(Intent::Undo { what });
        history.push(committed(back, 4, Some(&log[2])));
        assert_eq!(history.next(Direction::Undo), [log[1].clone()]);
        let what = Box::new(Intent::ChangeText);
        let back = log[1].transaction.invert().with_intent(Intent::Undo { what });
        // After a reload the former text is not there until it is loaded again.
        let without = after.without_loaded(&article_id(0)).with_loaded(
            &article_id(0),
            new.clone(),
            Sets::new(),
        );
        assert_eq!(records(&apply(&back, &without.0, std::slice::from_ref(&old))), records(&noted));
        history.push(committed(back, 5, Some(&log[1])));
        assert_eq!(history.next(Direction::Undo), [log[0].clone()]);
        assert_eq!(history.next(Direction::Redo).len(), 1);
    }
    // A change that cannot be taken back leaves what was done on the older text as it is.
    let mut read = History::new(ada());
    read.extend_back(log.iter().rev().cloned());
    read.give_up(&log[1..2]);
    assert!(read.next(Direction::Undo).is_empty());
    let others = Commit { by: "bob".into(), ..(*log[1]).clone() };
    let log = [log[0].clone(), Arc::new(others), log[2].clone()];
    let mut pushed = History::new(ada());
    log.iter().for_each(|commit| pushed.push(commit.clone()));
    let mut read = History::new(ada());
    read.extend_back(log.iter().rev().cloned());
    for mut history in [pushed, read] {
        assert_eq!(history.next(Direction::Undo), [log[2].clone()]);
        history.give_up(&log[2..]);
        assert!(history.next(Direction::Undo).is_empty());
    }
}

/// A text without what is on it, with all that a person may do to it.
fn edited() -> impl Strategy<Value = (Text, Vec<(u32, u32)>, Text)> {
    let edit = (0..200_u32, 0..40_u32, text().prop_map(|text| text.as_str().to_owned()), 0..4_u8);
    let marks = prop::collection::vec((0..200_u32, 0..60_u32), 0..8);
    let old = prop::collection::vec(text(), 1..6);
    (old, marks, prop::collection::vec(edit, 1..4)).prop_map(|(old, marks, edits)| {
        let old: String = old.iter().map(|text| text.as_str()).collect();
        let mut new: Vec<char> = old.chars().collect();
        for (at, len, words, kind) in edits {
            let at = at as usize % (new.len() + 1);
            let end = (at + len as usize).min(new.len());
            match kind {
                0 => drop(new.splice(at..at, words.chars())),
                1 => drop(new.splice(at..end, [])),
                2 => drop(new.splice(at..end, words.chars())),
                // Moved to the front.
                _ => {
                    let moved: Vec<char> = new.splice(at..end, []).collect();
                    drop(new.splice(0..0, moved));
                }
            }
        }
        (Text::new(&old), marks, Text::new(&new.into_iter().collect::<String>()))
    })
}

/// Two pieces of a diff that hold what the text holds.
fn holds_both(diff: &Diff) -> (String, String) {
    let (mut old, mut new) = (String::new(), String::new());
    for hunk in &diff.hunks {
        let (gone, come) = (diff.old().slice(hunk.old), diff.new_text().slice(hunk.new));
        assert!(!hunk.same || gone == come, "{hunk:?}");
        assert!(hunk.same || gone != come, "{hunk:?}");
        old += gone;
        new += come;
    }
    assert!(diff.hunks.windows(2).all(|pair| pair[0].same != pair[1].same));
    (old, new)
}

proptest! {
    #[test]
    fn nothing_vanishes((old, marks, new) in edited()) {
        let mut project = project_of(std::slice::from_ref(&old));
        for (nth, (at, len)) in marks.iter().enumerate() {
            let from = old.pos_at_or_before(at % old.len().get(), Unit::Utf8);
            let to = old.pos_at_or_before((from.get() + len).min(old.len().get()), Unit::Utf8);
            let mut span = old.span(from, to).unwrap();
            if span.is_empty() {
                span = old.span(from, old.next_grapheme(from)).unwrap();
            }
            let mut ctx = Counted { now: NOW, given: nth as u32, ..Counted::default() };
            let spans = Spans::new([span]).unwrap();
            let (_, made) = act::annotate(&project, &own(0), &"claim".into(), spans, &mut ctx);
            project = made.apply(&project).unwrap();
        }
        if old == new {
            return Ok(());
        }
        let plan = planned(&project, &new);
        let after = changed(&project, new.as_str());
        let unplaced: BTreeMap<AnnotationId, Vec<String>> = {
            let article = after.article(&article_id(0)).unwrap();
            article.unplaced.iter().map(|it| (it.id.clone(), it.quotes.clone())).collect()
        };
        for carried in &plan.carried {
            let before = &carried.before;
            let words = old.slice(before.spans.first());
            match (&carried.after, carried.how) {
                (Some(after), How::Stays | How::Found) => {
                    prop_assert_eq!(new.slice(after.spans.first()), words);
                }
                (Some(after), How::Edited) => {
                    prop_assert!(new.slice(after.spans.first()) != words);
                }
                (Some(_), How::Unplaced) => prop_assert!(false),
                (None, how) => {
                    prop_assert_eq!(how, How::Unplaced);
                    prop_assert_eq!(&unplaced[&before.id], &vec![words.to_owned()]);
                }
            }
        }
    }

    #[test]
    fn random_acts_on_changing_texts_keep_the_laws(texts in texts(), acts in acts(true)) {
        let mut project = project_of(&texts);
        let texts = with_added(&texts, &acts);
        let hand = Hand::new("ada", "id", 0);
        let mut log: Vec<Transaction> = Vec::new();
        for act in &acts {
            let transaction = match act {
                Act::Step(Direction::Undo) => log.pop().map(|last| last.invert()),
                Act::Step(Direction::Redo) => None,
                act => transaction_of(&project, act, &hand).inspect(|it| log.push(it.clone())),
            };
            let Some(transaction) = transaction else { continue };
            let all = |project: &Project| {
                let unplaced = project.articles().into_iter().map(|it| it.unplaced.len());
                let placed = project.keys().into_iter();
                let placed = placed.filter(|key| matches!(key, Key::Annotation(..))).count();
                placed + unplaced.sum::<usize>()
            };
            let after = done(&project, &transaction, &texts);
            if matches!(act, Act::ChangeText { .. } | Act::Place { .. }) {
                prop_assert_eq!(all(&after), all(&project));
            }
            project = after;
        }
    }

    #[test]
    fn a_diff_holds_both_texts((old, _, new) in edited()) {
        let there = diff(&old, &new);
        let (gone, come) = holds_both(&there);
        prop_assert_eq!((gone.as_str(), come.as_str()), (old.as_str(), new.as_str()));
        let same = diff(&old, &old);
        prop_assert_eq!(same.hunks.iter().filter(|hunk| !hunk.same).count(), 0);
        prop_assert_eq!(same.carry(old.all()), Some(old.all()));
    }

    /// Words put in between move what lies around them and change nothing else.
    #[test]
    fn an_insertion_moves_what_is_behind((old, _, _) in edited(), at in 0..200_u32, ends in acts::ends()) {
        let at = old.pos_at_or_before(at % (old.len().get() + 1), Unit::Utf8);
        let (head, tail) = old.as_str().split_at(at.get() as usize);
        let new = Text::new(&format!("{head}\n\nZanzibar\n\n{tail}"));
        let span = acts::stretch(&old, ends);
        // White space alone tells no place: what is put in beside it may hold the same.
        if span.start() < at && at < span.end() || old.trim(span).is_empty() {
            return Ok(());
        }
        let carried = diff(&old, &new).carry(span);
        prop_assert_eq!(carried.map(|span| new.slice(span)), Some(old.slice(span)));
    }
}

fn noise(seed: u64, words: usize, line: usize) -> String {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut text = String::new();
    for word in 1..=words {
        let letters = 1 + next() % 7;
        text.extend((0..letters).map(|_| char::from(b'a' + (next() % 26) as u8)));
        text.push(if word % line == 0 { '\n' } else { ' ' });
    }
    text
}

/// There is no clock to end what takes long, so that nothing must.
#[test]
fn long_texts_that_have_little_in_common_are_soon_compared() {
    let letters = |seed: u64| -> String {
        noise(seed, 50_000, 1).lines().map(|word| format!("{}\n", &word[..1])).collect()
    };
    let pairs = [
        (noise(1, 50_000, 40), noise(2, 50_000, 40)),
        (noise(1, 50_000, 999_999), noise(2, 50_000, 999_999)),
        (letters(1), letters(2)),
        ("a ".repeat(200_000), "b a ".repeat(100_000)),
        ("a\n".repeat(200_000), "\na".repeat(200_000)),
        (noise(1, 50_000, 40), noise(1, 50_000, 37)),
    ];
    for (old, new) in pairs {
        let begun = Instant::now();
        holds_both(&diff(&Text::new(&old), &Text::new(&new)));
        // Comparing each with each would take hours.
        let took = begun.elapsed();
        assert!(took.as_secs() < 60, "{took:?}");
    }
}

/// Looking back ends where the text was another.
#[test]
fn the_past_of_a_text_is_its_own() {
    let project = story("One <c1:two:c1> three.");
    let new = Text::new("Zero. One two three.");
    let change = retext(&project, &planned(&project, &new));
    let after = apply(&change, &project, std::slice::from_ref(&new));
    let relabel = act::relabel(&after, &own(0), &"1".into(), &"denial".into(), NOW);
    let relabelled = relabel.apply(&after).unwrap();
    let commits = [committed(relabel, 2, None), committed(change, 1, None)];
    let back = past::before(&relabelled, &article_id(0), &commits[..1]);
    assert_eq!(marks(&back), "Zero. One <c1:two:c1> three.");
}
