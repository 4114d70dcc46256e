import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OutcomeUnknown } from '../errors.js';
import { StoreUnavailable } from '../store-unavailable.js';
import { Connection } from './connection.js';
import { EngineFailure, type Engine } from './engine.js';

const CALL_MS = 10_000;

describe('an engine that stands still', () => {
  let now: number;
  let isStill: boolean;
  let calls: number;
  let probeNow: () => void;
  const opened: Connection[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((one) => one.close(unavailable('closed')))));

  const unavailable = (why: string) => new StoreUnavailable('unreachable', why, 'Wait');
  /** Each call to one that stands still takes as long as a call may. */
  const called = async <Answer>(answer: Answer): Promise<Answer> => {
    calls += 1;
    if (!isStill) return answer;
    now += CALL_MS;
    throw new EngineFailure('outage', 'it said nothing', false);
  };
  const connection = () => {
    [now, isStill, calls] = [0, false, 0];
    const engine = {
      append: () => called({ revision: 0, position: 1 }),
      readStream: () => called([]),
      close: () => Promise.resolve(),
    } as unknown as Engine;
    const one = new Connection({
      connect: () => ({ ...engine }),
      unavailable: ({ message }) => unavailable(message),
      tick: () => now,
      patienceMs: 10_000,
      callMs: CALL_MS,
      probe: (to) => to.readStream('clock', { from: 'end', direction: 'backwards', most: 1 }),
      rest: () => new Promise<void>((resolve) => (probeNow = resolve)),
    });
    opened.push(one);
    return one;
  };
  const read = (from: Connection) =>
    from.reading((engine) => engine.readStream('s', { from: 'start', direction: 'forwards', most: 1 }));
  const event = { id: '1', type: 't', data: {}, metadata: {} };

  it('is waited for once, as long as a call may take, and what comes then is refused at once', async () => {
    const one = connection();
    await read(one);
    now = 5_000;
    isStill = true;
    await expect(read(one)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([now, calls]).toEqual([15_000, 2]);
    await expect(read(one)).rejects.toMatchObject({ message: expect.stringContaining('it said nothing') });
    // Nothing was sent, so nothing may be there.
    await expect(one.append('s', -1, [event], 'c')).rejects.toBeInstanceOf(StoreUnavailable);
    expect([now, calls]).toEqual([15_000, 2]);
  });

  it('leaves an append unknown that was sent to it, after one wait, and nothing more is asked for that', async () => {
    const one = connection();
    isStill = true;
    await expect(one.append('s', -1, [event], 'c')).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(read(one)).rejects.toBeInstanceOf(StoreUnavailable);
    expect([now, calls]).toEqual([CALL_MS, 1]);
  });

  it('answers all again once a probe has heard from it', async () => {
    const one = connection();
    isStill = true;
    await expect(read(one)).rejects.toBeInstanceOf(StoreUnavailable);
    probeNow();
    await nextTurn();
    await expect(read(one)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(calls).toBe(2);
    isStill = false;
    await expect(read(one)).rejects.toBeInstanceOf(StoreUnavailable);
    probeNow();
    await nextTurn();
    expect(await read(one)).toEqual([]);
  });

  it('is given up sooner by whoever would not wait, and what they asked goes on', async () => {
    const one = connection();
    let answer: (told: string) => void = () => undefined;
    const asked = one.readingWithin(() => new Promise<string>((resolve) => (answer = resolve)), 1);
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('said nothing for 1 ms') });
    const { epoch } = one;
    answer('late');
    await nextTurn();
    // Nobody took it for an outage: the client stays, and so does what it follows.
    expect([one.epoch, await read(one)]).toEqual([epoch, []]);
    expect(await one.readingWithin(() => Promise.resolve('at once'), CALL_MS)).toBe('at once');
  });

  it('is no other for a single call that took too long, while others are answered', async () => {
    const one = connection();
    const slow = one.reading(async () => {
      now += CALL_MS;
      await read(one);
      throw new EngineFailure('outage', 'it said nothing', false);
    });
    await expect(slow).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await read(one)).toEqual([]);
  });
});
