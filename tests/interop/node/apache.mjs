// Prints what @apache-annotator/dom finds for each target of a page of Web Annotations, by its position
// and by its quote: node apache.mjs FOLDER
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";

const folder = process.argv[2];
const { window } = new JSDOM("<pre></pre>");
Object.assign(globalThis, { window, document: window.document });
for (const name of ["Node", "NodeFilter", "Range"]) globalThis[name] = window[name];
const { createTextPositionSelectorMatcher, createTextQuoteSelectorMatcher } = await import("@apache-annotator/dom");

const found = [];
const { items } = JSON.parse(readFileSync(join(folder, "annotations.jsonld"), "utf8"));
for (const { id, target } of items.filter((it) => it.motivation === "classifying")) {
  for (const { source, selector } of target) {
    document.body.textContent = readFileSync(join(folder, source), "utf8");
    const words = async (matches) => {
      const all = [];
      for await (const range of matches(document.body)) all.push(range.toString());
      return all;
    };
    const [position, quote] = selector;
    found.push({
      id,
      position: await words(createTextPositionSelectorMatcher(position)),
      quote: await words(createTextQuoteSelectorMatcher(quote)),
    });
  }
}
console.log(JSON.stringify(found));
