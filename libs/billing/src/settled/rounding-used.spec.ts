import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '@billtrail/contracts';
import type { ClientPeriodFacts, FrozenLine } from '../client-period.js';
import type { ExplainedItem } from '../item/billable-item.js';
import { rateExplained as rate } from '../rate.js';
import { versionsFrom } from '../testing/charges.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../testing/facts.js';

/** Two hours a ticket and day at least. */
const BY_DAY: Partial<RateCard> = { minimumMinutes: 120, incrementMinutes: 15, roundingScope: 'ticket-day' };
/** Lines as documents were before they named the scope that rounded them. */
const withoutScope = (items: readonly ExplainedItem[]): readonly FrozenLine[] =>
  asInvoiced(items).map(({ line, ...on }) => {
    const { rounding } = line.basis;
    if (rounding === null) throw new Error('nothing rounded it');
    const { scopeId: _scopeId, ...rest } = rounding;
    return { ...on, line: { ...line, basis: { ...line.basis, rounding: rest } } };
  });
const shown = (items: readonly ExplainedItem[]) =>
  items.map(({ itemId, disposition, billableMinutes }) => `${itemId} ${disposition} ${billableMinutes}`);

describe('an invoiced line that does not name the scope of its minimum', () => {
  const hour = time({
    minutes: 60,
    workDate: '2026-03-10',
    startedAt: '2026-03-10T23:30:00Z',
    endedAt: '2026-03-11T00:30:00Z',
  });

  it('holds it for the day on which its work began: its first half is rated, its second half is frozen', () => {
    const versions = versionsFrom(['2026-01-01', terms(BY_DAY)], ['2026-03-11', terms(BY_DAY)]);
    const account: Partial<ClientPeriodFacts> = { contracts: [contractFacts(versions)], clientTimeZone: 'UTC' };
    const { items } = rate(facts([hour], account));
    expect(shown(items)).toEqual(['w-1@p1 billable 60', 'w-1@p2 billable 60']);
    const invoiced = withoutScope(items.slice(1));
    expect(shown(rate(facts([hour], { ...account, invoiced })).items)).toEqual([
      'w-1@p2 invoiced 60',
      'w-1@p1 billable 60',
    ]);
  });

  it('holds it for the day of its work, where that is frozen whole', () => {
    const account = { contracts: [contractFacts({ terms: terms(BY_DAY) })] };
    const first = time({ minutes: 20 });
    const later = (workDate: string) => time({ workItemId: 'w-2', position: 2, minutes: 20, workDate });
    const invoiced = withoutScope(rate(facts([first], account)).items);
    const beside = (workDate: string) =>
      shown(rate(facts([first, later(workDate)], { ...account, invoiced })).items).slice(1);
    expect(beside('2026-03-10')).toEqual(['w-2 billable 0']);
    expect(beside('2026-03-11')).toEqual(['w-2 billable 120']);
  });

  it('holds it for the first day of the period, where its work began in the month before', () => {
    const edge = time({
      minutes: 60,
      workDate: '2026-03-31',
      startedAt: '2026-03-31T23:30:00Z',
      endedAt: '2026-04-01T00:30:00Z',
    });
    const contracts = [contractFacts({ terms: terms(BY_DAY) })];
    const account: Partial<ClientPeriodFacts> = { contracts, clientTimeZone: 'UTC', period: '2026-04' };
    const { items } = rate(facts([edge], account));
    const later = time({ workItemId: 'w-2', position: 2, minutes: 20, workDate: '2026-04-01' });
    const invoiced = withoutScope(items);
    expect(shown(rate(facts([edge, later], { ...account, invoiced })).items)).toEqual([
      'w-1@p1 invoiced 120',
      'w-2 billable 0',
    ]);
  });
});
