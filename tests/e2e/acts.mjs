// What a person does on the page and sees there, by the names that the page promises to keep.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A deployment of these articles: an object of ids and texts, or of ids and `{title, text, …}`. */
export function deployment(articles, project = {}) {
  const files = {};
  const entries = Object.entries(articles).map(([id, given]) => {
    const { text, title = id, ...rest } = typeof given === 'string' ? { text: given } : given;
    files[`${id}.txt`] = text;
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { id, title, file: `${id}.txt`, sha256, ...rest };
  });
  files['index.json'] = {
    format: 'avow-deployment',
    version: 1,
    project: { id: 'trial', title: 'Trial', guidelines: '', ...project },
    articles: entries,
  };
  return files;
}

/**
 * The same with the texts in shards of two articles each. `lists` is an object of annotators' names
 * and the ids of their articles.
 */
export function sharded(articles, lists) {
  const { 'index.json': index } = deployment(articles);
  const files = {};
  const entries = index.articles.map(({ file: from, ...entry }, at) => {
    const file = `shards/${Math.floor(at / 2)}.jsonl`;
    const given = articles[entry.id];
    const line = JSON.stringify({ id: entry.id, title: entry.title, text: given.text ?? given });
    const before = files[file] ?? '';
    files[file] = `${before}${line}\n`;
    return { ...entry, file, from, bytes: [Buffer.byteLength(before), Buffer.byteLength(line)] };
  });
  files['index.json'] = { ...index, version: 2, articles: entries };
  if (lists) {
    const place = (id) => entries.findIndex((entry) => entry.id === id);
    files['index.json'].lists = Object.entries(lists).map(([annotator, ids]) => ({ annotator, articles: ids.map(place) }));
  }
  return files;
}

export const FOX = 'The fox said “I ran home” to the crow.\n\nThe crow denied that the fox ran.\n';

export const article = (page) => page.getByRole('textbox', { name: 'Article text' });
export const list = (page) => page.getByRole('navigation', { name: 'Articles' });
export const annotations = (page) => page.getByRole('complementary', { name: 'Annotations' });
export const dialog = (page, name) => page.getByRole('dialog', { name });
export const button = (page, name) => page.getByRole('button', { name, exact: true });
/** A field of the picked annotation. */
export const field = (page, name) => annotations(page).getByLabel(name, { exact: true });

/** Waits until the article with these words is shown. */
export async function shows(page, words) {
  await article(page).getByText(words).first().waitFor();
}

/** Waits until the header says that all is saved, of what was done so far too. */
export async function saved(page) {
  // A page that is busy answers what was pressed in the turns of its event loop that come next.
  await page.evaluate(async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setTimeout(done, 0));
  });
  // The frame that shows an act has an older word, and does not show it.
  await page.locator('[role=status]:not([data-old])').filter({ hasText: /^Saved$/ }).waitFor();
}

/** Opens an article by its title. */
export async function openArticle(page, title, words) {
  await list(page).getByRole('button', { name: title }).click();
  await shows(page, words);
}

/** Tells a page what the browser tells one that is being left. */
export function tellOfLeaving(page) {
  return page.evaluate(() => {
    Object.defineProperties(document, { hidden: { value: true }, visibilityState: { value: 'hidden' } });
    document.dispatchEvent(new Event('visibilitychange'));
    for (const type of ['beforeunload', 'pagehide']) dispatchEvent(new Event(type));
  });
}

/** The boxes of the first and last characters of some words in the article. */
export async function boxOf(page, words) {
  return article(page).evaluate((text, words) => {
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      const start = node.data.indexOf(words);
      if (start < 0) continue;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + words.length);
      node.parentElement.scrollIntoView({ block: 'nearest' });
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
      const [first, last] = [rects[0], rects[rects.length - 1]];
      return {
        left: first.left,
        top: first.top + first.height / 2,
        right: last.right,
        bottom: last.top + last.height / 2,
      };
    }
    throw new Error(`the article does not hold “${words}”`);
  }, words);
}

/** Selects words as a mouse does. */
export async function drag(page, words) {
  // In a tab that lies behind another, the browser takes seconds to answer a pointer.
  await page.bringToFront();
  const box = await boxOf(page, words);
  await page.mouse.move(box.left + 1, box.top);
  await page.mouse.down();
  await page.mouse.move((box.left + box.right) / 2, (box.top + box.bottom) / 2, { steps: 3 });
  await page.mouse.move(box.right - 1, box.bottom, { steps: 3 });
  await page.mouse.up();
}

/**
 * Waits until the lists beside the text show the last act. They are drawn after the frame that shows it
 * in the text; a person looks before she types there, a script would type for what was picked before.
 */
async function looks(page) {
  // A tab that lies behind another has no frames.
  await page.bringToFront();
  await page.evaluate(
    () => new Promise((seen) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(seen)))),
  );
}

/** Clicks on the middle of the first character of these words. */
export async function click(page, words, options) {
  const box = await boxOf(page, words);
  await page.mouse.click(box.left + 3, box.top, options);
  await looks(page);
}

/** Selects words and presses a key. */
export async function mark(page, words, key) {
  await drag(page, words);
  await page.keyboard.press(key);
  await looks(page);
}

/** Marks FOX: a quote with its speaker, and a denial; saved. */
export async function markFox(page) {
  await mark(page, '“I ran home”', 'q');
  await field(page, 'Speaker').fill('The fox');
  await field(page, 'Speaker').press('Enter');
  await annotations(page).getByText('The fox').first().waitFor();
  await mark(page, 'the fox ran', 'd');
  await saved(page);
}

/** The rows of the list of annotations, each `Label: words`, waited for. */
export async function marks(page) {
  return annotations(page)
    .locator('.mark-row')
    .evaluateAll((rows) =>
      rows.map((row) => {
        const text = (part) => row.querySelector(part)?.textContent.trim();
        return `${text('.label-name')}: ${text('.row-excerpt')}`;
      }),
    );
}

/** Waits until the list of annotations has these rows. */
export async function marksAre(page, expected) {
  await until(async () => marks(page), expected);
}

/** The links of the picked annotation, each `kind → words`, with the article's title where that is another. */
export async function links(page) {
  return annotations(page)
    .locator('.link-row .link-body')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((part) => part.textContent.trim()).join(' ')));
}

/** Waits until what `look` gives is as expected, and fails with the difference. */
export async function until(look, expected, milliseconds = 5_000) {
  const end = Date.now() + milliseconds;
  const wanted = JSON.stringify(expected);
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) === wanted) return;
    if (Date.now() > end) throw new Error(`found ${JSON.stringify(found)}, not ${wanted}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/**
 * What is painted: the words that each kind of mark lies behind, by its label's colour and its lane as
 * `blue-0`, and the text of each CSS highlight's ranges, by the highlight's name.
 */
export async function painted(page) {
  return page.evaluate(() => {
    const found = {};
    const range = document.createRange();
    for (const [name, highlight] of CSS.highlights) {
      const texts = [...highlight].map(({ startContainer, startOffset, endContainer, endOffset }) => {
        range.setStart(startContainer, startOffset);
        range.setEnd(endContainer, endOffset);
        return range.toString();
      });
      if (texts.length > 0) found[name] = texts.sort();
    }
    const corner = document.querySelector('.page').getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.article-text p')].map((it) => [it, it.getBoundingClientRect()]);
    for (const shape of document.querySelectorAll('.marks .tint')) {
      const [, lane, color] = /lane-(\d) label-(\w+)/.exec(shape.getAttribute('class'));
      const name = `${color}-${lane}`;
      const rects = [...shape.getAttribute('d').matchAll(/M(-?\d+) (-?\d+)h(\d+)v(\d+)/g)].map((it) => {
        const [x, y, width, height] = it.slice(1).map((quarters) => quarters / 4);
        return { left: corner.left + x, right: corner.left + x + width, top: corner.top + y, bottom: corner.top + y + height };
      });
      const holds = (x, y) => rects.some((it) => it.left <= x && x <= it.right && it.top <= y && y <= it.bottom);
      const touches = (box) => rects.some((it) => it.top < box.bottom && box.top < it.bottom);
      for (const [{ firstChild: node }] of boxes.filter(([, box]) => touches(box))) {
        const runs = [];
        let last;
        for (const { index, 0: char } of node?.data.matchAll(/./gsu) ?? []) {
          range.setStart(node, index);
          range.setEnd(node, index + char.length);
          const box = [...range.getClientRects()].at(-1);
          if (!box || !holds(box.left + box.width / 2, box.top + box.height / 2)) continue;
          // Where a line is broken, the space has no place of its own.
          const between = last && node.data.slice(last.end, index);
          if (last && (between === '' || (between.trim() === '' && last.top < box.top))) runs[runs.length - 1] += between + char;
          else runs.push(char);
          last = { end: index + char.length, top: box.top };
        }
        found[name] = [...(found[name] ?? []), ...runs].sort();
      }
    }
    return found;
  });
}

/** The text that is selected in the browser. */
export const selected = (page) => page.evaluate(() => String(getSelection()));

/** Exports and gives the file: its path, its text, and what stands in it. */
export async function exported(page, format) {
  await button(page, 'Export').click();
  if (format) await dialog(page, 'Export').getByLabel('Format').selectOption(format);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog(page, 'Export').getByRole('button', { name: 'Download' }).click(),
  ]);
  return fileOf(download);
}

/** Exports without a mouse, and gives the file. */
export async function exportedByKeys(page) {
  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  return fileOf(download);
}

/**
 * A downloaded file. Time goes on while a test runs and is no act: in `text`, by which files are
 * compared, none was spent.
 */
export async function fileOf(download) {
  const path = await download.path();
  const written = await readFile(path, 'utf8');
  const onlyTime = /"sets": \[\s*\{\s*"annotator": "[^"]*",\s*"status": "todo",\s*"seconds": \d+,\s*"annotations": \[\]\s*\}\s*\]/g;
  const text = written.replace(onlyTime, '"sets": []').replace(/"seconds": \d+/g, '"seconds": 0');
  const name = download.suggestedFilename();
  if (!name.endsWith('.jsonl')) return { name, path, text, json: JSON.parse(written) };
  const [head, ...articles] = written.trimEnd().split('\n').map((line) => JSON.parse(line));
  return { name, path, text, json: { ...head, articles } };
}

/** Opens files through the real input behind “Open files”; each is {name, text}. */
export async function openFiles(page, files) {
  const buffers = files.map(({ name, text, mimeType = 'text/plain' }) => ({
    name,
    mimeType,
    buffer: Buffer.from(text),
  }));
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    button(page, 'Open files').click(),
  ]);
  await chooser.setFiles(buffers);
}

/**
 * Runs in the page, before it: while `globalThis.slow`, holds back every `complete` of a write until
 * `letWritesGo`, as a slow disk would.
 */
export function holdWrites() {
  globalThis.slow = false;
  globalThis.held = [];
  const held = (transaction, listener) => (event) => {
    const go = () => listener.call(transaction, event);
    if (globalThis.slow && transaction.mode === 'readwrite') globalThis.held.push(go);
    else go();
  };
  const set = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'oncomplete');
  Object.defineProperty(IDBTransaction.prototype, 'oncomplete', {
    ...set,
    set(listener) {
      set.set.call(this, listener && held(this, listener));
    },
  });
  const add = IDBTransaction.prototype.addEventListener;
  IDBTransaction.prototype.addEventListener = function (type, listener, ...rest) {
    return add.call(this, type, type === 'complete' ? held(this, listener) : listener, ...rest);
  };
}

/** Lets the writes go that `holdWrites` has held back, and holds back no more. */
export function letWritesGo(page) {
  return page.evaluate(() => {
    globalThis.slow = false;
    for (const go of globalThis.held.splice(0)) go();
  });
}

/** Selects words in the article by keys alone. What stands before them in their paragraph runs one way. */
export async function selectByKeys(page, words) {
  await article(page).focus();
  const way = await article(page).evaluate((text, words) => {
    const paragraphs = [...text.querySelectorAll('p')].filter((it) => it.textContent !== '');
    const nth = paragraphs.findIndex((it) => it.textContent.includes(words));
    if (nth < 0) throw new Error(`the article does not hold “${words}”`);
    const count = (part) => [...new Intl.Segmenter().segment(part)].length;
    const [before] = paragraphs[nth].textContent.split(words);
    const ahead = getComputedStyle(paragraphs[nth]).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    return { nth, before: count(before), length: count(words), ahead };
  }, words);
  await page.keyboard.press('Control+Home');
  for (let at = 0; at < way.nth; at += 1) await page.keyboard.press('Control+ArrowDown');
  for (let at = 0; at < way.before; at += 1) await page.keyboard.press(way.ahead);
  for (let at = 0; at < way.length; at += 1) await page.keyboard.press(`Shift+${way.ahead}`);
  await until(() => selected(page), words);
}

/** Presses Tab, or Shift+Tab, until this has the focus. */
export async function tabTo(page, locator, key = 'Tab') {
  for (let count = 0; count < 60; count += 1) {
    if (await locator.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never comes to ${locator}`);
}

/** Presses these keys, one after the other. */
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Where the other end of a link is found. */
export const finder = (page) => dialog(page, 'Link it to');

/** Waits until the picked annotation covers these words. */
export const pickedIs = (page, words) => until(async () => (await painted(page))['avow-picked'], [words]);

/** Waits until keys act in the text. */
export const inArticle = (page) => until(() => article(page).evaluate((it) => it === document.activeElement), true);

/**
 * A folder, “Work”, that the picker gives without a dialog, which no driver can answer: one of the
 * browser's own, of the same kind and kept by the page in the same way. While the page has `cancels`,
 * the person chooses none; how the picker was called is in `picked`.
 */
export function picksFolder(context) {
  return context.addInitScript(() => {
    globalThis.showDirectoryPicker = async (options) => {
      globalThis.picked = options;
      if (globalThis.cancels) throw new DOMException('The user aborted a request.', 'AbortError');
      const root = await navigator.storage.getDirectory();
      return root.getDirectoryHandle('Work', { create: true });
    };
  });
}
