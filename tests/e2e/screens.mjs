// Makes screenshots of the built page in each size and theme, into out/: `node screens.mjs [NAME]`.
// Add a screen by adding an entry to SCREENS.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { annotations, article, button, click, deployment, dialog, drag, exported, mark, openFiles, saved, shows } from './acts.mjs';
import { OUT, Session } from './harness.mjs';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 360, height: 740 },
];

const ARTICLES = {
  fox: {
    title: 'Fox blames the crow, and the crow says no',
    publisher: 'The Burrow',
    url: 'https://paper.example/fox',
    published: '2026-03-04',
    text:
      'Fox blames the crow, and the crow says no\n\n“I ran home,” the fox told the council, “and nobody saw me leave the yard.”\n\n' +
      'The crow denied that the fox ran. She said the yard had been watched all night by three owls, one of whom writes for this paper.\n\n' +
      'A spokesman for the hens said they had “no comment on foxes.”\n',
  },
  owl: { title: 'Owls were watching, says owl', text: 'The owl said that owls were watching.\n' },
};

/** The fox's article with marks of all labels, the last of them picked. */
async function marked(page) {
  await shows(page, 'I ran home');
  await mark(page, '“I ran home,”', 'q');
  await drag(page, '“and nobody saw me leave the yard.”');
  await page.keyboard.press('a');
  await drag(page, 'the fox');
  await page.keyboard.press('s');
  await drag(page, 'told');
  await page.keyboard.press('u');
  await page.keyboard.press('Escape');
  await mark(page, 'the yard had been watched all night by three owls', 'c');
  await page.keyboard.press('Escape');
  await mark(page, 'the fox ran', 'c');
  await page.keyboard.press('Escape');
  await mark(page, 'The crow denied that the fox ran', 'd');
  await saved(page);
}

/** The dialog of datasets; with these losses, if some are given, in place of its own. */
async function openDatasets(page, losses) {
  await page.evaluate((losses) => {
    if (!losses) return;
    const own = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
    Object.defineProperty(MessageEvent.prototype, 'data', {
      get() {
        const data = own.call(this);
        if (data?.[1]?.dataset) data[1].dataset[1] = losses;
        return data;
      },
    });
  }, losses);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await button(page, 'Make a dataset…').click();
  await dialog(page, 'Make a dataset').getByRole('table').waitFor();
}

/** More than any format loses. */
const LOSSES = Array.from({ length: 24 }, (_, at) => {
  const what = [
    'A broken span became several annotations',
    'A link out of its document was left out',
    'Who a speaker is was kept, and not where they are named',
    'The words of an attribute were kept, and not where they stand',
    'A note was left out',
    'What belongs to a group does not say so',
  ][at % 6];
  return `${what}: ${(at * 37) % 412 + 1} (first: 8f14e45fceea167a5a36dedd4bea254${at % 10} of articles/2026/03/fox-blames-the-crow-${at}.txt)`;
});

/** A dataset in which much is wrong. */
const FAULTY = [
  ['a', 'The mayor said it rained again. The fox denied it.', [[15, 24, 'it rained', 'claim'], [90, 99, 'nowhere', 'denial'], [40, 50, 'a bear sang', 'quote']]],
  ['b', 'An owl saw the fox run home.', [[3, 6, 'fox', 'claim'], [2, 1, 'n', 'claim'], [-4, 3, 'An', 'claim'], [0, 2, 'An owl', 'rumour']]],
  ['c', 'The hen said “no comment” 😀 twice.', [[13, 25, '“no comment” ', 'quote'], ['x', 5, 'hen', 'quote']]],
  ['d', 7, []],
]
  .map(([id, text, marks]) => {
    const annotations = marks.map(([start, end, text, label], at) => ({ id: `${id}${at}`, label, start, end, text, spans: [{ start, end, text }], attributes: { mood: 'bad' } }));
    const relations = [{ id: `r-${id}`, type: 'denies', from: `${id}0`, to: 'nobody', to_article: 'elsewhere' }];
    return JSON.stringify({ id, annotator: 'ada', title: `Rain ${id}`, text, offset_unit: 'code-point', annotations, relations });
  })
  .concat('{"id": "e", "text": "cut of')
  .join('\n');

/** The denial is linked to a claim, which is linked to another. */
async function linked(page) {
  await marked(page);
  // The denial asked for its claim when it was made.
  await click(page, 'yard had');
  await annotations(page).locator('.link-kind').getByText('denies').waitFor({ state: 'attached' });
  await click(page, 'yard had');
  await page.keyboard.press('r');
  await click(page, 'fox ran');
  await annotations(page).locator('.link-kind').getByText('repeats').waitFor({ state: 'attached' });
  await saved(page);
}

/** Finds a screen by the palette. */
async function open(page, name) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await dialog(page, name).waitFor();
}

/** The text is written anew: an annotation is carried across a change, and one has no place. */
async function rewritten(page) {
  await marked(page);
  await page.keyboard.press('Escape');
  await button(page, 'Correct the text').click();
  const field = dialog(page, 'Correct the text').getByRole('textbox', { name: 'Text' });
  const text = await field.inputValue();
  await field.fill(text.replace('all night by', 'all day by no more than').replace('The crow denied that the fox ran.', 'The crow was silent.'));
}

/** What becomes of the annotations is shown. */
async function compared(page) {
  await rewritten(page);
  await button(page, 'Compare').click();
  await dialog(page, 'Compare the texts').waitFor();
}

/** Opens a file of the project in which things are not as here. */
async function differing(page) {
  await marked(page);
  const { json } = await exported(page);
  const [fox] = json.articles;
  const [set] = fox.sets;
  const [quote, claim] = set.annotations;
  Object.assign(quote, { label: 'claim', note: 'She said “we” elsewhere.', updated: '2031-01-02T03:04:05Z' });
  set.annotations = set.annotations.filter((it) => it !== claim);
  json.deleted.push({ kind: 'annotation', article: fox.id, annotator: set.annotator, id: claim.id, at: '2031-01-02T03:04:05Z', by: set.annotator });
  set.annotations[1].id = 'another';
  json.speakers[0].aliases.push('the red one');
  json.project.title = 'Trial, second round';
  if (page.viewportSize().width < 1000) await button(page, 'List').click();
  await openFiles(page, [{ name: 'trial-of-bo.avow.json', text: JSON.stringify(json) }]);
  await dialog(page, 'This project is here already').waitFor();
}

const isPhone = (page) => page.viewportSize().width < 500;

/** What is done before each picture; the page is freshly opened. */
const SCREENS = {
  first: { deployment: undefined, prepare: async () => {} },
  picked: { prepare: marked },
  read: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    },
  },
  selection: {
    prepare: async (page) => {
      await marked(page);
      await drag(page, 'the hens');
    },
  },
  asked: {
    prepare: async (page) => {
      await marked(page);
      if (isPhone(page)) return;
      await annotations(page).getByRole('button', { name: /^Cue/ }).click();
    },
  },
  articles: {
    prepare: async (page) => {
      await shows(page, 'I ran home');
      if (page.viewportSize().width < 1000) await button(page, 'List').click();
    },
  },
  settings: { prepare: async (page) => page.getByLabel('Settings').click() },
  keys: {
    prepare: async (page) => {
      await article(page).focus();
      await page.keyboard.press('?');
      await dialog(page, 'All keys').waitFor();
    },
  },
  projects: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /all projects$/ }).click();
      await dialog(page, 'Projects').getByText('Trial').first().waitFor();
    },
  },
  export: {
    prepare: async (page) => {
      await button(page, 'Export').click();
      await dialog(page, 'Export').waitFor();
    },
  },
  dataset: {
    prepare: async (page) => {
      await marked(page);
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: 'Make a dataset…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Make a dataset' });
      await dialog.getByLabel(/^Split into/).click();
      await dialog.getByLabel('Format').selectOption('doccano');
      await dialog.getByText('How it is split').waitFor();
    },
  },
  'dataset, losses': {
    prepare: async (page) => {
      await marked(page);
      await openDatasets(page, LOSSES);
      await dialog(page, 'Make a dataset').locator('.losses').first().scrollIntoViewIfNeeded();
    },
  },
  'dataset, saving': {
    prepare: async (page) => {
      await marked(page);
      await openDatasets(page);
      await page.evaluate(() => {
        globalThis.showDirectoryPicker = async () => navigator.storage.getDirectory();
        FileSystemWritableFileStream.prototype.write = () => new Promise(() => {});
      });
      await button(page, 'Save into a folder…').click();
      await page.getByText(/^Writing/).waitFor();
    },
  },
  'dataset, stopped': {
    prepare: async (page) => {
      await marked(page);
      await openDatasets(page);
      await page.evaluate(() => (Worker.prototype.postMessage = () => {}));
      await dialog(page, 'Make a dataset').getByLabel(/^Split into/).click();
      await dialog(page, 'Make a dataset').getByRole('button', { name: 'Cancel' }).click();
      await button(page, 'Look again').scrollIntoViewIfNeeded();
    },
  },
  'dataset, faulty': {
    prepare: async (page) => {
      await shows(page, 'I ran home');
      if (page.viewportSize().width < 1000) await button(page, 'List').click();
      await openFiles(page, [{ name: 'rain-train.jsonl', text: FAULTY }]);
      await dialog(page, 'Files').waitFor();
    },
  },
  paste: {
    prepare: async (page) => {
      if (page.viewportSize().width < 1000) await button(page, 'List').click();
      await button(page, 'Paste text').click();
      await dialog(page, 'Paste text').waitFor();
    },
  },
  report: {
    prepare: async (page) => {
      if (page.viewportSize().width < 1000) await button(page, 'List').click();
      const lines = '{"text": "A line that is good."}\n{"text": 5}\nnothing\n';
      await openFiles(page, [{ name: 'notes.jsonl', text: lines }, { name: 'empty.txt', text: ' ' }, { name: 'scan.pdf', text: '%PDF-1.4' }]);
      await dialog(page, 'Files').waitFor();
    },
  },
  merge: {
    prepare: async (page) => {
      await differing(page);
      await dialog(page, 'This project is here already').waitFor();
    },
  },
  restore: {
    prepare: async (page) => {
      await differing(page);
      await button(page, 'Restore…').click();
      await dialog(page, 'Restore from a file').waitFor();
    },
  },
  empty: { deployment: { 'index.json': deployment({}, { title: 'Empty' })['index.json'] }, prepare: async () => {} },
  reading: {
    prepare: async (page, session) => {
      await marked(page);
      const second = await session.newTab();
      await shows(second, 'I ran home');
      await mark(second, 'the hens', 'c');
      return second;
    },
  },
  history: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('x');
      await saved(page);
      await button(page, 'History').click();
      await page.getByRole('button', { name: /^Older/ }).waitFor();
      await article(page).focus();
      await page.keyboard.press('j');
      await page.getByText('The article as it was on').waitFor();
    },
  },
  tidings: {
    prepare: async (page) => {
      await marked(page);
      await page.evaluate(() => {
        for (const detail of ['one file:being installed and updating itself, a store of its own', 'outdated', 'newer']) {
          dispatchEvent(new CustomEvent('avow-tidings', { detail }));
        }
      });
      await button(page, 'Update now').waitFor();
    },
  },
  linked: { prepare: linked },
  linking: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('r');
      await page.getByText('click the other end').waitFor();
    },
  },
  broken: {
    prepare: async (page) => {
      await linked(page);
      await page.keyboard.press('Escape');
      await mark(page, 'that the fox ran. She', 'c');
      await saved(page);
    },
  },
  'other end': {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('t');
      await dialog(page, 'Link it to').waitFor();
    },
  },
  palette: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('ar');
      await dialog(page, 'Find').waitFor();
    },
  },
  claims: {
    prepare: async (page) => {
      await linked(page);
      await open(page, 'Claims');
    },
  },
  speakers: {
    prepare: async (page) => {
      await linked(page);
      await drag(page, 'She');
      await page.keyboard.press('s');
      await page.keyboard.press('j');
      for (const name of ['Crow', 'the crow', 'Owl of the yard', 'Owle']) {
        await page.keyboard.press('s');
        await page.keyboard.type(name);
        await page.keyboard.press('Enter');
      }
      await open(page, 'Speakers');
    },
  },
  'text written': { prepare: rewritten },
  'texts compared': { prepare: compared },
  unplaced: {
    prepare: async (page) => {
      await compared(page);
      await button(page, 'Change the text').click();
      await page.getByText(/^Text changed/).first().waitFor();
      if (page.viewportSize().width < 1000) await button(page, 'Marks').click();
      await page.getByText(/^Without a place/).first().waitFor();
    },
  },
  scheme: {
    prepare: async (page) => {
      await linked(page);
      await open(page, 'Scheme');
    },
  },
  'scheme, attributes': {
    prepare: async (page) => {
      await linked(page);
      await open(page, 'Scheme');
      await button(page, 'Attributes').click();
      await dialog(page, 'Scheme').getByRole('button', { name: /^Directness/ }).click();
    },
  },
  'scheme, links': {
    prepare: async (page) => {
      await linked(page);
      await open(page, 'Scheme');
      await button(page, 'Links').click();
    },
  },
  'scheme, asked': {
    prepare: async (page) => {
      await linked(page);
      await open(page, 'Scheme');
      await dialog(page, 'Scheme').getByLabel('Merge Claim into').selectOption({ label: 'Denial' });
      await button(page, 'Merge the labels').waitFor();
    },
  },
  search: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await page.keyboard.type('the');
      await page.keyboard.press('Enter');
      await page.getByText(/^\d+ hits/).first().waitFor();
    },
  },
  guidelines: {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('y');
      await page.getByText('Mark whole words').waitFor();
    },
  },
  'guidelines written': {
    prepare: async (page) => {
      await marked(page);
      await page.keyboard.press('y');
      await button(page, 'Edit').click();
      await page.getByLabel('Guidelines, in Markdown').waitFor();
    },
  },
  boilerplate: {
    deployment: deployment({
      fox: { ...ARTICLES.fox, text: `Advertisement\n\n${ARTICLES.fox.text}\nPhoto: A. Bee\n\n© 2026 The Burrow\n` },
      owl: ARTICLES.owl,
    }),
    prepare: async (page) => {
      await shows(page, 'I ran home');
      await drag(page, 'Photo: A. Bee');
      await page.keyboard.press('b');
      await mark(page, '“I ran home,”', 'q');
      await saved(page);
    },
  },
  'key changed': {
    prepare: async (page) => {
      await article(page).focus();
      await page.keyboard.press('?');
      await button(page, 'Change the key: Undo').click();
      await page.keyboard.press('c');
      await button(page, 'Change the key: Redo').click();
    },
  },
  rescue: {
    prepare: async (page) => {
      await marked(page);
      await page.evaluate(() => globalThis.avowRescue(new Error('a picture was wanted')));
      await page.waitForTimeout(300);
    },
  },
};

const wanted = process.argv[2];
await mkdir(OUT, { recursive: true });
for (const colorScheme of ['light', 'dark']) {
  for (const viewport of SIZES) {
    for (const [name, screen] of Object.entries(SCREENS)) {
      if (wanted && wanted !== name) continue;
      const carried = 'deployment' in screen ? screen.deployment : deployment(ARTICLES);
      const session = new Session({ viewport, colorScheme, deployment: carried });
      try {
        await session.start();
        const page = (await screen.prepare(session.page, session)) ?? session.page;
        await page.waitForTimeout(200);
        const file = join(OUT, `${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        console.log(file);
        for (const problem of session.problems) console.log(`  ${problem}`);
      } catch (error) {
        console.log(`${name} ${viewport.width} ${colorScheme}: ${error.message.slice(0, 300)}`);
        process.exitCode = 1;
      } finally {
        await session.close();
      }
    }
  }
}
