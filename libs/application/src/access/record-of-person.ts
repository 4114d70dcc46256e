import { createHmac, randomUUID } from 'node:crypto';
import {
  compareTexts,
  invariant,
  isRefusal,
  refuse,
  type Actor,
  type Instant,
  type Refusal,
  PERSON_CATEGORY,
  type PersonEvent,
} from '@billtrail/kernel';
import {
  ClaimTaken,
  ClockSuspect,
  CommandIdReused,
  fingerprintOf,
  isOfRequest,
  Position,
  recordingTime,
  START,
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type RecordedEvent,
  type StreamName,
} from '@billtrail/event-store';
import type { ApiKey, Vault } from '@billtrail/vault';
import { MAX_ATTEMPTS } from '../command-path/decide-and-append.js';
import { commandIdOf, idempotencyKeyReused, keyOf } from '../command-path/idempotency-key.js';

/** Who asks for something of persons and keys, and how. */
export interface AskedBy {
  readonly actor: Actor;
  /** With which key; null: at the command line of the machine. */
  readonly key: ApiKey | null;
  readonly idempotencyKey?: string | undefined;
  readonly correlationId?: string | undefined;
  /** The position of the last event of the person's stream that was seen; absent: as it is. */
  readonly ifMatch?: string | undefined;
}

/** What was recorded in the stream of a person. */
export interface RecordedOfPerson {
  readonly personId: string;
  readonly stream: StreamName;
  readonly version: number;
  /** Of its last event. */
  readonly position: Position;
  readonly at: Instant;
  readonly repeated: boolean;
}

/** What was recorded, and the event that says it: where it was recorded before, the one of then. */
export interface PersonEventRecorded {
  readonly recorded: RecordedOfPerson;
  readonly event: Pick<PersonEvent, 'type' | 'data'>;
}

export type PersonLog = Pick<EventStore, 'append' | 'newest' | 'claimed' | 'load' | 'readStream'>;

/** The time of now, or that of the last event where the clock is suspect: who may sign in can't wait until it is sure. */
export async function timeOfAccess(log: Pick<EventStore, 'newest'>, now: Instant): Promise<Instant> {
  const time = recordingTime(now, (await log.newest())?.recordedAt ?? null);
  return time instanceof ClockSuspect ? time.last : now;
}

/**
 * Records what is decided of a person, in their stream, once per idempotency key of whoever asks. What is personal in it is told from another request under a
 * key of the vault, and stands nowhere in the log. Refuses IdempotencyKeyReused, PreconditionFailed and what `decide` refuses.
 */
export async function recordOfPerson(
  { log, vault }: { readonly log: PersonLog; readonly vault: Pick<Vault, 'secret'> },
  name: string,
  given: {
    readonly personId: string;
    readonly asked: object;
    readonly now: Instant;
    /** What nobody else may take beside it, and what they are told who come second. */
    readonly takes?: { readonly key: StreamName; readonly taken: () => Refusal };
  },
  by: AskedBy,
  decide: (personId: string, events: readonly RecordedEvent[]) => Promise<PersonEventRecorded['event'] | Refusal>,
): Promise<PersonEventRecorded | Refusal> {
  const fingerprint = await keyedFingerprintOf(vault, name, given.asked);
  const commandId = by.idempotencyKey === undefined ? randomUUID() : commandIdOf(by.actor, by.idempotencyKey);
  const key = keyOf({ actor: by.actor, idempotencyKey: by.idempotencyKey });
  for (let attempt = 1; ; attempt++) {
    const claimed = key === null ? null : await log.claimed(key);
    if (claimed && !isOfRequest(claimed, name, fingerprint, fingerprint)) return reused(commandId, by);
    const stream = claimed?.stream ?? streamName(PERSON_CATEGORY, given.personId);
    const personId = stream.slice(PERSON_CATEGORY.length + 1);
    const { done, events, version } = await log.load(stream, commandId);
    if (done) {
      const event = events.find((each) => each.commandId === commandId);
      invariant(event !== undefined, `the event of ${commandId} is in ${stream}`);
      const recorded = {
        personId,
        stream,
        version: done.version,
        position: done.position,
        at: event.occurredAt,
        repeated: true,
      };
      return { recorded, event: event as unknown as PersonEventRecorded['event'] };
    }
    const last = lastOf(events);
    if (by.ifMatch !== undefined && by.ifMatch !== String(last)) return preconditionFailed(stream, by.ifMatch, last);
    const at = await timeOfAccess(log, given.now);
    const decided = await decide(personId, events);
    if (isRefusal(decided)) return decided;
    const hashed = fingerprintOf(name, fingerprint);
    const takenBy = given.takes && (await log.claimed(given.takes.key));
    if (given.takes && takenBy && takenBy.stream !== stream) return given.takes.taken();
    const claims = [key, given.takes && !takenBy ? given.takes.key : null];
    try {
      const appended = await log.append(
        {
          stream,
          expected: version,
          events: [{ ...decided, occurredAt: at }],
          actor: by.actor,
          commandId,
          correlationId: by.correlationId ?? commandId,
          causationId: null,
          fingerprint: hashed,
          needsNoClock: true,
        },
        claims.flatMap((one) => (one === null ? [] : [{ key: one, fingerprint: hashed }])),
      );
      // The same request at the same moment was first: what it has decided holds.
      if (appended.repeated) continue;
      const { version: appendedTo, position } = appended;
      return { recorded: { personId, stream, version: appendedTo, position, at, repeated: false }, event: decided };
    } catch (error) {
      if (error instanceof CommandIdReused) return reused(commandId, by);
      const again = error instanceof WrongExpectedVersion || error instanceof ClaimTaken;
      if (!again || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Without the key of the vault nobody can try whether a name or an address was asked for. */
async function keyedFingerprintOf(vault: Pick<Vault, 'secret'>, name: string, asked: object): Promise<string> {
  const text = JSON.stringify([
    name,
    Object.entries(asked)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => compareTexts(a, b)),
  ]);
  return createHmac('sha256', await vault.secret('requests'))
    .update(text)
    .digest('base64url');
}

function lastOf(events: readonly RecordedEvent[]): Position {
  const last = events.at(-1);
  return last === undefined ? START : Position.of(last);
}

function reused(commandId: string, { idempotencyKey }: AskedBy): Refusal {
  return idempotencyKeyReused({ commandId, idempotencyKey });
}

function preconditionFailed(stream: StreamName, sent: string, last: Position): Refusal {
  return refuse(
    'PreconditionFailed',
    `You sent the ETag "${sent}", but the last event of ${stream} is at ${last} now.`,
    'Read it again, check what changed, and send it with the ETag of the last answer to a write.',
    { ifMatch: sent, etag: String(last) },
  );
}
