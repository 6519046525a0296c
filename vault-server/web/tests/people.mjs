// Who is who in a demo vault: a directory with a file for each role ("login password"), or for each
// login of tools/run (its password alone).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEMO = {
  custodian: 'baoguan', handler: 'chengban', 'in-charge': 'zhuguan', principal: 'zhuyao', archivist: 'dangan', inspector: 'ducha',
  'system-administrator': 'guanli', 'security-administrator': 'anquan', 'audit-administrator': 'shenji',
};

export function credentials(people, role) {
  const read = (name) => readFileSync(join(people, name), 'utf8').trim();
  if (existsSync(join(people, role))) {
    const [login, password] = read(role).split(' ');
    return { login, password };
  }
  return { login: DEMO[role], password: read(DEMO[role]) };
}
