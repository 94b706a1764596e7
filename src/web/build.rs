//! Which build of the page this is, and leaving it for another one.
//!
//! `cargo xtask build` names the build in the page and in the worker's own script. What keeps the page
//! for when there is no network, and finds newer builds, is `www/offline.js`.

use web_sys::Event;

use super::world;
use crate::editor::{Leaving, Tidings};

/// The name of the page's own build; empty where it was not built by `cargo xtask build`.
pub fn own() -> String {
    let meta = gloo::utils::document().query_selector("meta[name=avow-build]");
    let meta = meta.ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// What an event `avow-tidings` tells.
pub fn tidings(event: &Event) -> Option<Tidings> {
    let detail = js_sys::Reflect::get(event, &"detail".into()).ok()?;
    let detail = detail.as_string()?;
    match detail.as_str() {
        "newer" => Some(Tidings::Newer),
        "outdated" => Some(Tidings::Outdated),
        other => {
            let lacks = other.strip_prefix("one file:")?.to_owned();
            Some(Tidings::OneFile { lacks })
        }
    }
}

/// Has the app hear that a part of the page is of another build.
pub fn tell_outdated() {
    let options = web_sys::CustomEventInit::new();
    options.set_detail(&"outdated".into());
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict("avow-tidings", &options) {
        dispatch(&event);
    }
}

/// Leaves the page, or has the newer build take over first.
pub fn leave(how: Leaving) {
    match how {
        Leaving::Update => {
            if let Ok(event) = Event::new("avow-update") {
                dispatch(&event);
            }
        }
        Leaving::Reload => {
            if let Err(error) = gloo::utils::window().location().reload() {
                web_sys::console::error_1(&world::message(&error).into());
            }
        }
    }
}

fn dispatch(event: &Event) {
    // It fails only for an event that is being dispatched already.
    let _ = gloo::utils::window().dispatch_event(event);
}
