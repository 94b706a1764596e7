// A list of many articles: only the rows near the screen stand, and it is a list of all.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { annotations, article, button, dialog, list, openArticle, openFiles, press, shows, until } from './acts.mjs';
import { corpus, titleOf } from './corpus.mjs';
import { axe, openPage } from './harness.mjs';
import { annotationsOn, longText, openLong, projectOf } from './long.mjs';

const MANY = 1_000;

async function opened(t, options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'avow-many-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = await corpus(join(folder, 'many.avow.jsonl'), MANY, { bytes: 400 });
  const session = await openPage(t, { deployment: {}, ...options });
  session.expectProblem(/404.*articles\/index\.json/);
  await session.page.getByLabel('Files to open').setInputFiles(path);
  await shows(session.page, 'place 1.');
  return session.page;
}

const rows = (page) => list(page).getByRole('listitem');
const rowOf = (page, at) => list(page).getByRole('button', { name: titleOf(at) });

/** Whether a row is within what the list shows. */
const isShown = (page, at) =>
  rowOf(page, at).evaluate((row) => {
    const [mine, all] = [row.getBoundingClientRect(), row.closest('ul').getBoundingClientRect()];
    return mine.top >= all.top - 1 && mine.bottom <= all.bottom + 1;
  });

test('of many articles, the rows near the screen stand, wherever one scrolls', async (t) => {
  const page = await opened(t);
  await list(page).getByText(`0 of ${MANY} done`).waitFor();
  assert.ok((await rows(page).count()) < 150, 'few rows');
  assert.deepEqual(await axe(page), []);
  const first = rows(page).first();
  assert.deepEqual([await first.getAttribute('aria-posinset'), await first.getAttribute('aria-setsize')], ['1', String(MANY)]);

  const heights = await list(page).locator('ul').evaluate((ul) => [ul.scrollHeight, ul.querySelector('li:not(.room)').getBoundingClientRect().height]);
  assert.ok(Math.abs(heights[0] - MANY * heights[1]) < 5, 'as high as all of them');
  for (const at of [400, 1_000, 650, 1]) {
    await list(page).locator('ul').evaluate((ul, part) => (ul.scrollTop = part * ul.scrollHeight - 200), at / MANY);
    const look = async () => [at, (await rowOf(page, at).count()) === 1 && (await isShown(page, at))];
    await until(look, [at, true]);
    assert.ok((await rows(page).count()) < 150, 'few rows');
  }
  await list(page).locator('ul').evaluate((ul) => (ul.scrollTop = ul.scrollHeight));
  await rowOf(page, MANY).click();
  await shows(page, `place ${MANY}.`);
  await until(() => rowOf(page, MANY).getAttribute('aria-current'), 'true');
});

test('by keyboard, the list follows the article that is open', async (t) => {
  const page = await opened(t);
  await article(page).focus();
  await press(page, 'Control+k');
  await page.keyboard.type(titleOf(500));
  await page.keyboard.press('Enter');
  await shows(page, 'place 500.');
  await until(async () => (await rowOf(page, 500).count()) === 1 && isShown(page, 500), true);
  await press(page, 'f');
  await list(page).getByText(`1 of ${MANY} done`).waitFor();
  await press(page, 'Shift+J');
  await shows(page, 'place 501.');
  await until(async () => (await rowOf(page, 501).count()) === 1 && isShown(page, 501), true);
  // Row by row, as far as one likes.
  await rowOf(page, 501).focus();
  for (let at = 502; at < 560; at += 1) await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.title), titleOf(559));
});

test('of many annotations, the rows near the screen stand, and the picked one is among them', async (t) => {
  const { page } = await openPage(t);
  await openLong(page, 600);
  await openArticle(page, 'full', longText(1).slice(0, 30));
  const all = annotations(page).locator('ul.rows').first();
  await annotations(page).getByText('600', { exact: true }).waitFor();
  const marks = all.getByRole('listitem');
  assert.ok((await marks.count()) < 150, 'few rows');
  assert.equal(await marks.first().getAttribute('aria-setsize'), '600');
  // Where that takes the browser many frames, too, it stays where it was scrolled to.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 10 });
  await all.evaluate((ul) => (ul.scrollTop = ul.scrollHeight));
  await until(() => marks.last().getAttribute('aria-posinset'), '600');
  assert.ok((await all.evaluate((ul) => ul.scrollHeight - ul.clientHeight - ul.scrollTop)) < 1, 'at its end');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  assert.deepEqual(await axe(page), []);
  await marks.last().getByRole('button').click();
  await until(() => all.locator('[aria-current]').count(), 1);

  // From far away, the picked one comes into the list as into the text.
  await all.evaluate((ul) => (ul.scrollTop = 0));
  await until(() => marks.first().getAttribute('aria-posinset'), '1');
  await article(page).focus();
  await press(page, 'k');
  await until(() => all.locator('li:has([aria-current])').getAttribute('aria-posinset'), '599');
});

test('what is far behind the first screen is laid out a moment later, or at once where it is gone to', async (t) => {
  const { page } = await openPage(t);
  await openLong(page, 600);
  const far = () => article(page).locator('p.far').count();
  await until(far, 0);
  const height = () => article(page).evaluate((text) => text.getBoundingClientRect().height);
  const all = await height();

  // The next screen is the first of another text, and the key comes before anything else can.
  await page.evaluate(() => {
    const text = document.querySelector('.article-text');
    new MutationObserver((_, observer) => {
      if (!text.lastElementChild?.classList.contains('far')) return;
      observer.disconnect();
      window.farAtFirst = true;
      text.focus();
      text.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', code: 'End', ctrlKey: true, bubbles: true, cancelable: true }));
    }).observe(text, { childList: true });
  });
  await openArticle(page, 'full', longText(1).slice(0, 30));
  // Both texts begin with the same words, so that these say not yet that it is the other.
  await until(() => page.evaluate(() => window.farAtFirst), true);
  const places = () =>
    page.evaluate(() => {
      const box = (it) => it.getBoundingClientRect();
      const [last, caret] = [document.querySelector('.article-text p:last-child'), document.querySelector('.caret')].map(box);
      return [caret.top >= last.top - 2 && caret.bottom <= last.bottom + 2, caret.bottom < innerHeight];
    });
  await until(places, [true, true]);
  assert.equal(await far(), 0);
  assert.ok(Math.abs((await height()) - all) < 2, 'as high as the same text before');
});

test('a list that is shorter than what was scrolled to, or stands anew, is not blank', async (t) => {
  const page = await opened(t);
  await list(page).locator('ul').evaluate((ul) => (ul.scrollTop = ul.scrollHeight));
  await until(() => rows(page).last().getAttribute('aria-posinset'), String(MANY));
  const folder = await mkdtemp(join(tmpdir(), 'avow-fewer-'));
  t.after(() => rm(folder, { recursive: true }));
  const fewer = await corpus(join(folder, 'fewer.avow.jsonl'), 300, { id: 'fewer', title: 'Fewer', bytes: 400 });
  await page.getByLabel('Files to open').setInputFiles(fewer);
  await list(page).getByText('0 of 300 done').waitFor();
  await until(async () => (await rowOf(page, 1).count()) === 1 && isShown(page, 1), true);

  await openLong(page, 600);
  await openArticle(page, 'full', longText(1).slice(0, 30));
  const marks = annotations(page).locator('ul.rows').first();
  await marks.evaluate((ul) => (ul.scrollTop = ul.scrollHeight));
  await until(() => marks.getByRole('listitem').last().getAttribute('aria-posinset'), '600');
  await article(page).focus();
  await press(page, '/');
  await page.getByRole('complementary', { name: 'Search' }).getByRole('button', { name: /^Close/ }).click();
  await annotations(page).waitFor();
  await until(() => marks.getByRole('listitem').first().getAttribute('aria-posinset'), '1');
});

test('of thousands of speakers and groups, the first that fit are shown, and any is found to merge into', async (t) => {
  const session = await openPage(t, { deployment: {} });
  session.expectProblem(/404.*articles\/index\.json/);
  const { page } = session;
  const text = longText();
  const annotations = annotationsOn(text, 1_000);
  const project = projectOf([{ id: 'long', text, annotations }]);
  project.speakers = Array.from({ length: 5_000 }, (_, at) => ({ id: `s${at}`, name: `Pilot ${at}`, aliases: [] }));
  project.groups = annotations.map(({ id }, at) => ({ id: `g${at}`, sentence: `Barge ${at} left`, members: [{ article: 'long', annotation: id }] }));
  annotations.forEach((it, at) => (it.attributes.speaker = [{ id: `s${at % 7}`, mention: null }]));
  await openFiles(page, [{ name: 'long.avow.json', text: JSON.stringify(project) }]);
  await dialog(page, 'Files').getByRole('button', { name: 'Close', exact: true }).click();
  await openArticle(page, 'long', text.slice(0, 30));

  const openScreen = async (name) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(`${name.toLowerCase()}:`);
    await page.keyboard.press('Enter');
    await dialog(page, name).waitFor();
    return dialog(page, name);
  };
  const speakers = await openScreen('Speakers');
  await speakers.getByText('5000 speakers, the first 200 of them here').waitFor();
  assert.equal(await speakers.locator('tbody tr').count(), 200);
  assert.equal(await speakers.locator('option').count(), 0, 'nobody is offered all others');
  const counts = () => speakers.locator('tbody tr .number').evaluateAll((all) => all.slice(0, 3).map((it) => it.textContent));
  await until(counts, ['143', '143', '0']);
  await speakers.getByLabel('Filter speakers').fill('pilot 499');
  await speakers.getByText('11 of 5000 speakers').waitFor();
  await button(page, 'Merge into… (Pilot 4999)').click();
  await dialog(page, 'Merge into').waitFor();
  await page.keyboard.type('pilot 3000');
  await page.keyboard.press('Enter');
  await speakers.getByText('11 of 4999 speakers').waitFor();
  assert.equal(await speakers.getByLabel('Filter speakers').inputValue(), 'pilot 499', 'what was typed is there again');
  await speakers.getByLabel('Filter speakers').fill('4999');
  await page.getByLabel('Other names of Pilot 3000').waitFor();
  // The first empties the field. What is pressed next may come before the screen has gone.
  await press(page, 'Escape', 'Escape');

  const claims = await openScreen('Claims');
  await claims.getByText('1000 groups, the first 200 of them here').waitFor();
  assert.equal(await claims.locator('.claim-group').count(), 200);
  await claims.getByRole('button', { name: 'Merge into…' }).first().click();
  await dialog(page, 'Merge into').waitFor();
  await page.keyboard.type('barge 999');
  await page.keyboard.press('Enter');
  await claims.getByText('999 groups, the first 200 of them here').waitFor();
});
