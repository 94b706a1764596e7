// The built page opens and starts under its own policy, wherever it lies; what fails is shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { axe, openPage } from './harness.mjs';

test('the page opens and starts, and reports no problem', async (t) => {
  const { page } = await openPage(t);
  assert.equal(await page.title(), 'Avow');
  await page.getByRole('navigation', { name: 'Articles' }).waitFor();
  assert.equal(await page.locator('#loading').count(), 0, 'the loading line is gone');
});

test('the page starts in a sub-path', async (t) => {
  const { page } = await openPage(t, { prefix: '/a/deep er/place/' });
  await page.getByRole('navigation', { name: 'Articles' }).waitFor();
});

test('axe finds nothing wrong with the first screen', async (t) => {
  for (const colorScheme of ['light', 'dark']) {
    const { page } = await openPage(t, { colorScheme });
    await page.getByRole('navigation', { name: 'Articles' }).waitFor();
    assert.deepEqual(await axe(page), [], colorScheme);
  }
});
