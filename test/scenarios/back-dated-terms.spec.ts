import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { contractCommands as contracts, whatIfVersion } from '@billtrail/application';
import type { ContractTerms } from '@billtrail/contracts';
import { Msp, versionOf, type Terms } from './msp.js';
import { ANNA, BEA } from './people.js';

const MARCH = ['bluegum', '2026-03'] as const;
const DAY = '2026-03-10';
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const INCLUDED = { id: 'all', name: 'All work', match: {}, outcome: 'included' } as const;

interface Stated {
  readonly terms: ContractTerms;
}

/** Y1: 20 hours that were approved, of 3,000.00, and a contract that is changed for days that have passed. */
describe('a contract that is changed for days that have passed', () => {
  let msp: Msp;

  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', LIMIT);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1200, DAY);
    await msp.house.settle();
  });
  afterEach(() => msp.closes());

  const publishes = (terms: Terms, approvedBy?: typeof BEA) =>
    msp.tries(contracts.PublishContractVersion, { contractId: 'bluegum-1', ...versionOf(terms) }, {}, approvedBy);
  async function requests() {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({});
    return items.map(({ act, target, state, value, ticketId, period }) =>
      [act, target, state, value?.amount ?? 'not stated', ticketId, period].join(' '),
    );
  }
  const items = () => msp.items(...MARCH);
  const BILLABLE = ['W1 billable 20 h 3000.00 AUD'];

  it('waits where approved work would be free, and is in force once a second person has approved it', async () => {
    const free = { from: '2026-03-01', rules: [INCLUDED] };
    expect(await publishes(free)).toBe('waits');
    expect(await items()).toEqual(BILLABLE);
    expect(await requests()).toEqual(['back-date bluegum-1 waiting 3000.00 T1 2026-03']);
    const [request] = (await msp.house.billtrail.models.approvals.list({})).items;
    expect(isRefusal(await msp.house.approve(request?.requestId ?? '', BEA))).toBe(false);
    expect(await items()).toEqual(['W1 covered 20 h 0.00 AUD']);
    expect(await requests()).toEqual(['back-date bluegum-1 carried-out 3000.00 T1 2026-03']);
    const published = (await msp.house.events()).filter(({ type }) => type === 'ContractVersionPublished');
    expect(published).toHaveLength(2);
    const { requestedBy, requestId } = (await msp.house.billtrail.models.approvals.list({})).items[0]!;
    expect(published[1]).toMatchObject({
      actor: { id: requestedBy },
      causationId: requestId,
      data: { secondPerson: BEA.id },
    });
    // What the client agreed to names nobody for that.
    const [contract] = await msp.house.billtrail.models.billableItems.contractsOf('bluegum');
    expect(JSON.stringify(contract)).not.toContain('secondPerson');
  });

  it.each<[string, () => Promise<string>, string]>([
    ['a cheaper card', () => publishes({ from: '2026-03-01', hourly: '90.00' }), '1200.00'],
    [
      'a cap',
      () =>
        publishes({
          from: '2026-03-01',
          besides: { caps: [{ id: 'c', name: 'Most', scope: 'period', amount: '500.00', above: 'write-down' }] },
        }),
      '2500.00',
    ],
    [
      'another contract that is asked first',
      () =>
        msp.tries(contracts.ActivateContract, {
          contractId: 'free',
          clientId: 'bluegum',
          name: 'Free',
          priority: 1,
          ...versionOf({ from: '2026-03-01', rules: [INCLUDED] }),
        }),
      '3000.00',
    ],
    [
      'an end, after which the work has no price',
      () => msp.tries(contracts.TerminateContract, { contractId: 'bluegum-1', lastDay: '2026-03-05', reason: 'x' }),
      '3000.00',
    ],
    [
      'a rest, in which the work has no price',
      () => msp.tries(contracts.SuspendContract, { contractId: 'bluegum-1', from: '2026-03-01', reason: 'x' }),
      '3000.00',
    ],
    [
      'a block that costs nothing and pays for it',
      async () => {
        const prepaid = { ...INCLUDED, outcome: 'prepaid' } as const;
        expect(await publishes({ from: '2026-03-01', rules: [prepaid] })).toBe('accepted');
        const block = { contractId: 'bluegum-1', blockId: 'b', purchasedOn: '2026-03-01' };
        const hours = { unit: 'minutes', minutes: 6000 };
        return msp.tries(contracts.PurchasePrepaidBlock, { ...block, amount: hours, price: null });
      },
      '3000.00',
    ],
  ])('waits where it is %s', async (_what, changes, value) => {
    expect(await changes()).toBe('waits');
    const waiting = (await requests()).filter((request) => request.includes('waiting'));
    expect(waiting).toHaveLength(1);
    expect(waiting[0]).toContain(` ${value} `);
    expect(await items()).toEqual(BILLABLE);
  });

  describe('in one command with other changes', () => {
    const DESKS = { type: 'RecordCount', countOf: 'desks', count: 1, from: '2026-02-28' } as const;
    const SEATS = {
      id: 'seats',
      name: 'Seats',
      basis: 'per-user',
      countOf: 'user',
      price: '310.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    } as const;
    const FEE = {
      id: 'fee',
      name: 'Fee',
      basis: 'fixed',
      price: '9000.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    } as const;
    const users = (count: number) => ({ type: 'RecordCount', countOf: 'user', count, from: '2026-03-01' });
    const version = (terms: Terms) => ({ type: 'PublishContractVersion', effectiveTo: null, ...versionOf(terms) });
    const block = (price: string | null) => ({
      type: 'PurchasePrepaidBlock',
      blockId: `b-${price ?? 'free'}`,
      purchasedOn: '2026-03-01',
      expiresOn: null,
      amount: { unit: 'minutes', minutes: 6000 },
      price: price === null ? null : { net: { amount: price, currency: 'AUD' }, taxCategory: 'GST' },
    });
    const states = (...parts: readonly object[]) =>
      msp.tries(contracts.StateContract, {
        contractId: 'bluegum-1',
        parts: parts.map((part) => ({ contractId: 'bluegum-1', ...part })),
      });
    const waiting = async () => (await requests()).filter((request) => request.includes('waiting'));
    const PREPAID = { from: '2026-03-01', rules: [{ ...INCLUDED, outcome: 'prepaid' as const }] };

    it.each<[string, readonly object[], string]>([
      ['a block without a price', [block(null)], '3000.00'],
      ['a block without a price, and one that costs as much', [block(null), block('3000.00')], '3000.00'],
      ['a lower price', [version({ from: '2026-03-10', hourly: '1.00' })], '2980.00'],
      ['an end', [{ type: 'TerminateContract', lastDay: '2026-03-09', reason: 'x' }], '3000.00'],
      [
        'a lower price that is raised again',
        [version({ from: '2026-03-02', hourly: '90.00' }), version({ from: '2026-03-02', hourly: '151.00' })],
        '1200.00',
      ],
      [
        'a lower price in two steps',
        [version({ from: '2026-03-02', hourly: '90.00' }), version({ from: '2026-03-02', hourly: '30.00' })],
        '2400.00',
      ],
    ])('waits for what it would alone: a count, and %s', async (_what, parts, value) => {
      expect(await publishes(PREPAID)).toBe('accepted');
      expect(await states(DESKS, ...parts)).toBe('waits');
      expect(await waiting()).toEqual([`back-date bluegum-1 waiting ${value} T1 2026-03`]);
      expect(await items()).toEqual(BILLABLE);
    });

    it('sums what is charged beside the work, and asks about one thing alone under its own name', async () => {
      expect(await publishes({ from: '2026-03-01', besides: { recurringCharges: [SEATS] } })).toBe('accepted');
      expect(await states(users(20))).toBe('accepted');
      // 19 days of 31 have passed: ten users of 310.00 are 1,900.00 of them, and ten more that are counted then give nothing back.
      expect(await states(DESKS, users(10), users(20))).toBe('waits');
      expect(await states(DESKS, users(10), version({ from: '2026-03-10', hourly: '90.00' }))).toBe('waits');
      expect((await waiting()).map((one) => one.split(' ').slice(1, 4).join(' '))).toEqual([
        'bluegum-1/user waiting 1900.00',
        // 1,000.00 of ten users for ten days that the version drops, and 1,200.00 of the work.
        'bluegum-1 waiting 4100.00',
      ]);
    });

    it('takes nothing where a contract begins with its end', async () => {
      const begins = { type: 'ActivateContract', clientId: 'bluegum', name: 'Past', priority: 5 };
      const fees = { recurringCharges: [FEE] };
      const parts = [
        { ...begins, effectiveTo: '2025-12-31', ...versionOf({ from: '2025-01-01', besides: fees }) },
        { type: 'TerminateContract', lastDay: '2025-06-30', reason: 'x' },
      ].map((part) => ({ contractId: 'past', ...part }));
      expect(await msp.tries(contracts.StateContract, { contractId: 'past', parts })).toBe('accepted');
    });
  });

  it('is told beforehand, with what it would forgo, and that it would wait', async () => {
    const forgoes = async (effectiveFrom: string, hourly: string) => {
      const version = {
        contractId: 'bluegum-1',
        effectiveTo: null,
        ...(versionOf({ hourly }) as Stated),
        effectiveFrom,
      };
      const answer = await whatIfVersion(msp.house.billtrail, { clientId: 'bluegum', period: '2026-03', version });
      return isRefusal(answer) ? answer.code : answer.forgoes;
    };
    expect(await forgoes('2026-03-01', '90.00')).toEqual({
      money: { amount: '1200.00', currency: 'AUD' },
      waits: true,
    });
    expect(await forgoes('2026-03-01', '145.00')).toEqual({
      money: { amount: '100.00', currency: 'AUD' },
      waits: false,
    });
    expect(await forgoes('2026-03-01', '200.00')).toBeNull();
    expect(await forgoes('2026-03-22', '90.00')).toBeNull();
  });

  it('waits for nobody from tomorrow on, within the limit, nor where nothing is asked less', async () => {
    expect(await publishes({ from: '2026-04-01', rules: [INCLUDED] })).toBe('accepted');
    expect(await publishes({ from: '2026-03-02', hourly: '145.00' })).toBe('accepted');
    expect(await publishes({ from: '2026-03-03', hourly: '200.00' })).toBe('accepted');
    expect(await requests()).toEqual(['back-date bluegum-1 carried-out 100.00 T1 2026-03']);
  });

  it('waits for nobody where nobody has approved the work, or an invoice has it', async () => {
    const ticket = await msp.ticket('T2', 'bluegum');
    await msp.bills('I1', ...MARCH);
    await ticket.time('W2', 1200, DAY, { approved: false });
    await msp.house.settle();
    expect(await publishes({ from: '2026-03-01', rules: [INCLUDED] })).toBe('accepted');
    expect(await requests()).toEqual([]);
  });

  it('counts with what one person has forgone of the ticket by other acts', async () => {
    expect(await publishes({ from: '2026-03-02', hourly: '110.00' })).toBe('accepted');
    expect(await publishes({ from: '2026-03-03', hourly: '90.00' })).toBe('waits');
    expect(await requests()).toEqual([
      'back-date bluegum-1 carried-out 800.00 T1 2026-03',
      'back-date bluegum-1 waiting 400.00 T1 2026-03',
    ]);
    expect(
      await msp.tries(
        contracts.PublishContractVersion,
        { contractId: 'bluegum-1', ...versionOf({ from: '2026-03-04', hourly: '95.00' }) },
        { actor: ANNA },
      ),
    ).toBe('ForgoingRequestOpen');
    // What takes nothing is held up by nothing that waits.
    expect(await publishes({ from: '2026-03-04', hourly: '200.00' })).toBe('accepted');
    expect(await publishes({ from: '2026-04-01', hourly: '80.00' })).toBe('accepted');
  });
});
