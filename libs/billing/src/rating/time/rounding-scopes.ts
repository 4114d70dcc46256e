import type { LocalDate } from '@billtrail/kernel';
import type { RateCard, RateClass } from '@billtrail/contracts';
import type { FrozenItem } from '../../events.js';
import type { Assessed } from '../assessed.js';
import type { InForce } from '../coverage/placement.js';
import type { ClientPeriodFacts, Segment } from '../facts.js';
import { versionOf } from '../../settled/settled-work.js';
import type { TraceStep } from '../../item/trace.js';
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

/** The scopes of minimum and increment that pieces of work share, as texts that are equal for one scope. */
export class RoundingScopes {
  private readonly roundings = new Roundings();

  constructor(private readonly contracts: ClientPeriodFacts['contracts']) {}

  /** That of a frozen item; null: it was rounded by itself, or has no time. */
  ofFrozen(item: FrozenItem): string | null {
    const inForce = wasRounded(item) ? versionOf(item, this.contracts)?.inForce : undefined;
    if (inForce === undefined) return null;
    return this.shared(inForce, workTypeOf(item), classOf(item), item.ticketId, item.workDate);
  }

  /** That of work as it is now. */
  ofAssessed({ work, placement, rateClass, date }: Assessed): string | null {
    if (work.kind !== 'time' || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return null;
    return this.shared(placement.inForce, work.workType, rateClass, work.ticketId, date);
  }

  /** Where nothing is rounded there is no scope to share. */
  private shared(
    inForce: InForce,
    workType: string,
    rateClass: RateClass | null,
    ticketId: string,
    date: LocalDate,
  ): string | null {
    const rounding = this.roundings.of(inForce.version.terms.rateCard, workType, rateClass);
    const isPlain = rounding.minimumMinutes === 0 && rounding.incrementMinutes <= 1;
    return rounding.scope === 'entry' || isPlain ? null : sharedScope(inForce, rounding, ticketId, date);
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

/** Included work is outside of every scope, also where its zero line is frozen. */
export function wasRounded(item: { readonly trace: readonly TraceStep[] }): boolean {
  return item.trace.some(({ step }) => step === 'billable-time');
}

function workTypeOf({ trace }: FrozenItem): string {
  const workType = trace.find(({ step }) => step === 'work')?.facts['workType'];
  return typeof workType === 'string' ? workType : '';
}

/** The class that a frozen item had: of its segment, else as step 2 said. */
export function classOf(item: { readonly segment?: Segment; readonly trace: readonly TraceStep[] }): RateClass | null {
  if (item.segment !== undefined) return item.segment.rateClass;
  const facts = item.trace.find((step) => step.step === 'segment')?.facts ?? item.trace[0]?.facts ?? {};
  const rateClass = facts['rateClass'];
  return typeof rateClass === 'string' ? rateClass : null;
}
