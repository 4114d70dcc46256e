import { describe, expect, it } from '@jest/globals';
import { type Role, fold, isRefusal } from '@billtrail/kernel';
import * as fc from 'fast-check';
import type { MergeTarget } from './merging.js';
import type { TicketCommand } from './ticket.js';
import { SCOPES, STAGES, type TicketEvent } from './events.js';
import { storedTicketEvents } from './events/stored.js';
import { type TransitionEvent, TRANSITIONS, type Transition, isTransition, stageAfter } from './lifecycle.js';
import { TICKET_REFUSAL_CODES } from './refusals.js';
import { type TicketState, liveWorkItemIds } from './state.js';
import * as t from './testing/history.js';
import { ticketDecider } from './ticket.js';

const decider = ticketDecider();
const ids = ['A-1', 'A-2', 'E-1'] as const;
const people = ['ana', 'bo', 'carl', 'olga'] as const;

const someIds = fc.constantFrom(...ids);
const someVersions = fc.constantFrom(null, 1, 1, 2);
const reason = fc.constantFrom('because', 'because', 'because', '');
const time = fc.record({
  engineerId: fc.constantFrom('ana', 'bo'),
  engineerRole: fc.constant('engineer'),
  workType: fc.constantFrom('remote', 'onsite'),
  minutes: fc.constantFrom(0, 1, 45, 1440),
  workDate: fc.constantFrom('2026-03-16', '2026-03-17', '2026-03-17', '2026-02-30'),
  description: fc.constant('Work'),
});
const material = fc.record({
  itemCode: fc.constant('SW-24'),
  description: fc.constant('Switch'),
  quantity: fc.constantFrom('1', '2', '0'),
  unit: fc.constant('piece'),
  workDate: fc.constant('2026-03-17'),
});
const expense = fc.record({
  description: fc.constantFrom('Parking', 'Toll'),
  cost: fc.constant({ amount: '5.00', currency: 'AUD' }),
  workDate: fc.constant('2026-03-17'),
});
const plain = <Type extends TicketCommand['type']>(type: Type) => fc.constant({ type, ticketId: 'T-1' });
const named = <Type extends TicketCommand['type'], Rest extends object>(type: Type, rest: fc.Arbitrary<Rest>) =>
  rest.map((facts) => ({ ...facts, type, ticketId: 'T-1' }));

const commands: fc.Arbitrary<TicketCommand> = fc.oneof(
  named('RequestTicket', fc.record({ summary: fc.constant('Help'), clientId: fc.constant('acme') })),
  named(
    'TriageTicket',
    fc.record({ category: fc.constantFrom('network', null), priority: fc.constant('low' as const) }),
  ),
  named('ReclassifyTicket', fc.record({ category: fc.constantFrom('network', 'email') })),
  named('AssignTicket', fc.record({ engineerId: fc.constantFrom('ana', 'bo') })),
  plain('StartWork'),
  plain('PendTicketOnClient'),
  plain('PendTicketOnThirdParty'),
  plain('ResumeTicket'),
  named(
    'ResolveTicket',
    fc.record({
      resolution: fc.constantFrom('Done', 'Done', ''),
      materials: fc.constantFrom('listed' as const, 'none-used' as const, 'none-used' as const, null),
      scope: fc.constantFrom('in-contract' as const, 'out-of-scope' as const, null),
    }),
  ),
  plain('RequestServiceVerification'),
  plain('ApproveServiceVerification'),
  named('RejectServiceVerification', fc.record({ reason })),
  plain('CloseTicket'),
  named('CancelTicket', fc.record({ as: fc.constant('cancelled' as const), reason })),
  plain('ReopenTicket'),
  named('ReprioritiseTicket', fc.record({ priority: fc.constant('high' as const) })),
  named('AddNote', fc.record({ noteId: someIds, text: reason, visibility: fc.constant('client' as const) })),
  named('StartTimer', fc.record({ timerId: someIds, engineerId: fc.constantFrom('ana', 'bo') })),
  named('StopTimer', fc.record({ timerId: someIds })),
  named(
    'LogTimeEntry',
    fc.tuple(time, someIds).map(([facts, timeEntryId]) => ({ ...facts, timeEntryId })),
  ),
  named(
    'CorrectTimeEntry',
    fc.tuple(time, someIds, reason).map(([facts, timeEntryId, why]) => ({ ...facts, timeEntryId, reason: why })),
  ),
  named('ApproveTimeEntry', fc.record({ timeEntryId: someIds, version: someVersions })),
  named('RejectTimeEntry', fc.record({ timeEntryId: someIds, version: someVersions, reason })),
  named(
    'OverrideTimeEntryPrice',
    fc.record({
      timeEntryId: someIds,
      pricePerHour: fc.option(fc.constantFrom({ amount: '95.00', currency: 'AUD' }, { amount: '0', currency: 'AUD' })),
      reason,
    }),
  ),
  named('VoidTimeEntry', fc.record({ timeEntryId: someIds, reason })),
  named(
    'RecordMaterialUsage',
    fc.tuple(material, someIds).map(([facts, materialUsageId]) => ({ ...facts, materialUsageId })),
  ),
  named(
    'CorrectMaterialUsage',
    fc
      .tuple(material, someIds, reason)
      .map(([facts, materialUsageId, why]) => ({ ...facts, materialUsageId, reason: why })),
  ),
  named('ApproveMaterialUsage', fc.record({ materialUsageId: someIds, version: someVersions })),
  named('RejectMaterialUsage', fc.record({ materialUsageId: someIds, version: someVersions, reason })),
  named('VoidMaterialUsage', fc.record({ materialUsageId: someIds, reason })),
  named(
    'RecordExpense',
    fc.tuple(expense, someIds).map(([facts, expenseId]) => ({ ...facts, expenseId })),
  ),
  named(
    'CorrectExpense',
    fc.tuple(expense, someIds, reason).map(([facts, expenseId, why]) => ({ ...facts, expenseId, reason: why })),
  ),
  named('ApproveExpense', fc.record({ expenseId: someIds, version: someVersions })),
  named('RejectExpense', fc.record({ expenseId: someIds, version: someVersions, reason })),
  named('VoidExpense', fc.record({ expenseId: someIds, reason })),
  named('DeclareNoCharge', fc.record({ reasonCode: fc.constant('goodwill'), reason })),
  named(
    'MergeTicket',
    fc.record({
      into: fc.constantFrom('T-2', 'T-3'),
      reason,
      target: fc.constantFrom<MergeTarget>(
        { clientId: 'acme', stage: 'in-progress', closedAs: null, mergedInto: null },
        { clientId: 'other', stage: 'in-progress', closedAs: null, mergedInto: null },
      ),
    }),
  ),
  named('SplitTicket', fc.record({ reason })),
  named('SplitTicket', fc.record({ reason })),
  named('ClassifyScope', fc.record({ scope: fc.constantFrom(...SCOPES), reason })),
);

const issued = fc.record({
  command: commands,
  by: fc.record({
    id: fc.constantFrom(...people),
    role: fc.constantFrom<Role>('client', 'operations', 'support', 'system'),
  }),
  /** Hours since the command before: enough, now and then, to pass the time to reopen. */
  hours: fc.constantFrom(0, 0, 0, 0, 1, 24 * 20),
});

/** Folds what random callers get done, from a ticket at some legal point of its way. */
function run({ begun, commands: given }: Story, each: (step: Step) => void): void {
  let state: TicketState = fold(decider, begun);
  let millis = Date.parse(t.at);
  for (const { command, by, hours } of given) {
    millis += hours * 3_600_000;
    const issuedCommand = { ...command, at: new Date(millis).toISOString(), by };
    const decision = decider.decide(issuedCommand, state);
    const events = isRefusal(decision) ? [] : decision;
    let next = state;
    for (const event of events) next = decider.evolve(next, event);
    each({
      before: state,
      after: next,
      events,
      refusal: isRefusal(decision) ? decision.code : null,
      command: issuedCommand,
    });
    state = next;
  }
}
interface Step {
  readonly before: TicketState;
  readonly after: TicketState;
  readonly events: readonly TicketEvent[];
  readonly refusal: string | null;
  readonly command: TicketCommand & { at: string; by: { id: string; role: Role } };
}
const steps = fc.record({
  begun: fc.constantFrom<TicketEvent[]>(
    t.inRequest,
    t.inTriage,
    t.inProgress,
    t.inProgressWithWork,
    t.inResolved,
    t.inSvrPending,
  ),
  commands: fc.array(issued, { minLength: 30, maxLength: 60 }),
});
interface Story {
  readonly begun: readonly TicketEvent[];
  readonly commands: readonly {
    readonly command: TicketCommand;
    readonly by: { id: string; role: Role };
    readonly hours: number;
  }[];
}

describe('decided events', () => {
  it('move along the table of stages only, unmarked, and leave the stage that the table says', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(steps, (history) =>
        run(history, ({ before, events, after }) => {
          const moves = events.filter((event): event is TransitionEvent => isTransition(event));
          expect(moves.length).toBeLessThanOrEqual(1);
          const moved = moves[0];
          if (moved === undefined) {
            const [other] = events;
            expect(after.stage).toBe((other && stageAfter(other)) ?? before.stage);
            return;
          }
          const { from }: Transition = TRANSITIONS[moved.type];
          expect([...from, 'not-requested']).toContain(before.stage);
          expect(after.stage).toBe(stageAfter(moved));
          expect('irregular' in moved.data).toBe(false);
          reached.add(after.stage);
        }),
      ),
      { numRuns: 300, seed: 20_260_317 },
    );
    expect([...STAGES].filter((stage) => stage !== 'request' && !reached.has(stage))).toEqual([]);
  });

  it('leave a legal ticket: resolved only with declared work and no running timer, closed only when verified or cancelled', () => {
    fc.assert(
      fc.property(steps, (history) =>
        run(history, ({ before, after, events }) => {
          if (after.stage === 'not-requested' || before.stage === after.stage) return;
          // A ticket that is taken out again is resolved as it was, whatever was voided meanwhile.
          if (events.some(({ type }) => type === 'TicketSplit')) return;
          const { record } = after;
          if (after.stage === 'resolved') {
            expect(record.noCharge !== null || liveWorkItemIds(record).length > 0).toBe(true);
            expect([...record.timers.values()].filter((timer) => timer.running)).toEqual([]);
            expect(record.resolution?.materials).not.toBeNull();
          }
          if (after.stage === 'closed' && after.closedAs === 'completed')
            expect(record.verification?.outcome).toBe('approved');
          if (after.stage === 'in-progress') expect(record.engineerId).not.toBeNull();
        }),
      ),
      { numRuns: 300, seed: 20_260_317 },
    );
  });

  it('are decided once: the same command right after yields nothing', () => {
    fc.assert(
      fc.property(steps, (history) =>
        run(history, ({ after, events, command }) => {
          if (events.length === 0) return;
          const again = decider.decide(command, after);
          expect(again).toEqual([]);
        }),
      ),
      { numRuns: 300, seed: 20_260_317 },
    );
  });

  it('never let people approve their own work, nor another version than stands', () => {
    let approvals = 0;
    fc.assert(
      fc.property(steps, (history) =>
        run(history, ({ before, events }) => {
          for (const event of events) {
            if (before.stage === 'not-requested' || !('approvedBy' in event.data && 'version' in event.data)) continue;
            const { data } = event;
            const item = [...before.record.workItems].find(([id]) => Object.values(data).includes(id))?.[1];
            expect(item?.version).toBe(data.version);
            expect(item?.writtenBy).not.toContain(data.approvedBy);
            expect(item?.kind === 'time' && item.facts.engineerId).not.toBe(data.approvedBy);
            approvals += 1;
          }
        }),
      ),
      { numRuns: 300, seed: 20_260_317 },
    );
    expect(approvals).toBeGreaterThan(10);
  });

  it('refuse with the codes of the list only, and with a remedy', () => {
    fc.assert(
      fc.property(steps, (history) =>
        run(history, ({ refusal }) => {
          if (refusal !== null) expect(TICKET_REFUSAL_CODES).toContain(refusal);
        }),
      ),
    );
  });
});

describe('evolve', () => {
  it('takes any order of events without throwing, and ends in the stage of the last move', () => {
    const pool: TicketEvent[] = [];
    fc.assert(
      fc.property(steps, (history) => run(history, ({ events }) => void pool.push(...events))),
      { numRuns: 300, seed: 20_260_317 },
    );
    const extra = t.event('TicketReturned', {});
    const given = { workItemId: 'E-1', amount: { amount: '10.00', currency: 'AUD' }, isAll: false, reason: 'sorry' };
    const byWhom = { comment: null, grantedBy: 'anna', secondPerson: null };
    pool.push(t.event('CourtesyGranted', { ...given, ...byWhom }));
    pool.push(t.event('CourtesyWithdrawn', { workItemId: 'E-1', reason: 'was not us', withdrawnBy: 'anna' }));
    const credit = { amount: { amount: '10.00', currency: 'AUD' }, reference: 'CN-1', creditedOn: '2026-03-20' };
    pool.push(t.event('SupplierCreditRecorded', { materialUsageId: 'M-1', ...credit, recordedBy: 'anna' }));
    pool.push(
      t.event('SupplierCreditWithdrawn', {
        materialUsageId: 'M-1',
        reference: 'CN-1',
        reason: 'x',
        withdrawnBy: 'anna',
      }),
    );
    pool.push(extra, ...t.inClosed, ...t.slaEvents);
    const types = new Set(pool.map((event) => event.type));
    expect(
      storedTicketEvents.filter(({ type }) => !types.has(type as TicketEvent['type'])).map(({ type }) => type),
    ).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.nat(pool.length - 1), { minLength: 1, maxLength: 40 }), (order) => {
        let state = decider.initialState;
        let expected: string = 'request';
        for (const index of order) {
          const event = pool[index] ?? extra;
          state = decider.evolve(state, event);
          // A split without its merge changes nothing; with it the ticket is as it was.
          expected = event.type === 'TicketSplit' ? state.stage : (stageAfter(event) ?? expected);
        }
        expect(state.stage).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
