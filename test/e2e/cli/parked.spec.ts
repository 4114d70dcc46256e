import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storedNames } from '@billtrail/application';
import { SqliteEventStore, StoredNames } from '@billtrail/event-store';
import { Api, NOW } from '../kit.js';
import { MONTH, Story } from '../story.js';
import { billtrail, failureOf } from './cli.js';

const LATER = new StoredNames([
  ...storedNames.types(),
  { type: 'TicketTeleported', storedName: 'ticket-teleported', schemaVersion: 1, personalFields: [] },
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
    await store.append({
      stream: 'ticket-INC-acme',
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
    expect(JSON.parse(stdout)).toMatchObject({ invoices: [{ clientId: 'bolt' }], refused: [], notKnown: ['acme'] });
    expect(stderr).toContain('Not all of client acme is known');
    const reconciled = await run('reconcile');
    expect(reconciled.stdout).toContain('Not in these figures, for not all is known of them: acme');
  });

  it('refuses what is asked of that client, with what to do', async () => {
    const refused = await run('--json', 'invoice', 'run', '--period', MONTH, '--client', 'acme');
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(failureOf(refused)).toMatchObject({ code: 'NotKnown', remedy: expect.stringContaining('newer') });
  });
});
