import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../temporary-folder.js';
import { built } from './built.js';
import { billtrail, failureOf, type Run } from './cli.js';

const COMMANDS = [
  'serve',
  'demo',
  'import',
  'audit',
  'config',
  'contract',
  'schema',
  'rate',
  'what-if',
  'sites',
  'milestones',
  'prepaid',
  'approve',
  'invoice',
  'reconcile',
  'sla',
  'timeline',
  'explain',
  'approvals',
  'health',
  'verify',
  'rebuild',
  'person',
  'key',
  'access',
  'clock',
  'adopt',
  'vault',
  'cluster',
];

describe('billtrail, before it touches a store', () => {
  const folder = temporaryFolder();
  let help: Run;
  beforeAll(async () => {
    help = await built('--help');
  });
  afterAll(() => folder.remove());

  it('teaches: every command with what it is for, the exit codes, and where to start', () => {
    expect(help.code).toBe(0);
    for (const command of COMMANDS) expect(help.stdout).toMatch(new RegExp(`^  ${command}\\b.*  \\w`, 'm'));
    for (const code of [0, 1, 2, 3, 4, 5]) expect(help.stdout).toMatch(new RegExp(`^  ${code}  \\w`, 'm'));
    expect(help.stdout).toContain('--data');
    expect(help.stdout).toContain('--json');
    expect(help.stdout).toMatch(/npm run -s billtrail -- demo/);
  });

  it('keeps its help in step with its commands', async () => {
    const listed = [...help.stdout.matchAll(/^  (\w[\w-]*)(?: \[.*?\])*(?: <.*?>)*  +\w/gm)].map(([, name]) => name);
    expect(listed.filter((name) => name !== 'help' && !/^\d$/.test(name ?? ''))).toEqual(COMMANDS);
  });

  it('documents the options of a command', async () => {
    const { code, stdout } = await billtrail('reconcile', '--help');
    expect(code).toBe(0);
    for (const option of ['--client', '--period', '--as-of', '--tickets', '--fail-on-gaps', '--data', '--json'])
      expect(stdout).toMatch(new RegExp(`${option}\\b.*  \\w`));
  });

  it('exit code 2 for a wrong command line, which is named, with where to look', async () => {
    const wrong = [
      [['nonsense'], 'nonsense'],
      [['rate', '--period', '2026-13'], '2026-13'],
      [['timeline', 'T1', '--up-to', 'soon'], 'soon'],
      [['timeline', 'T1', '--up-to', '12'], 'such as 912.3f0a96d1'],
    ] as const;
    const plain = await Promise.all(wrong.map(([args]) => billtrail(...args)));
    for (const [index, [, named]] of wrong.entries()) {
      expect(plain[index]).toMatchObject({ code: 2, stdout: '' });
      expect(plain[index]?.stderr).toContain(named);
      expect(plain[index]?.stderr).toContain('--help');
    }
    const json = await built('--json', 'key', 'new');
    expect(json).toMatchObject({ code: 2, stdout: '' });
    expect(failureOf(json)).toMatchObject({ code: 'BadUsage' });
    expect(failureOf(json).message).toMatch(/--(role|person)/);
  });

  it('exit code 5 for a data folder that is a file, without a stack trace', async () => {
    const file = join(folder.path, 'a-file');
    writeFileSync(file, 'no store');
    const runs = await Promise.all([
      billtrail('--data', file, 'verify'),
      billtrail('--data', join(file, 'below'), '--json', 'person', 'add', 'Ana Bell', '--role', 'admin'),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([5, 5]);
    expect(runs[0].stderr).toMatch(/^StoreMissing: .*a-file/);
    for (const { stdout, stderr } of runs) {
      expect(stdout).toBe('');
      expect(stderr).not.toMatch(/ at .*\(|\.ts:\d/);
    }
    expect(failureOf(runs[1])).toMatchObject({ code: 'StoreUnavailable', details: { problem: 'not-a-store' } });
  });

  it('exit code 2 for a data folder beside the address of a server, which has one of its own', async () => {
    const run = await billtrail('--url', 'http://127.0.0.1:1', '--data', folder.path, '--json', 'invoice', 'list');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(failureOf(run)).toMatchObject({ code: 'BadUsage', message: expect.stringMatching(/--url.*--data/) });
  });

  it('exit code 5 for settings of a log elsewhere, before the folder is looked at, and no demo is advised', async () => {
    const missing = join(folder.path, 'not-there');
    const failure = async (store: string) => {
      const setting = { BILLTRAIL_STORE: store, BILLTRAIL_VAULT_URL: 'folder' };
      const run = await billtrail.with(setting, '--data', missing, '--json', 'invoice', 'list');
      expect(run).toMatchObject({ code: 5, stdout: '' });
      expect(run.stderr).not.toMatch(/npm run demo|\n +at /);
      return failureOf(run);
    };
    expect((await failure('esdb://127.0.0.1:1?streamprefix=x')).message).toContain('no parameter streamprefix');
    expect(await failure('esdb://127.0.0.1:1?tls=false')).toMatchObject({ code: 'FolderMissing' });
    mkdirSync(missing);
    expect((await failure('esdb://127.0.0.1:1?tlsCAFile=/no/ca.crt')).message).toContain('tlsCAFile=/no/ca.crt');
  });

  it('exit code 5 for a file that is no store', async () => {
    const broken = temporaryFolder();
    writeFileSync(join(broken.path, 'events.db'), 'x'.repeat(20_000));
    const run = await built('--data', broken.path, '--json', 'verify');
    broken.remove();
    expect(run).toMatchObject({ code: 5, stdout: '' });
    expect(failureOf(run)).toMatchObject({ code: 'StoreUnavailable', details: { problem: 'not-a-store' } });
  });
});
