import { type CoverageMatch, type RateClass, type WorkToCover, fitsMatch } from '@billtrail/contracts';
import type { FrozenItem } from '../../events.js';
import type { TicketFacts, WorkItem } from '../facts.js';
import type { PricedPart } from '../items/priced-part.js';
import type { TraceFact } from '../../item/trace.js';

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
export function partToMatch({ assessed: { work, ticket, rateClass } }: PricedPart): WorkToCover {
  return workToCover(work, ticket, rateClass);
}

/** An item as criteria see it: what its price rests on stands in the first step of its trace. */
export function itemToMatch(
  item: Pick<FrozenItem, 'kind' | 'trace' | 'segment'>,
  ticket: TicketFacts | undefined,
): WorkToCover {
  const facts = item.trace.find((step) => step.step === 'work')?.facts ?? {};
  return {
    kind: item.kind,
    workType: text(facts['workType']),
    engineerRole: text(facts['engineerRole']),
    rateClass: item.segment?.rateClass ?? text(facts['rateClass']),
    category: ticket?.category ?? null,
    ticketType: ticket?.ticketType ?? null,
    priority: ticket?.priority ?? null,
    siteId: ticket?.siteId ?? null,
  };
}

function text(fact: TraceFact | undefined): string | null {
  return typeof fact === 'string' ? fact : null;
}
