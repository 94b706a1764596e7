// One browser under torture: its page, the model of what must be there, and the comparison of both.

import assert from 'node:assert/strict';

import { button, deployment, exported, openFiles, saved, until } from '../acts.mjs';
import { Session } from '../harness.mjs';
import { ACTS, PATIENCE, goTo, heard, openTitle, rowsAreSeen } from './acts.mjs';
import { breakable } from './broken.mjs';
import { Model, articleOf, sorted, textOf } from './model.mjs';
import { fromFile, fromStore, sha256 } from './stored.mjs';

const PROJECT = 'torture';
const TITLES = ['Harbour', 'Orchard', 'Quarry'];

/** The deployment under torture; each of its texts has words of its own. */
const TEXTS = Object.fromEntries(TITLES.map((title, at) => [title, textOf(at + 1)]));
export const DEPLOYMENT = deployment(TEXTS, { id: PROJECT, title: 'Torture' });

/** What the page may not report, whatever is broken around it. */
const NEVER = /^(uncaught error|policy violation|crash|request to elsewhere)/;

export class Trial {
  /** How far the page's clock is off, in milliseconds. */
  clock = 0;
  /** What a browser that is started grants the site, see `setQuota`. */
  quota;
  /** The connection that holds the quota for as long as it lives. */
  devtools;

  /** What the acts and faults of the round are drawn from; set for each round. */
  random;
  #importer = new Importer();

  constructor({ counts, site, sabotage }) {
    this.counts = counts;
    const articles = TITLES.map((title) => ({ title, text: TEXTS[title], status: 'todo', annotations: [] }));
    this.model = new Model({ title: 'Torture', speakers: [], articles });
    this.session = new Session({
      site,
      before: async (page, context) => {
        await context.addInitScript(breakable, { sabotage, clock: this.clock });
        if (this.quota !== undefined) await this.setQuota(this.quota, page);
      },
    });
  }

  /** What the browser grants the site, in bytes, or undefined for what it grants otherwise. */
  async setQuota(quotaSize, page = this.page) {
    this.devtools ??= await page.context().newCDPSession(page);
    await this.devtools.send('Storage.overrideQuotaForOrigin', { origin: this.session.site.origin, quotaSize });
    this.quota = quotaSize;
  }

  /** The browser dies, and is started again with what it kept; `quota` is what it grants then. */
  async die({ quota } = {}) {
    await this.session.kill();
    await this.reopen(quota);
  }

  /** Starts the browser that died. */
  async reopen(quota) {
    Object.assign(this, { quota, devtools: undefined });
    await this.session.launch();
    await this.resolve();
  }

  get page() {
    return this.session.page;
  }

  set page(page) {
    this.session.page = page;
  }

  async start() {
    await this.#importer.start();
    await this.session.start();
    await this.isReady();
  }

  async close() {
    await this.#importer.close();
    await this.session.close();
  }

  /** Waits until the page has opened the project and may write it. */
  async isReady(page = this.page) {
    await saved(page);
    await rowsAreSeen(page, this.model.state);
  }

  /** What the header says of saving. */
  async status(page = this.page) {
    return page.locator('.header [role="status"]').first().textContent();
  }

  async statusIs(wanted, page = this.page) {
    await until(() => this.status(page), wanted, PATIENCE);
  }

  /** Acts once; `here` are only acts in the open article, for which the store need not answer. */
  async act({ here = false } = {}) {
    const { page, model } = this;
    const open = here ? await openTitle(page) : undefined;
    const { name, act, plan } = this.#plan(open);
    await goTo(page, plan, model.state);
    const heardBefore = (await heard(page)).length;
    const before = model.state;
    if (plan.undo) model.undo();
    else if (plan.redo) model.redo();
    else model.act(name, (state) => act.change(state, plan));
    this.lastAct = { name, plan };
    await act.perform(page, plan, before);
    if (!act.silent) {
      await until(async () => {
        const said = (await heard(page)).slice(heardBefore);
        return said.some((words) => words.includes(act.says ?? '')) || said;
      }, true, PATIENCE);
    }
    await rowsAreSeen(page, model.state);
    this.counts.acts += 1;
    this.counts.byAct[name] = (this.counts.byAct[name] ?? 0) + 1;
  }

  #plan(open) {
    const names = Object.keys(ACTS).flatMap((name) => Array(ACTS[name].often).fill(name));
    for (;;) {
      const name = this.random.one(names);
      const act = ACTS[name];
      if (open !== undefined && act.store) continue;
      const { state } = this.model;
      const seen = open === undefined ? state : { ...state, articles: [articleOf(state, open)] };
      const plan = act.plan(this.random, seen, this.model);
      if (plan !== undefined && plan !== false) return { name, act, plan };
    }
  }

  /** Acts some times, now and then waiting for “Saved”. */
  async acts(most) {
    for (let left = this.random.whole(1, most); left > 0; left -= 1) {
      await this.act();
      if (this.random.chance(0.3)) await this.settle();
    }
  }

  /** Waits until all is saved, which the page then has promised. */
  async settle() {
    await saved(this.page);
    this.model.promise();
  }

  /** All is as the page says at this moment: what it says is saved is promised. */
  async glance() {
    const { acts } = this.model;
    if ((await this.status()) === 'Saved') {
      assert.equal(this.model.acts, acts);
      this.model.promise();
    }
  }

  /** Lets the page save what it could not, by its own button where it does not by itself. */
  async mend() {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const status = await this.status();
      if (status === 'Saved') break;
      if (Date.now() > end) assert.fail(`the page still says “${status}” although nothing is broken any more`);
      if (status === 'Not saved') await button(this.page, 'Try again').first().click({ timeout: 1_000 }).catch(() => {});
      await new Promise((done) => setTimeout(done, 50));
    }
    this.model.promise();
  }

  /** The page was opened anew: all that was promised is there, and nothing that was not done. */
  async resolve() {
    await saved(this.page);
    const { model } = this;
    const { acts, state } = await this.#stored();
    const lost = `${model.promised} acts were shown as saved, and ${acts} are there`;
    assert.ok(acts >= model.promised, `${lost}; lost: ${model.namesAfter(acts).join(', ')}`);
    assert.ok(acts <= model.acts, `${model.acts} acts were made, and ${acts} are there`);
    assert.deepEqual(sorted(state), sorted(model.stateAfter(acts)), `what is stored is what ${acts} acts lead to`);
    model.rewind(acts);
    await rowsAreSeen(this.page, model.state);
  }

  /** Everything is there: in the store, on the screen, in the file, and in a browser that opens it. */
  async verify() {
    const { page, model } = this;
    await this.settle();
    const { acts, state } = await this.#stored();
    assert.equal(acts, model.acts, `${model.acts} acts were shown as saved, and ${acts} are there`);
    assert.deepEqual(sorted(state), sorted(model.state), 'what is stored is what the acts lead to');
    await rowsAreSeen(page, model.state);
    const file = await exported(page);
    assert.deepEqual(sorted(fromFile(file.json)), sorted(model.state), 'the file holds what the acts lead to');
    const again = await this.#importer.exportOf(file);
    assert.ok(again.text === file.text, 'the file, opened in another browser and exported, is the same');
    this.counts.verified += model.acts - (this.verified ?? 0);
    this.verified = model.acts;
    const never = this.session.problems.splice(0).filter((problem) => NEVER.test(problem));
    assert.deepEqual(never, [], 'the page reports nothing that must not be');
  }

  async #stored() {
    const stores = await this.page.evaluate(() => globalThis.avowRescue.read());
    const texts = new Map(Object.values(TEXTS).map((text) => [sha256(text), text]));
    return fromStore(stores, PROJECT, texts) ?? { acts: 0, state: this.model.stateAfter(0) };
  }
}

/** A browser that was never here, each time: it opens a file and exports what came of it. */
class Importer {
  #session = new Session({ deployment: {}, waitFor: 'nothing' });

  async start() {
    await this.#session.start();
  }

  async exportOf(file) {
    const { page, site } = this.#session;
    await page.goto('about:blank');
    const client = await page.context().newCDPSession(page);
    await client.send('Storage.clearDataForOrigin', { origin: site.origin, storageTypes: 'all' });
    await client.detach();
    await page.goto(site.url);
    await page.getByText('No articles yet').waitFor();
    await openFiles(page, [{ name: file.name, text: file.text }]);
    await page.locator('.project-title').getByText(file.json.project.title, { exact: true }).waitFor();
    await saved(page);
    const again = await exported(page);
    this.#session.problems.length = 0;
    return again;
  }

  async close() {
    await this.#session.close();
  }
}
