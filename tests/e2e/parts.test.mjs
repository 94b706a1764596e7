// The page's second part is fetched at the first act, and what was done before it came is done then.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, article, button, deployment, list, mark, marksAre, openArticle, saved, shows } from './acts.mjs';
import { openPage } from './harness.mjs';

const ARTICLES = { fox: FOX, owl: 'The owl hooted.\n' };

/** Every request for the second part of the page. */
function fetches(page) {
  const seen = [];
  page.on('request', (request) => {
    if (/\/work-[0-9a-f]+\.wasm$/.test(request.url())) seen.push(request.url());
  });
  return seen;
}

test('reading fetches the first part only, and the first key is not lost', async (t) => {
  let seen;
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (page) => { seen = fetches(page); },
  });
  await shows(page, 'The fox said');
  await openArticle(page, 'owl', 'The owl hooted');
  await openArticle(page, 'fox', 'The fox said');
  await saved(page);
  assert.deepEqual(seen, []);
  await article(page).focus();
  // At once, before the second part can be there.
  await page.keyboard.press('Shift+Control+ArrowRight');
  await page.keyboard.press('c');
  await marksAre(page, ['Claim: The']);
  await saved(page);
  assert.equal(seen.length, 1);
});

test('a second part that cannot be fetched is told, and the next act tries again', async (t) => {
  const session = await openPage(t, { deployment: deployment(ARTICLES) });
  const { page } = session;
  await shows(page, 'The fox said');
  session.expectProblem(/Failed to load resource|ERR_FAILED|Failed to fetch|fetch/);
  await page.route(/\/work-[0-9a-f]+\.wasm$/, (route) => route.abort());
  await button(page, 'Export').click();
  await page.getByText('A part of this page could not be fetched').waitFor();
  await page.unroute(/\/work-[0-9a-f]+\.wasm$/);
  await button(page, 'Export').click();
  await page.getByRole('dialog', { name: 'Export' }).waitFor();
  assert.equal(await list(page).isVisible(), true);
});

test('a second part that is slow to come is told, and what was done meanwhile is done', async (t) => {
  let unsaved = false;
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The fox said');
  await page.route(/\/work-[0-9a-f]+\.wasm$/, async (route) => {
    await page.getByText('Fetching the rest of the page…').waitFor();
    // What was asked for is not done yet, and so not saved.
    await page.getByRole('status').filter({ hasText: /^Saving…$/ }).waitFor();
    unsaved = true;
    await route.continue();
  });
  await mark(page, 'the crow', 'c');
  await marksAre(page, ['Claim: the crow']);
  assert.equal(unsaved, true);
  await saved(page);
});

test('a browser without highlights says so, and the work goes on', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) => context.addInitScript(() => Object.defineProperty(CSS, 'highlights', { value: undefined })),
  });
  await page.getByText('This browser is too old to show marks in the text').waitFor();
  await shows(page, 'The fox said');
  await mark(page, 'the crow', 'c');
  await marksAre(page, ['Claim: the crow']);
  await saved(page);
});
