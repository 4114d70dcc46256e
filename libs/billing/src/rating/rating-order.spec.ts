import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageMatch, CoverageRule, RateCard } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  terms,
  ticketFacts,
  time,
} from '../testing/facts.js';
import { block, minutes } from '../testing/charges.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { TicketFacts, WorkItem } from './facts.js';
import { rateExplained as rate } from '../rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const entry = (number: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, sourceEventIds: [`ev-w-${number}`], ...changes });
const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const included: CoverageRule = { id: 'inc', name: 'Included', match: {}, outcome: 'included' };
const PREPAID: CoverageRule = { ...ALL_BILLABLE, outcome: 'prepaid' };
/** One price for the ticket: who has it shows who came first. */
const visit = under({ workTypes: [{ workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' }] });
const charged = (work: readonly WorkItem[]): readonly string[] =>
  rate(facts(work, visit))
    .items.filter(({ net }) => net?.amount === '99.00')
    .map(({ workItemId }) => workItemId);

describe('the order of rating', () => {
  it('is by work date, then by position, then by id, whatever the order in which work comes', () => {
    const early = entry(9, { workDate: '2026-03-09' });
    const [second, third] = [entry(2), entry(3)];
    for (const work of [
      [early, second, third],
      [third, second, early],
      [second, early, third],
    ]) {
      expect(charged(work)).toEqual(['w-9']);
      expect(rate(facts(work, visit)).items.map(({ workItemId }) => workItemId)).toEqual(['w-9', 'w-2', 'w-3']);
    }
    expect(charged([third, second])).toEqual(['w-2']);
    const same = [entry(5, { position: 1 }), entry(4, { position: 1 })];
    expect(charged(same)).toEqual(['w-4']);
    expect(charged([...same].toReversed())).toEqual(['w-4']);
  });

  it('is by the day of each segment, so that a night ends after the work of its first day', () => {
    const night = entry(1, {
      minutes: 120,
      startedAt: '2026-03-10T23:00:00+11:00',
      endedAt: '2026-03-11T01:00:00+11:00',
    });
    const during = entry(2, { minutes: 60, workDate: '2026-03-10' });
    const after = entry(3, { minutes: 60, workDate: '2026-03-11' });
    const tuesday = [{ opens: '00:00', closes: '24:00' }];
    const contracts = [
      contractFacts({
        terms: {
          ...terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }] }, [PREPAID]),
          timeZone: 'Australia/Sydney',
          rateCalendar: { hours: { tuesday }, holidays: [] },
        },
        blocks: [block('b', minutes(150))],
      }),
    ];
    const { items } = rate(facts([night, during, after], { contracts }));
    // The block is for an hour of the night, the hour of its first day, and half of the hour after midnight.
    expect(items.map(({ itemId, disposition, actualMinutes }) => [itemId, disposition, actualMinutes])).toEqual([
      ['w-1@p1', 'covered', 60],
      ['w-1@p2', 'covered', 30],
      ['w-1@p3', 'billable', 30],
      ['w-2', 'covered', 60],
      ['w-3', 'billable', 60],
    ]);
  });

  it('puts what is approved first, then what nobody decided on, then what was rejected', () => {
    const undecided = entry(1, { approval: 'unapproved' });
    const rejected = entry(2, { approval: 'rejected' });
    const approved = entry(3, { workDate: '2026-03-20' });
    // Rejected time stands alone: it has the price as if there were no other.
    expect(charged([undecided, rejected, approved])).toEqual(['w-2', 'w-3']);
    expect(charged([undecided, rejected])).toEqual(['w-1', 'w-2']);
  });
});

describe('rejected work that was written off', () => {
  it('had taken part in no scope, where nothing of it was ever invoiced', () => {
    const [rejected, other] = [entry(1, { approval: 'rejected' }), entry(2)];
    const price = (frozen: Partial<ClientPeriodFacts>, work: readonly WorkItem[] = [rejected, other]) =>
      rate(facts(work, { ...visit, ...frozen })).items.find(({ itemId }) => itemId === 'w-2')?.net?.amount;
    const alone = rate(facts([rejected], visit)).items;
    expect(price({ writtenOff: asWrittenOff(alone) })).toBe('99.00');
    // Invoiced before it was rejected, it has the price of the ticket.
    const approved = asInvoiced(rate(facts([entry(1)], visit)).items);
    expect(price({ invoiced: approved })).toBe('0.00');
    expect(price({ writtenOff: asWrittenOff(rate(facts([entry(1)], visit)).items) }, [entry(1), other])).toBe('0.00');
  });
});

describe('coverage is asked for each piece of work that differs in what a rule asks', () => {
  const rule = (match: CoverageMatch): Partial<ClientPeriodFacts> => ({
    contracts: [contractFacts({ terms: terms({}, [{ ...included, match }, ALL_BILLABLE]) })],
  });
  const covered = (
    match: CoverageMatch,
    work: readonly WorkItem[],
    tickets: readonly TicketFacts[] = [ticketFacts()],
  ) =>
    rate(facts(work, { ...rule(match), tickets: new Map(tickets.map((one) => [one.ticketId, one])) }))
      .items.filter(({ disposition }) => disposition === 'covered')
      .map(({ workItemId }) => workItemId);

  it('by work type, by role and by kind', () => {
    const work = [
      entry(1),
      entry(2, { workType: 'onsite' }),
      entry(3, { engineerRole: 'senior' }),
      material(),
      expense(),
    ];
    expect(covered({ workTypes: ['onsite'] }, work)).toEqual(['w-2']);
    expect(covered({ engineerRoles: ['senior'] }, work)).toEqual(['w-3']);
    expect(covered({ kinds: ['material'] }, work)).toEqual(['m-1']);
    expect(covered({ kinds: ['expense'] }, work)).toEqual(['x-1']);
    expect(covered({ kinds: ['time'] }, work)).toEqual(['w-1', 'w-2', 'w-3']);
  });

  it.each<[string, CoverageMatch, Partial<TicketFacts>]>([
    ['category', { categories: ['network'] }, { category: 'network' }],
    ['type', { ticketTypes: ['incident'] }, { ticketType: 'incident' }],
    ['priority', { priorities: ['high'] }, { priority: 'high' }],
    ['site', { sites: ['site-1'] }, { siteId: 'site-1' }],
  ])('by the %s of the ticket', (_case, match, changes) => {
    const tickets = [ticketFacts(), ticketFacts({ ticketId: 'T-2', ...changes })];
    expect(covered(match, [entry(1), entry(2, { ticketId: 'T-2' })], tickets)).toEqual(['w-2']);
    expect(covered(match, [entry(1, { ticketId: 'T-2' }), entry(2)], tickets)).toEqual(['w-1']);
  });

  it('by rate class and by day', () => {
    expect(covered({ rateClasses: ['after-hours'] }, [entry(1), entry(2, { rateClass: 'after-hours' })])).toEqual([
      'w-2',
    ]);
    const versions = [included, ALL_BILLABLE].map((only, index) => ({
      versionNumber: index + 1,
      effectiveFrom: index === 0 ? '2026-01-01' : '2026-03-11',
      effectiveTo: null,
      terms: terms({}, [only]),
    }));
    const work = [entry(1), entry(2, { workDate: '2026-03-11' })];
    const { items } = rate(facts(work, { contracts: [contractFacts({ versions })] }));
    expect(items.map(({ disposition }) => disposition)).toEqual(['covered', 'billable']);
  });

  it('by the contract that the ticket names, and by its own no-charge declaration', () => {
    const contracts = [
      contractFacts(),
      contractFacts({ contractId: 'con-2', priority: 20, terms: terms({}, [included]) }),
    ];
    const declared = (reasonCode: string) => ({ reasonCode, reason: 'ours', eventId: `ev-${reasonCode}` });
    const tickets = [
      ticketFacts(),
      ticketFacts({ ticketId: 'T-2', contractId: 'con-2' }),
      ticketFacts({ ticketId: 'T-3', noCharge: declared('goodwill') }),
      ticketFacts({ ticketId: 'T-4', noCharge: declared('warranty') }),
    ];
    const work = tickets.map(({ ticketId }, index) => entry(index + 1, { ticketId }));
    const { items } = rate(facts(work, { contracts, tickets: new Map(tickets.map((one) => [one.ticketId, one])) }));
    expect(
      items.map(({ disposition, contractId, trace }) => [
        disposition,
        contractId,
        trace.find(({ step }) => step === 'no-charge')?.text ?? null,
      ]),
    ).toEqual([
      ['billable', 'con-1', null],
      ['covered', 'con-2', null],
      ['covered', null, 'declared no-charge: goodwill, ours'],
      ['covered', null, 'declared no-charge: warranty, ours'],
    ]);
  });
});

describe('the zone of days', () => {
  it('is that of the client, else of the organisation, whatever the contract says of its own days', () => {
    // Half of the hour is April in Sydney; in Perth it is three hours earlier, all of it March.
    const late = time({
      workDate: '2026-03-31',
      startedAt: '2026-03-31T23:30:00+11:00',
      endedAt: '2026-04-01T00:30:00+11:00',
    });
    const minutesOfMarch = (changes: Partial<ClientPeriodFacts>) =>
      rate(facts([late], changes)).items.reduce((sum, { actualMinutes }) => sum + (actualMinutes ?? 0), 0);
    const zoned = (timeZone: string) => under({}, { timeZone });
    expect(minutesOfMarch(zoned('Australia/Sydney'))).toBe(30);
    expect(minutesOfMarch(zoned('Australia/Perth'))).toBe(30);
    expect(minutesOfMarch({ clientTimeZone: 'Australia/Perth' })).toBe(60);
    expect(minutesOfMarch({ ...zoned('Australia/Sydney'), clientTimeZone: 'Australia/Perth' })).toBe(60);
    expect(minutesOfMarch({})).toBe(30);
  });
});
