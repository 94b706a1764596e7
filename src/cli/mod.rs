//! Native only: the `avow` command.

pub mod deployment;
pub mod html;

use std::path::Path;
use std::process::exit;

const USAGE: &str = "Usage: avow deploy FOLDER --out DIR

Turns a folder of articles (.txt, .md, .html, .json, .jsonl, at any depth) into
DIR/articles, which a built page of Avow in DIR carries.";

/// Runs the command line: prints what was done, or what is wrong, and ends the process with
/// status 1 if nothing could be done and 2 if the arguments say nothing that can be done.
pub fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["deploy", folder, "--out", out] | ["deploy", "--out", out, folder] => {
            match deployment::build(Path::new(folder), Path::new(out)) {
                Ok(report) => println!("{report}"),
                Err(error) => {
                    eprintln!("{error}");
                    exit(1);
                }
            }
        }
        ["help" | "--help" | "-h"] => println!("{USAGE}"),
        _ => {
            eprintln!("{USAGE}");
            exit(2);
        }
    }
}
