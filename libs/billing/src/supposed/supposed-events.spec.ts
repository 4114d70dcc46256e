import { describe, expect, it } from '@jest/globals';
import type { RecurringCharge } from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ScopeStatement } from '../rating/facts.js';
import { contractFacts, facts, terms, ticketFacts, time } from '../testing/facts.js';
import { heldIn, isHeldIn } from './held.js';
import { otherMonthsOf } from './months-of-work.js';
import { isOfTicket, placesAfter, supposedPeriods } from './supposed-events.js';
import { askedLessByTerms } from './under-terms.js';

const told = (type: TicketEvent['type'], data: object): TicketEvent =>
  ({ type, data, occurredAt: '2026-03-25T00:00:00Z' }) as unknown as TicketEvent;
const after = (
  periods: readonly ClientPeriodFacts[],
  events: readonly TicketEvent[],
  ticketId = 'T-1',
): readonly ClientPeriodFacts[] => supposedPeriods(periods, { ticketId, events });
const idsOf = (periods: readonly ClientPeriodFacts[]): readonly (readonly string[])[] =>
  periods.map(({ work }) => work.map(({ workItemId }) => workItemId));
const incidentsOf = (periods: readonly ClientPeriodFacts[]) =>
  periods.map(({ incidents }) => incidents?.work.map(({ workItemId }) => workItemId));

const OTHER = ticketFacts({ ticketId: 'T-2' });
const TICKETS = new Map([
  ['T-1', ticketFacts()],
  ['T-2', OTHER],
  // Merged into T-1.
  ['T-3', ticketFacts()],
]);
const OF_OTHER = time({ workItemId: 'w-2', ticketId: 'T-2', position: 2 });
const OF_MERGED = time({ workItemId: 'w-3', ticketId: 'T-3', position: 3 });
const MARCH = facts([time(), OF_OTHER, OF_MERGED], { tickets: TICKETS });

describe('client-periods as they would be after events of a ticket', () => {
  it('have another client take its work and what was merged into it, and nothing else', () => {
    const theirs = facts([], { clientId: 'cli-2', tickets: new Map() });
    const moves = told('TicketReclassified', { ...ticketFacts(), clientId: 'cli-2', category: 'network', reason: 'x' });
    // Under its own id T-3 is what it is as part of T-1.
    const [from, to] = after([MARCH, theirs], [moves]);
    expect(idsOf([from, to].flatMap((one) => one ?? []))).toEqual([['w-2'], ['w-1', 'w-3']]);
    expect([...(to?.tickets ?? [])].map(([id, one]) => `${id} ${one.clientId} ${one.category}`)).toEqual([
      'T-1 cli-2 network',
      'T-3 cli-2 network',
    ]);
    expect(from?.tickets.get('T-2')).toBe(OTHER);
  });

  it('know work as that of a ticket by its own id, or by that of the one that it was merged into', () => {
    expect(isOfTicket({ ticketId: 'T-1' }, 'T-1', new Map())).toBe(true);
    expect(isOfTicket({ ticketId: 'T-3' }, 'T-1', TICKETS)).toBe(true);
    expect(isOfTicket({ ticketId: 'T-3' }, 'T-3', TICKETS)).toBe(true);
    expect(isOfTicket({ ticketId: 'T-2' }, 'T-1', TICKETS)).toBe(false);
    expect(isOfTicket({ ticketId: 'T-9' }, 'T-1', TICKETS)).toBe(false);
  });

  it('lose the work of one ticket where another has work of the same name', () => {
    const same = time({ workItemId: 'w-1', ticketId: 'T-2' });
    const [one] = after([facts([same], { tickets: TICKETS })], [told('TimeEntryVoided', { timeEntryId: 'w-1' })]);
    expect(one?.work).toEqual([same]);
    const merged = { ...OF_MERGED, workItemId: 'w-1' };
    const [other] = after([facts([merged], { tickets: TICKETS })], [told('TimeEntryVoided', { timeEntryId: 'w-1' })]);
    expect(other?.work).toEqual([merged]);
  });

  it('have a merged ticket declared free of charge, and classified as the one that it is part of', () => {
    const free = told('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'ours' });
    const [declared] = after([MARCH], [free], 'T-3');
    expect([...(declared?.tickets.values() ?? [])].map(({ noCharge }) => noCharge !== null)).toEqual([
      false,
      false,
      true,
    ]);
    const moves = told('TicketReclassified', { ...ticketFacts(), clientId: 'cli-2', reason: 'x' });
    expect(after([MARCH], [moves], 'T-3')[0]?.tickets).toEqual(TICKETS);
  });

  it('have what is said of the scope behind what was said before, of the ticket alone', () => {
    const said: ScopeStatement = { by: 'resolution', scope: 'out-of-scope', reason: null, position: 9, eventId: 'e' };
    const classified = told('ScopeClassified', { scope: 'in-contract', reason: 'read', classifiedBy: 'ops-1' });
    const known = facts([time(), OF_OTHER], {
      tickets: new Map([
        ['T-1', ticketFacts({ scope: [said] })],
        ['T-2', OTHER],
      ]),
    });
    const scopes = after([known], [classified]).map(({ tickets }) => tickets.get('T-1')?.scope);
    expect(scopes).toMatchObject([[said, { by: 'operations', scope: 'in-contract', reason: 'read' }]]);
    const [first] = after([MARCH], [classified]);
    expect([...(first?.tickets.values() ?? [])].map(({ scope }) => scope?.length ?? 0)).toEqual([1, 0, 1]);
    expect(first?.tickets.get('T-1')?.scope).toHaveLength(1);
  });

  it('have what a fixed price counts of other months where the work goes, and nowhere else', () => {
    const incidents = {
      work: [time({ workItemId: 'w-0', workDate: '2026-02-03' }), { ...OF_OTHER, workItemId: 'w-9' }],
      settled: [],
      asked: [],
    };
    const march = { ...MARCH, incidents };
    const april = facts([], { period: '2026-04', tickets: new Map() });
    const corrected = (workDate: string) =>
      told('TimeEntryCorrected', {
        timeEntryId: 'w-1',
        reason: 'x',
        correctedBy: 'eng-1',
        workDate,
        minutes: 60,
        startedAt: null,
        endedAt: null,
      });
    expect(incidentsOf(after([march, april], [corrected('2026-03-11')]))).toEqual([['w-9', 'w-0'], undefined]);
    // Part of it is in April now: each month counts what the other has.
    const moved = after([march, april], [corrected('2026-04-02')]);
    expect(idsOf(moved)).toEqual([['w-2', 'w-3'], ['w-1']]);
    expect(incidentsOf(moved)).toEqual([
      ['w-9', 'w-1', 'w-0'],
      ['w-3', 'w-0'],
    ]);
    expect(moved[1]?.incidents).toMatchObject({ settled: [], asked: [] });
    expect(after([MARCH], [corrected('2026-03-11')])[0]).not.toHaveProperty('incidents');
  });

  it('may lie in the months that an entry touches anywhere on earth', () => {
    const entry = (startedAt: string, endedAt: string) =>
      otherMonthsOf({ workDate: startedAt.slice(0, 10), startedAt, endedAt });
    expect(entry('2026-03-01T11:59:00Z', '2026-03-01T13:00:00Z')).toEqual(['2026-02']);
    expect(entry('2026-03-01T12:00:00Z', '2026-03-31T09:59:00Z')).toEqual([]);
    expect(entry('2026-03-31T09:00:00Z', '2026-03-31T10:00:00Z')).toEqual(['2026-04']);
    expect(entry('2026-03-31', '2026-03-31T10:00:00Z')).toBeNull();
    expect(otherMonthsOf({ workDate: '2026-03-01', startedAt: null, endedAt: null })).toEqual([]);
    const crossing = told('TimeEntryCorrected', {
      workDate: '2026-03-31',
      startedAt: '2026-03-31T09:00:00Z',
      endedAt: '2026-03-31T11:00:00Z',
    });
    expect(placesAfter([MARCH], { ticketId: 'T-1', events: [crossing] })).toEqual([
      { clientId: 'cli-1', period: '2026-03' },
      { clientId: 'cli-1', period: '2026-04' },
    ]);
  });
});

describe('what of client-periods is held', () => {
  const resolved = { resolvedOn: '2026-03-20', resolvedEventId: 'e' };
  const held = (work: Parameters<typeof time>[0], ticket: Parameters<typeof ticketFacts>[0]): readonly boolean[] => {
    const one = facts([time(work)], { tickets: new Map([['T-1', ticketFacts(ticket)]]) });
    return [heldIn([one])({ ticketId: 'T-1', workItemId: 'w-1' }), isHeldIn([one], 'T-1', 'w-1')];
  };
  const open = { resolvedOn: null, resolvedEventId: null };

  it('is work that was approved once, and what the ticket was resolved with', () => {
    expect(held({ wasApproved: true }, open)).toEqual([true, true]);
    expect(held({}, open)).toEqual([false, false]);
    expect(held({ position: 3 }, resolved)).toEqual([true, true]);
    expect(held({ position: 3 }, { ...resolved, reopened: { position: 4, wasFree: false } })).toEqual([true, true]);
    expect(held({ position: 4 }, { ...resolved, reopened: { position: 4, wasFree: false } })).toEqual([false, false]);
  });

  it('is nothing of a ticket that is not known, and of the whole where it was resolved', () => {
    const unknown = facts([time()], { tickets: new Map() });
    expect(heldIn([unknown])({ ticketId: 'T-1', workItemId: 'w-1' })).toBe(false);
    expect(isHeldIn([unknown], 'T-2', 'w-1')).toBe(false);
    const whole = (ticket: Parameters<typeof ticketFacts>[0]) =>
      heldIn([facts([], { tickets: new Map([['T-1', ticketFacts(ticket)]]) })])({ ticketId: 'T-1', workItemId: null });
    expect([whole(resolved), whole(open)]).toEqual([true, false]);
  });
});

describe('what is asked less under other terms', () => {
  const month = (period: string, dearer: string, cheaper: string, isHeld = true) => {
    const at = (pricePerHour: string) => [
      contractFacts({ terms: terms({ labour: [{ workType: null, engineerRole: null, pricePerHour }] }) }),
    ];
    const work = [
      time({ workItemId: `w-${period}`, workDate: `${period}-10`, ...(isHeld && { wasApproved: true as const }) }),
    ];
    const tickets = new Map([['T-1', ticketFacts({ resolvedOn: null, resolvedEventId: null })]]);
    const now = facts(work, { period, tickets, contracts: at(dearer) });
    return { now, underThem: () => facts(work, { period, tickets, contracts: at(cheaper) }) };
  };
  const lessOf = (...months: Parameters<typeof askedLessByTerms>[0][number][]) =>
    askedLessByTerms(months).map(({ money }) => money?.toString());

  it('is that of all months up to the last with work that is held', () => {
    expect(lessOf(month('2026-03', '150.00', '100.00'), month('2026-04', '150.00', '120.00'))).toEqual(['80.00 AUD']);
    const never = () => {
      throw new Error('a month after the last that is held is not looked at');
    };
    const later = { ...month('2026-04', '150.00', '120.00', false), underThem: never };
    expect(lessOf(month('2026-03', '150.00', '100.00'), later)).toEqual(['50.00 AUD']);
    expect(lessOf(later)).toEqual([]);
  });

  it('carries over what a cap has used under them', () => {
    const caps = [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '200.00', above: 'write-down' }] as const;
    const capped = (period: string) => {
      const { now } = month(period, '150.00', '150.00');
      const under = { ...now, contracts: [contractFacts({ terms: { ...terms(), caps } })] };
      return { now, underThem: () => under };
    };
    expect(lessOf(capped('2026-03'), capped('2026-04'))).toEqual(['100.00 AUD']);
  });

  describe('of what is charged beside the work', () => {
    const fee = (price: string, more: Partial<RecurringCharge> = {}): RecurringCharge => ({
      id: 'fee',
      name: 'Fee',
      basis: 'fixed',
      price,
      billed: 'in-advance',
      taxCategory: 'GST',
      ...more,
    });
    const charging = (price: string) =>
      facts([], { contracts: [contractFacts({ terms: { ...terms(), recurringCharges: [fee(price)] } })] });
    const [now, free, dearer] = [charging('310.00'), charging('10.00'), charging('610.00')];

    it('is all that falls beside the same terms of today, and nothing where they are as low', () => {
      expect(lessOf({ now, underThem: () => free, fromToday: () => now })).toEqual(['300.00 AUD']);
      expect(lessOf({ now, underThem: () => free, fromToday: () => free })).toEqual([]);
      expect(lessOf({ now, underThem: () => free, fromToday: () => dearer })).toEqual(['600.00 AUD']);
      expect(lessOf({ now, underThem: () => dearer, fromToday: () => now })).toEqual([]);
    });

    it('takes the place of no work', () => {
      const work = [time({ wasApproved: true })];
      const covered = terms({}, [{ id: 'all', name: 'All', match: {}, outcome: 'included' }]);
      const asked = facts(work);
      const byFee = facts(work, {
        contracts: [contractFacts({ terms: { ...covered, recurringCharges: [fee('3100.00')] } })],
      });
      expect(lessOf({ now: asked, underThem: () => byFee, fromToday: () => asked })).toEqual(['150.00 AUD']);
      expect(lessOf({ now: asked, underThem: () => byFee })).toEqual(['150.00 AUD']);
    });
  });
});
