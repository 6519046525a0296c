// Who looks at which page. The pages are those of src/app.tsx, read from there: each has somebody who
// may see it, and a page that is not named here is opened by a custodian; one with a part to be filled
// in has to be named.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROUTES = [...readFileSync(join(import.meta.dirname, '../src/app.tsx'), 'utf8').matchAll(/<Route path="([^"*]+)"/g)].map(([, path]) => path);

/** Pages in front of the sign-in. */
export const FRONT = { unset: ['/sign-in', '/set-up'], set: ['/sign-in', '/pick-up', '/verify'] };

const opened = (page) => page.getByRole('button', { name: '打开内容' }).click().then(() => page.waitForTimeout(1500));

/** Addresses by the role that looks: an address, or one with what has to be found out in braces. */
const LOOKED_AT = {
  custodian: ['/', '/upload', '/recordings', ['/recordings/{film}', opened], '/recordings?activity=inspection', '/search?q=license', '/cases/{case}', '/requests/{request}', '/integrity', '/help'],
  'in-charge': ['/', '/figures', '/statements', '/requests', '/requests/{request}'],
  handler: ['/', '/reviews?new=1', '/apply?recordings={film}', '/recordings/{film}/transcript', '/recordings/{film}/sheet'],
  inspector: ['/', '/lapses', '/reviews', '/inspections', '/inspections/{inspection}'],
  'audit-administrator': ['/audit'],
  'system-administrator': ['/', '/people', '/reminders', '/integrity'],
};

/** The route an address belongs to. */
function routeOf(address) {
  const parts = address.split('?')[0].split('/');
  return ROUTES.find((route) => {
    const own = route.split('/');
    return own.length === parts.length && own.every((part, at) => part === parts[at] || (part.startsWith(':') && parts[at].startsWith('{')));
  });
}

const named = Object.values(LOOKED_AT).flat().map((one) => routeOf([one].flat()[0]));
const rest = ROUTES.filter((route) => !named.includes(route) && ![...FRONT.set, ...FRONT.unset].includes(route));

/** Pages with a part to be filled in that nobody looks at. */
export const unvisited = () => [...rest.filter((route) => route.includes(':')), ...(ROUTES.length < 20 ? ['src/app.tsx'] : [])];

export const VISITS = Object.fromEntries(Object.entries(LOOKED_AT).map(([role, all]) => {
  const more = role === 'custodian' ? rest.filter((route) => !route.includes(':')) : [];
  return [role, [...all, ...more].map((one) => {
    const [at, then] = [one].flat();
    return { at, then, name: at.replace(/[/{}@?=&]+/g, '-').replace(/^-|-$/g, '') || 'todo', bare: at === '/help' };
  })];
}));

/** What stands in braces, found out from the service as the one who looks. */
const FOUND = {
  film: async (ask) => (await pick(ask, /^询问\.mp4$/)).recording,
  case: async (ask) => (await ask('/cases')).items[0].case,
  request: async (ask) => (await ask('/requests')).items.at(-1)?.request ?? 'none',
  inspection: async (ask) => (await ask('/inspections')).items[0]?.inspection ?? 'none',
};

async function pick(ask, name) {
  const all = (await ask('/recordings?limit=50')).items;
  return all.find((row) => name.test(row.name)) ?? all[0];
}

export async function addressOf(page, at) {
  const ask = (path) => page.evaluate(async (address) => (await fetch(`/api/v1${address}`)).json(), path);
  const wanted = /\{(\w+)\}/.exec(at)?.[1];
  return wanted ? at.replace(`{${wanted}}`, encodeURIComponent(await FOUND[wanted](ask))) : at;
}
