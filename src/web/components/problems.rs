//! What of the picked annotation breaks a rule, and what mends it.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::inspector::InspectorProps;
use super::key_hint;
use crate::annotation::check::Finding;
use crate::editor::Action;

/// A line for each rule that is broken.
pub fn problems(props: &InspectorProps) -> Html {
    let Some(found) = &props.problems else { return html! {} };
    html! {
        <ul class="broken-rules" aria-label="Problems">{ for found.iter().map(|it| line(props, it)) }</ul>
    }
}

fn line(props: &InspectorProps, finding: &Finding) -> Html {
    let (id, rule) = (props.annotation.id.clone(), finding.rule.clone());
    let fix = props.dispatch.reform(move |_: MouseEvent| Action::Fix(id.clone(), rule.clone()));
    let number = finding.rule.number().map(u32::from);
    let show = props.dispatch.reform(move |_: MouseEvent| Action::OpenGuidelines(number));
    html! {
        <li>
            <span class="broken-sign" aria-hidden="true">{ "!" }</span>
            <span class="broken-words">{ finding.sentence(props.project.scheme()) }</span>
            if let Some(number) = number {
                <button type="button" class="button button-quiet button-small" title="Show the rule in the guidelines" onclick={show}>{ format!("Rule {number}") }</button>
            }
            if finding.fix.is_some() {
                <button type="button" class="button button-small" disabled={!props.can_write} onclick={fix}>{ "Mend" }{ key_hint!(Action::FixPicked, &props.settings.keys) }</button>
            }
        </li>
    }
}
