//! Another text for an article: written, compared with the one it has, and what finds no place in
//! it.

use web_sys::{MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::annotations::shorten;
use super::dialogs::SHOWN;
use super::submitted;
use crate::annotation::{Annotation, AnnotationId, AnnotatorId, ArticleId};
use crate::edit::act::retext::{Carried, How, Plan};
use crate::editor::compare::{Fate, Piece, Row, outcome, rows};
use crate::editor::{Action, NewText, label_name, speakers_in};
use crate::project::{Owner, Project, SetKey, Unplaced};
use crate::scheme::{Color, LabelId};
use crate::text::Text;
use crate::web::shared::Shared;

/// The article's text in a field, to be corrected.
pub fn write_text_view(text: &Text, problem: Option<&str>, dispatch: &Callback<Action>) -> Html {
    let compare =
        dispatch.reform(|event: SubmitEvent| Action::CompareText(submitted(&event, "text")));
    let cancel = dispatch.reform(|_: MouseEvent| Action::CloseDialog);
    html! {
        <form onsubmit={compare}>
            <p class="faint">{ "Nothing changes yet: the next step shows what becomes of the annotations, yours and those of others." }</p>
            <label class="field"><span class="field-name">{ "Text" }</span>
                <textarea class="paste" name="text" autofocus=true rows="16" dir="auto" ~defaultValue={text.as_str().to_owned()} />
            </label>
            if let Some(problem) = problem { <p class="problem" role="alert">{ problem.to_owned() }</p> }
            <div class="dialog-foot">
                <button type="button" class="button" onclick={cancel}>{ "Cancel" }</button>
                <button type="submit" class="button button-primary">{ "Compare" }</button>
            </div>
        </form>
    }
}

/// What the other text changes, and what becomes of the annotations. `held_back` is how many such
/// texts there are.
pub fn retext_view(
    project: &Project,
    plan: &Plan,
    from: NewText,
    held_back: usize,
    (me, can_write): (&AnnotatorId, bool),
    dispatch: &Callback<Action>,
) -> Html {
    let on = |action: fn() -> Action| dispatch.reform(move |_: MouseEvent| action());
    let list = |title: &str, is_in: &dyn Fn(&Carried) -> bool| {
        let moved: Vec<&Carried> = plan.carried.iter().filter(|it| is_in(it)).collect();
        moved_view(project, plan, title, &moved, me)
    };
    let lost_regions = plan.lost_regions.len();
    html! {
        <>
            <p class="retext-title">
                <strong dir="auto">{ &plan.before.title }</strong>
                if let NewText::HeldBack(at) = from {
                    if held_back > 1 { <span class="faint">{ format!("{} of {held_back}", at + 1) }</span> }
                }
            </p>
            <p>{ outcome(plan) }</p>
            if lost_regions > 0 {
                <p>{ match lost_regions {
                    1 => "1 stretch that was not to be annotated is gone.".to_owned(),
                    n => format!("{n} stretches that were not to be annotated are gone."),
                } }</p>
            }
            <div class="compared" role="region" aria-label="What changes in the text" tabindex="0">
                { for rows(&plan.diff).iter().map(row_view) }
            </div>
            { list("Without a place", &|it| it.how == How::Unplaced) }
            { list("Carried", &|it| {
                matches!(it.how, How::Edited | How::Found) || it.how == How::Stays && !it.lost.is_empty()
            }) }
            <p class="faint">{ "One Undo takes the change back. What has no place stands beside the text afterwards, to be placed by hand." }</p>
            <div class="dialog-foot">
                <button type="button" class="button" onclick={on(|| Action::CloseDialog)}>{ "Cancel" }</button>
                if from == NewText::Written {
                    <button type="button" class="button" onclick={on(|| Action::WriteOn)}>{ "Back to the text" }</button>
                } else {
                    <button type="button" class="button" onclick={on(|| Action::SkipHeldBack)}>{ "Leave it as it is" }</button>
                }
                <button type="button" class="button button-primary" disabled={!can_write} onclick={on(|| Action::ChangeText)}>{ "Change the text" }</button>
            </div>
        </>
    }
}

fn row_view(row: &Row) -> Html {
    match row {
        Row::Paragraph(pieces) => html! { <p dir="auto">{ for pieces.iter().map(piece_view) }</p> },
        Row::Same(1) => html! { <p class="faint">{ "… 1 unchanged paragraph …" }</p> },
        Row::Same(n) => html! { <p class="faint">{ format!("… {n} unchanged paragraphs …") }</p> },
        Row::More(1) => html! { <p class="faint">{ "… and 1 more changed paragraph" }</p> },
        Row::More(n) => {
            html! { <p class="faint">{ format!("… and {n} more changed paragraphs") }</p> }
        }
    }
}

fn piece_view(piece: &Piece) -> Html {
    let words = &piece.words;
    match piece.fate {
        Fate::Stays => html! { <span>{ words }</span> },
        Fate::Goes => html! { <del>{ words }</del> },
        Fate::Comes => html! { <ins>{ words }</ins> },
    }
}

/// Annotations with what they covered and what they cover.
fn moved_view(
    project: &Project,
    plan: &Plan,
    title: &str,
    moved: &[&Carried],
    me: &AnnotatorId,
) -> Html {
    let words = |text: &Text, annotation: &Annotation| {
        let parts: Vec<&str> = annotation.spans.iter().map(|span| text.slice(span)).collect();
        shorten(&parts.join(" … "))
    };
    let rows = moved.iter().take(SHOWN).map(|carried| {
        let before = words(plan.diff.old(), &carried.before);
        let after = carried.after.as_ref().map(|it| words(plan.diff.new_text(), it));
        let label = &carried.before.label;
        html! {
            <li class={color_of(project, label)}>
                <span class="row-facts">
                    <span class="label-name">{ label_name(project, label) }</span>
                    if let Some(owner) = name_of(project, &carried.owner, me) { <span class="faint" dir="auto">{ owner }</span> }
                    if carried.how == How::Found { <span class="faint">{ "found elsewhere" }</span> }
                </span>
                <span dir="auto">{ &before }</span>
                if let Some(after) = after.filter(|after| *after != before) {
                    <span class="moved-to"><span aria-hidden="true">{ "→ " }</span><span class="visually-hidden">{ "becomes " }</span><bdi>{ after }</bdi></span>
                }
                if !carried.lost.is_empty() {
                    <span class="faint">{ "Speaker or cue without a place: " }<bdi>{ shorten(&carried.lost.join(" … ")) }</bdi></span>
                }
            </li>
        }
    });
    html! {
        if !moved.is_empty() {
            <section class="listed moved" aria-label={title.to_owned()}>
                <h3>{ format!("{title}: {}", moved.len()) }</h3>
                <ul>{ for rows }</ul>
                if moved.len() > SHOWN { <p class="faint">{ format!("and {} more", moved.len() - SHOWN) }</p> }
            </section>
        }
    }
}

/// Whose an annotation is, where it is not of the person who sits here.
fn name_of(project: &Project, owner: &Owner, me: &AnnotatorId) -> Option<String> {
    match owner {
        Owner::Gold => Some("adjudicated".to_owned()),
        Owner::Annotator(id) if id == me => None,
        Owner::Annotator(id) => {
            let name = project.annotator(id).map(|annotator| annotator.name.clone());
            Some(name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string()))
        }
    }
}

fn color_of(project: &Project, label: &LabelId) -> String {
    let color = project.scheme().label(label).map_or(Color::Gray, |label| label.color);
    format!("label-{}", color.name())
}

#[derive(PartialEq)]
pub struct UnplacedProps {
    pub project: Shared<Project>,
    pub article: ArticleId,
    pub set: SetKey,
    /// The one whose place is asked for.
    pub placing: Option<AnnotationId>,
    pub can_write: bool,
    pub dispatch: Callback<Action>,
}

/// The annotations of a set that have no place in the text.
pub fn unplaced_view(props: &UnplacedProps) -> Html {
    let Some(article) = props.project.article(&props.article) else { return html! {} };
    let own: Vec<&Unplaced> =
        article.unplaced.iter().filter(|it| it.owner == props.set.owner).collect();
    if own.is_empty() {
        return html! {};
    }
    let rows = own.iter().enumerate().take(SHOWN).map(|(at, it)| unplaced_row(props, it, at == 0));
    html! {
        <section class="unplaced" aria-labelledby="unplaced-title">
            <h3 id="unplaced-title">{ format!("Without a place: {}", own.len()) }</h3>
            <ul>{ for rows }</ul>
            if own.len() > SHOWN { <p class="faint">{ format!("and {} more", own.len() - SHOWN) }</p> }
        </section>
    }
}

fn unplaced_row(props: &UnplacedProps, unplaced: &Unplaced, first: bool) -> Html {
    let words = shorten(&unplaced.quotes.join(" … "));
    let id = unplaced.id.clone();
    let place = props.dispatch.reform(move |_: MouseEvent| Action::PlaceUnplaced(id.clone()));
    let id = unplaced.id.clone();
    let give_up = props.dispatch.reform(move |_: MouseEvent| Action::GiveUpUnplaced(id.clone()));
    let speakers = speakers_in(&props.project, &unplaced.attributes);
    let placing = props.placing.as_ref() == Some(&unplaced.id);
    html! {
        <li class={color_of(&props.project, &unplaced.label)} key={unplaced.id.to_string()}>
            <span class="row-facts">
                <span class="label-name">{ label_name(&props.project, &unplaced.label) }</span>
                if !speakers.is_empty() { <span class="faint" dir="auto">{ speakers }</span> }
            </span>
            <span class="unplaced-words" dir="auto">
                <span class="faint">{ around(&unplaced.before, true) }</span>
                <strong>{ &words }</strong>
                <span class="faint">{ around(&unplaced.after, false) }</span>
            </span>
            if !unplaced.note.is_empty() { <span class="faint" dir="auto">{ shorten(&unplaced.note) }</span> }
            <span class="unplaced-tools">
                <button type="button" class="button button-small" id={first.then_some("unplaced-first")} aria-label={format!("Place: {words}")} title="Then select where it belongs" aria-pressed={placing.to_string()} disabled={!props.can_write} onclick={place}>{ "Place" }</button>
                <button type="button" class="button button-small button-danger" aria-label={format!("Give up: {words}")} title="Deletes it; Undo brings it back" disabled={!props.can_write} onclick={give_up}>{ "Give up" }</button>
            </span>
        </li>
    }
}

/// What stood beside the words, on one line.
fn around(words: &str, before: bool) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let space = |is_there: bool| if is_there { " " } else { "" };
    match (line.is_empty(), before) {
        (true, _) => String::new(),
        (_, true) => format!("… {line}{}", space(words.ends_with(char::is_whitespace))),
        (_, false) => format!("{}{line} …", space(words.starts_with(char::is_whitespace))),
    }
}
