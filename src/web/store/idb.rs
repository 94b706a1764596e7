//! IndexedDB as futures: what the store needs of it, and no more, since all of it is fetched first.

use std::cell::Cell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use serde_json::Value as Json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
};

use crate::format::stored::{STORES, VERSION};
use crate::store::{Answer, Answers, Ask, Mode, Part, Plan, StoreError, StoreKey};
use crate::web::plain;

#[wasm_bindgen]
extern "C" {
    // web-sys keeps its binding with options behind a flag for the whole build.
    type Database;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Database,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// How many requests are under way at once: enough that the browser never waits for the page.
const AT_ONCE: usize = 100;

/// Runs a transaction. What it writes is complete when this comes back without an error.
pub(super) async fn run(plan: &Plan<'_>, database: &IdbDatabase) -> Result<Answers, StoreError> {
    let transaction = Transaction::begin(database, plan.stores, plan.mode)?;
    let mut answers = Answers::new();
    transaction.ask(plan.first, &mut answers).await?;
    if let Some(then) = plan.then {
        transaction.ask(&then(&answers)?, &mut answers).await?;
    }
    if plan.mode != Mode::Read {
        transaction.complete().await?;
    }
    Ok(answers)
}

/// An open transaction; what it did is rolled back on drop, unless it was committed.
struct Transaction {
    inner: IdbTransaction,
    committed: bool,
}

impl Transaction {
    fn begin(
        database: &IdbDatabase,
        stores: &[&'static str],
        mode: Mode,
    ) -> Result<Transaction, StoreError> {
        let (mode, durability) = match mode {
            Mode::Read => ("readonly", "default"),
            Mode::Strict => ("readwrite", "strict"),
            Mode::Relaxed => ("readwrite", "relaxed"),
        };
        let stores: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let database: &Database = database.unchecked_ref();
        let inner = database.transaction(&stores, mode, &options)?;
        Ok(Transaction { inner, committed: false })
    }

    /// Makes all requests, some at once, and appends the answers to those that read.
    ///
    /// Requests are done in their order, so that the last is awaited alone: what waits for each, and
    /// what all of many hold meanwhile, would be more garbage than what is stored.
    async fn ask(&self, asks: &[Ask], answers: &mut Answers) -> Result<(), StoreError> {
        let count = asks.len().div_ceil(AT_ONCE);
        for (at, some) in asks.chunks(AT_ONCE).enumerate() {
            let requests = some.iter().map(|ask| self.request(ask));
            let requests = requests.collect::<Result<Vec<_>, JsValue>>()?;
            // Nobody waits for the last that write: where one fails, so does the transaction.
            let waits = at + 1 < count || some.iter().any(Ask::reads);
            let Some(last) = requests.last().filter(|_| waits) else { break };
            if let Err(error) = Request::new(last.clone()).answer().await {
                // The first that failed is why all after it did.
                let first = requests.iter().find_map(|request| request.error().ok()?);
                return Err(first.map_or(error, JsValue::from).into());
            }
            for (request, ask) in requests.iter().zip(some).filter(|(_, ask)| ask.reads()) {
                let answer = request.result()?;
                let is_one = matches!(ask, Ask::Get(..));
                let values = match answer.dyn_into::<Array>() {
                    Err(value) if is_one && value.is_undefined() => Vec::new(),
                    Ok(many) if !is_one => many.to_vec(),
                    Ok(one) => vec![one.into()],
                    Err(one) => vec![one],
                };
                answers.push(values.iter().map(got).collect());
            }
        }
        Ok(())
    }

    fn request(&self, ask: &Ask) -> Result<IdbRequest, JsValue> {
        let store = self.inner.object_store(ask.store())?;
        match ask {
            Ask::Get(_, key) => store.get(&to_js(key)),
            Ask::All(_) => store.get_all(),
            Ask::Below(_, key) => store.get_all_with_key(&below(key)?),
            Ask::Between(_, start, end) => {
                store.get_all_with_key(&between(&to_js(start), &to_js(end))?)
            }
            Ask::Put(_, key, value) => put(&store, &to_js(key), value),
            Ask::Delete(_, key) => store.delete(&to_js(key)),
            Ask::DeleteBelow(_, key) => store.delete(&below(key)?),
        }
    }

    /// Commits, and comes back when the browser has fired `complete`.
    #[expect(deprecated, reason = "only web-sys says so of `commit`, no browser does")]
    async fn complete(mut self) -> Result<(), StoreError> {
        let ended = match self.inner.commit() {
            Ok(()) => {
                self.committed = true;
                let ended = Promise::new(&mut |complete, abort| {
                    self.inner.set_oncomplete(Some(&complete));
                    self.inner.set_onabort(Some(&abort));
                });
                JsFuture::from(ended).await
            }
            Err(error) => Err(error),
        };
        match ended {
            Ok(_) => Ok(()),
            // Why the browser aborted stands only here: a full disk shows when it commits.
            Err(error) => Err(self.inner.error().map_or(error, JsValue::from).into()),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.committed {
            // It fails where the browser has ended the transaction already.
            let _ = self.inner.abort();
        }
    }
}

/// Stores a value. One that is a text becomes its bytes: a text of JavaScript takes twice the room if it has
/// curly quotes, and is made anew each time that it is read.
fn put(store: &IdbObjectStore, key: &JsValue, value: &Json) -> Result<IdbRequest, JsValue> {
    let Json::String(text) = value else {
        return store.put_with_key(&plain::to_js(value), key);
    };
    let bytes = Uint8Array::from(text.as_bytes()).buffer();
    let done = store.put_with_key(&bytes, key);
    // The browser has made its copy.
    plain::empty(&bytes);
    done
}

/// A value that was stored. Older versions stored texts as texts.
fn got(value: &JsValue) -> Answer {
    let text = match value.dyn_ref() {
        Some(bytes) => String::from_utf8(plain::taken(bytes)).ok(),
        None => plain::text(value),
    };
    match text {
        Some(text) => Answer::Json(text.into()),
        None => plain::written(value)
            .map_or(Answer::Json(Json::Null), |text| Answer::Written(text, plain::float)),
    }
}

/// A request under way.
pub(super) struct Request {
    inner: IdbRequest,
    /// Settles with the request. Made together with it, so that no event comes too early; and
    /// since a request always ends, what waits for the event is always released.
    done: JsFuture,
}

impl Request {
    pub fn new(inner: IdbRequest) -> Request {
        let done = Promise::new(&mut |success, error| {
            inner.set_onsuccess(Some(&success));
            inner.set_onerror(Some(&error));
        });
        Request { inner, done: done.into() }
    }

    pub async fn answer(self) -> Result<JsValue, JsValue> {
        // The events say nothing that the request does not.
        match self.done.await {
            Ok(_) => self.inner.result(),
            Err(event) => Err(self.inner.error()?.map_or(event, JsValue::from)),
        }
    }
}

/// A key as IndexedDB has it: of one part that part, else an array.
pub(super) fn to_js(key: &StoreKey) -> JsValue {
    match key.parts() {
        [only] => part(only),
        _ => list(key).into(),
    }
}

fn part(part: &Part) -> JsValue {
    match part {
        // A double holds every number that can be counted to.
        Part::Number(number) => JsValue::from_f64(*number as f64),
        Part::Text(text) => JsValue::from_str(text),
    }
}

fn list(key: &StoreKey) -> Array {
    key.parts().iter().map(part).collect()
}

/// A key of an object store whose keys have several parts, and those below it.
fn below(key: &StoreKey) -> Result<JsValue, JsValue> {
    let end = list(key);
    // No number and no text comes after an array.
    end.push(&Array::new());
    between(&list(key), &end)
}

/// The keys from a first one to one that is no longer among them.
fn between(start: &JsValue, end: &JsValue) -> Result<JsValue, JsValue> {
    Ok(IdbKeyRange::bound_with_lower_open_and_upper_open(start, end, false, true)?.into())
}

/// What brings a database to this version, given the version it is of.
pub type Upgrade = fn(&IdbTransaction, u32) -> Result<(), JsValue>;

/// Opens a database, and makes it where there is none. One of an older version is brought to this
/// one by `upgrade`; without it, opening fails with [`StoreError::Older`] and changes nothing.
pub(super) async fn open(name: &str, upgrade: Option<Upgrade>) -> Result<IdbDatabase, StoreError> {
    let factory =
        || web_sys::window().ok_or(JsValue::UNDEFINED)?.indexed_db()?.ok_or(JsValue::NULL);
    let request = factory()
        .and_then(|factory| factory.open_with_u32(name, VERSION))
        .map_err(StoreError::not_opened)?;
    let upgraded = request.clone();
    let too_old = Rc::new(Cell::new(false));
    let is_too_old = too_old.clone();
    let _upgrade = EventListener::new(&request, "upgradeneeded", move |event| {
        let Some(transaction) = upgraded.transaction() else { return };
        let older = Reflect::get(event, &"oldVersion".into()).ok().and_then(|it| it.as_f64());
        let older = older.unwrap_or_default() as u32;
        is_too_old.set(older > 0 && upgrade.is_none());
        let done = match upgrade {
            Some(upgrade) => make(&upgraded, older).and_then(|()| upgrade(&transaction, older)),
            None if older > 0 => Err(JsValue::UNDEFINED),
            None => make(&upgraded, older),
        };
        if done.is_err() {
            // No database that is only half of this version: the request fails.
            let _ = transaction.abort();
        }
    });
    match Request::new(request.unchecked_ref::<IdbRequest>().clone()).answer().await {
        Ok(database) => Ok(database.unchecked_into()),
        Err(_) if too_old.get() => Err(StoreError::Older),
        Err(error) => Err(StoreError::not_opened(error)),
    }
}

/// Makes the object stores that a database of this version, 0 for a new one, has not.
fn make(request: &IdbOpenDbRequest, older: u32) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    for (store, since) in STORES {
        if older < since {
            database.create_object_store(store)?;
        }
    }
    Ok(())
}
