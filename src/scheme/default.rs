//! The scheme that a project has when nobody brought one.

use super::{
    Attribute, AttributeKind, Color, Extra, Label, LineStyle, RelationType, Scheme, SchemeId,
};

/// Claims, denials and quotes, with who said them, the cue and the directness.
pub fn default_scheme() -> Scheme {
    let label =
        |id: &str, name: &str, key: &str, color, style, description: &str, example: &str| Label {
            id: id.into(),
            name: name.to_owned(),
            key: key.to_owned(),
            color,
            style,
            description: description.to_owned(),
            example: example.to_owned(),
            attributes: ["speaker", "cue", "directness"].map(Into::into).to_vec(),
            extra: Extra::new(),
        };
    let attribute = |id: &str, name: &str, kind, values: &[&str]| Attribute {
        id: id.into(),
        name: name.to_owned(),
        kind,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        required: false,
        extra: Extra::new(),
    };
    let relation = |id: &str, from: &[&str], to: &[&str]| RelationType {
        id: id.into(),
        name: id.to_owned(),
        from: from.iter().map(Into::into).collect(),
        to: to.iter().map(Into::into).collect(),
        groups: true,
        text: id == "denies",
        same: id == "repeats",
        extra: Extra::new(),
    };
    let directness = ["direct", "indirect", "mixed"];
    Scheme {
        id: SchemeId::from("claims-denials-quotes"),
        version: 1,
        labels: vec![
            label(
                "claim",
                "Claim",
                "c",
                Color::Blue,
                LineStyle::Solid,
                "A statement, prediction, demand or judgement that the text attributes to somebody.",
                "the bridge had been safe for years",
            ),
            label(
                "denial",
                "Denial",
                "d",
                Color::Orange,
                LineStyle::Wavy,
                "A stretch in which somebody rejects or contradicts what another claims.",
                "the company never paid for the report",
            ),
            label(
                "quote",
                "Quote",
                "q",
                Color::Green,
                LineStyle::Dashed,
                "Words given as somebody's own, with their quotation marks.",
                "“We were told on Friday.”",
            ),
        ],
        attributes: vec![
            attribute("speaker", "Speaker", AttributeKind::Speaker, &[]),
            attribute("cue", "Cue", AttributeKind::Span, &[]),
            attribute("directness", "Directness", AttributeKind::Choice, &directness),
        ],
        relations: vec![
            relation("denies", &["denial"], &["claim", "denial", "quote"]),
            relation("repeats", &["claim"], &["claim"]),
        ],
        extra: Extra::new(),
    }
}
