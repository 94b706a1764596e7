//! The dataset that is to be made: what is wanted, what would be in it, and making it.

use std::sync::Arc;

use super::{Effect, Step};
use crate::annotation::{AnnotatorId, Status};
use crate::editor::{Dialog, Making};
use crate::format::dataset::{Fractions, Part, Terms, Wanted, Whose, format};
use crate::job::Dataset;
use crate::scheme::LabelId;
use crate::text::Unit;

/// What a person changes of what is wanted; each holds for what is wanted by then.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// The format, by its id.
    Format(String),
    /// What offsets count.
    Unit(Unit),
    /// Whose annotations.
    Whose(Whose),
    /// An annotator's annotations among those of some, or not.
    Annotator(AnnotatorId, bool),
    /// Sets of a status, or not.
    Status(Status, bool),
    /// Annotations of a label, or not.
    Label(LabelId, bool),
    /// What lies in boilerplate.
    Boilerplate(bool),
    /// The texts.
    Text(bool),
    /// Whether it is split.
    Split(bool),
    /// How much of the whole a part gets.
    Fraction(Part, u32),
    /// Which of the possible splits.
    Seed(u64),
    /// What the card says of rights.
    Terms(Terms),
}

impl Step<'_> {
    /// Opens the dialog, with what was wanted last.
    pub fn open_dataset(&mut self) {
        if self.state.project.is_some() {
            self.state.dialog = Some(Dialog::Dataset);
            self.look_at_dataset();
        }
    }

    /// Something else is wanted.
    pub fn want_dataset(&mut self, wish: Wish) {
        let Some(project) = self.state.project.clone() else { return };
        let making = Arc::make_mut(&mut self.state.making);
        let wanted = &mut making.wanted;
        let all: Vec<LabelId> = project.scheme().labels.iter().map(|it| it.id.clone()).collect();
        let annotators: Vec<AnnotatorId> =
            project.annotators().iter().map(|it| it.id.clone()).collect();
        grant(wanted, wish, &all, &annotators);
        self.look_at_dataset();
    }

    /// What would be in it is known.
    pub fn dataset_known(&mut self, asked: u32, found: Result<Box<Dataset>, String>) {
        if asked == self.state.making.asked {
            let making = Arc::make_mut(&mut self.state.making);
            making.found = Some(found.map(Arc::from));
        }
    }

    /// Makes it.
    pub fn make_dataset(&mut self) {
        self.effects.push(Effect::Dataset { making: self.state.making.clone(), packed: true });
    }

    fn look_at_dataset(&mut self) {
        let making = Arc::make_mut(&mut self.state.making);
        making.asked += 1;
        self.effects.push(Effect::Dataset { making: self.state.making.clone(), packed: false });
    }
}

impl Default for Making {
    fn default() -> Making {
        let format = &crate::format::dataset::FORMATS[0];
        Making { wanted: Wanted::new(format), asked: 0, found: None }
    }
}

fn grant(wanted: &mut Wanted, wish: Wish, labels: &[LabelId], annotators: &[AnnotatorId]) {
    let choice = &mut wanted.choice;
    match wish {
        Wish::Format(id) => {
            wanted.format = format(&id).unwrap_or(wanted.format);
            choice.text |= wanted.format.needs_text;
        }
        Wish::Unit(unit) => choice.unit = unit,
        Wish::Whose(whose) => choice.whose = whose,
        Wish::Annotator(id, goes_in) => {
            let mut some = match &choice.whose {
                Whose::Annotators(some) => some.clone(),
                Whose::All | Whose::Gold => Vec::new(),
            };
            put(&mut some, id, goes_in, annotators);
            choice.whose = Whose::Annotators(some);
        }
        Wish::Status(status, goes_in) => {
            choice.statuses = some_of(&choice.statuses, status, goes_in, &Status::ALL);
        }
        Wish::Label(label, goes_in) => {
            choice.labels = some_of(&choice.labels, label, goes_in, labels);
        }
        Wish::Boilerplate(goes_in) => choice.boilerplate = goes_in,
        Wish::Text(goes_in) => choice.text = goes_in || wanted.format.needs_text,
        Wish::Split(split) => wanted.split = split.then(|| (Fractions::default(), 1)),
        Wish::Fraction(part, number) => {
            if let Some((fractions, _)) = &mut wanted.split {
                let of = |it: Part| if it == part { number } else { fractions.of(it) };
                let [train, validation, test] = Part::ALL.map(of);
                *fractions = Fractions::new(train, validation, test).unwrap_or(*fractions);
            }
        }
        Wish::Seed(seed) => {
            if let Some((_, old)) = &mut wanted.split {
                *old = seed;
            }
        }
        Wish::Terms(terms) => wanted.terms = terms,
    }
}

/// Puts something in or takes it out; what is in keeps the order of all.
fn put<T: Clone + PartialEq>(some: &mut Vec<T>, it: T, goes_in: bool, all: &[T]) {
    some.retain(|other| *other != it);
    if goes_in {
        some.push(it);
    }
    some.sort_by_key(|it| all.iter().position(|other| other == it));
}

/// As [`put`], where none stands for all: what is in, if that is not all of them. The last stays.
fn some_of<T: Clone + PartialEq>(some: &[T], it: T, goes_in: bool, all: &[T]) -> Vec<T> {
    let mut now = if some.is_empty() { all.to_vec() } else { some.to_vec() };
    put(&mut now, it, goes_in, all);
    match now.len() {
        0 => some.to_vec(),
        len if len == all.len() => Vec::new(),
        _ => now,
    }
}
