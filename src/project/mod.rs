//! A project as one value: what is known of all its articles, and those that are loaded.

mod record;

pub use record::{Key, Value};

use std::collections::BTreeMap;
use std::rc::Rc;

use rpds::RedBlackTreeMap;
use serde::{Deserialize, Serialize};

use crate::annotation::{
    Annotation, Annotations, AnnotatorId, ArticleId, GroupId, Place, Relation, RelationId,
    SpeakerId, Status, Timestamp,
};
use crate::scheme::{Extra, LabelId, Scheme, default_scheme, id_type};
use crate::text::{Span, Text};

id_type! {
    /// Names a project; a deployment's is fixed.
    ProjectId,
    /// The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits: it names the text.
    TextHash,
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
    /// Keys this version does not know.
    pub extra: Extra,
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
    /// Time spent.
    pub seconds: u64,
    /// Keys this version does not know.
    pub extra: Extra,
}

/// How many annotations of each label a set holds; never a zero.
pub type Counts = BTreeMap<LabelId, u32>;

/// The index row of a set: what is known of it while its article is not loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetRow {
    /// What the set says of itself; none where annotations came before any of it.
    pub info: Option<SetInfo>,
    /// How many annotations it holds.
    pub counts: Counts,
}

impl SetRow {
    /// All annotations of the set.
    pub fn total(&self) -> u32 {
        self.counts.values().sum()
    }

    /// The status; not begun where nothing says otherwise.
    pub fn status(&self) -> Status {
        self.info.as_ref().map_or_else(Status::default, |info| info.status)
    }
}

/// What an article holds beyond its index row.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The text.
    pub text: Text,
    /// Everybody's annotations.
    pub sets: RedBlackTreeMap<Owner, Annotations>,
}

/// Scheme, articles, annotators, speakers, sets: the whole as one value whose clone is cheap.
///
/// It holds the index of all articles, and text and annotations of those that are loaded.
#[derive(Clone, Debug)]
pub struct Project {
    meta: Rc<Meta>,
    scheme: Rc<Scheme>,
    annotators: RedBlackTreeMap<AnnotatorId, Rc<Annotator>>,
    speakers: RedBlackTreeMap<SpeakerId, Rc<Speaker>>,
    groups: RedBlackTreeMap<GroupId, Rc<Group>>,
    relations: RedBlackTreeMap<RelationId, Rc<Relation>>,
    articles: RedBlackTreeMap<ArticleId, Rc<Article>>,
    sets: RedBlackTreeMap<SetKey, Rc<SetRow>>,
    loaded: RedBlackTreeMap<ArticleId, Rc<Loaded>>,
}

impl Project {
    /// A project with no article and the default scheme.
    pub fn new(meta: Meta) -> Project {
        Project {
            meta: Rc::new(meta),
            scheme: Rc::new(default_scheme()),
            annotators: RedBlackTreeMap::new(),
            speakers: RedBlackTreeMap::new(),
            groups: RedBlackTreeMap::new(),
            relations: RedBlackTreeMap::new(),
            articles: RedBlackTreeMap::new(),
            sets: RedBlackTreeMap::new(),
            loaded: RedBlackTreeMap::new(),
        }
    }

    /// What it is called and how it is to be annotated.
    pub fn meta(&self) -> &Rc<Meta> {
        &self.meta
    }

    /// The same project under another id, title or guidelines.
    pub fn with_meta(&self, meta: Meta) -> Project {
        Project { meta: Rc::new(meta), ..self.clone() }
    }

    /// What may be annotated.
    pub fn scheme(&self) -> &Rc<Scheme> {
        &self.scheme
    }

    /// In the project's order.
    pub fn annotators(&self) -> Vec<&Rc<Annotator>> {
        sorted(self.annotators.values(), |annotator| annotator.order)
    }

    /// The annotator of that id.
    pub fn annotator(&self, id: &AnnotatorId) -> Option<&Rc<Annotator>> {
        self.annotators.get(id)
    }

    /// In the project's order.
    pub fn speakers(&self) -> Vec<&Rc<Speaker>> {
        sorted(self.speakers.values(), |speaker| speaker.order)
    }

    /// The speaker of that id.
    pub fn speaker(&self, id: &SpeakerId) -> Option<&Rc<Speaker>> {
        self.speakers.get(id)
    }

    /// In the project's order.
    pub fn groups(&self) -> Vec<&Rc<Group>> {
        sorted(self.groups.values(), |group| group.order)
    }

    /// In the project's order.
    pub fn relations(&self) -> Vec<&Rc<Relation>> {
        sorted(self.relations.values(), |relation| relation.order)
    }

    /// In the project's order.
    pub fn articles(&self) -> Vec<&Rc<Article>> {
        sorted(self.articles.values(), |article| article.order)
    }

    /// How many articles there are.
    pub fn article_count(&self) -> usize {
        self.articles.size()
    }

    /// Whether no other article stands before this one in the project's order.
    pub fn is_first(&self, article: &Article) -> bool {
        let place = |it: &Article| (it.order, it.id.clone());
        let this = place(article);
        // The map is by id and not by order, but one that stands before is soon met.
        !self.articles.values().any(|other| place(other) < this)
    }

    /// The article of that id.
    pub fn article(&self, id: &ArticleId) -> Option<&Rc<Article>> {
        self.articles.get(id)
    }

    /// All sets of one article, by owner.
    pub fn sets_of<'a>(
        &'a self,
        article: &'a ArticleId,
    ) -> impl Iterator<Item = (&'a Owner, &'a Rc<SetRow>)> {
        let first = SetKey { article: article.clone(), owner: Owner::Gold };
        self.sets
            .range(first..)
            .take_while(move |(key, _)| key.article == *article)
            .map(|(key, row)| (&key.owner, row))
    }

    /// The index row of a set.
    pub fn set(&self, key: &SetKey) -> Option<&Rc<SetRow>> {
        self.sets.get(key)
    }

    /// The text and annotations of an article, if it is loaded.
    pub fn loaded(&self, article: &ArticleId) -> Option<&Rc<Loaded>> {
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
        annotations: impl IntoIterator<Item = (Owner, Annotation)>,
    ) -> (Project, Vec<(Owner, Annotation)>) {
        let mut sets = RedBlackTreeMap::new();
        let mut damaged = Vec::new();
        for (owner, annotation) in annotations {
            if !fits(&annotation, &text) {
                damaged.push((owner, annotation));
                continue;
            }
            let mut set: Annotations = sets.get(&owner).cloned().unwrap_or_default();
            set.insert_mut(annotation.id.clone(), Rc::new(annotation));
            sets.insert_mut(owner, set);
        }
        let mut project = self.clone();
        project.loaded.insert_mut(article.clone(), Rc::new(Loaded { text, sets }));
        (project, damaged)
    }

    /// The same project without an article's text and annotations in memory.
    pub fn without_loaded(&self, article: &ArticleId) -> Project {
        let mut project = self.clone();
        project.loaded.remove_mut(article);
        project
    }

    /// Restores a stored index row of a set, counts included.
    pub fn with_set_row(&self, key: SetKey, row: SetRow) -> Project {
        let mut project = self.clone();
        project.sets.insert_mut(key, Rc::new(row));
        project
    }

    /// The keys of all records, in the order of keys; annotations only of loaded articles.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = vec![Key::Meta, Key::Scheme];
        keys.extend(self.annotators.keys().cloned().map(Key::Annotator));
        keys.extend(self.speakers.keys().cloned().map(Key::Speaker));
        keys.extend(self.groups.keys().cloned().map(Key::Group));
        keys.extend(self.relations.keys().cloned().map(Key::Relation));
        keys.extend(self.articles.keys().cloned().map(Key::Article));
        let said = self.sets.iter().filter(|(_, row)| row.info.is_some());
        keys.extend(said.map(|(key, _)| Key::Set(key.clone())));
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
            Key::Annotator(id) => self.annotators.get(id).cloned().map(Value::Annotator),
            Key::Speaker(id) => self.speakers.get(id).cloned().map(Value::Speaker),
            Key::Group(id) => self.groups.get(id).cloned().map(Value::Group),
            Key::Relation(id) => self.relations.get(id).cloned().map(Value::Relation),
            Key::Article(id) => self.articles.get(id).cloned().map(Value::Article),
            Key::Set(key) => {
                self.sets.get(key).and_then(|row| row.info.clone()).map(|i| Value::Set(Rc::new(i)))
            }
            Key::Annotation(key, id) => {
                let loaded =
                    self.loaded.get(&key.article).ok_or_else(|| NotLoaded(key.article.clone()))?;
                let set = loaded.sets.get(&key.owner);
                set.and_then(|set| set.get(id)).cloned().map(Value::Annotation)
            }
        })
    }

    /// Puts a value under a key, or takes away what is there; only `edit` changes a project.
    ///
    /// # Errors
    /// The article of an annotation is not loaded, or the value is not of the key's kind.
    pub(crate) fn put(&mut self, key: &Key, value: Option<Value>) -> Result<(), PutError> {
        macro_rules! entry {
            ($map:ident, $id:expr, $kind:ident) => {
                match value {
                    Some(Value::$kind(value)) => {
                        self.$map.insert_mut($id.clone(), value);
                    }
                    None => {
                        self.$map.remove_mut($id);
                    }
                    Some(_) => return Err(PutError::WrongKind),
                }
            };
        }
        match key {
            Key::Meta => match value {
                Some(Value::Meta(meta)) => self.meta = meta,
                _ => return Err(PutError::WrongKind),
            },
            Key::Scheme => match value {
                Some(Value::Scheme(scheme)) => self.scheme = scheme,
                _ => return Err(PutError::WrongKind),
            },
            Key::Annotator(id) => entry!(annotators, id, Annotator),
            Key::Speaker(id) => entry!(speakers, id, Speaker),
            Key::Group(id) => entry!(groups, id, Group),
            Key::Relation(id) => entry!(relations, id, Relation),
            // What is loaded of an article stays, so that undo can bring back what it held.
            Key::Article(id) => entry!(articles, id, Article),
            Key::Set(set) => {
                let info = match value {
                    Some(Value::Set(info)) => Some((*info).clone()),
                    None => None,
                    Some(_) => return Err(PutError::WrongKind),
                };
                self.change_row(set, |row| row.info = info);
            }
            Key::Annotation(set, id) => {
                let value = match value {
                    Some(Value::Annotation(annotation)) => Some(annotation),
                    None => None,
                    Some(_) => return Err(PutError::WrongKind),
                };
                self.put_annotation(set, id, value)?;
            }
        }
        Ok(())
    }

    fn put_annotation(
        &mut self,
        key: &SetKey,
        id: &crate::annotation::AnnotationId,
        value: Option<Rc<Annotation>>,
    ) -> Result<(), PutError> {
        let Some(loaded) = self.loaded.get(&key.article) else {
            return Err(PutError::NotLoaded(NotLoaded(key.article.clone())));
        };
        if value.as_ref().is_some_and(|annotation| !fits(annotation, &loaded.text)) {
            return Err(PutError::OutsideText);
        }
        let set = loaded.sets.get(&key.owner).cloned().unwrap_or_default();
        let before = set.get(id).map(|annotation| annotation.label.clone());
        let after = value.as_ref().map(|annotation| annotation.label.clone());
        let set = match value {
            Some(annotation) => set.insert(id.clone(), annotation),
            None => set.remove(id),
        };
        let sets = if set.is_empty() {
            loaded.sets.remove(&key.owner)
        } else {
            loaded.sets.insert(key.owner.clone(), set)
        };
        let loaded = Loaded { text: loaded.text.clone(), sets };
        self.loaded.insert_mut(key.article.clone(), Rc::new(loaded));
        if before != after {
            self.change_row(key, |row| {
                if let Some(label) = before
                    && let Some(count) = row.counts.get_mut(&label)
                {
                    *count -= 1;
                    if *count == 0 {
                        row.counts.remove(&label);
                    }
                }
                if let Some(label) = after {
                    *row.counts.entry(label).or_default() += 1;
                }
            });
        }
        Ok(())
    }

    fn change_row(&mut self, key: &SetKey, change: impl FnOnce(&mut SetRow)) {
        let mut row = self.sets.get(key).map(|row| (**row).clone()).unwrap_or_default();
        change(&mut row);
        if row == SetRow::default() {
            self.sets.remove_mut(key);
        } else {
            self.sets.insert_mut(key.clone(), Rc::new(row));
        }
    }

    /// The number after the highest `order` among records of the key's kind.
    pub fn next_order(&self, key: &Key) -> u32 {
        let orders: &mut dyn Iterator<Item = u32> = match key {
            Key::Annotator(_) => &mut self.annotators.values().map(|it| it.order),
            Key::Speaker(_) => &mut self.speakers.values().map(|it| it.order),
            Key::Group(_) => &mut self.groups.values().map(|it| it.order),
            Key::Relation(_) => &mut self.relations.values().map(|it| it.order),
            Key::Article(_) => &mut self.articles.values().map(|it| it.order),
            _ => &mut std::iter::empty(),
        };
        orders.max().map_or(0, |highest| highest + 1)
    }
}

/// By `order`, then by id, which is how the map gives them.
fn sorted<'a, T>(
    values: impl Iterator<Item = &'a Rc<T>>,
    order: impl Fn(&T) -> u32,
) -> Vec<&'a Rc<T>> {
    let mut values: Vec<_> = values.collect();
    values.sort_by_key(|value| order(value));
    values
}

/// Whether every span of an annotation lies in the text, on character boundaries.
fn fits(annotation: &Annotation, text: &Text) -> bool {
    let valid = |span: Span| text.span(span.start(), span.end()) == Some(span);
    let attributes = annotation.attributes.values().all(|value| match value {
        crate::annotation::AttributeValue::Spans(spans) => spans.iter().copied().all(valid),
        crate::annotation::AttributeValue::Speakers(speakers) => {
            speakers.iter().filter_map(|speaker| speaker.mention).all(valid)
        }
        _ => true,
    });
    attributes && annotation.spans.iter().all(valid)
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
