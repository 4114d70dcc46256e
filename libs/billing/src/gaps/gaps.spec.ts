import { describe, expect, it } from '@jest/globals';
import { type Issued, isId } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ExplainedItem } from '../item/billable-item.js';
import type { GapEvent, GapFacts } from '../events.js';
import { rateExplained as rate } from '../rate.js';
import { imbalances } from '../reconcile.js';
import {
  ALL_BILLABLE,
  CONFIGURATION,
  asInvoiced,
  contractFacts,
  facts,
  material,
  only,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import { type AcceptBillingGap, gap } from './gap.js';
import { endingOf, gapIdOf, gapKey } from './identity.js';
import { deriveTicketGaps, unpricedForLackOfClient } from './of-ticket.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'ops-1', role: 'operations' } };
const gapFacts: GapFacts = {
  kind: 'unbilled',
  ticketId: 'T-1',
  clientId: 'cli-1',
  period: '2026-03',
  workItemId: 'w-1',
  valueAtRisk: { money: { amount: '150.00', currency: 'AUD' }, minutes: 60 },
  cause: 'on no invoice',
  sourceEventIds: ['ev-1'],
};
const opened = (changes: Partial<GapFacts> = {}): GapEvent => ({
  type: 'BillingGapOpened',
  data: { gapId: 'g-1', ...gapFacts, ...changes },
  occurredAt: issued.at,
});
const open = { type: 'OpenBillingGap', gapId: 'g-1', ...gapFacts, ...issued } as const;
const revalue = {
  type: 'RevalueBillingGap',
  gapId: 'g-1',
  valueAtRisk: { money: { amount: '75.00', currency: 'AUD' }, minutes: 30 },
  cause: 'corrected',
  sourceEventIds: ['ev-1', 'ev-2'],
  ...issued,
} as const;
const assign = { type: 'AssignBillingGap', gapId: 'g-1', ownerId: 'ops-2', ...issued } as const;
const accept = (changes: Partial<AcceptBillingGap> = {}): AcceptBillingGap & Issued => ({
  type: 'AcceptBillingGap',
  gapId: 'g-1',
  reasonCode: 'goodwill',
  comment: 'agreed',
  workBy: ['eng-1'],
  configuration: CONFIGURATION,
  ...issued,
  ...changes,
});
const close = { type: 'CloseBillingGap', gapId: 'g-1', ending: 'billed', ...issued } as const;
const closed: GapEvent = { type: 'BillingGapClosed', data: { gapId: 'g-1', ending: 'billed' }, occurredAt: issued.at };
const accepted: GapEvent = {
  type: 'BillingGapAccepted',
  data: { gapId: 'g-1', reasonCode: 'goodwill', comment: 'agreed', acceptedBy: 'ops-1', secondPerson: null },
  occurredAt: issued.at,
};
const given = (...events: GapEvent[]) => spec(gap).given(...events);

describe('a billing gap', () => {
  it('is opened once', () => {
    given().when(open).then(opened());
    given(opened()).when(open).thenNothing();
    given(opened(), closed).when(open).thenRefused('GapEnded');
  });
  it('is revalued where something differs', () => {
    const revalued: GapEvent = {
      type: 'BillingGapRevalued',
      data: { gapId: 'g-1', valueAtRisk: revalue.valueAtRisk, cause: 'corrected', sourceEventIds: ['ev-1', 'ev-2'] },
      occurredAt: issued.at,
    };
    given(opened()).when(revalue).then(revalued);
    given(opened(), revalued).when(revalue).thenNothing();
    given(opened(), revalued)
      .when({ ...revalue, cause: 'other' })
      .thenLike({ type: 'BillingGapRevalued' });
  });
  it('gets an owner', () => {
    const owned: GapEvent = {
      type: 'BillingGapAssigned',
      data: { gapId: 'g-1', ownerId: 'ops-2' },
      occurredAt: issued.at,
    };
    given(opened()).when(assign).then(owned);
    given(opened(), owned).when(assign).thenNothing();
    given(opened())
      .when({ ...assign, ownerId: '' })
      .thenRefused('OwnerMissing');
  });
  it('is accepted by a person with a reason; quiet on repeat', () => {
    given(opened()).when(accept()).then(accepted);
    given(opened(), accepted).when(accept()).thenNothing();
  });
  it('acceptance keeps the rules of forgoing money', () => {
    given(opened())
      .when(accept({ reasonCode: ' ' }))
      .thenRefused('ReasonMissing');
    given(opened())
      .when(accept({ comment: '' }))
      .thenRefused('CommentMissing');
    given(opened())
      .when(accept({ workBy: ['ops-1'] }))
      .thenRefused('OwnWork');
    given(opened())
      .when(
        accept({
          configuration: { ...CONFIGURATION, reasonCodes: { acceptedGap: [{ code: 'fraud', name: 'Fraud' }] } },
        }),
      )
      .thenRefused('ReasonCodeUnknown');
  });
  it('is closed with its ending; quiet on repeat', () => {
    given(opened()).when(close).then(closed);
    given(opened(), closed).when(close).thenNothing();
  });
  it('ends in exactly one way', () => {
    given(opened(), closed)
      .when({ ...close, ending: 'covered' })
      .thenRefused('GapEnded');
    given(opened(), accepted).when(close).thenRefused('GapEnded');
    for (const command of [revalue, assign, accept()]) given(opened(), closed).when(command).thenRefused('GapEnded');
  });
  it('that nobody opened is unknown', () => {
    for (const command of [revalue, assign, accept(), close]) given().when(command).thenRefused('GapUnknown');
  });
});

describe('identity and ending', () => {
  it('the key is kind, ticket, work item, period and client; every occurrence has its own id, short and fit for a stream', () => {
    expect(gapKey(gapFacts)).toBe('unbilled|T-1|w-1|2026-03|cli-1');
    expect(gapKey({ ...gapFacts, clientId: null })).toBe('unbilled|T-1|w-1|2026-03|');
    const long = gapKey({
      kind: 'work-not-recorded',
      ticketId: 'T'.repeat(100),
      workItemId: 'w'.repeat(100),
      period: null,
      clientId: 'c'.repeat(100),
    });
    expect(isId(gapIdOf(long, 99_999))).toBe(true);
    const ids = [
      gapIdOf(long, 1),
      gapIdOf(long, 2),
      gapIdOf(gapKey(gapFacts), 1),
      gapIdOf(gapKey({ ...gapFacts, period: null }), 1),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(gapIdOf(long, 1)).toBe(gapIdOf(long, 1));
  });

  const item = only(rate(facts([time()])).items);
  const as = (...dispositions: ExplainedItem['disposition'][]): ExplainedItem[] =>
    dispositions.map((disposition) => ({ ...item, disposition }));
  it.each<[string, ExplainedItem[], boolean, string]>([
    ['the work is on an invoice', as('invoiced'), false, 'billed'],
    ['partly invoiced, partly written off', as('invoiced', 'written-off'), false, 'billed'],
    ['it costs nothing', as('covered'), false, 'covered'],
    ['it was written off', as('written-off'), false, 'written-off'],
    ['it was voided', [], false, 'corrected'],
    ['no charge was declared', [], true, 'covered'],
    ['it has a price now', as('billable'), false, 'corrected'],
    ['an adjustment is open', as('invoiced', 'billable'), false, 'corrected'],
  ])('%s', (_case, items, noCharge, ending) => expect(endingOf(gapFacts, items, noCharge)).toBe(ending));
  it('tells of work that was adjusted after its invoice what became of the last adjustment', () => {
    const adjusted = (...dispositions: ExplainedItem['disposition'][]): ExplainedItem[] =>
      as(...dispositions).map((one, index) => (index === 0 ? one : { ...one, itemId: `w-1@a${index}` }));
    const unbilled = { ...gapFacts, kind: 'unbilled' } as const;
    expect(endingOf(unbilled, adjusted('invoiced', 'written-off'))).toBe('written-off');
    expect(endingOf(unbilled, adjusted('invoiced', 'invoiced', 'written-off'))).toBe('written-off');
    expect(endingOf(unbilled, adjusted('invoiced', 'written-off', 'invoiced'))).toBe('billed');
    expect(endingOf(unbilled, adjusted('written-off', 'invoiced'))).toBe('billed');
    expect(endingOf(unbilled, adjusted('invoiced', 'billable', 'written-off'))).toBe('corrected');
    const mismatch = { ...gapFacts, kind: 'contract-mismatch' } as const;
    expect(endingOf(mismatch, adjusted('invoiced', 'written-off'))).toBe('billed');
  });
  it('looks at the work item where the gap names one, else at the ticket', () => {
    const other = { ...item, workItemId: 'w-2', disposition: 'invoiced' as const };
    expect(endingOf(gapFacts, [other])).toBe('corrected');
    expect(endingOf({ ...gapFacts, workItemId: null }, [other])).toBe('billed');
    expect(endingOf({ ...gapFacts, workItemId: null, ticketId: 'T-2' }, [other])).toBe('corrected');
  });
});

describe('gaps of rated work', () => {
  const kinds = (...args: Parameters<typeof facts>) => rate(facts(...args)).gaps.map((one) => one.kind);
  const open1 = { tickets: new Map([['T-1', ticketFacts({ resolvedOn: null })]]) };

  it('unbilled: billable or claimed work of a resolved ticket, due after the billing delay', () => {
    expect(only(rate(facts([time()])).gaps)).toEqual({
      kind: 'unbilled',
      ticketId: 'T-1',
      clientId: 'cli-1',
      period: '2026-03',
      workItemId: 'w-1',
      valueAtRisk: { money: { amount: '150.00', currency: 'AUD' }, minutes: 60 },
      cause: 'the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later',
      sourceEventIds: ['ev-w-1', 'ev-resolved'],
      dueOn: '2026-04-03',
    });
    expect(kinds([time()], { claimed: new Map([['w-1', 'inv-1']]) })).toEqual(['unbilled']);
    expect(kinds([time()], open1)).toEqual([]);
    expect(kinds([time()], { invoiced: asInvoiced(rate(facts([time()])).items) })).toEqual([]);
    expect(kinds([material()])).toEqual(['unbilled']);
  });
  it('time-unapproved instead of unbilled, at once; rejected time is unbilled', () => {
    const gaps = rate(facts([time({ approval: 'unapproved' })])).gaps;
    expect(only(gaps)).toMatchObject({
      kind: 'time-unapproved',
      dueOn: null,
      valueAtRisk: { money: { amount: '150.00' }, minutes: 60 },
    });
    expect(kinds([time({ approval: 'unapproved' })], open1)).toEqual([]);
    const rejected = rate(facts([time({ approval: 'rejected' })])).gaps;
    expect(only(rejected)).toMatchObject({ kind: 'unbilled' });
    expect(only(rejected).cause).toContain('rejected');
    expect(kinds([time({ approval: 'unapproved', workType: 'onsite' })])).toEqual(['unpriced', 'time-unapproved']);
  });

  const limited = (limit: number) => [
    contractFacts({ terms: terms({}, [{ ...ALL_BILLABLE, outcome: 'included', includedMinutesPerTicket: limit }]) }),
  ];
  it('scope-suspected: included time passes the limit of its rule', () => {
    const work = [
      time({ workItemId: 'w-1', minutes: 50 }),
      time({ workItemId: 'w-2', position: 2, minutes: 40, sourceEventIds: ['ev-w-2'] }),
    ];
    expect(only(rate(facts(work, { contracts: limited(60) })).gaps)).toMatchObject({
      kind: 'scope-suspected',
      workItemId: null,
      valueAtRisk: { money: { amount: '75.00', currency: 'AUD' }, minutes: 30 },
      cause: '90 min of covered work pass the 60 min that rule All work includes by 30 min',
      sourceEventIds: ['ev-w-1', 'ev-w-2'],
    });
    expect(kinds(work, { contracts: limited(90) })).toEqual([]);
    const withoutRate = [
      contractFacts({
        terms: terms({ labour: [] }, [{ ...ALL_BILLABLE, outcome: 'included', includedMinutesPerTicket: 60 }]),
      }),
    ];
    expect(only(rate(facts(work, { contracts: withoutRate })).gaps).valueAtRisk).toEqual({ money: null, minutes: 30 });
  });
  it('scope-suspected: a quick question that passed its minutes, once for both reasons', () => {
    const quick = { tickets: new Map([['T-1', ticketFacts({ ticketType: 'quick-question' })]]) };
    const both = rate(facts([time({ minutes: 45 })], { contracts: limited(40), ...quick })).gaps;
    expect(only(both)).toMatchObject({ valueAtRisk: { money: { amount: '75.00' }, minutes: 30 } });
    expect(only(both).cause).toContain('; 45 min of covered work pass the 15 min of a quick question by 30 min');
    expect(kinds([time({ minutes: 15 })], { contracts: limited(40), ...quick })).toEqual([]);
    const noCharge = { reasonCode: 'goodwill', reason: 'quick', eventId: 'ev-nc' };
    const declared = { tickets: new Map([['T-1', ticketFacts({ ticketType: 'quick-question', noCharge })]]) };
    expect(only(rate(facts([time({ minutes: 45 })], declared)).gaps)).toMatchObject({
      kind: 'scope-suspected',
      valueAtRisk: { money: null, minutes: 30 },
    });
    expect(kinds([time({ minutes: 45 })], quick)).toEqual(['unbilled']);
  });
});

describe('gaps of a ticket', () => {
  const derive = (...args: Parameters<typeof ticketFacts>) => deriveTicketGaps(ticketFacts(...args), [], CONFIGURATION);
  const noCharge = { reasonCode: 'goodwill', reason: 'ours', eventId: 'ev-nc' };

  it('work-not-recorded: resolved with neither work nor a no-charge declaration', () => {
    expect(only(derive())).toEqual({
      kind: 'work-not-recorded',
      ticketId: 'T-1',
      clientId: 'cli-1',
      period: null,
      workItemId: null,
      valueAtRisk: { money: { amount: '150.00', currency: 'AUD' }, minutes: null },
      cause:
        'the ticket was resolved on 2026-03-20 with no work recorded and no no-charge declared; valued at an assumed 60 min',
      sourceEventIds: ['ev-resolved'],
      dueOn: null,
    });
    expect(derive({ resolvedOn: null })).toEqual([]);
    expect(derive({ noCharge })).toEqual([]);
    expect(deriveTicketGaps(ticketFacts(), [time()], CONFIGURATION)).toEqual([]);
    const unpriced = deriveTicketGaps(ticketFacts(), [], { ...CONFIGURATION, assumedPricePerHour: null });
    expect(only(unpriced).valueAtRisk).toEqual({ money: null, minutes: null });
  });

  const texts = (...lines: string[]) => ({
    noCharge,
    texts: lines.map((text, index) => ({ text, eventId: `ev-${index}` })),
  });
  it('material-suspected: a text names a part as a whole word, and no usage answers it', () => {
    const found = derive({ ...texts('Swapped the ssd.', 'All fine', 'New Cable, SSD'), materials: 'none-used' });
    expect(only(found)).toMatchObject({
      kind: 'material-suspected',
      valueAtRisk: { money: { amount: '120.00', currency: 'AUD' } },
      cause: "the ticket's text names cable, ssd; no material usage is recorded, and materials were declared none-used",
      sourceEventIds: ['ev-0', 'ev-2', 'ev-resolved'],
    });
    expect(derive(texts('SSDs and cableway'))).toEqual([]);
    expect(derive({ ...texts('SSD'), resolvedOn: null })).toEqual([]);
    expect(derive({ ...texts('SSD'), materials: 'listed' })).toHaveLength(1);
    expect(deriveTicketGaps(ticketFacts(texts('SSD')), [material()], CONFIGURATION)).toEqual([]);
  });
  it('words are words, not patterns', () => {
    const words = {
      ...CONFIGURATION,
      materialWords: [
        { word: 'cat-6 (3m)', assumedPrice: null },
        { word: 'c++', assumedPrice: null },
      ],
    };
    expect(only(deriveTicketGaps(ticketFacts(texts('a CAT-6 (3m) lead')), [], words)).valueAtRisk.money).toBeNull();
    expect(deriveTicketGaps(ticketFacts(texts('cat-6 3m, ccc')), [], words)).toEqual([]);
    expect(deriveTicketGaps(ticketFacts(texts('SSD')), [], { ...CONFIGURATION, materialWords: [] })).toEqual([]);
  });

  it('work of a ticket without a client is unpriced, counts, and shows', () => {
    const work = [time({ approval: 'unapproved' }), material()];
    const { items, gaps } = unpricedForLackOfClient(ticketFacts({ clientId: null }), work);
    expect(imbalances(work, items)).toEqual([]);
    expect(items).toMatchObject([
      { itemId: 'w-1', clientId: null, period: '2026-03', disposition: 'unpriced', net: null },
      { itemId: 'm-1', clientId: null, disposition: 'unpriced' },
    ]);
    expect(items[0]?.unpriced?.reason).toBe('no-client');
    expect(gaps.map((one) => [one.kind, one.workItemId])).toEqual([
      ['unpriced', 'w-1'],
      ['time-unapproved', 'w-1'],
      ['unpriced', 'm-1'],
    ]);
  });
});
