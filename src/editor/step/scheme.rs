//! The scheme: its parts changed one by one, and what annotations have of them over the corpus.

use std::sync::Arc;

use super::sweep::Bulk;
use super::{Effect, Step};
use crate::annotation::ArticleId;
use crate::edit::act::scheme::{self as acts, Rewrite};
use crate::edit::{Intent, Transaction};
use crate::editor::scheme::{SchemeAsk, SchemePart, free_key};
use crate::editor::state::{Dialog, Mode};
use crate::format::scheme_file::SchemeFile;
use crate::project::{Article, Project};
use crate::scheme::{AttributeId, Scheme};

impl Step<'_> {
    /// Shows the scheme.
    pub fn open_scheme(&mut self) {
        self.show_scheme(SchemePart::Labels(None));
    }

    /// Shows a part of the scheme; what was asked is not done.
    pub fn show_scheme(&mut self, part: SchemePart) {
        self.state.dialog = Some(Dialog::Scheme { part, asked: None, problem: None });
    }

    /// Makes an act on the scheme, and shows a part of it.
    pub fn act_on_scheme(
        &mut self,
        act: impl FnOnce(&Project) -> (Option<SchemePart>, Transaction),
    ) {
        let Some(project) = self.state.project.clone() else { return };
        let (part, transaction) = act(&project);
        let done = self.act(transaction);
        if let Some(part) = part.filter(|_| done) {
            self.show_scheme(part);
        }
    }

    /// Adds to the list that is shown.
    pub fn add_to_scheme(&mut self, name: &str) {
        let Some(Dialog::Scheme { part, .. }) = self.state.dialog.clone() else { return };
        let own = self.state.settings.keys.clone();
        self.act_on_scheme(|project| match part {
            SchemePart::Labels(_) => {
                let key = free_key(project.scheme(), &own, name);
                let (id, added) = acts::add_label(project, name, &key);
                (Some(SchemePart::Labels(Some(id))), added)
            }
            SchemePart::Attributes(_) => {
                let (id, added) = acts::add_attribute(project, name);
                (Some(SchemePart::Attributes(Some(id))), added)
            }
            SchemePart::Relations(_) => {
                let (id, added) = acts::add_relation_type(project, name);
                (Some(SchemePart::Relations(Some(id))), added)
            }
        });
    }

    /// Moves what is picked one place on, or back.
    pub fn move_in_scheme(&mut self, part: SchemePart, back: bool) {
        self.act_on_scheme(|project| {
            let moved = match &part {
                SchemePart::Labels(Some(id)) => acts::move_label(project, id, back),
                SchemePart::Attributes(Some(id)) => acts::move_attribute(project, id, back),
                SchemePart::Relations(Some(id)) => acts::move_relation_type(project, id, back),
                _ => Transaction::new(Intent::ChangeLabel, []),
            };
            (Some(part), moved)
        });
    }

    /// Asks before something is done, or no more.
    pub fn ask_scheme(&mut self, ask: Option<SchemeAsk>) {
        if ask.is_some() && !self.may_write() {
            return;
        }
        if let Some(Dialog::Scheme { asked, problem, .. }) = &mut self.state.dialog {
            (*asked, *problem) = (ask, None);
        }
    }

    /// Does what was asked.
    pub fn do_asked(&mut self) {
        let Some(Dialog::Scheme { asked, .. }) = &mut self.state.dialog else { return };
        let Some(ask) = asked.take() else { return };
        let Some(project) = self.state.project.clone() else { return };
        let now = project.scheme();
        match ask {
            SchemeAsk::GiveUpLabel { label, into } => {
                let known = into.as_ref().is_none_or(|it| *it != label && now.label(it).is_some());
                if now.label(&label).is_none() || !known {
                    return;
                }
                let then = acts::without_label(now, &label, into.as_ref());
                match into {
                    Some(into) => {
                        let what = Rewrite::Relabel { from: label, into };
                        self.rewrite(what, then, Intent::MergeLabels);
                    }
                    None => self.rewrite(Rewrite::Delete { label }, then, Intent::DeleteLabel),
                }
            }
            SchemeAsk::DeleteAttribute(attribute) => {
                let then = acts::without_attribute(now, &attribute);
                self.rewrite(Rewrite::Clear { attribute }, then, Intent::DeleteAttribute);
            }
            SchemeAsk::ChangeKind(attribute, kind) => {
                let then = acts::with_kind(now, &attribute, kind);
                let what = Rewrite::Kinds(vec![(attribute, kind)]);
                self.rewrite(what, then, Intent::ChangeAttribute);
            }
            SchemeAsk::GiveUpValue { attribute, value, into } => {
                let into = into.map(|into| into.trim().to_owned()).filter(|into| !into.is_empty());
                if into.as_ref() == Some(&value) {
                    return;
                }
                let then = acts::with_value(now, &attribute, &value, into.as_deref());
                let what = Rewrite::Value { attribute, from: value, into };
                self.rewrite(what, then, Intent::ChangeAttribute);
            }
            SchemeAsk::DeleteRelationType { kind, into } => {
                let into = into.filter(|it| *it != kind && now.relation(it).is_some());
                let deletion = self.deletion();
                self.act(acts::delete_relation_type(&project, &kind, into.as_ref(), deletion));
            }
            SchemeAsk::Import(file) => {
                let what = Rewrite::Kinds(acts::kinds_that_change(now, &file.scheme));
                self.rewrite(what, file.scheme.clone(), Intent::ImportScheme);
            }
        }
    }

    /// Rewrites what annotations have, and then gives the project the scheme in which it is so; as
    /// one act where no article needs to be loaded for it.
    fn rewrite(&mut self, what: Rewrite, then: Scheme, intent: Intent) {
        let Some(project) = self.state.project.clone() else { return };
        let touched = project.articles().into_iter().any(|it| may_have(&project, it, &what));
        if touched {
            let nothing = Transaction::new(intent.clone(), []);
            return self.begin_sweep(Bulk::Scheme { what, then: Arc::new(then), intent }, nothing);
        }
        self.act(acts::set_scheme(&project, then, intent));
    }

    /// Begins to rename a value of a choice: it is asked first where annotations may have it.
    pub fn rename_value(&mut self, attribute: AttributeId, value: String, into: &str) {
        let into = into.trim();
        if !into.is_empty() && into != value {
            let into = Some(into.to_owned());
            self.ask_scheme(Some(SchemeAsk::GiveUpValue { attribute, value, into }));
        }
    }

    /// A scheme's file was chosen: it is read.
    pub fn read_scheme(&mut self, file: String, text: String) {
        if self.may_write() {
            self.effects.push(Effect::ReadScheme { file, text });
        }
    }

    /// The scheme of a file has come, or why it did not: it is shown what it would change.
    pub fn scheme_read(&mut self, read: Result<SchemeFile, String>) {
        let Some(Dialog::Scheme { asked, problem, .. }) = &mut self.state.dialog else { return };
        match read {
            Ok(read) => {
                *asked = Some(SchemeAsk::Import(Arc::new(read)));
                *problem = None;
            }
            Err(why) => *problem = Some(why),
        }
    }

    /// The scheme is another: what the screen holds of the one before is let go.
    pub fn follow_scheme(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        let scheme = project.scheme();
        if self.state.held_label.as_ref().is_some_and(|held| scheme.label(held).is_none()) {
            self.state.held_label = None;
        }
        if self.state.relating.as_ref().is_some_and(|it| scheme.relation(&it.kind).is_none()) {
            self.state.relating = None;
        }
        if let Some(open) = &mut self.state.article
            && let Mode::PickSpan { attribute, .. } = &open.mode
            && scheme.attribute(attribute).is_none()
        {
            Arc::make_mut(open).mode = Mode::Mark;
        }
    }
}

/// Whether annotations of an article may have what is rewritten.
pub fn may_have(project: &Project, article: &Article, what: &Rewrite) -> bool {
    let id: &ArticleId = &article.id;
    match what {
        Rewrite::Relabel { from: label, .. } | Rewrite::Delete { label } => {
            article.unplaced.iter().any(|it| it.label == *label)
                || project.sets_of(id).any(|(_, row)| row.counts.of(label) > 0)
        }
        Rewrite::Kinds(kinds) if kinds.is_empty() => false,
        Rewrite::Clear { .. } | Rewrite::Value { .. } | Rewrite::Kinds(_) => {
            !article.unplaced.is_empty() || project.sets_of(id).any(|(_, row)| row.total() > 0)
        }
    }
}
