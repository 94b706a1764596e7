//! Naming the build: in the page, in its worker, and in the service worker, which also gets the list
//! of the build's files with their hashes. So parts of two builds are told apart.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::encoding::{base64, hex, sha256};
use crate::shell::{self, Doing, Outcome, fail, replaced};

const PAGE: &str = "index.html";
const SERVICE_WORKER: &str = "service-worker.js";
const OFFLINE: &str = "offline.js";
const LOADER: &str = "heavy_loader.js";

/// Names the build after all that is in its files, in the page and in its worker; gives the name.
pub fn name(out: &Path, files: &mut BTreeSet<PathBuf>) -> Outcome<String> {
    let mut contents = Vec::new();
    for file in files.iter() {
        contents.push(file.to_string_lossy().into_owned().into_bytes());
        contents.push(fs::read(out.join(file)).doing("read", &out.join(file))?);
    }
    let build = shell::hash(contents.iter().map(Vec::as_slice));
    if files.contains(Path::new(OFFLINE)) {
        let offline = format!("offline-{build}.js");
        let moved = out.join(&offline);
        fs::rename(out.join(OFFLINE), &moved).doing("write", &moved)?;
        files.remove(Path::new(OFFLINE));
        change(&out.join(PAGE), |page| {
            let page = replaced(page, &named("avow-build", ""), &named("avow-build", &build))?;
            replaced(&page, &named("avow-offline", ""), &named("avow-offline", &offline))
        })?;
        files.insert(offline.into());
    }
    if files.contains(Path::new(LOADER)) {
        change(&out.join(LOADER), |script| Ok(format!("self.avowBuild=\"{build}\";{script}")))?;
    }
    check_parts(out, files)?;
    Ok(build)
}

/// Has the browser refuse what is fetched later and is not this build's, whatever it is called.
fn check_parts(out: &Path, files: &BTreeSet<PathBuf>) -> Outcome {
    let find = |start: &str, end: &str| {
        let fits = |name: &&str| name.starts_with(start) && name.ends_with(end);
        files.iter().filter_map(|file| file.to_str()).find(fits)
    };
    let Some(script) = find("work-", ".js") else { return Ok(()) };
    for part in ["work-", "seldom-"].iter().filter_map(|start| find(start, ".wasm")) {
        let path = out.join(part);
        let digest = base64(&sha256(&fs::read(&path).doing("read", &path)?));
        let fetched = format!("fetch(new URL(\"./{part}\", import.meta.url)");
        let checked = format!("{fetched},{{integrity:\"sha256-{digest}\"}}");
        change(&out.join(script), |script| replaced(script, &fetched, &checked))?;
    }
    Ok(())
}

/// Tells the service worker its build and the files of it.
pub fn list(out: &Path, files: &BTreeSet<PathBuf>, build: &str) -> Outcome {
    let own = Path::new(SERVICE_WORKER);
    if !files.contains(own) {
        return Ok(());
    }
    let mut list = Vec::new();
    for file in files.iter().filter(|file| *file != own) {
        let content = fs::read(out.join(file)).doing("read", &out.join(file))?;
        // Paths in an address have slashes on every system.
        let path = file.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        if !path.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c)) {
            return fail(format!("the page's file {path:?} needs a plain name"));
        }
        list.push(format!("\"{path}\":\"{}\"", hex(&sha256(&content))));
    }
    change(&out.join(own), |script| {
        let script =
            replaced(script, "const BUILD = \"\";", &format!("const BUILD = \"{build}\";"))?;
        replaced(&script, "const FILES = {};", &format!("const FILES = {{{}}};", list.join(",")))
    })
}

fn named(name: &str, content: &str) -> String {
    format!("<meta name=\"{name}\" content=\"{content}\">")
}

fn change(path: &Path, by: impl FnOnce(&str) -> Outcome<String>) -> Outcome {
    let text = fs::read_to_string(path).doing("read", path)?;
    fs::write(path, by(&text)?).doing("write", path)
}
