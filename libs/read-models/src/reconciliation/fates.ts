import { IS_ACCEPTED } from '../gaps/same-gap.js';
import { accountedForBy } from '../rating-facts/merge-facts.js';

/** What was merged into it is accounted for with it. */
const OF_TICKET = `IN ${accountedForBy('r.ticket_id')}`;

/**
 * What became of a ticket that reached its resolution: exactly one of these, at every position and for every day.
 * - `reopened`: it is open again, or part of a ticket that is open: what was done until then stays accounted for;
 * - `gap`: it has a gap on that day that nobody accepted;
 * - `waiting`: some of its work is billable or claimed within the billing delay (or not rated yet), and nothing is wrong;
 * - `billed`: some of its work is invoiced, the rest invoiced, covered or written off;
 * - `written-off`: nothing of its work is invoiced, and some of it is written off, the rest written off or covered;
 * - `accepted`: nothing of it is invoiced or written off, and a person accepted a gap of it;
 * - `covered`: all its work is covered, or it was declared no-charge.
 * A gap that a person accepted settles the work that it is about, as long as that is such a gap: work without an approval that is approved since waits to be billed.
 */
export const FATES = ['gap', 'waiting', 'billed', 'covered', 'written-off', 'accepted', 'reopened'] as const;
export type Fate = (typeof FATES)[number];

/** A derived gap that is one on `:asOf` and that nobody accepted at its present value. `d` is the row of `derived_gaps`. */
export const IS_OPEN_GAP = `
  (d.due_on IS NULL OR d.due_on <= :asOf) AND NOT ${IS_ACCEPTED}`;

/** A gap of the item `i` as it is now that a person accepted: of what has a price and was approved it is another gap than of what has none, or was not. */
const IS_SETTLED = `EXISTS (
  SELECT 1 FROM derived_gaps d
  WHERE d.ticket_id = i.ticket_id AND d.work_item_id = i.work_item_id AND d.kind IN (
    CASE WHEN i.disposition = 'unpriced' THEN 'unpriced' WHEN i.approval = 'unapproved' THEN 'time-unapproved' ELSE 'unbilled' END,
    CASE WHEN i.disposition = 'unpriced' THEN 'cap-exceeded' END
  ) AND ${IS_ACCEPTED}
)`;

/** The fate of the resolved ticket `r` on `:asOf`, from indexes alone. */
export const FATE = `
  CASE
    WHEN r.reopened_on IS NOT NULL THEN 'reopened'
    WHEN EXISTS (SELECT 1 FROM derived_gaps d WHERE d.ticket_id ${OF_TICKET} AND ${IS_OPEN_GAP}) THEN 'gap'
    WHEN EXISTS (
      SELECT 1 FROM billable_items i
      WHERE i.ticket_id ${OF_TICKET} AND i.disposition IN ('billable', 'claimed', 'deferred', 'unpriced')
        AND NOT ${IS_SETTLED}
    ) THEN 'waiting'
    WHEN EXISTS (SELECT 1 FROM billable_items i WHERE i.ticket_id ${OF_TICKET} AND i.disposition = 'invoiced') THEN 'billed'
    WHEN EXISTS (SELECT 1 FROM billable_items i WHERE i.ticket_id ${OF_TICKET} AND i.disposition = 'written-off') THEN 'written-off'
    WHEN EXISTS (SELECT 1 FROM billable_items i WHERE i.ticket_id ${OF_TICKET} AND ${IS_SETTLED}) THEN 'accepted'
    WHEN r.is_no_charge = 1 OR EXISTS (SELECT 1 FROM billable_items i WHERE i.ticket_id ${OF_TICKET}) THEN 'covered'
    WHEN EXISTS (SELECT 1 FROM gaps g WHERE g.ticket_id ${OF_TICKET} AND g.state = 'accepted') THEN 'accepted'
    ELSE 'waiting'
  END`;
