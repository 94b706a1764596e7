// The guidelines beside the text: read, written, gone to from a rule that is broken, and never markup.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  annotations,
  article,
  button,
  deployment,
  dialog,
  exported,
  exportedByKeys,
  mark,
  marksAre,
  openFiles,
  saved,
  selectByKeys,
  shows,
  tabTo,
  until,
} from './acts.mjs';
import { axe, openPage } from './harness.mjs';

const PAPERS = { ferry: 'Ole Brandt said the ferry sinks.\n\nThe board denied that it leaks.\n' };

const OURS = [
  '# What we mark',
  '',
  'Mark **all** that is said, *and no more*. See [the handbook](https://handbook.example/marks).',
  '',
  '1. Mark whole words.',
  '2. A quote has its marks.',
  '3. Leave out the `.` at the end.',
  '',
  '> When in doubt, ask Ines.',
].join('\n');

const guide = (page) => page.getByRole('complementary', { name: 'Guidelines' });
const writing = (page) => guide(page).getByLabel('Guidelines, in Markdown');

/** The rule that is pointed at, and whether it is in view. */
const wanted = (page) =>
  guide(page)
    .locator('.rule-wanted')
    .evaluateAll((all) =>
      all.map((it) => {
        const [own, around] = [it, it.closest('.guide')].map((part) => part.getBoundingClientRect());
        return `${it.id}${own.top >= around.top - 1 && own.top < around.bottom ? ', in view' : ''}`;
      }),
    );

async function open(t, guidelines = '') {
  const session = await openPage(t, { deployment: deployment(PAPERS, { guidelines }) });
  await shows(session.page, 'Ole Brandt said');
  return session;
}

/** Opens a project of one's own, from a file: no host says what its guidelines are. */
async function openOwn(t) {
  const session = await openPage(t, { deployment: {} });
  // The host has no articles.
  session.expectProblem(/404/);
  await session.page.getByText('No articles yet').waitFor();
  const project = {
    format: 'avow',
    version: 1,
    offset_unit: 'code-point',
    project: { id: 'own', title: 'Own', guidelines: OURS },
    articles: Object.entries(PAPERS).map(([id, text]) => ({ id, title: id, text })),
  };
  await openFiles(session.page, [{ name: 'own.avow.json', text: JSON.stringify(project) }]);
  await shows(session.page, 'Ole Brandt said');
  // That it has no scheme is said.
  await dialog(session.page, 'Files').waitFor();
  await session.page.keyboard.press('Escape');
  await saved(session.page);
  return session;
}

test('guidelines are read beside the text and written anew, by mouse', async (t) => {
  const { page } = await openOwn(t);
  await page.getByLabel('Settings').click();
  await page.getByRole('button', { name: 'Guidelines' }).click();
  await guide(page).getByRole('heading', { name: 'What we mark' }).waitFor();
  // The menu stays open until it is closed.
  if (await page.getByRole('button', { name: 'Find anything' }).isVisible()) await page.getByLabel('Settings').click();
  // What each label means comes first, then what is written.
  await guide(page).getByText("Words given as somebody's own").waitFor();
  const looks = await guide(page).locator('strong, em, code, blockquote').allTextContents();
  assert.deepEqual(looks, ['all', 'and no more', '.', 'When in doubt, ask Ines.']);
  const rules = await guide(page).locator('ol > li').allTextContents();
  assert.deepEqual(rules, ['Mark whole words.', 'A quote has its marks.', 'Leave out the . at the end.']);
  const link = guide(page).getByRole('link');
  assert.deepEqual(
    await link.evaluateAll((all) => all.map((it) => [it.textContent, it.href, it.target, it.rel])),
    [['the handbook', 'https://handbook.example/marks', '_blank', 'noopener noreferrer']],
  );
  // The text is beside it, and is worked on as ever.
  await mark(page, 'the ferry sinks', 'c');
  await saved(page);

  await guide(page).getByRole('button', { name: 'Edit' }).click();
  assert.equal(await writing(page).inputValue(), OURS);
  await writing(page).fill('# Less\n\nMark little.');
  assert.deepEqual(await axe(page), [], 'writing');
  await guide(page).getByRole('button', { name: 'Cancel' }).click();
  await guide(page).getByRole('heading', { name: 'What we mark' }).waitFor();
  await guide(page).getByRole('button', { name: 'Edit' }).click();
  await writing(page).fill('# Less\n\nMark little.\n\n1. 渡し船は印をつけない。\n2. لا تضع علامة هنا.');
  await guide(page).getByRole('button', { name: 'Save' }).click();
  await guide(page).getByRole('heading', { name: 'Less' }).waitFor();
  assert.deepEqual(await guide(page).locator('ol > li').allTextContents(), ['渡し船は印をつけない。', 'لا تضع علامة هنا.']);
  assert.equal(await guide(page).getByText('What we mark').count(), 0);
  await saved(page);
  const file = await exported(page);
  assert.match(file.json.project.guidelines, /^# Less\n\nMark little\./);

  await page.reload();
  await shows(page, 'Ole Brandt said');
  await article(page).focus();
  await page.keyboard.press('y');
  await guide(page).getByRole('heading', { name: 'Less' }).waitFor();
  await button(page, 'Undo').first().click();
  await guide(page).getByRole('heading', { name: 'What we mark' }).waitFor();
  await saved(page);
  assert.equal((await exported(page)).json.project.guidelines, OURS);
  await guide(page).getByRole('button', { name: 'Close the guidelines' }).click();
  await marksAre(page, ['Claim: the ferry sinks']);
});

test('the same by keyboard alone', async (t) => {
  const { page } = await openOwn(t);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await article(page).focus();
  await press('y');
  await guide(page).getByRole('heading', { name: 'What we mark' }).waitFor();
  await tabTo(page, guide(page).getByRole('button', { name: 'Edit' }));
  await press('Enter');
  await until(() => writing(page).evaluate((it) => it === document.activeElement), true);
  await press('Control+End');
  await page.keyboard.type('\n\nAsk *nobody* else.');
  await tabTo(page, guide(page).getByRole('button', { name: 'Save' }));
  await press('Enter');
  await guide(page).locator('em').getByText('nobody').waitFor();
  await saved(page);
  assert.equal((await exportedByKeys(page)).json.project.guidelines, `${OURS}\n\nAsk *nobody* else.`);
  await press('Control+z');
  await until(() => guide(page).locator('em').allTextContents(), ['and no more']);
  await press('Control+Shift+z');
  await guide(page).locator('em').getByText('nobody').waitFor();
  await tabTo(page, guide(page).getByRole('button', { name: 'Close the guidelines' }), 'Shift+Tab');
  await press('Enter');
  await annotations(page).waitFor();
  await saved(page);
  await page.reload();
  await shows(page, 'Ole Brandt said');
  await article(page).focus();
  await press('y');
  await guide(page).locator('em').getByText('nobody').waitFor();
});

test('what is written here stays, though the host has other guidelines', async (t) => {
  const { page } = await open(t, OURS);
  await article(page).focus();
  await page.keyboard.press('y');
  await guide(page).getByRole('button', { name: 'Edit' }).click();
  await writing(page).fill('# Less');
  await guide(page).getByRole('button', { name: 'Save' }).click();
  await guide(page).getByRole('heading', { name: 'Less' }).waitFor();
  await saved(page);
  await page.reload();
  await shows(page, 'Ole Brandt said');
  // The host is asked after the article is there.
  await page.waitForLoadState('networkidle');
  assert.equal((await exported(page)).json.project.guidelines, '# Less');
});

test('the number of a rule that is broken leads to the rule', async (t) => {
  const { page } = await open(t);
  // By mouse.
  await mark(page, 'the ferry sinks.', 'c');
  await annotations(page).getByText('The stop that ends the sentence is left out.').waitFor();
  await annotations(page).getByRole('button', { name: 'Rule 3' }).click();
  await until(() => wanted(page), ['rule-3, in view']);
  await guide(page).locator('#rule-3').getByText('A claim is what is claimed, and no more.').waitFor();
  assert.deepEqual(await axe(page), []);
  await guide(page).getByRole('button', { name: 'Close the guidelines' }).click();
  // By keys alone.
  await selectByKeys(page, 'it leaks');
  for (const key of ['d', 'Escape']) await page.keyboard.press(key);
  await tabTo(page, annotations(page).getByRole('button', { name: 'Rule 10' }));
  await page.keyboard.press('Enter');
  await until(() => wanted(page), ['rule-10, in view']);
  await guide(page).getByText('Link each denial to what it denies').waitFor();
});

test('no markup of guidelines is ever one of ours', async (t) => {
  const bad = [
    '# <img src=x onerror="globalThis.hacked=1"> heading',
    '',
    '<script>globalThis.hacked = 1</script>',
    '',
    '<iframe src="https://elsewhere.example/"></iframe>',
    '',
    'A <b onclick="globalThis.hacked=1">bold</b> word, <a href="javascript:globalThis.hacked=1">raw</a>,',
    '[script](javascript:globalThis.hacked=1), [spaced](<java\nscript:globalThis.hacked=1>),',
    '[Capital](JaVaScRiPt:globalThis.hacked=1), [coded](&#106;avascript:globalThis.hacked=1),',
    '[data](data:text/html,hi),',
    '[vb](vbscript:x), [file](file:///etc/passwd), [relative](//elsewhere.example/), <javascript:globalThis.hacked=1>,',
    '![picture](https://elsewhere.example/a.png "title"), [reference][it], [plain](https://paper.example/?a="><b>).',
    '',
    '[it]: javascript:globalThis.hacked=1',
    '',
    '1. <style>body { display: none }</style> rule',
    '',
    '```html',
    '<svg onload="globalThis.hacked=1"></svg>',
    '```',
  ].join('\n');
  const { page } = await open(t, bad);
  const assertOnlyText = async () => {
    const text = guide(page).locator('.guide');
    await text.getByText('<script>globalThis.hacked = 1</script>').waitFor();
    await text.getByText('<img src=x onerror="globalThis.hacked=1"> heading').waitFor();
    await text.getByText('<style>body { display: none }</style> rule').waitFor();
    await text.getByText('<svg onload="globalThis.hacked=1"></svg>').waitFor();
    assert.equal(await text.locator('script, style, iframe, img, svg, b, object, embed, form, input').count(), 0);
    // Not one attribute that was written there, and no link but to the web.
    const attributes = await text.locator('*').evaluateAll((all) => all.flatMap((it) => it.getAttributeNames()));
    const ours = ['class', 'id', 'value', 'href', 'target', 'rel'];
    assert.deepEqual(attributes.filter((it) => !ours.includes(it)), []);
    const links = text.getByRole('link');
    assert.deepEqual(await links.evaluateAll((all) => all.map((it) => [it.textContent, it.origin])), [
      ['plain', 'https://paper.example'],
    ]);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  };
  await article(page).focus();
  await page.keyboard.press('y');
  await assertOnlyText();
  // What one writes oneself is treated no better.
  await guide(page).getByRole('button', { name: 'Edit' }).click();
  await writing(page).fill(`${bad}\n\nOnce more.`);
  await guide(page).getByRole('button', { name: 'Save' }).click();
  await guide(page).getByText('Once more.').waitFor();
  await assertOnlyText();
  for (const name of ['script', 'raw', 'coded']) await guide(page).getByText(name).first().click();
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  await saved(page);
  assert.equal((await exported(page)).json.project.guidelines, `${bad}\n\nOnce more.`);
});
