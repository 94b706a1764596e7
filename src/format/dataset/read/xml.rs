//! The little XML that is read: tags and what stands in them.

/// A tag.
pub(super) enum Tag<'a> {
    /// Its name, and its attributes in order.
    Open(&'a str, Vec<(&'a str, String)>),
    /// The name of what ends.
    Close(&'a str),
}

/// The tags of a text in order, without comments; one that is closed at once is only opened.
pub(super) fn tags(text: &str) -> Vec<Tag<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
        } else if let Some(close) = rest.strip_prefix('/') {
            let end = close.find('>').unwrap_or(close.len());
            found.push(Tag::Close(close[..end].trim()));
        } else if !rest.starts_with(['!', '?']) {
            let name = word(rest);
            let (attributes, behind) = attributes(&rest[name.len()..]);
            found.push(Tag::Open(name, attributes));
            rest = behind;
        }
    }
    found
}

/// What stands before white space and signs of XML.
fn word(text: &str) -> &str {
    let end = text.find(|it: char| it.is_whitespace() || "=/><\"'".contains(it));
    &text[..end.unwrap_or(text.len())]
}

/// The attributes of a tag, and what comes behind it.
fn attributes(mut rest: &str) -> (Vec<(&str, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        let name = word(rest);
        rest = rest[name.len()..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
            match rest.chars().next() {
                Some('/') => rest = &rest[1..],
                // An attribute without a value.
                Some(it) if !name.is_empty() && it != '>' && it != '<' => {}
                _ => return (found, rest),
            }
            continue;
        };
        let Some(quote) = value.chars().next().filter(|it| "\"'".contains(*it)) else {
            rest = &value[word(value).len()..];
            if rest.len() == value.len() {
                return (found, rest);
            }
            continue;
        };
        let inner = &value[1..];
        let (inner, behind) = inner.split_once(quote).unwrap_or((inner, ""));
        found.push((name, plain(inner)));
        rest = behind;
    }
}

/// Text without entities.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('&');
    out += pieces.next().unwrap_or_default();
    for piece in pieces {
        match piece.split_once(';').and_then(|(name, rest)| Some((entity(name)?, rest))) {
            Some((char, rest)) => {
                out.push(char);
                out += rest;
            }
            None => {
                out.push('&');
                out += piece;
            }
        }
    }
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
