import type { Instant } from '@billtrail/kernel';
import {
  ClaimTaken,
  ClockSuspect,
  CommandIdReused,
  DecisionTooOld,
  OutcomeUnknown,
  WrongExpectedVersion,
} from '../errors.js';
import type { StoreUnavailable } from '../store-unavailable.js';
import type { Appended } from '../port.js';
import { claimAsAppend, isHeldFor } from '../claiming.js';
import { KEY_CLAIMED, type KeyClaimed } from '../claims.js';
import { AppendWriter, type Head } from './append-writer.js';
import type { OpenLog } from './open-log.js';
import { recordingTime } from '../recording-time.js';
import { asStoreError, isBusy, isDiskError, unavailable } from './problems.js';
import type { EncodedAppend, EncodedClaim } from '../requests.js';

/** Where a proof may stop or kill the process: the steps of one group commit, in their order. */
export const FAILPOINTS = [
  'before-begin',
  'after-begin',
  'after-insert',
  'before-commit',
  'in-commit',
  'after-commit',
  'after-acknowledge',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** What a failpoint is told of each append that the group has carried out: its command and the answer it is going to get. */
export interface Carried {
  readonly commandId: string;
  readonly appended: Appended;
}
export type ReachFailpoint = (name: Failpoint, group: readonly Carried[]) => void;

/** One group commit takes at most this many events, or one request: its transaction and its memory stay small. */
const MAX_EVENTS_PER_COMMIT = 10_000;
/** Pause between two tries to get the write lock; other work of the process goes on in it. */
const LOCK_RETRY_MS = 5;

interface Waiting {
  readonly append: EncodedAppend;
  /** When it was asked for, as `tick` counts. */
  readonly since: number;
  /** How often the write lock of another process has kept it waiting. */
  tries: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

export interface AppenderOptions {
  readonly log: () => OpenLog;
  /** Opens the log anew and makes sure of what is in it. @throws where that can't be done. */
  readonly reopen: () => void;
  readonly clock: () => Instant;
  /** The clock is held to the time of the last event, as one of a machine may be wrong. */
  readonly suspectClock: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly tick: () => number;
  /** How often an append tries to get the write lock that another process holds before it is refused as `locked`. */
  readonly lockTries: number;
  readonly reach: ReachFailpoint;
  /** Called after each commit that wrote something. */
  readonly onCommitted: () => void;
  /** Asked before each commit and after it, before anybody is answered: why what is written now would be lost; null: it is not. */
  readonly damage: () => StoreUnavailable | null;
  /** Called with what a whole group was refused for. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * Collects appends and writes them in group commits: what arrives in one turn of the event loop shares one transaction and one
 * fsync. Each request is answered on its own, and none before COMMIT has returned.
 */
export class Appender {
  private readonly writer: AppendWriter;
  private queue: Waiting[] = [];
  /** Takes back the flush that is planned; undefined if none is. */
  private cancelFlush: (() => void) | undefined;

  constructor(private readonly options: AppenderOptions) {
    this.writer = new AppendWriter(() => options.log().appending);
  }

  /** `since`: when it was asked for, as `tick` counts. */
  append(append: EncodedAppend, since: number): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.queue.push({ append, since, tries: 0, resolve, reject });
      if (!this.cancelFlush) this.flushSoon();
    });
  }

  /** Writes what waits, once; then refuses what could not be written. */
  close(): void {
    while (this.queue.length > 0) {
      const before = this.queue.length;
      this.flush();
      if (this.queue.length >= before) break;
    }
    this.forgetFlush();
    for (const waiting of this.queue.splice(0))
      waiting.reject(unavailable('closed', 'the store was closed before the append'));
  }

  private flush(): void {
    this.forgetFlush();
    const group = this.nextGroup();
    const written = this.write(group);
    if (!written) this.queue = [...this.stillPatient(group), ...this.queue];
    if (this.queue.length === 0) return;
    if (written) this.flushSoon();
    else this.flushLater();
  }

  private flushSoon(): void {
    const planned = setImmediate(() => this.flush());
    this.cancelFlush = () => clearImmediate(planned);
  }

  private flushLater(): void {
    const planned = setTimeout(() => this.flush(), LOCK_RETRY_MS);
    this.cancelFlush = () => clearTimeout(planned);
  }

  private forgetFlush(): void {
    this.cancelFlush?.();
    this.cancelFlush = undefined;
  }

  private nextGroup(): Waiting[] {
    let events = 0;
    const end = this.queue.findIndex((waiting, index) => {
      events += waiting.append.events.length;
      return index > 0 && events > MAX_EVENTS_PER_COMMIT;
    });
    return this.queue.splice(0, end < 0 ? this.queue.length : end);
  }

  private stillPatient(group: readonly Waiting[]): Waiting[] {
    return group.filter((waiting) => {
      waiting.tries += 1;
      if (waiting.tries < this.options.lockTries) return true;
      waiting.reject(unavailable('locked', `the write lock was not free at any of ${waiting.tries} tries`));
      return false;
    });
  }

  /** Carries out one group. False where another process holds the write lock and nothing was tried. */
  private write(group: readonly Waiting[]): boolean {
    const { reach, damage } = this.options;
    const outcomes: (Appended | Error)[] = [];
    const carried: Carried[] = [];
    const before = damage();
    if (before) {
      rejectAll(group, before);
      return true;
    }
    try {
      reach('before-begin', carried);
      this.statements.begin.run();
    } catch (error) {
      if (isBusy(error)) return false;
      this.refuse(group, error);
      return true;
    }
    try {
      reach('after-begin', carried);
      const head = this.writer.head();
      const positionBefore = head.position;
      const clock = this.options.clock();
      for (const { append, since } of group) {
        const outcome = this.carryOut(append, head, clock, this.options.tick() - since);
        outcomes.push(outcome);
        if (!(outcome instanceof Error)) carried.push({ commandId: append.commandId, appended: outcome });
        reach('after-insert', carried);
      }
      reach('before-commit', carried);
      const failed = this.commit(carried);
      if (failed !== null) {
        this.lookAgain(group, outcomes, failed);
        return true;
      }
      reach('after-commit', carried);
      const after = damage();
      if (after) throw after;
      answer(group, outcomes);
      if (head.position > positionBefore) this.options.onCommitted();
      reach('after-acknowledge', carried);
    } catch (error) {
      this.rollBack();
      this.refuse(group, error);
    }
    return true;
  }

  private refuse(group: readonly Waiting[], error: unknown): void {
    const refused = asStoreError(error, 'appending');
    this.options.onRefused(refused);
    rejectAll(group, refused);
  }

  /** Null: done. Otherwise how the disk failed, and whether the rows are there is to be seen. */
  private commit(carried: readonly Carried[]): unknown {
    try {
      this.options.reach('in-commit', carried);
      this.statements.commit.run();
      return null;
    } catch (error) {
      if (!isDiskError(error)) throw error;
      return error;
    }
  }

  /** After a disk that failed in COMMIT: each append is there, or it is not, or nobody can tell. */
  private lookAgain(group: readonly Waiting[], outcomes: readonly (Appended | Error)[], cause: unknown): void {
    this.rollBack();
    const written = group.filter((_, index) => !(outcomes[index] instanceof Error));
    try {
      this.options.reopen();
      const { earlier } = this.options.log();
      answer(
        group,
        group.map(({ append }, index) => {
          const outcome = outcomes[index] as Appended | Error;
          if (outcome instanceof Error || earlier.findByName(append.stream, append.commandId)) return outcome;
          return asStoreError(cause, 'appending') as Error;
        }),
      );
      this.options.onCommitted();
    } catch {
      const unknown = new OutcomeUnknown(
        written.map(({ append }) => append.commandId),
        { cause },
      );
      answer(
        group,
        outcomes.map((outcome) => (outcome instanceof Error ? outcome : unknown)),
      );
    }
  }

  private get statements(): OpenLog['appending'] {
    return this.options.log().appending;
  }

  private rollBack(): void {
    // A kind that was new in this transaction is gone, and its number may be given to another.
    this.writer.forgetKinds();
    if (!this.options.log().db.inTransaction) return;
    try {
      this.statements.rollback.run();
    } catch {
      // The error that made us roll back says more than this one; SQLite rolls back by itself if it must.
    }
  }

  /** Writes one append, or says why not before it has written anything. */
  private carryOut(append: EncodedAppend, head: Head, clock: Instant, waitedMs: number): Appended | Error {
    const { statements } = this;
    const known = statements.stream.get(append.stream) as [stream: number, version: number] | undefined;
    const current = known?.[1] ?? 0;
    if (known) {
      const first = this.options.log().earlier.find(known[0], append.commandId);
      if (first) return first.isSame(append) ? first.answer : new CommandIdReused(append.stream, append.commandId);
    }
    const claims: EncodedClaim[] = [];
    for (const claim of append.claims) {
      const held = statements.first.get(claim.key) as [storedName: string, json: string] | undefined;
      if (!held) claims.push(claim);
      else if (!isClaimFor(held, append.stream, claim)) return new ClaimTaken(claim.key);
    }
    const { expected } = append;
    if (expected !== 'any' && (expected === 'none' ? 0 : expected) !== current) {
      return new WrongExpectedVersion(append.stream, expected, current);
    }
    if (waitedMs > append.maxWaitMs) return new DecisionTooOld(append.stream, waitedMs);
    const time = this.options.suspectClock && !append.acceptsClock ? recordingTime(clock, head.recordedAt) : clock;
    if (time instanceof ClockSuspect && !append.needsNoClock) return time;
    const recordedAt = time instanceof ClockSuspect ? time.last : time;
    for (const claim of claims) this.writer.write(claimAsAppend(append, claim, recordedAt), null, 0, head, recordedAt);
    return this.writer.write(append, known?.[0] ?? null, current, head, recordedAt);
  }
}

/** True where the first event of a key's stream is a claim for the same. */
function isClaimFor([storedName, json]: readonly [string, string], stream: string, claim: EncodedClaim): boolean {
  return storedName === KEY_CLAIMED.storedName && isHeldFor(JSON.parse(json) as KeyClaimed['data'], stream, claim);
}

function answer(group: readonly Waiting[], outcomes: readonly (Appended | Error)[]): void {
  group.forEach(({ resolve, reject }, index) => {
    const outcome = outcomes[index] as Appended | Error;
    if (outcome instanceof Error) reject(outcome);
    else resolve(outcome);
  });
}

function rejectAll(group: readonly Waiting[], error: unknown): void {
  for (const { reject } of group) reject(error);
}
