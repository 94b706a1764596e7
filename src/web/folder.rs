//! Folders of the person's disk, by the File System Access API: one that copies are written to, and
//! one that a dataset goes into.
//!
//! The handle of the folder of copies is kept in a database of its own: it is no plain value, and no
//! work. That of a dataset is forgotten when the page is left.

use js_sys::{Array, AsyncIterator, Function, IteratorNext, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::store::kept;
use crate::editor::{Folder, FolderState};
use crate::project::ProjectId;

const DATABASE: &str = "avow-folders";

#[wasm_bindgen]
extern "C" {
    // web-sys keeps its bindings behind a flag for the whole build.
    #[derive(Clone)]
    pub type Directory;
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Directory) -> String;
    #[wasm_bindgen(method, catch, js_name = queryPermission)]
    fn query_permission(this: &Directory, mode: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = requestPermission)]
    fn request_permission(this: &Directory, mode: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getFileHandle)]
    fn file(this: &Directory, name: &str, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getDirectoryHandle)]
    fn folder(this: &Directory, name: &str, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeEntry)]
    fn remove(this: &Directory, name: &str, options: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn keys(this: &Directory) -> Result<AsyncIterator, JsValue>;

    type FileHandle;
    #[wasm_bindgen(method, catch, js_name = createWritable)]
    fn create_writable(this: &FileHandle) -> Result<Promise, JsValue>;

    type Writable;
    #[wasm_bindgen(method, catch)]
    fn write(this: &Writable, content: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &Writable) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn abort(this: &Writable) -> Result<Promise, JsValue>;
}

/// What lets a person choose a folder; none where the browser has no such thing.
fn picker() -> Option<Function> {
    let picker = Reflect::get(&gloo::utils::window(), &"showDirectoryPicker".into()).ok()?;
    picker.dyn_into().ok()
}

/// Whether this browser can write to a folder by itself.
pub fn can_choose() -> bool {
    picker().is_some()
}

/// The folder that was chosen for a project, if one was.
pub async fn known(project: &ProjectId) -> Option<Folder> {
    let directory = kept_directory(project).await?;
    Some(as_permitted(&directory, directory.query_permission(&read_and_write())).await)
}

/// Lets the person choose a folder for a project's copies; none if they did not.
///
/// # Errors
/// The browser refuses, or cannot keep it, in its words.
pub async fn choose(project: &ProjectId) -> Result<Option<Folder>, JsValue> {
    let Some(directory) = pick("avow-copies").await? else { return Ok(None) };
    kept::put(DATABASE, project.as_str(), &directory).await?;
    Ok(Some(Folder { name: directory.name(), state: FolderState::Ready }))
}

/// Lets the person choose a folder; none if they did not. The browser opens where they were last for
/// the same purpose. Needs a click just before.
///
/// # Errors
/// The browser refuses.
pub async fn pick(purpose: &str) -> Result<Option<Directory>, JsValue> {
    let Some(picker) = picker() else { return Ok(None) };
    let options = read_and_write();
    Reflect::set(&options, &"id".into(), &purpose.into())?;
    let chosen = picker.call1(&gloo::utils::window(), &options)?.dyn_into();
    match done(chosen).await {
        Ok(directory) => Ok(Some(directory.unchecked_into())),
        Err(error) if name_of(&error) == "AbortError" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks for the permission to write to the chosen folder again; needs a click just before.
pub async fn allow(project: &ProjectId) -> Option<Folder> {
    let directory = kept_directory(project).await?;
    Some(as_permitted(&directory, directory.request_permission(&read_and_write())).await)
}

/// Forgets the folder of a project; what was written to it stays.
pub async fn forget(project: &ProjectId) {
    // It is asked for again at the next visit where this fails.
    let _ = kept::delete(DATABASE, project.as_str()).await;
}

/// Writes a file into the chosen folder. One of that name is replaced only when all is written.
///
/// # Errors
/// In words.
pub async fn write(project: &ProjectId, name: &str, parts: &Array) -> Result<(), String> {
    let Some(directory) = kept_directory(project).await else {
        return Err("the browser has forgotten it; choose it again".to_owned());
    };
    let written = async {
        let options = BlobPropertyBag::new();
        options.set_type("application/json");
        let content = Blob::new_with_str_sequence_and_options(parts, &options)?;
        put(&directory, name, &content).await
    };
    written.await.map_err(|error| in_words(&error))
}

/// Why a folder could not be written to.
pub fn in_words(error: &JsValue) -> String {
    match name_of(error).as_str() {
        "NotFoundError" => "it is not there any more; choose it again".to_owned(),
        "NotAllowedError" => "the browser wants your permission again".to_owned(),
        "QuotaExceededError" => "the disk is full".to_owned(),
        _ => super::world::message(error),
    }
}

/// A folder of a name of its own, and what was written into it.
pub struct NewFolder {
    parent: Directory,
    folder: Directory,
    name: String,
    /// It was not there before, not even empty.
    is_new: bool,
    /// What was made in it, without what stands in folders.
    made: Vec<String>,
    /// The folder in it that was written into last, and its path.
    last: (String, Directory),
}

impl NewFolder {
    /// A folder in which nothing stands, of this name; where there is one in which something does,
    /// with a number behind it. What others have written is never touched.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn make(parent: Directory, name: &str) -> Result<NewFolder, JsValue> {
        let mut count = 1;
        loop {
            let name = if count == 1 { name.to_owned() } else { format!("{name}-{count}") };
            count += 1;
            let (folder, is_new) = match done(parent.folder(&name, &Object::new())).await {
                Ok(folder) if is_empty(folder.unchecked_ref()).await? => (folder, false),
                Ok(_) => continue,
                Err(error) => match name_of(&error).as_str() {
                    "NotFoundError" => (done(parent.folder(&name, &creating())).await?, true),
                    // A file is called so.
                    "TypeMismatchError" => continue,
                    _ => return Err(error),
                },
            };
            let folder: Directory = folder.unchecked_into();
            let last = (String::new(), folder.clone());
            return Ok(NewFolder { parent, folder, name, is_new, made: Vec::new(), last });
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes a file of this path, making the folders that it names.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn write(&mut self, path: &str, content: &JsValue) -> Result<(), JsValue> {
        let top = path.split('/').next().unwrap_or(path);
        if !self.made.iter().any(|made| made == top) {
            self.made.push(top.to_owned());
        }
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        if self.last.0 != folders {
            let mut folder = self.folder.clone();
            for name in folders.split('/').filter(|name| !name.is_empty()) {
                folder = done(folder.folder(name, &creating())).await?.unchecked_into();
            }
            self.last = (folders.to_owned(), folder);
        }
        put(&self.last.1, name, content).await
    }

    /// Removes what was written, and the folder if it was made for it.
    ///
    /// # Errors
    /// The browser refuses, or something else was put there meanwhile.
    pub async fn remove(self) -> Result<(), JsValue> {
        let with_all = Object::new();
        Reflect::set(&with_all, &"recursive".into(), &JsValue::TRUE)?;
        for made in &self.made {
            match done(self.folder.remove(made, &with_all)).await {
                // It was not written any more.
                Err(error) if name_of(&error) == "NotFoundError" => {}
                removed => drop(removed?),
            }
        }
        if self.is_new {
            done(self.parent.remove(&self.name, &Object::new())).await?;
        }
        Ok(())
    }
}

async fn is_empty(folder: &Directory) -> Result<bool, JsValue> {
    let first: IteratorNext = done(folder.keys()?.next()).await?.unchecked_into();
    Ok(first.done())
}

/// Writes a file. One of that name is replaced only when all is written, and where that fails nothing
/// stays beside it.
async fn put(directory: &Directory, name: &str, content: &JsValue) -> Result<(), JsValue> {
    let file: FileHandle = done(directory.file(name, &creating())).await?.unchecked_into();
    let writable: Writable = done(file.create_writable()).await?.unchecked_into();
    let written = async {
        done(writable.write(content)).await?;
        done(writable.close()).await
    };
    let written = written.await;
    if written.is_err() {
        // What could not be written cannot always be given up either.
        let _ = done(writable.abort()).await;
    }
    written.map(drop)
}

/// What a promise comes to, if the browser gave one.
async fn done(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}

fn creating() -> Object {
    let options = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&options, &"create".into(), &JsValue::TRUE);
    options
}

async fn kept_directory(project: &ProjectId) -> Option<Directory> {
    let kept = kept::get(DATABASE, project.as_str()).await.ok()?;
    kept.is_object().then(|| kept.unchecked_into())
}

fn read_and_write() -> Object {
    let mode = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&mode, &"mode".into(), &"readwrite".into());
    mode
}

/// A folder, given what the browser answers when it is asked for the permission to write there.
async fn as_permitted(directory: &Directory, answer: Result<Promise, JsValue>) -> Folder {
    let granted = done(answer).await;
    let granted = granted.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"));
    let state = if granted { FolderState::Ready } else { FolderState::Asks };
    Folder { name: directory.name(), state }
}

fn name_of(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}
