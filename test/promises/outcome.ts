import { Money, type Currency } from '@billtrail/kernel';
import { draftableCharges, draftableItems, type ChargeItem, type ExplainedItem } from '@billtrail/billing';
import type { WhatIfAnswer } from '@billtrail/application';
import type { House } from '../laws/kit/house.js';

export type Asked = ExplainedItem | ChargeItem;

/** What a client is asked in a period, by the ids of items and charges. */
export type Outcome = ReadonlyMap<string, Asked>;

/** What a draft of now would take, and all beside it. */
export async function outcomeOf(house: House, clientId: string, period: string): Promise<Outcome> {
  await house.settle();
  const { items, charges } = await house.billtrail.models.billableItems.explainedOfPeriod(clientId, period);
  return outcomeFrom(items, charges);
}

export function outcomeFrom(items: readonly ExplainedItem[], charges: readonly ChargeItem[]): Outcome {
  const outcome = new Map<string, Asked>();
  for (const item of items) outcome.set(item.itemId, item);
  for (const charge of charges) outcome.set(charge.chargeItemId, charge);
  return outcome;
}

/** What is, with the promised differences. */
export function promisedOutcome(present: Outcome, { differences }: Pick<WhatIfAnswer, 'differences'>): Outcome {
  const promised = new Map(present);
  for (const { itemId, after } of differences) {
    if (after === null) promised.delete(itemId);
    else promised.set(itemId, after);
  }
  return promised;
}

export function isCharge(one: Asked): one is ChargeItem {
  return 'chargeItemId' in one;
}

/** All of it that is money or decides on money. */
function told(one: Asked | undefined): string {
  if (one === undefined) return 'is not there';
  const { disposition, quantity, net, contractId, contractVersion, taxCategory, unitPrice } = one;
  const of = `${disposition} ${quantity} x ${unitPrice?.amount ?? '?'} = ${net?.amount ?? '?'} ${net?.currency ?? ''} ${taxCategory} by ${contractId} version ${contractVersion}`;
  if (isCharge(one)) return `${of}, ${one.from} to ${one.to}, due ${one.billableFrom}`;
  const { billableMinutes, standardValue, draw, segment } = one;
  return [
    of,
    `${billableMinutes} min`,
    `worth ${standardValue?.amount}`,
    draw === undefined ? 'no draw' : JSON.stringify([draw.source, draw.amount]),
    segment === undefined ? 'whole' : `${segment.fromMinute}-${segment.toMinute}`,
    one.unpriced?.reason ?? 'priced',
  ].join(', ');
}

/** Items and charges that are not as promised. */
export function broken(promise: string, promised: Outcome, happened: Outcome): readonly string[] {
  const ids = [...new Set([...promised.keys(), ...happened.keys()])].sort();
  return ids.flatMap((id) => {
    const [before, after] = [told(promised.get(id)), told(happened.get(id))];
    return before === after ? [] : [`${promise}, ${id}: promised ${before}; ${after}`];
  });
}

/** What is asked of the client in all, in minor units' own currency. */
export function totalOf(outcome: Outcome, currency: Currency): Money {
  const nets = [...outcome.values()].flatMap(({ disposition, net }) => {
    const isAsked = disposition === 'billable' || disposition === 'claimed' || disposition === 'invoiced';
    return isAsked && net !== null && net.currency === currency ? [Money.from(net)] : [];
  });
  return Money.sum(nets, currency);
}

/** The lines that a draft made then would have of it, by id; none where nothing is asked. `isHeld`: of what is on another draft. */
export function draftOf(
  outcome: Outcome,
  drafted: Parameters<typeof draftableCharges>[1],
  isHeld: (itemId: string) => boolean,
): ReadonlyMap<string, string> {
  const all = [...outcome.values()];
  const items = draftableItems(all.filter((one): one is ExplainedItem => !isCharge(one)));
  const charges = draftableCharges(all.filter(isCharge), drafted);
  const asksNothing =
    items.every(({ disposition }) => disposition === 'covered') && charges.every(({ net }) => Money.from(net).isZero());
  if (asksNothing) return new Map();
  return new Map([
    // What a block covers stays `covered` on the draft that has it.
    ...items.filter(({ itemId }) => !isHeld(itemId)).map((one) => [one.itemId, one.net?.amount ?? ''] as const),
    ...charges.map((one) => [one.chargeItemId, one.net.amount] as const),
  ]);
}
