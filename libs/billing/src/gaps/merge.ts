import { Money, type MoneyJson, known } from '@billtrail/kernel';
import type { DerivedGap } from '../rating/facts.js';
import { gapKey } from './identity.js';

/**
 * Each gap once. Two sightings of one gap (the parts of one piece of work, or a piece of work and its adjustment, all unbilled) are one gap that is
 * worth all of them: minutes and money are added up, causes and sources stand together, each once, and the earliest day counts.
 */
export function mergedGaps(gaps: readonly DerivedGap[]): readonly DerivedGap[] {
  const byKey = new Map<string, DerivedGap>();
  const causes = new Map<string, Set<string>>();
  for (const gap of gaps) {
    const key = gapKey(gap);
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? gap : together(before, gap));
    if (before === undefined) continue;
    const ofKey = causes.get(key);
    if (ofKey === undefined) causes.set(key, new Set([before.cause, gap.cause]));
    else ofKey.add(gap.cause);
  }
  for (const [key, all] of causes)
    byKey.set(key, { ...known(byKey, key, 'the gap of several causes'), cause: [...all].join('; ') });
  return [...byKey.values()];
}

function together(one: DerivedGap, other: DerivedGap): DerivedGap {
  const { money, minutes } = one.valueAtRisk;
  const added = other.valueAtRisk;
  return {
    ...one,
    valueAtRisk: {
      money: moneyTogether(money, added.money),
      minutes: minutes === null && added.minutes === null ? null : (minutes ?? 0) + (added.minutes ?? 0),
    },
    sourceEventIds: [...new Set([...one.sourceEventIds, ...other.sourceEventIds])],
    dueOn: one.dueOn === null || other.dueOn === null ? null : one.dueOn < other.dueOn ? one.dueOn : other.dueOn,
  };
}

/** Of two currencies there is no sum: the first is kept, and of the other no figure is told. */
function moneyTogether(one: MoneyJson | null, other: MoneyJson | null): MoneyJson | null {
  if (one === null || other === null) return one ?? other;
  return one.currency === other.currency ? Money.from(one).plus(Money.from(other)).toJSON() : one;
}
