//! The page as one file, which works from a double click: scripts and styles stand in it, and all
//! else as base64 that no browser runs. Its policy allows exactly these scripts, and no network.

use std::fs;
use std::path::{Path, PathBuf};

use crate::encoding::{base64, sha256};
use crate::page;
use crate::server::content_type;
use crate::shell::{self, Doing, Failure, Outcome, fail, replaced};
use crate::split::STORED;

/// Answers from the file itself what the page asks its host for.
const HOST: &str = include_str!("../../www/one-file.js");

/// Builds the page with the articles of `folder` (or the samples) into the one file `out`.
pub fn build(folder: Option<&Path>, out: &Path) -> Outcome {
    let page = shell::target().join("bundled-page");
    page::build(folder, &page)?;
    write(&page, out)
}

/// Writes a built page as one file.
pub fn write(page: &Path, out: &Path) -> Outcome {
    let file = fold(page)?;
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder).doing("create", folder)?;
    }
    fs::write(out, &file).doing("write", out)?;
    println!("The page as one file: {} ({} kB).", out.display(), file.len() / 1000);
    Ok(())
}

fn fold(page: &Path) -> Outcome<String> {
    let files: Vec<PathBuf> = page::files(page)?.into_iter().collect();
    let text = |name: &str| {
        let path = page.join(name);
        fs::read_to_string(&path).doing("read", &path)
    };
    let bytes = |name: &str| {
        let path = page.join(name);
        fs::read(&path).doing("read", &path)
    };
    let find = |start: &str, end: &str| {
        let names = files.iter().filter_map(|file| file.to_str());
        let mut fitting = names.filter(|name| name.starts_with(start) && name.ends_with(end));
        let found = fitting.next().map(str::to_owned);
        found.ok_or_else(|| Failure::new(format!("the built page has no {start}*{end}")))
    };

    let mut html = text("index.html")?;
    // What a host is needed for, or what stands in the file below.
    for (start, end) in [
        ("<link rel=\"manifest\"", ">"),
        ("<link rel=\"modulepreload\" href=\"./avow-", ">"),
        ("<link rel=\"modulepreload\" href=\"./work-", ">"),
        ("<link rel=\"preload\"", ">"),
        ("<link rel=\"stylesheet\"", ">"),
        ("<meta name=\"avow-js\"", ">"),
        ("<meta name=\"avow-offline\"", ">"),
        ("<meta name=\"avow-service-worker\"", ">"),
        ("<meta name=\"avow-worker\"", ">"),
        ("<script src=\"./rescue-", "</script>"),
        ("<script src=\"./boot-", "</script>"),
    ] {
        html = without(&html, start, end)?;
    }
    let icon = find("icon-", ".svg")?;
    let drawn = format!("data:image/svg+xml;base64,{}", base64(&bytes(&icon)?));
    html = replaced(&html, &format!("./{icon}"), &drawn)?;

    let mut policy = Policy::default();
    let styles = [find("style-", ".css")?, find("later-", ".css")?];
    let style = policy.style(&styles.iter().map(|it| text(it)).collect::<Outcome<String>>()?)?;
    html = replaced(&html, "</head>", &format!("{style}</head>"))?;

    let mut body = policy.script("script", &text(&find("rescue-", ".js")?)?)?;
    body += &policy.script("script", HOST)?;
    for file in files.iter().filter_map(|file| file.to_str()).filter(|name| is_carried(name)) {
        let (kind, content) = (content_type(Path::new(file)), base64(&bytes(file)?));
        let tag = format!("script type=\"text/plain\" data-path=\"{file}\" data-type=\"{kind}\"");
        body += &inert(&tag, &content)?;
    }
    let (loader, glue) =
        (text(&find("heavy-", "/heavy_loader.js")?)?, text(&find("heavy-", "/heavy.js")?)?);
    let worker = worker(&loader, &glue, &bytes(&find("heavy-", "/heavy_bg.wasm")?)?)?;
    body += &inert("script type=\"text/plain\" id=\"avow-worker\"", &worker)?;
    let (first, second) = (find("avow-", ".js")?, find("work-", ".js")?);
    let app = app((&first, &text(&first)?), (&second, &text(&second)?))?;
    body += &policy.script("script type=\"module\"", &app)?;
    // A module, so that it runs after the one before, which needs nothing of it before it is started.
    body += &policy.script("script type=\"module\"", &text(&find("boot-", ".js")?)?)?;
    html = replaced(&html, "</body>", &format!("{body}</body>"))?;
    policy.put_into(&html)
}

/// What the page fetches when it runs: the parts of its wasm file, and articles.
fn is_carried(name: &str) -> bool {
    let part = ["avow-", "work-", "seldom-"].iter().any(|start| name.starts_with(start));
    part && name.ends_with(".wasm") || name.starts_with("articles/")
}

/// The two scripts of the page as one module, which leaves itself to `www/boot.js`.
fn app(first: (&str, &str), second: (&str, &str)) -> Outcome<String> {
    const DOOR: &str = "__wasm_split_load_work";
    let script = without(first.1, "import * as import1", second.0)?;
    let script = script.trim_start_matches(['"', ';', '\n']);
    let link = without(second.1, "import { initSync } from", first.0)?;
    let link = link.trim_start_matches(['"', ';', '\n']);
    let link = replaced(link, &format!("export const {DOOR}"), &format!("const {DOOR}"))?;
    // The style sheet that it waits for stands in the page.
    let link = replaced(&without(&link, "function style()", "\n});\n}")?, "[style, ", "[")?;
    let link = replaced(&link, "export function", "function")?;
    // All of the page is at hand.
    let script = replaced(script, STORED, "import1.compiled()")?;
    let script = without(&script, "export { initSync", "as default };")?;
    Ok(format!(
        "{script}\n{link}\nconst import1 = {{ {DOOR}, compiled, put, need }};\nwindow.avowApp = {{ default: __wbg_init }};"
    ))
}

/// The worker's script with its wasm file in it; no module, as browsers start none from such a page.
fn worker(loader: &str, glue: &str, module: &[u8]) -> Outcome<String> {
    let glue = without(glue, "export { initSync", "as default };")?;
    let glue = replaced(&glue, "new URL('heavy_bg.wasm', import.meta.url)", "undefined")?;
    let loader = replaced(loader, "import init from './heavy.js';", "")?;
    let module = format!("Uint8Array.from(atob(\"{}\"),(c)=>c.charCodeAt(0))", base64(module));
    let start = format!("__wbg_init({{module_or_path:{module}}})");
    Ok(format!("{glue}\n{}", replaced(&loader, "await init()", &start)?))
}

/// The page's policy: the hashes of what may run and of what may style.
#[derive(Default)]
struct Policy {
    scripts: String,
    styles: String,
}

impl Policy {
    fn script(&mut self, tag: &str, content: &str) -> Outcome<String> {
        self.scripts += &allowed(content);
        inert(tag, content)
    }

    fn style(&mut self, content: &str) -> Outcome<String> {
        self.styles += &allowed(content);
        inert("style", content)
    }

    /// The page with this policy in place of the one that names a host.
    fn put_into(&self, html: &str) -> Outcome<String> {
        let html = replaced(html, "script-src 'self'", &format!("script-src{}", self.scripts))?;
        let html = replaced(&html, "style-src 'self'", &format!("style-src{}", self.styles))?;
        let html = replaced(&html, "connect-src 'self'; ", "")?;
        let html = replaced(&html, "img-src 'self' data:", "img-src data:")?;
        let html = replaced(&html, "font-src 'self'; ", "")?;
        let html = replaced(&html, "manifest-src 'self'; ", "")?;
        replaced(&html, "worker-src 'self'", "worker-src blob:")
    }
}

fn allowed(content: &str) -> String {
    format!(" 'sha256-{}'", base64(&sha256(content.as_bytes())))
}

/// An element whose content a browser takes as it is.
fn inert(tag: &str, content: &str) -> Outcome<String> {
    let name = tag.split(' ').next().unwrap_or_default();
    let lower = content.to_lowercase();
    if ["<!--", "</script", "</style", "<script"].iter().any(|ends| lower.contains(ends)) {
        return fail(format!("what goes into a {name} element of the page would end it"));
    }
    Ok(format!("<{tag}>{content}</{name}>\n"))
}

/// A text without its one stretch that begins and ends so.
fn without(text: &str, start: &str, end: &str) -> Outcome<String> {
    let missing = || Failure::new(format!("a file of the page has no {start} … {end}"));
    let (before, rest) = text.split_once(start).ok_or_else(missing)?;
    let (_, after) = rest.split_once(end).ok_or_else(missing)?;
    Ok(format!("{before}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{slim, split};

    #[test]
    fn the_two_scripts_become_one_module() {
        let first = format!(
            "import * as import1 from \"./work-1.js\"\nfunction __wbg_init() {{}}\n\
             const stored = {STORED};\nexport {{ initSync, __wbg_init as default }};"
        );
        let second = "import { initSync } from \"./avow-1.js\";\n\
                      export const __wasm_split_load_work = f(g(() => {}\n, []));";
        let second = split::with_parts(second).and_then(|it| slim::uncommented(&it));
        let second = second.expect("its parts");
        let one = app(("avow-1.js", &first), ("work-1.js", &second)).expect("a module");
        assert!(!one.contains("style"), "{one}");
        assert!(!one.contains("import ") && !one.contains("export "), "{one}");
        assert!(one.contains("const import1 = { __wasm_split_load_work, compiled, put, need };"));
        assert!(one.contains("const stored = import1.compiled();"), "{one}");
        assert!(app(("avow-1.js", &first), ("work-1.js", "")).is_err());
    }

    #[test]
    fn the_worker_becomes_a_script_that_is_no_module() {
        let loader = "self.avowBuild=\"1\";import init from './heavy.js';await init();";
        let glue = "module_or_path = new URL('heavy_bg.wasm', import.meta.url);\n\
                    export { initSync, __wbg_init as default };";
        let worker = worker(loader, glue, b"foo").expect("a script");
        assert!(worker.contains("self.avowBuild=\"1\";__wbg_init({module_or_path:"), "{worker}");
        assert!(worker.contains("atob(\"Zm9v\")"), "{worker}");
        for word in ["import", "export", "await"] {
            assert!(!worker.contains(word), "{word} in {worker}");
        }
    }

    #[test]
    fn what_would_end_its_element_is_refused() {
        assert_eq!(inert("style", "a {}").expect("harmless"), "<style>a {}</style>\n");
        for content in ["\"</script>\"", "</STYLE", "<!-- x", "<script"] {
            assert!(inert("script", content).is_err(), "{content}");
        }
    }

    #[test]
    fn the_policy_names_what_may_run_and_no_host() {
        let mut policy = Policy::default();
        policy.script("script", "").expect("a script");
        policy.style("").expect("a style");
        let empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
        let given = "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
                     img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; \
                     manifest-src 'self'; base-uri 'none'";
        let made = format!(
            "script-src {empty} 'wasm-unsafe-eval'; style-src {empty}; img-src data: blob:; \
             worker-src blob:; base-uri 'none'"
        );
        assert_eq!(policy.put_into(given).expect("a policy"), made);
    }
}
