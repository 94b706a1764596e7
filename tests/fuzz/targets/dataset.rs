//! Datasets of every format, in one or several files.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    avow_fuzz::read_dataset(input);
});
