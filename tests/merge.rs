//! Merging, and restoring from a file. Whichever of two copies is merged into the other, the same
//! comes of it, merging again changes nothing, and nothing is dropped in silence.
#![cfg(not(target_arch = "wasm32"))]

mod acts;

use std::collections::BTreeSet;
use std::sync::Arc;

use acts::{
    Act, Hand, NOW, ada, add_group, apply, article, article_id, deletion, empty_project, own,
    project_of, records, story, texts, transaction_of, with_added,
};
use avow::annotation::{AnnotationId, AnnotatorId, ArticleId, Place, Status, Target, Timestamp};
use avow::edit::act::retext;
use avow::edit::merge::{
    Decisions, Difference, Done, Merge, Parted, Rule, Side, Why, longer_times, merge, needed,
    restore, with_texts,
};
use avow::edit::{Change, Direction, Intent, Transaction, act};
use avow::format::native;
use avow::project::{Entry, Group, Key, Owner, Project, SetKey, Value};
use avow::scheme::Extra;
use avow::text::Text;
use avow::text::marked::Marked;
use proptest::prelude::*;

const RULES: [Rule; 3] = [Rule::Newest, Rule::Mine, Rule::Theirs];

/// What merging does by a rule.
fn by(rule: Rule, mine: &Project, theirs: &Project) -> Merge {
    let merge = merge(mine, theirs, "theirs.avow.json", &Decisions::by(rule)).unwrap();
    is_the_same_in_parts(rule, mine, theirs, &merge);
    merge
}

fn merged_by(rule: Rule, mine: &Project, theirs: &Project) -> Project {
    done(mine, theirs, &by(rule, mine, theirs))
}

fn done(mine: &Project, theirs: &Project, merge: &Merge) -> Project {
    let ready = with_texts(mine, &merge.transaction, theirs);
    merge.transaction.apply(&ready).unwrap()
}

/// The same article by article, and the names of what differs.
fn parted(rule: Rule, mine: &Project, theirs: &Project) -> (Project, Vec<String>) {
    let decisions = Decisions::by(rule);
    let parted = Parted::new(mine, theirs, &decisions);
    let (mut done, mut entries, mut names) = (Done::default(), Vec::new(), Vec::new());
    for ids in parted.parts() {
        let given = |project: &Project| -> Vec<Entry> {
            project.entries().filter(|it| ids.contains(&it.article.id)).collect()
        };
        let part = parted.part(&ids, given(mine), given(theirs)).unwrap();
        entries.extend(part.merged.entries());
        names.extend(part.differing.clone());
        done.add(part);
    }
    let (project, differing) = parted.finish(done).unwrap();
    names.extend(differing);
    (project.with_entries_loaded(entries), names)
}

/// Whether articles are at hand together or one after the other, the same comes of it.
#[track_caller]
fn is_the_same_in_parts(rule: Rule, mine: &Project, theirs: &Project, merge: &Merge) {
    let mut whole = done(mine, theirs, merge);
    for (set, seconds) in longer_times(&whole, theirs) {
        whole = whole.with_seconds(&set, seconds);
    }
    let (parts, mut names) = parted(rule, mine, theirs);
    let mut differing: Vec<_> = merge.differences.iter().map(|it| it.name.clone()).collect();
    differing.sort();
    names.sort();
    assert_eq!(names, differing);
    assert_eq!(records(&parts), records(&whole));
    assert_eq!(bytes(&parts), bytes(&whole));
}

fn merged(mine: &Project, theirs: &Project) -> Project {
    merged_by(Rule::Newest, mine, theirs)
}

fn bytes(project: &Project) -> String {
    native::write(project).unwrap()
}

/// As it comes back from its file.
fn reopened(project: &Project) -> Project {
    native::read("a.avow.json", &bytes(project)).unwrap().project
}

fn later(seconds: u64) -> Timestamp {
    Timestamp(NOW.0 + seconds)
}

fn relabelled(project: &Project, id: &str, label: &str, at: u64) -> Project {
    let relabel = act::relabel(project, &own(0), &id.into(), &label.into(), later(at));
    relabel.apply(project).unwrap()
}

fn deleted(project: &Project, id: &str, at: u64) -> Project {
    let gone = deletion(&ada(), later(at));
    act::delete(project, &own(0), &id.into(), gone).apply(project).unwrap()
}

fn removed(project: &Project, at: u64) -> Project {
    let article = project.article(&article_id(0)).unwrap();
    act::remove_article(project, article, deletion(&ada(), later(at))).apply(project).unwrap()
}

fn place(id: &str) -> Place {
    Place { article: article_id(0), annotation: id.into() }
}

fn put(project: &Project, key: Key, value: Value) -> Project {
    let change = Change { from: project.value(&key).unwrap(), key, to: Some(value) };
    Transaction::new(Intent::SetNote, [change]).apply(project).unwrap()
}

fn related(project: &Project, id: &str, from: &str, to: Target) -> Project {
    let key = Key::Relation(id.into());
    let relation = avow::annotation::Relation {
        id: id.into(),
        order: project.next_order(&key),
        kind: "denies".into(),
        annotator: ada(),
        from: place(from),
        to: Some(to),
        target_text: None,
        note: String::new(),
        extra: Extra::new(),
    };
    put(project, key, Value::Relation(Arc::new(relation)))
}

/// The marks on an article.
fn marks(project: &Project, article: &ArticleId) -> String {
    let Some(text) = project.text(article) else { return "none".to_owned() };
    let mut spans = Vec::new();
    let set = act::own_set(article, &ada());
    for annotation in project.annotations(&set).into_iter().flat_map(|set| set.values()) {
        let key = &project.scheme().label(&annotation.label).unwrap().key;
        spans.push((format!("{key}{}", annotation.id), annotation.spans.iter().collect()));
    }
    Marked { text: text.clone(), spans, selection: None }.to_string()
}

/// The one difference that there is.
#[track_caller]
fn only(merge: &Merge) -> &Difference {
    assert_eq!(merge.differences.len(), 1, "{:?}", merge.differences);
    &merge.differences[0]
}

/// Both ways give the same, and that is given back.
#[track_caller]
fn both_ways(a: &Project, b: &Project) -> Project {
    let result = merged(a, b);
    assert_eq!(bytes(&result), bytes(&merged(b, a)));
    result
}

#[test]
fn what_only_one_has_comes() {
    let base = story("one <c1:two:c1> three");
    let other = story("one <c1:two:c1> <d2:three:d2>");
    let found = by(Rule::Newest, &base, &other);
    assert_eq!(found.summary.comes.tally.to_string(), "1 annotation");
    assert_eq!(found.summary.comes.names, ["Denial: three"]);
    assert!(found.differences.is_empty() && found.notes.is_empty());
    assert_eq!(marks(&both_ways(&base, &other), &article_id(0)), "one <c1:two:c1> <d2:three:d2>");
}

#[test]
fn an_article_comes_with_its_text() {
    let theirs = story("one <c1:two:c1>");
    let found = by(Rule::Newest, &empty_project(), &theirs);
    assert_eq!(found.summary.comes.tally.to_string(), "1 article, 1 annotation, 1 status");
    assert_eq!(records(&done(&empty_project(), &theirs, &found)), records(&theirs));
}

#[test]
fn what_one_deleted_goes_and_is_listed() {
    let base = story("one <c1:two:c1> <d2:three:d2>");
    let mine = deleted(&base, "1", 9);
    let found = by(Rule::Newest, &base, &mine);
    let difference = only(&found);
    assert_eq!((difference.name.as_str(), difference.newest), ("Claim: two", Side::Theirs));
    assert_eq!(difference.mine[1].value, "two");
    assert_eq!(difference.theirs[0].value, "2026-01-02 02:54:14 UTC by an unnamed annotator");
    assert_eq!(marks(&both_ways(&base, &mine), &article_id(0)), "one two <d2:three:d2>");

    // What was changed after it was deleted elsewhere stays, and is no longer called deleted.
    let changed = relabelled(&base, "1", "quote", 10);
    let result = both_ways(&changed, &mine);
    assert_eq!(marks(&result, &article_id(0)), "one <q1:two:q1> <d2:three:d2>");
    assert_eq!(result.deletions().count(), 0);

    let by_hand = |side| {
        let mut decisions = Decisions::default();
        decisions.decide(only(&found).key.clone(), side);
        let found = merge(&base, &mine, "", &decisions).unwrap();
        marks(&done(&base, &mine, &found), &article_id(0))
    };
    assert_eq!(by_hand(Side::Mine), "one <c1:two:c1> <d2:three:d2>");
    assert_eq!(by_hand(Side::Theirs), "one two <d2:three:d2>");
}

#[test]
fn what_both_changed_is_decided() {
    let base = story("one <c1:two:c1>");
    let (mine, theirs) = (relabelled(&base, "1", "quote", 5), relabelled(&base, "1", "denial", 7));
    let found = by(Rule::Newest, &mine, &theirs);
    let value = |facts: &[avow::edit::merge::Fact], name: &str| {
        facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.clone()).unwrap()
    };
    let difference = only(&found);
    assert_eq!(difference.newest, Side::Theirs);
    assert_eq!(value(&difference.mine, "Label"), "Quote");
    assert_eq!(value(&difference.theirs, "Label"), "Denial");
    assert_eq!(value(&difference.theirs, "Words"), "two");
    assert_eq!(marks(&both_ways(&mine, &theirs), &article_id(0)), "one <d1:two:d1>");
    for (rule, expected) in [(Rule::Mine, "one <q1:two:q1>"), (Rule::Theirs, "one <d1:two:d1>")] {
        assert_eq!(marks(&merged_by(rule, &mine, &theirs), &article_id(0)), expected);
    }
    let mut decisions = Decisions::by(Rule::Theirs);
    decisions.decide(difference.key.clone(), Side::Mine);
    let found = merge(&mine, &theirs, "", &decisions).unwrap();
    assert_eq!(marks(&done(&mine, &theirs, &found), &article_id(0)), "one <q1:two:q1>");
}

#[test]
fn an_article_that_one_removed_stays_if_it_was_worked_on_since() {
    let base = story("one <c1:two:c1>");
    let gone = removed(&base, 9);
    let found = by(Rule::Newest, &base, &gone);
    assert_eq!(only(&found).newest, Side::Theirs);
    assert_eq!(both_ways(&base, &gone).article_count(), 0);
    let found = by(Rule::Newest, &gone, &base);
    assert_eq!(only(&found).newest, Side::Mine);
    assert!(found.transaction.is_empty() && found.summary.is_empty());

    let worked = relabelled(&base, "1", "quote", 10);
    let result = both_ways(&worked, &gone);
    assert_eq!(marks(&result, &article_id(0)), "one <q1:two:q1>");
    assert!(!act::was_removed(&result, &article_id(0)));
}

#[test]
fn a_removal_of_an_older_version_is_remembered() {
    let project = story("one <c1:two:c1>");
    let mut meta = (**empty_project().meta()).clone();
    meta.extra.insert("removed_articles".into(), serde_json::json!(["article-0", 7]));
    let old = empty_project().with_meta(meta);
    assert!(act::was_removed(&old, &article_id(0)));
    let read = reopened(&old);
    assert!(act::was_removed(&read, &article_id(0)) && read.meta().extra.is_empty());
    assert_eq!(read.deletions().count(), 1);
    // What was done on the article since the project was made is later than that.
    assert_eq!(only(&by(Rule::Newest, &old, &project)).newest, Side::Mine);
    let merged = merged(&old, &project);
    assert!(act::was_removed(&merged, &article_id(0)) && merged.meta().extra.is_empty());
    assert_eq!(bytes(&merged), bytes(&both_ways(&read, &project)));
}

#[test]
fn an_article_of_another_text_is_kept_beside() {
    let (a, b) = (story("<c1:one:c1> two"), story("<d2:one:d2> <c3:three:c3>"));
    let a = related(&a, "r", "1", Target::Annotation(place("1")));
    let b = add_group(&b, "g", vec![place("2"), place("3")]).apply(&b).unwrap();
    let b = deleted(&b, "3", 4);
    let greater = |project: &Project| project.article(&article_id(0)).unwrap().text.clone();
    let b_moves = greater(&b) > greater(&a);
    let id = format!("article-0~{}", &greater(if b_moves { &b } else { &a }).to_string()[..8]);
    let moved = ArticleId::from(id);
    let result = both_ways(&a, &b);
    let (of_a, of_b) =
        if b_moves { (article_id(0), moved.clone()) } else { (moved.clone(), article_id(0)) };
    assert_eq!(marks(&result, &of_a), "<c1:one:c1> two");
    assert_eq!(marks(&result, &of_b), "<d2:one:d2> three");
    assert_eq!(result.relations()[0].from.article, of_a);
    assert_eq!(result.groups()[0].members[0].article, of_b);
    for (mine, theirs, side) in [(&a, &b, b_moves), (&b, &a, !b_moves)] {
        let side = if side { Side::Theirs } else { Side::Mine };
        let found = by(Rule::Newest, mine, theirs);
        assert_eq!(found.notes[0].why, Why::OtherText(side));
        assert!(found.differences.is_empty());
        let back = found.transaction.invert().apply(&done(mine, theirs, &found)).unwrap();
        assert_eq!(records(&back), records(mine));
        assert!(by(Rule::Newest, &result, theirs).transaction.is_empty());
    }
}

/// With another text, and what lay on the older one carried over.
fn retexted(project: &Project, new: &str) -> Project {
    let new = Text::new(new);
    let plan = retext::plan(project, &article_id(0), &new).unwrap();
    apply(&retext::retext(project, &plan), project, &[new])
}

fn unplaced(project: &Project) -> Vec<String> {
    let unplaced = project.article(&article_id(0)).unwrap().unplaced.iter();
    unplaced.map(|it| format!("{}: {}", it.id, it.quotes.join(" … "))).collect()
}

#[test]
fn a_text_that_one_changed_stands_for_both() {
    let base = story("Well, one <c1:two:c1> three.");
    let newer = retexted(&base, "One, one two three four.");
    let worked = relabelled(&base, "1", "denial", 5);
    let ctx = &mut act::Counted { now: NOW, prefix: "b".into(), ..Default::default() };
    let three = worked.text(&article_id(0)).unwrap().as_str().find("three").unwrap() as u32;
    let text = worked.text(&article_id(0)).unwrap();
    let span = text.span(text.pos(three).unwrap(), text.pos(three + 5).unwrap()).unwrap();
    let spans = avow::annotation::Spans::new([span]).unwrap();
    let marked = act::annotate(&worked, &own(0), &"quote".into(), spans, ctx).1;
    let worked = marked.apply(&worked).unwrap();
    let result = both_ways(&newer, &worked);
    assert_eq!(marks(&result, &article_id(0)), "One, one <d1:two:d1> <qb1:three:qb1> four.");
    assert_eq!(result.article_count(), 1);
    for (mine, theirs, side) in [(&newer, &worked, Side::Mine), (&worked, &newer, Side::Theirs)] {
        let found = by(Rule::Newest, mine, theirs);
        assert_eq!(found.notes[0].why, Why::LaterText(side));
        let back = found.transaction.invert();
        let texts = [mine, theirs].map(|it| it.text(&article_id(0)).unwrap().clone());
        assert_eq!(records(&apply(&back, &done(mine, theirs, &found), &texts)), records(mine));
    }

    // Where both changed it, one stands, the same whoever asks.
    let other = retexted(&worked, "Well, one two three. And four.");
    let result = both_ways(&newer, &other);
    assert_eq!(result.article_count(), 1);
    assert_eq!(annotations(&result).len(), 2);
    // The text after more changes is the later one.
    let twice = retexted(&retexted(&base, "Now one two three."), "Now one two three!");
    assert_eq!(
        marks(&both_ways(&twice, &other), &article_id(0)),
        "Now one <d1:two:d1> <qb1:three:qb1>!"
    );
}

#[test]
fn what_has_no_place_comes_together_as_annotations_do() {
    let base = story("<c1:one:c1> <d2:two:d2> <q3:three:q3> end");
    let base = related(&base, "r", "2", Target::Annotation(place("1")));
    let base = retexted(&base, "all is new at the end");
    assert_eq!(unplaced(&base), ["1: one", "2: two", "3: three"]);

    // What one placed has a place.
    let text = base.text(&article_id(0)).unwrap();
    let spans = avow::annotation::Spans::new([text.all()]).unwrap();
    let placed = retext::place(&base, &own(0), &"1".into(), spans, later(1)).apply(&base).unwrap();
    let result = both_ways(&base, &placed);
    assert_eq!(marks(&result, &article_id(0)), "<c1:all is new at the end:c1>");
    assert_eq!(unplaced(&result), ["2: two", "3: three"]);
    assert!(by(Rule::Newest, &base, &placed).differences.is_empty());
    assert_eq!(result.relations().len(), 1);

    // What one gave up is listed, and goes with what leads to it.
    let gone = deletion(&ada(), later(2));
    let given_up =
        retext::give_up_unplaced(&base, &own(0), &"2".into(), gone).apply(&base).unwrap();
    let found = by(Rule::Newest, &base, &given_up);
    let listed: Vec<&str> = found.differences.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(listed, ["“two” denies “one”", "Denial: two"]);
    assert_eq!(found.differences[1].newest, Side::Theirs);
    let result = both_ways(&placed, &given_up);
    assert_eq!(unplaced(&result), ["3: three"]);
    assert!(result.relations().is_empty());
    let kept = merged_by(Rule::Mine, &base, &given_up);
    assert_eq!((unplaced(&kept).len(), kept.relations().len()), (3, 1));
    assert_eq!(kept.deletions().count(), 0);

    // Placed by one and given up by the other.
    let gone = deletion(&ada(), later(2));
    let given_up =
        retext::give_up_unplaced(&base, &own(0), &"1".into(), gone).apply(&base).unwrap();
    let found = by(Rule::Newest, &placed, &given_up);
    assert!(found.differences.iter().all(|it| it.newest == Side::Theirs));
    assert_eq!(found.differences[1].name, "Claim: all is new at the end");
    assert_eq!(marks(&both_ways(&placed, &given_up), &article_id(0)), "all is new at the end");
}

#[test]
fn a_text_that_is_not_in_the_file_takes_nothing_away() {
    let project = story("one <c1:two:c1>");
    let without = project.without_loaded(&article_id(0));
    let found = by(Rule::Newest, &project, &without);
    assert!(found.transaction.is_empty());
    assert_eq!(found.notes[0].why, Why::NoText);
    let found = by(Rule::Newest, &empty_project(), &without);
    assert!(found.transaction.is_empty());
    assert_eq!((found.notes[0].name.as_str(), found.notes[0].why), ("Article 0", Why::NoText));
    let restored = restore(&project, &without, "").unwrap();
    assert!(restored.transaction.is_empty() && restored.notes[0].why == Why::NoText);
}

#[test]
fn a_relation_goes_with_what_it_leads_to() {
    let base = story("<c1:one:c1> <d2:two:d2>");
    let mine = deleted(&base, "1", 9);
    let theirs = related(&base, "r", "2", Target::Annotation(place("1")));
    let theirs = add_group(&theirs, "g", vec![place("1"), place("2")]).apply(&theirs).unwrap();
    let result = both_ways(&mine, &theirs);
    assert!(result.relations().is_empty());
    assert_eq!(result.groups()[0].members, [place("2")]);
    let found = by(Rule::Newest, &mine, &theirs);
    assert_eq!(found.notes.len(), 1);
    assert_eq!(
        (found.notes[0].name.as_str(), found.notes[0].why),
        ("“two” denies “one”", Why::LostEnd)
    );
    let kept = merged_by(Rule::Theirs, &mine, &theirs);
    assert_eq!((kept.relations().len(), kept.groups()[0].members.len()), (1, 2));
}

#[test]
fn a_set_moves_to_the_further_status() {
    let project = story("one");
    let with = |status, seconds| {
        let status = act::set_status(&project, &own(0), status).apply(&project).unwrap();
        status.with_seconds(&own(0), seconds)
    };
    let order = [Status::Todo, Status::Doing, Status::Skipped, Status::Done];
    for (at, less) in order.into_iter().enumerate() {
        for more in &order[at..] {
            let (longer, shorter) = (with(less, 7), with(*more, 3));
            let merges = [(&longer, &shorter), (&shorter, &longer)];
            let times = merges.map(|(mine, theirs)| {
                let result = merged(mine, theirs);
                assert_eq!(result.set(&own(0)).unwrap().status(), *more);
                let longer = longer_times(&result, theirs).into_iter();
                let timed =
                    longer.fold(result, |it, (set, seconds)| it.with_seconds(&set, seconds));
                assert_eq!(longer_times(&timed, theirs), []);
                bytes(&timed)
            });
            assert_eq!(times[0], times[1]);
            assert!(times[0].contains("\"seconds\": 7"));
        }
    }
}

#[test]
fn people_and_groups_come_together() {
    let speaker = |name: &str, aliases: &[&str]| {
        let project = story("<c1:one:c1> <c2:two:c2>");
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let name = name.to_owned();
        let speaker =
            avow::project::Speaker { id: "s".into(), order: 0, name, aliases, extra: Extra::new() };
        put(&project, Key::Speaker("s".into()), Value::Speaker(Arc::new(speaker)))
    };
    let (a, b) = (speaker("Jo", &["the mayor"]), speaker("Jo", &["J.", "Reyes"]));
    assert!(by(Rule::Newest, &a, &b).differences.is_empty());
    assert_eq!(both_ways(&a, &b).speakers()[0].aliases, ["J.", "Reyes", "the mayor"]);
    let renamed = speaker("Jo Reyes", &["the mayor"]);
    assert_eq!(only(&by(Rule::Newest, &a, &renamed)).name, "The speaker “Jo”");

    let named = |name| {
        let project = story("one");
        act::name_annotator(&project, &ada(), name).apply(&project).unwrap()
    };
    assert!(by(Rule::Newest, &named(""), &named("Ada")).differences.is_empty());
    assert_eq!(both_ways(&named(""), &named("Ada")).annotators()[0].name, "Ada");
    only(&by(Rule::Newest, &named("Bo"), &named("Ada")));

    let group = |members: &[&str]| {
        let project = story("<c1:one:c1> <c2:two:c2>");
        let members = members.iter().map(|id| place(id)).collect();
        let group = Group {
            id: "g".into(),
            order: 0,
            sentence: "So.".into(),
            members,
            extra: Extra::new(),
        };
        put(&project, Key::Group("g".into()), Value::Group(Arc::new(group)))
    };
    assert!(by(Rule::Newest, &group(&["1"]), &group(&["2"])).differences.is_empty());
    assert_eq!(both_ways(&group(&["1"]), &group(&["2"])).groups()[0].members.len(), 2);
}

/// Merging one's own file once renumbered all articles behind a removed one.
#[test]
fn the_file_of_a_project_brings_nothing_new() {
    let texts = ["a", "b", "c"].map(Text::new);
    let project = removed(&project_of(&texts), 3);
    let found = by(Rule::Newest, &project, &reopened(&project));
    assert!(found.transaction.is_empty(), "{:?}", found.transaction);
    assert!(by(Rule::Newest, &reopened(&project), &project).transaction.is_empty());
}

#[test]
fn articles_that_both_added_stand_behind_those_of_before() {
    let base = project_of(&["a", "b"].map(Text::new));
    let with = |added: &[usize]| {
        let texts: Vec<Text> = added.iter().map(|n| Text::new(&format!("text {n}"))).collect();
        let new = added.iter().zip(&texts).map(|(n, text)| article(*n, text));
        let add = act::add_articles(&base, new, Intent::AddArticles { count: 1 });
        apply(&add, &base, &texts)
    };
    let (a, b) = (with(&[7, 5]), with(&[6, 8]));
    let result = both_ways(&a, &b);
    let ids: Vec<&str> = result.articles().iter().map(|article| article.id.as_str()).collect();
    let expected = ["article-0", "article-1", "article-6", "article-7", "article-5", "article-8"];
    assert_eq!(ids, expected);
    // Even where files have renumbered them.
    let file = reopened(&result);
    for other in [&a, &b] {
        assert!(by(Rule::Newest, &file, other).transaction.is_empty());
        assert_eq!(bytes(&merged(other, &file)), bytes(&file));
    }
}

#[test]
fn what_is_not_loaded_is_not_compared() {
    let project = story("one <c1:two:c1>");
    let mine = project.without_loaded(&article_id(0));
    assert_eq!(needed(&mine, &project), [article_id(0)]);
    assert!(merge(&mine, &project, "", &Decisions::default()).is_err());
    // What only mine has may stay where it is, unless theirs has deleted it.
    assert!(needed(&mine, &empty_project()).is_empty());
    assert_eq!(needed(&mine, &removed(&project, 1)), [article_id(0)]);
    assert!(restore(&mine, &empty_project(), "").is_err());
    let theirs = deleted(&project, "1", 1).without_loaded(&article_id(0));
    assert_eq!(needed(&mine, &theirs), [article_id(0)]);
}

#[test]
fn restoring_says_what_comes_changes_and_goes() {
    let base = story("one <c1:two:c1> <d2:three:d2>");
    let theirs = relabelled(&base, "2", "quote", 3);
    let mine = deleted(&base, "1", 4);
    let mine = act::rename_project(&mine, "Mine").apply(&mine).unwrap();
    let found = restore(&mine, &theirs, "backup.avow.json").unwrap();
    assert_eq!(found.summary.comes.names, ["Claim: two"]);
    assert_eq!(found.summary.changes.names, ["The project “Mine”", "Denial: three"]);
    assert_eq!(found.summary.changes.tally.to_string(), "1 setting, 1 annotation");
    assert!(found.summary.goes.names.is_empty());
    assert_eq!(
        restore(&mine, &empty_project(), "").unwrap().summary.goes.tally.to_string(),
        "1 article, 1 annotation, 1 status"
    );
    assert_eq!(records(&found.transaction.apply(&mine).unwrap()), records(&theirs));
}

/// A project after random acts of somebody.
fn play(project: Project, texts: &[Text], acts: &[Act], hand: &Hand) -> Project {
    let texts = with_added(texts, acts);
    let mut done: Vec<Transaction> = Vec::new();
    let mut project = project;
    for act in acts {
        let made = match act {
            Act::Step(Direction::Undo) => done.pop().map(|last| last.invert()),
            Act::Step(Direction::Redo) => None,
            act => transaction_of(&project, act, hand).inspect(|made| done.push(made.clone())),
        };
        if let Some(made) = made {
            project = apply(&made, &project, &texts);
        }
    }
    project
}

/// Two copies of one project, each after acts of its own, by two people or by one on two machines.
fn copies() -> impl Strategy<Value = (Project, Project)> {
    let acts = || acts::acts(true);
    (texts(), acts(), acts(), acts(), any::<bool>(), 0..12_u32).prop_map(
        |(texts, before, mine, theirs, two, ahead)| {
            let base = play(project_of(&texts), &texts, &before, &Hand::new("ada", "x", 0));
            // What was taken out and is brought back has a text of before.
            let texts = with_added(&texts, &before);
            let other = if two { "bo" } else { "ada" };
            let mine = play(base.clone(), &texts, &mine, &Hand::new("ada", "a", 20));
            (mine, play(base, &texts, &theirs, &Hand::new(other, "b", 20 + ahead)))
        },
    )
}

/// All annotations, by what they are and where they lie, whatever their article is called.
fn annotations(project: &Project) -> BTreeSet<(AnnotatorId, AnnotationId, String)> {
    let all = project.keys().into_iter().filter_map(|key| match key {
        Key::Annotation(set, id) => {
            let Owner::Annotator(owner) = set.owner else { return None };
            Some((owner, id, project.text(&set.article).unwrap().hash().to_owned()))
        }
        _ => None,
    });
    let unplaced = project.articles().into_iter().flat_map(|article| {
        article.unplaced.iter().filter_map(|it| {
            let Owner::Annotator(owner) = it.owner.clone() else { return None };
            Some((owner, it.id.clone(), article.text.to_string()))
        })
    });
    all.chain(unplaced).collect()
}

/// Whether an annotation or what it lies on stands among the differences.
fn is_named(merge: &Merge, sides: [&Project; 2], id: &AnnotationId) -> bool {
    merge.differences.iter().any(|difference| match &difference.key {
        Key::Annotation(_, named) => named == id,
        Key::Article(article) => {
            // Under the name that it had, or the one that it got.
            let holds =
                |project: &Project| {
                    project.articles().into_iter().any(|it| {
                        it.has_unplaced(id) && article.as_str().starts_with(it.id.as_str())
                    }) || project.keys().into_iter().any(|key| {
                        matches!(&key, Key::Annotation(set, it)
                        if it == id && article.as_str().starts_with(set.article.as_str()))
                    })
                };
            sides.into_iter().any(holds)
        }
        _ => false,
    })
}

/// What holds of any project: nothing leads nowhere, and nothing is deleted that is there.
fn is_valid(project: &Project) {
    let there =
        |place: &Place| project.article(&place.article).is_some() && project.has_annotation(place);
    for relation in project.relations() {
        assert!(there(&relation.from), "{relation:?}");
        match &relation.to {
            Some(Target::Annotation(place)) => assert!(there(place), "{relation:?}"),
            Some(Target::Group { group }) => {
                assert_ne!(project.value(&Key::Group(group.clone())), Ok(None));
            }
            None => {}
        }
    }
    for group in project.groups() {
        assert!(group.members.iter().all(there), "{group:?}");
    }
    for (key, _) in project.deletions() {
        assert!(!project.value(key).is_ok_and(|it| it.is_some()), "{key:?}");
    }
    assert_eq!(native::read("", &bytes(project)).unwrap().problems, []);
    for article in project.articles() {
        for unplaced in &article.unplaced {
            let set = SetKey { article: article.id.clone(), owner: unplaced.owner.clone() };
            let key = Key::Annotation(set, unplaced.id.clone());
            assert_eq!(project.value(&key), Ok(None), "{key:?} is placed and is not");
            assert!(project.deletions().all(|(deleted, _)| *deleted != key), "{key:?}");
        }
        assert!(article.text.names(project.text(&article.id).unwrap()));
    }
}

proptest! {
    #[test]
    fn both_ways_are_one((a, b) in copies()) {
        is_valid(&a);
        is_valid(&b);
        let (there, back) = (merged(&a, &b), merged(&b, &a));
        is_valid(&there);
        prop_assert_eq!(bytes(&there), bytes(&back));
        prop_assert_eq!(
            bytes(&merged_by(Rule::Mine, &a, &b)),
            bytes(&merged_by(Rule::Theirs, &b, &a))
        );
    }

    #[test]
    fn merging_again_changes_nothing((a, b) in copies()) {
        prop_assert!(by(Rule::Newest, &a, &a).transaction.is_empty());
        let merged = merged(&a, &b);
        for copy in [&a, &b] {
            let again = by(Rule::Newest, &merged, copy);
            prop_assert!(again.transaction.is_empty(), "{:?}", again.transaction);
        }
        let found = by(Rule::Newest, &a, &reopened(&a));
        prop_assert!(found.transaction.is_empty() && found.differences.is_empty());
        prop_assert_eq!(bytes(&self::merged(&b, &merged)), bytes(&merged));
    }

    #[test]
    fn nothing_is_dropped_in_silence((a, b) in copies()) {
        for rule in RULES {
            let found = by(rule, &a, &b);
            let merged = done(&a, &b, &found);
            is_valid(&merged);
            let left = annotations(&merged);
            for one in annotations(&a).union(&annotations(&b)) {
                // On another text, where that of the copy does not stand.
                let moved = found.notes.iter().any(|it| matches!(it.why, Why::LaterText(_)))
                    && left.iter().any(|it| (&it.0, &it.1) == (&one.0, &one.1));
                let there = left.contains(one) || moved || is_named(&found, [&a, &b], &one.1);
                prop_assert!(there, "{:?} is not in {:?}", one, found);
            }
            for (project, other) in [(&a, &b), (&b, &a)] {
                for relation in project.relations() {
                    let key = Key::Relation(relation.id.clone());
                    let there = merged.value(&key).unwrap().is_some()
                        || found.differences.iter().any(|it| it.key == key)
                        || found.notes.iter().any(|note| note.why == Why::LostEnd);
                    prop_assert!(there, "{:?} of {:?}", relation, other.meta());
                }
            }
        }
    }

    #[test]
    fn one_undo_takes_it_back((a, b) in copies(), choice in prop::collection::vec(any::<bool>(), 1..9)) {
        let mut decisions = Decisions::default();
        let differences = by(Rule::Newest, &a, &b).differences;
        for (difference, mine) in differences.iter().zip(choice.iter().cycle()) {
            let side = if *mine { Side::Mine } else { Side::Theirs };
            decisions.decide(difference.key.clone(), side);
        }
        let found = merge(&a, &b, "b.avow.json", &decisions).unwrap();
        let merged = done(&a, &b, &found);
        is_valid(&merged);
        for difference in &found.differences {
            let Some((_, side)) = decisions.single.iter().find(|(key, _)| *key == difference.key)
            else { continue };
            let from = if *side == Side::Mine { &a } else { &b };
            // What was moved has another key there.
            let Ok(Some(wanted)) = from.value(&difference.key) else { continue };
            if let (Value::Annotation(wanted), Ok(Some(Value::Annotation(found)))) =
                (&wanted, merged.value(&difference.key))
                && from.text(difference.key.article().unwrap()).map(Text::hash)
                    == merged.text(difference.key.article().unwrap()).map(Text::hash)
            {
                prop_assert_eq!(wanted, &found);
            }
        }
        let back = found.transaction.invert().apply(&merged).unwrap();
        prop_assert_eq!(records(&back), records(&a));
        prop_assert_eq!(bytes(&back), bytes(&a));
    }

    #[test]
    fn restoring_gives_what_the_file_has((a, b) in copies()) {
        let found = restore(&a, &b, "b.avow.json").unwrap();
        let ready = with_texts(&a, &found.transaction, &b);
        let restored = found.transaction.apply(&ready).unwrap();
        prop_assert_eq!(bytes(&restored), bytes(&b));
        let back = found.transaction.invert().apply(&restored).unwrap();
        prop_assert_eq!(bytes(&back), bytes(&a));
        prop_assert!(restore(&b, &b, "").unwrap().transaction.is_empty());
    }
}

#[test]
fn articles_are_merged_together_only_where_one_may_get_the_id_of_another() {
    let ids = ["doc~0001", "doc~0002", "a", "a~0123abcd", "a~0123abcd~", "a~"];
    let articles: Vec<_> =
        ids.iter().map(|id| serde_json::json!({ "id": id, "text": "It rained." })).collect();
    let file = serde_json::json!({
        "format": "avow", "version": 1, "offset_unit": "code-point",
        "project": { "id": "p", "title": "Rain", "created": "2026-01-02T03:04:05Z" },
        "articles": articles,
    });
    let project = native::read("a.avow.json", &file.to_string()).unwrap().project;
    assert_eq!(project.article_count(), ids.len());
    let decisions = Decisions::default();
    let parts = Parted::new(&project, &project, &decisions).parts();
    let shown: Vec<Vec<&str>> =
        parts.iter().map(|part| part.iter().map(ArticleId::as_str).collect()).collect();
    let together = vec!["a", "a~0123abcd", "a~0123abcd~"];
    assert_eq!(shown, [together, vec!["a~"], vec!["doc~0001"], vec!["doc~0002"]]);
}
