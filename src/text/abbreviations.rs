//! Full stops that end no sentence, which Unicode's rules leave to each language.

/// Written before a name or a day, so that no sentence ends with them.
const BEFORE_MORE: &[&str] = &[
    "Adm", "Apr", "Aug", "Brig", "Capt", "Cmdr", "Col", "Cpl", "Dec", "Dr", "Feb", "Fr", "Gen",
    "Gov", "Hon", "Jan", "Jul", "Jun", "Lt", "Maj", "Messrs", "Mme", "Mr", "Mrs", "Ms", "Mt", "Mx",
    "Nov", "Oct", "Prof", "Rep", "Reps", "Rev", "Sen", "Sens", "Sept", "Sgt", "St", "Supt",
];

/// Written inside a sentence or at its end, as initials and acronyms are.
const EITHER: &[&str] = &["Bros", "Co", "Corp", "Inc", "Jr", "Ltd", "Sr", "vs"];

/// Written with full stops of their own, inside a sentence or at its end.
const WITH_STOPS: &[&str] = &["a.m", "al", "approx", "dept", "e.g", "etc", "i.e", "p.m"];

/// Capitalised, these open a sentence and are seldom part of a name.
const OPENERS: &[&str] = &[
    "A", "After", "An", "And", "As", "At", "But", "For", "He", "Her", "His", "However", "I", "If",
    "In", "It", "Its", "On", "She", "So", "That", "The", "Their", "There", "These", "They", "This",
    "We", "What", "When", "While", "You",
];

/// Whether a sentence that seems to end with `before` goes on with `after`: "Mr. Smith",
/// "the U.S. Senate", "J. R. Smith", but not "in the U.S. The Senate".
pub(super) fn goes_on(before: &str, after: &str) -> bool {
    let Some(word) = before.trim_end().strip_suffix('.').map(last_word) else { return false };
    if BEFORE_MORE.contains(&word) {
        return true;
    }
    let next = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let may_go_on = EITHER.contains(&word) || is_initials(word);
    may_go_on && !next.is_empty() && !OPENERS.contains(&next)
}

/// Whether the full stop that `before` ends with is part of an abbreviation, be it the sentence's
/// last or not: "in the U.S.", "at 9 a.m."
pub(super) fn is_one(before: &str) -> bool {
    let Some(word) = before.strip_suffix('.').map(last_word) else { return false };
    [BEFORE_MORE, EITHER, WITH_STOPS].iter().any(|list| list.contains(&word)) || is_initials(word)
}

/// What stands behind the last character that is neither of a word nor a full stop.
fn last_word(stem: &str) -> &str {
    stem.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default()
}

fn is_initials(word: &str) -> bool {
    word != "I" && word.split('.').all(is_initial)
}

fn is_initial(part: &str) -> bool {
    let mut chars = part.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}
