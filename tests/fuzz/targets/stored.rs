//! Stored records of every kind; what was read is written, and read as the same.
#![no_main]

use std::fmt::Debug;

use avow::edit::Commit;
use avow::format::stored::{ProjectRow, Record, Shape, from_plain, to_plain};
use libfuzzer_sys::fuzz_target;
use serde_json::Value as Json;

fuzz_target!(|input: &[u8]| {
    let Ok(json) = serde_json::from_slice::<Json>(input) else { return };
    reads_back::<ProjectRow>(&json);
    reads_back::<Commit>(&json);
    if let Ok(record) = Record::read(&json) {
        assert_eq!(Record::read(record.to_json()), Ok(record));
    }
});

fn reads_back<T: Shape + Debug + PartialEq>(json: &Json) {
    if let Ok(value) = from_plain::<T>(json) {
        assert_eq!(from_plain(to_plain(&value)), Ok(value));
    }
}
