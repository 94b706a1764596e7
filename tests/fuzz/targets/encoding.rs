//! Bytes of any encoding.
#![no_main]

use avow::format::encoding::{decode, decode_html};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = decode(input).text;
    decode_html(input);
    // What is decoded is UTF-8 without a mark; where it holds zeros, it may look like UTF-16.
    if !text.contains('\0') && !text.starts_with('\u{feff}') {
        assert_eq!(decode(text.as_bytes()).text, text);
    }
});
