// The page is left for a newer build only when its person agrees and all is saved.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { button, exported, holdWrites, letWritesGo, mark, marksAre, saved, shows, until } from './acts.mjs';
import { A, B, NEWER, OUTDATED, buildOf, buildShown, deploy, look, openKept, pathOf } from './builds.mjs';
import { started } from './harness.mjs';

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
