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
    await cache.put(addressOf(INDEX), response.clone());
    event.waitUntil(keepTexts(cache, list));
  }
  // What is no list is as good as none.
  return list || !response.ok ? response : Response.error();
}

// The text as the list names it, by its hash: a copy that fits is as good as the host's.
async function articleText(event) {
  const cache = await caches.open(ARTICLES);
  const index = await cache.match(addressOf(INDEX));
  const list = index && (await listIn(index));
  const hash = list && textsOf(list).get(event.request.url);
  const kept = hash && (await cache.match(keyOf(event.request.url, hash)));
  if (kept && (await isSound(kept, hash))) return kept;
  const response = await fetch(event.request);
  if (hash) await keepText(cache, event.request.url, hash, response.clone());
  return response;
}

// A text that was kept under another hash is another text.
const keyOf = (address, hash) => `${address}?${hash}`;

async function keepText(cache, address, hash, response) {
  if (await isSound(response, hash)) await cache.put(keyOf(address, hash), response);
}

// The texts that a list names, by address, each with its hash.
function textsOf({ articles }) {
  const addresses = articles.map(({ file, sha256 }) => [
    addressOf(`articles/${String(file).split("/").map(encodeURIComponent).join("/")}`),
    sha256,
  ]);
  return new Map(addresses);
}

// Fetches the texts that are not kept yet, and lets go of those that the list names no more.
async function keepTexts(cache, list) {
  const wanted = new Map([...textsOf(list)].map(([address, hash]) => [keyOf(address, hash), [address, hash]]));
  for (const { url } of await cache.keys()) {
    if (url !== addressOf(INDEX) && !wanted.delete(url)) await cache.delete(url);
  }
  const length = list.articles.reduce((sum, { characters }) => sum + (characters || 0), 0);
  if (length > MOST_CHARACTERS) return;
  await inLanes(wanted.values(), async ([address, hash]) => {
    // One that cannot be had now is fetched when it is opened.
    const response = await fetch(address).catch(() => undefined);
    if (response) await keepText(cache, address, hash, response);
  });
}

// The first page was open before this worker, which has not seen its articles.
async function keepArticles() {
  const cache = await caches.open(ARTICLES);
  if (await cache.match(addressOf(INDEX))) return;
  const response = await fetch(addressOf(INDEX));
  const list = await listIn(response);
  if (!list) return;
  await cache.put(addressOf(INDEX), response);
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
  } else if (path.startsWith("articles/")) {
    event.respondWith(articleText(event));
  } else {
    event.respondWith(part(request, path));
  }
});
