import { unreachable, type MoneyJson } from '@billtrail/kernel';
import type { LinePart } from '@billtrail/billing';
import type { CreditShown } from '@billtrail/read-models';
import { type Cell, count, money } from './output.js';

/** A line of a document, as far as its sum is shown. */
export interface Summed {
  readonly unit: string;
  readonly parts: readonly LinePart[];
  readonly creditOf?: CreditShown | null;
}

/** What a line's sum says below the line: text and amount of each part. Nothing where quantity times unit price is the net, as anybody can see. */
export function sumOf(line: Summed): readonly (readonly [text: string, amount: Cell])[] {
  const { parts, unit, creditOf } = line;
  const [only] = parts;
  const isPlain =
    parts.length === 1 &&
    only !== undefined &&
    only.label === 'price' &&
    only.unused === undefined &&
    only.counted === undefined &&
    hasShortQuantity(only);
  const shown = isPlain ? [] : parts.map((part) => [partText(part, unit), part.amount.amount] as const);
  return [...shown, ...(creditOf === undefined || creditOf === null ? [] : [[creditText(creditOf), ''] as const])];
}

/** Hours in quarters are read as they are; thirds are told in minutes. */
function hasShortQuantity({ quantity, perMinutes }: LinePart): boolean {
  return perMinutes === undefined && /^-?\d+(\.\d{1,2})?$/.test(quantity ?? '');
}

function partText(part: LinePart, unit: string): string {
  switch (part.label) {
    case 'price':
    case 'tier':
      return priceText(part, unit);
    case 'on-top':
      return 'amount on top';
    case 'tiers':
      return 'by tiers';
    case 'proration':
      return prorationText(part);
    case 'counted':
      return 'less what counts towards it';
    case 'discount':
      return part.percent === undefined ? 'discount' : `less ${part.percent} %`;
    case 'limit':
      return 'above the limit of a month';
    case 'elsewhere':
      return 'in its other shares';
    case 'left-over':
      return 'not used: nothing is left to take it off';
    case 'cap':
      return `above the cap${part.capId === undefined ? '' : ` ${part.capId}`}`;
    case 'courtesy':
      return `courtesy: ${part.reason ?? ''}`;
    case 'paid-before':
      return 'paid from the block';
    case 'billed-before':
      return 'billed before';
    case 'adjustment':
      return 'correction';
    case 'rounding':
      return 'rounding';
    default:
      return unreachable(part.label);
  }
}

/** Money that is taken off, given back or put right is one of it, at a price that may be below zero: `-1 discount` is none that anybody has seen. */
const OF_MONEY: ReadonlySet<string> = new Set(['discount', 'credit', 'adjustment']);

interface Priced {
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: MoneyJson;
}

function isLessMoney({ quantity, unit }: Pick<Priced, 'quantity' | 'unit'>): boolean {
  return quantity === '-1' && OF_MONEY.has(unit);
}

/** `1.25 h`, `1 discount`. */
export function quantityOf(line: Pick<Priced, 'quantity' | 'unit'>): string {
  return `${isLessMoney(line) ? '1' : line.quantity} ${line.unit}`;
}

/** Times {@link quantityOf} it is the same money. */
export function priceOf(line: Priced): MoneyJson {
  const { amount, currency } = line.unitPrice;
  return isLessMoney(line) ? { amount: `-${amount}`, currency } : line.unitPrice;
}

function priceText(part: LinePart, unit: string): string {
  const { quantity, unitPrice, minutes, perMinutes, from, to } = part;
  const one = { quantity: quantity ?? '1', unit: part.unit ?? unit };
  const each = unitPrice === null ? '–' : priceOf({ ...one, unitPrice }).amount;
  const days = from === undefined || to === undefined ? '' : `, ${from} to ${to}`;
  const unused = part.unused === undefined ? '' : `, ${part.unused} of them unused`;
  const least = part.counted === undefined ? '' : `, the least that is charged: ${part.counted} counted`;
  if (minutes === undefined) return `${quantityOf(one)} x ${each}${days}${unused}${least}`;
  if (perMinutes !== undefined) return `${count(minutes)} min at ${each} for ${count(perMinutes)} min`;
  return hasShortQuantity(part) ? `${quantity ?? ''} h x ${each}` : `${count(minutes)} min at ${each} an hour`;
}

function prorationText({ days, ofDays, daysBefore, rules, from, to }: LinePart): string {
  if (days === undefined || ofDays === undefined) return 'by days';
  const after = daysBefore === undefined ? '' : `, after ${daysBefore}`;
  const how = rules === undefined ? 'days' : `by ${rules.join(' and ')}`;
  return `${days} of ${ofDays} ${how}${after}, ${from ?? ''} to ${to ?? ''}`;
}

function creditText({ number, documentId, reason, tax }: CreditShown): string {
  return `credit of ${number ?? documentId}: ${reason}${tax === null ? '' : `; with tax ${money(tax)}`}`;
}
