import type { Milestone } from '@billtrail/contracts';
import type { ContractFacts, MilestoneFacts } from '../facts.js';
import { type CoveredDays, coveredDays } from '../time/covered-days.js';

/** Before and after all days that a contract may have. */
export const ALL_DAYS = { first: '1900-01-01', last: '2199-12-31' } as const;

/** A milestone of a contract, with what was declared of it. */
export interface MilestoneOf {
  readonly milestoneId: string;
  /** As the version has it that is in force on the day on which it was reached, else the last one; null: that has it no more. */
  readonly milestone: Milestone | null;
  /** The days of that version; null: none is in force up to the day. */
  readonly inForce: CoveredDays | null;
  /** null: it is not reached. */
  readonly reached: MilestoneFacts | null;
}

/**
 * The milestones of all versions, in their order. One that is reached has the terms of its day: a suspension changes nothing of that, and after the end of the
 * contract what held last does. One that is open has the terms that hold last.
 */
export function milestonesOf(contract: ContractFacts): readonly MilestoneOf[] {
  const { versions, milestones = [] } = contract;
  const ids = new Set(versions.flatMap(({ terms }) => (terms.milestones ?? []).map(({ id }) => id)));
  if (ids.size === 0) return [];
  const runs = coveredDays({ ...contract, suspensions: [] }, ALL_DAYS.first, ALL_DAYS.last);
  return [...ids].map((milestoneId) => {
    const reached = milestones.find((one) => one.milestoneId === milestoneId) ?? null;
    const day = reached?.reachedOn ?? ALL_DAYS.last;
    const inForce = runs.findLast(({ from }) => from <= day) ?? null;
    const milestone = inForce?.version.terms.milestones?.find(({ id }) => id === milestoneId) ?? null;
    return { milestoneId, milestone, inForce, reached };
  });
}
