//! The page's one Trusted Types policy: what may turn a string into markup or into a script.

use wasm_bindgen::prelude::*;
use web_sys::{Document, DomParser, SupportedType, Worker, WorkerOptions, WorkerType};

#[wasm_bindgen]
extern "C" {
    type Policies;
    #[wasm_bindgen(thread_local_v2, js_name = trustedTypes)]
    static POLICIES: Option<Policies>;
    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(this: &Policies, name: &str, rules: &JsValue) -> Result<Policy, JsValue>;

    type Policy;
    #[wasm_bindgen(method, js_name = createHTML)]
    fn create_html(this: &Policy, markup: &str) -> JsValue;
    #[wasm_bindgen(method, catch, js_name = createScriptURL)]
    fn create_script_url(this: &Policy, url: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(extends = Worker)]
    type OwnWorker;
    #[wasm_bindgen(constructor, catch, js_class = Worker)]
    fn start(url: &JsValue, options: &WorkerOptions) -> Result<OwnWorker, JsValue>;

    #[wasm_bindgen(extends = DomParser)]
    type Parser;
    #[wasm_bindgen(method, catch, js_name = parseFromString)]
    fn parse_trusted(
        this: &Parser,
        markup: &JsValue,
        kind: SupportedType,
    ) -> Result<Document, JsValue>;
}

thread_local! {
    /// Made once: a second policy of the same name is refused.
    static POLICY: Result<Option<Policy>, JsValue> = POLICIES.with(|policies| {
        let Some(policies) = policies else { return Ok(None) };
        let rules = js_sys::Object::new();
        let same = Closure::<dyn Fn(String) -> String>::new(|markup| markup);
        js_sys::Reflect::set(&rules, &"createHTML".into(), same.as_ref())?;
        let own = Closure::<dyn Fn(String) -> Result<String, JsValue>>::new(|url: String| {
            match worker_url() {
                Ok(own) if own == url => Ok(url),
                _ => Err(js_sys::Error::new("only our own worker may be started").into()),
            }
        });
        js_sys::Reflect::set(&rules, &"createScriptURL".into(), own.as_ref())?;
        // The policy lives as long as the page.
        same.forget();
        own.forget();
        policies.create_policy("avow", &rules).map(Some)
    });
}

/// Parses markup into a document of its own, in which no script runs and nothing is fetched.
///
/// # Errors
/// The browser refuses.
pub fn parse_html(markup: &str) -> Result<Document, JsValue> {
    let parser = DomParser::new()?;
    POLICY.with(|policy| match policy {
        Ok(Some(policy)) => parser
            .unchecked_ref::<Parser>()
            .parse_trusted(&policy.create_html(markup), SupportedType::TextHtml),
        Ok(None) => parser.parse_from_string(markup, SupportedType::TextHtml),
        Err(error) => Err(error.clone()),
    })
}

/// Starts our own worker.
///
/// # Errors
/// The page does not name its file, or the browser refuses.
pub fn worker() -> Result<Worker, JsValue> {
    let url = worker_url()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let url = POLICY.with(|policy| match policy {
        Ok(Some(policy)) => policy.create_script_url(&url),
        Ok(None) => Ok(url.into()),
        Err(error) => Err(error.clone()),
    })?;
    OwnWorker::start(&url, &options).map(JsCast::unchecked_into)
}

/// The address of our own worker: a file of ours that the page names.
fn worker_url() -> Result<String, JsValue> {
    let document = gloo::utils::document();
    let name = document.query_selector("meta[name=avow-worker]")?;
    let name = name.and_then(|meta| meta.get_attribute("content"));
    let known = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let name = name.filter(|name| name.starts_with("heavy") && name.chars().all(known));
    let name = name.ok_or_else(|| js_sys::Error::new("the page does not name its worker"))?;
    let base = document.base_uri()?.unwrap_or_default();
    Ok(web_sys::Url::new_with_base(&name, &base)?.href())
}
