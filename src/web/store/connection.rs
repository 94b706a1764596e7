//! The open database, and how values cross over to it.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};
use js_sys::{Array, Object};
use serde_json::{Map, Value as Json};
use wasm_bindgen::{JsCast, JsValue};

use super::StoreError;
use crate::format::stored::STORES;

/// The name of the database.
pub const DATABASE: &str = "avow";
const VERSION: u8 = 1;

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
    db: Database,
    end: Rc<Cell<Option<End>>>,
    _listeners: [EventListener; 2],
}

impl Connection {
    pub async fn open() -> Result<Connection, StoreError> {
        let db = Database::open(DATABASE)
            .with_version(VERSION)
            .with_on_upgrade_needed(|_, db| {
                for store in STORES {
                    db.create_object_store(store).build()?;
                }
                Ok(())
            })
            .await?;
        let end = Rc::new(Cell::new(None));
        let listen = |event: &'static str, how: End| {
            let (ended, closing) = (end.clone(), db.clone());
            EventListener::new(db.as_sys(), event, move |_| {
                ended.set(Some(how));
                // A connection that stays open would block the other tab for as long as this one
                // lives.
                closing.clone().close();
            })
        };
        let listeners = [listen("close", End::Lost), listen("versionchange", End::GaveWay)];
        Ok(Connection { db, end, _listeners: listeners })
    }

    pub fn end(&self) -> Option<End> {
        self.end.get()
    }

    pub fn read(&self, stores: &[&str]) -> Result<Transaction<'_>, StoreError> {
        Ok(self.db.transaction(stores).with_mode(TransactionMode::Readonly).build()?)
    }

    pub fn write(
        &self,
        stores: &[&str],
        durability: TransactionDurability,
    ) -> Result<Transaction<'_>, StoreError> {
        let mut options = TransactionOptions::new();
        options.set_durability(durability);
        let transaction = self.db.transaction(stores).with_mode(TransactionMode::Readwrite);
        Ok(transaction.with_options(options).build()?)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.db.clone().close();
    }
}

/// Commits, and comes back when the browser has fired `complete`.
pub(super) async fn complete(transaction: Transaction<'_>) -> Result<(), StoreError> {
    let raw = transaction.as_sys().clone();
    match transaction.commit().await {
        Ok(()) => Ok(()),
        // Why the browser aborted stands only here: a full disk shows when it commits.
        Err(error) => Err(match raw.error() {
            Some(exception) => StoreError::from_exception(&exception),
            None => error.into(),
        }),
    }
}

/// A plain value as JavaScript has it.
pub(super) fn to_js(json: &Json) -> JsValue {
    match json {
        Json::Null => JsValue::NULL,
        Json::Bool(truth) => JsValue::from_bool(*truth),
        // Plain numbers are those that JavaScript's type of number holds.
        Json::Number(number) => JsValue::from_f64(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(string) => JsValue::from_str(string),
        Json::Array(items) => items.iter().map(to_js).collect::<Array>().into(),
        Json::Object(map) => {
            let entries = map.iter().map(|(key, value)| {
                Array::of2(&JsValue::from_str(key), &to_js(value))
            });
            // Unlike an assignment, this minds no setter.
            Object::from_entries(&entries.collect::<Array>()).map_or(JsValue::NULL, JsValue::from)
        }
    }
}

/// A stored value as JSON; `what` names it where it is none.
pub(super) fn from_js(value: &JsValue, what: &str) -> Result<Json, StoreError> {
    if value.is_null() {
        Ok(Json::Null)
    } else if let Some(truth) = value.as_bool() {
        Ok(truth.into())
    } else if let Some(number) = value.as_f64() {
        Ok(match js_sys::Number::is_safe_integer(value) {
            true => (number as i64).into(),
            false => number.into(),
        })
    } else if let Some(string) = value.as_string() {
        Ok(string.into())
    } else if let Some(items) = value.dyn_ref::<Array>() {
        items.iter().map(|item| from_js(&item, what)).collect()
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let mut map = Map::new();
        for entry in Object::entries(object) {
            let entry: Array = entry.unchecked_into();
            let key = entry.get(0).as_string().unwrap_or_default();
            map.insert(key, from_js(&entry.get(1), what)?);
        }
        Ok(map.into())
    } else {
        Err(StoreError::damaged(what))
    }
}

/// A key of several parts.
pub(super) fn key(path: &[String]) -> JsValue {
    path.iter().map(|part| JsValue::from_str(part)).collect::<Array>().into()
}

/// The key at a path and all keys below it: no string comes after an array.
pub(super) fn below(path: &[String]) -> indexed_db_futures::KeyRange<JsValue> {
    let end: Array = path.iter().map(|part| JsValue::from_str(part)).collect();
    end.push(&Array::new());
    (key(path)..end.into()).into()
}
