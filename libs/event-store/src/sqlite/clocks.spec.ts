import { afterEach, describe, expect, it } from '@jest/globals';
import type { Instant } from '@billtrail/kernel';
import { NAMES, everything, note, request } from '../contract-suite/fixtures.js';
import { ClockSuspect } from '../errors.js';
import { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.js';

const NOON = '2026-03-20T12:00:00.000Z';

/** G9 */
describe('a clock that may be wrong', () => {
  let store: SqliteEventStore;
  let now: Instant = NOON;
  const open = (more: Partial<SqliteEventStoreOptions> = {}) => {
    now = NOON;
    store = SqliteEventStore.open({ file: ':memory:', names: NAMES, clock: () => now, suspectClock: true, ...more });
  };
  const append = (id: string, at: Instant, more = {}) => {
    now = at;
    return store.append(request('clocks', id, [note(id)], more));
  };
  const times = async () => (await everything(store)).map(({ recordedAt }) => recordedAt);
  afterEach(() => store.close());

  it('dates the first event, and what comes within seven days after the last', async () => {
    open();
    await append('a', '1999-01-01T00:00:00Z');
    await append('b', '1999-01-08T00:00:00Z');
    expect(await times()).toEqual(['1999-01-01T00:00:00Z', '1999-01-08T00:00:00Z']);
  });

  it('up to an hour behind takes the time of the last event', async () => {
    open();
    await append('a', NOON);
    await append('b', '2026-03-20T11:00:00.000Z');
    await append('c', '2026-03-20T22:59:59.999+11:00');
    await append('d', '2026-03-20T12:00:00.001Z');
    expect(await times()).toEqual([NOON, NOON, NOON, '2026-03-20T12:00:00.001Z']);
  });

  it.each([
    ['further behind', '2026-03-20T10:59:59.999Z'],
    ['more than seven days ahead', '2026-03-27T12:00:00.001Z'],
    ['400 days ahead', '2027-04-24T12:00:00.000Z'],
  ])('%s records nothing, answers repeats, and goes on when it is mended', async (_case, at) => {
    open();
    const first = await append('a', NOON);
    const refused = await append('b', at).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ClockSuspect);
    expect(refused).toMatchObject({ clock: at, last: NOON });
    expect(await append('a', at)).toEqual({ ...first, repeated: true });
    expect(await store.head()).toEqual(first.position);
    await append('b', NOON);
    expect(await times()).toEqual([NOON, NOON]);
  });

  it.each([
    ['behind', '2025-01-01T00:00:00.000Z'],
    ['ahead', '2027-04-24T12:00:00.000Z'],
  ])('is accepted once, %s: what comes after is dated by it', async (_case, at) => {
    open();
    await append('a', NOON);
    await append('accepted', at, { acceptsClock: true });
    await append('b', at);
    expect(await times()).toEqual([NOON, at, at]);
  });

  it.each([
    ['behind', '2025-01-01T00:00:00.000Z'],
    ['ahead', '2027-04-24T12:00:00.000Z'],
  ])('dates nothing of what needs none, %s: it takes the time of the last event', async (_case, at) => {
    open();
    await append('a', NOON);
    await append('urgent', at, { needsNoClock: true });
    await expect(append('b', at)).rejects.toThrow(ClockSuspect);
    await append('c', '2026-03-21T12:00:00.000Z', { needsNoClock: true });
    expect(await times()).toEqual([NOON, NOON, '2026-03-21T12:00:00.000Z']);
  });

  it('holds each append of one group to the one before it', async () => {
    open();
    await append('a', NOON);
    const later = '2026-05-01T00:00:00.000Z';
    const group = await Promise.allSettled([
      append('b', later),
      append('accepted', later, { acceptsClock: true }),
      append('c', later),
    ]);
    expect(group.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(await times()).toEqual([NOON, later, later]);
  });

  it('is not suspected where it is set by hand, as by tests and the demo', async () => {
    open({ suspectClock: false });
    await append('a', NOON);
    await append('b', '2030-01-01T00:00:00.000Z');
    await append('c', NOON);
    expect(await times()).toEqual([NOON, '2030-01-01T00:00:00.000Z', NOON]);
  });
});
