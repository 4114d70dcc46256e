import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { storedNames } from '@billtrail/application';
import { StoredNames } from '@billtrail/event-store';
import { ReadModels } from '@billtrail/read-models';
import { Api, eventually, NOW } from '../kit.js';
import { openLog } from '../open-log.js';
import { MONTH, Story, timeEntry } from '../story.js';

const LATER = new StoredNames([
  ...storedNames.types(),
  { type: 'TicketTeleported', storedName: 'ticket-teleported', schemaVersion: 1, personalFields: [] },
]);

const NUMBER = {
  series: 'INV',
  number: 1,
  formatted: 'INV-0001',
  documentId: 'inv-other',
  accountStream: 'account-bolt-2026-02',
  kind: 'invoice',
  issueDate: '2026-03-01',
};

describe('an event that a newer version recorded (G4)', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1', 70).told();
    await story.ticketInProgress('INC2').told();
    await story.client('bolt').contract('bolt-tm').ticketInProgress('INC3').time('te-3', 70).told();
  });
  afterEach(() => api.close());

  const later = () => openLog(api.dataDir, NOW, LATER);
  async function teleported(stream: string): Promise<void> {
    const { store, close } = await later();
    await store.append({
      stream,
      expected: 'any',
      events: [{ type: 'TicketTeleported', data: { to: 'Mars' }, occurredAt: NOW }],
      actor: { id: 'later', role: 'support' },
      commandId: `teleport-${stream}`,
      correlationId: 'later',
      causationId: null,
      fingerprint: 'teleport',
    });
    await close();
  }
  interface Ready {
    readonly status: string;
    readonly parked: { readonly streams: number; readonly oldest: string; readonly cause: string } | null;
  }
  const parked = () =>
    eventually(
      () => api.as('admin').get<Ready>('/health/ready'),
      ({ body }) => body.parked !== null,
    );
  const NOT_KNOWN = {
    status: 503,
    body: {
      code: 'NotKnown',
      details: { clientId: 'acme', stream: 'ticket-INC1' },
      remedy: expect.stringContaining('newer'),
    },
  };

  it('parks its client: readiness names it, what is asked and decided of it is refused, and all others go on', async () => {
    await teleported('ticket-INC1');
    const ready = await parked();
    expect(ready).toMatchObject({
      status: 200,
      body: { status: 'ready', parked: { streams: 1, cause: expect.stringContaining('newer version') } },
    });
    // Nobody signed in for it.
    expect(JSON.stringify(ready.body)).not.toMatch(/acme|INC1/);
    expect(await story.accounts.get('/v1/parked-streams')).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            stream: 'ticket-INC1',
            clients: ['acme'],
            position: ready.body.parked?.oldest,
            cause: expect.stringContaining('"ticket-teleported"'),
          },
        ],
        nextCursor: null,
      },
    });
    expect(await story.support.post('/v1/tickets/INC1/notes', { text: 'late' })).toMatchObject({
      status: 503,
      body: { code: 'NewerEvent', details: { stream: 'ticket-INC1' }, remedy: expect.stringContaining('newer') },
    });
    expect(await story.accounts.get('/v1/billable-items?clientId=acme')).toMatchObject(NOT_KNOWN);
    expect(await story.accounts.get('/v1/tickets/INC1/timeline')).toMatchObject(NOT_KNOWN);
    expect(
      await story.accounts.post('/v1/invoices', { invoiceId: 'inv-1', clientId: 'acme', period: MONTH }),
    ).toMatchObject(NOT_KNOWN);
    expect((await story.support.post('/v1/tickets/INC2/notes', { text: 'on time' })).status).toBe(201);
    expect(await story.accounts.get('/v1/billable-items')).toMatchObject({
      status: 200,
      body: { items: [{ clientId: 'bolt' }], notKnown: [{ clientId: 'acme', period: null }] },
    });
    expect(await story.accounts.get('/v1/reconciliation')).toMatchObject({
      status: 200,
      body: { notKnown: [{ clientId: 'acme', period: null }] },
    });
  });

  it('leaves the recorded gaps of its client as they are, while those of others come and go', async () => {
    const entry = timeEntry('te-odd', 60, { workType: 'data-recovery' });
    const states = async () =>
      (await story.operations.readsAll<{ ticketId: string; kind: string; state: string }>('/v1/gaps'))
        .filter(({ kind }) => kind === 'unpriced')
        .map(({ ticketId, state }) => `${ticketId} ${state}`)
        .sort();
    const both = ['INC2', 'INC3'];
    for (const ticketId of both) await story.support.does(`/v1/tickets/${ticketId}/time-entries`, entry);
    await eventually(states, (found) => found.length === 2);
    const gaps = await story.operations.readsAll<{ ticketId: string; gapId: string }>('/v1/gaps');
    await teleported('ticket-INC1');
    await parked();
    const { timeEntryId: _, ...corrected } = timeEntry('te-odd', 60, { reason: 'It was remote support' });
    for (const ticketId of both)
      await story.support.does(`/v1/tickets/${ticketId}/time-entries/te-odd/correct`, corrected);
    expect(await eventually(states, (found) => found.includes('INC3 closed'))).toEqual(['INC3 closed']);
    const gapId = gaps.find(({ ticketId }) => ticketId === 'INC2')?.gapId;
    expect(await story.operations.get(`/v1/gaps/${gapId}`)).toMatchObject(NOT_KNOWN);
    expect(await story.operations.get('/v1/gaps?clientId=acme')).toMatchObject(NOT_KNOWN);
    expect(await story.operations.get('/v1/gaps')).toMatchObject({
      status: 200,
      body: { notKnown: [{ clientId: 'acme', period: null }] },
    });
    const accepted = { reasonCode: 'goodwill', comment: 'Told by phone' };
    expect(await story.operations.post(`/v1/gaps/${gapId}/accept`, accepted)).toMatchObject(NOT_KNOWN);
    // Who looks after it rests on no figure.
    expect((await story.operations.post(`/v1/gaps/${gapId}/assign`, { ownerId: 'ops-1' })).status).toBe(200);
  });

  it('is parked where the server is started again, and is told by a version that knows it', async () => {
    await teleported('ticket-INC1');
    await api.restart();
    await parked();
    expect(await api.as('accounts').get('/v1/billable-items?clientId=acme')).toMatchObject(NOT_KNOWN);
    await api.stop();
    const { store, close } = await later();
    const models = await ReadModels.open({ file: join(api.dataDir, 'read-models.db'), store });
    await models.catchUp();
    expect(models.known.parkedInShort()).toBeNull();
    expect((await models.billableItems.list({ clientId: 'acme' })).items).toHaveLength(1);
    await models.close();
    await close();
    await api.start();
  });

  it('on the configuration may concern anybody: nothing is told, and the server stays up', async () => {
    await teleported('configuration');
    await parked();
    expect(await story.accounts.reads('/v1/parked-streams')).toMatchObject({
      items: [{ stream: 'configuration', clients: [] }],
    });
    expect(await story.accounts.get('/v1/billable-items')).toMatchObject({ status: 503, body: { code: 'NotKnown' } });
    expect((await api.as('admin').get('/health/live')).status).toBe(200);
  });

  it('on the stream of numbers refuses to issue before anything is recorded of it', async () => {
    await story.approveTime('te-3').resolve().verification().draft('inv-3').approve().told();
    const { store, close } = await later();
    for (const type of ['TicketTeleported', 'DocumentNumberAssigned'])
      await store.append({
        stream: 'numbering-INV',
        expected: 'any',
        events: [{ type, data: type === 'TicketTeleported' ? {} : NUMBER, occurredAt: NOW }],
        actor: { id: 'later', role: 'support' },
        commandId: type,
        correlationId: 'later',
        causationId: null,
        fingerprint: 'teleport',
      });
    await close();
    const head = await api.billtrail.store.head();
    expect(await story.accounts.post('/v1/invoices/inv-3/issue', {})).toMatchObject({
      status: 503,
      body: { code: 'NewerEvent', details: { stream: 'numbering-INV' } },
    });
    expect(await api.billtrail.store.head()).toEqual(head);
  });

  it('of a kind that no read model reads is told, and parks nobody', async () => {
    await teleported('teleporter-1');
    const position = await api.billtrail.store.head();
    expect((await story.accounts.get(`/v1/billable-items?atLeast=${position}`)).status).toBe(200);
    expect((await api.as('admin').get<Ready>('/health/ready')).body.parked).toMatchObject({ streams: 1 });
    expect((await story.accounts.get<object>('/v1/reconciliation')).body).not.toHaveProperty('notKnown');
  });

  it('of keys lets nobody sign in, for it may have revoked one; the server stays up', async () => {
    expect((await story.accounts.get('/v1/reconciliation')).status).toBe(200);
    await teleported('access-somebody');
    const refused = await eventually(
      () => story.accounts.get('/v1/reconciliation'),
      ({ status }) => status === 503,
    );
    expect(refused.body).toMatchObject({ code: 'NewerEvent', details: { stream: 'access-somebody' } });
    expect(await api.nobody().get('/health/ready')).toMatchObject({
      status: 503,
      body: { vault: { cause: expect.stringContaining('ticket-teleported') } },
    });
    await api.restart();
    expect((await api.as('accounts').get('/v1/reconciliation')).status).toBe(503);
    expect((await api.nobody().get('/health/live')).status).toBe(200);
  });
});
