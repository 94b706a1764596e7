//! Copies of the project outside the browser: written to a folder by themselves, or asked for.

use std::sync::Arc;

use super::{Effect, Step};
use crate::annotation::Timestamp;
use crate::editor::state::{Copies, Folder, FolderState, Offer, Writer};

/// How long after a copy the next may be written, in seconds.
const EVERY: u64 = 600;

/// After how many commits that are in no copy a person is reminded.
const REMIND_AFTER: u64 = 100;

impl Step<'_> {
    /// What the browser knows of copies of the open project.
    pub fn copies_known(&mut self, known: Copies) {
        self.state.copies = Arc::new(known);
        if let Some(Folder { name, state: FolderState::Asks }) = &self.state.copies.folder {
            let text = format!("Copies to the folder “{name}” wait for your permission.");
            self.notify(text, true, Some(Offer::AllowFolder));
        }
        self.copy_when_due();
    }

    /// Sees to it that what was saved gets into a copy: in time where there is a folder, and else
    /// by a reminder.
    pub fn copy_when_due(&mut self) {
        let (last_seq, now) = (self.state.last_seq, self.ctx.now());
        // Most saves change nothing here: what does not change stays the same value.
        let copies = &mut self.state.copies;
        let (seq, at) = copies.last.unwrap_or_default();
        if self.state.writer != Writer::Writing || copies.due || seq >= last_seq {
            return;
        }
        if matches!(&copies.folder, Some(folder) if folder.state == FolderState::Ready) {
            Arc::make_mut(copies).due = true;
            // A clock that was set back makes nobody wait longer than once.
            let wait = (at.0 + EVERY).saturating_sub(now.0).min(EVERY);
            self.effects.push(Effect::CopyIn { seconds: wait as u32 });
            return;
        }
        let alone = last_seq - seq;
        if last_seq - seq.max(copies.reminded) >= REMIND_AFTER {
            Arc::make_mut(copies).reminded = last_seq;
            let text = format!(
                "{alone} changes are stored in this browser only. A copy is safe from what \
                 browsers and disks do."
            );
            self.notify(text, true, Some(Offer::Export));
        }
    }

    /// Writes a copy into the folder, now.
    pub fn copy_now(&mut self) {
        if self.state.copies.folder.is_some() {
            Arc::make_mut(&mut self.state.copies).due = true;
            self.effects.push(Effect::WriteCopy);
        }
    }

    /// A copy that has all commits up to this one was written.
    pub fn copied(&mut self, seq: u64) {
        let copies = Arc::make_mut(&mut self.state.copies);
        copies.due = false;
        copies.last = Some((seq, self.ctx.now()));
        if let Some(folder) = &mut copies.folder
            && matches!(folder.state, FolderState::Failed(_))
        {
            folder.state = FolderState::Ready;
        }
        self.drop_notices(&|notice| matches!(notice.offer, Some(Offer::Export)));
        self.effects.push(Effect::RememberCopy);
        self.copy_when_due();
    }

    /// A copy could not be written into the folder.
    pub fn copy_failed(&mut self, why: String) {
        let copies = Arc::make_mut(&mut self.state.copies);
        let Some(folder) = &mut copies.folder else { return };
        let text = format!("No copy could be written to the folder “{}”: {why}.", folder.name);
        folder.state = FolderState::Failed(why);
        copies.due = false;
        self.notify(text, true, Some(Offer::CopyAgain));
    }

    /// A folder was chosen or allowed, or is no more wanted.
    pub fn folder_is(&mut self, folder: Option<Folder>) {
        self.drop_notices(&|notice| {
            matches!(notice.offer, Some(Offer::AllowFolder | Offer::CopyAgain))
        });
        let ready = matches!(&folder, Some(folder) if folder.state == FolderState::Ready);
        let copies = Arc::make_mut(&mut self.state.copies);
        (copies.folder, copies.due) = (folder, false);
        if ready {
            self.copy_now();
        }
    }
}

impl Copies {
    /// When the last copy was written.
    pub fn last_at(&self) -> Option<Timestamp> {
        self.last.map(|(_, at)| at)
    }
}
