import { Decimal, type LocalDate, type Minutes, Money, type MoneyJson } from '@billtrail/kernel';
import type { Draw } from '../prepaid/prepaid-facts.js';
import type { Amounts } from '../price/amounts.js';
import type { Assessed } from '../assessed.js';
import type { BillableItem, ClientPeriodFacts, Disposition, Segment, WorkItem } from '../facts.js';
import type { FrozenPart } from '../../settled/settled-work.js';
import type { InForce } from '../coverage/placement.js';
import type { PricedPart } from './priced-part.js';
import { hoursText } from '../quantities.js';
import type { Trace, TraceStep } from '../../item/trace.js';

/** Where an item lives: its client and billing period. */
export type Account = Pick<ClientPeriodFacts, 'clientId' | 'period' | 'currency'>;

/** Which item of its work it is. */
export interface Place {
  readonly itemId: string;
  /** null: the whole of the work. */
  readonly segment: Segment | null;
}

/** What rating found for a piece of work. */
interface Outcome {
  readonly disposition: Disposition;
  readonly workDate: LocalDate;
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: MoneyJson | null;
  readonly net: MoneyJson | null;
  readonly inForce: InForce | null;
  readonly trace: Trace;
  /** What the line says beside what the work is. null: nothing. */
  readonly note: string | null;
}

/** One literal for every item: objects of one shape, built at once, are what keeps rating fast. */
function itemOf(
  work: WorkItem,
  account: { readonly clientId: string | null; readonly period: string },
  { itemId, segment }: Place,
  outcome: Outcome,
  draw: Draw | null,
): BillableItem {
  const { inForce } = outcome;
  // Properties are added, not spread: a spread that adds one makes a shape of its own each time, which is slow to make and to read.
  const item: BillableItem & { segment?: Segment; draw?: Draw } = {
    itemId,
    workItemId: work.workItemId,
    ticketId: work.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: work.kind,
    disposition: outcome.disposition,
    workDate: outcome.workDate,
    description: outcome.note === null ? work.description : `${work.description} (${outcome.note})`,
    actualMinutes: outcome.actualMinutes,
    billableMinutes: outcome.billableMinutes,
    quantity: outcome.quantity,
    unit: outcome.unit,
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
  if (segment !== null) item.segment = segment;
  if (draw !== null) item.draw = draw;
  return item;
}

/** The quantity as recorded, less what of it is frozen: actual hours, pieces, one expense. */
export function recordedQuantity(one: Assessed): string {
  const { work, frozen, isRest } = one;
  if (work.kind === 'time') return hoursText(one.minutes);
  const recorded = work.kind === 'material' ? work.quantity : '1';
  return frozen === null || !isRest ? recorded : new Decimal(recorded).minus(frozen.quantity).toFixed();
}

function unitOf(work: WorkItem): string {
  if (work.kind === 'time') return 'h';
  return work.kind === 'material' ? work.unit : 'expense';
}

/** Work of a ticket without a client: it has no price, and the steps say why. */
export function itemWithoutClient(work: WorkItem, period: string, trace: Trace): BillableItem {
  const isTime = work.kind === 'time';
  return itemOf(
    work,
    { clientId: null, period },
    { itemId: work.workItemId, segment: null },
    {
      disposition: 'unpriced',
      workDate: work.workDate,
      actualMinutes: isTime ? work.minutes : null,
      billableMinutes: null,
      quantity: isTime ? hoursText(work.minutes) : work.kind === 'material' ? work.quantity : '1',
      unit: unitOf(work),
      unitPrice: null,
      net: null,
      inForce: null,
      trace,
      note: null,
    },
    null,
  );
}

/** Work that has no price, with the steps that say why. */
export function unpricedItem(
  one: Assessed,
  account: Account,
  inForce: InForce | null,
  trace: Trace,
  place: Place,
): BillableItem {
  return itemOf(one.work, account, place, outcomeOf(one, 'unpriced', null, inForce, trace), null);
}

/** Work that costs the client nothing: a zero line, so that it is seen. */
export function coveredItem(
  one: Assessed,
  account: Account,
  inForce: InForce | null,
  trace: Trace,
  place: Place,
): BillableItem {
  const zero = Money.zero(inForce?.version.terms.rateCard.currency ?? account.currency).toJSON();
  return itemOf(one.work, account, place, outcomeOf(one, 'covered', zero, inForce, trace), null);
}

/** Of work that is not asked for: `price` zero where it is free, null where it has none. */
function outcomeOf(
  one: Assessed,
  disposition: 'covered' | 'unpriced',
  price: MoneyJson | null,
  inForce: InForce | null,
  trace: Trace,
): Outcome {
  const isTime = one.work.kind === 'time';
  return {
    disposition,
    workDate: one.date,
    actualMinutes: isTime ? one.minutes : null,
    billableMinutes: isTime && price !== null ? 0 : null,
    quantity: recordedQuantity(one),
    unit: unitOf(one.work),
    unitPrice: price,
    net: price,
    inForce,
    trace,
    note: null,
  };
}

/** The steps of a piece of work up to step 3, and the one of its billable time where it has such: one list, made at once. */
export function stepsOf(one: Assessed, timeStep?: TraceStep): Trace {
  const steps = one.segmentStep === null ? [one.workStep] : [one.workStep, one.segmentStep];
  if (one.placement !== null) for (const step of one.placement.steps) steps.push(step);
  if (timeStep !== undefined) steps.push(timeStep);
  return steps;
}

/** True for material that its maker replaces: it passes contract and coverage, and is then free. */
export function isUnderWarranty(work: WorkItem): boolean {
  return work.kind === 'material' && work.underWarranty;
}

/**
 * Step 8 of rating.md: the item of a part, with exactly one disposition and the whole way that led to it. What a block covers has no price;
 * what is above a cap is forgone by the contract's rule, or has none.
 */
export function partItem(part: PricedPart, account: Account, amounts: Amounts, place: Place): BillableItem {
  const { assessed, inForce, draw } = part;
  const { work } = assessed;
  const hasNone = part.aboveCap === 'gap' || hasNoPrice(part);
  const amount = draw !== null || hasNone ? null : amounts.of(part);
  const zero = draw === null ? null : part.exact.toJSON();
  const outcome: Outcome = {
    disposition: dispositionOf(part, hasNone),
    workDate: assessed.date,
    actualMinutes: part.actualMinutes,
    billableMinutes: draw === null && hasNone ? null : part.billableMinutes,
    quantity: amount?.flatQuantity ?? quantityOf(part, draw === null && hasNone),
    unit: (amount?.flatQuantity ?? null) === null ? unitOf(work) : 'flat',
    unitPrice: amount === null ? zero : amount.unitPrice,
    net: amount === null ? zero : amount.net,
    inForce,
    trace: amount === null ? part.steps : part.steps.concat(amount.step),
    note: amount === null ? null : amount.note,
  };
  return itemOf(work, account, place, outcome, draw === null ? null : drawOf(draw, place.itemId));
}

function drawOf(draw: Omit<Draw, 'itemId'>, itemId: string): Draw {
  const { source, workItemId, workDate, amount, frozen } = draw;
  return { source, workItemId, workDate, amount, frozen, itemId };
}

function dispositionOf(part: PricedPart, hasNone: boolean): Disposition {
  if (part.draw !== null) return 'covered';
  if (hasNone) return 'unpriced';
  return part.aboveCap === 'write-down' ? 'written-off' : 'billable';
}

/** Hours that are billed, where there is a price; else those that were worked. */
function quantityOf(part: PricedPart, hasNone: boolean): string {
  if (part.actualMinutes === null) return part.quantity;
  return hoursText((hasNone ? part.actualMinutes : part.billableMinutes) ?? 0);
}

/** True for prepaid work that nothing covers and that has no rate: only then it is known that one is missing. */
function hasNoPrice(part: PricedPart): boolean {
  return part.outcome === 'prepaid' && part.steps.some((step) => 'unpriced' in step.facts);
}

export function warrantyStep(work: WorkItem): TraceStep {
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
    ...(part.creditNoteId === null ? {} : { creditNoteId: part.creditNoteId }),
    ...(item.segment === undefined ? {} : { segment: item.segment }),
    ...(item.draw === undefined ? {} : { draw: item.draw }),
  };
}
