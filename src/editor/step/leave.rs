//! Other builds of the page: what is said of them, and leaving for them without losing work.

use super::{Effect, Step};
use crate::editor::state::{Leaving, Offer, Tidings, Writer};

impl Step<'_> {
    /// The page has learnt of another build of it.
    pub fn told(&mut self, tidings: Tidings) {
        let offered = match tidings {
            Tidings::Newer => Leaving::Update,
            Tidings::Outdated => Leaving::Reload,
            Tidings::OneFile { lacks } => {
                let lacks = match lacks.is_empty() {
                    true => String::new(),
                    false => format!(" In this browser it lacks: {lacks}."),
                };
                let text = format!("This copy of Avow is one file.{lacks} Export now and then.");
                return self.notify(text, true, Some(Offer::Export));
            }
        };
        if self.state.leaving.is_some() {
            // Agreed to already: the newer build has taken over, or one that is newer still waits.
            return self.leave(offered);
        }
        let text = match offered {
            Leaving::Update => "A newer version of this page is ready.",
            Leaving::Reload => "Another version of this page is in use now. Reload this tab.",
        };
        self.notify(text, true, Some(Offer::Leave(offered)));
    }

    /// The person agrees to leave: at once where all is saved, else as soon as it is.
    pub fn leave(&mut self, how: Leaving) {
        if self.state.writer == Writer::Unstored && !self.state.saving.is_saved() {
            let text = "Nothing can be stored here, so that your work would be lost. Export it, and \
                        then reload this page yourself.";
            return self.notify(text, true, Some(Offer::Export));
        }
        self.state.leaving = Some(how);
        if !self.state.saving.is_saved() {
            self.notify("This page is opened anew as soon as all is saved.", true, None);
        }
        self.leave_if_saved();
    }

    /// Does what was agreed to, unless something is not on disk.
    pub fn leave_if_saved(&mut self) {
        if let Some(how) = self.state.leaving.filter(|_| self.state.saving.is_saved()) {
            self.effects.push(Effect::Leave(how));
        }
    }
}
