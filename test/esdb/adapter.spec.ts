import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EventStoreDbEventStore,
  keyStream,
  OutcomeUnknown,
  START,
  StoredNames,
  WrongExpectedVersion,
  type AllSlice,
  type AppendRequest,
  type EventStore,
} from '@billtrail/event-store';
import { KeysInMemory } from '@billtrail/event-store/contract-suite';
import { LogInMemory } from './log-in-memory.js';
import { ProtocolServer, type ProtocolServerOptions } from './protocol-server.js';

const NAMES = new StoredNames([
  { type: 'NoteAdded', storedName: 'note-added', schemaVersion: 1, personalFields: ['text'] },
  { type: 'TimeEntryLogged', storedName: 'time-entry-logged', schemaVersion: 1, personalFields: [] },
]);
const AT = '2026-03-02T09:00:00Z';

const time = (minutes: number) => ({ type: 'TimeEntryLogged', data: { minutes }, occurredAt: AT });

function request(stream: string, commandId: string, more: Partial<AppendRequest> = {}): AppendRequest {
  const events = [time(commandId.length)];
  return {
    stream,
    expected: 'any',
    events,
    actor: { id: 'user-7', role: 'support' },
    commandId,
    correlationId: commandId,
    causationId: null,
    fingerprint: `of ${commandId}`,
    ...more,
  };
}

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url).pathname;

describe('the log in an EventStoreDB', () => {
  const opened: EventStore[] = [];
  let server: ProtocolServer;
  let store: EventStore;
  const open = async (more: Partial<Parameters<typeof EventStoreDbEventStore.open>[0]> = {}) => {
    const one = await EventStoreDbEventStore.open({ url: server.url, names: NAMES, comparesClock: false, ...more });
    opened.push(one);
    return one;
  };
  const start = async (options?: ProtocolServerOptions) => {
    server = await ProtocolServer.start(options);
  };
  beforeEach(async () => {
    await start();
    store = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await server.stop();
  });
  /** What was recorded in the streams of the log, by what holds it. */
  const recorded = (stream: string) => server.log.readStream(`billtrail.${stream}`, 'start', 'forwards', 1_000) ?? [];
  const following = (from: EventStore, signal = new AbortController().signal) =>
    from.subscribe({ after: START, signal })[Symbol.asyncIterator]();
  const nextOf = async (reading: AsyncIterator<AllSlice>) => ((await reading.next()) as { value: AllSlice }).value;
  const minutesIn = ({ events }: AllSlice) => events.map(({ data }) => (data as { minutes: number }).minutes);

  describe('appends whose answer is lost', () => {
    it('are sent again, and have one effect; so are those that were not carried out', async () => {
      await store.append(request('ticket-1', 'a'));
      server.loseAnswers(3);
      const appended = await store.append(request('ticket-1', 'bb', { events: [time(1), time(2)] }));
      expect(appended).toMatchObject({ version: 3, repeated: false });
      expect(await store.head()).toEqual(appended.position);
      expect(recorded('ticket-1')).toHaveLength(3);
      server.refuseCalls(2);
      expect(await store.append(request('ticket-1', 'ccc'))).toMatchObject({ version: 4, repeated: false });
      expect(recorded('ticket-1')).toHaveLength(4);
      server.loseAnswers(1);
      const claimed = await store.append(request('ticket-2', 'c'), [{ key: keyStream('ana', 'k'), fingerprint: 'f' }]);
      expect(claimed).toMatchObject({ version: 1, repeated: false });
      expect(recorded(keyStream('ana', 'k'))).toHaveLength(1);
    });

    it('are looked for, or told as unknown where it stays away, and the same command sent again has one effect', async () => {
      const hasty = await open({ patienceMs: 0 });
      server.loseAnswers(1);
      const { log } = server;
      const write = log.append.bind(log);
      // Nor can it be looked for, the first time.
      log.append = (...asked) => {
        server.refuseCalls(1);
        log.append = write;
        return write(...asked);
      };
      await expect(hasty.append(request('ticket-1', 'a'))).rejects.toEqual(new OutcomeUnknown(['a']));
      expect(await hasty.append(request('ticket-1', 'a'))).toMatchObject({ version: 1, repeated: true });
      expect(recorded('ticket-1')).toHaveLength(1);
      server.loseAnswers(1);
      expect(await hasty.append(request('ticket-1', 'b'))).toMatchObject({ version: 2, repeated: false });
    });

    it('never make a part of a stream of what others read meanwhile by the client that is left', async () => {
      const many = Array.from({ length: 200 }, (_, n) => time(n));
      await store.append(request('ticket-1', 'a', { events: many }));
      for (let round = 0; round < 2; round++) {
        const reading = Array.from({ length: 5 }, () => store.readStream('ticket-1'));
        server.loseAnswers(1);
        await store.append(request('ticket-2', `b${round}`));
        for (const { version, events } of await Promise.all(reading))
          expect([version, events.length]).toEqual([200, 200]);
      }
    });

    it('that come late find what others appended meanwhile: never twice, never over it', async () => {
      const other = await open();
      await store.append(request('ticket-1', 'a'));
      const release = server.holdAppends();
      const late = store.append(request('ticket-1', 'b', { expected: 1 }));
      const winner = other.append(request('ticket-1', 'c', { expected: 1 }));
      release();
      const outcomes = await Promise.allSettled([late, winner]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(recorded('ticket-1')).toHaveLength(2);
    });
  });

  describe('what is known of a stream', () => {
    it('saves the read before an append, and is never taken for what is there', async () => {
      const other = await open();
      await store.load('ticket-1', 'a');
      await other.load('ticket-1', 'a');
      const before = { ...server.calls };
      for (let n = 0; n < 5; n++) await store.append(request('ticket-1', `a${n}`));
      expect(server.calls).toEqual({ ...before, append: before.append + 5 });
      // The other one still believes that there is nothing: it learns of each command before it answers.
      expect(await other.append(request('ticket-1', 'a3'))).toMatchObject({ version: 4, repeated: true });
      expect(await other.append(request('ticket-1', 'b'))).toMatchObject({ version: 6, repeated: false });
      expect(await store.append(request('ticket-1', 'b'))).toMatchObject({ version: 6, repeated: true });
      await expect(store.append(request('ticket-1', 'c', { expected: 5 }))).rejects.toEqual(
        new WrongExpectedVersion('ticket-1', 5, 6),
      );
      // Nor is what it believes a refusal: the version that is asked for may be there by now.
      await other.append(request('ticket-1', 'd'));
      expect(await store.append(request('ticket-1', 'e', { expected: 7 }))).toMatchObject({ version: 8 });
      expect(recorded('ticket-1')).toHaveLength(8);
    });

    it('is thrown away where the server was put back behind it', async () => {
      for (const id of ['a', 'b', 'c']) await store.append(request('ticket-1', id));
      await server.stop();
      server.log = new LogInMemory();
      await server.listen();
      expect(await store.append(request('ticket-1', 'b'))).toMatchObject({ version: 1, repeated: false });
      expect((await store.load('ticket-1', 'a')).done).toBeNull();
    });
  });

  describe('who follows', () => {
    it('misses nothing and gets nothing twice over drops, cuts and a reader that is too slow', async () => {
      await store.close();
      await server.stop();
      await start({ mostBehind: 20 });
      store = await open();
      const writer = await open();
      const reading = following(store);
      const heard: number[] = [];
      const hear = async (to: number) => {
        while (heard.length < to) heard.push(...minutesIn(await nextOf(reading)));
      };
      for (let n = 0; n < 60; n++) {
        await writer.append(request(`ticket-${n % 3}`, `c${n}`, { events: [time(n)] }));
        if (n % 20 === 5) server.dropSubscriptions();
        if (n % 20 === 10) await hear(n);
        if (n === 35) {
          await server.stop();
          await server.listen();
        }
      }
      await hear(60);
      expect(heard).toEqual(Array.from({ length: 60 }, (_, n) => n));
    });

    it('is not given what lies beside the log: of other programs, and of the engine', async () => {
      const beside = await open({ url: `${server.url}&streamPrefix=other` });
      for (let n = 0; n < 20; n++) await beside.append(request('ticket-1', `x${n}`));
      const { position } = await store.append(request('ticket-1', 'a'));
      const slice = await nextOf(following(store));
      expect(slice).toMatchObject({ next: position, atEnd: true, events: [{ stream: 'ticket-1', commandId: 'a' }] });
      for (let n = 0; n < 40; n++) await beside.append(request('ticket-1', `y${n}`));
      expect(await store.head()).toEqual(position);
      expect(await store.readAll({ after: START, limit: 1 })).toMatchObject({ next: position, atEnd: true });
    });
  });

  it('reads as the leader: where another one leads, it goes there', async () => {
    const leading = await ProtocolServer.start();
    leading.log = server.log;
    await store.append(request('ticket-1', 'a'));
    server.leader = { host: '127.0.0.1', port: leading.port };
    expect(await store.readStream('ticket-1')).toMatchObject({ version: 1 });
    expect(leading.calls.read).toBeGreaterThan(0);
    await leading.stop();
  });

  it('never batches appends, with or without users', async () => {
    await store.append(request('ticket-1', 'a'));
    expect(server.calls).toMatchObject({ append: 1, batchAppend: 0 });
  });

  it('refuses by name what this server takes less of than others', async () => {
    await server.stop();
    await start({ maxAppendBytes: 1_000 });
    store = await open();
    const large = { type: 'TimeEntryLogged', data: { minutes: 1, x: 'x'.repeat(2_000) }, occurredAt: AT };
    await expect(store.append(request('ticket-1', 'a', { events: [large] }))).rejects.toMatchObject({
      name: 'TooLarge',
      message: expect.stringContaining('Maximum Append Size of 1000'),
    });
  });

  it('an event of another program in a stream of the log is told as unknown, and no stream with it is read', async () => {
    const event = { id: randomUUID(), type: 'strange', contentType: 'application/json', metadata: new Uint8Array() };
    server.log.append('billtrail.ticket-1', 'any', [{ ...event, data: Buffer.from('{"a":1}') }]);
    const { events } = await store.readAll({ after: START, types: ['TimeEntryLogged'], limit: 5 });
    expect(events).toMatchObject([{ stream: 'ticket-1', unknown: expect.stringContaining('another program') }]);
    await expect(store.readStream('ticket-1')).rejects.toMatchObject({ name: 'UnknownStoredEvent' });
  });

  it('personal fields are sealed, and a repeat is known by a keyed fingerprint', async () => {
    const keys = new KeysInMemory();
    store = await open({ keys });
    const note = { type: 'NoteAdded', data: { text: 'Ms Bell' }, occurredAt: AT };
    const first = await store.append(request('ticket-1', 'a', { events: [note] }));
    const held = recorded('ticket-1').map(({ data, metadata }) => Buffer.concat([data, metadata]).toString());
    expect(held.join()).not.toMatch(/Ms Bell|of a/);
    store = await open({ keys });
    expect(await store.append(request('ticket-1', 'a', { events: [note] }))).toEqual({ ...first, repeated: true });
    expect(await store.append(request('ticket-1', 'a', { events: [time(1)] }))).toEqual({ ...first, repeated: true });
    await expect(store.append(request('ticket-1', 'a', { fingerprint: 'x' }))).rejects.toMatchObject({
      name: 'CommandIdReused',
    });
    expect((await store.readStream('ticket-1')).events[0]?.data).toEqual(note.data);
  });

  describe('a server that can not be used is named', () => {
    const refusal = async (url: string): Promise<unknown> => {
      const failed: unknown = await open({ url, patienceMs: 0 }).catch((error: unknown) => error);
      // Nothing secret, wherever it is printed.
      expect(inspect(failed, { depth: 10 })).not.toContain('s3cret');
      expect(String(failed)).toContain('EventStoreDB at ');
      return failed;
    };
    const secured = async () => {
      await server.stop();
      await start({
        secured: { certificate: readFileSync(certificate('server.pem')), key: readFileSync(certificate('server.key')) },
      });
      server.users.set('billtrail', { password: 's3cret', groups: ['$admins'] });
      server.users.set('stranger', { password: 's3cret', groups: [] });
    };
    const to = (user: string, file = 'ca.pem') =>
      `esdb://${user}@localhost:${server.port}?tlsCAFile=${certificate(file)}`;

    it('not at all there, and a cluster without a leader', async () => {
      const gone = server.url.replace(String(server.port), '1');
      expect(await refusal(gone)).toMatchObject({ problem: 'unreachable' });
      expect(await refusal(`esdb://127.0.0.1:1,127.0.0.1:2?tls=false&maxDiscoverAttempts=1`)).toMatchObject({
        problem: 'unreachable',
      });
      server.isLeaderless = true;
      const cluster = `esdb://127.0.0.1:${server.port},127.0.0.1:${server.port}?tls=false&maxDiscoverAttempts=1`;
      expect(await refusal(cluster)).toMatchObject({ problem: 'no-leader' });
    });

    it('by certificate, user and right', async () => {
      await secured();
      expect(await refusal(to('billtrail:s3cret', 'other.pem'))).toMatchObject({ problem: 'untrusted-certificate' });
      expect(await refusal(to('billtrail:wr0ng'))).toMatchObject({ problem: 'wrong-password' });
      expect(await refusal(to('stranger:s3cret'))).toMatchObject({ problem: 'not-allowed' });
      expect(await refusal(`esdb://localhost:${server.port}?tls=false`)).toMatchObject({ problem: 'tls-required' });
      store = await open({ url: to('billtrail:s3cret') });
      await store.append(request('ticket-1', 'a'));
      expect(server.calls.batchAppend).toBe(0);
      expect(inspect(store, { depth: 10 })).not.toContain('s3cret');
    });

    it('and the reads of one that went away, until it is back', async () => {
      const hasty = await open({ patienceMs: 0 });
      await hasty.append(request('ticket-1', 'a'));
      await server.stop();
      await expect(hasty.readStream('ticket-1')).rejects.toMatchObject({ problem: 'unreachable' });
      await expect(hasty.append(request('ticket-1', 'b'))).rejects.toMatchObject({ name: expect.any(String) });
      await server.listen();
      expect(await (await open()).readStream('ticket-1')).toMatchObject({ version: 1 });
    });

    it('a connection string that says nothing to connect to, without repeating it', async () => {
      for (const url of ['esdb://', 'esdb://a:s3cret@h?streamPrefix=a-b', 'postgres://a:s3cret@h'])
        await expect(open({ url })).rejects.toMatchObject({
          problem: 'not-a-store',
          message: expect.not.stringContaining('s3cret'),
        });
    });
  });
});
