//! The open database.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbDatabase;

use super::idb::{self, Upgrade};
use crate::format::stored::VERSION;
use crate::store::{Answers, Plan, StoreError};

/// The name of the database.
pub const DATABASE: &str = "avow";

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
    pub async fn open(
        upgrade: Option<Upgrade>,
        gave_way: Rc<dyn Fn()>,
    ) -> Result<Connection, StoreError> {
        let db = match early().await {
            Some(db) => db,
            None => idb::open(DATABASE, upgrade).await?,
        };
        let end = Rc::new(Cell::new(None));
        let listen = |event: &'static str, how: End| {
            let (ended, closing, gave_way) = (end.clone(), db.clone(), gave_way.clone());
            EventListener::new(&db, event, move |_| {
                ended.set(Some(how));
                // A connection that stays open would block the other tab for as long as this one
                // lives.
                closing.close();
                if how == End::GaveWay {
                    gave_way();
                }
            })
        };
        let listeners = [listen("close", End::Lost), listen("versionchange", End::GaveWay)];
        Ok(Connection { db, end, _listeners: listeners })
    }

    pub fn end(&self) -> Option<End> {
        self.end.get()
    }

    pub async fn run(&self, plan: &Plan<'_>) -> Result<Answers, StoreError> {
        idb::run(plan, &self.db).await
    }
}

/// The database as `www/boot.js` has opened it while the app was on its way, the first time that it is
/// asked for; none where it is of another version.
async fn early() -> Option<IdbDatabase> {
    const NAME: &str = "avowDatabase";
    let window = js_sys::global();
    let opened: Promise = Reflect::get(&window, &NAME.into()).ok()?.dyn_into().ok()?;
    Reflect::delete_property(&window, &NAME.into()).ok()?;
    let db: IdbDatabase = JsFuture::from(opened).await.ok()?.dyn_into().ok()?;
    let is_ours = db.version() == f64::from(VERSION);
    if !is_ours {
        // Else it stood in the way of bringing it to ours.
        db.close();
    }
    is_ours.then_some(db)
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.db.close();
    }
}
