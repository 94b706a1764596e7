//! The dataset that is to be made: what is wanted, what would be in it, and making it.

use std::sync::Arc;

use super::{Effect, Step};
use crate::annotation::{AnnotatorId, Status};
use crate::editor::{Dialog, Doing, Making, Offer, Stage};
use crate::format::dataset::{FIRST, Fractions, Part, Terms, Wanted, Whose, format};
use crate::job::{Dataset, Give};
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

    fn look_at_dataset(&mut self) {
        Arc::make_mut(&mut self.state.making).outdated = true;
        self.go_on_with_dataset();
    }

    /// Makes it and gives it to the person, once that can be done. While one is made no other is.
    pub fn give_dataset(&mut self, give: Give) {
        if !self.state.making.is_made() {
            Arc::make_mut(&mut self.state.making).next = Some(give);
            self.go_on_with_dataset();
        }
    }

    /// Asks for the folder that it is to go into: at once, while the browser remembers the click.
    pub fn save_dataset(&mut self) {
        if !self.state.making.is_made() {
            self.effects.push(Effect::ChooseDatasetFolder);
        }
    }

    /// Begins what is to be done next, unless something is under way: what is wanted before that is
    /// done comes after it, and then as it is wanted by then.
    fn go_on_with_dataset(&mut self) {
        let here = matches!(self.state.dialog, Some(Dialog::Dataset));
        let making = Arc::make_mut(&mut self.state.making);
        if making.doing.is_some() {
            return;
        }
        let give = match making.next.take() {
            Some(give) => give,
            None if making.outdated && here => Give::Look,
            None => return,
        };
        making.outdated &= give != Give::Look;
        making.doing = Some(Doing { give, stage: None });
        making.runs += 1;
        let (wanted, run) = (Box::new(making.wanted.clone()), making.runs);
        self.effects.push(Effect::Dataset { wanted, give, run });
    }

    /// Whether this is what is under way, which then is so no more.
    fn dataset_ends(&mut self, run: u32) -> bool {
        let making = Arc::make_mut(&mut self.state.making);
        let ends = run == making.runs && making.doing.take().is_some();
        if ends {
            self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::StopDataset)));
        }
        ends
    }

    /// What would be in it is known, unless something else was wanted meanwhile.
    pub fn dataset_known(&mut self, run: u32, found: Result<Box<Dataset>, String>) {
        if self.dataset_ends(run) {
            let making = Arc::make_mut(&mut self.state.making);
            if !making.outdated {
                making.found = Some(found.map(Arc::from));
            }
            self.go_on_with_dataset();
        }
    }

    /// The person has it, or none could be made.
    pub fn dataset_done(&mut self, run: u32, said: String, stays: bool) {
        if self.dataset_ends(run) {
            self.notify(said, stays, None);
            self.go_on_with_dataset();
        }
    }

    /// What is under way takes so long that it is told how far it is: in the dialog, or where that is
    /// closed by a message. What is only looked at is of no use to somebody who has gone.
    pub fn dataset_stage(&mut self, run: u32, stage: Stage) {
        let here = matches!(self.state.dialog, Some(Dialog::Dataset));
        let making = Arc::make_mut(&mut self.state.making);
        let Some(doing) = making.doing.as_mut().filter(|_| run == making.runs) else { return };
        doing.stage = Some(stage);
        let is_look = doing.give == Give::Look;
        let told = |offer: &Option<Offer>| matches!(offer, Some(Offer::StopDataset));
        if here {
            self.drop_notices(&|notice| told(&notice.offer));
        } else if is_look {
            self.stop_dataset();
        } else if !self.state.notices.iter().any(|notice| told(&notice.offer)) {
            self.notify("The dataset is being made…", true, Some(Offer::StopDataset));
        }
    }

    /// Stops what is under way, and what was to come after it.
    pub fn stop_dataset(&mut self) {
        let making = Arc::make_mut(&mut self.state.making);
        making.next = None;
        making.outdated |= making.doing.is_some_and(|doing| doing.give == Give::Look);
        if self.dataset_ends(self.state.making.runs) {
            self.effects.push(Effect::StopDataset);
        }
    }
}

impl Making {
    /// Whether one is being made, and not only looked at.
    pub fn is_made(&self) -> bool {
        self.doing.is_some_and(|doing| doing.give != Give::Look)
    }
}

impl Default for Making {
    fn default() -> Making {
        Making {
            wanted: Wanted::new(FIRST),
            found: None,
            outdated: false,
            doing: None,
            next: None,
            runs: 0,
        }
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
