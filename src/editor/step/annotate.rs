//! Marking spans and changing annotations.

use super::{Effect, Focus, Step};
use crate::annotation::{AnnotationId, AttributeValue, Spans, SpeakerId, SpeakerMention};
use crate::edit::act::retext::place;
use crate::edit::{Intent, IntentGroup, act};
use crate::editor::speakers::likely_speaker;
use crate::editor::state::{Edge, Mode, Offer};
use crate::project::{Project, SetKey};
use crate::scheme::{AttributeId, AttributeKind, Extra, LabelId};
use crate::text::{Pos, Span};

impl Step<'_> {
    pub fn own_set(&self) -> Option<(std::sync::Arc<Project>, SetKey)> {
        Some((self.state.project.clone()?, self.state.article.as_ref()?.set.clone()))
    }

    fn picked_id(&self) -> Option<AnnotationId> {
        self.state.picked().map(|annotation| annotation.id.clone())
    }

    /// The picked annotation; says so where there is none.
    fn picked_or_say(&mut self) -> Option<AnnotationId> {
        let picked = self.picked_id();
        if picked.is_none() {
            self.announce("Pick an annotation first");
        }
        picked
    }

    /// Marks the selection; without one, gives the picked annotation this label.
    pub fn mark(&mut self, label: &LabelId) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(span) = self.state.selected_span() else {
            return match self.picked_id() {
                Some(picked) => self.relabel(&picked, label),
                None => self.announce("Select some text first"),
            };
        };
        let Ok(spans) = Spans::new([span]) else { return };
        let (id, transaction) = act::annotate(&project, &set, label, spans, self.ctx);
        if self.act(transaction) {
            self.set_picked(Some(id));
            self.effects.push(Effect::DropSelection);
            self.collapse_selection(span.end());
            self.ask_link();
            self.propose_once();
        }
    }

    /// Marks with the label that has the key; a key of no label does nothing.
    pub fn label_key(&mut self, key: char) {
        let Some(project) = &self.state.project else { return };
        let mut text = [0; 4];
        let key: &str = key.encode_utf8(&mut text);
        let label = project.scheme().labels.iter().find(|label| label.key == key);
        if let Some(label) = label.map(|label| label.id.clone()) {
            self.mark(&label);
        }
    }

    /// Gives an annotation another label.
    pub fn relabel(&mut self, id: &AnnotationId, label: &LabelId) {
        let Some((project, set)) = self.own_set() else { return };
        self.act(act::relabel(&project, &set, id, label, self.ctx.now()));
    }

    /// Makes the selection one more span of the picked annotation, or asks for one.
    pub fn add_span(&mut self) {
        let Some(annotation) = self.picked_or_say() else { return };
        let mode = Mode::AddSpan { annotation };
        self.select_for(mode, "Select the text to add; Enter adds it, Escape ends");
    }

    /// Uses the selection at once, or asks for one.
    pub fn select_for(&mut self, mode: Mode, ask: &str) {
        if !self.may_write() {
            return;
        }
        let Some(article) = &mut self.state.article else { return };
        std::sync::Arc::make_mut(article).mode = mode;
        if self.state.selected_span().is_some() {
            self.use_selection(false);
        } else {
            self.effects.push(Effect::Focus(Focus::Article));
            self.announce(ask);
        }
    }

    /// The pointer was let go: what a selection was asked for takes it.
    pub fn select_end(&mut self) {
        let asked = self.state.article.as_ref().is_some_and(|article| article.mode != Mode::Mark);
        if asked && self.state.selected_span().is_some() {
            self.use_selection(false);
        } else {
            self.mark_held();
        }
    }

    /// Gives the selection to what asked for it; `or_word` takes the word at the caret
    /// where nothing is selected.
    pub fn use_selection(&mut self, or_word: bool) {
        let Some(article) = self.state.article.clone() else { return };
        let word = || article.text.word_at(article.head).filter(|_| or_word);
        let Some(span) = self.state.selected_span().or_else(word) else {
            return self.announce("Select some text first");
        };
        let Some((project, set)) = self.own_set() else { return };
        let now = self.ctx.now();
        match article.mode.clone() {
            Mode::AddSpan { annotation } => {
                let Some(spans) =
                    self.state.annotation(&annotation).and_then(|it| it.spans.with(span).ok())
                else {
                    return;
                };
                self.act(act::set_spans(&project, &set, &annotation, spans, Intent::AddSpan, now));
            }
            Mode::PickSpan { annotation, attribute } => {
                self.give_span(&project, &annotation, &attribute, span);
            }
            Mode::Place { annotation } => {
                let Ok(spans) = Spans::new([span]) else { return };
                if self.act(place(&project, &set, &annotation, spans, now)) {
                    self.set_picked(Some(annotation));
                }
            }
            Mode::Mark | Mode::Edge { .. } => return,
        }
        if let Some(article) = &mut self.state.article {
            std::sync::Arc::make_mut(article).mode = Mode::Mark;
        }
        self.effects.push(Effect::DropSelection);
        self.collapse_selection(span.end());
    }

    /// A picked span becomes the value of a span attribute, or names a speaker.
    fn give_span(
        &mut self,
        project: &Project,
        annotation: &AnnotationId,
        attribute: &AttributeId,
        span: Span,
    ) {
        let kind = project.scheme().attribute(attribute).map(|attribute| attribute.kind);
        if kind == Some(AttributeKind::Speaker) {
            let Some(article) = &self.state.article else { return };
            let name = article.text.slice(span).to_owned();
            self.add_speaker(annotation, attribute, &name, Some(span));
        } else {
            let value = AttributeValue::Spans(vec![span]);
            self.set_attribute(annotation, attribute, Some(value));
        }
    }

    /// Takes a span away from a broken annotation.
    pub fn remove_span(&mut self, id: &AnnotationId, span: usize) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(annotation) = self.state.annotation(id) else { return };
        let rest = annotation.spans.iter().enumerate();
        let rest = rest.filter(|(at, _)| *at != span).map(|(_, span)| span);
        let Ok(spans) = Spans::new(rest) else { return };
        let now = self.ctx.now();
        self.act(act::set_spans(&project, &set, id, spans, Intent::RemoveSpan, now));
    }

    /// Lets the caret's movements move the end of the picked annotation.
    pub fn start_edge(&mut self) {
        let Some(annotation) = self.picked_or_say() else { return };
        let Some(spans) = self.state.annotation(&annotation).map(|it| it.spans.clone()) else {
            return;
        };
        if !self.may_write() {
            return;
        }
        let group = self.new_group();
        let edge = Edge { span: spans.len() - 1, start: false };
        self.set_edge(Mode::Edge { annotation, edge, group }, spans.last().end());
        self.announce("Moving the end; Tab for the other edge, Enter ends");
    }

    fn set_edge(&mut self, mode: Mode, caret: Pos) {
        let Some(article) = &mut self.state.article else { return };
        let article = std::sync::Arc::make_mut(article);
        article.mode = mode;
        (article.anchor, article.head) = (caret, caret);
        self.effects.push(Effect::DropSelection);
        self.effects.push(Effect::Focus(Focus::Article));
        self.effects.push(Effect::ShowCaret);
    }

    /// Goes to the edge before, and from the first one to the last.
    pub fn switch_edge(&mut self) {
        let Some(article) = self.state.article.clone() else { return };
        let Mode::Edge { annotation, edge, group } = article.mode.clone() else { return };
        let Some(spans) = self.state.annotation(&annotation).map(|it| it.spans.clone()) else {
            return;
        };
        let edge = match edge {
            Edge { span, start: false } => Edge { span, start: true },
            Edge { span: 0, start: true } => Edge { span: spans.len() - 1, start: false },
            Edge { span, start: true } => Edge { span: span - 1, start: false },
        };
        let Some(span) = spans.as_slice().get(edge.span) else { return };
        let caret = if edge.start { span.start() } else { span.end() };
        self.set_edge(Mode::Edge { annotation, edge, group }, caret);
        self.announce(if edge.start { "Moving the start" } else { "Moving the end" });
    }

    /// Moves an edge to a place; it stops before its span would be empty or touch a neighbour.
    pub fn move_edge(&mut self, id: &AnnotationId, edge: Edge, to: Pos, group: IntentGroup) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(spans) = self.state.annotation(id).map(|it| it.spans.clone()) else { return };
        let Some(article) = self.state.article.clone() else { return };
        let Some(moved) = with_edge(&article.text, &spans, edge, to) else { return };
        let now = self.ctx.now();
        let transaction = act::set_spans(&project, &set, id, moved, Intent::MoveEdge, now);
        if transaction.is_empty() || !self.may_write() {
            return;
        }
        if self.commit(transaction, group, None).is_ok()
            && let Some(article) = &mut self.state.article
        {
            let article = std::sync::Arc::make_mut(article);
            (article.anchor, article.head) = (to, to);
            self.effects.push(Effect::ShowCaret);
        }
    }

    /// An edge was dragged by the pointer; it snaps as selections do.
    pub fn drag_edge(&mut self, id: &AnnotationId, edge: Edge, to: Pos) {
        let Some((project, set)) = self.own_set() else { return };
        let Some(article) = self.state.article.clone() else { return };
        let Some(spans) = self.state.annotation(id).map(|it| it.spans.clone()) else { return };
        let Some(rough) = with_edge(&article.text, &spans, edge, to) else { return };
        let Some(span) = rough.as_slice().get(edge.span).copied() else { return };
        let trimmed = article.text.trim(span);
        let snapped = match self.state.settings.whole_words {
            _ if trimmed.is_empty() => return,
            true => article.text.snap_to_words(trimmed),
            false => article.text.snap_to_graphemes(trimmed),
        };
        let to = if edge.start { snapped.start() } else { snapped.end() };
        let Some(spans) = with_edge(&article.text, &spans, edge, to) else { return };
        let now = self.ctx.now();
        self.act(act::set_spans(&project, &set, id, spans, Intent::MoveEdge, now));
    }

    /// Deletes the picked annotation; the next one in the text is not picked in its stead,
    /// so that pressing the key twice never deletes two.
    pub fn delete(&mut self) {
        let Some(id) = self.picked_or_say() else { return };
        let Some((project, set)) = self.own_set() else { return };
        let place = self.state.annotation(&id).map(|it| it.spans.first().start());
        if self.act(act::delete(&project, &set, &id, self.deletion())) {
            self.effects.push(Effect::Focus(Focus::Article));
            if let Some(place) = place {
                self.collapse_selection(place);
            }
        }
    }

    /// Sets or clears an attribute.
    pub fn set_attribute(
        &mut self,
        id: &AnnotationId,
        attribute: &AttributeId,
        value: Option<AttributeValue>,
    ) {
        let Some((project, set)) = self.own_set() else { return };
        let intent = match project.scheme().attribute(attribute) {
            Some(known) if known.kind == AttributeKind::Speaker => Intent::SetSpeaker,
            Some(known) if known.id.as_str() == "cue" => Intent::SetCue,
            Some(known) => Intent::SetAttribute { name: known.name.clone() },
            None => Intent::SetAttribute { name: attribute.to_string() },
        };
        let now = self.ctx.now();
        if self.act(act::set_attribute(&project, &set, id, attribute, value, intent, now)) {
            self.remember_values(id);
        }
    }

    /// Gives the picked annotation's first choice its next value, and none after the last.
    pub fn next_choice(&mut self) {
        let Some(id) = self.picked_or_say() else { return };
        let Some(attribute) = self.attribute_of_kind(&id, AttributeKind::Choice) else { return };
        let Some(project) = self.state.project.clone() else { return };
        let Some(values) = project.scheme().attribute(&attribute).map(|it| &it.values) else {
            return;
        };
        let now = self.state.annotation(&id).and_then(|it| it.attributes.get(&attribute));
        let next = match now {
            Some(AttributeValue::Text(now)) => {
                values.iter().position(|value| value == now).map_or(0, |at| at + 1)
            }
            _ => 0,
        };
        let value = values.get(next).cloned();
        let name = project.scheme().attribute(&attribute).map_or("", |it| it.name.as_str());
        let said = format!("{name}: {}", value.as_deref().unwrap_or("none"));
        self.set_attribute(&id, &attribute, value.map(AttributeValue::Text));
        self.announce(said);
    }

    /// The first attribute of that kind that the annotation's label has.
    fn attribute_of_kind(&self, id: &AnnotationId, kind: AttributeKind) -> Option<AttributeId> {
        let scheme = self.state.project.as_ref()?.scheme().clone();
        let label = scheme.label(&self.state.annotation(id)?.label)?;
        let found = scheme.attributes_of(label).find(|attribute| attribute.kind == kind);
        found.map(|attribute| attribute.id.clone())
    }

    /// The selection names the speaker of the picked annotation; without one, a name is typed.
    pub fn speaker(&mut self) {
        let Some(id) = self.picked_or_say() else { return };
        let Some(attribute) = self.attribute_of_kind(&id, AttributeKind::Speaker) else { return };
        if self.state.selected_span().is_some() {
            self.select_for(Mode::PickSpan { annotation: id, attribute }, "");
        } else {
            // What lies in place of the annotations has no such field.
            self.close_side();
            self.effects.push(Effect::Focus(Focus::Speaker));
        }
    }

    /// The word at a place names the speaker of the picked annotation.
    pub fn name_at(&mut self, pos: Pos) {
        let Some(id) = self.picked_or_say() else { return };
        let Some(attribute) = self.attribute_of_kind(&id, AttributeKind::Speaker) else { return };
        let (Some(project), Some(open)) = (self.state.project.clone(), &self.state.article) else {
            return;
        };
        if let Some(word) = open.text.word_at(pos) {
            self.give_span(&project, &id, &attribute, word);
        }
    }

    /// The selection is the cue of the picked annotation; without one, it is asked for.
    pub fn cue(&mut self) {
        let Some(id) = self.picked_or_say() else { return };
        let Some(attribute) = self.attribute_of_kind(&id, AttributeKind::Span) else { return };
        self.pick_span(id, attribute);
    }

    /// Asks for a span as the value of an attribute.
    pub fn pick_span(&mut self, annotation: AnnotationId, attribute: AttributeId) {
        let mode = Mode::PickSpan { annotation, attribute };
        self.select_for(mode, "Select the text; Enter takes it, Escape ends");
    }

    /// Adds a speaker to an annotation: the project's one of that name, else a new one.
    ///
    /// A speaker that the annotation has already without a mention gets the mention.
    pub fn add_speaker(
        &mut self,
        id: &AnnotationId,
        attribute: &AttributeId,
        name: &str,
        mention: Option<Span>,
    ) {
        let name = name.trim();
        let Some((project, set)) = self.own_set() else { return };
        let Some(annotation) = self.state.annotation(id).cloned() else { return };
        if name.is_empty() {
            return;
        }
        let mut speakers = match annotation.attributes.get(attribute) {
            Some(AttributeValue::Speakers(speakers)) => speakers.clone(),
            _ => Vec::new(),
        };
        // A pronoun or a title picked for a speaker who is there names that speaker.
        if let Some(mention) = mention
            && let Some(unnamed) = speakers.iter_mut().find(|speaker| speaker.mention.is_none())
        {
            unnamed.mention = Some(mention);
            return self.set_attribute(id, attribute, Some(AttributeValue::Speakers(speakers)));
        }
        let known = find_speaker(&project, name).or_else(|| self.meant_by(name));
        let is_new = known.is_none();
        let (speaker, made) = match known {
            Some(speaker) => (speaker, None),
            None => {
                let (speaker, made) = act::add_speaker(&project, name, self.ctx);
                (speaker, Some(made))
            }
        };
        match speakers.iter_mut().find(|it| it.id == speaker) {
            Some(there) => there.mention = mention.or(there.mention),
            None => {
                speakers.push(SpeakerMention { id: speaker.clone(), mention, extra: Extra::new() })
            }
        }
        let value = Some(AttributeValue::Speakers(speakers));
        let (intent, now) = (Intent::SetSpeaker, self.ctx.now());
        let pointed = act::set_attribute(&project, &set, id, attribute, value, intent, now);
        let done = self.act(match made {
            Some(made) => made.then(pointed),
            None => pointed,
        });
        if done {
            self.remember_values(id);
            if is_new {
                self.ask_same_speaker(&project, &speaker, name);
            }
        }
    }

    /// Whom a pronoun means: the speaker that was given last.
    fn meant_by(&self, name: &str) -> Option<SpeakerId> {
        const PRONOUNS: [&str; 12] =
            ["he", "she", "it", "they", "him", "her", "them", "who", "i", "we", "his", "their"];
        if !PRONOUNS.contains(&name.to_lowercase().as_str()) {
            return None;
        }
        self.state.last_values.values().find_map(|value| match value {
            AttributeValue::Speakers(speakers) => speakers.first().map(|it| it.id.clone()),
            _ => None,
        })
    }

    /// Where a new speaker's name is much like that of another, asks whether they are one.
    fn ask_same_speaker(&mut self, before: &Project, new: &SpeakerId, name: &str) {
        let Some(other) = likely_speaker(before, name).and_then(|id| before.speaker(&id).cloned())
        else {
            return;
        };
        let text = format!("Is “{name}” the same speaker as “{}”?", other.name);
        self.notify(text, false, Some(Offer::SameSpeaker(other.id.clone(), new.clone())));
    }

    /// Writes a note; all that is typed until the field is left is undone at once.
    pub fn set_note(&mut self, id: &AnnotationId, note: &str) {
        let Some((project, set)) = self.own_set() else { return };
        self.type_in(act::set_note(&project, &set, id, note, self.ctx.now()));
    }

    /// Makes true what was typed into a field: all of it until the field is left is one intent.
    pub fn type_in(&mut self, transaction: crate::edit::Transaction) {
        if transaction.is_empty() || !self.may_write() {
            return;
        }
        let group = match self.state.typing.clone() {
            Some(group) => group,
            None => self.new_group(),
        };
        self.state.typing = Some(group.clone());
        // A conflict has said so; the field shows what is stored.
        let _ = self.commit(transaction, group, None);
    }

    /// What was typed until now is one intent; what comes is another.
    pub fn end_typing(&mut self) {
        self.state.typing = None;
    }

    /// Goes to the note of the picked annotation.
    pub fn focus_note(&mut self) {
        if self.picked_or_say().is_some() {
            self.close_side();
            self.effects.push(Effect::Focus(Focus::Note));
        }
    }
}

/// The speaker of that name or alias, whatever its capitals.
pub(super) fn find_speaker(project: &Project, name: &str) -> Option<SpeakerId> {
    let name = name.to_lowercase();
    let is_it = |known: &String| known.to_lowercase() == name;
    let speakers = project.speakers();
    let by_name = speakers.iter().find(|speaker| is_it(&speaker.name));
    let by_alias = || speakers.iter().find(|speaker| speaker.aliases.iter().any(is_it));
    by_name.or_else(by_alias).map(|speaker| speaker.id.clone())
}

/// The spans with one edge elsewhere; none where its span would be empty or reach a neighbour.
fn with_edge(text: &crate::text::Text, spans: &Spans, edge: Edge, to: Pos) -> Option<Spans> {
    let span = *spans.as_slice().get(edge.span)?;
    let (start, end) = if edge.start { (to, span.end()) } else { (span.start(), to) };
    if start >= end {
        return None;
    }
    let moved = text.span(start, end)?;
    let others = spans.iter().enumerate().filter(|(at, _)| *at != edge.span);
    if others.clone().any(|(_, other)| other.touches(moved)) {
        return None;
    }
    Spans::new(others.map(|(_, other)| other).chain([moved])).ok()
}
