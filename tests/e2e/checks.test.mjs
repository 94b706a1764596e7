// What breaks a rule is seen in the list, in the inspector and in the margin, and is mended from each.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { annotations, article, deployment, exported, mark, marksAre, saved, shows, until } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const TEXT =
  'Ferry strike ends\n\nThe harbour master said that the ferry had sailed. Nobody saw it.\n\n' +
  'Crews deny it, and “we stayed ashore,” said one.\n';
const DEPLOYMENT = deployment({ ferry: TEXT });

/** The signs in the margin: what each says, and the words at whose line it stands. */
const signs = (page) =>
  page.locator('.sign').evaluateAll((signs) => signs.map((sign) => sign.title.split('\n')));
const rules = (page) => annotations(page).getByRole('list', { name: 'Problems' }).getByRole('listitem');
const spans = async (page) => (await exported(page)).json.articles[0].sets[0].annotations.map(({ spans }) => spans[0].text);

/** How far the middle of the sign is from the middle of the line with these words. */
async function distance(page, words) {
  const line = await article(page).getByText(words).first().evaluate((paragraph, words) => {
    const range = document.createRange();
    const node = paragraph.firstChild;
    range.setStart(node, node.data.indexOf(words));
    range.setEnd(node, node.data.indexOf(words) + 1);
    const { top, height } = range.getBoundingClientRect();
    return top + height / 2;
  }, words);
  const box = await page.locator('.sign').first().boundingBox();
  return Math.abs(box.y + box.height / 2 - line);
}

test('a sign in the margin says what is wrong, a click picks it, and mending takes it away', async (t) => {
  const { page } = await openPage(t, { deployment: DEPLOYMENT });
  await shows(page, 'Ferry strike');
  await mark(page, 'that the ferry had sailed', 'c');
  await until(async () => (await signs(page)).flat().filter((words) => /leading “that”/.test(words)).length, 1);
  assert.ok((await distance(page, 'that the')) < 4, 'the sign stands at the line');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await until(() => rules(page).count(), 0);

  await page.locator('.sign').click();
  await rules(page).filter({ hasText: 'leading “that”' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await annotations(page).getByRole('button', { name: 'Mend' }).click();
  await marksAre(page, ['Claim: the ferry had sailed']);
  await until(async () => (await signs(page)).flat().some((words) => /leading “that”/.test(words)), false);
  assert.deepEqual(await spans(page), ['the ferry had sailed']);

  await page.getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await signs(page)).flat().some((words) => /leading “that”/.test(words)), true);
  await page.reload();
  await marksAre(page, ['Claim: that the ferry had sailed']);
});

test('two faults on one line share a sign, and clicks go through them', async (t) => {
  const { page } = await openPage(t, { deployment: DEPLOYMENT });
  await shows(page, 'Ferry strike');
  await mark(page, 'deny', 'd');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await mark(page, '“we stayed ashore', 'q');
  await page.keyboard.press('Escape');
  await saved(page);
  await until(async () => (await signs(page)).length, 1);
  const picked = () => annotations(page).locator('.mark-row[aria-current="true"] .row-excerpt').allTextContents();
  await page.locator('.sign').click();
  await until(picked, ['deny']);
  await page.locator('.sign').click();
  await until(picked, ['“we stayed ashore']);
  await page.locator('.sign').click();
  await until(picked, ['deny']);
});

test('problems are gone through and mended from the keyboard', async (t) => {
  const { page } = await openPage(t, { deployment: DEPLOYMENT });
  await shows(page, 'Ferry strike');
  await article(page).focus();
  await page.keyboard.press('Control+Home');
  for (let words = 0; words < 7; words += 1) await page.keyboard.press('Control+ArrowRight');
  for (let words = 0; words < 5; words += 1) await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('c');
  await marksAre(page, ['Claim: that the ferry had sailed']);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await rules(page).filter({ hasText: 'leading “that”' }).waitFor();
  await page.keyboard.press('z');
  await marksAre(page, ['Claim: the ferry had sailed']);
  await saved(page);
  assert.deepEqual(await spans(page), ['the ferry had sailed']);
  await article(page).focus();
  await page.keyboard.press('Control+z');
  await marksAre(page, ['Claim: that the ferry had sailed']);
});

test('on a phone a sign is within reach of a finger', async (t) => {
  const phone = { hasTouch: true, isMobile: true };
  const { page } = await openPage(t, { deployment: DEPLOYMENT, viewport: { width: 360, height: 740 }, context: phone });
  await shows(page, 'Ferry strike');
  await article(page).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('c');
  await until(async () => (await signs(page)).length, 1);
  const box = await page.locator('.sign').boundingBox();
  assert.ok(box.x + box.width <= 360, 'it is whole on the screen');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.locator('.sign').tap();
  await rules(page).filter({ hasText: 'Speaker is required' }).waitFor();
});
