// What the script that fetches the page's second part has besides. STYLE and SELDOM stand for files.

// The second part's style sheet.
function style() {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL("./STYLE", import.meta.url);
    link.onload = resolve;
    link.onerror = () => { link.remove(); reject(new Error('no style')); };
    document.head.append(link);
  });
}

// The functions of the first part that are seldom run, from when they are put into it.
let there;

// Fetches them.
export function compiled() {
  return WebAssembly.compileStreaming(fetch(new URL("./SELDOM", import.meta.url)));
}

// Puts them into what the first part exports.
export function put(module, first) {
  there = WebAssembly.instantiate(module, { '.': first });
  return there;
}

// Fetches them with the second part, unless they are there.
function seldom() {
  there ??= compiled().then((module) => put(module, initSync()));
  there.catch(() => { there = undefined; });
  return there;
}

// Fetches them while all else stands still: one of them is called.
export function need() {
  const request = new XMLHttpRequest();
  request.open('GET', new URL("./SELDOM", import.meta.url), false);
  // The bytes as they are; a request that is waited for gives no others than a text's.
  request.overrideMimeType('text/plain; charset=x-user-defined');
  request.send();
  const bytes = Uint8Array.from(request.responseText, (it) => it.charCodeAt(0) & 255);
  new WebAssembly.Instance(new WebAssembly.Module(bytes), { '.': initSync() });
}
