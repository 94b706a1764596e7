// Finds which functions of the first part are run by people who read at a first visit, and lists all others.
// Run by `cargo xtask seldom`, on a page whose functions write down that they ran, with the file that says what
// they are known by and with the list to write.

import { readFile, writeFile } from 'node:fs/promises';

import { FOX, article, deployment, openArticle, sharded, shows, tellOfLeaving } from './acts.mjs';
import { HOOKS } from './bench/cell.mjs';
import { Session } from './harness.mjs';

const [from, to] = process.argv.slice(2);
const [start, ...names] = (await readFile(from, 'utf8')).split('\n');
const ran = new Set();

const articles = {
  fox: FOX,
  crow: { title: 'The crow', text: `${FOX}\nÄ “quote” 🌉.\n` },
  owl: 'An owl hooted.\n\n'.repeat(500),
};
// The samples, with a scheme and articles of all kinds.
await visit(undefined, async (page) => {
  await article(page).locator('p').first().waitFor();
  await page.setViewportSize({ width: 1_000, height: 700 });
});
await visit({}, (page) => page.getByText('No articles yet').waitFor());
await visit(deployment(articles), async (page) => {
  await shows(page, 'The fox said');
  // A page that is cut off from its host is to say so with what it has.
  await page.getByText('A part of this page could not be fetched').first().waitFor();
  await openArticle(page, 'owl', 'An owl hooted');
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 5_000);
});
await visit(sharded(articles, { Ada: ['crow', 'fox'] }), (page) => shows(page, 'The fox said'), '?annotator=Ada');

const seldom = [...new Set(names)].filter((name) => name && !ran.has(name)).sort();
const comments = [
  '# The functions of the first part that who reads at a first visit does not run, by the hashes of their names.',
  '# Written by `cargo xtask seldom`.',
];
await writeFile(to, `${[...comments, ...seldom].join('\n')}\n`);
console.log(`${seldom.length} of ${names.length} functions are seldom run: ${to} lists them.`);

/** Opens the page in a new browser, which does not get the second part, and notes what ran. */
async function visit(deployment, reads, path) {
  const session = new Session({
    deployment,
    path,
    before: async (page, context) => {
      await context.addInitScript(HOOKS);
      await context.route(/\/work-[^/]*\.wasm$/, (route) => route.abort());
    },
  });
  await session.start();
  const { page } = session;
  await reads(page);
  // What is done or told a moment later.
  await page.waitForTimeout(2_000);
  // A page that is being left may fetch nothing at once.
  await tellOfLeaving(page);
  await page.waitForTimeout(500);
  const said = await page.evaluate(
    ([start, length]) => [...new Uint8Array([...bench.memories][0].buffer, start, length)],
    [Number(start), names.length],
  );
  for (const [at, yes] of said.entries()) if (yes) ran.add(names[at]);
  await session.close();
}
