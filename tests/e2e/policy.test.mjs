// The page's policy holds in a real browser: no markup from strings, no other host, no inline code.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './harness.mjs';

/** Defines, in the page, what an attacker would try. */
function defineActs() {
  globalThis.acts = {
    setInnerHtml: () => (document.createElement('p').innerHTML = '<b>x</b>'),
    parseMarkup: () => new DOMParser().parseFromString('<b>x</b>', 'text/html'),
    makePolicy: () => trustedTypes.createPolicy('other', { createHTML: (html) => html }),
    setScriptAddress: () => (document.createElement('script').src = 'x.js'),
    setHandler: () => document.body.setAttribute('onclick', 'globalThis.ran = true'),
    evaluate: () => (0, eval)('1'),
    compile: () => new Function('return 1')(),
    fetchElsewhere: () => fetch('http://127.0.0.1:9/'),
  };
}

async function openWithActs(t) {
  return openPage(t, { before: (_, context) => context.addInitScript(defineActs) });
}

/** Does one act as the page's own code would, and gives the name of the error it threw. */
async function thrownBy(session, act) {
  session.expectProblem(/policy violation|Content Security Policy|trusted ?types|TrustedHTML|TrustedScript/i);
  return session.page.evaluate(
    (act) =>
      new Promise((done) => {
        // What the driver evaluates may itself evaluate strings; what a timer runs may not.
        setTimeout(async () => {
          try {
            await globalThis.acts[act]();
            done('nothing');
          } catch (error) {
            done(error.name);
          }
        });
      }),
    act,
  );
}

test('strings are never parsed as markup or run as code', async (t) => {
  const session = await openWithActs(t);
  for (const act of ['setInnerHtml', 'parseMarkup', 'makePolicy', 'setScriptAddress', 'setHandler']) {
    assert.equal(await thrownBy(session, act), 'TypeError', act);
  }
  for (const act of ['evaluate', 'compile']) {
    assert.equal(await thrownBy(session, act), 'EvalError', act);
  }
});

test('nothing can be sent to another host', async (t) => {
  const session = await openWithActs(t);
  session.expectProblem(/request to elsewhere: http:\/\/127\.0\.0\.1:9\//);
  assert.equal(await thrownBy(session, 'fetchElsewhere'), 'TypeError');
  await session.waitForProblem(/policy violation: connect-src/);
});

test('style attributes do nothing', async (t) => {
  const session = await openPage(t);
  session.expectProblem(/style-src/);
  const color = await session.page.evaluate(() => {
    const box = document.createElement('p');
    box.setAttribute('style', 'color: rgb(1, 2, 3)');
    document.body.append(box);
    return getComputedStyle(box).color;
  });
  assert.notEqual(color, 'rgb(1, 2, 3)');
  await session.waitForProblem(/policy violation: style-src/);
});
