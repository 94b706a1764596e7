// On a phone: nothing scrolls sideways, lists are drawers, and touch selects and marks.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, annotations, article, boxOf, button, deployment, list, marksAre, painted, saved, shows, until } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const PHONE = { width: 360, height: 740 };

async function openPhone(t) {
  const long = 'Anextremelylongwordwithoutanybreak'.repeat(6);
  const session = await openPage(t, {
    deployment: deployment({ fox: `${FOX}\n${long}\n`, owl: { text: 'An owl.\n', title: long } }),
    viewport: PHONE,
    context: { hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  });
  await shows(session.page, 'The fox said');
  return session;
}

const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Selects words as a long press does: the browser selects, and no pointer event follows. */
async function longPress(page, words) {
  await article(page).evaluate((text, words) => {
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const at = nodes.currentNode.data.indexOf(words);
      if (at < 0) continue;
      const node = nodes.currentNode;
      getSelection().setBaseAndExtent(node, at, node, at + words.length);
      return;
    }
  }, words);
}

test('nothing scrolls sideways, with either drawer open', async (t) => {
  const { page } = await openPhone(t);
  assert.equal(await sideways(page), 0);
  for (const name of ['List', 'Marks']) {
    await button(page, name).click();
    assert.equal(await sideways(page), 0, name);
    await button(page, name).click();
  }
  assert.deepEqual(await axe(page), []);
});

test('the lists are drawers', async (t) => {
  const { page } = await openPhone(t);
  const seen = (locator) =>
    locator.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const shown = getComputedStyle(element).visibility !== 'hidden';
      return shown && box.width > 0 && box.left < innerWidth && box.right > 0 && box.top < innerHeight;
    });
  // A closed drawer is out of the tree that roles are looked for in.
  const drawer = page.locator('nav[aria-label="Articles"]');
  await until(() => seen(drawer), false);
  await button(page, 'List').tap();
  await until(() => seen(drawer), true);
  await list(page).getByRole('button', { name: /^An/ }).tap();
  await shows(page, 'An owl.');
  await until(() => seen(drawer), false);
});

test('a selection by touch is marked by the bar, which lies within the screen', async (t) => {
  const { page } = await openPhone(t);
  await longPress(page, 'I ran home');
  await button(page, 'Quote').waitFor();
  const bar = await page.locator('.bar').boundingBox();
  assert.ok(bar.x >= 0 && bar.x + bar.width <= PHONE.width, `the bar is at ${JSON.stringify(bar)}`);
  await button(page, 'Quote').tap();
  await until(async () => (await painted(page))['green-0'], ['I ran home']);
  await marksAre(page, ['Quote: I ran home']);
  await saved(page);
});

test('a tap picks a mark and its inspector is there', async (t) => {
  const { page } = await openPhone(t);
  await longPress(page, 'I ran home');
  await button(page, 'Claim').tap();
  await marksAre(page, ['Claim: I ran home']);
  await saved(page);
  await page.reload();
  await shows(page, 'The fox said');
  const box = await boxOf(page, 'ran home');
  await page.touchscreen.tap(box.left + 3, box.top);
  await until(async () => (await painted(page))['avow-picked'], ['I ran home']);
  await annotations(page).getByRole('button', { name: 'Delete', exact: true }).waitFor();
});

test('speaker and cue are given by touch alone', async (t) => {
  const { page } = await openPhone(t);
  await longPress(page, '“I ran home”');
  await button(page, 'Quote').tap();
  await marksAre(page, ['Quote: “I ran home”']);
  await longPress(page, 'The fox');
  await button(page, 'As speaker').tap();
  await annotations(page).getByText('“The fox”').waitFor();
  await longPress(page, 'said');
  await button(page, 'As cue').tap();
  await annotations(page).getByRole('button', { name: /^Cue/ }).getByText('said').waitFor();
  assert.equal(await sideways(page), 0);
  assert.deepEqual(await axe(page), []);
});
