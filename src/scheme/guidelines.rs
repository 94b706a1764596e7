//! The guidelines that go with the default scheme.

/// What the default scheme's labels mean and where their annotations begin and end, in Markdown.
///
/// The boundary rules are a numbered list from 1 to 15; [`Rule::number`](super::Rule::number) says
/// which of them a check is about.
pub fn default_guidelines() -> &'static str {
    include_str!("guidelines.md")
}
