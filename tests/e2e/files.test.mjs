// Files go in and come out: articles of every kind, a project's file, and the same one again.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openPage } from './harness.mjs';

/** Opens a page without articles of its own. */
async function openEmpty(t, options = {}) {
  const session = await openPage(t, { deployment: {}, ...options });
  // It looks whether there are any.
  session.expectProblem(/404.*articles\/index\.json/);
  await session.page.getByText('No articles yet').waitFor();
  return session;
}

function file(name, content) {
  return { name, mimeType: '', buffer: Buffer.from(content) };
}

const FILES = [
  file('plain.txt', 'A plain title\n\nThe mayor said “it rained 😀”.\n'),
  file('marked.md', '# A marked title\n\nText.\n'),
  file('page.html', '<!doctype html><title>A page</title><nav>Menu</nav><article><p>On a page.</p></article>'),
  file('one.json', JSON.stringify({ id: 'one', title: 'From JSON', text: 'Some text.' })),
  file('lines.jsonl', '{"title": "First line", "text": "One."}\n{"title": "Second line", "text": "Two."}\n'),
];

async function open(page, files) {
  await page.getByLabel('Files to open').setInputFiles(files);
}

async function titles(page) {
  return page.getByRole('navigation', { name: 'Articles' }).locator('.row-title').allTextContents();
}

async function waitForTitle(page, title) {
  await page.getByRole('navigation', { name: 'Articles' }).getByText(title, { exact: true }).waitFor();
}

/** Downloads the project's file, and gives its text. */
async function exported(page) {
  await page.getByRole('button', { name: 'Export' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /\.avow\.json$/);
  return readFile(await download.path(), 'utf8');
}

function heavyRequests(page) {
  const found = [];
  page.on('request', (request) => {
    if (request.url().includes('heavy')) found.push(request.url());
  });
  return found;
}

test('files of every kind become articles, a bad one is reported, and the rest is fetched only then', async (t) => {
  let heavy;
  const { page } = await openEmpty(t, { before: (page) => (heavy = heavyRequests(page)) });
  assert.deepEqual(heavy, []);
  await open(page, [...FILES, file('bad.json', '{"text": ')]);
  const report = page.getByRole('dialog', { name: 'Files' });
  await report.getByText('6 articles were added.').waitFor();
  assert.match(await report.textContent(), /bad\.json, line 1.*not valid JSON/);
  await report.getByRole('button', { name: 'Close', exact: true }).click();
  assert.deepEqual(
    (await titles(page)).map((title) => title.trim()),
    ['A plain title', 'A marked title', 'A page', 'From JSON', 'First line', 'Second line'],
  );
  await page.getByRole('navigation', { name: 'Articles' }).getByText('A page', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Article text' }).getByText('On a page.').waitFor();
});

test('an exported project comes back the same in another browser', async (t) => {
  const { page } = await openEmpty(t);
  await open(page, FILES);
  await waitForTitle(page, 'Second line');
  const first = await exported(page);
  const project = JSON.parse(first);
  assert.equal(project.format, 'avow');
  assert.equal(project.articles.length, 6);
  assert.equal(project.articles[0].text, 'A plain title\n\nThe mayor said “it rained 😀”.\n');
  assert.deepEqual(project.articles.map((article) => article.source.file), [
    'plain.txt', 'marked.md', 'page.html', 'one.json', 'lines.jsonl', 'lines.jsonl',
  ]);

  const other = await openEmpty(t);
  await open(other.page, [file('work.avow.json', first)]);
  await waitForTitle(other.page, 'Second line');
  const again = await exported(other.page);
  assert.equal(again, first);
});

test('a file of the project that is open is merged', async (t) => {
  const { page } = await openEmpty(t);
  await open(page, FILES);
  await waitForTitle(page, 'Second line');
  const work = JSON.parse(await exported(page));
  const [added] = structuredClone(work.articles);
  Object.assign(added, { id: 'added', title: 'An added article', text: 'Added.' });
  delete added.sha256;
  work.articles.push(added);
  await open(page, [file('theirs.avow.json', JSON.stringify(work))]);
  const dialog = page.getByRole('dialog', { name: 'This project is here already' });
  await dialog.getByText('The file has 1 article that this project has not.').waitFor();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await waitForTitle(page, 'An added article');
});

test('a worker that cannot be fetched is told, and the next file tries again', async (t) => {
  const session = await openEmpty(t);
  const { page } = session;
  session.expectProblem(/404|heavy/);
  await page.route('**/heavy*/*.wasm', (route) => route.fulfill({ status: 404, body: 'none' }));
  await open(page, FILES);
  await page.getByText(/The files could not be read: .* has failed/).waitFor();
  await page.unroute('**/heavy*/*.wasm');
  await open(page, FILES);
  await waitForTitle(page, 'Second line');
});

test('a rescue file is opened', async (t) => {
  const { page } = await openEmpty(t);
  await open(page, FILES);
  await waitForTitle(page, 'Second line');
  const rescue = await page.evaluate(async () => {
    const stores = await globalThis.avowRescue.read();
    return globalThis.avowRescue.parts(stores).join('');
  });
  const other = await openEmpty(t);
  await open(other.page, [file('avow-rescue.json', rescue)]);
  await waitForTitle(other.page, 'Second line');
});

test('files that are dropped are opened, and what cannot be looked into is told', async (t) => {
  const { page, context } = await openEmpty(t);
  const folder = await mkdtemp(join(tmpdir(), 'avow-drop-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'paper'));
  await writeFile(join(folder, 'one.txt'), 'One\n\nText.\n');
  const devtools = await context.newCDPSession(page);
  // A folder that is dropped by the debugger exists by name only.
  const data = { items: [], files: [join(folder, 'one.txt'), join(folder, 'paper')], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
  }
  await waitForTitle(page, 'One');
  const report = page.getByRole('dialog', { name: 'Files' });
  await report.getByText('1 article was added.').waitFor();
  assert.match(await report.textContent(), /paperIt could not be read: /);
});

test('reading files that takes long can be cancelled, and then done again', async (t) => {
  const { page } = await openEmpty(t);
  let go;
  const wait = new Promise((done) => (go = done));
  await page.route('**/heavy*/*.wasm', async (route) => {
    await wait;
    await route.continue().catch(() => {});
  });
  await open(page, FILES);
  const notice = page.getByText('Reading 5 files…');
  await notice.waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await notice.waitFor({ state: 'hidden' });
  assert.deepEqual(await titles(page), []);
  go();
  await page.unroute('**/heavy*/*.wasm');
  await open(page, FILES);
  await waitForTitle(page, 'Second line');
});
