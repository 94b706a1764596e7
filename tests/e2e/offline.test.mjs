// The page works without network after the first visit, and parts of two builds never work together.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { button, deployment, exported, mark, marksAre, openArticle, saved, sharded, shows, until } from './acts.mjs';
import { A, ARTICLES, B, NEWER, OUTDATED, buildOf, buildShown, openKept, pathOf } from './builds.mjs';
import { openPage, serveSite, started } from './harness.mjs';

/** What `work`, run in the page, does to the cache of this build. */
const inCache = (page, build, work, argument) =>
  page.evaluate(
    async ([build, work, argument]) => {
      const name = (await caches.keys()).find((name) => name.endsWith(build));
      const cache = await caches.open(name);
      // The driver's own evaluation may not evaluate strings under the page's policy.
      const acts = {
        remove: () => cache.delete(argument),
        spoil: () => cache.put(argument, new Response('spoiled')),
        text: async () => (await cache.match(argument))?.text(),
      };
      return acts[work]();
    },
    [build, work, argument],
  );

test('without network after the first visit, all works', async (t) => {
  const { page, session, site } = await openKept(t, { prefix: '/a/b/', path: '?annotator=Ada' });
  site.away = true;
  session.expectProblem(/ERR_EMPTY_RESPONSE|Failed to load/);
  await openArticle(page, 'owl', 'The owl hooted');
  await mark(page, 'The owl', 'c');
  await marksAre(page, ['Claim: The owl']);
  await saved(page);
  await page.reload();
  await openArticle(page, 'owl', 'The owl hooted');
  await marksAre(page, ['Claim: The owl']);
  const { json } = await exported(page);
  assert.equal(json.articles.length, 3);
  assert.equal(json.annotators[0].name, 'Ada');
  // By another address of the same page, as an installed app opens it.
  await page.goto(site.url);
  await started(page);
  await openArticle(page, 'hare', 'The hare slept');
});

for (const ranges of [true, false]) {
  test(`without network, articles in shards open; before, the host gave ${ranges ? 'parts' : 'whole files alone'}`, async (t) => {
    const { page, session, site } = await openKept(t, { deployment: sharded(ARTICLES), files: 2, ranges });
    await openArticle(page, 'owl', 'The owl hooted');
    site.away = true;
    session.expectProblem(/ERR_EMPTY_RESPONSE|Failed to load/);
    await openArticle(page, 'hare', 'The hare slept');
    await page.reload();
    await openArticle(page, 'owl', 'The owl hooted');
    await mark(page, 'The owl', 'c');
    await marksAre(page, ['Claim: The owl']);
    await saved(page);
  });
}

test('a shard that is damaged is of no use, and fetched again', async (t) => {
  const { page, session, site } = await openKept(t, { deployment: sharded(ARTICLES), files: 2 });
  await inCache(page, 'articles', 'spoil', 'articles/shards/0.jsonl');
  await openArticle(page, 'owl', 'The owl hooted');
  await page.reload();
  const shard = () => inCache(page, 'articles', 'text', 'articles/shards/0.jsonl');
  await until(async () => (await shard())?.split('\n').length, 3);
  site.away = true;
  session.expectProblem(/ERR_EMPTY_RESPONSE|Failed to load/);
  await page.reload();
  await openArticle(page, 'hare', 'The hare slept');
});

test('the page can be installed', async (t) => {
  const { page } = await openKept(t);
  const client = await page.context().newCDPSession(page);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  // A private window installs nothing; this one's data is thrown away in the end.
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
  const { data, errors } = await client.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, 'standalone');
  for (const { src, sizes, type } of manifest.icons) {
    const response = await page.request.get(new URL(src, page.url()).href);
    assert.equal(response.headers()['content-type'], type, src);
    if (type !== 'image/png') continue;
    const png = await response.body();
    assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
  }
  assert.ok(manifest.icons.some(({ purpose }) => purpose === 'maskable'));
});

test('files that are damaged or missing are fetched again', async (t) => {
  const { page, session, site } = await openKept(t);
  const wasm = pathOf(A, /^avow-.*\.wasm$/);
  await inCache(page, buildOf(A), 'spoil', wasm);
  await inCache(page, buildOf(A), 'remove', 'index.html');
  await inCache(page, buildOf(A), 'remove', pathOf(A, /^boot-/));
  await page.reload();
  await shows(page, 'The fox said');
  assert.notEqual(await inCache(page, buildOf(A), 'text', wasm), 'spoiled');
  site.away = true;
  session.expectProblem(/ERR_EMPTY_RESPONSE|Failed to load/);
  await page.reload();
  await shows(page, 'The fox said');
});

test('where a file of this build is lost for good, the newer page opens', async (t) => {
  const { page, site } = await openKept(t);
  await inCache(page, buildOf(A), 'spoil', pathOf(A, /^avow-.*\.wasm$/));
  site.files = B;
  await page.reload();
  await shows(page, 'The fox said');
  assert.equal(await buildShown(page), buildOf(B));
  // And its own service worker takes over, since there is nothing to agree to.
  await until(async () => {
    const names = await page.evaluate(() => caches.keys());
    return names.filter((name) => / build /.test(name)).map((name) => name.split(' ').pop());
  }, [buildOf(B)]);
  assert.equal(await page.getByText(OUTDATED).count(), 0);
  assert.equal(await page.getByText(NEWER).count(), 0);
});

test('articles come from the network first, and nothing but articles is kept as such', async (t) => {
  const { page, site, session } = await openKept(t);
  site.deployment = deployment({ ...ARTICLES, mole: 'The mole dug.\n' });
  await page.reload();
  await openArticle(page, 'mole', 'The mole dug');
  // A network that asks to log in first answers everything with its own page.
  site.deployment = { 'index.json': '<!DOCTYPE html><title>Log in</title>' };
  await page.reload();
  await openArticle(page, 'mole', 'The mole dug');
  await openArticle(page, 'owl', 'The owl hooted');
  assert.equal(await page.getByText('could not be opened').count(), 0);
  site.away = true;
  session.expectProblem(/ERR_EMPTY_RESPONSE|Failed to load/);
  await page.reload();
  await openArticle(page, 'owl', 'The owl hooted');
});

test('a worker of another build is refused, and a reload offered', async (t) => {
  const loader = pathOf(A, /heavy_loader\.js$/);
  const old = Buffer.from(String(A[loader]).replace(/avowBuild="\w+"/, 'avowBuild="older"'));
  const site = await serveSite({ deployment: deployment(ARTICLES), files: { ...A, [loader]: old } });
  t.after(() => site.close());
  const { page } = await openPage(t, { site });
  await shows(page, 'The fox said');
  await button(page, 'Export').click();
  await page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'Download' }).click();
  await page.getByText('of another version of this page').waitFor();
  await page.getByText(OUTDATED).waitFor();
  site.files = A;
  await button(page, 'Reload now').click();
  await shows(page, 'The fox said');
  await exported(page);
});

test('a second part of another build is refused', async (t) => {
  const part = pathOf(A, /^work-.*\.wasm$/);
  // One more section, which no browser minds.
  const other = Buffer.concat([A[part], Buffer.from([0, 2, 1, 120])]);
  const site = await serveSite({ deployment: deployment(ARTICLES), files: { ...A, [part]: other } });
  t.after(() => site.close());
  const session = await openPage(t, { site });
  const { page } = session;
  session.expectProblem(/integrity|Failed to fetch/);
  await shows(page, 'The fox said');
  await button(page, 'Export').click();
  await page.getByText('A part of this page could not be fetched').waitFor();
  site.files = A;
  await page.reload();
  await shows(page, 'The fox said');
  await button(page, 'Export').click();
  await page.getByRole('dialog', { name: 'Export' }).waitFor();
});

test('a page that is blocked from keeping itself works all the same', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(ARTICLES),
    before: (_, context) =>
      context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined })),
  });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
});
