//! The page's one Trusted Types policy: what may turn a string into markup or into a script.

use wasm_bindgen::prelude::*;
use web_sys::{Document, DomParser, SupportedType};

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
        // The policy lives as long as the page.
        same.forget();
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
