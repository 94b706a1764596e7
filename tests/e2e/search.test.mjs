// Searching all articles: what is asked for, what is found in context, stepping, and marking from a hit.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  annotations, article, button, click, deployment, dialog, exported, exportedByKeys, inArticle, mark, marksAre,
  openArticle, painted, saved, selected, shows, tabTo, until,
} from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const PAPERS = {
  ferry: {
    title: 'Ferry late again',
    text:
      'Ferry late again\n\nThe Ferry Board said the ferries are safe. Nobody ferried anybody.\n\n' +
      'The board denied that the ferry leaks.\n',
  },
  quay: { title: 'Quay', text: 'A new quay\n\n“No ferry calls here,” said Ole Brandt.\n' },
  abbara: {
    title: 'العبّارة تتأخر',
    text: 'قالت ليلى الصباغ إن العبّارة آمنة.\n\nنفى رامي الخطيب أن العبّارة قديمة جدا.\n',
  },
  watashi: {
    title: '渡し船',
    text: '港の渡し船は安全だと市長は述べた。\n\n船長の大森は渡し船が古いことを否定した。\n',
  },
};

const panel = (page) => page.getByRole('complementary', { name: 'Search' });
const words = (page) => panel(page).getByLabel('Words', { exact: true });
const tick = (page, name) => panel(page).getByRole('checkbox', { name, exact: true });
const filter = (page, name) => panel(page).getByRole('combobox', { name, exact: true });
const state = (page) => panel(page).getByRole('status');
const step = (page, name) => panel(page).getByRole('button', { name: new RegExp(`^${name}`) });

/** What was found: titles as `# title`, hits as `before[words]after`, the one that one is at with a star. */
const hits = (page) =>
  panel(page)
    .locator('.hits > li')
    .evaluateAll((all) =>
      all.map((row) => {
        const hit = row.querySelector('.hit');
        if (!hit) return `# ${row.textContent}`;
        const [before, covered, after] = [...hit.children].map((part) => part.textContent);
        return `${before}[${covered}]${after}${hit.getAttribute('aria-current') ? ' *' : ''}`;
      }),
    );

/** Waits until just this was found, and the count says so. */
async function finds(page, ...expected) {
  const count = expected.filter((it) => !it.startsWith('# ')).length;
  const said = { 0: 'Nothing found.', 1: '1 hit' }[count] ?? `${count} hits`;
  await state(page).getByText(said, { exact: true }).waitFor();
  await until(() => hits(page), expected);
}

/** Asks for words with the mouse. */
async function ask(page, text) {
  await words(page).fill(text);
  await panel(page).getByRole('button', { name: 'Search', exact: true }).click();
}

/** Opens the search with the mouse, or by touch: `press` is how a button is pressed. */
async function openByMenu(page, press = (it) => it.click()) {
  await press(page.getByLabel('Settings'));
  await press(page.getByRole('button', { name: 'Find anything' }));
  await dialog(page, 'Find').getByRole('combobox').fill('search all');
  await press(dialog(page, 'Find').getByRole('option', { name: 'Search all articles' }));
  // The menu stays open until it is closed.
  if (await page.getByRole('button', { name: 'Find anything' }).isVisible()) await press(page.getByLabel('Settings'));
  await words(page).waitFor();
}


/** The words of all annotations in a file, with their labels and articles. */
const made = ({ json }) =>
  json.articles.flatMap(({ id, sets }) =>
    sets.flatMap((set) => set.annotations.map((it) => `${id}, ${it.label}: ${it.spans[0].text}`)),
  );

const LATE = '[Ferry] late again';
const BOARD = 'The [Ferry] Board said the ferries are safe. …';
const LEAKS = 'The board denied that the [ferry] leaks.';
const CALLS = '“No [ferry] calls here,” said Ole Brandt.';

test('words are found as they are asked for, and a hit is marked, by mouse', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'The Ferry Board');
  await openByMenu(page);
  await ask(page, 'ferry');
  await finds(page, '# Ferry late again', LATE, BOARD, LEAKS, '# Quay', CALLS);
  await tick(page, 'Aa').check();
  await ask(page, 'ferry');
  await finds(page, '# Ferry late again', LEAKS, '# Quay', CALLS);
  await tick(page, 'Aa').uncheck();
  await tick(page, 'Whole words').check();
  await ask(page, 'ferri');
  await finds(page);
  assert.deepEqual(await axe(page), [], 'nothing found');
  await tick(page, 'Whole words').uncheck();
  await tick(page, 'Regular expression').check();
  await ask(page, 'ferr(ies|ied)');
  await finds(
    page,
    '# Ferry late again',
    'The Ferry Board said the [ferries] are safe. Nobody ferried anybody.',
    '… said the ferries are safe. Nobody [ferried] anybody.',
  );
  await ask(page, 'ferr(ies|ied');
  await state(page).getByText('at character 5, “(”: this parenthesis is never closed.').waitFor();
  await until(() => hits(page), []);
  assert.deepEqual(await axe(page), [], 'a broken expression');

  // Any hit leads to its words, in whichever article they stand, and they can be marked at once.
  await tick(page, 'Regular expression').uncheck();
  await ask(page, 'ferry');
  await finds(page, '# Ferry late again', LATE, BOARD, LEAKS, '# Quay', CALLS);
  await panel(page).getByRole('button', { name: 'No ferry calls here' }).click();
  await shows(page, 'A new quay');
  await until(() => selected(page), 'ferry');
  await until(() => hits(page), ['# Ferry late again', LATE, BOARD, LEAKS, '# Quay', `${CALLS} *`]);
  await step(page, 'Next').click();
  await shows(page, 'Ferry late again');
  await until(() => selected(page), 'Ferry');
  await step(page, 'Previous').click();
  await shows(page, 'A new quay');
  await step(page, 'Previous').click();
  await shows(page, 'the ferry leaks');
  await until(() => hits(page), ['# Ferry late again', LATE, BOARD, `${LEAKS} *`, '# Quay', CALLS]);
  await until(() => selected(page), 'ferry');
  await button(page, 'Claim').click();
  await until(async () => (await painted(page))['avow-picked'], ['ferry']);
  await saved(page);
  assert.deepEqual(made(await exported(page)), ['ferry, claim: ferry']);

  // All others at once, and back at once.
  await button(page, 'Mark all as Claim').click();
  await page.getByText('Hits marked, 3 annotations changed.').first().waitFor();
  await saved(page);
  const all = await exported(page);
  const claims = ['ferry, claim: Ferry', 'ferry, claim: Ferry', 'ferry, claim: ferry', 'quay, claim: ferry'];
  assert.deepEqual(made(all), claims);
  await button(page, 'Undo').first().click();
  await saved(page);
  assert.deepEqual(made(await exported(page)), ['ferry, claim: ferry']);
  await button(page, 'Redo').click();
  await saved(page);
  await page.reload();
  await openArticle(page, 'Ferry late again', 'The Ferry Board');
  await marksAre(page, ['Claim: Ferry', 'Claim: Ferry', 'Claim: ferry']);
  assert.equal((await exported(page)).text, all.text);
});

test('annotations are found by label, speaker, annotator, status and what they break', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS), path: '?annotator=Ada' });
  await shows(page, 'The Ferry Board');
  await mark(page, 'the ferries are safe', 'c');
  await marksAre(page, ['Claim: the ferries are safe']);
  await mark(page, 'The Ferry Board', 's');
  await mark(page, 'denied that the ferry leaks', 'd');
  await page.keyboard.press('Escape');
  await mark(page, 'The board', 's');
  await page.keyboard.press('f');
  await openArticle(page, 'Quay', 'A new quay');
  await mark(page, '“No ferry calls here,”', 'q');
  await mark(page, 'Ole Brandt', 's');
  await saved(page);
  // What was annotated is found also where it is not loaded.
  await page.reload();
  await shows(page, 'A new quay');
  await openByMenu(page);

  const safe = 'The Ferry Board said [the ferries are safe]. Nobody ferried anybody.';
  const leaks = 'The board [denied that the ferry leaks].';
  const calls = '[“No ferry calls here,”] said Ole Brandt.';
  await filter(page, 'Label').selectOption('Denial');
  await ask(page, '');
  await finds(page, '# Ferry late again', leaks);
  await filter(page, 'Label').selectOption('');
  await filter(page, 'Speaker').selectOption('Ole Brandt');
  await ask(page, '');
  await finds(page, '# Quay', calls);
  await filter(page, 'Speaker').selectOption('');
  await filter(page, 'Annotator').selectOption('Ada');
  await ask(page, '');
  await finds(page, '# Ferry late again', safe, leaks, '# Quay', calls);
  // Words and annotations: the words within them.
  await ask(page, 'FERRY');
  await finds(page, '# Ferry late again', 'The board denied that the [ferry] leaks.', '# Quay', CALLS);
  await filter(page, 'Annotator').selectOption('');
  await filter(page, 'Status').selectOption('Done');
  await ask(page, 'ferry');
  await finds(page, '# Ferry late again', LATE, BOARD, LEAKS);
  await filter(page, 'Status').selectOption('To do');
  await ask(page, '渡し船');
  await finds(page, '# 渡し船', '港の[渡し船]は安全だと市長は述べた。', '船長の大森は[渡し船]が古いことを否定した。');
  await filter(page, 'Status').selectOption('');
  await tick(page, 'Breaks a rule').check();
  await ask(page, '');
  await finds(page, '# Ferry late again', leaks);
  assert.deepEqual(await axe(page), []);

  // Such a hit is the annotation: it is picked, and what it breaks can be seen.
  await panel(page).getByRole('button', { name: 'denied that the ferry leaks' }).click();
  await shows(page, 'Ferry late again');
  await until(async () => (await painted(page))['avow-picked'], ['denied that the ferry leaks']);
  await panel(page).getByRole('button', { name: 'Close the search' }).click();
  await annotations(page).getByText('A denial is linked to what it denies.').waitFor();
  await click(page, 'ferries are safe');
  await until(async () => (await painted(page))['avow-picked'], ['the ferries are safe']);
});

test('searching, stepping and marking by keyboard alone', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'The Ferry Board');
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await article(page).focus();
  await press('/');
  await page.keyboard.type('no such words');
  await press('Enter');
  await finds(page);
  await press('Control+a');
  await page.keyboard.type('ferry');
  await press('Enter');
  await finds(page, '# Ferry late again', LATE, BOARD, LEAKS, '# Quay', CALLS);
  // The hits are buttons on the way of Tab.
  await tabTo(page, panel(page).getByRole('button', { name: 'The Ferry Board' }));
  await press('Enter');
  await until(() => selected(page), 'Ferry');
  await inArticle(page);
  const at = (nth) => {
    const all = [LATE, BOARD, LEAKS, CALLS].map((it, index) => (index === nth ? `${it} *` : it));
    return until(() => hits(page), ['# Ferry late again', ...all.slice(0, 3), '# Quay', all[3]]);
  };
  await at(1);
  await press('l');
  await at(2);
  await press('l');
  await shows(page, 'A new quay');
  await at(3);
  await press('l');
  await shows(page, 'Ferry late again');
  await at(0);
  await press('Shift+L');
  await shows(page, 'A new quay');
  await at(3);
  await until(() => selected(page), 'ferry');
  await press('q');
  await until(async () => (await painted(page))['avow-picked'], ['ferry']);
  await press('Shift+L');
  await shows(page, 'Ferry late again');
  await at(2);
  await until(() => selected(page), 'ferry');
  await press('c');
  await until(async () => (await painted(page))['avow-picked'], ['ferry']);
  await saved(page);
  assert.deepEqual(made(await exportedByKeys(page)), ['ferry, claim: ferry', 'quay, quote: ferry']);
  await inArticle(page);
  await press('Control+z');
  await until(async () => (await painted(page))['blue-0'], undefined);
  await press('Control+Shift+z');
  await until(async () => (await painted(page))['blue-0'], ['ferry']);
  await saved(page);
  await page.reload();
  await shows(page, 'Ferry late again');
  await marksAre(page, ['Claim: ferry']);
});

test('keys lead from the search to the text and to the fields, and back', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'The Ferry Board');
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const inField = () => words(page).evaluate((it) => it === document.activeElement);
  await article(page).focus();
  await press('/');
  await page.keyboard.type('ferry');
  await press('Enter');
  await finds(page, '# Ferry late again', LATE, BOARD, LEAKS, '# Quay', CALLS);
  // Escape leaves the words where they are, and the keys of the text act again.
  await press('Escape');
  await inArticle(page);
  assert.equal(await words(page).inputValue(), 'ferry');
  await press('l', 'c');
  await until(async () => (await painted(page))['avow-picked'], ['Ferry']);
  // What is selected is looked for, and the field has the focus, also where it stood before.
  await press('Control+Home', 'Shift+Control+ArrowRight', 'Shift+Control+ArrowRight');
  const two = (await selected(page)).trim();
  assert.equal(two, 'Ferry late');
  await press('/');
  await until(() => words(page).inputValue(), two);
  await until(inField, true);
  await press('Enter');
  await finds(page, '# Ferry late again', '[Ferry late] again');
  // A speaker is typed as always: the annotation comes in place of the search.
  await press('Escape', 'Control+Home', 'j');
  await until(async () => (await painted(page))['avow-picked'], ['Ferry']);
  assert.equal(await panel(page).isVisible(), true);
  await press('s');
  await page.keyboard.type('Ole Brandt');
  await press('Enter');
  await annotations(page).locator('.chip-text').getByText('Ole Brandt').waitFor();
  await saved(page);
  const { json } = await exportedByKeys(page);
  assert.deepEqual(json.speakers.map((it) => it.name), ['Ole Brandt']);
  assert.deepEqual(made({ json }), ['ferry, claim: Ferry']);
});

test('words from right to left, and words without spaces', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'The Ferry Board');
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const inField = () => words(page).evaluate((it) => it === document.activeElement);
  const next = async () => {
    await tabTo(page, step(page, 'Next'));
    await press('Enter');
    await inArticle(page);
  };
  await article(page).focus();
  await press('/');
  // The test's keyboard has no such letters: it puts the words into the field that has the focus.
  await until(inField, true);
  await page.keyboard.type('العبّارة');
  await press('Enter');
  await finds(
    page,
    '# العبّارة تتأخر',
    'قالت ليلى الصباغ إن [العبّارة] آمنة.',
    'نفى رامي الخطيب أن [العبّارة] قديمة جدا.',
  );
  const runs = await panel(page).locator('.hit').first().evaluate((it) => getComputedStyle(it).direction);
  assert.equal(runs, 'rtl');
  await next();
  await press('Shift+L');
  await shows(page, 'نفى رامي');
  await until(() => selected(page), 'العبّارة');
  // The claim goes on to the left.
  await press('Control+Shift+ArrowLeft', 'd');
  await until(async () => (await painted(page))['avow-picked'], ['العبّارة قديمة']);

  await press('/');
  await until(inField, true);
  await press('Control+a');
  await page.keyboard.type('渡し船が');
  await press('Enter');
  await finds(page, '# 渡し船', '船長の大森は[渡し船が]古いことを否定した。');
  await press('Control+a');
  await page.keyboard.type('渡し船');
  await tabTo(page, tick(page, 'Whole words'));
  await press('Space');
  await tabTo(page, words(page), 'Shift+Tab');
  await press('Enter');
  await finds(page, '# 渡し船', '港の[渡し船]は安全だと市長は述べた。', '船長の大森は[渡し船]が古いことを否定した。');
  await next();
  await shows(page, '港の');
  await until(() => selected(page), '渡し船');
  await press('c');
  await until(async () => (await painted(page))['avow-picked'], ['渡し船']);
  await saved(page);
  const file = await exportedByKeys(page);
  assert.deepEqual(made(file), ['abbara, denial: العبّارة قديمة', 'watashi, claim: 渡し船']);
  await page.reload();
  await shows(page, '港の');
  await marksAre(page, ['Claim: 渡し船']);
  assert.equal((await exportedByKeys(page)).text, file.text);
});

test('by touch on a phone: found, gone to, and marked', async (t) => {
  const { page } = await openPage(t, {
    deployment: deployment(PAPERS),
    viewport: { width: 360, height: 740 },
    context: { hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  });
  await shows(page, 'The Ferry Board');
  await openByMenu(page, (it) => it.tap());
  await words(page).tap();
  await page.keyboard.type('quay');
  await panel(page).getByRole('button', { name: 'Search', exact: true }).tap();
  await finds(page, '# Quay', 'A new [quay]');
  assert.deepEqual(await axe(page), []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 360, 'nothing scrolls sideways');
  // The list makes room for the text.
  await panel(page).getByRole('button', { name: 'A new quay' }).tap();
  await shows(page, 'A new quay');
  await until(() => selected(page), 'quay');
  await button(page, 'Claim').tap();
  await until(async () => (await painted(page))['blue-0'], ['quay']);
  await saved(page);
  await page.reload();
  await shows(page, 'A new quay');
  await button(page, 'Marks').tap();
  await marksAre(page, ['Claim: quay']);
  assert.deepEqual(made(await exported(page)), ['quay, claim: quay']);
});

/** Runs in the page, before it: while `globalThis.slow`, what is asked of the worker waits in `held`. */
function holdJobs() {
  globalThis.slow = false;
  globalThis.held = [];
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...message) {
    const go = () => post.apply(this, message);
    if (globalThis.slow) globalThis.held.push(go);
    else go();
  };
}

test('a long search shows how far it is, and stops when it is told to', async (t) => {
  const many = Array.from({ length: 210 }, (_, at) => [`a${at}`, `Ferry number ${at}.\n`]);
  const { page } = await openPage(t, {
    deployment: deployment(Object.fromEntries(many)),
    before: (_, context) => context.addInitScript(holdJobs),
  });
  await shows(page, 'Ferry number 0');
  await article(page).focus();
  await page.evaluate(() => (globalThis.slow = true));
  await page.keyboard.press('/');
  await page.keyboard.type('ferry');
  await page.keyboard.press('Enter');
  const progress = panel(page).getByRole('progressbar', { name: '0 of 210 articles, nothing yet' });
  await progress.waitFor();
  assert.deepEqual(await axe(page), []);
  await page.waitForFunction(() => globalThis.held.length === 1);
  await page.evaluate(() => globalThis.held.shift()());
  const later = panel(page).getByRole('progressbar', { name: '50 of 210 articles, 50 hits' });
  await later.waitFor();
  assert.deepEqual([await later.getAttribute('value'), await later.getAttribute('max')], ['50', '210']);
  await tabTo(page, panel(page).getByRole('button', { name: 'Stop' }));
  await page.keyboard.press('Enter');
  await state(page).getByText('50 hits', { exact: true }).waitFor();
  // What was found can be stepped through; what comes late is no more waited for.
  await page.evaluate(() => {
    globalThis.slow = false;
    for (const go of globalThis.held.splice(0)) go();
  });
  await tabTo(page, step(page, 'Next'));
  await page.keyboard.press('Enter');
  await until(() => selected(page), 'Ferry');
  await state(page).getByText('50 hits', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.press('Enter');
  await state(page).getByText('210 hits', { exact: true }).waitFor();
});
