//! The rescue screen: it shows, reads the database itself, and its file gives all back.

use avow::format::rescue;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::store::opened;
use super::suite::{assert_same, load_all, stored};

/// Runs the script as the page does, and gives `window.avowRescue`.
fn script() -> Function {
    Function::new_no_args(include_str!("../../www/rescue.js")).call0(&JsValue::NULL).unwrap();
    Reflect::get(&js_sys::global(), &"avowRescue".into()).unwrap().unchecked_into()
}

fn part(of: &Function, name: &str) -> Function {
    Reflect::get(of, &name.into()).unwrap().unchecked_into()
}

async fn file(script: &Function, indexed_db: &JsValue) -> String {
    let read = part(script, "read").call1(&JsValue::NULL, indexed_db).unwrap();
    let stores = JsFuture::from(read.unchecked_into::<Promise>()).await.unwrap();
    let parts = part(script, "parts").call1(&JsValue::NULL, &stores).unwrap();
    parts.unchecked_into::<Array>().join("").into()
}

#[wasm_bindgen_test]
async fn the_rescue_file_gives_back_what_is_stored() {
    let store = opened().await.unwrap();
    let work = stored(&store, "rescued").await;
    store.remember_view("rescued", &1).await.unwrap();
    let file = file(&script(), &JsValue::UNDEFINED).await;
    let rescued = rescue::read("rescue.json", &file).unwrap();
    let back = rescued.projects.iter().find(|it| it.meta().id == "rescued".into()).unwrap();
    assert_same(back, &work.project);
    assert_same(back, &load_all(&store, "rescued").await);
    assert!(file.contains(r#""commits":["#) && file.contains(r#"{"key":"rescued","value":1}"#));
}

#[wasm_bindgen_test]
async fn without_a_database_the_file_is_empty_and_none_is_made() {
    let other = "return {open: () => indexedDB.open('never made')}";
    let other = Function::new_no_args(other).call0(&JsValue::NULL).unwrap();
    let file = file(&script(), &other).await;
    assert!(rescue::read("rescue.json", &file).unwrap().projects.is_empty());
    let names = "return indexedDB.databases().then(all => all.map(one => one.name).join())";
    let names = Function::new_no_args(names).call0(&JsValue::NULL).unwrap();
    let names = JsFuture::from(names.unchecked_into::<Promise>()).await.unwrap();
    assert!(!names.as_string().unwrap().contains("never made"));
}

#[wasm_bindgen_test]
fn only_failures_of_the_page_are_fatal() {
    let script = script();
    let fatal = |expression: &str, file: &str| {
        let error = Function::new_no_args(&format!("return {expression}"));
        let error = error.call0(&JsValue::NULL).unwrap();
        let fatal = part(&script, "isFatal").call2(&JsValue::NULL, &error, &file.into());
        fatal.unwrap().is_truthy()
    };
    let origin = web_sys::window().unwrap().location().origin().unwrap();
    let without_stack =
        |message: &str| format!("Object.assign(new Error('{message}'), {{stack: ''}})");
    assert!(fatal("new WebAssembly.RuntimeError('unreachable')", ""));
    assert!(fatal(&without_stack("ours"), &format!("{origin}/boot.js")));
    assert!(!fatal(&without_stack("of an extension"), "chrome-extension://x/y.js"));
    let noise = "ResizeObserver loop completed with undelivered notifications.";
    assert!(!fatal(&without_stack(noise), &format!("{origin}/")));
    assert!(!fatal("null", &origin), "a failed request to the database that nobody awaits");
}

#[wasm_bindgen_test]
fn the_screen_says_what_to_do_and_shows_markup_as_text() {
    let script = script();
    script.call1(&JsValue::NULL, &"<img src=x> broke".into()).unwrap();
    script.call1(&JsValue::NULL, &"and again".into()).unwrap();
    let document = web_sys::window().unwrap().document().unwrap();
    let screens = document.query_selector_all("main.rescue").unwrap();
    assert_eq!(screens.length(), 1);
    let screen: web_sys::Element = screens.get(0).unwrap().unchecked_into();
    let text = screen.text_content().unwrap();
    for part in ["Your work is stored in this browser", "Save a rescue file", "Reload the page"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains("<img src=x> broke\n\nand again"));
    assert!(screen.query_selector("img, [style]").unwrap().is_none());
    screen.remove();
    let alive = "for (const child of document.body.children) child.inert = false";
    Function::new_no_args(alive).call0(&JsValue::NULL).unwrap();
}
