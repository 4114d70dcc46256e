import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DomainEvent, Instant } from '@billtrail/kernel';
import type { ContractTerms } from '@billtrail/contracts';
import { fingerprintOf, MAX_READ, START, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import { Billtrail } from '../billtrail.js';
import { RecordSla } from './record-sla.js';
import { resolvedWithin } from '../spec-kit/resolved-within.js';

const QUIET_TURNS = 1_000;
const REQUESTED_AT = '2026-03-02T00:00:00.000Z';
const minute = (minutes: number): Instant => new Date(Date.parse(REQUESTED_AT) + minutes * 60_000).toISOString();

/** At half of the hour there is a warning. */
const TERMS = resolvedWithin(60, [50]);

function contract(terms: ContractTerms): readonly DomainEvent[] {
  const version = { contractId: 'c1', versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms };
  return [
    {
      type: 'ContractActivated',
      data: { contractId: 'c1', clientId: 'acme', name: 'Support', priority: 1 },
      occurredAt: REQUESTED_AT,
    },
    { type: 'ContractVersionPublished', data: version, occurredAt: REQUESTED_AT },
  ];
}

function requested(ticketId: string): DomainEvent {
  const about = { siteId: null, category: null, ticketType: null, contractId: null, reference: null, source: null };
  const data = { ...about, ticketId, clientId: 'acme', priority: 'critical', summary: 'x', description: null };
  return { type: 'TicketRequested', data: { ...data, requestedBy: null }, occurredAt: REQUESTED_AT };
}

const closed = (minutes: number): DomainEvent => ({ type: 'TicketClosed', data: {}, occurredAt: minute(minutes) });

function tell(store: EventStore, stream: string, ...events: readonly DomainEvent[]) {
  const commandId = `told-${stream}-${events[0]?.occurredAt}`;
  const actor = { id: 'ops-1', role: 'operations' } as const;
  return store.append({
    stream,
    expected: 'any',
    events,
    actor,
    commandId,
    correlationId: commandId,
    causationId: null,
    fingerprint: fingerprintOf('told', events),
  });
}

async function slaEvents(store: EventStore): Promise<readonly RecordedEvent[]> {
  const types = ['SlaWarned', 'SlaBreached', 'SlaBreachWithdrawn'];
  return (await store.readAll({ after: START, limit: MAX_READ, types })).events;
}
const lines = (events: readonly RecordedEvent[]): readonly string[] =>
  events.map(({ type, stream }) => `${type} ${stream}`).sort();

describe('recording of SLA breaches', () => {
  let dataDir: string;
  let now: Instant;
  let asked = 0;
  const clock = (): Instant => {
    asked += 1;
    return now;
  };
  const opened: Billtrail[] = [];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'record-sla-'));
    now = minute(1);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await Promise.all(opened.splice(0).map((one) => one.close()));
    rmSync(dataDir, { recursive: true });
  });

  const open = async (rest: { readonly follow?: boolean; readonly lease?: boolean } = {}): Promise<Billtrail> => {
    const billtrail = await Billtrail.open({ dataDir, clock, ...rest });
    opened.push(billtrail);
    return billtrail;
  };
  /** Turns of the event loop without a policy at work: what woke them has been worked off. */
  const untilNobodyAsksTheClock = async (): Promise<void> => {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      const before = asked;
      await nextTurn();
      if (asked !== before) turns = 0;
    }
  };
  const close = async (billtrail: Billtrail): Promise<void> => {
    opened.splice(opened.indexOf(billtrail), 1);
    await billtrail.close();
  };

  it('is done once by several processes at one log, and after a restart', async () => {
    const [one, other] = [await open(), await open()];
    await tell(one.store, 'contract-c1', ...contract(TERMS));
    const tickets = ['T1', 'T2', 'T3', 'T4', 'T5'];
    for (const ticketId of tickets) await tell(one.store, `ticket-${ticketId}`, requested(ticketId));
    now = minute(31);
    await Promise.all([one.catchUp(), other.catchUp()]);
    now = minute(61);
    await Promise.all([other.catchUp(), one.catchUp(), other.catchUp()]);
    const once = tickets
      .flatMap((ticketId) => [`SlaBreached ticket-${ticketId}`, `SlaWarned ticket-${ticketId}`])
      .sort();
    expect(lines(await slaEvents(one.store))).toEqual(once);
    await close(one);
    await close(other);
    now = minute(9_999);
    const again = await open();
    await again.catchUp();
    expect(lines(await slaEvents(again.store))).toEqual(once);
  });

  it('is left to the process that holds the lease of the folder, until that ends', async () => {
    const [one, other] = [await open({ lease: true }), await open({ lease: true })];
    await tell(one.store, 'contract-c1', ...contract(TERMS));
    await tell(one.store, 'ticket-T1', requested('T1'));
    await one.catchUp();
    now = minute(61);
    await other.catchUp();
    expect([one.runsPolicies(), other.runsPolicies()]).toEqual([true, false]);
    // It follows all the same, and answers.
    expect(other.models.position()).toEqual(await other.store.head());
    expect(await other.models.sla.due(now, null)).toHaveLength(1);
    expect(await slaEvents(other.store)).toEqual([]);
    await close(one);
    await other.catchUp();
    expect(lines(await slaEvents(other.store))).toEqual(['SlaBreached ticket-T1']);
  });

  it('is held up by no question of who holds the lease, and by nobody who has closed', async () => {
    const [one, other] = [await open({ lease: true }), await open({ lease: true })];
    expect([one.runsPolicies(), other.runsPolicies()]).toEqual([false, false]);
    await other.catchUp();
    expect([one.runsPolicies(), other.runsPolicies()]).toEqual([false, true]);
    await close(other);
    expect(other.runsPolicies()).toBe(false);
    await one.catchUp();
    expect(one.runsPolicies()).toBe(true);
  });

  it('is not done again where the process ended before the read models had seen it', async () => {
    const first = await open();
    await tell(first.store, 'contract-c1', ...contract(TERMS));
    await tell(first.store, 'ticket-T1', requested('T1'));
    await first.models.catchUp();
    now = minute(61);
    const recorded = await new RecordSla(first).run();
    // The read models still say that T1 is due, and the stream has an event that they have not passed: it is looked at again when they have.
    expect(await first.models.sla.due(now, null)).toHaveLength(1);
    expect(await new RecordSla(first).run()).toEqual(recorded);
    expect(await first.store.head()).toEqual(recorded);
    await close(first);
    const again = await open();
    await again.catchUp();
    expect(lines(await slaEvents(again.store))).toEqual(['SlaBreached ticket-T1']);
  });

  it('is the same request for who decided it on the same version later, and is answered as the first', async () => {
    const first = await open();
    await tell(first.store, 'contract-c1', ...contract(TERMS));
    await tell(first.store, 'ticket-T1', requested('T1'));
    await first.models.catchUp();
    const before = await first.store.readStream('ticket-T1');
    now = minute(31);
    const recorded = await new RecordSla(first).run();
    await tell(first.store, 'ticket-T2', requested('T2'));
    const store = Object.create(first.store, { readStream: { value: async () => before } }) as EventStore;
    const late = Object.create(first, { store: { value: store } }) as Billtrail;
    now = minute(61);
    expect(await new RecordSla(late).run()).toEqual(recorded);
    expect(await first.store.head()).not.toEqual(recorded);
    expect(lines(await slaEvents(first.store))).toEqual(['SlaWarned ticket-T1']);
  });

  it('asks the clock each minute while it runs, where nothing happens any more', async () => {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout', 'performance', 'Date'],
    });
    const billtrail = await open({ follow: true });
    const { store } = billtrail;
    await tell(store, 'contract-c1', ...contract(TERMS));
    await tell(store, 'ticket-T1', requested('T1'));
    await billtrail.upToDate();
    await untilNobodyAsksTheClock();
    const stopping = new AbortController();
    const breaches = store.subscribe({ after: START, types: ['SlaBreached'], signal: stopping.signal });
    now = minute(61);
    jest.advanceTimersByTime(60_000);
    for await (const { events } of breaches) {
      if (events.length === 0) continue;
      expect(events).toMatchObject([{ type: 'SlaBreached', occurredAt: minute(60), recordedAt: now }]);
      break;
    }
    stopping.abort();
  });

  it('reads one stream for each ticket of which something is to be told, and none for the others', async () => {
    const billtrail = await open();
    const { store } = billtrail;
    const late = 1_050;
    const inTime = 100;
    // A history from before there was a contract with an SLA.
    const tickets = Array.from({ length: late + inTime }, (_, index) =>
      tell(store, `ticket-T${index}`, requested(`T${index}`), closed(index < late ? 90 : 30)),
    );
    await Promise.all(tickets);
    let read = 0;
    const counting = new Proxy(store, {
      get(target, name) {
        if (name === 'readStream') read += 1;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const policy = new RecordSla({
      store: counting,
      models: billtrail.models,
      clock: () => now,
      gate: billtrail.gate,
      upToDate: () => billtrail.upToDate(),
      upToDateToMend: () => billtrail.upToDateToMend(),
      inTurn: (stream, work) => billtrail.inTurn(stream, work),
    });
    now = minute(1_000);
    await billtrail.models.catchUp();
    expect(await policy.run()).toBeNull();
    expect(read).toBe(0);

    await tell(store, 'contract-c1', ...contract(TERMS));
    await billtrail.models.catchUp();
    // More than are handed out at once: none is left out where one page ends.
    expect((await billtrail.models.sla.due(now, null)).length).toBeLessThan(late);
    await policy.run();
    expect(read).toBe(late);
    expect(await slaEvents(store)).toHaveLength(late);
    await billtrail.models.catchUp();
    expect(await policy.run()).toBeNull();
    expect(read).toBe(late);
  });
});
