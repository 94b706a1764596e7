//! JSON as browsers write and read it, by little code: a value crosses to and from JavaScript as one
//! text, which takes a fraction of the time, and of what the browser has to collect, of one part of it
//! after the other.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::{Number, Value as Json};

use super::packed::DEEPEST;
use super::{Fields, Tree};

/// The whole numbers that JavaScript tells from their neighbours.
const SAFE: i64 = (1 << 53) - 1;

/// A value as a text that `JSON.parse` reads. `float` writes numbers that are not whole, which every
/// browser can.
pub fn to_written(json: &Json, float: fn(f64) -> String) -> String {
    let mut out = String::new();
    put(json, float, &mut out);
    out
}

fn put(json: &Json, float: fn(f64) -> String, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => {
                out.push_str(if whole < 0 { "-" } else { "" });
                // Writing into a string cannot fail.
                let _ = write!(out, "{}", whole.unsigned_abs());
            }
            None => out.push_str(&float(number.as_f64().unwrap_or_default())),
        },
        Json::String(text) => put_text(text, out),
        Json::Array(items) => {
            put_all(['[', ']'], &mut items.iter().map(|item| (None, item)), float, out);
        }
        Json::Object(fields) => {
            let fields = &mut fields.iter().map(|(key, value)| (Some(key), value));
            put_all(['{', '}'], fields, float, out);
        }
    }
}

/// What stands in an array or an object, there with its key.
fn put_all(
    [begin, end]: [char; 2],
    all: &mut dyn Iterator<Item = (Option<&String>, &Json)>,
    float: fn(f64) -> String,
    out: &mut String,
) {
    out.push(begin);
    for (at, (key, value)) in all.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if let Some(key) = key {
            put_text(key, out);
            out.push(':');
        }
        put(value, float, out);
    }
    out.push(end);
}

fn put_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    let is_escaped = |byte: u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    while let Some(at) = rest.bytes().position(is_escaped) {
        out.push_str(&rest[..at]);
        let byte = u32::from(rest.as_bytes()[at]);
        out.push_str("\\u00");
        out.extend(
            [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit, 16).unwrap_or_default()),
        );
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// The value of a text that `JSON.stringify` wrote; none if it is not all of one. `float` reads numbers
/// that are not whole, or not safe, since what reads them is large and every browser has it.
pub fn read_written(text: &str, float: fn(&str) -> f64) -> Option<Tree<'_>> {
    let mut reading = Reading { rest: text, float };
    let tree = reading.value(DEEPEST)?;
    reading.rest.is_empty().then_some(tree)
}

struct Reading<'a> {
    rest: &'a str,
    float: fn(&str) -> f64,
}

impl<'a> Reading<'a> {
    fn value(&mut self, deepest: u32) -> Option<Tree<'a>> {
        let first = *self.rest.as_bytes().first()?;
        Some(match first {
            b'"' => Tree::Text(self.string()?),
            b'[' => {
                let (mut items, deepest) = (Vec::new(), deepest.checked_sub(1)?);
                self.each(b']', |reading| {
                    items.push(reading.value(deepest)?);
                    Some(())
                })?;
                Tree::List(items)
            }
            b'{' => {
                let (mut fields, deepest) = (Vec::new(), deepest.checked_sub(1)?);
                self.each(b'}', |reading| {
                    let key = reading.string()?;
                    reading.pass(b':').then_some(())?;
                    fields.push((key, reading.value(deepest)?));
                    Some(())
                })?;
                Tree::Object(Fields(fields))
            }
            b'n' => self.word("null", Tree::Null)?,
            b't' => self.word("true", Tree::Bool(true))?,
            b'f' => self.word("false", Tree::Bool(false))?,
            _ => self.number()?,
        })
    }

    /// Passes over a sign, if it comes next.
    fn pass(&mut self, sign: u8) -> bool {
        let is_there = self.rest.as_bytes().first() == Some(&sign);
        if is_there {
            self.rest = &self.rest[1..];
        }
        is_there
    }

    fn word(&mut self, word: &str, value: Tree<'a>) -> Option<Tree<'a>> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(value)
    }

    /// What stands in an array or an object, at whose first sign the text is.
    fn each(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.rest = &self.rest[1..];
        if self.pass(end) {
            return Some(());
        }
        loop {
            item(self)?;
            if self.pass(end) {
                return Some(());
            }
            self.pass(b',').then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Tree<'a>> {
        let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e');
        let length = self.rest.bytes().take_while(|byte| is_of_number(byte)).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        match digits.parse::<i64>() {
            Ok(whole) if (-SAFE..=SAFE).contains(&whole) => Some(Tree::Number(whole.into())),
            _ if digits.is_empty() => None,
            _ => Some(Number::from_f64((self.float)(digits)).map_or(Tree::Null, Tree::Number)),
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.pass(b'"').then_some(())?;
        let mut string = Cow::default();
        loop {
            let at = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\'))?;
            let (plain, rest) = self.rest.split_at(at);
            // Nothing is copied unless there is an escape.
            string += plain;
            self.rest = rest;
            if self.pass(b'"') {
                return Some(string);
            }
            string.to_mut().push(self.escape()?);
        }
    }

    /// The character of an escape, at whose `\` the text is. A lone surrogate is none.
    fn escape(&mut self) -> Option<char> {
        let sign = *self.rest.as_bytes().get(1)?;
        let unit = match sign {
            b'u' => return self.character(),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => char::from(sign),
            _ => return None,
        };
        self.rest = &self.rest[2..];
        Some(unit)
    }

    fn character(&mut self) -> Option<char> {
        let high = self.unit()?;
        if (0xd800..0xdc00).contains(&high) {
            let behind = self.rest;
            match self.unit().filter(|low| (0xdc00..0xe000).contains(low)) {
                Some(low) => {
                    return char::from_u32(0x1_0000 + ((high & 0x3ff) << 10 | low & 0x3ff));
                }
                None => self.rest = behind,
            }
        }
        Some(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The number of `\uXXXX`.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest.strip_prefix("\\u")?.get(..4)?;
        // As an `u64`, which numbers are read as too: one function less in the page.
        let unit = u64::from_str_radix(digits, 16).ok()? as u32;
        self.rest = &self.rest[6..];
        Some(unit)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::packed::tests::any_json;
    use super::*;

    fn read(text: &str) -> Option<Json> {
        read_written(text, |digits| digits.parse().unwrap_or(f64::NAN)).map(Tree::into_value)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(json in any_json()) {
            let text = json.to_string();
            // Numbers that JavaScript does not tell from others come as what it has.
            let is_safe = |number: &str| number.parse::<i64>().is_ok_and(|it| it.abs() <= SAFE);
            fn numbers(json: &Json) -> Vec<String> {
                match json {
                    Json::Number(number) => vec![number.to_string()],
                    Json::Array(items) => items.iter().flat_map(numbers).collect(),
                    Json::Object(map) => map.values().flat_map(numbers).collect(),
                    _ => Vec::new(),
                }
            }
            let whole = |number: &String| !number.contains(['.', 'e']);
            prop_assume!(numbers(&json).iter().filter(|it| whole(it)).all(|it| is_safe(it)));
            prop_assert_eq!(read(&text), Some(json));
        }

        #[test]
        fn what_browsers_are_given_is_json(json in any_json()) {
            let text = to_written(&json, |float| Number::from_f64(float).unwrap().to_string());
            prop_assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), json, "{}", text);
        }

        #[test]
        fn no_text_is_too_much(text in "[\\[\\]{}\",:\\\\u0-9a-fntre.+-]{0,40}") {
            read(&text);
        }
    }

    #[test]
    fn escapes_and_numbers_are_those_of_browsers() {
        let text =
            r#"["\"\\\/\b\f\n\r\t\u0001\ud83d\ude00\ud800x\udc00",9007199254740993,1e+21,-0.5,-3]"#;
        let string = "\"\\/\u{8}\u{c}\n\r\t\u{1}😀\u{fffd}x\u{fffd}";
        assert_eq!(read(text), Some(json!([string, 9007199254740992.0, 1e21, -0.5, -3])));
        for wrong in ["", "[1,]", "{\"a\"}", "\"a", "nul", "1 2", "[1", "\"\\ud8", "\"\\uzzzz\""] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        let deep = "[".repeat(300) + &"]".repeat(300);
        assert_eq!(read(&deep), None);
    }
}
