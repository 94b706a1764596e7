//! Datasets that were read: they are written in every format, and as projects.
#![no_main]

use avow::format::dataset::{Choice, FORMATS, File, SourceFile};
use avow::format::native;
use avow_fuzz::{NOW, read_dataset};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(Ok(read)) = read_dataset(input) else { return };
    let project = &read.project;
    let written = native::write(project).unwrap();
    let again = native::read("a", &written).unwrap();
    // Values of formats may be of kinds that the scheme does not give their names.
    let kind = "that is not of the scheme's kind";
    assert!(again.problems.iter().all(|it| it.what.contains(kind)), "{:?}", again.problems);
    assert_eq!(native::write(&again.project).unwrap(), written);
    for format in FORMATS {
        let files = format.write(project, &Choice::default()).unwrap().files;
        let source = |it: File| SourceFile { path: it.name, text: it.content };
        let files: Vec<SourceFile> = files.into_iter().map(source).collect();
        // Nothing may be left of it.
        let _ = format.read(&files, "a".into(), NOW);
    }
});
