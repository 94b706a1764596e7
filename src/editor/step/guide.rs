//! Guidelines beside the text: read, gone to at a rule, and written.

use std::sync::Arc;

use super::{Effect, Focus, Step};
use crate::edit::act;
use crate::editor::state::{GuidePage, Side};
use crate::format::markdown::Block;
use crate::scheme::default_guidelines;

impl Step<'_> {
    /// Shows the guidelines in place of the annotations, at a numbered rule if one is given.
    pub fn open_guidelines(&mut self, rule: Option<u32>) {
        self.state.dialog = None;
        self.state.side = Side::Guidelines { rule, writing: false };
        self.effects.push(Effect::ShowSide);
        self.read_guidelines();
    }

    /// Asks for the guidelines as blocks, unless those that are shown are these.
    pub fn read_guidelines(&mut self) {
        let Some(project) = &self.state.project else { return };
        let source = guidelines(&project.meta().guidelines);
        let known = self.state.guide.as_ref().is_some_and(|page| *page.source == *source);
        if !known && matches!(self.state.side, Side::Guidelines { .. }) {
            self.effects.push(Effect::ReadMarkdown(source.to_owned()));
        }
    }

    /// The guidelines have come as blocks.
    pub fn markdown_read(&mut self, source: String, blocks: Vec<Block>) {
        self.state.guide = Some(Arc::new(GuidePage { source, blocks }));
    }

    /// Begins or ends writing them.
    pub fn write_guidelines(&mut self, begin: bool) {
        if begin && !self.may_write() {
            return;
        }
        self.state.side = Side::Guidelines { rule: None, writing: begin };
        if begin {
            self.effects.push(Effect::Focus(Focus::Guidelines));
        }
    }

    /// Makes what was written the project's guidelines.
    pub fn set_guidelines(&mut self, text: &str) {
        let Some(project) = self.state.project.clone() else { return };
        self.act(act::set_guidelines(&project, text));
        self.state.side = Side::Guidelines { rule: None, writing: false };
        self.read_guidelines();
    }

    /// Shows the annotations again.
    pub fn close_side(&mut self) {
        self.state.side = Side::Annotations;
    }
}

/// A project's guidelines; where it has none, those that belong to the default scheme.
pub fn guidelines(own: &str) -> &str {
    if own.trim().is_empty() { default_guidelines() } else { own }
}
