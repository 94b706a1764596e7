// SIZEINDEX TIMES ; TRACE=1
import { writeFile } from 'node:fs/promises';
import { article as textBox, saved } from '../acts.mjs';
import { Session, killBrowser } from '../harness.mjs';
import { openAsMine } from '../long.mjs';
import { SIZES, articleOf } from './article.mjs';
import { PAGES, HOOKS, pressed } from './cell.mjs';
const [size, times] = process.argv.slice(2).map(Number);
const kind = process.argv[4] ?? 'avow';
const article = articleOf(SIZES[size]);
const what = PAGES[kind];
const given = await what.options(article);
const options = { ...given, path: what.prepare ? undefined : '?store', before: async (page, context) => { page.setDefaultTimeout(120000); await context.addInitScript(HOOKS); } };
const session = new Session(options);
await session.start();
if (what.prepare) await what.prepare(session.page, article); else await session.page.waitForFunction(() => document.title === 'stored');
options.path = given.path;
await session.relaunch();
let { page, context } = session;
await page.evaluate(() => bench.times.opened);
await page.waitForTimeout(2500);
await what.focus?.(page);
const cdp = await context.newCDPSession(page);
await cdp.send('Performance.enable');
const work = async () => (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ThreadTime').value * 1000;
const settle = () => page.evaluate((gap) => new Promise((done) => requestAnimationFrame(() => setTimeout(done, gap))), Number(process.env.GAP ?? 30));
const middle = Math.floor(article.paragraphs.length / 2);
await page.evaluate((at) => { bench.paragraph(at).style.scrollMarginTop = '120px'; bench.paragraph(at).scrollIntoView({ block: 'start' }); document.querySelector('.notices')?.style.setProperty('position', 'absolute'); }, middle);
const words = article.paragraphs.slice(middle, middle + 5).flatMap((text, at) => [...text.matchAll(/\w+/g)].map((w) => [middle + at, w.index, w.index + w[0].length]));
await page.waitForTimeout(500);
let tracing;
const all = {}; let n = 0;
const put = (n, v) => (all[n] ??= []).push(v);
for (let time = -2; time < times; time += 1) {
  if (time === 0 && process.env.TRACE) {
    tracing = [];
    const browser = await context.browser().newBrowserCDPSession();
    browser.on('Tracing.dataCollected', ({ value }) => tracing.push(...value));
    await browser.send('Tracing.start', { traceConfig: { includedCategories: (process.env.CATS ?? 'devtools.timeline,blink.user_timing').split(',') }, transferMode: 'ReportEvents' });
    tracing.browser = browser;
  }
  await page.evaluate(([a, s, e]) => bench.select(a, s, e), words[(2 * (time + 1) + 6) % words.length]);
  await settle();
  for (const [name, key] of [['annotate', 'c'], ['relabel', 'd'], ['delete', 'Delete'], ['undo', 'Control+z']]) {
    const before = await work();
    const took = await pressed(page, key, 'painted');
    await page.evaluate((n) => performance.mark(n), `done-${name}-${took.toFixed(1)}`);
    await settle();
    if (time >= 0) { put(name, took); put(name + ' work', (await work()) - before); }
  }
}
if (tracing) {
  const done = new Promise((r) => tracing.browser.on('Tracing.tracingComplete', r));
  await tracing.browser.send('Tracing.end');
  await done;
  await writeFile(process.env.TRACE, JSON.stringify(tracing));
}
const q = (l, p) => [...l].sort((a, b) => a - b)[Math.min(l.length - 1, Math.floor(l.length * p))].toFixed(1);
for (const [n, l] of Object.entries(all)) console.log(n.padEnd(16), q(l, 0.5), q(l, 0.95));
await killBrowser(session.userDataDir);
await session.close(); await given.site?.close();
process.exit(0);
