// Never a dead page: a panic, a trap and a failed start show the rescue screen under the page's
// own policy, and its file opens again in an empty browser with nothing lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, button, deployment, exported, fileOf, mark, markFox, marksAre, openFiles, saved, shows } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

async function openWork(t) {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }) });
  const { page } = session;
  await shows(page, 'The fox said');
  await markFox(page);
  return session;
}

/** The rescue screen is there; gives its file. */
async function rescued(page) {
  await page.getByRole('heading', { name: 'Something went wrong, and the page stopped' }).waitFor();
  assert.deepEqual(await axe(page), []);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Save a rescue file').click(),
  ]);
  await page.getByRole('status').filter({ hasText: 'The file was saved' }).waitFor();
  return fileOf(download);
}

/** Opens a rescue file in a browser that was never here, and exports what it brought. */
async function broughtBack(t, file) {
  const session = await openPage(t, { deployment: {} });
  session.expectProblem(/404/);
  await session.page.getByText('No articles yet').waitFor();
  await openFiles(session.page, [{ name: file.name, text: file.text }]);
  await shows(session.page, 'The fox said');
  await saved(session.page);
  return exported(session.page);
}

test('a failed start: what was done before is rescued, and nothing is lost', async (t) => {
  const session = await openWork(t);
  const before = await exported(session.page);
  session.expectProblem(/./);
  await session.page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'none' }));
  await session.page.reload();
  const file = await rescued(session.page);
  const after = await broughtBack(t, file);
  assert.equal(after.text, before.text);

  // The page works again once its file is there again.
  await session.page.unroute('**/*.wasm');
  await button(session.page, 'Reload the page').click();
  await shows(session.page, 'The fox said');
  await marksAre(session.page, ['Quote: “I ran home”', 'Denial: the fox ran']);
});

test('a trap inside the page’s wasm: what was saved is rescued', async (t) => {
  const session = await openWork(t);
  const before = await exported(session.page);
  session.expectProblem(/./);
  await session.page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: withTraps(await response.body()) });
  });
  await session.page.reload();
  const file = await rescued(session.page);
  const details = await session.page.locator('.rescue-details').textContent();
  assert.match(details, /RuntimeError|unreachable/);
  const after = await broughtBack(t, file);
  assert.equal(after.text, before.text);
});

test('a trap that only the window hears of shows the screen too', async (t) => {
  const session = await openWork(t);
  session.expectProblem(/./);
  await session.page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('unreachable');
    dispatchEvent(new ErrorEvent('error', { error, message: error.message }));
  });
  await rescued(session.page);
});

test('a panic shows the screen, nothing is lost, and nothing beneath it acts', async (t) => {
  const session = await openWork(t);
  const before = await exported(session.page);
  session.expectProblem(/./);
  // What renders the page cannot put an element in its place, and gives up. Any rendering does, so
  // that the button is pressed at once.
  await button(session.page, 'Paste text').evaluate((element) => {
    Node.prototype.insertBefore = () => {
      throw new Error('the document is broken');
    };
    element.click();
  });
  const file = await rescued(session.page);
  const details = await session.page.locator('.rescue-details').textContent();
  assert.match(details, /panicked|RuntimeError/);
  assert.equal(await session.page.evaluate(() => document.querySelector('#app').inert), true);
  const after = await broughtBack(t, file);
  assert.equal(after.text, before.text);
});

test('what extensions throw does not stop the page', async (t) => {
  const session = await openWork(t);
  await session.page.evaluate(() => {
    dispatchEvent(new ErrorEvent('error', { message: 'Script error.' }));
    dispatchEvent(new ErrorEvent('error', { error: new Error('ResizeObserver loop completed') }));
  });
  assert.equal(await session.page.locator('.rescue').count(), 0);
  await mark(session.page, 'The crow', 'c');
  await saved(session.page);
});

/** The same module, with a trap as the body of every long function. */
function withTraps(bytes) {
  const wasm = Buffer.from(bytes);
  let at = 8;
  const number = () => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = wasm[at++];
      value |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) return value >>> 0;
    }
  };
  while (at < wasm.length) {
    const section = wasm[at++];
    const end = number() + at;
    if (section === 10) {
      const count = number();
      for (let index = 0; index < count; index += 1) {
        const size = number();
        const next = at + size;
        for (let groups = number(); groups > 0; groups -= 1) {
          number();
          at += 1;
        }
        if (size > 3_000) {
          // `unreachable`, then `nop` for as long as it is, then `end`.
          wasm.fill(0x01, at, next);
          wasm[at] = 0x00;
          wasm[next - 1] = 0x0b;
        }
        at = next;
      }
      return wasm;
    }
    at = end;
  }
  throw new Error('the module has no code');
}
