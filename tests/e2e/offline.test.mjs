// The page works without network after the first visit, and leaves for a newer build only when its
// person agrees and all is saved.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  FOX,
  button,
  deployment,
  exported,
  holdWrites,
  letWritesGo,
  mark,
  marksAre,
  openArticle,
  saved,
  shows,
  until,
} from './acts.mjs';
import { anotherBuild, buildOf, builtFiles } from './builds.mjs';
import { openPage, serveSite, started } from './harness.mjs';

const ARTICLES = { fox: FOX, owl: 'The owl hooted.\n', hare: 'The hare slept.\n' };
const NEWER = 'A newer version of this page is ready.';
const OUTDATED = 'Another version of this page is in use now.';

const A = await builtFiles();
const B = anotherBuild(A);

/** Opens build A where it may keep itself, and waits until it has. */
async function openKept(t, options = {}) {
  const site = await serveSite({ deployment: deployment(ARTICLES), files: A, ...options });
  const session = await openPage(t, { site, serviceWorkers: 'allow', ...options });
  t.after(() => site.close());
  await shows(session.page, 'The fox said');
  await kept(session.page);
  return { page: session.page, session, site };
}

/** Waits until the page's files and its articles are kept. */
async function kept(page) {
  const articles = () =>
    page.evaluate(async () => {
      const name = (await caches.keys()).find((name) => name.endsWith('articles'));
      if (!name || !navigator.serviceWorker.controller) return 0;
      return (await (await caches.open(name)).keys()).length;
    });
  // The texts, and the list of them.
  await until(articles, Object.keys(ARTICLES).length + 1, 15_000);
}

const buildShown = (page) =>
  page.evaluate(() => document.querySelector('meta[name="avow-build"]').content);

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

/** The host has another build now, and the page looks for it. */
async function deploy(page, site, files) {
  site.files = files;
  await look(page);
}

const look = (page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());

/** Where a file's name holds a hash: the one path that fits. */
const pathOf = (files, pattern) => Object.keys(files).find((path) => pattern.test(path));

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

test('a newer build waits until the person agrees', async (t) => {
  const { page, site } = await openKept(t);
  await deploy(page, site, B);
  await page.getByText(NEWER).waitFor();
  await page.reload();
  await shows(page, 'The fox said');
  assert.equal(await buildShown(page), buildOf(A), 'a reload is no agreement');
  await page.getByText(NEWER).waitFor();
  await button(page, 'Update now').click();
  await until(() => buildShown(page).catch(() => ''), buildOf(B));
  await started(page);
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await exported(page);
  assert.equal(await page.getByText(OUTDATED).count(), 0);
  // No tab of the older build is left.
  await until(() => page.evaluate(async () => (await caches.keys()).filter((name) => / build /.test(name)).length), 1);
});

test('a page looks for a newer build when it is seen again, at most once an hour', async (t) => {
  const { page, site } = await openKept(t, {
    before: (_, context) =>
      context.addInitScript(() => {
        globalThis.looks = 0;
        const own = ServiceWorkerRegistration.prototype.update;
        ServiceWorkerRegistration.prototype.update = function () {
          globalThis.looks += 1;
          return own.call(this);
        };
      }),
  });
  site.files = B;
  const looksWhenSeen = () =>
    page.evaluate(() => {
      document.dispatchEvent(new Event('visibilitychange'));
      return globalThis.looks;
    });
  assert.equal(await looksWhenSeen(), 0);
  await page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 3_600_001;
  });
  assert.equal(await looksWhenSeen(), 1);
  assert.equal(await looksWhenSeen(), 1);
  await page.getByText(NEWER).waitFor();
});

test('an update never comes while something is unsaved', async (t) => {
  const { page, site } = await openKept(t, {
    before: (_, context) => context.addInitScript(holdWrites),
  });
  await deploy(page, site, B);
  await page.getByText(NEWER).waitFor();
  await page.evaluate(() => (globalThis.slow = true));
  await mark(page, 'I ran home', 'c');
  await page.getByText('Saving…').waitFor();
  await button(page, 'Update now').click();
  await page.getByText('as soon as all is saved').waitFor();
  await page.waitForTimeout(1_000);
  assert.equal(await buildShown(page), buildOf(A));
  await page.getByText('Saving…').waitFor();
  await letWritesGo(page);
  await until(() => buildShown(page).catch(() => ''), buildOf(B));
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
});

test('another tab of the older build works on, is told, and is never reloaded by itself', async (t) => {
  const { page, session, site } = await openKept(t);
  const second = await session.newTab();
  await shows(second, 'The fox said');
  await deploy(page, site, B);
  await button(page, 'Update now').click();
  await until(() => buildShown(page).catch(() => ''), buildOf(B));
  await second.getByText(OUTDATED).waitFor();
  assert.equal(await buildShown(second), buildOf(A));
  // What it has not fetched yet is no more on the host.
  await exported(second);
  assert.equal(await buildShown(second), buildOf(A));
  await button(second, 'Reload now').click();
  await until(() => buildShown(second).catch(() => ''), buildOf(B));
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

test('a host in the middle of an upload is not mixed with what is kept', async (t) => {
  const { page, session, site } = await openKept(t);
  const heavy = pathOf(B, /heavy_bg\.wasm$/);
  // Everything of the newer build is there but one file, which is cut short.
  site.files = { ...B, [heavy]: B[heavy].subarray(0, 1000) };
  await look(page).catch(() => {});
  await until(() => page.evaluate(async () => {
    const { installing, waiting } = await navigator.serviceWorker.getRegistration();
    const builds = (await caches.keys()).filter((name) => / build /.test(name));
    return [installing, waiting, builds.length];
  }), [null, null, 1]);
  assert.equal(await page.getByText(NEWER).count(), 0);
  await page.reload();
  await shows(page, 'The fox said');
  assert.equal(await buildShown(page), buildOf(A));
  await deploy(page, site, B);
  await page.getByText(NEWER).waitFor();
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
