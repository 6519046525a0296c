// Keeping: a second store is added, filled, read again and released by two persons; a recording is
// verified, mended, put on a disc and restored from it.
import { ask } from './desk.mjs';

// 副本与修复，再是卷：列入长期保存的资料要两份，有了它，副本存储就不能停用。
export async function keeping(desk) {
  await copies(desk);
  await discs(desk);
}

// 副本与修复：系统管理员增设副本存储并存入、复读；保管人核对、修复一份资料；停用由两人办理。
async function copies({ url, signIn, confirm, picture, press, write }) {
  const done = (page) => press(page.getByRole('dialog').getByRole('button', { name: /^确\s?定$/ }));
  const gone = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
  const machine = await signIn('system-administrator');
  await machine.goto(`${url}/integrity`);
  await press(machine.getByRole('button', { name: '增设副本存储' }));
  await write(machine.getByLabel('名称'), '盘柜二');
  await done(machine);
  await gone(machine);
  const row = (page) => page.getByRole('row', { name: /盘柜二/ });
  // The service may be at it by itself, which the page says then; what counts is that nothing lacks.
  const fill = row(machine).getByRole('button', { name: /^存\s?入$/ });
  if (await fill.isEnabled()) await press(fill);
  for (let turn = 0; turn < 60 && (await ask(machine, '/stores')).stores[1].lacking > 0; turn += 1) await machine.waitForTimeout(500);
  await machine.reload();
  await press(row(machine).getByRole('button', { name: /^复\s?读$/ }));
  await machine.locator('.entry', { hasText: /复读副本存储/ }).getByText(/不符 0 份/).waitFor();
  await picture(machine, 'machine-fills-store');

  const custodian = await signIn('custodian');
  const film = (await ask(custodian, '/recordings?limit=50')).items.find((one) => one.name.endsWith('.mp4')).recording;
  await custodian.goto(`${url}/recordings/${film}`);
  await press(custodian.getByRole('button', { name: '立即核对' }));
  await custodian.locator('.entry', { hasText: /核对/ }).getByText(/不符 0 份/).waitFor();
  await press(custodian.getByRole('button', { name: /^修\s?复$/ }));
  await custodian.getByText('各处副本均已完好，没有改动').waitFor();
  await picture(custodian, 'custodian-verifies');

  await custodian.goto(`${url}/integrity`);
  await press(row(custodian).getByRole('button', { name: '提出停用' }));
  await write(custodian.getByRole('dialog').getByLabel('理由'), '更换磁盘');
  await done(custodian);
  await gone(custodian);
  const archivist = await signIn('archivist');
  await archivist.goto(`${url}/integrity`);
  await press(row(archivist).getByRole('button', { name: /^停\s?用$/ }));
  await write(archivist.getByRole('dialog').getByLabel('理由'), '已另存');
  await done(archivist);
  await confirm(archivist, 'archivist');
  await gone(archivist);
  await row(archivist).getByText('已停用', { exact: true }).waitFor();
  await picture(archivist, 'archivist-releases-store');
}

// 卷：列入长期保存，制作、刻录、上架，再从卷恢复。
async function discs({ url, signIn, picture, press, write, choose }) {
  const dialog = (page) => page.getByRole('dialog');
  const done = (page) => press(dialog(page).getByRole('button', { name: /^确\s?定$/ }));
  const gone = (page) => dialog(page).waitFor({ state: 'detached' });
  const page = await signIn('archivist');
  const film = (await ask(page, '/recordings?limit=50')).items.find((one) => one.name.endsWith('.wav')).recording;
  await page.goto(`${url}/recordings/${film}?tab=kept`);
  await press(page.getByRole('button', { name: '列为长期保存' }));
  await choose(dialog(page).getByRole('combobox'));
  await write(dialog(page).getByLabel('理由'), '典型案例');
  await done(page);
  await gone(page);
  await page.goto(`${url}/volumes`);
  const over = (kind) => page.locator('.entry', { hasText: kind }).getByText('完成', { exact: true }).first().waitFor();
  await press(page.getByRole('button', { name: '制作映像' }));
  await write(dialog(page).getByLabel('卷标'), 'JL-2026-0001');
  await done(page);
  await gone(page);
  await over('制作');
  const volume = page.locator('.entry', { hasText: 'JL-2026-0001' }).last();
  await press(volume.getByRole('button', { name: '刻录并读回' }));
  await done(page);
  await gone(page);
  await over('刻录');
  await press(volume.getByRole('button', { name: '从卷恢复' }));
  await done(page);
  await gone(page);
  await page.getByText(/修复 0 处副本，\d+ 份原已完好/).waitFor();
  await picture(page, 'archivist-restores-from-volume');
}
