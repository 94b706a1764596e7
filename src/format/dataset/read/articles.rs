//! The articles of files: what they are called, and when all of one is there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::incoming::InDocument;
use crate::annotation::{Annotation, ArticleId};
use crate::project::{Article, Entry, Owner, SetRow};
use crate::text::{Text, TextHash};

/// By what the files call them and by their texts: what has one name and one text is one article.
#[derive(Default)]
pub(super) struct Articles {
    /// By name, the highest number behind it.
    numbers: BTreeMap<Arc<str>, u32>,
    made: BTreeSet<String>,
    /// By name and text.
    all: BTreeMap<(Arc<str>, TextHash), Met>,
    /// How many have an id.
    count: usize,
}

#[derive(Default)]
struct Met {
    /// The number of its last document.
    last: usize,
    /// Its id, and where it stands among all, once its first document is built.
    named: Option<(ArticleId, usize)>,
}

/// The article of a document.
pub(super) struct Named {
    pub(super) id: ArticleId,
    /// Where it stands among all.
    pub(super) at: usize,
    /// Whether the document is its first.
    pub(super) is_first: bool,
    /// Whether an article with another text has its name; only its first document says so.
    pub(super) is_other: bool,
    /// Whether the document is its last.
    pub(super) is_last: bool,
}

impl Articles {
    fn key(&mut self, document: &InDocument) -> (Arc<str>, TextHash) {
        let name = match self.numbers.get_key_value(document.article.as_str()) {
            Some((name, _)) => name.clone(),
            None => {
                let name: Arc<str> = document.article.as_str().into();
                self.numbers.insert(name.clone(), 0);
                name
            }
        };
        (name, document.text.text.hash().into())
    }

    /// Looks at a document, which has this number.
    pub(super) fn meet(&mut self, document: &InDocument, number: usize) {
        let key = self.key(document);
        self.all.entry(key).or_default().last = number;
    }

    /// The article of a document, all of which were met.
    pub(super) fn of(&mut self, document: &InDocument, number: usize) -> Named {
        let key = self.key(document);
        let met = self.all.entry(key).or_default();
        let is_last = met.last <= number;
        if let Some((id, at)) = met.named.clone() {
            return Named { id, at, is_first: false, is_other: false, is_last };
        }
        let (id, is_other) = new_id(&document.article, &mut self.numbers, &mut self.made);
        let at = self.count;
        self.count += 1;
        met.named = Some((id.clone(), at));
        Named { id, at, is_first: true, is_other, is_last }
    }
}

/// An id for one more article of a name, and whether it is not the first of it.
fn new_id(
    name: &str,
    numbers: &mut BTreeMap<Arc<str>, u32>,
    made: &mut BTreeSet<String>,
) -> (ArticleId, bool) {
    let mut number = numbers.get(name).map_or(1, |number| number + 1);
    let (is_other, mut id) = (number > 1, name.to_owned());
    while number > 1 && (numbers.contains_key(id.as_str()) || !made.insert(id.clone())) {
        id = format!("{name}-{number}");
        number += 1;
    }
    if let Some(highest) = numbers.get_mut(name) {
        *highest = number;
    }
    (id.into(), is_other)
}

/// An article while its documents are built.
pub(super) struct Draft {
    pub(super) article: Article,
    pub(super) text: Text,
    pub(super) sets: BTreeMap<Owner, (SetRow, Vec<Annotation>)>,
    is_whole: bool,
}

/// Articles that are not whole yet, and those behind them, in order.
#[derive(Default)]
pub(super) struct Drafts {
    /// How many were given out.
    given: usize,
    waiting: VecDeque<Draft>,
}

impl Drafts {
    /// Begins the article behind all others.
    pub(super) fn begin(&mut self, article: Article, text: Text) {
        self.waiting.push_back(Draft { article, text, sets: BTreeMap::new(), is_whole: false });
    }

    /// The article that stands there among all, if it was begun and is not whole.
    pub(super) fn at(&mut self, at: usize) -> Option<&mut Draft> {
        self.waiting.get_mut(at.checked_sub(self.given)?)
    }

    /// Nothing comes to the article that stands there among all.
    pub(super) fn end(&mut self, at: usize) {
        if let Some(draft) = self.at(at) {
            draft.is_whole = true;
        }
    }

    /// Takes the next one if it is whole.
    pub(super) fn next_whole(&mut self) -> Option<Entry> {
        self.waiting.front().filter(|it| it.is_whole)?;
        let Draft { article, text, sets, .. } = self.waiting.pop_front()?;
        self.given += 1;
        let sets = sets.into_iter().map(|(owner, (row, all))| (owner, row, all));
        Some(Entry::new(article, text, sets.collect()))
    }
}
