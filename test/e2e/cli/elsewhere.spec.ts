import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CommandRoles } from '../../../apps/api/src/access/command-roles.js';
import { onlyHere } from '../../../libs/command-line/src/run-here.js';
import { createProgram } from '../../../libs/command-line/src/program.js';
import { ROUTES_OF_COMMANDS } from '../../../libs/command-line/src/routes-of-commands.js';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';
import { billtrail, failureOf, type Run } from './cli.js';

const CONTRACT = `
workTypes: [remote-support]
clients:
  - clientId: cove
    currency: AUD
    contracts:
      - contractId: cove-hours
        name: Hours
        effectiveFrom: 2026-01-01
        terms:
          coverage: [{ id: all, name: All, match: {}, outcome: billable }]
          rateCard:
            id: hourly
            name: Hourly
            currency: AUD
            labour: [{ workType: remote-support, engineerRole: null, pricePerHour: "100.00" }]
            minimumMinutes: 0
            incrementMinutes: 1
            roundingScope: entry
            materials: { pricing: list }
            expenses: { markupPercent: "0" }
            taxCategories: { time: GST, material: GST, expense: GST }
`;

/** All commands there are, by their words. */
function leavesOf(command: Command, before: readonly string[] = []): readonly string[] {
  return command.commands.length === 0
    ? [before.join(' ')]
    : command.commands.flatMap((child) => leavesOf(child, [...before, child.name()]));
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
const jsonOf = <Told>({ stdout }: Run) => JSON.parse(stdout) as Told;

describe('billtrail --url: a node does what is typed elsewhere', () => {
  let api: Api;
  let story: Story;
  let file: string;
  let key: string;
  const leaves = leavesOf(createProgram(true));
  /** With what each was run last. */
  const run = new Map<string, readonly string[]>();

  beforeAll(async () => {
    api = await Api.open();
    api.moveTo(new Date().toISOString());
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1').approveTime('te-1').told();
    await story.resolve().told();
    await story.client('beta').contract('beta-tm').ticketInProgress('INC2').time('te-2', 30).resolve().told();
    await story.client('cove').told();
    key = await api.keyOf('admin', 'owner');
    file = join(api.dataDir, 'contracts.yaml');
    writeFileSync(file, CONTRACT);
  });
  afterAll(() => api.close());

  const elsewhereAs = (asKey: string, ...args: readonly string[]) =>
    billtrail.with({ BILLTRAIL_KEY: asKey }, '--url', api.url, ...args);
  /** The same as the person who owns the place, and as a command of the list that is whole only when all were run. */
  const elsewhere = (words: string, ...args: readonly string[]) => {
    run.set(words, args);
    return elsewhereAs(key, ...words.split(' '), ...args);
  };
  /** On the folder of the server, while that runs. */
  const here = (...args: readonly string[]) => billtrail.with({ BILLTRAIL_KEY: key }, '--data', api.dataDir, ...args);
  const withoutStore = ({ code, stdout, stderr }: Run) => ({
    code,
    stdout: stdout.replaceAll(/billtrail --(?:url|data) \S+ /g, 'billtrail '),
    stderr: stderr.replaceAll(/billtrail --(?:url|data) \S+ /g, 'billtrail '),
  });
  const done = async (words: string, ...args: readonly string[]) => {
    const told = await elsewhere(words, ...args);
    expect({ words, code: told.code, stderr: told.stderr }).toEqual({ words, code: 0, stderr: '' });
    return told;
  };

  it('shows the same words, and refuses with the same, as on a data folder', async () => {
    const asked: readonly (readonly [words: string, ...args: string[]])[] = [
      ['config show'],
      ['config holidays'],
      ['contract check', file, '--store'],
      ['rate', '--client', 'acme', '--period', MONTH],
      ['what-if', '--client', 'acme', '--period', MONTH, '--contract', file],
      ['sites', 'acme'],
      ['milestones', 'acme-tm'],
      ['prepaid', 'acme'],
      ['invoice list'],
      ['invoice show', 'NOPE'],
      ['reconcile', '--period', MONTH],
      ['reconcile', '--period', MONTH, '--fail-on-gaps'],
      ['reconcile', '--period', '2026-13'],
      ['sla'],
      ['timeline', 'INC1'],
      ['timeline', 'NOPE'],
      ['explain', 'te-1', '--client', 'acme'],
      ['approvals list'],
      ['approvals show', 'NOPE'],
      ['approvals approve', 'NOPE', '--hash', 'a'.repeat(64)],
      ['invoice credit-notes', 'NOPE'],
      ['approvals delegations'],
      ['approvals delegate', 'NOPE', '--from', '2026-12-01', '--until', '2026-12-31', '--id', 'd-1'],
      ['approvals end-delegation', 'NOPE'],
      ['person list'],
    ];
    const codes = new Set<number | null>();
    for (const [words, ...args] of asked)
      for (const typed of words.startsWith('approvals') || words.startsWith('invoice')
        ? [args, [...args, '--json']]
        : [args]) {
        const there = await elsewhere(words, ...typed);
        // The commands that each names are of the store that was asked: nothing else differs.
        expect({ words, ...withoutStore(there) }).toEqual({
          words,
          ...withoutStore(await here(...words.split(' '), ...typed)),
        });
        codes.add(there.code);
      }
    expect(codes).toEqual(new Set([0, 2, 3]));
  });

  it('records what is sent, as the person whose key it is, with the files that are named', async () => {
    await done('contract activate', file);
    await done('contract uplift', '--percent', '4', '--from', '2027-07-01');
    const organisation = join(api.dataDir, 'organisation.json');
    writeFileSync(organisation, (await done('config show', '--json')).stdout);
    await done('config publish', organisation, '--dry-run');
    await done('approve', '--client', 'beta');
    const drafted = await done('invoice run', '--period', MONTH, '--client', 'acme', '--json');
    const { invoiceId, hash } = jsonOf<{ invoices: { invoiceId: string; hash: string }[] }>(drafted).invoices[0]!;
    await done('invoice show', invoiceId);
    await done('invoice discard', invoiceId, '--reason', 'again');
    const drafts = jsonOf<{ invoices: { invoiceId: string; hash: string }[] }>(
      await done('invoice run', '--period', MONTH, '--client', 'acme', '--json'),
    ).invoices;
    const again = jsonOf<{ invoices: { invoiceId: string; hash: string }[] }>(
      await elsewhere('invoice redraft', drafts[0]!.invoiceId, '--json'),
    ).invoices[0]!;
    expect(again.hash).toBe(hash);
    await done('invoice approve', again.invoiceId, '--hash', again.hash);
    const issued = jsonOf<{ number: string }>(await done('invoice issue', again.invoiceId, '--json'));
    expect(await story.accounts.reads(`/v1/invoices/${again.invoiceId}`)).toMatchObject({ number: issued.number });
    await done(
      'invoice credit',
      issued.number,
      '--item',
      'te-1',
      '--outcome',
      'bill-again',
      '--reason',
      'goodwill',
      '--comment',
      'Agreed',
    );
    await done('invoice credit-notes', issued.number);
    expect(
      await elsewhere('invoice give-credit', 'acme', MONTH, '--all', '--reason', 'goodwill', '--comment', 'x'),
    ).toMatchObject({ code: 3, stderr: expect.stringContaining('NothingOwed') });
    for (const end of ['refuse', 'withdraw'])
      expect(failureOf(await elsewhere(`approvals ${end}`, 'NOPE', '--reason', 'x', '--json'))).toMatchObject({
        code: 'ForgoingRequestUnknown',
      });
    expect((await done('access', '--kind', 'read')).stdout).toContain('billtrail invoice issue');
    expect((await done('health')).stdout).toMatch(/^Policies: run by (this|another) node/m);
    await done('clock accept');
    expect((await done('adopt', '--last', 'INV=5')).stdout).toContain('nothing to adopt');
  });

  it('ends with 6, there as here, where what was sent waits for another person, and says by which commands it goes on', async () => {
    // Somebody else registered her: the organisation is past its beginning.
    await api.billtrail.store.append({
      stream: 'person-bea',
      expected: 0,
      events: [
        {
          type: 'PersonRegistered',
          data: { personId: 'bea', roles: ['accounts'], clientId: null },
          occurredAt: api.billtrail.clock(),
        },
      ],
      actor: { id: 'ada', role: 'admin' },
      commandId: 'bea',
      correlationId: 'bea',
      causationId: null,
      fingerprint: 'bea',
    });
    const looser = join(api.dataDir, 'looser.json');
    const inForce = jsonOf<object>(await elsewhere('config show', '--json'));
    writeFileSync(looser, JSON.stringify({ ...inForce, secondPersonAbove: { amount: '900000.00', currency: 'AUD' } }));
    for (const publish of [() => elsewhere('config publish', looser), () => here('config', 'publish', looser)]) {
      const { code, stdout, stderr } = await publish();
      expect(code).toBe(6);
      expect(stderr).toContain('Recorded as a request: it has no effect until another person approves it');
      // As it is printed, with the store that was named before.
      const [, copied = ''] = /billtrail (--(?:url|data) \S+ approvals withdraw \S+) --reason TEXT/.exec(stdout) ?? [];
      const withdrawn = await billtrail.with({ BILLTRAIL_KEY: key }, ...copied.split(' '), '--reason', 'another one');
      expect({ copied, code: withdrawn.code }).toEqual({ copied, code: 0 });
      await elsewhere('approvals withdraw', copied.split(' ').at(-1) ?? '', '--reason', 'another one');
      expect(stdout).not.toContain('/v1/');
    }
    const asJson = await elsewhere('config publish', looser, '--json');
    expect(asJson).toMatchObject({ code: 6, stderr: '' });
    expect(JSON.parse(asJson.stdout)).toMatchObject({ published: false, waits: true });
    expect(jsonOf<object>(await elsewhere('config show', '--json'))).toEqual(inForce);
  });

  it('makes persons and keys, and never tells a key that it was not asked to', async () => {
    const { personId } = jsonOf<{ personId: string }>(
      await done('person add', 'Ana Bell', '--role', 'accounts', '--id', 'ana', '--json'),
    );
    await done('person change', personId, '--name', 'Ana Silva');
    const { keyId } = jsonOf<{ keyId: string }>(
      await done('key new', '--person', 'ana', '--role', 'accounts', '--json'),
    );
    const rotated = jsonOf<{ key: string; keyId: string }>(await done('key rotate', keyId, '--json'));
    expect(await elsewhereAs(rotated.key, 'invoice', 'list')).toMatchObject({ code: 0 });
    await done('key list');
    await done('key revoke', rotated.keyId);
    const refused = await elsewhereAs(rotated.key, 'invoice', 'list');
    expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^NotSignedIn: .*revoked/) });
    expect(refused.stderr).not.toContain(rotated.key);
  });

  it('refuses by name, with what to do, what works on a folder, or on what is there where it is typed', async () => {
    const args: Readonly<Record<string, readonly string[]>> = {
      import: ['servicenow', file],
      'vault merge': [file],
      audit: ['--tickets', file, '--map', file],
      'cluster init': ['--yes'],
      schema: ['contracts'],
    };
    const refusals = new Map<string, string[]>();
    for (const words of leaves.filter((each) => onlyHere(each) !== null)) {
      const refused = await elsewhere(words, ...(args[words] ?? []), '--json');
      expect({ words, code: refused.code, stdout: refused.stdout }).toEqual({ words, code: 3, stdout: '' });
      const { code } = failureOf(refused);
      refusals.set(code, [...(refusals.get(code) ?? []), words]);
    }
    expect([...refusals.keys()].toSorted()).toEqual(['NeedsFolder', 'NeedsTerminal']);
    expect(refusals.get('NeedsTerminal')?.toSorted()).toEqual(['audit', 'cluster init', 'config example', 'schema']);
  });

  it('was so looked at for every command there is', () => {
    expect([...run.keys()].toSorted()).toEqual([...leaves].toSorted());
    expect(Object.keys(ROUTES_OF_COMMANDS).toSorted()).toEqual(
      leaves.filter((words) => onlyHere(words) === null).toSorted(),
    );
  });

  it('has one effect under one key, however often it is sent', async () => {
    const sent = async (under: string, ...args: string[]) => {
      const headers = { 'idempotency-key': under };
      const body = { arguments: [...args, '--json'], files: [] };
      const told = await api
        .nobody(key)
        .post<{ exitCode: number; stdout: string; stderr: string }>('/v1/command-line', body, headers);
      return { ...told.body, head: String(await api.billtrail.store.head()) };
    };
    const prepared = ['approve', '--client', 'beta'];
    const first = await sent('once', ...prepared);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await sent('once', ...prepared)).toEqual(first);
    expect((await sent('again', ...prepared)).stdout).not.toBe(first.stdout);
    const added = ['person', 'add', 'Una Sole', '--role', 'support'];
    const { head } = await sent('una', ...added);
    const repeated = await sent('una', ...added);
    expect(repeated).toMatchObject({ exitCode: 3, head });
    expect(JSON.parse(repeated.stderr)).toMatchObject({ error: { code: 'KeyShownOnce' } });
    const persons = await api.billtrail.persons.persons();
    expect(persons.filter(({ name }) => name === 'Una Sole')).toHaveLength(1);
  });

  it('tells an error that nobody has foreseen to the log, and its caller only by which it is found there', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const broken = jest.spyOn(api.billtrail.models.invoices, 'list').mockRejectedValueOnce(new Error('of /srv/hidden'));
    const told = await elsewhereAs(key, 'invoice', 'list', '--json');
    expect(told).toMatchObject({ code: 1, stdout: '', stderr: expect.not.stringContaining('hidden') });
    const { code, remedy, details } = failureOf(told);
    expect({ code, remedy }).toEqual({
      code: 'InternalError',
      remedy: expect.stringContaining(String(details['correlationId'])),
    });
    expect(logged.mock.calls).toEqual([
      [expect.objectContaining({ ...details, error: expect.stringContaining('of /srv/hidden') })],
    ]);
    logged.mockRestore();
    broken.mockRestore();
  });

  describe('is for those who may use the route that does the same', () => {
    const post = (role: 'support' | 'client' | 'accounts', args: readonly string[], files: readonly object[] = []) =>
      api
        .as(role)
        .post<{ exitCode: number; stdout: string; stderr: string }>('/v1/command-line', { arguments: args, files });

    it('each command by its own', async () => {
      const roles = new CommandRoles(api.app.get(ModulesContainer, { strict: false }));
      const of = (role: 'support' | 'operations' | 'accounts') =>
        Object.keys(ROUTES_OF_COMMANDS).filter((words) => roles.refusal(words, role) === null);
      // Approving is open to whoever does it in the place of another; the command looks whether they do.
      const byDelegates = ['approve', 'approvals approve', 'approvals refuse'];
      expect(of('support')).toEqual(expect.arrayContaining(byDelegates));
      expect(of('support').filter((words) => !byDelegates.includes(words))).toEqual([
        'sites',
        'sla',
        'timeline',
        'approvals list',
        'approvals show',
        'approvals withdraw',
        'approvals end-delegation',
        'approvals delegations',
        'health',
      ]);
      expect(of('operations')).toEqual(expect.arrayContaining(['reconcile', 'approve', 'explain']));
      const kept = new Set(['invoice list', 'person list', 'access', 'clock accept', 'key new']);
      expect(of('operations').filter((words) => kept.has(words))).toEqual([]);
      expect(of('accounts').filter((words) => kept.has(words))).toEqual(['invoice list']);

      expect((await post('support', ['timeline', 'INC1'])).body).toMatchObject({ exitCode: 0 });
      const refused = await post('support', ['reconcile', '--json']);
      expect(refused.body).toMatchObject({ exitCode: 3, stdout: '' });
      expect(JSON.parse(refused.body.stderr)).toMatchObject({ error: { code: 'NotAllowed' } });
      expect(await post('client', ['timeline', 'INC1'])).toMatchObject({ status: 403 });
    });

    it('who was named to approve in the place of another approves, whatever their own role', async () => {
      const keyOf = async (person: string, role: string) => {
        await done('person add', person, '--role', role, '--id', person);
        const made = await done('key new', '--person', person, '--role', role, '--json');
        return jsonOf<{ key: string }>(made).key;
      };
      const ofOlga = await keyOf('olga', 'operations');
      const ofSven = await keyOf('sven', 'support');
      const DAY_MS = 86_400_000;
      const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
      const days = ['--from', day(0), '--until', day(30), '--id', 'd-olga'];
      const named = await elsewhereAs(ofOlga, 'approvals', 'delegate', 'sven', ...days);
      expect(named).toMatchObject({ code: 0, stderr: '' });

      const asked = ['approve', '--ticket', 'INC2', '--json'];
      expect(failureOf(await elsewhereAs(ofSven, ...asked)).code).toBe('NotAllowed');
      const listed = await elsewhereAs(ofSven, ...asked, '--in-place-of', 'olga');
      expect(jsonOf(listed)).toMatchObject({ state: 'prepared', inPlaceOf: 'olga' });
    });

    it('whose key only reads looks and records nothing', async () => {
      const { key: reads } = jsonOf<{ key: string }>(
        await elsewhereAs(key, 'key', 'new', '--person', 'ana', '--role', 'accounts', '--read-only', '--json'),
      );
      expect(await elsewhereAs(reads, 'invoice', 'list')).toMatchObject({ code: 0 });
      const refused = await elsewhereAs(reads, 'invoice', 'run', '--period', MONTH, '--client', 'beta', '--json');
      expect(failureOf(refused).code).toBe('KeyReadOnly');
    });

    it('whose key only reads records nothing by any command, an admin’s neither', async () => {
      await done('person add', 'Adam Hill', '--role', 'admin', '--id', 'adam');
      const ofAdam = ['--person', 'adam', '--role', 'admin', '--read-only', '--json'];
      const { key: reads } = jsonOf<{ key: string }>(await elsewhereAs(key, 'key', 'new', ...ofAdam));
      const kept = async () => [
        String(await api.billtrail.store.head()),
        (await api.billtrail.persons.persons()).map(({ personId, name, roles }) => [personId, name, roles]),
      ];
      const before = await kept();
      const answers: [words: string, code: string][] = [];
      for (const [words, args] of run) {
        if (!/^POST|^admin$/.test(ROUTES_OF_COMMANDS[words] ?? '')) continue;
        const typed = [...words.split(' '), ...args.filter((arg) => arg !== '--json'), '--json'];
        const told = await elsewhereAs(reads, ...typed);
        answers.push([words, told.code === 0 ? 'looked' : failureOf(told).code]);
      }
      expect(await kept()).toEqual(before);
      // They look, preview, or find nothing to do before they ask who it is.
      const looking = new Set([
        'contract check',
        'what-if',
        'contract uplift',
        'config publish',
        'invoice give-credit',
        'adopt',
      ]);
      expect(answers.filter(([words]) => looking.has(words))).toHaveLength(looking.size);
      expect(answers.filter(([words, code]) => !looking.has(words) && code !== 'KeyReadOnly')).toEqual([]);
    });

    it('and reads no file of the server, and writes none', async () => {
      const told = await post('accounts', ['contract', 'check', file, '--store', '--json']);
      expect(JSON.parse(told.body.stderr)).toMatchObject({ error: { code: 'FileUnreadable' } });
      const audit = await post('accounts', ['audit', '--tickets', file, '--map', file, '--csv', file, '--json']);
      expect(JSON.parse(audit.body.stderr)).toMatchObject({ error: { code: 'NeedsTerminal' } });
      const verify = await post('accounts', ['verify', '--data', api.dataDir, '--json']);
      expect(JSON.parse(verify.body.stderr)).toMatchObject({ error: { code: 'NeedsFolder' } });
    });
  });

  describe('says what is wrong with the server, and tells no key', () => {
    const to = async (url: string, asKey = 'bt_secret') => {
      const told = await billtrail.with({ BILLTRAIL_KEY: asKey }, '--url', url, '--json', 'invoice', 'list');
      expect(told.stdout).toBe('');
      expect(told.stderr).not.toMatch(/bt_secret|hunter2/);
      return { exit: told.code, ...failureOf(told) };
    };

    it.each([
      ['no address', 'billtrail.example.com', 2, 'BadUsage'],
      ['another protocol', 'ftp://127.0.0.1', 2, 'BadUsage'],
      ['a password in it', 'https://ana:hunter2@127.0.0.1', 2, 'BadUsage'],
      ['a port that nothing may be asked of', 'http://127.0.0.1:1', 5, 'NodeUnreachable'],
    ])('%s', async (_what, url, exit, code) => {
      expect(await to(url)).toMatchObject({ exit, code });
    });

    it('nobody there', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      expect(await to(`http://127.0.0.1:${port}`)).toMatchObject({ exit: 5, code: 'NodeUnreachable' });
    });

    it('waits for longer than a proxy, and sends again under the same key what may have been done', async () => {
      const patience = jest.spyOn(AbortSignal, 'timeout');
      const keys: unknown[] = [];
      const server = createServer((request, answer) => {
        keys.push(request.headers['idempotency-key']);
        if (keys.length === 1) answer.destroy();
        else answer.end(JSON.stringify({ exitCode: 0, stdout: 'done', stderr: '' }));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { code, remedy } = await to(url);
      const again = / (--again \S+):/.exec(remedy)?.[1]?.split(' ') ?? [];
      const typed = ['--url', url, 'invoice', 'list', ...again];
      expect(await billtrail.with({ BILLTRAIL_KEY: 'bt_x' }, ...typed)).toEqual({
        code: 0,
        stdout: 'done',
        stderr: '',
      });
      expect(code).toBe('OutcomeUnknown');
      expect(keys).toEqual([again[1], again[1]]);
      await billtrail.with({ BILLTRAIL_KEY: 'bt_x' }, '--url', url, 'invoice', 'list');
      expect(new Set(keys).size).toBe(2);
      server.close();
      const [, minutes] = /timeout server (\d+)m$/m.exec(readFileSync('docker/haproxy.cfg', 'utf8')) ?? [];
      expect(patience.mock.calls[0]?.[0]).toBeGreaterThan(Number(minutes) * 60_000);
      patience.mockRestore();
      expect(await billtrail('--again', 'k', 'invoice', 'list')).toMatchObject({ code: 2 });
    });

    it('no key, and one that is nobody’s', async () => {
      expect(await to(api.url, '')).toMatchObject({ exit: 3, code: 'NotSignedIn' });
      expect(await to(api.url)).toMatchObject({ exit: 3, code: 'NotSignedIn' });
    });

    it.each<[string, (answer: import('node:http').ServerResponse) => void, number, string]>([
      ['a proxy that answers for it', (answer) => answer.writeHead(502).end('<html>'), 5, 'NodeUnreachable'],
      [
        'one that sends the key elsewhere',
        (answer) => answer.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
        5,
        'NodeUnreachable',
      ],
      ['a connection that ends', (answer) => answer.destroy(), 5, 'OutcomeUnknown'],
      [
        'a server that ends',
        (answer) =>
          answer.writeHead(503).end(JSON.stringify({ code: 'ServerStopping', detail: 'It ends.', remedy: 'Again.' })),
        5,
        'ServerStopping',
      ],
    ])('%s', async (_what, answers, exit, code) => {
      const server = createServer((_request, answer) => answers(answer)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      expect(await to(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).toMatchObject({ exit, code });
      server.close();
    });
  });
});
