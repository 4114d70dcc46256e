import { type Minutes, compareTexts, at } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import type { Assessed } from '../rating/assessed.js';
import type { ItemMaker } from '../rating/items/item-maker.js';
import { isRatedAgain } from '../rating/standing.js';
import { roundingOf } from '../rating/time/rounding.js';
import { adjustmentsOf } from './adjustments.js';
import type { AdjustedAccount } from './adjustment-item.js';
import { type ItemsOfWork, withGoodwillMoved } from './goodwill-moved.js';
import type { WorkInSegments } from './assess-work.js';
import { settledItems } from './credited.js';
import type { SettledWorkById } from './settled-work.js';

/**
 * All items of a client-period: of each piece of work what is settled of it, as it was, then what is left of it, or the difference between what is
 * settled and what it is now. Then settled work that is gone.
 */
export function adjusted(
  { work, segments, reopened }: WorkInSegments,
  settled: SettledWorkById,
  maker: ItemMaker,
  account: AdjustedAccount,
): readonly MadeItem[] {
  const all: (readonly MadeItem[] | ItemsOfWork)[] = [];
  const live = new Set<string>();
  work.forEach((one, index) => {
    const ofWork = at(segments, index, 'the segments of work');
    const [first] = ofWork;
    if (first === undefined) return;
    const then = settled.get(one.workItemId);
    const present: MadeItem[] = [];
    const { workItemId } = one;
    if (then === undefined) {
      maker.addItems(one, ofWork, present);
      all.push({ workItemId, settled: null, whole: itemsOf(present), increment: incrementOf(first), items: present });
      return;
    }
    live.add(one.workItemId);
    all.push(then.parts.flatMap((part) => settledItems(part, account)));
    const rated = ofWork.filter(({ placement }) => placement !== null);
    maker.addItems(one, rated, present);
    const increment = incrementOf(first);
    if (!rated.some(isRatedAgain)) {
      const whole = [...then.parts.map(({ item }) => item), ...itemsOf(present)];
      all.push({ workItemId, settled: null, whole, increment, items: present });
      return;
    }
    const heldBack = rated.flatMap((segment) => maker.partsOf(segment).flatMap((part) => part.heldBack ?? []));
    const causes = reopened.causes.get(workItemId) ?? null;
    const items = adjustmentsOf(then, present, account, heldBack, causes);
    all.push({ workItemId, settled: then, whole: itemsOf(present), increment, items });
  });
  const gone = [...settled.values()].filter(({ workItemId }) => !live.has(workItemId));
  for (const then of gone.sort((a, b) => compareTexts(a.workItemId, b.workItemId))) {
    all.push(then.parts.flatMap((part) => settledItems(part, account)));
    const items = adjustmentsOf(then, [], account);
    all.push({ workItemId: then.workItemId, settled: then, whole: [], increment: 0, items });
  }
  return withGoodwillMoved(all, reopened.groups);
}

function itemsOf(made: readonly MadeItem[]): readonly BillableItem[] {
  return made.map(({ item }) => item);
}

/** Minutes that work is rounded up to a multiple of; 0: of what is not. */
function incrementOf({ work, placement, rateClass }: Assessed): Minutes {
  if (work.kind !== 'time' || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return 0;
  return roundingOf(placement.inForce.version.terms.rateCard, work.workType, rateClass).incrementMinutes;
}
