import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cap, ContractTerms, CoverageRule } from '@billtrail/contracts';
import type { Approval, ExplainedItem } from '../item/billable-item.js';
import { clientPeriod } from '../testing/arbitrary.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, only, terms, time } from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from './facts.js';
import { rateExplained as rate } from '../rate.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };

function under(ofVersion: ContractTerms, minutes?: number): Partial<ClientPeriodFacts> {
  const block = {
    blockId: 'b-1',
    amount: { unit: 'minutes', minutes: minutes ?? 0 },
    purchasedOn: '2026-01-01',
    expiresOn: null,
    price: null,
    eventId: 'ev-b-1',
  } as const;
  return { contracts: [contractFacts({ terms: ofVersion, blocks: minutes === undefined ? [] : [block] })] };
}
/** The one that nobody approved comes first, and asks for more. */
const two = (approval: Approval, first: number, second: number): readonly WorkItem[] => [
  time({ minutes: first, approval }),
  time({ workItemId: 'w-2', position: 2, minutes: second, sourceEventIds: ['ev-w-2'] }),
];
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ itemId, disposition, billableMinutes, net }) => [
    itemId,
    disposition,
    billableMinutes,
    net?.amount ?? null,
  ]);
const rated = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): unknown[] =>
  shown(rate(facts(work, changes)).items);

const hourAtLeast = under(terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' }));
const visit = under(terms({ workTypes: [{ workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' }] }));
const cap: Cap = { id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above: 'write-down' };
const capped = under({ ...terms(), caps: [cap] });
const block = under(terms({}, [PREPAID]), 60);

describe('work that is not approved', () => {
  it('takes no minimum from approved work: rejected it stands alone, unapproved it has what is left', () => {
    expect(rated(two('rejected', 45, 10), hourAtLeast)).toEqual([
      ['w-1', 'billable', 60, '150.00'],
      ['w-2', 'billable', 60, '150.00'],
    ]);
    expect(rated(two('unapproved', 45, 10), hourAtLeast)).toEqual([
      ['w-1', 'billable', 0, '0.00'],
      ['w-2', 'billable', 60, '150.00'],
    ]);
    expect(rated(two('approved', 45, 10), hourAtLeast)).toEqual([
      ['w-1', 'billable', 49, '122.50'],
      ['w-2', 'billable', 11, '27.50'],
    ]);
  });

  it('takes no price that is asked once', () => {
    const nets = (approval: Approval) => rate(facts(two(approval, 45, 10), visit)).items.map(({ net }) => net?.amount);
    expect(nets('rejected')).toEqual(['99.00', '99.00']);
    expect(nets('unapproved')).toEqual(['0.00', '99.00']);
    expect(nets('approved')).toEqual(['99.00', '0.00']);
  });

  it('takes no room under a cap', () => {
    expect(rated(two('rejected', 30, 40), capped)).toEqual([
      ['w-1', 'billable', 30, '75.00'],
      ['w-2', 'billable', 40, '100.00'],
    ]);
    expect(rated(two('unapproved', 30, 40), capped)).toEqual([
      ['w-1', 'written-off', 30, '75.00'],
      ['w-2', 'billable', 40, '100.00'],
    ]);
    const { carriedOver } = rate(
      facts(two('rejected', 30, 40), under({ ...terms(), caps: [{ ...cap, scope: 'ticket' }] })),
    );
    expect(only(carriedOver.caps).billed.amount).toBe('100.00');
  });

  it('draws on no block before approved work, and rejected on none at all', () => {
    expect(rated(two('rejected', 60, 60), block)).toEqual([
      ['w-1', 'billable', 60, '150.00'],
      ['w-2', 'covered', 60, '0.00'],
    ]);
    expect(rated(two('unapproved', 60, 60), block)).toEqual([
      ['w-1', 'billable', 60, '150.00'],
      ['w-2', 'covered', 60, '0.00'],
    ]);
    const unused = rate(facts([time({ approval: 'rejected' })], block));
    expect(unused.draws).toEqual([]);
    expect(only(unused.carriedOver.balances).left).toEqual({ unit: 'minutes', minutes: 60 });
    expect(only(unused.items).trace.find(({ step }) => step === 'prepaid')?.text).toContain('rejected');
  });

  it('what unapproved time draws is carried over all the same, until it is decided on', () => {
    const { carriedOver, items } = rate(facts([time({ approval: 'unapproved' })], block));
    expect(shown(items)).toEqual([['w-1', 'covered', 60, '0.00']]);
    expect(only(carriedOver.balances).left).toEqual({ unit: 'minutes', minutes: 0 });
  });

  it('has its place by date as soon as it is approved, as far as others are not frozen', () => {
    const [first, second] = two('unapproved', 45, 10);
    if (first === undefined || second === undefined) throw new Error('two pieces of work');
    const frozen = { ...visit, invoiced: asInvoiced(rate(facts([second], visit)).items) };
    expect(rated([time({ minutes: 45 }), second], frozen)).toEqual([
      ['w-1', 'billable', 45, '0.00'],
      ['w-2', 'invoiced', 10, '99.00'],
    ]);
  });

  it('rejected and written off it still has taken nothing', () => {
    const [first, second] = two('rejected', 45, 10);
    if (first === undefined || second === undefined) throw new Error('two pieces of work');
    for (const changes of [visit, hourAtLeast]) {
      const writtenOff = asWrittenOff(rate(facts([first], changes)).items);
      const { items } = rate(facts([first, second], { ...changes, writtenOff }));
      expect(items.find(({ itemId }) => itemId === 'w-2')?.net).toEqual(only(rate(facts([second], changes)).items).net);
    }
  });

  it('a correction that nobody approved leaves all other work what is frozen, and its own value on what is left', () => {
    const work = two('approved', 45, 30);
    const frozen = { ...hourAtLeast, invoiced: asInvoiced(rate(facts(work.slice(0, 1), hourAtLeast)).items) };
    const correctedTo = (minutes: number, approval: Approval) =>
      shown(
        rate(facts([time({ minutes, approval, sourceEventIds: ['ev-w-1', 'ev-w-1b'] }), ...work.slice(1)], frozen))
          .items,
      );
    // 45 min hold the first hour, so that 30 more begin the second; with 100 min, which are two hours, they begin the third.
    for (const approval of ['unapproved', 'rejected', 'approved'] as const)
      expect(correctedTo(100, approval)).toEqual([
        ['w-1', 'invoiced', 60, '150.00'],
        ['w-1@a1', 'billable', 60, '150.00'],
        ['w-2', 'billable', 60, '150.00'],
      ]);
    expect(correctedTo(20, 'unapproved')).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'billable', -60, '-150.00'],
      ['w-2', 'billable', 60, '150.00'],
    ]);
  });
});

describe('laws of approval', () => {
  it('what approved work costs does not depend on whether rejected or unapproved work exists', () => {
    fc.assert(
      fc.property(clientPeriod, (all) => {
        const firm = (work: WorkItem): boolean => work.kind !== 'time' || work.approval === 'approved';
        const ids = new Set(all.work.filter(firm).map(({ workItemId }) => workItemId));
        const before = rate({ ...all, work: all.work.filter(firm) }).items;
        expect(rate(all).items.filter(({ workItemId }) => ids.has(workItemId))).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});
