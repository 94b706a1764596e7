//! How much time the annotator spends on an article. It is no act: nothing takes it back.

use std::sync::Arc;

use super::{Effect, Step};
use crate::editor::state::Writer;
use crate::project::SetKey;

/// After how many seconds without a sign of the annotator they are at work no longer.
const IDLE: u64 = 60;

impl Step<'_> {
    /// The annotator is seen to be at work on the open article, or to have gone: what has passed
    /// since they were last seen was work, as far as they were not idle.
    pub fn active(&mut self, here: bool) {
        let now = self.ctx.now();
        let before = self.state.active_at.take();
        let Some(set) = self.state.article.as_ref().map(|open| open.set.clone()) else { return };
        let writes = matches!(self.state.writer, Writer::Writing | Writer::Unstored);
        if !writes || self.state.dialog.as_ref().is_some_and(|dialog| !dialog.is_work()) {
            return;
        }
        self.state.active_at = here.then_some(now);
        let passed = before.map_or(0, |before| now.0.saturating_sub(before.0));
        let known = self.state.project.as_ref().map_or(0, |project| project.seconds(&set));
        if passed > 0 {
            self.set_seconds(set, known + passed.min(IDLE));
        }
    }

    /// Says how much time was spent on an article in all.
    pub fn set_seconds(&mut self, set: SetKey, seconds: u64) {
        let Some(project) = &self.state.project else { return };
        self.state.project = Some(Arc::new(project.with_seconds(&set, seconds)));
        // A project that was only shown is not written down.
        if self.state.last_seq > 0 && self.state.writer == Writer::Writing {
            self.effects.push(Effect::RememberTime { set, seconds });
        }
    }
}
