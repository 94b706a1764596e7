// Two builds of the page, made from the one that is tested.

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { PAGE } from './harness.mjs';

/** The built page's files by path, without its articles. */
export async function builtFiles() {
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
export function anotherBuild(files) {
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
