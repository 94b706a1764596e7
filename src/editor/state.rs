//! What the screen shows.

use std::borrow::Cow;
use std::sync::Arc;

use super::find::Find;
use super::scheme::{SchemeAsk, SchemePart};
use super::speakers::Uses;
use super::{Action, Effect, OwnKeys};
use crate::annotation::check::Finding;
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, Place, SpeakerId, Timestamp,
};
use crate::edit::act::own_set;
use crate::edit::act::retext::Plan;
use crate::edit::merge::{Decisions, Merge, Restore};
use crate::edit::{Commit, Direction, History, Intent, IntentGroup};
use crate::format::dataset::Wanted;
use crate::format::markdown::Block;
use crate::format::stored::ProjectRow;
use crate::format::stored::shape::shape;
use crate::format::{NewArticle, Problem};
use crate::highlight::Index;
use crate::job::{Dataset, Give};
use crate::map::Map;
use crate::project::{Project, ProjectId, SetKey};
use crate::scheme::{AttributeId, LabelId, RelationTypeId};
use crate::search::{Hit, Query};
use crate::text::{Pos, Span, Text};

/// Everything the screen shows and every act starts from; a clone is cheap.
#[derive(Clone, Debug)]
pub struct EditorState {
    /// Who sits here.
    pub annotator: AnnotatorId,
    /// Their name as the page's address gives it, written into the project at the first act.
    pub annotator_name: Option<String>,
    /// The open project; none while one is opened.
    pub project: Option<Arc<Project>>,
    /// All projects of this browser.
    pub projects: Arc<Vec<ProjectRow>>,
    /// Whether this tab may change the project.
    pub writer: Writer,
    /// What can be undone and redone.
    pub history: Arc<History>,
    /// The `seq` of the newest commit of the project.
    pub last_seq: u64,
    /// The oldest commit that `history` has seen; more may be asked for below it.
    pub history_from: u64,
    /// The article being read; none while there is none, or it is being loaded.
    pub article: Option<Arc<OpenArticle>>,
    /// The article being loaded, to show what is coming.
    pub loading: Option<ArticleId>,
    /// The history of the open article, while it is looked at.
    pub past: Option<Arc<Past>>,
    /// An undo or redo that waits for its article.
    pub waiting: Option<Direction>,
    /// What is being typed into a field: all of it is one intent.
    pub typing: Option<IntentGroup>,
    /// The relation that is being drawn.
    pub relating: Option<Arc<Relating>>,
    /// What is selected is marked with this label at once.
    pub held_label: Option<LabelId>,
    /// What an annotation was given last, to be given to others.
    pub last_values: Arc<Map<AttributeId, AttributeValue>>,
    /// What was picked lately, newest first.
    pub recent: Arc<Vec<Place>>,
    /// Where one followed relations from, the last one last.
    pub trail: Arc<Vec<Place>>,
    /// What is picked once its article is open.
    pub to_pick: Option<Place>,
    /// An act over many articles is under way: others wait.
    pub sweeping: bool,
    /// What is not yet on disk.
    pub saving: Saving,
    /// The way to another project, taken when all of this one is on disk.
    pub next_project: Option<Arc<Effect>>,
    /// Copies of the project outside the browser.
    pub copies: Arc<Copies>,
    /// How the person has agreed to leave the page, once all is saved.
    pub leaving: Option<Leaving>,
    /// What the browser says of its storage, once it was asked.
    pub storage: Option<Storage>,
    /// What stands beside the article.
    pub side: Side,
    /// What is looked for in all articles, and what was found.
    pub search: Arc<Search>,
    /// How often speakers speak, for who looks at them.
    pub uses: Arc<Uses>,
    /// What is selected once its article is open.
    pub to_select: Option<(ArticleId, Span)>,
    /// The guidelines as blocks, once they were read.
    pub guide: Option<Arc<GuidePage>>,
    /// What stands over the page.
    pub dialog: Option<Dialog>,
    /// Short messages, the newest last.
    pub notices: Arc<Vec<Notice>>,
    /// How many notices there have ever been: it names the next.
    pub notice_count: u32,
    /// Other texts of articles that are here, from a newer deployment or from files: held back, since
    /// only a person can say what is to be done with them. One at most for each article.
    pub held_back: Arc<Vec<NewArticle>>,
    /// What the annotator prefers.
    pub settings: Settings,
    /// The command whose new key is to be pressed, by [`Command::id`](super::Command::id), and why
    /// the last key could be none.
    pub changing_key: Option<(&'static str, Option<&'static str>)>,
    /// The dataset that is to be made, as it was wanted last.
    pub making: Arc<Making>,
    /// When the annotator was last seen to be at work; none while they are not.
    pub active_at: Option<Timestamp>,
    /// The articles of which something was proposed to be boilerplate in this visit.
    pub proposed: Arc<Vec<ArticleId>>,
}

/// An article on the screen.
#[derive(Clone, Debug)]
pub struct OpenArticle {
    /// Which one.
    pub id: ArticleId,
    /// The annotator's own set of it.
    pub set: SetKey,
    /// Its text.
    pub text: Text,
    /// Where the annotations lie.
    pub index: Index,
    /// Where the selection began.
    pub anchor: Pos,
    /// Where it ends, and the caret stands.
    pub head: Pos,
    /// The annotation in the inspector.
    pub picked: Option<AnnotationId>,
    /// What a selection is for.
    pub mode: Mode,
    /// What breaks rules, of all that was checked.
    pub problems: Arc<Problems>,
    /// From which annotation on, by id, none was checked yet; none when all are.
    pub unchecked: Option<AnnotationId>,
}

/// The annotations of an article that break rules, and which; never an empty list.
pub type Problems = Map<AnnotationId, Arc<Vec<Finding>>>;

impl OpenArticle {
    /// The selected stretch as it is, possibly empty.
    pub fn selection(&self) -> Span {
        self.text.span(self.anchor, self.head).unwrap_or_else(|| Span::empty(Pos::default()))
    }

    /// Whether something is selected.
    pub fn selects(&self) -> bool {
        self.anchor != self.head
    }

    /// The picked annotation, as a project has it.
    pub fn picked_in<'a>(&self, project: &'a Project) -> Option<&'a Arc<Annotation>> {
        project.annotations(&self.set)?.get(self.picked.as_ref()?)
    }
}

/// The history of an article, and the point of it that is looked at.
#[derive(Clone, Debug)]
pub struct Past {
    /// The commits that touch the article, newest first, as far as they were read.
    pub commits: Arc<Vec<Arc<Commit>>>,
    /// There are older ones.
    pub more: bool,
    /// Which of them is the last that has been done; 0 for the article as it is now.
    pub at: usize,
    /// The project with the article as that commit left it.
    pub project: Arc<Project>,
}

impl Past {
    /// Which commits are rows of a list, by their places: of neighbours with one wish, the newest.
    pub fn acts(&self) -> Vec<usize> {
        let group = |at: usize| self.commits.get(at).map(|commit| &commit.intent_group);
        let newest = |at: &usize| *at == 0 || group(at - 1) != group(*at);
        (0..self.commits.len()).filter(newest).collect()
    }

    /// What was not yet done at the point that is looked at, newest first.
    pub fn later(&self) -> &[Arc<Commit>] {
        &self.commits[..self.at.min(self.commits.len())]
    }
}

/// What a selection in the text is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mode {
    /// To be marked.
    #[default]
    Mark,
    /// To be one more span of an annotation.
    AddSpan {
        /// Which one.
        annotation: AnnotationId,
    },
    /// To be the value of an attribute: a cue, or the mention of a speaker.
    PickSpan {
        /// Which annotation.
        annotation: AnnotationId,
        /// Which attribute.
        attribute: AttributeId,
    },
    /// To be the place of an annotation that has none in the text.
    Place {
        /// Which one.
        annotation: AnnotationId,
    },
    /// Caret movements move an edge of an annotation.
    Edge {
        /// Which annotation.
        annotation: AnnotationId,
        /// Which edge.
        edge: Edge,
        /// All movements until the mode ends are undone at once.
        group: IntentGroup,
    },
}

/// A question what giving an article another text does.
#[derive(Clone, Debug)]
pub struct Comparing {
    /// The open project, with the article loaded.
    pub mine: Arc<Project>,
    /// Which article.
    pub article: ArticleId,
    /// Its other text.
    pub new: Text,
    /// Where that came from.
    pub from: NewText,
}

/// Where another text of an article came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewText {
    /// A person wrote it.
    Written,
    /// It stands at this place of [`EditorState::held_back`].
    HeldBack(usize),
}

/// A relation that is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Relating {
    /// Where it starts.
    pub from: Place,
    /// The label there.
    pub label: LabelId,
    /// It was asked for since a new annotation must have it: any other act ends it.
    pub asked: bool,
    /// What it means.
    pub kind: RelationTypeId,
}

/// One edge of one span of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Which span, in the order of the text.
    pub span: usize,
    /// Its start; else its end.
    pub start: bool,
}

/// Whether this tab may change the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writer {
    /// Not yet known.
    #[default]
    Asking,
    /// It may.
    Writing,
    /// Another tab writes it.
    Reading,
    /// Another tab has asked to write it, and may when this one has saved what it has.
    HandingOver,
    /// Nothing can be stored here, for the reason that a notice says: export before leaving.
    Unstored,
}

/// What the browser says of the place where work is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    /// How much this page and its neighbours on the same host use, and may use, in bytes; none
    /// where the browser does not tell.
    pub used: Option<(u64, u64)>,
    /// How long the browser keeps it.
    pub keeps: Keeps,
    /// Other tabs are kept from writing the same project.
    pub exclusive: bool,
    /// The annotator has been told before that it may not last.
    pub told: bool,
}

/// How long a browser keeps what a page stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Until a person deletes it.
    UntilDeleted,
    /// As long as it has room; a private window until it is closed.
    WhileRoom,
    /// Safari: as [`Keeps::WhileRoom`], and no longer than seven days of use without a visit.
    SevenDays,
}

impl Storage {
    /// Whether nine tenths of what may be used are used.
    pub fn is_almost_full(&self) -> bool {
        self.used.is_some_and(|(used, quota)| used / 9 >= quota / 10)
    }
}

/// A dataset that is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Making {
    /// What is wanted.
    pub wanted: Wanted,
    /// What would be in it, or why that cannot be said; none before the first answer.
    pub found: Option<Result<Arc<Dataset>, String>>,
    /// What was found is not what would be in what is wanted now.
    pub outdated: bool,
    /// What is being done for it; one thing at a time.
    pub doing: Option<Doing>,
    /// What is to be given after that.
    pub next: Option<Give>,
    /// How often something was begun: answers to what was begun earlier are none.
    pub runs: u32,
}

/// What is being done for a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    /// What comes of it.
    pub give: Give,
    /// How far it is; none until it takes long enough to be shown.
    pub stage: Option<Stage>,
}

/// How far something is that is done for a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// So many articles of so many are at hand.
    Articles(usize, usize),
    /// The dataset is put together.
    #[default]
    Writing,
    /// It is, and so many articles of so many are in it.
    Written(usize, usize),
    /// So many of so many megabytes are in the archive.
    Packed(usize, usize),
    /// So many files of so many are in the folder.
    Files(usize, usize),
}

/// Copies of the open project outside the browser.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Copies {
    /// The browser can write to a folder by itself.
    pub can_choose: bool,
    /// The folder that copies are written to, if one was chosen.
    pub folder: Option<Folder>,
    /// The newest commit that is in a copy, and when that was written.
    pub last: Option<(u64, Timestamp)>,
    /// The next copy has its time, or is being written.
    pub due: bool,
    /// The newest commit when a person was last reminded.
    pub reminded: u64,
}

/// A folder that a person has chosen for copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// As the system names it.
    pub name: String,
    /// Whether it can be written to.
    pub state: FolderState,
}

/// Whether a folder can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderState {
    /// It can.
    Ready,
    /// The browser wants to be asked again, by a click.
    Asks,
    /// It could not, for this reason.
    Failed(String),
}

/// What is not yet on disk.
#[derive(Clone, Debug, Default)]
pub struct Saving {
    /// Commits that the store has not confirmed, in order.
    pub commits: Arc<Vec<Arc<Commit>>>,
    /// Texts that must be stored before those commits.
    pub texts: Arc<Vec<Text>>,
    /// Why the last attempt failed.
    pub failed: Option<Arc<str>>,
}

impl Saving {
    /// Whether everything is on disk.
    pub fn is_saved(&self) -> bool {
        self.commits.is_empty() && self.texts.is_empty() && self.failed.is_none()
    }
}

/// A project as a file has it.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The file's path or name.
    pub file: String,
    /// The project.
    pub project: Project,
    /// What of the file could not be read.
    pub problems: Vec<Problem>,
}

/// How the page is left for another build of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// The newer build that waits takes over; it says so by [`Tidings::Outdated`].
    Update,
    /// The page is opened anew.
    Reload,
}

/// What the page learns of its own builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tidings {
    /// A newer build is here, and waits for the person to agree.
    Newer,
    /// Another build has taken over: parts of this one may not be there any more.
    Outdated,
    /// The page is one file, opened from a disk.
    OneFile {
        /// What this browser does not give to such a page, joined by commas; may be empty.
        lacks: String,
    },
}

/// What stands beside the article, where its history does not.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Side {
    /// The picked annotation, and all as a list.
    #[default]
    Annotations,
    /// The guidelines.
    Guidelines {
        /// The numbered rule that one came for.
        rule: Option<u32>,
        /// They are being written.
        writing: bool,
    },
    /// The search over all articles.
    Search,
}

/// A search over all articles, and what it found until now.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What is looked for.
    pub query: Query,
    /// How often the page, and not a person, has said what is looked for.
    pub given: u32,
    /// Which search this is: answers to another are dropped.
    pub run: u32,
    /// What was found, as far as it is kept.
    pub hits: Arc<Vec<Hit>>,
    /// How many hits there are in all.
    pub total: u32,
    /// The hit that one is at.
    pub at: Option<usize>,
    /// How many articles have been searched.
    pub searched: usize,
    /// How many there are to be.
    pub of: usize,
    /// It is under way.
    pub running: bool,
    /// Why it could not be done.
    pub problem: Option<String>,
    /// The label that the hits are to get, where what reads alike was looked for.
    pub like: Option<LabelId>,
}

/// Guidelines as they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct GuidePage {
    /// In Markdown.
    pub source: String,
    /// What comes of it.
    pub blocks: Vec<Block>,
}

/// What stands over the page.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// All keys.
    Keys,
    /// Text to become an article.
    Paste {
        /// Why the text was not taken.
        problem: Option<String>,
    },
    /// Format and name for the file.
    Export,
    /// What a dataset is to be: [`EditorState::making`].
    Dataset,
    /// The projects of this browser.
    Projects,
    /// What could not be read.
    Report {
        /// What was read, as a sentence.
        summary: String,
        /// What was not.
        problems: Arc<Vec<Problem>>,
    },
    /// A file of a project that is already here.
    Merge {
        /// The project as the file has it.
        incoming: Arc<Incoming>,
        /// What merging would do, and what is to be decided.
        merge: Arc<Merge>,
        /// What is decided so far.
        decisions: Arc<Decisions>,
    },
    /// The open project is to be made what a file has.
    Restore {
        /// The project as the file has it.
        incoming: Arc<Incoming>,
        /// What that would do.
        restore: Arc<Restore>,
    },
    /// One of many is looked for by typing.
    Find(Find),
    /// The speakers of the project.
    Speakers {
        /// What is typed above them: speakers of whose names one holds it are shown.
        filter: String,
    },
    /// The groups of annotations that repeat one claim.
    Claims {
        /// What is typed above them: groups that hold it are shown.
        filter: String,
    },
    /// The text of an article, to be changed.
    WriteText {
        /// Which article.
        article: ArticleId,
        /// What is to be changed.
        text: Text,
        /// Why what was written cannot be compared.
        problem: Option<String>,
    },
    /// What giving an article another text does.
    Retext {
        /// All of it.
        plan: Arc<Plan>,
        /// Where the text came from.
        from: NewText,
    },
    /// The scheme.
    Scheme {
        /// What of it.
        part: SchemePart,
        /// What is asked before it is done.
        asked: Option<SchemeAsk>,
        /// Why a file was not read.
        problem: Option<String>,
    },
    /// A project is to be deleted.
    DeleteProject {
        /// Which one.
        id: ProjectId,
        /// Its name.
        title: String,
    },
}

impl Dialog {
    /// Whether who looks at it is at work on annotations.
    pub fn is_work(&self) -> bool {
        matches!(self, Dialog::Find(_) | Dialog::Speakers { .. } | Dialog::Claims { .. })
    }

    /// Whether each change in it is an act of its own, so that undo and redo act there too.
    pub fn undoes(&self) -> bool {
        matches!(
            self,
            Dialog::Speakers { .. } | Dialog::Claims { .. } | Dialog::Scheme { asked: None, .. }
        )
    }
}

impl PartialEq for Dialog {
    fn eq(&self, other: &Self) -> bool {
        use Dialog as D;
        match (self, other) {
            (D::Keys, D::Keys)
            | (D::Export, D::Export)
            | (D::Dataset, D::Dataset)
            | (D::Projects, D::Projects) => true,
            (D::Speakers { filter: a }, D::Speakers { filter: b })
            | (D::Claims { filter: a }, D::Claims { filter: b }) => a == b,
            (D::Find(a), D::Find(b)) => Arc::ptr_eq(&a.rows, &b.rows) && a.at == b.at,
            (D::Paste { problem: a }, D::Paste { problem: b }) => a == b,
            (D::Report { problems: a, .. }, D::Report { problems: b, .. }) => Arc::ptr_eq(a, b),
            (
                D::Merge { merge: a, decisions: decided_a, .. },
                D::Merge { merge: b, decisions: decided_b, .. },
            ) => Arc::ptr_eq(a, b) && Arc::ptr_eq(decided_a, decided_b),
            (D::Restore { restore: a, .. }, D::Restore { restore: b, .. }) => Arc::ptr_eq(a, b),
            (
                D::WriteText { text: a, problem: why_a, .. },
                D::WriteText { text: b, problem: why_b, .. },
            ) => a == b && why_a == why_b,
            (D::Retext { plan: a, from: from_a }, D::Retext { plan: b, from: from_b }) => {
                Arc::ptr_eq(a, b) && from_a == from_b
            }
            (
                D::Scheme { part: a, asked: asked_a, problem: problem_a },
                D::Scheme { part: b, asked: asked_b, problem: problem_b },
            ) => a == b && asked_a == asked_b && problem_a == problem_b,
            (D::DeleteProject { id: a, .. }, D::DeleteProject { id: b, .. }) => a == b,
            _ => false,
        }
    }
}

/// A short message that stays for a while.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Unlike that of any other notice of this visit.
    pub id: u32,
    /// A sentence or two.
    pub text: String,
    /// Whether it stays until it is closed.
    pub stays: bool,
    /// A button on it.
    pub offer: Option<Offer>,
    /// How far is what it says that is being done, where that is known.
    pub progress: Option<Progress>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many are done.
    pub done: u32,
    /// How many there are.
    pub all: u32,
    /// Of what.
    pub unit: &'static str,
}

/// What a message offers to do.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Offer {
    Undo,
    TakeOver,
    TakeHeldBack,
    CompareHeldBack,
    OpenArticle(ArticleId),
    FetchDeployment,
    CancelWork,
    StopDataset,
    Export,
    BackToNow,
    StopSweep,
    /// Two speakers are one: the second becomes the first.
    SameSpeaker(SpeakerId, SpeakerId),
    AllowFolder,
    CopyAgain,
    Leave(Leaving),
    /// As [`Offer::Export`], on the message that saving failed.
    SaveUnsaved,
    /// To mark as boilerplate what is proposed of an article, and how many passages that are.
    MarkProposed(ArticleId, usize),
}

impl Offer {
    /// What is offered beside it, where there are two ways.
    pub fn other(&self) -> Option<Offer> {
        match self {
            Offer::TakeHeldBack => Some(Offer::CompareHeldBack),
            _ => None,
        }
    }

    /// As on the button.
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Offer::MarkProposed(_, 1) => "Mark it as boilerplate",
            Offer::MarkProposed(_, count) => {
                return format!("Mark {count} passages as boilerplate").into();
            }
            Offer::Undo => "Undo",
            Offer::TakeOver => "Take over",
            Offer::CompareHeldBack => "Compare",
            Offer::TakeHeldBack => "Add the newer texts as new articles",
            Offer::OpenArticle(_) | Offer::FetchDeployment => "Try again",
            Offer::CancelWork | Offer::StopDataset | Offer::StopSweep => "Cancel",
            Offer::SameSpeaker(..) => "Yes, one",
            Offer::Export => "Save a copy",
            Offer::SaveUnsaved => "Save as a file",
            Offer::BackToNow => "Go back to now",
            Offer::AllowFolder => "Allow",
            Offer::CopyAgain => "Write it again",
            Offer::Leave(Leaving::Update) => "Update now",
            Offer::Leave(Leaving::Reload) => "Reload now",
        })
    }

    /// What the button does.
    pub fn action(&self) -> Action {
        match self {
            Offer::Undo => Action::Undo,
            Offer::TakeOver => Action::TakeOver,
            Offer::TakeHeldBack => Action::TakeHeldBack,
            Offer::CompareHeldBack => Action::CompareHeldBack(0),
            Offer::OpenArticle(id) => Action::OpenArticle(id.clone()),
            Offer::FetchDeployment => Action::FetchDeployment,
            Offer::CancelWork => Action::CancelWork,
            Offer::StopDataset => Action::StopDataset,
            Offer::StopSweep => Action::StopSweep,
            Offer::SameSpeaker(into, from) => {
                Action::MergeSpeakers { into: into.clone(), from: from.clone() }
            }
            Offer::Export | Offer::SaveUnsaved => Action::SaveCopy,
            Offer::BackToNow => Action::CloseHistory,
            Offer::AllowFolder => Action::AllowFolder,
            Offer::CopyAgain => Action::CopyNow,
            Offer::Leave(how) => Action::Leave(*how),
            Offer::MarkProposed(id, _) => Action::MarkProposed(id.clone()),
        }
    }
}

impl PartialEq for Notice {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What the annotator prefers; no part of any project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Selections grow to whole words.
    pub whole_words: bool,
    /// Single letters act in the article.
    pub letters: bool,
    /// A new annotation that must be linked asks for its other end at once.
    pub ask_links: bool,
    /// An annotation shows all its fields, and not only the first ones and those that have a value.
    pub all_fields: bool,
    /// Light or dark.
    pub theme: Theme,
    /// Keys in place of those that commands have of themselves.
    pub keys: OwnKeys,
}

impl Default for Settings {
    fn default() -> Self {
        let (theme, keys) = (Theme::System, OwnKeys::default());
        Settings {
            whole_words: true,
            letters: true,
            ask_links: true,
            all_fields: false,
            theme,
            keys,
        }
    }
}

shape! { Settings { whole_words, letters, ask_links: default, all_fields: default, theme, keys: omitted } }
shape! { Theme { System => "system", Light => "light", Dark => "dark" } }

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl EditorState {
    /// The state before anything is opened.
    pub fn new(annotator: AnnotatorId, settings: Settings) -> EditorState {
        EditorState {
            history: Arc::new(History::new(annotator.clone())),
            annotator,
            annotator_name: None,
            project: None,
            projects: Arc::default(),
            writer: Writer::Asking,
            last_seq: 0,
            history_from: 0,
            article: None,
            loading: None,
            past: None,
            waiting: None,
            typing: None,
            relating: None,
            held_label: None,
            last_values: Arc::default(),
            recent: Arc::default(),
            trail: Arc::default(),
            to_pick: None,
            sweeping: false,
            saving: Saving::default(),
            next_project: None,
            copies: Arc::default(),
            leaving: None,
            storage: None,
            side: Side::Annotations,
            search: Arc::default(),
            uses: Arc::default(),
            to_select: None,
            guide: None,
            dialog: None,
            notices: Arc::default(),
            notice_count: 0,
            held_back: Arc::default(),
            settings,
            changing_key: None,
            making: Arc::default(),
            active_at: None,
            proposed: Arc::default(),
        }
    }

    /// The annotation in the inspector.
    pub fn picked(&self) -> Option<&Arc<Annotation>> {
        let article = self.article.as_ref()?;
        self.annotation(article.picked.as_ref()?)
    }

    /// The project that the screen shows: with the open article as it is, or as it was where its
    /// history is looked at.
    pub fn shown(&self) -> Option<&Arc<Project>> {
        self.past.as_ref().map(|past| &past.project).or(self.project.as_ref())
    }

    /// An annotation of the open article's own set, as it is shown.
    pub fn annotation(&self, id: &AnnotationId) -> Option<&Arc<Annotation>> {
        let article = self.article.as_ref()?;
        self.shown()?.annotations(&article.set)?.get(id)
    }

    /// An annotation of the annotator's own, of any article that is loaded.
    pub fn annotation_at(&self, place: &Place) -> Option<&Arc<Annotation>> {
        let set = own_set(&place.article, &self.annotator);
        self.project.as_ref()?.annotations(&set)?.get(&place.annotation)
    }

    /// The selection as an act would take it: trimmed, and grown to whole words if preferred.
    /// None if nothing but white space is selected.
    pub fn selected_span(&self) -> Option<Span> {
        let article = self.article.as_ref()?;
        let trimmed = article.text.trim(article.selection());
        if trimmed.is_empty() {
            return None;
        }
        Some(if self.settings.whole_words {
            article.text.snap_to_words(trimmed)
        } else {
            article.text.snap_to_graphemes(trimmed)
        })
    }

    /// Whether acts are possible.
    pub fn can_write(&self) -> bool {
        self.past.is_none()
            && !self.sweeping
            && matches!(self.writer, Writer::Writing | Writer::Unstored)
    }
}

/// The name of a label, or its id where the scheme has none of that id.
pub fn label_name(project: &Project, label: &LabelId) -> String {
    match project.scheme().label(label) {
        Some(label) => label.name.clone(),
        None => label.to_string(),
    }
}

/// The names of the speakers of an annotation, joined by commas; empty without any.
pub fn speaker_names(project: &Project, annotation: &Annotation) -> String {
    speakers_in(project, &annotation.attributes)
}

/// The names of the speakers among an annotation's attributes, as [`speaker_names`].
pub fn speakers_in(project: &Project, attributes: &Map<AttributeId, AttributeValue>) -> String {
    let speakers = attributes.values().filter_map(|value| match value {
        AttributeValue::Speakers(speakers) => Some(speakers),
        _ => None,
    });
    let names = speakers.flatten().map(|it| match project.speaker(&it.id) {
        Some(speaker) => speaker.name.clone(),
        None => it.id.to_string(),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// An act in the past tense, as a menu and a screen reader say it.
pub fn describe(project: &Project, intent: &Intent) -> String {
    match intent {
        Intent::Annotate { label } => format!("{} marked", label_name(project, label)),
        Intent::Relabel { label } => format!("Changed to {}", label_name(project, label)),
        Intent::AddSpan => "Span added".to_owned(),
        Intent::RemoveSpan => "Span removed".to_owned(),
        Intent::MoveEdge => "Edge moved".to_owned(),
        Intent::Fix => "Edges mended".to_owned(),
        Intent::Delete => "Annotation deleted".to_owned(),
        Intent::SetSpeaker => "Speaker set".to_owned(),
        Intent::SetCue => "Cue set".to_owned(),
        Intent::SetAttribute { name } => format!("{name} set"),
        Intent::SetNote => "Note changed".to_owned(),
        Intent::SetStatus => "Status changed".to_owned(),
        Intent::AddArticles { count: 1 } => "Article added".to_owned(),
        Intent::AddArticles { count } => format!("{count} articles added"),
        Intent::RemoveArticle => "Article removed".to_owned(),
        Intent::ChangeText => "Text changed".to_owned(),
        Intent::PlaceAnnotation => "Annotation placed".to_owned(),
        Intent::RenameProject => "Project renamed".to_owned(),
        Intent::SetGuidelines => "Guidelines changed".to_owned(),
        Intent::NameAnnotator => "Name given".to_owned(),
        Intent::RenameSpeaker => "Speaker renamed".to_owned(),
        Intent::MergeSpeakers => "Speakers merged".to_owned(),
        Intent::SplitSpeaker => "Speaker split".to_owned(),
        Intent::DeleteSpeaker => "Speaker deleted".to_owned(),
        Intent::Relate { name } => format!("Linked: {name}"),
        Intent::Unrelate { name } => format!("Link removed: {name}"),
        Intent::MarkAlike => "Same passages marked".to_owned(),
        Intent::RepeatValues => "Last values repeated".to_owned(),
        Intent::CopyAnnotations => "Annotations copied".to_owned(),
        Intent::Group => "Put into a group".to_owned(),
        Intent::Ungroup => "Taken out of its group".to_owned(),
        Intent::SetSentence => "Sentence of a group changed".to_owned(),
        Intent::MergeGroups => "Groups merged".to_owned(),
        Intent::SplitGroup => "Group split".to_owned(),
        Intent::DeleteGroup => "Group deleted".to_owned(),
        Intent::SetRegion => "Marked as boilerplate".to_owned(),
        Intent::UnsetRegion => "No longer boilerplate".to_owned(),
        Intent::AddLabel => "Label added".to_owned(),
        Intent::ChangeLabel => "Label changed".to_owned(),
        Intent::MergeLabels => "Labels merged".to_owned(),
        Intent::DeleteLabel => "Label deleted".to_owned(),
        Intent::AddAttribute => "Attribute added".to_owned(),
        Intent::ChangeAttribute => "Attribute changed".to_owned(),
        Intent::DeleteAttribute => "Attribute deleted".to_owned(),
        Intent::AddRelationType => "Kind of link added".to_owned(),
        Intent::ChangeRelationType => "Kind of link changed".to_owned(),
        Intent::DeleteRelationType => "Kind of link deleted".to_owned(),
        Intent::ImportScheme => "Scheme read from a file".to_owned(),
        Intent::OpenDeployment | Intent::OpenFile => "Project opened".to_owned(),
        Intent::Merge { file } if file.is_empty() => "Merged".to_owned(),
        Intent::Merge { file } => format!("Merged “{file}”"),
        Intent::Restore { file } => format!("Restored from “{file}”"),
        Intent::BringBack { .. } => "Brought back as it was".to_owned(),
        Intent::Undo { what } => format!("Undone: {}", uncapital(&describe(project, what))),
        Intent::Redo { what } => format!("Redone: {}", uncapital(&describe(project, what))),
    }
}

/// With a small first letter, to stand behind a colon.
fn uncapital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
