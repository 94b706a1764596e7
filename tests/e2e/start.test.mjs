// A start that fails reaches the rescue script, whatever the cause.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './harness.mjs';

/** Opens a page whose start is made to fail, and gives the error that the rescue script got. */
async function rescuedFrom(t, spoil) {
  const session = await openPage(t, {
    waitFor: 'nothing',
    before: async (page, context) => {
      // Stands between the rescue script and whoever calls it.
      await context.addInitScript(() => {
        let rescue;
        Object.defineProperty(globalThis, 'avowRescue', {
          set: (own) => (rescue = own),
          get: () => (error) => {
            globalThis.rescuedFrom ??= String(error?.message ?? error);
            rescue(error);
          },
        });
      });
      await spoil(page, context);
    },
  });
  session.expectProblem(/./);
  await session.page.waitForFunction(() => globalThis.rescuedFrom !== undefined);
  return { page: session.page, error: await session.page.evaluate(() => globalThis.rescuedFrom) };
}

async function assertShown(page) {
  await page.getByRole('heading', { name: 'Something went wrong, and the page stopped' }).waitFor();
  assert.equal(await page.getByText('Opening Avow…').isVisible(), false);
}

test('rescue: the wasm file is missing', async (t) => {
  const { page } = await rescuedFrom(t, (page) =>
    page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'none' })),
  );
  await assertShown(page);
});

test('rescue: the wasm file is cut short', async (t) => {
  const { page } = await rescuedFrom(t, (page) =>
    page.route('**/*.wasm', (route) =>
      route.fulfill({ contentType: 'application/wasm', body: Buffer.from([0, 97, 115, 109, 1, 0, 0]) }),
    ),
  );
  await assertShown(page);
});

test('rescue: the network fails', async (t) => {
  const { page } = await rescuedFrom(t, (page) => page.route('**/*.wasm', (route) => route.abort()));
  await assertShown(page);
});

test('rescue: the script file is missing', async (t) => {
  const { page } = await rescuedFrom(t, (page) =>
    page.route(/\/avow-[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: 'none' })),
  );
  await assertShown(page);
});

test('rescue: the browser has no WebAssembly', async (t) => {
  const { page, error } = await rescuedFrom(t, (_, context) =>
    context.addInitScript(() => delete globalThis.WebAssembly),
  );
  assert.match(error, /WebAssembly/);
  await assertShown(page);
});

test('without scripts, the page says what it needs', async (t) => {
  const session = await openPage(t, { waitFor: 'nothing', context: { javaScriptEnabled: false } });
  // Playwright's search by text leaves out what is in a noscript.
  await session.page.locator('noscript p').first().waitFor({ state: 'visible' });
  assert.equal(await session.page.getByText('Opening Avow…').isVisible(), false);
});
