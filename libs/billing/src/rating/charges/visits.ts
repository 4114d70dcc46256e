import { type LocalDate, monthOf } from '@billtrail/kernel';
import type { TravelTerm, WorkToCover } from '@billtrail/contracts';
import { chargeIdOf } from '../../item/item-key.js';
import type { Assessor } from '../assess.js';
import type { Assessed } from '../assessed.js';
import { matches, workToCover } from '../coverage/matching.js';
import type { InForce } from '../coverage/placement.js';
import { isByCardAlone } from '../coverage/scope.js';
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
  /** The first of it that is not rated as out of scope, as discounts see it; null: the term alone prices the visit. */
  readonly work: WorkToCover | null;
  readonly ticketIds: readonly string[];
  readonly sourceEventIds: readonly string[];
}

/** The charge of its travel. */
export function chargeIdOfVisit({ term, inForce, day, siteId, engineerId }: ChargedVisit): string {
  const { contractId } = inForce.contract;
  return chargeIdOf({ contractId, of: 'travel', termId: term.id, from: day, siteId, engineerId });
}

/** A visit while its work is gathered. */
interface Gathered {
  readonly contractId: string;
  readonly isByCrew: boolean;
  readonly byTerm: Map<string, ChargedVisit>;
}

/**
 * The visits of the period that travel is charged for, each once for each term of the contract that the first of its work falls under; who belongs to it, that
 * contract's card says. It is the approved work as it is now, whatever is settled of it, that tells them; a visit is of the month of its day.
 */
export function chargedVisits(facts: PeriodFacts, assessor: Assessor): readonly ChargedVisit[] {
  if (!facts.contracts.some(({ versions }) => versions.some(({ terms }) => terms.travel !== undefined))) return [];
  const visits = new Map<string, Gathered>();
  for (const work of inRatingOrder(facts.work)) {
    if (work.kind !== 'time' || work.approval !== 'approved') continue;
    const [begins] = assessor.assessAnywhere(work);
    if (begins === undefined || monthOf(begins.date) !== facts.period) continue;
    const { placement } = begins;
    if (placement === null || placement.as === 'no-charge' || placement.as === 'unpriced') continue;
    const asked = workToCover(work, begins.ticket, begins.rateClass);
    const ofContract = isByCardAlone(placement.rule.id) ? null : asked;
    const { contract, version } = placement.inForce;
    for (const term of version.terms.travel ?? []) {
      if (!matches(term.match, asked)) continue;
      const visit = visitThatHas(begins, placement.inForce, visits);
      if (visit.contractId !== contract.contractId) continue;
      const known = visit.byTerm.get(term.id);
      visit.byTerm.set(
        term.id,
        known === undefined
          ? visited(begins, work, { term, inForce: placement.inForce, work: ofContract }, visit)
          : joinedBy(known, work, ofContract),
      );
    }
  }
  return [...visits.values()].flatMap(({ byTerm }) => [...byTerm.values()]);
}

/** That of the engineer, else that of a crew which came on the day; where there is none, the work begins one by its own card. */
function visitThatHas(begins: Assessed, { contract, version }: InForce, visits: Map<string, Gathered>): Gathered {
  const work = scopedWork(begins);
  const ofEngineer = visitOf(work, { visitBy: 'engineer' });
  const ofCrew = visitOf(work, { visitBy: 'crew' });
  const known = visits.get(ofEngineer) ?? visits.get(ofCrew);
  if (known !== undefined) return known;
  const isByCrew = version.terms.rateCard.visitBy === 'crew';
  const begun = { contractId: contract.contractId, isByCrew, byTerm: new Map<string, ChargedVisit>() };
  visits.set(isByCrew ? ofCrew : ofEngineer, begun);
  return begun;
}

function visited(
  begins: Assessed,
  first: Time,
  of: Pick<ChargedVisit, 'term' | 'inForce' | 'work'>,
  { isByCrew }: Gathered,
): ChargedVisit {
  const { siteId } = begins.ticket;
  const engineerId = isByCrew ? null : first.engineerId;
  const { ticketId, sourceEventIds } = first;
  return { ...of, first, day: begins.date, siteId, engineerId, ticketIds: [ticketId], sourceEventIds };
}

function joinedBy(visit: ChargedVisit, { ticketId, sourceEventIds }: Time, work: WorkToCover | null): ChargedVisit {
  return {
    ...visit,
    work: visit.work ?? work,
    ticketIds: [...new Set([...visit.ticketIds, ticketId])],
    sourceEventIds: [...visit.sourceEventIds, ...sourceEventIds],
  };
}
