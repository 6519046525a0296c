// Two languages: who changes it reads the same page in the other, a refusal included.
import { is } from './desk.mjs';

// 切换语言：页面留在原处，已显示的拒绝也随之换成另一种语言，不必重来。
export async function language({ url, signIn, press }) {
  const page = await signIn('custodian');
  const unknown = `${url}/recordings/${'0'.repeat(64)}`;
  await page.goto(unknown);
  const refusal = page.getByRole('alert');
  await refusal.getByText(/没有|不存在|未找到/).first().waitFor();
  const spoken = await refusal.innerText();
  // Asked for anew it would be another answer, not the one that is shown.
  let asked = 0;
  page.on('request', (request) => { if (request.url().includes('/api/v1/recordings/')) asked += 1; });
  await press(page.getByRole('button', { name: 'English' }));
  await page.waitForFunction((before) => document.querySelector('[role=alert]')?.innerText !== before, spoken);
  const english = await refusal.innerText();
  if (/\p{Script=Han}/u.test(english)) throw new Error(`half in English: ${english}`);
  is(await page.locator('html').getAttribute('lang'), 'en', 'the language of the page');
  is(page.url(), unknown, 'where the page is');
  is(asked, 0, 'questions to the service');
  await press(page.getByRole('button', { name: '中文' }));
  await refusal.getByText(spoken.split('\n')[0]).waitFor();
  return 'the refusal was read in both languages';
}
