// The one browser of a package's tests. Each line of the input is a journey as JSON: {id, script, asked, base, password, shots};
// each line of the output is what went wrong in it: {id, problems}. Journeys go side by side, each in a context of its own.
const { chromium } = require('playwright-core');
const axe = require('fs').readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const Journey = Object.getPrototypeOf(async () => {}).constructor;

// What browsers and htmx log where something cannot be loaded, or a stream breaks off: that is the page's to tell, and tests look at it.
const broken = /^(Failed to load resource|\[object Event\]|htmx:(sendError|afterRequest),)/;

const started = chromium.launch({ executablePath: process.argv[1], args: ['--no-sandbox', '--disable-gpu', '--lang=vi'] });

const drive = async (journey) => {
  const browser = await started;
  const problems = [], contexts = [];
  const newContext = async (options) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ...options });
    context.setDefaultTimeout(15000);
    context.on('page', (page) => {
      page.on('pageerror', (e) => problems.push('script: ' + e.message));
      page.on('console', (m) => m.type() === 'error' && !broken.test(m.text()) && problems.push('console: ' + m.text()));
    });
    contexts.push(context);
    return context;
  };
  const fits = async (page, what) => {
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) problems.push(what + ': scrolls sideways');
  };
  const tools = (page) => ({
    page,
    signIn: async (name) => {
      await page.context().clearCookies({ name: 'hoidap' });
      await page.goto(journey.base + '/console/sign-in');
      await page.fill('[name=name]', name);
      await page.fill('[name=password]', journey.password);
      await page.press('[name=password]', 'Enter');
      await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'));
    },
    check: async (what) => {
      const cdp = await page.context().newCDPSession(page);
      const { result } = await cdp.send('Runtime.evaluate', { expression: axe + ';axe.run({ resultTypes: ["violations"] }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 200)).join(" "))))', awaitPromise: true, returnByValue: true });
      await cdp.detach();
      for (const v of JSON.parse(result.value)) problems.push(what + ': ' + v);
      await fits(page, what);
    },
    fits: (what) => fits(page, what),
    shot: async (name) => { if (journey.shots) await page.screenshot({ path: journey.shots + '/' + name + '.png', fullPage: true }); },
    expect: (condition, what) => { if (!condition) problems.push('expected: ' + what); },
  });
  try {
    const context = await newContext({});
    const page = await context.newPage();
    const hands = { ...tools(page), context, browser: { newContext }, base: journey.base, asked: journey.asked, tools };
    await new Journey(...Object.keys(hands), journey.script)(...Object.values(hands));
  } catch (e) {
    problems.push(String(e.stack || e).slice(0, 1500));
  }
  for (const context of contexts) await context.close();
  process.stdout.write(JSON.stringify({ id: journey.id, problems }) + '\n');
};

require('readline').createInterface({ input: process.stdin })
  .on('line', (line) => drive(JSON.parse(line)))
  .on('close', async () => { await (await started).close(); process.exit(0); });
