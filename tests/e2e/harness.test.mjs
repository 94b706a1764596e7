// The harness itself: a killed browser is really dead, and its data outlives it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { axe, killBrowser, openPage, Session } from './harness.mjs';

test('stored data outlives a browser that is killed', async (t) => {
  const session = await openPage(t);
  await session.page.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.open('harness', 1);
        request.onerror = () => failed(request.error);
        request.onupgradeneeded = () => request.result.createObjectStore('values');
        request.onsuccess = () => {
          const act = request.result.transaction('values', 'readwrite', { durability: 'strict' });
          act.objectStore('values').put('kept', 'key');
          act.oncomplete = () => done();
          act.onerror = () => failed(act.error);
        };
      }),
  );
  await session.kill();
  assert.equal(await killBrowser(session.userDataDir), 0, 'no process is left');
  await session.launch();
  const value = await session.page.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.open('harness', 1);
        request.onerror = () => failed(request.error);
        request.onsuccess = () => {
          const get = request.result.transaction('values').objectStore('values').get('key');
          get.onsuccess = () => done(get.result);
          get.onerror = () => failed(get.error);
        };
      }),
  );
  assert.equal(value, 'kept');
});

test('a problem that the page reports fails the test, unless it was expected', async () => {
  for (const [act, kind] of [
    [() => console.error('bad'), 'console error'],
    [() => setTimeout(() => Promise.reject(new Error('bad'))), 'uncaught error'],
    [() => void fetch('http://127.0.0.1:9/').catch(() => {}), 'policy violation'],
  ]) {
    const session = new Session({});
    try {
      await session.start();
      session.checkProblems();
      await session.page.evaluate(act);
      await session.waitForProblem(new RegExp(kind));
      assert.throws(() => session.checkProblems(), new RegExp(kind));
      session.expectProblem(/./);
      session.checkProblems();
    } finally {
      await session.close();
    }
  }
});

test('axe finds what is wrong', async (t) => {
  const { page } = await openPage(t);
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
    document.body.append(image);
  });
  assert.match((await axe(page)).join('\n'), /image-alt/);
});

test('a deployment of the test takes the place of the samples', async (t) => {
  const deployment = { 'index.json': { title: 'Trial' }, 'deep/a.txt': 'A text.' };
  const session = await openPage(t, { deployment });
  session.expectProblem(/404/);
  const fetched = (name) =>
    session.page.evaluate(async (name) => {
      const response = await fetch(`articles/${name}`);
      return response.ok ? response.text() : response.status;
    }, name);
  assert.equal(await fetched('deep/a.txt'), 'A text.');
  assert.equal(await fetched('index.json'), '{"title":"Trial"}');
  assert.equal(await fetched('none.txt'), 404);
});
