// The whole job by keyboard alone, and what keys must not do.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  FOX, annotations, article, button, deployment, dialog, exported, fileOf, inArticle, list, marksAre, press, saved, selected,
  shows, until,
} from './acts.mjs';
import { openPage } from './harness.mjs';

const ARTICLES = { crow: 'Another text.\n', fox: FOX };

/** Presses Tab until this has the focus; every stop on the way must show that it has it. */
async function tabTo(page, locator, most = 60) {
  for (let count = 0; count < most; count += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      // In the article, a line above it shows it, and soon the caret.
      const isText = document.activeElement.matches('.article-text');
      const line = isText && getComputedStyle(document.activeElement, '::before');
      const shown = line && line.content !== 'none' && parseFloat(line.height) > 0 && line.visibility === 'visible';
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || shown;
    });
    const name = await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120));
    assert.ok(seen, `the focus is not seen on ${name}`);
  }
  throw new Error(`Tab never comes to ${locator}`);
}

test('from opening an article to the exported file, without a mouse', async (t) => {
  const { page } = await openPage(t, { deployment: deployment(ARTICLES) });
  await shows(page, 'Another text');
  await tabTo(page, list(page).getByRole('button', { name: 'fox' }));
  await press(page, 'Enter');
  await shows(page, 'The fox said');
  await tabTo(page, article(page));

  // “I ran home” is a quote, said by the fox.
  await press(page, 'Control+Home', 'Control+ArrowRight', 'Control+ArrowRight');
  await press(page, 'Control+ArrowRight', 'ArrowRight');
  for (let word = 0; word < 5; word += 1) await press(page, 'Shift+Control+ArrowRight');
  await until(() => selected(page), '“I ran home”');
  await press(page, 'q');
  await marksAre(page, ['Quote: “I ran home”']);
  await press(page, 'u', 'Control+Home', 'Control+ArrowRight', 'Control+ArrowRight');
  await press(page, 'ArrowRight', 'Shift+Control+ArrowRight', 'Enter');
  await annotations(page).getByRole('button', { name: /Cue.*said/ }).waitFor();
  await press(page, 's');
  await page.keyboard.type('The fox');
  await press(page, 'Enter');
  await until(() => article(page).evaluate((it) => it === document.activeElement), true);
  await press(page, 'i', 'n');
  await page.keyboard.type('At home');
  await press(page, 'Escape');

  // The last paragraph is a denial, then an edge of it moves, then one is deleted.
  await press(page, 'Escape', 'Control+End', 'ArrowUp', 'Home', 'Shift+End', 'd');
  await marksAre(page, ['Quote: “I ran home”', 'Denial: The crow denied that the fox ran.']);
  await press(page, 'e', 'ArrowLeft', 'Enter');
  await marksAre(page, ['Quote: “I ran home”', 'Denial: The crow denied that the fox ran']);
  await press(page, 'k', 'x');
  await marksAre(page, ['Denial: The crow denied that the fox ran']);
  await press(page, 'Control+z', 'f');
  await saved(page);

  await press(page, 'Control+e');
  await dialog(page, 'Export').waitFor();
  const waiting = page.waitForEvent('download');
  await tabTo(page, dialog(page, 'Export').getByRole('button', { name: 'Download' }));
  await press(page, 'Enter');
  const { json } = await fileOf(await waiting);
  const fox = json.articles.find((it) => it.id === 'fox');
  assert.equal(fox.sets[0].status, 'done');
  assert.deepEqual(
    fox.sets[0].annotations.map((it) => [it.label, it.spans.map((span) => span.text), it.note]),
    [
      ['quote', ['“I ran home”'], 'At home'],
      ['denial', ['The crow denied that the fox ran'], ''],
    ],
  );
  const { speaker, cue, directness } = fox.sets[0].annotations[0].attributes;
  assert.equal(speaker[0].id, json.speakers[0].id);
  assert.equal(json.speakers[0].name, 'The fox');
  assert.deepEqual(cue.map((it) => it.text), ['said']);
  assert.equal(directness, 'direct');
});

test('the article is one stop of Tab, with a caret of its own', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await tabTo(page, article(page));
  await page.locator('.caret').waitFor();
  const caret = async () => (await page.locator('.caret').boundingBox()).x;
  const before = await caret();
  await press(page, 'ArrowRight');
  assert.ok((await caret()) > before, 'the caret moves');
  await press(page, 'Tab');
  assert.equal(await article(page).evaluate((it) => it.contains(document.activeElement)), false);
});

test('the caret blinks, is seen when it moves, and nothing is drawn in between', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await article(page).focus();
  const caret = page.locator('.caret');
  await caret.waitFor();
  await caret.waitFor({ state: 'hidden' });
  await press(page, 'ArrowRight');
  assert.equal(await caret.isVisible(), true);
  await caret.waitFor({ state: 'hidden' });
  await caret.waitFor();
  // One that never ends has each act wait for the next frame.
  const never = await page.evaluate(() => document.getAnimations().map((it) => it.animationName ?? it.transitionProperty));
  assert.deepEqual(never, []);
});

test('the first stop of Tab leads to the article', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await press(page, 'Tab');
  assert.equal(await button(page, 'To the article').evaluate((it) => it === document.activeElement), true);
  await press(page, 'Enter');
  await until(() => article(page).evaluate((it) => it === document.activeElement), true);
});

test('what is typed at once for a field that comes is typed into it', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await article(page).focus();
  const names = ['Iris Quint', 'Una Dix', 'Cid Quince', 'Ada Sixx', 'Nick Inch'];
  for (const name of names) {
    // Some four times as fast as people type.
    const delay = 20;
    await press(page, 'Control+ArrowRight', 'Shift+Control+ArrowRight');
    await page.keyboard.type('cs', { delay });
    await page.keyboard.type(name, { delay });
    await page.keyboard.press('Enter', { delay });
    await page.keyboard.press('Escape', { delay });
  }
  const file = await exported(page);
  const { speakers, articles } = file.json;
  assert.deepEqual(speakers.map((it) => it.name), names);
  const made = articles[0].sets[0].annotations;
  assert.deepEqual(made.map((it) => [it.label, it.attributes.speaker.length, it.attributes.directness]), names.map(() => ['claim', 1, undefined]));
});

test('? shows all keys, and Escape closes them', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await article(page).focus();
  await press(page, '?');
  await dialog(page, 'All keys').waitFor();
  await dialog(page, 'All keys').getByText('Next annotation', { exact: true }).waitFor();
  await press(page, 'Escape');
  await dialog(page, 'All keys').waitFor({ state: 'hidden' });
  await until(() => article(page).evaluate((it) => it === document.activeElement), true);
});

test('no key acts while an input method composes, nor behind a dialog, nor in a field', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await article(page).focus();
  await press(page, 'Control+a');
  await article(page).evaluate((target) => {
    const options = { key: 'c', code: 'KeyC', bubbles: true, cancelable: true };
    target.dispatchEvent(new KeyboardEvent('keydown', { ...options, isComposing: true }));
    target.dispatchEvent(new KeyboardEvent('keydown', { ...options, keyCode: 229 }));
  });
  await button(page, 'Paste text').click();
  await press(page, 'c', 'd', '?');
  await dialog(page, 'Paste text').getByLabel('Close', { exact: true }).click();
  await marksAre(page, []);
  // The same event outside composition does act.
  await article(page).focus();
  await press(page, 'c');
  await marksAre(page, ['Claim: ' + FOX.trim().split(/\s+/).join(' ')]);
  await press(page, 'n');
  await page.keyboard.type('x d ?');
  await marksAre(page, ['Claim: ' + FOX.trim().split(/\s+/).join(' ')]);
  assert.equal(await annotations(page).getByLabel('Note').inputValue(), 'x d ?');
});

test('letters can be turned off', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await page.getByLabel('Settings').click();
  await page.getByLabel('Single letters act in the article').uncheck();
  await page.getByLabel('Settings').click();
  await article(page).focus();
  await press(page, 'Control+a', 'c', '?');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await marksAre(page, []);
  await button(page, 'Claim').click();
  await marksAre(page, ['Claim: ' + FOX.trim().split(/\s+/).join(' ')]);
});

test('the menu closes by Escape, by a click elsewhere and by what it opens, and stays for its settings', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  const [menu, theme] = [page.getByLabel('Settings'), page.getByLabel('Theme')];
  await menu.focus();
  await press(page, 'Enter');
  await theme.selectOption('dark');
  assert.ok(await theme.isVisible(), 'one may change more than one setting');
  await press(page, 'Escape');
  await theme.waitFor({ state: 'hidden' });
  assert.ok(await menu.evaluate((it) => it === document.activeElement), 'the focus is where it came from');
  await menu.click();
  await theme.waitFor();
  await article(page).click();
  await theme.waitFor({ state: 'hidden' });
  await menu.click();
  await button(page, 'Claims').click();
  await page.getByRole('dialog', { name: 'Claims' }).waitFor();
  await press(page, 'Escape');
  await theme.waitFor({ state: 'hidden' });
});

test('keys that come before a screen has gone are for what it leaves', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await article(page).focus();
  // In one task: the page has no time between them.
  const atOnce = (screen, where) =>
    screen.locator(where).evaluate((target) => {
      target.focus();
      const key = (key, more) =>
        document.activeElement.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
        );
      const field = target.tagName === 'INPUT';
      // What a browser does at Escape in a field of a dialog.
      if (field) target.closest('dialog').dispatchEvent(new Event('cancel', { cancelable: true }));
      else key('Escape');
      const stopped = !key('k', { code: 'KeyK', ctrlKey: true });
      for (const letter of 'claims:') key(letter);
      key('Enter');
      return stopped;
    });
  for (const [name, where] of [['Speakers', 'button[aria-label="Close"]'], ['Scheme', 'input >> nth=0']]) {
    await press(page, 'Control+k');
    await page.keyboard.type(`${name.toLowerCase()}:`);
    await press(page, 'Enter');
    await dialog(page, name).waitFor();
    assert.equal(await atOnce(dialog(page, name), where), true, 'the browser has no say in it');
    await dialog(page, 'Claims').waitFor();
    await press(page, 'Escape');
    await inArticle(page);
  }
  await marksAre(page, []);
});

test('letters act on a layout that types another script', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  await article(page).focus();
  await press(page, 'Control+a');
  await article(page).evaluate((target) => {
    const options = { key: 'с', code: 'KeyC', bubbles: true, cancelable: true };
    target.dispatchEvent(new KeyboardEvent('keydown', options));
  });
  await marksAre(page, ['Claim: ' + FOX.trim().split(/\s+/).join(' ')]);
});

test('a screen reader hears what was made, changed and undone', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX }) });
  await shows(page, 'The fox said');
  const heard = async () =>
    (await page.locator('[aria-live="polite"]').last().textContent()).replace(/\u00a0$/, '');
  await article(page).focus();
  await press(page, 'Control+a', 'c');
  await until(heard, 'Claim marked');
  await press(page, 'd');
  await until(heard, 'Changed to Denial');
  await press(page, 'Control+z');
  await until(heard, 'Undone: changed to Denial');
  await press(page, 'Control+y');
  await until(heard, 'Redone: changed to Denial');
});
