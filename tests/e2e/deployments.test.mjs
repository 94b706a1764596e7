// A deployment that is missing, broken or hostile is said in words and can be tried again, and costs
// nothing of what is stored.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, button, deployment, dialog, exported, list, mark, marksAre, openArticle, saved, sharded, shows, until } from './acts.mjs';
import { openPage } from './harness.mjs';

const GOOD = deployment({ fox: FOX, owl: 'An owl said so.\n' });
const PAGE = '<!doctype html><title>Welcome</title><p>There is nothing here.</p>';
const INDEX = GOOD['index.json'];

/** What a host may give for `articles/index.json`, by Playwright's routes. */
const BROKEN_INDEXES = {
  'is missing': (route) => route.fulfill({ status: 404, body: 'There is no such file.' }),
  'is another page': (route) => route.fulfill({ status: 200, contentType: 'text/html', body: PAGE }),
  'is cut off': (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(INDEX).slice(0, 90) }),
  'is empty': (route) => route.fulfill({ contentType: 'application/json', body: '' }),
  'is of another shape': (route) => route.fulfill({ json: [1, 2, 3] }),
  'is of another version': (route) => route.fulfill({ json: { ...INDEX, version: 3 } }),
  'has no project': (route) => route.fulfill({ json: { ...INDEX, project: undefined } }),
  'has articles that are no list': (route) => route.fulfill({ json: { ...INDEX, articles: 7 } }),
  'has a broken scheme': (route) => route.fulfill({ json: { ...INDEX, scheme: { id: 'x', labels: 'none' } } }),
  'meets an error of the host': (route) => route.fulfill({ status: 503, body: 'Too busy.' }),
  'meets a connection that fails': (route) => route.abort('connectionreset'),
};

/** The page of a good deployment in which work was done. */
async function openWork(t) {
  const session = await openPage(t, { deployment: GOOD });
  session.expectProblem(/articles\/|Failed to load resource/);
  await shows(session.page, 'The fox said');
  await mark(session.page, 'I ran home', 'c');
  await saved(session.page);
  return session;
}

const message = (page) => page.getByRole('alert').filter({ hasText: 'The articles of this page could not be opened.' });

for (const [what, answer] of Object.entries(BROKEN_INDEXES)) {
  test(`an index that ${what} costs no work, and is fetched again`, async (t) => {
    const { page } = await openWork(t);
    await page.route('**/articles/index.json', answer);
    await page.reload();
    await message(page).waitFor();
    await shows(page, 'The fox said');
    await marksAre(page, ['Claim: I ran home']);
    await mark(page, 'The crow', 'd');
    await saved(page);

    // Still broken, then mended.
    await message(page).getByRole('button', { name: 'Try again' }).click();
    await message(page).waitFor();
    await page.unroute('**/articles/index.json');
    await message(page).getByRole('button', { name: 'Try again' }).click();
    await message(page).waitFor({ state: 'detached' });
    await openArticle(page, 'owl', 'An owl said so');
    const { json } = await exported(page);
    const [fox] = json.articles.filter(({ id }) => id === 'fox');
    assert.deepEqual(fox.sets[0].annotations.map(({ label }) => label).sort(), ['claim', 'denial']);
  });
}

test('an index that is broken at the first visit opens when it is mended, without a reload', async (t) => {
  const session = await openPage(t, { deployment: { 'index.json': PAGE } });
  const { page, site } = session;
  await message(page).getByText('articles/index.json').waitFor();
  site.deployment = GOOD;
  await message(page).getByRole('button', { name: 'Try again' }).click();
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  await page.reload();
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
});

test('an index that never comes does not keep the work', async (t) => {
  const session = await openWork(t);
  const { page } = session;
  await page.route('**/articles/index.json', () => {});
  await page.reload();
  await page.getByRole('alert').getByText('the host does not answer').waitFor({ timeout: 30_000 });
  await shows(page, 'The fox said');
  await marksAre(page, ['Claim: I ran home']);
  await page.unroute('**/articles/index.json');
  await message(page).getByRole('button', { name: 'Try again' }).click();
  await message(page).waitFor({ state: 'detached' });
});

/** What a host may give for an article's text, and what the page says of it. */
const BROKEN_TEXTS = {
  'is missing': [(route) => route.fulfill({ status: 404, body: '' }), /neither stored here nor on this page/],
  'is another text': [(route) => route.fulfill({ contentType: 'text/plain', body: 'Another owl.\n' }), /not the text that the page names/],
  'is another page': [(route) => route.fulfill({ contentType: 'text/html', body: PAGE }), /not the text that the page names/],
  'is of another encoding': [(route) => route.fulfill({ contentType: 'text/plain', body: Buffer.from('An owl said so.\n', 'utf16le') }), /not the text that the page names/],
  'meets an error of the host': [(route) => route.fulfill({ status: 500, body: '' }), /the host answers 500/],
  'meets a connection that fails': [(route) => route.abort('connectionreset'), /could not be fetched/],
};

for (const [what, [answer, why]] of Object.entries(BROKEN_TEXTS)) {
  test(`an article that ${what} is said, and opens when it is mended`, async (t) => {
    const { page } = await openWork(t);
    await page.route('**/articles/owl.txt', answer);
    await list(page).getByRole('button', { name: 'owl' }).click();
    const failed = page.getByRole('alert').filter({ hasText: '“owl” could not be opened' });
    await failed.getByText(why).waitFor();

    // The rest goes on: the open article, and the export of all that was worked on.
    await mark(page, 'The crow', 'd');
    await marksAre(page, ['Claim: I ran home', 'Denial: The crow']);
    await saved(page);
    const { json } = await exported(page);
    assert.deepEqual(json.articles.map(({ id }) => id), ['fox']);
    assert.equal(json.articles[0].sets[0].annotations.length, 2);
    await page.getByText('“owl” is not in the file').waitFor();

    await page.unroute('**/articles/owl.txt');
    await failed.getByRole('button', { name: 'Try again' }).click();
    await shows(page, 'An owl said so');
  });
}

test('an article that is served as another type is read all the same', async (t) => {
  const { page } = await openWork(t);
  await page.route('**/articles/owl.txt', (route) =>
    route.fulfill({ contentType: 'application/octet-stream', body: 'An owl said so.\n' }),
  );
  await openArticle(page, 'owl', 'An owl said so');
});

test('hostile entries are left out and said, and the others open', async (t) => {
  const owl = INDEX.articles[1];
  const entries = [
    INDEX.articles[0],
    { ...owl, id: 'fox' },
    { ...owl, id: 'up', file: '../../secret.txt' },
    { ...owl, id: 'away', file: 'https://elsewhere.example/a.txt' },
    { ...owl, id: 'short', sha256: '00' },
    { ...owl, id: '' },
    'no object',
    null,
    { ...owl, id: '__proto__', title: '__proto__' },
    { ...owl, id: 'constructor', title: 'constructor' },
    { ...owl, id: '../x', title: 'dots' },
    { ...owl, id: `${'x'.repeat(10_000)}`, title: 'long' },
    { ...owl, id: 'many', title: '<img src=x onerror=alert(1)>', characters: 2 ** 53 - 1 },
    { ...owl, id: 'endless', characters: 1e300 },
  ];
  const { page } = await openPage(t, { deployment: { ...GOOD, 'index.json': { ...INDEX, articles: entries } } });
  await shows(page, 'The fox said');
  await page.getByRole('alert').getByText('8 things are wrong with the articles of this page').waitFor();
  for (const title of ['__proto__', 'constructor', 'dots', 'long', '<img src=x']) {
    await openArticle(page, title, 'An owl said so');
    await mark(page, 'owl said', 'c');
    await marksAre(page, ['Claim: owl said']);
  }
  await saved(page);
  await page.reload();
  await shows(page, 'An owl said so');
  await marksAre(page, ['Claim: owl said']);
  const { json } = await exported(page);
  assert.deepEqual(json.articles.map(({ id }) => id.slice(0, 20)), ['fox', '__proto__', 'constructor', '../x', 'x'.repeat(20), 'many']);
  assert.equal(json.articles.filter(({ sets }) => sets[0]?.annotations.length === 1).length, 5);
  assert.equal(await page.locator('img').count(), 0);
});

// Shards.

const TEXTS = { fox: FOX, owl: 'Die Eule rief: „Früh!“ 🦉\n', hare: 'The hare slept.\n', mole: 'The mole dug.\n' };
const SHARDED = sharded(TEXTS);

for (const ranges of [true, false]) {
  test(`articles in shards open from a host that gives ${ranges ? 'parts' : 'whole files alone'}`, async (t) => {
    const { page } = await openPage(t, { deployment: SHARDED, ranges });
    await shows(page, 'The fox said');
    const answers = [];
    page.on('response', (response) => answers.push([response.url().split('/').pop(), response.status()]));
    await openArticle(page, 'owl', 'Die Eule rief');
    assert.deepEqual(answers.filter(([name]) => name.endsWith('.jsonl')), [['0.jsonl', ranges ? 206 : 200]]);
    await mark(page, 'Früh', 'q');
    await marksAre(page, ['Quote: Früh']);
    await saved(page);

    // What was opened is stored.
    await page.reload();
    await shows(page, 'Die Eule rief');
    await marksAre(page, ['Quote: Früh']);
    assert.equal(answers.filter(([name]) => name.endsWith('.jsonl')).length, 1);
    const { json } = await exported(page);
    assert.deepEqual(json.articles.map(({ id, text }) => [id, text]), Object.entries(TEXTS));
    assert.deepEqual(json.articles.map(({ source }) => source.file), ['fox.txt', 'owl.txt', 'hare.txt', 'mole.txt']);
  });
}

test('articles that are in other shards now open', async (t) => {
  const { page, site } = await openPage(t, { deployment: SHARDED });
  await shows(page, 'The fox said');
  await mark(page, 'I ran home', 'c');
  await saved(page);
  const { 'index.json': index, ...shards } = sharded({ new: 'A newt swam.\n', ...TEXTS });
  const renamed = Object.entries(shards).map(([name, lines]) => [name.replace('shards/', 'shards/b'), lines]);
  const articles = index.articles.map((entry) => ({ ...entry, file: entry.file.replace('shards/', 'shards/b') }));
  site.deployment = { ...Object.fromEntries(renamed), 'index.json': { ...index, articles } };
  await page.reload();
  await openArticle(page, 'owl', 'Die Eule rief');
  await openArticle(page, 'new', 'A newt swam');
});

/** What a host may give for a shard, and what the page says of it. */
const BROKEN_SHARDS = {
  'is missing': [{ status: 404, body: '' }, /neither stored here nor on this page/],
  'is another': [{ status: 200, body: '{"text":"Another owl."}\n'.repeat(50) }, /not the text that the page names/],
  'is cut off': [{ status: 200, body: SHARDED['shards/0.jsonl'].slice(0, -30) }, /not the text that the page names/],
  'is given in another part': [{ status: 206, body: '{"text":"Another owl."}' }, /not the text that the page names/],
  'is given as no object': [{ status: 206, body: 'null' }, /not the text that the page names/],
  'is refused in parts': [{ status: 416, body: '' }, /the host answers 416/],
};

for (const [what, [answer, why]] of Object.entries(BROKEN_SHARDS)) {
  test(`a shard that ${what} is said, and its articles open when it is mended`, async (t) => {
    const session = await openPage(t, { deployment: SHARDED });
    session.expectProblem(/articles\/|Failed to load resource/);
    const { page } = session;
    await shows(page, 'The fox said');
    await page.route('**/shards/0.jsonl', (route) => route.fulfill(answer));
    await list(page).getByRole('button', { name: 'owl' }).click();
    const failed = page.getByRole('alert').filter({ hasText: '“owl” could not be opened' });
    await failed.getByText(why).waitFor();
    await page.unroute('**/shards/0.jsonl');
    await failed.getByRole('button', { name: 'Try again' }).click();
    await shows(page, 'Die Eule rief');
  });
}

test('hostile places and lists are left out and said, and the others open', async (t) => {
  const { 'index.json': index, ...shards } = SHARDED;
  const [fox, owl] = index.articles;
  const [start, length] = owl.bytes;
  const places = [[-1, 10], ['0', '10'], [0, 0], [0, 2 ** 40], [2 ** 53, 10], [0.5, 10], [0], 'all', {}];
  const entries = [
    fox,
    ...places.map((bytes, at) => ({ ...owl, id: `owl-${at}`, bytes })),
    { ...owl, id: 'up', file: '../../shards/0.jsonl' },
    { ...owl, id: 'before', title: 'before', bytes: [start - 1, length] },
    { ...owl, title: 'sound' },
  ];
  const lists = [{ annotator: 'Ada', articles: [12, 12, 3, 0, 4_000_000_000, 11] }];
  const session = await openPage(t, {
    deployment: { ...shards, 'index.json': { ...index, articles: entries, lists } },
    path: '?annotator=Ada',
  });
  const { page } = session;
  // Ten articles and a list.
  await page.getByRole('alert').getByText('11 things are wrong with the articles of this page').waitFor();
  await shows(page, 'Die Eule rief');
  await until(() => titles(page), ['sound', 'fox', 'before']);
  await openArticle(page, 'fox', 'The fox said');
});

// Lists of annotators.

const titles = (page) => list(page).locator('.row-title').allTextContents();

test('an annotator has the articles of their list alone, in its order', async (t) => {
  const lists = { Ada: ['hare', 'fox'], 'Bo Li': ['owl', 'mole', 'fox'] };
  const session = await openPage(t, { deployment: sharded(TEXTS, lists), path: '?annotator=Ada' });
  const { page, site } = session;
  await shows(page, 'The hare slept');
  await until(() => titles(page), ['hare', 'fox']);
  await list(page).getByText('0 of 2 done').waitFor();
  await mark(page, 'hare slept', 'c');
  await saved(page);
  const { json } = await exported(page);
  assert.deepEqual(json.articles.map(({ id }) => id), ['hare', 'fox']);
  assert.equal(json.annotators[0].name, 'Ada');

  // Another annotator at the same browser.
  await page.goto(`${site.url}?annotator=Bo%20Li`);
  await shows(page, 'Die Eule rief');
  await until(() => titles(page), ['owl', 'mole', 'fox']);
  await mark(page, 'Früh', 'q');
  await saved(page);
  await page.goto(`${site.url}?annotator=Ada`);
  await shows(page, 'The hare slept');
  await until(() => titles(page), ['hare', 'fox']);
  // Pasted articles are in no list, and shown behind it.
  await button(page, 'Paste text').click();
  const paste = dialog(page, 'Paste text');
  await paste.getByLabel('Text', { exact: true }).fill('A newt swam.');
  await paste.getByRole('button', { name: 'Add article' }).click();
  await shows(page, 'A newt swam');
  await until(() => titles(page), ['hare', 'fox', 'A newt swam.']);
  await saved(page);

  // Whoever has no list sees all, and is told if they named themselves.
  await page.goto(site.url);
  await until(async () => (await titles(page)).toSorted(), ['A newt swam.', 'fox', 'hare', 'mole', 'owl']);
  assert.equal(await page.getByText('has no list').count(), 0);
  await page.goto(`${site.url}?annotator=Zed`);
  await page.getByRole('alert').getByText('has no list of articles for “Zed”').waitFor();
  await until(async () => (await titles(page)).length, 5);
});
