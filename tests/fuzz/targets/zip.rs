//! Archives; what was read is packed, and read as the same.
#![no_main]

use avow::format::zip::{is_zip, read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    is_zip(input);
    let Ok(files) = read(input) else { return };
    // Two files of one path are not packed.
    if let Ok(packed) = write(files.iter().map(|(path, bytes)| (path.as_str(), &bytes[..]))) {
        assert_eq!(read(&packed), Ok(files));
    }
});
