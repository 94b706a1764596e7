//! A project as one value: what is known of all its articles, and those that are loaded.

mod counts;
mod entry;
mod listing;
mod record;

pub use counts::Counts;
pub use entry::{Entry, Loaded, Sets, put_into};
pub use listing::Tally;
pub use record::{Key, Value};

use listing::Listing;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::annotation::{
    Annotation, AnnotationId, Annotations, AnnotatorId, ArticleId, AttributeValue, GroupId, Origin,
    Place, Relation, RelationId, Spans, SpeakerId, Status, Target, Timestamp,
};
use crate::map::Map;
use crate::scheme::{AttributeId, Extra, LabelId, Scheme, default_scheme, id_type};
use crate::sort::sort_by;
use crate::text::{Span, Text, TextHash};

id_type! {
    /// Names a project; a deployment's is fixed.
    ProjectId,
}

/// What a project is called and how it is to be annotated.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// Unique among all projects.
    pub id: ProjectId,
    /// For people.
    pub title: String,
    /// Markdown.
    pub guidelines: String,
    /// When it was made.
    pub created: Timestamp,
    /// Keys beside the project's in its file that this version does not know.
    pub file_extra: Extra,
    /// Keys this version does not know.
    pub extra: Extra,
}

impl Meta {
    /// A project without guidelines.
    pub fn new(id: ProjectId, title: &str, created: Timestamp) -> Meta {
        Meta {
            id,
            title: title.to_owned(),
            guidelines: String::new(),
            created,
            extra: Extra::new(),
            file_extra: Extra::new(),
        }
    }
}

/// A project's title as people see it: a file may have an empty one.
pub fn titled(title: &str) -> &str {
    if title.is_empty() { "Untitled project" } else { title }
}

/// A person who annotates.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotator {
    /// Random, made on the first visit.
    pub id: AnnotatorId,
    /// Where they stand among the annotators.
    pub order: u32,
    /// Empty until it is asked for.
    pub name: String,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// An entity that annotations point to as the one who speaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Speaker {
    /// Unique in the project.
    pub id: SpeakerId,
    /// Where they stand among the speakers.
    pub order: u32,
    /// The name they are known by.
    pub name: String,
    /// Other names they go by.
    pub aliases: Vec<String>,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// Annotations, of any article, that repeat one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Unique in the project.
    pub id: GroupId,
    /// Where it stands among the groups.
    pub order: u32,
    /// The claim in one canonical sentence.
    pub sentence: String,
    /// The annotations.
    pub members: Vec<Place>,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// What is known of an article without its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Its own, else made from its path.
    pub id: ArticleId,
    /// Where it stands among the articles.
    pub order: u32,
    /// For people.
    pub title: String,
    /// Names its text, which never changes under annotation.
    pub text: TextHash,
    /// Where it came from.
    pub source: Source,
    /// What else its file said.
    pub metadata: Extra,
    /// Stretches that are not to be annotated.
    pub regions: Vec<Region>,
    /// The names of the texts that it had before, the oldest first: so a copy that has another text
    /// is known for an older one.
    pub former_texts: Vec<TextHash>,
    /// Annotations of an older text that have no place in this one.
    pub unplaced: Vec<Unplaced>,
    /// Keys this version does not know.
    pub extra: Extra,
}

impl Article {
    /// The annotation of that owner and id that has no place in the text.
    pub fn unplaced(&self, owner: &Owner, id: &AnnotationId) -> Option<&Unplaced> {
        self.unplaced.iter().find(|it| it.owner == *owner && it.id == *id)
    }

    /// Whether anybody's annotation of that id has no place in the text.
    pub fn has_unplaced(&self, id: &AnnotationId) -> bool {
        self.unplaced.iter().any(|it| it.id == *id)
    }
}

/// An annotation that lay on an older text of its article and has no place in the present one: all
/// of it but its spans, whose words are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Unplaced {
    /// Whose it is.
    pub owner: Owner,
    /// What relations and groups know it by; that of no annotation that the owner has on the
    /// article.
    pub id: AnnotationId,
    /// What the spans were tagged as.
    pub label: LabelId,
    /// What each span covered, in order.
    pub quotes: Vec<String>,
    /// What stood before the first of them, as much of it as helps to find the place.
    pub before: String,
    /// What stood behind the last of them.
    pub after: String,
    /// By attribute; spans are those that have a place in the present text.
    pub attributes: Map<AttributeId, AttributeValue>,
    /// Free text of the annotator.
    pub note: String,
    /// How it came to be.
    pub origin: Origin,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed, which a change of the text is not.
    pub updated: Timestamp,
    /// Keys this version does not know.
    pub extra: Extra,
}

impl Unplaced {
    /// The annotation again, on spans of the present text.
    pub fn placed(&self, spans: Spans) -> Annotation {
        Annotation {
            id: self.id.clone(),
            label: self.label.clone(),
            spans,
            attributes: self.attributes.clone(),
            note: self.note.clone(),
            origin: self.origin.clone(),
            created: self.created,
            updated: self.updated,
            extra: self.extra.clone(),
        }
    }
}

/// Where an article came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// The name or path of its file; in a deployment, relative to `articles/`.
    pub file: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When, as its file says it.
    pub published: Option<String>,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A stretch of an article that is not to be annotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where it is.
    pub span: Span,
    /// Why, for example `boilerplate`.
    pub kind: String,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// When and by whom something was deleted, so that a merge does not bring it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Deletion {
    /// When.
    pub at: Timestamp,
    /// By whom; empty where that is not known.
    pub by: AnnotatorId,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// Whose annotations a set holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The adjudicated set.
    Gold,
    /// A person's.
    Annotator(AnnotatorId),
}

/// Names an annotation set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetKey {
    /// The article it is of.
    pub article: ArticleId,
    /// Whose it is.
    pub owner: Owner,
}

/// What an annotation set says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetInfo {
    /// How far the annotator is.
    pub status: Status,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// The index row of a set: what is known of it while its article is not loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetRow {
    /// What the set says of itself; none where annotations came before any of it.
    pub info: Option<SetInfo>,
    /// How many annotations it holds.
    pub counts: Counts,
    /// Time that the annotator spent on the article. No act changes it and no undo takes it back,
    /// so that it stands in no record.
    pub seconds: u64,
}

impl SetRow {
    /// All annotations of the set.
    pub fn total(&self) -> u32 {
        self.counts.total()
    }

    /// Whether there is a set: one that says something of itself, or holds annotations. A row may
    /// have nothing but the time that was spent on reading.
    pub fn is_begun(&self) -> bool {
        self.info.is_some() || self.total() > 0
    }

    /// The status; not begun where nothing says otherwise.
    pub fn status(&self) -> Status {
        self.info.as_ref().map_or_else(Status::default, |info| info.status)
    }
}

/// A value of one kind; none if it is of another.
macro_rules! only {
    ($kind:ident, $value:expr) => {
        match $value {
            Some(Value::$kind(it)) => Some(it),
            _ => None,
        }
    };
}

/// The values of one kind.
macro_rules! typed {
    ($kind:ident, $values:expr) => {
        $values.into_iter().filter_map(|value| only!($kind, Some(value))).collect()
    };
}

/// Scheme, articles, annotators, speakers, sets: the whole as one value whose clone is cheap.
///
/// It holds the index of all articles, and text and annotations of those that are loaded.
#[derive(Clone, Debug)]
pub struct Project {
    meta: Arc<Meta>,
    scheme: Arc<Scheme>,
    /// All records but meta and scheme, which are always there, annotations, which are loaded, and those
    /// of which there are as many as articles: they stand in maps of their own, where a key is smaller.
    records: Map<Key, Value>,
    articles: Map<ArticleId, Arc<Article>>,
    rows: Map<SetKey, Arc<SetRow>>,
    /// What follows from the records.
    listing: Listing,
    loaded: Map<ArticleId, Arc<Loaded>>,
    /// Texts that loaded articles may get in place of theirs.
    at_hand: Arc<Vec<Text>>,
}

impl Project {
    /// A project with no article and the default scheme.
    pub fn new(meta: Meta) -> Project {
        Project {
            meta: Arc::new(meta),
            scheme: Arc::new(default_scheme()),
            records: Map::new(),
            articles: Map::new(),
            rows: Map::new(),
            listing: Listing::default(),
            loaded: Map::new(),
            at_hand: Arc::default(),
        }
    }

    /// A project with no article that is annotated as this one is: with its scheme and its guidelines.
    pub fn alike(&self, id: ProjectId, title: &str, created: Timestamp) -> Project {
        let guidelines = self.meta.guidelines.clone();
        let meta = Meta { guidelines, ..Meta::new(id, title, created) };
        Project { scheme: self.scheme.clone(), ..Project::new(meta) }
    }

    /// What it is called and how it is to be annotated.
    pub fn meta(&self) -> &Arc<Meta> {
        &self.meta
    }

    /// The same project under another id, title or guidelines.
    pub fn with_meta(&self, meta: Meta) -> Project {
        Project { meta: Arc::new(meta), ..self.clone() }
    }

    /// What may be annotated.
    pub fn scheme(&self) -> &Arc<Scheme> {
        &self.scheme
    }

    /// The records of a key's kind, by id.
    fn of_kind<'a>(&'a self, key: &Key) -> impl Iterator<Item = &'a Value> + use<'a> {
        let (first, kind) = (key.first_of_kind(), key.kind());
        let values = self.records.starting_at(&first).map(|(_, value)| value);
        values.take_while(move |value| value.kind() == kind)
    }

    /// The records of a key's kind, in the project's order, then by id.
    fn in_order(&self, key: &Key) -> Vec<&Value> {
        let mut values: Vec<&Value> = self.of_kind(key).collect();
        sort_by(&mut values, |a, b| a.order().cmp(&b.order()));
        values
    }

    /// In the project's order.
    pub fn annotators(&self) -> Vec<&Arc<Annotator>> {
        typed!(Annotator, self.in_order(&Key::Annotator("".into())))
    }

    /// The annotator of that id.
    pub fn annotator(&self, id: &AnnotatorId) -> Option<&Arc<Annotator>> {
        only!(Annotator, self.records.get(&Key::Annotator(id.clone())))
    }

    /// In the project's order.
    pub fn speakers(&self) -> Vec<&Arc<Speaker>> {
        typed!(Speaker, self.in_order(&Key::Speaker("".into())))
    }

    /// The speaker of that id.
    pub fn speaker(&self, id: &SpeakerId) -> Option<&Arc<Speaker>> {
        only!(Speaker, self.records.get(&Key::Speaker(id.clone())))
    }

    /// In the project's order.
    pub fn groups(&self) -> Vec<&Arc<Group>> {
        typed!(Group, self.in_order(&Key::Group("".into())))
    }

    /// The group of that id.
    pub fn group(&self, id: &GroupId) -> Option<&Arc<Group>> {
        only!(Group, self.records.get(&Key::Group(id.clone())))
    }

    /// The group that an annotation is a member of: the first, should a file have it in several.
    pub fn group_of(&self, place: &Place) -> Option<&Arc<Group>> {
        let groups = self.of_kind(&Key::Group("".into()));
        groups.filter_map(|it| only!(Group, Some(it))).find(|it| it.members.contains(place))
    }

    /// The relation of that id.
    pub fn relation(&self, id: &RelationId) -> Option<&Arc<Relation>> {
        only!(Relation, self.records.get(&Key::Relation(id.clone())))
    }

    /// All relations, by id.
    fn each_relation(&self) -> impl Iterator<Item = &Arc<Relation>> {
        self.of_kind(&Key::Relation("".into())).filter_map(|it| only!(Relation, Some(it)))
    }

    /// The relations that start from an annotation, by id.
    pub fn relations_from(&self, place: &Place) -> impl Iterator<Item = &Arc<Relation>> {
        self.each_relation().filter(move |it| it.from == *place)
    }

    /// The relations that start from an annotation, then those that lead to it, each in the
    /// project's order.
    pub fn relations_of(&self, place: &Place) -> Vec<&Arc<Relation>> {
        let leads =
            move |it: &Relation| matches!(&it.to, Some(Target::Annotation(to)) if to == place);
        let here = self.each_relation().filter(|it| it.from == *place || leads(it));
        let mut here: Vec<_> = here.collect();
        let rank = |it: &Relation| (it.from != *place, it.order);
        sort_by(&mut here, |a, b| rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id)));
        here
    }

    /// In the project's order.
    pub fn relations(&self) -> Vec<&Arc<Relation>> {
        typed!(Relation, self.in_order(&Key::Relation("".into())))
    }

    /// In the project's order.
    pub fn articles(&self) -> Vec<&Arc<Article>> {
        self.listing.ranks.values().collect()
    }

    /// How many articles there are.
    pub fn article_count(&self) -> usize {
        self.listing.ranks.len()
    }

    /// The same project, of whose articles lists show the `first` in this order, then those that stand
    /// in neither, and none of the `hidden`. Nothing but what is shown changes by that.
    pub fn with_list(&self, first: &[ArticleId], hidden: &[ArticleId]) -> Project {
        let mut listing = Listing::of_list(first, hidden);
        self.articles.values().for_each(|article| listing.change_article(None, Some(article)));
        self.rows.iter().for_each(|(key, row)| listing.change_row(key, None, Some(&**row)));
        Project { listing, ..self.clone() }
    }

    /// The articles that lists show, in their order, from one that so many stand before: in the
    /// project's order, unless [`Project::with_list`] says otherwise.
    pub fn listed_from(&self, at: usize) -> impl Iterator<Item = &Arc<Article>> {
        self.listing.shown().skipping(at).map(|(_, article)| article)
    }

    /// How many of the listed articles stand before one; none where it is not listed.
    pub fn position(&self, id: &ArticleId) -> Option<usize> {
        let rank = self.listing.rank(self.article(id)?)?;
        Some(self.listing.shown().count_before(&(rank, id.clone())))
    }

    /// How many articles lists show.
    pub fn listed_count(&self) -> usize {
        self.listing.shown().len()
    }

    /// How many sets of an owner have each status, of listed articles.
    pub fn tally(&self, owner: &Owner) -> Tally {
        self.listing.tally(owner)
    }

    /// The article of that id.
    pub fn article(&self, id: &ArticleId) -> Option<&Arc<Article>> {
        self.articles.get(id)
    }

    /// All that is known to have been deleted, by the keys under which it stood.
    pub fn deletions(&self) -> impl Iterator<Item = (&Key, &Arc<Deletion>)> {
        let first = Key::Deletion(Arc::new(Key::Meta));
        self.records.starting_at(&first).filter_map(|(key, value)| match (key, value) {
            (Key::Deletion(key), Value::Deletion(deletion)) => Some((&**key, deletion)),
            _ => None,
        })
    }

    /// All sets of one article, by owner.
    pub fn sets_of<'a>(
        &'a self,
        article: &'a ArticleId,
    ) -> impl Iterator<Item = (&'a Owner, &'a Arc<SetRow>)> {
        self.rows_of(article).filter(|(_, row)| row.is_begun())
    }

    /// All index rows of sets of one article, by owner: those too that only have a time.
    pub fn rows_of<'a>(
        &'a self,
        article: &'a ArticleId,
    ) -> impl Iterator<Item = (&'a Owner, &'a Arc<SetRow>)> {
        let first = SetKey { article: article.clone(), owner: Owner::Gold };
        let rows = self.rows.starting_at(&first);
        rows.take_while(|(key, _)| key.article == *article).map(|(key, row)| (&key.owner, row))
    }

    /// The index row of a set.
    pub fn set(&self, key: &SetKey) -> Option<&Arc<SetRow>> {
        self.rows.get(key)
    }

    /// The text and annotations of an article, if it is loaded.
    pub fn loaded(&self, article: &ArticleId) -> Option<&Arc<Loaded>> {
        self.loaded.get(article)
    }

    /// The articles that are loaded.
    pub fn loaded_articles(&self) -> impl Iterator<Item = &ArticleId> {
        self.loaded.keys()
    }

    /// The annotations of a set; none where it is empty or its article is not loaded.
    pub fn annotations(&self, key: &SetKey) -> Option<&Annotations> {
        self.loaded.get(&key.article)?.sets.get(&key.owner)
    }

    /// The text of an article, if it is loaded.
    pub fn text(&self, article: &ArticleId) -> Option<&Text> {
        self.loaded.get(article).map(|loaded| &loaded.text)
    }

    /// The same project with an article's text and annotations at hand.
    ///
    /// Annotations whose spans do not fit the text are left out and returned:
    /// they come from a damaged store, and the caller says so.
    pub fn with_loaded(
        &self,
        article: &ArticleId,
        text: Text,
        annotations: Sets,
    ) -> (Project, Vec<(Owner, Arc<Annotation>)>) {
        let (loaded, damaged) = Loaded::of(text, annotations);
        let mut project = self.clone();
        project.loaded.insert(article.clone(), Arc::new(loaded));
        (project, damaged)
    }

    /// The same project with articles that are new to it, loaded.
    pub fn with_entries(&self, entries: impl IntoIterator<Item = Entry>) -> Project {
        let mut project = self.clone();
        for entry in entries {
            project.loaded.insert(entry.article.id.clone(), entry.loaded.clone());
            project.index(entry);
        }
        project
    }

    /// The same project with articles of it loaded, as they were when they came in.
    pub fn with_entries_loaded(&self, entries: impl IntoIterator<Item = Entry>) -> Project {
        let mut project = self.clone();
        for entry in entries {
            project.loaded.insert(entry.article.id.clone(), entry.loaded);
        }
        project
    }

    /// Takes in a new article without loading it.
    pub fn index(&mut self, Entry { article, rows, loaded: _ }: Entry) {
        for (owner, row) in rows {
            self.put_row(&SetKey { article: article.id.clone(), owner }, Some(Arc::new(row)));
        }
        let id = article.id.clone();
        self.put_article(&id, Some(article));
    }

    /// Puts an article, or takes it away.
    fn put_article(&mut self, id: &ArticleId, article: Option<Arc<Article>>) {
        let before = self.articles.set(id, article.clone());
        self.listing.change_article(before.as_ref(), article.as_ref());
    }

    /// Puts an index row of a set, counts included, or takes it away.
    pub(crate) fn put_row(&mut self, key: &SetKey, row: Option<Arc<SetRow>>) {
        let before = self.rows.set(key, row.clone());
        self.listing.change_row(key, before.as_deref(), row.as_deref());
    }

    /// The same project without an article and what is of it.
    pub fn without_articles(&self) -> Project {
        Project {
            articles: Map::new(),
            rows: Map::new(),
            loaded: Map::new(),
            listing: self.listing.without_articles(),
            ..self.clone()
        }
    }

    /// The same project with a text at hand that a loaded article may get in place of its own.
    pub fn with_text(&self, text: Text) -> Project {
        let mut project = self.clone();
        project.keep_at_hand(text);
        project
    }

    /// Whether a text is at hand that a loaded article may get in place of its own.
    pub fn has_text(&self, hash: &TextHash) -> bool {
        self.text_at_hand(hash).is_some()
    }

    fn text_at_hand(&self, hash: &TextHash) -> Option<&Text> {
        self.at_hand.iter().find(|text| hash.names(text))
    }

    fn keep_at_hand(&mut self, text: Text) {
        if !self.has_text(&text.hash().into()) {
            Arc::make_mut(&mut self.at_hand).push(text);
        }
    }

    /// Gives a loaded article the text that its record is to name. Where that is not at hand, the
    /// article is loaded no more.
    ///
    /// What lies on it is not looked at: `edit` does, once all that changes has changed.
    pub(crate) fn change_text(&mut self, article: &Article) {
        let Some(loaded) = self.loaded.get(&article.id).cloned() else { return };
        if article.text.names(&loaded.text) {
            return;
        }
        self.loaded.remove(&article.id);
        if let Some(text) = self.text_at_hand(&article.text).cloned() {
            let changed = Loaded { text, sets: loaded.sets.clone() };
            self.loaded.insert(article.id.clone(), Arc::new(changed));
            self.keep_at_hand(loaded.text.clone());
        }
    }

    /// Whether all that lies on an article lies in its text, as far as it is loaded.
    pub(crate) fn fits(&self, article: &ArticleId) -> bool {
        self.loaded.get(article).is_none_or(|loaded| {
            let mut annotations = loaded.sets.values().flat_map(|set| set.values());
            let on_record = self.article(article).is_none_or(|article| {
                let mut unplaced = article.unplaced.iter();
                article.regions.iter().all(|region| is_in(region.span, &loaded.text))
                    && unplaced.all(|it| attributes_fit(&it.attributes, &loaded.text))
            });
            on_record && annotations.all(|annotation| fits(annotation, &loaded.text))
        })
    }

    /// Whether an annotation is there, placed or not; none is of an article that is not loaded,
    /// unless it is unplaced.
    pub fn has_annotation(&self, place: &Place) -> bool {
        self.article(&place.article).is_some_and(|it| it.has_unplaced(&place.annotation))
            || self.annotation_at(place).is_some()
    }

    /// An annotation, whoever made it; none where its article is not loaded.
    pub fn annotation_at(&self, place: &Place) -> Option<&Arc<Annotation>> {
        let loaded = self.loaded(&place.article)?;
        loaded.sets.values().find_map(|set| set.get(&place.annotation))
    }

    /// The same project without an article's text and annotations in memory.
    pub fn without_loaded(&self, article: &ArticleId) -> Project {
        let mut project = self.clone();
        project.loaded.remove(article);
        project
    }

    /// The time that the owner of a set spent on its article.
    pub fn seconds(&self, set: &SetKey) -> u64 {
        self.set(set).map_or(0, |row| row.seconds)
    }

    /// The same project with the time that the owner of a set spent on its article.
    pub fn with_seconds(&self, set: &SetKey, seconds: u64) -> Project {
        let mut project = self.clone();
        project.change_row(set, |row| row.seconds = seconds);
        project
    }

    /// Takes away a stored record of the index.
    pub(crate) fn forget(&mut self, key: &Key) {
        match key {
            Key::Article(id) => self.put_article(id, None),
            Key::Set(set) => self.put_row(set, None),
            key => drop(self.records.remove(key)),
        }
    }

    /// The keys of all records, in the order of keys; annotations only of loaded articles.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::Meta, Key::Scheme];
        let of_articles = Key::Article("".into());
        keys.extend(self.records.keys().take_while(|key| **key < of_articles).cloned());
        keys.extend(self.articles.keys().cloned().map(Key::Article));
        // A set may have counts and say nothing of itself.
        let sets = self.rows.iter().filter(|(_, row)| row.info.is_some());
        keys.extend(sets.map(|(key, _)| Key::Set(key.clone())));
        keys.extend(self.records.starting_at(&of_articles).map(|(key, _)| key.clone()));
        for (article, loaded) in self.loaded.iter() {
            for (owner, set) in loaded.sets.iter() {
                let key = SetKey { article: article.clone(), owner: owner.clone() };
                keys.extend(set.keys().map(|id| Key::Annotation(key.clone(), id.clone())));
            }
        }
        keys
    }

    /// What stands under a key; `Err` where it cannot be known, since its article is not loaded.
    pub fn value(&self, key: &Key) -> Result<Option<Value>, NotLoaded> {
        Ok(match key {
            Key::Meta => Some(Value::Meta(self.meta.clone())),
            Key::Scheme => Some(Value::Scheme(self.scheme.clone())),
            Key::Annotation(key, id) => {
                let loaded =
                    self.loaded.get(&key.article).ok_or_else(|| NotLoaded(key.article.clone()))?;
                let set = loaded.sets.get(&key.owner);
                set.and_then(|set| set.get(id)).cloned().map(Value::Annotation)
            }
            Key::Article(id) => self.articles.get(id).cloned().map(Value::Article),
            Key::Set(key) => {
                let info = self.rows.get(key).and_then(|row| row.info.clone());
                info.map(|info| Value::Set(Arc::new(info)))
            }
            key => self.records.get(key).cloned(),
        })
    }

    /// Puts a value under a key, or takes away what is there; only `edit` changes a project.
    ///
    /// # Errors
    /// The article of an annotation is not loaded, or the value is not of the key's kind.
    pub(crate) fn put(&mut self, key: &Key, value: Option<Value>) -> Result<(), PutError> {
        if value.as_ref().is_some_and(|value| value.kind() != key.kind()) {
            return Err(PutError::WrongKind);
        }
        match (key, value) {
            (Key::Meta, Some(Value::Meta(meta))) => self.meta = meta,
            (Key::Scheme, Some(Value::Scheme(scheme))) => self.scheme = scheme,
            (Key::Meta | Key::Scheme, _) => return Err(PutError::WrongKind),
            (Key::Set(set), value) => {
                let info = only!(Set, value).map(Arc::unwrap_or_clone);
                self.change_row(set, |row| row.info = info);
            }
            (Key::Annotation(set, id), value) => {
                self.put_annotation(set, id, only!(Annotation, value))?;
            }
            // What is loaded of an article stays, so that undo can bring back what it held.
            (Key::Article(id), value) => self.put_article(id, only!(Article, value)),
            (key, value) => drop(self.records.set(key, value)),
        }
        Ok(())
    }

    fn put_annotation(
        &mut self,
        key: &SetKey,
        id: &AnnotationId,
        value: Option<Arc<Annotation>>,
    ) -> Result<(), PutError> {
        let after = value.as_ref().map(|annotation| annotation.label.clone());
        let before = self.put_loaded(key, id, value)?;
        self.count(key, before.map(|annotation| annotation.label.clone()), after);
        Ok(())
    }

    /// Puts an annotation into a loaded article and does not count it; gives what was there.
    fn put_loaded(
        &mut self,
        key: &SetKey,
        id: &AnnotationId,
        value: Option<Arc<Annotation>>,
    ) -> Result<Option<Arc<Annotation>>, PutError> {
        let Some(loaded) = self.loaded.get(&key.article) else {
            return Err(PutError::NotLoaded(NotLoaded(key.article.clone())));
        };
        if value.as_ref().is_some_and(|annotation| !fits(annotation, &loaded.text)) {
            return Err(PutError::OutsideText);
        }
        // Taken out and put back, so that what nobody else holds changes in place.
        let mut loaded = loaded.clone();
        self.loaded.remove(&key.article);
        let sets = &mut Arc::make_mut(&mut loaded).sets;
        let mut set = sets.remove(&key.owner).unwrap_or_default();
        let before = set.set(id, value);
        if !set.is_empty() {
            sets.insert(key.owner.clone(), set);
        }
        self.loaded.insert(key.article.clone(), loaded);
        Ok(before)
    }

    /// Puts a value as another tab has put it, where `from` is known to have stood: an annotation of
    /// an article that is not loaded is counted, and one that was loaded since is not counted twice.
    ///
    /// # Errors
    /// As for [`Project::put`], but for what is not loaded.
    pub(crate) fn put_known(
        &mut self,
        key: &Key,
        from: Option<&Value>,
        to: Option<Value>,
    ) -> Result<(), PutError> {
        let Key::Annotation(set, id) = key else { return self.put(key, to) };
        let label = |value: Option<&Value>| only!(Annotation, value).map(|it| it.label.clone());
        self.count(set, label(from), label(to.as_ref()));
        match self.put_loaded(set, id, only!(Annotation, to)) {
            Err(PutError::NotLoaded(_)) => Ok(()),
            done => done.map(drop),
        }
    }

    /// One annotation of a set has now another label, is new, or is gone.
    fn count(&mut self, key: &SetKey, before: Option<LabelId>, after: Option<LabelId>) {
        if before != after {
            self.change_row(key, |row| {
                before.into_iter().for_each(|label| row.counts.add(label, -1));
                after.into_iter().for_each(|label| row.counts.add(label, 1));
            });
        }
    }

    fn change_row(&mut self, key: &SetKey, change: impl FnOnce(&mut SetRow)) {
        let mut row = self.set(key).map(|row| (**row).clone()).unwrap_or_default();
        change(&mut row);
        self.put_row(key, (row != SetRow::default()).then(|| Arc::new(row)));
    }

    /// The number after the highest `order` among records of the key's kind.
    pub fn next_order(&self, key: &Key) -> u32 {
        if let Key::Article(_) = key {
            return self.listing.ranks.last().map_or(0, |((order, _), _)| order + 1);
        }
        self.of_kind(key).map(|value| value.order() + 1).max().unwrap_or_default()
    }
}

/// Whether every span of an annotation lies in the text, on character boundaries.
fn fits(annotation: &Annotation, text: &Text) -> bool {
    attributes_fit(&annotation.attributes, text)
        && annotation.spans.iter().all(|span| is_in(span, text))
}

/// Whether every span of the values lies in the text, on character boundaries.
fn attributes_fit(attributes: &Map<AttributeId, AttributeValue>, text: &Text) -> bool {
    attributes.values().all(|value| match value {
        AttributeValue::Spans(spans) => spans.iter().all(|span| is_in(*span, text)),
        AttributeValue::Speakers(speakers) => {
            let mut mentions = speakers.iter().filter_map(|speaker| speaker.mention);
            mentions.all(|mention| is_in(mention, text))
        }
        _ => true,
    })
}

fn is_in(span: Span, text: &Text) -> bool {
    text.span(span.start(), span.end()) == Some(span)
}

/// The annotations of this article are not in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLoaded(pub ArticleId);

/// Why a value cannot stand under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutError {
    /// Its article must be loaded first.
    NotLoaded(NotLoaded),
    /// The value is of another kind than the key, or what must stay would go.
    WrongKind,
    /// A span does not lie in the article's text.
    OutsideText,
}
