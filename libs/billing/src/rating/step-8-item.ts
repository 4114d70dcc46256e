import { type Minutes, Money, type MoneyJson } from '@billtrail/kernel';
import type { Assessed } from './assess.js';
import type { BillableItem, ClientPeriodFacts, Disposition, WorkItem } from './facts.js';
import type { FrozenPart } from './frozen.js';
import type { InForce, Placement } from './placement.js';
import type { Price } from './pricing.js';
import { hoursText } from './quantities.js';
import type { BillableTime } from './step-4-billable-time.js';
import type { Trace, TraceStep } from './trace.js';

/** Where an item lives: its client and billing period. */
export type Account = Pick<ClientPeriodFacts, 'clientId' | 'period' | 'currency'>;

/** What rating found for a piece of work. */
interface Outcome {
  readonly disposition: Disposition;
  readonly billableMinutes: Minutes | null;
  readonly quantity: string;
  readonly unitPrice: MoneyJson | null;
  readonly net: MoneyJson | null;
  readonly inForce: InForce | null;
  readonly trace: Trace;
}

/** One literal for every item: objects of one shape, built at once, are what keeps rating fast. */
function itemOf(
  work: WorkItem,
  account: { readonly clientId: string | null; readonly period: string },
  outcome: Outcome,
): BillableItem {
  const { inForce } = outcome;
  return {
    itemId: work.workItemId,
    workItemId: work.workItemId,
    ticketId: work.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: work.kind,
    disposition: outcome.disposition,
    workDate: work.workDate,
    description: work.description,
    actualMinutes: work.kind === 'time' ? work.minutes : null,
    billableMinutes: outcome.billableMinutes,
    quantity: outcome.quantity,
    unit: unitOf(work),
    unitPrice: outcome.unitPrice,
    net: outcome.net,
    taxCategory: inForce === null ? null : inForce.version.terms.rateCard.taxCategories[work.kind],
    contractId: inForce === null ? null : inForce.contract.contractId,
    contractVersion: inForce === null ? null : inForce.version.versionNumber,
    approval: work.kind === 'time' ? work.approval : null,
    invoiceId: null,
    sourceEventIds: work.sourceEventIds,
    trace: outcome.trace,
  };
}

/** The quantity as recorded: actual hours, pieces, one expense. */
function recordedQuantity(work: WorkItem): string {
  if (work.kind === 'time') return hoursText(work.minutes);
  return work.kind === 'material' ? work.quantity : '1';
}

function unitOf(work: WorkItem): string {
  if (work.kind === 'time') return 'h';
  return work.kind === 'material' ? work.unit : 'expense';
}

/** Work that has no price, with the steps that say why. */
export function unpricedItem(
  work: WorkItem,
  account: { readonly clientId: string | null; readonly period: string },
  inForce: InForce | null,
  trace: Trace,
): BillableItem {
  return itemOf(work, account, {
    disposition: 'unpriced',
    billableMinutes: null,
    quantity: recordedQuantity(work),
    unitPrice: null,
    net: null,
    inForce,
    trace,
  });
}

/** Work that costs the client nothing: a zero line, so that it is seen. */
function coveredItem(assessed: Assessed, account: Account, inForce: InForce | null, trace: Trace): BillableItem {
  const { work } = assessed;
  const zero = Money.zero(inForce?.version.terms.rateCard.currency ?? account.currency).toJSON();
  return itemOf(work, account, {
    disposition: 'covered',
    billableMinutes: work.kind === 'time' ? 0 : null,
    quantity: recordedQuantity(work),
    unitPrice: zero,
    net: zero,
    inForce,
    trace,
  });
}

/** True for material that its maker replaces: it passes contract and coverage, and is then free. */
export function isUnderWarranty(work: WorkItem): boolean {
  return work.kind === 'material' && work.underWarranty;
}

/**
 * Step 8 of rating.md: the item, with exactly one disposition and the whole way that led to it. `price` is asked only for work that
 * is billable and not under warranty.
 */
export function ratedItem(
  assessed: Assessed,
  placement: Placement,
  account: Account,
  time: BillableTime | null,
  price: (inForce: InForce) => Price,
): BillableItem {
  const { work } = assessed;
  const steps: Trace = [assessed.workStep].concat(placement.steps);
  if (placement.as === 'no-charge') return coveredItem(assessed, account, null, steps);
  if (placement.as === 'unpriced') return unpricedItem(work, account, placement.inForce, steps);
  const { inForce } = placement;
  if (placement.as === 'included') return coveredItem(assessed, account, inForce, steps);
  if (isUnderWarranty(work)) return coveredItem(assessed, account, inForce, [...steps, warrantyStep(work)]);
  const priced = price(inForce);
  const trace = time === null ? steps.concat(priced.steps) : steps.concat(time.step, priced.steps);
  if (priced.unitPrice === null || priced.net === null) return unpricedItem(work, account, inForce, trace);
  return itemOf(work, account, {
    disposition: 'billable',
    billableMinutes: time?.minutes ?? null,
    quantity: time === null ? recordedQuantity(work) : hoursText(time.minutes),
    unitPrice: priced.unitPrice,
    net: priced.net,
    inForce,
    trace,
  });
}

function warrantyStep(work: WorkItem): TraceStep {
  const serialNumber = work.kind === 'material' ? work.serialNumber : null;
  return {
    step: 'warranty',
    text: `under warranty${serialNumber === null ? '' : `, serial number ${serialNumber}`}: no charge`,
    facts: { underWarranty: true, serialNumber },
  };
}

/** A billable item that a draft claims shows the draft. */
export function withClaim(item: BillableItem, claimed: ClientPeriodFacts['claimed']): BillableItem {
  const invoiceId = item.disposition === 'billable' ? claimed.get(item.itemId) : undefined;
  return invoiceId === undefined ? item : { ...item, disposition: 'claimed', invoiceId };
}

/** A frozen item, as it was. Only approved time was ever put on an invoice. */
export function frozenItem(part: FrozenPart, account: Account): BillableItem {
  const disposition: Disposition = part.invoiceId === null ? 'written-off' : 'invoiced';
  const { item } = part;
  return {
    itemId: item.itemId,
    workItemId: item.workItemId,
    ticketId: item.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: item.kind,
    disposition,
    workDate: item.workDate,
    description: item.description,
    actualMinutes: item.actualMinutes,
    billableMinutes: item.billableMinutes,
    quantity: item.quantity,
    unit: item.unit,
    unitPrice: item.unitPrice,
    net: item.net,
    taxCategory: item.taxCategory,
    contractId: item.contractId,
    contractVersion: item.contractVersion,
    approval: item.kind === 'time' && disposition === 'invoiced' ? 'approved' : null,
    invoiceId: part.invoiceId,
    sourceEventIds: item.sourceEventIds,
    trace: item.trace,
  };
}
