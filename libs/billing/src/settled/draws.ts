import { type Currency, Decimal, compareTexts, invariant } from '@billtrail/kernel';
import { type PrepaidAmount, amountOf } from '@billtrail/contracts';
import type { BillableItem } from '../item/billable-item.js';
import type { Draw, PrepaidSource } from '../item/draw.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { DrawnBefore, OwnDraw } from '../rating/prepaid/drawn-before.js';
import { currencyOf, prepaidAmount, prepaidKey, unitKey } from '../rating/prepaid/prepaid-amount.js';
import { type Holding, holdingOf, minus } from './holding.js';
import { type SettledWork, isForgiven } from './settled-work.js';

/** The draws that the account of the period froze: on invoices and, where a covered part was written off, there. By work date, then by item. */
export function frozenDraws(facts: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>): readonly Draw[] {
  return [...facts.invoiced.map(({ line }) => line), ...facts.writtenOff]
    .flatMap((item) => (item.draw === undefined ? [] : [{ ...item.draw, itemId: item.itemId, frozen: true }]))
    .sort((a, b) => compareTexts(a.workDate, b.workDate) || compareTexts(a.itemId, b.itemId));
}

/** What settled work had drawn, and what it was asked beyond that. */
export function drawnBefore({ parts }: SettledWork): DrawnBefore {
  const asked = parts.filter((part) => part.item.draw === undefined && part.item.net !== null && !isForgiven(part));
  const { billableMinutes, net } = holdingOf(asked.map(({ item }) => item));
  return {
    draws: netDraws(parts.flatMap(({ item }) => (item.draw === undefined ? [] : [item.draw]))),
    overageMinutes: Math.max(billableMinutes, 0),
    overageMoney: net,
  };
}

/** Draws of one source are one, what was given back of it taken off; none where nothing is left. */
function netDraws(draws: readonly Draw[]): readonly OwnDraw[] {
  const byKey = new Map<string, OwnDraw>();
  for (const { source, amount } of draws) {
    const key = prepaidKey(source);
    const unit = unitKey(source, amount);
    const known = byKey.get(unit);
    if (known === undefined) byKey.set(unit, { source, key, currency: currencyOf(amount), left: amountOf(amount) });
    else known.left = known.left.plus(amountOf(amount));
  }
  return [...byKey.values()].filter(({ left }) => left.gt(0));
}

/** What corrected work draws of one block or allotment more than is frozen of it, or gives back. */
export interface DrawDifference<Present> {
  readonly source: PrepaidSource;
  /** Below zero: given back. */
  readonly amount: PrepaidAmount;
  /** What of the work is covered more, or less. */
  readonly holding: Holding;
  /** What it is covered by now; null: nothing of it is. */
  readonly present: Present | null;
}

interface OfSource<Present> {
  readonly source: PrepaidSource;
  readonly currency: Currency | null;
  readonly settled: SettledWork['latest'][];
  readonly present: Present[];
}

/** One for each block and allotment of which the work holds another amount than is frozen, in the order in which they were drawn. */
export function drawDifferences<Present extends { readonly item: BillableItem }>(
  { parts }: SettledWork,
  presentItems: readonly Present[],
): readonly DrawDifference<Present>[] {
  const bySource = new Map<string, OfSource<Present>>();
  const of = ({ source, amount }: Draw): OfSource<Present> => {
    const key = unitKey(source, amount);
    let known = bySource.get(key);
    if (known === undefined)
      bySource.set(key, (known = { source, currency: currencyOf(amount), settled: [], present: [] }));
    return known;
  };
  for (const { item } of parts) if (item.draw !== undefined) of(item.draw).settled.push(item);
  for (const one of presentItems) if (one.item.draw !== undefined) of(one.item.draw).present.push(one);
  return [...bySource.values()].flatMap(({ source, currency, settled, present }) => {
    const items = present.map(({ item }) => item);
    const amount = drawnBy(items).minus(drawnBy(settled));
    if (amount.isZero()) return [];
    const holding = minus(holdingOf(items), holdingOf(settled));
    invariant(holding.net.isZero(), () => `what ${prepaidKey(source)} covers asks for money`);
    return [
      {
        source,
        amount: prepaidAmount(amount, currency),
        holding,
        present: present[0] ?? null,
      },
    ];
  });
}

function drawnBy(items: readonly { readonly draw?: Draw }[]): Decimal {
  return items.reduce((sum, { draw }) => (draw === undefined ? sum : sum.plus(amountOf(draw.amount))), new Decimal(0));
}
