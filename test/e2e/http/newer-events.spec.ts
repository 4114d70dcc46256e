import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { storedNames } from '@billtrail/application';
import { SqliteEventStore, StoredNames } from '@billtrail/event-store';
import { ReadModels } from '@billtrail/read-models';
import { Api, eventually, NOW } from '../kit.js';
import { Story } from '../story.js';

const LATER = new StoredNames([
  ...storedNames.types(),
  { type: 'TicketTeleported', storedName: 'ticket-teleported', schemaVersion: 1, personalFields: [] },
]);

describe('an event that a newer version recorded (G4)', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1', 70).told();
    await story.ticketInProgress('INC2').told();
  });
  afterEach(() => api.close());

  const later = () => SqliteEventStore.open({ file: join(api.dataDir, 'events.db'), names: LATER, clock: () => NOW });
  async function teleported(stream: string): Promise<void> {
    const store = later();
    await store.append({
      stream,
      expected: 'any',
      events: [{ type: 'TicketTeleported', data: { to: 'Mars' }, occurredAt: NOW }],
      actor: { id: 'later', role: 'support' },
      commandId: `teleport-${stream}`,
      correlationId: 'later',
      causationId: null,
    });
    await store.close();
  }
  type Ready = { readonly status: string; readonly readModels: readonly { readonly error: string | null }[] };

  it('leaves the server up: readiness names it, reads and what is decided on its stream are refused, other tickets go on', async () => {
    await teleported('ticket-INC1');
    const notReady = await eventually(
      () => api.as('admin').get<Ready>('/health/ready'),
      ({ status }) => status === 503,
    );
    expect(JSON.stringify(notReady.body.readModels)).toContain('ticket-teleported');
    expect(await story.support.post('/tickets/INC1/notes', { text: 'late' })).toMatchObject({
      status: 503,
      body: { code: 'NewerEvent', details: { stream: 'ticket-INC1' }, remedy: expect.stringContaining('newer') },
    });
    expect(await story.accounts.get('/billable-items')).toMatchObject({
      status: 503,
      body: { code: 'ReadModelsStopped' },
    });
    expect((await story.support.post('/tickets/INC2/notes', { text: 'on time' })).status).toBe(201);
    expect((await api.as('admin').get('/health/live')).status).toBe(200);
    // As ever where it is started again; a version that knows the event goes on from where they stopped.
    await api.restart();
    expect((await api.as('admin').get('/health/ready')).status).toBe(503);
    await api.stop();
    const store = later();
    const models = await ReadModels.open({ file: join(api.dataDir, 'read-models.db'), store });
    await models.catchUp();
    expect(models.status().map(({ state }) => state)).toEqual(models.status().map(() => 'live'));
    expect(models.position()).toBe(await store.head());
    await models.close();
    await store.close();
    await api.start();
  });

  it('of a kind that no read model reads changes nothing', async () => {
    await teleported('teleporter-1');
    const position = await api.billtrail.store.head();
    expect((await story.accounts.get(`/billable-items?atLeast=${position}`)).status).toBe(200);
    expect((await api.as('admin').get('/health/ready')).status).toBe(200);
  });
});
