//! Projects of all that formats of datasets have a place for: what is written of one, read and written
//! again is the same, as far as the test of that law says so.
#![no_main]

#[allow(dead_code)]
#[path = "../../law/mod.rs"]
mod law;

use law::{Made, Mark, PIECES, holds};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(made) = made(&mut Unstructured::new(input)) {
        holds(&made);
    }
});

fn made(input: &mut Unstructured<'_>) -> Result<Made> {
    let text = |input: &mut Unstructured<'_>| {
        let pieces = several(input, 3, 24, |input| Ok(*input.choose(&PIECES)?))?;
        Ok(format!("So{}", pieces.concat()))
    };
    let texts = several(input, 2, 2, text)?;
    let mut sets = vec![several(input, 1, 5, mark)?];
    for _ in 0..3 {
        sets.push(several(input, 0, 5, mark)?);
    }
    Ok(Made { texts, sets })
}

fn mark(input: &mut Unstructured<'_>) -> Result<Mark> {
    let span = |input: &mut Unstructured<'_>| {
        Ok((input.int_in_range(0..=39)?, input.int_in_range(1..=8)?))
    };
    Ok(Mark {
        label: input.int_in_range(0..=2)?,
        spans: several(input, 1, 3, span)?,
        ragged: (input.int_in_range(0..=2)?, input.int_in_range(0..=2)?),
        values: input.arbitrary()?,
        links_to: if input.ratio(1, 3)? { Some(input.int_in_range(0..=5)?) } else { None },
    })
}

/// So many of something, at least and at most.
fn several<T>(
    input: &mut Unstructured<'_>,
    least: usize,
    most: usize,
    one: impl Fn(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..input.int_in_range(least..=most)?).map(|_| one(input)).collect()
}
