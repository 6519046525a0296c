// What people do all day, in a browser, as somebody who never saw the pages: each journey ends with
// what the person wanted. Keeps pictures for the help pages. The journeys are in tests/journeys, by role.
// node tests/journeys.mjs URL PEOPLE-DIRECTORY PICTURES-DIRECTORY [JOURNEY …]
// At http://evidence.intranet:PORT the service is found as on an office's network, without TLS.
// KEYS=all goes every journey by keyboard as well, KEYS=only by keyboard alone, KEYS=none none.
// The vault needs people of every role and one archived recording that can be played; RESTART, if
// set, is a command that kills the service and starts it again. HELP_PICTURES=public/help, on the demo
// vault, takes the pictures of the help pages anew.
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Desk } from './journeys/desk.mjs';

const [url, people, pictures, ...named] = process.argv.slice(2);
/** JOURNEYS names some of them where no argument does: for whoever works on one. */
const asked = named.length > 0 ? named : (process.env.JOURNEYS ?? '').split(' ').filter(Boolean);
/** Journeys under way at once: one waits for the service while the other draws. */
const AT_ONCE = 2;
/** Kills the service under everybody: goes last, and alone. */
const ALONE = ['restart'];
/** Gone a second time without a mouse; all of them where KEYS is `all`. */
const BY_KEYBOARD = ['custodian', 'leader', 'search', 'court'];

/** A name of this machine that a browser does not trust as it does its own address. */
const INTRANET = 'evidence.intranet';

const journeys = {};
for (const file of readdirSync(join(import.meta.dirname, 'journeys')).filter((name) => name.endsWith('.mjs') && name !== 'desk.mjs')) {
  Object.assign(journeys, await import(`./journeys/${file}`));
}
for (const name of asked) if (!journeys[name]) throw new Error(`no journey ${name}`);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', `--host-resolver-rules=MAP ${INTRANET} 127.0.0.1`] });
let failed = 0;

async function go({ name, keys }) {
  const began = Date.now();
  const desk = new Desk(browser, { url, people, pictures, keys });
  const called = keys ? `${name} by keyboard` : name;
  try {
    const said = await journeys[name](desk);
    console.log(`${called}: ${said ?? 'arrived'} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`${called}: LOST: ${error.message}`);
    await desk.lost(called.replaceAll(' ', '-'));
  }
  await desk.close();
}

const due = Object.keys(journeys).filter((name) => asked.length === 0 || asked.includes(name));
const { KEYS } = process.env;
const shared = due.filter((name) => !ALONE.includes(name));
const byKeyboard = shared.filter((name) => (KEYS ? KEYS !== 'none' : BY_KEYBOARD.includes(name)));
const together = [...(KEYS === 'only' ? [] : shared.map((name) => ({ name, keys: false }))), ...byKeyboard.map((name) => ({ name, keys: true }))];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let next = together.shift(); next; next = together.shift()) await go(next);
}));
for (const name of due.filter((one) => ALONE.includes(one))) await go({ name, keys: false });
if (process.env.HELP_PICTURES) {
  for (const name of readdirSync(process.env.HELP_PICTURES)) copyFileSync(join(pictures, name), join(process.env.HELP_PICTURES, name));
}
await browser.close();
process.exit(failed ? 1 : 0);
