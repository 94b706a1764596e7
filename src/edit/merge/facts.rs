//! What a record says, for people who compare two copies of it.

use super::records::Copy;
use crate::annotation::{
    Annotation, AnnotatorId, ArticleId, AttributeValue, Place, Target, Timestamp,
};
use crate::project::{Deletion, Key, Owner, SetKey, Value};
use crate::scheme::{LabelId, Scheme};
use crate::text::Span;

/// How much of a long text is shown, in characters.
const SHOWN: usize = 160;

/// One thing that a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Of what.
    pub name: String,
    /// What.
    pub value: String,
}

impl Fact {
    pub(super) fn new(name: &str, value: impl Into<String>) -> Fact {
        Fact { name: name.to_owned(), value: shortened(value.into()) }
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// As `2026-01-02 03:04:05 UTC`.
fn moment(at: Timestamp) -> String {
    at.to_string().replace('T', " ").replace('Z', " UTC")
}

impl Copy {
    /// What people know a record by.
    pub(super) fn name(&self, key: &Key, value: &Value) -> String {
        let name = match value {
            Value::Meta(it) => format!("The project “{}”", it.title),
            Value::Scheme(it) => format!("The scheme “{}”", it.id),
            Value::Annotator(it) if it.name.is_empty() => "An unnamed annotator".to_owned(),
            Value::Annotator(it) => format!("The annotator “{}”", it.name),
            Value::Speaker(it) => format!("The speaker “{}”", or(&it.name, it.id.as_str())),
            Value::Group(it) => format!("The group “{}”", it.sentence),
            Value::Relation(it) => {
                format!(
                    "“{}” {} {}",
                    self.words_at(&it.from),
                    it.kind,
                    self.target(&it.to, &it.target_text)
                )
            }
            Value::Article(it) => format!("The article “{}”", or(&it.title, it.id.as_str())),
            Value::Set(_) | Value::Deletion(_) => match key {
                Key::Set(set) => {
                    format!(
                        "Status of {} on “{}”",
                        self.owner(&set.owner),
                        self.title(&set.article)
                    )
                }
                _ => String::new(),
            },
            Value::Annotation(it) => match key {
                Key::Annotation(set, _) => {
                    format!("{}: {}", self.label(&it.label), self.words(set, it))
                }
                _ => String::new(),
            },
        };
        shortened(name)
    }

    /// What a record says.
    pub(super) fn facts(&self, key: &Key, value: &Value) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        let mut say = |name: &str, value: &str| {
            if !value.is_empty() {
                facts.push(Fact::new(name, value));
            }
        };
        match value {
            Value::Meta(it) => {
                say("Title", &it.title);
                say("Guidelines", &it.guidelines);
            }
            Value::Scheme(it) => {
                say("Version", &it.version.to_string());
                let labels: Vec<&str> = it.labels.iter().map(|label| label.name.as_str()).collect();
                say("Labels", &labels.join(", "));
            }
            Value::Annotator(it) => say("Name", &it.name),
            Value::Speaker(it) => {
                say("Name", &it.name);
                say("Also", &it.aliases.join(", "));
            }
            Value::Group(it) => {
                say("Sentence", &it.sentence);
                say("Members", &it.members.len().to_string());
            }
            Value::Relation(it) => {
                say("Type", it.kind.as_str());
                say("From", &self.words_at(&it.from));
                say("To", &self.target(&it.to, &it.target_text));
                say("Note", &it.note);
                say("By", &self.annotator(&it.annotator));
            }
            Value::Article(it) => {
                say("Title", &it.title);
                say("File", it.source.file.as_deref().unwrap_or_default());
                say("Address", it.source.url.as_deref().unwrap_or_default());
                say("Publisher", it.source.publisher.as_deref().unwrap_or_default());
                let annotations = self.annotations_of(&it.id).count();
                say("Annotations", &annotations.to_string());
            }
            Value::Set(it) => say("Status", it.status.name()),
            Value::Annotation(it) => {
                if let Key::Annotation(set, _) = key {
                    say("Label", &self.label(&it.label));
                    say("Words", &self.words(set, it));
                    for (id, value) in it.attributes.iter() {
                        let attribute = self.scheme().and_then(|scheme| scheme.attribute(id));
                        let name = attribute.map_or(id.as_str(), |attribute| &attribute.name);
                        say(name, &self.attribute(set, value));
                    }
                    say("Note", &it.note);
                    say("In", &self.title(&set.article));
                    say("By", &self.owner(&set.owner));
                    say("Changed", &moment(it.updated));
                }
            }
            Value::Deletion(it) => return self.deleted(it),
        }
        facts
    }

    /// That something was deleted.
    pub(super) fn deleted(&self, deletion: &Deletion) -> Vec<Fact> {
        let by = match deletion.by.as_str() {
            "" => String::new(),
            _ => format!(" by {}", self.annotator(&deletion.by)),
        };
        vec![Fact::new("Deleted", moment(deletion.at) + &by)]
    }

    /// The title of an article.
    pub(super) fn title(&self, id: &ArticleId) -> String {
        self.article(id).map_or(id.as_str(), |article| or(&article.title, id.as_str())).to_owned()
    }

    fn scheme(&self) -> Option<&Scheme> {
        match self.records.get(&Key::Scheme) {
            Some(Value::Scheme(scheme)) => Some(scheme),
            _ => None,
        }
    }

    fn label(&self, id: &LabelId) -> String {
        let label = self.scheme().and_then(|scheme| scheme.label(id));
        label.map_or_else(|| id.to_string(), |label| label.name.clone())
    }

    /// Their name; ids of annotators are random and tell nobody anything.
    fn annotator(&self, id: &AnnotatorId) -> String {
        match self.records.get(&Key::Annotator(id.clone())) {
            Some(Value::Annotator(annotator)) if !annotator.name.is_empty() => {
                annotator.name.clone()
            }
            _ => "an unnamed annotator".to_owned(),
        }
    }

    fn owner(&self, owner: &Owner) -> String {
        match owner {
            Owner::Gold => "Gold".to_owned(),
            Owner::Annotator(id) => self.annotator(id),
        }
    }

    /// The words that an annotation covers, or covered before it lost its place.
    fn words(&self, set: &SetKey, annotation: &Annotation) -> String {
        let key = Key::Annotation(set.clone(), annotation.id.clone());
        if let Some((_, unplaced)) = self.unplaced.get(&key) {
            return unplaced.quotes.join(" … ");
        }
        self.covered(&set.article, annotation.spans.iter())
    }

    fn covered(&self, article: &ArticleId, spans: impl Iterator<Item = Span>) -> String {
        let Some(text) = self.texts.get(article) else { return String::new() };
        let words: Vec<&str> = spans.map(|span| text.slice(span)).collect();
        words.join(" … ")
    }

    fn words_at(&self, place: &Place) -> String {
        let mut annotations = self.annotations_of(&place.article);
        if let Some(found) = annotations.find(|it| it.id == place.annotation) {
            return self.covered(&place.article, found.spans.iter());
        }
        let mut unplaced = self.article(&place.article).into_iter().flat_map(|it| &it.unplaced);
        let found = unplaced.find(|it| it.id == place.annotation);
        found.map_or_else(|| place.annotation.to_string(), |it| it.quotes.join(" … "))
    }

    /// What a relation leads to.
    fn target(&self, to: &Option<Target>, words: &Option<String>) -> String {
        match to {
            Some(Target::Annotation(place)) => format!("“{}”", self.words_at(place)),
            Some(Target::Group { group }) => match self.records.get(&Key::Group(group.clone())) {
                Some(Value::Group(group)) => format!("“{}”", group.sentence),
                _ => group.to_string(),
            },
            None => words.clone().unwrap_or_default(),
        }
    }

    fn attribute(&self, set: &SetKey, value: &AttributeValue) -> String {
        match value {
            AttributeValue::Speakers(speakers) => {
                let names = speakers.iter().map(|speaker| {
                    match self.records.get(&Key::Speaker(speaker.id.clone())) {
                        Some(Value::Speaker(it)) => it.name.clone(),
                        _ => speaker.id.to_string(),
                    }
                });
                names.collect::<Vec<_>>().join(", ")
            }
            AttributeValue::Spans(spans) => self.covered(&set.article, spans.iter().copied()),
            AttributeValue::Text(text) => text.clone(),
            AttributeValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            AttributeValue::Number(number) => number.to_string(),
            AttributeValue::Other(other) => other.to_string(),
        }
    }
}

/// A name, or what stands in for one that is empty.
fn or<'a>(name: &'a str, other: &'a str) -> &'a str {
    if name.is_empty() { other } else { name }
}
