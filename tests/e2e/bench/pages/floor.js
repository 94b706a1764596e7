// What the browser itself costs: bare text, and each act as the least that shows it. Nothing is stored,
// nothing listed, nothing checked.

import { show, stored } from './stored.js';

const { paragraphs, pieces: all, labels } = await stored();

const register = (name) => {
  const highlight = new Highlight();
  CSS.highlights.set(`floor-${name}`, highlight);
  return highlight;
};
const groups = [0, 1, 2].map(register);
const [picked, hovered] = ['picked', 'hovered'].map(register);

/** What lies in each paragraph. Those near the screen have ranges. */
const pieces = paragraphs.map(() => []);
for (const [annotation, at, start, end] of all) pieces[at].push({ label: labels[annotation], at, start, end });

const elements = show(paragraphs);
const places = new Map(elements.map((element, at) => [element, at]));

const rangeOf = ({ at, start, end }) => {
  const node = elements[at].firstChild;
  return new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end });
};
const paint = (piece) => groups[piece.label].add((piece.range = rangeOf(piece)));
const erase = (piece) => groups[piece.label].delete(piece.range);

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const here = pieces[places.get(target)];
      if (isIntersecting) here.forEach(paint);
      // The first time, those far away are told of too.
      else if (here[0]?.range) here.forEach(erase);
    }
  },
  { rootMargin: '50%' },
);
for (const element of elements) observer.observe(element);

let last;
const acts = {
  c() {
    const { anchorNode, anchorOffset, focusOffset } = getSelection();
    last = { label: 0, at: places.get(anchorNode.parentElement), start: anchorOffset, end: focusOffset };
    pieces[last.at].push(last);
    paint(last);
    getSelection().removeAllRanges();
  },
  d() {
    erase(last);
    last.label = 1;
    paint(last);
  },
  Delete() {
    erase(last);
    pieces[last.at].splice(pieces[last.at].indexOf(last), 1);
  },
  z() {
    pieces[last.at].push(last);
    paint(last);
  },
};
addEventListener('keydown', (event) => acts[event.key]?.());

/** The shortest that lies under a point. */
function under({ clientX, clientY }) {
  const { offsetNode, offset } = document.caretPositionFromPoint(clientX, clientY) ?? {};
  const here = pieces[places.get(offsetNode?.parentElement)] ?? [];
  const length = (piece) => piece.end - piece.start;
  return here
    .filter(({ start, end }) => start <= offset && offset < end)
    .reduce((best, piece) => (best && length(best) <= length(piece) ? best : piece), undefined);
}

for (const [type, highlight] of [['pointermove', hovered], ['pointerup', picked]]) {
  addEventListener(type, (event) => {
    const piece = under(event);
    highlight.clear();
    if (piece) highlight.add(rangeOf(piece));
  });
}
