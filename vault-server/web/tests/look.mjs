// Opens every page as somebody who may, in both languages, wide, on a phone and at 200 % zoom: takes a
// picture of each, asks axe about it, and fails on what it finds, on a request to another origin, on a
// word that comes from no catalogue, on sideways scrolling, and on a page that says nothing while it
// waits or when the service refuses. Which pages there are it reads from src/app.tsx: one that nobody
// looks at is a failure, too.
// node tests/look.mjs URL PEOPLE-DIRECTORY PICTURES-DIRECTORY [--set-up]
// --set-up looks at a vault without people: its front and its first set-up alone. LOOK names parts of
// addresses, to look at some pages only.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { credentials } from './people.mjs';
import { FRONT, VISITS, addressOf, unvisited } from './visits.mjs';
import { unmarked } from './words.mjs';

const [url, people, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const origin = new URL(url).origin;
const WIDE = { width: 1366, height: 860 };
const NARROW = { width: 390, height: 844 };
/** A screen of 1366 pixels at 200 %. */
const ZOOMED = { width: 683, height: 430 };
/** Pages looked at side by side. */
const AT_ONCE = 2;
/** Pages of one signing in, so that the work can be shared. */
const TOGETHER = 7;
/** Compressed bytes of scripts and styles up to the first page after signing in, at the most. */
const FIRST_LOAD_MAX = 500 * 1024;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
mkdirSync(pictures, { recursive: true });
const problems = [];
let firstLoad = 0;

/** A page that tells what goes wrong in it, and keeps what the service answered. */
async function watched(who) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: WIDE, locale: 'zh-CN' });
  const page = await context.newPage();
  page.said = '';
  page.reading = new Set();
  page.on('response', (response) => {
    if (!/json/.test(response.headers()['content-type'] ?? '')) return;
    page.reading.add(response.text().then((said) => { page.said += said; }, () => {}));
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !address.startsWith('blob:') && !address.startsWith('data:')) problems.push(`${who}: another origin: ${address}`);
  });
  page.on('console', (message) => {
    if (page.disturbed || message.type() !== 'error' || /status of 40[134]/.test(message.text())) return;
    problems.push(`${who} ${new URL(page.url()).pathname}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${who} ${new URL(page.url()).pathname}: ${error.message}`));
  return page;
}

async function signedIn(role) {
  const { login, password } = credentials(people, role);
  const page = await watched(role);
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('登录名').fill(login);
  await page.locator('input[type=password]').first().fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((address) => address.pathname === '/');
  await page.waitForLoadState('networkidle');
  const loaded = await page.evaluate(() => {
    const assets = performance.getEntriesByType('resource').filter((entry) => new URL(entry.name).pathname.startsWith('/assets/'));
    return assets.reduce((bytes, entry) => bytes + entry.encodedBodySize, 0);
  });
  firstLoad = Math.max(firstLoad, loaded);
  if (loaded === 0 || loaded > FIRST_LOAD_MAX) problems.push(`${login}: first load of ${loaded} bytes`);
  return page;
}

const settled = async (page) => {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(250); // What moves into its place.
};

async function sideways(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
  if (wide) problems.push(`${name}: scrolls sideways`);
}

/** Whether nothing fades or moves that comes to an end; what turns for ever is not waited for. */
const rests = () => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Infinity);

async function look(page, name) {
  await page.waitForFunction(rests, null, { timeout: 10_000 }).catch(() => problems.push(`${name}: does not come to rest`));
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }));
  for (const one of found.violations) problems.push(`${name}: ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
  await sideways(page, name);
}

/** One page as everybody sees it: wide and narrow, Chinese and English, without being loaded again. */
async function everyWay(page, name) {
  await settled(page);
  const address = page.url();
  await look(page, `zh-${name}`);
  for (const size of [ZOOMED, NARROW]) {
    await page.setViewportSize(size);
    await page.waitForTimeout(250);
    if (size === ZOOMED) await sideways(page, `${name} at 200 %`);
  }
  await look(page, `zh-narrow-${name}`);
  const speak = (name) => page.locator(`button[aria-label="${name}"]`).evaluate((button) => button.click()); // Also beneath a dialog.
  await speak('English');
  await settled(page);
  await look(page, `en-narrow-${name}`);
  await page.setViewportSize(WIDE);
  await page.waitForTimeout(250);
  await look(page, `en-${name}`);
  if (page.url() !== address) problems.push(`${name}: another language leads to ${page.url()}`);
  if ((await page.evaluate(() => document.documentElement.lang)) !== 'en') problems.push(`${name}: is not said to be English`);
  await speak('中文');
}

/** A page with its words marked: one without a mark is written into a page, where nobody can translate it. */
async function wordsOf(page, name, address) {
  await page.goto(`${url}${address}${address.includes('?') ? '&' : '?'}pseudo`);
  await settled(page);
  await Promise.all(page.reading);
  for (const text of await unmarked(page, () => page.said.replaceAll('\\n', '\n'))) problems.push(`${name}: from no catalogue: ${text}`);
}

const ALWAYS = /\/api\/v1\/(session|codes|set-up)$/;
const REFUSED = { status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'act-denied', detail: '不得为此', why: null, next: null }) };
const FAULTY = { status: 500, contentType: 'application/problem+json', body: JSON.stringify({ code: 'internal', detail: '服务故障', why: null, next: null }) };

/** A page while the service is silent, refuses, fails, and has nothing: it says so, and does not break. */
async function statesOf(page, name, address) {
  page.disturbed = true;
  const answers = {
    waiting: [() => {}, '[aria-busy=true], .ant-spin, .ant-skeleton'],
    refused: [(route) => route.fulfill(REFUSED), '[role=alert]'],
    failed: [(route) => route.fulfill(FAULTY), '[role=alert]'],
    empty: [async (route) => {
      // A connection that lay idle may be closed by the service as it is used again.
      const answer = await route.fetch({ maxRetries: 3 });
      const said = await answer.json().catch(() => ({}));
      if (Array.isArray(said.items)) said.items = [];
      await route.fulfill({ response: answer, json: said });
    }, 'h1, [role=alert]'],
  };
  for (const [state, [answer, shows]] of Object.entries(answers)) {
    let asked = 0;
    await page.route(/\/api\/v1\//, (route) => {
      if (route.request().method() !== 'GET' || ALWAYS.test(new URL(route.request().url()).pathname)) return route.continue();
      asked += 1;
      return answer(route);
    });
    await page.goto(url + address);
    await page.locator('h1, .ant-skeleton, [role=alert]').first().waitFor().catch(() => {});
    await page.waitForTimeout(150);
    if (asked > 0) await page.locator('main, #main').locator(shows).first().waitFor({ timeout: 4_000 }).catch(() => problems.push(`${name}: does not tell that it is ${state}`));
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
  page.disturbed = false;
}

async function turn(role, visits) {
  const page = await signedIn(role);
  for (const visit of visits) {
    const address = await addressOf(page, visit.at);
    const name = `${role}-${visit.name}`;
    await page.goto(url + address);
    if (visit.then) await visit.then(page);
    await everyWay(page, name);
    if (await page.locator('#main .forbidden').count()) problems.push(`${name}: whoever looks at it may not`);
    await wordsOf(page, name, address);
    if (!visit.bare) await statesOf(page, name, address);
  }
  await page.context().close();
}

const unset = process.argv.includes('--set-up');
const page = await watched('front');
for (const path of unset ? FRONT.unset : FRONT.set) {
  await page.goto(url + path);
  if (unset) await page.locator('a[href="/set-up"], fieldset').first().waitFor();
  if (path === '/verify') { // A page of its own, with its own words for both languages.
    await look(page, 'front-verify');
    await page.setViewportSize(NARROW);
    await look(page, 'front-narrow-verify');
    await page.setViewportSize(WIDE);
  } else await everyWay(page, `front-${path.slice(1)}`);
}
await page.context().close();

if (!unset) {
  for (const path of unvisited()) problems.push(`${path}: a page that nobody looks at (tests/visits.mjs)`);
  const chosen = (process.env.LOOK ?? '').split(' ').filter(Boolean);
  const turns = [];
  for (const [role, all] of Object.entries(VISITS)) {
    const visits = all.filter((visit) => chosen.length === 0 || chosen.some((part) => visit.name.includes(part)));
    for (let at = 0; at < visits.length; at += TOGETHER) turns.push([role, visits.slice(at, at + TOGETHER)]);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = turns.shift(); next; next = turns.shift()) {
      await turn(...next).catch((error) => problems.push(`${next[0]} ${next[1].map((one) => one.name)}: ${error.message}`));
    }
  }));
}
await browser.close();
for (const one of [...new Set(problems)]) console.log(one);
console.log(`first load: ${(firstLoad / 1024).toFixed(0)} KiB`);
console.log(`${new Set(problems).size} problems`);
process.exit(problems.length ? 1 : 0);
