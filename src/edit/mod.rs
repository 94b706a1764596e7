//! Every edit as a value: changes, transactions that apply and invert, commits, and undo.

pub mod act;
mod history;
pub mod merge;
pub mod past;

pub use history::{Direction, History};

use std::sync::Arc;

use crate::annotation::{AnnotatorId, ArticleId, Target, Timestamp};
use crate::project::{Article, Key, NotLoaded, Project, PutError, Value};
use crate::scheme::{LabelId, id_type};
use crate::sort::{order, sort_by};

id_type! {
    /// Names a commit, unique among all machines.
    CommitId,
    /// Names what one wish of a person led to, and undo takes back at once.
    IntentGroup,
}

/// One record's replacement; swapping `from` and `to` inverts it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which record.
    pub key: Key,
    /// What must stand there before; none if nothing.
    pub from: Option<Value>,
    /// What stands there afterwards; none if nothing.
    pub to: Option<Value>,
}

impl Change {
    /// Whether it belongs to the history of an article: it changes the article's own record, what
    /// lies on it, or a relation that starts or ends there.
    pub fn touches(&self, article: &ArticleId) -> bool {
        self.touched().any(|touched| touched == article)
    }

    /// The articles that it touches; some may come twice.
    pub fn touched(&self) -> impl Iterator<Item = &ArticleId> {
        let relations = [&self.from, &self.to].into_iter().filter_map(|value| match value {
            Some(Value::Relation(relation)) => Some(relation),
            _ => None,
        });
        let ends = relations.flat_map(|relation| {
            let to = match &relation.to {
                Some(Target::Annotation(place)) => Some(&place.article),
                _ => None,
            };
            [Some(&relation.from.article), to]
        });
        self.key.lies_on().into_iter().chain(ends.flatten())
    }

    /// The article as it was, where the change gives it another text.
    pub fn replaced_text(&self) -> Option<&Arc<Article>> {
        match (&self.from, &self.to) {
            (Some(Value::Article(from)), Some(Value::Article(to))) if from.text != to.text => {
                Some(from)
            }
            _ => None,
        }
    }
}

/// What a person wished: it names the act in menus, announcements and the audit line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Intent {
    Annotate {
        label: LabelId,
    },
    Relabel {
        label: LabelId,
    },
    AddSpan,
    RemoveSpan,
    MoveEdge,
    /// An annotation was made to keep a rule.
    Fix,
    Delete,
    SetSpeaker,
    SetCue,
    SetAttribute {
        name: String,
    },
    SetNote,
    SetStatus,
    AddArticles {
        count: u32,
    },
    RemoveArticle,
    /// An article has another text, and what lay on the older one was carried over.
    ChangeText,
    /// An annotation of an older text has a place again.
    PlaceAnnotation,
    RenameProject,
    SetGuidelines,
    NameAnnotator,
    RenameSpeaker,
    MergeSpeakers,
    SplitSpeaker,
    DeleteSpeaker,
    /// Two annotations were joined, or one with a group or with words.
    Relate {
        name: String,
    },
    Unrelate {
        name: String,
    },
    /// Passages that read alike were marked alike.
    MarkAlike,
    /// An annotation was given what the last one was given.
    RepeatValues,
    /// Annotations of an article with the same text were copied.
    CopyAnnotations,
    Group,
    Ungroup,
    SetSentence,
    MergeGroups,
    SplitGroup,
    DeleteGroup,
    /// Passages were said to be none of the article.
    SetRegion,
    UnsetRegion,
    AddLabel,
    ChangeLabel,
    /// One label took the place of another.
    MergeLabels,
    DeleteLabel,
    AddAttribute,
    ChangeAttribute,
    DeleteAttribute,
    AddRelationType,
    ChangeRelationType,
    DeleteRelationType,
    /// The project has the scheme of a file.
    ImportScheme,
    OpenDeployment,
    OpenFile,
    /// An article is again as it was at that time.
    BringBack {
        to: Timestamp,
    },
    /// A copy of the project was merged into it.
    Merge {
        /// Where the copy came from; empty in what was written before files were named.
        file: String,
    },
    /// The project was made what a file has.
    Restore {
        /// Which one.
        file: String,
    },
    /// Takes back an act, which is never itself an undo or a redo.
    Undo {
        what: Box<Intent>,
    },
    /// Makes an act again that was undone.
    Redo {
        what: Box<Intent>,
    },
}

impl Intent {
    /// Whether undo may take it back; how a project came to be is no act of the annotator.
    pub fn can_be_undone(&self) -> bool {
        !matches!(self, Intent::OpenDeployment | Intent::OpenFile | Intent::NameAnnotator)
    }

    /// What was wished in the first place, where this takes it back or makes it again.
    pub fn root(&self) -> &Intent {
        match self {
            Intent::Undo { what } | Intent::Redo { what } => what,
            other => other,
        }
    }
}

/// Changes that are made together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    /// At most one for each key.
    changes: Vec<Change>,
    intent: Intent,
}

/// Why a transaction cannot be applied; nothing was changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Conflict {
    /// The annotations of this article must be loaded first.
    NotLoaded(ArticleId),
    /// What stands under the key is not what the change was made for.
    Differs {
        /// The key.
        key: Box<Key>,
        /// What stands there.
        found: Option<Box<Value>>,
    },
    /// The record cannot stand under its key, or does not fit the article's text.
    Invalid(Box<Key>),
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Conflict::NotLoaded(article) => write!(f, "the article “{article}” is not loaded"),
            Conflict::Differs { .. } => f.write_str("it was changed in the meantime"),
            Conflict::Invalid(_) => f.write_str("it does not fit the article"),
        }
    }
}

impl std::error::Error for Conflict {}

impl Transaction {
    /// Changes with what they are for; changes that change nothing are dropped.
    pub fn new(intent: Intent, changes: impl IntoIterator<Item = Change>) -> Transaction {
        let mut changes: Vec<Change> = changes.into_iter().collect();
        let by_key = order(changes.len(), &|a, b| changes[a].key.cmp(&changes[b].key));
        // Backwards, so that what the last change of a key leads to comes to the first of that key.
        for pair in by_key.windows(2).rev() {
            let (earlier, later) = (pair[0], pair[1]);
            if changes[earlier].key == changes[later].key {
                changes[earlier].to = changes[later].to.take();
                changes[later].from = None;
            }
        }
        changes.retain(|change| change.from != change.to);
        Transaction { changes, intent }
    }

    /// One that was written down: its changes were joined when it was made.
    pub(crate) fn stored(intent: Intent, changes: Vec<Change>) -> Transaction {
        Transaction { changes, intent }
    }

    /// What it changes.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What it is for.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// How many annotations it changes, makes or deletes.
    pub fn annotations(&self) -> usize {
        self.changes.iter().filter(|it| matches!(it.key, Key::Annotation(..))).count()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Those whose annotations it touches: the caller loads them first.
    pub fn articles(&self) -> impl Iterator<Item = &ArticleId> {
        self.changes.iter().filter_map(|change| change.key.article())
    }

    /// The project after it.
    ///
    /// # Errors
    /// What stands in the project is not what a change was made for, or is not loaded.
    pub fn apply(&self, to: &Project) -> Result<Project, Conflict> {
        let mut project = to.clone();
        for change in &self.changes {
            let found =
                to.value(&change.key).map_err(|NotLoaded(article)| Conflict::NotLoaded(article))?;
            if found != change.from {
                let key = Box::new(change.key.clone());
                return Err(Conflict::Differs { key, found: found.map(Box::new) });
            }
        }
        // What is put on an article that gets another text lies on that one, so that it comes first.
        for change in &self.changes {
            if let (Some(_), Some(Value::Article(article))) = (change.replaced_text(), &change.to) {
                project.change_text(article);
            }
        }
        for change in &self.changes {
            project.put(&change.key, change.to.clone()).map_err(|error| match error {
                PutError::NotLoaded(NotLoaded(article)) => Conflict::NotLoaded(article),
                PutError::WrongKind | PutError::OutsideText => {
                    Conflict::Invalid(Box::new(change.key.clone()))
                }
            })?;
        }
        for change in &self.changes {
            if change.replaced_text().is_some_and(|article| !project.fits(&article.id)) {
                return Err(Conflict::Invalid(Box::new(change.key.clone())));
            }
        }
        Ok(project)
    }

    /// The project after it, where another tab has applied it to the same project: what stands
    /// there is not compared, and articles need not be loaded.
    ///
    /// None where it does not fit, or gives an article whose text is at hand another text: then the
    /// project is to be read again.
    pub fn follow(&self, project: &Project) -> Option<Project> {
        let mut after = project.clone();
        for Change { key, from, to } in &self.changes {
            if let (Key::Article(id), Some(Value::Article(to))) = (key, to)
                && project.text(id).is_some_and(|text| !to.text.names(text))
            {
                return None;
            }
            after.put_known(key, from.as_ref(), to.clone()).ok()?;
        }
        Some(after)
    }

    /// The transaction that takes it back.
    pub fn invert(&self) -> Transaction {
        let changes = self.changes.iter().rev();
        let changes = changes.map(|change| Change {
            key: change.key.clone(),
            from: change.to.clone(),
            to: change.from.clone(),
        });
        Transaction { changes: changes.collect(), intent: self.intent.clone() }
    }

    /// This one and then `next`, as one; the intent is this one's.
    pub fn then(self, next: Transaction) -> Transaction {
        Transaction::new(self.intent, self.changes.into_iter().chain(next.changes))
    }

    /// The same changes for another purpose.
    pub fn with_intent(self, intent: Intent) -> Transaction {
        Transaction { intent, ..self }
    }
}

/// A transaction with when, by whom and why: what is stored, and a line of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Unique among all machines.
    pub id: CommitId,
    /// Its place among this store's commits of the project, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AnnotatorId,
    /// Neighbours of one group are undone at once.
    pub intent_group: IntentGroup,
    /// The commit that it takes back, if it is an undo or a redo.
    pub undoes: Option<CommitId>,
    /// What changed.
    pub transaction: Transaction,
}

impl Commit {
    /// The articles that it touches, each once, in the order of their ids.
    pub fn touched(&self) -> Vec<ArticleId> {
        let changes = self.transaction.changes().iter();
        let mut touched: Vec<_> = changes.flat_map(Change::touched).cloned().collect();
        sort_by(&mut touched, Ord::cmp);
        touched.dedup();
        touched
    }
}

/// The commit that stores a project which came whole, from a file or from nothing; or a part of one,
/// whose other parts have commits of their own.
pub fn file_commit(project: &Project, seq: u64, by: AnnotatorId, ctx: &mut dyn act::Ctx) -> Commit {
    let empty = Project::new((**project.meta()).clone());
    let put = |key: Key| {
        let (from, to) = (empty.value(&key).ok().flatten(), project.value(&key).ok().flatten());
        Change { key, from, to }
    };
    Commit {
        id: CommitId::from(ctx.new_id()),
        seq,
        at: ctx.now(),
        by,
        intent_group: IntentGroup::from(ctx.new_id()),
        undoes: None,
        transaction: Transaction::new(Intent::OpenFile, project.keys().into_iter().map(put)),
    }
}
