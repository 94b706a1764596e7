//! Ids: short strings that are cheap to clone, one type for each kind of thing.

/// Declares an id type: a string that is cheap to clone, compared by content.
macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The id of that name.
            #[allow(dead_code)]
            pub(crate) fn shared(name: std::sync::Arc<str>) -> Self {
                Self(name)
            }

            /// As in files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: AsRef<str>> From<T> for $name {
            fn from(id: T) -> Self {
                Self(id.as_ref().into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}
pub(crate) use id_type;

id_type! {
    /// Names a scheme.
    SchemeId,
    /// Names a label within its scheme.
    LabelId,
    /// Names an attribute within its scheme.
    AttributeId,
    /// Names a type of relation within its scheme.
    RelationTypeId,
}
