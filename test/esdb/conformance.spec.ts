import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BACKWARDS,
  END,
  ErrorType,
  eventTypeFilter,
  EventStoreDBClient,
  FORWARDS,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  type AppendResult,
  type EventData,
  type Position,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { ClusterPreparation } from '@billtrail/event-store';
import { ProtocolServer } from './protocol-server.js';

/** A real server to be measured in place of ours. */
const { BILLTRAIL_TEST_ESDB: REAL, BILLTRAIL_TEST_ESDB_ADMIN: ADMINISTRATOR } = process.env;
/** What takes an administrator: `USER:PASSWORD`, of a real server with users. It is prepared for a log then, which changes its default rights. */
const secured = REAL === undefined || ADMINISTRATOR !== undefined ? describe : describe.skip;
/** What can be done to ours alone: it is stopped and started, or made a follower. */
const ours = REAL === undefined ? it : it.skip;

/** Reads a persistent subscription, says so, and stands still: arguments are connection string, group, user and password. */
const HOLDER = `const { EventStoreDBClient } = require(${JSON.stringify(createRequire(import.meta.url).resolve('@eventstore/db-client'))});
  const [url, group, username, password] = process.argv.slice(1);
  EventStoreDBClient.connectionString(url)
    .subscribeToPersistentSubscriptionToAll(group, { credentials: { username, password } })
    .on('confirmation', () => process.stdout.write('held')).resume()`;

const certificate = (name: string) => new URL(`./certificates/${name}`, import.meta.url).pathname;

const BYTES_OF_A_MEGABYTE = 1_000_000;

/**
 * What a server answers, each line as it was measured on EventStoreDB 23.10.8: ours is held to the real one by it. Credentials select the plain append, as the adapter does; on a secured server they
 * are those of the connection string.
 */
describe(`EventStoreDB, ${REAL === undefined ? 'as the protocol server of the tests speaks it' : 'a real one'}`, () => {
  let server: ProtocolServer | null = null;
  let client: EventStoreDBClient;
  let told: EventStoreDBClient;
  let url: string;
  beforeAll(async () => {
    server = REAL === undefined ? await ProtocolServer.start() : null;
    url = REAL ?? server!.url;
    client = EventStoreDBClient.connectionString(url);
    told = EventStoreDBClient.connectionString(`${url}${url.includes('?') ? '&' : '?'}throwOnAppendFailure=false`);
  });
  afterAll(async () => {
    await client.dispose();
    await told.dispose();
    await server?.stop();
  });

  const [, username = 'nobody', password = 'none'] = /^esdb[^:]*:\/\/([^:@/]+):([^@/]*)@/.exec(REAL ?? '') ?? [];
  const credentials = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const [admin = username, adminPassword = password] = ADMINISTRATOR?.split(':') ?? [];
  const administrator = { username: decodeURIComponent(admin), password: decodeURIComponent(adminPassword) };
  const newStream = () => `conformance-${randomUUID()}`;
  const event = (text: string, id: string = randomUUID()): EventData =>
    jsonEvent({ id, type: 'noted', data: { text } });
  const append = (
    stream: string,
    events: readonly EventData[],
    expectedRevision: bigint | 'no_stream' | 'any' = 'no_stream',
    by = client,
  ): Promise<AppendResult> => by.appendToStream(stream, [...events], { expectedRevision, credentials });
  const all = async (reading: AsyncIterable<ResolvedEvent>) => {
    const found = [];
    for await (const { event: one } of reading) if (one) found.push(one);
    return found;
  };
  const stored = (stream: string) => all(client.readStream(stream, { credentials }));
  const threeIn = async (stream: string) => {
    const events = ['1', '2', '3'].map((text) => event(text));
    return { events, answer: await append(stream, events) };
  };
  const readingAll = (fromPosition: Position, direction: typeof FORWARDS | typeof BACKWARDS, maxCount = 1) =>
    all(client.readAll({ fromPosition, direction, maxCount, credentials }));
  const beyond = async (): Promise<Position> => {
    const [last] = await all(client.readAll({ fromPosition: END, direction: BACKWARDS, maxCount: 1, credentials }));
    const at = (last?.position?.commit ?? 0n) + 1_000_000_000n;
    return { commit: at, prepare: at };
  };

  it('gives each event of an append a position, commit = prepare, and answers the last; a read gives the same', async () => {
    const stream = newStream();
    const { answer, events } = await threeIn(stream);
    expect(answer).toMatchObject({ success: true, nextExpectedRevision: 2n });
    const read = await stored(stream);
    expect(read.map(({ id, revision }) => [id, revision])).toEqual(events.map(({ id }, n) => [id, BigInt(n)]));
    expect(read.at(-1)?.position).toEqual(answer.position);
    const commits = read.map(({ position }) => position!.commit);
    expect(commits).toEqual(read.map(({ position }) => position!.prepare));
    expect(commits).toEqual([...new Set(commits)].sort((one, other) => (one < other ? -1 : 1)));
    expect((await readingAll(read[1]!.position!, FORWARDS))[0]).toMatchObject({ id: events[1]?.id, streamId: stream });
  });

  it('takes the same ids at an older revision as the same append, with its answer, and compares no content', async () => {
    const stream = newStream();
    const { answer, events } = await threeIn(stream);
    expect(await append(stream, events)).toEqual(answer);
    const other = events.map(({ id }) => event('another text', id));
    expect(await append(stream, other)).toEqual(answer);
    const [, second] = await stored(stream);
    expect(await append(stream, events.slice(0, 2))).toEqual({
      success: true,
      nextExpectedRevision: 1n,
      position: second?.position,
    });
    expect((await stored(stream)).map(({ data }) => data)).toEqual(events.map(({ data }) => data));
  });

  it('refuses them with one more, and other ids, by an error or as it is told', async () => {
    const stream = newStream();
    const { events } = await threeIn(stream);
    for (const others of [[...events, event('4')], [event('1')]]) {
      await expect(append(stream, others)).rejects.toMatchObject({ type: ErrorType.WRONG_EXPECTED_VERSION });
      expect(await append(stream, others, 'no_stream', told)).toMatchObject({
        success: false,
        nextExpectedRevision: 2n,
      });
    }
    await expect(append(stream, [event('x')], 7n)).rejects.toMatchObject({ type: ErrorType.WRONG_EXPECTED_VERSION });
    await expect(append(newStream(), [event('x')], 0n)).rejects.toMatchObject({
      type: ErrorType.WRONG_EXPECTED_VERSION,
    });
    expect(await stored(stream)).toHaveLength(3);
  });

  it('writes the same id again at the current revision', async () => {
    const stream = newStream();
    const { events } = await threeIn(stream);
    expect(await append(stream, [events[2]!], 2n)).toMatchObject({ success: true, nextExpectedRevision: 3n });
    expect((await stored(stream)).map(({ id }) => id)).toEqual([...events.map(({ id }) => id), events[2]?.id]);
  });

  it('takes the same ids at any revision as the same append while it runs', async () => {
    const stream = newStream();
    const events = [event('1'), event('2')];
    const answer = await append(stream, events, 'any');
    expect(await append(stream, events, 'any')).toEqual(answer);
    expect(await stored(stream)).toHaveLength(2);
  });

  ours('has forgotten them at any revision after a restart, and at an explicit one it has not', async () => {
    const [stream, loose] = [newStream(), newStream()];
    const { answer, events } = await threeIn(stream);
    await append(loose, events, 'any');
    await server!.stop();
    await server!.listen();
    const again = EventStoreDBClient.connectionString(url);
    expect(await append(stream, events, 'no_stream', again)).toEqual(answer);
    await append(loose, events, 'any', again);
    expect(await all(again.readStream(loose))).toHaveLength(6);
    await again.dispose();
    client = EventStoreDBClient.connectionString(url);
  });

  it('answers UNKNOWN to a read and to a subscription from a position that is no event, each time', async () => {
    const { answer } = await threeIn(newStream());
    const at = answer.position!.commit - 1n;
    const between = { commit: at, prepare: at };
    for (let time = 0; time < 2; time++) {
      await expect(readingAll(between, FORWARDS)).rejects.toMatchObject({ type: ErrorType.UNKNOWN });
      const following = all(client.subscribeToAll({ fromPosition: between, credentials }));
      await expect(following).rejects.toMatchObject({ type: ErrorType.UNKNOWN });
    }
  });

  it('reads nothing from beyond the end, and who follows from there is caught up at once, and told nothing of what is written below', async () => {
    const fromPosition = await beyond();
    expect(await readingAll(fromPosition, FORWARDS)).toEqual([]);
    const following = client.subscribeToAll({ fromPosition, credentials });
    const heard: unknown[] = [];
    following.on('data', (one) => heard.push(one));
    await new Promise((resolve) => following.once('caughtUp', resolve));
    const stream = newStream();
    const { answer } = await threeIn(stream);
    // Another one, which starts below, hears it: so it would have been told by now.
    for await (const { event: one } of client.subscribeToAll({
      fromPosition: (await stored(stream))[0]!.position!,
      credentials,
    }))
      if (one?.position?.commit === answer.position!.commit) break;
    expect(heard).toEqual([]);
    await following.unsubscribe();
  });

  it('reads backwards before a position, forwards from it on, and follows after it', async () => {
    const stream = newStream();
    const { events } = await threeIn(stream);
    const second = (await stored(stream))[1]!.position!;
    expect((await readingAll(second, BACKWARDS))[0]?.id).toBe(events[0]?.id);
    expect((await readingAll(second, FORWARDS))[0]?.id).toBe(events[1]?.id);
    const following = client.subscribeToAll({ fromPosition: second, credentials });
    const heard: unknown[] = [];
    following.on('data', ({ event: one }: ResolvedEvent) => heard.push(one?.id));
    await new Promise((resolve) => following.once('caughtUp', resolve));
    expect(heard[0]).toBe(events[2]?.id);
    await following.unsubscribe();
  });

  it('tells a stream that does not exist from one whose end is passed', async () => {
    await expect(stored(newStream())).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND });
    const stream = newStream();
    await threeIn(stream);
    expect(await all(client.readStream(stream, { fromRevision: 3n, credentials }))).toEqual([]);
    const backwards = client.readStream(stream, { fromRevision: END, direction: BACKWARDS, maxCount: 1, credentials });
    expect((await all(backwards)).map(({ revision }) => revision)).toEqual([2n]);
  });

  it('refuses by name what is larger than any server takes', async () => {
    const large = Array.from({ length: 17 }, () => event('x'.repeat(BYTES_OF_A_MEGABYTE)));
    const stream = newStream();
    await expect(append(stream, large)).rejects.toMatchObject({ type: ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED });
    await expect(stored(stream)).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND });
  });

  describe('a persistent subscription to all for one reader, whose filter matches nothing,', () => {
    const settings = persistentSubscriptionToAllSettingsFromDefaults({ maxSubscriberCount: 1, startFrom: END });
    const filter = eventTypeFilter({ prefixes: ['nobody-writes-this'] });
    const newGroup = async () => {
      const group = `conformance-${randomUUID()}`;
      await client.createPersistentSubscriptionToAll(group, settings, { filter, credentials: administrator });
      return group;
    };
    const reading = (group: string) => {
      const subscription = client.subscribeToPersistentSubscriptionToAll(group, { credentials });
      const confirmed = new Promise<void>((resolve, reject) => {
        subscription.on('error', reject).once('confirmation', resolve).resume();
      });
      return { subscription, confirmed };
    };
    /** Asked again until the place is free; whatever else is told than that it is taken fails. */
    const afterTheOther = async (group: string) => {
      for (;;) {
        const { subscription, confirmed } = reading(group);
        const refused = await confirmed.then(
          () => null,
          (error: unknown) => error,
        );
        if (refused === null) return subscription;
        expect(refused).toMatchObject({ type: ErrorType.MAXIMUM_SUBSCRIBERS_REACHED });
      }
    };

    it('is made once, told, and made another', async () => {
      const group = await newGroup();
      await expect(
        client.createPersistentSubscriptionToAll(group, settings, { filter, credentials: administrator }),
      ).rejects.toMatchObject({ type: ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS });
      const info = () => client.getPersistentSubscriptionToAllInfo(group, { credentials: administrator });
      expect(await info()).toMatchObject({ groupName: group, settings: { maxSubscriberCount: 1 }, connections: [] });
      await client.updatePersistentSubscriptionToAll(
        group,
        { ...settings, maxSubscriberCount: 2 },
        { credentials: administrator },
      );
      expect(await info()).toMatchObject({ settings: { maxSubscriberCount: 2 } });
    });

    it('that nobody made is not read, told or changed', async () => {
      const group = `conformance-${randomUUID()}`;
      const missing = { type: ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST };
      await expect(reading(group).confirmed).rejects.toMatchObject(missing);
      await expect(
        client.getPersistentSubscriptionToAllInfo(group, { credentials: administrator }),
      ).rejects.toMatchObject(missing);
      await expect(
        client.updatePersistentSubscriptionToAll(group, settings, { credentials: administrator }),
      ).rejects.toMatchObject(missing);
    });

    it('refuses a second reader, tells the first of no event, and is free once that has left', async () => {
      const group = await newGroup();
      const first = reading(group);
      const heard: unknown[] = [];
      first.subscription.on('data', (one) => heard.push(one));
      await first.confirmed;
      await threeIn(newStream());
      await expect(reading(group).confirmed).rejects.toMatchObject({ type: ErrorType.MAXIMUM_SUBSCRIBERS_REACHED });
      await first.subscription.unsubscribe();
      await (await afterTheOther(group)).unsubscribe();
      expect(heard).toEqual([]);
    });

    it('is free soon after the process that reads it is killed', async () => {
      const group = await newGroup();
      const { username: user, password: word } = credentials;
      const holder = spawn(process.execPath, ['-e', HOLDER, url, group, user, word], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => holder.stdout.once('data', resolve));
      await expect(reading(group).confirmed).rejects.toMatchObject({ type: ErrorType.MAXIMUM_SUBSCRIBERS_REACHED });
      const ended = new Promise((resolve) => holder.on('exit', resolve));
      holder.kill('SIGKILL');
      await ended;
      const since = performance.now();
      await (await afterTheOther(group)).unsubscribe();
      expect(performance.now() - since).toBeLessThan(5_000);
    });
  });

  secured('the user of a log for which the cluster was prepared', () => {
    const OWN = { username: `billtrail_${randomUUID().slice(0, 8)}`, password: randomUUID() };
    const own = { credentials: OWN };
    let atSecured: ProtocolServer | null = null;
    let theirs: EventStoreDBClient;
    let asAdministrator = administrator;
    beforeAll(async () => {
      let at = REAL?.replace(/^(esdb[^:]*:\/\/)([^@/]*@)?/, `$1${OWN.username}:${OWN.password}@`);
      if (at === undefined) {
        atSecured = await ProtocolServer.start({
          secured: {
            certificate: readFileSync(certificate('server.pem')),
            key: readFileSync(certificate('server.key')),
          },
        });
        asAdministrator = { username: 'admin', password: 'changeit' };
        atSecured.users.set('admin', { password: 'changeit', groups: ['$admins'] });
        at = `esdb://${OWN.username}:${OWN.password}@localhost:${atSecured.port}?tlsCAFile=${certificate('ca.pem')}`;
      }
      const preparation = ClusterPreparation.of(at, asAdministrator);
      await preparation.carryOut();
      expect((await preparation.steps()).map(({ isDone }) => isDone)).toEqual([true, true, true, true]);
      await preparation.close();
      theirs = EventStoreDBClient.connectionString(at);
    });
    afterAll(async () => {
      await theirs.dispose();
      await atSecured?.stop();
    });
    const denied = { type: ErrorType.ACCESS_DENIED };

    it('appends, reads, follows all, and takes the lease', async () => {
      const stream = newStream();
      const { position } = await theirs.appendToStream(stream, event('1'), { expectedRevision: 'no_stream', ...own });
      const reading = { fromPosition: position!, direction: FORWARDS, maxCount: 1, ...own } as const;
      expect((await all(theirs.readAll(reading)))[0]).toMatchObject({ streamId: stream });
      const following = theirs.subscribeToAll({ fromPosition: position!, ...own });
      await new Promise((resolve) => following.once('caughtUp', resolve).resume());
      await following.unsubscribe();
      const lease = theirs.subscribeToPersistentSubscriptionToAll('billtrail-lease', own);
      await new Promise((resolve, reject) => lease.on('error', reject).once('confirmation', resolve).resume());
      await lease.unsubscribe();
    });

    it('may not delete, tombstone or truncate, nor say anything of a stream, of all, or of defaults, nor make subscriptions', async () => {
      const stream = newStream();
      await theirs.appendToStream(stream, event('1'), { expectedRevision: 'no_stream', ...own });
      const settings = persistentSubscriptionToAllSettingsFromDefaults();
      for (const refused of [
        () => theirs.deleteStream(stream, own),
        () => theirs.tombstoneStream(stream, own),
        () => theirs.setStreamMetadata(stream, { truncateBefore: 1 }, own),
        () => theirs.setStreamMetadata(stream, { acl: { deleteRoles: [OWN.username] } }, own),
        () => theirs.setStreamMetadata('$all', { acl: { readRoles: ['$all'] } }, own),
        () => theirs.appendToStream('$settings', event('x'), own),
        () => theirs.createPersistentSubscriptionToAll(`conformance-${randomUUID()}`, settings, own),
      ])
        await expect(refused()).rejects.toMatchObject(denied);
      expect(await all(theirs.readStream(stream, own))).toHaveLength(1);
    });

    it('is kept apart from whoever nobody knows', async () => {
      const options = { credentials: { username: randomUUID(), password: 'x' }, maxCount: 1 };
      await expect(all(theirs.readAll(options))).rejects.toMatchObject(denied);
      await expect(theirs.appendToStream(newStream(), event('x'), options)).rejects.toMatchObject(denied);
    });
  });

  ours('refuses to read as the leader where another one leads, and names it', async () => {
    const stream = newStream();
    await threeIn(stream);
    server!.leader = { host: '127.0.0.1', port: server!.port };
    const reading = all(client.readStream(stream, { requiresLeader: true }));
    await expect(reading).rejects.toMatchObject({
      type: ErrorType.NOT_LEADER,
      leader: { address: '127.0.0.1', port: server!.port },
    });
    expect(await stored(stream)).toHaveLength(3);
    server!.leader = null;
  });
});
