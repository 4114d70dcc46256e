import { type LocalDate, monthOf } from '@billtrail/kernel';
import type { TravelTerm, WorkToCover } from '@billtrail/contracts';
import type { Assessor } from '../assess.js';
import type { Assessed } from '../assessed.js';
import { matches, workToCover } from '../coverage/matching.js';
import type { InForce } from '../coverage/placement.js';
import type { PeriodFacts, WorkItem } from '../facts.js';
import { inRatingOrder } from '../rating-order.js';
import { scopedWork, visitOf } from '../visit.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** A visit that a travel term charges for. */
export interface ChargedVisit {
  readonly term: TravelTerm;
  /** That of the work of the visit which comes first in rating. */
  readonly inForce: InForce;
  readonly first: Time;
  readonly day: LocalDate;
  readonly siteId: string | null;
  /** null: all who came, or nobody was named. */
  readonly engineerId: string | null;
  /** As discounts see it. */
  readonly work: WorkToCover;
  readonly ticketIds: readonly string[];
  readonly sourceEventIds: readonly string[];
}

/**
 * The visits of the period that travel is charged for, each once for each term of the contract that the first of its work falls under. It is the approved
 * work as it is now, whatever is settled of it, that tells them; a visit is of the month of its day.
 */
export function chargedVisits(facts: PeriodFacts, assessor: Assessor): readonly ChargedVisit[] {
  if (!facts.contracts.some(({ versions }) => versions.some(({ terms }) => terms.travel !== undefined))) return [];
  const visits = new Map<string, { readonly contractId: string; readonly byTerm: Map<string, ChargedVisit> }>();
  for (const work of inRatingOrder(facts.work)) {
    if (work.kind !== 'time' || work.approval !== 'approved') continue;
    const [begins] = assessor.assessAnywhere(work);
    if (begins === undefined || monthOf(begins.date) !== facts.period) continue;
    const { placement } = begins;
    if (placement === null || placement.as === 'no-charge' || placement.as === 'unpriced') continue;
    const asked = workToCover(work, begins.ticket, begins.rateClass);
    const { contract, version } = placement.inForce;
    for (const term of version.terms.travel ?? []) {
      if (!matches(term.match, asked)) continue;
      const key = visitOf(scopedWork(begins), version.terms.rateCard);
      let visit = visits.get(key);
      if (visit === undefined) visits.set(key, (visit = { contractId: contract.contractId, byTerm: new Map() }));
      if (visit.contractId !== contract.contractId) continue;
      const known = visit.byTerm.get(term.id);
      visit.byTerm.set(
        term.id,
        known === undefined ? visited(begins, work, term, placement.inForce, asked) : joinedBy(known, work),
      );
    }
  }
  return [...visits.values()].flatMap(({ byTerm }) => [...byTerm.values()]);
}

function visited(begins: Assessed, first: Time, term: TravelTerm, inForce: InForce, work: WorkToCover): ChargedVisit {
  const { siteId } = begins.ticket;
  const isByCrew = inForce.version.terms.rateCard.visitBy === 'crew';
  const engineerId = isByCrew ? null : first.engineerId;
  const { ticketId, sourceEventIds } = first;
  return { term, inForce, first, day: begins.date, siteId, engineerId, work, ticketIds: [ticketId], sourceEventIds };
}

function joinedBy(visit: ChargedVisit, { ticketId, sourceEventIds }: Time): ChargedVisit {
  return {
    ...visit,
    ticketIds: [...new Set([...visit.ticketIds, ticketId])],
    sourceEventIds: [...visit.sourceEventIds, ...sourceEventIds],
  };
}
