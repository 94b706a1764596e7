//! The scheme, label by label, so that one that is wrong does not take the others along.

use std::collections::BTreeSet;

use super::object::{Object, Report};
use crate::format::Problem;
use crate::scheme::{
    Attribute, AttributeId, Extra, Label, LabelId, RelationType, RelationTypeId, Scheme, SchemeId,
};

/// The scheme that stands under `scheme` in a file, and what of it could not be taken; none where
/// there is none.
pub(in crate::format) fn scheme_in(file: &str, keys: Extra) -> (Option<Scheme>, Vec<Problem>) {
    let report = Report::new(file, None);
    let scheme = Object::top(keys.into(), &report).object("scheme", "The scheme").map(scheme_of);
    (scheme, report.into_problems())
}

/// A scheme as the file gives it.
pub(super) fn scheme_of(mut object: Object) -> Scheme {
    let mut labels = Vec::new();
    let mut met = BTreeSet::new();
    for mut label in object.objects("labels") {
        let Some(id) = label.need::<LabelId>("id") else { continue };
        if label.is_new(&id, &mut met) {
            labels.push(Label {
                name: label.take("name").unwrap_or_else(|| id.to_string()),
                id,
                key: label.take("key").unwrap_or_default(),
                color: label.take("color").unwrap_or_default(),
                style: label.take("style").unwrap_or_default(),
                description: label.take("description").unwrap_or_default(),
                example: label.take("example").unwrap_or_default(),
                attributes: label.take("attributes").unwrap_or_default(),
                rules: label.take("rules").unwrap_or_default(),
                extra: label.rest(),
            });
        }
    }
    let mut attributes = Vec::new();
    let mut met = BTreeSet::new();
    for mut attribute in object.objects("attributes") {
        let (Some(id), Some(kind)) = (attribute.need::<AttributeId>("id"), attribute.need("kind"))
        else {
            continue;
        };
        if attribute.is_new(&id, &mut met) {
            attributes.push(Attribute {
                name: attribute.take("name").unwrap_or_else(|| id.to_string()),
                id,
                description: attribute.take("description").unwrap_or_default(),
                kind,
                values: attribute.take("values").unwrap_or_default(),
                required: attribute.take("required").unwrap_or_default(),
                extra: attribute.rest(),
            });
        }
    }
    let mut relations = Vec::new();
    let mut met = BTreeSet::new();
    for mut relation in object.objects("relations") {
        let Some(id) = relation.need::<RelationTypeId>("id") else { continue };
        if relation.is_new(&id, &mut met) {
            relations.push(RelationType {
                name: relation.take("name").unwrap_or_else(|| id.to_string()),
                id,
                description: relation.take("description").unwrap_or_default(),
                from: relation.take("from").unwrap_or_default(),
                to: relation.take("to").unwrap_or_default(),
                groups: relation.take("groups").unwrap_or_default(),
                text: relation.take("text").unwrap_or_default(),
                same: relation.take("same").unwrap_or_default(),
                extra: relation.rest(),
            });
        }
    }
    Scheme {
        id: object.take::<SchemeId>("id").unwrap_or_else(|| "unnamed".into()),
        version: object.take("version").unwrap_or(1),
        labels,
        attributes,
        relations,
        extra: object.rest(),
    }
}
