//! IndexedDB as futures: what the store needs of it, and no more, since all of it is fetched first.
//!
//! A transaction is told as data ([`Plan`]), so that one function runs them all, and runs one
//! again where the connection broke.

use gloo::events::EventListener;
use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::StoreError;

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

/// What a transaction may do, and how sure that is to last.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    /// It reads.
    Read,
    /// It is complete when what it wrote is on the disk.
    Strict,
    /// It is complete when the system has what it wrote; a loss of power may undo it.
    Relaxed,
}

/// One request to the object store whose name stands first.
pub(super) enum Ask {
    /// The value at a key.
    Get(&'static str, JsValue),
    /// The values in a range of keys, by key; in all of the store where it is undefined.
    All(&'static str, JsValue),
    /// To write a value, which stands last, at a key.
    Put(&'static str, JsValue, JsValue),
    /// To delete what is at a key.
    Delete(&'static str, JsValue),
}

/// What a transaction asks when it knows the answers to what it asked at first; where this fails,
/// nothing is changed.
type Then<'a> = dyn Fn(&Array) -> Result<Vec<Ask>, StoreError> + 'a;

/// A transaction that can be run.
pub(super) struct Plan<'a> {
    mode: Mode,
    stores: &'a [&'static str],
    first: &'a [Ask],
    then: Option<&'a Then<'a>>,
}

impl<'a> Plan<'a> {
    /// To make these requests to these object stores.
    pub fn new(mode: Mode, stores: &'a [&'static str], first: &'a [Ask]) -> Plan<'a> {
        Plan { mode, stores, first, then: None }
    }

    /// And then those that follow from the answers.
    pub fn then(self, then: &'a Then<'a>) -> Plan<'a> {
        Plan { then: Some(then), ..self }
    }

    /// Runs it; the answers to its `Get` (undefined where nothing is) and `All`, in their order.
    /// What it writes is complete then.
    pub async fn run(&self, database: &IdbDatabase) -> Result<Array, StoreError> {
        let transaction = Transaction::begin(database, self.stores, self.mode)?;
        let answers = Array::new();
        transaction.ask(self.first, &answers).await?;
        if let Some(then) = self.then {
            transaction.ask(&then(&answers)?, &answers).await?;
        }
        if !matches!(self.mode, Mode::Read) {
            transaction.complete().await?;
        }
        Ok(answers)
    }
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

    /// Makes all requests at once, and appends the answers to those that read.
    ///
    /// Nobody waits for those that write: where one fails, so does the transaction.
    async fn ask(&self, asks: &[Ask], answers: &Array) -> Result<(), StoreError> {
        let mut under_way = Vec::new();
        for ask in asks {
            let (Ask::Get(store, _)
            | Ask::All(store, _)
            | Ask::Put(store, ..)
            | Ask::Delete(store, _)) = ask;
            let store = self.inner.object_store(store)?;
            match ask {
                Ask::Get(_, key) => under_way.push(Request::new(store.get(key)?)),
                Ask::All(_, range) => under_way.push(Request::new(store.get_all_with_key(range)?)),
                Ask::Put(_, key, value) => drop(store.put_with_key(value, key)?),
                Ask::Delete(_, key) => drop(store.delete(key)?),
            }
        }
        for request in under_way {
            answers.push(&request.answer().await?);
        }
        Ok(())
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

/// A request under way.
struct Request {
    inner: IdbRequest,
    /// Settles with the request. Made together with it, so that no event comes too early; and
    /// since a request always ends, what waits for the event is always released.
    done: JsFuture,
}

impl Request {
    fn new(inner: IdbRequest) -> Request {
        let done = Promise::new(&mut |success, error| {
            inner.set_onsuccess(Some(&success));
            inner.set_onerror(Some(&error));
        });
        Request { inner, done: done.into() }
    }

    async fn answer(self) -> Result<JsValue, JsValue> {
        // The events say nothing that the request does not.
        match self.done.await {
            Ok(_) => self.inner.result(),
            Err(event) => Err(self.inner.error()?.map_or(event, JsValue::from)),
        }
    }
}

/// Opens a database, and makes it with these object stores where there is none.
pub(super) async fn open(
    name: &str,
    version: u32,
    stores: &'static [&'static str],
) -> Result<IdbDatabase, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let factory = window.indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let request = factory.open_with_u32(name, version)?;
    let upgraded = request.clone();
    let _upgrade = EventListener::new(&request, "upgradeneeded", move |_| {
        if make(&upgraded, stores).is_err()
            && let Some(transaction) = upgraded.transaction()
        {
            // No database without all of its stores: the request fails.
            let _ = transaction.abort();
        }
    });
    let database = Request::new(request.unchecked_ref::<IdbRequest>().clone()).answer().await?;
    Ok(database.unchecked_into())
}

fn make(request: &IdbOpenDbRequest, stores: &[&str]) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    for store in stores {
        database.create_object_store(store)?;
    }
    Ok(())
}
