import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvariantViolation, epochMillis, localDateIn, monthOf, offsetMillisAt } from '@billtrail/kernel';
import { isAustralianBusinessNumber } from '@billtrail/contracts';
import type { TicketCommand } from '@billtrail/ticketing';
import type { DemoMonth, DemoSize } from './demo-month.js';
import { DEMO_SEED, generateMonth } from './generate-month.js';
import { reconcileMonth } from './testing/reconcile-month.js';
import { replay } from './testing/replay.js';

const march = generateMonth({ seed: DEMO_SEED });
const small: DemoSize = { seed: 5, tickets: 40, clients: 4, engineers: 3, gaps: 5 };

const streams = (month: DemoMonth) => [...month.phases.month.tickets, ...month.phases.afterInvoicing];
const steps = (month: DemoMonth) => streams(month).flatMap((stream) => stream.steps);
const ofType = <Type extends TicketCommand['type']>(month: DemoMonth, type: Type) =>
  steps(month).flatMap(({ command }) =>
    command.type === type ? [command as Extract<TicketCommand, { type: Type }>] : [],
  );

/** Planted and found gaps in one shape, by ticket. */
const comparable = (
  gaps: readonly { ticketId: string | null; clientId: string | null; kind: string; value: object }[],
) =>
  gaps
    .map(({ ticketId, clientId, kind, value }) => ({ ticketId: ticketId ?? '', clientId, kind, value }))
    .sort((a, b) => (a.ticketId < b.ticketId ? -1 : 1));
const planted = (month: DemoMonth) => comparable(month.planted);
const found = (month: DemoMonth) =>
  comparable(
    reconcileMonth(month)
      .gaps.filter(({ ticketId }) => ticketId !== null)
      .map((gap) => ({ ...gap, value: gap.valueAtRisk })),
  );

describe('generateMonth', () => {
  it('gives the same month for the same seed, and another for another', () => {
    expect(JSON.stringify(generateMonth({ seed: DEMO_SEED }))).toBe(JSON.stringify(march));
    expect(JSON.stringify(generateMonth({ seed: DEMO_SEED + 1 }))).not.toBe(JSON.stringify(march));
    expect(JSON.stringify(generateMonth(small))).toBe(JSON.stringify(generateMonth(small)));
  });

  it.each([1, 2, DEMO_SEED])('has the size that domain.md tells, from seed %i', (seed) => {
    const month = generateMonth({ seed });
    const { tickets } = reconcileMonth(month);
    const resolved = [...tickets.values()].filter(({ ticket }) => ticket.resolvedOn !== null);
    expect(resolved).toHaveLength(847);
    expect(new Set(resolved.map(({ ticket }) => monthOf(ticket.resolvedOn ?? '')))).toEqual(new Set(['2026-03']));
    expect(tickets.size).toBeGreaterThan(870);
    expect(month.phases.setup.clients).toHaveLength(50);
    expect(new Set(ofType(month, 'LogTimeEntry').map((entry) => entry.engineerId)).size).toBe(10);
    expect(ofType(month, 'LogTimeEntry').length).toBeGreaterThan(2_350);
    expect(ofType(month, 'LogTimeEntry').length).toBeLessThan(2_650);
    expect(ofType(month, 'RecordMaterialUsage').length).toBeGreaterThan(50);
    expect(ofType(month, 'RecordExpense').length).toBeGreaterThan(40);
  });

  it('is taken by the deciders, every command of it, and each one does something', () => {
    const { refused, quiet } = replay(march);
    expect(refused).toEqual([]);
    expect(quiet).toBe(0);
  });

  it('plants 57 gaps on 57 tickets, of all four leaks and six kinds', () => {
    expect(new Set(march.planted.map(({ ticketId }) => ticketId)).size).toBe(57);
    expect(new Set(march.planted.map(({ leak }) => leak))).toEqual(
      new Set(['unbilled time', 'contract mismatch', 'materials', 'scope creep']),
    );
    const byKind: Record<string, number> = {};
    for (const { kind } of march.planted) byKind[kind] = (byKind[kind] ?? 0) + 1;
    expect(byKind).toEqual({
      'work-not-recorded': 7,
      'time-unapproved': 10,
      unbilled: 14,
      unpriced: 9,
      'material-suspected': 9,
      'scope-suspected': 8,
    });
  });
});

describe('the planted gaps of a month', () => {
  it('are what rating finds, all of them and no other, to the value', () => {
    expect(found(march)).toEqual(planted(march));
  });

  it('leave 790 tickets whose work is invoiced or covered', () => {
    const { tickets, items } = reconcileMonth(march);
    const withGap = new Set(march.planted.map(({ ticketId }) => ticketId));
    const clean = [...tickets.values()].filter(
      ({ ticket }) => ticket.resolvedOn !== null && !withGap.has(ticket.ticketId),
    );
    expect(clean).toHaveLength(790);
    const itemsByTicket = new Map(
      clean.map(({ ticket }) => [ticket.ticketId, items.filter((item) => item.ticketId === ticket.ticketId)]),
    );
    for (const { ticket, work } of clean) {
      const ofTicket = itemsByTicket.get(ticket.ticketId) ?? [];
      expect(new Set(ofTicket.map(({ workItemId }) => workItemId)).size).toBe(work.length);
      expect(work.length > 0 || ticket.noCharge !== null).toBe(true);
      for (const { disposition, trace } of ofTicket)
        if (disposition === 'written-off') expect(trace.map(({ step }) => step)).toContain('cap');
        else expect(['invoiced', 'covered']).toContain(disposition);
    }
    const dispositions = new Set([...itemsByTicket.values()].flat().map(({ disposition }) => disposition));
    expect(dispositions).toEqual(new Set(['invoiced', 'covered', 'written-off']));
  });

  it.each<[string, DemoSize]>([
    ['a small month', small],
    ['a month without gaps', { ...small, gaps: 0 }],
    ['nothing but gaps', { seed: 3, tickets: 20, clients: 4, engineers: 2, gaps: 20 }],
    ['a month with the end of summer time', { ...small, month: '2026-04', gaps: 14 }],
    ['a month with the start of summer time', { ...small, month: '2026-10', gaps: 14 }],
    ['a leap February', { ...small, month: '2028-02', gaps: 14 }],
    ['a month over the new year', { ...small, month: '2026-12', gaps: 14 }],
    ['one engineer with far too much to do', { seed: 9, tickets: 400, clients: 12, engineers: 1, gaps: 30 }],
  ])('are found in %s too', (_what, size) => {
    const month = generateMonth(size);
    expect(replay(month).refused).toEqual([]);
    expect(month.planted).toHaveLength(size.gaps ?? 57);
    expect(found(month)).toEqual(planted(month));
  });

  it('are found from any seed', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 4, max: 12 }),
        fc.integer({ min: 0, max: 30 }),
        (seed, clients, gaps) => {
          const month = generateMonth({ seed, tickets: 60, clients, engineers: 4, gaps });
          expect(replay(month).refused).toEqual([]);
          expect(found(month)).toEqual(planted(month));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are not all that is found when one more approval is lost', () => {
    const month = generateMonth(small);
    const clean = new Set(month.planted.map(({ ticketId }) => ticketId));
    const isLost = new Set<string>();
    const tickets = month.phases.month.tickets.map((stream) => ({
      ...stream,
      steps: stream.steps.filter(({ command }) => {
        const isResolved = stream.steps.some((step) => step.command.type === 'ResolveTicket');
        if (isLost.size > 0 || clean.has(stream.id) || !isResolved || command.type !== 'ApproveTimeEntry') return true;
        isLost.add(stream.id);
        return false;
      }),
    }));
    const damaged = { ...month, phases: { ...month.phases, month: { ...month.phases.month, tickets } } };
    expect(isLost.size).toBe(1);
    expect(found(damaged)).toHaveLength(planted(month).length + 1);
  });
});

describe('the people of a month', () => {
  it('do things one after the other: month, invoice, late work, reconciliation', () => {
    const { month, invoicing, afterInvoicing, setup } = march.phases;
    const firstTicket = Math.min(...month.tickets.flatMap(({ steps: of }) => of.map(({ at }) => epochMillis(at))));
    for (const { steps: of } of [...setup.clients, ...setup.contracts]) {
      for (const { at } of of) expect(epochMillis(at)).toBeLessThan(firstTicket);
    }
    for (const { steps: of } of streams(march)) {
      const times = of.map(({ at }) => epochMillis(at));
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    for (const { steps: of } of month.tickets) expect((of.at(-1)?.at ?? '') < invoicing.at).toBe(true);
    for (const { steps: of } of afterInvoicing) {
      expect((of[0]?.at ?? '') > invoicing.at).toBe(true);
      expect(localDateIn('Australia/Sydney', of.at(-1)?.at ?? '') < march.asOf).toBe(true);
    }
    expect(invoicing.issueDate).toBe('2026-04-02');
    expect(march.asOf).toBe('2026-04-20');
  });

  it('work on one ticket at a time, in office hours where the client is, or after hours at that rate', () => {
    const zones = new Map(
      march.phases.setup.clients.map(({ id, steps: of }) => [id, of[0]?.command.timeZone ?? 'UTC']),
    );
    const voided = new Set(ofType(march, 'VoidTimeEntry').map(({ timeEntryId }) => timeEntryId));
    const diary = new Map<string, { from: number; to: number }[]>();
    let outside = 0;
    for (const { clientId, steps: of } of streams(march)) {
      for (const { command } of of) {
        if (
          command.type !== 'LogTimeEntry' ||
          !command.startedAt ||
          !command.endedAt ||
          voided.has(command.timeEntryId)
        )
          continue;
        const from = epochMillis(command.startedAt);
        const to = epochMillis(command.endedAt);
        expect(monthOf(command.workDate)).toBe('2026-03');
        diary.set(command.engineerId, [...(diary.get(command.engineerId) ?? []), { from, to }]);
        const local = new Date(from + offsetMillisAt(zones.get(clientId) ?? 'UTC', from));
        const isOffice = local.getUTCDay() % 6 !== 0 && local.getUTCHours() >= 8 && local.getUTCHours() < 18;
        if (isOffice === (command.workType === 'after-hours-support')) outside += 1;
      }
    }
    expect(outside).toBe(0);
    for (const entries of diary.values()) {
      entries.sort((a, b) => a.from - b.from);
      const overlaps = entries.filter((entry, index) => entry.from < (entries[index - 1]?.to ?? 0));
      expect(overlaps).toEqual([]);
    }
  });

  it('have the roles that their commands take, and approve nobody of themselves', () => {
    const roles = new Map<string, Set<string>>();
    for (const { command, by } of steps(march)) {
      roles.set(command.type, (roles.get(command.type) ?? new Set()).add(by.role));
    }
    const operations = new Set([
      'TriageTicket',
      'AssignTicket',
      'CancelTicket',
      'CloseTicket',
      'ApproveTimeEntry',
      'ApproveMaterialUsage',
      'ApproveExpense',
      'RejectTimeEntry',
      'DeclareNoCharge',
      'ClassifyScope',
    ]);
    const others: Readonly<Record<string, readonly string[]>> = {
      RequestTicket: ['client', 'operations'],
      ApproveServiceVerification: ['client'],
      RecordSupplierCredit: ['accounts'],
    };
    for (const [type, of] of roles) {
      const expected = others[type] ?? (operations.has(type) ? ['operations'] : ['support']);
      expect([type, [...of].sort()]).toEqual([type, expected]);
    }
    expect(roles.size).toBeGreaterThan(18);
  });

  it('show one client whose documents go to another, by its contract', () => {
    const named = march.phases.setup.contracts.flatMap(({ clientId, steps: of }) =>
      of.flatMap(({ command }) =>
        command.type === 'ActivateContract' && command.terms.billTo !== undefined
          ? [{ clientId, billTo: command.terms.billTo }]
          : [],
      ),
    );
    expect(named).toEqual([{ clientId: 'C-013', billTo: 'C-026' }]);
  });

  it('show one client with two sites, in turn on its tickets, and a decision on the scope of one of them', () => {
    const sites = march.phases.setup.clients.flatMap(({ steps: of }) =>
      of.flatMap(({ command }) => (command.type === 'RegisterSite' ? [command.siteId] : [])),
    );
    expect(sites).toEqual(['C-013-office', 'C-013-warehouse']);
    const commands = march.phases.month.tickets.flatMap(({ steps: of }) => of.map(({ command }) => command));
    const triaged = commands.flatMap((one) => (one.type === 'TriageTicket' && one.siteId ? [one.siteId] : []));
    for (const siteId of sites) expect(triaged.filter((one) => one === siteId).length).toBeGreaterThan(1);
    expect(new Set(triaged)).toEqual(new Set(sites));
    // As the demo names it.
    expect(commands.flatMap((one) => (one.type === 'ClassifyScope' ? [one.ticketId] : []))).toEqual(['T-10023']);
    expect(commands).toContainEqual(
      expect.objectContaining({ type: 'ResolveTicket', ticketId: 'T-10023', scope: 'out-of-scope' }),
    );
  });

  it('are invented: names once each, tax numbers with right check digits from an unused range', () => {
    const clients = march.phases.setup.clients.flatMap(({ steps: of }) =>
      of.flatMap(({ command }) => (command.type === 'RegisterClient' ? [command] : [])),
    );
    expect(new Set(clients.map(({ name }) => name)).size).toBe(50);
    const numbers = clients.flatMap(({ taxId }) => taxId ?? []);
    expect(numbers.length).toBeGreaterThan(20);
    for (const number of [...numbers, march.configuration.organisation.taxId ?? '']) {
      expect([number, isAustralianBusinessNumber(number)]).toEqual([number, true]);
      expect(number).toMatch(/^\d\d 999 /);
    }
  });
});

describe('generateMonth refuses', () => {
  it.each<[string, Partial<DemoSize>]>([
    ['fewer clients than stories need', { clients: 3 }],
    ['more gaps than tickets', { tickets: 10, gaps: 11 }],
    ['a number of gaps below zero', { gaps: -1 }],
    ['no tickets', { tickets: 0, gaps: 0 }],
    ['half a ticket', { tickets: 1.5, gaps: 0 }],
    ['more tickets than the limit', { tickets: 1_000_001 }],
    ['no engineer', { engineers: 0 }],
    ['a month that is none', { month: '2026-13' }],
    ['a seed that is no whole number', { seed: 0.1 }],
  ])('%s', (_what, size) => {
    expect(() => generateMonth({ ...small, ...size })).toThrow(InvariantViolation);
  });
});
