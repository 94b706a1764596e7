//! Datasets in lines: line by line they are what they are as a whole.
#![no_main]

#[path = "../../law/rows.rs"]
mod rows;

use avow::format::dataset::Rows;
use avow_fuzz::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = text(input);
    let file = rows::source(&text);
    let first = text.split('\n').find(|line| !line.trim().is_empty());
    // One line may be one object over all of the file.
    let is_in_lines = text.trim().contains('\n') && !text.contains('\0');
    if is_in_lines && first.is_some_and(|first| Rows::of(&file.path, first).is_some()) {
        rows::law_of_rows(&text);
    }
});
