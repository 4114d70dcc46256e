import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Position, START } from '@billtrail/event-store';
import { Api, eventually } from '../kit.js';
import { MONTH, Story, TERMS, timeEntry } from '../story.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** An hour of prepaid work costs 150.00 beyond the blocks; a seat 20.00 a month in advance, a server 50.00 in arrears. */
const MANAGED = {
  ...TERMS,
  timeZone: 'Australia/Sydney',
  coverage: [{ id: 'prepaid', name: 'Prepaid hours', match: {}, outcome: 'prepaid' }],
  prepaid: {},
  recurringCharges: [
    {
      id: 'seats',
      name: 'Seats',
      basis: 'per-user',
      countOf: 'seat',
      price: '20.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    },
    { id: 'server', name: 'Server', basis: 'fixed', price: '50.00', billed: 'in-arrears', taxCategory: 'GST' },
  ],
};
const dearer = (pricePerHour: string) => ({
  ...TERMS,
  rateCard: { ...TERMS.rateCard, labour: [{ workType: 'remote-support', engineerRole: null, pricePerHour }] },
});

interface Item {
  readonly itemId: string;
  readonly disposition: string;
  readonly net: object | null;
  readonly unitPrice: object | null;
  readonly contractVersion: number;
}
interface Charge {
  readonly chargeItemId: string;
  readonly kind: string;
  readonly net: object;
  readonly quantity: string;
  readonly disposition: string;
  readonly invoiceId: string | null;
}
interface Tree {
  readonly step: string;
  readonly text: string;
  readonly story: readonly { readonly label: string; readonly text: string }[];
  readonly parts: readonly Tree[];
}
interface Gap {
  readonly kind: string;
  readonly state: string;
  readonly ending: string | null;
  readonly ticketId: string | null;
  readonly valueAtRisk: { readonly money: object | null };
  readonly charge: { readonly contractId: string; readonly chargeId: string } | null;
}

describe('a prepaid, managed client, over HTTP', () => {
  let api: Api;
  let story: Story;
  const month = (path: string) => `${path}?clientId=acme&period=${MONTH}`;
  const charges = () => story.accounts.readsAll<Charge>(month('/v1/charges'));

  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('acme').contract('acme-managed', MANAGED).told();
  });
  afterAll(() => api.close());

  const seats = 'acme-managed@fee@seats@2026-03-01';
  const gapOfSeats = async (fits: (gap: Gap) => boolean) =>
    (
      await eventually(
        () => story.accounts.readsAll<Gap>('/v1/gaps?kind=contract-mismatch&clientId=acme&period=2026-03'),
        (found) => found.some((gap) => gap.charge?.chargeId === seats && fits(gap)),
      )
    ).find((gap) => gap.charge?.chargeId === seats);

  it('a fee whose count nobody recorded is a gap, never zero; the count gives it its price', async () => {
    await story.ticketInProgress('INC1').time('te-1', 90).approveTime('te-1').resolve().told();
    expect(await gapOfSeats((gap) => gap.state === 'open')).toMatchObject({
      ticketId: null,
      charge: { contractId: 'acme-managed' },
      valueAtRisk: { money: null },
    });
    expect(await charges()).toMatchObject([{ chargeItemId: 'acme-managed@fee@server@2026-03-01' }]);

    const { position } = await story.operations.does('/v1/contracts/acme-managed/counts', {
      countOf: 'seat',
      count: 12,
      from: '2026-01-01',
    });
    const found = await story.accounts.readsAll<Charge>(`${month('/v1/charges')}&kind=recurring&atLeast=${position}`);
    expect(found).toMatchObject([
      {
        chargeItemId: seats,
        quantity: '12',
        net: aud('240.00'),
        disposition: 'billable',
      },
      { chargeItemId: 'acme-managed@fee@server@2026-03-01', quantity: '1', net: aud('50.00'), disposition: 'billable' },
    ]);
    // It is on no invoice yet, but now it is known what is missed.
    expect(await gapOfSeats((gap) => gap.valueAtRisk.money !== null)).toMatchObject({
      state: 'open',
      valueAtRisk: { money: aud('240.00') },
    });
  });

  it('a block is purchased back-dated, drawn down by the work, and its statement names the item', async () => {
    const before = await story.accounts.reads<{ items: Item[] }>('/v1/billable-items?ticketId=INC1');
    expect(before.items).toMatchObject([{ itemId: 'te-1', disposition: 'billable', net: aud('225.00') }]);
    const { position } = await story.accounts.does('/v1/contracts/acme-managed/prepaid-blocks', {
      blockId: 'b-1',
      amount: { unit: 'minutes', minutes: 60 },
      purchasedOn: '2026-03-01',
      expiresOn: '2026-12-31',
      price: { net: aud('120.00'), taxCategory: 'GST' },
    });
    const items = await story.accounts.readsAll<Item>(`/v1/billable-items?ticketId=INC1&atLeast=${position}`);
    expect(items).toMatchObject([
      { itemId: 'te-1@p1', disposition: 'covered', net: aud('0.00') },
      { itemId: 'te-1@p2', disposition: 'billable', net: aud('75.00') },
    ]);
    const [block] = await story.accounts.readsAll<object>('/v1/prepaid?clientId=acme');
    expect(block).toMatchObject({
      source: { from: 'block', contractId: 'acme-managed', blockId: 'b-1' },
      whole: { minutes: 60 },
      drawn: { minutes: 60 },
      left: { minutes: 0 },
      lastDay: '2026-12-31',
    });
    const statement = await story.accounts.readsAll<object>(
      '/v1/prepaid/statement?contractId=acme-managed&blockId=b-1',
    );
    expect(statement).toMatchObject([
      { draw: { itemId: 'te-1@p1', amount: { minutes: 60 } }, leftAfter: { minutes: 0 }, item: { ticketId: 'INC1' } },
    ]);
    const burnDown = await story.accounts.reads<object>('/v1/contracts/acme-managed/burn-down');
    expect(burnDown).toMatchObject({ asOf: '2026-03-20', blocks: [{ unit: 'minutes', left: { minutes: 0 } }] });
  });

  it('says what was at an earlier position: before the block there was no draw', async () => {
    const { events } = await api.billtrail.store.readStream('contracts-acme');
    const purchase = events.findIndex((event) => event.type === 'PrepaidBlockPurchased');
    const [before, purchased] = [Position.of(events[purchase - 1]!), Position.of(events[purchase]!)];
    const items = (upTo: Position) => story.accounts.readsAll<Item>(`/v1/billable-items?ticketId=INC1&upTo=${upTo}`);
    expect(await items(before)).toMatchObject([{ itemId: 'te-1', disposition: 'billable' }]);
    expect(await items(purchased)).toHaveLength(2);
    expect(await story.accounts.readsAll(`/v1/prepaid?clientId=acme&upTo=${before}`)).toEqual([]);
    const future = await story.accounts.get('/v1/charges?upTo=9000000000000000.00000000');
    expect(future).toMatchObject({ status: 409, body: { code: 'PositionUnknown' } });
  });

  it('explains an item and a charge as a tree', async () => {
    const item = await story.accounts.reads<Tree>('/v1/billable-items/te-1@p1/explanation');
    expect(item.step).toBe('item');
    expect(item.story.map(({ label }) => label)).toEqual(expect.arrayContaining(['Worked', 'Contract', 'Rule']));
    expect(item.parts.map((part) => part.step)).toEqual(
      expect.arrayContaining(['work', 'contract', 'coverage', 'prepaid']),
    );
    const charge = await story.accounts.reads<Tree>('/v1/charges/acme-managed@fee@seats@2026-03-01/explanation');
    expect(charge.parts[0]?.step).toBe('charge');
    expect(await story.accounts.get('/v1/charges/nothing/explanation')).toMatchObject({
      status: 404,
      body: { code: 'ChargeNotFound' },
    });
  });

  it('puts charges that are due, and the covered part of billed work, on the invoice; tax once on all', async () => {
    const { position } = await story.draft('inv-1').approve().issue().told();
    const invoice = await story.accounts.reads<object>(`/v1/invoices/inv-1?atLeast=${position}`);
    // 75.00 of work beyond the block, 240.00 of seats, 120.00 for the block; the server is billed in arrears.
    expect(invoice).toMatchObject({ status: 'issued', net: aud('435.00'), tax: aud('43.50'), total: aud('478.50') });
    const lines = await story.accounts.readsAll<Item>('/v1/invoices/inv-1/lines');
    expect(lines.map((line) => [line.itemId, line.net])).toEqual([
      ['te-1@p1', aud('0.00')],
      ['te-1@p2', aud('75.00')],
    ]);
    const onInvoice = await story.accounts.readsAll<Charge>('/v1/invoices/inv-1/charges');
    expect(new Set(onInvoice.map((charge) => charge.kind))).toEqual(new Set(['recurring', 'prepaid-block']));
    expect((await charges()).map((charge) => [charge.chargeItemId, charge.disposition, charge.invoiceId])).toEqual(
      expect.arrayContaining([
        ['acme-managed@fee@seats@2026-03-01', 'invoiced', 'inv-1'],
        ['acme-managed@fee@server@2026-03-01', 'billable', null],
      ]),
    );
    expect(await gapOfSeats((gap) => gap.state === 'closed')).toMatchObject({ ending: 'billed' });
    const again = await story.accounts.post('/v1/invoices', { clientId: 'acme', period: MONTH });
    expect(again).toMatchObject({ status: 409, body: { code: 'NothingToBill' } });
  });

  it('refuses what a contract may not do, by its code', async () => {
    const post = (path: string, body: object) => story.accounts.post(`/v1/contracts/acme-managed/${path}`, body);
    expect(await post('resume', { resumedOn: '2026-04-01' })).toMatchObject({ body: { code: 'ContractNotSuspended' } });
    expect(await post('prepaid-blocks/b-9/withdraw', { reason: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'PrepaidBlockUnknown' },
    });
    expect(await post('renew', { versionNumber: 9, effectiveTo: '2027-12-31' })).toMatchObject({
      status: 404,
      body: { code: 'VersionUnknown' },
    });
    expect(await post('renew', { versionNumber: 1 })).toMatchObject({ status: 400, body: { code: 'InvalidInput' } });
    expect(await post('counts', { countOf: 'seat', count: -1, from: '2026-01-01' })).toMatchObject({ status: 400 });
    expect(await story.accounts.get('/v1/prepaid/statement?contractId=acme-managed')).toMatchObject({
      status: 400,
      body: { code: 'InvalidInput' },
    });
  });
});

describe('prices that change, over HTTP', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1', 60)
      .approveTime('te-1')
      .resolve()
      .told();
  });
  afterAll(() => api.close());
  const item = async (position: string) =>
    (await story.accounts.readsAll<Item>(`/v1/billable-items?ticketId=INC1&atLeast=${position}`))[0];

  it('Accounts set the price of an entry, a correction of the entry ends it; support may not', async () => {
    const price = { pricePerHour: aud('95.00'), reason: 'agreed by phone' };
    const path = '/v1/tickets/INC1/time-entries/te-1/price';
    expect(await story.support.post(path, price)).toMatchObject({ status: 403 });
    expect(await story.accounts.post(path, { reason: 'agreed' })).toMatchObject({ status: 400 });
    const { position } = await story.accounts.does(path, price);
    expect(await item(position)).toMatchObject({ net: aud('95.00') });
    const withdrawn = await story.accounts.does(path, { pricePerHour: null, reason: 'agreed otherwise' });
    expect(await item(withdrawn.position)).toMatchObject({ net: aud('150.00') });

    await story.accounts.does(path, price);
    const { timeEntryId: _id, ...facts } = timeEntry('te-1', 60, { description: 'Mended the fault' });
    const corrected = await story.support.does('/v1/tickets/INC1/time-entries/te-1/correct', {
      ...facts,
      reason: 'text',
    });
    expect(await item(corrected.position)).toMatchObject({ net: aud('150.00') });
    await story.approveTime('te-1', 2).told();
  });

  it('what if: another version changes the items, and nothing is recorded', async () => {
    const versionOf = async (stream: string) => (await api.billtrail.store.readStream(stream)).version;
    const before = await versionOf('contracts-acme');
    const asked = {
      clientId: 'acme',
      period: MONTH,
      contractId: 'acme-tm',
      effectiveFrom: '2026-03-01',
      terms: dearer('160.00'),
    };
    const answer = await story.accounts.post<object>('/v1/what-if', asked);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        differences: [{ itemId: 'te-1', kind: 'changed', net: aud('10.00') }],
        totals: { before: aud('150.00'), after: aud('160.00') },
        net: aud('10.00'),
      },
    });
    expect(await versionOf('contracts-acme')).toBe(before);
    expect(await item(String(START))).toMatchObject({ net: aud('150.00'), contractVersion: 1 });
    const refused = await story.accounts.post('/v1/what-if', { ...asked, terms: { coverage: [], rateCard: {} } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'ContractMalformed' } });
    expect(await story.accounts.post('/v1/what-if', { ...asked, clientId: 'nobody' })).toMatchObject({ status: 404 });
    expect(await story.accounts.post('/v1/what-if', { ...asked, surprise: 1 })).toMatchObject({ status: 400 });
  });

  it('a back-dated version leaves the issued invoice as it is, and tells what it would have changed on it', async () => {
    await story.draft('inv-1').approve().issue().told();
    const { position } = await story.accounts.does('/v1/contracts/acme-tm/versions', {
      effectiveFrom: '2026-03-01',
      terms: dearer('170.00'),
    });
    expect(await item(position)).toMatchObject({ disposition: 'invoiced', net: aud('150.00'), contractVersion: 1 });
    const report = await story.accounts.reads<object>('/v1/contracts/acme-tm/back-dating');
    expect(report).toMatchObject({
      clientId: 'acme',
      versionNumber: 2,
      effectiveFrom: '2026-03-01',
      net: aud('20.00'),
      periods: [{ period: MONTH, differences: [{ itemId: 'te-1', net: aud('20.00') }] }],
    });
    const unknown = await story.accounts.get('/v1/contracts/acme-tm/back-dating?versionNumber=9');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'VersionNotFound' } });
  });

  it('checks contracts without recording them: problems with their paths, and work that would have no price', async () => {
    const contract = { contractId: 'k-1', name: 'K', priority: 1, effectiveFrom: '2026-01-01', terms: TERMS };
    const file = (terms: object) => ({
      clients: [{ clientId: 'acme', currency: 'AUD', contracts: [{ ...contract, terms }] }],
    });
    const sound = await story.accounts.post<{ isSound: boolean; clients: { unpriced: object[] }[] }>(
      '/v1/contracts/check',
      file(TERMS),
    );
    expect(sound).toMatchObject({ status: 200, body: { isSound: true, problems: [] } });
    // Only remote support has a rate.
    expect(sound.body.clients[0]?.unpriced).toMatchObject([{ outcome: { as: 'unpriced', reason: 'no-rate' } }]);
    const broken = await story.accounts.post<object>('/v1/contracts/check', file({ ...TERMS, coverage: [] }));
    expect(broken).toMatchObject({
      status: 200,
      body: { isSound: false, problems: [{ path: 'clients[0].contracts[0].terms.coverage' }] },
    });
  });
});
