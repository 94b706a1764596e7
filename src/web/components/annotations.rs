//! The annotations of the open article: the picked one to change, and all as a list.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::Panel;
use super::history::{HistoryProps, history};
use super::inspector::{InspectorProps, inspector};
use super::memo::memo;
use super::retext::{UnplacedProps, unplaced_view};
use crate::annotation::{Annotation, AnnotationId};
use crate::editor::{Action, Mode, OpenArticle, Past, Settings, label_name, speaker_names};
use crate::project::Project;
use crate::text::Text;
use crate::web::shared::Shared;
use crate::web::window::{self, Window};

/// The longest excerpt of a row, in characters.
const EXCERPT: usize = 160;

#[derive(PartialEq)]
pub struct SideProps {
    pub project: Option<Shared<Project>>,
    pub article: Option<Shared<OpenArticle>>,
    pub past: Option<Shared<Past>>,
    pub can_write: bool,
    /// The rows that stand, where there are many.
    pub window: Window,
    pub list: NodeRef,
    pub show_panel: Callback<Option<Panel>>,
    pub settings: Settings,
    pub dispatch: Callback<Action>,
}

/// The side of the annotations.
pub fn side(props: &SideProps) -> Html {
    let (Some(project), Some(article)) = (&props.project, &props.article) else {
        return html! { <aside class="panel annotations" aria-label="Annotations" /> };
    };
    if let Some(past) = &props.past {
        let props = HistoryProps {
            project: project.clone(),
            past: past.clone(),
            text: article.text.clone(),
            keys: props.settings.keys.clone(),
            dispatch: props.dispatch.clone(),
        };
        return memo(props, history);
    }
    let (all, length) = (article.index.ordered(), article.index.ordered().len());
    let picked = article.picked_in(project);
    let picked = picked.cloned();
    let problems = |id: &AnnotationId| {
        let found = article.problems.get(id);
        found.map_or(0, |found| found.len())
    };
    let broken = article.problems.len();
    let record = project.article(&article.id);
    let unplaced = record.map_or(0, |record| {
        record.unplaced.iter().filter(|it| it.owner == article.set.owner).count()
    });
    let picked_id = picked.as_ref().map_or_else(|| "".into(), |picked| picked.id.clone());
    let (many, shown) = (Window::is_of(length), props.window.rows(length));
    let rows = shown.clone().zip(all.skipping(shown.start)).map(|(at, (_, annotation))| {
        let props = RowProps {
            annotation: Shared(annotation.clone()),
            label: label_name(project, &annotation.label),
            class: color_class(project, annotation),
            speakers: speaker_names(project, annotation),
            text: article.text.clone(),
            picked: article.picked.as_ref() == Some(&annotation.id),
            problems: problems(&annotation.id),
            dispatch: props.dispatch.clone(),
        };
        // Not in the row: an annotation that comes or goes counts all of them anew.
        let (place, of) = many.then(|| ((at + 1).to_string(), length.to_string())).unzip();
        html! {
            <li key={annotation.id.to_string()} aria-posinset={place} aria-setsize={of}>{ memo(props, row) }</li>
        }
    });
    let close = {
        let (show_panel, dispatch) = (props.show_panel.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            show_panel.emit(None);
            // On a phone a picked annotation alone brings the panel up.
            dispatch.emit(Action::Escape);
        })
    };
    let keys = project.scheme().labels.iter().filter(|label| !label.key.is_empty());
    let label_keys =
        keys.map(|label| html! { <><kbd class="letter">{ &label.key }</kbd>{ ", " }</> });
    html! {
        <aside class="panel annotations" aria-label="Annotations">
            <div class="panel-head">
                <h2>{ "Annotations" }</h2>
                <span class="faint">{ length }</span>
                if unplaced > 0 {
                    <button type="button" class="button button-quiet button-small" title="Annotations without a place in the text" onclick={props.dispatch.reform(|_: MouseEvent| Action::ShowUnplaced)}>{ format!("{unplaced} without a place") }</button>
                }
                if broken > 0 {
                    <button type="button" class="button button-quiet button-small broken-count" title="Go to the next that breaks a rule" onclick={props.dispatch.reform(|_: MouseEvent| Action::NextProblem { back: false })}><span class="broken-sign" aria-hidden="true">{ "!" }</span>{ broken }<span class="visually-hidden">{ " break rules: go to the next" }</span></button>
                }
                <button type="button" class="button button-icon panel-close" aria-label="Close" onclick={close}><span class="icon icon-remove" aria-hidden="true" /></button>
            </div>
            if let Some(picked) = picked {
                { memo(InspectorProps {
                    project: project.clone(),
                    article: article.id.clone(),
                    annotation: Shared(picked),
                    text: article.text.clone(),
                    problems: article.problems.get(&picked_id).cloned().map(Shared),
                    can_write: props.can_write,
                    settings: props.settings.clone(),
                    dispatch: props.dispatch.clone(),
                }, inspector) }
            }
            if unplaced > 0 {
                { memo(UnplacedProps {
                    project: project.clone(),
                    article: article.id.clone(),
                    set: article.set.clone(),
                    placing: match &article.mode {
                        Mode::Place { annotation } => Some(annotation.clone()),
                        _ => None,
                    },
                    can_write: props.can_write,
                    dispatch: props.dispatch.clone(),
                }, unplaced_view) }
            }
            if all.is_empty() {
                <p class="empty-list faint">
                    { "Select text in the article, then press " }{ for label_keys }{ "or use the bar at the selection." }
                </p>
            } else {
                { window::list(&props.list, shown, length, rows) }
            }
        </aside>
    }
}

/// The class that gives an annotation its label's colour.
pub fn color_class(project: &Project, annotation: &Annotation) -> String {
    let color = project.scheme().label(&annotation.label).map(|label| label.color);
    format!("label-{}", color.unwrap_or(crate::scheme::Color::Gray).name())
}

#[derive(PartialEq)]
struct RowProps {
    annotation: Shared<Annotation>,
    label: String,
    class: String,
    speakers: String,
    text: Text,
    picked: bool,
    /// How many rules it breaks.
    problems: usize,
    dispatch: Callback<Action>,
}

fn row(props: &RowProps) -> Html {
    let id = props.annotation.id.clone();
    let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Pick(id.clone()));
    let parts = props.annotation.spans.iter().map(|span| props.text.slice(span));
    let excerpt = shorten(&parts.collect::<Vec<_>>().join(" … "));
    html! {
            <button type="button" class={format!("row mark-row {}", props.class)} aria-current={props.picked.then_some("true")} {onclick}>
                <span class="row-body">
                    <span class="row-facts">
                        <span class="label-name">{ &props.label }</span>
                        if props.problems > 0 {
                            <span class="broken-sign" title="Breaks a rule"><span aria-hidden="true">{ "!" }</span><span class="visually-hidden">{ "Breaks a rule" }</span></span>
                        }
                        if !props.speakers.is_empty() {
                            <span class="faint" dir="auto">{ &props.speakers }</span>
                        }
                    </span>
                    <span class="row-excerpt" dir="auto">{ excerpt }</span>
                    if !props.annotation.note.is_empty() {
                        <span class="row-note faint" dir="auto">{ shorten(&props.annotation.note) }</span>
                    }
                </span>
            </button>
    }
}

/// On one line, with an ellipsis where it is longer than a row shows.
pub fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
