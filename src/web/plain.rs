//! JSON between Rust and JavaScript.

use js_sys::{ArrayBuffer, Uint8Array};
use serde_json::Value as Json;
use wasm_bindgen::prelude::*;

use crate::format::stored::{Tree, read_written, to_written};

/// A plain value as JavaScript has it.
pub fn to_js(json: &Json) -> JsValue {
    let float = |number: f64| {
        let written = js_sys::JSON::stringify(&number.into());
        written.ok().and_then(|it| text(&it)).unwrap_or_default()
    };
    // It fails for what is no JSON.
    js_sys::JSON::parse(&to_written(json, float)).unwrap_or(JsValue::NULL)
}

/// A value of JavaScript as JSON; none if it has no such form.
pub fn from_js(value: &JsValue) -> Option<Json> {
    read_written(&written(value)?, float).map(Tree::into_value)
}

/// A value of JavaScript as a text that [`read_written`] reads; none if it has no such form.
pub fn written(value: &JsValue) -> Option<String> {
    text(&js_sys::JSON::stringify(value).ok()?.into())
}

// As it is, and not as the text of Rust that it would be made first.
#[wasm_bindgen]
extern "C" {
    type TextEncoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;
    #[wasm_bindgen(method)]
    fn encode(this: &TextEncoder, text: &JsValue) -> Uint8Array;
}

/// A string of JavaScript; none if it is something else. (`JsValue::as_string` asks for one letter after
/// the other.)
pub fn text(value: &JsValue) -> Option<String> {
    let text = value.is_string().then(|| TextEncoder::new().encode(value).to_vec())?;
    String::from_utf8(text).ok()
}

/// The bytes of a buffer, which has none of them any more.
pub fn taken(buffer: &ArrayBuffer) -> Vec<u8> {
    let bytes = Uint8Array::new(buffer).to_vec();
    empty(buffer);
    bytes
}

/// Gives the memory of a buffer back. Of many that are only let go of, the browser collects those of the
/// last seconds late: some dozen megabytes.
pub fn empty(buffer: &ArrayBuffer) {
    // A browser that cannot collects it as any garbage.
    let _ = buffer.transfer_with_length(0);
}

/// The number of such a text.
pub fn float(text: &str) -> f64 {
    js_sys::Number::parse_float(text)
}
