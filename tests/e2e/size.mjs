// Measures the first load: what a browser fetches to open the page, compressed as a host would.
// Run as `node size.mjs FOLDER`; notes a page above the aim and fails above the limit.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const AIM = 150_000;
const LIMIT = 152_000;

const folder = resolve(process.argv[2] ?? '../../dist');
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
  .filter((file) => !file.startsWith('articles/'));

const first = firstLoad(new Set(files));
const rows = files
  .map((file) => ({ file, ...sizes(file), first: first.has(file) }))
  .sort((a, b) => b.brotli - a.brotli);
const total = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0);
const loaded = rows.filter((row) => row.first);
const later = rows.filter((row) => !row.first);

line('file', 'bytes', 'brotli');
for (const row of loaded) line(row.file, row.raw, row.brotli);
line('first load', total(loaded, 'raw'), total(loaded, 'brotli'));
if (later.length > 0) {
  console.log('\nfetched later, not counted:');
  for (const row of later) line(row.file, row.raw, row.brotli);
}

const sum = total(loaded, 'brotli');
if (sum > LIMIT) {
  console.error(`\nThe first load is ${sum} bytes, above the limit of ${LIMIT}; \`cargo xtask seldom\` may help.`);
  process.exitCode = 1;
} else if (sum > AIM) {
  console.log(`\nNote: the first load is ${sum} bytes, above the aim of ${AIM} (limit ${LIMIT}).`);
} else {
  console.log(`\nThe first load is ${sum} bytes; the aim is at most ${AIM}.`);
}

/** The files that index.html names, and those that they name in turn. */
function firstLoad(all) {
  const found = new Set();
  const open = ['index.html'];
  while (open.length > 0) {
    const file = open.pop();
    if (!all.has(file) || found.has(file)) continue;
    found.add(file);
    for (const name of namesIn(file)) open.push(posix.normalize(posix.join(dirname(file), name)));
  }
  if (!found.has('index.html')) throw new Error(`there is no index.html in ${folder}`);
  return found;
}

/** The relative addresses in a file that a browser follows by itself. */
function namesIn(file) {
  const patterns = {
    html: /(?:href|src|content)=["']?\.\/([^"'\s>]+)/g,
    css: /(?:url\(|@import\s+)["']?(?!data:)([^"')\s]+)/g,
    js: /^\s*(?:import|export)\b[^'"\n]*["'](\.\.?\/[^'"]+)["']/gm,
  };
  const pattern = patterns[file.split('.').pop()];
  if (!pattern) return [];
  return [...readFileSync(join(folder, file), 'utf8').matchAll(pattern)].map((match) => match[1]);
}

function sizes(file) {
  const bytes = readFileSync(join(folder, file));
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  return { raw: bytes.length, brotli: brotli.length };
}

function line(name, raw, brotli) {
  console.log(`  ${name.padEnd(44)} ${String(raw).padStart(9)} ${String(brotli).padStart(8)}`);
}
