//! What can go wrong with what is kept, in words a person understands.

/// Why the store could not do what was asked; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The browser does not let this page store anything.
    Unavailable(String),
    /// The disk, or what the browser grants this site, is full.
    Quota,
    /// The database was deleted, or belongs to another version of the page.
    VersionChange,
    /// What is stored is of an older version, and what brings it to this one is not there.
    Older,
    /// Another tab has written the same project in the meantime.
    Overtaken,
    /// A stored value is missing or cannot be read.
    Damaged {
        /// Which, as the subject of a sentence.
        what: String,
    },
    /// The connection broke, and opening it anew did not help.
    Lost(String),
    /// Anything else, in the browser's words.
    Other(String),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Unavailable(why) => write!(
                f,
                "This browser does not let the page keep anything, as in some private windows \
                 ({why})"
            ),
            StoreError::Quota => f.write_str("The storage of this browser is full"),
            StoreError::VersionChange => f.write_str(
                "The storage was changed by another version of this page, or deleted; \
                 reload the page",
            ),
            StoreError::Older => f.write_str(
                "The work of an older version of this page is stored here, and the part that \
                 reads it could not be fetched; look at the connection and reload the page",
            ),
            StoreError::Overtaken => f.write_str(
                "Another tab has changed this project; save a copy of what is here, then reload \
                 the page",
            ),
            StoreError::Damaged { what } => {
                write!(f, "{what} cannot be read from this browser's storage")
            }
            StoreError::Lost(why) => write!(f, "The browser's storage does not answer ({why})"),
            StoreError::Other(why) => write!(f, "The browser's storage failed ({why})"),
        }
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    pub(super) fn damaged(what: impl Into<String>) -> StoreError {
        StoreError::Damaged { what: what.into() }
    }
}
