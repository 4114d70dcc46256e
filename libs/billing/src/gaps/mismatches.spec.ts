import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContractTerms, CoverageRule, RateCard } from '@billtrail/contracts';
import { draftableItems } from '../account/lines.js';
import { clientPeriod } from '../testing/arbitrary.js';
import {
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  only,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, DerivedGap, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

const hour = time({ minutes: 60 });

/** The contract with one more version, for days from the beginning of the year. */
function published(changed: ContractTerms, before: ContractFacts = contractFacts()): ContractFacts {
  const next = { versionNumber: 2, effectiveFrom: '2026-01-01', effectiveTo: null, terms: changed };
  return { ...before, versions: [...before.versions, next] };
}

const at = (pricePerHour: string, changes: Partial<RateCard> = {}): ContractTerms =>
  terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour }], ...changes });

/** What the account holds when all work was invoiced under the contracts given. */
function invoicedUnder(
  work: readonly WorkItem[],
  contracts: readonly ContractFacts[] = [contractFacts()],
): Partial<ClientPeriodFacts> {
  const lines = rate(facts(work, { contracts })).items.filter(({ disposition }) => disposition === 'billable');
  return { contracts, invoiced: asInvoiced(lines) };
}

function mismatches(work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): readonly DerivedGap[] {
  return rate(facts(work, changes)).gaps.filter(({ kind }) => kind === 'contract-mismatch');
}

const valueOf = (gap: DerivedGap): string | undefined => gap.valueAtRisk.money?.amount;

describe('contract-mismatch of issued lines', () => {
  it.each([
    ['dearer', '300.00', '150.00', 'undercharged by 150.00 AUD'],
    ['cheaper', '120.00', '-30.00', 'overcharged by 30.00 AUD'],
  ])('a back-dated version that is %s: the difference, over- or undercharged', (_case, price, value, said) => {
    const gap = only(mismatches([hour], { ...invoicedUnder([hour]), contracts: [published(at(price))] }));
    expect(gap).toMatchObject({
      kind: 'contract-mismatch',
      ticketId: 'T-1',
      clientId: 'cli-1',
      period: '2026-03',
      workItemId: 'w-1',
      valueAtRisk: { money: { amount: value, currency: 'AUD' }, minutes: 60 },
      sourceEventIds: ['ev-w-1'],
      dueOn: null,
    });
    expect(gap.cause).toContain('invoice inv-1 asks 150.00 AUD for w-1 at 150.00 (con-1 version 1)');
    expect(gap.cause).toContain('con-1 version 2');
    expect(gap.cause).toContain(said);
  });

  it('a version at the same price is none, nor one that begins after the work', () => {
    const account = invoicedUnder([hour]);
    expect(mismatches([hour], { ...account, contracts: [published(at('150.00'))] })).toEqual([]);
    const later = { versionNumber: 2, effectiveFrom: '2026-03-11', effectiveTo: null, terms: at('300.00') };
    const contracts = [{ ...contractFacts(), versions: [...contractFacts().versions, later] }];
    expect(mismatches([hour], { ...account, contracts })).toEqual([]);
  });

  it('another rate that comes to the same money is one of no value', () => {
    const discounted = {
      ...at('200.00'),
      discounts: [
        { id: 'd', name: 'Loyal', kind: 'percent' as const, percent: '25', order: 'before-minimum' as const },
      ],
    };
    const gap = only(mismatches([hour], { ...invoicedUnder([hour]), contracts: [published(discounted)] }));
    expect(valueOf(gap)).toBe('0.00');
    expect(gap.cause).toContain('no difference in money');
  });

  it('another minimum or increment', () => {
    const short = time({ minutes: 20 });
    const contracts = [published(at('150.00', { minimumMinutes: 60 }))];
    expect(valueOf(only(mismatches([short], { ...invoicedUnder([short]), contracts })))).toBe('100.00');
  });

  it('materials and expenses', () => {
    const work = [material(), expense()];
    const contracts = [
      published(terms({ materials: { pricing: 'cost-plus', markupPercent: '50' }, expenses: { markupPercent: '0' } })),
    ];
    const gaps = mismatches(work, { ...invoicedUnder(work), contracts });
    expect(gaps.map((gap) => [gap.workItemId, valueOf(gap)])).toEqual([
      ['m-1', '-9.00'],
      ['x-1', '-2.00'],
    ]);
  });

  it('what is included now, what has no price now, and what was declared no-charge', () => {
    const account = invoicedUnder([hour]);
    const included: CoverageRule = { id: 'inc', name: 'Included', match: {}, outcome: 'included' };
    const all = [published(terms({}, [included])), { ...contractFacts(), lastDay: '2026-03-01' }];
    for (const contract of all) {
      expect(valueOf(only(mismatches([hour], { ...account, contracts: [contract] })))).toBe('-150.00');
    }
    const noCharge = { reasonCode: 'goodwill', reason: 'Our fault', eventId: 'ev-n' };
    const tickets = new Map([['T-1', ticketFacts({ noCharge })]]);
    expect(only(mismatches([hour], { ...account, tickets })).cause).toContain('no-charge');
  });

  it('what is prepaid now: nothing is asked while there is a block, else overage', () => {
    const prepaid: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };
    const changed = { ...terms({}, [prepaid]), prepaid: { overage: { pricePerHour: '180.00', multiplied: false } } };
    const account = invoicedUnder([hour]);
    expect(valueOf(only(mismatches([hour], { ...account, contracts: [published(changed)] })))).toBe('30.00');
    const blocks = [
      {
        blockId: 'b-1',
        amount: { unit: 'minutes' as const, minutes: 600 },
        purchasedOn: '2026-01-01',
        expiresOn: null,
        price: null,
        eventId: 'ev-b',
      },
    ];
    expect(valueOf(only(mismatches([hour], { ...account, contracts: [{ ...published(changed), blocks }] })))).toBe(
      '-150.00',
    );
  });

  it('work that was corrected together with its adjustment, whether that is on an invoice or waits', () => {
    const more = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const account = invoicedUnder([hour]);
    const contracts = [published(at('300.00'))];
    // 90 min at 300.00 are 450.00: 150.00 were asked, and the adjustment of 75.00 waits to be billed.
    expect(valueOf(only(mismatches([more], { ...account, contracts })))).toBe('225.00');
    const adjustment = rate(facts([more], account)).items.filter(({ disposition }) => disposition === 'billable');
    const both = { invoiced: [...(account.invoiced ?? []), ...asInvoiced(adjustment, 'inv-2')], contracts };
    expect(valueOf(only(mismatches([more], both)))).toBe('225.00');
  });

  it('not what was written off', () => {
    const writtenOff = asWrittenOff(rate(facts([hour])).items);
    expect(mismatches([hour], { contracts: [published(at('300.00'))], writtenOff })).toEqual([]);
  });

  it.each([
    ['the same cap', '100.00', []],
    ['a wider cap: only as far as it lets through', '120.00', ['20.00']],
    ['a cap of no matter', '1000.00', ['100.00']],
  ])('of a line that a cap cut: %s', (_case, amount, values) => {
    const capped = (price: string, cap: string): ContractTerms => ({
      ...at(price),
      caps: [{ id: 'cap', name: 'Budget', scope: 'period', amount: cap, above: 'write-down' }],
    });
    const contract = contractFacts({ terms: capped('150.00', '100.00') });
    const account = invoicedUnder([hour], [contract]);
    expect(account.invoiced?.map(({ line }) => line.net.amount)).toEqual(['100.00']);
    const gaps = mismatches([hour], { ...account, contracts: [published(capped('300.00', amount), contract)] });
    expect(gaps.map(valueOf)).toEqual(values);
  });

  it('ends when the line is credited, and when a third version gives what was billed', () => {
    const account = invoicedUnder([hour]);
    const dearer = published(at('300.00'));
    expect(mismatches([hour], { contracts: [dearer] })).toEqual([]);
    const third = { versionNumber: 3, effectiveFrom: '2026-01-01', effectiveTo: null, terms: at('150.00') };
    const contracts = [{ ...dearer, versions: [...dearer.versions, third] }];
    expect(mismatches([hour], { ...account, contracts })).toEqual([]);
  });

  it('a line of a draft, as long as the draft stands', () => {
    const { invoiced: drafted = [] } = invoicedUnder([hour]);
    const draft = { drafted, claimed: new Map([['w-1', 'inv-1']]) };
    expect(mismatches([hour], draft)).toEqual([]);
    const gap = only(mismatches([hour], { ...draft, contracts: [published(at('300.00'))] }));
    expect(gap.cause).toContain('draft inv-1');
    expect(valueOf(gap)).toBe('150.00');
  });

  it('a line of a draft beside its item, which shows what the work is worth by now: 75.00 is asked of 150.00', () => {
    const half = contractFacts({ terms: at('150.00', { minimumMinutes: 30 }) });
    const short = time({ minutes: 20 });
    const { invoiced: drafted = [] } = invoicedUnder([short], [half]);
    const shared = at('150.00', { minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' });
    const claimed = new Map([['w-1', 'inv-1']]);
    const { items, gaps } = rate(facts([short], { drafted, claimed, contracts: [published(shared, half)] }));
    expect(drafted.map(({ line }) => line.net.amount)).toEqual(['75.00']);
    expect(items.map(({ disposition, net }) => [disposition, net?.amount])).toEqual([['claimed', '150.00']]);
    expect(valueOf(only(gaps.filter(({ kind }) => kind === 'contract-mismatch')))).toBe('75.00');
  });

  it('a segment by itself, and the parts of one entry as one gap', () => {
    const night = time({
      minutes: 120,
      startedAt: '2026-03-10T16:00:00+11:00',
      endedAt: '2026-03-10T18:00:00+11:00',
    });
    const withClasses = (after: string): ContractTerms => ({
      ...at('150.00', { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: after }] }),
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '08:00', closes: '17:00' }] }, holidays: [] },
    });
    const contract = contractFacts({ terms: withClasses('1.5') });
    const account = invoicedUnder([night], [contract]);
    expect(account.invoiced?.map(({ line }) => line.net.amount)).toEqual(['150.00', '225.00']);
    const gap = only(mismatches([night], { ...account, contracts: [published(withClasses('2'), contract)] }));
    expect(valueOf(gap)).toBe('75.00');
  });

  it('tiers and prices that a ticket shares are compared together, other work of the ticket left out', () => {
    const tiers = (beyond: string): ContractTerms =>
      at('150.00', {
        workTypes: [
          {
            workType: 'remote',
            mode: 'tiers',
            per: 'ticket',
            tiers: [
              { upToMinutes: 60, pricePerHour: '150.00' },
              { upToMinutes: null, pricePerHour: beyond },
            ],
          },
        ],
      });
    const second = time({ workItemId: 'w-2', position: 2, minutes: 60 });
    const contract = contractFacts({ terms: tiers('225.00') });
    const account = invoicedUnder([hour, second], [contract]);
    expect(mismatches([hour, second], { ...account, contracts: [published(tiers('225.00'), contract)] })).toEqual([]);
    const gaps = mismatches([hour, second], { ...account, contracts: [published(tiers('200.00'), contract)] });
    expect(gaps.map((gap) => [gap.workItemId, valueOf(gap)])).toEqual([['w-2', '-25.00']]);
  });

  it('property: a version published anew with the terms of the one before is none, whatever of the work is frozen', () => {
    let compared = 0;
    fc.assert(
      fc.property(clientPeriod, fc.array(fc.boolean(), { minLength: 3, maxLength: 9 }), (start, chosen) => {
        const drafted = draftableItems(rate(start).items).filter((_, index) => chosen[index % chosen.length] === true);
        const anew = start.contracts.map((contract) => ({
          ...contract,
          versions: [
            ...contract.versions,
            ...contract.versions.map((one) => ({
              ...one,
              versionNumber: one.versionNumber + contract.versions.length,
            })),
          ],
        }));
        compared += drafted.length;
        expect(mismatches(start.work, { ...start, contracts: anew, invoiced: asInvoiced(drafted) })).toEqual([]);
      }),
      { numRuns: 300, seed: 20261122 },
    );
    expect(compared).toBeGreaterThan(150);
  });
});
