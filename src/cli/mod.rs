//! Native only: the `avow` command.

pub mod convert;
pub mod deployment;
pub mod html;

use std::path::PathBuf;
use std::process::exit;

use clap::{Parser, Subcommand};

/// Annotated articles: projects, datasets, deployments.
///
/// What was done and what is wrong stands on standard error. The status is 0 if it was done, 1 if it
/// could not be done, 2 if the arguments say nothing that can be done.
#[derive(Parser)]
#[command(name = "avow", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make of a folder of articles what a built page carries
    ///
    /// FOLDER holds articles (.txt, .md, .html, .json, .jsonl, at any depth); DIR/articles is written,
    /// which a built page of Avow in DIR carries.
    Deploy {
        /// The folder of articles
        folder: PathBuf,
        /// The folder of the built page
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Write a project as a dataset or in another form
    Convert(convert::Convert),
}

/// Runs the command line: prints what was done, or what is wrong, and ends the process with
/// status 1 if nothing could be done and 2 if the arguments say nothing that can be done.
pub fn main() {
    let done = match Arguments::parse().command {
        Command::Deploy { folder, out } => deployment::build(&folder, &out)
            .map(|report| println!("{report}"))
            .map_err(|error| error.to_string()),
        Command::Convert(convert) => convert.run().map_err(|error| error.to_string()),
    };
    if let Err(error) = done {
        eprintln!("{error}");
        exit(1);
    }
}
