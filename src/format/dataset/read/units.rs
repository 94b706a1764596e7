//! What offsets count, decided once for each file: by the covered words where the file gives them, else
//! by where words start and end.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use super::incoming::{At, InDocument, Notes, Units};
use super::places::{Places, Stretches};
use super::values::units;
use crate::text::Unit;

/// How many starts and ends of stretches stand where words start and end, for each unit, as
/// [`Unit::ALL`] has them; and how many there are.
#[derive(Clone, Copy, Default)]
struct Score {
    by_unit: [usize; 3],
    ends: usize,
}

impl AddAssign for Score {
    fn add_assign(&mut self, more: Score) {
        self.ends += more.ends;
        for (score, more) in self.by_unit.iter_mut().zip(more.by_unit) {
            *score += more;
        }
    }
}

impl Score {
    fn add(&mut self, places: &Places, stretches: &Stretches) {
        self.ends += stretches.len();
        for (score, unit) in self.by_unit.iter_mut().zip(Unit::ALL) {
            *score += places.score(stretches, unit);
        }
    }

    fn of(&self, unit: Unit) -> usize {
        let mut scores = Unit::ALL.into_iter().zip(self.by_unit);
        scores.find(|(it, _)| *it == unit).map_or(0, |(_, score)| score)
    }

    /// The unit of the highest score; of those that are as good, what is likely.
    fn best(&self, likely: Unit) -> Unit {
        let mut best = likely;
        for unit in [Unit::CodePoint, Unit::Utf16, Unit::Utf8] {
            if self.of(unit) > self.of(best) {
                best = unit;
            }
        }
        best
    }
}

/// What the documents of a file say.
pub(super) struct Evidence {
    file: Arc<str>,
    likely: Unit,
    /// Spans that cover the words that the file gives.
    said: Score,
    /// Words and signs that the file has.
    tokens: Score,
    spans: Score,
}

/// How many starts and ends must agree against what the words of a file say: fewer may by chance.
const ENOUGH: usize = 12;

impl Evidence {
    /// Of one document. A text of ASCII tells nothing.
    pub(super) fn of(document: &InDocument) -> Evidence {
        let (Units::Likely(likely) | Units::Declared(likely)) = document.units;
        let (file, none) = (document.counts_in().clone(), Score::default());
        let mut evidence = Evidence { file, likely, said: none, tokens: none, spans: none };
        let places = &*document.text;
        if places.text.as_str().is_ascii() {
            return evidence;
        }
        let spans = document.annotations.iter().flat_map(|it| &it.spans);
        for (score, unit) in evidence.said.by_unit.iter_mut().zip(Unit::ALL) {
            *score += spans.clone().filter(|it| places.is_said(it, unit)).count();
        }
        if matches!(document.units, Units::Declared(_)) {
            return evidence;
        }
        evidence.tokens.add(places, &document.tokens.iter().copied().collect());
        evidence.spans.add(places, &spans.filter_map(|it| it.start.zip(it.end)).collect());
        evidence
    }
}

/// What offsets count, while the documents of files are looked at.
#[derive(Default)]
pub(super) struct Files(BTreeMap<Arc<str>, Evidence>);

impl Files {
    pub(super) fn add(&mut self, evidence: Evidence) {
        let Some(known) = self.0.get_mut(&evidence.file) else {
            self.0.insert(evidence.file.clone(), evidence);
            return;
        };
        known.said += evidence.said;
        known.tokens += evidence.tokens;
        known.spans += evidence.spans;
    }

    /// Finds it for each file: what makes most spans cover what they say that they cover. Where files
    /// do not say it: what makes the words that stand there such, or, where there are none, what makes
    /// most spans start and end where words do.
    pub(super) fn decide(self, notes: &mut Notes) -> BTreeMap<Arc<str>, Unit> {
        self.0.into_iter().map(|(file, evidence)| (file, decide(&evidence, notes))).collect()
    }
}

fn decide(evidence: &Evidence, notes: &mut Notes) -> Unit {
    let Evidence { file, likely, said, tokens, spans } = evidence;
    let mut unit = said.best(*likely);
    if said.of(unit) == 0 {
        unit = if tokens.ends > 0 { tokens.best(*likely) } else { spans.best(*likely) };
    }
    // A tool may write its words right and spans of its own wrong.
    let other = spans.best(unit);
    let all = spans.ends >= ENOUGH && spans.of(other) == spans.ends;
    if all && 2 * spans.of(unit) < spans.ends {
        unit = other;
    }
    let at = At::file(file);
    if unit != *likely {
        let what = format!("Offsets count {} and not {}", units(unit), units(*likely));
        let remedy = match spans.ends + tokens.ends {
            0 => "They were taken so: then they cover the words that stand beside them",
            _ => "They were taken so: then they stand where words start and end",
        };
        notes.note(&at, what, remedy, "");
    }
    if 4 * spans.of(unit) < 3 * spans.ends {
        let what = "Many spans start or end within words, and the file does not give their words";
        notes.note(&at, what, "Look at them: the file may count something else", "");
    }
    unit
}
