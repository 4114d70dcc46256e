import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, Money } from '@billtrail/kernel';
import type { ExplainedItem } from '../../item/billable-item.js';
import type { Draw } from '../../item/draw.js';
import { asInvoiced } from '../../testing/facts.js';
import { type ChargedLine, sumOf, takeOff } from '../charges/charge-lines.js';
import {
  allotment,
  block,
  contractWith,
  fee,
  itemOf,
  minutes,
  money,
  monthOf,
  overageAt,
  part,
  spent,
  versionsFrom,
  onInvoice,
} from '../../testing/charges.js';
import type { ContractFacts, WorkItem } from '../facts.js';
import { shareMinutes } from '../share-minutes.js';
import { isSameCarryOver } from '../../carry-over.js';
import { rateOnward } from '../../testing/rate-onward.js';
import type { CapUsed, CarriedOver } from './prepaid-facts.js';
import { prepaidKey } from './prepaid-amount.js';
import type { PricedPart } from '../items/priced-part.js';
import { charged, drawn, held } from '../../testing/steps.js';
import { itemIdOf } from '../../item/item-key.js';

const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04'] as const;
const RUNS = { numRuns: 200 };

interface Entry {
  readonly month: number;
  readonly day: number;
  readonly count: number;
}
const entry: fc.Arbitrary<Entry> = fc.record({
  month: fc.integer({ min: 0, max: 3 }),
  day: fc.integer({ min: 1, max: 28 }),
  count: fc.integer({ min: 0, max: 400 }),
});
/** Rounds of entries, in whatever order of days; after each, what is invoiced of which months. */
const history = fc.array(
  fc.record({ entries: fc.array(entry, { maxLength: 4 }), frozenMonths: fc.subarray([0, 1, 2, 3]) }),
  { minLength: 1, maxLength: 4 },
);

const dayOf = (month: string, day: number): string => `${month}-${String(day).padStart(2, '0')}`;
const supplies = fc
  .record({
    hours: fc.integer({ min: 1, max: 500 }),
    cents: fc.integer({ min: 1, max: 90_000 }),
    base: fc.integer({ min: 1, max: 400 }),
    rolls: fc.boolean(),
    purchase: fc.integer({ min: 1, max: 28 }),
    expiry: fc.option(fc.integer({ min: 1, max: 28 })),
    cap: fc.integer({ min: 0, max: 200_000 }),
  })
  .map(({ hours, cents, base, rolls, purchase, expiry, cap }) =>
    contractWith(
      {
        prepaid: { allotment: allotment({ base: minutes(base), rollOver: rolls ? 'one-period' : 'none' }) },
        caps: [
          {
            id: 'cap',
            name: 'Budget',
            scope: 'ticket',
            amount: new Decimal(cap).div(100).toFixed(2),
            above: 'write-down',
          },
        ],
      },
      {
        blocks: [
          block('h', minutes(hours), {
            purchasedOn: dayOf('2026-01', purchase),
            expiresOn: expiry === null ? null : dayOf('2026-03', expiry),
          }),
          block('m', money(new Decimal(cents).div(100).toFixed(2)), { purchasedOn: dayOf('2026-02', purchase) }),
        ],
      },
    ),
  );

interface Rated {
  readonly items: readonly ExplainedItem[];
  readonly parts: readonly PricedPart[];
  readonly carriedOver: CarriedOver;
}

/** The account of a client over four months: steps 6 and 7 of each, with freezing and back-dating. */
class Chain {
  readonly frozen = new Map<string, ExplainedItem[]>();
  readonly work = new Map<string, WorkItem[]>(MONTHS.map((month) => [month, []]));
  rated: readonly Rated[] = [];

  constructor(private readonly contract: ContractFacts) {}

  rateAll(): void {
    let carriedOver: CarriedOver | undefined;
    this.rated = MONTHS.map((month) => {
      const rated = this.rateOne(month, carriedOver);
      ({ carriedOver } = rated);
      return rated;
    });
  }

  rateOne(month: string, carriedOver: CarriedOver | undefined): Rated {
    const later = MONTHS.filter((one) => one > month).flatMap((one) => this.frozen.get(one) ?? []);
    const frozen = this.frozen.get(month) ?? [];
    const known = new Set(frozen.map((item) => item.workItemId));
    const given = monthOf(month, [this.contract], {
      // What is frozen is of live work: of voided work a cap is no longer met.
      work: frozen.map(({ workItemId, workDate }) => ({ ...spent(1, workDate), workItemId })),
      invoiced: asInvoiced(frozen),
      laterDraws: later.flatMap(({ draw }): Draw[] => (draw === undefined ? [] : [draw])),
      laterCaps: capsOf(later),
      ...(carriedOver === undefined ? {} : { carriedOver }),
    });
    const work = [...(this.work.get(month) ?? [])]
      .filter((one) => !known.has(one.workItemId))
      .sort((a, b) => (a.workDate < b.workDate ? -1 : a.workDate > b.workDate ? 1 : a.position - b.position));
    const { parts: afterDraws, balances } = drawn(
      work.map((one) => part(this.contract, one)),
      given,
      overageAt('180.00'),
    );
    const { parts, caps } = held(afterDraws, given);
    const items = parts.map((one, index) =>
      itemOf(one, itemIdOf({ workItemId: one.assessed.work.workItemId, role: 'part', number: index + 1 }), month),
    );
    return {
      items: [...frozen, ...items],
      parts,
      carriedOver: { balances, caps },
    };
  }

  freeze(index: number): void {
    const month = MONTHS[index];
    const rated = this.rated[index];
    if (month === undefined || rated === undefined) return;
    this.frozen.set(
      month,
      rated.items.filter((item) => item.disposition !== 'written-off'),
    );
    const gone = new Set(
      rated.items.filter((item) => item.disposition === 'written-off').map((item) => item.workItemId),
    );
    this.work.set(
      month,
      (this.work.get(month) ?? []).filter((one) => !gone.has(one.workItemId)),
    );
  }
}

function capsOf(items: readonly ExplainedItem[]): readonly CapUsed[] {
  const billed = Money.sum(
    items.flatMap(({ net, draw }) => (net === null || draw !== undefined ? [] : [Money.from(net)])),
    'AUD',
  );
  return billed.isZero() ? [] : [{ contractId: 'con-1', capId: 'cap', ticketId: 'T-1', billed: billed.toJSON() }];
}

/** Runs a history and checks the chain after each round. */
function live(contract: ContractFacts, rounds: typeof history extends fc.Arbitrary<infer T> ? T : never): Chain[] {
  const chain = new Chain(contract);
  let number = 0;
  const states: Chain[] = [];
  for (const { entries, frozenMonths } of rounds) {
    for (const { month, day, count } of entries) {
      const period = MONTHS[month] ?? '2026-01';
      number += 1;
      chain.work.get(period)?.push(spent(count, dayOf(period, day), number));
    }
    chain.rateAll();
    states.push(Object.assign(new Chain(contract), { rated: chain.rated }));
    for (const month of frozenMonths) chain.freeze(month);
    chain.rateAll();
    states.push(Object.assign(new Chain(contract), { rated: chain.rated }));
  }
  return states;
}

describe('laws of prepaid and caps, over chains of periods with back-dating and freezing', () => {
  it('no block and no allotment is ever over-drawn', () => {
    fc.assert(
      fc.property(supplies, history, (contract, rounds) => {
        const whole = new Map<string, Decimal>();
        for (const { blockId, amount } of contract.blocks ?? []) {
          const key = prepaidKey({ from: 'block', contractId: 'con-1', blockId });
          whole.set(key, new Decimal(amount.unit === 'minutes' ? amount.minutes : amount.money.amount));
        }
        const base = contract.versions[0]?.terms.prepaid?.allotment?.base;
        for (const { rated } of live(contract, rounds)) {
          const ofBlock = new Map<string, Decimal>();
          for (const { draw } of rated.flatMap(({ items }) => items)) {
            if (draw === undefined) continue;
            const amount = new Decimal(draw.amount.unit === 'minutes' ? draw.amount.minutes : draw.amount.money.amount);
            expect(amount.gt(0)).toBe(true);
            const key = prepaidKey(draw.source);
            ofBlock.set(key, (ofBlock.get(key) ?? new Decimal(0)).plus(amount));
          }
          for (const [key, amount] of ofBlock) {
            const limit = whole.get(key) ?? new Decimal(base?.unit === 'minutes' ? base.minutes : 0);
            expect(amount.lte(limit)).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  it('minutes are conserved: draws and overage, billed or above a cap, are the work', () => {
    fc.assert(
      fc.property(supplies, history, (contract, rounds) => {
        for (const { rated } of live(contract, rounds)) {
          for (const { parts } of rated) {
            const sums = new Map<string, { billable: number; actual: number; recorded: number }>();
            for (const { assessed, actualMinutes, billableMinutes, draw } of parts) {
              const { workItemId } = assessed.work;
              const sum = sums.get(workItemId) ?? { billable: 0, actual: 0, recorded: assessed.minutes };
              sum.billable += billableMinutes ?? 0;
              sum.actual += actualMinutes ?? 0;
              sums.set(workItemId, sum);
              if (draw?.amount.unit === 'minutes') expect(draw.amount.minutes).toBe(billableMinutes);
            }
            for (const { billable, actual, recorded } of sums.values()) {
              expect([billable, actual]).toEqual([recorded, recorded]);
            }
          }
        }
      }),
      RUNS,
    );
  });

  it('no roll-over is older than a period', () => {
    fc.assert(
      fc.property(supplies, history, (contract, rounds) => {
        for (const { rated } of live(contract, rounds)) {
          rated.forEach(({ items }, index) => {
            for (const { draw } of items) {
              if (draw?.source.from !== 'allotment') continue;
              expect([MONTHS[index], MONTHS[index - 1]]).toContain(draw.source.month);
            }
          });
        }
      }),
      RUNS,
    );
  });

  it('no cap on a ticket is exceeded over all periods', () => {
    fc.assert(
      fc.property(supplies, history, (contract, rounds) => {
        const limit = Money.of(contract.versions[0]?.terms.caps?.[0]?.amount ?? '0', 'AUD');
        for (const { rated } of live(contract, rounds)) {
          const billed = Money.sum(
            rated
              .flatMap(({ items }) => items)
              .flatMap(({ net, disposition }) =>
                net === null || disposition === 'written-off' ? [] : [Money.from(net)],
              ),
            'AUD',
          );
          expect(billed.compare(limit)).toBeLessThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  it('rating onward from a change gives what rating all periods gives, and stops where nothing more changes', () => {
    fc.assert(
      fc.property(supplies, fc.array(entry, { maxLength: 12 }), entry, (contract, entries, added) => {
        const chain = new Chain(contract);
        const add = ({ month, day, count }: Entry, number: number): void => {
          const period = MONTHS[month] ?? '2026-01';
          chain.work.get(period)?.push(spent(count, dayOf(period, day), number));
        };
        entries.forEach((one, index) => add(one, index + 1));
        chain.rateAll();
        const before = chain.rated;
        add(added, 99);
        const period = MONTHS[added.month] ?? '2026-01';
        const changed = chain.rateOne(period, before[added.month - 1]?.carriedOver);
        const later = MONTHS.map((month, index) => ({
          period: month,
          ratedWith: before[index - 1]?.carriedOver ?? null,
        }));
        const again = rateOnward({ period, carriedOver: changed.carriedOver }, later, (month, carriedIn) =>
          chain.rateOne(month, carriedIn),
        );
        chain.rateAll();
        expect(again.map((one) => one.period)).toEqual(MONTHS.slice(added.month + 1, added.month + 1 + again.length));
        MONTHS.forEach((month, index) => {
          const incremental =
            again.find((one) => one.period === month)?.result ?? (month === period ? changed : before[index]);
          expect(incremental?.items).toEqual(chain.rated[index]?.items);
        });
      }),
      RUNS,
    );
  });
});

describe('laws of charges', () => {
  const cents = fc.integer({ min: 0, max: 10_000_000 }).map((value) => new Decimal(value).div(100).toFixed(2));

  it('adjacent parts of a full period differ from the fee by at most half a cent each; a whole period is the fee', () => {
    fc.assert(
      fc.property(cents, fc.uniqueArray(fc.integer({ min: 2, max: 31 }), { maxLength: 6 }), (price, edges) => {
        const terms = { recurringCharges: [fee({ price })] };
        const starts = ['2026-01-01', ...edges.map((day) => dayOf('2026-03', day)).sort()];
        const contract = contractWith({}, versionsFrom(...starts.map((from) => [from, terms] as const)));
        const { charges } = charged(monthOf('2026-03', [contract]), []);
        expect(charges).toHaveLength(edges.length + 1);
        const sum = Money.sum(
          charges.map(({ net }) => Money.from(net)),
          'AUD',
        );
        const off = sum.minus(Money.of(price, 'AUD')).value.abs();
        expect(off.lte(new Decimal('0.005').times(charges.length))).toBe(true);
        if (charges.length === 1) expect(off.isZero()).toBe(true);
      }),
      RUNS,
    );
  });

  it('an amount is taken off lines whole, by largest remainder, and no line falls below zero', () => {
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 8 }), cents, (nets, amount) => {
        const lines = nets.map((net, index): ChargedLine => ({
          work: null,
          contractVersion: 1,
          taxCategory: `category ${index % 3}`,
          on: '2026-03-10',
          invoiceId: null,
          recipientId: 'cli-1',
          remaining: Money.of(net, 'AUD'),
          measured: Money.of(net, 'AUD'),
        }));
        const before = sumOf(lines, 'remaining', 'AUD');
        const shares = takeOff(lines, Money.of(amount, 'AUD'));
        const taken = Money.sum(
          shares.map((share) => share.taken),
          'AUD',
        );
        expect(taken.equals(before.compare(Money.of(amount, 'AUD')) < 0 ? before : Money.of(amount, 'AUD'))).toBe(true);
        expect(before.minus(taken).equals(sumOf(lines, 'remaining', 'AUD'))).toBe(true);
        for (const { remaining } of lines) expect(remaining.isNegative()).toBe(false);
      }),
      RUNS,
    );
  });

  it('minutes are shared whole, none more than a minute from its part', () => {
    const weights = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), weights, (whole, given) => {
        const shares = shareMinutes(whole, given);
        const total = given.reduce((sum, one) => sum + one, 0);
        expect(shares.reduce((sum, one) => sum + one, 0)).toBe(whole);
        if (total > 0) {
          shares.forEach((share, index) =>
            expect(Math.abs(share - (whole * (given[index] ?? 0)) / total)).toBeLessThan(1),
          );
        }
      }),
      RUNS,
    );
  });

  it('what is invoiced of charges stays quiet when the same facts come again', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 31 }), (price, count, day) => {
        const terms = { recurringCharges: [fee({ price, basis: 'per-user' as const, countOf: 'user' })] };
        const counts = [
          { countOf: 'user', count, from: '2026-01-01', eventId: 'ev-1' },
          { countOf: 'user', count: count + 1, from: dayOf('2026-03', day), eventId: 'ev-2' },
        ];
        const contract = contractWith(terms, { counts });
        const { charges } = charged(monthOf('2026-03', [contract]), []);
        const invoicedCharges = onInvoice(charges);
        const again = charged(monthOf('2026-03', [contract], { invoicedCharges }), []);
        expect(again.charges.map(({ disposition }) => disposition)).toEqual(charges.map(() => 'invoiced'));
        expect(again.gaps).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('the chain of periods', () => {
  const source = (blockId: string) => ({ from: 'block', contractId: 'con-1', blockId }) as const;
  const state = (left: number): CarriedOver => ({
    balances: [{ source: source('b'), left: minutes(left) }],
    caps: [],
  });

  it('tells equal states, whatever the order of balances', () => {
    const one = { source: source('a'), left: minutes(1) };
    const other = { source: source('b'), left: money('2.00') };
    expect(isSameCarryOver({ balances: [one, other], caps: [] }, { balances: [other, one], caps: [] })).toBe(true);
    expect(isSameCarryOver(state(1), state(2))).toBe(false);
    expect(isSameCarryOver(null, null)).toBe(true);
    expect(isSameCarryOver(null, { balances: [], caps: [] })).toBe(false);
  });

  it('rates later periods in order, leaves earlier ones, and stops at the first with the same carry-over', () => {
    const later = [
      { period: '2026-05', ratedWith: state(5) },
      { period: '2026-02', ratedWith: state(9) },
      { period: '2026-04', ratedWith: state(9) },
      { period: '2026-06', ratedWith: state(1) },
    ];
    const again = rateOnward({ period: '2026-03', carriedOver: state(8) }, later, (period) => ({
      carriedOver: state(period === '2026-04' ? 5 : 0),
    }));
    expect(again.map(({ period }) => period)).toEqual(['2026-04']);
  });

  it('rates a later period that was never rated', () => {
    const again = rateOnward(
      { period: '2026-03', carriedOver: state(8) },
      [{ period: '2026-04', ratedWith: null }],
      () => ({ carriedOver: state(8) }),
    );
    expect(again).toHaveLength(1);
  });
});
