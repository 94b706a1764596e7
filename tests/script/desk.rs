//! A page without a browser: an editor, a person who acts on it, and a world that answers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use avow::annotation::{
    Annotation, AnnotationId, ArticleId, AttributeValue, Spans, SpeakerId, Status, Timestamp,
};
use avow::edit::act::retext::{alone, plan};
use avow::edit::merge::merge;
use avow::edit::{Commit, Intent, act, file_commit};
use avow::editor::KEPT_HITS;
use avow::editor::speakers::count;
use avow::editor::{
    Action, Counted, Dialog, EditorState, Effect, Incoming, OpenArticle, Opened, OwnKeys, Press,
    Settings, Writer, command_for, step, step_reading,
};
use avow::format::deployment::{Deployment, Entry, ProjectMeta};
use avow::format::stored::ProjectRow;
use avow::format::stored::{from_plain, to_plain};
use avow::format::{NewArticle, markdown, native, scheme_file};
use avow::highlight::Index;
use avow::job::{self, Answer, Request, ToSearch};
use avow::map::Map;
use avow::project::{Article, Key, Meta, Project, ProjectId, SetKey, Sets, Source, Value};
use avow::scheme::Extra;
use avow::search::{Searched, SearchedSet};
use avow::text::marked::{Marked, parse};
use avow::text::{Pos, Span, Text};

/// A project came in a file.
pub fn came(project: Project) -> Action {
    let file = "a.avow.json".to_owned();
    Action::ProjectRead(Arc::new(Incoming { file, project, problems: Vec::new() }))
}

/// How many commits the store gives at a time: few, so that every script reads in portions.
const PORTION: u64 = 3;

/// A project as it is on disk, with all its articles at hand, and the commits that made it.
#[derive(Clone)]
pub struct Disk {
    pub project: Project,
    pub commits: Vec<Arc<Commit>>,
    deleted: bool,
}

/// A tab on the page, and all that is around it.
#[derive(Clone)]
pub struct Desk {
    pub state: EditorState,
    pub disks: BTreeMap<ProjectId, Disk>,
    /// Texts on disk, and texts that the page carries.
    texts: Vec<Text>,
    page: Vec<Text>,
    pub deployment: Option<Deployment>,
    /// What a screen reader heard.
    pub heard: Vec<String>,
    /// All effects that only a browser sees.
    pub seen: Vec<Effect>,
    /// The file of the last export.
    pub exported: Option<String>,
    /// The disk is full.
    pub full: bool,
    /// Another tab holds the lock.
    pub elsewhere: bool,
    /// Where the caret is remembered to be.
    carets: BTreeMap<ArticleId, u32>,
    world: Counted,
    /// The highest id of the marks that the script began with.
    given: u32,
    answers: VecDeque<Action>,
}

fn project_id() -> ProjectId {
    "project".into()
}

pub fn article_id(index: usize) -> ArticleId {
    format!("article-{index}").into()
}

pub fn record(id: &ArticleId, title: &str, text: &Text) -> Article {
    Article {
        id: id.clone(),
        order: 0,
        title: title.to_owned(),
        text: text.hash().into(),
        source: Source::default(),
        metadata: Extra::new(),
        regions: Vec::new(),
        former_texts: Vec::new(),
        unplaced: Vec::new(),
        extra: Extra::new(),
    }
}

pub fn new_article(id: &str, title: &str, text: &str) -> NewArticle {
    let text = Text::new(text);
    NewArticle { article: record(&id.into(), title, &text), text }
}

impl Desk {
    /// A tab without any project.
    fn bare() -> Desk {
        Desk {
            state: EditorState::new("ada".into(), Settings::default()),
            disks: BTreeMap::new(),
            texts: Vec::new(),
            page: Vec::new(),
            deployment: None,
            heard: Vec::new(),
            seen: Vec::new(),
            exported: None,
            full: false,
            elsewhere: false,
            carets: BTreeMap::new(),
            world: Counted { now: Timestamp(1_767_322_445), ..Counted::default() },
            given: 0,
            answers: VecDeque::new(),
        }
    }

    /// A project of these marked texts, open at the first. Marks are named by their label's key
    /// and their id, and the selection is the first text's.
    #[track_caller]
    pub fn new(marked: &[&str]) -> Desk {
        let mut desk = Desk::bare();
        let texts: Vec<Marked> = marked.iter().map(|it| parse(it).unwrap()).collect();
        let ids = texts.iter().flat_map(|it| it.spans.iter().map(|(name, _)| id_in(name).1));
        desk.world.given = ids.map(|id| id.as_str().parse().unwrap()).max().unwrap_or(0);
        desk.given = desk.world.given;
        let mut project = Project::new(Meta::new(project_id(), "Test", desk.world.now));
        for (index, marked) in texts.iter().enumerate() {
            let id = article_id(index);
            let new = record(&id, &format!("Article {index}"), &marked.text);
            let added = act::add_articles(&project, [new], Intent::OpenFile);
            project =
                added.apply(&project).unwrap().with_loaded(&id, marked.text.clone(), Sets::new()).0;
            for (name, spans) in &marked.spans {
                let (key, id_of_it) = id_in(name);
                let label = project.scheme().labels.iter().find(|it| it.key == key).unwrap();
                let given = id_of_it.as_str().parse::<u32>().unwrap() - 1;
                let mut ctx = Counted { given, ..desk.world.clone() };
                let set = act::own_set(&id, &"ada".into());
                let spans = Spans::new(spans.iter().copied()).unwrap();
                let made = act::annotate(&project, &set, &label.id, spans, &mut ctx).1;
                project = made.apply(&project).unwrap();
            }
        }
        desk.store(project);
        desk.open(&project_id());
        if let Some((anchor, head)) = texts.first().and_then(|it| it.selection) {
            desk.act(Action::Select { anchor, head });
        }
        desk
    }

    /// A tab on a page that carries these articles, each with id and text.
    pub fn deployed(articles: &[(&str, &str)]) -> Desk {
        let mut desk = Desk::bare();
        desk.deploy(articles);
        desk.reload();
        desk
    }

    /// The page carries these articles from now on; seen at the next reload.
    pub fn deploy(&mut self, articles: &[(&str, &str)]) {
        let texts: Vec<Text> = articles.iter().map(|(_, text)| Text::new(text)).collect();
        let entries = articles.iter().zip(&texts).map(|((id, _), text)| {
            let article = record(&(*id).into(), &format!("Title of {id}"), text);
            Entry::new(&NewArticle { article, text: text.clone() }, &format!("{id}.txt"))
        });
        self.page.clone_from(&texts);
        self.deployment = Some(Deployment {
            project: ProjectMeta {
                id: project_id(),
                title: "Deployed".to_owned(),
                guidelines: "Mark all.".to_owned(),
            },
            scheme: None,
            scheme_name: None,
            articles: entries.collect(),
            lists: Vec::new(),
            others: None,
        });
    }

    fn store(&mut self, project: Project) {
        let commit = Arc::new(file_commit(&project, 1, "ada".into(), &mut self.world));
        let articles = project.articles();
        self.texts.extend(articles.into_iter().filter_map(|it| project.text(&it.id).cloned()));
        let id = project.meta().id.clone();
        self.disks.insert(id, Disk { project, commits: vec![commit], deleted: false });
    }

    /// The ids of the articles that lists show.
    pub fn listed(&self) -> Vec<String> {
        let project = self.state.project.as_ref().unwrap();
        project.listed_from(0).map(|article| article.id.to_string()).collect()
    }

    /// The tab is closed and opened anew.
    pub fn reload(&mut self) {
        if let Some(article) = &self.state.article {
            self.carets.insert(article.id.clone(), article.head.get());
        }
        let open = self.state.article.as_ref().map(|it| it.id.clone());
        let id = self.state.project.as_ref().map_or_else(project_id, |it| it.meta().id.clone());
        self.state = EditorState::new("ada".into(), self.state.settings.clone());
        self.answers.clear();
        self.open_at(&id, open);
    }

    fn open(&mut self, id: &ProjectId) {
        self.open_at(id, None);
    }

    fn open_at(&mut self, id: &ProjectId, article: Option<ArticleId>) {
        let (project, last_seq) = match self.disks.get(id) {
            Some(disk) => {
                let articles = disk.project.loaded_articles();
                let unloaded = articles.fold(disk.project.clone(), |it, id| it.without_loaded(id));
                let last = disk.commits.len() as u64;
                (unloaded, last)
            }
            None => {
                let deployment = self.deployment.as_ref().unwrap();
                (deployment.to_project(self.world.now), 0)
            }
        };
        let writer = if self.elsewhere { Writer::Reading } else { Writer::Writing };
        let opened = Opened { project, last_seq, writer, article };
        let rows = self.disks.iter().map(|(id, disk)| ProjectRow {
            id: id.clone(),
            title: disk.project.meta().title.clone(),
            opened: self.world.now,
            articles: disk.project.article_count() as u32,
            deleted: disk.deleted.then_some(self.world.now),
            last_seq: disk.commits.len() as u64,
            blocks: 0,
            packed: false,
            importing: false,
        });
        let rows = rows.collect();
        // As the page does it: at once, before any answer.
        self.step(Action::ProjectOpened(Box::new(opened)));
        if let Some(deployment) = self.deployment.clone() {
            self.step(Action::DeploymentFetched(Box::new(deployment)));
        }
        self.step(Action::ProjectsListed(rows));
        self.answer_all();
    }

    /// Another tab on what this one has stored, which it may only read.
    pub fn other_tab(&self) -> Desk {
        let mut other = Desk { elsewhere: true, ..self.clone() };
        other.state = EditorState::new("ada".into(), self.state.settings.clone());
        other.carets.clear();
        other.open_at(&project_id(), None);
        other
    }

    /// Another tab has written to the disk that both share, and says so.
    pub fn hears_of(&mut self, other: &Desk) {
        self.disks.clone_from(&other.disks);
        self.texts.clone_from(&other.texts);
        self.act(Action::OthersWrote { seq: other.state.last_seq });
    }

    fn commits_before(&self, id: &ProjectId, before: u64) -> Vec<Arc<Commit>> {
        let older = self.disks[id].commits.iter().filter(|it| it.seq < before);
        older.rev().take(PORTION as usize).cloned().collect()
    }

    /// Time passes.
    pub fn wait(&mut self, seconds: u64) {
        // Each act takes one.
        self.world.now.0 += seconds - 1;
    }

    /// One thing happens, and all that follows from it.
    pub fn act(&mut self, action: Action) {
        self.step(action);
        self.answer_all();
    }

    fn answer_all(&mut self) {
        for _ in 0..1000 {
            let Some(answer) = self.answers.pop_front() else { return };
            self.step(answer);
        }
        panic!("the page never comes to rest");
    }

    fn step(&mut self, action: Action) {
        self.world.now.0 += 1;
        let read = step_reading(&self.state, action.clone(), &mut self.world.clone());
        let (state, effects) = step(&self.state, action, &mut self.world);
        if let Ok(read) = read {
            let whole = format!("{state:?} {effects:?}");
            assert_eq!(format!("{:?} {:?}", read.0, read.1), whole, "both parts of the page agree");
        }
        self.state = state;
        for effect in effects {
            self.run(effect);
        }
    }

    fn run(&mut self, effect: Effect) {
        let id = self.state.project.as_ref().map(|it| it.meta().id.clone());
        match effect {
            Effect::Save => self.save(),
            Effect::CheckMore => self.answers.push_back(Action::CheckMore),
            Effect::LoadArticle(article) => {
                let answer = self.loaded(&article);
                self.answers.push_back(answer);
            }
            Effect::LoadThen(articles, then) => {
                for article in articles {
                    let answer = self.loaded(&article);
                    self.answers.push_back(answer);
                }
                self.answers.push_back(*then);
            }
            Effect::LoadCommits { before } => {
                let older = self.commits_before(&id.unwrap(), before);
                self.answers.push_back(Action::OlderCommits(older));
            }
            Effect::LoadHistory { article, before } => {
                let own = self.disk().commits.iter().rev().filter(|commit| {
                    commit.touched().contains(&article)
                        && before.is_none_or(|before| commit.seq < before)
                });
                let mut commits: Vec<_> = own.take(PORTION as usize + 1).cloned().collect();
                let more = commits.len() > PORTION as usize;
                commits.truncate(PORTION as usize);
                let read = Action::HistoryRead { article, before, commits, more };
                self.answers.push_back(read);
            }
            Effect::LoadNewer { after } => {
                let newer = self.disk().commits.iter().filter(|it| it.seq > after);
                let newer = newer.cloned().collect();
                self.answers.push_back(Action::NewerCommits(newer));
            }
            Effect::FetchNewer(articles) => {
                let newer = articles.into_iter().filter_map(|article| {
                    let text = self.page.iter().find(|it| article.text.names(it))?;
                    Some(NewArticle { article, text: text.clone() })
                });
                let newer = newer.collect();
                self.answers.push_back(Action::NewerFetched(newer));
            }
            Effect::OpenProject(id) => self.open(&id),
            Effect::OpenThen(id, then) => {
                self.open(&id);
                self.answers.push_back(*then);
            }
            Effect::StoreProject(project) => {
                let id = project.meta().id.clone();
                self.store(*project);
                self.open(&id);
            }
            Effect::TakeOver => {
                self.elsewhere = false;
                let open = self.state.article.as_ref().map(|it| it.id.clone());
                self.open_at(&id.unwrap(), open);
            }
            Effect::Export(_) => {
                self.exported = Some(native::write(&self.disks[&id.unwrap()].project).unwrap());
            }
            Effect::Announce(text) => self.heard.push(text),
            Effect::DeleteProject(id, delete) => {
                self.disks.get_mut(&id).unwrap().deleted = delete;
            }
            Effect::Merge(asked) => {
                let Incoming { file, project, .. } = &*asked.incoming;
                let merged = merge(&asked.mine, project, file, &asked.decisions).unwrap();
                self.answers.push_back(Action::Merged { asked, merge: Box::new(merged) });
            }
            Effect::CountUses { articles, run } => {
                let project = self.disk().project.clone();
                // In two batches, as the page does with many.
                for batch in articles.chunks(articles.len().div_ceil(2).max(1)) {
                    let by_speaker = uses_in(&project, batch);
                    let counted = Action::UsesCounted { run, articles: batch.len(), by_speaker };
                    self.answers.push_back(counted);
                }
            }
            Effect::Search { query, articles, run } => {
                let project = self.disk().project.clone();
                let relations = project.relations();
                let linked: Vec<_> =
                    relations.iter().map(|it| it.from.annotation.clone()).collect();
                // In two batches, as the page does with many.
                for batch in articles.chunks(articles.len().div_ceil(2)) {
                    let asked = ToSearch {
                        query: (*query).clone(),
                        articles: batch.iter().map(|it| searched(&project, it)).collect(),
                        limit: KEPT_HITS,
                        scheme: (**project.scheme()).clone(),
                        linked: linked.clone(),
                    };
                    self.answers.push_back(match job::run(Request::Search(Box::new(asked))) {
                        Answer::Found(found) => {
                            Action::FoundMore { run, found, searched: batch.len() }
                        }
                        Answer::BadQuery(why) => Action::SearchFailed { run, why },
                        other => panic!("{other:?}"),
                    });
                }
            }
            Effect::Compare(asked) => {
                let alone = alone(&asked.mine, &asked.article).expect("it is loaded");
                let plan = plan(&alone, &asked.article, &asked.new).expect("another text");
                self.answers.push_back(Action::Compared { asked, plan: Box::new(plan) });
            }
            Effect::ReadMarkdown(source) => {
                let blocks = markdown::read(&source);
                self.answers.push_back(Action::MarkdownRead { source, blocks });
            }
            Effect::RememberTime { set, seconds } => {
                let disk = self.disks.get_mut(&id.unwrap()).unwrap();
                disk.project = disk.project.with_seconds(&set, seconds);
            }
            Effect::ReadScheme { file, text } => {
                let read = scheme_file::read(&file, &text).map_err(|error| error.to_string());
                self.answers.push_back(Action::SchemeRead(Box::new(read)));
            }
            Effect::ListProjects => {}
            other => self.seen.push(other),
        }
    }

    fn loaded(&mut self, article: &Article) -> Action {
        let mut texts = self.texts.iter().chain(&self.page);
        let Some(text) = texts.find(|it| article.text.names(it)).cloned() else {
            let why = "there is no such text".to_owned();
            return Action::ArticleFailed { article: article.id.clone(), why };
        };
        // A text that comes with the page is stored on the way.
        self.texts.push(text.clone());
        let disk = self.state.project.as_ref().and_then(|it| self.disks.get(&it.meta().id));
        let loaded = disk.and_then(|disk| disk.project.loaded(&article.id));
        Action::ArticleLoaded {
            article: article.id.clone(),
            text,
            annotations: loaded.map(|loaded| loaded.sets.clone()).unwrap_or_default(),
            caret: self.carets.get(&article.id).copied().unwrap_or_default(),
        }
    }

    fn save(&mut self) {
        if self.full {
            self.answers.push_back(Action::SaveFailed { why: "the disk is full".to_owned() });
            return;
        }
        let project = self.state.project.clone().unwrap();
        let saving = self.state.saving.clone();
        self.texts.extend(saving.texts.iter().cloned());
        let disk = self.disks.entry(project.meta().id.clone()).or_insert_with(|| {
            // As it was before the first of these commits.
            let changes = saving.commits.iter().flat_map(|it| it.transaction.changes());
            let before = changes.filter_map(|change| match &change.from {
                Some(Value::Meta(meta)) => Some(meta),
                _ => None,
            });
            let meta = before.into_iter().next().unwrap_or(project.meta());
            let project = Project::new((**meta).clone());
            Disk { project, commits: Vec::new(), deleted: false }
        });
        let stored = disk.commits.len() as u64;
        for commit in saving.commits.iter().filter(|it| it.seq > stored) {
            assert_eq!(commit.seq, disk.commits.len() as u64 + 1, "commits have no gaps");
            let json = to_plain(&**commit);
            assert_eq!(from_plain::<Commit>(json).unwrap(), **commit, "JSON and back");
            let before = with_texts(&disk.project, commit, self.texts.iter().chain(&self.page));
            let after = commit.transaction.apply(&before).expect("what is saved fits the disk");
            disk.project = with_texts(&after, commit, self.texts.iter().chain(&self.page));
            disk.commits.push(commit.clone());
        }
        let seq = disk.commits.len() as u64;
        self.answers.push_back(Action::Saved { seq, texts: saving.texts.len() });
    }

    // What a person does.

    /// Acts, each a key (`c`, `Ctrl+z`, `с@KeyC`) or an act by name:
    ///
    /// | act | what it is |
    /// |---|---|
    /// | `select WORDS`, `select-back WORDS` | drags the pointer over them |
    /// | `click WORDS` | clicks on their first character; `click-beside`, next to all text |
    /// | `drag start to WORDS`, `drag end to WORDS` | a handle of the picked annotation's first or last span |
    /// | `caret WORDS` | the caret goes before them |
    /// | `pick NAME`, `name NAME`, `note TEXT`, `leave` | in the list and the inspector |
    /// | `open 1` | opens an article |
    /// | `words off`, `letters off` | a setting |
    #[track_caller]
    pub fn acts(&mut self, acts: &[&str]) {
        for act in acts {
            self.act_by_name(act);
        }
    }

    #[track_caller]
    fn act_by_name(&mut self, act: &str) {
        let (verb, what) = act.split_once(' ').unwrap_or((act, ""));
        match verb {
            "select" | "select-back" => {
                let span = self.passage(what);
                let (mut anchor, mut head) = (span.start(), span.end());
                if verb == "select-back" {
                    (anchor, head) = (head, anchor);
                }
                self.act(Action::Select { anchor, head });
                self.act(Action::SelectEnd);
            }
            "caret" => {
                let pos = self.passage(what).start();
                self.act(Action::Place { pos, extend: false });
            }
            "click" | "click-beside" => {
                let pos = self.passage(what).start();
                self.act(Action::Click { pos, on_text: verb == "click" });
            }
            "drag" => {
                let (edge, words) = what.split_once(" to ").unwrap();
                let start = edge == "start";
                let to = self.passage(words);
                let to = if start { to.start() } else { to.end() };
                let picked = self.state.picked().expect("something is picked").clone();
                let span = if start { 0 } else { picked.spans.len() - 1 };
                self.act(Action::DragEdge { annotation: picked.id.clone(), span, start, to });
            }
            "pick" => {
                let id = self.id_of(what);
                self.act(Action::Pick(id));
            }
            "name" => {
                let annotation = self.state.picked().expect("something is picked").id.clone();
                let attribute = "speaker".into();
                self.act(Action::AddSpeaker { annotation, attribute, name: what.to_owned() });
            }
            "note" => {
                let annotation = self.state.picked().expect("something is picked").id.clone();
                self.act(Action::SetNote(annotation, what.to_owned()));
            }
            "leave" => self.act(Action::EndTyping),
            "open" => self.act(Action::OpenArticle(article_id(what.parse().unwrap()))),
            "words" => self.set(|settings| settings.whole_words = what == "on"),
            "letters" => self.set(|settings| settings.letters = what == "on"),
            _ => self.press(act),
        }
    }

    fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.state.settings.clone();
        change(&mut settings);
        self.act(Action::ChangeSettings(settings));
    }

    /// A key press in the article; a key that does nothing does nothing.
    fn press(&mut self, keys: &str) {
        let Settings { letters, keys: own, .. } = &self.state.settings;
        if let Some(action) = command_with(keys, false, *letters, own) {
            self.act(action);
        }
    }

    /// Undoes until there is nothing more to undo.
    pub fn undo_all(&mut self) -> usize {
        self.repeat(Action::Undo, "Nothing to undo")
    }

    pub fn redo_all(&mut self) -> usize {
        self.repeat(Action::Redo, "Nothing to redo")
    }

    fn repeat(&mut self, action: Action, end: &str) -> usize {
        for count in 0..1000 {
            self.heard.clear();
            self.act(action.clone());
            if self.heard.iter().any(|it| it == end) {
                return count;
            }
        }
        panic!("it never ends");
    }

    // What the screen shows.

    fn article(&self) -> &OpenArticle {
        self.state.article.as_ref().expect("an article is open")
    }

    fn passage(&self, words: &str) -> Span {
        let text = &self.article().text;
        let start = text.as_str().find(words).unwrap_or_else(|| panic!("no {words:?}")) as u32;
        let end = start + words.len() as u32;
        text.span(text.pos(start).unwrap(), text.pos(end).unwrap()).unwrap()
    }

    /// The open article in the notation of marked text.
    ///
    /// Ids that the script made are numbered on from those of its start, in order.
    pub fn shown(&self) -> String {
        let article = self.article();
        let selection = Some((article.anchor, article.head));
        self.marked(&article.set, &article.text, selection)
    }

    fn marked(&self, set: &SetKey, text: &Text, selection: Option<(Pos, Pos)>) -> String {
        let project = self.state.shown().unwrap();
        let mut spans: Vec<(String, Vec<Span>)> = Vec::new();
        for annotation in project.annotations(set).into_iter().flat_map(|set| set.values()) {
            spans.push((self.name_of(annotation), annotation.spans.iter().collect()));
        }
        Marked { text: text.clone(), spans, selection }.to_string()
    }

    #[track_caller]
    pub fn shows(&self, expected: &str) {
        assert_eq!(self.shown(), expected);
    }

    /// The name of the picked annotation, as in the notation; empty where none is.
    pub fn picked(&self) -> String {
        self.state.picked().map_or_else(String::new, |picked| self.name_of(picked))
    }

    /// The key of its label and its number.
    fn name_of(&self, annotation: &Annotation) -> String {
        let project = self.state.project.as_ref().unwrap();
        let key = &project.scheme().label(&annotation.label).unwrap().key;
        let made = self.made().iter().position(|id| *id == annotation.id);
        match made {
            Some(at) => format!("{key}{}", self.given as usize + 1 + at),
            None => format!("{key}{}", annotation.id),
        }
    }

    /// The annotations that the script made, in the order of making.
    fn made(&self) -> Vec<AnnotationId> {
        let disk = self.disks.get(&self.state.project.as_ref().unwrap().meta().id);
        let stored = disk.into_iter().flat_map(|disk| &disk.commits);
        let mut made: Vec<AnnotationId> = Vec::new();
        for commit in stored.chain(self.state.saving.commits.iter()) {
            for change in commit.transaction.changes() {
                if let Key::Annotation(_, id) = &change.key
                    && id.as_str().parse::<u32>().unwrap() > self.given
                    && !made.contains(id)
                {
                    made.push(id.clone());
                }
            }
        }
        made
    }

    fn id_of(&self, name: &str) -> AnnotationId {
        let number: usize = name[1..].parse().unwrap();
        match number.checked_sub(self.given as usize + 1) {
            Some(at) => self.made()[at].clone(),
            None => number.to_string().into(),
        }
    }

    /// What the inspector says of the picked annotation, beside its label and spans.
    pub fn inspector(&self) -> String {
        let picked = self.state.picked().expect("something is picked");
        let project = self.state.project.as_ref().unwrap();
        let text = &self.article().text;
        let mut said = Vec::new();
        for (attribute, value) in picked.attributes.iter() {
            let value = match value {
                AttributeValue::Speakers(speakers) => {
                    let named = speakers.iter().map(|it| {
                        let name = &project.speaker(&it.id).expect("a speaker of the project").name;
                        match it.mention {
                            Some(span) => format!("{name} “{}”", text.slice(span)),
                            None => name.clone(),
                        }
                    });
                    named.collect::<Vec<_>>().join(", ")
                }
                AttributeValue::Spans(spans) => {
                    let spans = spans.iter().map(|it| format!("“{}”", text.slice(*it)));
                    spans.collect::<Vec<_>>().join(", ")
                }
                AttributeValue::Text(text) => text.clone(),
                other => format!("{other:?}"),
            };
            said.push(format!("{attribute}: {value}"));
        }
        if !picked.note.is_empty() {
            said.push(format!("note: {}", picked.note));
        }
        said.join("; ")
    }

    pub fn speakers(&self) -> Vec<&str> {
        let speakers = self.state.project.as_ref().unwrap().speakers();
        speakers.into_iter().map(|it| it.name.as_str()).collect()
    }

    pub fn status(&self, article: &ArticleId) -> Status {
        let project = self.state.project.as_ref().unwrap();
        project.set(&act::own_set(article, &"ada".into())).map_or(Status::Todo, |it| it.status())
    }

    pub fn titles(&self) -> Vec<&str> {
        let articles = self.state.project.as_ref().unwrap().articles();
        articles.into_iter().map(|it| it.title.as_str()).collect()
    }

    pub fn disk(&self) -> &Disk {
        &self.disks[&self.state.project.as_ref().unwrap().meta().id]
    }

    #[track_caller]
    pub fn hears(&self, words: &str) {
        let heard = self.heard.last().map_or("nothing", String::as_str);
        assert!(heard.contains(words), "{words:?} was not said last, but {heard:?}");
    }

    #[track_caller]
    pub fn notices(&self, words: &str) -> &avow::editor::Notice {
        let found = self.state.notices.iter().find(|it| it.text.contains(words));
        found.unwrap_or_else(|| panic!("no notice has {words:?}: {:?}", self.state.notices))
    }

    pub fn report(&self) -> String {
        match &self.state.dialog {
            Some(Dialog::Report { summary, problems }) => {
                let problems = problems.iter().map(|it| format!(" {}.", it.what));
                format!("{summary}{}", problems.collect::<String>())
            }
            other => format!("{other:?}"),
        }
    }

    // The laws.

    /// What holds after any acts: the index is that of all annotations, the disk is what the screen
    /// shows, the native file keeps all, and undo and redo lead to the same places whether or not the
    /// page was reloaded between.
    #[track_caller]
    /// What was counted once is true after each act.
    pub fn counts_speakers(&self) {
        if self.state.uses.are_all() {
            let project = &self.disk().project;
            let all: Vec<_> = project.articles().iter().map(|article| article.id.clone()).collect();
            assert_eq!(self.state.uses.by_speaker, uses_in(project, &all), "the count follows");
        }
    }

    pub fn holds_the_laws(&self) {
        if let (Some(project), Some(open)) = (&self.state.project, &self.state.article) {
            let all = project.annotations(&open.set).cloned().unwrap_or_default();
            assert_eq!(open.index, Index::new(&open.text, &all), "the index follows the acts");
        }
        self.counts_speakers();
        let desk = &mut self.clone();
        desk.acts(&["leave"]);
        desk.agrees_with_disk();
        desk.keeps_native_file();

        let end = records(&desk.disk().project);
        let mut walked = vec![end.clone()];
        while desk.goes(Action::Undo, "Nothing to undo") {
            walked.push(records(&desk.disk().project));
        }
        let start = first_records(desk.disk());
        same(&walked[walked.len() - 1], &start, "everything undone gives the start");
        desk.keeps_native_file();

        let mut reloaded = self.clone();
        reloaded.reload();
        for then in &walked[1..] {
            assert!(reloaded.goes(Action::Undo, "Nothing to undo"), "as many steps after a reload");
            same(&records(&reloaded.disk().project), then, "the same steps after a reload");
        }
        assert!(!reloaded.goes(Action::Undo, "Nothing to undo"), "no more steps after a reload");

        reloaded.reload();
        for desk in [desk, &mut reloaded] {
            for then in walked[..walked.len() - 1].iter().rev() {
                assert!(desk.goes(Action::Redo, "Nothing to redo"), "as many steps forth as back");
                same(&records(&desk.disk().project), then, "redo takes the steps of undo");
            }
        }
    }

    /// One step of undo or redo; whether there was one.
    #[track_caller]
    fn goes(&mut self, action: Action, end: &str) -> bool {
        self.heard.clear();
        self.act(action);
        self.agrees_with_disk();
        !self.heard.iter().any(|it| it == end)
    }

    #[track_caller]
    fn agrees_with_disk(&self) {
        if self.full {
            return;
        }
        assert!(self.state.saving.is_saved(), "all is saved");
        let (mine, disk) = (self.state.project.as_ref().unwrap(), &self.disk().project);
        for key in mine.keys().into_iter().chain(disk.keys()) {
            if let Ok(value) = mine.value(&key) {
                assert_eq!(Some(value), disk.value(&key).ok(), "{key:?} on disk");
            }
        }
        let Some(article) = &self.state.article else { return };
        let record = mine.article(&article.id).expect("the open article is in the project");
        assert!(record.text.names(&article.text), "the text shown is the article’s");
    }

    #[track_caller]
    fn keeps_native_file(&self) {
        let file = native::write(&self.disk().project).unwrap();
        let read = native::read("test.avow.json", &file).unwrap();
        assert_eq!(read.problems, [], "our own files have no problems");
        assert_eq!(native::write(&read.project).unwrap(), file, "write, read, write");
    }
}

pub type Records = Vec<(Key, Option<Value>)>;

/// Fails with the first record that is not the same.
#[track_caller]
fn same(found: &Records, expected: &Records, law: &str) {
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{law}");
    }
    let keys = |records: &Records| records.iter().map(|it| it.0.clone()).collect::<Vec<_>>();
    assert_eq!(keys(found), keys(expected), "{law}");
}

/// All that acts of the annotator change; who they are is no such act.
fn records(project: &Project) -> Records {
    let gone = |key: &Key| key.article().is_some_and(|id| project.article(id).is_none());
    let keys = project.keys().into_iter().filter(|it| !matches!(it, Key::Annotator(_)));
    let keys = keys.filter(|key| !gone(key));
    keys.map(|key| (key.clone(), project.value(&key).unwrap())).collect()
}

/// The records that the project had before its first act.
fn first_records(disk: &Disk) -> Records {
    let opened = |commit: &&Arc<Commit>| !commit.transaction.intent().can_be_undone();
    let mut project = disk.project.clone();
    for commit in disk.commits.iter().rev().filter(|it| !opened(it)) {
        project = commit.transaction.invert().apply(&project).unwrap();
    }
    records(&project)
}

/// How often speakers speak in these articles.
fn uses_in(project: &Project, articles: &[ArticleId]) -> Map<SpeakerId, u32> {
    let mut uses = Map::new();
    let loaded = articles.iter().filter_map(|id| project.loaded(id));
    for set in loaded.flat_map(|loaded| loaded.sets.values()) {
        set.values().for_each(|annotation| count(annotation, &mut uses));
    }
    uses
}

fn searched(project: &Project, article: &Article) -> Searched {
    let loaded = project.loaded(&article.id).unwrap();
    let sets = project.sets_of(&article.id).map(|(owner, row)| SearchedSet {
        owner: owner.clone(),
        status: row.status(),
        annotations: loaded
            .sets
            .get(owner)
            .into_iter()
            .flat_map(|it| it.values().cloned())
            .collect(),
    });
    Searched {
        id: article.id.clone(),
        text: loaded.text.clone(),
        sets: sets.collect(),
        regions: article.regions.clone(),
    }
}

fn with_texts<'a>(
    project: &Project,
    commit: &Commit,
    texts: impl Iterator<Item = &'a Text> + Clone,
) -> Project {
    let mut project = project.clone();
    for change in commit.transaction.changes() {
        let named = match (&change.key, &change.from, &change.to) {
            (Key::Article(_), _, Some(Value::Article(it))) => it.clone(),
            (Key::Article(_), Some(Value::Article(it)), None) => it.clone(),
            _ => continue,
        };
        let text = texts.clone().find(|it| named.text.names(it));
        let here = project.text(&named.id);
        if let Some(text) = text.filter(|text| here != Some(*text)) {
            project = match here.and(change.replaced_text()) {
                // What lies on it goes before the text does.
                Some(_) => project.with_text(text.clone()),
                None => project.with_loaded(&named.id, text.clone(), Sets::new()).0,
            };
        }
    }
    project
}

/// What a key in the article leads to; `с@KeyC` is a key with its place on the keyboard.
pub fn command(keys: &str, anywhere: bool, letters: bool) -> Option<Action> {
    command_with(keys, anywhere, letters, &OwnKeys::default())
}

/// As [`command`], where a person has chosen keys.
pub fn command_with(keys: &str, anywhere: bool, letters: bool, own: &OwnKeys) -> Option<Action> {
    let mut parts: Vec<&str> = keys.split('+').collect();
    let last = parts.pop().unwrap();
    let (key, code) = match last.split_once('@') {
        Some((key, code)) => (key, code.to_owned()),
        None => (last, format!("Key{}", last.to_uppercase())),
    };
    let has = |name: &str| parts.contains(&name);
    let press = Press { key, code: &code, ctrl: has("Ctrl"), alt: has("Alt"), shift: has("Shift") };
    command_for(&press, anywhere, letters, own)
}

fn id_in(name: &str) -> (&str, AnnotationId) {
    let (key, id) = name.split_at(1);
    (key, id.into())
}
