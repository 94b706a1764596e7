//! The search over all articles: what is looked for, and what was found, in context.

use wasm_bindgen::JsCast;
use web_sys::{
    FormData, HtmlFormElement, HtmlInputElement, KeyboardEvent, MouseEvent, SubmitEvent,
};
use yew::prelude::*;

use super::article_list::status_name;
use super::key_hint;
use crate::annotation::Status;
use crate::editor::{Action, OwnKeys, Search};
use crate::project::Project;
use crate::search::{Hit, Query};
use crate::web::shared::Shared;

/// How many hits are shown; the next and previous keys go to the others too.
const SHOWN: usize = 300;

#[derive(PartialEq)]
pub struct SearchProps {
    pub project: Shared<Project>,
    pub search: Shared<Search>,
    pub can_write: bool,
    /// Keys that the person has chosen, which buttons show.
    pub keys: OwnKeys,
    pub dispatch: Callback<Action>,
}

/// What is looked for, and what was found.
pub fn search_view(props: &SearchProps) -> Html {
    let on = |action: fn() -> Action| props.dispatch.reform(move |_: MouseEvent| action());
    let search = &*props.search;
    html! {
        <aside class="panel annotations" aria-label="Search">
            <div class="panel-head">
                <h2>{ "Search all articles" }</h2>
                <button type="button" class="button button-icon side-close" aria-label="Close the search" onclick={on(|| Action::CloseSide)}><span class="icon icon-remove" aria-hidden="true" /></button>
            </div>
            { form(props) }
            <div class="search-state" role="status">
                if let Some(problem) = &search.problem {
                    <p class="problem">{ problem }</p>
                } else if search.running {
                    <label class="search-progress"><span>{ format!("{} of {} articles, {}", search.searched, search.of, hits_in_words(search)) }</span>
                        <progress max={search.of.to_string()} value={search.searched.to_string()} />
                    </label>
                    <button type="button" class="button button-small" onclick={on(|| Action::StopSearch)}>{ "Stop" }</button>
                } else if search.run > 0 {
                    <span>{ hits_in_words(search) }</span>
                    if !search.hits.is_empty() {
                        <button type="button" class="button button-small" title="Previous hit" onclick={on(|| Action::NextHit { back: true })}>{ "Previous" }</button>
                        <button type="button" class="button button-small" title="Next hit" onclick={on(|| Action::NextHit { back: false })}>{ "Next" }{ key_hint!(Action::NextHit { back: false }, &props.keys) }</button>
                    }
                }
            </div>
            if !search.hits.is_empty() {
                { mark_all(props) }
                <ol class="hits">{ for search.hits.iter().take(SHOWN).enumerate().map(|(at, hit)| row(props, at, hit)) }</ol>
                if search.hits.len() > SHOWN {
                    <p class="faint empty-list">{ format!("The first {SHOWN} are shown; L goes on to the others.") }</p>
                }
            }
        </aside>
    }
}

fn hits_in_words(search: &Search) -> String {
    match search.total {
        0 if search.running => "nothing yet".to_owned(),
        0 => "Nothing found.".to_owned(),
        1 => "1 hit".to_owned(),
        n if n as usize > search.hits.len() && !search.running => {
            format!("{n} hits, the first {} of them here", search.hits.len())
        }
        n => format!("{n} hits"),
    }
}

fn form(props: &SearchProps) -> Html {
    let query = &props.search.query;
    let dispatch = props.dispatch.clone();
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        if let Some(data) = form.and_then(|form| FormData::new_with_form(&form).ok()) {
            dispatch.emit(Action::Search(Box::new(asked(&data))));
        }
    });
    // Also for a key that was pressed before the field stood, and is given to it afterwards.
    let to_text = props.dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            // Not to empty the field: the keys that step through the hits act in the text.
            event.prevent_default();
            return to_text.emit(Action::FocusArticle);
        }
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(form) = field.filter(|_| event.key() == "Enter").and_then(|field| field.form())
        {
            event.prevent_default();
            // It fails only where the form is in no document.
            let _ = form.request_submit();
        }
    });
    let check = |name: &'static str, checked: bool, text: &'static str| {
        html! {
            <label class="check-line"><input type="checkbox" {name} ~defaultChecked={checked} /><span>{ text }</span></label>
        }
    };
    let option = |value: String, name: String, selected: bool| {
        html! {
            <option {value} {selected}>{ name }</option>
        }
    };
    let project = &*props.project;
    let labels = project.scheme().labels.iter().map(|label| {
        option(label.id.to_string(), label.name.clone(), query.labels.contains(&label.id))
    });
    let speakers = project.speakers().into_iter().map(|speaker| {
        option(speaker.id.to_string(), speaker.name.clone(), query.speakers.contains(&speaker.id))
    });
    let annotators = project.annotators().into_iter().map(|annotator| {
        let name = match annotator.name.is_empty() {
            true => "Without a name".to_owned(),
            false => annotator.name.clone(),
        };
        option(annotator.id.to_string(), name, query.annotators.contains(&annotator.id))
    });
    let statuses = Status::ALL.into_iter().map(|status| {
        let name = status_name(status).to_owned();
        option(status.name().to_owned(), name, query.statuses.contains(&status))
    });
    let select = |name: &'static str, label: &'static str, options: Vec<Html>, none: bool| {
        let any = format!("Any {}", label.to_lowercase());
        html! {
            <select {name} aria-label={label}><option value="" selected={none}>{ any }</option>{ options }</select>
        }
    };
    html! {
        // The fields are made anew only where the page itself says what is looked for.
        <form class="search-form" key={props.search.given.to_string()} {onsubmit}>
            <div class="search-line">
                <input type="search" id="search-field" name="words" aria-label="Words" placeholder="Words" dir="auto" autocomplete="off" ~defaultValue={query.words.clone()} {onkeydown} />
                <button type="submit" class="button button-primary">{ "Search" }</button>
            </div>
            <div class="search-how">
                { check("case", query.case, "Aa") }
                { check("whole", query.whole_word, "Whole words") }
                { check("regex", query.regex, "Regular expression") }
                { check("broken", query.broken, "Breaks a rule") }
            </div>
            <div class="search-filters">
                { select("label", "Label", labels.collect(), query.labels.is_empty()) }
                { select("speaker", "Speaker", speakers.collect(), query.speakers.is_empty()) }
                { select("annotator", "Annotator", annotators.collect(), query.annotators.is_empty()) }
                { select("status", "Status", statuses.collect(), query.statuses.is_empty()) }
            </div>
        </form>
    }
}

/// What a form asks for.
fn asked(data: &FormData) -> Query {
    let text = |name: &str| data.get(name).as_string().unwrap_or_default();
    let one = |name: &str| Some(text(name)).filter(|value| !value.is_empty());
    let is_on = |name: &str| data.has(name);
    let status = one("status");
    Query {
        words: text("words"),
        case: is_on("case"),
        whole_word: is_on("whole"),
        regex: is_on("regex"),
        broken: is_on("broken"),
        labels: one("label").into_iter().map(Into::into).collect(),
        speakers: one("speaker").into_iter().map(Into::into).collect(),
        annotators: one("annotator").into_iter().map(Into::into).collect(),
        statuses: Status::ALL
            .into_iter()
            .filter(|it| status.as_deref() == Some(it.name()))
            .collect(),
        regions: false,
    }
}

/// Marks all hits at once, with a label to choose.
fn mark_all(props: &SearchProps) -> Html {
    let buttons = props.project.scheme().labels.iter().map(|label| {
        let id = label.id.clone();
        let mark = props.dispatch.reform(move |_: MouseEvent| Action::MarkHits(id.clone()));
        let wanted = props.search.like.as_ref().is_none_or(|like| *like == label.id);
        html! {
            if wanted {
                <button type="button" class={format!("button button-small label-{}", label.color.name())} disabled={!props.can_write || props.search.running} onclick={mark}><span class={format!("swatch line-{}", label.style.name())} aria-hidden="true" />{ format!("Mark all as {}", label.name) }</button>
            }
        }
    });
    html! { <div class="search-marks">{ for buttons }</div> }
}

fn row(props: &SearchProps, at: usize, hit: &Hit) -> Html {
    let go = props.dispatch.reform(move |_: MouseEvent| Action::GoToHit(at));
    let title = props.project.article(&hit.article).map_or("", |article| &article.title);
    let (before, after) = hit.around();
    // A heading where the article changes.
    let first = at == 0 || props.search.hits[at - 1].article != hit.article;
    html! {
        <>
            if first { <li class="found-kind" dir="auto">{ title }</li> }
            <li>
                <button type="button" class="hit" aria-current={(props.search.at == Some(at)).then_some("true")} onclick={go} dir="auto">
                    <span class="faint">{ before }</span><mark>{ &hit.covered }</mark><span class="faint">{ after }</span>
                </button>
            </li>
        </>
    }
}
