//! Files that a person brings: read, told apart, and taken in.

use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, Element, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry,
    Node,
};

use super::import::Import;
use super::worker::Worker;
use super::{trusted, world};
use crate::annotation::AnnotatorId;
use crate::editor::{Action, Incoming};
use crate::format::html::{self, Event};
use crate::format::{Problem, articles, encoding};
use crate::job::{Answer, FileIn, FilesRead, ProjectFile, Request, STOPPED};

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

/// One thing that was dropped.
pub enum Dropped {
    /// It can be read.
    File(File),
    /// It must be looked into.
    Folder(FileSystemDirectoryEntry),
}

/// What was dropped: files and folders. To be called at once in the drop event: the browser
/// forgets them afterwards.
pub fn dropped(data: &DataTransfer) -> Vec<Dropped> {
    let items = data.items();
    let items = (0..items.length()).filter_map(|at| items.get(at));
    let dropped = items.filter_map(|item| {
        let entry = item.webkit_get_as_entry().ok().flatten();
        match entry.and_then(|entry| entry.dyn_into().ok()) {
            Some(folder) => Some(Dropped::Folder(folder)),
            None => item.get_as_file().ok().flatten().map(Dropped::File),
        }
    });
    dropped.collect()
}

/// The files among what was dropped and in its folders, and what could not be looked into.
pub async fn files_in(dropped: Vec<Dropped>) -> (Vec<Brought>, Vec<Problem>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for dropped in dropped {
        match dropped {
            Dropped::File(file) => files.push(Brought { path: file.name(), file }),
            Dropped::Folder(folder) => {
                let mut waiting: Vec<FileSystemEntry> = vec![folder.into()];
                while let Some(entry) = waiting.pop() {
                    let path = entry.full_path().trim_start_matches('/').to_owned();
                    let looked = match entry.dyn_into::<FileSystemDirectoryEntry>() {
                        Ok(folder) => entries_of(&folder).await.map(|mut inside| {
                            inside.sort_by_key(|entry| std::cmp::Reverse(entry.name()));
                            waiting.extend(inside);
                        }),
                        Err(entry) => file_of(entry.unchecked_ref()).await.map(|file| {
                            files.push(Brought { path: path.clone(), file });
                        }),
                    };
                    if let Err(error) = looked {
                        problems.push(Problem::unreadable(&path, &world::message(&error)));
                    }
                }
            }
        }
    }
    (files, problems)
}

/// The entries of a folder; the browser gives them in portions.
async fn entries_of(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        let portion = js_sys::Promise::new(&mut |resolve, reject| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
                // Calling a promise's own function cannot fail.
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        let portion: Array = JsFuture::from(portion).await?.unchecked_into();
        if portion.length() == 0 {
            return Ok(entries);
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

/// Reads files, good and bad, into the actions that take them in; with what is known to be bad.
///
/// With a store to `import` into, projects in lines that are new here are stored on the way.
pub async fn read(
    files: Vec<Brought>,
    mut problems: Vec<Problem>,
    me: AnnotatorId,
    worker: Worker,
    import: Option<Import>,
) -> Vec<Action> {
    let (mut taken_in, alone) = (Vec::new(), files.len() == 1 && problems.is_empty());
    let (mut request, bytes) = (Vec::new(), Array::new());
    for Brought { path, file } in files {
        if let Some(import) = &import {
            match import.take_in(&path, &file, alone).await {
                Ok(None) => {}
                Ok(Some(action)) => {
                    taken_in.push(action);
                    continue;
                }
                Err(why) if why == STOPPED => {
                    taken_in.push(failed(&why));
                    return taken_in;
                }
                Err(why) => {
                    problems.push(Problem::unreadable(&path, &why));
                    continue;
                }
            }
        }
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => {
                let page =
                    articles::is_page(&path).then(|| page(&Uint8Array::new(&buffer).to_vec()));
                bytes.push(&buffer);
                request.push(FileIn { path, page, bytes: Vec::new() });
            }
            Err(error) => problems.push(Problem::unreadable(&path, &world::message(&error))),
        }
    }
    let mut read = FilesRead::default();
    if !request.is_empty() {
        read = match worker.ask(&Request::ReadFiles(request, me, world::now()), bytes).await {
            Ok((Answer::Read(read), _)) => read,
            Ok(_) => FilesRead::default(),
            Err(why) => {
                taken_in.push(failed(&why));
                return taken_in;
            }
        };
    }
    problems.append(&mut read.problems);
    let mut actions = taken_in;
    if !read.articles.is_empty() || !problems.is_empty() {
        actions.push(Action::ArticlesRead { articles: read.articles, problems });
    }
    actions.extend(read.projects.into_iter().map(|ProjectFile { file, project, problems }| {
        match project.into_project() {
            Ok(project) => Action::ProjectRead(Arc::new(Incoming { file, project, problems })),
            Err(bad) => failed(&bad.to_string()),
        }
    }));
    actions
}

fn failed(why: &str) -> Action {
    Action::Notify { text: format!("The files could not be read: {why}."), stays: true }
}

/// A saved page as the browser's own parser has it, in a document that does nothing.
pub fn page(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    match trusted::parse_html(&encoding::decode_html(bytes).text) {
        Ok(document) => {
            if let Some(root) = document.document_element() {
                walk(&root, &mut events);
            }
        }
        Err(error) => web_sys::console::error_1(&world::message(&error).into()),
    }
    events
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
        let attributes = named
            .filter_map(|name| Some(((*name).to_owned(), element.get_attribute(name)?)))
            .collect();
        events.push(Event::Open { tag, attributes });
    } else if node.node_type() == Node::TEXT_NODE {
        events.push(Event::Text(node.text_content().unwrap_or_default()));
    }
}
