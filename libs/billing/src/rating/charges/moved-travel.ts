import { Money } from '@billtrail/kernel';
import type { TraceStep } from '../../item/trace.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';
import { type ChargedVisit, chargeIdOfVisit } from './visits.js';

/** Of the travel of a visit, what credit notes gave back of the charge that it was before. */
export interface MovedGoodwill {
  readonly money: Money;
  /** None: nothing stands. */
  readonly steps: readonly TraceStep[];
}

/** A charge that no visit has any more, and what of its goodwill no other visit took over yet. */
interface Gone {
  readonly charge: EarlierCharge;
  left: Money;
}

/**
 * Travel that was forgone stands where the engineer, the site or the day of the visit is corrected: the charge of what the same work is now asks that much
 * less, that of the same term where the terms still have it. Not where that was a visit of its own when it was asked for: it keeps its fee, and the other ends.
 */
export class MovedTravel {
  private readonly gone: readonly Gone[];

  constructor(
    visits: readonly ChargedVisit[],
    private readonly book: ChargeLedger,
  ) {
    const present = new Set(visits.map(chargeIdOfVisit));
    this.gone = book
      .earlierOfKind('travel')
      .filter(({ chargeId, credited }) => !present.has(chargeId) && !credited.isZero())
      .map((charge) => ({ charge, left: charge.credited }));
  }

  /** Takes what of `net` stays forgone; each amount once. */
  goodwillOf(visit: ChargedVisit, net: Money): MovedGoodwill {
    let money = Money.zero(net.currency);
    const steps: TraceStep[] = [];
    for (const one of this.gone) {
      if (!this.isOf(one.charge, visit) || one.left.currency !== net.currency) continue;
      const room = net.minus(money);
      const taken = one.left.compare(room) < 0 ? one.left : room;
      if (taken.isZero()) continue;
      one.left = one.left.minus(taken);
      money = money.plus(taken);
      steps.push(standsStep(one.charge, taken, net.minus(money)));
    }
    return { money, steps };
  }

  private isOf(gone: EarlierCharge, visit: ChargedVisit): boolean {
    const { travel = [] } = visit.inForce.version.terms;
    const isOfOtherTerm = travel.some(({ id }) => id === gone.basis.termId) && gone.basis.termId !== visit.term.id;
    if (isOfOtherTerm) return false;
    const asked = this.book.earlier(chargeIdOfVisit(visit));
    return haveSameWork(gone, visit) && (asked === null || haveSameWork(gone, asked));
  }
}

type Sourced = Pick<EarlierCharge, 'sourceEventIds'>;

/** A correction of work keeps the event that recorded it. */
function haveSameWork(one: Sourced, other: Sourced): boolean {
  const events = new Set(one.sourceEventIds);
  return other.sourceEventIds.some((id) => events.has(id));
}

function standsStep({ chargeId }: EarlierCharge, taken: Money, left: Money): TraceStep {
  return {
    step: 'credit',
    text: `${taken.toString()} that was given back of ${chargeId}, which this visit was before, stays forgone: ${left.toString()}`,
    facts: { chargeId, credited: taken.toJSON().amount, left: left.toJSON().amount, currency: taken.currency },
  };
}
