//! The small bar at the selection: what it can become.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::key_hint;
use crate::annotation::Annotation;
use crate::editor::{Action, Mode, OwnKeys};
use crate::project::Project;
use crate::scheme::AttributeKind;
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct BarProps {
    pub project: Shared<Project>,
    pub mode: Mode,
    /// The picked annotation, to which the selection can be given.
    pub picked: Option<Shared<Annotation>>,
    pub can_write: bool,
    /// Keys that the person has chosen, which buttons show.
    pub keys: OwnKeys,
    pub dispatch: Callback<Action>,
}

/// One button a label; or, where a selection was asked for, one that takes it.
pub fn selection_bar(props: &BarProps) -> Html {
    // The bar must not take the selection away from the text.
    let keep = Callback::from(|event: PointerEvent| event.prevent_default());
    let keep_mouse = Callback::from(|event: MouseEvent| event.prevent_default());
    if props.mode != Mode::Mark {
        let take = props.dispatch.reform(|_: MouseEvent| Action::PickAtCaret);
        return html! {
            <div class="bar-buttons" role="toolbar" aria-label="Selection" onpointerdown={keep} onmousedown={keep_mouse}>
                <button type="button" class="bar-button" onclick={take}>{ "Take" }{ key_hint!(Action::PickAtCaret, &props.keys) }</button>
            </div>
        };
    }
    let labels = props.project.scheme().labels.iter().map(|label| {
        let id = label.id.clone();
        let onclick = props.dispatch.reform(move |_: MouseEvent| Action::Mark(id.clone()));
        let class = format!("bar-button label-{}", label.color.name());
        html! {
            <button type="button" {class} {onclick} disabled={!props.can_write} title={label.description.clone()}>
                <span class={format!("swatch line-{}", label.style.name())} aria-hidden="true" />
                <span>{ &label.name }</span>
                <kbd aria-hidden="true">{ label.key.to_uppercase() }</kbd>
            </button>
        }
    });
    // Lists of their own: where an annotation is picked, the labels stay as they are.
    let uses = props.picked.iter().flat_map(|picked| uses(props, picked));
    html! {
        <div class="bar-buttons" role="toolbar" aria-label="Mark the selection" onpointerdown={keep} onmousedown={keep_mouse}>
            { labels.collect::<Html>() }
            { uses.collect::<Html>() }
        </div>
    }
}

/// What the selection can be for the picked annotation: its speaker, its cue, one more span.
fn uses(props: &BarProps, picked: &Annotation) -> Vec<Html> {
    let scheme = props.project.scheme();
    let takes = |kind: AttributeKind| {
        let mut attributes =
            scheme.label(&picked.label).into_iter().flat_map(|it| scheme.attributes_of(it));
        attributes.any(|attribute| attribute.kind == kind)
    };
    let button = |name: &str, hint: Html, action: fn() -> Action| {
        let onclick = props.dispatch.reform(move |_: MouseEvent| action());
        html! {
            <button type="button" class="bar-button bar-use" {onclick} disabled={!props.can_write}>
                <span>{ name }</span>{ hint }
            </button>
        }
    };
    let mut uses = Vec::new();
    if takes(AttributeKind::Speaker) {
        uses.push(button("As speaker", key_hint!(Action::Speaker, &props.keys), || {
            Action::Speaker
        }));
    }
    if takes(AttributeKind::Span) {
        uses.push(button("As cue", key_hint!(Action::Cue, &props.keys), || Action::Cue));
    }
    uses.push(button("Add to it", key_hint!(Action::AddSpan, &props.keys), || Action::AddSpan));
    uses
}
