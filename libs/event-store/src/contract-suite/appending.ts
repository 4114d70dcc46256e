import type { DomainEvent } from '@billtrail/kernel';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { START } from '../position.js';
import { CommandIdReused, WrongExpectedVersion } from '../errors.js';
import type { EventStore } from '../port.js';
import { StoreUnavailable } from '../store-unavailable.js';
import { everything, note, request, textsOf, time, type UnderTest } from './fixtures.js';

/** Turns of the event loop by which an answer comes late. */
const LATE_TURNS = 5;
/** Reads of one reader beside each append. */
const READS_BESIDE = 20;

/** A store whose answers come late, as over a network: each caller knows less than is so. */
function late(store: EventStore): EventStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        const answer: unknown = await member.apply(target, given);
        for (let turn = 0; turn < LATE_TURNS; turn++) await nextTurn();
        return answer;
      };
    },
  });
}

export function describeAppending(log: UnderTest): void {
  describe('expected version', () => {
    it('none: appends to a new stream, and only to a new one', async () => {
      expect(await log.store.append(request('ticket-1', 'a', [note('one')], { expected: 'none' }))).toMatchObject({
        version: 1,
        repeated: false,
      });
      await expect(log.store.append(request('ticket-1', 'b', [note('two')], { expected: 'none' }))).rejects.toEqual(
        new WrongExpectedVersion('ticket-1', 'none', 1),
      );
    });

    it('exact: appends at that version and at no other', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1'), note('2')], { expected: 0 }));
      const appended = await log.store.append(request('ticket-1', 'b', [note('3')], { expected: 2 }));
      expect(appended.version).toBe(3);
      for (const expected of [0, 1, 2, 4]) {
        const refused = log.store.append(request('ticket-1', `c${expected}`, [note('x')], { expected }));
        await expect(refused).rejects.toEqual(new WrongExpectedVersion('ticket-1', expected, 3));
      }
    });

    it('exact above 0 on a stream that does not exist is a conflict', async () => {
      await expect(log.store.append(request('ticket-1', 'a', [note('x')], { expected: 1 }))).rejects.toEqual(
        new WrongExpectedVersion('ticket-1', 1, 0),
      );
    });

    it('any: appends wherever the stream is', async () => {
      expect((await log.store.append(request('ticket-1', 'a', [note('1'), note('2')]))).version).toBe(2);
      expect((await log.store.append(request('ticket-1', 'b', [note('3')]))).version).toBe(3);
    });

    it('a conflict leaves nothing: no event, no stream, no command', async () => {
      await expect(log.store.append(request('ticket-1', 'a', [note('x')], { expected: 5 }))).rejects.toThrow();
      expect(await log.store.head()).toEqual(START);
      expect(await log.store.readStream('ticket-1')).toEqual({ stream: 'ticket-1', version: 0, events: [] });
      expect((await log.store.load('ticket-1', 'a')).done).toBeNull();
      const again = await log.store.append(request('ticket-1', 'a', [note('x')], { expected: 0 }));
      expect(again.repeated).toBe(false);
    });

    it('positions rise with every event, over all streams', async () => {
      const first = await log.store.append(request('ticket-1', 'a', [note('1'), note('2')]));
      const second = await log.store.append(request('ticket-2', 'b', [note('3')]));
      expect(second.position.isAfter(first.position)).toBe(true);
      expect(await log.store.head()).toEqual(second.position);
      const positions = (await everything(log.store)).map((event) => event.position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    });
  });

  describe('one effect for each command id', () => {
    it('the same command again gets the first answer, whatever version it expects', async () => {
      const first = await log.store.append(request('ticket-1', 'a', [note('1'), note('2')], { expected: 0 }));
      await log.store.append(request('ticket-1', 'b', [note('3')]));
      for (const expected of [0, 2, 3, 'none', 'any'] as const) {
        const again = await log.store.append(request('ticket-1', 'a', [note('1'), note('2')], { expected }));
        expect(again).toEqual({ ...first, repeated: true });
      }
      expect(await everything(log.store)).toHaveLength(3);
    });

    it('is repeated also after the log was opened again', async () => {
      const first = await log.store.append(request('ticket-1', 'a', [note('1')]));
      const store = await log.reopen();
      expect(await store.append(request('ticket-1', 'a', [note('1')]))).toEqual({ ...first, repeated: true });
    });

    it.each([
      ['another text', [note('2')]],
      ['one event more', [note('1'), note('1')]],
      ['another type', [time(1)]],
      ['another business time', [{ ...note('1'), occurredAt: '2026-01-01T00:00:00Z' }]],
    ])('the same id with %s is refused and writes nothing', async (_what, events) => {
      await log.store.append(request('ticket-1', 'a', [note('1')]));
      await expect(log.store.append(request('ticket-1', 'a', events))).rejects.toEqual(
        new CommandIdReused('ticket-1', 'a'),
      );
      expect(textsOf(await everything(log.store))).toEqual(['1']);
    });

    it('a fingerprint stands for the content', async () => {
      const first = await log.store.append(request('ticket-1', 'a', [note('1')], { fingerprint: 'f1' }));
      expect(await log.store.append(request('ticket-1', 'a', [note('other')], { fingerprint: 'f1' }))).toEqual({
        ...first,
        repeated: true,
      });
      await expect(log.store.append(request('ticket-1', 'a', [note('1')], { fingerprint: 'f2' }))).rejects.toThrow(
        CommandIdReused,
      );
      const { done } = await log.store.load('ticket-1', 'a');
      expect(done).toMatchObject({ ...first, repeated: true });
      expect(['f1', 'f2', ''].map((fingerprint) => done?.isFor(fingerprint))).toEqual([true, false, false]);
    });

    it('load tells what a command id did, and whether it was asked for the same', async () => {
      const one = await log.store.append(request('ticket-1', 'a', [note('1')]));
      const two = await log.store.append(request('ticket-2', 'a', [note('1')]));
      const three = await log.store.append(request('ticket-2', 'b', [note('2')]));
      const doneBy = async (stream: string, commandId: string) => (await log.store.load(stream, commandId)).done;
      const [first, second, third] = await Promise.all([
        doneBy('ticket-1', 'a'),
        doneBy('ticket-2', 'a'),
        doneBy('ticket-2', 'b'),
      ]);
      expect(first).toMatchObject({ ...one, repeated: true });
      expect(second).toMatchObject({ ...two, repeated: true });
      expect(third).toMatchObject({ ...three, repeated: true });
      const { fingerprint } = request('ticket-1', 'a', [note('1')]);
      expect([first, second, third].map((done) => done?.isFor(fingerprint))).toEqual([true, true, false]);
      expect(await doneBy('ticket-1', 'b')).toBeNull();
      expect(await doneBy('ticket-9', 'a')).toBeNull();
    });

    it('a repeat is known though it is decided otherwise, with other types of events', async () => {
      const fingerprint = 'f1';
      const first = await log.store.append(request('ticket-1', 'a', [note('1')], { fingerprint }));
      const second = await log.store.append(request('ticket-1', 'b', [time(1)], { fingerprint }));
      const again = (commandId: string, event: DomainEvent, asked = fingerprint) =>
        log.store.append(request('ticket-1', commandId, [event], { fingerprint: asked }));
      expect(await again('a', time(1))).toEqual({ ...first, repeated: true });
      expect(await again('b', note('1'))).toEqual({ ...second, repeated: true });
      await expect(again('a', time(1), 'f2')).rejects.toThrow(CommandIdReused);
      await expect(again('b', note('1'), 'f2')).rejects.toThrow(CommandIdReused);
    });

    it('load reads the stream with it, as a read of the stream does', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1'), note('2')]));
      await log.store.append(request('ticket-1', 'b', [note('3')]));
      const read = { direction: 'backwards', limit: 1 } as const;
      for (const options of [undefined, read]) {
        const { done, ...slice } = await log.store.load('ticket-1', 'a', options);
        expect(slice).toEqual(await log.store.readStream('ticket-1', options));
        expect(done).toMatchObject({ version: 2, repeated: true });
      }
      const nothing = { stream: 'ticket-9', version: 0, events: [], done: null };
      expect(await log.store.load('ticket-9', 'a')).toEqual(nothing);
    });

    it('50 times at the same time is one effect', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => log.store.append(request('ticket-1', 'a', [note('1')], { expected: 0 }))),
      );
      expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1);
      expect(new Set(answers.map(({ version, position }) => `${version}@${position}`)).size).toBe(1);
      expect(await everything(log.store)).toHaveLength(1);
    });
  });

  describe('at the same time', () => {
    it('of 64 appends at one exact version one wins, and the others change nothing', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 64 }, (_, n) =>
          log.store.append(request('ticket-1', `c${n}`, [note(`${n}`)], { expected: 0 })),
        ),
      );
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(reasons).toEqual(reasons.map(() => new WrongExpectedVersion('ticket-1', 0, 1)));
      expect(await everything(log.store)).toHaveLength(1);
    });

    it('of 64 appends at any version all are in, each once, each whole', async () => {
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, n) =>
          log.store.append(request('ticket-1', `c${n}`, [note(`${n}a`), note(`${n}b`)])),
        ),
      );
      expect(new Set(answers.map((answer) => answer.version)).size).toBe(64);
      const { events, version } = await log.store.readStream('ticket-1');
      expect(version).toBe(128);
      expect(events.map((event) => event.version)).toEqual(Array.from({ length: 128 }, (_, n) => n + 1));
      for (let n = 0; n < 128; n += 2) {
        const [one, two] = [events[n], events[n + 1]];
        expect(one?.commandId).toBe(two?.commandId);
      }
    });

    it('beside reads without end whose answers come late: each version is right, and each append ends (G14)', async () => {
      const store = late(log.store);
      const ending = new AbortController();
      let acknowledged = 0;
      const reading = Array.from({ length: 8 }, async (_, reader) => {
        for (let reads = 0; !ending.signal.aborted;) {
          // No reader is so quick that an append could be kept waiting by how busy the machine is.
          if (reads > READS_BESIDE * (acknowledged + 1)) {
            await nextTurn();
            continue;
          }
          reads += 1;
          const least = acknowledged;
          const { version, events, done } = await store.load('ticket-1', `c${reader}`);
          expect(version).toBeGreaterThanOrEqual(least);
          expect(events.map((event) => event.version)).toEqual(Array.from({ length: version }, (_none, n) => n + 1));
          expect(done?.version ?? null).toBe(version > reader ? reader + 1 : null);
        }
      });
      for (let n = 0; n < 40; n++) {
        const expected = n % 2 === 0 ? ('any' as const) : n;
        const appended = await store.append(request('ticket-1', `c${n}`, [note(`${n}`)], { expected }));
        expect(appended).toMatchObject({ version: n + 1, repeated: false });
        acknowledged = appended.version;
      }
      ending.abort();
      await Promise.all(reading);
    });

    it('a refused append in the middle of others refuses only itself', async () => {
      const outcomes = await Promise.allSettled([
        log.store.append(request('ticket-1', 'a', [note('1')], { expected: 0 })),
        log.store.append(request('ticket-1', 'b', [note('x')], { expected: 7 })),
        log.store.append(request('ticket-1', 'a', [note('other')])),
        log.store.append(request('ticket-1', 'c', [])),
        log.store.append(request('ticket-1', 'd', [note('2')], { expected: 1 })),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      expect(textsOf(await everything(log.store))).toEqual(['1', '2']);
    });
  });

  describe('closing', () => {
    it('what was asked for before is done; what comes after is refused', async () => {
      const { store } = log;
      const asked = store.append(request('ticket-1', 'a', [note('1')]));
      await store.close();
      const outcome = await Promise.allSettled([asked]);
      await store.close();
      for (const call of [
        () => store.append(request('ticket-1', 'b', [note('2')])),
        () => store.readStream('ticket-1'),
        () => store.readAll({ after: START, limit: 1 }),
        () => store.load('ticket-1', 'a'),
        () => store.head(),
      ]) {
        await expect(call()).rejects.toMatchObject({ name: StoreUnavailable.name, problem: 'closed' });
      }
      const reopened = await log.reopen();
      // Acknowledged and there, or refused and not there.
      expect(await reopened.head()).toEqual(outcome[0].status === 'fulfilled' ? outcome[0].value.position : START);
    });
  });
}
