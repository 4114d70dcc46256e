import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EventStore } from './port.js';
import { START, type Position } from './position.js';
import type { StoreUnavailable } from './store-unavailable.js';
import { withinBounds } from './within-bounds.js';

const MS = 2_000;

describe('what a question reads of a log that says nothing', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  const silent = () => {
    let reads = 0;
    const never = <Read>(): Promise<Read> => {
      reads += 1;
      return new Promise(() => undefined);
    };
    const store = { eventAt: never, readStream: never, head: never, newest: never, damage: () => null };
    return { store: withinBounds(store as unknown as EventStore, MS), reads: () => reads };
  };
  const problemOf = (read: Promise<unknown>) => read.catch((error: unknown) => (error as StoreUnavailable).problem);
  const passes = async (ms: number) => {
    await jest.advanceTimersByTimeAsync(ms);
  };

  it('is given up after its time, and the next read of the same question at once', async () => {
    const { store, reads } = silent();
    let told: unknown = null;
    void problemOf(store.eventAt(START)).then((problem) => (told = problem));
    await passes(MS - 1);
    expect(told).toBe(null);
    await passes(1);
    expect(told).toBe('unreachable');
    expect(await problemOf(store.readStream('ticket-1'))).toBe('unreachable');
    expect(reads()).toBe(1);
  });

  it('is what the log says where it says something, and all else is the log’s own', async () => {
    const head = START;
    const log = { head: () => Promise.resolve(head), damage: () => null, own: 7 };
    const store = withinBounds(log as unknown as EventStore, MS) as EventStore & { own: number };
    const found: Position = await store.head();
    expect([found, store.damage(), store.own]).toEqual([head, null, 7]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
