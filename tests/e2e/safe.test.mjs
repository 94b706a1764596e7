// Nothing of an article, a file name or a speaker is ever parsed as markup, and nothing leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { annotations, button, deployment, dialog, list, mark, marksAre, openFiles, saved, shows } from './acts.mjs';
import { openPage } from './harness.mjs';

const BAD = '<img src=x onerror="globalThis.hacked=1"><b>bold</b>';
const TEXT = `The fox said ${BAD} to the crow.\n<script>globalThis.hacked = 1</script>\n`;

async function openBad(t) {
  const articles = { bad: { text: TEXT, title: BAD, publisher: BAD, url: 'javascript:hacked=1' } };
  const session = await openPage(t, {
    deployment: deployment(articles, { title: BAD, guidelines: BAD }),
    path: `?annotator=${encodeURIComponent(BAD)}`,
  });
  await shows(session.page, 'The fox said');
  return session;
}

/** No element stands on the page that came out of the text. */
async function assertOnlyText(page) {
  assert.equal(await page.locator('b, img, #app script').count(), 0);
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
}

test('titles, speakers and text with markup in them show as text', async (t) => {
  const { page } = await openBad(t);
  await list(page).getByText(BAD).waitFor();
  await page.getByText(`The fox said ${BAD} to the crow.`).first().waitFor();
  await page.getByText('<script>globalThis.hacked = 1</script>').first().waitFor();
  assert.equal(await page.getByRole('link').count(), 0, 'an address that is a script is no link');
  await mark(page, 'fox said', 'q');
  await annotations(page).getByLabel('Speaker', { exact: true }).fill(BAD);
  await annotations(page).getByLabel('Speaker', { exact: true }).press('Enter');
  await annotations(page).locator('.chip-text').getByText(BAD).waitFor();
  await annotations(page).getByLabel('Note', { exact: true }).fill(BAD);
  await annotations(page).locator('.row-note').getByText(BAD).waitFor();
  await mark(page, BAD, 'c');
  await annotations(page).locator('.row-excerpt').getByText(BAD).waitFor();
  await assertOnlyText(page);

  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /all projects$/ }).click();
  await dialog(page, 'Projects').getByText(BAD).first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Settings').click();
  await page.getByRole('button', { name: 'Guidelines' }).click();
  await page.getByRole('complementary', { name: 'Guidelines' }).getByText(BAD).waitFor();
  await assertOnlyText(page);
});

test('file names with markup in them show as text', async (t) => {
  const { page } = await openBad(t);
  await openFiles(page, [
    { name: '<b>bold<b>.jsonl', text: 'not json\n' },
    { name: '<i>it<i>.txt', text: 'Another text.' },
  ]);
  await dialog(page, 'Files').getByText('<b>bold<b>.jsonl, line 1').waitFor();
  await dialog(page, 'Files').getByRole('button', { name: 'Close', exact: true }).click();
  await shows(page, 'Another text.');
  await assertOnlyText(page);
  assert.equal(await page.locator('i').count(), 0);
});

test('markup of a saved page runs nothing and fetches nothing', async (t) => {
  const session = await openBad(t);
  const { page } = session;
  // The policy holds in the inert document too, and says what it stopped.
  session.expectProblem(/inline event handler|script-src-attr inline/);
  const text = `<title>T</title><p>Paragraph.</p>${BAD}<script>hacked=1</script>
    <img src="https://elsewhere.example/a.png"><link rel="stylesheet" href="https://elsewhere.example/a.css">
    <svg onload="hacked=1"></svg><iframe src="https://elsewhere.example/"></iframe>`;
  await openFiles(page, [{ name: 'page.html', text, mimeType: 'text/html' }]);
  await shows(page, 'Paragraph.');
  await assertOnlyText(page);
  // A request elsewhere would fail the test at its end.
});

test('a whole day’s work asks no other host for anything, and assigns no markup', async (t) => {
  const session = await openPage(t, {
    deployment: deployment({ fox: 'The fox said so.\n' }),
    before: (_, context) =>
      context.addInitScript(() => {
        globalThis.assigned = [];
        for (const name of ['innerHTML', 'outerHTML']) {
          const own = Object.getOwnPropertyDescriptor(Element.prototype, name);
          Object.defineProperty(Element.prototype, name, {
            ...own,
            set(markup) {
              globalThis.assigned.push(String(markup));
              own.set.call(this, markup);
            },
          });
        }
      }),
  });
  const { page } = session;
  await shows(page, 'The fox said');
  await mark(page, 'fox', 'c');
  await marksAre(page, ['Claim: fox']);
  await saved(page);
  await openFiles(page, [{ name: 'page.html', text: '<p>Another.</p>' }]);
  await shows(page, 'Another.');
  await saved(page);
  assert.deepEqual(await page.evaluate(() => globalThis.assigned), []);
  assert.deepEqual(session.problems, []);
});
