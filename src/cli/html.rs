//! Web pages natively: html5ever's tree as events.

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::format::html::{Event, HtmlArticle, attributes_of, convert};

/// The article of a page, as the browser's own parser would give it.
pub fn article(markup: &str) -> HtmlArticle {
    convert(&events(markup))
}

/// Parses a page by the browsers' rules, with scripting off as in an inert document.
pub fn events(markup: &str) -> Vec<Event> {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..Default::default() };
    let options = ParseOpts { tree_builder, ..Default::default() };
    let dom = parse_document(RcDom::default(), options).one(markup);
    walk(&dom.document)
}

enum Step {
    Into(Handle),
    Close,
}

/// Without recursion: html5ever nests as deep as the markup does.
fn walk(document: &Handle) -> Vec<Event> {
    let mut events = Vec::new();
    let mut steps = vec![Step::Into(document.clone())];
    while let Some(step) = steps.pop() {
        let Step::Into(node) = step else {
            events.push(Event::Close);
            continue;
        };
        match &node.data {
            NodeData::Text { contents } => events.push(Event::Text(contents.borrow().to_string())),
            NodeData::Element { name, attrs, .. } => {
                let tag = name.local.to_ascii_lowercase().to_string();
                let attributes = attributes_of(&tag).iter().filter_map(|&wanted| {
                    let attrs = attrs.borrow();
                    let found = attrs.iter().find(|attr| &*attr.name.local == wanted)?;
                    Some((wanted.to_owned(), found.value.to_string()))
                });
                let attributes = attributes.collect();
                events.push(Event::Open { tag, attributes });
                steps.push(Step::Close);
            }
            _ => {}
        }
        // What stands last on the stack comes first.
        steps.extend(node.children.borrow().iter().rev().cloned().map(Step::Into));
    }
    events
}
