import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule } from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { contractFacts, facts, material, terms, ticketFacts, time } from '../testing/facts.js';
import { askedLessBy, type SupposedOnTicket } from './asked-less-by.js';
import { askedLessByTerms } from './under-terms.js';

const told = (type: TicketEvent['type'], data: object): TicketEvent =>
  ({ type, data, occurredAt: '2026-03-25T00:00:00Z' }) as unknown as TicketEvent;
const voids = told('TimeEntryVoided', { timeEntryId: 'w-1', reason: 'wrong' });
const freely = told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' });

/** T-1 is open, and somebody approved its hour; nothing holds what is on T-2, nor what is on T-1 beside it. */
const open = { resolvedOn: null, resolvedEventId: null };
const TICKETS = new Map([
  ['T-1', ticketFacts(open)],
  ['T-2', ticketFacts({ ...open, ticketId: 'T-2' })],
]);
const held = time({ wasApproved: true, position: 3 });
/** It was corrected since. */
const corrected = time({ wasApproved: true, position: 3, approval: 'unapproved' });
const junk = (changes: object = {}): WorkItem =>
  time({ workItemId: 'w-2', ticketId: 'T-2', position: 4, approval: 'unapproved', ...changes });
const before = junk({ position: 1, workDate: '2026-03-02' });
const beside = material({
  workItemId: 'm-9',
  position: 4,
  approval: 'unapproved',
  listPrice: { amount: '200.00', currency: 'AUD' },
});

const under = (changes: Partial<ContractTerms>, coverage?: readonly CoverageRule[]): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms({}, coverage), ...changes } })],
});
const capped = (scope: 'ticket' | 'period', above: 'write-down' | 'gap' = 'write-down') =>
  under({ caps: [{ id: 'cap', name: 'Cap', scope, amount: '150.00', above }] });
const priced = under({}, [
  { id: 'all', name: 'All', match: {}, outcome: 'included', incident: { price: '150.00', taxCategory: 'GST' } },
]);
const lessOf = (
  work: readonly WorkItem[],
  account: Partial<ClientPeriodFacts>,
  changes: Partial<SupposedOnTicket> = {},
): readonly string[] =>
  askedLessBy([facts(work, { tickets: TICKETS, ...account })], {
    ticketId: 'T-1',
    workItemId: 'w-1',
    events: [voids],
    ...changes,
  }).map((less) => `${less.ticketId} ${less.money?.toString()}`);

/** Y2: junk takes the place of work that was approved, or lies before it, and is voided afterwards as freely as it was logged. */
describe('what a client is asked less, where nothing holds other work', () => {
  it.each<[string, readonly WorkItem[], Partial<ClientPeriodFacts>]>([
    ['takes the room that is left under the cap of a month', [held, junk()], capped('period')],
    ['takes it where the rest is a gap', [held, junk()], capped('period', 'gap')],
    ['has taken it before', [before, corrected], capped('period')],
    ['takes the room under the cap of the ticket itself', [held, beside], capped('ticket')],
    [
      'keeps the fixed price of the ticket',
      [corrected, junk({ ticketId: 'T-1' })],
      { ...priced, incidents: { work: [], settled: [], asked: [] } },
    ],
  ])('is all of the work, though that %s', (_case, work, account) => {
    expect(lessOf(work, account)).toEqual(['T-1 150.00 AUD']);
    expect(lessOf(work, account, { events: [freely], workItemId: null })).toEqual(['T-1 150.00 AUD']);
  });

  it('is nothing where work that is held as well takes its place', () => {
    expect(lessOf([held, junk({ wasApproved: true })], capped('period'))).toEqual([]);
  });

  it('is all of a ticket that is free of charge, whether anything holds it or not, and of no other work', () => {
    const works = [held, junk({ ticketId: 'T-1' })];
    expect(lessOf(works, {}, { events: [freely], workItemId: null })).toEqual(['T-1 300.00 AUD']);
    expect(lessOf(works, {}, { events: [freely], workItemId: null, ofHeld: true })).toEqual(['T-1 150.00 AUD']);
  });

  it('is, under other terms, what is asked of held work alone', () => {
    const now = facts([before, corrected], { tickets: TICKETS, ...capped('period') });
    const then = facts([before, corrected], {
      tickets: TICKETS,
      ...under({}, [{ id: 'all', name: 'All', match: {}, outcome: 'included' }]),
    });
    const less = askedLessByTerms([{ now, underThem: () => then }]).map(({ money }) => money?.toString());
    expect(less).toEqual(['150.00 AUD']);
  });
});
