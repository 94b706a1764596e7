//! The card of a dataset: a `README.md` with the header that Hugging Face reads.

use std::collections::{BTreeMap, BTreeSet};

use super::package::Wanted;
use super::split::Part;
use super::{Loss, Survey, Whose, training};
use crate::project::titled;
use crate::scheme::Scheme;
use crate::text::Unit;

/// What people may do with a dataset, and who made it. What is empty is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The licence of the annotations, as Hugging Face names it, for example `cc-by-4.0`.
    pub licence: String,
    /// Whose the texts are, and what may be done with them.
    pub texts: String,
    /// Who made it.
    pub authors: String,
}

/// What a part of a dataset holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Sets: articles, as often as somebody annotated them.
    pub sets: usize,
    /// Annotations by their labels.
    pub labels: BTreeMap<String, usize>,
    /// Links.
    pub relations: usize,
    /// Those of them that lead to an annotation.
    pub linked: usize,
}

/// What a card is about.
pub(super) struct About<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) survey: &'a Survey,
    pub(super) counts: &'a [(Option<Part>, Counts)],
    pub(super) losses: &'a [Loss],
}

/// The card of a dataset that has these files of data.
pub(super) fn write(about: &About<'_>, files: &[&str]) -> String {
    let title = title(about);
    let mut out = format!("---\n{}---\n\n# {title}\n\n", header(about, files));
    out += &intro(about);
    out += &counts(about);
    out += &form(about, files);
    out += &losses(about.losses);
    out += &scheme(about.survey.project.scheme());
    out + &terms(&about.wanted.terms)
}

fn title(about: &About<'_>) -> String {
    titled(&one_line(&about.survey.project.meta().title)).to_owned()
}

/// Text of people as one line of Markdown that is text and nothing else.
fn one_line(text: &str) -> String {
    let mut out = String::new();
    for it in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if "\\`*_[]<>#|!&".contains(it) {
            out.push('\\');
        }
        out.push(it);
    }
    out
}

/// A scalar of YAML; JSON's strings are some.
fn yaml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn header(about: &About<'_>, files: &[&str]) -> String {
    let mut out = String::new();
    let terms = &about.wanted.terms;
    if !terms.licence.trim().is_empty() {
        out += &format!("license: {}\n", yaml(terms.licence.trim()));
    }
    let articles = about.survey.articles().filter_map(|id| about.survey.project.article(id));
    let languages: BTreeSet<&str> =
        articles.filter_map(|it| it.source.language.as_deref()).collect();
    if !languages.is_empty() {
        out += "language:\n";
        out += &languages.iter().map(|it| format!("- {}\n", yaml(it))).collect::<String>();
    }
    out += &format!("pretty_name: {}\n", yaml(&about.survey.project.meta().title));
    out += "task_categories:\n- token-classification\n";
    out += &format!(
        "size_categories:\n- {}\n",
        size(about.counts.iter().map(|(_, counts)| counts.sets).sum())
    );
    if about.wanted.format.id == training::FORMAT.id {
        out += &configs(about, files);
        out += &training::features(about.survey.project.scheme());
    }
    out
}

fn size(sets: usize) -> &'static str {
    match sets {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        _ => "100K<n<1M",
    }
}

/// Which file is which part.
fn configs(about: &About<'_>, files: &[&str]) -> String {
    let mut out = "configs:\n- config_name: default\n  data_files:\n".to_owned();
    for (part, _) in about.counts {
        let name = part.unwrap_or(Part::Train).name();
        let path = format!("{name}.jsonl");
        if files.contains(&&path[..]) {
            out += &format!("  - split: {name}\n    path: {path}\n");
        }
    }
    out
}

fn intro(about: &About<'_>) -> String {
    let whose = match &about.wanted.choice.whose {
        Whose::All => "each annotator's for itself",
        Whose::Annotators(_) => "those of some annotators, each for itself",
        Whose::Gold => "the adjudicated ones",
    };
    let mut out = format!(
        "News articles in which spans are marked, by people, as what is claimed, denied or quoted. The \
         annotations are {whose}. Made with Avow {}.\n\n",
        env!("CARGO_PKG_VERSION")
    );
    let choice = &about.wanted.choice;
    let mut said = Vec::new();
    if !choice.statuses.is_empty() {
        let names: Vec<&str> = choice.statuses.iter().map(|it| it.name()).collect();
        said.push(format!("Only sets that are {} went in.", names.join(" or ")));
    }
    if !choice.labels.is_empty() {
        let names: Vec<&str> = choice.labels.iter().map(|it| it.as_str()).collect();
        said.push(format!("Only annotations of these labels went in: {}.", names.join(", ")));
    }
    if !choice.boilerplate {
        said.push("What lies in boilerplate was left out.".to_owned());
    }
    if !choice.text {
        said.push(
            "The texts are not in it: there are offsets, and the SHA-256 of each text's UTF-8 bytes."
                .to_owned(),
        );
    }
    if !said.is_empty() {
        out += &format!("{}\n\n", said.join(" "));
    }
    out
}

/// How many annotations of each label are in each part.
fn counts(about: &About<'_>) -> String {
    let labels: Vec<&str> = about.survey.labels().collect();
    let names: String = labels.iter().map(|it| format!(" {} |", one_line(it))).collect();
    let mut out =
        format!("## What is in it\n\n| part | articles | sets |{names} links |\n|---|--:|--:|");
    out += &"--:|".repeat(labels.len() + 1);
    for (part, counts) in about.counts {
        let name = part.map_or("all", Part::name);
        out += &format!("\n| {name} | {} | {} |", counts.articles, counts.sets);
        for label in &labels {
            out += &format!(" {} |", counts.labels.get(*label).copied().unwrap_or_default());
        }
        out += &format!(" {} |", counts.relations);
    }
    out += "\n\nA set is what one annotator marked in one article.";
    if about.counts.len() > 1 {
        out += " Articles that are alike, or that a group or a link joins, stand in one part; \
                `split.txt` says how it was split.";
    }
    out + "\n\n"
}

fn form(about: &About<'_>, files: &[&str]) -> String {
    let format = about.wanted.format;
    let unit = match about.survey.unit {
        _ if format.units.is_empty() => "",
        Unit::CodePoint => " Offsets count Unicode code points, as Python does.",
        Unit::Utf16 => " Offsets count UTF-16 units, as JavaScript and Java do.",
        Unit::Utf8 => " Offsets count bytes of UTF-8.",
    };
    let first = files.first().copied().unwrap_or_default();
    let folder = first.rfind('/').map_or("", |end| &first[..=end]);
    let load = format.load.replace("FILE", first).replace("FOLDER", folder);
    format!("## Form\n\n{}: {}{unit}\n\n```python\n{load}\n```\n\n", format.name, format.about)
}

fn losses(losses: &[Loss]) -> String {
    if losses.is_empty() {
        return "The format holds all that was chosen.\n\n".to_owned();
    }
    let lines = losses.iter().map(|loss| format!("- {}: {}\n", loss.what, loss.count));
    format!("What the format could not hold:\n\n{}\n", lines.collect::<String>())
}

fn scheme(scheme: &Scheme) -> String {
    let mut out = format!(
        "## Scheme\n\n`{}`, version {}.\n\n",
        scheme.id.as_str().replace('`', ""),
        scheme.version
    );
    for label in &scheme.labels {
        out +=
            &format!("- **{}**: {}\n", one_line(label.id.as_str()), one_line(&label.description));
    }
    if !scheme.relations.is_empty() {
        out += "\nLinks:\n\n";
    }
    for relation in &scheme.relations {
        let description = one_line(&relation.description);
        out += &format!("- **{}**: {description}\n", one_line(relation.id.as_str()));
    }
    out + "\n"
}

fn terms(terms: &Terms) -> String {
    let said = |text: &str, other: &str| {
        let text = one_line(text);
        if text.is_empty() { other.to_owned() } else { text }
    };
    format!(
        "## Rights\n\n- Annotations: {}\n- Texts: {}\n- Made by: {}\n",
        said(&terms.licence, "no licence is named"),
        said(&terms.texts, "nothing is said of them; they remain their publishers'"),
        said(&terms.authors, "not named")
    )
}
