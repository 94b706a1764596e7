//! Seeing that the annotator is at work, so that their time is counted.

use std::rc::Rc;

use super::*;

/// How often the editor hears of work that goes on, in seconds.
const EVERY: u64 = 5;

/// What a person at work does.
const SIGNS: [&str; 5] = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"];

impl App {
    /// Hears of it from the document, before anybody else does, so that time belongs to the article
    /// that was open. Only once, and only since acts are possible.
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
        self.hear_layout(ctx);
        self.hear_presses(ctx);
    }
}
