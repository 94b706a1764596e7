// Prints the words that @recogito/text-annotator puts each target of a page of Web Annotations on. It
// goes by positions alone and counts UTF-16 units: node recogito.mjs FOLDER
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";

const folder = process.argv[2];
const { window } = new JSDOM("<pre></pre>");
Object.assign(globalThis, { window, document: window.document });
for (const name of ["Node", "NodeFilter", "Range", "HTMLElement", "Element", "Document", "DOMRect"]) {
  globalThis[name] = window[name];
}
const { parseW3CTextAnnotation, reviveAnnotation } = await import("@recogito/text-annotator");

const found = [];
const { items } = JSON.parse(readFileSync(join(folder, "annotations.jsonld"), "utf8"));
for (const item of items.filter((it) => it.motivation === "classifying")) {
  const container = document.body;
  container.textContent = readFileSync(join(folder, item.target[0].source), "utf8");
  const { parsed, error } = parseW3CTextAnnotation(item);
  if (error) throw error;
  const { target } = reviveAnnotation(parsed, container);
  for (const { range } of target.selector) found.push({ id: item.id, words: range.toString() });
}
console.log(JSON.stringify(found));
