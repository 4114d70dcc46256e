import { unreachable } from '@billtrail/kernel';
import type { BillableItem, ChargeItem, DerivedGap, Draw, Grant, Trace, TraceStep } from '@billtrail/billing';
import { minorOf, toColumns } from '../database/money-columns.js';
import { NO_CLIENT, NO_TICKET } from './schema.js';

export type Cell = string | bigint | null;
/** A row, in the order of the table's columns. */
export type Cells = readonly Cell[];

function whole(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Steps that rating gives to many items alike (a contract, a rule) are written once. They are forgotten with the result that holds them. */
const writtenSteps = new WeakMap<TraceStep, string>();

function traceJson(trace: Trace): string {
  const steps = trace.map((step) => {
    const known = writtenSteps.get(step);
    if (known !== undefined) return known;
    const text = JSON.stringify(step);
    writtenSteps.set(step, text);
    return text;
  });
  return `[${steps.join(',')}]`;
}

export function itemCells(item: BillableItem): Cells {
  const net = toColumns(item.net);
  return [
    item.clientId ?? NO_CLIENT,
    item.period,
    item.itemId,
    item.workItemId,
    item.ticketId,
    item.kind,
    item.disposition,
    item.workDate,
    item.description,
    whole(item.actualMinutes),
    whole(item.billableMinutes),
    item.quantity,
    item.unit,
    item.unitPrice?.amount ?? null,
    net.currency ?? item.unitPrice?.currency ?? null,
    net.minor,
    item.taxCategory,
    item.contractId,
    whole(item.contractVersion),
    item.approval,
    item.invoiceId,
    JSON.stringify(item.sourceEventIds),
    traceJson(item.trace),
    json(item.segment),
    json(item.draw),
    item.creditNoteId ?? null,
  ];
}

export function chargeCells(charge: ChargeItem): Cells {
  return [
    charge.clientId,
    charge.period,
    charge.chargeItemId,
    charge.chargeId,
    charge.kind,
    charge.disposition,
    charge.description,
    charge.from,
    charge.to,
    charge.quantity,
    charge.unit,
    charge.unitPrice.amount,
    charge.net.currency,
    minorOf(charge.net),
    charge.taxCategory,
    charge.contractId,
    BigInt(charge.contractVersion),
    charge.ticketId,
    charge.billableFrom,
    charge.invoiceId,
    JSON.stringify(charge.sourceEventIds),
    traceJson(charge.trace),
    charge.credited === undefined ? null : minorOf(charge.credited),
    charge.creditNoteId ?? null,
  ];
}

/** The draw names its item, but not the item's ticket: `ticketId` does. */
export function drawCells(
  clientId: string,
  period: string,
  sequence: number,
  draw: Draw,
  ticketId: string | undefined,
): Cells {
  const { source, amount } = draw;
  const isMoney = amount.unit === 'money';
  return [
    clientId,
    period,
    BigInt(sequence),
    source.contractId,
    source.from,
    ...sourceCells(source),
    draw.itemId,
    draw.workItemId,
    ticketId ?? NO_TICKET,
    draw.workDate,
    isMoney ? null : BigInt(amount.minutes),
    isMoney ? minorOf(amount.money) : null,
    isMoney ? amount.money.currency : null,
    draw.frozen ? 1n : 0n,
  ];
}

function sourceCells(source: Draw['source']): readonly [string, string] {
  switch (source.from) {
    case 'block':
      return [source.blockId, ''];
    case 'allotment':
      return [source.allotmentId, source.month];
    default:
      return unreachable(source);
  }
}

/** `lastDay`: of what rolls over, a month after the grant ends. */
export function allotmentCells(
  clientId: string,
  period: string,
  contractId: string,
  grant: Grant,
  lastDay: string,
): Cells {
  const { allotment, from } = grant;
  return [clientId, period, contractId, allotment.id, allotment.name, JSON.stringify(allotment.base), from, lastDay];
}

export function gapCells(key: string, scope: string, gap: DerivedGap): Cells {
  const { minor, currency } = toColumns(gap.valueAtRisk.money);
  return [
    gap.ticketId ?? NO_TICKET,
    key,
    scope,
    gap.kind,
    gap.clientId,
    gap.period,
    gap.workItemId,
    minor,
    currency,
    whole(gap.valueAtRisk.minutes),
    gap.cause,
    JSON.stringify(gap.sourceEventIds),
    gap.dueOn,
    gap.charge?.contractId ?? null,
    gap.charge?.chargeId ?? null,
  ];
}
