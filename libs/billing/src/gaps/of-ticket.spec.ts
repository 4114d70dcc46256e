import { describe, expect, it } from '@jest/globals';
import { CONFIGURATION, only, ticketFacts, time } from '../testing/facts.js';
import { deriveTicketGaps, explainedForLackOfClient, unpricedForLackOfClient } from './of-ticket.js';

describe('a resolved ticket at a site that its client does not have', () => {
  const sites = [{ siteId: 'mall' }, { siteId: 'pier' }];
  const gapsOf = (siteId: string | null, work = [time()], asked: typeof sites | null = sites) =>
    deriveTicketGaps(ticketFacts({ siteId }), work, CONFIGURATION, asked);

  it('is a mismatch without a value: the days and hours of its work may be the wrong ones', () => {
    expect(only(gapsOf('dock'))).toEqual({
      kind: 'contract-mismatch',
      ticketId: 'T-1',
      clientId: 'cli-1',
      period: null,
      workItemId: null,
      dueOn: null,
      valueAtRisk: { money: null, minutes: null },
      cause:
        "ticket T-1 names site dock, which client cli-1 doesn't have: its work has the days, hours and holidays of the client",
      sourceEventIds: ['ev-resolved'],
    });
  });

  it('is none at a site that it has, at none, without work, and where nobody asks', () => {
    expect(gapsOf('pier')).toEqual([]);
    expect(gapsOf(null)).toEqual([]);
    expect(gapsOf('dock', [time()], null)).toEqual([]);
    expect(gapsOf('dock', []).map(({ kind }) => kind)).toEqual(['work-not-recorded']);
  });
});

describe('parts that the text of a ticket names', () => {
  const named = (text: string) => {
    const ticket = ticketFacts({ noCharge: null, texts: [{ text, eventId: 'ev-note' }] });
    const materialWords = [
      { word: 'ram', assumedPrice: { amount: '40.00', currency: 'AUD' } },
      { word: 'ram module', assumedPrice: { amount: '90.00', currency: 'AUD' } },
    ];
    return deriveTicketGaps(ticket, [time()], { ...CONFIGURATION, materialWords }).map(
      ({ cause, valueAtRisk }) => `${/names ([^;]*);/.exec(cause)?.[1]}: ${valueAtRisk.money?.amount}`,
    );
  };

  it('are named by the longest of the words, at its price', () => {
    expect(named('Added a RAM module.')).toEqual(['ram module: 90.00']);
    expect(named('Added RAM')).toEqual(['ram: 40.00']);
    expect(named('Added RAM, and a RAM module')).toEqual(['ram, ram module: 90.00']);
  });

  it('are none where the organisation watches for no words', () => {
    const ticket = ticketFacts({ noCharge: null, texts: [{ text: 'Added RAM -- and more.', eventId: 'ev-note' }] });
    expect(deriveTicketGaps(ticket, [time()], { ...CONFIGURATION, materialWords: [] })).toEqual([]);
  });
});

describe('work of a ticket that has no client', () => {
  const ticket = ticketFacts({ clientId: null });
  const why = 'ticket T-1 has no client, so no contract can price its work';

  it('is explained: what it was, and why it has no price', () => {
    const item = only(explainedForLackOfClient(ticket, [time()]));
    expect(item).toMatchObject({
      itemId: 'w-1',
      clientId: null,
      disposition: 'unpriced',
      period: '2026-03',
      basis: { unpriced: 'no-client', work: { kind: 'time', actualMinutes: 60 } },
    });
    expect(item.trace.map(({ step }) => step)).toEqual(['work', 'contract']);
    expect(item.trace[1]).toMatchObject({ text: expect.stringContaining(why), facts: { unpriced: 'no-client' } });
  });

  it('is a gap, and another while its time awaits approval on a resolved ticket', () => {
    const kinds = (work: Parameters<typeof time>[0], changes: Parameters<typeof ticketFacts>[0] = {}) =>
      unpricedForLackOfClient(ticketFacts({ clientId: null, ...changes }), [time(work)]).gaps.map(({ kind }) => kind);
    expect(kinds({})).toEqual(['unpriced']);
    expect(kinds({ approval: 'unapproved' })).toEqual(['unpriced', 'time-unapproved']);
    expect(kinds({ approval: 'unapproved' }, { resolvedOn: null, resolvedEventId: null })).toEqual(['unpriced']);
    expect(kinds({ approval: 'rejected' })).toEqual(['unpriced']);
  });
});
