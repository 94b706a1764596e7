//! The worker's side: every message is a job, and its answer goes back.

use js_sys::{Array, Uint8Array};
use serde_bytes::ByteBuf;
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
            if let Err(error) = scope.post_message_with_transfer(message, &message.get(1)) {
                // The page hears of it as the worker's error.
                wasm_bindgen::throw_val(error);
            }
        }
    };
    let hear = Closure::<dyn FnMut(MessageEvent)>::new({
        let (post, mut jobs) = (post.clone(), Jobs::default());
        move |event: MessageEvent| {
            post(&answer(&mut jobs, event.data()));
        }
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    hear.forget();
    post(&Array::of2(&build(), &Array::new()));
}

/// The build that this worker is of, which its own script names; empty where it names none.
fn build() -> JsValue {
    let build = js_sys::Reflect::get(&js_sys::global(), &"avowBuild".into());
    JsValue::from(build.ok().and_then(|build| build.as_string()).unwrap_or_default())
}

/// What a [message](super::worker) is answered.
fn answer(jobs: &mut Jobs, message: JsValue) -> Array {
    let (id, pieces): (u32, Vec<ByteBuf>) =
        serde_wasm_bindgen::from_value(message).unwrap_or_default();
    let mut pieces = pieces.into_iter().map(ByteBuf::into_vec);
    let request = pieces.next().unwrap_or_default();
    let answer = match Request::from_message(&String::from_utf8_lossy(&request), pieces.collect()) {
        Ok(request) => jobs.run(request),
        Err(error) => Answer::Failed(error.to_string()),
    };
    let message = answer.to_message();
    let pieces = std::iter::once(message.as_bytes()).chain(answer.beside());
    let pieces: Array = pieces.map(|bytes| Uint8Array::from(bytes).buffer()).collect();
    Array::of2(&id.into(), &pieces)
}
