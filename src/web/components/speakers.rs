//! The screen of speakers: who speaks, under which names, how often.

use std::sync::Arc;

use web_sys::{Event, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::dialogs::{SHOWN, filter_field, how_many};
use super::typed::Typed;
use super::{key_hint, memo, submitted, value_of};
use crate::editor::find::Finder;
use crate::editor::speakers::{Uses, alike, names};
use crate::editor::{Action, OwnKeys};
use crate::project::{Project, Speaker};
use crate::sort::sort_by;
use crate::web::shared::Shared;

/// In how many articles annotations are counted before one can read how far that is.
const LONG: usize = 1_000;

/// The speakers of whose names one holds what is typed, by name, and pairs who may be one.
pub fn speakers_view(
    project: &Shared<Project>,
    (filter, uses): (&str, &Uses),
    can_write: bool,
    keys: &OwnKeys,
    dispatch: &Callback<Action>,
) -> Html {
    let speakers = project.speakers();
    if speakers.is_empty() {
        return html! {
            <p class="faint">{ "Nobody speaks yet. Pick an annotation, select a name in the text and press " }{ key_hint!(Action::Speaker, keys) }{ "." }</p>
        };
    }
    let all = speakers.len();
    let wanted = filter.trim().to_lowercase();
    let fits = |speaker: &Speaker| names(speaker).any(|name| name.to_lowercase().contains(&wanted));
    let fitting = speakers.into_iter().filter(|it| fits(it));
    let mut fitting: Vec<_> = fitting.map(|it| (it.name.to_lowercase(), it)).collect();
    sort_by(&mut fitting, |a, b| a.0.cmp(&b.0));
    let rows = fitting.iter().take(SHOWN).map(|(_, speaker)| {
        let count = uses.by_speaker.get(&speaker.id).copied().unwrap_or_default();
        row(speaker, uses.are_all().then_some(count), can_write && all > 1, can_write, dispatch)
    });
    let (project, to) = (project.clone(), dispatch.clone());
    let proposals = memo(AlikeProps { project, can_write, dispatch: to }, proposals);
    let counted = uses.of - uses.left.unwrap_or_default();
    html! {
        <>
            { proposals }
            { filter_field("Filter speakers", "Filter by name", filter, false, dispatch) }
            { how_many(fitting.len(), all, "speaker") }
            if uses.of > LONG && !uses.are_all() {
                <label class="search-progress"><span>{ format!("Counting annotations: {counted} of {} articles", uses.of) }</span>
                    <progress max={uses.of.to_string()} value={counted.to_string()} />
                </label>
            }
            <table class="table">
                <thead><tr><th scope="col">{ "Name" }</th><th scope="col">{ "Other names" }</th><th scope="col" class="number">{ "Annotations" }</th><th scope="col"><span class="visually-hidden">{ "Change" }</span></th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </>
    }
}

#[derive(PartialEq)]
struct AlikeProps {
    project: Shared<Project>,
    can_write: bool,
    dispatch: Callback<Action>,
}

/// Pairs who may be one: to be found once, and not with each key that is typed.
fn proposals(AlikeProps { project, can_write, dispatch }: &AlikeProps) -> Html {
    let pairs = alike(project);
    if pairs.is_empty() {
        return html! {};
    }
    let rows = pairs.iter().take(SHOWN).filter_map(|(a, b)| {
        let (a, b) = (project.speaker(a)?, project.speaker(b)?);
        // The longer name says more.
        let (into, from) = if a.name.len() >= b.name.len() { (a, b) } else { (b, a) };
        Some(proposal(into, from, *can_write, dispatch))
    });
    html! {
        <section class="alike" aria-label="Who may be one">
            <h3>{ "Are these one?" }</h3>
            <ul>{ for rows }</ul>
            if pairs.len() > SHOWN { <p class="faint">{ format!("and {} more", pairs.len() - SHOWN) }</p> }
        </section>
    }
}

fn proposal(into: &Speaker, from: &Speaker, can_write: bool, dispatch: &Callback<Action>) -> Html {
    let (a, b) = (into.id.clone(), from.id.clone());
    let merge = dispatch
        .reform(move |_: MouseEvent| Action::MergeSpeakers { into: a.clone(), from: b.clone() });
    html! {
        <li>
            <span dir="auto">{ &into.name }</span><span class="faint">{ "and" }</span><span dir="auto">{ &from.name }</span>
            <button type="button" class="button button-small" disabled={!can_write} onclick={merge}>{ format!("Merge into {}", into.name) }</button>
        </li>
    }
}

/// `count` is none while not all are counted.
fn row(
    speaker: &Arc<Speaker>,
    count: Option<u32>,
    can_merge: bool,
    can_write: bool,
    dispatch: &Callback<Action>,
) -> Html {
    let id = speaker.id.clone();
    let rename =
        dispatch.reform(move |event: Event| Action::RenameSpeaker(id.clone(), value_of(&event)));
    let id = speaker.id.clone();
    let aliases =
        dispatch.reform(move |event: Event| Action::SetAliases(id.clone(), value_of(&event)));
    let id = speaker.id.clone();
    let merge =
        dispatch.reform(move |_: MouseEvent| Action::FindInto(Finder::IntoSpeaker(id.clone())));
    let id = speaker.id.clone();
    let delete = dispatch.reform(move |_: MouseEvent| Action::DeleteSpeaker(id.clone()));
    html! {
        <tr key={speaker.id.to_string()}>
            <td><Typed value={speaker.name.clone()}><input type="text" dir="auto" aria-label={format!("Name of {}", speaker.name)} disabled={!can_write} onchange={rename} /></Typed></td>
            <td><Typed value={speaker.aliases.join(", ")}><input type="text" dir="auto" aria-label={format!("Other names of {}", speaker.name)} placeholder="With commas between" disabled={!can_write} onchange={aliases} /></Typed></td>
            <td class="number" data-count={if count == Some(1) { "annotation" } else { "annotations" }}>{ count.map_or_else(|| "…".to_owned(), |count| count.to_string()) }</td>
            // A cell that lays out its own content would not be as high as its row.
            <td>
                <div class="table-tools">
                    <button type="button" class="button button-small" aria-label={format!("Merge into… ({})", speaker.name)} disabled={!can_merge} onclick={merge}>{ "Merge into…" }</button>
                    if !speaker.aliases.is_empty() { { split(speaker, can_write, dispatch) } }
                    if count == Some(0) {
                        <button type="button" class="button button-icon button-small" aria-label={format!("Delete {}", speaker.name)} disabled={!can_write} onclick={delete}><span class="icon icon-remove" aria-hidden="true" /></button>
                    }
                </div>
            </td>
        </tr>
    }
}

/// One of the other names, and the button that makes a speaker of it: going through them by keys does
/// nothing yet.
fn split(speaker: &Speaker, can_write: bool, dispatch: &Callback<Action>) -> Html {
    let id = speaker.id.clone();
    let onsubmit = dispatch.reform(move |event: SubmitEvent| {
        Action::SplitSpeaker(id.clone(), submitted(&event, "alias"))
    });
    let aliases = speaker
        .aliases
        .iter()
        .map(|alias| html! { <option value={alias.clone()}>{ alias }</option> });
    html! {
        <form class="choose" {onsubmit}>
            <select name="alias" required=true aria-label={format!("Split from {}", speaker.name)} disabled={!can_write}>
                <option value="" selected=true>{ "Split off…" }</option>
                { for aliases }
            </select>
            <button type="submit" class="button button-small" disabled={!can_write}>{ "Split" }</button>
        </form>
    }
}
