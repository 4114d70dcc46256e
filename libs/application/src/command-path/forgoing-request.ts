import {
  agreedBy,
  hashOfForgoing,
  invariant,
  isEffectOf,
  isRefusal,
  readableMoney,
  openForgoings,
  refuse,
  type Decision,
  type DomainEvent,
  type ForgoingFacts,
  type ForgoingRequested,
  type ForgoneOfTicket,
  type OpenForgoing,
} from '@billtrail/kernel';
import type { StreamSlice } from '@billtrail/event-store';
import type { ReadModels } from '@billtrail/read-models';
import type { CommandDefinition } from './command-definition.js';
import type { CommandContext } from './command-envelope.js';

/** A request that stands: by its verdict, or by the word of a second person. */
export interface CarriedOut {
  readonly requestId: string;
  readonly data: ForgoingRequested['data'];
}

interface Decided {
  readonly command: object;
  readonly facts: object;
  readonly state: unknown;
  readonly decided: readonly DomainEvent[];
  readonly context: CommandContext;
  readonly slice: StreamSlice;
  readonly models: ReadModels;
}

/**
 * What is appended for an act that forgoes money: the request, for which nothing is forgone yet; or, where the request is carried out, the act itself, with who
 * agreed to it. Refuses: ForgoingRequestOpen, ForgoingRequestEnded, ForgoneChanged.
 */
export function asForgoing(
  { forgoes }: CommandDefinition,
  { command, facts, state, decided, context, slice, models }: Decided,
  carriedOut: CarriedOut | null,
): Decision<DomainEvent> {
  const of = decided.length === 0 ? null : (forgoes?.of(facts, state, decided, { at: context.at, models }) ?? null);
  if (isRefusal(of)) return of;
  const open = openForgoings(slice.events);
  if (carriedOut !== null) return carryOut(carriedOut, context.actor.id, open, of, decided);
  if (forgoes === undefined || of === null) return decided;
  const forgoing: ForgoingFacts = { act: forgoes.act, ...of };
  const before = open.find(
    ({ requestId, data: { act, target } }) =>
      act === forgoing.act && target === forgoing.target && !models.approvals.isLapsedNow(requestId),
  );
  if (before !== undefined) return stillOpen(before);
  const isOwn = of.workBy?.includes(context.actor.id) === true;
  const requested: ForgoingRequested = {
    type: 'ForgoingRequested',
    data: { ...forgoing, ...(isOwn && { ownWork: true }), asked: { ...command } },
    occurredAt: decided[0]?.occurredAt ?? context.at,
  };
  return [...decided.filter(({ type }) => forgoes.beforehand?.includes(type)), requested];
}

function carryOut(
  { requestId, data: { act, forgone, asked, ...was } }: CarriedOut,
  requester: string,
  open: readonly OpenForgoing[],
  of: Omit<ForgoingFacts, 'act'> | null,
  decided: readonly DomainEvent[],
): Decision<DomainEvent> {
  const request = open.find((one) => one.requestId === requestId);
  // Somebody was first, and nothing is left to do. Where it is so without them, nothing would be forgone: it is another amount than was asked for.
  if (decided.length === 0 && request === undefined) return [];
  if (request === undefined) return requestEnded(requestId, 'it was withdrawn');
  // What was asked and agreed to is this: anything else is asked for anew.
  const isAsAsked =
    of !== null && hashOfForgoing({ ...of, act, asked }) === hashOfForgoing({ ...was, act, forgone, asked });
  invariant(
    !isAsAsked || decided.some(({ type }) => isEffectOf({ type, causationId: requestId }, { requestId, act })),
    () => `request ${requestId} is carried out without an effect of ${act}`,
  );
  if (isAsAsked) return request.approvedBy === null ? decided : agreedBy(decided, act, request.approvedBy);
  if (was.loosens !== undefined)
    return refuse(
      'ForgoneChanged',
      `It would loosen other rules by now than were agreed to (${was.loosens.join(', ')}). Nothing was published.`,
      `The request has ended. ${requester} has to send the configuration again: POST /v1/configuration`,
      { requestId, loosens: of?.loosens ?? [], askedFor: was.loosens },
    );
  const now = textOf(of?.forgone ?? []);
  return refuse(
    'ForgoneChanged',
    `The amount has changed: ${textOf(forgone)} was requested, it would be ${now} now${whose(of, was)}. Nothing was recorded.`,
    `The request has ended. ${requester} has to ask again: it would be ${now} now.`,
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
    `Look at what it was about, and send it again under a new idempotency key: GET /v1/approvals/${requestId}`,
    { requestId },
  );
}

/** Somebody agreed to it: whoever sends it again gives the money away twice. */
export function requestDecided(requestId: string, how: string) {
  return refuse(
    'ForgoingRequestEnded',
    `Request ${requestId} was ${how}. There is nothing left to decide.`,
    `See what became of it: GET /v1/approvals/${requestId}`,
    { requestId },
  );
}

function stillOpen({ requestId, data: { act, target } }: OpenForgoing) {
  // What a second change of the same terms would take is not known before the first is decided.
  const what = act === 'back-date' ? `to change ${target} for days that have passed` : 'for this';
  return refuse(
    REQUEST_OPEN,
    `Request ${requestId} ${what} is still open.`,
    `Where it waits, another person approves it (GET /v1/approvals/${requestId} names who may; POST /v1/approvals/${requestId}/approve) or refuses it (POST /v1/approvals/${requestId}/refuse); or withdraw it first: POST /v1/approvals/${requestId}/withdraw`,
    { requestId, act, target },
  );
}

/** Where only whose it is has changed, the amounts don't say it. */
function whose(
  now: Pick<ForgoingFacts, 'clientId' | 'period'> | null,
  then: Pick<ForgoingFacts, 'clientId' | 'period'>,
): string {
  if (now === null || (now.clientId === then.clientId && now.period === then.period)) return '';
  const text = ({ clientId, period }: typeof then) => `${clientId ?? 'no client'} in ${period ?? 'no month'}`;
  return `, of ${text(now)} now, of ${text(then)} then`;
}

function textOf(forgone: readonly ForgoneOfTicket[]): string {
  if (forgone.length === 0) return 'nothing';
  return forgone.map(({ money }) => (money === null ? 'nobody can say what' : readableMoney(money))).join(' + ');
}
