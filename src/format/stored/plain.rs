//! JSON that JavaScript holds without loss.

use serde_json::{Map, Number, Value as Json};

use super::shape::{Malformed, Shape, tagged};

/// A value as JSON that JavaScript holds without loss.
///
/// JavaScript has one type of number, and an object's `__proto__` is not a key like others.
/// So a number that would come back as another one is `{"$number": "its digits"}`,
/// and a `$` goes before a key that is `__proto__` or begins with `$`.
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

fn plain(json: Json) -> Json {
    match json {
        Json::Number(number) if !survives(&number) => tagged(NUMBER, number.to_string().into()),
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(map) => {
            let escape = |key: String| match key.as_str() {
                "__proto__" => format!("${key}"),
                _ if key.starts_with('$') => format!("${key}"),
                _ => key,
            };
            let mut plain_map = Map::new();
            for (key, value) in map {
                plain_map.insert(escape(key), plain(value));
            }
            plain_map.into()
        }
        json => json,
    }
}

/// Whether a number is the same after it was one of JavaScript's.
fn survives(number: &Number) -> bool {
    const SAFE: i64 = (1 << 53) - 1;
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => (-SAFE..=SAFE).contains(&integer),
        // A whole number written as a fraction, such as 1.0, would come back without it.
        (None, Some(float)) => float.fract() != 0.0,
        (None, None) => false,
    }
}

fn exact(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(exact).collect(),
        Json::Object(map) => {
            if let Some(digits) = map.get(NUMBER).and_then(Json::as_str)
                && let Ok(number) = serde_json::from_str::<Number>(digits)
            {
                return Json::Number(number);
            }
            let unescape = |key: String| match key.strip_prefix('$') {
                Some(rest) => rest.to_owned(),
                None => key,
            };
            let mut exact_map = Map::new();
            for (key, value) in map {
                exact_map.insert(unescape(key), exact(value));
            }
            exact_map.into()
        }
        json => json,
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
        assert_eq!((&plain["half"], &plain["count"]), (&json!(0.5), &json!(7)));
        assert!(plain.get("__proto__").is_none());
        assert_eq!(from_plain::<Json>(plain).unwrap().to_string(), json.to_string());
    }
}
