import { describe, expect, it } from '@jest/globals';
import { spec } from '@billtrail/kernel/testing';
import type { TicketEvent } from './events.js';
import { ALL_GATES_ON, DEFAULT_TICKET_POLICY, GATES, GATE_NAMES, type GateName } from './gates.js';
import * as t from './testing/history.js';
import { ticketDecider } from './ticket.js';

const { ticket, ticketId, ana, ops, event } = t;
const assign = { type: 'AssignTicket', ticketId, engineerId: 'ana', ...ops } as const;
const start = { type: 'StartWork', ticketId, ...ana } as const;
const resolve = { type: 'ResolveTicket', ticketId, ...t.resolutionData, ...ana } as const;
const close = { type: 'CloseTicket', ticketId, ...ops } as const;
const running = event('TimerStarted', { timerId: 'R-1', engineerId: 'ana', startedAt: t.at });
const noCharge = event('NoChargeDeclared', { reasonCode: 'goodwill', reason: 'our mistake', declaredBy: 'olga' });
const triagedWithout = (field: 'clientId' | 'category' | 'priority') =>
  event('TicketTriaged', { ...t.classification, [field]: null });

/** For each gate: a history in which everything else is in order, the command that it stops, and its code. */
const stopped: readonly [GateName, string, TicketEvent[], Parameters<ReturnType<typeof ticket.given>['when']>[0]][] = [
  ['client-known', 'ClientUnknown', [t.requested, triagedWithout('clientId')], assign],
  ['category-known', 'CategoryUnknown', [t.requested, triagedWithout('category')], assign],
  ['priority-known', 'PriorityUnknown', [t.requested, triagedWithout('priority')], assign],
  [
    'engineer-assigned',
    'EngineerMissing',
    [...t.inTriage, event('TicketAssigned', { engineerId: null, team: 'noc' })],
    start,
  ],
  ['resolution-given', 'ResolutionMissing', t.inProgressWithWork, { ...resolve, resolution: ' ' }],
  ['timers-stopped', 'TimerRunning', [...t.inProgressWithWork, running], resolve],
  ['work-declared', 'WorkUndeclared', t.inProgress, resolve],
  ['materials-declared', 'MaterialsUndeclared', t.inProgressWithWork, { ...resolve, materials: null }],
  ['materials-declared', 'MaterialsNotListed', t.inProgressWithWork, { ...resolve, materials: 'listed' }],
  ['materials-declared', 'MaterialsContradicted', [...t.inProgress, t.materialUsed], resolve],
  ['scope-declared', 'ScopeUndeclared', t.inProgressWithWork, { ...resolve, scope: null }],
  ['service-verified', 'ServiceNotVerified', t.inResolved, close],
  ['service-verified', 'ServiceNotVerified', t.inSvrPending, close],
];

describe('a gate', () => {
  it.each(stopped)('%s refuses with %s', (_gate, code, history, command) => {
    ticket
      .given(...history)
      .when(command)
      .thenRefused(code);
  });

  it.each(stopped)('%s, switched off, lets the move pass and marks it with %s', (gate, code, history, command) => {
    const open = spec(ticketDecider({ ...DEFAULT_TICKET_POLICY, gates: { ...ALL_GATES_ON, [gate]: false } }));
    open
      .given(...history)
      .when(command)
      .thenLike({ data: { irregular: [code] } });
  });

  it('is one of the list, in its order, and on unless configuration says otherwise', () => {
    expect(GATES.map((gate) => gate.name)).toEqual([...GATE_NAMES]);
    expect(ALL_GATES_ON).toEqual(Object.fromEntries(GATE_NAMES.map((name) => [name, true])));
    expect(new Set(stopped.map(([gate]) => gate))).toEqual(new Set(GATE_NAMES));
  });

  it('leaves no mark on a move that passes', () => {
    const allOff = Object.fromEntries(GATE_NAMES.map((name) => [name, false])) as typeof ALL_GATES_ON;
    const open = spec(ticketDecider({ ...DEFAULT_TICKET_POLICY, gates: allOff }));
    open
      .given(...t.inProgressWithWork)
      .when(resolve)
      .then(t.resolved);
  });

  it('refuses in the order of the list, and marks in it', () => {
    const bare = { type: 'ResolveTicket', ticketId, ...ana } as const;
    ticket
      .given(...t.inProgress, running)
      .when(bare)
      .thenRefused('ResolutionMissing');
    const allOff = Object.fromEntries(GATE_NAMES.map((name) => [name, false])) as typeof ALL_GATES_ON;
    spec(ticketDecider({ ...DEFAULT_TICKET_POLICY, gates: allOff }))
      .given(...t.inProgress, running)
      .when(bare)
      .thenLike({
        data: {
          irregular: ['ResolutionMissing', 'TimerRunning', 'WorkUndeclared', 'MaterialsUndeclared', 'ScopeUndeclared'],
        },
      });
  });
});

describe('what opens a gate', () => {
  it('needs no contract for an assignment: rating looks for one, and opens a gap where it finds none', () =>
    ticket
      .given(...t.inTriage)
      .when(assign)
      .then(t.assigned));

  it('counts any work item as declared work, and a declaration of no charge', () => {
    ticket
      .given(...t.inProgress, noCharge)
      .when(resolve)
      .thenLike({ type: 'TicketResolved' });
    ticket
      .given(...t.inProgress, t.expenseIncurred)
      .when(resolve)
      .thenLike({ type: 'TicketResolved' });
    ticket
      .given(...t.inProgress, t.materialUsed)
      .when({ ...resolve, materials: 'listed' })
      .thenLike({ type: 'TicketResolved' });
  });

  it('does not count voided work', () => {
    ticket
      .given(...t.inProgressWithWork, t.voidedEntry)
      .when(resolve)
      .thenRefused('WorkUndeclared');
    const voidedMaterial = event('MaterialUsageVoided', { materialUsageId: 'M-1', reason: 'not used' });
    ticket
      .given(...t.inProgressWithWork, t.materialUsed, voidedMaterial)
      .when({ ...resolve, materials: 'listed' })
      .thenRefused('MaterialsNotListed');
    ticket
      .given(...t.inProgressWithWork, t.materialUsed, voidedMaterial)
      .when(resolve)
      .then(t.resolved);
  });

  it('takes a stopped timer for no running one', () => {
    const stoppedTimer = event('TimerStopped', { timerId: 'R-1', stoppedAt: t.at });
    ticket
      .given(...t.inProgressWithWork, running, stoppedTimer)
      .when(resolve)
      .then(t.resolved);
  });

  it('lets Resolved go to Closed without a report only where verification is off', () => {
    const open = spec(
      ticketDecider({ ...DEFAULT_TICKET_POLICY, gates: { ...ALL_GATES_ON, 'service-verified': false } }),
    );
    open
      .given(...t.inResolved)
      .when(close)
      .thenLike({ type: 'TicketClosed', data: { irregular: ['ServiceNotVerified'] } });
    open
      .given(...t.inProgressWithWork)
      .when(close)
      .thenRefused('TransitionNotAllowed');
  });
});
