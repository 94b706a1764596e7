// Starts the app: a classic script, since the page's policy allows no inline one.
// Trunk leaves the (hashed) names of the app's two files in the page; see Trunk.toml.
(function () {
  'use strict';

  function named(name) {
    const meta = document.querySelector('meta[name="' + name + '"]');
    return meta && meta.content && new URL(meta.content, document.baseURI).href;
  }

  function addressOf(name) {
    const address = named(name);
    if (!address) throw new Error('this page is not whole: it does not name its ' + name + ' file');
    return address;
  }

  // Opens the database while the app is still on its way: it takes what this promise gives. It is not
  // made here, and nothing depends on it.
  function openEarly() {
    window.avowDatabase = new Promise(function (give) {
      try {
        const request = indexedDB.open('avow');
        request.onupgradeneeded = function () { request.transaction.abort(); };
        request.onerror = function () { give(); };
        request.onsuccess = function () {
          request.result.onversionchange = function () { request.result.close(); };
          give(request.result);
        };
      } catch (_) {
        give();
      }
    });
  }

  async function start() {
    if (typeof WebAssembly !== 'object') {
      throw new Error('this browser cannot run WebAssembly, or has it turned off');
    }
    openEarly();
    // A page of one file has run the app's script already, see `cargo xtask bundle`.
    const app = window.avowApp || (await import(addressOf('avow-js')));
    await app.default({ module_or_path: addressOf('avow-wasm') });
    // For tests and for people who look: the wasm runs, whatever it shows.
    document.documentElement.dataset.avow = 'started';
    // Comes last, so that nothing waits for it: what keeps the page for when there is no network.
    // Without it the page works as long as its host answers.
    const offline = named('avow-offline');
    if (offline) setTimeout(function () { import(offline).catch(console.warn); }, 1000);
  }

  start().catch(function (error) {
    if (window.avowRescue) window.avowRescue(error);
    else throw error;
  });
})();
