import { describe, expect, it } from '@jest/globals';
import type { AllSlice, EventStore, SubscribeOptions } from '../port.js';
import { Position, START } from '../position.js';
import { everything, issued, note, request, textsOf, time, type UnderTest } from './fixtures.js';

/** Reads until `enough` holds for what was read, then ends the subscription. */
async function readUntil(
  store: EventStore,
  options: Omit<SubscribeOptions, 'signal'>,
  enough: (slices: readonly AllSlice[]) => boolean,
): Promise<AllSlice[]> {
  const ending = new AbortController();
  const slices: AllSlice[] = [];
  for await (const slice of store.subscribe({ ...options, signal: ending.signal })) {
    slices.push(slice);
    if (enough(slices)) ending.abort();
  }
  return slices;
}

/** The subscription to be asked slice by slice. */
function following(store: EventStore, options: SubscribeOptions): AsyncIterator<AllSlice> {
  return store.subscribe(options)[Symbol.asyncIterator]();
}

const eventsOf = (slices: readonly AllSlice[]) => slices.flatMap((slice) => slice.events);
const hasRead = (count: number) => (slices: readonly AllSlice[]) => eventsOf(slices).length >= count;

export function describeSubscribing(log: UnderTest): void {
  describe('subscription', () => {
    it('gives what is there, after the given position, in slices of the given size', async () => {
      for (let n = 0; n < 10; n++) await log.store.append(request('ticket-1', `c${n}`, [note(`${n}`)]));
      const third = (await everything(log.store))[2];
      const slices = await readUntil(
        log.store,
        { after: third ? Position.of(third) : START, batchSize: 3 },
        hasRead(7),
      );
      expect(textsOf(eventsOf(slices))).toEqual(['3', '4', '5', '6', '7', '8', '9']);
      expect(slices.every((slice) => slice.events.length <= 3)).toBe(true);
      expect(slices.at(-1)).toMatchObject({ next: await log.store.head(), atEnd: true });
    });

    it('follows live: an append wakes a waiting subscriber', async () => {
      const ending = new AbortController();
      const subscription = following(log.store, { after: START, signal: ending.signal });
      for (let n = 0; n < 5; n++) {
        const waiting = subscription.next();
        await log.store.append(request('ticket-1', `c${n}`, [note(`${n}`)]));
        const { value } = (await waiting) as { value: AllSlice };
        expect(textsOf(value.events)).toEqual([`${n}`]);
      }
      const waiting = subscription.next();
      ending.abort();
      expect(await waiting).toEqual({ done: true, value: undefined });
    });

    it('misses nothing and gives nothing twice while thousands of appends run', async () => {
      const callers = 16;
      const each = 125;
      const total = callers * each * 2;
      const appending = Promise.all(
        Array.from({ length: callers }, async (_, caller) => {
          for (let n = 0; n < each; n++) {
            await log.store.append(
              request(`ticket-${caller}`, `${caller}/${n}`, [note(`${caller}/${n}`), time(n)], { expected: n * 2 }),
            );
          }
        }),
      );
      const readers = [1, 13, 1_000].map((batchSize) =>
        readUntil(log.store, { after: START, batchSize }, hasRead(total)),
      );
      const filtered = readUntil(log.store, { after: START, batchSize: 50, types: ['NoteAdded'] }, hasRead(total / 2));
      await appending;
      const all = await everything(log.store, {}, 1_000);
      expect(all).toHaveLength(total);
      for (const slices of await Promise.all(readers)) expect(eventsOf(slices)).toEqual(all);
      expect(eventsOf(await filtered)).toEqual(all.filter((event) => event.type === 'NoteAdded'));
    });

    it('is pulled: a reader that stalls gets all it missed, in order, when it goes on', async () => {
      const ending = new AbortController();
      const subscription = following(log.store, { after: START, batchSize: 10, signal: ending.signal });
      await log.store.append(request('ticket-1', 'first', [note('first')]));
      await subscription.next();
      for (let n = 0; n < 100; n++) await log.store.append(request('ticket-1', `c${n}`, [note(`${n}`)]));
      const texts: unknown[] = [];
      while (texts.length < 100) {
        const { value } = (await subscription.next()) as { value: AllSlice };
        expect(value.events.length).toBeLessThanOrEqual(10);
        texts.push(...textsOf(value.events));
      }
      expect(texts).toEqual(Array.from({ length: 100 }, (_, n) => `${n}`));
      ending.abort();
      expect((await subscription.next()).done).toBe(true);
    });

    it('with a filter: only what matches, and next moves over the rest', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1'), time(1)]));
      const { position } = await log.store.append(request('client-1', 'b', [note('2')]));
      const caughtUp = (slices: readonly AllSlice[]) => slices.at(-1)?.next.is(position) ?? false;
      const slices = await readUntil(
        log.store,
        { after: START, categories: ['ticket'], types: ['NoteAdded'] },
        caughtUp,
      );
      expect(textsOf(eventsOf(slices))).toEqual(['1']);
      const ending = new AbortController();
      const live = following(log.store, { after: position, types: ['InvoiceIssued'], signal: ending.signal });
      const waiting = live.next();
      const passed = await log.store.append(request('ticket-1', 'c', [note('3')]));
      expect((await waiting).value).toEqual({
        events: [],
        next: passed.position,
        atEnd: true,
      });
      const matching = live.next();
      await log.store.append(request('account-1', 'd', [issued('R1')]));
      expect(((await matching).value as AllSlice).events).toHaveLength(1);
      ending.abort();
    });

    it('ends at once where its signal was aborted before', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1')]));
      const slices: AllSlice[] = [];
      for await (const slice of log.store.subscribe({ after: START, signal: AbortSignal.abort() })) slices.push(slice);
      expect(slices).toEqual([]);
    });

    it('ends when the reader leaves the loop, and another one is not disturbed', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1')]));
      for await (const slice of log.store.subscribe({ after: START, signal: new AbortController().signal })) {
        expect(slice.events).toHaveLength(1);
        break;
      }
      expect(eventsOf(await readUntil(log.store, { after: START }, hasRead(1)))).toHaveLength(1);
    });

    it('ends cleanly when the store is closed', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1')]));
      const subscription = following(log.store, { after: START, signal: new AbortController().signal });
      await subscription.next();
      const waiting = subscription.next();
      await log.store.close();
      expect(await waiting).toEqual({ done: true, value: undefined });
    });
  });
}
