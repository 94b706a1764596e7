//! JSON between Rust and JavaScript.

use js_sys::{Array, Object};
use serde_json::{Map, Value as Json};
use wasm_bindgen::prelude::*;

/// A plain value as JavaScript has it.
pub fn to_js(json: &Json) -> JsValue {
    match json {
        Json::Null => JsValue::NULL,
        Json::Bool(truth) => JsValue::from_bool(*truth),
        // Plain numbers are those that JavaScript's type of number holds.
        Json::Number(number) => JsValue::from_f64(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(string) => JsValue::from_str(string),
        Json::Array(items) => items.iter().map(to_js).collect::<Array>().into(),
        Json::Object(map) => {
            let entries =
                map.iter().map(|(key, value)| Array::of2(&JsValue::from_str(key), &to_js(value)));
            // Unlike an assignment, this minds no setter.
            Object::from_entries(&entries.collect::<Array>()).map_or(JsValue::NULL, JsValue::from)
        }
    }
}

/// A value of JavaScript as JSON; none if something in it has no such form.
pub fn from_js(value: &JsValue) -> Option<Json> {
    if value.is_null() {
        Some(Json::Null)
    } else if let Some(truth) = value.as_bool() {
        Some(truth.into())
    } else if let Some(number) = value.as_f64() {
        Some(match js_sys::Number::is_safe_integer(value) {
            true => (number as i64).into(),
            false => number.into(),
        })
    } else if let Some(string) = value.as_string() {
        Some(string.into())
    } else if let Some(items) = value.dyn_ref::<Array>() {
        items.iter().map(|item| from_js(&item)).collect()
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let mut map = Map::new();
        for entry in Object::entries(object) {
            let entry: Array = entry.unchecked_into();
            let key = entry.get(0).as_string().unwrap_or_default();
            map.insert(key, from_js(&entry.get(1))?);
        }
        Some(map.into())
    } else {
        None
    }
}
