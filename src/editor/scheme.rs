//! The scheme as its screen shows it: what is picked, what is asked before it is done, which keys
//! clash.

use std::sync::Arc;

use super::{OwnKeys, command_of};
use crate::annotation::{ArticleId, AttributeValue};
use crate::edit::act::scheme::{as_kind, kinds_that_change, label_uses, relation_uses};
use crate::format::scheme_file::SchemeFile;
use crate::map::Map;
use crate::project::Project;
use crate::scheme::{AttributeId, AttributeKind, LabelId, RelationTypeId, Scheme};

/// Which list of the scheme is shown, and what is picked in it; none for its first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemePart {
    /// The labels.
    Labels(Option<LabelId>),
    /// The attributes.
    Attributes(Option<AttributeId>),
    /// The types of relations.
    Relations(Option<RelationTypeId>),
}

/// What is asked before it is done, since annotations have what would go.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemeAsk {
    /// A label goes.
    GiveUpLabel {
        /// Which one.
        label: LabelId,
        /// What its annotations are then; none if they are deleted.
        into: Option<LabelId>,
    },
    /// An attribute goes, with all its values.
    DeleteAttribute(AttributeId),
    /// An attribute takes values of another kind.
    ChangeKind(AttributeId, AttributeKind),
    /// A value of a choice goes.
    GiveUpValue {
        /// Of which attribute.
        attribute: AttributeId,
        /// Which value.
        value: String,
        /// What takes its place; none if nothing does.
        into: Option<String>,
    },
    /// A type of relation goes.
    DeleteRelationType {
        /// Which one.
        kind: RelationTypeId,
        /// What its relations are then; none if they are deleted.
        into: Option<RelationTypeId>,
    },
    /// The scheme of a file takes the place of the project's.
    Import(Arc<SchemeFile>),
}

/// What would be done, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Sentences.
    pub says: Vec<String>,
    /// The titles of articles of which annotations would change, each with how many; only those that
    /// are known.
    pub articles: Vec<(String, u32)>,
    /// As on the button that does it.
    pub button: &'static str,
    /// Something is lost by it.
    pub harms: bool,
}

/// How many annotations have something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// By article, in the project's order; never a zero.
    pub articles: Vec<(ArticleId, u32)>,
    /// How many articles may have more, since they are not loaded.
    pub unknown: u32,
}

impl Uses {
    /// All that are known.
    pub fn total(&self) -> u32 {
        self.articles.iter().map(|(_, count)| count).sum()
    }

    /// As `31 annotations in 12 articles`.
    pub fn words(&self) -> String {
        let least = if self.unknown > 0 { "at least " } else { "" };
        let annotations = counted(self.total(), "annotation");
        let articles = counted(self.articles.len() as u32, "article");
        format!("{least}{annotations} in {articles}")
    }

    /// One word for one annotation, another for more.
    fn form(&self, one: &'static str, more: &'static str) -> &'static str {
        form(self.total(), one, more)
    }

    fn is_unused(&self) -> bool {
        self.articles.is_empty() && self.unknown == 0
    }
}

/// How many annotations have a label. It is known of all articles.
pub fn uses_of_label(project: &Project, label: &LabelId) -> Uses {
    Uses { articles: label_uses(project, label), unknown: 0 }
}

/// How many annotations have a value of an attribute of which something is so; known of articles
/// that are loaded.
pub fn uses_of_attribute(
    project: &Project,
    attribute: &AttributeId,
    is_so: impl Fn(&AttributeValue) -> bool,
) -> Uses {
    let mut uses = Uses::default();
    for article in project.articles() {
        let unplaced = article.unplaced.iter().filter_map(|it| it.attributes.get(attribute));
        let mut count = unplaced.filter(|value| is_so(value)).count();
        match project.loaded(&article.id) {
            Some(loaded) => {
                let all = loaded.sets.values().flat_map(|set| set.values());
                let values = all.filter_map(|it| it.attributes.get(attribute));
                count += values.filter(|value| is_so(value)).count();
            }
            None if project.sets_of(&article.id).any(|(_, row)| row.total() > 0) => {
                uses.unknown += 1;
            }
            None => {}
        }
        if count > 0 {
            uses.articles.push((article.id.clone(), count as u32));
        }
    }
    uses
}

/// `1 annotation`, `2 annotations`.
pub fn counted(count: u32, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

fn form(count: u32, one: &'static str, more: &'static str) -> &'static str {
    if count == 1 { one } else { more }
}

/// What values an attribute takes, as people say it.
pub fn kind_name(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Speaker => "Speakers",
        AttributeKind::Span => "Words of the text",
        AttributeKind::Choice => "One of several values",
        AttributeKind::Text => "Free text",
        AttributeKind::YesNo => "Yes or no",
        AttributeKind::Number => "A number",
    }
}

/// What doing it would touch, and what it cannot keep.
pub fn preview(project: &Project, ask: &SchemeAsk, own: &OwnKeys) -> Preview {
    let scheme = project.scheme();
    match ask {
        SchemeAsk::GiveUpLabel { label, into } => give_up_label(project, label, into.as_ref()),
        SchemeAsk::DeleteAttribute(id) => {
            let uses = uses_of_attribute(project, id, |_| true);
            let name = attribute_name(scheme, id);
            let says = match uses.is_unused() {
                true => format!("No annotation has a value of “{name}”."),
                false => {
                    let have = uses.form("has", "have");
                    format!("What {} {have} of “{name}” is deleted.", uses.words())
                }
            };
            told(project, vec![says], uses, "Delete the attribute", true)
        }
        SchemeAsk::ChangeKind(id, kind) => {
            let all = uses_of_attribute(project, id, |_| true);
            let lost = uses_of_attribute(project, id, |value| as_kind(value, *kind).is_none());
            let name = attribute_name(scheme, id);
            let kind = kind_name(*kind).to_lowercase();
            let mut says = vec![match all.is_unused() {
                true => format!("No annotation has a value of “{name}”. It becomes: {kind}."),
                false => format!("“{name}” of {} becomes: {kind}.", all.words()),
            }];
            let harms = !lost.is_unused();
            says.extend(lost_values(&lost));
            told(project, says, all, "Change the kind", harms)
        }
        SchemeAsk::GiveUpValue { attribute, value, into } => {
            let is_it = |it: &AttributeValue| matches!(it, AttributeValue::Text(it) if it == value);
            let uses = uses_of_attribute(project, attribute, is_it);
            let name = attribute_name(scheme, attribute);
            let says = match (into, uses.is_unused()) {
                (_, true) => format!("No annotation has “{value}” as its {name}."),
                (Some(into), _) => {
                    format!("“{value}” becomes “{into}” as the {name} of {}.", uses.words())
                }
                (None, _) => {
                    let have = uses.form("has", "have");
                    format!("{} {have} no {name} then.", capital(&uses.words()))
                }
            };
            let button = if into.is_some() { "Change the value" } else { "Delete the value" };
            told(project, vec![says], uses, button, into.is_none())
        }
        SchemeAsk::DeleteRelationType { kind, into } => {
            let count = relation_uses(project, kind) as u32;
            let links = counted(count, "link");
            let says = match into {
                _ if count == 0 => "No link is of this kind.".to_owned(),
                Some(into) => {
                    let becomes = form(count, "becomes", "become");
                    format!("{links} {becomes} “{}”.", relation_name(scheme, into))
                }
                None => format!("{links} {} deleted.", form(count, "is", "are")),
            };
            let button = "Delete the kind of link";
            told(project, vec![says], Uses::default(), button, into.is_none())
        }
        SchemeAsk::Import(file) => import(project, file, own),
    }
}

fn told(
    project: &Project,
    mut says: Vec<String>,
    uses: Uses,
    button: &'static str,
    harms: bool,
) -> Preview {
    if uses.unknown > 0 {
        let articles = counted(uses.unknown, "article");
        says.push(format!("{articles} not looked at yet may have more; all are done."));
    }
    let title = |id: &ArticleId| project.article(id).map_or(id.to_string(), |it| it.title.clone());
    let articles = uses.articles.iter().map(|(id, count)| (title(id), *count)).collect();
    Preview { says, articles, button, harms }
}

fn give_up_label(project: &Project, label: &LabelId, into: Option<&LabelId>) -> Preview {
    let scheme = project.scheme();
    let uses = uses_of_label(project, label);
    let Some(into) = into else {
        let says = match uses.is_unused() {
            true => "No annotation has this label.".to_owned(),
            false => {
                let (are, their) = (uses.form("is", "are"), uses.form("its", "their"));
                format!("{} {are} deleted, with {their} links and places in groups.", uses.words())
            }
        };
        return told(project, vec![says], uses, "Delete the label", true);
    };
    let name = label_name(scheme, into);
    let mut says = vec![match uses.is_unused() {
        true => "No annotation has this label.".to_owned(),
        false => format!("{} {} {name}.", uses.words(), uses.form("becomes", "become")),
    }];
    let attributes = |id: &LabelId| scheme.label(id).map_or(&[][..], |it| &it.attributes);
    let unseen = attributes(label).iter().filter(|it| !attributes(into).contains(it));
    let unseen: Vec<&str> = unseen.map(|id| attribute_name(scheme, id)).collect();
    if !unseen.is_empty() && !uses.is_unused() {
        says.push(format!(
            "{name} does not ask for: {}. What is known of it stays, and is not shown until \
             {name} asks for it.",
            unseen.join(", ")
        ));
    }
    told(project, says, uses, "Merge the labels", false)
}

fn lost_values(lost: &Uses) -> Option<String> {
    (lost.total() > 0).then(|| {
        let least = if lost.unknown > 0 { "At least " } else { "" };
        let values = counted(lost.total(), "value");
        format!("{least}{values} cannot be kept: nothing of that kind says the same.")
    })
}

fn import(project: &Project, file: &SchemeFile, own: &OwnKeys) -> Preview {
    let (before, after) = (project.scheme(), &file.scheme);
    let mut says = vec![format!(
        "“{}” has {}, {} and {}.",
        file.file,
        counted(after.labels.len() as u32, "label"),
        counted(after.attributes.len() as u32, "attribute"),
        match after.relations.len() {
            1 => "1 kind of link".to_owned(),
            n => format!("{n} kinds of links"),
        },
    )];
    let mut in_use: Map<LabelId, ()> = Map::new();
    for article in project.articles() {
        let labels = project
            .sets_of(&article.id)
            .flat_map(|(_, row)| row.counts.iter().map(|(label, _)| label));
        let unplaced = article.unplaced.iter().map(|it| &it.label);
        labels.chain(unplaced).for_each(|label| in_use.insert(label.clone(), ()));
    }
    for label in in_use.keys().filter(|label| after.label(label).is_none()) {
        let uses = uses_of_label(project, label);
        says.push(format!(
            "It has no “{}”: {} {} it, as a label that the scheme does not know.",
            label_name(before, label),
            uses.words(),
            uses.form("keeps", "keep")
        ));
    }
    for attribute in before.attributes.iter().filter(|it| after.attribute(&it.id).is_none()) {
        let uses = uses_of_attribute(project, &attribute.id, |_| true);
        if !uses.is_unused() {
            says.push(format!(
                "It has no “{}”: what {} {} of it stays, and is not shown.",
                attribute.name,
                uses.words(),
                uses.form("has", "have")
            ));
        }
    }
    let mut harms = false;
    for (id, kind) in kinds_that_change(before, after) {
        let lost = uses_of_attribute(project, &id, |value| as_kind(value, kind).is_none());
        if before.attribute(&id).is_some() {
            harms |= !lost.is_unused();
        }
        if let Some(lost) = lost_values(&lost) {
            harms = true;
            let kind = kind_name(kind).to_lowercase();
            says.push(format!("“{}” becomes: {kind}. {lost}", attribute_name(after, &id)));
        }
    }
    for relation in before.relations.iter().filter(|it| after.relation(&it.id).is_none()) {
        let uses = relation_uses(project, &relation.id) as u32;
        if uses > 0 {
            says.push(format!(
                "It has no “{}”: {} {}, of a kind that the scheme does not know.",
                relation.name,
                counted(uses, "link"),
                form(uses, "stays", "stay")
            ));
        }
    }
    says.extend(key_clashes(after, own).iter().map(|clash| clash.sentence(after)));
    Preview { says, articles: Vec::new(), button: "Use this scheme", harms }
}

/// With a large first letter.
fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn label_name<'a>(scheme: &'a Scheme, id: &'a LabelId) -> &'a str {
    scheme.label(id).map_or(id.as_str(), |it| &it.name)
}

fn attribute_name<'a>(scheme: &'a Scheme, id: &'a AttributeId) -> &'a str {
    scheme.attribute(id).map_or(id.as_str(), |it| &it.name)
}

fn relation_name<'a>(scheme: &'a Scheme, id: &'a RelationTypeId) -> &'a str {
    scheme.relation(id).map_or(id.as_str(), |it| &it.name)
}

/// A label's key that does not do what one expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyClash {
    /// Whose key.
    pub label: LabelId,
    /// Why it does not.
    pub with: Clash,
}

/// What stands in the way of a label's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// A label before it has the key too, and is what the key marks.
    Label(LabelId),
    /// A command, by its name, has the key.
    Command(&'static str),
    /// A command, by its name, has the key with Shift, by which one would keep the label.
    Held(&'static str),
    /// It is not one lower-case Latin letter.
    NoLetter,
}

impl KeyClash {
    /// As a sentence.
    pub fn sentence(&self, scheme: &Scheme) -> String {
        let label = scheme.label(&self.label);
        let name = label.map_or(self.label.as_str(), |it| &it.name);
        let key = label.map_or_else(String::new, |it| it.key.to_uppercase());
        match &self.with {
            Clash::Label(other) => {
                format!("{key} marks “{}”, not “{name}”.", label_name(scheme, other))
            }
            Clash::Command(does) => {
                format!("{key} does not mark “{name}”. It is a key of: {does}.")
            }
            Clash::Held(does) => {
                format!("Shift and {key} do not hold “{name}”. They are keys of: {does}.")
            }
            Clash::NoLetter => format!("The key of “{name}” must be a letter from A to Z."),
        }
    }
}

/// The keys of labels that do not do what one expects, label by label; `own` are the keys that the
/// person has chosen.
pub fn key_clashes(scheme: &Scheme, own: &OwnKeys) -> Vec<KeyClash> {
    let mut clashes = Vec::new();
    for (at, label) in scheme.labels.iter().enumerate().filter(|(_, it)| !it.key.is_empty()) {
        let before = scheme.labels[..at].iter().find(|it| it.key == label.key);
        let is_letter = matches!(label.key.as_bytes(), [letter] if letter.is_ascii_lowercase());
        let all = [
            (!is_letter).then_some(Clash::NoLetter),
            command_of(&label.key, false, own).map(Clash::Command),
            before.map(|it| Clash::Label(it.id.clone())),
            command_of(&label.key, true, own).map(Clash::Held),
        ];
        let label = &label.id;
        clashes
            .extend(all.into_iter().flatten().map(|with| KeyClash { label: label.clone(), with }));
    }
    clashes
}

/// A key for a new label: the first letter of its name, else of the alphabet, that is neither a
/// label's nor a command's; empty where there is none.
pub fn free_key(scheme: &Scheme, own: &OwnKeys, name: &str) -> String {
    let letters = name.chars().map(|c| c.to_ascii_lowercase()).filter(char::is_ascii_lowercase);
    let mut letters = letters.chain('a'..='z').map(String::from);
    let is_free = |key: &String| {
        command_of(key, false, own).is_none()
            && command_of(key, true, own).is_none()
            && scheme.labels.iter().all(|label| label.key != *key)
    };
    letters.find(is_free).unwrap_or_default()
}
