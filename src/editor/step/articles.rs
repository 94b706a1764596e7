//! Opening, adding and finishing articles.

use std::sync::Arc;

use super::{Action, Effect, Step};
use crate::annotation::{ArticleId, Status};
use crate::edit::{Intent, act};
use crate::editor::state::{Dialog, Mode, Offer, OpenArticle};
use crate::format::articles::{Articles, other_texts, pasted, take_new};
use crate::format::{NewArticle, Problem};
use crate::highlight::Index;
use crate::project::{Project, Sets};
use crate::text::{Pos, Text};

/// How many articles stay in memory besides the open one.
const KEPT_LOADED: usize = 8;

impl Step<'_> {
    /// Opens an article, loading it first if need be.
    pub fn open_article(&mut self, id: &ArticleId) {
        let Some(project) = self.state.project.clone() else { return };
        let Some(article) = project.article(id).cloned() else { return };
        if project.loaded(id).is_some() {
            return self.show_article(id, Pos::default());
        }
        self.state.loading = Some(id.clone());
        self.effects.push(Effect::LoadArticle(article));
    }

    fn show_article(&mut self, id: &ArticleId, caret: Pos) {
        self.end_typing();
        let Some(project) = self.state.project.clone() else { return };
        let Some(loaded) = project.loaded(id) else { return };
        let set = act::own_set(id, &self.state.annotator);
        let none = Default::default();
        let annotations = project.annotations(&set).unwrap_or(&none);
        self.state.loading = None;
        self.state.past = None;
        // What is proposed of another article would be taken for this one's.
        self.drop_notices(&|it| matches!(&it.offer, Some(Offer::MarkProposed(of, _)) if of != id));
        self.state.article = Some(Arc::new(OpenArticle {
            id: id.clone(),
            index: Index::new(&loaded.text, annotations),
            set,
            text: loaded.text.clone(),
            anchor: caret,
            head: caret,
            picked: None,
            mode: Mode::Mark,
            problems: Arc::default(),
            unchecked: Some("".into()),
        }));
        self.effects.push(Effect::ShowCaret);
        if let Some(article) = project.article(id) {
            self.announce(format!("Article: {}", article.title));
        }
    }

    /// An article's text and annotations have come.
    pub fn article_loaded(&mut self, id: &ArticleId, text: Text, annotations: Sets, caret: u32) {
        let Some(project) = self.state.project.clone() else { return };
        if let Some(article) = project.article(id)
            && !article.text.names(&text)
        {
            if self.state.waiting.is_some() {
                // An undo waits for the text that the article had before.
                self.state.project = Some(Arc::new(project.with_text(text)));
                return;
            }
            // Another text has taken its place since it was asked for.
            return self.effects.push(Effect::LoadArticle(article.clone()));
        }
        let caret = text.pos(caret).unwrap_or_default();
        let (project, damaged) = project.with_loaded(id, text, annotations);
        self.state.project = Some(Arc::new(project));
        // What is loaded for an act, and not to be read, may need many at once.
        if self.state.loading.as_ref() == Some(id) {
            self.forget_others(std::slice::from_ref(id));
        }
        if !damaged.is_empty() {
            let text = format!(
                "{} annotations of this article do not fit its text and are not shown; they are \
                 still stored. Export the project and report this.",
                damaged.len()
            );
            self.notify(text, true, None);
        }
        if self.state.waiting.is_none() && self.state.loading.as_ref() == Some(id) {
            self.show_article(id, caret);
        }
    }

    /// An undo or redo that waited for an article can be done.
    pub fn go_on_taking_back(&mut self) {
        if let Some(direction) = self.state.waiting {
            self.state.loading = None;
            self.take_back(direction);
        }
    }

    /// Lets go of loaded articles beyond a few and these, once all is saved: while commits wait for the
    /// disk, the records that they touch are read from memory.
    pub fn forget_others(&mut self, keep: &[ArticleId]) {
        let Some(project) = self.state.project.clone().filter(|_| self.state.saving.is_saved())
        else {
            return;
        };
        let open = self.state.article.as_ref().map(|article| &article.id);
        let others = project.loaded_articles().filter(|id| !keep.contains(id) && Some(*id) != open);
        let others: Vec<_> = others.collect();
        let too_many = &others[..others.len().saturating_sub(KEPT_LOADED)];
        if !too_many.is_empty() {
            let fewer = |project: Project, id: &&ArticleId| project.without_loaded(id);
            let project = too_many.iter().fold((*project).clone(), fewer);
            self.state.project = Some(Arc::new(project));
        }
    }

    /// An article could not be loaded.
    pub fn article_failed(&mut self, id: &ArticleId, why: &str) {
        if self.state.loading.as_ref() == Some(id) {
            self.state.loading = None;
        }
        self.state.waiting = None;
        let title = self.state.project.as_ref().and_then(|project| project.article(id));
        let title = title.map_or_else(|| id.to_string(), |article| article.title.clone());
        self.notify(
            format!("“{title}” could not be opened: {why}"),
            true,
            Some(Offer::OpenArticle(id.clone())),
        );
    }

    /// Opens the article in the list that so many stand before, else the last.
    pub fn open_nearest(&mut self, at: usize) {
        let Some(project) = self.state.project.clone() else { return };
        let last = project.listed_count().saturating_sub(1);
        if let Some(article) = project.listed_from(at.min(last)).next() {
            self.open_article(&article.id);
        }
    }

    /// Opens the article after or before the open one.
    pub fn next_article(&mut self, back: bool) {
        let Some(project) = self.state.project.clone() else { return };
        let open = self.state.article.as_ref().map(|article| &article.id);
        let next = match (open.and_then(|id| project.position(id)), back) {
            (Some(at), false) => at + 1,
            (Some(at), true) => at.wrapping_sub(1),
            (None, _) => 0,
        };
        match project.listed_from(next).next() {
            Some(article) => self.open_article(&article.id),
            None => self.announce(if back { "This is the first" } else { "This is the last" }),
        }
    }

    /// Marks the open article as done, or takes that back.
    pub fn toggle_done(&mut self) {
        let Some(article) = self.state.article.clone() else { return };
        let Some(project) = self.state.project.clone() else { return };
        let row = project.set(&article.set);
        let status = match row.map_or(Status::Todo, |row| row.status()) {
            Status::Done if row.is_some_and(|row| row.total() > 0) => Status::Doing,
            Status::Done => Status::Todo,
            _ => Status::Done,
        };
        self.set_status(&article.id, status);
    }

    /// Says how far the annotator is with an article.
    pub fn set_status(&mut self, article: &ArticleId, status: Status) {
        let Some(project) = self.state.project.clone() else { return };
        let set = act::own_set(article, &self.state.annotator);
        if self.act(act::set_status(&project, &set, status)) {
            self.announce(format!("Status: {}", status.name()));
        }
    }

    /// Takes an article out of the project; undo brings it back.
    pub fn remove_article(&mut self, id: &ArticleId) {
        let Some(project) = self.state.project.clone() else { return };
        let Some(article) = project.article(id).cloned() else { return };
        if project.loaded(id).is_none() {
            // What it holds must be at hand, so that undo can bring it back.
            self.effects
                .push(Effect::LoadThen(vec![article], Box::new(Action::RemoveArticle(id.clone()))));
            return;
        }
        if self.act(act::remove_article(&project, &article, self.deletion())) {
            self.notify(format!("“{}” was removed.", article.title), false, Some(Offer::Undo));
        }
    }

    /// Articles were read: the new ones are added; those that are here with another text are held
    /// back, and a person is asked.
    pub fn articles_read(&mut self, articles: Vec<NewArticle>, problems: Vec<Problem>) {
        if !self.may_write() {
            return;
        }
        let Some(project) = self.state.project.clone() else { return };
        let here = project.articles();
        let (other, new) = other_texts(articles, here.iter().map(|article| &***article));
        let said = match &other[..] {
            [one] => {
                let title = project.article(&one.article.id).map_or("", |it| it.title.as_str());
                format!("“{title}” is here already, with another text.")
            }
            all => format!("{} articles are here already, with other texts.", all.len()),
        };
        self.add_read(new, problems);
        self.hold(other, format!("{said} Nothing of that was changed yet."));
    }

    /// Adds the articles that are new, and reports what was not taken.
    pub fn add_read(&mut self, articles: Vec<NewArticle>, mut problems: Vec<Problem>) {
        if !self.may_write() {
            return;
        }
        let Some(project) = self.state.project.clone() else { return };
        let here = project.articles();
        let Articles { articles: new, problems: repeated } =
            take_new(articles, here.iter().map(|article| &***article));
        problems.extend(repeated);
        let count = new.len();
        let first = new.first().map(|new| new.article.id.clone());
        if count > 0 {
            Arc::make_mut(&mut self.state.saving.texts)
                .extend(new.iter().map(|new| new.text.clone()));
            let intent = Intent::AddArticles { count: count as u32 };
            let records = new.iter().map(|new| new.article.clone());
            self.act(act::add_articles(&project, records, intent));
            self.load_new(new);
        }
        if problems.is_empty() {
            self.state.dialog = None;
        } else {
            let summary = match count {
                0 => "No article was added.".to_owned(),
                1 => "1 article was added.".to_owned(),
                n => format!("{n} articles were added."),
            };
            self.announce(summary.clone());
            self.state.dialog = Some(Dialog::Report { summary, problems: Arc::new(problems) });
        }
        if let Some(first) = first {
            self.open_article(&first);
        }
    }

    /// Pasted text becomes an article; the dialog stays where it cannot.
    pub fn paste(&mut self, title: &str, text: &str) {
        match pasted(text, Some(title)) {
            Ok(article) => self.articles_read(vec![article], Vec::new()),
            Err(Problem { what, remedy, .. }) => {
                self.state.dialog =
                    Some(Dialog::Paste { problem: Some(format!("{what}. {remedy}.")) });
            }
        }
    }

    /// Keeps the texts of new articles at hand until they are stored.
    fn load_new(&mut self, new: Vec<NewArticle>) {
        let Some(project) = &self.state.project else { return };
        let loaded = new.into_iter().take(KEPT_LOADED).fold((**project).clone(), |project, new| {
            project.with_loaded(&new.article.id, new.text, Sets::new()).0
        });
        self.state.project = Some(Arc::new(loaded));
    }
}
