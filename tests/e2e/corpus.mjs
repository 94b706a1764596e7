// A project with many articles, as a file of lines: made piece by piece, so that it may be of any size.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

const EMPTY = new URL('../golden/empty.avow.jsonl', import.meta.url);

const MADE = '2026-01-02T03:04:05Z';
const CLAIM = 'the bridge 🌉 had been safe for years';
const QUOTE = '“Nobody told us,”';
const SENTENCE = 'The ferry left late again, and the office on the quay would not say why. ';

/** The first line: everything but the articles. */
export async function head(id, title) {
  const empty = JSON.parse(await readFile(EMPTY, 'utf8'));
  const project = { id, title, guidelines: '', created: MADE };
  return { ...empty, project, annotators: [{ id: 'ada', name: 'Ada' }] };
}

/** What article number `at` is called; no title stands in another. */
export const titleOf = (at) => `Report ${String(at).padStart(6, '0')}`;

/** Article number `at`, of some `bytes` bytes, with two annotations. */
export function article(at, bytes = 5_000) {
  const title = titleOf(at);
  const start = `${title}\n\nThe engineer said that ${CLAIM}. ${QUOTE} said the mayor of place ${at}.\n\n`;
  const text = `${start}${SENTENCE.repeat(Math.max(1, Math.round((bytes - start.length) / SENTENCE.length)))}\n`;
  const points = (part) => [...part].length;
  const annotation = (id, label, words) => {
    const from = points(text.slice(0, text.indexOf(words)));
    const spans = [{ start: from, end: from + points(words), text: words }];
    return { id, label, spans, attributes: {}, note: '', origin: { by: 'hand' }, created: MADE, updated: MADE };
  };
  const annotations = [annotation(`c${at}`, 'claim', CLAIM), annotation(`q${at}`, 'quote', QUOTE)];
  return {
    id: `report-${at}`,
    title,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    source: { file: `report-${at}.txt`, url: null, publisher: null, published: null, language: 'en' },
    metadata: {},
    regions: [],
    sets: [{ annotator: 'ada', status: 'doing', seconds: at, annotations }],
    gold: null,
  };
}

/** The same as a line of training data. */
function row(at, bytes) {
  const { sets, ...rest } = article(at, bytes);
  const [{ annotator, status, annotations }] = sets;
  const marked = annotations.map(({ id, label, spans }) => ({ id, label, spans, attributes: [] }));
  return { id: rest.id, annotator, status, title: rest.title, text: rest.text, offset_unit: 'code-point', annotations: marked };
}

/** The same as an article by itself. */
function bare(at, bytes) {
  const { id, title, text } = article(at, bytes);
  return { id, title, text };
}

const LINES = { project: article, training: row, articles: bare };

/** Writes a file with so many articles, and gives its path: a project, a dataset for training, or articles alone. */
export async function corpus(path, count, { id = 'corpus', title = 'Reports', bytes, as = 'project' } = {}) {
  const file = createWriteStream(path);
  if (as === 'project') file.write(`${JSON.stringify(await head(id, title))}\n`);
  for (let at = 1; at <= count; at += 1) {
    const line = LINES[as](at, bytes);
    const wait = !file.write(`${JSON.stringify(line)}\n`);
    if (wait) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return path;
}
