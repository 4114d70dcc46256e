import { type Minutes, at, compareTexts } from '@billtrail/kernel';
import type { HeldByAccount, MinuteRange, MonthOfWork } from '../earlier.js';
import type { Stretch } from './step-2-segments.js';

/** A piece of a stretch, and whose account has it; null: nobody's, so that it is of the month in which it lies. */
export interface OwnedPiece extends Stretch {
  readonly owner: HeldByAccount | null;
}

/**
 * Cuts the stretches of a piece of work where what accounts have of it begins and ends. Where several have the same minute,
 * one that holds it as it was has it, before others that which was never adjusted, then the earliest.
 */
export function ownedPieces(
  stretches: readonly Stretch[],
  accounts: readonly HeldByAccount[],
  monthOfWork: MonthOfWork,
): readonly OwnedPiece[] {
  const held = [...accounts]
    .sort((a, b) => certaintyOf(b) - certaintyOf(a) || compareTexts(a.period, b.period))
    .map((account) => ({ account, ranges: account.holds(stretches, monthOfWork) }));
  const edges = held.flatMap(({ ranges }) => ranges.flatMap(({ from, to }) => [from, to]));
  return stretches.flatMap((stretch) =>
    cut(stretch, edges).map(({ from, to }): OwnedPiece => {
      const owner = held.find(({ ranges }) => ranges.some((range) => range.from <= from && to <= range.to));
      return { fromMinute: from, toMinute: to, when: stretch.when, owner: owner?.account ?? null };
    }),
  );
}

/** How sure it is which minutes an account has. */
function certaintyOf({ isAsItWas, isAdjusted }: HeldByAccount): number {
  return !isAsItWas ? 0 : isAdjusted ? 1 : 2;
}

/** A stretch of no minutes is one piece. */
function cut({ fromMinute, toMinute }: Stretch, edges: readonly Minutes[]): readonly MinuteRange[] {
  const within = edges.filter((edge) => edge > fromMinute && edge < toMinute);
  const all = [...new Set([fromMinute, ...within, toMinute])].sort((a, b) => a - b);
  if (all.length === 1) return [{ from: fromMinute, to: toMinute }];
  return all.slice(1).map((to, index) => ({ from: at(all, index, 'the edge of a piece of work'), to }));
}
