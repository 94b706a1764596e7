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
use js_sys::Array;
use serde_json::Value as Json;
use wasm_bindgen::JsValue;

use super::StoreError;
use crate::format::stored::STORES;
use crate::web::plain;

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

/// A stored value as JSON; `what` names it where it is none.
pub(super) fn from_js(value: &JsValue, what: &str) -> Result<Json, StoreError> {
    plain::from_js(value).ok_or_else(|| StoreError::damaged(what))
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
