//! The screen of the scheme: labels, attributes and kinds of links, each as a list and a form.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlInputElement, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::dialogs::problem_list;
use super::typed::Typed;
use super::{checked_of, maybe, submitted, value_of};
use crate::edit::act::scheme::relation_uses;
use crate::editor::scheme::{
    SchemeAsk, SchemePart, counted, key_clashes, kind_name, preview, uses_of_label,
};
use crate::editor::{Action, OwnKeys};
use crate::project::Project;
use crate::scheme::{
    Attribute, AttributeKind, Color, Label, LabelId, LineStyle, RelationType, Rule, Scheme,
};
use crate::web::world;

/// What the views of this screen share.
struct Seen<'a> {
    project: &'a Project,
    scheme: &'a Scheme,
    can_write: bool,
    own: &'a OwnKeys,
    dispatch: &'a Callback<Action>,
}

/// The scheme: what is asked before it is done, or else one of its lists and what is picked there.
pub fn scheme_view(
    project: &Project,
    part: &SchemePart,
    asked: Option<&SchemeAsk>,
    problem: Option<&str>,
    (can_write, own): (bool, &OwnKeys),
    dispatch: &Callback<Action>,
) -> Html {
    let seen = Seen { project, scheme: project.scheme(), can_write, own, dispatch };
    if let Some(asked) = asked {
        return ask_view(&seen, asked);
    }
    let body = match part {
        SchemePart::Labels(picked) => labels(&seen, picked.as_ref()),
        SchemePart::Attributes(picked) => {
            let all = &seen.scheme.attributes;
            let it = all.iter().find(|it| Some(&it.id) == picked.as_ref()).or(all.first());
            let rows = all.iter().map(|row| {
                let to = SchemePart::Attributes(Some(row.id.clone()));
                let is_picked = it.is_some_and(|it| it.id == row.id);
                let more = html! { <span class="faint">{ kind_name(row.kind) }</span> };
                list_row(&seen, row.id.as_str(), &row.name, html! {}, more, is_picked, to)
            });
            two_parts(&seen, "attribute", rows.collect(), it.map(|it| attribute_form(&seen, it)))
        }
        SchemePart::Relations(picked) => {
            let all = &seen.scheme.relations;
            let it = all.iter().find(|it| Some(&it.id) == picked.as_ref()).or(all.first());
            let rows = all.iter().map(|row| {
                let to = SchemePart::Relations(Some(row.id.clone()));
                let is_picked = it.is_some_and(|it| it.id == row.id);
                let links = counted(relation_uses(project, &row.id) as u32, "link");
                let more = html! { <span class="faint">{ links }</span> };
                list_row(&seen, row.id.as_str(), &row.name, html! {}, more, is_picked, to)
            });
            two_parts(&seen, "kind of link", rows.collect(), it.map(|it| relation_form(&seen, it)))
        }
    };
    let tab = |name: &'static str, to: SchemePart| {
        let pressed = std::mem::discriminant(part) == std::mem::discriminant(&to);
        let show = dispatch.reform(move |_: MouseEvent| Action::ShowScheme(to.clone()));
        html! { <button type="button" class="button" aria-pressed={pressed.to_string()} onclick={show}>{ name }</button> }
    };
    html! {
        <>
            <div class="scheme-tabs" role="group" aria-label="Parts of the scheme">
                { tab("Labels", SchemePart::Labels(None)) }
                { tab("Attributes", SchemePart::Attributes(None)) }
                { tab("Links", SchemePart::Relations(None)) }
            </div>
            if let Some(problem) = problem {
                <p class="problem" role="alert">{ format!("The file gives no scheme: {problem}.") }</p>
            }
            if !can_write { <p class="faint" role="status">{ "The scheme cannot be changed now." }</p> }
            { body }
            { files(&seen) }
        </>
    }
}

/// A list, a way to add to it, and the form of what is picked.
fn two_parts(seen: &Seen, what: &'static str, rows: Vec<Html>, form: Option<Html>) -> Html {
    let add = seen.dispatch.reform(|event: SubmitEvent| {
        let name = submitted(&event, "name");
        let form = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlFormElement>().ok());
        if let Some(form) = form {
            form.reset();
        }
        Action::AddToScheme(name)
    });
    html! {
        <div class="scheme" key={what}>
            <div class="scheme-list">
                <ul aria-label={format!("Each {what}")}>{ for rows }</ul>
                <form class="line-form" onsubmit={add}>
                    <label class="field"><span class="field-name">{ format!("New {what}") }</span>
                        <input type="text" name="name" dir="auto" autocomplete="off" placeholder="Name" disabled={!seen.can_write} />
                    </label>
                    <button type="submit" class="button" disabled={!seen.can_write}>{ "Add" }</button>
                </form>
            </div>
            { form.unwrap_or_default() }
        </div>
    }
}

fn list_row(
    seen: &Seen,
    id: &str,
    name: &str,
    before: Html,
    more: Html,
    picked: bool,
    to: SchemePart,
) -> Html {
    let show = seen.dispatch.reform(move |_: MouseEvent| Action::ShowScheme(to.clone()));
    html! {
        <li key={id.to_owned()}>
            <button type="button" class="scheme-row" aria-current={picked.then_some("true")} onclick={show}>
                { before }<span class="scheme-name" dir="auto">{ name }</span>{ more }
            </button>
        </li>
    }
}

/// What makes a changed copy of something of an event, as an action.
fn change<T: Clone + 'static>(
    seen: &Seen,
    it: &T,
    action: fn(Box<T>) -> Action,
    change: impl Fn(&mut T, &Event) + 'static,
) -> Callback<Event> {
    let it = it.clone();
    seen.dispatch.reform(move |event: Event| {
        let mut after = it.clone();
        change(&mut after, &event);
        action(Box::new(after))
    })
}

fn text_field(seen: &Seen, name: &'static str, value: &str, onchange: Callback<Event>) -> Html {
    html! {
        <label class="field"><span class="field-name">{ name }</span>
            <Typed value={value.to_owned()}><input type="text" dir="auto" disabled={!seen.can_write} {onchange} /></Typed>
        </label>
    }
}

fn area(seen: &Seen, name: &'static str, value: &str, onchange: Callback<Event>) -> Html {
    html! {
        <label class="field"><span class="field-name">{ name }</span>
            <Typed value={value.to_owned()}><textarea rows="2" dir="auto" disabled={!seen.can_write} {onchange} /></Typed>
        </label>
    }
}

fn tick(seen: &Seen, name: &str, checked: bool, onchange: Callback<Event>) -> Html {
    html! {
        <label class="check-line" key={name.to_owned()}>
            <input type="checkbox" {checked} disabled={!seen.can_write} {onchange} />
            <span dir="auto">{ name }</span>
        </label>
    }
}

/// Buttons that move what is picked, and what else is given.
fn foot(seen: &Seen, name: &str, part: SchemePart, more: Html) -> Html {
    let shift = |back: bool, says: &str| {
        let part = part.clone();
        let onclick = seen
            .dispatch
            .reform(move |_: MouseEvent| Action::MoveInScheme { part: part.clone(), back });
        html! { <button type="button" class="button button-small" aria-label={format!("Move {name} {says}")} disabled={!seen.can_write} {onclick}>{ if back { "Up" } else { "Down" } }</button> }
    };
    html! { <div class="scheme-foot">{ shift(true, "up") }{ shift(false, "down") }{ more }</div> }
}

/// A button that asks first.
fn asks(seen: &Seen, name: &str, aria: String, ask: SchemeAsk) -> Html {
    let onclick = seen.dispatch.reform(move |_: MouseEvent| Action::AskScheme(Some(ask.clone())));
    html! { <button type="button" class="button button-small button-danger" aria-label={aria} disabled={!seen.can_write} {onclick}>{ name }</button> }
}

fn labels(seen: &Seen, picked: Option<&LabelId>) -> Html {
    let all = &seen.scheme.labels;
    let it = all.iter().find(|it| Some(&it.id) == picked).or(all.first());
    let clashes = key_clashes(seen.scheme, seen.own);
    let rows = all.iter().map(|row| {
        let to = SchemePart::Labels(Some(row.id.clone()));
        let is_picked = it.is_some_and(|it| it.id == row.id);
        let swatch = html! { <span class={format!("label-{}", row.color.name())}><span class={format!("swatch line-{}", row.style.name())} aria-hidden="true" /></span> };
        let clash = clashes.iter().any(|clash| clash.label == row.id);
        let count = uses_of_label(seen.project, &row.id).total();
        let more = html! {
            <>
                if !row.key.is_empty() { <kbd>{ row.key.to_uppercase() }</kbd> }
                if clash { <span class="broken-sign" role="img" aria-label="its key clashes">{ "!" }</span> }
                <span class="faint">{ counted(count, "annotation") }</span>
            </>
        };
        list_row(seen, row.id.as_str(), &row.name, swatch, more, is_picked, to)
    });
    let said = clashes.iter().map(|clash| html! { <li>{ clash.sentence(seen.scheme) }</li> });
    html! {
        <>
            if !clashes.is_empty() {
                <ul class="broken-rules" aria-label="Keys that clash">{ for said }</ul>
            }
            { two_parts(seen, "label", rows.collect(), it.map(|it| label_form(seen, it))) }
        </>
    }
}

fn label_form(seen: &Seen, label: &Label) -> Html {
    let set = |to: fn(&mut Label, String)| {
        change(seen, label, Action::ChangeLabel, move |label, event| to(label, value_of(event)))
    };
    let color = change(seen, label, Action::ChangeLabel, |label, event| {
        let chosen = value_of(event);
        let found = Color::ALL.into_iter().find(|color| color.name() == chosen);
        label.color = found.unwrap_or(label.color);
    });
    let style = change(seen, label, Action::ChangeLabel, |label, event| {
        let chosen = value_of(event);
        let found = LineStyle::ALL.into_iter().find(|style| style.name() == chosen);
        label.style = found.unwrap_or(label.style);
    });
    let attributes = seen.scheme.attributes.iter().map(|attribute| {
        let id = attribute.id.clone();
        let toggle = change(seen, label, Action::ChangeLabel, move |label, event| {
            label.attributes.retain(|it| *it != id);
            if checked_of(event) {
                label.attributes.push(id.clone());
            }
        });
        tick(seen, &attribute.name, label.attributes.contains(&attribute.id), toggle)
    });
    // The first hold for every label.
    let own = Rule::ALL.into_iter().filter(|rule| rule_name(rule).is_some());
    let unknown = label.rules.iter().filter(|rule| matches!(rule, Rule::Other(_))).cloned();
    let rules = own.chain(unknown).map(|rule| {
        let (name, has) =
            (rule_name(&rule).unwrap_or(rule.name()).to_owned(), label.rules.contains(&rule));
        let toggle = change(seen, label, Action::ChangeLabel, move |label, event| {
            label.rules.retain(|it| *it != rule);
            if checked_of(event) {
                label.rules.push(rule.clone());
            }
        });
        tick(seen, &name, has, toggle)
    });
    let from = label.id.clone();
    let merge = maybe(seen.dispatch, move |event: Event| {
        let into = value_of(&event);
        let (label, into) = (from.clone(), Some(LabelId::from(&into)).filter(|_| !into.is_empty()));
        into.is_some().then_some(Action::AskScheme(Some(SchemeAsk::GiveUpLabel { label, into })))
    });
    let others = seen.scheme.labels.iter().filter(|it| it.id != label.id);
    let delete = SchemeAsk::GiveUpLabel { label: label.id.clone(), into: None };
    let more = html! {
        <>
            <select aria-label={format!("Merge {} into", label.name)} disabled={!seen.can_write} onchange={merge}>
                <option value="" selected=true>{ "Merge into…" }</option>
                { for others.map(|other| html! { <option value={other.id.to_string()}>{ &other.name }</option> }) }
            </select>
            if seen.scheme.labels.len() > 1 {
                { asks(seen, "Delete…", format!("Delete {}", label.name), delete) }
            }
        </>
    };
    html! {
        <section class="scheme-form" key={label.id.to_string()} aria-label={format!("The label {}", label.name)}>
            { text_field(seen, "Name", &label.name, set(|label, text| label.name = text)) }
            <div class="scheme-line">
                <label class="field"><span class="field-name">{ "Key" }</span>
                    <Typed value={label.key.clone()}><input type="text" class="scheme-key" maxlength="1" autocomplete="off" disabled={!seen.can_write} onchange={set(|label, text| label.key = text)} /></Typed>
                </label>
                <label class="field"><span class="field-name">{ "Colour" }</span>
                    <select ~value={label.color.name()} disabled={!seen.can_write} onchange={color}>
                        { for Color::ALL.into_iter().map(|it| html! { <option value={it.name()} selected={it == label.color}>{ it.name() }</option> }) }
                    </select>
                </label>
                <label class="field"><span class="field-name">{ "Line" }</span>
                    <select ~value={label.style.name()} disabled={!seen.can_write} onchange={style}>
                        { for LineStyle::ALL.into_iter().map(|it| html! { <option value={it.name()} selected={it == label.style}>{ it.name() }</option> }) }
                    </select>
                </label>
            </div>
            { area(seen, "Description", &label.description, set(|label, text| label.description = text)) }
            { area(seen, "Example", &label.example, set(|label, text| label.example = text)) }
            <fieldset class="scheme-ticks"><legend class="field-name">{ "Attributes, in the order in which they are ticked" }</legend>{ for attributes }</fieldset>
            <fieldset class="scheme-ticks"><legend class="field-name">{ "Rules" }</legend>{ for rules }</fieldset>
            { foot(seen, &label.name, SchemePart::Labels(Some(label.id.clone())), more) }
        </section>
    }
}

/// A rule that labels may name, as people say it; none for those that hold for all.
fn rule_name(rule: &Rule) -> Option<&'static str> {
    match rule {
        Rule::Marks => Some("From quotation mark to quotation mark"),
        Rule::NoFinalStop => Some("Without the final stop"),
        Rule::NoLeadIn => Some("Without a leading “that” or “and”"),
        Rule::InsideMarks => Some("Inside quotation marks, without them"),
        Rule::Apart => Some("Shares no words with others that keep this"),
        Rule::Linked => Some("Linked to something"),
        _ => None,
    }
}

fn attribute_form(seen: &Seen, attribute: &Attribute) -> Html {
    let set = |to: fn(&mut Attribute, &Event)| change(seen, attribute, Action::ChangeAttribute, to);
    let (id, now) = (attribute.id.clone(), attribute.kind);
    let kind = maybe(seen.dispatch, move |event: Event| {
        let chosen = value_of(&event);
        let kind = AttributeKind::ALL.into_iter().find(|kind| kind.name() == chosen)?;
        (kind != now).then(|| Action::AskScheme(Some(SchemeAsk::ChangeKind(id.clone(), kind))))
    });
    let delete = SchemeAsk::DeleteAttribute(attribute.id.clone());
    let more = asks(seen, "Delete…", format!("Delete {}", attribute.name), delete);
    html! {
        <section class="scheme-form" key={attribute.id.to_string()} aria-label={format!("The attribute {}", attribute.name)}>
            { text_field(seen, "Name", &attribute.name, set(|it, event| it.name = value_of(event))) }
            <label class="field"><span class="field-name">{ "Takes" }</span>
                <select ~value={attribute.kind.name()} disabled={!seen.can_write} onchange={kind}>
                    { for AttributeKind::ALL.into_iter().map(|it| html! { <option value={it.name()} selected={it == attribute.kind}>{ kind_name(it) }</option> }) }
                </select>
            </label>
            if attribute.kind == AttributeKind::Choice { { values(seen, attribute) } }
            { tick(seen, "Required", attribute.required, set(|it, event| it.required = checked_of(event))) }
            { area(seen, "Description", &attribute.description, set(|it, event| it.description = value_of(event))) }
            { foot(seen, &attribute.name, SchemePart::Attributes(Some(attribute.id.clone())), more) }
        </section>
    }
}

/// What a choice chooses from.
fn values(seen: &Seen, attribute: &Attribute) -> Html {
    let rows = attribute.values.iter().map(|value| {
        let (id, own) = (attribute.id.clone(), value.clone());
        let rename = seen.dispatch.reform(move |event: Event| Action::RenameValue {
            attribute: id.clone(),
            value: own.clone(),
            into: value_of(&event),
        });
        let (id, own) = (attribute.id.clone(), value.clone());
        let up = seen.dispatch.reform(move |_: MouseEvent| Action::MoveValue {
            attribute: id.clone(),
            value: own.clone(),
            back: true,
        });
        let gone = SchemeAsk::GiveUpValue {
            attribute: attribute.id.clone(),
            value: value.clone(),
            into: None,
        };
        html! {
            <li key={value.clone()}>
                <Typed value={value.clone()}><input type="text" dir="auto" aria-label={format!("The value {value}")} disabled={!seen.can_write} onchange={rename} /></Typed>
                <button type="button" class="button button-small" aria-label={format!("Move {value} up")} disabled={!seen.can_write} onclick={up}>{ "Up" }</button>
                { asks(seen, "Delete…", format!("Delete {value}"), gone) }
            </li>
        }
    });
    let id = attribute.id.clone();
    let add = seen.dispatch.reform(move |event: SubmitEvent| {
        let value = submitted(&event, "value");
        let form = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlFormElement>().ok());
        if let Some(form) = form {
            form.reset();
        }
        Action::AddValue(id.clone(), value)
    });
    html! {
        <div class="field">
            <span class="field-name">{ "Values; one that is renamed to another is merged into it" }</span>
            <ul class="scheme-values" aria-label="Values">{ for rows }</ul>
            <form class="line-form" onsubmit={add}>
                <label class="field"><span class="field-name">{ "New value" }</span>
                    <input type="text" name="value" dir="auto" autocomplete="off" disabled={!seen.can_write} />
                </label>
                <button type="submit" class="button" aria-label="Add the value" disabled={!seen.can_write}>{ "Add" }</button>
            </form>
        </div>
    }
}

fn relation_form(seen: &Seen, relation: &RelationType) -> Html {
    let set =
        |to: fn(&mut RelationType, &Event)| change(seen, relation, Action::ChangeRelationType, to);
    let ends = |legend: &'static str,
                of: fn(&mut RelationType) -> &mut Vec<LabelId>,
                now: &[LabelId]| {
        let ticks = seen.scheme.labels.iter().map(|label| {
            let id = label.id.clone();
            let toggle = change(seen, relation, Action::ChangeRelationType, move |it, event| {
                of(it).retain(|it| *it != id);
                if checked_of(event) {
                    of(it).push(id.clone());
                }
            });
            tick(seen, &label.name, now.contains(&label.id), toggle)
        });
        html! { <fieldset class="scheme-ticks"><legend class="field-name">{ legend }</legend>{ for ticks }</fieldset> }
    };
    let delete = SchemeAsk::DeleteRelationType { kind: relation.id.clone(), into: None };
    let more = asks(seen, "Delete…", format!("Delete {}", relation.name), delete);
    html! {
        <section class="scheme-form" key={relation.id.to_string()} aria-label={format!("The kind of link {}", relation.name)}>
            { text_field(seen, "Name", &relation.name, set(|it, event| it.name = value_of(event))) }
            { ends("Starts from", |it| &mut it.from, &relation.from) }
            { ends("Leads to", |it| &mut it.to, &relation.to) }
            { tick(seen, "May lead to a group of claims", relation.groups, set(|it, event| it.groups = checked_of(event))) }
            { tick(seen, "May lead to words that are in no text", relation.text, set(|it, event| it.text = checked_of(event))) }
            { tick(seen, "Both ends say the same: they become one group", relation.same, set(|it, event| it.same = checked_of(event))) }
            { area(seen, "Description", &relation.description, set(|it, event| it.description = value_of(event))) }
            { foot(seen, &relation.name, SchemePart::Relations(Some(relation.id.clone())), more) }
        </section>
    }
}

/// What would be done, with what becomes of the annotations where that can be chosen.
fn ask_view(seen: &Seen, asked: &SchemeAsk) -> Html {
    let said = preview(seen.project, asked, seen.own);
    let choices: Option<Vec<(String, String, bool)>> = match asked {
        SchemeAsk::GiveUpLabel { label, into } => {
            let others = seen.scheme.labels.iter().filter(|it| it.id != *label);
            let row =
                |it: &Label| (it.id.to_string(), it.name.clone(), Some(&it.id) == into.as_ref());
            Some(others.map(row).collect())
        }
        SchemeAsk::DeleteRelationType { kind, into } => {
            let others = seen.scheme.relations.iter().filter(|it| it.id != *kind);
            let row = |it: &RelationType| {
                (it.id.to_string(), it.name.clone(), Some(&it.id) == into.as_ref())
            };
            Some(others.map(row).collect())
        }
        _ => None,
    };
    let now = asked.clone();
    let choose = seen.dispatch.reform(move |event: Event| {
        let chosen = Some(value_of(&event)).filter(|chosen| !chosen.is_empty());
        let mut ask = now.clone();
        match &mut ask {
            SchemeAsk::GiveUpLabel { into, .. } => *into = chosen.map(Into::into),
            SchemeAsk::DeleteRelationType { into, .. } => *into = chosen.map(Into::into),
            _ => {}
        }
        Action::AskScheme(Some(ask))
    });
    let back = seen.dispatch.reform(|_: MouseEvent| Action::AskScheme(None));
    let go = seen.dispatch.reform(|_: MouseEvent| Action::DoAsked);
    let rows = said.articles.iter().take(super::dialogs::SHOWN).map(|(title, count)| html! {
        <li><span dir="auto">{ title }</span><span class="faint">{ counted(*count, "annotation") }</span></li>
    });
    let problems = match asked {
        SchemeAsk::Import(file) => &file.problems[..],
        _ => &[],
    };
    html! {
        <div class="scheme-ask">
            if let Some(choices) = choices {
                <label class="field"><span class="field-name">{ "What has it" }</span>
                    <select onchange={choose}>
                        <option value="" selected={choices.iter().all(|(.., selected)| !selected)}>{ "is deleted" }</option>
                        { for choices.into_iter().map(|(value, name, selected)| html! { <option {value} {selected}>{ format!("becomes {name}") }</option> }) }
                    </select>
                </label>
            }
            <div role="status">{ for said.says.iter().map(|says| html! { <p>{ says }</p> }) }</div>
            if !said.articles.is_empty() {
                <details>
                    <summary>{ counted(said.articles.len() as u32, "article") }</summary>
                    <ul class="scheme-articles">{ for rows }</ul>
                    if said.articles.len() > super::dialogs::SHOWN { <p class="faint">{ format!("and {} more", said.articles.len() - super::dialogs::SHOWN) }</p> }
                </details>
            }
            if !problems.is_empty() { { problem_list(problems) } }
            <p class="faint">{ "One undo takes all of it back." }</p>
            <div class="dialog-foot">
                <button type="button" class="button" autofocus=true onclick={back}>{ "Leave it as it is" }</button>
                <button type="button" class={if said.harms { "button button-danger" } else { "button button-primary" }} disabled={!seen.can_write} onclick={go}>{ said.button }</button>
            </div>
        </div>
    }
}

/// The scheme as a file, and a file's as the project's.
fn files(seen: &Seen) -> Html {
    let download = seen.dispatch.reform(|_: MouseEvent| Action::ExportScheme);
    let pick = Callback::from(|event: MouseEvent| {
        // Yew hears events at its root, which is what `current_target` would be.
        let target = event.target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let button = target.and_then(|target| target.closest("button").ok().flatten());
        let input = button.and_then(|button| button.next_element_sibling());
        if let Some(input) = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
            input.click();
        }
    });
    let dispatch = seen.dispatch.clone();
    let chosen = Callback::from(move |event: Event| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again, after it was mended.
        input.set_value("");
        let Some(file) = file else { return };
        let dispatch = dispatch.clone();
        spawn_local(async move {
            let name = file.name();
            dispatch.emit(match JsFuture::from(file.text()).await {
                Ok(text) => {
                    let text = text.as_string().unwrap_or_default();
                    Action::ReadScheme { file: name, text }
                }
                Err(error) => Action::SchemeRead(Box::new(Err(world::message(&error)))),
            });
        });
    });
    html! {
        <section class="copies" aria-labelledby="scheme-files">
            <h3 id="scheme-files">{ "The scheme as a file" }</h3>
            <p class="faint">{ "For projects that are annotated alike. A scheme’s file (.scheme.json) and a project’s (.avow.json) can both be read; what would change is shown first." }</p>
            <div class="copies-tools">
                <button type="button" class="button" onclick={download}>{ "Download the scheme" }</button>
                <button type="button" class="button" disabled={!seen.can_write} onclick={pick}>{ "Read a scheme…" }</button>
                <input class="visually-hidden" type="file" accept=".json" tabindex="-1" aria-label="Scheme to read" disabled={!seen.can_write} onchange={chosen} />
            </div>
        </section>
    }
}
