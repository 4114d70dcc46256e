import type { Month } from '@billtrail/kernel';
import type { CarriedOver } from './rating/prepaid/prepaid-facts.js';
import { prepaidKey } from './rating/prepaid/prepaid-stock.js';

/** A later period of the client, and what it was handed when it was last rated; null: it never was. */
export interface LaterPeriod {
  readonly period: Month;
  readonly ratedWith: CarriedOver | null;
}

/** One period that was rated again, with its result. */
export interface RatedAgain<Result> {
  readonly period: Month;
  readonly result: Result;
}

/** True where two periods are handed the same, so that the later need not be rated again. The order of balances and caps is no difference. */
export function handsOverTheSame(one: CarriedOver | null, other: CarriedOver | null): boolean {
  return one === null || other === null ? one === other : canonical(one) === canonical(other);
}

function canonical({ balances, caps }: CarriedOver): string {
  const left = balances.map(({ source, left: rest }) => [
    prepaidKey(source),
    rest.unit === 'minutes' ? rest.minutes : [rest.money.amount, rest.money.currency],
  ]);
  const used = caps.map(({ contractId, capId, ticketId, billed }) => [
    JSON.stringify([contractId, capId, ticketId]),
    billed.amount,
    billed.currency,
  ]);
  const inOrder = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
  return JSON.stringify([left.sort(inOrder), used.sort(inOrder)]);
}

/**
 * Rates again the later periods that a change reaches: those after the changed one, in order, each with what the one before hands it, and
 * stops at the first that is handed what it was rated with. Periods up to `changed.period` are left out. Pure as far as `rateWith` is:
 * it rates one period with what it is handed.
 */
export function rateOnward<Result extends { readonly carriedOver: CarriedOver }>(
  changed: { readonly period: Month; readonly carriedOver: CarriedOver },
  later: readonly LaterPeriod[],
  rateWith: (period: Month, handed: CarriedOver) => Result,
): readonly RatedAgain<Result>[] {
  const again: RatedAgain<Result>[] = [];
  let handed = changed.carriedOver;
  const inOrder = later.filter(({ period }) => period > changed.period).sort((a, b) => (a.period < b.period ? -1 : 1));
  for (const { period, ratedWith } of inOrder) {
    if (handsOverTheSame(ratedWith, handed)) break;
    const result = rateWith(period, handed);
    again.push({ period, result });
    handed = result.carriedOver;
  }
  return again;
}
