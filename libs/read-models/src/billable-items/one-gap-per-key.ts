import { Money, type MoneyJson } from '@billtrail/kernel';
import { gapKey, type DerivedGap } from '@billtrail/billing';

/**
 * Gaps by their key. Two sightings of one gap (a work item and its adjustment, both unbilled) are one gap that is worth both:
 * its minutes and its money are added up, its causes and sources stand together, and the earlier day counts.
 */
export function oneGapPerKey(gaps: readonly DerivedGap[]): ReadonlyMap<string, DerivedGap> {
  const byKey = new Map<string, DerivedGap>();
  for (const gap of gaps) {
    const key = gapKey(gap);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? gap : together(known, gap));
  }
  return byKey;
}

function together(one: DerivedGap, other: DerivedGap): DerivedGap {
  const { money, minutes } = one.valueAtRisk;
  return {
    ...one,
    valueAtRisk: {
      money: added(money, other.valueAtRisk.money),
      minutes: minutes === null ? other.valueAtRisk.minutes : minutes + (other.valueAtRisk.minutes ?? 0),
    },
    cause: one.cause === other.cause ? one.cause : `${one.cause}; ${other.cause}`,
    sourceEventIds: [...new Set([...one.sourceEventIds, ...other.sourceEventIds])],
    dueOn: one.dueOn === null || other.dueOn === null ? null : one.dueOn < other.dueOn ? one.dueOn : other.dueOn,
  };
}

/** Amounts in two currencies can't be added: the first stands, and the causes tell of both. */
function added(one: MoneyJson | null, other: MoneyJson | null): MoneyJson | null {
  if (one === null || other === null) return one ?? other;
  return one.currency === other.currency ? Money.from(one).plus(Money.from(other)).toJSON() : one;
}
