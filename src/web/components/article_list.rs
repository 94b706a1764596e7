//! The articles of the project, with how far each is.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, MouseEvent};
use yew::prelude::*;

use super::Panel;
use crate::annotation::{AnnotatorId, ArticleId, Status};
use crate::edit::act::own_set;
use crate::editor::{Action, Writer};
use crate::project::{Article, Owner, Project};
use crate::web::files::Brought;
use crate::web::shared::Shared;
use crate::web::window::{self, Window};

#[derive(PartialEq)]
pub struct ArticleListProps {
    pub project: Option<Shared<Project>>,
    pub annotator: AnnotatorId,
    pub open: Option<ArticleId>,
    pub writer: Writer,
    /// The rows that stand, where there are many.
    pub window: Window,
    pub list: NodeRef,
    pub bring: Callback<Vec<Brought>>,
    pub show_panel: Callback<Option<Panel>>,
    pub dispatch: Callback<Action>,
}

/// The list of articles and what adds to it.
pub fn article_list(props: &ArticleListProps) -> Html {
    let project = props.project.as_deref();
    let length = project.map_or(0, Project::listed_count);
    let owner = Owner::Annotator(props.annotator.clone());
    let tally = project.map(|project| project.tally(&owner)).unwrap_or_default();
    let [done, skipped, begun] =
        [Status::Done, Status::Skipped, Status::Doing].map(|status| tally.with(status));
    let shown = props.window.rows(length);
    let first = shown.start;
    let rows = project
        .into_iter()
        .flat_map(|project| project.listed_from(first).map(move |article| (project, article)));
    let rows = rows.zip(shown.clone()).map(|((project, article), at)| {
        let at = Window::is_of(length).then_some((at, length));
        list_row(props, project, article, at)
    });
    let paste = props.dispatch.reform(|_: MouseEvent| Action::OpenPaste);
    let close = props.show_panel.reform(|_: MouseEvent| None);
    html! {
        <>
        // Behind an open drawer; the header's buttons close it for the keyboard.
        <div class="scrim" aria-hidden="true" onclick={close} />
        <nav class="panel articles" aria-label="Articles">
            <div class="panel-head">
                <h2>{ "Articles" }</h2>
                if length > 0 {
                    <span class="faint">{ how_far(done, skipped, begun, length) }</span>
                    <progress class="progress" max={length.to_string()} value={(done + skipped).to_string()} aria-label="Articles done or skipped" />
                }
            </div>
            { window::list(&props.list, shown, length, rows) }
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

/// `at` is which row it is of how many, where not all of them stand.
fn list_row(
    props: &ArticleListProps,
    project: &Project,
    article: &Article,
    at: Option<(usize, usize)>,
) -> Html {
    let row = project.set(&own_set(&article.id, &props.annotator));
    let row = row.map(|row| (**row).clone()).unwrap_or_default();
    let id = article.id.clone();
    let (dispatch, show_panel) = (props.dispatch.clone(), props.show_panel.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::OpenArticle(id.clone()));
        show_panel.emit(None);
    });
    let current = (props.open.as_ref() == Some(&article.id)).then_some("true");
    let status = row.status();
    let counts = project.scheme().labels.iter().filter_map(|label| {
        let count = Some(row.counts.of(&label.id)).filter(|count| *count > 0)?;
        let class = format!("count label-{}", label.color.name());
        let title = format!("{count} × {}", label.name);
        Some(html! { <span {class} title={title.clone()}><span aria-hidden="true">{ count }</span><span class="visually-hidden">{ title }</span></span> })
    });
    let (place, of) = at.map(|(at, of)| ((at + 1).to_string(), of.to_string())).unzip();
    // A row of one line may not show all of it.
    let title = at.map(|_| article.title.clone());
    html! {
        <li key={article.id.to_string()} aria-posinset={place} aria-setsize={of}>
            <button type="button" class="row" aria-current={current} {title} {onclick}>
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
