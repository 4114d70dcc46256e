import { describe, expect, it } from '@jest/globals';
import { PositionUnknown, UnknownStoredEvent } from '../errors.js';
import { Position, START } from '../position.js';
import {
  LATER_NAMES,
  STRICT_NAMES,
  NAMES,
  NAMES_WITHOUT_TIME,
  OCCURRED_AT,
  everything,
  expectWholeChain,
  foreign,
  issued,
  note,
  request,
  slicesOf,
  textsOf,
  time,
  type UnderTest,
} from './fixtures.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function describeReading(log: UnderTest): void {
  describe('what comes back', () => {
    it('is what was appended, with all that is told about it', async () => {
      const before = Date.now();
      const { position } = await log.store.append(
        request('ticket-INC-1', 'a', [note('hello')], {
          actor: { id: 'user-9', role: 'accounts' },
          correlationId: 'request-4',
          causationId: 'event-3',
        }),
      );
      const [event] = (await log.store.readStream('ticket-INC-1')).events;
      expect(event).toEqual({
        id: expect.stringMatching(UUID),
        stream: 'ticket-INC-1',
        version: 1,
        position: position.at,
        type: 'NoteAdded',
        data: { text: 'hello' },
        schemaVersion: 1,
        occurredAt: OCCURRED_AT,
        recordedAt: expect.any(String),
        actor: { id: 'user-9', role: 'accounts' },
        commandId: 'a',
        correlationId: 'request-4',
        causationId: 'event-3',
      });
      const recordedAt = Date.parse(event?.recordedAt ?? '');
      expect(recordedAt).toBeGreaterThanOrEqual(before);
      expect(recordedAt).toBeLessThanOrEqual(Date.now());
      expect((await log.store.readAll({ after: START, limit: 1 })).events).toEqual([event]);
    });

    it('occurredAt keeps its offset and its digits', async () => {
      const times = [
        '2026-01-01T00:00:00Z',
        '2026-01-01T00:00:00.000Z',
        '2025-12-31T24:00:00Z',
        '2026-02-29T00:00:00Z',
        '2024-02-29T10:30:00.123456-03:30',
      ];
      for (const [n, occurredAt] of times.entries()) {
        const asked = log.store.append(request('ticket-1', `c${n}`, [{ ...note('x'), occurredAt }]));
        // A day that does not exist, and an hour 24, are no moments.
        if (n === 2 || n === 3) await expect(asked).rejects.toThrow('occurredAt');
        else await asked;
      }
      const kept = (await everything(log.store)).map((event) => event.occurredAt);
      expect(kept).toEqual([times[0], times[1], times[4]]);
    });

    it('text of any language, and every kind of JSON value', async () => {
      const data = {
        text: 'Ärger mit dem Ärmel — 無線アクセス, עברית, \u{1F9FE}\u{1F468}\u200D\u{1F527} \u0000 \u2028 \\ " \' \ud800',
        nested: { list: [1, -0.5, 1e21, true, false, null, '', [], {}], 'key with space': { '': 'empty' } },
        large: Number.MAX_SAFE_INTEGER,
      };
      await log.store.append(request('ticket-ünï-編', 'befehl-ä', [{ ...note(''), data }]));
      const [event] = (await log.store.readStream('ticket-ünï-編')).events;
      expect(event?.data).toEqual(data);
      expect(event).toMatchObject({ stream: 'ticket-ünï-編', commandId: 'befehl-ä' });
    });

    it('every event has an id of its own', async () => {
      await log.store.append(
        request(
          'ticket-1',
          'a',
          Array.from({ length: 500 }, (_, n) => note(`${n}`)),
        ),
      );
      expect(new Set((await everything(log.store)).map((event) => event.id)).size).toBe(500);
    });

    it('is all there after the log was opened again', async () => {
      await log.store.append(request('ticket-1', 'a', [note('1'), time(5)]));
      await log.store.append(request('client-1', 'b', [issued('R1')]));
      const before = await everything(log.store);
      const store = await log.reopen();
      expect(await everything(store)).toEqual(before);
      await expectWholeChain(store);
    });
  });

  describe('one stream', () => {
    const versions = (events: readonly { version: number }[]): number[] => events.map((event) => event.version);

    it('is empty at version 0 where it does not exist', async () => {
      expect(await log.store.readStream('ticket-1')).toEqual({ stream: 'ticket-1', version: 0, events: [] });
    });

    it.each([
      ['all of it', {}, [1, 2, 3, 4, 5]],
      ['from', { from: 3 }, [3, 4, 5]],
      ['to', { to: 2 }, [1, 2]],
      ['from and to', { from: 2, to: 4 }, [2, 3, 4]],
      ['limit', { limit: 2 }, [1, 2]],
      ['from and limit', { from: 4, limit: 1 }, [4]],
      ['from beyond its end', { from: 6 }, []],
      ['backwards', { direction: 'backwards' as const }, [5, 4, 3, 2, 1]],
      ['backwards with limit', { direction: 'backwards' as const, limit: 1 }, [5]],
      ['backwards from', { direction: 'backwards' as const, from: 3 }, [3, 2, 1]],
      ['backwards from, to', { direction: 'backwards' as const, from: 4, to: 2 }, [4, 3, 2]],
      ['to before from', { from: 3, to: 2 }, []],
    ])('%s', async (_what, options, expected) => {
      await log.store.append(request('ticket-1', 'a', [note('1'), note('2')]));
      await log.store.append(request('ticket-2', 'b', [note('other')]));
      await log.store.append(request('ticket-1', 'c', [note('3'), note('4'), note('5')]));
      const slice = await log.store.readStream('ticket-1', options);
      expect(versions(slice.events)).toEqual(expected);
      expect(slice.version).toBe(5);
      expect(slice.events.every((event) => event.stream === 'ticket-1')).toBe(true);
    });
  });

  describe('the whole log', () => {
    it('is read in the order of positions, slice by slice, without overlap', async () => {
      for (let n = 0; n < 25; n++) await log.store.append(request(`ticket-${n % 4}`, `c${n}`, [note(`${n}`)]));
      for (const limit of [1, 7, 25, 26]) {
        const slices = await slicesOf(log.store, {}, limit);
        expect(textsOf(slices.flatMap((slice) => slice.events))).toEqual(Array.from({ length: 25 }, (_, n) => `${n}`));
        expect(slices.every((slice) => slice.events.length <= limit)).toBe(true);
        expect(slices.at(-1)?.next).toEqual(await log.store.head());
      }
    });

    it('an empty log is at its end', async () => {
      expect(await log.store.readAll({ after: START, limit: 10 })).toEqual({
        events: [],
        next: START,
        atEnd: true,
      });
      expect(await log.store.head()).toEqual(START);
    });

    it('up to a position: time travel', async () => {
      const answers = [];
      for (let n = 0; n < 5; n++) answers.push(await log.store.append(request('ticket-1', `c${n}`, [note(`${n}`)])));
      const upTo = answers[2]?.position ?? START;
      const slice = await log.store.readAll({ after: START, upTo, limit: 100 });
      expect(textsOf(slice.events)).toEqual(['0', '1', '2']);
      expect(slice).toMatchObject({ next: upTo, atEnd: false });
      const whole = await log.store.readAll({ after: START, upTo: await log.store.head(), limit: 100 });
      expect(textsOf(whole.events)).toHaveLength(5);
      expect(whole.atEnd).toBe(true);
      expect(await log.store.readAll({ after: upTo, upTo, limit: 1 })).toEqual({
        events: [],
        next: upTo,
        atEnd: false,
      });
    });

    it('after its end there is nothing', async () => {
      const { position } = await log.store.append(request('ticket-1', 'a', [note('1')]));
      expect(await log.store.readAll({ after: position, limit: 5 })).toEqual({
        events: [],
        next: position,
        atEnd: true,
      });
    });

    it('each position is that of an event, which it finds again', async () => {
      for (let n = 0; n < 7; n++)
        await log.store.append(request(`ticket-${n % 2}`, `c${n}`, n % 3 === 0 ? [time(n)] : [note(`${n}`), time(n)]));
      const events = new Map((await everything(log.store)).map((event) => [String(Position.of(event)), event]));
      for (const filter of [{}, { types: ['NoteAdded'] }, { categories: ['client'] }])
        for (const limit of [1, 2, 100])
          for (const { next } of await slicesOf(log.store, filter, limit))
            expect([filter, limit, await log.store.eventAt(next)]).toEqual([filter, limit, events.get(String(next))]);
      for (const [text, event] of events) {
        const kept = Position.parse(text) ?? START;
        expect([String(kept), kept.tag]).toEqual([text, event.id.slice(0, 8)]);
        expect(await log.store.eventAt(kept)).toEqual(event);
      }
      expect(await log.store.eventAt(START)).toBeNull();
      expect(Position.of([...events.values()].at(-1)!)).toEqual(await log.store.head());
      expect((await log.store.newest())?.position).toEqual(await log.store.head());
    });

    it('a position of another log, or of this one before it grew anew, is refused by whatever reads on from it (G3)', async () => {
      for (let n = 0; n < 3; n++) await log.store.append(request('ticket-1', `c${n}`, [note(`${n}`)]));
      const { at } = await log.store.head();
      for (const position of [foreign(at), foreign(at + 1_000), foreign(at, '00000000'), foreign(0)]) {
        const unknown = { name: PositionUnknown.name, position };
        await expect(log.store.eventAt(position)).rejects.toMatchObject(unknown);
        await expect(log.store.readAll({ after: position, limit: 5 })).rejects.toMatchObject(unknown);
        await expect(log.store.readAll({ after: START, upTo: position, limit: 5 })).rejects.toMatchObject(unknown);
        const following = log.store.subscribe({ after: position, signal: new AbortController().signal });
        await expect(following[Symbol.asyncIterator]().next()).rejects.toMatchObject(unknown);
      }
    });
  });

  describe('filters', () => {
    async function mixed(): Promise<void> {
      for (let n = 0; n < 10; n++) {
        await log.store.append(request(`ticket-${n}`, `t${n}`, [note(`${n}`), time(n)]));
        await log.store.append(request(`client-${n}`, `c${n}`, [note(`client ${n}`)]));
      }
      await log.store.append(request('account-1', 'last', [issued('R1')]));
    }

    it('by category', async () => {
      await mixed();
      const events = await everything(log.store, { categories: ['client', 'account'] }, 3);
      expect(events.map((event) => event.stream)).toEqual([
        ...Array.from({ length: 10 }, (_, n) => `client-${n}`),
        'account-1',
      ]);
    });

    it('by type', async () => {
      await mixed();
      const events = await everything(log.store, { types: ['TimeEntryLogged', 'InvoiceIssued'] }, 3);
      expect(events.map((event) => event.type)).toEqual([
        ...Array<string>(10).fill('TimeEntryLogged'),
        'InvoiceIssued',
      ]);
    });

    it('by both: what matches both', async () => {
      await mixed();
      const events = await everything(log.store, { categories: ['ticket'], types: ['NoteAdded'] }, 3);
      expect(textsOf(events)).toEqual(Array.from({ length: 10 }, (_, n) => `${n}`));
    });

    it('a category is matched whole, not by its beginning', async () => {
      await log.store.append(request('ticketing-1', 'a', [note('1')]));
      await log.store.append(request('ticket', 'b', [note('2')]));
      await log.store.append(request('ticket-a-b', 'c', [note('3')]));
      expect(textsOf(await everything(log.store, { categories: ['ticket'] }))).toEqual(['2', '3']);
    });

    it('an empty list matches nothing, and still comes to the end', async () => {
      await mixed();
      expect(await everything(log.store, { types: [] })).toEqual([]);
      expect(await everything(log.store, { categories: [] })).toEqual([]);
    });

    it('next passes over what does not match, so that a checkpoint moves', async () => {
      await mixed();
      const head = await log.store.head();
      const rare = await slicesOf(log.store, { categories: ['configuration'] }, 5);
      expect(rare.flatMap((slice) => slice.events)).toEqual([]);
      expect(rare.at(-1)).toMatchObject({ next: head, atEnd: true });
      const few = await slicesOf(log.store, { types: ['InvoiceIssued'] }, 1);
      expect(few.flatMap((slice) => slice.events)).toHaveLength(1);
      expect(few.at(-1)?.next).toEqual(head);
    });

    it('respect upTo', async () => {
      await mixed();
      const [, second] = await everything(log.store, { types: ['TimeEntryLogged'] });
      const upTo = second ? Position.of(second) : START;
      const slice = await log.store.readAll({ after: START, upTo, limit: 100, types: ['TimeEntryLogged'] });
      expect(slice.events).toHaveLength(2);
      expect(slice).toMatchObject({ next: upTo, atEnd: false });
    });

    it('a type that nobody registered is an error, not an empty answer', async () => {
      await expect(log.store.readAll({ after: START, limit: 1, types: ['Nonsense'] })).rejects.toThrow('Nonsense');
    });
  });

  describe('other versions of the software', () => {
    it('old shapes are lifted step by step, and keep telling under which version they were stored', async () => {
      await log.store.append(request('ticket-1', 'a', [note('hello'), time(5)]));
      const store = await log.reopen(LATER_NAMES);
      await store.append(
        request('ticket-1', 'b', [
          { type: 'CommentWritten', data: { body: 'new', language: 'de' }, occurredAt: OCCURRED_AT },
        ]),
      );
      const lifted = (await store.readStream('ticket-1')).events.map(({ type, data, schemaVersion }) => ({
        type,
        data,
        schemaVersion,
      }));
      expect(lifted).toEqual([
        { type: 'CommentWritten', data: { body: 'hello', language: 'en' }, schemaVersion: 1 },
        { type: 'TimeEntryLogged', data: { minutes: 5 }, schemaVersion: 1 },
        { type: 'CommentWritten', data: { body: 'new', language: 'de' }, schemaVersion: 3 },
      ]);
      expect(await everything(store, { types: ['CommentWritten'] })).toHaveLength(2);
      await expectWholeChain(store);
    });

    it('what an old shape can not be lifted from is delivered as unknown, and holds up no other (X1)', async () => {
      const old = (text: unknown) => ({ type: 'NoteAdded', data: { text }, occurredAt: OCCURRED_AT });
      await log.store.append(request('ticket-1', 'a', [old(null)]));
      await log.store.append(request('ticket-2', 'b', [old('hello')]));
      const store = await log.reopen(STRICT_NAMES);
      const [odd, whole] = await everything(store);
      expect(odd).toMatchObject({
        unknown: expect.stringContaining('null is no text'),
        unlifted: true,
        data: { text: null },
      });
      expect(whole).toMatchObject({ type: 'CommentWritten', data: { body: 'hello' } });
      expect(whole?.unknown).toBeUndefined();
      await expect(store.readStream('ticket-1')).rejects.toMatchObject({
        why: expect.stringContaining('null is no text'),
        kind: 'unlifted',
      });
      expect((await store.readStream('ticket-2')).events).toHaveLength(1);
    });

    it.each([
      ['of a schema version from the future', LATER_NAMES, 'CommentWritten', NAMES, 'schema version 3'],
      ['of an unknown name', NAMES, 'TimeEntryLogged', NAMES_WITHOUT_TIME, 'time-entry-logged'],
    ])(
      'an event %s is delivered by every read of the log, never skipped, and no stream with it is read (G4, G17)',
      async (...of) => {
        const [, later, type, earlier, why] = of;
        const writer = await log.reopen(later);
        const strange = { type, data: { language: 'de' }, occurredAt: OCCURRED_AT };
        await writer.append(request('account-1', 'a', [issued('R1')]));
        await writer.append(request('ticket-1', 'b', [strange]));
        await writer.append(request('account-2', 'c', [issued('R2')]));
        const store = await log.reopen(earlier);
        const told = { stream: 'ticket-1', unknown: expect.stringContaining(why), data: strange.data };
        const known = { type: 'InvoiceIssued', data: { number: 'R1' } };
        for (const filter of [{}, { types: ['InvoiceIssued'] }, { types: ['NoteAdded'] }, { categories: ['ticket'] }]) {
          const events = await everything(store, filter, 2);
          expect(events.filter(({ unknown }) => unknown !== undefined)).toMatchObject([told]);
          expect(events.filter(({ unknown }) => unknown === undefined)).toMatchObject(
            'categories' in filter || filter.types?.includes('NoteAdded')
              ? []
              : [known, { ...known, data: { number: 'R2' } }],
          );
        }
        expect(await everything(store, { categories: ['account'] })).toHaveLength(2);
        const controller = new AbortController();
        for await (const { events, atEnd } of store.subscribe({
          after: START,
          types: ['NoteAdded'],
          signal: controller.signal,
        })) {
          expect(events).toMatchObject([told]);
          if (atEnd) controller.abort();
        }
        for (const reading of [store.readStream('ticket-1'), store.load('ticket-1', 'other')])
          await expect(reading).rejects.toMatchObject({ name: UnknownStoredEvent.name, stream: 'ticket-1' });
        expect((await store.readStream('account-2')).events).toHaveLength(1);
        // The chain can be verified by any version.
        await expectWholeChain(store);
        const again = await log.reopen(later);
        expect((await again.readStream('ticket-1')).events).toMatchObject([{ type }]);
      },
    );
  });
}
