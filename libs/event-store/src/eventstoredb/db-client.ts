import {
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  eventTypeFilter,
  FORWARDS,
  jsonEvent,
  NO_STREAM,
  PersistentSubscriptionExistsError,
  PersistentSubscriptionMaximumSubscribersReachedError,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamRecordedEvent,
  type AllStreamResolvedEvent,
  type Credentials,
  type PersistentSubscriptionToAll,
  type RecordedEvent,
  type ResolvedEvent,
} from '@eventstore/db-client';
import type { Connecting } from './connecting.js';
import {
  EngineFailure,
  type Engine,
  type EngineAppended,
  type EngineEvent,
  type EngineEventToAppend,
  type EngineRead,
  type Following,
  type Heard,
  type Holding,
} from './engine.js';
import { failureOf, type Asked } from './failures.js';

/** A read that hears nothing for so long is given up: the server is frozen, or the connection is dead. */
export const SILENCE_MS = 10_000;
/** What one node says by itself is only asked to tell why a call failed. */
const MOST_MS_OF_A_PROBE = 2_000;
/** What was left early has kept a client from ending. */
const MOST_MS_TO_END = 2_000;
/** Whoever asks whether it leads goes on without an answer. */
const MOST_MS_TO_HOLD = 5_000;

/** One reader at a time; who is dropped was dead or stood still. */
export const FOR_ONE = persistentSubscriptionToAllSettingsFromDefaults({ maxSubscriberCount: 1, startFrom: END });
/** Events of no such name are written: the subscription is there for its place alone. */
export const MATCHES_NOTHING = eventTypeFilter({ prefixes: ['billtrail-writes-no-such-event'] });

const UTF8 = new TextEncoder();

/** The engine by its client `@eventstore/db-client`. */
export class DbClient implements Engine {
  private readonly client: EventStoreDBClient;
  private isClosed = false;
  /** Called where what is held is lost. */
  private readonly holding = new Set<() => void>();

  constructor(private readonly connecting: Connecting) {
    this.client = EventStoreDBClient.connectionString(connecting.withoutCredentials);
  }

  /** Credentials select the plain call: what batches appends shares its answers between clients, and lets go of those of all where one fails. */
  async append(
    stream: string,
    revision: number,
    events: readonly EngineEventToAppend[],
  ): Promise<EngineAppended | null> {
    const expectedRevision = revision < 0 ? NO_STREAM : BigInt(revision);
    try {
      const { nextExpectedRevision, position } = await this.client.appendToStream(stream, events.map(toAppend), {
        expectedRevision,
        credentials: this.credentials,
      });
      return { revision: Number(nextExpectedRevision), position: Number(position?.commit ?? -1) };
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return null;
      throw await this.failure(error, 'write streams');
    }
  }

  async readStream(stream: string, { from, direction, most }: EngineRead<number>): Promise<EngineEvent[]> {
    const found: EngineEvent[] = [];
    try {
      const reading = this.client.readStream(stream, {
        fromRevision: from === 'start' ? START : from === 'end' ? END : BigInt(from),
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        maxCount: most,
        requiresLeader: true,
        credentials: this.credentials,
      });
      await this.heard(reading, ({ event }) => void (event && found.push(told(event))));
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw await this.failure(error, 'read streams');
    }
    return found;
  }

  async *readAll({ from, direction, most }: EngineRead<number>): AsyncGenerator<EngineEvent> {
    try {
      const reading = this.client.readAll({
        fromPosition: from === 'start' ? START : from === 'end' ? END : positionOf(from),
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        maxCount: most,
        requiresLeader: true,
        credentials: this.credentials,
      });
      for await (const { event } of this.whole(reading)) if (event) yield told(event);
    } catch (error) {
      throw await this.failure(error, 'read $all');
    }
  }

  follow(after: number | 'start', heard: Heard): Following {
    const fromPosition = after === 'start' ? START : positionOf(after);
    const subscription = this.client.subscribeToAll({ fromPosition, credentials: this.credentials });
    let isOver = false;
    /** Events that the client still holds back, of those that come before what it has told. */
    let before: number | null = null;
    const caughtUpAfter = (count: number) => {
      before = count;
      if (count > 0) return;
      before = null;
      heard.caughtUp();
    };
    const end = (error: unknown) => {
      if (isOver) return;
      isOver = true;
      void this.tellEnd(error, heard);
    };
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
      if (isOver) return;
      if (event) heard.event(told(event));
      if (before !== null) caughtUpAfter(before - 1);
    });
    subscription.on('caughtUp', () => caughtUpAfter(subscription.readableLength));
    subscription.on('fellBehind', () => heard.fellBehind());
    subscription.on('error', end);
    for (const name of ['end', 'close'] as const) subscription.on(name, () => end(new Error('the subscription ended')));
    return {
      pause: () => subscription.pause(),
      resume: () => subscription.resume(),
      stop: () => {
        isOver = true;
        void subscription.unsubscribe().catch(() => undefined);
      },
    };
  }

  async hold(group: string, ended: () => void): Promise<Holding | null> {
    const subscription = this.client.subscribeToPersistentSubscriptionToAll(group, {
      bufferSize: 1,
      credentials: this.credentials,
    });
    try {
      await confirmed(subscription);
    } catch (error) {
      void subscription.unsubscribe().catch(() => undefined);
      if (error instanceof PersistentSubscriptionMaximumSubscribersReachedError) return null;
      throw await this.failure(error, `read the subscription ${group}`);
    }
    let isOver = false;
    const end = () => {
      this.holding.delete(end);
      if (!isOver) ended();
      isOver = true;
    };
    this.holding.add(end);
    // The server ends it with an error; a client that is closed says nothing.
    for (const name of ['error', 'end', 'close'] as const) subscription.on(name, end);
    // Its filter matches nothing: what comes all the same is let go.
    subscription.on('data', (event: ResolvedEvent) => void subscription.ack(event).catch(() => undefined));
    return {
      stop: () => {
        isOver = true;
        this.holding.delete(end);
        void subscription.unsubscribe().catch(() => undefined);
      },
    };
  }

  async makeHoldable(group: string): Promise<void> {
    try {
      await this.client.createPersistentSubscriptionToAll(group, FOR_ONE, {
        filter: MATCHES_NOTHING,
        credentials: this.credentials,
      });
    } catch (error) {
      if (error instanceof PersistentSubscriptionExistsError) return;
      throw await this.failure(error, 'make a subscription');
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const end of this.holding) end();
    let enough: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => (enough = setTimeout(resolve, MOST_MS_TO_END)));
    await Promise.race([this.client.dispose().catch(() => undefined), waited]);
    clearTimeout(enough);
  }

  /** A whole read as it comes: to iterate over one of few events costs a third more of processor time. */
  private async heard<Told>(reading: Reading<Told>, take: (one: Told) => void): Promise<void> {
    const silence = setTimeout(() => reading.destroy(saidNothing(SILENCE_MS)), SILENCE_MS);
    let hasEnded = false;
    try {
      await new Promise<void>((resolve, reject) => {
        reading.on('data', (one) => {
          silence.refresh();
          take(one);
        });
        reading.on('end', () => {
          hasEnded = true;
          resolve();
        });
        // What fails after its end concerns nobody.
        reading.on('error', reject);
        // Each read is closed once: a failure, with its stack, is made only of one that was cut off.
        reading.on('close', () => hasEnded || reject(new EngineFailure('outage', 'the read was cut off', false)));
      });
    } finally {
      clearTimeout(silence);
    }
    if (this.isClosed) throw closedMeanwhile();
  }

  /** What is cut off as the client ends looks as if it had come to its end. */
  private async *whole<Told>(reading: Reading<Told>): AsyncGenerator<Told> {
    yield* heardOf(reading, SILENCE_MS);
    if (this.isClosed) throw closedMeanwhile();
  }

  private get credentials(): Credentials {
    return this.connecting.credentials;
  }

  private async tellEnd(error: unknown, heard: Heard): Promise<void> {
    heard.ended(await this.failure(error, 'follow $all'));
  }

  private async failure(error: unknown, act: string): Promise<EngineFailure> {
    const failure = await failureOf(error, askedOf(this.connecting, this.credentials));
    failure.act ??= act;
    return failure;
  }
}

/** Whom a client that found nobody may ask: each node by itself. */
export function askedOf(connecting: Connecting, credentials: Credentials): Asked {
  const probe = async (host: string): Promise<unknown> => {
    const client = EventStoreDBClient.connectionString(connecting.toOne(host));
    try {
      const reading = client.readStream(`$${host}`, { maxCount: 1, credentials });
      for await (const _ of heardOf(reading, MOST_MS_OF_A_PROBE));
      return undefined;
    } catch (error) {
      return error instanceof StreamNotFoundError ? undefined : error;
    } finally {
      await client.dispose().catch(() => undefined);
    }
  };
  return { hosts: connecting.hosts, probe };
}

/** Once the server has given the place to its caller. */
async function confirmed(subscription: PersistentSubscriptionToAll): Promise<void> {
  // What fails after its end concerns nobody.
  subscription.on('error', () => undefined);
  let enough: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const silent = () =>
        reject(new EngineFailure('outage', `the server said nothing for ${MOST_MS_TO_HOLD} ms`, true));
      enough = setTimeout(silent, MOST_MS_TO_HOLD);
      subscription.once('confirmation', resolve);
      subscription.once('error', reject);
      subscription.once('close', () => reject(new EngineFailure('outage', 'the subscription ended', true)));
      subscription.resume();
    });
  } finally {
    clearTimeout(enough);
  }
}

type Reading<Told> = AsyncIterable<Told> & {
  on(event: 'data', hear: (one: Told) => void): unknown;
  on(event: 'end' | 'close', hear: () => void): unknown;
  on(event: 'error', hear: (error: unknown) => void): unknown;
  destroy(error: Error): unknown;
};

function saidNothing(ms: number): EngineFailure {
  return new EngineFailure('outage', `the server has said nothing for ${ms} ms`, false);
}

function closedMeanwhile(): EngineFailure {
  return new EngineFailure('outage', 'the client was closed while it read', false);
}

/** Read to its end, and given up where nothing comes for so long. */
async function* heardOf<Told>(reading: Reading<Told>, ms: number): AsyncGenerator<Told> {
  // What fails after its end concerns nobody.
  reading.on('error', () => undefined);
  const silence = setTimeout(() => reading.destroy(saidNothing(ms)), ms);
  try {
    for await (const one of reading) {
      silence.refresh();
      yield one;
    }
  } finally {
    clearTimeout(silence);
  }
}

function positionOf(at: number) {
  const position = BigInt(at);
  return { commit: position, prepare: position };
}

/** As bytes: an object the client would turn into base64, and that into bytes, character by character. */
function toAppend({ id, type, data, metadata }: EngineEventToAppend) {
  const shared = { id, type, metadata: UTF8.encode(JSON.stringify(metadata)) };
  return data instanceof Uint8Array
    ? binaryEvent({ ...shared, data })
    : jsonEvent({ ...shared, data: data as Record<string, unknown> });
}

function told(event: RecordedEvent | AllStreamRecordedEvent): EngineEvent {
  const { id, streamId, revision, position, type, data, metadata, created } = event;
  return {
    id,
    stream: streamId,
    revision: Number(revision),
    position: Number(position?.commit ?? -1),
    type,
    data,
    metadata,
    created: created.toISOString(),
  };
}
