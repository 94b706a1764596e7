//! Native only: the `avow` command.

pub mod check;
pub mod convert;
pub mod dataset;
pub mod deployment;
pub mod html;
pub mod input;
pub mod lines;
pub mod merge;
pub mod output;
pub mod shard;
pub mod source;
pub mod split;
mod spool;
pub mod stats;

use std::path::PathBuf;
use std::process::exit;

use clap::{CommandFactory, Parser, Subcommand};

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
    /// Make of a project of any size what a built page carries, with lists of who annotates what
    Shard(shard::Shard),
    /// Write a project as a dataset or in another form
    Convert(convert::Convert),
    /// Say what of a project breaks its rules
    Check(check::Check),
    /// Say which article goes into which part of a dataset
    Split(split::SplitArticles),
    /// Count what is in a project, by annotator
    Stats(stats::Stats),
    /// Make one of several copies of a project
    Merge(merge::MergeCopies),
    /// Print what a shell needs to complete the arguments
    ///
    /// For bash: avow completions bash > ~/.local/share/bash-completion/completions/avow
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command line: prints what was done, or what is wrong, and ends the process with
/// status 1 if nothing could be done and 2 if the arguments say nothing that can be done.
pub fn main() {
    if let Err(error) = run(Arguments::parse().command) {
        eprintln!("{error}");
        exit(1);
    }
}

fn run(command: Command) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        Command::Deploy { folder, out } => println!("{}", deployment::build(&folder, &out)?),
        Command::Shard(shard) => shard.run()?,
        Command::Convert(convert) => convert.run()?,
        Command::Check(check) => check.run()?,
        Command::Split(split) => split.run()?,
        Command::Stats(stats) => stats.run()?,
        Command::Merge(merge) => merge.run()?,
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "avow",
                &mut std::io::stdout(),
            );
        }
    }
    Ok(())
}
