// Starts the app: a classic script, since the page's policy allows no inline one.
// Trunk leaves the (hashed) names of the app's two files in the page; see Trunk.toml.
(function () {
  'use strict';

  function addressOf(name) {
    const meta = document.querySelector('meta[name="' + name + '"]');
    if (!meta) throw new Error('this page is not whole: it does not name its ' + name + ' file');
    return new URL(meta.content, document.baseURI).href;
  }

  async function start() {
    if (typeof WebAssembly !== 'object') {
      throw new Error('this browser cannot run WebAssembly, or has it turned off');
    }
    const app = await import(addressOf('avow-js'));
    await app.default({ module_or_path: addressOf('avow-wasm') });
    // For tests and for people who look: the wasm runs, whatever it shows.
    document.documentElement.dataset.avow = 'started';
  }

  start().catch(function (error) {
    if (window.avowRescue) window.avowRescue(error);
    else throw error;
  });
})();
