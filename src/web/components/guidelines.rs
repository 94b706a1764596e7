//! The guidelines beside the text.

use web_sys::{MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::submitted;
use crate::editor::{Action, GuidePage, guidelines};
use crate::format::markdown::{Block, BlockKind, Words};
use crate::project::Project;
use crate::web::shared::Shared;

#[derive(PartialEq)]
pub struct GuidelinesProps {
    pub project: Shared<Project>,
    pub page: Option<Shared<GuidePage>>,
    /// The rule that one came for.
    pub rule: Option<u32>,
    pub writing: bool,
    pub can_write: bool,
    pub dispatch: Callback<Action>,
}

/// What the labels mean, the rules, and a way to write them anew.
pub fn guidelines_view(props: &GuidelinesProps) -> Html {
    let on = |action: fn() -> Action| props.dispatch.reform(move |_: MouseEvent| action());
    let source = guidelines(&props.project.meta().guidelines).to_owned();
    html! {
        <aside class="panel annotations" aria-label="Guidelines">
            <div class="panel-head">
                <h2>{ "Guidelines" }</h2>
                <button type="button" class="button button-icon side-close" aria-label="Close the guidelines" onclick={on(|| Action::CloseSide)}><span class="icon icon-remove" aria-hidden="true" /></button>
            </div>
            if props.writing {
                { writing(props, source) }
            } else {
                <div class="guide" dir="auto" tabindex="0">
                    { labels(&props.project) }
                    if let Some(page) = &props.page {
                        { for page.blocks.iter().map(|block| block_view(block, props.rule, true)) }
                    } else {
                        <p class="faint">{ "Reading the guidelines…" }</p>
                    }
                </div>
                <div class="panel-foot">
                    <button type="button" class="button" disabled={!props.can_write} onclick={on(|| Action::WriteGuidelines(true))}>{ "Edit" }</button>
                </div>
            }
        </aside>
    }
}

fn writing(props: &GuidelinesProps, source: String) -> Html {
    let save = props
        .dispatch
        .reform(|event: SubmitEvent| Action::SetGuidelines(submitted(&event, "guidelines")));
    let cancel = props.dispatch.reform(|_: MouseEvent| Action::WriteGuidelines(false));
    html! {
        <form class="guide-form" onsubmit={save}>
            <textarea name="guidelines" id="guidelines-field" aria-label="Guidelines, in Markdown" dir="auto" ~defaultValue={source} />
            <p class="faint">{ "Markdown. The items of a numbered list are the rules that problems link to." }</p>
            <div class="dialog-foot">
                <button type="button" class="button" onclick={cancel}>{ "Cancel" }</button>
                <button type="submit" class="button button-primary">{ "Save" }</button>
            </div>
        </form>
    }
}

fn labels(project: &Project) -> Html {
    let labels = project.scheme().labels.iter().map(|label| html! {
        <div class={format!("guideline label-{}", label.color.name())} key={label.id.to_string()}>
            <dt>{ &label.name }</dt>
            <dd>{ &label.description }{ if label.example.is_empty() { String::new() } else { format!(" Example: {}", label.example) } }</dd>
        </div>
    });
    html! { <dl class="guidelines">{ for labels }</dl> }
}

/// A block as elements of ours. The items of a numbered list at the top are rules.
fn block_view(block: &Block, rule: Option<u32>, top: bool) -> Html {
    let words = || block.words.iter().map(words_view).collect::<Html>();
    let inner = || block.blocks.iter().map(|it| block_view(it, rule, false)).collect::<Html>();
    match block.kind {
        BlockKind::Heading if block.number <= 2 => html! { <h3>{ words() }</h3> },
        BlockKind::Heading => html! { <h4>{ words() }</h4> },
        BlockKind::Paragraph => html! { <p>{ words() }</p> },
        BlockKind::List if block.number > 0 => {
            let items = block.blocks.iter().enumerate().map(|(at, item)| {
                let number = block.number + at as u32;
                let is_it = rule == Some(number);
                let id = top.then(|| format!("rule-{number}"));
                let inner: Html = item.blocks.iter().map(|it| block_view(it, rule, false)).collect();
                html! { <li {id} class={is_it.then_some("rule-wanted")} value={number.to_string()}>{ inner }</li> }
            });
            html! { <ol>{ for items }</ol> }
        }
        BlockKind::List => html! { <ul>{ inner() }</ul> },
        BlockKind::Item => html! { <li>{ inner() }</li> },
        BlockKind::Quotation => html! { <blockquote>{ inner() }</blockquote> },
        BlockKind::Code => html! { <pre>{ words() }</pre> },
        BlockKind::Line => html! { <hr /> },
    }
}

fn words_view(words: &Words) -> Html {
    let mut view = html! { { words.text.clone() } };
    if words.code {
        view = html! { <code>{ view }</code> };
    }
    if words.emphasis {
        view = html! { <em>{ view }</em> };
    }
    if words.strong {
        view = html! { <strong>{ view }</strong> };
    }
    match &words.link {
        Some(link) => html! {
            <a href={link.clone()} target="_blank" rel="noopener noreferrer">{ view }</a>
        },
        None => view,
    }
}
