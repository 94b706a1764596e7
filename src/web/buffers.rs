//! Messages between the page and the worker, `[id, pieces, back]`, and the buffers that their pieces
//! stand in.
//!
//! A buffer is handed over and not copied, and goes back with the next message, to be written again:
//! of buffers that are only let go of, the browser collects those of the last seconds late, some dozen
//! megabytes on each side.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamByobReader};

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
    /// A message of these pieces, and of those that others have made: array buffers too.
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
        let piece = part(&self.buffer(size), 0, size);
        piece.copy_from(bytes);
        piece
    }

    /// Some bytes of a file or of what is to be one, as a piece.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn of_blob(&self, blob: &Blob, start: f64, end: f64) -> Result<JsValue, JsValue> {
        let blob = blob.slice_with_f64_and_f64(start, end)?;
        let Ok(reader) = ReadableStreamByobReader::new(&blob.stream()) else {
            // A browser that reads into no buffer makes one.
            return JsFuture::from(blob.array_buffer()).await;
        };
        let (size, mut read) = (blob.size() as u32, 0);
        let mut buffer = self.buffer(size);
        while read < size {
            let into = part(&buffer, read, size - read);
            let done = reader.read_with_array_buffer_view(&into);
            let done = Reflect::get(&JsFuture::from(done).await?, &"value".into())?;
            let Some(done) = done.dyn_ref::<Uint8Array>().filter(|it| it.byte_length() > 0) else {
                return Err(js_sys::Error::new("it has become shorter").into());
            };
            // The buffer was handed over and has come back.
            (read, buffer) = (read + done.byte_length(), done.buffer());
        }
        Ok(part(&buffer, 0, size).into())
    }

    /// A buffer of at least that size: the smallest that waits, else a new one.
    fn buffer(&self, size: u32) -> ArrayBuffer {
        let mut waiting = self.waiting.borrow_mut();
        waiting.sort_by_key(ArrayBuffer::byte_length);
        match waiting.iter().position(|buffer| buffer.byte_length() >= size) {
            Some(at) => waiting.remove(at),
            None => {
                // One that is too small makes room for it.
                if waiting.len() == WAITING {
                    waiting.remove(0);
                }
                ArrayBuffer::new(size.next_power_of_two())
            }
        }
    }

    /// A message came: the buffers that came back with it can be written again.
    pub fn hear(&self, message: &Array) {
        let mut waiting = self.waiting.borrow_mut();
        if let Ok(back) = message.get(2).dyn_into::<Array>() {
            waiting.extend(back.iter().map(JsCast::unchecked_into::<ArrayBuffer>));
        }
        waiting.truncate(WAITING);
    }

    /// A piece of a message was read: its buffer goes back, if it is not that of a whole file.
    pub fn read(&self, piece: &JsValue) {
        if let Some(piece) = piece.dyn_ref::<Uint8Array>()
            && piece.buffer().byte_length() <= LARGEST
        {
            self.back.borrow_mut().push(piece.buffer());
        }
    }
}

fn part(buffer: &ArrayBuffer, start: u32, size: u32) -> Uint8Array {
    Uint8Array::new_with_byte_offset_and_length(buffer, start, size)
}

/// How many bytes the pieces of a message have.
pub fn size(message: &Array) -> u32 {
    let pieces: Array = message.get(1).unchecked_into();
    let views = pieces.iter().filter_map(|piece| piece.dyn_into::<Uint8Array>().ok());
    views.map(|piece| piece.byte_length()).sum()
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
