// What a page of one file has in place of a host: its files stand in it, as base64.
// `cargo xtask bundle` puts this into that page, and nowhere else.
(() => {
  "use strict";

  const folder = new URL("./", document.baseURI).href;

  function carried(address) {
    const path = decodeURIComponent(new URL(address, folder).href.slice(folder.length));
    return document.querySelector(`script[data-path="${CSS.escape(path)}"]`);
  }

  window.fetch = async (address) => {
    const file = carried(address);
    if (!file) return new Response(null, { status: 404 });
    const bytes = Uint8Array.from(atob(file.textContent), (byte) => byte.charCodeAt(0));
    return new Response(bytes, { headers: { "Content-Type": file.dataset.type } });
  };

  // Once in this browser, or each time where it keeps nothing.
  function isTold() {
    const TOLD = "avow-told-of-one-file";
    try {
      const told = localStorage.getItem(TOLD) !== null;
      localStorage.setItem(TOLD, "yes");
      return told;
    } catch {
      return false;
    }
  }

  // What a page from a host has and this browser refuses to one file, or lacks altogether: each is
  // asked for, and named where that fails.
  async function lacks() {
    const asks = [
      ["being installed and updating itself", async () => (await navigator.serviceWorker.getRegistration(), true)],
      ["copies into a folder", async () => "showDirectoryPicker" in window],
      ["keeping two tabs from writing one project", async () => Boolean(await navigator.locks.query())],
      ["a store of its own", async () => self.origin !== "null"],
      ["a promise to keep what is stored", async () => (await navigator.storage.persisted(), true)],
    ];
    const missing = await Promise.all(
      asks.map(async ([what, has]) => ((await has().catch(() => false)) ? [] : [what])),
    );
    return missing.flat();
  }

  new MutationObserver(async (_, observer) => {
    if (document.documentElement.dataset.avow !== "started") return;
    observer.disconnect();
    if (isTold()) return;
    // The app, which listens once it has shown itself, reads what stands behind the colon.
    const detail = `one file:${(await lacks()).join(", ")}`;
    window.dispatchEvent(new CustomEvent("avow-tidings", { detail }));
  }).observe(document.documentElement, { attributeFilter: ["data-avow"] });
})();
