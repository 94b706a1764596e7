// What is done while the page's second part is on its way is done to what it was meant for.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, deployment, exported, list, mark, marksAre, saved, shows } from './acts.mjs';
import { openPage } from './harness.mjs';

/** Opens the fox's article where the second part comes only after `go`. */
async function openSlowly(t) {
  let go;
  const gone = new Promise((done) => { go = done; });
  const { page } = await openPage(t, {
    deployment: deployment({ fox: FOX, owl: 'The owl hooted at them all.\n' }),
    before: (page) =>
      page.route(/\/work-[0-9a-f]+\.wasm$/, async (route) => {
        await gone;
        await route.continue();
      }),
  });
  await shows(page, 'The fox said');
  return { page, go };
}

test('each key marks what was selected when it was pressed', async (t) => {
  const { page, go } = await openSlowly(t);
  await mark(page, 'I ran home', 'c');
  await mark(page, 'the fox ran', 'd');
  go();
  await marksAre(page, ['Claim: I ran home', 'Denial: the fox ran']);
});

test('a mark stays in the article that it was made in', async (t) => {
  const { page, go } = await openSlowly(t);
  await mark(page, 'I ran home', 'c');
  await list(page).getByRole('button', { name: 'owl' }).click();
  await page.getByText('Fetching the rest of the page').waitFor();
  go();
  await shows(page, 'The owl hooted');
  await saved(page);
  const [fox, owl] = (await exported(page)).json.articles;
  assert.deepEqual(fox.sets[0].annotations.map((it) => it.spans[0].text), ['I ran home']);
  assert.equal(owl.sets.flatMap((it) => it.annotations).length, 0);
});
