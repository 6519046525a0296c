// Puts a compressed copy beside every built file that gains by it, for the service to hand out.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

let whole = 0;
for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !/\.(js|css|svg)$/.test(entry.name)) continue;
  const bytes = readFileSync(path);
  const small = gzipSync(bytes, { level: 9 });
  if (small.length < bytes.length) writeFileSync(`${path}.gz`, small);
  whole += small.length;
}
console.log(`compressed: ${(whole / 1024).toFixed(0)} KiB`);
