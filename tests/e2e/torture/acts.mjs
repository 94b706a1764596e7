// What the torture does on the page: acts of a person, each with what it changes in the model.

import { isDeepStrictEqual } from 'node:util';

import { annotations, article, button, dialog, drag, field, list, marks, openArticle, selected, until } from '../acts.mjs';
import { LABELS, articleOf, rowOf, rowsOf, textOf, wordsOf } from './model.mjs';

/** How long the page may take for what it does at once, in milliseconds; the machine may be busy. */
export const PATIENCE = 20_000;

/**
 * An act: `plan(random, state)` gives what it will be done to, or undefined where it is impossible;
 * `change(state, plan)` is what it does to the model; `perform(page, plan, state)` does it, `state`
 * being as before it. `store` says that the page may have to read the store for it, `says` what a screen
 * reader is told of it where that comes late, and `silent` that it is told nothing.
 */
export const ACTS = {
  'mark by mouse': {
    often: 4,
    plan: (random, state) => planMark(random, state),
    change: addMark,
    async perform(page, { words, label }) {
      await drag(page, words.text);
      await page.keyboard.press(label[0]);
    },
  },
  'mark by the bar': {
    often: 1,
    plan: (random, state) => planMark(random, state),
    change: addMark,
    async perform(page, { words, label }) {
      await drag(page, words.text);
      await page.getByRole('toolbar').getByRole('button', { name: LABELS[label], exact: true }).click();
    },
  },
  'mark by keyboard': {
    often: 3,
    plan(random, state) {
      const plan = planMark(random, state, 6);
      if (plan === undefined) return undefined;
      const words = wordsOf(articleOf(state, plan.title).text);
      return { ...plan, skip: words.findIndex((word) => word.start === plan.words.start) };
    },
    change: addMark,
    async perform(page, { words, label, skip }) {
      await article(page).focus();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Home');
      for (let count = 0; count < skip; count += 1) await page.keyboard.press('Control+ArrowRight');
      for (const _ of words.text.split(' ')) await page.keyboard.press('Control+Shift+ArrowRight');
      await until(async () => (await selected(page)).trim(), words.text);
      await page.keyboard.press(label[0]);
    },
  },
  relabel: {
    often: 2,
    plan: (random, state) =>
      planPicked(random, state, (mark, article) => {
        const labels = Object.keys(LABELS).filter((label) => isFree(article, { ...mark, label }));
        return labels.length > 0 && { label: random.one(labels) };
      }),
    change: (state, plan) => (pickedOf(state, plan).label = plan.label),
    async perform(page, { label }) {
      await annotations(page).getByRole('radio', { name: LABELS[label] }).check();
    },
  },
  'move an edge': {
    often: 2,
    plan: (random, state) =>
      planPicked(random, state, (mark, article) => {
        // By one character: in from the end of a word, or back to it.
        const last = mark.spans.at(-1);
        const whole = wordsOf(article.text).some((word) => word.start + word.text.length === last.start + last.text.length);
        const length = last.text.length + (whole ? -1 : 1);
        const moved = { start: last.start, text: article.text.slice(last.start, last.start + length) };
        const spans = [...mark.spans.slice(0, -1), moved];
        return isFree(article, { ...mark, spans }) && { spans, key: whole ? 'ArrowLeft' : 'ArrowRight' };
      }),
    change: (state, plan) => (pickedOf(state, plan).spans = plan.spans),
    async perform(page, { key }) {
      await article(page).focus();
      await page.keyboard.press('e');
      await page.keyboard.press(key);
      await page.keyboard.press('Enter');
    },
    silent: true,
  },
  'add a span': {
    often: 1,
    plan: (random, state) =>
      planPicked(random, state, (mark, article) => {
        if (mark.spans.length > 1) return undefined;
        const [own] = mark.spans;
        const apart = ({ start, text }) => start > own.start + own.text.length + 1 || start + text.length + 1 < own.start;
        const words = random.one(wordsOf(article.text).filter(apart));
        const spans = [own, words].sort((a, b) => a.start - b.start);
        return isFree(article, { ...mark, spans }) && { words, spans };
      }),
    change: (state, plan) => (pickedOf(state, plan).spans = plan.spans),
    async perform(page, { words }) {
      await drag(page, words.text);
      await page.keyboard.press('a');
    },
  },
  speaker: {
    often: 2,
    plan: (random, state) =>
      planPicked(random, state, (mark) => {
        const name = `Speaker ${random.whole(1, 6)}`;
        return !mark.speakers.includes(name) && mark.speakers.length < 3 && { name };
      }),
    change(state, plan) {
      pickedOf(state, plan).speakers.push(plan.name);
      if (!state.speakers.includes(plan.name)) state.speakers.push(plan.name);
    },
    async perform(page, { name }) {
      await field(page, 'Speaker').fill(name);
      await field(page, 'Speaker').press('Enter');
    },
  },
  cue: {
    often: 1,
    plan: (random, state) =>
      planPicked(random, state, (mark, article) => {
        const words = random.one(wordsOf(article.text));
        return mark.cue[0]?.start !== words.start && { words };
      }),
    change: (state, plan) => (pickedOf(state, plan).cue = [plan.words]),
    async perform(page, { words }) {
      await drag(page, words.text);
      await page.keyboard.press('u');
    },
  },
  directness: {
    often: 1,
    plan: (random, state) =>
      planPicked(random, state, (mark) => {
        const value = random.one(['', 'direct', 'indirect', 'mixed']);
        return mark.directness !== value && { value };
      }),
    change: (state, plan) => (pickedOf(state, plan).directness = plan.value),
    async perform(page, { value }) {
      await field(page, 'Directness').selectOption(value);
    },
  },
  note: {
    often: 2,
    plan: (random, state) =>
      planPicked(random, state, () => ({ note: `note ${random.whole(1, 1e9)} “é🦊”`.repeat(random.chance(0.1) ? 2_000 : 1) })),
    change: (state, plan) => (pickedOf(state, plan).note = plan.note),
    async perform(page, { note }) {
      await field(page, 'Note').fill(note);
      await annotations(page).locator('.row-note').getByText(note.slice(0, 15)).first().waitFor();
      await field(page, 'Note').press('Escape');
    },
    silent: true,
  },
  delete: {
    often: 1,
    plan: (random, state) => planPicked(random, state, () => ({})),
    change(state, plan) {
      const { annotations } = articleOf(state, plan.title);
      annotations.splice(annotations.indexOf(pickedOf(state, plan)), 1);
    },
    async perform(page) {
      await annotations(page).getByRole('button', { name: 'Delete', exact: true }).click();
    },
  },
  status: {
    often: 1,
    plan(random, state) {
      const { title, status } = random.one(state.articles);
      return { title, status: random.one(['todo', 'doing', 'done', 'skipped'].filter((it) => it !== status)) };
    },
    change: (state, { title, status }) => (articleOf(state, title).status = status),
    async perform(page, { status }) {
      await page.getByLabel('Status', { exact: true }).selectOption(status);
    },
  },
  undo: {
    often: 3,
    store: true,
    plan: (_, __, model) => (model.canUndo() ? { undo: true } : undefined),
    perform: (page) => button(page, 'Undo').first().click(),
    says: 'Undone: ',
  },
  redo: {
    often: 3,
    store: true,
    plan: (_, __, model) => (model.canRedo() ? { redo: true } : undefined),
    perform: (page) => button(page, 'Redo').first().click(),
    says: 'Redone: ',
  },
  'paste an article': {
    often: 1,
    store: true,
    plan(random, state) {
      if (state.articles.length > 6) return undefined;
      const number = random.whole(100_000, 999_999);
      const title = `Paper ${number}`;
      return { made: { title, text: `${title}\n\n${textOf(number)}`, status: 'todo', annotations: [] } };
    },
    change: (state, { made }) => state.articles.push(made),
    async perform(page, { made }) {
      await button(page, 'Paste text').click();
      await dialog(page, 'Paste text').getByLabel('Text', { exact: true }).fill(made.text);
      await dialog(page, 'Paste text').getByRole('button', { name: 'Add article' }).click();
    },
  },
  'remove an article': {
    often: 1,
    store: true,
    plan: (random, state) => (state.articles.length > 3 ? { title: random.one(state.articles).title } : undefined),
    change(state, { title }) {
      state.articles = state.articles.filter((article) => article.title !== title);
    },
    async perform(page) {
      await button(page, 'Remove article').click();
    },
  },
  'rename the project': {
    often: 1,
    plan: (random, state) => {
      const name = `Project ${random.whole(1, 1e6)}`;
      return name === state.title ? undefined : { name };
    },
    change: (state, { name }) => (state.title = name),
    async perform(page, { name }) {
      await page.getByRole('button', { name: /all projects$/ }).click();
      await dialog(page, 'Projects').getByLabel('Title of this project').fill(name);
      await dialog(page, 'Projects').getByRole('button', { name: 'Rename' }).click();
      await page.locator('.project-title').getByText(name, { exact: true }).waitFor();
      await dialog(page, 'Projects').getByLabel('Close', { exact: true }).click();
      await dialog(page, 'Projects').waitFor({ state: 'hidden' });
    },
  },
};

/** Words of an article and a label for them, such that the list has no such row yet. */
function planMark(random, state, within = Infinity) {
  const article = random.one(state.articles);
  if (article.annotations.length > 12) return undefined;
  const words = wordsOf(article.text).slice(0, within);
  const first = random.one(words);
  // To the end of the next word, or of this one; an emoji between them is taken along.
  const last = random.chance(0.5) ? (words[words.indexOf(first) + 1] ?? first) : first;
  const span = { start: first.start, text: article.text.slice(first.start, last.start + last.text.length) };
  const label = random.one(Object.keys(LABELS));
  if (/[.\n]/.test(span.text) || !isFree(article, { label, spans: [span] })) return undefined;
  return { title: article.title, words: span, label };
}

function addMark(state, { title, words, label }) {
  const article = articleOf(state, title);
  article.annotations.push({ label, spans: [words], speakers: [], cue: [], directness: '', note: '' });
  if (article.status === 'todo') article.status = 'doing';
}

/** One of the annotations, with what `more` says of it; undefined where that is false or there is none. */
function planPicked(random, state, more) {
  const article = random.one(state.articles.filter(({ annotations }) => annotations.length > 0));
  if (article === undefined) return undefined;
  const mark = random.one(article.annotations);
  const rest = more(mark, article);
  return rest ? { title: article.title, row: rowOf(mark), ...rest } : undefined;
}

function pickedOf(state, { title, row }) {
  return articleOf(state, title).annotations.find((mark) => rowOf(mark) === row);
}

/** Whether no row of the list would read like this annotation's. */
function isFree(article, mark) {
  return article.annotations.every((other) => rowOf(other) !== rowOf(mark));
}

/** Goes to the article of a plan, and picks its annotation. */
export async function goTo(page, { title, row }, state) {
  if (title === undefined) return;
  if ((await openTitle(page)) !== title) {
    await openArticle(page, title, wordsOf(articleOf(state, title).text)[2].text);
  }
  await until(() => openTitle(page), title);
  if (row === undefined) return;
  await until(async () => (await marks(page)).includes(row), true);
  const at = (await marks(page)).indexOf(row);
  const button = annotations(page).locator('.mark-row').nth(at);
  // A press on the row that is picked is answered too.
  await button.click();
  await until(() => button.getAttribute('aria-current'), 'true');
}

/** The title of the open article, as the list says it. */
export async function openTitle(page) {
  const open = list(page).locator('[aria-current="true"] .row-title');
  return (await open.count()) === 1 ? open.textContent() : undefined;
}

/** Waits until the open article is one of the model's, and is shown with what the model says of it. */
export async function rowsAreSeen(page, state) {
  // Looked at together: the page may be on its way to another article.
  await until(async () => {
    const title = await openTitle(page);
    const open = title === undefined ? undefined : articleOf(state, title);
    if (open === undefined) return { title };
    const shown = await article(page).getByText(wordsOf(open.text)[2].text).first().isVisible();
    const [rows, wanted] = [(await marks(page)).sort(), rowsOf(open)];
    return (shown && isDeepStrictEqual(rows, wanted)) || { title, shown, rows, wanted };
  }, true, PATIENCE);
}

/** What the page has said to a screen reader since this was first asked. */
export function heard(page) {
  return page.locator('[aria-live="polite"]').last().evaluate((live) => {
    if (live.heard === undefined) {
      live.heard = [];
      new MutationObserver(() => live.heard.push(live.textContent)).observe(live, { childList: true });
    }
    return live.heard;
  });
}
