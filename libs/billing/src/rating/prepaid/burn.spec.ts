import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Burn, ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import { rateExplained as rate } from '../../rate.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../../testing/facts.js';
import { block, minutes, money } from '../../testing/charges.js';
import type { ContractFacts, RatingResult, WorkItem } from '../facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const DOUBLE: Partial<RateCard> = {
  rateClassMultipliers: [
    { rateClass: 'weekend', multiplier: '2' },
    { rateClass: 'after-hours', multiplier: '1.5' },
  ],
  workTypes: [{ workType: 'remote', mode: 'multiplier', multiplier: '1.25' }],
};
const BY_MULTIPLIER: Burn = { by: 'multiplier' };
const weights = (...list: Extract<Burn, { by: 'weights' }>['weights']): Burn => ({ by: 'weights', weights: list });

type Blocks = NonNullable<ContractFacts['blocks']>;
const termsOf = (burn: Burn | undefined, card: Partial<RateCard> = DOUBLE): ContractTerms => ({
  ...terms(card, [PREPAID]),
  prepaid: burn === undefined ? {} : { burn },
});
const under = (
  burn: Burn | undefined,
  blocks: Blocks,
  card: Partial<RateCard> = DOUBLE,
): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: termsOf(burn, card), blocks })],
});
const work = (many: number, rateClass: string | null = 'weekend', changes = {}): WorkItem =>
  time({ minutes: many, rateClass, ...changes });
const drawnText = ({ items }: RatingResult): readonly string[] =>
  items.map(({ itemId, billableMinutes, net, draw }) => {
    const drawn = draw?.amount.unit === 'minutes' ? `${draw.amount.minutes} of ${nameOf(draw.source)}` : 'asked';
    return `${itemId}: ${billableMinutes} min, ${drawn}, ${net?.amount}`;
  });
const nameOf = (source: { readonly from: string; readonly blockId?: string }): string => source.blockId ?? source.from;
const left = ({ carriedOver }: RatingResult): readonly unknown[] =>
  carriedOver.balances.map((one) => (one.left.unit === 'minutes' ? one.left.minutes : one.left.money.amount));
const rated = (some: readonly WorkItem[], account: Partial<ClientPeriodFacts>) => rate(facts(some, account));

describe('weighted burn of prepaid hours', () => {
  it('two hours at double time draw four hours of the block, and are two hours on the line', () => {
    const result = rated([work(120)], under(BY_MULTIPLIER, [block('b', minutes(600))]));
    expect(drawnText(result)).toEqual(['w-1: 120 min, 240 of b, 0.00']);
    expect(left(result)).toEqual([360]);
    const [item] = result.items;
    expect(item?.quantity).toBe('2');
    expect(item?.draw?.weight).toBe('2');
    // 2 h x 150.00 x 2.
    expect(item?.standardValue).toEqual({ amount: '600.00', currency: 'AUD' });
    expect(item?.description).toBe('Worked on the printer (120 min x 2 = 240 min drawn)');
    expect(item?.trace.at(-1)?.text).toBe('120 min x 2 = 240 min drawn on block b: 360 min left');
    expect(item?.trace.at(-1)?.facts).toMatchObject({ weight: '2', minutes: 120, drawn: '240', left: '360' });
  });

  it.each([
    ['of rate class and work type the larger wins', 'after-hours', 'remote', '1.5'],
    ['a class without a multiplier leaves that of the work type', 'business', 'remote', '1.25'],
    ['nothing is laid on it', 'business', 'onsite', undefined],
  ])('by multiplier: %s', (_, rateClass, workType, expected) => {
    const result = rated([work(60, rateClass, { workType })], under(BY_MULTIPLIER, [block('b', minutes(600))]));
    expect(result.items[0]?.draw?.weight).toBe(expected);
  });

  it('by multiplier: a price of the very class takes nothing from the multiplier that burns', () => {
    const labour = [
      { workType: null, engineerRole: null, pricePerHour: '150.00' },
      { workType: null, engineerRole: null, rateClass: 'weekend', pricePerHour: '280.00' },
    ];
    const account = under(BY_MULTIPLIER, [block('b', minutes(600))], { ...DOUBLE, labour, workTypes: [] });
    const [item] = rated([work(60)], account).items;
    expect([item?.draw?.weight, item?.standardValue?.amount]).toEqual(['2', '280.00']);
  });

  it('by weights of the terms: the largest that fits, and one where none does', () => {
    const burn = weights(
      { workType: 'remote', weight: '0.5' },
      { rateClass: 'weekend', weight: '3' },
      { workType: 'onsite', rateClass: 'weekend', weight: '4' },
    );
    const of = (workType: string, rateClass: string) =>
      rated([work(60, rateClass, { workType })], under(burn, [block('b', minutes(600))])).items[0]?.draw?.weight;
    expect([
      of('remote', 'business'),
      of('remote', 'weekend'),
      of('onsite', 'weekend'),
      of('onsite', 'business'),
    ]).toEqual(['0.5', '3', '4', undefined]);
  });

  it('a block that burns in its own way does so whatever the terms say', () => {
    const own = block('own', minutes(60), { burn: weights({ rateClass: 'weekend', weight: '1.5' }) });
    const result = rated(
      [work(60)],
      under(BY_MULTIPLIER, [own, block('plain', minutes(600), { purchasedOn: '2026-01-06' })]),
    );
    // 60 of `own` pay for 40 min at 1.5; the other 20 draw double on the other.
    expect(drawnText(result)).toEqual(['w-1@p1: 40 min, 60 of own, 0.00', 'w-1@p2: 20 min, 40 of plain, 0.00']);
  });

  it('1.5 of 25 min are 37.5, exactly; what a line draws is always its minutes times the weight', () => {
    const result = rated([work(25, 'after-hours')], under(BY_MULTIPLIER, [block('b', minutes(600))]));
    expect(drawnText(result)).toEqual(['w-1: 25 min, 37.5 of b, 0.00']);
    expect(left(result)).toEqual([562.5]);
  });

  it('an entry split over block and overage: whole minutes are covered, and the rest of a minute stays in the block', () => {
    // 50 left pay for 33 min (49.5); 27 min are asked at 150.00 x 1.5 = 225.00: 101.25.
    const result = rated([work(60, 'after-hours')], under(BY_MULTIPLIER, [block('b', minutes(50))]));
    expect(drawnText(result)).toEqual(['w-1@p1: 33 min, 49.5 of b, 0.00', 'w-1@p2: 27 min, asked, 101.25']);
    expect(left(result)).toEqual([0.5]);
    const next = rated(
      [work(60, 'after-hours'), work(30, 'business', { workItemId: 'w-2', position: 2, workType: 'onsite' })],
      {
        ...under(weights({ rateClass: 'after-hours', weight: '1.5' }), [block('b', minutes(50))], {
          labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
        }),
      },
    );
    // Half a minute pays for no minute of the second entry.
    expect(drawnText(next).at(-1)).toBe('w-2: 30 min, asked, 75.00');
    expect(next.items.at(-1)?.trace.at(-2)?.text).toBe('overage: block b: holds less than a minute of this draws');
  });

  it('the scope is rounded once, and then weighed', () => {
    // 20 min, increment 15: 30 min x 2.
    const account = under(BY_MULTIPLIER, [block('b', minutes(600))], { ...DOUBLE, incrementMinutes: 15 });
    expect(drawnText(rated([work(20)], account))).toEqual(['w-1: 30 min, 60 of b, 0.00']);
  });

  it('an override prices overage and leaves the weight of the hours', () => {
    const override = {
      pricePerHour: { amount: '100.00', currency: 'AUD' },
      reason: 'agreed',
      overriddenBy: 'anna',
      eventId: 'ev-o',
    };
    const result = rated([work(60, 'weekend', { override })], under(BY_MULTIPLIER, [block('b', minutes(60))]));
    expect(drawnText(result)).toEqual(['w-1@p1: 30 min, 60 of b, 0.00', 'w-1@p2: 30 min, asked, 50.00']);
  });

  it('money is drawn at its price, whatever weights say', () => {
    const result = rated([work(60)], under(BY_MULTIPLIER, [block('b', money('1000.00'))]));
    expect(left(result)).toEqual(['700.00']);
    expect(result.items[0]?.draw?.weight).toBeUndefined();
  });
});

describe('weighted burn of work that changes afterwards', () => {
  const account = under(BY_MULTIPLIER, [block('b', minutes(600))]);
  const asked = () => asInvoiced(rated([work(120)], account).items);
  const corrected = (changes: object) =>
    rated([work(120, 'weekend', { sourceEventIds: ['ev-w-1', 'ev-w-1b'], ...changes })], {
      ...account,
      invoiced: asked(),
    });

  it('gives back double what it shrank by', () => {
    const result = corrected({ minutes: 60 });
    expect(drawnText(result).slice(1)).toEqual(['w-1@d1: -60 min, -120 of b, 0.00']);
    expect(left(result)).toEqual([480]);
  });

  it('is in another class: the minutes are as before, and the difference of the draws goes back', () => {
    const result = corrected({ rateClass: 'after-hours' });
    // 120 x 1.5 = 180 of the 240 that were drawn.
    expect(drawnText(result).slice(1)).toEqual(['w-1@d1: 0 min, -60 of b, 0.00']);
    expect(left(result)).toEqual([420]);
  });

  it('is voided: all of it goes back', () => {
    const result = rated([], { ...account, invoiced: asked() });
    expect(drawnText(result).slice(1)).toEqual(['w-1@d1: -120 min, -240 of b, 0.00']);
    expect(left(result)).toEqual([600]);
  });

  it('was drawn under terms that are others now: the line stays, and the gap tells the minutes', () => {
    const versions = [
      { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: termsOf(BY_MULTIPLIER) },
      { versionNumber: 2, effectiveFrom: '2026-03-01', effectiveTo: null, terms: termsOf(undefined) },
    ];
    const contracts = [contractFacts({ versions, blocks: [block('b', minutes(600))] })];
    const { gaps } = rated([work(120)], { contracts, invoiced: asked() });
    expect(gaps.map(({ kind, valueAtRisk }) => [kind, valueAtRisk.minutes, valueAtRisk.money?.amount])).toEqual([
      ['contract-mismatch', -120, '0.00'],
    ]);
    expect(gaps[0]?.cause).toMatch(
      /draws 240 min of what is prepaid; .*draws 120 min .*: 120 min of what is prepaid go back/,
    );
  });

  it('paid for = drawn + left, whatever is worked, corrected and however it burns', () => {
    const weight = fc.constantFrom('0.5', '1', '1.25', '1.3333', '1.5', '2');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(90), fc.nat(90)), { minLength: 1, maxLength: 5 }),
        weight,
        weight,
        fc.nat(200),
        (list, first, second, size) => {
          const entries = (pick: 0 | 1): readonly WorkItem[] =>
            list.map((lengths, index) =>
              work(lengths[pick], index % 2 === 0 ? 'weekend' : 'after-hours', {
                workItemId: `w-${index}`,
                position: index,
                sourceEventIds: [`ev-${index}`, ...(pick === 1 ? [`ev-${index}b`] : [])],
              }),
            );
          const burn = weights({ rateClass: 'weekend', weight: first }, { rateClass: 'after-hours', weight: second });
          const holds = under(burn, [block('b', minutes(size + 1))]);
          const frozen = asInvoiced(rated(entries(0), holds).items);
          const result = rated(entries(1), { ...holds, invoiced: frozen });
          const drawn = result.items.reduce(
            (sum, { draw }) => sum + (draw?.amount.unit === 'minutes' ? Math.round(draw.amount.minutes * 10_000) : 0),
            0,
          );
          const [balance] = result.carriedOver.balances;
          const rest = balance?.left.unit === 'minutes' ? Math.round(balance.left.minutes * 10_000) : Number.NaN;
          expect(drawn + rest).toBe((size + 1) * 10_000);
        },
      ),
    );
  });
});
