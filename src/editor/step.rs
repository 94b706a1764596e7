//! One step: what happens to the state, and what is asked of the browser.

mod annotate;
mod articles;
mod caret;
mod check;
mod claims;
mod commit;
mod copies;
mod dataset;
mod guide;
mod leave;
mod merge;
mod open;
mod own_keys;
mod past;
mod regions;
mod relate;
mod retext;
mod scheme;
mod search;
mod speakers;
mod speed;
mod sweep;
mod tabs;
mod time;

pub use dataset::Wish;
pub use guide::guidelines;
pub use search::KEPT_HITS;
pub use sweep::Sweep;

use std::sync::Arc;

use super::find::{Find, Finder};
use super::scheme::{SchemeAsk, SchemePart};
use super::state::{
    Comparing, Copies, Dialog, EditorState, Folder, Incoming, Leaving, Notice, Offer, Progress,
    Settings, Stage, Storage, Tidings, Writer,
};
use super::{OwnKeys, Press};
use crate::annotation::{
    AnnotationId, ArticleId, AttributeValue, GroupId, Place, RelationId, SpeakerId,
};
use crate::edit::act::retext::Plan;
use crate::edit::act::{Ctx, End, scheme as scheme_acts};
use crate::edit::merge::{Decisions, Merge, Rule, Side};
use crate::edit::{Commit, Direction};
use crate::format::dataset::Wanted;
use crate::format::deployment::Deployment;
use crate::format::markdown::Block;
use crate::format::native::Layout;
use crate::format::scheme_file::SchemeFile;
use crate::format::stored::ProjectRow;
use crate::format::{NewArticle, Problem};
use crate::job::{Dataset, Give};
use crate::map::Map;
use crate::project::{Article, Deletion, Key, Project, ProjectId, SetKey, Sets};
use crate::scheme::{
    Attribute, AttributeId, Label as SchemeLabel, LabelId, RelationType, Rule as SchemeRule,
};
use crate::search::{Found, Query};
use crate::text::{Pos, Span, Text};

/// Something that happened: a person's act, or an answer from the browser.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Action {
    // The caret and the selection.
    Move {
        motion: Motion,
        extend: bool,
    },
    /// The caret goes to a place that only the layout knows: line up, line end, page down.
    Place {
        pos: Pos,
        extend: bool,
    },
    /// The browser's selection changed.
    Select {
        anchor: Pos,
        head: Pos,
    },
    SelectAll,
    /// A click or tap without a selection, on a character or beside all text.
    Click {
        pos: Pos,
        on_text: bool,
    },
    /// The pointer that selected was let go.
    SelectEnd,

    // Marking and changing.
    Mark(LabelId),
    LabelKey(char),
    Relabel(AnnotationId, LabelId),
    AddSpan,
    RemoveSpan(AnnotationId, usize),
    StartEdge,
    SwitchEdge,
    /// An edge was dragged to a place.
    DragEdge {
        annotation: AnnotationId,
        span: usize,
        start: bool,
        to: Pos,
    },
    Delete,
    SetAttribute(AnnotationId, AttributeId, Option<AttributeValue>),
    NextChoice,
    /// The selection names the speaker; without a selection, the inspector's field is focused.
    Speaker,
    /// The word at a place names the speaker of the picked annotation.
    NameAt(Pos),
    /// A name was typed for the picked annotation's speaker.
    AddSpeaker {
        annotation: AnnotationId,
        attribute: AttributeId,
        name: String,
    },
    /// The selection is the cue; without a selection, one is asked for.
    Cue,
    /// A span is asked for, to be picked in the text.
    PickSpan {
        annotation: AnnotationId,
        attribute: AttributeId,
    },
    SetNote(AnnotationId, String),
    FocusNote,
    /// Back to the text.
    FocusArticle,
    /// A field of the inspector was left: what was typed in it is one intent.
    EndTyping,

    // Rules.
    /// The next annotation that breaks a rule, or the one before.
    NextProblem {
        back: bool,
    },
    /// Mends what breaks this rule.
    Fix(AnnotationId, SchemeRule),
    /// Mends all that can be of the picked annotation.
    FixPicked,

    // The same again.
    /// Marks what is selected from now on at once with the label that has the key.
    HoldLabel(char),
    MarkIdentical,
    RepeatValues,
    CopyFromTwin,
    NextUnannotated,

    // Relations.
    /// A relation begins at the picked annotation; again, it is of the next type.
    Relate,
    /// The other end is looked for by typing.
    FindOtherEnd,
    RelateTo(End),
    Unrelate(RelationId),
    /// Goes to an annotation of any article, to come back from there.
    Follow(Place),
    FollowRelation,
    FollowBack,

    // Speakers.
    RenameSpeaker(SpeakerId, String),
    /// Other names, with commas between them.
    SetAliases(SpeakerId, String),
    MergeSpeakers {
        into: SpeakerId,
        from: SpeakerId,
    },
    /// Whom to merge one into, or what group, is looked for by typing.
    FindInto(Finder),
    /// Speakers or groups that hold these words are shown.
    FilterRows(String),
    /// An alias becomes a speaker of their own.
    SplitSpeaker(SpeakerId, String),
    DeleteSpeaker(SpeakerId),
    /// How often speakers speak in so many articles more.
    UsesCounted {
        run: u32,
        articles: usize,
        by_speaker: Map<SpeakerId, u32>,
    },
    /// They could not be counted, for this reason.
    UsesFailed {
        run: u32,
        why: String,
    },
    /// An act over many articles goes on.
    Sweep(Box<Sweep>),
    StopSweep,

    // Groups.
    SetSentence(GroupId, String),
    MakeGroup(Vec<Place>),
    JoinGroup(GroupId, Place),
    LeaveGroup(GroupId, Place),
    MergeGroups {
        into: GroupId,
        from: GroupId,
    },
    SplitGroup(GroupId, Vec<Place>),
    DeleteGroup(GroupId),

    // Searching all articles.
    OpenSearch,
    Search(Box<Query>),
    /// Some articles have been searched.
    FoundMore {
        run: u32,
        found: Found,
        searched: usize,
    },
    SearchFailed {
        run: u32,
        why: String,
    },
    StopSearch,
    NextHit {
        back: bool,
    },
    GoToHit(usize),
    MarkHits(LabelId),
    /// Looks for what reads as the picked annotation does, in all articles.
    SearchIdentical,
    // The scheme.
    OpenScheme,
    /// A list of the scheme is shown, and something picked in it.
    ShowScheme(SchemePart),
    /// To the list that is shown, by a name.
    AddToScheme(String),
    MoveInScheme {
        part: SchemePart,
        back: bool,
    },
    /// Takes the place of the label that has its id.
    ChangeLabel(Box<SchemeLabel>),
    ChangeAttribute(Box<Attribute>),
    ChangeRelationType(Box<RelationType>),
    AddValue(AttributeId, String),
    MoveValue {
        attribute: AttributeId,
        value: String,
        back: bool,
    },
    RenameValue {
        attribute: AttributeId,
        value: String,
        into: String,
    },
    /// What would be done is shown first; nothing takes that back.
    AskScheme(Option<SchemeAsk>),
    /// What was asked is done.
    DoAsked,
    /// A scheme's file was chosen.
    ReadScheme {
        file: String,
        text: String,
    },
    /// It was read, or not.
    SchemeRead(Box<Result<SchemeFile, String>>),
    ExportScheme,

    // Finding by typing.
    OpenPalette,
    Typed(String),
    /// The row after or before.
    NextFound {
        back: bool,
    },
    TakeFound,
    /// A row was clicked: what it says is done.
    TakeThis(Box<Action>),

    // Picking.
    Pick(AnnotationId),
    PickNext {
        back: bool,
    },
    PickAtCaret,
    Escape,

    // Undo.
    Undo,
    Redo,
    /// Older commits came from the store, newest first.
    OlderCommits(Vec<Arc<Commit>>),

    // The open article's history.
    OpenHistory,
    /// Commits that touch an article came from the store, newest first; some follow older ones.
    HistoryRead {
        article: ArticleId,
        before: Option<u64>,
        commits: Vec<Arc<Commit>>,
        more: bool,
    },
    OlderHistory,
    /// The article is shown as the commit at this place left it; 0 is now.
    LookAt(usize),
    BringBack,
    CloseHistory,

    // Articles.
    OpenArticle(ArticleId),
    NextArticle {
        back: bool,
    },
    ArticleLoaded {
        article: ArticleId,
        text: Text,
        annotations: Sets,
        caret: u32,
    },
    ArticleFailed {
        article: ArticleId,
        why: String,
    },
    ToggleDone,
    SetStatus(ArticleId, crate::annotation::Status),
    RemoveArticle(ArticleId),
    /// Articles were read from files or pasted.
    ArticlesRead {
        articles: Vec<NewArticle>,
        problems: Vec<Problem>,
    },
    Paste {
        title: String,
        text: String,
    },
    /// A project's file was read.
    ProjectRead(Arc<Incoming>),
    /// A project's file has been stored, as a project that is new here.
    ProjectTakenIn {
        id: ProjectId,
        title: String,
        /// Whether the file held articles alone, and no project.
        made: bool,
        /// What of it could not be taken.
        problems: Vec<Problem>,
    },
    /// What merging a file's project does.
    Merged {
        asked: Box<Merging>,
        merge: Box<Merge>,
    },
    /// Newer texts of articles that carry work have come with the page.
    NewerFetched(Vec<NewArticle>),
    /// The texts held back are taken as new articles.
    TakeHeldBack,

    // Another text of an article.
    /// The open article's text is shown, to be changed.
    WriteText,
    /// What was written is compared with the article's text.
    CompareText(String),
    /// Back from the comparison to what was written.
    WriteOn,
    /// The text at this place of those held back is compared with the article's.
    CompareHeldBack(usize),
    /// What another text does is known.
    Compared {
        asked: Box<Comparing>,
        plan: Box<Plan>,
    },
    ChangeText,
    /// The article keeps its text, and the next one that is held back is compared.
    SkipHeldBack,
    ShowUnplaced,
    /// A place is asked for, for an annotation that has none.
    PlaceUnplaced(AnnotationId),
    GiveUpUnplaced(AnnotationId),

    // Projects.
    ProjectOpened(Box<Opened>),
    DeploymentFetched(Box<Deployment>),
    /// What the page carries could not be had.
    DeploymentFailed {
        why: String,
    },
    FetchDeployment,
    ProjectsListed(Vec<ProjectRow>),
    OpenProject(ProjectId),
    NewProject {
        title: String,
    },
    RenameProject {
        title: String,
    },
    AskDeleteProject(ProjectId),
    DeleteProject(ProjectId),
    RestoreProject(ProjectId),
    /// Decides all differences by a rule.
    DecideAll(Rule),
    /// Decides one difference.
    Decide(Key, Side),
    MergeTheirs,
    KeepCopy,
    /// Shows what would change if the project were made what the file has.
    AskRestore,
    /// Makes the project what the file has.
    Restore,

    // Jobs.
    /// A job takes long: what it does, said until [`Action::Worked`] says the same.
    Working(String),
    /// How far it is, if it is said.
    Progress {
        what: String,
        progress: Progress,
    },
    Worked(String),
    CancelWork,
    /// Checks more of the open article.
    CheckMore,

    // Saving.
    /// Everything up to this commit is on disk.
    Saved {
        seq: u64,
        texts: usize,
    },
    SaveFailed {
        why: String,
    },
    RetrySave,
    /// What the browser knows of copies of the open project.
    CopiesKnown(Copies),
    /// The project's file, at once and without a question.
    SaveCopy,
    /// A copy with all commits up to this one is outside the browser.
    Copied {
        seq: u64,
    },
    CopyNow,
    CopyFailed {
        why: String,
    },
    ChooseFolder,
    AllowFolder,
    ForgetFolder,
    /// A folder for copies was chosen or allowed, or is no more wanted.
    FolderIs(Option<Folder>),
    /// The browser was asked about its storage.
    StorageKnown(Storage),
    WriterChanged(Writer),
    TakeOver,
    /// Another tab has this project's commits up to this one on disk.
    OthersWrote {
        seq: u64,
    },
    /// Commits of another tab came from the store, oldest first.
    NewerCommits(Vec<Arc<Commit>>),
    /// Another tab wants to write this project.
    HandOver,

    // Builds of the page.
    /// The page has learnt of another build of it.
    Told(Tidings),
    /// The person agrees to leave the page for another build.
    Leave(Leaving),

    // Dialogs and settings.
    OpenKeys,
    OpenPaste,
    OpenExport,
    OpenDataset,
    WantDataset(Wish),
    /// How far the dataset is that is being made or looked at.
    DatasetStage {
        run: u32,
        stage: Stage,
    },
    DatasetKnown {
        run: u32,
        found: Result<Box<Dataset>, String>,
    },
    MakeDataset,
    /// It is to go into a folder, which is asked for.
    SaveDataset,
    /// The folder was chosen.
    DatasetFolderChosen,
    /// The person has the dataset, or none could be made: a message says so.
    DatasetDone {
        run: u32,
        said: String,
        stays: bool,
    },
    StopDataset,
    OpenProjects,
    /// Shows the guidelines beside the text, at a numbered rule if one is given.
    OpenGuidelines(Option<u32>),
    /// Guidelines were read.
    MarkdownRead {
        source: String,
        blocks: Vec<Block>,
    },
    WriteGuidelines(bool),
    SetGuidelines(String),
    CloseSide,
    OpenSpeakers,
    OpenClaims,
    CloseDialog,
    Export {
        name: String,
        layout: Layout,
    },
    Notify {
        text: String,
        stays: bool,
    },
    DropNotice(u32),
    ChangeSettings(Settings),

    // Regions.
    /// The selection is boilerplate; or what is so there is so no longer.
    ToggleRegion,
    /// Says what of the open article looks like none of it.
    ProposeRegions,
    /// What is proposed of this article is boilerplate.
    MarkProposed(ArticleId),

    // Time.
    /// The annotator is at work, or has gone: the page lies behind another.
    Active {
        here: bool,
    },

    // Keys of one's own.
    /// The next key that is pressed runs the command of this id; none to leave that.
    ChangeKey(Option<&'static str>),
    /// A key was pressed for it.
    KeyPressed {
        key: String,
        code: String,
        ctrl: bool,
        alt: bool,
        shift: bool,
    },
    ResetKeys,
    PrintKeys,
}

/// A project as the store has it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its index.
    pub project: Project,
    /// The `seq` of its newest commit.
    pub last_seq: u64,
    /// Whether this tab may write it.
    pub writer: Writer,
    /// The article to open, if it is still there.
    pub article: Option<ArticleId>,
}

/// A question what merging does.
#[derive(Clone, Debug)]
pub struct Merging {
    /// The open project, with what merging needs loaded.
    pub mine: Arc<Project>,
    /// Its newest commit.
    pub seq: u64,
    /// The project as a file has it.
    pub incoming: Arc<Incoming>,
    /// What stands where the two differ.
    pub decisions: Decisions,
    /// A person has seen what merging does and has decided: it is done. Else it is shown.
    pub decided: bool,
}

/// Where the caret goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Motion {
    Left,
    Right,
    WordLeft,
    WordRight,
    SentenceBack,
    SentenceForward,
    ParagraphBack,
    ParagraphForward,
    Start,
    End,
}

/// What a step asks of the browser; run in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Write what `saving` holds; the answer is [`Action::Saved`] or [`Action::SaveFailed`].
    Save,
    /// Load an article's text and annotations; the answer is [`Action::ArticleLoaded`].
    LoadArticle(Arc<Article>),
    /// Read commits older than `before`; the answer is [`Action::OlderCommits`].
    LoadCommits {
        /// A `seq`.
        before: u64,
    },
    /// Read commits that touch an article, older than `before`; the answer is
    /// [`Action::HistoryRead`].
    LoadHistory {
        /// Which article.
        article: ArticleId,
        /// A `seq`; none for the newest.
        before: Option<u64>,
    },
    /// Read commits newer than `after`; the answer is [`Action::NewerCommits`].
    LoadNewer {
        /// A `seq`.
        after: u64,
    },
    /// Open a stored project; the answer is [`Action::ProjectOpened`].
    OpenProject(ProjectId),
    /// Store a project and then open it.
    StoreProject(Box<Project>),
    /// Open a stored project, and then do this.
    OpenThen(ProjectId, Box<Action>),
    /// Load these articles, and then do this.
    LoadThen(Vec<Arc<Article>>, Box<Action>),
    /// Do [`Action::CheckMore`] when there is time.
    CheckMore,
    /// Find out what merging does; the answer is [`Action::Merged`].
    Merge(Box<Merging>),
    /// Find out what giving an article another text does; the answer is [`Action::Compared`].
    Compare(Box<Comparing>),
    /// Read a page of Markdown; the answer is [`Action::MarkdownRead`].
    ReadMarkdown(String),
    /// Search articles, some at a time; the answers are [`Action::FoundMore`] and
    /// [`Action::SearchFailed`].
    Search {
        /// What is looked for.
        query: Box<Query>,
        /// Where.
        articles: Vec<Arc<Article>>,
        /// Which search it is.
        run: u32,
    },
    /// Stop the search that goes on.
    StopSearch,
    /// Count how often speakers speak in these articles, some at a time, and count for no other run; the
    /// answers are [`Action::UsesCounted`] and [`Action::UsesFailed`].
    CountUses {
        /// Where.
        articles: Vec<ArticleId>,
        /// Which counting it is.
        run: u32,
    },
    /// Read the scheme of a file; the answer is [`Action::SchemeRead`].
    ReadScheme {
        /// The file's name.
        file: String,
        /// What it holds.
        text: String,
    },
    /// Write the scheme's file and download it.
    ExportScheme,
    /// Show what stands beside the article, where a small screen hides it.
    ShowSide,
    /// Stop the jobs that are under way.
    CancelWork,
    /// Fetch once more what the page carries, and open it.
    FetchDeployment,
    /// Fetch the deployment's newer texts of these; the answer is [`Action::NewerFetched`].
    FetchNewer(Vec<Article>),
    /// Mark a stored project as deleted or bring it back, and list the projects again.
    DeleteProject(ProjectId, bool),
    /// Read the list of projects again; the answer is [`Action::ProjectsListed`].
    ListProjects,
    /// Ask the tab that holds the writer's lock for it, take it where it does not answer, and open
    /// the project again.
    TakeOver,
    /// Give the writer's lock up.
    GiveUpLock,
    /// Make a dataset and give it to the person, or say what would be in it: the answer is
    /// [`Action::DatasetDone`] or [`Action::DatasetKnown`], and where it takes long some
    /// [`Action::DatasetStage`] before.
    Dataset {
        /// What is wanted.
        wanted: Box<Wanted>,
        /// What is given of it. Files go into the folder that was chosen.
        give: Give,
        /// Which run it is.
        run: u32,
    },
    /// Stop what is being done for a dataset.
    StopDataset,
    /// Let a person choose a folder for a dataset; the answer is [`Action::DatasetFolderChosen`],
    /// if they do.
    ChooseDatasetFolder,
    /// Write the native file of the project and download it.
    Export(Layout),
    /// Write a copy into the chosen folder after some time: [`Action::CopyNow`].
    CopyIn {
        /// How long to wait.
        seconds: u32,
    },
    /// Write a copy into the chosen folder; the answer is [`Action::Copied`] or
    /// [`Action::CopyFailed`].
    WriteCopy,
    /// Remember when the last copy was written, and what was in it.
    RememberCopy,
    /// Let a person choose a folder for copies, or allow the one that was chosen; the answer is
    /// [`Action::FolderIs`].
    ChooseFolder,
    /// See [`Effect::ChooseFolder`].
    AllowFolder,
    /// Forget the folder that was chosen.
    ForgetFolder,
    /// Say it to a screen reader.
    Announce(String),
    /// Move the focus.
    Focus(Focus),
    /// Scroll so that the span is seen.
    Reveal(Span),
    /// Show the caret and the selection as the state has them, in view.
    ShowCaret,
    /// Let go of the browser's selection.
    DropSelection,
    /// Keep the settings.
    RememberSettings,
    /// Leave the page for another build of it: all is saved.
    Leave(Leaving),
    /// Store how much time was spent on an article in all.
    RememberTime {
        /// Whose, and on which.
        set: SetKey,
        /// How much.
        seconds: u64,
    },
    /// Print what the dialog shows.
    Print,
}

/// Where the focus goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Focus {
    Article,
    Speaker,
    Note,
    /// The field of [`Dialog::Find`].
    Finder,
    /// The field of the search over all articles.
    Search,
    /// The first annotation that has no place.
    Unplaced,
    /// The field in which the guidelines are written.
    Guidelines,
}

/// The state after an action, and what it asks for.
///
/// Pure: the same state, action, time and ids give the same answer.
pub fn step(state: &EditorState, action: Action, ctx: &mut dyn Ctx) -> (EditorState, Vec<Effect>) {
    let mut step = Step { state: state.clone(), effects: Vec::new(), ctx };
    if let Some(act) = step.read(action) {
        step.work(act);
        step.check_open();
    }
    (step.state, step.effects)
}

/// [`step`] for what happens while a person only reads: opening projects and articles. Any other
/// action is given back, to be stepped by [`step`] on the same state.
///
/// The page fetches first what this needs, and the rest at the first act.
pub fn step_reading(
    state: &EditorState,
    action: Action,
    ctx: &mut dyn Ctx,
) -> Result<(EditorState, Vec<Effect>), Action> {
    let mut step = Step { state: state.clone(), effects: Vec::new(), ctx };
    match step.read(action) {
        None => Ok((step.state, step.effects)),
        Some(act) => Err(act),
    }
}

/// A step under way.
struct Step<'a> {
    state: EditorState,
    effects: Vec<Effect>,
    ctx: &'a mut dyn Ctx,
}

impl Step<'_> {
    /// What reading needs; gives back, untouched, what is an act or needs what acts are made of.
    fn read(&mut self, action: Action) -> Option<Action> {
        use Action as A;
        match action {
            A::ProjectOpened(opened) => self.project_opened(*opened),
            A::DeploymentFetched(deployment) if self.is_known(&deployment) => {
                self.show_list(&deployment);
            }
            A::DeploymentFailed { why } => self.deployment_failed(&why),
            A::OpenArticle(article) => self.open_article(&article),
            A::NextArticle { back } => self.next_article(back),
            // An undo that waits for it goes on, and what is to be picked in it is picked.
            A::ArticleLoaded { article, text, annotations, caret }
                if self.state.waiting.is_none()
                    && self.state.to_pick.is_none()
                    && self.state.to_select.is_none() =>
            {
                self.article_loaded(&article, text, annotations, caret);
            }
            A::ArticleFailed { article, why } => self.article_failed(&article, &why),
            A::WriterChanged(writer) => self.writer_changed(writer),
            A::Notify { text, stays } => self.notify(text, stays, None),
            A::DropNotice(id) => self.drop_notices(&|notice| notice.id == id),
            act => return Some(act),
        }
        None
    }

    /// Acts that come again and again, and others, which stand apart: a browser compiles what runs often
    /// anew, and needs up to two hundred times its size of memory meanwhile.
    fn work(&mut self, action: Action) {
        use Action as A;
        match action {
            A::Move { motion, extend } => self.move_caret(motion, extend),
            A::Place { pos, extend } => self.place_caret(pos, extend),
            A::Select { anchor, head } => self.select(anchor, head),
            A::Click { pos, on_text } => self.click(pos, on_text),
            A::SelectEnd => self.select_end(),
            A::Mark(label) => self.mark(&label),
            A::LabelKey(key) => self.label_key(key),
            A::Relabel(annotation, label) => self.relabel(&annotation, &label),
            A::Delete => self.delete(),
            A::Undo => self.take_back(Direction::Undo),
            A::Redo => self.take_back(Direction::Redo),
            A::SetNote(annotation, note) => self.set_note(&annotation, &note),
            A::Pick(annotation) => self.pick(&annotation),
            A::PickNext { back } if self.state.past.is_some() => self.look_further(back),
            A::PickNext { back } => self.pick_next(back),
            A::Saved { seq, texts } => self.saved(seq, texts),
            A::Active { here } => self.active(here),
            A::Typed(typed) => self.typed(typed),
            A::NextFound { back } => self.next_found(back),
            A::FoundMore { run, found, searched } => self.found_more(run, found, searched),
            A::UsesCounted { run, articles, by_speaker } => {
                self.uses_counted(run, articles, &by_speaker);
            }
            A::Progress { what, progress } => {
                let said = |notice: &Notice| notice.text == what;
                if let Some(at) = self.state.notices.iter().position(said) {
                    Arc::make_mut(&mut self.state.notices)[at].progress = Some(progress);
                }
            }
            rest => self.seldom(rest),
        }
    }

    /// What [`Step::work`] does not do.
    #[inline(never)]
    fn seldom(&mut self, action: Action) {
        use Action as A;
        match action {
            A::SelectAll => self.select_all(),

            A::AddSpan => self.add_span(),
            A::RemoveSpan(annotation, span) => self.remove_span(&annotation, span),
            A::StartEdge => self.start_edge(),
            A::SwitchEdge => self.switch_edge(),
            A::DragEdge { annotation, span, start, to } => {
                self.drag_edge(&annotation, super::Edge { span, start }, to);
            }
            A::SetAttribute(annotation, attribute, value) => {
                self.set_attribute(&annotation, &attribute, value);
            }
            A::NextChoice => self.next_choice(),
            A::Speaker => self.speaker(),
            A::NameAt(pos) => self.name_at(pos),
            A::AddSpeaker { annotation, attribute, name } => {
                self.add_speaker(&annotation, &attribute, &name, None);
            }
            A::Cue => self.cue(),
            A::PickSpan { annotation, attribute } => self.pick_span(annotation, attribute),
            A::FocusNote => self.focus_note(),
            A::FocusArticle => self.effects.push(Effect::Focus(Focus::Article)),
            A::EndTyping => self.end_typing(),

            A::NextProblem { back } => self.next_problem(back),
            A::Fix(annotation, rule) => self.fix(&annotation, &rule),
            A::FixPicked => self.fix_picked(),
            A::HoldLabel(key) => self.hold_label(key),
            A::MarkIdentical => self.mark_identical(),
            A::RepeatValues => self.repeat_values(),
            A::CopyFromTwin => self.copy_from_twin(),
            A::NextUnannotated => self.next_unannotated(),

            A::Relate => self.start_relation(),
            A::FindOtherEnd => self.find_other_end(),
            A::RelateTo(end) => self.relate_to(end),
            A::Unrelate(relation) => self.unrelate(&relation),
            A::Follow(place) => self.follow_to(&place),
            A::FollowRelation => self.follow_relation(),
            A::FollowBack => self.follow_back(),

            A::RenameSpeaker(id, name) => self.rename_speaker(&id, &name),
            A::SetAliases(id, aliases) => self.set_aliases(&id, &aliases),
            A::MergeSpeakers { into, from } => self.merge_speakers(into, from),
            A::FindInto(finder) => self.open_finder(finder),
            A::FilterRows(words) => {
                if let Some(Dialog::Speakers { filter } | Dialog::Claims { filter }) =
                    &mut self.state.dialog
                {
                    *filter = words;
                }
            }
            A::SplitSpeaker(id, alias) => self.split_speaker(id, alias),
            A::DeleteSpeaker(id) => self.delete_speaker(&id),
            A::UsesFailed { run, why } => self.uses_failed(run, &why),
            A::Sweep(sweep) => self.sweep(*sweep),
            A::StopSweep => self.stop_sweep(),

            A::SetSentence(group, sentence) => self.set_sentence(&group, &sentence),
            A::MakeGroup(members) => self.make_group(members),
            A::JoinGroup(group, place) => self.join_group(&group, &place),
            A::LeaveGroup(group, place) => self.leave_group(&group, &place),
            A::MergeGroups { into, from } => self.merge_groups(&into, &from),
            A::SplitGroup(group, members) => self.split_group(&group, &members),
            A::DeleteGroup(group) => self.delete_group(&group),

            A::OpenSearch => self.open_search(),
            A::Search(query) => self.search(*query),
            A::SearchFailed { run, why } => self.search_failed(run, why),
            A::StopSearch => self.stop_search(),
            A::NextHit { back } => self.next_hit(back),
            A::GoToHit(at) => self.go_to_hit(at),
            A::MarkHits(label) => self.mark_hits(label),
            A::SearchIdentical => self.search_identical(),
            A::OpenScheme => self.open_scheme(),
            A::ShowScheme(part) => self.show_scheme(part),
            A::AddToScheme(name) => self.add_to_scheme(&name),
            A::MoveInScheme { part, back } => self.move_in_scheme(part, back),
            A::ChangeLabel(label) => {
                self.act_on_scheme(|project| (None, scheme_acts::change_label(project, *label)));
            }
            A::ChangeAttribute(it) => {
                self.act_on_scheme(|project| (None, scheme_acts::change_attribute(project, *it)));
            }
            A::ChangeRelationType(it) => {
                let act = scheme_acts::change_relation_type;
                self.act_on_scheme(|project| (None, act(project, *it)));
            }
            A::AddValue(attribute, value) => {
                let act = scheme_acts::add_value;
                self.act_on_scheme(|project| (None, act(project, &attribute, &value)));
            }
            A::MoveValue { attribute, value, back } => {
                let act = scheme_acts::move_value;
                self.act_on_scheme(|project| (None, act(project, &attribute, &value, back)));
            }
            A::RenameValue { attribute, value, into } => {
                self.rename_value(attribute, value, &into);
            }
            A::AskScheme(ask) => self.ask_scheme(ask),
            A::DoAsked => self.do_asked(),
            A::ReadScheme { file, text } => self.read_scheme(file, text),
            A::SchemeRead(read) => self.scheme_read(*read),
            A::ExportScheme => self.effects.push(Effect::ExportScheme),

            A::OpenPalette => self.open_finder(Finder::Anything),
            A::TakeFound => self.take_found(),
            A::TakeThis(action) => self.take_this(*action),

            A::PickAtCaret => self.pick_at_caret(),
            A::Escape if self.state.past.is_some() => self.close_history(),
            A::Escape => self.escape(),

            A::OlderCommits(commits) => self.older_commits(commits),

            A::OpenHistory => self.open_history(),
            A::HistoryRead { article, before, commits, more } => {
                self.history_read(&article, before, commits, more);
            }
            A::OlderHistory => self.older_history(),
            A::LookAt(at) => self.look_at(at),
            A::BringBack => self.bring_back(),
            A::CloseHistory => self.close_history(),

            A::ArticleLoaded { article, text, annotations, caret } => {
                self.article_loaded(&article, text, annotations, caret);
                self.pick_awaited();
                self.select_awaited();
                self.go_on_taking_back();
            }
            A::ToggleDone => self.toggle_done(),
            A::SetStatus(article, status) => self.set_status(&article, status),
            A::RemoveArticle(article) => self.remove_article(&article),
            A::ArticlesRead { articles, problems } => self.articles_read(articles, problems),
            A::ProjectRead(incoming) => self.project_read(incoming),
            A::ProjectTakenIn { id, title, made, problems } => {
                self.project_taken_in(id, &title, made, problems);
            }
            A::Merged { asked, merge } => self.merged(*asked, *merge),
            A::NewerFetched(newer) => self.hold_back(newer),
            A::TakeHeldBack => self.take_held_back(),

            A::WriteText => self.write_text(),
            A::CompareText(written) => self.compare_written(&written),
            A::WriteOn => self.write_on(),
            A::CompareHeldBack(at) => self.compare_held_back(at),
            A::Compared { asked, plan } => self.compared(*asked, *plan),
            A::ChangeText => self.change_text(),
            A::SkipHeldBack => self.skip_held_back(),
            A::ShowUnplaced => self.show_unplaced(),
            A::PlaceUnplaced(annotation) => self.start_placing(annotation),
            A::GiveUpUnplaced(annotation) => self.give_up(&annotation),

            A::DeploymentFetched(deployment) => self.deployment_fetched(&deployment),
            A::FetchDeployment => self.effects.push(Effect::FetchDeployment),
            A::ProjectsListed(projects) => self.state.projects = Arc::new(projects),
            A::OpenProject(id) => self.open_project(id),
            A::NewProject { title } => self.new_project(&title),
            A::RenameProject { title } => self.rename_project(&title),
            A::AskDeleteProject(id) => self.ask_delete_project(id),
            A::DeleteProject(id) => self.delete_project(id),
            A::RestoreProject(id) => self.effects.push(Effect::DeleteProject(id, false)),
            A::DecideAll(rule) => self.decide(|decisions| *decisions = Decisions::by(rule)),
            A::Decide(key, side) => self.decide(|decisions| decisions.decide(key, side)),
            A::MergeTheirs => self.merge_theirs(),
            A::KeepCopy => self.keep_copy(),
            A::AskRestore => self.ask_restore(),
            A::Restore => self.restore(),

            A::Working(what) => {
                self.notify(what, true, Some(Offer::CancelWork));
            }
            A::Worked(what) => self.drop_notices(&|notice| notice.text == what),
            A::CancelWork => self.effects.push(Effect::CancelWork),
            A::CheckMore => self.check_more(),

            A::SaveFailed { why } => self.save_failed(why),
            A::RetrySave => {
                self.state.saving.failed = None;
                self.effects.push(Effect::Save);
            }
            A::CopiesKnown(known) => self.copies_known(known),
            A::SaveCopy => self.effects.push(Effect::Export(Layout::Object)),
            A::Copied { seq } => self.copied(seq),
            A::CopyNow => self.copy_now(),
            A::CopyFailed { why } => self.copy_failed(why),
            A::ChooseFolder => self.effects.push(Effect::ChooseFolder),
            A::AllowFolder => self.effects.push(Effect::AllowFolder),
            A::ForgetFolder => {
                self.effects.push(Effect::ForgetFolder);
                self.folder_is(None);
            }
            A::FolderIs(folder) => self.folder_is(folder),
            A::StorageKnown(storage) => self.storage_known(storage),
            A::TakeOver => self.effects.push(Effect::TakeOver),
            A::OthersWrote { seq } => self.others_wrote(seq),
            A::NewerCommits(commits) => self.follow_others(&commits),
            A::HandOver => self.hand_over(),

            A::Told(tidings) => self.told(tidings),
            A::Leave(how) => self.leave(how),

            A::OpenKeys => self.state.dialog = Some(Dialog::Keys),
            A::OpenPaste => self.state.dialog = Some(Dialog::Paste { problem: None }),
            A::Paste { title, text } => self.paste(&title, &text),
            A::OpenExport => self.open_export(),
            A::OpenDataset => self.open_dataset(),
            A::WantDataset(wish) => self.want_dataset(wish),
            A::DatasetStage { run, stage } => self.dataset_stage(run, stage),
            A::DatasetKnown { run, found } => self.dataset_known(run, found),
            A::MakeDataset => self.give_dataset(Give::Archive),
            A::SaveDataset => self.save_dataset(),
            A::DatasetFolderChosen => self.give_dataset(Give::Files),
            A::DatasetDone { run, said, stays } => self.dataset_done(run, said, stays),
            A::StopDataset => self.stop_dataset(),
            A::OpenProjects => {
                self.state.dialog = Some(Dialog::Projects);
                self.effects.push(Effect::ListProjects);
            }
            A::OpenGuidelines(rule) => self.open_guidelines(rule),
            A::MarkdownRead { source, blocks } => self.markdown_read(source, blocks),
            A::WriteGuidelines(begin) => self.write_guidelines(begin),
            A::SetGuidelines(text) => self.set_guidelines(&text),
            A::CloseSide => self.close_side(),
            A::OpenSpeakers => self.open_speakers(),
            A::OpenClaims => self.open_claims(),
            A::CloseDialog => {
                self.state.changing_key = None;
                self.close_dialog();
            }
            A::ChangeSettings(settings) => {
                self.state.settings = settings;
                self.effects.push(Effect::RememberSettings);
            }
            A::Export { name, layout } => self.export(&name, layout),

            A::ToggleRegion => self.toggle_region(),
            A::ProposeRegions => self.propose_regions(),
            A::MarkProposed(article) => self.mark_proposed(&article),
            A::ChangeKey(command) => self.change_key(command),
            A::KeyPressed { key, code, ctrl, alt, shift } => {
                self.key_pressed(&Press { key: &key, code: &code, ctrl, alt, shift });
            }
            A::ResetKeys => self.set_own_keys(OwnKeys::default()),
            A::PrintKeys => self.effects.push(Effect::Print),

            // What comes often, and what only reading needs, has been done.
            A::Move { .. }
            | A::Place { .. }
            | A::Select { .. }
            | A::Click { .. }
            | A::SelectEnd
            | A::Mark(_)
            | A::LabelKey(_)
            | A::Relabel(..)
            | A::Delete
            | A::Undo
            | A::Redo
            | A::SetNote(..)
            | A::Pick(_)
            | A::PickNext { .. }
            | A::Saved { .. }
            | A::Active { .. }
            | A::Typed(_)
            | A::NextFound { .. }
            | A::FoundMore { .. }
            | A::UsesCounted { .. }
            | A::Progress { .. }
            | A::ProjectOpened(_)
            | A::DeploymentFailed { .. }
            | A::OpenArticle(_)
            | A::NextArticle { .. }
            | A::ArticleFailed { .. }
            | A::WriterChanged(_)
            | A::Notify { .. }
            | A::DropNotice(_) => {}
        }
    }

    /// Shows a message, with a button where there is something to do; a twin of one shown goes.
    fn notify(&mut self, text: impl Into<String>, stays: bool, offer: Option<Offer>) {
        let (id, text) = (self.state.notice_count, text.into());
        self.state.notice_count += 1;
        let notices = Arc::make_mut(&mut self.state.notices);
        notices.retain(|notice| notice.text != text);
        notices.push(Notice { id, text, stays, offer, progress: None });
    }

    fn drop_notices(&mut self, go: &dyn Fn(&Notice) -> bool) {
        if self.state.notices.iter().any(go) {
            Arc::make_mut(&mut self.state.notices).retain(|notice| !go(notice));
        }
    }

    /// That something is deleted, now and here.
    fn deletion(&self) -> Deletion {
        Deletion { at: self.ctx.now(), by: self.state.annotator.clone(), extra: Default::default() }
    }

    /// One of many is looked for by typing.
    fn open_finder(&mut self, finder: Finder) {
        let over = self.state.dialog.take().map(Box::new);
        let find = Find { over, ..Find::new(finder, &self.state) };
        self.state.dialog = Some(Dialog::Find(find));
        self.effects.push(Effect::Focus(Focus::Finder));
    }

    /// Other words are looked for.
    fn typed(&mut self, typed: String) {
        if let Some(Dialog::Find(now)) = &self.state.dialog {
            self.state.dialog = Some(Dialog::Find(now.retyped(typed, &self.state)));
        }
    }

    /// Another row is the one that Enter takes; after the last comes the first.
    fn next_found(&mut self, back: bool) {
        let Some(Dialog::Find(now)) = &mut self.state.dialog else { return };
        let found = &now.rows.shown;
        let rows = found.len().max(1);
        now.at = (now.at.min(rows - 1) + if back { rows - 1 } else { 1 }) % rows;
        if let Some(name) = found.get(now.at).map(|found| found.name.clone()) {
            self.announce(name);
        }
    }

    /// Does what the row says.
    fn take_found(&mut self) {
        let Some(Dialog::Find(now)) = &self.state.dialog else { return };
        let last = now.rows.shown.len().saturating_sub(1);
        match now.rows.shown.get(now.at.min(last)).map(|found| found.action.clone()) {
            Some(action) => self.take_this(action),
            None => self.announce("Nothing fits"),
        }
    }

    fn take_this(&mut self, action: Action) {
        self.close_dialog();
        if let Some(act) = self.read(action) {
            self.work(act);
        }
    }

    fn announce(&mut self, text: impl Into<String>) {
        let text = text.into();
        let said = self.effects.iter_mut().find_map(|effect| match effect {
            Effect::Announce(said) => Some(said),
            _ => None,
        });
        // Of two messages in one turn a screen reader reads the last alone.
        match said {
            Some(said) => {
                said.push_str(if said.ends_with(['.', '?', '!']) { " " } else { ". " });
                said.push_str(&text);
            }
            None => self.effects.push(Effect::Announce(text)),
        }
    }
}
