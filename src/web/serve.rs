//! The worker's side: every message is a job, and its answer goes back.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::job::{Answer, Jobs, Request};

/// Answers the page's requests for as long as the worker lives.
///
/// A panic ends the worker, and the page tells who waits.
pub fn serve() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
    }));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let post = {
        let scope = scope.clone();
        move |message: &Array| {
            // What stands beside the message is not copied.
            let beside: Array = message.get(2).unchecked_into();
            if let Err(error) = scope.post_message_with_transfer(message, &beside) {
                // The page hears of it as the worker's error.
                wasm_bindgen::throw_val(error);
            }
        }
    };
    let hear = Closure::<dyn FnMut(MessageEvent)>::new({
        let (post, mut jobs) = (post.clone(), Jobs::default());
        move |event: MessageEvent| {
            let message: Array = event.data().unchecked_into();
            post(&answer(&mut jobs, &message));
        }
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    hear.forget();
    post(&Array::of3(&build(), &JsValue::NULL, &Array::new()));
}

/// The build that this worker is of, which its own script names; empty where it names none.
fn build() -> JsValue {
    let build = js_sys::Reflect::get(&js_sys::global(), &"avowBuild".into());
    JsValue::from(build.ok().and_then(|build| build.as_string()).unwrap_or_default())
}

fn answer(jobs: &mut Jobs, message: &Array) -> Array {
    let bytes: Array = message.get(2).unchecked_into();
    let bytes = bytes.iter().map(|buffer| Uint8Array::new(&buffer).to_vec()).collect();
    let request = serde_wasm_bindgen::from_value(message.get(1)).unwrap_or_default();
    let answer = match Request::from_message(request, bytes) {
        Ok(request) => jobs.run(request),
        Err(error) => Answer::Failed(error.to_string()),
    };
    let beside = answer.beside().into_iter().map(|bytes| Uint8Array::from(bytes).buffer());
    let beside: Array = beside.collect();
    let plain = Serializer::json_compatible();
    let answer = answer.to_message().serialize(&plain).unwrap_or_default();
    Array::of3(&message.get(0), &answer, &beside)
}
