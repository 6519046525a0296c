// Those who inspect: a draw that nobody steers, its review and corrections; a word found to its second.
import { readFileSync } from 'node:fs';
import { ask, is, PHONE } from './desk.mjs';

// 督查人员制定方案，主管领导在手机上批准，双方承诺、冻结、公开、抽签；督查人员看抽中的资料、评查、提出问题，承办人整改，复查，得分。
export async function inspection({ url, signIn, confirm, picture, press, write, pick }) {
  const inspector = await signIn('inspector');
  await press(inspector.getByRole('link', { name: '抽查' }).first());
  await press(inspector.getByRole('button', { name: '制定方案' }));
  const dialog = inspector.getByRole('dialog');
  await write(dialog.getByLabel('依据与方案'), '第四季度督查，方案见督字12号');
  await write(dialog.getByLabel('接收日期起'), '2020-01-01');
  await write(dialog.getByLabel('接收日期止'), '2099-12-31');
  await write(dialog.getByLabel('每组抽取的百分比'), '20');
  await press(dialog.getByRole('button', { name: /^确\s?定$/ }));
  await inspector.waitForURL(/\/inspections\/[0-9a-f]+/);
  const address = inspector.url();
  const path = new URL(address).pathname;

  const leader = await signIn('in-charge', PHONE);
  await leader.goto(address);
  await press(leader.getByRole('button', { name: /^批\s?准$/ }));
  await write(leader.getByLabel('意见'), '同意');
  await press(leader.getByRole('button', { name: /^确\s?定$/ }));
  await confirm(leader, 'in-charge');
  await leader.getByRole('button', { name: /^批\s?准$/ }).waitFor({ state: 'detached' });

  const archivist = await signIn('archivist');
  const bind = async (page) => {
    await page.goto(address);
    const download = page.waitForEvent('download');
    await press(page.getByRole('button', { name: '生成抽签数并承诺' }));
    const kept = await (await download).path();
    await press(page.getByRole('button', { name: '提交承诺' }));
    await page.getByRole('button', { name: '生成抽签数并承诺' }).waitFor({ state: 'detached' });
    return readFileSync(kept, 'utf8').trim();
  };
  const numbers = [await bind(inspector), await bind(archivist)];
  await inspector.reload();
  await press(inspector.getByRole('button', { name: '冻结范围' }));
  // 请求办结之前刷新页面，会把它一并取消。
  await inspector.getByRole('button', { name: '冻结范围' }).waitFor({ state: 'detached' });
  for (const [at, page] of [inspector, archivist].entries()) {
    await page.reload();
    await press(page.getByRole('button', { name: '公开抽签数' }));
    await write(page.getByLabel('承诺时保存的抽签数'), numbers[at]);
    await press(page.getByRole('button', { name: /^确\s?定$/ }));
    await page.getByRole('button', { name: '公开抽签数' }).waitFor({ state: 'detached' });
  }
  await inspector.reload();
  await press(inspector.getByRole('button', { name: /^抽\s?签$/ }));
  await inspector.getByText('抽中的资料').first().waitFor();
  const view = await ask(inspector, path);
  if (view.lots.length === 0 || !view.seed) throw new Error('nothing was drawn');

  // 批准就是查看抽中资料的准许：不必另行申请。
  // 抽中的也可能是未录说明或应录未录的事项。
  const lot = view.lots.find((one) => one.recording);
  await inspector.goto(`${url}/recordings/${lot.recording}`);
  await press(inspector.getByRole('button', { name: '打开内容' }));
  await inspector.locator('video, audio, img.photo, a[href*="/content"]').first().waitFor();
  // 其他检查抽中的，也在准许之内。
  const drawn = [];
  for (const one of (await ask(inspector, '/inspections')).items) {
    drawn.push(...(await ask(inspector, `/inspections/${one.inspection}`)).lots.map((lot) => lot.recording));
  }
  const other = (await ask(inspector, '/recordings?limit=200')).items.find((one) => !drawn.includes(one.recording));
  is(await inspector.evaluate(async (id) => (await fetch(`/api/v1/recordings/${id}/content`, { method: 'HEAD' })).status, other.recording), 403, 'what was not drawn');

  await inspector.goto(address);
  const row = inspector.getByRole('row', { name: lot.name });
  await press(row.getByRole('button', { name: /^评\s?查$/ }));
  for (const question of ['应当记录的是否记录？', '是否全程不间断？', '移交、保管、使用是否合规？']) {
    const group = inspector.locator('.ant-form-item', { hasText: question });
    await pick(group.getByText(question.startsWith('是否') ? '否' : '是', { exact: true }));
  }
  await write(inspector.getByLabel('实际观看的分钟数'), '2');
  await write(inspector.getByRole('dialog').getByLabel('说明', { exact: true }), '只核对起止');
  await press(inspector.getByRole('button', { name: /^确\s?定$/ }));
  await inspector.getByRole('dialog').waitFor({ state: 'detached' });
  await press(row.getByRole('button', { name: '提出问题' }));
  await write(inspector.getByLabel('条款'), 'A3.8');
  await write(inspector.getByLabel('整改期限'), '2099-12-31');
  await write(inspector.getByRole('dialog').getByLabel('问题', { exact: true }), '进门前没有开机');
  await press(inspector.getByRole('button', { name: /^确\s?定$/ }));
  await inspector.getByText('待整改 1 / 共 1').first().waitFor();

  const handler = await signIn('handler');
  await handler.goto(address);
  await press(handler.getByRole('button', { name: '答复整改' }));
  await write(handler.getByLabel('整改情况'), '已组织培训');
  await press(handler.getByRole('button', { name: /^确\s?定$/ }));
  await handler.getByRole('dialog').waitFor({ state: 'detached' });

  await inspector.reload();
  await press(inspector.getByRole('button', { name: /^复\s?查$/ }));
  await pick(inspector.getByRole('dialog').getByText('是', { exact: true }));
  await write(inspector.getByLabel('复查意见'), '已核实');
  await press(inspector.getByRole('button', { name: /^确\s?定$/ }));
  await inspector.getByText('待整改 0 / 共 1').first().waitFor();
  await picture(inspector, 'inspector-draws');
}

// 检索到词语，落在那一秒。
export async function search({ url, signIn, picture, press, write }) {
  const page = await signIn('handler');
  await press(page.getByRole('link', { name: '检索' }).first());
  await write(page.getByLabel('输入词语'), process.env.WORD ?? '收费');
  await page.keyboard.press('Enter');
  const hit = page.locator('a[href*="t="]').first();
  await hit.waitFor();
  const at = Number(new URL(await hit.getAttribute('href'), url).searchParams.get('t'));
  if (!(at > 0)) throw new Error(`a hit at ${at} ms shows nothing`);
  await press(hit);
  await press(page.getByRole('button', { name: '打开内容' }));
  await page.locator('video, audio').first().waitFor();
  await page.waitForFunction((ms) => Math.abs(document.querySelector('video, audio').currentTime * 1000 - ms) < 1500, at);
  await picture(page, 'search-hit');
}
