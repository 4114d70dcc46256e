import { afterEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import {
  contractCommands as contracts,
  planIncrease,
  publishIncrease,
  type IncreaseAsked,
  type IncreasePlan,
} from '@billtrail/application';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const FROM = '2026-07-01';
const FEE = {
  id: 'fee',
  name: 'Support',
  basis: 'fixed',
  price: '500.00',
  billed: 'in-advance',
  taxCategory: 'GST',
} as const;

describe('an increase of prices over many contracts', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  const asked = (more: Partial<IncreaseAsked> = {}): IncreaseAsked => {
    return { percent: '4', from: FROM, roundTo: null, where: {}, month: MARCH, ...more };
  };
  async function plan(more: Partial<IncreaseAsked> = {}): Promise<IncreasePlan> {
    const planned = await planIncrease(msp.house.billtrail, asked(more));
    if (isRefusal(planned)) throw new Error(planned.message);
    return planned;
  }
  const publish = async (hash: string, more: Partial<IncreaseAsked> = {}) => {
    const done = await publishIncrease(msp.house.billtrail, { ...asked(more), hash }, (type, input) =>
      msp.house.send(type, input, { actor: ANNA }),
    );
    return isRefusal(done) ? done.code : { published: done.published, refused: done.refused.map(({ code }) => code) };
  };
  const told = ({ contracts: all }: IncreasePlan) => all.map(({ contractId, as, why }) => [contractId, as, why]);

  /** Two clients: 150.00 an hour with a fee of 500.00, and 200.00 an hour. */
  async function twoClients(): Promise<void> {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', { minimum: 0, increment: 1, besides: { recurringCharges: [FEE] } });
    await msp.signs('wattle', { hourly: '200.00', minimum: 0, increment: 1 });
    await (await msp.ticket('T1', 'bluegum')).time('W1', 120, DAY);
    await (await msp.ticket('T2', 'wattle')).time('W2', 60, DAY);
  }

  it('is not published where it waits for another person: it is told as waiting', async () => {
    await twoClients();
    const { hash } = await plan();
    const done = await publishIncrease(msp.house.billtrail, { ...asked(), hash }, (_type, input) =>
      Promise.resolve({
        version: 1,
        ...('contractId' in input && input.contractId === 'bluegum-1' && { waits: true }),
      }),
    );
    expect(done).toMatchObject({ published: ['wattle-1'], waiting: ['bluegum-1'], refused: [] });
  });

  it('shows by client what a month would cost, also where it is invoiced, and records nothing', async () => {
    await twoClients();
    await msp.bills('I1', 'bluegum', MARCH);
    const { clients, contracts: all } = await plan();
    // 2 h at 156.00 and 520.00 in place of 300.00 and 500.00; 208.00 in place of 200.00.
    expect(clients.map(({ clientId, before, after }) => [clientId, before.amount, after.amount])).toEqual([
      ['bluegum', '800.00', '832.00'],
      ['wattle', '200.00', '208.00'],
    ]);
    expect(all[0]?.prices.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['rateCard.labour[0].pricePerHour', '150.00', '156.00'],
      ['recurringCharges[fee].price', '500.00', '520.00'],
    ]);
    expect((await plan()).hash).toBe((await plan()).hash);
    expect(all.every(({ as, versionNumber }) => as === 'raised' && versionNumber === 1)).toBe(true);
  });

  it('publishes one version each, once, whatever is sent again', async () => {
    await twoClients();
    const { hash } = await plan();
    expect(await publish(hash)).toEqual({ published: ['bluegum-1', 'wattle-1'], refused: [] });
    expect(await publish(hash)).toEqual({ published: ['bluegum-1', 'wattle-1'], refused: [] });
    expect(told(await plan())).toEqual([
      ['bluegum-1', 'raised-before', null],
      ['wattle-1', 'raised-before', null],
    ]);
    expect(told(await plan({ percent: '5' }))[0]).toEqual([
      'bluegum-1',
      'left',
      'its prices were raised by 4 % from this day already',
    ]);
    const { terms } = (await plan()).contracts[0] ?? {};
    const fees = terms?.recurringCharges?.map((fee) => ({ ...fee, price: '546.00' }));
    const again = { contractId: 'bluegum-1', effectiveFrom: FROM, terms: { ...terms, recurringCharges: fees } };
    const tries = (ofVersion: number) =>
      msp.tries(contracts.PublishContractVersion, { ...again, increase: { percent: '5', ofVersion } });
    expect(await tries(2)).toBe('PricesIncreasedAlready');
    expect(await tries(1)).toBe('IncreaseOutdated');
  });

  it('raises the rest where part of it was raised from the day, and again what was given back', async () => {
    await twoClients();
    const fee = { where: { contractIds: ['bluegum-1'], terms: ['support'] } };
    const all = { where: { contractIds: ['bluegum-1'] } };
    const pricesOf = ({ contracts: planned }: IncreasePlan) =>
      planned[0]?.prices.map(({ path, after }) => [path, after]);
    expect(await publish((await plan(fee)).hash, fee)).toEqual({ published: ['bluegum-1'], refused: [] });
    expect(told(await plan(fee))).toEqual([['bluegum-1', 'raised-before', null]]);
    const rest = await plan(all);
    expect(pricesOf(rest)).toEqual([['rateCard.labour[0].pricePerHour', '156.00']]);
    expect(rest.contracts[0]?.left).toEqual([{ term: 'Support', why: 'raised by 4 % from this day already' }]);
    expect(await publish(rest.hash, all)).toEqual({ published: ['bluegum-1'], refused: [] });
    expect(told(await plan(all))).toEqual([['bluegum-1', 'raised-before', null]]);
    await msp.renegotiates('bluegum', { from: FROM, hourly: '150.00', minimum: 0, increment: 1 });
    expect(pricesOf(await plan(all))).toEqual([['rateCard.labour[0].pricePerHour', '156.00']]);
  });

  it('shows a fee of several months at its new price as a whole', async () => {
    msp = await Msp.opens('2026-02-02');
    const quarter = { ...FEE, price: '3000.00', everyMonths: 3 } as const;
    const seat = {
      id: 'seat',
      name: 'Seat',
      basis: 'per-user',
      countOf: 'user',
      price: '67.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    } as const;
    await msp.signs('bluegum', { from: '2026-01-01', besides: { recurringCharges: [quarter, seat] } });
    await msp.send(contracts.RecordCount, {
      contractId: 'bluegum-1',
      countOf: 'user',
      count: 10,
      from: '2026-01-01',
    });
    const ofJanuary = await plan({ percent: '10', month: '2026-01' });
    // A quarter of 3,000.00 and ten seats at 67.00; each raised by a tenth.
    expect(ofJanuary.clients.map(({ before, after }) => [before.amount, after.amount])).toEqual([
      ['3670.00', '4037.00'],
    ]);
    expect((await plan({ percent: '10', month: '2026-02' })).clients.map(({ after }) => after.amount)).toEqual([
      '737.00',
    ]);
  });

  it('goes on where a crash left it, with the hash that was seen', async () => {
    await twoClients();
    const { hash, contracts: all } = await plan();
    const [first] = all;
    await msp.send(contracts.PublishContractVersion, {
      contractId: 'bluegum-1',
      effectiveFrom: FROM,
      terms: first?.terms,
      increase: { percent: '4', ofVersion: 1 },
    });
    expect(await publish(hash)).toEqual({ published: ['bluegum-1', 'wattle-1'], refused: [] });
  });

  it('publishes nothing that was not seen', async () => {
    await twoClients();
    const { hash } = await plan();
    await msp.renegotiates('wattle', { from: '2026-04-01', hourly: '210.00' });
    expect(await publish(hash)).toBe('IncreaseChanged');
    expect(await publish((await plan()).hash)).toEqual({ published: ['bluegum-1', 'wattle-1'], refused: [] });
  });

  it('leaves contracts by name: ended, not begun, fixed by a promise, renewing; and tells of later versions and suspensions', async () => {
    await twoClients();
    await msp.signs('ended', {});
    await msp.send(contracts.TerminateContract, { contractId: 'ended-1', lastDay: '2026-06-30', reason: 'moved' });
    await msp.signs('begins', { from: '2026-09-01' });
    await msp.signs('fixed', { besides: { fixedPrices: { why: 'three years', until: '2026-07-01' } } });
    await msp.renegotiates('bluegum', { from: '2026-10-01', hourly: '170.00' });
    await msp.send(contracts.SuspendContract, { contractId: 'wattle-1', from: '2026-06-01', reason: 'moving house' });
    const planned = await plan();
    expect(told(planned)).toEqual([
      ['begins-1', 'left', 'it begins on 2026-09-01, at the prices that were agreed for it'],
      ['bluegum-1', 'raised', null],
      ['ended-1', 'left', 'it ends on 2026-06-30'],
      ['fixed-1', 'left', 'its prices are fixed until 2026-07-01: three years'],
      ['wattle-1', 'raised', null],
    ]);
    const of = (id: string) => planned.contracts.find(({ contractId }) => contractId === id);
    expect(of('bluegum-1')).toMatchObject({
      effectiveTo: '2026-09-30',
      notes: ['version 2 follows on 2026-10-01, and keeps the prices that it has'],
    });
    expect(of('wattle-1')?.notes).toEqual(['it is suspended on 2026-07-01']);
    expect(await publish(planned.hash)).toEqual({ published: ['bluegum-1', 'wattle-1'], refused: [] });
    expect(told(await plan({ from: '2026-07-02', where: { clientIds: ['fixed'] } }))).toEqual([
      ['fixed-1', 'raised', null],
    ]);
  });

  it('is about the contracts that are named', async () => {
    await twoClients();
    const ids = async (where: IncreaseAsked['where']) => {
      const planned = await planIncrease(msp.house.billtrail, asked({ where }));
      return isRefusal(planned) ? planned.code : planned.contracts.map(({ contractId }) => contractId);
    };
    expect(await ids({ clientIds: ['wattle'] })).toEqual(['wattle-1']);
    expect(await ids({ contractIds: ['bluegum-1'] })).toEqual(['bluegum-1']);
    expect(await ids({ priorities: [10] })).toEqual(['bluegum-1', 'wattle-1']);
    expect(await ids({ terms: ['support'] })).toEqual(['bluegum-1']);
    expect(await ids({ currencies: ['USD'] })).toBe('NoContractMeant');
  });
});
