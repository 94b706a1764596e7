//! What the core takes from the browser: time, random ids, settings, the page's address.

use wasm_bindgen::JsValue;

use super::plain;
use crate::annotation::Timestamp;
use crate::editor::{Ctx, Settings, Theme};
use crate::format::stored::Shape;

const SETTINGS: &str = "avow-settings";

/// Now.
pub fn now() -> Timestamp {
    Timestamp((js_sys::Date::now() / 1000.0) as u64)
}

/// The browser's clock, and its random ids.
pub struct Browser;

impl Ctx for Browser {
    fn now(&self) -> Timestamp {
        now()
    }

    fn new_id(&mut self) -> String {
        new_id()
    }
}

/// The date where the person is, as `2026-01-02`.
pub fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// A random id of 20 characters, some 100 bits.
pub fn new_id() -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut bytes = [0_u8; 20];
    let filled = gloo::utils::window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if filled.is_err() {
        // Only very old browsers lack it; their ids are still unlike each other.
        bytes.iter_mut().for_each(|byte| *byte = (js_sys::Math::random() * 256.0) as u8);
    }
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// A parameter of the page's address.
pub fn parameter(name: &str) -> Option<String> {
    let query = gloo::utils::window().location().search().ok()?;
    let parameters = web_sys::UrlSearchParams::new_with_str(&query).ok()?;
    parameters.get(name).filter(|value| !value.trim().is_empty())
}

/// The name of who sits here, as the page's address gives it. An installed page is opened without
/// that: there it is the name of the last visit that had one.
pub fn annotator_name() -> Option<String> {
    const LAST: &str = "avow-annotator-name";
    let window = gloo::utils::window();
    let storage = window.local_storage().ok().flatten();
    let named = parameter("annotator");
    if let (Some(storage), Some(name)) = (&storage, &named) {
        // Where this cannot be kept, an installed page asks for the name at the first export.
        let _ = storage.set_item(LAST, name);
    }
    let installed = window.match_media("(display-mode: standalone)").ok().flatten();
    let installed = installed.is_some_and(|installed| installed.matches());
    named.or_else(|| storage?.get_item(LAST).ok().flatten().filter(|_| installed))
}

/// The settings of this browser; the usual ones where none are kept.
pub fn settings() -> Settings {
    let storage = gloo::utils::window().local_storage().ok().flatten();
    let kept = storage.and_then(|storage| storage.get_item(SETTINGS).ok().flatten());
    let kept = kept.and_then(|kept| js_sys::JSON::parse(&kept).ok());
    let kept = kept.and_then(|kept| plain::from_js(&kept));
    kept.and_then(|kept| Settings::from_json(kept).ok()).unwrap_or_default()
}

/// Keeps the settings; a browser that cannot has them for this visit.
pub fn keep_settings(settings: &Settings) {
    let storage = gloo::utils::window().local_storage().ok().flatten();
    let json = js_sys::JSON::stringify(&plain::to_js(&settings.to_json())).ok();
    if let (Some(storage), Some(json)) = (storage, json) {
        let _ = storage.set_item(SETTINGS, &String::from(json));
    }
}

/// Whether the annotator was told what the browser's storage is worth; now they are.
pub fn told_of_storage() -> bool {
    const TOLD: &str = "avow-told-of-storage";
    let Some(storage) = gloo::utils::window().local_storage().ok().flatten() else { return false };
    let told = storage.get_item(TOLD).ok().flatten().is_some();
    // Where this cannot be kept, they are told again.
    let _ = storage.set_item(TOLD, "yes");
    told
}

/// Whether this is Safari, or another browser on its engine, with its rules for storage.
pub fn is_safari() -> bool {
    let navigator = gloo::utils::window().navigator();
    let vendor = js_sys::Reflect::get(&navigator, &JsValue::from_str("vendor")).ok();
    vendor.and_then(|vendor| vendor.as_string()).is_some_and(|vendor| vendor.starts_with("Apple"))
}

/// Shows the page light or dark.
pub fn show_theme(theme: Theme) {
    let Some(root) = gloo::utils::document().document_element() else { return };
    let shown = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
    // Setting an attribute of a valid name cannot fail.
    let _ = shown;
}

/// An error of the browser in words.
pub fn message(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &JsValue::from_str("message")).ok();
    message.and_then(|message| message.as_string()).unwrap_or_else(|| format!("{error:?}"))
}
