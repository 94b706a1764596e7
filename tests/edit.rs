//! Acts, and the laws that each of them keeps: taking it back gives what was there, JSON and the
//! native file keep all of it, and the history is the same however it was read.
#![cfg(not(target_arch = "wasm32"))]

mod acts;

use std::collections::BTreeMap;
use std::sync::Arc;

use acts::{
    Act, Hand, NOW, acts, ada, add_group, apply, article_id, deletion, empty_project, own,
    project_of, records, story, texts, transaction_of, with_added,
};
use avow::annotation::{
    AnnotationId, AnnotatorId, Origin, Place, Relation, Spans, Status, Target, Timestamp,
};
use avow::edit::act::Counted;
use avow::edit::merge::{Decisions, between, merge};
use avow::edit::{
    Change, Commit, CommitId, Direction, History, Intent, IntentGroup, Transaction, act,
};
use avow::format::native;
use avow::format::stored::{from_plain, to_plain};
use avow::project::{Article, Key, Meta, Project, Value};
use avow::scheme::Extra;
use avow::text::marked::{Marked, parse};
use avow::text::{Span, Text, Unit};
use proptest::prelude::*;

/// Applies a transaction and holds the laws.
fn check(project: &Project, transaction: &Transaction, texts: &[Text]) -> Project {
    let after = apply(transaction, project, texts);

    let back = apply(&transaction.invert(), &after, texts);
    assert_eq!(records(&back), records(project), "apply then invert");

    let read: Transaction = from_plain(to_plain(transaction)).unwrap();
    assert_eq!(read, *transaction, "JSON and back");

    check_project(&after);
    let turn = between(project, &after, Intent::SetNote);
    assert_eq!(records(&apply(&turn, project, texts)), records(&after), "between");
    after
}

/// The laws of any project whose articles are all loaded.
fn check_project(project: &Project) {
    for key in project.keys() {
        let (Key::Annotation(set, _), Ok(Some(Value::Annotation(it)))) =
            (&key, project.value(&key))
        else {
            continue;
        };
        let text = project.text(&set.article).unwrap();
        for pos in it.spans.iter().flat_map(|span| [span.start(), span.end()]) {
            for unit in Unit::ALL {
                assert_eq!(text.pos_at(text.offset(pos, unit), unit), Some(pos), "units and back");
            }
        }
    }

    check_listing(project);
    let file = native::write(project).unwrap();
    let read = native::read("test.avow.json", &file).unwrap();
    assert_eq!(read.problems, [], "our own files have no problems");
    assert_eq!(native::write(&read.project).unwrap(), file, "write, read, write");

    for (mine, theirs) in [(project, project), (project, &read.project), (&read.project, project)] {
        let same = merge(mine, theirs, "", &Decisions::default()).unwrap();
        assert!(same.transaction.is_empty() && same.differences.is_empty(), "{same:?}");
    }
}

/// What is kept for lists is what the records say.
fn check_listing(project: &Project) {
    let keys = project.keys();
    let articles = keys.iter().filter_map(|key| match key {
        Key::Article(id) => Some(project.article(id).unwrap().clone()),
        _ => None,
    });
    let mut articles: Vec<_> = articles.collect();
    articles.sort_by_key(|it| (it.order, it.id.clone()));
    assert!(project.articles().into_iter().eq(&articles), "articles in their order");
    assert_eq!(project.article_count(), articles.len());
    for (at, article) in articles.iter().enumerate() {
        assert_eq!(project.position(&article.id), Some(at));
        assert_eq!(project.listed_from(at).next(), Some(article));
    }
    let next = articles.last().map_or(0, |it| it.order + 1);
    assert_eq!(project.next_order(&Key::Article("".into())), next);
    check_list(project, &articles);
    let rows: Vec<_> = articles.iter().flat_map(|it| project.rows_of(&it.id)).collect();
    for (owner, _) in &rows {
        for status in Status::ALL {
            let own = rows.iter().filter(|(it, row)| it == owner && row.status() == status);
            assert_eq!(project.tally(owner).with(status), own.count(), "{status:?} of {owner:?}");
        }
    }
}

/// A list shows its first in their order, then those that it does not name.
fn check_list(project: &Project, articles: &[Arc<Article>]) {
    let ids: Vec<_> = articles.iter().map(|article| article.id.clone()).collect();
    let every_third = |from| ids.iter().skip(from).step_by(3).cloned();
    let first: Vec<_> = every_third(1).rev().collect();
    let hidden: Vec<_> = every_third(0).collect();
    let shown = first.iter().cloned().chain(every_third(2));
    let listed = project.with_list(&first, &hidden);
    assert!(listed.listed_from(0).map(|article| article.id.clone()).eq(shown));
    assert_eq!(listed.listed_count(), ids.len() - hidden.len());
    for (at, article) in listed.listed_from(0).enumerate() {
        assert_eq!(listed.position(&article.id), Some(at));
    }
    assert!(hidden.iter().all(|id| listed.position(id).is_none()));
    assert!(listed.articles().into_iter().eq(articles), "nothing but lists changes");
}

/// A marked text under edit; an annotation is named by its label's key and its id.
struct Story {
    project: Project,
    history: History,
    log: Vec<Arc<Commit>>,
    ids: u32,
}

impl Story {
    fn new(marked: &str) -> Story {
        let ids = parse(marked).unwrap().spans.len() as u32;
        Story { project: story(marked), history: History::new(ada()), log: Vec::new(), ids }
    }

    fn text(&self) -> Text {
        self.project.text(&article_id(0)).unwrap().clone()
    }

    /// The one passage of these words.
    fn passage(&self, words: &str) -> Span {
        let text = self.text();
        let start = text.as_str().find(words).unwrap() as u32;
        let end = start + words.len() as u32;
        text.span(text.pos(start).unwrap(), text.pos(end).unwrap()).unwrap()
    }

    fn commit(&mut self, transaction: Transaction, undoes: Option<CommitId>, group: &str) {
        self.project = check(&self.project, &transaction, &[self.text()]);
        let seq = self.log.len() as u64 + 1;
        let commit = Arc::new(Commit {
            id: format!("commit-{seq}").into(),
            seq,
            at: NOW,
            by: ada(),
            intent_group: group.into(),
            undoes,
            transaction,
        });
        self.history.push(commit.clone());
        self.log.push(commit);
    }

    fn act(mut self, act: impl FnOnce(&Story) -> Transaction) -> Story {
        let transaction = act(&self);
        let group = format!("group-{}", self.log.len());
        self.commit(transaction, None, &group);
        self
    }

    fn annotate(mut self, label: &str, words: &str) -> Story {
        self.ids += 1;
        let given = self.ids;
        self.act(|story| {
            let mut ctx = Counted { now: NOW, given: given - 1, ..Counted::default() };
            let spans = Spans::new([story.passage(words)]).unwrap();
            act::annotate(&story.project, &own(0), &label.into(), spans, &mut ctx).1
        })
    }

    fn relabel(self, id: &str, label: &str) -> Story {
        self.act(|story| {
            act::relabel(&story.project, &own(0), &id.into(), &label.into(), Timestamp(NOW.0 + 1))
        })
    }

    fn spans(self, id: &str, intent: Intent, change: impl Fn(&Spans, &Story) -> Spans) -> Story {
        self.act(|story| {
            let id = AnnotationId::from(id);
            let before = story.project.annotations(&own(0)).unwrap().get(&id).unwrap();
            let spans = change(&before.spans, story);
            act::set_spans(&story.project, &own(0), &id, spans, intent, NOW)
        })
    }

    fn add_span(self, id: &str, words: &str) -> Story {
        self.spans(id, Intent::AddSpan, |spans, story| spans.with(story.passage(words)).unwrap())
    }

    fn stretch(self, id: &str, words: &str) -> Story {
        self.spans(id, Intent::MoveEdge, |_, story| Spans::new([story.passage(words)]).unwrap())
    }

    fn delete(self, id: &str) -> Story {
        self.act(|story| act::delete(&story.project, &own(0), &id.into(), deletion(&ada(), NOW)))
    }

    fn step(mut self, direction: Direction) -> Story {
        let group = format!("group-{}", self.log.len());
        for commit in self.history.next(direction) {
            let transaction =
                commit.transaction.invert().with_intent(intent_of(direction, &commit));
            self.commit(transaction, Some(commit.id.clone()), &group);
        }
        self
    }

    fn undo(self) -> Story {
        self.step(Direction::Undo)
    }

    fn redo(self) -> Story {
        self.step(Direction::Redo)
    }

    #[track_caller]
    fn gives(self, expected: &str) -> Story {
        let scheme = self.project.scheme();
        let mut spans: Vec<(String, Vec<Span>)> = Vec::new();
        for annotation in self.project.annotations(&own(0)).into_iter().flat_map(|s| s.values()) {
            let key = &scheme.label(&annotation.label).unwrap().key;
            spans.push((format!("{key}{}", annotation.id), annotation.spans.iter().collect()));
        }
        let found = Marked { text: self.text(), spans, selection: None }.to_string();
        assert_eq!(found, expected);
        self
    }
}

fn intent_of(direction: Direction, taken: &Commit) -> Intent {
    let what = Box::new(taken.transaction.intent().root().clone());
    match direction {
        Direction::Undo => Intent::Undo { what },
        Direction::Redo => Intent::Redo { what },
    }
}

#[test]
fn marking_begins_a_set_and_undo_ends_it() {
    let story = Story::new("The mayor said 😀 it rained.");
    assert!(story.project.set(&own(0)).is_none());
    let story = story.annotate("claim", "it rained");
    assert_eq!(story.project.set(&own(0)).unwrap().status(), Status::Doing);
    let story = story.gives("The mayor said 😀 <c1:it rained:c1>.").undo();
    assert!(story.project.set(&own(0)).is_none());
    story
        .gives("The mayor said 😀 it rained.")
        .redo()
        .gives("The mayor said 😀 <c1:it rained:c1>.");
}

#[test]
fn spans_nest_cross_and_break() {
    Story::new("<q1:“A,”:q1> X said, denying that <c2:Y <d3:lied:c2> to Z:d3>. “B.”")
        .add_span("1", "“B.”")
        .gives("<q1:“A,”:q1> X said, denying that <c2:Y <d3:lied:c2> to Z:d3>. <q1:“B.”:q1>")
        .annotate("claim", "A")
        .gives(
            "<q1:“<c4:A:c4>,”:q1> X said, denying that <c2:Y <d3:lied:c2> to Z:d3>. <q1:“B.”:q1>",
        )
        .stretch("2", "Y lied to Z")
        .relabel("3", "quote")
        .gives(
            "<q1:“<c4:A:c4>,”:q1> X said, denying that <c2:Y <q3:lied to Z:q3>:c2>. <q1:“B.”:q1>",
        )
        .delete("1")
        .undo()
        .undo()
        .undo()
        .gives(
            "<q1:“<c4:A:c4>,”:q1> X said, denying that <c2:Y <d3:lied:c2> to Z:d3>. <q1:“B.”:q1>",
        )
        .redo()
        .gives(
            "<q1:“<c4:A:c4>,”:q1> X said, denying that <c2:Y <d3:lied to Z:d3>:c2>. <q1:“B.”:q1>",
        );
}

#[test]
fn spans_that_touch_become_one() {
    Story::new("<c1:one :c1>two three")
        .add_span("1", "two")
        .gives("<c1:one two:c1> three")
        .undo()
        .gives("<c1:one :c1>two three");
}

#[test]
fn an_act_after_undo_ends_redo() {
    Story::new("one two")
        .annotate("claim", "one")
        .undo()
        .annotate("denial", "two")
        .redo()
        .gives("one <d2:two:d2>");
}

/// Redo once brought back what had been undone before an act that was itself undone.
#[test]
fn an_act_taken_back_still_ends_redo_after_a_reload() {
    let story = Story::new("one two").annotate("claim", "one").undo().annotate("claim", "two");
    let story = story.undo();
    let mut reloaded = History::new(ada());
    reloaded.extend_back(story.log.iter().rev().cloned());
    assert_eq!(plan(&reloaded), plan(&story.history));
}

/// Removing an article once left all but the last of its annotations in their group.
#[test]
fn an_article_goes_with_all_its_members_of_a_group() {
    let story = Story::new("<c1:one:c1> <c2:two:c2>");
    let texts = [story.text()];
    let members = ["1", "2"].map(|id| Place { article: article_id(0), annotation: id.into() });
    let project = check(&story.project, &add_group(&story.project, "g", members.to_vec()), &texts);
    let article = project.article(&article_id(0)).unwrap();
    let removal = act::remove_article(&project, article, deletion(&ada(), NOW));
    let project = check(&project, &removal, &texts);
    assert_eq!(project.groups()[0].members, []);
    assert_eq!(project.article_count(), 0);
    assert_eq!(project.sets_of(&article_id(0)).count(), 0);
}

#[test]
fn a_deleted_annotation_takes_its_relations_along() {
    let story = Story::new("<c1:one:c1> <d2:two:d2>");
    let relation = add_relation(&story.project, "r", "2", "1");
    let story = story.act(|_| relation);
    let story = story.delete("1");
    assert_eq!(story.project.relations().len(), 0);
    assert_eq!(story.undo().project.relations().len(), 1);
}

fn add_relation(project: &Project, id: &str, from: &str, to: &str) -> Transaction {
    let key = Key::Relation(id.into());
    let place = |id: &str| Place { article: article_id(0), annotation: id.into() };
    let relation = Relation {
        id: id.into(),
        order: project.next_order(&key),
        kind: "denies".into(),
        annotator: ada(),
        from: place(from),
        to: Some(Target::Annotation(place(to))),
        target_text: None,
        note: String::new(),
        extra: Extra::new(),
    };
    let from = project.value(&key).unwrap();
    let change = Change { key, from, to: Some(Value::Relation(Arc::new(relation))) };
    Transaction::new(Intent::SetAttribute { name: "relation".into() }, [change])
}

/// What each step would take back, all the way down, in both directions.
fn plan(history: &History) -> [Vec<Vec<CommitId>>; 2] {
    [Direction::Undo, Direction::Redo].map(|direction| {
        let mut history = history.clone();
        let mut steps = Vec::new();
        loop {
            let step = history.next(direction);
            if step.is_empty() {
                return steps;
            }
            for commit in &step {
                let id = format!("planned-{}", commit.id);
                let undoes = Some(commit.id.clone());
                history.push(blank(&id, &ada(), "planned", undoes, intent_of(direction, commit)));
            }
            steps.push(step.iter().map(|commit| commit.id.clone()).collect());
        }
    })
}

/// A commit that changes nothing.
fn blank(
    id: &str,
    by: &AnnotatorId,
    group: &str,
    undoes: Option<CommitId>,
    intent: Intent,
) -> Arc<Commit> {
    Arc::new(Commit {
        id: id.into(),
        seq: 0,
        at: NOW,
        by: by.clone(),
        intent_group: IntentGroup::from(group),
        undoes,
        transaction: Transaction::new(intent, []),
    })
}

/// What may happen to a history.
#[derive(Clone, Copy, Debug)]
enum Move {
    Act,
    /// Of the same intent group as the one before.
    ActOfGroup,
    Step(Direction),
    ByAnother,
    NotUndoable,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => Just(Move::Act),
        2 => Just(Move::ActOfGroup),
        4 => Just(Move::Step(Direction::Undo)),
        3 => Just(Move::Step(Direction::Redo)),
        1 => Just(Move::ByAnother),
        1 => Just(Move::NotUndoable),
    ];
    prop::collection::vec(one, 0..40)
}

/// The commits that the moves lead to, and the history that followed them.
fn follow(moves: &[Move]) -> (Vec<Arc<Commit>>, History) {
    let mut history = History::new(ada());
    let mut log: Vec<Arc<Commit>> = Vec::new();
    let mut group = 0;
    for step in moves {
        let before = log.len();
        let id = format!("c{before}");
        match step {
            Move::Act | Move::ActOfGroup => {
                group += u32::from(matches!(step, Move::Act));
                log.push(blank(&id, &ada(), &format!("g{group}"), None, Intent::Delete));
            }
            Move::Step(direction) => {
                group += 1;
                for (nth, commit) in history.next(*direction).iter().enumerate() {
                    let (id, group) = (format!("c{}", before + nth), format!("g{group}"));
                    let undoes = Some(commit.id.clone());
                    log.push(blank(&id, &ada(), &group, undoes, intent_of(*direction, commit)));
                }
                group += 1;
            }
            Move::ByAnother => log.push(blank(&id, &"bo".into(), "bo", None, Intent::Delete)),
            Move::NotUndoable => log.push(blank(&id, &ada(), "n", None, Intent::NameAnnotator)),
        }
        for commit in &log[before..] {
            history.push(commit.clone());
        }
    }
    (log, history)
}

proptest! {
    #[test]
    fn a_history_is_the_same_however_it_is_read(
        moves in moves(),
        chunk in 1..9_usize,
        from in 0..40_usize,
        to in 0..40_usize,
    ) {
        let (log, history) = follow(&moves);
        let expected = plan(&history);

        let newest_first: Vec<_> = log.iter().rev().cloned().collect();
        let mut read = History::new(ada());
        for chunk in newest_first.chunks(chunk) {
            read.extend_back(chunk.to_vec());
        }
        prop_assert_eq!(&plan(&read), &expected);

        // Part of it read back, then new commits, then the rest read back.
        let to = to.min(log.len());
        let from = from.min(to);
        let mut mixed = History::new(ada());
        mixed.extend_back(log[from..to].iter().rev().cloned());
        for commit in &log[to..] {
            mixed.push(commit.clone());
        }
        mixed.extend_back(log[..from].iter().rev().cloned());
        prop_assert_eq!(&plan(&mixed), &expected);
    }

    #[test]
    fn random_acts_keep_the_laws(texts in texts(), acts in acts(false)) {
        let mut project = project_of(&texts);
        let initial = records(&project);
        let texts = with_added(&texts, &acts);
        let mut history = History::new(ada());
        let hand = Hand::new("ada", "id", 0);
        let mut count = 0;
        let mut commit = |transaction: Transaction, undoes, group: &str| {
            count += 1;
            let id = format!("commit-{count}").into();
            let intent_group = group.into();
            let seq = count;
            Arc::new(Commit { id, seq, at: NOW, by: ada(), intent_group, undoes, transaction })
        };
        let mut groups = 0;
        for act in &acts {
            groups += 1;
            let group = format!("group-{groups}");
            if let Act::Step(direction) = act {
                for taken in history.next(*direction) {
                    let inverse = taken.transaction.invert().with_intent(intent_of(*direction, &taken));
                    project = check(&project, &inverse, &texts);
                    history.push(commit(inverse, Some(taken.id.clone()), &group));
                }
            } else if let Some(transaction) = transaction_of(&project, act, &hand)
                && !transaction.is_empty()
                && transaction.intent().can_be_undone()
            {
                project = check(&project, &transaction, &texts);
                history.push(commit(transaction, None, &group));
            }
        }

        // Undo goes all the way back, and redo all the way forth.
        let last = records(&project);
        let mut steps = 0;
        for (direction, goal) in [(Direction::Undo, &initial), (Direction::Redo, &last)] {
            loop {
                let step = history.next(direction);
                if step.is_empty() || (direction == Direction::Redo && steps == 0) {
                    break;
                }
                groups += 1;
                for taken in step {
                    let inverse = taken.transaction.invert().with_intent(intent_of(direction, &taken));
                    project = apply(&inverse, &project, &texts);
                    let group = format!("group-{groups}");
                    history.push(commit(inverse, Some(taken.id.clone()), &group));
                }
                match direction {
                    Direction::Undo => steps += 1,
                    Direction::Redo => steps -= 1,
                }
            }
            prop_assert_eq!(&records(&project), goal);
        }
    }

}

/// What a thousand changes to one key come to is one change.
#[test]
fn changes_of_one_key_become_one() {
    let project = empty_project();
    let named = |name: &str| {
        let meta = Meta { title: name.into(), ..(**project.meta()).clone() };
        Some(Value::Meta(Arc::new(meta)))
    };
    let names: Vec<String> = (0..=1000).map(|n| n.to_string()).collect();
    let changes = names.windows(2).map(|pair| Change {
        key: Key::Meta,
        from: named(&pair[0]),
        to: named(&pair[1]),
    });
    let joined = Transaction::new(Intent::RenameProject, changes);
    assert_eq!(joined.changes().len(), 1);
    assert_eq!((&joined.changes()[0].from, &joined.changes()[0].to), (&named("0"), &named("1000")));
}

#[test]
fn an_origin_that_is_not_known_is_kept() {
    let json = r#"{"by":"oracle","mood":1}"#;
    let origin: Origin = serde_json::from_str(json).unwrap();
    assert!(matches!(&origin, Origin::Other(keys) if keys.len() == 2));
    assert_eq!(serde_json::to_string(&origin).unwrap(), json);
    let known: BTreeMap<&str, Origin> = serde_json::from_str(r#"{"a":{"by":"hand"}}"#).unwrap();
    assert_eq!(known["a"], Origin::Hand);
}
