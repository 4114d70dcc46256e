import { setImmediate as nextTurn } from 'node:timers/promises';
import { EventStoreDbEventStore } from '@billtrail/event-store';
import {
  EngineFailure,
  type Engine,
  type EngineEvent,
  type Heard,
} from '../../libs/event-store/src/eventstoredb/engine.js';
import { LogInMemory, NoEventThere, type HeldEvent } from './log-in-memory.js';

/** By the host of a connection string. */
const logs = new Map<string, LogInMemory>();
let made = 0;

/**
 * What an engine promises of its log, without a wire: what a scenario shows of the adapter does not rest on one, and each call over one costs half a millisecond of a core. Over the wire the contract
 * suite runs, and all scenarios by `npm run proof -- --only stores`.
 */
export function connectionStringOf(log: LogInMemory): string {
  const host = `in-memory-${(made += 1)}`;
  logs.set(host, log);
  return `esdb://${host}?tls=false`;
}

export function forgetLog(log: LogInMemory): void {
  for (const [host, one] of logs) if (one === log) logs.delete(host);
}

const open = EventStoreDbEventStore.open.bind(EventStoreDbEventStore);
EventStoreDbEventStore.open = (options) => {
  const log = logs.get(/^esdb:\/\/([^?]+)/.exec(options.url)?.[1] ?? '');
  return open(log === undefined ? options : { ...options, connect: () => new EngineInMemory(log) });
};

class EngineInMemory implements Engine {
  private readonly closing = new AbortController();

  constructor(private readonly log: LogInMemory) {}

  async append(stream: string, revision: number, events: Parameters<Engine['append']>[2]) {
    await nextTurn();
    const proposed = events.map(({ id, type, data, metadata }) => {
      const isBytes = data instanceof Uint8Array;
      return {
        id,
        type,
        contentType: isBytes ? 'application/octet-stream' : 'application/json',
        data: isBytes ? data : bytesOf(data),
        metadata: bytesOf(metadata),
      };
    });
    const appended = this.log.append(stream, revision < 0 ? 'no-stream' : revision, proposed);
    await nextTurn();
    return 'last' in appended ? { revision: appended.last.revision, position: appended.last.position } : null;
  }

  async readStream(stream: string, { from, direction, most }: Parameters<Engine['readStream']>[1]) {
    await nextTurn();
    const held = this.log.readStream(stream, from, direction, most) ?? [];
    await nextTurn();
    return held.map(told);
  }

  async *readAll({ from, direction, most }: Parameters<Engine['readAll']>[0]): AsyncGenerator<EngineEvent> {
    await nextTurn();
    const held = this.held(() => this.log.readAll(from, direction, most));
    await nextTurn();
    yield* held.map(told);
  }

  follow(after: number | 'start', heard: Heard): ReturnType<Engine['follow']> {
    const stopping = new AbortController();
    const isOver = AbortSignal.any([stopping.signal, this.closing.signal]);
    let goOn: Promise<void> | null = null;
    let resume = (): void => undefined;
    const follow = async (): Promise<void> => {
      await nextTurn();
      let next = this.held(() => this.log.countUpTo(after));
      for (let hasCaughtUp = false; !isOver.aborted;) {
        for (; next < this.log.events.length && !isOver.aborted; next++) {
          heard.event(told(this.log.events[next] as HeldEvent));
          if (goOn !== null) await goOn;
        }
        if (isOver.aborted) return;
        if (!hasCaughtUp) heard.caughtUp();
        hasCaughtUp = true;
        await this.log.grown(isOver);
        await nextTurn();
      }
    };
    void follow().catch((error: unknown) => heard.ended(error));
    return {
      pause: () => {
        goOn = new Promise((resolve) => (resume = resolve));
      },
      resume: () => {
        goOn = null;
        resume();
      },
      stop: () => {
        stopping.abort();
        resume();
      },
    };
  }

  /** No house of a scenario asks who leads. */
  hold(): never {
    throw new Error('an engine in memory keeps no lease');
  }

  makeHoldable(): never {
    throw new Error('an engine in memory keeps no lease');
  }

  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }

  private held<Found>(look: () => Found): Found {
    try {
      return look();
    } catch (error) {
      throw error instanceof NoEventThere ? new EngineFailure('no-event', 'no event is there', false) : error;
    }
  }
}

const UTF8 = new TextEncoder();

function bytesOf(data: object): Uint8Array {
  return UTF8.encode(JSON.stringify(data));
}

function told({ id, stream, revision, position, type, contentType, data, metadata, created }: HeldEvent): EngineEvent {
  return {
    id,
    stream,
    revision,
    position,
    type,
    data: contentType === 'application/json' ? parsed(data) : data,
    metadata: metadata.length === 0 ? undefined : parsed(metadata),
    created: new Date(created).toISOString(),
  };
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
