import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { storedNames } from '@billtrail/application';
import { SqliteEventStore, START } from '@billtrail/event-store';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';
import { temporaryFolder } from '../temporary-folder.js';
import { built } from './built.js';
import { billtrail, failureOf, type Run } from './cli.js';

interface Report {
  readonly findings: readonly { readonly position: number; readonly stream: string; readonly problem: string }[];
}

// The type says what the test expects to find in the answer.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
const jsonOf = <Answer>({ stdout }: Run) => JSON.parse(stdout) as Answer;

/** One data folder for all of it, told over HTTP: a ticket to bill, and one whose time nobody approved. */
describe('billtrail on a data folder', () => {
  let api: Api;
  let timeline: string;
  let run: (...args: readonly string[]) => Promise<Run>;
  /** As a shell runs it. */
  let runBuilt: (...args: readonly string[]) => Promise<Run>;
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1', 70)
      .approveTime('te-1')
      .resolve()
      .told();
    await story.client('beta').contract('beta-tm').ticketInProgress('INC2').time('te-2', 30).resolve().told();
    await api.leaveToCommandLine();
    run = (...args) => billtrail('--data', api.dataDir, ...args);
    runBuilt = (...args) => built('--data', api.dataDir, ...args);
  });
  afterAll(() => api.close());

  it('person add, key new, list, rotate and revoke: a key that the server knows until it is revoked, by its id', async () => {
    const added = await run('--json', 'person', 'add', 'Ana Bell', '--role', 'accounts', '--id', 'ana');
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(jsonOf(added)).toMatchObject({ personId: 'ana', role: 'accounts' });
    const made = await run('--json', 'key', 'new', '--role', 'accounts', '--person', 'ana', '--per-minute', '600');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { keyId: first } = jsonOf<{ keyId: string }>(made);
    const rotated = jsonOf<{ key: string; keyId: string }>(await run('--json', 'key', 'rotate', first));
    const { key, keyId } = rotated;
    const listed = async () =>
      jsonOf<{ keyId: string; revokedAt: string | null }[]>(await run('--json', 'key', 'list', '--person', 'ana')).find(
        (one) => one.keyId === keyId,
      );
    expect(await listed()).toEqual({
      keyId,
      personId: 'ana',
      role: 'accounts',
      scope: [],
      readOnly: false,
      ratePerMinute: 600,
      isFirst: false,
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      lastUsedAt: null,
      revokedAt: null,
    });
    const texts = [(await run('key', 'list')).stdout, (await run('person', 'list')).stdout];
    expect(texts[0]).toMatch(new RegExp(`${keyId} +[^(]+ \\(ana\\) +accounts +600 a minute`));
    expect(texts[1]).toMatch(/ana +Ana Bell +– +accounts/);
    await api.start();
    const ana = api.nobody(key);
    expect((await ana.get('/v1/reconciliation')).status).toBe(200);
    expect(await runBuilt('key', 'revoke', keyId)).toMatchObject({ code: 0, stdout: `The key ${keyId} is revoked.\n` });
    expect(await ana.get('/v1/reconciliation')).toMatchObject({
      status: 401,
      body: { code: 'NotSignedIn', detail: expect.stringContaining('was revoked') },
    });
    // Meanwhile the server may have recorded by its own clock, which is that of March.
    await api.leaveToCommandLine();
    expect((await run('key', 'revoke', keyId)).stdout).toContain('had been revoked already');
    expect((await listed())?.revokedAt).not.toBeNull();
    const unknown = await run('--json', 'key', 'revoke', 'nobodys');
    expect(unknown).toMatchObject({ code: 3, stdout: '' });
    expect(failureOf(unknown)).toMatchObject({ code: 'KeyUnknown', remedy: expect.stringContaining('key list') });
  });

  it('person add: of a folder that has nothing yet, by the account of the machine; then by the key of an admin alone', async () => {
    const fresh = temporaryFolder();
    const onIt = (...args: string[]) => billtrail.with({ BILLTRAIL_KEY: '' }, '--data', fresh.path, '--json', ...args);
    const ana = jsonOf<{ key: string; personId: string }>(await onIt('person', 'add', 'Ana Bell', '--role', 'admin'));
    expect(ana.personId).toBe('owner');
    const only = await billtrail.with(
      { BILLTRAIL_KEY: '' },
      '--data',
      fresh.path,
      'key',
      'new',
      '--person',
      'owner',
      '--role',
      'admin',
      '--key-only',
    );
    expect(only.stdout).toMatch(/^bt_[\w-]{43}\n$/);
    const ben = jsonOf<{ key: string; personId: string }>(await onIt('person', 'add', 'Ben Cole', '--role', 'support'));
    const as = (key: string, ...args: string[]) =>
      billtrail.with({ BILLTRAIL_KEY: key }, '--data', fresh.path, '--json', ...args);
    const refused = await as(ben.key, 'person', 'add', 'Eve', '--role', 'admin');
    expect([refused.code, failureOf(refused).code]).toEqual([3, 'NotAllowed']);
    expect((await as(`${ben.key}x`, 'key', 'list')).code).toBe(0);
    expect(failureOf(await as(`${ben.key}x`, 'key', 'revoke', 'x'))).toMatchObject({
      code: 'NotSignedIn',
      message: expect.stringContaining('BILLTRAIL_KEY'),
    });
    // The remedy of a key that signs nobody in works: it takes the variable away first.
    const { remedy } = failureOf(await as(`${ben.key}x`, 'key', 'revoke', 'x')) as { remedy: string };
    const [, made] = /unset BILLTRAIL_KEY\): billtrail (.*)$/.exec(remedy) ?? [];
    expect((await onIt(...made!.split(' '))).code).toBe(0);
    expect((await as(ana.key, 'person', 'change', ben.personId, '--role', 'operations')).code).toBe(0);
    const log = SqliteEventStore.open({ file: join(fresh.path, 'events.db'), names: storedNames });
    const who = (await log.readStream(`person-${ben.personId}`)).events.map(({ type, actor }) => [type, actor.id]);
    await log.close();
    expect(who).toEqual([
      ['PersonRegistered', expect.stringMatching(/^os:/)],
      ['KeyMade', expect.stringMatching(/^os:/)],
      ['PersonChanged', 'owner'],
    ]);
    fresh.remove();
  });

  it('access: who was refused and who read what is personal, also here, for an admin alone (Z8)', async () => {
    const fresh = temporaryFolder();
    const as = (key: string, ...args: string[]) =>
      billtrail.with({ BILLTRAIL_KEY: key }, '--data', fresh.path, '--json', ...args);
    const keyOf = async (...args: string[]) =>
      jsonOf<{ key: string; keyId: string }>(await as('', 'person', 'add', ...args));
    const ana = await keyOf('Ana Bell', '--role', 'admin');
    const ben = await keyOf('Ben Cole', '--role', 'support', '--id', 'ben');
    await as(ben.key, 'timeline', 'INC1');
    await as(`${ben.key}x`, 'invoice', 'show', 'INV-000001');
    for (const [key, code] of [
      ['', 'NotSignedIn'],
      [ben.key, 'NotAllowed'],
    ] as const) {
      const refused = await as(key, 'access');
      expect([refused.code, failureOf(refused).code]).toEqual([3, code]);
    }
    const told = await as(ana.key, 'access', '--kind', 'read', '--since', '2026-01-01T00:00:00Z');
    const account = expect.stringMatching(/^os:/);
    expect(
      jsonOf<{ what: string; personId: string; source: string }[]>(told).map(({ what, personId }) => [what, personId]),
    ).toEqual([
      ['billtrail access', 'owner'],
      ['billtrail access', 'ben'],
      ['billtrail access', account],
      ['billtrail invoice show INV-000001', account],
      ['billtrail timeline INC1', 'ben'],
      ['billtrail person add', account],
      ['billtrail person add', account],
    ]);
    expect(told.stdout).not.toMatch(/bt_|Ben/);
    expect(jsonOf(await as(ana.key, 'access', '--person', 'ben', '--limit', '1'))).toHaveLength(1);
    fresh.remove();
  });

  it('what is recorded is done by the person whose key it has, in its role, and nothing without one (Z9)', async () => {
    const fresh = temporaryFolder();
    const as = (key: string, ...args: string[]) =>
      billtrail.with({ BILLTRAIL_KEY: key }, '--data', fresh.path, '--json', ...args);
    const keyOf = async (...args: string[]) => jsonOf<{ key: string }>(await as('', ...args));
    const configuration = join(fresh.path, 'configuration.yaml');
    writeFileSync(
      configuration,
      (await billtrail('config', 'example')).stdout.replace(/^( *name:).*$/m, '$1 Blue Gum'),
    );
    const tickets = 'samples/servicenow/incident_event_log_sample.csv';
    const acts: readonly (readonly string[])[] = [
      ['config', 'publish', configuration],
      ['import', 'servicenow', tickets, '--time-zone', 'UTC'],
      ['approvals', 'withdraw', 'r1', '--reason', 'x'],
      ['approve'],
      ['access'],
    ];
    const ana = await keyOf('person', 'add', 'Ana Bell', '--role', 'admin');
    const ben = await keyOf('person', 'add', 'Ben Cole', '--role', 'support', '--id', 'ben');
    const reading = await keyOf('key', 'new', '--person', 'owner', '--role', 'admin', '--read-only');
    const log = () => SqliteEventStore.open({ file: join(fresh.path, 'events.db'), names: storedNames });
    const actors = async () => {
      const store = log();
      const { events } = await store.readAll({ after: START, limit: 10_000 });
      await store.close();
      return new Set(
        events
          .filter(({ stream }) => !/^(person|personid|key)-/.test(stream))
          .map(({ actor }) => `${actor.id}/${actor.role}`),
      );
    };
    for (const act of acts) {
      const { code, stderr } = await as('', ...act);
      expect([act[0], code, failureOf({ code, stderr, stdout: '' }).code]).toEqual([act[0], 3, 'NotSignedIn']);
      expect(stderr).toContain('export BILLTRAIL_KEY=');
    }
    expect(failureOf(await as(reading.key, 'config', 'publish', configuration)).code).toBe('KeyReadOnly');
    expect(failureOf(await as(ben.key, 'config', 'publish', configuration)).code).toBe('NotAllowed');
    expect(failureOf(await as(ben.key, ...acts[1]!)).code).toBe('NotAllowed');
    expect(await actors()).toEqual(new Set());
    expect(await as(ana.key, 'config', 'publish', configuration)).toMatchObject({ code: 0 });
    expect(await as(ana.key, 'import', 'servicenow', tickets, '--time-zone', 'UTC', '--no-rate')).toMatchObject({
      code: 0,
    });
    expect(await actors()).toEqual(new Set(['owner/admin', 'owner/system']));
    fresh.remove();
  });

  it('rate, explain: work by disposition, a price step by step', async () => {
    const [rated, explained] = await Promise.all([run('rate', '--client', 'acme'), run('explain', 'te-1')]);
    expect(rated.code).toBe(0);
    expect(rated.stdout).toMatch(/billable +1 +1 h 10 min +187\.50 AUD/);
    expect(rated.stdout).toContain('recorded work equals the sum of its dispositions');

    expect(explained.code).toBe(0);
    for (const part of ['te-1', 'acme-tm', '150.00', '1.25', '187.50']) expect(explained.stdout).toContain(part);
  });

  it('clock accept: an old log is read on any day, and written to once somebody vouches for the clock', async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, 'events.db');
    const then = SqliteEventStore.open({ file, names: storedNames, clock: () => '2020-01-01T00:00:00Z' });
    await then.append({
      stream: 'clock',
      expected: 'none',
      events: [{ type: 'ClockAccepted', data: { lastRecordedAt: null }, occurredAt: '2020-01-01T00:00:00Z' }],
      actor: { id: 'owner', role: 'admin' },
      commandId: 'first',
      correlationId: 'first',
      causationId: null,
      fingerprint: 'first',
    });
    await then.close();
    let key = '';
    const onIt = (...args: readonly string[]) => billtrail.with({ BILLTRAIL_KEY: key }, '--data', folder.path, ...args);
    key = (await onIt('person', 'add', 'Ana Bell', '--role', 'admin', '--key-only')).stdout.trim();
    const configuration = join(folder.path, 'configuration.yaml');
    writeFileSync(configuration, (await onIt('config', 'example')).stdout.replace(/^( *name:).*$/m, '$1 Blue Gum'));
    const publish = () => onIt('config', 'publish', configuration);

    expect(await onIt('reconcile')).toMatchObject({ code: 0 });
    const refused = await publish();
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toMatch(/ClockSuspect: .*2020-01-01T00:00:00Z/);
    expect(refused.stderr).toContain(`billtrail --data ${folder.path} clock accept`);

    const accepted = await onIt('--json', 'clock', 'accept');
    expect(jsonOf(accepted)).toMatchObject({ lastRecordedAt: '2020-01-01T00:00:00Z', by: 'owner' });
    expect(await publish()).toMatchObject({ code: 0, stderr: '' });
    expect(await onIt('reconcile')).toMatchObject({ code: 0, stderr: '' });
    folder.remove();
  });

  it('reconcile --fail-on-gaps: the answer on stdout, exit code 4 and why on stderr', async () => {
    const asOf = ['--as-of', '2026-03-21', '--fail-on-gaps'];
    const gaps = await runBuilt('--json', 'reconcile', ...asOf, '--tickets', 'gap');
    expect(gaps.code).toBe(4);
    expect(jsonOf(gaps)).toMatchObject({
      asOf: '2026-03-21',
      tickets: { resolved: 2, waiting: 1, gap: 1 },
      gaps: [{ kind: 'time-unapproved', gaps: 1, money: [{ amount: '75.00', currency: 'AUD' }] }],
      imbalances: [],
      ticketList: [{ ticketId: 'INC2', fate: 'gap' }],
    });
    expect(failureOf(gaps)).toMatchObject({ code: 'GapsFound' });
  });

  it('invoice run --issue: a numbered invoice; what can’t be billed is named and stops nobody else', async () => {
    const issued = await runBuilt('--json', 'invoice', 'run', '--period', MONTH, '--issue', '--date', '2026-03-31');
    expect(issued.code).toBe(0);
    expect(jsonOf(issued)).toMatchObject({
      invoices: [
        {
          clientId: 'acme',
          number: 'INV-000001',
          status: 'issued',
          issueDate: '2026-03-31',
          total: { amount: '206.25', currency: 'AUD' },
        },
      ],
      refused: [{ clientId: 'beta', refusal: { code: 'NothingToBill' } }],
    });
  });

  it('invoice show, timeline: the document, the whole story in order; an unknown ticket is refused', async () => {
    const [shown, told, read, missing] = await Promise.all([
      run('invoice', 'show', 'INV-000001'),
      run('--json', 'timeline', 'INC1'),
      run('timeline', 'INC1'),
      runBuilt('timeline', 'INC-none'),
    ]);
    expect(shown.code).toBe(0);
    for (const part of ['Tax Invoice INV-000001', '96 999 111 222', 'Client acme', '187.50', '18.75', '206.25'])
      expect(shown.stdout).toContain(part);

    const { entries, items } = jsonOf<{ entries: { type: string; position: string }[]; items: object[] }>(told);
    expect(entries[0]?.type).toBe('TicketRequested');
    expect(entries.map(({ type }) => type)).toEqual(expect.arrayContaining(['TimeEntryLogged', 'TicketResolved']));
    expect(items).toMatchObject([{ itemId: 'te-1', disposition: 'invoiced' }]);
    timeline = told.stdout;
    expect(read.stdout).toContain('Ticket INC1, as it happened, in the time of Australia/Sydney');
    const times = [...read.stdout.matchAll(/^\s*(\d{4}-\d\d-\d\d \d\d:\d\d) /gm)].map((match) => String(match[1]));
    expect(times.length).toBe(entries.length);
    expect(times).toEqual([...times].sort());

    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(/^TicketNotFound: .*INC-none/);
  });

  it('rebuild: the same read models again; one that is not there is bad input', async () => {
    const [rebuilt, unknown] = await Promise.all([run('--json', 'rebuild'), run('--json', 'rebuild', 'nonsense')]);
    expect(rebuilt.code).toBe(0);
    for (const model of jsonOf<object[]>(rebuilt)) expect(model).toMatchObject({ state: 'live', error: null });
    expect(unknown.code).toBe(2);
    expect(failureOf(unknown).remedy).toContain('billable-items');
    expect((await run('--json', 'timeline', 'INC1')).stdout).toBe(timeline);
  });

  it('verify: whole; and of a copy in which one event was changed, that event is named', async () => {
    const whole = await run('--json', 'verify');
    const { findings } = jsonOf<Report>(whole);
    expect({ code: whole.code, findings }).toEqual({ code: 0, findings: [] });

    const copy = temporaryFolder();
    cpSync(api.dataDir, copy.path, { recursive: true });
    const database = new Database(join(copy.path, 'events.db'));
    database.exec('DROP TRIGGER events_never_change');
    const { position } = database
      .prepare<[], { position: number }>(
        `SELECT position FROM events JOIN kinds USING (kind) WHERE stored_name LIKE '%time%logged%' ORDER BY position`,
      )
      .get()!;
    database.prepare(`UPDATE events SET data = replace(data, '70', '700') WHERE position = ?`).run(position);
    database.close();

    const [changed, cut] = await Promise.all([
      billtrail('--data', copy.path, '--json', 'verify'),
      run('--json', 'verify', '--head', 'f'.repeat(64)),
    ]);
    copy.remove();
    expect(changed.code).toBe(4);
    expect(jsonOf<Report>(changed).findings[0]).toMatchObject({ position, stream: 'ticket-INC1', problem: 'changed' });
    expect(failureOf(changed)).toMatchObject({ code: 'ChainBroken' });
    expect(cut.code).toBe(4);
    expect(jsonOf<Report>(cut).findings[0]).toMatchObject({ problem: 'truncated' });
  });
});
