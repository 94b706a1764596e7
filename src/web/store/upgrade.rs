//! What older versions of the database lack. Few visits need it, so it comes with the second part
//! of the page.

use gloo::events::EventListener;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{IdbCursorWithValue, IdbTransaction};

use super::idb::to_js;
use crate::format::stored::{COMMITS, TOUCHES, TOUCHES_SINCE};
use crate::store::{Ask, StoreKey, migrate};
use crate::web::plain;

/// Fills what the object stores of this version have and those of an older one had not, within the
/// transaction that made them.
pub fn upgrade(transaction: &IdbTransaction, older: u32) -> Result<(), JsValue> {
    if (1..TOUCHES_SINCE).contains(&older) {
        add_touches(transaction.clone())?;
    }
    Ok(())
}

/// Walks through all commits, one at a time: a history may be long.
fn add_touches(transaction: IdbTransaction) -> Result<(), JsValue> {
    let walk = transaction.object_store(COMMITS)?.open_cursor()?;
    let touches = transaction.object_store(TOUCHES)?;
    let step = move |cursor: IdbCursorWithValue| {
        let key: Array = cursor.key()?.unchecked_into();
        let (project, seq) = (key.get(0).as_string(), key.get(1).as_f64());
        let key = StoreKey::from(&*project.unwrap_or_default()).at(seq.unwrap_or_default() as u64);
        let commit = plain::from_js(&cursor.value()?).unwrap_or_default();
        // A commit that cannot be read has no row; all else is worth keeping.
        for row in migrate::touches(&key, commit.into()).unwrap_or_default() {
            if let Ask::Put(_, key, value) = row {
                touches.put_with_key(&plain::to_js(&value), &to_js(&key))?;
            }
        }
        cursor.continue_()
    };
    let request = walk.clone();
    let listener = EventListener::new(&walk, "success", move |_| {
        let cursor = request.result().ok().and_then(|it| it.dyn_into().ok());
        if let Some(Err(_)) = cursor.map(&step) {
            let _ = transaction.abort();
        }
    });
    // It goes with the request that it listens to.
    listener.forget();
    Ok(())
}
