import type { ClientPeriodFacts } from '../client-period.js';
import { rate } from '../rate.js';
import { askedLessUnder, type AskedLess } from './asked-less.js';
import { heldIn } from './held.js';

/** A client's month as it is, and with other contracts in force. */
export interface MonthUnderTerms {
  readonly now: ClientPeriodFacts;
  /** Asked only where something of it may be asked less. */
  readonly underThem: () => ClientPeriodFacts;
}

/**
 * What a client would be asked less for work that was approved, or whose ticket was resolved, if other contracts were in force. `months`: one after the other, from the
 * first that is concerned; each begins with what the one before would leave of blocks, allotments and caps. What a document holds stays, and counts nothing. Months
 * without such work are not rated.
 */
export function askedLessByTerms(months: readonly MonthUnderTerms[]): readonly AskedLess[] {
  const isHeld = heldIn(months.map(({ now }) => now));
  const last = months.findLastIndex(({ now }) => isAnyOpen(now, isHeld));
  if (last < 0) return [];
  const concerned = months.slice(0, last + 1);
  const then: ClientPeriodFacts[] = [];
  let carriedOver: ClientPeriodFacts['carriedOver'];
  for (const month of concerned) {
    const facts = carriedOver === undefined ? month.underThem() : { ...month.underThem(), carriedOver };
    then.push(facts);
    ({ carriedOver } = rate(facts));
  }
  return askedLessUnder(
    concerned.map(({ now }) => now),
    then,
    isHeld,
  );
}

/** Whether some of its held work is on no invoice yet, or not in all its parts. */
function isAnyOpen({ work, invoiced }: ClientPeriodFacts, isHeld: ReturnType<typeof heldIn>): boolean {
  const settled = new Set(invoiced.map(({ line }) => line.workItemId));
  return work.some((one) => !settled.has(one.workItemId) && isHeld(one));
}
