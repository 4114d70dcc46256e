import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UnknownStoredEvent, type EventStore, type KeysByStream, type StreamName } from '@billtrail/event-store';
import { ReadDatabase } from '../database/read-database.js';
import { CLIENT_STREAMS } from '../client-streams/tables.js';
import { healedOf } from '../runner/opening.js';
import { guarded, pageWithoutParked, refuseIfAnswerParked, refuseIfParked, withoutParked } from './guards.js';
import { Known } from './known.js';
import { NotKnown } from './not-known.js';
import type { About } from './parked.js';
import { ParkedStreams } from './parked-streams.js';

/** Streams whose keys are lost, in each of two read models. */
const LOST = 10_000;
const CLIENTS = 100;
const MODELS = ['rating-facts', 'ticket-timeline'];
const KNOWN_CLIENT = 'client-known';
/** More than one page has, each of another ticket. */
const ITEMS = 300;

const parkedOf = (n: number) => ({
  id: `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`,
  stream: `ticket-T${n}`,
  version: 1,
  position: n + 1,
  schemaVersion: 1,
});

describe('ten thousand streams whose keys are lost', () => {
  let database: ReadDatabase;
  let parked: ParkedStreams;
  beforeEach(() => {
    database = new ReadDatabase(':memory:');
    for (const sql of CLIENT_STREAMS.created) database.exec(sql);
    parked = new ParkedStreams(database);
    const tell = database.insert(CLIENT_STREAMS);
    database.transaction(() => {
      for (let n = 0; n < LOST; n++) {
        const event = { ...parkedOf(n), type: 'TicketRequested', sealed: true };
        for (const model of MODELS) parked.park(model, event as never, 'sealed', 'no key');
        tell({ clientId: `c${n % CLIENTS}`, stream: event.stream, firstPosition: 1 });
      }
      tell({ clientId: KNOWN_CLIENT, stream: 'ticket-fine', firstPosition: 1 });
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    database.close();
  });

  /** How often a prepared statement was carried out. */
  function statements(): () => number {
    const prepared = Object.getPrototypeOf(database.statement('SELECT 1')) as Record<'all' | 'get', () => unknown>;
    const spies = [jest.spyOn(prepared, 'all'), jest.spyOn(prepared, 'get')];
    return () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  }
  const items: readonly About[] = Array.from({ length: ITEMS }, (_, n) => ({
    clientId: n === 0 ? KNOWN_CLIENT : `c${n}`,
    ticketId: n === 0 ? 'fine' : n < CLIENTS ? `T${n}` : `N${n}`,
  }));
  const lists = {
    all: () => Promise.resolve(items),
    page: (_filter: About) => Promise.resolve({ items, nextCursor: null }),
    one: (clientId: string) => Promise.resolve(clientId),
  };
  const asked = () =>
    guarded(lists, new Known(database).of('rating-facts'), {
      all: withoutParked(),
      page: pageWithoutParked((filter) => filter),
      one: refuseIfParked((clientId) => ({ clientId })),
    });

  it('cost an answer a fixed number of statements, whatever it lists', async () => {
    const count = statements();
    expect(await asked().all()).toHaveLength(1 + ITEMS - CLIENTS);
    expect(await asked().page({})).toHaveProperty('notKnown.length', CLIENTS);
    expect(await asked().one(KNOWN_CLIENT)).toBe(KNOWN_CLIENT);
    await expect(asked().one('c1')).rejects.toThrow(NotKnown);
    const found = guarded(lists, new Known(database).of('gaps'), {
      all: refuseIfAnswerParked(),
      page: pageWithoutParked((filter) => filter),
      one: refuseIfParked((clientId) => ({ clientId })),
    });
    expect(await found.all()).toHaveLength(ITEMS);
    expect(count()).toBeLessThanOrEqual(5 * 5);
  });

  it('are looked through again only where rows were written since', () => {
    const known = new Known(database);
    expect(known.now()).toBe(known.now());
    parked.park('gaps', { ...parkedOf(LOST), type: 'TicketRequested', sealed: true } as never, 'sealed', 'no key');
    expect(() => known.now().check()).toThrow(NotKnown);
  });

  it('are told in short, and page by page', () => {
    const known = new Known(database);
    const count = statements();
    expect(known.parkedInShort()).toMatchObject({ streams: LOST, cause: expect.stringContaining('vault') });
    const first = known.parkedStreams({ limit: 3 });
    expect(first.items).toMatchObject([
      { stream: 'ticket-T0', clients: ['c0'], readModels: MODELS, events: 1 },
      { stream: 'ticket-T1' },
      { stream: 'ticket-T2' },
    ]);
    expect(known.parkedStreams({ limit: 1, cursor: first.nextCursor! }).items).toMatchObject([{ stream: 'ticket-T3' }]);
    expect(count()).toBeLessThanOrEqual(2 + 2 * 3);
  });

  describe('at the start', () => {
    const asks = { keys: 0, streams: 0 };
    beforeEach(() => void Object.assign(asks, { keys: 0, streams: 0 }));
    const vault = (...held: readonly StreamName[]) => ({
      keysOf: (): KeysByStream => {
        asks.keys++;
        return new Map(held.map((stream) => [stream, { keys: [Buffer.of(1)], lostUpTo: 0 }]));
      },
    });
    const store = (isRead: (stream: StreamName) => boolean) =>
      ({
        readStream: async (stream: StreamName) => {
          asks.streams++;
          if (!isRead(stream))
            throw new UnknownStoredEvent(stream, 'no key', stream === 'gap-newer' ? 'newer' : 'sealed');
          return { stream, version: 1, events: [] };
        },
      }) as unknown as EventStore;

    it('are one question for the vault, and none for the log', async () => {
      expect(
        await healedOf(
          store(() => false),
          parked,
          vault(),
        ),
      ).toEqual([]);
      expect(asks).toEqual({ keys: 1, streams: 0 });
    });

    it('are read where the vault has their keys again, until no read model is left', async () => {
      const fitting = 'ticket-T9';
      const healed = await healedOf(
        store((stream) => stream === fitting),
        parked,
        vault('ticket-T1', fitting),
      );
      expect(new Set(healed)).toEqual(new Set(MODELS));
      expect(asks).toEqual({ keys: 1, streams: 2 });
    });

    it('are no reason to keep what an earlier version passed over: those read models are filled anew', async () => {
      database.exec("CREATE TABLE parked_events (model TEXT); INSERT INTO parked_events VALUES ('sla')");
      expect(
        await healedOf(
          store(() => false),
          parked,
          vault(),
        ),
      ).toEqual(['sla']);
      database.exec('DROP TABLE parked_events');
      expect(
        await healedOf(
          store(() => false),
          parked,
          vault(),
        ),
      ).toEqual([]);
    });

    it('stay parked where an event of a newer version is known now, which is read once for all of its kind', async () => {
      for (let n = 0; n < LOST; n++)
        parked.park(
          'gaps',
          { ...parkedOf(n), stream: n === 0 ? 'gap-newer' : `gap-newer${n}`, type: 'unknown:x' } as never,
          'unknown',
          'x',
        );
      expect(
        await healedOf(
          store(() => false),
          parked,
          vault(),
        ),
      ).toEqual([]);
      expect(
        await healedOf(
          store((stream) => stream === 'gap-newer'),
          parked,
          vault(),
        ),
      ).toEqual(['gaps']);
      expect(asks).toEqual({ keys: 2, streams: 2 });
    });
  });
});
