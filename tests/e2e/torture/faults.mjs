// What befalls the browser under torture. Each ends with a page that works again.

import { button } from '../acts.mjs';
import { rowsAreSeen } from './acts.mjs';
import { FAILURES } from './broken.mjs';

const DAY = 24 * 60 * 60 * 1_000;

/** By name: what happens to a trial. */
export const FAULTS = {
  /** The browser dies somewhere in the midst of acts. */
  async 'kill'(trial) {
    let killed;
    setTimeout(() => (killed = trial.session.kill()), trial.random.whole(0, 3_000));
    // Where it is not the kill that makes an act fail, it is a fault of the page.
    while (killed === undefined) {
      await trial.acts(3).catch((error) => killed ?? Promise.reject(error));
    }
    await killed;
    await trial.reopen();
  },

  /** The browser dies right after an act, before or just when “Saved” is shown. */
  async 'kill after an act'(trial) {
    await trial.acts(2);
    await trial.act();
    if (trial.random.chance(0.5)) await pause(trial.random.whole(0, 60));
    await trial.glance();
    await trial.die();
  },

  /** Another tab takes over, acts, and the first takes back. */
  async 'tabs'(trial) {
    await trial.settle();
    const first = trial.page;
    const second = await trial.session.newTab();
    await trial.statusIs('Reading only', second);
    await rowsAreSeen(second, trial.model.state);
    await takeOver(trial, second, first);
    await trial.acts(3);
    if (trial.random.chance(0.2)) return trial.die();
    if (trial.random.chance(0.3)) {
      await trial.settle();
      await second.close();
      await first.bringToFront();
      await button(first, 'Take over').first().click();
      await trial.statusIs('Saved', first);
      trial.page = first;
    } else {
      // Perhaps in the midst of saving: the tab that is asked saves what it has first.
      if (trial.random.chance(0.5)) await trial.settle();
      await takeOver(trial, first, second);
      await trial.acts(2);
      await second.close();
    }
    await rowsAreSeen(first, trial.model.state);
  },

  /** The tab is closed without asking, in the midst of saving. */
  async 'close a tab'(trial) {
    await trial.acts(2);
    const { page } = trial;
    const next = await trial.session.context.newPage();
    await page.bringToFront();
    await trial.act();
    await trial.glance();
    await page.close();
    trial.page = next;
    await trial.session.open(next);
    await trial.resolve();
  },

  /** A reload in the midst of saving. */
  async 'reload'(trial) {
    await trial.acts(2);
    await trial.act();
    await trial.glance();
    await trial.page.reload();
    await trial.resolve();
  },

  /** What the browser grants the site is used up, and is there again. */
  async 'full'(trial) {
    await trial.settle();
    // It learns of a lower one only when it is started.
    await trial.die({ quota: 1 });
    for (let left = trial.random.whole(1, 3); left > 0; left -= 1) {
      await trial.act({ here: true });
      await trial.statusIs('Not saved');
    }
    if (trial.random.chance(0.3)) return trial.die();
    await trial.setQuota(undefined);
    await trial.mend();
  },

  /** Calls of IndexedDB fail at random, and then no more. */
  async 'failing calls'(trial) {
    const { random } = trial;
    await fail(trial);
    for (let left = random.whole(1, 4); left > 0; left -= 1) {
      await trial.act({ here: true });
      if (random.chance(0.3)) await pause(random.whole(0, 300));
      await trial.glance();
    }
    trial.counts.failedCalls += await trial.page.evaluate(() => globalThis.torture.failed());
    if (random.chance(0.2)) return trial.die();
    await trial.page.evaluate(() => globalThis.torture.fail());
    await trial.mend();
  },

  /** The page is opened while calls fail; it says what it cannot do, and a reload makes it good. */
  async 'failing calls at the start'(trial) {
    await trial.acts(2);
    await trial.settle();
    await fail(trial);
    await trial.page.reload();
    await pause(trial.random.whole(0, 1_500));
    trial.counts.failedCalls += await trial.page.evaluate(() => globalThis.torture.failed());
    await trial.page.evaluate(() => globalThis.torture.fail());
    await trial.page.reload();
    await trial.resolve();
    await trial.acts(2);
  },

  /** The browser closes the page's connection; the page opens another by itself. */
  async 'connection closed'(trial) {
    for (let left = trial.random.whole(1, 3); left > 0; left -= 1) {
      const act = trial.act({ here: true });
      await pause(trial.random.whole(0, 200));
      await trial.page.evaluate(() => globalThis.torture.closeConnections());
      await act;
    }
    await trial.mend();
  },

  /** The clock jumps forth and back by days. */
  async 'clock'(trial) {
    const here = trial.clock;
    for (const days of [trial.random.whole(1, 400), -trial.random.whole(1, 400), 0]) {
      trial.clock = here + days * DAY;
      await trial.page.evaluate((clock) => (globalThis.torture.clock = clock), trial.clock);
      await trial.acts(2);
    }
    await trial.settle();
  },
};

/** Those that show each guard broken, see `breakable`. */
export const GUARDS = {
  kill: ['kill', 'kill after an act'],
  tabs: ['tabs'],
  quota: ['full'],
  failure: ['failing calls'],
  clock: ['clock'],
};

async function takeOver(trial, next, before) {
  await next.bringToFront();
  await button(next, 'Take over').first().click();
  await trial.statusIs('Saved', next);
  await trial.statusIs('Reading only', before);
  trial.page = next;
  await rowsAreSeen(next, trial.model.state);
}

async function fail(trial) {
  const { random } = trial;
  const kinds = random.shuffled(FAILURES).slice(0, random.whole(1, FAILURES.length));
  const how = { seed: random.whole(0, 2 ** 31), rate: random.one([0.05, 0.2, 0.5, 1]), kinds };
  await trial.page.evaluate((how) => globalThis.torture.fail(how), how);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
