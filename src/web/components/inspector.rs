//! The picked annotation: its label, spans, attributes and note.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, InputEvent, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use super::annotations::{color_class, shorten};
use super::key_hint;
use super::linked::linked;
use super::problems::problems;
use super::typed::Typed;
use super::{checked_of, value_of};
use crate::annotation::check::Finding;
use crate::annotation::{Annotation, ArticleId, AttributeValue, SpeakerMention};
use crate::editor::speakers::names_with;
use crate::editor::{Action, Settings};
use crate::project::Project;
use crate::scheme::{Attribute, AttributeKind};
use crate::text::{Span, Text};
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct InspectorProps {
    pub project: Shared<Project>,
    pub article: ArticleId,
    pub annotation: Shared<Annotation>,
    pub text: Text,
    /// What of it breaks rules.
    pub problems: Option<Shared<Vec<Finding>>>,
    pub can_write: bool,
    /// Which keys buttons show, and whether all fields stand.
    pub settings: Settings,
    pub dispatch: Callback<Action>,
}

/// How many attributes are shown even where they have no value.
const AT_ONCE: usize = 3;

/// Everything that can be said of one annotation.
pub fn inspector(props: &InspectorProps) -> Html {
    let scheme = props.project.scheme();
    let attributes: Vec<Attribute> = scheme
        .label(&props.annotation.label)
        .map_or_else(Vec::new, |label| scheme.attributes_of(label).cloned().collect());
    let id = props.annotation.id.clone();
    let note = props
        .dispatch
        .reform(move |event: InputEvent| Action::SetNote(id.clone(), value_of(&event)));
    let end_typing = props.dispatch.reform(|_: FocusEvent| Action::EndTyping);
    let delete = props.dispatch.reform(|_: MouseEvent| Action::Delete);
    let first_speaker = attributes.iter().find(|it| it.kind == AttributeKind::Speaker);
    let own_field = |attribute: &Attribute| {
        let first = first_speaker.is_some_and(|first| first.id == attribute.id);
        html! {
            <div class="field" key={attribute.id.to_string()}>{ field(props, attribute, first) }</div>
        }
    };
    // What few annotations need stays out of the way until it is wanted.
    let at_once = |at: usize, attribute: &Attribute| {
        at < AT_ONCE
            || attribute.required
            || props.annotation.attributes.contains_key(&attribute.id)
    };
    let (shown, rest): (Vec<_>, Vec<_>) =
        attributes.iter().enumerate().partition(|(at, attribute)| at_once(*at, attribute));
    let [shown, rest]: [Vec<&Attribute>; 2] =
        [shown, rest].map(|part| part.into_iter().map(|(_, attribute)| attribute).collect());
    let all = props.settings.all_fields;
    let settings = Settings { all_fields: !all, ..props.settings.clone() };
    let turn = props.dispatch.reform(move |_: MouseEvent| Action::ChangeSettings(settings.clone()));
    let names = rest.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
    html! {
        <section class={format!("inspector {}", color_class(&props.project, &props.annotation))} aria-label="Picked annotation">
            { labels(props) }
            { problems(props) }
            { spans(props) }
            { shown.into_iter().map(&own_field).collect::<Html>() }
            if !rest.is_empty() {
                <button type="button" class="button button-quiet more" aria-expanded={all.to_string()} onclick={turn}>
                    <span class="chevron" aria-hidden="true" /><span>{ names }</span>
                </button>
                if all { { rest.into_iter().map(&own_field).collect::<Html>() } }
            }
            { linked(props) }
            <label class="field">
                <span class="field-name">{ "Note" }</span>
                <Typed key={own_key(props)} value={props.annotation.note.clone()}><textarea id="inspector-note" aria-label="Note" rows="2" dir="auto" disabled={!props.can_write} oninput={note} onblur={end_typing} onkeydown={leave(props)} /></Typed>
            </label>
            <div class="inspector-foot">
                <button type="button" class="button button-danger" disabled={!props.can_write} onclick={delete}>{ "Delete" }</button>
            </div>
        </section>
    }
}

/// The key of what one types into: what is half typed for one annotation is never another's. All else
/// is the same element for each that is picked.
fn own_key(props: &InspectorProps) -> String {
    props.annotation.id.to_string()
}

/// Escape goes back to the text.
fn leave(props: &InspectorProps) -> Callback<KeyboardEvent> {
    let dispatch = props.dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            dispatch.emit(Action::FocusArticle);
        }
    })
}

/// Empties the field that an event comes from.
fn clear(event: &Event) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.set_value("");
    }
}

fn labels(props: &InspectorProps) -> Html {
    let labels = props.project.scheme().labels.iter().map(|label| {
        let (annotation, id) = (props.annotation.id.clone(), label.id.clone());
        let onchange = props.dispatch.reform(move |_: Event| Action::Relabel(annotation.clone(), id.clone()));
        let checked = props.annotation.label == label.id;
        html! {
            <label class={format!("choice label-{}", label.color.name())} key={label.id.to_string()}>
                <input type="radio" name="label" {checked} {onchange} disabled={!props.can_write} />
                <span>{ &label.name }</span>
            </label>
        }
    });
    html! {
        <fieldset class="choices">
            <legend class="visually-hidden">{ "Label" }</legend>
            { for labels }
        </fieldset>
    }
}

/// The spans of a broken annotation one by one, and a way to add one.
fn spans(props: &InspectorProps) -> Html {
    let many = props.annotation.spans.len() > 1;
    let rows = props.annotation.spans.iter().enumerate().filter(|_| many).map(|(at, span)| {
        let id = props.annotation.id.clone();
        let remove = props.dispatch.reform(move |_: MouseEvent| Action::RemoveSpan(id.clone(), at));
        html! {
            <li>
                <q class="chip-text" dir="auto">{ shorten(props.text.slice(span)) }</q>
                <button type="button" class="button button-icon button-small" aria-label={format!("Remove span {}", at + 1)} disabled={!props.can_write} onclick={remove}><span class="icon icon-remove" aria-hidden="true" /></button>
            </li>
        }
    });
    let add = props.dispatch.reform(|_: MouseEvent| Action::AddSpan);
    html! {
        <div class="spans">
            if many { <ul class="chips">{ for rows }</ul> }
            <button type="button" class="button button-small" disabled={!props.can_write} onclick={add}>{ "Add span" }{ key_hint!(Action::AddSpan, &props.settings.keys) }</button>
        </div>
    }
}

fn field(props: &InspectorProps, attribute: &Attribute, first_speaker: bool) -> Html {
    let value = props.annotation.attributes.get(&attribute.id);
    match attribute.kind {
        AttributeKind::Speaker => speaker_field(props, attribute, first_speaker),
        AttributeKind::Span => span_field(props, attribute, value),
        AttributeKind::Choice => {
            let now = match value {
                Some(AttributeValue::Text(now)) => now.as_str(),
                _ => "",
            };
            let options = attribute.values.iter().map(|value| {
                html! {
                    <option value={value.clone()} selected={value == now}>{ value }</option>
                }
            });
            html! {
                <label>
                    <span class="field-name">{ &attribute.name }</span>
                    <select ~value={now} aria-label={attribute.name.clone()} disabled={!props.can_write} onchange={set(props, attribute, |event| {
                        AttributeValue::Text(value_of(event))
                    })}>
                        <option value="" selected={now.is_empty()}>{ "—" }</option>
                        { for options }
                    </select>
                </label>
            }
        }
        AttributeKind::YesNo => {
            let checked = matches!(value, Some(AttributeValue::YesNo(true)));
            html! {
                <label class="check-line">
                    <input type="checkbox" {checked} disabled={!props.can_write} onchange={set(props, attribute, |event| AttributeValue::YesNo(checked_of(event)))} />
                    <span>{ &attribute.name }</span>
                </label>
            }
        }
        AttributeKind::Text | AttributeKind::Number => {
            let (kind, now) = match value {
                Some(AttributeValue::Number(number)) => (
                    "number",
                    String::from(
                        js_sys::Number::from(*number).to_string_with_radix(10).unwrap_or_default(),
                    ),
                ),
                Some(AttributeValue::Text(text)) => ("text", text.clone()),
                _ if attribute.kind == AttributeKind::Number => ("number", String::new()),
                _ => ("text", String::new()),
            };
            let number = attribute.kind == AttributeKind::Number;
            let (id, attribute_id) = (props.annotation.id.clone(), attribute.id.clone());
            let onchange = props.dispatch.reform(move |event: Event| {
                let typed = value_of(&event);
                let value = if number {
                    Some(js_sys::Number::parse_float(&typed))
                        .filter(|it| it.is_finite())
                        .map(AttributeValue::Number)
                } else {
                    Some(AttributeValue::Text(typed))
                };
                Action::SetAttribute(id.clone(), attribute_id.clone(), value)
            });
            html! {
                <label>
                    <span class="field-name">{ &attribute.name }</span>
                    <Typed key={own_key(props)} value={now}><input type={kind} step="any" disabled={!props.can_write} {onchange} /></Typed>
                </label>
            }
        }
    }
}

fn set(
    props: &InspectorProps,
    attribute: &Attribute,
    value: fn(&Event) -> AttributeValue,
) -> Callback<Event> {
    let (id, attribute) = (props.annotation.id.clone(), attribute.id.clone());
    props.dispatch.reform(move |event: Event| {
        Action::SetAttribute(id.clone(), attribute.clone(), Some(value(&event)))
    })
}

fn span_field(
    props: &InspectorProps,
    attribute: &Attribute,
    value: Option<&AttributeValue>,
) -> Html {
    let spans: &[Span] = match value {
        Some(AttributeValue::Spans(spans)) => spans,
        _ => &[],
    };
    let (id, attribute_id) = (props.annotation.id.clone(), attribute.id.clone());
    let pick = props.dispatch.reform(move |_: MouseEvent| Action::PickSpan {
        annotation: id.clone(),
        attribute: attribute_id.clone(),
    });
    let (id, attribute_id) = (props.annotation.id.clone(), attribute.id.clone());
    let clear = props
        .dispatch
        .reform(move |_: MouseEvent| Action::SetAttribute(id.clone(), attribute_id.clone(), None));
    let shown =
        spans.iter().map(|span| shorten(props.text.slice(*span))).collect::<Vec<_>>().join(" … ");
    let (name_id, own_id) = (format!("name-{}", attribute.id), format!("pick-{}", attribute.id));
    html! {
        <>
            <span class="field-name" id={name_id.clone()}>{ &attribute.name }</span>
            <span class="field-pick">
                <button type="button" class="button pick" id={own_id.clone()} aria-labelledby={format!("{name_id} {own_id}")} disabled={!props.can_write} onclick={pick} dir="auto">
                    if shown.is_empty() { <span class="faint">{ "Pick in text" }</span> } else { { shown.clone() } }
                </button>
                if !shown.is_empty() {
                    <button type="button" class="button button-icon button-small" aria-label={format!("Clear {}", attribute.name)} disabled={!props.can_write} onclick={clear}><span class="icon icon-remove" aria-hidden="true" /></button>
                }
            </span>
        </>
    }
}

/// The speakers of an annotation, and a field that finds or makes one.
fn speaker_field(props: &InspectorProps, attribute: &Attribute, first: bool) -> Html {
    let speakers: Vec<SpeakerMention> = match props.annotation.attributes.get(&attribute.id) {
        Some(AttributeValue::Speakers(speakers)) => speakers.clone(),
        _ => Vec::new(),
    };
    let add = {
        let (annotation, attribute) = (props.annotation.id.clone(), attribute.id.clone());
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let name = value_of(&event);
            clear(&event);
            if !name.trim().is_empty() {
                let (annotation, attribute) = (annotation.clone(), attribute.clone());
                dispatch.emit(Action::AddSpeaker { annotation, attribute, name });
            }
        })
    };
    let onkeydown = {
        let (add, dispatch) = (add.clone(), props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                add.emit(event.into());
                dispatch.emit(Action::FocusArticle);
            }
            "Escape" => {
                clear(&event);
                dispatch.emit(Action::FocusArticle);
            }
            _ => {}
        })
    };
    let rows = speakers
        .iter()
        .enumerate()
        .map(|(at, speaker)| speaker_row(props, attribute, &speakers, at, speaker));
    let offer = {
        let project = props.project.clone();
        Callback::from(move |event: Event| offer_names(&project, &event))
    };
    let (field, list) = match first {
        true => ("inspector-speaker".to_owned(), "speakers".to_owned()),
        false => (format!("field-{}", attribute.id), format!("list-{}", attribute.id)),
    };
    html! {
        <>
            <label class="field-name" for={field.clone()}>{ &attribute.name }</label>
            <div class="speaker-field">
                if !speakers.is_empty() { <ul class="chips">{ for rows }</ul> }
                <input key={own_key(props)} id={field} list={list.clone()} type="text" dir="auto" autocomplete="off" placeholder={if speakers.is_empty() { "Name" } else { "Another name" }} disabled={!props.can_write} {onkeydown} onchange={add} onfocus={offer.reform(Event::from)} oninput={offer.reform(Event::from)} />
                <datalist id={list} />
            </div>
        </>
    }
}

/// Fills the list of a field with names that have what is typed there.
fn offer_names(project: &Project, event: &Event) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some((field, list)) = field.and_then(|field| Some((field.clone(), field.list()?))) else {
        return;
    };
    list.set_text_content(None);
    for name in names_with(project, &field.value()) {
        // An option and its value cannot be wrong.
        let Ok(option) = gloo::utils::document().create_element("option") else { continue };
        let _ = option.set_attribute("value", &name).and_then(|()| list.append_child(&option));
    }
}

fn speaker_row(
    props: &InspectorProps,
    attribute: &Attribute,
    all: &[SpeakerMention],
    at: usize,
    speaker: &SpeakerMention,
) -> Html {
    let name = props
        .project
        .speaker(&speaker.id)
        .map_or_else(|| speaker.id.to_string(), |it| it.name.clone());
    let (id, attribute_id) = (props.annotation.id.clone(), attribute.id.clone());
    let mut rest = all.to_vec();
    rest.remove(at);
    let remove = props.dispatch.reform(move |_: MouseEvent| {
        Action::SetAttribute(
            id.clone(),
            attribute_id.clone(),
            Some(AttributeValue::Speakers(rest.clone())),
        )
    });
    let (annotation, attribute) = (props.annotation.id.clone(), attribute.id.clone());
    let pick = props.dispatch.reform(move |_: MouseEvent| Action::PickSpan {
        annotation: annotation.clone(),
        attribute: attribute.clone(),
    });
    html! {
        <li key={speaker.id.to_string()}>
            <span class="chip-text" dir="auto">{ &name }</span>
            if let Some(mention) = speaker.mention {
                <span class="faint chip-mention" dir="auto">{ "“" }{ shorten(props.text.slice(mention)) }{ "”" }</span>
            } else {
                <button type="button" class="button button-small" disabled={!props.can_write} onclick={pick}>{ "Pick mention" }</button>
            }
            <button type="button" class="button button-icon button-small" aria-label={format!("Remove {name}")} disabled={!props.can_write} onclick={remove}><span class="icon icon-remove" aria-hidden="true" /></button>
        </li>
    }
}
