//! Records of articles and sets in blocks, many as one text.
//!
//! A project may have a hundred thousand articles and is to open at once. So most of them are rows: what they
//! have stands without its keys, in an order that all rows of a kind have, and what a field had before in the
//! block is named by a number. Any other record stands as records do.

use std::sync::Arc;

use serde_json::Value as Json;

use super::packed::{ends, pack, pass, put_number, take_any, take_exact, take_whole, to_packed};
use super::{BLOCK, Malformed, Record, Shape, Tree, Wrong};
use crate::annotation::{ArticleId, Status};
use crate::map::Map;
use crate::project::{Article, Counts, Key, Owner, Region, SetInfo, SetKey, SetRow, Source, Value};
use crate::scheme::Extra;

/// Records as one text.
pub fn to_block(records: &[Record]) -> Json {
    let mut out = "[".to_owned();
    let mut written = Written::default();
    for record in records {
        let is_row = match record {
            Record::Other(Key::Article(id), Value::Article(article)) if *id == article.id => {
                written.put_article(article, &mut out)
            }
            Record::Set(set, row) => written.put_set(set, row, &mut out),
            _ => false,
        };
        if !is_row {
            out.push_str(&pack(&record.to_json()));
        }
    }
    out.push(']');
    out.into()
}

/// What rows had that stand before in the block: each field's values by their numbers.
#[derive(Default)]
struct Written {
    articles: Map<String, i64>,
    source: [Map<String, i64>; 5],
    metadata: Map<String, i64>,
    regions: Map<String, i64>,
    owners: Map<String, i64>,
    counts: Map<String, i64>,
    statuses: Map<String, i64>,
}

impl Written {
    /// Writes an article as a row, if it has nothing that rows have not.
    fn put_article(&mut self, article: &Article, out: &mut String) -> bool {
        let Article { id, order, title, text, source, metadata, regions, .. } = article;
        let Article { former_texts, unplaced, extra, .. } = article;
        let is_row = former_texts.is_empty()
            && unplaced.is_empty()
            && extra.is_empty()
            && source.extra.is_empty();
        if !is_row {
            return false;
        }
        out.push('a');
        put_known(id, &mut self.articles, out);
        put_number('i', i64::from(*order), out);
        out.push_str(&to_packed(title));
        out.push_str(&to_packed(text));
        let Source { file, language, published, publisher, url, .. } = source;
        for (part, known) in
            [file, language, published, publisher, url].into_iter().zip(&mut self.source)
        {
            put_known(part, known, out);
        }
        put_known(metadata, &mut self.metadata, out);
        put_known(regions, &mut self.regions, out);
        true
    }

    /// Writes a set as a row, if it has nothing that rows have not.
    fn put_set(&mut self, set: &SetKey, row: &SetRow, out: &mut String) -> bool {
        let Some(SetInfo { status, extra }) = &row.info else { return false };
        if !extra.is_empty() {
            return false;
        }
        let Ok(seconds) = i64::try_from(row.seconds) else { return false };
        out.push('r');
        put_known(&set.article, &mut self.articles, out);
        put_known(&set.owner, &mut self.owners, out);
        put_known(&row.counts, &mut self.counts, out);
        put_known(status, &mut self.statuses, out);
        put_number('i', seconds, out);
        true
    }
}

/// What a field has, or the number of it where a row before has the same.
fn put_known(value: &impl Shape, known: &mut Map<String, i64>, out: &mut String) {
    let packed = to_packed(value);
    match known.get(&packed) {
        Some(number) => put_number('=', *number, out),
        None => {
            out.push_str(&packed);
            known.insert(packed, known.len() as i64);
        }
    }
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
    let (mut read, mut known) = (Vec::new(), Known::default());
    let mut rest = block.strip_prefix('[')?;
    while !ends(&mut rest) {
        read.push(if pass(&mut rest, "a").is_some() {
            known.take_article(&mut rest, wrong)?
        } else if pass(&mut rest, "r").is_some() {
            known.take_set(&mut rest, wrong)?
        } else {
            Record::of(take_exact(&mut rest)?, wrong)
        });
    }
    rest.is_empty().then_some(read)
}

/// What the fields of rows had that stand before, by their numbers. What is alike is one in memory.
#[derive(Default)]
struct Known {
    articles: Vec<ArticleId>,
    source: [Vec<Option<String>>; 5],
    metadata: Vec<Extra>,
    regions: Vec<Vec<Region>>,
    owners: Vec<Owner>,
    counts: Vec<Counts>,
    statuses: Vec<Status>,
    /// Of sets that nobody has begun most are alike, and share it.
    row: Option<Arc<SetRow>>,
}

impl Known {
    fn take_article(&mut self, rest: &mut &str, wrong: &mut Wrong) -> Option<Record> {
        let id = take_known(rest, &mut self.articles, wrong)?;
        let key = Key::Article(ArticleId::clone(&id));
        let order = take_whole(rest, "i")?.try_into().ok()?;
        let (title, text) = (take_any(rest, wrong)?, take_any(rest, wrong)?);
        let [file, language, published, publisher, url] = &mut self.source;
        let source = Source {
            file: take_known(rest, file, wrong)?,
            language: take_known(rest, language, wrong)?,
            published: take_known(rest, published, wrong)?,
            publisher: take_known(rest, publisher, wrong)?,
            url: take_known(rest, url, wrong)?,
            extra: Extra::default(),
        };
        let metadata = take_known(rest, &mut self.metadata, wrong)?;
        let regions = take_known(rest, &mut self.regions, wrong)?;
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

    fn take_set(&mut self, rest: &mut &str, wrong: &mut Wrong) -> Option<Record> {
        let article = take_known(rest, &mut self.articles, wrong)?;
        let owner = take_known(rest, &mut self.owners, wrong)?;
        let counts = take_known(rest, &mut self.counts, wrong)?;
        let status = take_known(rest, &mut self.statuses, wrong)?;
        let seconds = take_whole(rest, "i")?;
        let is_like = |last: &Arc<SetRow>| {
            last.counts == counts && last.status() == status && last.seconds == seconds
        };
        let row = self.row.take().filter(is_like).unwrap_or_else(|| {
            let info = Some(SetInfo { status, extra: Extra::default() });
            Arc::new(SetRow { info, counts, seconds })
        });
        self.row = Some(row.clone());
        Some(Record::Set(SetKey { article, owner }, row))
    }
}

/// What a field has, which may stand as the number of what a row before has.
#[inline(never)]
fn take_known<T: Shape + Clone>(
    rest: &mut &str,
    known: &mut Vec<T>,
    wrong: &mut Wrong,
) -> Option<T> {
    if let Some(number) = take_whole(rest, "=") {
        return known.get(usize::try_from(number).ok()?).cloned();
    }
    let value: T = take_any(rest, wrong)?;
    known.push(value.clone());
    Some(value)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::json;

    use super::super::packed::unpack;
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

    fn as_before(records: &[Record]) -> String {
        pack(&Json::Array(records.iter().map(Record::to_json).collect()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_block_is_read_as_what_was_put_in_it(records in any_records()) {
            prop_assert_eq!(read(&written(&records)), Ok(records));
        }

        #[test]
        fn a_block_from_before_there_were_rows_is_read_too(records in any_records()) {
            prop_assert_eq!(read(&as_before(&records)), Ok(records));
        }

        #[test]
        fn a_damaged_block_without_rows_is_read_as_any_other_record_is(
            records in any_records(), at in any::<prop::sample::Index>(),
            with in select(vec!["", "0", "1", "9", "n", "]", "{", "[", "s", "a", "-", ";"]),
        ) {
            let mut damaged = as_before(&records);
            let at = damaged.floor_char_boundary(at.index(damaged.len()));
            let to = damaged.ceil_char_boundary(at + 1);
            damaged.replace_range(at..to, with);
            match (read(&damaged), as_others_are(&damaged)) {
                (Err(_), Err(_)) => {}
                (one, other) => prop_assert_eq!(one, other, "{}", damaged),
            }
        }

        #[test]
        fn a_block_that_is_cut_is_none(records in any_records(), at in any::<prop::sample::Index>()) {
            let mut cut = written(&records);
            cut.truncate(cut.floor_char_boundary(at.index(cut.len())));
            prop_assert_eq!(read(&cut), Err(Malformed(BLOCK)));
        }

        #[test]
        fn a_damaged_block_is_none_or_another(
            records in any_records(), at in any::<prop::sample::Index>(),
            with in select(vec!["", "0", "1", "9", "n", "]", "{", "[", "s", "a", "r", "=", "-", ";"]),
        ) {
            let mut damaged = written(&records);
            let at = damaged.floor_char_boundary(at.index(damaged.len()));
            let to = damaged.ceil_char_boundary(at + 1);
            damaged.replace_range(at..to, with);
            if let Ok(others) = read(&damaged) {
                prop_assert_eq!(read(&written(&others)), Ok(others));
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
    fn rows_have_no_keys_and_nothing_twice() {
        let whole = json!({"file": "a.txt", "url": "u", "publisher": "P", "published": "d", "language": "en"});
        let records = [
            article(1, &[json!({"source": whole})]),
            article(2, &[json!({"source": whole, "metadata": {"desk": "news"}})]),
            article(3, &[json!({"mood": 1})]),
            set(2, Owner::Gold, &[]),
            set(3, Owner::Gold, &[json!({"seconds": 7})]),
        ];
        let text = "ab".repeat(32);
        let rows = format!(
            "[as2;a1i1;s4;Rains64;{text}s5;a.txts2;ens1;ds1;Ps1;u{{][]\
             as2;a2i2;s4;Rains64;{text}=0;=0;=0;=0;=0;{{s4;desks4;news]=0;"
        );
        let written = written(&records);
        let (first, rest) = written.split_at(rows.len());
        assert_eq!(first, rows);
        let full = pack(&records[2].to_json());
        assert_eq!(rest, format!("{full}r=1;s4;gold{{s5;claimi2;]s5;doingi0;rs2;a3=0;=0;=0;i7;]"));
    }
}
