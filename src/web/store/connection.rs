//! The open database, and how values cross over to it.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::Array;
use serde_json::Value as Json;
use wasm_bindgen::JsValue;
use web_sys::{IdbDatabase, IdbKeyRange};

use super::StoreError;
use super::idb::{self, Plan};
use crate::format::stored::STORES;
use crate::web::plain;

/// The name of the database.
pub const DATABASE: &str = "avow";
const VERSION: u32 = 1;

/// How a connection ended, if it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The browser closed it, perhaps since the disk failed; another may be opened.
    Lost,
    /// It had to make way for another version or for a deletion, and stays closed.
    GaveWay,
}

/// An open database; it closes on drop, after what is under way.
pub(super) struct Connection {
    db: IdbDatabase,
    end: Rc<Cell<Option<End>>>,
    _listeners: [EventListener; 2],
}

impl Connection {
    pub async fn open() -> Result<Connection, StoreError> {
        let opened = idb::open(DATABASE, VERSION, &STORES).await;
        let db = opened.map_err(StoreError::not_opened)?;
        let end = Rc::new(Cell::new(None));
        let listen = |event: &'static str, how: End| {
            let (ended, closing) = (end.clone(), db.clone());
            EventListener::new(&db, event, move |_| {
                ended.set(Some(how));
                // A connection that stays open would block the other tab for as long as this one
                // lives.
                closing.close();
            })
        };
        let listeners = [listen("close", End::Lost), listen("versionchange", End::GaveWay)];
        Ok(Connection { db, end, _listeners: listeners })
    }

    pub fn end(&self) -> Option<End> {
        self.end.get()
    }

    pub async fn run(&self, plan: &Plan<'_>) -> Result<Array, StoreError> {
        plan.run(&self.db).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.db.close();
    }
}

/// A stored value as JSON; `what` names it where it is none.
pub(super) fn from_js(value: &JsValue, what: &str) -> Result<Json, StoreError> {
    plain::from_js(value).ok_or_else(|| StoreError::damaged(what))
}

/// A key of several parts.
pub(super) fn key(path: &[String]) -> Array {
    path.iter().map(|part| JsValue::from_str(part)).collect()
}

/// The key at a path and all keys below it: no string comes after an array.
pub(super) fn below(path: &[String]) -> Result<JsValue, StoreError> {
    let end = key(path);
    end.push(&Array::new());
    between(&key(path), &end)
}

/// The keys from a first one to one that is no longer among them.
pub(super) fn between(start: &JsValue, end: &JsValue) -> Result<JsValue, StoreError> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(start, end, false, true)?.into())
}
