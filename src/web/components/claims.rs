//! The screen of claims: groups of annotations that say the same, who says it and who denies it.

use web_sys::{InputEvent, MouseEvent};
use yew::prelude::*;

use super::annotations::{color_class, shorten};
use super::dialogs::{SHOWN, filter_field, how_many};
use super::key_hint;
use super::typed::Typed;
use super::value_of;
use crate::annotation::{Place, Target};
use crate::editor::find::{Finder, group_name, words_of};
use crate::editor::{Action, OwnKeys, speaker_names};
use crate::project::{Group, Project};
use crate::web::shared::Shared;

/// All groups whose sentence, words or speakers hold what is typed above them.
pub fn claims_view(
    project: &Shared<Project>,
    filter: &str,
    can_write: bool,
    keys: &OwnKeys,
    dispatch: &Callback<Action>,
) -> Html {
    let groups = project.groups();
    if groups.is_empty() {
        return html! {
            <p class="faint">{ "No two claims are linked yet. Pick a claim, press " }{ key_hint!(Action::Relate, keys) }{ " and click on another that says the same, or press " }{ key_hint!(Action::FindOtherEnd, keys) }{ " to find one in another article." }</p>
        };
    }
    let wanted = filter.trim().to_lowercase();
    let shown: Vec<_> = groups
        .iter()
        .filter(|group| wanted.is_empty() || text_of(project, group).contains(&wanted))
        .collect();
    let can_merge = can_write && groups.len() > 1;
    let views = shown.iter().take(SHOWN);
    let views = views.map(|group| group_view(project, group, can_merge, can_write, dispatch));
    html! {
        <>
            { filter_field("Filter claims", "Filter by words or speakers", filter, true, dispatch) }
            { how_many(shown.len(), groups.len(), "group") }
            // A list of its own: among them, the field above would be made anew with each that goes.
            <>{ for views }</>
        </>
    }
}

/// All that is said in a group, to be searched.
fn text_of(project: &Project, group: &Group) -> String {
    let mut text = group.sentence.clone();
    for place in &group.members {
        if let Some(annotation) = project.annotation_at(place) {
            text.push_str(&format!(
                "\n{}\n{}",
                words_of(project, place, annotation),
                speaker_names(project, annotation)
            ));
        }
    }
    text.to_lowercase()
}

fn group_view(
    project: &Shared<Project>,
    group: &Group,
    can_merge: bool,
    can_write: bool,
    dispatch: &Callback<Action>,
) -> Html {
    let id = group.id.clone();
    let write =
        dispatch.reform(move |event: InputEvent| Action::SetSentence(id.clone(), value_of(&event)));
    let end = dispatch.reform(|_: FocusEvent| Action::EndTyping);
    let id = group.id.clone();
    let merge =
        dispatch.reform(move |_: MouseEvent| Action::FindInto(Finder::IntoGroup(id.clone())));
    let id = group.id.clone();
    let delete = dispatch.reform(move |_: MouseEvent| Action::DeleteGroup(id.clone()));
    let denials = project.relations().into_iter().filter(|relation| match &relation.to {
        Some(Target::Group { group: to }) => *to == group.id,
        Some(Target::Annotation(to)) => {
            group.members.contains(to) && !group.members.contains(&relation.from)
        }
        None => false,
    });
    // One that denies several of the group is one denial of it.
    let mut seen = Vec::new();
    let denials: Vec<Html> = denials
        .filter(|relation| {
            let new = !seen.contains(&(&relation.from, &relation.kind));
            seen.push((&relation.from, &relation.kind));
            new
        })
        .map(|relation| {
            let kind = project.scheme().relation(&relation.kind);
            let name = kind.map_or_else(|| relation.kind.to_string(), |kind| kind.name.clone());
            member(project, &relation.from, Some(&name), None, dispatch)
        })
        .collect();
    let members = group.members.iter().map(|place| {
        let tools = member_tools(group, place, can_write, dispatch);
        member(project, place, None, Some(tools), dispatch)
    });
    html! {
        <section class="claim-group" key={group.id.to_string()} aria-label={shorten(&group_name(project, group))}>
            <Typed value={group.sentence.clone()}><input type="text" class="claim-sentence" dir="auto" aria-label="The claim in one sentence" placeholder={group_name(project, group)} disabled={!can_write} oninput={write} onblur={end} /></Typed>
            <ul class="claim-members">{ for members }{ denials }</ul>
            <div class="claim-tools">
                <button type="button" class="button button-small" disabled={!can_merge} onclick={merge}>{ "Merge into…" }</button>
                <button type="button" class="button button-small button-danger" disabled={!can_write} onclick={delete}>{ "Delete the group" }</button>
            </div>
        </section>
    }
}

fn member_tools(
    group: &Group,
    place: &Place,
    can_write: bool,
    dispatch: &Callback<Action>,
) -> Html {
    let (id, own) = (group.id.clone(), place.clone());
    let leave = dispatch.reform(move |_: MouseEvent| Action::LeaveGroup(id.clone(), own.clone()));
    let (id, own) = (group.id.clone(), place.clone());
    let split =
        dispatch.reform(move |_: MouseEvent| Action::SplitGroup(id.clone(), vec![own.clone()]));
    html! {
        <>
            if group.members.len() > 1 {
                <button type="button" class="button button-small" title="Into a group of its own" disabled={!can_write} onclick={split}>{ "Split off" }</button>
            }
            <button type="button" class="button button-icon button-small" aria-label="Take out of the group" disabled={!can_write} onclick={leave}><span class="icon icon-remove" aria-hidden="true" /></button>
        </>
    }
}

/// An annotation: who says it, its words, its article.
fn member(
    project: &Project,
    place: &Place,
    kind: Option<&str>,
    tools: Option<Html>,
    dispatch: &Callback<Action>,
) -> Html {
    let annotation = project.annotation_at(place);
    let (words, speakers, color) = match annotation {
        Some(annotation) => (
            words_of(project, place, annotation),
            speaker_names(project, annotation),
            color_class(project, annotation),
        ),
        None => ("…".to_owned(), String::new(), String::new()),
    };
    let title = project.article(&place.article).map_or("", |article| &article.title);
    let to = place.clone();
    let go = dispatch.reform(move |_: MouseEvent| Action::Follow(to.clone()));
    html! {
        <li class={format!("claim-member {color}")} key={format!("{} {}", place.article, place.annotation)}>
            <button type="button" class="link-body mark-row" onclick={go}>
                <span class="row-facts">
                    if let Some(kind) = kind { <span class="label-name">{ kind }</span> }
                    if !speakers.is_empty() { <span dir="auto">{ speakers }</span> }
                    <span class="faint" dir="auto">{ title }</span>
                </span>
                <span class="link-words" dir="auto">{ shorten(&words) }</span>
            </button>
            { tools.unwrap_or_default() }
        </li>
    }
}
