//! The native file of a project, written some articles at a time: no more of them are kept.

use super::Whole;
use crate::format::native::Layout;
use crate::project::Project;

/// A file that is being written.
pub(super) struct Writing {
    layout: Layout,
    /// Without articles.
    bare: Project,
    is_first: bool,
}

impl Writing {
    /// Begins the file of a project, which comes without articles; gives its beginning.
    pub(super) fn begin(layout: Layout, bare: Whole) -> Result<(Writing, String), String> {
        let bare = bare.into_project()?;
        let head = layout.head(&bare);
        Ok((Writing { layout, bare, is_first: true }, head))
    }

    /// The next articles.
    pub(super) fn articles(&mut self, articles: Whole) -> Result<String, String> {
        let mut written = String::new();
        for entry in articles.into_project()?.entries() {
            let (article, loaded) = (entry.article.clone(), entry.loaded.clone());
            let project = self.bare.with_entries([entry]);
            written.push_str(&self.layout.article(&project, &article, &loaded, self.is_first));
            self.is_first = false;
        }
        Ok(written)
    }

    /// The end of the file.
    pub(super) fn end(self) -> String {
        self.layout.tail(&self.bare, self.is_first)
    }
}
