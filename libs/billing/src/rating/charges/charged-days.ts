import { type LocalDate, addDays } from '@billtrail/kernel';
import { type ContractVersion, type RecurringCharge, type TermEnd, termEndOf } from '@billtrail/contracts';
import { versionOn } from '../coverage/step-1-contract.js';
import { type CoveredDays, coveredDays, dayCount } from '../time/covered-days.js';
import type { ContractFacts } from '../facts.js';

function termOf(version: ContractVersion | null, termId: string): RecurringCharge | undefined {
  return version?.terms.recurringCharges?.find(({ id }) => id === termId);
}

/**
 * The days of a stretch that a term is charged for, in order, cut where the version changes: those on which a version that has it is in force, and those
 * that it is committed to although none is, for the contract was terminated, ran out or is suspended. A version in force without the term is a decision,
 * and so is a termination that releases commitments. `covered`: the covered days of the stretch, where the caller has them.
 */
export function chargedDays(
  contract: ContractFacts,
  termId: string,
  from: LocalDate,
  to: LocalDate,
  covered: readonly CoveredDays[] = coveredDays(contract, from, to),
): readonly CoveredDays[] {
  const isCommitted = contract.versions.some((version) => termOf(version, termId)?.commitment?.increaseOnly === true);
  if (!isCommitted) return covered.filter(({ version }) => termOf(version, termId) !== undefined);
  const end = termEndOf(contract);
  const runs: { from: LocalDate; to: LocalDate; version: ContractVersion }[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const inForce = covered.find((run) => run.from <= day && day <= run.to)?.version ?? null;
    const version = inForce ?? committedOn(contract, end, termId, day);
    const last = runs.at(-1);
    if (version === null || termOf(version, termId) === undefined) continue;
    if (last?.version === version && last.to === addDays(day, -1)) last.to = day;
    else runs.push({ from: day, to: day, version });
  }
  return runs;
}

/** The version by which a term stays charged on a day without one in force; null: it does not. `end`: that of the contract's term. */
function committedOn(
  { versions, lastDay, releasesCommitments }: ContractFacts,
  end: TermEnd | null,
  termId: string,
  day: LocalDate,
): ContractVersion | null {
  if (releasesCommitments === true && lastDay !== null && day > lastDay) return null;
  const version =
    versionOn({ versions, lastDay: null }, day) ?? (end !== null && day > end.lastDay ? end.version : null);
  const commitment = termOf(version, termId)?.commitment;
  return commitment?.increaseOnly === true && day <= commitment.until ? version : null;
}

/** How many of the days of a stretch are charged for by commitment alone. */
export function daysHeld(contract: ContractFacts, { from, to }: Pick<CoveredDays, 'from' | 'to'>): number {
  const covered = coveredDays(contract, from, to).reduce((sum, days) => sum + dayCount(days), 0);
  return dayCount({ from, to }) - covered;
}
