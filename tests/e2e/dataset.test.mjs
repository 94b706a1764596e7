// Datasets: what would be in one is said before it is downloaded, and what is downloaded is that.

import assert from 'node:assert/strict';
import { readFile, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { FOX, article, deployment, dialog, mark, marksAre, openArticle, openFiles, saved, shows, until } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const ARTICLES = { fox: FOX, owl: 'The owl said: “It rained 😀.”\n', hen: 'A hen denied that it rained.\n' };

/** The page with two claims marked, and the dialog of datasets open by keyboard. */
async function openDatasets(t) {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
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
