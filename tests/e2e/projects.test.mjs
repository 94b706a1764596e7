// Projects: the menu, files that come and go, and pasted text.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { FOX, button, deployment, dialog, exported, list, mark, markFox, marksAre, openFiles, saved, shows, until } from './acts.mjs';
import { openPage } from './harness.mjs';

const projectsButton = (page) => page.getByRole('button', { name: /all projects$/ });

async function openFox(t, options = {}) {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }), ...options });
  await shows(session.page, 'The fox said');
  return session;
}

/** A page that carries nothing and a browser that was never here. */
async function openEmpty(t) {
  const session = await openPage(t, { deployment: {} });
  session.expectProblem(/404/);
  await session.page.getByText('No articles yet').waitFor();
  return session;
}

test('projects are started, renamed, opened, deleted, and brought back', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'c');
  await saved(page);

  await projectsButton(page).click();
  await dialog(page, 'Projects').getByLabel('New project').fill('Second');
  await dialog(page, 'Projects').getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: /^Second/ }).waitFor();
  await page.getByText('No articles yet').waitFor();

  await projectsButton(page).click();
  await dialog(page, 'Projects').getByLabel('Title of this project').fill('My second');
  await dialog(page, 'Projects').getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('button', { name: /^My second/ }).waitFor();
  const row = (title) => dialog(page, 'Projects').getByRole('listitem').filter({ hasText: title });
  await row('My second').waitFor();
  await row('Trial').getByRole('button', { name: 'Open' }).click();
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);

  await projectsButton(page).click();
  await row('My second').getByRole('button', { name: 'Delete' }).click();
  await dialog(page, 'Delete project?').getByRole('button', { name: 'Keep it' }).click();
  await row('My second').getByRole('button', { name: 'Delete' }).click();
  await dialog(page, 'Delete project?').getByRole('button', { name: 'Delete project' }).click();
  await row('My second').getByRole('button', { name: 'Bring back' }).click();
  await row('My second').getByRole('button', { name: 'Open' }).click();
  await page.getByRole('button', { name: /^My second/ }).waitFor();

  await page.reload();
  await page.getByRole('button', { name: /^My second/ }).waitFor();
});

test('the title that a person gave a deployment stays', async (t) => {
  const { page } = await openFox(t);
  await projectsButton(page).click();
  await dialog(page, 'Projects').getByLabel('Title of this project').fill('Mine');
  await dialog(page, 'Projects').getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('button', { name: /^Mine/ }).waitFor();
  await saved(page);
  await page.reload();
  await page.getByRole('button', { name: /^Mine/ }).waitFor();
});

test('pasted text becomes an article', async (t) => {
  const { page } = await openEmpty(t);
  await button(page, 'Paste text').click();
  const paste = dialog(page, 'Paste text');
  await paste.getByRole('button', { name: 'Add article' }).click();
  await paste.getByRole('alert').waitFor();
  await paste.getByLabel('Text', { exact: true }).fill('A headline\n\nThe mayor said so.');
  await paste.getByRole('button', { name: 'Add article' }).click();
  await shows(page, 'The mayor said so.');
  await list(page).getByRole('button', { name: 'A headline' }).waitFor();
  await mark(page, 'mayor said', 'c');
  await marksAre(page, ['Claim: mayor said']);
  await saved(page);
  await page.reload();
  await shows(page, 'The mayor said so.');
  await marksAre(page, ['Claim: mayor said']);
});

test('files are opened, good ones in spite of bad ones, and the same text once', async (t) => {
  const { page } = await openEmpty(t);
  await openFiles(page, [
    { name: 'one.txt', text: '\ufeffOne\r\n\r\nThe text of one.\r\n' },
    { name: 'page.html', text: '<title>A page</title><p>Text &amp; <b>bold</b></p><script>bad()</script>' },
    { name: 'lines.jsonl', text: '{"text":"From a line.","title":"Line"}\nnot json\n' },
    { name: 'again.txt', text: 'One\n\nThe text of one.\n' },
  ]);
  const report = dialog(page, 'Files');
  await report.getByText('3 articles were added.').waitFor();
  await report.getByText('lines.jsonl, line 2').waitFor();
  await report.getByText(/The same text as .* is already here/).waitFor();
  await report.getByRole('button', { name: 'Close', exact: true }).click();
  await list(page).getByRole('button', { name: 'A page' }).click();
  await shows(page, 'Text & bold');
  await list(page).getByRole('button', { name: 'Line' }).click();
  await shows(page, 'From a line.');
});

test('a file opened in an empty browser gives the same bytes again', async (t) => {
  const { page } = await openFox(t, { path: '?annotator=Ada' });
  await markFox(page);
  const file = await exported(page);
  assert.match(file.name, /\.avow\.json$/);
  assert.equal(file.json.format, 'avow');
  assert.equal(file.json.offset_unit, 'code-point');
  assert.equal(file.json.annotators[0].name, 'Ada');

  const other = await openEmpty(t);
  await openFiles(other.page, [{ name: file.name, text: file.text }]);
  await shows(other.page, 'The fox said');
  await saved(other.page);
  const again = await exported(other.page);
  assert.equal(again.text, file.text);
});

test('a project as lines, an article each, comes back the same in another browser', async (t) => {
  const { page } = await openPage(t, { deployment: deployment({ fox: FOX, owl: 'The owl saw it.\n' }) });
  await shows(page, 'The fox said');
  await markFox(page);
  await saved(page);
  const whole = await exported(page);
  const lines = await exported(page, 'avow.jsonl');
  assert.equal(lines.name, whole.name.replace(/json$/, 'jsonl'));
  assert.equal(lines.text.trimEnd().split('\n').length, 3, 'the project and two articles');
  assert.deepEqual(lines.json.articles.map(({ text }) => text), whole.json.articles.map(({ text }) => text));

  const other = await openEmpty(t);
  await openFiles(other.page, [{ name: lines.name, text: await readFile(lines.path, 'utf8') }]);
  await shows(other.page, 'The fox said');
  await saved(other.page);
  assert.equal((await exported(other.page)).text, whole.text);
});

test('an installed page is opened without the name, and knows who sits here', async (t) => {
  const session = await openFox(t, {
    path: '?annotator=Ada',
    before: (_, context) =>
      context.addInitScript(() => {
        const own = globalThis.matchMedia;
        globalThis.matchMedia = (query) =>
          query === '(display-mode: standalone)' ? { matches: !location.search } : own(query);
      }),
  });
  const { page } = session;
  await mark(page, 'I ran home', 'c');
  await marksAre(page, ['Claim: I ran home']);
  await saved(page);
  await page.goto(session.site.url);
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
  await mark(page, 'The crow', 'd');
  await saved(page);
  const { annotators } = (await exported(page)).json;
  assert.deepEqual(annotators.map(({ name }) => name), ['Ada']);
});

test('a file of a project that is here shows what differs, and overwrites nothing', async (t) => {
  const { page } = await openFox(t);
  await mark(page, 'I ran home', 'c');
  await saved(page);
  const file = await exported(page);
  await button(page, 'Undo').click();
  await marksAre(page, []);
  await mark(page, 'The crow', 'd');
  await saved(page);

  await openFiles(page, [{ name: file.name, text: file.text }]);
  const merge = dialog(page, 'This project is here already');
  await merge.getByText('1 annotation').waitFor();
  await merge.getByRole('button', { name: 'Close', exact: true }).click();
  await marksAre(page, ['Denial: The crow']);

  await openFiles(page, [{ name: file.name, text: file.text }]);
  await merge.getByRole('button', { name: 'Merge' }).click();
  await marksAre(page, ['Claim: I ran home', 'Denial: The crow']);
  await button(page, 'Undo').first().click();
  await marksAre(page, ['Denial: The crow']);

  await openFiles(page, [{ name: file.name, text: file.text }]);
  await merge.getByRole('button', { name: 'Keep a separate copy' }).click();
  await page.getByRole('button', { name: /^Trial \(copy\)/ }).waitFor();
  await marksAre(page, ['Claim: I ran home']);
});

test('a newer deployment adds its articles, and leaves texts that carry work', async (t) => {
  const session = await openFox(t);
  const { page } = session;
  await mark(page, 'I ran home', 'c');
  await saved(page);
  session.site.deployment = deployment({ fox: `${FOX}More.\n`, owl: 'An owl.\n' });
  await page.reload();
  await shows(page, 'The fox said');
  await list(page).getByRole('button', { name: 'owl' }).waitFor();
  await marksAre(page, ['Claim: I ran home']);
  await page.getByText('Yours stay as they are.').waitFor();
  await button(page, 'Add the newer texts as new articles').click();
  await shows(page, 'More.');
  await until(() => list(page).getByRole('button', { name: 'fox' }).count(), 2);
});

test('an article that was removed stays away, and undo brings it back', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX, owl: 'An owl.\n' }) });
  const { page } = session;
  await shows(page, 'The fox said');
  await button(page, 'Remove article').click();
  await shows(page, 'An owl.');
  await saved(page);
  await page.reload();
  await shows(page, 'An owl.');
  await until(() => list(page).getByRole('button', { name: 'fox' }).count(), 0);
  await button(page, 'Undo').click();
  await shows(page, 'The fox said');
  await until(() => list(page).getByRole('button', { name: 'fox' }).count(), 1);
});
