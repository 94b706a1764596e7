// The rescue screen: what a person sees when the page cannot go on.
//
// It stands outside the wasm that may have failed, is loaded before it, and needs nothing of it.
// It reads the database itself and offers all that is stored as a file, which "Open files" reads.
// The page's CSP forbids innerHTML and style attributes; the looks are in styles/rescue.css.

(() => {
  "use strict";

  const DATABASE = "avow";

  // All that the database holds, as {store: [{key, value}]}; empty stores if there is no database.
  function readStores(indexedDB = window.indexedDB) {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE);
      // It did not exist: opening must not make an empty one, which the page would take for its own.
      request.onupgradeneeded = () => request.transaction.abort();
      request.onerror = () => {
        if (request.error && request.error.name === "AbortError") resolve({});
        else reject(request.error);
      };
      request.onblocked = () => reject(new Error("another tab keeps the storage"));
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => database.close();
        const names = Array.from(database.objectStoreNames);
        if (names.length === 0) {
          database.close();
          resolve({});
          return;
        }
        const stores = {};
        // A text is stored as its bytes.
        const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
        const plain = (value) => value instanceof ArrayBuffer ? decoder.decode(value) : value;
        const transaction = database.transaction(names, "readonly");
        for (const name of names) {
          const store = transaction.objectStore(name);
          const keys = store.getAllKeys();
          const values = store.getAll();
          values.onsuccess = () => {
            stores[name] = keys.result.map((key, at) => ({ key, value: plain(values.result[at]) }));
          };
        }
        transaction.oncomplete = () => {
          database.close();
          resolve(stores);
        };
        transaction.onabort = () => {
          database.close();
          reject(transaction.error);
        };
      };
    });
  }

  // The rescue file's content, in parts: one string could be longer than a browser allows.
  function rescueParts(stores) {
    const parts = ['{"format":"avow-rescue","version":1,"stores":{'];
    const names = ["projects", "records", "texts", "commits", "views"];
    for (const name of Object.keys(stores)) if (!names.includes(name)) names.push(name);
    names.forEach((name, at) => {
      parts.push(`${at ? "," : ""}${JSON.stringify(name)}:[`);
      (stores[name] || []).forEach((entry, index) => {
        parts.push((index ? ",\n" : "\n") + JSON.stringify(entry));
      });
      parts.push("]");
    });
    parts.push("}}\n");
    return parts;
  }

  function fileName(date = new Date()) {
    return `avow-rescue-${date.toISOString().slice(0, 10)}.json`;
  }

  function download(parts) {
    const url = URL.createObjectURL(new Blob(parts, { type: "application/json" }));
    const link = element("a");
    link.href = url;
    link.download = fileName();
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  // Whether a failure ends the page's work: a trap, or an error of the page's own scripts.
  // What extensions throw, and the browser's note on resize observers, do not.
  function isFatal(error, file) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof WebAssembly.CompileError ||
        error instanceof WebAssembly.LinkError) return true;
    if (!(error instanceof Error)) return false;
    if (/ResizeObserver loop/.test(error.message)) return false;
    const own = window.location.origin;
    return String(file || "").startsWith(own) || String(error.stack || "").includes(own + "/");
  }

  function describe(reason) {
    if (reason instanceof Error) {
      const head = `${reason.name}: ${reason.message}`;
      const stack = String(reason.stack || "");
      return stack.includes(reason.message) ? stack : `${head}\n${stack}`;
    }
    return String(reason);
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  let details = null;

  // Shows the screen; what is told later is added to the details.
  function avowRescue(reason) {
    if (details) {
      details.textContent += `\n\n${describe(reason)}`;
      return;
    }
    details = element("pre", "rescue-details", describe(reason));
    if (document.body) show();
    else document.addEventListener("DOMContentLoaded", show, { once: true });
  }

  function show() {
    const status = element("p", "rescue-status");
    status.setAttribute("role", "status");

    const save = element("button", "rescue-button rescue-button-main", "Save a rescue file");
    save.type = "button";
    save.addEventListener("click", async () => {
      save.disabled = true;
      status.textContent = "Reading what is stored…";
      try {
        const stores = await readStores();
        download(rescueParts(stores));
        const count = (stores.projects || []).length;
        status.textContent = count === 0
          ? "The file was saved, but nothing is stored in this browser yet."
          : "The file was saved. “Open files” on this page reads it.";
      } catch (error) {
        status.textContent = `The storage cannot be read: ${error && error.message || error}`;
      }
      save.disabled = false;
    });

    const reload = element("button", "rescue-button", "Reload the page");
    reload.type = "button";
    reload.addEventListener("click", () => window.location.reload());

    const buttons = element("div", "rescue-buttons");
    buttons.append(save, reload);

    const technical = element("details", "rescue-technical");
    technical.append(element("summary", "", "Technical details"), details);

    const title = element("h1", "rescue-title", "Something went wrong, and the page stopped");
    title.id = "rescue-title";
    title.tabIndex = -1;
    const card = element("div", "rescue-card");
    card.append(
      title,
      element("p", "rescue-text", "Your work is stored in this browser. Everything up to the " +
        "last time the page said “Saved” is safe."),
      element("p", "rescue-text", "Reloading usually helps. To be quite sure, save a rescue file " +
        "first: it holds all your projects."),
      buttons, status, technical,
    );
    const screen = element("main", "rescue");
    screen.setAttribute("aria-labelledby", "rescue-title");
    screen.append(card);
    // Nothing is being opened any more.
    const loading = document.getElementById("loading");
    if (loading) loading.remove();
    // The page beneath is dead: neither keys nor screen readers should find it.
    for (const child of document.body.children) child.inert = true;
    document.body.append(screen);
    title.focus();
  }

  window.avowRescue = avowRescue;
  // For tests.
  avowRescue.parts = rescueParts;
  avowRescue.read = readStores;
  avowRescue.isFatal = isFatal;

  window.addEventListener("error", (event) => {
    const target = event.target;
    if (target instanceof HTMLScriptElement) {
      if (target.src.startsWith(window.location.origin)) {
        avowRescue(`A part of the page could not be loaded: ${target.src}`);
      }
    } else if (isFatal(event.error, event.filename)) {
      avowRescue(event.error);
    }
  }, true); // A script that cannot be loaded tells only itself, on the way down.
  window.addEventListener("unhandledrejection", (event) => {
    if (isFatal(event.reason)) avowRescue(event.reason);
  });
})();
