// Who speaks: a name in the text finds the speaker, and the screen “Speakers” renames, merges and splits.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  annotations,
  article,
  boxOf,
  button,
  deployment,
  dialog,
  drag,
  exported,
  exportedByKeys,
  mark,
  openArticle,
  saved,
  selectByKeys,
  shows,
  tabTo,
  until,
} from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const PAPERS = {
  harbour:
    'Harbour stays open\n\n“We dredge in May,” said Vera Alm. Alm denied that the harbour is silting up.\n\n' +
    'Wim Osk said the boats are old. Vera Almm called them safe.\n',
  council: 'Mayor Alm promised a new quay by spring.\n',
};

const speakers = (page) => dialog(page, 'Speakers');

/** The rows of the screen: a name, the other names, how many annotations. */
const rows = (page) =>
  speakers(page)
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => {
        const names = [...row.querySelectorAll('input')].map((it) => it.value);
        return [...names, row.querySelector('.number').textContent];
      }),
    );

/** What is proposed to be one, as `Vera Alm and Alm`. */
const proposed = (page) =>
  speakers(page)
    .getByRole('region', { name: 'Who may be one' })
    .getByRole('listitem')
    .evaluateAll((all) => all.map((it) => [...it.querySelectorAll('span')].map((part) => part.textContent).join(' ')));

/** Every annotation with a speaker in a file, as `words: name (mention)`. */
function whoSays({ json }) {
  const name = ({ id }) => json.speakers.find((it) => it.id === id)?.name;
  const all = json.articles.flatMap((it) => it.sets.flatMap((set) => set.annotations));
  return all.map(({ spans, attributes }) => {
    const who = (attributes.speaker ?? []).map((it) => `${name(it)} (${it.mention?.text ?? ''})`);
    return `${spans[0].text}: ${who.join(', ')}`;
  });
}

const names = ({ json }) => Object.fromEntries(json.speakers.map((it) => [it.name, it.aliases]));

/** Clicks the word at these words with Alt. */
async function altClick(page, words) {
  const box = await boxOf(page, words);
  await page.keyboard.down('Alt');
  await page.mouse.click(box.left + 4, box.top);
  await page.keyboard.up('Alt');
}

/** Waits until the picked annotation has this speaker, mentioned with these words. */
async function speaks(page, name, mention) {
  const chip = annotations(page).locator('.speaker-field .chips li').filter({ hasText: `${name}“${mention}”` });
  await chip.first().waitFor();
}

/** Opens the screen by the menu. */
async function openByMenu(page) {
  // The menu stays open until it is closed.
  if (!(await button(page, 'Speakers').isVisible())) await page.getByLabel('Settings').click();
  await button(page, 'Speakers').click();
  await speakers(page).waitFor();
}

/** Opens the screen by the palette. */
async function openByKeys(page) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('speakers');
  await page.keyboard.press('Enter');
  await speakers(page).waitFor();
}

test('a name in the text finds its speaker, and a near one is asked about and never taken by itself', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'Harbour stays open');
  await mark(page, '“We dredge in May,”', 'q');
  await mark(page, 'Vera Alm', 's');
  await speaks(page, 'Vera Alm', 'Vera Alm');

  // The last word of a known name may be somebody else: it is asked.
  await mark(page, 'the harbour is silting up', 'd');
  await page.keyboard.press('Escape');
  await altClick(page, 'Alm denied');
  await speaks(page, 'Alm', 'Alm');
  const question = page.getByText('Is “Alm” the same speaker as “Vera Alm”?');
  await question.waitFor();
  await saved(page);
  assert.deepEqual(names(await exported(page)), { 'Vera Alm': [], Alm: [] }, 'nothing is merged by itself');
  await button(page, 'Yes, one').click();
  await speaks(page, 'Vera Alm', 'Alm');
  await saved(page);
  const one = await exported(page);
  assert.deepEqual(names(one), { 'Vera Alm': ['Alm'] });

  // A name that is known, other names included, whatever its capitals, is taken without a question.
  await openArticle(page, 'council', 'Mayor Alm');
  await mark(page, 'a new quay by spring', 'c');
  await altClick(page, 'Alm promised');
  await speaks(page, 'Vera Alm', 'Alm');
  assert.equal(await page.getByText(/Is “.*” the same speaker/).count(), 0);

  // One letter too many is asked about again, and no answer leaves two.
  await openArticle(page, 'harbour', 'Harbour stays open');
  await mark(page, 'them safe', 'c');
  await mark(page, 'Vera Almm', 's');
  await page.getByText('Is “Vera Almm” the same speaker as “Vera Alm”?').waitFor();
  await saved(page);
  await page.reload();
  await shows(page, 'Harbour stays open');
  assert.deepEqual(whoSays(await exported(page)), [
    '“We dredge in May,”: Vera Alm (Vera Alm)',
    'the harbour is silting up: Vera Alm (Alm)',
    'them safe: Vera Almm (Vera Almm)',
    'a new quay by spring: Vera Alm (Alm)',
  ]);
});

test('speakers are counted, renamed, merged and split by mouse, and each act is undone at once', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'Harbour stays open');
  await mark(page, '“We dredge in May,”', 'q');
  await mark(page, 'Vera Alm', 's');
  await mark(page, 'the harbour is silting up', 'd');
  await page.keyboard.press('Escape');
  await altClick(page, 'Alm denied');
  await mark(page, 'the boats are old', 'c');
  await mark(page, 'Wim Osk', 's');
  await openArticle(page, 'council', 'Mayor Alm');
  await mark(page, 'a new quay by spring', 'c');
  await altClick(page, 'Alm promised');
  await saved(page);

  // Counts are of all articles, opened or not.
  await page.reload();
  await shows(page, 'Mayor Alm');
  await openByMenu(page);
  const before = [['Alm', '', '2'], ['Vera Alm', '', '1'], ['Wim Osk', '', '1']];
  await until(() => rows(page), before);
  await until(() => proposed(page), ['Vera Alm and Alm']);
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  const unmerged = await exported(page);

  await openByMenu(page);
  await button(page, 'Merge into Vera Alm').click();
  await until(() => rows(page), [['Vera Alm', 'Alm', '3'], ['Wim Osk', '', '1']]);
  await until(() => proposed(page), []);
  assert.deepEqual(await axe(page), []);

  await page.getByLabel('Name of Wim Osk').fill('Willem Osk');
  await page.getByLabel('Name of Wim Osk').press('Tab');
  await page.getByLabel('Other names of Willem Osk').fill('Wim Osk, the skipper,, the skipper');
  await page.getByLabel('Other names of Willem Osk').press('Tab');
  const renamed = [['Vera Alm', 'Alm', '3'], ['Willem Osk', 'Wim Osk, the skipper', '1']];
  await until(() => rows(page), renamed);

  // Only what is mentioned by the name goes with it.
  await speakers(page).getByLabel('Split from Vera Alm').selectOption('Alm');
  await speakers(page).getByRole('button', { name: 'Split', exact: true }).click();
  await until(() => rows(page), [['Alm', '', '2'], ['Vera Alm', '', '1'], renamed[1]]);
  await speakers(page).getByRole('button', { name: 'Close', exact: true }).click();
  await saved(page);
  const split = await exported(page);
  assert.deepEqual(whoSays(split), [
    '“We dredge in May,”: Vera Alm (Vera Alm)',
    'the harbour is silting up: Alm (Alm)',
    'the boats are old: Willem Osk (Wim Osk)',
    'a new quay by spring: Alm (Alm)',
  ]);
  await page.reload();
  await shows(page, 'Mayor Alm');
  assert.equal((await exported(page)).text, split.text, 'all of it is there after a reload');

  // Four acts, four times undone, also those of before the reload.
  for (const said of ['speaker split', 'speaker renamed', 'speaker renamed', 'speakers merged']) {
    await button(page, 'Undo').click();
    await page.getByText(`Undone: ${said}`).first().waitFor({ state: 'attached' });
    await saved(page);
  }
  assert.deepEqual(names(await exported(page)), names(unmerged));
  assert.deepEqual(whoSays(await exported(page)), whoSays(unmerged));
});

test('the same by keyboard alone', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'Harbour stays open');
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await selectByKeys(page, '“We dredge in May,”');
  await press('q');
  await selectByKeys(page, 'Vera Alm');
  await press('s');
  await speaks(page, 'Vera Alm', 'Vera Alm');
  await selectByKeys(page, 'the harbour is silting up');
  await press('d', 'Escape', 's');
  await page.keyboard.type('Alm');
  await press('Enter');
  await annotations(page).locator('.chip-text').getByText('Alm', { exact: true }).waitFor();
  await selectByKeys(page, 'the boats are old');
  await press('c');
  await selectByKeys(page, 'Wim Osk');
  await press('s');
  await speaks(page, 'Wim Osk', 'Wim Osk');

  await openByKeys(page);
  await until(() => rows(page), [['Alm', '', '1'], ['Vera Alm', '', '1'], ['Wim Osk', '', '1']]);
  await tabTo(page, button(page, 'Merge into Vera Alm'));
  await press('Enter');
  await until(() => rows(page), [['Vera Alm', 'Alm', '2'], ['Wim Osk', '', '1']]);
  await tabTo(page, page.getByLabel('Name of Wim Osk'));
  await press('Control+a');
  await page.keyboard.type('Willem Osk');
  await press('Enter', 'Tab');
  await page.getByLabel('Name of Willem Osk').waitFor();
  await until(() => rows(page), [['Vera Alm', 'Alm', '2'], ['Willem Osk', '', '1']]);
  await page.keyboard.type('Wim Osk');
  await press('Enter');
  await until(() => rows(page), [['Vera Alm', 'Alm', '2'], ['Willem Osk', 'Wim Osk', '1']]);
  // Nothing mentions this name: the annotation stays where it is.
  await tabTo(page, speakers(page).getByLabel('Split from Vera Alm'), 'Shift+Tab');
  await page.keyboard.type('Alm');
  await press('Tab', 'Enter');
  await until(() => rows(page), [['Alm', '', '0'], ['Vera Alm', '', '2'], ['Willem Osk', 'Wim Osk', '1']]);
  // Who speaks nowhere can go.
  await tabTo(page, button(page, 'Delete Alm'));
  await press('Enter');
  await until(() => rows(page), [['Vera Alm', '', '2'], ['Willem Osk', 'Wim Osk', '1']]);
  // What was done here is taken back here, though what had the focus is gone.
  await press('Control+z');
  await until(() => rows(page), [['Alm', '', '0'], ['Vera Alm', '', '2'], ['Willem Osk', 'Wim Osk', '1']]);
  await press('Control+y');
  await until(() => rows(page), [['Vera Alm', '', '2'], ['Willem Osk', 'Wim Osk', '1']]);
  await press('Escape');
  await speakers(page).waitFor({ state: 'hidden' });
  await until(() => article(page).evaluate((it) => it === document.activeElement), true);
  await saved(page);
  assert.deepEqual(names(await exportedByKeys(page)), { 'Vera Alm': [], 'Willem Osk': ['Wim Osk'] });
  await press('Control+z', 'Control+z');
  await page.getByText('Undone: speaker split').first().waitFor({ state: 'attached' });
  await saved(page);
  await page.reload();
  await shows(page, 'Harbour stays open');
  await openByKeys(page);
  await until(() => rows(page), [['Vera Alm', 'Alm', '2'], ['Willem Osk', 'Wim Osk', '1']]);
});

test('nobody gets the name of another by renaming, but by merging', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(PAPERS) });
  await shows(page, 'Harbour stays open');
  await mark(page, '“We dredge in May,”', 'q');
  await mark(page, 'Vera Alm', 's');
  await mark(page, 'the boats are old', 'c');
  await mark(page, 'Wim Osk', 's');
  await speaks(page, 'Wim Osk', 'Wim Osk');
  await saved(page);
  await openByMenu(page);
  // White space around a name is none of it.
  for (const name of ['vera alm', ' Vera Alm ']) {
    const own = page.getByLabel('Name of Wim Osk');
    await own.fill(name);
    await own.press('Enter');
    await page.getByText('“Vera Alm” is another speaker here. Merge the two instead.').waitFor({ state: 'attached' });
    await until(() => rows(page), [['Vera Alm', '', '1'], ['Wim Osk', '', '1']]);
  }
  // Whom to merge into is found by typing, and the screen is there again after it.
  await button(page, 'Merge into… (Wim Osk)').click();
  await dialog(page, 'Merge into').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  await button(page, 'Merge into… (Wim Osk)').click();
  await dialog(page, 'Merge into').waitFor();
  await page.keyboard.type('alm');
  await page.keyboard.press('Enter');
  await until(() => rows(page), [['Vera Alm', 'Wim Osk', '2']]);
  await page.keyboard.press('Escape');
  await saved(page);
  assert.deepEqual(whoSays(await exported(page)), [
    '“We dredge in May,”: Vera Alm (Vera Alm)',
    'the boats are old: Vera Alm (Wim Osk)',
  ]);
  await button(page, 'Undo').first().click();
  await saved(page);
  assert.deepEqual(names(await exported(page)), { 'Vera Alm': [], 'Wim Osk': [] });
});
