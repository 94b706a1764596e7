//! The bar at the top: the project, undo, whether all is saved, export, settings.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::Panel;
use super::settings::SettingsProps;
use crate::editor::{Action, Settings, Writer};
use crate::project::{Project, titled};
use crate::web::parts;
use crate::web::shared::Shared;

pub struct HeaderProps {
    pub project: Option<Shared<Project>>,
    pub writer: Writer,
    /// Nothing waits to be done or to be on disk.
    pub saved: bool,
    pub failed: Option<AttrValue>,
    pub settings: Settings,
    /// The second part of the page is there.
    pub whole: bool,
    /// Where it says whether all is saved.
    pub status: NodeRef,
    pub panel: Option<Panel>,
    pub show_panel: Callback<Option<Panel>>,
    pub dispatch: Callback<Action>,
}

/// The bar at the top.
pub fn header(props: &HeaderProps) -> Html {
    let click = |action: fn() -> Action| props.dispatch.reform(move |_: MouseEvent| action());
    let title = props.project.as_ref().map(|project| titled(&project.meta().title));
    let panel_button = |panel: Panel, name: &str, sign: &str| {
        let next = (props.panel != Some(panel)).then_some(panel);
        let onclick = props.show_panel.reform(move |_: MouseEvent| next);
        let pressed = (props.panel == Some(panel)).to_string();
        html! {
            <button type="button" class="button button-quiet panel-button" aria-pressed={pressed} {onclick}>
                <span class={format!("icon icon-{sign}")} aria-hidden="true" /><span class="button-text">{ name }</span>
            </button>
        }
    };
    html! {
        <header class="header">
            <button type="button" class="button skip" onclick={click(|| Action::FocusArticle)}>{ "To the article" }<kbd aria-hidden="true">{ "Esc" }</kbd></button>
            <div class="panel-buttons">{ panel_button(Panel::Articles, "List", "list") }</div>
            <span class="brand" aria-hidden="true"><span class="brand-mark" />{ "Avow" }</span>
            <h1 class="visually-hidden">{ "Avow" }</h1>
            <button type="button" class="button button-quiet project-button" title="Projects" onclick={click(|| Action::OpenProjects)}>
                <span class="project-title">{ title.unwrap_or("Opening…") }</span>
                <span class="chevron" aria-hidden="true" />
                <span class="visually-hidden">{ ": all projects" }</span>
            </button>
            <div class="header-space" />
            { status(props) }
            <div class="button-group">
                <button type="button" class="button button-icon" aria-label="Undo" title="Undo (Ctrl+Z)" onclick={click(|| Action::Undo)}><span class="icon icon-undo" aria-hidden="true" /></button>
                <button type="button" class="button button-icon" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" onclick={click(|| Action::Redo)}><span class="icon icon-redo" aria-hidden="true" /></button>
            </div>
            { settings(props) }
            <button type="button" class="button button-primary" title="Export (Ctrl+E)" onclick={click(|| Action::OpenExport)}><span class="icon icon-export" aria-hidden="true" /><span class="button-text">{ "Export" }</span></button>
            <div class="panel-buttons panel-buttons-marks">{ panel_button(Panel::Annotations, "Marks", "marks") }</div>
        </header>
    }
}

/// Whether the work is on disk, in one word, and what to do where it is not.
fn status(props: &HeaderProps) -> Html {
    let retry = props.dispatch.reform(|_: MouseEvent| Action::RetrySave);
    let take_over = props.dispatch.reform(|_: MouseEvent| Action::TakeOver);
    let (class, text, button) = match (&props.failed, props.writer, props.saved) {
        (Some(_), ..) => ("status status-bad", "Not saved", Some(("Try again", retry))),
        (None, Writer::Reading, _) => {
            ("status status-warn", "Reading only", Some(("Take over", take_over)))
        }
        (None, Writer::Unstored, _) => ("status status-bad", "Not stored", None),
        (None, Writer::Asking, _) => ("status", "", None),
        (None, Writer::Writing, true) => ("status saved", "Saved", None),
        (None, Writer::Writing, false) | (None, Writer::HandingOver, _) => {
            ("status", "Saving…", None)
        }
    };
    html! {
        <>
            <span class={class} ref={props.status.clone()} role="status" title={props.failed.clone()}>{ text }</span>
            if let Some((name, onclick)) = button {
                // Another act is another button: a press that was meant for one never does the other.
                <button key={name} type="button" class="button button-small" {onclick}>{ name }</button>
            }
        </>
    }
}

/// Settings that are no part of any project; what is in the menu comes with the second part.
fn settings(props: &HeaderProps) -> Html {
    let settings = props.settings.clone();
    let dispatch = props.dispatch.clone();
    let menu = parts::loaded().filter(|_| props.whole);
    html! {
        <details class="menu">
            // Whoever opens it ends what was typed elsewhere; that fetches the second part.
            <summary class="button button-icon" aria-label="Settings" title="Settings" onclick={dispatch.reform(|_: MouseEvent| Action::EndTyping)}><span class="icon icon-settings" aria-hidden="true" /></summary>
            <div class="menu-body">
                if let Some(work) = menu { { (work.settings)(SettingsProps { settings, dispatch }) } }
            </div>
        </details>
    }
}
