// What every journey has at hand: pages of people who signed in, films that nobody has seen, pictures.
// Promises: what a journey opened is its own and is closed with it, so that several can be under way at once.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials } from '../people.mjs';

export const WIDE = { width: 1366, height: 860 };
export const PHONE = { width: 390, height: 844 };

export function is(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`);
}

/** What the service answers whoever is signed in on this page. */
export const ask = (page, path) => page.evaluate(async (address) => (await fetch(`/api/v1${address}`)).json(), path);

export class Desk {
  /** With `keys`, nothing is done with a mouse. */
  constructor(browser, { url, people, pictures, keys = false }) {
    Object.assign(this, { browser, url, people, pictures, keys, contexts: [] });
    this.scratch = mkdtempSync(join(tmpdir(), 'journey-'));
    mkdirSync(pictures, { recursive: true });
  }

  credentials = (role) => credentials(this.people, role);

  open = async (size = WIDE) => {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true, viewport: size, locale: 'zh-CN', acceptDownloads: true });
    context.setDefaultTimeout(60_000);
    this.contexts.push(context);
    return context.newPage();
  };

  signIn = async (role, size) => {
    const page = await this.open(size);
    const { login, password } = this.credentials(role);
    await page.goto(`${this.url}/sign-in`);
    await this.write(page.getByLabel('登录名'), login);
    await this.write(page.getByLabel('口令', { exact: true }), password);
    await page.keyboard.press('Enter');
    await page.waitForURL((address) => address.pathname === '/');
    return page;
  };

  /** Proves who one is once more, where the page asks: not within minutes of signing in. */
  confirm = async (page, role) => {
    const dialog = page.getByRole('dialog', { name: '请再次确认身份' });
    const asks = await dialog.waitFor({ timeout: 1_500 }).then(() => true, () => false);
    if (!asks) return;
    await this.write(dialog.getByLabel('口令', { exact: true }), this.credentials(role).password);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  };

  /** A picture of the whole page, and one of what the screen shows, small enough for the help pages. */
  picture = async (page, name) => {
    if (this.keys) return; // Taken where the mouse went.
    await page.screenshot({ path: join(this.pictures, `${name}.jpg`), type: 'jpeg', quality: 60 });
    await page.screenshot({ path: join(this.pictures, `${name}.png`), fullPage: true });
  };

  film = (name, seconds, tone) => {
    const path = join(this.scratch, name);
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=320x240:r=10:d=${seconds}`, '-f', 'lavfi', '-i', `sine=f=${tone}:d=${seconds}`,
      '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-metadata', `comment=${randomBytes(8).toString('hex')}`, path]);
    return path;
  };

  /** Goes to this element, as the hand does: by mouse or by keyboard. */
  to = async (target) => {
    await target.waitFor();
    if (this.keys) await this.reach(target.page(), target, String(target));
    else await target.click();
  };

  press = async (target) => {
    await this.to(target);
    if (this.keys) await target.page().keyboard.press('Enter');
  };

  write = async (target, text) => {
    if (!this.keys) return target.fill(text);
    await this.to(target);
    const keyboard = target.page().keyboard;
    if ((await target.getAttribute('type')) !== 'date') {
      await keyboard.press('ControlOrMeta+a');
      return keyboard.type(text);
    }
    const [year, month, day] = text.split('-');
    await keyboard.type(year);
    await keyboard.press('ArrowRight'); // A year may have six digits, so that it does not end by itself.
    await keyboard.type(`${month}${day}`);
    // A browser whose own language is another one asks for the month first.
    if (await target.inputValue() === text) return undefined;
    for (let turn = 0; turn < 3; turn += 1) await keyboard.press('ArrowLeft');
    await keyboard.type(`${month}${day}${year}`);
    is(await target.inputValue(), text, 'the day that was typed');
    return undefined;
  };

  /** One of some buttons of which one holds, by its words. */
  pick = async (target) => {
    if (!this.keys) return target.click();
    await target.waitFor();
    const own = target.locator('xpath=ancestor-or-self::label//input');
    const group = target.locator('xpath=ancestor::*[contains(@class,"ant-radio-group")]//input');
    const count = await group.count();
    for (let turn = 0; turn < 120; turn += 1) {
      if (await group.evaluateAll((all) => all.includes(document.activeElement))) break;
      await target.page().keyboard.press('Tab');
    }
    for (let turn = 0; turn <= count && !(await own.isChecked()); turn += 1) await target.page().keyboard.press(turn === 0 ? 'Space' : 'ArrowRight');
    is(await own.isChecked(), true, `picked ${target}`);
  };

  /** From a list that opens under the field: the first that holds the text, or the first of all. */
  choose = async (target, text) => {
    await this.to(target);
    const page = target.page();
    if (text) await page.keyboard.type(text);
    else if (this.keys) await page.keyboard.press('ArrowDown');
    // The list is drawn afterwards: chosen when it is there.
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option-active').first().waitFor();
    await page.keyboard.press('Enter');
  };

  /** Gives files to the button that asks for them. */
  files = async (target, paths) => {
    const page = target.page();
    // From now on the browser gives the window to the test; later the key would be there first.
    page.on('filechooser', () => {});
    const choosing = page.waitForEvent('filechooser');
    await this.press(target);
    await (await choosing).setFiles(paths);
  };

  /** Presses the tabulator until the focus is on this element. */
  reach = async (page, target, what) => {
    for (let turn = 0; turn < 200; turn += 1) {
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${what} is not reached by keyboard`);
  };

  lost = async (name) => {
    for (const [at, page] of this.contexts.flatMap((context) => context.pages()).entries()) {
      await page.screenshot({ path: join(this.pictures, `lost-${name}-${at}.png`) }).catch(() => {});
    }
  };

  close = async () => {
    for (const context of this.contexts) await context.close();
    rmSync(this.scratch, { recursive: true, force: true });
  };
}
