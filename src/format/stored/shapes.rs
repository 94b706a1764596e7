//! The stored shapes of all that a record or a commit holds.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::ProjectRow;
use super::shape::{
    Shape, Wrong, insert, object, put, put_unless_default, shape, tagged, take, take_or_default,
    untagged,
};
use super::{Fields, Tree};
use crate::annotation::{
    Annotation, AnnotationId, AnnotatorId, ArticleId, AttributeValue, GroupId, Origin, Place,
    Relation, RelationId, Spans, SpeakerId, SpeakerMention, Status, Target, Timestamp,
};
use crate::edit::merge::{
    Decisions, Difference, Fact, Listed, Merge, Note, Rule, Side, Summary, Tally, Why,
};
use crate::edit::{Change, Commit, CommitId, Intent, IntentGroup, Transaction};
use crate::format::NewArticle;
use crate::format::html::Event;
use crate::project::{
    Annotator, Article, Counts, Deletion, Group, Key, Meta, Owner, ProjectId, Region, SetInfo,
    SetKey, SetRow, Source, Speaker, Unplaced, Value,
};
use crate::scheme::{
    self, Attribute, AttributeId, AttributeKind, Color, Label, LabelId, LineStyle, RelationType,
    RelationTypeId, Scheme, SchemeId,
};
use crate::text::{Pos, Span, Text, TextHash};

shape! {
    ProjectRow {
        id, title, opened, articles, deleted, last_seq, blocks: omitted, packed: omitted,
        importing: omitted,
    }
}

shape! { Meta { id, title, guidelines, created, file_extra: omitted } + extra }
shape! { Annotator { id, order, name } + extra }
shape! { Speaker { id, order, name, aliases } + extra }
shape! { Group { id, order, sentence, members } + extra }
shape! { Relation { id, order, kind = "type", annotator, from, to, target_text, note } + extra }
shape! {
    Article {
        id, order, title, text, source, metadata: default, regions: default, former_texts: omitted,
        unplaced: omitted,
    } + extra
}
shape! { Source { file, url, publisher, published, language } + extra }
shape! { Region { span, kind } + extra }
shape! {
    Unplaced {
        owner, id, label, quotes, before: default, after: default, attributes: default,
        note: default, origin: default, created, updated,
    } + extra
}
shape! { SetKey { article, owner } }
shape! { Place { article, annotation } }
shape! { Deletion { at, by } + extra }

shape! { Scheme { id, version, labels, attributes, relations } + extra }
shape! {
    Label {
        id, name, key: default, color: default, style: default, description: default,
        example: default, attributes: default, rules: omitted,
    } + extra
}
shape! {
    Attribute {
        id, name, description: omitted, kind, values: omitted, required: default,
    } + extra
}
shape! {
    RelationType {
        id, name, description: omitted, from, to, groups: omitted, text: omitted,
        same: omitted,
    } + extra
}
shape! {
    AttributeKind {
        Speaker => "speaker", Span => "span", Choice => "choice", Text => "text",
        YesNo => "yes-no", Number => "number",
    }
}
shape! {
    Color {
        Blue => "blue", Orange => "orange", Green => "green", Purple => "purple", Red => "red",
        Teal => "teal", Gold => "gold", Gray => "gray",
    }
}
shape! {
    LineStyle {
        Solid => "solid", Wavy => "wavy", Dashed => "dashed", Dotted => "dotted",
        Double => "double",
    }
}

shape! {
    Annotation {
        id, label, spans, attributes: default, note: default, origin: default, created, updated,
    } + extra
}
shape! { SpeakerMention { id, mention: omitted } + extra }
shape! { Status { Todo => "todo", Doing => "doing", Done => "done", Skipped => "skipped" } }

shape! { Merge { transaction, summary, differences, notes } }
shape! { Summary { comes, changes, goes } }
shape! { Listed { tally, names } }
shape! {
    Tally {
        settings, articles, annotators, speakers, annotations, relations, groups, statuses,
    }
}
shape! { Difference { key, name, mine, theirs, newest } }
shape! { Fact { name, value } }
shape! { Note { name, why } }
shape! { Decisions { rule, single } }
shape! { Side { Mine => "mine", Theirs => "theirs" } }
shape! { Rule { Newest => "newest", Mine => "mine", Theirs => "theirs" } }

shape! { Change { key, from, to } }
shape! { Commit { id, seq, at, by, intent_group, undoes, transaction } }

/// Under which the time spent stands in the row of a set.
const SECONDS: &str = "seconds";

macro_rules! ids {
    ($($type:ident),+ $(,)?) => {$(
        impl Shape for $type {
            fn to_json(&self) -> Json {
                self.as_str().into()
            }

            fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
                $type::shared(shared(tree, wrong))
            }
        }
    )+};
}
ids! {
    AnnotationId, AnnotatorId, ArticleId, AttributeId, CommitId, GroupId, IntentGroup, LabelId,
    ProjectId, RelationId, RelationTypeId, SchemeId, SpeakerId,
}

thread_local! {
    /// Ids that were read last, each where its last letters lead.
    static RECENT: RefCell<[Arc<str>; 64]> = RefCell::new(std::array::from_fn(|_| "".into()));
}

/// An id of any kind. Most are read again soon, as those of labels, annotators and articles, and share
/// one string then: of an index of many articles, a fifth.
fn shared(tree: Tree<'_>, wrong: &mut Wrong) -> Arc<str> {
    let id = wrong.part(tree.as_str(), "id");
    let last = id.bytes().rev().take(8).map(u32::from);
    let hash = last.fold(id.len() as u32, |hash, byte| (hash ^ byte).wrapping_mul(0x0100_0193));
    RECENT.with_borrow_mut(|recent| {
        // Of this product, the upper bits depend on all that went into it.
        let known = &mut recent[(hash >> 26) as usize];
        if **known != *id {
            *known = id.into();
        }
        known.clone()
    })
}

impl Shape for TextHash {
    fn to_json(&self) -> Json {
        self.to_string().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        wrong.part(tree.as_str(), "text").into()
    }
}

impl Shape for scheme::Rule {
    fn to_json(&self) -> Json {
        self.name().into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        String::read(tree, wrong).into()
    }
}

impl Shape for Timestamp {
    fn to_json(&self) -> Json {
        self.0.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        Timestamp(u64::read(tree, wrong))
    }
}

impl Shape for Span {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        put(&mut map, "start", &self.start().get());
        put(&mut map, "end", &self.end().get());
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "Span", wrong);
        let (start, end) = (take(&mut map, "start", wrong), take(&mut map, "end", wrong));
        Span::stored(start, end).unwrap_or_else(|| {
            wrong.note("end");
            Span::empty(Pos::default())
        })
    }
}

impl Shape for SetInfo {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        put(&mut map, "status", &self.status);
        map.extend(self.extra.clone());
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "SetInfo", wrong);
        // Where the time stood before it had a place of its own.
        map.remove(SECONDS);
        SetInfo { status: take(&mut map, "status", wrong), extra: map.into_map() }
    }
}

impl Shape for Counts {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        for (label, count) in self.iter() {
            put(&mut map, label.as_str(), &count);
        }
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut counts = Counts::default();
        for (label, count) in object(tree, "counts", wrong).0 {
            counts.put(Shape::read(Tree::Text(label), wrong), Shape::read(count, wrong));
        }
        counts
    }
}

impl Shape for SetRow {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        put(&mut map, "info", &self.info);
        put(&mut map, "counts", &self.counts);
        put_unless_default(&mut map, SECONDS, &self.seconds);
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "SetRow", wrong);
        if let Some(Tree::Object(info)) = map.get("info")
            && let Some(before) = info.get(SECONDS).cloned()
            && map.get(SECONDS).is_none()
        {
            map.0.push((SECONDS.into(), before));
        }
        SetRow {
            info: take(&mut map, "info", wrong),
            counts: take(&mut map, "counts", wrong),
            seconds: take_or_default(&mut map, SECONDS, wrong),
        }
    }
}

impl Shape for Spans {
    fn to_json(&self) -> Json {
        Json::Array(self.iter().map(|span| span.to_json()).collect())
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        Spans::new(Vec::<Span>::read(tree, wrong)).unwrap_or_else(|_| {
            wrong.note("spans");
            Spans::stand_in()
        })
    }
}

impl Shape for AttributeValue {
    fn to_json(&self) -> Json {
        let (kind, value) = match self {
            AttributeValue::Speakers(speakers) => ("speakers", speakers.to_json()),
            AttributeValue::Spans(spans) => ("spans", spans.to_json()),
            AttributeValue::Text(text) => ("text", text.to_json()),
            AttributeValue::YesNo(yes) => ("yes-no", yes.to_json()),
            AttributeValue::Number(number) => ("number", number.to_json()),
            AttributeValue::Other(other) => ("other", other.clone()),
        };
        let mut map = Map::new();
        insert(&mut map, "kind", kind.into());
        insert(&mut map, "value", value);
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "AttributeValue", wrong);
        let kind: String = take(&mut map, "kind", wrong);
        match kind.as_str() {
            "speakers" => AttributeValue::Speakers(take(&mut map, "value", wrong)),
            "spans" => AttributeValue::Spans(take(&mut map, "value", wrong)),
            "text" => AttributeValue::Text(take(&mut map, "value", wrong)),
            "yes-no" => AttributeValue::YesNo(take(&mut map, "value", wrong)),
            "number" => AttributeValue::Number(take(&mut map, "value", wrong)),
            "other" => AttributeValue::Other(take(&mut map, "value", wrong)),
            _ => {
                wrong.note("kind");
                AttributeValue::YesNo(false)
            }
        }
    }
}

impl Shape for Origin {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        let by = match self {
            Origin::Hand => "hand",
            Origin::Rule { name, score } | Origin::Learned { name, score } => {
                put(&mut map, "name", name);
                put(&mut map, "score", score);
                if matches!(self, Origin::Rule { .. }) { "rule" } else { "learned" }
            }
            Origin::Import { file } => {
                put(&mut map, "file", file);
                "import"
            }
            Origin::Adjudication { from } => {
                put(&mut map, "from", from);
                "adjudication"
            }
            Origin::Other(keys) => return keys.to_json(),
        };
        insert(&mut map, "by", by.into());
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let keys = object(tree, "Origin", wrong);
        let mut unknown = Wrong::default();
        let known = known_origin(keys.clone(), &mut unknown);
        unknown.unless(known).unwrap_or_else(|_| Origin::Other(keys.into_map()))
    }
}

fn known_origin(mut map: Fields<'_>, wrong: &mut Wrong) -> Origin {
    let by: String = take(&mut map, "by", wrong);
    match by.as_str() {
        "hand" => Origin::Hand,
        "rule" => Origin::Rule {
            name: take(&mut map, "name", wrong),
            score: take(&mut map, "score", wrong),
        },
        "learned" => Origin::Learned {
            name: take(&mut map, "name", wrong),
            score: take(&mut map, "score", wrong),
        },
        "import" => Origin::Import { file: take(&mut map, "file", wrong) },
        "adjudication" => Origin::Adjudication { from: take(&mut map, "from", wrong) },
        _ => {
            wrong.note("by");
            Origin::Hand
        }
    }
}

impl Shape for Target {
    fn to_json(&self) -> Json {
        match self {
            Target::Annotation(place) => place.to_json(),
            Target::Group { group } => tagged("group", group.to_json()),
        }
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "Target", wrong);
        if map.get("article").is_some() {
            Target::Annotation(Place::read(Tree::Object(map), wrong))
        } else {
            Target::Group { group: take(&mut map, "group", wrong) }
        }
    }
}

impl Shape for Owner {
    fn to_json(&self) -> Json {
        match self {
            Owner::Gold => "gold".into(),
            Owner::Annotator(id) => tagged("annotator", id.to_json()),
        }
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let (tag, value) = untagged(tree);
        match &*tag {
            "gold" => Owner::Gold,
            "annotator" => Owner::Annotator(Shape::read(value, wrong)),
            _ => {
                wrong.note("owner");
                Owner::Gold
            }
        }
    }
}

impl Shape for Key {
    fn to_json(&self) -> Json {
        let value = match self {
            Key::Meta | Key::Scheme => return self.kind().into(),
            Key::Annotator(id) => id.to_json(),
            Key::Speaker(id) => id.to_json(),
            Key::Group(id) => id.to_json(),
            Key::Relation(id) => id.to_json(),
            Key::Article(id) => id.to_json(),
            Key::Set(set) => set.to_json(),
            Key::Annotation(set, id) => vec![set.to_json(), id.to_json()].into(),
            Key::Deletion(of) => of.to_json(),
        };
        tagged(self.kind(), value)
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let (kind, value) = untagged(tree);
        match &*kind {
            "meta" => Key::Meta,
            "scheme" => Key::Scheme,
            "annotator" => Key::Annotator(Shape::read(value, wrong)),
            "speaker" => Key::Speaker(Shape::read(value, wrong)),
            "group" => Key::Group(Shape::read(value, wrong)),
            "relation" => Key::Relation(Shape::read(value, wrong)),
            "article" => Key::Article(Shape::read(value, wrong)),
            "set" => Key::Set(Shape::read(value, wrong)),
            "annotation" => {
                let (set, id) = Shape::read(value, wrong);
                Key::Annotation(set, id)
            }
            "deletion" => Key::Deletion(Shape::read(value, wrong)),
            _ => {
                wrong.note("key");
                Key::Meta
            }
        }
    }
}

impl Shape for Value {
    fn to_json(&self) -> Json {
        let value = match self {
            Value::Meta(it) => it.to_json(),
            Value::Scheme(it) => it.to_json(),
            Value::Annotator(it) => it.to_json(),
            Value::Speaker(it) => it.to_json(),
            Value::Group(it) => it.to_json(),
            Value::Relation(it) => it.to_json(),
            Value::Article(it) => it.to_json(),
            Value::Set(it) => it.to_json(),
            Value::Annotation(it) => it.to_json(),
            Value::Deletion(it) => it.to_json(),
        };
        tagged(self.kind(), value)
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let (kind, value) = untagged(tree);
        match &*kind {
            "meta" => Value::Meta(Shape::read(value, wrong)),
            "scheme" => Value::Scheme(Shape::read(value, wrong)),
            "annotator" => Value::Annotator(Shape::read(value, wrong)),
            "speaker" => Value::Speaker(Shape::read(value, wrong)),
            "group" => Value::Group(Shape::read(value, wrong)),
            "relation" => Value::Relation(Shape::read(value, wrong)),
            "article" => Value::Article(Shape::read(value, wrong)),
            "set" => Value::Set(Shape::read(value, wrong)),
            "annotation" => Value::Annotation(Shape::read(value, wrong)),
            "deletion" => Value::Deletion(Shape::read(value, wrong)),
            _ => {
                wrong.note("value");
                Value::Set(Arc::default())
            }
        }
    }
}

/// The intents that say nothing more than their name.
macro_rules! plain_intents {
    ($($variant:ident => $name:literal),* $(,)?) => {
        fn plain_intent(name: &str) -> Option<Intent> {
            match name {
                $($name => Some(Intent::$variant),)*
                _ => None,
            }
        }

        fn plain_name(intent: &Intent) -> Option<&'static str> {
            match intent {
                $(Intent::$variant => Some($name),)*
                _ => None,
            }
        }
    };
}
plain_intents! {
    AddSpan => "add-span", RemoveSpan => "remove-span", MoveEdge => "move-edge", Fix => "fix",
    Delete => "delete", SetSpeaker => "set-speaker", SetCue => "set-cue", SetNote => "set-note",
    SetStatus => "set-status", RemoveArticle => "remove-article",
    ChangeText => "change-text",
    PlaceAnnotation => "place-annotation", RenameProject => "rename-project", SetGuidelines => "set-guidelines", NameAnnotator => "name-annotator",
    RenameSpeaker => "rename-speaker", MergeSpeakers => "merge-speakers", MarkAlike => "mark-alike",
    RepeatValues => "repeat-values", CopyAnnotations => "copy-annotations",
    SplitSpeaker => "split-speaker", DeleteSpeaker => "delete-speaker", Group => "group",
    Ungroup => "ungroup", SetSentence => "set-sentence", MergeGroups => "merge-groups",
    SplitGroup => "split-group", DeleteGroup => "delete-group",
    OpenDeployment => "open-deployment", OpenFile => "open-file",
    // Regions.
    SetRegion => "set-region", UnsetRegion => "unset-region",
    AddLabel => "add-label", ChangeLabel => "change-label", MergeLabels => "merge-labels",
    DeleteLabel => "delete-label", AddAttribute => "add-attribute",
    ChangeAttribute => "change-attribute", DeleteAttribute => "delete-attribute",
    AddRelationType => "add-relation-type", ChangeRelationType => "change-relation-type",
    DeleteRelationType => "delete-relation-type", ImportScheme => "import-scheme",
}

impl Shape for Intent {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        let act = match self {
            Intent::Annotate { label } => {
                put(&mut map, "label", label);
                "annotate"
            }
            Intent::Relabel { label } => {
                put(&mut map, "label", label);
                "relabel"
            }
            Intent::SetAttribute { name } => {
                put(&mut map, "name", name);
                "set-attribute"
            }
            Intent::Relate { name } => {
                put(&mut map, "name", name);
                "relate"
            }
            Intent::Unrelate { name } => {
                put(&mut map, "name", name);
                "unrelate"
            }
            Intent::AddArticles { count } => {
                put(&mut map, "count", count);
                "add-articles"
            }
            Intent::BringBack { to } => {
                put(&mut map, "to", to);
                "bring-back"
            }
            Intent::Merge { file } => {
                put_unless_default(&mut map, "file", file);
                "merge"
            }
            Intent::Restore { file } => {
                put_unless_default(&mut map, "file", file);
                "restore"
            }
            Intent::Undo { what } => {
                put(&mut map, "what", what);
                "undo"
            }
            Intent::Redo { what } => {
                put(&mut map, "what", what);
                "redo"
            }
            // Every other has nothing but its name.
            plain => plain_name(plain).unwrap_or_default(),
        };
        insert(&mut map, "act", act.into());
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "intent", wrong);
        let act: String = take(&mut map, "act", wrong);
        match act.as_str() {
            "annotate" => Intent::Annotate { label: take(&mut map, "label", wrong) },
            "relabel" => Intent::Relabel { label: take(&mut map, "label", wrong) },
            "set-attribute" => Intent::SetAttribute { name: take(&mut map, "name", wrong) },
            "relate" => Intent::Relate { name: take(&mut map, "name", wrong) },
            "unrelate" => Intent::Unrelate { name: take(&mut map, "name", wrong) },
            "add-articles" => Intent::AddArticles { count: take(&mut map, "count", wrong) },
            "merge" => Intent::Merge { file: take_or_default(&mut map, "file", wrong) },
            "restore" => Intent::Restore { file: take_or_default(&mut map, "file", wrong) },
            "bring-back" => Intent::BringBack { to: take(&mut map, "to", wrong) },
            "undo" => Intent::Undo { what: take(&mut map, "what", wrong) },
            "redo" => Intent::Redo { what: take(&mut map, "what", wrong) },
            plain => plain_intent(plain).unwrap_or_else(|| {
                wrong.note("act");
                Intent::OpenFile
            }),
        }
    }
}

impl Shape for Transaction {
    fn to_json(&self) -> Json {
        let mut map = Map::new();
        let changes = self.changes().iter().map(Shape::to_json).collect();
        insert(&mut map, "changes", Json::Array(changes));
        put(&mut map, "intent", self.intent());
        map.into()
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let mut map = object(tree, "Transaction", wrong);
        let changes: Vec<Change> = take(&mut map, "changes", wrong);
        Transaction::stored(take(&mut map, "intent", wrong), changes)
    }
}

impl Shape for Why {
    fn to_json(&self) -> Json {
        match self {
            Why::OtherText(side) => tagged("other-text", side.to_json()),
            Why::LaterText(side) => tagged("later-text", side.to_json()),
            Why::LostEnd => "lost-end".into(),
            Why::NoText => "no-text".into(),
        }
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let (tag, value) = untagged(tree);
        match &*tag {
            "other-text" => Why::OtherText(Shape::read(value, wrong)),
            "later-text" => Why::LaterText(Shape::read(value, wrong)),
            "lost-end" => Why::LostEnd,
            "no-text" => Why::NoText,
            _ => {
                wrong.note("why");
                Why::LostEnd
            }
        }
    }
}

impl Shape for NewArticle {
    fn to_json(&self) -> Json {
        Json::Array(vec![self.article.to_json(), self.text.as_str().into()])
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        let (article, text): (_, String) = Shape::read(tree, wrong);
        NewArticle { article, text: Text::new(&text) }
    }
}

/// A list: an element that starts is its tag and its attributes, characters are a string,
/// and an element that ends is null.
impl Shape for Event {
    fn to_json(&self) -> Json {
        match self {
            Event::Open { tag, attributes } => {
                let attributes = attributes.iter();
                let pairs = attributes.flat_map(|(name, value)| [name.to_json(), value.to_json()]);
                Json::Array([tag.to_json()].into_iter().chain(pairs).collect())
            }
            Event::Text(text) => text.to_json(),
            Event::Close => Json::Null,
        }
    }

    fn read(tree: Tree<'_>, wrong: &mut Wrong) -> Self {
        match tree {
            Tree::Null => Event::Close,
            Tree::Text(text) => Event::Text(text.into()),
            tree => {
                let mut parts = Vec::<String>::read(tree, wrong).into_iter();
                let tag = wrong.part(parts.next(), "tag");
                let mut attributes = Vec::new();
                while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
                    attributes.push((name, value));
                }
                Event::Open { tag, attributes }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    #[track_caller]
    fn same<T: Shape>(json: Json) {
        assert_eq!(T::from_json(json.clone()).map(|value| value.to_json()), Ok(json));
    }

    /// What files hold too has the same shape there.
    #[track_caller]
    fn as_in_files<T>(json: Json)
    where
        T: Shape + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        same::<T>(json.clone());
        let derived: T = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(T::from_json(json.clone()), Ok(derived));
        assert_eq!(serde_json::to_value(T::from_json(json.clone()).unwrap()).unwrap(), json);
    }

    #[test]
    fn what_files_hold_too_has_one_shape() {
        let scheme = serde_json::to_value(crate::scheme::default_scheme()).unwrap();
        as_in_files::<Scheme>(scheme);
        as_in_files::<Label>(json!({
            "id": "l", "name": "L", "key": "", "color": "gray", "style": "double",
            "description": "", "example": "", "attributes": [], "mood": 1,
        }));
        as_in_files::<Label>(json!({
            "id": "l", "name": "L", "key": "", "color": "gray", "style": "double",
            "description": "", "example": "", "attributes": [], "rules": ["apart", "in verse"],
        }));
        as_in_files::<Attribute>(json!({
            "id": "a", "name": "A", "kind": "text", "required": false, "mood": 1,
        }));
        as_in_files::<Attribute>(json!({
            "id": "a", "name": "A", "description": "How.", "kind": "choice", "values": ["b"],
            "required": true,
        }));
        as_in_files::<RelationType>(json!({
            "id": "r", "name": "R", "from": ["l"], "to": [], "mood": 1,
        }));
        as_in_files::<RelationType>(json!({
            "id": "r", "name": "R", "description": "So.", "from": ["l"], "to": [],
            "groups": true, "text": true,
        }));
        for kind in ["speaker", "span", "choice", "text", "yes-no", "number"] {
            as_in_files::<AttributeKind>(json!(kind));
        }
        for color in ["blue", "orange", "green", "purple", "red", "teal", "gold", "gray"] {
            as_in_files::<Color>(json!(color));
        }
        for style in ["solid", "wavy", "dashed", "dotted", "double"] {
            as_in_files::<LineStyle>(json!(style));
        }
        for status in Status::ALL {
            as_in_files::<Status>(json!(status.name()));
        }
        as_in_files::<Source>(json!({
            "file": "a.txt", "url": null, "publisher": null, "published": "today",
            "language": "en", "mood": 1,
        }));
        for origin in [
            json!({"by": "hand"}),
            json!({"by": "rule", "name": "r", "score": 0.5}),
            json!({"by": "learned", "name": "l", "score": 1.0}),
            json!({"by": "import", "file": "f"}),
            json!({"by": "adjudication", "from": ["a", "b"]}),
            json!({"by": "oracle", "mood": 1}),
            json!({"by": "rule", "name": "no score"}),
            json!({}),
        ] {
            as_in_files::<Origin>(origin);
        }
        as_in_files::<Target>(json!({"article": "a", "annotation": "1"}));
        as_in_files::<Target>(json!({"group": "g"}));
        let sparse = json!({"id": "l", "name": "L"});
        assert_eq!(Label::from_json(sparse.clone()), Ok(serde_json::from_value(sparse).unwrap()));
    }

    #[test]
    fn records_have_the_shapes_that_are_described() {
        let set = json!({"article": "a", "owner": {"annotator": "ada"}});
        let place = json!({"article": "a", "annotation": "1"});
        let span = json!({"start": 0, "end": 3});
        let records = [
            (
                json!("meta"),
                json!({"meta": {
                    "id": "p", "title": "P", "guidelines": "", "created": 1,
                    "file_extra": {"x": 1}, "y": 2,
                }}),
            ),
            (
                json!("meta"),
                json!({"meta": {
                    "id": "p", "title": "P", "guidelines": "", "created": 1,
                }}),
            ),
            (
                json!({"annotator": "ada"}),
                json!({"annotator": {
                    "id": "ada", "order": 0, "name": "Ada", "x": {},
                }}),
            ),
            (
                json!({"speaker": "s"}),
                json!({"speaker": {
                    "id": "s", "order": 1, "name": "Jo", "aliases": ["J"],
                }}),
            ),
            (
                json!({"group": "g"}),
                json!({"group": {
                    "id": "g", "order": 0, "sentence": "So.", "members": [place],
                }}),
            ),
            (
                json!({"relation": "r"}),
                json!({"relation": {
                    "id": "r", "order": 0, "type": "denies", "annotator": "ada", "from": place,
                    "to": null, "target_text": "that", "note": "",
                }}),
            ),
            (
                json!({"article": "a"}),
                json!({"article": {
                    "id": "a", "order": 0, "title": "A", "text": "hash",
                    "source": {
                        "file": null, "url": null, "publisher": null, "published": null,
                        "language": null,
                    },
                    "metadata": {"x": [1]}, "regions": [{"span": span, "kind": "boilerplate"}],
                }}),
            ),
            (
                json!({"article": "a"}),
                json!({"article": {
                    "id": "a", "order": 0, "title": "A", "text": "hash",
                    "source": {
                        "file": null, "url": null, "publisher": null, "published": null,
                        "language": null,
                    },
                    "metadata": {}, "regions": [], "former_texts": ["older"],
                    "unplaced": [{
                        "owner": {"annotator": "ada"}, "id": "1", "label": "quote",
                        "quotes": ["so", "it is"], "before": "He said ", "after": ".",
                        "attributes": {"cue": {"kind": "spans", "value": [span]}},
                        "note": "n", "origin": {"by": "hand"}, "created": 1, "updated": 2, "x": 1,
                    }],
                }}),
            ),
            (json!({"set": set}), json!({"set": {"status": "doing", "x": 7}})),
            (json!({"set": {"article": "a", "owner": "gold"}}), Json::Null),
            (
                json!({"deletion": {"annotation": [set, "1"]}}),
                json!({"deletion": {"at": 3, "by": "ada", "x": null}}),
            ),
            (json!({"deletion": {"article": "a"}}), json!({"deletion": {"at": 3, "by": ""}})),
            (
                json!({"annotation": [set, "1"]}),
                json!({"annotation": {
                    "id": "1", "label": "quote", "spans": [span, {"start": 4, "end": 5}],
                    "attributes": {
                        "speaker": {"kind": "speakers", "value": [
                            {"id": "s", "mention": span}, {"id": "t", "x": 1},
                        ]},
                        "cue": {"kind": "spans", "value": [span]},
                        "directness": {"kind": "text", "value": "direct"},
                        "sure": {"kind": "yes-no", "value": true},
                        "how": {"kind": "number", "value": 0.5},
                        "what": {"kind": "other", "value": [null]},
                    },
                    "note": "n", "origin": {"by": "hand"}, "created": 1, "updated": 2, "x": 1,
                }}),
            ),
        ];
        for (key, value) in records {
            for intent in [
                json!({"act": "annotate", "label": "claim"}),
                json!({"act": "set-attribute", "name": "how"}),
                json!({"act": "add-articles", "count": 2}),
                json!({"act": "merge", "file": "theirs.avow.json"}),
                json!({"act": "restore", "file": "backup.avow.json"}),
                json!({"act": "undo", "what": {"act": "move-edge"}}),
            ] {
                // A change that changes nothing is dropped.
                let changes = match value {
                    Json::Null => json!([]),
                    _ => json!([{"key": key, "from": null, "to": value}]),
                };
                same::<Commit>(json!({
                    "id": "c", "seq": 1, "at": 2, "by": "ada", "intent_group": "i", "undoes": null,
                    "transaction": {"changes": changes, "intent": intent},
                }));
            }
            same::<Key>(key);
        }
        for act in [
            "add-span",
            "remove-span",
            "move-edge",
            "fix",
            "delete",
            "set-speaker",
            "set-cue",
            "set-note",
            "set-status",
            "remove-article",
            "change-text",
            "place-annotation",
            "rename-project",
            "set-guidelines",
            "name-annotator",
            "rename-speaker",
            "merge-speakers",
            "mark-alike",
            "repeat-values",
            "copy-annotations",
            "split-speaker",
            "delete-speaker",
            "group",
            "ungroup",
            "set-sentence",
            "merge-groups",
            "split-group",
            "delete-group",
            "add-label",
            "change-label",
            "merge-labels",
            "delete-label",
            "add-attribute",
            "change-attribute",
            "delete-attribute",
            "add-relation-type",
            "change-relation-type",
            "delete-relation-type",
            "import-scheme",
            "open-deployment",
            "open-file",
            "set-region",
            "unset-region",
            "merge",
        ] {
            same::<Intent>(json!({"act": act}));
        }
        same::<SetRow>(json!({"info": null, "counts": {"claim": 2}}));
        let info = json!({"status": "doing", "x": 7});
        same::<SetRow>(json!({"info": info, "counts": {}, "seconds": 40}));
        // Rows of before have the time in what the set says of itself, as do their commits.
        let info = json!({"status": "doing", "seconds": 7});
        let row = SetRow::from_json(json!({"info": info, "counts": {}})).unwrap();
        assert_eq!((row.seconds, row.status()), (7, Status::Doing));
        let now = json!({"info": {"status": "doing"}, "counts": {}, "seconds": 7});
        assert_eq!(row.to_json(), now);
        assert_eq!(SetInfo::from_json(info).unwrap(), row.info.unwrap());
        same::<ProjectRow>(json!({
            "id": "p", "title": "P", "opened": 1, "articles": 2, "deleted": null, "last_seq": 3,
        }));
        same::<ProjectRow>(json!({
            "id": "p", "title": "P", "opened": 1, "articles": 2, "deleted": null, "last_seq": 3,
            "blocks": 4, "importing": true,
        }));
    }
}
