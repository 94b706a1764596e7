// The end-to-end tests' own ground: serves the built page, opens it in Chromium, and fails a test
// in which the page reported a problem that the test did not expect.

import { readFile, readdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const HERE = dirname(fileURLToPath(import.meta.url));
/** The folder of the built page. */
export const PAGE = resolve(process.env.AVOW_PAGE ?? join(HERE, '../../dist'));
/** The same page as one file, see `cargo xtask bundle`. */
export const ONE_FILE = resolve(process.env.AVOW_ONE_FILE ?? `${PAGE}.html`);
const CHROMIUM = process.env.AVOW_CHROMIUM ?? '/usr/bin/chromium';
/** How many times slower than it is the machine acts, so that what depends on its speed shows. */
const SLOWER = Number(process.env.AVOW_SLOWER ?? 1);
/** After how many milliseconds a test is stuck: over ten times as long as any test takes. */
const STUCK = 240_000 * SLOWER;

/** Where tests put what a person may want to look at; git ignores it. */
export const OUT = join(HERE, 'out');

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
};

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Serves the built page on a free port.
 *
 * `deployment` replaces its `articles/`: an object of file names and contents (strings, bytes, or
 * anything else, which is written as JSON), or the path of a folder. It may be changed while the
 * site runs (`site.deployment = …`). `prefix` is the sub-path that the page is at, such as '/a/b/'.
 * `site.files`, an object of paths and bytes, replaces the built page. While `site.away` is true,
 * the host answers nothing; while `site.ranges` is false, it answers with whole files alone.
 */
export async function serveSite({ deployment, prefix = '/', files, ranges = true } = {}) {
  const site = { deployment, prefix, files, ranges, away: false, url: '', close };
  const server = createServer(async (request, response) => {
    if (site.away) return request.socket.destroy();
    const found = await contentOf(site, new URL(request.url, 'http://localhost').pathname);
    response.setHeader('Cache-Control', 'no-cache');
    if (found === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is no such file.\n');
    } else if (site.ranges && request.headers.range) {
      answerRange(response, request.headers.range, found);
    } else {
      response.writeHead(200, { 'Content-Type': found.type }).end(found.bytes);
    }
  });
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', done);
  });
  site.origin = `http://127.0.0.1:${server.address().port}`;
  site.url = site.origin + prefix;
  return site;

  async function close() {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** Answers with the bytes that are asked for, as `bytes=FIRST-LAST`. */
function answerRange(response, range, { bytes, type }) {
  const all = Buffer.from(bytes);
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (last === undefined || Number(first) >= all.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${all.length}` }).end();
    return;
  }
  const part = all.subarray(Number(first), Number(last) + 1);
  const where = `bytes ${first}-${Number(first) + part.length - 1}/${all.length}`;
  response.writeHead(206, { 'Content-Type': type, 'Content-Range': where }).end(part);
}

/** What the site has at this path: its bytes and their type, or undefined. */
async function contentOf(site, pathname) {
  let path = decodeURIComponent(pathname);
  if (!path.startsWith(site.prefix)) return undefined;
  path = path.slice(site.prefix.length) || 'index.html';
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const article = path.startsWith('articles/') ? path.slice('articles/'.length) : undefined;
  if (article !== undefined && typeof site.deployment === 'object') {
    const content = site.deployment[article];
    if (content === undefined) return undefined;
    const plain = typeof content === 'string' || content instanceof Uint8Array;
    return { bytes: plain ? content : JSON.stringify(content), type };
  }
  if (article === undefined && site.files) {
    const bytes = site.files[path];
    return bytes && { bytes, type };
  }
  const folder = article !== undefined && site.deployment ? resolve(site.deployment) : PAGE;
  const file = normalize(join(folder, folder === PAGE ? path : article));
  if (!file.startsWith(folder + sep)) return undefined;
  try {
    return { bytes: await readFile(file), type };
  } catch {
    return undefined;
  }
}

/**
 * Opens the page for test `t` and gives back what drives it. At the test's end it is closed, and
 * the test fails if the page reported a problem that was not expected.
 *
 * Options: `deployment`, `prefix` and `ranges` (see `serveSite`), or `site` to share one; `viewport`
 * ({width, height}); `colorScheme` ('light' or 'dark'); `userDataDir`, to open a browser that was
 * here before; `path`, appended to the address ('?annotator=Ada'); `before(page, context)`, run
 * before the page is opened; `waitFor`: 'started' (the wasm runs) or 'nothing'; `bypassCSP`;
 * `serviceWorkers`: 'allow', to let the page keep itself for when there is no network, or 'block', so
 * that `page.route` sees all that it fetches; `context`, further options of Playwright's persistent
 * context.
 */
export async function openPage(t, options = {}) {
  const session = new Session(options);
  const alarm = setTimeout(() => session.giveUp(), STUCK);
  t.after(async () => {
    await session.close();
    clearTimeout(alarm);
    session.checkProblems();
  });
  await session.start();
  return session;
}

/** One site and one browser with one user's data; the browser can be killed and started again. */
export class Session {
  /** What the page reported: console errors, uncaught errors, policy violations, foreign requests. */
  problems = [];
  #expected = [];
  #options;
  #ownSite = false;
  #ownData = false;

  constructor(options) {
    this.#options = options;
    this.site = options.site;
    this.userDataDir = options.userDataDir;
  }

  /** Starts what is missing, then opens the page. */
  async start() {
    const { deployment, prefix, ranges } = this.#options;
    if (this.site === undefined) {
      this.site = await serveSite({ deployment, prefix, ranges });
      this.#ownSite = true;
    }
    if (this.userDataDir === undefined) {
      this.userDataDir = await mkdtemp(join(tmpdir(), 'avow-browser-'));
      this.#ownData = true;
    }
    await this.launch();
  }

  /** Starts the browser and opens the page. After `kill`, it finds what the user's data kept. */
  async launch() {
    const { viewport, colorScheme, bypassCSP, before, serviceWorkers } = this.#options;
    this.context = await chromium.launchPersistentContext(this.userDataDir, {
      executablePath: CHROMIUM,
      headless: true,
      chromiumSandbox: false,
      args: ARGUMENTS,
      viewport: viewport ?? { width: 1440, height: 900 },
      colorScheme: colorScheme ?? 'light',
      bypassCSP: bypassCSP ?? false,
      locale: 'en-GB',
      timezoneId: 'UTC',
      acceptDownloads: true,
      serviceWorkers: serviceWorkers ?? 'block',
      ...this.#options.context,
    });
    this.context.on('page', (page) => this.#watch(page));
    for (const page of this.context.pages()) this.#watch(page);
    await this.context.addInitScript(reportViolations);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    if (SLOWER > 1) {
      const devtools = await this.context.newCDPSession(this.page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    }
    await before?.(this.page, this.context);
    await this.open(this.page);
  }

  /** Opens the app in this page (a tab), at its own address. */
  async open(page = this.page) {
    await page.goto(this.site.url + (this.#options.path ?? ''));
    if ((this.#options.waitFor ?? 'started') === 'started') await started(page);
  }

  /** Another tab of the same browser, with the app open in it. */
  async newTab() {
    const page = await this.context.newPage();
    await this.open(page);
    return page;
  }

  /** Says that a problem matching this pattern belongs to the test. */
  expectProblem(pattern) {
    this.#expected.push(pattern);
  }

  /** Waits until the page has reported a problem that matches this pattern. */
  async waitForProblem(pattern, milliseconds = 5_000) {
    const end = Date.now() + milliseconds;
    while (!this.problems.some((problem) => pattern.test(problem))) {
      if (Date.now() > end) throw new Error(`no problem matches ${pattern}: ${this.problems}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Throws if the page reported a problem that was not expected. */
  checkProblems() {
    const unexpected = this.problems.filter((problem) => !this.#expected.some((p) => p.test(problem)));
    if (unexpected.length > 0) {
      throw new Error(`the page reported:\n  ${unexpected.join('\n  ')}`);
    }
  }

  /** Kills the browser as a power cut would: no process of it gets to run another instruction. */
  async kill() {
    const closed = new Promise((done) => this.context.once('close', done));
    const killed = await killBrowser(this.userDataDir);
    if (killed === 0) throw new Error(`no process has --user-data-dir=${this.userDataDir}`);
    await closed;
    this.context = undefined;
  }

  /** Kills the browser, then starts it again on the same data. */
  async killAndRelaunch() {
    await this.kill();
    await this.launch();
  }

  /** Closes the browser in an orderly way and starts it again on the same data. */
  async relaunch() {
    await this.context.close();
    await this.launch();
  }

  /** Closes what this session started. */
  async close() {
    await this.context?.close().catch(() => {});
    if (this.#ownSite) await this.site.close();
    if (this.#ownData) {
      await killBrowser(this.userDataDir);
      await rm(this.userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }

  /**
   * Says whether the page answers and kills the browser: not all that a test waits for has an end of
   * its own, but all of it fails, and names its line, when the browser is gone.
   */
  async giveUp() {
    const late = new Promise((done) => setTimeout(done, 10_000, 'is busy'));
    const answer = this.page?.evaluate(() => 'answers').catch(String);
    console.error(`Stuck for ${STUCK / 1000} s; the page ${await Promise.race([answer, late])}.`);
    if (this.userDataDir) await killBrowser(this.userDataDir);
  }

  #watch(page) {
    const report = (kind, text) => this.problems.push(`${kind}: ${text}`);
    page.on('console', (message) => {
      const text = message.text();
      if (text.startsWith(VIOLATION)) report('policy violation', text.slice(VIOLATION.length));
      else if (message.type() === 'error') report('console error', `${text} (${message.location().url})`);
    });
    page.on('pageerror', (error) => report('uncaught error', error.stack ?? String(error)));
    page.on('crash', () => report('crash', page.url()));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (['data:', 'blob:', 'about:'].includes(url.protocol)) return;
      if (url.origin !== this.site.origin) report('request to elsewhere', request.url());
    });
  }
}

const VIOLATION = 'avow-test-violation: ';

/** Runs in the page: tells the harness of each violation of the page's policy. */
function reportViolations() {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.debug(
      `avow-test-violation: ${event.violatedDirective} ${event.blockedURI} ` +
        `${event.sourceFile}:${event.lineNumber} ${event.sample}`,
    );
  });
}

/** Waits until the page's wasm runs. */
export async function started(page) {
  await page.waitForFunction(() => document.documentElement.dataset.avow === 'started', undefined, {
    timeout: 30_000,
  });
}

/** Sends SIGKILL to every process of the browser that has this user's data, and counts them. */
export async function killBrowser(userDataDir) {
  let killed = 0;
  // A process may be born while we look; go round until there is none.
  for (let round = 0; round < 50; round += 1) {
    const found = await processesOf(userDataDir);
    if (found.length === 0) return killed;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
        killed += 1;
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`the browser of ${userDataDir} does not die`);
}

async function processesOf(userDataDir) {
  const wanted = `--user-data-dir=${userDataDir}`;
  const found = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = await readFile(`/proc/${name}/cmdline`, 'utf8');
      if (line.split('\0').includes(wanted)) found.push(Number(name));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong with the page as it is now, one readable line for each place.
 * `options` are axe's own, such as `{ rules: { 'color-contrast': { enabled: false } } }`.
 */
export async function axe(page, options = {}) {
  // What fades in has no contrast yet; what never ends, as a caret that blinks, is not waited for.
  await page.evaluate(() => {
    const ends = (it) => Number.isFinite(it.effect.getComputedTiming().endTime);
    const ended = document.getAnimations().filter(ends).map((it) => it.finished);
    // One that the browser never draws has no end either.
    return Promise.race([Promise.allSettled(ended), new Promise((done) => setTimeout(done, 5_000))]);
  });
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const results = await page.evaluate((options) => globalThis.axe.run(document, options), {
    resultTypes: ['violations'],
    ...options,
  });
  return results.violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id} (${violation.impact}): ${node.target.join(' ')}: ${node.failureSummary}`,
    ),
  );
}
