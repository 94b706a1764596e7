//! Files of articles of any ending: what each is, and what is in it.
#![no_main]

use avow::cli::html::article;
use avow::format::articles;
use avow_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let (path, bytes) = file(input);
    articles::kind(&path, bytes);
    let found = articles::read(&path, bytes, &article);
    // Ids that repeat are told apart.
    articles::take_new(found.articles, []);
});
