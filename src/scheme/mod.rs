//! What may be annotated: labels, their attributes, and the types of relations.

mod default;
mod guidelines;
mod id;
mod rule;

pub use default::default_scheme;
pub use guidelines::default_guidelines;
pub(crate) use id::id_type;
pub use id::{AttributeId, LabelId, RelationTypeId, SchemeId};
pub use rule::Rule;

use serde::{Deserialize, Serialize};

/// Keys of a file that this version does not know, kept so that a round trip loses nothing.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// The labels, attributes and relation types of one project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    /// Names the scheme across projects.
    pub id: SchemeId,
    /// Grows by one with each change of the scheme.
    pub version: u32,
    /// In the order in which they are offered.
    pub labels: Vec<Label>,
    /// All attributes that labels may name.
    pub attributes: Vec<Attribute>,
    /// What may join two annotations.
    pub relations: Vec<RelationType>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Scheme {
    /// The label of that id.
    pub fn label(&self, id: &LabelId) -> Option<&Label> {
        self.labels.iter().find(|label| label.id == *id)
    }

    /// Where the label stands among the labels.
    pub fn label_index(&self, id: &LabelId) -> Option<usize> {
        self.labels.iter().position(|label| label.id == *id)
    }

    /// The attribute of that id.
    pub fn attribute(&self, id: &AttributeId) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.id == *id)
    }

    /// The relation type of that id.
    pub fn relation(&self, id: &RelationTypeId) -> Option<&RelationType> {
        self.relations.iter().find(|relation| relation.id == *id)
    }

    /// The relation types that may start from a label, in the scheme's order.
    pub fn relations_from<'a>(&'a self, label: &LabelId) -> impl Iterator<Item = &'a RelationType> {
        self.relations.iter().filter(move |relation| relation.from.contains(label))
    }

    /// The attributes of a label, in the label's order; unknown ids are passed over.
    pub fn attributes_of<'a>(&'a self, label: &'a Label) -> impl Iterator<Item = &'a Attribute> {
        label.attributes.iter().filter_map(|id| self.attribute(id))
    }
}

/// What a span can be tagged as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// As in files.
    pub id: LabelId,
    /// As on screen.
    pub name: String,
    /// The key that marks the selection with it, one lower-case Latin letter.
    #[serde(default)]
    pub key: String,
    /// One of the palette's colours.
    #[serde(default)]
    pub color: Color,
    /// How its underline is drawn, so that labels differ without colour too.
    #[serde(default)]
    pub style: LineStyle,
    /// What it means.
    #[serde(default)]
    pub description: String,
    /// A stretch of text that would get it.
    #[serde(default)]
    pub example: String,
    /// The attributes that its annotations have, in the inspector's order.
    #[serde(default)]
    pub attributes: Vec<AttributeId>,
    /// The boundary rules that its annotations keep to, beside those that hold for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A colour of the palette; the style sheets say what it is in each theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Color {
    #[default]
    Blue,
    Orange,
    Green,
    Purple,
    Red,
    Teal,
    Gold,
    Gray,
}

impl Color {
    /// All, in the order in which they are offered.
    pub const ALL: [Color; 8] = [
        Color::Blue,
        Color::Orange,
        Color::Green,
        Color::Purple,
        Color::Red,
        Color::Teal,
        Color::Gold,
        Color::Gray,
    ];

    /// The name in files and style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Color::Blue => "blue",
            Color::Orange => "orange",
            Color::Green => "green",
            Color::Purple => "purple",
            Color::Red => "red",
            Color::Teal => "teal",
            Color::Gold => "gold",
            Color::Gray => "gray",
        }
    }
}

/// How an underline is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum LineStyle {
    #[default]
    Solid,
    Wavy,
    Dashed,
    Dotted,
    Double,
}

impl LineStyle {
    /// All, in the order in which they are offered.
    pub const ALL: [LineStyle; 5] = [
        LineStyle::Solid,
        LineStyle::Wavy,
        LineStyle::Dashed,
        LineStyle::Dotted,
        LineStyle::Double,
    ];

    /// The name in files and style sheets.
    pub fn name(self) -> &'static str {
        match self {
            LineStyle::Solid => "solid",
            LineStyle::Wavy => "wavy",
            LineStyle::Dashed => "dashed",
            LineStyle::Dotted => "dotted",
            LineStyle::Double => "double",
        }
    }
}

/// A property of an annotation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// As in files.
    pub id: AttributeId,
    /// As on screen.
    pub name: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What values it takes.
    pub kind: AttributeKind,
    /// What a choice chooses from, in the order in which they are offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Whether an annotation without it is incomplete.
    #[serde(default)]
    pub required: bool,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What values an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributeKind {
    /// Entities of the project, each with the place that mentions it, if there is one.
    Speaker,
    /// Stretches of the same article.
    Span,
    /// One of the attribute's `values`.
    Choice,
    /// Free text.
    Text,
    /// True or false.
    YesNo,
    /// A number.
    Number,
}

impl AttributeKind {
    /// All, in the order in which they are offered.
    pub const ALL: [AttributeKind; 6] = [
        AttributeKind::Choice,
        AttributeKind::Text,
        AttributeKind::YesNo,
        AttributeKind::Number,
        AttributeKind::Span,
        AttributeKind::Speaker,
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            AttributeKind::Speaker => "speaker",
            AttributeKind::Span => "span",
            AttributeKind::Choice => "choice",
            AttributeKind::Text => "text",
            AttributeKind::YesNo => "yes-no",
            AttributeKind::Number => "number",
        }
    }
}

/// What may join two annotations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationType {
    /// As in files.
    pub id: RelationTypeId,
    /// As on screen.
    pub name: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Labels that it may start from.
    pub from: Vec<LabelId>,
    /// Labels that it may lead to.
    pub to: Vec<LabelId>,
    /// Whether it may lead to a group of annotations that repeat one claim.
    #[serde(default, skip_serializing_if = "is_false")]
    pub groups: bool,
    /// Whether it may lead to words that are in no text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub text: bool,
    /// Whether its ends say the same: drawing it makes them members of one group.
    #[serde(default, skip_serializing_if = "is_false")]
    pub same: bool,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What is written only where it holds.
fn is_false(it: &bool) -> bool {
    !it
}
