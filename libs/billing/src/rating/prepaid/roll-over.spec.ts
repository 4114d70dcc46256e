import { describe, expect, it } from '@jest/globals';
import { at } from '@billtrail/kernel';
import type { Allotment, CoverageRule } from '@billtrail/contracts';
import { rateExplained as rate } from '../../rate.js';
import { allotment, contractWith, minutes, monthOf, spent, versionsFrom } from '../../testing/charges.js';
import { asInvoiced, ticketFacts } from '../../testing/facts.js';
import type { ExplainedItem } from '../../item/billable-item.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts, RatingResult, WorkItem } from '../facts.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
const rolling = (changes: Partial<Allotment> = {}): Allotment =>
  allotment({ rollOver: 'periods', rollOverPeriods: 3, ...changes });
const under = (one: Allotment, rest: Partial<ContractFacts> = {}): ContractFacts =>
  contractWith({ coverage: [PREPAID], prepaid: { allotment: one } }, rest);

type Month = readonly [period: string, used: number, changes?: Partial<ClientPeriodFacts>];

/** Months of work, one after the other, each with what the one before carried over. */
function months(contract: ContractFacts, list: readonly Month[]): readonly RatingResult<ExplainedItem>[] {
  let carriedOver: ClientPeriodFacts['carriedOver'];
  return list.map(([period, used, changes = {}]) => {
    const work: readonly WorkItem[] = used === 0 ? [] : [spent(used, `${period}-10`)];
    const tickets = new Map([['T-1', ticketFacts()]]);
    const carried = carriedOver === undefined ? {} : { carriedOver };
    const result = rate({ ...monthOf(period, [contract], { ...carried, ...changes }), work, tickets });
    carriedOver = result.carriedOver;
    return result;
  });
}
const drawn = ({ draws, items }: RatingResult): readonly string[] => [
  ...draws.map(({ source, amount }) => `${source.from === 'block' ? '' : source.month} ${amountOf(amount)}`),
  ...items.flatMap(({ draw, billableMinutes }) => (draw === undefined ? [`overage ${billableMinutes}`] : [])),
];
const second = (results: ReturnType<typeof months>) => at(results, 1, 'the second month');
const amountOf = (amount: RatingResult['draws'][number]['amount']): string =>
  amount.unit === 'minutes' ? String(amount.minutes) : amount.money.amount;
const lapsed = ({ lapses }: RatingResult): readonly string[] =>
  lapses.map(({ source, amount }) => `${source.from === 'block' ? '' : source.month} ${amountOf(amount)}`);

describe('an unused base that rolls over for several periods', () => {
  it('is drawn oldest first, for three months after its own', () => {
    const results = months(under(rolling()), [
      ['2026-01', 360],
      ['2026-02', 420],
      ['2026-03', 0],
      ['2026-04', 1_200],
      ['2026-05', 300],
    ]);
    // Left: January 240; then February 420; March 600; April 420 of 600.
    expect(results.map(drawn)).toEqual([
      ['2026-01 360'],
      ['2026-01 240', '2026-02 180'],
      [],
      ['2026-02 420', '2026-03 600', '2026-04 180'],
      ['2026-04 300'],
    ]);
  });

  it('lapses at the end of its last month, and not before', () => {
    const all = months(under(rolling({ rollOverPeriods: 2 })), [
      ['2026-01', 0],
      ['2026-02', 0],
      ['2026-03', 1_900],
    ]);
    expect(all.map(drawn).at(-1)).toEqual(['2026-01 600', '2026-02 600', '2026-03 600', 'overage 100']);
    const late = months(under(rolling({ rollOverPeriods: 2 })), [
      ['2026-01', 0],
      ['2026-02', 0],
      ['2026-03', 0],
      ['2026-04', 1_900],
    ]);
    expect(late.map(drawn).at(-1)).toEqual(['2026-02 600', '2026-03 600', '2026-04 600', 'overage 100']);
  });

  it('of months that nobody had to rate is whole, and nothing rolls over from before the first', () => {
    const results = months(under(rolling()), [
      ['2026-02', 100],
      ['2026-05', 3_000],
    ]);
    expect(results.map(drawn)).toEqual([
      ['2026-02 100'],
      ['2026-02 500', '2026-03 600', '2026-04 600', '2026-05 600', 'overage 700'],
    ]);
    const next = months(under(rolling()), [
      ['2026-02', 100],
      ['2026-03', 1_200],
    ]);
    expect(next.map(drawn)[1]).toEqual(['2026-02 500', '2026-03 600', 'overage 100']);
  });

  it('for one period is what one-period is (R5)', () => {
    const used = [
      ['2026-01', 360],
      ['2026-02', 900],
      ['2026-03', 660],
    ] as const;
    const one = months(under(rolling({ rollOverPeriods: 1 })), used).map(drawn);
    expect(one).toEqual(months(under(allotment()), used).map(drawn));
    expect(one[1]).toEqual(['2026-01 240', '2026-02 600', 'overage 60']);
  });

  it('with a limit: the oldest lapses first, and what lapsed is told', () => {
    const limited = under(rolling({ rollOverAtMost: minutes(700) }));
    const results = months(limited, [
      ['2026-01', 100],
      ['2026-02', 0],
      ['2026-03', 50],
      ['2026-04', 1_400],
    ]);
    // End of February: 500 + 600, of which 700 go on; end of March: 50 + 600 + 600.
    expect(results.map(lapsed)).toEqual([[], [], ['2026-01 400'], ['2026-01 50', '2026-02 500']]);
    expect(results.map(drawn)).toEqual([
      ['2026-01 100'],
      [],
      ['2026-01 50'],
      ['2026-02 100', '2026-03 600', '2026-04 600', 'overage 100'],
    ]);
    const why = results[3]?.items.at(-1)?.trace.find(({ step }) => step === 'prepaid')?.text;
    expect(why).toContain(
      'allotment base rolled over from 2026-02, 500 min of it lapsed above the limit: drawn 100 min',
    );
  });

  it('with a limit over months that nobody had to rate comes to the same', () => {
    const results = months(under(rolling({ rollOverAtMost: minutes(700) })), [
      ['2026-01', 100],
      ['2026-04', 1_400],
    ]);
    expect(lapsed(second(results))).toEqual(['2026-01 500', '2026-02 500']);
    expect(drawn(second(results))).toEqual(['2026-02 100', '2026-03 600', '2026-04 600', 'overage 100']);
  });

  it('a limit that a version brings afterwards takes nothing of what an invoice drew', () => {
    const before = months(under(rolling()), [
      ['2026-01', 100],
      ['2026-02', 300],
    ]);
    const invoiced = asInvoiced(second(before).items);
    const again = months(under(rolling({ rollOverAtMost: minutes(100) })), [
      ['2026-01', 100],
      ['2026-02', 300, { invoiced }],
    ]);
    expect(drawn(second(again))).toEqual(['2026-01 300']);
    expect(lapsed(second(again))).toEqual(['2026-01 200']);
  });

  it('work back-dated into an earlier month draws what later invoices left of it', () => {
    const before = months(under(rolling()), [
      ['2026-01', 100],
      ['2026-02', 300],
    ]);
    const later = second(before).draws.map((draw) => ({ ...draw, frozen: true }));
    const january = at(months(under(rolling()), [['2026-01', 500, { laterDraws: later }]]), 0, 'January');
    // 600 less the 300 that February's invoice drew.
    expect(drawn(january)).toEqual(['2026-01 300', 'overage 200']);
  });

  it('a prorated base rolls over as it was granted (K28), and none is granted after the last day', () => {
    const daily = rolling({ proration: { increases: 'daily', decreases: 'daily' } });
    const contract = under(daily, {
      lastDay: '2026-02-28',
      ...versionsFrom(['2026-01-17', { coverage: [PREPAID], prepaid: { allotment: daily } }]),
    });
    const results = months(contract, [
      ['2026-01', 0],
      ['2026-02', 1_000],
    ]);
    // 600 x 15 / 31 = 290.3 min of January.
    expect(drawn(second(results))).toEqual(['2026-01 290', '2026-02 600', 'overage 110']);
    const [, , march] = months(contract, [
      ['2026-01', 0],
      ['2026-02', 0],
      ['2026-03', 60],
    ]);
    expect(march?.draws).toEqual([]);
  });
});
