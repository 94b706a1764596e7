//! The store over the browser's database: the suite that its twin in memory passes too, and what
//! only a browser does: strict durability, one transaction, broken connections, a full disk.

use std::rc::Rc;

use avow::annotation::Timestamp;
use avow::edit::Intent;
use avow::edit::act;
use avow::store::{Store, StoreError};
use avow::text::Text;
use avow::web::store;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

use crate::suite::{self, Work, article, assert_same, load_all, stored};

/// The store of this browser.
pub async fn opened() -> Result<Store, StoreError> {
    store::open(Some(store::upgrade), Rc::new(|| {})).await
}

macro_rules! in_browser {
    ($($name:ident)*) => {$(
        #[wasm_bindgen_test]
        async fn $name() {
            suite::$name(&opened().await.unwrap()).await;
        }
    )*};
}
suite::each!(in_browser);

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
    let store = opened().await.unwrap();
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
        [
            "texts strict",
            "projects,records,commits,touches strict",
            "projects strict",
            "views relaxed"
        ]
    );
}

#[wasm_bindgen_test]
async fn a_write_resolves_only_after_complete() {
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
    let give_way = "return function() {
        this.dispatchEvent(new IDBVersionChangeEvent('versionchange'));
        return original.apply(this, arguments);
    }";
    let give_way = Patched::new("IDBDatabase", "transaction", give_way, &JsValue::NULL);
    assert_eq!(store.projects().await.unwrap_err(), StoreError::VersionChange);
    drop(give_way);
    assert_eq!(store.projects().await.unwrap_err(), StoreError::VersionChange);
    opened().await.unwrap().projects().await.expect("after a reload all is well");
}

#[wasm_bindgen_test]
async fn why_a_database_cannot_be_opened_is_told() {
    let opened = async |open: &str| {
        let _open = Patched::new("IDBFactory", "open", open, &JsValue::NULL);
        opened().await.map(drop).unwrap_err()
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
    let failed = opened().await.map(drop);
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    assert!(!names().await.includes(&"half".into(), 0));
    drop(fail);
    let store = opened().await.unwrap();
    stored(&store, "first of a new database").await;
    assert_eq!(store.projects().await.unwrap().len(), 1);
    let gone = Function::new_no_args("indexedDB.deleteDatabase('half')");
    gone.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn a_broken_connection_is_opened_anew() {
    let store = opened().await.unwrap();
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
    let store = opened().await.unwrap();
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

#[wasm_bindgen_test]
async fn a_database_of_version_1_is_brought_to_this_one() {
    let make = "return new Promise((done, failed) => {
        const request = indexedDB.open('older', 1);
        request.onupgradeneeded = () => {
            for (const [store, entries] of Object.entries(JSON.parse(file).stores)) {
                const made = request.result.createObjectStore(store);
                for (const {key, value} of entries) made.put(value, key);
            }
        };
        request.onsuccess = () => (request.result.close(), done());
        request.onerror = () => failed(request.error);
    })";
    let make = Function::new_with_args("file", make);
    let made = make.call1(&JsValue::NULL, &include_str!("../store/v1.json").into()).unwrap();
    JsFuture::from(made.unchecked_into::<Promise>()).await.unwrap();
    let elsewhere =
        "return function(name, version) { return original.call(this, 'older', version) }";
    let elsewhere = Patched::new("IDBFactory", "open", elsewhere, &JsValue::NULL);
    let without = store::open(None, Rc::new(|| {})).await.map(drop);
    assert_eq!(without, Err(StoreError::Older));
    {
        // Where an upgrade fails, all is as it was.
        let fail = "return function() { throw new DOMException('no', 'UnknownError') }";
        let _fail = Patched::new("IDBObjectStore", "put", fail, &JsValue::NULL);
        let failed = opened().await.map(drop);
        assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    }
    let store = opened().await.unwrap();
    suite::has_what_version_1_had(&store).await;
    drop((store, elsewhere));
    let gone = Function::new_no_args("indexedDB.deleteDatabase('older')");
    gone.call0(&JsValue::NULL).unwrap();
}
