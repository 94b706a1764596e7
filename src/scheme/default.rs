//! The scheme that a project has when nobody brought one.

use super::{
    Attribute, AttributeKind, Color, Extra, Label, LineStyle, RelationType, Rule, Scheme, SchemeId,
};

/// Claims, denials and quotes: who said them to whom, in which way, and what they answer.
///
/// Only the speaker is required. The [default guidelines](super::default_guidelines) say what is
/// marked, and where marks begin and end.
pub fn default_scheme() -> Scheme {
    use AttributeKind::{Choice, Span, Speaker};

    let claim_rules = [Rule::NoFinalStop, Rule::NoLeadIn, Rule::InsideMarks, Rule::Apart];
    let claim = Label {
        id: "claim".into(),
        name: "Claim".to_owned(),
        key: "c".to_owned(),
        color: Color::Blue,
        style: LineStyle::Solid,
        description:
            "A statement, prediction, demand or judgement that the text attributes to somebody."
                .to_owned(),
        example: "the bridge had been safe for years".to_owned(),
        attributes: [
            "speaker",
            "cue",
            "directness",
            "claim_type",
            "certainty",
            "polarity",
            "addressee",
        ]
        .map(Into::into)
        .to_vec(),
        rules: claim_rules.to_vec(),
        extra: Extra::new(),
    };
    let denial = Label {
        id: "denial".into(),
        name: "Denial".to_owned(),
        key: "d".to_owned(),
        color: Color::Orange,
        style: LineStyle::Wavy,
        description: "A stretch in which somebody rejects or contradicts what another claims."
            .to_owned(),
        example: "the company never paid for the report".to_owned(),
        attributes: claim.attributes.clone(),
        rules: claim_rules.into_iter().chain([Rule::Linked]).collect(),
        extra: Extra::new(),
    };
    let quote = Label {
        id: "quote".into(),
        name: "Quote".to_owned(),
        key: "q".to_owned(),
        color: Color::Green,
        style: LineStyle::Dashed,
        description: "Words given as somebody's own, with their quotation marks.".to_owned(),
        example: "“We were told on Friday.”".to_owned(),
        attributes: ["speaker", "cue", "directness", "addressee"].map(Into::into).to_vec(),
        rules: vec![Rule::Marks],
        extra: Extra::new(),
    };
    let attribute = |id: &str, name: &str, kind, values: &[&str], description: &str| Attribute {
        id: id.into(),
        name: name.to_owned(),
        description: description.to_owned(),
        kind,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        required: id == "speaker",
        extra: Extra::new(),
    };
    let relation = |id: &str, from: &[&str], to: &[&str], text, description: &str| RelationType {
        id: id.into(),
        name: id.to_owned(),
        description: description.to_owned(),
        from: from.iter().map(Into::into).collect(),
        to: to.iter().map(Into::into).collect(),
        groups: true,
        text,
        same: id == "repeats",
        extra: Extra::new(),
    };
    let certainty = ["certain", "probable", "possible", "conditional", "unspecified"];
    Scheme {
        id: SchemeId::from("claims-denials-quotes"),
        version: 2,
        labels: vec![claim, denial, quote],
        attributes: vec![
            attribute("speaker", "Speaker", Speaker, &[], "Who says it."),
            attribute("cue", "Cue", Span, &[], "The words that say that it is said."),
            attribute(
                "directness",
                "Directness",
                Choice,
                &["direct", "indirect", "mixed"],
                "In the speaker's words, the reporter's, or both.",
            ),
            attribute(
                "claim_type",
                "Claim type",
                Choice,
                &["fact", "prediction", "commitment", "demand", "evaluation"],
                "What is claimed: what is so, will be, is promised, should be, or is good or bad.",
            ),
            attribute(
                "certainty",
                "Certainty",
                Choice,
                &certainty,
                "How sure the speaker is, by the words.",
            ),
            attribute(
                "polarity",
                "Polarity",
                Choice,
                &["positive", "negative"],
                "Negative where the main verb is negated; that alone makes no denial.",
            ),
            attribute("addressee", "Addressee", Speaker, &[], "To whom it is said."),
        ],
        relations: vec![
            relation(
                "denies",
                &["denial"],
                &["claim", "denial", "quote"],
                true,
                "What the denial rejects.",
            ),
            relation("repeats", &["claim"], &["claim"], false, "The same claim, made before."),
        ],
        extra: Extra::new(),
    }
}
