// One page at one size, in a browser of its own: all that is measured there.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { article as textBox, dialog, list, openArticle, saved, shows } from '../acts.mjs';
import { Session, killBrowser, serveSite } from '../harness.mjs';
import { openAsMine } from '../long.mjs';
import { RARE } from './article.mjs';

const file = (name) => readFile(new URL(name, import.meta.url));
export const HOOKS = String(await file('hooks.js'));
const RECOGITO = createRequire(import.meta.url).resolve('@recogito/text-annotator');

// Its file for pages without a bundler still asks how it was built.
const LIBRARY = `<link rel="stylesheet" href="library.css">
<script>process = { env: { NODE_ENV: 'production' } };</script>
<script src="library.js"></script>`;

/** Milliseconds in which a page does what it has left for when it is idle. */
const IDLE = 1_000;

/** An article beside the one that is measured. */
const OTHER = { id: 'other', text: 'Nothing is marked here.\n', annotations: [] };

/**
 * The pages that are compared. `prepare` brings an article into the browser's store, from which it is
 * opened after; `beside` shows the page without that article, and gives the key that opens it; `pause` is what
 * must pass before an act counts as one of its own.
 */
export const PAGES = {
  avow: {
    name: 'Avow',
    options: () => ({ deployment: {} }),
    async prepare(page, article) {
      await openAsMine(page, [article, OTHER]);
      await saved(page);
    },
    async beside(page) {
      await openArticle(page, OTHER.id, 'Nothing is marked');
      // It is remembered which one is open, and an article that was open stays in memory.
      await page.waitForTimeout(IDLE);
      await page.reload();
      await shows(page, 'Nothing is marked');
      await page.waitForTimeout(IDLE);
      await list(page).getByRole('button', { name: 'full' }).focus();
      return 'Enter';
    },
    focus: (page) => textBox(page).focus(),
    search,
    exported,
  },
  floor: { name: 'Floor page', options: (article) => plainPage('floor', article), beside },
  spans: { name: 'Recogito, spans', ...recogito('SPANS') },
  highlights: { name: 'Recogito, CSS highlights', ...recogito('CSS_HIGHLIGHTS') },
};

function recogito(renderer) {
  return {
    options: async (article) => ({ ...(await plainPage('recogito', article)), path: `?renderer=${renderer}` }),
    beside,
    exported: async (page) => (await page.evaluate(() => bench.exported())).milliseconds,
    // What it is told within a quarter of a second is one step of its undo; an act that soon after the page
    // was opened fails in it.
    pause: 260,
  };
}

/** A plain page opens the article by a key where its address says so. */
async function beside(page) {
  const address = new URL(page.url());
  address.searchParams.set('later', '');
  await page.goto(address.href);
  await page.waitForTimeout(IDLE);
  return 'o';
}

/** The site of a page that is no more than the article and what paints on it. */
async function plainPage(name, { paragraphs, pieces, annotations }) {
  const labels = annotations.map(({ label }) => ['claim', 'denial', 'quote'].indexOf(label));
  // Where a paragraph ends, one character is counted in the text and none in the elements.
  const paragraphOf = new Map(pieces.map(([annotation, at]) => [annotation, at]).reverse());
  const lastOf = new Map(pieces.map(([annotation, at]) => [annotation, at]));
  const spans = annotations.map(({ spans: [{ start, end, text }] }, at) => [
    start - paragraphOf.get(at),
    end - lastOf.get(at),
    text,
  ]);
  const library = name === 'recogito';
  const files = {
    'index.html': `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${name}</title>
${library ? LIBRARY : ''}
<link rel="stylesheet" href="page.css">
<main class="article-text ${name}"></main>
<script type="module" src="${name}.js"></script>
</html>
`,
    'article.json': JSON.stringify({ paragraphs, labels, ...(library ? { spans } : { pieces }) }),
  };
  for (const it of ['page.css', 'stored.js', `${name}.js`]) files[it] = await file(`pages/${it}`);
  if (library) {
    files['library.js'] = await readFile(RECOGITO);
    files['library.css'] = await readFile(RECOGITO.replace('.umd.js', '.css'));
  }
  return { site: await serveSite({ files }), waitFor: 'nothing' };
}

/** A number that a cell of the table has when it was not reached within the limit, in seconds. */
export class Over {
  constructor(seconds) {
    this.over = seconds;
  }
}

/** What comes of this, or throws `Over` if that takes longer. */
async function within(seconds, work) {
  let alarm;
  const late = new Promise((_, fail) => (alarm = setTimeout(() => fail(new Over(seconds)), seconds * 1_000)));
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    // Playwright has the same limit, and may be first.
    throw error.name === 'TimeoutError' ? new Over(seconds) : error;
  } finally {
    clearTimeout(alarm);
  }
}

/**
 * Measures a page at a size. `times`: how often each act is done; `opens`: how often the article is opened;
 * `seconds`: how long one thing may take, and acts are repeated half as long. The answer has what was measured
 * until something took too long: that is `Over` then, and nothing after it was tried.
 */
export async function measure(kind, article, { times, opens, seconds }) {
  const what = PAGES[kind];
  const found = {};
  const given = await what.options(article);
  const options = {
    ...given,
    path: what.prepare ? undefined : '?store',
    before: async (page, context) => {
      page.setDefaultTimeout(seconds * 1_000);
      await context.addInitScript(HOOKS);
    },
  };
  const session = new Session(options);
  /** What comes of this stands under this name. */
  const put = async (name, work) => {
    try {
      found[name] = await within(seconds, work);
    } catch (error) {
      if (error instanceof Over) found[name] = error;
      throw error;
    }
  };
  // Whatever else takes forever ends with the browser.
  let ended = false;
  const end = setTimeout(() => {
    ended = true;
    killBrowser(session.userDataDir);
  }, seconds * 10_000);
  try {
    await session.start();
    if (what.prepare) await what.prepare(session.page, article);
    else await session.page.waitForFunction(() => document.title === 'stored');
    // A browser that has not taken the article in, only kept it.
    options.path = given.path;
    await session.relaunch();
    const { page } = session;
    const address = page.url();
    await put('open', opened(session, what, opens, seconds));
    // It is remembered which one is open.
    await page.waitForTimeout(IDLE);
    await page.goto(address);
    await put('page', reloaded(session, opens, seconds));
    await put('after', page.evaluate(() => bench.after));
    Object.assign(found, await memory(session));
    await what.focus?.(page);
    await acts(page, article, { times, seconds, pause: what.pause, found });
    await put('pick', pointed(page, article, Math.ceil(times / 2), 'picked'));
    // Avow shows nothing where the pointer only is: its frame after that is measured.
    await put('hover', pointed(page, article, Math.ceil(times / 2), kind === 'avow' ? undefined : 'hovered'));
    await put('scroll', page.evaluate((frames) => bench.scroll(frames, 120, 20_000), times * 6));
    if (what.search) await put('search', what.search(page, Math.ceil(times / 10)));
    if (what.exported) await put('export', repeated(3, () => what.exported(page)));
  } catch (error) {
    if (!(error instanceof Over) && !ended) throw error;
  } finally {
    clearTimeout(end);
    // A page that is busy does not close.
    await killBrowser(session.userDataDir);
    await session.close();
    await given.site?.close();
  }
  return found;
}

/** Milliseconds from the key that opens the article to the frame that shows it and its marks. */
async function opened({ page }, { beside }, opens, seconds) {
  const all = [];
  // The first time is not counted: it has the start of the browser in it.
  for (let time = -1; time < opens; time += 1) {
    const took = await pressed(page, await beside(page), 'opened', 'yes');
    if (time >= 0) all.push(took);
    else if (took > seconds * 100) return [took];
  }
  return all;
}

/** Milliseconds from asking for the page to the frame that shows the article and its marks. */
async function reloaded({ page }, opens, seconds) {
  const first = await page.evaluate(() => bench.times.opened);
  // Else it is not counted: it has the start of the browser in it.
  if (first > seconds * 100) return [first];
  const all = [];
  while (all.length < opens) {
    await page.reload({ waitUntil: 'commit' });
    all.push(await page.evaluate(() => bench.times.opened));
  }
  return all;
}

/** Marks a word, gives it another label, deletes it and takes that back, each by a key, so many times. */
async function acts(page, article, { times, seconds, pause = 0, found }) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const work = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ThreadTime').value * 1_000;
  };
  const put = (name, took) => (found[name] ??= []).push(took);
  const middle = middleOf(article);
  // With room above and below what is marked: no act scrolls, so that the same paragraphs are painted before
  // and after.
  await page.evaluate((at) => {
    bench.paragraph(at).style.scrollMarginTop = '120px';
    bench.paragraph(at).scrollIntoView({ block: 'start' });
    // A message that stays takes some of the text's height, and fewer paragraphs are near the screen then.
    document.querySelector('.notices')?.style.setProperty('position', 'absolute');
  }, middle);
  const words = article.paragraphs
    .slice(middle, middle + 5)
    .flatMap((text, at) => [...text.matchAll(/\w+/g)].map((word) => [middle + at, word.index, word.index + word[0].length]));
  await page.waitForTimeout(pause);
  const end = Date.now() + seconds * 500;
  // The first is not measured: what is fetched and compiled then is no cost of a key.
  for (let time = -1; time < times && (time < 1 || Date.now() < end); time += 1) {
    await page.evaluate(([at, start, end]) => bench.select(at, start, end), words[(2 * time + 6) % words.length]);
    await settle(page);
    const looks = [await page.evaluate(() => bench.shows.painted())];
    const before = await work();
    for (const [name, key] of [['annotate', 'c'], ['relabel', 'd'], ['delete', 'Delete'], ['undo', 'Control+z']]) {
      if (name === 'delete') await page.waitForTimeout(pause);
      const took = await within(seconds, pressed(page, key, 'drawn')).catch((error) => {
        if (error instanceof Over) found[name] ??= error;
        throw error;
      });
      await settle(page);
      if (time >= 0) put(name, took);
      if (time >= 0 && name === 'annotate') put('work', (await work()) - before);
      looks.push(await page.evaluate(() => bench.shows.painted()));
    }
    const [bare, , relabelled, deleted, undone] = looks;
    if (bare !== deleted) throw new Error(`deleting left ${deleted}, not ${bare}`);
    if (relabelled !== undone) throw new Error(`undo brought ${undone}, not ${relabelled}`);
  }
}

/**
 * Milliseconds from this key to the frame that shows another `what`, or one that matches `wanted`. The key is held
 * until then, as a hand holds it: each key that goes down or up has Chromium keep a page's other tasks back until
 * the next frame, and what says that a frame is done is such a task.
 */
export async function pressed(page, key, what, wanted) {
  const keys = key.split('+');
  const last = keys.at(-1);
  for (const held of keys.slice(0, -1)) await page.keyboard.down(held);
  if (keys.length > 1) await settle(page);
  await page.evaluate((all) => bench.watch(...all), ['keydown', what, wanted]);
  await anyTime(page);
  await page.keyboard.down(last);
  const took = await page.evaluate(() => bench.result);
  for (const held of keys.reverse()) await page.keyboard.up(held);
  return took;
}

const middleOf = ({ paragraphs }) => Math.floor(paragraphs.length / 2);

/**
 * How long a page has for what an act left to do, in milliseconds after the next frame: no longer than a quick
 * hand leaves between two acts. In less than about 60 the browser has not come to rest, and begins the next frame
 * at another time.
 */
const PAUSE = Number(process.env.AVOW_PAUSE ?? 100);

/** Lets what an act left to do be done. (A page in which nothing moves is never told that it is idle.) */
const settle = (page) =>
  page.evaluate((pause) => new Promise((done) => requestAnimationFrame(() => setTimeout(done, pause))), PAUSE);

/**
 * Waits for a part of a frame, another each time, evenly spread. After the same pause keys would come at the same
 * point of a frame each time, and of two pages that take about as long one may show all its acts a frame later.
 */
function anyTime(page) {
  turns += 1;
  return page.waitForTimeout(((turns * 0.618) % 1) * (1_000 / 60));
}
let turns = 0;

/** Puts the pointer on annotations, or clicks on them, one after the other. */
async function pointed(page, article, times, what) {
  const first = middleOf(article);
  await page.evaluate((at) => bench.paragraph(at).scrollIntoView({ block: 'start' }), first);
  await settle(page);
  const near = article.pieces.filter(([, at]) => at >= first && at < first + 6);
  const points = await page.evaluate((near) => bench.points(near), near);
  if (points.length < 2) throw new Error('no annotations are on the screen');
  const all = [];
  const middle = (point) => page.evaluate((point) => bench.middle(point), point);
  const last = await middle(points.at(-1));
  await page.mouse.move(last.x, last.y);
  for (let time = -1; time < times; time += 1) {
    const { x, y } = await middle(points[(time + 1) % points.length]);
    if (what === 'picked') await page.mouse.move(x, y);
    await settle(page);
    await page.evaluate(([type, what]) => bench.watch(type, what), [what === 'picked' ? 'pointerup' : 'pointermove', what]);
    await anyTime(page);
    if (what === 'picked') await page.mouse.down().then(() => page.mouse.up());
    else await page.mouse.move(x, y);
    // Something that lies over the text, such as a handle, may have taken it: that point is left out.
    const took = await Promise.race([page.evaluate(() => bench.result), waited(MISSED)]);
    if (time >= 0 && took !== undefined) all.push(took);
  }
  if (all.length < times / 2) throw new Over(MISSED / 1_000);
  return all;
}

/** After how many milliseconds what was pointed at will not answer. */
const MISSED = 5_000;

const waited = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds).unref());

/** From the key that asks until the panel says how often rare words stand in the texts; `rare` gives those of each time. */
export async function search(page, times, rare = () => RARE) {
  await textBox(page).focus();
  await page.keyboard.press('/');
  const words = page.getByRole('complementary', { name: 'Search' }).getByLabel('Words', { exact: true });
  const ask = async (text, wanted) => {
    await words.fill(text);
    return pressed(page, 'Enter', 'found', wanted);
  };
  const all = [];
  for (let time = 0; time < times; time += 1) {
    const text = rare(time);
    await ask(`${text}s`, 'Nothing');
    all.push(await ask(text, '\\d hit'));
  }
  await page.keyboard.press('Escape');
  return all;
}

/** From the key that asks for the file until it is there. */
export async function exported(page) {
  await textBox(page).focus();
  await page.keyboard.press('Control+e');
  await dialog(page, 'Export').waitFor();
  const start = performance.now();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  await download.path();
  return performance.now() - start;
}

async function repeated(times, work) {
  const all = [];
  while (all.length < times) all.push(await work());
  return all;
}

/** What the page holds, in bytes: objects of its script, its wasm, and its process as the system sees it. */
async function memory(session) {
  const { page, context } = session;
  const devtools = await context.newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  const wasm = await page.evaluate(() => [...bench.memories].reduce((sum, it) => sum + it.buffer.byteLength, 0));
  return { heap: usedSize, wasm: wasm || undefined, resident: (await resident(session)) || undefined };
}

/** What the page's process has of memory, in bytes. */
async function resident(session) {
  const ids = await renderers(session);
  // The browser keeps an empty one ready; the page's is the largest.
  return Math.max(...(await Promise.all(ids.map((id) => counted(id, 'VmRSS')))));
}

/**
 * Watches the memory of the page's process; to be called to end it and to have the most that there was, in
 * bytes. It looks often: the browser now and then sets back what the system has counted as the most.
 */
export async function watched(session) {
  const ids = await renderers(session);
  let [most, ended] = [0, false];
  const look = async () => {
    while (!ended) {
      most = Math.max(most, ...(await Promise.all(ids.map((id) => counted(id, 'VmHWM')))));
      await waited(50);
    }
  };
  const looks = look();
  return async () => {
    ended = true;
    await looks;
    return most;
  };
}

async function renderers({ context }) {
  const browser = await context.browser().newBrowserCDPSession();
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** What the system counts of a process under this name, in bytes; 0 for one that is gone. */
async function counted(id, name) {
  const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1_024;
}

/** The page itself, at its first visit, with nothing kept of it: milliseconds until an article can be read. */
export async function coldLoad(times) {
  const all = [];
  for (let time = 0; time < times; time += 1) {
    const session = new Session({
      before: async (page, context) => {
        await context.addInitScript(HOOKS);
        const devtools = await context.newCDPSession(page);
        await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      },
    });
    try {
      await session.start();
      all.push(await session.page.evaluate(() => bench.times.text));
    } finally {
      await session.close();
    }
  }
  return all;
}
