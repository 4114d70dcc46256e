import { describe, expect, it } from '@jest/globals';
import type { CoverageRule, PrepaidAmount, RateCard } from '@billtrail/contracts';
import type { Draw } from '../item/draw.js';
import { asInvoiced, contractFacts, expense, facts, material, terms, time } from '../testing/facts.js';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { RatingResult, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;
type Contract = ClientPeriodFacts['contracts'][number];
type Block = NonNullable<Contract['blocks']>[number];

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const minutes = (many: number): PrepaidAmount => ({ unit: 'minutes', minutes: many });
const money = (amount: string): PrepaidAmount => ({ unit: 'money', money: { amount, currency: 'AUD' } });
const block = (blockId: string, amount: PrepaidAmount, expiresOn: string | null = null): Block => ({
  blockId,
  amount,
  purchasedOn: '2026-01-01',
  expiresOn,
  price: null,
  eventId: `ev-${blockId}`,
});
const contractWith = (card: Partial<RateCard>, blocks: readonly Block[]): Contract =>
  contractFacts({ terms: terms(card, [PREPAID]), blocks });
const corrected = (many: number, changes: Partial<Time> = {}): Time =>
  time({ minutes: many, sourceEventIds: ['ev-w-1', 'ev-w-1b'], ...changes });
const drawText = ({ source, amount }: Omit<Draw, 'itemId'>): string =>
  `${amount.unit === 'money' ? amount.money.amount : amount.minutes} of ${source.from === 'block' ? source.blockId : source.month}`;
const drawn = ({ draws }: RatingResult): readonly string[] => draws.map(drawText);
const asked = ({ items }: RatingResult): unknown[] => items.map(({ net }) => net?.amount);
const shown = ({ items }: RatingResult): unknown[] =>
  items.map(({ itemId, disposition, billableMinutes, net, draw }) => [
    itemId,
    disposition,
    billableMinutes,
    net?.amount ?? null,
    ...(draw === undefined ? [] : [drawText(draw)]),
  ]);

/** Work is invoiced under what the contract has first; then it is corrected, and the contract has more. */
function correct(
  before: WorkItem,
  after: WorkItem,
  { card = {}, first, since = [] }: { card?: Partial<RateCard>; first: readonly Block[]; since?: readonly Block[] },
): RatingResult {
  const invoiced: readonly FrozenLine[] = asInvoiced(
    rate(facts([before], { contracts: [contractWith(card, first)] })).items,
  );
  return rate(facts([after], { contracts: [contractWith(card, [...first, ...since])], invoiced }));
}

describe('what was asked of prepaid work before it was corrected stays asked', () => {
  it('minutes: 40 were overage, so of 30 more only those draw on the money that was purchased since', () => {
    const result = correct(time({ minutes: 60 }), corrected(90), {
      first: [block('m', money('50.00'))],
      since: [block('m2', money('500.00'))],
    });
    expect(shown(result)).toEqual([
      ['w-1@p1', 'invoiced', 20, '0.00', '50.00 of m'],
      ['w-1@p2', 'invoiced', 40, '100.00'],
      ['w-1@d2', 'covered', 30, '0.00', '75.00 of m2'],
    ]);
  });

  it('minutes, not money: at an overage rate of 100.00 in place of 150.00 it is still the same 30 minutes', () => {
    const overage = { prepaid: { overage: { pricePerHour: '100.00', multiplied: false } } };
    const of = (...blocks: readonly Block[]): Partial<ClientPeriodFacts> => ({
      contracts: [contractFacts({ terms: { ...terms({}, [PREPAID]), ...overage }, blocks })],
    });
    const b = block('b', minutes(60));
    const invoiced = asInvoiced(rate(facts([time({ minutes: 90 })], of(b))).items);
    const result = rate(facts([corrected(120)], { ...of(b, block('b2', minutes(600))), invoiced }));
    expect(shown(result)).toEqual([
      ['w-1@p1', 'invoiced', 60, '0.00', '60 of b'],
      ['w-1@p2', 'invoiced', 30, '50.00'],
      ['w-1@d2', 'covered', 30, '0.00', '30 of b2'],
    ]);
  });

  it('of all its segments together: 30 min before midnight and 70 after it were overage, 30 more are new', () => {
    const night = (until: string, many: number, changes: Partial<Time> = {}): Time =>
      time({
        minutes: many,
        workDate: '2026-03-10',
        startedAt: '2026-03-10T23:10:00+11:00',
        endedAt: `2026-03-11T${until}:00+11:00`,
        ...changes,
      });
    const again = { sourceEventIds: ['ev-w-1', 'ev-w-1b'] };
    const of = (...blocks: readonly Block[]): Partial<ClientPeriodFacts> => ({
      contracts: [contractFacts({ terms: { ...terms({}, [PREPAID]), timeZone: 'Australia/Sydney' }, blocks })],
    });
    const evening = block('evening', minutes(20), '2026-03-10');
    const invoiced = asInvoiced(rate(facts([night('01:10', 120)], of(evening))).items);
    const result = rate(facts([night('01:40', 150, again)], { ...of(evening, block('new', minutes(600))), invoiced }));
    expect(shown(result).slice(3)).toEqual([['w-1@d3', 'covered', 30, '0.00', '30 of new']]);
  });

  it('an expense: 240.00 were asked, so of 110.00 more only those draw on the money that was purchased since', () => {
    const cost = (amount: string): WorkItem => expense({ cost: { amount, currency: 'AUD' } });
    const result = correct(cost('400.00'), cost('500.00'), {
      first: [block('m', money('200.00'))],
      since: [block('m2', money('500.00'))],
    });
    expect(drawn(result)).toEqual(['200.00 of m', '110.00 of m2']);
    expect(asked(result)).toEqual(['0.00', '240.00', '0.00', '0.00']);
  });

  it('goods: 3 pieces were asked, and one more is drawn', () => {
    const pieces = (quantity: string): WorkItem => material({ quantity });
    const result = correct(pieces('5'), pieces('6'), {
      first: [block('m', money('30.00'))],
      since: [block('m2', money('500.00'))],
    });
    expect(result.items.map(({ itemId, quantity, net }) => [itemId, quantity, net?.amount])).toEqual([
      ['m-1@p1', '2', '0.00'],
      ['m-1@p2', '3', '45.00'],
      ['m-1@d2', '1', '0.00'],
    ]);
  });

  const callOuts: Partial<RateCard> = {
    workTypes: [
      { workType: 'remote', mode: 'flat', price: '150.00', per: 'entry' },
      { workType: 'onsite', mode: 'flat', price: '250.00', per: 'entry' },
    ],
  };

  it('one price whatever the minutes: more minutes cost no more, so they draw on nothing', () => {
    const result = correct(time({ minutes: 60 }), corrected(90), {
      card: callOuts,
      first: [block('m', money('100.00'))],
      since: [block('m2', money('500.00'))],
    });
    expect(drawn(result)).toEqual(['100.00 of m']);
    expect(shown(result).slice(2)).toEqual([['w-1@a2', 'billable', 30, '0.00']]);
  });

  it('one price that became a higher one: of 100.00 more only those are drawn', () => {
    const result = correct(time({ minutes: 60 }), corrected(60, { workType: 'onsite' }), {
      card: callOuts,
      first: [block('m', money('100.00'))],
      since: [block('m2', money('500.00'))],
    });
    expect(drawn(result)).toEqual(['100.00 of m', '100.00 of m2']);
    expect(asked(result)).toEqual(['0.00', '50.00', '0.00', '0.00']);
    // A share of the price has its share of the minutes: 100.00 of 250.00 are 24 min of the hour, for each of the two.
    expect(result.items.map(({ billableMinutes }) => billableMinutes)).toEqual([40, 20, -24, 24]);
  });

  it('draws the price of the whole to the cent: a minute at 1.67, then two at 3.33', () => {
    const card = { labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '100.00' }] };
    const result = correct(time({ minutes: 1 }), corrected(2), { card, first: [block('m', money('50.00'))] });
    expect(shown(result)).toEqual([
      ['w-1', 'invoiced', 1, '0.00', '1.67 of m'],
      ['w-1@d1', 'covered', 1, '0.00', '1.66 of m'],
    ]);
  });
});
