//! The screen of speakers: who speaks, under which names, how often.

use web_sys::{Event, MouseEvent};
use yew::prelude::*;

use super::choose::{Choose, choose};
use super::typed::Typed;
use super::{key_hint, value_of};
use crate::annotation::SpeakerId;
use crate::editor::speakers::{alike, speaker_uses};
use crate::editor::{Action, OwnKeys};
use crate::project::{Project, Speaker};

/// All speakers, by name, and pairs who may be one.
pub fn speakers_view(
    project: &Project,
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
    let uses = speaker_uses(project);
    let mut order: Vec<_> = speakers.iter().collect();
    crate::sort::sort_by(&mut order, |a, b| a.name.to_lowercase().cmp(&b.name.to_lowercase()));
    let rows = order.iter().map(|speaker| {
        let count = uses.get(&speaker.id).copied().unwrap_or_default();
        row(&speakers, speaker, count, can_write, dispatch)
    });
    let pairs = alike(project);
    let proposals = pairs.iter().filter_map(|(a, b)| {
        let (a, b) = (project.speaker(a)?, project.speaker(b)?);
        // The longer name says more.
        let (into, from) = if a.name.len() >= b.name.len() { (a, b) } else { (b, a) };
        Some(proposal(into, from, can_write, dispatch))
    });
    html! {
        <>
            if !pairs.is_empty() {
                <section class="alike" aria-label="Who may be one">
                    <h3>{ "Are these one?" }</h3>
                    <ul>{ for proposals }</ul>
                </section>
            }
            <table class="table">
                <thead><tr><th scope="col">{ "Name" }</th><th scope="col">{ "Other names" }</th><th scope="col" class="number">{ "Annotations" }</th><th scope="col"><span class="visually-hidden">{ "Change" }</span></th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        </>
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

fn row(
    all: &[&std::sync::Arc<Speaker>],
    speaker: &Speaker,
    count: u32,
    can_write: bool,
    dispatch: &Callback<Action>,
) -> Html {
    let id = speaker.id.clone();
    let rename =
        dispatch.reform(move |event: Event| Action::RenameSpeaker(id.clone(), value_of(&event)));
    let id = speaker.id.clone();
    let aliases =
        dispatch.reform(move |event: Event| Action::SetAliases(id.clone(), value_of(&event)));
    let others = all.iter().filter(|other| other.id != speaker.id);
    let merge = Choose {
        name: format!("Merge {} into", speaker.name),
        first: "Merge into…",
        button: "Merge",
        choices: others.map(|it| (it.id.to_string(), it.name.clone())).collect(),
    };
    let from = speaker.id.clone();
    let merge = choose(merge, can_write, dispatch, move |into| Action::MergeSpeakers {
        into: SpeakerId::from(into),
        from: from.clone(),
    });
    let split = Choose {
        name: format!("Split from {}", speaker.name),
        first: "Split off…",
        button: "Split",
        choices: speaker.aliases.iter().map(|it| (it.clone(), it.clone())).collect(),
    };
    let from = speaker.id.clone();
    let split =
        choose(split, can_write, dispatch, move |alias| Action::SplitSpeaker(from.clone(), alias));
    let id = speaker.id.clone();
    let delete = dispatch.reform(move |_: MouseEvent| Action::DeleteSpeaker(id.clone()));
    html! {
        <tr key={speaker.id.to_string()}>
            <td><Typed value={speaker.name.clone()}><input type="text" dir="auto" aria-label={format!("Name of {}", speaker.name)} disabled={!can_write} onchange={rename} /></Typed></td>
            <td><Typed value={speaker.aliases.join(", ")}><input type="text" dir="auto" aria-label={format!("Other names of {}", speaker.name)} placeholder="With commas between" disabled={!can_write} onchange={aliases} /></Typed></td>
            <td class="number" data-count={if count == 1 { "annotation" } else { "annotations" }}>{ count }</td>
            <td class="table-tools">
                { merge }
                if !speaker.aliases.is_empty() { { split } }
                if count == 0 {
                    <button type="button" class="button button-icon button-small" aria-label={format!("Delete {}", speaker.name)} disabled={!can_write} onclick={delete}><span class="icon icon-remove" aria-hidden="true" /></button>
                }
            </td>
        </tr>
    }
}
