// @recogito/text-annotator, told of each act by its own functions: it has no keys of its own.

import { show, stored } from './stored.js';

const renderer = new URLSearchParams(location.search).get('renderer');
const COLOURS = { claim: '#ffc83c', denial: '#ff786e', quote: '#64a0ff' };
const LABELS = Object.keys(COLOURS);

const { paragraphs, spans, labels } = await stored();
// It counts the characters of the text nodes, which hold no ends of lines.
const starts = [0];
for (const words of paragraphs) starts.push(starts.at(-1) + words.length);

const elements = show(paragraphs);
const places = new Map(elements.map((element, at) => [element, at]));
const annotator = RecogitoJS.createTextAnnotator(document.querySelector('.article-text'), {
  renderer,
  // What is selected becomes an annotation by a key alone.
  annotatingEnabled: false,
  style: ({ bodies: [{ value }] }, { hovered, selected }) => ({
    fill: COLOURS[value],
    fillOpacity: selected ? 0.75 : hovered ? 0.5 : 0.25,
  }),
});

const annotationOf = (id, label, selector) => ({
  id,
  bodies: [{ id: `${id}-label`, annotation: id, purpose: 'tagging', value: label }],
  target: { annotation: id, selector: [selector], created: new Date() },
});
annotator.setAnnotations(
  spans.map(([start, end, quote], at) => annotationOf(`a${at}`, LABELS[labels[at]], { quote, start, end })),
);

let last;
let made = 0;
const acts = {
  c() {
    const range = getSelection().getRangeAt(0).cloneRange();
    const before = starts[places.get(range.startContainer.parentElement)];
    last = annotationOf(`new${(made += 1)}`, 'claim', {
      quote: range.toString(),
      start: before + range.startOffset,
      end: before + range.endOffset,
      range,
    });
    // Not by `addAnnotation` of the annotator: what comes by that cannot be undone.
    annotator.state.store.addAnnotation(last);
    getSelection().removeAllRanges();
  },
  d() {
    annotator.updateAnnotation({ ...last, bodies: [{ ...last.bodies[0], value: 'denial' }] });
  },
  Delete() {
    annotator.removeAnnotation(last.id);
  },
  z() {
    annotator.undo();
  },
};
addEventListener('keydown', (event) => acts[event.key]?.());

// What is looked at is the annotation that a key has made, from when its words were selected.
document.addEventListener('selectionchange', () => {
  if (!getSelection().isCollapsed) last = undefined;
});

const spansOf = (id) => [...document.querySelectorAll(`.r6o-annotation${id ? `[data-annotation="${id}"]` : ''}`)];
const rules = () => document.querySelector('head > style')?.textContent ?? '';

/** How an annotation is painted now, or nothing. */
function look(id) {
  if (!id) return '';
  if (renderer === 'SPANS') return spansOf(id).map((span) => span.style.backgroundColor).join();
  return CSS.highlights.has(`_${id}`) ? (new RegExp(`::highlight\\(_${id}\\).*`).exec(rules())?.[0] ?? '') : '';
}

/** The annotations that are painted with this opacity, of 255. */
function paintedWith(opacity) {
  if (renderer === 'SPANS') {
    const those = spansOf().filter((span) => Math.round(255 * Number(/[\d.]+(?=\)$)/.exec(span.style.backgroundColor))) === opacity);
    return [...new Set(those.map((span) => span.dataset.annotation))].join();
  }
  const pattern = new RegExp(`_(\\w+)\\) .*#\\w{6}${opacity.toString(16)}\\b`, 'g');
  return [...rules().matchAll(pattern)].map(([, id]) => id).join();
}

const painted = () => look(last?.id);
Object.assign(bench.shows, {
  opened: () => (renderer === 'SPANS' ? spansOf().length > 0 : CSS.highlights.size > 0) && 'yes',
  painted,
  drawn: painted,
  picked: () => paintedWith(191),
  hovered: () => paintedWith(128),
});

/** What it has as text, and how long that takes. */
bench.exported = () => {
  const start = performance.now();
  const text = JSON.stringify(annotator.getAnnotations(), (key, value) => (key === 'range' ? undefined : value));
  return { milliseconds: performance.now() - start, length: text.length };
};
