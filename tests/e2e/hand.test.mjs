// How many acts of the hand five standard jobs take: clicks, drags and keys, as the page hears them.
// The numbers stand in docs/input-acts.md, which this test reads.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { annotations, article, boxOf, click, deployment, drag, exported, mark, marksAre, saved, shows } from './acts.mjs';
import { openPage } from './harness.mjs';

const TEXT =
  'The dam is safe\n\n“We built it well,” Reyes said. “Nobody need worry.”\n\n' +
  'The dam is safe\n\nLi said the dam leaks. Reyes denied that it leaks at all.\n\nThe dam is safe\n\nThe dam is safe\n';

/** What a hand does, counted: a drag, a click, a double click and a key with its modifiers are one each. */
function countActs() {
  globalThis.handActs = 0;
  let down;
  addEventListener('pointerdown', (event) => (down = [event.clientX, event.clientY]), true);
  addEventListener('pointerup', () => (down &&= (globalThis.handActs++, undefined)), true);
  addEventListener('dblclick', () => globalThis.handActs--, true);
  addEventListener('keydown', (event) => {
    if (!['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) globalThis.handActs++;
  }, true);
}

/** Opens the article, and gives what counts the acts of a job. */
async function open(t) {
  const { page } = await openPage(t, {
    deployment: deployment({ dam: TEXT }),
    before: (_, context) => context.addInitScript(countActs),
  });
  await shows(page, 'The dam is safe');
  const counted = async (job) => {
    const before = await page.evaluate(() => globalThis.handActs);
    await job();
    return (await page.evaluate(() => globalThis.handActs)) - before;
  };
  return { page, counted };
}

/** The number that the documents give for a job: `1`, `1, held label`. */
async function documented(job) {
  const page = await readFile(new URL('../../docs/input-acts.md', import.meta.url), 'utf8');
  const row = page.split('\n').find((line) => line.startsWith(`| ${job} |`));
  assert.ok(row, `docs/input-acts.md has a row “${job}”`);
  return Number(row.split('|')[3]);
}

const speakerOf = (json, label) => {
  const found = json.articles[0].sets[0].annotations.find((it) => it.label === label);
  return json.speakers.find((it) => it.id === found.attributes.speaker?.[0].id)?.name;
};

test('a quote with its speaker, by mouse', async (t) => {
  const { page, counted } = await open(t);
  const acts = await counted(async () => {
    await drag(page, '“We built it well,”');
    await page.keyboard.press('q');
    const box = await boxOf(page, 'Reyes said');
    await page.keyboard.down('Alt');
    await page.mouse.click(box.left + 4, box.top);
    await page.keyboard.up('Alt');
    await marksAre(page, ['Quote: “We built it well,”']);
  });
  await saved(page);
  assert.equal(speakerOf((await exported(page)).json, 'quote'), 'Reyes');
  assert.equal(acts, await documented('1'));
});

test('a quote with its speaker, with the label held', async (t) => {
  const { page, counted } = await open(t);
  await article(page).focus();
  await page.keyboard.press('Shift+Q');
  const acts = await counted(async () => {
    await drag(page, '“We built it well,”');
    await marksAre(page, ['Quote: “We built it well,”']);
    const box = await boxOf(page, 'Reyes said');
    await page.keyboard.down('Alt');
    await page.mouse.click(box.left + 4, box.top);
    await page.keyboard.up('Alt');
    await annotations(page).getByText('Reyes', { exact: true }).first().waitFor();
  });
  await saved(page);
  assert.equal(speakerOf((await exported(page)).json, 'quote'), 'Reyes');
  assert.equal(acts, await documented('1, held label'));
});

test('a quote with its speaker, by keyboard alone', async (t) => {
  const { page, counted } = await open(t);
  await article(page).focus();
  const keys = async (...all) => {
    for (const key of all) await page.keyboard.press(key);
  };
  const acts = await counted(async () => {
    // To the second paragraph, over the quote, and its label; then over the name.
    await keys('Control+ArrowDown', ...Array(6).fill('Shift+Control+ArrowRight'), 'q');
    await marksAre(page, ['Quote: “We built it well,”']);
    await keys('Shift+Control+ArrowRight', 's');
    await annotations(page).getByText('Reyes', { exact: true }).first().waitFor();
  });
  await saved(page);
  assert.equal(speakerOf((await exported(page)).json, 'quote'), 'Reyes');
  assert.equal(acts, await documented('1, keyboard alone'));
});

for (const held of [false, true]) {
  test(`a denial linked to its claim${held ? ', with the label held' : ''}`, async (t) => {
    const { page, counted } = await open(t);
    await mark(page, 'the dam leaks', 'c');
    if (held) await page.keyboard.press('Shift+D');
    const acts = await counted(async () => {
      await drag(page, 'it leaks at all');
      if (!held) await page.keyboard.press('d');
      await marksAre(page, ['Claim: the dam leaks', 'Denial: it leaks at all']);
      await click(page, 'dam leaks');
      await annotations(page).getByText('denies').first().waitFor();
    });
    await saved(page);
    const [relation] = (await exported(page)).json.relations;
    assert.equal(relation.type, 'denies');
    assert.equal(acts, await documented(held ? '2, held label' : '2'));
  });
}

test('a broken quote', async (t) => {
  const { page, counted } = await open(t);
  const acts = await counted(async () => {
    await drag(page, '“We built it well,”');
    await page.keyboard.press('q');
    await drag(page, '“Nobody need worry.”');
    await page.keyboard.press('a');
    await marksAre(page, ['Quote: “We built it well,” … “Nobody need worry.”']);
  });
  assert.equal(acts, await documented('3'));
});

test('another label and a longer stretch', async (t) => {
  const { page, counted } = await open(t);
  await mark(page, 'it leaks', 'c');
  await page.keyboard.press('Escape');
  const acts = await counted(async () => {
    await click(page, 'it leaks at');
    await page.keyboard.press('d');
    const handle = await page.locator('.handle[data-edge="end"]').boundingBox();
    const word = await boxOf(page, 'at all');
    // The grip hangs below the line.
    await page.mouse.move(handle.x, handle.y + handle.height + 4);
    await page.mouse.down();
    await page.mouse.move(word.left + 16, word.top, { steps: 4 });
    await page.mouse.up();
    await marksAre(page, ['Denial: it leaks at']);
  });
  assert.equal(acts, await documented('4'));
});

for (const held of [false, true]) {
  test(`the same headline in four places${held ? ', with the label held' : ''}`, async (t) => {
    const { page, counted } = await open(t);
    if (held) {
      await article(page).focus();
      await page.keyboard.press('Shift+C');
    }
    const acts = await counted(async () => {
      await drag(page, 'The dam is safe');
      if (!held) await page.keyboard.press('c');
      await page.keyboard.press('m');
      await marksAre(page, Array(4).fill('Claim: The dam is safe'));
    });
    assert.equal(acts, await documented(held ? '5, held label' : '5'));
  });
}
