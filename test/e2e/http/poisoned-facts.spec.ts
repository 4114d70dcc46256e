import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { storedNames } from '@billtrail/application';
import { Api, eventually, NOW } from '../kit.js';
import { openLog } from '../open-log.js';
import { MONTH, Story, timeEntry } from '../story.js';

describe('a fact that can not be rated (X1, X3)', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('bolt').contract('bolt-tm').ticketInProgress('INC3').time('te-3', 70).told();
    await story.client('acme').contract('acme-tm').ticketInProgress('INC2').told();
    await story
      .ticketInProgress('INC1')
      .time('te-1', 70)
      .approveTime('te-1')
      .resolve()
      .verification()
      .draft('inv-1')
      .told();
  });
  afterEach(() => api.close());

  /** Past the door, straight into the log. */
  async function poisoned(): Promise<void> {
    const { store, close } = await openLog(api.dataDir, NOW, storedNames);
    const data = { ...timeEntry('te-odd', 60), loggedBy: 'eng-1', minutes: -50 };
    await store.append({
      stream: 'ticket-INC2',
      expected: 'any',
      events: [{ type: 'TimeEntryLogged', data, occurredAt: NOW }],
      actor: { id: 'eng-1', role: 'support' },
      commandId: 'poison',
      correlationId: 'poison',
      causationId: null,
      fingerprint: 'poison',
    });
    await close();
  }
  interface Ready {
    readonly status: string;
    readonly parked: { readonly periods: number } | null;
  }
  const ready = (isParked: boolean) =>
    eventually(
      () => api.as('admin').get<Ready>('/health/ready'),
      ({ body }) => (body.parked !== null) === isParked,
    );
  const NOT_KNOWN = {
    status: 503,
    body: {
      code: 'NotKnown',
      details: { clientId: 'acme', period: MONTH, stream: 'ticket-INC2' },
      remedy: expect.stringContaining('void'),
    },
  };

  it('is refused by the id of what lies in the month, never told as what there is not', async () => {
    await poisoned();
    await ready(true);
    const fee = `acme-tm@fee@support@${MONTH}-01`;
    for (const path of [
      '/v1/billable-items/te-1',
      '/v1/billable-items/te-odd',
      `/v1/billable-items/te-1?clientId=acme&period=${MONTH}`,
      '/v1/billable-items/te-1/explanation',
      `/v1/charges/${fee}`,
      `/v1/charges/${fee}/explanation`,
    ])
      expect([path, await story.accounts.get(path)]).toMatchObject([path, NOT_KNOWN]);
    const { accounts } = story;
    const writtenOff = { reasonCode: 'goodwill', comment: 'Agreed' };
    expect(await accounts.post('/v1/billable-items/te-1/write-off', writtenOff)).toMatchObject(NOT_KNOWN);
    for (const named of [{ tickets: ['INC1'] }, { charges: [fee] }, { charges: ['te-1'] }])
      expect(await accounts.post('/v1/invoices', { clientId: 'bolt', period: MONTH, ...named })).toMatchObject(
        NOT_KNOWN,
      );
    expect((await accounts.get('/v1/billable-items/te-3')).status).toBe(200);
    for (const path of ['/v1/billable-items/none', `/v1/charges/bolt-tm@fee@support@${MONTH}-01`])
      expect((await accounts.get(path)).status).toBe(404);
  });

  it('parks one month: its draft is neither approved nor made, all else goes on, and voiding it over the door heals it', async () => {
    await poisoned();
    expect(await ready(true)).toMatchObject({ status: 200, body: { status: 'ready', parked: { periods: 1 } } });
    expect(await story.accounts.post('/v1/invoices/inv-1/approve', {})).toMatchObject(NOT_KNOWN);
    expect(await story.accounts.post('/v1/invoices', { clientId: 'acme', period: MONTH })).toMatchObject(NOT_KNOWN);
    expect(await story.accounts.get(`/v1/billable-items?clientId=acme&period=${MONTH}`)).toMatchObject(NOT_KNOWN);
    expect(await story.accounts.get('/v1/reconciliation')).toMatchObject({
      status: 200,
      body: { notKnown: [{ clientId: 'acme', period: MONTH }], imbalances: [] },
    });
    expect(await story.accounts.get('/v1/billable-items')).toMatchObject({
      status: 200,
      body: { items: [{ clientId: 'bolt' }] },
    });
    expect(await story.accounts.reads('/v1/parked-streams')).toMatchObject({
      items: [
        {
          stream: 'ticket-INC2',
          clients: ['acme'],
          period: MONTH,
          cause: expect.stringContaining('InvariantViolation'),
        },
      ],
    });
    expect(await story.support.post('/v1/tickets/INC2/time-entries/te-odd/void', { reason: 'A slip' })).toMatchObject({
      status: 200,
    });
    expect(await ready(false)).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect((await story.accounts.post('/v1/invoices/inv-1/approve', {})).status).toBe(200);
  });
});
