//! JSON as a text that is read fast and by little code: strings stand with their length and without
//! escapes, numbers as digits or as the bits of what they are.
//!
//! `n`, `t` and `f` are null, true and false, `i-5;` is a whole number, `d` and sixteen hexadecimal
//! digits any other, `s3;abc` a string of three bytes, `[` and `{` begin what `]` ends; in an object,
//! keys and values alternate.

use std::fmt::Write;

use serde_json::{Number, Value as Json};

use super::plain::exact;
use super::{Fields, Malformed, Shape, Tree, Wrong, from_plain, to_plain};

/// How deep values may stand in each other: twice as deep as in any file that can be read.
pub(super) const DEEPEST: u32 = 256;

/// A value as such a text.
pub fn to_packed(value: &impl Shape) -> String {
    pack(&to_plain(value))
}

/// The inverse of [`to_packed`].
///
/// # Errors
/// The text is no value, or one of another shape.
pub fn from_packed<T: Shape>(packed: &str) -> Result<T, Malformed> {
    let mut wrong = Wrong::default();
    let tree = wrong.part(unpack(packed), "packed");
    wrong.unless(())?;
    from_plain(tree)
}

/// A value that JavaScript holds without loss as a text.
pub(super) fn pack(json: &Json) -> String {
    let mut out = String::new();
    put(json, &mut out);
    out
}

fn put(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push('n'),
        Json::Bool(truth) => out.push(if *truth { 't' } else { 'f' }),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => put_number('i', whole, out),
            None => {
                let bits = number.as_f64().unwrap_or(f64::NAN).to_bits();
                // Writing into a string cannot fail.
                let _ = write!(out, "d{bits:016x}");
            }
        },
        Json::String(text) => put_text(text, out),
        Json::Array(items) => {
            out.push('[');
            items.iter().for_each(|item| put(item, out));
            out.push(']');
        }
        Json::Object(map) => {
            out.push('{');
            for (key, value) in map {
                put_text(key, out);
                put(value, out);
            }
            out.push(']');
        }
    }
}

fn put_text(text: &str, out: &mut String) {
    put_number('s', text.len() as i64, out);
    out.push_str(text);
}

pub(super) fn put_number(tag: char, number: i64, out: &mut String) {
    // Writing into a string cannot fail.
    let _ = write!(out, "{tag}{number};");
}

/// The value of a text; none if it is not all of one.
pub(super) fn unpack(packed: &str) -> Option<Tree<'_>> {
    let mut rest = packed;
    let tree = take(&mut rest, DEEPEST)?;
    rest.is_empty().then_some(tree)
}

/// The value that a text begins with; passes over it.
pub(super) fn take<'a>(rest: &mut &'a str, deepest: u32) -> Option<Tree<'a>> {
    let tag = take_tag(rest)?;
    Some(match tag {
        b'n' => Tree::Null,
        b't' => Tree::Bool(true),
        b'f' => Tree::Bool(false),
        b'i' => Tree::Number(take_number(rest)?.into()),
        b'd' => {
            let (digits, behind) = rest.split_at_checked(16)?;
            *rest = behind;
            let bits = u64::from_str_radix(digits, 16).ok()?;
            Tree::Number(Number::from_f64(f64::from_bits(bits))?)
        }
        b's' => Tree::Text(take_text(rest)?.into()),
        b'[' => {
            let (mut items, deepest) = (Vec::new(), deepest.checked_sub(1)?);
            while !ends(rest) {
                items.push(take(rest, deepest)?);
            }
            Tree::List(items)
        }
        b'{' => {
            // Most have no more: the list grows once.
            let (mut fields, deepest) = (Vec::with_capacity(8), deepest.checked_sub(1)?);
            while !ends(rest) {
                let key = (take_tag(rest)? == b's').then(|| take_text(rest))??;
                fields.push((key.into(), take(rest, deepest)?));
            }
            Tree::Object(Fields(fields))
        }
        _ => return None,
    })
}

fn take_tag(rest: &mut &str) -> Option<u8> {
    let tag = *rest.as_bytes().first()?;
    *rest = rest.get(1..)?;
    Some(tag)
}

/// Whether an array or an object ends here; passes over its end.
pub(super) fn ends(rest: &mut &str) -> bool {
    match rest.strip_prefix(']') {
        Some(behind) => {
            *rest = behind;
            true
        }
        None => false,
    }
}

/// A whole number behind its tag.
pub(super) fn take_number(rest: &mut &str) -> Option<i64> {
    let negative = rest.starts_with('-');
    // The other way round: there is one negative number more.
    let (mut number, mut at) = (0_i64, usize::from(negative));
    loop {
        match *rest.as_bytes().get(at)? {
            digit @ b'0'..=b'9' => {
                number = number.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))?;
            }
            b';' if at > usize::from(negative) => break,
            _ => return None,
        }
        at += 1;
    }
    *rest = &rest[at + 1..];
    if negative { Some(number) } else { number.checked_neg() }
}

fn take_text<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(text)
}

/// What was read last: how it was written, and what it is.
pub(super) type Again<'a, T> = Option<(&'a str, T)>;

/// Passes over what must stand here.
pub(super) fn pass(rest: &mut &str, what: &str) -> Option<()> {
    *rest = rest.strip_prefix(what)?;
    Some(())
}

/// A value of any shape, which is the last one again if it is written as that was: none begins as another
/// is written.
pub(super) fn take_again<'a, T: Shape + Clone>(
    rest: &mut &'a str,
    last: &mut Again<'a, T>,
    wrong: &mut Wrong,
) -> Option<T> {
    if let Some((written, value)) = last
        && pass(rest, written).is_some()
    {
        return Some(value.clone());
    }
    let from = *rest;
    let value: T = take_any(rest, wrong)?;
    *last = Some((&from[..from.len() - rest.len()], value.clone()));
    Some(value)
}

/// A value of any shape.
pub(super) fn take_any<T: Shape>(rest: &mut &str, wrong: &mut Wrong) -> Option<T> {
    Some(T::read(take_exact(rest)?, wrong))
}

/// What a quick reader takes, which knows one way of writing only; none where that is not all right, and
/// then nothing is taken.
pub(super) fn take_quickly<'a, T>(
    rest: &mut &'a str,
    quick: impl FnOnce(&mut &'a str, &mut Wrong) -> Option<T>,
) -> Option<T> {
    let (mut ahead, mut wrong) = (*rest, Wrong::default());
    let read = quick(&mut ahead, &mut wrong);
    let read = wrong.unless(read).ok()??;
    *rest = ahead;
    Some(read)
}

/// The value that stands behind this.
#[inline(never)]
pub(super) fn take_behind<T: Shape>(rest: &mut &str, before: &str, wrong: &mut Wrong) -> Option<T> {
    pass(rest, before)?;
    take_any(rest, wrong)
}

// One for all shapes.
#[inline(never)]
pub(super) fn take_exact<'a>(rest: &mut &'a str) -> Option<Tree<'a>> {
    let mut tree = take(rest, DEEPEST)?;
    exact(&mut tree);
    Some(tree)
}

/// The whole number, not below zero, that stands behind this.
#[inline(never)]
pub(super) fn take_whole(rest: &mut &str, before: &str) -> Option<u64> {
    pass(rest, before)?;
    take_number(rest)?.try_into().ok()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
pub(super) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(packed: &str) -> Option<Json> {
        unpack(packed).map(Tree::into_value)
    }

    pub fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            ".*".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
                prop::collection::btree_map(".*", inner, 0..6)
                    .prop_map(|map| Json::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(json in any_json()) {
            prop_assert_eq!(read(&pack(&json)), Some(json));
        }

        #[test]
        fn what_is_cut_is_none(json in any_json(), at in any::<prop::sample::Index>()) {
            let packed = pack(&json);
            let cut = (0..at.index(packed.len())).rev().find(|cut| packed.is_char_boundary(*cut));
            prop_assert_eq!(read(&packed[..cut.unwrap_or(0)]), None);
        }
    }

    #[test]
    fn a_packed_value_is_short() {
        let json = json!({"id": "ä", "at": [-5, 0.5, null, true, false], "none": {}});
        assert_eq!(pack(&json), "{s2;at[i-5;d3fe0000000000000ntf]s2;ids2;äs4;none{]]".to_owned());
    }

    #[test]
    fn what_is_damaged_is_none() {
        for bad in
            ["", "x", "nn", "i;", "i1", "s9;abc", "s1;ä", "s-1;", "[", "{i1;n]", "{s1;a]", "d12"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read("d7ff0000000000000"), None, "infinity is no JSON");
        assert_eq!(read(&"[".repeat(200_000)), None);
        assert!(unpack(&("[".repeat(200) + &"]".repeat(200))).is_some());
    }
}
