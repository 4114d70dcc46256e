import { type CoverageMatch, type RateClass, type WorkToCover, fitsMatch } from '@billtrail/contracts';
import type { Basis } from '../../item/basis.js';
import type { BillableItem } from '../../item/billable-item.js';
import type { TicketFacts, WorkItem } from '../facts.js';

/** Whether a cap or a discount is about the work. Absent criteria match everything. */
export function matches(match: CoverageMatch | undefined, work: WorkToCover): boolean {
  return match === undefined || fitsMatch(match, work);
}

/** A piece of work as coverage rules, caps and discounts see it: only time has a rate class. */
export function workToCover(work: WorkItem, ticket: TicketFacts, rateClass: RateClass | null): WorkToCover {
  const time = work.kind === 'time' ? work : null;
  return {
    kind: work.kind,
    workType: time?.workType ?? null,
    engineerRole: time?.engineerRole ?? null,
    rateClass: time === null ? null : rateClass,
    category: ticket.category,
    ticketType: ticket.ticketType,
    priority: ticket.priority,
    siteId: ticket.siteId,
  };
}

/** A part as criteria see it: its rate class is the one that step 2 found. */
export function partToMatch({ assessed }: { readonly assessed: Stretch }): WorkToCover {
  return workToCover(assessed.work, assessed.ticket, assessed.rateClass);
}

interface Stretch {
  readonly work: WorkItem;
  readonly ticket: TicketFacts;
  readonly rateClass: RateClass | null;
}

/** An item as criteria see it, by what its price rests on. Of an item that was not cut the rate class counts that was declared. */
export function itemToMatch(
  item: Pick<BillableItem, 'kind' | 'segment'>,
  { work }: Pick<Basis, 'work'>,
  ticket: TicketFacts,
): WorkToCover {
  const time = work?.kind === 'time' ? work : null;
  return {
    kind: item.kind,
    workType: time?.workType ?? null,
    engineerRole: time?.engineerRole ?? null,
    rateClass: item.segment?.rateClass ?? time?.rateClass ?? null,
    category: ticket.category,
    ticketType: ticket.ticketType,
    priority: ticket.priority,
    siteId: ticket.siteId,
  };
}
