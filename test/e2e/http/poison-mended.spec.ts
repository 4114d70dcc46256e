import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractEvent } from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';
import { Api, eventually, NOW, type Person } from '../kit.js';
import { openLog } from '../open-log.js';
import { MONTH, Story, TERMS, timeEntry } from '../story.js';

const FEES = {
  ...TERMS,
  recurringCharges: [
    { id: 'care', name: 'Care', basis: 'fixed', price: '99.00', billed: 'in-advance', taxCategory: 'GST' },
    {
      id: 'yearly',
      name: 'Licence',
      basis: 'fixed',
      price: '1200.00',
      everyMonths: 12,
      billed: 'in-advance',
      taxCategory: 'GST',
    },
  ],
};
const JANUARY = '2026-01-01';
const BLOCK = {
  contractId: 'acme-tm',
  blockId: 'B1',
  amount: { unit: 'minutes', minutes: 600 },
  purchasedOn: '9999-12-31',
  expiresOn: null,
  price: { net: { amount: '900.00', currency: 'AUD' }, taxCategory: 'GST' },
};

/** What no door lets in stands in the log; what the refusal says is done over the doors. */
describe('what parks a client or a month is mended as the refusal says (X1, X3)', () => {
  let api: Api;
  let story: Story;
  beforeEach(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('bolt').contract('bolt-tm').ticketInProgress('INC2').time('te-2').told();
    await story.client('acme').contract('acme-tm').ticketInProgress('INC1').time('te-1').approveTime('te-1').told();
  });
  afterEach(() => api.close());

  let told = 0;
  type Data = { readonly type: (ContractEvent | TicketEvent)['type']; readonly data: object; readonly at?: string };
  async function tell(stream: string, ...events: readonly Data[]): Promise<void> {
    const { store, close } = await openLog(api.dataDir, NOW);
    await store.append({
      stream,
      expected: 'any',
      events: events.map(({ type, data, at = NOW }) => ({ type, data, occurredAt: at })),
      actor: { id: 'accounts-1', role: 'accounts' },
      commandId: `poison-${++told}`,
      correlationId: 'poison',
      causationId: null,
      fingerprint: 'poison',
    });
    await close();
  }
  const version = (stated: object): Data => ({
    type: 'ContractVersionPublished',
    data: {
      contractId: 'acme-tm',
      versionNumber: 2,
      effectiveFrom: JANUARY,
      effectiveTo: null,
      terms: FEES,
      ...stated,
    },
  });

  async function person(personId: string): Promise<Person> {
    const admin = api.as('admin');
    await admin.does('/v1/persons', { personId, name: personId, roles: ['accounts'] });
    return api.nobody((await admin.does<{ key: string }>(`/v1/persons/${personId}/keys`, { role: 'accounts' })).key);
  }
  interface Requests {
    readonly items: readonly [{ readonly requestId: string; readonly hash: string }];
  }
  /** What nobody can state the value of waits for a second person, who finds it in the list and approves it. */
  async function mends(path: string, body: object, status: number): Promise<void> {
    const [anna, bea] = [await person('anna'), await person('bea')];
    expect(await anna.post(path, body)).toMatchObject({
      status,
      body: { repeated: false, warnings: [{ code: 'WaitsForSecondPerson' }] },
    });
    const { items } = await bea.reads<Requests>('/v1/approvals?mine=to-decide');
    expect(items).toMatchObject([{ act: 'back-date', value: null, waitsBecause: { because: 'value-not-stated' } }]);
    const [{ requestId, hash }] = items;
    const approve = `/v1/approvals/${requestId}/approve`;
    expect(await anna.post(approve, { hash })).toMatchObject({ status: 403, body: { code: 'OwnRequest' } });
    await bea.does(approve, { hash });
  }

  interface ParkedStreams {
    readonly items: readonly { readonly stream: string; readonly clients: readonly string[] }[];
  }
  const parked = async (isAny: boolean) => {
    const found = await eventually(
      () => story.accounts.reads<ParkedStreams>('/v1/parked-streams'),
      ({ items }) => items.length > 0 === isAny,
    );
    return [...new Set(found.items.flatMap(({ clients }) => clients))];
  };
  const draft = (clientId: string, invoiceId: string) =>
    story.accounts.post('/v1/invoices', { clientId, period: MONTH, invoiceId });

  async function isParked(clientId = 'acme'): Promise<void> {
    expect(await parked(true)).toEqual([clientId]);
    expect(await draft(clientId, 'refused')).toMatchObject({
      status: 503,
      body: { code: 'NotKnown', details: { clientId }, remedy: expect.stringContaining('withdraw') },
    });
    expect(await story.accounts.reads('/v1/reconciliation')).toMatchObject({
      notKnown: expect.arrayContaining([expect.objectContaining({ clientId })]),
      imbalances: [],
    });
    expect(await story.accounts.reads('/v1/billable-items?clientId=bolt')).toMatchObject({
      items: [{ itemId: 'te-2' }],
    });
  }
  async function isMended(lines: number, clientId = 'acme'): Promise<void> {
    expect(await parked(false)).toEqual([]);
    expect((await draft(clientId, 'mended')).status).toBe(201);
    expect(await story.accounts.reads('/v1/invoices/mended')).toMatchObject({ status: 'draft', lineCount: lines });
    expect(await story.accounts.reads('/v1/reconciliation')).toMatchObject({ imbalances: [] });
    await api.billtrail.models.rebuild();
    expect(await parked(false)).toEqual([]);
  }

  it.each([
    ['begins in the year 206', version({ effectiveFrom: '0206-01-01' })],
    ['has its days in no zone', version({ terms: { ...FEES, timeZone: 'Mars/Base' } })],
    [
      'charges a price that is none',
      version({ terms: { ...FEES, recurringCharges: [{ ...FEES.recurringCharges[0], price: 'much' }] } }),
    ],
  ])('X1: a version that %s, by publishing it anew as another one', async (_, wrong) => {
    await tell('contracts-acme', wrong);
    await isParked();
    await mends('/v1/contracts/acme-tm/versions', { effectiveFrom: JANUARY, terms: FEES }, 201);
    await isMended(2);
  });

  it('X1: a version to the year 9999 with a yearly fee stops nothing', async () => {
    await tell('contracts-acme', version({ effectiveTo: '9999-12-31' }));
    expect(await parked(false)).toEqual([]);
    await isMended(2);
  });

  it('X1: so is a version of a contract from before its client had one stream for all', async () => {
    await story.client('old').ticketInProgress('INC3').time('te-3').approveTime('te-3').told();
    const contract = { contractId: 'old-1', clientId: 'old', name: 'Support', priority: 10 };
    const ofOld = (stated: object): Data => version({ contractId: 'old-1', ...stated });
    await tell(
      'contract-old-1',
      { type: 'ContractActivated', data: contract },
      ofOld({ versionNumber: 1, terms: TERMS }),
    );
    await tell('contract-old-1', ofOld({ effectiveFrom: '0206-01-01' }));
    await isParked('old');
    await mends('/v1/contracts/old-1/versions', { effectiveFrom: JANUARY, terms: FEES }, 201);
    await isMended(2, 'old');
  });

  it('X3: a block bought in the year 9999, by its withdrawal', async () => {
    await tell('contracts-acme', { type: 'PrepaidBlockPurchased', data: BLOCK });
    await isParked();
    const back = { amount: BLOCK.amount, reason: 'A slip' };
    // What is left of it is not known, so that no part of it can go back.
    expect(await story.accounts.post('/v1/contracts/acme-tm/prepaid-blocks/B1/return', back)).toMatchObject({
      body: { code: 'NotKnown' },
    });
    await story.accounts.does('/v1/contracts/acme-tm/prepaid-blocks/B1/withdraw', { reason: 'A slip' });
    await isMended(1);
  });

  it('X3: a resolution in the year 0 stops nothing, and is made anew', async () => {
    const resolved = { resolution: 'It answers again', materials: 'none-used', scope: 'in-contract' } as const;
    const data = { from: 'in-progress', to: 'resolved', ...resolved };
    await tell('ticket-INC1', { type: 'TicketResolved', data, at: '0000-01-01T00:00:00Z' });
    expect(await parked(false)).toEqual([]);
    await story.operations.does('/v1/tickets/INC1/reopen', { reason: 'A slip' });
    await story.support.does('/v1/tickets/INC1/resolve', resolved);
    await isMended(1);
  });

  it('X3: a zone that there is not, by stating the details of the client anew', async () => {
    const details = { name: 'Client acme', currency: 'AUD', timeZone: 'Australia/Sydney' };
    const none = { clientId: 'acme', taxId: null, address: null, taxExemption: null };
    await tell('client-acme', {
      type: 'ClientDetailsChanged' as never,
      data: { ...none, ...details, timeZone: 'Mars/Base' },
    });
    await isParked();
    await mends('/v1/clients/acme/details', details, 200);
    await isMended(1);
  });

  it('X3: minutes below zero, by correcting the entry', async () => {
    const wrong = { ...timeEntry('te-odd'), startedAt: null, endedAt: null, minutes: -50, loggedBy: 'support-1' };
    await tell('ticket-INC1', { type: 'TimeEntryLogged', data: wrong });
    await isParked();
    const { timeEntryId: _id, ...stated } = timeEntry('te-odd', 50);
    await story.support.does('/v1/tickets/INC1/time-entries/te-odd/correct', { ...stated, reason: 'A slip' });
    await story.operations.does('/v1/tickets/INC1/time-entries/te-odd/approve', { version: 2 });
    await isMended(2);
  });
});
