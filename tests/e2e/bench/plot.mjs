// The plot of the tables: what marking a word and opening an article cost as articles grow.

import { SIZES } from './article.mjs';
import { Over, PAGES } from './cell.mjs';
import { quantile } from './report.mjs';

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [330, 250, 56, 40, 48];
const PANELS = [
  ['annotate', 'Mark a word: key to frame', 1, 10_000],
  ['open', 'Open an article', 10, 100_000],
];
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #444; }
.title { font-weight: 600; fill: #222; }
.grid { stroke: #8884; }
.line { fill: none; stroke-width: 2; }
.avow { stroke: #1f6feb; fill: #1f6feb; }
.floor { stroke: #6e7781; fill: #6e7781; stroke-dasharray: 2 3; }
.spans { stroke: #bc4c00; fill: #bc4c00; stroke-dasharray: 8 3; }
.highlights { stroke: #8250df; fill: #8250df; stroke-dasharray: 8 3 2 3; }
.dot { stroke: none; }
.line.avow, .line.floor, .line.spans, .line.highlights { fill: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #bbb; }
  .title { fill: #eee; }
  .avow { stroke: #6cb0ff; fill: #6cb0ff; }
  .floor { stroke: #9aa4ae; fill: #9aa4ae; }
  .spans { stroke: #ff9a5c; fill: #ff9a5c; }
  .highlights { stroke: #c09bff; fill: #c09bff; }
}`;

/** An SVG with a panel for each of the two, on logarithmic axes, in light and dark. */
export function plot(cells) {
  const parts = PANELS.map((panel, at) => `<g transform="translate(${at * (WIDTH + 90)} 0)">${drawn(cells, ...panel)}</g>`);
  const legend = Object.entries(PAGES).map(([kind, { name }], at) => {
    const x = LEFT + at * 175;
    const y = TOP + HEIGHT + BOTTOM + 14;
    return `<path class="line ${kind}" d="M${x} ${y - 4}h26"/><text x="${x + 32}" y="${y}">${name}</text>`;
  });
  const [width, height] = [2 * (WIDTH + 90), TOP + HEIGHT + BOTTOM + 28];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Milliseconds to mark a word and to open an article, by size, for Avow, a floor page and Recogito">
<style>${STYLE}
</style>
${[...parts, ...legend].join('\n')}
</svg>
`;
}

function drawn(cells, what, title, low, high) {
  const y = (value) => TOP + HEIGHT * (1 - Math.log(value / low) / Math.log(high / low));
  const x = (at) => LEFT + WIDTH * (0.06 + (0.88 * Math.log(SIZES[at].count / SIZES[0].count)) / Math.log(SIZES.at(-1).count / SIZES[0].count));
  const out = [`<text class="title" x="${LEFT}" y="${TOP - 18}">${title}, ms</text>`];
  for (let value = low; value <= high; value *= 10) {
    const at = y(value).toFixed(1);
    out.push(`<path class="grid" d="M${LEFT} ${at}h${WIDTH}"/>`);
    out.push(`<text x="${LEFT - 6}" y="${(Number(at) + 4).toFixed(1)}" text-anchor="end">${value.toLocaleString('en')}</text>`);
  }
  SIZES.forEach(({ name }, at) => {
    const [bytes, count] = name.split(', ');
    const label = (text, line) =>
      `<text x="${x(at).toFixed(1)}" y="${TOP + HEIGHT + 18 + 15 * line}" text-anchor="middle">${text}</text>`;
    out.push(label(count, 0), label(bytes, 1));
  });
  for (const kind of Object.keys(PAGES)) {
    // What was given up stands at its limit, as an arrow to above.
    const points = SIZES.map((_, at) => [cells[at][kind][what], at]).filter(([value]) => value !== undefined);
    const places = points.map(([value, at]) => {
      const shown = value instanceof Over ? value.over * 1_000 : quantile(value, 0.5);
      return { x: x(at), y: y(Math.min(Math.max(shown, low), high)), over: value instanceof Over };
    });
    const path = places.map((it, at) => `${at ? 'L' : 'M'}${it.x.toFixed(1)} ${it.y.toFixed(1)}`).join('');
    out.push(`<path class="line ${kind}" d="${path}"/>`);
    for (const it of places) {
      const [cx, cy] = [it.x.toFixed(1), it.y.toFixed(1)];
      out.push(it.over ? `<path class="dot ${kind}" d="M${cx} ${cy}m-5 0l5 -9l5 9z"/>` : `<circle class="dot ${kind}" cx="${cx}" cy="${cy}" r="3"/>`);
    }
  }
  return out.join('\n');
}
