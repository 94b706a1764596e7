//! What the browser says of its storage.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

fn manager() -> Option<web_sys::StorageManager> {
    // Absent outside secure contexts, whatever its type says.
    let navigator = web_sys::window()?.navigator();
    let manager = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
    manager.dyn_into().ok()
}

/// Whether the browser keeps what is stored until a person deletes it; `ask` it to.
/// Firefox asks the person; so ask once, after an act of theirs.
pub async fn persist(ask: bool) -> bool {
    let Some(manager) = manager() else { return false };
    let answer = if ask { manager.persist() } else { manager.persisted() };
    let Ok(promise) = answer else { return false };
    JsFuture::from(promise).await.is_ok_and(|granted| granted.is_truthy())
}

/// How much storage is used and allowed, in bytes, where the browser tells.
pub async fn estimate() -> Option<(u64, u64)> {
    let estimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?;
    let number = |name: &str| js_sys::Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    // Whole numbers, and a double holds all that a disk can.
    Some((number("usage")? as u64, number("quota")? as u64))
}
