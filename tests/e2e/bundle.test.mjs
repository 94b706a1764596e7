// The page as one file, opened from a disk.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { annotations, article, button, exported, field, list, mark, marksAre, openFiles, saved, until } from './acts.mjs';
import { ONE_FILE, openPage } from './harness.mjs';

/** Opens the file as a double click does. */
async function openFile(t, options = {}) {
  const requests = [];
  const session = await openPage(t, {
    site: { url: pathToFileURL(ONE_FILE).href, origin: 'null' },
    ...options,
    before: async (page, context) => {
      page.on('request', (request) => requests.push(request.url()));
      await options.before?.(page, context);
    },
  });
  return { session, page: session.page, requests };
}

/** The first words of the article that is open. */
const opening = async (page) => (await article(page).innerText()).trim().split(/\s+/).slice(0, 2).join(' ');

test('the file opens from a disk, and asks nobody for anything', async (t) => {
  const { page, requests, session } = await openFile(t);
  await list(page).getByRole('button').first().waitFor();
  await until(async () => (await opening(page)).length > 3, true);
  const words = await opening(page);
  await mark(page, words, 'c');
  await marksAre(page, [`Claim: ${words}`]);
  await saved(page);
  const { json, text } = await exported(page);
  assert.ok(json.articles.length > 5, 'the samples are in it');
  await button(page, 'Undo').click();
  await marksAre(page, []);
  await button(page, 'Redo').click();
  await marksAre(page, [`Claim: ${words}`]);
  await saved(page);

  await page.reload();
  await marksAre(page, [`Claim: ${words}`]);
  await mark(page, words, 'd');
  await saved(page);
  await openFiles(page, [{ name: 'work.avow.json', text }]);
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await openFiles(page, [{ name: 'page.html', text: '<p>A saved page.</p>' }]);
  await article(page).getByText('A saved page.').waitFor();
  await saved(page);
  await field(page, 'Note').count();
  await annotations(page).waitFor();
  const own = pathToFileURL(ONE_FILE).href;
  const foreign = requests.filter((url) => url !== own && !/^(data|blob):/.test(url));
  assert.deepEqual(foreign, []);
  assert.deepEqual(session.problems, []);
});

test('the file says once what it lacks', async (t) => {
  const { page } = await openFile(t);
  const told = page.getByText('This copy of Avow is one file');
  await told.waitFor();
  assert.match(await told.innerText(), /lacks: being installed and updating itself, a store of its own\./);
  await page.reload();
  await list(page).getByRole('button').first().waitFor();
  await page.waitForTimeout(500);
  assert.equal(await told.count(), 0);
});

test('what the file lacks is what this browser refuses', async (t) => {
  const { page } = await openFile(t, {
    before: (_, context) => context.addInitScript(() => {
      delete globalThis.showDirectoryPicker;
      navigator.locks.query = () => Promise.reject(new DOMException('', 'SecurityError'));
    }),
  });
  const told = page.getByText('This copy of Avow is one file');
  await told.waitFor();
  assert.match(await told.innerText(), /, copies into a folder, keeping two tabs from writing one project, /);
});

test('the file’s policy allows its own scripts and nothing else', async (t) => {
  const html = await readFile(ONE_FILE, 'utf8');
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)[1];
  assert.doesNotMatch(policy, /'self'|unsafe-inline|'unsafe-eval'|connect-src|\*/);
  assert.match(policy, /require-trusted-types-for 'script'; trusted-types avow/);
  const { page, session } = await openFile(t, {
    before: (_, context) =>
      context.addInitScript(() => {
        globalThis.acts = {
          markup: () => (document.createElement('p').innerHTML = '<b>x</b>'),
          policy: () => trustedTypes.createPolicy('avow', { createHTML: (html) => html }),
          script: () => {
            const script = document.createElement('script');
            script.append('globalThis.ran = true');
            document.body.append(script);
          },
          worker: () => new Worker(URL.createObjectURL(new Blob(['0']))),
          evaluate: () => (0, eval)('1'),
          network: () => new Promise((done, failed) => {
            const request = new XMLHttpRequest();
            request.onload = done;
            request.onerror = () => failed(new TypeError('refused'));
            request.open('GET', 'http://127.0.0.1:9/');
            request.send();
          }),
        };
      }),
  });
  session.expectProblem(/policy violation|Content Security Policy|trusted ?types|TrustedScript|TrustedHTML|request to elsewhere/i);
  const thrownBy = (act) =>
    page.evaluate((act) => new Promise((done) => setTimeout(async () => {
      try {
        await globalThis.acts[act]();
        done('nothing');
      } catch (error) {
        done(error.name);
      }
    })), act);
  for (const act of ['markup', 'policy', 'script', 'worker', 'network']) {
    const thrown = await thrownBy(act);
    if (act === 'script') assert.equal(await page.evaluate(() => globalThis.ran), undefined);
    else assert.equal(thrown, 'TypeError', act);
  }
  assert.equal(await thrownBy('evaluate'), 'EvalError');
});
