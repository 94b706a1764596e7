// A denial and what it denies: in the same article, in another one, in no text at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  annotations, article, boxOf, button, click, deployment, dialog, exported, finder, inArticle, links, list, mark,
  marksAre, openArticle, painted, pickedIs, press, saved, shows, tabTo, until,
} from './acts.mjs';
import { axe, openPage } from './harness.mjs';

/** A claim begins the second paragraph, what denies it the third. */
const BRIDGE =
  'The bridge at Orle\n\nThe bridge will hold for a century, Warden Ilse Pell said.\n\n' +
  'It will not hold a winter, Mason Ruth Adair answered. Nobody asked the ferryman.\n';
const CLAIM = 'The bridge will hold for a century';
const DENIAL = 'It will not hold a winter';
/** Another paper, another day. */
const COUNCIL = 'The council\n\nOrle needs no second bridge, Reeve Otto Lind told the council.\n\nIt rained.\n';
const NO_NEED = 'Orle needs no second bridge';

/** The bridge is safe, says Warden Pell; nobody has asked, says the mason. */
const HEBREW = 'הגשר באורל\n\nהגשר בטוח לגמרי, אמרה הממונה אילזה פל.\n\nאיש לא שאל את הבנאית.\n';
const SAFE = 'הגשר בטוח לגמרי';
/** The mason denied that the bridge is safe; the ferryman was silent. */
const JAPANESE = 'オルレの橋\n\n石工のルトさんは、橋が安全だという話を否定した。\n\n渡し守は黙っていた。\n';
const DENIED = '橋が安全だという話を否定した';

const PAPERS = { bridge: { title: 'The bridge', text: BRIDGE }, council: { title: 'The council', text: COUNCIL } };

async function open(t, articles = PAPERS, options = {}) {
  const session = await openPage(t, { deployment: deployment(articles), ...options });
  await shows(session.page, Object.values(articles)[0].text.split('\n')[0]);
  return session;
}

/** Selects the first words of a paragraph by keys alone, and presses a label's key. */
async function markByKeys(page, paragraph, words, label) {
  await press(page, 'Escape', 'Control+Home', ...Array(paragraph).fill('Control+ArrowDown'));
  await press(page, ...Array(words).fill('Shift+Control+ArrowRight'), label);
}

/** Goes to an article by its title, by keys alone. */
async function openByKeys(page, title, words) {
  await press(page, 'Control+k');
  await dialog(page, 'Find').waitFor();
  await page.keyboard.type(title);
  // The article itself, not a command that has the word.
  const rows = dialog(page, 'Find').getByRole('option');
  await rows.filter({ hasText: title }).first().waitFor();
  const at = (await rows.allTextContents()).findIndex((row) => row.startsWith(title));
  await press(page, ...Array(at).fill('ArrowDown'), 'Enter');
  await shows(page, words);
}

/**
 * The arcs in the margin, each `from → to`, by the numbers of the paragraphs that they stand at; one that
 * leads out of the article ends in a ring and says so.
 */
async function arcs(page) {
  return article(page).evaluate((text) => {
    const paragraphs = [...text.children].filter((it) => it.textContent.trim()).map((it) => it.getBoundingClientRect());
    const at = (path, length) => {
      const { x, y } = path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
      if (x > text.getBoundingClientRect().left) throw new Error('the arc lies over the text');
      return paragraphs.findIndex((it) => it.top <= y && y <= it.bottom);
    };
    const heads = [...document.querySelectorAll('path.arc-head')];
    return [...document.querySelectorAll('path.arc')].map((arc, count) => {
      // A ring is drawn of two half circles, an arrow of straight lines.
      const leaves = heads[count].getAttribute('d').includes('a');
      return `${at(arc, 0)} → ${leaves ? 'elsewhere' : at(arc, arc.getTotalLength())}`;
    });
  });
}

const hint = (page) => page.getByText('“denies”: click the other end.');
const search = (page) => page.getByRole('complementary', { name: 'Search' });
/** That a denial is linked to nothing breaks a rule, and the inspector says so. */
const unlinked = (page) => annotations(page).getByText('A denial is linked to what it denies.');

/** The relations of the file, each `words type words`, by the words that their ends cover. */
function relationsOf(json) {
  const words = (place) => {
    const found = json.articles.find((it) => it.id === place.article);
    const annotation = found.sets[0].annotations.find((it) => it.id === place.annotation);
    return annotation.spans.map((span) => span.text).join(' … ');
  };
  return json.relations.map((it) => {
    const to = it.to ? words(it.to) : `“${it.target_text}”`;
    return `${words(it.from)} ${it.type} ${to}`;
  });
}

async function fileHas(page, relations) {
  await saved(page);
  assert.deepEqual(relationsOf((await exported(page)).json), relations);
}

test('by mouse: a denial is linked to a claim beside it, the link followed and taken away', async (t) => {
  const { page } = await open(t);
  await mark(page, CLAIM, 'c');
  await marksAre(page, [`Claim: ${CLAIM}`]);
  await mark(page, DENIAL, 'd');
  // It asks at once what it denies. That can be left for later, and is pointed out till then.
  await hint(page).waitFor();
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await hint(page).waitFor({ state: 'detached' });
  await unlinked(page).waitFor();
  await annotations(page).getByRole('button', { name: /^Link/ }).click();
  await hint(page).waitFor();
  // What is no other end leads nowhere, and what is being drawn stays so.
  await click(page, 'It will not');
  await hint(page).waitFor();
  await click(page, 'bridge will');
  await until(() => links(page), [`denies → ${CLAIM}`]);
  assert.equal(await hint(page).count(), 0);
  assert.equal(await unlinked(page).count(), 0);
  await pickedIs(page, DENIAL);
  await until(() => arcs(page), ['2 → 1']);
  assert.deepEqual(await axe(page), [], 'with a link in the inspector');

  await button(page, 'Undo').click();
  await until(() => links(page), []);
  await until(() => arcs(page), []);
  await unlinked(page).waitFor();
  await button(page, 'Redo').click();
  await until(() => arcs(page), ['2 → 1']);
  await fileHas(page, [`${DENIAL} denies ${CLAIM}`]);

  await page.reload();
  await shows(page, CLAIM);
  await click(page, 'will not hold');
  await until(() => links(page), [`denies → ${CLAIM}`]);
  await annotations(page).getByRole('button', { name: CLAIM }).first().click();
  await pickedIs(page, CLAIM);
  await until(() => links(page), [`← denies ${DENIAL}`]);
  await until(() => arcs(page), ['2 → 1']);
  await annotations(page).getByRole('button', { name: 'Remove the link: denies' }).click();
  await until(() => links(page), []);
  await until(() => arcs(page), []);
  await fileHas(page, []);
  await button(page, 'Undo').click();
  await until(() => links(page), [`← denies ${DENIAL}`]);
});

test('by keyboard alone: a denial is linked to a claim beside it, and goes with it', async (t) => {
  const { page } = await open(t);
  await article(page).focus();
  await markByKeys(page, 1, 7, 'c');
  await markByKeys(page, 2, 6, 'd');
  await marksAre(page, [`Claim: ${CLAIM}`, `Denial: ${DENIAL}`]);
  await press(page, 'Escape');
  await hint(page).waitFor({ state: 'detached' });
  await pickedIs(page, DENIAL);
  await press(page, 'r');
  await hint(page).waitFor();
  await press(page, 'k');
  await pickedIs(page, CLAIM);
  await press(page, 'Enter');
  await until(() => links(page), [`denies → ${CLAIM}`]);
  await pickedIs(page, DENIAL);
  await until(() => arcs(page), ['2 → 1']);
  await inArticle(page);

  // There and back; the one that is denied knows of it.
  await press(page, 'g');
  await pickedIs(page, CLAIM);
  await until(() => links(page), [`← denies ${DENIAL}`]);
  await press(page, 'Shift+G');
  await pickedIs(page, DENIAL);

  // A claim that goes takes with it that it was denied, and brings it back.
  await press(page, 'g', 'x');
  await marksAre(page, [`Denial: ${DENIAL}`]);
  await press(page, 'j');
  await pickedIs(page, DENIAL);
  await until(() => links(page), []);
  await until(() => arcs(page), []);
  await unlinked(page).waitFor();
  await press(page, 'Control+z');
  await marksAre(page, [`Claim: ${CLAIM}`, `Denial: ${DENIAL}`]);
  await pickedIs(page, CLAIM);
  await until(() => links(page), [`← denies ${DENIAL}`]);
  await saved(page);
  await page.reload();
  await shows(page, CLAIM);
  // What was undone before the reload is done again after it.
  await article(page).focus();
  await press(page, 'Control+y');
  await marksAre(page, [`Denial: ${DENIAL}`]);
  await press(page, 'Control+z');
  await marksAre(page, [`Claim: ${CLAIM}`, `Denial: ${DENIAL}`]);
  await fileHas(page, [`${DENIAL} denies ${CLAIM}`]);
});

for (const hand of ['mouse', 'keyboard']) {
  test(`by ${hand}: what is denied stands in no text and is said in words`, async (t) => {
    const { page } = await open(t);
    const words = 'That the bridge would be rebuilt by spring';
    if (hand === 'mouse') {
      await mark(page, DENIAL, 'd');
      await page.getByRole('button', { name: /^Find it/ }).click();
      await finder(page).getByRole('combobox').fill(words);
      await finder(page).getByRole('option', { name: words }).click();
    } else {
      await article(page).focus();
      await markByKeys(page, 2, 6, 'd');
      await press(page, 't');
      await page.keyboard.type(words);
      await finder(page).getByText('It is in no text').waitFor();
      await press(page, 'Enter');
    }
    await finder(page).waitFor({ state: 'detached' });
    await until(() => links(page), [`denies → ${words}`]);
    await until(() => arcs(page), ['2 → elsewhere']);
    await pickedIs(page, DENIAL);
    assert.equal(await hint(page).count(), 0);
    // Also where the button that opened the finder is no more.
    await inArticle(page);
    // There is nowhere to go to.
    await press(page, 'g');
    await page.getByText('It is linked to no other annotation').waitFor({ state: 'attached' });
    await pickedIs(page, DENIAL);
    await press(page, 'Control+z');
    await until(() => links(page), []);
    await press(page, 'Control+y');
    await until(() => links(page), [`denies → ${words}`]);
    await fileHas(page, [`${DENIAL} denies “${words}”`]);
    await page.reload();
    await shows(page, CLAIM);
    await article(page).focus();
    await press(page, 'Control+Home', 'j');
    await until(() => links(page), [`denies → ${words}`]);
  });
}

test('by mouse: a denial is linked to a claim of another article that was picked lately', async (t) => {
  const { page } = await open(t);
  await mark(page, CLAIM, 'c');
  await marksAre(page, [`Claim: ${CLAIM}`]);
  await openArticle(page, 'The council', NO_NEED);
  await mark(page, NO_NEED, 'd');
  await page.getByRole('button', { name: /^Find it/ }).click();
  // Nothing is typed: what was picked last is there, with where it stands.
  await finder(page).getByText('Picked lately').waitFor();
  await finder(page).getByRole('option', { name: CLAIM }).getByText('Claim, The bridge').waitFor();
  assert.deepEqual(await axe(page), [], 'in the finder');
  await finder(page).getByRole('option', { name: CLAIM }).click();
  await until(() => links(page), [`denies → ${CLAIM} The bridge`]);
  await until(() => arcs(page), ['1 → elsewhere']);
  await pickedIs(page, NO_NEED);
  await fileHas(page, [`${NO_NEED} denies ${CLAIM}`]);

  await page.reload();
  await shows(page, NO_NEED);
  await click(page, 'needs no');
  // The other article is not open, and its words are shown all the same.
  await until(() => links(page), [`denies → ${CLAIM} The bridge`]);
  await annotations(page).getByRole('button', { name: CLAIM }).click();
  await shows(page, CLAIM);
  await pickedIs(page, CLAIM);
  await until(() => links(page), [`← denies ${NO_NEED} The council`]);
  await until(() => arcs(page), ['1 → elsewhere']);
  // Gone with the claim, also where the denial stands, and back with it.
  await button(page, 'Delete').click();
  await marksAre(page, []);
  await openArticle(page, 'The council', NO_NEED);
  await click(page, 'needs no');
  await unlinked(page).waitFor();
  await until(() => links(page), []);
  await button(page, 'Undo').click();
  await shows(page, CLAIM);
  await pickedIs(page, CLAIM);
  await until(() => links(page), [`← denies ${NO_NEED} The council`]);
  await fileHas(page, [`${NO_NEED} denies ${CLAIM}`]);
});

test('by keyboard alone: a denial in Japanese is linked to a claim in Hebrew by its words', async (t) => {
  const papers = { hebrew: { title: 'הגשר', text: HEBREW }, japanese: { title: '橋', text: JAPANESE } };
  const { page } = await open(t, papers);
  await article(page).focus();
  // In a line that runs from right to left, the words that come next lie to the left.
  await press(page, 'Control+Home', 'Control+ArrowDown', ...Array(3).fill('Shift+Control+ArrowLeft'), 'c');
  await marksAre(page, [`Claim: ${SAFE}`]);
  await press(page, 'Shift+J');
  await shows(page, DENIED);
  // From the end of the line to the comma, without the stop.
  await press(page, 'Control+Home', 'Control+ArrowDown', 'End', 'ArrowLeft');
  await press(page, ...Array(DENIED.length).fill('Shift+ArrowLeft'), 'd');
  await marksAre(page, [`Denial: ${DENIED}`]);
  await press(page, 't');
  await page.keyboard.type('בטוח');
  const row = finder(page).getByRole('option', { name: SAFE });
  await row.waitFor();
  assert.equal(await row.locator('.found-name').evaluate((it) => getComputedStyle(it).direction), 'rtl');
  await press(page, 'Enter');
  await until(() => links(page), [`denies → ${SAFE} הגשר`]);
  await until(() => arcs(page), ['1 → elsewhere']);
  const words = annotations(page).locator('.link-words');
  assert.equal(await words.evaluate((it) => getComputedStyle(it).direction), 'rtl');

  await press(page, 'g');
  await shows(page, SAFE);
  await pickedIs(page, SAFE);
  await until(() => links(page), [`← denies ${DENIED} 橋`]);
  await until(() => arcs(page), ['1 → elsewhere']);
  await press(page, 'Shift+G');
  await shows(page, DENIED);
  await pickedIs(page, DENIED);
  await inArticle(page);
  // Undone from elsewhere, without leaving it.
  await press(page, 'g');
  await pickedIs(page, SAFE);
  await press(page, 'Control+z');
  await until(() => links(page), []);
  await shows(page, SAFE);
  await press(page, 'Control+y');
  await until(() => links(page), [`← denies ${DENIED} 橋`]);
  await fileHas(page, [`${DENIED} denies ${SAFE}`]);
  await page.reload();
  await shows(page, SAFE);
  await article(page).focus();
  await press(page, 'Control+Home', 'j', 'g');
  await pickedIs(page, DENIED);
  await until(() => links(page), [`denies → ${SAFE} הגשר`]);
});

test('by keyboard alone: G goes round all that a denial is linked to, and Shift+G back again', async (t) => {
  const { page } = await open(t);
  await article(page).focus();
  await markByKeys(page, 1, 7, 'c');
  await openByKeys(page, 'The council', NO_NEED);
  await markByKeys(page, 1, 5, 'c');
  await marksAre(page, [`Claim: ${NO_NEED}`]);
  await openByKeys(page, 'The bridge', CLAIM);
  await markByKeys(page, 2, 6, 'd');
  for (const words of ['century', 'second']) {
    await press(page, 't');
    await page.keyboard.type(words);
    await press(page, 'Enter');
    await finder(page).waitFor({ state: 'detached' });
  }
  // In the order in which they were drawn.
  await until(() => links(page), [`denies → ${CLAIM}`, `denies → ${NO_NEED} The council`]);
  await until(() => arcs(page), ['2 → 1', '2 → elsewhere']);
  // To the first, back from it, and on to the second.
  for (const words of [CLAIM, DENIAL, NO_NEED]) {
    await press(page, 'g');
    await shows(page, words);
    await pickedIs(page, words);
  }
  for (const words of [DENIAL, CLAIM, DENIAL]) {
    await press(page, 'Shift+G');
    await shows(page, words);
    await pickedIs(page, words);
  }
  await press(page, 'Shift+G');
  await page.getByText('Nowhere to go back to').waitFor({ state: 'attached' });
  await pickedIs(page, DENIAL);
  // Each link is an act of its own.
  await press(page, 'Control+z');
  await until(() => links(page), [`denies → ${CLAIM}`]);
  await press(page, 'Control+z');
  await until(() => links(page), []);
});

test('by mouse: the other end is searched in all articles, found unmarked, marked, and linked to', async (t) => {
  const { page } = await open(t);
  await mark(page, DENIAL, 'd');
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await annotations(page).getByRole('button', { name: /^Link/ }).click();
  await page.getByLabel('Settings').click();
  await page.getByRole('button', { name: /^Find anything/ }).click();
  await dialog(page, 'Find').getByRole('combobox').fill('Search all');
  await dialog(page, 'Find').getByRole('option', { name: /^Search all articles/ }).click();
  await search(page).getByLabel('Words', { exact: true }).fill('second bridge');
  await search(page).getByRole('button', { name: 'Search', exact: true }).click();
  await search(page).getByRole('button', { name: /no second bridge/ }).click();
  await shows(page, NO_NEED);
  // What is being drawn is still so, here too.
  await hint(page).waitFor();
  await mark(page, NO_NEED, 'c');
  await until(async () => (await painted(page))['blue-0'], [NO_NEED]);
  await hint(page).waitFor();
  await click(page, 'needs no');
  await shows(page, DENIAL);
  await pickedIs(page, DENIAL);
  await hint(page).waitFor({ state: 'detached' });
  await until(() => arcs(page), ['2 → elsewhere']);
  await button(page, 'Close the search').click();
  await until(() => links(page), [`denies → ${NO_NEED} The council`]);
  await fileHas(page, [`${DENIAL} denies ${NO_NEED}`]);
  // First the link is taken back, then the claim.
  await button(page, 'Undo').click();
  await until(() => links(page), []);
  await button(page, 'Undo').click();
  await shows(page, NO_NEED);
  await marksAre(page, []);
});

for (const by of ['its words', 'its label']) {
  test(`by keyboard alone: the other end is searched in all articles by ${by}, and linked to`, async (t) => {
    const { page } = await open(t);
    await article(page).focus();
    await openByKeys(page, 'The council', NO_NEED);
    await markByKeys(page, 1, 5, 'c');
    await openByKeys(page, 'The bridge', CLAIM);
    await markByKeys(page, 2, 6, 'd');
    // Asked for by the denial itself.
    await hint(page).waitFor();
    await press(page, '/');
    if (by === 'its words') {
      await page.keyboard.type('second bridge');
    } else {
      // A hit is an annotation then, not words.
      await tabTo(page, search(page).getByLabel('Label'));
      await page.keyboard.type('Claim');
      await tabTo(page, search(page).getByRole('button', { name: 'Search', exact: true }), 'Shift+Tab');
    }
    await press(page, 'Enter');
    const hit = search(page).getByRole('button', { name: /no second bridge/ });
    await hit.waitFor();
    await hint(page).waitFor();
    await tabTo(page, hit);
    await press(page, 'Enter');
    await shows(page, NO_NEED);
    await inArticle(page);
    await hint(page).waitFor();
    await press(page, 'Enter');
    await shows(page, DENIAL);
    await pickedIs(page, DENIAL);
    await hint(page).waitFor({ state: 'detached' });
    await until(() => arcs(page), ['2 → elsewhere']);
    // The search lies where the inspector was, till one lets go of all.
    await press(page, 'Escape', 'Escape', 'j');
    await pickedIs(page, DENIAL);
    await until(() => links(page), [`denies → ${NO_NEED} The council`]);
    await fileHas(page, [`${DENIAL} denies ${NO_NEED}`]);
  });
}

test('by touch: a denial is linked to a claim beside it and to one in another article', async (t) => {
  const { page } = await open(t, PAPERS, {
    viewport: { width: 360, height: 740 },
    context: { hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  });
  /** Selects as a long press does, which no pointer event tells of, and taps a label. */
  const markByTouch = async (words, label) => {
    await boxOf(page, words);
    await article(page).evaluate((text, words) => {
      const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        const node = nodes.currentNode;
        const at = node.data.indexOf(words);
        if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
      }
      throw new Error(`the article does not hold “${words}”`);
    }, words);
    await button(page, label).tap();
  };
  const openByTouch = async (title, words) => {
    await button(page, 'List').tap();
    await list(page).getByRole('button', { name: title }).tap();
    await shows(page, words);
  };
  await openByTouch('The council', NO_NEED);
  await markByTouch(NO_NEED, 'Claim');
  await pickedIs(page, NO_NEED);
  await openByTouch('The bridge', CLAIM);
  await markByTouch(CLAIM, 'Claim');
  await pickedIs(page, CLAIM);
  await markByTouch(DENIAL, 'Denial');
  await hint(page).waitFor();
  const box = await boxOf(page, 'The bridge will');
  await page.touchscreen.tap(box.left + 3, box.top);
  await until(() => links(page), [`denies → ${CLAIM}`]);
  await pickedIs(page, DENIAL);
  await until(() => arcs(page), ['2 → 1']);
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok((await sideways()) <= 0, 'nothing scrolls sideways with an arc in the margin');
  await annotations(page).getByRole('button', { name: /^Find what to link/ }).tap();
  await finder(page).getByRole('option', { name: NO_NEED }).tap();
  await finder(page).waitFor({ state: 'detached' });
  await until(() => links(page), [`denies → ${CLAIM}`, `denies → ${NO_NEED} The council`]);
  assert.deepEqual(await axe(page), []);
  // The inspector is a drawer here; a row of it leads to the other article.
  await annotations(page).getByRole('button', { name: NO_NEED }).tap();
  await pickedIs(page, NO_NEED);
  await until(() => links(page), [`← denies ${DENIAL} The bridge`]);
  await fileHas(page, [`${DENIAL} denies ${CLAIM}`, `${DENIAL} denies ${NO_NEED}`]);
  await button(page, 'Undo').tap();
  await until(() => links(page), []);
});
