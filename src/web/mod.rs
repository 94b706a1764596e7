//! The page: the only part that names a browser.

#![deny(clippy::unwrap_used, clippy::expect_used)]

mod app;
mod buffers;
mod build;
mod components;
mod dataset;
mod dom;
mod effects;
mod folder;
mod garbage;
mod import;
mod keys;
mod parts;
mod plain;
mod serve;
mod shared;
mod tabs;
mod trusted;
mod window;
mod worker;

pub mod files;
pub mod lock;
pub mod store;
pub mod world;

pub use effects::Task;
pub use parts::{Door, Missing, Work, work};
pub use serve::serve;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `www/rescue.js`: shows that the page has failed, and offers what is stored as a file.
    #[wasm_bindgen(catch, js_namespace = window, js_name = avowRescue)]
    fn rescue(reason: &str) -> Result<(), JsValue>;
}

/// Mounts the page on `#app`, whose second part is behind the door; the rescue screen shows where that fails, or where it panics later.
pub fn mount(door: Door) {
    parts::set_door(door);
    yew::set_custom_panic_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        // Without the script there is nothing more to show than the console has.
        let _ = rescue(&info.to_string());
    }));
    let document = gloo::utils::document();
    let Some(root) = document.get_element_by_id("app") else {
        let _ = rescue("this page is not whole: it has no place for the app");
        return;
    };
    if let Some(loading) = document.get_element_by_id("loading") {
        loading.remove();
    }
    yew::Renderer::<app::App>::with_root(root).render();
}
