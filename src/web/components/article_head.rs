//! What is known of the open article, above its text.

use web_sys::{Event, MouseEvent};
use yew::prelude::*;

use super::article_list::status_name;
use super::value_of;
use crate::annotation::{AnnotatorId, ArticleId, Status};
use crate::edit::act::own_set;
use crate::editor::Action;
use crate::project::Project;
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct ArticleHeadProps {
    pub project: Shared<Project>,
    pub article: ArticleId,
    pub annotator: AnnotatorId,
    pub can_write: bool,
    pub dispatch: Callback<Action>,
}

/// Title, source and status of the open article.
pub fn article_head(props: &ArticleHeadProps) -> Html {
    let Some(article) = props.project.article(&props.article) else { return html! {} };
    let source = &article.source;
    let set = own_set(&props.article, &props.annotator);
    let status = props.project.set(&set).map_or(Status::Todo, |row| row.status());
    let minutes = props.project.seconds(&set) / 60;
    let id = props.article.clone();
    let choose = props.dispatch.reform(move |event: Event| {
        let name = value_of(&event);
        let status = Status::ALL.into_iter().find(|status| status.name() == name);
        Action::SetStatus(id.clone(), status.unwrap_or_default())
    });
    let step =
        |back: bool| props.dispatch.reform(move |_: MouseEvent| Action::NextArticle { back });
    let id = props.article.clone();
    let remove = props.dispatch.reform(move |_: MouseEvent| Action::RemoveArticle(id.clone()));
    // Only addresses of the web become links: others could be scripts.
    let url =
        source.url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        <div class="article-head">
            <div class="article-facts faint">
                if let Some(publisher) = &source.publisher { <span dir="auto">{ publisher }</span> }
                if let Some(published) = &source.published { <span>{ published }</span> }
                if let Some(url) = url {
                    <a href={url} target="_blank" rel="noopener noreferrer">{ "Source" }</a>
                }
                <span class="article-file">{ article.id.as_str() }</span>
                if minutes > 0 { <span title="The time you spent on this article">{ format!("{minutes} min") }</span> }
            </div>
            <div class="article-tools">
                <label class="field-line">
                    <span class="visually-hidden">{ "Status" }</span>
                    <select class="status-select" ~value={status.name()} onchange={choose} disabled={!props.can_write} aria-label="Status">
                        { for Status::ALL.into_iter().map(|it| html! {
                            <option value={it.name()} selected={it == status}>{ status_name(it) }</option>
                        }) }
                    </select>
                </label>
                <button type="button" class="button button-icon" aria-label="History" title="History of this article (H)" onclick={props.dispatch.reform(|_: MouseEvent| Action::OpenHistory)}><span class="icon icon-history" aria-hidden="true" /></button>
                <button type="button" class="button button-icon" aria-label="Correct the text" title="Correct the text; annotations keep their places" disabled={!props.can_write} onclick={props.dispatch.reform(|_: MouseEvent| Action::WriteText)}><span class="icon icon-write" aria-hidden="true" /></button>
                <button type="button" class="button button-icon" aria-label="Previous article" title="Previous article (Shift+K)" onclick={step(true)}><span class="icon icon-up" aria-hidden="true" /></button>
                <button type="button" class="button button-icon" aria-label="Next article" title="Next article (Shift+J)" onclick={step(false)}><span class="icon icon-down" aria-hidden="true" /></button>
                <button type="button" class="button button-icon" aria-label="Remove article" title="Remove from the project; Undo brings it back" disabled={!props.can_write} onclick={remove}><span class="icon icon-remove" aria-hidden="true" /></button>
            </div>
        </div>
    }
}
