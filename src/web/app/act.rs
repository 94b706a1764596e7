//! Stepping the editor, and running what it asks for.

use super::*;

impl App {
    pub(super) fn act(&mut self, ctx: &Context<Self>, action: Action) {
        if let Some(reader) = &mut self.reader {
            reader.forget_goal();
        }
        self.act_keeping_goal(ctx, action);
    }

    pub(super) fn act_keeping_goal(&mut self, ctx: &Context<Self>, action: Action) {
        // What a person does stays in order: a mark that waits is one of the article that was open.
        let opens = matches!(action, Action::OpenArticle(_) | Action::NextArticle { .. });
        if opens && self.behind && parts::loaded().is_none() {
            return self.wait_for_work(ctx, Msg::Act(action));
        }
        // Time changes nothing in the text, and passes when the page is left: that is not to be laid out
        // once more.
        let draws = !matches!(action, Action::Active { .. });
        let mut world = world::Browser;
        let before = self.state.project.clone().map(Shared);
        let stepped = match parts::loaded() {
            Some(work) => Ok((work.step)(&self.state, action, &mut world)),
            None => step_reading(&self.state, action, &mut world),
        };
        let effects = match stepped {
            Ok((state, effects)) => {
                self.state = state;
                effects
            }
            Err(action) => return self.wait_for_work(ctx, Msg::Act(action)),
        };
        let annotates = before != self.state.project.clone().map(Shared);
        let open = self.keys.dialog.get();
        self.follow();
        if let Some(work) = parts::loaded().filter(|_| open != self.keys.dialog.get()) {
            (work.dialog_turned)(self);
        }
        let new = draws && self.show(ctx);
        for effect in effects {
            self.run(ctx, effect);
        }
        if let Some(reader) = self.reader.as_mut().filter(|_| new) {
            // What is shown first has its marks before what is around it has.
            reader.look(0);
        }
        // After what they measure and select: what is drawn has to be laid out before the next of it.
        if draws {
            // A key that changes marks shows these first. The pointer might be pressed on a bar that stays
            // for a frame. What comes before that frame, such as that the act was saved, waits too.
            let wait = self.overlays_wait.get() || annotates && self.by_key;
            self.overlays_wait.set(wait && !self.selects());
            self.paint();
        }
        self.time_notices(ctx);
        self.remember_soon(ctx);
    }

    /// Steps what holds for one project only, if that is the open one.
    pub(super) fn act_in(&mut self, ctx: &Context<Self>, id: &ProjectId, action: Action) {
        if self.state.project.as_ref().is_some_and(|open| open.meta().id == *id) {
            self.act(ctx, action);
        }
    }

    /// Tells the key handlers what they must know at once.
    pub(super) fn follow(&self) {
        self.keys.letters.set(self.state.settings.letters);
        self.keys.own.replace(self.state.settings.keys.clone());
        self.keys.dialog.set(self.state.dialog.is_some());
        self.keys.screen.set(self.state.dialog.as_ref().is_some_and(Dialog::undoes));
        self.keys.changing.set(self.state.changing_key.is_some());
        let mode = self.state.article.as_ref().map(|article| &article.mode);
        self.keys.edge.set(matches!(mode, Some(Mode::Edge { .. })));
    }

    /// Puts the open article on the screen; a paint follows. True if its text is new there.
    pub(super) fn show(&mut self, ctx: &Context<Self>) -> bool {
        let (Some(reader), Some(project)) = (&mut self.reader, self.state.shown()) else {
            return false;
        };
        let article = self.state.article.as_deref();
        // The container is hidden while there is no article, and is rendered only later.
        if let Some(text) = self.refs.text.cast::<HtmlElement>() {
            text.set_hidden(article.is_none());
        }
        let new = reader.show(project, article);
        if new {
            self.lay_out_soon(ctx);
        }
        new
    }

    /// Has more of the open text laid out once it is shown, some at a time.
    pub(super) fn lay_out_soon(&mut self, ctx: &Context<Self>) {
        self.lay_out = Some(when_free(ctx, || Msg::LayOutMore));
    }

    /// Does what needs the second part of the page, once that is there.
    pub(super) fn with_work(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match parts::loaded() {
            Some(work) => (work.update)(self, ctx, msg),
            None => {
                self.wait_for_work(ctx, msg);
                // The header says that something waits.
                self.behind
            }
        }
    }

    /// Fetches the second part, once what is read is there.
    pub(super) fn fetch_ahead(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.fetches_ahead, true) {
            self.later(ctx, async {
                match parts::load().await {
                    Ok(work) => Msg::Work(Ok(work)),
                    Err(parts::Missing) => Msg::NotAhead,
                }
            });
        }
    }

    fn wait_for_work(&mut self, ctx: &Context<Self>, msg: Msg) {
        if self.waiting.is_empty() {
            let link = ctx.link().clone();
            let slow = gloo::timers::callback::Timeout::new(SLOW, move || {
                let text = "Fetching the rest of the page…".to_owned();
                link.send_message(Msg::Act(Action::Notify { text, stays: false }));
            });
            self.later(ctx, async move {
                let work = parts::load().await;
                drop(slow);
                Msg::Work(work)
            });
        }
        // Where one points and what one selects is no work.
        let is_work = match &msg {
            Msg::Act(action) => {
                use Action as A;
                !matches!(action, A::Select { .. } | A::SelectEnd | A::Click { .. } | A::EndTyping)
            }
            Msg::Key(_) | Msg::Acts(_) | Msg::Brought(..) | Msg::Dropped(_) => true,
            _ => false,
        };
        self.behind |= is_work;
        self.waiting.push(msg);
    }

    /// The second part has come, or not: what waited for it is done, or not.
    pub(super) fn work_came(&mut self, ctx: &Context<Self>, work: Result<Work, parts::Missing>) {
        let waiting = std::mem::take(&mut self.waiting);
        match work {
            Ok(work) => {
                // It may have been waited for twice.
                if parts::loaded().is_none() {
                    parts::keep(work);
                    (work.begin)(self, ctx);
                }
                // At once: what comes next may be in the queue already, and is not to come before.
                for msg in waiting {
                    Component::update(self, ctx, msg);
                }
                self.behind = false;
                // The acts that waited may have let go of what was selected after them.
                if let (Some(reader), Some(article)) = (&mut self.reader, &self.state.article)
                    && article.selects()
                    && !self.pointing
                {
                    reader.show_selection(article);
                }
            }
            Err(parts::Missing) => {
                self.behind = false;
                self.keys.pending.set(0);
                let text = "A part of this page could not be fetched, so that nothing can be done \
                            but reading. Look at the connection; the next act tries again."
                    .to_owned();
                self.act(ctx, Action::Notify { text, stays: true });
            }
        }
    }

    /// Paints what changed, came near the screen, or lies elsewhere now.
    pub(super) fn paint(&mut self) {
        // All is measured before anything is drawn: in turns, each would be laid out anew.
        let overlays = parts::loaded().filter(|_| !self.overlays_wait.get());
        let overlays = overlays.and_then(|work| Some((work, (work.measure_overlays)(self)?)));
        if let (Some(reader), Some(project), Some(article)) =
            (&mut self.reader, self.state.shown(), &self.state.article)
        {
            let marks = reader.measure_marks(project, article);
            if let Some((work, overlays)) = overlays {
                (work.place_overlays)(reader, overlays);
            }
            reader.paint(project, article, marks);
        }
    }

    /// Draws what has come near the screen by scrolling, which moves nothing else.
    pub(super) fn look(&mut self) {
        if !self.come_near() {
            return;
        }
        // Both are measured before either is drawn, see `paint`.
        self.measure_rest();
        if let (Some(reader), Some(project), Some(article)) =
            (&mut self.reader, self.state.shown(), &self.state.article)
        {
            let marks = reader.measure_marks(project, article);
            reader.draw_marks(marks);
        }
        self.draw_rest();
    }

    /// Finds what has come near the screen; whether anything has. Around a text that was shown just now
    /// nothing comes before its first frame, which is the sooner there.
    pub(super) fn come_near(&mut self) -> bool {
        self.lay_out.is_none() && self.reader.as_mut().is_some_and(|reader| reader.look(AROUND))
    }

    /// Whether something is selected in the text.
    pub(super) fn selects(&self) -> bool {
        self.state.article.as_ref().is_some_and(|article| article.selects())
    }

    /// Measures what [`App::draw_rest`] draws, before anything is drawn.
    pub(super) fn measure_rest(&self) {
        if let Some(work) = parts::loaded() {
            (work.measure_rest)(self);
        }
    }

    /// Draws what stands in and over the text and an act leaves for the next frame.
    pub(super) fn draw_rest(&self) {
        if let Some(work) = parts::loaded() {
            (work.draw_rest)(self);
        }
    }

    pub(super) fn run(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::LoadArticle(article) => {
                let (Some(project), store) = (&self.state.project, self.store.clone()) else {
                    return;
                };
                let project = project.meta().id.clone();
                self.later(ctx, async move {
                    Msg::Act(effects::load_action(store, project, article).await)
                });
            }
            Effect::Announce(text) => self.said = Some(text),
            Effect::ShowCaret if parts::loaded().is_none() => {
                if let (Some(reader), Some(article)) = (&self.reader, &self.state.article) {
                    reader.scroll_to_line(article.head);
                }
            }
            other => match parts::loaded() {
                Some(work) => (work.run)(self, ctx, other),
                None => self.wait_for_work(ctx, Msg::Run(Box::new(other))),
            },
        }
    }

    /// Tells a screen reader what there is to say.
    pub(super) fn say(&mut self) {
        let Some(text) = self.said.take() else { return };
        let Some(live) = self.refs.live.cast::<HtmlElement>() else { return };
        // The same words twice are read twice only if the text changes.
        let again = live.text_content().as_ref() == Some(&text);
        live.set_text_content(Some(&if again { format!("{text}\u{a0}") } else { text }));
    }
}
