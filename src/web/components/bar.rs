//! The small bar at the selection: what it can become.

use web_sys::MouseEvent;
use yew::prelude::*;

use crate::annotation::Annotation;
use crate::editor::{Action, Mode};
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
                <button type="button" class="bar-button" onclick={take}>{ "Take" }<kbd>{ "Enter" }</kbd></button>
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
    html! {
        <div class="bar-buttons" role="toolbar" aria-label="Mark the selection" onpointerdown={keep} onmousedown={keep_mouse}>
            { for labels }
            { for props.picked.iter().flat_map(|picked| uses(props, picked)) }
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
    let uses: [(_, _, _, fn() -> Action); 3] = [
        (takes(AttributeKind::Speaker), "As speaker", "S", || Action::Speaker),
        (takes(AttributeKind::Span), "As cue", "U", || Action::Cue),
        (true, "Add to it", "A", || Action::AddSpan),
    ];
    let offered = uses.into_iter().filter(|(takes, ..)| *takes);
    let buttons = offered.map(|(_, name, key, action)| {
        let onclick = props.dispatch.reform(move |_: MouseEvent| action());
        html! {
            <button type="button" class="bar-button bar-use" {onclick} disabled={!props.can_write}>
                <span>{ name }</span><kbd aria-hidden="true">{ key }</kbd>
            </button>
        }
    });
    buttons.collect()
}
