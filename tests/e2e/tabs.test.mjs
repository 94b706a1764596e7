// One tab writes a project; others read, say so, and can take over.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FOX, button, deployment, drag, mark, marks, marksAre, saved, shows } from './acts.mjs';
import { openPage } from './harness.mjs';

test('a second tab only reads, says so, and can take over', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }) });
  const first = session.page;
  await shows(first, 'The fox said');
  await mark(first, 'I ran home', 'c');
  await saved(first);

  const second = await session.newTab();
  await shows(second, 'The fox said');
  await second.getByRole('status').getByText('Reading only').waitFor();
  await marksAre(second, ['Claim: I ran home']);
  await mark(second, 'The crow', 'd');
  await second.getByText('Another tab is annotating this project').waitFor();
  assert.deepEqual(await marks(second), ['Claim: I ran home']);

  await button(second, 'Take over').first().click();
  await saved(second);
  await first.getByRole('status').getByText('Reading only').waitFor();
  await mark(second, 'The crow', 'd');
  await marksAre(second, ['Claim: I ran home', 'Denial: The crow']);
  await saved(second);
  await mark(first, 'fox said', 'q');
  await first.getByText('Another tab is annotating this project').waitFor();
  assert.deepEqual(await marks(first), ['Claim: I ran home']);

  await button(first, 'Take over').first().click();
  await saved(first);
  await marksAre(first, ['Claim: I ran home', 'Denial: The crow']);
  await second.getByRole('status').getByText('Reading only').waitFor();
});

test('a tab that closes leaves the project to the next', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }) });
  const second = await session.context.newPage();
  await shows(session.page, 'The fox said');
  await session.page.close();
  await session.open(second);
  await shows(second, 'The fox said');
  await saved(second);
  await mark(second, 'I ran home', 'c');
  await marksAre(second, ['Claim: I ran home']);
});

test('a project in which nothing was done yet can be taken over too', async (t) => {
  const session = await openPage(t, { deployment: deployment({ fox: FOX }) });
  const first = session.page;
  await shows(first, 'The fox said');
  const second = await session.newTab();
  await shows(second, 'The fox said');
  await button(second, 'Take over').click();
  await saved(second);
  await mark(second, 'I ran home', 'c');
  await marksAre(second, ['Claim: I ran home']);
  await saved(second);
  await first.getByRole('status').getByText('Reading only').waitFor();
});
