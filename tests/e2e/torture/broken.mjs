// Runs in the page before anything else: breaks its storage and its clock on demand, and, to show
// that the torture would notice, the guards against that.

/** What can be made to fail in IndexedDB, each as browsers do it. */
export const FAILURES = ['open', 'transaction', 'put', 'read', 'commit', 'late commit', 'lost answer'];

/**
 * `sabotage` names a guard to break, or is undefined; `clock` is how far the clock is off, in
 * milliseconds. Puts `torture` on the window:
 * `fail(how)` with `{seed, rate, kinds}` or undefined, which lasts over reloads of the tab;
 * `failed()`, how many calls have failed; `closeConnections()`; `clock`.
 */
export function breakable({ sabotage, clock }) {
  // A tab that has nothing open yet has no storage either.
  if (!location.protocol.startsWith('http')) return;
  const KEY = 'avow-torture-failures';
  const torture = (globalThis.torture = { clock, fail, failed: () => failed, closeConnections });
  let how = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
  let state = how?.seed ?? 0;
  let failed = 0;

  function fail(next) {
    how = next ?? null;
    state = how?.seed ?? 0;
    sessionStorage.setItem(KEY, JSON.stringify(how));
  }

  function random() {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  }

  /** Whether this call is to fail. */
  function fails(kind) {
    if (how === null || !how.kinds.includes(kind) || random() >= how.rate) return false;
    failed += 1;
    return true;
  }

  const realNow = Date.now.bind(Date);
  Date.now = () => realNow() + torture.clock;

  const unknown = () => new DOMException('Internal error.', 'UnknownError');
  const full = () => new DOMException('The current transaction exceeded its quota limitations.', 'QuotaExceededError');
  const closing = () => new DOMException('The database connection is closing.', 'InvalidStateError');
  const reason = () => (random() < 0.5 ? unknown() : full());

  const own = {
    open: IDBFactory.prototype.open,
    transaction: IDBDatabase.prototype.transaction,
    put: IDBObjectStore.prototype.put,
    get: IDBObjectStore.prototype.get,
    getAll: IDBObjectStore.prototype.getAll,
    commit: IDBTransaction.prototype.commit,
    abort: IDBTransaction.prototype.abort,
  };
  const connections = new Set();
  const writing = new Set();

  /** The browser ends all connections, as where its storage process dies. */
  function closeConnections() {
    for (const transaction of writing) abortWith(transaction, unknown());
    for (const database of connections) {
      database.close();
      database.dispatchEvent(new Event('close'));
    }
    connections.clear();
  }

  function abortWith(transaction, error) {
    try {
      own.abort.call(transaction);
    } catch {
      return; // It is over already.
    }
    if (error) Object.defineProperty(transaction, 'error', { value: error, configurable: true });
  }

  IDBFactory.prototype.open = function (name, ...rest) {
    // What the rescue script and the torture itself read is not disturbed.
    const request = own.open.call(this, name, ...rest);
    if (rest.length === 0) return request;
    if (fails('open')) {
      const error = unknown();
      const broken = new EventTarget();
      Object.assign(broken, { readyState: 'done', transaction: null, source: null });
      Object.defineProperty(broken, 'error', { get: () => error });
      Object.defineProperty(broken, 'result', { get: () => { throw closing(); } });
      const tell = () => {
        const event = new Event('error');
        broken.onerror?.(event);
        broken.dispatchEvent(event);
      };
      // Nothing is made by an opening that fails.
      request.addEventListener('upgradeneeded', () => request.transaction.abort());
      request.addEventListener('error', tell);
      request.addEventListener('success', () => (request.result.close(), tell()));
      return broken;
    }
    request.addEventListener('success', () => connections.add(request.result));
    return request;
  };

  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (fails('transaction')) throw closing();
    const transaction = own.transaction.call(this, stores, mode, options);
    if (mode !== 'readwrite') return transaction;
    writing.add(transaction);
    for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => writing.delete(transaction));
    if (fails('lost answer')) swap(transaction, 'complete', 'abort', unknown);
    const swallows = { quota: /QuotaExceeded/, failure: /./ }[sabotage];
    if (swallows) swap(transaction, 'abort', 'complete', undefined, swallows);
    return transaction;
  };

  /** Whoever waits for one event of a transaction gets another; heard first, being added first. */
  function swap(transaction, event, instead, error, only) {
    transaction.addEventListener(event, (heard) => {
      if (!heard.isTrusted) return;
      if (only && !only.test(transaction.error?.name ?? 'AbortError')) return;
      heard.stopImmediatePropagation();
      if (error) Object.defineProperty(transaction, 'error', { value: error(), configurable: true });
      transaction.dispatchEvent(new Event(instead));
    });
  }

  IDBObjectStore.prototype.put = function (...given) {
    if (fails('put')) {
      if (sabotage === 'failure') return own.get.call(this, 'nothing');
      throw reason();
    }
    return own.put.apply(this, given);
  };

  for (const read of ['get', 'getAll']) {
    IDBObjectStore.prototype[read] = function (...given) {
      const request = own[read].apply(this, given);
      if (fails('read')) abortWith(this.transaction, unknown());
      return request;
    };
  }

  IDBTransaction.prototype.commit = function () {
    if (this.mode === 'readwrite') {
      if (fails('commit')) {
        abortWith(this, reason());
        if (sabotage === 'failure') return undefined;
        throw new DOMException('The transaction has finished.', 'InvalidStateError');
      }
      if (fails('late commit')) return abortWith(this, reason());
      if (sabotage === 'kill') return sayCompleteTooEarly(this);
    }
    return own.commit.call(this);
  };

  /** Says that a transaction is complete a good while before it is. */
  function sayCompleteTooEarly(transaction) {
    const end = performance.now() + 1_500;
    const store = transaction.objectStore(transaction.objectStoreNames[0]);
    const goOn = () => {
      if (performance.now() < end) own.get.call(store, 'nothing').onsuccess = goOn;
      else own.commit.call(transaction);
    };
    goOn();
    transaction.addEventListener('complete', (event) => event.isTrusted && event.stopImmediatePropagation());
    setTimeout(() => transaction.dispatchEvent(new Event('complete')));
  }

  if (sabotage === 'tabs') {
    // Every tab gets every lock, and nobody loses one.
    navigator.locks.request = async (name, options, callback) => (callback ?? options)({ name, mode: 'exclusive' });
  }

  if (sabotage === 'clock') {
    // Ids of the day and a number that begins anew with each other day, as of who trusts the clock.
    crypto.getRandomValues = (bytes) => {
      const day = Math.floor(Date.now() / 864e5);
      const last = JSON.parse(localStorage.getItem('avow-torture-ids') ?? '[]');
      const count = last[0] === day ? last[1] + 1 : 0;
      localStorage.setItem('avow-torture-ids', JSON.stringify([day, count]));
      let seed = day * 10_000 + count;
      for (let at = 0; at < bytes.length; at += 1) {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        bytes[at] = seed >>> 24;
      }
      return bytes;
    };
  }
}
