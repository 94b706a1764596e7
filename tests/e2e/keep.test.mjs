// What is said to be saved is saved: after a reload, and after a kill at the very next moment.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import {
  FOX,
  article,
  button,
  click,
  deployment,
  exported,
  field,
  holdWrites,
  letWritesGo,
  mark,
  marksAre,
  openArticle,
  painted,
  saved,
  selected,
  shows,
  until,
} from './acts.mjs';
import { openPage } from './harness.mjs';

const LONG = Array.from({ length: 120 }, (_, n) => `Line ${n + 1} of a long text.`).join('\n\n');
const ARTICLES = { fox: FOX, long: LONG };

test('a reload brings back annotations, the article, and the place in it', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await openArticle(page, 'long', 'Line 1 of');
  await article(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Control+ArrowLeft');
  await page.keyboard.press('Shift+Control+ArrowLeft');
  await page.keyboard.press('d');
  await marksAre(page, ['Denial: text']);
  await saved(page);
  // The place is remembered a moment after the caret came to rest, before the last full stop.
  await until(async () => (await viewOf(page, 'article/trial/long'))?.caret, LONG.length - 1);
  await page.reload();
  await shows(page, 'Line 120 of');
  await marksAre(page, ['Denial: text']);
  await until(async () => (await painted(page))['orange-0'], ['text']);
  await article(page).focus();
  await page.locator('.caret').waitFor();
  const { y } = await page.locator('.caret').boundingBox();
  assert.ok(y > 0 && y < 900, `the caret is on the screen, at ${y}`);
  await page.keyboard.press('Shift+Control+ArrowLeft');
  assert.equal(await selected(page), 'text', 'the caret stands where it stood');
  await openArticle(page, 'fox', 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
});

test('a browser killed the moment it says “Saved” has lost nothing', async (t) => {
  const session = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(session.page, 'The fox said');
  await saved(session.page);
  const expected = [];
  for (const [words, key, row] of [
    ['fox said', 'c', 'Claim: fox said'],
    ['I ran home', 'q', 'Quote: I ran home'],
    ['The crow denied', 'd', 'Denial: The crow denied'],
  ]) {
    await killedWhenSaved(session, () => mark(session.page, words, key));
    expected.push(row);
    await shows(session.page, 'The fox said');
    await marksAre(session.page, expected);
  }
  // So much at once that the disk takes its time.
  const note = 'A note that goes on. '.repeat(10_000);
  await click(session.page, 'crow denied');
  await killedWhenSaved(session, () => field(session.page, 'Note').fill(note));
  await shows(session.page, 'The fox said');
  await click(session.page, 'crow denied');
  // A field gets what it shows a moment after it is there.
  const shown = () => field(session.page, 'Note').inputValue();
  await until(async () => (await shown()) !== '', true);
  assert.equal((await shown()) === note, true, 'the note is there');
});

/**
 * Does something, kills the browser as soon as the page goes from saving to “Saved”, without a
 * moment's thought of ours between, and starts it again.
 */
async function killedWhenSaved(session, act) {
  let killed;
  const gone = new Promise((done) => {
    session.page.exposeFunction('testSaved', () => done((killed = session.kill()))).catch(() => {});
  });
  await session.page.waitForFunction(() => 'testSaved' in globalThis);
  await session.page.evaluate(() => {
    const status = [...document.querySelectorAll('[role="status"]')].find((it) =>
      /^Sav(ed|ing…)$/.test(it.textContent),
    );
    let saving = false;
    new MutationObserver(() => {
      if (status.textContent !== 'Saved') saving = true;
      else if (saving) globalThis.testSaved();
    }).observe(status, { childList: true, characterData: true, subtree: true });
  });
  // The browser may be gone before the act has been answered.
  await Promise.race([act().catch(() => {}), gone]);
  await gone;
  await killed;
  await session.launch();
}

test('the page says “Saved” only when the transaction is complete', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) => context.addInitScript(holdWrites),
  });
  await shows(page, 'The fox said');
  await saved(page);
  await page.evaluate(() => (globalThis.slow = true));
  await mark(page, 'I ran home', 'c');
  await page.waitForFunction(() => globalThis.held.length > 0);
  await marksAre(page, ['Claim: I ran home']);
  assert.equal(await page.getByRole('status').filter({ hasText: /^Saved$/ }).count(), 0);
  await page.getByText('Saving…').waitFor();
  await letWritesGo(page);
  await saved(page);
});

test('every write of work is strictly durable', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) =>
      context.addInitScript(() => {
        globalThis.writes = [];
        const own = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
          if (mode === 'readwrite') {
            globalThis.writes.push({ stores: [stores].flat().map(String), ...options });
          }
          return own.call(this, stores, mode, options);
        };
      }),
  });
  await shows(page, 'The fox said');
  await saved(page);
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await button(page, 'Undo').click();
  await marksAre(page, []);
  await saved(page);
  const writes = await page.evaluate(() => globalThis.writes);
  const work = writes.filter(({ stores }) => ['commits', 'records', 'texts'].some((it) => stores.includes(it)));
  assert.ok(work.filter(({ stores }) => stores.includes('commits')).length >= 2, 'work was written');
  assert.deepEqual(work.filter(({ durability }) => durability !== 'strict'), []);
});

test('undo and redo go on after a reload, in another article too', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await openArticle(page, 'long', 'Line 1 of');
  await mark(page, 'Line 2 of', 'q');
  await saved(page);
  await page.reload();
  await shows(page, 'Line 1 of');
  await marksAre(page, ['Quote: Line 2 of']);
  await button(page, 'Undo').click();
  await marksAre(page, []);
  await button(page, 'Undo').click();
  await shows(page, 'The fox said');
  await page.getByText('Undone: claim marked, in “fox”').first().waitFor();
  await marksAre(page, []);
  await saved(page);
  await page.reload();
  await shows(page, 'The fox said');
  await button(page, 'Redo').click();
  await marksAre(page, ['Claim: I ran home']);
  await button(page, 'Redo').click();
  await shows(page, 'Line 1 of');
  await marksAre(page, ['Quote: Line 2 of']);
});

test('a failed write is said, kept, and made good', async (t) => {
  const session = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) =>
      context.addInitScript(() => {
        const own = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
          if (globalThis.full && mode === 'readwrite') {
            throw new DOMException('the disk is full', 'QuotaExceededError');
          }
          return own.call(this, stores, mode, options);
        };
      }),
  });
  const { page } = session;
  await shows(page, 'The fox said');
  await saved(page);
  await page.evaluate(() => (globalThis.full = true));
  await mark(page, 'I ran home', 'c');
  await page.getByText('Not saved').waitFor();
  await marksAre(page, ['Claim: I ran home']);
  await page.evaluate(() => (globalThis.full = false));
  await button(page, 'Try again').click();
  await saved(page);
  await page.reload();
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
});

test('saving waits for no answer to whether the browser keeps the work', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) =>
      context.addInitScript(() => {
        // As a browser that asks the person, who does not answer.
        StorageManager.prototype.persist = () => new Promise(() => {});
      }),
  });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await mark(page, 'The crow', 'd');
  await marksAre(page, ['Claim: I ran home', 'Denial: The crow']);
  await saved(page);
  await page.reload();
  await marksAre(page, ['Claim: I ran home', 'Denial: The crow']);
});

test('work that an older version stored is brought to this one and goes on', async (t) => {
  const crow = 'The crow said that it was 😀 glad.\n';
  const session = await openPage(t, { deployment: deployment({ fox: FOX, crow }), waitFor: 'nothing' });
  const { page } = session;
  session.expectProblem(/404.*favicon/);
  const file = await readFile(new URL('../store/v1.json', import.meta.url), 'utf8');
  await page.goto(`${session.site.url}articles/index.json`);
  await page.evaluate(
    (file) =>
      new Promise((done, failed) => {
        const gone = indexedDB.deleteDatabase('avow');
        gone.onerror = () => failed(gone.error);
        gone.onsuccess = () => {
          const request = indexedDB.open('avow', 1);
          request.onupgradeneeded = () => {
            for (const [store, entries] of Object.entries(JSON.parse(file).stores)) {
              const made = request.result.createObjectStore(store);
              for (const { key, value } of entries) made.put(value, key);
            }
          };
          request.onerror = () => failed(request.error);
          request.onsuccess = () => (request.result.close(), done());
        };
      }),
    file,
  );
  await session.open();
  await shows(page, 'glad');
  await marksAre(page, ['Quote: The crow', 'Claim: it was']);
  await mark(page, 'glad', 'd');
  await saved(page);
  await page.reload();
  await marksAre(page, ['Quote: The crow', 'Claim: it was', 'Denial: glad']);
  await openArticle(page, 'fox', 'The fox said');
  await marksAre(page, ['Quote: “I ran home”', 'Denial: the fox ran']);
});

/** What the page remembers under a name. */
function viewOf(page, name) {
  return page.evaluate(
    (name) =>
      new Promise((done, failed) => {
        const request = indexedDB.open('avow');
        request.onerror = () => failed(request.error);
        request.onsuccess = () => {
          const get = request.result.transaction('views').objectStore('views').get(name);
          get.onsuccess = () => (request.result.close(), done(get.result));
          get.onerror = () => failed(get.error);
        };
      }),
    name,
  );
}

test('a start at which the storage cannot be read makes nobody else of who sits here', async (t) => {
  const session = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) =>
      context.addInitScript(() => {
        const own = IDBObjectStore.prototype.get;
        IDBObjectStore.prototype.get = function (key) {
          const request = own.call(this, key);
          if (globalThis.sessionStorage.getItem('broken')) this.transaction.abort();
          return request;
        };
      }),
  });
  const { page } = session;
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await page.evaluate(() => sessionStorage.setItem('broken', 'yes'));
  await page.reload();
  await page.getByRole('alert').getByText('nothing is kept').waitFor();
  await page.evaluate(() => sessionStorage.removeItem('broken'));
  await page.reload();
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
  await mark(page, 'The crow', 'd');
  await saved(page);
  const { json } = await exported(page);
  assert.equal(json.annotators.length, 1);
});
