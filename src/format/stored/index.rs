//! Records of articles and sets in blocks, many as one text.
//!
//! A project may have a hundred thousand articles and is to open at once. So those that are written as this
//! version writes them are read as they stand, as annotations in blocks are. Any other is read as other
//! records are.

use std::sync::Arc;

use serde_json::Value as Json;

use super::packed::{
    Again, again, ends, pack, pass, take_again, take_any, take_behind, take_exact, take_quickly,
    take_whole,
};
use super::{BLOCK, Malformed, Record, Tree, Wrong};
use crate::annotation::Status;
use crate::project::{Article, Counts, Key, Owner, Region, SetInfo, SetKey, SetRow, Source, Value};
use crate::scheme::Extra;

/// Records as one text.
pub fn to_block(records: &[Record]) -> Json {
    pack(&Json::Array(records.iter().map(Record::to_json).collect())).into()
}

/// The records of a block.
///
/// # Errors
/// It is none.
pub fn from_block(block: &Tree<'_>) -> Result<Vec<Record>, Malformed> {
    let mut wrong = Wrong::default();
    let read = block.as_str().and_then(|block| take_block(block, &mut wrong));
    let read = wrong.part(read, BLOCK);
    wrong.unless(read)
}

fn take_block(block: &str, wrong: &mut Wrong) -> Option<Vec<Record>> {
    let (mut read, mut last) = (Vec::new(), Last::default());
    let mut rest = block.strip_prefix('[')?;
    while !ends(&mut rest) {
        let usual = take_quickly(&mut rest, |rest, wrong| take_usual(rest, &mut last, wrong));
        read.push(match usual {
            Some(record) => record,
            None => Record::of(take_exact(&mut rest)?, wrong),
        });
    }
    rest.is_empty().then_some(read)
}

/// What many records have alike.
#[derive(Default)]
struct Last<'a> {
    metadata: Again<'a, Extra>,
    regions: Again<'a, Vec<Region>>,
    owner: Again<'a, Owner>,
    /// Of sets that nobody has begun most are alike, and share it.
    row: Again<'a, Arc<SetRow>>,
    counts: Again<'a, Counts>,
    status: Again<'a, Status>,
}

/// An article or a set whose keys are all that this version knows and writes of most, in their order.
fn take_usual<'a>(rest: &mut &'a str, last: &mut Last<'a>, wrong: &mut Wrong) -> Option<Record> {
    pass(rest, "{s3;key{s")?;
    match pass(rest, "7;article") {
        Some(()) => take_article(rest, last, wrong),
        None => take_set(rest, last, wrong),
    }
}

fn take_article<'a>(rest: &mut &'a str, last: &mut Last<'a>, wrong: &mut Wrong) -> Option<Record> {
    let key = Key::Article(take_any(rest, wrong)?);
    let id = take_behind(rest, "]s5;value{s7;article{s2;id", wrong)?;
    pass(rest, "s8;metadata")?;
    let metadata = take_again(rest, &mut last.metadata, wrong)?;
    let order = take_whole(rest, "s5;orderi")?.try_into().ok()?;
    pass(rest, "s7;regions")?;
    let regions = take_again(rest, &mut last.regions, wrong)?;
    let file = take_behind(rest, "s6;source{s4;file", wrong)?;
    let language = take_behind(rest, "s8;language", wrong)?;
    let published = take_behind(rest, "s9;published", wrong)?;
    let publisher = take_behind(rest, "s9;publisher", wrong)?;
    let url = take_behind(rest, "s3;url", wrong)?;
    let text = take_behind(rest, "]s4;text", wrong)?;
    let title = take_behind(rest, "s5;title", wrong)?;
    pass(rest, "]]]")?;
    let source = Source { file, url, publisher, published, language, extra: Extra::default() };
    let (former_texts, unplaced, extra) = Default::default();
    let article = Article {
        id,
        order,
        title,
        text,
        source,
        metadata,
        regions,
        former_texts,
        unplaced,
        extra,
    };
    Some(Record::Other(key, Value::Article(Arc::new(article))))
}

fn take_set<'a>(rest: &mut &'a str, last: &mut Last<'a>, wrong: &mut Wrong) -> Option<Record> {
    let article = take_behind(rest, "3;set{s7;article", wrong)?;
    pass(rest, "s5;owner")?;
    let owner = take_again(rest, &mut last.owner, wrong)?;
    pass(rest, "]]s5;value")?;
    let Last { row, counts, status, .. } = last;
    let row = again(rest, row, |rest| take_row(rest, counts, status, wrong).map(Arc::new))?;
    pass(rest, "]")?;
    Some(Record::Set(SetKey { article, owner }, row))
}

fn take_row<'a>(
    rest: &mut &'a str,
    counts: &mut Again<'a, Counts>,
    status: &mut Again<'a, Status>,
    wrong: &mut Wrong,
) -> Option<SetRow> {
    pass(rest, "{s6;counts")?;
    let counts = take_again(rest, counts, wrong)?;
    pass(rest, "s4;info{s6;status")?;
    let status = take_again(rest, status, wrong)?;
    let info = Some(SetInfo { status, extra: Extra::default() });
    pass(rest, "]")?;
    let seconds = match pass(rest, "s7;seconds") {
        Some(()) => take_whole(rest, "i")?,
        None => 0,
    };
    pass(rest, "]")?;
    Some(SetRow { info, counts, seconds })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::json;

    use super::super::Shape;
    use super::super::packed::{to_packed, unpack};
    use super::*;

    fn with(mut it: Json, changes: &[Json]) -> Json {
        for (key, value) in changes.iter().flat_map(|part| part.as_object()).flatten() {
            it[key] = value.clone();
        }
        it
    }

    fn article(at: usize, changes: &[Json]) -> Record {
        let id = format!("a{at}");
        let article = json!({
            "id": id, "order": at, "title": "Rain", "text": "ab".repeat(32),
            "source": {"file": null, "url": null, "publisher": null, "published": null, "language": "en"},
            "metadata": {}, "regions": [],
        });
        let article = Article::from_json(with(article, changes)).expect("an article");
        Record::Other(Key::Article(id.as_str().into()), Value::Article(Arc::new(article)))
    }

    fn set(at: usize, owner: Owner, changes: &[Json]) -> Record {
        let row = json!({"info": {"status": "doing"}, "counts": {"claim": 2}});
        let row = SetRow::from_json(with(row, changes)).expect("a row");
        Record::Set(SetKey { article: format!("a{at}").as_str().into(), owner }, Arc::new(row))
    }

    fn any_records() -> impl Strategy<Value = Vec<Record>> {
        let of_article = select(vec![
            json!({}),
            json!({"title": "Ä ]"}),
            json!({"text": "no hash"}),
            json!({"source": {"file": "a.txt", "url": "u", "publisher": "P", "published": "d", "language": null}}),
            json!({"source": {"file": "a.txt", "url": null, "publisher": null, "published": null, "language": null, "zeal": 1}}),
            json!({"metadata": {"$desk": [1.0, {"x": null}]}}),
            json!({"regions": [{"span": {"start": 1, "end": 4}, "kind": "boilerplate"}]}),
            json!({"former_texts": ["cd"]}),
            json!({"order": 4_000_000_000_u32}),
            json!({"mood": 9_007_199_254_740_993_u64}),
        ]);
        let of_set = select(vec![
            json!({}),
            json!({"info": null}),
            json!({"info": {"status": "done"}}),
            json!({"info": {"status": "done", "seconds": 4}}),
            json!({"info": {"status": "done", "x": 4}}),
            json!({"counts": {}}),
            json!({"counts": {"claim": 2, "$quote ]": 70_000}}),
            json!({"seconds": 7}),
            json!({"seconds": 9_007_199_254_740_993_u64}),
        ]);
        let owner = select(vec![Owner::Gold, Owner::Annotator("ada lo".into())]);
        let record = prop_oneof![
            prop::collection::vec(of_article, 0..3).prop_map(|changes| (None, changes)),
            (owner, prop::collection::vec(of_set, 0..3))
                .prop_map(|(owner, changes)| (Some(owner), changes)),
        ];
        prop::collection::vec(record, 0..8).prop_map(|all| {
            let record = |(at, (owner, changes)): (usize, (Option<Owner>, Vec<Json>))| match owner {
                None => article(at, &changes),
                Some(owner) => set(at, owner, &changes),
            };
            all.into_iter().enumerate().map(record).collect()
        })
    }

    fn written(records: &[Record]) -> String {
        to_block(records).as_str().expect("a text").to_owned()
    }

    fn read(block: &str) -> Result<Vec<Record>, Malformed> {
        from_block(&Tree::Text(block.into()))
    }

    fn as_others_are(block: &str) -> Result<Vec<Record>, Malformed> {
        match unpack(block) {
            Some(Tree::List(records)) => records.into_iter().map(Record::read).collect(),
            _ => Err(Malformed(BLOCK)),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_block_is_read_as_what_was_put_in_it(records in any_records()) {
            let block = written(&records);
            prop_assert_eq!(read(&block), Ok(records.clone()));
            prop_assert_eq!(as_others_are(&block), Ok(records));
        }

        #[test]
        fn a_damaged_block_is_read_as_any_other_record_is(
            records in any_records(), at in any::<prop::sample::Index>(),
            with in select(vec!["", "0", "1", "9", "n", "]", "{", "[", "s", "a", "-", ";"]),
        ) {
            let mut damaged = written(&records);
            let at = damaged.floor_char_boundary(at.index(damaged.len()));
            let to = damaged.ceil_char_boundary(at + 1);
            damaged.replace_range(at..to, with);
            match (read(&damaged), as_others_are(&damaged)) {
                (Err(_), Err(_)) => {}
                (one, other) => prop_assert_eq!(one, other, "{}", damaged),
            }
        }
    }

    #[test]
    fn rows_that_are_alike_share_one() {
        let done = json!({"info": {"status": "done"}});
        let records = [(1, json!({})), (2, json!({})), (3, done)];
        let records = records.map(|(at, change)| set(at, Owner::Gold, &[change]));
        let read = read(&written(&records)).expect("a block");
        assert_eq!(read, records);
        let [Record::Set(_, one), Record::Set(_, like), Record::Set(_, other)] = &read[..] else {
            panic!("other records")
        };
        assert!(Arc::ptr_eq(one, like) && !Arc::ptr_eq(like, other));
    }

    #[test]
    fn what_this_version_writes_is_read_as_it_stands() {
        let whole = json!({"file": "a.txt", "url": "u", "publisher": "P", "published": "d", "language": "en"});
        for record in [
            article(1, &[]),
            article(2, &[json!({"source": whole, "metadata": {"desk": "news"}})]),
            set(1, Owner::Gold, &[]),
            set(2, Owner::Annotator("ada".into()), &[json!({"seconds": 7, "counts": {}})]),
        ] {
            let packed = to_packed(&record.to_json());
            let mut rest = &*packed;
            let read = take_usual(&mut rest, &mut Last::default(), &mut Wrong::default());
            assert_eq!((read, rest), (Some(record), ""));
        }
        let unknown = to_packed(&article(3, &[json!({"mood": 1})]).to_json());
        let read = take_usual(&mut &*unknown, &mut Last::default(), &mut Wrong::default());
        assert_eq!(read, None);
    }
}
