// Drives the demo in a browser like a visitor (starts a campaign, answers until an offer arrives) and writes pictures.
//
//   node screenshot.mjs http://127.0.0.1:8080 OUT_DIR [CAMPAIGN]
//
// playwright-core is looked for from the working directory; CHROMIUM names the browser. It waits for what the page
// shows, never for time to pass, and fails where something does not come, or the page logs an error.

import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(join(process.cwd(), 'x.js'))('playwright-core');
const [base, out, campaign = 'autumn-style'] = process.argv.slice(2);
if (!base || !out) {
  console.error('usage: node screenshot.mjs URL OUT_DIR [CAMPAIGN]');
  process.exit(2);
}

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const desktop = { width: 1440, height: 900 };
const handheld = { width: 390, height: 844 };

/** pictures are what is written at the end; `tab` is the panel to show on a narrow screen. */
const pictures = [
  { name: 'demo', lang: 'vi', scheme: 'light', viewport: desktop, scale: 2 },
  { name: 'demo-dark', lang: 'vi', scheme: 'dark', viewport: desktop },
  { name: 'demo-en', lang: 'en', scheme: 'light', viewport: desktop },
  { name: 'demo-1100', lang: 'vi', scheme: 'light', viewport: { width: 1100, height: 800 }, full: true },
  { name: 'demo-phone', lang: 'vi', scheme: 'light', viewport: handheld },
  { name: 'demo-phone-offers', lang: 'vi', scheme: 'light', viewport: handheld, tab: 'offers', full: true },
  { name: 'demo-phone-dark', lang: 'en', scheme: 'dark', viewport: handheld, tab: 'strip', full: true },
  { name: 'demo-360', lang: 'vi', scheme: 'light', viewport: { width: 360, height: 740 }, tab: 'ledger', full: true },
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
try {
  const contact = await play();
  for (const picture of pictures) await take(picture, contact);
} finally {
  await browser.close();
}

/** open shows the page and waits until it has heard of its contact. */
async function open({ lang = 'vi', scheme = 'light', viewport = desktop, scale = 1 }, contact) {
  const context = await browser.newContext({ viewport, colorScheme: scheme, deviceScaleFactor: scale, reducedMotion: 'reduce',
    locale: lang, timezoneId: 'Asia/Ho_Chi_Minh' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => fail(error.message));
  page.on('console', (message) => message.type() === 'error' && fail(message.text()));
  const query = new URLSearchParams(contact ? { lang, contact } : { lang });
  await page.goto(`${base.replace(/\/$/, '')}/demo?${query}`);
  await page.waitForSelector('main[data-ready]');
  return page;
}

function fail(text) {
  console.error(`the page says: ${text}`);
  process.exitCode = 1;
}

/** play walks through a conversation with the first of the page's suggestions and returns whose it was. */
async function play() {
  const page = await open({});
  await page.screenshot({ path: join(out, 'demo-start.png') });
  await page.click(`button.start[data-campaign="${campaign}"]`);
  await page.waitForSelector('.thread .bubble:not(.mine)');
  await page.waitForSelector('#tries button');
  for (let round = 1; round <= 8; round++) {
    await page.click('#tries li:first-child button');
    await page.waitForFunction(answered, round);
    if (await page.locator('.offers [data-chosen=true]').count()) break;
  }
  await page.waitForSelector('.offers [data-chosen=true]');
  const contact = await page.getAttribute('main', 'data-ready');
  await page.context().close();
  return contact;
}

/** answered reports, inside the page, whether the reply of this round has been read and replied to. */
function answered(round) {
  const bubbles = [...document.querySelectorAll('.thread .bubble')];
  const mine = bubbles.filter((b) => b.matches('.mine:not(.pending)'));
  const lines = document.querySelectorAll('.ledger > [data-kind^="reply."]');
  return mine.length === round && lines.length >= round && !bubbles.at(-1).matches('.mine');
}

/** take writes one picture. */
async function take({ name, tab, full = false, ...how }, contact) {
  const page = await open(how, contact);
  if (tab) await page.click(`#tabs [data-tab="${tab}"]`);
  await page.waitForSelector('.thread .bubble.mine');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (wide) fail(`${name}: the page is wider than the screen`);
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: full });
  await page.context().close();
}
