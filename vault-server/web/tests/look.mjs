// Opens every page as somebody who may, in both languages, on a wide and a narrow screen: takes a
// picture of each, asks axe about it, and fails on what it finds, on a request to another origin,
// on a word that comes from no catalogue, and on sideways scrolling.
// node tests/look.mjs URL PEOPLE-DIRECTORY PICTURES-DIRECTORY [--narrow] [--set-up]
// --set-up looks at a vault without people: its front and its first set-up alone.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { credentials } from './people.mjs';

const [url, people, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const origin = new URL(url).origin;
const PAGES = {
  custodian: ['/', '/upload', '/tray', '/recordings', '@recording', '/cases', '@case', '/requests', '@request', '/integrity', '/devices', '/statements', '/lapses', '/calendar', '/jobs', '/keeping', '/recordings?activity=inspection', '/search?q=license', '/help'],
  'in-charge': ['/', '/statements', '/requests', '@request'],
  handler: ['/', '/reviews?new=1', '@apply', '@editor'],
  inspector: ['/', '/lapses', '/reviews', '/inspections', '@inspection'],
  'audit-administrator': ['/audit'],
  'system-administrator': ['/', '/people'],
};
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
mkdirSync(pictures, { recursive: true });
const problems = [];
/** Compressed bytes of scripts and styles up to the first page after signing in, at the most. */
const FIRST_LOAD_MAX = 500 * 1024;
let firstLoad = 0;
/** What the service answered each page. */
const answers = new Map();
/** Answers that are being read: a page may show what this script has not read yet. */
const reading = new Set();

async function signedIn(role, locale, size) {
  const { login, password } = credentials(people, role);
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: size, locale });
  const page = await context.newPage();
  answers.set(page, '');
  page.on('response', (response) => {
    if (!/json/.test(response.headers()['content-type'] ?? '')) return;
    reading.add(response.text().then((said) => answers.set(page, answers.get(page) + said), () => {}));
  });
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !address.startsWith('blob:') && !address.startsWith('data:')) problems.push(`${login}: another origin: ${address}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[134]/.test(message.text())) problems.push(`${login} ${new URL(page.url()).pathname}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`${login}: ${error.message}`));
  await page.addInitScript((language) => localStorage.setItem('language', language), locale);
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(locale === 'en' ? 'Login' : '登录名').fill(login);
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

async function resolve(page, path) {
  const ask = (where) => page.evaluate(async (address) => (await fetch(address)).json(), where);
  if (path === '@recording' || path === '@apply' || path === '@editor') {
    const all = (await ask('/api/v1/recordings?limit=50')).items;
    const one = all.find((row) => (path === '@editor' ? /\.(wav|mp3)$/i.test(row.name) : /\.mp4$/i.test(row.name))) ?? all[0];
    if (path === '@apply') return `/apply?recordings=${one.recording}`;
    return `/recordings/${one.recording}${path === '@editor' ? '/transcript' : ''}`;
  }
  if (path === '@inspection') return `/inspections/${(await ask('/api/v1/inspections')).items[0].inspection}`;
  if (path === '@case') return `/cases/${encodeURIComponent((await ask('/api/v1/cases')).items[0].case)}`;
  if (path === '@request') {
    const one = (await ask('/api/v1/requests')).items.at(-1);
    return one ? `/requests/${one.request}` : '/requests';
  }
  return path;
}

async function look(page, name) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const one of found.violations) problems.push(`${name}: ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
  if (wide) problems.push(`${name}: scrolls sideways`);
}

// Names that are the same in every language, and units. Icons of the library name themselves.
const SAME = /^(?:[\s\d一二三四五六七八九十.,:;·•/×*#%≠–—()（）〔〕【】、，。：；…-]|BLAKE3|SHA-256|SM3|English|中文|[KMGT]?i?B|kbit\/s|fps|Hz|x264|h264|hevc|aac|mp4|mov|ms|s|展开行|关闭行|Increase Value|Decrease Value)*$/; // The last four are the library's own.

/** A text without what is marked, marks within marks included. */
function bare(text) {
  for (let before = ''; before !== text;) [before, text] = [text, text.replace(/\[[^[\]]*\]/g, '\n')];
  return text;
}

/** Words on the page that come from no catalogue and from no answer of the service. */
async function unmarked(page, said) {
  const texts = await page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const seen = node.parentElement?.checkVisibility() && !node.parentElement.closest('script, style, noscript');
      if (seen && node.textContent.trim()) found.push(node.textContent);
    }
    for (const element of document.querySelectorAll('[aria-label]:not(.anticon), [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) if (element.getAttribute(name)) found.push(element.getAttribute(name));
    }
    return found;
  });
  const rest = texts.flatMap((text) => bare(text).split(/[\n·（）、]/)).map((text) => text.trim());
  return [...new Set(rest.filter((text) => text && !SAME.test(text) && !said().includes(text)))];
}

/** Every page with its words marked: one without a mark is written into a page, where nobody can translate it. */
async function wordsOfPages() {
  for (const [role, paths] of Object.entries(PAGES)) {
    const page = await signedIn(role, 'zh-CN', { width: 1366, height: 860 });
    for (const path of paths) {
      const address = await resolve(page, path);
      await page.goto(`${url}${address}${address.includes('?') ? '&' : '?'}pseudo`);
      await page.waitForLoadState('networkidle').catch(() => {});
      await page.waitForTimeout(500);
      await Promise.all(reading);
      for (const text of await unmarked(page, () => answers.get(page).replaceAll('\\n', '\n'))) problems.push(`${role} ${path}: from no catalogue: ${text}`);
    }
    await page.context().close();
  }
}

const narrow = process.argv.includes('--narrow');
const unset = process.argv.includes('--set-up');
const size = narrow ? { width: 390, height: 844 } : { width: 1366, height: 860 };
for (const locale of ['zh-CN', 'en']) {
  const front = await (await browser.newContext({ ignoreHTTPSErrors: true, viewport: size })).newPage();
  await front.addInitScript((language) => localStorage.setItem('language', language), locale);
  for (const path of ['/sign-in', ...(unset ? ['/set-up'] : ['/pick-up', '/verify'])]) {
    await front.goto(url + path);
    if (unset) await front.locator('a[href="/set-up"], fieldset').first().waitFor();
    await look(front, `${locale}${narrow ? '-narrow' : ''}-front-${path.slice(1)}`);
  }
  if (unset) continue;
  for (const [role, paths] of Object.entries(PAGES)) {
    const page = await signedIn(role, locale, size);
    for (const path of paths) {
      const address = await resolve(page, path);
      await page.goto(url + address);
      const name = `${locale}${narrow ? '-narrow' : ''}-${role}-${(path.replace(/[/@?=&]/g, '') || 'todo')}`;
      if (path === '@recording') {
        await page.getByRole('button', { name: locale === 'en' ? 'Open the content' : '打开内容' }).click();
        await page.waitForTimeout(1500);
      }
      await look(page, name);
    }
    await page.context().close();
  }
}
if (!narrow && !unset) await wordsOfPages();
await browser.close();
for (const one of [...new Set(problems)]) console.log(one);
console.log(`first load: ${(firstLoad / 1024).toFixed(0)} KiB`);
console.log(`${new Set(problems).size} problems`);
process.exit(problems.length ? 1 : 0);
