// The registers of oversight: devices, statements of what was not recorded, legal review, lapses.
import { PHONE } from './desk.mjs';

// 台账与督查：领用设备；说明未录并由上级在手机上认可；送审、受理、出具意见；线索登记、答复、结案。
export async function registers({ url, signIn, confirm, picture, press, write, choose: into }) {
  const done = async (page) => {
    await press(page.getByRole('dialog').getByRole('button', { name: /^确\s?定$/ }));
  };
  const gone = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
  const choose = async (page, label, text) => {
    await into(page.getByRole('dialog').getByRole('combobox', { name: label }), text);
  };
  const custodian = await signIn('custodian');
  await press(custodian.getByRole('link', { name: '设备台账' }).first());
  await press(custodian.getByRole('button', { name: '登记设备' }).first());
  await write(custodian.getByLabel('设备编号'), 'DSJ-0108');
  await done(custodian);
  await gone(custodian);
  const handler = await signIn('handler');
  await handler.goto(`${url}/devices`);
  const device = handler.getByRole('row', { name: /DSJ-0108/ });
  const take = async (memory) => {
    await press(device.getByRole('button', { name: /^领\s?用$/ }));
    await write(handler.getByLabel('可用空间（MiB）'), memory);
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
  await press(handler.getByRole('row', { name: /日常检查/ }).getByRole('button', { name: '说明未录' }));
  await choose(handler, '法定情形', '情况紧急');
  await write(handler.getByLabel('执法日期'), '2026-03-03');
  await write(handler.getByLabel('执法地点'), '某基金会办公室');
  await write(handler.getByLabel('原因'), '当事人当场销毁账册，来不及开机');
  await write(handler.getByLabel('依据', { exact: false }).last(), '现场笔录第3页');
  await done(handler);
  await gone(handler);
  const leader = await signIn('in-charge', PHONE);
  await leader.goto(`${url}/statements`);
  await press(leader.getByRole('button', { name: /^认\s?可$/ }).first());
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
  await write(handler.getByRole('textbox', { name: '情况说明', exact: true }), '拟撤销登记：基本事实、适用法律、裁量基准见卷');
  await done(handler);
  await gone(handler);
  const reviewer = await signIn('inspector');
  await reviewer.goto(`${url}/reviews`);
  await press(reviewer.getByRole('button', { name: /^受\s?理$/ }));
  await done(reviewer);
  await gone(reviewer);
  await reviewer.getByText('审核期限（从严）').waitFor();
  await press(reviewer.getByRole('button', { name: '出具意见' }));
  await choose(reviewer, '审核意见', '同意');
  await write(reviewer.getByRole('textbox', { name: '意见', exact: true }), '主要事实清楚，证据确凿');
  await done(reviewer);
  await confirm(reviewer, 'inspector');
  await gone(reviewer);
  await reviewer.getByText('通过', { exact: true }).waitFor();
  await picture(reviewer, 'inspector-reviews');

  await reviewer.goto(`${url}/lapses`);
  await press(reviewer.getByRole('row', { name: /应录未录/ }).first().getByRole('button', { name: /^登\s?记$/ }));
  await write(reviewer.getByLabel('答复期限'), '2099-12-31');
  await write(reviewer.getByRole('dialog').getByRole('textbox', { name: '情况' }), '调取证据没有录像，也没有说明');
  await done(reviewer);
  await gone(reviewer);
  await handler.goto(`${url}/lapses`);
  await press(handler.getByRole('button', { name: /^答\s?复$/ }).first());
  await write(handler.getByLabel('答复内容'), '当日设备均已领出，已整改');
  await done(handler);
  await gone(handler);
  await reviewer.reload();
  await press(reviewer.getByRole('button', { name: /^结\s?案$/ }).first());
  await write(reviewer.getByLabel('结论与处理'), '责令改正');
  await done(reviewer);
  await confirm(reviewer, 'inspector');
  await gone(reviewer);
  await reviewer.locator('.entry', { hasText: '责令改正' }).getByText('认定', { exact: true }).waitFor();
  await picture(reviewer, 'inspector-closes-lapse');
}
