//! What a built page carries; what was read is written and read as the same.
#![no_main]

use avow::format::deployment::{Deployment, parse};
use avow_fuzz::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok((deployment, _)) = parse(&text(input)) else { return };
    let (again, problems) = parse(&deployment.to_json()).unwrap();
    assert_eq!(problems, []);
    // The name is of the scheme as its file wrote it.
    assert_eq!(Deployment { scheme_name: deployment.scheme_name.clone(), ..again }, deployment);
});
