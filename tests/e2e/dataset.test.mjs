// Datasets: what would be in one is said before it is downloaded, and what is downloaded is that.

import assert from 'node:assert/strict';
import { readFile, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { FOX, article, button, deployment, dialog, list, mark, marksAre, openArticle, openFiles, picksFolder, saved, shows, until } from './acts.mjs';
import { corpus, titleOf } from './corpus.mjs';
import { axe, openPage } from './harness.mjs';

const ARTICLES = { fox: FOX, owl: 'The owl said: “It rained 😀.”\n', hen: 'A hen denied that it rained.\n' };

/** The page with a claim and a denial marked, and the dialog of datasets open by keyboard. */
async function openDatasets(t, options = {}) {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES), ...options });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await mark(page, 'The crow', 'd');
  await saved(page);
  await article(page).focus();
  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').getByRole('button', { name: 'Make a dataset…' }).press('Enter');
  const datasets = dialog(page, 'Make a dataset');
  await datasets.getByRole('table').waitFor();
  return { page, datasets };
}

/** The dialog of datasets, again. */
async function reopen(page) {
  await article(page).focus();
  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').getByRole('button', { name: 'Make a dataset…' }).click();
}

/** The files in the folder that is picked, by their paths; an empty folder is a path with `/` behind. */
const folderOf = (page) =>
  page.evaluate(async () => {
    const files = {};
    const walk = async (folder, path) => {
      let empty = true;
      for await (const [name, handle] of folder.entries()) {
        empty = false;
        if (handle.kind === 'directory') await walk(handle, `${path}${name}/`);
        else files[path + name] = await (await handle.getFile()).text();
      }
      if (empty && path) files[path] = null;
    };
    const root = await navigator.storage.getDirectory();
    await walk(await root.getDirectoryHandle('Work', { create: true }), '');
    return files;
  });

/** Puts a file into the folder that is picked. */
const put = (page, path, text) =>
  page.evaluate(
    async ([path, text]) => {
      const root = await navigator.storage.getDirectory();
      const names = ['Work', ...path.split('/')];
      const name = names.pop();
      let folder = root;
      for (const it of names) folder = await folder.getDirectoryHandle(it, { create: true });
      if (!name) return;
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(text);
      await writable.close();
    },
    [path, text],
  );

const picks = { before: (_, context) => picksFolder(context) };

/**
 * What goes to the worker is counted by its kind in `sent`; those of the kind `held` wait until it is
 * another. `stopped` counts workers that were.
 */
const watchesWorker = (context) =>
  context.addInitScript(() => {
    globalThis.sent = {};
    globalThis.stopped = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      // Its first piece begins as `{s4;keep`.
      const [, length, text] = /^\{s(\d+);(.*)/s.exec(new TextDecoder().decode(message[1][0]));
      const kind = text.slice(0, length);
      globalThis.sent[kind] = (globalThis.sent[kind] ?? 0) + 1;
      const go = () => (globalThis.held === kind ? setTimeout(go, 50) : post.call(this, message, ...rest));
      go();
    };
    const terminate = Worker.prototype.terminate;
    Worker.prototype.terminate = function () {
      globalThis.stopped += 1;
      terminate.call(this);
    };
  });

/** The rows of the table of counts. */
const counts = (datasets) =>
  datasets.getByRole('row').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

/** The files of the archive that the act downloads, by their paths. */
async function downloaded(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  const folder = await mkdtemp(join(tmpdir(), 'avow-'));
  const path = join(folder, 'dataset.zip');
  await writeFile(path, await readFile(await download.path()));
  execFileSync('unzip', ['-q', path, '-d', folder]);
  const names = execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n');
  const read = async (name) => [name, await readFile(join(folder, name), 'utf8')];
  return { name: download.suggestedFilename(), files: Object.fromEntries(await Promise.all(names.map(read))) };
}

test('a dataset is looked at, changed and downloaded', async (t) => {
  const { page, datasets } = await openDatasets(t);
  assert.deepEqual(await axe(page), []);
  await until(() => counts(datasets), [
    ['', 'Articles', 'Claim', 'Denial', 'Quote', 'Links'],
    ['All', '1', '1', '1', '0', '0'],
  ]);
  await datasets.getByText('The format holds all of it.').waitFor();

  await datasets.getByRole('group', { name: 'Labels' }).getByLabel('Denial').uncheck();
  await until(() => counts(datasets).then(([, row]) => row), ['All', '1', '1', '0', '0', '0']);
  await datasets.getByLabel('Licence of the annotations').fill('cc-by-4.0');
  await datasets.getByLabel('Licence of the annotations').press('Tab');

  const button = datasets.getByRole('button', { name: 'Download' });
  const { name, files } = await downloaded(page, () => button.click());
  assert.match(name, /-training\.zip$/);
  const [row] = files['train.jsonl'].trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(
    row.annotations.map(({ label, text }) => [label, text]),
    [['claim', 'I ran home']],
  );
  assert.match(files['README.md'], /^---\nlicense: "cc-by-4.0"\n/);
  await page.getByText('was downloaded').first().waitFor();
});

test('what a format cannot hold is said before, and stands beside the data', async (t) => {
  const { page, datasets } = await openDatasets(t);
  await datasets.getByLabel('Format').selectOption('conll');
  await datasets.getByText('The format holds all of it.').waitFor();
  await page.keyboard.press('Escape');
  await datasets.waitFor({ state: 'hidden' });
  // Within the claim.
  await mark(page, 'ran home', 'q');
  await article(page).focus();
  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').getByRole('button', { name: 'Make a dataset…' }).click();
  // What was wanted last is wanted still.
  assert.equal(await datasets.getByLabel('Format').inputValue(), 'conll');
  await datasets.getByText(/^A span that overlaps a longer one was left out: 1/).waitFor();
  const { files } = await downloaded(page, () => datasets.getByRole('button', { name: 'Download' }).click());
  assert.match(files['losses.txt'], /A span that overlaps a longer one was left out: 1/);
  assert.match(files['conll.conll'], /ran -X- -X- I-claim/);
});

test('a split says which articles are where, and a format without texts is none', async (t) => {
  const { page, datasets } = await openDatasets(t);
  await datasets.getByLabel(/^Split into/).check();
  await until(() => counts(datasets).then((rows) => rows.map(([part]) => part)), ['', 'train', 'validation', 'test']);
  await datasets.getByLabel('Train', { exact: true }).fill('0');
  await datasets.getByLabel('Validation', { exact: true }).fill('0');
  await datasets.getByLabel('Seed').fill('7');
  await datasets.getByLabel('Seed').press('Tab');
  await until(() => counts(datasets).then((rows) => rows.map(([part, articles]) => [part, articles])), [
    ['', 'Articles'],
    ['test', '1'],
  ]);
  await datasets.getByText('How it is split').click();
  await datasets.getByText(/seed 7/).waitFor();
  await datasets.getByLabel('Format').selectOption('brat');
  assert.equal(await datasets.getByLabel(/^The texts/).isDisabled(), true);
  const { files } = await downloaded(page, () => datasets.getByRole('button', { name: 'Download' }).click());
  assert.equal(Object.keys(files).filter((name) => /^test\/.*\/fox\.ann$/.test(name)).length, 1);
  assert.match(files['split.txt'], /seed 7/);
});

test('what another tool exported opens as a project, and what does not fit is told', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The fox said');
  await openFiles(page, [
    { name: 'rain.txt', text: 'The mayor said it rained 😀 again.\n' },
    { name: 'rain.ann', text: 'T1\tClaim 15 32\tit rained 😀 again\nT2\tDenial 90 99\tnowhere\n' },
  ]);
  await page.getByText('A span is not in the text: T2').waitFor();
  await page.keyboard.press('Escape');
  await openArticle(page, 'rain', 'The mayor said it rained');
  await marksAre(page, ['Claim: it rained 😀 again']);
});

test('a dataset is saved into a folder of its own, file by file, and nothing there is touched', async (t) => {
  const { page, datasets } = await openDatasets(t, picks);
  await put(page, 'notes.txt', 'mine');
  await put(page, 'trial-brat', 'a file that is called so');
  await datasets.getByLabel('Format').selectOption('brat');
  await datasets.getByLabel(/^Split into/).check();
  const { files } = await downloaded(page, () => datasets.getByRole('button', { name: 'Download' }).click());
  const own = Object.keys(files);
  assert.ok(own.some((name) => name.split('/').length > 2), own.join());

  const into = datasets.getByRole('button', { name: 'Save into a folder…' });
  await page.evaluate(() => (globalThis.cancels = true));
  await into.click();
  await until(() => page.evaluate(() => globalThis.picked), { mode: 'readwrite', id: 'avow-datasets' });
  await page.evaluate(() => (globalThis.cancels = false));
  assert.deepEqual(Object.keys(await folderOf(page)).sort(), ['notes.txt', 'trial-brat']);

  const within = (folder) => Object.fromEntries(own.map((name) => [`${folder}/${name}`, files[name]]));
  const others = { 'notes.txt': 'mine', 'trial-brat': 'a file that is called so' };
  await into.click();
  await page.getByText(`The dataset was saved: ${own.length} files are in “trial-brat-2”, in the folder “Work”.`).waitFor();
  assert.deepEqual(await folderOf(page), { ...others, ...within('trial-brat-2') });
  assert.deepEqual(await axe(page), []);

  // An empty folder is taken, and one in which something stands is not.
  await put(page, 'trial-brat-3/', '');
  await into.click();
  await page.getByText('files are in “trial-brat-3”').waitFor();
  await put(page, 'trial-brat-4/mine.txt', 'mine');
  await into.click();
  await page.getByText('files are in “trial-brat-5”').waitFor();
  assert.deepEqual(await folderOf(page), {
    ...others,
    ...within('trial-brat-2'),
    ...within('trial-brat-3'),
    'trial-brat-4/mine.txt': 'mine',
    ...within('trial-brat-5'),
  });
});

test('what is being written into a folder is told, can be stopped, and leaves no half dataset', async (t) => {
  const { page, datasets } = await openDatasets(t, {
    before: async (_, context) => {
      await picksFolder(context);
      await context.addInitScript(() => {
        const write = FileSystemWritableFileStream.prototype.write;
        FileSystemWritableFileStream.prototype.write = async function (...args) {
          globalThis.writes = (globalThis.writes ?? 0) + 1;
          if (globalThis.full && globalThis.writes === 2) throw new DOMException('No room.', 'QuotaExceededError');
          while (globalThis.slow && globalThis.writes === 2) await new Promise((go) => setTimeout(go, 50));
          return write.apply(this, args);
        };
      });
    },
  });
  await put(page, 'notes.txt', 'mine');
  const into = datasets.getByRole('button', { name: 'Save into a folder…' });
  await page.evaluate(() => ([globalThis.slow, globalThis.writes] = [true, 0]));
  await into.click();
  await datasets.getByText(/^Writing: 1 of \d files$/).waitFor();
  assert.deepEqual(await axe(page), []);
  // One at a time.
  await into.click({ force: true });
  await datasets.getByRole('button', { name: 'Download' }).click({ force: true });
  await datasets.getByRole('button', { name: 'Cancel' }).click();
  await datasets.getByText(/^Writing:/).waitFor({ state: 'hidden' });
  await page.evaluate(() => (globalThis.slow = false));
  await page.getByText('The dataset was not saved. What had been written was removed.').waitFor();
  assert.deepEqual(await folderOf(page), { 'notes.txt': 'mine' });

  await page.evaluate(() => ([globalThis.full, globalThis.writes] = [true, 0]));
  await into.click();
  await page.getByText('The dataset could not be saved in the folder “Work”: the disk is full. What had been written was removed.').waitFor();
  assert.deepEqual(await folderOf(page), { 'notes.txt': 'mine' });
  await page.evaluate(() => (globalThis.full = false));
  await into.click();
  await page.getByText('files are in “trial-training”').waitFor();
});

test('where a browser cannot write to folders, a dataset is downloaded', async (t) => {
  const { datasets } = await openDatasets(t, {
    before: (_, context) => context.addInitScript(() => delete globalThis.showDirectoryPicker),
  });
  await datasets.getByRole('button', { name: 'Download' }).waitFor();
  assert.equal(await datasets.getByRole('button', { name: 'Save into a folder…' }).count(), 0);
});

test('a project goes to the worker once, and again when it has changed', async (t) => {
  const { page, datasets } = await openDatasets(t, { before: (_, context) => watchesWorker(context) });
  const sent = () => page.evaluate(() => globalThis.sent);
  await datasets.getByLabel('Format').selectOption('conll');
  await datasets.getByLabel(/^Split into/).check();
  await until(() => counts(datasets).then((rows) => rows.map(([part]) => part)), ['', 'train', 'validation', 'test']);
  await datasets.getByLabel(/^Split into/).uncheck();
  await until(() => counts(datasets).then((rows) => rows.map(([part]) => part)), ['', 'All']);
  const { keep, 'keep-articles': articles } = await sent();
  assert.deepEqual([keep, articles], [1, 1]);
  await page.keyboard.press('Escape');
  await mark(page, 'ran home', 'q');
  await saved(page);
  await reopen(page);
  await until(() => counts(datasets).then(([, row]) => row), ['All', '1', '1', '1', '1', '0']);
  assert.equal((await sent()).keep, 2);
});

test('what takes long is told, and stops when the person says so', async (t) => {
  const { page, datasets } = await openDatasets(t, { before: (_, context) => watchesWorker(context) });
  const hold = (kind) => page.evaluate((kind) => (globalThis.held = kind), kind);
  await hold('take-kept');
  await datasets.getByLabel('Format').selectOption('conll');
  await datasets.getByText('Looking what goes in…').waitFor();
  await datasets.getByRole('button', { name: 'Cancel' }).click();
  await datasets.getByText('You stopped before it was known.').waitFor();
  assert.equal(await page.evaluate(() => globalThis.stopped), 1);
  assert.deepEqual(await axe(page), []);

  // The worker is another one, which does not know the project.
  await hold('keep-articles');
  await datasets.getByRole('button', { name: 'Look again' }).click();
  await datasets.getByText('Preparing: 1 of 1 articles').waitFor();
  await hold('none');
  await datasets.getByRole('progressbar').waitFor({ state: 'hidden' });
  await until(() => counts(datasets).then(([, row]) => row), ['All', '1', '1', '1', '0', '0']);

  // What is made goes on where the dialog is closed, and says so.
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  await hold('take-kept');
  await datasets.getByRole('button', { name: 'Download' }).click();
  await datasets.getByText('Making the dataset…').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('The dataset is being made…').waitFor();
  const coming = page.waitForEvent('download');
  await hold('none');
  await coming;
  await page.getByText('The dataset is being made…').waitFor({ state: 'hidden' });

  const asked = () => page.evaluate(() => globalThis.sent['begin-dataset']);
  const before = await asked();
  await reopen(page);
  await until(asked, before + 1);
  await hold('take-kept');
  await datasets.getByRole('button', { name: 'Download' }).click();
  await datasets.getByText('Making the dataset…').waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Cancel').click();
  await hold('none');
  await page.getByText('The dataset is being made…').waitFor({ state: 'hidden' });
  await reopen(page);
  await datasets.getByRole('table').waitFor();
  assert.equal(downloads, 1);
});

test('a project that the worker cannot keep goes through it twice, and gives a whole dataset', async (t) => {
  const many = 1_000;
  const folder = await mkdtemp(join(tmpdir(), 'avow-'));
  const path = await corpus(join(folder, 'reports.avow.jsonl'), many, { bytes: 20_000 });
  const session = await openPage(t, { deployment: {}, before: (_, context) => watchesWorker(context) });
  session.expectProblem(/404.*articles\/index\.json/);
  const { page } = session;
  await page.getByLabel('Files to open').setInputFiles(path);
  await list(page).getByText(`of ${many} done`).waitFor();
  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').getByRole('button', { name: 'Make a dataset…' }).click();
  const datasets = dialog(page, 'Make a dataset');
  await datasets.getByText(/^Looking what goes in: \d+ of 1000 articles$/).waitFor();
  await until(() => counts(datasets).then(([, row]) => row), ['All', '1000', '1000', '0', '1000', '0'], 30_000);
  await datasets.getByLabel(/^Split into/).check();
  await until(() => counts(datasets).then((rows) => rows.map(([part, count]) => [part, count]).slice(1)), [
    // All of them tell the same: they stay together.
    ['train', '1000'],
    ['validation', '0'],
    ['test', '0'],
  ], 30_000);
  assert.deepEqual(await axe(page), []);

  const { files } = await downloaded(page, () => datasets.getByRole('button', { name: 'Download' }).click());
  const rows = ['train', 'validation', 'test'].map((part) => files[`${part}.jsonl`].split('\n').slice(0, -1).map((line) => JSON.parse(line)));
  assert.deepEqual(rows.map((part) => part.length), [1000, 0, 0]);
  const titles = rows.flat().map((row) => row.title).sort();
  assert.deepEqual([titles[0], titles[999], new Set(titles).size], [titleOf(1), titleOf(many), many]);
  assert.ok(rows.flat().every(({ text, annotations }) => text.length > 19_000 && annotations.length === 2));
  const sent = await page.evaluate(() => globalThis.sent);
  assert.equal(sent['take-kept'], undefined);
  assert.ok(sent['take-articles'] >= 40 && sent.pack >= 5, JSON.stringify(sent));

  // Nothing is left of one that was stopped in the middle.
  await datasets.getByRole('button', { name: 'Download' }).click();
  await datasets.getByText(/^Making the dataset: \d+ of 1000 articles$/).waitFor();
  await datasets.getByRole('button', { name: 'Cancel' }).click();
  await datasets.getByRole('progressbar').waitFor({ state: 'hidden' });
  await datasets.getByLabel(/^Split into/).uncheck();
  await until(() => counts(datasets).then((rows) => rows.length), 2, 30_000);
});
