// Long articles with many annotations.

import { createHash } from 'node:crypto';

import { dialog, openArticle, openFiles } from './acts.mjs';

const WORDS = 'the harbour office said that no barge left before dawn while two pilots denied it and a clerk wrote nothing down'.split(' ');

/** An invented text of some 100 kB, or of so many bytes, in paragraphs of some 600 characters. */
export function longText(bytes = 100_000) {
  const paragraphs = [];
  // Steps of eight come to each of the words.
  for (let length = 0, at = 0; length < bytes; ) {
    const sentences = Array.from({ length: 6 }, () => {
      const words = Array.from({ length: 17 }, () => WORDS[(at += 8) % WORDS.length]);
      return `${words.join(' ')}.`.replace(/^./, (first) => first.toUpperCase());
    });
    paragraphs.push(sentences.join(' '));
    length += paragraphs.at(-1).length + 1;
  }
  return `${paragraphs.join('\n')}\n`;
}

/**
 * So many annotations all over a text, as a file has them: of three labels, from one word to so many that
 * they lie over their next ones and over ends of paragraphs.
 */
export function annotationsOn(text, count) {
  const words = [...text.matchAll(/\w+/g)];
  const step = Math.floor(words.length / count);
  return Array.from({ length: count }, (_, n) => {
    const last = words[Math.min(n * step + 1 + (n % (step + 6)), words.length - 1)];
    const [start, end] = [words[n * step].index, last.index + last[0].length];
    return {
      id: `a${String(n).padStart(5, '0')}`,
      label: ['claim', 'denial', 'quote'][n % 3],
      spans: [{ start, end, text: text.slice(start, end) }],
      attributes: {},
      note: '',
      origin: { by: 'hand' },
      created: '2026-01-02T03:04:05Z',
      updated: '2026-01-02T03:04:05Z',
    };
  });
}

/** A project's file with these articles, each `{id, text, annotations}`, annotated by one person. */
export function projectOf(articles, annotator = 'ada') {
  const entry = ({ id, text, annotations }) => ({
    id,
    title: id,
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
    source: { file: `${id}.txt`, url: null, publisher: null, published: null, language: 'en' },
    metadata: {},
    regions: [],
    sets: [{ annotator, status: 'doing', seconds: 0, annotations }],
    gold: null,
  });
  return {
    format: 'avow',
    version: 1,
    offset_unit: 'code-point',
    generator: 'a test',
    project: { id: 'long', title: 'Long', guidelines: '', created: '2026-01-02T03:04:05Z' },
    annotators: [{ id: annotator, name: 'Ada' }],
    speakers: [],
    groups: [],
    articles: articles.map(entry),
    relations: [],
  };
}

/** The id of who sits here. */
async function myId(page) {
  // It is made and stored while the page starts.
  for (let tries = 0; tries < 100; tries += 1) {
    const id = await page.evaluate(async () => {
      const done = (request) => new Promise((good) => (request.onsuccess = () => good(request.result)));
      const database = await done(indexedDB.open('avow'));
      const id = await done(database.transaction('views').objectStore('views').get('annotator'));
      database.close();
      return id && new TextDecoder().decode(id);
    });
    if (id) return id;
    await page.waitForTimeout(50);
  }
  throw new Error('nobody sits here');
}

/** Opens articles, see `projectOf`, in the page, with annotations of who sits here, and shows the first. */
export async function openAsMine(page, articles) {
  const text = JSON.stringify(projectOf(articles, await myId(page)));
  await openFiles(page, [{ name: 'long.avow.json', text }]);
  // It says that the file has no scheme of its own.
  await dialog(page, 'Files').getByRole('button', { name: 'Close', exact: true }).click();
  await openArticle(page, articles[0].id, articles[0].text.slice(0, 30));
}

/** Opens a text of 100 kB twice: without annotations (“bare”), and with so many of who sits here (“full”). */
export function openLong(page, count) {
  const text = longText();
  // Two texts, since one text is taken once.
  return openAsMine(page, [
    { id: 'bare', text: `${text}bare\n`, annotations: [] },
    { id: 'full', text: `${text}full\n`, annotations: annotationsOn(text, count) },
  ]);
}
