//! The browser's exceptions as errors of the store.

use wasm_bindgen::{JsCast, JsValue};

use crate::store::StoreError;

impl StoreError {
    /// Whatever keeps the database from being opened makes storage unavailable.
    pub(super) fn not_opened(error: JsValue) -> StoreError {
        let (_, message) = words(&error);
        match error.into() {
            known @ (StoreError::Quota | StoreError::VersionChange) => known,
            _ => StoreError::Unavailable(message),
        }
    }
}

impl From<JsValue> for StoreError {
    /// By the name that the specification gives the exception.
    fn from(error: JsValue) -> StoreError {
        let (name, message) = words(&error);
        let why = format!("{name}: {message}");
        match name.as_str() {
            "QuotaExceededError" => StoreError::Quota,
            "VersionError" => StoreError::VersionChange,
            // What Chromium, Firefox and Safari throw once a connection is closed or broken.
            "InvalidStateError" | "UnknownError" | "AbortError" | "TransactionInactiveError" => {
                StoreError::Lost(why)
            }
            _ => StoreError::Other(why),
        }
    }
}

/// The name and the message of an exception; a DOM exception is an error of JavaScript too.
fn words(error: &JsValue) -> (String, String) {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => (error.name().into(), error.message().into()),
        None => ("Error".to_owned(), "the browser gives no reason".to_owned()),
    }
}
