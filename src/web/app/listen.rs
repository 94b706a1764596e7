//! What the root hears from the window, the document and the text.

use super::*;
use crate::text::Text;
use crate::web::dom::Beside;
use crate::web::files;

impl App {
    pub(super) fn pointer_up(&mut self, ctx: &Context<Self>, alt: bool) {
        if let Some((annotation, edge, to)) = self.reader.as_mut().and_then(Reader::let_go) {
            let Edge { span, start } = edge;
            self.act(ctx, Action::DragEdge { annotation, span, start, to });
        }
        if self.pointing {
            self.pointing = false;
            if let Some((anchor, head)) = self.reader.as_ref().and_then(|reader| reader.selection())
            {
                self.act(ctx, Action::Select { anchor, head });
                self.act(ctx, if alt { Action::Speaker } else { Action::SelectEnd });
                let left = self.reader.as_ref().and_then(|reader| reader.selection());
                self.selection_used = left.is_none();
            }
        }
        self.place_overlays();
    }

    pub(super) fn clicked(&mut self, ctx: &Context<Self>, x: f64, y: f64, alt: bool) {
        if let Some(action) = self.click(x, y, alt, Text::graphemes_beside) {
            self.act(ctx, action);
        }
    }

    /// What a click in the text asks for; nothing where it ends a selection.
    fn click(&self, x: f64, y: f64, alt: bool, beside: Beside) -> Option<Action> {
        let reader = self.reader.as_ref()?;
        if self.selection_used || reader.selection().is_some() {
            return None;
        }
        let under = reader.character_at_point(x, y, beside);
        let pos = under.or_else(|| reader.pos_at_point(x, y))?;
        Some(match under {
            Some(pos) if alt => Action::NameAt(pos),
            _ => Action::Click { pos, on_text: under.is_some() },
        })
    }

    /// What one points at before the second part is there waits as what it is now: when it is done,
    /// something else may be selected.
    pub(super) fn pointed(&mut self, ctx: &Context<Self>, msg: &Msg) -> bool {
        match msg {
            Msg::PointerDown => {
                self.pointing = true;
                self.selection_used = false;
                // Nothing waits for it; it is what lets the second part be fetched.
                self.with_work(ctx, Msg::Nothing)
            }
            Msg::PointerUp { alt } if std::mem::take(&mut self.pointing) => {
                let Some((anchor, head)) = self.reader.as_ref().and_then(Reader::selection) else {
                    return false;
                };
                let then = if *alt { Action::Speaker } else { Action::SelectEnd };
                self.with_work(ctx, Msg::Act(Action::Select { anchor, head }))
                    | self.with_work(ctx, Msg::Act(then))
            }
            Msg::Clicked(x, y, alt) => {
                // Without the tables of graphemes, which come with the second part.
                let action = self.click(*x, *y, *alt, Text::chars_beside);
                action.is_some_and(|it| self.with_work(ctx, Msg::Act(it)))
            }
            _ => false,
        }
    }

    /// Hears what no component hears: the window, the document, and the text that Yew does not make.
    pub(super) fn listen(&mut self, ctx: &Context<Self>) {
        let link = ctx.link();
        let document = gloo::utils::document();
        let window = gloo::utils::window();
        let Some(text) = self.refs.text.cast::<HtmlElement>() else { return };
        let Some(handles) = self.refs.handles.cast::<HtmlElement>() else { return };
        let Some(signs) = self.refs.signs.cast::<HtmlElement>() else { return };
        let (keys, article, to) = (self.keys.clone(), text.clone(), link.clone());
        // Before the field that it is pressed in, which may be on the way out.
        let first = EventListenerOptions {
            phase: EventListenerPhase::Capture,
            ..EventListenerOptions::enable_prevent_default()
        };
        let heard = move |event: &Event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            if event.key() == "Escape" && close_menu(None) {
                return;
            }
            let ours = is_ours(event, &keys, &article, || match parts::loaded() {
                Some(work) => (work.is_ours)(event, &keys, &article),
                None if may_act(event, &keys, &article) => Ours::Acts,
                None => Ours::No,
            });
            match ours {
                Ours::No => {}
                Ours::Acts => event.prevent_default(),
                Ours::Waits => {
                    event.prevent_default();
                    event.stop_propagation();
                }
            }
            // What it means depends on what the keys before it did, and these may still wait.
            let in_article = event.target().is_some_and(|it| it == ***article);
            if ours != Ours::No || in_article {
                keys.pending.set(keys.pending.get() + 1);
                to.send_message(Msg::Key(event.clone()));
            }
        };
        let listener = EventListener::new_with_options(&document, "keydown", first, heard);
        self.listeners.push(listener);
        let (lists, to) = ([&self.articles, &self.marks].map(|it| it.node.clone()), link.clone());
        let scroller = self.refs.scroller.get().map(web_sys::EventTarget::from);
        // Lists stand later than this, and what they scroll is heard by nobody above them.
        let capture = EventListenerOptions::run_in_capture_phase();
        let scrolled = move |event: &Event| {
            if event.target() == scroller {
                to.send_message(Msg::TextScrolled);
            } else if lists.iter().any(|list| List::is_scrolled_by(list, event)) {
                to.send_message(Msg::Scrolled);
            }
        };
        let listener = EventListener::new_with_options(&document, "scroll", capture, scrolled);
        self.listeners.push(listener);
        let mut hear =
            |target: &web_sys::EventTarget, event: &'static str, act: Box<dyn Fn(&Event)>| {
                let active = EventListenerOptions::enable_prevent_default();
                let listener =
                    EventListener::new_with_options(target, event, active, move |event| act(event));
                self.listeners.push(listener);
            };
        let send = |msg: fn() -> Msg| {
            let link = link.clone();
            Box::new(move |_: &Event| link.send_message(msg())) as Box<dyn Fn(&Event)>
        };

        hear(
            &document,
            "click",
            Box::new(|event| {
                close_menu(event.target().and_then(|target| target.dyn_into().ok()).as_ref());
            }),
        );
        hear(&document, "selectionchange", send(|| Msg::SelectionChanged));
        hear(&text, "focusin", send(|| Msg::Focused));
        hear(&text, "pointerdown", send(|| Msg::PointerDown));
        let to = link.clone();
        hear(
            &window,
            "pointerup",
            Box::new(move |event| {
                let alt = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.alt_key());
                to.send_message(Msg::PointerUp { alt });
            }),
        );
        hear(&window, "pointercancel", send(|| Msg::PointerUp { alt: false }));
        let to = link.clone();
        hear(
            &text,
            "click",
            Box::new(move |event| {
                if let Some(event) = event.dyn_ref::<MouseEvent>() {
                    let (x, y) = (event.client_x().into(), event.client_y().into());
                    to.send_message(Msg::Clicked(x, y, event.alt_key()));
                }
            }),
        );
        let to = link.clone();
        hear(
            &handles,
            "pointerdown",
            Box::new(move |event| {
                let handle = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let (Some(handle), Some(pointer)) = (handle, event.dyn_ref::<PointerEvent>())
                else {
                    return;
                };
                let span = handle.get_attribute("data-span").and_then(|span| span.parse().ok());
                let Some(span) = span else { return };
                let start = handle.get_attribute("data-edge").as_deref() == Some("start");
                event.prevent_default();
                // Without capture the handle still follows while the pointer is over the page.
                let _ = handle.set_pointer_capture(pointer.pointer_id());
                to.send_message(Msg::HandleDown { span, start });
            }),
        );
        let to = link.clone();
        hear(
            &signs,
            "click",
            Box::new(move |event| {
                let sign = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let line = sign.and_then(|sign| sign.get_attribute("data-line")?.parse().ok());
                line.into_iter().for_each(|y| to.send_message(Msg::SignClicked(y)));
            }),
        );
        let to = link.clone();
        hear(
            &handles,
            "pointermove",
            Box::new(move |event| {
                if let Some(event) =
                    event.dyn_ref::<PointerEvent>().filter(|event| event.buttons() != 0)
                {
                    to.send_message(Msg::PointerMoved(
                        event.client_x().into(),
                        event.client_y().into(),
                    ));
                }
            }),
        );
        hear(&window, "resize", send(|| Msg::Layout));
        hear(&document, "visibilitychange", send(|| Msg::Remember));
        hear(&window, "pagehide", send(|| Msg::Remember));
        let to = link.clone();
        hear(
            &window,
            "avow-tidings",
            Box::new(move |event| to.send_message(Msg::Told(event.clone()))),
        );
        hear(&document, "dragover", Box::new(|event| event.prevent_default()));
        let to = link.clone();
        hear(
            &document,
            "drop",
            Box::new(move |event| {
                event.prevent_default();
                let data = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer());
                if let Some(data) = data {
                    to.send_message(Msg::Dropped(files::dropped(&data)));
                }
            }),
        );
    }

    /// Hears that the text is laid out anew, and that it is printed. Once, with the second part: before
    /// it, nothing that is drawn changes but by the window's size.
    pub(super) fn hear_layout(&self, ctx: &Context<Self>) {
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

/// Closes the menu of the header, if it is open and what was clicked is not a setting in it; whether
/// it did. By no click at all, the focus goes back to what opened it.
fn close_menu(clicked: Option<&Element>) -> bool {
    let within = |selector: &str| {
        clicked.is_some_and(|it| it.closest(selector).is_ok_and(|found| found.is_some()))
    };
    if within(".menu > summary") || (within(".menu") && !within(".menu button")) {
        return false;
    }
    let Ok(Some(menu)) = gloo::utils::document().query_selector(".menu[open]") else {
        return false;
    };
    // Neither the name of the attribute nor the selector can be wrong.
    let _ = menu.remove_attribute("open");
    if clicked.is_none()
        && let Some(summary) =
            menu.first_element_child().and_then(|it| it.dyn_into::<HtmlElement>().ok())
    {
        let _ = summary.focus();
    }
    true
}
