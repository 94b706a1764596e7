//! JSON that JavaScript holds without loss.

use serde_json::{Map, Number, Value as Json};

use super::shape::{Malformed, Shape, Wrong, tagged};
use super::{Fields, Tree};

/// A value as JSON that JavaScript holds without loss.
///
/// JavaScript has one type of number, and an object's `__proto__` is not a key like others.
/// So an integer that would come back as another one is `{"$number": "its digits"}`, a whole number
/// that is a float is `{"$float": 1}` (`{"$float": "-0"}` for minus zero), and a `$` goes before a
/// key that is `__proto__` or begins with `$`.
pub fn to_plain(value: &impl Shape) -> Json {
    plain(value.to_json())
}

/// The inverse of [`to_plain`].
///
/// # Errors
/// The value has another shape.
pub fn from_plain<'a, T: Shape>(plain: impl Into<Tree<'a>>) -> Result<T, Malformed> {
    let (mut tree, mut wrong) = (plain.into(), Wrong::default());
    exact(&mut tree);
    let read = T::read(tree, &mut wrong);
    wrong.unless(read)
}

const NUMBER: &str = "$number";
const FLOAT: &str = "$float";
const MINUS_ZERO: &str = "-0";

fn plain(json: Json) -> Json {
    match json {
        Json::Number(number) => plain_number(number),
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(map) => {
            let mut escaped = Map::new();
            for (key, value) in map {
                let special = key == "__proto__" || key.starts_with('$');
                escaped.insert(if special { format!("${key}") } else { key }, plain(value));
            }
            escaped.into()
        }
        json => json,
    }
}

/// What [`to_plain`] made of it undone; in place, since hardly anything is another value than it was: a project has a million of them.
pub(super) fn exact(tree: &mut Tree<'_>) {
    match tree {
        Tree::List(items) => items.iter_mut().for_each(exact),
        Tree::Object(fields) => {
            if let Some(number) = exact_number(fields) {
                *tree = Tree::Number(number);
                return;
            }
            for (key, value) in &mut fields.0 {
                if key.starts_with('$') {
                    *key = key[1..].to_owned().into();
                }
                exact(value);
            }
        }
        _ => {}
    }
}

fn plain_number(number: Number) -> Json {
    const SAFE: i64 = (1 << 53) - 1;
    let digits = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(integer), _, _) if !(-SAFE..=SAFE).contains(&integer) => integer.to_string(),
        (None, Some(integer), _) => integer.to_string(),
        // JSON, as JavaScript writes it, has no sign at a zero.
        (None, None, Some(float)) if float == 0.0 && float.is_sign_negative() => {
            return tagged(FLOAT, MINUS_ZERO.into());
        }
        // A whole number written as a fraction, such as 1.0, would come back without it.
        (None, None, Some(float)) if float.fract() == 0.0 => return tagged(FLOAT, number.into()),
        _ => return number.into(),
    };
    tagged(NUMBER, digits.into())
}

/// The number that an object stands for; none if it is an object like others.
fn exact_number(fields: &Fields<'_>) -> Option<Number> {
    let [(key, value)] = &fields.0[..] else { return None };
    match (&**key, value) {
        (NUMBER, Tree::Text(digits)) => {
            let large = digits.parse::<u64>().map(Number::from);
            large.or_else(|_| digits.parse::<i64>().map(Number::from)).ok()
        }
        (FLOAT, Tree::Text(zero)) if zero == MINUS_ZERO => Number::from_f64(-0.0),
        (FLOAT, Tree::Number(number)) => Number::from_f64(number.as_f64()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_javascript_cannot_hold_comes_back() {
        let json = json!({
            "id": 12_345_678_901_234_567_890_u64, "low": -9_007_199_254_740_993_i64, "one": 1.0,
            "half": 0.5, "count": 7, "minus": -0.0, "huge": 1e300,
            "__proto__": {"$number": "7", "$": ["__proto__", {"$$x": null}]},
        });
        let plain = to_plain(&json);
        assert_eq!(plain["id"], json!({"$number": "12345678901234567890"}));
        assert_eq!(plain["one"], json!({"$float": 1.0}));
        assert_eq!(plain["minus"], json!({"$float": "-0"}));
        // What JavaScript makes of a whole number is an integer.
        assert_eq!(from_plain::<Json>(json!({"$float": 1})).unwrap(), json!(1.0));
        assert_eq!((&plain["half"], &plain["count"]), (&json!(0.5), &json!(7)));
        assert!(plain.get("__proto__").is_none());
        assert_eq!(from_plain::<Json>(plain).unwrap().to_string(), json.to_string());
    }
}
