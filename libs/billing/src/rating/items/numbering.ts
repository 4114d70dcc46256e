import { invariant } from '@billtrail/kernel';
import type { Segment } from '../../item/billable-item.js';
import { itemIdOf } from '../../item/item-key.js';
import type { PricedPart } from './priced-part.js';
import type { Place } from './step-8-item.js';

/** What is left of one piece of work to make items of, in the order of time. */
export interface Leftover {
  /** null: the whole of the work. */
  readonly segment: Segment | null;
  /** What steps 6 and 7 made of it; empty: it has no price, or none is asked. */
  readonly parts: readonly PricedPart[];
}

/**
 * Where the items of one piece of work stand: the whole keeps the work's id, else they are its parts, numbered in order of time, of one
 * segment the draws first, then what is billed, then what is above a cap. A number that is taken is not given again. Parts of one
 * segment have stretches of their own, of as many minutes as they hold, so that each can be frozen by itself.
 */
export function placesOf(
  workItemId: string,
  taken: ReadonlySet<number> | null,
  leftovers: readonly Leftover[],
): readonly (readonly Place[])[] {
  const [first] = leftovers;
  const isWhole = first !== undefined && leftovers.length === 1 && first.segment === null && first.parts.length <= 1;
  if (isWhole && taken === null) return [[{ itemId: workItemId, segment: null }]];
  let number = 0;
  const next = (): string => {
    do number += 1;
    while (taken?.has(number) === true);
    return itemIdOf({ workItemId, role: 'part', number });
  };
  return leftovers.map(({ segment, parts }) => {
    if (parts.length === 0) return [{ itemId: next(), segment }];
    let from = segment?.fromMinute ?? 0;
    const places = parts.map((part) => {
      const fromMinute = from;
      from += part.actualMinutes ?? 0;
      const { date, rateClass } = part.assessed;
      const stretch = part.actualMinutes === null ? null : { fromMinute, toMinute: from, date, rateClass };
      return { itemId: next(), segment: stretch };
    });
    invariant(
      segment === null || from === segment.toMinute,
      () => `the parts of ${workItemId} do not fill their segment`,
    );
    return places;
  });
}

/** Draws, then what is billed, then what is above a cap. */
export function inOrderOfParts(parts: readonly PricedPart[]): readonly PricedPart[] {
  if (parts.length < 2) return parts;
  return [...parts].sort((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(part: PricedPart): number {
  if (part.draw !== null) return 0;
  return part.aboveCap === null ? 1 : 2;
}
