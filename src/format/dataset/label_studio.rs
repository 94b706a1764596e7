//! Tasks of Label Studio with the labelling configuration that they need.
//!
//! One task for an article, with an annotation for each of its sets. A region has one span; the values
//! of its attributes stand in results of the same id, as controls that the configuration has for each
//! region.

use serde::Serialize;

use super::names::Names;
use super::xml::escaped;
use super::{Chosen, Counts, Document, File, Format, Frame, Held, Losses, Opened, Survey, within};
use crate::annotation::Annotation;
use crate::project::Owner;
use crate::scheme::{Attribute, AttributeKind, Scheme};
use crate::text::{Span, Unit};

pub(super) const FORMAT: Format = Format {
    id: "label-studio",
    name: "Label Studio",
    about: "Tasks to import, with the labelling configuration for their project.",
    units: &[Unit::CodePoint],
    needs_text: true,
    load: "\
import json
tasks = json.load(open(\"FILE\", encoding=\"utf-8\"))
print(tasks[0][\"annotations\"][0][\"result\"])",
};

/// The control of labels, that of the annotator's notes, and the text; attributes have theirs beside
/// them.
const LABEL: &str = "label";
const NOTE: &str = "note";
const TEXT: &str = "text";

#[derive(Serialize)]
struct Task<'a> {
    id: usize,
    data: Data<'a>,
    annotations: Vec<AnnotationOut<'a>>,
    predictions: [(); 0],
}

#[derive(Serialize)]
struct Data<'a> {
    text: &'a str,
    article: &'a str,
    title: &'a str,
    /// Whose the annotations are, in their order: Label Studio knows people by numbers of its own.
    annotators: Vec<&'a str>,
    statuses: Vec<&'a str>,
}

#[derive(Serialize)]
struct AnnotationOut<'a> {
    id: usize,
    completed_by: usize,
    was_cancelled: bool,
    ground_truth: bool,
    result: Vec<ResultOut<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ResultOut<'a> {
    Region {
        id: String,
        from_name: String,
        to_name: &'a str,
        #[serde(rename = "type")]
        kind: &'a str,
        origin: &'a str,
        value: Value<'a>,
    },
    Relation {
        #[serde(rename = "type")]
        kind: &'a str,
        from_id: String,
        to_id: String,
        direction: &'a str,
        labels: [&'a str; 1],
    },
}

/// What the controls of attributes are called.
fn controls(scheme: &Scheme) -> Names {
    Names::identifiers(&[LABEL, NOTE, TEXT], scheme.attributes.iter().map(|it| it.id.as_str()))
}

/// What a control says of a region; where it is stands in each.
#[derive(Serialize)]
struct Value<'a> {
    start: u32,
    end: u32,
    #[serde(flatten)]
    content: Content<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Labels { text: &'a str, labels: [&'a str; 1] },
    Choices { choices: [String; 1] },
    Text { text: [String; 1] },
    Number { number: f64 },
}

const FILE: &str = "tasks.json";

pub(super) fn open(survey: &Survey, _: &Counts) -> Opened {
    let frame = Frame {
        before: "[".to_owned(),
        between: ",",
        after: "\n]\n".to_owned(),
        ..Frame::plain(FILE)
    };
    let config = config(survey, &controls(survey.project.scheme()));
    let shared = vec![File::new("config.xml", config)];
    Opened { frames: vec![frame], shared, own_files: false }
}

pub(super) fn write(chosen: &Chosen<'_>, losses: &mut Losses) -> Vec<File> {
    let controls = controls(chosen.project.scheme());
    let Some(first) = chosen.documents.first() else { return Vec::new() };
    let before = chosen.survey.before(&first.article.id);
    let mut task = Task {
        id: before.articles + 1,
        data: Data {
            text: first.text.as_str(),
            article: first.article.id.as_str(),
            title: &first.article.title,
            annotators: Vec::new(),
            statuses: Vec::new(),
        },
        annotations: Vec::new(),
        predictions: [],
    };
    for (at, document) in chosen.documents.iter().enumerate() {
        task.data.annotators.push(document.owner_id());
        task.data.statuses.push(document.status.name());
        task.annotations.push(AnnotationOut {
            id: before.sets + at + 1,
            completed_by: chosen.survey.owner_at(document.owner_id()) + 1,
            was_cancelled: false,
            ground_truth: document.owner == Owner::Gold,
            result: results(document, chosen, &controls, losses),
        });
    }
    let task = serde_json::to_string_pretty(&task).expect("keys are strings");
    vec![File::new(FILE, within(&task, 1))]
}

fn results<'a>(
    document: &Document<'a>,
    chosen: &Chosen<'a>,
    controls: &Names,
    losses: &mut Losses,
) -> Vec<ResultOut<'a>> {
    let mut results = Vec::new();
    for annotation in document.annotations.iter().copied() {
        let held = Held { note: true, attributes: true, ..Held::default() };
        chosen.lose(document, annotation, held, losses);
        let values = chosen.values(document, annotation, losses);
        for (at, span) in annotation.spans.iter().enumerate() {
            let region = |from_name: &str, kind, content| {
                let (start, end) = chosen.offsets(document, span);
                ResultOut::Region {
                    id: region_id(annotation, at),
                    from_name: String::from(from_name),
                    to_name: TEXT,
                    kind,
                    origin: "manual",
                    value: Value { start, end, content },
                }
            };
            results.push(region(LABEL, "labels", labels(document, annotation, span)));
            for (attribute, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
                let (kind, content) = content(attribute, value);
                results.push(region(controls.get(attribute.id.as_str()), kind, content));
            }
            if !annotation.note.is_empty() {
                let text = [annotation.note.clone()];
                results.push(region(NOTE, "textarea", Content::Text { text }));
            }
        }
    }
    results.extend(chosen.links(document, losses).into_iter().map(|link| ResultOut::Relation {
        kind: "relation",
        from_id: region_id(link.from, 0),
        to_id: region_id(link.to, 0),
        direction: "right",
        labels: [link.relation.kind.as_str()],
    }));
    results
}

/// Regions after the first of a broken annotation are numbered.
fn region_id(annotation: &Annotation, at: usize) -> String {
    if at == 0 { annotation.id.to_string() } else { format!("{}-{}", annotation.id, at + 1) }
}

fn labels<'a>(document: &Document<'a>, annotation: &'a Annotation, span: Span) -> Content<'a> {
    Content::Labels { text: document.text.slice(span), labels: [annotation.label.as_str()] }
}

/// The control of an attribute, and what it says.
fn content<'a>(attribute: &Attribute, value: &str) -> (&'static str, Content<'a>) {
    let text = |value: &str| [value.to_owned()];
    match (attribute.kind, value.parse()) {
        (AttributeKind::Choice | AttributeKind::YesNo, _) => {
            ("choices", Content::Choices { choices: text(value) })
        }
        (AttributeKind::Number, Ok(number)) => ("number", Content::Number { number }),
        _ => ("textarea", Content::Text { text: text(value) }),
    }
}

/// The labelling configuration of a scheme, with the labels that only annotations have.
fn config(survey: &Survey, controls: &Names) -> String {
    let scheme = survey.project.scheme();
    let mut out = format!("<View>\n  <Labels name=\"{LABEL}\" toName=\"{TEXT}\">\n");
    for label in survey.labels() {
        out += &format!("    <Label value=\"{}\"/>\n", escaped(label));
    }
    out += "  </Labels>\n  <Relations>\n";
    for relation in &scheme.relations {
        out += &format!("    <Relation value=\"{}\"/>\n", escaped(relation.id.as_str()));
    }
    out += &format!("  </Relations>\n  <Text name=\"{TEXT}\" value=\"${TEXT}\"/>\n");
    for attribute in &scheme.attributes {
        out += &control(attribute, controls.get(attribute.id.as_str()));
    }
    out += &format!(
        "  <TextArea name=\"{NOTE}\" toName=\"{TEXT}\" perRegion=\"true\" editable=\"true\"/>\n"
    );
    out + "</View>\n"
}

fn control(attribute: &Attribute, name: &str) -> String {
    let own = format!("name=\"{name}\" toName=\"{TEXT}\" perRegion=\"true\"");
    let choices = |values: &[String]| {
        let all =
            values.iter().map(|value| format!("    <Choice value=\"{}\"/>\n", escaped(value)));
        format!("  <Choices {own}>\n{}  </Choices>\n", all.collect::<String>())
    };
    match attribute.kind {
        AttributeKind::Choice => choices(&attribute.values),
        AttributeKind::YesNo => choices(&["yes".to_owned(), "no".to_owned()]),
        AttributeKind::Number => format!("  <Number {own}/>\n"),
        AttributeKind::Speaker | AttributeKind::Span | AttributeKind::Text => {
            format!("  <TextArea {own} editable=\"true\"/>\n")
        }
    }
}
