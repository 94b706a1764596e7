//! Spans and values of attributes, found in the texts that they are of.

use std::collections::{BTreeMap, BTreeSet};

use super::incoming::{At, InSpan, InValue, Notes};
use super::places::{Found, Places};
use crate::annotation::{AttributeValue, SpeakerId, SpeakerMention};
use crate::format::raw::Budget;
use crate::scheme::{AttributeKind, Extra};
use crate::text::{Pos, Span, Unit};

/// Where a span or a value stands in the files.
pub(super) struct Within<'a> {
    pub(super) places: &'a Places,
    pub(super) unit: Unit,
    pub(super) at: At,
    /// What it belongs to, for messages.
    pub(super) which: String,
}

/// What is met while values are found.
pub(super) struct Values {
    pub(super) notes: Notes,
    pub(super) speakers: Speakers,
    budget: Budget,
}

impl Values {
    pub(super) fn new() -> Values {
        Values { notes: Notes::default(), speakers: Speakers::default(), budget: Budget::new() }
    }

    fn note(&mut self, within: &Within<'_>, what: impl Into<String>, remedy: &'static str) {
        self.notes.note(&within.at, what, remedy, &within.which);
    }

    /// The span that a file names; noted where it stands elsewhere, or nowhere.
    pub(super) fn place(&mut self, span: &InSpan, within: &Within<'_>) -> Option<Span> {
        match within.places.find(span, within.unit, &self.budget) {
            Found::There(span) => Some(span),
            Found::Counted(span, unit) => {
                let what = format!("Spans count {} and not {}", units(unit), units(within.unit));
                self.note(within, what, "They were taken so, by the words beside them");
                Some(span)
            }
            Found::Searched(span) => {
                let what = "Words do not stand where the file says";
                self.note(within, what, "The nearest passage of them was taken; look at it");
                Some(span)
            }
            Found::Empty => {
                self.note(within, "A span covers no text", "It was left out; mark it again");
                None
            }
            Found::NotSearched => {
                let what = "Too many spans are not where the file says, and not all were searched";
                self.note(within, what, "It was left out; mark it again");
                None
            }
            Found::Nowhere => {
                self.note(within, "A span is not in the text", "It was left out; mark it again");
                None
            }
        }
    }

    /// The value of an attribute of a kind; none where nothing of it can be taken. `near` is where
    /// words are searched that the file gives without their place.
    pub(super) fn value(
        &mut self,
        kind: AttributeKind,
        value: &InValue,
        within: &Within<'_>,
        near: Pos,
    ) -> Option<AttributeValue> {
        match (kind, value) {
            (AttributeKind::Speaker, InValue::Speakers(all)) => {
                let mut found = Vec::new();
                for (id, name, mention) in all {
                    let mention = mention.as_ref().and_then(|it| self.place(it, within));
                    found.extend(self.speakers.id(id, name).map(|id| said_by(id, mention)));
                }
                (!found.is_empty()).then_some(AttributeValue::Speakers(found))
            }
            (AttributeKind::Speaker, InValue::Text(names)) => {
                let ids = names.split("; ").filter_map(|name| self.speakers.id("", name));
                let found: Vec<_> = ids.map(|id| said_by(id, None)).collect();
                (!found.is_empty()).then_some(AttributeValue::Speakers(found))
            }
            (AttributeKind::Span, InValue::Spans(all)) => {
                let found: Vec<_> = all.iter().filter_map(|it| self.place(it, within)).collect();
                (!found.is_empty()).then_some(AttributeValue::Spans(found))
            }
            (AttributeKind::Span, InValue::Text(words)) => Some(self.words(words, within, near)),
            (AttributeKind::Speaker, InValue::Spans(all)) => {
                let mut found = Vec::new();
                for span in all {
                    let mention = self.place(span, within);
                    let name = mention.map_or("", |it| within.places.text.slice(it));
                    found.extend(self.speakers.id("", name).map(|id| said_by(id, mention)));
                }
                (!found.is_empty()).then_some(AttributeValue::Speakers(found))
            }
            (_, InValue::Text(text)) => Some(of_text(kind, text)),
            (_, InValue::Speakers(all)) => {
                let names: Vec<&str> = all.iter().map(|(_, name, _)| name.as_str()).collect();
                let names = names.join("; ");
                match kind {
                    AttributeKind::Span => Some(self.words(&names, within, near)),
                    kind => Some(of_text(kind, &names)),
                }
            }
            (_, InValue::Spans(all)) => {
                let words: Vec<&str> = all.iter().map(|it| it.words.as_str()).collect();
                Some(of_text(kind, &words.join("; ")))
            }
        }
    }

    /// Words whose places the file does not give: the nearest passages, where all are found.
    fn words(&mut self, words: &str, within: &Within<'_>, near: Pos) -> AttributeValue {
        let (places, budget) = (within.places, &self.budget);
        let found = words.split("; ").map(|it| places.nearest(near, it, budget));
        match found.collect::<Option<Vec<_>>>() {
            Some(found) => {
                let what = "The words of an attribute stand in the file without their place";
                self.note(within, what, "The nearest passage of them was taken");
                AttributeValue::Spans(found)
            }
            None => {
                let what = "The words of an attribute are not in the text";
                self.note(within, what, "They were kept as they are; mark them");
                AttributeValue::Text(words.to_owned())
            }
        }
    }
}

fn said_by(id: SpeakerId, mention: Option<Span>) -> SpeakerMention {
    SpeakerMention { id, mention, extra: Extra::new() }
}

/// A value that stands as one line of text; what is not of the kind stays text.
fn of_text(kind: AttributeKind, text: &str) -> AttributeValue {
    match (kind, text, text.parse::<f64>()) {
        (AttributeKind::YesNo, "yes" | "true", _) => AttributeValue::YesNo(true),
        (AttributeKind::YesNo, "no" | "false", _) => AttributeValue::YesNo(false),
        (AttributeKind::Number, _, Ok(number)) if number.is_finite() => {
            AttributeValue::Number(number)
        }
        _ => AttributeValue::Text(text.to_owned()),
    }
}

/// The people whom attributes name.
#[derive(Default)]
pub(super) struct Speakers {
    /// In the order in which they were met, with their names.
    pub(super) all: Vec<(SpeakerId, String)>,
    taken: BTreeSet<SpeakerId>,
    by_id: BTreeMap<String, SpeakerId>,
    by_name: BTreeMap<String, SpeakerId>,
}

impl Speakers {
    /// The speaker of an id, or else of a name; none without both.
    fn id(&mut self, id: &str, name: &str) -> Option<SpeakerId> {
        let known = if id.is_empty() { self.by_name.get(name) } else { self.by_id.get(id) };
        if let Some(known) = known {
            return Some(known.clone());
        }
        let own = if id.is_empty() { name } else { id };
        if own.is_empty() {
            return None;
        }
        let mut free = own.to_owned();
        while self.taken.contains(&SpeakerId::from(&free)) {
            free.push('\'');
        }
        let new = SpeakerId::from(free);
        self.taken.insert(new.clone());
        self.all.push((new.clone(), name.to_owned()));
        if !id.is_empty() {
            self.by_id.insert(id.to_owned(), new.clone());
        }
        self.by_name.entry(name.to_owned()).or_insert_with(|| new.clone());
        Some(new)
    }
}

/// What a unit is called in sentences.
pub(super) fn units(unit: Unit) -> &'static str {
    match unit {
        Unit::Utf8 => "bytes of UTF-8",
        Unit::Utf16 => "units of UTF-16",
        Unit::CodePoint => "code points",
    }
}
