//! What stands over the page until it is answered.

use std::sync::Arc;

use web_sys::{Event, FocusEvent, InputEvent, MouseEvent, SubmitEvent};
use yew::prelude::*;

use super::claims::claims_view;
use super::dataset::dataset_view;
use super::finder::finder;
use super::history::local;
use super::memo;
use super::merge::{merge_view, restore_view};
use super::notices::{NoticeListProps, notice_list};
use super::retext::{retext_view, write_text_view};
use super::scheme::scheme_view;
use super::speakers::speakers_view;
use super::{submitted, value_of};
use crate::annotation::AnnotatorId;
use crate::editor::find::Finder;
use crate::editor::speakers::Uses;
use crate::editor::{
    Action, COMMANDS, Command, CommandGroup, Copies, Dialog, Folder, FolderState, Keeps, Keys,
    Making, OwnKeys, Settings, Storage, clashes, label_clashes,
};
use crate::format::Problem;
use crate::format::native::Layout;
use crate::format::stored::ProjectRow;
use crate::project::{Project, titled};
use crate::web::shared::Shared;

/// How many rows of a long report or list are shown.
pub(super) const SHOWN: usize = 200;

/// The field above a list; rows that hold what is typed are shown.
pub(super) fn filter_field(
    name: &'static str,
    what: &'static str,
    filter: &str,
    autofocus: bool,
    dispatch: &Callback<Action>,
) -> Html {
    let typed = dispatch.reform(|event: InputEvent| Action::FilterRows(value_of(&event)));
    html! {
        <input type="search" aria-label={name} placeholder={what} dir="auto" {autofocus} ~defaultValue={filter.to_owned()} oninput={typed} />
    }
}

/// How many of what a list is of fit the filter above it; of `one`, many have an s.
pub(super) fn how_many(fitting: usize, all: usize, one: &str) -> Html {
    let of = if fitting == all { String::new() } else { format!("{fitting} of ") };
    let many = if all == 1 { "" } else { "s" };
    let first =
        if fitting > SHOWN { format!(", the first {SHOWN} of them here") } else { String::new() };
    html! { <p class="faint" role="status">{ format!("{of}{all} {one}{many}{first}") }</p> }
}

#[derive(PartialEq)]
pub struct DialogProps {
    pub dialog: Dialog,
    pub project: Option<Shared<Project>>,
    pub annotator: AnnotatorId,
    pub projects: Shared<Vec<ProjectRow>>,
    pub settings: Settings,
    /// The command whose new key is to be pressed, and why the last one could be none.
    pub changing_key: Option<(&'static str, Option<&'static str>)>,
    pub storage: Option<Storage>,
    pub copies: Shared<Copies>,
    /// How often speakers speak.
    pub uses: Shared<Uses>,
    /// The dataset that is to be made.
    pub making: Shared<Making>,
    /// How many other texts of articles are held back.
    pub held_back: usize,
    pub can_write: bool,
    pub dispatch: Callback<Action>,
}

/// The dialog that is open: the browser's own modal one, which keeps the focus in. The messages
/// stand in it, since nothing outside it answers while it is open; they come and go without the rest
/// being rendered anew. `count` tells it from those before, of which nothing stays.
pub fn dialog(count: u32, props: DialogProps, element: NodeRef, notices: NoticeListProps) -> Html {
    let title = title(&props.dialog);
    let close = props.dispatch.reform(|_: MouseEvent| Action::CloseDialog);
    let cancel = props.dispatch.reform(|event: Event| {
        event.prevent_default();
        Action::CloseDialog
    });
    // What is only read must be reached by the keyboard to be scrolled.
    let only_read = matches!(&props.dialog, Dialog::Keys | Dialog::Report { .. });
    html! {
        <dialog key={format!("{count} {title}")} ref={element} class="dialog" tabindex="-1" aria-labelledby="dialog-title" oncancel={cancel}>
            <div class="dialog-head">
                <h2 id="dialog-title">{ title }</h2>
                <button type="button" class="button button-icon" aria-label="Close" onclick={close}><span class="icon icon-remove" aria-hidden="true" /></button>
            </div>
            <div class="dialog-body" tabindex={only_read.then_some("0")}>{ memo(props, body) }</div>
            { memo(notices, notice_list) }
        </dialog>
    }
}

fn title(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Keys => "All keys",
        Dialog::Paste { .. } => "Paste text",
        Dialog::Export => "Export",
        Dialog::Dataset => "Make a dataset",
        Dialog::Projects => "Projects",
        Dialog::Report { .. } => "Files",
        Dialog::Merge { .. } => "This project is here already",
        Dialog::Restore { .. } => "Restore from a file",
        Dialog::Find(find) => match &find.finder {
            Finder::Anything => "Find",
            Finder::OtherEnd => "Link it to",
            Finder::IntoSpeaker(_) | Finder::IntoGroup(_) => "Merge into",
        },
        Dialog::Speakers { .. } => "Speakers",
        Dialog::Claims { .. } => "Claims",
        Dialog::WriteText { .. } => "Correct the text",
        Dialog::Retext { .. } => "Compare the texts",
        Dialog::Scheme { .. } => "Scheme",
        Dialog::DeleteProject { .. } => "Delete project?",
    }
}

fn body(props: &DialogProps) -> Html {
    match &props.dialog {
        Dialog::Find(now) => finder(now, props.project.as_deref(), &props.dispatch),
        _ => other_body(props),
    }
}

/// That of what is not drawn anew with each key. It stands apart from the finder, as seldom acts do in
/// `editor::step`.
#[inline(never)]
fn other_body(props: &DialogProps) -> Html {
    let dispatch = &props.dispatch;
    match &props.dialog {
        Dialog::Find(_) => Html::default(),
        Dialog::Keys => keys_view(props),
        Dialog::Paste { problem } => paste_view(problem.as_deref(), dispatch),
        Dialog::Export => {
            let known =
                props.project.as_ref().and_then(|it| it.annotator(&props.annotator).cloned());
            let name = known.map_or_else(String::new, |annotator| annotator.name.clone());
            export_view(name, &props.copies, dispatch)
        }
        Dialog::Dataset => {
            let folders = props.copies.can_choose;
            with_project(props, |project| dataset_view(project, &props.making, folders, dispatch))
        }
        Dialog::Projects => projects_view(props),
        Dialog::Report { summary, problems } => report(summary, problems),
        Dialog::Merge { incoming, merge, decisions } => {
            merge_view(incoming, merge, decisions, dispatch)
        }
        Dialog::Restore { incoming, restore } => restore_view(incoming, restore, dispatch),
        Dialog::Speakers { filter } => with_project(props, |project| {
            let shown = (&**filter, &*props.uses);
            speakers_view(project, shown, props.can_write, &props.settings.keys, dispatch)
        }),
        Dialog::Claims { filter } => with_project(props, |project| {
            claims_view(project, filter, props.can_write, &props.settings.keys, dispatch)
        }),
        Dialog::WriteText { text, problem, .. } => {
            write_text_view(text, problem.as_deref(), dispatch)
        }
        Dialog::Retext { plan, from } => with_project(props, |project| {
            let me = (&props.annotator, props.can_write);
            retext_view(project, plan, *from, props.held_back, me, dispatch)
        }),
        Dialog::Scheme { part, asked, problem } => with_project(props, |project| {
            let (asked, problem) = (asked.as_ref(), problem.as_deref());
            let may = (props.can_write, &props.settings.keys);
            scheme_view(project, part, asked, problem, may, dispatch)
        }),
        Dialog::DeleteProject { id, title } => {
            let id = id.clone();
            let delete = dispatch.reform(move |_: MouseEvent| Action::DeleteProject(id.clone()));
            let back = dispatch.reform(|_: MouseEvent| Action::OpenProjects);
            html! {
                <>
                    <p>{ format!("“{title}” goes from the list. Its work stays in this browser, and the list can bring it back.") }</p>
                    <div class="dialog-foot">
                        <button type="button" class="button" autofocus=true onclick={back}>{ "Keep it" }</button>
                        <button type="button" class="button button-danger" onclick={delete}>{ "Delete project" }</button>
                    </div>
                </>
            }
        }
    }
}

fn with_project(props: &DialogProps, view: impl FnOnce(&Shared<Project>) -> Html) -> Html {
    props.project.as_ref().map_or_else(Html::default, view)
}

fn keys_view(props: &DialogProps) -> Html {
    let own = &props.settings.keys;
    let labels = props.project.iter().flat_map(|project| project.scheme().labels.iter());
    let labels = labels.map(|label| {
        let label_name = label.name.to_lowercase();
        let name = format!("Mark the selection as {label_name}, or relabel the picked annotation");
        let keys = html! { <kbd>{ label.key.to_uppercase() }</kbd> };
        key_row(&name, keys, &label_clashes(&label.key, own))
    });
    let labels: Vec<Html> = labels.collect();
    let group = |group: CommandGroup| {
        let own = COMMANDS.iter().filter(move |command| command.group == group);
        let rows = own.map(|command| command_row(props, command));
        let first = labels.clone().into_iter().filter(|_| group == CommandGroup::Mark);
        html! {
            <section class="keys-group" key={group.title()}>
                <h3>{ group.title() }</h3>
                <dl>{ for first }{ for rows }</dl>
            </section>
        }
    };
    let caret = [
        ("By character, by line", "← → ↑ ↓"),
        ("By word", "Ctrl ← →"),
        ("By sentence", "Alt ↑ ↓"),
        ("By paragraph", "Ctrl ↑ ↓"),
        ("Line start and end", "Home End"),
        ("Text start and end", "Ctrl Home, Ctrl End"),
        ("By screen", "Page Up, Page Down"),
        ("Extend the selection", "Shift with any of these"),
        ("Select all", "Ctrl A"),
    ];
    html! {
        <>
            if !props.settings.letters {
                <p class="faint">{ "Single letters are turned off in the settings." }</p>
            }
            <p class="faint">{ "Letters and the caret's keys act while the article has the focus." }</p>
            <div class="keys-tools">
                <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::PrintKeys)}>{ "Print" }</button>
                if !own.is_empty() {
                    <button type="button" class="button" onclick={props.dispatch.reform(|_: MouseEvent| Action::ResetKeys)}>{ "Reset all" }</button>
                }
            </div>
            <div class="keys">
                { for CommandGroup::ALL.into_iter().map(group) }
                <section class="keys-group">
                    <h3>{ "Caret" }</h3>
                    <dl>{ for caret.into_iter().map(|(name, keys)| key_row(name, html! { <kbd>{ keys }</kbd> }, &[])) }</dl>
                </section>
            </div>
        </>
    }
}

fn key_row(name: &str, keys: Html, same: &[String]) -> Html {
    html! { <div class="key-row"><dt>{ name.to_owned() }{ clash(same) }</dt><dd>{ keys }</dd></div> }
}

/// A command, its keys, and a button that asks for another.
fn command_row(props: &DialogProps, command: &'static Command) -> Html {
    let own = &props.settings.keys;
    let same = props.project.as_ref().map(|project| clashes(command, own, project.scheme()));
    let (changing, problem) = match props.changing_key {
        Some((id, problem)) if id == command.id => (true, problem),
        _ => (false, None),
    };
    let wanted = (!changing).then_some(command.id);
    let onclick = props.dispatch.reform(move |_: MouseEvent| Action::ChangeKey(wanted));
    let onblur = props.dispatch.reform(|_: FocusEvent| Action::ChangeKey(None));
    let label = match changing {
        true => format!("Press the new key: {}", command.name),
        false => format!("Change the key: {}", command.name),
    };
    html! {
        <div class="key-row" key={command.id}>
            <dt>
                { command.name }
                { clash(same.as_deref().unwrap_or_default()) }
                if let Some(problem) = problem { <span class="key-clash">{ format!("{problem}: press another.") }</span> }
            </dt>
            <dd>
                { for own.of(command).iter().map(show_keys) }
                <button type="button" class="button button-small key-change" aria-label={label} {onclick} {onblur}>
                    { if changing { "Press a key" } else { "Change" } }
                </button>
            </dd>
        </div>
    }
}

/// What else has the same keys.
fn clash(same: &[String]) -> Html {
    if same.is_empty() {
        return html! {};
    }
    html! { <span class="key-clash">{ format!("The same key as: {}.", same.join("; ")) }</span> }
}

pub fn show_keys(keys: &Keys) -> Html {
    let mut text = String::new();
    for (pressed, name) in [(keys.ctrl, "Ctrl "), (keys.alt, "Alt "), (keys.shift, "Shift ")] {
        if pressed {
            text.push_str(name);
        }
    }
    text.push_str(&match keys.key.chars().count() {
        1 => keys.key.to_uppercase(),
        _ if keys.key == "Escape" => "Esc".to_owned(),
        _ => keys.key.to_string(),
    });
    html! { <kbd>{ text }</kbd> }
}

/// The first keys of a command, by its [`Command::id`].
pub fn keys_of(id: &str, own: &OwnKeys) -> Html {
    let command = COMMANDS.iter().find(|it| it.id == id);
    command.and_then(|it| own.of(it).first()).map_or_else(Html::default, show_keys)
}

/// The keys of the command that does this, on a button that does it too.
macro_rules! key_hint {
    ($action:expr, $own:expr) => {{
        let _: fn() -> $crate::editor::Action = || $action;
        $crate::web::components::keys_of(stringify!($action), $own)
    }};
}
pub(crate) use key_hint;

fn paste_view(problem: Option<&str>, dispatch: &Callback<Action>) -> Html {
    let add = dispatch.reform(|event: SubmitEvent| Action::Paste {
        title: submitted(&event, "title"),
        text: submitted(&event, "text"),
    });
    html! {
        <form onsubmit={add}>
            <label class="field"><span class="field-name">{ "Title" }</span>
                <input type="text" name="title" dir="auto" placeholder="The first line, if left empty" />
            </label>
            <label class="field"><span class="field-name">{ "Text" }</span>
                <textarea class="paste" name="text" autofocus=true rows="12" dir="auto" />
            </label>
            if let Some(problem) = problem { <p class="problem" role="alert">{ problem.to_owned() }</p> }
            <div class="dialog-foot">
                <button type="submit" class="button button-primary">{ "Add article" }</button>
            </div>
        </form>
    }
}

fn export_view(name: String, copies: &Copies, dispatch: &Callback<Action>) -> Html {
    let download = dispatch.reform(|event: SubmitEvent| {
        let format = submitted(&event, "format");
        let layout = Layout::ALL.into_iter().find(|it| it.ending() == format).unwrap_or_default();
        Action::Export { name: submitted(&event, "name"), layout }
    });
    let layout_name = |layout| match layout {
        Layout::Object => "Avow project (.avow.json)",
        Layout::Lines => "The same, an article a line (.avow.jsonl)",
    };
    let layouts =
        Layout::ALL.map(|it| html! { <option value={it.ending()} selected={it == Layout::default()}>{ layout_name(it) }</option> });
    html! {
        <>
        <form onsubmit={download}>
            <label class="field"><span class="field-name">{ "Format" }</span>
                <select name="format" aria-label="Format">{ for layouts }</select>
            </label>
            <p class="faint">{ "Everything in this project: articles, annotations, speakers. Offsets count Unicode code points, and each span carries its text. Opening the file brings the same project back. With an article a line, programs can read what is large bit by bit." }</p>
            <label class="field"><span class="field-name">{ "Your name" }</span>
                <input type="text" name="name" dir="auto" autocomplete="name" placeholder="Written beside your annotations; may stay empty" ~defaultValue={name} />
            </label>
            <div class="dialog-foot">
                <button type="submit" class="button button-primary" autofocus=true>{ "Download" }</button>
            </div>
        </form>
        <section class="copies" aria-labelledby="dataset-title">
            <h3 id="dataset-title">{ "Datasets" }</h3>
            <p class="faint">{ "What people train on: for Hugging Face, spaCy, doccano, Label Studio, brat, INCEpTION and others, in parts for training and testing." }</p>
            <div class="copies-tools">
                <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| Action::OpenDataset)}>{ "Make a dataset…" }</button>
            </div>
        </section>
        { copies_view(copies, dispatch) }
        </>
    }
}

/// Where copies go by themselves, and the last of them.
fn copies_view(copies: &Copies, dispatch: &Callback<Action>) -> Html {
    let on = |action: fn() -> Action| dispatch.reform(move |_: MouseEvent| action());
    let choose = on(|| Action::ChooseFolder);
    let text = match &copies.folder {
        None if copies.can_choose => {
            "Choose a folder, and a copy of this project is written there every ten minutes while \
             you work, one file for each day."
                .to_owned()
        }
        None => "This browser cannot write to a folder by itself. You are reminded to save a copy \
                 when many changes are in none."
            .to_owned(),
        Some(Folder { name, state: FolderState::Ready }) => format!(
            "While you work, a copy is written to the folder “{name}” every ten minutes, one file \
             for each day."
        ),
        Some(Folder { name, state: FolderState::Asks }) => {
            format!("The browser wants your permission to write to the folder “{name}” again.")
        }
        Some(Folder { name, state: FolderState::Failed(why) }) => {
            format!("The last copy could not be written to the folder “{name}”: {why}.")
        }
    };
    let last = match copies.last_at() {
        Some(at) => format!("The last copy is of {}.", local(at)),
        None => "There is no copy yet.".to_owned(),
    };
    html! {
        <section class="copies" aria-labelledby="copies-title">
            <h3 id="copies-title">{ "Automatic copies" }</h3>
            <p class="faint">{ text }{ " " }{ last }</p>
            <div class="copies-tools">
                { match &copies.folder {
                    None if copies.can_choose => html! {
                        <button type="button" class="button" onclick={choose}>{ "Choose a folder" }</button>
                    },
                    None => html! {},
                    Some(folder) => html! {
                        <>
                            if folder.state == FolderState::Asks {
                                <button type="button" class="button" onclick={on(|| Action::AllowFolder)}>{ "Allow it" }</button>
                            } else {
                                <button type="button" class="button" onclick={on(|| Action::CopyNow)}>{ "Write a copy now" }</button>
                            }
                            <button type="button" class="button" onclick={choose}>{ "Choose another folder" }</button>
                            <button type="button" class="button" onclick={on(|| Action::ForgetFolder)}>{ "Stop" }</button>
                        </>
                    },
                } }
            </div>
        </section>
    }
}

fn projects_view(props: &DialogProps) -> Html {
    let title = props.project.as_ref().map_or_else(String::new, |it| it.meta().title.clone());
    let start = props
        .dispatch
        .reform(|event: SubmitEvent| Action::NewProject { title: submitted(&event, "title") });
    let rename = props
        .dispatch
        .reform(|event: SubmitEvent| Action::RenameProject { title: submitted(&event, "title") });
    let open = props.project.as_ref().map(|project| project.meta().id.clone());
    let rows = props.projects.iter().map(|row| {
        let current = open.as_ref() == Some(&row.id);
        let articles = match row.articles {
            1 => "1 article".to_owned(),
            n => format!("{n} articles"),
        };
        let act = |action: fn(crate::project::ProjectId) -> Action| {
            let id = row.id.clone();
            props.dispatch.reform(move |_: MouseEvent| action(id.clone()))
        };
        let deleted = row.deleted.is_some();
        html! {
            <li key={row.id.to_string()} class="project-row">
                <span class="row-body">
                    <span class={if deleted { "row-title deleted" } else { "row-title" }} dir="auto">{ titled(&row.title) }</span>
                    <span class="faint">{ if deleted { "deleted".to_owned() } else if current { format!("open, {articles}") } else { articles } }</span>
                </span>
                if deleted {
                    <button type="button" class="button button-small" onclick={act(Action::RestoreProject)}>{ "Bring back" }</button>
                } else if !current {
                    <button type="button" class="button button-small" onclick={act(Action::OpenProject)}>{ "Open" }</button>
                    <button type="button" class="button button-small button-danger" onclick={act(Action::AskDeleteProject)}>{ "Delete" }</button>
                }
            </li>
        }
    });
    html! {
        <>
            <ul class="project-rows">{ for rows }</ul>
            <form class="line-form" onsubmit={rename}>
                <label class="field"><span class="field-name">{ "Title of this project" }</span>
                    <input type="text" name="title" dir="auto" ~defaultValue={title} />
                </label>
                <button type="submit" class="button">{ "Rename" }</button>
            </form>
            <form class="line-form" onsubmit={start}>
                <label class="field"><span class="field-name">{ "New project" }</span>
                    <input type="text" name="title" dir="auto" placeholder="Title" />
                </label>
                <button type="submit" class="button">{ "Start" }</button>
            </form>
            if let Some(storage) = props.storage { <p class="faint">{ stored_where(storage) }</p> }
        </>
    }
}

/// Where the work is, how much room there is, and how long it stays.
fn stored_where(storage: Storage) -> String {
    let size = |bytes: u64| match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    };
    let used = storage
        .used
        .map_or_else(String::new, |(used, quota)| format!(", {} of {}", size(used), size(quota)));
    let stays = match storage.keeps {
        Keeps::UntilDeleted => "It stays until you delete it.",
        Keeps::WhileRoom => {
            "The browser may clear it when its disk is full: an exported file is the safe copy."
        }
        Keeps::SevenDays => {
            "Safari deletes it after seven days of use without a visit: an exported file is the \
             safe copy."
        }
    };
    format!("Everything is stored in this browser{used}. {stays}")
}

fn report(summary: &str, problems: &Arc<Vec<Problem>>) -> Html {
    html! {
        <>
            <p>{ summary.to_owned() }</p>
            { problem_list(problems) }
        </>
    }
}

pub(super) fn problem_list(problems: &[Problem]) -> Html {
    let rows = problems.iter().take(SHOWN).map(|problem| html! {
        <li>
            <span class="problem-place">{ &problem.file }{ problem.line.map(|line| format!(", line {line}")).unwrap_or_default() }</span>
            <span>{ format!("{}. {}.", problem.what, problem.remedy) }</span>
        </li>
    });
    html! {
        <>
            <ul class="problems">{ for rows }</ul>
            if problems.len() > SHOWN { <p class="faint">{ format!("and {} more", problems.len() - SHOWN) }</p> }
        </>
    }
}
