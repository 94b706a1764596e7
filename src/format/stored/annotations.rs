//! Annotations in blocks, many as one text.
//!
//! A long article has tens of thousands and is to open at once. So those that are written as this version
//! writes them are read as they stand, without a tree of their keys, and what one has as the last one had it
//! is not read again. Any other is read as other records are.

use std::sync::Arc;

use serde_json::Value as Json;

use super::packed::{
    Again, ends, pass, take_again, take_any, take_behind, take_quickly, take_whole, to_packed,
};
use super::{Malformed, Wrong};
use crate::annotation::{Annotation, AttributeValue, Origin, Spans, Timestamp};
use crate::map::Map;
use crate::project::{Owner, Sets};
use crate::scheme::{AttributeId, LabelId};
use crate::text::Span;

/// How many annotations a block may have: what is read of one is in memory at once.
const ANNOTATIONS_IN_BLOCK: usize = 500;

/// Everybody's annotations of an article as blocks.
pub fn to_annotation_blocks(sets: &Sets) -> Vec<Json> {
    let all = sets.iter().flat_map(|(owner, set)| set.values().map(move |it| (owner, it)));
    let all: Vec<_> = all.map(|(owner, it)| (owner.clone(), it.clone())).collect();
    all.chunks(ANNOTATIONS_IN_BLOCK).map(|block| to_packed(&block.to_vec()).into()).collect()
}

/// Puts the annotations of a block into the sets of their owners.
///
/// # Errors
/// It is none.
pub fn from_annotation_block(block: &str, sets: &mut Sets) -> Result<(), Malformed> {
    let mut annotations = read_block(block)?.into_iter().peekable();
    while let Some((owner, first)) = annotations.next() {
        let mut set = sets.remove(&owner).unwrap_or_default();
        set.insert(first.id.clone(), first);
        // Those of one owner stand beside each other.
        while let Some((_, annotation)) = annotations.next_if(|(next, _)| *next == owner) {
            set.insert(annotation.id.clone(), annotation);
        }
        sets.insert(owner, set);
    }
    Ok(())
}

fn read_block(block: &str) -> Result<Vec<(Owner, Arc<Annotation>)>, Malformed> {
    let mut wrong = Wrong::default();
    let read = take_block(block, &mut wrong);
    let read = wrong.part(read, "packed");
    wrong.unless(read)
}

fn take_block(block: &str, wrong: &mut Wrong) -> Option<Vec<(Owner, Arc<Annotation>)>> {
    let (mut read, mut owner, mut last) = (Vec::new(), None, Last::default());
    let mut rest = block.strip_prefix('[')?;
    while !ends(&mut rest) {
        pass(&mut rest, "[")?;
        let owner = take_again(&mut rest, &mut owner, wrong)?;
        let usual = take_quickly(&mut rest, |rest, wrong| take_usual(rest, &mut last, wrong));
        let annotation = match usual {
            Some(annotation) => annotation,
            None => take_any(&mut rest, wrong)?,
        };
        pass(&mut rest, "]")?;
        read.push((owner, Arc::new(annotation)));
    }
    rest.is_empty().then_some(read)
}

/// What many annotations have alike.
#[derive(Default)]
struct Last<'a> {
    attributes: Again<'a, Map<AttributeId, AttributeValue>>,
    label: Again<'a, LabelId>,
    origin: Again<'a, Origin>,
}

/// An annotation whose keys are all that this version knows, in their order, and no others.
fn take_usual<'a>(
    rest: &mut &'a str,
    last: &mut Last<'a>,
    wrong: &mut Wrong,
) -> Option<Annotation> {
    pass(rest, "{s10;attributes")?;
    let attributes = take_again(rest, &mut last.attributes, wrong)?;
    let created = Timestamp(take_whole(rest, "s7;createdi")?);
    let id = take_behind(rest, "s2;id", wrong)?;
    pass(rest, "s5;label")?;
    let label = take_again(rest, &mut last.label, wrong)?;
    let note = take_behind(rest, "s4;note", wrong)?;
    pass(rest, "s6;origin")?;
    let origin = take_again(rest, &mut last.origin, wrong)?;
    pass(rest, "s5;spans[")?;
    let mut spans = Vec::with_capacity(1);
    while !ends(rest) {
        let end = take_whole(rest, "{s3;endi")?.try_into().ok()?;
        let start = take_whole(rest, "s5;starti")?.try_into().ok()?;
        spans.push(Span::stored(start, end)?);
        pass(rest, "]")?;
    }
    let spans = Spans::new(spans).ok()?;
    let updated = Timestamp(take_whole(rest, "s7;updatedi")?);
    pass(rest, "]")?;
    let extra = Default::default();
    Some(Annotation { id, label, spans, attributes, note, origin, created, updated, extra })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::json;

    use super::super::{Shape, from_packed};
    use super::*;

    fn with(changes: Json) -> Arc<Annotation> {
        let mut annotation = json!({
            "id": "n", "label": "claim", "spans": [{"start": 3, "end": 8}], "attributes": {},
            "note": "", "origin": {"by": "hand"}, "created": 5, "updated": 6,
        });
        for (key, value) in changes.as_object().expect("an object") {
            annotation[key] = value.clone();
        }
        Arc::new(Annotation::from_json(annotation).expect("an annotation"))
    }

    fn block(of: &[(Owner, Arc<Annotation>)]) -> String {
        to_packed(&of.to_vec())
    }

    fn any_block() -> impl Strategy<Value = Vec<(Owner, Arc<Annotation>)>> {
        let owner = select(vec![
            Owner::Gold,
            Owner::Annotator("ada".into()),
            Owner::Annotator("ada lo".into()),
        ]);
        let part = select(vec![
            json!({}),
            json!({"label": "claim, denied"}),
            json!({"note": "Ä ]"}),
            json!({"spans": [{"start": 3, "end": 8}, {"start": 10, "end": 4_000_000_000_u32}]}),
            json!({"attributes": {"cue": {"kind": "spans", "value": [{"start": 1, "end": 2}]}}}),
            json!({"attributes": {"sure": {"kind": "number", "value": 0.5}}}),
            json!({"origin": {"by": "rule", "name": "said", "score": 0.25}}),
            json!({"origin": {"by": "nobody", "$x": 1}}),
            json!({"created": 9_007_199_254_740_993_u64}),
            json!({"mood": 1}),
            json!({"zeal": {"$a": 1.0}}),
        ]);
        let parts = prop::collection::vec(part, 0..3);
        prop::collection::vec((owner, parts), 0..8).prop_map(|all| {
            let annotation = |(at, (owner, parts)): (usize, (Owner, Vec<Json>))| {
                let mut changes = json!({"id": format!("n{at}")});
                for (key, value) in parts.iter().flat_map(|part| part.as_object()).flatten() {
                    changes[key] = value.clone();
                }
                (owner, with(changes))
            };
            all.into_iter().enumerate().map(annotation).collect()
        })
    }

    fn as_others_are(block: &str) -> Result<Vec<(Owner, Arc<Annotation>)>, Malformed> {
        from_packed(block)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_block_is_read_as_what_was_put_in_it(annotations in any_block()) {
            let written = block(&annotations);
            prop_assert_eq!(read_block(&written), Ok(annotations.clone()));
            prop_assert_eq!(as_others_are(&written), Ok(annotations));
        }

        #[test]
        fn a_damaged_block_is_read_as_any_other_record_is(
            annotations in any_block(), at in any::<prop::sample::Index>(),
            with in select(vec!["", "0", "1", "9", "n", "]", "{", "[", "s", "a", "-", ";"]),
        ) {
            let mut damaged = block(&annotations);
            let at = damaged.floor_char_boundary(at.index(damaged.len()));
            let to = damaged.ceil_char_boundary(at + 1);
            damaged.replace_range(at..to, with);
            match (read_block(&damaged), as_others_are(&damaged)) {
                (Err(_), Err(_)) => {}
                (one, other) => prop_assert_eq!(one, other, "{}", damaged),
            }
        }
    }

    #[test]
    fn what_this_version_writes_is_read_as_it_stands() {
        for changes in [
            json!({}),
            json!({"note": "So.", "attributes": {"sure": {"kind": "yes-no", "value": true}}}),
            json!({"spans": [{"start": 3, "end": 8}, {"start": 10, "end": 14}]}),
            json!({"origin": {"by": "import", "file": "a.jsonl"}}),
        ] {
            let annotation = with(changes);
            let packed = to_packed(&annotation);
            let mut rest = &*packed;
            let read = take_usual(&mut rest, &mut Last::default(), &mut Wrong::default());
            assert_eq!((read, rest), (Some((*annotation).clone()), ""));
        }
        let unknown = to_packed(&with(json!({"mood": 1})));
        let read = take_usual(&mut &*unknown, &mut Last::default(), &mut Wrong::default());
        assert_eq!(read, None);
    }
}
