//! `avow stats`: how much of a project is done, and what is in it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::input::InputError;
use super::source::Source;
use crate::annotation::Status;
use crate::project::{Owner, Project};

/// The arguments of `avow stats`.
#[derive(Args)]
#[command(after_help = "\
Rows are annotators (`gold`: adjudicated), with tabs between the columns; the last row is the sum.

Examples:
  avow stats rain.avow.json
  avow stats - < rain.avow.jsonl | column -t -s \"$(printf '\\t')\"")]
pub struct Stats {
    /// A project's file (.avow.json, .avow.jsonl) or a dataset (file, folder, ZIP); `-` reads standard
    /// input
    input: PathBuf,
}

/// What one annotator has done.
#[derive(Clone, Default)]
struct Row {
    statuses: [u32; 4],
    labels: BTreeMap<String, u32>,
    relations: u32,
    seconds: u64,
}

impl Stats {
    /// Does it.
    ///
    /// # Errors
    /// The input is no project.
    pub fn run(&self) -> Result<(), InputError> {
        let source = Source::open(&self.input)?;
        println!("{}", table(source.project()));
        Ok(())
    }
}

fn table(project: &Project) -> String {
    let mut labels: Vec<String> =
        project.scheme().labels.iter().map(|it| it.id.to_string()).collect();
    let mut rows: BTreeMap<Owner, Row> = BTreeMap::new();
    for article in project.articles() {
        for (owner, set) in project.rows_of(&article.id) {
            let row = rows.entry(owner.clone()).or_default();
            row.seconds += set.seconds;
            row.statuses[set.status() as usize] += u32::from(set.is_begun());
            for (label, count) in set.counts.iter() {
                *row.labels.entry(label.to_string()).or_default() += count;
                if !labels.iter().any(|known| known == label.as_str()) {
                    labels.push(label.to_string());
                }
            }
        }
    }
    for relation in project.relations() {
        rows.entry(Owner::Annotator(relation.annotator.clone())).or_default().relations += 1;
    }
    let statuses = Status::ALL.map(Status::name);
    let mut columns = vec!["annotator".to_owned(), "name".to_owned()];
    columns.extend(statuses.iter().map(|name| (*name).to_owned()));
    columns.extend(labels.iter().cloned());
    columns.extend(["links".to_owned(), "seconds".to_owned()]);
    let mut lines = vec![columns.join("\t")];
    let mut sum = Row::default();
    for (owner, row) in &rows {
        add(&mut sum, row);
        let (id, name) = match owner {
            Owner::Gold => ("gold", ""),
            Owner::Annotator(id) => {
                (id.as_str(), project.annotator(id).map_or("", |it| it.name.as_str()))
            }
        };
        lines.push(line(id, name, row, &labels));
    }
    lines.push(line("all", "", &sum, &labels));
    lines.join("\n")
}

fn add(sum: &mut Row, row: &Row) {
    for (all, own) in sum.statuses.iter_mut().zip(row.statuses) {
        *all += own;
    }
    for (label, count) in &row.labels {
        *sum.labels.entry(label.clone()).or_default() += count;
    }
    sum.relations += row.relations;
    sum.seconds += row.seconds;
}

fn line(id: &str, name: &str, row: &Row, labels: &[String]) -> String {
    let name: String = name.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let mut cells = vec![id.to_owned(), name];
    cells.extend(row.statuses.iter().map(u32::to_string));
    let count = |label: &String| row.labels.get(label).copied().unwrap_or_default();
    cells.extend(labels.iter().map(|label| count(label).to_string()));
    cells.extend([row.relations.to_string(), row.seconds.to_string()]);
    cells.join("\t")
}
