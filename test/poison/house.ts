import type { ContractTerms } from '@billtrail/contracts';
import { card } from '@billtrail/contracts/testing';
import { storedNames } from '@billtrail/application';
import { fingerprintOf, SqliteEventStore, type EventStore, type StreamName } from '@billtrail/event-store';

const NOW = '2026-04-20T00:00:00.000Z';
const AT = '2026-03-02T09:00:00+11:00';
export const MONTHS = ['2026-02', '2026-03', '2026-04'] as const;

/** An event as a log may hold it, whatever a door would say to it. */
export interface Told {
  readonly stream: StreamName;
  readonly type: string;
  readonly data: object;
  readonly occurredAt?: string;
}

const labour = [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }];
const rounded = { minimumMinutes: 30, incrementMinutes: 15, expenses: { markupPercent: '10' } };
export const TERMS: ContractTerms = {
  coverage: [{ id: 'all', name: 'all work', match: {}, outcome: 'billable' }],
  rateCard: card({ id: 'card', name: 'standard', currency: 'AUD', labour, ...rounded }, 'gst'),
};
/** Under these a month goes on from the one before. */
const ROLLING: ContractTerms = {
  ...TERMS,
  coverage: [{ id: 'prepaid', name: 'prepaid work', match: {}, outcome: 'prepaid' }],
  prepaid: {
    allotment: { id: 'base', name: 'base', base: { unit: 'minutes', minutes: 45 }, rollOver: 'one-period' },
    overage: { pricePerHour: '180.00', multiplied: false },
  },
};

/** Each is told by itself; the months of `bolt` go on from each other. */
export const CLIENTS: Readonly<Record<string, ContractTerms>> = { acme: TERMS, bolt: ROLLING, cove: TERMS };

export function version(clientId: string, stated: object): Told {
  const terms = CLIENTS[clientId];
  const data = { contractId: `${clientId}-1`, versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms };
  return { stream: `contract-${clientId}-1`, type: 'ContractVersionPublished', data: { ...data, ...stated } };
}

export function details(clientId: string, stated: object = {}): object {
  const plain = { taxId: null, address: null, taxExemption: null };
  return { clientId, name: clientId, currency: 'AUD', timeZone: 'Australia/Sydney', ...plain, ...stated };
}

export function entry(ticketId: string, timeEntryId: string, workDate: string, stated: object = {}): Told {
  const by = { loggedBy: 'eng-1', engineerId: 'eng-1', engineerRole: 'engineer' };
  const plain = { startedAt: null, endedAt: null, statedBillableMinutes: null, rateClass: null, description: 'looked' };
  const data = { timeEntryId, ...by, workType: 'remote', minutes: 70, workDate, ...plain, ...stated };
  return { stream: `ticket-${ticketId}`, type: 'TimeEntryLogged', data };
}

export function material(ticketId: string, materialUsageId: string, workDate: string, stated: object = {}): Told {
  const plain = { unit: 'piece', unitCost: null, serialNumber: null, underWarranty: false };
  const listPrice = { amount: '9.95', currency: 'AUD' };
  const data = { materialUsageId, itemCode: 'cable', description: 'cable', quantity: '2', ...plain, listPrice };
  return { stream: `ticket-${ticketId}`, type: 'MaterialUsed', data: { ...data, workDate, ...stated } };
}

function ticket(clientId: string, month: string): readonly Told[] {
  const ticketId = `${clientId}-${month}`;
  const stream = `ticket-${ticketId}`;
  const classified = { clientId, contractId: null, siteId: null, category: 'network', ticketType: 'incident' };
  const asked = { ticketId, reference: null, summary: 'down', description: null, requestedBy: null, source: null };
  const resolution = { resolution: 'up', materials: 'none-used', scope: 'in-contract' };
  const occurredAt = `${month}-05T16:00:00+11:00`;
  return [
    { stream, type: 'TicketRequested', data: { ...classified, priority: 'moderate', ...asked } },
    entry(ticketId, `${ticketId}-E`, `${month}-03`),
    { stream, type: 'TimeEntryApproved', data: { timeEntryId: `${ticketId}-E`, approvedBy: 'ops-1' } },
    material(ticketId, `${ticketId}-M`, `${month}-04`),
    { stream, type: 'TicketResolved', data: resolution, occurredAt },
  ];
}

/** Three clients with three months each: what all logs of the proof begin with. */
export function houseTold(): readonly Told[] {
  return Object.keys(CLIENTS).flatMap((clientId) => [
    { stream: `client-${clientId}`, type: 'ClientRegistered', data: details(clientId) },
    {
      stream: `contract-${clientId}-1`,
      type: 'ContractActivated',
      data: { contractId: `${clientId}-1`, clientId, name: 'support', priority: 1 },
    },
    version(clientId, {}),
    ...MONTHS.flatMap((month) => ticket(clientId, month)),
  ]);
}

export function emptyLog(): SqliteEventStore {
  return SqliteEventStore.open({ file: ':memory:', names: storedNames, clock: () => NOW });
}

/** Past every door, straight into the log. */
export async function tell(store: EventStore, told: readonly Told[]): Promise<void> {
  for (const { stream, type, data, occurredAt = AT } of told) {
    const commandId = `told-${(await store.head()).at}`;
    await store.append({
      stream,
      expected: 'any',
      events: [{ type, data, occurredAt }],
      actor: { id: 'ops-1', role: 'operations' },
      commandId,
      correlationId: commandId,
      causationId: null,
      fingerprint: fingerprintOf('told', { type, data }),
    });
  }
}
