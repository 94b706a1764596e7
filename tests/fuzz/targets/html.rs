//! Web pages.
#![no_main]

use avow::cli::html::article;
use avow::format::encoding::decode_html;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    article(&decode_html(input).text);
});
