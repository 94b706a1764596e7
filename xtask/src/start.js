// How the page's first part starts, in place of what wasm-bindgen writes for pages of every kind. STORED
// stands for what comes of asking for the functions that are seldom run.

// What the first part exports, for what is put into it later.
function initSync() {
  return wasm;
}

async function __wbg_init({ module_or_path: address }) {
  const first = fetch(address);
  // What cannot be fetched now may be where it is needed.
  const stored = STORED?.catch(() => {});
  const imports = __wbg_get_imports();
  const response = await first;
  if (!response.ok) throw new Error(`cannot fetch ${address}: ${response.status} ${response.statusText}`);
  // Some hosts do not say that it is wasm.
  const streams = response.headers.get('Content-Type') === 'application/wasm';
  const { instance, module } = streams
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  const seldom = await stored;
  if (seldom) await import1.put(seldom, instance.exports);
  return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
