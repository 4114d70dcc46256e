import type { Refusal } from '@billtrail/kernel';
import type { Stage } from './events.js';
import { type Transition, TRANSITIONS, TRANSITION_TYPES, type TransitionType, commandsFrom } from './lifecycle.js';
import { type TicketRefusalCode, no } from './refusals.js';
import type { Ticket } from './state.js';

const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  request: 'has not been triaged',
  triage: 'is in triage',
  assigned: 'is assigned and not started',
  'in-progress': 'is in progress',
  'pending-client': 'is waiting for the client',
  'pending-third-party': 'is waiting for a third party',
  resolved: 'is resolved',
  'svr-pending': 'is waiting for its service verification report',
  closed: 'is closed',
};

/** The route of an action on a ticket, as a remedy names it: `POST /v1/tickets/T-1/reopen`. */
export function routeOf({ record }: Ticket, path: string): string {
  return `POST /v1/tickets/${idOf(record)}/${path}`;
}

/** Where the ids of a ticket's work items and timers are listed. */
export function timelineOf({ record }: Ticket): string {
  return `GET /v1/tickets/${idOf(record)}/timeline`;
}

/** Refuses a move that the table of stages forbids, and names the first step towards what the caller wants. */
export function moveRefused(type: TransitionType, ticket: Ticket): Refusal<TicketRefusalCode> {
  const { from, to, blocked }: Transition = TRANSITIONS[type];
  return notFromHere(ticket, blocked, [...from, to], {
    stage: ticket.stage,
    allowedFrom: from,
    next: commandsFrom(ticket.stage),
  });
}

/** `wanted`: stages in which the caller would have what was asked for. */
export function notFromHere(
  ticket: Ticket,
  blocked: string,
  wanted: readonly Stage[],
  details: Readonly<Record<string, unknown>>,
): Refusal<TicketRefusalCode> {
  const message = `${nameOf(ticket)} ${STAGE_WORDS[ticket.stage]}, so ${blocked}.`;
  return no('TransitionNotAllowed', message, remedyOf(ticket, wanted), details);
}

function remedyOf(ticket: Ticket, wanted: readonly Stage[]): string {
  const steps = movesTo(ticket.stage, wanted);
  const [first] = steps ?? [];
  if (first === undefined) {
    const possible = movesFrom(ticket.stage).map((type) => routeOf(ticket, TRANSITIONS[type].path ?? ''));
    return `Possible now: ${possible.join(', ')}`;
  }
  const { order, path } = TRANSITIONS[first];
  return `${order}${steps?.length === 1 ? '' : ' first'}: ${routeOf(ticket, path ?? '')}`;
}

/** Moves that a caller can ask for in a stage, gates aside. */
function movesFrom(stage: Stage): readonly TransitionType[] {
  return TRANSITION_TYPES.filter((type) => {
    const { from, path }: Transition = TRANSITIONS[type];
    return path !== null && from.includes(stage);
  });
}

/** The fewest moves from a stage to one of those wanted; null if there is no way. */
function movesTo(start: Stage, wanted: readonly Stage[]): readonly TransitionType[] | null {
  const reached = new Map<Stage, readonly TransitionType[]>([[start, []]]);
  for (const [stage, way] of reached) {
    for (const type of movesFrom(stage)) {
      const { to } = TRANSITIONS[type];
      if (wanted.includes(to)) return [...way, type];
      if (!reached.has(to)) reached.set(to, [...way, type]);
    }
  }
  return null;
}

function nameOf({ record }: Ticket): string {
  return record.requested?.ticketId ?? 'The ticket';
}

/** A history may lack the request, and with it the id. */
function idOf({ requested }: Ticket['record']): string {
  return requested?.ticketId ?? '{ticketId}';
}
