//! Schemes in files of their own; what was read is written, and read as the same.
#![no_main]

use avow::format::scheme_file::{read, write};
use avow_fuzz::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(file) = read("a", &text(input)) else { return };
    let again = read("a", &write(&file.scheme)).unwrap();
    assert_eq!((again.scheme, again.problems), (file.scheme, Vec::new()));
});
