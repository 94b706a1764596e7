// The page's second part is fetched once an article can be read, and what was done before it came is
// done then. With it come the functions of the first part that are seldom run.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, article, button, deployment, list, mark, marksAre, openArticle, saved, shows, tellOfLeaving } from './acts.mjs';
import { openPage } from './harness.mjs';

const ARTICLES = { fox: FOX, owl: 'The owl hooted.\n' };
const PART = /\/work-[0-9a-f]+\.wasm$/;
const SELDOM = /\/seldom-[0-9a-f]+\.wasm$/;

/** Opens the page, whose second part comes when `release` is called; counts how often it is asked for. */
async function openHeld(t) {
  const held = { asked: 0 };
  const released = new Promise((resolve) => { held.release = resolve; });
  const session = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (page) => page.route(PART, async (route) => {
      held.asked += 1;
      await released;
      await route.continue();
    }),
  });
  return { held, page: session.page };
}

test('an article is read before the second part is there, and the first key is not lost', async (t) => {
  const { page, held } = await openHeld(t);
  await shows(page, 'The fox said');
  await openArticle(page, 'owl', 'The owl hooted');
  await openArticle(page, 'fox', 'The fox said');
  await saved(page);
  await article(page).focus();
  await page.keyboard.press('Shift+Control+ArrowRight');
  await page.keyboard.press('c');
  held.release();
  await marksAre(page, ['Claim: The']);
  await saved(page);
  assert.equal(held.asked, 1);
});

test('the list of annotations comes by itself', async (t) => {
  const { page, held } = await openHeld(t);
  held.release();
  await mark(page, 'the crow', 'c');
  await saved(page);
  await page.reload();
  await marksAre(page, ['Claim: the crow']);
  const styles = await page.evaluate(() => [...document.styleSheets].map((it) => it.href.replace(/.*\/([a-z]+)-.*/, '$1')));
  assert.deepEqual(styles, ['style', 'later']);
});

test('a second part that cannot be fetched is told, and the next act tries again', async (t) => {
  const session = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (page) => page.route(PART, (route) => route.abort()),
  });
  const { page } = session;
  session.expectProblem(/Failed to load resource|ERR_FAILED|Failed to fetch|fetch/);
  await shows(page, 'The fox said');
  await page.getByText('A part of this page could not be fetched').first().waitFor();
  await page.unroute(PART);
  await button(page, 'Export').click();
  await page.getByRole('dialog', { name: 'Export' }).waitFor();
  assert.equal(await list(page).isVisible(), true);
});

test('a second part that is slow to come is told, and what was done meanwhile is done', async (t) => {
  const { page, held } = await openHeld(t);
  await shows(page, 'The fox said');
  await mark(page, 'the crow', 'c');
  await page.getByText('Fetching the rest of the page…').waitFor();
  // What was asked for is not done yet, and so not saved.
  await page.getByRole('status').filter({ hasText: /^Saving…$/ }).waitFor();
  held.release();
  await marksAre(page, ['Claim: the crow']);
  await saved(page);
});

/** Opens the page; `answer` is given each route by which it asks for what is seldom run, and how it asks. */
async function openAsking(t, answer, options = { deployment: deployment(ARTICLES) }) {
  const asked = [];
  const session = await openPage(t, {
    ...options,
    before: (page) => page.route(SELDOM, (route) => {
      const how = route.request().resourceType();
      asked.push(how);
      return answer(route, how);
    }),
  });
  return { asked, session, page: session.page };
}

test('reading needs nothing of what is seldom run', async (t) => {
  const never = new Promise(() => {});
  const { page, asked } = await openAsking(t, () => never);
  await shows(page, 'The fox said');
  await openArticle(page, 'owl', 'The owl hooted');
  await page.waitForTimeout(500);
  assert.deepEqual(asked, ['fetch'], 'the page has not waited for it');
});

test('nor does reading the samples', async (t) => {
  const never = new Promise(() => {});
  const { page, asked } = await openAsking(t, () => never, {});
  await article(page).locator('p').first().waitFor();
  await page.setViewportSize({ width: 1_000, height: 700 });
  await page.waitForTimeout(500);
  assert.deepEqual(asked, ['fetch']);
});

test('a page that is left needs nothing of what is seldom run', async (t) => {
  const never = new Promise(() => {});
  const { page, asked } = await openAsking(t, (route, how) => (how === 'fetch' ? never : route.abort()));
  await shows(page, 'The fox said');
  // The browser refuses it what is to be fetched at once.
  await tellOfLeaving(page);
  await page.waitForTimeout(500);
  assert.deepEqual(asked, ['fetch']);
});

test('what is seldom run and needed before it is there is fetched at once', async (t) => {
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  const { page, asked } = await openAsking(t, async (route, how) => {
    if (how === 'fetch') await released;
    await route.continue();
  });
  await shows(page, 'The fox said');
  await mark(page, 'the crow', 'c');
  await page.waitForTimeout(500);
  assert.deepEqual(asked, ['fetch', 'xhr']);
  release();
  await marksAre(page, ['Claim: the crow']);
  await saved(page);
  assert.deepEqual(asked, ['fetch', 'xhr']);
});

test('what is seldom run is there first where something is stored', async (t) => {
  const { page, asked } = await openAsking(t, (route) => route.continue());
  await mark(page, 'the crow', 'c');
  await saved(page);
  asked.length = 0;
  await page.reload();
  await marksAre(page, ['Claim: the crow']);
  assert.deepEqual(asked, ['fetch']);
});

test('a page that cannot get what it needs now says so, and opens again', async (t) => {
  let isCut = false;
  const { page, session } = await openAsking(t, (route) => (isCut ? route.abort() : route.continue()));
  session.expectProblem(/Failed to load resource|ERR_FAILED|Failed to fetch|Failed to execute 'send'/);
  await mark(page, 'the crow', 'c');
  await saved(page);
  isCut = true;
  await page.reload();
  await page.getByRole('heading', { name: 'Something went wrong, and the page stopped' }).waitFor();
  isCut = false;
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await marksAre(page, ['Claim: the crow']);
});

test('a browser without highlights shows the marks all the same', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) => context.addInitScript(() => {
      Object.defineProperty(CSS, 'highlights', { value: undefined });
      delete globalThis.Highlight;
    }),
  });
  await shows(page, 'The fox said');
  await mark(page, 'the crow', 'c');
  await marksAre(page, ['Claim: the crow']);
  await page.evaluate(() => ['beforeprint', 'afterprint'].forEach((it) => dispatchEvent(new Event(it))));
  assert.equal(await page.locator('.marks .tint').count(), 1);
  await saved(page);
});
