//! Finding one of many by typing.

use web_sys::{InputEvent, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use super::annotations::shorten;
use super::dialogs::show_keys;
use super::value_of;
use crate::editor::Action;
use crate::editor::find::{Find, Finder, group_name};
use crate::project::Project;
use crate::web::garbage;

/// How many bytes of its layout the browser leaves when other rows come.
const ROWS: u32 = 200 << 10;

/// A field, and the rows that fit what is typed there; Enter takes the one that is marked.
pub fn finder(find: &Find, project: Option<&Project>, dispatch: &Callback<Action>) -> Html {
    let found = &find.rows.shown;
    let at = find.at.min(found.len().saturating_sub(1));
    let typed = dispatch.reform(|event: InputEvent| {
        garbage::left(ROWS);
        Action::Typed(value_of(&event))
    });
    let keys = dispatch.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let action = match event.key().as_str() {
            "ArrowDown" => Action::NextFound { back: false },
            "ArrowUp" => Action::NextFound { back: true },
            "Enter" => Action::TakeFound,
            _ => return,
        };
        event.prevent_default();
        keys.emit(action);
    });
    let label = match &find.finder {
        Finder::Anything => "A command, an article, a speaker, a label".to_owned(),
        Finder::OtherEnd => "Words of what it is linked to".to_owned(),
        Finder::IntoSpeaker(from) => {
            let name = project.and_then(|it| it.speaker(from)).map_or("", |from| &from.name);
            format!("Who stays in place of {name}")
        }
        Finder::IntoGroup(from) => {
            let name = project.and_then(|it| Some(group_name(it, it.group(from)?)));
            format!("What stays in place of “{}”", shorten(&name.unwrap_or_default()))
        }
    };
    let type_what = if find.typed.trim().is_empty() { "a word" } else { "more" };
    let mut heading = "";
    let rows = found.iter().enumerate().map(|(row, found)| {
        let first = found.kind != heading;
        heading = found.kind;
        let action = found.action.clone();
        let onclick = dispatch.reform(move |_: MouseEvent| Action::TakeThis(Box::new(action.clone())));
        let color = found.color.map_or("", |color| color.name());
        html! {
            <>
                if first { <li class="found-kind" role="presentation">{ found.kind }</li> }
                <li id={format!("found-{row}")} class={format!("found label-{color}")} role="option" aria-selected={(row == at).to_string()} {onclick}>
                    if found.color.is_some() { <span class="swatch line-solid" aria-hidden="true" /> }
                    <span class="found-name" dir="auto">{ &found.name }</span>
                    <span class="found-detail faint" dir="auto">{ &found.detail }</span>
                    if let Some(keys) = &found.keys { { show_keys(keys) } }
                </li>
            </>
        }
    });
    let rows: Vec<Html> = rows.collect();
    html! {
        <div class="finder">
            <input type="text" id="finder-field" class="finder-field" role="combobox" aria-expanded="true" aria-controls="finder-rows" aria-activedescendant={(!found.is_empty()).then(|| format!("found-{at}"))} aria-label={label.clone()} placeholder={label} autocomplete="off" dir="auto" oninput={typed} {onkeydown} />
            <ul id="finder-rows" class="finder-rows" role="listbox" aria-label="What fits">{ rows }</ul>
            if found.is_empty() { <p class="faint">{ "Nothing fits." }</p> }
            if find.rows.more { <p class="finder-more faint">{ format!("The first {} are shown. Type {type_what} to find others.", found.len()) }</p> }
        </div>
    }
}
