//! What is in the menu of settings.

use web_sys::{Event, MouseEvent};
use yew::prelude::*;

use super::{checked_of, key_hint, value_of};
use crate::editor::{Action, Settings, Theme};

#[derive(PartialEq)]
pub struct SettingsProps {
    pub settings: Settings,
    pub dispatch: Callback<Action>,
}

/// Settings that are no part of any project.
pub fn settings(props: &SettingsProps) -> Html {
    let settings = &props.settings;
    let change = |change: fn(&mut Settings, &Event)| {
        let settings = settings.clone();
        props.dispatch.reform(move |event: Event| {
            let mut settings = settings.clone();
            change(&mut settings, &event);
            Action::ChangeSettings(settings)
        })
    };
    let theme = |theme: Theme, value: &'static str, name: &'static str| {
        html! { <option {value} selected={settings.theme == theme}>{ name }</option> }
    };
    let choose_theme = change(|settings, event| {
        settings.theme = match value_of(event).as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        };
    });
    html! {
        <>
                <label class="field-line">
                    <span>{ "Theme" }</span>
                    <select onchange={choose_theme}>
                        { theme(Theme::System, "system", "As the system") }
                        { theme(Theme::Light, "light", "Light") }
                        { theme(Theme::Dark, "dark", "Dark") }
                    </select>
                </label>
                <label class="check-line">
                    <input type="checkbox" checked={settings.whole_words} onchange={change(|settings, event| settings.whole_words = checked_of(event))} />
                    <span>{ "Snap selections to whole words" }</span>
                </label>
                <label class="check-line">
                    <input type="checkbox" checked={settings.letters} onchange={change(|settings, event| settings.letters = checked_of(event))} />
                    <span>{ "Single letters act in the article" }</span>
                </label>
                <label class="check-line">
                    <input type="checkbox" checked={settings.ask_links} onchange={change(|settings, event| settings.ask_links = checked_of(event))} />
                    <span>{ "A new denial asks what it denies" }</span>
                </label>
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenPalette)}>{ "Find anything" }{ key_hint!(Action::OpenPalette, &settings.keys) }</button>
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenClaims)}>{ "Claims" }</button>
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenSpeakers)}>{ "Speakers" }</button>
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenScheme)}>{ "Scheme" }</button>
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenGuidelines(None))}>{ "Guidelines" }{ key_hint!(Action::OpenGuidelines(None), &settings.keys) }</button>
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenKeys)}>{ "All keys" }{ key_hint!(Action::OpenKeys, &settings.keys) }</button>
        </>
    }
}
