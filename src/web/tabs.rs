//! What the tabs of one browser tell each other about a project.

use gloo::events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::project::ProjectId;

/// News of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// All its commits up to this `seq` are on disk.
    Wrote(u64),
    /// Another tab wants to write it.
    HandOver,
}

/// The channel between tabs; it closes on drop.
pub struct Tabs {
    channel: BroadcastChannel,
    _listener: EventListener,
}

impl Tabs {
    /// Joins the other tabs; none where the browser has no such channels: then a tab that reads
    /// sees what is new when it opens the project again, and taking over does not wait.
    pub fn join(on_news: yew::Callback<(ProjectId, News)>) -> Option<Tabs> {
        let channel = BroadcastChannel::new("avow").ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            if let Some(news) = data.and_then(|data| read(&data)) {
                on_news.emit(news);
            }
        });
        Some(Tabs { channel, _listener: listener })
    }

    /// Tells the other tabs.
    pub fn tell(&self, project: &ProjectId, news: News) {
        let seq = match news {
            News::Wrote(seq) => JsValue::from_f64(seq as f64),
            News::HandOver => JsValue::NULL,
        };
        // A tab that is not told reads on, and can still take over.
        let _ = self.channel.post_message(&Array::of2(&project.as_str().into(), &seq));
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// A message of another tab; none if it is of another version and means something else.
fn read(data: &JsValue) -> Option<(ProjectId, News)> {
    let data = data.dyn_ref::<Array>()?;
    let project = ProjectId::from(data.get(0).as_string()?);
    let news = match data.get(1).as_f64() {
        Some(seq) => News::Wrote(seq as u64),
        None => News::HandOver,
    };
    Some((project, news))
}
