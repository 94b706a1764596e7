// What the store and the exported file hold, read without the page's own code, as the model says it;
// and whether they keep to their rules.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const SCHEMA = JSON.parse(readFileSync(new URL('../../../docs/avow.schema.json', import.meta.url), 'utf8'));
const keepsToSchema = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(SCHEMA);

/** What no act of the torture is, and what is not undone. */
const NO_ACTS = ['open-deployment', 'open-file', 'name-annotator'];

/**
 * What the store holds of a project: the `state`, and after how many acts; undefined if there is
 * no such project. `stores` is what the rescue script reads; `texts` are those that the page's
 * deployment has, by hash, and that need not be stored.
 */
export function fromStore(stores, project, texts) {
  const row = stores.projects?.find(({ key }) => key === project)?.value;
  if (row === undefined) return undefined;
  const own = ({ key }) => key[0] === project;
  const commits = stores.commits.filter(own).map(({ value }) => value);
  const single = stores.records.filter(own).flatMap(oneByOne);
  const records = new Map(single.map(({ key, value }) => [JSON.stringify(key.slice(1)), value]));
  assert.deepEqual(commits.map(({ seq }) => seq), commits.map((_, at) => at + 1), 'commits are numbered without gaps');
  assert.equal(row.last_seq, commits.length, 'the project’s row names the last commit');
  assert.equal(new Set(commits.map(({ id }) => id)).size, commits.length, 'no two commits have one id');
  followsFromCommits(records, commits);

  const of = (kind) => [...records.values()].flatMap(({ value }) => value?.[kind] ?? []);
  const ordered = (kind) => of(kind).sort((a, b) => a.order - b.order);
  const stored = new Map(stores.texts.map(({ key, value }) => [key, value]));
  for (const [hash, text] of stored) assert.equal(sha256(text), hash, 'a text is named by its hash');
  const speakers = new Map(ordered('speaker').map(({ id, name }) => [id, name]));
  assert.equal(of('annotator').length, commits.length === 0 ? 0 : 1, 'one person has worked here');
  const articles = ordered('article').map((article) => {
    const text = stored.get(article.text) ?? texts.get(article.text);
    assert.notEqual(text, undefined, `the text of “${article.title}” is stored`);
    const bytes = Buffer.from(text);
    const span = ({ start, end }) => ({
      start: bytes.subarray(0, start).toString().length,
      text: bytes.subarray(start, end).toString(),
    });
    const marks = [...records.values()].filter((it) => it.value && it.key.annotation?.[0].article === article.id);
    const set = [...records.values()].find((it) => it.key.set?.article === article.id);
    const counts = {};
    for (const { value } of marks) counts[value.annotation.label] = (counts[value.annotation.label] ?? 0) + 1;
    assert.deepEqual(set?.value.counts ?? {}, counts, `the counts of “${article.title}” are right`);
    return {
      title: article.title,
      text,
      status: set?.value.info?.status ?? 'todo',
      annotations: marks.map(({ value: { annotation } }) => {
        const { speaker, cue, directness } = annotation.attributes;
        return {
          label: annotation.label,
          spans: annotation.spans.map(span),
          speakers: (speaker?.value ?? []).map(({ id }) => speakers.get(id)),
          cue: (cue?.value ?? []).map(span),
          directness: directness?.value ?? '',
          note: annotation.note,
        };
      }),
    };
  });
  const [{ title }] = of('meta');
  assert.equal(row.title, title, 'the project’s row has its title');
  assert.equal(row.articles, articles.length, 'the project’s row counts its articles');
  const acts = commits.filter(({ transaction }) => !NO_ACTS.includes(transaction.intent.act)).length;
  return { acts, state: { title, speakers: [...speakers.values()], articles } };
}

/** What a block of annotations has, as if each stood by itself; what does so comes later. */
function oneByOne(entry) {
  const { key, value } = entry;
  if (key[1] !== 'annotation' || typeof value !== 'string') return [entry];
  return unpacked(value).map(([owner, annotation]) => {
    const place = [key[2], owner === 'gold' ? owner : `annotator ${owner.annotator}`, annotation.id];
    const named = { annotation: [{ article: key[2], owner }, annotation.id] };
    return { key: [...key.slice(0, 2), ...place], value: { key: named, value: { annotation } } };
  });
}

/** The value of a packed text, see docs/stored-records.md. */
function unpacked(text) {
  const bytes = Buffer.from(text);
  let at = 0;
  const digits = () => {
    const end = bytes.indexOf(';', at);
    const number = Number(bytes.toString('utf8', at, end));
    at = end + 1;
    return number;
  };
  const take = (count) => bytes.toString('utf8', at, (at += count));
  const until = (one) => {
    const all = [];
    while (bytes[at] !== 0x5d) all.push(one());
    at += 1;
    return all;
  };
  const value = () => {
    const tag = take(1);
    if (tag === 's') return take(digits());
    if (tag === 'i') return digits();
    if (tag === 'd') return Buffer.from(take(16), 'hex').readDoubleBE();
    if (tag === '[') return until(value);
    if (tag === '{') return Object.fromEntries(until(() => [value(), value()]));
    return { n: null, t: true, f: false }[tag];
  };
  return value();
}

/** The records are what the commits, one after the other, lead to. */
function followsFromCommits(records, commits) {
  const reached = new Map();
  for (const { seq, transaction } of commits) {
    for (const { key, from, to } of transaction.changes) {
      const name = JSON.stringify(key);
      // A project's own records are made with it, and not by a commit.
      if (reached.has(name) || !['"meta"', '"scheme"'].includes(name)) {
        assert.deepEqual(from, reached.get(name) ?? null, `commit ${seq} changes what was there at ${name}`);
      }
      reached.set(name, to);
    }
  }
  const found = new Map([...records.values()].map((record) => [JSON.stringify(record.key), valueOf(record)]));
  for (const [name, value] of reached) {
    assert.deepEqual(found.get(name) ?? null, value, `the record ${name} is as the commits left it`);
    found.delete(name);
  }
  const without = [...found].filter(([name, value]) => value !== null && !['"meta"', '"scheme"'].includes(name));
  assert.deepEqual(without, [], 'every record was made by a commit');
}

function valueOf({ key, value }) {
  if (key.set === undefined) return value;
  return value.info === null ? null : { set: value.info };
}

/** What an exported file holds, which must be valid. */
export function fromFile(json) {
  assert.ok(keepsToSchema(json), `the file keeps to the schema: ${JSON.stringify(keepsToSchema.errors)}`);
  assert.equal(json.offset_unit, 'code-point');
  const speakers = new Map(json.speakers.map(({ id, name }) => [id, name]));
  const ids = json.articles.flatMap(({ sets }) => sets.flatMap((set) => set.annotations.map(({ id }) => id)));
  assert.equal(new Set(ids).size, ids.length, 'no two annotations have one id');
  assert.equal(speakers.size, json.speakers.length, 'no two speakers have one id');
  assert.equal(new Set(json.articles.map(({ id }) => id)).size, json.articles.length, 'no two articles have one id');
  assert.ok(json.annotators.length <= 1, 'one person has worked here');
  const articles = json.articles.map(({ title, text, sha256: hash, sets }) => {
    assert.equal(sha256(text), hash, `the hash of “${title}” is its text's`);
    const points = [...text];
    const span = ({ start, end, text: covered }) => {
      assert.equal(points.slice(start, end).join(''), covered, `a span of “${title}” covers what it says`);
      return { start: points.slice(0, start).join('').length, text: covered };
    };
    const annotation = ({ label, spans, attributes: { speaker = [], cue = [], directness = '' }, note }) => {
      assert.ok(speaker.every(({ id }) => speakers.has(id)), 'every speaker is in the project');
      return { label, spans: spans.map(span), speakers: speaker.map(({ id }) => speakers.get(id)), cue: cue.map(span), directness, note };
    };
    const status = sets[0]?.status ?? 'todo';
    return { title, text, status, annotations: sets.flatMap((set) => set.annotations.map(annotation)) };
  });
  return { title: json.project.title, speakers: [...speakers.values()], articles };
}

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');
