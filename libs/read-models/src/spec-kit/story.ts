import { storedPersonEvents } from '@billtrail/kernel';
import {
  fingerprintOf,
  streamName,
  SqliteEventStore,
  StoredNames,
  type Position,
  type StreamKeys,
} from '@billtrail/event-store';
import type { ForgoingAct, PersonEvent } from '@billtrail/kernel';
import { storedTicketEvents, type Classification, type TicketEvent } from '@billtrail/ticketing';
import { storedContractEvents, type ClientEvent, type ContractEvent, type ContractTerms } from '@billtrail/contracts';
import {
  lineOf as frozenLineOf,
  storedBillingEvents,
  type AccountEvent,
  type PublishedConfiguration,
  type ConfigurationEvent,
  type ExplainedItem,
  type GapEvent,
  type InvoiceLine,
  type NumberingEvent,
} from '@billtrail/billing';

import { CONFIGURATION, TERMS } from './terms.js';

export * from './terms.js';

export type AnyEvent =
  | TicketEvent
  | ClientEvent
  | ContractEvent
  | AccountEvent
  | GapEvent
  | ConfigurationEvent
  | NumberingEvent
  | PersonEvent;
type DataOf<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>['data'];

export const AT = '2026-03-02T09:00:00+11:00';

export function event<Type extends AnyEvent['type']>(
  type: Type,
  data: DataOf<Type>,
  occurredAt: string = AT,
): AnyEvent {
  return { type, data, occurredAt } as AnyEvent;
}

export const CLASSIFIED: Classification = {
  clientId: 'acme',
  contractId: null,
  siteId: null,
  category: 'network',
  ticketType: 'incident',
  priority: 'moderate',
};

export function configured(configuration: PublishedConfiguration = CONFIGURATION): AnyEvent {
  return event('ConfigurationPublished', { configuration, hash: 'h' });
}

export function requested(ticketId: string, classification: Partial<Classification> = {}): AnyEvent {
  return event('TicketRequested', {
    ...CLASSIFIED,
    ...classification,
    ticketId,
    reference: null,
    summary: `no network on ${ticketId}`,
    description: null,
    requestedBy: null,
    source: null,
  });
}

export function logged(
  timeEntryId: string,
  minutes = 70,
  workDate = '2026-03-03',
  workType = 'remote-support',
): AnyEvent {
  return event('TimeEntryLogged', {
    timeEntryId,
    loggedBy: 'eng-1',
    engineerId: 'eng-1',
    engineerRole: 'engineer',
    workType,
    minutes,
    workDate,
    startedAt: null,
    endedAt: null,
    statedBillableMinutes: null,
    rateClass: null,
    description: 'looked at it',
  });
}

/** An entry of which start and end are known: it may lie over a month's end. */
export function timed(timeEntryId: string, startedAt: string, endedAt: string, workDate: string): AnyEvent {
  const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
  const { data } = logged(timeEntryId, minutes, workDate) as Extract<AnyEvent, { type: 'TimeEntryLogged' }>;
  return event('TimeEntryLogged', { ...data, startedAt, endedAt });
}

export function purchased(
  contractId: string,
  blockId: string,
  minutes: number,
  purchasedOn: string,
  expiresOn: string | null = null,
): AnyEvent {
  const price = { net: { amount: '500.00', currency: 'AUD' }, taxCategory: 'gst' };
  return event('PrepaidBlockPurchased', {
    contractId,
    blockId,
    amount: { unit: 'minutes', minutes },
    purchasedOn,
    expiresOn,
    price,
  });
}

export function used(materialUsageId: string, quantity = '2', workDate = '2026-03-04'): AnyEvent {
  return event('MaterialUsed', {
    materialUsageId,
    itemCode: 'cable',
    description: 'patch cable',
    quantity,
    unit: 'piece',
    unitCost: null,
    listPrice: { amount: '9.95', currency: 'AUD' },
    serialNumber: null,
    underWarranty: false,
    workDate,
  });
}

export const approved = (timeEntryId: string): AnyEvent =>
  event('TimeEntryApproved', { timeEntryId, approvedBy: 'ops-1' });

export function resolved(occurredAt: string = '2026-03-05T16:00:00+11:00', resolution = 'works again'): AnyEvent {
  return event('TicketResolved', { resolution, materials: 'none-used', scope: 'in-contract' }, occurredAt);
}

export function registered(clientId = 'acme', timeZone = 'Australia/Sydney'): AnyEvent {
  return event('ClientRegistered', {
    clientId,
    name: clientId.toUpperCase(),
    currency: 'AUD',
    timeZone,
    taxId: null,
    address: null,
    taxExemption: null,
  });
}

export function contract(clientId = 'acme', terms: ContractTerms = TERMS, effectiveFrom = '2026-01-01'): AnyEvent[] {
  return [
    event('ContractActivated', { contractId: `${clientId}-1`, clientId, name: 'support', priority: 1 }),
    version(`${clientId}-1`, 1, terms, effectiveFrom),
  ];
}

export function version(
  contractId: string,
  versionNumber: number,
  terms: ContractTerms,
  effectiveFrom: string,
): AnyEvent {
  return event('ContractVersionPublished', { contractId, versionNumber, effectiveFrom, effectiveTo: null, terms });
}

const PARTY = { name: 'x', taxId: null, address: null };
const NO_TERMS = { taxRounding: 'document', dueDate: null, terms: null } as const;
const ZERO = { amount: '0.00', currency: 'AUD' };

/** Without parties, totals and hash, as schema version 1 drafted, or with those of `asked`. */
export function drafted(
  invoiceId: string,
  clientId: string,
  period: string,
  asked: Partial<DataOf<'InvoiceDrafted'>> = {},
): AnyEvent {
  const unsaid = { buyer: null, seller: null, totals: null, ratedAt: null, hash: null };
  return event('InvoiceDrafted', {
    ...NO_TERMS,
    ...unsaid,
    invoiceId,
    clientId,
    period,
    currency: 'AUD',
    ratingVersion: 1,
    ...asked,
  });
}

/** With its parties and totals as `asked` has them. */
export function issueRequested(invoiceId: string, asked: Partial<DataOf<'InvoiceIssueRequested'>> = {}): AnyEvent {
  return event('InvoiceIssueRequested', {
    ...DOCUMENT,
    invoiceId,
    issueDate: '2026-04-01',
    series: 'INV',
    ...asked,
  });
}

/** What all documents say alike. */
export const DOCUMENT = {
  ...NO_TERMS,
  seller: PARTY,
  buyer: PARTY,
  taxExemption: null,
  taxTotals: [],
  net: ZERO,
  tax: ZERO,
  total: ZERO,
};

/** A line of a priced item, as a draft takes it. */
export function lineOf(item: ExplainedItem): InvoiceLine {
  const line = frozenLineOf(item);
  if (line === null) throw new Error(`item ${item.itemId} has no price`);
  return line;
}

/** A store in memory, and the appending of a story stream by stream in the order of telling. */
export class Story {
  readonly store: SqliteEventStore;
  private commands = 0;

  constructor(
    file: string = ':memory:',
    clock: () => string = () => '2026-03-20T00:00:00.000Z',
    keys: StreamKeys | null = null,
  ) {
    this.store = SqliteEventStore.open({
      file,
      ...(keys !== null && { keys }),
      names: new StoredNames(storedTicketEvents, storedContractEvents, storedBillingEvents, storedPersonEvents),
      clock,
    });
  }

  async tell(stream: string, ...events: AnyEvent[]): Promise<Position> {
    this.commands += 1;
    const commandId = `command-${this.commands}-${(await this.store.head()).at + 1}`;
    const { position } = await this.store.append({
      stream,
      expected: 'any',
      events,
      actor: { id: 'ops-1', role: 'operations' },
      commandId,
      correlationId: commandId,
      causationId: null,
      fingerprint: fingerprintOf('story', events),
    });
    return position;
  }

  ticket(id: string, ...events: AnyEvent[]): Promise<Position> {
    return this.tell(streamName('ticket', id), ...events);
  }

  account(clientId: string, period: string, ...events: AnyEvent[]): Promise<Position> {
    return this.tell(streamName('account', `${clientId}-${period}`), ...events);
  }

  /** Configuration, one client and its contract: what most stories start from. */
  async house(clientId = 'acme'): Promise<void> {
    await this.tell('configuration', configured());
    await this.tell(streamName('client', clientId), registered(clientId));
    await this.tell(streamName('contract', `${clientId}-1`), ...contract(clientId));
  }
}

/** Of a ticket one person gives a courtesy within the limit, and asks to accept a gap, which is above it with the courtesy. */
export async function forgoes(story: Story, ticketId = 'T1'): Promise<void> {
  const limit = { amount: '100.00', currency: 'AUD' };
  await story.tell('configuration', configured({ ...CONFIGURATION, secondPersonAbove: limit }));
  await story.tell('person-bea', event('PersonRegistered', { personId: 'bea', roles: ['accounts'], clientId: null }));
  const asks = (act: ForgoingAct, target: string, amount: string) =>
    event('ForgoingRequested', {
      act,
      target,
      clientId: 'acme',
      period: '2026-03',
      forgone: [{ ticketId, money: { amount, currency: 'AUD' } }],
      asked: { comment: 'so be it' },
    });
  await story.ticket(ticketId, asks('courtesy', `${ticketId}-W0`, '60.00'));
  const gapId = `unbilled~${ticketId}~${ticketId}-W0~1`;
  const opened = event('BillingGapOpened', {
    gapId,
    kind: 'unbilled',
    ticketId,
    clientId: 'acme',
    period: '2026-03',
    workItemId: `${ticketId}-W0`,
    valueAtRisk: { money: { amount: '70.00', currency: 'AUD' }, minutes: null },
    cause: 'nobody billed it',
    sourceEventIds: [],
  });
  await story.tell(streamName('gap', gapId), opened, asks('accept-gap', gapId, '70.00'));
}
