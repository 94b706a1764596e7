//! One writer per project.

use std::cell::Cell;
use std::rc::Rc;

use avow::web::lock::{Lock, Request};
use wasm_bindgen_test::wasm_bindgen_test;

/// What the browser does in its own time is done.
async fn soon() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        gloo::timers::callback::Timeout::new(50, move || drop(resolve.call0(&resolve))).forget();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}

fn acquired(request: Request) -> Lock {
    match request {
        Request::Acquired(lock) => {
            assert!(lock.excludes_others());
            lock
        }
        Request::Busy => panic!("the lock is taken"),
    }
}

#[wasm_bindgen_test]
async fn a_project_has_one_writer() {
    let first = acquired(Lock::request(&"one".into(), || panic!("given up, not lost")).await);
    assert!(matches!(Lock::request(&"one".into(), || {}).await, Request::Busy));
    acquired(Lock::request(&"another".into(), || {}).await);
    drop(first);
    // The browser gives it free in its own time.
    soon().await;
    acquired(Lock::request(&"one".into(), || {}).await);
}

#[wasm_bindgen_test]
async fn a_lock_can_be_taken_over() {
    let lost = Rc::new(Cell::new(false));
    let tell = lost.clone();
    let first = acquired(Lock::request(&"stolen".into(), move || tell.set(true)).await);
    assert!(!lost.get());
    let _second = acquired(Lock::steal(&"stolen".into(), || panic!("not lost")).await);
    soon().await;
    assert!(lost.get(), "who lost it is told");
    drop(first);
    soon().await;
    let third = Lock::request(&"stolen".into(), || {}).await;
    assert!(matches!(third, Request::Busy), "the end of a lost lock takes nothing away");
}
