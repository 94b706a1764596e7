// axe finds nothing on any screen in either theme, and landmarks and controls have their names.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, annotations, article, button, deployment, dialog, drag, exported, list, mark, openFiles, saved, shows } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

async function openPicked(t, colorScheme) {
  const articles = { fox: { text: FOX, publisher: 'The Burrow', url: 'https://paper.example/fox' }, owl: 'An owl.\n' };
  const session = await openPage(t, { deployment: deployment(articles, { guidelines: 'Mark all.' }), colorScheme });
  const { page } = session;
  await shows(page, 'The fox said');
  await mark(page, '“I ran home”', 'q');
  await annotations(page).getByLabel('Speaker', { exact: true }).fill('The fox');
  await annotations(page).getByLabel('Speaker', { exact: true }).press('Enter');
  await mark(page, 'said', 'c');
  await mark(page, 'the fox ran', 'd');
  await annotations(page).getByLabel('Note', { exact: true }).fill('A note');
  await saved(page);
  return session;
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing wrong with a picked annotation, ${colorScheme}`, async (t) => {
    const { page } = await openPicked(t, colorScheme);
    assert.deepEqual(await axe(page), []);
    await drag(page, 'the crow');
    await page.getByRole('toolbar').waitFor();
    assert.deepEqual(await axe(page), [], 'with the bar at a selection');
    await page.getByLabel('Settings').click();
    assert.deepEqual(await axe(page), [], 'with the settings open');
  });

  test(`axe finds nothing wrong with any dialog, ${colorScheme}`, async (t) => {
    const { page } = await openPicked(t, colorScheme);
    const file = await exported(page);
    const open = {
      'All keys': async () => (await article(page).focus(), page.keyboard.press('?')),
      'Paste text': () => button(page, 'Paste text').click(),
      Export: () => button(page, 'Export').click(),
      Projects: () => page.getByRole('button', { name: /all projects$/ }).click(),
      Find: () => page.keyboard.press('Control+k'),
      Speakers: () => byPalette(page, 'Speakers'),
      Claims: () => byPalette(page, 'Claims'),
      Files: () => openFiles(page, [{ name: 'a.jsonl', text: 'no' }]),
      'This project is here already': () => openFiles(page, [{ name: file.name, text: file.text }]),
    };
    for (const [name, act] of Object.entries(open)) {
      await act();
      await dialog(page, name).waitFor();
      assert.deepEqual(await axe(page), [], name);
      const inside = await dialog(page, name).evaluate((it) => it.contains(document.activeElement));
      assert.equal(inside, true, `the focus is in ${name}`);
      await page.keyboard.press('Escape');
      await dialog(page, name).waitFor({ state: 'hidden' });
    }
  });
}

test('axe finds nothing wrong with an empty project and a reading tab', async (t) => {
  const session = await openPicked(t, 'light');
  const second = await session.newTab();
  await second.getByRole('status').getByText('Reading only').waitFor();
  await mark(second, 'The crow', 'c');
  await second.getByText('Another tab is annotating').waitFor();
  assert.deepEqual(await axe(second), []);
  const empty = await openPage(t, { deployment: {} });
  empty.expectProblem(/404/);
  await empty.page.getByText('No articles yet').waitFor();
  assert.deepEqual(await axe(empty.page), []);
});

test('landmarks, buttons and fields have the names that scripts rely on', async (t) => {
  const { page } = await openPicked(t, 'light');
  await list(page).waitFor();
  await page.getByRole('main', { name: 'Article' }).waitFor();
  await annotations(page).waitFor();
  for (const name of ['Open files', 'Paste text', 'Export', 'Undo', 'Redo', 'Delete']) {
    assert.equal(await button(page, name).count(), 1, name);
  }
  for (const name of ['Speaker', 'Directness', 'Note']) {
    assert.equal(await annotations(page).getByLabel(name, { exact: true }).count(), 1, name);
  }
  assert.equal(await annotations(page).getByRole('button', { name: /^Cue/ }).count(), 1);
  await article(page).focus();
  await page.keyboard.press('Control+a');
  for (const name of ['Claim', 'Denial', 'Quote']) {
    assert.equal(await button(page, name).isVisible(), true, name);
  }
  await button(page, 'Export').click();
  await dialog(page, 'Export').getByLabel('Format').waitFor();
  await dialog(page, 'Export').getByRole('button', { name: 'Download' }).waitFor();
  assert.equal(await page.getByRole('status').filter({ hasText: /^Saved$/ }).count(), 1);
});

/** Opens a screen by typing its name. */
async function byPalette(page, name) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing wrong beside the text, ${colorScheme}`, async (t) => {
    const { page } = await openPicked(t, colorScheme);
    await article(page).focus();
    await page.keyboard.press('y');
    await page.getByText('Mark all.').waitFor();
    assert.deepEqual(await axe(page), [], 'guidelines');
    await article(page).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('fox');
    await page.keyboard.press('Enter');
    await page.locator('.hit').first().waitFor();
    assert.deepEqual(await axe(page), [], 'search');
  });
}
