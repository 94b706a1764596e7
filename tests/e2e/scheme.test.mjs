// The scheme is changed on its screen, by mouse and by keyboard alone, and annotations follow it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, annotations, article, button, deployment, dialog, exported, fileOf, mark, markFox, marksAre, saved, shows } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const ARTICLES = { fox: { title: 'The fox', text: FOX }, owl: { title: 'The owl', text: 'The owl saw it.\n' } };

const scheme = (page) => dialog(page, 'Scheme');

async function openScheme(page) {
  // The menu stays open until it is closed.
  if (!(await button(page, 'Scheme').isVisible())) await page.getByLabel('Settings').click();
  await button(page, 'Scheme').click();
  await scheme(page).waitFor();
}

for (const colorScheme of ['light', 'dark']) {
  test(`the scheme is edited by mouse, ${colorScheme}`, async (t) => {
    const { page } = await openPage(t, { deployment: deployment(ARTICLES), colorScheme });
    await shows(page, 'I ran home');
    await markFox(page);
    await page.keyboard.press('Escape');
    await openScheme(page);
    assert.deepEqual(await axe(page), [], 'labels');

    // A new label, renamed and with a key that clashes.
    await scheme(page).getByLabel('New label').fill('Promise');
    await button(scheme(page), 'Add').click();
    const form = scheme(page).getByRole('region', { name: 'The label Promise' });
    await form.getByLabel('Key').fill('j');
    await form.getByLabel('Key').press('Tab');
    await scheme(page).getByRole('list', { name: 'Keys that clash' }).getByText('J does not mark “Promise”').waitFor();
    await form.getByLabel('Key').fill('o');
    await form.getByLabel('Key').press('Tab');
    await scheme(page).getByRole('list', { name: 'Keys that clash' }).waitFor({ state: 'hidden' });
    await form.getByLabel('Colour').selectOption('teal');
    await form.getByLabel('Name').fill('Pledge');
    await form.getByLabel('Name').press('Tab');
    await scheme(page).getByRole('region', { name: 'The label Pledge' }).waitFor();
    assert.deepEqual(await axe(page), [], 'a form');

    // Denials become claims, after it was said how many.
    await scheme(page).getByRole('button', { name: /^Denial/ }).click();
    await scheme(page).getByLabel('Merge Denial into').selectOption({ label: 'Claim' });
    await scheme(page).getByText('1 annotation in 1 article becomes Claim.').waitFor();
    assert.deepEqual(await axe(page), [], 'what is asked');
    await button(scheme(page), 'Merge the labels').click();
    await scheme(page).getByRole('button', { name: /^Denial/ }).waitFor({ state: 'hidden' });

    for (const part of ['Attributes', 'Links']) {
      await button(scheme(page), part).click();
      assert.equal(await button(scheme(page), part).getAttribute('aria-pressed'), 'true');
      assert.deepEqual(await axe(page), [], part);
    }

    // Out as a file.
    const download = page.waitForEvent('download');
    await button(scheme(page), 'Download the scheme').click();
    const file = await fileOf(await download);
    assert.match(file.name, /\.scheme\.json$/);
    const written = JSON.parse(file.text);
    assert.equal(written.format, 'avow-scheme');
    assert.deepEqual(written.scheme.labels.map((it) => `${it.id} ${it.name} ${it.key}`), ['claim Claim c', 'quote Quote q', 'promise Pledge o']);

    await page.keyboard.press('Escape');
    await scheme(page).waitFor({ state: 'hidden' });
    await marksAre(page, ['Quote: “I ran home”', 'Claim: the fox ran']);
    await saved(page);
    await mark(page, 'to the crow', 'o');
    await marksAre(page, ['Quote: “I ran home”', 'Pledge: to the crow', 'Claim: the fox ran']);
    await saved(page);
    const { json } = await exported(page);
    assert.equal(json.scheme.labels[2].name, 'Pledge');

    // In again: what it lacks is said first.
    await openScheme(page);
    written.scheme.labels = written.scheme.labels.filter((it) => it.id !== 'quote');
    await scheme(page).getByLabel('Scheme to read').setInputFiles({ name: 'b.scheme.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(written)) });
    await scheme(page).getByText('It has no “Quote”: 1 annotation in 1 article keeps it').waitFor();
    await button(scheme(page), 'Leave it as it is').click();
    await scheme(page).getByLabel('Scheme to read').setInputFiles({ name: 'c.json', mimeType: 'application/json', buffer: Buffer.from('no') });
    await scheme(page).getByRole('alert').getByText('not JSON').waitFor();
  });
}

test('the scheme is edited by keyboard alone', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'I ran home');
  await markFox(page);
  await article(page).focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('scheme');
  await page.keyboard.press('Enter');
  await scheme(page).waitFor();
  const tabTo = async (locator) => {
    for (let count = 0; count < 80; count += 1) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never comes to ${locator}`);
  };
  await tabTo(scheme(page).getByRole('button', { name: /^Denial/ }));
  await page.keyboard.press('Enter');
  await scheme(page).getByRole('region', { name: 'The label Denial' }).waitFor();
  await tabTo(scheme(page).getByRole('button', { name: 'Delete Denial' }));
  await page.keyboard.press('Enter');
  await scheme(page).getByText('1 annotation in 1 article is deleted, with its links').waitFor();
  await tabTo(button(scheme(page), 'Delete the label'));
  await page.keyboard.press('Enter');
  await scheme(page).getByRole('button', { name: /^Denial/ }).waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await scheme(page).waitFor({ state: 'hidden' });
  await marksAre(page, ['Quote: “I ran home”']);
  await article(page).focus();
  await page.keyboard.press('Control+z');
  await marksAre(page, ['Quote: “I ran home”', 'Denial: the fox ran']);
  await saved(page);
  assert.equal(await annotations(page).getByText('Denial').count() > 0, true);
});
