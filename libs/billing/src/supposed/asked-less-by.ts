import type { ClientPeriodFacts } from '../client-period.js';
import { isNameOfWork } from '../item/item-key.js';
import { askedLess, type AskedLess } from './asked-less.js';
import { heldIn, keptAlone, type IsKept } from './held.js';
import { isOfTicket, supposedPeriods, type Supposing } from './supposed-events.js';

/** Events that were decided on a ticket, and what of its work is looked at. */
export interface SupposedOnTicket extends Supposing {
  /** The piece of work that they are about; null: the whole ticket. */
  readonly workItemId: string | null;
  /** What is taken from work that nothing holds counts nothing. Absent: all of it counts. */
  readonly ofHeld?: true;
}

/**
 * What clients would be asked less if these events were recorded. Work that nothing holds stands in for none that is: under a cap, a fixed price or a minimum of minutes it
 * may take the place of what goes, and anybody may void it then, or may have recorded it before what goes. So it is reckoned beside all work, and as if there were none of
 * that, whichever is more. `now`: the client-periods concerned, as they are.
 */
export function askedLessBy(
  now: readonly ClientPeriodFacts[],
  { workItemId, ofHeld, ...supposing }: SupposedOnTicket,
): readonly AskedLess[] {
  const isHeld = heldIn(now);
  const counts = ofHeld === true ? isHeld : undefined;
  const lessOf = (periods: readonly ClientPeriodFacts[]): readonly AskedLess[] =>
    askedLess(periods, supposedPeriods(periods, supposing), counts);
  const { ticketId } = supposing;
  const ownOf = ({ tickets }: ClientPeriodFacts): IsKept =>
    workItemId === null
      ? (work) => isOfTicket(work, ticketId, tickets)
      : (work) => work.ticketId === ticketId && isNameOfWork(work.workItemId, ticketId, workItemId);
  const own = new Set(
    ofHeld === true ? [] : now.flatMap((facts) => facts.work.filter(ownOf(facts)).map((one) => one.workItemId)),
  );
  const alone = keptAlone(now, (work) => isHeld(work) || own.has(work.workItemId));
  return alone === now ? lessOf(now) : mostAskedLess(lessOf(now), lessOf(alone));
}

/** What is asked less by two reckonings: of each ticket, whichever is more. */
export function mostAskedLess(one: readonly AskedLess[], other: readonly AskedLess[]): readonly AskedLess[] {
  const most = new Map<string, AskedLess>();
  for (const less of [...one, ...other]) {
    const key = JSON.stringify([less.ticketId, less.money?.currency ?? null]);
    const known = most.get(key)?.money;
    if (known == null || (less.money !== null && less.money.compare(known) > 0)) most.set(key, less);
  }
  return [...most.values()];
}
