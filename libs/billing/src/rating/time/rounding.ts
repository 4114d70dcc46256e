import type { Minutes, RoundingDirection } from '@billtrail/kernel';
import type { RateCard, RateClass, RoundingScope } from '@billtrail/contracts';

/** Minimum and increment of some work, and what they are applied to. One for all work of a card that a rule is about. */
export interface Rounding {
  readonly minimumMinutes: Minutes;
  readonly incrementMinutes: Minutes;
  readonly direction: RoundingDirection;
  readonly scope: RoundingScope;
  /** What work the card's rounding rule is about, equal in every version of the contract that has it; empty: the card's own minimum and increment. */
  readonly rule: string;
}

/** The rounding of a card for a work type and a rate class: the first rule that matches, else the card's (R14). */
export function roundingOf(card: RateCard, workType: string, rateClass: RateClass | null): Rounding {
  const rule = (card.roundingRules ?? []).find(
    ({ workTypes, rateClasses }) =>
      (workTypes === undefined || workTypes.includes(workType)) &&
      (rateClasses === undefined || (rateClass !== null && rateClasses.includes(rateClass))),
  );
  return {
    minimumMinutes: rule?.minimumMinutes ?? card.minimumMinutes,
    incrementMinutes: rule?.incrementMinutes ?? card.incrementMinutes,
    direction: rule?.rounding ?? card.rounding ?? 'up',
    scope: rule?.roundingScope ?? card.roundingScope,
    rule: rule === undefined ? '' : JSON.stringify([rule.workTypes ?? null, rule.rateClasses ?? null]),
  };
}

/** True where both make the same of the same minutes; null: it can't be told. */
export function roundAlike(one: Rounding | null, other: Rounding | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.minimumMinutes === other.minimumMinutes &&
    one.incrementMinutes === other.incrementMinutes &&
    one.direction === other.direction
  );
}

/** True where minutes stay what they are. */
export function isPlain({ minimumMinutes, incrementMinutes }: Rounding): boolean {
  return minimumMinutes === 0 && incrementMinutes <= 1;
}

/** Roundings of the cards of one call, one object for equal questions. */
export class Roundings {
  private readonly byCard = new Map<RateCard, Map<string, Rounding>>();

  of(card: RateCard, workType: string, rateClass: RateClass | null): Rounding {
    let ofCard = this.byCard.get(card);
    if (ofCard === undefined) this.byCard.set(card, (ofCard = new Map()));
    const key = card.roundingRules === undefined ? '' : `${workType}\u0000${rateClass ?? ''}`;
    let rounding = ofCard.get(key);
    if (rounding === undefined) ofCard.set(key, (rounding = roundingOf(card, workType, rateClass)));
    return rounding;
  }
}
