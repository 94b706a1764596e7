// Measures the page beside a floor page and beside Recogito, prints the tables, and writes them and a plot
// into docs/. Run as `cargo xtask bench`, or on a built page as `AVOW_PAGE=FOLDER node bench/run.mjs`.
// With `--quick` everything is done a few times only, and nothing is written into docs/, as after a failure.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { chromium } from 'playwright-core';

import { OUT, PAGE } from '../harness.mjs';
import { SIZES, articleOf } from './article.mjs';
import { PAGES, coldLoad, measure } from './cell.mjs';
import { measureCorpus } from './corpus.mjs';
import { plot } from './plot.mjs';
import { report } from './report.mjs';

const DOCS = new URL('../../../docs/', import.meta.url);
const [BEGIN, END] = ['<!-- What follows is written by cargo xtask bench. -->', '<!-- The end of it. -->'];

const quick = process.argv.includes('--quick');
const limits = quick ? { times: 6, opens: 2, seconds: 30 } : { times: 50, opens: 5, seconds: 120 };
const many = quick ? 2_000 : 100_000;

const started = Date.now();
const cells = SIZES.map(() => ({}));
for (const [at, size] of SIZES.entries()) {
  const article = articleOf(size);
  for (const kind of Object.keys(PAGES)) {
    const since = Date.now();
    cells[at][kind] = await twice(() => measure(kind, article, limits), `${PAGES[kind].name}, ${size.name}`);
    console.error(`${PAGES[kind].name}, ${size.name}: ${((Date.now() - since) / 1_000).toFixed(0)} s`);
  }
}
const corpus = await twice(() => measureCorpus(many, limits), `${many} articles`);
const cold = { bytes: await firstLoad(), times: await coldLoad(limits.opens) };
const seconds = Math.round((Date.now() - started) / 1_000);
const text = report({ cells, cold, corpus, limits, machine: await machine(), seconds });
console.log(text);
// A run of which a part failed is no run to be shown.
if (quick || process.exitCode) {
  await mkdir(OUT, { recursive: true });
  await writeFile(join(OUT, 'benchmarks.svg'), plot(cells));
} else {
  const page = await readFile(new URL('benchmarks.md', DOCS), 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('docs/benchmarks.md has no place for the tables');
  await writeFile(new URL('benchmarks.md', DOCS), `${before}${BEGIN}\n\n${text}\n${END}${after}`);
  await writeFile(new URL('benchmarks.svg', DOCS), plot(cells));
}

/** A browser may be closed by others: what fails is tried once more. The rest is worth a table all the same. */
async function twice(work, name) {
  for (const last of [false, true]) {
    try {
      return await work();
    } catch (error) {
      console.error(`${name}: ${error.message.split('\n')[0]}\n${error.stack.slice(error.stack.lastIndexOf('\n    at '))}`);
      if (last) process.exitCode = 1;
    }
  }
  return {};
}

/** The bytes of the first load, compressed, as `size.mjs` counts them. */
async function firstLoad() {
  const script = new URL('../size.mjs', import.meta.url).pathname;
  // It fails when they are too many, and says so all the same.
  const { stdout } = await promisify(execFile)(process.execPath, [script, PAGE]).catch((error) => error);
  return Number(/first load +\d+ +(\d+)/.exec(stdout)[1]);
}

/** What this ran on, in a line. */
async function machine() {
  const browser = await chromium.launch({
    executablePath: process.env.AVOW_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const version = browser.version();
  await browser.close();
  const memory = Math.round(totalmem() / 2 ** 30);
  const kernel = release().split('-')[0];
  return `${cpus()[0].model.trim()}, ${availableParallelism()} cores, ${memory} GB of memory, ${process.platform} ${kernel}, Chromium ${version}, headless, without a GPU`;
}
