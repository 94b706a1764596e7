//! Building the page: Trunk's release build and the articles, together in one folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::shell::{self, Doing, Failure, Outcome, fail};
use crate::split::Taken;
use crate::tools::PageTools;
use crate::{seal, slim, split};

/// Names, one a line, the files of a folder that an earlier build wrote, so that the next one
/// removes those and nothing else.
const WRITTEN: &str = ".avow-files";

/// Builds the page with the articles of `folder` (or the samples) into `out`.
pub fn build(folder: Option<&Path>, out: &Path) -> Outcome {
    build_with(folder, out, Taken::Listed)
}

/// The same; `taken` says what is taken out of its first part.
pub fn build_with(folder: Option<&Path>, out: &Path, taken: Taken) -> Outcome {
    let started = Instant::now();
    let tools = PageTools::set_up()?;
    let samples = shell::root().join("www/articles");
    let folder = match folder {
        Some(folder) if folder.is_dir() => folder,
        Some(other) => {
            return fail(format!("{} is not a folder: name one with articles", other.display()));
        }
        None => &samples,
    };
    let _lock = shell::lock(&shell::target().join("page.lock"), "building the page")?;
    let built = shell::target().join("page");
    println!("Building the page …");
    shell::run(
        tools
            .trunk(&[
                "build",
                "--release",
                "--offline",
                "--skip-version-check",
                "--log",
                "warn",
                "--dist",
            ])?
            .arg(&built),
    )?;
    let report = assemble(&built, folder, out, |out, files| {
        slim::join_scripts(out, files)?;
        split::join(out, files, taken)
    })?;
    println!("{report}");
    println!("The page is in {} ({:.1} s).", out.display(), started.elapsed().as_secs_f32());
    Ok(())
}

/// Puts the built page and the articles into `out`, replacing what an earlier build put there.
/// `join` puts together what Trunk leaves apart, and adds the page's second part.
fn assemble(
    built: &Path,
    folder: &Path,
    out: &Path,
    join: impl Fn(&Path, &mut BTreeSet<PathBuf>) -> Outcome,
) -> Outcome<String> {
    fs::create_dir_all(out).doing("create", out)?;
    keep_apart(folder, out)?;
    clear(out)?;
    let mut written = copy(built, out)?;
    join(out, &mut written)?;
    slim::page(out, &mut written)?;
    let build = seal::name(out, &mut written)?;
    name_worker(out, &mut written)?;
    seal::list(out, &written, &build)?;
    // Written already now, so that a build that fails below is cleared by the next one.
    record(out, &written)?;
    let articles = write_articles(folder, out);
    let below = out.join("articles");
    if below.is_dir() {
        written.extend(files(&below)?.into_iter().map(|file| Path::new("articles").join(file)));
    }
    record(out, &written)?;
    articles
}

/// Moves the worker's files into a folder that is named after what is in them, and has the page
/// look there: a page and a worker of two builds never meet, and both can be cached for ever.
fn name_worker(out: &Path, files: &mut BTreeSet<PathBuf>) -> Outcome {
    let is_worker = |file: &&PathBuf| file.to_str().is_some_and(|it| it.starts_with("heavy"));
    let worker: Vec<PathBuf> = files.iter().filter(is_worker).cloned().collect();
    if worker.is_empty() {
        return Ok(());
    }
    let contents = worker.iter().map(|file| {
        let path = out.join(file);
        fs::read(&path).doing("read", &path)
    });
    let contents = contents.collect::<Outcome<Vec<_>>>()?;
    let hash = shell::hash(contents.iter().map(Vec::as_slice));
    let folder = PathBuf::from(format!("heavy-{hash}"));
    fs::create_dir_all(out.join(&folder)).doing("create", &folder)?;
    for file in worker {
        let to = folder.join(&file);
        fs::rename(out.join(&file), out.join(&to)).doing("move", &file)?;
        files.remove(&file);
        files.insert(to);
    }
    let index = out.join("index.html");
    let page = fs::read_to_string(&index).doing("read", &index)?;
    let named = page.replace("heavy_loader.js", &format!("{}/heavy_loader.js", folder.display()));
    fs::write(&index, named).doing("write", &index)
}

/// Writes `<out>/articles/` from a folder of articles, and says what it wrote.
fn write_articles(folder: &Path, out: &Path) -> Outcome<String> {
    avow::cli::deployment::build(folder, out)
        .map(|report| report.to_string())
        .map_err(|error| Failure::new(error.to_string()))
}

/// Refuses to write the page into the folder that it reads articles from, or the other way round.
fn keep_apart(folder: &Path, out: &Path) -> Outcome {
    if !folder.is_dir() {
        return Ok(());
    }
    let from = folder.canonicalize().doing("read", folder)?;
    let to = out.canonicalize().doing("read", out)?;
    if from.starts_with(&to) || to.starts_with(&from) {
        return fail(format!(
            "the articles ({}) and the built page ({}) must not lie within each other: \
             name another --out",
            folder.display(),
            out.display()
        ));
    }
    Ok(())
}

/// Removes what an earlier build wrote; refuses a folder that holds a page of another making.
fn clear(out: &Path) -> Outcome {
    let list = out.join(WRITTEN);
    if !list.is_file() {
        return match ["index.html", "articles"].iter().find(|name| out.join(name).exists()) {
            None => Ok(()),
            Some(name) => fail(format!(
                "{} holds {name}, which this command did not write: remove it, or name another --out",
                out.display()
            )),
        };
    }
    let mut folders = BTreeSet::new();
    for line in fs::read_to_string(&list).doing("read", &list)?.lines() {
        let file = Path::new(line);
        if !file.components().all(|part| matches!(part, std::path::Component::Normal(_))) {
            return fail(format!("{} names {line:?}, which lies elsewhere", list.display()));
        }
        match fs::remove_file(out.join(file)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).doing("remove", &out.join(file));
            }
            _ => folders.extend(file.ancestors().skip(1).map(|folder| out.join(folder))),
        }
    }
    // Deepest first; one that still holds something of others' stays.
    for folder in folders.iter().rev().filter(|folder| *folder != &out.join("")) {
        let _ = fs::remove_dir(folder);
    }
    fs::remove_file(&list).doing("remove", &list)
}

fn record(out: &Path, written: &BTreeSet<PathBuf>) -> Outcome {
    let list = out.join(WRITTEN);
    let mut text = String::new();
    for file in written {
        let name = file.to_str().ok_or_else(|| {
            Failure::new(format!("the file name {} is not UTF-8: rename it", file.display()))
        })?;
        text.push_str(name);
        text.push('\n');
    }
    fs::write(&list, text).doing("write", &list)
}

/// Copies a folder's files, and gives their paths within it.
fn copy(from: &Path, to: &Path) -> Outcome<BTreeSet<PathBuf>> {
    let files = files(from)?;
    for file in &files {
        let target = to.join(file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).doing("create", folder)?;
        }
        fs::copy(from.join(file), &target).doing("write", &target)?;
    }
    Ok(files)
}

/// The files of a folder at any depth, hidden ones left out, as paths within it.
pub fn files(folder: &Path) -> Outcome<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut open = vec![PathBuf::new()];
    while let Some(within) = open.pop() {
        let here = folder.join(&within);
        for entry in fs::read_dir(&here).doing("read", &here)? {
            let entry = entry.doing("read", &here)?;
            let path = within.join(entry.file_name());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            // A link to a folder is not followed: it may lead round in a circle.
            if entry.file_type().doing("read", &entry.path())?.is_dir() {
                open.push(path);
            } else if entry.path().is_file() {
                found.insert(path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{hex, sha256};

    /// A page in one part.
    fn unsplit(_: &Path, _: &mut BTreeSet<PathBuf>) -> Outcome {
        Ok(())
    }

    /// A folder of its own for one test, removed at its end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Scratch {
            let folder = std::env::temp_dir().join(format!("avow-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).expect("a temporary folder");
            Scratch(folder)
        }

        fn write(&self, file: &str, text: &str) -> &Scratch {
            let path = self.0.join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
            self
        }

        fn assemble(&self) -> Outcome<String> {
            assemble(&self.0.join("built"), &self.0.join("texts"), &self.0.join("out"), unsplit)
        }

        /// The files of the page, but for the texts, which are named after what is in them.
        fn out(&self) -> Vec<String> {
            let files = files(&self.0.join("out")).expect("files");
            let names = files.iter().map(|file| file.display().to_string());
            names.filter(|name| !name.starts_with("articles/texts/")).collect()
        }

        fn texts(&self) -> usize {
            files(&self.0.join("out/articles/texts")).expect("files").len()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_new_build_replaces_the_old_one_and_nothing_else() {
        let scratch = Scratch::new("replace");
        scratch.write("built/index.html", "").write("built/app-1.js", "");
        scratch.write("texts/deep/a.txt", "One.").write("texts/c.txt", "Two.");
        scratch.write("out/CNAME", "").write("out/.git/config", "");
        scratch.assemble().expect("a first build");
        assert_eq!(scratch.out(), ["CNAME", "app-1.js", "articles/index.json", "index.html"]);
        assert_eq!(scratch.texts(), 2);

        fs::remove_file(scratch.0.join("built/app-1.js")).expect("removed");
        fs::remove_dir_all(scratch.0.join("texts")).expect("removed");
        scratch.write("built/app-2.js", "").write("texts/b.txt", "Three.");
        scratch.assemble().expect("a second build");
        assert_eq!(scratch.out(), ["CNAME", "app-2.js", "articles/index.json", "index.html"]);
        assert_eq!(scratch.texts(), 1);
        assert!(scratch.0.join("out/.git/config").exists());
    }

    #[test]
    fn a_page_of_another_making_is_left_alone() {
        let scratch = Scratch::new("foreign");
        scratch.write("built/index.html", "new").write("texts/a.txt", "");
        scratch.write("out/index.html", "mine");
        let refusal = scratch.assemble().expect_err("a refusal").to_string();
        assert!(refusal.contains("did not write"), "{refusal}");
        let kept = fs::read_to_string(scratch.0.join("out/index.html")).expect("kept");
        assert_eq!(kept, "mine");
    }

    #[test]
    fn a_list_that_points_elsewhere_removes_nothing() {
        let scratch = Scratch::new("elsewhere");
        scratch.write("built/index.html", "").write("texts/a.txt", "").write("precious", "");
        scratch.write("out/.avow-files", "../precious\n");
        assert!(scratch.assemble().is_err());
        assert!(scratch.0.join("precious").exists());
    }

    #[test]
    fn the_worker_is_named_after_what_is_in_it() {
        let scratch = Scratch::new("worker");
        let page = "<meta name=\"avow-worker\" content=\"heavy_loader.js\">";
        scratch.write("built/index.html", page).write("built/heavy_loader.js", "load");
        scratch.write("built/heavy.js", "glue").write("texts/a.txt", "One.");
        scratch.assemble().expect("a first build");
        let first = scratch.out();
        assert!(first[1].starts_with("heavy-") && first[1].ends_with("/heavy.js"), "{first:?}");
        let index = fs::read_to_string(scratch.0.join("out/index.html")).expect("a page");
        assert!(index.contains(&format!("content=\"{}\"", first[2])), "{index}, {first:?}");

        scratch.write("built/heavy.js", "other glue").assemble().expect("a second build");
        let second = scratch.out();
        assert_eq!(second.len(), first.len());
        assert_ne!(second[1], first[1]);
    }

    /// A page as Trunk leaves it, with what names its build.
    fn sealable(scratch: &Scratch) {
        let page = "<meta name=\"avow-build\" content=\"\">\
                    <meta name=\"avow-offline\" content=\"\">\
                    <meta name=\"avow-worker\" content=\"heavy_loader.js\">";
        scratch.write("built/index.html", page).write("built/offline.js", "greet()");
        scratch.write("built/heavy_loader.js", "load()").write("built/icons/a.png", "drawn");
        scratch.write("built/service-worker.js", "const BUILD = \"\";\nconst FILES = {};\n");
        scratch.write("texts/a.txt", "One.");
    }

    /// The name of the build that stands between these in a file of the page.
    fn build_in(scratch: &Scratch, file: &str, before: &str) -> String {
        let text = fs::read_to_string(scratch.0.join("out").join(file)).expect("a file");
        let (_, after) = text.split_once(before).expect("the build is named");
        after.split('"').next().unwrap_or_default().to_owned()
    }

    #[test]
    fn page_worker_and_service_worker_name_one_build() {
        let scratch = Scratch::new("seal");
        sealable(&scratch);
        scratch.assemble().expect("a build");
        let build = build_in(&scratch, "index.html", "name=\"avow-build\" content=\"");
        assert_eq!(build.len(), 16);
        assert_eq!(build_in(&scratch, "service-worker.js", "const BUILD = \""), build);
        let files = scratch.out();
        let loader = files.iter().find(|file| file.ends_with("heavy_loader.js")).expect("a worker");
        assert_eq!(build_in(&scratch, loader, "avowBuild=\""), build);
        let offline = format!("offline-{build}.js");
        assert!(files.contains(&offline), "{files:?}");
        assert_eq!(build_in(&scratch, "index.html", "name=\"avow-offline\" content=\""), offline);

        scratch.assemble().expect("the same build");
        assert_eq!(build_in(&scratch, "service-worker.js", "const BUILD = \""), build);
        scratch.write("built/icons/a.png", "drawn anew").assemble().expect("another build");
        assert_ne!(build_in(&scratch, "service-worker.js", "const BUILD = \""), build);
    }

    #[test]
    fn the_service_worker_lists_every_built_file_with_its_hash_and_no_article() {
        let scratch = Scratch::new("list");
        sealable(&scratch);
        scratch.assemble().expect("a build");
        let out = scratch.0.join("out");
        let script = fs::read_to_string(out.join("service-worker.js")).expect("a script");
        let listed = script.split_once("const FILES = {").expect("a list").1;
        let listed = listed.split_once("};").expect("its end").0;
        let mut expected = Vec::new();
        for file in scratch.out() {
            if file != "service-worker.js" && !file.starts_with("articles/") {
                let content = fs::read(out.join(&file)).expect("a file");
                expected.push(format!("\"{file}\":\"{}\"", hex(&sha256(&content))));
            }
        }
        assert_eq!(expected.len(), 4);
        assert_eq!(listed, expected.join(","));
    }

    #[test]
    fn articles_and_page_are_kept_apart() {
        let scratch = Scratch::new("apart");
        scratch.write("built/index.html", "").write("out/texts/a.txt", "");
        let inside = assemble(
            &scratch.0.join("built"),
            &scratch.0.join("out/texts"),
            &scratch.0.join("out"),
            unsplit,
        );
        assert!(inside.is_err());
    }
}
