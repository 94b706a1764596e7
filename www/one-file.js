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

  new MutationObserver((_, observer) => {
    if (document.documentElement.dataset.avow !== "started") return;
    observer.disconnect();
    const tidings = new CustomEvent("avow-tidings", { detail: "one file" });
    // The app listens once it has shown itself.
    if (!isTold()) setTimeout(() => window.dispatchEvent(tidings));
  }).observe(document.documentElement, { attributeFilter: ["data-avow"] });
})();
