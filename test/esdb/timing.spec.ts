import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EventStoreDbEventStore,
  OutcomeUnknown,
  StoredNames,
  type AppendRequest,
  type EventStore,
} from '@billtrail/event-store';
import { LogInMemory, type HeldEvent } from './log-in-memory.js';
import { ProtocolServer } from './protocol-server.js';

const NAMES = new StoredNames([
  { type: 'TimeEntryLogged', storedName: 'time-entry-logged', schemaVersion: 1, personalFields: [] },
]);

function request(commandId: string, more: Partial<AppendRequest> = {}): AppendRequest {
  return {
    stream: 'ticket-1',
    expected: 'any',
    events: [{ type: 'TimeEntryLogged', data: { minutes: 5 }, occurredAt: '2026-03-02T09:00:00Z' }],
    actor: { id: 'user-7', role: 'support' },
    commandId,
    correlationId: commandId,
    causationId: null,
    fingerprint: `of ${commandId}`,
    ...more,
  };
}

let server: ProtocolServer;
const opened: EventStore[] = [];
beforeEach(async () => {
  server = await ProtocolServer.start();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await server.stop();
});
const open = async (more: Partial<Parameters<typeof EventStoreDbEventStore.open>[0]> = {}) => {
  const store = await EventStoreDbEventStore.open({ url: server.url, names: NAMES, ...more });
  opened.push(store);
  return store;
};
const recorded = (stream = 'ticket-1') =>
  server.log.readStream(`billtrail.${stream}`, 'start', 'forwards', 1_000) ?? [];

describe('a decision that may wait two seconds to be written', () => {
  /** Time passes with each failure alone, so that none is in time to be sent again. */
  let now = 0;
  const slow = async () => {
    now = 0;
    const store = await open({ tick: () => now, comparesClock: false });
    await store.append(request('first'));
    const late = (commandId: string) => {
      const appended = store.append(request(commandId, { maxWaitMs: 2_000 }));
      // Another one is waited for first.
      appended.catch(() => undefined);
      return appended;
    };
    return { store, late };
  };

  it('is not sent again after that: where its first answer was lost, it is looked for', async () => {
    const { late } = await slow();
    server.onAppend = () => (now += 2_500);
    server.loseAnswers(1);
    expect(await late('a')).toMatchObject({ version: 2, repeated: false });
    expect(server.calls.append).toBe(2);
    expect(recorded()).toHaveLength(2);
  });

  it('is told as unknown where nothing is there yet, and sent again it has one effect', async () => {
    const { late, store } = await slow();
    server.onAppend = () => (now += 2_500);
    server.refuseCalls(1);
    await expect(late('a')).rejects.toEqual(new OutcomeUnknown(['a']));
    expect(recorded()).toHaveLength(1);
    server.onAppend = () => undefined;
    expect(await store.append(request('a'))).toMatchObject({ version: 2, repeated: false });
  });

  it('is decided anew where another one keeps it out, and where it was never sent', async () => {
    const { late, store } = await slow();
    server.onAppend = () => {
      now += 2_500;
      server.onAppend = () => undefined;
      const [{ type, contentType, data, metadata }] = recorded() as [HeldEvent];
      server.log.append('billtrail.ticket-1', 'any', [{ id: randomUUID(), type, contentType, data, metadata }]);
    };
    server.refuseCalls(1);
    await expect(late('a')).rejects.toMatchObject({ name: 'DecisionTooOld' });
    await server.stop();
    const unsent = late('b');
    now += 2_500;
    await expect(unsent).rejects.toMatchObject({ name: 'DecisionTooOld' });
    await server.listen();
    expect((await store.readStream('ticket-1', { limit: 1 })).version).toBe(2);
  });
});

describe('a clock', () => {
  let ahead = 0;
  const clock = () => new Date(Date.now() + ahead).toISOString();
  beforeEach(() => {
    ahead = 0;
  });
  const comparing = () => open({ clock, comparesClock: true, patienceMs: 0 });

  it('that is more than two seconds from the engine’s dates nothing, at once and as soon as it is set wrong, until it is set right', async () => {
    ahead = -90_000;
    const store = await comparing();
    const refused = await store.append(request('a')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ClockApart', remedy: expect.stringContaining('time server') });
    expect(recorded()).toHaveLength(0);
    ahead = 1_500;
    expect(await store.append(request('a'))).toMatchObject({ version: 1 });
    const probes = server.calls.append;
    expect(await store.append(request('b'))).toMatchObject({ version: 2 });
    // What was measured holds as long as the clock is not set.
    expect(server.calls.append).toBe(probes + 1);
    ahead = 400 * 86_400_000;
    await expect(store.append(request('c'))).rejects.toMatchObject({ name: 'ClockApart' });
    // Who may sign in can't wait: that is recorded at the time of the engine.
    await store.append(request('d', { needsNoClock: true }));
    const [last] = (await store.readStream('ticket-1', { direction: 'backwards', limit: 1 })).events;
    expect(Math.abs(Date.parse(last!.recordedAt) - Date.now())).toBeLessThan(60_000);
    ahead = 0;
    expect(await store.append(request('c'))).toMatchObject({ version: 4 });
  });

  it('is not taken for wrong because a call took long', async () => {
    let passed = 0;
    const base = Date.now();
    server.log = new LogInMemory(() => base + passed);
    const slow = await open({
      clock: () => new Date(base + passed).toISOString(),
      tick: () => passed,
      comparesClock: true,
    });
    server.onAppend = () => (passed += 30_000);
    expect(await slow.append(request('a'))).toMatchObject({ version: 1 });
  });

  it('that is wrong does not lead, and gives back what it led', async () => {
    const [one, two] = [await comparing(), await open({ comparesClock: false })];
    const [lease, other] = [one.capability('lease')!, two.capability('lease')!];
    expect([await lease.take(), await other.take()]).toEqual([true, false]);
    ahead = 3_000;
    expect(await lease.take()).toBe(false);
    expect([lease.trouble()?.name, lease.lost.aborted]).toEqual(['ClockApart', true]);
    while (!(await other.take()));
    ahead = 0;
    expect([await lease.take(), lease.trouble()]).toEqual([false, null]);
  });

  it('of one process is measured beside others who measure theirs', async () => {
    const stores = [await comparing(), await comparing(), await comparing()];
    await Promise.all(stores.map((store, n) => store.append(request(`a${n}`))));
    expect(recorded()).toHaveLength(3);
  });
});
