//! A folder of the person's disk that copies are written to, by the File System Access API.
//!
//! The folder's handle is kept in a database of its own: it is no plain value, and no work.

use js_sys::{Array, Function, Object, Promise, Reflect};
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
    type Directory;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Directory) -> String;
    #[wasm_bindgen(method, catch, js_name = queryPermission)]
    fn query_permission(this: &Directory, mode: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = requestPermission)]
    fn request_permission(this: &Directory, mode: &Object) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getFileHandle)]
    fn file(this: &Directory, name: &str, options: &Object) -> Result<Promise, JsValue>;

    type FileHandle;
    #[wasm_bindgen(method, catch, js_name = createWritable)]
    fn create_writable(this: &FileHandle) -> Result<Promise, JsValue>;

    type Writable;
    #[wasm_bindgen(method, catch)]
    fn write(this: &Writable, content: &Blob) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn close(this: &Writable) -> Result<Promise, JsValue>;
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
    let Some(picker) = picker() else { return Ok(None) };
    let options = read_and_write();
    // The browser opens where the last copies went.
    Reflect::set(&options, &"id".into(), &"avow-copies".into())?;
    let chosen: Promise = picker.call1(&gloo::utils::window(), &options)?.dyn_into()?;
    let directory = match JsFuture::from(chosen).await {
        Ok(directory) => directory,
        Err(error) if name_of(&error) == "AbortError" => return Ok(None),
        Err(error) => return Err(error),
    };
    kept::put(DATABASE, project.as_str(), &directory).await?;
    let directory: Directory = directory.unchecked_into();
    Ok(Some(Folder { name: directory.name(), state: FolderState::Ready }))
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
        let create = Object::new();
        Reflect::set(&create, &"create".into(), &JsValue::TRUE)?;
        let file: FileHandle = JsFuture::from(directory.file(name, &create)?).await?.into();
        let writable: Writable = JsFuture::from(file.create_writable()?).await?.into();
        let options = BlobPropertyBag::new();
        options.set_type("application/json");
        let content = Blob::new_with_str_sequence_and_options(parts, &options)?;
        JsFuture::from(writable.write(&content)?).await?;
        JsFuture::from(writable.close()?).await
    };
    written.await.map(drop).map_err(|error| match name_of(&error).as_str() {
        "NotFoundError" => "it is not there any more; choose it again".to_owned(),
        "NotAllowedError" => "the browser wants your permission again".to_owned(),
        "QuotaExceededError" => "the disk is full".to_owned(),
        _ => super::world::message(&error),
    })
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
    let answer = match answer {
        Ok(answer) => JsFuture::from(answer).await,
        Err(error) => Err(error),
    };
    let granted = answer.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"));
    let state = if granted { FolderState::Ready } else { FolderState::Asks };
    Folder { name: directory.name(), state }
}

fn name_of(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}
