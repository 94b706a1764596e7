//! The articles of the project, with how far each is.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, MouseEvent};
use yew::prelude::*;

use super::Panel;
use crate::annotation::{AnnotatorId, ArticleId, Status};
use crate::edit::act::own_set;
use crate::editor::{Action, Writer};
use crate::project::{Article, Project, SetRow};
use crate::web::files::Brought;
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct ArticleListProps {
    pub project: Option<Shared<Project>>,
    pub annotator: AnnotatorId,
    pub open: Option<ArticleId>,
    pub writer: Writer,
    pub bring: Callback<Vec<Brought>>,
    pub show_panel: Callback<Option<Panel>>,
    pub dispatch: Callback<Action>,
}

/// The list of articles and what adds to it.
pub fn article_list(props: &ArticleListProps) -> Html {
    let rows: Vec<(Article, SetRow)> = props.project.as_ref().map_or_else(Vec::new, |project| {
        let row = |article: &ArticleId| {
            let set = project.set(&own_set(article, &props.annotator));
            set.map(|row| (**row).clone()).unwrap_or_default()
        };
        project.articles().into_iter().map(|it| ((**it).clone(), row(&it.id))).collect()
    });
    let with = |status: Status| rows.iter().filter(|(_, row)| row.status() == status).count();
    let (done, skipped, begun) = (with(Status::Done), with(Status::Skipped), with(Status::Doing));
    let paste = props.dispatch.reform(|_: MouseEvent| Action::OpenPaste);
    let close = props.show_panel.reform(|_: MouseEvent| None);
    html! {
        <>
        // Behind an open drawer; the header's buttons close it for the keyboard.
        <div class="scrim" aria-hidden="true" onclick={close} />
        <nav class="panel articles" aria-label="Articles">
            <div class="panel-head">
                <h2>{ "Articles" }</h2>
                if !rows.is_empty() {
                    <span class="faint">{ how_far(done, skipped, begun, rows.len()) }</span>
                    <progress class="progress" max={rows.len().to_string()} value={(done + skipped).to_string()} aria-label="Articles done or skipped" />
                }
            </div>
            <ul class="rows">
                { for rows.iter().map(|(article, row)| list_row(props, article, row)) }
            </ul>
            <div class="panel-foot">
                { file_picker("Open files", false, &props.bring) }
                { file_picker("Open folder", true, &props.bring) }
                <button type="button" class="button" onclick={paste}>{ "Paste text" }</button>
            </div>
        </nav>
        </>
    }
}

/// How many articles are done, and what was begun or left out.
fn how_far(done: usize, skipped: usize, begun: usize, of: usize) -> String {
    let mut text = format!("{done} of {of} done");
    if skipped > 0 {
        text += &format!(", {skipped} skipped");
    }
    if begun > 0 {
        text += &format!(", {begun} begun");
    }
    text
}

fn list_row(props: &ArticleListProps, article: &Article, row: &SetRow) -> Html {
    let id = article.id.clone();
    let (dispatch, show_panel) = (props.dispatch.clone(), props.show_panel.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::OpenArticle(id.clone()));
        show_panel.emit(None);
    });
    let current = (props.open.as_ref() == Some(&article.id)).then_some("true");
    let status = row.status();
    let scheme = props.project.as_ref().map(|project| project.scheme().clone());
    let labels = scheme.iter().flat_map(|scheme| scheme.labels.iter());
    let counts = labels.filter_map(|label| {
        let count = row.counts.get(&label.id)?;
        let class = format!("count label-{}", label.color.name());
        let title = format!("{count} × {}", label.name);
        Some(html! { <span {class} title={title.clone()}><span aria-hidden="true">{ count }</span><span class="visually-hidden">{ title }</span></span> })
    });
    html! {
        <li key={article.id.to_string()}>
            <button type="button" class="row" aria-current={current} {onclick}>
                <span class={format!("dot dot-{}", status.name())} aria-hidden="true" />
                <span class="row-body">
                    <span class="row-title" dir="auto">{ &article.title }</span>
                    <span class="row-facts">
                        <span class="faint">{ status_name(status) }</span>
                        { for counts }
                    </span>
                </span>
            </button>
        </li>
    }
}

/// A status as the page says it.
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::Todo => "To do",
        Status::Doing => "Begun",
        Status::Done => "Done",
        Status::Skipped => "Skipped",
    }
}

/// A button before a real file input.
fn file_picker(name: &'static str, folder: bool, bring: &Callback<Vec<Brought>>) -> Html {
    let pick = Callback::from(|event: MouseEvent| {
        // Yew hears events at its root, which is what `current_target` would be.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        let input = button.and_then(|button| button.next_element_sibling());
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.click();
        }
    });
    let bring = bring.clone();
    let chosen = Callback::from(move |event: Event| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(files) = input.files() {
            bring.emit(Brought::from_list(&files));
        }
        // The same file can be chosen again, after it was mended.
        input.set_value("");
    });
    let label = if folder { "Folder to open" } else { "Files to open" };
    html! {
        <>
            <button type="button" class="button" onclick={pick}>{ name }</button>
            <input class="visually-hidden" type="file" multiple={!folder} webkitdirectory={folder} tabindex="-1" aria-label={label} onchange={chosen} />
        </>
    }
}
