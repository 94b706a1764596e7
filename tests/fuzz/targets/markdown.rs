//! Guidelines.
#![no_main]

use avow::format::markdown;
use avow_fuzz::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    markdown::read(&text(input));
});
