import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import {
  EventStoreDbEventStore,
  START,
  StoredNames,
  type AppendRequest,
  type EventStore,
} from '@billtrail/event-store';
import type { BenchRow } from './bench-row.js';

const CALLERS = [1, 64, 256];
const MS = 2_000;
/** Streams that the second store does not know: more than it appends to. */
const UNKNOWN_STREAMS = 6_000;
const FOLLOWED = 30_000;
const EVENTS_AT_ONCE = 500;

const NAMES = new StoredNames([
  { type: 'TimeEntryLogged', storedName: 'time-entry-logged', schemaVersion: 1, personalFields: [] },
]);
const DATA = {
  workItemId: 'w-1',
  engineerId: 'engineer-1',
  workType: 'remote-support',
  minutes: 45,
  note: 'Replaced the switch in the comms room, moved the uplinks and checked the phones with reception.',
};
const CREDENTIALS = { username: 'nobody', password: 'none' };

interface Calls {
  readonly append: number;
  readonly read: number;
}

function request(stream: string, expected: AppendRequest['expected'], count = 1): AppendRequest {
  const commandId = randomUUID();
  return {
    stream,
    expected,
    events: Array.from({ length: count }, () => ({
      type: 'TimeEntryLogged',
      data: DATA,
      occurredAt: '2026-03-31T10:05:00+11:00',
    })),
    actor: { id: 'engineer-1', role: 'support' },
    commandId,
    correlationId: commandId,
    causationId: null,
    fingerprint: commandId,
  };
}

/** The adapter beside the bare client, on the protocol server: what it adds, not what a real server can do. */
export async function esdbBench(): Promise<BenchRow[]> {
  const thread = new Worker(new URL('./esdb-server.js', import.meta.url));
  const [{ url }] = (await once(thread, 'message')) as [{ readonly url: string }];
  const calls = async (): Promise<Calls> => {
    thread.postMessage('calls');
    const [told] = (await once(thread, 'message')) as [{ readonly calls: Calls }];
    return told.calls;
  };
  const bare = EventStoreDBClient.connectionString(url);
  const store = await EventStoreDbEventStore.open({ url, names: NAMES });
  const other = await EventStoreDbEventStore.open({ url, names: NAMES });
  const rows: BenchRow[] = [];
  try {
    // Once for the compiler.
    await appends(2, { bare, store, other, calls });
    for (const callers of CALLERS) rows.push(...(await appends(callers, { bare, store, other, calls })));
    rows.push(...(await following(bare, store)));
  } finally {
    await Promise.all([bare.dispose(), store.close(), other.close()]);
    await thread.terminate();
  }
  return rows;
}

interface Measured {
  readonly bare: EventStoreDBClient;
  readonly store: EventStore;
  /** Knows none of the streams that `store` has made. */
  readonly other: EventStore;
  readonly calls: () => Promise<Calls>;
}

async function appends(callers: number, { bare, store, other, calls }: Measured): Promise<BenchRow[]> {
  const plain = await perSecond(callers, (caller, turn) =>
    bare.appendToStream(`bare-${callers}-${caller}`, jsonEvent({ type: 'time-entry-logged', data: DATA }), {
      expectedRevision: turn === 0 ? NO_STREAM : BigInt(turn - 1),
      credentials: CREDENTIALS,
    }),
  );
  const before = await calls();
  const known = await perSecond(callers, (caller, turn) => store.append(request(`known${callers}-${caller}`, turn)));
  const between = await calls();
  const roundTrips = (between.append + between.read - before.append - before.read) / known.count;
  const streams = Array.from({ length: UNKNOWN_STREAMS }, (_, n) => `unknown${callers}-${n}`);
  for (let n = 0; n < streams.length; n += EVENTS_AT_ONCE)
    await Promise.all(streams.slice(n, n + EVENTS_AT_ONCE).map((stream) => store.append(request(stream, 'none'))));
  const unread = await calls();
  const unknown = await perSecond(callers, () => {
    const stream = streams.pop();
    return stream === undefined ? null : other.append(request(stream, 'any'));
  });
  const read = await calls();
  const tripsUnknown = (read.append + read.read - unread.append - unread.read) / unknown.count;
  const who = `${callers} caller${callers === 1 ? '' : 's'}`;
  return [
    { name: `EventStoreDB, bare client, ${who}`, value: plain.rate, unit: '/s', target: '', note: 'plain appends' },
    {
      name: `adapter, known streams, ${who}`,
      value: known.rate,
      unit: '/s',
      target: '>= 0.7 of bare',
      note: `${(known.rate / plain.rate).toFixed(2)} of bare; ${roundTrips.toFixed(2)} round trips an append`,
    },
    {
      name: `adapter, unknown streams, ${who}`,
      value: unknown.rate,
      unit: '/s',
      target: '>= 0.45 of bare',
      note: `${(unknown.rate / plain.rate).toFixed(2)} of bare; ${tripsUnknown.toFixed(2)} round trips an append`,
    },
  ];
}

async function following(bare: EventStoreDBClient, store: EventStore): Promise<BenchRow[]> {
  for (let n = 0; n < FOLLOWED; n += EVENTS_AT_ONCE) await store.append(request('followed-1', n, EVENTS_AT_ONCE));
  const head = await store.head();
  const [plain, counted] = await timed(async () => {
    let count = 0;
    const subscription = bare.subscribeToAll();
    for await (const { event } of subscription) {
      count += 1;
      if (Number(event?.position?.commit) === head.at) break;
    }
    await subscription.unsubscribe();
    return count;
  });
  const [adapted] = await timed(async () => {
    for await (const { next } of store.subscribe({ after: START, signal: new AbortController().signal }))
      if (next.is(head)) return;
  });
  const [paged] = await timed(async () => {
    for (let after = START; ;) {
      const { next, atEnd } = await store.readAll({ after, limit: 1_000 });
      if (atEnd) return;
      after = next;
    }
  });
  const rate = (ms: number) => (counted * 1_000) / ms;
  return [
    {
      name: 'EventStoreDB, bare subscription, catch-up',
      value: rate(plain),
      unit: 'events/s',
      target: '',
      note: `${counted} events`,
    },
    {
      name: 'adapter, catch-up',
      value: rate(adapted),
      unit: 'events/s',
      target: '>= 0.7 of bare',
      note: `${(plain / adapted).toFixed(2)} of bare`,
    },
    { name: 'adapter, read all', value: rate(paged), unit: 'events/s', target: '', note: '1,000 a slice' },
  ];
}

/** Each caller asks again when it was answered, until the time is over; null: there is nothing more to ask. */
async function perSecond(
  callers: number,
  ask: (caller: number, turn: number) => Promise<unknown> | null,
): Promise<{ readonly rate: number; readonly count: number }> {
  let count = 0;
  const since = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let turn = 0; performance.now() - since < MS; turn++) {
        const asked = ask(caller, turn);
        if (asked === null) return;
        await asked;
        count += 1;
      }
    }),
  );
  return { rate: (count * 1_000) / (performance.now() - since), count };
}

async function timed<Found>(work: () => Promise<Found>): Promise<readonly [ms: number, found: Found]> {
  const since = performance.now();
  const found = await work();
  return [performance.now() - since, found];
}
