import { Money, type MoneyJson } from '@billtrail/kernel';
import type { Assessed } from './assess.js';
import type { Approval, BillableItem, ClientPeriodFacts, Disposition, WorkItem } from './facts.js';
import type { FrozenPart } from './frozen.js';
import type { InForce, Placement } from './placement.js';
import type { Price } from './pricing.js';
import { hoursText } from './quantities.js';
import type { BillableTime } from './step-4-billable-time.js';
import type { Trace, TraceStep } from './trace.js';

/** Where an item lives: its client and billing period. */
export type Account = Pick<ClientPeriodFacts, 'clientId' | 'period' | 'currency'>;

/** What is the same in an item whatever its outcome. Quantity and unit are those of the work as recorded. */
function common(work: WorkItem, account: { readonly clientId: string | null; readonly period: string }) {
  return {
    itemId: work.workItemId,
    workItemId: work.workItemId,
    ticketId: work.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: work.kind,
    workDate: work.workDate,
    description: work.description,
    actualMinutes: work.kind === 'time' ? work.minutes : null,
    quantity: recordedQuantity(work),
    unit: unitOf(work),
    approval: approvalOf(work),
    invoiceId: null,
    sourceEventIds: work.sourceEventIds,
  } as const;
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

function approvalOf(work: WorkItem): Approval | null {
  return work.kind === 'time' ? work.approval : null;
}

/** Work that has no price, with the steps that say why. */
export function unpricedItem(
  work: WorkItem,
  account: { readonly clientId: string | null; readonly period: string },
  inForce: InForce | null,
  trace: Trace,
): BillableItem {
  return {
    ...common(work, account),
    disposition: 'unpriced',
    billableMinutes: null,
    unitPrice: null,
    net: null,
    taxCategory: inForce?.version.terms.rateCard.taxCategories[work.kind] ?? null,
    contractId: inForce?.contract.contractId ?? null,
    contractVersion: inForce?.version.versionNumber ?? null,
    trace,
  };
}

/** Work that costs the client nothing: a zero line, so that it is seen. */
function coveredItem(assessed: Assessed, account: Account, inForce: InForce | null, trace: Trace): BillableItem {
  const { work } = assessed;
  const card = inForce?.version.terms.rateCard ?? null;
  const zero = zeroIn(card?.currency ?? account.currency);
  return {
    ...common(work, account),
    disposition: 'covered',
    billableMinutes: work.kind === 'time' ? 0 : null,
    unitPrice: zero,
    net: zero,
    taxCategory: card?.taxCategories[work.kind] ?? null,
    contractId: inForce?.contract.contractId ?? null,
    contractVersion: inForce?.version.versionNumber ?? null,
    trace,
  };
}

function zeroIn(currency: string): MoneyJson {
  return Money.zero(currency).toJSON();
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
  const steps: Trace = [assessed.workStep, ...placement.steps];
  if (placement.as === 'no-charge') return coveredItem(assessed, account, null, steps);
  if (placement.as === 'unpriced') return unpricedItem(work, account, placement.inForce, steps);
  const { inForce } = placement;
  if (placement.as === 'included') return coveredItem(assessed, account, inForce, steps);
  if (isUnderWarranty(work)) return coveredItem(assessed, account, inForce, [...steps, warrantyStep(work)]);
  const priced = price(inForce);
  const trace = [...steps, ...(time === null ? [] : [time.step]), ...priced.steps];
  if (priced.unitPrice === null || priced.net === null) return unpricedItem(work, account, inForce, trace);
  return {
    ...common(work, account),
    disposition: 'billable',
    billableMinutes: time?.minutes ?? null,
    quantity: time === null ? recordedQuantity(work) : hoursText(time.minutes),
    unitPrice: priced.unitPrice,
    net: priced.net,
    taxCategory: inForce.version.terms.rateCard.taxCategories[work.kind],
    contractId: inForce.contract.contractId,
    contractVersion: inForce.version.versionNumber,
    trace,
  };
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
