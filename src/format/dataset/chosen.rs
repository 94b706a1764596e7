//! What of a project goes into a dataset.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::names::Names;
use super::{Counts, Losses, Sketch, Wanted};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, GroupId, Place, Relation,
    SpeakerId, Status, Target, reading_order,
};
use crate::project::{Article, NotLoaded, Owner, Project, Region};
use crate::scheme::{Attribute, LabelId, RelationTypeId};
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

/// What is known of all that goes into a dataset before any of it is written: then each article can be
/// written by itself, in any order, on any thread.
pub struct Survey {
    /// Where it is from; no article of it need be loaded.
    pub project: Project,
    /// What was wanted.
    pub choice: Choice,
    /// What offsets count.
    pub unit: Unit,
    /// The articles that go in, each with what is in those before it and what was seen of it.
    articles: BTreeMap<ArticleId, (Numbers, Seen)>,
    groups: BTreeMap<Place, GroupId>,
    /// The links from what goes in, by where they start, each with whether its other end is there.
    relations: BTreeMap<Place, Vec<(Arc<Relation>, bool)>>,
    labels: Vec<String>,
    /// The kinds of the links that go in, as they are first met.
    kinds: Vec<RelationTypeId>,
    owners: Vec<String>,
    article_names: Names,
    owner_names: Names,
}

/// How many of everything there are in the articles before one, for formats that number them.
#[derive(Clone, Copy, Default)]
pub struct Numbers {
    /// Articles.
    pub articles: usize,
    /// Sets.
    pub sets: usize,
    /// Spans.
    pub spans: usize,
    /// Links.
    pub relations: usize,
}

/// What is to be known of an article before any is written.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    owners: Vec<Owner>,
    spans: usize,
    labels: BTreeMap<LabelId, usize>,
    /// The annotations that go in and that a link starts or ends at.
    ends: Vec<Place>,
    /// What a split compares, where one is wanted.
    pub(super) sketch: Option<Sketch>,
}

impl Seen {
    /// Looks at a loaded article; `ends` are those of all links. None where nothing of it goes in.
    ///
    /// # Errors
    /// The article is not loaded.
    pub fn of(
        project: &Project,
        article: &ArticleId,
        wanted: &Wanted,
        ends: &BTreeSet<Place>,
    ) -> Result<Option<Seen>, NotLoaded> {
        let mut seen = Seen::default();
        for document in documents(project, article, &wanted.choice)? {
            for annotation in document.annotations {
                seen.spans += annotation.spans.len();
                *seen.labels.entry(annotation.label.clone()).or_default() += 1;
                let place = Place { article: article.clone(), annotation: annotation.id.clone() };
                if ends.contains(&place) {
                    seen.ends.push(place);
                }
            }
            seen.owners.push(document.owner);
        }
        if seen.owners.is_empty() {
            return Ok(None);
        }
        if wanted.split.is_some() {
            seen.sketch = Some(Sketch::of(project, article)?);
        }
        Ok(Some(seen))
    }
}

/// Where links start and end.
pub fn ends(project: &Project) -> BTreeSet<Place> {
    let mut all = BTreeSet::new();
    for relation in project.relations() {
        all.insert(relation.from.clone());
        if let Some(Target::Annotation(to)) = &relation.to {
            all.insert(to.clone());
        }
    }
    all
}

/// What was chosen of one article.
pub struct Chosen<'a> {
    /// Where it is from.
    pub project: &'a Project,
    /// What was wanted.
    pub choice: &'a Choice,
    /// What offsets count.
    pub unit: Unit,
    /// The sets of the article by their owners.
    pub documents: Vec<Document<'a>>,
    /// All that goes into the dataset.
    pub survey: &'a Survey,
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

fn owner_id(owner: &Owner) -> &str {
    match owner {
        Owner::Gold => "gold",
        Owner::Annotator(id) => id.as_str(),
    }
}

impl Document<'_> {
    /// What the owner is called: an id, or `gold`.
    pub fn owner_id(&self) -> &str {
        owner_id(&self.owner)
    }

    /// The words of a span, or nothing where texts are not to go in.
    pub fn words(&self, span: Span, choice: &Choice) -> &str {
        if choice.text { self.text.slice(span) } else { "" }
    }
}

/// The sets of a loaded article that are wanted, without their links and in no order: to count them
/// needs none.
fn documents<'a>(
    project: &'a Project,
    article: &ArticleId,
    choice: &Choice,
) -> Result<Vec<Document<'a>>, NotLoaded> {
    let Some(article) = project.article(article) else { return Ok(Vec::new()) };
    let mut documents = Vec::new();
    for (owner, row) in project.rows_of(&article.id) {
        if !is_wanted(choice, owner) || !row.is_begun() {
            continue;
        }
        if !choice.statuses.is_empty() && !choice.statuses.contains(&row.status()) {
            continue;
        }
        let loaded = project.loaded(&article.id).ok_or_else(|| NotLoaded(article.id.clone()))?;
        let all = loaded.sets.get(owner).into_iter().flat_map(|set| set.values());
        let chosen = all.map(|it| &**it).filter(|it| is_chosen(choice, article, it));
        documents.push(Document {
            article,
            text: &loaded.text,
            owner: owner.clone(),
            status: row.status(),
            annotations: chosen.collect(),
            relations: Vec::new(),
        });
    }
    Ok(documents)
}

impl Survey {
    /// `seen` are the articles that go in, in the project's order.
    pub(super) fn of(
        project: &Project,
        choice: &Choice,
        unit: Unit,
        seen: Vec<(ArticleId, Seen)>,
    ) -> Survey {
        let there: BTreeSet<&Place> = seen.iter().flat_map(|(_, seen)| &seen.ends).collect();
        let mut relations: BTreeMap<Place, Vec<(Arc<Relation>, bool)>> = BTreeMap::new();
        let mut drawn: BTreeMap<&ArticleId, usize> = BTreeMap::new();
        let mut kinds: Vec<RelationTypeId> = Vec::new();
        for relation in project.relations().into_iter().filter(|it| there.contains(&it.from)) {
            let is_whole = match &relation.to {
                Some(Target::Annotation(to)) => there.contains(to),
                _ => true,
            };
            let starting = relations.entry(relation.from.clone()).or_default();
            starting.push((relation.clone(), is_whole));
            *drawn.entry(&relation.from.article).or_default() += usize::from(is_whole);
            if is_whole && !kinds.contains(&relation.kind) {
                kinds.push(relation.kind.clone());
            }
        }
        let mut labels: Vec<String> =
            project.scheme().labels.iter().map(|it| it.id.to_string()).collect();
        let used: BTreeSet<&str> =
            seen.iter().flat_map(|(_, it)| it.labels.keys()).map(LabelId::as_str).collect();
        let others: Vec<&str> =
            used.into_iter().filter(|it| !labels.iter().any(|known| known == it)).collect();
        labels.extend(others.into_iter().map(str::to_owned));
        let mut owners: Vec<String> = Vec::new();
        for owner in seen.iter().flat_map(|(_, it)| &it.owners).map(owner_id) {
            if !owners.iter().any(|known| known == owner) {
                owners.push(owner.to_owned());
            }
        }
        let article_names = Names::of(seen.iter().map(|(id, _)| id.as_str()));
        let owner_names = Names::of(owners.iter().map(String::as_str));
        let mut articles = BTreeMap::new();
        let mut before = Numbers::default();
        for (id, seen) in seen {
            if project.article(&id).is_none() {
                continue;
            }
            let after = Numbers {
                articles: before.articles + 1,
                sets: before.sets + seen.owners.len(),
                spans: before.spans + seen.spans,
                relations: before.relations + drawn.get(&id).copied().unwrap_or_default(),
            };
            articles.insert(id, (before, seen));
            before = after;
        }
        let mut groups = BTreeMap::new();
        for group in project.groups() {
            groups.extend(group.members.iter().map(|place| (place.clone(), group.id.clone())));
        }
        Survey {
            project: project.clone(),
            choice: choice.clone(),
            unit,
            articles,
            groups,
            relations,
            labels,
            kinds,
            owners,
            article_names,
            owner_names,
        }
    }

    /// What goes in of an article that is loaded in `project`, of which this is the index.
    ///
    /// # Errors
    /// It is not loaded.
    pub(super) fn article<'b>(
        &'b self,
        project: &'b Project,
        article: &ArticleId,
        losses: &mut Losses,
    ) -> Result<Chosen<'b>, NotLoaded> {
        let mut documents = documents(project, article, &self.choice)?;
        for document in &mut documents {
            document.annotations.sort_by(|a, b| reading_order(a, b));
            for unplaced in document.article.unplaced.iter() {
                if unplaced.owner == document.owner {
                    let what = "What has no place in the text was left out";
                    losses.note(what, article.as_str(), unplaced.id.as_str());
                }
            }
        }
        let mut taken = BTreeSet::new();
        for document in &mut documents {
            for annotation in document.annotations.iter().copied() {
                let place = Place { article: article.clone(), annotation: annotation.id.clone() };
                let Some(relations) = self.relations.get(&place) else { continue };
                if !taken.insert(&annotation.id) {
                    continue;
                }
                for (relation, is_whole) in relations {
                    if *is_whole {
                        document.relations.push(relation);
                    } else {
                        let what = "A link to what is not in the dataset was left out";
                        losses.note(what, article.as_str(), relation.id.as_str());
                    }
                }
            }
        }
        Ok(self.chosen(documents))
    }

    fn chosen<'b>(&'b self, documents: Vec<Document<'b>>) -> Chosen<'b> {
        let Survey { project, choice, unit, .. } = self;
        Chosen { project, choice, unit: *unit, documents, survey: self }
    }

    /// Whether what goes in of an article is what was seen of it.
    pub(super) fn is_as_seen(&self, article: &ArticleId, chosen: &Chosen<'_>) -> bool {
        let documents = &chosen.documents;
        let spans = documents.iter().flat_map(|it| &it.annotations).map(|it| it.spans.len());
        let owners = documents.iter().map(|document| &document.owner);
        match self.articles.get(article) {
            Some((_, seen)) => seen.spans == spans.sum::<usize>() && owners.eq(&seen.owners),
            None => documents.is_empty(),
        }
    }

    /// The articles that go in, by id.
    pub(super) fn articles(&self) -> impl Iterator<Item = &ArticleId> {
        self.articles.keys()
    }

    /// What goes in of some of the articles.
    pub(super) fn counts(&self, is_in: impl Fn(&ArticleId) -> bool) -> Counts {
        let mut counts = Counts::default();
        for (_, (_, seen)) in self.articles.iter().filter(|(id, _)| is_in(id)) {
            counts.articles += 1;
            counts.sets += seen.owners.len();
            for (label, count) in &seen.labels {
                *counts.labels.entry(label.to_string()).or_default() += count;
            }
        }
        let starting = self.relations.iter().filter(|(from, _)| is_in(&from.article));
        for (relation, is_whole) in starting.flat_map(|(_, relations)| relations) {
            counts.relations += usize::from(*is_whole);
            let ends = matches!(relation.to, Some(Target::Annotation(_)));
            counts.linked += usize::from(*is_whole && ends);
        }
        counts
    }

    /// What is in the articles before one.
    pub(super) fn before(&self, article: &ArticleId) -> Numbers {
        self.articles.get(article).map_or_else(Numbers::default, |(numbers, _)| *numbers)
    }

    /// The labels of the scheme, and behind them those that only annotations have.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// The kinds of links that are drawn.
    pub(super) fn drawn(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(RelationTypeId::as_str)
    }

    /// The place of an owner among those whose sets go in.
    pub(super) fn owner_at(&self, owner: &str) -> usize {
        self.owners.iter().position(|it| it == owner).unwrap_or_default()
    }

    /// What files of an article are called; no two alike.
    pub(super) fn article_name(&self, article: &ArticleId) -> &str {
        self.article_names.get(article.as_str())
    }

    /// What files of an owner are called; no two alike.
    pub(super) fn owner_name(&self, document: &Document<'_>) -> &str {
        self.owner_names.get(document.owner_id())
    }
}

impl<'a> Chosen<'a> {
    /// The id of the group that an annotation is in; empty where it is in none.
    pub fn group(&self, document: &Document<'_>, annotation: &Annotation) -> &'a str {
        let article = document.article.id.clone();
        let place = Place { article, annotation: annotation.id.clone() };
        self.survey.groups.get(&place).map_or("", GroupId::as_str)
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
