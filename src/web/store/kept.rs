//! One value by a name, of any kind that the browser can keep, in a small database of its own.

use gloo::events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::idb::Request;

const STORE: &str = "values";

/// The value of a name; undefined where there is none.
pub async fn get(database: &str, name: &str) -> Result<JsValue, JsValue> {
    with_store(database, IdbTransactionMode::Readonly, |store| store.get(&name.into())).await
}

/// Keeps a value under a name.
pub async fn put(database: &str, name: &str, value: &JsValue) -> Result<(), JsValue> {
    let put = |store: &IdbObjectStore| store.put_with_key(value, &name.into());
    with_store(database, IdbTransactionMode::Readwrite, put).await.map(drop)
}

/// Keeps nothing under a name any more.
pub async fn delete(database: &str, name: &str) -> Result<(), JsValue> {
    let delete = |store: &IdbObjectStore| store.delete(&name.into());
    with_store(database, IdbTransactionMode::Readwrite, delete).await.map(drop)
}

async fn with_store(
    database: &str,
    mode: IdbTransactionMode,
    ask: impl Fn(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let factory = window.indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let opening: IdbOpenDbRequest = factory.open_with_u32(database, 1)?;
    let made = opening.clone();
    let _make = EventListener::new(&opening, "upgradeneeded", move |_| {
        let database = made.result().map(|it| it.unchecked_into::<IdbDatabase>());
        // Without its store, the transaction below fails.
        let _ = database.and_then(|database| database.create_object_store(STORE));
    });
    let opened = Request::new(opening.unchecked_ref::<IdbRequest>().clone()).answer().await?;
    let opened: IdbDatabase = opened.unchecked_into();
    let answer = async {
        let transaction = opened.transaction_with_str_and_mode(STORE, mode)?;
        Request::new(ask(&transaction.object_store(STORE)?)?).answer().await
    };
    let answer = answer.await;
    opened.close();
    answer
}
