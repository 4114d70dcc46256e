import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms, ContractVersion } from '@billtrail/contracts';
import { asInvoiced, contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';
import type { TicketFacts, WorkItem } from '../rating/facts.js';

/** 100 minutes at 150.00 are 250.00. */
const on = (ticket: number, changes: Partial<Extract<WorkItem, { kind: 'time' }>> = {}) =>
  time({
    workItemId: `w-${ticket}`,
    ticketId: `T-${ticket}`,
    position: ticket,
    minutes: 100,
    sourceEventIds: [`ev-w-${ticket}`],
    ...changes,
  });
const both = [on(1), on(2)];

const cap = (amount: string, changes: Partial<Cap> = {}): Cap => ({
  id: 'cap',
  name: 'Per ticket',
  scope: 'ticket',
  amount,
  above: 'gap',
  match: {},
  ...changes,
});
const version = (versionNumber: number, effectiveFrom: string, ofVersion: ContractTerms): ContractVersion => ({
  versionNumber,
  effectiveFrom,
  effectiveTo: null,
  terms: ofVersion,
});
const under = (...caps: readonly Cap[]) => version(1, '2026-01-01', { ...terms(), caps });

type Account = Partial<ClientPeriodFacts>;
type Tickets = ReadonlyMap<string, TicketFacts>;

/** Each ticket as part of the one named. */
const tickets = (parts: Readonly<Record<string, string>>): Tickets =>
  new Map(Object.entries(parts).map(([own, ticketId]) => [own, ticketFacts({ ticketId })]));
const APART = tickets({ 'T-1': 'T-1', 'T-2': 'T-2', 'T-3': 'T-3' });
const MERGED = tickets({ 'T-1': 'T-1', 'T-2': 'T-1', 'T-3': 'T-3' });

const having = (...versions: readonly ContractVersion[]): Account => ({ contracts: [contractFacts({ versions })] });

/** What is invoiced of work under a first version, while its tickets were apart. */
const invoicedOf = (work: readonly WorkItem[], first: ContractVersion, changes: Account = {}) =>
  asInvoiced(
    rate(facts(work, { ...having(first), tickets: APART, ...changes })).items.filter(
      ({ disposition }) => disposition === 'billable',
    ),
  );

const gaps = (work: readonly WorkItem[], account: Account) =>
  rate(facts(work, { tickets: MERGED, ...account })).gaps.filter(({ kind }) => kind === 'contract-mismatch');
const told = (work: readonly WorkItem[], account: Account) =>
  gaps(work, account).map(({ workItemId, valueAtRisk }) => `${workItemId} ${valueAtRisk.money?.amount}`);

describe('what merged tickets asked above the cap of a ticket', () => {
  it('is told of the latest of the work', () => {
    const first = under(cap('400.00'));
    const account = { ...having(first), invoiced: invoicedOf(both, first) };
    expect(told(both, account)).toEqual(['w-2 -100.00']);
    expect(told(both, { ...account, tickets: APART })).toEqual([]);
  });

  it('is measured by the cap of the version that priced the work, not by one of later days', () => {
    const lower = version(2, '2027-01-01', { ...terms(), caps: [cap('200.00')] });
    const kept = under(cap('500.00'));
    expect(told(both, { ...having(kept, lower), invoiced: invoicedOf(both, kept) })).toEqual([]);
    const first = under(cap('400.00'));
    const higher = version(2, '2027-01-01', { ...terms(), caps: [cap('900.00')] });
    const invoiced = invoicedOf(both, first);
    expect(told(both, { ...having(first, lower), invoiced })).toEqual(['w-2 -100.00']);
    expect(told(both, { ...having(first, higher), invoiced })).toEqual(['w-2 -100.00']);
  });

  it('is nothing where a version of the day of the work has let it through since, and no more where it lets less through', () => {
    const first = under(cap('400.00'));
    const account = (...caps: readonly Cap[]) => ({
      ...having(first, version(2, '2026-01-01', { ...terms(), caps })),
      invoiced: invoicedOf(both, first),
    });
    expect(told(both, account(cap('450.00')))).toEqual(['w-2 -50.00']);
    expect(told(both, account(cap('500.00')))).toEqual([]);
    expect(told(both, account())).toEqual([]);
    expect(told(both, account(cap('300.00')))).toEqual(['w-2 -100.00']);
  });

  it('is measured by the highest cap where versions let through more and less', () => {
    const first = under(cap('250.00'));
    const second = version(2, '2026-03-15', { ...terms(), caps: [cap('300.00')] });
    const work = [on(1), on(2, { workDate: '2026-03-16' })];
    const account = { ...having(first, second) };
    const invoiced = invoicedOf(work, first, account);
    const [gap] = gaps(work, { ...account, invoiced });
    expect(gap?.valueAtRisk.money?.amount).toBe('-200.00');
    expect(gap?.cause).toContain('not-to-exceed Per ticket (cap), 300.00 AUD a ticket, which T-1 has once');
  });

  it('is each cent once where the work is under two caps', () => {
    const first = under(cap('400.00'), cap('300.00', { id: 'tight' }));
    const account = { ...having(first), invoiced: invoicedOf(both, first) };
    // 250.00 and 250.00, of which 300.00 should be asked.
    expect(told(both, account)).toEqual(['w-2 -200.00']);
  });

  it('is nothing of a ticket that no merge is about, whatever periods before carried over', () => {
    const first = under(cap('250.00'));
    const invoiced = invoicedOf([...both, on(3)], first);
    const billed = { amount: '100.00', currency: 'AUD' };
    const carriedOver = { balances: [], caps: [{ contractId: 'con-1', capId: 'cap', ticketId: 'T-3', billed }] };
    const account = { ...having(first), invoiced, carriedOver };
    expect(told([...both, on(3)], account)).toEqual(['w-2 -250.00']);
  });

  it('is told once of work in two parts of which each is told to be cheaper by now', () => {
    // 250.00 before five and 250.00 after it, of two prices by now: 230.00 and 240.00.
    const calendar = {
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
    };
    const priced = (price: string, caps: readonly Cap[]): ContractTerms => ({
      ...terms({
        labour: [{ workType: 'remote', engineerRole: null, pricePerHour: price }],
        rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1' }],
      }),
      ...calendar,
      caps,
    });
    const long = on(2, { minutes: 200, startedAt: '2026-03-10T15:20:00+11:00', endedAt: '2026-03-10T18:40:00+11:00' });
    const work = [on(1), long];
    const caps = [cap('600.00')];
    const first = version(1, '2026-01-01', priced('150.00', caps));
    const invoiced = invoicedOf(work, first);
    expect(invoiced.map(({ line }) => line.net.amount)).toEqual(['250.00', '250.00', '250.00']);
    // 750.00 were asked. At 135.00 an hour they are 675.00, of which a cap of 600.00 lets 600.00 through: 150.00 are too much.
    const second = version(2, '2026-01-01', priced('135.00', caps));
    expect(told(work, { ...having(first, second), invoiced })).toEqual(['w-1 -25.00', 'w-2 -125.00']);
  });
});
