import type { Instant } from '@billtrail/kernel';
import type { Capabilities } from '../capabilities.js';
import { ClockSuspect, UnknownStoredEvent, type ClockApart } from '../errors.js';
import type {
  AllSlice,
  Appended,
  AppendRequest,
  Claim,
  Claimed,
  Done,
  EventStore,
  Loaded,
  Newest,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  StreamName,
  StreamSlice,
  SubscribeOptions,
} from '../port.js';
import { Position, START } from '../position.js';
import { recordingTime } from '../recording-time.js';
import { checkSize, encode } from '../requests.js';
import { allKnown, Sealing, type StreamKeys } from '../sealing.js';
import { StoreUnavailable } from '../store-unavailable.js';
import type { StoredNames } from '../stored-names.js';
import { Connecting } from './connecting.js';
import { Connection } from './connection.js';
import { DbClient, SILENCE_MS } from './db-client.js';
import type { Engine, EngineEvent } from './engine.js';
import { unavailableFor } from './failures.js';
import { EngineLease } from './engine-lease.js';
import { placeOf, type KnownAppend } from './known-streams.js';
import { LogCopying } from './log-copying.js';
import { LogReader } from './log-reader.js';
import { recordedAtOf, StoredForm } from './stored-form.js';
import { clockStreamOf, StoreClock } from './store-clock.js';
import { StreamAppender } from './stream-appender.js';
import { isWhole, StreamReader, type EngineSlice } from './stream-reader.js';
import { follow } from './subscription.js';

export interface EventStoreDbOptions {
  /** `esdb://USER:PASSWORD@HOST:PORT?tlsCAFile=FILE`; several hosts are a cluster. `streamPrefix=NAME` tells several logs in one cluster apart. */
  readonly url: string;
  readonly names: StoredNames;
  /** The keys under which personal fields are sealed. Without them nothing is sealed, and what is sealed can't be read. */
  readonly keys?: StreamKeys;
  /** Gives `recordedAt`. Without it: the clock of the machine, in UTC, to the millisecond. */
  readonly clock?: () => Instant;
  /** Refuse (`ClockSuspect`) what would be recorded far from the last event. Without it: where the clock is the machine's. */
  readonly suspectClock?: boolean;
  /** Refuse (`ClockApart`) what would be recorded while the clock is more than two seconds from the engine's, and don't lead then. Without it: where the clock is the machine's. */
  readonly comparesClock?: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly tick?: () => number;
  /** How long it is tried again while the engine is away, in milliseconds. Without it: as the connection string says (`defaultDeadline`), or 10 s. */
  readonly patienceMs?: number;
  /** A client of the engine. Without it: `@eventstore/db-client`. */
  readonly connect?: (connecting: Connecting) => Engine;
}

/** The log in an EventStoreDB, of one node or a cluster; several processes may write to it. */
export class EventStoreDbEventStore implements EventStore {
  private readonly sealing: Sealing;
  private readonly form: StoredForm;
  private readonly streams: StreamReader;
  private readonly reader: LogReader;
  private readonly appender: StreamAppender;
  private readonly copying: LogCopying;
  private readonly lease: EngineLease;
  /** Null: the clocks agree, or nobody compares them. */
  private readonly clockApart: () => Promise<ClockApart | null>;
  private readonly closing = new AbortController();
  private readonly tick: () => number;
  private readonly appending = new Set<Promise<unknown>>();
  /** Of the events that this process knows of the last. */
  private last: { readonly position: Position; readonly recordedAt: Instant } | null = null;

  private constructor(
    private readonly connecting: Connecting,
    private readonly connection: Connection,
    /** Without what is secret in it. */
    private readonly options: Omit<EventStoreDbOptions, 'url'>,
  ) {
    const { names } = options;
    this.tick = options.tick ?? (() => performance.now());
    this.sealing = new Sealing(names, options.keys ?? null);
    this.form = new StoredForm(connecting.prefix, names);
    this.streams = new StreamReader(connection, this.form);
    this.reader = new LogReader(connection, this.form, names);
    this.appender = new StreamAppender({
      connection,
      streams: this.streams,
      form: this.form,
      sealing: this.sealing,
      clock: () => this.clock(),
      recordingTime: () => this.recordingTime(),
      tick: this.tick,
      onAppended: (position, recordedAt) => this.learnt(position, recordedAt),
    });
    const ownClock = new StoreClock({
      connection,
      stream: clockStreamOf(connecting),
      clock: () => this.clock(),
      tick: this.tick,
    });
    this.clockApart =
      (options.comparesClock ?? options.clock === undefined) ? () => ownClock.apart() : () => Promise.resolve(null);
    this.lease = new EngineLease(connection, connecting, this.clockApart);
    this.copying = new LogCopying({ connection, reader: this.reader, appender: this.appender, form: this.form });
  }

  /** Connects, and looks whether the log can be read. @throws StoreUnavailable with what is wrong */
  static async open({ url, ...options }: EventStoreDbOptions): Promise<EventStoreDbEventStore> {
    const connecting = new Connecting(url);
    connecting.assertFiles();
    const { connect = (to: Connecting) => new DbClient(to) } = options;
    const connection = new Connection({
      connect: () => connect(connecting),
      unavailable: (failure) => unavailableFor(failure, connecting),
      tick: options.tick ?? (() => performance.now()),
      patienceMs: options.patienceMs ?? connecting.patienceMs,
      callMs: SILENCE_MS,
      probe: (engine) => engine.readStream(clockStreamOf(connecting), { from: 'end', direction: 'backwards', most: 1 }),
    });
    const store = new EventStoreDbEventStore(connecting, connection, options);
    try {
      await store.newest();
      await store.copying.learn();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async append(request: AppendRequest, claims: readonly Claim[] = []): Promise<Appended> {
    this.assertOpen();
    const since = this.tick();
    const encoded = encode(request, claims, this.options.names);
    const sealed = await this.sealing.sealed(encoded);
    this.assertOpen();
    if (sealed !== encoded) checkSize(sealed);
    const appended = this.appender.append(sealed, since);
    this.appending.add(appended);
    try {
      return await appended;
    } finally {
      this.appending.delete(appended);
    }
  }

  async load(stream: StreamName, commandId: string, options: ReadStreamOptions = {}): Promise<Loaded> {
    this.assertOpen();
    const { known, slice } = await this.streams.inTurn(stream, async () =>
      isWhole(options)
        ? this.streams.whole(stream)
        : { known: await this.streams.refresh(stream), slice: await this.streams.slice(stream, options) },
    );
    return { ...(await this.opened(stream, slice)), done: await this.done(stream, known.find(commandId)) };
  }

  async claimed(key: StreamName): Promise<Claimed | null> {
    this.assertOpen();
    const claim = await this.streams.claimIn(key);
    if (claim === null) return null;
    if (claim === undefined) throw new UnknownStoredEvent(key, 'its first event is no claim');
    return { key, ...claim, ...(await this.sealing.askedFor(claim.stream, claim.fingerprint)) };
  }

  async readStream(stream: StreamName, options: ReadStreamOptions = {}): Promise<StreamSlice> {
    this.assertOpen();
    return this.opened(stream, await this.streams.slice(stream, options));
  }

  async readAll(options: ReadAllOptions): Promise<AllSlice> {
    this.assertOpen();
    const slice = await this.reader.readAll(options);
    return { ...slice, events: await this.sealing.opened(slice.events) };
  }

  subscribe(options: SubscribeOptions): AsyncIterable<AllSlice> {
    return follow(
      {
        connection: this.connection,
        reader: this.reader,
        form: this.form,
        names: this.options.names,
        sealing: this.sealing,
        closing: this.closing.signal,
        onTold: (event) => this.learnt(placeOf(event), recordedAtOf(event)),
      },
      options,
    );
  }

  async head(): Promise<Position> {
    this.assertOpen();
    return (await this.newest())?.position ?? START;
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    this.assertOpen();
    const event = await this.reader.held(position);
    return event && ((await this.sealing.opened([this.form.recorded(event)]))[0] as RecordedEvent);
  }

  async newest(): Promise<Newest | null> {
    this.assertOpen();
    const event = await this.reader.newest();
    if (event === null) return null;
    const { recordedAt } = this.form.recorded(event);
    this.learnt(placeOf(event), recordedAt);
    return { position: placeOf(event), recordedAt };
  }

  capability<Name extends keyof Capabilities>(name: Name): Capabilities[Name] | null {
    const own: { readonly [One in keyof Capabilities]: Capabilities[One] | null } = {
      chain: null,
      copying: this.copying,
      lease: this.lease,
    };
    return own[name];
  }

  /** What is wrong with it passes, or every call says so. */
  damage(): null {
    return null;
  }

  /** Lets what is being appended end, ends the subscriptions and the connection. Doing it twice does nothing. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await Promise.allSettled(this.appending);
    await this.connection.close(this.isClosed());
  }

  private async opened(stream: StreamName, { version, events }: EngineSlice): Promise<StreamSlice> {
    const recorded = events.map((event: EngineEvent) => this.form.recorded(event));
    return { stream, version, events: allKnown(stream, await this.sealing.opened(recorded)) };
  }

  private async done(stream: StreamName, found: KnownAppend | undefined): Promise<Done | null> {
    if (found === undefined) return null;
    const { version, position, fingerprint } = found;
    return { version, position, repeated: true, ...(await this.sealing.askedFor(stream, fingerprint)) };
  }

  private learnt(position: Position, recordedAt: Instant): void {
    if (this.last === null || position.isAfter(this.last.position)) this.last = { position, recordedAt };
  }

  private clock(): Instant {
    return this.options.clock?.() ?? new Date().toISOString();
  }

  /** Held to the last event that is known; before a clock is suspected, to the last that there is. */
  private async recordingTime(): Promise<Instant | ClockSuspect> {
    const apart = await this.clockApart();
    if (apart !== null) return apart;
    const clock = this.clock();
    if (!(this.options.suspectClock ?? this.options.clock === undefined)) return clock;
    const time = recordingTime(clock, this.last?.recordedAt ?? null);
    if (!(time instanceof ClockSuspect)) return time;
    return recordingTime(clock, (await this.newest())?.recordedAt ?? null);
  }

  private assertOpen(): void {
    if (this.closing.signal.aborted) throw this.isClosed();
  }

  private isClosed(): StoreUnavailable {
    return new StoreUnavailable(
      'closed',
      `the connection to ${this.connecting.shown} is closed`,
      'Open the store again',
    );
  }
}
