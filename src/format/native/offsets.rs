//! Where the offsets of a file lead in the text that was made from its article.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::object::Object;
use super::unit_name;
use crate::format::json::Json;
use crate::format::raw::{Budget, Removed};
use crate::text::{Anchor, Span, Text, Unit, locate, locate_unsearched};

/// A span as it stands in a file.
#[derive(Deserialize)]
pub(super) struct WrittenSpan {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Empty where the file does not give it: then the offsets are taken at their word.
    #[serde(default)]
    pub(super) text: String,
}

/// A list of spans, if it is nothing else: as the generic way would read it, without its detours.
pub(super) fn written_spans(value: &Json<'_>) -> Option<Vec<WrittenSpan>> {
    let Json::List(items) = value else { return None };
    let offset = |value: Option<&Json<'_>>| u32::try_from(value?.as_u64()?).ok();
    let span = |item: &Json<'_>| {
        let Json::Object(keys) = item else { return None };
        let text = match keys.get("text") {
            Some(text) => text.as_str()?.to_owned(),
            None => String::new(),
        };
        Some(WrittenSpan { start: offset(keys.get("start"))?, end: offset(keys.get("end"))?, text })
    };
    items.iter().map(span).collect()
}

/// Offsets that count on the text as the file has it, whose line ends need not be ours.
pub(super) struct Offsets<'a> {
    raw: &'a str,
    text: &'a Text,
    unit: Unit,
    removed: Removed,
    budget: Budget,
}

impl<'a> Offsets<'a> {
    /// `text` was made from `raw`.
    pub(super) fn new(raw: &'a str, text: &'a Text, unit: Unit) -> Offsets<'a> {
        let removed = Removed::new(raw, text, unit);
        Offsets { raw, text, unit, removed, budget: Budget::new() }
    }

    /// Whether a hash is that of the article's text, as the file has it or as we have it.
    pub(super) fn is_hash(&self, hash: &str) -> bool {
        let raw = || {
            let digest = Sha256::digest(self.raw.as_bytes());
            digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        hash.eq_ignore_ascii_case(self.text.hash())
            || (self.raw != self.text.as_str() && hash.eq_ignore_ascii_case(&raw()))
    }

    /// The span that a file names; noted where it stands elsewhere, or nowhere.
    pub(super) fn place(&self, span: &WrittenSpan, what: &str, object: &Object) -> Option<Span> {
        let WrittenSpan { start, end, text: quote } = span;
        let (ours_start, ours_end) = (self.removed.shifted(*start), self.removed.shifted(*end));
        let stands = |start, end| locate_unsearched(self.text, start, end, self.unit, quote);
        let mut found = stands(ours_start, ours_end);
        // A writer may have counted after its own reading of line ends.
        if !self.removed.is_empty()
            && !matches!(found, Anchor::Declared(_))
            && let counted_on_ours @ Anchor::Declared(_) = stands(*start, *end)
        {
            found = counted_on_ours;
        }
        if let Anchor::Declared(span) = found {
            return Some(span);
        }
        let is_lost = found == Anchor::NotFound && !quote.is_empty();
        let searched = !is_lost || self.budget.pays(self.text);
        if is_lost && searched {
            found = locate(self.text, ours_start, ours_end, self.unit, quote);
        }
        let quoted = match quote.as_str() {
            "" => String::new(),
            quote => format!(", “{}”,", shortened(quote)),
        };
        let at = format!("has a {what} at {start} to {end}{quoted}");
        match found {
            Anchor::Declared(_) => {}
            Anchor::OtherUnit(_, unit) => object.say(
                format_args!("{at} that counts in {} and not as the file says", unit_name(unit)),
                "It was taken so; write the unit in `offset_unit`",
            ),
            Anchor::Searched(_) => object.say(
                format_args!("{at} that stands elsewhere in the text"),
                "It was moved to the nearest passage of these words; look at it",
            ),
            Anchor::NotFound if !searched => object.say(
                format_args!("{at} that is not there, as too many others, and was not searched"),
                "It was left out; mark it again",
            ),
            Anchor::NotFound => object.say(
                format_args!("{at} that is not in the text"),
                "It was left out; mark it again",
            ),
        }
        found.span()
    }
}

/// The start of a quote, for a message.
fn shortened(quote: &str) -> String {
    match quote.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &quote[..at]),
        None => quote.to_owned(),
    }
}
