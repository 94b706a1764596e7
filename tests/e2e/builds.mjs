// Two builds of the page, made from the one that is tested, and a browser that keeps one.

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { FOX, deployment, shows, until } from './acts.mjs';
import { PAGE, openPage, serveSite } from './harness.mjs';

/** The built page's files by path, without its articles. */
async function builtFiles() {
  const files = {};
  for (const entry of await readdir(PAGE, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const path = relative(PAGE, file).split(sep).join('/');
    if (entry.isFile() && !path.startsWith('.') && !path.startsWith('articles/')) {
      files[path] = await readFile(file);
    }
  }
  return files;
}

/** The name of a build. */
export const buildOf = (files) => /avow-build" content="(\w+)"/.exec(files['index.html'])[1];

/** The same page as another build: all that is named after what is in it has another name. */
function anotherBuild(files) {
  const index = String(files['index.html']);
  const names = [buildOf(files), /avow-(\w+)\.js/.exec(index)[1], /heavy-(\w+)\//.exec(index)[1]];
  const rename = (text) =>
    names.reduce((text, name) => text.replaceAll(name, digest(`another ${name}`).slice(0, 16)), text);
  const other = {};
  for (const [path, bytes] of Object.entries(files)) {
    const isText = /\.(html|js)$/.test(path);
    other[rename(path)] = isText ? Buffer.from(rename(String(bytes))) : bytes;
  }
  return sealed(other);
}

/** The page with its service worker's list of files brought up to date. */
function sealed(files) {
  const paths = Object.keys(files).filter((path) => path !== 'service-worker.js');
  const list = Object.fromEntries(paths.map((path) => [path, digest(files[path])]));
  const worker = String(files['service-worker.js']);
  const listed = worker.replace(/const FILES = \{.*\};/, `const FILES = ${JSON.stringify(list)};`);
  return { ...files, 'service-worker.js': Buffer.from(listed) };
}

function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

export const A = await builtFiles();
export const B = anotherBuild(A);

export const ARTICLES = { fox: FOX, owl: 'The owl hooted.\n', hare: 'The hare slept.\n' };
export const NEWER = 'A newer version of this page is ready.';
export const OUTDATED = 'Another version of this page is in use now.';

/**
 * Opens build A where it may keep itself, and waits until it has: the list of articles, and the files
 * that hold them.
 */
export async function openKept(t, { files = Object.keys(ARTICLES).length, ...options } = {}) {
  const site = await serveSite({ deployment: deployment(ARTICLES), files: A, ...options });
  const session = await openPage(t, { site, serviceWorkers: 'allow', ...options });
  t.after(() => site.close());
  await shows(session.page, 'The fox said');
  await kept(session.page, files);
  return { page: session.page, session, site };
}

/** Waits until the page's files and its articles are kept. */
async function kept(page, files) {
  const articles = () =>
    page.evaluate(async () => {
      const name = (await caches.keys()).find((name) => name.endsWith('articles'));
      if (!name || !navigator.serviceWorker.controller) return 0;
      return (await (await caches.open(name)).keys()).length;
    });
  await until(articles, files + 1, 15_000);
}

export const buildShown = (page) =>
  page.evaluate(() => document.querySelector('meta[name="avow-build"]').content);

/** The host has another build now, and the page looks for it. */
export async function deploy(page, site, files) {
  site.files = files;
  await look(page);
}

export const look = (page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());

/** Where a file's name holds a hash: the one path that fits. */
export const pathOf = (files, pattern) => Object.keys(files).find((path) => pattern.test(path));
