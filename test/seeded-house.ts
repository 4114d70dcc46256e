import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A small house of these files in a folder of its own, under the rules of the real one. Whoever makes it removes it. */
export function seededHouse(files: Readonly<Record<string, string>>, rules: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-house-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  for (const file of [...rules, 'tsconfig.json', 'package.json']) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** What a tool of the house says of a seeded one, as JSON. `tool` is a path below node_modules. */
export function reportOf(folder: string, tool: string, args: readonly string[]): unknown {
  const run = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  return JSON.parse(run.stdout);
}
