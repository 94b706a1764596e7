// Claims that say the same, in whatever article: who says it, who denies it, in one sentence.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  annotations, article, button, click, deployment, dialog, exported, field, finder, inArticle, links, mark, marksAre,
  openArticle, pickedIs, press, saved, shows, tabTo, until,
} from './acts.mjs';
import { axe, openPage } from './harness.mjs';

/** Two claims are made twice in three papers: that there is lead in the water, and that bread is dear. */
const PAPERS = {
  pipes: { title: 'The pipes', text: 'The pipes of Vell\n\nThere is lead in the pipes, Engineer Tove Aune said.\n' },
  water: {
    title: 'The water',
    text:
      'The water of Vell\n\nThe water is full of lead, Nurse Ilka Brandt told parents.\n\n' +
      'Bread is dear, Baker Olm Reis said.\n',
  },
  answer: {
    title: 'The answer',
    text: 'The mayor answers\n\nNone of it is true, Mayor Ansa Dorn said.\n\nA loaf costs too much, the miller said.\n',
  },
};
const PIPES = 'There is lead in the pipes';
const WATER = 'The water is full of lead';
const BREAD = 'Bread is dear';
const LOAF = 'A loaf costs too much';
const UNTRUE = 'None of it is true';
const SENTENCE = 'The water of Vell has lead in it.';

const LEAD_ROWS = [`Tove Aune, The pipes: ${PIPES}`, `Ilka Brandt, The water: ${WATER}`];
const BREAD_ROWS = [`Olm Reis, The water: ${BREAD}`, `The answer: ${LOAF}`];
const DENIED = `denies, Ansa Dorn, The answer: ${UNTRUE}`;

async function open(t, options = {}) {
  const session = await openPage(t, { deployment: deployment(PAPERS), ...options });
  await shows(session.page, PIPES);
  return session;
}

const claims = (page) => dialog(page, 'Claims');
/** One group on the screen, by its name there. */
const group = (page, name) => claims(page).getByRole('region', { name });
const sentence = (page, name) => group(page, name).getByLabel('The claim in one sentence');

/** The groups that are shown, each its name and its rows `kind, who, where: words`. */
async function groups(page) {
  return claims(page)
    .locator('.claim-group')
    .evaluateAll((shown) =>
      shown.map((it) => [
        it.getAttribute('aria-label'),
        ...[...it.querySelectorAll('.claim-member')].map((row) => {
          const facts = [...row.querySelector('.row-facts').children].map((fact) => fact.textContent.trim());
          return `${facts.join(', ')}: ${row.querySelector('.link-words').textContent}`;
        }),
      ]),
    );
}

/** What the file says of groups: their sentences, and their members by their words. */
function groupsOf(json) {
  const words = (place) => {
    const { sets } = json.articles.find((it) => it.id === place.article);
    return sets[0].annotations.find((it) => it.id === place.annotation).spans[0].text;
  };
  return json.groups.map((it) => [it.sentence, ...it.members.map(words)]);
}

/** Marks the first words of a paragraph of the open article and says whose they are, by keys alone. */
async function sayByKeys(page, paragraph, words, label, who) {
  await press(page, 'Escape', 'Escape', 'Control+Home', ...Array(paragraph).fill('Control+ArrowDown'));
  await press(page, ...Array(words).fill('Shift+Control+ArrowRight'), label);
  if (who === undefined) return;
  await press(page, 's');
  await page.keyboard.type(who);
  await press(page, 'Enter');
  await annotations(page).getByText(who, { exact: true }).first().waitFor();
}

/** Links the picked annotation to what is found by these words, by keys alone. */
async function linkByKeys(page, words, row = 0) {
  await press(page, 't');
  await page.keyboard.type(words);
  await finder(page).getByRole('option').filter({ hasText: words }).first().waitFor();
  await press(page, ...Array(row).fill('ArrowDown'), 'Enter');
  await finder(page).waitFor({ state: 'detached' });
}

async function openClaimsByKeys(page) {
  await press(page, 'Control+k');
  await dialog(page, 'Find').waitFor();
  await page.keyboard.type('Claims');
  await press(page, 'Enter');
  await claims(page).waitFor();
}

async function sayByMouse(page, words, who, label = 'c') {
  await mark(page, words, label);
  if (who === undefined) return;
  await field(page, 'Speaker').fill(who);
  await field(page, 'Speaker').press('Enter');
  await annotations(page).getByText(who, { exact: true }).first().waitFor();
}

async function linkByMouse(page, words) {
  await annotations(page).getByRole('button', { name: /^Find what to link/ }).click();
  await finder(page).getByRole('option', { name: words }).click();
  await finder(page).waitFor({ state: 'detached' });
}

test('by keyboard alone: who says the same in which paper, who denies it, in one sentence', async (t) => {
  const { page } = await open(t, { colorScheme: 'dark' });
  await article(page).focus();
  await sayByKeys(page, 1, 6, 'c', 'Tove Aune');
  await press(page, 'Shift+J');
  await shows(page, WATER);
  await sayByKeys(page, 1, 6, 'c', 'Ilka Brandt');
  await linkByKeys(page, 'pipes');
  await until(() => links(page), [`repeats → ${PIPES} The pipes`]);
  await annotations(page).getByRole('button', { name: `One of 2 that say: ${PIPES}` }).waitFor();
  await sayByKeys(page, 2, 3, 'c', 'Olm Reis');
  await press(page, 'Shift+J');
  await shows(page, UNTRUE);
  await sayByKeys(page, 2, 5, 'c');
  await linkByKeys(page, 'dear');
  // The denial rejects the claim whoever makes it: the second row is the group.
  await sayByKeys(page, 1, 5, 'd', 'Ansa Dorn');
  await linkByKeys(page, 'pipes', 1);
  await until(() => links(page), [`denies → ${PIPES}`]);

  await openClaimsByKeys(page);
  await until(() => groups(page), [
    [PIPES, ...LEAD_ROWS, DENIED],
    [BREAD, ...BREAD_ROWS],
  ]);
  assert.deepEqual(await axe(page), []);
  // One sentence stands for all that say it; it is an act of its own.
  await tabTo(page, sentence(page, PIPES));
  await page.keyboard.type(SENTENCE);
  await until(async () => (await groups(page)).map(([name]) => name), [SENTENCE, BREAD]);
  await press(page, 'Escape');
  await claims(page).waitFor({ state: 'detached' });
  await inArticle(page);
  await until(() => links(page), [`denies → ${SENTENCE}`]);
  await press(page, 'Control+z');
  await until(() => links(page), [`denies → ${PIPES}`]);
  await press(page, 'Control+y');
  await until(() => links(page), [`denies → ${SENTENCE}`]);
  await saved(page);
  const { json } = await exported(page);
  assert.deepEqual(groupsOf(json), [
    [SENTENCE, PIPES, WATER],
    ['', BREAD, LOAF],
  ]);
  assert.deepEqual(json.relations.map((it) => it.type), ['repeats', 'repeats', 'denies']);
  assert.deepEqual(json.relations[2].to, { group: json.groups[0].id });
});

test('by keyboard alone: a claim is found by its speaker, and followed to its place and back', async (t) => {
  const { page } = await open(t);
  await article(page).focus();
  await sayByKeys(page, 1, 6, 'c', 'Tove Aune');
  await press(page, 'Shift+J');
  await shows(page, WATER);
  await sayByKeys(page, 2, 3, 'c', 'Olm Reis');
  await sayByKeys(page, 1, 6, 'c', 'Ilka Brandt');
  await linkByKeys(page, 'pipes');
  await press(page, 'Shift+J');
  await shows(page, UNTRUE);
  await sayByKeys(page, 2, 5, 'c');
  await linkByKeys(page, 'dear');
  await saved(page);
  // No paper but the last is open now, and all their words are there.
  await page.reload();
  await shows(page, UNTRUE);
  await article(page).focus();
  await press(page, 'Control+Home', 'j');
  await pickedIs(page, LOAF);
  await openClaimsByKeys(page);
  await until(() => groups(page), [
    [PIPES, ...LEAD_ROWS],
    [BREAD, ...BREAD_ROWS],
  ]);
  await claims(page).getByText('2 groups').waitFor();
  await page.keyboard.type('reis');
  await claims(page).getByText('1 of 2 groups').waitFor();
  await until(() => groups(page), [[BREAD, ...BREAD_ROWS]]);
  // What is typed stays where it is typed while groups come and go.
  const filter = claims(page).getByLabel('Filter claims');
  assert.equal(await filter.inputValue(), 'reis');
  assert.ok(await filter.evaluate((it) => it === document.activeElement));
  await tabTo(page, group(page, BREAD).getByRole('button', { name: /Olm Reis/ }));
  await press(page, 'Enter');
  await claims(page).waitFor({ state: 'detached' });
  await shows(page, BREAD);
  await pickedIs(page, BREAD);
  await inArticle(page);
  await press(page, 'Shift+G');
  await shows(page, LOAF);
  await pickedIs(page, LOAF);
});

test('by mouse: groups are split, merged, thinned out and deleted, and each is taken back', async (t) => {
  const { page } = await open(t);
  await sayByMouse(page, PIPES, 'Tove Aune');
  await openArticle(page, 'The water', WATER);
  await sayByMouse(page, BREAD, 'Olm Reis');
  await sayByMouse(page, WATER, 'Ilka Brandt');
  await linkByMouse(page, PIPES);
  await openArticle(page, 'The answer', UNTRUE);
  await sayByMouse(page, LOAF);
  await linkByMouse(page, BREAD);
  await saved(page);
  const before = await exported(page);
  assert.deepEqual(groupsOf(before.json), [
    ['', PIPES, WATER],
    ['', BREAD, LOAF],
  ]);
  const lead = [PIPES, ...LEAD_ROWS];
  const bread = [BREAD, ...BREAD_ROWS];
  await annotations(page).getByRole('button', { name: /^One of 2 that say:/ }).click();
  await until(() => groups(page), [lead, bread]);
  assert.deepEqual(await axe(page), []);

  await group(page, PIPES).getByRole('button', { name: 'Split off' }).last().click();
  // The water is a group of its own; that it repeats what was said stays on record.
  await until(async () => (await groups(page)).map(([name]) => name), [PIPES, BREAD, WATER]);
  await group(page, WATER).getByRole('button', { name: 'Merge into…' }).click();
  await dialog(page, 'Merge into').getByRole('option').filter({ hasText: PIPES }).click();
  await until(() => groups(page), [lead, bread]);
  await group(page, BREAD).getByRole('button', { name: 'Take out of the group' }).last().click();
  await until(async () => (await groups(page))[1].slice(0, 2), bread.slice(0, 2));
  assert.equal(await group(page, BREAD).getByRole('button', { name: 'Take out of the group' }).count(), 1);
  await group(page, PIPES).getByRole('button', { name: 'Delete the group' }).click();
  await until(async () => (await groups(page)).map(([name]) => name), [BREAD]);
  await claims(page).getByRole('button', { name: 'Close', exact: true }).click();
  await claims(page).waitFor({ state: 'detached' });
  await saved(page);
  const after = await exported(page);
  assert.deepEqual(groupsOf(after.json), [['', BREAD]]);
  assert.equal(after.json.relations.length, 2, 'the members stay, and what links them');

  await page.reload();
  await shows(page, LOAF);
  for (let act = 0; act < 4; act += 1) await button(page, 'Undo').click();
  await saved(page);
  assert.equal((await exported(page)).text, before.text);
  await click(page, 'loaf costs');
  await annotations(page).getByRole('button', { name: /^One of 2 that say:/ }).waitFor();
});

test('by mouse: a group is denied, leads to its places, and goes on without a claim that is deleted', async (t) => {
  const { page } = await open(t);
  await sayByMouse(page, PIPES, 'Tove Aune');
  await openArticle(page, 'The water', WATER);
  await sayByMouse(page, WATER, 'Ilka Brandt');
  await linkByMouse(page, PIPES);
  await openArticle(page, 'The answer', UNTRUE);
  await sayByMouse(page, UNTRUE, 'Ansa Dorn', 'd');
  await linkByMouse(page, `${PIPES} 2 members`);
  await until(() => links(page), [`denies → ${PIPES}`]);
  await page.getByLabel('Settings').click();
  await button(page, 'Claims').click();
  await until(() => groups(page), [[PIPES, ...LEAD_ROWS, DENIED]]);
  await group(page, PIPES).getByRole('button', { name: /Tove Aune/ }).click();
  await claims(page).waitFor({ state: 'detached' });
  await shows(page, PIPES);
  await pickedIs(page, PIPES);
  await button(page, 'Delete').click();
  await marksAre(page, []);
  await openArticle(page, 'The water', WATER);
  await click(page, 'water is full');
  await until(() => links(page), []);
  await annotations(page).getByRole('button', { name: /^One of 1 that say:/ }).click();
  await until(() => groups(page), [[WATER, LEAD_ROWS[1], DENIED]]);
  await claims(page).getByRole('button', { name: 'Close', exact: true }).click();
  await button(page, 'Undo').click();
  await shows(page, PIPES);
  await pickedIs(page, PIPES);
  await annotations(page).getByRole('button', { name: `One of 2 that say: ${PIPES}` }).waitFor();
  await saved(page);
  assert.deepEqual(groupsOf((await exported(page)).json), [['', PIPES, WATER]]);
});
