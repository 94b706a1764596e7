//! Everything that must pass before a change lands, one step after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::shell::{self, Doing, Failure, Outcome, fail};
use crate::split::{self, Taken};
use crate::tools::{self, BrowserTools, WASM};
use crate::{bundle, page};

/// Which checks run.
#[derive(Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    /// The inner loop: seconds, and nothing but cargo.
    Fast,
    /// The page and its end-to-end tests; the pattern picks some of them.
    EndToEnd {
        pattern: Option<String>,
    },
    /// What others read of the datasets that the command writes.
    Interop {
        /// Those too that take long to install or to run.
        full: bool,
    },
}

/// Runs the steps of this scope, and stops at the first that fails.
pub fn run(scope: &Scope) -> Outcome {
    let mut steps = Steps { started: Instant::now(), done: 0 };
    match scope {
        Scope::Fast => {
            tools::add_components()?;
            steps.step("Format", format)?;
            steps.step("Native tests", native_tests)?;
        }
        Scope::EndToEnd { pattern } => {
            let page = steps.step("Page", build_page)?;
            let browser = steps.step("Set-up of the browser tests", set_up_browser)?;
            steps.step("End-to-end tests", || end_to_end(&page, &browser, pattern.as_deref()))?;
        }
        Scope::Interop { full } => read_datasets(&mut steps, *full)?,
        Scope::All => {
            tools::add_components()?;
            tools::add_wasm_target()?;
            steps.step("Format", format)?;
            steps.step("Lint, native", || {
                cargo("clippy --workspace --all-targets -- -D warnings")
            })?;
            steps.step("Lint, wasm", || {
                cargo(&format!("clippy -p avow --all-targets --target {WASM} -- -D warnings"))
            })?;
            steps.step("Native tests", native_tests)?;
            read_datasets(&mut steps, false)?;
            steps.step("Documentation", documentation)?;
            let browser = steps.step("Set-up of the browser tests", set_up_browser)?;
            if shell::root().join("tests/web.rs").is_file() {
                steps.step("Browser tests", || browser_tests(&browser))?;
            }
            let page = steps.step("Page", build_page)?;
            steps.step("Size of the first load", || size(&page))?;
            steps.step("Torture, for a minute", || run_torture(&page, &browser, 1, None))?;
            // Last, so that a run ends with a test runner's own count.
            steps.step("End-to-end tests", || end_to_end(&page, &browser, None))?;
        }
    }
    println!(
        "\nAll {} steps passed in {:.0} s.",
        steps.done,
        steps.started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Counts and times what has run.
struct Steps {
    started: Instant,
    done: usize,
}

impl Steps {
    fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n=== {name} ===");
        let started = Instant::now();
        let result = work();
        let seconds = started.elapsed().as_secs_f32();
        match result {
            Ok(value) => {
                self.done += 1;
                println!("=== {name}: passed in {seconds:.1} s ===");
                Ok(value)
            }
            Err(failure) => fail(format!("{name} FAILED after {seconds:.1} s: {failure}")),
        }
    }
}

/// A cargo command, its arguments separated by single spaces.
fn cargo_command(arguments: &str) -> Command {
    shell::command(shell::cargo(), &arguments.split(' ').collect::<Vec<_>>())
}

fn cargo(arguments: &str) -> Outcome {
    shell::run(&mut cargo_command(arguments))
}

fn format() -> Outcome {
    // The second is a workspace of its own.
    for which in ["--all", "--manifest-path tests/fuzz/Cargo.toml"] {
        cargo(&format!("fmt {which} -- --check")).map_err(|failure| {
            Failure::new(format!("{failure}; cargo fmt {which} mends what is shown above"))
        })?;
    }
    Ok(())
}

fn native_tests() -> Outcome {
    cargo("test --workspace")
}

fn documentation() -> Outcome {
    let arguments = "doc --workspace --no-deps --document-private-items";
    shell::run(cargo_command(arguments).env("RUSTDOCFLAGS", "-D warnings"))?;
    let arguments = format!("doc -p avow --no-deps --document-private-items --target {WASM}");
    shell::run(cargo_command(&arguments).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Builds the page with the samples, apart from the `dist/` that a person may be serving.
fn build_page() -> Outcome<PathBuf> {
    let out = shell::target().join("test-page");
    page::build(None, &out)?;
    // Beside it, where the tests look for it.
    bundle::write(&out, &out.with_extension("html"))?;
    Ok(out)
}

fn set_up_browser() -> Outcome<BrowserTools> {
    tools::node_packages(&end_to_end_folder())?;
    let browser = BrowserTools::set_up()?;
    let all = [&browser.chromium, &browser.chromedriver].into_iter().chain(&browser.firefox);
    all.for_each(|program| println!("{}", program.display()));
    Ok(browser)
}

fn browser_tests(browser: &BrowserTools) -> Outcome {
    let runner = tools::wasm_bindgen("wasm-bindgen-test-runner")?;
    shell::run(
        cargo_command(&format!("test -p avow --test web --target {WASM}"))
            .env("CHROMEDRIVER", &browser.chromedriver)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner),
    )
}

fn size(page: &Path) -> Outcome {
    shell::run(shell::command("node", &["tests/e2e/size.mjs"]).arg(page))
}

/// Builds the page and measures it beside others.
pub fn bench(quick: bool) -> Outcome {
    let (page, browser) = (build_page()?, set_up_browser()?);
    let mut command = end_to_end_command(&page, &browser, &["bench/run.mjs"]);
    command.args(quick.then_some("--quick"));
    shell::run(&mut command)
}

/// Finds which functions readers run at a first visit, and lists the others: they are taken out of the first
/// part.
pub fn seldom() -> Outcome {
    let browser = set_up_browser()?;
    let page = shell::target().join("counted-page");
    page::build_with(None, &page, Taken::NothingAndCounted)?;
    let list = shell::root().join("xtask/seldom.txt");
    let mut command = end_to_end_command(&page, &browser, &["seldom.mjs"]);
    shell::run(command.arg(split::counted_functions()).arg(&list))
}

/// Builds the page and does random acts in it while everything around it fails.
pub fn torture(minutes: u32, seed: Option<u32>) -> Outcome {
    let (page, browser) = (build_page()?, set_up_browser()?);
    run_torture(&page, &browser, minutes, seed)
}

fn run_torture(page: &Path, browser: &BrowserTools, minutes: u32, seed: Option<u32>) -> Outcome {
    let mut command = end_to_end_command(page, browser, &["torture.mjs"]);
    command.arg(format!("--minutes={minutes}"));
    command.args(seed.map(|seed| format!("--seed={seed}")));
    shell::run(&mut command)
}

/// Node, in the folder of the end-to-end tests, told of the page and the browser.
fn end_to_end_command(page: &Path, browser: &BrowserTools, arguments: &[&str]) -> Command {
    let mut command = shell::command("node", arguments);
    command
        .current_dir(end_to_end_folder())
        .env("AVOW_PAGE", page)
        .env("AVOW_CHROMIUM", &browser.chromium)
        .envs(browser.firefox.iter().map(|firefox| ("AVOW_FIREFOX", firefox)));
    command
}

fn end_to_end(page: &Path, browser: &BrowserTools, pattern: Option<&str>) -> Outcome {
    // The limit holds for a whole file too, and slow machines are several times slower.
    let mut command = end_to_end_command(page, browser, &["--test", "--test-timeout=900000"]);
    // Set by a test runner around us, this would make Node's runner speak to it.
    command.env_remove("NODE_TEST_CONTEXT");
    if let Some(pattern) = pattern {
        let files = test_files(&end_to_end_folder(), pattern)?;
        if files.is_empty() {
            command.arg(format!("--test-name-pattern={pattern}"));
        } else {
            command.args(files);
        }
    }
    shell::run(&mut command)
}

fn interop_folder() -> PathBuf {
    shell::root().join("tests/interop")
}

fn read_datasets(steps: &mut Steps, full: bool) -> Outcome {
    let mut readers = steps.step("Set-up of the readers", || set_up_readers(full))?;
    steps.step("Readers of datasets", || interop(&mut readers))
}

/// Python with the packages that read datasets, and the arguments of the script that has them read.
fn set_up_readers(full: bool) -> Outcome<Command> {
    let folder = interop_folder();
    let listed = |names: &[&str]| names.iter().map(|name| folder.join(name)).collect::<Vec<_>>();
    let avow = shell::target().join("debug").join(format!("avow{}", std::env::consts::EXE_SUFFIX));
    let arguments = [
        folder.join("interop.py"),
        avow,
        folder.join("project.avow.json"),
        shell::target().join("interop"),
    ];
    let mut command = if full {
        let lists = listed(&["requirements.txt", "requirements-full.txt"]);
        let python = tools::python_packages("python-full", &lists)?;
        let doccano = listed(&["doccano/requirements.txt"]);
        let doccano = tools::python_packages("python-doccano", &doccano)?;
        tools::node_packages(&folder.join("node"))?;
        let mut command = shell::command(python, &[]);
        command.args(arguments).arg("full").env("DOCCANO_PYTHON", doccano);
        command
    } else {
        let python = tools::python_packages("python", &listed(&["requirements.txt"]))?;
        let mut command = shell::command(python, &[]);
        command.args(arguments);
        command
    };
    // Nothing is fetched while data are read, and nothing is left beside the scripts.
    command.env("HF_HUB_OFFLINE", "1").env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1");
    Ok(command)
}

fn interop(readers: &mut Command) -> Outcome {
    cargo("build -p avow")?;
    let work = shell::target().join("interop");
    if work.exists() {
        fs::remove_dir_all(&work).doing("remove", &work)?;
    }
    fs::create_dir_all(&work).doing("create", &work)?;
    shell::run(readers)
}

/// The test files whose names contain the pattern.
fn test_files(folder: &Path, pattern: &str) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).doing("read", folder)?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.strip_suffix(".test.mjs").is_some_and(|stem| stem.contains(pattern)))
        .collect();
    names.sort();
    Ok(names)
}

fn end_to_end_folder() -> PathBuf {
    shell::root().join("tests/e2e")
}
