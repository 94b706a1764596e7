// Another text for an article: corrected by hand, brought by a file, or by a newer deployment.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  FOX, annotations, article, button, click, deployment, dialog, drag, exported, markFox, marksAre, openFiles, saved, shows,
  until,
} from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const WRITE = 'Correct the text';
const COMPARE = 'Compare the texts';
const MARKED = ['Quote: “I ran home”', 'Denial: the fox ran'];
/** The quote stays; what the crow denied has no place any more. */
const CORRECTED = FOX.replace('The fox said', 'A red fox said').replace('denied that the fox ran', 'was silent');

async function openMarked(t, options = {}) {
  const session = await openPage(t, { deployment: deployment({ fox: { title: 'The fox', text: FOX } }), ...options });
  await shows(session.page, 'I ran home');
  await markFox(session.page);
  for (let count = 0; count < 3; count += 1) await session.page.keyboard.press('Escape');
  await marksAre(session.page, MARKED);
  return session;
}

const field = (page) => dialog(page, WRITE).getByRole('textbox', { name: 'Text' });
const unplaced = (page) => annotations(page).getByRole('region', { name: /^Without a place/ });
const undo = (page) => page.keyboard.press('Control+z');

async function compare(page, text) {
  await button(page, WRITE).click();
  await field(page).fill(text);
  await dialog(page, WRITE).getByRole('button', { name: 'Compare' }).click();
  await dialog(page, COMPARE).waitFor();
}

async function change(page) {
  await dialog(page, COMPARE).getByRole('button', { name: 'Change the text' }).click();
  await dialog(page, COMPARE).waitFor({ state: 'detached' });
}

test('a text is corrected, what has no place is placed, and undo brings all back after a reload', async (t) => {
  const session = await openMarked(t);
  const { page } = session;
  await compare(page, CORRECTED);
  const open = dialog(page, COMPARE);
  await open.getByText('1 annotation stays, 1 has no place any more.').waitFor();
  await open.locator('del', { hasText: 'The' }).first().waitFor();
  await open.locator('ins', { hasText: 'A red' }).waitFor();
  await open.getByRole('region', { name: 'Without a place' }).getByText('the fox ran').waitFor();
  await open.getByRole('button', { name: 'Cancel' }).click();
  await shows(page, 'The fox said');

  await compare(page, CORRECTED);
  await change(page);
  await shows(page, 'A red fox said');
  await marksAre(page, ['Quote: “I ran home”']);
  await annotations(page).getByRole('button', { name: '1 without a place' }).waitFor();
  await unplaced(page).getByText('the fox ran').waitFor();
  await saved(page);

  // By the mouse: asked for, and selected.
  await unplaced(page).getByRole('button', { name: 'Place: the fox ran' }).click();
  await page.getByText('Select where the annotation belongs.').waitFor();
  await drag(page, 'was silent');
  await marksAre(page, ['Quote: “I ran home”', 'Denial: was silent']);
  await unplaced(page).waitFor({ state: 'detached' });
  await saved(page);
  const { json } = await exported(page);
  assert.equal(json.articles[0].text, CORRECTED);

  await page.reload();
  await shows(page, 'A red fox said');
  await article(page).focus();
  await undo(page);
  await unplaced(page).getByText('the fox ran').waitFor();
  await undo(page);
  await shows(page, 'The fox said');
  await marksAre(page, MARKED);
  await saved(page);
});

test('the same by keyboard alone, and given up', async (t) => {
  const { page } = await openMarked(t);
  const command = async (name) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
  };
  await article(page).focus();
  await command('Correct the text');
  await dialog(page, WRITE).waitFor();
  await until(async () => field(page).evaluate((it) => it === document.activeElement), true);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(CORRECTED);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog(page, COMPARE).waitFor();
  for (let count = 0; count < 12; count += 1) {
    const there = await button(page, 'Change the text').evaluate((it) => it === document.activeElement);
    if (there) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await shows(page, 'A red fox said');
  await marksAre(page, ['Quote: “I ran home”']);

  await article(page).focus();
  await command('Annotations without a place');
  const place = unplaced(page).getByRole('button', { name: 'Place: the fox ran' });
  await until(async () => place.evaluate((it) => it === document.activeElement), true);
  await page.keyboard.press('Enter');
  await until(async () => article(page).evaluate((it) => it === document.activeElement), true);
  await page.keyboard.press('Control+Home');
  for (let word = 0; word < 3; word += 1) await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await marksAre(page, ['Denial: A red fox', 'Quote: “I ran home”']);
  await undo(page);
  await unplaced(page).waitFor();
  await unplaced(page).getByRole('button', { name: 'Give up: the fox ran' }).focus();
  await page.keyboard.press('Enter');
  await unplaced(page).waitFor({ state: 'detached' });
  await page.getByText('The annotation was given up.').waitFor();
  await article(page).focus();
  await undo(page);
  await unplaced(page).waitFor();
  await saved(page);
});

test('a file with another text of an article is compared, or added as an article of its own', async (t) => {
  const { page } = await openPage(t, { deployment: undefined });
  const open = (text) => openFiles(page, [{ name: 'fox.txt', text }]);
  await open(FOX);
  await shows(page, 'I ran home');
  await markFox(page);
  await open(CORRECTED);
  await page.getByText(/is here already, with another text/).waitFor();
  await button(page, 'Compare').click();
  await dialog(page, COMPARE).getByText('1 annotation stays, 1 has no place any more.').waitFor();
  await change(page);
  await shows(page, 'A red fox said');
  await saved(page);
});

test('newer texts of a deployment are gone through one by one', async (t) => {
  const articles = { fox: { title: 'The fox', text: FOX }, owl: { title: 'The owl', text: 'The owl saw it.\n' } };
  const session = await openMarked(t, { deployment: deployment(articles) });
  const { page, site } = session;
  await page.getByRole('navigation', { name: 'Articles' }).getByRole('button', { name: 'The owl' }).click();
  await shows(page, 'The owl saw it');
  await article(page).focus();
  await page.keyboard.press('f');
  await saved(page);
  site.deployment = deployment({ fox: { title: 'The fox', text: CORRECTED }, owl: { title: 'The owl', text: 'The owl saw them.\n' } });
  await page.reload();
  await page.getByText('This page has newer texts of 2 articles that you have worked on.').waitFor();
  await button(page, 'Compare').click();
  await dialog(page, COMPARE).getByText('1 of 2').waitFor();
  await dialog(page, COMPARE).getByRole('button', { name: 'Leave it as it is' }).click();
  await dialog(page, COMPARE).getByText('2 of 2').waitFor();
  await change(page);
  await page.getByText('1 article may get another text.').waitFor();
  await shows(page, 'The owl saw them');
  await saved(page);
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing wrong, ${colorScheme}`, async (t) => {
    const { page } = await openMarked(t, { colorScheme });
    await button(page, WRITE).click();
    await field(page).waitFor();
    assert.deepEqual(await axe(page), [], 'while it is written');
    await field(page).fill(CORRECTED);
    await dialog(page, WRITE).getByRole('button', { name: 'Compare' }).click();
    await dialog(page, COMPARE).waitFor();
    assert.deepEqual(await axe(page), [], 'with the comparison');
    await change(page);
    await unplaced(page).waitFor();
    assert.deepEqual(await axe(page), [], 'with what has no place');
    await click(page, 'silent');
    assert.deepEqual(await axe(page), [], 'with the article');
  });
}
