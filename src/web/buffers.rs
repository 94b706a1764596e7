//! Messages between the page and the worker, `[id, pieces, back]`, and the buffers that their pieces
//! stand in.
//!
//! A buffer is handed over and not copied, and goes back with the next message, to be written again:
//! of buffers that are only let go of, the browser collects those of the last seconds late, some dozen
//! megabytes on each side.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

/// How many buffers wait to be written at most: as many as a message has pieces, mostly.
const WAITING: usize = 4;

/// How many bytes a buffer has at most that is written again. Larger ones are rare.
const LARGEST: u32 = 4 << 20;

/// The buffers of one side.
#[derive(Default)]
pub struct Buffers {
    /// Those that are to be written.
    waiting: RefCell<Vec<ArrayBuffer>>,
    /// Those of the other side that were read.
    back: RefCell<Vec<ArrayBuffer>>,
}

impl Buffers {
    /// A message of these pieces, and of array buffers that others have filled.
    pub fn message<'a>(
        &self,
        id: impl Into<JsValue>,
        pieces: impl Iterator<Item = &'a [u8]>,
        others: &Array,
    ) -> Array {
        let pieces: Array = pieces.map(|bytes| self.piece(bytes)).collect();
        let back: Array = self.back.take().into_iter().collect();
        Array::of3(&id.into(), &pieces.concat(others), &back)
    }

    fn piece(&self, bytes: &[u8]) -> Uint8Array {
        // No message has four gigabytes.
        let size = bytes.len() as u32;
        let mut waiting = self.waiting.borrow_mut();
        let buffer = match waiting.iter().position(|buffer| buffer.byte_length() >= size) {
            Some(at) => waiting.swap_remove(at),
            None => {
                waiting.pop();
                ArrayBuffer::new(size.next_power_of_two())
            }
        };
        let piece = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, size);
        piece.copy_from(bytes);
        piece
    }

    /// A message came: the buffers that came back with it can be written again.
    pub fn hear(&self, message: &Array) {
        let mut waiting = self.waiting.borrow_mut();
        if let Ok(back) = message.get(2).dyn_into::<Array>() {
            waiting.extend(back.iter().map(JsCast::unchecked_into::<ArrayBuffer>));
        }
        waiting.truncate(WAITING);
    }

    /// A piece of a message was read: its buffer goes back. What another has filled does not.
    pub fn read(&self, piece: &JsValue) {
        if let Some(piece) = piece.dyn_ref::<Uint8Array>()
            && piece.buffer().byte_length() <= LARGEST
        {
            self.back.borrow_mut().push(piece.buffer());
        }
    }
}

/// What of a message is handed over.
pub fn handed_over(message: &Array) -> Array {
    let pieces: Array = message.get(1).unchecked_into();
    let buffer = |piece: JsValue| match piece.dyn_ref::<Uint8Array>() {
        Some(piece) => piece.buffer().into(),
        None => piece,
    };
    let back: Array = message.get(2).unchecked_into();
    pieces.iter().map(buffer).chain(back.iter()).collect()
}
