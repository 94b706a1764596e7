// Draws the icons that an installed app needs from www/icons/icon.svg: `node icons.mjs`.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const ICONS = join(dirname(fileURLToPath(import.meta.url)), '../../www/icons');
const DRAWN = [
  { name: 'icon-192.png', size: 192 },
  { name: 'icon-512.png', size: 512 },
  // A system may cut this one to a circle: what must be seen lies in its middle, on the page's paper.
  { name: 'icon-maskable-512.png', size: 512, ground: '#fdfcf9', drawn: 0.62 },
];

const svg = await readFile(join(ICONS, 'icon.svg'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.AVOW_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const { name, size, ground = 'transparent', drawn = 1 } of DRAWN) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const image = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  const style = `margin: 0; height: 100vh; background: url("${image}") center / ${drawn * 100}% no-repeat ${ground}`;
  await page.setContent(`<body style='${style}'></body>`);
  await page.screenshot({ path: join(ICONS, name), omitBackground: true });
}
await browser.close();
