//! The values of attributes, by the kinds that the scheme gives them.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::object::Object;
use super::offsets::{Offsets, WrittenSpan};
use crate::annotation::{AttributeValue, SpeakerId, SpeakerMention, Timestamp};
use crate::format::json::Json;
use crate::scheme::{AttributeId, AttributeKind, Extra, Scheme};

/// What the annotations of one article are read by.
pub(super) struct Within<'a> {
    pub(super) offsets: &'a Offsets<'a>,
    pub(super) scheme: &'a Scheme,
    pub(super) speakers: &'a BTreeSet<SpeakerId>,
    /// Stands in where an annotation does not say when it was made.
    pub(super) created: Timestamp,
}

impl Within<'_> {
    /// The value of an attribute by the kind that the scheme gives it; what is not of that kind, and
    /// what the scheme does not know, is kept as it is. None for a value that says nothing.
    pub(super) fn value(
        &self,
        id: &AttributeId,
        value: Json<'_>,
        object: &Object,
    ) -> Option<AttributeValue> {
        if value.is_null() {
            return None;
        }
        let Some(attribute) = self.scheme.attribute(id) else {
            return Some(AttributeValue::Other(value.into_value()));
        };
        let json = value.into_value();
        let value = match attribute.kind {
            AttributeKind::Speaker => from(&json).map(|list: Vec<WrittenMention>| {
                let mentions = list.into_iter().map(|mention| self.mention(mention, object));
                AttributeValue::Speakers(mentions.collect())
            }),
            AttributeKind::Span => from(&json).map(|list: Vec<WrittenSpan>| {
                let what = format!("span of `{id}`");
                let spans = list.iter().filter_map(|span| self.offsets.place(span, &what, object));
                AttributeValue::Spans(spans.collect())
            }),
            AttributeKind::Choice | AttributeKind::Text => from(&json).map(AttributeValue::Text),
            AttributeKind::YesNo => from(&json).map(AttributeValue::YesNo),
            AttributeKind::Number => from(&json).map(AttributeValue::Number),
        };
        match value {
            Some(AttributeValue::Spans(list)) if list.is_empty() => None,
            Some(AttributeValue::Speakers(list)) if list.is_empty() => None,
            Some(value) => Some(value),
            None => {
                object.say(
                    format_args!("has a value of `{id}` that is not of the scheme's kind"),
                    "It was kept as it is; set it again",
                );
                Some(match json {
                    // What another tool's file says in words, whatever its kind, is text.
                    Value::String(text) => AttributeValue::Text(text),
                    json => AttributeValue::Other(json),
                })
            }
        }
    }

    fn mention(&self, written: WrittenMention, object: &Object) -> SpeakerMention {
        let WrittenMention { id, mention, extra } = written;
        if !self.speakers.contains(&id) {
            object.say(
                format_args!("names the speaker “{id}”, whom the file does not have"),
                "The value was kept; add the speaker",
            );
        }
        let mention = mention.and_then(|span| self.offsets.place(&span, "mention", object));
        SpeakerMention { id, mention, extra }
    }
}

fn from<'a, T: Deserialize<'a>>(json: &'a Value) -> Option<T> {
    T::deserialize(json).ok()
}

#[derive(Deserialize)]
struct WrittenMention {
    id: SpeakerId,
    mention: Option<WrittenSpan>,
    #[serde(flatten)]
    extra: Extra,
}
