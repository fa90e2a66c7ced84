// Fills the demo with a run and with customers who answer it in their ways, and takes the pictures of the console that the
// pages of docs/ show.
//
//   node screenshots.mjs http://127.0.0.1:8080 OUT_DIR
//
// playwright-core is looked for from the working directory; CHROMIUM names the browser.

import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { chromium } = createRequire(join(process.cwd(), 'x.js'))('playwright-core');
const [base, out] = process.argv.slice(2);
if (!base || !out) {
  console.error('usage: node screenshots.mjs URL OUT_DIR');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

// What customers answer, one after the other, each of them all of a line's.
const answers = [
  ['dạ 2 nha', 'tầm 600k'], ['thể thao ạ'], ['cong so', '1tr'], ['STOP'], ['1'], ['công sở', 'không muốn nói'], ['cái nào cũng được á', 'đồ mặc đi làm ấy', 'thì đồ đi làm'],
  ['dạ 1'], ['shop có đồ cho bé không?'], ['office', '800k'], ['hai'], ['bỏ qua'], ['2', '5 trăm'], ['the thao'],
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const person = await play();
  await take(person);
} finally {
  await browser.close();
}

/** play starts the sample campaign and lets people answer; it gives the contact whose page is shown. */
async function play() {
  const html = await (await fetch(`${base}/demo?lang=vi`)).text();
  const [, hook] = html.match(/name="hoidap-hook" content="([^"]+)"/);
  const [, token] = html.match(/name="hoidap-token" content="([^"]+)"/);
  const post = (path, body, headers = {}) => fetch(base + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
  await post('/demo/api/campaigns/autumn-style/start', { key: 'pictures' });
  const asked = async (id) => (await (await fetch(`${base}/demo/api/state?lang=vi&contact=${id}`)).json()).phone?.length ?? 0;
  const { contacts } = await (await fetch(`${base}/demo/api/contacts`)).json();
  let shown;
  for (const [i, texts] of answers.entries()) {
    const n = i * 11 + 1;
    const from = `tel:+8490000${String(n).padStart(4, '0')}`;
    const who = contacts.find((c) => c.search.includes(from.slice(5)));
    shown ??= who.id;
    for (let tries = 0; tries < 100 && await asked(who.id) === 0; tries++) await new Promise((done) => setTimeout(done, 50));
    for (const [k, text] of texts.entries()) {
      await post(hook, { from, text, id: `p${i}-${k}` }, { 'X-Phone-Token': token });
      await new Promise((done) => setTimeout(done, 400)); // people take a breath between two messages
    }
  }
  return shown;
}

async function take(person) {
  const screens = [
    ['overview', '/overview'], ['campaigns', '/campaigns'], ['campaign', '/campaigns/autumn-style'], ['editor', '/campaigns/autumn-style/edit'], ['calendar', '/calendar'], ['audience', '/audience'],
    ['results', '/results/autumn-style'], ['inbox', '/inbox'], ['person', `/people/${person}`], ['simulator', '/simulator'], ['channels', '/channels'], ['offers', '/offers'],
    ['audit', '/audit'], ['settings', '/settings'],
  ];
  for (const [look, lang, viewport, suffix] of [
    ['light', 'vi', { width: 1280, height: 820 }, ''], ['dark', 'en', { width: 1280, height: 820 }, '-dark-en'], ['light', 'vi', { width: 390, height: 780 }, '-phone'],
  ]) {
    const context = await browser.newContext({ viewport, locale: lang, timezoneId: 'Asia/Ho_Chi_Minh', colorScheme: look, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const taken = [];
    for (const [name, path] of screens) {
      const answer = await page.goto(`${base}/console${path}`);
      if (answer.status() !== 200) {
        console.error(`${path} answers ${answer.status()}`);
        process.exitCode = 1;
        continue;
      }
      await page.waitForLoadState('load');
      if (name === 'simulator') await talk(page);
      await page.waitForTimeout(700); // live parts come in
      await page.screenshot({ path: join(out, `${name}${suffix}.png`) });
      taken.push(`${name}${suffix}`);
      if (name === 'editor') await page.locator('section:has(> h2#branches-title)').screenshot({ path: join(out, `branches${suffix}.png`) });
    }
    await context.close();
    if (suffix) await sheet(suffix.slice(1), taken, viewport);
  }
}

/** sheet puts pictures beside each other into one. */
async function sheet(name, taken, { width, height }) {
  const columns = width > 600 ? 3 : 5;
  const wide = width > 600 ? 480 : 260;
  const images = taken.map((t) => `<img width="${wide}" height="${Math.round(wide * height / width)}" src="data:image/png;base64,${readFileSync(join(out, `${t}.png`)).toString('base64')}">`);
  const page = await browser.newPage({ viewport: { width: columns * (wide + 12) + 12, height: 400 } });
  await page.setContent(`<body style="margin:12px;background:#888;display:grid;gap:12px;grid-template-columns:repeat(${columns},${wide}px)">${images.join('')}`);
  await page.locator('img').last().evaluate((i) => i.decode());
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  await page.close();
}

/** talk plays a short talk in the simulator. */
async function talk(page) {
  await page.locator('main form button:not([type=button])').last().click();
  await page.locator('[name=text]').waitFor();
  await page.fill('[name=text]', 'cong so nha shop');
  await page.press('[name=text]', 'Enter');
  await page.getByText('cong so nha shop').first().waitFor();
}
