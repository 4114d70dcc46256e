import { describe, expect, it } from '@jest/globals';
import { InvalidStoreRequest, TooLarge } from '../errors.js';
import {
  MAX_APPEND_BYTES,
  MAX_EVENTS_PER_APPEND,
  MAX_EVENT_BYTES,
  MAX_NAME_BYTES,
  MAX_READ,
  MAX_READ_BYTES,
  type AppendRequest,
} from '../port.js';
import { Position, START } from '../position.js';
import { expectWholeChain, issued, note, request, slicesOf, textsOf, time, type UnderTest } from './fixtures.js';

const bytesOfEmptyNote = Buffer.byteLength(JSON.stringify({ text: '' }));

export function describeLimits(log: UnderTest): void {
  async function expectInvalid(asked: AppendRequest): Promise<void> {
    await expect(log.store.append(asked)).rejects.toThrow(InvalidStoreRequest);
  }

  async function expectTooLarge(asked: AppendRequest, told: { bytes?: number; limit: number }): Promise<void> {
    const refused = await log.store.append(asked).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TooLarge);
    expect(refused).toMatchObject(told);
  }

  describe('limits', () => {
    it(`1 to ${MAX_EVENTS_PER_APPEND} events an append`, async () => {
      await expectInvalid(request('ticket-1', 'a', []));
      const events = Array.from({ length: MAX_EVENTS_PER_APPEND }, () => note('x'));
      expect((await log.store.append(request('ticket-1', 'b', events))).version).toBe(MAX_EVENTS_PER_APPEND);
      await expectInvalid(request('ticket-1', 'c', [...events, note('one too many')]));
      expect((await log.store.readStream('ticket-1', { limit: 1 })).version).toBe(MAX_EVENTS_PER_APPEND);
    });

    it(`${MAX_EVENT_BYTES} bytes an event, counted in UTF-8`, async () => {
      const room = MAX_EVENT_BYTES - bytesOfEmptyNote;
      for (const largest of ['x'.repeat(room), 'é'.repeat(Math.floor(room / 2)) + 'x'.repeat(room % 2)]) {
        await log.store.append(request('ticket-1', `fits-${largest.length}`, [note(largest)]));
        const [event] = (await log.store.readStream('ticket-1', { direction: 'backwards', limit: 1 })).events;
        expect(event?.data).toEqual({ text: largest });
        await expectTooLarge(request('ticket-1', `too-large-${largest.length}`, [note(`${largest}x`)]), {
          bytes: MAX_EVENT_BYTES + 1,
          limit: MAX_EVENT_BYTES,
        });
      }
      await expectWholeChain(log.store);
    });

    it(`${MAX_APPEND_BYTES} bytes an append, counted in UTF-8 with what is stored beside the data`, async () => {
      // 17 events of nearly 970,000 bytes are below the limit in data alone, and so are 16 with all that is beside them.
      for (const text of ['x'.repeat(970_000), 'é'.repeat(485_000)]) {
        const events = Array.from({ length: 17 }, () => issued(text));
        expect(17 * 970_000).toBeLessThan(MAX_APPEND_BYTES);
        const fits = `fits-${text.length}`;
        expect((await log.store.append(request(`ticket-${fits}`, fits, events))).version).toBe(17);
        const large = [...events, issued('x'.repeat(20_000))];
        await expectTooLarge(request('ticket-2', `large-${text.length}`, large), { limit: MAX_APPEND_BYTES });
      }
      const many = Array.from({ length: MAX_EVENTS_PER_APPEND }, () => issued('x'.repeat(1_400)));
      await expectTooLarge(request('ticket-2', 'many', many), { limit: MAX_APPEND_BYTES });
      const few = request(
        'ticket-2',
        'c',
        Array.from({ length: MAX_EVENTS_PER_APPEND }, () => issued('x'.repeat(1_000))),
      );
      expect((await log.store.append(few)).version).toBe(MAX_EVENTS_PER_APPEND);
      await expectTooLarge(
        { ...few, commandId: 'é'.repeat(125), causationId: 'x'.repeat(250), fingerprint: 'd' },
        { limit: MAX_APPEND_BYTES },
      );
      expect((await log.store.readStream('ticket-2', { limit: 1 })).version).toBe(MAX_EVENTS_PER_APPEND);
    });

    it(`${MAX_APPEND_BYTES} bytes an append as it is stored, which is larger where it is sealed`, async () => {
      const plain = Array.from({ length: 13 }, () => note('x'.repeat(970_000)));
      await log.store.append(request('ticket-1', 'a', plain.slice(0, 12)));
      const appended = log.store.append(request('ticket-1', 'b', plain));
      if (log.seals) await expect(appended).rejects.toMatchObject({ name: 'TooLarge', limit: MAX_APPEND_BYTES });
      else await appended;
      expect((await log.store.readStream('ticket-1', { limit: 1 })).version).toBe(log.seals ? 12 : 25);
    });

    it(`${MAX_READ_BYTES} bytes a slice, and one event at least: readers of large events go on as others do`, async () => {
      const text = 'é'.repeat(400_000);
      const texts = Array.from({ length: 50 }, (_none, n) => `${n} ${text}`);
      for (let n = 0; n < texts.length; n += 10)
        await log.store.append(request(`ticket-${n}`, 'a', texts.slice(n, n + 10).map(note)));
      await log.store.append(request('client-1', 'a', [time(1)]));
      for (const filter of [{}, { types: ['NoteAdded'] }]) {
        const slices = await slicesOf(log.store, filter, MAX_READ);
        const sizes = slices.map(({ events }) =>
          events.reduce((sum, { data }) => sum + Buffer.byteLength(JSON.stringify(data)), 0),
        );
        expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_READ_BYTES);
        // What is stored counts: sealed texts are a third longer there.
        expect(sizes[0]).toBeGreaterThan(0.72 * MAX_READ_BYTES);
        const notes = slices.flatMap(({ events }) => events).filter(({ type }) => type === 'NoteAdded');
        expect(textsOf(notes)).toEqual(texts);
        for (const { events, next, atEnd } of slices) if (!atEnd) expect(next).toEqual(Position.of(events.at(-1)!));
      }
    });

    it(`1 to ${MAX_NAME_BYTES} bytes of UTF-8 in names and ids, none of them a control character`, async () => {
      const longest = 'a'.repeat(MAX_NAME_BYTES);
      const wide = 'é'.repeat(MAX_NAME_BYTES / 2);
      const good = request('ticket-1', 'a', [note('x')]);
      const fields: readonly ((value: string) => AppendRequest)[] = [
        (value) => ({ ...good, stream: value }),
        (value) => ({ ...good, commandId: value }),
        (value) => ({ ...good, correlationId: value }),
        (value) => ({ ...good, causationId: value }),
        (value) => ({ ...good, fingerprint: value }),
        (value) => ({ ...good, actor: { ...good.actor, id: value } }),
      ];
      for (const [n, withField] of fields.entries()) {
        await log.store.append({ ...withField(longest), ...(n !== 1 && { commandId: `fits-${n}` }) });
        await log.store.append({ ...withField(wide), ...(n !== 1 && { commandId: `wide-${n}` }) });
        for (const bad of ['', `${longest}a`, `${wide}é`, 'a\u0000b', 'a\nb', 'a\ud800b'])
          await expectInvalid(withField(bad));
      }
    });

    it('what is no request is refused', async () => {
      const good = request('ticket-1', 'a', [note('x')]);
      await expectInvalid({ ...good, expected: -1 });
      await expectInvalid({ ...good, expected: 1.5 });
      await expectInvalid({ ...good, actor: { id: 'x', role: 'nobody' as 'admin' } });
      await expectInvalid({ ...good, events: [{ ...note('x'), occurredAt: '2026-03-31T10:00:00' }] });
      await expectInvalid({ ...good, events: [{ ...note('x'), data: [] }] });
      await expectInvalid({ ...good, events: [{ ...note('x'), data: { n: 1n } }] });
      await expect(log.store.append({ ...good, events: [{ ...note('x'), type: 'Nonsense' }] })).rejects.toThrow(
        'Nonsense',
      );
      expect(await log.store.head()).toEqual(START);
    });

    it(`1 to ${MAX_READ} events a read`, async () => {
      await log.store.append(request('ticket-1', 'a', [note('x')]));
      expect((await log.store.readAll({ after: START, limit: MAX_READ })).events).toHaveLength(1);
      for (const limit of [0, -1, 1.5, MAX_READ + 1]) {
        await expect(log.store.readAll({ after: START, limit })).rejects.toThrow(InvalidStoreRequest);
        const subscribed = log.store.subscribe({
          after: START,
          batchSize: limit,
          signal: new AbortController().signal,
        });
        await expect(subscribed[Symbol.asyncIterator]().next()).rejects.toThrow(InvalidStoreRequest);
      }
      await expect(log.store.readStream('ticket-1', { limit: 0 })).rejects.toThrow(InvalidStoreRequest);
      await expect(log.store.readStream('ticket-1', { from: -1 })).rejects.toThrow(InvalidStoreRequest);
      await expect(log.store.readStream('ticket-1', { to: 0.5 })).rejects.toThrow(InvalidStoreRequest);
    });
  });
}
