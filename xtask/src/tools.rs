//! Setting up what the commands need: the wasm target, Trunk, wasm-bindgen, a browser.
//!
//! Each is taken where it is found; what is missing is installed, announced by one line.
//! Nothing outside the repository changes but the user's cache folder `avow`, the rustup
//! toolchain and, for tests, apt packages.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Doing, Failure, Outcome, fail};
use crate::split;

pub const WASM: &str = "wasm32-unknown-unknown";
const TRUNK_VERSION: &str = "0.21.14";
const FUZZ_VERSION: &str = "0.13.2";

/// What builds the page.
pub struct PageTools {
    trunk: PathBuf,
    bindgen: PathBuf,
}

impl PageTools {
    /// Finds or installs them.
    pub fn set_up() -> Outcome<PageTools> {
        add_wasm_target()?;
        Ok(PageTools { trunk: trunk()?, bindgen: wasm_bindgen("wasm-bindgen")? })
    }

    /// Trunk, which finds wasm-bindgen through the PATH and so downloads nothing; what it finds
    /// splits the page first.
    pub fn trunk(&self, arguments: &[&str]) -> Outcome<Command> {
        let mut command = shell::command(&self.trunk, arguments);
        let bindgen = split::prepare(&mut command, &self.bindgen)?;
        command.env("PATH", path_with(&bindgen));
        // Trunk reads any other value than a boolean as a mistake.
        command.env_remove("NO_COLOR");
        // A mistake in our code would otherwise be followed by a trace of Trunk's.
        command.env("RUST_BACKTRACE", "0");
        Ok(command)
    }
}

/// What runs tests in a browser.
pub struct BrowserTools {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
    /// None where it cannot be had: its test is skipped then, which is said.
    pub firefox: Option<PathBuf>,
}

impl BrowserTools {
    /// Finds or installs them.
    pub fn set_up() -> Outcome<BrowserTools> {
        if chromium().is_none() || chromedriver().is_none() {
            apt_install(&["chromium", "chromium-driver"])
                .map_err(|failure| Failure::new(format!("{failure}; {NO_CHROMIUM}")))?;
        }
        let (Some(chromium), Some(chromedriver)) = (chromium(), chromedriver()) else {
            return fail(NO_CHROMIUM);
        };
        Ok(BrowserTools { chromium, chromedriver, firefox: firefox_or_say() })
    }
}

const NO_CHROMIUM: &str = "the tests need Chromium and its driver: install both \
    (Debian: apt-get install chromium chromium-driver), or name them in AVOW_CHROMIUM and CHROMEDRIVER";

fn chromium() -> Option<PathBuf> {
    env::var_os("AVOW_CHROMIUM").map(PathBuf::from).or_else(|| {
        shell::find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
    })
}

fn chromedriver() -> Option<PathBuf> {
    env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| shell::find(&["chromedriver"]))
}

/// Firefox, installed if need be; where it cannot be had, that is said.
fn firefox_or_say() -> Option<PathBuf> {
    let found = firefox().or_else(|| {
        apt_install(&["firefox-esr"])
            .inspect_err(|failure| println!("Firefox could not be installed: {failure}"))
            .ok()?;
        firefox()
    });
    if found.is_none() {
        println!(
            "THE TEST IN FIREFOX IS SKIPPED: there is none here; install it (Debian: apt-get \
             install firefox-esr), or name it in AVOW_FIREFOX"
        );
    }
    found
}

fn firefox() -> Option<PathBuf> {
    env::var_os("AVOW_FIREFOX")
        .map(PathBuf::from)
        .or_else(|| shell::find(&["firefox-esr", "firefox"]))
}

/// Installs apt packages, where that is possible without a question.
fn apt_install(packages: &[&str]) -> Outcome {
    if shell::find(&["apt-get"]).is_none() {
        return fail("there is no apt-get here");
    }
    let sudo: &[&str] = if is_root() {
        &[]
    } else if shell::output(&mut shell::command("sudo", &["-n", "true"])).is_some() {
        &["sudo", "-n"]
    } else {
        return fail("apt-get needs a root user, or sudo without a password");
    };
    println!("Installing apt packages for the tests: {} …", packages.join(", "));
    let apt = |arguments: &[&str]| {
        let line =
            [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
        shell::run(&mut shell::command(line[0], &line[1..]))
    };
    apt(&["-q", "update"])?;
    apt(&[&["-q", "install", "-y", "--no-install-recommends"], packages].concat())
}

fn is_root() -> bool {
    shell::output(&mut shell::command("id", &["-u"])).is_some_and(|id| id.trim() == "0")
}

/// Refuses to go on without a Node that can run the end-to-end tests.
pub fn check_node() -> Outcome {
    const WANTED: &str = "the tests need Node 20 or later, with npm: install it \
        (Debian: apt-get install nodejs npm, or from nodejs.org)";
    let version = shell::output(&mut shell::command("node", &["--version"]))
        .ok_or_else(|| Failure::new(WANTED))?;
    let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    if major.parse::<u32>().is_ok_and(|major| major >= 20) {
        Ok(())
    } else {
        fail(format!("{WANTED}; found {}", version.trim()))
    }
}

/// The Node packages of `folder`, exactly as its lock file has them.
pub fn node_packages(folder: &Path) -> Outcome {
    check_node()?;
    let wanted = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.avow-installed");
    let lock = fs::read(&wanted).doing("read", &wanted)?;
    if fs::read(&installed).is_ok_and(|bytes| bytes == lock) {
        return Ok(());
    }
    println!("Installing the tests' Node packages …");
    shell::run(
        shell::command("npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(folder),
    )?;
    fs::write(&installed, lock).doing("write", &installed)
}

const NO_PYTHON: &str = "the readers of datasets need Python 3.11 or later with venv and pip: install \
    them (Debian: apt-get install python3 python3-venv)";

/// A Python that has the packages of `lists`, files of pinned requirements, in an environment of that
/// name.
pub fn python_packages(name: &str, lists: &[PathBuf]) -> Outcome<PathBuf> {
    let environment = shell::target().join(name);
    let bin = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = bin.join(format!("python{}", env::consts::EXE_SUFFIX));
    let installed = environment.join(".avow-installed");
    let mut wanted = Vec::new();
    for list in lists {
        wanted.extend(fs::read(list).doing("read", list)?);
    }
    if fs::read(&installed).is_ok_and(|bytes| bytes == wanted) {
        return Ok(python);
    }
    let system = shell::find(&["python3", "python"]).ok_or_else(|| Failure::new(NO_PYTHON))?;
    println!("Installing the readers of datasets …");
    let arguments = ["-m", "venv", "--clear"];
    shell::run(shell::command(system, &arguments).arg(&environment))
        .map_err(|failure| Failure::new(format!("{failure}; {NO_PYTHON}")))?;
    // The lists have all that is imported: what packages ask for beside is large and never used.
    let arguments = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"];
    let mut pip = shell::command(&python, &arguments);
    lists.iter().for_each(|list| {
        pip.arg("--requirement").arg(list);
    });
    shell::run(&mut pip).map_err(|failure| Failure::new(format!("{failure}; {NO_PYTHON}")))?;
    fs::write(&installed, wanted).doing("write", &installed)?;
    Ok(python)
}

/// What code for the page compiles against.
pub fn add_wasm_target() -> Outcome {
    let std = shell::output(&mut shell::command("rustc", &["--print", "sysroot"]))
        .map(|sysroot| PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM));
    if std.is_some_and(|std| std.is_dir()) {
        return Ok(());
    }
    rustup("target", &[WASM])
}

/// The formatter and the linter.
pub fn add_components() -> Outcome {
    let missing: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(command, _)| {
            shell::output(&mut shell::command(shell::cargo(), &[command, "--version"])).is_none()
        })
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() { Ok(()) } else { rustup("component", &missing) }
}

fn rustup(kind: &str, names: &[&str]) -> Outcome {
    let names = names.join(" ");
    println!("Adding the rustup {kind} {names} …");
    let mut arguments = vec![kind, "add"];
    arguments.extend(names.split(' '));
    shell::run(&mut shell::command("rustup", &arguments)).map_err(|failure| {
        Failure::new(format!(
            "{failure}; Rust's {kind} {names} is needed: install Rust from rustup.rs"
        ))
    })
}

fn trunk() -> Outcome<PathBuf> {
    tool(&Tool {
        binary: "trunk",
        package: "trunk",
        version: TRUNK_VERSION,
        arguments: &["--locked", "--no-default-features"],
    })
}

/// What builds and runs fuzz targets.
pub fn cargo_fuzz() -> Outcome<PathBuf> {
    tool(&Tool {
        binary: "cargo-fuzz",
        package: "cargo-fuzz",
        version: FUZZ_VERSION,
        arguments: &["--locked"],
    })
}

/// A program of the wasm-bindgen command-line package, of the version that the page is built with.
pub fn wasm_bindgen(binary: &str) -> Outcome<PathBuf> {
    let lock = shell::root().join("Cargo.lock");
    let text = fs::read_to_string(&lock).doing("read", &lock)?;
    let version = locked_version(&text, "wasm-bindgen")
        .ok_or_else(|| Failure::new(format!("{} does not name wasm-bindgen", lock.display())))?;
    // Not --locked: the package's own lock file may ask for crates that a mirror does not offer.
    tool(&Tool { binary, package: "wasm-bindgen-cli", version, arguments: &[] })
}

fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let mut lines = lock.lines();
    lines.find(|line| line.strip_prefix("name = ") == Some(&format!("{package:?}")))?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// A program that cargo can install.
struct Tool<'a> {
    binary: &'a str,
    package: &'a str,
    version: &'a str,
    arguments: &'a [&'a str],
}

/// The program from the PATH where its version fits, else from the cache, else built into the cache.
fn tool(tool: &Tool<'_>) -> Outcome<PathBuf> {
    let fits = |program: &Path| {
        shell::output(&mut shell::command(program, &["--version"])).is_some_and(|text| {
            text.split_whitespace().any(|word| word.trim_start_matches('v') == tool.version)
        })
    };
    if let Some(found) = shell::find(&[tool.binary]).filter(|found| fits(found)) {
        return Ok(found);
    }
    let cache = cache()?;
    let name = format!("{}-{}", tool.package.trim_end_matches("-cli"), tool.version);
    let folder = cache.join(&name);
    let program =
        folder.join("bin").join(format!("{}{}", tool.binary, std::env::consts::EXE_SUFFIX));
    if fits(&program) {
        return Ok(program);
    }

    let _lock = shell::lock(&cache.join("lock"), "installing tools")?;
    if fits(&program) {
        return Ok(program);
    }
    println!(
        "Building {} {} into {}, once; this takes some minutes …",
        tool.package,
        tool.version,
        folder.display()
    );
    let build = cache.join(format!("build-{name}"));
    let installed = shell::run(
        Command::new(shell::cargo())
            .args(["install", tool.package, "--version", tool.version, "--force", "--root"])
            .arg(&folder)
            .args(tool.arguments)
            .current_dir(&cache)
            .env("CARGO_TARGET_DIR", &build)
            // Built once and run briefly: quick to build matters more than quick to run.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    );
    if build.is_dir() {
        fs::remove_dir_all(&build).doing("remove", &build)?;
    }
    installed.map_err(|failure| {
        Failure::new(format!(
            "{failure}; install it yourself and put it on the PATH: cargo install {} --version {}",
            tool.package, tool.version
        ))
    })?;
    if fits(&program) {
        Ok(program)
    } else {
        fail(format!(
            "{} was built but does not run as version {}",
            program.display(),
            tool.version
        ))
    }
}

/// The user's cache folder for this project.
fn cache() -> Outcome<PathBuf> {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .ok_or_else(|| {
            Failure::new("there is no home folder to keep tools in: set XDG_CACHE_HOME")
        })?;
    let folder = base.join("avow");
    fs::create_dir_all(&folder).doing("create", &folder)?;
    Ok(folder)
}

/// The PATH with this program's folder in front.
fn path_with(program: &Path) -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = program.parent().map(Path::to_path_buf).into_iter().chain(env::split_paths(&old));
    env::join_paths(folders).unwrap_or_else(|_| old.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_version_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "yew"), None);
    }
}
