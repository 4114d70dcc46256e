import type { LocalDate } from '@billtrail/kernel';
import type { RateCard, RateClass } from '@billtrail/contracts';
import type { InForce } from '../coverage/placement.js';
import { type Rounding, roundingOf } from './step-4-billable-time.js';

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

/** Work of one ticket (on one day) under one rounding rule of one contract version. */
export function sharedScope(
  { contract, version }: InForce,
  rounding: Rounding,
  ticketId: string,
  date: LocalDate,
): string {
  const scope = `${contract.contractId}\u0000${version.versionNumber}\u0000${rounding.ruleNumber}\u0000${ticketId}`;
  return rounding.scope === 'ticket-day' ? `${scope}\u0000${date}` : scope;
}
