import { describe, expect, it } from '@jest/globals';
import { InvalidStoreRequest } from '../errors.js';
import { MAX_EVENTS_PER_APPEND, MAX_EVENT_BYTES, MAX_NAME_LENGTH, MAX_READ, type AppendRequest } from '../port.js';
import { START } from '../position.js';
import { note, request, type UnderTest } from './fixtures.js';

const bytesOfEmptyNote = Buffer.byteLength(JSON.stringify({ text: '' }));

export function describeLimits(log: UnderTest): void {
  async function expectInvalid(asked: AppendRequest): Promise<void> {
    await expect(log.store.append(asked)).rejects.toThrow(InvalidStoreRequest);
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
        await expectInvalid(request('ticket-1', `too-large-${largest.length}`, [note(`${largest}x`)]));
      }
      expect((await log.store.verify()).findings).toEqual([]);
    });

    it(`1 to ${MAX_NAME_LENGTH} characters in names and ids, none of them a control character`, async () => {
      const longest = 'a'.repeat(MAX_NAME_LENGTH);
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
        for (const bad of ['', `${longest}a`, 'a\u0000b', 'a\nb', 'a\ud800b']) await expectInvalid(withField(bad));
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
