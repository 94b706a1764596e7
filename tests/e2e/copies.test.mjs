// Copies outside the browser: into a folder by themselves, else by a click.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { FOX, button, deployment, dialog, mark, picksFolder, saved, shows, until } from './acts.mjs';
import { axe, openPage } from './harness.mjs';

/** The folder “Work” is picked; while the page has `denied`, the browser wants to be asked again. */
async function folderThatAsks(context) {
  await picksFolder(context);
  await context.addInitScript(() => {
    const own = FileSystemHandle.prototype.queryPermission;
    FileSystemHandle.prototype.queryPermission = async function (options) {
      return localStorage.getItem('denied') ? 'prompt' : own.call(this, options);
    };
    FileSystemHandle.prototype.requestPermission = async () => {
      localStorage.removeItem('denied');
      return 'granted';
    };
  });
}

/**
 * The files of the folder, by name; not one that is being written for the first time, and is empty,
 * or is being replaced at this very moment, and cannot be read.
 */
function filesIn(page) {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const files = {};
    for await (const [folder, handle] of root.entries()) {
      if (folder !== 'Work') continue;
      for await (const [name, file] of handle.entries()) {
        // What the browser writes stands beside it until it is whole.
        if (!name.endsWith('.json')) continue;
        const text = await file.getFile().then((content) => content.text()).catch(() => '');
        if (text !== '') files[name] = text;
      }
    }
    return files;
  });
}

async function copied(page) {
  return Object.values(await filesIn(page)).map((file) =>
    JSON.parse(file).articles.flatMap(({ sets }) => sets.flatMap(({ annotations }) => annotations.map(({ spans }) => spans[0].text))),
  );
}

test('a copy is written to a chosen folder, and the next one replaces it', async (t) => {
  const session = await openPage(t, {
    deployment: deployment({ fox: FOX }),
    before: (_, context) => folderThatAsks(context),
  });
  const { page } = session;
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await button(page, 'Export').click();
  await button(page, 'Choose a folder').click();
  await dialog(page, 'Export').getByText('a copy is written to the folder “Work”').waitFor();
  await until(() => copied(page), [['I ran home']]);
  assert.match(Object.keys(await filesIn(page))[0], /^trial-\d{4}-\d\d-\d\d\.avow\.json$/);
  assert.deepEqual(await axe(page), []);
  await button(page, 'Close').click();

  await mark(page, 'The crow', 'd');
  await saved(page);
  await button(page, 'Export').click();
  await button(page, 'Write a copy now').click();
  await until(() => copied(page), [['I ran home', 'The crow']]);

  // The folder is remembered; where the browser wants to be asked again, a click does.
  await page.evaluate(() => localStorage.setItem('denied', 'yes'));
  await page.reload();
  await shows(page, 'The fox said');
  await mark(page, 'the fox ran', 'q');
  await page.getByText('Copies to the folder “Work” wait for your permission').waitFor();
  await button(page, 'Allow').click();
  // At the moment when it is replaced, there is none.
  await until(async () => (await copied(page))[0]?.length, 3);
});

test('a folder that is gone is told', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment({ fox: FOX }),
    before: (_, context) => folderThatAsks(context),
  });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await button(page, 'Export').click();
  await button(page, 'Choose a folder').click();
  await until(() => copied(page), [['I ran home']]);
  await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('Work', { recursive: true }));
  await button(page, 'Write a copy now').click();
  await page.getByText('No copy could be written to the folder “Work”: it is not there any more').waitFor();
  await button(page, 'Stop').click();
  await button(page, 'Choose a folder').waitFor();
});

test('where a browser cannot write to folders, one click saves a copy', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment({ fox: FOX }),
    before: (_, context) => context.addInitScript(() => delete globalThis.showDirectoryPicker),
  });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await page.getByText('This browser may clear what it stores').waitFor();
  const coming = page.waitForEvent('download');
  await button(page, 'Save a copy').click();
  const file = JSON.parse(await readFile(await (await coming).path(), 'utf8'));
  assert.equal(file.articles[0].sets[0].annotations[0].spans[0].text, 'I ran home');
  await button(page, 'Export').click();
  await dialog(page, 'Export').getByText('This browser cannot write to a folder by itself').waitFor();
  await dialog(page, 'Export').getByText('The last copy is of').waitFor();
});
