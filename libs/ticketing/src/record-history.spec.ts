import { describe, expect, it } from '@jest/globals';
import { fold } from '@billtrail/kernel';
import * as fc from 'fast-check';
import { STAGES, type Stage, type TicketEvent } from './events.js';
import { ALL_GATES_ON, DEFAULT_TICKET_POLICY } from './gates.js';
import { type HistoricMove, REQUEST_MISSING, recordMove } from './record-history.js';
import * as t from './testing/history.js';
import { ticketDecider } from './ticket.js';
import { TICKET_REFUSAL_CODES } from './refusals.js';

const decider = ticketDecider();
const occurredAt = '2016-02-29T01:16:00Z';
const move = (to: Stage, facts: Partial<HistoricMove> = {}): HistoricMove => ({
  ticketId: 'INC1',
  occurredAt,
  to,
  ...facts,
});
const after = (...events: TicketEvent[]) => fold(decider, events);

/** The whole story of a history of moves. */
function record(moves: readonly HistoricMove[]): TicketEvent[] {
  const events: TicketEvent[] = [];
  let state = decider.initialState;
  for (const each of moves) {
    const recorded = recordMove(state, each);
    for (const event of recorded) state = decider.evolve(state, event);
    events.push(...recorded);
  }
  return events;
}
const told = (events: readonly TicketEvent[]) =>
  events.map((event) =>
    'irregular' in event.data ? [event.type, ...(event.data.irregular as string[])] : [event.type],
  );

describe('recordMove', () => {
  it('records a plain history without a mark, at the times of the history', () => {
    const events = record([
      move('request', { requested: { summary: 'VPN', source: 'servicenow' }, classification: { clientId: 'acme' } }),
      move('triage', { classification: { category: 'network', priority: 'low' } }),
      move('assigned', { engineerId: 'ana' }),
      move('in-progress'),
      move('pending-client', { reason: 'asked for the log' }),
      move('in-progress', { occurredAt: '2016-03-01T00:00:00Z' }),
    ]);
    expect(told(events)).toEqual([
      ['TicketRequested'],
      ['TicketTriaged'],
      ['TicketAssigned'],
      ['WorkStarted'],
      ['TicketPendedOnClient'],
      ['TicketResumed'],
    ]);
    expect(events[0]).toMatchObject({
      data: { ticketId: 'INC1', summary: 'VPN', source: 'servicenow', clientId: 'acme' },
    });
    expect(events[1]).toMatchObject({ data: { clientId: 'acme', category: 'network', contractId: null } });
    expect(events.map((event) => event.occurredAt)).toEqual([
      ...Array<string>(5).fill(occurredAt),
      '2016-03-01T00:00:00Z',
    ]);
  });

  it('keeps New -> Closed, work after Closed, and a second Closed when asked for, each marked', () => {
    expect(
      told(
        record([
          move('request'),
          move('triage'),
          move('closed'),
          move('in-progress'),
          move('closed', { occurredAt: '2016-03-02T00:00:00Z' }),
          move('closed', { occurredAt: '2016-03-03T00:00:00Z' }),
          move('closed', { occurredAt: '2016-03-04T00:00:00Z', again: true }),
        ]),
      ),
    ).toEqual([
      ['TicketRequested'],
      ['TicketTriaged'],
      ['TicketClosed', 'TransitionNotAllowed', 'ServiceNotVerified'],
      ['TicketReopened', 'EngineerMissing'],
      ['TicketClosed', 'TransitionNotAllowed', 'ServiceNotVerified'],
      ['TicketClosed', 'TransitionNotAllowed', 'ServiceNotVerified'],
    ]);
  });

  it('adds the request to a history that starts in Active', () => {
    expect(told(record([move('in-progress')]))).toEqual([
      ['TicketRequested', REQUEST_MISSING],
      ['WorkStarted', 'TransitionNotAllowed', 'EngineerMissing'],
    ]);
  });

  it('names every rule that a resolution breaks, and Resolved -> Closed without a report', () => {
    const [resolved] = recordMove(after(...t.inProgress), move('resolved'));
    expect(resolved?.data).toEqual({
      resolution: null,
      materials: null,
      scope: null,
      irregular: ['ResolutionMissing', 'WorkUndeclared', 'MaterialsUndeclared', 'ScopeUndeclared'],
    });
    expect(told(recordMove(after(...t.inResolved), move('closed')))).toEqual([['TicketClosed', 'ServiceNotVerified']]);
  });

  it('marks what broke a rule whose gate is off, as a live command does', () => {
    const policy = { ...DEFAULT_TICKET_POLICY, gates: { ...ALL_GATES_ON, 'service-verified': false } };
    expect(told(recordMove(after(...t.inResolved), move('closed'), policy))).toEqual([
      ['TicketClosed', 'ServiceNotVerified'],
    ]);
  });

  it('marks a reopening that came late', () => {
    const late = move('in-progress', { occurredAt: '2026-04-01T00:00:00Z', reason: 'again' });
    expect(told(recordMove(after(...t.inClosed), late))).toEqual([['TicketReopened', 'ReopenWindowPassed']]);
  });

  it('keeps the assignment, and takes one that names only a team', () => {
    expect(recordMove(after(...t.inProgress), move('assigned'))[0]?.data).toMatchObject({
      engineerId: 'ana',
      team: null,
    });
    const team = move('assigned', { engineerId: null, team: 'noc' });
    expect(told(recordMove(after(...t.inTriage), team))).toEqual([['TicketAssigned', 'EngineerMissing']]);
  });

  it('returns a ticket to the queue, cancels it, or shows the report of its work', () => {
    expect(told(recordMove(after(...t.inProgress), move('request')))).toEqual([
      ['TicketReturned', 'TransitionNotAllowed'],
    ]);
    expect(
      recordMove(after(...t.inTriage), move('closed', { closedAs: 'duplicate', duplicateOf: 'INC0' }))[0],
    ).toMatchObject({
      type: 'TicketCancelled',
      data: { as: 'duplicate', duplicateOf: 'INC0', reason: null },
    });
    expect(recordMove(after(...t.inResolved), move('svr-pending'))[0]?.data).toEqual({ workItemIds: ['E-1'] });
  });

  it('always records a change of stage and leads there, marks with known codes only, and is silent otherwise', () => {
    const moves = fc.array(
      fc.record({ to: fc.constantFrom(...STAGES), again: fc.boolean(), days: fc.integer({ min: -3, max: 30 }) }),
      { minLength: 1, maxLength: 30 },
    );
    const codes = new Set<string>([...TICKET_REFUSAL_CODES, REQUEST_MISSING]);
    fc.assert(
      fc.property(moves, (history) => {
        let state = decider.initialState;
        let millis = Date.parse(occurredAt);
        for (const { to, again, days } of history) {
          const before = state.stage;
          millis += days * 86_400_000;
          const events = recordMove(state, move(to, { again, occurredAt: new Date(millis).toISOString() }));
          for (const event of events) state = decider.evolve(state, event);
          expect(state.stage).toBe(to);
          expect(events.length > 0).toBe(before !== to || again);
          for (const [, ...irregular] of told(events)) for (const code of irregular) expect(codes).toContain(code);
        }
      }),
    );
  });

  it('marks a move exactly when the live command is refused', () => {
    for (const history of [
      t.inRequest,
      t.inTriage,
      t.inAssigned,
      t.inProgress,
      t.inResolved,
      t.inSvrPending,
      t.inClosed,
    ]) {
      const state = after(...history);
      const live = decider.decide({ type: 'CloseTicket', ticketId: 'T-1', ...t.ops }, state);
      const [event] = recordMove(state, move('closed', { again: state.stage !== 'closed', occurredAt: t.at }));
      const marks = event === undefined ? [] : (told([event])[0] ?? []).slice(1);
      expect('refused' in live ? live.code : []).toEqual('refused' in live ? marks[0] : marks);
    }
  });
});
