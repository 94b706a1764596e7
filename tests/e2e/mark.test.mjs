// Marking with the pointer: selections, clicks, the bar, the handles, and what is painted.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  FOX,
  annotations,
  article,
  boxOf,
  button,
  click,
  deployment,
  drag,
  field,
  mark,
  marksAre,
  openArticle,
  painted,
  pickedIs,
  saved,
  selectByKeys,
  selected,
  shows,
  until,
} from './acts.mjs';
import { openPage } from './harness.mjs';
import { longText, openLong } from './long.mjs';

async function openFox(t, options = {}) {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }), ...options });
  await shows(session.page, 'The fox said');
  return session;
}

test('a drag selects, grows to whole words, and is marked by key', async (t) => {
  const { page } = await openFox(t);
  await drag(page, 'x said “I ra');
  await page.keyboard.press('q');
  await marksAre(page, ['Quote: fox said “I ran']);
  await saved(page);
  assert.equal(await selected(page), '', 'the selection is let go');
});

test('a press beside the text is for the annotation that was just made, however late its panel comes', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'c');
  // The lists beside the text are drawn after the next frame: none comes for a while.
  await page.evaluate(() => {
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (then) => setTimeout(() => frame(then), 5000);
  });
  await drag(page, 'crow denied');
  await page.keyboard.press('c');
  const quote = await annotations(page).getByRole('radio', { name: 'Quote' }).boundingBox();
  await page.mouse.click(quote.x + 1, quote.y + 1);
  await marksAre(page, ['Claim: I ran home', 'Quote: crow denied']);
});

test('the bar at the selection offers the labels', async (t) => {
  const { page } = await openFox(t);
  assert.equal(await button(page, 'Claim').isVisible(), false);
  await drag(page, 'I ran home');
  for (const name of ['Claim', 'Denial', 'Quote']) await button(page, name).waitFor();
  const [bar, words] = [await button(page, 'Claim').boundingBox(), await boxOf(page, 'I ran home')];
  assert.ok(bar.y + bar.height < words.top || bar.y > words.bottom, 'the bar lies beside the text');
  await button(page, 'Claim').click();
  await marksAre(page, ['Claim: I ran home']);
  await button(page, 'Claim').waitFor({ state: 'hidden' });
});

test('a double click takes one word, a triple click its paragraph', async (t) => {
  const { page } = await openFox(t);
  await click(page, 'crow denied', { clickCount: 2 });
  await page.keyboard.press('c');
  await marksAre(page, ['Claim: crow']);
  await click(page, 'The crow denied', { clickCount: 3 });
  await page.keyboard.press('d');
  await marksAre(page, ['Denial: The crow denied that the fox ran.', 'Claim: crow']);
});

test('clicks cycle through nested marks, shortest first', async (t) => {
  const { page } = await openFox(t);
  await mark(page, '“I ran home”', 'q');
  await mark(page, 'I ran home', 'c');
  await mark(page, 'ran', 'd');
  await marksAre(page, ['Quote: “I ran home”', 'Claim: I ran home', 'Denial: ran']);
  await click(page, 'crow denied');
  const picked = async () => (await painted(page))['avow-picked'] ?? [];
  for (const words of ['ran', 'I ran home', '“I ran home”', 'ran']) {
    await click(page, 'ran home');
    await until(picked, [words]);
  }
  await click(page, 'crow denied');
  await until(picked, []);
});

test('marks of one label that overlap are painted in lanes of their own', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'fox said “I ran home”', 'c');
  await mark(page, 'said', 'c');
  await mark(page, 'crow.', 'd');
  await marksAre(page, ['Claim: fox said “I ran home”', 'Claim: said', 'Denial: crow.']);
  const found = await painted(page);
  assert.deepEqual(found['blue-0'], ['fox said “I ran home”'], 'claims, first lane');
  assert.deepEqual(found['blue-1'], ['said'], 'claims, second lane');
  assert.deepEqual(found['orange-0'], ['crow.'], 'denials, first lane');
});

test('shapes that acts have changed are those that are drawn anew', async (t) => {
  const { page } = await openFox(t);
  const shapes = () =>
    page.$$eval('.marks path', (all) => all.map((it) => `${it.getAttribute('class')} ${it.getAttribute('d')}`));
  const words = ['fox said “I ran home”', 'said', 'ran', 'home'];
  const acts = [
    ...words.map((it, at) => () => mark(page, it, 'qcdc'[at])),
    // The first of its kind comes before what is drawn. The only one of its kind goes, before what stays and as
    // the last of all.
    ...['d', 'Control+z', 'Delete', ...Array(5).fill('Control+z')].map((key) => () => page.keyboard.press(key)),
  ];
  let before = await shapes();
  for (const act of acts) {
    await act();
    await until(async () => String(await shapes()) !== String(before), true);
    before = await shapes();
    await page.evaluate(() => {
      for (const it of document.querySelectorAll('.marks path')) it.setAttribute('data-before', '');
      dispatchEvent(new Event('resize'));
    });
    await until(() => page.locator('.marks [data-before]').count(), 0);
    assert.deepEqual(await shapes(), before);
  }
});

test('marks stay behind their words when the text gets another size', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'fox said “I ran home”', 'c');
  await mark(page, 'crow denied', 'd');
  const behind = async () => {
    const { 'blue-0': claims, 'orange-0': denials } = await painted(page);
    return [claims, denials];
  };
  const words = [['fox said “I ran home”'], ['crow denied']];
  await until(behind, words);
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width: 340, height });
  await until(behind, words);
  await page.setViewportSize({ width, height });
  await until(behind, words);
});

test('what is on the screen has its marks, wherever one scrolls and however the window grows', async (t) => {
  const { page } = await openFox(t);
  await openLong(page, 600);
  await openArticle(page, 'full', longText(1).slice(0, 30));
  const text = page.getByRole('main');
  const bare = () =>
    text.evaluate((scroller) => {
      const place = (it) => it.getBoundingClientRect();
      const shown = (it) => place(it).bottom > place(scroller).top && place(it).top < place(scroller).bottom;
      const paragraphs = [...scroller.querySelectorAll('.article-text p')].filter(({ textContent }) => textContent.length > 100);
      const marks = [...document.querySelectorAll('.marks .tint')].map(place).map(({ top, bottom }) => (top + bottom) / 2);
      const isBare = ({ top, bottom }) => !marks.some((mark) => mark > top && mark < bottom);
      return { seen: paragraphs.some(shown), bare: paragraphs.filter(shown).map(place).filter(isBare).length };
    });
  const all = { seen: true, bare: 0 };
  await until(bare, all);
  for (const part of [0.5, 0.51, 0.9, 0.2, 0]) {
    await text.evaluate((it, part) => (it.scrollTop = part * it.scrollHeight), part);
    await until(bare, all);
  }
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width, height: 300 });
  await text.evaluate((it) => (it.scrollTop = it.scrollHeight / 3));
  await until(bare, all);
  await page.setViewportSize({ width, height });
  await until(bare, all);
  // Of some 170 paragraphs.
  assert.ok((await page.locator('.marks > g').count()) < 50);
});

test('on paper, marks are highlights over all of the text', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'fox said “I ran home”', 'c');
  await mark(page, 'said', 'c');
  const printed = async () => Object.entries(await painted(page)).filter(([name]) => name.startsWith('avow-print'));
  assert.deepEqual(await printed(), []);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await printed(), [['avow-print-0-0', ['fox said “I ran home”']], ['avow-print-0-1', ['said']]]);
  assert.equal(await page.locator('.marks').isVisible(), false);
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.deepEqual(await printed(), []);
  assert.equal(await page.locator('.marks .tint').count(), 2);
});

test('the frame after a key press holds the new mark, and what stands beside the text follows', async (t) => {
  const { page } = await openFox(t);
  await drag(page, 'I ran home');
  await page.evaluate(() => {
    const count = (what) => document.querySelectorAll(what).length;
    document.addEventListener('keydown', () => {
      requestAnimationFrame(() => {
        const status = document.querySelector('header [role=status]');
        const seen = getComputedStyle(status).color !== 'rgba(0, 0, 0, 0)';
        globalThis.inFrame = [count('.marks .tint'), count('.mark-row'), seen && status.textContent];
      });
    });
  });
  await page.keyboard.press('c');
  await page.waitForFunction(() => globalThis.inFrame !== undefined);
  // No older “Saved” is seen beside what is not saved yet.
  assert.deepEqual(await page.evaluate(() => globalThis.inFrame), [1, 0, false]);
  await page.locator('.mark-row').waitFor();
  await saved(page);
  assert.notEqual(await page.getByRole('status').first().evaluate((it) => getComputedStyle(it).color), 'rgba(0, 0, 0, 0)');
});

test('nothing that is done to the marks makes the text anew', async (t) => {
  const { page } = await openFox(t);
  await article(page).evaluate((text) => {
    const nodes = document.createTreeWalker(text, NodeFilter.SHOW_ALL);
    globalThis.nodes = [];
    while (nodes.nextNode()) globalThis.nodes.push(nodes.currentNode);
    globalThis.changes = 0;
    new MutationObserver((changes) => (globalThis.changes += changes.length))
      .observe(text, { childList: true, characterData: true, subtree: true });
  });
  await mark(page, '“I ran home”', 'q');
  await mark(page, 'ran', 'c');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Delete');
  await saved(page);
  const same = await page.evaluate(() => globalThis.nodes.every((node) => node.isConnected));
  assert.deepEqual([same, await page.evaluate(() => globalThis.changes)], [true, 0]);
});

test('a broken quote is one annotation', async (t) => {
  const { page } = await openFox(t);
  await mark(page, '“I ran home”', 'q');
  await drag(page, 'the fox ran');
  await page.keyboard.press('a');
  await marksAre(page, ['Quote: “I ran home” … the fox ran']);
});

test('a handle drags an edge', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'ran', 'c');
  await until(async () => (await page.locator('.handle').count()), 2);
  const end = await page.locator('.handle[data-edge="end"]').boundingBox();
  const home = await boxOf(page, 'home');
  // The grip hangs below the line.
  await page.mouse.move(end.x, end.y + end.height + 4);
  await page.mouse.down();
  await page.mouse.move(home.right - 12, home.top, { steps: 5 });
  await page.mouse.up();
  await marksAre(page, ['Claim: ran home']);
  await page.keyboard.press('Control+z');
  await marksAre(page, ['Claim: ran']);
});

test('a selection that begins at the edge of the picked mark becomes its speaker', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'The crow denied that the fox ran', 'd');
  await drag(page, 'The crow');
  const bar = page.getByRole('toolbar');
  await bar.getByRole('button', { name: 'As speaker' }).click();
  await drag(page, 'denied');
  await bar.getByRole('button', { name: 'As cue' }).click();
  await drag(page, 'to the crow');
  await bar.getByRole('button', { name: 'Add to it' }).click();
  await marksAre(page, ['Denial: to the crow … The crow denied that the fox ran']);
  await annotations(page).getByText('“The crow”').waitFor();
  await annotations(page).getByRole('button', { name: /^Cue/ }).getByText('denied').waitFor();
});

test('the inspector changes label, speaker, cue, directness and note', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'c');
  await annotations(page).getByRole('radio', { name: 'Quote' }).check();
  await marksAre(page, ['Quote: I ran home']);
  await field(page, 'Speaker').fill('Reynard');
  await field(page, 'Speaker').press('Enter');
  await annotations(page).getByText('Reynard').first().waitFor();
  await annotations(page).getByRole('button', { name: /^Cue/ }).click();
  await drag(page, 'said');
  await annotations(page).getByRole('button', { name: /Cue.*said/ }).waitFor();
  await field(page, 'Directness').selectOption('direct');
  await field(page, 'Note').fill('A note');
  await annotations(page).locator('.mark-row').getByText('A note').waitFor();
  await saved(page);
});

test('what is chosen in a field follows undo, and each annotation has its own', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'q');
  await field(page, 'Directness').selectOption('direct');
  await field(page, 'Directness').selectOption('indirect');
  await article(page).press('Control+z');
  await until(() => field(page, 'Directness').inputValue(), 'direct');
  await page.getByLabel('Status').selectOption('Done');
  await article(page).press('Control+z');
  await until(() => page.getByLabel('Status').inputValue(), 'doing');
  await mark(page, 'The crow', 'q');
  await until(() => field(page, 'Directness').inputValue(), '');
  await annotations(page).getByRole('button', { name: 'I ran home' }).click();
  await until(() => field(page, 'Directness').inputValue(), 'direct');
});

test('an undo at once behind what was chosen in a field is seen in it, though frames come late', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'q');
  await page.evaluate(() => {
    const inTime = window.requestAnimationFrame;
    window.requestAnimationFrame = (frame) => setTimeout(() => inTime(frame), 300);
  });
  await field(page, 'Directness').selectOption('direct');
  await saved(page);
  await page.waitForTimeout(700);
  await field(page, 'Directness').selectOption('indirect');
  await article(page).press('Control+z');
  await until(() => field(page, 'Directness').inputValue(), 'direct');
});

test('what is half typed for one annotation is never another’s', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'q');
  await mark(page, 'The crow', 'q');
  await field(page, 'Speaker').pressSequentially('Reyn');
  // As a person might, who forgot that they had begun: nothing leaves the field before.
  await page.evaluate(() => [...document.querySelectorAll('.mark-row')].find((row) => row.textContent.includes('I ran home')).click());
  await until(() => field(page, 'Speaker').inputValue(), '');
  await article(page).focus();
  await saved(page);
  assert.equal(await annotations(page).getByText('Reyn').count(), 0);
});

test('fields that few need stand once they are wanted, for each annotation and the next visit', async (t) => {
  const { page } = await openFox(t);
  const rest = () => annotations(page).locator('.more');
  const fieldOf = (name) => annotations(page).locator('.field-name', { hasText: name });
  await mark(page, 'I ran home', 'q');
  const name = (await rest().textContent()).split(', ')[0];
  assert.equal(await fieldOf(name).count(), 0);
  await rest().click();
  await fieldOf(name).waitFor();
  await mark(page, 'The crow', 'q');
  await fieldOf(name).waitFor();
  await saved(page);
  await page.reload();
  await shows(page, 'The fox said');
  await annotations(page).getByRole('button', { name: 'I ran home' }).click();
  await fieldOf(name).waitFor();
  await rest().click();
  await until(() => fieldOf(name).count(), 0);
});

test('a speaker’s field offers the names that have what is typed', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'q');
  const offered = () => page.locator('#speakers option').evaluateAll((all) => all.map((it) => it.value));
  for (const name of ['Ada Berg', 'Bo Adamsen', 'Cy Dahl']) {
    await field(page, 'Speaker').fill(name);
    await field(page, 'Speaker').press('Enter');
    await annotations(page).getByText(name).first().waitFor();
  }
  await field(page, 'Speaker').focus();
  await until(offered, ['Ada Berg', 'Bo Adamsen', 'Cy Dahl']);
  await field(page, 'Speaker').pressSequentially('aD');
  await until(offered, ['Ada Berg', 'Bo Adamsen']);
});

test('delete, undo and redo by buttons and by keys', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'c');
  await annotations(page).getByRole('button', { name: 'Delete', exact: true }).click();
  await marksAre(page, []);
  await button(page, 'Undo').click();
  await marksAre(page, ['Claim: I ran home']);
  await button(page, 'Redo').click();
  await marksAre(page, []);
  for (const [keys, rows] of [
    ['Control+z', ['Claim: I ran home']],
    ['Control+z', []],
    ['Control+Shift+z', ['Claim: I ran home']],
    ['Control+y', []],
  ]) {
    await article(page).press(keys);
    await marksAre(page, rows);
  }
  assert.equal((await painted(page))['blue-0'], undefined, 'nothing is left painted');
});

test('the switch for whole words is obeyed and kept', async (t) => {
  const { page } = await openFox(t);
  await page.getByLabel('Settings').click();
  await page.getByLabel('Snap selections to whole words').uncheck();
  await page.getByLabel('Settings').click();
  await drag(page, 'x sai');
  await page.keyboard.press('c');
  await marksAre(page, ['Claim: x sai']);
  await page.reload();
  await shows(page, 'The fox said');
  await page.getByLabel('Settings').click();
  assert.equal(await page.getByLabel('Snap selections to whole words').isChecked(), false);
});

test('what is picked is seen above the messages that float over the end of the text', async (t) => {
  const paragraphs = Array.from({ length: 40 }, (_, at) => `Mayor number${at} said that it rained.`);
  const { page } = await openPage(t, { deployment: deployment({ rain: paragraphs.join('\n\n') }) });
  // So that there is a message that stays.
  await page.addInitScript(() => {
    navigator.storage.estimate = () => Promise.resolve({ usage: 99, quota: 100 });
  });
  await page.reload();
  await shows(page, 'number0 said');
  for (const at of [1, 9, 12, 15, 18]) {
    await selectByKeys(page, `number${at}`);
    await page.keyboard.press('c');
  }
  // Above the end stands the hint that a label is held, too.
  const message = page.getByText("This browser's storage is almost full");
  await message.waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+C');
  await page.getByText('Claim: select text to mark it.').waitFor();
  await page.keyboard.press('Control+Home');
  for (const at of [1, 9, 12, 15, 18]) {
    await page.keyboard.press('j');
    await pickedIs(page, `number${at}`);
    await until(async () => (await boxOf(page, `number${at}`)).bottom < (await message.boundingBox()).y, true);
  }
});

test('a drag that begins on a message that passes selects the text below it', async (t) => {
  const paragraphs = Array.from({ length: 40 }, (_, at) => `Mayor number${at} said that it rained in the harbour, and that it rained on the quay.`);
  const { page } = await openPage(t, { deployment: deployment({ rain: paragraphs.join('\n\n') }) });
  await shows(page, 'number0 said');
  await mark(page, 'number0', 'c');
  await page.keyboard.press('Escape');
  const message = page.getByText('This browser may clear what it stores');
  await message.waitFor();
  const { x, y, width, height } = await message.boundingBox();
  const [left, middle] = [x + 4, y + height / 2];
  await page.mouse.move(left, middle);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, middle - 40, { steps: 4 });
  await page.mouse.up();
  assert.match(await selected(page), /\w/);
  const ends = () => [getSelection().anchorNode, getSelection().focusNode].map((it) => it.parentElement.closest('[role="textbox"]') !== null);
  assert.deepEqual(await page.evaluate(ends), [true, true]);
  await page.keyboard.press('d');
  await annotations(page).locator('.label-name').getByText('Denial', { exact: true }).first().waitFor();
  await page.keyboard.press('Escape');
  // Its buttons are there as before.
  await page.getByRole('button', { name: 'Close message' }).click();
  await message.waitFor({ state: 'detached' });
});
