//! What of a project goes into a dataset.

use std::collections::{BTreeMap, BTreeSet};

use super::Losses;
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, Place, Relation, SpeakerId,
    Status, Target, reading_order,
};
use crate::project::{Article, NotLoaded, Owner, Project, Region};
use crate::scheme::{Attribute, LabelId};
use crate::text::{Span, Text, Unit};

/// Whose annotations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's, each set for itself.
    #[default]
    All,
    /// Of these people.
    Annotators(Vec<AnnotatorId>),
    /// The adjudicated ones.
    Gold,
}

/// What is wanted of a project; of itself, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whose annotations.
    pub whose: Whose,
    /// Sets of these statuses; of any where there is none.
    pub statuses: Vec<Status>,
    /// Annotations of these labels; of any where there is none.
    pub labels: Vec<LabelId>,
    /// Whether annotations that lie in boilerplate go in.
    pub boilerplate: bool,
    /// What offsets count, where the format offers it; else they count what it does of itself.
    pub unit: Unit,
    /// Whether texts go in. Where they do not, neither do the words that spans cover: there are
    /// offsets and the text's hash.
    pub text: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Choice {
            whose: Whose::All,
            statuses: Vec::new(),
            labels: Vec::new(),
            boilerplate: false,
            unit: Unit::CodePoint,
            text: true,
        }
    }
}

/// What was chosen.
pub struct Chosen<'a> {
    /// Where it is from.
    pub project: &'a Project,
    /// What was wanted.
    pub choice: &'a Choice,
    /// What offsets count.
    pub unit: Unit,
    /// In the project's order of articles, the sets of each by their owners.
    pub documents: Vec<Document<'a>>,
    groups: BTreeMap<&'a Place, &'a str>,
}

/// A link within one document.
pub struct Link<'a> {
    /// What it is.
    pub relation: &'a Relation,
    /// Where it starts.
    pub from: &'a Annotation,
    /// Where it leads.
    pub to: &'a Annotation,
}

/// What a format holds of an annotation beside its label and where it stands.
#[derive(Clone, Copy, Default)]
pub struct Held {
    /// Its note.
    pub note: bool,
    /// The group that it belongs to.
    pub group: bool,
    /// That several spans are one.
    pub broken: bool,
    /// Attributes, if only as text.
    pub attributes: bool,
}

/// One set of an article.
#[derive(Clone)]
pub struct Document<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its text.
    pub text: &'a Text,
    /// Whose set it is.
    pub owner: Owner,
    /// How far the annotator is.
    pub status: Status,
    /// In reading order.
    pub annotations: Vec<&'a Annotation>,
    /// Those that start here and whose ends are both there, in the order in which they were drawn.
    pub relations: Vec<&'a Relation>,
}

impl Document<'_> {
    /// What the owner is called: an id, or `gold`.
    pub fn owner_id(&self) -> &str {
        match &self.owner {
            Owner::Gold => "gold",
            Owner::Annotator(id) => id.as_str(),
        }
    }

    /// The words of a span, or nothing where texts are not to go in.
    pub fn words(&self, span: Span, choice: &Choice) -> &str {
        if choice.text { self.text.slice(span) } else { "" }
    }
}

impl<'a> Chosen<'a> {
    /// Looks up what is wanted.
    ///
    /// # Errors
    /// The first article of a wanted set that is not loaded.
    pub(super) fn of(
        project: &'a Project,
        choice: &'a Choice,
        unit: Unit,
        losses: &mut Losses,
    ) -> Result<Chosen<'a>, NotLoaded> {
        let mut documents = Vec::new();
        for article in project.articles() {
            for (owner, row) in project.rows_of(&article.id) {
                if !is_wanted(choice, owner) || !row.is_begun() {
                    continue;
                }
                if !choice.statuses.is_empty() && !choice.statuses.contains(&row.status()) {
                    continue;
                }
                let loaded = project.loaded(&article.id);
                let loaded = loaded.ok_or_else(|| NotLoaded(article.id.clone()))?;
                let all = loaded.sets.get(owner).into_iter().flat_map(|set| set.values());
                let mut annotations: Vec<&Annotation> =
                    all.map(|it| &**it).filter(|it| is_chosen(choice, article, it)).collect();
                annotations.sort_by(|a, b| reading_order(a, b));
                for unplaced in article.unplaced.iter().filter(|it| it.owner == *owner) {
                    let what = "What has no place in the text was left out";
                    losses.note(what, article.id.as_str(), unplaced.id.as_str());
                }
                documents.push(Document {
                    article,
                    text: &loaded.text,
                    owner: owner.clone(),
                    status: row.status(),
                    annotations,
                    relations: Vec::new(),
                });
            }
        }
        let mut groups = BTreeMap::new();
        for group in project.groups() {
            groups.extend(group.members.iter().map(|place| (place, group.id.as_str())));
        }
        let mut chosen = Chosen { project, choice, unit, documents, groups };
        chosen.find_relations(losses);
        Ok(chosen)
    }

    fn find_relations(&mut self, losses: &mut Losses) {
        let mut there = BTreeSet::new();
        for document in &self.documents {
            for annotation in &document.annotations {
                there.insert((&document.article.id, &annotation.id));
            }
        }
        let mut from: BTreeMap<_, Vec<&'a Relation>> = BTreeMap::new();
        for relation in self.project.relations() {
            let place = (&relation.from.article, &relation.from.annotation);
            if !there.contains(&place) {
                continue;
            }
            match &relation.to {
                Some(Target::Annotation(to)) if !there.contains(&(&to.article, &to.annotation)) => {
                    let what = "A link to what is not in the dataset was left out";
                    losses.note(what, place.0.as_str(), relation.id.as_str());
                }
                _ => from.entry(place).or_default().push(relation),
            }
        }
        for document in &mut self.documents {
            for annotation in document.annotations.iter().copied() {
                let place = (&document.article.id, &annotation.id);
                document.relations.extend(from.remove(&place).unwrap_or_default());
            }
        }
    }

    /// The same with those articles alone.
    pub(super) fn with_articles(&self, keep: impl Fn(&ArticleId) -> bool) -> Chosen<'a> {
        let documents = self.documents.iter().filter(|it| keep(&it.article.id)).cloned();
        Chosen { documents: documents.collect(), groups: self.groups.clone(), ..*self }
    }

    /// The labels of the scheme, and behind them those that only annotations have.
    pub(super) fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> =
            self.project.scheme().labels.iter().map(|it| it.id.as_str()).collect();
        let annotations = self.documents.iter().flat_map(|it| &it.annotations);
        let used: BTreeSet<&str> = annotations.map(|it| it.label.as_str()).collect();
        let others: Vec<&str> = used.into_iter().filter(|it| !labels.contains(it)).collect();
        labels.extend(others);
        labels
    }

    /// The id of the group that an annotation is in; empty where it is in none.
    pub fn group(&self, document: &Document<'_>, annotation: &Annotation) -> &'a str {
        let article = document.article.id.clone();
        let place = Place { article, annotation: annotation.id.clone() };
        self.groups.get(&place).copied().unwrap_or_default()
    }

    /// Where a span starts and ends, in the unit of the dataset.
    pub fn offsets(&self, document: &Document<'_>, span: Span) -> (u32, u32) {
        let offset = |pos| document.text.offset(pos, self.unit);
        (offset(span.start()), offset(span.end()))
    }

    /// All attributes of the scheme in its order, each with the value as one line of text; empty
    /// where there is none. For formats that hold names and words, and no places in the text.
    pub fn values(
        &self,
        document: &Document<'_>,
        annotation: &Annotation,
        losses: &mut Losses,
    ) -> Vec<(&'a Attribute, String)> {
        let mut lose =
            |what| losses.note(what, document.article.id.as_str(), annotation.id.as_str());
        for (id, value) in annotation.attributes.iter() {
            match value {
                _ if self.project.scheme().attribute(id).is_none() => lose(NOT_IN_SCHEME),
                AttributeValue::Speakers(them) if them.iter().any(|it| it.mention.is_some()) => {
                    lose("Who a speaker is was kept, and not where they are named");
                }
                AttributeValue::Spans(_) => {
                    lose("The words of an attribute were kept, and not where they stand");
                }
                _ => {}
            }
        }
        let attributes = self.project.scheme().attributes.iter();
        attributes
            .map(|attribute| {
                let value = annotation.attributes.get(&attribute.id);
                (attribute, value.map_or_else(String::new, |it| plain(it, document, self)))
            })
            .collect()
    }

    /// The links that lead from an annotation of a document to another of it, each with both. For
    /// formats that know nothing beyond a document.
    pub fn links(&self, document: &Document<'a>, losses: &mut Losses) -> Vec<Link<'a>> {
        let known: BTreeMap<&AnnotationId, &Annotation> =
            document.annotations.iter().map(|it| (&it.id, *it)).collect();
        let mut links = Vec::new();
        for relation in document.relations.iter().copied() {
            let to = match &relation.to {
                Some(Target::Annotation(to)) if to.article == document.article.id => {
                    known.get(&to.annotation)
                }
                _ => None,
            };
            if let (Some(from), Some(to)) = (known.get(&relation.from.annotation), to) {
                if !relation.note.is_empty() {
                    let what = "A note of a link was left out";
                    losses.note(what, document.article.id.as_str(), relation.id.as_str());
                }
                links.push(Link { relation, from, to });
                continue;
            }
            let what = match &relation.to {
                Some(Target::Annotation(_)) => "A link out of its document was left out",
                Some(Target::Group { .. }) => "A link to a group was left out",
                None => "A link to words that are in no text was left out",
            };
            losses.note(what, document.article.id.as_str(), relation.id.as_str());
        }
        links
    }

    /// Counts what an annotation has and a format does not hold.
    pub fn lose(
        &self,
        document: &Document<'_>,
        annotation: &Annotation,
        held: Held,
        losses: &mut Losses,
    ) {
        let mut lose =
            |what| losses.note(what, document.article.id.as_str(), annotation.id.as_str());
        if !held.note && !annotation.note.is_empty() {
            lose("A note was left out");
        }
        if !held.group && !self.group(document, annotation).is_empty() {
            lose("What belongs to a group does not say so");
        }
        if !held.broken && annotation.spans.len() > 1 {
            lose("A broken span became several annotations");
        }
        if !held.attributes && !annotation.attributes.is_empty() {
            lose("Speakers and other attributes were left out");
        }
    }

    /// The name of a speaker.
    pub fn speaker(&self, id: &SpeakerId) -> &'a str {
        self.project.speaker(id).map_or("", |speaker| &speaker.name)
    }
}

fn is_wanted(choice: &Choice, owner: &Owner) -> bool {
    match (&choice.whose, owner) {
        (Whose::All, Owner::Annotator(_)) | (Whose::Gold, Owner::Gold) => true,
        (Whose::Annotators(wanted), Owner::Annotator(id)) => wanted.contains(id),
        _ => false,
    }
}

fn is_chosen(choice: &Choice, article: &Article, annotation: &Annotation) -> bool {
    let label = choice.labels.is_empty() || choice.labels.contains(&annotation.label);
    let hull = annotation.spans.hull();
    let within =
        |region: &Region| region.span.start() <= hull.start() && hull.end() <= region.span.end();
    label && (choice.boilerplate || !article.regions.iter().any(within))
}

/// Where a link leads, as the ids of an article, an annotation in it, and a group; empty where it
/// leads to none.
pub(super) fn end(relation: &Relation) -> (&str, &str, &str) {
    match &relation.to {
        Some(Target::Annotation(to)) => (to.article.as_str(), to.annotation.as_str(), ""),
        Some(Target::Group { group }) => ("", "", group.as_str()),
        None => ("", "", ""),
    }
}

/// What formats lose of attributes that the scheme does not have.
pub(super) const NOT_IN_SCHEME: &str = "A value that the scheme does not tell was left out";

/// A value as one line of text: names, words, yes or no, a number.
pub(super) fn plain(
    value: &AttributeValue,
    document: &Document<'_>,
    chosen: &Chosen<'_>,
) -> String {
    match value {
        AttributeValue::Speakers(speakers) => {
            let names: Vec<&str> = speakers.iter().map(|it| chosen.speaker(&it.id)).collect();
            names.join("; ")
        }
        AttributeValue::Spans(spans) => {
            let words: Vec<&str> =
                spans.iter().map(|span| document.words(*span, chosen.choice)).collect();
            words.join("; ")
        }
        AttributeValue::Text(text) => text.clone(),
        AttributeValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        AttributeValue::Number(number) => number.to_string(),
        AttributeValue::Other(json) => json.to_string(),
    }
}
