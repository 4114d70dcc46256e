import { describe, expect, it } from '@jest/globals';
import { rateExplained as rate } from '../rate.js';
import { facts, only, ticketFacts, time } from '../testing/facts.js';
import type { TicketFacts } from './facts.js';
import { mergedInto, partOf } from './merged-ticket.js';

const own = (changes: Partial<TicketFacts> = {}) =>
  ticketFacts({
    ticketId: 'T-1',
    contractId: 'con-1',
    siteId: 'mall',
    category: 'network',
    ticketType: 'incident',
    priority: 'high',
    ...changes,
  });
const parent = (changes: Partial<TicketFacts> = {}) =>
  ticketFacts({
    ticketId: 'T-2',
    contractId: 'con-2',
    siteId: 'pier',
    category: 'printer',
    ticketType: 'request',
    priority: 'low',
    resolvedOn: null,
    resolvedEventId: null,
    ...changes,
  });
const NO_CHARGE = { eventId: 'ev-free' } as unknown as NonNullable<TicketFacts['noCharge']>;
const scopeSaid = (position: number) => ({ position }) as unknown as NonNullable<TicketFacts['scope']>[number];

describe('a ticket that was merged into another', () => {
  it('is of the other, and keeps what prices its work', () => {
    expect(partOf(own(), parent(), false)).toMatchObject({
      ticketId: 'T-2',
      contractId: 'con-1',
      siteId: 'mall',
      category: 'network',
      ticketType: 'incident',
      priority: 'high',
    });
  });

  it('has contract and site of the other where that has gone to another client', () => {
    const gone = parent({ clientId: 'cli-2' });
    expect(partOf(own(), gone, false)).toMatchObject({ clientId: 'cli-2', contractId: 'con-2', siteId: 'pier' });
    expect(partOf(own({ clientId: null }), gone, false)).toMatchObject({ contractId: 'con-1', siteId: 'mall' });
    // Without a site of its own it is where the other is.
    expect(partOf(own({ siteId: null }), parent(), false).siteId).toBe('pier');
  });

  it('stays resolved, and is resolved with the other where it is not', () => {
    expect(partOf(own(), parent(), false)).toMatchObject({
      resolvedOn: '2026-03-20',
      resolvedEventId: 'ev-resolved',
    });
    const open = own({ resolvedOn: null, resolvedEventId: null });
    const later = parent({ resolvedOn: '2026-03-25', resolvedEventId: 'ev-later' });
    expect(partOf(open, later, false)).toMatchObject({ resolvedOn: '2026-03-25', resolvedEventId: 'ev-later' });
    expect(partOf(own(), later, false)).toMatchObject({ resolvedOn: '2026-03-20', resolvedEventId: 'ev-resolved' });
    expect(partOf(open, parent(), false).resolvedOn).toBeNull();
  });

  it('costs nothing where that was declared of it, or of both since the merge', () => {
    expect(partOf(own({ noCharge: NO_CHARGE }), parent(), false).noCharge).toBe(NO_CHARGE);
    expect(partOf(own(), parent({ noCharge: NO_CHARGE }), false).noCharge).toBeNull();
    expect(partOf(own(), parent({ noCharge: NO_CHARGE }), true).noCharge).toBe(NO_CHARGE);
  });

  it('has what was said of the scope of either, in the order in which it was said', () => {
    const [first, second, third] = [scopeSaid(1), scopeSaid(2), scopeSaid(3)];
    expect(partOf(own({ scope: [second] }), parent({ scope: [first, third] }), false).scope).toEqual([
      first,
      second,
      third,
    ]);
    expect(partOf(own({ scope: [second] }), parent(), false).scope).toEqual([second]);
    expect(partOf(own(), parent({ scope: [first] }), false).scope).toEqual([first]);
    expect(partOf(own(), parent(), false)).not.toHaveProperty('scope');
  });
});

describe('work of a ticket that costs nothing', () => {
  it('tells who said so, and why', () => {
    const noCharge = { reasonCode: 'goodwill', reason: 'our fault', eventId: 'ev-free' };
    const tickets = new Map([['T-1', ticketFacts({ noCharge })]]);
    const item = only(rate(facts([time()], { tickets })).items);
    expect(item.trace.find(({ step }) => step === 'no-charge')?.facts).toEqual({
      reasonCode: 'goodwill',
      reason: 'our fault',
      eventId: 'ev-free',
    });
  });
});

describe('work of a merged ticket', () => {
  const tickets = new Map([
    ['T-1', partOf(own(), parent(), false)],
    ['T-2', parent()],
  ]);

  it('is told with the other, in the item and after what the work is', () => {
    const item = only(rate(facts([time()], { tickets })).items);
    expect(item).toMatchObject({ ticketId: 'T-1', mergedInto: 'T-2' });
    expect(item.trace.map(({ step }) => step).slice(0, 2)).toEqual(['work', 'ticket']);
    expect(item.trace[1]).toEqual({
      step: 'ticket',
      text: 'ticket T-1 was merged into T-2: what counts for a whole ticket counts for both',
      facts: { ticketId: 'T-1', mergedInto: 'T-2' },
    });
  });

  it('is told where no work of the other is known, too', () => {
    const alone = new Map([['T-1', partOf(own(), parent(), false)]]);
    expect(only(rate(facts([time()], { tickets: alone })).items).mergedInto).toBe('T-2');
  });

  it('of the other, and of a ticket that stands for itself, says nothing of it', () => {
    const item = only(rate(facts([time({ ticketId: 'T-2' })], { tickets })).items);
    expect(item).not.toHaveProperty('mergedInto');
    expect(item.trace.map(({ step }) => step)).not.toContain('ticket');
    expect([mergedInto('T-1', tickets), mergedInto('T-2', tickets), mergedInto('T-9', tickets)]).toEqual([
      'T-2',
      null,
      null,
    ]);
  });
});
