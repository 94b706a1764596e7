//! A part of the page that renders again only when what it shows has changed.

use std::any::Any;
use std::rc::Rc;

use yew::prelude::*;

/// The one component below the root. Every view is a plain function of its props, so that each
/// costs the page its own few lines and not a component's whole machinery (some 10 kB each).
pub struct Memo;

#[derive(Clone, Properties)]
pub struct MemoProps {
    shown: Rc<dyn Shown>,
}

impl PartialEq for MemoProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shown, &other.shown) || self.shown.same(&*other.shown)
    }
}

trait Shown {
    fn html(&self) -> Html;
    fn same(&self, other: &dyn Shown) -> bool;
    fn as_any(&self) -> &dyn Any;
}

struct View<P> {
    props: P,
    view: fn(&P) -> Html,
}

impl<P: PartialEq + 'static> Shown for View<P> {
    fn html(&self) -> Html {
        (self.view)(&self.props)
    }

    fn same(&self, other: &dyn Shown) -> bool {
        other.as_any().downcast_ref::<View<P>>().is_some_and(|other| self.props == other.props)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Component for Memo {
    type Message = ();
    type Properties = MemoProps;

    fn create(_: &Context<Self>) -> Self {
        Memo
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        ctx.props().shown.html()
    }
}

/// Shows a view, anew only when its props are not equal to those before.
pub fn memo<P: PartialEq + 'static>(props: P, view: fn(&P) -> Html) -> Html {
    html! { <Memo shown={Rc::new(View { props, view }) as Rc<dyn Shown>} /> }
}
