import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { materialWordsIn } from '@billtrail/ticketing';
import type { BillingConfiguration } from '../events.js';
import type { TicketText } from '../rating/facts.js';
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

describe('parts that were found in the texts of a ticket when they were recorded', () => {
  const price = (amount: string) => ({ amount, currency: 'AUD' });
  const ram = { word: 'RAM', assumedPrice: price('40.00') };
  const cable = { word: 'cable', assumedPrice: price('15.00') };
  const told = (texts: readonly TicketText[], materialWords: BillingConfiguration['materialWords']) =>
    deriveTicketGaps(ticketFacts({ noCharge: null, texts }), [time()], { ...CONFIGURATION, materialWords }).map(
      ({ cause, valueAtRisk, sourceEventIds }) => ({
        names: /names ([^;]*);/.exec(cause)?.[1],
        money: valueAtRisk.money?.amount ?? null,
        sourceEventIds,
      }),
    );

  it('are told as those of a text are, at the price of now', () => {
    const found = [{ names: 'cable, ram', money: '55.00', sourceEventIds: ['ev-1', 'ev-2', 'ev-resolved'] }];
    const now = [{ ...ram, assumedPrice: price('55.00') }, cable];
    const recorded = [
      { words: ['RAM'], eventId: 'ev-1' },
      { words: ['RAM', 'cable'], eventId: 'ev-2' },
    ];
    expect(told(recorded, now)).toEqual(found);
    expect(told([{ text: 'ram', eventId: 'ev-1' }, recorded[1] as TicketText], now)).toEqual(found);
  });

  it('count as long as the configuration has the word, however it spells it', () => {
    const recorded = [{ words: ['RAM', 'cable'], eventId: 'ev-1' }];
    expect(told(recorded, [cable])).toMatchObject([{ names: 'cable', money: '15.00' }]);
    expect(told(recorded, [{ ...ram, word: 'Ram' }])).toMatchObject([{ names: 'ram', money: '40.00' }]);
    expect(told(recorded, [])).toEqual([]);
    expect(told([{ words: [], eventId: 'ev-1' }], [ram, cable])).toEqual([]);
  });

  it('are those of the texts, where the words are the same ones', () => {
    const anyWords = fc.subarray([ram, cable, { word: 'ram module', assumedPrice: price('90.00') }]);
    const anyText = fc
      .array(fc.constantFrom('ram', 'RAM', 'module', 'Cable', 'cables', 'and'), { maxLength: 6 })
      .map((all) => all.join(' '));
    fc.assert(
      fc.property(anyWords, fc.array(anyText, { maxLength: 4 }), (words, texts) => {
        const written = texts.map((text, index) => ({ text, eventId: `ev-${index}` }));
        const recorded = written.map(({ text, eventId }) => ({ words: materialWordsIn([text], words), eventId }));
        expect(told(recorded, words)).toEqual(told(written, words));
      }),
    );
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
