// A project's file of lines is taken in part by part, and written so: whole, or not at all.

import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { dialog, exported, list, openArticle, saved, until } from './acts.mjs';
import { corpus, titleOf } from './corpus.mjs';
import { openPage, started } from './harness.mjs';

/** Several parts, of 3 MB each. */
const MANY = 3_000;

/** A page with nothing in it, and the path of a file of so many articles. */
async function begun(t, count = MANY, options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'avow-stream-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = await corpus(join(folder, 'reports.avow.jsonl'), count);
  const session = await openPage(t, { deployment: {}, ...options });
  session.expectProblem(/404.*articles\/index\.json/);
  await session.page.getByText('No articles yet').waitFor();
  return { path, folder, session, page: session.page };
}

const take = (page, path) => page.getByLabel('Files to open').setInputFiles(path);

/** Opens the last of so many articles, of which not all rows stand. */
async function openLast(page, count) {
  await list(page).getByText(`of ${count} done`).waitFor();
  await list(page).locator('ul').evaluate((ul) => (ul.scrollTop = ul.scrollHeight));
  await openArticle(page, titleOf(count), 'The engineer said');
}

/** How much stands in each object store, but for what is remembered of the view. */
function stored(page) {
  return page.evaluate(async () => {
    const open = indexedDB.open((await indexedDB.databases())[0].name);
    const done = (request) => new Promise((good, bad) => {
      request.onsuccess = () => good(request.result);
      request.onerror = () => bad(request.error);
    });
    const database = await done(open);
    const names = [...database.objectStoreNames].filter((name) => name !== 'views');
    const stores = database.transaction(names);
    const counts = await Promise.all(names.map((name) => done(stores.objectStore(name).count())));
    database.close();
    return Object.fromEntries(names.map((name, at) => [name, counts[at]]));
  });
}

const nothing = { commits: 0, projects: 0, records: 0, texts: 0, touches: 0 };

test('a file of lines is taken in part by part, and written the same', async (t) => {
  const { page, path } = await begun(t);
  assert.deepEqual(await stored(page), nothing);
  await take(page, path);
  const notice = page.getByRole('alert').filter({ hasText: 'Reading the file…' });
  await notice.locator('progress').waitFor();
  assert.match(await notice.textContent(), /\d+ of 1[78] MB/);
  await openArticle(page, titleOf(1), 'The engineer said');
  await list(page).getByText(`of ${MANY} done`).waitFor();
  const counts = await stored(page);
  assert.equal(counts.texts, MANY);
  assert.ok(counts.commits > 4 && counts.commits < 20, `in ${counts.commits} parts`);

  const file = await exported(page, 'avow.jsonl');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line));
  const [head, ...articles] = lines;
  assert.deepEqual(file.json.project, head.project);
  assert.equal(file.json.articles.length, MANY);
  for (const [at, written] of file.json.articles.entries()) {
    // Reading takes time, and who reads has a row for it.
    const sets = written.sets.filter((set) => set.annotator === 'ada');
    assert.deepEqual({ ...written, sets }, articles[at]);
  }
});

test('taking a file in can be cancelled, and leaves nothing', async (t) => {
  const { page, path } = await begun(t);
  await take(page, path);
  const notice = page.getByRole('alert').filter({ hasText: 'Reading the file…' });
  await until(async () => (await stored(page)).texts > 0, true);
  await notice.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The files could not be read: it was stopped.').waitFor();
  await until(() => stored(page), nothing);
  await page.getByRole('button', { name: /all projects$/ }).click();
  assert.equal(await dialog(page, 'Projects').getByText('Reports').count(), 0);
  await page.keyboard.press('Escape');

  await take(page, path);
  await openLast(page, MANY);
  assert.equal((await stored(page)).texts, MANY);
});

test('what was half taken in when the page was closed is no project, and is taken in anew', async (t) => {
  const { page, path, session } = await begun(t);
  await take(page, path);
  await until(async () => (await stored(page)).texts > 0, true);
  await page.reload();
  await started(page);
  await page.getByText('No articles yet').waitFor();
  const left = await stored(page);
  assert.ok(left.texts > 0 && left.texts < MANY, `${left.texts} texts`);
  await page.getByRole('button', { name: /all projects$/ }).click();
  assert.equal(await dialog(page, 'Projects').getByText('Reports').count(), 0);
  await page.keyboard.press('Escape');

  await take(page, path);
  await openArticle(page, titleOf(1), 'The engineer said');
  const counts = await stored(page);
  assert.equal(counts.texts, MANY);
  // Two projects were never there: the annotations of each article as one block, what is of no article,
  // and some blocks more, which have the articles and their sets.
  assert.equal(counts.projects, 1);
  const blocks = counts.records - MANY - 3;
  assert.ok(blocks > 1 && blocks < 20, `${blocks} blocks`);
  session.expectProblem(/404.*articles\/index\.json/);
});

test('what cannot be taken is said with its line, and the rest is there', async (t) => {
  const { page, path } = await begun(t, 20);
  await appendFile(path, '{"id": "cut", "text": "Half a li\n[]\n');
  await take(page, path);
  const report = dialog(page, 'Files');
  await report.getByText('“Reports” was opened.').waitFor();
  const places = await report.locator('.problem-place').allTextContents();
  assert.deepEqual(places, ['reports.avow.jsonl, line 22', 'reports.avow.jsonl, line 23']);
  await report.getByRole('button', { name: 'Close', exact: true }).click();
  await openArticle(page, titleOf(20), 'The engineer said');
});

test('a file of a project that is here is merged, whatever its size', async (t) => {
  const { page, path, folder } = await begun(t, 30);
  await take(page, path);
  await openArticle(page, titleOf(30), 'The engineer said');
  await saved(page);
  const larger = await corpus(join(folder, 'larger.avow.jsonl'), 40);
  await take(page, larger);
  const merge = dialog(page, 'This project is here already');
  await merge.getByText('The file has 10 articles, 20 annotations, 10 statuses that this project has not.').waitFor();
  await merge.getByRole('button', { name: 'Merge' }).click();
  await openArticle(page, titleOf(40), 'The engineer said');
});

test('a dataset in lines is read twice, part by part, and one of several files as before', async (t) => {
  const { page, folder } = await begun(t, 1);
  const path = await corpus(join(folder, 'train.jsonl'), 2_000, { as: 'training' });
  await take(page, path);
  const notice = page.getByRole('alert').filter({ hasText: 'Reading the file…' });
  await notice.locator('progress').waitFor();
  // Of some 11 MB, each read twice.
  assert.match(await notice.textContent(), /\d+ of 2[123] MB/);
  await openLast(page, 2_000);
  const counts = await stored(page);
  assert.equal(counts.texts, 2_000);
  assert.ok(counts.commits > 3, `in ${counts.commits} parts`);
  const { json } = await exported(page, 'avow.jsonl');
  assert.equal(json.project.title, 'train');
  const spans = json.articles.map((it) => it.sets.find((set) => set.annotator === 'ada').annotations.map((mark) => mark.spans[0].text));
  assert.ok(spans.every(([claim, quote]) => claim.startsWith('the bridge 🌉') && quote === '“Nobody told us,”'));

  const parts = [await corpus(join(folder, 'a.jsonl'), 3, { as: 'training' }), await corpus(join(folder, 'b.jsonl'), 5, { as: 'training' })];
  await take(page, parts);
  await openArticle(page, titleOf(5), 'The engineer said');
  await list(page).getByText('of 5 done').waitFor();
});

test('a large file of articles becomes a project like the open one, and a small one is added to it', async (t) => {
  const { page, folder } = await begun(t, 1);
  await take(page, await corpus(join(folder, 'few.jsonl'), 300, { as: 'articles' }));
  await list(page).getByText('of 300 done').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('No articles yet').waitFor();

  const path = await corpus(join(folder, 'harbour.jsonl'), 4_000, { as: 'articles' });
  await appendFile(path, '{"title": "No text"}\n');
  await take(page, path);
  const notice = page.getByRole('alert').filter({ hasText: 'Reading the file…' });
  await notice.locator('progress').waitFor();
  assert.match(await notice.textContent(), /\d+ of 2\d MB/);
  const report = dialog(page, 'Files');
  await report.getByText('“harbour” was opened.').waitFor();
  assert.deepEqual(await report.locator('.problem-place').allTextContents(), ['harbour.jsonl, line 4001']);
  await report.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('“harbour” is large and became a project of its own').waitFor();
  await openLast(page, 4_000);
  const counts = await stored(page);
  assert.equal(counts.texts, 4_000);
  assert.ok(counts.commits < 20, `in ${counts.commits} parts`);
  const { json } = await exported(page, 'avow.jsonl');
  assert.equal(json.project.title, 'harbour');
  assert.equal(json.articles.length, 4_000);
  assert.ok(json.articles.every(({ id, text }, at) => id === `report-${at + 1}` && text.includes(`of place ${at + 1}.`)));
});
