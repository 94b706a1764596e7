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
#[path = "world/suite.rs"]
mod world;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test::wasm_bindgen_test]
fn the_browser_gives_time_and_ids() {
    world::holds(&mut avow::web::world::Browser);
}
