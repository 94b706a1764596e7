//! JSON that JavaScript holds without loss.

use serde_json::{Map, Number, Value as Json};

use super::shape::{Malformed, Shape, tagged};

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
pub fn from_plain<T: Shape>(json: Json) -> Result<T, Malformed> {
    T::from_json(exact(json))
}

const NUMBER: &str = "$number";
const FLOAT: &str = "$float";
const MINUS_ZERO: &str = "-0";

fn plain(json: Json) -> Json {
    let escape =
        |key: &str| (key == "__proto__" || key.starts_with('$')).then(|| ["$", key].concat());
    match json {
        Json::Number(number) => plain_number(number),
        json => inside(json, &escape, plain),
    }
}

fn exact(json: Json) -> Json {
    let unescape = |key: &str| key.strip_prefix('$').map(str::to_owned);
    match json.as_object().and_then(exact_number) {
        Some(number) => number.into(),
        None => inside(json, &unescape, exact),
    }
}

/// A list or an object with other items, values and keys, where a key has another; else the value itself.
fn inside(json: Json, key: &dyn Fn(&str) -> Option<String>, value: fn(Json) -> Json) -> Json {
    match json {
        Json::Array(mut items) => {
            items.iter_mut().for_each(|item| *item = value(item.take()));
            items.into()
        }
        Json::Object(mut map) => {
            map.values_mut().for_each(|it| *it = value(it.take()));
            if map.keys().any(|name| key(name).is_some()) {
                let mut other = Map::new();
                for (name, it) in map {
                    other.insert(key(&name).unwrap_or(name), it);
                }
                map = other;
            }
            map.into()
        }
        json => json,
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
fn exact_number(map: &Map<String, Json>) -> Option<Number> {
    if let Some(Json::String(digits)) = map.get(NUMBER) {
        let large = digits.parse::<u64>().map(Number::from);
        return large.or_else(|_| digits.parse::<i64>().map(Number::from)).ok();
    }
    match map.get(FLOAT)? {
        Json::String(zero) if zero == MINUS_ZERO => Number::from_f64(-0.0),
        value => Number::from_f64(value.as_f64()?),
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
