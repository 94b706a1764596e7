//! The worker's side: every message is a job, and its answer goes back.

use js_sys::Array;
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::buffers::{Buffers, handed_over};
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
            if let Err(error) = scope.post_message_with_transfer(message, &handed_over(message)) {
                // The page hears of it as the worker's error.
                wasm_bindgen::throw_val(error);
            }
        }
    };
    let hear = Closure::<dyn FnMut(MessageEvent)>::new({
        let (post, mut jobs, buffers) = (post.clone(), Jobs::default(), Buffers::default());
        move |event: MessageEvent| {
            post(&answer(&mut jobs, &buffers, event.data().unchecked_into()));
        }
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    hear.forget();
    post(&Buffers::default().message(build(), std::iter::empty(), &Array::new()));
}

/// The build that this worker is of, which its own script names; empty where it names none.
fn build() -> JsValue {
    let build = js_sys::Reflect::get(&js_sys::global(), &"avowBuild".into());
    JsValue::from(build.ok().and_then(|build| build.as_string()).unwrap_or_default())
}

/// What a [message](super::worker) is answered.
fn answer(jobs: &mut Jobs, buffers: &Buffers, message: Array) -> Array {
    buffers.hear(&message);
    let came: Array = message.get(1).unchecked_into();
    let pieces: Vec<ByteBuf> =
        serde_wasm_bindgen::from_value(came.clone().into()).unwrap_or_default();
    came.iter().for_each(|piece| buffers.read(&piece));
    let mut pieces = pieces.into_iter().map(ByteBuf::into_vec);
    let request = pieces.next().unwrap_or_default();
    let answer = match Request::from_message(&String::from_utf8_lossy(&request), pieces.collect()) {
        Ok(request) => jobs.run(request),
        Err(error) => Answer::Failed(error.to_string()),
    };
    let text = answer.to_message();
    let pieces = std::iter::once(text.as_bytes()).chain(answer.beside());
    buffers.message(message.get(0), pieces, &Array::new())
}
