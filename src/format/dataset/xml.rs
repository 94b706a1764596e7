//! The little XML that is written.

/// Text as it stands in an attribute or between tags. What XML 1.0 has no form for goes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            // As itself, it would be read as a blank.
            '\n' | '\r' | '\t' => out += &format!("&#{};", u32::from(it)),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            it => out.push(it),
        }
    }
    out
}
