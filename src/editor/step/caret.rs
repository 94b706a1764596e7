//! The caret, the selection, and what a click picks.

use std::sync::Arc;

use super::{Effect, Focus, Motion, Step};
use crate::annotation::{Annotation, AnnotationId, ReadingPlace};
use crate::editor::state::{Mode, OpenArticle, label_name, speaker_names};
use crate::text::{Pos, Span, Text};

/// Where a movement leads. Left and right are as seen on the screen.
fn target(text: &Text, from: Pos, motion: Motion) -> Pos {
    let right_to_left = text.runs_right_to_left(from);
    match motion {
        Motion::Left if right_to_left => text.next_grapheme(from),
        Motion::Left => text.previous_grapheme(from),
        Motion::Right if right_to_left => text.previous_grapheme(from),
        Motion::Right => text.next_grapheme(from),
        Motion::WordLeft if right_to_left => text.next_word(from),
        Motion::WordLeft => text.previous_word(from),
        Motion::WordRight if right_to_left => text.previous_word(from),
        Motion::WordRight => text.next_word(from),
        Motion::SentenceBack => text.previous_sentence(from),
        Motion::SentenceForward => text.next_sentence(from),
        Motion::ParagraphBack => text.previous_paragraph(from),
        Motion::ParagraphForward => text.next_paragraph(from),
        Motion::Start => Pos::default(),
        Motion::End => text.len(),
    }
}

impl Step<'_> {
    fn article_mut(&mut self) -> Option<&mut OpenArticle> {
        self.state.article.as_mut().map(Arc::make_mut)
    }

    /// Moves the caret, or the edge that the caret stands for.
    pub fn move_caret(&mut self, motion: Motion, extend: bool) {
        let Some(article) = self.state.article.clone() else { return };
        if let Mode::Edge { annotation, edge, group } = article.mode.clone() {
            let to = target(&article.text, article.head, motion);
            return self.move_edge(&annotation, edge, to, group);
        }
        let selected = article.selection();
        // As in every editor: without Shift, an arrow first leaves the selection at that side.
        let to = match motion {
            Motion::Left | Motion::Right if !extend && !selected.is_empty() => {
                let forward =
                    (motion == Motion::Right) != article.text.runs_right_to_left(article.head);
                if forward { selected.end() } else { selected.start() }
            }
            _ => target(&article.text, article.head, motion),
        };
        self.place_caret(to, extend);
    }

    /// Puts the caret at a place; the selection begins there, or is extended to it.
    pub fn place_caret(&mut self, pos: Pos, extend: bool) {
        let Some(article) = self.article_mut() else { return };
        if let Mode::Edge { annotation, edge, group } = article.mode.clone() {
            return self.move_edge(&annotation, edge, pos, group);
        }
        article.head = pos;
        if !extend {
            article.anchor = pos;
        }
        self.effects.push(Effect::ShowCaret);
    }

    /// Follows the browser's selection, which is seen already.
    pub fn select(&mut self, anchor: Pos, head: Pos) {
        let Some(article) = self.article_mut() else { return };
        if article.anchor == anchor && article.head == head {
            return;
        }
        (article.anchor, article.head) = (anchor, head);
        if matches!(article.mode, Mode::Edge { .. }) {
            article.mode = Mode::Mark;
        }
    }

    /// Selects the whole article.
    pub fn select_all(&mut self) {
        let Some(article) = self.article_mut() else { return };
        (article.anchor, article.head) = (Pos::default(), article.text.len());
        self.effects.push(Effect::ShowCaret);
    }

    /// Puts the selection down where it ends, as after an act that used it.
    pub fn collapse_selection(&mut self, to: Pos) {
        if let Some(article) = self.article_mut() {
            (article.anchor, article.head) = (to, to);
            self.effects.push(Effect::ShowCaret);
        }
    }

    /// Picks what lies under a click: the shortest first, and the next one at each further click.
    pub fn click(&mut self, pos: Pos, on_text: bool) {
        let Some(article) = self.article_mut() else { return };
        let pos = article.text.snap_to_graphemes(Span::empty(pos)).start();
        (article.anchor, article.head) = (pos, pos);
        if matches!(article.mode, Mode::Edge { .. }) {
            article.mode = Mode::Mark;
        }
        self.effects.push(Effect::ShowCaret);
        let Some(article) = self.state.article.clone() else { return };
        if article.mode != Mode::Mark {
            return;
        }
        let here = if on_text { article.index.at(&article.text, pos) } else { Vec::new() };
        if here.is_empty() || !self.join_one_of(&here) {
            self.pick_next_of(&here);
        }
    }

    /// Picks what lies under the caret, or the next of it.
    pub fn pick_at_caret(&mut self) {
        let Some(article) = self.state.article.clone() else { return };
        match &article.mode {
            Mode::Edge { .. } => return self.escape(),
            Mode::AddSpan { .. } | Mode::PickSpan { .. } | Mode::Place { .. } => {
                return self.use_selection(true);
            }
            Mode::Mark if self.mark_held() => return,
            Mode::Mark => {}
        }
        if self.state.relating.is_some()
            && let Some(picked) = self.state.picked().cloned()
            && self.state.relating.as_ref().is_some_and(|it| it.from.annotation != picked.id)
        {
            self.join_one_of(&[picked]);
            return;
        }
        let mut here = article.index.at(&article.text, article.head);
        if here.is_empty() && article.head > Pos::default() {
            // The caret also stands in what ends just before it.
            here = article.index.at(&article.text, article.text.previous_grapheme(article.head));
        }
        if here.is_empty() {
            self.announce("No annotation here");
        }
        if here.is_empty() || !self.join_one_of(&here) {
            self.pick_next_of(&here);
        }
    }

    /// Picks the first, or the one after the picked; lets go if there is none.
    fn pick_next_of(&mut self, candidates: &[Arc<Annotation>]) {
        let picked = self.state.article.as_ref().and_then(|article| article.picked.clone());
        let at = candidates.iter().position(|it| Some(&it.id) == picked.as_ref());
        let next = at.map_or(0, |at| (at + 1) % candidates.len());
        self.set_picked(candidates.get(next).map(|it| it.id.clone()));
        self.announce_picked();
    }

    /// Picks an annotation and shows where it is.
    pub fn pick(&mut self, id: &AnnotationId) {
        let Some(annotation) = self.state.annotation(id).cloned() else {
            return self.say_unplaced(id);
        };
        self.set_picked(Some(id.clone()));
        self.collapse_selection(annotation.spans.first().start());
        self.effects.push(Effect::Reveal(annotation.spans.first()));
        self.announce_picked();
    }

    /// Picks the annotation after the picked one or after the caret, in reading order.
    pub fn pick_next(&mut self, back: bool) {
        let Some(article) = self.state.article.clone() else { return };
        let Some(project) = self.state.project.clone() else { return };
        let all = article.index.ordered();
        let picked = article.picked_in(&project);
        let here = match picked {
            Some(picked) => ReadingPlace::of(picked),
            None => ReadingPlace::before(article.head, article.text.len()),
        };
        let before = all.count_before(&here);
        let next = match back {
            true => before.checked_sub(1),
            false => Some(before + usize::from(picked.is_some())),
        };
        match next.and_then(|next| all.skipping(next).next()).map(|(_, it)| it.id.clone()) {
            Some(id) => self.pick(&id),
            None => {
                self.announce(if back { "No annotation before" } else { "No more annotations" })
            }
        }
    }

    /// Sets what the inspector shows; what else was going on with another annotation ends.
    pub fn set_picked(&mut self, picked: Option<AnnotationId>) {
        self.end_typing();
        if let Some(article) = self.article_mut()
            && article.picked != picked
        {
            article.picked = picked;
            article.mode = Mode::Mark;
            self.remember_pick();
            self.load_linked();
        }
    }

    fn announce_picked(&mut self) {
        let (Some(project), Some(picked)) = (&self.state.project, self.state.picked()) else {
            return;
        };
        let Some(article) = &self.state.article else { return };
        let speakers = speaker_names(project, picked);
        let by = if speakers.is_empty() { String::new() } else { format!(", {speakers}") };
        let label = label_name(project, &picked.label);
        let said = format!("{label}{by}: {}", excerpt(&article.text, picked.spans.first()));
        self.announce(said);
    }

    /// Leaves the innermost thing: a mode, the selection, the picked annotation.
    pub fn escape(&mut self) {
        if self.state.held_label.take().is_some() {
            return self.announce("Label let go");
        }
        if let Some(relating) = self.state.relating.take() {
            self.announce("No link was made");
            if relating.asked {
                return;
            }
            return self.go_to(&relating.from.clone());
        }
        let Some(article) = self.article_mut() else { return };
        if article.mode != Mode::Mark {
            article.mode = Mode::Mark;
            self.effects.push(Effect::Focus(Focus::Article));
            self.announce("Back to marking");
        } else if article.selects() {
            let head = article.head;
            self.effects.push(Effect::DropSelection);
            self.collapse_selection(head);
        } else if self.state.picked().is_none() {
            self.close_side();
        } else {
            self.set_picked(None);
        }
    }
}

/// The beginning of a stretch, to be read aloud.
fn excerpt(text: &Text, span: Span) -> String {
    const LONGEST: usize = 120;
    let covered = text.slice(span);
    match covered.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &covered[..end]),
        None => covered.to_owned(),
    }
}
