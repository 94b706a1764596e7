// The articles that are measured: invented texts of given sizes with given numbers of annotations.

import { annotationsOn, longText } from '../long.mjs';

/** What is measured, from small to large. The first is what acts are compared with. */
export const SIZES = [
  { bytes: 5_000, count: 50, name: '5 kB, 50' },
  { bytes: 100_000, count: 1_000, name: '100 kB, 1,000' },
  { bytes: 100_000, count: 10_000, name: '100 kB, 10,000' },
  { bytes: 1_000_000, count: 50_000, name: '1 MB, 50,000' },
];

/** A word that stands in every fiftieth paragraph, for the search. */
export const RARE = 'lighthouse';

/** An article of this size: its text, its annotations as a file has them, and both by paragraphs. */
export function articleOf({ bytes, count }) {
  const paragraphs = longText(bytes)
    .trimEnd()
    .split('\n')
    .map((words, at) => (at % 50 === 0 ? `A ${RARE} keeper saw it. ${words}` : words));
  const text = `${paragraphs.join('\n')}\n`;
  const annotations = annotationsOn(text, count);
  return { id: 'full', text, annotations, paragraphs, pieces: piecesOf(paragraphs, annotations) };
}

/** What of each annotation lies in which paragraph: `[annotation, paragraph, start, end]` in UTF-16 units. */
function piecesOf(paragraphs, annotations) {
  const starts = [0];
  for (const words of paragraphs) starts.push(starts.at(-1) + words.length + 1);
  const pieces = [];
  let paragraph = 0;
  annotations.forEach(({ spans: [{ start, end }] }, annotation) => {
    while (starts[paragraph + 1] <= start) paragraph += 1;
    for (let at = paragraph; at < paragraphs.length && starts[at] < end; at += 1) {
      const until = Math.min(end - starts[at], paragraphs[at].length);
      pieces.push([annotation, at, Math.max(start - starts[at], 0), until]);
    }
  });
  return pieces;
}
