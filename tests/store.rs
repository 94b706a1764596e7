//! The store over its twin in memory: the suite that the browser's database passes too, and what
//! only the twin can be made to do.
#![cfg(not(target_arch = "wasm32"))]

#[path = "store/suite.rs"]
mod suite;

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use avow::edit::act;
use avow::format::stored;
use avow::store::{Memory, Part, Store, StoreError, StoreKey};
use serde_json::Value as Json;
use suite::{Work, assert_same, load_all};

/// What never has to wait.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("the twin in memory never waits"),
    }
}

macro_rules! in_memory {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            now(suite::$name(&Store::new(Rc::new(Memory::default()))));
        }
    )*};
}
suite::each!(in_memory);

/// What a database of version 1 held, as that version's own page wrote it: an object store, a
/// key, a value.
fn version_1() -> Vec<(&'static str, StoreKey, Json)> {
    let mut file: Json = serde_json::from_str(include_str!("store/v1.json")).unwrap();
    let mut entries = Vec::new();
    for (store, _) in stored::STORES {
        for mut entry in
            file["stores"][store].take().as_array_mut().into_iter().flat_map(std::mem::take)
        {
            entries.push((store, key(&entry["key"]), entry["value"].take()));
        }
    }
    entries
}

fn key(json: &Json) -> StoreKey {
    let parts = json.as_array().cloned().unwrap_or_else(|| vec![json.clone()]);
    let parts = parts.iter().map(|part| match part.as_u64() {
        Some(number) => Part::Number(number),
        None => Part::Text(part.as_str().unwrap().to_owned()),
    });
    parts.collect()
}

#[test]
fn a_database_of_version_1_is_brought_to_this_one() {
    let memory = Memory::of_version(1, version_1()).unwrap();
    now(suite::has_what_version_1_had(&Store::new(Rc::new(memory))));
}

#[test]
fn a_write_that_fails_at_any_request_leaves_nothing() {
    let memory = Rc::new(Memory::default());
    let store = Store::new(memory.clone());
    let work = now(suite::stored(&store, "failing"));
    let before = now(load_all(&store, "failing"));
    for request in 0.. {
        memory.fail_after(request, || StoreError::Quota);
        let mut work = Work { project: work.project.clone(), seq: work.seq, pending: Vec::new() };
        work.make(act::rename_project(&work.project, "Half"));
        work.mark("first", "claim", 0, 9);
        if now(work.save(&store)).is_ok() {
            assert!(memory.fail_no_more(), "no failure goes unseen");
            assert!(request > 8, "{request}");
            assert_same(&work.project, &now(load_all(&store, "failing")));
            return;
        }
        assert_same(&before, &now(load_all(&store, "failing")));
        let commits = now(store.commits(&"failing".into(), None, 99)).unwrap();
        assert_eq!(commits.len() as u64, 7);
    }
}
