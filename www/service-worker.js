// Keeps the page for when there is no network.
//
// It serves the files of one build, each checked by its hash, so that parts of two builds never
// meet. A newer one waits until a person agrees to it (www/offline.js); the files of older builds
// stay as long as a tab of theirs is open. Articles come from the network first.
//
// `cargo xtask build` fills in the build and its files, by path with their SHA-256 in hex.

const BUILD = "";
const FILES = {};

// Texts of a deployment are all kept if they are not longer than this, in characters together.
const MOST_CHARACTERS = 50_000_000;
// How long the network may take where a copy is at hand, in milliseconds.
const PATIENCE = 4_000;
// How many files are fetched at once.
const LANES = 4;

const SCOPE = self.registration.scope;
// Other pages on this host have caches of their own; a path holds no space.
const PREFIX = `avow ${new URL(SCOPE).pathname} `;
const OWN = `${PREFIX}build ${BUILD}`;
const ARTICLES = `${PREFIX}articles`;
const INDEX = "articles/index.json";

const addressOf = (path) => new URL(path, SCOPE).href;

async function hashOf(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A whole answer of our own host; one that we made of such an answer has no type.
const isOwn = ({ ok, type }) => ok && (type === "basic" || type === "default");

const isSound = async (response, hash) => isOwn(response) && (await hashOf(response)) === hash;

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function inLanes(items, work) {
  const queue = [...items];
  const lane = async () => {
    while (queue.length > 0) await work(queue.shift());
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

// Files of this build.

// A file as the host has it, if it is the one of this build. What stands between us and the host
// may have kept an older one; then it is asked for anew.
async function fetchFile(path) {
  for (const cache of ["default", "reload"]) {
    const response = await fetch(addressOf(path), { cache });
    if (!(await isSound(response, FILES[path]))) continue;
    // A response that was redirected is refused for a page; its body comes without its packing.
    const headers = new Headers(response.headers);
    headers.delete("Content-Encoding");
    headers.delete("Content-Length");
    return new Response(await response.arrayBuffer(), { headers });
  }
  throw new Error(`${path} is not of build ${BUILD}`);
}

// A file of this build, fetched and kept if it is missing or damaged.
async function file(path) {
  const cache = await caches.open(OWN);
  const kept = await cache.match(addressOf(path));
  if (kept && (await isSound(kept, FILES[path]))) return kept;
  const fetched = await fetchFile(path);
  await cache.put(addressOf(path), fetched.clone());
  return fetched;
}

// All files, or none: a build that is on its way to the host is not mixed with the one before.
async function install() {
  try {
    await inLanes(Object.keys(FILES), file);
  } catch (error) {
    await caches.delete(OWN);
    throw error;
  }
}

// The page itself. Where a file of this build is lost for good, a newer page is better than one
// that cannot start.
async function page(request) {
  try {
    await inLanes(Object.keys(FILES), file);
  } catch {
    const newer = await fetch(request).catch(() => undefined);
    if (newer && newer.ok) return newer;
  }
  return part(request, "index.html");
}

// A file that a page asks for: of this build, of an older one whose tab is still open, or the host's.
async function part(request, path) {
  if (Object.hasOwn(FILES, path)) {
    try {
      return await file(path);
    } catch {
      return fetch(request);
    }
  }
  for (const name of await builds()) {
    const kept = await (await caches.open(name)).match(request.url);
    if (kept) return kept;
  }
  return fetch(request);
}

const builds = async () =>
  (await caches.keys()).filter((name) => name.startsWith(`${PREFIX}build `));

// Articles.

// The deployment's list in a response; none if it is something else, as a page that asks to log in.
async function listIn(response) {
  try {
    const list = await response.clone().json();
    const isList = list.format === "avow-deployment" && Array.isArray(list.articles);
    return isOwn(response) && isList ? list : undefined;
  } catch {
    return undefined;
  }
}

// The list as the host has it; the copy at hand where the host is away, slow, or says something else.
async function articleList(event) {
  const cache = await caches.open(ARTICLES);
  const kept = await cache.match(addressOf(INDEX));
  const fresh = fetchList(cache, event);
  event.waitUntil(fresh.catch(() => {}));
  if (!kept) return fresh;
  const usable = fresh.then((response) => (isOwn(response) || response.status === 404 ? response : kept));
  return Promise.race([usable.catch(() => kept), after(PATIENCE).then(() => kept)]);
}

async function fetchList(cache, event) {
  const response = await fetch(event.request, { cache: "no-cache" });
  const list = await listIn(response);
  if (list) {
    await keepList(cache, response.clone());
    event.waitUntil(keepTexts(cache, list));
  }
  // What is no list is as good as none.
  return list || !response.ok ? response : Response.error();
}

// The hashes of texts that the list at hand names, found once: a list may be large.
let known;

async function hashesKnown(cache) {
  known ??= cache.match(addressOf(INDEX)).then((index) => index && listIn(index)).then((list) => hashesIn(list || { articles: [] }));
  return known.catch(() => {
    known = undefined;
    return new Map();
  });
}

const nameOfLine = (address, start, end) => `${address} ${start}-${end}`;

const hashesIn = (list) =>
  new Map([...textsOf(list), ...inShards(list).map((entry) => {
    const [start, length] = entry.bytes;
    return [nameOfLine(addressOfText(entry), start, start + length), entry.sha256];
  })]);

async function keepList(cache, response) {
  await cache.put(addressOf(INDEX), response);
  known = undefined;
}

// The text as the list names it, by its hash: a copy that fits is as good as the host's.
async function articleText(event) {
  const cache = await caches.open(ARTICLES);
  const hash = (await hashesKnown(cache)).get(event.request.url);
  const kept = hash && (await cache.match(keyOf(event.request.url, hash)));
  if (kept && (await isSound(kept, hash))) return kept;
  const response = await fetch(event.request);
  if (hash) await keepText(cache, event.request.url, hash, response.clone());
  return response;
}

// A line of a shard, of the shard at hand where that has the text that the list names. The network is
// asked for no more than the page asks for: what is answered in part is not kept.
async function articleLine(event) {
  const cache = await caches.open(ARTICLES);
  const kept = await cache.match(event.request.url);
  const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(event.request.headers.get("Range")) || [];
  if (!kept || !last) return fetch(event.request);
  const bytes = [Number(start), Number(last) - Number(start) + 1];
  const sha256 = (await hashesKnown(cache)).get(nameOfLine(event.request.url, start, Number(last) + 1));
  const shard = await kept.blob();
  if (sha256 && (await hasText(shard, { bytes, sha256 }))) {
    const headers = { "Content-Range": `bytes ${start}-${last}/${shard.size}` };
    return new Response(shard.slice(bytes[0], bytes[0] + bytes[1]), { status: 206, headers });
  }
  // Of no use: it is fetched again with the next list.
  await cache.delete(event.request.url);
  return fetch(event.request);
}

// Whether a shard has the text of an article where the list says.
async function hasText(shard, { bytes: [start, length], sha256 }) {
  try {
    const { text } = JSON.parse(await shard.slice(start, start + length).text());
    return (await hashOf(new Response(text))) === sha256;
  } catch {
    return false;
  }
}

// A text that was kept under another hash is another text.
const keyOf = (address, hash) => `${address}?${hash}`;

async function keepText(cache, address, hash, response) {
  if (await isSound(response, hash)) await cache.put(keyOf(address, hash), response);
}

const addressOfText = ({ file }) =>
  addressOf(`articles/${String(file).split("/").map(encodeURIComponent).join("/")}`);

const inShards = ({ articles }) => articles.filter(({ bytes }) => Array.isArray(bytes));

// The texts in files of their own that a list names, by address, each with its hash.
function textsOf({ articles }) {
  const inFiles = articles.filter(({ bytes }) => !Array.isArray(bytes));
  return new Map(inFiles.map((entry) => [addressOfText(entry), entry.sha256]));
}

// The shards that a list names, by address, each with one of its articles.
const shardsOf = (list) => new Map(inShards(list).map((entry) => [addressOfText(entry), entry]));

// Fetches the texts and shards that are not kept yet, and lets go of those that the list names no more.
async function keepTexts(cache, list) {
  const wanted = new Map([...textsOf(list)].map(([address, hash]) => [keyOf(address, hash), [address, hash]]));
  const shards = shardsOf(list);
  for (const { url } of await cache.keys()) {
    if (url !== addressOf(INDEX) && !wanted.delete(url) && !shards.delete(url)) await cache.delete(url);
  }
  const length = list.articles.reduce((sum, { characters }) => sum + (characters || 0), 0);
  if (length > MOST_CHARACTERS) return;
  await inLanes(wanted.values(), async ([address, hash]) => {
    // One that cannot be had now is fetched when it is opened.
    const response = await fetch(address).catch(() => undefined);
    if (response) await keepText(cache, address, hash, response);
  });
  await inLanes(shards, async ([address, entry]) => {
    const response = await fetch(address).catch(() => undefined);
    if (!response || !isOwn(response)) return;
    // What is no such shard, as a page that asks to log in, is not kept.
    if (await hasText(await response.clone().blob(), entry)) await cache.put(address, response);
  });
}

// The first page was open before this worker, which has not seen its articles.
async function keepArticles() {
  const cache = await caches.open(ARTICLES);
  if (await cache.match(addressOf(INDEX))) return;
  const response = await fetch(addressOf(INDEX));
  const list = await listIn(response);
  if (!list) return;
  await keepList(cache, response);
  await keepTexts(cache, list);
}

// Tabs.

// The build of an open tab; none if it does not answer, as one that the browser has put to sleep.
function buildOf(tab) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    after(2_000).then(resolve);
    tab.postMessage("which build?", [port2]);
  });
}

// Lets go of older builds that no open tab is of.
async function tidy() {
  const old = (await builds()).filter((name) => name !== OWN);
  // A newer build that waits, or is on its way, is no older one.
  const { installing, waiting } = self.registration;
  if (old.length === 0 || installing || waiting) return;
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tabs = all.filter(({ url }) => url.startsWith(SCOPE));
  const open = await Promise.all(tabs.map(buildOf));
  if (open.includes(undefined)) return;
  const needed = open.map((build) => `${PREFIX}build ${build}`);
  await Promise.all(old.filter((name) => !needed.includes(name)).map((name) => caches.delete(name)));
}

// Events.

self.addEventListener("install", (event) => event.waitUntil(install()));

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") {
    self.skipWaiting();
  } else if (event.data && event.data.hello) {
    event.ports[0].postMessage(BUILD);
    event.waitUntil(Promise.allSettled([tidy(), keepArticles()]));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const [address] = request.url.split(/[?#]/);
  if (request.method !== "GET" || !address.startsWith(SCOPE)) return;
  const path = address.slice(SCOPE.length);
  if (request.mode === "navigate") {
    if (path === "" || path === "index.html") event.respondWith(page(request));
  } else if (path === INDEX) {
    event.respondWith(articleList(event));
  } else if (path.startsWith("articles/") && request.headers.has("Range")) {
    event.respondWith(articleLine(event));
  } else if (path.startsWith("articles/")) {
    event.respondWith(articleText(event));
  } else {
    event.respondWith(part(request, path));
  }
});
