//! Drawing relations, and following them.

use std::sync::Arc;

use super::{Effect, Focus, Step};
use crate::annotation::{Annotation, Place, RelationId, Target};
use crate::edit::act::{self, End};
use crate::editor::find::Finder;
use crate::editor::state::{Relating, label_name};
use crate::scheme::Rule;

impl Step<'_> {
    /// The place of an annotation of the open article's own set.
    fn place_here(&self, annotation: &Annotation) -> Option<Place> {
        let article = self.state.article.as_ref()?.id.clone();
        Some(Place { article, annotation: annotation.id.clone() })
    }

    /// Begins a relation at the picked annotation; again, it will be of the next type that may
    /// start there.
    pub fn start_relation(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        let now = self.state.relating.clone();
        let from = match &now {
            Some(relating) => relating.from.clone(),
            None => {
                let picked = self.state.picked().cloned();
                let Some(place) = picked.and_then(|picked| self.place_here(&picked)) else {
                    return self.announce("Pick an annotation first");
                };
                place
            }
        };
        if !self.may_write() {
            return;
        }
        let label = match &now {
            Some(relating) => relating.label.clone(),
            None => match self.state.picked() {
                Some(picked) => picked.label.clone(),
                None => return,
            },
        };
        let kinds: Vec<_> = project.scheme().relations_from(&label).collect();
        let at = now.and_then(|now| kinds.iter().position(|kind| kind.id == now.kind));
        let Some(kind) = kinds.get(at.map_or(0, |at| (at + 1) % kinds.len())) else {
            let name = label_name(&project, &label);
            let text = format!("The scheme has no relation that starts from “{name}”.");
            return self.notify(text, false, None);
        };
        let said =
            format!("{}: pick the other end; Enter joins, T finds it, Escape ends", kind.name);
        let kind = kind.id.clone();
        self.state.relating = Some(Arc::new(Relating { from, label, kind, asked: false }));
        self.effects.push(Effect::Focus(Focus::Article));
        self.announce(said);
    }

    /// Asks for the other end of a new annotation whose label says that it is linked.
    pub fn ask_link(&mut self) {
        let (Some(project), Some(picked)) =
            (self.state.project.clone(), self.state.picked().cloned())
        else {
            return;
        };
        let label = project.scheme().label(&picked.label);
        let must = label.is_some_and(|label| label.rules.contains(&Rule::Linked));
        let kind = project.scheme().relations_from(&picked.label).next();
        if let (Some(kind), Some(from)) = (kind, self.place_here(&picked))
            && must
            && self.state.settings.ask_links
        {
            let (label, kind) = (picked.label.clone(), kind.id.clone());
            self.state.relating = Some(Arc::new(Relating { from, label, kind, asked: true }));
        }
    }

    /// Whether a relation is being drawn, and these are candidates for its other end: the first
    /// that the scheme allows is taken.
    pub fn join_one_of(&mut self, candidates: &[Arc<Annotation>]) -> bool {
        let Some(relating) = self.state.relating.clone() else { return false };
        let Some(project) = self.state.project.clone() else { return false };
        let may_be = |annotation: &&Arc<Annotation>| {
            let kind = project.scheme().relation(&relating.kind);
            annotation.id != relating.from.annotation
                && kind.is_some_and(|kind| kind.to.contains(&annotation.label))
        };
        match candidates.iter().find(may_be).and_then(|it| self.place_here(it)) {
            Some(place) => self.relate_to(End::Target(Target::Annotation(place))),
            None => {
                let kind = project.scheme().relation(&relating.kind);
                let labels = kind.into_iter().flat_map(|kind| &kind.to);
                let labels: Vec<_> = labels.map(|label| label_name(&project, label)).collect();
                self.announce(format!("Pick one of: {}", labels.join(", ")));
            }
        }
        true
    }

    /// Joins the annotation where the relation began with this end, and goes back there.
    pub fn relate_to(&mut self, end: End) {
        let Some(project) = self.state.project.clone() else { return };
        let Some(relating) = self.state.relating.clone() else { return };
        let by = self.state.annotator.clone();
        let drawn = act::relate(&project, &relating.kind, &relating.from, end, &by, self.ctx);
        if drawn.is_empty() {
            return self.announce("That is linked already");
        }
        if self.act(drawn) {
            self.state.relating = None;
            self.state.dialog = None;
            self.go_to(&relating.from.clone());
        }
    }

    /// Takes a relation away.
    pub fn unrelate(&mut self, id: &RelationId) {
        let Some(project) = self.state.project.clone() else { return };
        self.act(act::unrelate(&project, id, self.deletion()));
    }

    /// The other end is looked for among all that may be it.
    pub fn find_other_end(&mut self) {
        if self.state.relating.is_none() {
            self.start_relation();
        }
        if self.state.relating.is_some() {
            self.open_finder(Finder::OtherEnd);
        }
    }

    /// Opens the article of an annotation, if need be, and picks it.
    pub fn go_to(&mut self, place: &Place) {
        if self.state.article.as_ref().is_some_and(|open| open.id == place.article) {
            return self.pick(&place.annotation);
        }
        self.state.to_pick = Some(place.clone());
        self.open_article(&place.article);
        self.pick_awaited();
    }

    /// Picks what was to be picked once its article is open.
    pub fn pick_awaited(&mut self) {
        let open = self.state.article.as_ref().map(|open| open.id.clone());
        if let Some(place) =
            self.state.to_pick.take_if(|place| Some(&place.article) == open.as_ref())
        {
            self.pick(&place.annotation);
        }
    }

    /// Goes to an annotation, and remembers where from.
    pub fn follow_to(&mut self, place: &Place) {
        if let Some(here) = self.state.picked().cloned().and_then(|it| self.place_here(&it)) {
            const LONGEST: usize = 50;
            let trail = Arc::make_mut(&mut self.state.trail);
            trail.push(here);
            if trail.len() > LONGEST {
                trail.remove(0);
            }
        }
        self.state.dialog = None;
        self.go_to(place);
    }

    /// Goes to the other end of the picked annotation's first relation, or of the one after that
    /// which leads where one came from.
    pub fn follow_relation(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        let Some(picked) = self.state.picked().cloned() else {
            return self.announce("Pick an annotation first");
        };
        let Some(here) = self.place_here(&picked) else { return };
        let ends: Vec<Place> = project
            .relations_of(&here)
            .into_iter()
            .filter_map(|relation| match &relation.to {
                Some(Target::Annotation(to)) if relation.from == here => Some(to.clone()),
                _ if relation.from == here => None,
                _ => Some(relation.from.clone()),
            })
            .collect();
        let before = self.state.trail.last();
        let at = ends.iter().position(|end| Some(end) == before).map_or(0, |at| at + 1);
        match ends.get(at % ends.len().max(1)) {
            Some(end) => self.follow_to(&end.clone()),
            None => self.announce("It is linked to no other annotation"),
        }
    }

    /// Goes back to where one followed a relation from.
    pub fn follow_back(&mut self) {
        match Arc::make_mut(&mut self.state.trail).pop() {
            Some(place) => self.go_to(&place),
            None => self.announce("Nowhere to go back to"),
        }
    }

    /// What a picked annotation is linked to is fetched, to be shown beside it.
    pub fn load_linked(&mut self) {
        let Some(project) = self.state.project.clone() else { return };
        let Some(here) = self.state.picked().cloned().and_then(|it| self.place_here(&it)) else {
            return;
        };
        let mut missing: Vec<Arc<crate::project::Article>> = Vec::new();
        for relation in project.relations_of(&here) {
            let to = match &relation.to {
                Some(Target::Annotation(to)) => Some(to),
                _ => None,
            };
            for end in [Some(&relation.from), to].into_iter().flatten() {
                if project.loaded(&end.article).is_none()
                    && let Some(article) = project.article(&end.article)
                    && missing.iter().all(|it| it.id != article.id)
                {
                    missing.push(article.clone());
                }
            }
        }
        self.effects.extend(missing.into_iter().map(Effect::LoadArticle));
    }

    /// Remembers what was picked lately, as a likely end of a relation.
    pub fn remember_pick(&mut self) {
        const KEPT: usize = 12;
        let Some(place) = self.state.picked().cloned().and_then(|it| self.place_here(&it)) else {
            return;
        };
        let recent = Arc::make_mut(&mut self.state.recent);
        recent.retain(|it| *it != place);
        recent.insert(0, place);
        recent.truncate(KEPT);
    }
}
