// Makes screenshots of the built page in each size and theme, into out/: `node screens.mjs`.
// Add a screen by adding an entry to SCREENS.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { OUT, Session } from './harness.mjs';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 360, height: 740 },
];

/** What is done before each picture; `session.page` is freshly opened. */
const SCREENS = {
  first: async () => {},
};

await mkdir(OUT, { recursive: true });
for (const colorScheme of ['light', 'dark']) {
  for (const viewport of SIZES) {
    for (const [name, prepare] of Object.entries(SCREENS)) {
      const session = new Session({ viewport, colorScheme });
      try {
        await session.start();
        await prepare(session);
        const file = join(OUT, `${name}-${viewport.width}x${viewport.height}-${colorScheme}.png`);
        await session.page.screenshot({ path: file });
        console.log(file);
        for (const problem of session.problems) console.log(`  ${problem}`);
      } finally {
        await session.close();
      }
    }
  }
}
