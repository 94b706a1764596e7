//! The project's own commands: `cargo xtask help` lists them.

mod bundle;
mod checks;
mod encoding;
mod fuzz;
mod page;
mod seal;
mod seldom;
mod server;
mod shell;
mod slim;
mod split;
mod tools;
mod wasm;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use shell::{Failure, Outcome, fail};

const HELP: &str = "\
The project's commands. They set up what they need, and say so.

  cargo xtask serve [FOLDER] [--port N] [--open]
      Builds the page and serves it at http://127.0.0.1:4717/.
      FOLDER holds the articles (.txt, .md, .html, .json, .jsonl, at any depth);
      without it the page carries the samples.

  cargo xtask build [FOLDER] [--out DIR]
      Builds the same page into DIR (default: dist), for any static host.

  cargo xtask bundle [FOLDER] [--out FILE]
      Builds the same page as one file (default: avow.html) that works from a
      double click. It cannot be installed and does not update itself.

  cargo xtask test [--fast | --e2e [PATTERN] | --interop [full]]
      Runs every check.
      --fast            formatting and native tests only
      --e2e [PATTERN]   the page and its end-to-end tests only; PATTERN picks
                        test files by name, else tests by title
      --interop         datasets, read by the Python packages that people use;
                        full: also by doccano itself, as linked data, in Node, and
                        by spaCy's training

  cargo xtask bench [--quick]
      Builds the page and measures it beside a page that only paints and beside
      another annotator, in articles of 5 kB to 1 MB. Writes the tables and a plot
      into docs/; takes half an hour.
      --quick           a few times each, in minutes; writes nothing into docs/

  cargo xtask seldom
      Finds in Chromium which functions of the page's first part readers run at a
      first visit, and lists the others in xtask/seldom.txt: they are fetched later.
      To be run when a test says that readers wait for them, or that the first load
      has grown.

  cargo xtask torture [--minutes N] [--seed S]
      Builds the page and does random acts in Chromium for N minutes (default: 1),
      while the browser is killed, tabs are doubled, the quota is filled, IndexedDB
      fails and the clock jumps; after each, all that was shown as saved is there.
      The seed gives the acts and the faults; a failure says how to run it again.

  cargo xtask fuzz [TARGET] [--seconds N]
      Gives every reader of files, or the one that TARGET names, what libFuzzer makes
      of files that the project has or writes, each for N seconds (default: 60), and
      prints how many inputs that were. An input that makes one fail is kept.
      It needs a C++ compiler, and no nightly Rust.

  cargo xtask help
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Help,
    Serve { folder: Option<PathBuf>, port: Option<u16>, open: bool },
    Build { folder: Option<PathBuf>, out: Option<PathBuf> },
    Bundle { folder: Option<PathBuf>, out: Option<PathBuf> },
    Test(checks::Scope),
    Bench { quick: bool },
    Seldom,
    Torture { minutes: u32, seed: Option<u32> },
    Fuzz { target: Option<String>, seconds: u32 },
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().map(PathBuf::from).unwrap_or_default();
    if program.file_stem() == Some(split::BINDGEN.as_ref()) {
        return end(split::stand_in(arguments.collect()));
    }
    end(parse(arguments).and_then(|command| match command {
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
        Command::Serve { folder, port, open } => serve(folder, port, open),
        Command::Build { folder, out } => {
            let out = out.unwrap_or_else(|| shell::root().join("dist"));
            page::build(folder.as_deref(), &out)
        }
        Command::Bundle { folder, out } => {
            let out = out.unwrap_or_else(|| shell::root().join("avow.html"));
            bundle::build(folder.as_deref(), &out)
        }
        Command::Test(scope) => checks::run(&scope),
        Command::Bench { quick } => checks::bench(quick),
        Command::Seldom => checks::seldom(),
        Command::Torture { minutes, seed } => checks::torture(minutes, seed),
        Command::Fuzz { target, seconds } => fuzz::run(target.as_deref(), seconds),
    }))
}

fn end(result: Outcome) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn serve(folder: Option<PathBuf>, port: Option<u16>, open: bool) -> Outcome {
    let server = server::Server::bind(port.unwrap_or(server::DEFAULT_PORT))?;
    let out = if server.is_where_wanted() {
        shell::root().join("dist")
    } else {
        // Another run probably serves dist/, perhaps with other articles.
        shell::target().join(format!("served-{}", server.port()))
    };
    page::build(folder.as_deref(), &out)?;
    server.announce();
    if open {
        shell::open_browser(&server.address());
    }
    server.run(out)
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Outcome<Command> {
    use lexopt::prelude::*;

    let bad = |error: lexopt::Error| Failure::new(format!("{error}; see cargo xtask help"));
    let mut parser = lexopt::Parser::from_args(arguments);
    let name = match parser.next().map_err(bad)? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        Some(other) => return Err(bad(other.unexpected())),
    };
    let mut command = match name.as_str() {
        "help" => Command::Help,
        "serve" => Command::Serve { folder: None, port: None, open: false },
        "build" => Command::Build { folder: None, out: None },
        "bundle" => Command::Bundle { folder: None, out: None },
        "test" => Command::Test(checks::Scope::All),
        "bench" => Command::Bench { quick: false },
        "seldom" => Command::Seldom,
        "torture" => Command::Torture { minutes: 1, seed: None },
        "fuzz" => Command::Fuzz { target: None, seconds: 60 },
        _ => return fail(format!("there is no command {name:?}; see cargo xtask help")),
    };
    while let Some(argument) = parser.next().map_err(bad)? {
        match (&mut command, argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help),
            (Command::Serve { port, .. }, Long("port")) => {
                *port = Some(parser.value().and_then(|value| value.parse()).map_err(bad)?);
            }
            (Command::Serve { open, .. }, Long("open")) => *open = true,
            (Command::Build { out, .. } | Command::Bundle { out, .. }, Long("out")) => {
                *out = Some(parser.value().map_err(bad)?.into());
            }
            (
                Command::Serve { folder: folder @ None, .. }
                | Command::Build { folder: folder @ None, .. }
                | Command::Bundle { folder: folder @ None, .. },
                Value(path),
            ) => *folder = Some(path.into()),
            (Command::Test(scope @ checks::Scope::All), Long("fast")) => {
                *scope = checks::Scope::Fast;
            }
            (Command::Test(scope @ checks::Scope::All), Long("e2e")) => {
                *scope = checks::Scope::EndToEnd { pattern: None };
            }
            (Command::Test(scope @ checks::Scope::All), Long("interop")) => {
                *scope = checks::Scope::Interop { full: false };
            }
            (Command::Test(checks::Scope::Interop { full: full @ false }), Value(wanted))
                if wanted == "full" =>
            {
                *full = true;
            }
            (Command::Test(checks::Scope::EndToEnd { pattern: pattern @ None }), Value(wanted)) => {
                *pattern = Some(wanted.to_string_lossy().into_owned());
            }
            (Command::Bench { quick }, Long("quick")) => *quick = true,
            (Command::Torture { minutes, .. }, Long("minutes")) => {
                *minutes = parser.value().and_then(|value| value.parse()).map_err(bad)?;
            }
            (Command::Torture { seed, .. }, Long("seed")) => {
                *seed = Some(parser.value().and_then(|value| value.parse()).map_err(bad)?);
            }
            (Command::Fuzz { seconds, .. }, Long("seconds")) => {
                *seconds = parser.value().and_then(|value| value.parse()).map_err(bad)?;
            }
            (Command::Fuzz { target: target @ None, .. }, Value(name)) => {
                *target = Some(name.to_string_lossy().into_owned());
            }
            (_, other) => return Err(bad(other.unexpected())),
        }
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn reads_its_commands() {
        assert_eq!(parsed(""), Ok(Command::Help));
        assert_eq!(
            parsed("serve texts --port 8000 --open"),
            Ok(Command::Serve { folder: Some("texts".into()), port: Some(8000), open: true })
        );
        assert_eq!(
            parsed("build --out site"),
            Ok(Command::Build { folder: None, out: Some("site".into()) })
        );
        assert_eq!(parsed("bundle"), Ok(Command::Bundle { folder: None, out: None }));
        assert_eq!(
            parsed("bundle texts --out avow.html"),
            Ok(Command::Bundle { folder: Some("texts".into()), out: Some("avow.html".into()) })
        );
        assert_eq!(parsed("test"), Ok(Command::Test(checks::Scope::All)));
        assert_eq!(parsed("test --fast"), Ok(Command::Test(checks::Scope::Fast)));
        for (line, full) in [("test --interop", false), ("test --interop full", true)] {
            assert_eq!(parsed(line), Ok(Command::Test(checks::Scope::Interop { full })));
        }
        assert_eq!(
            parsed("test --e2e smoke"),
            Ok(Command::Test(checks::Scope::EndToEnd { pattern: Some("smoke".into()) }))
        );
        for (line, quick) in [("bench", false), ("bench --quick", true)] {
            assert_eq!(parsed(line), Ok(Command::Bench { quick }));
        }
        assert_eq!(parsed("seldom"), Ok(Command::Seldom));
        assert_eq!(parsed("torture"), Ok(Command::Torture { minutes: 1, seed: None }));
        assert_eq!(
            parsed("torture --minutes 60 --seed 7"),
            Ok(Command::Torture { minutes: 60, seed: Some(7) })
        );
        assert_eq!(parsed("fuzz"), Ok(Command::Fuzz { target: None, seconds: 60 }));
        assert_eq!(
            parsed("fuzz zip --seconds 5"),
            Ok(Command::Fuzz { target: Some("zip".into()), seconds: 5 })
        );
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for line in [
            "paint",
            "serve a b",
            "serve --port x",
            "serve --out a",
            "bundle a b",
            "bundle --port 1",
            "test --fast --e2e",
            "test a",
            "test --interop a",
            "test --interop full full",
            "bench --slow",
            "torture --minutes soon",
            "torture --seed -1",
            "torture 5",
            "fuzz a b",
            "fuzz --seconds soon",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
