//! What a dataset is to be, and what would be in it.

use web_sys::{Event, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::typed::Typed;
use super::{checked_of, maybe, value_of};
use crate::annotation::Status;
use crate::editor::{Action, Doing, Making, Stage, Wish};
use crate::format::dataset::{FORMATS, Part, Terms, Wanted, Whose};
use crate::job::{Dataset, Give, PartSize};
use crate::project::Project;
use crate::text::Unit;

/// The dialog's body. `folders` says whether the browser can write to a folder by itself.
pub fn dataset_view(
    project: &Project,
    making: &Making,
    folders: bool,
    dispatch: &Callback<Action>,
) -> Html {
    let wanted = &making.wanted;
    let make = dispatch.reform(|event: SubmitEvent| {
        event.prevent_default();
        Action::MakeDataset
    });
    html! {
        <form class="dataset" onsubmit={make}>
            { format_fields(wanted, dispatch) }
            <fieldset class="field-group">
                <legend>{ "What goes in" }</legend>
                { whose_fields(project, wanted, dispatch) }
                { some_fields(project, wanted, dispatch) }
                { tick("Annotations that lie in boilerplate", wanted.choice.boilerplate, false, dispatch, Wish::Boilerplate) }
                { tick("The texts (else offsets and each text’s hash)", wanted.choice.text, wanted.format.needs_text, dispatch, Wish::Text) }
            </fieldset>
            <fieldset class="field-group">
                <legend>{ "Parts" }</legend>
                { tick("Split into train, validation and test; what is alike stays together", wanted.split.is_some(), false, dispatch, Wish::Split) }
                { split_fields(wanted, dispatch) }
            </fieldset>
            { found_view(project, making, dispatch) }
            <fieldset class="field-group">
                <legend>{ "What the card says" }</legend>
                { terms_fields(&wanted.terms, dispatch) }
            </fieldset>
            { foot(making, folders, dispatch) }
        </form>
    }
}

/// What can be done, and how far what takes long is.
fn foot(making: &Making, folders: bool, dispatch: &Callback<Action>) -> Html {
    let on = |action: fn() -> Action| dispatch.reform(move |_: MouseEvent| action());
    let stage = making.doing.and_then(|doing| Some((doing, doing.stage?)));
    // They keep the focus, and do nothing: one dataset at a time.
    let busy = (making.is_made() && stage.is_some()).then_some("true");
    html! {
        <div class="dialog-foot">
            if let Some((doing, stage)) = stage {
                <div class="working">
                    { progress(doing, stage) }
                    <button type="button" class="button button-small" onclick={on(|| Action::StopDataset)}>{ "Cancel" }</button>
                </div>
            }
            <button type="button" class="button" onclick={on(|| Action::OpenExport)}>{ "Back" }</button>
            if folders {
                <button type="button" class="button" aria-disabled={busy} onclick={on(|| Action::SaveDataset)}>{ "Save into a folder…" }</button>
            }
            <button type="submit" class="button button-primary" aria-disabled={busy}>{ "Download" }</button>
        </div>
    }
}

fn progress(doing: Doing, stage: Stage) -> Html {
    let does = match doing.give {
        Give::Look => "Looking what goes in",
        Give::Archive | Give::Files => "Making the dataset",
    };
    let (said, part) = match stage {
        Stage::Articles(at, of) => (format!("Preparing: {at} of {of} articles"), Some((at, of))),
        Stage::Writing => (format!("{does}…"), None),
        Stage::Written(at, of) => (format!("{does}: {at} of {of} articles"), Some((at, of))),
        Stage::Packed(at, of) => (format!("Packing: {at} of {of} MB"), Some((at, of))),
        Stage::Files(at, of) => (format!("Writing: {at} of {of} files"), Some((at, of))),
    };
    let (at, of) = (part.map(|(at, _)| at.to_string()), part.map(|(_, of)| of.to_string()));
    html! {
        <label class="search-progress"><span>{ said }</span><progress max={of} value={at} /></label>
    }
}

fn format_fields(wanted: &Wanted, dispatch: &Callback<Action>) -> Html {
    let choose =
        dispatch.reform(|event: Event| Action::WantDataset(Wish::Format(value_of(&event))));
    let options = FORMATS.iter().map(|format| {
        html! { <option value={format.id} selected={format.id == wanted.format.id}>{ format.name }</option> }
    });
    html! {
        <>
            <label class="field"><span class="field-name">{ "Format" }</span>
                <select aria-label="Format" onchange={choose} autofocus=true>{ for options }</select>
            </label>
            <p class="faint">{ wanted.format.about }</p>
            if wanted.format.units.len() > 1 {
                { unit_field(wanted, dispatch) }
            }
        </>
    }
}

fn unit_field(wanted: &Wanted, dispatch: &Callback<Action>) -> Html {
    let units = wanted.format.units;
    let choose = maybe(dispatch, move |event: Event| {
        let value = value_of(&event);
        let unit = units.iter().find(|unit| unit_name(**unit) == value)?;
        Some(Action::WantDataset(Wish::Unit(*unit)))
    });
    let options = units.iter().map(|unit| {
        let selected = *unit == wanted.choice.unit;
        html! { <option value={unit_name(*unit)} {selected}>{ unit_name(*unit) }</option> }
    });
    html! {
        <label class="field"><span class="field-name">{ "Offsets count" }</span>
            <select aria-label="Offsets count" onchange={choose}>{ for options }</select>
        </label>
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::CodePoint => "Characters, as Python does",
        Unit::Utf16 => "UTF-16 units, as browsers do",
        Unit::Utf8 => "Bytes of UTF-8",
    }
}

const ALL: &str = "all";
const SOME: &str = "some";
const GOLD: &str = "gold";

fn whose_fields(project: &Project, wanted: &Wanted, dispatch: &Callback<Action>) -> Html {
    let all: Vec<_> = project.annotators().iter().map(|it| it.id.clone()).collect();
    let choose = dispatch.reform(move |event: Event| {
        Action::WantDataset(Wish::Whose(match value_of(&event).as_str() {
            GOLD => Whose::Gold,
            SOME => Whose::Annotators(all.clone()),
            _ => Whose::All,
        }))
    });
    let now = match &wanted.choice.whose {
        Whose::All => ALL,
        Whose::Annotators(_) => SOME,
        Whose::Gold => GOLD,
    };
    let options = [
        (ALL, "Of all annotators, each for itself"),
        (SOME, "Of some annotators"),
        (GOLD, "Adjudicated"),
    ];
    let options = options
        .map(|(value, name)| html! { <option {value} selected={value == now}>{ name }</option> });
    let annotators = project.annotators();
    let ticks = annotators.iter().map(|annotator| {
        let id = annotator.id.clone();
        let name = match annotator.name.trim() {
            "" => format!("without a name ({})", id.as_str()),
            name => name.to_owned(),
        };
        let ticked = matches!(&wanted.choice.whose, Whose::Annotators(some) if some.contains(&id));
        tick(&name, ticked, false, dispatch, move |ticked| Wish::Annotator(id.clone(), ticked))
    });
    html! {
        <>
            <label class="field"><span class="field-name">{ "Annotations" }</span>
                <select aria-label="Annotations" onchange={choose}>{ for options }</select>
            </label>
            if now == SOME { <div class="ticks">{ for ticks }</div> }
        </>
    }
}

fn some_fields(project: &Project, wanted: &Wanted, dispatch: &Callback<Action>) -> Html {
    let choice = &wanted.choice;
    let statuses = Status::ALL.map(|status| {
        let ticked = choice.statuses.is_empty() || choice.statuses.contains(&status);
        tick(status_name(status), ticked, false, dispatch, move |ticked| {
            Wish::Status(status, ticked)
        })
    });
    let labels = project.scheme().labels.iter().map(|label| {
        let id = label.id.clone();
        let ticked = choice.labels.is_empty() || choice.labels.contains(&id);
        tick(&label.name, ticked, false, dispatch, move |ticked| Wish::Label(id.clone(), ticked))
    });
    html! {
        <>
            <div class="ticks" role="group" aria-label="Articles that are"><span class="field-name">{ "Articles that are" }</span>{ for statuses }</div>
            <div class="ticks" role="group" aria-label="Labels"><span class="field-name">{ "Labels" }</span>{ for labels }</div>
        </>
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Todo => "To do",
        Status::Doing => "Begun",
        Status::Done => "Done",
        Status::Skipped => "Skipped",
    }
}

/// A box, and what ticking it changes.
fn tick(
    name: &str,
    checked: bool,
    disabled: bool,
    dispatch: &Callback<Action>,
    wish: impl Fn(bool) -> Wish + 'static,
) -> Html {
    let onchange =
        dispatch.reform(move |event: Event| Action::WantDataset(wish(checked_of(&event))));
    html! {
        <label class="check-line"><input type="checkbox" {checked} {disabled} {onchange} /><span dir="auto">{ name.to_owned() }</span></label>
    }
}

fn split_fields(wanted: &Wanted, dispatch: &Callback<Action>) -> Html {
    let Some((fractions, seed)) = wanted.split else { return html! {} };
    let parts = Part::ALL.map(|part| {
        let wish = move |value: &str| Some(Wish::Fraction(part, value.parse().ok()?));
        number_field(part_name(part), u64::from(fractions.of(part)), dispatch, wish)
    });
    let seed = number_field("Seed", seed, dispatch, |value| Some(Wish::Seed(value.parse().ok()?)));
    html! { <div class="numbers">{ for parts }{ seed }</div> }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Train => "Train",
        Part::Validation => "Validation",
        Part::Test => "Test",
    }
}

fn number_field(
    name: &'static str,
    value: u64,
    dispatch: &Callback<Action>,
    wish: impl Fn(&str) -> Option<Wish> + 'static,
) -> Html {
    let onchange =
        maybe(dispatch, move |event: Event| wish(&value_of(&event)).map(Action::WantDataset));
    html! {
        <label class="field"><span class="field-name">{ name }</span>
            <Typed value={value.to_string()}><input type="number" min="0" step="1" {onchange} /></Typed>
        </label>
    }
}

fn terms_fields(terms: &Terms, dispatch: &Callback<Action>) -> Html {
    type Set = fn(&mut Terms, String);
    let fields: [(&str, &str, &str, Set); 3] = [
        ("Licence of the annotations", &terms.licence, "For example cc-by-4.0", |it, to| {
            it.licence = to
        }),
        (
            "Rights in the texts",
            &terms.texts,
            "Whose they are, and what may be done with them",
            |it, to| it.texts = to,
        ),
        ("Made by", &terms.authors, "Whom others should name", |it, to| it.authors = to),
    ];
    let fields = fields.map(|(name, value, placeholder, set)| {
        let terms = terms.clone();
        let onchange = dispatch.reform(move |event: Event| {
            let mut terms = terms.clone();
            set(&mut terms, value_of(&event));
            Action::WantDataset(Wish::Terms(terms))
        });
        html! {
            <label class="field"><span class="field-name">{ name }</span>
                <Typed value={value.to_owned()}><input type="text" dir="auto" {placeholder} {onchange} /></Typed>
            </label>
        }
    });
    html! { <>{ for fields }</> }
}

/// What would be in the dataset.
fn found_view(project: &Project, making: &Making, dispatch: &Callback<Action>) -> Html {
    let body = match &making.found {
        _ if making.outdated && making.doing.is_none() => {
            let again = dispatch.reform(|_: MouseEvent| Action::OpenDataset);
            html! {
                <p>{ "You stopped before it was known. " }<button type="button" class="button button-small" onclick={again}>{ "Look again" }</button></p>
            }
        }
        None => html! { <p class="faint">{ "Looking what goes in…" }</p> },
        Some(Err(why)) => {
            html! { <p class="problem">{ format!("No dataset can be made of this: {why}.") }</p> }
        }
        Some(Ok(dataset)) => html! {
            <>
                { parts_table(project, &dataset.parts) }
                { losses_view(&dataset.losses) }
                if let Some(split) = &dataset.split {
                    <details><summary>{ "How it is split" }</summary><pre class="split-report">{ split }</pre></details>
                }
                { files_view(dataset) }
            </>
        },
    };
    // What is shown is of an older wish, for longer than one takes no notice of.
    let old = making.doing.is_some_and(|doing| doing.give == Give::Look && doing.stage.is_some());
    html! {
        <section class="in-it" aria-labelledby="found-title" aria-live="polite" aria-busy={old.then_some("true")}>
            <h3 id="found-title">{ "What would be in it" }</h3>
            { body }
        </section>
    }
}

fn parts_table(project: &Project, parts: &[PartSize]) -> Html {
    let mut labels: Vec<(String, String)> =
        project.scheme().labels.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    for (id, _) in parts.iter().flat_map(|part| &part.labels) {
        if !labels.iter().any(|(known, _)| known == id) {
            labels.push((id.clone(), id.clone()));
        }
    }
    let row = |part: &PartSize| {
        let count = |id: &str| part.labels.iter().find(|(it, _)| it == id).map_or(0, |it| it.1);
        html! {
            <tr>
                <th scope="row">{ if part.name == ALL { "All".to_owned() } else { part.name.clone() } }</th>
                <td>{ part.articles }</td>
                { for labels.iter().map(|(id, _)| html! { <td>{ count(id) }</td> }) }
                <td>{ part.relations }</td>
            </tr>
        }
    };
    html! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Counts">
            <table class="counts">
                <thead><tr>
                    <td />
                    <th scope="col">{ "Articles" }</th>
                    { for labels.iter().map(|(_, name)| html! { <th scope="col" dir="auto">{ name }</th> }) }
                    <th scope="col">{ "Links" }</th>
                </tr></thead>
                <tbody>{ for parts.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

fn losses_view(losses: &[String]) -> Html {
    if losses.is_empty() {
        return html! { <p>{ "The format holds all of it." }</p> };
    }
    let list = |losses: &[String]| {
        html! { <ul class="losses">{ for losses.iter().map(|loss| html! { <li dir="auto">{ loss }</li> }) }</ul> }
    };
    let (first, others) = losses.split_at(losses.len().min(SHOWN));
    html! {
        <>
            <p>{ "What this format cannot hold:" }</p>
            { list(first) }
            if !others.is_empty() {
                <details><summary>{ format!("and {} more", others.len()) }</summary>{ list(others) }</details>
            }
        </>
    }
}

/// How many losses of a long list are shown at once.
const SHOWN: usize = 8;

/// How many files of a long list are named.
const NAMED: usize = 12;

fn files_view(dataset: &Dataset) -> Html {
    let bytes: u64 = dataset.files.iter().map(|(_, size)| size).sum();
    let count = match dataset.files.len() {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    let names =
        dataset.files.iter().take(NAMED).map(|(name, _)| html! { <li><code>{ name }</code></li> });
    let more = dataset.files.len().saturating_sub(NAMED);
    html! {
        <details>
            <summary>{ format!("{count}, {} before packing", size(bytes)) }</summary>
            <ul class="files">{ for names }</ul>
            if more > 0 { <p class="faint">{ format!("and {more} more") }</p> }
        </details>
    }
}

/// Bytes as people say them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
