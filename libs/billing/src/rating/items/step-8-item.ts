import { netCostOf } from '../price/goods-rate.js';
import { Decimal, type LocalDate, type Minutes, Money, type MoneyJson, invariant } from '@billtrail/kernel';
import type { UnpricedReason } from '../../item/basis.js';
import type { BillableItem, Disposition, Segment } from '../../item/billable-item.js';
import type { CourtesyGiven } from '../../item/courtesy.js';
import type { Draw } from '../../item/draw.js';
import type { Assessed } from '../assessed.js';
import type { PeriodFacts, WorkItem } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import type { Amounts } from '../price/amounts.js';
import { hoursText, piecesOf } from '../quantities.js';
import type { Given, PricedPart } from './priced-part.js';

/** Whose items they are, of which billing period, and in which currency the client is invoiced. */
export type ClientPeriod = Pick<PeriodFacts, 'clientId' | 'period' | 'currency'>;

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
  readonly standardValue: MoneyJson | null;
  readonly inForce: InForce | null;
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
  given?: Given,
): BillableItem {
  const { inForce } = outcome;
  // Properties are added, not spread: a spread that adds one makes a shape of its own each time, which is slow to make and to read.
  const item: BillableItem & { segment?: Segment; draw?: Draw; courtesy?: CourtesyGiven } = {
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
    standardValue: outcome.standardValue,
    cost: work.kind === 'time' ? null : costOf(work, outcome.quantity),
    taxCategory: inForce === null ? null : inForce.version.terms.rateCard.taxCategories[work.kind],
    contractId: inForce === null ? null : inForce.contract.contractId,
    contractVersion: inForce === null ? null : inForce.version.versionNumber,
    approval: work.approval ?? null,
    invoiceId: null,
    sourceEventIds: given === undefined ? work.sourceEventIds : [...work.sourceEventIds, given.courtesy.eventId],
  };
  if (segment !== null) item.segment = segment;
  if (draw !== null) item.draw = draw;
  if (given !== undefined) item.courtesy = { amount: given.amount.toJSON(), reason: given.courtesy.reason };
  return item;
}

/** What goods cost us, rounded once; null: nobody stated it. */
function costOf(work: Exclude<WorkItem, { kind: 'time' }>, quantity: string): MoneyJson | null {
  return netCostOf(work)?.times(quantity).rounded().toJSON() ?? null;
}

/** The quantity as recorded, less what of it is settled: actual hours, pieces, one expense. */
export function recordedQuantity(one: Assessed): string {
  const { work, earlier, isRest } = one;
  if (work.kind === 'time') return hoursText(one.minutes);
  const recorded = piecesOf(work);
  return earlier === null || !isRest ? recorded : new Decimal(recorded).minus(earlier.quantity).toFixed();
}

function unitOf(work: WorkItem): string {
  if (work.kind === 'time') return 'h';
  return work.unit ?? 'expense';
}

/** Work of a ticket without a client: it has no price. */
export function itemWithoutClient(work: WorkItem, period: string, cause: string): BillableItem {
  const isTime = work.kind === 'time';
  const item = itemOf(
    work,
    { clientId: null, period },
    { itemId: work.workItemId, segment: null },
    {
      disposition: 'unpriced',
      workDate: work.workDate,
      actualMinutes: isTime ? work.minutes : null,
      billableMinutes: null,
      quantity: isTime ? hoursText(work.minutes) : piecesOf(work),
      unit: unitOf(work),
      unitPrice: null,
      net: null,
      standardValue: null,
      inForce: null,
      note: null,
    },
    null,
  );
  return { ...item, unpriced: { reason: 'no-client', cause } };
}

/** Work that has no price. */
export function unpricedItem(
  one: Assessed,
  account: ClientPeriod,
  inForce: InForce | null,
  unpriced: { readonly reason: UnpricedReason; readonly cause: string },
  place: Place,
): BillableItem {
  return { ...itemOf(one.work, account, place, outcomeOf(one, 'unpriced', null, inForce, null), null), unpriced };
}

/** Work that costs the client nothing: a zero line, so that it is seen, with what it is worth. */
export function coveredItem(
  one: Assessed,
  account: ClientPeriod,
  inForce: InForce | null,
  standard: Money | null,
  place: Place,
): BillableItem {
  const zero = Money.zero(inForce?.version.terms.rateCard.currency ?? account.currency).toJSON();
  return itemOf(one.work, account, place, outcomeOf(one, 'covered', zero, inForce, standard), null);
}

/** Of work that is not asked for: `price` zero where it is free, null where it has none. */
function outcomeOf(
  one: Assessed,
  disposition: 'covered' | 'unpriced',
  price: MoneyJson | null,
  inForce: InForce | null,
  standard: Money | null,
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
    standardValue: standard?.rounded().toJSON() ?? null,
    inForce,
    note: null,
  };
}

/** True for material that its maker replaces: it passes contract and coverage, and is then free. */
export function isUnderWarranty(work: WorkItem): boolean {
  return work.kind === 'material' && work.underWarranty;
}

/**
 * Step 8 of rating.md: the item of a part, with exactly one disposition. What a block covers has no price; what is above a cap is forgone by the
 * contract's rule, or has none: `reason` says why.
 */
export function partItem(
  part: PricedPart,
  account: ClientPeriod,
  amounts: Amounts,
  place: Place,
  reason: UnpricedReason | null,
): BillableItem {
  const { assessed, inForce, draw, given } = part;
  const { work } = assessed;
  const isDrawn = draw !== null;
  const amount = isDrawn || reason !== null ? null : amounts.of(part);
  const zero = isDrawn ? part.exact.toJSON() : null;
  const flatQuantity = amount === null ? null : amount.flatQuantity;
  return itemOf(
    work,
    account,
    place,
    {
      disposition: dispositionOf(part, reason),
      workDate: assessed.date,
      actualMinutes: part.actualMinutes,
      billableMinutes: !isDrawn && reason !== null ? null : part.billableMinutes,
      quantity: flatQuantity ?? quantityOf(part, !isDrawn && reason !== null),
      unit: flatQuantity === null ? unitOf(work) : 'flat',
      unitPrice: amount === null ? zero : amount.unitPrice,
      net: amount === null ? zero : given === undefined ? amount.net : lessGiven(amount.net, given),
      standardValue: part.standard === null ? null : amounts.rounded(part.standard),
      inForce,
      note: amount === null ? drawnText(part) : (amount.note ?? roundedAwayText(part)),
    },
    isDrawn ? drawOf(draw, place.itemId) : null,
    given,
  );
}

function lessGiven(net: MoneyJson, { amount }: Given): MoneyJson {
  const left = Money.from(net).minus(amount);
  invariant(!left.isNegative(), 'more is given of a piece of work than it comes to');
  return left.toJSON();
}

/** Why a part has no price: it is above a cap, or prepaid, covered by nothing and without a rate. null: it has one, or needs none. */
export function unpricedReason({ aboveCap, draw, prepaid, price }: PricedPart): UnpricedReason | null {
  if (aboveCap === 'gap') return 'above-cap';
  return draw === null && prepaid === 'overage' ? price.unpriced : null;
}

/** What the client reads where a block burnt otherwise than by the minutes that were billed. */
function drawnText({ draw, billableMinutes }: PricedPart): string | null {
  if (draw?.weight === undefined || draw.amount.unit !== 'minutes') return null;
  return `${billableMinutes} min x ${draw.weight} = ${draw.amount.minutes} min drawn`;
}

/** Work is never left out of sight, also where its card asks nothing for so few minutes. */
function roundedAwayText({ time, actualMinutes }: PricedPart): string | null {
  return time?.isRoundedAway === true ? `${actualMinutes} min, rounded to 0 min` : null;
}

function drawOf(draw: Omit<Draw, 'itemId'>, itemId: string): Draw {
  const { source, workItemId, workDate, amount, frozen, weight } = draw;
  const drawn = { source, workItemId, workDate, amount, frozen, itemId };
  return weight === undefined ? drawn : { ...drawn, weight };
}

function dispositionOf(part: PricedPart, reason: UnpricedReason | null): Disposition {
  if (part.draw !== null) return 'covered';
  if (reason !== null) return 'unpriced';
  return part.aboveCap === 'write-down' ? 'written-off' : 'billable';
}

/** Hours that are billed, where there is a price; else those that were worked. */
function quantityOf(part: PricedPart, hasNone: boolean): string {
  if (part.actualMinutes === null) return part.quantity;
  const minutes = hasNone ? part.actualMinutes : part.billableMinutes;
  invariant(minutes !== null, 'time has billable minutes once it is rounded');
  return hoursText(minutes);
}
