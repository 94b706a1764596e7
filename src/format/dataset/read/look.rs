//! The first look at documents: what must be known of all of them before one can be built.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use super::articles::Articles;
use super::incoming::{Incoming, Notes};
use super::links::Asking;
use super::scheme::Met;
use super::units::{Evidence, Files};

/// What was seen of documents. Of their annotations it holds no more than some bytes each.
#[derive(Default)]
pub(super) struct Looked {
    pub(super) notes: Notes,
    pub(super) met: Met,
    pub(super) files: Files,
    pub(super) ids: Ids,
    pub(super) asking: Asking,
    pub(super) articles: Articles,
    documents: usize,
}

impl Looked {
    /// Looks at what comes next, of which notes and declarations are taken; with what each of its
    /// documents says of units.
    pub(super) fn add(&mut self, incoming: &mut Incoming, evidence: Vec<Evidence>) {
        self.notes.extend(mem::take(&mut incoming.notes));
        self.met.declare(mem::take(&mut incoming.declared));
        for document in &incoming.documents {
            self.documents += 1;
            self.met.add(document);
            self.articles.meet(document, self.documents);
            self.asking.document(document);
            let named = document.annotations.iter().filter(|it| it.is_named && !it.id.is_empty());
            named.for_each(|annotation| self.ids.add(&annotation.id));
        }
        evidence.into_iter().for_each(|it| self.files.add(it));
        incoming.relations.iter().for_each(|link| self.asking.link(link));
    }
}

/// The ids that files give to annotations, as hashes: what is taken for another only loses its own.
#[derive(Default)]
pub(super) struct Ids(Vec<u64>);

impl Ids {
    fn add(&mut self, id: &str) {
        self.0.push(hashed(id));
    }

    /// All are there.
    pub(super) fn sorted(mut self) -> Ids {
        self.0.sort_unstable();
        self
    }

    /// How many of those that are sorted may be this one; no more than two are counted.
    pub(super) fn count(&self, id: &str) -> usize {
        let hash = hashed(id);
        let from = self.0.partition_point(|it| *it < hash);
        self.0[from..].iter().take(2).filter(|it| **it == hash).count()
    }
}

/// The same for the same, in one run of the program.
pub(super) fn hashed(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
