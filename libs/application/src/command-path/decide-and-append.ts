import { fold, isRefusal, refuse, type DomainEvent, type Refusal } from '@billtrail/kernel';
import {
  CommandIdReused,
  DecisionTooOld,
  Position,
  START,
  WrongExpectedVersion,
  ClaimTaken,
  fingerprintOf,
  TooLarge,
  type Claim,
  type Claimed,
  type StreamName,
  type StreamSlice,
} from '@billtrail/event-store';
import { NotSettled, ReadModelsBehind } from '@billtrail/read-models';
import type { CommandDefinition, CommandPorts } from './command-definition.js';
import type { Accepted, CommandAnswer, CommandContext } from './command-envelope.js';
import { asForgoing, type CarriedOut } from './forgoing-request.js';
import { idempotencyKeyReused, keyOf } from './idempotency-key.js';

/** How often a command is decided again when a writer in another process was first and the caller did not insist on a version. */
export const MAX_ATTEMPTS = 8;
/** What a decision was made from beside its stream may have changed since: one that waits longer to be written is taken anew. */
const MAX_DECISION_AGE_MS = 2_000;

/** What is decided: the command, who sends it, and what was known of both before. */
export interface ToDecide {
  readonly command: object;
  readonly context: CommandContext;
  /** The command as its caller sent it. */
  readonly asked: object;
  readonly claimed: Pick<Claimed, 'stream' | 'fingerprint'> | null;
  /** The request to forgo money that is carried out by this; null: it is asked for only now, or forgoes nothing. */
  readonly carriedOut: CarriedOut | null;
  /** Only what would come of it is asked: nothing is completed for it, and nothing recorded. */
  readonly isOnlyAsked?: boolean;
}

/**
 * See what a command claims, prepare, load, fold, collect, decide, append at the folded version together with the claims; and again from the start if another
 * writer was first, or it took so long that what it rests on may have changed. What is refused, or has nothing to record, was decided on the stream as it still is.
 * @throws ClaimTaken where another request under the same key was first
 */
export async function decideAndAppend(
  ports: CommandPorts,
  definition: CommandDefinition,
  { command, context, asked, claimed, carriedOut, isOnlyAsked = false }: ToDecide,
  loaded: StreamSlice,
): Promise<CommandAnswer> {
  const { prepare, history, collect, decider } = definition;
  const { store, models } = ports;
  const fingerprint = fingerprintOf(command.constructor.name, asked);
  const key = keyOf(context);
  for (let attempt = 1; ; attempt++) {
    const claims = definition.claims ? await definition.claims(command, ports) : [];
    if (isRefusal(claims)) return claims;
    const prepared = prepare ? await prepare(command, context, ports, loaded) : command;
    if (isRefusal(prepared)) return prepared;
    // What was loaded to find a repeat is out of date once something was waited for.
    const isFresh = attempt === 1 && prepare === undefined;
    const slice = isFresh ? loaded : await store.readStream(loaded.stream);
    const last = lastOf(slice);
    if (context.ifMatch !== undefined && context.ifMatch !== String(last))
      return preconditionFailed(slice, context.ifMatch, last);
    const events = history ? await history(prepared, slice, ports) : (slice.events as readonly DomainEvent[]);
    const state = fold(decider, events);
    // From here to the append nothing is waited for: the facts and what is decided on them are of one moment.
    const facts = collect?.(prepared, context, models, last, slice) ?? prepared;
    if (facts instanceof NotSettled) {
      if (attempt === MAX_ATTEMPTS) throw new ReadModelsBehind(facts.until, models.position());
      await ports.upToDate(facts.until);
      continue;
    }
    const decided = isRefusal(facts) ? facts : decider.decide({ ...facts, at: context.at, by: context.actor }, state);
    const decision =
      isRefusal(facts) || isRefusal(decided)
        ? decided
        : asForgoing(definition, { command, facts, state, decided, context, slice, models }, carriedOut);
    const isInTheWay = isRefusal(decision) && decision.code === definition.completes?.code;
    if (isInTheWay && definition.completes !== undefined && !isOnlyAsked && attempt < MAX_ATTEMPTS) {
      await definition.completes.complete(ports, slice.stream);
      continue;
    }
    if (isRefusal(decision) || decision.length === 0) {
      // No append says so, and the read models may know already what another process has recorded here meanwhile.
      const isStill = (await store.readStream(slice.stream, { limit: 1 })).version === slice.version;
      if (!isStill && attempt < MAX_ATTEMPTS) continue;
      return isRefusal(decision) ? decision : nothingToDo(slice, last, await store.head());
    }
    if (isOnlyAsked) return { stream: slice.stream, version: slice.version, last, position: last, repeated: false };
    try {
      // A key that was claimed for this request stays claimed for it, in whatever way it was compared then.
      const all = key === null ? claims : [{ key, fingerprint: claimed?.fingerprint ?? fingerprint }, ...claims];
      return await append(ports, definition, slice, decision, context, fingerprint, all);
    } catch (error) {
      if (error instanceof CommandIdReused) return idempotencyKeyReused(context);
      if (error instanceof TooLarge) return recordTooLarge(error);
      if (error instanceof ClaimTaken && error.key === key) throw error;
      if (!isDecidedAgain(error)) throw error;
      if (attempt === MAX_ATTEMPTS) return streamContended(slice, error);
    }
  }
}

async function append(
  { store }: CommandPorts,
  { acceptsClock }: CommandDefinition,
  slice: StreamSlice,
  events: readonly DomainEvent[],
  context: CommandContext,
  fingerprint: string,
  claims: readonly Claim[],
): Promise<Accepted> {
  const appended = await store.append(
    {
      stream: slice.stream,
      expected: slice.version,
      events,
      actor: context.actor,
      commandId: context.commandId,
      correlationId: context.correlationId,
      causationId: context.causationId,
      fingerprint,
      maxWaitMs: MAX_DECISION_AGE_MS,
      acceptsClock: acceptsClock === true,
    },
    claims,
  );
  return { stream: slice.stream, last: appended.position, ...appended };
}

/** What it was decided from is out of date, or an id that it takes beside its stream is gone. */
function isDecidedAgain(error: unknown): boolean {
  return error instanceof WrongExpectedVersion || error instanceof DecisionTooOld || error instanceof ClaimTaken;
}

/** The position of the last event of a stream that was read to its end; the start of the log where it has none. */
function lastOf({ events }: StreamSlice): Position {
  const last = events.at(-1);
  return last === undefined ? START : Position.of(last);
}

function preconditionFailed({ stream }: StreamSlice, sent: string, last: Position): Refusal {
  return refuse(
    'PreconditionFailed',
    `You sent the ETag "${sent}", but the last event of ${stream} is at ${last} now.`,
    'Read it again, check what changed, and send the command with the ETag of the last answer to a write.',
    { ifMatch: sent, etag: String(last) },
  );
}

function nothingToDo({ stream, version }: StreamSlice, last: Position, head: Position): Accepted {
  return { stream, version, last, position: last.is(START) ? head : last, repeated: true };
}

function recordTooLarge({ bytes, limit }: TooLarge): Refusal {
  return refuse(
    'RecordTooLarge',
    `It would take ${bytes} bytes of the log; at most ${limit} can be recorded at once.`,
    'Send less at once: shorter texts, or fewer items.',
    { bytes, limit },
  );
}

/** The last cause: each attempt may have failed for another. */
function streamContended({ stream }: StreamSlice, cause: unknown): Refusal {
  return refuse(
    'StreamContended',
    `${contention(stream, cause)} Nothing was done.`,
    'Send the request again with the same idempotency key.',
    { stream, attempts: MAX_ATTEMPTS },
  );
}

function contention(stream: StreamName, cause: unknown): string {
  if (cause instanceof DecisionTooOld)
    return `The log is busy: what was decided on ${stream} waited too long for its turn.`;
  if (cause instanceof ClaimTaken) return `Other requests kept taking an id that ${stream} was to take.`;
  return `Other writers kept changing ${stream}.`;
}
