// A long article with many annotations, and what a key press costs in it.

import { createHash } from 'node:crypto';

import { article, dialog, openArticle, openFiles } from './acts.mjs';

const WORDS = 'the harbour office said that no barge left before dawn while two pilots denied it and a clerk wrote nothing down'.split(' ');

/** An invented text of some 100 kB in paragraphs of some 600 characters. */
export function longText(bytes = 100_000) {
  const paragraphs = [];
  for (let length = 0, at = 0; length < bytes; ) {
    const sentences = Array.from({ length: 6 }, () => {
      const words = Array.from({ length: 17 }, () => WORDS[(at += 7) % WORDS.length]);
      return `${words.join(' ')}.`.replace(/^./, (first) => first.toUpperCase());
    });
    paragraphs.push(sentences.join(' '));
    length += paragraphs.at(-1).length + 1;
  }
  return `${paragraphs.join('\n')}\n`;
}

/** A project's file with this text twice: without annotations (“bare”), and with so many (“full”). */
export function longProject(count = 1_000) {
  const text = longText();
  const words = [...text.matchAll(/\w+/g)];
  const step = Math.floor(words.length / count);
  const span = (start, end) => ({ start, end, text: text.slice(start, end) });
  const annotationOf = (_, n) => {
    const [first, last] = [words[n * step], words[Math.min(n * step + 1 + (n % (step + 6)), words.length - 1)]];
    return {
      id: `a${String(n).padStart(5, '0')}`,
      label: ['claim', 'denial', 'quote'][n % 3],
      spans: [span(first.index, last.index + last[0].length)],
      attributes: {},
      note: '',
      origin: { by: 'hand' },
      created: '2026-01-02T03:04:05Z',
      updated: '2026-01-02T03:04:05Z',
    };
  };
  const entry = (id, annotations) => ({
    id,
    title: id,
    // Two texts, since one text is taken once.
    text: `${text}${id}\n`,
    sha256: createHash('sha256').update(`${text}${id}\n`).digest('hex'),
    source: { file: `${id}.txt`, url: null, publisher: null, published: null, language: 'en' },
    metadata: {},
    regions: [],
    sets: [{ annotator: 'ada', status: 'doing', seconds: 0, annotations }],
    gold: null,
  });
  return {
    format: 'avow',
    version: 1,
    offset_unit: 'code-point',
    generator: 'a test',
    project: { id: 'long', title: 'Long', guidelines: '', created: '2026-01-02T03:04:05Z' },
    annotators: [{ id: 'ada', name: 'Ada' }],
    speakers: [],
    groups: [],
    articles: [entry('bare', []), entry('full', Array.from({ length: count }, annotationOf))],
    relations: [],
  };
}

/** Opens such a project in the page. */
export async function openLong(page, count) {
  const text = JSON.stringify(longProject(count));
  await openFiles(page, [{ name: 'long.avow.json', text }]);
  // It says that the file has no scheme of its own.
  await dialog(page, 'Files').getByRole('button', { name: 'Close', exact: true }).click();
  await openArticle(page, 'bare', longText(1).slice(0, 30));
}

/**
 * Marks so many words, each by keys, and measures each: milliseconds from the key's event until the
 * page has answered it, and until the frame after it is painted; and whether that frame held it.
 */
export async function markWords(page, title, times) {
  await openArticle(page, title, longText(1).slice(0, 30));
  await article(page).focus();
  await page.keyboard.press('Control+Home');
  await page.locator('.caret').waitFor();
  await page.evaluate(() => {
    const painted = () => [...CSS.highlights].filter(([name]) => /^avow-\d/.test(name)).reduce((sum, [, it]) => sum + it.size, 0);
    globalThis.marks = [];
    globalThis.onMark ??= (event) => {
      if (event.key !== 'c') return;
      const [start, before, mark] = [performance.now(), painted(), {}];
      // Behind all listeners of the page.
      window.addEventListener('keydown', () => (mark.answered = performance.now() - start), { once: true });
      requestAnimationFrame(() => {
        mark.held = painted() > before;
        const channel = new MessageChannel();
        // After the frame's layout and paint.
        channel.port1.onmessage = () => {
          mark.shown = performance.now() - start;
          globalThis.marks.push(mark);
        };
        channel.port2.postMessage(0);
      });
    };
    document.removeEventListener('keydown', globalThis.onMark, true);
    document.addEventListener('keydown', globalThis.onMark, true);
  });
  for (let count = 1; count <= times; count += 1) {
    await page.keyboard.press('Escape');
    for (let skip = 0; skip < 3; skip += 1) await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('Control+Shift+ArrowRight');
    await page.keyboard.press('c');
    await page.waitForFunction((count) => globalThis.marks.length >= count, count);
  }
  return page.evaluate(() => globalThis.marks);
}
