//! A project that several jobs are about: it is sent once, some articles at a time, and they name it.

use super::Whole;
use crate::project::{Entry, Loaded, Project};

/// How many bytes of texts and annotations are kept at most.
const MOST: usize = 16 << 20;

/// About how many bytes an annotation takes.
const OF_ANNOTATION: usize = 400;

/// The project that is kept, by its number, if one is.
#[derive(Default)]
pub(super) struct Kept(Option<(u32, Keeping)>);

struct Keeping {
    /// Without articles.
    bare: Project,
    /// With those that are kept.
    project: Project,
    /// How many bytes those have.
    size: usize,
}

/// About how many bytes an article takes.
fn size(loaded: &Loaded) -> usize {
    let annotations: usize = loaded.sets.iter().map(|(_, set)| set.len()).sum();
    loaded.text.as_str().len() + annotations * OF_ANNOTATION
}

impl Kept {
    /// Keeps a project without articles in place of the one before.
    pub(super) fn keep(&mut self, number: u32, bare: Whole) -> Result<(), String> {
        // The older goes first: two large ones might not fit.
        self.0 = None;
        let bare = bare.into_project()?;
        self.0 = Some((number, Keeping { project: bare.clone(), bare, size: 0 }));
        Ok(())
    }

    /// Keeps articles too. If they are too much, none is kept.
    pub(super) fn add(&mut self, number: u32, articles: Whole) -> Result<bool, String> {
        let keeping = self.keeping(number)?;
        let entries: Vec<Entry> = articles.into_project()?.entries().collect();
        keeping.size += entries.iter().map(|entry| size(&entry.loaded)).sum::<usize>();
        let fits = keeping.size <= MOST;
        keeping.project = match fits {
            true => keeping.project.with_entries(entries),
            false => keeping.bare.clone(),
        };
        Ok(fits)
    }

    /// The project of that number, with those articles that are kept.
    pub(super) fn get(&mut self, number: u32) -> Result<&Project, String> {
        self.keeping(number).map(|keeping| &keeping.project)
    }

    fn keeping(&mut self, number: u32) -> Result<&mut Keeping, String> {
        match &mut self.0 {
            Some((kept, keeping)) if *kept == number => Ok(keeping),
            _ => Err("the project is not at hand".to_owned()),
        }
    }
}
