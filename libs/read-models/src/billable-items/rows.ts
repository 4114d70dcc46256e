import { Decimal, invariant, unreachable, type MoneyJson } from '@billtrail/kernel';
import {
  formerGapKey,
  gapKey,
  type BillableItem,
  type ChargeItem,
  type DerivedGap,
  type Draw,
  type Grant,
  type Lapse,
} from '@billtrail/billing';
import type { BlockDue } from '@billtrail/contracts';
import { fromColumns, minorOf, moneyOf } from '../database/money-columns.js';
import { NO_CLIENT } from '../rating-facts/tables.js';
import {
  ALLOTMENTS,
  BLOCKS_DUE,
  CHARGES,
  DRAWS,
  GAPS_DERIVED,
  ITEMS,
  LAPSES,
  MINUTE_PARTS,
  NO_TICKET,
  type ChargeRow,
  type DerivedGapRow,
  type DrawRow,
  type ItemRow,
} from './tables.js';

/** A derived gap with its key. */
export interface KeyedGap extends DerivedGap {
  readonly key: string;
  /** The key that old logs have for it, where that is another: what is recorded under it is this gap. null: it is the same. */
  readonly formerKey: string | null;
}

const minorOrNull = (money: MoneyJson | null | undefined): bigint | null => (money ? minorOf(money) : null);

/** What is there, as an optional property has it. */
function given<Name extends string, Value>(name: Name, value: Value | null): { readonly [Key in Name]?: Value } {
  return value === null ? {} : ({ [name]: value } as { readonly [Key in Name]?: Value });
}

export const itemCells = ITEMS.encoder<BillableItem>({
  clientId: ({ clientId }) => clientId ?? NO_CLIENT,
  unitPrice: ({ unitPrice }) => unitPrice?.amount ?? null,
  currency: ({ net, unitPrice }) => (net ?? unitPrice)?.currency ?? null,
  netMinor: ({ net }) => minorOrNull(net),
  // Nothing is taken off what has no price yet.
  courtesyMinor: ({ courtesy, net }) => (net === null ? null : minorOrNull(courtesy?.amount)),
  unpricedReason: ({ unpriced }) => unpriced?.reason ?? null,
  unpricedCause: ({ unpriced }) => unpriced?.cause ?? null,
});

export function presentItem(row: ItemRow): BillableItem {
  const { clientId, currency, unitPrice, netMinor, segment, draw, creditNoteId, unpricedReason, ...others } = row;
  const { mergedInto, unpricedCause: cause, courtesy, courtesyMinor: _minor, ...same } = others;
  return {
    ...same,
    clientId: clientId === NO_CLIENT ? null : clientId,
    unitPrice: unitPrice === null || currency === null ? null : { amount: unitPrice, currency },
    net: fromColumns(netMinor, currency),
    ...given('mergedInto', mergedInto),
    ...given('creditNoteId', creditNoteId),
    ...given('unpriced', unpricedReason === null || cause === null ? null : { reason: unpricedReason, cause }),
    ...given('segment', segment),
    ...given('draw', draw),
    ...given('courtesy', courtesy),
  };
}

export const chargeCells = CHARGES.encoder<ChargeItem>({
  fromDay: ({ from }) => from,
  toDay: ({ to }) => to,
  unitPrice: ({ unitPrice }) => unitPrice.amount,
  currency: ({ net }) => net.currency,
  netMinor: ({ net }) => minorOf(net),
  creditedMinor: ({ credited }) => minorOrNull(credited),
});

export function presentCharge(row: ChargeRow): ChargeItem {
  const { fromDay: from, toDay: to, unitPrice, currency, netMinor, creditedMinor, creditNoteId, ...same } = row;
  return {
    ...same,
    from,
    to,
    unitPrice: { amount: unitPrice, currency },
    net: moneyOf(netMinor, currency),
    ...given('credited', fromColumns(creditedMinor, currency)),
    ...given('creditNoteId', creditNoteId),
  };
}

/** A draw in its place. The draw names its item, and not the item's ticket. */
export interface PlacedDraw extends Pick<DrawRow, 'clientId' | 'period' | 'sequence' | 'ticketId'> {
  readonly draw: Draw;
}

export const drawCells = DRAWS.encoder<PlacedDraw>({
  contractId: ({ draw }) => draw.source.contractId,
  source: ({ draw }) => draw.source.from,
  sourceId: ({ draw }) => sourceColumns(draw.source).sourceId,
  month: ({ draw }) => sourceColumns(draw.source).month,
  itemId: ({ draw }) => draw.itemId,
  workItemId: ({ draw }) => draw.workItemId,
  workDate: ({ draw }) => draw.workDate,
  minuteParts: ({ draw: { amount } }) =>
    amount.unit === 'minutes' ? new Decimal(amount.minutes).times(MINUTE_PARTS).toNumber() : null,
  weight: ({ draw }) => draw.weight ?? null,
  valueMinor: ({ draw: { amount } }) => (amount.unit === 'money' ? minorOf(amount.money) : null),
  currency: ({ draw: { amount } }) => (amount.unit === 'money' ? amount.money.currency : null),
  frozen: ({ draw }) => draw.frozen,
});

export function sourceColumns(source: Draw['source']): Pick<DrawRow, 'contractId' | 'source' | 'sourceId' | 'month'> {
  const { contractId } = source;
  switch (source.from) {
    case 'block':
      return { contractId, source: 'block', sourceId: source.blockId, month: '' };
    case 'allotment':
      return { contractId, source: 'allotment', sourceId: source.allotmentId, month: source.month };
    default:
      return unreachable(source);
  }
}

export function sourceOf(row: Pick<DrawRow, 'contractId' | 'source' | 'sourceId' | 'month'>): Draw['source'] {
  const { contractId, sourceId, month } = row;
  return row.source === 'block'
    ? { from: 'block', contractId, blockId: sourceId }
    : { from: 'allotment', contractId, allotmentId: sourceId, month };
}

export function presentDraw(row: DrawRow): Draw {
  const { itemId, workItemId, workDate, minuteParts, weight, valueMinor, currency, frozen } = row;
  const drawn = { source: sourceOf(row), itemId, workItemId, workDate, frozen, ...given('weight', weight) };
  const money = fromColumns(valueMinor, currency);
  if (money !== null) return { ...drawn, amount: { unit: 'money', money } };
  invariant(minuteParts !== null, `the draw of ${itemId} has neither minutes nor money`);
  return { ...drawn, amount: { unit: 'minutes', minutes: new Decimal(minuteParts).div(MINUTE_PARTS).toNumber() } };
}

/** What a contract grants in a period. `lastDay`: of what rolls over, that of the last month in which it can be drawn. */
export interface PlacedGrant {
  readonly clientId: string;
  readonly period: string;
  readonly contractId: string;
  readonly grant: Grant;
  readonly lastDay: string;
}

export const allotmentCells = ALLOTMENTS.encoder<PlacedGrant>({
  allotmentId: ({ grant }) => grant.allotment.id,
  name: ({ grant }) => grant.allotment.name,
  amount: ({ grant }) => grant.allotment.base,
  firstDay: ({ grant }) => grant.from,
});

/** What lapsed when a period began. */
export interface PlacedLapse {
  readonly clientId: string;
  readonly period: string;
  readonly lapse: Lapse;
}

export const lapseCells = LAPSES.encoder<PlacedLapse>({
  contractId: ({ lapse: { source } }) => source.contractId,
  allotmentId: ({ lapse: { source } }) => sourceColumns(source).sourceId,
  month: ({ lapse: { source } }) => sourceColumns(source).month,
  amount: ({ lapse: { amount } }) => amount,
});

/** A block that is to be bought. */
export interface PlacedDue {
  readonly clientId: string;
  readonly period: string;
  readonly due: BlockDue;
}

export const dueCells = BLOCKS_DUE.encoder<PlacedDue>({
  contractId: ({ due }) => due.contractId,
  dueOn: ({ due }) => due.on,
  workItemId: ({ due }) => due.workItemId,
  follows: ({ due }) => due.follows,
  ofBlocks: ({ due }) => due.ofBlocks,
});

export const gapCells = GAPS_DERIVED.encoder<DerivedGap & { readonly scope: string }>({
  ticketId: ({ ticketId }) => ticketId ?? NO_TICKET,
  gapKey,
  formerKey: formerGapKey,
  valueMinor: ({ valueAtRisk: { money } }) => minorOrNull(money),
  currency: ({ valueAtRisk: { money } }) => money?.currency ?? null,
  minutes: ({ valueAtRisk: { minutes } }) => minutes,
  chargeContractId: ({ charge }) => charge?.contractId ?? null,
  chargeId: ({ charge }) => charge?.chargeId ?? null,
  endsBy: ({ endsBy }) => endsBy ?? null,
});

export function presentGap(row: DerivedGapRow): KeyedGap {
  const {
    ticketId,
    gapKey: key,
    scope: _,
    valueMinor,
    currency,
    minutes,
    chargeContractId,
    chargeId,
    endsBy,
    ...same
  } = row;
  const charge = chargeContractId === null || chargeId === null ? null : { contractId: chargeContractId, chargeId };
  return {
    ...same,
    key,
    ticketId: ticketId === NO_TICKET ? null : ticketId,
    valueAtRisk: { money: fromColumns(valueMinor, currency), minutes },
    ...given('charge', charge),
    ...given('endsBy', endsBy),
  };
}
