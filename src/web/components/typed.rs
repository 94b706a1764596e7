//! Fields in which one types.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

/// A field that shows what the project holds, and never takes back what is being typed: the page is
/// rendered anew while one types, with what had been typed before, and with what others change.
pub struct Typed {
    around: NodeRef,
    shown: AttrValue,
    /// Something was typed and is not handed over.
    typing: bool,
}

#[derive(PartialEq, Properties)]
pub struct TypedProps {
    pub value: AttrValue,
    /// The field, without a value of its own.
    pub children: Html,
}

impl Component for Typed {
    /// Whether one is typing now.
    type Message = bool;
    type Properties = TypedProps;

    fn create(_: &Context<Self>) -> Self {
        Typed { around: NodeRef::default(), shown: AttrValue::default(), typing: false }
    }

    fn update(&mut self, _: &Context<Self>, typing: bool) -> bool {
        self.typing = typing;
        if !typing {
            // It comes back if it was taken.
            self.show();
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let oninput = ctx.link().callback(|_: InputEvent| true);
        let onchange = ctx.link().callback(|_: Event| false);
        let onfocusout = ctx.link().callback(|_: FocusEvent| false);
        html! {
            <span class="typed" ref={&self.around} {oninput} {onchange} {onfocusout}>
                { ctx.props().children.clone() }
            </span>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        let now = &ctx.props().value;
        if first || *now != self.shown {
            self.shown = now.clone();
            if !self.typing {
                self.show();
            }
        }
    }
}

impl Typed {
    fn show(&self) {
        let field = self.around.cast::<Element>().and_then(|it| it.first_element_child());
        if let Some(field) = field {
            set_value(&field, &self.shown);
        }
    }
}

fn set_value(field: &Element, value: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    }
}
