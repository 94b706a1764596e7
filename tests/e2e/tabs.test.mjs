// One tab writes a project; others read, say so, and can take over.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, button, deployment, list, mark, marks, marksAre, openArticle, saved, shows } from './acts.mjs';
import { openPage } from './harness.mjs';

/** A tab in which the fox is marked, and that is saved. */
async function openMarked(t, options) {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }), ...options });
  await shows(session.page, 'The fox said');
  await mark(session.page, 'I ran home', 'c');
  await marksAre(session.page, ['Claim: I ran home']);
  await saved(session.page);
  return session;
}

test('a second tab only reads, says so, and can take over', async (t) => {
  const session = await openMarked(t);
  const first = session.page;

  const second = await session.newTab();
  await shows(second, 'The fox said');
  await second.getByRole('status').getByText('Reading only').waitFor();
  await marksAre(second, ['Claim: I ran home']);
  // It follows what the first does, undo too.
  await mark(first, 'fox said', 'q');
  await marksAre(second, ['Quote: fox said', 'Claim: I ran home']);
  await button(first, 'Undo').click();
  await marksAre(second, ['Claim: I ran home']);
  await mark(second, 'The crow', 'd');
  await second.getByText('Another tab is annotating this project').waitFor();
  assert.deepEqual(await marks(second), ['Claim: I ran home']);

  await button(second, 'Take over').first().click();
  await saved(second);
  await first.getByRole('status').getByText('Reading only').waitFor();
  await mark(second, 'The crow', 'd');
  await marksAre(second, ['Claim: I ran home', 'Denial: The crow']);
  await saved(second);
  await mark(first, 'fox said', 'q');
  await first.getByText('Another tab is annotating this project').waitFor();
  await marksAre(first, ['Claim: I ran home', 'Denial: The crow']);

  await button(first, 'Take over').first().click();
  await saved(first);
  await marksAre(first, ['Claim: I ran home', 'Denial: The crow']);
  await second.getByRole('status').getByText('Reading only').waitFor();
});

test('a tab that closes leaves the project to the next', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }) });
  const second = await session.context.newPage();
  await shows(session.page, 'The fox said');
  await session.page.close();
  await session.open(second);
  await shows(second, 'The fox said');
  await saved(second);
  await mark(second, 'I ran home', 'c');
  await marksAre(second, ['Claim: I ran home']);
});

test('a project in which nothing was done yet can be taken over too', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }) });
  const first = session.page;
  await shows(first, 'The fox said');
  const second = await session.newTab();
  await shows(second, 'The fox said');
  await button(second, 'Take over').click();
  await saved(second);
  await mark(second, 'I ran home', 'c');
  await marksAre(second, ['Claim: I ran home']);
  await saved(second);
  await first.getByRole('status').getByText('Reading only').waitFor();
});

test('a tab that only shows what the page carries follows the first act of another', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX, crow: 'A crow flew.\n' }) });
  const first = session.page;
  await shows(first, 'The fox said');
  const second = await session.newTab();
  await shows(second, 'The fox said');
  await mark(first, 'I ran home', 'c');
  await marksAre(second, ['Claim: I ran home']);
  await openArticle(first, 'crow', 'A crow flew');
  await mark(first, 'A crow', 'd');
  await list(second).getByRole('button', { name: 'crow' }).getByText('1', { exact: true }).waitFor();
  await openArticle(second, 'crow', 'A crow flew');
  await marksAre(second, ['Denial: A crow']);
});

test('a tab that is taken over from first saves what it has', async (t) => {
  const session = await openMarked(t, {
    before: (page) =>
      page.addInitScript(() => {
        // What is written waits while the test says so, as on a slow disk.
        const own = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
          if (globalThis.slow && mode === 'readwrite' && [stores].flat().includes('commits')) {
            throw new DOMException('the disk is slow', 'TimeoutError');
          }
          return own.call(this, stores, mode, options);
        };
      }),
  });
  const first = session.page;
  const second = await session.newTab();
  await shows(second, 'The fox said');
  await first.evaluate(() => (globalThis.slow = true));
  await mark(first, 'The crow', 'd');
  await first.getByText('Not saved').waitFor();
  await button(first, 'Save as a file').waitFor();
  await button(second, 'Take over').first().click();
  // At once, for the page tries again by itself too.
  await button(first, 'Try again').evaluate((again) => {
    globalThis.slow = false;
    again.click();
  });
  await saved(second);
  await marksAre(second, ['Claim: I ran home', 'Denial: The crow']);
  await first.getByRole('status').getByText('Reading only').waitFor();
});

test('a tab that does not answer is taken over from, and told', async (t) => {
  const session = await openMarked(t, {
    before: (page) => page.addInitScript(() => delete globalThis.BroadcastChannel),
  });
  const first = session.page;
  const second = await session.newTab();
  await shows(second, 'The fox said');
  await button(second, 'Take over').first().click();
  await saved(second);
  await first.getByRole('status').getByText('Reading only').waitFor();
  await mark(second, 'The crow', 'd');
  await marksAre(second, ['Claim: I ran home', 'Denial: The crow']);
});

test('a page that must make way for a newer one says so, and a newer database is left alone', async (t) => {
  const session = await openMarked(t);
  const { page } = session;
  session.expectProblem(/404.*favicon/);
  const newer = await session.context.newPage();
  await newer.goto(`${page.url()}articles/index.json`);
  await newer.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.open('avow', 1000);
        request.onsuccess = () => (request.result.close(), done());
        request.onerror = () => failed(request.error);
      }),
  );
  await page.getByText('a newer version of this page').waitFor();
  await mark(page, 'The crow', 'd');
  await page.getByText('Not saved').waitFor();
  await page.reload();
  await page.getByText(/changed by another version of this page/).waitFor();
});
