// The main job in Firefox, over WebDriver BiDi: what another engine does otherwise shows here.
// Where AVOW_FIREFOX names no Firefox, the test is skipped, and says so.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import puppeteer from 'puppeteer-core';

import { FOX, deployment, until } from './acts.mjs';
import { serveSite } from './harness.mjs';

const FIREFOX = process.env.AVOW_FIREFOX;
const skip = FIREFOX ? false : 'there is no Firefox here (AVOW_FIREFOX names none)';

/** Waits as long as a cold start of Firefox may take. */
const PATIENCE = 30_000;

/** Firefox with a page open at this site; what it downloads lies in `downloads`. */
async function openFirefox(t, site) {
  const downloads = await mkdtemp(join(tmpdir(), 'avow-firefox-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: {
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.useDownloadDir': true,
      'browser.download.alwaysOpenPanel': false,
      // Asked whether the site may keep its data, a person says yes.
      'permissions.default.persistent-storage': 1,
    },
  });
  t.after(async () => {
    await browser.close();
    await rm(downloads, { recursive: true, force: true });
  });
  const firefox = { browser, downloads, problems: [], newTab };
  firefox.page = await newTab();
  return firefox;

  async function newTab() {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => firefox.problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && firefox.problems.push(message.text()));
    await page.goto(site.url);
    return page;
  }
}

const named = (page, role, name) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
const press = (page, name) => named(page, 'button', name).click();

const textOf = (page, selector) => page.$eval(selector, (found) => found.textContent.trim());

/** Waits until the header says this of saving. */
function statusIs(page, wanted) {
  const seen = () =>
    page.$eval('.header [role="status"]', (it) => (it.hasAttribute('data-old') ? '' : it.textContent.trim()));
  return until(seen, wanted, PATIENCE);
}

const shows = (page, words) =>
  page.waitForFunction((words) => document.querySelector('.article-text')?.textContent.includes(words), {}, words);

/** Waits until the list of annotations has these rows, each `Label: words`. */
function marksAre(page, wanted) {
  const marks = () =>
    page.$$eval('.mark-row', (rows) =>
      rows.map((row) => ['.label-name', '.row-excerpt'].map((part) => row.querySelector(part).textContent.trim()).join(': ')),
    );
  return until(marks, wanted, PATIENCE);
}

/** Selects words of the article with the mouse. */
async function drag(page, words) {
  const [from, to] = await page.$eval(
    '.article-text',
    (text, words) => {
      const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        const start = nodes.currentNode.data.indexOf(words);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(nodes.currentNode, start);
        range.setEnd(nodes.currentNode, start + words.length);
        const rects = [...range.getClientRects()];
        const [first, last] = [rects[0], rects.at(-1)];
        return [[first.left + 1, first.top + first.height / 2], [last.right - 1, last.top + last.height / 2]];
      }
      throw new Error(`the article does not hold “${words}”`);
    },
    words,
  );
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 });
  await page.mouse.move(...to, { steps: 3 });
  await page.mouse.up();
}

/** Presses keys together, as `Control+z`. */
async function keys(page, ...presses) {
  for (const names of presses.map((press) => press.split('+'))) {
    for (const held of names.slice(0, -1)) await page.keyboard.down(held);
    await page.keyboard.press(names.at(-1));
    for (const held of names.slice(0, -1).reverse()) await page.keyboard.up(held);
  }
}

/** Exports, and gives the file's text. */
async function exported({ page, downloads }) {
  const before = await readdir(downloads);
  await keys(page, 'Control+e');
  await page.waitForSelector('dialog[open]');
  await press(page, 'Download');
  let written;
  await until(async () => {
    const files = await readdir(downloads);
    const name = files.find((file) => !before.includes(file) && file.endsWith('.json'));
    if (name === undefined || files.some((file) => file.endsWith('.part'))) return false;
    // It may have another name by now, or not be whole.
    written = await readFile(join(downloads, name), 'utf8').catch(() => '');
    return written.trimEnd().endsWith('}');
  }, true, PATIENCE);
  return written;
}

test('Firefox: mark, undo, save, reload, export, import, two tabs', { skip, timeout: 170_000 }, async (t) => {
  const site = await serveSite({ deployment: deployment({ fox: FOX }) });
  t.after(() => site.close());
  const firefox = await openFirefox(t, site);
  const { page } = firefox;
  await shows(page, 'The fox said');

  // By mouse, with a speaker; then by keyboard.
  await drag(page, '“I ran home”');
  await keys(page, 'q');
  await marksAre(page, ['Quote: “I ran home”']);
  await page.locator('#inspector-speaker').fill('The fox');
  await page.focus('#inspector-speaker');
  await keys(page, 'Enter');
  await page.waitForFunction(() => document.querySelector('.chip-text')?.textContent === 'The fox');
  await page.focus('.article-text');
  await keys(page, 'Escape', 'Control+End', 'ArrowUp', 'Home', 'Shift+End', 'd');
  const both = ['Quote: “I ran home”', 'Denial: The crow denied that the fox ran.'];
  await marksAre(page, both);
  const painted = () => page.evaluate(() => document.querySelectorAll('.marks .tint').length);
  await until(painted, 2, PATIENCE);
  await keys(page, 'Control+z');
  await marksAre(page, both.slice(0, 1));
  await keys(page, 'Control+y');
  await marksAre(page, both);
  await statusIs(page, 'Saved');

  await page.reload();
  await shows(page, 'The fox said');
  await marksAre(page, both);
  await statusIs(page, 'Saved');
  const file = await exported(firefox);
  const { sets } = JSON.parse(file).articles[0];
  assert.deepEqual(sets[0].annotations.map(({ spans }) => spans[0].text), ['“I ran home”', 'The crow denied that the fox ran.']);

  // Another tab reads, and takes over.
  const second = await firefox.newTab();
  await shows(second, 'The fox said');
  await statusIs(second, 'Reading only');
  await marksAre(second, both);
  await press(second, 'Take over');
  await statusIs(second, 'Saved');
  await drag(second, 'The crow');
  await keys(second, 'c');
  await marksAre(second, ['Quote: “I ran home”', 'Denial: The crow denied that the fox ran.', 'Claim: The crow']);
  await statusIs(second, 'Saved');
  await statusIs(page, 'Reading only');

  // A browser that was never here opens the file, and gives the same bytes.
  const empty = await serveSite({ deployment: {} });
  t.after(() => empty.close());
  const other = await openFirefox(t, empty);
  await other.page.waitForFunction(() => document.body.textContent.includes('No articles yet'));
  const path = join(other.downloads, 'brought.txt');
  await writeFile(path, file);
  const [chooser] = await Promise.all([other.page.waitForFileChooser(), press(other.page, 'Open files')]);
  await chooser.accept([path]);
  await shows(other.page, 'The fox said');
  await statusIs(other.page, 'Saved');
  assert.equal(await exported(other), file);
  assert.deepEqual(firefox.problems, []);
});
