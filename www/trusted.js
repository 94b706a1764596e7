// The page's one Trusted Types policy: what may turn a string into markup or into a script.
// Nobody gets the policy itself, only what is made by it.
(() => {
  "use strict";

  // The address of a script of ours, which the page names; `known` is how our own name looks.
  function addressOf(name, known) {
    const meta = document.querySelector(`meta[name="${name}"]`);
    if (!meta || !known.test(meta.content)) throw new Error(`the page does not name its ${name}`);
    return new URL(meta.content, document.baseURI).href;
  }

  // The worker of a page that is one file stands in the page, as a script that is no module: browsers
  // start no module from such a page.
  let carried;
  function worker() {
    const code = document.getElementById("avow-worker");
    if (!code) return addressOf("avow-worker", /^(heavy-\w+\/)?heavy_loader\.js$/);
    carried ||= URL.createObjectURL(new Blob([code.textContent], { type: "text/javascript" }));
    return carried;
  }

  const serviceWorker = () => addressOf("avow-service-worker", /^service-worker\.js$/);

  const rules = {
    // Feeds only a document of its own, in which no script runs and nothing is fetched.
    createHTML: (markup) => markup,
    createScriptURL(address) {
      if (address !== worker() && address !== serviceWorker()) {
        throw new Error("only our own workers may be started");
      }
      return address;
    },
  };
  const policy = window.trustedTypes ? window.trustedTypes.createPolicy("avow", rules) : rules;

  window.avowTrusted = Object.freeze({
    parse: (markup) => new DOMParser().parseFromString(policy.createHTML(markup), "text/html"),
    worker: () => {
      const address = policy.createScriptURL(worker());
      return new Worker(address, { type: carried ? "classic" : "module" });
    },
    // The host may let its files be kept for long: this one is asked for anew.
    serviceWorker: () =>
      navigator.serviceWorker.register(policy.createScriptURL(serviceWorker()), {
        updateViaCache: "none",
      }),
  });
})();
