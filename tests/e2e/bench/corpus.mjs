// A project of many articles: how it is taken in, opened, looked through and written, and what the page's
// process needs of memory for that.

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { article as textBox, list, openArticle, saved } from '../acts.mjs';
import { corpus, titleOf } from '../corpus.mjs';
import { Session, killBrowser } from '../harness.mjs';
import { HOOKS, exported, pressed, search, watched } from './cell.mjs';

/** The number of an article, another one each time. */
const any = (time, count) => 1 + ((time * 7_919) % count);

/** Words that stand in the text of one article. */
const rareIn = (at) => `mayor of place ${at}.`;

/**
 * Measures the page with so many articles of 5 kB. Everything is in milliseconds, but `bytes` of the file and
 * `peaks`, the most memory that the page's process had in the visit that took the file in and in the next one.
 */
export async function measureCorpus(count, { opens, times }) {
  const folder = await mkdtemp(join(tmpdir(), 'avow-corpus-'));
  const session = new Session({
    deployment: {},
    before: async (page, context) => {
      page.setDefaultTimeout(1_800_000);
      await context.addInitScript(HOOKS);
    },
  });
  try {
    const path = await corpus(join(folder, 'reports.avow.jsonl'), count);
    const found = { count, bytes: (await stat(path)).size, peaks: [] };
    await session.start();
    await session.page.getByText('No articles yet').waitFor();
    let peak = await watched(session);
    const since = performance.now();
    await session.page.getByLabel('Files to open').setInputFiles(path);
    await list(session.page).getByText(`of ${count} done`).waitFor();
    found.taken = performance.now() - since;
    await openArticle(session.page, titleOf(1), 'The engineer said');
    await saved(session.page);
    found.peaks.push(await peak());
    await session.relaunch();

    await session.page.evaluate(() => bench.times.text);
    found.open = [];
    while (found.open.length < opens) {
      await session.page.reload({ waitUntil: 'commit' });
      found.open.push(await session.page.evaluate(() => bench.times.text));
    }
    // A process in which a page was opened again and again has the memory of the older ones, for a while.
    await session.relaunch();
    const { page } = session;
    await page.evaluate(() => bench.times.text);
    peak = await watched(session);
    found.find = await typed(page, count, times);
    // In the last articles, so that all are searched before it shows.
    found.search = await search(page, Math.ceil(times / 25), (time) => rareIn(count - time));
    found.export = await exported(page);
    found.peaks.push(await peak());
    return found;
  } finally {
    if (session.userDataDir) await killBrowser(session.userDataDir);
    await session.close();
    await rm(folder, { recursive: true });
  }
}

/** From a key in the dialog that finds articles until it lists others. */
async function typed(page, count, times) {
  await textBox(page).focus();
  await page.keyboard.press('Control+k');
  await page.evaluate(() => {
    bench.shows.listed = () => [...document.querySelectorAll('#finder-rows .found-name')].map((it) => it.textContent).join('\n');
  });
  const all = [];
  for (let time = 0; all.length < times; time += 1) {
    const title = titleOf(any(time, count));
    await page.keyboard.type(title.slice(0, -4));
    for (let end = -4; end < 0; end += 1) {
      // The first of what is listed begins with what was typed.
      all.push(await pressed(page, title.at(end), 'listed', `^${title.slice(0, end + 1 || undefined)}`));
    }
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.waitForTimeout(50);
  }
  await page.keyboard.press('Escape');
  return all;
}
