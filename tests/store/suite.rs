//! What every engine of the store must do: the same tests for the browser's database and for its
//! twin in memory.

use std::sync::Arc;

use avow::annotation::{AnnotatorId, Place, Relation, Spans, Status, Target, Timestamp};
use avow::edit::act::{self, Counted};
use avow::edit::{Change, Commit, Intent, Transaction, file_commit};
use avow::project::{
    Article, Deletion, Key, Meta, Owner, Project, ProjectId, SetKey, Sets, Source, Value,
};
use avow::scheme::Extra;
use avow::store::{Store, StoreError};
use avow::text::Text;

/// Calls a macro with the names of all tests of the suite.
macro_rules! each {
    ($run:ident) => {
        $run! {
            what_is_written_comes_back
            history_is_read_newest_first_in_pages
            the_history_of_an_article_is_its_own
            what_follows_a_commit_is_read_oldest_first
            a_project_can_be_deleted_and_restored
            a_file_is_stored_part_by_part_or_not_at_all
            what_stands_by_itself_counts_in_place_of_a_block
            annotations_come_in_blocks_and_change_one_by_one
            another_tabs_commit_is_never_overwritten
            the_view_is_remembered
        }
    };
}
pub(crate) use each;

/// A project with a history, each test with an id of its own since they share the database.
pub struct Work {
    pub project: Project,
    pub seq: u64,
    pub pending: Vec<Arc<Commit>>,
}

const TEXT: &str = "“No,” said Ada. “I took no gold 👩‍👩‍👧‍👦.”\n\nThe mayor lied.";

fn ada() -> AnnotatorId {
    "ada".into()
}

fn deletion() -> Deletion {
    Deletion { at: Timestamp(10), by: ada(), extra: Extra::new() }
}

pub fn article(id: &str, text: &Text) -> Article {
    let metadata = r#"{"tweet": 12345678901234567890, "one": 1.0, "__proto__": {"$x": [null]}}"#;
    Article {
        id: id.into(),
        order: 0,
        title: format!("The {id}"),
        text: text.hash().into(),
        source: Source { file: Some("a.txt".to_owned()), ..Source::default() },
        metadata: serde_json::from_str(metadata).unwrap(),
        regions: Vec::new(),
        former_texts: Vec::new(),
        unplaced: Vec::new(),
        extra: Extra::new(),
    }
}

impl Work {
    pub fn new(id: &str) -> Work {
        let meta = Meta::new(id.into(), &format!("Project {id}"), Timestamp(1));
        Work { project: Project::new(meta), seq: 0, pending: Vec::new() }
    }

    pub fn make(&mut self, transaction: Transaction) {
        self.project = transaction.apply(&self.project).unwrap();
        self.seq += 1;
        self.pending.push(Arc::new(Commit {
            id: format!("commit {}", self.seq).into(),
            seq: self.seq,
            at: Timestamp(100 + self.seq),
            by: ada(),
            intent_group: format!("{}", self.seq).into(),
            undoes: None,
            transaction,
        }));
    }

    pub fn add(&mut self, id: &str, text: &Text) {
        let intent = Intent::AddArticles { count: 1 };
        self.make(act::add_articles(&self.project, [article(id, text)], intent));
        self.project = self.project.with_loaded(&id.into(), text.clone(), Sets::new()).0;
    }

    pub fn mark(&mut self, article: &str, label: &str, start: u32, end: u32) {
        let set = act::own_set(&article.into(), &ada());
        let text = self.project.text(&set.article).unwrap();
        let span = text.span(text.pos(start).unwrap(), text.pos(end).unwrap()).unwrap();
        let (prefix, given) = (format!("{article} "), self.seq as u32 - 1);
        let mut ctx = Counted { now: Timestamp(7), prefix, given };
        let spans = Spans::new([span]).unwrap();
        self.make(act::annotate(&self.project, &set, &label.into(), spans, &mut ctx).1);
    }

    pub async fn save(&mut self, store: &Store) -> Result<(), StoreError> {
        let pending = std::mem::take(&mut self.pending);
        store.write(&self.project, &pending).await
    }
}

/// A project with two articles, annotations, a speaker and a relation, stored.
pub async fn stored(store: &Store, id: &str) -> Work {
    let mut work = Work::new(id);
    let text = Text::new(TEXT);
    store.put_texts(std::slice::from_ref(&text)).await.unwrap();
    work.add("first", &text);
    work.add("second", &text);
    work.mark("first", "quote", 0, 9);
    work.mark("first", "claim", 69, 84);
    work.mark("second", "denial", 0, 9);
    let mut ctx = Counted { now: Timestamp(9), prefix: "ada lovelace ".to_owned(), given: 0 };
    let (_, speaker) = act::add_speaker(&work.project, "Ada <b>Lovelace</b>", &mut ctx);
    work.make(speaker);
    let annotation =
        |article: &str, id: &str| Place { article: article.into(), annotation: id.into() };
    let relation = Relation {
        id: "relation".into(),
        order: 0,
        kind: "denies".into(),
        annotator: ada(),
        from: annotation("second", "second 4"),
        to: Some(Target::Annotation(annotation("first", "first 3"))),
        target_text: None,
        note: String::new(),
        extra: Extra::new(),
    };
    let to = Some(Value::Relation(Arc::new(relation)));
    let change = Change { key: Key::Relation("relation".into()), from: None, to };
    work.make(Transaction::new(Intent::SetNote, [change]));
    work.save(store).await.unwrap();
    work
}

/// The stored project with all its articles loaded.
pub async fn load_all(store: &Store, id: &str) -> Project {
    let mut project = store.load(&id.into()).await.unwrap().unwrap().project;
    for article in project.clone().articles() {
        let loaded = store.load_article(&id.into(), &article.id, &article.text).await.unwrap();
        let asked = [(&article.id, &article.text)];
        let bare = store.load_articles(&id.into(), &asked, false).await.unwrap();
        assert_eq!(bare, [Ok((loaded.0.clone(), Sets::new()))]);
        let (next, damaged) = project.with_loaded(&article.id, loaded.0.unwrap(), loaded.1);
        assert!(damaged.is_empty());
        project = next;
    }
    project
}

pub fn assert_same(a: &Project, b: &Project) {
    assert_eq!(a.meta(), b.meta());
    assert_eq!(a.scheme(), b.scheme());
    assert_eq!(a.annotators(), b.annotators());
    assert_eq!(a.speakers(), b.speakers());
    assert_eq!(a.relations(), b.relations());
    assert_eq!(a.articles(), b.articles());
    for article in a.articles() {
        assert_eq!(a.text(&article.id), b.text(&article.id));
        let sets = |project: &Project| {
            let sets =
                project.sets_of(&article.id).map(|(owner, row)| (owner.clone(), row.clone()));
            sets.collect::<Vec<_>>()
        };
        assert_eq!(sets(a), sets(b));
        for (owner, _) in sets(a) {
            let key = SetKey { article: article.id.clone(), owner };
            assert_eq!(a.annotations(&key), b.annotations(&key));
        }
    }
}

pub async fn what_is_written_comes_back(store: &Store) {
    let mut work = stored(store, "round trip").await;
    assert_same(&work.project, &load_all(store, "round trip").await);

    // Without any article loaded, counts and status are known.
    let loaded = store.load(&"round trip".into()).await.unwrap().unwrap();
    assert_eq!(loaded.last_seq, work.seq);
    assert_eq!(loaded.project.loaded_articles().count(), 0);
    let set = SetKey { article: "first".into(), owner: Owner::Annotator(ada()) };
    let row = loaded.project.set(&set).unwrap();
    assert_eq!((row.total(), row.counts.of(&"quote".into()), row.status()), (2, 1, Status::Doing));

    // Several commits on one record, one that deletes, and an article that goes with all of its.
    work.make(act::set_note(&work.project, &set, &"first 2".into(), "draft", Timestamp(8)));
    work.make(act::set_note(&work.project, &set, &"first 2".into(), "final", Timestamp(9)));
    work.make(act::delete(&work.project, &set, &"first 3".into(), deletion()));
    let second = work.project.article(&"second".into()).unwrap().clone();
    work.make(act::remove_article(&work.project, &second, deletion()));
    work.save(store).await.unwrap();
    let loaded = load_all(store, "round trip").await;
    assert_same(&work.project, &loaded);
    assert_eq!(loaded.annotations(&set).unwrap().get(&"first 2".into()).unwrap().note, "final");
    assert!(loaded.relations().is_empty());
    let deleted: Vec<_> = loaded.deletions().map(|(key, _)| key.kind()).collect();
    assert_eq!(deleted, ["relation", "article", "annotation"]);
    let gone =
        store.load_article(&"round trip".into(), &"second".into(), &second.text).await.unwrap();
    assert!(gone.0.is_some(), "a text stays");
    assert!(gone.1.is_empty());
}

pub async fn history_is_read_newest_first_in_pages(store: &Store) {
    let work = stored(store, "history").await;
    let seqs = async |before, limit| {
        let commits = store.commits(&"history".into(), before, limit).await.unwrap();
        commits.iter().map(|commit| commit.seq).collect::<Vec<_>>()
    };
    assert_eq!(work.seq, 7);
    assert_eq!(seqs(None, 3).await, [7, 6, 5]);
    assert_eq!(seqs(Some(5), 3).await, [4, 3, 2]);
    assert_eq!(seqs(Some(2), 3).await, [1]);
    assert_eq!(seqs(Some(1), 3).await, [0; 0]);
    assert_eq!(seqs(None, u32::MAX).await.len(), 7);
    assert!(store.commits(&"nobody's".into(), None, 9).await.unwrap().is_empty());
    let commit = &store.commits(&"history".into(), None, 1).await.unwrap()[0];
    assert_eq!(commit.transaction.changes().len(), 1);
}

pub async fn a_project_can_be_deleted_and_restored(store: &Store) {
    let work = stored(store, "deleted").await;
    let id = "deleted".into();
    let row = async || {
        let rows = store.projects().await.unwrap();
        rows.into_iter().find(|row| row.id == id).unwrap()
    };
    assert_eq!((row().await.articles, row().await.deleted), (2, None));
    store.touch(&id, Timestamp(500)).await.unwrap();
    assert_eq!(row().await.opened, Timestamp(500));
    store.delete_project(&id, Timestamp(600)).await.unwrap();
    assert_eq!(row().await.deleted, Some(Timestamp(600)));
    assert!(store.load(&id).await.unwrap().is_none());
    store.restore_project(&id).await.unwrap();
    assert_eq!(row().await.deleted, None);
    assert_same(&work.project, &load_all(store, "deleted").await);
    assert!(store.load(&"never made".into()).await.unwrap().is_none());
}

/// A project with what another has under some keys.
fn with(project: &Project, other: &Project, keys: impl IntoIterator<Item = Key>) -> Project {
    let change = |key: Key| Change { from: None, to: other.value(&key).unwrap(), key };
    let changes = keys.into_iter().map(change);
    Transaction::new(Intent::OpenFile, changes).apply(project).unwrap()
}

/// The articles of a project, each as a part of it that has nothing else.
fn parts(project: &Project) -> Vec<Project> {
    let part = |article: &Arc<Article>| {
        let empty = Project::new((**project.meta()).clone());
        let part = with(&empty, project, [Key::Article(article.id.clone())]);
        let part = part
            .with_loaded(&article.id, project.text(&article.id).unwrap().clone(), Sets::new())
            .0;
        let own = |key: &Key| matches!(key, Key::Set(set) | Key::Annotation(set, _) if set.article == article.id);
        with(&part, project, project.keys().into_iter().filter(own))
    };
    project.articles().into_iter().map(part).collect()
}

pub async fn a_file_is_stored_part_by_part_or_not_at_all(store: &Store) {
    let id: ProjectId = "imported".into();
    let known = stored(store, "in parts").await.project;
    assert_eq!(known.articles().len(), 2);
    let project = known.with_meta(Meta { id: "imported".into(), ..(**known.meta()).clone() });
    let rest = project.without_articles();
    let mut ctx = Counted { now: Timestamp(9), prefix: "import ".to_owned(), given: 0 };
    let mut commit = |part: &Project, seq| Arc::new(file_commit(part, seq, "ada".into(), &mut ctx));
    let parts = parts(&project);

    // Given up after the first part: nothing is left, but for the text that was there before.
    let new = Text::new("A text that came with it.");
    let texts = [Text::new(TEXT), new.clone()];
    store.begin_import(&rest).await.unwrap();
    assert_eq!(store.imports().await.unwrap(), std::slice::from_ref(&id));
    assert_eq!(store.put_new_texts(&texts).await.unwrap(), [new.hash().into()]);
    store.import(&parts[0], commit(&parts[0], 1), false).await.unwrap();
    assert_eq!(store.begin_import(&rest).await, Err(StoreError::Overtaken), "one at a time");
    let again = store.import(&parts[1], commit(&parts[1], 1), false).await;
    assert_eq!(again, Err(StoreError::Overtaken), "a part that is there");
    assert!(store.load(&id).await.unwrap().is_none(), "half a project is none");
    assert!(store.projects().await.unwrap().iter().all(|row| row.id != id));
    let mut other = Work::new("other");
    let shared = Text::new("A text that another project has by then.");
    assert_eq!(store.put_new_texts(std::slice::from_ref(&shared)).await.unwrap().len(), 1);
    other.add("shared", &shared);
    other.save(store).await.unwrap();
    let came = [new.hash().into(), shared.hash().into()];
    store.give_up_import(&id, &came).await.unwrap();
    assert_same(&other.project, &load_all(store, "other").await);
    assert_eq!(store.imports().await.unwrap(), []);
    assert!(store.commits(&id, None, 9).await.unwrap().is_empty());
    let text = async |text: &Text| {
        let hash = text.hash().into();
        store.load_article(&id, &"first".into(), &hash).await.unwrap()
    };
    assert_eq!(text(&new).await, (None, Sets::new()));
    assert_eq!(text(&texts[0]).await, (Some(texts[0].clone()), Sets::new()));
    let late = store.import(&parts[1], commit(&parts[1], 2), true).await;
    assert_eq!(late, Err(StoreError::Overtaken), "it was given up");

    // All parts; what is tried again although it is there is no harm.
    for _ in 0..2 {
        store.begin_import(&rest).await.unwrap();
    }
    for (seq, part) in (1..).zip(&parts) {
        let commit = commit(part, seq);
        for _ in 0..2 {
            store.import(part, commit.clone(), false).await.unwrap();
        }
    }
    store.import(&rest, commit(&rest, 3), true).await.unwrap();
    assert_eq!(store.imports().await.unwrap(), []);
    assert_same(&project, &load_all(store, "imported").await);
    let rows = store.projects().await.unwrap();
    let row = rows.iter().find(|row| row.id == id).unwrap();
    assert_eq!((row.articles, row.last_seq), (2, 3));
    let seqs = store.article_commits(&id, &"second".into(), None, 9).await.unwrap();
    assert_eq!(seqs.iter().map(|commit| commit.seq).collect::<Vec<_>>(), [3, 2]);
    store.give_up_import(&id, &[texts[0].hash().into()]).await.unwrap();
    assert_same(&project, &load_all(store, "imported").await);
}

pub async fn what_stands_by_itself_counts_in_place_of_a_block(store: &Store) {
    let known = stored(store, "by itself").await.project;
    let project = known.with_meta(Meta { id: "packed".into(), ..(**known.meta()).clone() });
    let rest = project.without_articles();
    let mut ctx = Counted { now: Timestamp(9), prefix: "packed ".to_owned(), given: 0 };
    store.begin_import(&rest).await.unwrap();
    for (seq, part) in (1..).zip(parts(&project).iter().chain([&rest])) {
        let commit = Arc::new(file_commit(part, seq, "ada".into(), &mut ctx));
        store.import(part, commit, seq == 3).await.unwrap();
    }
    let mut work = Work { project, seq: 3, pending: Vec::new() };
    assert_same(&work.project, &load_all(store, "packed").await);

    // Time alone keeps what else the block has of the set.
    let (id, set) = ("packed".into(), act::own_set(&"second".into(), &ada()));
    let known = work.project.set(&set).unwrap().clone();
    assert!(known.total() > 0);
    store.put_seconds(&id, &set, None, 99).await.unwrap();
    assert_same(&work.project, &load_all(store, "packed").await);
    for seconds in [70, 60] {
        store.put_seconds(&id, &set, Some(&known), seconds).await.unwrap();
    }
    work.project = work.project.with_seconds(&set, 70);
    assert_same(&work.project, &load_all(store, "packed").await);
    assert_eq!(load_all(store, "packed").await.set(&set).unwrap().seconds, 70);

    work.mark("second", "denial", 0, 4);
    let first = work.project.article(&"first".into()).unwrap().clone();
    work.make(act::remove_article(&work.project, &first, deletion()));
    work.save(store).await.unwrap();
    let kept = load_all(store, "packed").await;
    assert_same(&work.project, &kept);
    assert!(kept.article(&"first".into()).is_none());
    assert!(kept.sets_of(&"first".into()).next().is_none());
}

pub async fn annotations_come_in_blocks_and_change_one_by_one(store: &Store) {
    let known = stored(store, "as a file").await.project;
    let project = known.with_meta(Meta { id: "as blocks".into(), ..(**known.meta()).clone() });
    let mut ctx = Counted { now: Timestamp(9), prefix: "blocks ".to_owned(), given: 0 };
    let commit = Arc::new(file_commit(&project, 1, ada(), &mut ctx));
    let mut work = Work { project, seq: 1, pending: vec![commit] };
    work.save(store).await.unwrap();
    assert_same(&work.project, &load_all(store, "as blocks").await);

    // One is deleted and comes back, another is deleted, and one is new.
    let set = act::own_set(&"first".into(), &ada());
    let delete = |project: &Project, id: &str| act::delete(project, &set, &id.into(), deletion());
    let deleted = delete(&work.project, "first 2");
    for transaction in [deleted.clone(), deleted.invert(), delete(&work.project, "first 3")] {
        work.make(transaction);
        work.save(store).await.unwrap();
        assert_same(&work.project, &load_all(store, "as blocks").await);
    }
    work.mark("first", "denial", 10, 14);
    work.save(store).await.unwrap();
    assert_same(&work.project, &load_all(store, "as blocks").await);

    // The article goes with all that is on it, and comes back with that and nothing else.
    let first = work.project.article(&"first".into()).unwrap().clone();
    let removed = act::remove_article(&work.project, &first, deletion());
    work.make(removed.clone());
    work.save(store).await.unwrap();
    let left = store.load_article(&"as blocks".into(), &first.id, &first.text).await.unwrap();
    assert_eq!(left, (Some(Text::new(TEXT)), Sets::new()));
    work.make(removed.invert());
    work.save(store).await.unwrap();
    assert_same(&work.project, &load_all(store, "as blocks").await);
}

pub async fn another_tabs_commit_is_never_overwritten(store: &Store) {
    let mut mine = stored(store, "overtaken").await;
    let commits = store.commits(&"overtaken".into(), None, 1).await.unwrap();
    store.write(&mine.project, &commits).await.expect("the same commit again is no harm");

    let mut theirs = Work { project: mine.project.clone(), seq: mine.seq, pending: Vec::new() };
    theirs.make(act::rename_project(&theirs.project, "Theirs"));
    theirs.pending = vec![Arc::new(Commit { id: "theirs".into(), ..(*theirs.pending[0]).clone() })];
    theirs.save(store).await.unwrap();
    mine.make(act::rename_project(&mine.project, "Mine"));
    assert_eq!(mine.save(store).await, Err(StoreError::Overtaken));
    let kept = store.load(&"overtaken".into()).await.unwrap().unwrap().project;
    assert_eq!(kept.meta().title, "Theirs");

    mine.seq += 5;
    mine.make(act::rename_project(&mine.project, "Mine again"));
    let gap = mine.save(store).await;
    assert!(matches!(gap, Err(StoreError::Damaged { .. })), "a hole in the history: {gap:?}");
}

pub async fn the_view_is_remembered(store: &Store) {
    assert_eq!(store.view::<(String, u32)>("caret").await.unwrap(), None);
    store.remember_view("caret", &("first".to_owned(), 12)).await.unwrap();
    assert_eq!(store.view("caret").await.unwrap(), Some(("first".to_owned(), 12)));
    assert_eq!(store.view::<bool>("caret").await.unwrap(), None, "another shape is no error");
}

pub async fn the_history_of_an_article_is_its_own(store: &Store) {
    let mut work = stored(store, "of an article").await;
    let id = "of an article".into();
    let seqs = async |article: &str, before, limit| {
        let commits = store.article_commits(&id, &article.into(), before, limit).await.unwrap();
        commits.iter().map(|commit| commit.seq).collect::<Vec<_>>()
    };
    // Its own record, two marks, and a relation that leads here from another article.
    assert_eq!(seqs("first", None, 9).await, [7, 4, 3, 1]);
    assert_eq!(seqs("second", None, 9).await, [7, 5, 2]);
    assert_eq!(seqs("first", Some(7), 2).await, [4, 3]);
    assert_eq!(seqs("first", Some(1), 2).await, [0; 0]);
    assert_eq!(seqs("nowhere", None, 9).await, [0; 0]);
    let set = act::own_set(&"second".into(), &ada());
    work.make(act::set_status(&work.project, &set, Status::Done));
    work.save(store).await.unwrap();
    assert_eq!(seqs("second", None, 1).await, [8]);
    assert_eq!(seqs("first", None, 1).await, [7]);
}

pub async fn what_follows_a_commit_is_read_oldest_first(store: &Store) {
    stored(store, "followed").await;
    let seqs = async |after, limit| {
        let commits = store.commits_after(&"followed".into(), after, limit).await.unwrap();
        commits.iter().map(|commit| commit.seq).collect::<Vec<_>>()
    };
    assert_eq!(seqs(0, 3).await, [1, 2, 3]);
    assert_eq!(seqs(5, 9).await, [6, 7]);
    assert_eq!(seqs(7, 9).await, [0; 0]);
}

/// What a database of version 1 held is there, and has what version 2 added.
pub async fn has_what_version_1_had(store: &Store) {
    let project = load_all(store, "trial").await;
    let annotator = project.annotators()[0].id.clone();
    let words = |article: &str| {
        let set = act::own_set(&article.into(), &annotator);
        let text = project.text(&set.article).unwrap();
        let set = project.annotations(&set).unwrap().values();
        let mut words: Vec<_> = set.map(|it| text.slice(it.spans.first()).to_owned()).collect();
        words.sort();
        words
    };
    assert_eq!(words("fox"), ["the fox ran", "“I ran home”"]);
    assert_eq!(words("crow"), ["The crow", "it was"]);
    assert_eq!(store.commits(&"trial".into(), None, 99).await.unwrap().len(), 9);
    let seqs = async |article: &str| {
        let commits = store.article_commits(&"trial".into(), &article.into(), None, 99).await;
        commits.unwrap().iter().map(|commit| commit.seq).collect::<Vec<_>>()
    };
    assert_eq!(seqs("fox").await, [5, 4, 3, 1]);
    assert_eq!(seqs("crow").await, [9, 8, 7, 6, 1]);
}
