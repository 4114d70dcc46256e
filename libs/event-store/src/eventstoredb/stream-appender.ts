import type { Instant } from '@billtrail/kernel';
import { claimAsAppend, isHeldFor } from '../claiming.js';
import { contentHash } from '../content-hash.js';
import {
  ClaimTaken,
  ClockSuspect,
  CommandIdReused,
  DecisionTooOld,
  OutcomeUnknown,
  TooLarge,
  WrongExpectedVersion,
} from '../errors.js';
import { MAX_APPEND_BYTES, type Appended, type StreamVersion } from '../port.js';
import { Position, type PositionNumber } from '../position.js';
import type { EncodedAppend, EncodedClaim } from '../requests.js';
import type { Sealing } from '../sealing.js';
import type { Connection } from './connection.js';
import { EngineFailure, type EngineEvent, type EngineEventToAppend } from './engine.js';
import { KnownStream, type KnownAppend } from './known-streams.js';
import { jsonOf, type StoredForm } from './stored-form.js';
import type { StreamReader } from './stream-reader.js';

/** Somebody else was first so often that something is wrong. */
const MOST_TRIES = 100;

export interface StreamAppenderOptions {
  readonly connection: Connection;
  readonly streams: StreamReader;
  readonly form: StoredForm;
  readonly sealing: Sealing;
  readonly recordingTime: () => Promise<Instant | ClockSuspect>;
  readonly clock: () => Instant;
  readonly tick: () => number;
  /** Called with each append that was written. */
  readonly onAppended: (position: Position, recordedAt: Instant) => void;
}

/**
 * Appends at the version that is known of a stream: if nothing was recorded behind it, what is known of it is all, and the server takes the append; else it says so, and the rest is read. So one
 * command id has one effect, and what is known needs no check before.
 */
export class StreamAppender {
  constructor(private readonly options: StreamAppenderOptions) {}

  append(append: EncodedAppend, since: number): Promise<Appended> {
    return this.options.streams.inTurn(append.stream, () => this.carryOut(append, since));
  }

  private async carryOut(append: EncodedAppend, since: number): Promise<Appended> {
    const { streams } = this.options;
    const { stream, commandId } = append;
    const expected = append.expected === 'none' ? 0 : append.expected;
    let known = streams.remembered(stream);
    let isFresh = false;
    if (known === undefined) {
      // What must be new is most likely new, and the server says if not; but nothing may be claimed before that is sure.
      isFresh = expected !== 0 || append.claims.length > 0;
      known = isFresh ? await streams.refresh(stream) : KnownStream.EMPTY;
    }
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const first = known.find(commandId);
      const isElsewhere = expected !== 'any' && expected !== known.version;
      if (first !== undefined || isElsewhere) {
        // Where nothing is appended, nothing says that what is known is all, or is still so.
        if (isFresh && first) return this.repeated(first, append);
        if (isFresh) return this.refuse(append, new WrongExpectedVersion(stream, append.expected, known.version));
        isFresh = true;
        known = await streams.refresh(stream);
        continue;
      }
      const appended = await this.appendAt(known, append, since);
      if (appended !== null) return appended;
      isFresh = true;
      known = await streams.refresh(stream);
    }
    return this.refuse(append, new WrongExpectedVersion(stream, append.expected, known.version));
  }

  /** Null: it is at another version. */
  private async appendAt(known: KnownStream, append: EncodedAppend, since: number): Promise<Appended | null> {
    const { streams, form, tick, recordingTime, clock, onAppended, connection } = this.options;
    const { stream, commandId, fingerprint, events, claims } = append;
    // One alone is decided by the append that takes it.
    const free = claims.length > 1 ? await this.free(append) : claims;
    const assertInTime = () => {
      const waited = tick() - since;
      if (waited > append.maxWaitMs) throw new DecisionTooOld(stream, waited);
    };
    if (tick() - since > append.maxWaitMs) await this.refuse(append, new DecisionTooOld(stream, tick() - since));
    const time = append.acceptsClock ? clock() : await recordingTime();
    if (time instanceof ClockSuspect && !append.needsNoClock) return this.refuse(append, time);
    const recordedAt = time instanceof ClockSuspect ? time.last : time;
    for (const claim of free) await this.take(append, claim, recordedAt, assertInTime);
    assertInTime();
    const place = await this.send(stream, known.version, form.toAppend(append, recordedAt), commandId, assertInTime);
    if (place === null) return null;
    const done = { ...place, fingerprint, count: events.length };
    streams.remember(stream, known.withAppend(commandId, done, connection.epoch));
    onAppended(place.position, recordedAt);
    return { ...place, repeated: false };
  }

  /** Null: the stream is at another version. `assertInTime`: throws where it is too late to send it again. */
  async send(
    stream: string,
    version: StreamVersion,
    events: readonly EngineEventToAppend[],
    commandId: string,
    assertInTime?: () => void,
  ): Promise<Place | null> {
    const { connection, form } = this.options;
    try {
      const appended = await connection.append(form.streamOf(stream), version - 1, events, commandId, assertInTime);
      if (appended === null) return null;
      // What answers an append that was sent again may tell the place of another of its events.
      if (appended.isSure && appended.position >= 0) return placeAfter(version, events, appended.position);
    } catch (error) {
      if (error instanceof OutcomeUnknown) return this.looked(stream, version, events, error);
      throw error instanceof EngineFailure && error.kind === 'too-large' ? tooLarge(error, events) : error;
    }
    return this.looked(stream, version, events, new OutcomeUnknown([commandId]));
  }

  /** What came of an append whose answer is missing, by what is behind its version now: itself, or what keeps it out for good (null). @throws `unknown` where that is nothing, or can't be read */
  private async looked(
    stream: string,
    version: StreamVersion,
    events: readonly EngineEventToAppend[],
    unknown: OutcomeUnknown,
  ): Promise<Place | null> {
    let held: readonly EngineEvent[];
    try {
      held = await this.options.streams.read(stream, version, events.length);
    } catch {
      throw unknown;
    }
    const last = held.at(-1);
    if (last === undefined) throw unknown;
    return last.id === events.at(-1)?.id ? placeAfter(version, events, last.position) : null;
  }

  /** Claims are looked at before what else it is refused for. */
  private async refuse(append: EncodedAppend, error: Error): Promise<never> {
    await this.free(append);
    throw error;
  }

  /** The claims that are still to be taken. @throws ClaimTaken */
  private async free(append: EncodedAppend): Promise<readonly EncodedClaim[]> {
    const free: EncodedClaim[] = [];
    for (const claim of append.claims) {
      const held = await this.options.streams.claimIn(claim.key);
      if (held === null) free.push(claim);
      else if (!isHeldFor(held, append.stream, claim)) throw new ClaimTaken(claim.key);
    }
    return free;
  }

  /** Takes a key, unless it is taken for the same. @throws ClaimTaken */
  private async take(
    append: EncodedAppend,
    claim: EncodedClaim,
    recordedAt: Instant,
    assertInTime: () => void,
  ): Promise<void> {
    const claiming = claimAsAppend(append, claim, recordedAt);
    const events = this.options.form.toAppend(claiming, recordedAt);
    const place = await this.send(claim.key, 0, events, append.commandId, assertInTime);
    if (place !== null) return this.options.onAppended(place.position, recordedAt);
    const held = await this.options.streams.claimIn(claim.key);
    if (!isHeldFor(held, append.stream, claim)) throw new ClaimTaken(claim.key);
  }

  private async repeated(first: KnownAppend, append: EncodedAppend): Promise<Appended> {
    const { stream, commandId, fingerprint, plainFingerprint = fingerprint } = append;
    const isSame =
      first.fingerprint === fingerprint ||
      (first.fingerprint === null
        ? await this.isSameContent(first, append)
        : (await this.options.sealing.askedFor(stream, first.fingerprint)).isFor(plainFingerprint));
    if (!isSame) throw new CommandIdReused(stream, commandId);
    return { version: first.version, position: first.position, repeated: true };
  }

  private async isSameContent({ version, count }: KnownAppend, { stream, events }: EncodedAppend): Promise<boolean> {
    const held = await this.options.streams.read(stream, version - count, count);
    const stored = held.map((event) => ({ ...this.options.form.stored(event), json: jsonOf(event) }));
    const asked = events.map(({ plain, ...event }) => (plain === undefined ? event : { ...event, json: plain }));
    return contentHash(stored) === contentHash(asked);
  }
}

/** Where the last event of an append is. */
interface Place {
  readonly version: StreamVersion;
  readonly position: Position;
}

function placeAfter(version: StreamVersion, events: readonly EngineEventToAppend[], position: number): Place {
  const id = events.at(-1)?.id ?? '';
  return { version: version + events.length, position: Position.of({ id, position: position as PositionNumber }) };
}

function tooLarge({ message }: EngineFailure, events: readonly EngineEventToAppend[]): TooLarge {
  const bytes = events.reduce((sum, { data, metadata }) => sum + lengthOf(data) + lengthOf(metadata), 0);
  return new TooLarge(`the append (${message})`, bytes, Math.min(bytes - 1, MAX_APPEND_BYTES));
}

function lengthOf(data: object | Uint8Array): number {
  return data instanceof Uint8Array ? data.length : Buffer.byteLength(JSON.stringify(data));
}
