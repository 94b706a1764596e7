//! Tests of what only a browser has, run in one.

#![cfg(target_arch = "wasm32")]

#[path = "web/html.rs"]
mod html;
#[path = "web/lock.rs"]
mod lock;
#[path = "web/rescue.rs"]
mod rescue;
#[path = "web/store.rs"]
mod store;
#[path = "store/suite.rs"]
mod suite;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
