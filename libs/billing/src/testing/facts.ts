import type { ContractTerms, CoverageRule, RateCard, TermsInForce } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import type { PublishedConfiguration } from '../events.js';
import { NAMED_CONFIGURATION } from './named-configuration.js';
import { lineOf, frozenOf } from '../account/lines.js';
import type { ClientPeriodFacts, FrozenLine, WrittenOff } from '../client-period.js';
import type { ContractFacts, TicketFacts, WorkItem } from '../rating/facts.js';

type TimeEntry = Extract<WorkItem, { kind: 'time' }>;
type Material = Extract<WorkItem, { kind: 'material' }>;
type Expense = Extract<WorkItem, { kind: 'expense' }>;

/** A rate card at 150.00 AUD an hour, to the minute, without a minimum. */
export function card(changes: Partial<RateCard> = {}): RateCard {
  return {
    id: 'card-1',
    name: 'Standard',
    currency: 'AUD',
    labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }],
    minimumMinutes: 0,
    incrementMinutes: 1,
    roundingScope: 'entry',
    materials: { pricing: 'list' },
    expenses: { markupPercent: '10' },
    taxCategories: { time: 'GST', material: 'GST', expense: 'GST' },
    ...changes,
  };
}

export const ALL_BILLABLE: CoverageRule = { id: 'all', name: 'All work', match: {}, outcome: 'billable' };

export function terms(
  changes: Partial<RateCard> = {},
  coverage: readonly CoverageRule[] = [ALL_BILLABLE],
): TermsInForce {
  return { coverage, rateCard: card(changes) };
}

export function contractFacts(
  changes: Partial<ContractFacts> & { readonly terms?: ContractTerms } = {},
): ContractFacts {
  const { terms: ofVersion = terms(), ...rest } = changes;
  return {
    contractId: 'con-1',
    clientId: 'cli-1',
    name: 'Support',
    priority: 10,
    lastDay: null,
    versions: [{ versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: ofVersion }],
    ...rest,
  };
}

/** A ticket that was resolved on 20 March. */
export function ticketFacts(changes: Partial<TicketFacts> = {}): TicketFacts {
  return {
    ticketId: 'T-1',
    clientId: 'cli-1',
    contractId: null,
    siteId: null,
    category: null,
    ticketType: null,
    priority: null,
    summary: 'Printer is offline',
    texts: [],
    materials: null,
    resolvedOn: '2026-03-20',
    resolvedEventId: 'ev-resolved',
    noCharge: null,
    ...changes,
  };
}

/** An approved hour of remote work on 10 March. */
export function time(changes: Partial<TimeEntry> = {}): TimeEntry {
  return {
    kind: 'time',
    workItemId: 'w-1',
    ticketId: 'T-1',
    position: 1,
    sourceEventIds: ['ev-w-1'],
    approval: 'approved',
    engineerId: 'eng-1',
    engineerRole: 'engineer',
    workType: 'remote',
    minutes: 60,
    workDate: '2026-03-10',
    startedAt: null,
    endedAt: null,
    statedBillableMinutes: null,
    rateClass: null,
    description: 'Worked on the printer',
    ...changes,
  };
}

export function material(changes: Partial<Material> = {}): Material {
  return {
    kind: 'material',
    workItemId: 'm-1',
    ticketId: 'T-1',
    position: 2,
    sourceEventIds: ['ev-m-1'],
    itemCode: 'CABLE-3M',
    description: 'Patch cable',
    quantity: '3',
    unit: 'piece',
    unitCost: { amount: '8.00', currency: 'AUD' },
    listPrice: { amount: '15.00', currency: 'AUD' },
    serialNumber: null,
    underWarranty: false,
    workDate: '2026-03-10',
    ...changes,
  };
}

export function expense(changes: Partial<Expense> = {}): Expense {
  return {
    kind: 'expense',
    workItemId: 'x-1',
    ticketId: 'T-1',
    position: 3,
    sourceEventIds: ['ev-x-1'],
    description: 'Parking',
    cost: { amount: '20.00', currency: 'AUD' },
    receiptReference: null,
    workDate: '2026-03-10',
    ...changes,
  };
}

export const CONFIGURATION: PublishedConfiguration = {
  ...NAMED_CONFIGURATION,
  assumedPricePerHour: { amount: '150.00', currency: 'AUD' },
};

/** One client's March with one contract and one ticket, and the work given. */
export function facts(work: readonly WorkItem[], changes: Partial<ClientPeriodFacts> = {}): ClientPeriodFacts {
  const ids = new Set(work.map((one) => one.ticketId));
  return {
    clientId: 'cli-1',
    currency: 'AUD',
    period: '2026-03',
    contracts: [contractFacts()],
    tickets: new Map([...ids, 'T-1'].map((ticketId) => [ticketId, ticketFacts({ ticketId })])),
    work,
    invoiced: [],
    claimed: new Map(),
    writtenOff: [],
    configuration: CONFIGURATION,
    ...changes,
  };
}

/** The items as lines of an issued invoice. */
export function asInvoiced(items: readonly ExplainedItem[], invoiceId = 'inv-1'): readonly FrozenLine[] {
  return items.map((item) => {
    const line = lineOf(item);
    if (line === null) throw new Error(`item ${item.itemId} makes no line`);
    return { line, invoiceId };
  });
}

export function asWrittenOff(items: readonly ExplainedItem[]): readonly WrittenOff[] {
  return items.map(frozenOf);
}

/** The one element of a list; anything else fails the test. */
export function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`expected one element, got ${list.length}`);
  return first;
}

/** An approval of a draft, where an organisation lets anyone approve. */
export const BY_ANYONE = { configuration: {}, related: null } as const;
