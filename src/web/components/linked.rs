//! What the picked annotation is linked to, and its group.

use web_sys::MouseEvent;
use yew::prelude::*;

use super::annotations::shorten;
use super::inspector::InspectorProps;
use super::key_hint;
use crate::annotation::{Place, Relation, Target};
use crate::editor::Action;
use crate::editor::find::{group_name, words_of};
use crate::project::Project;

/// One row for each relation that starts here or leads here, and ways to draw and follow them.
pub fn linked(props: &InspectorProps) -> Html {
    let here = Place { article: props.article.clone(), annotation: props.annotation.id.clone() };
    let relations = props.project.relations_of(&here);
    let rows: Vec<Html> = relations.into_iter().map(|it| row(props, &here, it)).collect();
    let may_start = props.project.scheme().relations_from(&props.annotation.label).next().is_some();
    let group = props.project.group_of(&here).cloned();
    if rows.is_empty() && !may_start && group.is_none() {
        return html! {};
    }
    let on = |action: fn() -> Action| props.dispatch.reform(move |_: MouseEvent| action());
    html! {
        <section class="linked" aria-label="Links">
            if !rows.is_empty() { <ul class="chips">{ rows }</ul> }
            if let Some(group) = group {
                <button type="button" class="button button-quiet group-line" onclick={on(|| Action::OpenClaims)}>
                    <span class="faint">{ format!("One of {} that say:", group.members.len()) }</span>
                    <span dir="auto">{ shorten(&group_name(&props.project, &group)) }</span>
                </button>
            }
            if may_start {
                <div class="linked-tools">
                    <button type="button" class="button button-small" disabled={!props.can_write} onclick={on(|| Action::Relate)}>{ "Link" }{ key_hint!(Action::Relate, &props.settings.keys) }</button>
                    <button type="button" class="button button-small" disabled={!props.can_write} onclick={on(|| Action::FindOtherEnd)}>{ "Find what to link" }{ key_hint!(Action::FindOtherEnd, &props.settings.keys) }</button>
                </div>
            }
        </section>
    }
}

fn row(props: &InspectorProps, here: &Place, relation: &Relation) -> Html {
    let project = &*props.project;
    let kind = project.scheme().relation(&relation.kind);
    let name = kind.map_or_else(|| relation.kind.to_string(), |kind| kind.name.clone());
    let outgoing = relation.from == *here;
    let (other, words) = match (&relation.to, outgoing) {
        (_, false) => (Some(relation.from.clone()), None),
        (Some(Target::Annotation(to)), true) => (Some(to.clone()), None),
        (Some(Target::Group { group }), true) => {
            let name = project.group(group).map(|group| group_name(project, group));
            (None, Some(name.unwrap_or_else(|| group.to_string())))
        }
        (None, true) => (None, relation.target_text.clone()),
    };
    let (words, place) = match &other {
        Some(other) => said_there(project, here, other),
        None => (words.unwrap_or_default(), String::new()),
    };
    let id = relation.id.clone();
    let remove = props.dispatch.reform(move |_: MouseEvent| Action::Unrelate(id.clone()));
    let title = format!("Remove the link: {name}");
    let body = html! {
        <>
            <span class="link-kind">{ if outgoing { format!("{name} →") } else { format!("← {name}") } }</span>
            <span class="link-words" dir="auto">{ shorten(&words) }</span>
            if !place.is_empty() { <span class="faint" dir="auto">{ place }</span> }
        </>
    };
    html! {
        <li key={relation.id.to_string()} class="link-row">
            if let Some(other) = other {
                <button type="button" class="link-body" title="Go there (G); Shift+G comes back" onclick={props.dispatch.reform(move |_: MouseEvent| Action::Follow(other.clone()))}>{ body }</button>
            } else {
                <span class="link-body">{ body }</span>
            }
            <button type="button" class="button button-icon button-small" aria-label={title} disabled={!props.can_write} onclick={remove}><span class="icon icon-remove" aria-hidden="true" /></button>
        </li>
    }
}

/// The words of an annotation anywhere, and the article's title where that is another one.
fn said_there(project: &Project, here: &Place, other: &Place) -> (String, String) {
    let words = match project.annotation_at(other) {
        Some(annotation) => words_of(project, other, annotation),
        None => without_place(project, other).unwrap_or_else(|| "…".to_owned()),
    };
    let title = project.article(&other.article).map_or("", |article| &article.title);
    (words, if here.article == other.article { String::new() } else { title.to_owned() })
}

/// The words that an annotation covered which has no place in its article's text.
fn without_place(project: &Project, other: &Place) -> Option<String> {
    let unplaced = &project.article(&other.article)?.unplaced;
    let found = unplaced.iter().find(|it| it.id == other.annotation)?;
    Some(format!("{} (without a place)", found.quotes.join(" … ")))
}
