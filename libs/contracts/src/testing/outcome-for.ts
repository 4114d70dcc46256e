import type { LocalDate } from '@billtrail/kernel';
import type { AnalysedOutcome } from '../analysis/outcomes.js';
import type { Facet, Vocabulary } from '../analysis/rows.js';
import { implies } from '../analysis/ticket-match.js';
import type { CoverageAnalysis } from '../coverage-analysis.js';
import type { WorkToCover } from '../coverage.js';
import { isWithin } from '../version-timeline.js';

/** What the analysis says of one piece of work on a day; null: the day or the work is none that it asked for. */
export function outcomeFor(analysis: CoverageAnalysis, day: LocalDate, work: WorkToCover): AnalysedOutcome | null {
  const stretch = analysis.stretches.find((one) => isWithin(one, day));
  const row = stretch?.rows.find(
    (one) =>
      one.kind === work.kind &&
      isOf(one.workType, stretch.asked.workTypes, work.workType) &&
      isOf(one.engineerRole, stretch.asked.engineerRoles, work.engineerRole) &&
      isOf(one.rateClass, stretch.asked.rateClasses, work.rateClass),
  );
  const ticket = {
    categories: [work.category ?? ''],
    ticketTypes: [work.ticketType ?? ''],
    priorities: [work.priority ?? ''],
    sites: [work.siteId ?? ''],
  };
  return row?.outcomes.find((outcome) => implies(ticket, outcome.when)) ?? null;
}

function isOf(facet: Facet, asked: Vocabulary, value: string | null): boolean {
  if (facet.is === 'any') return true;
  if (facet.is === 'named') return facet.name === value;
  return value === null || !asked.names.includes(value);
}
