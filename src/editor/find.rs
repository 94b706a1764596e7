//! Finding one of many by typing: commands, articles, the other end of a relation, whom a speaker is
//! merged into.

use std::sync::Arc;

use memchr::memmem;

use super::{Action, COMMANDS, Dialog, EditorState, Keys, label_name};
use crate::annotation::{Annotation, GroupId, Place, SpeakerId, Target};
use crate::edit::act::End;
use crate::project::{Group, Project, Speaker};
use crate::scheme::Color;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finder {
    /// Anything that can be done or gone to.
    Anything,
    /// The other end of the relation that is being drawn.
    OtherEnd,
    /// The speaker who takes the place of this one.
    IntoSpeaker(SpeakerId),
    /// The group that takes the members of this one.
    IntoGroup(GroupId),
}

/// A search by typing, what it found, and the row that Enter takes.
#[derive(Clone, Debug)]
pub struct Find {
    /// What is looked for.
    pub finder: Finder,
    /// What was typed.
    pub typed: String,
    /// What fits it, as it was when the last key was typed.
    pub rows: Arc<Rows>,
    /// Which of the rows; past the last, that one.
    pub at: usize,
    /// What it stands over, which is there again after it.
    pub over: Option<Box<Dialog>>,
}

impl Find {
    /// Nothing is typed yet.
    pub fn new(finder: Finder, state: &EditorState) -> Find {
        Find::of(finder, String::new(), state, None)
    }

    /// Other words are typed.
    pub fn retyped(&self, typed: String, state: &EditorState) -> Find {
        let over = self.over.clone();
        Find { over, ..Find::of(self.finder.clone(), typed, state, Some(&self.rows.unfit)) }
    }

    fn of(finder: Finder, typed: String, state: &EditorState, before: Option<&Unfit>) -> Find {
        let rows = Arc::new(find(state, &finder, &typed, before));
        Find { finder, typed, rows, at: 0, over: None }
    }
}

/// One of those that fit what was typed.
#[derive(Clone, Debug)]
pub struct Found {
    /// What kind of thing it is, as a heading.
    pub kind: &'static str,
    /// What it is called; what is typed is looked for here and in `detail`.
    pub name: String,
    /// Where it is, or what else is known of it.
    pub detail: String,
    /// The keys that do the same.
    pub keys: Option<Keys>,
    /// The label's colour, of what has a label.
    pub color: Option<Color>,
    /// What taking it does.
    pub action: Action,
}

/// How many rows are shown while nothing is typed: all commands.
const SHOWN: usize = 60;

/// How many of those that fit what was typed: each key draws them anew, and a further key finds sooner
/// than scrolling.
const SHOWN_TYPED: usize = 20;

/// What fits what was typed.
#[derive(Debug)]
pub struct Rows {
    /// The first of it.
    pub shown: Vec<Found>,
    /// Whether more fit.
    pub more: bool,
    unfit: Unfit,
}

/// The articles that do not fit what was typed. What is typed behind it makes no other fit: of a
/// hundred thousand few are compared once more.
#[derive(Debug, Default)]
struct Unfit {
    typed: String,
    /// Whose articles, while they are these.
    project: Option<Arc<Project>>,
    /// Whether each is one, in their order. One that was not compared is none.
    articles: Vec<bool>,
}

impl Unfit {
    /// What is known before anything is compared with what was typed now, in lower case.
    fn known(before: Option<&Unfit>, typed: &str, project: &Arc<Project>) -> Unfit {
        let holds = |before: &&Unfit| {
            let same = before.project.as_ref().is_some_and(|it| Arc::ptr_eq(it, project));
            same && typed.starts_with(&before.typed)
        };
        let articles = match before.filter(holds) {
            Some(before) => before.articles.clone(),
            None => vec![false; project.article_count()],
        };
        Unfit { typed: typed.to_owned(), project: Some(project.clone()), articles }
    }
}

/// What fits: first what begins with what was typed, then what has a word that does, then what has
/// all typed words anywhere; each in its own order.
fn find(state: &EditorState, finder: &Finder, typed: &str, before: Option<&Unfit>) -> Rows {
    let mut fits = Fits::new(typed);
    let mut unfit = Unfit::default();
    match (finder, &state.project) {
        (Finder::Anything, Some(project)) => {
            unfit = Unfit::known(before, &fits.typed, project);
            anything(state, project, &mut unfit.articles, &mut fits);
        }
        (Finder::OtherEnd, Some(project)) => other_ends(state, project, typed.trim(), &mut fits),
        (Finder::IntoSpeaker(from), Some(project)) => other_speakers(project, from, &mut fits),
        (Finder::IntoGroup(from), Some(project)) => other_groups(project, from, &mut fits),
        (_, None) => {}
    }
    // Whatever else fits, the words themselves are offered.
    let words = std::mem::take(&mut fits.ranked[Fits::TYPED]);
    let most = fits.most - words.len();
    let mut shown: Vec<Found> = fits.ranked.into_iter().flatten().collect();
    let more = shown.len() > most;
    shown.truncate(most);
    shown.extend(words);
    Rows { shown, more, unfit }
}

/// The rows that fit what was typed, by how well. Of a hundred thousand things that are offered, few more
/// become rows than are shown.
struct Fits {
    typed: String,
    words: Vec<memmem::Finder<'static>>,
    /// How many are shown.
    most: usize,
    /// Each has at most one more than are shown, by which it is known that there are more.
    ranked: [Vec<Found>; 4],
    /// What is compared, made again for each thing: a place for each would cost more than comparing.
    name: String,
    detail: String,
}

impl Fits {
    /// What was typed always fits itself, and is seldom what is looked for.
    const TYPED: usize = 3;

    fn new(typed: &str) -> Fits {
        let (ranked, name, detail) = Default::default();
        let typed = typed.trim().to_lowercase();
        let words = typed.split_whitespace().map(|word| memmem::Finder::new(word).into_owned());
        let words = words.collect();
        let most = if typed.is_empty() { SHOWN } else { SHOWN_TYPED };
        Fits { typed, words, most, ranked, name, detail }
    }

    /// How well a thing fits that has this name and this detail; none where it does not.
    fn rank(&mut self, name: &str, detail: &str) -> Option<usize> {
        let name = lowercase(name, &mut self.name);
        if name.starts_with(&*self.typed) {
            return Some(0);
        }
        let detail = lowercase(detail, &mut self.detail);
        let mut rank = 1;
        for word in &self.words {
            let mut found = word.find_iter(name.as_bytes()).peekable();
            if found.peek().is_none() {
                word.find(detail.as_bytes())?;
            }
            if !found.any(|at| !name[..at].ends_with(char::is_alphanumeric)) {
                rank = 2;
            }
        }
        Some(rank)
    }

    /// Whether what comes now need not be compared: it would come behind enough others.
    fn are_enough(&self) -> bool {
        self.ranked[0].len() > self.most
    }

    /// Whether one more that fits so well may be shown.
    fn wants(&self, rank: usize) -> bool {
        !self.are_enough() && self.ranked[rank].len() <= self.most
    }

    fn offer(&mut self, found: Found) {
        if let Some(rank) = self.rank(&found.name, &found.detail).filter(|rank| self.wants(*rank)) {
            self.ranked[rank].push(found);
        }
    }
}

/// A text in lower case, written over another.
fn lowercase<'a>(text: &str, over: &'a mut String) -> &'a str {
    over.clear();
    if text.is_ascii() {
        over.push_str(text);
        over.make_ascii_lowercase();
    } else {
        over.push_str(&text.to_lowercase());
    }
    over
}

fn found(kind: &'static str, name: impl Into<String>, action: Action) -> Found {
    let (name, detail) = (name.into(), String::new());
    Found { kind, name, detail, keys: None, color: None, action }
}

/// Commands, labels, articles and speakers; for each article, whether it is known not to fit.
fn anything(state: &EditorState, project: &Project, unfit: &mut [bool], fits: &mut Fits) {
    for label in &project.scheme().labels {
        let name = format!("Mark as {}", label.name);
        let row = found("Labels", name, Action::Mark(label.id.clone()));
        fits.offer(Found { color: Some(label.color), detail: label.description.clone(), ..row });
    }
    for command in COMMANDS {
        let row = found("Commands", command.name, (command.action)());
        fits.offer(Found { keys: state.settings.keys.of(command).first().cloned(), ..row });
    }
    let screens: [(&str, bool, Action); 10] = [
        ("Claims: groups that say the same", true, Action::OpenClaims),
        ("Speakers: names, merge, split", true, Action::OpenSpeakers),
        ("Copy my annotations from an article with the same text", true, Action::CopyFromTwin),
        ("Edit the guidelines", true, Action::WriteGuidelines(true)),
        ("Paste text as an article", true, Action::OpenPaste),
        ("Projects", true, Action::OpenProjects),
        ("Correct the text of this article", state.article.is_some(), Action::WriteText),
        ("Annotations without a place in the text", has_unplaced(state), Action::ShowUnplaced),
        ("Compare other texts", !state.held_back.is_empty(), Action::CompareHeldBack(0)),
        ("Scheme: labels, attributes, links", true, Action::OpenScheme),
    ];
    for (name, _, action) in screens.into_iter().filter(|(_, offered, _)| *offered) {
        fits.offer(found("Commands", name, action));
    }
    for (article, unfit) in project.articles().into_iter().zip(unfit).filter(|(_, unfit)| !**unfit)
    {
        if fits.are_enough() {
            break;
        }
        let rank = fits.rank(&article.title, article.id.as_str());
        *unfit = rank.is_none();
        if let Some(rank) = rank.filter(|rank| fits.wants(*rank)) {
            let action = Action::OpenArticle(article.id.clone());
            let row = found("Articles", article.title.as_str(), action);
            fits.ranked[rank].push(Found { detail: article.id.to_string(), ..row });
        }
    }
    for speaker in project.speakers() {
        fits.offer(speaker_row(speaker, Action::OpenSpeakers));
    }
}

/// Whether own annotations of the open article have no place in its text.
fn has_unplaced(state: &EditorState) -> bool {
    let (Some(project), Some(open)) = (&state.project, &state.article) else { return false };
    let unplaced = project.article(&open.id).map_or(&[][..], |article| &article.unplaced);
    unplaced.iter().any(|it| it.owner == open.set.owner)
}

/// Groups, the annotations of the open article, those picked lately, and the words themselves.
fn other_ends(state: &EditorState, project: &Project, typed: &str, fits: &mut Fits) {
    let Some(relating) = &state.relating else { return };
    let Some(kind) = project.scheme().relation(&relating.kind) else { return };
    let may_be = |place: &Place, annotation: &Annotation| {
        *place != relating.from && kind.to.contains(&annotation.label)
    };
    let row = |heading, place: &Place, annotation: &Annotation| {
        let end = End::Target(Target::Annotation(place.clone()));
        let words = words_of(project, place, annotation);
        let row = found(heading, words, Action::RelateTo(end));
        let label = label_name(project, &annotation.label);
        let article = project.article(&place.article).map_or("", |article| &article.title);
        let color = project.scheme().label(&annotation.label).map(|label| label.color);
        Found { detail: format!("{label}, {article}"), color, ..row }
    };
    if let Some(open) = &state.article {
        for annotation in open.index.ordered().values() {
            let article = open.id.clone();
            let place = Place { article, annotation: annotation.id.clone() };
            if may_be(&place, annotation) {
                fits.offer(row("In this article", &place, annotation));
            }
        }
    }
    let here = state.article.as_ref().map(|open| &open.id);
    for place in state.recent.iter().filter(|place| Some(&place.article) != here) {
        let annotation = state.annotation_at(place);
        if let Some(annotation) = annotation.filter(|it| may_be(place, it)) {
            fits.offer(row("Picked lately", place, annotation));
        }
    }
    for group in project.groups().into_iter().filter(|_| kind.groups) {
        let end = End::Target(Target::Group { group: group.id.clone() });
        fits.offer(group_row(project, group, Action::RelateTo(end)));
    }
    if kind.text && !typed.is_empty() {
        let row = found("In words", typed, Action::RelateTo(End::Words(typed.to_owned())));
        fits.ranked[Fits::TYPED].push(Found { detail: "It is in no text".to_owned(), ..row });
    }
}

fn group_row(project: &Project, group: &Group, action: Action) -> Found {
    let count = group.members.len();
    let detail = format!("{count} {}", if count == 1 { "member" } else { "members" });
    Found { detail, ..found("Groups", group_name(project, group), action) }
}

fn other_groups(project: &Project, from: &GroupId, fits: &mut Fits) {
    for group in project.groups().into_iter().filter(|it| it.id != *from) {
        let merge = Action::MergeGroups { into: group.id.clone(), from: from.clone() };
        fits.offer(group_row(project, group, merge));
    }
}

fn other_speakers(project: &Project, from: &SpeakerId, fits: &mut Fits) {
    for speaker in project.speakers().into_iter().filter(|it| it.id != *from) {
        let merge = Action::MergeSpeakers { into: speaker.id.clone(), from: from.clone() };
        fits.offer(speaker_row(speaker, merge));
    }
}

fn speaker_row(speaker: &Speaker, action: Action) -> Found {
    let detail = speaker.aliases.join(", ");
    Found { detail, ..found("Speakers", speaker.name.as_str(), action) }
}

/// The words that an annotation covers, on one line; empty where its article is not loaded.
pub fn words_of(project: &Project, place: &Place, annotation: &Annotation) -> String {
    let Some(text) = project.text(&place.article) else { return String::new() };
    let parts = annotation.spans.iter().map(|span| text.slice(span));
    let parts: Vec<&str> = parts.flat_map(str::split_whitespace).collect();
    parts.join(" ")
}

/// A group's sentence, else the words of its first member that is at hand.
pub fn group_name(project: &Project, group: &Group) -> String {
    if !group.sentence.is_empty() {
        return group.sentence.clone();
    }
    let known = group
        .members
        .iter()
        .find_map(|place| Some(words_of(project, place, project.annotation_at(place)?)));
    known.unwrap_or_else(|| "A group without a sentence".to_owned())
}
