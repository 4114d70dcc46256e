import { setTimeout as pause } from 'node:timers/promises';
import {
  EventStoreDbEventStore,
  OutcomeUnknown,
  START,
  StoredNames,
  StoreUnavailable,
  type Appended,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '@billtrail/event-store';
import { Random } from '../crash/random.js';
import { CuttingProxy } from './cutting-proxy.js';
import { ProtocolServer } from './protocol-server.js';

const NAMES = new StoredNames([{ type: 'Counted', storedName: 'counted', schemaVersion: 1, personalFields: [] }]);
const PAUSE_MS = 5;
const AT = '2026-03-02T09:00:00Z';
const ACTOR = { id: 'ana', role: 'support' } as const;
const WRITERS = 4;
const PROJECTIONS = 2;
const STREAMS = 5;
const MOST_EVENTS = 4;
/** Appends from one fault to the next, at the most. */
const MOST_BETWEEN = 12;
/** How often a projection leaves what it follows, and goes on from its checkpoint. */
const LEAVES = 0.1;
/** The one with a bug leaves once, and by then it has been told something. */
const SLICES_BEFORE_A_BUG = 3;

/** What goes wrong, and whether a client sees it as an end of its connection. */
const FAULTS = ['cut', 'answers lost', 'answers of appends lost', 'calls refused', 'dropped', 'restarted'] as const;
export type Fault = (typeof FAULTS)[number];

/** What is put into a projection: it must be found. */
export type CutsBug = 'goes on behind what it was told' | 'forgets its checkpoint';

export interface CutsOptions {
  readonly faults: number;
  readonly seed: number;
  readonly bug?: CutsBug;
}

export interface CutsFound {
  readonly faults: ReadonlyMap<Fault, number>;
  readonly acknowledged: number;
  /** Answers that said that nobody can tell, and answers that said that nothing was written. */
  readonly unknown: number;
  readonly refused: number;
  /** Appends that were found done when they were sent again. */
  readonly repeated: number;
  readonly events: number;
  readonly findings: readonly string[];
}

/** What follows the log from a checkpoint of its own. */
class Projection {
  readonly heard: RecordedEvent[] = [];
  private checkpoint: Position = START;
  private told = 0;
  private slices = 0;
  private wake: () => void = () => undefined;

  constructor(
    private readonly store: EventStore,
    private readonly random: Random,
    private readonly bug: CutsBug | undefined,
  ) {}

  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for await (const { events, next } of this.store.subscribe({ after: this.checkpoint, signal })) {
        if (this.leaves()) {
          // What was told and not kept is told again.
          if (this.bug === 'goes on behind what it was told') this.checkpoint = next;
          if (this.bug === 'forgets its checkpoint') this.checkpoint = START;
          break;
        }
        this.heard.push(...events);
        this.checkpoint = next;
        this.told += 1;
        this.wake();
      }
    }
  }

  private leaves(): boolean {
    this.slices += 1;
    return this.bug === undefined ? this.random.next() < LEAVES : this.slices === SLICES_BEFORE_A_BUG;
  }

  /** Until it has been told something that it had not been told before. */
  async moves(since: number): Promise<number> {
    while (this.told === since) await this.wakes();
    return this.told;
  }

  async reaches(position: Position): Promise<void> {
    while (!this.checkpoint.is(position)) await this.wakes();
  }

  private wakes(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}

/** Writers and projections on one log, through a network and a server that fail all the time; and what is found in the end. */
export class Cuts {
  private readonly random: Random;
  private readonly acknowledged = new Map<string, Appended & { readonly events: number }>();
  private readonly injected = new Map<Fault, number>();
  private readonly counts = { unknown: 0, refused: 0, repeated: 0 };
  private isOver = false;
  private onAcknowledged: () => void = () => undefined;

  private constructor(
    private readonly options: CutsOptions,
    private readonly server: ProtocolServer,
    private readonly proxy: CuttingProxy,
    /** One waits until it can tell; the other tells its callers at once that nobody can. */
    private readonly stores: readonly [patient: EventStore, hasty: EventStore],
  ) {
    this.random = new Random(options.seed);
  }

  static async run(options: CutsOptions): Promise<CutsFound> {
    const server = await ProtocolServer.start();
    const proxy = await CuttingProxy.start(server.port);
    const open = (patienceMs: number) => EventStoreDbEventStore.open({ url: proxy.url, names: NAMES, patienceMs });
    const stores = [await open(60_000), await open(0)] as const;
    try {
      return await new Cuts(options, server, proxy, stores).found();
    } finally {
      for (const store of stores) await store.close();
      await proxy.stop();
      await server.stop();
    }
  }

  private async found(): Promise<CutsFound> {
    const { random, options, stores } = this;
    const [patient] = stores;
    const leaving = new AbortController();
    const projections = Array.from(
      { length: PROJECTIONS },
      (_, n) => new Projection(patient, random, n === 0 ? options.bug : undefined),
    );
    const following = projections.map((one) => one.follow(leaving.signal));
    const writing = Array.from({ length: WRITERS }, (_, n) => this.writes(n));
    await this.torment(projections);
    this.isOver = true;
    await Promise.all(writing);
    const head = await patient.head();
    await Promise.all(projections.map((one) => one.reaches(head)));
    leaving.abort();
    await Promise.all(following);
    const log = await allOf(patient);
    return {
      faults: this.injected,
      acknowledged: this.acknowledged.size,
      ...this.counts,
      events: log.length,
      findings: [
        ...this.notOnce(log),
        ...projections.flatMap(({ heard }, n) => otherThan(log, heard).map((one) => `projection ${n}: ${one}`)),
      ],
    };
  }

  /** The next goes wrong once all have come on since the last. */
  private async torment(projections: readonly Projection[]): Promise<void> {
    let told = projections.map(() => 0);
    for (let n = 0; n < this.options.faults; n++) {
      for (let appends = this.random.whole(1, MOST_BETWEEN); appends > 0; appends--) await this.nextAcknowledged();
      told = await Promise.all(projections.map((one, which) => one.moves(told[which] ?? 0)));
      const fault = FAULTS[n % FAULTS.length] as Fault;
      this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
      await this.goesWrong(fault);
    }
  }

  private async goesWrong(fault: Fault): Promise<void> {
    const { server, proxy, random } = this;
    switch (fault) {
      case 'cut':
        return proxy.cut();
      case 'answers lost':
        return proxy.loseAnswers();
      case 'answers of appends lost':
        return server.loseAnswers(random.whole(1, WRITERS));
      case 'calls refused':
        return server.refuseCalls(random.whole(1, WRITERS));
      case 'dropped':
        return server.dropSubscriptions();
      case 'restarted':
        await server.stop();
        return server.listen();
    }
  }

  /** Each append is sent again under its command id until it is acknowledged. */
  private async writes(which: number): Promise<void> {
    const store = this.stores[which % this.stores.length] as EventStore;
    for (let n = 0; !this.isOver; n++) {
      const commandId = `writer-${which}/${n}`;
      const events = this.random.whole(1, MOST_EVENTS);
      const appended = await this.untilAcknowledged(store, commandId, `count-${this.random.whole(1, STREAMS)}`, events);
      if (appended.repeated) this.counts.repeated += 1;
      this.acknowledged.set(commandId, { ...appended, events });
      this.onAcknowledged();
    }
  }

  private async untilAcknowledged(store: EventStore, commandId: string, stream: string, count: number) {
    const event = { type: 'Counted', data: { commandId }, occurredAt: AT };
    for (;;) {
      try {
        return await store.append({
          stream,
          expected: 'any',
          events: Array.from({ length: count }, () => event),
          actor: ACTOR,
          commandId,
          correlationId: commandId,
          causationId: null,
          fingerprint: commandId,
        });
      } catch (error) {
        if (error instanceof OutcomeUnknown) this.counts.unknown += 1;
        else if (error instanceof StoreUnavailable && error.mayPass) this.counts.refused += 1;
        else throw error;
        // While the engine is known to say nothing, each call is refused at once: whoever sends again leaves the others their turn.
        await pause(PAUSE_MS);
      }
    }
  }

  private nextAcknowledged(): Promise<void> {
    return new Promise((resolve) => (this.onAcknowledged = resolve));
  }

  /** What was acknowledged is there, at its place and once. */
  private notOnce(log: readonly RecordedEvent[]): readonly string[] {
    const byCommand = new Map<string, RecordedEvent[]>();
    for (const event of log) byCommand.set(event.commandId, [...(byCommand.get(event.commandId) ?? []), event]);
    return [...this.acknowledged].flatMap(([commandId, { version, events }]) => {
      const versions = (byCommand.get(commandId) ?? []).map((event) => event.version);
      const isOnce = versions.length === events && versions.every((one, n) => one === version - events + 1 + n);
      return isOnce ? [] : [`${commandId}: ${events} events up to ${version}, and there are ${versions.join(', ')}`];
    });
  }
}

async function allOf(store: EventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after: Position = START; ;) {
    const slice = await store.readAll({ after, limit: 1_000 });
    events.push(...slice.events);
    if (slice.atEnd) return events;
    after = slice.next;
  }
}

/** What is missing, doubled or out of order. */
function otherThan(log: readonly RecordedEvent[], heard: readonly RecordedEvent[]): readonly string[] {
  const places = new Map(log.map(({ id }, index) => [id, index]));
  const told = heard.map(({ id }) => places.get(id));
  const known = told.filter((place) => place !== undefined);
  const missing = log.length - new Set(known).size;
  const doubled = known.length - new Set(known).size;
  const backwards = known.filter((place, n) => n > 0 && place < (known[n - 1] ?? 0)).length;
  return [
    ...(known.length < told.length ? [`${told.length - known.length} events that are not in the log`] : []),
    ...(missing > 0 ? [`${missing} events are missing`] : []),
    ...(doubled > 0 ? [`${doubled} events are doubled`] : []),
    ...(backwards > 0 ? [`${backwards} events are out of order`] : []),
  ];
}
