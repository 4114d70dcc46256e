import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unreachable } from '@billtrail/kernel';
import { billtrail, type Run } from '../e2e/cli/cli.js';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { commandsOfPage, commandsOfSource, pages, sources, textOf, type Named } from './collect.js';
import { howToCheck, type How } from './how.js';
import { isCommand, parsed } from './parsed.js';

const scripts = Object.keys((JSON.parse(textOf('package.json')) as { scripts: object }).scripts);

const named: readonly Named[] = [
  ...pages().flatMap((file) => commandsOfPage(file, textOf(file))),
  ...sources().flatMap((file) => commandsOfSource(file, textOf(file))),
];

/** Every command once, with the first file that names it; those that change the store last. */
const commands = [...new Map(named.map((one) => [one.text, one] as const)).values()].toSorted(
  (one, other) => Number(changesTheStore(one.text)) - Number(changesTheStore(other.text)),
);

function changesTheStore(text: string): boolean {
  return /\b(activate|credit|run) /.test(text);
}

interface DemoAnswer {
  readonly comparison: object;
  readonly reconciliation: {
    readonly tickets: Readonly<Record<'resolved' | 'billed' | 'covered' | 'waiting' | 'gap', number>>;
    readonly gaps: readonly { readonly leak: string }[];
    readonly imbalances: readonly object[];
  };
}

describe('commands that a page or a message names', () => {
  const demo = temporaryFolder();
  const other = temporaryFolder();
  const folders = { demo: demo.path, other: other.path };
  /** Of whoever acts on each of the folders. */
  const keys = new Map<string, string>();
  let made: DemoAnswer;

  beforeAll(async () => {
    const { code, stdout, stderr } = await billtrail('--data', demo.path, '--json', 'demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    made = JSON.parse(stdout) as DemoAnswer;
    for (const folder of [demo.path, other.path])
      keys.set(
        folder,
        (await billtrail('--data', folder, 'person', 'add', 'Ana Bell', '--role', 'admin', '--key-only')).stdout.trim(),
      );
    const example = await billtrail('config', 'example');
    writeFileSync(join(other.path, 'my-organisation.yaml'), example.stdout.replace(/^( *name:).*$/m, '$1 Wattle IT'));
  });
  afterAll(() => {
    demo.remove();
    other.remove();
  });

  /** By the words of the command: pages name one in several ways, by `npm run` or in short, in this folder or that. */
  const ran = new Map<string, Promise<Run>>();
  const ranBySomebody = (args: readonly string[]): Promise<Run> => {
    const words = JSON.stringify(args);
    const variables = { BILLTRAIL_KEY: keys.get(args[args.indexOf('--data') + 1] ?? '') ?? '' };
    const run = ran.get(words) ?? billtrail.with(variables, ...args);
    ran.set(words, run);
    return run;
  };

  /** What is wrong with a command; null: nothing. */
  async function problemWith({ file, text }: Named): Promise<string | null> {
    const how: How = howToCheck(file, text, folders);
    switch (how.by) {
      case 'script':
        return scripts.includes(how.script) ? null : `package.json has no script ${how.script}`;
      case 'mention':
        return isCommand(how.args) ? null : `there is no command ${how.args.join(' ')}`;
      case 'parsing':
        return parsed(how.args).then(
          () => null,
          (error: Error) => error.message,
        );
      case 'refusal': {
        const { code, stderr } = await ranBySomebody(how.args);
        return code === 3 && stderr.startsWith(how.code) ? null : `exit code ${code}: ${stderr}`;
      }
      case 'running': {
        const { code, stderr } = await ranBySomebody(how.args);
        return code === 0 ? null : `exit code ${code}: ${stderr}`;
      }
      default:
        return unreachable(how);
    }
  }

  it('npm run demo: 57 planted gaps among 847 resolved tickets, all found and no others', () => {
    const { comparison, reconciliation } = made;
    expect(comparison).toEqual({ planted: 57, found: 57, missed: [], invented: [] });
    const { resolved, billed, covered, waiting, gap } = reconciliation.tickets;
    expect({ resolved, billedOrCovered: billed + covered, waiting, gap }).toEqual({
      resolved: 847,
      billedOrCovered: 790,
      waiting: 0,
      gap: 57,
    });
    expect(new Set(reconciliation.gaps.map(({ leak }) => leak))).toEqual(
      new Set(['unbilled time', 'contract mismatch', 'materials', 'scope creep']),
    );
    expect(reconciliation.imbalances).toEqual([]);
  });

  it.each(commands.map((one) => [one.text, one] as const))('%s', async (_text, one) => {
    expect(await problemWith(one)).toBeNull();
  });

  it('can be run from a clean clone: a page with commands in short says what they are short for', () => {
    const inShort = named.filter(({ file, text }) => file.endsWith('.md') && text.startsWith('billtrail '));
    const files = [...new Set(inShort.map(({ file }) => file))];
    expect(files.length).toBeGreaterThan(3);
    const unsaid = files.filter(
      (file) => !/`billtrail (.+)` is short for `npm run -s billtrail -- \1`/.test(textOf(file)),
    );
    expect(unsaid).toEqual([]);
  });

  it('are found on pages and in messages', () => {
    const files = new Set(named.map(({ file }) => file));
    expect([...files]).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/credit-notes.md',
        'apps/api/src/main.ts',
        'libs/command-line/src/session.ts',
      ]),
    );
    expect(commands.length).toBeGreaterThan(40);
  });

  it.each([
    ['`billtrail reconcile --ticket gap`', /unknown option '--ticket'/],
    ['```\nnpm run -s billtrail -- --data demo-data explain T-10002-E1 --why\n```', /unknown option '--why'/],
    ['`billtrail tickets list`', /unknown command 'tickets'/],
    ['`billtrail key new`', /--person/],
    ['`billtrail invoice show INV-999999`', /InvoiceNotFound/],
    ['`npm start -- --prt 3001`', /unknown option '--prt'/],
    ['`npm run prooof`', /package\.json has no script prooof/],
  ])('on a page that says %j would be noticed', async (page, problem) => {
    const [found] = commandsOfPage('docs/made-up.md', page);
    expect(await problemWith(found!)).toMatch(problem);
  });

  it('in a message would be noticed, where its sentence goes on and where it ends', async () => {
    const message = "refuse('X', 'No key.', `Make one: billtrail key make --role admin, or ask ${name}.`)";
    const [found] = commandsOfSource('libs/made-up.ts', message);
    expect(found?.text).toBe('billtrail key make --role admin');
    expect(await problemWith(found!)).toMatch(/unknown command 'make'|too many arguments/);
  });
});
