//! The boundary rules that labels name.

use serde::{Deserialize, Serialize};

/// A rule about where annotations begin and end, and what they must have.
///
/// The first five hold for every annotation; the others for those of labels that name them.
/// What breaks one is reported and never refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Rule {
    /// No white space at an end.
    WhiteSpace,
    /// No half word at an end.
    HalfWord,
    /// No two annotations cross: they lie apart, or one in the other.
    Crossing,
    /// No two annotations have the same label and the same spans.
    Twice,
    /// Attributes that the scheme requires have a value.
    Required,
    /// From the opening quotation mark to the closing one, marks included.
    Marks,
    /// Without the full stop that ends the sentence.
    NoFinalStop,
    /// Without a leading "that", "whether", "and", "but" or "so".
    NoLeadIn,
    /// Of what stands wholly in quotation marks: without the marks, and without the comma or stop
    /// before the closing one.
    InsideMarks,
    /// Shares no character with another annotation whose label names this rule.
    Apart,
    /// A relation starts from it.
    Linked,
    /// A rule that this version does not know, kept as it was read. Never the name of another.
    Other(String),
}

impl Rule {
    /// Those that have a name of their own, in the order in which they are checked.
    pub const ALL: [Rule; 11] = [
        Rule::WhiteSpace,
        Rule::HalfWord,
        Rule::Crossing,
        Rule::Twice,
        Rule::Required,
        Rule::Marks,
        Rule::NoFinalStop,
        Rule::NoLeadIn,
        Rule::InsideMarks,
        Rule::Apart,
        Rule::Linked,
    ];

    /// The name in files.
    pub fn name(&self) -> &str {
        match self {
            Rule::WhiteSpace => "white-space",
            Rule::HalfWord => "half-word",
            Rule::Crossing => "crossing",
            Rule::Twice => "twice",
            Rule::Required => "required",
            Rule::Marks => "marks",
            Rule::NoFinalStop => "no-final-stop",
            Rule::NoLeadIn => "no-lead-in",
            Rule::InsideMarks => "inside-marks",
            Rule::Apart => "apart",
            Rule::Linked => "linked",
            Rule::Other(name) => name,
        }
    }

    /// Its number in the [default guidelines](super::default_guidelines), if they have it.
    pub fn number(&self) -> Option<u8> {
        match self {
            Rule::WhiteSpace | Rule::HalfWord => Some(1),
            Rule::Marks => Some(2),
            Rule::NoFinalStop | Rule::NoLeadIn => Some(3),
            Rule::InsideMarks => Some(4),
            Rule::Crossing | Rule::Apart => Some(6),
            Rule::Linked => Some(10),
            Rule::Twice | Rule::Required | Rule::Other(_) => None,
        }
    }
}

impl From<String> for Rule {
    fn from(name: String) -> Rule {
        Rule::ALL.into_iter().find(|rule| rule.name() == name).unwrap_or(Rule::Other(name))
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> String {
        rule.name().to_owned()
    }
}
