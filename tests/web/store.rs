//! The store: what is written comes back, all or nothing, strictly durable.

use std::rc::Rc;

use avow::annotation::{AnnotatorId, Place, Relation, Spans, Status, Target, Timestamp};
use avow::edit::act::{self, Ctx};
use avow::edit::{Change, Commit, Intent, Transaction};
use avow::project::{Article, Deletion, Key, Meta, Owner, Project, SetKey, Source, Value};
use avow::scheme::Extra;
use avow::text::Text;
use avow::web::store::{Store, StoreError};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// A project with a history, each test with an id of its own since they share the database.
pub struct Work {
    pub project: Project,
    seq: u64,
    pending: Vec<Rc<Commit>>,
}

const TEXT: &str = "“No,” said Ada. “I took no gold 👩‍👩‍👧‍👦.”\n\nThe mayor lied.";

fn ada() -> AnnotatorId {
    "ada".into()
}

fn deletion() -> Deletion {
    Deletion { at: Timestamp(10), by: ada(), extra: Extra::new() }
}

fn article(id: &str, text: &Text) -> Article {
    let metadata = r#"{"tweet": 12345678901234567890, "one": 1.0, "__proto__": {"$x": [null]}}"#;
    Article {
        id: id.into(),
        order: 0,
        title: format!("The {id}"),
        text: text.hash().into(),
        source: Source { file: Some("a.txt".to_owned()), ..Source::default() },
        metadata: serde_json::from_str(metadata).unwrap(),
        regions: Vec::new(),
        extra: Extra::new(),
    }
}

impl Work {
    fn new(id: &str) -> Work {
        let meta = Meta::new(id.into(), &format!("Project {id}"), Timestamp(1));
        Work { project: Project::new(meta), seq: 0, pending: Vec::new() }
    }

    fn make(&mut self, transaction: Transaction) {
        self.project = transaction.apply(&self.project).unwrap();
        self.seq += 1;
        self.pending.push(Rc::new(Commit {
            id: format!("commit {}", self.seq).into(),
            seq: self.seq,
            at: Timestamp(100 + self.seq),
            by: ada(),
            intent_group: format!("{}", self.seq).into(),
            undoes: None,
            transaction,
        }));
    }

    fn add(&mut self, id: &str, text: &Text) {
        let intent = Intent::AddArticles { count: 1 };
        self.make(act::add_articles(&self.project, [article(id, text)], intent));
        self.project = self.project.with_loaded(&id.into(), text.clone(), []).0;
    }

    fn mark(&mut self, article: &str, label: &str, start: u32, end: u32) {
        let set = act::own_set(&article.into(), &ada());
        let text = self.project.text(&set.article).unwrap();
        let span = text.span(text.pos(start).unwrap(), text.pos(end).unwrap()).unwrap();
        let name = format!("{article} {}", self.seq);
        let mut ctx = Ctx { now: Timestamp(7), new_id: &mut || name.clone() };
        let spans = Spans::new([span]).unwrap();
        self.make(act::annotate(&self.project, &set, &label.into(), spans, &mut ctx).1);
    }

    async fn save(&mut self, store: &Store) -> Result<(), StoreError> {
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
    let name = || "ada lovelace".to_owned();
    let mut ctx = Ctx { now: Timestamp(9), new_id: &mut { name } };
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
    let to = Some(Value::Relation(Rc::new(relation)));
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

#[wasm_bindgen_test]
async fn what_is_written_comes_back() {
    let store = Store::open().await.unwrap();
    let mut work = stored(&store, "round trip").await;
    assert_same(&work.project, &load_all(&store, "round trip").await);

    // Without any article loaded, counts and status are known.
    let loaded = store.load(&"round trip".into()).await.unwrap().unwrap();
    assert_eq!(loaded.last_seq, work.seq);
    assert_eq!(loaded.project.loaded_articles().count(), 0);
    let set = SetKey { article: "first".into(), owner: Owner::Annotator(ada()) };
    let row = loaded.project.set(&set).unwrap();
    assert_eq!(
        (row.total(), row.counts.get(&"quote".into()).copied(), row.status()),
        (2, Some(1), Status::Doing)
    );

    // Several commits on one record, one that deletes, and an article that goes with all of its.
    work.make(act::set_note(&work.project, &set, &"first 2".into(), "draft", Timestamp(8)));
    work.make(act::set_note(&work.project, &set, &"first 2".into(), "final", Timestamp(9)));
    work.make(act::delete(&work.project, &set, &"first 3".into(), deletion()));
    let second = work.project.article(&"second".into()).unwrap().clone();
    work.make(act::remove_article(&work.project, &second, deletion()));
    work.save(&store).await.unwrap();
    let loaded = load_all(&store, "round trip").await;
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

#[wasm_bindgen_test]
async fn history_is_read_newest_first_in_pages() {
    let store = Store::open().await.unwrap();
    let work = stored(&store, "history").await;
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

#[wasm_bindgen_test]
async fn a_project_can_be_deleted_and_restored() {
    let store = Store::open().await.unwrap();
    let work = stored(&store, "deleted").await;
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
    assert_same(&work.project, &load_all(&store, "deleted").await);
    assert!(store.load(&"never made".into()).await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn another_tabs_commit_is_never_overwritten() {
    let store = Store::open().await.unwrap();
    let mut mine = stored(&store, "overtaken").await;
    let commits = store.commits(&"overtaken".into(), None, 1).await.unwrap();
    store.write(&mine.project, &commits).await.expect("the same commit again is no harm");

    let mut theirs = Work { project: mine.project.clone(), seq: mine.seq, pending: Vec::new() };
    theirs.make(act::rename_project(&theirs.project, "Theirs"));
    theirs.pending = vec![Rc::new(Commit { id: "theirs".into(), ..(*theirs.pending[0]).clone() })];
    theirs.save(&store).await.unwrap();
    mine.make(act::rename_project(&mine.project, "Mine"));
    assert_eq!(mine.save(&store).await, Err(StoreError::Overtaken));
    let kept = store.load(&"overtaken".into()).await.unwrap().unwrap().project;
    assert_eq!(kept.meta().title, "Theirs");

    mine.seq += 5;
    mine.make(act::rename_project(&mine.project, "Mine again"));
    let gap = mine.save(&store).await;
    assert!(matches!(gap, Err(StoreError::Damaged { .. })), "a hole in the history: {gap:?}");
}

#[wasm_bindgen_test]
async fn the_view_is_remembered() {
    let store = Store::open().await.unwrap();
    assert_eq!(store.view::<(String, u32)>("caret").await.unwrap(), None);
    store.remember_view("caret", &("first".to_owned(), 12)).await.unwrap();
    assert_eq!(store.view("caret").await.unwrap(), Some(("first".to_owned(), 12)));
    assert_eq!(store.view::<bool>("caret").await.unwrap(), None, "another shape is no error");
}

/// Replaces a method of a prototype by one made of it; back on drop.
struct Patched {
    prototype: JsValue,
    name: &'static str,
    original: JsValue,
}

impl Patched {
    fn new(class: &str, name: &'static str, wrap: &str, arg: &JsValue) -> Patched {
        let class = Reflect::get(&js_sys::global(), &class.into()).unwrap();
        let prototype = Reflect::get(&class, &"prototype".into()).unwrap();
        let original = Reflect::get(&prototype, &name.into()).unwrap();
        let wrap = Function::new_with_args("original, arg", wrap);
        let wrapped = wrap.call2(&JsValue::NULL, &original, arg).unwrap();
        Reflect::set(&prototype, &name.into(), &wrapped).unwrap();
        Patched { prototype, name, original }
    }
}

impl Drop for Patched {
    fn drop(&mut self) {
        Reflect::set(&self.prototype, &self.name.into(), &self.original).unwrap();
    }
}

#[wasm_bindgen_test]
async fn work_is_written_strictly_and_in_one_transaction() {
    let store = Store::open().await.unwrap();
    let log = Array::new();
    let spy = "return function(stores, mode, options) {
        if (mode === 'readwrite') arg.push([].concat(stores).join() + ' ' + options?.durability);
        return original.apply(this, arguments);
    }";
    let _spy = Patched::new("IDBDatabase", "transaction", spy, &log);
    stored(&store, "strict").await;
    store.touch(&"strict".into(), Timestamp(1)).await.unwrap();
    store.remember_view("x", &1).await.unwrap();
    let log: Vec<String> = log.iter().filter_map(|line| line.as_string()).collect();
    assert_eq!(
        log,
        ["texts strict", "projects,records,commits strict", "projects strict", "views relaxed"]
    );
}

#[wasm_bindgen_test]
async fn a_write_resolves_only_after_complete() {
    let store = Store::open().await.unwrap();
    let completed = Array::new();
    let spy = "return function() {
        const transaction = original.apply(this, arguments);
        transaction.addEventListener('complete', () => arg.push(transaction.mode));
        return transaction;
    }";
    let _spy = Patched::new("IDBDatabase", "transaction", spy, &completed);
    let mut work = Work::new("complete");
    work.save(&store).await.unwrap();
    assert!(completed.includes(&"readwrite".into(), 0));
}

#[wasm_bindgen_test]
async fn a_transaction_that_fails_leaves_nothing() {
    let store = Store::open().await.unwrap();
    let mut work = stored(&store, "failing").await;
    work.make(act::rename_project(&work.project, "Half"));
    work.mark("first", "claim", 0, 9);
    {
        // All puts go through, and then the disk is full.
        let fail = "return function() {
            if (this.mode === 'readwrite') this.abort(); else original.apply(this, arguments);
        }";
        let _fail = Patched::new("IDBTransaction", "commit", fail, &JsValue::NULL);
        let pending = work.pending.clone();
        let failed = store.write(&work.project, &pending).await;
        assert!(failed.is_err(), "{failed:?}");
    }
    let loaded = store.load(&"failing".into()).await.unwrap().unwrap();
    assert_eq!((loaded.project.meta().title.as_str(), loaded.last_seq), ("Project failing", 7));
    assert_eq!(store.commits(&"failing".into(), None, 99).await.unwrap().len(), 7);
    work.save(&store).await.expect("the next try succeeds");
    assert_same(&work.project, &load_all(&store, "failing").await);
}

#[wasm_bindgen_test]
async fn a_full_disk_is_named() {
    let store = Store::open().await.unwrap();
    let full = "return function() { throw new DOMException('full', 'QuotaExceededError') }";
    let _full = Patched::new("IDBObjectStore", "put", full, &JsValue::NULL);
    assert_eq!(Work::new("full").save(&store).await, Err(StoreError::Quota));
}

/// Renames a project in vain, and sees that nothing of the attempt stays.
async fn fails(store: &Store, work: &mut Work, patch: Patched) -> StoreError {
    let before = work.project.clone();
    let id = before.meta().id.clone();
    let seq = work.seq;
    work.make(act::rename_project(&work.project, "Half"));
    let error = work.save(store).await.unwrap_err();
    drop(patch);
    let loaded = store.load(&id).await.unwrap().unwrap();
    assert_eq!(loaded.last_seq, seq);
    assert_same(&before, &load_all(store, id.as_str()).await);
    assert_eq!(store.commits(&id, None, 1).await.unwrap()[0].seq, seq);
    (work.project, work.seq) = (before, seq);
    error
}

#[wasm_bindgen_test]
async fn a_transaction_that_stops_halfway_is_rolled_back() {
    let store = Store::open().await.unwrap();
    let mut work = stored(&store, "halfway").await;
    // The row of the project is put last, when all else is.
    let full = "return function() {
        if (this.name === 'projects') throw new DOMException('full', 'QuotaExceededError');
        return original.apply(this, arguments);
    }";
    let full = Patched::new("IDBObjectStore", "put", full, &JsValue::NULL);
    assert_eq!(fails(&store, &mut work, full).await, StoreError::Quota);
}

#[wasm_bindgen_test]
async fn a_request_that_fails_in_its_own_time_fails_the_write() {
    let store = Store::open().await.unwrap();
    let mut work = stored(&store, "late").await;
    let constraint = |error: StoreError| match error {
        StoreError::Other(why) => assert!(why.starts_with("ConstraintError: "), "{why}"),
        error => panic!("{error:?}"),
    };
    // A put that nobody waits for: it is refused, since the key is taken.
    let add = "return function() {
        return (this.name === 'projects' ? this.add : original).apply(this, arguments);
    }";
    let put = Patched::new("IDBObjectStore", "put", add, &JsValue::NULL);
    constraint(fails(&store, &mut work, put).await);
    // A read whose answer the write needs.
    let add = "return function(key) {
        const writes = this.transaction.mode === 'readwrite';
        return writes ? this.add({}, key) : original.apply(this, arguments);
    }";
    let get = Patched::new("IDBObjectStore", "get", add, &JsValue::NULL);
    constraint(fails(&store, &mut work, get).await);
}

#[wasm_bindgen_test]
async fn a_disk_that_is_full_at_the_commit_is_named() {
    let store = Store::open().await.unwrap();
    let mut work = stored(&store, "full at the commit").await;
    // So does a browser: the requests succeed, and the reason stands in the transaction.
    let full = "return function() {
        const transaction = original.apply(this, arguments);
        const error = new DOMException('full', 'QuotaExceededError');
        if (transaction.mode === 'readwrite') {
            transaction.commit = transaction.abort;
            Object.defineProperty(transaction, 'error', {value: error});
        }
        return transaction;
    }";
    let full = Patched::new("IDBDatabase", "transaction", full, &JsValue::NULL);
    assert_eq!(fails(&store, &mut work, full).await, StoreError::Quota);
}

#[wasm_bindgen_test]
async fn a_reading_transaction_is_over_with_its_answers() {
    let store = Store::open().await.unwrap();
    stored(&store, "over").await;
    let begun = Array::new();
    let spy = "return function() {
        const transaction = original.apply(this, arguments);
        arg.push(transaction);
        return transaction;
    }";
    let _spy = Patched::new("IDBDatabase", "transaction", spy, &begun);
    store.load(&"over".into()).await.unwrap();
    let over = "try { transaction.objectStore('projects'); return false } catch { return true }";
    let over = Function::new_with_args("transaction", over);
    assert_eq!(begun.length(), 1);
    assert!(over.call1(&JsValue::NULL, &begun.get(0)).unwrap().is_truthy());
}

#[wasm_bindgen_test]
async fn a_connection_that_stays_broken_is_tried_twice() {
    let store = Store::open().await.unwrap();
    let tried = Array::new();
    let close = "return function() {
        arg.push(1);
        this.close();
        return original.apply(this, arguments);
    }";
    let close = Patched::new("IDBDatabase", "transaction", close, &tried);
    let lost = store.projects().await;
    assert!(matches!(lost, Err(StoreError::Lost(_))), "{lost:?}");
    assert_eq!(tried.length(), 2);
    drop(close);
    store.projects().await.expect("the next call opens it anew");
}

#[wasm_bindgen_test]
async fn a_connection_that_gave_way_stays_closed() {
    let store = Store::open().await.unwrap();
    let give_way = "return function() {
        this.dispatchEvent(new IDBVersionChangeEvent('versionchange'));
        return original.apply(this, arguments);
    }";
    let give_way = Patched::new("IDBDatabase", "transaction", give_way, &JsValue::NULL);
    assert_eq!(store.projects().await.unwrap_err(), StoreError::VersionChange);
    drop(give_way);
    assert_eq!(store.projects().await.unwrap_err(), StoreError::VersionChange);
    Store::open().await.unwrap().projects().await.expect("after a reload all is well");
}

#[wasm_bindgen_test]
async fn why_a_database_cannot_be_opened_is_told() {
    let opened = async |open: &str| {
        let _open = Patched::new("IDBFactory", "open", open, &JsValue::NULL);
        Store::open().await.map(drop).unwrap_err()
    };
    let denied = "return function() { throw new DOMException('denied', 'SecurityError') }";
    assert!(matches!(opened(denied).await, StoreError::Unavailable(_)));
    // A later version of the page was here.
    let older =
        "indexedDB.deleteDatabase('newer'); original.call(indexedDB, 'newer', 2).onsuccess =
        event => event.target.result.close();
    return function() { return original.call(this, 'newer', 1) }";
    assert_eq!(opened(older).await, StoreError::VersionChange);
    let gone = Function::new_no_args("indexedDB.deleteDatabase('newer')");
    gone.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn a_database_is_made_whole_or_not_at_all() {
    let elsewhere =
        "return function(name, version) { return original.call(this, 'half', version) }";
    let _elsewhere = Patched::new("IDBFactory", "open", elsewhere, &JsValue::NULL);
    let names = async || {
        let names = "return indexedDB.databases().then(all => all.map(one => one.name))";
        let names = Function::new_no_args(names).call0(&JsValue::NULL).unwrap();
        let names = JsFuture::from(names.unchecked_into::<Promise>()).await.unwrap();
        names.unchecked_into::<Array>()
    };
    let fail = "return function(name) {
        if (name === 'commits') throw new DOMException('no', 'ConstraintError');
        return original.apply(this, arguments);
    }";
    let fail = Patched::new("IDBDatabase", "createObjectStore", fail, &JsValue::NULL);
    let failed = Store::open().await.map(drop);
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    assert!(!names().await.includes(&"half".into(), 0));
    drop(fail);
    let store = Store::open().await.unwrap();
    stored(&store, "first of a new database").await;
    assert_eq!(store.projects().await.unwrap().len(), 1);
    let gone = Function::new_no_args("indexedDB.deleteDatabase('half')");
    gone.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn a_broken_connection_is_opened_anew() {
    let store = Store::open().await.unwrap();
    let mut work = stored(&store, "reopened").await;
    work.make(act::rename_project(&work.project, "Reopened"));
    // The first transaction finds the connection closed, as after an error of the disk.
    let close = "return function() {
        if (!arg.length) { arg.push(1); this.close(); }
        return original.apply(this, arguments);
    }";
    let _close = Patched::new("IDBDatabase", "transaction", close, &Array::new());
    work.save(&store).await.unwrap();
    let title = store.load(&"reopened".into()).await.unwrap().unwrap().project.meta().title.clone();
    assert_eq!(title, "Reopened");
}

#[wasm_bindgen_test]
async fn a_thousand_annotations_are_quick() {
    let store = Store::open().await.unwrap();
    let now = || js_sys::Date::now();
    let text = Text::new(&"A sentence of the mayor. ".repeat(4000));
    store.put_texts(std::slice::from_ref(&text)).await.unwrap();
    let mut work = Work::new("large");
    work.add("first", &text);
    for at in 0..1000 {
        work.mark("first", "claim", at * 25, at * 25 + 10);
    }
    let start = now();
    work.save(&store).await.unwrap();
    let (wrote, start) = (now() - start, now());
    let loaded = load_all(&store, "large").await;
    let (read, start) = (now() - start, now());
    assert_same(&work.project, &loaded);
    work.mark("first", "quote", 0, 5);
    work.save(&store).await.unwrap();
    let one = now() - start;
    let intent = Intent::AddArticles { count: 1000 };
    let articles = (0..1000).map(|number| article(&format!("article {number}"), &text));
    work.make(act::add_articles(&work.project, articles, intent));
    let start = now();
    work.save(&store).await.unwrap();
    let (added, start) = (now() - start, now());
    store.load(&"large".into()).await.unwrap().unwrap();
    let index = now() - start;
    console_log!(
        "1,000 annotations in as many commits: written in {wrote} ms, read in {read} ms; \
         one more in {one} ms; 1,000 articles in one commit in {added} ms, index in {index} ms"
    );
}
