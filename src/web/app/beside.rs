//! What stands over the text and beside it: the bar, the hint, the panel and the dialog.

use web_sys::MouseEvent;

use super::*;
use crate::editor::Side;
use crate::web::components::{
    BarProps, DialogProps, GuidelinesProps, HistoryProps, SearchProps, SideProps, dialog,
    guidelines_view, key_hint, looking, search_view, selection_bar, side,
};

impl App {
    pub(super) fn bar(&self) -> Html {
        let (Some(project), Some(article)) = (&self.state.project, &self.state.article) else {
            return html! {};
        };
        let props = BarProps {
            project: Shared(project.clone()),
            mode: article.mode.clone(),
            picked: self.state.picked().cloned().map(Shared),
            can_write: self.state.can_write(),
            keys: self.state.settings.keys.clone(),
            dispatch: self.dispatch.clone(),
        };
        memo(props, selection_bar)
    }

    pub(super) fn hint(&self) -> Html {
        let keys = &self.state.settings.keys;
        if let (Some(project), Some(past), Some(article)) =
            (&self.state.project, &self.state.past, &self.state.article)
        {
            return looking(&HistoryProps {
                project: Shared(project.clone()),
                past: Shared(past.clone()),
                text: article.text.clone(),
                keys: keys.clone(),
                dispatch: self.dispatch.clone(),
            });
        }
        if let (Some(project), Some(relating)) = (&self.state.project, &self.state.relating) {
            let kind = project.scheme().relation(&relating.kind);
            let name = kind.map_or("", |kind| kind.name.as_str());
            let more = project.scheme().relations_from(&relating.label).nth(1).is_some();
            let find = self.dispatch.reform(|_: MouseEvent| Action::FindOtherEnd);
            let next = self.dispatch.reform(|_: MouseEvent| Action::Relate);
            let end = self.dispatch.reform(|_: MouseEvent| Action::Escape);
            return html! {
                <div class="mode-hint">
                    <span>{ format!("“{name}”: click the other end.") }</span>
                    <button type="button" class="button button-quiet" onclick={find}>{ "Find it" }{ key_hint!(Action::FindOtherEnd, keys) }</button>
                    if more { <button type="button" class="button button-quiet" onclick={next}>{ "Another kind" }{ key_hint!(Action::Relate, keys) }</button> }
                    <button type="button" class="button button-quiet" onclick={end}>{ "Cancel" }{ key_hint!(Action::Escape, keys) }</button>
                </div>
            };
        }
        let end = self.dispatch.reform(|_: MouseEvent| Action::Escape);
        if let (Some(project), Some(held)) = (&self.state.project, &self.state.held_label)
            && let Some(label) = project.scheme().label(held)
        {
            return html! {
                <div class="mode-hint">
                    <span>{ format!("{}: select text to mark it.", label.name) }</span>
                    <button type="button" class="button button-quiet" onclick={end}>{ "Done" }{ key_hint!(Action::Escape, keys) }</button>
                </div>
            };
        }
        let text = match self.state.article.as_ref().map(|article| &article.mode) {
            None | Some(Mode::Mark) => return html! {},
            Some(Mode::AddSpan { .. }) => "Select the text to add.",
            Some(Mode::PickSpan { .. }) => "Select the text to pick.",
            Some(Mode::Place { .. }) => "Select where the annotation belongs.",
            Some(Mode::Edge { .. }) => "Arrow keys move the edge. Tab: other edge.",
        };
        html! {
            <div class="mode-hint">
                <span>{ text }</span>
                <button type="button" class="button button-quiet" onclick={end}>{ "Done" }{ key_hint!(Action::Escape, keys) }</button>
            </div>
        }
    }

    /// Has what stands beside the text drawn after the frame that shows an act in it, and, after a key, all
    /// else that is around the text. Whether that must be drawn at once.
    pub(super) fn render_later(&mut self, ctx: &Context<Self>) -> bool {
        // The bar of a selection stands in the text.
        let other = self.scene != Some(self.scene()) || self.selects();
        let at_once = other || !(self.by_key || self.page_waits);
        self.page_waits = !at_once;
        if !at_once
            && !self.state.saving.is_saved()
            && let Some(status) = self.refs.status.cast::<Element>()
        {
            // An act is never seen beside an older “Saved”. It does not fail for an attribute of this name.
            let _ = status.set_attribute("data-old", "");
        }
        self.beside_later(ctx);
        if let Some(reader) = self.reader.as_ref().filter(|_| !at_once) {
            reader.lay_out_now();
        }
        at_once
    }

    /// What the page is of.
    pub(super) fn scene(&self) -> Scene {
        let state = &self.state;
        Scene {
            article: state.article.as_ref().map(|it| it.id.clone()),
            past: state.past.is_some(),
            dialog: state.dialog.is_some(),
        }
    }

    fn beside_later(&mut self, ctx: &Context<Self>) {
        if std::mem::replace(&mut self.beside_waits, true) {
            return;
        }
        let link = ctx.link().clone();
        let shown = Closure::once_into_js(move || {
            let draw = move || link.send_message(Msg::Beside);
            gloo::timers::callback::Timeout::new(0, draw).forget();
        });
        // It fails for what is no function.
        let _ = gloo::utils::window().request_animation_frame(shown.unchecked_ref());
    }

    /// Draws at once what still waits when the pointer is pressed: who presses a button beside the text
    /// means the annotation that she sees picked in it. And when a field there was changed: what it shows
    /// must have been drawn, for an undo that comes at once to be seen in it.
    pub(super) fn hear_presses(&self, ctx: &Context<Self>) {
        for event in ["pointerdown", "change"] {
            let link = ctx.link().clone();
            let heard = move |_: &Event| link.send_message(Msg::Beside);
            EventListener::new(&gloo::utils::document(), event, heard).forget();
        }
    }

    pub(super) fn annotations(&self) -> Html {
        let other = match &self.state.project {
            Some(project) if self.state.past.is_none() => Some((&self.state.side, project)),
            _ => None,
        };
        match other {
            Some((Side::Guidelines { rule, writing }, project)) => {
                let props = GuidelinesProps {
                    project: Shared(project.clone()),
                    page: self.state.guide.clone().map(Shared),
                    rule: *rule,
                    writing: *writing,
                    can_write: self.state.can_write(),
                    dispatch: self.dispatch.clone(),
                };
                memo(props, guidelines_view)
            }
            Some((Side::Search, project)) => {
                let props = SearchProps {
                    project: Shared(project.clone()),
                    search: Shared(self.state.search.clone()),
                    can_write: self.state.can_write(),
                    keys: self.state.settings.keys.clone(),
                    dispatch: self.dispatch.clone(),
                };
                memo(props, search_view)
            }
            _ => {
                let props = SideProps {
                    project: self.state.shown().cloned().map(Shared),
                    article: self.state.article.clone().map(Shared),
                    past: self.state.past.clone().map(Shared),
                    can_write: self.state.can_write(),
                    window: self.marks.window,
                    list: self.marks.node.clone(),
                    show_panel: self.show_panel.clone(),
                    settings: self.state.settings.clone(),
                    dispatch: self.dispatch.clone(),
                };
                memo(props, side)
            }
        }
    }

    pub(super) fn dialog(&self) -> Html {
        let Some(open) = &self.state.dialog else { return html! {} };
        let props = DialogProps {
            dialog: open.clone(),
            project: self.state.project.clone().map(Shared),
            annotator: self.state.annotator.clone(),
            projects: Shared(self.state.projects.clone()),
            settings: self.state.settings.clone(),
            changing_key: self.state.changing_key,
            storage: self.state.storage,
            copies: Shared(self.state.copies.clone()),
            uses: Shared(self.state.uses.clone()),
            making: Shared(self.state.making.clone()),
            held_back: self.state.held_back.len(),
            can_write: self.state.can_write(),
            dispatch: self.dispatch.clone(),
        };
        let notices = Shared(self.state.notices.clone());
        let notices = NoticeListProps { notices, dispatch: self.dispatch.clone() };
        // The root opens the dialog once it stands.
        dialog(self.dialogs, props, self.refs.dialog.clone(), notices)
    }
}
