//! The history of the open article: every act, by whom and when, and the way back to it.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::annotations::shorten;
use super::key_hint;
use crate::annotation::Timestamp;
use crate::edit::Commit;
use crate::editor::{Action, OwnKeys, Past, describe};
use crate::project::{Project, Value};
use crate::text::Text;
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct HistoryProps {
    pub project: Shared<Project>,
    pub past: Shared<Past>,
    pub text: Text,
    /// Keys that the person has chosen, which buttons show.
    pub keys: OwnKeys,
    pub dispatch: Callback<Action>,
}

/// All acts, the newest first; one is looked at.
pub fn history(props: &HistoryProps) -> Html {
    let HistoryProps { past, dispatch, .. } = props;
    let rows = past.acts().into_iter().map(|at| row(props, at));
    let close = dispatch.reform(|_: MouseEvent| Action::CloseHistory);
    let older = dispatch.reform(|_: MouseEvent| Action::OlderHistory);
    html! {
        <aside class="panel annotations" aria-label="History of the article">
            <div class="panel-head">
                <h2>{ "History" }</h2>
                <span class="faint">{ "of this article" }</span>
                <button type="button" class="button button-icon panel-shut" aria-label="Close the history" onclick={close}><span class="icon icon-remove" aria-hidden="true" /></button>
            </div>
            if past.commits.is_empty() {
                <p class="empty-list faint">{ "Nothing has been done in this article yet, or nothing is stored here." }</p>
            }
            <ul class="rows">{ for rows }</ul>
            if past.more {
                <button type="button" class="button button-quiet" onclick={older}>{ "Show older acts" }</button>
            }
        </aside>
    }
}

fn row(props: &HistoryProps, at: usize) -> Html {
    let HistoryProps { project, past, text, dispatch, .. } = props;
    let Some(commit) = past.commits.get(at) else { return html! {} };
    let look = dispatch.reform(move |_: MouseEvent| Action::LookAt(at));
    let excerpt = excerpt(commit, text);
    html! {
        <li key={commit.id.to_string()}>
            <button type="button" class="row history-row" aria-current={(at == past.at).then_some("true")} onclick={look}>
                <span class="row-body">
                    <span class="row-facts">
                        <span class="label-name">{ describe(project, commit.transaction.intent()) }</span>
                        if at == 0 { <span class="faint">{ "now" }</span> }
                    </span>
                    if !excerpt.is_empty() { <span class="row-excerpt" dir="auto">{ excerpt }</span> }
                    <span class="faint">{ when_and_who(project, commit) }</span>
                </span>
            </button>
        </li>
    }
}

/// What stands at the foot of the article while its past is looked at.
pub fn looking(props: &HistoryProps) -> Html {
    let HistoryProps { project, past, dispatch, .. } = props;
    let on = |action: fn() -> Action| dispatch.reform(move |_: MouseEvent| action());
    let Some(commit) = past.commits.get(past.at) else { return html! {} };
    let acts = past.acts();
    let oldest = acts.last() == Some(&past.at) && !past.more;
    let text = match past.at {
        0 => "This is the article now.".to_owned(),
        _ => {
            let act = describe(project, commit.transaction.intent());
            format!("The article as it was on {} (“{act}”).", when_and_who(project, commit))
        }
    };
    html! {
        <div class="mode-hint looking" role="group" aria-label="Looking back">
            <span class="looking-text">{ text }</span>
            <span class="looking-tools">
                <button type="button" class="button button-quiet" disabled={oldest} onclick={on(|| Action::PickNext { back: false })}>{ "Older" }{ key_hint!(Action::PickNext { back: false }, &props.keys) }</button>
                <button type="button" class="button button-quiet" disabled={past.at == 0} onclick={on(|| Action::PickNext { back: true })}>{ "Newer" }{ key_hint!(Action::PickNext { back: true }, &props.keys) }</button>
                <button type="button" class="button button-quiet button-strong" disabled={past.at == 0} onclick={on(|| Action::BringBack)}>{ "Bring this back" }</button>
                <button type="button" class="button button-quiet" onclick={on(|| Action::CloseHistory)}>{ "Back to now" }{ key_hint!(Action::Escape, &props.keys) }</button>
            </span>
        </div>
    }
}

/// The words of the first annotation that a commit touches.
fn excerpt(commit: &Commit, text: &Text) -> String {
    // One that changes the text touches all that lies on it.
    if commit.transaction.changes().iter().any(|it| it.replaced_text().is_some()) {
        return String::new();
    }
    let values = commit.transaction.changes().iter().flat_map(|it| [&it.to, &it.from]);
    let annotation = values.flatten().find_map(|value| match value {
        Value::Annotation(annotation) => Some(annotation),
        _ => None,
    });
    let spans = annotation.into_iter().flat_map(|annotation| annotation.spans.iter());
    // A commit may touch several articles, and the first annotation lie on another one.
    let spans = spans.filter_map(|span| text.span(span.start(), span.end()));
    shorten(&spans.map(|span| text.slice(span)).collect::<Vec<_>>().join(" … "))
}

fn when_and_who(project: &Project, commit: &Commit) -> String {
    let name = project.annotator(&commit.by).map_or("", |annotator| annotator.name.as_str());
    let by = if name.is_empty() { String::new() } else { format!(", by {name}") };
    format!("{}{by}", local(commit.at))
}

/// A moment as the browser's language writes it.
pub fn local(at: Timestamp) -> String {
    let date = js_sys::Date::new(&((at.0 as f64) * 1000.0).into());
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // Setting a property of a plain object cannot fail.
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    date.to_locale_string("default", &options).into()
}
