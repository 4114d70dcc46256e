import { storedPersonEvents } from '@billtrail/kernel';
import { join } from 'node:path';
import type { DomainEvent } from '@billtrail/kernel';
import { SqliteEventStore, StoredNames, streamName, type Position } from '@billtrail/event-store';
import { storedTicketEvents, type TicketEvent } from '@billtrail/ticketing';
import { storedContractEvents, type ContractTerms } from '@billtrail/contracts';
import { storedBillingEvents, type BillingConfiguration } from '@billtrail/billing';
import { ReadModels } from '@billtrail/read-models';
import type { BenchRow } from './bench-row.js';

export const CLIENTS = 50;
const IMPORTED_TICKETS = 20_769;
const WORKED_TICKETS = 12_000;
export const CROWDED_PERIOD_ITEMS = 500;
const REPEATS = 15;
/** With hashes and without, in turn. */
const REBUILDS = 5;
/** Appends in flight at once while the log is filled: they share group commits. */
const APPENDS_AT_ONCE = 2_000;
/** Money facts are compared under it. */
const KEY = Buffer.alloc(32, 'k');
const AS_OF = '2026-12-31';

export const TERMS: ContractTerms = {
  coverage: [
    { id: 'included', name: 'monitoring', match: { workTypes: ['monitoring'] }, outcome: 'included' },
    { id: 'rest', name: 'all other work', match: {}, outcome: 'billable' },
  ],
  rateCard: {
    id: 'card',
    name: 'standard',
    currency: 'AUD',
    labour: [{ workType: 'remote-support', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 30,
    incrementMinutes: 15,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'gst', material: 'gst', expense: 'gst' },
  },
};

export const CONFIGURATION: BillingConfiguration = {
  organisation: { name: 'MSP', taxId: null, address: null, currency: 'AUD', timeZone: 'Australia/Sydney' },
  unbilledAfterDays: 30,
  taxRates: { gst: '10' },
  invoiceSeries: { series: 'INV', prefix: 'INV-', digits: 5 },
  quickQuestionMinutes: 15,
  materialWords: [{ word: 'router', assumedPrice: { amount: '120.00', currency: 'AUD' } }],
  assumedPricePerHour: { amount: '150.00', currency: 'AUD' },
  assumedMinutesPerTicket: 30,
  secondPersonAbove: { amount: '500.00', currency: 'AUD' },
};

type DataOf<Type extends TicketEvent['type']> = Extract<TicketEvent, { type: Type }>['data'];

function ticketEvent<Type extends TicketEvent['type']>(
  type: Type,
  occurredAt: string,
  data: DataOf<Type>,
): DomainEvent {
  return { type, data, occurredAt };
}

export function requested(ticketId: string, clientId: string | null, at: string): DomainEvent {
  return ticketEvent('TicketRequested', at, {
    ticketId,
    reference: null,
    summary: `printer ${ticketId} does not answer`,
    description: null,
    requestedBy: null,
    source: 'bench',
    clientId,
    contractId: null,
    siteId: null,
    category: 'hardware',
    ticketType: 'incident',
    priority: 'moderate',
  });
}

/** A ticket as a helpdesk export tells it: moves, and no work. */
function importedTicket(number: number): DomainEvent[] {
  const at = `2026-0${1 + (number % 9)}-1${number % 10}T0${number % 10}:15:00+10:00`;
  return [
    requested(`INC${number}`, null, at),
    ticketEvent('TicketAssigned', at, { engineerId: `eng-${number % 10}`, team: null }),
    ticketEvent('WorkStarted', at, {}),
    ...(number % 3 === 0
      ? [ticketEvent('TicketPendedOnClient', at, { reason: null }), ticketEvent('TicketResumed', at, {})]
      : []),
    ticketEvent('TicketResolved', at, { resolution: null, materials: null, scope: null }),
    ticketEvent('TicketClosed', at, {}),
  ];
}

export function timeEntry(timeEntryId: string, workDate: string, minutes: number, at: string): DomainEvent[] {
  return [
    ticketEvent('TimeEntryLogged', at, {
      timeEntryId,
      loggedBy: 'eng-1',
      engineerId: 'eng-1',
      engineerRole: 'engineer',
      workType: minutes % 5 === 0 ? 'monitoring' : 'remote-support',
      minutes,
      workDate,
      startedAt: null,
      endedAt: null,
      statedBillableMinutes: null,
      rateClass: null,
      description: 'looked into it and set it right',
    }),
    ticketEvent('TimeEntryApproved', at, { timeEntryId, approvedBy: 'ops-1' }),
  ];
}

/** A ticket with two time entries and a resolution, of one of the clients, somewhere in the year. */
function workedTicket(number: number): DomainEvent[] {
  const month = String(1 + (number % 12)).padStart(2, '0');
  const at = `2026-${month}-15T10:00:00+10:00`;
  const id = `JOB${number}`;
  return [
    requested(id, `client-${number % CLIENTS}`, at),
    ticketEvent('TicketAssigned', at, { engineerId: 'eng-1', team: null }),
    ticketEvent('WorkStarted', at, {}),
    ...timeEntry(`${id}-1`, `2026-${month}-15`, 7 + (number % 90), at),
    ...timeEntry(`${id}-2`, `2026-${month}-16`, 11 + (number % 60), at),
    ticketEvent('TicketResolved', at, { resolution: 'done', materials: 'none-used', scope: 'in-contract' }),
  ];
}

export class Log {
  readonly store: SqliteEventStore;
  private appended = 0;

  constructor(file: string) {
    this.store = SqliteEventStore.open({
      file,
      names: new StoredNames(storedTicketEvents, storedContractEvents, storedBillingEvents, storedPersonEvents),
    });
  }

  async append(stream: string, events: readonly DomainEvent[]): Promise<Position> {
    const commandId = `bench-${++this.appended}`;
    const { position } = await this.store.append({
      stream,
      expected: 'any',
      events,
      actor: { id: 'bench', role: 'system' },
      commandId,
      correlationId: commandId,
      causationId: null,
      fingerprint: commandId,
    });
    return position;
  }

  async tickets(
    from: number,
    count: number,
    prefix: string,
    eventsOf: (number: number) => DomainEvent[],
  ): Promise<void> {
    for (let first = from; first < from + count; first += APPENDS_AT_ONCE) {
      const last = Math.min(first + APPENDS_AT_ONCE, from + count);
      const appends: Promise<Position>[] = [];
      for (let number = first; number < last; number++) {
        appends.push(this.append(streamName('ticket', `${prefix}${number}`), eventsOf(number)));
      }
      await Promise.all(appends);
    }
  }

  async house(terms: ContractTerms = TERMS): Promise<void> {
    const at = '2026-01-01T00:00:00+11:00';
    await this.append('configuration', [
      { type: 'ConfigurationPublished', data: { configuration: CONFIGURATION, hash: 'bench' }, occurredAt: at },
    ]);
    for (let number = 0; number < CLIENTS; number++) {
      const clientId = `client-${number}`;
      const contractId = `contract-${number}`;
      const client = {
        name: clientId,
        currency: 'AUD',
        timeZone: 'Australia/Sydney',
        taxId: null,
        address: null,
        taxExemption: null,
      };
      await this.append(streamName('client', clientId), [
        { type: 'ClientRegistered', data: { clientId, ...client }, occurredAt: at },
      ]);
      await this.append(streamName('contract', contractId), [
        { type: 'ContractActivated', data: { contractId, clientId, name: 'support', priority: 1 }, occurredAt: at },
        {
          type: 'ContractVersionPublished',
          data: { contractId, versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms },
          occurredAt: at,
        },
      ]);
    }
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds of the clock and of the processor: on a machine with other work only the second says what the code costs. */
interface Measured {
  readonly wall: number;
  readonly cpu: number;
}

function medianOf(all: readonly Measured[], what: keyof Measured): number {
  return median(all.map((one) => one[what]));
}

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const before = process.cpuUsage();
  const wall = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Projection of a log without work, as imported; of a log with work, with its rating; and how soon one more entry is seen. */
export async function readModelsBench(dir: string): Promise<BenchRow[]> {
  return [...(await catchUpOfImport(dir)), ...(await catchUpWithRating(dir)), ...(await oneMoreEntry(dir))];
}

async function catchUpOfImport(dir: string): Promise<BenchRow[]> {
  const log = new Log(join(dir, 'import-events.db'));
  await log.house();
  await log.tickets(0, IMPORTED_TICKETS, 'INC', importedTicket);
  const events = (await log.store.head()).at;
  const models = await ReadModels.open({
    file: join(dir, 'import-read-models.db'),
    store: log.store,
    comparedUnder: KEY,
  });
  const { wall: millis, cpu } = await measured(() => models.catchUp());
  const reconcile = await timed(() => models.reconciliation.of(AS_OF));
  const megabytes = process.memoryUsage().rss / 1e6;
  await models.close();
  await log.store.close();
  return [
    {
      name: 'read models: imported tickets without work',
      value: millis / 1000,
      unit: 's',
      target: '<= 3 s',
      note: `${events} events, ${IMPORTED_TICKETS} tickets, ${Math.round((events / millis) * 1000)} events/s, ${(cpu / 1000).toFixed(2)} s of processor time, ${Math.round(megabytes)} MB resident`,
    },
    {
      name: 'read models: reconciliation of all imported tickets',
      value: reconcile,
      unit: 'ms',
      target: '<= 398 ms',
      note: `${IMPORTED_TICKETS} resolved tickets, each with a gap`,
    },
  ];
}

async function catchUpWithRating(dir: string): Promise<BenchRow[]> {
  const log = new Log(join(dir, 'rated-events.db'));
  await log.house();
  await log.tickets(0, WORKED_TICKETS, 'JOB', workedTicket);
  const events = (await log.store.head()).at;
  const bare = await ReadModels.open({ file: join(dir, 'bare-read-models.db'), store: log.store });
  await bare.catchUp();
  const models = await ReadModels.open({
    file: join(dir, 'rated-read-models.db'),
    store: log.store,
    comparedUnder: KEY,
  });
  const first = await measured(() => models.catchUp());
  const again: Measured[] = [];
  const uncompared: Measured[] = [];
  for (let turn = 0; turn < REBUILDS; turn++) {
    uncompared.push(await measured(() => bare.rebuild()));
    again.push(await measured(() => models.rebuild()));
  }
  await bare.close();
  const reconcile = await timed(() => models.reconciliation.of(AS_OF));
  const compare = await timed(async () => models.comparison?.all());
  await models.close();
  await log.store.close();
  const rate = (took: number): number => Math.round((events / took) * 1000);
  const note = `${events} events, ${WORKED_TICKETS * 2} items in ${CLIENTS * 12} client-periods`;
  return [
    {
      name: 'read models: catch-up incl. rating',
      value: rate(first.wall),
      unit: 'events/s',
      target: '>= 40000',
      note: `${note}; ${rate(first.cpu)} events/s of processor time`,
    },
    {
      name: 'read models: rebuild incl. rating',
      value: rate(medianOf(again, 'wall')),
      unit: 'events/s',
      target: '>= 40000',
      note: `${note}; median of ${REBUILDS}; ${rate(medianOf(again, 'cpu'))} events/s of processor time`,
    },
    {
      name: 'read models: rebuild incl. rating, with hashes / without',
      value: medianOf(again, 'cpu') / medianOf(uncompared, 'cpu'),
      unit: '',
      target: '<= 1.05',
      note: `processor time, medians of ${REBUILDS} in turn; without: ${rate(medianOf(uncompared, 'cpu'))} events/s; comparing all hashes afterwards took ${Math.round(compare)} ms`,
    },
    { name: 'read models: reconciliation of all work', value: reconcile, unit: 'ms', target: '<= 398 ms', note },
  ];
}

async function oneMoreEntry(dir: string): Promise<BenchRow[]> {
  const log = new Log(join(dir, 'live-events.db'));
  await log.house();
  const at = '2026-03-15T10:00:00+11:00';
  const clientId = 'client-0';
  for (let number = 0; number < CROWDED_PERIOD_ITEMS / 2; number++) {
    const id = `LIVE${number}`;
    const entries = [
      ...timeEntry(`${id}-1`, '2026-03-15', 20 + number, at),
      ...timeEntry(`${id}-2`, '2026-03-16', 30 + number, at),
    ];
    await log.append(streamName('ticket', id), [requested(id, clientId, at), ...entries]);
  }
  const models = await ReadModels.open({
    file: join(dir, 'live-read-models.db'),
    store: log.store,
    comparedUnder: KEY,
  });
  const abort = new AbortController();
  const following = models.follow(abort.signal);
  await models.waitFor(await log.store.head(), { steps: Infinity });
  const millis: number[] = [];
  for (let number = 0; number < REPEATS; number++) {
    const position = await log.append('ticket-LIVE1', timeEntry(`more-${number}`, '2026-03-17', 40, at).slice(0, 1));
    millis.push(await timed(() => models.waitFor(position)));
  }
  abort.abort();
  await following;
  await models.close();
  await log.store.close();
  return [
    {
      name: 'read models: one new entry visible',
      value: median(millis),
      unit: 'ms',
      target: '<= 20 ms',
      note: `median of ${REPEATS} after the append, client-period of ${CROWDED_PERIOD_ITEMS} items, worst ${Math.max(...millis).toFixed(1)} ms`,
    },
  ];
}
