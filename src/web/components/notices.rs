//! Short messages at the edge of the page.

use web_sys::MouseEvent;
use yew::prelude::*;

use crate::editor::{Action, Notice, Progress};
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct NoticeListProps {
    pub notices: Shared<Vec<Notice>>,
    pub dispatch: Callback<Action>,
}

/// All messages, the newest last; those that stay have a place where they cover nothing.
pub fn notice_list(props: &NoticeListProps) -> Html {
    let views = |stays: bool| {
        let those = props.notices.iter().filter(move |notice| notice.stays == stays);
        those.map(|notice| notice_view(notice, &props.dispatch)).collect::<Html>()
    };
    html! {
        <div class="notices" role="region" aria-label="Messages">
            <div class="notices-passing">{ views(false) }</div>
            { views(true) }
        </div>
    }
}

fn notice_view(notice: &Notice, dispatch: &Callback<Action>) -> Html {
    let id = notice.id;
    let close = dispatch.reform(move |_: MouseEvent| Action::DropNotice(id));
    let offers =
        notice.offer.iter().flat_map(|offer| [Some(offer.clone()), offer.other()]).flatten();
    let offers = offers.map(|offer| {
        let (name, dispatch) = (offer.name(), dispatch.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::DropNotice(id));
            dispatch.emit(offer.action());
        });
        html! { <button type="button" class="button button-small" {onclick}>{ name }</button> }
    });
    html! {
        <div key={id} class={if notice.stays { "notice notice-stays" } else { "notice" }} role={notice.stays.then_some("alert")}>
            <span>{ &notice.text }</span>
            { for notice.progress.map(progress_view) }
            { for offers }
            <button type="button" class="button button-icon button-small" aria-label="Close message" onclick={close}><span class="icon icon-remove" aria-hidden="true" /></button>
        </div>
    }
}

/// What is said anew so often is not read out.
fn progress_view(Progress { done, all, unit }: Progress) -> Html {
    let said = format!("{done} of {all} {unit}");
    html! {
        <span class="notice-progress" aria-hidden="true">
            <progress max={all.to_string()} value={done.to_string()} />
            { said }
        </span>
    }
}
