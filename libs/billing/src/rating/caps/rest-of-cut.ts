import { Money, invariant } from '@billtrail/kernel';
import type { Step } from '../../item/trace.js';
import type { PricedPart } from '../items/priced-part.js';

/**
 * What is left of work of which a cap let a part through, at what the work comes to less that part, to the cent: a part is cut at whole minutes, and what it asks beyond
 * the price of these is not asked again.
 */
export function lessCutBefore(parts: readonly PricedPart[]): readonly PricedPart[] {
  if (!parts.some(({ assessed }) => isRest(assessed))) return parts;
  const open = new Map<string, Money>();
  return parts.map((part) => {
    const { assessed, draw, price, exact } = part;
    const { earlier } = assessed;
    if (!isRest(assessed) || earlier === null || draw !== null || price.unpriced !== null) return part;
    const { workItemId } = assessed.work;
    const beyond = open.get(workItemId) ?? earlier.beyondItsMinutes(exact.currency);
    const less = beyond.compare(exact) > 0 ? exact : beyond;
    open.set(workItemId, beyond.minus(less));
    if (less.isZero()) return part;
    const left = exact.minus(less);
    invariant(!left.isNegative(), () => `less than nothing is left of ${workItemId}`);
    const step: Step = () => ({
      step: 'cap',
      text: `a cap let a part of it through before, which asks ${less.plain(8)} ${less.currency} beyond its minutes: ${exact.plain(8)} less that is ${left.plain(8)}`,
      facts: { beyond: less.plain(), exactBefore: exact.plain(), exact: left.plain(), currency: less.currency },
    });
    return { ...part, exact: left, after: [...part.after, step], isRestOfCut: true };
  });
}

function isRest({ isRest: isLeft, earlier }: PricedPart['assessed']): boolean {
  return isLeft && earlier !== null && earlier.mode === 'rest';
}
