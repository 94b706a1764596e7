//! What must be known of all of a file of lines at its end, so that no article need be kept.

use std::collections::BTreeSet;

use super::read::{Head, Read, second};
use crate::annotation::{ArticleId, Place};
use crate::format::Problem;
use crate::project::{Entry, Owner, Project};

/// What an [`Index`] keeps of an article.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// Without its text and annotations.
    entry: Entry,
    /// The annotations of it that the file names elsewhere.
    named: Vec<(Place, Owner)>,
}

impl Indexed {
    /// `asked` is what [`Head::asked`] says.
    pub fn of(entry: &Entry, asked: &BTreeSet<Place>) -> Indexed {
        let article = &entry.article.id;
        let first = Place { article: article.clone(), annotation: "".into() };
        let asked = asked.range(first..).take_while(|place| place.article == *article);
        let sets = &entry.loaded.sets;
        let named = asked.flat_map(|place| {
            let holds = sets.iter().filter(|(_, set)| set.get(&place.annotation).is_some());
            holds.map(|(owner, _)| (place.clone(), owner.clone()))
        });
        Indexed { named: named.collect(), entry: entry.clone().without_content() }
    }

    /// The article's id.
    pub fn id(&self) -> &ArticleId {
        &self.entry.article.id
    }
}

/// The index of a project that is read article by article, none of them loaded.
pub struct Index {
    project: Project,
    brief: Option<Brief>,
    named: BTreeSet<(Place, Owner)>,
}

/// Of a project most of whose articles are not kept.
struct Brief {
    /// All articles.
    ids: BTreeSet<ArticleId>,
    /// Those that are kept.
    asked: BTreeSet<ArticleId>,
}

impl Index {
    /// Of a file that begins so: without an article.
    pub fn of(head: &Head) -> Index {
        Index { project: head.project().clone(), brief: None, named: BTreeSet::new() }
    }

    /// As [`Index::of`], but in a fraction of the memory: of articles, the project that it makes has only
    /// those that the head of the file names.
    pub fn without_articles(head: &Head) -> Index {
        let brief = Brief { ids: BTreeSet::new(), asked: head.asked_articles() };
        Index { brief: Some(brief), ..Index::of(head) }
    }

    /// Takes in an article, which stands in line `at`, or in the first.
    ///
    /// # Errors
    /// One of its id was there already.
    pub fn add(&mut self, file: &str, at: Option<u32>, indexed: Indexed) -> Result<(), Problem> {
        let id = &indexed.entry.article.id;
        let (new, kept) = match &mut self.brief {
            Some(brief) => (brief.ids.insert(id.clone()), brief.asked.contains(id)),
            None => (self.project.article(id).is_none(), true),
        };
        if !new {
            return Err(second(file, at, id));
        }
        if kept {
            self.project.index(indexed.entry);
        }
        self.named.extend(indexed.named);
        Ok(())
    }

    /// The whole, when all articles came, and what is wrong with it but for its articles.
    pub fn finish(self, head: &Head) -> Read {
        let Index { project, named, .. } = self;
        let is_there = |place: &Place, owner: Option<&Owner>| {
            let first = (place.clone(), Owner::Gold);
            let mut owners = named.range(first..).take_while(|(it, _)| it == place);
            owners.any(|(_, it)| owner.is_none_or(|owner| owner == it))
        };
        head.finish(project, &is_there)
    }
}
