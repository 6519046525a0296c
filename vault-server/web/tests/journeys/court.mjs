// The court: collects a copy with the code on the slip and verifies it in the browser.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './desk.mjs';

// 法院：凭领取码领取，在浏览器中核验。
export async function court({ url, open, signIn, confirm, picture, scratch, press, write, pick }) {
  const handler = await signIn('handler');
  const rows = (await ask(handler, '/recordings?limit=200')).items;
  let archived;
  for (const one of rows) if (!archived && (await ask(handler, `/recordings/${one.recording}`)).archived) archived = one;
  await handler.goto(`${url}/apply?recordings=${archived.recording}`);
  await pick(handler.getByText('外单位（法院等）'));
  await write(handler.getByLabel('姓名或名称'), '长春市中级人民法院');
  await write(handler.getByRole('textbox', { name: '单位' }), '行政审判庭');
  await write(handler.getByLabel('用途'), '案件审理');
  await press(handler.getByRole('button', { name: '提交申请' }));
  await handler.waitForURL(/\/requests\/[0-9a-f]+/);
  const number = new URL(handler.url()).pathname.split('/').at(-1);
  const step = async (role, button, asks) => {
    const page = await signIn(role);
    await page.goto(`${url}/requests/${number}`);
    await press(page.getByRole('button', { name: button }));
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
  await press(custodian.getByRole('button', { name: '制作复制件' }));
  await press(custodian.getByRole('dialog').getByRole('button', { name: /制/ }).last());
  await confirm(custodian, 'custodian');
  const code = await custodian.getByText('领取码：').locator('strong').innerText();
  await picture(custodian, 'custodian-slip');

  const court = await open();
  await court.goto(`${url}/pick-up`);
  await write(court.getByLabel('申请编号'), number);
  await write(court.getByLabel('领取码'), code);
  const coming = court.waitForEvent('download');
  await press(court.getByRole('button', { name: /^领\s?取$/ }));
  const zip = join(scratch, 'package.zip');
  await (await coming).saveAs(zip);
  await press(court.getByRole('link', { name: '核验这个证据包' }));
  await court.locator('#zip').setInputFiles(zip);
  await press(court.locator('#start'));
  await court.locator('#verdict').waitFor();
  const verdict = await court.locator('#result').getAttribute('data-verdict');
  if (!['valid', 'self-asserted'].includes(verdict)) throw new Error(`the package is ${verdict}`);
  await picture(court, 'court-verifies');
  const bytes = readFileSync(zip);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  writeFileSync(zip, bytes);
  await court.locator('#zip').setInputFiles(zip);
  await press(court.locator('#start'));
  await court.waitForFunction(() => ['not-valid', 'failed'].includes(document.getElementById('result').dataset.verdict));
}
