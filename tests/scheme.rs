//! What annotations have of a scheme that changes: against a plain account of what should become of
//! them, over random projects.
#![cfg(not(target_arch = "wasm32"))]

#[allow(dead_code)]
mod acts;

use acts::{
    Hand, NOW, acts, ada, apply, deletion, project_of, records, texts, transaction_of, with_added,
};
use avow::annotation::{ArticleId, AttributeValue};
use avow::edit::act::scheme::{Rewrite, as_kind, label_uses, rewrite};
use avow::edit::{Intent, Transaction};
use avow::format::native;
use avow::project::{Key, Project, Value};
use avow::scheme::AttributeKind;
use proptest::prelude::*;

/// Label and values of each annotation, with a place or without, in the order of keys.
fn account(project: &Project) -> Vec<(String, String, Option<AttributeValue>)> {
    let mut all = Vec::new();
    let directness = "directness".into();
    for key in project.keys() {
        match project.value(&key) {
            Ok(Some(Value::Annotation(it))) => {
                let value = it.attributes.get(&directness).cloned();
                all.push((it.id.to_string(), it.label.to_string(), value));
            }
            Ok(Some(Value::Article(article))) => {
                all.extend(article.unplaced.iter().map(|it| {
                    let value = it.attributes.get(&directness).cloned();
                    (it.id.to_string(), it.label.to_string(), value)
                }));
            }
            _ => {}
        }
    }
    all
}

proptest! {
    #[test]
    fn what_annotations_have_is_rewritten_and_taken_back(
        texts in texts(), acts in acts(true), from in 0..4_usize, into in 0..4_usize, how in 0..4_usize,
    ) {
        let hand = Hand::new("ada", "", 0);
        let texts = with_added(&texts, &acts);
        let mut project = project_of(&texts[..1]);
        for act in &acts {
            if let Some(transaction) = transaction_of(&project, act, &hand) {
                project = apply(&transaction, &project, &texts);
            }
        }
        let labels = ["claim", "denial", "quote", "unknown"];
        let (from, into) = (labels[from], labels[into]);
        let what = match how {
            0 => Rewrite::Relabel { from: from.into(), into: into.into() },
            1 => Rewrite::Delete { label: from.into() },
            2 => Rewrite::Clear { attribute: "directness".into() },
            _ => Rewrite::Kinds(vec![("directness".into(), AttributeKind::YesNo)]),
        };
        let before = account(&project);
        let articles: Vec<ArticleId> = project.articles().iter().map(|it| it.id.clone()).collect();
        let known: u32 = label_uses(&project, &from.into()).iter().map(|(_, count)| count).sum();
        prop_assert_eq!(known as usize, before.iter().filter(|it| it.1 == from).count());
        let done = rewrite(&project, &articles, &what, &deletion(&ada(), NOW));
        let transaction = Transaction::new(Intent::MergeLabels, done.changes);
        let after = apply(&transaction, &project, &texts);
        let mut expected = before.clone();
        match how {
            0 => expected.iter_mut().filter(|it| it.1 == from).for_each(|it| it.1 = into.to_owned()),
            1 => expected.retain(|it| it.1 != from),
            2 => expected.iter_mut().for_each(|it| it.2 = None),
            _ => expected.iter_mut().for_each(|it| {
                it.2 = it.2.as_ref().and_then(|it| as_kind(it, AttributeKind::YesNo));
            }),
        }
        prop_assert_eq!(&account(&after), &expected);
        let changed = match how {
            1 => before.len() - expected.len(),
            _ => before.iter().zip(&expected).filter(|(a, b)| a != b).count(),
        };
        prop_assert_eq!(done.annotations, changed, "as many as are said");
        if how == 1 {
            let gone = |key: &Key| after.value(key).is_ok_and(|it| it.is_none());
            prop_assert!(after.deletions().all(|(key, _)| gone(key)));
        }
        prop_assert_eq!(records(&apply(&transaction.invert(), &after, &texts)), records(&project));
        let file = native::write(&after).unwrap();
        let read = native::read("a.avow.json", &file).unwrap();
        prop_assert_eq!(native::write(&read.project).unwrap(), file);
    }
}

#[test]
fn a_value_of_another_kind_says_the_same_or_is_none() {
    use AttributeKind as K;
    use AttributeValue as V;
    let text = |it: &str| V::Text(it.to_owned());
    let other = |it: serde_json::Value| V::Other(it);
    for (value, kind, after) in [
        (text("a"), K::Choice, Some(text("a"))),
        (V::YesNo(true), K::Choice, Some(text("yes"))),
        (text(" no "), K::YesNo, Some(V::YesNo(false))),
        (text("No way"), K::YesNo, None),
        (text("12"), K::Number, Some(V::Number(12.0))),
        (text("1.5"), K::Number, None),
        (text("9223372036854775807"), K::Number, None),
        (text("-9223372036854775808"), K::Number, None),
        (V::Number(-3.0), K::Text, Some(text("-3"))),
        (V::Number(0.5), K::Text, None),
        (V::Number(1e300), K::Text, None),
        (V::Number(-1e300), K::Text, None),
        (V::Number(f64::NAN), K::Text, None),
        (V::Number(1.0), K::YesNo, None),
        (V::Spans(Vec::new()), K::Text, None),
        (V::Speakers(Vec::new()), K::Span, None),
        (other("a".into()), K::Text, Some(text("a"))),
        (other(true.into()), K::YesNo, Some(V::YesNo(true))),
        (other(0.5.into()), K::Number, Some(V::Number(0.5))),
        (other(serde_json::json!([1])), K::Text, Some(other(serde_json::json!([1])))),
    ] {
        assert_eq!(as_kind(&value, kind), after, "{value:?} as {kind:?}");
    }
}
