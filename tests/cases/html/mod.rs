//! Web pages and the articles that they are, for the native tests and for those in a browser.
//!
//! Each `NAME.html` has its `NAME.txt`, as [`show`] writes it; `UPDATE=1` makes the native test
//! write them anew.

use avow::format::html::HtmlArticle;

/// Name, page, and what is to come out of it.
pub const CASES: &[(&str, &str, &str)] = &[
    ("entities", include_str!("entities.html"), include_str!("entities.txt")),
    ("breaks", include_str!("breaks.html"), include_str!("breaks.txt")),
    ("pre", include_str!("pre.html"), include_str!("pre.txt")),
    ("inline", include_str!("inline.html"), include_str!("inline.txt")),
    ("lists", include_str!("lists.html"), include_str!("lists.txt")),
    ("tables", include_str!("tables.html"), include_str!("tables.txt")),
    ("left-out", include_str!("left-out.html"), include_str!("left-out.txt")),
    ("hidden", include_str!("hidden.html"), include_str!("hidden.txt")),
    ("malformed", include_str!("malformed.html"), include_str!("malformed.txt")),
    ("no-break-space", include_str!("no-break-space.html"), include_str!("no-break-space.txt")),
    ("emoji", include_str!("emoji.html"), include_str!("emoji.txt")),
    ("comments", include_str!("comments.html"), include_str!("comments.txt")),
    ("article", include_str!("article.html"), include_str!("article.txt")),
    ("main", include_str!("main.html"), include_str!("main.txt")),
    ("empty-article", include_str!("empty-article.html"), include_str!("empty-article.txt")),
    ("fragment", include_str!("fragment.html"), include_str!("fragment.txt")),
];

/// What the page says of its article, a line each, then a line of dashes and the text.
pub fn show(article: &HtmlArticle) -> String {
    let HtmlArticle { title, text, language, url, published, publisher, author } = article;
    let fields = [
        ("title", title),
        ("language", language),
        ("url", url),
        ("published", published),
        ("publisher", publisher),
        ("author", author),
    ];
    let fields = fields.map(|(name, value)| {
        value.as_ref().map(|value| format!("{name}: {value}\n")).unwrap_or_default()
    });
    format!("{}---\n{text}\n", fields.concat())
}
