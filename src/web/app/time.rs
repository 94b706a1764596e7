//! What is heard since acts are possible: that the annotator is at work, so that their time is counted,
//! that the text was laid out anew, and that it is printed.

use std::rc::Rc;

use super::*;

/// How often the editor hears of work that goes on, in seconds.
const EVERY: u64 = 5;

/// What a person at work does.
const SIGNS: [&str; 5] = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"];

impl App {
    /// Hears of work from the document, before anybody else does, so that time belongs to the article
    /// that was open. All of it only once.
    pub(super) fn hear_work(&self, ctx: &Context<Self>) {
        if self.hears_work.replace(true) {
            return;
        }
        let document = gloo::utils::document();
        let last = Rc::new(Cell::new(0));
        for sign in SIGNS {
            let (link, last) = (ctx.link().clone(), last.clone());
            let options = EventListenerOptions::run_in_capture_phase();
            let heard = move |_: &Event| {
                let now = world::now().0;
                if now.abs_diff(last.get()) >= EVERY {
                    last.set(now);
                    link.send_message(Msg::Act(Action::Active { here: true }));
                }
            };
            EventListener::new_with_options(&document, sign, options, heard).forget();
        }
        let link = ctx.link().clone();
        let turned = move |_: &Event| {
            let here = !gloo::utils::document().hidden();
            last.set(world::now().0);
            link.send_message(Msg::Act(Action::Active { here }));
        };
        EventListener::new(&document, "visibilitychange", turned).forget();
        for (event, begins) in [("beforeprint", true), ("afterprint", false)] {
            let link = ctx.link().clone();
            let heard = move |_: &Event| link.send_message(Msg::Print { begins });
            EventListener::new(&gloo::utils::window(), event, heard).forget();
        }
        let link = ctx.link().clone();
        let resized: Closure<dyn Fn()> = Closure::new(move || link.send_message(Msg::Layout));
        // Where a browser has none, marks lie right again when the window gets another size.
        let observer = ResizeObserver::new(resized.into_js_value().unchecked_ref());
        if let (Ok(observer), Some(text)) = (observer, self.refs.text.cast::<HtmlElement>()) {
            observer.observe(&text);
        }
    }
}
