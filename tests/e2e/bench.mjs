// Prints what a key press costs in a long article without annotations and with a thousand.
// Run as `cargo xtask bench`, or on a built page as `AVOW_PAGE=FOLDER node bench.mjs`.

import { Session } from './harness.mjs';
import { markWords, openLong } from './long.mjs';

const TIMES = 40;

const session = new Session({});
await session.start();
try {
  await openLong(session.page, 1_000);
  // Once unmeasured: what is fetched and compiled at first is no cost of a key.
  await markWords(session.page, 'bare', 3);
  const rows = {};
  for (const title of ['bare', 'full']) rows[title] = await markWords(session.page, title, TIMES);
  const late = Object.values(rows).flat().filter((mark) => !mark.held).length;

  console.log(`A word marked by key in an article of 100 kB, ${TIMES} times, in milliseconds:\n`);
  line('', 'no annotations', '1,000', 'ratio');
  for (const [what, name] of [['answered', 'until the page has answered'], ['shown', 'until the next frame is shown']]) {
    for (const [part, of] of [[0.5, 'median'], [0.95, '95 %']]) {
      const [bare, full] = ['bare', 'full'].map((title) => quantile(rows[title].map((mark) => mark[what]), part));
      line(`${name}, ${of}`, bare.toFixed(1), full.toFixed(1), (full / bare).toFixed(2));
    }
  }
  console.log(`\nThe frame after the key held the new mark in ${2 * TIMES - late} of ${2 * TIMES}.`);
  if (late > 0) process.exitCode = 1;
} finally {
  await session.close();
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

function line(name, ...cells) {
  console.log(`  ${name.padEnd(40)}${cells.map((cell) => String(cell).padStart(16)).join('')}`);
}
