// Torture: random acts in a real browser while everything around the page fails, and after each
// failure the proof that nothing was lost that the page had shown as saved.
//
//   cargo xtask torture --minutes N [--seed S]
//   AVOW_PAGE=FOLDER node torture.mjs --minutes N [--seed S] [--only FAULT,FAULT] [--sabotage GUARD|all]
//
// The seed gives the faults, in their order, and for each round what its acts and its fault are drawn
// from. At which moment a kill meets the browser is the machine's, and so is how many acts come before
// it: the same seed is the same course, and not to the last act the same run.
// `--sabotage` breaks one of the guards from outside (see torture/broken.mjs) and must be caught.

import { parseArgs } from 'node:util';

import { serveSite } from './harness.mjs';
import { FAULTS, GUARDS } from './torture/faults.mjs';
import { Random } from './torture/random.mjs';
import { DEPLOYMENT, Trial } from './torture/trial.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    sabotage: { type: 'string' },
    only: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!(minutes > 0)) throw new Error(`--minutes wants a number above 0, not ${values.minutes}`);
if (!Number.isInteger(seed)) throw new Error(`--seed wants a whole number, not ${values.seed}`);
const faults = values.only === undefined ? Object.keys(FAULTS) : values.only.split(',');
const unknown = faults.filter((fault) => !(fault in FAULTS));
if (unknown.length > 0) throw new Error(`there is no fault “${unknown}”: ${Object.keys(FAULTS)}`);

/** So many rounds are one browser's life; then its project is large enough, and another begins. */
const ROUNDS_OF_A_TRIAL = [5, 25];

/** Someone wants it to end: the round under way is the last. */
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (stopped = true));

const site = await serveSite({ deployment: DEPLOYMENT });
try {
  if (values.sabotage === undefined) await torture();
  else await sabotaged(values.sabotage === 'all' ? Object.keys(GUARDS) : [values.sabotage]);
} finally {
  await site.close();
}

/** Tortures for so many minutes, and tells what was done. */
async function torture() {
  console.log(`Torture for ${minutes} min, seed ${seed}.`);
  const { counts, violation } = await run({ seed, end: Date.now() + minutes * 60_000, faults });
  if (violation !== undefined) {
    console.error(`\nround ${counts.rounds + 1}, ${violation.fault}: ${violation.error.stack}`);
    console.error(`\nThe last act was ${JSON.stringify(violation.lastAct)}`);
    console.error(`The page reported: ${JSON.stringify(violation.problems)}`);
    console.error(`\nAgain: cargo xtask torture --minutes ${minutes} --seed ${seed}`);
    process.exitCode = 1;
  }
  tell(counts);
}

/** Shows of each guard that the torture notices where it is broken. */
async function sabotaged(guards) {
  for (const sabotage of guards) {
    if (!(sabotage in GUARDS)) throw new Error(`there is no guard “${sabotage}”: ${Object.keys(GUARDS)}`);
    const { counts, violation } = await run({ seed, end: Date.now() + 120_000, faults: GUARDS[sabotage], sabotage });
    if (violation === undefined) {
      console.error(`${sabotage}: NOT caught in ${counts.rounds} rounds (seed ${seed})`);
      process.exitCode = 1;
    } else if (!isVerdict(violation.error)) {
      console.error(`${sabotage}: NOT caught; the torture itself failed: ${violation.error.stack}`);
      process.exitCode = 1;
    } else {
      const why = violation.error.message.split('\n')[0];
      console.log(`${sabotage}: caught in round ${counts.rounds + 1} (${violation.fault}): ${why}`);
    }
  }
}

/** Whether an error says that the page did not do what it had to. */
function isVerdict(error) {
  return error.code === 'ERR_ASSERTION' || error.message.startsWith('found ');
}

/** Rounds until the end, or until something is lost. */
async function run({ seed, end, faults, sabotage }) {
  const random = new Random(seed);
  const counts = { rounds: 0, trials: 0, acts: 0, verified: 0, failedCalls: 0, byAct: {}, byFault: {} };
  let deck = [];
  let trial;
  let fault;
  try {
    while (Date.now() < end && !stopped) {
      trial = new Trial({ counts, site, sabotage });
      counts.trials += 1;
      fault = 'start';
      await trial.start();
      for (let left = random.whole(...ROUNDS_OF_A_TRIAL); left > 0 && Date.now() < end && !stopped; left -= 1) {
        if (deck.length === 0) deck = random.shuffled(faults);
        fault = deck.pop();
        trial.random = new Random(random.whole(0, 2 ** 32 - 1));
        await trial.acts(3);
        await FAULTS[fault](trial);
        await trial.verify();
        counts.rounds += 1;
        counts.byFault[fault] = (counts.byFault[fault] ?? 0) + 1;
      }
      await trial.close();
    }
    return { counts };
  } catch (error) {
    const { lastAct, session } = trial;
    await trial.close();
    return { counts, violation: { fault, error, lastAct, problems: session.problems } };
  }
}

function tell({ rounds, trials, acts, verified, failedCalls, byAct, byFault }) {
  const list = (counts) => Object.entries(counts).map(([name, count]) => `${name} ${count}`).sort().join(', ');
  console.log(`\n${rounds} rounds in ${trials} browsers, seed ${seed}`);
  console.log(`${acts} acts: ${list(byAct)}`);
  console.log(`faults: ${list(byFault)}; ${failedCalls} calls of IndexedDB failed`);
  const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(`this program holds ${megabytes} MB at the end`);
  console.log(`${verified} acts that were shown as saved were found in the store, on the screen, in the file and after its import`);
}
