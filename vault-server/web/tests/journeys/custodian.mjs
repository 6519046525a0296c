// The keeper of recordings: takes files in with their labels, goes on with an upload whose service was
// killed or whose browser was closed half-way, and is not taken in by a file that only looks like it.
import { execFileSync, execSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, is } from './desk.mjs';

const blake3 = (path) => execFileSync('b3sum', ['--no-names', path], { encoding: 'utf8' }).trim();

// 保管人：十个文件，一批标签；三方摘要一致；同一内容再送一次，说明何人何时已送。
export async function custodian({ signIn, film, picture, press, write, choose, files }) {
  const page = await signIn('custodian');
  const names = ['现场检查.mp4', '询问笔录 第一段.mp4', '询问笔录 第二段.mp4', ...Array.from({ length: 7 }, (_, at) => `DSJ-${at}.mp4`)];
  const films = names.map((name, at) => film(name, 1, 300 + at * 10));
  await press(page.getByRole('link', { name: '上传' }).first());
  await write(page.getByLabel('案号'), '吉民罚〔2026〕88号');
  await write(page.getByLabel('行政相对人'), '某养老院');
  await write(page.getByLabel('承办人'), '李承办');
  await choose(page.getByLabel('执法环节'));
  await files(page.getByRole('button', { name: '选择文件' }), films);
  await page.getByText('文件（已完成 10 / 共 10）').waitFor();
  is(await page.getByText('已存入', { exact: true }).count(), 10, 'stored');
  is(await page.getByText('待补标签', { exact: true }).locator('xpath=ancestor::*[contains(@class,"ant-tag")]').count(), 0, 'they have their labels');
  await page.getByText('三方一致 10 个').waitFor();
  for (const file of films) {
    const row = await ask(page, `/recordings/${blake3(file)}`);
    is(row.case, '吉民罚〔2026〕88号', `label of ${file}`);
  }
  await picture(page, 'custodian-upload');
  const again = join(films[0], '..', '同一内容.mp4');
  copyFileSync(films[0], again);
  await files(page.getByRole('button', { name: '选择文件' }), [again]);
  await page.getByText(/此前由.+送入，案号：吉民罚〔2026〕88号，文件名：现场检查\.mp4/).waitFor();
}

/** A file of random bytes, and its SHA-256. */
function large(scratch, name, mib) {
  const path = join(scratch, name);
  const hash = createHash('sha256');
  rmSync(path, { force: true });
  for (let at = 0; at < mib; at += 1) {
    const piece = randomBytes(1 << 20);
    hash.update(piece);
    writeFileSync(path, piece, { flag: 'a' });
  }
  return { path, sha256: hash.digest('hex') };
}

// 上传中途关掉浏览器：重新打开后列出未完成的上传；大小相同的另一个文件被拒绝；选原来的文件接着传完。
export async function closed({ url, signIn, scratch, press, files }) {
  const { path } = large(scratch, '长录像.mp4', 64);
  const { path: other } = large(scratch, '另一个.mp4', 64);
  const first = await signIn('custodian');
  await press(first.getByRole('link', { name: '上传' }).first());
  let pieces = 0;
  await first.route('**/api/v1/uploads/*', (route) => {
    if (route.request().method() === 'PATCH') pieces += 1;
    return pieces < 2 ? route.continue() : undefined; // Held up, so that the upload stays unfinished.
  });
  await files(first.getByRole('button', { name: '选择文件' }), [path]);
  await first.getByText('已收到 32.0 MiB').waitFor();
  await first.context().close();

  const page = await signIn('custodian');
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset'])); });
  await page.goto(`${url}/upload`);
  await page.getByText('以下上传尚未完成').waitFor();
  const go = page.getByRole('listitem').filter({ hasText: '长录像.mp4' }).getByRole('button', { name: '选择同一文件继续' }).first();
  await files(go, [other]);
  await page.getByText(/大小相同而内容不同，没有接着上传/).waitFor();
  is(sent.length, 0, 'pieces of another file');
  await files(go, [path]);
  await page.getByText('三方一致', { exact: true }).waitFor();
  is(sent[0], 32 << 20, 'where it goes on');
  is(sent.length, 1, 'pieces sent again');
  is((await ask(page, `/recordings/${blake3(path)}`)).bytes, 64 << 20, 'bytes');
}

// 上传中途服务被强行终止：重新登录后自行续传，三方摘要一致。
export async function restart({ signIn, credentials, scratch, picture, press, write, files }) {
  if (!process.env.RESTART) return 'left out: RESTART is not set';
  const page = await signIn('custodian');
  const mib = Number(process.env.UPLOAD_MIB ?? 96);
  const { path, sha256 } = large(scratch, '大文件.mp4', mib);
  const sent = [];
  page.on('request', (request) => { if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset'])); });
  await press(page.getByRole('link', { name: '上传' }).first());
  await files(page.getByRole('button', { name: '选择文件' }), [path]);
  await page.waitForFunction(() => /已收到 (?!0)[\d.]+ (MB|MiB|GB|GiB)/.test(document.querySelector('.uploads')?.innerText ?? ''));
  execSync(process.env.RESTART, { stdio: 'ignore' });
  // The session ended with the service: the page asks who one is, and then goes on by itself.
  await page.waitForURL(/sign-in/);
  const { login, password } = credentials('custodian');
  await write(page.getByLabel('登录名'), login);
  await write(page.getByLabel('口令', { exact: true }), password);
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => address.pathname !== '/sign-in');
  await picture(page, 'custodian-resume');
  await page.getByText('三方一致', { exact: true }).waitFor({ timeout: 300_000 });
  if (sent.slice(1).includes(0)) throw new Error(`begun anew: pieces at ${sent}`);
  is((await ask(page, '/uploads')).items.filter((one) => one.name === '大文件.mp4' && one.bytes === mib << 20).length, 0, 'uploads left over');
  const row = await ask(page, `/recordings/${blake3(path)}`);
  is(row.bytes, mib << 20, 'bytes');
  is(row.sha256, sha256, 'SHA-256');
}

/** Frames of a second that a list has to keep while it is scrolled. */
const FRAMES_MIN = 30;

// 一次选很多文件：上传进行中，列表滚动仍然顺畅；全部存入。
export async function many({ signIn, scratch, press, files }) {
  const count = Number(process.env.UPLOAD_FILES ?? 0);
  if (count === 0) return 'left out: UPLOAD_FILES is not set';
  const paths = Array.from({ length: count }, (_, at) => join(scratch, `DSJ-${String(at).padStart(4, '0')}.bin`));
  for (const path of paths) writeFileSync(path, randomBytes(2_000));
  const page = await signIn('custodian');
  await press(page.getByRole('link', { name: '上传' }).first());
  await files(page.getByRole('button', { name: '选择文件' }), paths);
  await page.getByText(new RegExp(`共 ${count}）`)).waitFor();
  const frames = await page.evaluate(() => new Promise((resolve) => {
    const list = document.querySelector('.uploads');
    const began = performance.now();
    let drawn = 0;
    const step = () => {
      drawn += 1;
      list.scrollTop = (list.scrollTop + 120) % list.scrollHeight;
      const past = performance.now() - began;
      if (past < 3_000) requestAnimationFrame(step);
      else resolve((drawn * 1_000) / past);
    };
    requestAnimationFrame(step);
  }));
  if (frames < FRAMES_MIN) throw new Error(`${frames.toFixed(0)} frames a second`);
  await page.getByText(`文件（已完成 ${count} / 共 ${count}）`).waitFor({ timeout: 600_000 });
  return `${count} files, ${frames.toFixed(0)} frames a second while they were sent`;
}
