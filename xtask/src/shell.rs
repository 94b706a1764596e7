//! Running other programs, and saying what happens.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a command could not go on: one message, meant to be read by the person who ran it.
#[derive(Debug)]
pub struct Failure(String);

/// What every step gives back.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A failure with this message.
pub fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Failure::new(message))
}

/// Names what was being done to which file when the system refused.
pub trait Doing<T> {
    fn doing(self, what: &str, path: &Path) -> Outcome<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: &str, path: &Path) -> Outcome<T> {
        self.map_err(|error| Failure::new(format!("cannot {what} {}: {error}", path.display())))
    }
}

/// The repository's top folder.
pub fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or_else(|| xtask.clone(), Path::to_path_buf)
}

/// Cargo's target folder, where all that is built for the moment goes.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The program cargo itself was started as.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A command that runs in the repository's top folder.
pub fn command(program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs to the end, its output going to the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let line = line_of(command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cannot run `{line}`: {error}; is it installed?")))?;
    if status.success() { Ok(()) } else { fail(format!("`{line}` failed ({status})")) }
}

/// What the command printed, if it ran and succeeded.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first of these programs that is on the PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
            .find(|candidate| candidate.is_file())
    })
}

/// A name for what is in these, as a file's name can hold it.
pub fn hash<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = DefaultHasher::new();
    contents.into_iter().for_each(|content| hash.write(content));
    format!("{:016x}", hash.finish())
}

/// A text with something else in place of what stands in it.
///
/// # Errors
/// It does not stand there.
pub fn replaced(text: &str, what: &str, by: &str) -> Outcome<String> {
    if text.contains(what) {
        Ok(text.replace(what, by))
    } else {
        fail(format!(
            "a file of the page does not have {what}: the tools that build it have changed"
        ))
    }
}

/// Opens the user's browser, or says why it does not.
pub fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let opened =
        Command::new(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = opened {
        println!("(cannot open a browser with {opener}: {error}; open the address yourself)");
    }
}

/// Holds a lock until dropped, and says so where another run holds it.
pub fn lock(path: &Path, purpose: &str) -> Outcome<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).doing("create", folder)?;
    }
    let file =
        File::options().create(true).append(true).open(path).doing("open the lock file", path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            println!("Waiting for another run to finish {purpose} …");
            file.lock().doing("lock", path)?;
        }
        Err(fs::TryLockError::Error(error)) => return Err(error).doing("lock", path),
    }
    Ok(file)
}

fn line_of(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    command.get_args().fold(program, |line, argument| line + " " + &argument.to_string_lossy())
}
