import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { AllSlice, SubscribeOptions } from '../port.js';
import { Position, START } from '../position.js';
import { checkReadLimit, DEFAULT_SUBSCRIPTION_BATCH } from '../requests.js';
import type { Sealing } from '../sealing.js';
import { StoreUnavailable } from '../store-unavailable.js';
import type { StoredNames } from '../stored-names.js';
import type { Connection } from './connection.js';
import { EngineFailure, type Engine, type EngineEvent, type Following } from './engine.js';
import { placeOf } from './known-streams.js';
import { Bounded, filterOf, type LogReader } from './log-reader.js';
import type { StoredForm } from './stored-form.js';

/** Held for a reader that is slower than the server, at most; then the server waits, or drops it. */
const MOST_HELD = 4_000;
/** While the server is away, a reader that follows waits: nothing of it is lost. */
const PAUSE_MS = 250;

export interface FollowOptions {
  readonly connection: Connection;
  readonly reader: LogReader;
  readonly form: StoredForm;
  readonly names: StoredNames;
  readonly sealing: Sealing;
  /** Aborted: the store is closed. */
  readonly closing: AbortSignal;
  readonly onTold: (event: EngineEvent) => void;
}

interface Taken {
  readonly events: readonly EngineEvent[];
  readonly atEnd: boolean;
}

/** What one subscription has told and its reader has not taken yet. */
class Held {
  private events: EngineEvent[] = [];
  private following: Following | null = null;
  private isPaused = false;
  private hasCaughtUp = false;
  private failure: EngineFailure | null = null;
  private wake: () => void = () => undefined;

  constructor(engine: Engine, after: Position, form: StoredForm, onTold: (event: EngineEvent) => void) {
    this.following = engine.follow(after.is(START) ? 'start' : after.at, {
      event: (event) => {
        if (!form.isOurs(event)) return;
        onTold(event);
        this.events.push(event);
        if (this.events.length >= MOST_HELD && !this.isPaused) {
          this.isPaused = true;
          this.following?.pause();
        }
        this.wake();
      },
      caughtUp: () => {
        this.hasCaughtUp = true;
        this.wake();
      },
      fellBehind: () => {
        this.hasCaughtUp = false;
      },
      ended: (error) => {
        this.failure = error as EngineFailure;
        this.wake();
      },
    });
  }

  /** The next events, as many as asked for at most; nothing but why where the subscription has ended, null where it was aborted. */
  async take(most: number, signals: readonly AbortSignal[]): Promise<Taken | EngineFailure | null> {
    for (;;) {
      if (signals.some(({ aborted }) => aborted)) return null;
      // Until it has caught up, what is told is a part of what is there.
      if (this.events.length >= most || this.isPaused || (this.events.length > 0 && (this.hasCaughtUp || this.failure)))
        return this.taken(most);
      if (this.failure) return this.failure;
      await this.told(signals);
    }
  }

  stop(): void {
    this.following?.stop();
  }

  private taken(most: number): Taken {
    const bounded = new Bounded();
    const cut = this.events.findIndex((event, index) => index === most || !bounded.take(event));
    const events = this.events.splice(0, cut < 0 ? this.events.length : cut);
    if (this.isPaused && this.events.length < MOST_HELD / 2) {
      this.isPaused = false;
      this.following?.resume();
    }
    return { events, atEnd: this.hasCaughtUp && this.events.length === 0 && !this.failure };
  }

  private told(signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        for (const signal of signals) signal.removeEventListener('abort', wake);
        this.wake = () => undefined;
        resolve();
      };
      this.wake = wake;
      for (const signal of signals) signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** Ends sooner where one of them is aborted. */
async function pauseUnless(signals: readonly AbortSignal[]): Promise<void> {
  await pause(PAUSE_MS, undefined, { signal: AbortSignal.any([...signals]), ref: false }).catch(() => undefined);
}

/** The subscription of the port: one of the engine after the other, each going on behind what was given out. */
export async function* follow(
  { connection, reader, form, names, sealing, closing, onTold }: FollowOptions,
  options: SubscribeOptions,
): AsyncGenerator<AllSlice, void, undefined> {
  const { signal, batchSize = DEFAULT_SUBSCRIPTION_BATCH } = options;
  checkReadLimit('batchSize', batchSize);
  const matches = filterOf(options, names);
  const signals = [signal, closing];
  const isOver = () => signals.some(({ aborted }) => aborted);
  let { after } = options;
  while (!isOver()) {
    let engine: Engine;
    try {
      // A position that is no event's is never followed from: the engine would fail, or be silent about what is below it.
      await reader.held(after);
      engine = connection.current();
    } catch (error) {
      if (isOver()) return;
      if (!(error instanceof StoreUnavailable)) throw error;
      await pauseUnless(signals);
      continue;
    }
    const held = new Held(engine, after, form, onTold);
    try {
      for (;;) {
        const taken = await held.take(batchSize, signals);
        if (taken === null) return;
        if (taken instanceof EngineFailure) {
          if (taken.kind === 'outage') connection.replace(engine);
          // From the beginning of the log nobody is asked first whether the server is there.
          await pauseUnless(signals);
          break;
        }
        after = placeOf(taken.events.at(-1) as EngineEvent);
        const events = await sealing.opened(taken.events.map((event) => form.recorded(event)).filter(matches));
        yield { events, next: after, atEnd: taken.atEnd };
        // A reader that does nothing asynchronous must not starve the rest of the process while it catches up.
        await nextTurn();
      }
    } finally {
      held.stop();
    }
  }
}
