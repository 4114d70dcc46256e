import { describe, expect, it } from '@jest/globals';
import { addDays, type LocalDate } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import { isPerson, keyedByOne, keyedUntil } from './keyed-by.js';

type Told = readonly [
  personId: string,
  type: 'PersonRegistered' | 'PersonChanged' | 'KeyMade',
  by: string,
  day: LocalDate,
];

/** A log that tells so much of persons, and nothing else. */
function logOf(told: readonly Told[]) {
  return {
    readStream: (stream: string) => {
      const events = told
        .filter(([personId]) => stream === `person-${personId}`)
        .map(([, type, by, day]) => ({ stream, type, actor: { id: by, role: 'admin' }, occurredAt: day }));
      return Promise.resolve({ stream, version: events.length, events } as never);
    },
  };
}

const DAY = '2026-03-01';
const later = (days: number) => addDays(DAY, days);
/** The day until which anna may hold a key of bea, on some day after the first. */
const until = (told: readonly Told[], today: LocalDate, pair = { ownerId: 'bea', holderId: 'anna' }) =>
  keyedUntil(logOf(told), pair, today, ({ occurredAt }: RecordedEvent) => occurredAt);

describe('who may hold a key of whom (Y1)', () => {
  it('whoever registered a person may for 30 days: not on day 29, but on day 30', async () => {
    const told: Told[] = [['bea', 'PersonRegistered', 'anna', DAY]];
    expect(await until(told, DAY)).toBe('2026-03-31');
    expect(await until(told, later(29))).toBe('2026-03-31');
    expect(await until(told, later(30))).toBeNull();
  });

  it('so may whoever made a key of theirs, by the last one', async () => {
    const told: Told[] = [
      ['bea', 'PersonRegistered', 'owner', DAY],
      ['bea', 'KeyMade', 'anna', later(5)],
      ['bea', 'KeyMade', 'anna', later(20)],
      ['bea', 'KeyMade', 'bea', later(40)],
    ];
    expect(await until(told, later(36))).toBe(later(50));
    expect(await until(told, later(50))).toBeNull();
  });

  it('neither who keyed somebody else, nor who changed roles or an address, nor the one whose key it is', async () => {
    const told: Told[] = [
      ['bea', 'PersonRegistered', 'owner', DAY],
      ['bea', 'PersonChanged', 'anna', DAY],
      ['carl', 'KeyMade', 'anna', DAY],
      ['anna', 'KeyMade', 'owner', DAY],
    ];
    expect(await until(told, DAY)).toBeNull();
  });

  it('either may hold the other’s: bea made anna’s, and anna none of bea’s', async () => {
    const told: Told[] = [
      ['bea', 'PersonRegistered', 'owner', DAY],
      ['anna', 'KeyMade', 'bea', DAY],
    ];
    expect(await until(told, DAY)).toBeNull();
    expect(await until(told, DAY, { ownerId: 'anna', holderId: 'bea' })).toBe(later(30));
  });

  it('whoever first states who somebody is vouches for them as who registers them', async () => {
    const told: Told[] = [
      ['bea', 'PersonChanged', 'anna', DAY],
      ['bea', 'PersonChanged', 'anna', later(20)],
    ];
    expect(await until(told, DAY)).toBe(later(30));
    expect(await until(told, later(30))).toBeNull();
  });

  it('through others too: as long as the shortest link of a chain, and the longest of chains', async () => {
    const chain: Told[] = [
      ['bea', 'KeyMade', 'carl', later(10)],
      ['carl', 'KeyMade', 'dora', later(4)],
      ['dora', 'PersonRegistered', 'anna', later(8)],
    ];
    expect(await until(chain, later(12))).toBe(later(34));
    expect(await until(chain, later(34))).toBeNull();
    const circle: Told[] = [...chain, ['dora', 'KeyMade', 'bea', later(12)], ['bea', 'KeyMade', 'dora', later(6)]];
    expect(await until(circle, later(12))).toBe(later(36));
    const direct: Told[] = [...circle, ['bea', 'KeyMade', 'anna', later(11)]];
    expect(await until(direct, later(12))).toBe(later(41));
  });

  it('what an account of the machine made may be anybody’s', async () => {
    const told: Told[] = [['bea', 'KeyMade', 'os:root', DAY]];
    expect(await until(told, later(29), { ownerId: 'bea', holderId: 'whoever' })).toBe(later(30));
    expect(await until(told, later(30), { ownerId: 'bea', holderId: 'whoever' })).toBeNull();
    const through: Told[] = [
      ['bea', 'KeyMade', 'carl', later(3)],
      ['carl', 'KeyMade', 'OS:root', DAY],
    ];
    expect(await until(through, later(4))).toBe(later(30));
  });

  it('but for the first key of the owner, with which an organisation of three begins; not the one after it', async () => {
    const told: Told[] = [
      ['owner', 'PersonRegistered', 'os:ana', DAY],
      ['owner', 'KeyMade', 'os:ana', DAY],
      ['anna', 'PersonRegistered', 'owner', DAY],
      ['bea', 'PersonRegistered', 'owner', DAY],
    ];
    const both = async (log: readonly Told[]) => [
      await until(log, DAY),
      await until(log, DAY, { ownerId: 'anna', holderId: 'bea' }),
      await until(log, DAY, { ownerId: 'anna', holderId: 'owner' }),
    ];
    expect(await both(told)).toEqual([null, null, later(30)]);
    expect(await both([...told, ['owner', 'KeyMade', 'os:ana', DAY]])).toEqual([later(30), later(30), later(30)]);
  });

  it('one may hold keys of two, who rotated one of them and registered the other: until the first of both ends', async () => {
    const both = (told: readonly Told[], today: LocalDate) =>
      keyedByOne(logOf(told), ['bea', 'carl'], today, ({ occurredAt }: RecordedEvent) => occurredAt);
    const told: Told[] = [
      ['bea', 'PersonRegistered', 'owner', later(-90)],
      ['bea', 'KeyMade', 'anna', later(4)],
      ['carl', 'PersonRegistered', 'anna', DAY],
      ['carl', 'KeyMade', 'dora', later(5)],
      ['dora', 'KeyMade', 'eve', later(5)],
      ['bea', 'KeyMade', 'eve', later(3)],
    ];
    expect(await both(told, later(5))).toEqual([
      { holderId: 'eve', until: later(33) },
      { holderId: 'anna', until: later(30) },
    ]);
    expect(await both(told.slice(0, 4), later(5))).toEqual([{ holderId: 'anna', until: later(30) }]);
    expect(await both(told.slice(0, 4), later(30))).toEqual([]);
    // One of both is no third.
    expect(
      await both(
        [
          ['carl', 'KeyMade', 'bea', DAY],
          ['bea', 'KeyMade', 'bea', DAY],
        ],
        DAY,
      ),
    ).toEqual([]);
  });

  it('is a person who was registered, or stated anew; a key alone says nothing', async () => {
    const told: Told[] = [
      ['bea', 'PersonRegistered', 'owner', DAY],
      ['carl', 'PersonChanged', 'owner', DAY],
      ['dora', 'KeyMade', 'owner', DAY],
    ];
    const known = await Promise.all(['bea', 'carl', 'dora', 'nobody'].map((id) => isPerson(logOf(told), id)));
    expect(known).toEqual([true, true, false, false]);
  });
});
