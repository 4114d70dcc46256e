import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../testing/facts.js';
import type { WorkItem } from '../rating/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** A call-out of two hours at least, at 170.00 an hour: 340.00 a visit. */
const CALL_OUT: Partial<RateCard> = {
  labour: [{ workType: null, engineerRole: null, pricePerHour: '170.00' }],
  minimumMinutes: 120,
  incrementMinutes: 15,
  roundingScope: 'visit',
};
/** One price of 220.00 a visit, whatever the minutes. */
const FLAT: Partial<RateCard> = { workTypes: [{ workType: 'remote', mode: 'flat', price: '220.00', per: 'visit' }] };
const under = (card: Partial<RateCard>) => ({ contracts: [contractFacts({ terms: terms(card) })] });
const half = (number: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, minutes: 30, sourceEventIds: [`ev-w-${number}`], ...changes });
const BY_ONE = [half(1), half(2)];
const corrected = (number: number, changes: Partial<Time>): Time =>
  half(number, { sourceEventIds: [`ev-w-${number}`, `ev-w-${number}b`], ...changes });

/** What is open once `before` was invoiced, and its entries were corrected to `now`. */
const open = (before: readonly WorkItem[], now: readonly WorkItem[], account: Partial<ClientPeriodFacts>) => {
  const invoiced = asInvoiced(rate(facts(before, account)).items);
  const { items, gaps } = rate(facts(now, { ...account, invoiced }));
  return {
    invoiced: invoiced.map(({ line }) => line.net.amount),
    open: items
      .filter(({ disposition }) => disposition !== 'invoiced')
      .map(({ itemId, disposition, net }) => [itemId, disposition, net?.amount]),
    mismatches: gaps.filter(({ kind }) => kind === 'contract-mismatch').length,
  };
};

describe('the engineer of an entry that is corrected after its invoice (A7)', () => {
  it('two entries of one visit become two visits: each of them is 340.00, so 170.00 more for each', () => {
    expect(open(BY_ONE, [corrected(1, { engineerId: 'eng-2' }), half(2)], under(CALL_OUT))).toEqual({
      invoiced: ['170.00', '170.00'],
      open: [
        ['w-1@a1', 'billable', '170.00'],
        ['w-2@a1', 'billable', '170.00'],
      ],
      mismatches: 0,
    });
  });

  it('two visits become one: 680.00 were invoiced, and 340.00 are right', () => {
    const before = [half(1, { engineerId: 'eng-2' }), half(2)];
    expect(open(before, [corrected(1, {}), half(2)], under(CALL_OUT))).toEqual({
      invoiced: ['340.00', '340.00'],
      open: [
        ['w-1@a1', 'billable', '-170.00'],
        ['w-2@a1', 'billable', '-170.00'],
      ],
      mismatches: 0,
    });
  });

  it('one price a visit: the second engineer is a visit of his own, 220.00 more', () => {
    expect(open(BY_ONE, [half(1), corrected(2, { engineerId: 'eng-2' })], under(FLAT))).toEqual({
      invoiced: ['220.00', '0.00'],
      open: [['w-2@a1', 'billable', '220.00']],
      mismatches: 0,
    });
  });

  it.each<[string, Partial<RateCard>]>([
    ['a visit is of the crew', { ...CALL_OUT, visitBy: 'crew' }],
    ['an entry is rounded by itself', { ...CALL_OUT, roundingScope: 'entry' }],
    ['nothing is rounded', {}],
  ])('is nothing where %s', (_, card) => {
    const { open: left, mismatches } = open(BY_ONE, [corrected(1, { engineerId: 'eng-2' }), half(2)], under(card));
    expect([left, mismatches]).toEqual([[], 0]);
  });

  it('is a gap, and no adjustment, of an entry that was frozen before the engineer was kept', () => {
    const account = under(CALL_OUT);
    const invoiced = asInvoiced(rate(facts(BY_ONE, account)).items).map(({ line, invoiceId }) => {
      const { work } = line.basis;
      if (work?.kind !== 'time') throw new Error('no time');
      const { engineerId: _engineer, ...told } = work;
      return { line: { ...line, basis: { ...line.basis, work: told } }, invoiceId };
    });
    const { items, gaps } = rate(facts([corrected(1, { engineerId: 'eng-2' }), half(2)], { ...account, invoiced }));
    expect(items.map(({ disposition }) => disposition)).toEqual(['invoiced', 'invoiced']);
    // Its visit is another now: 340.00 each, and nothing is silent.
    expect(gaps.map(({ kind, workItemId, valueAtRisk }) => [kind, workItemId, valueAtRisk.money?.amount])).toEqual([
      ['contract-mismatch', 'w-1', '170.00'],
      ['contract-mismatch', 'w-2', '170.00'],
    ]);
  });
});
