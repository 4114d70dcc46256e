import type { LocalDate } from '@billtrail/kernel';
import type { RateClass } from '@billtrail/contracts';
import type { FrozenItem } from '../item/frozen-item.js';
import type { Assessed } from '../rating/assessed.js';
import type { InForce } from '../rating/coverage/placement.js';
import { Roundings, isPlain } from '../rating/time/rounding.js';
import { type ScopedWork, scopedWork } from '../rating/visit.js';
import { roundingScope } from '../rating/time/rounding-scopes.js';
import { type PublishedTerms, classOf, versionOf } from './priced-then.js';

/** The scopes of minimum and increment that pieces of work share, as texts that are equal for one scope. null: it is rounded by itself. */
export class SharedRounding {
  private readonly roundings = new Roundings();

  constructor(private readonly published: PublishedTerms) {}

  /** That of a frozen item. Included work is outside of every scope, also where its zero line is frozen. `beganOn`: the day on which its work began. */
  ofFrozen(item: FrozenItem, beganOn: LocalDate = item.workDate): string | null {
    const { work, rounding } = item.basis;
    const inForce = rounding === null ? null : versionOf(item, this.published);
    if (inForce === null) return null;
    const { ticketId, workItemId } = item;
    const scoped: ScopedWork = { ticketId, workItemId, siteId: null, engineerId: null, beganOn };
    const scope = this.shared(inForce, work?.kind === 'time' ? work.workType : '', classOf(item), scoped);
    return scope === null ? null : (rounding?.scopeId ?? scope);
  }

  /** That of work as it is now. */
  ofAssessed(one: Assessed): string | null {
    const { work, placement, rateClass } = one;
    if (work.kind !== 'time' || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return null;
    return this.shared(placement.inForce, work.workType, rateClass, scopedWork(one));
  }

  /** Where nothing is rounded there is no scope to share. */
  private shared(inForce: InForce, workType: string, rateClass: RateClass | null, work: ScopedWork): string | null {
    const rounding = this.roundings.of(inForce.version.terms.rateCard, workType, rateClass);
    return rounding.scope === 'entry' || isPlain(rounding) ? null : roundingScope(inForce, rounding, work);
  }
}
