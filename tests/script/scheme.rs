//! The scheme: its parts changed one by one, and what annotations have of them over many articles.

use avow::annotation::{AttributeValue, Origin, Place, Spans, Target, Timestamp};
use avow::edit::Intent;
use avow::edit::act::{self, Counted, End};
use avow::editor::scheme::{
    Clash, KeyClash, SchemeAsk, SchemePart, free_key, key_clashes, preview, uses_of_attribute,
    uses_of_label,
};
use avow::editor::{Action, COMMANDS, Dialog, OwnKeys};
use avow::format::deployment::fingerprint;
use avow::format::scheme_file;
use avow::map::Map;
use avow::project::{Meta, Owner, Project, SetKey, Sets, Unplaced};
use avow::scheme::{
    AttributeKind, Color, Extra, Label, LabelId, LineStyle, Rule, Scheme, default_scheme,
};
use avow::text::Text;

use crate::desk::{Desk, article_id, came, record};

fn scheme(desk: &Desk) -> &Scheme {
    desk.state.project.as_ref().unwrap().scheme()
}

fn label<'a>(desk: &'a Desk, id: &str) -> &'a Label {
    scheme(desk).label(&id.into()).unwrap()
}

/// The keys that the person has chosen.
fn own(desk: &Desk) -> OwnKeys {
    desk.state.settings.keys.clone()
}

fn names(desk: &Desk) -> Vec<&str> {
    scheme(desk).labels.iter().map(|it| it.name.as_str()).collect()
}

fn ask(desk: &mut Desk, ask: SchemeAsk) {
    desk.act(Action::AskScheme(Some(ask)));
    desk.act(Action::DoAsked);
}

/// The labels of all annotations on disk, each with how many have it.
fn labels_on_disk(desk: &Desk) -> Vec<(String, usize)> {
    let mut labels: Map<LabelId, usize> = Map::new();
    let project = &desk.disk().project;
    for article in project.articles() {
        let sets = project.loaded(&article.id).unwrap().sets.values();
        let placed = sets.flat_map(|set| set.values()).map(|it| it.label.clone());
        let unplaced = article.unplaced.iter().map(|it| it.label.clone());
        for label in placed.chain(unplaced) {
            let count = labels.get(&label).copied().unwrap_or_default();
            labels.insert(label, count + 1);
        }
    }
    labels.iter().map(|(label, count)| (label.to_string(), *count)).collect()
}

/// The values of an attribute, of all annotations on disk.
fn values(desk: &Desk, attribute: &str) -> Vec<AttributeValue> {
    let project = &desk.disk().project;
    let loaded = project.articles().into_iter().filter_map(|it| project.loaded(&it.id));
    let all = loaded.flat_map(|it| it.sets.values().flat_map(|set| set.values()));
    all.filter_map(|it| it.attributes.get(&attribute.into()).cloned()).collect()
}

/// So many articles; on each, Ada, Bo and gold have a claim and a denial of it, whose directness is
/// direct, linked and in one group with all other claims. Article 1 has a denial without a place.
fn corpus(articles: usize) -> Desk {
    let mut ctx = Counted { now: Timestamp(1_767_300_000), given: 1_000, ..Counted::default() };
    let meta = Meta::new("corpus".into(), "Corpus", ctx.now);
    let mut project = Project::new(meta);
    let mut claims: Vec<Place> = Vec::new();
    for at in 0..articles {
        let text = Text::new(&format!("It rains in {at}. It does not."));
        let mut article = record(&article_id(at), &format!("Article {at}"), &text);
        if at == 1 {
            article.unplaced.push(Unplaced {
                owner: Owner::Annotator("bo".into()),
                id: "900".into(),
                label: "denial".into(),
                quotes: vec!["gone".to_owned()],
                before: String::new(),
                after: String::new(),
                attributes: [("directness".into(), AttributeValue::Text("direct".to_owned()))]
                    .into_iter()
                    .collect(),
                note: String::new(),
                origin: Origin::Hand,
                created: ctx.now,
                updated: ctx.now,
                extra: Extra::new(),
            });
        }
        let added = act::add_articles(&project, [article], Intent::OpenFile);
        project = added
            .apply(&project)
            .unwrap()
            .with_loaded(&article_id(at), text.clone(), Sets::new())
            .0;
        let owners = ["ada", "bo"].map(|id| Owner::Annotator(id.into()));
        for owner in owners.into_iter().chain([Owner::Gold]) {
            let set = SetKey { article: article_id(at), owner };
            let mut mark = |label: &str, from: u32, to: u32| {
                let span = text.span(text.pos(from).unwrap(), text.pos(to).unwrap()).unwrap();
                let spans = Spans::new([span]).unwrap();
                let (id, made) = act::annotate(&project, &set, &label.into(), spans, &mut ctx);
                project = made.apply(&project).unwrap();
                let value = Some(AttributeValue::Text("direct".to_owned()));
                let intent = Intent::SetNote;
                let directness = "directness".into();
                let given =
                    act::set_attribute(&project, &set, &id, &directness, value, intent, ctx.now);
                project = given.apply(&project).unwrap();
                Place { article: article_id(at), annotation: id }
            };
            let (claim, denial) = (mark("claim", 0, 8), mark("denial", 3, 8));
            let end = End::Target(Target::Annotation(claim.clone()));
            let drawn =
                act::relate(&project, &"denies".into(), &denial, end, &"ada".into(), &mut ctx);
            project = drawn.apply(&project).unwrap();
            claims.push(claim);
        }
    }
    let (_, grouped) = act::make_group(&project, "It rains.", claims, &mut ctx);
    project = grouped.apply(&project).unwrap();
    let mut desk = Desk::new(&["x"]);
    desk.act(came(project));
    assert_eq!(desk.state.project.as_ref().unwrap().meta().id.as_str(), "corpus");
    desk.act(Action::OpenScheme);
    desk
}

#[test]
fn a_label_is_added_changed_and_moved_and_keeps_its_id() {
    let mut desk = Desk::new(&["<c1:It rains:c1>, Li said.|"]);
    let before = scheme(&desk).version;
    desk.act(Action::OpenScheme);
    desk.act(Action::AddToScheme("  Promise of X! ".to_owned()));
    assert_eq!(names(&desk), ["Claim", "Denial", "Quote", "Promise of X!"]);
    let id: LabelId = "promise_of_x".into();
    let picked = SchemePart::Labels(Some(id.clone()));
    let shown = Dialog::Scheme { part: picked.clone(), asked: None, problem: None };
    assert_eq!(desk.state.dialog, Some(shown), "what was added is picked");
    let added = label(&desk, "promise_of_x").clone();
    assert_eq!((added.color, added.style), (Color::Purple, LineStyle::Dotted));
    assert_eq!(
        key_clashes(scheme(&desk), &own(&desk)),
        [],
        "a new label has a key that does something"
    );
    desk.act(Action::AddToScheme(" \n".to_owned()));
    desk.act(Action::AddToScheme("promise of x".to_owned()));
    assert_eq!(scheme(&desk).labels[4].id.as_str(), "promise_of_x_2", "no two have one id");

    let changed = Label {
        name: " Pledge ".to_owned(),
        key: "O".to_owned(),
        color: Color::Teal,
        attributes: vec!["speaker".into()],
        rules: vec![Rule::Linked, Rule::Other("in verse".to_owned())],
        ..added.clone()
    };
    desk.act(Action::ChangeLabel(Box::new(changed)));
    let now = label(&desk, "promise_of_x").clone();
    assert_eq!((now.name.as_str(), now.key.as_str(), now.color), ("Pledge", "o", Color::Teal));
    desk.act(Action::ChangeLabel(Box::new(Label { name: " ".to_owned(), ..now.clone() })));
    desk.act(Action::ChangeLabel(Box::new(Label { id: "nobody".into(), ..now })));
    desk.act(Action::MoveInScheme { part: picked.clone(), back: true });
    desk.act(Action::MoveInScheme { part: SchemePart::Labels(Some("claim".into())), back: true });
    assert_eq!(names(&desk), ["Claim", "Denial", "Pledge", "Quote", "promise of x"]);
    assert_eq!(scheme(&desk).version, before + 4, "what changes nothing is no version");

    // A rename touches no annotation.
    let claim = Label { name: "Assertion".to_owned(), ..label(&desk, "claim").clone() };
    desk.act(Action::ChangeLabel(Box::new(claim)));
    let last = desk.disk().commits.last().unwrap();
    assert_eq!(last.transaction.changes().len(), 1);
    desk.acts(&["select Li", "o"]);
    desk.shows("<c1:It rains:c1>, <o2:Li:o2>| said.");
    desk.holds_the_laws();
}

#[test]
fn merging_a_label_relabels_everybodys_annotations_in_all_articles_as_one_act() {
    let mut desk = corpus(120);
    let asked = SchemeAsk::GiveUpLabel { label: "denial".into(), into: Some("claim".into()) };
    let said = preview(desk.state.project.as_ref().unwrap(), &asked, &desk.state.settings.keys);
    assert_eq!(said.says, ["361 annotations in 120 articles become Claim."]);
    assert_eq!((said.articles.len(), &said.articles[1]), (120, &("Article 1".to_owned(), 4)));
    assert!(!said.harms);
    let commits = desk.disk().commits.len();
    ask(&mut desk, asked);
    assert_eq!(labels_on_disk(&desk), [("claim".to_owned(), 721)]);
    assert_eq!(names(&desk), ["Claim", "Quote"]);
    let relation = scheme(&desk).relation(&"denies".into()).unwrap();
    assert_eq!(relation.from, ["claim".into()]);
    assert_eq!(relation.to, ["claim".into(), "quote".into()], "named once");
    assert_eq!(desk.disk().project.relations().len(), 360, "links stay");
    desk.notices("Labels merged, 361 annotations changed.");
    assert!(desk.disk().commits.len() > commits + 2, "some articles at a time");
    let version = scheme(&desk).version;
    desk.acts(&["Ctrl+z"]);
    assert_eq!(labels_on_disk(&desk), [("claim".to_owned(), 360), ("denial".to_owned(), 361)]);
    assert_eq!(names(&desk), ["Claim", "Denial", "Quote"]);
    assert_eq!(scheme(&desk).version, version - 1, "one undo takes back all of it");
}

#[test]
fn deleting_a_label_writes_down_what_goes_and_forgets_links_and_members() {
    let mut desk = corpus(3);
    let asked = SchemeAsk::GiveUpLabel { label: "claim".into(), into: None };
    let said = preview(desk.state.project.as_ref().unwrap(), &asked, &desk.state.settings.keys);
    assert!(said.says[0].starts_with("9 annotations in 3 articles are deleted"), "{said:?}");
    assert!(said.harms);
    let deleted = desk.disk().project.deletions().count();
    ask(&mut desk, asked);
    desk.notices("Label deleted, 9 annotations deleted.");
    assert_eq!(labels_on_disk(&desk), [("denial".to_owned(), 10)]);
    let project = &desk.disk().project;
    assert_eq!(project.relations().len(), 0);
    assert_eq!(project.groups()[0].members, [], "in one batch, each article's members go");
    assert_eq!(project.deletions().count(), deleted + 9 + 9);
    let relation = scheme(&desk).relation(&"denies".into()).unwrap();
    assert_eq!(relation.to, ["denial".into(), "quote".into()]);
    desk.holds_the_laws();
    // What has no place is deleted too.
    ask(&mut desk, SchemeAsk::GiveUpLabel { label: "denial".into(), into: None });
    assert_eq!(labels_on_disk(&desk), []);
    assert_eq!(desk.disk().project.deletions().count(), deleted + 9 + 9 + 10);
    desk.holds_the_laws();
}

#[test]
fn what_is_held_of_a_label_that_goes_is_let_go() {
    let mut desk = Desk::new(&["It [rains|]."]);
    desk.acts(&["Escape", "Shift+q"]);
    assert!(desk.state.held_label.is_some());
    desk.act(Action::OpenScheme);
    ask(&mut desk, SchemeAsk::GiveUpLabel { label: "quote".into(), into: None });
    assert_eq!(desk.state.held_label, None);
    assert_eq!(names(&desk), ["Claim", "Denial"]);
    // Neither into itself nor into what is not there.
    for into in ["claim", "nobody"] {
        ask(&mut desk, SchemeAsk::GiveUpLabel { label: "claim".into(), into: Some(into.into()) });
    }
    assert_eq!(names(&desk), ["Claim", "Denial"]);
    desk.holds_the_laws();
}

#[test]
fn values_are_renamed_merged_and_deleted_where_they_are_used() {
    let mut desk = corpus(2);
    let directness = || "directness".into();
    let text = |it: &str| AttributeValue::Text(it.to_owned());
    let rename = |value: &str, into: &str| Action::RenameValue {
        attribute: directness(),
        value: value.to_owned(),
        into: into.to_owned(),
    };
    let listed = |desk: &Desk| scheme(desk).attribute(&directness()).unwrap().values.clone();
    desk.act(rename("direct", " in their words "));
    desk.act(Action::DoAsked);
    assert_eq!(listed(&desk), ["in their words", "indirect", "mixed"]);
    assert_eq!(values(&desk, "directness"), vec![text("in their words"); 12]);
    desk.notices("13 annotations changed");
    desk.act(rename("in their words", "mixed"));
    desk.act(Action::DoAsked);
    assert_eq!(listed(&desk), ["indirect", "mixed"]);
    assert_eq!(values(&desk, "directness"), vec![text("mixed"); 12]);
    desk.act(Action::AddValue(directness(), " both ".to_owned()));
    desk.act(Action::AddValue(directness(), "both".to_owned()));
    let (value, back) = ("both".to_owned(), true);
    desk.act(Action::MoveValue { attribute: directness(), value, back });
    assert_eq!(listed(&desk), ["indirect", "both", "mixed"]);
    let value = "mixed".to_owned();
    ask(&mut desk, SchemeAsk::GiveUpValue { attribute: directness(), value, into: None });
    assert_eq!(listed(&desk), ["indirect", "both"]);
    assert_eq!(values(&desk, "directness"), []);
    assert_eq!(desk.disk().project.articles()[1].unplaced[0].attributes.len(), 0);
    desk.holds_the_laws();
}

#[test]
fn an_attribute_goes_with_its_values_and_another_kind_keeps_what_it_can() {
    let mut desk = corpus(2);
    desk.reload();
    desk.act(Action::OpenScheme);
    let project = desk.state.project.clone().unwrap();
    let uses = uses_of_attribute(&project, &"directness".into(), |_| true);
    assert_eq!(
        (uses.total(), uses.unknown),
        (7, 1),
        "of the other only what has no place is known"
    );
    let asked = SchemeAsk::DeleteAttribute("directness".into());
    let said = preview(&project, &asked, &desk.state.settings.keys);
    assert!(said.says[0].contains("at least 7 annotations in 2 articles"), "{said:?}");
    assert!(said.says[1].contains("1 article not looked at yet"), "{said:?}");
    ask(&mut desk, SchemeAsk::ChangeKind("directness".into(), AttributeKind::Text));
    assert_eq!(values(&desk, "directness").len(), 12, "a choice is a text too");
    desk.notices("Attribute changed, 0 annotations changed.");
    desk.holds_the_laws();
    ask(&mut desk, SchemeAsk::ChangeKind("directness".into(), AttributeKind::Number));
    assert_eq!(values(&desk, "directness"), []);
    desk.notices("13 annotations changed. 13 values could not be kept.");
    desk.acts(&["Ctrl+z"]);
    assert_eq!(values(&desk, "directness").len(), 12);
    ask(&mut desk, asked);
    assert_eq!(values(&desk, "directness"), []);
    assert!(scheme(&desk).attribute(&"directness".into()).is_none());
    assert!(label(&desk, "claim").attributes.iter().all(|it| it.as_str() != "directness"));
    desk.holds_the_laws();
}

#[test]
fn kinds_of_links_are_added_changed_and_given_up() {
    let mut desk = corpus(2);
    desk.act(Action::ShowScheme(SchemePart::Relations(None)));
    desk.act(Action::AddToScheme("Refutes".to_owned()));
    let mut refutes = scheme(&desk).relation(&"refutes".into()).unwrap().clone();
    (refutes.from, refutes.to) = (vec!["denial".into()], vec!["claim".into()]);
    desk.act(Action::ChangeRelationType(Box::new(refutes)));
    let (kind, into) = ("denies".into(), Some("refutes".into()));
    let asked = SchemeAsk::DeleteRelationType { kind, into };
    let said = preview(desk.state.project.as_ref().unwrap(), &asked, &desk.state.settings.keys);
    assert_eq!(said.says, ["6 links become “Refutes”."]);
    ask(&mut desk, asked);
    let kinds = |desk: &Desk| {
        let relations = desk.disk().project.relations();
        relations.into_iter().map(|it| it.kind.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&desk), ["refutes"; 6]);
    ask(&mut desk, SchemeAsk::DeleteRelationType { kind: "refutes".into(), into: None });
    assert_eq!(kinds(&desk), [""; 0]);
    assert_eq!(desk.disk().project.deletions().count(), 6);
    assert_eq!(scheme(&desk).relations.len(), 1);
    desk.holds_the_laws();
}

#[test]
fn a_scheme_of_a_file_says_what_it_lacks_and_takes_the_place_as_one_act() {
    let mut desk = corpus(2);
    let mut other = default_scheme();
    other.labels.retain(|it| it.id.as_str() != "denial");
    other.attributes.retain(|it| it.id.as_str() != "directness");
    other.relations.clear();
    other.id = "mine".into();
    other.version = 77;
    let text = scheme_file::write(&other);
    desk.act(Action::ReadScheme { file: "mine.scheme.json".to_owned(), text });
    let Some(Dialog::Scheme { asked: Some(asked), .. }) = desk.state.dialog.clone() else {
        panic!("{:?}", desk.state.dialog)
    };
    let said = preview(desk.state.project.as_ref().unwrap(), &asked, &desk.state.settings.keys);
    let said = said.says.join("\n");
    for part in [
        "“mine.scheme.json” has 2 labels, 6 attributes and 0 kinds of links.",
        "It has no “Denial”: 7 annotations in 2 articles keep it",
        "It has no “Directness”: what at least 7 annotations in 2 articles have of it stays",
        "It has no “denies”: 6 links stay",
    ] {
        assert!(said.contains(part), "{part:?} in {said}");
    }
    let version = scheme(&desk).version;
    desk.act(Action::DoAsked);
    assert_eq!((scheme(&desk).id.as_str(), scheme(&desk).version), ("mine", version + 1));
    assert_eq!(labels_on_disk(&desk), [("claim".to_owned(), 6), ("denial".to_owned(), 7)]);
    assert_eq!(values(&desk, "directness").len(), 12, "nothing is lost");
    desk.holds_the_laws();
    // A label of that id again has the annotations again, and its id is free for no other.
    desk.act(Action::AddToScheme("Denial".to_owned()));
    assert_eq!(scheme(&desk).labels[2].id.as_str(), "denial_2");
    desk.acts(&["Ctrl+z", "Ctrl+z"]);
    assert_eq!(names(&desk), ["Claim", "Denial", "Quote"]);

    // One where a value has another kind.
    let mut other = default_scheme();
    other.attributes[2].kind = AttributeKind::YesNo;
    let text = scheme_file::write(&other);
    desk.act(Action::ReadScheme { file: "b.json".to_owned(), text });
    desk.act(Action::DoAsked);
    desk.notices("Scheme read from a file, 13 annotations changed. 13 values could not be kept.");
    desk.holds_the_laws();
}

#[test]
fn a_file_that_gives_no_scheme_changes_nothing_and_says_why() {
    let mut desk = Desk::new(&["It rains."]);
    let before = scheme(&desk).clone();
    for (text, why) in [
        ("", "not JSON (line 1, column 0)"),
        ("{\n nothing", "not JSON (line 2"),
        ("[]", "neither"),
        ("{\"format\": \"avow-deployment\", \"version\": 1}", "neither"),
        ("{\"format\": \"avow-scheme\"}", "which `version`"),
        ("{\"format\": \"avow-scheme\", \"version\": 2}", "newer Avow"),
        ("{\"format\": \"avow-scheme\", \"version\": 1}", "no `scheme`"),
        ("{\"format\": \"avow-scheme\", \"version\": 1, \"scheme\": 5}", "no `scheme`"),
        ("{\"format\": \"avow\", \"version\": 1, \"scheme\": {\"labels\": 3}}", "no label"),
    ] {
        desk.act(Action::OpenScheme);
        desk.act(Action::ReadScheme { file: "a.json".to_owned(), text: text.to_owned() });
        match &desk.state.dialog {
            Some(Dialog::Scheme { problem: Some(said), asked: None, .. }) => {
                assert!(said.contains(why), "{text}: {said}");
            }
            other => panic!("{text}: {other:?}"),
        }
        desk.act(Action::DoAsked);
    }
    assert_eq!(*scheme(&desk), before);
}

#[test]
fn a_scheme_that_is_partly_wrong_gives_the_rest_and_its_problems() {
    let text = "\u{feff}{\"format\": \"avow-scheme\", \"version\": 1, \"x\": 1.5, \"scheme\": {
        \"labels\": [{\"id\": \"a\", \"odd\": 1.5}, {\"id\": \"a\"}, {\"name\": \"B\"}, 7],
        \"attributes\": [{\"id\": \"k\", \"kind\": \"colour\"}]}}";
    let read = scheme_file::read("a.json", text).unwrap();
    assert_eq!(read.scheme.labels.len(), 1);
    let said: Vec<&str> = read.problems.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said.iter().any(|it| it.contains("“a” in `labels` has an id that another has")));
    let again = scheme_file::read("a.json", &scheme_file::write(&read.scheme)).unwrap();
    assert_eq!((again.scheme, again.problems.len()), (read.scheme, 0), "write and read");
    let default = default_scheme();
    let whole = scheme_file::read("d.json", &scheme_file::write(&default)).unwrap();
    assert_eq!((whole.scheme, whole.problems.len()), (default, 0));
    let project = Project::new(Meta::new("p".into(), "P", Timestamp(1_767_300_000)));
    let file = avow::format::native::write(&project).unwrap();
    let of_project = scheme_file::read("p.avow.json", &file).unwrap();
    assert_eq!((of_project.scheme, of_project.problems.len()), (default_scheme(), 0));
}

#[test]
fn keys_that_clash_are_said_and_not_refused() {
    let mut desk = Desk::new(&["It [rains|]."]);
    assert_eq!(key_clashes(scheme(&desk), &own(&desk)), []);
    let with = |desk: &mut Desk, key: &str| {
        let quote = Label { key: key.to_owned(), ..label(desk, "quote").clone() };
        desk.act(Action::ChangeLabel(Box::new(quote)));
        let clashes = key_clashes(scheme(desk), &own(desk));
        clashes.into_iter().map(|KeyClash { with, .. }| with).collect::<Vec<_>>()
    };
    assert_eq!(with(&mut desk, "c"), [Clash::Label("claim".into())]);
    let clashes = with(&mut desk, "j");
    assert_eq!(clashes, [Clash::Command("Next annotation"), Clash::Held("Next article")]);
    assert_eq!(label(&desk, "quote").key, "j");
    let said = key_clashes(scheme(&desk), &own(&desk))[0].sentence(scheme(&desk));
    assert_eq!(said, "J does not mark “Quote”. It is a key of: Next annotation.");
    assert_eq!(with(&mut desk, "é"), [], "what is no letter is no key");
    assert_eq!(label(&desk, "quote").key, "");
    let mut odd = scheme(&desk).clone();
    odd.labels[0].key = "Ctrl+X".to_owned();
    assert_eq!(key_clashes(&odd, &own(&desk))[0].with, Clash::NoLetter);
    assert_eq!(free_key(&odd, &own(&desk), "Quote"), "q");
    let free = free_key(&odd, &own(&desk), "Jaw");
    assert_eq!(free, "c", "J, A, W and B run commands");
    // What counts are the keys that the person has chosen, not those that a command has of itself.
    let next = COMMANDS.iter().find(|it| it.name == "Next annotation").unwrap();
    desk.act(Action::ChangeKey(Some(next.id)));
    let (key, code) = (free.clone(), format!("Key{}", free.to_uppercase()));
    desk.act(Action::KeyPressed { key, code, ctrl: false, alt: false, shift: false });
    assert_ne!(free_key(&odd, &own(&desk), &free), free);
    let with = Clash::Command("Next annotation");
    assert_eq!(key_clashes(scheme(&desk), &own(&desk)), [KeyClash { label: "claim".into(), with }]);
    desk.holds_the_laws();
}

#[test]
fn a_scheme_is_not_changed_where_one_only_reads() {
    let desk = Desk::new(&["<c1:It rains:c1>."]);
    let mut other = desk.other_tab();
    let before = scheme(&other).clone();
    other.act(Action::OpenScheme);
    other.act(Action::AddToScheme("Promise".to_owned()));
    ask(&mut other, SchemeAsk::GiveUpLabel { label: "claim".into(), into: None });
    assert_eq!(*scheme(&other), before);
    assert_eq!(uses_of_label(other.state.project.as_ref().unwrap(), &"claim".into()).total(), 1);
}

#[test]
fn what_is_changed_here_stays_until_the_host_brings_something_else() {
    let mut desk = Desk::deployed(&[("a", "It rains.")]);
    let guidelines = |desk: &Desk| desk.disk().project.meta().guidelines.clone();
    desk.acts(&["select rains", "c"]);
    assert_eq!(guidelines(&desk), "Mark all.");
    desk.act(Action::SetGuidelines("Mark less.".to_owned()));
    let wet = Label { name: "Rain".to_owned(), ..label(&desk, "claim").clone() };
    desk.act(Action::ChangeLabel(Box::new(wet)));
    desk.reload();
    assert_eq!((guidelines(&desk).as_str(), names(&desk)[0]), ("Mark less.", "Rain"));
    desk.holds_the_laws();

    // What the host changes comes, is said, and goes again by one undo, for good.
    let host = desk.deployment.as_mut().unwrap();
    host.project.guidelines = "Mark more.".to_owned();
    desk.reload();
    assert_eq!((guidelines(&desk).as_str(), names(&desk)[0]), ("Mark more.", "Rain"));
    desk.notices("This page brings other guidelines, in place of what was here.");
    desk.acts(&["Ctrl+z"]);
    assert_eq!(guidelines(&desk), "Mark less.");
    desk.reload();
    assert_eq!(guidelines(&desk), "Mark less.");

    let bring = |desk: &mut Desk, version| {
        let host = desk.deployment.as_mut().unwrap();
        host.scheme = Some(Scheme { version, ..default_scheme() });
        host.scheme_name = Some(fingerprint(&version.into()));
        desk.reload();
    };
    bring(&mut desk, 9);
    desk.notices("This page brings another scheme, in place of");
    assert_eq!(names(&desk)[0], "Claim");
    let rain = Label { name: "Rain".to_owned(), ..label(&desk, "claim").clone() };
    desk.act(Action::ChangeLabel(Box::new(rain)));
    bring(&mut desk, 9);
    assert_eq!(names(&desk)[0], "Rain");
    assert!(desk.state.notices.is_empty(), "{:?}", desk.state.notices);
    bring(&mut desk, 10);
    assert_eq!((scheme(&desk).version, names(&desk)[0]), (10, "Claim"));
}
