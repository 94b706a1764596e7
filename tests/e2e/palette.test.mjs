// Ctrl+K: commands, articles, speakers and labels are found by typing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  annotations, article, button, deployment, dialog, drag, exported, exportedByKeys, inArticle, list, mark, marksAre,
  saved, selectByKeys, shows, until,
} from './acts.mjs';
import { openPage } from './harness.mjs';

const PAPERS = {
  ferry: { title: 'Ferry late again', text: 'The ferry is late\n\nOle Brandt said the quay sinks.\n' },
  quay: { title: 'A quay for the north', text: 'A new quay\n' },
  watashi: { title: '渡し船が遅れる', text: '港の渡し船は遅れた。\n' },
  abbara: { title: 'العبّارة تتأخر', text: 'تأخرت العبّارة.\n' },
};

const palette = (page) => dialog(page, 'Find');
const typed = (page) => palette(page).getByRole('combobox');

/** The rows: a heading as `# Labels`, what fits by its name, and a star at the one that Enter takes. */
const rows = (page) =>
  palette(page)
    .locator('.finder-rows > li')
    .evaluateAll((all) =>
      all.map((row) => {
        const name = row.querySelector('.found-name')?.textContent;
        if (!name) return `# ${row.textContent}`;
        return row.getAttribute('aria-selected') === 'true' ? `${name} *` : name;
      }),
    );


test('a label, an article, a speaker and a command are found by mouse', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'The ferry is late');
  const open = async () => {
    // The menu stays open until it is closed.
    const item = page.getByRole('button', { name: 'Find anything' });
    if (!(await item.isVisible())) await page.getByLabel('Settings').click();
    await item.click();
    await typed(page).waitFor();
  };
  const take = (name) => palette(page).getByRole('option', { name }).click();

  await drag(page, 'the quay sinks');
  await open();
  // Without any word, all is there.
  await palette(page).getByRole('option', { name: 'A quay for the north' }).waitFor();
  await typed(page).fill('mark as');
  await until(() => rows(page), ['# Labels', 'Mark as Claim *', 'Mark as Denial', 'Mark as Quote']);
  await take('Mark as Denial');
  await marksAre(page, ['Denial: the quay sinks']);
  await page.getByLabel('Settings').click();
  await page.keyboard.press('Escape');
  await mark(page, 'Ole Brandt', 's');
  await annotations(page).locator('.chip-text').getByText('Ole Brandt').waitFor();

  await open();
  await typed(page).fill('brandt');
  await until(() => rows(page), ['# Speakers', 'Ole Brandt *']);
  await take('Ole Brandt');
  await dialog(page, 'Speakers').getByLabel('Name of Ole Brandt').waitFor();
  await page.keyboard.press('Escape');

  await open();
  await typed(page).fill('article done');
  await until(() => rows(page), ['# Commands', 'Article done, or not *']);
  // The key that does the same stands beside it.
  assert.equal(await palette(page).getByRole('option').locator('kbd').textContent(), 'F');
  await take('Article done');
  await list(page).getByText('1 of 4 done').waitFor();

  await open();
  await typed(page).fill('north quay');
  await until(() => rows(page), ['# Articles', 'A quay for the north *']);
  await take('A quay for the north');
  await shows(page, 'A new quay');
  await saved(page);
  const { json } = await exported(page);
  const [set] = json.articles.find((it) => it.id === 'ferry').sets;
  assert.deepEqual([set.status, set.annotations.map((it) => it.label)], ['done', ['denial']]);
  assert.deepEqual(json.speakers.map((it) => it.name), ['Ole Brandt']);
  await page.reload();
  await shows(page, 'A new quay');
  await list(page).getByText('1 of 4 done').waitFor();
});

test('the same by keyboard alone', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'The ferry is late');
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const open = async (words) => {
    await press('Control+k');
    await until(() => typed(page).evaluate((it) => it === document.activeElement), true);
    await page.keyboard.type(words);
  };
  await selectByKeys(page, 'the quay sinks');
  await open('mark as');
  // Up from the first comes the last, and down from the last the first.
  await press('ArrowUp');
  await until(() => rows(page), ['# Labels', 'Mark as Claim', 'Mark as Denial', 'Mark as Quote *']);
  await press('ArrowDown', 'ArrowDown');
  await until(() => rows(page), ['# Labels', 'Mark as Claim', 'Mark as Denial *', 'Mark as Quote']);
  const active = await typed(page).getAttribute('aria-activedescendant');
  assert.match(await palette(page).locator(`#${active}`).innerText(), /^Mark as Denial/, 'whoever hears the page knows where one is');
  await press('ArrowUp', 'Enter');
  await marksAre(page, ['Claim: the quay sinks']);
  await inArticle(page);
  await press('Control+z');
  await marksAre(page, []);
  await press('Control+Shift+z');
  await marksAre(page, ['Claim: the quay sinks']);

  await open('no such thing');
  await palette(page).getByText('Nothing fits.').waitFor();
  await press('Enter', 'Escape');
  await palette(page).waitFor({ state: 'hidden' });
  await inArticle(page);

  // Titles in any script, and words in any order.
  for (const [words, name, text] of [
    ['渡し', '渡し船が遅れる', '港の渡し船'],
    ['العبّارة', 'العبّارة تتأخر', 'تأخرت العبّارة'],
    ['late ferry', 'Ferry late again', 'The ferry is late'],
  ]) {
    await open(words);
    await until(() => rows(page), ['# Articles', `${name} *`]);
    await press('Enter');
    await shows(page, text);
    await inArticle(page);
  }
  await press('j', 's');
  await page.keyboard.type('Ole Brandt');
  await press('Enter');
  await annotations(page).locator('.chip-text').getByText('Ole Brandt').waitFor();
  await open('ole');
  await until(() => rows(page), ['# Speakers', 'Ole Brandt *']);
  await press('Enter');
  await dialog(page, 'Speakers').getByLabel('Name of Ole Brandt').waitFor();
  await press('Escape');
  await open('guidelines');
  await press('Enter');
  await page.getByRole('complementary', { name: 'Guidelines' }).waitFor();
  await saved(page);
  const { json } = await exportedByKeys(page);
  assert.deepEqual(json.speakers.map((it) => it.name), ['Ole Brandt']);
  assert.deepEqual(json.articles[0].sets[0].annotations.map((it) => it.label), ['claim']);
  await page.reload();
  await shows(page, 'The ferry is late');
  await marksAre(page, ['Claim: the quay sinks']);
});

test('of many that fit the first are shown, and that there are more', async (t) => {
  const papers = Array.from({ length: 30 }, (_, at) => [`p${at}`, { title: `Paper ${at + 10}`, text: `Text ${at}\n` }]);
  const { page } = await openPage(t, { deployment: deployment(Object.fromEntries(papers)) });
  await shows(page, 'Text 0');
  await page.keyboard.press('Control+k');
  const more = palette(page).getByText('The first 20 are shown. Type more to find others.');
  await typed(page).fill('paper');
  await more.waitFor();
  const first = Array.from({ length: 20 }, (_, at) => `Paper ${at + 10}${at === 0 ? ' *' : ''}`);
  assert.deepEqual(await rows(page), ['# Articles', ...first]);
  // Up from the first is the last of these.
  await typed(page).press('ArrowUp');
  await until(async () => (await rows(page)).at(-1), 'Paper 29 *');

  await typed(page).fill('paper 3');
  // The thirties, and two that have a three elsewhere.
  await until(async () => (await rows(page)).length, 13);
  assert.equal(await more.count(), 0);
});
