// The tables, and what was wanted against what was measured.

import { SIZES } from './article.mjs';
import { Over, PAGES } from './cell.mjs';

const ACTS = ['annotate', 'relabel', 'delete', 'undo'];
const KINDS = Object.keys(PAGES);

export function report({ cells, cold, corpus, limits, machine, seconds }) {
  const { times, opens } = limits;
  const lines = [
    `Measured in one run of ${Math.round(seconds / 60)} minutes on: ${machine}.`,
    '',
    `Milliseconds, if nothing else is said; p50 / p95 of ${times} times (opening: p50 of ${opens}; pointing: ${Math.ceil(times / 2)}; acts fewer times where they would take over a minute). “Over” means given up after so long, and what would have come after that stands as “–”, as does what a page does not have.`,
    '',
    '## First load',
    '',
    `The page of Avow, at a first visit with no cache, over loopback: ${count(cold.bytes)} bytes in brotli, ${one(quantile(cold.times, 0.5))} ms until an article can be read.`,
  ];
  SIZES.forEach((size, at) => {
    lines.push('', `## ${size.name} annotations`, '');
    lines.push(`| | ${KINDS.map((kind) => PAGES[kind].name).join(' | ')} |`, `|---|${KINDS.map(() => '--:|').join('')}`);
    for (const [name, show] of ROWS) lines.push(`| ${name} | ${KINDS.map((kind) => show(cells[at][kind])).join(' | ')} |`);
  });
  lines.push('', `## A project of ${count(corpus.count)} articles`, '');
  lines.push(`A file of lines, ${megabytes(corpus.bytes)} MB, two annotations in each article, in the page of Avow alone.`, '');
  lines.push('| | |', '|---|--:|');
  for (const [name, show] of OF_CORPUS) lines.push(`| ${name} | ${show(corpus)} |`);
  const wanted = targets(cells, cold, corpus);
  const met = wanted.filter(({ good }) => good).length;
  const open = wanted.filter(({ good }) => good === undefined).length;
  lines.push('', '## Targets', '', `Met: ${met} of ${wanted.length}${open > 0 ? `; ${open} could not be measured` : ''}.`, '');
  lines.push('| | wanted | measured | |', '|---|---|---|---|');
  for (const { what, limit, found, good } of wanted) lines.push(`| ${what} | ${limit} | ${found} | ${MARKS.get(good)} |`);
  return `${lines.join('\n')}\n`;
}

const ROWS = [
  ['open', (cell) => over(cell.open, (all) => one(quantile(all, 0.5)))],
  ['open the page with it', (cell) => over(cell.page, (all) => one(quantile(all, 0.5)))],
  ['after opening, longest frame', (cell) => over(cell.after, (all) => one(Math.max(...all)))],
  ['annotate', (cell) => both(cell.annotate)],
  ['annotate, longest', (cell) => over(cell.annotate, (all) => one(Math.max(...all)))],
  ['annotate, work of the page’s thread', (cell) => both(cell.work)],
  ['relabel', (cell) => both(cell.relabel)],
  ['delete', (cell) => both(cell.delete)],
  ['undo', (cell) => both(cell.undo)],
  ['pick by a click', (cell) => both(cell.pick)],
  ['hover', (cell) => both(cell.hover)],
  ['scroll, longest frame', (cell) => over(cell.scroll, (all) => one(Math.max(...all)))],
  ['scroll, frames over 33 ms', (cell) => over(cell.scroll, (all) => `${late(all)} of ${all.length}`)],
  ['search', (cell) => both(cell.search)],
  ['export', (cell) => over(cell.export, (all) => one(quantile(all, 0.5)))],
  ['script’s heap, MB', (cell) => over(cell.heap, megabytes)],
  ['wasm’s memory, MB', (cell) => over(cell.wasm, megabytes)],
  ['process’s memory, MB', (cell) => over(cell.resident, megabytes)],
];

const OF_CORPUS = [
  ['take the file in', ({ taken }) => one(taken)],
  ['open', ({ open }) => one(quantile(open, 0.5))],
  ['find by title, for each key', ({ find }) => both(find)],
  ['search all texts', ({ search }) => one(quantile(search, 0.5))],
  ['export', (corpus) => one(corpus.export)],
  ['process’s memory, at most: while the file is taken in, MB', ({ peaks }) => megabytes(peaks[0])],
  ['process’s memory, at most: in the visit that searches and exports, MB', ({ peaks }) => megabytes(peaks[1])],
];

const MARKS = new Map([[true, '✓'], [false, '✗ missed'], [undefined, 'not measured']]);

/** Each target at each size: what was wanted, what was found, and whether that is good. */
function targets(cells, cold, corpus) {
  const found = [
    { what: 'First load, brotli', limit: 'at most 150,000 bytes', found: count(cold.bytes), good: cold.bytes <= 150_000 },
  ];
  const floor = cells[0].floor;
  SIZES.forEach(({ name }, at) => {
    const { avow } = cells[at];
    for (const act of ACTS) {
      const ratios = [0.5, 0.95].map((part) => ratio(avow[act], floor[act], part));
      found.push({
        what: `${act}, ${name}`,
        limit: 'at most 1.5 × the floor page at its smallest, p50 and p95',
        found: ratios.map(factor).join(' / '),
        good: known(ratios, (it) => it <= 1.5),
      });
    }
    const opened = ratio(avow.open, cells[at].floor.open, 0.5);
    found.push({ what: `open, ${name}`, limit: 'at most 2 × the floor page', found: factor(opened), good: known([opened], (it) => it <= 2) });
    const count = Array.isArray(avow.scroll) ? late(avow.scroll) : undefined;
    found.push({ what: `scroll, ${name}`, limit: 'no frame over 33 ms', found: `${count ?? '–'}`, good: known([count], (it) => it === 0) });
  });
  const opened = quantile(corpus.open, 0.5);
  found.push({ what: `open, ${count(corpus.count)} articles`, limit: 'under a second', found: `${one(opened)} ms`, good: opened < 1_000 });
  const most = Math.max(...corpus.peaks);
  found.push({ what: `memory, ${count(corpus.count)} articles`, limit: 'under 300 MB', found: `${megabytes(most)} MB`, good: most < 3e8 });
  SIZES.forEach((size, at) => {
    const { avow, ...rest } = cells[at];
    for (const kind of ['spans', 'highlights']) {
      const than = (act, times) => {
        const faster = ratio(rest[kind][act], avow[act], 0.5);
        const sign = rest[kind][act] instanceof Over ? 'over ' : '';
        found.push({
          what: `${act}, ${size.name}, beside ${PAGES[kind].name}`,
          limit: `${times} × as fast`,
          // No page is faster than what the browser itself costs.
          found: `${sign}${factor(faster)} (the floor page: ${factor(ratio(rest[kind][act], rest.floor[act], 0.5))})`,
          good: known([faster], (it) => it >= times),
        });
      };
      if (size.count >= 10_000) than('open', size.count >= 50_000 ? 50 : 5);
      for (const act of ACTS) than(act, 4);
    }
  });
  return found;
}

const known = (values, good) => (values.every(Number.isFinite) ? values.every(good) : undefined);

/** How many times the one is the other; what was given up counts as its limit. */
function ratio(one, other, part) {
  const value = (it) => (it instanceof Over ? it.over * 1_000 : Array.isArray(it) ? quantile(it, part) : NaN);
  return value(one) / value(other);
}

/** Frames that took longer than two of the screen's, which are 33.3 ms together. */
const late = (frames) => frames.filter((it) => it > 34).length;

export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

const over = (value, show) => (value instanceof Over ? `over ${value.over} s` : value === undefined ? '–' : show(value));
const both = (value) => over(value, (all) => `${one(quantile(all, 0.5))} / ${one(quantile(all, 0.95))}`);
const one = (value) => (value < 10 ? value.toFixed(1) : count(Math.round(value)));
const factor = (value) => (!Number.isFinite(value) ? '–' : `${value < 10 ? value.toFixed(2) : count(Math.round(value))} ×`);
const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
const count = (value) => value.toLocaleString('en');
