//! Short messages at the edge of the page.

use gloo::timers::callback::Timeout;
use web_sys::MouseEvent;
use yew::prelude::*;

use crate::editor::{Action, Notice};
use crate::web::shared::Shared;

/// How long a message that does not stay is shown, in milliseconds.
const SHOWN: u32 = 8_000;

#[derive(Properties, PartialEq)]
pub struct NoticeListProps {
    pub notices: Shared<Vec<Notice>>,
    pub dispatch: Callback<Action>,
}

/// All messages, the newest last.
#[component]
pub fn NoticeList(props: &NoticeListProps) -> Html {
    html! {
        <div class="notices" role="region" aria-label="Messages">
            { for props.notices.iter().map(|notice| html! {
                <NoticeView key={notice.id} notice={notice.clone()} dispatch={props.dispatch.clone()} />
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NoticeProps {
    notice: Notice,
    dispatch: Callback<Action>,
}

#[component]
fn NoticeView(props: &NoticeProps) -> Html {
    let id = props.notice.id;
    {
        let (dispatch, stays) = (props.dispatch.clone(), props.notice.stays);
        use_effect_with(id, move |_| {
            let timer = (!stays).then(|| Timeout::new(SHOWN, move || dispatch.emit(Action::DropNotice(id))));
            move || drop(timer)
        });
    }
    let close = props.dispatch.reform(move |_: MouseEvent| Action::DropNotice(id));
    let offer = props.notice.offer.clone().map(|(name, action)| {
        let dispatch = props.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::DropNotice(id));
            dispatch.emit(action.clone());
        });
        html! { <button type="button" class="button button-small" {onclick}>{ name }</button> }
    });
    html! {
        <div class={if props.notice.stays { "notice notice-stays" } else { "notice" }} role={props.notice.stays.then_some("alert")}>
            <span>{ &props.notice.text }</span>
            { offer }
            <button type="button" class="button button-icon button-small" aria-label="Close message" onclick={close}><span class="icon icon-remove" aria-hidden="true" /></button>
        </div>
    }
}
