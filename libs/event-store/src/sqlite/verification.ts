import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChainFinding, ChainReport, VerifyOptions } from '../capabilities.js';
import { categoryOf } from '../port.js';
import { GENESIS, chainHash, encodeAppend } from './chain.js';
import { damageIn, type Connection } from './open-file.js';
import { asStoreError } from './problems.js';
import { plainUpTo } from './schema.js';
import {
  prepareVerification,
  type AppendRange,
  type CrookedStream,
  type StoredRow,
} from './verification-statements.js';

/** Events in memory at a time: the walk needs the same memory for any log, also where they are large. */
const BATCH = 200;
/** A log that was damaged all over is not listed event by event. */
export const MAX_FINDINGS = 1_000;

/**
 * One walk over the whole chain in the order of the log, then over the streams. After a finding it goes on from the hash that
 * is stored, so that one changed event gives one finding. The event after a hole has lost the hash it was chained to: it is
 * taken as it stands, and the finding of the hole says so.
 */
export class Verification {
  private readonly statements: ReturnType<typeof prepareVerification>;
  private readonly findings: ChainFinding[] = [];
  /** Streams whose holes were already named by the walk. */
  private readonly namedStreams = new Set<number>();
  private readonly namedPositions = new Set<number>();
  /** Where the walk found an event that belongs elsewhere: its place -> the place it came from. */
  private readonly moved = new Map<number, number>();
  private position = 0;
  /** Chain values that the next event may build on; empty where the last one is lost. */
  private previous: readonly string[] = [GENESIS];
  private headHash = GENESIS;
  /** The append of the event before; null if it can't tell whether the next one begins an append. */
  private lastAppend: number | null = 0;
  private events = 0;
  private reported = 0;
  private sawExpected: boolean;

  constructor(
    private readonly db: Connection,
    private readonly options: VerifyOptions,
    private readonly assertOpen: () => void,
  ) {
    this.statements = prepareVerification(db);
    this.sawExpected = options.expectedHeadHash === undefined || options.expectedHeadHash === GENESIS;
  }

  async run(): Promise<ChainReport> {
    let head = this.lastPosition();
    while (this.position < head) {
      this.walkBatch(head);
      this.options.onProgress?.(this.position);
      await nextTurn();
      this.assertOpen();
      // Others go on appending while we walk; what they add is walked too.
      head = this.lastPosition();
    }
    this.lookBeyondTheHead();
    this.lookIntoTables();
    this.lookThroughPages();
    return {
      events: this.events,
      head: this.position,
      headHash: this.headHash,
      plainUpTo: plainUpTo(this.db),
      findings: this.findings,
    };
  }

  private lastPosition(): number {
    return guarded(() => (this.statements.head.get() as number | null) ?? 0);
  }

  private walkBatch(head: number): void {
    const upTo = Math.min(head, this.position + BATCH);
    let rows: StoredRow[];
    try {
      rows = this.statements.rows.all(this.position, upTo) as StoredRow[];
    } catch (error) {
      this.walkOneByOne(upTo, error);
      return;
    }
    for (const row of rows) this.walk(row);
    if (this.position < upTo) this.hole(this.position + 1, upTo);
  }

  /** Some page of the batch is damaged: names the first event that can't be read, and goes on with those that can. */
  private walkOneByOne(upTo: number, cause: unknown): void {
    let unreadable = false;
    while (this.position < upTo) {
      const position = this.position + 1;
      try {
        const row = this.statements.row.get(position) as StoredRow | undefined;
        if (row) this.walk(row);
        else this.hole(position, position);
        unreadable = false;
      } catch (error) {
        if (!unreadable) this.report(position, null, null, 'unreadable', `the file is damaged here: ${String(error)}`);
        unreadable = true;
        this.previous = [];
        this.position = position;
      }
    }
    if (this.findings.length === 0) throw asStoreError(cause, 'verifying the log');
  }

  private walk(row: StoredRow): void {
    if (row.position > this.position + 1) this.hole(this.position + 1, row.position - 1);
    this.events++;
    this.position = row.position;
    const reported = this.reported;
    const computed = this.check(row);
    this.lastAppend = computed !== undefined && this.reported === reported ? row.appendKey : null;
    // The event that follows builds on the hash of this one as it was written. Where the two differ, one of them is it.
    // Two are enough: more would only tell apart hashes changed in several events running.
    this.previous = computed === undefined ? [] : [row.hash, ...computed.slice(0, 2)];
    this.headHash = row.hash;
    if (row.hash === this.options.expectedHeadHash) this.sawExpected = true;
  }

  /** The values that the hash of the event could have been; undefined if its place or its parts are lost. */
  private check(row: StoredRow): readonly string[] | undefined {
    const { position, stream, version } = row;
    if (stream === null || row.storedName === null || row.schemaVersion === null || row.recordedAt === null) {
      this.namedStreams.add(row.streamKey);
      this.report(position, stream, version, 'unreadable', `the ${missingPart(row)} of this event is gone`);
      return [];
    }
    const origin = row.lastVersion === null ? position : row.appendKey - (row.lastVersion - version);
    const previous = this.previous.length > 0 ? this.previous : undefined;
    const computed = (previous ?? [row.hash]).map((hash) => hashOf(row, hash));
    const intact = previous === undefined ? origin === position : computed.includes(row.hash);
    const wrong = intact ? this.wrongBookkeeping(row, origin) : 'its hash does not fit its content';
    if (wrong === undefined) return [];
    this.namedStreams.add(row.streamKey);
    if (row.appendStreamKey !== null) this.namedStreams.add(row.appendStreamKey);
    if (!intact && origin !== position && !this.isInItsPlace(row)) {
      this.reportMoved(row, origin);
      return undefined;
    }
    this.report(position, stream, version, 'changed', `${row.storedName} was changed after it was recorded: ${wrong}`);
    return computed;
  }

  /** What the chain does not cover, since it follows from what it does: what filters and repeated commands look at. */
  private wrongBookkeeping(row: StoredRow, origin: number): string | undefined {
    if (row.category !== categoryOf(row.stream as string)) return 'its category is not that of its stream';
    if (row.appendStreamKey !== row.streamKey) return 'its append is filed under another stream';
    if (origin !== row.position) return 'its append tells another version or position';
    const isFirst = row.position === row.appendKey - (row.eventCount as number) + 1;
    const begins = this.lastAppend === null ? isFirst : this.lastAppend !== row.appendKey;
    if (isFirst !== begins) return 'its append tells another number of events';
    return undefined;
  }

  /** True if only the version was changed: with the version that belongs to this position the hash fits. */
  private isInItsPlace(row: StoredRow): boolean {
    const version = (row.lastVersion as number) - (row.appendKey - row.position);
    return this.previous.some((hash) => hashOf({ ...row, version }, hash) === row.hash);
  }

  private reportMoved(row: StoredRow, origin: number): void {
    // Two events that changed places are one change: the first of the two names both.
    this.namedPositions.add(row.position);
    if (this.moved.get(origin) === row.position) return;
    if (this.moved.size < MAX_FINDINGS) this.moved.set(row.position, origin);
    const message = `${String(row.storedName)} stands at position ${row.position}, it was recorded at position ${origin}`;
    this.report(row.position, row.stream, row.version, 'reordered', message);
  }

  private hole(first: number, last: number): void {
    const count = last - first + 1;
    const append = guarded(() => this.statements.appendAt.get(first) as AppendRange | undefined);
    const covers = append !== undefined && append.first <= first;
    const version = covers ? append.lastVersion - (append.last - first) : null;
    this.report(
      first,
      covers ? append.stream : null,
      version,
      'missing',
      `${count === 1 ? 'one event is' : `${count} events are`} missing; the event after can't be checked against its predecessor`,
    );
    for (const stream of this.statements.streamsBetween.all(first, last) as number[]) this.namedStreams.add(stream);
    this.previous = [];
    this.lastAppend = null;
    this.position = last;
  }

  /** Cut off at the end: appends without their events, or a chain that never comes to the expected value. */
  private lookBeyondTheHead(): void {
    const cut = guarded(() => this.statements.appendAt.get(this.position + 1) as AppendRange | undefined);
    if (cut) {
      const version = cut.lastVersion - (cut.last - (this.position + 1));
      this.report(
        this.position + 1,
        cut.stream,
        version,
        'truncated',
        'this event and all after it were cut off the log',
      );
      for (const stream of this.statements.streamsBetween.all(this.position + 1, Number.MAX_SAFE_INTEGER) as number[]) {
        this.namedStreams.add(stream);
      }
    } else if (!this.sawExpected) {
      const message = `the chain never comes to the expected value ${String(this.options.expectedHeadHash)}: events were cut off the log or replaced`;
      this.report(this.position + 1, null, null, 'truncated', message);
    }
  }

  private lookIntoTables(): void {
    try {
      this.lookIntoStreams();
      this.lookIntoAppends();
    } catch (error) {
      // Damaged pages that the walk has already named.
      if (this.reported === 0) throw asStoreError(error, 'verifying the log');
    }
  }

  /** Versions of a stream are 1, 2, 3 ... without a hole. */
  private lookIntoStreams(): void {
    const crooked = this.statements.crookedStreams.all(MAX_FINDINGS + this.namedStreams.size) as CrookedStream[];
    for (const { streamKey, stream, count, highest } of crooked) {
      if (this.namedStreams.has(streamKey)) continue;
      const position = (this.statements.positionOf.get(streamKey, highest) as number | undefined) ?? this.position;
      this.report(
        position,
        stream,
        highest,
        'missing',
        `stream ${stream} has ${count} events up to version ${highest}`,
      );
    }
  }

  /** Every append stands at the position of its own last event. */
  private lookIntoAppends(): void {
    for (const { last, stream, lastVersion } of this.statements.strayAppends.all(2 * MAX_FINDINGS) as AppendRange[]) {
      if (this.namedPositions.has(last)) continue;
      this.report(last, stream, lastVersion, 'changed', 'an append was added that has no events of its own');
    }
  }

  /** All events may be there as they were written, and what finds them by their streams may not: such a log answers wrongly. */
  private lookThroughPages(): void {
    if (this.reported > 0) return;
    const damage = guarded(() => damageIn(this.db));
    if (damage !== null) this.report(0, null, null, 'unreadable', `the file is damaged: ${damage}`);
  }

  private report(
    position: number,
    stream: string | null,
    version: number | null,
    problem: ChainFinding['problem'],
    message: string,
  ): void {
    this.reported++;
    if (this.namedPositions.size < 2 * MAX_FINDINGS) this.namedPositions.add(position);
    if (this.findings.length < MAX_FINDINGS) this.findings.push({ position, stream, version, problem, message });
  }
}

function missingPart(row: StoredRow): string {
  if (row.stream === null) return 'stream';
  return row.storedName === null ? 'type' : 'append';
}

function hashOf(row: StoredRow, previous: string): string {
  const facts = {
    stream: row.stream as string,
    actor: { id: row.actorId, role: row.actorRole as never },
    commandId: row.commandId,
    fingerprint: row.fingerprint,
    correlationId: row.correlationId,
    causationId: row.causationId,
  };
  const append = encodeAppend(facts, row.recordedAt as string);
  return chainHash(previous, append, {
    id: row.id,
    version: row.version,
    position: row.position,
    storedName: row.storedName as string,
    schemaVersion: row.schemaVersion as number,
    occurredAt: row.occurredAt,
    json: row.json,
  });
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreError(error, 'verifying the log');
  }
}
