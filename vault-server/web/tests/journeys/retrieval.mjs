// A retrieval: who asks, who consents on a phone, who watches in the end.
import { ask, PHONE } from './desk.mjs';

// 承办人申请，主管领导在手机上审批，保管人开通知书并授权，承办人观看。
export async function leader({ url, signIn, confirm, picture, press, write }) {
  const handler = await signIn('handler');
  const row = (await ask(handler, '/recordings?limit=200')).items;
  let archived;
  for (const one of row) if ((await ask(handler, `/recordings/${one.recording}`)).archived) { archived ??= one; }
  if (!archived) throw new Error('no archived recording');
  await handler.goto(`${url}/recordings/${archived.recording}`);
  await press(handler.getByRole('button', { name: '打开内容' }));
  await handler.getByRole('alert').first().waitFor();
  await press(handler.getByRole('link', { name: '申请调取' }).first());
  // 漏填时：集中说明，焦点在说明上，每一项都通到要填的地方。
  await press(handler.getByRole('button', { name: '提交申请' }));
  await handler.locator('.failings:focus').waitFor();
  await press(handler.locator('.failings').getByRole('link', { name: /用途/ }));
  await handler.locator('#purpose:focus').waitFor();
  await write(handler.getByLabel('用途'), '行政复议举证');
  await press(handler.getByRole('button', { name: '提交申请' }));
  await handler.waitForURL(/\/requests\/[0-9a-f]+/);
  const number = new URL(handler.url()).pathname.split('/').at(-1);

  const leader = await signIn('in-charge', PHONE);
  await press(leader.locator(`a[href="/requests/${number}"]`).first());
  await leader.getByRole('button', { name: /^同\s?意$/ }).waitFor();
  await picture(leader, 'leader-phone');
  await press(leader.getByRole('button', { name: /^同\s?意$/ }));
  await confirm(leader, 'in-charge');
  await leader.getByRole('button', { name: /^同\s?意$/ }).waitFor({ state: 'detached' });

  const custodian = await signIn('custodian');
  await custodian.goto(`${url}/requests/${number}`);
  await press(custodian.getByRole('button', { name: '开具通知书' }));
  await custodian.getByRole('link', { name: '打印通知书' }).waitFor();
  await leader.reload();
  await press(leader.getByRole('button', { name: '签署通知书' }));
  await leader.getByRole('button', { name: '签署通知书' }).waitFor({ state: 'detached' });
  await custodian.reload();
  await press(custodian.getByRole('button', { name: '授权' }));
  await custodian.getByRole('button', { name: '授权' }).waitFor({ state: 'detached' });

  await handler.reload();
  await press(handler.locator(`a[href*="/recordings/${archived.recording}"]`).first());
  await press(handler.getByRole('button', { name: '打开内容' }));
  const player = handler.locator('video, audio').first();
  await player.waitFor();
  await player.evaluate((element) => { element.muted = true; return element.play(); });
  await handler.waitForFunction(() => document.querySelector('video, audio').currentTime > 0.3);
  await picture(handler, 'handler-watches');
}
