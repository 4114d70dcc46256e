import { ROLES, isInstant, type Actor, type StoredEventType } from '@billtrail/kernel';
import { InvalidStoreRequest, TooLarge } from './errors.js';
import {
  EVENT_BESIDE_BYTES,
  MAX_APPEND_BYTES,
  MAX_EVENTS_PER_APPEND,
  MAX_EVENT_BYTES,
  MAX_NAME_BYTES,
  MAX_READ,
  categoryOf,
  type AppendRequest,
  type Claim,
  type ExpectedVersion,
  type StreamName,
} from './port.js';
import { SEALED } from './sealed-data.js';
import type { StoredNames } from './stored-names.js';

/** Events per slice where a subscriber does not say. */
export const DEFAULT_SUBSCRIPTION_BATCH = 1_000;

export interface EncodedEvent {
  readonly type: StoredEventType;
  readonly storedName: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  /** As it is stored. */
  readonly json: string;
  /** As it was asked for, where that is another: it is sealed. */
  readonly plain?: string;
}

/** A request that passed every check that needs no database, its events as they will be stored. */
export interface EncodedAppend {
  readonly stream: string;
  readonly category: string;
  readonly expected: ExpectedVersion;
  readonly actor: Actor;
  readonly commandId: string;
  /** As it is stored. */
  readonly fingerprint: string;
  /** As it was given, where that is another: it is under the key of the stream. */
  readonly plainFingerprint?: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly events: readonly EncodedEvent[];
  readonly maxWaitMs: number;
  readonly acceptsClock: boolean;
  readonly needsNoClock: boolean;
  readonly claims: readonly EncodedClaim[];
}

/** A key that the append takes; it happens when it is recorded. */
export interface EncodedClaim extends Claim {
  /** As of {@link EncodedAppend}. */
  readonly plainFingerprint?: string;
}

// Control characters and lone surrogates would not come back as they went in.
const NAME = /^[^\p{Cc}\p{Cs}]+$/u;

// Any moment of our millennia on a day that every month has. It spares asking the kernel, which is asked for all others: bulk appends feel it.
const PLAINLY_AN_INSTANT =
  /^[1-8]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-3]):[0-5]\d)$/;

function checkName(what: string, value: unknown): void {
  if (typeof value !== 'string' || exceeds(value, MAX_NAME_BYTES) || !NAME.test(value)) {
    throw new InvalidStoreRequest(`${what} must be 1 to ${MAX_NAME_BYTES} bytes without control characters`);
  }
}

/** Stream, actor, command, correlation, causation and fingerprint at their longest. */
const MOST_OF_NAMES = 6 * MAX_NAME_BYTES;

/** A UTF-16 unit is at most 3 bytes of UTF-8: bytes are counted only where it could matter. */
function exceeds(text: string, mostBytes: number): boolean {
  return text.length * 3 > mostBytes && Buffer.byteLength(text) > mostBytes;
}

/** Checks a request against the limits of the port and encodes its events. @throws InvalidStoreRequest, TooLarge */
export function encode(request: AppendRequest, claims: readonly Claim[], names: StoredNames): EncodedAppend {
  const {
    stream,
    expected,
    actor,
    commandId,
    correlationId,
    causationId,
    fingerprint,
    maxWaitMs = Infinity,
    acceptsClock = false,
    needsNoClock = false,
  } = request;
  checkName('stream', stream);
  checkName('commandId', commandId);
  checkName('correlationId', correlationId);
  if (causationId !== null) checkName('causationId', causationId);
  checkName('fingerprint', fingerprint);
  checkName('actor.id', actor.id);
  if (!ROLES.includes(actor.role)) throw new InvalidStoreRequest(`unknown role ${actor.role}`);
  if (expected !== 'any' && expected !== 'none' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new InvalidStoreRequest(`expected version must be a version, 'none' or 'any', got ${String(expected)}`);
  }
  const count = request.events.length;
  if (count < 1 || count > MAX_EVENTS_PER_APPEND) {
    throw new InvalidStoreRequest(`an append has 1 to ${MAX_EVENTS_PER_APPEND} events, got ${count}`);
  }
  const events = request.events.map(({ type, data, occurredAt }): EncodedEvent => {
    const stored = names.toStored(type);
    if (!PLAINLY_AN_INSTANT.test(occurredAt) && !isInstant(occurredAt))
      throw new InvalidStoreRequest(`${type}: occurredAt is no instant with an offset: ${occurredAt}`);
    const { storedName, schemaVersion } = stored;
    return { type: stored, storedName, schemaVersion, occurredAt, json: encodeData(type, data) };
  });
  const encoded: EncodedAppend = {
    stream,
    category: categoryOf(stream),
    expected,
    actor: { id: actor.id, role: actor.role },
    commandId,
    fingerprint,
    correlationId,
    causationId,
    events,
    maxWaitMs,
    acceptsClock,
    needsNoClock,
    claims: checked(claims, stream),
  };
  checkSize(encoded);
  return encoded;
}

/**
 * Checks the bytes of an append as it is now: once more where it was sealed, for that makes it larger. What an append says of all its events is stored with each
 * of them, for an event knows its append. @throws TooLarge
 */
export function checkSize(append: EncodedAppend): void {
  const { events } = append;
  let most = events.length * (MOST_OF_NAMES + EVENT_BESIDE_BYTES);
  for (const { storedName, json } of events) most += 3 * (storedName.length + json.length);
  if (most <= MAX_APPEND_BYTES) return;
  const { stream, actor, commandId, correlationId, causationId, fingerprint } = append;
  const shared = Buffer.byteLength(
    [stream, actor.id, commandId, correlationId, causationId ?? '', fingerprint].join(''),
  );
  const bytes = events.reduce(
    (sum, { storedName, json }) => sum + Buffer.byteLength(storedName) + Buffer.byteLength(json),
    events.length * (EVENT_BESIDE_BYTES + shared),
  );
  if (bytes > MAX_APPEND_BYTES) throw new TooLarge('the append', bytes, MAX_APPEND_BYTES);
}

function checked(claims: readonly Claim[], stream: StreamName): readonly Claim[] {
  const streams = new Set([stream]);
  for (const { key, fingerprint } of claims) {
    checkName('key', key);
    checkName('fingerprint', fingerprint);
    if (streams.has(key)) throw new InvalidStoreRequest(`${key} can't be claimed beside itself`);
    streams.add(key);
  }
  return claims;
}

function jsonOf(type: string, data: object): string {
  try {
    // Undefined, whatever its type says, for data that makes itself disappear with `toJSON`.
    const json: unknown = JSON.stringify(data);
    return typeof json === 'string' ? json : '';
  } catch (error) {
    throw new InvalidStoreRequest(`${type}: data is not plain JSON`, { cause: error });
  }
}

function encodeData(type: string, data: object): string {
  const json = jsonOf(type, data);
  if (!json.startsWith('{')) throw new InvalidStoreRequest(`${type}: data must be a JSON object`);
  if (Object.hasOwn(data, SEALED)) throw new InvalidStoreRequest(`${type}: no field can be called ${SEALED}`);
  if (exceeds(json, MAX_EVENT_BYTES))
    throw new TooLarge(`the data of ${type}`, Buffer.byteLength(json), MAX_EVENT_BYTES);
  return json;
}

/** @throws InvalidStoreRequest unless `value` is a whole number from `least` to `most`. */
export function checkWhole(what: string, value: number, least: number, most: number = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new InvalidStoreRequest(`${what} must be a whole number from ${least} to ${most}, got ${value}`);
  }
}

export function checkReadLimit(what: string, value: number): void {
  checkWhole(what, value, 1, MAX_READ);
}
