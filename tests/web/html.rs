//! The browser's parser and the native one make the same article of the same page.

use avow::format::html::convert;
use avow::web::files::page;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../cases/html/mod.rs"]
mod cases;

#[wasm_bindgen_test]
fn the_browser_reads_pages_as_native_code_does() {
    // The page's policy, as the page has it.
    Function::new_no_args(include_str!("../../www/trusted.js")).call0(&JsValue::NULL).unwrap();
    for (name, markup, expected) in cases::CASES {
        assert_eq!(cases::show(&convert(&page(markup.as_bytes()))), *expected, "{name}");
    }
}
