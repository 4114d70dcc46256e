import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
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
import type { DerivedGap, TicketFacts, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const gapsOf = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts> = {}): readonly DerivedGap[] =>
  rate(facts(work, changes)).gaps;
const ofTicket = (changes: Partial<TicketFacts>): Partial<ClientPeriodFacts> => ({
  tickets: new Map([['T-1', ticketFacts(changes)]]),
});
const shown = (gaps: readonly DerivedGap[]): unknown[] =>
  gaps.map(({ kind, valueAtRisk: { money, minutes } }) => [kind, money?.amount ?? null, minutes]);
const under = (changes: Partial<ContractTerms>): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(), ...changes } })],
});
const cap = (above: Cap['above'], changes: Partial<Cap> = {}): Cap => ({
  id: 'cap',
  name: 'Budget',
  scope: 'period',
  amount: '100.00',
  above,
  ...changes,
});

describe('goods that nobody approved', () => {
  it('are told as goods, also where they ask nothing', () => {
    const causes = (work: WorkItem) =>
      gapsOf([work]).map(({ kind, cause }) => `${kind}: ${cause.replace(/^.*and /, '')}`);
    expect(causes(material({ approval: 'unapproved' }))).toEqual([
      'time-unapproved: nobody approved or rejected these goods',
    ]);
    expect(causes(expense({ approval: 'unapproved' }))).toEqual([
      'time-unapproved: nobody approved or rejected this expense',
    ]);
    expect(causes(material({ approval: 'unapproved', listPrice: aud('0.00'), unitCost: null }))).toEqual([
      'time-unapproved: nobody approved or rejected these goods',
    ]);
  });

  it.each<[string, Partial<Extract<WorkItem, { kind: 'material' }>>, string | null]>([
    ['nobody', { approval: 'unapproved' }, '2999.00'],
    ['who recorded them', { approval: 'approved', isOwnApproval: true }, '2999.00'],
    ['somebody who rejected them', { approval: 'rejected' }, '2999.00'],
    ['another person', { approval: 'approved' }, null],
    ['people before goods were approved', {}, null],
  ])('are paid for by a credit to its amount where a claim is agreed to by %s', (_who, approval, left) => {
    const claim = { underWarranty: true, warrantyClaim: 'W1', unitCost: aud('1.00'), listPrice: aud('3000.00') };
    const supplierCredits = [{ amount: aud('1.00'), eventId: 'ev-c', claimedCost: aud('1.00') }];
    const gaps = gapsOf([material({ ...claim, quantity: '1', supplierCredits, ...approval })]);
    const claims = gaps.filter(({ kind }) => kind === 'unbilled');
    expect(shown(claims)).toEqual(left === null ? [] : [['unbilled', left, null]]);
  });
});

describe('unbilled', () => {
  it('is what a resolved ticket has on no invoice, from the billing delay on, on a draft or on none', () => {
    const gap = {
      kind: 'unbilled',
      ticketId: 'T-1',
      clientId: 'cli-1',
      period: '2026-03',
      workItemId: 'w-1',
      valueAtRisk: { money: aud('150.00'), minutes: 60 },
      cause: 'the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later',
      sourceEventIds: ['ev-w-1', 'ev-resolved'],
      dueOn: '2026-04-03',
    };
    expect(gapsOf([time()])).toEqual([gap]);
    expect(gapsOf([time()], { claimed: new Map([['w-1', 'inv-1']]) })).toEqual([gap]);
    expect(gapsOf([time()], ofTicket({ resolvedEventId: null }))).toEqual([{ ...gap, sourceEventIds: ['ev-w-1'] }]);
  });

  it('is nothing while the ticket is not resolved, nor where there is nothing to ask', () => {
    expect(gapsOf([time(), time({ approval: 'unapproved' })], ofTicket({ resolvedOn: null }))).toEqual([]);
    expect(gapsOf([time()], { invoiced: asInvoiced(rate(facts([time()])).items) })).toEqual([]);
    expect(gapsOf([time()], under({ coverage: [{ ...ALL_BILLABLE, outcome: 'included' }] }))).toEqual([]);
  });

  it('is never guessed where the facts lack the ticket of an item: that throws by name', () => {
    const invoiced = asInvoiced(rate(facts([time()])).items);
    expect(() => gapsOf([], { invoiced, tickets: new Map() })).toThrow('the ticket of an item, T-1 is missing');
  });

  it('says so where its time was rejected, beside time of the same day that was not', () => {
    const rejected = time({ workItemId: 'w-2', position: 2, approval: 'rejected' });
    const said = '; its time was rejected and neither corrected nor voided since';
    const causes = (...work: readonly WorkItem[]) =>
      Object.fromEntries(gapsOf(work).map(({ workItemId, cause }) => [workItemId, cause.includes(said)]));
    expect(causes(time(), rejected)).toEqual({ 'w-1': false, 'w-2': true });
    expect(causes(rejected, time({ position: 3 }))).toEqual({ 'w-1': false, 'w-2': true });
  });

  it('waits for each ticket from its own resolution', () => {
    const tickets = new Map([
      ['T-1', ticketFacts()],
      ['T-2', ticketFacts({ ticketId: 'T-2', resolvedOn: '2026-03-25', resolvedEventId: 'ev-2' })],
    ]);
    const other = time({ workItemId: 'w-2', ticketId: 'T-2' });
    expect(gapsOf([time(), other], { tickets }).map(({ dueOn }) => dueOn)).toEqual(['2026-04-03', '2026-04-08']);
  });
});

describe('time-unapproved', () => {
  it('is time of a resolved ticket that nobody decided on: at once, and in no other gap', () => {
    expect(gapsOf([time({ approval: 'unapproved' })])).toEqual([
      expect.objectContaining({
        kind: 'time-unapproved',
        valueAtRisk: { money: aud('150.00'), minutes: 60 },
        cause: 'the ticket was resolved on 2026-03-20, and nobody approved or rejected this time',
        sourceEventIds: ['ev-w-1', 'ev-resolved'],
        dueOn: null,
      }),
    ]);
  });

  it('is not what the contract forgoes above a cap, approved or not', () => {
    const unapproved = time({ approval: 'unapproved' });
    expect(shown(gapsOf([unapproved], under({ caps: [cap('write-down')] })))).toEqual([
      ['time-unapproved', '100.00', 40],
    ]);
    expect(shown(gapsOf([time()], under({ caps: [cap('write-down')] })))).toEqual([['unbilled', '100.00', 40]]);
  });

  describe('of what is prepaid', () => {
    const block = {
      blockId: 'b',
      amount: { unit: 'minutes', minutes: 600 } as const,
      purchasedOn: '2026-01-01',
      expiresOn: null,
      price: null,
      eventId: 'ev-b',
    };
    const prepaid: Partial<ClientPeriodFacts> = {
      contracts: [contractFacts({ terms: terms({}, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]), blocks: [block] })],
    };
    const unapproved = (minutes: number) => time({ minutes, approval: 'unapproved' });
    const invoiced = asInvoiced(rate(facts([time({ minutes: 60 })], prepaid)).items);

    it('is what it draws, at the price of the card', () => {
      expect(shown(gapsOf([unapproved(60)], prepaid))).toEqual([['time-unapproved', '150.00', 60]]);
    });

    it('is what a correction draws more than the invoice has; what it gives back stays drawn until it is approved', () => {
      const corrected = (minutes: number) => shown(gapsOf([unapproved(minutes)], { ...prepaid, invoiced }));
      expect(corrected(90)).toEqual([['time-unapproved', '75.00', 30]]);
      expect(corrected(30)).toEqual([['time-unapproved', '0.00', -30]]);
    });

    it('is nothing beside the value that a declaration of its scope has', () => {
      const scope = [{ by: 'resolution', scope: 'out-of-scope', reason: null, position: 9, eventId: 'ev-s' }] as const;
      expect(shown(gapsOf([unapproved(60)], { ...prepaid, ...ofTicket({ scope }) }))).toEqual([
        ['time-unapproved', '0.00', 60],
        ['scope-suspected', '150.00', 60],
      ]);
    });

    it('is nothing of what the contract includes, for nobody would be asked for it', () => {
      const included = under({ coverage: [{ ...ALL_BILLABLE, outcome: 'included' }] });
      expect(shown(gapsOf([unapproved(60)], included))).toEqual([['time-unapproved', '0.00', 60]]);
    });
  });

  it('holds the money of what has a price, and all its minutes', () => {
    const unapproved = time({ approval: 'unapproved' });
    expect(shown(gapsOf([unapproved], under({ caps: [cap('gap')] })))).toEqual([
      ['time-unapproved', '100.00', 60],
      ['cap-exceeded', '50.00', 20],
    ]);
    // Half an hour before five falls under no rule, the hour after it does.
    const evening = time({
      approval: 'unapproved',
      minutes: 90,
      startedAt: '2026-03-10T16:30:00+11:00',
      endedAt: '2026-03-10T18:00:00+11:00',
    });
    const late = under({
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
      coverage: [{ ...ALL_BILLABLE, match: { rateClasses: ['after-hours'] } }],
    });
    expect(shown(gapsOf([evening], late))).toEqual([
      ['unpriced', null, 30],
      ['time-unapproved', '150.00', 90],
    ]);
  });
});

describe('the parts of one piece of work', () => {
  const evening = time({ minutes: 90, startedAt: '2026-03-10T16:30:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
  const byClass: Partial<ContractTerms> = {
    timeZone: 'Australia/Sydney',
    rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
  };

  it('show one gap of a kind, with their money, their minutes and their causes together', () => {
    const caps = [
      cap('gap', { id: 'early', match: { rateClasses: ['business'] }, amount: '50.00' }),
      cap('gap', { id: 'late', match: { rateClasses: ['after-hours'] }, amount: '100.00' }),
    ];
    const gaps = gapsOf([evening], under({ ...byClass, caps }));
    expect(shown(gaps)).toEqual([
      ['unbilled', '150.00', 60],
      ['cap-exceeded', '75.00', 30],
    ]);
    expect(gaps[1]?.cause).toBe(
      'not-to-exceed Budget (early), 50.00 AUD a period, 0.00 billed before: 25.00 AUD above it has no price; ' +
        'not-to-exceed Budget (late), 100.00 AUD a period, 0.00 billed before: 50.00 AUD above it has no price',
    );
    // What they share is said once.
    expect(gaps[0]?.cause).toBe(
      'the ticket was resolved on 2026-03-20, and the item is on no issued invoice 14 days later',
    );
    expect(gaps[0]?.sourceEventIds).toEqual(['ev-w-1', 'ev-resolved']);
  });

  it('have no sum in two currencies: the first stands, and the minutes tell the rest', () => {
    const versions = (['AUD', 'NZD'] as const).map((currency, index) => ({
      versionNumber: index + 1,
      effectiveFrom: index === 0 ? '2026-01-01' : '2026-03-11',
      effectiveTo: null,
      terms: { ...terms({ currency }), timeZone: 'Australia/Sydney' },
    }));
    const overnight = time({
      minutes: 90,
      startedAt: '2026-03-10T23:30:00+11:00',
      endedAt: '2026-03-11T01:00:00+11:00',
    });
    const { items, gaps } = rate(facts([overnight], { contracts: [contractFacts({ versions })] }));
    expect(items.map(({ net }) => net)).toEqual([aud('75.00'), { amount: '150.00', currency: 'NZD' }]);
    expect(only(gaps).valueAtRisk).toEqual({ money: aud('75.00'), minutes: 90 });
  });
});

describe('unpriced', () => {
  it('is valued by its minutes, or by what it cost', () => {
    const none = { contracts: [] };
    expect(shown(gapsOf([time()], none))).toEqual([['unpriced', null, 60]]);
    expect(shown(gapsOf([expense({ cost: aud('12.345') })], none))).toEqual([['unpriced', '12.35', null]]);
    expect(shown(gapsOf([material({ quantity: '2.5' })], none))).toEqual([['unpriced', '20.00', null]]);
    // Without a cost the list price stands for it; without both nothing does.
    expect(shown(gapsOf([material({ unitCost: null })], none))).toEqual([['unpriced', '45.00', null]]);
    expect(shown(gapsOf([material({ unitCost: null, listPrice: null })], none))).toEqual([['unpriced', null, null]]);
    expect(only(gapsOf([time()], none)).cause).toBe('no contract of the client is in force on 2026-03-10');
  });

  it('of a difference has no cost: the whole work cost that', () => {
    const account = { invoiced: asInvoiced(rate(facts([material()])).items) };
    const lost = material({ listPrice: null, quantity: '5', sourceEventIds: ['ev-m-1', 'ev-m-1b'] });
    expect(shown(gapsOf([lost], account))).toEqual([['unpriced', null, null]]);
  });
});
