// What is none of an article, how far the articles are, the time spent, and keys of one's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { annotations, article, button, deployment, dialog, drag, exported, list, mark, openArticle, painted, saved, shows, until } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const PAGE =
  'Advertisement\n\nThe mayor said that taxes rise. It was a long day.\n\nPhoto: A. Bee\n\n' +
  'The council denied it.\n\n© 2026 The Burrow\n';
const ARTICLES = { page: PAGE, other: 'Another text.\n' };

const dimmed = async (page) => (await painted(page))['avow-dim'] ?? [];

test('B marks boilerplate and takes it away, by mouse and by keyboard', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The mayor said');
  await drag(page, 'hoto: A. Be');
  await page.keyboard.press('b');
  await until(() => dimmed(page), ['Photo: A. Bee']);
  await saved(page);
  const { json } = await exported(page);
  const [region] = json.articles[0].regions;
  assert.equal(region.kind, 'boilerplate');
  assert.equal(json.articles[0].text.slice(region.start, region.end), 'Photo: A. Bee');
  // By keys alone: the first line, and away again at the caret.
  await article(page).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('b');
  await until(() => dimmed(page), ['Advertisement', 'Photo: A. Bee']);
  await page.keyboard.press('b');
  await until(() => dimmed(page), ['Photo: A. Bee']);
  await page.keyboard.press('Control+z');
  await until(() => dimmed(page), ['Advertisement', 'Photo: A. Bee']);
});

test('what is none of the article is proposed at the first mark, and taken at once', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The mayor said');
  await mark(page, 'taxes rise', 'c');
  await button(page, 'Mark 3 passages as boilerplate').waitFor();
  assert.deepEqual(await axe(page), []);
  await button(page, 'Mark 3 passages as boilerplate').click();
  await until(() => dimmed(page), ['Advertisement', 'Photo: A. Bee', '© 2026 The Burrow']);
  const progress = list(page).getByRole('progressbar', { name: 'Articles done or skipped' });
  assert.equal(await progress.getAttribute('value'), '0');
  await list(page).getByText('0 of 2 done, 1 begun').waitFor();
  await article(page).focus();
  await page.keyboard.press('f');
  await list(page).getByText('1 of 2 done').waitFor();
  await until(() => progress.getAttribute('value'), '1');
});

test('time is counted while somebody works, and stays', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (page) => page.clock.install(),
  });
  await shows(page, 'The mayor said');
  await mark(page, 'taxes rise', 'c');
  await saved(page);
  for (let count = 0; count < 5; count += 1) {
    await page.clock.fastForward(30_000);
    await article(page).focus();
    await page.keyboard.press('ArrowRight');
  }
  await page.getByText('2 min', { exact: true }).waitFor();
  // Half an hour without a sign of anybody is a minute.
  await page.clock.fastForward(1_800_000);
  await page.keyboard.press('ArrowRight');
  await page.getByText('3 min', { exact: true }).waitFor();
  await page.keyboard.press('Control+z');
  await page.getByText('3 min', { exact: true }).waitFor();
  await openArticle(page, 'other', 'Another text');
  assert.equal(await page.getByText(/^\d+ min$/).count(), 0);
  await page.reload();
  await openArticle(page, 'page', 'The mayor said');
  await page.getByText('3 min', { exact: true }).waitFor();
});

test('a key is changed, tells whom it disturbs, and is there after a reload', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The mayor said');
  await article(page).focus();
  await page.keyboard.press('?');
  const keys = dialog(page, 'All keys');
  await keys.getByRole('button', { name: 'Change the key: Undo' }).click();
  await page.keyboard.press('Escape');
  await keys.getByRole('button', { name: 'Change the key: Undo' }).waitFor();
  // By keyboard alone, from the button that has the focus.
  await page.keyboard.press('Enter');
  await keys.getByRole('button', { name: 'Press the new key: Undo' }).waitFor();
  await page.keyboard.press('c');
  await keys.getByText('The same key as: Mark as Claim.').waitFor();
  await keys.getByText('The same key as: Undo.').waitFor();
  assert.deepEqual(await axe(page), []);
  await keys.getByRole('button', { name: 'Change the key: Undo' }).click();
  await page.keyboard.press('Control+u');
  await until(() => keys.getByText(/The same key as/).count(), 0);
  // Buttons show the key that is theirs now.
  await keys.getByRole('button', { name: 'Change the key: Link it to another' }).click();
  await page.keyboard.press('2');
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'hidden' });
  await mark(page, 'taxes rise', 'c');
  await annotations(page).getByRole('button', { name: 'Link 2', exact: true }).waitFor();
  await saved(page);
  await page.reload();
  await shows(page, 'The mayor said');
  await article(page).focus();
  await page.keyboard.press('Control+u');
  await page.getByText('Undone: claim marked').waitFor({ state: 'attached' });
  await page.keyboard.press('?');
  await keys.getByRole('button', { name: 'Reset all' }).click();
  await keys.getByRole('button', { name: 'Reset all' }).waitFor({ state: 'detached' });
  await page.emulateMedia({ media: 'print' });
  assert.equal(await keys.getByText('Mark the selection as claim').isVisible(), true);
  assert.equal(await article(page).isVisible(), false);
});
