//! The project's own file in both layouts; what was read is written, and read as the same.
#![no_main]

use avow::format::native::Layout;
use avow_fuzz::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = text(input);
    for read in Layout::ALL.iter().filter_map(|layout| layout.read("a", &text).ok()) {
        for layout in Layout::ALL {
            let written = layout.write(&read.project).unwrap();
            let again = layout.read("a", &written).unwrap();
            assert_eq!(layout.write(&again.project).unwrap(), written);
            if read.problems.is_empty() {
                assert_eq!(again.problems, []);
            }
        }
    }
});
