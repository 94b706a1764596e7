//! When the browser collects what large work leaves behind.
//!
//! What a request of IndexedDB has read stays in memory until the request is collected, and so does what
//! a message held, and the layout of rows that others have replaced. Chromium begins to collect when some
//! 64 MB more than last time are in such hands, and is done when as much has come again: more than the
//! whole index of a large project.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type ArrayBuffer;

    // js-sys has no constructor that may fail.
    #[wasm_bindgen(constructor, catch)]
    fn new(size: u32) -> Result<ArrayBuffer, JsValue>;
}

/// After how many bytes the browser is to collect.
const OFTEN: u32 = 1 << 18;

/// As much as has Chromium begin, whatever there was before.
const MUCH: u32 = 128 << 20;

thread_local! {
    /// How many bytes were left since.
    static LEFT: Cell<u32> = const { Cell::new(0) };
}

/// So many bytes are no longer needed.
///
/// After some, a buffer is made and left at once, in whose memory nothing is ever written, so that it
/// needs none: making it counts as much as if it did. Other browsers count otherwise, and may fill it.
pub fn left(bytes: u32) {
    let all = LEFT.get().saturating_add(bytes);
    LEFT.set(if all < OFTEN { all } else { 0 });
    if all >= OFTEN && is_chromium() {
        // Where there is no room for it, the browser has collected before it said so.
        drop(ArrayBuffer::new(MUCH));
    }
}

/// Whether the browser says how large its heap is, which Chromium alone does.
fn is_chromium() -> bool {
    let own = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    !own(&own(&js_sys::global(), "performance"), "memory").is_undefined()
}
