// What people do all day, in a browser, as somebody who never saw the pages: each journey ends with
// what the person wanted. Keeps pictures for the help pages.
// node tests/journeys.mjs URL PEOPLE-DIRECTORY PICTURES-DIRECTORY [JOURNEY …]
// The vault needs people of every role and one archived recording that can be played; RESTART, if
// set, is a command that kills the service and starts it again. For the help pages, run them on the
// demo vault and copy the JPEG files that src/pages/help.tsx names to public/help.
import { execFileSync, execSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { credentials } from './people.mjs';

const [url, people, pictures, ...named] = process.argv.slice(2);
/** JOURNEYS names some of them where no argument does: for whoever works on one. */
const asked = named.length > 0 ? named : (process.env.JOURNEYS ?? '').split(' ').filter(Boolean);
const WIDE = { width: 1366, height: 860 };
const PHONE = { width: 390, height: 844 };
const scratch = mkdtempSync(join(tmpdir(), 'journeys-'));
mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] });

function is(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${found}, not ${wanted}`);
}

async function open(size = WIDE) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: size, locale: 'zh-CN', acceptDownloads: true });
  context.setDefaultTimeout(60_000);
  return context.newPage();
}

async function signIn(role, size) {
  const page = await open(size);
  const { login, password } = credentials(people, role);
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('口令', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => address.pathname === '/');
  return page;
}

/** Proves who one is once more, where the page asks: not within minutes of signing in. */
async function confirm(page, role) {
  const dialog = page.getByRole('dialog', { name: '请再次确认身份' });
  const asks = await dialog.waitFor({ timeout: 1_500 }).then(() => true, () => false);
  if (!asks) return;
  await dialog.getByLabel('口令', { exact: true }).fill(credentials(people, role).password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

/** A picture of the whole page, and one of what the screen shows, small enough for the help pages. */
async function picture(page, name) {
  await page.screenshot({ path: join(pictures, `${name}.jpg`), type: 'jpeg', quality: 60 });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
const ask = (page, path) => page.evaluate(async (address) => (await fetch(`/api/v1${address}`)).json(), path);

function film(name, seconds, tone) {
  const path = join(scratch, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=320x240:r=10:d=${seconds}`, '-f', 'lavfi', '-i', `sine=f=${tone}:d=${seconds}`,
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-metadata', `comment=${randomBytes(8).toString('hex')}`, path]);
  return path;
}

const journeys = {
  // 保管人：十个文件，一批标签。
  async custodian() {
    const page = await signIn('custodian');
    const names = ['现场检查.mp4', '询问笔录 第一段.mp4', '询问笔录 第二段.mp4', ...Array.from({ length: 7 }, (_, at) => `DSJ-${at}.mp4`)];
    const files = names.map((name, at) => film(name, 1, 300 + at * 10));
    await page.getByRole('link', { name: '上传' }).first().click();
    await page.getByLabel('案号').fill('吉民罚〔2026〕88号');
    await page.getByLabel('行政相对人').fill('某养老院');
    await page.getByLabel('承办人').fill('李承办');
    await page.getByLabel('执法环节').click();
    await page.locator('.ant-select-item-option').first().click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '选择文件' }).click();
    await (await choosing).setFiles(files);
    await page.getByText('文件（已完成 10 / 共 10）').waitFor();
    is(await page.getByText('已存入', { exact: true }).count(), 10, 'stored');
    for (const file of files) {
      const id = execFileSync('b3sum', ['--no-names', file], { encoding: 'utf8' }).trim();
      const row = await ask(page, `/recordings/${id}`);
      is(row.case, '吉民罚〔2026〕88号', `label of ${file}`);
    }
    await picture(page, 'custodian-upload');
  },

  // 承办人申请，主管领导在手机上审批，保管人开通知书并授权，承办人观看。
  async leader() {
    const handler = await signIn('handler');
    const row = (await ask(handler, '/recordings?limit=200')).items;
    let archived;
    for (const one of row) if ((await ask(handler, `/recordings/${one.recording}`)).archived) { archived ??= one; }
    if (!archived) throw new Error('no archived recording');
    await handler.goto(`${url}/recordings/${archived.recording}`);
    await handler.getByRole('button', { name: '打开内容' }).click();
    await handler.getByRole('alert').first().waitFor();
    await handler.getByRole('link', { name: '申请调取' }).first().click();
    await handler.getByLabel('用途').fill('行政复议举证');
    await handler.getByRole('button', { name: '提交申请' }).click();
    await handler.waitForURL(/\/requests\/[0-9a-f]+/);
    const number = new URL(handler.url()).pathname.split('/').at(-1);

    const leader = await signIn('in-charge', PHONE);
    await leader.locator(`a[href="/requests/${number}"]`).first().click();
    await leader.getByRole('button', { name: /^同\s?意$/ }).waitFor();
    await picture(leader, 'leader-phone');
    await leader.getByRole('button', { name: /^同\s?意$/ }).click();
    await confirm(leader, 'in-charge');
    await leader.getByRole('button', { name: /^同\s?意$/ }).waitFor({ state: 'detached' });

    const custodian = await signIn('custodian');
    await custodian.goto(`${url}/requests/${number}`);
    await custodian.getByRole('button', { name: '开具通知书' }).click();
    await custodian.getByRole('link', { name: '打印通知书' }).waitFor();
    await leader.reload();
    await leader.getByRole('button', { name: '签署通知书' }).click();
    await leader.getByRole('button', { name: '签署通知书' }).waitFor({ state: 'detached' });
    await custodian.reload();
    await custodian.getByRole('button', { name: '授权' }).click();
    await custodian.getByRole('button', { name: '授权' }).waitFor({ state: 'detached' });

    await handler.reload();
    await handler.locator(`a[href*="/recordings/${archived.recording}"]`).first().click();
    await handler.getByRole('button', { name: '打开内容' }).click();
    const player = handler.locator('video, audio').first();
    await player.waitFor();
    await player.evaluate((element) => { element.muted = true; return element.play(); });
    await handler.waitForFunction(() => document.querySelector('video, audio').currentTime > 0.3);
    await picture(handler, 'handler-watches');
  },

  // 督查人员制定方案，主管领导在手机上批准，双方承诺、冻结、公开、抽签；督查人员看抽中的资料、评查、提出问题，承办人整改，复查，得分。
  async inspection() {
    const inspector = await signIn('inspector');
    await inspector.getByRole('link', { name: '抽查' }).first().click();
    await inspector.getByRole('button', { name: '制定方案' }).click();
    const dialog = inspector.getByRole('dialog');
    await dialog.getByLabel('依据与方案').fill('第四季度督查，方案见督字12号');
    await dialog.getByLabel('接收日期起').fill('2020-01-01');
    await dialog.getByLabel('接收日期止').fill('2099-12-31');
    await dialog.getByLabel('每组抽取的百分比').fill('20');
    await dialog.getByRole('button', { name: /^确\s?定$/ }).click();
    await inspector.waitForURL(/\/inspections\/[0-9a-f]+/);
    const address = inspector.url();
    const path = new URL(address).pathname;

    const leader = await signIn('in-charge', PHONE);
    await leader.goto(address);
    await leader.getByRole('button', { name: /^批\s?准$/ }).click();
    await leader.getByLabel('意见').fill('同意');
    await leader.getByRole('button', { name: /^确\s?定$/ }).click();
    await confirm(leader, 'in-charge');
    await leader.getByRole('button', { name: /^批\s?准$/ }).waitFor({ state: 'detached' });

    const archivist = await signIn('archivist');
    const bind = async (page) => {
      await page.goto(address);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: '生成抽签数并承诺' }).click();
      const kept = await (await download).path();
      await page.getByRole('button', { name: '提交承诺' }).click();
      await page.getByRole('button', { name: '生成抽签数并承诺' }).waitFor({ state: 'detached' });
      return readFileSync(kept, 'utf8').trim();
    };
    const numbers = [await bind(inspector), await bind(archivist)];
    await inspector.reload();
    await inspector.getByRole('button', { name: '冻结范围' }).click();
    // 请求办结之前刷新页面，会把它一并取消。
    await inspector.getByRole('button', { name: '冻结范围' }).waitFor({ state: 'detached' });
    for (const [at, page] of [inspector, archivist].entries()) {
      await page.reload();
      await page.getByRole('button', { name: '公开抽签数' }).click();
      await page.getByLabel('承诺时保存的抽签数').fill(numbers[at]);
      await page.getByRole('button', { name: /^确\s?定$/ }).click();
      await page.getByRole('button', { name: '公开抽签数' }).waitFor({ state: 'detached' });
    }
    await inspector.reload();
    await inspector.getByRole('button', { name: /^抽\s?签$/ }).click();
    await inspector.getByText('抽中的资料').first().waitFor();
    const view = await ask(inspector, path);
    if (view.lots.length === 0 || !view.seed) throw new Error('nothing was drawn');

    // 批准就是查看抽中资料的准许：不必另行申请。
    const lot = view.lots[0];
    await inspector.goto(`${url}/recordings/${lot.recording}`);
    await inspector.getByRole('button', { name: '打开内容' }).click();
    await inspector.locator('video, audio, img.photo, a[href*="/content"]').first().waitFor();
    const other = (await ask(inspector, '/recordings?limit=200')).items.find((one) => !view.lots.some((drawn) => drawn.recording === one.recording));
    is(await inspector.evaluate(async (id) => (await fetch(`/api/v1/recordings/${id}/content`, { method: 'HEAD' })).status, other.recording), 403, 'what was not drawn');

    await inspector.goto(address);
    await inspector.getByRole('button', { name: /^评\s?查$/ }).first().click();
    for (const question of ['应当记录的是否记录？', '是否全程不间断？', '移交、保管、使用是否合规？']) {
      const group = inspector.locator('.ant-form-item', { hasText: question });
      await group.getByText(question.startsWith('是否') ? '否' : '是', { exact: true }).click();
    }
    await inspector.getByLabel('实际观看的分钟数').fill('2');
    await inspector.getByRole('button', { name: /^确\s?定$/ }).click();
    await inspector.getByRole('dialog').waitFor({ state: 'detached' });
    await inspector.getByRole('button', { name: '提出问题' }).first().click();
    await inspector.getByLabel('条款').fill('A3.8');
    await inspector.getByLabel('整改期限').fill('2026-12-31');
    await inspector.getByRole('dialog').getByLabel('问题', { exact: true }).fill('进门前没有开机');
    await inspector.getByRole('button', { name: /^确\s?定$/ }).click();
    await inspector.getByText('待整改 1 / 共 1').first().waitFor();

    const handler = await signIn('handler');
    await handler.goto(address);
    await handler.getByRole('button', { name: '答复整改' }).click();
    await handler.getByLabel('整改情况').fill('已组织培训');
    await handler.getByRole('button', { name: /^确\s?定$/ }).click();
    await handler.getByRole('dialog').waitFor({ state: 'detached' });

    await inspector.reload();
    await inspector.getByRole('button', { name: /^复\s?查$/ }).click();
    await inspector.getByRole('dialog').getByText('是', { exact: true }).click();
    await inspector.getByLabel('复查意见').fill('已核实');
    await inspector.getByRole('button', { name: /^确\s?定$/ }).click();
    await inspector.getByText('待整改 0 / 共 1').first().waitFor();
    await picture(inspector, 'inspector-draws');
  },

  // 台账与督查：领用设备；说明未录并由上级在手机上认可；送审、受理、出具意见；线索登记、答复、结案。
  async registers() {
    const done = async (page) => {
      await page.getByRole('dialog').getByRole('button', { name: /^确\s?定$/ }).click();
    };
    const gone = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
    const choose = async (page, label, text) => {
      await page.getByRole('dialog').getByRole('combobox', { name: label }).click();
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    const custodian = await signIn('custodian');
    await custodian.getByRole('link', { name: '设备台账' }).first().click();
    await custodian.getByRole('button', { name: '登记设备' }).first().click();
    await custodian.getByLabel('设备编号').fill('DSJ-0108');
    await done(custodian);
    await gone(custodian);
    const handler = await signIn('handler');
    await handler.goto(`${url}/devices`);
    const device = handler.getByRole('row', { name: /DSJ-0108/ });
    const take = async (memory) => {
      await device.getByRole('button', { name: /^领\s?用$/ }).click();
      await handler.getByLabel('可用空间（MiB）').fill(memory);
      await done(handler);
    };
    await take('0');
    await handler.getByRole('dialog').getByRole('alert').waitFor();
    await handler.keyboard.press('Escape');
    await gone(handler);
    await take('30000');
    await gone(handler);
    await device.getByText('已领出').waitFor();
    await picture(handler, 'handler-takes-device');

    await handler.goto(`${url}/statements`);
    await handler.getByRole('row', { name: /日常检查/ }).getByRole('button', { name: '说明未录' }).click();
    await choose(handler, '法定情形', '情况紧急');
    await handler.getByLabel('执法日期').fill('2026-03-03');
    await handler.getByLabel('执法地点').fill('某基金会办公室');
    await handler.getByLabel('原因').fill('当事人当场销毁账册，来不及开机');
    await handler.getByLabel('依据', { exact: false }).last().fill('现场笔录第3页');
    await done(handler);
    await gone(handler);
    const leader = await signIn('in-charge', PHONE);
    await leader.goto(`${url}/statements`);
    await leader.getByRole('button', { name: /^认\s?可$/ }).first().click();
    await done(leader);
    await confirm(leader, 'in-charge');
    await gone(leader);
    await picture(leader, 'leader-accepts-statement');

    await handler.goto(`${url}/reviews?new=1&case=${encodeURIComponent('吉民罚〔2026〕3号')}`);
    await choose(handler, '属于下列情形', '撤销登记');
    await handler.keyboard.press('Escape');
    for (const one of ['调查终结', '拟作决定', '主要事实', '程序材料']) {
      await choose(handler, '已交材料', one);
      await handler.keyboard.press('Escape');
    }
    await handler.getByRole('textbox', { name: '情况说明' }).fill('拟撤销登记：基本事实、适用法律、裁量基准见卷');
    await done(handler);
    await gone(handler);
    const reviewer = await signIn('inspector');
    await reviewer.goto(`${url}/reviews`);
    await reviewer.getByRole('button', { name: /^受\s?理$/ }).click();
    await done(reviewer);
    await gone(reviewer);
    await reviewer.getByText('审核期限（从严）').waitFor();
    await reviewer.getByRole('button', { name: '出具意见' }).click();
    await choose(reviewer, '审核意见', '同意');
    await reviewer.getByRole('textbox', { name: '意见', exact: true }).fill('主要事实清楚，证据确凿');
    await done(reviewer);
    await confirm(reviewer, 'inspector');
    await gone(reviewer);
    await reviewer.getByText('通过', { exact: true }).waitFor();
    await picture(reviewer, 'inspector-reviews');

    await reviewer.goto(`${url}/lapses`);
    await reviewer.getByRole('row', { name: /应录未录/ }).first().getByRole('button', { name: /^登\s?记$/ }).click();
    await reviewer.getByLabel('答复期限').fill('2099-12-31');
    await reviewer.getByRole('dialog').getByRole('textbox', { name: '情况' }).fill('调取证据没有录像，也没有说明');
    await done(reviewer);
    await gone(reviewer);
    await handler.goto(`${url}/lapses`);
    await handler.getByRole('button', { name: /^答\s?复$/ }).first().click();
    await handler.getByLabel('答复内容').fill('当日设备均已领出，已整改');
    await done(handler);
    await gone(handler);
    await reviewer.reload();
    await reviewer.getByRole('button', { name: /^结\s?案$/ }).first().click();
    await reviewer.getByLabel('结论与处理').fill('责令改正');
    await done(reviewer);
    await confirm(reviewer, 'inspector');
    await gone(reviewer);
    await reviewer.locator('.entry', { hasText: '责令改正' }).getByText('认定', { exact: true }).waitFor();
    await picture(reviewer, 'inspector-closes-lapse');
  },

  // 检索到词语，落在那一秒。
  async search() {
    const page = await signIn('handler');
    await page.getByRole('link', { name: '检索' }).first().click();
    await page.getByLabel('输入词语').fill(process.env.WORD ?? '收费');
    await page.keyboard.press('Enter');
    const hit = page.locator('a[href*="t="]').first();
    await hit.waitFor();
    const at = Number(new URL(await hit.getAttribute('href'), url).searchParams.get('t'));
    if (!(at > 0)) throw new Error(`a hit at ${at} ms shows nothing`);
    await hit.click();
    await page.getByRole('button', { name: '打开内容' }).click();
    await page.locator('video, audio').first().waitFor();
    await page.waitForFunction((ms) => Math.abs(document.querySelector('video, audio').currentTime * 1000 - ms) < 1500, at);
    await picture(page, 'search-hit');
  },

  // 法院：凭领取码领取，在浏览器中核验。
  async court() {
    const handler = await signIn('handler');
    const rows = (await ask(handler, '/recordings?limit=200')).items;
    let archived;
    for (const one of rows) if (!archived && (await ask(handler, `/recordings/${one.recording}`)).archived) archived = one;
    await handler.goto(`${url}/apply?recordings=${archived.recording}`);
    await handler.getByText('外单位（法院等）').click();
    await handler.getByLabel('姓名或名称').fill('长春市中级人民法院');
    await handler.getByRole('textbox', { name: '单位' }).fill('行政审判庭');
    await handler.getByLabel('用途').fill('案件审理');
    await handler.getByRole('button', { name: '提交申请' }).click();
    await handler.waitForURL(/\/requests\/[0-9a-f]+/);
    const number = new URL(handler.url()).pathname.split('/').at(-1);
    const step = async (role, button, asks) => {
      const page = await signIn(role);
      await page.goto(`${url}/requests/${number}`);
      await page.getByRole('button', { name: button }).click();
      if (asks) await confirm(page, role);
      await page.getByRole('button', { name: button }).waitFor({ state: 'detached' });
      await page.context().close();
    };
    await step('principal', /^同\s?意$/, true);
    await step('custodian', '开具通知书', false);
    await step('principal', '签署通知书', true);
    await step('custodian', '授权', false);
    const custodian = await signIn('custodian');
    await custodian.goto(`${url}/requests/${number}`);
    await custodian.getByRole('button', { name: '制作复制件' }).click();
    await custodian.getByRole('dialog').getByRole('button', { name: /制/ }).last().click();
    await confirm(custodian, 'custodian');
    const code = await custodian.getByText('领取码：').locator('strong').innerText();
    await picture(custodian, 'custodian-slip');

    const court = await open();
    await court.goto(`${url}/pick-up`);
    await court.getByLabel('申请编号').fill(number);
    await court.getByLabel('领取码').fill(code);
    const coming = court.waitForEvent('download');
    await court.getByRole('button', { name: /^领\s?取$/ }).click();
    const zip = join(scratch, 'package.zip');
    await (await coming).saveAs(zip);
    await court.getByRole('link', { name: '核验这个证据包' }).click();
    await court.locator('#zip').setInputFiles(zip);
    await court.locator('#start').click();
    await court.locator('#verdict').waitFor();
    const verdict = await court.locator('#result').getAttribute('data-verdict');
    if (!['valid', 'self-asserted'].includes(verdict)) throw new Error(`the package is ${verdict}`);
    await picture(court, 'court-verifies');
    const bytes = readFileSync(zip);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(zip, bytes);
    await court.locator('#zip').setInputFiles(zip);
    await court.locator('#start').click();
    await court.waitForFunction(() => ['not-valid', 'failed'].includes(document.getElementById('result').dataset.verdict));
  },

  // 只用键盘：登录、上传、审批。
  async keyboard() {
    const page = await open();
    // 浏览器从此刻起才把选择文件的窗口交给测试；晚了按键会先到。
    page.on('filechooser', () => {});
    const { login, password } = credentials(people, 'custodian');
    const reach = async (target, what) => {
      for (let turn = 0; turn < 80; turn += 1) {
        if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${what} is not reached by keyboard`);
    };
    await page.goto(`${url}/sign-in`);
    await reach(page.getByLabel('登录名'), 'the login');
    await page.keyboard.type(login);
    await reach(page.getByLabel('口令', { exact: true }), 'the password');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((address) => address.pathname === '/');
    await reach(page.getByRole('link', { name: '上传' }).first(), 'the upload page');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/upload/);
    await reach(page.getByLabel('案号'), 'the case');
    await page.keyboard.type('吉民罚〔2026〕89号');
    await reach(page.getByLabel('行政相对人'), 'the counterpart');
    await page.keyboard.type('某机构');
    await reach(page.getByLabel('承办人'), 'the handler');
    await page.keyboard.type('李');
    await reach(page.getByLabel('执法环节'), 'the activity');
    // 选项列表是随后画出来的：画出才选，收起才继续。
    await page.keyboard.press('ArrowDown');
    await page.locator('.ant-select-item-option-active').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[role="combobox"][aria-expanded="true"]').first().waitFor({ state: 'detached' });
    await reach(page.getByRole('button', { name: '选择文件' }), 'the files');
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await choosing).setFiles([film('键盘.mp4', 1, 777)]);
    await page.getByText('文件（已完成 1 / 共 1）').waitFor();
    is(await page.getByText('待补标签', { exact: true }).locator('xpath=ancestor::*[contains(@class,"ant-tag")]').count(), 0, 'it has its labels');
  },

  // 上传中途服务被强行终止：续传，三方摘要一致。
  async restart() {
    if (!process.env.RESTART) return 'left out: RESTART is not set';
    const page = await signIn('custodian');
    const mib = Number(process.env.UPLOAD_MIB ?? 96);
    const path = join(scratch, '大文件.mp4');
    const hash = createHash('sha256');
    rmSync(path, { force: true });
    for (let at = 0; at < mib; at += 1) {
      const piece = randomBytes(1 << 20);
      hash.update(piece);
      writeFileSync(path, piece, { flag: 'a' });
    }
    await page.getByRole('link', { name: '上传' }).first().click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '选择文件' }).click();
    await (await choosing).setFiles([path]);
    await page.waitForFunction(() => /收到 (?!0)[\d.]+ (MB|MiB|GB|GiB)/.test(document.body.innerText));
    execSync(process.env.RESTART, { stdio: 'ignore' });
    // The session ended with the service; one signs in again and chooses the same file.
    await page.goto(`${url}/`);
    await page.waitForURL(/sign-in/);
    const { login, password } = credentials(people, 'custodian');
    await page.getByLabel('登录名').fill(login);
    await page.getByLabel('口令', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((address) => address.pathname === '/');
    await page.goto(`${url}/upload`);
    await page.getByText('以下上传尚未完成').waitFor();
    await picture(page, 'custodian-resume');
    const again = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '选择文件' }).click();
    await (await again).setFiles([path]);
    await page.getByText('文件（已完成 1 / 共 1）').waitFor({ timeout: 300_000 });
    const id = execFileSync('b3sum', ['--no-names', path], { encoding: 'utf8' }).trim();
    const own = hash.digest('hex');
    for (let turn = 0; turn < 300; turn += 1) {
      const row = await ask(page, `/recordings/${id}`);
      is(row.bytes, mib << 20, 'bytes');
      if (row.sha256) return is(row.sha256, own, 'SHA-256');
      await page.waitForTimeout(1_000);
    }
    throw new Error('SHA-256 is not taken');
  },
};

let failed = 0;
for (const [name, journey] of Object.entries(journeys)) {
  if (asked.length && !asked.includes(name)) continue;
  const began = Date.now();
  try {
    const said = await journey();
    console.log(`${name}: ${said ?? 'arrived'} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`${name}: LOST: ${error.message}`);
    for (const [at, context] of browser.contexts().entries()) {
      for (const page of context.pages()) await page.screenshot({ path: join(pictures, `lost-${name}-${at}.png`) }).catch(() => {});
    }
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
rmSync(scratch, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
