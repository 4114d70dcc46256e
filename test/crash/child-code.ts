import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the children run: sources of this folder and what they import. */
const SOURCES = ['libs/kernel/src', 'libs/event-store/src', 'test/crash'];
const LEFT_OUT = /\.spec\.ts$|\/testing\/|\/contract-suite\//;

/**
 * Path of a JavaScript file that a child process can run. In the built product it lies beside this one. Under Jest there is only
 * TypeScript: the sources are translated once for each state of them, into node_modules/.cache, so that a child never runs old code.
 */
export async function childFile(name: string): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.js')) return join(dirname(here), `${name}.js`);
  const root = join(dirname(here), '..', '..');
  const sources = SOURCES.flatMap((folder) => sourcesIn(join(root, folder))).filter((file) => !LEFT_OUT.test(file));
  const texts = sources.map((file) => readFileSync(file, 'utf8'));
  const state = createHash('sha256')
    .update(JSON.stringify([sources, texts]))
    .digest('hex')
    .slice(0, 16);
  const cache = join(root, 'node_modules', '.cache', 'billtrail-children');
  const target = join(cache, state);
  if (!existsSync(target)) {
    mkdirSync(cache, { recursive: true });
    // Made aside and moved in one step: another worker may do the same at this moment.
    const aside = mkdtempSync(join(cache, 'making-'));
    await translate(root, sources, texts, aside);
    if (existsSync(target)) rmSync(aside, { recursive: true });
    else renameSync(aside, target);
  }
  return join(target, 'test', 'crash', `${name}.js`);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => join(folder, file));
}

async function translate(
  root: string,
  sources: readonly string[],
  texts: readonly string[],
  target: string,
): Promise<void> {
  const { transform } = await import('@swc/core');
  for (const [index, source] of sources.entries()) {
    const { code } = await transform(texts[index] ?? '', {
      filename: source,
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
      module: { type: 'es6' },
    });
    const file = join(target, relative(root, source).replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withRelativeImports(code, dirname(file), target));
  }
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
}

function withRelativeImports(code: string, from: string, target: string): string {
  return code.replace(/(['"])@billtrail\/([a-z-]+)\1/g, (_all, quote: string, lib: string) => {
    const path = relative(from, join(target, 'libs', lib, 'src', 'index.js'));
    return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
  });
}
