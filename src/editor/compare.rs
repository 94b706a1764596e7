//! What a comparison of two texts shows: the paragraphs that changed, and what becomes of the
//! annotations.

use crate::edit::act::retext::{How, Plan};
use crate::text::diff::Diff;

/// A row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A paragraph, one that changed or that stands beside one.
    Paragraph(Vec<Piece>),
    /// So many paragraphs that did not change.
    Same(usize),
    /// So many more that changed and are not shown.
    More(usize),
}

/// A stretch of a paragraph, cut where it is long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub fate: Fate,
    /// Its words; a line that ends in what changed ends with `¶`.
    pub words: String,
}

/// What became of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Both texts have it.
    Stays,
    /// Only the older has it.
    Goes,
    /// Only the newer has it.
    Comes,
}

/// How many paragraphs are shown, and how many pieces of one.
const SHOWN: usize = 200;

/// How many characters of a stretch that stays are shown at either end.
const AROUND: usize = 160;

/// How many characters of a stretch that goes or comes are shown.
const LONGEST: usize = 2_000;

/// The paragraphs that changed, each with the one before and the one behind it.
pub fn rows(diff: &Diff) -> Vec<Row> {
    let paragraphs = paragraphs(diff);
    let is_changed = |at: usize| {
        let paragraph: Option<&Vec<(Fate, &str)>> = paragraphs.get(at);
        paragraph.is_some_and(|it| it.iter().any(|(fate, _)| *fate != Fate::Stays))
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut shown = 0;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let before = at.checked_sub(1).is_some_and(is_changed);
        if shown == SHOWN {
            match rows.last_mut() {
                _ if !is_changed(at) => {}
                Some(Row::More(count)) => *count += 1,
                _ => rows.push(Row::More(1)),
            }
        } else if is_changed(at) || before || is_changed(at + 1) {
            shown += 1;
            rows.push(Row::Paragraph(pieces(paragraph)));
        } else if let Some(Row::Same(count)) = rows.last_mut() {
            *count += 1;
        } else {
            rows.push(Row::Same(1));
        }
    }
    rows
}

/// Both texts, paragraph by paragraph; one without words is left out unless it changed.
fn paragraphs(diff: &Diff) -> Vec<Vec<(Fate, &str)>> {
    let mut all = Vec::new();
    let mut paragraph: Vec<(Fate, &str)> = Vec::new();
    for hunk in &diff.hunks {
        let (old, new) = (diff.old().slice(hunk.old), diff.new_text().slice(hunk.new));
        let parts = match hunk.same {
            true => [(Fate::Stays, new), (Fate::Stays, "")],
            false => [(Fate::Goes, old), (Fate::Comes, new)],
        };
        for (fate, covered) in parts {
            for line in covered.split_inclusive('\n') {
                let words = line.strip_suffix('\n').unwrap_or(line);
                if !words.is_empty() {
                    paragraph.push((fate, words));
                }
                if words.len() < line.len() {
                    if fate != Fate::Stays {
                        paragraph.push((fate, "¶"));
                    }
                    all.push(std::mem::take(&mut paragraph));
                }
            }
        }
    }
    all.push(paragraph);
    all.retain(|paragraph| {
        paragraph.iter().any(|(fate, words)| *fate != Fate::Stays || !words.trim().is_empty())
    });
    all
}

fn pieces(paragraph: &[(Fate, &str)]) -> Vec<Piece> {
    let last = paragraph.len() - 1;
    let shown = paragraph.iter().enumerate().take(SHOWN);
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, (fate, words)) in shown {
        let words = match fate {
            // What stands next to a change helps to see where it is.
            Fate::Stays if last == 0 => cut(words, 2 * AROUND, 0),
            Fate::Stays if at == 0 => cut(words, 0, AROUND),
            Fate::Stays if at == last => cut(words, AROUND, 0),
            Fate::Stays => cut(words, AROUND, AROUND),
            Fate::Goes | Fate::Comes => cut(words, LONGEST, 0),
        };
        match pieces.last_mut() {
            Some(before) if before.fate == *fate => before.words.push_str(&words),
            _ => pieces.push(Piece { fate: *fate, words }),
        }
    }
    if paragraph.len() > SHOWN {
        pieces.push(Piece { fate: Fate::Stays, words: "…".to_owned() });
    }
    pieces
}

/// So many characters of the start and of the end, and an ellipsis for what is left out.
fn cut(words: &str, head: usize, tail: usize) -> String {
    let Some((from, _)) = words.char_indices().nth(head) else { return words.to_owned() };
    let rest = &words[from..];
    let to = match tail.checked_sub(1) {
        Some(last) => rest.char_indices().rev().nth(last).map_or(0, |(at, _)| at),
        None => rest.len(),
    };
    match to {
        0 => words.to_owned(),
        _ => format!("{}…{}", &words[..from], &rest[to..]),
    }
}

/// What becomes of the annotations, as a sentence.
pub fn outcome(plan: &Plan) -> String {
    let all: [(How, &str, &str); 4] = [
        (How::Stays, "stays", "stay"),
        (How::Edited, "is carried across a change", "are carried across a change"),
        (How::Found, "was found elsewhere", "were found elsewhere"),
        (How::Unplaced, "has no place any more", "have no place any more"),
    ];
    let mut said: Vec<String> = Vec::new();
    for (how, one, many) in all {
        let what = match (said.is_empty(), plan.count(how)) {
            (_, 0) => continue,
            (true, 1) => format!("1 annotation {one}"),
            (true, count) => format!("{count} annotations {many}"),
            (false, 1) => format!("1 {one}"),
            (false, count) => format!("{count} {many}"),
        };
        said.push(what);
    }
    if said.is_empty() {
        return "No annotation lies on this text.".to_owned();
    }
    format!("{}.", said.join(", "))
}
