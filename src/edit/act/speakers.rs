//! Speakers as entities: their names, and one made of two.

use std::sync::Arc;

use super::{Ctx, add_speaker, put, take_out};
use crate::annotation::{
    Annotation, ArticleId, AttributeValue, SpeakerId, SpeakerMention, Timestamp,
};
use crate::edit::{Change, Intent, Transaction};
use crate::map::Map;
use crate::project::{Deletion, Key, Project, SetKey, Speaker, Value};
use crate::scheme::AttributeId;

fn change_speaker(
    project: &Project,
    id: &SpeakerId,
    intent: Intent,
    change: impl FnOnce(&mut Speaker),
) -> Transaction {
    let Some(speaker) = project.speaker(id) else { return Transaction::new(intent, []) };
    let mut after = (**speaker).clone();
    change(&mut after);
    let key = Key::Speaker(id.clone());
    Transaction::new(intent, [put(project, key, Some(Value::Speaker(Arc::new(after))))])
}

/// Gives a speaker another name; an empty one changes nothing. Where it was one of the aliases,
/// the name that was takes its place.
pub fn rename_speaker(project: &Project, id: &SpeakerId, name: &str) -> Transaction {
    let name = name.trim();
    if name.is_empty() {
        return Transaction::new(Intent::RenameSpeaker, []);
    }
    change_speaker(project, id, Intent::RenameSpeaker, |speaker| {
        let before = std::mem::replace(&mut speaker.name, name.to_owned());
        if let Some(alias) = speaker.aliases.iter_mut().find(|alias| *alias == name) {
            *alias = before;
        }
    })
}

/// Says by which other names a speaker goes: each once, none empty, none their name.
pub fn set_aliases(project: &Project, id: &SpeakerId, aliases: &[String]) -> Transaction {
    change_speaker(project, id, Intent::RenameSpeaker, |speaker| {
        speaker.aliases.clear();
        let aliases = aliases.iter().map(|alias| alias.trim()).filter(|alias| !alias.is_empty());
        for alias in aliases {
            if alias != speaker.name && !speaker.aliases.iter().any(|it| it == alias) {
                speaker.aliases.push(alias.to_owned());
            }
        }
    })
}

/// The first part of making one speaker of two: `into` goes by the names of `from` too.
pub fn take_names(project: &Project, into: &SpeakerId, from: &SpeakerId) -> Transaction {
    let Some(gone) = project.speaker(from).filter(|_| into != from).cloned() else {
        return Transaction::new(Intent::MergeSpeakers, []);
    };
    change_speaker(project, into, Intent::MergeSpeakers, |speaker| {
        for name in [&gone.name].into_iter().chain(&gone.aliases) {
            if *name != speaker.name && !speaker.aliases.contains(name) {
                speaker.aliases.push(name.clone());
            }
        }
    })
}

/// What points to one speaker in an article, which is loaded, points to the other. An annotation
/// that had both has one of them, with the mention of either.
pub fn repoint(
    project: &Project,
    article: &ArticleId,
    from: &SpeakerId,
    into: &SpeakerId,
    now: Timestamp,
) -> Vec<Change> {
    change_speakers(project, article, now, |_, speakers| repointed(speakers, from, into))
}

fn repointed(
    speakers: &[SpeakerMention],
    from: &SpeakerId,
    into: &SpeakerId,
) -> Vec<SpeakerMention> {
    let mut after: Vec<SpeakerMention> = Vec::new();
    for speaker in speakers {
        let mut speaker = speaker.clone();
        if speaker.id == *from {
            speaker.id = into.clone();
        }
        match after.iter_mut().find(|it| it.id == speaker.id) {
            Some(there) => there.mention = there.mention.or(speaker.mention),
            None => after.push(speaker),
        }
    }
    after
}

/// The second part of making one speaker of two, once nothing points to `from` any more: it goes.
pub fn drop_speaker(project: &Project, id: &SpeakerId, deletion: Deletion) -> Transaction {
    let gone = take_out(project, Key::Speaker(id.clone()), &Arc::new(deletion));
    Transaction::new(Intent::MergeSpeakers, gone)
}

/// Changes the speakers of every annotation of a loaded article, everybody's.
fn change_speakers(
    project: &Project,
    article: &ArticleId,
    now: Timestamp,
    change: impl Fn(&Annotation, &[SpeakerMention]) -> Vec<SpeakerMention>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let sets = project.loaded(article).into_iter().flat_map(|loaded| loaded.sets.iter());
    for (owner, set) in sets {
        let key = SetKey { article: article.clone(), owner: owner.clone() };
        for annotation in set.values() {
            let mut attributes: Map<AttributeId, AttributeValue> = annotation.attributes.clone();
            for (attribute, value) in annotation.attributes.iter() {
                let AttributeValue::Speakers(before) = value else { continue };
                let after = change(annotation, before);
                if after.is_empty() {
                    attributes.remove(attribute);
                } else if after != *before {
                    attributes.insert(attribute.clone(), AttributeValue::Speakers(after));
                }
            }
            if attributes != annotation.attributes {
                let after = Annotation { attributes, updated: now, ..(**annotation).clone() };
                let key = Key::Annotation(key.clone(), annotation.id.clone());
                changes.push(put(project, key, Some(Value::Annotation(Arc::new(after)))));
            }
        }
    }
    changes
}

/// Makes a speaker of one of the aliases of another, who goes by it no more. What pointed to the
/// other stays there; [`repoint_mentions`] moves what names the new one.
pub fn split_speaker(
    project: &Project,
    id: &SpeakerId,
    alias: &str,
    ctx: &mut dyn Ctx,
) -> Option<(SpeakerId, Transaction)> {
    project.speaker(id)?.aliases.iter().find(|it| *it == alias)?;
    let (new, made) = add_speaker(project, alias, ctx);
    let lost = change_speaker(project, id, Intent::SplitSpeaker, |speaker| {
        speaker.aliases.retain(|it| it != alias);
    });
    Some((new, made.with_intent(Intent::SplitSpeaker).then(lost)))
}

/// What points to one speaker in a loaded article, with a mention that reads `alias` whatever its
/// capitals, points to the other.
pub fn repoint_mentions(
    project: &Project,
    article: &ArticleId,
    from: &SpeakerId,
    alias: &str,
    into: &SpeakerId,
    now: Timestamp,
) -> Vec<Change> {
    let Some(text) = project.text(article).cloned() else { return Vec::new() };
    let alias = alias.to_lowercase();
    change_speakers(project, article, now, |_, speakers| {
        let named = |it: &SpeakerMention| {
            let mention = it.mention.map(|mention| text.slice(mention).to_lowercase());
            it.id == *from && mention.as_ref() == Some(&alias)
        };
        let mut after = speakers.to_vec();
        for speaker in after.iter_mut().filter(|it| named(it)) {
            speaker.id = into.clone();
        }
        after
    })
}

/// Deletes a speaker that nothing points to.
pub fn delete_speaker(project: &Project, id: &SpeakerId, deletion: Deletion) -> Transaction {
    drop_speaker(project, id, deletion).with_intent(Intent::DeleteSpeaker)
}
