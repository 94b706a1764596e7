//! Articles whose text was changed in one of two copies: both get one text before they are compared.

use super::{Note, Side, Why};
use crate::annotation::ArticleId;
use crate::edit::act::retext;
use crate::edit::{Change, Transaction};
use crate::project::{Article, Project, Value};
use crate::text::TextHash;

/// Two copies, whose articles of one id have one text as far as the one text came from the other.
pub(super) struct OnOneText {
    pub(super) mine: Project,
    pub(super) theirs: Project,
    /// Whose text stands.
    pub(super) notes: Vec<Note>,
}

/// Brings each article to the later of its texts, with what lies on it in the copy that has the
/// earlier one.
pub(super) fn on_one_text(mine: &Project, theirs: &Project) -> OnOneText {
    let mut copies = OnOneText { mine: mine.clone(), theirs: theirs.clone(), notes: Vec::new() };
    for article in mine.articles() {
        let other = theirs.article(&article.id).filter(|it| it.text != article.text);
        let Some(side) = other.and_then(|other| later(article, other)) else { continue };
        let (behind, stands) = match side {
            Side::Mine => (&mut copies.theirs, mine),
            Side::Theirs => (&mut copies.mine, theirs),
        };
        let Some(brought) = brought(behind, stands, &article.id) else { continue };
        *behind = brought;
        copies.notes.push(Note { name: article.title.clone(), why: Why::LaterText(side) });
    }
    copies
}

/// Which of two texts came from the other; where both came from one, the one that more changes led
/// to, else the one of the greater hash. None where they have no text in common.
fn later(mine: &Article, theirs: &Article) -> Option<Side> {
    let comes_from = |article: &Article, text: &TextHash| article.former_texts.contains(text);
    let rank = |it: &Article| (it.former_texts.len(), it.text.clone());
    let more = if rank(mine) >= rank(theirs) { Side::Mine } else { Side::Theirs };
    match (comes_from(mine, &theirs.text), comes_from(theirs, &mine.text)) {
        (true, false) => Some(Side::Mine),
        (false, true) => Some(Side::Theirs),
        (true, true) => Some(more),
        (false, false) => {
            mine.former_texts.iter().any(|text| comes_from(theirs, text)).then_some(more)
        }
    }
}

/// A copy whose article has the text of the one that stands, and what that says of its text.
fn brought(behind: &Project, stands: &Project, id: &ArticleId) -> Option<Project> {
    let (record, text) = (stands.article(id)?, stands.text(id)?);
    let retext = retext::retext(behind, &retext::plan(behind, id, text)?);
    let changes = retext.changes().iter().cloned().map(|mut change: Change| {
        if let Some(Value::Article(to)) = &mut change.to {
            let (regions, former_texts) = (record.regions.clone(), record.former_texts.clone());
            *to = Article { regions, former_texts, ..(**to).clone() }.into();
        }
        change
    });
    let retext = Transaction::new(retext.intent().clone(), changes.collect::<Vec<_>>());
    retext.apply(&behind.with_text(text.clone())).ok()
}
