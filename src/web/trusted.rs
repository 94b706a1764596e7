//! What is made under the page's one Trusted Types policy, by `www/trusted.js`.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Worker};

#[wasm_bindgen]
extern "C" {
    /// Parses markup into a document of its own, in which no script runs and nothing is fetched.
    ///
    /// # Errors
    /// The browser refuses.
    #[wasm_bindgen(catch, js_namespace = ["window", "avowTrusted"], js_name = parse)]
    pub fn parse_html(markup: &str) -> Result<Document, JsValue>;

    /// Starts our own worker.
    ///
    /// # Errors
    /// The page does not name its file, or the browser refuses.
    #[wasm_bindgen(catch, js_namespace = ["window", "avowTrusted"])]
    pub fn worker() -> Result<Worker, JsValue>;
}
