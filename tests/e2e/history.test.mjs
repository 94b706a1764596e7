// The history of an article: every act of it, a look back at any point, and the way back.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, annotations, article, button, deployment, mark, markFox, marksAre, painted, saved, shows, until } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const history = (page) => page.getByRole('complementary', { name: 'History of the article' });

/** Whether some words are marked in the text. */
async function isPainted(page, words) {
  return Object.values(await painted(page)).flat().includes(words);
}

test('by mouse: look back, and bring back what was deleted', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await markFox(page);
  await page.keyboard.press('x');
  await marksAre(page, ['Quote: “I ran home”']);
  await saved(page);
  await page.reload();
  await shows(page, 'The fox said');
  await button(page, 'History').click();
  const rows = history(page).getByRole('listitem');
  await rows.first().getByText('Annotation deleted').waitFor();
  assert.match(await rows.first().textContent(), /the fox ran.*\d{4}/s);
  await rows.filter({ hasText: 'Denial marked' }).getByRole('button').click();
  await page.getByText('The article as it was on').waitFor();
  await until(async () => isPainted(page, 'the fox ran'), true);
  // What was is not changed.
  await mark(page, 'The crow', 'c');
  await page.getByText('This is the article as it was').waitFor();
  assert.deepEqual(await axe(page), []);
  await button(page, 'Bring this back').click();
  await marksAre(page, ['Quote: “I ran home”', 'Denial: the fox ran']);
  await saved(page);
  await button(page, 'Undo').click();
  await marksAre(page, ['Quote: “I ran home”']);
});

test('by keyboard: through the whole history and back to now', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await mark(page, 'The crow', 'd');
  await saved(page);
  await page.keyboard.press('h');
  await history(page).getByText('Denial marked').waitFor();
  await page.keyboard.press('j');
  await page.getByText('The article as it was on').waitFor();
  await until(async () => isPainted(page, 'The crow'), false);
  await page.keyboard.press('k');
  await page.getByText('This is the article now').waitFor();
  await page.keyboard.press('Escape');
  await annotations(page).waitFor();
  await marksAre(page, ['Claim: I ran home', 'Denial: The crow']);
  assert.ok(await article(page).evaluate((text) => document.activeElement === text));
});

for (const [width, height] of [[1440, 900], [768, 1024], [360, 740]]) {
  test(`what is looked at, and the way back, stand wholly on a screen of ${width} by ${height}`, async (t) => {
    const { page } = await openPage(t, { deployment: deployment({ fox: FOX }), viewport: { width, height } });
    await shows(page, 'The fox said');
    await mark(page, 'I ran home', 'c');
    await saved(page);
    await article(page).focus();
    await page.keyboard.press('h');
    const looking = page.getByRole('group', { name: 'Looking back' });
    await looking.waitFor();
    await page.keyboard.press('j');
    await page.getByText('The article as it was on').waitFor();
    for (const it of [looking, ...(await looking.getByRole('button').all())]) {
      const box = await it.boundingBox();
      const reading = await page.getByRole('main').boundingBox();
      const within = box.x >= reading.x && box.x + box.width <= reading.x + reading.width;
      assert.ok(within && box.y + box.height <= height, `${JSON.stringify(box)} in ${JSON.stringify(reading)}`);
    }
  });
}
