import { compareTexts, at } from '@billtrail/kernel';
import type { MadeItem } from '../item/made-item.js';
import type { ItemMaker } from '../rating/items/item-maker.js';
import { isRatedAgain } from '../rating/standing.js';
import { adjustmentsOf } from './adjustments.js';
import type { AdjustedAccount } from './adjustment-item.js';
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
  const made: MadeItem[] = [];
  const live = new Set<string>();
  work.forEach((one, index) => {
    const ofWork = at(segments, index, 'the segments of work');
    const [first] = ofWork;
    if (first === undefined) return;
    const then = settled.get(one.workItemId);
    if (then === undefined) {
      maker.addItems(one, ofWork, made);
      return;
    }
    live.add(one.workItemId);
    for (const part of then.parts) made.push(...settledItems(part, account));
    const rated = ofWork.filter(({ placement }) => placement !== null);
    if (!rated.some(isRatedAgain)) {
      maker.addItems(one, rated, made);
      return;
    }
    const present: MadeItem[] = [];
    maker.addItems(one, rated, present);
    const heldBack = rated.flatMap((segment) => maker.partsOf(segment).flatMap((part) => part.heldBack ?? []));
    made.push(...adjustmentsOf(then, present, account, heldBack, reopened.get(one.workItemId) ?? null));
  });
  const gone = [...settled.values()].filter(({ workItemId }) => !live.has(workItemId));
  for (const then of gone.sort((a, b) => compareTexts(a.workItemId, b.workItemId))) {
    for (const part of then.parts) made.push(...settledItems(part, account));
    made.push(...adjustmentsOf(then, [], account));
  }
  return made;
}
