//! Files that a person brings: read, told apart, and taken in.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, Element, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
    Node,
};

use super::{trusted, world};
use crate::editor::Action;
use crate::format::articles::{self, FileKind};
use crate::format::html::{self, Event, HtmlArticle};
use crate::format::{Problem, encoding, native, rescue};

/// A file with the path that it had in its folder.
pub struct Brought {
    path: String,
    file: File,
}

impl Brought {
    /// Files of an input; those of a folder know their path in it.
    pub fn from_list(files: &web_sys::FileList) -> Vec<Brought> {
        let files = (0..files.length()).filter_map(|at| files.get(at));
        files
            .map(|file| {
                let path = js_sys::Reflect::get(&file, &"webkitRelativePath".into());
                let path =
                    path.ok().and_then(|path| path.as_string()).filter(|path| !path.is_empty());
                Brought { path: path.unwrap_or_else(|| file.name()), file }
            })
            .collect()
    }
}

/// What was dropped, folders opened. To be called at once in the drop event: the browser
/// forgets the entries afterwards.
pub fn dropped(data: &DataTransfer) -> impl Future<Output = Vec<Brought>> + use<> {
    let items = data.items();
    let items = (0..items.length()).filter_map(|at| items.get(at));
    let entries: Vec<FileSystemEntry> =
        items.filter_map(|item| item.webkit_get_as_entry().ok()?).collect();
    async move {
        let mut files = Vec::new();
        let mut waiting = entries;
        waiting.reverse();
        while let Some(entry) = waiting.pop() {
            let path = entry.full_path();
            if let Some(folder) = entry.dyn_ref::<FileSystemDirectoryEntry>() {
                let mut inside = entries_of(folder).await;
                inside.sort_by_key(|entry| std::cmp::Reverse(entry.name()));
                waiting.extend(inside);
            } else if let Ok(file) = entry.dyn_into::<FileSystemFileEntry>()
                && let Ok(file) = file_of(&file).await
            {
                files.push(Brought { path: path.trim_start_matches('/').to_owned(), file });
            }
        }
        files
    }
}

/// The entries of a folder; the browser gives them in portions.
async fn entries_of(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        let portion = js_sys::Promise::new(&mut |resolve, reject| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
                // Calling a promise's own function cannot fail.
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        let Ok(portion) = JsFuture::from(portion).await else { return entries };
        let portion: Array = portion.unchecked_into();
        if portion.length() == 0 {
            return entries;
        }
        entries.extend(portion.iter().filter_map(|entry| entry.dyn_into().ok()));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let file = js_sys::Promise::new(&mut |resolve, reject| {
        entry.file_with_callback_and_callback(&resolve, &reject);
    });
    Ok(JsFuture::from(file).await?.unchecked_into())
}

/// Reads files, good and bad, into the actions that take them in.
pub async fn read(files: Vec<Brought>) -> Vec<Action> {
    let mut found = articles::Articles::default();
    let mut projects = Vec::new();
    for Brought { path, file } in files {
        let bytes = match gloo::file::futures::read_as_bytes(&file.into()).await {
            Ok(bytes) => bytes,
            Err(error) => {
                found.problems.push(unreadable(&path, &error.to_string()));
                continue;
            }
        };
        match articles::kind(&path, &bytes) {
            FileKind::Project | FileKind::ProjectLines => {
                let text = encoding::decode(&bytes).text;
                match native::read(&path, &text) {
                    Ok(read) => projects.push(Action::ProjectRead {
                        project: Box::new(read.project),
                        problems: read.problems,
                    }),
                    Err(error) => found.problems.push(unreadable(&path, &error.to_string())),
                }
            }
            FileKind::Rescue => match rescue::read(&path, &encoding::decode(&bytes).text) {
                Ok(read) => {
                    let mut problems = read.problems;
                    projects.extend(read.projects.into_iter().map(|project| Action::ProjectRead {
                        project: Box::new(project),
                        problems: std::mem::take(&mut problems),
                    }));
                }
                Err(error) => found.problems.push(unreadable(&path, &error.to_string())),
            },
            FileKind::Articles | FileKind::Unknown => {
                let read = articles::read(&path, &bytes, &parse_html);
                found.articles.extend(read.articles);
                found.problems.extend(read.problems);
            }
        }
    }
    let articles::Articles { articles, problems } = found;
    let mut actions = Vec::new();
    if !articles.is_empty() || !problems.is_empty() {
        actions.push(Action::ArticlesRead { articles, problems });
    }
    actions.extend(projects);
    actions
}

fn unreadable(path: &str, why: &str) -> Problem {
    Problem {
        file: path.to_owned(),
        line: None,
        what: format!("It could not be read: {why}"),
        remedy: "Check the file and open it again".to_owned(),
    }
}

/// The article of a saved page, by the browser's own parser, in a document that does nothing.
pub fn parse_html(markup: &str) -> HtmlArticle {
    match trusted::parse_html(markup) {
        Ok(document) => {
            let mut events = Vec::new();
            if let Some(root) = document.document_element() {
                walk(&root, &mut events);
            }
            html::convert(&events)
        }
        Err(error) => {
            web_sys::console::error_1(&world::message(&error).into());
            HtmlArticle::default()
        }
    }
}

/// Depth first, without recursion: saved pages nest deeper than a stack likes.
fn walk(root: &Element, events: &mut Vec<Event>) {
    let root: Node = root.clone().into();
    let mut node = root.clone();
    loop {
        open(&node, events);
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if node.node_type() == Node::ELEMENT_NODE {
                events.push(Event::Close);
            }
            if node.is_same_node(Some(&root)) {
                return;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent_node() else { return };
            node = parent;
        }
    }
}

fn open(node: &Node, events: &mut Vec<Event>) {
    if let Some(element) = node.dyn_ref::<Element>() {
        let tag = element.local_name();
        let named = html::attributes_of(&tag).iter();
        let attributes =
            named.filter_map(|name| Some((*name, element.get_attribute(name)?))).collect();
        events.push(Event::Open { tag, attributes });
    } else if node.node_type() == Node::TEXT_NODE {
        events.push(Event::Text(node.text_content().unwrap_or_default()));
    }
}
