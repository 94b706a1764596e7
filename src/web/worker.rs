//! The page's side of the second wasm file: jobs are sent to a worker and their answers awaited.
//!
//! The pieces of a [message](super::buffers) are first a request or an answer as [`job`](crate::job)
//! writes it, then the files that go with the request or what the answer has of files. As objects,
//! requests and answers would be garbage of JavaScript, many times as large as they are. The worker's
//! first message says that it listens, and of which build of the page it is: one of another build is
//! never used.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use gloo::events::EventListener;
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ErrorEvent, MessageEvent};

use super::buffers::{Buffers, handed_over, size};
use super::{build, garbage, trusted, world};
use crate::job::{Answer, Request, STOPPED};
use crate::map::Map;
use crate::project::Project;

/// The worker, started by the first request; a clone is the same worker.
#[derive(Clone, Default)]
pub struct Worker {
    running: Rc<RefCell<Option<Running>>>,
    buffers: Rc<Buffers>,
    /// How many [`Hold`]s there are.
    holds: Rc<Cell<u32>>,
}

/// What the worker keeps of a project.
#[derive(Clone, Copy)]
pub struct Kept {
    /// Under which number.
    pub number: u32,
    /// With its articles, and not the index alone.
    pub articles: bool,
}

/// A worker that was started; it is stopped when dropped, and who waits for it is told.
struct Running {
    worker: web_sys::Worker,
    _listeners: [EventListener; 3],
    /// Requests from before it listened; none once it does.
    queue: Option<Vec<Array>>,
    /// By request: the promise's own functions.
    waiting: Map<u32, (Function, Function)>,
    /// The project that it keeps, as it was open in the page.
    kept: Option<(Kept, Arc<Project>)>,
    /// Why it stopped.
    why: JsValue,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
        for (_, reject) in self.waiting.values() {
            // Calling a promise's own function cannot fail.
            let _ = reject.call1(&JsValue::NULL, &self.why);
        }
    }
}

/// Something that asks the worker many times. Where it was the last, the worker, whose memory has
/// grown with it, is stopped once it is dropped, unless it keeps something or is asked for more.
pub struct Hold(Worker);

impl Drop for Hold {
    fn drop(&mut self) {
        let holds = self.0.holds.get() - 1;
        self.0.holds.set(holds);
        let is_idle = |it: &Running| it.waiting.is_empty() && it.kept.is_none();
        if holds == 0 && self.0.running.borrow().as_ref().is_some_and(is_idle) {
            self.0.stop();
        }
    }
}

thread_local! {
    /// How many numbers have been given.
    static NUMBERS: RefCell<u32> = const { RefCell::new(0) };
}

/// A number that nothing else has in this visit.
pub fn number() -> u32 {
    NUMBERS.with_borrow_mut(|count| {
        *count += 1;
        *count
    })
}

impl Worker {
    /// Sends a request with the bytes that go beside it, which are gone from the page then.
    /// The answer comes with the pieces beside it, each as a blob: what the browser keeps, and need not
    /// keep in memory.
    ///
    /// # Errors
    /// The worker could not be started, has failed or was stopped; a sentence says which.
    pub async fn ask(&self, request: &Request, bytes: Array) -> Result<(Answer, Array), String> {
        let id = number();
        let message = self.message(id, request, &bytes);
        garbage::left(size(&message));
        self.start().map_err(|error| failure(&world::message(&error)))?;
        let answer = Promise::new(&mut |resolve, reject| {
            if let Some(running) = self.running.borrow_mut().as_mut() {
                running.waiting.insert(id, (resolve, reject));
            }
        });
        self.send(message);
        let answer = JsFuture::from(answer).await;
        let answer: Array = answer.map_err(|why| world::message(&why))?.unchecked_into();
        garbage::left(size(&answer));
        let pieces: Array = answer.get(1).unchecked_into();
        let message: Uint8Array = pieces.shift().unchecked_into();
        let pieces = pieces.iter().map(|piece| {
            let blob = Blob::new_with_buffer_source_sequence(&Array::of1(&piece));
            self.buffers.read(&piece);
            blob
        });
        let pieces: Result<Array, JsValue> = pieces.collect();
        let pieces = pieces.map_err(|error| failure(&world::message(&error)))?;
        let text = message.to_vec();
        self.buffers.read(&message);
        match Answer::from_message(&String::from_utf8_lossy(&text)) {
            Ok(Answer::Failed(why)) if why == STOPPED => Err(why),
            Ok(Answer::Failed(why)) => Err(failure(&why)),
            Ok(answer) => Ok((answer, pieces)),
            Err(error) => Err(failure(&error.to_string())),
        }
    }

    /// Some bytes of a file or of what is to be one, to go beside a request.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn bytes(&self, blob: &Blob, start: f64, end: f64) -> Result<JsValue, JsValue> {
        self.buffers.of_blob(blob, start, end).await
    }

    /// To be kept for as long as one asks again and again.
    pub fn hold(&self) -> Hold {
        self.holds.set(self.holds.get() + 1);
        Hold(self.clone())
    }

    /// Sends a request whose answer nobody awaits, if the worker runs.
    pub fn tell(&self, request: &Request) {
        if self.running.borrow().is_some() {
            self.send(self.message(number(), request, &Array::new()));
        }
    }

    /// A request with the bytes that go beside it.
    fn message(&self, id: u32, request: &Request, bytes: &Array) -> Array {
        let request = request.to_message();
        self.buffers.message(id, std::iter::once(request.as_bytes()), bytes)
    }

    /// What the worker keeps of this very project, if it does.
    pub fn kept(&self, project: &Arc<Project>) -> Option<Kept> {
        let running = self.running.borrow();
        let kept = running.as_ref()?.kept.as_ref();
        kept.filter(|(_, kept)| Arc::ptr_eq(kept, project)).map(|(kept, _)| *kept)
    }

    /// From now on the worker keeps this project, or none.
    pub fn set_kept(&self, kept: Option<(Kept, Arc<Project>)>) {
        if let Some(running) = self.running.borrow_mut().as_mut() {
            running.kept = kept;
        }
    }

    /// Stops all that is under way.
    pub fn stop(&self) {
        self.end(STOPPED);
    }

    fn end(&self, why: &str) {
        if let Some(mut running) = self.running.take() {
            running.why = js_sys::Error::new(why).into();
        }
    }

    fn send(&self, message: Array) {
        let failed = match self.running.borrow_mut().as_mut() {
            None => None,
            Some(Running { queue: Some(queue), .. }) => {
                queue.push(message);
                None
            }
            Some(Running { worker, .. }) => {
                worker.post_message_with_transfer(&message, &handed_over(&message)).err()
            }
        };
        if let Some(error) = failed {
            self.end(&failure(&world::message(&error)));
        }
    }

    fn start(&self) -> Result<(), JsValue> {
        if self.running.borrow().is_some() {
            return Ok(());
        }
        let worker = trusted::worker()?;
        let this = self.clone();
        let heard = EventListener::new(&worker, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                this.hear(event.data().unchecked_into());
            }
        });
        let this = self.clone();
        let failed = EventListener::new(&worker, "error", move |event| {
            let why = match event.dyn_ref::<ErrorEvent>() {
                Some(error) => error.message(),
                None => "its file could not be fetched; reload the page".to_owned(),
            };
            this.end(&failure(&why));
        });
        let this = self.clone();
        let garbled = EventListener::new(&worker, "messageerror", move |_| {
            this.end(&failure("its answer could not be read"));
        });
        *self.running.borrow_mut() = Some(Running {
            worker,
            _listeners: [heard, failed, garbled],
            queue: Some(Vec::new()),
            waiting: Map::new(),
            kept: None,
            why: JsValue::UNDEFINED,
        });
        Ok(())
    }

    fn hear(&self, message: Array) {
        let greets = self.running.borrow().as_ref().is_some_and(|running| running.queue.is_some());
        if greets && message.get(0).as_string().as_deref() != Some(&build::own()) {
            build::tell_outdated();
            return self.end(&failure("it is of another version of this page; reload the page"));
        }
        self.buffers.hear(&message);
        let mut queue = Vec::new();
        if let Some(running) = self.running.borrow_mut().as_mut() {
            let id = message.get(0).as_f64();
            if let Some((resolve, _)) = id.and_then(|id| running.waiting.remove(&(id as u32))) {
                // Calling a promise's own function cannot fail.
                let _ = resolve.call1(&JsValue::NULL, &message);
            }
            queue = running.queue.take().unwrap_or_default();
        }
        queue.into_iter().for_each(|message| self.send(message));
    }
}

fn failure(why: &str) -> String {
    format!("the part of Avow that reads and writes files has failed ({why})")
}
