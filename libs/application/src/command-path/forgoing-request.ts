import {
  readableMoney,
  openForgoings,
  refuse,
  type Decision,
  type DomainEvent,
  type ForgoingFacts,
  type ForgoingRequested,
  type ForgoingWithdrawn,
  type ForgoneOfTicket,
  type OpenForgoing,
} from '@billtrail/kernel';
import type { StreamSlice } from '@billtrail/event-store';
import type { CommandDefinition } from './command-definition.js';
import type { CommandContext } from './command-envelope.js';

/** A request that has its verdict and stands. */
export interface CarriedOut {
  readonly requestId: string;
  readonly forgone: readonly ForgoneOfTicket[];
}

interface Decided {
  readonly command: object;
  readonly facts: object;
  readonly state: unknown;
  readonly decided: readonly DomainEvent[];
  readonly context: CommandContext;
  readonly slice: StreamSlice;
  /** Of the request of an id: what it waits for is not there any more. */
  readonly isLapsed: (requestId: string) => boolean;
}

/**
 * What is appended for an act that forgoes money: on one person's word alone the request, for which nothing is forgone yet; with a second person, or where
 * the request is carried out, the act itself. Refuses: ForgoingRequestOpen, ForgoingRequestEnded, ForgoneChanged.
 */
export function asForgoing(
  { forgoes }: CommandDefinition,
  { command, facts, state, decided, context, slice, isLapsed }: Decided,
  carriedOut: CarriedOut | null,
): Decision<DomainEvent> {
  const of = decided.length === 0 ? null : (forgoes?.of(facts, state, decided) ?? null);
  const open = openForgoings(slice.events);
  if (carriedOut !== null) return carryOut(carriedOut, open, of, decided);
  if (forgoes === undefined || of === null) return decided;
  const forgoing: ForgoingFacts = { act: forgoes.act, ...of };
  const same = open.filter(
    ({ requestId, data: { act, target } }) =>
      act === forgoing.act && target === forgoing.target && !isLapsed(requestId),
  );
  const { secondPerson = null } = command as { readonly secondPerson?: string | null };
  const occurredAt = decided[0]?.occurredAt ?? context.at;
  if (secondPerson !== null) return [...same.map((one) => superseded(one, context, occurredAt)), ...decided];
  const [before] = same;
  if (before !== undefined) return stillOpen(before);
  const requested: ForgoingRequested = {
    type: 'ForgoingRequested',
    data: { ...forgoing, asked: { ...command } },
    occurredAt,
  };
  return [requested];
}

function carryOut(
  { requestId, forgone }: CarriedOut,
  open: readonly OpenForgoing[],
  of: Omit<ForgoingFacts, 'act'> | null,
  decided: readonly DomainEvent[],
): Decision<DomainEvent> {
  const isOpen = open.some((one) => one.requestId === requestId);
  // Somebody was first, and nothing is left to do. Where it is so without them, nothing would be forgone: it is another amount than was asked for.
  if (decided.length === 0 && !isOpen) return [];
  if (!isOpen) return requestEnded(requestId, 'it was withdrawn');
  // The verdict is about what was asked: anything else is asked for anew.
  if (JSON.stringify(of?.forgone) === JSON.stringify(forgone)) return decided;
  return refuse(
    'ForgoneChanged',
    `What is forgone is another amount than when it was asked for: ${textOf(of?.forgone ?? [])} now, ${textOf(forgone)} then. Nothing was forgone.`,
    'Look at it again, and send it under a new idempotency key.',
    { requestId, forgone: of?.forgone ?? [], askedFor: forgone },
  );
}

/** The code of the refusal where the same is asked for already. */
export const REQUEST_OPEN = 'ForgoingRequestOpen';

/** The request has no effect any more. */
export function requestEnded(requestId: string, why: string) {
  return refuse(
    'ForgoingRequestEnded',
    `Request ${requestId} to forgo money ended without effect: ${why}.`,
    'Look at what it was about, and send it again under a new idempotency key: GET /v1/approvals/{requestId}',
    { requestId },
  );
}

function stillOpen({ requestId, data: { act, target } }: OpenForgoing) {
  return refuse(
    REQUEST_OPEN,
    `The same is asked for ${target} already (${act}, request ${requestId}) and has no effect yet.`,
    `Name the second person who agrees, or withdraw that request first: POST /v1/approvals/${requestId}/withdraw`,
    { requestId, act, target },
  );
}

function superseded({ requestId }: OpenForgoing, { actor }: CommandContext, occurredAt: string): ForgoingWithdrawn {
  const reason = 'It was asked for with a second person.';
  return { type: 'ForgoingWithdrawn', data: { requestId, reason, withdrawnBy: actor.id }, occurredAt };
}

function textOf(forgone: readonly ForgoneOfTicket[]): string {
  if (forgone.length === 0) return 'nothing';
  return forgone.map(({ money }) => readableMoney(money)).join(' + ');
}
