//! All that the page has stored, and whole projects of it.
#![no_main]

use avow::format::{native, rescue};
use avow_fuzz::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(rescued) = rescue::read("a", &text(input)) else { return };
    for project in rescued.projects {
        // An article whose text is lost is not loaded, and the file is not written.
        if let Ok(written) = native::write(&project) {
            native::read("a", &written).unwrap();
        }
    }
});
