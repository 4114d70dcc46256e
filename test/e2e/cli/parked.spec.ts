import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storedNames } from '@billtrail/application';
import { SqliteEventStore, StoredNames } from '@billtrail/event-store';
import { Api, NOW } from '../kit.js';
import { MONTH, Story } from '../story.js';
import { billtrail, failureOf } from './cli.js';

/** Its author would clear the terminal of whoever reads it. */
const STORED_NAME = 'ticket-\u001b[2Jteleported';
/** One that no figure rests on, and those of acme: the ticket, and accounts of months. */
const STREAMS = [
  'teleporter-1',
  'ticket-INC-acme',
  ...Array.from({ length: 12 }, (_, n) => `account-acme-20${10 + n}-01`),
];
const LATER = new StoredNames([
  ...storedNames.types(),
  { type: 'TicketTeleported', storedName: STORED_NAME, schemaVersion: 1, personalFields: [] },
]);

describe('billtrail where an event of a newer version is in the log (G4)', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.open();
    const story = new Story(api);
    for (const clientId of ['acme', 'bolt'])
      await story
        .client(clientId)
        .contract(`${clientId}-tm`)
        .ticketInProgress(`INC-${clientId}`)
        .time(`te-${clientId}`, 70)
        .approveTime(`te-${clientId}`)
        .resolve()
        .told();
    const store = SqliteEventStore.open({ file: join(api.dataDir, 'events.db'), names: LATER, clock: () => NOW });
    for (const stream of STREAMS)
      await store.append({
        stream,
        expected: 'any',
        events: [{ type: 'TicketTeleported', data: { to: 'Mars' }, occurredAt: NOW }],
        actor: { id: 'later', role: 'support' },
        commandId: 'teleport',
        correlationId: 'later',
        causationId: null,
        fingerprint: 'teleport',
      });
    await store.close();
    await api.leaveToCommandLine();
  });
  afterAll(() => api.close());
  const run = (...args: readonly string[]) => billtrail('--data', api.dataDir, ...args);

  it('runs the invoices of all others, and names who is left out', async () => {
    const { code, stdout, stderr } = await run('--json', 'invoice', 'run', '--period', MONTH);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      invoices: [{ clientId: 'bolt' }],
      refused: [],
      notKnown: [{ clientId: 'acme', period: null }],
    });
    expect(stderr).toContain("Events of client acme can't be read or taken, so its figures are not shown: ");
    expect(stderr).toMatch(/^Events that no figure rests on can't be read: .*\(teleporter-1, /m);
    expect(stderr.match(/^Events (of|that) /gm)).toHaveLength(10);
    expect(stderr).toContain('and events of 4 more streams');
    expect(stderr).not.toContain('\u001b');
    const reconciled = await run('reconcile');
    expect(reconciled.stdout).toContain('Not in these figures, for not all is known of them: acme');
  });

  it('is healthy, and says how much it can not read', async () => {
    const { code, stdout } = await run('--json', 'health');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ready', log: null, vault: null, parked: { streams: 14 } });
    const { stdout: text } = await run('health');
    expect(text).toContain('a server that runs on this folder tells: GET /health/ready');
    expect(text).toContain("Can't be read or taken: events of 14 streams, the first at ");
  });

  it('refuses to explain what may be there, as it refuses what is not there', async () => {
    for (const id of ['te-acme', 'acme-tm@fee@support@2026-03-01']) {
      const refused = await run('--json', 'explain', id);
      expect(refused).toMatchObject({ code: 5, stdout: '' });
      expect(failureOf(refused)).toMatchObject({ code: 'NotKnown', details: { clientId: 'acme' } });
    }
    expect(await run('--json', 'explain', 'te-bolt')).toMatchObject({ code: 0 });
    expect(failureOf(await run('--json', 'explain', 'te-none'))).toMatchObject({ code: 'BillableItemNotFound' });
  });

  it('refuses what is asked of that client, with what to do', async () => {
    const refused = await run('--json', 'invoice', 'run', '--period', MONTH, '--client', 'acme');
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(failureOf(refused)).toMatchObject({ code: 'NotKnown', remedy: expect.stringContaining('newer') });
  });
});
