//! Articles with all that is of them.

use std::sync::Arc;

use super::{Article, Owner, Project, SetRow, fits};
use crate::annotation::{Annotation, AnnotationId, Annotations};
use crate::map::Map;
use crate::text::Text;

/// What an article holds beyond its index row; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The text.
    pub text: Text,
    /// Everybody's annotations.
    pub sets: Sets,
}

/// Everybody's annotations of an article.
pub type Sets = Map<Owner, Annotations>;

/// Puts an annotation into the set of its owner, in place of one of that id, or takes the one of that
/// id away.
pub fn put_into(sets: &mut Sets, owner: Owner, id: &AnnotationId, to: Option<Arc<Annotation>>) {
    let mut set = sets.remove(&owner).unwrap_or_default();
    match to {
        Some(annotation) => set.insert(id.clone(), annotation),
        None => drop(set.remove(id)),
    }
    if !set.is_empty() {
        sets.insert(owner, set);
    }
}

impl Loaded {
    /// A text with annotations. Those whose spans do not fit it are left out and returned.
    pub fn of(text: Text, mut sets: Sets) -> (Loaded, Vec<(Owner, Arc<Annotation>)>) {
        let mut damaged = Vec::new();
        for (owner, set) in sets.iter() {
            let bad = set.values().filter(|annotation| !fits(annotation, &text));
            damaged.extend(bad.map(|annotation| (owner.clone(), annotation.clone())));
        }
        for (owner, annotation) in &damaged {
            put_into(&mut sets, owner.clone(), &annotation.id, None);
        }
        (Loaded { text, sets }, damaged)
    }
}

/// An article with all that is of it, before it comes into a project.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The record.
    pub article: Arc<Article>,
    /// The index rows of its sets.
    pub rows: Vec<(Owner, SetRow)>,
    /// Its text and annotations.
    pub loaded: Arc<Loaded>,
}

impl Entry {
    /// The annotations of each owner, no two of one id, have spans of that text; its row says how many
    /// there are once they are counted here.
    pub(crate) fn new(
        article: Article,
        text: Text,
        sets: Vec<(Owner, SetRow, Vec<Annotation>)>,
    ) -> Entry {
        let (mut rows, mut loaded) = (Vec::new(), Map::new());
        for (owner, mut row, annotations) in sets {
            let mut set = Annotations::new();
            for annotation in annotations {
                debug_assert!(fits(&annotation, &text));
                row.counts.add(annotation.label.clone(), 1);
                set.insert(annotation.id.clone(), Arc::new(annotation));
            }
            if !set.is_empty() {
                loaded.insert(owner.clone(), set);
            }
            if row != SetRow::default() {
                rows.push((owner, row));
            }
        }
        let loaded = Arc::new(Loaded { text, sets: loaded });
        Entry { article: Arc::new(article), rows, loaded }
    }

    /// The same without text and annotations: enough for an index.
    pub fn without_content(self) -> Entry {
        Entry { loaded: Arc::default(), ..self }
    }
}

impl Project {
    /// An article of the project with all that is of it.
    pub fn entry(&self, article: &Arc<Article>, loaded: Arc<Loaded>) -> Entry {
        let rows = self.rows_of(&article.id).map(|(owner, row)| (owner.clone(), (**row).clone()));
        Entry { article: article.clone(), rows: rows.collect(), loaded }
    }

    /// The articles that are loaded, in the project's order.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let loaded =
            |article: &Arc<Article>| Some(self.entry(article, self.loaded(&article.id)?.clone()));
        self.articles().into_iter().filter_map(loaded)
    }
}
