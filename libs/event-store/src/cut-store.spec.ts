import { afterEach, describe, expect, it } from '@jest/globals';
import { NAMES, everything, note, request, time } from './contract-suite/fixtures.js';
import { PositionUnknown } from './errors.js';
import { Position, START, type PositionNumber } from './position.js';
import { CutStore } from './cut-store.js';
import { PartStore } from './part-store.js';
import type { EventStore, ReadStreamOptions, RecordedEvent } from './port.js';
import { SqliteEventStore } from './sqlite/sqlite-event-store.js';

const opened: EventStore[] = [];
const AT = '2026-03-31T12:00:00Z';
const open = (): SqliteEventStore => {
  const store = SqliteEventStore.open({ file: ':memory:', names: NAMES, clock: () => AT });
  opened.push(store);
  return store;
};
const STREAMS = ['ticket-1', 'ticket-2', 'invoice-9'];
const READS: readonly ReadStreamOptions[] = [
  {},
  { direction: 'backwards' },
  { direction: 'backwards', limit: 2 },
  { from: 2, limit: 3 },
  { to: 3 },
  { direction: 'backwards', from: 3 },
];

/** Appends of one to three events over three streams, the last of them long ones. */
const APPENDS = Array.from({ length: 40 }, (_, n) => {
  const events = Array.from({ length: n === 38 ? 120 : 1 + (n % 3) }, (_none, index) =>
    n % 2 === 0 ? note(`${n}.${index}`) : time(n),
  );
  return request(STREAMS[n % 3]!, `c${n}`, events);
});

/** All that can be read, but for the ids of events, which are random, and the tags of positions with them. */
async function readable(store: EventStore): Promise<string> {
  const withoutId = (event: RecordedEvent): Omit<RecordedEvent, 'id'> => {
    const { id: _, ...rest } = event;
    return rest;
  };
  const streams = [];
  for (const stream of [...STREAMS, 'ticket-none'])
    for (const options of READS) {
      const { events, ...slice } = await store.readStream(stream, options);
      const { done } = await store.load(stream, 'c1', options);
      streams.push({ ...slice, done, events: events.map(withoutId) });
    }
  const all = await everything(store, {}, 7);
  const filtered = await everything(store, { types: ['TimeEntryLogged'] }, 2);
  const read = {
    streams,
    all: all.map(withoutId),
    filtered: filtered.map(withoutId),
    head: await store.head(),
    newest: await store.newest(),
  };
  return JSON.stringify(read, null, 1).replaceAll(/"(\d+)\.[0-9a-f]{8}"/g, '$1');
}

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

describe('a store cut at a position', () => {
  it('reads as the log did when it ended there', async () => {
    const whole = open();
    const ends = [START];
    for (const append of APPENDS) ends.push((await whole.append(append)).position);
    for (const count of [0, 1, 2, 3, 17, 38, 39, 40]) {
      const then = open();
      for (const append of APPENDS.slice(0, count)) await then.append(append);
      expect([count, await readable(new CutStore(whole, ends[count]!))]).toEqual([count, await readable(then)]);
    }
  });

  it('reads some streams alone, merged, with what stands for the others', async () => {
    const whole = open();
    for (const append of APPENDS) await whole.append(append);
    const cut = new CutStore(whole, await whole.head());
    const all = await everything(cut, {}, 7);
    const ends = [0, 1, 17, 60].map((index) => Position.of(all[index]!));
    for (const end of ends)
      for (const filter of [{}, { types: ['TimeEntryLogged'] }]) {
        const then = await everything(new CutStore(whole, end), filter, 7);
        const some = STREAMS.slice(0, 2);
        const part = (await PartStore.of(whole, end, some))!;
        expect(await everything(part, filter, 2)).toEqual(then.filter(({ stream }) => some.includes(stream)));
        expect(await part.head()).toBe(end);
      }
    const [own, other] = [
      all.find(({ stream }) => stream === 'ticket-1')!,
      all.find(({ stream }) => stream === 'invoice-9')!,
    ];
    const last = await whole.head();
    const standing = [
      { ...other, id: 'stands' },
      { ...own, id: 'is there itself' },
      { ...other, id: 'later', position: (last.at + 1) as PositionNumber },
    ];
    const part = (await PartStore.of(whole, last, ['ticket-1'], standing))!;
    const read = (await everything(part, {}, 7)).filter(({ stream, id }) => stream !== 'ticket-1' || id === own.id);
    expect(read).toEqual([own, { ...other, id: 'stands' }].sort((a, b) => a.position - b.position));
  });

  it('reads its streams in one turn, and none of them far beyond its end', async () => {
    const whole = open();
    const ends = [];
    for (let n = 0; n < 300; n += 100) {
      const notes = Array.from({ length: 100 }, (_, index) => note(`${n + index}`));
      for (const stream of ['ticket-1', 'ticket-2'])
        ends.push((await whole.append(request(stream, `${stream}-${n}`, notes))).position);
    }
    const asked: (readonly [string, number | undefined])[] = [];
    const turns = Object.assign(Object.create(whole) as EventStore, {
      readStream: async (stream: string, options?: ReadStreamOptions) => {
        asked.push([stream, options?.from]);
        await new Promise(setImmediate);
        return whole.readStream(stream, options);
      },
    });
    const streams = ['ticket-1', 'ticket-2', 'ticket-none'];
    const part = PartStore.of(turns, ends[2]!, streams);
    expect(asked.map(([stream]) => stream)).toEqual(streams);
    const inPart = await everything((await part)!, {}, 500);
    expect(inPart).toHaveLength(300);
    expect(asked).toHaveLength(4);
    expect(asked.at(-1)).toEqual(['ticket-1', 201]);
    const later = { after: START, upTo: await whole.head(), limit: 1 };
    await expect((await part)!.readAll(later)).rejects.toBeInstanceOf(PositionUnknown);
    expect(await PartStore.of(whole, ends[2]!, streams, [], 300)).not.toBeNull();
    expect(await PartStore.of(whole, ends[2]!, streams, [], 299)).toBeNull();
  });

  it('takes nothing, follows nothing, and leaves the store behind it open', async () => {
    const whole = open();
    await whole.append(request('ticket-1', 'a', [note('1')]));
    const cut = new CutStore(whole, await whole.head());
    const following = async () => {
      for await (const slice of cut.subscribe()) throw new Error(`followed to ${slice.next}`);
    };
    for (const refused of [cut.append(), following()])
      await expect(refused).rejects.toMatchObject({ name: 'StoreUnavailable', problem: 'read-only' });
    await cut.close();
    expect(cut.damage()).toBeNull();
    expect((await whole.head()).at).toBe(1);
  });
});
