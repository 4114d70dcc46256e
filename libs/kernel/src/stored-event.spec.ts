import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from './event.js';
import { storedEventTypes, type TextPath } from './stored-event.js';

interface Visit {
  readonly guest: { readonly name: string | null; readonly phone?: string };
  readonly rooms: readonly { readonly note: string; readonly keys: readonly string[] }[];
  readonly kind: 'short' | 'long';
  readonly nights: number;
}
type Visited = DomainEvent<'Visited', Visit>;
type Left = DomainEvent<'Left', { readonly reason: string; readonly number: number }>;
type Swept = DomainEvent<'Swept', { readonly floor: number }>;

/** Each line marked so is a mistake that does not compile: the check of types fails where one of them becomes right. */
describe('the stored table of a lib', () => {
  const visited = { storedName: 'visited', personalFields: ['guest.name', 'guest.phone', 'rooms[].note'] } as const;
  const left = { storedName: 'left', personalFields: ['reason'] } as const;
  const swept = { storedName: 'swept', personalFields: [] } as const;
  const tableOf = storedEventTypes<Visited | Left | Swept>();

  it('lists each type with its stored name, its schema version and its personal fields', () => {
    expect(
      tableOf({
        Visited: { ...visited, schemaVersion: 2, upcasters: { 1: (data) => data } },
        Left: left,
        Swept: swept,
      }),
    ).toEqual([
      { type: 'Visited', ...visited, schemaVersion: 2, upcasters: { 1: expect.any(Function) } },
      { type: 'Left', ...left, schemaVersion: 1 },
      { type: 'Swept', ...swept, schemaVersion: 1 },
    ]);
  });

  it('reaches the texts of data by their paths, also in lists', () => {
    const paths: readonly TextPath<Visit>[] = ['guest.name', 'guest.phone', 'rooms[].note', 'rooms[].keys[]'];
    // @ts-expect-error a code of a closed list is no text
    const code: TextPath<Visit> = 'kind';
    // @ts-expect-error neither is a number
    const number: TextPath<Visit> = 'nights';
    // @ts-expect-error a list is looked through by []
    const list: TextPath<Visit> = 'rooms.note';
    expect([...paths, code, number, list]).toHaveLength(7);
  });

  it('has every type, and every type its list', () => {
    // @ts-expect-error Swept is missing
    expect(tableOf({ Visited: visited, Left: left })).toHaveLength(2);
    // @ts-expect-error Swept has no list
    expect(tableOf({ Visited: visited, Left: left, Swept: { storedName: 'swept' } })).toHaveLength(3);
  });

  it('names no field that is not there, and forgets none with a personal name', () => {
    // @ts-expect-error a floor is no text
    tableOf({ Visited: visited, Left: left, Swept: { storedName: 'swept', personalFields: ['floor'] } });
    // @ts-expect-error there is no such field
    tableOf({ Visited: visited, Left: left, Swept: { storedName: 'swept', personalFields: ['sweptBy'] } });
    // @ts-expect-error somebody typed the reason
    const forgotten = tableOf({ Visited: visited, Left: { storedName: 'left', personalFields: [] }, Swept: swept });
    expect(forgotten).toHaveLength(3);
  });
});
