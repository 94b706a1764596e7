//! One writer for each project, among all tabs, by the Web Locks API.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

use crate::project::ProjectId;

#[wasm_bindgen]
extern "C" {
    // web-sys keeps its binding behind a flag for the whole build.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        callback: &Function,
    ) -> Result<Promise, JsValue>;
}

/// The browser's locks; absent in old browsers and outside secure contexts.
fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// Whether this tab may write.
#[derive(Debug)]
pub enum Request {
    /// It may, as long as the guard lives.
    Acquired(Lock),
    /// Another tab does.
    Busy,
}

/// The right to write a project; dropping it gives it up.
#[derive(Debug)]
pub struct Lock {
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    /// Resolves the promise for whose life the browser holds the lock.
    release: Function,
    /// Whether it was given up, so that its end is no loss.
    given_up: Rc<Cell<bool>>,
}

impl Lock {
    /// Takes the lock of a project unless another tab has it.
    /// `on_lost` is called if another tab takes it over.
    pub async fn request(project: &ProjectId, on_lost: impl FnOnce() + 'static) -> Request {
        Lock::ask(project, "ifAvailable", &JsValue::TRUE, on_lost).await
    }

    /// Takes the lock of a project over, from whichever tab has it.
    pub async fn steal(project: &ProjectId, on_lost: impl FnOnce() + 'static) -> Request {
        Lock::ask(project, "steal", &JsValue::TRUE, on_lost).await
    }

    /// Waits some milliseconds for another tab to give the lock of a project up.
    pub async fn wait(
        project: &ProjectId,
        milliseconds: u32,
        on_lost: impl FnOnce() + 'static,
    ) -> Request {
        let Ok(controller) = AbortController::new() else { return Request::Busy };
        let signal = controller.signal();
        let _limit = Timeout::new(milliseconds, move || controller.abort());
        match Lock::ask(project, "signal", &signal, on_lost).await {
            // It was not given up in time.
            Request::Acquired(Lock { held: None }) if signal.aborted() => Request::Busy,
            answer => answer,
        }
    }

    /// Whether other tabs are really kept from writing; they are not where the browser has no
    /// locks, and the page says so.
    pub fn excludes_others(&self) -> bool {
        self.held.is_some()
    }

    async fn ask(
        project: &ProjectId,
        how: &str,
        value: &JsValue,
        on_lost: impl FnOnce() + 'static,
    ) -> Request {
        let unguarded = Request::Acquired(Lock { held: None });
        let Some(manager) = manager() else { return unguarded };
        let options = Object::new();
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &how.into(), value);

        // The browser holds a lock until the promise that the callback returns is settled.
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let Some(release) = release else { return unguarded };

        let answer: Rc<RefCell<Option<Function>>> = Rc::default();
        let granted = Promise::new(&mut |resolve, _| *answer.borrow_mut() = Some(resolve));
        let answered = answer.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if let Some(answer) = answered.take() {
                let _ = answer.call1(&JsValue::NULL, &JsValue::from_bool(!lock.is_null()));
            }
            if lock.is_null() { JsValue::UNDEFINED } else { held.into() }
        });
        let name = format!("avow project {project}");
        let Ok(done) = manager.request(&name, &options, callback.unchecked_ref()) else {
            return unguarded;
        };

        let given_up = Rc::new(Cell::new(false));
        let was_given_up = given_up.clone();
        spawn_local(async move {
            let end = JsFuture::from(done).await;
            // It failed before it was granted: nobody keeps others out, but work goes on.
            if let Some(answer) = answer.take() {
                let _ = answer.call1(&JsValue::NULL, &JsValue::UNDEFINED);
            } else if end.is_err() && !was_given_up.get() {
                on_lost();
            }
        });
        match JsFuture::from(granted).await.ok().and_then(|granted| granted.as_bool()) {
            Some(true) => Request::Acquired(Lock { held: Some(Held { release, given_up }) }),
            Some(false) => Request::Busy,
            None => unguarded,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            held.given_up.set(true);
            let _ = held.release.call0(&JsValue::NULL);
        }
    }
}
