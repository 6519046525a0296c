// The text of a recording: it follows the sound, is written with the keys of transcribers, and keeps
// every version.
import { ask, is } from './desk.mjs';

// 文字记录：点一句到那一秒；键盘补一段并保存为新版本；播放时跟随，自己滚动后不再跟随。
export async function transcript({ url, signIn, press }) {
  const page = await signIn('handler');
  const found = (await ask(page, '/recordings?limit=200')).items.find((one) => one.name === '询问.mp4');
  await page.goto(`${url}/recordings/${found.recording}`);
  await press(page.getByRole('button', { name: '打开内容' }));
  const player = page.locator('video, audio').first();
  await player.waitFor();
  await player.evaluate((element) => { element.muted = true; });
  await press(page.getByRole('button', { name: /你们收费的依据是什么/ }));
  await page.waitForFunction(() => document.querySelector('.cue.now')?.innerText.includes('收费'));
  const at = await player.evaluate((element) => element.currentTime);
  if (!(at >= 2.9 && at < 5)) throw new Error(`the words are at 3 s, the sound at ${at}`);

  await page.goto(`${url}/recordings/${found.recording}/transcript`);
  await player.waitFor();
  await player.evaluate((element) => { element.muted = true; element.currentTime = 6; });
  await page.waitForFunction(() => document.querySelector('video, audio').currentTime > 5.9);
  const before = await page.locator('textarea').count();
  await page.keyboard.press('Control+j');
  await page.waitForFunction((count) => document.querySelectorAll('textarea').length === count + 1, before);
  await page.keyboard.type('依据是收费公示');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('video, audio').paused);
  await page.keyboard.press('Control+s');
  await page.getByText('已保存为新版本').waitFor();
  const newest = (await ask(page, `/recordings/${found.recording}/transcript`));
  is(newest.cues.some((cue) => cue.text === '依据是收费公示'), true, 'what was written is kept');
  await press(page.getByRole('button', { name: `第 ${newest.version.version} 版` }));
  await page.getByRole('dialog').getByText('依据是收费公示').first().waitFor();

  // A text longer than its window: as a second person would make it, by the interface.
  const long = [...newest.cues, ...Array.from({ length: 60 }, (_, row) => ({ from_ms: 6_100 + row * 30, to_ms: 6_120 + row * 30, speaker: '甲', text: `第 ${row} 句` }))];
  const stored = await page.evaluate(async ([path, body]) => (await fetch(path, { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'idempotency-key': String(Math.random()) } })).status,
    [`/api/v1/recordings/${found.recording}/transcript`, { base_version: newest.version.version, cues: long.map(({ from_ms, to_ms, speaker, text }) => ({ from_ms, to_ms, speaker, text })).sort((one, other) => one.from_ms - other.from_ms) }]);
  is(stored, 201, 'a longer text');
  await page.goto(`${url}/recordings/${found.recording}?t=7800`);
  await press(page.getByRole('button', { name: '打开内容' }));
  const list = page.locator('.cues');
  await list.waitFor();
  await page.waitForFunction(() => document.querySelector('.cues').scrollTop > 100);
  await list.hover();
  await page.waitForTimeout(400);
  await page.mouse.wheel(0, -10_000);
  await page.getByRole('button', { name: '跟随播放' }).waitFor();
  await page.locator('video, audio').first().evaluate((element) => { element.muted = true; element.currentTime = 7; });
  await page.waitForTimeout(800);
  is(await list.evaluate((element) => element.scrollTop), 0, 'where the reader scrolled to');
  await press(page.getByRole('button', { name: '跟随播放' }));
  await page.waitForFunction(() => document.querySelector('.cues').scrollTop > 100);
}
