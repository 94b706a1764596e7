//! A file of a project that is here already: what merging it or restoring from it does.

use std::sync::Arc;

use web_sys::{Event, MouseEvent};
use yew::prelude::*;

use super::dialogs::{SHOWN, problem_list};
use super::value_of;
use crate::edit::merge::{
    Decisions, Difference, Fact, Listed, Merge, Note, Restore, Rule, Side, Summary, Why,
};
use crate::editor::{Action, Incoming};

/// How many of what comes, changes or goes are named.
const NAMED: usize = 20;

/// How many differences are shown; a rule decides the others.
const DECIDED: usize = 100;

/// What merging brings, what is to be decided, and what else can be done with the file.
pub fn merge_view(
    incoming: &Arc<Incoming>,
    merge: &Merge,
    decisions: &Decisions,
    dispatch: &Callback<Action>,
) -> Html {
    let act = |action: fn() -> Action| dispatch.reform(move |_: MouseEvent| action());
    let Merge { summary, differences, notes, transaction } = merge;
    let Summary { comes, changes, .. } = summary;
    let nothing = transaction.is_empty() && differences.is_empty();
    html! {
        <>
            <p>{ format!("The file has {} that this project has not.", comes.tally) }</p>
            { names(comes) }
            if changes.tally.total() > 0 {
                <p>{ format!("From both together, without loss: {}.", changes.tally) }</p>
                { names(changes) }
            }
            { note_list(notes) }
            if !differences.is_empty() { { difference_list(differences, decisions, dispatch) } }
            if !incoming.problems.is_empty() { { problem_list(&incoming.problems) } }
            <p class="faint">{ "One Undo takes a merge back. A copy becomes a project of its own. Restoring makes this project what the file has, and shows first what that would change." }</p>
            <div class="dialog-foot">
                <button type="button" class="button" onclick={act(|| Action::AskRestore)}>{ "Restore…" }</button>
                <button type="button" class="button" onclick={act(|| Action::KeepCopy)}>{ "Keep a separate copy" }</button>
                <button type="button" class="button button-primary" disabled={nothing} onclick={act(|| Action::MergeTheirs)}>{ "Merge" }</button>
            </div>
        </>
    }
}

/// What restoring from the file would do.
pub fn restore_view(
    incoming: &Arc<Incoming>,
    restore: &Restore,
    dispatch: &Callback<Action>,
) -> Html {
    let again = incoming.clone();
    let back = dispatch.reform(move |_: MouseEvent| Action::ProjectRead(again.clone()));
    let go = dispatch.reform(|_: MouseEvent| Action::Restore);
    let Summary { comes, changes, goes } = &restore.summary;
    let section = |what: &str, listed: &Listed| {
        html! {
            if listed.tally.total() > 0 {
                <section class="listed">
                    <h3>{ format!("{what}: {}", listed.tally) }</h3>
                    { names(listed) }
                </section>
            }
        }
    };
    html! {
        <>
            if restore.summary.is_empty() {
                <p>{ format!("This project is what “{}” has already.", incoming.file) }</p>
            } else {
                <p>{ format!("Making this project what “{}” has would change this:", incoming.file) }</p>
            }
            { section("Comes", comes) }
            { section("Changes", changes) }
            { section("Goes", goes) }
            { note_list(&restore.notes) }
            if !incoming.problems.is_empty() { { problem_list(&incoming.problems) } }
            <p class="faint">{ "One Undo takes it back." }</p>
            <div class="dialog-foot">
                <button type="button" class="button" onclick={back}>{ "Back" }</button>
                <button type="button" class="button button-primary" disabled={restore.transaction.is_empty()} onclick={go}>{ "Restore" }</button>
            </div>
        </>
    }
}

/// The names of what comes, changes or goes.
fn names(listed: &Listed) -> Html {
    let total = listed.tally.total() as usize;
    let rows = listed.names.iter().take(NAMED).map(|name| html! { <li dir="auto">{ name }</li> });
    html! {
        if total > 0 {
            <ul class="names">
                { for rows }
                if total > NAMED { <li class="faint">{ format!("and {} more", total - NAMED) }</li> }
            </ul>
        }
    }
}

fn note_list(notes: &[Note]) -> Html {
    let rows = notes.iter().take(SHOWN).map(|Note { name, why }| {
        let why = match why {
            Why::OtherText(Side::Mine) => {
                "has another text in the file. Both are kept, yours under a new id."
            }
            Why::OtherText(Side::Theirs) => {
                "has another text in the file. Both are kept, the file's under a new id."
            }
            Why::LaterText(Side::Mine) => {
                "has an older text in the file. This project's stands, with what is marked in both."
            }
            Why::LaterText(Side::Theirs) => {
                "has a newer text in the file, which stands, with what is marked in both."
            }
            Why::LostEnd => "goes, since an annotation that it joins goes.",
            Why::NoText => "has no text in the file, so that nothing of it can come.",
        };
        html! { <li><span class="problem-place" dir="auto">{ name }</span><span>{ why }</span></li> }
    });
    html! {
        if !notes.is_empty() {
            <ul class="problems">{ for rows }</ul>
            if notes.len() > SHOWN { <p class="faint">{ format!("and {} more", notes.len() - SHOWN) }</p> }
        }
    }
}

/// All differences with what stands of each, and a rule for all.
fn difference_list(
    differences: &[Difference],
    decisions: &Decisions,
    dispatch: &Callback<Action>,
) -> Html {
    let choose = dispatch.reform(|event: Event| {
        Action::DecideAll(match value_of(&event).as_str() {
            "mine" => Rule::Mine,
            "theirs" => Rule::Theirs,
            _ => Rule::Newest,
        })
    });
    let rules = [
        (Rule::Newest, "newest", "What was changed last"),
        (Rule::Mine, "mine", "What is here"),
        (Rule::Theirs, "theirs", "What the file has"),
    ];
    let rules = rules.map(|(rule, value, name)| {
        html! { <option {value} selected={decisions.rule == rule}>{ name }</option> }
    });
    let count = match differences.len() {
        1 => "1 difference".to_owned(),
        n => format!("{n} differences"),
    };
    let rows = differences.iter().enumerate().take(DECIDED);
    let rows = rows.map(|(at, difference)| difference_view(at, difference, decisions, dispatch));
    html! {
        <section class="differences">
            <div class="difference-rule">
                <h3>{ count }</h3>
                <label class="field-line"><span>{ "What stands" }</span>
                    <select onchange={choose}>{ for rules }</select>
                </label>
            </div>
            { for rows }
            if differences.len() > DECIDED {
                <p class="faint">{ format!("and {} more, which are decided by the rule", differences.len() - DECIDED) }</p>
            }
        </section>
    }
}

fn difference_view(
    at: usize,
    difference: &Difference,
    decisions: &Decisions,
    dispatch: &Callback<Action>,
) -> Html {
    let Difference { key, name, mine, theirs, newest } = difference;
    let stands = decisions.side(key, *newest);
    let side = |side: Side, title: &str, says: &[Fact], other: &[Fact]| {
        let key = key.clone();
        let onchange = dispatch.reform(move |_: Event| Action::Decide(key.clone(), side));
        let own = says.iter().filter(|fact| !other.contains(fact)).map(fact);
        html! {
            <label class="side-choice">
                <input type="radio" name={format!("difference-{at}")} checked={stands == side} {onchange} />
                <span class="side-title">{ title }</span>
                { for own }
            </label>
        }
    };
    let both = mine.iter().filter(|fact| theirs.contains(fact)).map(fact);
    html! {
        <fieldset class="difference" key={at}>
            <legend dir="auto">{ name }</legend>
            <div class="facts">{ for both }</div>
            <div class="sides">
                { side(Side::Mine, "Here", mine, theirs) }
                { side(Side::Theirs, "In the file", theirs, mine) }
            </div>
        </fieldset>
    }
}

fn fact(Fact { name, value }: &Fact) -> Html {
    html! {
        <span class="fact"><span class="fact-name">{ name }{ ": " }</span><bdi>{ value }</bdi></span>
    }
}
