// Copies of one project come together, and a project becomes what a file has.

import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  FOX, annotations, article, button, click, deployment, dialog, exported, list, mark, markFox, marksAre, openArticle, openFiles,
  saved, shows, until,
} from './acts.mjs';
import { axe, killBrowser, openPage } from './harness.mjs';

const HERE = 'This project is here already';
const RESTORE = 'Restore from a file';
const ARTICLES = { fox: { title: 'The fox', text: FOX }, owl: { title: 'The owl', text: 'The owl saw it.\n' } };

/** A page with the fox's article marked by one person, in two browsers that know nothing of each other. */
async function twoCopies(t) {
  const first = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(first.page, 'I ran home');
  await markFox(first.page);
  await first.page.keyboard.press('Escape');
  await exported(first.page);
  await saved(first.page);
  await first.context.close();
  const userDataDir = await mkdtemp(join(tmpdir(), 'avow-copy-'));
  t.after(async () => {
    await killBrowser(userDataDir);
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  await cp(first.userDataDir, userDataDir, { recursive: true });
  await first.launch();
  const second = await openPage(t, { site: first.site, userDataDir });
  for (const { page } of [first, second]) await shows(page, 'I ran home');
  return [first.page, second.page];
}

/** Picks what is marked at these words. */
async function pick(page, words) {
  await click(page, words);
  await annotations(page).getByRole('group', { name: 'Label' }).waitFor();
}

/** Both change the quote, the second later; the first deletes the denial; the second marks a claim. */
async function apart(first, second) {
  await pick(first, 'I ran home');
  await first.keyboard.press('c');
  await marksAre(first, ['Claim: “I ran home”', 'Denial: the fox ran']);
  await pick(first, 'the fox ran');
  await first.keyboard.press('Delete');
  await marksAre(first, ['Claim: “I ran home”']);
  await saved(first);
  // Moments are whole seconds.
  await second.waitForTimeout(1_100);
  await pick(second, 'I ran home');
  await second.keyboard.press('d');
  await marksAre(second, ['Denial: “I ran home”', 'Denial: the fox ran']);
  await second.keyboard.press('Escape');
  await mark(second, 'The crow', 'c');
  await second.keyboard.press('Escape');
  await marksAre(second, ['Denial: “I ran home”', 'Claim: The crow', 'Denial: the fox ran']);
  await saved(second);
}

const asFile = (file, name = 'theirs.avow.json') => [{ name, text: file.text }];
const side = (page, difference, which) =>
  dialog(page, HERE).getByRole('group', { name: difference }).getByRole('radio', { name: which });

async function merge(page, file) {
  await openFiles(page, asFile(file));
  await dialog(page, HERE).getByRole('button', { name: 'Merge' }).click();
  await page.getByText('The file was merged into this project.').waitFor();
  await saved(page);
}

test('two copies come to the same, whichever is merged into the other, and merging again changes nothing', async (t) => {
  const [first, second] = await twoCopies(t);
  await apart(first, second);
  const [one, two] = [await exported(first), await exported(second)];
  assert.deepEqual(one.json.deleted.map(({ kind }) => kind), ['annotation']);
  await merge(first, two);
  await marksAre(first, ['Denial: “I ran home”', 'Claim: The crow']);
  await merge(second, one);
  await marksAre(second, ['Denial: “I ran home”', 'Claim: The crow']);
  const [there, back] = [await exported(first), await exported(second)];
  assert.equal(there.text, back.text);

  await openFiles(first, asFile(two));
  await dialog(first, HERE).getByText('The file has nothing that this project has not.').waitFor();
  await button(first, 'Merge').click();
  await first.getByText('As decided, the file changes nothing in this project.').waitFor();
  assert.equal((await exported(first)).text, there.text);
});

test('differences are decided by a rule or one by one, and one undo takes the merge back', async (t) => {
  const [first, second] = await twoCopies(t);
  await apart(first, second);
  const [before, theirs] = [await exported(first), await exported(second)];
  await openFiles(first, asFile(theirs));
  const open = dialog(first, HERE);
  await open.getByText('The file has 1 annotation that this project has not.').waitFor();
  await open.getByText('2 differences').waitFor();
  const [label, gone] = ['Claim: “I ran home”', 'Denial: the fox ran'];
  await open.getByRole('group', { name: gone }).getByText(/^Deleted: 20/).waitFor();
  const chosen = async () => [
    await side(first, label, /^Here/).isChecked(), await side(first, label, /^In the file/).isChecked(),
    await side(first, gone, /^Here/).isChecked(), await side(first, gone, /^In the file/).isChecked(),
  ];
  await until(chosen, [false, true, true, false]);
  await open.getByLabel('What stands').selectOption('What the file has');
  await until(chosen, [false, true, false, true]);
  await open.getByLabel('What stands').selectOption('What is here');
  await until(chosen, [true, false, true, false]);
  assert.deepEqual(await axe(first), []);
  // By keyboard, from one side to the other.
  await side(first, gone, /^Here/).focus();
  await first.keyboard.press('ArrowDown');
  await until(chosen, [true, false, false, true]);
  await button(first, 'Merge').click();
  await marksAre(first, ['Claim: “I ran home”', 'Claim: The crow', 'Denial: the fox ran']);
  await saved(first);
  await first.reload();
  await shows(first, 'I ran home');
  await article(first).focus();
  await first.keyboard.press('Control+z');
  await marksAre(first, ['Claim: “I ran home”']);
  await saved(first);
  assert.equal((await exported(first)).text, before.text);
});

test('restoring shows what it would change, does it, and one undo takes it back', async (t) => {
  const session = await openPage(t, { deployment: deployment(ARTICLES) });
  const { page } = session;
  await shows(page, 'I ran home');
  await markFox(page);
  await page.keyboard.press('Escape');
  await exported(page);
  await saved(page);
  const backup = await exported(page);

  await pick(page, 'the fox ran');
  await page.keyboard.press('Delete');
  await mark(page, 'The crow', 'c');
  await page.keyboard.press('Escape');
  await openFiles(page, [{ name: 'hen.txt', text: 'The hen\n\nThe hen laid an egg.\n' }]);
  await shows(page, 'laid an egg');
  await list(page).getByRole('button', { name: 'The owl' }).click();
  await shows(page, 'The owl saw it');
  await button(page, 'Remove article').click();
  await list(page).getByText('The owl').waitFor({ state: 'hidden' });
  await saved(page);
  const after = await exported(page);

  await openFiles(page, asFile(backup, 'backup.avow.json'));
  await button(page, 'Restore…').click();
  const restore = dialog(page, RESTORE);
  await restore.getByRole('heading', { name: 'Comes: 1 article, 1 annotation' }).waitFor();
  await restore.getByRole('heading', { name: 'Goes: 1 article, 1 annotation' }).waitFor();
  const named = await restore.locator('.names li').allTextContents();
  assert.deepEqual(named, ['The article “The owl”', 'Denial: the fox ran', 'The article “The hen”', 'Claim: The crow']);
  assert.deepEqual(await axe(page), []);
  assert.equal((await list(page).getByText('The hen').count()) > 0, true, 'nothing is done before it is asked for');
  await button(page, 'Restore').click();
  await page.getByText('This project is as in “backup.avow.json” now.').waitFor();
  await list(page).getByText('The owl').waitFor();
  assert.equal(await list(page).getByText('The hen').count(), 0);
  await saved(page);
  assert.equal((await exported(page)).text, backup.text);

  await page.reload();
  await openArticle(page, 'The fox', 'I ran home');
  await article(page).focus();
  await page.keyboard.press('Control+z');
  await list(page).getByText('The hen').waitFor();
  await saved(page);
  assert.equal((await exported(page)).text, after.text);
});

test('a rescue file of a project that is here is merged or restored like any other', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'I ran home');
  await markFox(page);
  await page.keyboard.press('Escape');
  const rescue = await page.evaluate(async () => {
    const stores = await globalThis.avowRescue.read();
    return globalThis.avowRescue.parts(stores).join('');
  });
  await pick(page, 'the fox ran');
  await page.keyboard.press('Delete');
  await saved(page);
  await openFiles(page, [{ name: 'avow-rescue.json', text: rescue }]);
  await dialog(page, HERE).getByRole('group', { name: 'Denial: the fox ran' }).waitFor();
  await button(page, 'Restore…').click();
  await dialog(page, RESTORE).getByText('Denial: the fox ran').waitFor();
  await button(page, 'Restore').click();
  await annotations(page).getByText('the fox ran').first().waitFor();
  await page.keyboard.press('Control+z');
  await annotations(page).getByText('the fox ran').first().waitFor({ state: 'hidden' });
});
